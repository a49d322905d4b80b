/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/check.h"

#include <string.h>

#include "base/alloc.h"
#include "yaoshi/rule.h"

void ys_check_done(ys_check *c)
{
    ys_free(c->rules);
    *c = (ys_check){0};
}

/* The record's key: its first key field, which is unique for every kind that rules can see but the ledger, where the
 * household says enough. */
static const char *key_of(const ys_frame *f, const ys_table *t, const char *kind, int64_t row)
{
    const ys_kind *k = ys_pack_kind(f->pack, kind);
    for (int i = 0; i < k->field_count; i++) {
        if (k->fields[i].key)
            return ys_table_get_text(t, ys_table_find(t, k->fields[i].name), row);
    }
    return NULL;
}

static ys_status run_rule(const ys_frame *f, ys_check_rule *c, bool must_hold,
                          void (*hit)(void *arg, const ys_pack_rule *rule, const char *key), void *arg,
                          ys_diag *diag)
{
    uint8_t *truth = NULL;
    const ys_table *t = ys_facts_env_table(f->env, c->rule->kind);
    if (t == NULL)
        return ys_fail(diag, YS_ERULE, "规则 %s：看不到类别 %s", "rule %s: kind %s cannot be seen",
                       c->rule->rule, c->rule->kind);
    YS_TRY(ys_frame_truth(f, c->rule->kind, c->rule->expr, &truth, diag));
    c->rows = ys_table_rows(t);
    for (int64_t i = 0; i < c->rows; i++) {
        if (truth[i] == YS_UNKNOWN)
            c->unknown++;
        if (truth[i] != (must_hold ? YS_FALSE : YS_TRUE))
            continue;
        c->hits++;
        if (hit != NULL)
            hit(arg, c->rule, key_of(f, t, c->rule->kind, i));
    }
    ys_free(truth);
    return YS_OK;
}

ys_status ys_check_run(const ys_frame *f, const char *purpose,
                       void (*hit)(void *arg, const ys_pack_rule *rule, const char *key), void *arg,
                       ys_check *ret_check, ys_diag *diag)
{
    int n;
    const ys_pack_rule *rules = ys_pack_rules(f->pack, &n);
    ys_check c = {.rules = ys_calloc((size_t)n, sizeof *c.rules)};
    if (c.rules == NULL)
        return ys_fail_nomem(diag);
    bool must_hold = strcmp(purpose, "exit") == 0;
    for (int i = 0; i < n; i++) {
        if (strcmp(rules[i].purpose, purpose) != 0)
            continue;
        c.rules[c.count].rule = &rules[i];
        ys_status st = run_rule(f, &c.rules[c.count], must_hold, hit, arg, diag);
        if (st != YS_OK) {
            ys_check_done(&c);
            return st;
        }
        c.hits += c.rules[c.count++].hits;
    }
    *ret_check = c;
    return YS_OK;
}
