/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "registry/mapping_internal.h"

/* Where the reader is, for messages. */
typedef struct reader {
    ys_mapping *m;
    char where[80]; /* files[0].records[2] */
    ys_diag *diag;
} reader;

static ys_status shape(const reader *r, const char *key, const char *zh, const char *en)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s%s", r->where, r->where[0] != '\0' && key[0] != '\0' ? "." : "", key);
    ys_diag_where(r->diag, NULL, NULL, 0, 0, path);
    ys_diag_fix(r->diag, "见 docs/pack.md“映射文件”", "see docs/pack.md, \"Mapping files\"");
    return ys_fail(r->diag, YS_EDATA, "映射文件格式不对：应为%s%.0s",
                   "the mapping file has the wrong shape: %.0sit should be %s", zh, en);
}

static ys_status keep(const reader *r, const char *text, const char **ret)
{
    *ret = ys_arena_strdup(r->m->arena, text);
    return *ret != NULL ? YS_OK : ys_fail_nomem(r->diag);
}

static ys_status text(const reader *r, const char *key, const json_t *v, const char **ret)
{
    if (!json_is_string(v))
        return shape(r, key, "文字", "a text");
    return keep(r, json_string_value(v), ret);
}

/* ["a", "b"] into a new array; an empty list is allowed where `least` is 0. */
static ys_status texts(const reader *r, const char *key, const json_t *v, const char ***ret, int *ret_count)
{
    size_t n = json_array_size(v);
    if (!json_is_array(v) || n == 0)
        return shape(r, key, "非空的文字清单", "a list of texts that is not empty");
    const char **list = ys_arena_alloc(r->m->arena, n, sizeof *list);
    if (list == NULL)
        return ys_fail_nomem(r->diag);
    for (size_t i = 0; i < n; i++)
        YS_TRY(text(r, key, json_array_get(v, i), &list[i]));
    *ret = list;
    *ret_count = (int)n;
    return YS_OK;
}

static ys_status places(const reader *r, ys_mapping_columns *c)
{
    c->column = ys_arena_alloc(r->m->arena, (size_t)c->count, sizeof *c->column);
    return c->column != NULL ? YS_OK : ys_fail_nomem(r->diag);
}

static ys_status columns(const reader *r, const char *key, const json_t *v, ys_mapping_columns *c)
{
    YS_TRY(texts(r, key, v, &c->header, &c->count));
    return places(r, c);
}

static ys_status one_column(const reader *r, const char *header, ys_mapping_columns *c)
{
    c->count = 1;
    c->header = ys_arena_alloc(r->m->arena, 1, sizeof *c->header);
    if (c->header == NULL)
        return ys_fail_nomem(r->diag);
    YS_TRY(keep(r, header, &c->header[0]));
    return places(r, c);
}

/* ---- fields ---- */

static ys_mapping_field *find(ys_mapping_record *rec, const char *name)
{
    for (int i = 0; i < rec->field_count; i++) {
        if (strcmp(rec->fields[i].name, name) == 0)
            return &rec->fields[i];
    }
    return NULL;
}

/* A field that gets its text here; nothing else may have given it one. */
static ys_status new_field(const reader *r, const char *key, ys_mapping_record *rec, const char *name,
                           ys_mapping_field **ret)
{
    if (find(rec, name) != NULL) {
        ys_diag_value(r->diag, name);
        return shape(r, key, "每个字段只给出一次", "one source for each field");
    }
    *ret = &rec->fields[rec->field_count];
    (*ret)->factor = 1;
    YS_TRY(keep(r, name, &(*ret)->name));
    rec->field_count++;
    return YS_OK;
}

/* A field that some part of the record has given a text already. */
static ys_status known_field(const reader *r, const char *key, ys_mapping_record *rec, const char *name,
                             ys_mapping_field **ret)
{
    *ret = find(rec, name);
    if (*ret != NULL)
        return YS_OK;
    ys_diag_value(r->diag, name);
    return shape(r, key, "由 columns、compose 或 constants 给出的字段",
                 "about a field that columns, compose or constants give");
}

static ys_status add_column_field(const reader *r, ys_mapping_record *rec, const char *header,
                                  const char *name)
{
    ys_mapping_field *f = NULL;
    YS_TRY(new_field(r, "columns", rec, name, &f));
    return one_column(r, header, &f->from);
}

static ys_status read_columns(const reader *r, ys_mapping_record *rec, json_t *object)
{
    const char *header;
    json_t *to;
    json_object_foreach(object, header, to)
    {
        if (json_is_string(to))
            YS_TRY(add_column_field(r, rec, header, json_string_value(to)));
        else if (!json_is_array(to))
            return shape(r, "columns", "列 → 字段或字段清单", "column: field or list of fields");
        for (size_t i = 0; i < json_array_size(to); i++) {
            if (!json_is_string(json_array_get(to, i)))
                return shape(r, "columns", "列 → 字段或字段清单", "column: field or list of fields");
            YS_TRY(add_column_field(r, rec, header, json_string_value(json_array_get(to, i))));
        }
    }
    return YS_OK;
}

