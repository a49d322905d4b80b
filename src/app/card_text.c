/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/card_pairs.h"
#include "app/card.h"
#include "base/alloc.h"
#include "base/num.h"
#include "base/text.h"
#include "registry/kinds.h"
#include "report/grid.h"

static const char *say(const ys_card_view *v, const char *zh, const char *en)
{
    return v->zh ? zh : en;
}

static const char *money(const ys_card *c, int64_t minor, char *buf, size_t size)
{
    if (ys_is_missing(minor))
        return "–";
    return ys_format_money_grouped(minor, ys_pack_digits(c->office->pack), buf, size);
}

static ys_status print_grid(const ys_card_view *v, ys_grid *g, ys_diag *diag)
{
    if (g == NULL)
        return ys_fail_nomem(diag);
    bool ok = ys_grid_print(g, v->out, v->width);
    ys_grid_free(g);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

static const char *coin(const ys_card *c, const ys_card_view *v)
{
    return ys_currency_word(c->office->pack, v->zh);
}

void ys__card_money_column(const ys_card *c, const ys_card_view *v, ys_grid *g, const char *zh,
                           const char *en)
{
    char name[200];
    snprintf(name, sizeof name, say(v, "%s（%s）", "%s (%s)"), say(v, zh, en), coin(c, v));
    ys_grid_column(g, name, YS_RIGHT);
}

/* ---- flowing text ---- */

void ys__card_title(const ys_card_view *v, const char *zh, const char *en)
{
    ys_out_printf(v->out, "\n■ %s\n", say(v, zh, en));
}

void ys__flow_put(ys_flow *f, const char *item)
{
    static const char between[] = " · ";
    int limit = f->view->width > 0 ? f->view->width : 100;
    int room = limit - f->indent - ys_text_width(ys_str_get(&f->line));
    if (f->line.len > 0 && ys_text_width(item) + (int)sizeof between - 1 > room) {
        ys_out_printf(f->view->out, "%*s%s\n", f->indent, "", ys_str_get(&f->line));
        ys_str_clear(&f->line);
    }
    if (f->line.len > 0)
        ys_str_puts(&f->line, between);
    ys_str_puts(&f->line, item);
}

ys_status ys__flow_end(ys_flow *f, ys_diag *diag)
{
    bool ok = !f->line.failed;
    if (ok && f->line.len > 0)
        ok = ys_out_printf(f->view->out, "%*s%s\n", f->indent, "", ys_str_get(&f->line));
    ys_str_done(&f->line);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

/* Marks that never begin a line. */
static bool closes(const char *text)
{
    static const char *const marks[] = {"，", "。", "；", "：", "、", "）", "！", "？", "”", "」", "%"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return true;
    }
    return false;
}

/* May a line end before text[at]?  After a blank, or between two wide characters. */
static bool may_break(const char *text, size_t at)
{
    unsigned char before = (unsigned char)text[at - 1], after = (unsigned char)text[at];
    if (before == ' ')
        return true;
    return before >= 0x80 && after >= 0xc0 && !closes(text + at);
}

/* Bytes of `text` that fit into `cells` and may stand on a line of their own. */
static size_t line_length(const char *text, int cells)
{
    size_t n = ys_text_cut(text, cells), at = n;
    if (text[n] == '\0')
        return n;
    while (at > 0 && !may_break(text, at))
        at--;
    return at > 0 ? at : n > 0 ? n : strlen(text);
}

void ys__card_paragraph(const ys_card_view *v, const char *lead, const char *text)
{
    int limit = (v->width > 0 ? v->width : 100) - 2 - ys_text_width(lead), first = 1;
    while (*text != '\0') {
        size_t n = line_length(text, limit > 20 ? limit : 20), shown = n;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        if (first)
            ys_out_printf(v->out, "  %s", lead);
        else
            ys_out_printf(v->out, "  %*s", ys_text_width(lead), "");
        ys_out_printf(v->out, "%.*s\n", (int)shown, text);
        text += n + strspn(text + n, " ");
        first = 0;
    }
}

void ys__card_line(const ys_card_view *v, const char *fmt, ...)
{
    char text[1200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    ys__card_paragraph(v, "", text);
}

/* ---- facts ---- */

/* All facts of a record but those named, with labels; what is missing is counted, or listed when asked for. */
static ys_status print_facts(const ys_card *c, const ys_card_view *v, const ys_card_rows *r, int64_t row,
                             const char *const *skip, ys_diag *diag)
{
    ys_fact_how how = {.pack = c->office->pack, .zh = v->zh, .unmask = c->unmask};
    ys_flow flow = {.view = v, .indent = 2};
    char buf[1200], item[1600];
    int missing = 0, asked_not = 0;
    for (int f = 0; f < r->kind->field_count; f++) {
        const ys_field *field = &r->kind->fields[f];
        bool skipped = false;
        for (int i = 0; skip[i] != NULL; i++)
            skipped = skipped || strcmp(skip[i], field->name) == 0;
        if (skipped)
            continue;
        const char *text = ys_fact_text(&how, field, r->table, row, buf, sizeof buf);
        missing += text[0] == '\0';
        asked_not += strcmp(text, YS_TEXT_NOT_ASKED) == 0;
        if ((text[0] == '\0' || strcmp(text, YS_TEXT_NOT_ASKED) == 0) && !v->all)
            continue;
        snprintf(item, sizeof item, "%s %s", ys_field_label(field, v->zh), text[0] != '\0' ? text : "–");
        ys__flow_put(&flow, item);
    }
    if (missing + asked_not > 0 && !v->all) {
        snprintf(item, sizeof item,
                 say(v, "（无数据 %d 项，未问 %d 项）", "(no value for %d facts, %d not asked)"), missing,
                 asked_not);
        ys__flow_put(&flow, item);
    }
    return ys__flow_end(&flow, diag);
}

static void print_source(const ys_card_view *v, const ys_provenance *from)
{
    char buf[1200];
    ys_source_text(from, v->zh, buf, sizeof buf);
    if (buf[0] != '\0')
        ys__card_paragraph(v, say(v, "来源 ", "source "), buf);
}

static void head_line(const ys_card *c, const ys_card_view *v)
{
    char path[400] = "", pc[48], line[48];
    const ys_frame *f = c->frame;
    ys_fact_how how = {.pack = c->office->pack, .zh = v->zh, .unmask = c->unmask};
    char buf[200];
    int head = ys_kind_field(c->household.kind, "head_name");
    const char *name = head >= 0 ? ys_fact_text(&how, &c->household.kind->fields[head], c->household.table, 0,
                                                buf, sizeof buf)
                                 : "";
    if (c->area >= 0)
        ys_areas_path(f->areas, c->area, path, sizeof path);
    ys_out_printf(v->out, "%s %s  %s  %s%s\n", say(v, "户", "household"), c->key, name, path,
                  c->office->synthetic ? say(v, "  ▨ 合成数据", "  ▨ synthetic data") : "");
    int64_t n = f->col.size[c->h];
    bool poor = f->col.poor[c->h] == 1;
    money(c, n > 0 ? ys_table_get_int(f->household, ys_table_find(f->household, "income_pc"), c->h) : YS_NA,
          pc, sizeof pc);
    money(c, f->line->amount, line, sizeof line);
    ys__card_line(v,
                  say(v, "%s %lld 人 · %s年人均纯收入 %s %s · 贫困线 %s %s（%s）",
                      "%s %lld persons · net income per head in %s: %s %s · line %s %s (%s)"),
                  poor ? say(v, "■ 低于线", "■ below the line")
                       : say(v, "● 不低于线", "● not below the line"),
                  (long long)n, f->period, pc, coin(c, v), line, coin(c, v),
                  say(v, f->line->label_zh, f->line->label_en));
}

/* ---- what is lacking by the pack's indicators, and what the family wishes ---- */

static ys_status print_deprivations(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    int n, fine = 0;
    const ys_indicator *in = ys_pack_indicators(c->office->pack, &n);
    char item[300];
    ys_flow flow = {.view = v, .indent = 2};
    ys__card_title(v, "短板（■ 有，○ 缺数据）", "deprivations (■ yes, ○ not known)");
    for (int i = 0; i < n; i++) {
        uint8_t *truth = NULL;
        YS_TRY(ys_frame_deprived(c->frame, &in[i], &truth, NULL, diag));
        uint8_t here = truth[c->h];
        ys_free(truth);
        fine += here == YS_FALSE;
        if (here == YS_FALSE)
            continue;
        snprintf(item, sizeof item, "%s %s%s", here == YS_TRUE ? "■" : "○",
                 say(v, in[i].label_zh, in[i].label_en),
                 in[i].statutory ? say(v, "（法定）", " (statutory)") : "");
        ys__flow_put(&flow, item);
    }
    snprintf(item, sizeof item, say(v, "● 其余 %d 项没有", "● the other %d: none"), fine);
    ys__flow_put(&flow, item);
    return ys__flow_end(&flow, diag);
}

static ys_status print_wishes(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    const ys_table *t = c->wish.table;
    int n, measure = ys_table_find(t, "measure"), consent = ys_table_find(t, "consent");
    const ys_measure *m = ys_pack_measures(c->office->pack, &n);
    char item[300];
    ys_flow flow = {.view = v, .indent = 2};
    if (ys_table_rows(t) == 0)
        return YS_OK;
    ys__card_title(v, "本户意愿", "wishes of the family");
    for (int64_t r = 0; r < ys_table_rows(t); r++) {
        const char *name = ys_table_get_text(t, measure, r);
        int at = ys_pack_measure_index(c->office->pack, name);
        int64_t yes = ys_table_get_int(t, consent, r);
        snprintf(item, sizeof item, "%s %s",
                 ys_is_missing(yes) ? "○"
                 : yes != 0         ? say(v, "同意", "yes:")
                                    : say(v, "不同意", "no:"),
                 at >= 0 ? say(v, m[at].label_zh, m[at].label_en) : name);
        ys__flow_put(&flow, item);
    }
    return ys__flow_end(&flow, diag);
}

/* ---- members ---- */

static const char *const member_columns[] = {"person", "name", "sex", "id_number", NULL};
static const char *const member_skip[] = {"person", "name", "sex", "id_number", "household", NULL};

static int64_t frame_person(const ys_frame *f, int64_t h, const char *key)
{
    int col = ys_table_find(f->person, "person");
    for (int64_t k = f->members->start[h]; k < f->members->start[h + 1]; k++) {
        if (strcmp(ys_table_get_text(f->person, col, f->members->item[k]), key) == 0)
            return f->members->item[k];
    }
    return -1;
}

static ys_status print_members(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    static const char *const computed[] = {"age", "able", "months"};
    const char *titles[] = {say(v, "年龄", "age"), say(v, "劳动力", "able"),
                            say(v, "劳动月数", "months worked")};
    ys_fact_how how = {.pack = c->office->pack, .zh = v->zh, .unmask = c->unmask};
    char buf[1200], lead[600];
    ys_grid *g = ys_grid_new();
    ys__card_title(v, "家庭成员", "members");
    if (g == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; member_columns[i] != NULL; i++)
        ys_grid_column(
            g,
            ys_field_label(&c->person.kind->fields[ys_kind_field(c->person.kind, member_columns[i])], v->zh),
            YS_LEFT);
    for (int i = 0; i < 3; i++)
        ys_grid_column(g, titles[i], YS_RIGHT);
    for (int64_t r = 0; r < ys_table_rows(c->person.table); r++) {
        for (int i = 0; member_columns[i] != NULL; i++)
            ys_grid_put(
                g,
                ys_fact_text(&how, &c->person.kind->fields[ys_kind_field(c->person.kind, member_columns[i])],
                             c->person.table, r, buf, sizeof buf));
        int64_t row = frame_person(
            c->frame, c->h, ys_table_get_text(c->person.table, ys_table_find(c->person.table, "person"), r));
        for (int i = 0; i < 3; i++)
            ys_grid_put(g, row >= 0 ? ys_fact_column(&how, c->frame->person,
                                                     ys_table_find(c->frame->person, computed[i]), row, buf,
                                                     sizeof buf)
                                    : "");
    }
    YS_TRY(print_grid(v, g, diag));
    for (int64_t r = 0; r < ys_table_rows(c->person.table); r++) {
        int name = ys_kind_field(c->person.kind, "name");
        snprintf(lead, sizeof lead, "%s %s",
                 ys_table_get_text(c->person.table, ys_table_find(c->person.table, "person"), r),
                 ys_fact_text(&how, &c->person.kind->fields[name], c->person.table, r, buf, sizeof buf));
        ys_out_printf(v->out, "%s\n", lead);
        YS_TRY(print_facts(c, v, &c->person, r, member_skip, diag));
        print_source(v, &c->person.from[r]);
    }
    return YS_OK;
}

/* ---- the ledger ---- */

static const ys_income_line *income_line(const ys_pack *pack, const char *name)
{
    int n;
    const ys_income_line *l = ys_pack_income_lines(pack, &n);
    for (int i = 0; name != NULL && i < n; i++) {
        if (strcmp(l[i].line, name) == 0)
            return &l[i];
    }
    return NULL;
}

static void print_income_sums(const ys_card *c, const ys_card_view *v)
{
    char a[48], b[48], d[48];
    const ys_frame *f = c->frame;
    ys__card_line(v,
                  say(v, "%s年 法定纯收入（y）%s，扣除刚性支出后（y*）%s，刚性支出 %s（%s）",
                      "%s: statutory net income (y) %s; after unavoidable spending (y*) %s; that spending %s "
                      "(%s)"),
                  f->period, money(c, f->col.total[c->h], a, sizeof a),
                  money(c, f->col.ystar[c->h], b, sizeof b), money(c, f->col.rigid[c->h], d, sizeof d),
                  coin(c, v));
}

static ys_status print_income(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    ys_fact_how how = {.pack = c->office->pack, .zh = v->zh, .unmask = c->unmask};
    char buf[1200], source[1200], sum[48];
    const ys_table *t = c->income.table;
    int evidence = ys_kind_field(c->income.kind, "evidence"), line = ys_kind_field(c->income.kind, "line");
    ys_grid *g = ys_grid_new();
    ys__card_title(v, "收入台账", "income ledger");
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, say(v, "期", "period"), YS_LEFT);
    ys_grid_column(g, say(v, "项目", "line"), YS_LEFT);
    ys__card_money_column(c, v, g, "金额", "amount");
    ys_grid_column(g, say(v, "算入纯收入", "in net income"), YS_LEFT);
    ys_grid_column(g, say(v, "佐证", "evidence"), YS_LEFT);
    ys_grid_column(g, say(v, "来源", "source"), YS_LEFT);
    for (int64_t r = 0; r < ys_table_rows(t); r++) {
        const ys_income_line *l =
            income_line(c->office->pack, ys_table_get_text(t, ys_table_find(t, "line"), r));
        ys_grid_put(g, ys_table_get_text(t, ys_table_find(t, "period"), r));
        ys_grid_put(g, ys_fact_text(&how, &c->income.kind->fields[line], t, r, buf, sizeof buf));
        ys_grid_put(g, money(c, ys_table_get_int(t, ys_table_find(t, "amount"), r), sum, sizeof sum));
        ys_grid_put(g, l == NULL                  ? ""
                       : l->component == YS_RIGID ? say(v, "刚性支出", "unavoidable")
                       : !l->counts               ? say(v, "否", "no")
                       : l->sign < 0              ? say(v, "是（减）", "yes (cost)")
                                                  : say(v, "是", "yes"));
        ys_grid_put(g, evidence >= 0
                           ? ys_fact_text(&how, &c->income.kind->fields[evidence], t, r, buf, sizeof buf)
                           : "");
        const char *slash = strrchr(c->income.from[r].file, '/');
        snprintf(source, sizeof source, "%s:%lld", slash != NULL ? slash + 1 : c->income.from[r].file,
                 (long long)c->income.from[r].row);
        ys_grid_put(g, c->income.from[r].tx > 0 ? source : "");
    }
    YS_TRY(print_grid(v, g, diag));
    print_income_sums(c, v);
    return YS_OK;
}

/* ---- the root card ---- */

static ys_status print_contributions(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    char a[48];
    const ys_roots *r = c->diagnosis->roots;
    int64_t h = c->h, per[YS_ROOTS], amount[YS_ROOTS], n = c->frame->col.size[h], total = 0;
    bool peers = !ys_is_missing(r->peer_gap[h]);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < YS_ROOTS; k++)
        amount[k] = r->contribution[k][h];
    total = ys_root_per_head(amount, n, 1, per);
    ys_grid_column(g, say(v, "贫根", "root"), YS_LEFT);
    ys__card_money_column(c, v, g, "到线缺口，每户每年", "to the line, household and year");
    ys__card_money_column(c, v, g, "每人每年", "head and year");
    ys__card_money_column(c, v, g, "与对照户差距", "to peers");
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_grid_put(g, say(v, ys_root_label_zh((ys_root)k), ys_root_label_en((ys_root)k)));
        ys_grid_put(g, money(c, amount[k], a, sizeof a));
        ys_grid_put(g, money(c, per[k], a, sizeof a));
        ys_grid_put(g, peers ? money(c, r->peer_contribution[k][h], a, sizeof a) : "–");
    }
    ys_grid_rule(g);
    ys_grid_put(g, say(v, "合计 = 缺口", "sum = gap"));
    ys_grid_put(g, money(c, r->gap[h], a, sizeof a));
    ys_grid_put(g, money(c, total, a, sizeof a));
    ys_grid_put(g, peers ? money(c, r->peer_gap[h], a, sizeof a) : "–");
    return print_grid(v, g, diag);
}

