# SPDX-License-Identifier: Apache-2.0
"""`yaoshi solve`: published instances in their own forms, with a value, a bound and the gap between them.

Plans are rebuilt here from the written choices by code that knows only the format, and small ones are solved by trying
everything.
"""
import gzip
import itertools
import os
import random
import struct
import unittest
from pathlib import Path

from tests import ROOT, Case, needs_program

SHARED = Path(os.environ.get("YAOSHI_SHARED", ROOT.parent / "shared")) / "data" / "optim"
NONE = 0xffffffff
needs_instances = unittest.skipUnless(SHARED.is_dir(), "no instances (set YAOSHI_SHARED)")


def pab(limits, funds, homes):
    """Bytes of a .pab file; homes: list of (weight, [(value, cost_a, cost_b, row, fund_a, fund_b, group)])."""
    options = [o for _, list_ in homes for o in list_]
    offsets = list(itertools.accumulate((len(list_) for _, list_ in homes), initial=0))
    out = struct.pack("<IIIIQ", 0x32424150, len(homes), funds, len(limits) - funds, len(options))
    out += struct.pack(f"<{len(limits)}q", *limits) + struct.pack(f"<{len(offsets)}Q", *offsets)
    for weight, _ in homes:
        out += struct.pack("<iBBH", 0, 1, weight, 0)
    return out + b"".join(struct.pack("<iiiIHHBBH", value, a, b, row, fa, fb, group, 0, 0)
                          for value, a, b, row, fa, fb, group in options)


def random_homes(rng, n, funds, rows, options=4):
    return [(rng.randint(1, 8), [(rng.randint(0, 90), rng.randint(0, 40), rng.choice([0, rng.randint(0, 40)]),
                                  rng.choice([NONE, rng.randrange(rows)]), rng.randrange(funds), rng.randrange(funds),
                                  rng.randrange(3)) for _ in range(rng.randint(0, options))]) for _ in range(n)]


def value_of(limits, funds, homes, picks):
    """Value of the written choices; fails where they break a rule."""
    left = list(limits)
    value = 0
    for (weight, options), pick in zip(homes, picks):
        chosen = [options[k] for k in pick]
        assert len({o[6] for o in chosen}) == len(chosen) <= 2
        for v, a, b, row, fa, fb, _ in chosen:
            left[fa] -= a
            left[fb] -= b
            if row != NONE:
                left[funds + row] -= 1
            value += weight * v
    assert min(left, default=0) >= 0
    return value


def brute(limits, funds, homes):
    best = 0
    ways = [[(), *((a,) for a in range(len(o))), *((a, b) for a, b in itertools.combinations(range(len(o)), 2)
                                                   if o[a][6] != o[b][6])] for _, o in homes]
    for picks in itertools.product(*ways):
        try:
            best = max(best, value_of(limits, funds, homes, picks))
        except AssertionError:
            pass
    return best


class SolveCase(Case):
    def write(self, name, data):
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return name

    def solve(self, *how):
        return self.run_ok("solve", *how, "--json").numbers

    def refuse(self, code, *how):
        r = self.run_fails(code, "solve", *how, "--json")
        error = r.json["error"]
        self.assertTrue(error["zh"] and error["en"], r)
        return error


