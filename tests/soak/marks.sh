#!/usr/bin/env bash
# Finds COUNT (1,000,000) times in one context with marks; memory has to stay flat.
set -euo pipefail

export IGNIS_MARKS_COUNT=${1:-1000000}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure release
preset_build release -j 2 --target typed_marks
build/release/tests/typed_marks
