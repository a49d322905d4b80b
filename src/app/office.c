/* SPDX-License-Identifier: Apache-2.0 */
#include "app/office.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "app/clock.h"
#include "base/alloc.h"
#include "base/num.h"
#include "registry/kinds.h"

static const char pack_set[] = "pack";

/* ---- the pack ---- */

static bool is_pack(const char *folder)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/datapackage.json", folder);
    return access(path, R_OK) == 0;
}

static bool try_folder(const char *base, size_t n, const char *name, char *buf, size_t size)
{
    return n > 0 && (size_t)snprintf(buf, size, "%.*s/%s", (int)n, base, name) < size && is_pack(buf);
}

/* packs/ of a source tree (build/src/cli/yaoshi, build/yaoshi) or of an installation (bin/yaoshi). */
static bool try_beside_program(const char *name, char *buf, size_t size)
{
    static const char *const up[] = {"/../packs", "/../../../packs", "/../share/yaoshi/packs"};
    char exe[4096], base[4200];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return false;
    exe[n] = '\0';
    *strrchr(exe, '/') = '\0';
    for (size_t i = 0; i < sizeof up / sizeof *up; i++) {
        snprintf(base, sizeof base, "%s%s", exe, up[i]);
        if (try_folder(base, strlen(base), name, buf, size))
            return true;
    }
    return false;
}

ys_status ys_pack_find(const char *name, char *buf, size_t size, ys_diag *diag)
{
    if (is_pack(name) && (size_t)snprintf(buf, size, "%s", name) < size)
        return YS_OK;
    const char *paths = getenv("YAOSHI_PACKS");
    while (paths != NULL && *paths != '\0') {
        size_t n = strcspn(paths, ":");
        if (try_folder(paths, n, name, buf, size))
            return YS_OK;
        paths += n + (paths[n] == ':');
    }
    if (try_folder("packs", 5, name, buf, size) || try_beside_program(name, buf, size))
        return YS_OK;
    ys_diag_fix(diag, "给出政策包文件夹，或设环境变量 YAOSHI_PACKS",
                "give the pack's folder, or set YAOSHI_PACKS");
    return ys_fail(diag, YS_ENOTFOUND, "找不到政策包 %s（找过 YAOSHI_PACKS、./packs 和程序旁的 packs）",
                   "no policy pack %s (looked in YAOSHI_PACKS, ./packs and packs beside the program)", name);
}

/* ---- the key ---- */

static bool is_server(const char *url)
{
    return strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
}

static bool key_path(const ys_office_args *a, char *buf, size_t size)
{
    if (a->key != NULL)
        return (size_t)snprintf(buf, size, "%s", a->key) < size;
    const char *env = getenv("YAOSHI_KEY");
    if (env != NULL && *env != '\0')
        return (size_t)snprintf(buf, size, "%s", env) < size;
    return !is_server(a->url) && (size_t)snprintf(buf, size, "%s.key", a->url) < size;
}

static ys_status write_key(const char *path, const unsigned char *key, ys_diag *diag)
{
    char hex[2 * YS_STORE_KEY_BYTES + 1];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    if (fd < 0)
        return ys_fail(diag, errno == EEXIST ? YS_ECONFLICT : YS_EIO, "不能建立密钥文件：%s",
                       "cannot make the key file: %s", strerror(errno));
    sodium_bin2hex(hex, sizeof hex, key, YS_STORE_KEY_BYTES);
    hex[sizeof hex - 1] = '\n';
    bool ok = write(fd, hex, sizeof hex) == (ssize_t)sizeof hex && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    sodium_memzero(hex, sizeof hex);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "密钥文件写入失败", "cannot write the key file");
}

/* ENOTFOUND when there is no file: the office opens without its secrets. */
static ys_status read_key(const char *path, unsigned char *ret_key, ys_diag *diag)
{
    char hex[2 * YS_STORE_KEY_BYTES + 2];
    size_t n = 0;
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return YS_ENOTFOUND;
    size_t got = fread(hex, 1, sizeof hex - 1, f);
    fclose(f);
    int bad = sodium_hex2bin(ret_key, YS_STORE_KEY_BYTES, hex, got, "\n\r ", &n, NULL);
    sodium_memzero(hex, sizeof hex);
    if (bad != 0 || n != YS_STORE_KEY_BYTES) {
        ys_diag_where(diag, path, NULL, 0, 0, NULL);
        return ys_fail(diag, YS_EDATA, "密钥文件格式不对（应为 64 位十六进制）",
                       "not a key file (64 hex digits are wanted)");
    }
    return YS_OK;
}

/* ---- opening ---- */

void ys_office_close(ys_office *o)
{
    if (o == NULL)
        return;
    ys_store_close(o->store);
    ys_free(o->kinds);
    ys_pack_free(o->pack);
    ys_free(o);
}

