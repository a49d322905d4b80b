#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The whole job on a synthetic Heze: tools/demo.sh YAOSHI FOLDER PERSONS SEED
set -eu
yaoshi=$(realpath "$1")
out=$2
persons=$3
seed=$4
export YAOSHI_LANG="${YAOSHI_LANG:-zh}"

mkdir -p "$out"
cd "$out"
rm -rf heze heze.db heze.db-wal heze.db-shm heze.db.key heze.html roster.xlsx plan.xlsx unmet.xlsx
say() { printf '\n\033[1m$ yaoshi %s\033[0m\n' "$*"; }
run() { say "$@"; "$yaoshi" "$@"; }

run synth --persons "$persons" --seed "$seed" -o heze
run init heze.db --pack cn-2016
run import heze.db heze --apply --valid-from 2016-12-31
run measure heze.db --by county
run diagnose heze.db --keep --truth heze/truth.csv
run plan heze.db
run plan heze.db --verify
run pair heze.db --keep
run report heze.db -o heze.html
county=$(sed -n 2p heze/households.csv | cut -d, -f2 | cut -c1-6)000000
run export heze.db --template roster --scope "$county" -o roster.xlsx
run export heze.db --what plan --scope "$county" -o plan.xlsx
run export heze.db --what unmet -o unmet.xlsx
run status heze.db --summary
first=$(sed -n 2p heze/households.csv | cut -d, -f1)
cat <<TXT

结果在 $out/（合成数据，没有一个真人）：
  heze.html     一页带图的报告，双击打开       heze.db       登记册、诊断、计划
  roster.xlsx   一个县的人口花名册（全国表式） plan.xlsx     一个县每户的措施、资金和理由
  unmet.xlsx    还缺什么                       heze/         造出的表格
下一步可以试：
  $1 show $out/heze.db $first        一户的事实、贫根、钥匙和理由
  $1 status $out/heze.db
  $1 check $out/heze.db --list
TXT
