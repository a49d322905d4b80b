/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum { BITS = 48 }; /* of values: 31 and 8 for the weight */

/* An option as the block sees it. */
typedef struct mark {
    int64_t value;
    int32_t cost_a, cost_b;
    uint64_t no; /* in the records */
    uint16_t row;
    uint8_t fund_a, fund_b, group;
} mark;

/* What a thread gathers beside the blocks, and what it needs for one block. */
typedef struct scratch {
    int32_t *local;         /* [n_rows] local number of a row in the block at hand, -1: none */
    uint32_t *first, *last; /* [n_rows] */
    int64_t *worth, *units; /* [n_rows] sums of value and of units of the options that use the row */
    int32_t *fund_id, *row_id;
    mark *mark; /* the options worth something of the households in the block */
    size_t n_marks, cap_marks;
    size_t mark_at[YS_BLOCK];
    uint8_t alive[YS_BLOCK]; /* their number by household; 0 for the odd as well */
    bool odd[YS_BLOCK];
    int32_t value_bits[BITS + 1], fund_bits[YS_BLOCK_FUNDS][33];
    uint8_t shift[YS_BLOCK_FUNDS];
} scratch;

typedef struct work {
    const ys_job *job;
    scratch *scratch; /* [threads] */
    ys_block **chunk; /* [chunks] the blocks of each chunk */
    bool failed;
} work;

static int bits_of(int64_t v)
{
    return v > 0 ? 64 - __builtin_clzll((uint64_t)v) : 0;
}

static bool wanted(const ys_additive *p, int64_t h, const ys_optim_option *o)
{
    return o->value > 0 && p->household[h].weight > 0;
}

/*
 * Notes the options of `h`; false: memory is short.  Funds and rows have their global number until the household is
 * known to fit; `ret_fits` false: more options or groups than a block can tell apart.
 */
static bool mark_household(const ys_job *j, scratch *s, int64_t h, bool *ret_fits)
{
    uint32_t n;
    const ys_additive *p = j->p;
    const ys_optim_option *o = ys__options(p, h, &n);
    uint8_t seen[YS_BLOCK_GROUPS];
    size_t groups = 0, start = s->n_marks;
    *ret_fits = j->settled != NULL && j->settled[h];
    if (*ret_fits)
        return true;
    if (!ys_grow(&s->mark, &s->cap_marks, start + YS_BLOCK_OPTIONS, sizeof *s->mark))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        if (!wanted(p, h, &o[i]))
            continue;
        uint8_t g = 0;
        while (g < groups && seen[g] != o[i].group)
            g++;
        if (g == YS_BLOCK_GROUPS || s->n_marks - start == YS_BLOCK_OPTIONS) {
            s->n_marks = start;
            return true;
        }
        if (g == groups)
            seen[groups++] = o[i].group;
        s->mark[s->n_marks++] = (mark){.value = ys__option_value(p, h, &o[i]),
                                       .cost_a = o[i].cost_a,
                                       .cost_b = o[i].cost_b,
                                       .no = p->offset[h] + i,
                                       .group = g};
    }
    *ret_fits = true;
    return true;
}

/* Local number of a fund that is paid `c` of the costs of `m`. */
static uint8_t note_fund(scratch *s, ys_block *b, uint16_t f, const mark *m, int32_t c)
{
    if (c == 0)
        return 0;
    if (s->local[f] < 0) {
        s->local[f] = b->n_funds;
        memset(s->fund_bits[b->n_funds], 0, sizeof s->fund_bits[0]);
        s->fund_id[b->n_funds++] = f;
    }
    int64_t other = (int64_t)m->cost_a + m->cost_b - c;
    s->fund_bits[s->local[f]][bits_of(c)]++;
    s->worth[f] += other == 0 ? m->value : (int64_t)((double)m->value * ((double)c / (double)(c + other)));
    s->units[f] += c;
    return (uint8_t)s->local[f];
}

static void note_span(scratch *s, int32_t row, int64_t h)
{
    s->first[row] = h < s->first[row] ? (uint32_t)h : s->first[row];
    s->last[row] = h > s->last[row] ? (uint32_t)h : s->last[row];
}

/* Local numbers, sizes and averages of the marks of a household that goes into the block. */
static void note(const ys_additive *p, scratch *s, ys_block *b, int64_t h, size_t first)
{
    int64_t most = 0;
    for (size_t i = first; i < s->n_marks; i++) {
        mark *m = &s->mark[i];
        const ys_optim_option *o = &p->option[m->no];
        most = m->value > most ? m->value : most;
        m->fund_a = note_fund(s, b, o->fund_a, m, m->cost_a);
        m->fund_b = note_fund(s, b, o->fund_b, m, m->cost_b);
        if (o->row == YS_OPTIM_NO_ROW)
            continue;
        int32_t r = p->funds + (int32_t)o->row;
        if (s->local[r] < 0) {
            s->local[r] = b->n_rows;
            s->row_id[b->n_rows++] = r;
        }
        m->row = (uint16_t)s->local[r];
        note_span(s, r, h);
        s->worth[r] += m->value;
        s->units[r]++;
    }
    s->value_bits[bits_of(most)]++;
}

