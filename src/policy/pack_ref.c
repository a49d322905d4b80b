/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "policy/facts_env.h"
#include "policy/pack_columns.h"
#include "policy/pack_internal.h"

/* Columns of kinds.csv, derived.csv and exclusions.csv that are pointed at here. */
enum { K_KIND, K_ZH, K_EN, K_AREA, K_VIA };
enum { D_KIND, D_NAME };
enum { X_A, X_B };

/* --- kinds: where a row's area is --- */
static void check_kind(ys_pload *l, int i)
{
    const ys_kind *k = &l->pack->kinds[i];
    ys_prow r = {l, &l->table[YS_PT_KINDS], i};
    bool key = false;
    for (int f = 0; f < k->field_count; f++)
        key |= k->fields[f].key;
    if (!key) {
        ys_diag *d = ys__pack_fault_cell(&r, K_KIND);
        ys_fail(d, YS_EDATA, "记录类型“%s”没有主键字段", "the kind %s has no key field", k->name);
        ys_diag_fix(d, "在 fields.csv 把至少一个字段的 key 设为 1",
                    "set key to 1 for at least one of its fields in fields.csv");
    }
    if (k->field_count > YS_LIMIT_COLUMNS) {
        ys_diag *d = ys__pack_fault_cell(&r, K_KIND);
        ys_fail(d, YS_ELIMIT, "记录类型“%s”的字段超过 %d 个", "the kind %s has more than %d fields", k->name,
                YS_LIMIT_COLUMNS);
        ys_diag_fix(d, "减少字段", "use fewer fields");
    }
    if (*k->area_field && ys_kind_field(k, k->area_field) < 0) {
        ys_diag *d = ys__pack_fault_cell(&r, K_AREA);
        ys_fail(d, YS_EDATA, "“%s”没有字段“%s”", "%s has no field %s", k->name, k->area_field);
        ys_diag_fix(d, "写 fields.csv 中该类型的地区字段", "name the field of this kind that holds the area");
    }
    int via = *k->via ? ys_kind_field(k, k->via) : -1;
    if (*k->via && (via < 0 || !*k->fields[via].ref)) {
        ys_diag *d = ys__pack_fault_cell(&r, K_VIA);
        ys_fail(d, YS_EDATA, "“%s”没有引用其他记录的字段“%s”",
                "%s has no field %s that refers to another kind", k->name, k->via);
        ys_diag_fix(d, "写一个有 ref 的字段", "name a field with a ref");
    }
}

/* --- fields: lists, references, headers --- */

/* One text names one record: of a kind with several key fields it could not say which. The store would not check it. */
static void check_reference(const ys_prow *r, const ys_field *f)
{
    const ys_pack *p = r->l->pack;
    int kind = ys__cell_ref(r, F_REF, YS_PT_KINDS, f->ref), keys = 0;
    for (int64_t i = 0; kind >= 0 && i < p->count[YS_PT_FIELDS]; i++)
        keys += p->field_kind[i] == kind && p->fields[i].key;
    if (keys > 1) {
        ys_diag *d = ys__pack_fault_cell(r, F_REF);
        ys_fail(d, YS_EDATA, "“%s”有 %d 个主键字段，一个字段指不明是哪条记录",
                "%s has %d key fields: one field cannot say which record is meant", f->ref, keys);
        ys_diag_fix(d, "留空 ref（只当文字），或引用只有一个主键的类别",
                    "leave ref blank (a plain text), or refer to a kind with one key field");
    } else if (kind >= 0 && f->type != YS_TEXT && f->type != YS_CODE) {
        ys_diag *d = ys__pack_fault_cell(r, F_REF);
        ys_fail(d, YS_EDATA, "只有 text 和 code 字段可以引用别的记录",
                "only fields of type text and code refer to a record");
        ys_diag_fix(d, "type 改成 text，或留空 ref", "make the type text, or leave ref blank");
    }
}

