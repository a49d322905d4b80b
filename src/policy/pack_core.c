/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

/*
 * The fields that the engine itself uses (docs/registry.md).  `codes`: where the field has a code list, it must hold
 * these codes, because the engine reads them by name.
 */
typedef struct core_field {
    const char *kind, *name;
    ys_type type;
    bool key;
    ys_sensitivity least; /* must be at least this sensitive */
    const char *codes;
} core_field;

static const core_field core[] = {
    {"area", "area", YS_TEXT, true, 0, NULL},
    {"area", "level", YS_CODE, false, 0, NULL},
    {"area", "parent", YS_TEXT, false, 0, NULL},
    {"area", "name", YS_TEXT, false, 0, NULL},
    {"area", "name_en", YS_TEXT, false, 0, NULL},
    {"area", "valid_from", YS_DATE, false, 0, NULL},
    {"area", "valid_to", YS_DATE, false, 0, NULL},
    {"area", "successor", YS_TEXT, false, 0, NULL},
    {"area", "lng", YS_REAL, false, 0, NULL},
    {"area", "lat", YS_REAL, false, 0, NULL},
    {"population", "area", YS_TEXT, true, 0, NULL},
    {"population", "year", YS_INT, true, 0, NULL},
    {"population", "definition", YS_CODE, true, 0, NULL},
    {"population", "households", YS_INT, false, 0, NULL},
    {"population", "persons", YS_INT, false, 0, NULL},
    {"statistic", "area", YS_TEXT, true, 0, NULL},
    {"statistic", "date", YS_DATE, true, 0, NULL},
    {"statistic", "name", YS_TEXT, true, 0, NULL},
    {"statistic", "value", YS_REAL, false, 0, NULL},
    {"statistic", "unit", YS_TEXT, false, 0, NULL},
    {"village", "area", YS_TEXT, true, 0, NULL},
    {"town", "area", YS_TEXT, true, 0, NULL},
    {"household", "household", YS_TEXT, true, 0, NULL},
    {"household", "area", YS_TEXT, false, 0, NULL},
    {"household", "frame", YS_CODE, false, 0, "register|sample"},
    {"household", "weight", YS_REAL, false, 0, NULL},
    {"household", "cause_main", YS_CODE, false, 0, NULL},
    {"household", "cause_other", YS_TEXT, false, 0, NULL},
    {"person", "person", YS_TEXT, true, 0, NULL},
    {"person", "household", YS_TEXT, false, 0, NULL},
    {"person", "name", YS_TEXT, false, YS_SENS_NAME, NULL},
    {"person", "sex", YS_CODE, false, 0, NULL},
    {"person", "birth_date", YS_DATE, false, 0, NULL},
    {"person", "id_number", YS_TEXT, false, YS_SENS_ID, NULL},
    {"person", "phone", YS_TEXT, false, YS_SENS_ID, NULL},
    {"income", "household", YS_TEXT, true, 0, NULL},
    {"income", "period", YS_TEXT, true, 0, NULL},
    {"income", "line", YS_CODE, true, 0, NULL},
    {"income", "amount", YS_MONEY, false, 0, NULL},
    {"income", "evidence", YS_CODE, false, 0, NULL},
    {"wish", "household", YS_TEXT, true, 0, NULL},
    {"wish", "measure", YS_TEXT, true, 0, NULL},
    {"wish", "consent", YS_BOOL, false, 0, NULL},
    {"fund", "fund", YS_TEXT, true, 0, NULL},
    {"fund", "period", YS_INT, true, 0, NULL},
    {"fund", "name", YS_TEXT, false, 0, NULL},
    {"fund", "parent", YS_TEXT, false, 0, NULL},
    {"fund", "amount", YS_MONEY, false, 0, NULL},
    {"fund", "giver", YS_TEXT, false, 0, NULL},
    {"provider", "provider", YS_TEXT, true, 0, NULL},
    {"provider", "name", YS_TEXT, false, 0, NULL},
    {"provider", "area", YS_TEXT, false, 0, NULL},
    {"offering", "offering", YS_TEXT, true, 0, NULL},
    {"offering", "measure", YS_TEXT, false, 0, NULL},
    {"offering", "provider", YS_TEXT, false, 0, NULL},
    {"offering", "area", YS_TEXT, false, 0, NULL},
    {"offering", "period", YS_INT, false, 0, NULL},
    {"offering", "capacity", YS_INT, false, 0, NULL},
    {"offering", "fund_a", YS_TEXT, false, 0, NULL},
    {"offering", "share_a", YS_REAL, false, 0, NULL},
    {"offering", "fund_b", YS_TEXT, false, 0, NULL},
    {"offering", "cost", YS_MONEY, false, 0, NULL},
    {"offering", "cost_recurring", YS_MONEY, false, 0, NULL},
    {"offering", "effect", YS_MONEY, false, 0, NULL},
    {"offering", "effect_sd", YS_MONEY, false, 0, NULL},
    {"floor", "floor", YS_TEXT, true, 0, NULL},
    {"floor", "area", YS_TEXT, false, 0, NULL},
    {"floor", "metric", YS_CODE, false, 0, "gap|cures|households"},
    {"floor", "minimum", YS_REAL, false, 0, NULL},
    {"lock", "lock", YS_TEXT, true, 0, NULL},
    {"lock", "household", YS_TEXT, false, 0, NULL},
    {"lock", "area", YS_TEXT, false, 0, NULL},
    {"lock", "measure", YS_TEXT, false, 0, NULL},
    {"lock", "offering", YS_TEXT, false, 0, NULL},
    {"lock", "person", YS_TEXT, false, 0, NULL},
    {"lock", "mode", YS_CODE, false, 0, "keep|forbid"},
};

