/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include "base/limits.h"
#include "policy/pack_internal.h"

/*
 * mapping.json is run by the importer (docs/pack.md, "Mapping files"); here it is only held against the pack's kinds and
 * fields, so that a slip of the pen shows when the pack is checked and not in the middle of an import.
 */
#define FILE_NAME "mapping.json"

typedef struct mapping {
    ys_pload *l;
    int order;
    const ys_kind *kind; /* of the record under the hand */
    char where[64];      /* files[0].records[2] */
} mapping;

static ys_diag *at(const mapping *m, const char *key, const char *value)
{
    char path[96];
    ys_diag *d = ys__pack_fault(m->l, FILE_NAME, m->order);
    (void)snprintf(path, sizeof path, "%s%s%s", m->where, *m->where && *key ? "." : "", key);
    ys_diag_where(d, NULL, NULL, 0, 0, path);
    ys_diag_value(d, value);
    return d;
}

static void wrong_shape(const mapping *m, const char *key, const char *zh, const char *en)
{
    ys_diag *d = at(m, key, NULL);
    ys_fail(d, YS_EDATA, "“%s”应为%s%.0s", "%s must be %.0s%s", key, zh, en);
    ys_diag_fix(d, "见 docs/pack.md“映射文件”", "see docs/pack.md, “Mapping files”");
}

/* Is `v` a non-empty list of texts? */
static bool text_list(const json_t *v)
{
    for (size_t i = 0; i < json_array_size(v); i++)
        if (!json_is_string(json_array_get(v, i)))
            return false;
    return json_array_size(v) > 0;
}

/* A field of the kind; marks it as given when `given` is there. */
static void field(const mapping *m, const char *key, const char *name, bool *given)
{
    int f = m->kind ? ys_kind_field(m->kind, name) : 0;
    if (f >= 0) {
        if (given && m->kind)
            given[f] = true;
        return;
    }
    ys_diag *d = at(m, key, name);
    ys_fail(d, YS_EDATA, "“%s”没有字段“%s”", "%s has no field %s", m->kind->name, name);
    ys_diag_fix(d, "改正拼写，或在 fields.csv 加一行", "correct the spelling, or add a row to fields.csv");
}

static void check_columns(const mapping *m, const json_t *v, bool *given)
{
    const char *column;
    json_t *to;
    json_object_foreach((json_t *)(uintptr_t)v, column, to)
    {
        if (json_is_string(to))
            field(m, "columns", json_string_value(to), given);
        else if (!text_list(to))
            wrong_shape(m, "columns", "{列: 字段或字段清单}", "{column: field or list of fields}");
        for (size_t i = 0; i < json_array_size(to); i++)
            if (json_is_string(json_array_get(to, i)))
                field(m, "columns", json_string_value(json_array_get(to, i)), given);
    }
}

/* Objects whose keys are fields: constants, values, compose, scale. */
static void check_by_field(const mapping *m, const json_t *record, const char *key, bool *given)
{
    const char *name, *inner;
    json_t *v, *x;
    json_object_foreach(json_object_get(record, key), name, v)
    {
        bool ok = true;
        field(m, key, name, given);
        if (strcmp(key, "constants") == 0)
            ok = json_is_string(v);
        else if (!json_is_object(v))
            ok = false;
        else if (strcmp(key, "compose") == 0)
            ok = text_list(json_object_get(v, "columns")) && json_is_string(json_object_get(v, "with")) &&
                 json_object_size(v) == 2;
        else
            json_object_foreach(v, inner, x)
            {
                if (strcmp(key, "values") == 0)
                    ok &= json_is_string(x);
                else
                    ok &= strcmp(inner, "factor") == 0
                              ? json_is_number(x)
                              : (strcmp(inner, "times") == 0 || strcmp(inner, "over") == 0) && text_list(x);
            }
        if (!ok)
            wrong_shape(m, key, "文档所写的形式", "of the form that the manual shows");
    }
}

static void check_field_list(const mapping *m, const json_t *record, const char *key)
{
    const json_t *v = json_object_get(record, key);
    if (v && !text_list(v))
        wrong_shape(m, key, "字段清单", "a list of fields");
    for (size_t i = 0; text_list(v) && i < json_array_size(v); i++) {
        const char *name = json_string_value(json_array_get(v, i));
        field(m, key, name, NULL);
        int f = m->kind ? ys_kind_field(m->kind, name) : -1;
        if (f < 0 || m->kind->fields[f].type == YS_MONEY ||
            (strcmp(key, "sum") == 0 &&
             (m->kind->fields[f].type == YS_INT || m->kind->fields[f].type == YS_REAL)))
            continue;
        ys_diag *d = at(m, key, name);
        ys_fail(d, YS_EDATA, "字段“%s”的类型是 %s，不能这样用",
                "the field %s is of type %s and cannot be used so", name,
                ys_type_name(m->kind->fields[f].type));
        ys_diag_fix(d, "sum 用于数值和金额，round 用于金额", "sum is for numbers and money, round for money");
    }
}

