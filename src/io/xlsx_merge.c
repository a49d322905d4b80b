/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merged areas.  <mergeCells> stands behind <sheetData>, so the part is unpacked once more without parsing the rows:
 * in XML text a `<` is always escaped, so the first "sheetData>" that closes a tag is the end of the rows, and what is
 * behind it goes through expat as usual.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "io/xlsx_rows.h"

enum { PIECE = 64 * 1024, KEEP = 64, ROW_MAX = 1048576, COLUMN_MAX = 16384 };

typedef struct reader {
    ys__xml xml;
    ys_xlsx_rows *rows;
} reader;

/* "B12" -> row, column; returns what follows, NULL: no reference. */
static const char *parse_ref(const char *p, int64_t *ret_row, int *ret_col)
{
    int col = 0;
    int64_t row = 0;
    for (; *p == '$' || (*p >= 'A' && *p <= 'Z' && col <= COLUMN_MAX); p++)
        col = *p == '$' ? col : col * 26 + (*p - 'A' + 1);
    for (; *p == '$' || (*p >= '0' && *p <= '9' && row <= ROW_MAX); p++)
        row = *p == '$' ? row : row * 10 + (*p - '0');
    if (col < 1 || col > COLUMN_MAX || row < 1 || row > ROW_MAX)
        return NULL;
    *ret_row = row;
    *ret_col = col;
    return p;
}

static void on_start(void *user, const char *name, const char **attrs)
{
    reader *m = user;
    ys_xlsx_rows *r = m->rows;
    if (strcmp(name, "mergeCell") != 0)
        return;
    const char *ref = ys__xml_attr(attrs, "ref");
    ys_xlsx_merge x = {0};
    const char *p = ref ? parse_ref(ref, &x.row1, &x.col1) : NULL;
    if (p && *p == ':')
        p = parse_ref(p + 1, &x.row2, &x.col2);
    else
        p = NULL;
    if (!p || *p != '\0' || x.row2 < x.row1 || x.col2 < x.col1) {
        ys__xml_fail(&m->xml, ys_fail(&m->xml.diag, YS_EDATA, "合并单元格的范围“%s”不对",
                                      "“%s” is no merged area", ref ? ref : ""));
        return;
    }
    if (r->nmerges == YS_LIMIT_XLSX_MERGES) {
        ys__xml_fail(&m->xml, ys_fail(&m->xml.diag, YS_ELIMIT, "合并单元格超过 %d 处",
                                      "more than %d merged areas", YS_LIMIT_XLSX_MERGES));
        return;
    }
    if (!ys_grow(&r->merges, &r->merges_cap, r->nmerges + 1, sizeof x)) {
        ys__xml_fail(&m->xml, ys_fail_nomem(&m->xml.diag));
        return;
    }
    r->merges[r->nmerges++] = x;
}

/*
 * The end of the rows in `s`: offset behind "</sheetData>" or "<sheetData/>" and the prefix of the names ("x:"),
 * which stands before "sheetData"; 0: not here.
 */
static size_t find_end(const char *s, size_t n, char prefix[KEEP])
{
    static const char word[] = "sheetData";
    const size_t k = sizeof word - 1;
    for (size_t from = 0; from < n;) {
        const char *p = memmem(s + from, n - from, word, k);
        if (!p)
            return 0;
        size_t at = (size_t)(p - s), end = at + k, begin = at;
        while (begin > 0 && s[begin - 1] != '<' && s[begin - 1] != '/' && s[begin - 1] != '>' &&
               at - begin < KEEP - 2)
            begin--;
        bool closing = begin > 1 && s[begin - 1] == '/' && s[begin - 2] == '<';
        bool opening = begin > 0 && s[begin - 1] == '<';
        while (end < n && (s[end] == ' ' || s[end] == '\n' || s[end] == '\r' || s[end] == '\t'))
            end++;
        bool selfclosed = opening && end + 1 < n && s[end] == '/' && s[end + 1] == '>';
        if (selfclosed || (closing && end < n && s[end] == '>')) {
            memcpy(prefix, s + begin, at - begin);
            prefix[at - begin] = '\0';
            return end + (selfclosed ? 2 : 1);
        }
        from = at + k;
    }
    return 0;
}

/* Unpack until the rows end; then parse the rest inside a root of the same name. */
static ys_status scan(reader *m, char *buf, ys_diag *diag)
{
    size_t have = 0, got;
    char prefix[KEEP], root[KEEP + 16];
    for (;;) {
        YS_TRY(ys__xml_raw(&m->xml, buf + have, PIECE, &got, diag));
        if (got == 0)
            return YS_OK; /* rows without an end: reading them says so */
        have += got;
        size_t end = find_end(buf, have, prefix);
        if (end > 0) {
            (void)snprintf(root, sizeof root, "<%sworksheet>", prefix);
            YS_TRY(ys__xml_feed(&m->xml, root, strlen(root), false, diag));
            YS_TRY(ys__xml_feed(&m->xml, buf + end, have - end, false, diag));
            break;
        }
        size_t keep = have < 2 * KEEP ? have : 2 * KEEP; /* the tag may be cut */
        memmove(buf, buf + have - keep, keep);
        have = keep;
    }
    while (!m->xml.ended)
        YS_TRY(ys__xml_step(&m->xml, diag));
    return YS_OK;
}

static int by_place(const void *a, const void *b)
{
    const ys_xlsx_merge *x = a, *y = b;
    if (x->row1 != y->row1)
        return x->row1 < y->row1 ? -1 : 1;
    return (x->col1 > y->col1) - (x->col1 < y->col1);
}

ys_status ys_xlsx_merges(ys_xlsx_rows *r, const ys_xlsx_merge **ret_merges, int *ret_n, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {on_start, NULL, NULL};
    if (!r->merges_read) {
        reader m = {.rows = r};
        r->nmerges = 0;
        char *buf = ys_malloc(PIECE + 2 * KEEP);
        ys_status st =
            buf ? ys__xml_open(&m.xml, r->x, r->sheet->part, r->sheet->name, diag) : ys_fail_nomem(diag);
        if (st == YS_OK)
            st = ys__xml_handle(&m.xml, &handlers, &m, diag);
        if (st == YS_OK)
            st = scan(&m, buf, diag);
        ys__xml_done(&m.xml);
        ys_free(buf);
        YS_TRY(st);
        if (r->nmerges > 1)
            qsort(r->merges, r->nmerges, sizeof *r->merges, by_place);
        r->merges_read = true;
    }
    *ret_merges = r->merges;
    *ret_n = (int)r->nmerges;
    return YS_OK;
}
