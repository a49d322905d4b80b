/* SPDX-License-Identifier: Apache-2.0 */
/* Running a compiled rule over batches of rows. */
#include "policy/rule_int.h"

#include <math.h>

#include "base/alloc.h"
#include "base/map.h"

ys_rule_scratch *ys_rule_scratch_new(void)
{
    ys_rule_scratch *s = ys_calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->arena = ys_arena_new(0);
    if (!s->arena) {
        ys_free(s);
        return NULL;
    }
    return s;
}

void ys_rule_scratch_free(ys_rule_scratch *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->bufs_ready; i++)
        ys_free(s->bufs[i].p);
    for (int i = 0; i < YS_RULE_FRAMES; i++) {
        ys_free(s->frames[i].rows_buf.p);
        ys_free(s->frames[i].seg_buf.p);
    }
    ys_free(s->prefix.p);
    ys_free(s->bufs);
    ys_free(s->regs);
    ys_arena_free(s->arena);
    ys_free(s);
}

/* Room for the rule's registers and buffers; constants are their own vectors. */
static bool prepare(const ys_rule *r, ys_rule_scratch *s)
{
    size_t bufs = (size_t)r->buf_count + 1;
    if (!ys_grow(&s->regs, &s->reg_cap, (size_t)r->reg_count + 1, sizeof *s->regs) ||
        !ys_grow(&s->bufs, &s->buf_cap, bufs, sizeof *s->bufs))
        return false;
    for (; s->bufs_ready < bufs; s->bufs_ready++)
        s->bufs[s->bufs_ready] = (ys__buffer){NULL, 0};
    for (int i = 0; i < r->reg_count; i++)
        s->regs[i] = r->regs[i].constant ? &r->regs[i].k : NULL;
    return true;
}

static ys__run run_kernel(const ys_rule *r, ys_rule_scratch *s, const ys__step *st)
{
    const ys__reg *reg = &r->regs[st->dst];
    int64_t n = s->frames[st->frame].n;
    void *dst = ys__buffer_need(&s->bufs[reg->buf], (size_t)n * ys__reg_width(reg));
    if (!dst)
        return YS__RUN_NOMEM;
    ys__kargs k = {.n = n,
                   .dst = dst,
                   .a = s->regs[st->a],
                   .b = st->b >= 0 ? s->regs[st->b] : NULL,
                   .c = st->c >= 0 ? s->regs[st->c] : NULL,
                   .arena = s->arena,
                   .digits = r->env->digits};
    ys__rule_kernel(st->op)(&k);
    s->regs[st->dst] = dst;
    return k.failed ? YS__RUN_NOMEM : YS__RUN_OK;
}

static ys__run run_batch(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t n)
{
    ys__rows *root = &s->frames[0];
    root->n = n;
    root->base = begin;
    root->dense = true;
    root->rows = NULL;
    root->seg = NULL;
    ys_arena_clear(s->arena);
    ys__run run = YS__RUN_OK;
    for (int i = 0; i < r->step_count && run == YS__RUN_OK; i++) {
        const ys__step *st = &r->steps[i];
        if (st->op < RO_KERNELS)
            run = run_kernel(r, s, st);
        else if (st->op == RO_FRAME)
            run = ys__frame_open(r, s, st->frame, n > 1);
        else if (st->op >= RO_ANY)
            run = ys__step_reduce(r, s, st);
        else
            run = ys__step_structural(r, s, st);
    }
    return run;
}

/* What is done with the result of each batch. */
typedef bool take_fn(void *to, const ys_rule *r, const void *result, int64_t at, int64_t n);

