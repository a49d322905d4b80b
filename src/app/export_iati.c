/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IATI 2.03 activities (iatistandard.org): a fund of a year is an activity of hierarchy 1, a project one of hierarchy 2; the parents of a
 * project are the funds that pay for it.  Every flow the ledger counts stands in exactly one activity: its project's, else its fund's; so
 * the sums by type are the ledger's.  Elements come in the order the schema wants.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/export_document.h"
#include "app/money.h"
#include "base/num.h"

static void raw(ys_document *d, const char *text)
{
    d->failed = !ys_out_puts(d->out, text) || d->failed;
}

static void text(ys_document *d, const char *value)
{
    d->failed = !ys_out_xml(d->out, value) || d->failed;
}

/* Identifiers are told apart after every sign they may not hold became its code: "a b" and "a_b" stay two. */
static void ident(ys_document *d, const char *class, const char *key, int64_t year)
{
    char buf[24];
    text(d, d->publisher);
    raw(d, "-");
    raw(d, class);
    raw(d, "-");
    for (const char *p = key; *p != '\0'; p++) {
        const char one[2] = {*p, '\0'};
        bool banned = strchr(" /&|?%", *p) != NULL || (unsigned char)*p < 0x20;
        if (banned)
            d->failed = !ys_out_printf(d->out, "%%%02X", (unsigned)(unsigned char)*p) || d->failed;
        else if (strchr("<>\"'", *p) != NULL)
            text(d, one);
        else
            raw(d, one);
    }
    if (!ys_is_missing(year)) {
        snprintf(buf, sizeof buf, "-%lld", (long long)year);
        raw(d, buf);
    }
}

/* <element attributes><narrative>value</narrative></element>; nothing where the value is not known. */
static void narrative(ys_document *d, const char *element, const char *attributes, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    d->failed = !ys_out_printf(d->out, "<%s%s><narrative>", element, attributes) || d->failed;
    text(d, value);
    d->failed = !ys_out_printf(d->out, "</narrative></%s>\n", element) || d->failed;
}

static void activity_day(ys_document *d, int type, int32_t day)
{
    char buf[24];
    if (day != YS_NO_DATE)
        d->failed = !ys_out_printf(d->out, "<activity-date iso-date=\"%s\" type=\"%d\"/>\n",
                                   ys_format_date(day, buf, sizeof buf), type) ||
                    d->failed;
}

static void value_of(ys_document *d, const char *element, int64_t minor, const char *day)
{
    char buf[40];
    ys_format_money(minor, ys_pack_digits(d->office->pack), buf, sizeof buf);
    d->failed = !ys_out_printf(d->out, "<%s currency=\"%s\" value-date=\"%s\">%s</%s>\n", element,
                               ys_pack_currency(d->office->pack), day, buf, element) ||
                d->failed;
}

static void begin(ys_document *d, int hierarchy)
{
    char at[40];
    d->failed =
        !ys_out_printf(d->out,
                       "<iati-activity xml:lang=\"zh\" default-currency=\"%s\" last-updated-datetime=\"%s\" "
                       "hierarchy=\"%d\">\n<iati-identifier>",
                       ys_pack_currency(d->office->pack), ys__document_time(ys_clock_now(), at, sizeof at),
                       hierarchy) ||
        d->failed;
    d->rows++;
}

static void reporter(ys_document *d, const char *element, const char *attributes)
{
    d->failed = !ys_out_printf(d->out, "<%s ref=\"", element) || d->failed;
    text(d, d->publisher);
    d->failed = !ys_out_printf(d->out, "\" type=\"11\"%s><narrative>", attributes) || d->failed;
    text(d, d->publisher_name);
    d->failed = !ys_out_printf(d->out, "</narrative></%s>\n", element) || d->failed;
}

static void country(ys_document *d)
{
    const char *code = ys__document_country(d->office->pack);
    if (code != NULL) {
        raw(d, "<recipient-country code=\"");
        text(d, code);
        raw(d, "\" percentage=\"100\"/>\n");
    }
}

/* ---- transactions ------------------------------------------------------------------------------------------- */

static bool counted(const ys_coop *c, int64_t flow)
{
    return c->ledger->fault[flow] != YS_FLOW_FUTURE;
}

static int64_t project_of(const ys_coop *c, int64_t flow)
{
    return ys_coop_find(&c->set[YS_COOP_PROJECT],
                        ys_coop_text(&c->set[YS_COOP_TRANSACTION], c->flow_row[flow], "project"));
}