/* Least shift that keeps all but `spare` of the counted numbers within 16 bits. */
static int shift_of(const int32_t *count, int bits, int32_t spare)
{
    for (; bits > 16; bits--) {
        if (count[bits] > spare)
            break;
        spare -= count[bits];
    }
    return bits - 16;
}

static bool small_enough(const scratch *s, const ys_block *b, int64_t i)
{
    for (size_t k = s->mark_at[i]; k < s->mark_at[i] + s->alive[i]; k++) {
        const mark *m = &s->mark[k];
        if (m->value >> b->value_shift > 65534 || m->cost_a >> s->shift[m->fund_a] > 65534 ||
            m->cost_b >> s->shift[m->fund_b] > 65534)
            return false;
    }
    return true;
}

/* Costs are rounded up or down by chance (of the option's number), so that sums of equal costs stay true. */
static uint16_t cost_hint(int32_t cost, int shift, uint64_t chance)
{
    if (shift == 0)
        return (uint16_t)cost;
    return (uint16_t)(((uint32_t)cost + (ys_hash64(chance) & ((1u << shift) - 1))) >> shift);
}

static void put_household(const scratch *s, const ys_block *b, int64_t i, int lane, uint8_t *line)
{
    int64_t half = b->value_shift > 0 ? (int64_t)1 << (b->value_shift - 1) : 0;
    for (size_t k = s->mark_at[i]; k < s->mark_at[i] + s->alive[i]; k++, line += YS_LINE) {
        const mark *m = &s->mark[k];
        uint16_t *u = (uint16_t *)(void *)line;
        u[lane] = (uint16_t)((m->value + half) >> b->value_shift);
        u[16 + lane] = cost_hint(m->cost_a, s->shift[m->fund_a], 2 * m->no);
        u[32 + lane] = cost_hint(m->cost_b, s->shift[m->fund_b], 2 * m->no + 1);
        u[48 + lane] = (uint16_t)(m->row | m->group << 12);
        line[128 + lane] = m->fund_a;
        line[144 + lane] = m->fund_b;
    }
}

/* Households in falling order of options, so that the lanes of a slice are about equally long. */
static int32_t order_by_length(const scratch *s, int64_t n, uint16_t *ret_order)
{
    int32_t at[YS_BLOCK_OPTIONS + 2] = {0};
    for (int64_t i = 0; i < n; i++)
        at[YS_BLOCK_OPTIONS - s->alive[i] + 1]++;
    int32_t used = at[YS_BLOCK_OPTIONS + 1];
    for (int k = 1; k <= YS_BLOCK_OPTIONS + 1; k++)
        at[k] += at[k - 1];
    used = (int32_t)n - used;
    for (int64_t i = 0; i < n; i++)
        ret_order[at[YS_BLOCK_OPTIONS - s->alive[i]]++] = (uint16_t)i;
    return used;
}

static bool allocate(ys_block *b, const scratch *s)
{
    b->id = ys_malloc(((size_t)b->n_funds + (size_t)b->n_rows) * sizeof *b->id);
    b->shift = ys_malloc((size_t)b->n_funds);
    b->width = ys_calloc((size_t)b->n_slices + 1, sizeof *b->width);
    b->line = ys_aligned((size_t)b->n_lines, YS_LINE);
    if (b->id == NULL || b->shift == NULL || b->width == NULL || b->line == NULL)
        return false;
    memcpy(b->id, s->fund_id, (size_t)b->n_funds * sizeof *b->id);
    memcpy(b->id + b->n_funds, s->row_id, (size_t)b->n_rows * sizeof *b->id);
    memcpy(b->shift, s->shift, (size_t)b->n_funds);
    return true;
}

