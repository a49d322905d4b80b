/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PAIR_PROOF_H
#define YS_APP_PAIR_PROOF_H
/*
 * pair_proof.h - the use case "pair --verify": a kept run of pairing against registry and pack, by code that shares
 * nothing with src/pair and the files that make a pairing.
 *
 * The facts are read anew as of the transaction the run rests on, needs, givers and places found anew, every pair
 * priced anew.  With the stored prices p each need i has to pay u(i) = cost of its own pair + p, or `alone`; the proof is
 * that no pair within reach has cost + p < u(i), that nobody pays more than `alone`, and that
 * sum of u(i) - sum over places of max(0, p - place) is the cost of the pairs (docs/pair-model.md, "The proof").
 * Memory beyond the facts: some words per need and giver; most pairs are ruled out by areas, a block at a time.
 */
#include "app/office.h"
#include "base/out.h"

typedef struct ys_pair_proof ys_pair_proof;

/* `run` NULL: the newest of the level.  Findings are no failure: ask ys_pair_proof_findings. */
ys_status ys_pair_proof_make(ys_office *o, const char *level, const char *run, ys_pair_proof **ret_proof,
                             ys_diag *diag) YS_MUST_USE;
void ys_pair_proof_free(ys_pair_proof *p);
int64_t ys_pair_proof_findings(const ys_pair_proof *p);
ys_status ys_pair_proof_print(bool zh, bool json, ys_out out, const ys_pair_proof *p,
                              ys_diag *diag) YS_MUST_USE;

#endif
