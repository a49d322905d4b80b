/* SPDX-License-Identifier: Apache-2.0 */
/* A whole store into an empty one, between any two back-ends, table by table in the order of writing. */
#include <unistd.h>
#include "base/alloc.h"
#include "store/store_in.h"

typedef enum value { V_INT, V_REAL, V_TEXT, V_BLOB } value;

typedef struct sheet { /* one table on its way */
    ys_str columns;
    value *types;
    size_t count, cap;
} sheet;

static bool sheet_add(sheet *t, const char *name, const char *suffix, value v)
{
    if (!ys_grow(&t->types, &t->cap, t->count + 1, sizeof *t->types))
        return false;
    ys_str_printf(&t->columns, "%s\"%s%s\"", t->count > 0 ? "," : "", name, suffix);
    t->types[t->count++] = v;
    return !t->columns.failed;
}

static void sheet_done(sheet *t)
{
    ys_str_done(&t->columns);
    ys_free(t->types);
}

static void carry(ys__stmt *in, ys__stmt *out, int i, value v)
{
    size_t n = 0;
    const void *p;
    if (ys__is_null(in, i)) {
        ys__bind_null(out, i + 1);
        return;
    }
    switch (v) {
    case V_INT:
        ys__bind_int(out, i + 1, ys__get_int(in, i));
        break;
    case V_REAL:
        ys__bind_real(out, i + 1, ys__get_real(in, i));
        break;
    case V_TEXT:
        ys__bind_text(out, i + 1, ys__get_text(in, i));
        break;
    default:
        p = ys__get_blob(in, i, &n);
        ys__bind_blob(out, i + 1, p, n);
    }
}

static ys_status copy_sheet(ys_store *from, ys_store *to, const char *table, const char *order,
                            const sheet *t, ys_diag *diag)
{
    ys_str q = {0};
    ys__stmt *in = NULL, *out = NULL;
    bool row = false;
    ys_str_printf(&q, "SELECT %s FROM \"%s\" ORDER BY %s", ys_str_get(&t->columns), table, order);
    ys_status st;
    YS_GO(ys__prepare_str(from->db, &q, true, &in, diag));
    YS_GO(ys__db_insert(to->db, table, ys_str_get(&t->columns), (int)t->count, &out, diag));
    for (;;) {
        YS_GO(ys__step(in, &row, diag));
        if (!row)
            break;
        for (int i = 0; i < (int)t->count; i++)
            carry(in, out, i, t->types[i]);
        YS_GO(ys__run(out, diag));
    }
    st = ys__end(out, diag);
done:
    ys__free(in);
    ys__free(out);
    return st;
}

static value value_of(const ys__col *c)
{
    if (c->secret)
        return V_BLOB;
    if (c->type == YS_REAL)
        return V_REAL;
    return c->type == YS_TEXT || c->type == YS_CODE ? V_TEXT : V_INT;
}

static bool kind_sheet(const ys__cat *c, sheet *t)
{
    static const struct {
        const char *name;
        value v;
    } own[] = {{"_row", V_INT},     {"_key", V_TEXT},  {"_valid_from", V_INT}, {"_valid_to", V_INT},
               {"_tx_from", V_INT}, {"_tx_to", V_INT}, {"_import", V_INT},     {"_source_row", V_INT}};
    bool ok = true;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        ok = ok && sheet_add(t, own[i].name, "", own[i].v);
    for (int i = 0; i < c->count; i++) {
        ok = ok && sheet_add(t, c->cols[i].name, "", value_of(&c->cols[i]));
        if (c->cols[i].secret)
            ok = ok && sheet_add(t, c->cols[i].name, "__bi", V_BLOB) &&
                 sheet_add(t, c->cols[i].name, "__h", V_BLOB);
    }
    return ok;
}

static ys_status copy_kind(ys_store *from, ys_store *to, const ys__cat *c, ys_diag *diag)
{
    sheet t = {0};
    char table[YS__NAME_MAX + 4];
    snprintf(table, sizeof table, "k_%s", c->name);
    ys_status st = kind_sheet(c, &t) ? ys__table_create(to->db, c, diag) : ys_fail_nomem(diag);
    if (st == YS_OK)
        st = copy_sheet(from, to, table, "_row", &t, diag);
    sheet_done(&t);
    return st == YS_OK ? ys__indexes(to, c, true, diag) : st;
}