static void transaction(ys_document *d, int64_t flow)
{
    const ys_coop *c = d->coop;
    const ys_coop_set *s = &c->set[YS_COOP_TRANSACTION];
    int64_t row = c->flow_row[flow];
    char day[24];
    bool private = ys_coop_text(s, row, "household") != NULL; /* who is paid is then a family */
    ys_format_date(c->flow[flow].date, day, sizeof day);
    raw(d, "<transaction ref=\"");
    text(d, ys_coop_key(s, row));
    d->failed =
        !ys_out_printf(d->out, "\">\n<transaction-type code=\"%s\"/>\n<transaction-date iso-date=\"%s\"/>\n",
                       ys_coop_text(s, row, "transaction_type"), day) ||
        d->failed;
    value_of(d, "value", c->flow[flow].amount, day);
    if (!private) {
        narrative(d, "description", "", ys_coop_text(s, row, "note"));
        narrative(d, "provider-org", "", ys_coop_text(s, row, "giver"));
        narrative(d, "receiver-org", "", ys_coop_text(s, row, "receiver"));
    }
    raw(d, "</transaction>\n");
}

/* ---- funds -------------------------------------------------------------------------------------------------- */

static int fund_status(const ys_coop *c, int64_t row, int64_t year)
{
    const ys_fund_sums *sums = &c->ledger->fund[row];
    if (c->today < ys_date_from((int)year, 1, 1))
        return 1;
    if (c->today <= ys_date_from((int)year, 12, 31))
        return 2;
    return sums->held + sums->out > 0 ? 3 : 4;
}

static void fund(ys_document *d, int64_t row)
{
    const ys_coop *c = d->coop;
    const ys_coop_set *s = &c->set[YS_COOP_FUND];
    int64_t year = ys_coop_int(s, row, "period"), amount = ys_coop_int(s, row, "amount");
    const char *name = ys__document_first(s, row, "name", "fund", "fund"),
               *giver = ys_coop_text(s, row, "giver");
    char from[24], to[24];
    begin(d, 1);
    ident(d, "FUND", ys_coop_key(s, row), year);
    raw(d, "</iati-identifier>\n");
    reporter(d, "reporting-org", "");
    narrative(d, "title", "", name);
    narrative(d, "description", " type=\"1\"", name);
    if (giver != NULL)
        narrative(d, "participating-org", " role=\"1\"", giver);
    else
        reporter(d, "participating-org", " role=\"2\"");
    d->failed =
        !ys_out_printf(d->out, "<activity-status code=\"%d\"/>\n", fund_status(c, row, year)) || d->failed;
    activity_day(d, 1, ys_date_from((int)year, 1, 1));
    activity_day(d, 3, ys_date_from((int)year, 12, 31));
    country(d);
    if (!ys_is_missing(amount)) {
        ys_format_date(ys_date_from((int)year, 1, 1), from, sizeof from);
        ys_format_date(ys_date_from((int)year, 12, 31), to, sizeof to);
        d->failed = !ys_out_printf(d->out,
                                   "<budget type=\"1\" status=\"1\"><period-start "
                                   "iso-date=\"%s\"/><period-end iso-date=\"%s\"/>",
                                   from, to) ||
                    d->failed;
        value_of(d, "value", amount, from);
        raw(d, "</budget>\n");
    }
    for (int64_t k = 0; k < c->ledger->flows; k++)
        if (c->flow[k].fund == row && counted(c, k) && project_of(c, k) < 0)
            transaction(d, k);
    raw(d, "</iati-activity>\n");
}

/* ---- projects ----------------------------------------------------------------------------------------------- */

typedef struct days {
    int32_t start[2], finish[2]; /* planned, actual */
} days;

static days days_of(const ys_coop *c, int64_t row)
{
    days t;
    ys__document_planned(c, row, &t.start[0], &t.finish[0]);
    int64_t started = ys_coop_gate_reached(c, row, "started", false),
            built = ys_coop_gate_reached(c, row, "built", true);
    t.start[1] = started >= 0 ? c->gate[started].actual : YS_NO_DATE;
    t.finish[1] = built >= 0 ? c->gate[built].actual : YS_NO_DATE;
    return t;
}

