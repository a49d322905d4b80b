/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/fact.h"
#include "app/pair_proof.h"
#include "app/pairing.h"
#include "cli/commands.h"

enum { SHOWN = 20, SHOWN_JSON = 1000, WHY_SHOWN = 8 };

static const ys_opt opts[] = {
    {"level", "NAME", "结对层次：household（默认）或政策包里的其他层次",
     "level of pairing: household (default) or another of the pack's"},
    {"keep", NULL, "把变动的结对存进库（旧的留在历史里）",
     "keep what changes in the store (the old stays in the history)"},
    {"verify", NULL, "独立核对存着的结对（不用求解器的任何代码）",
     "check the kept pairing independently (no code of the solver)"},
    {"run", "R0001", "与 --verify 同用：核对哪一次（默认这一层次最新的）",
     "with --verify: which run (default: the newest of the level)"},
    {"why", "KEY", "只说这一户（或村、县…）为什么配给谁", "explain one household (or village, county …)"},
    {"list", NULL, "列出每一对", "list every pair"},
    {"candidates", "N", "每个受帮方看最近的几个帮扶方（默认政策包）",
     "nearest givers looked at for each need (default: the pack's)"},
    {"threads", "N", "线程数（结果与它无关）", "threads (the result does not depend on it)"},
    YS_READING_OPTS,
    {0},
};

/* ---- words ---- */

/* Name of a giver as people call it, masked as its field asks; its key where it has none. */
static const char *giver_called(const ys_pairing *p, bool zh, int64_t j, char *buf, size_t size)
{
    ys_fact_how how = {.pack = p->frame->pack, .zh = zh};
    const ys_kind *k = ys_pack_kind(p->frame->pack, p->level->giver_kind);
    int f = ys_kind_field(k, "name");
    const char *name =
        f >= 0 ? ys_fact_text(&how, &k->fields[f], p->giver_table, p->giver_row[j], buf, size) : "";
    return *name != '\0' ? name : ys_pairing_giver(p, j);
}

static const char *reason_word(const ys_pairing *p, const ys_cli *c, const char *reason)
{
    const char *label = ys_pack_label(p->frame->pack, "pairing_reason", reason, c->zh ? "zh" : "en");
    return label != NULL ? label : reason;
}

static const char *alone_word(const ys_cli *c, ys_pair_alone a)
{
    static const char *const zh[] = {"已结对", "范围内没有帮扶方", "条件排除了所有帮扶方", "能帮的都满了",
                                     "有空位，但代价比不结对还高"};
    static const char *const en[] = {"paired", "nobody is within reach", "the conditions exclude everybody",
                                     "all who may help are full",
                                     "there is a place, but it costs more than none"};
    return ys_cli_say(c, zh[a], en[a]);
}

static const char *common_word(const ys_pairing *p, const ys_cli *c, int32_t common)
{
    const char *const *levels;
    int n = ys_pack_area_levels(p->frame->pack, &levels);
    const char *level = common >= 0 && common < n ? levels[common] : "";
    const char *label =
        *level != '\0' ? ys_pack_label(p->frame->pack, "area_level", level, c->zh ? "zh" : "en") : "-";
    return label != NULL ? label : level;
}

/* ---- the summary ---- */

static void json_need(ys_json *j, const ys_pairing *p, int64_t i)
{
    int64_t e = p->result->edge[i];
    ys_json_object(j, NULL);
    ys_json_text(j, "need", ys_pairing_need(p, i));
    ys_json_text(j, "giver", e >= 0 ? ys_pairing_giver(p, p->giver[e]) : NULL);
    if (e >= 0) {
        ys_json_text(j, "reason", ys_pair_reason_name(ys_pairing_reason(p, i)));
        ys_json_int(j, "cost", p->cost[e]);
    } else {
        ys_json_text(j, "reason", ys_pair_alone_name((ys_pair_alone)p->state[i]));
    }
    ys_json_text(j, "before", p->before[i]);
    ys_json_end(j);
}

