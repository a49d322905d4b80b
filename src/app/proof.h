/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PROOF_H
#define YS_APP_PROOF_H
/*
 * proof.h - the use case "plan --verify": a kept plan against registry and pack, by code that shares nothing with the
 * planner.  The facts are read anew as of the transaction the plan rests on, the rules evaluated anew, the options
 * derived anew; values, charges and the bound are recomputed from the stored choices and prices.
 */
#include "app/office.h"
#include "base/out.h"

typedef struct ys_proof ys_proof;

/* `version` NULL: the newest plan.  Findings are no failure: ask ys_proof_findings. */
ys_status ys_proof_make(ys_office *o, const char *version, ys_proof **ret_proof, ys_diag *diag) YS_MUST_USE;
void ys_proof_free(ys_proof *p);
int64_t ys_proof_findings(const ys_proof *p);
/* What was checked and what was found, as text or JSON. */
ys_status ys_proof_print(bool zh, bool json, ys_out out, const ys_proof *p, ys_diag *diag) YS_MUST_USE;

#endif
