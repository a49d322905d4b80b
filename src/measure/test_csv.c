/* SPDX-License-Identifier: Apache-2.0 */
#include "measure/test_csv.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"

static char *slurp(const char *path, size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long len = ftell(f);
    rewind(f);
    char *text = ys_malloc((size_t)len + 2);
    if (text)
        *ret_len = fread(text, 1, (size_t)len, f);
    fclose(f);
    return text;
}

/* Cut the text into cells in place; cells may be quoted. */
static size_t cut(char *p, char *end, char **cell, size_t *ret_first_row)
{
    size_t n = 0;
    *ret_first_row = 0;
    while (p < end) {
        bool quoted = *p == '"';
        char *start = quoted ? ++p : p;
        while (p < end && (quoted ? *p != '"' : *p != ',' && *p != '\n' && *p != '\r'))
            p++;
        char *stop = p;
        p += quoted;
        while (p < end && *p == '\r')
            p++;
        bool eol = p >= end || *p == '\n';
        p++;
        *stop = 0;
        cell[n++] = start;
        if (eol && *ret_first_row == 0)
            *ret_first_row = n;
    }
    return n;
}

bool tcsv_read(const char *path, tcsv *t)
{
    size_t len = 0, cells = 1, first = 0;
    char *text = slurp(path, &len);
    if (!text)
        return false;
    for (size_t i = 0; i < len; i++)
        cells += text[i] == ',' || text[i] == '\n';
    text[len] = '\n';
    char **cell = ys_calloc(cells + 1, sizeof *cell);
    size_t n = cut(text, text + len, cell, &first);
    *t = (tcsv){.columns = (int)first,
                .rows = (int64_t)(n / first) - 1,
                .head = cell,
                .cell = cell + first,
                .text = text};
    return true;
}

bool tcsv_shared(const char *name, tcsv *t)
{
    char path[1024];
    const char *root = getenv("YAOSHI_SHARED");
    snprintf(path, sizeof path, "%s/data/%s", root ? root : "../shared", name);
    if (tcsv_read(path, t))
        return true;
    printf("SKIP: shared data %s is not here\n", name);
    return false;
}

void tcsv_done(tcsv *t)
{
    ys_free(t->head);
    ys_free(t->text);
}

int tcsv_column(const tcsv *t, const char *name)
{
    for (int c = 0; c < t->columns; c++)
        if (strcmp(t->head[c], name) == 0)
            return c;
    return -1;
}

const char *tcsv_at(const tcsv *t, int64_t row, const char *name)
{
    return t->cell[row * t->columns + tcsv_column(t, name)];
}

double *tcsv_reals(const tcsv *t, const char *name)
{
    double *v = ys_calloc((size_t)t->rows + 1, sizeof *v);
    int c = tcsv_column(t, name);
    for (int64_t i = 0; i < t->rows; i++) {
        const char *s = t->cell[i * t->columns + c];
        char *end;
        v[i] = strtod(s, &end);
        if (end == s)
            v[i] = NAN;
    }
    return v;
}

int32_t *tcsv_codes(const tcsv *t, const char *name, int32_t *ret_count)
{
    int32_t *v = ys_calloc((size_t)t->rows + 1, sizeof *v), count = 0;
    const char **seen = ys_calloc((size_t)t->rows + 1, sizeof *seen);
    int c = tcsv_column(t, name);
    for (int64_t i = 0; i < t->rows; i++) {
        const char *s = t->cell[i * t->columns + c];
        int32_t k = count; /* runs are common: look backwards */
        while (k > 0 && strcmp(seen[k - 1], s) != 0)
            k--;
        if (k == 0) {
            seen[count++] = s;
            k = count;
        }
        v[i] = k - 1;
    }
    ys_free(seen);
    *ret_count = count;
    return v;
}

const char *tcsv_code_text(const tcsv *t, const char *name, const int32_t *codes, int32_t code)
{
    for (int64_t i = 0; i < t->rows; i++)
        if (codes[i] == code)
            return tcsv_at(t, i, name);
    return NULL;
}