static ys_status read_compose(const reader *r, ys_mapping_record *rec, json_t *object)
{
    const char *name;
    json_t *v;
    json_object_foreach(object, name, v)
    {
        ys_mapping_field *f = NULL;
        YS_TRY(new_field(r, "compose", rec, name, &f));
        YS_TRY(columns(r, "compose", json_object_get(v, "columns"), &f->from));
        YS_TRY(text(r, "compose", json_object_get(v, "with"), &f->with));
    }
    return YS_OK;
}

static ys_status read_constants(const reader *r, ys_mapping_record *rec, json_t *object)
{
    const char *name;
    json_t *v;
    json_object_foreach(object, name, v)
    {
        ys_mapping_field *f = NULL;
        YS_TRY(new_field(r, "constants", rec, name, &f));
        YS_TRY(text(r, "constants", v, &f->constant));
    }
    return YS_OK;
}

static ys_status read_values(const reader *r, ys_mapping_record *rec, json_t *object)
{
    const char *name, *from;
    json_t *v, *to;
    json_object_foreach(object, name, v)
    {
        ys_mapping_field *f = NULL;
        YS_TRY(known_field(r, "values", rec, name, &f));
        size_t n = json_object_size(v);
        f->value = ys_arena_alloc(r->m->arena, n, sizeof *f->value);
        f->to = ys_arena_alloc(r->m->arena, n, sizeof *f->to);
        if (f->value == NULL || f->to == NULL)
            return ys_fail_nomem(r->diag);
        if (!json_is_object(v))
            return shape(r, "values", "字段 → {表内文字: 本方文字}",
                         "field: {text of the file: text of ours}");
        json_object_foreach(v, from, to)
        {
            YS_TRY(keep(r, from, &f->value[f->value_count]));
            YS_TRY(text(r, "values", to, &f->to[f->value_count]));
            f->value_count++;
        }
    }
    return YS_OK;
}

static ys_status read_scale(const reader *r, ys_mapping_record *rec, json_t *object)
{
    const char *name, *part;
    json_t *v, *x;
    json_object_foreach(object, name, v)
    {
        ys_mapping_field *f = NULL;
        YS_TRY(known_field(r, "scale", rec, name, &f));
        if (!json_is_object(v))
            return shape(r, "scale", "{times, over, factor}", "{times, over, factor}");
        f->scaled = true;
        json_object_foreach(v, part, x)
        {
            if (strcmp(part, "times") == 0)
                YS_TRY(columns(r, "scale.times", x, &f->times));
            else if (strcmp(part, "over") == 0)
                YS_TRY(columns(r, "scale.over", x, &f->over));
            else if (strcmp(part, "factor") == 0 && json_is_number(x))
                f->factor = json_number_value(x);
            else
                return shape(r, "scale", "{times, over, factor}", "{times, over, factor}");
        }
    }
    return YS_OK;
}

static ys_status read_skip(const reader *r, ys_mapping_record *rec, json_t *object)
{
    const char *header;
    json_t *v;
    rec->skips = ys_arena_alloc(r->m->arena, json_object_size(object), sizeof *rec->skips);
    if (rec->skips == NULL)
        return ys_fail_nomem(r->diag);
    json_object_foreach(object, header, v)
    {
        ys_mapping_skip *s = &rec->skips[rec->skip_count++];
        YS_TRY(one_column(r, header, &s->column));
        YS_TRY(texts(r, "skip", v, &s->text, &s->count));
    }
    return YS_OK;
}

static ys_status read_field_list(const reader *r, ys_mapping_record *rec, const char *key, const json_t *v)
{
    if (v == NULL)
        return YS_OK;
    if (!json_is_array(v))
        return shape(r, key, "字段清单", "a list of fields");
    for (size_t i = 0; i < json_array_size(v); i++) {
        const char *name = json_string_value(json_array_get(v, i));
        ys_mapping_field *f = NULL;
        YS_TRY(known_field(r, key, rec, name != NULL ? name : "", &f));
        if (strcmp(key, "sum") == 0)
            rec->sums = f->sum = true;
        else
            f->round = true;
    }
    return YS_OK;
}

/* ---- records ---- */

/* What may stand in a record, of which shape, and who reads it; in the order in which they must be read. */
static const struct {
    const char *key;
    bool object;
    ys_status (*read)(const reader *r, ys_mapping_record *rec, json_t *object);
} parts[] = {
    {"columns", true, read_columns},
    {"compose", true, read_compose},
    {"constants", true, read_constants},
    {"values", true, read_values},
    {"scale", true, read_scale},
    {"skip", true, read_skip},
    {"kind", false, NULL},
    {"repeat", false, NULL},
    {"dedupe", false, NULL},
    {"sum", false, NULL},
    {"round", false, NULL},
};
enum { PARTS = sizeof parts / sizeof *parts };

