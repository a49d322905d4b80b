// SPDX-License-Identifier: Apache-2.0
// The part of the rule language that is CEL, evaluated by yaoshi and by npm @bufbuild/cel on the same facts.
//
//   node conform.mjs path/to/rule_eval_tool
//
// An error of CEL (a missing key, an overflow, a division by zero) is "unknown" in yaoshi.  Left out, because there
// yaoshi differs on purpose (yaoshi-rules(7)): int with double, money, dates, has(name), division of doubles by zero,
// exists_one over errors, lists with missing items, and the macros CEL does not have.
// Needs `npm ci` in this folder, or NODE_MODULES naming a folder that has the package; skips (77) with a reason else.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies['@bufbuild/cel'];
const home = [process.env.NODE_MODULES, join(here, 'node_modules')]
  .filter(Boolean)
  .find((dir) => existsSync(join(dir, '@bufbuild/cel/package.json')));
if (!home) {
  console.log(`SKIP: npm @bufbuild/cel ${wanted} is not installed (npm ci in tests/cel)`);
  process.exit(77);
}
const pkg = JSON.parse(readFileSync(join(home, '@bufbuild/cel/package.json'), 'utf8'));
if (pkg.version !== wanted) {
  console.log(`SKIP: npm @bufbuild/cel is ${pkg.version}, the test is written for ${wanted}`);
  process.exit(77);
}
const cel = await import(pathToFileURL(join(home, '@bufbuild/cel/dist/esm/index.js')).href);

// ---- rules: some written, more at random but always the same ----

const written = String.raw`
1 + 2 * 3 - 4 / 2
(1 + 2) * 3 % 4
-7 / 2
-7 % 3
7 / -2
1 / 0
1 % 0
9223372036854775807 + 1
-9223372036854775807 * 2
0x1F + 1
1.5 + 2.25 * 2.0
7.0 / 2.0
.5 + 1e2
1.0 < 2.0 && 2.0 <= 2.0
"it's" == 'it\'s'
'a\n\x41\u4e2d\101\t\\'
'\U0001F511' + "\""
'abc' + 'def' == 'abcdef'
'abc' < 'abd'
'B' < 'a'
'中' > '东'
'病' < '🔑'
'' < 'a'
!true || !!true
true || 1 / 0 == 1
1 / 0 == 1 || true
false && 1 / 0 == 1
1 / 0 == 1 && false
1 / 0 == 1 || false
true ? 1 : 1 / 0
1 / 0 == 1 ? 1 : 2
false ? 1 : true ? 2 : 3
true || false && false
1 < 2 == true
1 in [1, 2, 3]
4 in [1, 2, 3]
1 in []
'b' in ['a', 'b']
size('')
size('中国🔑')
'中国'.size()
'yaoshi'.startsWith('yao')
'yaoshi'.endsWith('shi')
'yaoshi'.contains('aos')
'yaoshi'.contains('')
'a'.startsWith('ab')
int(2.9)
int(-2.9)
int(1e30)
int('42')
int('x')
double(3)
double('1.25')
string(42)
string(true)
string('x')
size == 2
size != 3 && workers == 0
size * workers - big
big + 1
-big
area < 0.0
area * area >= 2.25
poor
!poor
poor && size > 1
poor || size == 3
poor ? 'p' : 'n'
cause == '01'
cause != '01'
cause in ['02', '03']
cause == cause2
cause < cause2
cause + '/' + cause2
remark == ''
remark.contains('病')
size(remark)
size(cause)
id + string(size)
persons.exists(p, p.age >= 60)
persons.all(p, p.age >= 60)
persons.exists_one(p, p.name == 'C')
persons.exists(p, p.ill)
persons.all(p, !p.ill)
persons.exists(p, p.health == '04')
persons.all(p, p.health in ['01', '04'])
persons.exists(p, has(p.age) && p.age > 60)
persons.all(p, has(p.health) ? p.health != '09' : true)
persons.filter(p, has(p.age)).size()
size(persons.filter(p, p.able > 0.4))
size(persons)
persons.size() == size
persons.exists(p, persons.exists(q, q.age > p.age))
persons.all(p, persons.all(q, p.name == q.name || p.age != q.age))
persons.exists(p, size > 2)
persons.exists(p, p.name + 'x' == 'Fx')
`.trim().split('\n');

