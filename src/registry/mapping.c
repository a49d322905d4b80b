/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/mapping.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "registry/mapping_internal.h"

#define PACK_FILE "mapping.json"
enum { FOLD = 256 };

void ys_mapping_free(ys_mapping *m)
{
    if (m == NULL)
        return;
    ys_arena_free(m->arena);
    ys_free(m);
}

ys_status ys_mapping_read(const char *path, ys_mapping **ret_mapping, ys_diag *diag)
{
    ys_status st = YS_OK;
    size_t n = 0;
    /* One byte more than is allowed: a longer file is refused by its size, not cut. */
    char *text = ys_malloc(YS_LIMIT_PACK_JSON + 1);
    FILE *f = NULL;
    if (text == NULL)
        return ys_fail_nomem(diag);
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    f = fopen(path, "rb");
    if (f == NULL)
        YS_GO(ys_fail(diag, YS_ENOTFOUND, "打不开映射文件：%s", "cannot open the mapping file: %s",
                      strerror(errno)));
    n = fread(text, 1, YS_LIMIT_PACK_JSON + 1, f);
    if (ferror(f) != 0)
        YS_GO(ys_fail(diag, YS_EIO, "读不了映射文件", "cannot read the mapping file"));
    YS_GO(ys_mapping_parse(path, text, n, ret_mapping, diag));
done:
    if (f != NULL)
        fclose(f);
    ys_free(text);
    return st;
}

ys_status ys_mapping_of_pack(const ys_pack *pack, ys_mapping **ret_mapping, ys_diag *diag)
{
    const ys_pack_file *files;
    int n = ys_pack_files(pack, &files);
    for (int i = 0; i < n; i++) {
        if (strcmp(files[i].name, PACK_FILE) == 0)
            return ys_mapping_parse(PACK_FILE, files[i].data, files[i].size, ret_mapping, diag);
    }
    *ret_mapping = NULL;
    return YS_OK;
}

ys_mapping_file *ys_mapping_for(ys_mapping *m, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    for (int i = 0; i < m->count; i++) {
        if (fnmatch(m->files[i].match, base, 0) == 0)
            return &m->files[i];
    }
    return NULL;
}

int ys_mapping_column(const char *header, char *const *headers, int n)
{
    char a[FOLD], b[FOLD];
    for (int c = 0; c < n; c++) {
        if (strcmp(headers[c], header) == 0)
            return c;
    }
    for (int c = 0; c < n && ys_text_fold(header, a, sizeof a); c++) {
        if (ys_text_fold(headers[c], b, sizeof b) && strcmp(a, b) == 0)
            return c;
    }
    return -1;
}

/* ---- every column a record asks for, in one walk ---- */

typedef struct walk {
    char *const *headers;
    int n;
    int wanted, found;
    const char *missing;
} walk;

static void visit(walk *w, ys_mapping_columns *c)
{
    for (int i = 0; i < c->count; i++) {
        if (strcmp(c->header[i], "#") == 0) {
            c->column[i] = YS_MAPPING_NUMBER;
            continue;
        }
        c->column[i] = ys_mapping_column(c->header[i], w->headers, w->n);
        w->wanted++;
        if (c->column[i] >= 0)
            w->found++;
        else if (w->missing == NULL)
            w->missing = c->header[i];
    }
}

static void visit_record(walk *w, ys_mapping_record *r)
{
    for (int i = 0; i < r->field_count; i++) {
        visit(w, &r->fields[i].from);
        visit(w, &r->fields[i].times);
        visit(w, &r->fields[i].over);
    }
    for (int i = 0; i < r->skip_count; i++)
        visit(w, &r->skips[i].column);
    visit(w, &r->repeat);
}

int ys_mapping_score(const ys_mapping_file *f, char *const *headers, int n, int *ret_wanted,
                     const char **ret_missing)
{
    walk w = {.headers = headers, .n = n};
    for (int i = 0; i < f->record_count; i++)
        visit_record(&w, &f->records[i]);
    *ret_wanted = w.wanted;
    if (ret_missing != NULL)
        *ret_missing = w.missing;
    return w.found;
}

