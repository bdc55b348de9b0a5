#!/usr/bin/env bash
# Writes and reads ROWS (10000) random rows of all types, from SEED (20240310), on both engines.
set -euo pipefail

rows=${1:-10000}
seed=${2:-20240310}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure sanitize
preset_build sanitize -j 2 --target property_types
exec tools/cluster env "IGNIS_PROPERTY_COUNT=$rows" "IGNIS_PROPERTY_SEED=$seed" \
    build/sanitize/tests/property_types
