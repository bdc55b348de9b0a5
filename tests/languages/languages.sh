#!/bin/sh
# The examples in other languages against the shared library. usage: languages.sh SOURCE-DIR LIBRARY
set -eu
source_dir=$1
library=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
examples=$source_dir/examples/languages

g++ -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror -I"$source_dir/include" \
    "$examples/blog.cc" -o "$work/blog" "$library" -Wl,-rpath,"$(dirname "$library")"
"$work/blog" | diff -u "$examples/blog.cc.txt" -

if command -v python3 >/dev/null; then
    python3 "$examples/blog.py" "$library" | diff -u "$examples/blog.py.txt" -
else
    echo "python3 is not installed: its example did not run"
fi
