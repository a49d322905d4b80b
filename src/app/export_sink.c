/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export_sink.h"

#include <string.h>

#include "base/alloc.h"
#include "io/csv.h"
#include "io/whole_file.h"
#include "yaoshi/table.h"

struct ys_sink {
    ys_xlsx_writer *xlsx; /* NULL: CSV */
    ys_csv_writer csv;
    ys_whole_file file; /* of the CSV */
    int digits, sheets;
    int64_t rows;
};

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n > k && strcmp(s + n - k, end) == 0;
}

static ys_status open_csv(ys_sink *s, const char *path, ys_diag *diag)
{
    YS_TRY(ys_whole_file_open(&s->file, path, diag));
    ys_csv_writer_init(&s->csv, ys_out_file(s->file.f), true, true);
    s->csv.blank_missing = true;
    return YS_OK;
}

ys_status ys_sink_open(const char *path, const ys_xlsx_props *props, ys_sink **ret_sink, ys_diag *diag)
{
    bool csv = strcmp(path, "-") == 0 || ends_with(path, ".csv");
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    if (!csv && !ends_with(path, ".xlsx"))
        return ys_fail(diag, YS_EUSAGE, "文件名应以 .xlsx 或 .csv 结尾",
                       "the file name must end in .xlsx or .csv");
    ys_sink *s = ys_calloc(1, sizeof *s);
    if (s == NULL)
        return ys_fail_nomem(diag);
    s->digits = props->money_digits == 0 ? 2 : props->money_digits < 0 ? 0 : props->money_digits;
    ys_status st = csv ? open_csv(s, path, diag) : ys_xlsx_create(path, props, &s->xlsx, diag);
    if (st != YS_OK) {
        ys_sink_discard(s);
        return st;
    }
    *ret_sink = s;
    return YS_OK;
}

ys_status ys_sink_sheet(ys_sink *s, const ys_xlsx_sheet *sheet, ys_diag *diag)
{
    s->sheets++;
    if (s->xlsx != NULL)
        return ys_xlsx_add_sheet(s->xlsx, sheet, diag);
    for (int i = 0; s->sheets == 1 && i < sheet->ncolumns; i++)
        ys_csv_put_text(&s->csv, sheet->columns[i].header);
    if (s->sheets == 1)
        ys_csv_end_row(&s->csv);
    return YS_OK;
}

/* Rows of further sheets have no place in a CSV file. */
static bool dropped(const ys_sink *s)
{
    return s->xlsx == NULL && s->sheets > 1;
}

void ys_sink_text(ys_sink *s, const char *text)
{
    if (s->xlsx != NULL)
        ys_xlsx_put_text(s->xlsx, text != NULL && text[0] != '\0' ? text : NULL);
    else if (!dropped(s))
        ys_csv_put_text(&s->csv, text);
}

void ys_sink_int(ys_sink *s, int64_t value)
{
    if (s->xlsx != NULL)
        ys_xlsx_put_int(s->xlsx, value);
    else if (!dropped(s))
        ys_csv_put_int(&s->csv, value);
}

void ys_sink_real(ys_sink *s, double value)
{
    if (s->xlsx != NULL)
        ys_xlsx_put_real(s->xlsx, value);
    else if (!dropped(s))
        ys_csv_put_real(&s->csv, value);
}

void ys_sink_money(ys_sink *s, int64_t minor)
{
    if (s->xlsx != NULL)
        ys_xlsx_put_money(s->xlsx, minor);
    else if (!dropped(s))
        ys_csv_put_money(&s->csv, minor, s->digits);
}

void ys_sink_date(ys_sink *s, int64_t days)
{
    if (s->xlsx != NULL)
        ys_xlsx_put_date(s->xlsx, days);
    else if (!dropped(s))
        ys_csv_put_date(&s->csv, days);
}

void ys_sink_day(ys_sink *s, int32_t day)
{
    ys_sink_date(s, day == YS_NO_DATE ? YS_NA : day);
}

ys_status ys_sink_row(ys_sink *s, ys_diag *diag)
{
    if (dropped(s))
        return YS_OK;
    s->rows++;
    if (s->xlsx != NULL)
        return ys_xlsx_end_row(s->xlsx, diag);
    ys_csv_end_row(&s->csv);
    return s->csv.failed ? ys_fail(diag, YS_EIO, "写入失败", "cannot write") : YS_OK;
}

int64_t ys_sink_rows(const ys_sink *s)
{
    return s->rows;
}

bool ys_sink_is_csv(const ys_sink *s)
{
    return s->xlsx == NULL;
}

static ys_status finish_csv(ys_sink *s, ys_diag *diag)
{
    return ys_csv_writer_finish(&s->csv) ? ys_whole_file_finish(&s->file, diag)
                                         : ys_whole_file_failed(&s->file, diag);
}

ys_status ys_sink_finish(ys_sink *s, ys_diag *diag)
{
    ys_status st;
    if (s->xlsx != NULL) {
        st = ys_xlsx_finish(s->xlsx, diag);
        s->xlsx = NULL;
    } else {
        st = finish_csv(s, diag);
    }
    ys_sink_discard(s);
    return st;
}

void ys_sink_discard(ys_sink *s)
{
    if (s == NULL)
        return;
    ys_xlsx_discard(s->xlsx);
    ys_whole_file_drop(&s->file);
    ys_free(s);
}
