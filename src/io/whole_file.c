/* SPDX-License-Identifier: Apache-2.0 */
#include "io/whole_file.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"

static ys_status failed(const char *path, ys_diag *diag)
{
    int e = errno;
    ys_diag_where(diag, path != NULL ? path : "-", NULL, 0, 0, NULL);
    ys_diag_fix(diag, "看看文件夹是否存在、可写，磁盘是否已满",
                "see that the folder exists, can be written to, and that the disk is not full");
    return ys_fail(diag, YS_EIO, "写入失败：%s", "cannot write: %s", strerror(e));
}

ys_status ys_whole_file_open(ys_whole_file *w, const char *path, ys_diag *diag)
{
    *w = (ys_whole_file){0};
    if (strcmp(path, "-") == 0) {
        w->f = stdout;
        return YS_OK;
    }
    size_t n = strlen(path);
    w->path = ys_strdup(path);
    w->part = ys_malloc(n + 6);
    if (w->path == NULL || w->part == NULL) {
        ys_whole_file_drop(w);
        return ys_fail_nomem(diag);
    }
    memcpy(w->part, path, n);
    memcpy(w->part + n, ".part", 6);
    w->f = fopen(w->part, "wb");
    if (w->f != NULL)
        return YS_OK;
    ys_status st = failed(path, diag);
    ys_whole_file_drop(w);
    return st;
}

ys_status ys_whole_file_finish(ys_whole_file *w, ys_diag *diag)
{
    bool ok = fflush(w->f) == 0 && !ferror(w->f);
    if (w->part != NULL) {
        ok = ok && fsync(fileno(w->f)) == 0;
        ok = fclose(w->f) == 0 && ok;
        w->f = NULL;
        ok = ok && rename(w->part, w->path) == 0;
    }
    ys_status st = ok ? YS_OK : failed(w->path, diag);
    if (ok) {
        ys_free(w->part);
        w->part = NULL;
    }
    ys_whole_file_drop(w);
    return st;
}

ys_status ys_whole_file_failed(ys_whole_file *w, ys_diag *diag)
{
    ys_status st = failed(w->path, diag);
    ys_whole_file_drop(w);
    return st;
}

void ys_whole_file_drop(ys_whole_file *w)
{
    if (w->f != NULL && w->f != stdout)
        fclose(w->f);
    if (w->part != NULL)
        unlink(w->part);
    ys_free(w->path);
    ys_free(w->part);
    *w = (ys_whole_file){0};
}
