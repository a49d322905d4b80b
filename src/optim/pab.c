/* SPDX-License-Identifier: Apache-2.0 */
/* The .pab form is used in place; only its numbers are examined. */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

enum { HEAD = 24, CHUNK = 8192 };
#define MAGIC  0x32424150u
#define SUMMIT ((uint64_t)1 << 62)

_Static_assert(sizeof(ys_optim_option) == 24 && sizeof(ys_optim_household) == 8,
               "the records are those of the file");

/* ---- numbers ---- */

/* Funds an option may name: where there are none at all, options free of charge name number 0. */
static int32_t funds_for(const ys_additive *p, const ys_optim_option *o)
{
    return p->funds == 0 && o->cost_a == 0 && o->cost_b == 0 ? 1 : p->funds;
}

static bool row_is_there(const ys_additive *p, const ys_optim_option *o)
{
    return o->row == YS_OPTIM_NO_ROW || o->row < (uint32_t)p->rows;
}

static bool sound(const ys_additive *p, const ys_optim_option *o)
{
    int32_t funds = funds_for(p, o);
    return (o->cost_a | o->cost_b) >= 0 && o->fund_a < funds && o->fund_b < funds && row_is_there(p, o);
}

static ys_status examine_option(const ys_additive *p, const ys_optim_option *o, int64_t h, uint64_t i,
                                ys_diag *diag)
{
    long long home = (long long)h + 1, no = (long long)i + 1;
    int32_t funds = funds_for(p, o);
    if (o->cost_a < 0 || o->cost_b < 0)
        return ys_fail(diag, YS_EDATA, "第 %lld 户的第 %lld 个选项：费用为负",
                       "household %lld, option %lld: a cost is negative", home, no);
    if (o->fund_a >= funds || o->fund_b >= funds)
        return ys_fail(diag, YS_EDATA, "第 %lld 户的第 %lld 个选项：没有第 %d 号资金（从 0 数，共 %d 个）",
                       "household %lld, option %lld: there is no fund %d (from 0; %d in all)", home, no,
                       o->fund_a >= funds ? o->fund_a : o->fund_b, p->funds);
    if (!row_is_there(p, o))
        return ys_fail(diag, YS_EDATA, "第 %lld 户的第 %lld 个选项：没有第 %u 行名额（从 0 数，共 %d 行）",
                       "household %lld, option %lld: there is no local row %u (from 0; %d in all)", home, no,
                       o->row, p->rows);
    return YS_OK;
}

/* One household: are its options there, in order? */
static ys_status examine_offsets(const ys_additive *p, int64_t h, ys_diag *diag)
{
    if (h == 0 && p->offset[0] != 0)
        return ys_fail(diag, YS_EDATA, "第一户的选项不从 0 开始",
                       "the options of the first household do not begin at 0");
    if (p->offset[h + 1] < p->offset[h])
        return ys_fail(diag, YS_EDATA, "第 %lld 户的选项起点大于终点",
                       "household %lld: its options end before they begin", (long long)h + 1);
    /* Where order is broken farther on, that says it; but nothing beyond the end may be looked at. */
    if (p->offset[h + 1] > p->offset[p->households])
        return ys_fail(diag, YS_EDATA, "第 %lld 户的选项超出文件中的选项",
                       "household %lld: its options go beyond those there are", (long long)h + 1);
    return YS_OK;
}

static ys_status examine_options(const ys_additive *p, int64_t h, ys_diag *diag)
{
    uint32_t n;
    const ys_optim_option *o = ys__options(p, h, &n);
    for (uint32_t i = 0; i < n; i++)
        YS_TRY(examine_option(p, &o[i], h, i, diag));
    return YS_OK;
}

typedef struct exam {
    const ys_additive *p;
    int64_t first;   /* own household */
    int64_t *fault;  /* [chunks] the first household at fault, -1: none */
    __int128 *value; /* [chunks] */
    int64_t **cost;  /* [threads][funds + 1]; at most 2^32 options of less than 2^31: below 2^63 */
} exam;

static void offsets_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    exam *w = arg;
    (void)thread;
    w->fault[no] = -1;
    for (int64_t h = begin + w->first; h < end + w->first && w->fault[no] < 0; h++)
        if (examine_offsets(w->p, h, NULL) != YS_OK)
            w->fault[no] = h;
}