/* Needs in an array: those that `which` asks for, at most `most`. */
static void json_needs(ys_json *j, const ys_pairing *p, const char *name, int which, int64_t most)
{
    ys_json_array(j, name);
    for (int64_t i = 0; i < p->needs && most > 0; i++) {
        bool paired = p->result->edge[i] >= 0;
        bool wanted = which < 0    ? true
                      : which == 0 ? !paired
                                   : paired && ys_pairing_reason(p, i) == YS_PAIR_SUCCESSION;
        if (wanted) {
            json_need(j, p, i);
            most--;
        }
    }
    ys_json_end(j);
}

static ys_status print_json(const ys_cli *c, const ys_pairing *p, ys_diag *diag)
{
    const ys_pair_result *r = p->result;
    int64_t places = 0, full = 0;
    ys_json j;
    for (int64_t k = 0; k < p->givers; k++) {
        places += p->capacity[k];
        full += p->capacity[k] > 0 && r->load[k] == p->capacity[k];
    }
    ys_cli_json(c, &j);
    ys_json_text(&j, "level", p->level->level);
    ys_json_int(&j, "needs", p->needs);
    ys_json_int(&j, "givers", p->givers);
    ys_json_int(&j, "places", places);
    ys_json_int(&j, "pairs_listed", p->start[p->needs]);
    ys_json_int(&j, "pairs_within_reach", p->within);
    ys_json_int(&j, "paired", p->needs - r->alone);
    for (int k = 0; k < 4; k++)
        ys_json_int(&j, ys_pair_reason_name((ys_pair_reason)k), p->count[k]);
    ys_json_int(&j, "unassigned", r->alone);
    for (int a = YS_PAIR_NOBODY; a < YS_PAIR_ALONES; a++)
        ys_json_int(&j, ys_pair_alone_name((ys_pair_alone)a), p->alone[a]);
    ys_json_int(&j, "ended", p->ended);
    ys_json_int(&j, "givers_full", full);
    ys_json_int(&j, "givers_without_place", p->no_place);
    ys_json_int(&j, "givers_without_area", p->no_area);
    ys_json_int(&j, "places_taken_outside_scope", p->busy);
    ys_json_int(&j, "value", p->value);
    ys_json_int(&j, "dual", p->dual);
    ys_json_bool(&j, "optimal", p->value == p->dual);
    ys_json_bool(&j, "over_all_within_reach", p->complete);
    ys_json_int(&j, "parts", r->parts);
    ys_json_int(&j, "rounds", p->rounds);
    ys_json_int(&j, "kept_transaction", p->tx);
    ys_json_text(&j, "run", p->run[0] != '\0' ? p->run : NULL);
    ys_json_int(&j, "givers_unknown", p->unknown_givers);
    json_needs(&j, p, "alone", 0, SHOWN_JSON);
    json_needs(&j, p, "successions", 1, SHOWN_JSON);
    if (ys_cli_flag(c, "list"))
        json_needs(&j, p, "pairs", -1, p->needs);
    ys_json_real(&j, "seconds_read", p->seconds_read);
    ys_json_real(&j, "seconds_build", p->seconds_build);
    ys_json_real(&j, "seconds_wider", p->seconds_wider);
    ys_json_real(&j, "seconds", p->seconds_solve);
    return ys_cli_json_done(&j, diag);
}

/* Which pairs the table shows: all with --list, else those that need a look. */
static bool shown(const ys_cli *c, const ys_pairing *p, int64_t i)
{
    return ys_cli_flag(c, "list") || p->result->edge[i] < 0 || ys_pairing_reason(p, i) == YS_PAIR_SUCCESSION;
}

