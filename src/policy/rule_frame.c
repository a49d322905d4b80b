/* SPDX-License-Identifier: Apache-2.0 */
/* Frames and everything that goes between them: opening, loading columns, spreading down, reducing up. */
#include "policy/rule_int.h"

#include <math.h>

#include "base/alloc.h"
#include "base/limits.h"

void *ys__buffer_need(ys__buffer *b, size_t bytes)
{
    if (b->cap >= bytes && b->p)
        return b->p;
    size_t want = bytes < 8192 ? 8192 : bytes + bytes / 2;
    void *p = ys_aligned(want, 1);
    if (!p)
        return NULL;
    ys_free(b->p);
    b->p = p;
    b->cap = want;
    return p;
}

/* ---- opening ---- */

static inline int64_t row_at(const ys__rows *f, int64_t i)
{
    return f->dense ? f->base + i : f->rows[i];
}

/* For each element of the parent frame, the row that carries the list. */
typedef struct owner_walk {
    const ys__rows *owner;
    const int64_t *seg; /* of the parent, where the owner is the frame above it; NULL: the parent itself */
    int64_t at;
} owner_walk;

static inline int64_t owner_row(owner_walk *w, int64_t i)
{
    if (!w->seg)
        return row_at(w->owner, i);
    while (i >= w->seg[w->at + 1] - w->seg[0])
        w->at++;
    return row_at(w->owner, w->at);
}

static owner_walk walk_owner(const ys_rule *r, const ys_rule_scratch *s, int f)
{
    const ys__frame *fr = &r->frames[f];
    bool same = fr->owner == fr->parent;
    return (owner_walk){&s->frames[fr->owner], same ? NULL : s->frames[fr->parent].seg, 0};
}

static void find_dense(ys__rows *x)
{
    int64_t apart = 0;
    for (int64_t i = 0; i < x->n; i++)
        apart |= x->rows[i] ^ (x->rows[0] + i);
    x->dense = apart == 0;
    x->base = x->n > 0 ? x->rows[0] : 0;
}

/* Rows of a dense parent lie side by side in the links: nothing is copied. */
static void open_dense(const ys_csr *l, const ys__rows *parent, ys__rows *x)
{
    x->seg = l->start + parent->base;
    x->n = x->seg[parent->n] - x->seg[0];
    x->rows = l->item + x->seg[0];
}

static ys__run open_scattered(const ys_rule *r, ys_rule_scratch *s, int f)
{
    const ys_csr *l = r->frames[f].links;
    const ys__rows *parent = &s->frames[r->frames[f].parent];
    ys__rows *x = &s->frames[f];
    int64_t *seg = ys__buffer_need(&x->seg_buf, ((size_t)parent->n + 1) * sizeof *seg);
    if (!seg)
        return YS__RUN_NOMEM;
    owner_walk w = walk_owner(r, s, f);
    seg[0] = 0;
    for (int64_t i = 0; i < parent->n; i++) {
        int64_t row = owner_row(&w, i);
        seg[i + 1] = seg[i] + l->start[row + 1] - l->start[row];
        if (seg[i + 1] > YS_LIMIT_RULE_ROWS)
            return YS__RUN_LIMIT;
    }
    x->n = seg[parent->n];
    x->seg = seg;
    int32_t *rows = ys__buffer_need(&x->rows_buf, ((size_t)x->n + 1) * sizeof *rows);
    if (!rows)
        return YS__RUN_NOMEM;
    w = walk_owner(r, s, f);
    for (int64_t i = 0; i < parent->n; i++) {
        const int32_t *from = l->item + l->start[owner_row(&w, i)];
        for (int64_t j = seg[i]; j < seg[i + 1]; j++)
            rows[j] = from[j - seg[i]];
    }
    x->rows = rows;
    return YS__RUN_OK;
}

ys__run ys__frame_open(const ys_rule *r, ys_rule_scratch *s, int f, bool may_split)
{
    const ys__frame *fr = &r->frames[f];
    const ys__rows *parent = &s->frames[fr->parent];
    ys__rows *x = &s->frames[f];
    ys__run run = YS__RUN_OK;
    if (fr->owner == fr->parent && parent->dense)
        open_dense(fr->links, parent, x);
    else
        run = open_scattered(r, s, f);
    if (run == YS__RUN_LIMIT && may_split)
        return YS__RUN_CROWDED;
    if (run != YS__RUN_OK)
        return run;
    if (x->n > YS_RULE_CROWD && may_split)
        return YS__RUN_CROWDED;
    if (x->n > YS_LIMIT_RULE_ROWS)
        return YS__RUN_LIMIT;
    find_dense(x);
    return YS__RUN_OK;
}

