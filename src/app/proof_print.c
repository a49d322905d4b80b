/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof_print.c - a proof as text or JSON.
 */
#include "app/proof_internal.h"
#include "base/json.h"

static const char *const check_names[] = {
#define X(name, id, zh, en) id,
    YS_PROOF_CHECKS(X)
#undef X
};
static const char *const check_zh[] = {
#define X(name, id, zh, en) zh,
    YS_PROOF_CHECKS(X)
#undef X
};
static const char *const check_en[] = {
#define X(name, id, zh, en) en,
    YS_PROOF_CHECKS(X)
#undef X
};

static bool checked_out(const ys_proof *p, int check)
{
    return p->done[check] && p->found_by[check] == 0;
}

/* ---- JSON ---- */

static void json_findings(ys_json *j, const ys_proof *p)
{
    ys_json_array(j, "findings");
    for (size_t i = 0; i < p->kept; i++) {
        const ys__proof_finding *x = &p->findings[i];
        ys_json_object(j, NULL);
        ys_json_text(j, "code", x->code);
        ys_json_text(j, "zh", x->zh);
        ys_json_text(j, "en", x->en);
        ys_json_array(j, "names");
        for (int k = 0; k < x->name_count; k++)
            ys_json_text(j, NULL, x->names[k]);
        ys_json_end(j);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_checks(ys_json *j, const ys_proof *p)
{
    ys_json_array(j, "checks");
    for (int i = 0; i < YS_PROOF_CHECK_COUNT; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "check", check_names[i]);
        ys_json_bool(j, "carried_out", p->done[i]);
        ys_json_int(j, "findings", p->found_by[i]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

/* `value` is recomputed from the choices, `stored_value` what the plan says (of tier 1: the value of the plan of tier 1
 * alone, of which the plan kept may give up the tolerance). */
static void json_tiers(ys_json *j, const ys_proof *p)
{
    const ys_verify_result *r = p->result;
    ys_json_array(j, "tiers");
    for (int t = 0; r != NULL && t < YS_VERIFY_TIERS; t++) {
        ys_json_object(j, NULL);
        ys_json_int(j, "value", r->value[t]);
        if (r->bound_known[t]) {
            ys_json_int(j, "bound", r->bound[t]);
            ys_json_real(j, "gap", r->gap[t]);
        } else {
            ys_json_null(j, "bound");
            ys_json_null(j, "gap");
        }
        ys_json_int(j, "stored_value", p->plan.value[t]);
        ys_json_int(j, "stored_bound", p->plan.bound[t]);
        ys_json_int(j, "overlap", r->overlap[t]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static ys_status print_json(ys_out out, const ys_proof *p, ys_diag *diag)
{
    ys_json j;
    ys_json_init(&j, out, true);
    ys_json_object(&j, NULL);
    ys_json_text(&j, "version", p->plan.version);
    ys_json_bool(&j, "ok", p->count == 0);
    ys_json_int(&j, "findings_total", p->count);
    json_findings(&j, p);
    json_checks(&j, p);
    json_tiers(&j, p);
    ys_json_int(&j, "facts_transaction", p->plan.facts_tx);
    ys_json_text(&j, "facts_root", p->plan.facts_root);
    ys_json_text(&j, "pack_hash", p->plan.pack_hash);
    ys_json_int(&j, "households", p->households);
    ys_json_int(&j, "choices", p->choices);
    ys_json_int(&j, "prices", p->prices);
    ys_json_int(&j, "options", p->result != NULL ? p->result->options : 0);
    ys_json_int(&j, "bundles", p->result != NULL ? p->result->bundles : 0);
    ys_json_int(&j, "cut", p->result != NULL ? p->result->cut : 0);
    ys_json_int(&j, "added", p->result != NULL ? p->result->added : 0);
    ys_json_int(&j, "dropped", p->result != NULL ? p->result->dropped : 0);
    ys_json_int(&j, "chain_transactions", p->chain_transactions);
    ys_json_int(&j, "chain_rows", p->chain_rows);
    ys_json_real(&j, "seconds", p->seconds);
    ys_json_end(&j);
    return ys_json_finish(&j) ? YS_OK : ys_fail(diag, YS_EIO, "写不出结果", "cannot write the result");
}

/* ---- text ---- */

static bool text_tiers(bool zh, ys_out out, const ys_proof *p)
{
    static const char *const names_zh[] = {"第一层（法定缺项）", "第二层（缺口，分）"};
    static const char *const names_en[] = {"tier 1 (deprivations cured)", "tier 2 (gap closed, minor units)"};
    const ys_verify_result *r = p->result;
    bool ok = true;
    for (int t = 0; r != NULL && t < YS_VERIFY_TIERS; t++) {
        /* What is stored of tier 1 is the value of its own plan; the plan kept may give up the tolerance. */
        const char *stored = t == 0 ? (zh ? "单求此层" : "this tier alone") : (zh ? "所存" : "stored");
        ok = ok &&
             ys_out_printf(out, zh ? "  %s：重算值 %lld（%s %lld）" : "  %s: value recomputed %lld (%s %lld)",
                           zh ? names_zh[t] : names_en[t], (long long)r->value[t], stored,
                           (long long)p->plan.value[t]);
        if (r->bound_known[t])
            ok = ok && ys_out_printf(out,
                                     zh ? "，上界重算 %lld（所存 %lld），差距 %.4f%%\n"
                                        : ", bound recomputed %lld (stored %lld), gap %.4f%%\n",
                                     (long long)r->bound[t], (long long)p->plan.bound[t], 100 * r->gap[t]);
        else
            ok = ok && ys_out_printf(out,
                                     zh ? "，上界无法重算（所存 %lld）\n"
                                        : ", no bound can be recomputed (stored %lld)\n",
                                     (long long)p->plan.bound[t]);
    }
    return ok;
}

static bool text_checks(bool zh, ys_out out, const ys_proof *p)
{
    bool ok = true;
    for (int i = 0; i < YS_PROOF_CHECK_COUNT; i++) {
        const char *words = zh ? check_zh[i] : check_en[i];
        if (!p->done[i])
            ok = ok && ys_out_printf(out, zh ? "○ 未核对：%s\n" : "○ not checked: %s\n", words);
        else if (checked_out(p, i))
            ok = ok && ys_out_printf(out, "● %s\n", words);
        else
            ok = ok && ys_out_printf(out, zh ? "■ 不成立（%lld 处）：%s\n" : "■ not so (%lld findings): %s\n",
                                     (long long)p->found_by[i], words);
    }
    return ok;
}

static bool text_findings(bool zh, ys_out out, const ys_proof *p)
{
    enum { SHOWN = 50 };
    bool ok = true;
    for (size_t i = 0; i < p->kept && i < SHOWN; i++)
        ok = ok && ys_out_printf(out, "■ [%s] %s\n", p->findings[i].code,
                                 zh ? p->findings[i].zh : p->findings[i].en);
    if (p->count > SHOWN)
        ok = ok && ys_out_printf(out,
                                 zh ? "  …… 共 %lld 处，--json 给出前 %d 处\n"
                                    : "  … %lld in all, --json gives the first %d\n",
                                 (long long)p->count, YS_VERIFY_KEPT);
    return ok;
}

static ys_status print_text(bool zh, ys_out out, const ys_proof *p, ys_diag *diag)
{
    const ys_verify_result *r = p->result;
    bool ok = ys_out_printf(out,
                            zh ? "计划 %s，依据事务 %lld（根 %.16s…）\n"
                               : "plan %s, resting on transaction %lld (root %.16s…)\n",
                            p->plan.version, (long long)p->plan.facts_tx, p->plan.facts_root);
    if (r != NULL)
        ok =
            ok &&
            ys_out_printf(
                out,
                zh ? "%lld 户，%lld 项安排，%lld 个价格；重新推出 %lld 个选项、%lld 个组合\n"
                   : "%lld households, %lld choices, %lld prices; derived anew: %lld options, %lld bundles\n",
                (long long)p->households, (long long)p->choices, (long long)p->prices, (long long)r->options,
                (long long)r->bundles);
    ok = ok && text_checks(zh, out, p) && text_tiers(zh, out, p) && text_findings(zh, out, p);
    ok = ok && ys_out_printf(out, zh ? "核对用时 %.1f 秒\n" : "checked in %.1f seconds\n", p->seconds);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "写不出结果", "cannot write the result");
}

ys_status ys_proof_print(bool zh, bool json, ys_out out, const ys_proof *p, ys_diag *diag)
{
    return json ? print_json(out, p, diag) : print_text(zh, out, p, diag);
}
