/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "policy/pack_internal.h"

/*
 * Codes are looked up by what people write: the code, a label, a synonym.  The text as it stands goes first; only then
 * the folded one, and only if no two codes of the list fold alike ("残疾（一级）" and "残疾（二级）" do).
 */
#define SEP       "\x1f"
#define AMBIGUOUS (-1)
#define KEY_SIZE  768

static const struct {
    const char *list;
    ys_pack_table table;
} table_lists[] = {
    {"income_lines", YS_PT_INCOME_LINES},
    {"causes", YS_PT_CAUSES},
    {"measures", YS_PT_MEASURES},
    {"indicators", YS_PT_INDICATORS},
};

static bool folded_key(const char *list, const char *text, char *buf)
{
    int n = snprintf(buf, KEY_SIZE, "%s" SEP, list);
    return n > 0 && n < KEY_SIZE && ys_text_fold(text, buf + n, KEY_SIZE - (size_t)n) && buf[n];
}

static ys_code_entry from_table(const ys_pack *p, ys_pack_table table, int i)
{
    switch (table) {
    case YS_PT_INCOME_LINES:
        return (ys_code_entry){NULL, p->income_lines[i].line, p->income_lines[i].label_zh,
                               p->income_lines[i].label_en, p->income_lines[i].synonyms};
    case YS_PT_CAUSES:
        return (ys_code_entry){NULL, p->causes[i].cause, p->causes[i].label_zh, p->causes[i].label_en, ""};
    case YS_PT_MEASURES:
        return (ys_code_entry){NULL, p->measures[i].measure, p->measures[i].label_zh, p->measures[i].label_en,
                               ""};
    default:
        return (ys_code_entry){NULL, p->indicators[i].name, p->indicators[i].label_zh,
                               p->indicators[i].label_en, ""};
    }
}

/* codes.csv, then the tables that serve as lists; a list of codes.csv hides a table of its name. */
static bool gather_codes(ys_pload *l)
{
    ys_pack *p = l->pack;
    int64_t most = p->count[YS_PT_CODES] + p->level_count;
    for (size_t k = 0; k < sizeof table_lists / sizeof *table_lists; k++)
        most += p->count[table_lists[k].table];
    p->all_codes = ys__pack_alloc(l, most, sizeof *p->all_codes);
    if (!p->all_codes)
        return false;
    int n = p->count[YS_PT_CODES];
    if (n)
        memcpy(p->all_codes, p->codes, (size_t)n * sizeof *p->codes);
    for (int i = 0; i < n; i++)
        l->nomem |= ys_map_put(p->lists, p->codes[i].list, i, NULL) < 0;
    for (size_t k = 0; k < sizeof table_lists / sizeof *table_lists; k++) {
        bool fresh = false;
        l->nomem |= ys_map_put(p->lists, table_lists[k].list, n, &fresh) < 0;
        for (int i = 0; fresh && i < p->count[table_lists[k].table]; i++) {
            p->all_codes[n] = from_table(p, table_lists[k].table, i);
            p->all_codes[n++].list = table_lists[k].list;
        }
    }
    bool fresh = false;
    l->nomem |= ys_map_put(p->lists, "area_levels", n, &fresh) < 0;
    for (int i = 0; fresh && i < p->level_count; i++)
        p->all_codes[n++] = (ys_code_entry){"area_levels", p->levels[i], p->levels[i], p->levels[i], ""};
    p->all_code_count = n;
    return !l->nomem;
}

/* One way of writing code `i`; two codes of a list must not share one. */
static void add_text(ys_pload *l, int i, const char *text, int col)
{
    ys_pack *p = l->pack;
    const char *list = p->all_codes[i].list;
    char key[KEY_SIZE];
    bool fresh = false;
    int n = snprintf(key, sizeof key, "%s" SEP "%s", list, text);
    if (!*text || n < 0 || n >= KEY_SIZE)
        return;
    int64_t slot = ys_map_put(p->code_exact, key, i, &fresh);
    l->nomem |= slot < 0;
    int64_t other = slot >= 0 ? ys_map_value(p->code_exact, slot) : i;
    if (!fresh && other != i && i < p->count[YS_PT_CODES] &&
        strcmp(p->all_codes[other].code, p->all_codes[i].code) != 0) {
        ys_prow r = {l, &l->table[YS_PT_CODES], i};
        ys_diag *d = ys__pack_fault_cell(&r, col);
        ys_diag_value(d, text);
        ys_fail(d, YS_EDATA, "“%s”已用于代码“%s”，导入时无法区分",
                "“%s” already stands for code %s: an import could not tell them apart", text,
                p->all_codes[other].code);
        ys_diag_fix(d, "改成不同的名称或删去这个同义词", "give it another name or remove the synonym");
    }
    if (!folded_key(list, text, key))
        return;
    slot = ys_map_put(p->code_folded, key, i, &fresh);
    l->nomem |= slot < 0;
    if (slot >= 0 && !fresh && ys_map_value(p->code_folded, slot) != i)
        ys_map_set(p->code_folded, slot, AMBIGUOUS);
}

void ys__pack_index_codes(ys_pload *l)
{
    enum { C_CODE = 1, C_ZH, C_EN, C_SYNONYMS }; /* columns of codes.csv */
    ys_pack *p = l->pack;
    if (!gather_codes(l))
        return;
    for (int i = 0; i < p->all_code_count && !l->nomem;
         i++) /* codes first: a label never takes a code's place */
        add_text(l, i, p->all_codes[i].code, C_CODE);
    for (int i = 0; i < p->all_code_count && !l->nomem; i++) {
        const ys_code_entry *c = &p->all_codes[i];
        add_text(l, i, c->label_zh, C_ZH);
        add_text(l, i, c->label_en, C_EN);
        const char *rest = c->synonyms, *part;
        for (size_t n; ys__list_next(&rest, &part, &n);) {
            char *one = ys_arena_strndup(p->arena, part, n);
            l->nomem |= !one;
            if (one)
                add_text(l, i, one, C_SYNONYMS);
        }
    }
}

static int find_code(const ys_pack *p, const char *list, const char *text)
{
    char key[KEY_SIZE];
    int n = snprintf(key, sizeof key, "%s" SEP "%s", list, text);
    if (n > 0 && n < KEY_SIZE) {
        int64_t i = ys_map_get(p->code_exact, key, -1);
        if (i >= 0)
            return (int)i;
    }
    return folded_key(list, text, key) ? (int)ys_map_get(p->code_folded, key, -1) : -1;
}

const char *ys_pack_code(const ys_pack *p, const char *list, const char *text)
{
    int i = find_code(p, list, text);
    return i >= 0 ? p->all_codes[i].code : NULL;
}

const char *ys_pack_label(const ys_pack *p, const char *list, const char *code, const char *lang)
{
    char key[KEY_SIZE];
    int n = snprintf(key, sizeof key, "%s" SEP "%s", list, code);
    int64_t i = n > 0 && n < KEY_SIZE ? ys_map_get(p->code_exact, key, -1) : -1;
    if (i < 0 || strcmp(p->all_codes[i].code, code) != 0)
        return NULL;
    return strcmp(lang, "zh") == 0 ? p->all_codes[i].label_zh : p->all_codes[i].label_en;
}

const ys_code_entry *ys_pack_codes(const ys_pack *p, int *ret_count)
{
    *ret_count = p->all_code_count;
    return p->all_codes;
}
