/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_PAB_H
#define YS_PLAN_PAB_H
/*
 * pab.h - planning instances in the laboratory's binary form, for tests and benches of the solver.
 *
 * Little endian: u32 magic 0x32424150, N households, K funds, L local rows; u64 options; i64 limit[K+L]; u64 offset[N+1];
 * household {i32 gap, u8 persons, u8 weight*4, 2 pad}; option {i32 value, i32 cost_a, i32 cost_b, u32 local row or
 * 0xffffffff, u16 fund_a, u16 fund_b, u8 group, u8 type, u16 pad}.  An option is worth value * weight*4; at most one
 * option a group and two a household; a local row is charged one unit.  Charges are merged, zero ones dropped.
 */
#include <stddef.h>
#include "plan/core.h"

/* `bytes` is the unpacked file.  Tier 1 values are 0, tier 2 is the file's value.  EDATA where it is not consistent. */
ys_status ys__pab_read(const void *bytes, size_t size, ys_choice *ret_choice, ys_diag *diag) YS_MUST_USE;

#endif
