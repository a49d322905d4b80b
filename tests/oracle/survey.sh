#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compare our design-based estimates with R's survey and laeken packages.  Usage: survey.sh MEASURE_ORACLE SURVEY.R
# Exit 77 (skipped) where R or the packages are not installed.
set -eu
if ! command -v Rscript >/dev/null 2>&1; then
    echo "SKIP: R is not here (apt-get install r-base-core r-cran-survey r-cran-laeken)"
    exit 77
fi
if ! Rscript -e 'library(survey); library(laeken)' >/dev/null 2>&1; then
    echo "SKIP: R has no survey or laeken package (apt-get install r-cran-survey r-cran-laeken)"
    exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
Rscript "$2" "$dir"
"$1" "$dir"