/* Tables that every store has; one letter per column's type. */
static const struct {
    const char *table, *order, *types;
    const char *columns[9];
} own_tables[] = {
    {"ys_kind", "name", "t", {"name"}},
    {"ys_field", "kind,name", "tttii", {"kind", "name", "type", "key", "secret"}},
    {"ys_tx",
     "id",
     "ittttiitt",
     {"id", "who", "reason", "command", "name", "recorded_at", "row_count", "root", "previous"}},
    {"ys_import", "id", "iitttt", {"id", "tx", "file", "sheet", "file_hash", "column_map"}},
    {"ys_file", "set_name,name", "ttb", {"set_name", "name", "data"}},
    {"ys_meta", "name", "tt", {"name", "value"}},
};

static ys_status copy_own(ys_store *from, ys_store *to, ys_diag *diag)
{
    YS_TRY(ys__exec(to->db, "DELETE FROM ys_meta", diag));
    for (size_t k = 0; k < sizeof own_tables / sizeof *own_tables; k++) {
        sheet t = {0};
        bool ok = true;
        for (size_t i = 0; ok && own_tables[k].types[i] != '\0'; i++) {
            char c = own_tables[k].types[i];
            ok = sheet_add(&t, own_tables[k].columns[i], "", c == 'i' ? V_INT : c == 't' ? V_TEXT : V_BLOB);
        }
        ys_status st = ok ? copy_sheet(from, to, own_tables[k].table, own_tables[k].order, &t, diag)
                          : ys_fail_nomem(diag);
        sheet_done(&t);
        YS_TRY(st);
    }
    return YS_OK;
}

static ys_status copy_all(ys_store *from, ys_store *to, const ys_store_args *args, ys_diag *diag)
{
    YS_TRY(ys__exec(to->db, to->db->ops->d.begin_write, diag));
    YS_TRY(ys__schema_create(to->db, diag));
    YS_TRY(copy_own(from, to, diag));
    YS_TRY(ys__cats_load(to, diag));
    to->kinds = from->kinds; /* lent, for the indexes */
    to->kind_count = from->kind_count;
    ys_status st = YS_OK;
    for (int i = 0; st == YS_OK && i < to->cat_count; i++)
        st = copy_kind(from, to, &to->cats[i], diag);
    to->kinds = NULL;
    to->kind_count = 0;
    YS_TRY(st);
    if (to->db->ops->d.pg)
        for (int i = 0; i < to->cat_count; i++)
            YS_TRY(ys__execf(to->db, NULL, diag, "ANALYZE \"k_%s\"", to->cats[i].name));
    YS_TRY(ys__keys_init(to, args->key, diag)); /* a key that does not fit is refused here */
    YS_TRY(ys_store_verify_chain(to, NULL, NULL, diag));
    return ys__exec(to->db, "COMMIT", diag);
}

/* A failed copy leaves no file behind (a server's transaction leaves nothing anyway). */
static void sweep(const char *url)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3 && !ys__url_is_pg(url); i++) {
        ys_str name = {0};
        ys_str_printf(&name, "%s%s", url, ends[i]);
        if (!name.failed && unlink(ys_str_get(&name)) != 0 && i == 0) {
            ys_str_done(&name);
            return;
        }
        ys_str_done(&name);
    }
}

ys_status ys_store_copy(ys_store *from, const ys_store_args *args, ys_diag *diag)
{
    if (from->in_tx)
        return ys_fail(diag, YS_EUSAGE, "有未完成的事务，不能复制",
                       "a store with an open transaction cannot be copied");
    ys_store *to = ys_calloc(1, sizeof *to);
    if (to == NULL)
        return ys_fail_nomem(diag);
    ys_status st = ys__db_open(args->url, YS__OPEN_CREATE, &to->db, diag);
    bool made = st == YS_OK;
    if (st == YS_OK)
        st = ys__exec(from->db, from->db->ops->d.begin_read, diag);
    if (st == YS_OK) {
        st = copy_all(from, to, args, diag);
        ys_status end = ys__exec(from->db, "ROLLBACK", NULL);
        st = st == YS_OK ? end : st;
    }
    ys_store_close(to);
    if (made && st != YS_OK)
        sweep(args->url);
    return st;
}
