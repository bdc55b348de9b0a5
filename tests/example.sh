#!/bin/sh
# Runs an example in an empty folder and compares what it prints. A file beside what is expected, with
# .env in place of .txt, is its .env.
# Usage: example.sh PROGRAM EXPECTED
set -eu

program=$1
expected=$2
if [ ! -f "$expected" ]; then
    echo "$expected is missing"
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/empty"
cd "$folder/empty"
if [ -f "${expected%.txt}.env" ]; then cp "${expected%.txt}.env" .env; fi
"$program" >"$folder/printed.txt" </dev/null
diff -u "$expected" "$folder/printed.txt"
