/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/clock.h"
#include "app/fact.h"
#include "app/plan_floor_words.h"
#include "app/planning.h"
#include "app/proof.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/plan_compare.h"
#include "cli/plan_prices.h"
#include "cli/plan_whatif.h"

static const ys_opt opts[] = {
    {"verify", NULL, "独立核对存着的计划（不用求解器的任何代码）",
     "check the kept plan independently (no code of the solver)"},
    {"version", "P0001", "核对或对照哪一版（默认最新）",
     "which version to check or compare (default: the newest)"},
    {"year", "YEAR", "计划第一年（默认供给里最早的）",
     "first year of the plan (default: the earliest offered)"},
    {"threads", "N", "线程数（结果与它无关）", "threads (the result does not depend on it)"},
    {"passes", "N", "每层定价遍数（默认自动）", "pricing passes per tier (default: by size)"},
    {"alpha", "1|2", "缺口的指数（默认 1）", "exponent of the gap (default 1)"},
    YS_COMPARE_OPT,
    {"dry-run", NULL, "只算不存（-n）", "plan without keeping it (-n)"},
    YS_WHATIF_OPTS,
    YS_READING_OPTS,
    {0},
};

static void progress(void *arg, int tier, const char *stage, double share)
{
    const ys_cli *c = arg;
    static const char *const zh[] = {"定价", "修整", "改进"};
    const char *word = strcmp(stage, "price") == 0 ? zh[0] : strcmp(stage, "repair") == 0 ? zh[1] : zh[2];
    fprintf(stderr, "\r%s %d %s %3.0f%% ", ys_cli_say(c, "第", "tier"), tier + 1, ys_cli_say(c, word, stage),
            share * 100);
}

