#!/bin/sh
# The program in the README is examples/quickstart.c, which is built, run and compared; its commands are
# run by install/install.sh.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$IGNIS_SOURCE/README.md" \
    >"$folder/readme.c"
diff -u "$IGNIS_SOURCE/examples/quickstart.c" "$folder/readme.c"