/* ---- loading ---- */

/* Which rows a load reads: the frame's, or those in a register (-1: no such record). */
typedef struct source {
    const ys__rows *frame;
    const int32_t *rows;
} source;

static inline int64_t source_row(const source *from, int64_t i)
{
    return from->rows ? from->rows[i] : row_at(from->frame, i);
}

#define GATHER(T, VALUE, NOTHING)                                                                            \
    do {                                                                                                     \
        T *restrict out = dst;                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                    \
            int64_t row = source_row(&from, i);                                                              \
            out[i] = row < 0 ? NOTHING : (VALUE);                                                            \
        }                                                                                                    \
    } while (0)

static inline uint8_t truth_of(int64_t v)
{
    return ys_is_missing(v) ? YS_UNKNOWN : v != 0;
}

static inline const char *text_of(const char *s)
{
    return s == YS_TEXT_NOT_ASKED ? NULL : s;
}

static ys__run load(const ys_rule *r, ys_rule_scratch *s, const ys__step *st)
{
    const ys__reg *reg = &r->regs[st->dst];
    ys_table *t = ys__rule_table(reg->table);
    source from = {&s->frames[st->frame], st->a >= 0 ? s->regs[st->a] : NULL};
    int64_t n = from.frame->n;
    ys_type type = ys_table_column_type(t, reg->col);
    bool direct = !from.rows && from.frame->dense && n > 0;
    const int64_t *ints = ys_table_ints(t, reg->col);
    const double *reals = ys_table_reals(t, reg->col);
    const int32_t *codes = ys_table_codes(t, reg->col);
    const char **texts = ys_table_texts(t, reg->col);
    if (direct && type != YS_BOOL && type != YS_TEXT) { /* the column itself is the vector */
        s->regs[st->dst] = codes   ? (const void *)(codes + from.frame->base)
                           : reals ? (const void *)(reals + from.frame->base)
                                   : (const void *)(ints + from.frame->base);
        return YS__RUN_OK;
    }
    void *dst = ys__buffer_need(&s->bufs[reg->buf], (size_t)n * ys__reg_width(reg));
    if (!dst)
        return YS__RUN_NOMEM;
    if (type == YS_BOOL)
        GATHER(uint8_t, truth_of(ints[row]), YS_UNKNOWN);
    else if (type == YS_TEXT)
        GATHER(const char *, text_of(texts[row]), NULL);
    else if (type == YS_CODE)
        GATHER(int32_t, codes[row], YS_CODE_NA);
    else if (type == YS_REAL)
        GATHER(double, reals[row], NAN);
    else
        GATHER(int64_t, ints[row], YS_NA);
    s->regs[st->dst] = dst;
    return YS__RUN_OK;
}

/* ---- codes ---- */

static int32_t code_of(const ys__reg *column, const char *text)
{
    return ys_table_code_find(column->table, column->col, text);
}

static void compare_codes(const ys_rule *r, const ys__step *st, const int32_t *codes, uint8_t *restrict dst,
                          int64_t n)
{
    const char *text = r->regs[st->b].k.s;
    uint8_t equal = st->op == RO_EQ_C;
    if (!text) {
        memset(dst, YS_UNKNOWN, (size_t)n);
        return;
    }
    int32_t want = code_of(&r->regs[st->a], text);
    for (int64_t i = 0; i < n; i++)
        dst[i] = codes[i] < 0 ? YS_UNKNOWN : (codes[i] == want) == equal;
}

static void codes_in(const ys_rule *r, const ys__step *st, const int32_t *codes, uint8_t *restrict dst,
                     int64_t n)
{
    const char *const *texts = st->link;
    bool unknown_item = false;
    memset(dst, 0, (size_t)n);
    for (int j = 0; j < st->c; j++) {
        unknown_item |= !texts[j];
        int32_t want = texts[j] ? code_of(&r->regs[st->a], texts[j]) : -3;
        if (want < 0)
            continue;
        for (int64_t i = 0; i < n; i++)
            dst[i] |= codes[i] == want;
    }
    uint8_t otherwise = unknown_item ? YS_UNKNOWN : YS_FALSE;
    for (int64_t i = 0; i < n; i++)
        dst[i] = codes[i] < 0 ? YS_UNKNOWN : dst[i] ? YS_TRUE : otherwise;
}