/* Kinds a pack may do without; one that is there has the fields above. */
static const char *const optional_kinds[] = {"lock"};

static bool is_optional(const char *kind)
{
    for (int i = 0; i < LEN(optional_kinds); i++)
        if (strcmp(optional_kinds[i], kind) == 0)
            return true;
    return false;
}

static ys_diag *lacking(ys_pload *l, ys_pack_table table, int col, const char *value)
{
    ys_prow whole = {l, &l->table[table], -1};
    ys_diag *d = ys__pack_fault_cell(&whole, col);
    ys_diag_value(d, value);
    return d;
}

enum { F_NAME = 1, F_TYPE, F_UNIT, F_KEY, F_REQUIRED, F_CODES, F_REF, F_MIN, F_MAX, F_SENS };

static void check_core_codes(const ys_prow *r, const core_field *c, const ys_field *f)
{
    const char *rest = c->codes, *part;
    for (size_t n; *f->codes && ys__list_next(&rest, &part, &n);) {
        char code[32];
        (void)snprintf(code, sizeof code, "%.*s", (int)n, part);
        const char *found = ys_pack_code(r->l->pack, f->codes, code);
        if ((found && strcmp(found, code) == 0) || ys_map_find(r->l->pack->lists, f->codes) < 0)
            continue;
        ys_diag *d = ys__pack_fault_cell(r, F_CODES);
        ys_fail(d, YS_EDATA, "列表“%s”缺少代码“%s”，程序要用它",
                "the list %s lacks the code %s, which the engine uses", f->codes, code);
        ys_diag_fix(d, "在 codes.csv 加上这个代码", "add the code to codes.csv");
    }
}

static void check_core_field(ys_pload *l, const core_field *c, int64_t row)
{
    ys_prow r = {l, &l->table[YS_PT_FIELDS], row};
    const ys_field *f = &l->pack->fields[row];
    ys_type got;
    if (f->type != c->type && ys_type_parse(ys__cell(&r, F_TYPE), &got)) {
        ys_diag *d = ys__pack_fault_cell(&r, F_TYPE);
        ys_fail(d, YS_EDATA, "核心字段 %s.%s 的类型应为 %s", "the core field %s.%s must be of type %s",
                c->kind, c->name, ys_type_name(c->type));
        ys_diag_fix(d, "按 docs/registry.md 改正类型", "correct the type as in docs/registry.md");
    }
    if (f->key != c->key && (*ys__cell(&r, F_KEY) == '0' || *ys__cell(&r, F_KEY) == '1')) {
        ys_diag *d = ys__pack_fault_cell(&r, F_KEY);
        ys_fail(d, YS_EDATA, "核心字段 %s.%s 的 key 应为 %d", "key of the core field %s.%s must be %d",
                c->kind, c->name, c->key);
        ys_diag_fix(d, "按 docs/registry.md 改正主键", "correct the key as in docs/registry.md");
    }
    if (f->sensitivity < c->least) {
        ys_diag *d = ys__pack_fault_cell(&r, F_SENS);
        ys_fail(d, YS_EDATA, "%s.%s 是个人信息，须标明敏感类别",
                "%s.%s is personal: it must be marked as sensitive", c->kind, c->name);
        ys_diag_fix(d, "写 name、id、phone 或 bank", "write name, id, phone or bank");
    }
    if (c->codes)
        check_core_codes(&r, c, f);
}

