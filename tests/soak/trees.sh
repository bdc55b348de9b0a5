#!/usr/bin/env bash
# Compares COUNT (2,000) random include trees from SEED (1) on with plain loops, on both engines.
set -euo pipefail

export IGNIS_PROPERTY_COUNT=${1:-2000} IGNIS_PROPERTY_SEED=${2:-1}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure sanitize
preset_build sanitize -j 2 --target property_trees
tools/cluster build/sanitize/tests/property_trees
