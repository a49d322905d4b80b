/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/limits.h"
#include "policy/pack_internal.h"

/* A folder being read: files are gathered in a growing array, their bytes in the pack's arena. */
typedef struct gather {
    ys_pack *pack;
    ys_pack_file *files;
    size_t count, cap, bytes;
    ys_diag *diag;
} gather;

static ys_status too_big(ys_diag *diag, const char *name)
{
    ys_diag_where(diag, name, NULL, 0, 0, NULL);
    ys_status st = ys_fail(diag, YS_ELIMIT, "政策包超过上限（%d 个文件、%d MB）",
                           "the pack is over the limit of %d files or %d MB", YS_LIMIT_PACK_FILES,
                           (int)(YS_LIMIT_PACK_BYTES >> 20));
    ys_diag_fix(diag, "把不属于政策包的文件移出文件夹",
                "move files that do not belong to the pack out of its folder");
    return st;
}

static ys_status read_one(gather *g, const char *path, const char *name, size_t size)
{
    if (g->count >= YS_LIMIT_PACK_FILES || size > YS_LIMIT_PACK_BYTES - g->bytes)
        return too_big(g->diag, name);
    if (!ys_grow(&g->files, &g->cap, g->count + 1, sizeof *g->files))
        return ys_fail_nomem(g->diag);
    char *data = ys_arena_alloc(g->pack->arena, size + 1, 1);
    char *copy = ys_arena_strdup(g->pack->arena, name);
    if (!data || !copy)
        return ys_fail_nomem(g->diag);
    FILE *f = fopen(path, "rb");
    size_t got = f ? fread(data, 1, size + 1, f) : 0;
    bool bad =
        !f || ferror(f) || got != size; /* one byte more than expected: it is growing under our hands */
    if (f)
        fclose(f);
    if (bad) {
        ys_diag_where(g->diag, path, NULL, 0, 0, NULL);
        return ys_fail(g->diag, YS_EIO, "无法读取文件", "cannot read the file");
    }
    g->files[g->count++] = (ys_pack_file){.name = copy, .data = data, .size = size};
    g->bytes += size;
    return YS_OK;
}

/* Editors and spreadsheets leave such files beside an open one. */
static bool left_over(const char *name)
{
    size_t n = strlen(name);
    return name[0] == '.' || name[0] == '~' || (n && name[n - 1] == '~');
}

static ys_status read_folder(gather *g, const char *path, const char *prefix, int depth)
{
    DIR *dir = opendir(path);
    if (!dir) {
        ys_diag_where(g->diag, path, NULL, 0, 0, NULL);
        ys_status failed = ys_fail(g->diag, errno == ENOENT || errno == ENOTDIR ? YS_ENOTFOUND : YS_EIO,
                                   "打不开政策包文件夹", "cannot open the pack's folder");
        ys_diag_fix(g->diag, "检查路径；政策包是含 datapackage.json 的文件夹",
                    "check the path; a pack is a folder with datapackage.json");
        return failed;
    }
    ys_status st = YS_OK;
    for (struct dirent *e; st == YS_OK && (e = readdir(dir));) {
        struct stat info;
        if (left_over(e->d_name))
            continue;
        char *full = ys_arena_printf(g->pack->arena, "%s/%s", path, e->d_name);
        char *name = ys_arena_printf(g->pack->arena, "%s%s", prefix, e->d_name);
        if (!full || !name)
            st = ys_fail_nomem(g->diag);
        else if (stat(full, &info) != 0)
            continue; /* a dangling link, or gone since */
        else if (S_ISREG(info.st_mode))
            st = read_one(g, full, name, (size_t)info.st_size);
        else if (S_ISDIR(info.st_mode) && depth < YS_LIMIT_PACK_DEPTH) {
            char *below = ys_arena_printf(g->pack->arena, "%s/", name);
            st = below ? read_folder(g, full, below, depth + 1) : ys_fail_nomem(g->diag);
        }
    }
    closedir(dir);
    return st;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const ys_pack_file *)a)->name, ((const ys_pack_file *)b)->name);
}

/* Name, length and bytes of each file, so that moving bytes between files shows. */
static ys_status hash_files(ys_pack *p, ys_diag *diag)
{
    crypto_generichash_state h;
    unsigned char sum[32];
    if (sodium_init() < 0)
        return ys_fail(diag, YS_EINTERNAL, "libsodium 无法启动", "libsodium does not start");
    crypto_generichash_init(&h, NULL, 0, sizeof sum);
    for (int i = 0; i < p->file_count; i++) {
        const ys_pack_file *f = &p->files[i];
        unsigned char size[8];
        for (int b = 0; b < 8; b++)
            size[b] = (unsigned char)((uint64_t)f->size >> (8 * b));
        crypto_generichash_update(&h, (const unsigned char *)f->name, strlen(f->name) + 1);
        crypto_generichash_update(&h, size, sizeof size);
        crypto_generichash_update(&h, (const unsigned char *)f->data, f->size);
    }
    crypto_generichash_final(&h, sum, sizeof sum);
    sodium_bin2hex(p->hash, sizeof p->hash, sum, sizeof sum);
    return YS_OK;
}

/* Sorted by name and hashed; a name twice is refused. */
static ys_status settle(ys_pack *p, ys_diag *diag)
{
    if (p->file_count)
        qsort(p->files, (size_t)p->file_count, sizeof *p->files, by_name);
    for (int i = 1; i < p->file_count; i++) {
        if (strcmp(p->files[i - 1].name, p->files[i].name) != 0)
            continue;
        ys_diag_where(diag, p->files[i].name, NULL, 0, 0, NULL);
        return ys_fail(diag, YS_EDATA, "文件出现两次", "the file is there twice");
    }
    return hash_files(p, diag);
}

ys_status ys__pack_read_folder(ys_pack *p, const char *path, ys_diag *diag)
{
    gather g = {.pack = p, .diag = diag};
    ys_status st = read_folder(&g, path, "", 0);
    if (st == YS_OK && g.count) {
        p->files = ys_arena_alloc(p->arena, g.count, sizeof *p->files);
        if (p->files)
            memcpy(p->files, g.files, g.count * sizeof *p->files);
        else
            st = ys_fail_nomem(diag);
        p->file_count = (int)g.count;
    }
    ys_free(g.files);
    return st == YS_OK ? settle(p, diag) : st;
}

ys_status ys__pack_take_files(ys_pack *p, const ys_pack_file *files, int count, ys_diag *diag)
{
    size_t bytes = 0;
    if (count < 0 || count > YS_LIMIT_PACK_FILES)
        return too_big(diag, NULL);
    p->files = ys_arena_alloc(p->arena, (size_t)count + 1, sizeof *p->files);
    if (!p->files)
        return ys_fail_nomem(diag);
    for (int i = 0; i < count; i++) {
        if (files[i].size > YS_LIMIT_PACK_BYTES - bytes)
            return too_big(diag, files[i].name);
        bytes += files[i].size;
        char *data = ys_arena_alloc(p->arena, files[i].size + 1, 1);
        char *name = ys_arena_strdup(p->arena, files[i].name);
        if (!data || !name)
            return ys_fail_nomem(diag);
        if (files[i].size)
            memcpy(data, files[i].data, files[i].size);
        p->files[i] = (ys_pack_file){.name = name, .data = data, .size = files[i].size};
    }
    p->file_count = count;
    return settle(p, diag);
}

const ys_pack_file *ys__pack_file(const ys_pack *p, const char *name)
{
    for (int i = 0; i < p->file_count; i++)
        if (strcmp(p->files[i].name, name) == 0)
            return &p->files[i];
    return NULL;
}
