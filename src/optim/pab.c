/* SPDX-License-Identifier: Apache-2.0 */
/* The .pab form is used in place; only its numbers are examined. */
#include "yaoshi/optim.h"

#include <string.h>

#include "base/alloc.h"

enum { HEAD = 24 };
#define MAGIC  0x32424150u
#define SUMMIT ((uint64_t)1 << 62)

_Static_assert(sizeof(ys_optim_option) == 24 && sizeof(ys_optim_household) == 8,
               "the records are those of the file");

/* ---- numbers ---- */

static ys_status examine_option(const ys_additive *p, const ys_optim_option *o, int64_t h, uint64_t i,
                                ys_diag *diag)
{
    long long home = (long long)h + 1, no = (long long)i + 1;
    if (o->cost_a < 0 || o->cost_b < 0)
        return ys_fail(diag, YS_EDATA, "第 %lld 户的第 %lld 个选项：费用为负",
                       "household %lld, option %lld: a cost is negative", home, no);
    bool moneyless = p->funds == 0 && o->cost_a == 0 && o->cost_b == 0;
    if (!moneyless && (o->fund_a >= p->funds || o->fund_b >= p->funds))
        return ys_fail(diag, YS_EDATA, "第 %lld 户的第 %lld 个选项：没有第 %d 号资金（从 0 数，共 %d 个）",
                       "household %lld, option %lld: there is no fund %d (from 0; %d in all)", home, no,
                       o->fund_a >= p->funds ? o->fund_a : o->fund_b, p->funds);
    if (o->row != YS_OPTIM_NO_ROW && o->row >= (uint32_t)p->rows)
        return ys_fail(diag, YS_EDATA, "第 %lld 户的第 %lld 个选项：没有第 %u 行名额（从 0 数，共 %d 行）",
                       "household %lld, option %lld: there is no local row %u (from 0; %d in all)", home, no,
                       o->row, p->rows);
    return YS_OK;
}

/* Costs are below 2^31 and options below 2^32, so that sums of costs stay below 2^63. */
static ys_status examine_options(const ys_additive *p, uint64_t *cost, ys_diag *diag)
{
    uint64_t value = 0;
    for (int64_t h = 0; h < p->households; h++) {
        uint64_t first = p->offset[h], end = p->offset[h + 1];
        for (uint64_t i = first; i < end; i++) {
            const ys_optim_option *o = &p->option[i];
            YS_TRY(examine_option(p, o, h, i - first, diag));
            cost[o->fund_a] += (uint32_t)o->cost_a;
            cost[o->fund_b] += (uint32_t)o->cost_b;
            if (o->value > 0)
                value += (uint64_t)o->value * p->household[h].weight;
            if (value > SUMMIT)
                return ys_fail(diag, YS_ELIMIT, "价值之和超过 2^62", "the values add up to more than 2^62");
        }
    }
    return YS_OK;
}

static ys_status examine_offsets(const ys_additive *p, ys_diag *diag)
{
    if (p->offset[0] != 0)
        return ys_fail(diag, YS_EDATA, "第一户的选项不从 0 开始",
                       "the options of the first household do not begin at 0");
    for (int64_t h = 0; h < p->households; h++) {
        if (p->offset[h + 1] < p->offset[h])
            return ys_fail(diag, YS_EDATA, "第 %lld 户的选项起点大于终点",
                           "household %lld: its options end before they begin", (long long)h + 1);
    }
    return YS_OK;
}

ys_status ys_additive_examine(const ys_additive *p, ys_diag *diag)
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
    YS_TRY(examine_offsets(p, diag));
    if (p->offset[p->households] >= UINT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "选项超过 2^32 个", "more than 2^32 options");
    uint64_t *cost = ys_calloc((size_t)p->funds + 1, sizeof *cost);
    if (cost == NULL)
        return ys_fail_nomem(diag);
    ys_status st = examine_options(p, cost, diag);
    for (int32_t f = 0; f < p->funds && st == YS_OK; f++) {
        if (cost[f] > SUMMIT)
            st = ys_fail(diag, YS_ELIMIT, "第 %d 个资金的费用之和超过 2^62",
                         "the costs of fund %d add up to more than 2^62", f + 1);
    }
    ys_free(cost);
    return st;
}

/* ---- the file ---- */

ys_status ys_pab_read(const void *bytes, size_t size, ys_additive *ret_problem, ys_diag *diag)
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
    YS_TRY(ys_additive_examine(&p, diag));
    *ret_problem = p;
    return YS_OK;
}
