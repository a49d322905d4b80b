/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_OPTIM_ADDITIVE_H
#define YS_OPTIM_ADDITIVE_H
/*
 * additive.h - what the stages of the additive planner share.
 *
 * layout.c   records -> blocks of slices, 10 bytes an option (rounded hints; good enough to find prices)
 * kernel*.c  one block at given prices -> what its households would use
 * dual.c     prices by dual ascent over all blocks
 * exact.c    an exact pass over the records at fixed-point prices: bound, first choice, how firm it is
 * zone.c     parts of the country that share no local row
 * settle.c   those whose choice is firm keep it; the others get prices for what is left
 * repair.c   first choice -> a plan inside all limits, zone by zone, then with the pooled leftovers
 * core.c     small instances: annealing and exchanges over the choices that a better plan may have
 * search.c   small instances: dives, and the core of the best of them, again and again
 * additive.c the order of the stages
 * ranks.c    reading, small instances and the whole plan on several ranks
 *
 * The stages run on one rank or on many (base/comm.h).  A rank prices and counts its `own` households; it repairs the zones
 * that begin among them, and so has `seen` those of its last zone that another rank owns.  Blocks, zones and quotas depend on
 * the data only, and what is exchanged is integers: one rank gives the same bits as many.
 *
 * "Rows" below are funds and local rows together: number r < funds is a fund, r >= funds the local row r - funds.
 */
#include "base/comm.h"
#include "base/pool.h"
#include "optim/choose.h"
#include "optim/ranks.h"
#include "yaoshi/optim.h"

enum {
    YS_ONE_ZONE = 20000,    /* households that are one zone, and searched as a whole where there is time */
    YS_LANES = 16,          /* households of a slice */
    YS_LINE = 160,          /* bytes of one option each of a slice's households */
    YS_BLOCK = 4096,        /* households of a block at most */
    YS_BLOCK_ROWS = 4096,   /* local rows a block can tell apart, with "none" */
    YS_BLOCK_FUNDS = 256,   /* funds, with "none" */
    YS_BLOCK_GROUPS = 16,   /* groups of one household */
    YS_BLOCK_OPTIONS = 120, /* options of one household */
};

/*
 * A line: u16 value[16], u16 cost_a[16], u16 cost_b[16], u16 group(4)|row(12) [16], u8 fund_a[16], u8 fund_b[16].
 * Line 0 is all zero, "nothing chosen".  Households that do not fit are "odd": priced from their records.
 */
typedef struct ys_block {
    int32_t n_slices, n_lines, n_funds, n_rows, n_odd;
    int32_t value_shift;
    int32_t *id;           /* [n_funds + n_rows] row number of a local number; -1 for "none" */
    uint8_t *shift;        /* [n_funds] bits dropped from costs */
    uint8_t *width;        /* [n_slices] */
    uint8_t *line;         /* [n_lines * YS_LINE] */
    int64_t *odd;          /* [n_odd] households */
    struct ys_block *next; /* while a chunk is cut into blocks */
} ys_block;

typedef struct ys_layout {
    int64_t n_blocks;
    ys_block *blocks;
    double *scale; /* [rows] value an option brings per unit of the row, on average */
    int64_t *first,
        *last; /* [rows] first and last household of a local row, of all ranks; first > last: nobody */
    int64_t bytes;
} ys_layout;

/* Usage of one block at its local prices, in hint units; both arrays are zero before. */
typedef struct ys_block_use {
    uint32_t fund[8][YS_BLOCK_FUNDS]; /* eight banks, to be added */
    uint32_t row[YS_BLOCK_ROWS];
} ys_block_use;