static void check_field(ys_pload *l, int64_t i)
{
    const ys_pack *p = l->pack;
    const ys_field *f = &p->fields[i];
    ys_prow r = {l, &l->table[YS_PT_FIELDS], i};
    if (*f->codes && f->type != YS_CODE && f->type != YS_TEXT) {
        ys_diag *d = ys__pack_fault_cell(&r, F_CODES);
        ys_fail(d, YS_EDATA, "只有 code 和 text 字段可以有代码表",
                "only fields of type code and text have a code list");
        ys_diag_fix(d, "type 改成 code，或留空 codes", "make the type code, or leave codes blank");
    } else if (*f->codes && ys_map_find(p->lists, f->codes) < 0 && ys__pack_file(p, "codes.csv")) {
        ys_diag *d = ys__pack_fault_cell(&r, F_CODES);
        ys_fail(d, YS_EDATA, "没有代码表“%s”", "there is no code list %s", f->codes);
        ys_diag_fix(d, "改正拼写，或在 codes.csv 加上这张代码表",
                    "correct the spelling, or add the list to codes.csv");
    }
    if (*f->ref)
        check_reference(&r, f);
    if (f->key && ys_field_secret(f)) {
        ys_diag *d = ys__pack_fault_cell(&r, F_KEY);
        ys_fail(d, YS_EDATA, "加密字段不能作主键", "an encrypted field cannot be a key");
        ys_diag_fix(d, "用另设的编号作主键", "use a number of its own as the key");
    }
    if (p->field_kind[i] < 0)
        return;
    const char *kind = p->kinds[p->field_kind[i]].name;
    bool taken = strcmp(kind, "household") == 0 && ys_facts_engine_column(f->name) >= 0;
    for (const char *const *w = ys_facts_reserved(kind); *w; w++)
        taken |= strcmp(*w, f->name) == 0;
    if (taken) {
        ys_diag *d = ys__pack_fault_cell(&r, F_NAME);
        ys_fail(d, YS_EDATA, "“%s”是程序自用的名称", "%s is a name of the engine's own", f->name);
        ys_diag_fix(d, "换一个名称（见 docs/pack.md“规则能看到什么”）",
                    "use another name (docs/pack.md, “What rules can see”)");
    }
}

static void add_header(ys_pload *l, ys_map *seen, int64_t i, const char *text, int col)
{
    const ys_pack *p = l->pack;
    char folded[512];
    bool fresh = false;
    if (!*text || !ys_text_fold(text, folded, sizeof folded))
        return;
    char *key = ys_arena_printf(p->arena, "%d\x1f%s", p->field_kind[i], *folded ? folded : text);
    int64_t slot = key ? ys_map_put(seen, key, i, &fresh) : -1;
    l->nomem |= slot < 0;
    if (slot < 0 || fresh || ys_map_value(seen, slot) == i)
        return;
    int64_t other = ys_map_value(seen, slot);
    ys_prow r = {l, &l->table[YS_PT_FIELDS], i};
    ys_diag *d = ys__pack_fault_cell(&r, col);
    ys_diag_value(d, text);
    ys_fail(d, YS_EDATA, "表头“%s”已属于字段“%s”（第 %lld 行），导入时无法区分",
            "the header “%s” already belongs to the field %s (row %lld): an import could not tell them apart",
            text, p->fields[other].name, (long long)l->table[YS_PT_FIELDS].line[other]);
    ys_diag_fix(d, "改名或删去这个同义词", "rename it or remove the synonym");
}

/* Every header by which a column may come must lead to one field of its kind. */
static void check_headers(ys_pload *l)
{
    const ys_pack *p = l->pack;
    ys_map *seen = ys_map_new(1024);
    l->nomem |= !seen;
    for (int64_t i = 0; seen && i < l->table[YS_PT_FIELDS].rows && !l->nomem; i++) {
        const ys_field *f = &p->fields[i];
        const char *rest = f->synonyms, *part;
        if (p->field_kind[i] < 0)
            continue;
        char key[160];
        (void)snprintf(key, sizeof key, "%s.%s", p->kinds[p->field_kind[i]].name, f->name);
        if (ys_map_get(p->names[YS_PT_FIELDS], key, i) != i)
            continue; /* a double, reported as such */
        add_header(l, seen, i, f->name, F_NAME);
        add_header(l, seen, i, f->label_zh, F_ZH);
        add_header(l, seen, i, f->label_en, F_EN);
        for (size_t n; ys__list_next(&rest, &part, &n);) {
            char *one = ys_arena_strndup(p->arena, part, n);
            l->nomem |= !one;
            if (one)
                add_header(l, seen, i, one, F_SYN);
        }
    }
    ys_map_free(seen);
}

