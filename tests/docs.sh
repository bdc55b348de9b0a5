#!/usr/bin/env bash
# The reference is written without a warning, holds what the headers say, and what is undocumented
# or names what does not exist is told with its place.
set -euo pipefail

source_folder=$IGNIS_SOURCE
command -v doxygen >/dev/null || {
    echo "skipped: doxygen is not installed"
    exit 77
}
export IGNIS_NO_INSTALL=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

"$source_folder/tools/docs" "$folder/made"
html=$folder/made/html
grep -q 'Frees the context with all results' "$html/group__context.html" ||
    fail "ignis_context_free has lost its comment"
grep -q 'ignis_context_release' "$html/group__context.html" ||
    fail "ignis_context_release, which shares a comment, is missing"
grep -q 'IGNIS_E_NOT_FOUND' "$html/group__base.html" || fail "an enumerator is missing"
for page in models filters writes; do
    [[ -f $html/md_docs_$page.html ]] || fail "docs/$page.md is missing"
done

mkdir "$folder/copy"
cp -r "$source_folder"/{README.md,CHANGELOG.md,docs,include,tools} "$folder/copy"
cat >"$folder/copy/include/ignis/planted.h" <<'END_OF_HEADER'
/* Planted. */
#ifndef IGNIS_PLANTED_H
#define IGNIS_PLANTED_H

int ignis_planted_bare(void);

/* As ignis_planted_nowhere does it. */
int ignis_planted_named(void);

/* An enumeration. */
typedef enum ignis_planted {
    IGNIS_PLANTED_ONE, /* one */
    IGNIS_PLANTED_TWO
} ignis_planted;

/* A struct. */
typedef struct ignis_planted_struct {
    int told; /* that it is told */
    int untold;
} ignis_planted_struct;

#define IGNIS_PLANTED 1
#endif
END_OF_HEADER
if "$folder/copy/tools/docs" "$folder/planted" >"$folder/printed" 2>&1; then
    fail "an undocumented header is accepted"
fi
for what in 'planted.h:5: .*ignis_planted_bare' "planted.h:7: .*'ignis_planted_nowhere'" \
    'planted.h:13: an enumerator' 'planted.h:19: .*untold' 'planted.h:22: .*IGNIS_PLANTED '; do
    grep -q "$what" "$folder/printed" || fail "not told: $what"$'\n'"$(cat "$folder/printed")"
done
echo "the reference is whole"
