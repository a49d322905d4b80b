/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV files whose columns are those the pack declares: a pack that lacks an optional field gets a file without it.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "synth/synth_internal.h"

ys_status ys__synth_file_open(sy_file *file, const ys_synth_args *args, const char *name, const char *kind,
                              const char *const *columns, int n, ys_diag *diag)
{
    *file = (sy_file){.columns = n};
    const ys_kind *k = kind ? ys_pack_kind(args->pack, kind) : NULL;
    if (kind && !k)
        return ys_fail(diag, YS_EDATA, "政策包中没有记录类型“%s”",
                       "the policy pack has no kind of record “%s”", kind);
    int len = snprintf(file->path, sizeof file->path, "%s/%s", args->out_dir, name);
    if (len < 0 || (size_t)len >= sizeof file->path)
        return ys_fail(diag, YS_EUSAGE, "路径太长：%s", "the path is too long: %s", args->out_dir);
    file->f = fopen(file->path, "wb");
    if (!file->f) {
        ys_status st =
            ys_fail(diag, YS_EIO, "无法写入 %s：%s", "cannot write %s: %s", file->path, strerror(errno));
        ys_diag_fix(diag, "请检查目录是否存在、是否有写权限",
                    "check that the folder exists and may be written");
        return st;
    }
    ys_csv_writer_init(&file->w, ys_out_file(file->f), false, false);
    for (int i = 0; i < n; i++) {
        file->keep[i] = !k || ys_kind_field(k, columns[i]) >= 0;
        if (file->keep[i])
            ys_csv_put_text(&file->w, columns[i]);
    }
    ys_csv_end_row(&file->w);
    return YS_OK;
}

ys_status ys__synth_file_close(sy_file *file, ys_diag *diag)
{
    if (!file->f)
        return YS_OK;
    bool ok = ys_csv_writer_finish(&file->w);
    ok = fclose(file->f) == 0 && ok;
    file->f = NULL;
    return ok ? YS_OK
              : ys_fail(diag, YS_EIO, "写入 %s 失败，磁盘可能已满", "cannot write %s: the disk may be full",
                        file->path);
}

void ys__put(sy_file *file, const char *text)
{
    if (file->keep[file->at++])
        ys_csv_put_text(&file->w, text ? text : "");
}

void ys__put_blank(sy_file *file)
{
    ys__put(file, "");
}

void ys__put_bool(sy_file *file, bool v)
{
    ys__put(file, v ? "1" : "0");
}

void ys__put_int(sy_file *file, int64_t v)
{
    if (file->keep[file->at++])
        ys_csv_put_int(&file->w, v);
}

void ys__put_real(sy_file *file, double v, int decimals)
{
    char buf[40];
    double scale = decimals == 0 ? 1 : decimals == 1 ? 10 : decimals == 2 ? 100 : 1e6;
    int digits = decimals > 2 ? 6 : decimals;
    ys__put(file, ys_format_money((int64_t)floor(v * scale + .5), digits, buf, sizeof buf));
}

void ys__put_yuan(sy_file *file, double yuan)
{
    char buf[40];
    int64_t fen = (int64_t)floor(yuan * 100 + .5);
    ys__put(file, fen % 100 ? ys_format_money(fen, 2, buf, sizeof buf)
                            : ys_format_money(fen / 100, 0, buf, sizeof buf));
}

void ys__put_date(sy_file *file, int32_t days)
{
    char buf[24];
    ys__put(file, ys_format_date(days, buf, sizeof buf));
}

void ys__put_end(sy_file *file)
{
    ys_csv_end_row(&file->w);
    file->at = 0;
    file->rows++;
}