/* --- a code list of the pack that repeats a table must agree with it --- */
static void check_mirror(ys_pload *l, const char *kind, const char *field, ys_pack_table table)
{
    const ys_pack *p = l->pack;
    const ys_kind *k = ys_pack_kind(p, kind);
    int f = k ? ys_kind_field(k, field) : -1;
    const char *list = f >= 0 ? k->fields[f].codes : "";
    for (int i = 0; *list && i < p->count[YS_PT_CODES]; i++) {
        ys_prow r = {l, &l->table[YS_PT_CODES], i};
        if (strcmp(p->codes[i].list, list) == 0)
            (void)ys__cell_ref(&r, 1, table, p->codes[i].code);
    }
    ys_map *names = p->names[table];
    const ys_ptable *t = &l->table[table];
    for (size_t i = 0; *list && ys_map_find(p->lists, list) >= 0 && i < ys_map_count(names); i++) {
        const char *name = ys_map_key(names, (int64_t)i), *code = ys_pack_code(p, list, name);
        ys_prow r = {l, t, ys_map_value(names, (int64_t)i)};
        bool elsewhere =
            table == YS_PT_CAUSES && strcmp(p->causes[r.row].kind, kind) != 0; /* a village's cause */
        if (elsewhere || (code && strcmp(code, name) == 0))
            continue;
        ys_diag *d = ys__pack_fault_cell(&r, 0);
        ys_fail(d, YS_EDATA, "代码表“%s”（%s.%s 用）缺少它", "the code list %s (of %s.%s) lacks it", list,
                kind, field);
        ys_diag_fix(d, "在 codes.csv 加上这个代码", "add the code to codes.csv");
    }
}

/* --- derived values must not take a name that is there --- */
static void check_derived_name(ys_pload *l, int i)
{
    const ys_pack *p = l->pack;
    const ys_derived *v = &p->derived[i];
    bool taken = ys__pack_named(p, YS_PT_FIELDS, v->kind, v->name) >= 0;
    taken |= strcmp(v->kind, "household") == 0 && ys_facts_engine_column(v->name) >= 0;
    for (const char *const *w = ys_facts_reserved(v->kind); *w; w++)
        taken |= strcmp(*w, v->name) == 0;
    if (!taken)
        return;
    ys_prow r = {l, &l->table[YS_PT_DERIVED], i};
    ys_diag *d = ys__pack_fault_cell(&r, D_NAME);
    ys_fail(d, YS_EDATA, "“%s”已是“%s”的字段或程序自用的名称",
            "%s is already a field of %s or a name of the engine's own", v->name, v->kind);
    ys_diag_fix(d, "换一个名称", "use another name");
}

/* --- requires must not run in a circle: depth first, a way back to an open measure is a fault --- */
typedef struct walk {
    ys_pload *l;
    int *head, *next; /* requires rows by measure_a, in order of the file */
    int *stack, *at;  /* open measures, and the row each stands at (-1: done) */
    char *state;      /* 0 new, 1 open, 2 done */
} walk;

static void circle(ys_pload *l, int row)
{
    ys_prow r = {l, &l->table[YS_PT_EXCLUSIONS], row};
    ys_diag *d = ys__pack_fault_cell(&r, X_B);
    ys_fail(d, YS_EDATA, "requires 成环：“%s”经由“%s”又需要它自己",
            "requires runs in a circle: %s needs %s, which needs it again",
            l->pack->exclusions[row].measure_a, l->pack->exclusions[row].measure_b);
    ys_diag_fix(d, "删去环上的一行", "remove one row of the circle");
}

static int other_end(const ys_pack *p, int row)
{
    return ys_pack_measure_index(p, p->exclusions[row].measure_b);
}

