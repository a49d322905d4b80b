/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"
#include "policy/pack_columns.h"
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

/* --- kinds --- */
enum { K_KIND, K_ZH, K_EN, K_AREA, K_VIA, K_SOURCE, K_EFFECTIVE };
static const char *const kind_cols[] = {"kind", "label_zh", "label_en", "area_field",
                                        "via",  "source",   "effective"};

static void read_kinds(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_KINDS];
    ys__ptable_read(l, "kinds.csv", kind_cols, LEN(kind_cols), false, t);
    p->kinds = ys__pack_alloc(l, t->rows, sizeof *p->kinds);
    p->kind_list = ys__pack_alloc(l, t->rows, sizeof *p->kind_list);
    if (!p->kinds || !p->kind_list)
        return;
    for (int64_t i = 0; i < t->rows; i++) {
        ys_prow r = {l, t, i};
        p->kinds[i] = (ys_kind){.name = ys__cell(&r, K_KIND),
                                .label_zh = ys__cell_need(&r, K_ZH),
                                .label_en = ys__cell_need(&r, K_EN),
                                .area_field = ys__cell(&r, K_AREA),
                                .via = ys__cell(&r, K_VIA)};
        p->kind_list[i] = &p->kinds[i];
        ys__cell_identifier(&r, K_KIND);
        ys__cell_key(&r, K_KIND, YS_PT_KINDS, p->kinds[i].name);
        ys__cell_date(&r, K_EFFECTIVE);
        if (*p->kinds[i].area_field && *p->kinds[i].via) {
            ys_diag *d = ys__pack_fault_cell(&r, K_VIA);
            ys_fail(d, YS_EDATA, "area_field 与 via 只能填一个",
                    "only one of area_field and via may be given");
            ys_diag_fix(d, "留空其中一个", "leave one of them blank");
        }
    }
    p->kind_count = (int)t->rows;
}

/* --- fields --- */
static const char *const field_cols[] = {
    "kind", "name", "type",        "unit",     "key",      "required", "codes",  "ref",
    "min",  "max",  "sensitivity", "label_zh", "label_en", "synonyms", "source", "effective"};
static const char *const type_names[] = {"int", "money", "date", "bool", "real", "code", "text"};
static const ys_type types[] = {YS_INT, YS_MONEY, YS_DATE, YS_BOOL, YS_REAL, YS_CODE, YS_TEXT};

/* A bound: a number, or for dates a day. */
static bool bound(const ys_prow *r, int col, ys_type type, double *ret_value)
{
    const char *s = ys__cell(r, col);
    int32_t day;
    if (!*s)
        return false;
    if (type == YS_DATE && ys_parse_date(s, &day)) {
        *ret_value = day;
        return true;
    }
    if (type != YS_DATE && type != YS_TEXT && type != YS_CODE && ys_parse_real(s, ret_value))
        return true;
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(d, YS_EDATA, "不是 %s 字段能用的界限", "not a bound of a field of type %s", ys_type_name(type));
    ys_diag_fix(d, "数值字段写数，日期字段写日期，文字和代码字段留空",
                "a number for numbers, a day for dates, blank for texts and codes");
    return false;
}

static void field_bounds(const ys_prow *r, ys_field *f)
{
    f->has_min = bound(r, F_MIN, f->type, &f->min);
    f->has_max = bound(r, F_MAX, f->type, &f->max);
    if (!f->has_min || !f->has_max || f->min <= f->max)
        return;
    ys_diag *d = ys__pack_fault_cell(r, F_MAX);
    ys_fail(d, YS_EDATA, "最大值小于最小值", "the maximum is below the minimum");
    ys_diag_fix(d, "改正 min 或 max", "correct min or max");
}

static void read_field(const ys_prow *r)
{
    static const char *const levels[] = {"none", "name", "id", "phone", "bank"};
    static const ys_sensitivity sens[] = {YS_SENS_NONE, YS_SENS_NAME, YS_SENS_ID, YS_SENS_PHONE,
                                          YS_SENS_BANK};
    ys_pack *p = r->l->pack;
    ys_field *f = &p->fields[r->row];
    *f = (ys_field){.name = ys__cell(r, F_NAME),
                    .type = YS_TEXT,
                    .unit = ys__cell(r, F_UNIT),
                    .codes = ys__cell(r, F_CODES),
                    .ref = ys__cell(r, F_REF),
                    .label_zh = ys__cell_need(r, F_ZH),
                    .label_en = ys__cell_need(r, F_EN),
                    .synonyms = ys__cell(r, F_SYN),
                    .source = ys__cell(r, F_SOURCE)};
    p->field_kind[r->row] = ys__cell_ref(r, F_KIND, YS_PT_KINDS, ys__cell(r, F_KIND));
    ys__cell_identifier(r, F_NAME);
    int type = ys__cell_enum(r, F_TYPE, type_names, LEN(type_names));
    f->type = type >= 0 ? types[type] : YS_TEXT;
    f->key = ys__cell_bool(r, F_KEY);
    f->required = ys__cell_bool(r, F_REQUIRED);
    int s = *ys__cell(r, F_SENS) ? ys__cell_enum(r, F_SENS, levels, LEN(levels)) : 0;
    f->sensitivity = s >= 0 ? sens[s] : YS_SENS_NONE;
    if (type >= 0)
        field_bounds(r, f);
    ys__cell_date(r, F_EFFECTIVE);
    const char *kind = ys__cell(r, F_KIND);
    char *key = ys_arena_printf(p->arena, "%s.%s", kind, f->name);
    if (!key)
        r->l->nomem = true;
    ys__cell_key(r, F_NAME, YS_PT_FIELDS, key);
}

