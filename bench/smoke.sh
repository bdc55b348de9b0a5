#!/bin/sh
# Runs the program given on few rows: SQLite always, PostgreSQL where the tests have a server.
set -eu

set -- "$@" --database ignis_bench_smoke --users 40 --rounds 1
if [ -n "${IGNIS_TEST_POSTGRES_URL:-}" ]; then
    set -- "$@" --url "$IGNIS_TEST_POSTGRES_URL"
fi
"$@"
