#!/usr/bin/env bash
# Refuses COUNT (2000) random writes from SEED (1) on, on both engines: no table may change.
set -euo pipefail

export IGNIS_PROPERTY_COUNT=${1:-2000} IGNIS_PROPERTY_SEED=${2:-1}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure debug
preset_build debug -j 2 --target property_refusals
tools/cluster build/debug/tests/property_refusals