static bool among(const ys_mapping_columns *c, int column)
{
    for (int i = 0; i < c->count; i++) {
        if (c->column[i] == column)
            return true;
    }
    return false;
}

bool ys_mapping_uses(const ys_mapping_file *f, int column)
{
    for (int i = 0; i < f->record_count; i++) {
        const ys_mapping_record *r = &f->records[i];
        if (among(&r->repeat, column))
            return true;
        for (int k = 0; k < r->field_count; k++) {
            if (among(&r->fields[k].from, column) || among(&r->fields[k].times, column) ||
                among(&r->fields[k].over, column))
                return true;
        }
        for (int k = 0; k < r->skip_count; k++) {
            if (among(&r->skips[k].column, column))
                return true;
        }
    }
    return false;
}

/* ---- against the pack ---- */

static ys_status bind_field(const ys_mapping_record *r, ys_mapping_field *f, ys_diag *diag)
{
    f->field = ys_kind_field(r->kind, f->name);
    if (f->field < 0)
        return ys_fail(diag, YS_EDATA, "映射文件里的字段 %s.%s 不在政策包内",
                       "field %s.%s of the mapping is not in the pack", r->kind_name, f->name);
    ys_type t = r->kind->fields[f->field].type;
    if (f->round && t != YS_MONEY)
        return ys_fail(diag, YS_EDATA, "round 只用于金额字段，%s.%s 不是",
                       "round is for money fields, which %s.%s is not", r->kind_name, f->name);
    if ((f->sum || f->scaled) && t != YS_MONEY && t != YS_INT && t != YS_REAL)
        return ys_fail(diag, YS_EDATA, "sum 和 scale 只用于数值字段，%s.%s 不是",
                       "sum and scale are for numbers, which %s.%s is not", r->kind_name, f->name);
    if (f->sum && r->kind->fields[f->field].key)
        return ys_fail(diag, YS_EDATA, "主键字段 %s.%s 不能相加", "key field %s.%s cannot be added up",
                       r->kind_name, f->name);
    return YS_OK;
}

static ys_status check_keys(const ys_mapping_record *r, ys_diag *diag)
{
    for (int k = 0; k < r->kind->field_count; k++) {
        bool given = !r->kind->fields[k].key;
        for (int i = 0; i < r->field_count && !given; i++)
            given = r->fields[i].field == k;
        if (!given) {
            ys_diag_fix(diag, "在 columns、compose 或 constants 中给出",
                        "give it in columns, compose or constants");
            return ys_fail(diag, YS_EDATA, "映射文件没有给出主键字段 %s.%s",
                           "the mapping does not give key field %s.%s", r->kind_name,
                           r->kind->fields[k].name);
        }
    }
    return YS_OK;
}

ys_status ys_mapping_bind(ys_mapping_file *f, const ys_pack *pack, char *const *headers, int n, ys_diag *diag)
{
    int wanted;
    const char *missing;
    if (ys_mapping_score(f, headers, n, &wanted, &missing) < wanted) {
        ys_diag_fix(diag, "检查文件是否正确，或改映射文件",
                    "check that it is the right file, or change the mapping");
        return ys_fail(diag, YS_EDATA, "没有映射文件要的列“%s”",
                       "column \"%s\", which the mapping names, is not there", missing);
    }
    for (int i = 0; i < f->record_count; i++) {
        ys_mapping_record *r = &f->records[i];
        r->kind = ys_pack_kind(pack, r->kind_name);
        if (r->kind == NULL)
            return ys_fail(diag, YS_EDATA, "映射文件里的类别 %s 不在政策包内",
                           "kind %s of the mapping is not in the pack", r->kind_name);
        for (int k = 0; k < r->field_count; k++)
            YS_TRY(bind_field(r, &r->fields[k], diag));
        YS_TRY(check_keys(r, diag));
    }
    return YS_OK;
}
