#!/usr/bin/env bash
# Upserts 100 rows from 64 threads over 6 connections, ROUNDS (20) times, and from 8 on SQLite.
set -euo pipefail

export IGNIS_PROPERTY_COUNT=${1:-20} IGNIS_PROPERTY_SEED=${2:-1}
root=$PWD
# shellcheck source=tools/packages
source tools/packages
# shellcheck source=tools/common
source tools/common

packages_install test
preset_configure debug
preset_build debug -j 2 --target property_upserts
tools/cluster build/debug/tests/property_upserts
