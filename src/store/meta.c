/* SPDX-License-Identifier: Apache-2.0 */
/* Small things kept in the store: settings, files, imports, provenance. */
#include "store/store_in.h"

#define OWN "store." /* settings of the store itself */

ys_status ys__meta_get(ys_store *s, const char *name, char *buf, size_t size, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(s->db, "SELECT value FROM ys_meta WHERE name=$1", false, &st, diag));
    ys__bind_text(st, 1, name);
    bool row = false;
    ys_status r = ys__step(st, &row, diag);
    if (r == YS_OK && !row)
        r = ys_fail(diag, YS_ENOTFOUND, "没有设置“%s”", "there is no setting “%s”", name);
    if (r == YS_OK && (size_t)snprintf(buf, size, "%s", ys__get_text(st, 0)) >= size)
        r = ys_fail(diag, YS_ELIMIT, "设置“%s”太长", "setting “%s” is too long", name);
    ys__free(st);
    return r;
}

ys_status ys__meta_set(ys_store *s, const char *name, const char *value, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(s->db,
                       "INSERT INTO ys_meta(name,value) VALUES($1,$2) ON CONFLICT(name) DO UPDATE SET "
                       "value=excluded.value",
                       false, &st, diag));
    ys__bind_text(st, 1, name);
    ys__bind_text(st, 2, value);
    ys_status r = ys__run(st, diag);
    ys__free(st);
    return r;
}

ys_status ys_store_meta_get(ys_store *s, const char *name, char *buf, size_t size, ys_diag *diag)
{
    return ys__meta_get(s, name, buf, size, diag);
}

ys_status ys_store_meta_set(ys_store *s, const char *name, const char *value, ys_diag *diag)
{
    if (strncmp(name, OWN, sizeof OWN - 1) == 0)
        return ys_fail(diag, YS_EUSAGE, "设置“%s”由程序自己管理", "setting “%s” belongs to the store itself",
                       name);
    return ys__meta_set(s, name, value, diag);
}

ys_status ys_store_file_put(ys_store *s, const char *set, const char *name, const void *data, size_t size,
                            ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(
        s->db,
        "INSERT INTO ys_file(set_name,name,data) VALUES($1,$2,$3) ON CONFLICT(set_name,name) DO UPDATE "
        "SET data=excluded.data",
        false, &st, diag));
    ys__bind_text(st, 1, set);
    ys__bind_text(st, 2, name);
    ys__bind_blob(st, 3, data, size);
    ys_status r = ys__run(st, diag);
    ys__free(st);
    return r;
}

ys_status ys_store_file_each(ys_store *s, const char *set,
                             bool (*each)(void *arg, const char *name, const void *data, size_t size),
                             void *arg, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(s->db, "SELECT name,data FROM ys_file WHERE set_name=$1 ORDER BY name", false, &st,
                       diag));
    ys__bind_text(st, 1, set);
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row) {
        size_t n = 0;
        const char *name = ys__get_text(st, 0);
        const void *data = ys__get_blob(st, 1, &n);
        if (!each(arg, name, data, n))
            break;
    }
    ys__free(st);
    return r;
}

ys_status ys_store_import_add(ys_store *s, const char *file, const char *sheet, const char *file_hash,
                              const char *column_map, int64_t *ret_import, ys_diag *diag)
{
    YS_TRY(ys__need_tx(s, diag));
    int64_t id = 0;
    YS_TRY(ys__query_int(s->db, "SELECT max(id) FROM ys_import", 0, &id, diag));
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(
        s->db, "INSERT INTO ys_import(id,tx,file,sheet,file_hash,column_map) VALUES($1,$2,$3,$4,$5,$6)",
        false, &st, diag));
    ys__bind_int(st, 1, ++id);
    ys__bind_int(st, 2, s->tx.id);
    ys__bind_text(st, 3, file);
    ys__bind_text(st, 4, sheet != NULL ? sheet : "");
    ys__bind_text(st, 5, file_hash != NULL ? file_hash : "");
    ys__bind_text(st, 6, column_map != NULL ? column_map : "");
    ys_status r = ys__run(st, diag);
    ys__free(st);
    if (r == YS_OK)
        *ret_import = id;
    return r;
}

static void copy_text(char *buf, size_t size, const char *t)
{
    snprintf(buf, size, "%s", t != NULL ? t : "");
}

ys_status ys_store_provenance(ys_store *s, const ys_kind *kind, const char *key, ys_provenance *ret_prov,
                              ys_diag *diag)
{
    ys__cat *c = NULL;
    ys_str inner = {0}, q = {0};
    ys__stmt *st = NULL;
    YS_TRY(ys__cat_of(s, kind, &c, diag));
    ys_status r = ys__key_inner(c, key, &inner, diag);
    if (r != YS_OK)
        goto out;
    ys_str_printf(
        &q,
        "SELECT i.file,i.sheet,t.who,t.reason,r._source_row,r._tx_from,t.recorded_at FROM \"k_%s\" r"
        " LEFT JOIN ys_import i ON i.id=r._import LEFT JOIN ys_tx t ON t.id=r._tx_from"
        " WHERE r._key=$1 AND r._tx_to IS NULL ORDER BY r._valid_from DESC LIMIT 1",
        c->name);
    r = ys__prepare_str(s->db, &q, false, &st, diag);
    if (r != YS_OK)
        goto out;
    ys__bind_text(st, 1, ys_str_get(&inner));
    bool row = false;
    r = ys__step(st, &row, diag);
    if (r == YS_OK && !row)
        r = ys_fail(diag, YS_ENOTFOUND, "找不到 %s“%s”", "there is no %s “%s”", kind->name, key);
    if (r == YS_OK) {
        ys_provenance p = {
            .row = ys__get_int(st, 4), .tx = ys__get_int(st, 5), .recorded_at = ys__get_int(st, 6)};
        copy_text(p.file, sizeof p.file, ys__get_text(st, 0));
        copy_text(p.sheet, sizeof p.sheet, ys__get_text(st, 1));
        copy_text(p.user, sizeof p.user, ys__get_text(st, 2));
        copy_text(p.reason, sizeof p.reason, ys__get_text(st, 3));
        *ret_prov = p;
    }
out:
    ys__free(st);
    ys_str_done(&inner);
    return r;
}