static void print_declared(const ys_card *c, const ys_card_view *v)
{
    const ys_diagnosis *d = c->diagnosis;
    int n;
    const ys_cause *causes = ys_pack_causes(c->office->pack, &n);
    int32_t cause = d->cause[c->h];
    const char *declared =
        cause < 0 ? say(v, "未申报", "none") : say(v, causes[cause].label_zh, causes[cause].label_en);
    const char *computed = d->roots->top[c->h] == YS_ROOT_NONE
                               ? say(v, "无", "none")
                               : say(v, ys_root_label_zh((ys_root)d->roots->top[c->h]),
                                     ys_root_label_en((ys_root)d->roots->top[c->h]));
    const char *proof = d->evidence[c->h] == YS_TRUE    ? say(v, "● 有实据", "● evidence found")
                        : d->evidence[c->h] == YS_FALSE ? say(v, "■ 无实据", "■ no evidence")
                                                        : say(v, "○ 无从查证", "○ no way to tell");
    ys__card_line(v, say(v, "申报主因 %s（%s） · 测算主根 %s · %s", "declared: %s (%s) · computed: %s · %s"),
                  declared, proof, computed,
                  d->conflict[c->h] != 0 ? say(v, "▲ 两者不符，请核实", "▲ they differ: check")
                                         : say(v, "● 不矛盾", "● no conflict"));
    if (d->roots->state[c->h] == YS_RS_BELOW)
        ys__card_line(
            v,
            say(v, "稳定性：换参照、收入±误差的 9 种算法中 %d 种主根相同 → %s",
                "stability: %d of 9 variants (other references, income ± error) name the same root: %s"),
            d->roots->agree[c->h],
            d->roots->stable[c->h] ? say(v, "单一主根", "one root")
                                   : say(v, "多因并重", "several of like weight"));
}