static void codes_to_texts(const ys_rule *r, const ys__step *st, const int32_t *codes,
                           const char **restrict dst, int64_t n)
{
    const ys__reg *column = &r->regs[st->a];
    for (int64_t i = 0; i < n; i++)
        dst[i] = codes[i] < 0 ? NULL : ys_table_code_text(column->table, column->col, codes[i]);
}

/* ---- spreading ---- */

#define SPREAD(T)                                                                                            \
    do {                                                                                                     \
        const T *restrict a = src;                                                                           \
        T *restrict out = dst;                                                                               \
        for (int64_t i = 0; i < parents; i++)                                                                \
            for (int64_t j = seg[i] - seg[0], end = seg[i + 1] - seg[0]; j < end; j++)                       \
                out[j] = a[i];                                                                               \
    } while (0)

static void spread(const ys__rows *frame, int64_t parents, const void *src, void *dst, size_t width)
{
    const int64_t *seg = frame->seg;
    if (width == sizeof(uint8_t))
        SPREAD(uint8_t);
    else if (width == sizeof(int32_t))
        SPREAD(int32_t);
    else
        SPREAD(int64_t);
}

static void fill(const ys__reg *from, void *dst, int64_t n)
{
    if (from->type == YS_RT_BOOL) {
        memset(dst, from->k.b, (size_t)n);
        return;
    }
    int64_t *out = dst; /* text, real and integer are eight bytes alike */
    int64_t bits;
    memcpy(&bits, &from->k, sizeof bits);
    for (int64_t i = 0; i < n; i++)
        out[i] = bits;
}

static void parent_rows(const ys_rule_scratch *s, const ys__step *st, int32_t *restrict dst)
{
    source from = {&s->frames[st->frame], st->a >= 0 ? s->regs[st->a] : NULL};
    const int32_t *row_of = st->link;
    for (int64_t i = 0; i < from.frame->n; i++) {
        int64_t row = source_row(&from, i);
        dst[i] = row < 0 ? -1 : row_of[row];
    }
}

static void list_sizes(const ys__rows *frame, const ys_csr *links, int64_t *restrict dst)
{
    for (int64_t i = 0; i < frame->n; i++) {
        int64_t row = row_at(frame, i);
        dst[i] = links->start[row + 1] - links->start[row];
    }
}

ys__run ys__step_structural(const ys_rule *r, ys_rule_scratch *s, const ys__step *st)
{
    if (st->op == RO_LOAD)
        return load(r, s, st);
    const ys__reg *reg = &r->regs[st->dst];
    const ys__rows *frame = &s->frames[st->frame];
    void *dst = ys__buffer_need(&s->bufs[reg->buf], (size_t)frame->n * ys__reg_width(reg));
    if (!dst)
        return YS__RUN_NOMEM;
    const void *src = st->a >= 0 ? s->regs[st->a] : NULL;
    s->regs[st->dst] = dst;
    if (st->op == RO_ROWS)
        parent_rows(s, st, dst);
    else if (st->op == RO_SIZE_L)
        list_sizes(frame, st->link, dst);
    else if (st->op == RO_BCAST)
        spread(frame, s->frames[r->frames[st->frame].parent].n, src, dst, ys__reg_width(reg));
    else if (st->op == RO_FILL)
        fill(&r->regs[st->a], dst, frame->n);
    else if (st->op == RO_C2S)
        codes_to_texts(r, st, src, dst, frame->n);
    else if (st->op == RO_IN_C)
        codes_in(r, st, src, dst, frame->n);
    else
        compare_codes(r, st, src, dst, frame->n);
    return YS__RUN_OK;
}

/* ---- reducing ---- */

/* Truths below each parent: trues in the low half, unknowns in the high half of running sums. */
static void count_truths(const uint8_t *a, int64_t n, uint64_t *restrict sums)
{
    uint64_t sum = 0;
    sums[0] = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += (uint64_t)(a[i] & 1) | (uint64_t)(a[i] >> 1) << 32;
        sums[i + 1] = sum;
    }
}