static const char *login(const ys_office_args *a)
{
    if (a->user != NULL)
        return a->user;
    const char *name = getenv("USER");
    return name != NULL && *name != '\0' ? name : "yaoshi";
}

static ys_status keep_pack(ys_office *o, ys_diag *diag)
{
    const ys_pack_file *files;
    int n = ys_pack_files(o->pack, &files);
    for (int i = 0; i < n; i++)
        YS_TRY(ys_store_file_put(o->store, pack_set, files[i].name, files[i].data, files[i].size, diag));
    char digits[8];
    snprintf(digits, sizeof digits, "%d", ys_pack_digits(o->pack));
    YS_TRY(ys_store_meta_set(o->store, "minor_digits", digits, diag));
    YS_TRY(ys_store_meta_set(o->store, "pack_name", ys_pack_name(o->pack), diag));
    return ys_store_meta_set(o->store, "pack_hash", ys_pack_hash(o->pack), diag);
}

static ys_status make_key(const ys_office_args *args, unsigned char *key, ys_diag *diag)
{
    char path[4200];
    if (!key_path(args, path, sizeof path)) {
        ys_diag_fix(diag, "用 --key 指明密钥文件的位置", "say where the key file is to be with --key");
        return ys_fail(diag, YS_EUSAGE, "数据库服务器的密钥要放在别处",
                       "the key of a database server lives elsewhere");
    }
    ys_status st = read_key(path, key, diag);
    if (st != YS_ENOTFOUND)
        return st; /* a key made beforehand (kept by two offices, say) is used as it is */
    randombytes_buf(key, YS_STORE_KEY_BYTES);
    return write_key(path, key, diag);
}

ys_status ys_office_init(const ys_office_args *args, const char *pack, ys_office **ret_office, ys_diag *diag)
{
    unsigned char key[YS_STORE_KEY_BYTES];
    char folder[4200];
    ys_status st = YS_OK;
    ys_office *o = ys_calloc(1, sizeof *o);
    if (o == NULL || sodium_init() < 0)
        YS_GO(ys_fail_nomem(diag));
    o->user = login(args);
    YS_GO(ys_pack_find(pack, folder, sizeof folder, diag));
    YS_GO(ys_pack_load(folder, &o->pack, diag));
    YS_GO(ys_kinds_all(o->pack, &o->kinds, &o->kind_count, diag));
    if (!is_server(args->url) && access(args->url, F_OK) == 0) {
        ys_diag_where(diag, args->url, NULL, 0, 0, NULL);
        ys_diag_fix(diag, "换一个文件名，或先移走它", "choose another name, or move it away first");
        YS_GO(ys_fail(diag, YS_ECONFLICT, "文件已存在", "the file exists already"));
    }
    YS_GO(make_key(args, key, diag));
    ys_store_args sa = {.url = args->url, .key = key};
    YS_GO(ys_store_create(&sa, o->kinds, o->kind_count, &o->store, diag));
    YS_GO(ys_office_begin(o, "init", "", NULL, diag));
    YS_GO(keep_pack(o, diag));
    YS_GO(ys_store_commit(o->store, NULL, diag));
    o->has_key = true;
    *ret_office = o;
    o = NULL;
done:
    sodium_memzero(key, sizeof key);
    ys_office_close(o);
    return st;
}

/* The pack's files as the store hands them out, copied. */
typedef struct gathered {
    ys_pack_file *files;
    size_t count, cap;
    bool failed;
} gathered;

static bool gather(void *arg, const char *name, const void *data, size_t size)
{
    gathered *g = arg;
    if (!ys_grow(&g->files, &g->cap, g->count + 1, sizeof *g->files)) {
        g->failed = true;
        return false;
    }
    ys_pack_file f = {.name = ys_strdup(name), .data = ys_strndup(data, size), .size = size};
    g->files[g->count++] = f;
    g->failed = f.name == NULL || f.data == NULL;
    return !g->failed;
}

static ys_status load_kept_pack(ys_office *o, ys_diag *diag)
{
    gathered g = {0};
    ys_status st = YS_OK;
    YS_GO(ys_store_file_each(o->store, pack_set, gather, &g, diag));
    if (g.failed)
        YS_GO(ys_fail_nomem(diag));
    if (g.count == 0)
        YS_GO(ys_fail(diag, YS_ECORRUPT, "库里没有政策包", "there is no policy pack in the store"));
    YS_GO(ys_pack_load_files(g.files, (int)g.count, &o->pack, diag));
done:
    for (size_t i = 0; i < g.count; i++) {
        ys_free((char *)g.files[i].name);
        ys_free((char *)g.files[i].data);
    }
    ys_free(g.files);
    return st;
}

