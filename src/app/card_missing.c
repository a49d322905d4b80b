/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "app/card.h"
#include "base/alloc.h"
#include "plan/words.h"

enum { SHOWN = 12 };

static ys_status list_missing(const ys_card *c, ys_plan_missing **ret_list, int64_t *ret_count, ys_diag *diag)
{
    const ys_areas *areas = c->frame->areas;
    return ys_plan_missing_list(c->planning->plan, c->planning->result, ys_areas_begin(areas, c->area),
                                ys_areas_end(areas, c->area), ret_list, ret_count, diag);
}

/* What would close most first; rows as they come where that is the same. */
static int by_closes(const void *a, const void *b)
{
    const ys_plan_missing *x = a, *y = b;
    if (x->closes != y->closes)
        return x->closes > y->closes ? -1 : 1;
    return (x->row_number > y->row_number) - (x->row_number < y->row_number);
}

ys_status ys__card_missing_print(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    ys_plan_missing *list = NULL;
    int64_t n = 0, shown = 0;
    ys_status st = YS_OK;
    if (c->planning == NULL)
        return YS_OK;
    YS_TRY(list_missing(c, &list, &n, diag));
    if (n > 1)
        qsort(list, (size_t)n, sizeof *list, by_closes);
    ys__card_title(
        v, "这里缺什么（补上就人人得到对自己最好的，缺一不可）",
        "what is missing here (with all of it everybody has what is best for them; with less not)");
    for (; shown < n && (v->all || shown < SHOWN); shown++) {
        ys_str text = {0};
        ys_plan_say_missing(c->planning->plan, &list[shown], 1, v->zh, &text);
        ys__card_paragraph(v, "○ ", ys_str_get(&text));
        bool ok = !text.failed;
        ys_str_done(&text);
        if (!ok)
            YS_GO(ys_fail_nomem(diag));
    }
    if (n == 0)
        ys__card_line(v, "%s", v->zh ? "● 不缺资金和名额" : "● no money or places are missing");
    else if (shown < n)
        ys__card_line(v, v->zh ? "（另有 %lld 项，--all 全列）" : "(%lld more: --all)",
                      (long long)(n - shown));
done:
    ys_free(list);
    return st;
}

ys_status ys__card_missing_json(const ys_card *c, ys_json *j, ys_diag *diag)
{
    ys_plan_missing *list = NULL;
    int64_t n = 0;
    bool ok = true;
    if (c->planning != NULL)
        YS_TRY(list_missing(c, &list, &n, diag));
    ys_json_array(j, "missing");
    for (int64_t i = 0; ok && i < n; i++) {
        const ys_plan_row *row = &list[i].row;
        const ys_plan_input *in = &c->planning->facts->in;
        int digits = ys_pack_digits(c->office->pack);
        ys_str zh = {0}, en = {0};
        ys_plan_say_missing(c->planning->plan, &list[i], 1, true, &zh);
        ys_plan_say_missing(c->planning->plan, &list[i], 1, false, &en);
        ys_json_object(j, NULL);
        ys_json_text(j, "resource", row->fund >= 0 ? "fund" : "capacity");
        ys_json_text(j, "name",
                     row->fund >= 0 ? in->funds[row->fund].name : in->offerings[row->offering].name);
        ys_json_int(j, "year",
                    row->fund >= 0 ? in->funds[row->fund].period : in->offerings[row->offering].period);
        if (row->fund >= 0)
            ys_json_money(j, "amount", list[i].amount, digits);
        else
            ys_json_int(j, "amount", list[i].amount);
        ys_json_int(j, "waiting", list[i].waiting);
        ys_json_money(j, "closes", list[i].closes, digits);
        ys_json_text(j, "zh", ys_str_get(&zh));
        ys_json_text(j, "en", ys_str_get(&en));
        ys_json_end(j);
        ok = !zh.failed && !en.failed;
        ys_str_done(&zh);
        ys_str_done(&en);
    }
    ys_json_end(j);
    ys_free(list);
    return ok ? YS_OK : ys_fail_nomem(diag);
}
