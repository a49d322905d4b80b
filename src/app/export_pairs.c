/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger of pairings: who helps whom at every level, since when, why, and who did before.
 */
#include <string.h>

#include "app/export.h"
#include "base/alloc.h"

enum { MAX_COLUMNS = YS_EXPORT_LEVELS + 16, MAX_LEVELS = 32 };

/* The records of one side of a level. */
typedef struct side {
    const ys_kind *kind;
    const ys_table *t;
    ys_table *own; /* NULL: the frame's */
    ys_index *index;
} side;

typedef struct ledger {
    ys_export *x;
    ys_frame *f;
    ys_table *pairs;
    const ys_pair_level *level;
    int levels;
    side of[MAX_LEVELS][2]; /* who needs, who gives */
} ledger;

static int columns(const ys_export *x, ys_xlsx_column *c)
{
    int n = 0;
    c[n++] = (ys_xlsx_column){ys__export_say(x, "层次", "level"), 10, YS_XLSX_TEXT};
    n += ys__export_place_columns(x, c + n);
    const ys_xlsx_column own[] = {{ys__export_say(x, "受帮方编号", "who is helped"), 16, YS_XLSX_TEXT},
                                  {ys__export_say(x, "受帮方", "name"), 16, YS_XLSX_TEXT},
                                  {ys__export_say(x, "帮扶方编号", "who helps"), 14, YS_XLSX_TEXT},
                                  {ys__export_say(x, "帮扶方", "name of who helps"), 16, YS_XLSX_TEXT},
                                  {ys__export_say(x, "单位", "unit"), 24, YS_XLSX_TEXT},
                                  {ys__export_say(x, "隶属关系", "level of the unit"), 10, YS_XLSX_TEXT},
                                  {ys__export_say(x, "结对日期", "since"), 12, YS_XLSX_DATE},
                                  {ys__export_say(x, "事由", "reason"), 10, YS_XLSX_TEXT},
                                  {ys__export_say(x, "前任", "before"), 14, YS_XLSX_TEXT}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        c[n++] = own[i];
    return n;
}

static ys_status open_side(ledger *l, const char *kind, side *s, ys_diag *diag)
{
    const ys_pack *pack = l->x->office->pack;
    ys_scan all = {.as_of_tx = l->x->args->reading.as_of_tx, .valid_on = YS_SCAN_LATEST};
    s->kind = ys_pack_kind(pack, kind);
    if (s->kind == NULL)
        return YS_OK;
    s->t = ys_facts_env_table(l->f->env, kind);
    if (s->t == NULL) {
        YS_TRY(ys_store_scan(l->x->office->store, s->kind, &all, &s->own, diag));
        s->t = s->own;
    }
    for (int f = 0; f < s->kind->field_count; f++)
        if (s->kind->fields[f].key)
            return ys_index_new(s->t, ys_table_find(s->t, s->kind->fields[f].name), &s->index, diag);
    return YS_OK;
}

static ys_status open_ledger(ledger *l, ys_diag *diag)
{
    const ys_reading *how = &l->x->args->reading;
    const ys_pack *pack = l->x->office->pack;
    const ys_kind *kind = ys_pack_kind(pack, "pairing");
    ys_scan s = {.as_of_tx = how->as_of_tx,
                 .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                 .scope = how->scope};
    if (kind == NULL)
        return ys_fail(diag, YS_ENOTFOUND, "政策包没有结对（pairing）",
                       "the pack has no pairings (kind pairing)");
    YS_TRY(ys_office_frame(l->x->office, how, &l->f, diag));
    YS_TRY(ys_store_scan(l->x->office->store, kind, &s, &l->pairs, diag));
    l->level = ys_pack_pair_levels(pack, &l->levels);
    l->levels = l->levels < MAX_LEVELS ? l->levels : MAX_LEVELS;
    for (int i = 0; i < l->levels; i++) {
        YS_TRY(open_side(l, l->level[i].need_kind, &l->of[i][0], diag));
        YS_TRY(open_side(l, l->level[i].giver_kind, &l->of[i][1], diag));
    }
    return YS_OK;
}

/* A field of a record as its reader may see it; NULL: it has none. */
static const char *fact(const ledger *l, const side *s, int64_t row, const char *field, char *buf,
                        size_t size)
{
    ys_fact_how how = {.pack = l->x->office->pack, .zh = l->x->args->zh, .unmask = l->x->args->unmask};
    int f = s->kind != NULL && row >= 0 ? ys_kind_field(s->kind, field) : -1;
    return f >= 0 ? ys_fact_text(&how, &s->kind->fields[f], s->t, row, buf, size) : NULL;
}

static const char *need_name(const ledger *l, const side *s, int64_t row, int32_t area, char *buf,
                             size_t size)
{
    const char *name = fact(l, s, row, "name", buf, size);
    if (name == NULL)
        name = fact(l, s, row, "head_name", buf, size);
    return name != NULL ? name : area >= 0 ? ys_areas_name(l->f->areas, area) : NULL;
}

static ys_status put_pair(const ledger *l, int64_t r, ys_diag *diag)
{
    static const side nobody = {0};
    char buf[200];
    const ys_pack *pack = l->x->office->pack;
    ys_sink *to = l->x->sink;
#define CELL(name) ys_table_get_text(l->pairs, ys_table_find(l->pairs, name), r)
    const char *level = CELL("pair_level"), *need = CELL("need"), *giver = CELL("giver"),
               *where = CELL("area"), *reason = CELL("reason");
    const side *sides[2] = {&nobody, &nobody};
    for (int i = 0; i < l->levels; i++)
        if (strcmp(l->level[i].level, level) == 0)
            sides[0] = &l->of[i][0], sides[1] = &l->of[i][1];
    int64_t a = sides[0]->index != NULL ? ys_index_find(sides[0]->index, need) : -1,
            b = sides[1]->index != NULL && giver != NULL ? ys_index_find(sides[1]->index, giver) : -1;
    int32_t area = where != NULL ? ys_areas_find(l->f->areas, where) : -1;
    const char *lang = l->x->args->zh ? "zh" : "en", *label = ys_pack_label(pack, "pair_level", level, lang),
               *why = reason != NULL ? ys_pack_label(pack, "pairing_reason", reason, lang) : NULL;
    ys_sink_text(to, label != NULL ? label : level);
    ys__export_place(l->x, l->f, area);
    ys_sink_text(to, need);
    ys_sink_text(to, need_name(l, sides[0], a, area, buf, sizeof buf));
    ys_sink_text(to, giver);
    ys_sink_text(to, fact(l, sides[1], b, "name", buf, sizeof buf));
    ys_sink_text(to, fact(l, sides[1], b, "unit", buf, sizeof buf));
    ys_sink_text(to, fact(l, sides[1], b, "unit_level", buf, sizeof buf));
    ys_sink_date(to, ys_table_get_int(l->pairs, ys_table_find(l->pairs, "since"), r));
    ys_sink_text(to, why != NULL ? why : reason);
    ys_sink_text(to, CELL("previous"));
#undef CELL
    return ys_sink_row(to, diag);
}

ys_status ys__export_pairings(ys_export *x, ys_diag *diag)
{
    ledger *l = ys_calloc(1, sizeof *l);
    ys_xlsx_column c[MAX_COLUMNS];
    ys_status st = YS_OK;
    if (l == NULL)
        return ys_fail_nomem(diag);
    l->x = x;
    YS_GO(open_ledger(l, diag));
    YS_GO(ys__export_titles(x, "结对台账", "ledger of pairings", NULL, diag));
    YS_GO(ys__export_sheet(x, "结对台账", "pairings", c, columns(x, c), diag));
    for (int64_t r = 0; r < ys_table_rows(l->pairs); r++)
        YS_GO(put_pair(l, r, diag));
done:
    for (int i = 0; i < MAX_LEVELS; i++)
        for (int s = 0; s < 2; s++) {
            ys_index_free(l->of[i][s].index);
            ys_table_free(l->of[i][s].own);
        }
    ys_table_free(l->pairs);
    ys_frame_free(l->f);
    ys_free(l);
    return st;
}