static void check_core_kinds(ys_pload *l)
{
    const char *last = "";
    for (int i = 0; i < LEN(core); i++) {
        if (strcmp(core[i].kind, last) == 0)
            continue;
        last = core[i].kind;
        if (ys_pack_kind(l->pack, last) || is_optional(last) || !l->table[YS_PT_KINDS].file_col[0])
            continue;
        ys_diag *d = lacking(l, YS_PT_KINDS, 0, last);
        ys_fail(d, YS_EDATA, "缺少核心记录类型“%s”", "the core kind %s is missing", last);
        ys_diag_fix(d, "在 kinds.csv 加一行（见 docs/registry.md）",
                    "add a row to kinds.csv (docs/registry.md)");
    }
}

static void check_derived(ys_pload *l)
{
    static const struct {
        const char *kind, *name;
        ys_type type;
    } need[] = {{"person", "age", YS_INT},
                {"person", "able", YS_REAL},
                {"person", "months", YS_REAL},
                {"household", "labour", YS_REAL},
                {"household", "worked", YS_REAL}};
    enum { D_NAME = 1, D_TYPE };
    ys_pack *p = l->pack;
    for (int i = 0; i < LEN(need) && l->table[YS_PT_DERIVED].file_col[D_NAME]; i++) {
        char key[64];
        (void)snprintf(key, sizeof key, "%s.%s", need[i].kind, need[i].name);
        int64_t row = ys_map_get(p->names[YS_PT_DERIVED], key, -1);
        if (row < 0) {
            ys_diag *d = lacking(l, YS_PT_DERIVED, D_NAME, key);
            ys_fail(d, YS_EDATA, "缺少派生值“%s”", "the derived value %s is missing", key);
            ys_diag_fix(d, "在 derived.csv 加一行（见 docs/pack.md）",
                        "add a row to derived.csv (docs/pack.md)");
            continue;
        }
        ys_prow r = {l, &l->table[YS_PT_DERIVED], row};
        ys_type got;
        if (p->derived[row].type == need[i].type || !ys_type_parse(ys__cell(&r, D_TYPE), &got))
            continue;
        ys_diag *d = ys__pack_fault_cell(&r, D_TYPE);
        ys_fail(d, YS_EDATA, "“%s”的类型应为 %s", "%s must be of type %s", key, ys_type_name(need[i].type));
        ys_diag_fix(d, "按 docs/pack.md 改正类型", "correct the type as in docs/pack.md");
    }
}

void ys__pack_check_core(ys_pload *l)
{
    ys_pack *p = l->pack;
    if (ys__pack_file(p, "kinds.csv"))
        check_core_kinds(l);
    if (ys__pack_file(p, "derived.csv"))
        check_derived(l);
    const int *fc = l->table[YS_PT_FIELDS].file_col;
    if (!ys__pack_file(p, "fields.csv") || !fc[0] || !fc[F_NAME])
        return;
    for (int i = 0; i < LEN(core); i++) {
        int64_t row = ys__pack_named(p, YS_PT_FIELDS, core[i].kind, core[i].name);
        if (row >= 0) {
            check_core_field(l, &core[i], row);
            continue;
        }
        if (!ys_pack_kind(p, core[i].kind))
            continue;
        char value[96];
        (void)snprintf(value, sizeof value, "%s.%s", core[i].kind, core[i].name);
        ys_diag *d = lacking(l, YS_PT_FIELDS, F_NAME, value);
        ys_fail(d, YS_EDATA, "缺少核心字段“%s”", "the core field %s is missing", value);
        ys_diag_fix(d, "在 fields.csv 加一行（见 docs/registry.md）",
                    "add a row to fields.csv (docs/registry.md)");
    }
}
