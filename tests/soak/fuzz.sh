#!/usr/bin/env bash
# Fuzzes each target for SECONDS (600); what was found stays in build/fuzz/tests.
set -euo pipefail

seconds=${1:-600}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
packages_install fuzz
preset_configure fuzz "-DIGNIS_FUZZ_SECONDS=$seconds"
preset_build fuzz -j 2
exec ctest --preset fuzz -j 2
