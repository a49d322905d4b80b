/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/listing.h"

#include <math.h>
#include <stdio.h>

#include "base/num.h"

ys_status ys_list_begin(ys_listing *t, const ys_cli *c, const char *name, const char *const *titles,
                        ys_diag *diag)
{
    *t = (ys_listing){.c = c};
    if (c->json) {
        t->j = &t->json;
        ys_cli_json(c, t->j);
        ys_json_array(t->j, name);
        return YS_OK;
    }
    t->g = ys_grid_new();
    if (t->g == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; titles[i] != NULL; i += 2)
        ys_grid_column(t->g, c->zh ? titles[i] : titles[i + 1], YS_LEFT);
    return YS_OK;
}

ys_status ys_list_inside(ys_listing *t, const ys_cli *c, ys_json *j, const char *name, const char *heading,
                         const char *const *titles, ys_diag *diag)
{
    if (!c->json) {
        ys_out_printf(c->out, "\n%s\n", heading);
        return ys_list_begin(t, c, name, titles, diag);
    }
    *t = (ys_listing){.c = c, .j = j, .inner = true};
    ys_json_array(j, name);
    return YS_OK;
}

static ys_json *object(ys_listing *t)
{
    if (t->j != NULL && !t->open) {
        ys_json_object(t->j, NULL);
        t->open = true;
    }
    return t->j;
}

void ys_list_put(ys_listing *t, const char *name, const char *text)
{
    if (object(t) != NULL)
        ys_json_text(t->j, name, text);
    else
        ys_grid_put(t->g, text);
}

void ys_list_int(ys_listing *t, const char *name, int64_t v)
{
    if (object(t) != NULL && ys_is_missing(v))
        ys_json_null(t->j, name);
    else if (t->j != NULL)
        ys_json_int(t->j, name, v);
    else if (ys_is_missing(v))
        ys_grid_put(t->g, NULL);
    else
        ys_grid_putf(t->g, "%lld", (long long)v);
}

void ys_list_real(ys_listing *t, const char *name, double v)
{
    if (object(t) != NULL)
        ys_json_real(t->j, name, v);
    else if (isnan(v))
        ys_grid_put(t->g, "–");
    else
        ys_grid_putf(t->g, "%.10g", v);
}

void ys_list_money(ys_listing *t, const char *name, int64_t minor, int digits)
{
    char buf[40];
    if (object(t) != NULL && ys_is_missing(minor))
        ys_json_null(t->j, name);
    else if (t->j != NULL)
        ys_json_money(t->j, name, minor, digits);
    else if (ys_is_missing(minor))
        ys_grid_put(t->g, NULL);
    else {
        ys_format_money(minor, digits, buf, sizeof buf);
        ys_grid_put(t->g, buf);
    }
}

void ys_list_day(ys_listing *t, const char *name, int32_t day)
{
    char buf[24];
    if (day == YS_NO_DATE)
        buf[0] = '\0';
    else
        ys_format_date(day, buf, sizeof buf);
    if (object(t) != NULL)
        ys_json_text(t->j, name, buf[0] != '\0' ? buf : NULL);
    else
        ys_grid_put(t->g, buf);
}

void ys_list_mark(ys_listing *t, const ys_standing *s)
{
    char why[120];
    if (object(t) == NULL) {
        ys_grid_putf(t->g, "%s %s", ys_mark_shape[s->mark], ys_mark_word(s->mark, t->c->zh));
        return;
    }
    ys_json_text(t->j, "mark", ys_coop_mark_name(s->mark));
    ys_json_int(t->j, "days", s->days);
    ys_json_text(t->j, "why_zh", ys_standing_text(s, true, why, sizeof why));
    ys_json_text(t->j, "why_en", ys_standing_text(s, false, why, sizeof why));
}

void ys_list_why(ys_listing *t, const ys_standing *s)
{
    char why[120];
    if (t->j == NULL)
        ys_grid_put(t->g, ys_standing_text(s, t->c->zh, why, sizeof why));
}

void ys_list_quantity(ys_listing *t, const char *name, const ys_coop *k, const ys_coop_set *s, int64_t row)
{
    int64_t amount = ys_coop_int(s, row, "amount");
    double quantity = ys_coop_real(s, row, "quantity");
    const char *unit = ys_coop_text(s, row, "unit");
    if (!ys_is_missing(amount))
        ys_list_money(t, name, amount, ys_pack_digits(k->pack));
    else if (object(t) != NULL)
        ys_json_real(t->j, name, quantity);
    else if (isnan(quantity))
        ys_grid_put(t->g, NULL);
    else
        ys_grid_putf(t->g, "%.10g %s", quantity, unit != NULL ? unit : "");
    if (t->j != NULL)
        ys_json_text(t->j, "unit", ys_is_missing(amount) ? unit : NULL);
}

void ys_list_row(ys_listing *t)
{
    if (t->open)
        ys_json_end(t->j);
    t->open = false;
}

ys_status ys_list_end(ys_listing *t, ys_diag *diag)
{
    if (t->j == NULL)
        return ys_cli_grid(t->c, t->g, diag);
    ys_json_end(t->j);
    return t->inner ? YS_OK : ys_cli_json_done(t->j, diag);
}

void ys_list_drop(ys_listing *t)
{
    ys_grid_free(t->g);
}
