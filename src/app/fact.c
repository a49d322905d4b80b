/* SPDX-License-Identifier: Apache-2.0 */
#include "app/fact.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

const char *ys_field_label(const ys_field *f, bool zh)
{
    const char *label = zh ? f->label_zh : f->label_en;
    return label[0] != '\0' ? label : f->name;
}

char *ys_levels_text(const ys_pack *pack, char *buf, size_t size)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    size_t at = 0;
    buf[0] = '\0';
    for (int i = 0; i < n && at < size; i++)
        at += (size_t)snprintf(buf + at, size - at, "%s%s", i > 0 ? " " : "", levels[i]);
    return buf;
}

const char *ys_currency_word(const ys_pack *pack, bool zh)
{
    const char *code = ys_pack_currency(pack);
    if (strcmp(code, "CNY") != 0)
        return code;
    return zh ? "元" : "yuan";
}

static bool not_asked(const ys_table *t, int col, int64_t row)
{
    switch (ys_table_column_type(t, col)) {
    case YS_REAL:
        return ys_real_is_not_asked(ys_table_get_real(t, col, row));
    case YS_CODE:
        return ys_table_codes((ys_table *)t, col)[row] == YS_CODE_NOT_ASKED;
    case YS_TEXT:
        return ys_table_texts((ys_table *)t, col)[row] == YS_TEXT_NOT_ASKED;
    default:
        return ys_table_get_int(t, col, row) == YS_NOT_ASKED;
    }
}

const char *ys_fact_column(const ys_fact_how *how, const ys_table *t, int col, int64_t row, char *buf,
                           size_t size)
{
    if (col < 0)
        return "";
    if (ys_table_missing(t, col, row))
        return not_asked(t, col, row) ? YS_TEXT_NOT_ASKED : "";
    if (ys_table_column_type(t, col) == YS_BOOL && !how->codes) {
        bool yes = ys_table_get_int(t, col, row) != 0;
        return how->zh ? (yes ? "是" : "否") : (yes ? "yes" : "no");
    }
    return ys_table_format(t, col, row, ys_pack_digits(how->pack), buf, size);
}

const char *ys_fact_text(const ys_fact_how *how, const ys_field *f, const ys_table *t, int64_t row, char *buf,
                         size_t size)
{
    int col = ys_table_find(t, f->name);
    const char *text = ys_fact_column(how, t, col, row, buf, size);
    if (col < 0 || ys_table_missing(t, col, row))
        return text;
    if (f->codes[0] != '\0' && !how->codes) {
        const char *label = ys_pack_label(how->pack, f->codes, text, how->zh ? "zh" : "en");
        return label != NULL && label[0] != '\0' ? label : text;
    }
    return f->sensitivity == YS_SENS_NONE || how->unmask ? text : ys_field_mask(f, text, buf, size);
}

static void json_typed(ys_json *j, const ys_fact_how *how, const ys_field *f, const ys_table *t, int64_t row)
{
    char buf[1200];
    int col = ys_table_find(t, f->name);
    switch (f->type) {
    case YS_INT:
        ys_json_int(j, "value", ys_table_get_int(t, col, row));
        return;
    case YS_MONEY:
        ys_json_money(j, "value", ys_table_get_int(t, col, row), ys_pack_digits(how->pack));
        return;
    case YS_BOOL:
        ys_json_bool(j, "value", ys_table_get_int(t, col, row) != 0);
        return;
    case YS_REAL:
        ys_json_real(j, "value", ys_table_get_real(t, col, row));
        return;
    default: {
        ys_fact_how plain = *how;
        plain.codes = true;
        ys_json_text(j, "value", ys_fact_text(&plain, f, t, row, buf, sizeof buf));
    }
    }
}

void ys_fact_json(ys_json *j, const ys_fact_how *how, const ys_field *f, const ys_table *t, int64_t row)
{
    char buf[1200];
    int col = ys_table_find(t, f->name);
    if (col < 0)
        return;
    ys_json_object(j, f->name);
    if (ys_table_missing(t, col, row)) {
        ys_json_null(j, "value");
        ys_json_bool(j, "not_asked", not_asked(t, col, row));
    } else {
        json_typed(j, how, f, t, row);
        if (f->codes[0] != '\0') {
            ys_fact_how labels = *how;
            labels.codes = false;
            labels.zh = true;
            ys_json_text(j, "text_zh", ys_fact_text(&labels, f, t, row, buf, sizeof buf));
            labels.zh = false;
            ys_json_text(j, "text_en", ys_fact_text(&labels, f, t, row, buf, sizeof buf));
        }
    }
    ys_json_text(j, "zh", f->label_zh);
    ys_json_text(j, "en", f->label_en);
    ys_json_end(j);
}

char *ys_time_text(int64_t at, char *buf, size_t size)
{
    char day[24];
    ys_format_date((int32_t)(at / 86400), day, sizeof day);
    int64_t s = at % 86400;
    snprintf(buf, size, "%s %02d:%02d", day, (int)(s / 3600), (int)(s / 60 % 60));
    return buf;
}

char *ys_source_text(const ys_provenance *from, bool zh, char *buf, size_t size)
{
    char at[40], where[480] = "";
    const char *slash = strrchr(from->file, '/'), *file = slash != NULL ? slash + 1 : from->file;
    if (from->tx <= 0) {
        snprintf(buf, size, "%s", "");
        return buf;
    }
    if (file[0] != '\0')
        snprintf(where, sizeof where, zh ? "%s%s%s 第 %lld 行" : "%s%s%s row %lld", file,
                 from->sheet[0] != '\0' ? ":" : "", from->sheet, (long long)from->row);
    ys_time_text(from->recorded_at, at, sizeof at);
    snprintf(buf, size, zh ? "%s%s%s · %s · 事务 %lld%s%s" : "%s%s%s · %s · transaction %lld%s%s", where,
             where[0] != '\0' ? " · " : "", from->user, at, (long long)from->tx,
             from->reason[0] != '\0' ? " · " : "", from->reason);
    return buf;
}

void ys_source_json(ys_json *j, const char *key, const ys_provenance *from)
{
    char at[40];
    ys_json_object(j, key);
    ys_json_text(j, "file", from->file[0] != '\0' ? from->file : NULL);
    ys_json_text(j, "sheet", from->sheet[0] != '\0' ? from->sheet : NULL);
    ys_json_int(j, "row", from->row);
    ys_json_text(j, "user", from->user);
    ys_json_text(j, "reason", from->reason);
    ys_json_int(j, "transaction", from->tx);
    ys_json_text(j, "recorded_at", ys_time_text(from->recorded_at, at, sizeof at));
    ys_json_end(j);
}

int ys_key_column(const ys_kind *kind, const ys_table *t)
{
    int col = -1;
    for (int f = 0; f < kind->field_count; f++)
        if (kind->fields[f].key)
            col = ys_table_find(t, kind->fields[f].name);
    return col;
}