/* The households [first, first + n) have been noted: choose shifts, set the odd apart, write the slices. */
static bool fill(scratch *s, ys_block *b, int64_t first, int64_t n)
{
    uint16_t order[YS_BLOCK];
    b->value_shift = shift_of(s->value_bits, BITS, (int32_t)(n / 64));
    s->shift[0] = 0;
    for (int32_t f = 1; f < b->n_funds; f++)
        s->shift[f] = (uint8_t)shift_of(s->fund_bits[f], 32, (int32_t)(n / 256));
    b->odd = ys_malloc(((size_t)n + 1) * sizeof *b->odd);
    if (b->odd == NULL)
        return false;
    for (int64_t i = 0; i < n; i++) {
        if (s->odd[i] || !small_enough(s, b, i)) {
            b->odd[b->n_odd++] = first + i;
            s->alive[i] = 0;
        }
    }
    int32_t used = order_by_length(s, n, order);
    b->n_slices = (used + YS_LANES - 1) / YS_LANES;
    b->n_lines = 1;
    for (int32_t k = 0; k < used; k += YS_LANES)
        b->n_lines += s->alive[order[k]];
    if (!allocate(b, s))
        return false;
    int32_t line = 1;
    for (int32_t k = 0; k < used; k++) {
        if (k % YS_LANES == 0) {
            line += k > 0 ? b->width[k / YS_LANES - 1] : 0;
            b->width[k / YS_LANES] = s->alive[order[k]];
        }
        put_household(s, b, order[k], k % YS_LANES, b->line + (size_t)line * YS_LINE);
    }
    int64_t *odd = ys_realloc(b->odd, (size_t)b->n_odd + 1, sizeof *odd);
    b->odd = odd != NULL ? odd : b->odd;
    return true;
}

static void forget(scratch *s, const ys_block *b)
{
    for (int32_t f = 1; f < b->n_funds; f++)
        s->local[s->fund_id[f]] = -1;
    for (int32_t r = 1; r < b->n_rows; r++)
        s->local[s->row_id[r]] = -1;
    memset(s->value_bits, 0, sizeof s->value_bits);
    s->n_marks = 0;
}

/* One block from `first` on; returns the first household it does not hold, -1 when memory is short. */
static int64_t build_block(const ys_job *j, scratch *s, ys_block *b, int64_t first, int64_t end)
{
    int64_t h = first;
    b->n_funds = b->n_rows = 1;
    s->fund_id[0] = s->row_id[0] = -1;
    for (; h < end; h++) {
        int64_t i = h - first;
        bool fits = false;
        s->mark_at[i] = s->n_marks;
        if (!mark_household(j, s, h, &fits))
            return -1;
        int32_t alive = (int32_t)(s->n_marks - s->mark_at[i]);
        if (b->n_rows + alive > YS_BLOCK_ROWS || b->n_funds + 2 * alive > YS_BLOCK_FUNDS)
            break;
        s->alive[i] = (uint8_t)alive;
        s->odd[i] = !fits;
        note(j->p, s, b, h, s->mark_at[i]);
    }
    bool ok = fill(s, b, first, h - first);
    forget(s, b);
    return ok ? h : -1;
}

/* The rows of an odd household count for zones and averages as well. */
static void note_odd(const ys_additive *p, scratch *s, const ys_block *b)
{
    for (int32_t i = 0; i < b->n_odd; i++) {
        uint32_t n;
        int64_t h = b->odd[i];
        const ys_optim_option *o = ys__options(p, h, &n);
        for (uint32_t k = 0; k < n; k++) {
            if (o[k].row == YS_OPTIM_NO_ROW)
                continue;
            note_span(s, p->funds + (int32_t)o[k].row, h);
        }
    }
}

static void build_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    work *w = arg;
    scratch *s = &w->scratch[thread];
    ys_block **tail = &w->chunk[no];
    begin += w->job->own.first;
    end += w->job->own.first;
    while (begin < end && !w->failed) {
        ys_block *b = ys_calloc(1, sizeof *b);
        *tail = b;
        begin = b != NULL ? build_block(w->job, s, b, begin, end) : -1;
        if (begin < 0) {
            w->failed = true; /* any thread may set it; all set the same */
            return;
        }
        note_odd(w->job->p, s, b);
        tail = &b->next;
    }
}

static bool scratch_open(scratch *s, size_t n_rows)
{
    s->local = ys_malloc((n_rows + 1) * sizeof *s->local);
    s->first = ys_malloc((n_rows + 1) * sizeof *s->first);
    s->last = ys_calloc(n_rows + 1, sizeof *s->last);
    s->worth = ys_calloc(n_rows + 1, sizeof *s->worth);
    s->units = ys_calloc(n_rows + 1, sizeof *s->units);
    s->fund_id = ys_malloc(YS_BLOCK_FUNDS * sizeof *s->fund_id);
    s->row_id = ys_malloc(YS_BLOCK_ROWS * sizeof *s->row_id);
    if (s->local == NULL || s->first == NULL || s->last == NULL || s->worth == NULL || s->units == NULL ||
        s->fund_id == NULL || s->row_id == NULL)
        return false;
    memset(s->local, 0xff, (n_rows + 1) * sizeof *s->local);
    memset(s->first, 0xff, (n_rows + 1) * sizeof *s->first);
    return true;
}

static void scratch_close(scratch *s)
{
    ys_free(s->local);
    ys_free(s->first);
    ys_free(s->last);
    ys_free(s->worth);
    ys_free(s->units);
    ys_free(s->fund_id);
    ys_free(s->row_id);
    ys_free(s->mark);
}

