#!/usr/bin/env bash
# Interleaves two transactions COUNT (10,000) times from SEED (1) on, at each level of isolation.
set -euo pipefail

export IGNIS_PROPERTY_COUNT=${1:-10000} IGNIS_PROPERTY_SEED=${2:-1}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure debug
preset_build debug -j 2 --target property_interleave
tools/cluster build/debug/tests/property_interleave