static void check_keys_given(const mapping *m, const bool *given)
{
    for (int f = 0; m->kind && f < m->kind->field_count; f++) {
        if (!m->kind->fields[f].key || given[f])
            continue;
        ys_diag *d = at(m, "", m->kind->fields[f].name);
        ys_fail(d, YS_EDATA, "没有给出主键字段“%s.%s”", "the key field %s.%s is not given", m->kind->name,
                m->kind->fields[f].name);
        ys_diag_fix(d, "在 columns、compose 或 constants 中给出", "give it in columns, compose or constants");
    }
}

static void check_shapes(const mapping *m, const json_t *record)
{
    static const char *const known[] = {"kind",  "columns", "constants", "compose", "values", "skip",
                                        "scale", "repeat",  "dedupe",    "sum",     "round"};
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)record, key, v)
    {
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(known[k], key) != 0)
            k++;
        if (k == sizeof known / sizeof *known) {
            ys_diag *d = at(m, key, key);
            ys_fail(d, YS_EDATA, "不认识的键“%s”", "unknown key %s", key);
            ys_diag_fix(d, "改正拼写或删去", "correct the spelling or remove it");
        } else if (k >= 1 && k <= 6 && !json_is_object(v)) {
            wrong_shape(m, key, "对象", "an object");
        } else if (strcmp(key, "repeat") == 0 && !json_is_string(v)) {
            wrong_shape(m, key, "列名", "the name of a column");
        } else if (strcmp(key, "dedupe") == 0 && !json_is_boolean(v)) {
            wrong_shape(m, key, " true 或 false", "true or false");
        }
    }
    json_object_foreach(json_object_get(record, "skip"), key, v) if (!text_list(v))
        wrong_shape(m, "skip", "{列: 文字清单}", "{column: list of texts}");
}

static void check_record(mapping *m, const json_t *record)
{
    const char *kind = json_string_value(json_object_get(record, "kind"));
    m->kind = kind ? ys_pack_kind(m->l->pack, kind) : NULL;
    if (!m->kind) {
        ys_diag *d = at(m, "kind", kind);
        ys_fail(d, YS_EDATA, "kinds.csv 中没有这个记录类型", "kinds.csv has no such kind");
        ys_diag_fix(d, "改正 kind", "correct kind");
        return;
    }
    bool *given = ys__pack_alloc(m->l, m->kind->field_count, sizeof *given);
    if (!given)
        return;
    check_shapes(m, record);
    check_columns(m, json_object_get(record, "columns"), given);
    check_by_field(m, record, "constants", given);
    check_by_field(m, record, "compose", given);
    check_by_field(m, record, "values", NULL);
    check_by_field(m, record, "scale", NULL);
    check_field_list(m, record, "sum");
    check_field_list(m, record, "round");
    check_keys_given(m, given);
}

static void check_files(mapping *m, const json_t *root)
{
    const json_t *files = json_object_get(root, "files");
    if (!json_array_size(files))
        wrong_shape(m, "files", "非空清单", "a list that is not empty");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i), *records = json_object_get(file, "records");
        (void)snprintf(m->where, sizeof m->where, "files[%zu]", i);
        if (!json_string_length(json_object_get(file, "match")))
            wrong_shape(m, "match", "文件名样式", "a pattern of file names");
        if (!json_array_size(records))
            wrong_shape(m, "records", "非空清单", "a list that is not empty");
        for (size_t k = 0; k < json_array_size(records); k++) {
            (void)snprintf(m->where, sizeof m->where, "files[%zu].records[%zu]", i, k);
            check_record(m, json_array_get(records, k));
        }
    }
}

void ys__pack_check_mapping(ys_pload *l)
{
    const ys_pack_file *f = ys__pack_file(l->pack, FILE_NAME);
    mapping m = {.l = l, .order = l->next_order++};
    json_error_t why;
    if (!f || !l->pack->kind_count)
        return;
    if (f->size > YS_LIMIT_PACK_JSON) {
        ys_diag *d = at(&m, "", NULL);
        ys_fail(d, YS_ELIMIT, "文件超过 %d KB", "the file is larger than %d KB",
                (int)(YS_LIMIT_PACK_JSON >> 10));
        ys_diag_fix(d, "分成几个政策包", "split it over several packs");
        return;
    }
    json_t *root = json_loadb(f->data, f->size, JSON_REJECT_DUPLICATES, &why);
    if (!root) {
        ys_diag *d = at(&m, "", NULL);
        ys_diag_where(d, NULL, NULL, why.line > 0 ? why.line : 0, why.column > 0 ? why.column : 0, NULL);
        ys_fail(d, YS_EDATA, "不是有效的 JSON：%s", "not valid JSON: %s", why.text);
        ys_diag_fix(d, "检查引号、逗号和括号", "check quotes, commas and brackets");
        return;
    }
    check_files(&m, root);
    json_decref(root);
}
