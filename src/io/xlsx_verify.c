/* SPDX-License-Identifier: Apache-2.0 */
#include "io/xlsx_verify.h"
#include "base/alloc.h"
#include "io/xlsx_internal.h"

enum { PIECE = 64 * 1024, KEEP = 32 };

/* What was seen of a sheet: `buf` holds its last bytes. */
typedef struct tally {
    int64_t cells;
    size_t have;
    char buf[PIECE + KEEP];
} tally;

/* Counts the cells that begin in the `n` new bytes; in XML text `<` is escaped, so the mark is always a cell. */
static void count(tally *t, size_t n)
{
    static const char mark[] = "<c r=";
    const size_t k = sizeof mark - 1;
    size_t before = t->have < k - 1 ? t->have : k - 1; /* the mark may be cut by the border */
    const char *p = t->buf + t->have - before, *end = t->buf + t->have + n;
    while ((p = memmem(p, (size_t)(end - p), mark, k))) {
        t->cells++;
        p += k;
    }
    t->have += n;
    size_t rest = t->have < KEEP ? t->have : KEEP;
    memmove(t->buf, t->buf + t->have - rest, rest);
    t->have = rest;
}

static bool ends_well(const tally *t)
{
    static const char mark[] = "</worksheet>";
    return memmem(t->buf, t->have, mark, sizeof mark - 1) != NULL;
}

static ys_status check_sheet(ys_xlsx *x, int sheet, int64_t cells, tally *t, ys_diag *diag)
{
    ys__xml m;
    size_t n = 1;
    t->cells = 0;
    t->have = 0;
    ys_status st = ys__xml_open(&m, x, x->sheets[sheet].part, x->sheets[sheet].name, diag);
    while (st == YS_OK && n > 0) {
        st = ys__xml_raw(&m, t->buf + t->have, PIECE, &n, diag);
        if (st == YS_OK)
            count(t, n);
    }
    ys__xml_done(&m);
    if (st == YS_OK && (t->cells != cells || !ends_well(t)))
        st = ys_fail(diag, YS_EIO, "工作表“%s”没有写完整：应有 %lld 个单元格，实有 %lld 个",
                     "sheet \"%s\" was not written whole: %lld cells expected, %lld found",
                     x->sheets[sheet].name, (long long)cells, (long long)t->cells);
    return st;
}

static bool is_sheet(const ys_xlsx *x, const char *part)
{
    for (size_t i = 0; i < x->nsheets; i++)
        if (strcmp(x->sheets[i].part, part) == 0)
            return true;
    return false;
}

/* The small parts must be well-formed. */
static ys_status check_others(ys_xlsx *x, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {NULL, NULL, NULL};
    zip_int64_t n = zip_get_num_entries(x->zip, 0);
    for (zip_int64_t i = 0; i < n; i++) {
        const char *part = zip_get_name(x->zip, (zip_uint64_t)i, 0);
        ys__xml m;
        if (part && !is_sheet(x, part))
            YS_TRY(ys__xml_run(&m, x, part, &handlers, NULL, diag));
    }
    return YS_OK;
}

ys_status ys__xlsx_verify(const char *path, const int64_t *cells, int nsheets, ys_diag *diag)
{
    const ys_xlsx_options opt = {.max_part = SIZE_MAX, .ratio_free = SIZE_MAX};
    ys_xlsx *x = NULL;
    tally *t = ys_malloc(sizeof *t);
    if (!t)
        return ys_fail_nomem(diag);
    ys_status st = ys_xlsx_open(path, &opt, &x, diag);
    if (st == YS_OK && (int)x->nsheets != nsheets)
        st = ys_fail(diag, YS_EIO, "工作簿缺少工作表", "sheets are missing in the workbook");
    for (int i = 0; st == YS_OK && i < nsheets; i++)
        st = check_sheet(x, i, cells[i], t, diag);
    if (st == YS_OK)
        st = check_others(x, diag);
    ys_xlsx_close(x);
    ys_free(t);
    return st;
}
