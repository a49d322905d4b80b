#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same library from Python, by ctypes: who is poor, decided in integers.  usage: measure.py [libyaoshi.so]"""
import ctypes
import sys

lib = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libyaoshi.so")
N = 3
I64 = ctypes.c_int64 * N
total, persons, line = I64(590399, 590400, 0), I64(2, 2, 1), I64(295200, 295200, 295200)  # fen
poor = (ctypes.c_uint8 * N)()
lib.ys_poor_flags.argtypes = [ctypes.c_int64] + [ctypes.c_void_p] * 4
lib.ys_poor_flags(N, total, persons, line, poor)
print(list(poor))