static const char *org_type(const char *kind)
{
    static const char *const map[][2] = {{"government", " type=\"11\""},
                                         {"enterprise", " type=\"70\""},
                                         {"cooperative", " type=\"70\""},
                                         {"school", " type=\"80\""},
                                         {"hospital", " type=\"15\""}};
    for (size_t i = 0; kind != NULL && i < sizeof map / sizeof *map; i++)
        if (strcmp(map[i][0], kind) == 0)
            return map[i][1];
    return "";
}

static void participants(ys_document *d, int64_t row)
{
    const ys_coop *c = d->coop;
    const ys_coop_set *s = &c->set[YS_COOP_PROJECT], *p = &c->set[YS_COOP_PROVIDER];
    const char *investor = ys_coop_text(s, row, "investor"), *who = ys_coop_text(s, row, "responsible");
    char attributes[40];
    if (investor != NULL) {
        snprintf(attributes, sizeof attributes, " role=\"1\"%s",
                 org_type(ys_coop_text(p, ys_coop_find(p, investor), "provider_kind")));
        narrative(d, "participating-org", attributes, ys_coop_name(c, YS_COOP_PROVIDER, investor));
    }
    narrative(d, "participating-org", " role=\"2\"", who);
    if (investor == NULL && who == NULL)
        reporter(d, "participating-org", " role=\"2\""); /* the schema wants one */
}

static void place(ys_document *d, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_PROJECT];
    const char *area = ys_coop_text(s, row, "area"), *site = ys_coop_text(s, row, "site");
    if (area == NULL)
        return;
    raw(d, "<location ref=\"");
    text(d, area);
    raw(d, "\"><location-reach code=\"1\"/>\n");
    narrative(d, "name", "", ys_coop_name(d->coop, YS_COOP_AREA, area));
    narrative(d, "description", "", site);
    raw(d, "<exactness code=\"2\"/></location>\n");
}

/* Promised outputs as results.  A result needs a period; only where start and finish are known is there a target. */
static void result(ys_document *d, int64_t row, const days *t)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_OUTPUT];
    double quantity = ys_coop_real(s, row, "quantity"), actual = ys_coop_real(s, row, "actual");
    const char *unit = ys_coop_text(s, row, "unit");
    bool dated = t->start[0] != YS_NO_DATE && t->finish[0] != YS_NO_DATE;
    char title[300], from[24], to[24], number[40];
    snprintf(title, sizeof title, "%s%s%s%s", ys_coop_text(s, row, "product"), unit != NULL ? "（" : "",
             unit != NULL ? unit : "", unit != NULL ? "）" : "");
    raw(d, "<result type=\"1\" aggregation-status=\"0\">");
    narrative(d, "title", "", ys_coop_text(s, row, "product"));
    raw(d, "<indicator measure=\"1\">");
    narrative(d, "title", "", title);
    if (dated && (!isnan(quantity) || !isnan(actual))) {
        ys_format_date(t->start[0], from, sizeof from);
        ys_format_date(t->finish[0], to, sizeof to);
        d->failed =
            !ys_out_printf(d->out, "<period><period-start iso-date=\"%s\"/><period-end iso-date=\"%s\"/>",
                           from, to) ||
            d->failed;
        if (!isnan(quantity))
            d->failed = !ys_out_printf(d->out, "<target value=\"%s\"/>",
                                       ys_format_real(quantity, number, sizeof number)) ||
                        d->failed;
        if (!isnan(actual))
            d->failed = !ys_out_printf(d->out, "<actual value=\"%s\"/>",
                                       ys_format_real(actual, number, sizeof number)) ||
                        d->failed;
        raw(d, "</period>");
    }
    raw(d, "</indicator></result>\n");
}

/* What stands with each project: rows of transactions and of outputs. */
typedef struct under {
    ys_csr flows, outputs;
} under;

/* The flow of the k-th transaction under the projects, -1: the account leaves it out. */
static int64_t flow_at(const ys_coop *c, const under *u, int64_t k)
{
    int64_t flow = c->flow_of[u->flows.item[k]];
    return flow >= 0 && counted(c, flow) ? flow : -1;
}

static void parents(ys_document *d, const under *u, int64_t row)
{
    const ys_coop *c = d->coop;
    const ys_coop_set *f = &c->set[YS_COOP_FUND];
    for (int64_t i = 0; i < f->rows; i++) {
        bool pays = false;
        for (int64_t k = u->flows.start[row]; k < u->flows.start[row + 1] && !pays; k++)
            pays = flow_at(c, u, k) >= 0 && c->flow[flow_at(c, u, k)].fund == i;
        if (!pays)
            continue;
        raw(d, "<related-activity type=\"1\" ref=\"");
        ident(d, "FUND", ys_coop_key(f, i), ys_coop_int(f, i, "period"));
        raw(d, "\"/>\n");
    }
}

