/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/num.h"
#include "registry/kinds.h"

static const unsigned char key[YS_STORE_KEY_BYTES] = "a key for tests, not for secrets";

static void load_pack(office *o, const char *name)
{
    char path[1024];
    const char *root = getenv("YAOSHI_SOURCE");
    snprintf(path, sizeof path, "%s/packs/%s", root != NULL ? root : ".", name);
    if (ys_pack_load(path, &o->pack, &o->diag) != YS_OK)
        fail_msg("%s: %s:%d %s", path, o->diag.file, (int)o->diag.row, o->diag.en);
}

static void create(office *o)
{
    int n;
    const char *tmp = getenv("TMPDIR");
    snprintf(o->dir, sizeof o->dir, "%s/yaoshi-registry-XXXXXX", tmp != NULL ? tmp : P_tmpdir);
    assert_non_null(mkdtemp(o->dir));
    assert_int_equal(ys_kinds_all(o->pack, &o->kinds, &n, &o->diag), YS_OK);
    ys_store_args a = {.url = office_path(o, "office.db"), .key = key};
    if (ys_store_create(&a, o->kinds, n, &o->store, &o->diag) != YS_OK)
        fail_msg("%s", o->diag.en);
    o->args.valid_from = ys_date_from(2016, 6, 1);
}

void office_open(office *o, const char *pack)
{
    memset(o, 0, sizeof *o);
    load_pack(o, pack);
    create(o);
}

void office_open_changed(office *o, const char *pack, const char *name, const char *text)
{
    ys_pack_file files[64];
    const ys_pack_file *from;
    memset(o, 0, sizeof *o);
    load_pack(o, pack);
    int n = ys_pack_files(o->pack, &from);
    assert_in_range(n, 1, 64);
    for (int i = 0; i < n; i++)
        files[i] =
            strcmp(from[i].name, name) == 0 ? (ys_pack_file){from[i].name, text, strlen(text)} : from[i];
    ys_pack *changed = NULL;
    if (ys_pack_load_files(files, n, &changed, &o->diag) != YS_OK)
        fail_msg("%s: %s %s", o->diag.file, o->diag.column, o->diag.en);
    ys_pack_free(o->pack);
    o->pack = changed;
    create(o);
}

static void remove_folder(const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        (void)unlinkat(dirfd(d), e->d_name, 0);
    if (d != NULL)
        closedir(d);
    (void)rmdir(dir);
}

void office_close(office *o)
{
    ys_store_close(o->store);
    ys_free(o->kinds);
    ys_pack_free(o->pack);
    ys_str_done(&o->log);
    remove_folder(o->dir);
}

const char *office_path(const office *o, const char *name)
{
    static char paths[4][600];
    static int next;
    char *p = paths[next++ % 4];
    snprintf(p, sizeof paths[0], "%s/%s", o->dir, name);
    return p;
}

void office_write(const office *o, const char *name, const char *text)
{
    FILE *f = fopen(office_path(o, name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

static void log_change(ys_str *log, const ys_change_row *c)
{
    static const char *const words[] = {"new", "changed", "gone", "duplicate", "orphan"};
    ys_str_printf(log, "%s %s", words[c->what], c->key);
    if (c->what == YS_CH_DUPLICATE)
        ys_str_printf(log, " %lld/%lld", (long long)c->source_row, (long long)c->other_row);
    if (c->field != NULL)
        ys_str_printf(log, " %s %s→%s", c->field->name, c->before != NULL ? c->before : "",
                      c->after != NULL ? c->after : "");
    ys_str_putc(log, '\n');
}

static void on_event(void *arg, const ys_import_event *e)
{
    office *o = arg;
    const ys_diag *d = e->diag;
    const char *slash = strrchr(d->file, '/');
    if (e->what == YS_IMP_CHANGE)
        log_change(&o->log, e->change);
    else if (e->what == YS_IMP_FILE)
        ys_str_printf(&o->log, "file %s %s\n", e->kind->name, d->en);
    else if (e->what == YS_IMP_WARNING)
        ys_str_printf(&o->log, "warning %s %s\n", d->column, d->en);
    else
        ys_str_printf(&o->log, "invalid %s:%lld:%s «%s» %s\n", slash != NULL ? slash + 1 : d->file,
                      (long long)d->row, d->column, d->value, d->en);
}

ys_status office_try(office *o, const char *names, bool apply)
{
    char list[512], *files[16], *rest = NULL;
    ys_tx_info info = {.user = "test", .reason = "test", .command = "import", .recorded_at = 1};
    ys_str_clear(&o->log);
    o->diag = (ys_diag){0};
    o->counts = (ys_import_counts){0};
    snprintf(list, sizeof list, "%s", names);
    o->args.file_count = 0;
    for (char *p = strtok_r(list, " ", &rest); p != NULL; p = strtok_r(NULL, " ", &rest))
        files[o->args.file_count++] = ys_strdup(office_path(o, p));
    o->args.files = (const char *const *)files;
    o->args.store = o->store;
    o->args.pack = o->pack;
    o->args.event = on_event;
    o->args.arg = o;
    assert_int_equal(ys_store_begin(o->store, &info, NULL), YS_OK);
    ys_status st = ys_import_run(&o->args, &o->counts, &o->diag);
    if (st == YS_OK && apply)
        st = ys_store_commit(o->store, NULL, &o->diag);
    else
        ys_store_rollback(o->store);
    for (int i = 0; i < o->args.file_count; i++)
        ys_free(files[i]);
    return st;
}

void office_import(office *o, const char *names)
{
    if (office_try(o, names, true) != YS_OK)
        fail_msg("%s:%d:%s «%s» %s", o->diag.file, (int)o->diag.row, o->diag.column, o->diag.value,
                 o->diag.en);
}

void office_put(office *o, const char *name, const char *text)
{
    office_write(o, name, text);
    office_import(o, name);
}

bool office_said(const office *o, const char *what)
{
    return strstr(ys_str_get(&o->log), what) != NULL;
}

static ys_table *scan(office *o, const char *kind, const char *record)
{
    ys_table *t = NULL;
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .key = record, .decrypt = true};
    if (ys_store_scan(o->store, ys_pack_kind(o->pack, kind), &how, &t, &o->diag) != YS_OK)
        fail_msg("%s", o->diag.en);
    return t;
}

const char *office_cell(office *o, const char *kind, const char *record, const char *field)
{
    static char cells[4][256];
    static int next;
    char *buf = cells[next++ % 4], text[256];
    ys_table *t = scan(o, kind, record);
    int col = ys_table_find(t, field);
    assert_true(col >= 0);
    if (ys_table_rows(t) != 1)
        snprintf(buf, sizeof cells[0], "(%lld rows)", (long long)ys_table_rows(t));
    else
        snprintf(buf, sizeof cells[0], "%s",
                 ys_table_format(t, col, 0, ys_pack_digits(o->pack), text, sizeof text));
    ys_table_free(t);
    return buf;
}

int64_t office_count(office *o, const char *kind)
{
    ys_table *t = scan(o, kind, NULL);
    int64_t n = ys_table_rows(t);
    ys_table_free(t);
    return n;
}

ys_frame *office_frame(office *o, const ys_frame_args *more)
{
    ys_frame *f = NULL;
    ys_frame_args a = {.today = INT32_MIN, .valid_on = YS_SCAN_LATEST};
    if (more != NULL)
        a = *more;
    a.store = o->store;
    a.pack = o->pack;
    if (ys_frame_read(&a, &f, &o->diag) != YS_OK)
        fail_msg("%s", o->diag.en);
    return f;
}
