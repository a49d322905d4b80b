/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_DIAGNOSE_PEERS_H
#define YS_DIAGNOSE_PEERS_H
/*
 * peers.h - what a household that is not poor lives from, place by place.
 */
#include "yaoshi/diagnose.h"

enum { YS__P25, YS__P50, YS__P75, YS__QUARTILES };

/* The reference a town's households are held against. */
typedef struct ys__reference {
    double factor[YS__QUARTILES]
                 [YS_ROOTS]; /* for rigid spending the quartiles are mirrored: P25 is the poorer one */
    int32_t peers;
    uint8_t level; /* ys_peer_level */
} ys__reference;

typedef struct ys__factors {
    double *f[YS_ROOTS]; /* n places each, per head, NaN undefined; all in one block at f[0] */
    uint8_t *known;      /* 1: the row has all facts */
} ys__factors;

typedef struct ys__peers {
    ys__reference *town;   /* [towns] */
    ys__reference *county; /* [counties], for households whose town is unknown */
    ys__reference all;
} ys__peers;

/* Factors of rows [begin,end). */
void ys__factors_fill(const ys_diagnose_data *d, int64_t begin, int64_t end, ys__factors *f);
ys_status ys__factors_new(const ys_diagnose_data *d, struct ys_pool *pool, ys__factors *ret) YS_MUST_USE;
void ys__factors_done(ys__factors *f);

ys_status ys__peers_new(const ys_diagnose_data *d, const ys_diagnose_opts *o, const ys__factors *f,
                        struct ys_pool *pool, ys__peers *ret) YS_MUST_USE;
void ys__peers_done(ys__peers *p);
const ys__reference *ys__peers_of(const ys__peers *p, const ys_diagnose_data *d, int64_t row);

ys_status ys__diagnose_check(const ys_diagnose_data *d, const ys_diagnose_opts *o, ys_diag *diag) YS_MUST_USE;

#endif
