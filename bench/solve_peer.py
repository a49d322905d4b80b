#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""solve_peer.py highs|cbc|glpk FILE.pab SECONDS GAP: one peer on a planning instance; prints JSON like `yaoshi solve`.

The model is the plain one: a binary for each option, a row for each household (at most two), each group of several options
(at most one), each fund and each local row.  HiGHS is the one inside scipy; CBC and GLPK read the same model as MPS.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy
from scipy import optimize, sparse

OPTION = np.dtype([("value", "<i4"), ("a", "<i4"), ("b", "<i4"), ("row", "<u4"), ("fa", "<u2"), ("fb", "<u2"), ("group", "u1"),
                   ("type", "u1"), ("pad", "<u2")])
HOME = np.dtype([("gap", "<i4"), ("persons", "u1"), ("weight", "u1"), ("pad", "<u2")])


def model(path):
    """Objective (to be made large), matrix and right-hand sides of the plain model."""
    data = open(path, "rb").read()
    n, k, l = np.frombuffer(data, "<u4", 3, 4)
    m, at = int(np.frombuffer(data, "<u8", 1, 16)[0]), 24
    limit = np.frombuffer(data, "<i8", k + l, at)
    offset = np.frombuffer(data, "<u8", n + 1, at + 8 * (k + l)).astype(np.int64)
    home = np.frombuffer(data, HOME, n, at + 8 * (k + l) + 8 * (n + 1))
    o = np.frombuffer(data, OPTION, m, at + 8 * (k + l) + 8 * (n + 1) + 8 * n)
    owner = np.repeat(np.arange(n), np.diff(offset))
    value = o["value"].astype(float) * home["weight"][owner]
    column = np.arange(m)
    groups, group = np.unique(owner * 256 + o["group"], return_inverse=True)
    crowded = np.flatnonzero(np.bincount(group) > 1)
    place = np.full(len(groups), -1)
    place[crowded] = np.arange(len(crowded))
    in_group, local, second = place[group] >= 0, o["row"] != 0xffffffff, o["b"] > 0
    base = [0, k + l, k + l + n]
    rows = np.concatenate([o["fa"], o["fb"][second], k + o["row"][local].astype(np.int64), base[1] + owner,
                           base[2] + place[group][in_group]])
    columns = np.concatenate([column, column[second], column[local], column, column[in_group]])
    entries = np.concatenate([o["a"], o["b"][second], np.ones(local.sum()), np.ones(m), np.ones(in_group.sum())])
    right = np.concatenate([limit, np.full(n, 2), np.ones(len(crowded))]).astype(float)
    return value, sparse.csc_matrix((entries.astype(float), (rows, columns)), (len(right), m)), right


def write_mps(path, value, a, right):
    with open(path, "w", encoding="ascii") as f:
        f.write("NAME plan FREE\nROWS\n N obj\n" + "".join(f" L r{i}\n" for i in range(len(right))) + "COLUMNS\n")
        f.write(" M1 'MARKER' 'INTORG'\n")
        for j, v in enumerate(value):
            f.write(f" x{j} obj {-v:.0f}\n")
            for at in range(a.indptr[j], a.indptr[j + 1]):
                f.write(f" x{j} r{a.indices[at]} {a.data[at]:.0f}\n")
        f.write(" M2 'MARKER' 'INTEND'\nRHS\n" + "".join(f" rhs r{i} {b:.0f}\n" for i, b in enumerate(right)))
        f.write("BOUNDS\n" + "".join(f" BV bnd x{j}\n" for j in range(len(value))) + "ENDATA\n")


def highs(value, a, right, seconds, gap):
    r = optimize.milp(-value, integrality=np.ones(len(value)), bounds=optimize.Bounds(0, 1),
                      constraints=optimize.LinearConstraint(a, -np.inf, right),
                      options={"time_limit": seconds, "mip_rel_gap": gap})
    return (None if r.x is None else -r.fun), (None if r.mip_dual_bound is None else -r.mip_dual_bound)


def number(pattern, text):
    found = re.findall(pattern, text)
    return abs(float(found[-1])) if found else None


def cbc(mps, seconds, gap):
    out = subprocess.run(["cbc", mps, "-sec", str(seconds), "-ratio", str(gap), "-solve"], capture_output=True, text=True).stdout
    return number(r"Objective value:\s+(\S+)", out), number(r"(?:Lower bound|Continuous objective value is|best possible)[: ]+(-?[\d.e+]+)", out)


def glpk(mps, seconds, gap):
    out = subprocess.run(["glpsol", "--freemps", mps, "--tmlim", str(int(seconds)), "--mipgap", str(gap), "-o", mps + ".sol"],
                         capture_output=True, text=True).stdout
    line = re.findall(r"mip =\s+(\S+)\s+>=\s+(\S+)", out)
    numbers = [abs(float(x)) if re.match(r"-?\d", x) else None for x in line[-1]] if line else [None, None]
    return numbers[0], numbers[1]


def main():
    name, path, seconds, gap = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    value, a, right = model(path)
    with tempfile.TemporaryDirectory() as folder:
        if name == "highs":
            start = time.monotonic()
            best, bound = highs(value, a, right, seconds, gap)
        else:
            mps = os.path.join(folder, "plan.mps")
            write_mps(mps, value, a, right)
            start = time.monotonic()
            best, bound = {"cbc": cbc, "glpk": glpk}[name](mps, seconds, gap)
        seconds = time.monotonic() - start
    print(json.dumps({"peer": name, "version": f"scipy {scipy.__version__}" if name == "highs" else "Debian", "value": best,
                      "bound": bound, "gap": None if not best or not bound else (bound - best) / bound, "seconds": seconds}))


if __name__ == "__main__":
    main()
