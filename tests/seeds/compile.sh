#!/bin/sh
# The programs of the guide compile with a compiler, warnings being errors.
# Usage: compile.sh SOURCE-DIR COMPILER
set -eu

cd "$1"
"$2" -std=c17 -D_GNU_SOURCE -Iinclude -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
    -Wstrict-prototypes -Wvla -Werror -fsyntax-only tests/seeds/[0-9][0-9]_*.c tests/seeds/blog.c \
    tests/seeds/shop.c tests/seeds/rows.c tests/seeds/print.c tests/seeds/seed.c
echo "$2: $(find tests/seeds -name '[0-9][0-9]_*.c' | wc -l) programs"