static void walk_from(walk *w, int root)
{
    int depth = 0;
    w->stack[depth++] = root;
    w->at[root] = w->head[root];
    w->state[root] = 1;
    while (depth) {
        int m = w->stack[depth - 1], row = w->at[m];
        if (row < 0) {
            w->state[m] = 2;
            depth--;
            continue;
        }
        w->at[m] = w->next[row];
        int b = other_end(w->l->pack, row);
        if (w->state[b] == 1) {
            circle(w->l, row);
        } else if (w->state[b] == 0) {
            w->state[b] = 1;
            w->at[b] = w->head[b];
            w->stack[depth++] = b;
        }
    }
}

static void check_circles(ys_pload *l)
{
    const ys_pack *p = l->pack;
    int n = p->count[YS_PT_MEASURES], rows = p->count[YS_PT_EXCLUSIONS];
    walk w = {.l = l};
    w.head = ys__pack_alloc(l, n, sizeof *w.head);
    w.next = ys__pack_alloc(l, rows, sizeof *w.next);
    w.stack = ys__pack_alloc(l, n, sizeof *w.stack);
    w.at = ys__pack_alloc(l, n, sizeof *w.at);
    w.state = ys__pack_alloc(l, n, 1);
    if (l->nomem)
        return;
    for (int m = 0; m < n; m++)
        w.head[m] = -1;
    for (int i = rows - 1; i >= 0; i--) {
        int a = ys_pack_measure_index(p, p->exclusions[i].measure_a);
        if (p->exclusions[i].relation != YS_REQUIRES || a < 0 || other_end(p, i) < 0 || other_end(p, i) == a)
            continue;
        w.next[i] = w.head[a];
        w.head[a] = i;
    }
    for (int i = 0; i < rows;
         i++) { /* in the order of the file, so that the row which closes a circle is named */
        int a = ys_pack_measure_index(p, p->exclusions[i].measure_a);
        if (a >= 0 && w.head[a] >= 0 && !w.state[a])
            walk_from(&w, a);
    }
}

/* a requires b, but a excludes b: a could never be chosen. */
static void check_contradictions(ys_pload *l)
{
    const ys_pack *p = l->pack;
    for (int i = 0; i < p->count[YS_PT_EXCLUSIONS]; i++) {
        const ys_exclusion *x = &p->exclusions[i];
        char key[512];
        if (x->relation != YS_REQUIRES)
            continue;
        bool turn = strcmp(x->measure_a, x->measure_b) > 0;
        (void)snprintf(key, sizeof key, "%s\x1f%s", turn ? x->measure_b : x->measure_a,
                       turn ? x->measure_a : x->measure_b);
        int64_t row = ys_map_get(p->names[YS_PT_EXCLUSIONS], key, -1);
        if (row < 0 || p->exclusions[row].relation != YS_EXCLUDES)
            continue;
        ys_prow r = {l, &l->table[YS_PT_EXCLUSIONS], i};
        ys_diag *d = ys__pack_fault_cell(&r, X_B);
        ys_fail(d, YS_EDATA, "两项措施既互斥（第 %lld 行）又相需",
                "the two measures exclude each other (row %lld)",
                (long long)l->table[YS_PT_EXCLUSIONS].line[row]);
        ys_diag_fix(d, "删去其中一行", "remove one of the rows");
    }
}

void ys__pack_check_refs(ys_pload *l)
{
    ys_pack *p = l->pack;
    for (int i = 0; i < p->kind_count && ys__pack_file(p, "fields.csv"); i++)
        check_kind(l, i);
    for (int64_t i = 0; i < l->table[YS_PT_FIELDS].rows; i++)
        check_field(l, i);
    check_headers(l);
    check_mirror(l, "income", "line", YS_PT_INCOME_LINES);
    check_mirror(l, "household", "cause_main", YS_PT_CAUSES);
    for (int i = 0; i < p->count[YS_PT_DERIVED]; i++)
        check_derived_name(l, i);
    if (l->nomem)
        return;
    check_circles(l);
    check_contradictions(l);
}