/* The whole file is read here: one look at each option, for faults and for the sums. */
static void options_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    exam *w = arg;
    const ys_additive *p = w->p;
    int64_t *cost = w->cost[thread];
    __int128 sum = 0;
    w->fault[no] = -1;
    for (int64_t h = begin + w->first; h < end + w->first; h++) {
        uint32_t n;
        const ys_optim_option *o = ys__options(p, h, &n);
        int64_t worth = 0; /* less than 2^32 options of less than 2^31 */
        for (uint32_t i = 0; i < n; i++) {
            if (!sound(p, &o[i])) {
                w->fault[no] = h;
                return;
            }
            cost[o[i].fund_a] += o[i].cost_a;
            cost[o[i].fund_b] += o[i].cost_b;
            worth += o[i].value > 0 ? o[i].value : 0;
        }
        sum += (__int128)worth * p->household[h].weight;
    }
    w->value[no] = sum;
}

typedef ys_status examine_fn(const ys_additive *p, int64_t h, ys_diag *diag);

/* Runs `look` over the own households; the fault told, in the words of `say`, is that of the lowest household. */
static ys_status examine_all(exam *w, ys_pool *pool, int64_t n, ys_pool_fn *look, examine_fn *say,
                             ys_diag *diag)
{
    ys_pool_run(pool, n, CHUNK, look, w);
    for (int64_t c = 0; c * CHUNK < n; c++)
        if (w->fault[c] >= 0)
            return say(w->p, w->fault[c], diag);
    return YS_OK;
}

static ys_status check_sums(exam *w, const ys_comm *c, int threads, int64_t n, ys_diag *diag)
{
    __int128 value = 0;
    for (int64_t k = 0; k * CHUNK < n; k++)
        value += w->value[k];
    for (int t = 1; t < threads; t++)
        for (int32_t f = 0; f < w->p->funds; f++)
            w->cost[0][f] += w->cost[t][f];
    YS_TRY(ys_comm_sum128(c, &value, diag));
    YS_TRY(ys_comm_sum(c, w->cost[0], (size_t)w->p->funds, diag));
    if (value > SUMMIT)
        return ys_fail(diag, YS_ELIMIT, "价值之和超过 2^62", "the values add up to more than 2^62");
    for (int32_t f = 0; f < w->p->funds; f++)
        if ((uint64_t)w->cost[0][f] > SUMMIT)
            return ys_fail(diag, YS_ELIMIT, "第 %d 个资金的费用之和超过 2^62",
                           "the costs of fund %d add up to more than 2^62", f + 1);
    return YS_OK;
}

static ys_status examine_households(const ys_additive *p, const ys_comm *c, ys_pool *pool, ys_diag *diag)
{
    int threads = ys_pool_threads(pool);
    int64_t first, end;
    ys_ranks_own(p->households, c, &first, &end);
    size_t chunks = (size_t)((end - first) / CHUNK + 1);
    exam w = {.p = p, .first = first};
    w.fault = ys_calloc(chunks, sizeof *w.fault);
    w.value = ys_calloc(chunks, sizeof *w.value);
    w.cost = ys__use_open(threads, (size_t)p->funds + 1);
    bool ok = w.fault != NULL && w.value != NULL && w.cost != NULL;
    ys_status st = YS_OK;
    YS_GO(ys_comm_agree(c, ok ? YS_OK : ys_fail_nomem(diag), diag));
    YS_GO(ys_comm_agree(c, examine_all(&w, pool, end - first, offsets_chunk, examine_offsets, diag), diag));
    YS_GO(ys_comm_agree(c, examine_all(&w, pool, end - first, options_chunk, examine_options, diag), diag));
    st = check_sums(&w, c, threads, end - first, diag);
done:
    ys_free(w.fault);
    ys_free(w.value);
    ys__use_close(w.cost, threads);
    return st;
}

