/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/listing.h"
#include "cli/project.h"

/* Of the gates that are not reached. */
static int32_t worst_slip(const ys_coop *k, int64_t project)
{
    int32_t worst = INT32_MIN;
    for (int64_t g = k->first_gate[project]; g < k->first_gate[project + 1]; g++)
        if (!ys_gate_reached(&k->gate[g], k->today) && k->slip[g] > worst)
            worst = k->slip[g];
    return worst;
}

ys_status ys_cli_project_list(const ys_cli *c, const ys_coop *k, ys_diag *diag)
{
    const char *const titles[] = {
        "标记",       "mark",        "编号",     "project",      "名称",     "name",      "地点", "area",
        "投资单位",   "investor",    "当前节点", "current gate", "下一节点", "next gate", "时限", "due",
        "滞后（天）", "slip (days)", "卡点",     "blocker",      "说明",     "why",       NULL};
    const ys_coop_set *s = &k->set[YS_COOP_PROJECT], *g = &k->set[YS_COOP_MILESTONE];
    ys_listing t;
    YS_TRY(ys_list_begin(&t, c, "projects", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        ys_gate_place at = ys_coop_gates(k, i);
        ys_list_mark(&t, &k->project[i]);
        ys_list_put(&t, "project", ys_coop_key(s, i));
        ys_list_put(&t, "name", ys_coop_text(s, i, "name"));
        ys_list_put(&t, "area", ys_coop_name(k, YS_COOP_AREA, ys_coop_text(s, i, "area")));
        ys_list_put(&t, "investor", ys_coop_name(k, YS_COOP_PROVIDER, ys_coop_text(s, i, "investor")));
        ys_list_put(&t, "gate",
                    at.reached >= 0 ? ys_coop_label(k, g, k->gate_row[at.reached], "gate", c->zh) : NULL);
        ys_list_put(&t, "next",
                    at.next >= 0 ? ys_coop_label(k, g, k->gate_row[at.next], "gate", c->zh) : NULL);
        ys_list_day(&t, "due", at.due);
        ys_list_int(&t, "slip", at.next >= 0 ? worst_slip(k, i) : YS_NA);
        ys_list_put(&t, "blocker",
                    at.blocked >= 0 ? ys_coop_text(g, k->gate_row[at.blocked], "blocker") : NULL);
        ys_list_why(&t, &k->project[i]);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}
