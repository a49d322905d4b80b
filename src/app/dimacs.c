/* SPDX-License-Identifier: Apache-2.0 */
#include "app/dimacs.h"

#include "base/alloc.h"
#include "base/num.h"

typedef struct reader {
    const char *at, *end;
    int64_t size; /* of the whole text: what it says of its size must fit into it */
    int64_t line;
    ys_dimacs *d;
    int64_t arcs; /* read so far */
    ys_diag *diag;
} reader;

void ys_dimacs_free(ys_dimacs *d)
{
    if (d == NULL)
        return;
    ys_free(d->tail);
    ys_free(d->head);
    ys_free(d->low);
    ys_free(d->cap);
    ys_free(d->cost);
    ys_free(d->supply);
    ys_free(d);
}

static ys_status bad(reader *r, const char *zh, const char *en)
{
    ys_diag_where(r->diag, NULL, NULL, r->line, 0, NULL);
    ys_diag_fix(r->diag, "行的写法：p min 节点数 弧数；n 节点 供给；a 起 止 下限 上限 费用",
                "lines are: p min NODES ARCS; n NODE SUPPLY; a TAIL HEAD LOW CAP COST");
    return ys_fail(r->diag, YS_EDATA, "%s%.0s", "%.0s%s", zh, en);
}

/* Next word of the line into buf; 0 at its end, or when it is too long for a number. */
static size_t word(reader *r, char *buf, size_t size)
{
    size_t n = 0;
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    while (r->at<r->end && * r->at> ' ' && n + 1 < size)
        buf[n++] = *r->at++;
    buf[n] = '\0';
    return n;
}

static ys_status numbers(reader *r, int n, int64_t *v)
{
    char buf[32];
    for (int k = 0; k < n; k++)
        if (word(r, buf, sizeof buf) == 0 || !ys_parse_int(buf, &v[k]))
            return bad(r, "这里应是整数", "a whole number was expected");
    return word(r, buf, sizeof buf) == 0
               ? YS_OK
               : bad(r, "行尾有多余的内容", "there is more on the line than there should be");
}

static ys_status problem_line(reader *r)
{
    char kind[32];
    int64_t v[2];
    ys_dimacs *d = r->d;
    (void)word(r, kind, sizeof kind);
    if (strcmp(kind, "min") != 0 || d->supply != NULL)
        return bad(r, "应有且只有一行 p min", "there must be exactly one line “p min”");
    YS_TRY(numbers(r, 2, v));
    if (v[0] < 1 || v[1] < 0 || v[0] >= 1 << 30 || v[0] > r->size || v[1] > r->size)
        return bad(r, "节点数或弧数超出范围", "the number of nodes or arcs is out of range");
    size_t n = (size_t)v[0], m = (size_t)v[1];
    d->supply = ys_calloc(n, sizeof *d->supply);
    d->tail = ys_calloc(m + 1, sizeof *d->tail);
    d->head = ys_calloc(m + 1, sizeof *d->head);
    d->low = ys_calloc(m + 1, sizeof *d->low);
    d->cap = ys_calloc(m + 1, sizeof *d->cap);
    d->cost = ys_calloc(m + 1, sizeof *d->cost);
    if (!d->supply || !d->tail || !d->head || !d->low || !d->cap || !d->cost)
        return ys_fail_nomem(r->diag);
    d->in = (ys_flow_input){v[0], v[1], d->tail, d->head, d->low, d->cap, d->cost, d->supply};
    return YS_OK;
}

static ys_status node_line(reader *r)
{
    int64_t v[2];
    YS_TRY(numbers(r, 2, v));
    if (v[0] < 1 || v[0] > r->d->in.nodes)
        return bad(r, "没有这个节点", "there is no such node");
    r->d->supply[v[0] - 1] = v[1];
    return YS_OK;
}

static ys_status arc_line(reader *r)
{
    int64_t v[5], e = r->arcs++;
    ys_dimacs *d = r->d;
    YS_TRY(numbers(r, 5, v));
    if (e >= d->in.arcs)
        return bad(r, "弧比 p 行说的多", "there are more arcs than the p line says");
    for (int k = 0; k < 2; k++)
        if (v[k] < 1 || v[k] > d->in.nodes)
            return bad(r, "没有这个节点", "there is no such node");
    d->tail[e] = (int32_t)(v[0] - 1);
    d->head[e] = (int32_t)(v[1] - 1);
    d->low[e] = v[2];
    d->cap[e] = v[3] < 0 ? YS_FLOW_UNLIMITED : v[3];
    d->cost[e] = v[4];
    return YS_OK;
}

static ys_status read_line(reader *r)
{
    char sort[32];
    if (word(r, sort, sizeof sort) == 0 || sort[0] == 'c')
        return YS_OK;
    if (sort[1] != '\0' || strchr("pna", sort[0]) == NULL)
        return bad(r, "不认识的行", "an unknown kind of line");
    if (sort[0] == 'p')
        return problem_line(r);
    if (r->d->supply == NULL)
        return bad(r, "p min 行应在最前", "the line “p min” must come first");
    return sort[0] == 'n' ? node_line(r) : arc_line(r);
}

ys_status ys_flow_read_dimacs(const char *text, size_t size, const char *name, ys_dimacs **ret_problem,
                              ys_diag *diag)
{
    reader r = {.size = (int64_t)size, .diag = diag};
    ys_status st = YS_OK;
    ys_diag_where(diag, name, NULL, 0, 0, NULL);
    r.d = ys_calloc(1, sizeof *r.d);
    if (r.d == NULL)
        return ys_fail_nomem(diag);
    for (const char *next = text; next < text + size; next = r.end + 1) {
        r.at = next;
        r.end = memchr(next, '\n', (size_t)(text + size - next));
        r.end = r.end != NULL ? r.end : text + size;
        r.line++;
        YS_GO(read_line(&r));
    }
    if (r.d->supply == NULL)
        YS_GO(bad(&r, "没有 p min 行", "there is no line “p min”"));
    if (r.arcs != r.d->in.arcs)
        YS_GO(bad(&r, "弧比 p 行说的少", "there are fewer arcs than the p line says"));
    *ret_problem = r.d;
    r.d = NULL;
done:
    ys_dimacs_free(r.d);
    return st;
}
