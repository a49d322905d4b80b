/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Data Package (datapackage.org, version 2): a folder with a CSV of every public kind of record, and datapackage.json that says what the
 * columns mean, from the dictionary of the pack.
 *
 * Public is what is about no person and no household: kinds with an encrypted personal field, and kinds that hang on a household or person, stay
 * out; so do personal fields, references to a household or person, and the rows that have one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/clock.h"
#include "app/export_document.h"
#include "app/fact.h"
#include "base/alloc.h"
#include "base/json.h"
#include "io/csv.h"
#include "io/whole_file.h"

typedef struct package {
    ys_office *office;
    const ys_export_args *args;
    ys_json json;
    ys_whole_file description;
    char path[1024];
    int done, count; /* kinds of the pack looked at, and those that have a file */
    int64_t rows, left_out;
} package;

static bool about_family(const char *kind)
{
    return strcmp(kind, "household") == 0 || strcmp(kind, "person") == 0;
}

static bool is_public_kind(const ys_pack *pack, const ys_kind *k)
{
    const ys_kind *via = k->via[0] != '\0' ? ys_pack_kind(pack, k->via) : NULL;
    int via_field = k->via[0] != '\0' ? ys_kind_field(k, k->via) : -1;
    if (about_family(k->name) || strcmp(k->name, "pairing") == 0 || about_family(k->via) ||
        (via != NULL && about_family(via->name)))
        return false;
    if (via_field >= 0 && about_family(k->fields[via_field].ref))
        return false;
    for (int f = 0; f < k->field_count; f++) {
        const ys_field *field = &k->fields[f];
        if (ys_field_secret(field) ||
            (field->key && (field->sensitivity != YS_SENS_NONE || about_family(field->ref))))
            return false;
    }
    return true;
}

static bool is_public_field(const ys_field *f)
{
    return f->sensitivity == YS_SENS_NONE && !about_family(f->ref);
}

static bool is_public_row(const ys_kind *k, const ys_table *t, int64_t row)
{
    for (int f = 0; f < k->field_count; f++)
        if (about_family(k->fields[f].ref) && !ys_table_missing(t, ys_table_find(t, k->fields[f].name), row))
            return false;
    return true;
}

/* ---- what the columns mean ------------------------------------------------------------------------------------- */

static const char *type_word(ys_type t)
{
    switch (t) {
    case YS_INT:
        return "integer";
    case YS_MONEY:
    case YS_REAL:
        return "number";
    case YS_DATE:
        return "date";
    case YS_BOOL:
        return "boolean";
    default:
        return "string";
    }
}

static void put_constraints(package *p, const ys_field *f)
{
    int n;
    const ys_code_entry *code = ys_pack_codes(p->office->pack, &n);
    bool number = f->type == YS_INT || f->type == YS_REAL || f->type == YS_MONEY, codes = f->codes[0] != '\0';
    if (!f->key && !(number && (f->has_min || f->has_max)) && !codes)
        return;
    ys_json_object(&p->json, "constraints");
    if (f->key)
        ys_json_bool(&p->json, "required", true);
    if (number && f->has_min)
        ys_json_real(&p->json, "minimum", f->min);
    if (number && f->has_max)
        ys_json_real(&p->json, "maximum", f->max);
    if (codes) {
        ys_json_array(&p->json, "enum");
        for (int i = 0; i < n; i++)
            if (strcmp(code[i].list, f->codes) == 0)
                ys_json_text(&p->json, NULL, code[i].code);
        ys_json_end(&p->json);
    }
    ys_json_end(&p->json);
}

static void put_field(package *p, const ys_field *f)
{
    ys_json *j = &p->json;
    ys_json_object(j, NULL);
    ys_json_text(j, "name", f->name);
    ys_json_text(j, "title", ys_field_label(f, p->args->zh));
    ys_json_text(j, "type", type_word(f->type));
    if (f->type == YS_BOOL) {
        ys_json_array(j, "trueValues");
        ys_json_text(j, NULL, "1");
        ys_json_end(j);
        ys_json_array(j, "falseValues");
        ys_json_text(j, NULL, "0");
        ys_json_end(j);
    }
    if (f->unit[0] != '\0')
        ys_json_text(j, "unit", f->unit);
    if (f->source[0] != '\0')
        ys_json_text(j, "description", f->source);
    put_constraints(p, f);
    ys_json_end(j);
}