static inline uint8_t one_truth(int op, uint32_t trues, uint32_t unknowns, uint32_t size)
{
    if (op == RO_ANY)
        return trues > 0 ? YS_TRUE : unknowns > 0 ? YS_UNKNOWN : YS_FALSE;
    if (op == RO_ALL)
        return trues + unknowns < size ? YS_FALSE : unknowns > 0 ? YS_UNKNOWN : YS_TRUE;
    return trues > 1 ? YS_FALSE : unknowns > 0 ? YS_UNKNOWN : trues == 1;
}

static void reduce_truths(int op, const uint64_t *sums, const int64_t *seg, int64_t parents, void *dst)
{
    uint8_t *truths = dst;
    int64_t *counts = dst;
    for (int64_t i = 0; i < parents; i++) {
        int64_t from = seg[i] - seg[0], to = seg[i + 1] - seg[0];
        uint64_t sum = sums[to] - sums[from];
        uint32_t trues = (uint32_t)sum, unknowns = (uint32_t)(sum >> 32);
        if (op == RO_TALLY)
            counts[i] = unknowns > 0 ? YS_NA : trues;
        else
            truths[i] = one_truth(op, trues, unknowns, (uint32_t)(to - from));
    }
}

static int64_t sum_ints(const int64_t *a, int64_t from, int64_t to)
{
    int64_t sum = 0;
    bool bad = false;
    for (int64_t j = from; j < to; j++) {
        bad |= ys_is_missing(a[j]);
        bad |= __builtin_add_overflow(sum, a[j], &sum);
    }
    return bad ? YS_NA : sum;
}

static int64_t best_int(const int64_t *a, int64_t from, int64_t to, bool most)
{
    int64_t best = from < to ? a[from] : YS_NA;
    bool bad = false;
    for (int64_t j = from; j < to; j++) {
        bad |= ys_is_missing(a[j]);
        best = (a[j] > best) == most ? a[j] : best;
    }
    return bad ? YS_NA : best;
}

static double sum_reals(const double *a, int64_t from, int64_t to)
{
    double sum = 0;
    for (int64_t j = from; j < to; j++)
        sum += a[j];
    return sum - sum == 0 ? sum : NAN;
}

static double best_real(const double *a, int64_t from, int64_t to, bool most)
{
    double best = from < to ? a[from] : NAN;
    bool bad = false;
    for (int64_t j = from; j < to; j++) {
        bad |= isnan(a[j]);
        best = (most ? a[j] > best : a[j] < best) ? a[j] : best;
    }
    return bad ? NAN : best;
}

static void reduce_ints(int op, const int64_t *a, const int64_t *seg, int64_t parents, int64_t *dst)
{
    for (int64_t i = 0; i < parents; i++) {
        int64_t from = seg[i] - seg[0], to = seg[i + 1] - seg[0];
        dst[i] = op == RO_SUM_I ? sum_ints(a, from, to) : best_int(a, from, to, op == RO_MOST_I);
    }
}

static void reduce_reals(int op, const double *a, const int64_t *seg, int64_t parents, double *dst)
{
    for (int64_t i = 0; i < parents; i++) {
        int64_t from = seg[i] - seg[0], to = seg[i + 1] - seg[0];
        dst[i] = op == RO_SUM_R ? sum_reals(a, from, to) : best_real(a, from, to, op == RO_MOST_R);
    }
}

ys__run ys__step_reduce(const ys_rule *r, ys_rule_scratch *s, const ys__step *st)
{
    const ys__reg *reg = &r->regs[st->dst];
    const ys__rows *frame = &s->frames[st->frame];
    int64_t parents = s->frames[r->frames[st->frame].parent].n;
    void *dst = ys__buffer_need(&s->bufs[reg->buf], (size_t)parents * ys__reg_width(reg));
    if (!dst)
        return YS__RUN_NOMEM;
    const void *src = s->regs[st->a];
    s->regs[st->dst] = dst;
    if (st->op == RO_SUM_R || st->op == RO_LEAST_R || st->op == RO_MOST_R) {
        reduce_reals(st->op, src, frame->seg, parents, dst);
    } else if (st->op >= RO_SUM_I) {
        reduce_ints(st->op, src, frame->seg, parents, dst);
    } else {
        uint64_t *sums = ys__buffer_need(&s->prefix, ((size_t)frame->n + 1) * sizeof *sums);
        if (!sums)
            return YS__RUN_NOMEM;
        count_truths(src, frame->n, sums);
        reduce_truths(st->op, sums, frame->seg, parents, dst);
    }
    return YS__RUN_OK;
}
