/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_eval_tool: tests only.  Prints the facts of the fixture's households as one line of JSON, then reads rules,
 * one a line, and prints for each what every row gives, as one line of JSON:
 *
 *   {"rows":[{"size":{"i":"2"},…,"persons":[{…},…]},…]}
 *   [{"b":true},null,{"i":"3"},…]      null: unknown
 *   {"error":"character 8: …"}
 *
 * tests/cel evaluates the same rules on the same facts with another implementation of CEL.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "policy/rule_fixture.h"

/* A cell with its type; missing facts are left out.  Money and dates are not CEL and are left out too. */
static void print_cell(ys_json *j, const ys_table *t, int col, int64_t row, const char *key)
{
    char text[32];
    ys_type type = ys_table_column_type(t, col);
    if (ys_table_missing(t, col, row) || type == YS_MONEY || type == YS_DATE)
        return;
    ys_json_object(j, key);
    if (type == YS_BOOL) {
        ys_json_bool(j, "b", ys_table_get_int(t, col, row) != 0);
    } else if (type == YS_INT) {
        snprintf(text, sizeof text, "%" PRId64, ys_table_get_int(t, col, row));
        ys_json_text(j, "i", text);
    } else if (type == YS_REAL) {
        ys_json_real(j, "r", ys_table_get_real(t, col, row));
    } else {
        ys_json_text(j, "s", ys_table_get_text(t, col, row));
    }
    ys_json_end(j);
}

static void print_row(ys_json *j, const ys_table *t, int64_t row)
{
    for (int c = 0; c < ys_table_columns(t); c++)
        print_cell(j, t, c, row, ys_table_column_name(t, c));
}

static void print_facts(ys_json *j, const rule_world *w)
{
    ys_json_object(j, NULL);
    ys_json_array(j, "rows");
    for (int64_t i = 0; i < ys_table_rows(w->household); i++) {
        ys_json_object(j, NULL);
        print_row(j, w->household, i);
        ys_json_array(j, "persons");
        for (int64_t k = w->persons.start[i]; k < w->persons.start[i + 1]; k++) {
            ys_json_object(j, NULL);
            print_row(j, w->person, w->persons.item[k]);
            ys_json_end(j);
        }
        ys_json_end(j);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_end(j);
}

static void print_rule(ys_json *j, const rule_world *w, const char *text)
{
    ys_rule *r = NULL;
    ys_diag d = {0};
    ys_table *t = ys_table_new("result");
    ys_status st = t && ys_table_grow(t, ys_table_rows(w->household)) ? YS_OK : YS_ENOMEM;
    if (st == YS_OK)
        st = ys_rule_compile(w->household_env, text, &r, &d);
    if (st == YS_OK)
        st = ys_rule_eval_column(r, t, "x", &d);
    if (st != YS_OK) {
        ys_json_object(j, NULL);
        ys_json_text(j, "error", d.en);
        ys_json_end(j);
    } else {
        ys_json_array(j, NULL);
        for (int64_t i = 0; i < ys_table_rows(t); i++) {
            if (ys_table_missing(t, 0, i))
                ys_json_null(j, NULL);
            else
                print_cell(j, t, 0, i, NULL);
        }
        ys_json_end(j);
    }
    ys_rule_free(r);
    ys_table_free(t);
}

int main(void)
{
    rule_world w;
    rule_world_init(&w);
    ys_json j;
    ys_json_init(&j, ys_out_file(stdout), false);
    print_facts(&j, &w);
    bool ok = ys_json_finish(&j);
    printf("\n");
    char line[8192];
    while (ok && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        ys_json_init(&j, ys_out_file(stdout), false);
        print_rule(&j, &w, line);
        ok = ys_json_finish(&j);
        printf("\n");
    }
    rule_world_done(&w);
    return !ok;
}