/* A store made by an earlier version gets the kinds and fields that this one has beyond those, in a transaction of their own. */
static ys_status upgrade(const ys_office *o, const ys_store_args *args, ys_diag *diag)
{
    ys_store_args to_write = *args;
    ys_store *s = NULL;
    const ys_tx_info info = {
        .user = o->user, .reason = "", .command = "upgrade", .recorded_at = ys_clock_now()};
    to_write.read_only = false;
    ys_status st = ys_store_open(&to_write, &s, diag);
    if (st != YS_OK) {
        ys_diag_fix(diag, "让能写这个库的人用这一版打开一次",
                    "let somebody who may write this store open it once with this version");
        return st;
    }
    YS_GO(ys_store_begin(s, &info, diag));
    YS_GO(ys_store_set_kinds(s, o->kinds, o->kind_count, diag));
    YS_GO(ys_store_commit(s, NULL, diag));
done:
    ys_store_close(s);
    return st;
}

static ys_status set_kinds(ys_office *o, const ys_store_args *args, ys_diag *diag)
{
    ys_status st = ys_store_set_kinds(o->store, o->kinds, o->kind_count, diag);
    if (st != YS_EUSAGE) /* kinds are missing, and no transaction is open to add them */
        return st;
    ys_diag_clear(diag);
    ys_store_close(o->store);
    o->store = NULL;
    YS_TRY(upgrade(o, args, diag));
    YS_TRY(ys_store_open(args, &o->store, diag));
    return ys_store_set_kinds(o->store, o->kinds, o->kind_count, diag);
}

ys_status ys_office_open(const ys_office_args *args, ys_office **ret_office, ys_diag *diag)
{
    unsigned char key[YS_STORE_KEY_BYTES];
    char path[4200], flag[8];
    ys_status st = YS_OK;
    ys_office *o = ys_calloc(1, sizeof *o);
    if (o == NULL || sodium_init() < 0)
        YS_GO(ys_fail_nomem(diag));
    o->user = login(args);
    if (key_path(args, path, sizeof path)) {
        st = read_key(path, key, diag);
        if (st != YS_OK && st != YS_ENOTFOUND)
            goto done;
        o->has_key = st == YS_OK;
        if (!o->has_key && args->key != NULL) {
            ys_diag_where(diag, path, NULL, 0, 0, NULL);
            YS_GO(ys_fail(diag, YS_ENOTFOUND, "没有这个密钥文件", "there is no such key file"));
        }
    }
    ys_store_args sa = {.url = args->url, .key = o->has_key ? key : NULL, .read_only = args->read_only};
    YS_GO(ys_store_open(&sa, &o->store, diag));
    YS_GO(load_kept_pack(o, diag));
    YS_GO(ys_kinds_all(o->pack, &o->kinds, &o->kind_count, diag));
    YS_GO(set_kinds(o, &sa, diag));
    o->synthetic =
        ys_store_meta_get(o->store, "synthetic", flag, sizeof flag, NULL) == YS_OK && strcmp(flag, "1") == 0;
    *ret_office = o;
    o = NULL;
done:
    sodium_memzero(key, sizeof key);
    ys_office_close(o);
    return st;
}

ys_status ys_office_begin(ys_office *o, const char *command, const char *reason, const char *name,
                          ys_diag *diag)
{
    ys_tx_info info = {.user = o->user,
                       .reason = reason != NULL ? reason : "",
                       .command = command,
                       .name = name,
                       .recorded_at = ys_clock_now()};
    return ys_store_begin(o->store, &info, diag);
}

/* ---- reading ---- */

/* A line named by year ("2016"), by year and jurisdiction ("2016:CN"). */
static ys_status choose_line(const ys_office *o, const char *text, const ys_line **ret, ys_diag *diag)
{
    char year_text[16];
    int64_t year;
    size_t n = strcspn(text, ":");
    const char *where = text[n] == ':' ? text + n + 1 : NULL;
    snprintf(year_text, sizeof year_text, "%.*s", (int)(n < 15 ? n : 15), text);
    if (ys_parse_int(year_text, &year))
        *ret = ys_pack_line(o->pack, where, NULL, (int)year);
    if (*ret != NULL)
        return YS_OK;
    ys_diag_fix(diag, "用 yaoshi pack show 查看贫困线", "yaoshi pack show lists the lines");
    return ys_fail(diag, YS_EUSAGE, "政策包没有贫困线 %s", "the pack has no poverty line %s", text);
}

ys_status ys_office_frame(ys_office *o, const ys_reading *how, ys_frame **ret_frame, ys_diag *diag)
{
    ys_frame_args a = {.store = o->store,
                       .pack = o->pack,
                       .period = how->period,
                       .today = how->today,
                       .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                       .as_of_tx = how->as_of_tx,
                       .scope = how->scope,
                       .supply = how->supply};
    if (how->line != NULL)
        YS_TRY(choose_line(o, how->line, &a.line, diag));
    return ys_frame_read(&a, ret_frame, diag);
}
