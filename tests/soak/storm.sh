#!/usr/bin/env bash
# Reads, cancels and lets deadlines pass in eight threads, CALLS (1000) each, looking for data races.
set -euo pipefail

calls=${1:-1000}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure thread
preset_build thread -j 2 --target fault_storm
exec tools/cluster env "IGNIS_STORM_COUNT=$calls" TSAN_OPTIONS=halt_on_error=1:exitcode=66 \
    build/thread/tests/fault_storm