static ys_status print_pairs(const ys_cli *c, const ys_pairing *p, ys_diag *diag)
{
    char buf[160];
    int64_t left = 0, rows = 0;
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "受帮方", "who needs"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "帮扶方", "who helps"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "名称", "name"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "代价", "cost"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "事由", "reason"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "原帮扶方", "before"), YS_LEFT);
    for (int64_t i = 0; i < p->needs; i++) {
        int64_t e = p->result->edge[i];
        if (!shown(c, p, i))
            continue;
        if (!ys_cli_flag(c, "list") && rows >= SHOWN) {
            left++;
            continue;
        }
        rows++;
        ys_grid_put(g, ys_pairing_need(p, i));
        ys_grid_put(g, e >= 0 ? ys_pairing_giver(p, p->giver[e]) : "-");
        ys_grid_put(g, e >= 0 ? giver_called(p, c->zh, p->giver[e], buf, sizeof buf) : "");
        ys_grid_putf(g, "%lld", (long long)(e >= 0 ? p->cost[e] : p->level->alone));
        ys_grid_put(g, e >= 0 ? reason_word(p, c, ys_pair_reason_name(ys_pairing_reason(p, i)))
                              : alone_word(c, (ys_pair_alone)p->state[i]));
        ys_grid_put(g, p->before[i]);
    }
    if (rows == 0) {
        ys_grid_free(g);
        return YS_OK;
    }
    YS_TRY(ys_cli_grid(c, g, diag));
    if (left > 0)
        ys_cli_talk(c, "… 还有 %lld 个（--list 全部列出）", "… and %lld more (--list shows all)",
                    (long long)left);
    return YS_OK;
}

static ys_status print_text(const ys_cli *c, const ys_pairing *p, ys_diag *diag)
{
    const ys_pair_result *r = p->result;
    YS_TRY(print_pairs(c, p, diag));
    ys_cli_talk(c, "\n%s：%lld 个受帮方，%lld 个帮扶方，范围内 %lld 对，细看 %lld 对",
                "\n%s: %lld need, %lld give, %lld pairs within reach, %lld looked at closely",
                ys_cli_say(c, p->level->label_zh, p->level->label_en), (long long)p->needs,
                (long long)p->givers, (long long)p->within, (long long)p->start[p->needs]);
    ys_cli_talk(c, "● 已结对 %lld：延续 %lld，新结对 %lld，调整 %lld，接任 %lld",
                "● paired %lld: kept %lld, new %lld, moved %lld, successions %lld",
                (long long)(p->needs - r->alone), (long long)p->count[YS_PAIR_KEPT],
                (long long)p->count[YS_PAIR_NEW], (long long)p->count[YS_PAIR_MOVED],
                (long long)p->count[YS_PAIR_SUCCESSION]);
    if (r->alone > 0)
        ys_cli_talk(
            c, "■ 没有结对 %lld：范围内无人 %lld，条件全排除 %lld，都满了 %lld，代价太高 %lld",
            "■ not paired %lld: nobody within reach %lld, excluded %lld, all full %lld, too dear %lld",
            (long long)r->alone, (long long)p->alone[YS_PAIR_NOBODY], (long long)p->alone[YS_PAIR_EXCLUDED],
            (long long)p->alone[YS_PAIR_FULL], (long long)p->alone[YS_PAIR_DEAR]);
    if (p->no_place + p->no_area > 0)
        ys_cli_talk(c, "▲ 帮扶方中 %lld 个没有名额，%lld 个没有地区",
                    "▲ of the givers %lld have no place, %lld no area", (long long)p->no_place,
                    (long long)p->no_area);
    if (p->unknown_givers > 0)
        ys_cli_talk(
            c, "▲ 今天的台账里 %lld 对的帮扶方没有记录（如 %s）：按离任处理，请核对编号",
            "▲ %lld pairs of today's ledger name a giver without a record (such as %s): taken as left; "
            "check the numbers",
            (long long)p->unknown_givers, p->unknown_giver);
    ys_cli_talk(c, "● 总代价 %lld = 对偶值 %lld：已证明最优（%s）",
                "● total cost %lld = dual value %lld: proven optimal (%s)", (long long)p->value,
                (long long)p->dual,
                p->complete ? ys_cli_say(c, "在范围内的所有配对中", "over all pairs within reach")
                            : ys_cli_say(c, "在细看过的配对中", "over the pairs looked at closely"));
    ys_cli_talk(c, "读 %.1f 秒，建模 %.2f 秒，求解 %.3f 秒，核查其余配对 %.2f 秒（%lld 轮）",
                "read %.1f s, built %.2f s, solved %.3f s, looked at the other pairs %.2f s (%lld rounds)",
                p->seconds_read, p->seconds_build, p->seconds_solve, p->seconds_wider, (long long)p->rounds);
    if (p->tx > 0)
        ys_cli_talk(c, "已存入，事务 %lld，证明 %s（--verify 核对）",
                    "kept in transaction %lld, with certificate %s (--verify checks it)", (long long)p->tx,
                    p->run);
    else
        ys_cli_talk(c, "没有存%s", "nothing was kept%s",
                    ys_cli_flag(c, "keep") ? ys_cli_say(c, "：没有变动", ": nothing changed")
                                           : ys_cli_say(c, "（--keep 存）", " (--keep does)"));
    return YS_OK;
}