/* One block at the local prices of its funds (at least 16 of them readable) and rows. */
typedef void ys_kernel_fn(const ys_block *b, const float *price, const float *row_price, ys_block_use *use);
typedef struct ys_kernel {
    const char *name;
    ys_kernel_fn *run;
} ys_kernel;
/* The widest kernel of this processor up to `widest` (ys_optim_config.kernel). */
ys_kernel ys__kernel(int widest);
#if defined(__x86_64__)
ys_kernel_fn ys__kernel_avx2, ys__kernel_avx512;
#endif
/* Asks for the line 20 lines on: memory answers that late, and a block of millions of households is in no cache. */
static inline __attribute__((always_inline)) void ys__kernel_fetch(const uint8_t *line)
{
    for (int part = 0; part < YS_LINE; part += 64)
        __builtin_prefetch(line + (size_t)20 * YS_LINE + part);
}
/* Adds what the households of `line numbers` chose to `use`: shared tail of all kernels. */
static inline void ys__kernel_add(const ys_block *b, const uint32_t pick[YS_LANES], ys_block_use *use)
{
    for (int lane = 0; lane < YS_LANES; lane++) {
        const uint8_t *q = b->line + (size_t)(pick[lane] & 0xffff) * YS_LINE;
        const uint16_t *u = (const uint16_t *)(const void *)q;
        uint32_t *fund = use->fund[lane & 7];
        fund[q[128 + lane]] += u[16 + lane];
        fund[q[144 + lane]] += u[32 + lane];
        use->row[u[48 + lane] & 0xfff]++;
    }
}

/* Households [first, end). */
typedef struct ys_span {
    int64_t first, end;
} ys_span;

typedef struct ys_job {
    const ys_additive *p;
    const ys_optim_config *config;
    const ys_ranks *ranks;
    const ys_comm *comm;
    ys_span own;  /* whole blocks; the households whose use and bound this rank counts */
    ys_span seen; /* own, and the rest of this rank's last zone: their choice is known here */
    ys_pool *pool;
    ys_kernel kernel;
    int32_t n_rows;         /* funds + local rows */
    const int64_t *limit;   /* [n_rows] what there is, less what the settled households have */
    const uint8_t *settled; /* [households] those whose choice stands; NULL: none */
    double *price;          /* [n_rows] prices of the moment */
    double *root;           /* [n_rows] those of the bound */
    int64_t *fixed;         /* [n_rows] the same times 2^bits, which bound and first choice use */
    int bits;
    int passes;
    bool stopped; /* all ranks know that one was told to stop */
} ys_job;

static inline int64_t ys__option_value(const ys_additive *p, int64_t h, const ys_optim_option *o)
{
    return (int64_t)o->value * p->household[h].weight;
}
static inline const ys_optim_option *ys__options(const ys_additive *p, int64_t h, uint32_t *ret_n)
{
    *ret_n = (uint32_t)(p->offset[h + 1] - p->offset[h]);
    return p->option + p->offset[h];
}
/*
 * Households looked at far apart are fetched some turns before theirs: first where their options lie, then these.  Always
 * inline: gcc takes a function that only prefetches for one without effect, and drops the call.
 */
enum { YS_AHEAD = 4 };
static inline __attribute__((always_inline)) void ys__fetch(const ys_additive *p, int64_t soon, int64_t next)
{
    __builtin_prefetch(&p->offset[soon]);
    __builtin_prefetch(&p->household[soon]);
    const char *end = (const char *)(p->option + p->offset[next + 1]);
    for (const char *at = (const char *)(p->option + p->offset[next]); at < end; at += 64)
        __builtin_prefetch(at);
}
/* The same of what it chose, where nothing else is looked at. */
static inline __attribute__((always_inline)) void ys__fetch_choice(const ys_additive *p, int64_t h,
                                                                   const uint32_t *choice)
{
    for (int k = 0; k < 2 && choice[k] != YS_OPTIM_NO_CHOICE; k++)
        __builtin_prefetch(&p->option[p->offset[h] + choice[k]]);
}
/* ys_ranks_solve without the special case of small instances. */
ys_status ys__additive_run(const ys_additive *p, const ys_optim_config *config, const ys_ranks *ranks,
                           ys_additive_result **ret_result, ys_diag *diag) YS_MUST_USE;
