/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack's folder, written beside its place and then exchanged with what is there: at any moment the folder holds either
 * the old pack or the new one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/pack_book.h"
#include "policy/pack.h"

enum { PATH = 4200, DEPTH = 8 };

static ys_status fail_path(const char *path, ys_diag *diag)
{
    int why = errno;
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    ys_diag_fix(diag, "检查文件夹是否可写、磁盘是否有空间",
                "check that the folder can be written and the disk has room");
    return ys_fail(diag, YS_EIO, "写不出：%s", "cannot write: %s", strerror(why));
}

/* The folders above a file. */
static ys_status make_parents(char *path, size_t from, ys_diag *diag)
{
    for (char *p = path + from; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        bool bad = mkdir(path, 0777) != 0 && errno != EEXIST;
        if (bad)
            return fail_path(path, diag);
        *p = '/';
    }
    return YS_OK;
}

static ys_status write_file(const char *root, const ys_pack_file *f, ys_diag *diag)
{
    char path[PATH];
    int n = snprintf(path, sizeof path, "%s/%s", root, f->name);
    if (n < 0 || n >= PATH) {
        errno = ENAMETOOLONG;
        return fail_path(f->name, diag);
    }
    YS_TRY(make_parents(path, strlen(root) + 1, diag));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail_path(path, diag);
    bool ok = true;
    for (size_t at = 0; ok && at < f->size;) {
        ssize_t k = write(fd, f->data + at, f->size - at);
        ok = k > 0;
        at += ok ? (size_t)k : 0;
    }
    ok = fsync(fd) == 0 && ok;
    ok = close(fd) == 0 && ok;
    return ok ? YS_OK : fail_path(path, diag);
}

static bool kept(const char *name)
{
    return name[0] == '.' || name[0] == '~';
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Files that are no part of a pack move to the new folder. */
static ys_status move_kept(const char *from, const char *to, ys_diag *diag)
{
    char a[PATH], b[PATH];
    ys_status st = YS_OK;
    DIR *d = opendir(from);
    if (d == NULL)
        return fail_path(from, diag);
    for (struct dirent *e; st == YS_OK && (e = readdir(d)) != NULL;) {
        if (is_dots(e->d_name) || !kept(e->d_name))
            continue;
        snprintf(a, sizeof a, "%s/%s", from, e->d_name);
        snprintf(b, sizeof b, "%s/%s", to, e->d_name);
        if (rename(a, b) != 0)
            st = fail_path(b, diag);
    }
    closedir(d);
    return st;
}

static void remove_tree(const char *path, int depth)
{
    char below[PATH];
    DIR *d = depth < DEPTH ? opendir(path) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        struct stat s;
        if (is_dots(e->d_name) || snprintf(below, sizeof below, "%s/%s", path, e->d_name) >= PATH)
            continue;
        if (lstat(below, &s) == 0 && S_ISDIR(s.st_mode))
            remove_tree(below, depth + 1);
        else
            (void)unlink(below);
    }
    if (d != NULL)
        closedir(d);
    (void)rmdir(path);
}

/* The new folder takes the place; what was there stands under the name `made` afterwards. */
static ys_status exchange(const char *made, const char *place, ys_diag *diag)
{
    char aside[PATH];
    if (renameat2(AT_FDCWD, made, AT_FDCWD, place, RENAME_EXCHANGE) == 0)
        return YS_OK;
    if (errno != EINVAL && errno != ENOSYS && errno != EXDEV)
        return fail_path(place, diag);
    /* A file system that cannot exchange: two renames, with the old folder aside between them. */
    if (snprintf(aside, sizeof aside, "%s.old", made) >= PATH || rename(place, aside) != 0)
        return fail_path(place, diag);
    if (rename(made, place) == 0)
        return rename(aside, made) == 0 ? YS_OK : fail_path(aside, diag);
    ys_status st = fail_path(place, diag);
    (void)rename(aside, place);
    return st;
}

static ys_status fill(const char *made, const ys_pack_file *files, int count, ys_diag *diag)
{
    for (int i = 0; i < count; i++)
        YS_TRY(write_file(made, &files[i], diag));
    return YS_OK;
}

static ys_status put_in_place(const char *made, const char *place, bool there, ys_diag *diag)
{
    if (!there)
        return rename(made, place) == 0 ? YS_OK : fail_path(place, diag);
    YS_TRY(exchange(made, place, diag));
    return move_kept(made, place, diag);
}

ys_status ys__pack_folder_write(const char *folder, const ys_pack_file *files, int count, ys_diag *diag)
{
    char place[PATH], made[PATH];
    char *real = realpath(folder, NULL); /* a link to a folder stays one */
    bool there = real != NULL;
    int n = snprintf(place, sizeof place, "%s", there ? real : folder);
    free(real);
    while (n > 1 && n < PATH && place[n - 1] == '/')
        place[--n] = '\0';
    if (n >= PATH || snprintf(made, sizeof made, "%s.new-XXXXXX", place) >= PATH) {
        errno = ENAMETOOLONG;
        return fail_path(folder, diag);
    }
    if (mkdtemp(made) == NULL)
        return fail_path(made, diag);
    struct stat s;
    ys_status st = chmod(made, there && stat(place, &s) == 0 ? s.st_mode & 07777 : 0755) == 0
                       ? fill(made, files, count, diag)
                       : fail_path(made, diag);
    if (st != YS_OK) {
        remove_tree(made, 0);
        return st;
    }
    st = put_in_place(made, place, there, diag);
    /* When files could not be moved, `made` is the old folder and still holds them: it stays. */
    if (st == YS_OK && there)
        remove_tree(made, 0);
    return st;
}