/* Each kind gets its fields together, in the order of the file. */
static void deal_fields(ys_pload *l)
{
    ys_pack *p = l->pack;
    int64_t rows = l->table[YS_PT_FIELDS].rows, used = 0;
    ys_field *all = ys__pack_alloc(l, rows, sizeof *all);
    ys_field **next = ys__pack_alloc(l, p->kind_count, sizeof *next);
    if (!all || !next)
        return;
    for (int64_t i = 0; i < rows; i++)
        if (p->field_kind[i] >= 0)
            p->kinds[p->field_kind[i]].field_count++;
    for (int k = 0; k < p->kind_count; k++) {
        p->kinds[k].fields = next[k] = all + used;
        used += p->kinds[k].field_count;
    }
    for (int64_t i = 0; i < rows; i++)
        if (p->field_kind[i] >= 0)
            *next[p->field_kind[i]]++ = p->fields[i];
}

static void read_fields(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_FIELDS];
    ys__ptable_read(l, "fields.csv", field_cols, LEN(field_cols), false, t);
    p->fields = ys__pack_alloc(l, t->rows, sizeof *p->fields);
    p->field_kind = ys__pack_alloc(l, t->rows, sizeof *p->field_kind);
    if (!p->fields || !p->field_kind)
        return;
    for (int64_t i = 0; i < t->rows; i++) {
        ys_prow r = {l, t, i};
        read_field(&r);
    }
    deal_fields(l);
}

/* --- codes --- */
enum { C_LIST, C_CODE, C_ZH, C_EN, C_SYN, C_SOURCE, C_EFFECTIVE };
static const char *const code_cols[] = {"list",     "code",   "label_zh", "label_en",
                                        "synonyms", "source", "effective"};

static bool all_digits(const char *s)
{
    return *s && s[strspn(s, "0123456789")] == 0;
}

/* `1` next to `02`: a spreadsheet has eaten the zero.  `width`: longest code of each list that begins with a zero. */
static void eaten_zeros(ys_pload *l, const ys_ptable *t)
{
    ys_map *width = ys_map_new(64);
    for (int pass = 0; width && pass < 2; pass++) {
        for (int64_t i = 0; i < t->rows; i++) {
            ys_prow r = {l, t, i};
            const char *code = ys__cell(&r, C_CODE), *list = ys__cell(&r, C_LIST);
            int64_t n = (int64_t)strlen(code), known = ys_map_get(width, list, 0);
            if (!all_digits(code))
                continue;
            if (pass == 0 && code[0] == '0' && n > 1 && n > known) {
                int64_t slot = ys_map_put(width, list, n, NULL);
                l->nomem |= slot < 0;
                if (slot >= 0)
                    ys_map_set(width, slot, n);
            } else if (pass == 1 && code[0] != '0' && n < known) {
                ys_diag *d = ys__pack_fault_cell(&r, C_CODE);
                ys_fail(d, YS_EDATA, "列表“%s”的代码有 %d 位，这里的前导零被电子表格去掉了",
                        "codes of the list %s have %d digits: a spreadsheet has eaten the leading zeros",
                        list, (int)known);
                ys_diag_fix(d, "把该列设为文本格式，补上前导零",
                            "format the column as text and put the zeros back");
            }
        }
    }
    l->nomem |= !width;
    ys_map_free(width);
}

static void read_codes(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_CODES];
    ys__ptable_read(l, "codes.csv", code_cols, LEN(code_cols), false, t);
    p->codes = ys__pack_alloc(l, t->rows, sizeof *p->codes);
    if (!p->codes)
        return;
    for (int64_t i = 0; i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_code_entry *c = &p->codes[i];
        *c = (ys_code_entry){.list = ys__cell_need(&r, C_LIST),
                             .code = ys__cell(&r, C_CODE),
                             .label_zh = ys__cell_need(&r, C_ZH),
                             .label_en = ys__cell_need(&r, C_EN),
                             .synonyms = ys__cell(&r, C_SYN)};
        char *key = ys_arena_printf(p->arena, "%s\x1f%s", c->list, c->code);
        l->nomem |= !key;
        ys__cell_key(&r, C_CODE, YS_PT_CODES, key);
        ys__cell_date(&r, C_EFFECTIVE);
        if (strchr(c->code, '|')) {
            ys_diag *d = ys__pack_fault_cell(&r, C_CODE);
            ys_fail(d, YS_EDATA, "代码里不能有“|”，它用来分隔多个代码",
                    "a code must not hold “|”, which separates codes");
            ys_diag_fix(d, "换一个字符", "use another character");
        }
    }
    eaten_zeros(l, t);
}

void ys__pack_read_schema(ys_pload *l)
{
    read_kinds(l);
    if (!l->nomem)
        read_fields(l);
    if (!l->nomem)
        read_codes(l);
}