static ys_status check_keys(const reader *r, json_t *record)
{
    const char *key;
    json_t *v;
    json_object_foreach(record, key, v)
    {
        size_t k = 0;
        while (k < PARTS && strcmp(parts[k].key, key) != 0)
            k++;
        if (k == PARTS)
            return shape(r, key, "已知的键", "a known key");
        if (parts[k].object && !json_is_object(v))
            return shape(r, key, "对象", "an object");
    }
    return YS_OK;
}

static size_t count_fields(json_t *record)
{
    const char *key;
    json_t *v;
    size_t n = json_object_size(json_object_get(record, "compose")) +
               json_object_size(json_object_get(record, "constants"));
    json_object_foreach(json_object_get(record, "columns"), key, v) n +=
        json_is_array(v) ? json_array_size(v) : 1;
    return n;
}

static ys_status read_record(const reader *r, json_t *v, ys_mapping_record *rec)
{
    json_t *dedupe = json_object_get(v, "dedupe"), *repeat = json_object_get(v, "repeat");
    if (!json_is_object(v))
        return shape(r, "", "对象", "an object");
    YS_TRY(check_keys(r, v));
    YS_TRY(text(r, "kind", json_object_get(v, "kind"), &rec->kind_name));
    rec->fields = ys_arena_alloc(r->m->arena, count_fields(v), sizeof *rec->fields);
    if (rec->fields == NULL)
        return ys_fail_nomem(r->diag);
    for (size_t k = 0; k < PARTS; k++) {
        json_t *part = json_object_get(v, parts[k].key);
        if (part != NULL && parts[k].read != NULL)
            YS_TRY(parts[k].read(r, rec, part));
    }
    YS_TRY(read_field_list(r, rec, "sum", json_object_get(v, "sum")));
    YS_TRY(read_field_list(r, rec, "round", json_object_get(v, "round")));
    if (dedupe != NULL && !json_is_boolean(dedupe))
        return shape(r, "dedupe", " true 或 false", "true or false");
    rec->dedupe = json_is_true(dedupe);
    if (repeat != NULL && !json_is_string(repeat))
        return shape(r, "repeat", "列名", "the name of a column");
    return repeat != NULL ? one_column(r, json_string_value(repeat), &rec->repeat) : YS_OK;
}

static ys_status read_file(reader *r, json_t *v, size_t number, ys_mapping_file *f)
{
    json_t *records = json_object_get(v, "records");
    snprintf(r->where, sizeof r->where, "files[%zu]", number);
    YS_TRY(text(r, "match", json_object_get(v, "match"), &f->match));
    if (!json_is_array(records) || json_array_size(records) == 0)
        return shape(r, "records", "非空清单", "a list that is not empty");
    f->records = ys_arena_alloc(r->m->arena, json_array_size(records), sizeof *f->records);
    if (f->records == NULL)
        return ys_fail_nomem(r->diag);
    for (size_t i = 0; i < json_array_size(records); i++) {
        snprintf(r->where, sizeof r->where, "files[%zu].records[%zu]", number, i);
        YS_TRY(read_record(r, json_array_get(records, i), &f->records[f->record_count++]));
    }
    return YS_OK;
}

static ys_status read_root(reader *r, json_t *root)
{
    json_t *files = json_object_get(root, "files");
    if (!json_is_array(files) || json_array_size(files) == 0)
        return shape(r, "files", "非空清单", "a list that is not empty");
    r->m->files = ys_arena_alloc(r->m->arena, json_array_size(files), sizeof *r->m->files);
    if (r->m->files == NULL)
        return ys_fail_nomem(r->diag);
    for (size_t i = 0; i < json_array_size(files); i++)
        YS_TRY(read_file(r, json_array_get(files, i), i, &r->m->files[r->m->count++]));
    return YS_OK;
}

ys_status ys_mapping_parse(const char *name, const char *json, size_t size, ys_mapping **ret_mapping,
                           ys_diag *diag)
{
    json_error_t why;
    json_t *root = NULL;
    ys_status st = YS_OK;
    reader r = {.m = ys_calloc(1, sizeof *r.m), .diag = diag};
    if (r.m == NULL || (r.m->arena = ys_arena_new(0)) == NULL)
        YS_GO(ys_fail_nomem(diag));
    ys_diag_where(diag, name, NULL, 0, 0, NULL);
    if (size > YS_LIMIT_PACK_JSON)
        YS_GO(ys_fail(diag, YS_ELIMIT, "映射文件超过 %d KB", "the mapping file is larger than %d KB",
                      (int)(YS_LIMIT_PACK_JSON >> 10)));
    root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL) {
        ys_diag_where(diag, NULL, NULL, why.line > 0 ? why.line : 0, why.column > 0 ? why.column : 0, NULL);
        ys_diag_fix(diag, "检查引号、逗号和括号", "check quotes, commas and brackets");
        YS_GO(ys_fail(diag, YS_EDATA, "映射文件不是有效的 JSON：%s", "the mapping file is not valid JSON: %s",
                      why.text));
    }
    YS_GO(read_root(&r, root));
    *ret_mapping = r.m;
    r.m = NULL;
done:
    json_decref(root);
    ys_mapping_free(r.m);
    return st;
}
