/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proof of a pairing as text or JSON.
 */
#include "app/pair_proof_internal.h"
#include "base/json.h"

static const struct {
    const char *name, *zh, *en;
} checks[] = {
#define X(name, id, zh, en) {id, zh, en},
    YS_PAIR_CHECKS(X)
#undef X
};

static ys_status print_json(ys_out out, const ys_pair_proof *p, ys_diag *diag)
{
    ys_json j;
    ys_json_init(&j, out, true);
    ys_json_object(&j, NULL);
    ys_json_text(&j, "run", p->claim.run);
    ys_json_text(&j, "level", p->claim.level);
    ys_json_bool(&j, "ok", p->count == 0);
    ys_json_int(&j, "findings_total", p->count);
    ys_json_array(&j, "findings");
    for (size_t i = 0; i < p->kept; i++) {
        ys_json_object(&j, NULL);
        ys_json_text(&j, "code", p->findings[i].code);
        ys_json_text(&j, "zh", p->findings[i].zh);
        ys_json_text(&j, "en", p->findings[i].en);
        ys_json_text(&j, "name", p->findings[i].name);
        ys_json_end(&j);
    }
    ys_json_end(&j);
    ys_json_array(&j, "checks");
    for (int i = 0; i < YS_PAIR_CHECK_COUNT; i++) {
        ys_json_object(&j, NULL);
        ys_json_text(&j, "check", checks[i].name);
        ys_json_bool(&j, "carried_out", p->done[i]);
        ys_json_int(&j, "findings", p->found_by[i]);
        ys_json_end(&j);
    }
    ys_json_end(&j);
    ys_json_int(&j, "needs", p->needs);
    ys_json_int(&j, "givers", p->givers);
    ys_json_int(&j, "paired", p->paired);
    ys_json_int(&j, "prices", p->prices);
    ys_json_int(&j, "value", p->value);
    ys_json_int(&j, "stored_value", p->claim.value);
    ys_json_int(&j, "bound", p->bound);
    ys_json_int(&j, "stored_bound", p->claim.bound);
    ys_json_bool(&j, "over_all_within_reach", p->claim.complete == 1);
    ys_json_int(&j, "pairs_within_reach", p->within);
    ys_json_int(&j, "pairs_priced", p->priced);
    ys_json_int(&j, "facts_transaction", p->claim.facts_tx);
    ys_json_text(&j, "facts_root", p->claim.facts_root);
    ys_json_int(&j, "chain_transactions", p->chain_transactions);
    ys_json_int(&j, "chain_rows", p->chain_rows);
    ys_json_real(&j, "seconds", p->seconds);
    ys_json_end(&j);
    return ys_json_finish(&j) ? YS_OK : ys_fail(diag, YS_EIO, "写不出结果", "cannot write the result");
}

static bool text_checks(bool zh, ys_out out, const ys_pair_proof *p)
{
    bool ok = true;
    for (int i = 0; ok && i < YS_PAIR_CHECK_COUNT; i++) {
        const char *words = zh ? checks[i].zh : checks[i].en;
        if (!p->done[i])
            ok = ys_out_printf(out, zh ? "○ 未核对：%s\n" : "○ not checked: %s\n", words);
        else if (p->found_by[i] == 0)
            ok = ys_out_printf(out, "● %s\n", words);
        else
            ok = ys_out_printf(out, zh ? "■ 不成立（%lld 处）：%s\n" : "■ not so (%lld findings): %s\n",
                               (long long)p->found_by[i], words);
    }
    return ok;
}

static bool text_findings(bool zh, ys_out out, const ys_pair_proof *p)
{
    enum { SHOWN = 50 };
    bool ok = true;
    for (size_t i = 0; ok && i < p->kept && i < SHOWN; i++)
        ok = ys_out_printf(out, "■ [%s] %s\n", p->findings[i].code,
                           zh ? p->findings[i].zh : p->findings[i].en);
    if (ok && p->count > SHOWN)
        ok = ys_out_printf(out, zh ? "  …… 共 %lld 处\n" : "  … %lld in all\n", (long long)p->count);
    return ok;
}

static ys_status print_text(bool zh, ys_out out, const ys_pair_proof *p, ys_diag *diag)
{
    bool ok = ys_out_printf(out,
                            zh ? "结对 %s（%s），依据事务 %lld（根 %.16s…）\n"
                               : "pairing %s (%s), resting on transaction %lld (root %.16s…)\n",
                            p->claim.run, p->claim.level, (long long)p->claim.facts_tx, p->claim.facts_root);
    ok = ok &&
         ys_out_printf(
             out,
             zh ? "%lld 个受帮方，%lld 个帮扶方，%lld 对，%lld 个价格；范围内 %lld 对，逐项计价 %lld 对\n"
                : "%lld needs, %lld givers, %lld pairs, %lld prices; %lld pairs within reach, %lld of "
                  "them priced in full\n",
             (long long)p->needs, (long long)p->givers, (long long)p->paired, (long long)p->prices,
             (long long)p->within, (long long)p->priced);
    ok = ok && text_checks(zh, out, p);
    ok = ok &&
         ys_out_printf(
             out,
             zh ? "  总代价重算 %lld（所存 %lld），下界重算 %lld（所存 %lld）\n"
                : "  total cost recomputed %lld (stored %lld), lower bound recomputed %lld (stored %lld)\n",
             (long long)p->value, (long long)p->claim.value, (long long)p->bound, (long long)p->claim.bound);
    ok = ok && text_findings(zh, out, p);
    ok = ok && ys_out_printf(out, zh ? "核对用时 %.1f 秒\n" : "checked in %.1f seconds\n", p->seconds);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "写不出结果", "cannot write the result");
}

ys_status ys_pair_proof_print(bool zh, bool json, ys_out out, const ys_pair_proof *p, ys_diag *diag)
{
    return json ? print_json(out, p, diag) : print_text(zh, out, p, diag);
}