bool ys__stopped(const ys_job *j);
/* Sets j->stopped on all ranks if one of them was told to stop. */
ys_status ys__agree_stop(ys_job *j, ys_diag *diag) YS_MUST_USE;
double ys__seconds(const ys_job *j);

/* Of the own households that are not settled; scale, first and last are of all ranks. */
ys_status ys__layout(const ys_job *j, ys_layout *ret_layout, ys_diag *diag) YS_MUST_USE;
void ys__layout_done(ys_layout *l);
void ys__layout_drop_blocks(ys_layout *l); /* when prices are found */
#define YS_COLD 1.5
/* `passes` over the layout, from 0 with the pace YS_COLD, or on from j->price with the first steps `pace` (smaller). */
ys_status ys__dual(ys_job *j, const ys_layout *l, int passes, double pace, ys_diag *diag) YS_MUST_USE;

/* ---- the plan ---- */

enum { YS_FIRM_LEVELS = 24 }; /* level k: prices must be wrong by more than 2^k / 4096 to change the choice */

typedef struct ys_draft {
    uint32_t (*choice)[2]; /* [households] filled where seen; at the end, where `plan` */
    uint8_t *firm;         /* [households] level, filled where seen */
    int64_t *use;          /* [n_rows] exact, of all ranks */
    int64_t *settled_use;  /* [n_rows] of the settled households */
    __int128 bound;        /* times 2^bits */
    ys_span *zone;         /* [n_zones] of all ranks */
    int64_t n_zones;
    int64_t zone_first, zone_end; /* those this rank repairs */
    ys_span plan;                 /* their households */
} ys_draft;

/* The price vector in fixed point, as fine as 64 bits allow. */
void ys__fix_prices(ys_job *j);
/*
 * Favourites at the fixed prices and how firm they are; what all take.  Settled households keep their choice.  The bound
 * is one only where nobody is settled.
 */
ys_status ys__exact(const ys_job *j, ys_draft *d, ys_diag *diag) YS_MUST_USE;
/* Cuts the country, and sets what this rank repairs and sees. */
ys_status ys__zones(ys_job *j, const ys_layout *l, ys_draft *d, ys_diag *diag) YS_MUST_USE;
/* Settles the firm, finds prices for the others and what is left, and so on, until few are open. */
ys_status ys__settle(ys_job *j, ys_draft *d, ys_diag *diag) YS_MUST_USE;
/* Makes the choice feasible and fills what is left. */
ys_status ys__repair(const ys_job *j, const ys_layout *l, ys_draft *d, ys_diag *diag) YS_MUST_USE;
/* For small instances: better plans than that of `d`, from the prices j->root, up to `bound`. */
ys_status ys__search(ys_job *j, const ys_layout *l, ys_draft *d, int64_t bound, ys_diag *diag) YS_MUST_USE;
/*
 * Searches plans in which no household falls short of its favourite at `price` by `work.reach` or more; `choice` is a feasible
 * plan and becomes the best one found.
 */
typedef struct ys_core_work {
    int64_t moves;
    int rounds;
    uint64_t seed;
    ys_quad_work quad;  /* what follows; none where its rounds are 0 */
    double reach, heat; /* heat: loss a move may cost at first, as a share of the reach */
} ys_core_work;
ys_status ys__core(const ys_job *j, const double *price, uint32_t (*choice)[2], ys_core_work work,
                   ys_diag *diag) YS_MUST_USE;
/* Zeroed int64 [threads][n], one use for each thread; NULL: memory is short. */
int64_t **ys__use_open(int threads, size_t n);
void ys__use_close(int64_t **use, int threads);
void ys__add_use(const ys_additive *p, const ys_optim_option *o, int64_t *use);
/* Of the whole plan, on this rank alone. */
int64_t ys__value(const ys_additive *p, uint32_t (*choice)[2]);

#endif