@needs_program
class Plans(SolveCase):
    def picks(self, name):
        return [tuple(int(k) for k in line.split() if k != "-") for line in (self.folder / name).read_text().splitlines()]

    def test_small_plans_are_bounded_and_add_up(self):
        for seed in range(25):
            rng = random.Random(seed)
            funds, rows = rng.randint(1, 2), rng.randint(1, 3)
            homes = random_homes(rng, rng.randint(0, 4), funds, rows)
            limits = [rng.randint(0, 90) for _ in range(funds)] + [rng.randint(0, 2) for _ in range(rows)]
            file = self.write("small.pab", pab(limits, funds, homes))
            r = self.solve(file, "--check", "--out", "picks.txt")
            optimum = brute(limits, funds, homes)
            self.assertEqual(r["value"], value_of(limits, funds, homes, self.picks("picks.txt")))
            self.assertLessEqual(r["value"], optimum)
            self.assertGreaterEqual(r["bound"], optimum)
            self.assertTrue(r["checked"])

    def test_threads_do_not_matter_and_gzip_is_read(self):
        rng = random.Random(7)
        homes = random_homes(rng, 6000, 3, 40, 8)
        data = pab([60000, 50000, 40000] + [60] * 40, 3, homes)
        self.write("town.pab.gz", gzip.compress(data, 1))
        self.write("town.pab", data)
        one = self.solve("town.pab", "--threads", "1", "--out", "one.txt")
        two = self.solve("town.pab.gz", "--threads", "2", "--out", "two.txt")
        self.assertEqual(one["checksum"], two["checksum"])
        self.assertEqual((self.folder / "one.txt").read_bytes(), (self.folder / "two.txt").read_bytes())
        self.assertEqual(one["households"], 6000)
        self.assertLess(one["gap"], 0.001)
        for key in ("value", "bound", "gap", "seconds", "passes", "options"):
            self.assertIn(key, one)

    def test_bad_files(self):
        homes = random_homes(random.Random(3), 10, 2, 3)
        homes[0] = (4, [(5, 1, 1, 0, 0, 1, 0), (6, 2, 0, NONE, 1, 1, 1)])
        whole = pab([50] * 5, 2, homes)
        options = 24 + 5 * 8 + 11 * 8 + 10 * 8

        def changed(at, form, *values):
            data = bytearray(whole)
            struct.pack_into(form, data, at, *values)
            return bytes(data)

        bad = {"empty": b"", "head": whole[:20], "cut": whole[:-1], "long": whole + b"x", "text": b"hello " * 10,
               "mark": changed(0, "<I", 1), "households": changed(4, "<I", 11), "minus": changed(24, "<q", -1),
               "order": changed(24 + 5 * 8 + 8, "<Q", 3 << 40), "cost": changed(options + 4, "<i", -1),
               "row": changed(options + 12, "<I", 3), "fund": changed(options + 16, "<H", 2),
               "gzip": gzip.compress(whole)[:-30], "gzip2": b"\x1f\x8b" + whole}
        for name, data in bad.items():
            with self.subTest(name):
                self.refuse(3, self.write("bad.pab", data))
        huge = {"counts": changed(4, "<IIIQ", 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**62), "options": changed(16, "<Q", 2**63),
                "limit": changed(24, "<q", 2**63 - 1)}
        for name, data in huge.items():
            with self.subTest(name):
                self.assertEqual(self.refuse(3, self.write("bad.pab", data))["status"], "ELIMIT")
        self.assertIn("household 1, option 1", self.refuse(3, self.write("bad.pab", bad["row"]))["en"])

    def test_nothing_to_have(self):
        rich = [(4, [(50, 3, 2, 0, 0, 1, 0), (40, 1, 0, NONE, 0, 1, 1)])] * 5
        free = [(4, [(50, 0, 0, NONE, 0, 1, 0), (40, 0, 0, NONE, 0, 1, 0), (-7, 0, 0, NONE, 0, 1, 1)])] * 3
        for name, limits, homes, value in (("capacities of zero", [0, 0, 0], rich, 0), ("no options", [9, 9, 9], [(4, [])] * 5, 0),
                                           ("nobody", [9, 9, 9], [], 0), ("free", [0, 0, 0], free, 600),
                                           ("weight of zero", [9, 9, 9], [(0, rich[0][1])], 0),
                                           ("one group for all", [99, 99, 9], [(1, [(k, 1, 1, 0, 0, 1, 7) for k in range(40)])], 39)):
            with self.subTest(name):
                r = self.solve(self.write("none.pab", pab(limits, 2, homes)), "--check")
                self.assertEqual((r["value"], r["bound"], r["gap"], r["checked"]), (value, value, 0, True))

    def test_extreme_numbers_stay_exact(self):
        top, most = 2**31 - 1, 2**62
        homes = [(255, [(top, top, top, 0, 0, 1, 0), (top - 1, top, 0, NONE, 0, 0, 1)])] * 40
        r = self.solve(self.write("big.pab", pab([most, most, most], 2, homes)), "--check")
        self.assertEqual((r["value"], r["bound"]), (40 * 255 * (2 * top - 1),) * 2)
        # One unit short of two places: the second option of one household.
        r = self.solve(self.write("tight.pab", pab([2 * top - 1, most, most], 2, homes[:1])), "--check", "--out", "picks.txt")
        self.assertEqual((r["value"], self.picks("picks.txt")), (255 * top, [(0,)]))
        self.assertGreaterEqual(r["bound"], r["value"])
        # 2^53 and one more: a floating-point sum would not tell them apart.
        many = [(1, [(1, top, 0, NONE, 0, 0, 0), (1, 1, 0, NONE, 0, 0, 1)])] * 3
        r = self.solve(self.write("sum.pab", pab([3 * top + 2], 1, many)), "--check")
        self.assertEqual(r["value"], 5)

    def test_a_million_options_on_one_household(self):
        n = 10**6
        option = [(1 + (k * 7919) % n, 1 + (k * 104729) % 1000, 0, NONE, 0, 0, k % 200) for k in range(n)]
        homes = [(2, [(5, 2, 0, 0, 0, 0, 0)]), (4, option), (2, [(6, 1, 0, 0, 0, 0, 0)])]
        best = max(range(n), key=lambda k: option[k][0])
        other = max((k for k in range(n) if option[k][6] != option[best][6]), key=lambda k: option[k][0])
        r = self.solve(self.write("free.pab", pab([10**6, 5], 1, homes)), "--check", "--out", "picks.txt")
        self.assertEqual(sorted(self.picks("picks.txt")[1]), sorted((best, other)))
        self.assertEqual((r["value"], r["gap"]), (4 * (option[best][0] + option[other][0]) + 22, 0))
        r = self.solve(self.write("scarce.pab", pab([20, 1], 1, homes)), "--check", "--out", "picks.txt")
        self.assertEqual(r["value"], value_of([20, 1], 1, homes, self.picks("picks.txt")))
        self.assertGreaterEqual(r["bound"], r["value"])
        self.assertLess(r["gap"], 0.02)
        option[n - 1] = option[n - 1][:1] + (-1,) + option[n - 1][2:]
        self.assertIn("household 2, option 1000000", self.refuse(3, self.write("minus.pab", pab([20, 1], 1, homes)))["en"])

    def test_usage(self):
        self.refuse(1, "not_there.pab")
        self.refuse(1, ".", "--format", "pab")
        self.refuse(2, self.write("what", b"1"))
        self.refuse(2, "what", "--format", "xyz")
        self.refuse(2, "what", "--format", "gap", "--seconds", "-1")
        self.refuse(2, "what", "--format", "gap", "--threads", "0")
        self.refuse(1, self.write("one.gap", "1 1 5 1 1"), "--out", "no/such/folder")

    @needs_instances
    def test_published(self):
        lp = {"p1000": 46908909.11, "p10000": 459853523.71, "d10000": 263646430.41}
        for name, optimum in lp.items():
            r = self.solve(str(SHARED / "plan" / f"{name}.pab.gz"), "--check")
            self.assertGreaterEqual(r["bound"], optimum)
            self.assertLess(r["gap"], 0.0005)