static void put_resource(package *p, const ys_kind *k)
{
    char file[200];
    ys_json *j = &p->json;
    snprintf(file, sizeof file, "%s.csv", k->name);
    ys_json_object(j, NULL);
    ys_json_text(j, "name", k->name);
    ys_json_text(j, "title", p->args->zh ? k->label_zh : k->label_en);
    ys_json_text(j, "path", file);
    ys_json_text(j, "format", "csv");
    ys_json_text(j, "mediatype", "text/csv");
    ys_json_text(j, "encoding", "utf-8");
    ys_json_object(j, "schema");
    ys_json_array(j, "fields");
    for (int f = 0; f < k->field_count; f++)
        if (is_public_field(&k->fields[f]))
            put_field(p, &k->fields[f]);
    ys_json_end(j);
    ys_json_array(j, "primaryKey");
    for (int f = 0; f < k->field_count; f++)
        if (k->fields[f].key)
            ys_json_text(j, NULL, k->fields[f].name);
    ys_json_end(j);
    ys_json_array(j, "missingValues");
    ys_json_text(j, NULL, "");
    ys_json_end(j);
    ys_json_end(j);
    ys_json_end(j);
}

/* ---- the rows --------------------------------------------------------------------------------------------------- */

static void put_cell(const package *p, ys_csv_writer *w, const ys_field *f, const ys_table *t, int64_t row)
{
    char buf[1200];
    int col = ys_table_find(t, f->name);
    ys_fact_how how = {.pack = p->office->pack, .zh = p->args->zh, .codes = true};
    if (ys_table_missing(t, col, row)) {
        ys_csv_put_text(w, "");
        return;
    }
    switch (f->type) {
    case YS_INT:
        ys_csv_put_int(w, ys_table_get_int(t, col, row));
        break;
    case YS_REAL:
        ys_csv_put_real(w, ys_table_get_real(t, col, row));
        break;
    case YS_MONEY:
        ys_csv_put_money(w, ys_table_get_int(t, col, row), ys_pack_digits(p->office->pack));
        break;
    case YS_DATE:
        ys_csv_put_date(w, ys_table_get_int(t, col, row));
        break;
    default:
        ys_csv_put_text(w, ys_fact_text(&how, f, t, row, buf, sizeof buf));
    }
}

static void put_rows(package *p, ys_csv_writer *w, const ys_kind *k, const ys_table *t)
{
    for (int f = 0; f < k->field_count; f++)
        if (is_public_field(&k->fields[f]))
            ys_csv_put_text(w, k->fields[f].name);
    ys_csv_end_row(w);
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        if (!is_public_row(k, t, i)) {
            p->left_out++;
            continue;
        }
        for (int f = 0; f < k->field_count; f++)
            if (is_public_field(&k->fields[f]))
                put_cell(p, w, &k->fields[f], t, i);
        ys_csv_end_row(w);
        p->rows++;
    }
}

static ys_status write_kind(package *p, const ys_kind *k, const ys_table *t, ys_diag *diag)
{
    ys_whole_file file;
    snprintf(p->path, sizeof p->path, "%s/%s.csv", p->args->path, k->name);
    ys_csv_writer *w = ys_malloc(sizeof *w);
    if (w == NULL)
        return ys_fail_nomem(diag);
    ys_status st = ys_whole_file_open(&file, p->path, diag);
    if (st == YS_OK) {
        ys_csv_writer_init(w, ys_out_file(file.f), false, true);
        put_rows(p, w, k, t);
        if (ys_csv_writer_finish(w)) {
            st = ys_whole_file_finish(&file, diag);
        } else {
            ys_whole_file_drop(&file);
            st = ys_fail(diag, YS_EIO, "写入失败", "cannot write");
        }
    }
    ys_free(w);
    if (st == YS_OK) {
        p->count++;
        put_resource(p, k);
    }
    return st;
}

