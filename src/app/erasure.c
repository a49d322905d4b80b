/* SPDX-License-Identifier: Apache-2.0 */
#include "app/erasure.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "app/clock.h"
#include "base/alloc.h"

typedef struct erasure {
    ys_office *o;
    const ys_erasure_args *args;
    const ys_kind *kind;
    ys_table *history; /* plain where the key is at hand */
    bool present;      /* the record is valid today */
    ys_erasure result;
} erasure;

static bool personal(const ys_field *f)
{
    return f->sensitivity != YS_SENS_NONE && !f->key;
}

static ys_status find_record(erasure *e, ys_diag *diag)
{
    const char *name = e->args->kind != NULL ? e->args->kind : "person";
    e->kind = ys_pack_kind(e->o->pack, name);
    if (e->kind == NULL) {
        ys_diag_value(diag, name);
        ys_diag_fix(diag, "用政策包里的类别，如 person、household",
                    "use a kind of the pack, such as person, household");
        return ys_fail(diag, YS_EUSAGE, "没有这个类别", "there is no such kind");
    }
    YS_TRY(ys_store_history(e->o->store, e->kind, e->args->key, e->o->has_key, &e->history, diag));
    if (ys_table_rows(e->history) == 0) {
        ys_diag_fix(diag, "核对编号", "check the number");
        return ys_fail(diag, YS_ENOTFOUND, "没有%s%.0s“%s”", "there is no %.0s%s \"%s\"", e->kind->label_zh,
                       e->kind->name, e->args->key);
    }
    ys_scan now = {.valid_on = ys_clock_today(), .key = e->args->key};
    int64_t n = 0;
    YS_TRY(ys_store_count(e->o->store, e->kind, &now, &n, diag));
    e->present = n > 0;
    return YS_OK;
}

/* Is the version in this row of the history known and valid at present? */
static bool is_present(const erasure *e, int64_t row)
{
    const ys_table *t = e->history;
    int64_t today = ys_clock_today();
    int from = ys_table_find(t, "_valid_from"), to = ys_table_find(t, "_valid_to"),
        closed = ys_table_find(t, "_tx_to");
    return ys_table_missing(t, closed, row) && ys_table_get_int(t, from, row) <= today &&
           (ys_table_missing(t, to, row) || ys_table_get_int(t, to, row) > today);
}

static void count_values(erasure *e)
{
    const ys_table *t = e->history;
    for (int f = 0; f < e->kind->field_count; f++) {
        const ys_field *field = &e->kind->fields[f];
        int col = personal(field) ? ys_table_find(t, field->name) : -1;
        int64_t n = 0;
        for (int64_t r = 0; col >= 0 && r < ys_table_rows(t); r++) {
            bool has = !ys_table_missing(t, col, r);
            n += has;
            e->result.names = e->result.names || (has && !ys_field_secret(field) && is_present(e, r));
        }
        if (n > 0 && e->args->field != NULL)
            e->args->field(e->args->arg, field, n);
        if (col >= 0 && ys_field_secret(field))
            e->result.values += n;
    }
}

/* Records of a kind that say the text in a secret field, but not the one to be erased. */
static ys_status look_in(const erasure *e, const ys_kind *k, const ys_field *f, const char *text,
                         ys_diag *diag)
{
    int key = -1, keys = 0;
    for (int i = 0; i < k->field_count; i++) {
        key = k->fields[i].key && key < 0 ? i : key;
        keys += k->fields[i].key;
    }
    const char *const only[] = {k->fields[key].name, NULL};
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .where_field = f->name, .where_value = text, .fields = only};
    ys_table *t = NULL;
    YS_TRY(ys_store_scan(e->o->store, k, &how, &t, diag));
    for (int64_t r = 0; keys == 1 && r < ys_table_rows(t); r++) {
        char buf[600];
        const char *found = ys_table_format(t, 0, r, 0, buf, sizeof buf);
        if (k != e->kind || strcmp(found, e->args->key) != 0)
            e->args->elsewhere(e->args->arg, k, found, f);
    }
    ys_table_free(t);
    return YS_OK;
}

static ys_status look_elsewhere(const erasure *e, const ys_field *mine, const char *text, ys_diag *diag)
{
    const ys_kind *const *kinds;
    int n = ys_pack_kinds(e->o->pack, &kinds);
    for (int k = 0; k < n; k++) {
        for (int f = 0; f < kinds[k]->field_count; f++) {
            const ys_field *field = &kinds[k]->fields[f];
            if (ys_field_secret(field) && field->sensitivity == mine->sensitivity)
                YS_TRY(look_in(e, kinds[k], field, text, diag));
        }
    }
    return YS_OK;
}

