/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plan_bridge.h"

#include "app/whatif_bridge.h"

ys_status ys_cli_bridge_talk(const ys_cli *c, const ys_scenario *s, ys_diag *diag)
{
    ys_bridge b;
    bool moved;
    ys_str words = {0};
    YS_TRY(ys_bridge_make(s, &moved, &b, diag));
    if (!moved)
        return YS_OK;
    ys_bridge_say(s, &b, c->zh, &words);
    bool ok = !words.failed;
    if (ok)
        ys_cli_talk(c, "◆ %s", "◆ %s", ys_str_get(&words));
    ys_str_done(&words);
    ys_bridge_free(&b);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static void json_figures(ys_json *j, const ys_scenario *s, const ys_bridge *b)
{
    ys_json_int(j, "households", b->had);
    ys_json_int(j, "kept", b->kept);
    ys_json_int(j, "bridged", b->bridged);
    ys_json_int(j, "nothing", b->bare);
    ys_json_money(j, "gap_lost", b->gap_lost, ys_pack_digits(s->base->frame->pack));
    ys_json_array(j, "measures");
    for (int m = 0; m < s->in.n_measures; m++) {
        if (b->measure[m] == 0)
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "measure", s->in.measures[m].name);
        ys_json_int(j, "households", b->measure[m]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

ys_status ys_cli_bridge_json(ys_json *j, const ys_scenario *s, ys_diag *diag)
{
    ys_bridge b;
    bool moved, ok = true;
    YS_TRY(ys_bridge_make(s, &moved, &b, diag));
    if (!moved)
        return YS_OK;
    ys_json_object(j, "bridge");
    json_figures(j, s, &b);
    for (int zh = 1; zh >= 0; zh--) {
        ys_str words = {0};
        ys_bridge_say(s, &b, zh == 1, &words);
        ys_json_text(j, zh ? "zh" : "en", ys_str_get(&words));
        ok = ok && !words.failed;
        ys_str_done(&words);
    }
    ys_json_end(j);
    ys_bridge_free(&b);
    return ok ? YS_OK : ys_fail_nomem(diag);
}