static ys_status print_root(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    ys_str text = {0};
    ys__card_title(v, "贫根（账目分解，不是因果）", "root of poverty (accounting, not causality)");
    ys_status st = ys_diagnosis_sentence(c->diagnosis, c->h, v->zh ? "zh" : "en", &text, diag);
    if (st == YS_OK)
        ys__card_paragraph(v, "", ys_str_get(&text));
    ys_str_done(&text);
    YS_TRY(st);
    print_declared(c, v);
    return c->diagnosis->roots->state[c->h] == YS_RS_UNKNOWN ? YS_OK : print_contributions(c, v, diag);
}

static ys_status print_village(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    int64_t row = c->frame->village_row[c->h];
    ys_flow flow = {.view = v, .indent = 2};
    bool any = false;
    char item[300];
    if (row < 0)
        return YS_OK;
    ys__card_title(v, "所在村的短板", "what its village lacks");
    for (int i = 0; i < c->diagnosis->deficits; i++) {
        if (c->diagnosis->deficit_truth[i][row] != YS_TRUE)
            continue;
        snprintf(item, sizeof item, "■ %s",
                 say(v, c->diagnosis->deficit[i]->label_zh, c->diagnosis->deficit[i]->label_en));
        ys__flow_put(&flow, item);
        any = true;
    }
    if (!any)
        ys__flow_put(&flow, say(v, "● 村级指标没有短板", "● no deficit in the village indicators"));
    return ys__flow_end(&flow, diag);
}

