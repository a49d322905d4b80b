/* SPDX-License-Identifier: Apache-2.0 */
#include "app/intake.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/clock.h"
#include "base/alloc.h"

typedef struct file_list {
    char **files;
    size_t count, cap;
} file_list;

static void list_done(file_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        ys_free(l->files[i]);
    ys_free(l->files);
}

static ys_status list_add(file_list *l, const char *path, ys_diag *diag)
{
    if (!ys_grow(&l->files, &l->cap, l->count + 1, sizeof *l->files) ||
        (l->files[l->count] = ys_strdup(path)) == NULL)
        return ys_fail_nomem(diag);
    l->count++;
    return YS_OK;
}

static bool is_table(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && name[0] != '.' && name[0] != '~' &&
           (strcmp(dot, ".csv") == 0 || strcmp(dot, ".xlsx") == 0);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The truth of a synthetic registry lies beside it for the evaluation and is never a fact of the register. */
static bool is_truth(const char *name)
{
    return strcmp(name, "truth.csv") == 0;
}

static ys_status list_folder(file_list *l, const char *folder, ys_diag *diag)
{
    size_t first = l->count;
    char path[4200];
    ys_status st = YS_OK;
    DIR *d = opendir(folder);
    if (d == NULL)
        return ys_fail(diag, YS_EIO, "打不开文件夹：%s", "cannot open the folder: %s", strerror(errno));
    for (struct dirent *e; st == YS_OK && (e = readdir(d)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (is_table(e->d_name) && !is_truth(e->d_name))
            st = list_add(l, path, diag);
    }
    closedir(d);
    if (st == YS_OK && l->count == first) {
        ys_diag_fix(diag, "给出放表格的文件夹，或逐个给出文件",
                    "give the folder the tables are in, or name the files");
        return ys_fail(diag, YS_EDATA, "文件夹里没有 .csv 或 .xlsx 文件",
                       "the folder has no .csv or .xlsx file");
    }
    if (l->count > first)
        qsort(l->files + first, l->count - first, sizeof *l->files, by_name);
    return st;
}

static ys_status list_paths(file_list *l, const ys_intake_args *args, ys_diag *diag)
{
    struct stat s;
    for (int i = 0; i < args->count; i++) {
        ys_diag_where(diag, args->paths[i], NULL, 0, 0, NULL);
        if (stat(args->paths[i], &s) != 0) {
            ys_diag_fix(diag, "检查路径和文件名", "check the path and the name");
            return ys_fail(diag, YS_ENOTFOUND, "没有这个文件或文件夹", "there is no such file or folder");
        }
        if (!S_ISDIR(s.st_mode) && !S_ISREG(s.st_mode)) {
            ys_diag_fix(diag, "先存成普通文件", "save it as an ordinary file first");
            return ys_fail(diag, YS_EDATA, "不是普通文件；表格要读几遍，管道读不了",
                           "not an ordinary file; tables are read more than once, and a pipe cannot be");
        }
        YS_TRY(S_ISDIR(s.st_mode) ? list_folder(l, args->paths[i], diag) : list_add(l, args->paths[i], diag));
    }
    ys_diag_clear(diag);
    return YS_OK;
}

/* An office without persons may become a synthetic one; a real one never mixes. */
static ys_status may_take_fictitious(ys_office *o, bool *ret, ys_diag *diag)
{
    int64_t persons = 0;
    ys_scan all = {.valid_on = YS_SCAN_LATEST};
    const ys_kind *person = ys_pack_kind(o->pack, "person");
    YS_TRY(ys_store_count(o->store, person, &all, &persons, diag));
    *ret = o->synthetic || persons == 0;
    return YS_OK;
}

/* Asked after the import, because the area may stand in the same tables. */
static ys_status check_scope(ys_office *o, const char *scope, ys_diag *diag)
{
    int64_t found = 0;
    ys_scan one = {.valid_on = YS_SCAN_LATEST, .key = scope};
    if (scope == NULL)
        return YS_OK;
    YS_TRY(ys_store_count(o->store, ys_pack_kind(o->pack, "area"), &one, &found, diag));
    if (found > 0)
        return YS_OK;
    ys_diag_clear(diag);
    ys_diag_fix(diag, "用地区表里的编码", "use a code of the area table");
    return ys_fail(diag, YS_ENOTFOUND, "没有地区 %s", "there is no area %s", scope);
}

static ys_status finish(ys_office *o, const ys_intake_args *args, ys_intake *in, ys_diag *diag)
{
    const ys_stage_counts *t = &in->counts.total;
    bool faults = in->counts.invalid + t->duplicates + t->orphans > 0;
    if (!args->apply || (faults && !args->skip_invalid)) {
        ys_store_rollback(o->store);
        return YS_OK;
    }
    if (in->counts.fictitious > 0 && !o->synthetic) {
        YS_TRY(ys_store_meta_set(o->store, "synthetic", "1", diag));
        o->synthetic = true;
    }
    YS_TRY(ys_store_commit(o->store, &in->tx, diag));
    in->applied = true;
    return YS_OK;
}

ys_status ys_intake_run(ys_office *o, const ys_intake_args *args, ys_intake *ret_intake, ys_diag *diag)
{
    file_list list = {0};
    ys_intake in = {0};
    ys_status st = YS_OK;
    ys_import_args ia = {.store = o->store,
                         .pack = o->pack,
                         .how = args->how,
                         .scope = args->scope,
                         .event = args->event,
                         .arg = args->arg};
    ia.valid_from = args->valid_from != INT32_MIN ? args->valid_from : ys_clock_today();
    ia.fictitious_from = (int64_t)ys_pack_param(o->pack, "fictitious_id_from", 0);
    ia.fictitious_to = (int64_t)ys_pack_param(o->pack, "fictitious_id_to", 0);
    YS_GO(list_paths(&list, args, diag));
    YS_GO(may_take_fictitious(o, &ia.allow_fictitious, diag));
    ia.files = (const char *const *)list.files;
    ia.file_count = (int)list.count;
    YS_GO(ys_office_begin(o, "import", args->reason, args->name, diag));
    YS_GO(ys_import_run(&ia, &in.counts, diag));
    YS_GO(check_scope(o, args->scope, diag));
    YS_GO(finish(o, args, &in, diag));
    *ret_intake = in;
done:
    if (st != YS_OK)
        ys_store_rollback(o->store);
    list_done(&list);
    return st;
}
