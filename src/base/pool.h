/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_POOL_H
#define YS_BASE_POOL_H
/*
 * pool.h - a fixed set of threads over fixed chunks.
 *
 * The chunks of a loop depend on its length and on `chunk` only, never on the number of threads, so a caller
 * that keeps one result per chunk and adds them in chunk order gets the same bits on any machine.
 */
#include <stddef.h>
#include <stdint.h>

typedef struct ys_pool ys_pool;
/* Called for each chunk; `thread` < ys_pool_threads() names the scratch space to use. */
typedef void ys_pool_fn(void *arg, int64_t chunk_no, int64_t begin, int64_t end, int thread);

ys_pool *ys_pool_new(int threads); /* threads <= 0: as many as processors; NULL when memory is short */
void ys_pool_free(ys_pool *p);
int ys_pool_threads(const ys_pool *p); /* a NULL pool counts 1 */
/* Run `fn` over [0,n) in chunks of `chunk`; returns when all are done.  A NULL pool runs in the caller. */
void ys_pool_run(ys_pool *p, int64_t n, int64_t chunk, ys_pool_fn *fn, void *arg);

#endif