/* A plan that can give nothing is a plan, but somebody must say so. */
static void json_warnings(ys_json *j, const ys_planning *p)
{
    ys_diag why = {0};
    ys_json_array(j, "warnings");
    if (ys_planning_is_empty(p, &why)) {
        ys_json_object(j, NULL);
        ys_cli_json_fault(j, &why);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void talk_warnings(const ys_cli *c, const ys_planning *p)
{
    ys_diag why = {0};
    char line[2400];
    if (!ys_planning_is_empty(p, &why))
        return;
    ys_diag_format(&why, c->zh ? "zh" : "en", line, sizeof line);
    fprintf(stderr, "▲ %s\n", line);
}

/* Locks, and the changes to the running plan where they cost something. */
static void json_decided(ys_json *j, const ys_planning *p)
{
    const ys_plan_input *in = &p->facts->in;
    ys_plan_switches w = ys_plan_switches_of(p->plan, p->result);
    ys_json_int(j, "locks", in->n_locks);
    if (in->chance_epsilon > 0)
        ys_json_real(j, "chance_epsilon", in->chance_epsilon);
    if (in->switch_cost == 0)
        return;
    ys_json_object(j, "switches");
    ys_json_int(j, "cost_each", in->switch_cost);
    ys_json_int(j, "running", in->n_running);
    ys_json_int(j, "added", w.added);
    ys_json_int(j, "dropped", w.dropped);
    ys_json_int(j, "cost", w.cost);
    ys_json_int(j, "value_without", p->result->tier[1].value + w.cost);
    ys_json_end(j);
}

/* Floors that bind: what they ask, what is reached, what they cost. */
static ys_status json_floors(ys_json *j, const ys_planning *p, ys_diag *diag)
{
    const ys_plan_input *in = &p->facts->in;
    ys_str words = {0};
    ys_json_array(j, "binding_floors");
    for (int f = 0; f < in->n_floors; f++) {
        double cost = ys_plan_floor_cost(in, p->result, f);
        if (!(cost > 0))
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "floor", in->floors[f].name);
        ys_json_text(j, "kind", ys_plan_floor_kind_name(in->floors[f].kind));
        ys_json_int(j, "need", p->result->floor_need[f]);
        ys_json_int(j, "reached", p->result->floor_use[f]);
        ys_json_real(j, "cost", cost);
        for (int zh = 1; zh >= 0; zh--) {
            ys_str_clear(&words);
            ys_plan_floor_say(p, f, zh, &words);
            ys_json_text(j, zh ? "zh" : "en", ys_str_get(&words));
        }
        ys_json_end(j);
    }
    ys_json_end(j);
    bool ok = !words.failed;
    ys_str_done(&words);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

/* The dearest floors, in words. */
static void talk_floors(const ys_cli *c, const ys_planning *p)
{
    enum { MOST = 5 };
    const ys_plan_input *in = &p->facts->in;
    double last = INFINITY;
    int last_at = -1, binding = 0;
    for (int f = 0; f < in->n_floors; f++)
        binding += ys_plan_floor_cost(in, p->result, f) > 0;
    for (int k = 0; k < MOST && k < binding; k++) { /* the next below the last one; ties in their order */
        int best = -1;
        double top = 0;
        for (int f = 0; f < in->n_floors; f++) {
            double cost = ys_plan_floor_cost(in, p->result, f);
            bool left = cost < last || (cost == last && f > last_at);
            if (left && cost > top) {
                top = cost;
                best = f;
            }
        }
        if (best < 0)
            break;
        ys_str words = {0};
        ys_plan_floor_say(p, best, c->zh, &words);
        ys_cli_talk(c, "◆ %s", "◆ %s", ys_str_get(&words));
        ys_str_done(&words);
        last = top;
        last_at = best;
    }
    if (binding > MOST)
        ys_cli_talk(c, "另有 %d 条底线在起作用（--json 列出）", "%d more floors bind (--json lists them)",
                    binding - MOST);
}

/* Offerings that hang on a project: counted from which day, or waiting for what. */
static ys_status json_start(ys_json *j, const ys_offer_start *s, ys_diag *diag)
{
    char date[32];
    ys_str words = {0};
    ys_json_object(j, NULL);
    ys_json_text(j, "offering", s->offering);
    ys_json_text(j, "project", s->project);
    ys_json_text(j, "gate", s->gate);
    ys_json_text(j, "date", s->date != INT32_MIN ? ys_format_date(s->date, date, sizeof date) : NULL);
    ys_json_bool(j, "counted", s->why == YS_START_KNOWN);
    ys_json_bool(j, "conditional", s->conditional);
    for (int zh = 1; zh >= 0; zh--) {
        ys_str_clear(&words);
        ys_offer_start_say(s, zh == 1, &words);
        ys_json_text(j, zh ? "zh" : "en", ys_str_get(&words));
    }
    ys_json_end(j);
    bool ok = !words.failed;
    ys_str_done(&words);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static ys_status json_starts(ys_json *j, const ys_plan_facts *f, ys_diag *diag)
{
    ys_json_array(j, "project_offerings");
    for (int i = 0; i < f->in.n_offerings; i++)
        if (f->start[i].project != NULL)
            YS_TRY(json_start(j, &f->start[i], diag));
    for (int i = 0; i < f->n_waiting; i++)
        YS_TRY(json_start(j, &f->waiting[i], diag));
    ys_json_end(j);
    return YS_OK;
}

/* What is not counted, and what counts on somebody's word. */
static void talk_starts(const ys_cli *c, const ys_plan_facts *f)
{
    for (int i = 0; i < f->in.n_offerings + f->n_waiting; i++) {
        const ys_offer_start *s = i < f->in.n_offerings ? &f->start[i] : &f->waiting[i - f->in.n_offerings];
        if (s->project == NULL || (s->why == YS_START_KNOWN && !s->conditional))
            continue;
        ys_str words = {0};
        ys_offer_start_say(s, c->zh, &words);
        ys_cli_talk(c, "○ %s", "○ %s", ys_str_get(&words));
        ys_str_done(&words);
    }
}

static ys_status print_json(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    const ys_plan_result *r = p->result;
    ys_plan_size size = ys_plan_measure_size(p->plan);
    char checksum[32];
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_text(&j, "version", p->version);
    ys_json_bool(&j, "partial", r->partial);
    ys_json_int(&j, "value", r->tier[1].value);
    ys_json_int(&j, "bound", r->tier[1].bound);
    ys_json_real(&j, "gap", r->gap);
    ys_json_array(&j, "tiers");
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        ys_json_object(&j, NULL);
        ys_json_int(&j, "value", r->tier[t].value);
        ys_json_int(&j, "bound", r->tier[t].bound);
        ys_json_real(&j, "gap", r->tier[t].gap);
        ys_json_int(&j, "passes", r->tier[t].passes);
        ys_json_int(&j, "overlap", r->overlap[t]);
        ys_json_end(&j);
    }
    ys_json_end(&j);
    ys_json_int(&j, "households", p->facts->in.n_households);
    ys_json_int(&j, "options", size.options);
    ys_json_int(&j, "bundles", size.bundles);
    ys_json_int(&j, "rows", size.rows);
    ys_json_int(&j, "floors", size.floors);
    ys_json_int(&j, "cut", size.cut);
    YS_TRY(json_floors(&j, p, diag));
    ys_json_int(&j, "year", p->facts->in.period);
    json_decided(&j, p);
    json_warnings(&j, p);
    YS_TRY(json_starts(&j, p->facts, diag));
    YS_TRY(ys_cli_prices_json(&j, p, diag));
    if (x != NULL)
        ys_cli_compare_json(&j, p, x);
    snprintf(checksum, sizeof checksum, "%016llx", (unsigned long long)r->checksum);
    ys_json_text(&j, "checksum", checksum);
    ys_json_real(&j, "seconds", p->seconds_solve);
    ys_json_real(&j, "seconds_read", p->seconds_read);
    ys_json_real(&j, "seconds_build", p->seconds_build);
    return ys_cli_json_done(&j, diag);
}

static void talk_decided(const ys_cli *c, const ys_planning *p)
{
    char cost[48], value[48];
    const ys_plan_input *in = &p->facts->in;
    ys_plan_switches w = ys_plan_switches_of(p->plan, p->result);
    int digits = ys_pack_digits(p->frame->pack);
    if (in->n_locks > 0)
        ys_cli_talk(c, "○ 锁定 %lld 条", "○ %lld locks", (long long)in->n_locks);
    if (in->switch_cost > 0)
        ys_cli_talk(
            c,
            "○ 与现行计划（%lld 项）相比新增 %lld 项、取消 %lld 项，调整成本 %s 已计入；不计调整成本第二层为 "
            "%s",
            "○ against the running plan (%lld choices) %lld added, %lld dropped; the cost of switching, "
            "%s, is taken off: without it tier 2 is %s",
            (long long)in->n_running, (long long)w.added, (long long)w.dropped,
            ys_format_money_grouped(w.cost, digits, cost, sizeof cost),
            ys_format_money_grouped(p->result->tier[1].value + w.cost, digits, value, sizeof value));
}

static ys_status print_text(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    char value[48];
    const ys_plan_result *r = p->result;
    const ys_plan_input *in = &p->facts->in;
    ys_plan_size size = ys_plan_measure_size(p->plan);
    int64_t helped = 0, places = 0, full = 0;
    for (int64_t b = 0; b < in->n_households; b++)
        helped += ys_plan_picks_of(p->plan, r, b).count > 0;
    for (int64_t i = in->n_funds; i < r->rows; i++) {
        places++;
        full += r->use[i] == ys_plan_row_at(p->plan, i).limit;
    }
    talk_warnings(c, p);
    if (x != NULL)
        YS_TRY(ys_cli_compare_print(c, p, x, diag));
    /* a CSV is one table */
    if (x == NULL || !ys_cli_flag(c, "csv"))
        YS_TRY(ys_cli_prices_print(c, p, diag));
    ys_cli_talk(c, "\n%lld 户，%lld 个选项，%lld 个组合；%lld 户得到措施；%lld 项限额中用满 %lld",
                "\n%lld households, %lld options, %lld bundles; %lld households get measures; of %lld "
                "capacities %lld are full",
                (long long)in->n_households, (long long)size.options, (long long)size.bundles,
                (long long)helped, (long long)places, (long long)full);
    ys_cli_talk(c, "● 第一层（法定保障）解决 %lld，上界 %lld，差距 %.4f%%",
                "● tier 1 (statutory): cures %lld, bound %lld, gap %.4f%%", (long long)r->tier[0].value,
                (long long)r->tier[0].bound, r->tier[0].gap * 100);
    ys_cli_talk(
        c, "● 第二层（缺口现值）减少 %s %s，距最优至多 %.4f%%",
        "● tier 2 (present value of the gap): closes %s %s, at most %.4f%% from the optimum",
        ys_format_money_grouped(r->tier[1].value, ys_pack_digits(p->frame->pack), value, sizeof value),
        ys_currency_word(p->frame->pack, c->zh), r->tier[1].gap * 100);
    talk_decided(c, p);
    talk_starts(c, p->facts);
    ys_cli_talk(c, "读 %.1f 秒，建模 %.1f 秒，求解 %.1f 秒", "read %.1f s, built %.1f s, solved %.1f s",
                p->seconds_read, p->seconds_build, p->seconds_solve);
    talk_floors(c, p);
    if (p->version[0] != '\0')
        ys_cli_talk(c, "已存为 %s。下一步：yaoshi plan %s --verify；yaoshi show %s 户编号",
                    "kept as %s. next: yaoshi plan %s --verify; yaoshi show %s HOUSEHOLD", p->version,
                    c->argv[0], c->argv[0]);
    return YS_OK;
}

static ys_status read_args(const ys_cli *c, ys_planning_args *a, ys_diag *diag)
{
    int64_t year, threads, passes, alpha;
    YS_TRY(ys_cli_reading(c, &a->reading, diag));
    YS_TRY(ys_cli_int(c, "year", 1900, 2200, INT32_MIN, &year, diag));
    YS_TRY(ys_cli_int(c, "threads", 1, 256, 0, &threads, diag));
    YS_TRY(ys_cli_int(c, "passes", 1, 100000, 0, &passes, diag));
    YS_TRY(ys_cli_int(c, "alpha", 1, 2, 1, &alpha, diag));
    a->year = (int32_t)year;
    a->threads = (int)threads;
    a->passes = (int)passes;
    a->alpha = (int)alpha;
    a->interrupted = ys_cli_interrupted;
    if (!c->json && isatty(STDERR_FILENO))
        a->progress = progress;
    a->arg = (void *)c;
    return YS_OK;
}

static ys_status verify(const ys_cli *c, ys_office *o, ys_diag *diag)
{
    ys_proof *proof = NULL;
    YS_TRY(ys_proof_make(o, ys_cli_get(c, "version"), &proof, diag));
    ys_status st = ys_proof_print(c->zh, c->json, c->out, proof, diag);
    int64_t findings = ys_proof_findings(proof);
    ys_proof_free(proof);
    if (st == YS_OK && findings > 0)
        return ys_fail(diag, YS_EDATA, "计划没有通过核对：%lld 处",
                       "the plan does not check out: %lld findings", (long long)findings);
    return st;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_planning *p = NULL;
    ys_planning_args a = {0};
    ys_status st = YS_OK;
    ys_comparison *x = NULL;
    bool check = ys_cli_flag(c, "verify"), compare, rule[YS_COMPARE_RULES];
    const char *version = ys_cli_get(c, "version");
    YS_TRY(read_args(c, &a, diag));
    YS_TRY(ys_cli_compare_rules(c, rule, &compare, diag));
    bool ask = ys_whatif_asked(c);
    if (check + compare + ask > 1)
        return ys_fail(diag, YS_EUSAGE, "--verify、--compare 和假如（--set、--scenario、--curve）不能同用",
                       "--verify, --compare and what if (--set, --scenario, --curve) do not go together");
    YS_TRY(ys_cli_open(c, check || ask || (compare && version != NULL), &o, diag));
    if (check || (compare && version != NULL)) {
        st = check ? verify(c, o, diag) : ys_cli_compare_kept(c, o, version, rule, diag);
        goto done;
    }
    ys_cli_watch_interrupt();
    if (ask) {
        st = ys_whatif_run(c, o, &a, diag);
        goto done;
    }
    YS_GO(ys_planning_make(o, &a, &p, diag));
    if (a.progress != NULL)
        fprintf(stderr, "\r\033[K");
    if (!ys_cli_flag(c, "dry-run"))
        YS_GO(ys_planning_keep(o, &a, p, diag));
    if (compare)
        YS_GO(ys_comparison_make(p, rule, a.threads, &x, diag));
    YS_GO(c->json ? print_json(c, p, x, diag) : print_text(c, p, x, diag));
    if (p->result->partial)
        st = ys_fail(diag, YS_EINTERRUPTED, "中途停止：存的是当时最好的计划，差距如实",
                     "stopped early: the best plan so far is kept, with its honest gap");
done:
    ys_comparison_free(x);
    ys_planning_free(p);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_plan = {
    .name = "plan",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "一把钥匙开一把锁：在资金和名额内给每户最合适的措施，并证明离最优多远",
    .en = "one key for one lock: the right measures within money and places, with a proof of how close to "
          "the best",
    .more_zh = "先保法定（两不愁三保障），再减缺口，两层不相加；绝不以脱贫人数为目标。给出可行计划、上界、每"
               "笔钱和每个名额的影子价格。"
               "模型逐字写在 docs/plan-model.md。Ctrl-C 得到当时最好的计划。"
               "没有供给时给出空计划并说明（有下限时退出码为 6）。",
    .more_en = "The law first (statutory deprivations), then the gap; the tiers are never summed and heads "
               "over the line are "
               "never the aim. Gives a feasible plan, a bound, and the shadow price of every fund and place. "
               "The model is "
               "written out in docs/plan-model.md. Ctrl-C gives the best plan so far. Where nothing is "
               "offered the plan is "
               "empty and says so (exit code 6 if floors ask for something).",
    .example = "yaoshi plan heze.db --threads 2",
    .opts = opts,
    .run = run,
};