/* Batches are halved where lists are long, so that inner frames stay in the cache. */
static ys_status run_all(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end, take_fn *take,
                         void *to)
{
    if (begin < 0 || end < begin || end > ys_table_rows(r->env->table))
        return YS_EUSAGE;
    if (!prepare(r, s))
        return YS_ENOMEM;
    int64_t batch = YS_RULE_BATCH;
    for (int64_t at = begin; at < end;) {
        int64_t n = end - at < batch ? end - at : batch;
        ys__run run = run_batch(r, s, at, n);
        if (run == YS__RUN_CROWDED) {
            batch = n / 2;
            continue;
        }
        if (run != YS__RUN_OK)
            return run == YS__RUN_LIMIT ? YS_ELIMIT : YS_ENOMEM;
        if (!take(to, r, s->regs[r->result], at - begin, n))
            return YS_ENOMEM;
        at += n;
        batch = batch < YS_RULE_BATCH ? batch * 2 : batch;
    }
    return YS_OK;
}

/* ---- results ---- */

static bool take_bool(void *to, const ys_rule *r, const void *result, int64_t at, int64_t n)
{
    (void)r;
    memcpy((uint8_t *)to + at, result, (size_t)n);
    return true;
}

static bool take_int(void *to, const ys_rule *r, const void *result, int64_t at, int64_t n)
{
    int64_t *out = (int64_t *)to + at;
    const uint8_t *truths = result;
    const int64_t *ints = result;
    bool is_bool = ys_rule_result(r) == YS_RT_BOOL;
    for (int64_t i = 0; i < n; i++) {
        int64_t v = is_bool ? (truths[i] == YS_UNKNOWN ? YS_NA : truths[i]) : ints[i];
        out[i] = ys_is_missing(v) ? YS_NA : v;
    }
    return true;
}

static bool take_real(void *to, const ys_rule *r, const void *result, int64_t at, int64_t n)
{
    double *out = (double *)to + at;
    const double *reals = result;
    const int64_t *ints = result;
    bool is_int = ys_rule_result(r) == YS_RT_INT;
    for (int64_t i = 0; i < n; i++) {
        double v = !is_int ? reals[i] : ys_is_missing(ints[i]) ? NAN : (double)ints[i];
        out[i] = isnan(v) ? ys_real_na() : v;
    }
    return true;
}

ys_status ys_rule_eval_bool(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end,
                            uint8_t *ret_truth)
{
    if (ys_rule_result(r) != YS_RT_BOOL)
        return YS_EUSAGE;
    return run_all(r, s, begin, end, take_bool, ret_truth);
}

ys_status ys_rule_eval_int(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end,
                           int64_t *ret_value)
{
    if (ys_rule_result(r) == YS_RT_REAL || ys_rule_result(r) == YS_RT_STRING)
        return YS_EUSAGE;
    return run_all(r, s, begin, end, take_int, ret_value);
}

ys_status ys_rule_eval_real(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end,
                            double *ret_value)
{
    if (ys_rule_result(r) != YS_RT_REAL && ys_rule_result(r) != YS_RT_INT)
        return YS_EUSAGE;
    return run_all(r, s, begin, end, take_real, ret_value);
}

/* ---- columns ---- */

/* Texts of a batch live no longer than the batch: each row keeps its number in a dictionary. */
typedef struct text_taker {
    ys_map *texts;
    int32_t *slots;
} text_taker;

static bool take_text(void *to, const ys_rule *r, const void *result, int64_t at, int64_t n)
{
    (void)r;
    text_taker *t = to;
    const char *const *texts = result;
    for (int64_t i = 0; i < n; i++) {
        int64_t slot = texts[i] ? ys_map_put(t->texts, texts[i], 0, NULL) : YS_CODE_NA;
        if (texts[i] && slot < 0)
            return false;
        t->slots[at + i] = (int32_t)slot;
    }
    return true;
}

static ys_status add_column(ys_table *table, const char *name, ys_type type, int *ret_col, ys_diag *diag)
{
    if (ys_table_find(table, name) >= 0)
        return ys_fail(diag, YS_ECONFLICT, "表中已有列“%s”", "the table has a column “%s” already", name);
    int col = ys_table_add_column(table, name, type);
    if (col < 0)
        return ys_fail_nomem(diag);
    *ret_col = col;
    return YS_OK;
}

