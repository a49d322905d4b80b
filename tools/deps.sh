#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing for: build, check, mpi, coverage, bench.  Asks apt only when something is missing, so
# that everything works without network the second time.
set -eu

build="gcc make libcairo2-dev libpango1.0-dev libqrencode-dev fonts-noto-cjk meson ninja-build pkg-config libc6-dev libsqlite3-dev libpq-dev libjansson-dev libsodium-dev libzip-dev
libexpat1-dev libxlsxwriter-dev libutf8proc-dev zlib1g-dev"
check="clang poppler-utils clang-format libclang-rt-14-dev libcmocka-dev python3 python3-openpyxl python3-scipy postgresql-15 r-base-core r-cran-survey git scdoc
zlib1g-dev"
mpi="libopenmpi-dev openmpi-bin"
coverage="gcovr"
bench="sqlite3 r-cran-laeken liblemon-dev g++ coinor-cbc glpk-utils"

wanted=""
for group in "$@"; do
    case $group in
    build) wanted="$wanted $build" ;;
    check) wanted="$wanted $check $mpi" ;;
    mpi) wanted="$wanted $mpi" ;;
    coverage) wanted="$wanted $coverage" ;;
    bench) wanted="$wanted $bench" ;;
    *) echo "deps.sh: build, check, mpi, coverage or bench, not $group" >&2; exit 2 ;;
    esac
done

missing=""
for p in $wanted; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0

echo "installing:$missing"
as_root=""
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "please install as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
