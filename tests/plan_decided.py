# SPDX-License-Identifier: Apache-2.0
"""What is decided before a plan: groups that nest, locks, promises to lift and the cost of switching, from the pack's tables and the
registry to the plan kept, its proof and its words.

Offices of 1,000 synthetic persons with a pack of their own; every plan is checked by `yaoshi plan --verify`.
"""
import csv
import shutil
import unittest

from tests import DAY, KEY, PACKS, Case, needs_program, office, rows_of, sql, write_rows

GROUPS = ["group", "parent", "limit", "label_zh", "label_en", "source", "effective"]
LOCKS = ["lock", "household", "area", "measure", "offering", "person", "mode"]


def group(name, parent, limit):
    return [name, parent, limit, name, name, "assumption: test", ""]


@needs_program
class Decided(Case):

    def pack(self, params=None, groups=None, measures=None, relations=None):
        """A copy of cn-2016 with other parameters, groups, groups of measures and relations."""
        to = self.folder / "pack"
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(f"{PACKS}/cn-2016", to)
        self.edit(to / "params.csv", "name", "value", params or {})
        self.edit(to / "measures.csv", "measure", "group", measures or {})
        if groups is not None:
            write_rows(to / "groups.csv", GROUPS, groups)
            text = (to / "datapackage.json").read_text()
            (to / "datapackage.json").write_text(text.replace('"resources": [', '"resources": [{"name": "groups", "path": "groups.csv"},', 1))
        for row in relations or []:
            with open(to / "exclusions.csv", "a", encoding="utf-8", newline="") as f:
                csv.writer(f).writerow(row)
        return to

    @staticmethod
    def edit(path, key, column, change):
        rows = rows_of(path)
        for r in rows:
            r[column] = change.get(r[key], r[column])
        write_rows(path, list(rows[0]), [list(r.values()) for r in rows])

    def store(self, **pack):
        self.pack(**pack)
        (self.folder / "heze.db.key").write_text(KEY)
        self.run_ok("init", "heze.db", "--pack", str(self.folder / "pack"))
        self.run_ok("import", "heze.db", str(office(1000) / "heze"), "--apply", "--valid-from", DAY)

    def plan(self, *how):
        made = self.run_ok("plan", "heze.db", "--passes", 60, "--json", *how).numbers
        proof = self.run_ok("plan", "heze.db", "--verify", "--json").numbers
        self.assertEqual((proof["ok"], proof["findings"]), (True, []))
        self.assertEqual(proof["tiers"][1]["value"], made["value"])
        self.assertEqual(proof["tiers"][1]["bound"], made["bound"])
        return made, proof

    def choices(self, version):
        return set(sql(self.folder / "heze.db", "SELECT unit, offering, coalesce(person, '') FROM k_choice WHERE plan = ?", version))

    def measures_of(self, version):
        """unit -> measures of its choices"""
        found = {}
        for unit, measure in sql(self.folder / "heze.db", "SELECT c.unit, o.measure FROM k_choice c JOIN k_offering o USING (offering) "
                                                          "WHERE c.plan = ?", version):
            found.setdefault(unit, []).append(measure)
        return found

    def lock(self, *rows):
        """Import locks; of those that were there before every cell is written anew."""
        write_rows(self.folder / "locks.csv", LOCKS, [[c or "#NA" for c in r] for r in rows])
        self.run_ok("import", "heze.db", "locks.csv", "--apply", "--valid-from", DAY, "--json")

    # ---- groups ----

    def test_groups_nest(self):
        kinds = {m["measure"]: m for m in rows_of(f"{PACKS}/cn-2016/measures.csv")}
        nets = {m for m, r in kinds.items() if r["target"] == "household" and r["family"] != "project"}
        groups = [group("all", "", 2)] + [group(g, "all", 1) for g in sorted({kinds[m]["group"] for m in nets})]
        free, _ = (self.store(), self.plan())[1]
        most = max(sum(m in nets for m in of) for of in self.measures_of("P0001").values())
        self.assertGreater(most, 2, "without the limit nobody has three")
        (self.folder / "heze.db").unlink()
        self.store(groups=groups)
        tight, _ = self.plan()
        of = self.measures_of("P0001")
        self.assertEqual(max(sum(m in nets for m in got) for got in of.values()), 2)
        self.assertLess(tight["bundles"], free["bundles"])

    def test_groups_refused(self):
        def fault(words, row, file="groups.csv", **pack):
            r = self.run_fails(3, "pack", "check", str(self.pack(**pack)), "--json")
            faults = r.numbers["faults"]
            self.assertEqual([(f["file"], f["row"]) for f in faults], [(file, n) for n in row], r)
            self.assertIn(words, faults[0]["en"])
        fault("circle", [2, 3], groups=[group("a", "b", 1), group("b", "a", 1)])
        fault("circle", [2], groups=[group("a", "a", 1)])
        fault("has no", [2], groups=[group("a", "nobody", 1)])
        fault("1", [2], groups=[group("a", "", 0)])
        fault("1", [2], groups=[group("a", "", -1)])
        fault("same key", [3], groups=[group("a", "", 1), group("a", "", 2)])
        lines = len(rows_of(f"{PACKS}/cn-2016/exclusions.csv"))
        need = ["orchard", "peony", "requires", "", "需", "needs", "assumption: test", ""]
        fault("could never be chosen", [lines + 2], file="exclusions.csv", groups=[], relations=[need])
        self.run_ok("pack", "check", str(self.pack(groups=[group("land_use", "", 2)], relations=[need])))
        self.run_ok("pack", "check", str(self.pack(groups=[group("wide", "", 1), group("land_use", "wide", 5)])))

    # ---- locks ----

    def test_locks(self):
        self.store()
        self.plan()
        before = self.choices("P0001")
        gone = next(x for x in sorted(before) if x[2] == "" and x[0].startswith("H"))
        kept = [x for x in sorted(before) if x[0] != gone[0] and x[0].startswith("H")][:20]
        village = next(x for x in sorted(before) if x[0].startswith("village:"))
        measure = dict(sql(self.folder / "heze.db", "SELECT offering, measure FROM k_offering"))
        self.lock(["out", gone[0], "", measure[gone[1]], "", "", "forbid"],
                  ["road", "", village[0][8:], measure[village[1]], "", "", "keep"],
                  *[[f"L{i:02}", u, "", measure[o], o, p, "keep"] for i, (u, o, p) in enumerate(kept)])
        # with half the money what is locked stays all the same
        write_rows(self.folder / "funds.csv", ["fund", "period", "amount"],
                   [[f["fund"], f["period"], f"{float(f['amount']) / 2:.2f}"] for f in rows_of(office(1000) / "heze" / "funds.csv") if f["amount"]])
        self.run_ok("import", "heze.db", "funds.csv", "--apply", "--valid-from", DAY, "--json")
        made, _ = self.plan()
        self.assertEqual(made["locks"], 22)
        after = self.choices("P0002")
        self.assertLessEqual(set(kept), after)
        of = self.measures_of("P0002")
        self.assertNotIn(measure[gone[1]], of.get(gone[0], []))
        self.assertIn(measure[village[1]], of[village[0]])
        self.assertIn("a lock rules it out here", self.card(gone[0]))
        self.assertIn("stays because lock 'L00' keeps it", self.card(kept[0][0]))

    def card(self, household):
        return " ".join(self.run_ok("show", "heze.db", household, "--all").out.split())

    def test_locks_refused(self):
        self.store()
        self.plan()
        unit, offering, person = next(x for x in sorted(self.choices("P0001")) if x[0].startswith("H") and x[2])
        measure = dict(sql(self.folder / "heze.db", "SELECT offering, measure FROM k_offering"))[offering]
        village = rows_of(office(1000) / "heze" / "villages.csv")[0]["area"]

        def fault(code, words, *rows):
            self.lock(*rows)
            r = self.run_fails(code, "plan", "heze.db", "--dry-run", "--json")
            for w in words:
                self.assertIn(w, r.err + r.out)
            self.idle(rows, unit)
        fault(3, [unit, "none of its options"], ["x", unit, "", measure, offering, person, "keep"], ["y", unit, "", measure, "", "", "forbid"])
        fault(3, [unit, "do not go together"], ["x", unit, "", "village_road", "", "", "keep"])
        fault(3, ["x", "household or a village"], ["x", "", "", measure, "", "", "keep"])
        fault(3, ["x", "household or a village"], ["x", unit, village, measure, "", "", "keep"])
        other = next(x for x in sorted(self.choices("P0001")) if x[0].startswith("H") and x[0] != unit and x[2])
        fault(3, ["no such person"], ["x", unit, "", measure, "", other[2], "keep"])
        jobs = [m["measure"] for m in rows_of(f"{PACKS}/cn-2016/measures.csv") if m["group"] == "job"]
        both = self.two_options(jobs)
        self.assertIsNotNone(both, "nobody had two jobs in turn")
        fault(3, [both[0][0], "contradict each other"], *[[f"x{i}", u, "", m, o, p, "keep"] for i, (u, m, o, p) in enumerate(both)])

    def idle(self, rows, unit):
        """The same locks saying something that binds nobody."""
        self.lock(*[[r[0], unit, "", "relocation", "", "", "forbid"] for r in rows])

    def two_options(self, jobs):
        """Two jobs of one group that one person has had in two plans, the first of them ruled out in the second."""
        first = [(u, o, p) for u, o, p in sorted(self.choices("P0001")) if p]
        measure = dict(sql(self.folder / "heze.db", "SELECT offering, measure FROM k_offering"))
        out = [x for x in first if measure[x[1]] in jobs]
        rows = [[f"z{i}", u, "", measure[o], "", "", "forbid"] for i, (u, o, p) in enumerate(out)]
        self.lock(*rows)
        self.plan()
        self.idle(rows, out[0][0])
        was = {p: (u, measure[o], o, p) for u, o, p in out}
        for u, o, p in sorted(self.choices("P0002")):
            if p in was and measure[o] in jobs and measure[o] != was[p][1]:
                return [was[p], (u, measure[o], o, p)]
        return None

    def test_locks_beyond_the_money(self):
        self.store()
        self.plan()
        offering, measure = sql(self.folder / "heze.db", "SELECT offering, o.measure FROM k_choice c JOIN k_offering o USING (offering) "
                                "WHERE capacity > 0 AND unit LIKE 'H%' GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 1")[0]
        same = [x for x in sorted(self.choices("P0001")) if x[1] == offering]
        self.lock(*[[f"L{i:03}", u, "", measure, o, p, "keep"] for i, (u, o, p) in enumerate(same)])
        of = next(o for o in rows_of(office(1000) / "heze" / "offerings.csv") if o["offering"] == offering)
        write_rows(self.folder / "offerings.csv", ["offering", "measure", "area", "period", "capacity"],
                   [[offering, measure, of["area"], of["period"], len(same) - 1]])
        self.run_ok("import", "heze.db", "offerings.csv", "--apply", "--valid-from", DAY, "--json")
        r = self.run_fails(6, "plan", "heze.db", "--json")
        self.assertIn("what is locked needs", r.out + r.err)
        self.assertIn(offering, r.out + r.err)

    # ---- the running plan ----

    def test_switching(self):
        self.store(params={"switch_cost": "300"})
        first, proof = self.plan()
        self.assertEqual(first["switches"]["running"], 0)
        before = self.choices("P0001")
        self.assertEqual(first["switches"]["added"], len(before))
        again, proof = self.plan()
        w = again["switches"]
        after = self.choices("P0002")
        self.assertEqual((w["running"], w["added"], w["dropped"]), (len(before), len(after - before), len(before - after)))
        self.assertEqual((proof["added"], proof["dropped"]), (w["added"], w["dropped"]))
        self.assertEqual(w["cost"], 30000 * (w["added"] + w["dropped"]))
        self.assertEqual(w["value_without"], again["value"] + w["cost"])
        self.assertLess(w["added"] + w["dropped"], len(before) / 5)
        # other facts: with the cost of switching fewer choices change than without
        write_rows(self.folder / "funds.csv", ["fund", "period", "amount"],
                   [[f["fund"], f["period"], f"{float(f['amount']) * 0.9:.2f}"] for f in rows_of(office(1000) / "heze" / "funds.csv") if f["amount"]])
        self.run_ok("import", "heze.db", "funds.csv", "--apply", "--valid-from", DAY, "--json")
        self.plan()
        third = self.choices("P0003")
        self.assertTrue(self.run_ok("plan", "heze.db", "--verify", "--version", "P0002", "--json").numbers["ok"])
        said = self.run_ok("plan", "heze.db", "--passes", 60, "--dry-run")
        self.assertIn("against the running plan", said.err + said.out)
        (self.folder / "heze.db").unlink()
        self.store()
        self.plan()
        free = self.choices("P0001")
        self.run_ok("import", "heze.db", "funds.csv", "--apply", "--valid-from", DAY, "--json")
        self.plan()
        self.assertLess(len(third ^ after), len(self.choices("P0002") ^ free))

    # ---- promises ----

    def test_chances(self):
        self.store()
        plain, _ = self.plan()
        (self.folder / "heze.db").unlink()
        self.store(params={"chance_epsilon": "0.05"})
        sure, _ = self.plan()
        self.assertEqual(sure["chance_epsilon"], 0.05)
        self.assertLess(sure["value"], plain["bound"])
        self.assertNotEqual(sure["bundles"], plain["bundles"])
        self.assertEqual(sure["options"], plain["options"])
        (self.folder / "heze.db").unlink()
        self.store(params={"chance_epsilon": "0.7"})
        r = self.run_fails(3, "plan", "heze.db", "--json")
        self.assertIn("chance_epsilon", r.out + r.err)

    def test_complements(self):
        self.store()
        plain, _ = self.plan()
        (self.folder / "heze.db").unlink()
        pair = ["skill_training", "labour_export", "complements", "0.8", "相辅", "they help each other", "assumption: test", ""]
        self.store(relations=[pair])
        more, _ = self.plan()
        self.assertGreater(more["bound"], plain["value"])


if __name__ == "__main__":
    unittest.main()
