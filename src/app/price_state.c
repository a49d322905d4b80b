/* SPDX-License-Identifier: Apache-2.0 */
#include "app/price_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bytes.h"
#include "base/alloc.h"
#include "base/rng.h"
#include "io/whole_file.h"

#define MAGIC 0x3145434952505359ull /* "YSPRICE1" */

/* The file: this head, parts * rows doubles, a hash of all before it. */
typedef struct head {
    uint64_t magic, households, options, rows, limits; /* limits: a hash of them */
    uint64_t parts, pass;
} head;

static head head_of(const ys_additive *p, int parts, int pass)
{
    uint64_t rows = (uint64_t)p->funds + (uint64_t)p->rows;
    return (head){.magic = MAGIC,
                  .households = (uint64_t)p->households,
                  .options = p->offset[p->households],
                  .rows = rows,
                  .limits = ys_hash_bytes(p->limit, rows * sizeof *p->limit, (uint64_t)p->funds),
                  .parts = (uint64_t)parts,
                  .pass = (uint64_t)pass};
}

/* ---- writing ---- */

/* Writes and hashes; false: could not. */
static bool put(FILE *f, const void *bytes, size_t n, uint64_t *hash)
{
    *hash = ys_hash_bytes(bytes, n, *hash);
    return n == 0 || fwrite(bytes, n, 1, f) == 1;
}

static bool write_all(FILE *f, const head *h, const double *const *part)
{
    uint64_t hash = 0;
    bool ok = put(f, h, sizeof *h, &hash);
    for (uint64_t k = 0; k < h->parts && ok; k++)
        ok = put(f, part[k], h->rows * sizeof **part, &hash);
    return ok && fwrite(&hash, sizeof hash, 1, f) == 1;
}

ys_status ys_price_state_write(const char *path, const ys_additive *p, const double *const *part, int parts,
                               int pass, ys_diag *diag)
{
    ys_diag why = {0};
    ys_whole_file w;
    head h = head_of(p, parts, pass);
    ys_status st = ys_whole_file_open(&w, path, &why);
    if (st == YS_OK) {
        (void)write_all(w.f, &h, part); /* a write that failed is told at the end */
        st = ys_whole_file_finish(&w, &why);
    }
    if (st == YS_OK)
        return YS_OK;
    if (diag != NULL)
        *diag = why;
    return ys_fail(diag, st, "写不了价格状态：%s%.0s", "cannot write the state of the prices: %.0s%s", why.zh,
                   why.en);
}

/* ---- reading ---- */

static ys_status check(const ys_bytes *b, const head *want, ys_diag *diag)
{
    head h;
    uint64_t hash;
    size_t body = sizeof h + (size_t)(want->parts * want->rows) * sizeof(double);
    bool whole = b->size >= sizeof h + sizeof hash;
    if (whole) {
        memcpy(&h, b->data, sizeof h);
        memcpy(&hash, (const char *)b->data + b->size - sizeof hash, sizeof hash);
        whole = h.magic == MAGIC;
    }
    if (whole && (h.households != want->households || h.options != want->options || h.rows != want->rows ||
                  h.limits != want->limits || h.parts != want->parts)) {
        ys_diag_fix(diag, "换一个 --state，或删去此文件重新开始",
                    "name another --state, or delete the file to start anew");
        return ys_fail(diag, YS_ECONFLICT, "这是另一个问题的价格状态（%llu 户，%llu 行）",
                       "these are the prices of another problem (%llu households, %llu rows)",
                       (unsigned long long)h.households, (unsigned long long)h.rows);
    }
    if (whole) {
        uint64_t sum = ys_hash_bytes(b->data, sizeof h, 0);
        size_t row_bytes = (size_t)want->rows * sizeof(double);
        whole = b->size == body + sizeof hash;
        for (uint64_t k = 0; k < want->parts && whole; k++)
            sum = ys_hash_bytes((const char *)b->data + sizeof h + k * row_bytes, row_bytes, sum);
        whole = whole && sum == hash && h.pass > 0 && h.pass <= INT32_MAX;
    }
    if (whole)
        return YS_OK;
    ys_diag_fix(diag, "删去此文件重新开始", "delete the file to start anew");
    return ys_fail(diag, YS_ECORRUPT, "不是价格状态文件，或已损坏", "no file of prices, or a damaged one");
}

ys_status ys_price_state_read(const char *path, const ys_additive *p, int parts, ys_price_state *ret_state,
                              ys_diag *diag)
{
    ys_bytes b = {0};
    head want = head_of(p, parts, 0), h;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return ys_fail(diag, YS_ENOTFOUND, "没有 %s", "there is no %s", path);
    YS_TRY(ys_bytes_open(path, &b, diag));
    ys_status st = check(&b, &want, diag);
    size_t n = (size_t)(want.parts * want.rows);
    double *value = st == YS_OK ? ys_malloc((n + 1) * sizeof *value) : NULL;
    if (st == YS_OK && value == NULL)
        st = ys_fail_nomem(diag);
    if (st == YS_OK) {
        memcpy(&h, b.data, sizeof h);
        memcpy(value, (const char *)b.data + sizeof h, n * sizeof *value);
        *ret_state = (ys_price_state){.pass = (int)h.pass, .value = value};
    }
    ys_bytes_close(&b);
    return st;
}

void ys_price_state_done(ys_price_state *s)
{
    ys_free(s->value);
    *s = (ys_price_state){0};
}