@needs_program
class Knapsacks(SolveCase):
    def test_assignment(self):
        self.write("one.gap", "2 3\n1 5 9\n4 2 3\n2 2 2\n2 2 2\n2 4\n")
        r = self.solve("one.gap", "--out", "agents.txt")
        self.assertEqual((r["value"], r["bound"], r["gap"], r["sense"]), (6, 6, 0, "min"))
        self.assertEqual((self.folder / "agents.txt").read_text().split(), ["0", "1", "1"])
        most = self.solve("one.gap", "--max")
        self.assertEqual((most["value"], most["bound"], most["sense"]), (15, 15, "max"))

    def test_several_instances(self):
        self.write("two.gap", "2\n 1 2 5 6 1 1 2\n 1 1 7 2 3\n")
        r = self.solve("two.gap")
        self.assertEqual([i["value"] for i in r["instances"]], [11, 7])
        self.assertEqual(r["value"], 18)

    def test_impossible(self):
        self.write("none.gap", "2 2\n1 1\n1 1\n5 5\n5 5\n4 6\n")
        r = self.run_fails(6, "solve", "none.gap", "--format", "gap")
        self.assertIn("no solution", r.err)

    def test_bad_text(self):
        for text in ("", "2", "2 2 1 1", "x y", "1 1 1 1 1 9 9", "0 0", "-3 4", "1 1 1.5 1 1", "1 1 5 -1 4"):
            with self.subTest(text):
                self.refuse(3, self.write("bad.gap", text))
        for text in ("", "1 1", "1 1 1 5 2 3 1", "2 1 1 5 1 3 1"):
            with self.subTest(text):
                self.refuse(3, self.write("bad.mmkp", text))

    def test_bad_numbers_are_named(self):
        for name, text, words in (("bad.gap", "1 1 nan 1 5", "row 1: not a number"), ("bad.gap", "1 1\n5\ninf\n5", "row 3: not a number"),
                                  ("bad.gap", f"2 1 1 {2**53 + 1} 1 1 5 5", "agent 2, job 1"), ("bad.gap", "1 1 5 1 -4", "capacity 1"),
                                  ("bad.gap", f"1 1 {10**30} 1 5", "too large"), ("bad.mmkp", "1 1 1\n5\n1\nnan 1", "row 4: not a number"),
                                  ("bad.mmkp", "1 1 1 5 1 5 -1", "class 1"), ("bad.mmkp", "1 1 1 -5 1 5 1", "limit 1 is negative"),
                                  ("bad.mmkp", f"1 1 1 5 1 {2**53 + 1} 1", "class 1")):
            with self.subTest(text):
                r = self.run_fails(3, "solve", self.write(name, text), "--json")
                self.assertIn(words, r.json["error"]["en"] + r.err, r)

    def test_capacities_of_zero(self):
        self.assertEqual(self.run_fails(6, "solve", self.write("zero.gap", "1 1 5 1 0"), "--json").numbers["value"], None)
        r = self.solve(self.write("free.gap", "2 2 5 6 7 8 0 0 0 0 0 0"))
        self.assertEqual((r["value"], r["bound"]), (11, 11))
        r = self.solve(self.write("free.mmkp", "1 2 1 0 1 5 0 9 1"))
        self.assertEqual((r["value"], r["bound"]), (5, 5))

    @needs_instances
    def test_published(self):
        r = self.solve(str(SHARED / "gap" / "cattrysse1994" / "gap12-4"), "--format", "gap")
        self.assertEqual((r["value"], r["bound"]), (945, 945))
        r = self.solve(str(SHARED / "mmkp" / "I05"), "--format", "mmkp")
        self.assertEqual((r["value"], r["bound"]), (3905.7, 3905.7))


if __name__ == "__main__":
    unittest.main()
