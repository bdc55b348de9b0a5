#!/usr/bin/env bash
# tools/check passes a small clean project and names each violation planted in it, nothing else.
set -euo pipefail

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
project="$folder/a project"
mkdir -p "$project"/{src/base,src/model,src/driver,include/ignis,tests,docs,build}
cp -R "$source_folder/tools" "$source_folder/.clang-format" "$project"
cd "$project"

# ---- a clean project, with what looks like violations and is none ----------------------------

echo "base" >src/base/README.md
echo "model" >src/model/README.md
echo "driver" >src/driver/README.md
echo 'int base_one(void);' >src/base/base.h
echo 'int model_one(void);' >src/model/model.h
cat >src/base/arena.c <<'END'
#include "base/base.h"

#include <stdlib.h>

void *arena_get(void)
{
    return malloc(1);
}
END
cat >src/driver/sqlite.c <<'END'
#include "base/base.h"
#include "ignis/ignis.h"

#include <sqlite3.h>

const char *sqlite_text(void)
{
    return "SELECT 1";
}
END
cat >src/model/model.c <<'END'
#include "model/model.h"

#include "base/base.h"

/* SELECT and malloc(1) in a comment; sprintf() too:
   #include "run/run.h"
   strcpy(a, b) */
int model_one(void)
{
    const char *text = "it's malloc(1) \" // /*"; // free(text)
    return text[0] == '"' ? base_one() : memory->free(text);
}
END
cat >include/ignis/ignis.h <<'END'
/* One and two. */
IGNIS_API int ignis_one(void);
IGNIS_API int ignis_two(int first, int second);

/* Three,
   in two lines. */
IGNIS_API int ignis_three(void);
END
echo 'mkstemp("/tmp/file-XXXXXX"), TODOS' >docs/notes.md
printf 'sprintf(a, b);\n' >build/made.c

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

printed=$(tools/check 2>notes.txt) || fail "a clean project is refused:"$'\n'"$printed"
has_format=true
grep -q 'the format is not checked' notes.txt && has_format=false
rm notes.txt

# ---- one of each -----------------------------------------------------------------------------

expected=$folder/expected.txt
plant() { # FILE LINE WHAT: the line that must be printed
    echo "$1:$2: $3" >>"$expected"
}

cat >src/base/upwards.c <<'END'
#include "upwards.h"
#include "base/base.h"
#include "model/model.h"
#include <sqlite3.h>
END
plant src/base/upwards.c 3 'base may not use model'
plant src/base/upwards.c 1 '"upwards.h" is no folder'"'"'s header: write "folder/folder.h"'
plant src/base/upwards.c 4 'sqlite3.h is for src/driver/sqlite*.c only'

cat >src/driver/pool.c <<'END'
#include "driver/postgres.h"
#include "model/model.h"

const char *pool_text(void)
{
    return "a"
           "DELETE FROM a";
}
END
plant src/driver/pool.c 2 'driver may not use model'
plant src/driver/pool.c 1 'driver/postgres.h is for src/driver/postgres*.c only'
plant src/driver/pool.c 7 'SQL text is for src/sql and the engines in src/driver only'

cat >src/model/unsafe.c <<'END'
void unsafe(void)
{
    char *text = malloc(4);
    (void)sprintf(text, "a");
    strcpy(text, "b"), free(text);
    int number = atoi("1") + ignis_atoi("1");
}
END
plant src/model/unsafe.c 3 'malloc is for src/base/arena.c only'
plant src/model/unsafe.c 4 'sprintf is banned'
plant src/model/unsafe.c 5 'free is for src/base/arena.c only'
plant src/model/unsafe.c 5 'strcpy is banned'
plant src/model/unsafe.c 6 'atoi is banned'

echo 'int second(void);' >src/model/second.h
plant src/model/second.h 1 "a second header: a folder's header is model/model.h"

mkdir src/rum
echo 'int rum;' >src/rum/rum.c
plant src/rum/rum.c 1 'not in a folder of the architecture'
plant src/rum/README.md 1 'is missing'

cat >include/ignis/bare.h <<'END'
#include "base/base.h"

/* A comment that is too far away. */

IGNIS_API int ignis_bare(void);
END
plant include/ignis/bare.h 1 'a public header uses public headers only, not base/base.h'
plant include/ignis/bare.h 5 'a public declaration without a comment above it'

for ((line = 1; line <= 651; line++)); do echo "/* $line */"; done >tests/long.c
plant tests/long.c 651 'longer than 650 lines'

later=TO; later+=DO
echo "first
a $later here" >docs/later.md
plant docs/later.md 2 "$later: do it, or open an issue"

printf '#!/bin/bash\nif true; then\n' >tests/broken.sh
if command -v shellcheck >/dev/null; then
    broken='^tests/broken\.sh:[23]: '
else
    broken='^tests/broken\.sh:3: '
fi

if $has_format; then
    echo 'int   spaces;' >tests/spaces.c
    plant tests/spaces.c 1 'not as clang-format writes it'
fi

if tools/check >"$folder/printed.txt" 2>&1; then
    fail "tools/check passes a project full of violations"
fi
grep -q "$broken" "$folder/printed.txt" || fail "a broken shell script is not named"
grep -v '^tests/broken\.sh:' "$folder/printed.txt" | LC_ALL=C sort >"$folder/got.txt"
LC_ALL=C sort -o "$expected" "$expected"
diff -u "$expected" "$folder/got.txt" || fail "what is printed differs from what was planted"
echo "$(wc -l <"$expected") planted violations are named"
