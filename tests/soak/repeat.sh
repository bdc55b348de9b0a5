#!/usr/bin/env bash
# Runs all C tests ROUNDS (50) times under the sanitizers, in random order, until one fails.
set -euo pipefail

rounds=${1:-50}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure sanitize
preset_build sanitize -j 2
exec ctest --preset sanitize -j 2 --schedule-random --label-exclude project \
    --repeat "until-fail:$rounds"