static void block_done(ys_block *b)
{
    ys_free(b->id);
    ys_free(b->shift);
    ys_free(b->width);
    ys_free(b->line);
    ys_free(b->odd);
}

void ys__layout_drop_blocks(ys_layout *l)
{
    for (int64_t i = 0; i < l->n_blocks; i++)
        block_done(&l->blocks[i]);
    ys_free(l->blocks);
    l->blocks = NULL;
    l->n_blocks = 0;
}

void ys__layout_done(ys_layout *l)
{
    ys__layout_drop_blocks(l);
    ys_free(l->scale);
    ys_free(l->first);
    ys_free(l->last);
    *l = (ys_layout){0};
}

/* The lists of the chunks become one array; empties the lists. */
static bool gather_blocks(work *w, int64_t chunks, ys_layout *l)
{
    int64_t n = 0;
    for (int64_t c = 0; c < chunks; c++)
        for (ys_block *b = w->chunk[c]; b != NULL; b = b->next)
            n++;
    l->blocks = ys_malloc(((size_t)n + 1) * sizeof *l->blocks);
    for (int64_t c = 0; c < chunks; c++) {
        while (w->chunk[c] != NULL) {
            ys_block *b = w->chunk[c];
            w->chunk[c] = b->next;
            if (l->blocks != NULL) {
                l->blocks[l->n_blocks++] = *b;
                l->bytes += (int64_t)b->n_lines * YS_LINE + b->n_slices + 4ll * (b->n_funds + b->n_rows) +
                            b->n_funds + 8ll * b->n_odd + (int64_t)sizeof *b;
            } else {
                block_done(b);
            }
            ys_free(b);
        }
    }
    return l->blocks != NULL;
}

/* Integer sums, so the number of threads and ranks does not matter. */
static ys_status gather_rows(const work *w, int threads, ys_layout *l, ys_diag *diag)
{
    const ys_job *j = w->job;
    size_t n = (size_t)j->n_rows;
    int64_t *worth = ys_calloc(2 * n + 1, sizeof *worth);
    if (worth == NULL)
        return ys_fail_nomem(diag);
    int64_t *units = worth + n;
    for (size_t r = 0; r < n; r++) {
        l->first[r] = UINT32_MAX;
        for (int t = 0; t < threads; t++) {
            const scratch *s = &w->scratch[t];
            worth[r] += s->worth[r];
            units[r] += s->units[r];
            l->first[r] = s->first[r] < l->first[r] ? s->first[r] : l->first[r];
            l->last[r] = s->last[r] > l->last[r] ? s->last[r] : l->last[r];
        }
    }
    ys_status st = YS_OK;
    YS_GO(ys_comm_sum(j->comm, worth, 2 * n, diag));
    YS_GO(ys_comm_min(j->comm, l->first, n, diag));
    YS_GO(ys_comm_max(j->comm, l->last, n, diag));
    for (size_t r = 0; r < n; r++)
        l->scale[r] = units[r] > 0 ? (double)worth[r] / (double)units[r] : 0;
done:
    ys_free(worth);
    return st;
}

ys_status ys__layout(const ys_job *j, ys_layout *ret_layout, ys_diag *diag)
{
    int threads = ys_pool_threads(j->pool);
    int64_t n = j->own.end - j->own.first, chunks = (n + YS_BLOCK - 1) / YS_BLOCK;
    ys_status st = YS_OK;
    size_t rows = (size_t)j->n_rows;
    ys_layout l = {.scale = ys_malloc((rows + 1) * sizeof *l.scale),
                   .first = ys_malloc((rows + 1) * sizeof *l.first),
                   .last = ys_calloc(rows + 1, sizeof *l.last)};
    work w = {.job = j,
              .scratch = ys_calloc((size_t)threads, sizeof *w.scratch),
              .chunk = ys_calloc((size_t)chunks + 1, sizeof *w.chunk)};
    bool ok = w.scratch != NULL && w.chunk != NULL && l.scale != NULL && l.first != NULL && l.last != NULL;
    for (int t = 0; t < threads && ok; t++)
        ok = scratch_open(&w.scratch[t], rows);
    if (ok) {
        ys_pool_run(j->pool, n, YS_BLOCK, build_chunk, &w);
        if (!w.failed)
            st = gather_rows(&w, threads, &l, diag);
    }
    ok = (w.chunk == NULL || gather_blocks(&w, chunks, &l)) && ok && !w.failed;
    for (int t = 0; t < threads && w.scratch != NULL; t++)
        scratch_close(&w.scratch[t]);
    ys_free(w.scratch);
    ys_free(w.chunk);
    if (!ok || st != YS_OK) {
        ys__layout_done(&l);
        return ok ? st : ys_fail_nomem(diag);
    }
    *ret_layout = l;
    return YS_OK;
}