/* ---- why ---- */

static ys_status why_json(const ys_cli *c, const ys_pairing *p, const ys_pair_why *w, ys_diag *diag)
{
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_text(&j, "level", p->level->level);
    ys_json_text(&j, "need", ys_pairing_need(p, w->need));
    ys_pair_alone alone = (ys_pair_alone)p->state[w->need];
    ys_json_text(&j, "state", ys_pair_alone_name(alone));
    ys_json_text(&j, "before", p->before[w->need]);
    ys_json_int(&j, "within_reach", w->in_reach);
    ys_json_int(&j, "allowed", w->no_condition);
    ys_json_int(&j, "alone_cost", p->level->alone);
    ys_json_object(&j, "excluded");
    for (int k = 0; k < p->terms; k++)
        if (p->term[k]->condition)
            ys_json_int(&j, p->term[k]->term, w->excluded[k]);
    ys_json_end(&j);
    ys_json_array(&j, "choices");
    for (int64_t n = 0; n < w->choices && n < 100; n++) {
        const ys_pair_choice *x = &w->choice[n];
        ys_json_object(&j, NULL);
        ys_json_text(&j, "giver", ys_pairing_giver(p, x->giver));
        ys_json_bool(&j, "chosen", x->chosen);
        ys_json_bool(&j, "candidate", x->listed);
        ys_json_bool(&j, "kept", x->kept);
        ys_json_bool(&j, "full", x->full);
        if (x->km >= 0)
            ys_json_int(&j, "km", x->km);
        if (x->minutes >= 0)
            ys_json_int(&j, "minutes", x->minutes);
        ys_json_int(&j, "cost", x->cost);
        ys_json_int(&j, "place_price", x->price);
        ys_json_int(&j, "loss_at_least", x->regret);
        ys_json_object(&j, "terms");
        for (int k = 0; k < p->terms; k++)
            if (x->points[k] != 0)
                ys_json_int(&j, p->term[k]->term, x->points[k]);
        ys_json_end(&j);
        ys_json_end(&j);
    }
    ys_json_end(&j);
    return ys_cli_json_done(&j, diag);
}

/* "同镇不同村 100，前任延续 -150": where the points of a pair come from. */
static void put_terms(const ys_cli *c, const ys_pairing *p, const ys_pair_choice *x, ys_grid *g)
{
    ys_str s = {0};
    if (x->kept)
        (void)ys_str_printf(&s, "%s %lld", ys_cli_say(c, "今天就是他", "helps today"),
                            (long long)-p->level->keep);
    for (int k = 0; k < p->terms; k++)
        if (x->points[k] != 0)
            (void)ys_str_printf(&s, "%s%s %lld", s.len > 0 ? ys_cli_say(c, "，", ", ") : "",
                                ys_cli_say(c, p->term[k]->label_zh, p->term[k]->label_en),
                                (long long)x->points[k]);
    ys_grid_put(g, ys_str_get(&s));
    ys_str_done(&s);
}