static const char *status_of(const ys_coop *c, int64_t row, const days *t)
{
    const char *status = ys_coop_text(&c->set[YS_COOP_PROJECT], row, "activity_status");
    return status != NULL ? status : t->finish[1] != YS_NO_DATE ? "4" : t->start[1] != YS_NO_DATE ? "2" : "1";
}

static void project_head(ys_document *d, int64_t row, const days *t)
{
    const ys_coop *c = d->coop;
    const ys_coop_set *s = &c->set[YS_COOP_PROJECT];
    const char *category = ys_coop_text(s, row, "project_category"),
               *what = ys__document_first(s, row, "task", "target", "name");
    begin(d, 2);
    ident(d, "PROJECT", ys_coop_key(s, row), YS_NA);
    raw(d, "</iati-identifier>\n");
    reporter(d, "reporting-org", "");
    narrative(d, "title", "", ys__document_first(s, row, "name", "project", "project"));
    narrative(d, "description", " type=\"1\"", what != NULL ? what : ys_coop_key(s, row));
    narrative(d, "description", " type=\"2\"", ys_coop_text(s, row, "target"));
    participants(d, row);
    d->failed = !ys_out_printf(d->out, "<activity-status code=\"%s\"/>\n", status_of(c, row, t)) || d->failed;
    activity_day(d, 1, t->start[0]);
    activity_day(d, 2, t->start[1]);
    activity_day(d, 3, t->finish[0]);
    activity_day(d, 4, t->finish[1]);
    country(d);
    place(d, row);
    if (category != NULL) {
        raw(d, "<sector vocabulary=\"99\" code=\"");
        text(d, category);
        raw(d, "\" percentage=\"100\">");
        raw(d, "<narrative>");
        text(d, ys_coop_label(c, s, row, "project_category", true));
        raw(d, "</narrative></sector>\n");
    }
}

static void project(ys_document *d, const under *u, int64_t row, const days *t)
{
    project_head(d, row, t);
    for (int64_t k = u->flows.start[row]; k < u->flows.start[row + 1]; k++)
        if (flow_at(d->coop, u, k) >= 0)
            transaction(d, flow_at(d->coop, u, k));
    parents(d, u, row);
    for (int64_t k = u->outputs.start[row]; k < u->outputs.start[row + 1]; k++)
        result(d, u->outputs.item[k], t);
    raw(d, "</iati-activity>\n");
}

/* An activity must have a start, planned or actual; money that moved is one. */
static bool has_start(const ys_coop *c, const under *u, int64_t row, days *t)
{
    for (int64_t k = u->flows.start[row]; t->start[0] == YS_NO_DATE && k < u->flows.start[row + 1]; k++) {
        int64_t flow = flow_at(c, u, k);
        if (flow >= 0 && (t->start[1] == YS_NO_DATE || c->flow[flow].date < t->start[1]))
            t->start[1] = c->flow[flow].date;
    }
    return t->start[0] != YS_NO_DATE || t->start[1] != YS_NO_DATE;
}

ys_status ys__document_iati(ys_document *d, ys_diag *diag)
{
    const ys_coop *c = d->coop;
    under u = {0};
    char at[40];
    ys_status st = YS_OK;
    YS_GO(ys_money_by_project(c, YS_COOP_TRANSACTION, &u.flows, diag));
    YS_GO(ys_money_by_project(c, YS_COOP_OUTPUT, &u.outputs, diag));
    d->failed =
        !ys_out_printf(d->out,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<iati-activities version=\"2.03\" "
                       "generated-datetime=\"%s\">\n",
                       ys__document_time(ys_clock_now(), at, sizeof at)) ||
        d->failed;
    for (int64_t i = 0; i < c->set[YS_COOP_FUND].rows; i++)
        fund(d, i);
    for (int64_t i = 0; i < c->set[YS_COOP_PROJECT].rows; i++) {
        days t = days_of(c, i);
        if (has_start(c, &u, i, &t))
            project(d, &u, i, &t);
        else
            d->left_out++;
    }
    raw(d, "</iati-activities>\n");
done:
    ys_csr_done(&u.flows);
    ys_csr_done(&u.outputs);
    return st;
}