static ys_status do_kind(package *p, const ys_kind *k, ys_diag *diag)
{
    const ys_reading *how = &p->args->reading;
    ys_table *t = NULL;
    ys_scan scan = {.as_of_tx = how->as_of_tx,
                    .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                    .scope = how->scope};
    YS_TRY(ys_store_scan(p->office->store, k, &scan, &t, diag));
    ys_status st = ys_table_rows(t) > 0 ? write_kind(p, k, t, diag) : YS_OK;
    ys_table_free(t);
    return st;
}

/* ---- the folder -------------------------------------------------------------------------------------------------- */

static void describe(package *p)
{
    char at[40];
    ys_json *j = &p->json;
    ys_json_init(j, ys_out_file(p->description.f), true);
    ys_json_object(j, NULL);
    ys_json_text(j, "$schema", "https://datapackage.org/profiles/2.0/datapackage.json");
    ys_json_text(j, "name", "yaoshi");
    ys_json_text(j, "title",
                 p->args->zh ? "公开数据：没有人，没有户" : "Public data: no persons, no households");
    ys_json_text(j, "version", ys_pack_version(p->office->pack));
    ys_json_text(j, "created", ys__document_time(ys_clock_now(), at, sizeof at));
    ys_json_bool(j, "yaoshi:synthetic", p->office->synthetic);
    ys_json_array(j, "resources");
}

static ys_status fill(package *p, ys_diag *diag)
{
    const ys_kind *const *kinds;
    int n = ys_pack_kinds(p->office->pack, &kinds);
    for (; p->done < n; p->done++)
        if (is_public_kind(p->office->pack, kinds[p->done]))
            YS_TRY(do_kind(p, kinds[p->done], diag));
    if (p->count == 0) {
        ys_diag_fix(diag, "先导入数据（yaoshi import）", "import something first (yaoshi import)");
        return ys_fail(diag, YS_ENOTFOUND, "库里没有公开的记录", "the store has no public record");
    }
    ys_json_end(&p->json);
    ys_json_end(&p->json);
    return ys_json_finish(&p->json) ? YS_OK : ys_fail(diag, YS_EIO, "写入失败", "cannot write");
}

static void take_away(package *p)
{
    const ys_kind *const *kinds;
    ys_pack_kinds(p->office->pack, &kinds);
    for (int i = 0; i < p->done; i++) { /* the folder is ours: what is not there was not written */
        snprintf(p->path, sizeof p->path, "%s/%s.csv", p->args->path, kinds[i]->name);
        unlink(p->path);
    }
    rmdir(p->args->path);
}

static ys_status make_folder(const char *path, ys_diag *diag)
{
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    if (strlen(path) > 900 || strcmp(path, "-") == 0) {
        ys_diag_fix(diag, "给一个新文件夹的名字", "name a new folder");
        return ys_fail(diag, YS_EUSAGE, "数据包是一个文件夹", "a data package is a folder");
    }
    if (mkdir(path, 0777) == 0)
        return YS_OK;
    if (errno == EEXIST) {
        ys_diag_fix(diag, "换个名字，或先移走它", "choose another name, or move it away first");
        return ys_fail(diag, YS_ECONFLICT, "文件夹已存在", "the folder exists already");
    }
    return ys_fail(diag, YS_EIO, "不能建文件夹：%s", "cannot make the folder: %s", strerror(errno));
}

ys_status ys__document_package(ys_office *o, const ys_export_args *args, ys_export_done *ret_done,
                               ys_diag *diag)
{
    package *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    p->office = o;
    p->args = args;
    ys_status st = make_folder(args->path, diag);
    if (st != YS_OK) {
        ys_free(p);
        return st;
    }
    snprintf(p->path, sizeof p->path, "%s/datapackage.json", args->path);
    st = ys_whole_file_open(&p->description, p->path, diag);
    if (st == YS_OK) {
        describe(p);
        st = fill(p, diag);
        if (st == YS_OK)
            st = ys_whole_file_finish(&p->description, diag);
        else
            ys_whole_file_drop(&p->description);
    }
    if (st == YS_OK)
        *ret_done = (ys_export_done){p->rows, p->left_out};
    else
        take_away(p);
    ys_free(p);
    return st;
}