/* Each different secret value of the record, once: it may not stand in the reason, and where else is it? */
static ys_status check_values(const erasure *e, ys_diag *diag)
{
    const ys_table *t = e->history;
    for (int f = 0; e->o->has_key && f < e->kind->field_count; f++) {
        const ys_field *field = &e->kind->fields[f];
        int col = ys_field_secret(field) ? ys_table_find(t, field->name) : -1;
        for (int64_t r = 0; col >= 0 && r < ys_table_rows(t); r++) {
            const char *text = ys_table_missing(t, col, r) ? "" : ys_table_get_text(t, col, r);
            bool seen = text[0] == '\0';
            for (int64_t before = 0; !seen && before < r; before++)
                seen =
                    !ys_table_missing(t, col, before) && strcmp(ys_table_get_text(t, col, before), text) == 0;
            if (seen)
                continue;
            if (e->args->reason != NULL && strstr(e->args->reason, text) != NULL)
                return ys_fail(diag, YS_EUSAGE, "缘由里写着要抹去的内容；它会留在事务里",
                               "the reason holds what is to be erased; it would stay in the log");
            if (e->args->elsewhere != NULL)
                YS_TRY(look_elsewhere(e, field, text, diag));
        }
    }
    return YS_OK;
}

/* The present version loses all its personal fields, by an ordinary change. */
static ys_status clear_present(const erasure *e, ys_diag *diag)
{
    const ys_kind *k = e->kind;
    int fields[64], n = 0;
    ys_cell cells[64] = {{0}};
    const ys_table *t = e->history;
    int64_t row = 0;
    while (row + 1 < ys_table_rows(t) && !is_present(e, row))
        row++;
    for (int f = 0; f < k->field_count && n < 64; f++) {
        if (!k->fields[f].key && (!personal(&k->fields[f]) || ys_field_secret(&k->fields[f])))
            continue;
        int col = ys_table_find(t, k->fields[f].name);
        bool text = k->fields[f].type == YS_TEXT || k->fields[f].type == YS_CODE;
        fields[n] = f;
        cells[n] = (ys_cell){.state = k->fields[f].key ? YS_CELL_VALUE : YS_CELL_NA};
        if (k->fields[f].key && text)
            cells[n].t = ys_table_get_text(t, col, row);
        else if (k->fields[f].key)
            cells[n].i = ys_table_get_int(t, col, row);
        n++;
    }
    ys_stage_counts counts;
    YS_TRY(ys_store_stage_begin(e->o->store, k, fields, n, diag));
    ys_status st = ys_store_stage_row(e->o->store, cells, 0, diag);
    if (st == YS_OK)
        st = ys_store_stage_apply(e->o->store, ys_clock_today(), 0, &counts, diag);
    ys_store_stage_end(e->o->store);
    return st;
}

static ys_status write(erasure *e, ys_diag *diag)
{
    ys_status st = YS_OK;
    int64_t values = 0;
    YS_GO(ys_office_begin(e->o, "erase", e->args->reason, NULL, diag));
    if (e->present && e->result.names)
        YS_GO(clear_present(e, diag));
    YS_GO(ys_store_erase(e->o->store, e->kind, e->args->key, &values, diag));
    YS_GO(ys_store_commit(e->o->store, &e->result.tx, diag));
    e->result.applied = true;
    st = ys_store_scrub(e->o->store, e->kind, diag);
    e->result.scrubbed = st == YS_OK;
    return st == YS_OK
               ? YS_OK
               : ys_fail(diag, YS_EPARTIAL,
                         "已抹去并记入事务，但空闲页没能重写，旧的密文可能还在文件里；请稍后再运行一次",
                         "erased and recorded, but freed pages could not be overwritten: old ciphertext may "
                         "be left "
                         "in the file; run it once more later");
done:
    ys_store_rollback(e->o->store);
    return st;
}

static ys_status run(erasure *e, ys_diag *diag)
{
    YS_TRY(find_record(e, diag));
    count_values(e);
    YS_TRY(check_values(e, diag));
    if (!e->args->apply)
        return YS_OK;
    if (e->args->reason == NULL || e->args->reason[0] == '\0') {
        ys_diag_fix(diag, "用 --reason 写明依据，如申请书编号",
                    "say why with --reason, such as the number of the request");
        return ys_fail(diag, YS_EUSAGE, "抹去要有缘由", "an erasure needs a reason");
    }
    return write(e, diag);
}

ys_status ys_erasure_run(ys_office *o, const ys_erasure_args *args, ys_erasure *ret_erasure, ys_diag *diag)
{
    erasure e = {.o = o, .args = args};
    ys_status st = run(&e, diag);
    *ret_erasure = e.result;
    ys_table_free(e.history);
    return st;
}