static ys_status why_grid(const ys_cli *c, const ys_pairing *p, const ys_pair_why *w, ys_diag *diag)
{
    char buf[160];
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "帮扶方", "who helps"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "名称", "name"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "最近的共同地区", "nearest in common"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "代价", "cost"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "换成它至少多付", "loss at least"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "情况", "state"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "代价的来由", "where the cost comes from"), YS_LEFT);
    for (int64_t n = 0; n < w->choices && n < WHY_SHOWN; n++) {
        const ys_pair_choice *x = &w->choice[n];
        ys_grid_put(g, ys_pairing_giver(p, x->giver));
        ys_grid_put(g, giver_called(p, c->zh, x->giver, buf, sizeof buf));
        ys_grid_put(g, common_word(p, c, x->common));
        ys_grid_putf(g, "%lld", (long long)x->cost);
        ys_grid_putf(g, "%lld", (long long)x->regret);
        ys_grid_put(g, x->chosen    ? ys_cli_say(c, "● 配给它", "● chosen")
                       : !x->listed ? ys_cli_say(c, "不在候选之列", "not a candidate")
                       : x->full    ? ys_cli_say(c, "满", "full")
                                    : ys_cli_say(c, "有空位", "has a place"));
        put_terms(c, p, x, g);
    }
    return ys_cli_grid(c, g, diag);
}

static ys_status why_text(const ys_cli *c, const ys_pairing *p, const ys_pair_why *w, ys_diag *diag)
{
    ys_pair_alone alone = (ys_pair_alone)p->state[w->need];
    if (w->choices > 0)
        YS_TRY(why_grid(c, p, w, diag));
    ys_cli_talk(c, "\n%s：%s。范围内 %lld 个帮扶方，条件允许 %lld 个",
                "\n%s: %s. %lld givers within reach, %lld allowed", ys_pairing_need(p, w->need),
                alone_word(c, alone), (long long)w->in_reach, (long long)w->no_condition);
    for (int k = 0; k < p->terms; k++)
        if (p->term[k]->condition && w->excluded[k] > 0)
            ys_cli_talk(c, "  条件“%s”排除 %lld 个", "  the condition “%s” excludes %lld",
                        ys_cli_say(c, p->term[k]->label_zh, p->term[k]->label_en), (long long)w->excluded[k]);
    if (alone == YS_PAIR_FULL && w->choices > 0) {
        const ys_pair_choice *x = &w->choice[0];
        ys_cli_talk(
            c, "  %s 若多一个名额：总代价至少少 %lld，至多少 %lld",
            "  one more place at %s would save at least %lld and at most %lld", ys_pairing_giver(p, x->giver),
            (long long)(p->level->alone > x->cost ? p->level->alone - x->cost : 0), (long long)x->price);
    }
    return YS_OK;
}

static ys_status why(const ys_cli *c, ys_pairing *p, const char *key, ys_diag *diag)
{
    ys_pair_why w = {0};
    int64_t i = ys_pairing_need_find(p, key);
    if (i < 0) {
        ys_diag_fix(diag, "用受帮方的编号", "name it by its key");
        return ys_fail(diag, YS_ENOTFOUND, "%s 不在这一层次的受帮方中",
                       "%s is not among those who need at this level", key);
    }
    YS_TRY(ys_pair_why_make(p, i, &w, diag));
    ys_status st = c->json ? why_json(c, p, &w, diag) : why_text(c, p, &w, diag);
    ys_pair_why_done(&w);
    return st;
}

/* ---- the proof ---- */