static ys_status examine(const ys_additive *p, const ys_comm *c, ys_pool *pool, ys_diag *diag)
{
    if (p->households < 0 || p->households >= UINT32_MAX || p->funds < 0 || p->funds > 65536 || p->rows < 0 ||
        p->rows >= INT32_MAX - 65536)
        return ys_fail(diag, YS_ELIMIT, "户数、资金数或名额行数超过上限",
                       "too many households, funds or local rows");
    for (int64_t r = 0; r < (int64_t)p->funds + p->rows; r++) {
        if (p->limit[r] < 0)
            return ys_fail(diag, YS_EDATA, "第 %lld 个上限为负：%lld", "limit %lld is negative: %lld",
                           (long long)r + 1, (long long)p->limit[r]);
        if ((uint64_t)p->limit[r] > SUMMIT)
            return ys_fail(diag, YS_ELIMIT, "第 %lld 个上限超过 2^62", "limit %lld is above 2^62",
                           (long long)r + 1);
    }
    if (p->offset[p->households] >= UINT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "选项超过 2^32 个", "more than 2^32 options");
    return examine_households(p, c, pool, diag);
}

ys_status ys_additive_examine(const ys_additive *p, ys_diag *diag)
{
    ys_comm alone = ys_comm_alone();
    return examine(p, &alone, NULL, diag);
}

/* ---- the file ---- */

ys_status ys_ranks_read(const void *bytes, size_t size, const ys_comm *c, ys_pool *pool,
                        ys_additive *ret_problem, ys_diag *diag)
{
    const uint8_t *at = bytes;
    uint32_t head[4];
    uint64_t options, rows;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || (uintptr_t)bytes % 8 != 0)
        return ys_fail(diag, YS_ELIMIT, ".pab 文件只能在小端机器上按 8 字节对齐使用",
                       ".pab files are used in place: little-endian machines, 8-byte aligned");
    if (size < HEAD)
        return ys_fail(diag, YS_EDATA, "不是 .pab 文件：不足文件头",
                       "not a .pab file: shorter than its head");
    memcpy(head, at, sizeof head);
    memcpy(&options, at + sizeof head, sizeof options);
    if (head[0] != MAGIC)
        return ys_fail(diag, YS_EDATA, "不是 .pab 文件：开头的标记不对",
                       "not a .pab file: it begins with another mark");
    rows = (uint64_t)head[2] + head[3];
    if (options >= UINT32_MAX || head[1] == UINT32_MAX || head[2] > 65536 || rows >= INT32_MAX - 65536)
        return ys_fail(
            diag, YS_ELIMIT, ".pab 文件头中的数目超过上限：%u 户、%u 资金、%u 名额行、%llu 选项",
            "the counts in the head are over the limit: %u households, %u funds, %u rows, %llu options",
            head[1], head[2], head[3], (unsigned long long)options);
    uint64_t whole = HEAD + rows * 8 + ((uint64_t)head[1] + 1) * 8 + (uint64_t)head[1] * 8 + options * 24;
    if (size != whole)
        return ys_fail(diag, YS_EDATA, ".pab 文件不完整：按文件头应有 %llu 字节，实有 %llu",
                       "not a whole .pab file: by its head it has %llu bytes, here are %llu",
                       (unsigned long long)whole, (unsigned long long)size);
    ys_additive p = {.households = head[1], .funds = (int32_t)head[2], .rows = (int32_t)head[3]};
    p.limit = (const int64_t *)(const void *)(at + HEAD);
    p.offset = (const uint64_t *)(const void *)(p.limit + rows);
    p.household = (const ys_optim_household *)(const void *)(p.offset + p.households + 1);
    p.option = (const ys_optim_option *)(const void *)(p.household + p.households);
    /* The last offset before the others: a record beyond the end must not be looked at. */
    if (p.offset[p.households] != options)
        return ys_fail(diag, YS_EDATA, "最后一户的选项终点是 %llu，文件有 %llu 个选项",
                       "the options of the last household end at %llu, the file has %llu",
                       (unsigned long long)p.offset[p.households], (unsigned long long)options);
    YS_TRY(examine(&p, c, pool, diag));
    *ret_problem = p;
    return YS_OK;
}

ys_status ys_pab_read(const void *bytes, size_t size, ys_additive *ret_problem, ys_diag *diag)
{
    ys_comm alone = ys_comm_alone();
    return ys_ranks_read(bytes, size, &alone, NULL, ret_problem, diag);
}
