/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/solved.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

static void json_one(ys_json *j, const ys_solved *s, const ys_solved_one *o)
{
    if (o->feasible)
        ys_json_money(j, "value", o->value, s->digits);
    else
        ys_json_null(j, "value");
    if (o->feasible || !o->proven)
        ys_json_money(j, "bound", o->bound, s->digits);
    else
        ys_json_null(j, "bound");
    if (o->feasible)
        ys_json_real(j, "gap", o->gap);
    else
        ys_json_null(j, "gap");
    ys_json_real(j, "seconds", o->seconds);
    ys_json_bool(j, "feasible", o->feasible);
    ys_json_bool(j, "proven", o->proven);
    ys_json_int(j, "size", o->size);
    ys_json_int(j, "options", o->options);
    ys_json_int(j, "nodes", o->nodes);
}

static void json_pab(ys_json *j, const ys_solved *s)
{
    static const char *const stage[YS_STAGES] = {"layout", "prices", "bound", "settle", "repair", "search"};
    char sum[24];
    snprintf(sum, sizeof sum, "%016llx", (unsigned long long)s->checksum);
    ys_json_int(j, "households", s->households);
    ys_json_int(j, "rows", s->rows);
    ys_json_int(j, "passes", s->passes);
    ys_json_text(j, "kernel", s->kernel);
    ys_json_text(j, "checksum", sum);
    ys_json_int(j, "bytes", s->bytes);
    ys_json_bool(j, "checked", s->checked);
    ys_json_object(j, "stages");
    for (int k = 0; k < YS_STAGES; k++)
        ys_json_real(j, stage[k], s->stage[k]);
    ys_json_end(j);
}

static ys_status print_json(const ys_cli *c, const ys_solved *s, int ranks, ys_diag *diag)
{
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_text(&j, "file", c->argv[0]);
    ys_json_text(&j, "format", s->format);
    ys_json_text(&j, "sense", s->most ? "max" : "min");
    json_one(&j, s, &s->total);
    ys_json_real(&j, "seconds_read", s->seconds_read);
    ys_json_bool(&j, "partial", s->partial);
    if (s->kernel != NULL)
        json_pab(&j, s);
    if (ranks > 0)
        ys_json_int(&j, "ranks", ranks);
    if (s->count > 1) {
        ys_json_array(&j, "instances");
        for (int k = 0; k < s->count; k++) {
            ys_json_object(&j, NULL);
            json_one(&j, s, &s->one[k]);
            ys_json_end(&j);
        }
        ys_json_end(&j);
    }
    return ys_cli_json_done(&j, diag);
}

static void put_one(const ys_cli *c, ys_grid *g, const ys_solved *s, const ys_solved_one *o)
{
    char value[48], bound[48];
    if (!o->feasible) {
        ys_grid_put(g,
                    o->proven ? ys_cli_say(c, "无解", "none exists") : ys_cli_say(c, "未找到", "none found"));
        ys_grid_put(g, "–");
        ys_grid_put(g, "–");
    } else {
        ys_grid_put(g, ys_format_money_grouped(o->value, s->digits, value, sizeof value));
        ys_grid_put(g, ys_format_money_grouped(o->bound, s->digits, bound, sizeof bound));
        ys_grid_putf(g, "%.4f", 100 * o->gap);
    }
    ys_grid_putf(g, "%.3f", o->seconds);
}

static ys_status print_text(const ys_cli *c, const ys_solved *s, ys_diag *diag)
{
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_cli_talk(c, "%s，求%s：%lld 个%s，%lld 个选项，读取 %.3f 秒",
                "%s, %s: %lld %s, %lld options, read in %.3f s", s->format,
                s->most ? ys_cli_say(c, "最大", "most") : ys_cli_say(c, "最小", "least"),
                (long long)s->total.size,
                s->kernel != NULL                  ? ys_cli_say(c, "户", "households")
                : strcmp(s->format, "dimacs") == 0 ? ys_cli_say(c, "节点", "nodes")
                                                   : ys_cli_say(c, "任务或类", "jobs or classes"),
                (long long)s->total.options, s->seconds_read);
    ys_grid_column(g, ys_cli_say(c, "实例", "instance"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "值", "value"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "界", "bound"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "差距%", "gap %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "秒", "seconds"), YS_RIGHT);
    for (int k = 0; k < s->count; k++) {
        ys_grid_putf(g, "%d", k + 1);
        put_one(c, g, s, &s->one[k]);
    }
    if (s->count > 1) {
        ys_grid_rule(g);
        ys_grid_put(g, ys_cli_say(c, "合计", "all"));
        put_one(c, g, s, &s->total);
    }
    YS_TRY(ys_cli_grid(c, g, diag));
    if (s->kernel != NULL)
        ys_cli_talk(c, "%d 遍定价（%s），校验和 %016llx%s", "%d pricing passes (%s), checksum %016llx%s",
                    s->passes, s->kernel, (unsigned long long)s->checksum,
                    s->checked ? ys_cli_say(c, "，已独立核对", ", checked independently") : "");
    if (s->partial)
        ys_cli_talk(c, "提前结束：这是目前最好的，差距如实",
                    "stopped early: the best so far, with its honest gap");
    return YS_OK;
}

ys_status ys_cli_solved(const ys_cli *c, const ys_solved *s, int ranks, ys_diag *diag)
{
    return c->json ? print_json(c, s, ranks, diag) : print_text(c, s, diag);
}
