#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compare our plan with HiGHS (scipy.optimize.milp) on the same bundles, both tiers.

usage: plan_highs.py PLAN_EXPORT [HOUSEHOLDS [SEED [SCARCITY [SECONDS]]]]
Exit 0: within 0.5 % of HiGHS's best (and no bound of ours below it); 77: scipy is not here.
"""
import subprocess
import sys

try:
    import numpy as np
    import scipy
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix
except ImportError:
    print("skipped: python3-scipy is not installed")
    sys.exit(77)


def read(text):
    limits, v1, v2, block, rows, cols, data, ours = [], [], [], [], [], [], [], None
    for line in text.splitlines():
        f = line.split()
        if f[0] == "row":
            limits.append(int(f[1]))
        elif f[0] == "bundle":
            block.append(int(f[1]))
            v1.append(int(f[2]))
            v2.append(int(f[3]))
            for cell in f[4:]:
                r, a = cell.split(":")
                rows.append(int(r))
                cols.append(len(v1) - 1)
                data.append(int(a))
        else:
            ours = [int(x) for x in f[1:]]
    return limits, np.array(v1), np.array(v2), np.array(block), (rows, cols, data), ours


def solve(value, limits, block, cells, minimum, v1, seconds):
    n = len(value)
    rows, cols, data = cells
    scale = np.maximum(1.0, np.array(limits, dtype=float))
    a = csr_matrix((np.array(data) / scale[np.array(rows)], (rows, cols)), shape=(len(limits), n))
    one = csr_matrix((np.ones(n), (block, np.arange(n))), shape=(block.max() + 1, n))
    constraints = [LinearConstraint(a, -np.inf, np.array(limits) / scale), LinearConstraint(one, -np.inf, 1)]
    if minimum is not None:
        constraints.append(LinearConstraint(csr_matrix(v1.astype(float)), minimum, np.inf))
    top = float(np.abs(value).max())
    r = milp(-value / top, constraints=constraints, integrality=np.ones(n), bounds=Bounds(0, 1),
             options={"time_limit": seconds, "mip_rel_gap": 1e-5})
    best = None if r.x is None else int(value[np.round(r.x) > 0].sum())
    return best, -r.mip_dual_bound * top if r.mip_dual_bound is not None else None


def main():
    tool = sys.argv[1]
    households, seed, scarcity, seconds = (sys.argv[2:] + ["1000", "1", "50", "60"][len(sys.argv) - 2:])[:4]
    text = subprocess.run([tool, households, seed, scarcity], check=True, capture_output=True, text=True).stdout
    limits, v1, v2, block, cells, ours = read(text)
    a1, bound1, minimum, a2, bound2 = ours
    best1, dual1 = solve(v1, limits, block, cells, None, v1, float(seconds))
    best2, dual2 = solve(v2, limits, block, cells, minimum, v1, float(seconds))
    print(f"scipy {scipy.__version__} (HiGHS), {households} households, {len(v1)} bundles, {len(limits)} rows")
    failed = False
    for tier, value, bound, best, dual in ((1, a1, bound1, best1, dual1), (2, a2, bound2, best2, dual2)):
        if best is None:
            print(f"tier {tier}: ours {value}, bound {bound}; HiGHS found no plan in {seconds} s")
            continue
        loss = (best - value) / max(1, abs(best))
        print(f"tier {tier}: ours {value}, bound {bound}; HiGHS best {best}, bound {dual:.0f}; ours is {100 * loss:.4f} % below")
        failed |= loss > 0.005 or bound < best
    sys.exit(1 if failed else 0)


main()