static ys_status verify(const ys_cli *c, const char *level, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_pair_proof *p = NULL;
    ys_status st = YS_OK;
    if (ys_cli_flag(c, "keep") || ys_cli_get(c, "why") != NULL)
        return ys_fail(diag, YS_EUSAGE, "--verify 不能与 --keep、--why 同用",
                       "--verify goes neither with --keep nor with --why");
    YS_TRY(ys_cli_open(c, true, &o, diag));
    YS_GO(ys_pair_proof_make(o, level, ys_cli_get(c, "run"), &p, diag));
    YS_GO(ys_pair_proof_print(c->zh, c->json, c->out, p, diag));
    if (ys_pair_proof_findings(p) > 0)
        st = ys_fail(diag, YS_EDATA, "结对没有通过核对：%lld 处",
                     "the pairing does not check out: %lld findings", (long long)ys_pair_proof_findings(p));
done:
    ys_pair_proof_free(p);
    ys_office_close(o);
    return st;
}

/* ---- the command ---- */

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_pairing *p = NULL;
    ys_status st = YS_OK;
    int64_t threads;
    bool keep = ys_cli_flag(c, "keep");
    const char *key = ys_cli_get(c, "why"), *level = ys_cli_get(c, "level");
    ys_pairing_args a = {.level = level != NULL ? level : "household", .interrupted = ys_cli_interrupted};
    if (ys_cli_flag(c, "verify"))
        return verify(c, a.level, diag);
    if (ys_cli_get(c, "run") != NULL)
        return ys_fail(diag, YS_EUSAGE, "--run 要与 --verify 同用", "--run goes with --verify");
    if (keep && key != NULL)
        return ys_fail(diag, YS_EUSAGE, "--keep 与 --why 不能同用", "--keep and --why do not go together");
    YS_TRY(ys_cli_reading(c, &a.reading, diag));
    if (keep && a.reading.as_of_tx > 0)
        return ys_fail(diag, YS_EUSAGE, "--keep 与 --as-of 不能同用",
                       "--keep and --as-of do not go together");
    YS_TRY(ys_cli_int(c, "threads", 1, 256, 0, &threads, diag));
    YS_TRY(ys_cli_int(c, "candidates", 1, 10000, 0, &a.candidates, diag));
    a.threads = (int)threads;
    YS_TRY(ys_cli_open(c, !keep, &o, diag));
    ys_cli_watch_interrupt();
    YS_GO(ys_pairing_make(o, &a, &p, diag));
    if (keep && !p->stopped)
        YS_GO(ys_pairing_keep(o, p, diag));
    if (key != NULL)
        st = why(c, p, key, diag);
    else
        st = c->json ? print_json(c, p, diag) : print_text(c, p, diag);
    if (st == YS_OK && p->stopped)
        st = ys_fail(diag, YS_EINTERRUPTED, "中途停止：这是细看过的配对中最好的，没有存",
                     "stopped early: the best over the pairs looked at closely; nothing was kept");
done:
    ys_pairing_free(p);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_pair = {
    .name = "pair",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "给每户配帮扶责任人（或县区、镇街、村企、学校、医院结对）",
    .en = "pair every household with a helper (or counties, towns, villages and firms, schools, hospitals)",
    .more_zh =
        "按政策包的条件和代价（地区远近、专长、语言、困难程度、延续今天的结对、一人多户）求总代价最小的结对，"
        "名额不超，并用对偶值证明最优。前任离任（结束日期已到或不在表中）的户得到接任者。没有结对的说明原因："
        "范围内无人、条件全排除、都满了。代价的写法见 docs/pair-model.md。",
    .more_en = "Finds the pairs of least total cost under the pack's conditions and costs (nearness, skills, "
               "language, how hard the "
               "case is, today's pair, several households for one helper), within the places there are, and "
               "proves it by the dual "
               "value. Where a helper has left (the end date has come, or the record is gone) the household "
               "gets a successor. Who "
               "is not paired is told why: nobody within reach, excluded by the conditions, all full. "
               "docs/pair-model.md has the "
               "costs.",
    .example = "yaoshi pair heze.db --keep; yaoshi pair heze.db --why H000123; yaoshi pair heze.db --level "
               "county --json",
    .opts = opts,
    .run = run,
};