/* Dictionary slots and the column's codes are both numbered in order of first use, but the table decides. */
static ys_status write_codes(ys_table *table, int col, const text_taker *t, int64_t rows, ys_diag *diag)
{
    size_t count = ys_map_count(t->texts);
    int32_t *code_of = ys_calloc(count + 1, sizeof *code_of);
    if (!code_of)
        return ys_fail_nomem(diag);
    ys_status st = YS_OK;
    for (size_t i = 0; i < count && st == YS_OK; i++) {
        code_of[i] = ys_table_code(table, col, ys_map_key(t->texts, (int64_t)i));
        if (code_of[i] < 0)
            st = ys_fail_nomem(diag);
    }
    int32_t *codes = ys_table_codes(table, col);
    for (int64_t i = 0; i < rows && st == YS_OK; i++)
        codes[i] = t->slots[i] < 0 ? YS_CODE_NA : code_of[t->slots[i]];
    ys_free(code_of);
    return st;
}

static ys_status eval_text_column(const ys_rule *r, ys_rule_scratch *s, ys_table *table, const char *name,
                                  ys_diag *diag)
{
    int64_t rows = ys_table_rows(table);
    text_taker t = {ys_map_new(64), ys_calloc((size_t)rows + 1, sizeof *t.slots)};
    int col = -1;
    ys_status st = t.texts && t.slots ? run_all(r, s, 0, rows, take_text, &t) : YS_ENOMEM;
    if (st != YS_OK)
        ys_fail(diag, st, "规则算不出列“%s”", "the rule could not be evaluated into column “%s”", name);
    else
        st = add_column(table, name, YS_CODE, &col, diag);
    if (st == YS_OK)
        st = write_codes(table, col, &t, rows, diag);
    ys_map_free(t.texts);
    ys_free(t.slots);
    return st;
}

static ys_status eval_number_column(const ys_rule *r, ys_rule_scratch *s, ys_table *table, const char *name,
                                    ys_diag *diag)
{
    static const ys_type TYPES[] = {[YS_RT_BOOL] = YS_BOOL,
                                    [YS_RT_INT] = YS_INT,
                                    [YS_RT_REAL] = YS_REAL,
                                    [YS_RT_MONEY] = YS_MONEY,
                                    [YS_RT_DATE] = YS_DATE};
    int64_t rows = ys_table_rows(table);
    ys_type type = TYPES[ys_rule_result(r)];
    int64_t *values = ys_aligned((size_t)rows + 1, sizeof *values); /* doubles are as wide */
    int col = -1;
    ys_status st =
        values ? run_all(r, s, 0, rows, type == YS_REAL ? take_real : take_int, values) : YS_ENOMEM;
    if (st != YS_OK)
        ys_fail(diag, st, "规则算不出列“%s”", "the rule could not be evaluated into column “%s”", name);
    else
        st = add_column(table, name, type, &col, diag);
    if (st == YS_OK) {
        void *to = type == YS_REAL ? (void *)ys_table_reals(table, col) : (void *)ys_table_ints(table, col);
        if (rows > 0)
            memcpy(to, values, (size_t)rows * sizeof *values);
    }
    ys_free(values);
    return st;
}

ys_status ys_rule_eval_column(const ys_rule *r, ys_table *table, const char *name, ys_diag *diag)
{
    if (ys_table_rows(table) != ys_table_rows(r->env->table))
        return ys_fail(diag, YS_EUSAGE, "列“%s”的表与规则的表行数不同",
                       "column “%s”: the table has not as many rows as the rule's", name);
    ys_rule_scratch *s = ys_rule_scratch_new();
    if (!s)
        return ys_fail_nomem(diag);
    ys_status st = ys_rule_result(r) == YS_RT_STRING ? eval_text_column(r, s, table, name, diag)
                                                     : eval_number_column(r, s, table, name, diag);
    ys_rule_scratch_free(s);
    return st;
}
