/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks in words: what they mean, which rule gave them, and by how many days; and which gate a project stands before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/coop.h"

const char *ys_mark_word(ys_coop_mark m, bool zh)
{
    static const char *const words[YS_MARKS][2] = {
        [YS_MARK_NOT_STARTED] = {"未启动", "not started"},
        [YS_MARK_ON_COURSE] = {"正常", "on course"},
        [YS_MARK_WARNING] = {"预警", "warning"},
        [YS_MARK_LATE] = {"滞后", "late"},
        [YS_MARK_DONE] = {"完成", "done"},
        [YS_MARK_STALE] = {"数据过期", "facts too old"},
    };
    return words[m][zh ? 0 : 1];
}

const char *ys_coop_mark_name(ys_coop_mark m)
{
    static const char *const names[YS_MARKS] = {"not_started", "on_course", "warning",
                                                "late",        "done",      "stale"};
    return names[m];
}

char *ys_standing_text(const ys_standing *s, bool zh, char *buf, size_t size)
{
    static const char *const words[YS_MARK_RULES][2] = {
        [YS_RULE_NONE] = {"", ""},
        [YS_RULE_DONE] = {"已完成", "reached"},
        [YS_RULE_OVERDUE] = {"晚于计划 %d 天", "%d days behind the plan"},
        [YS_RULE_SLIPPING] = {"比计划晚 %d 天", "slips by %d days"},
        [YS_RULE_SOON] = {"还有 %d 天到期", "due in %d days"},
        [YS_RULE_BLOCKED] = {"卡点已 %d 天未解决", "blocked for %d days"},
        [YS_RULE_IDLE] = {"资金滞留 %d 天", "money has lain idle for %d days"},
        [YS_RULE_STALE] = {"%d 天没有更新", "no word for %d days"},
        [YS_RULE_CONDITION] = {"等待前提条件，期限尚未生效", "waits for somebody else: no date binds yet"},
        [YS_RULE_UNDATED] = {"没有时限", "without a date"},
        [YS_RULE_PART] = {"部分兑现，离时限 %d 天", "delivered in part, %d days left"},
        [YS_RULE_UNVERIFIED] = {"已兑现 %d 天，未核实", "delivered %d days ago, not verified"},
    };
    snprintf(buf, size, words[s->rule][zh ? 0 : 1], abs(s->days));
    return buf;
}

ys_gate_place ys_coop_gates(const ys_coop *c, int64_t project)
{
    ys_gate_place at = {-1, -1, -1, YS_NO_DATE};
    for (int64_t k = c->first_gate[project]; k < c->first_gate[project + 1]; k++) {
        const ys_gate_dates *g = &c->gate[k];
        bool reached = ys_gate_reached(g, c->today);
        if (reached) {
            at.reached = k;
            at.next = -1;
        } else if (at.next < 0) {
            at.next = k;
        }
        if (!reached && g->blocked_since != YS_NO_DATE && at.blocked < 0)
            at.blocked = k;
    }
    if (at.next >= 0)
        at.due =
            c->gate[at.next].forecast != YS_NO_DATE ? c->gate[at.next].forecast : c->gate[at.next].planned_to;
    return at;
}

int64_t ys_coop_gate_reached(const ys_coop *c, int64_t project, const char *gate, bool latest)
{
    const ys_coop_set *s = &c->set[YS_COOP_MILESTONE];
    int64_t best = -1;
    for (int64_t k = c->first_gate[project]; k < c->first_gate[project + 1]; k++) {
        const char *of = ys_coop_text(s, c->gate_row[k], "gate");
        int32_t day = c->gate[k].actual;
        if (of == NULL || strcmp(of, gate) != 0 || !ys_gate_reached(&c->gate[k], c->today))
            continue;
        if (best < 0 || (latest ? day >= c->gate[best].actual : day < c->gate[best].actual))
            best = k;
    }
    return best;
}