let seed = 20161231n;
const below = (n) => {
  seed = (seed * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((seed >> 33n) % BigInt(n));
};
const one = (...of) => of[below(of.length)];
const int = (d, p) => {
  if (d <= 0) return one('size', 'workers', '4611686018427387001', '3037000507', '0', '1', '2', '3', '7', ...(p ? [`${p}.age`] : []));
  const a = () => int(d - 1, p);
  return one(
    () => `(${a()} ${one('+', '-', '*', '/', '%')} ${a()})`,
    () => `(${bool(d - 1, p)} ? ${a()} : ${a()})`,
    () => `size(${text(d - 1, p)})`,
    () => `int(${real(d - 1, p)})`,
    () => (p ? a() : `persons.filter(p, ${bool(d - 1, 'p')}).size()`),
    () => int(0, p),
  )();
};
const real = (d, p) => {
  if (d <= 0) return one('area', '0.5', '2.0', '-3.25', ...(p ? [`${p}.able`] : []));
  return one(
    () => `(${real(d - 1, p)} ${one('+', '-', '*')} ${real(d - 1, p)})`,
    () => `(${real(d - 1, p)} / ${one('2.0', '0.25')})`,
    () => real(0, p),
  )();
};
const text = (d, p) => {
  if (d <= 0) return one('cause', 'cause2', 'remark', 'id', "'01'", "'02'", "''", ...(p ? [`${p}.name`, `${p}.health`] : []));
  return one(
    () => `(${text(d - 1, p)} + ${text(d - 1, p)})`,
    () => `(${bool(d - 1, p)} ? ${text(d - 1, p)} : ${text(d - 1, p)})`,
    () => `string(${int(d - 1, p)})`,
    () => text(0, p),
  )();
};
const compare = () => one('==', '!=', '<', '<=', '>', '>=');
const bool = (d, p) => {
  if (d <= 0) return one('poor', 'true', 'false', ...(p ? [`${p}.ill`, `has(${p}.age)`, `has(${p}.health)`] : []));
  const b = () => bool(d - 1, p);
  return one(
    () => `(${b()} && ${b()})`,
    () => `(${b()} || ${b()})`,
    () => `!(${b()})`,
    () => `(${b()} ? ${b()} : ${b()})`,
    () => `(${int(d - 1, p)} ${compare()} ${int(d - 1, p)})`,
    () => `(${real(d - 1, p)} ${compare()} ${real(d - 1, p)})`,
    () => `(${text(d - 1, p)} ${compare()} ${text(d - 1, p)})`,
    () => `${text(d - 1, p)}.${one('startsWith', 'endsWith', 'contains')}(${text(0, p)})`,
    () => `(${text(0, p)} in ['01', '02', 'C'])`,
    () => (p ? b() : `persons.${one('exists', 'all')}(p, ${bool(d - 1, 'p')})`),
  )();
};
const random = Array.from({ length: 3000 }, () => one(bool, bool, int, real, text)(4, ''));
const rules = [...written, ...random].filter((r) => Buffer.byteLength(r) < 4000);

// ---- both sides ----

const run = spawnSync(process.argv[2], { input: rules.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 28 });
if (run.status !== 0) {
  console.log(`rule_eval_tool failed: ${run.status} ${run.stderr}`);
  process.exit(1);
}
const [facts, ...answers] = run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
const value = (v) => ('i' in v ? BigInt(v.i) : 'r' in v ? v.r : 'b' in v ? v.b : v.s);
const rows = facts.rows.map(({ persons, ...own }) => ({
  ...Object.fromEntries(Object.entries(own).map(([k, v]) => [k, value(v)])),
  persons: persons.map((p) => new Map(Object.entries(p).map(([k, v]) => [k, value(v)]))),
}));
const theirs = (plan, row) => {
  try {
    const v = plan(row);
    if (cel.isCelError(v)) return null;
    if (typeof v === 'number' && !Number.isFinite(v)) return null;
    return v;
  } catch {
    return null;
  }
};
// yaoshi keeps INT64_MIN and INT64_MIN + 1 for "unknown": there an answer of CEL counts as an overflow.
const lowest = (v) => typeof v === 'bigint' && v <= -(2n ** 63n) + 1n;

let values = 0, unknown = 0, wrong = 0, limits = 0;
rules.forEach((rule, i) => {
  if (answers[i].error?.includes('more than')) {
    limits++; // nested or long beyond our limits
    return;
  }
  if (answers[i].error) {
    wrong++;
    console.log(`${rule}\n  yaoshi refuses: ${answers[i].error}`);
    return;
  }
  const plan = cel.plan(cel.celEnv(), cel.parse(rule));
  rows.forEach((row, r) => {
    const ours = answers[i][r] === null ? null : value(answers[i][r]);
    let other = theirs(plan, row);
    if (lowest(other)) other = null;
    values++;
    unknown += ours === null;
    if (ours === other) return;
    if (wrong++ < 20) console.log(`${rule}\n  row ${r}: yaoshi ${ours}, cel ${other}`);
  });
});
console.log(`${rules.length} rules, ${values} values compared (${unknown} unknown), ${wrong} different, ${limits} over our limits; ` +
  `@bufbuild/cel ${pkg.version}`);
process.exit(wrong ? 1 : 0);