/* ---- history ---- */

/* Fields that differ between two versions, "label before → after". */
static ys_status print_change(const ys_card *c, const ys_card_view *v, const ys_kind *k, const ys_table *t,
                              int64_t row, ys_diag *diag)
{
    ys_fact_how how = {.pack = c->office->pack, .zh = v->zh, .unmask = c->unmask};
    ys_flow flow = {.view = v, .indent = 6};
    char before[1200], after[1200], item[2600];
    for (int f = 0; row > 0 && f < k->field_count; f++) {
        const char *b = ys_fact_text(&how, &k->fields[f], t, row - 1, before, sizeof before);
        const char *a = ys_fact_text(&how, &k->fields[f], t, row, after, sizeof after);
        if (strcmp(a, b) == 0)
            continue;
        snprintf(item, sizeof item, "%s %s → %s", ys_field_label(&k->fields[f], v->zh),
                 b[0] != '\0' ? b : "–", a[0] != '\0' ? a : "–");
        ys__flow_put(&flow, item);
    }
    return ys__flow_end(&flow, diag);
}

static ys_status print_versions(const ys_card *c, const ys_card_view *v, const ys_kind *k, const ys_table *t,
                                ys_diag *diag)
{
    char from[24];
    int valid = ys_table_find(t, "_valid_from"), tx = ys_table_find(t, "_tx_from"),
        to = ys_table_find(t, "_tx_to");
    for (int64_t r = 0; r < ys_table_rows(t); r++) {
        ys_format_date((int32_t)ys_table_get_int(t, valid, r), from, sizeof from);
        int64_t closed = ys_table_get_int(t, to, r);
        ys_out_printf(v->out,
                      say(v, "  %s 第 %lld 版：自 %s 起，事务 %lld 写入",
                          "  %s version %lld: from %s, written by transaction %lld"),
                      say(v, k->label_zh, k->label_en), (long long)r + 1, from,
                      (long long)ys_table_get_int(t, tx, r));
        if (ys_is_missing(closed))
            ys_out_printf(v->out, "%s\n", say(v, "（当前）", " (current)"));
        else
            ys_out_printf(v->out, say(v, "，事务 %lld 取代\n", ", replaced by transaction %lld\n"),
                          (long long)closed);
        YS_TRY(print_change(c, v, k, t, r, diag));
    }
    return YS_OK;
}

/* ---- the page ---- */

static const char *const household_skip[] = {"household", "area", "frame", "weight", NULL};

static ys_status print_household(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    head_line(c, v);
    ys__card_title(v, "户情", "facts");
    YS_TRY(print_facts(c, v, &c->household, 0, household_skip, diag));
    print_source(v, &c->household.from[0]);
    YS_TRY(print_deprivations(c, v, diag));
    YS_TRY(print_members(c, v, diag));
    YS_TRY(print_income(c, v, diag));
    YS_TRY(print_root(c, v, diag));
    YS_TRY(print_village(c, v, diag));
    YS_TRY(print_wishes(c, v, diag));
    YS_TRY(ys__card_plan_print(c, v, diag));
    YS_TRY(ys_pair_card_print(c->pairs, v, diag));
    ys__card_title(v, "历史", "history");
    YS_TRY(print_versions(c, v, c->household.kind, c->versions, diag));
    return print_versions(c, v, &ys_kind_root, c->root_versions, diag);
}

ys_status ys_card_print(const ys_card *c, const ys_card_view *view, ys_diag *diag)
{
    return c->of_area ? ys__card_area_print(c, view, diag) : print_household(c, view, diag);
}
