#!/bin/sh
# Every wrong program of cases.txt is refused, at its own line and for the reason expected, and its
# right twin compiles without a warning. usage: refuse.sh SOURCE-DIR COMPILER [NAME]
# NAME: prints what the compiler says of that wrong program, and nothing else is done.
set -u
source_dir=$1
compiler=$2
only=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
count=0

# The whole of a program; what is tested stands on line 1000 of "tested.c".
program() { # kind text
    before=
    after=
    line=$2
    echo '#include "refuse/models.h"'
    case $1 in
    column | constraint | relation)
        echo "extern const ignis_$1s tested; const ignis_$1s tested ="
        line="IGNIS_$(echo "$1" | tr '[:lower:]' '[:upper:]')S($2);"
        ;;
    filter) before='ignis_condition tested(void)' ;;
    order) before='ignis_order tested(void)' ;;
    fields) before='size_t tested(void)' line="$2.count" ;;
    include) before='ignis_inclusion tested(void)' ;;
    setting) before='ignis_setting tested(void)' ;;
    call) before='ignis_code tested(const Place *place, User **user, Post **post, void **any)' ;;
    statement) before='void tested(const Place *place, User **user, Post **post, void **any)' ;;
    esac
    if [ -n "$before" ]; then
        echo "$before; $before {"
        case $1 in call | statement) echo '(void)place; (void)user; (void)post; (void)any;' ;; esac
        [ "$1" = statement ] || echo return
        after='; }'
    fi
    echo '#line 1000 "tested.c"'
    echo "$line"
    echo '#line 2000 "after.c"'
    echo "$after"
}

compile() { # file flags...
    file=$1
    shift
    LC_ALL=C "$compiler" -std=c17 -D_GNU_SOURCE -I"$source_dir/include" -I"$source_dir/tests" \
        -fno-diagnostics-color -Werror=implicit-function-declaration -Werror=int-conversion \
        -c -o "$work/out.o" "$@" "$file"
}

complain() {
    echo "$name: $1"
    failed=$((failed + 1))
}

while IFS= read -r line; do
    case $line in '#'* | '') continue ;; esac
    name=$(printf '%s' "$line" | awk -F ' [|] ' '{print $1}')
    kind=$(printf '%s' "$line" | awk -F ' [|] ' '{print $2}')
    reason=$(printf '%s' "$line" | awk -F ' [|] ' '{print $3}')
    right=$(printf '%s' "$line" | awk -F ' [|] ' '{print $4}')
    wrong=$(printf '%s' "$line" | awk -F ' [|] ' '{print $5}')
    if [ -n "$only" ]; then
        [ "$name" = "$only" ] || continue
        program "$kind" "$wrong" >"$work/wrong.c"
        compile "$work/wrong.c" -Werror=incompatible-pointer-types -Werror=unused-result 2>&1
        exit 0
    fi
    count=$((count + 1))
    program "$kind" "$right" >"$work/right.c"
    program "$kind" "$wrong" >"$work/wrong.c"
    if ! compile "$work/right.c" -Wall -Wextra -Wpedantic -Wconversion -Werror >"$work/out" 2>&1; then
        complain "the right program does not compile"
        head -5 "$work/out"
    fi
    if compile "$work/wrong.c" -Werror=incompatible-pointer-types -Werror=unused-result \
        >"$work/out" 2>&1; then
        complain "the wrong program compiles"
        continue
    fi
    grep -Eq "$reason" "$work/out" || { complain "refused for another reason"; grep error "$work/out" | cut -c1-200 | head -5; }
    grep -q 'tested\.c:1000' "$work/out" || complain "the message does not name the line"
done <"$source_dir/tests/refuse/cases.txt"

if [ -n "$only" ]; then
    echo "cases.txt has no $only"
    exit 1
fi
echo "$compiler: $count wrong programs, $failed complaints"
[ "$failed" -eq 0 ]
