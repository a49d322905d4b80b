/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_COMM_H
#define YS_BASE_COMM_H
/*
 * comm.h - several ranks that work on one problem and exchange integers.
 *
 * A rank owns a part of the households.  All ranks call the same functions in the same order; every call ends with the
 * same numbers everywhere.  Only integers are exchanged, so the order in which ranks are added does not matter and one
 * rank gives the same bits as many.  There are three fillings: alone (here), threads of one process (here; what tests
 * use), MPI (src/mpi, in a program of its own, so that nothing else links MPI).
 *
 * A peer that is lost is an error, never an abort: the call returns EIO, and so does every later one.  A rank that fails
 * by itself just stops calling; whoever drives it tells the others (ys_comm_team does so when the rank's function returns).
 */
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/status.h"

typedef enum ys_comm_op { YS_COMM_SUM, YS_COMM_MIN, YS_COMM_MAX } ys_comm_op;

typedef struct ys_comm {
    int rank, size;
    /* Replaces data[0..n) by the sum (modulo 2^64), least or largest over all ranks; op and n are the same on all. */
    ys_status (*allreduce)(void *self, ys_comm_op op, int64_t *data, size_t n, ys_diag *diag);
    void *self;
} ys_comm;

/* The only rank there is. */
ys_comm ys_comm_alone(void);

/* All return EIO when a peer is lost; data is then undefined.  Alone they do nothing. */
ys_status ys_comm_sum(const ys_comm *c, int64_t *data, size_t n, ys_diag *diag) YS_MUST_USE;
ys_status ys_comm_min(const ys_comm *c, int64_t *data, size_t n, ys_diag *diag) YS_MUST_USE;
ys_status ys_comm_max(const ys_comm *c, int64_t *data, size_t n, ys_diag *diag) YS_MUST_USE;
/* A sum of 128 bits, exact where it fits. */
ys_status ys_comm_sum128(const ys_comm *c, __int128 *value, ys_diag *diag) YS_MUST_USE;
/* data[0..n) of the rank `from` to all. */
ys_status ys_comm_spread(const ys_comm *c, int from, int64_t *data, size_t n, ys_diag *diag) YS_MUST_USE;
/*
 * Did the step before, which ended with `st` here, end well everywhere?  The lowest rank that failed decides: all return
 * its status and get its `diag`, so that any of them can tell.
 */
ys_status ys_comm_agree(const ys_comm *c, ys_status st, ys_diag *diag) YS_MUST_USE;

/* The part [*ret_first, *ret_end) of `n` things that rank `rank` of `size` owns: contiguous, in rank order, about equal. */
void ys_comm_part(int rank, int size, int64_t n, int64_t *ret_first, int64_t *ret_end);

/*
 * Runs `fn` on `size` ranks, each a thread of this process, and waits for all.  Returns the failure of the lowest rank
 * that failed by itself (not because a peer was lost), with its diag.
 */
typedef ys_status ys_comm_fn(void *arg, const ys_comm *c, ys_diag *diag);
ys_status ys_comm_team(int size, ys_comm_fn *fn, void *arg, ys_diag *diag) YS_MUST_USE;

#endif
