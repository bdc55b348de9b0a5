#!/usr/bin/env bash
# Reads COUNT (10,000) nested trees on PostgreSQL while writers move and count their rows.
set -euo pipefail

export IGNIS_PROPERTY_COUNT=${1:-10000}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure sanitize
preset_build sanitize -j 2 --target property_snapshot
tools/cluster build/sanitize/tests/property_snapshot
