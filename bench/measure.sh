#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measure beside R's laeken and survey, same rows, one run.  Usage: measure.sh BENCH_MEASURE [ROWS]
# Ours computes 23 indices and 10 standard errors in these times, R's four indices and three errors.
set -eu
here=$(dirname "$0")
command -v Rscript >/dev/null 2>&1 || { echo "SKIP: R is not here (apt-get install r-base-core r-cran-survey r-cran-laeken)"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
rows=${2:-300000}
"$1" "$rows" "$dir/rows.csv" >"$dir/ours"
Rscript "$here/measure.R" "$dir/rows.csv" >"$dir/theirs"
echo "rows: $rows"
paste "$dir/ours" "$dir/theirs" | awk -F'\t' '{
    split($1, a, " "); split($2, b, " ")
    if (a[3] == "s") { printf "%-8s yaoshi %8.4f s   R %8.4f s   %.1f times as fast\n", a[1], a[2], b[2], b[2] / a[2] }
    else { printf "%-8s yaoshi %s   R %s\n", a[1], substr($1, length(a[1]) + 2), substr($2, length(b[1]) + 2) }
}'
