/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/intake.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"apply", NULL, "写入（不给则只看差异）", "write (without it: only the difference)"},
    {"dry-run", NULL, "只看差异（默认）", "only the difference (the default)"},
    {"skip-invalid", NULL, "有误的行留下，其余写入", "leave faulty rows out and write the rest"},
    {"kind", "KIND", "表的类别（不给则自动识别）", "kind of the table (otherwise found out)"},
    {"template", "NAME", "按政策包的表式导入（如 roster）",
     "import by an official form of the pack (such as roster)"},
    {"mapping", "FILE", "映射文件（JSON；不给则用政策包里合适的）",
     "mapping file (JSON; default: the pack's own where it fits)"},
    {"scope", "AREA", "表格是此地区的全部：不在表里的算“已不在”",
     "the tables are complete for this area: what is not in them is gone"},
    {"valid-from", "DATE", "事实从哪天起成立（默认今天）", "day from which the facts hold (default: today)"},
    {"reason", "TEXT", "缘由", "why"},
    {"snapshot", "NAME", "给这次事务命名（如 2016年末）", "name this transaction (such as end-2016)"},
    {"show", "N", "最多列出多少条（默认 20）", "list at most so many (default 20)"},
    {0},
};

/* Events are shown as they come, up to a number; JSON collects them in arrays by turn. */
typedef struct view {
    const ys_cli *c;
    ys_json *j;
    int64_t shown, limit;
} view;

static const char *const change_zh[] = {"新增", "变更", "已不在", "主键重复", "引用落空"};
static const char *const change_en[] = {"new", "changed", "gone", "duplicate key", "refers to nothing"};
static const char *const what_names[] = {"file", "warning", "invalid", "change"};

/* Faults that only show against the other rows. */
static const struct {
    const char *zh, *en;
} mends[] = {
    {"同一主键只留一行；不同的人或户要用不同的编号",
     "keep one row of the key; different persons or households need different numbers"},
    {"先导入被引用的记录，或改正编号", "import the record it refers to first, or mend the number"},
};

static int mend_of(const ys_change_row *r)
{
    return r->what == YS_CH_DUPLICATE ? 0 : r->what == YS_CH_ORPHAN ? 1 : -1;
}

static void json_event(ys_json *j, const ys_import_event *e)
{
    ys_json_object(j, NULL);
    ys_json_text(j, "what", e->what == YS_IMP_CHANGE ? change_en[e->change->what] : what_names[e->what]);
    ys_json_text(j, "kind", e->kind->name);
    if (e->what == YS_IMP_CHANGE) {
        ys_json_text(j, "file", e->diag->file);
        if (e->diag->sheet[0] != '\0')
            ys_json_text(j, "sheet", e->diag->sheet);
        int mend = mend_of(e->change);
        ys_json_text(j, "key", e->change->key);
        ys_json_int(j, "row", e->change->source_row);
        if (mend >= 0) {
            ys_json_text(j, "fix_zh", mends[mend].zh);
            ys_json_text(j, "fix_en", mends[mend].en);
        }
        if (e->change->what == YS_CH_DUPLICATE)
            ys_json_int(j, "first_row", e->change->other_row);
        if (e->change->field != NULL) {
            ys_json_text(j, "field", e->change->field->name);
            ys_json_text(j, "before", e->change->before);
            ys_json_text(j, "after", e->change->after);
        }
    } else {
        ys_cli_json_fault(j, e->diag);
    }
    ys_json_end(j);
}

static void talk_change(const ys_cli *c, const ys_import_event *e)
{
    const ys_change_row *r = e->change;
    const char *word = ys_cli_say(c, change_zh[r->what], change_en[r->what]);
    const char *label = ys_cli_say(c, e->kind->label_zh, e->kind->label_en);
    int mend = mend_of(r);
    char row[400] = "", first[60] = "";
    if (r->source_row > 0)
        snprintf(row, sizeof row, c->zh ? " %s 第%lld行" : " %s row %lld", e->diag->file,
                 (long long)r->source_row);
    if (r->other_row > 0)
        snprintf(first, sizeof first, c->zh ? "，首见于第%lld行" : ", first in row %lld",
                 (long long)r->other_row);
    fprintf(stderr, "%s%s %s %s%s%s", mend >= 0 ? "  ■ " : "  ", word, label, r->key, row, first);
    if (r->field != NULL && mend >= 0)
        fprintf(stderr, " %s: %s", ys_cli_say(c, r->field->label_zh, r->field->label_en),
                r->after != NULL ? r->after : "");
    else if (r->field != NULL)
        fprintf(stderr, " %s: %s → %s", ys_cli_say(c, r->field->label_zh, r->field->label_en),
                r->before != NULL ? r->before : "", r->after != NULL ? r->after : "");
    if (mend >= 0)
        fprintf(stderr, c->zh ? "（%s）" : " (%s)", ys_cli_say(c, mends[mend].zh, mends[mend].en));
    fputc('\n', stderr);
}

static void on_event(void *arg, const ys_import_event *e)
{
    view *v = arg;
    bool fault =
        e->what == YS_IMP_INVALID ||
        (e->what == YS_IMP_CHANGE && (e->change->what == YS_CH_DUPLICATE || e->change->what == YS_CH_ORPHAN));
    /* A first import is all "new": say how many, not which. */
    if (e->what == YS_IMP_CHANGE && e->change->what == YS_CH_ADDED && v->j == NULL)
        return;
    if (e->what == YS_IMP_CHANGE || fault) {
        if (v->shown >= v->limit)
            return;
        v->shown++;
    }
    if (v->j != NULL) {
        json_event(v->j, e);
        return;
    }
    if (e->what == YS_IMP_CHANGE) {
        talk_change(v->c, e);
        return;
    }
    char line[2400];
    ys_diag_format(e->diag, v->c->zh ? "zh" : "en", line, sizeof line);
    fprintf(stderr, "%s%s\n",
            e->what == YS_IMP_FILE      ? ""
            : e->what == YS_IMP_WARNING ? "  ▲ "
                                        : "  ■ ",
            line);
}

static ys_status print_json(ys_json *j, const ys_intake *in, ys_diag *diag)
{
    const ys_stage_counts *t = &in->counts.total;
    ys_json_end(j);
    ys_json_int(j, "files", in->counts.files);
    ys_json_int(j, "rows", t->rows);
    ys_json_int(j, "new", t->added);
    ys_json_int(j, "changed", t->changed);
    ys_json_int(j, "unchanged", t->unchanged);
    ys_json_int(j, "gone", t->gone);
    ys_json_int(j, "duplicates", t->duplicates);
    ys_json_int(j, "orphans", t->orphans);
    ys_json_int(j, "invalid", in->counts.invalid);
    ys_json_bool(j, "applied", in->applied);
    if (in->applied) {
        ys_json_int(j, "transaction", in->tx.id);
        ys_json_text(j, "root", in->tx.root);
    }
    return ys_cli_json_done(j, diag);
}

static void print_text(const ys_cli *c, const ys_intake *in)
{
    const ys_stage_counts *t = &in->counts.total;
    ys_cli_talk(
        c, "%lld 行：新增 %lld，变更 %lld，不变 %lld，已不在 %lld；有误 %lld，主键重复 %lld，引用落空 %lld",
        "%lld rows: %lld new, %lld changed, %lld unchanged, %lld gone; %lld invalid, %lld duplicates, %lld "
        "referring to nothing",
        (long long)t->rows, (long long)t->added, (long long)t->changed, (long long)t->unchanged,
        (long long)t->gone, (long long)in->counts.invalid, (long long)t->duplicates, (long long)t->orphans);
    if (in->applied && in->tx.id != 0)
        ys_cli_talk(c, "● 已写入，事务 %lld，链首 %.16s…", "● written, transaction %lld, head %.16s…",
                    (long long)in->tx.id, in->tx.root);
    else if (in->applied)
        ys_cli_talk(c, "● 没有变化，什么也没写", "● nothing changed, nothing was written");
    else
        ys_cli_talk(c, "○ 只看了差异，什么也没写；写入请加 --apply",
                    "○ only the difference was shown, nothing was written; add --apply to write");
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_json j;
    ys_intake in = {0};
    ys_status st = YS_OK;
    view v = {.c = c, .j = c->json ? &j : NULL};
    ys_intake_args a = {.paths = c->argv + 1,
                        .count = c->argc - 1,
                        .scope = ys_cli_get(c, "scope"),
                        .reason = ys_cli_get(c, "reason"),
                        .name = ys_cli_get(c, "snapshot"),
                        .event = on_event,
                        .arg = &v};
    a.apply = ys_cli_flag(c, "apply") && !ys_cli_flag(c, "dry-run");
    a.skip_invalid = ys_cli_flag(c, "skip-invalid");
    a.how = (ys_bind_how){ys_cli_get(c, "kind"), ys_cli_get(c, "mapping"), ys_cli_get(c, "template")};
    YS_TRY(ys_cli_date(c, "valid-from", INT32_MIN, &a.valid_from, diag));
    YS_TRY(ys_cli_int(c, "show", 0, INT32_MAX, 20, &v.limit, diag));
    YS_TRY(ys_cli_open(c, false, &o, diag));
    if (c->json) {
        ys_cli_json(c, &j);
        ys_json_array(&j, "events");
    }
    st = ys_intake_run(o, &a, &in, diag);
    if (st == YS_OK && c->json)
        st = print_json(&j, &in, diag);
    else if (st == YS_OK)
        print_text(c, &in);
    else if (c->json) {
        ys_json_end(&j);
        ys_cli_json_error(&j, diag, st);
        ys_json_end(&j);
        ys_json_finish(&j);
    }
    int64_t faults = in.counts.invalid + in.counts.total.duplicates + in.counts.total.orphans;
    if (st == YS_OK && faults > 0)
        st = in.applied ? ys_fail(diag, YS_EPARTIAL, "%lld 行有误，没有写入",
                                  "%lld faulty rows were not written", (long long)faults)
                        : ys_fail(diag, YS_EDATA, "%lld 行有误；改正后再导入，或加 --skip-invalid 只写其余",
                                  "%lld faulty rows; mend them, or add --skip-invalid to write the rest",
                                  (long long)faults);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_import = {
    .name = "import",
    .args = "DB FILE|FOLDER…",
    .least = 2,
    .most = -1,
    .zh = "导入表格（先看差异）",
    .en = "import tables (the difference first)",
    .more_zh = "读 CSV（UTF-8、GB18030）和 "
               "XLSX，按表头认列。空白＝不变，#NA＝没有值，#"
               "未问＝没问过。遮盖着导出的证件号码、电话、姓名原样导回，也是不变。同一张表导入两次，第二次什"
               "么也不变。"
               "任何一步失败或被中断，库都停在上一个完好的状态。",
    .more_en =
        "Reads CSV (UTF-8, GB18030) and XLSX and finds columns by their headers. Blank means unchanged, #NA "
        "no value, "
        "#notasked nobody asked; a personal value masked by an export and left as it was is unchanged too. "
        "The same table twice changes nothing the second time. Whatever fails or is "
        "interrupted, the store stays in its last good state.",
    .example = "yaoshi import heze.db 户.xlsx persons.csv --apply",
    .opts = opts,
    .run = run,
};
