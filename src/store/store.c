/* SPDX-License-Identifier: Apache-2.0 */
/* Life of a store, and its transactions. */
#include "store/store.h"
#include "base/alloc.h"
#include "store/store_in.h"

static ys_status keep_kinds(ys_store *s, const ys_kind *const *kinds, int count, ys_diag *diag)
{
    const ys_kind **copy = ys_calloc((size_t)(count > 0 ? count : 1), sizeof *copy);
    if (copy == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < count; i++)
        copy[i] = kinds[i];
    ys_free(s->kinds);
    s->kinds = copy;
    s->kind_count = count;
    return YS_OK;
}

static ys_status fill_new(ys_store *s, const ys_store_args *args, const ys_kind *const *kinds, int kind_count,
                          ys_diag *diag)
{
    YS_TRY(ys__exec(s->db, s->db->ops->d.begin_write, diag));
    YS_TRY(ys__schema_create(s->db, diag));
    YS_TRY(ys__keys_init(s, args->key, diag));
    YS_TRY(ys__keys_set_up(s, diag));
    YS_TRY(keep_kinds(s, kinds, kind_count, diag));
    YS_TRY(ys__kinds_add(s, kinds, kind_count, NULL, diag));
    return ys__exec(s->db, "COMMIT", diag);
}

ys_status ys_store_create(const ys_store_args *args, const ys_kind *const *kinds, int kind_count,
                          ys_store **ret_store, ys_diag *diag)
{
    ys_store *s = ys_calloc(1, sizeof *s);
    if (s == NULL)
        return ys_fail_nomem(diag);
    ys_status st = ys__db_open(args->url, YS__OPEN_CREATE, &s->db, diag);
    if (st == YS_OK)
        st = fill_new(s, args, kinds, kind_count, diag);
    if (st != YS_OK) {
        ys_store_close(s); /* the database rolls back what was not committed */
        return st;
    }
    *ret_store = s;
    return YS_OK;
}

ys_status ys_store_open(const ys_store_args *args, ys_store **ret_store, ys_diag *diag)
{
    ys_store *s = ys_calloc(1, sizeof *s);
    if (s == NULL)
        return ys_fail_nomem(diag);
    s->read_only = args->read_only;
    ys_status st = YS_OK;
    YS_GO(ys__db_open(args->url, args->read_only ? YS__OPEN_READ : YS__OPEN_WRITE, &s->db, diag));
    YS_GO(ys__schema_check(s, diag));
    YS_GO(ys__keys_init(s, args->key, diag));
    YS_GO(ys__cats_load(s, diag));
    *ret_store = s;
    return YS_OK;
done:
    ys_store_close(s);
    return st;
}

ys_status ys_store_set_kinds(ys_store *s, const ys_kind *const *kinds, int kind_count, ys_diag *diag)
{
    int missing = 0;
    YS_TRY(ys__kinds_add(s, kinds, kind_count, &missing, diag));
    if (missing > 0) {
        YS_TRY(ys__need_tx(s, diag));
        for (int i = 0; i < s->cat_count; i++)
            if (s->cats[i].touched)
                return ys_fail(diag, YS_EUSAGE, "增加字段必须在写入数据之前",
                               "fields must be added before rows are written");
    }
    YS_TRY(keep_kinds(s, kinds, kind_count, diag));
    if (missing == 0)
        return YS_OK;
    s->kinds_added = true;
    return ys__kinds_add(s, kinds, kind_count, NULL, diag);
}

void ys_store_close(ys_store *s)
{
    if (s == NULL)
        return;
    ys_store_rollback(s);
    ys__cats_free(s);
    ys_free(s->kinds);
    ys__keys_done(s);
    ys__db_close(s->db);
    ys_free(s);
}

const char *ys_store_backend(const ys_store *s)
{
    return s->db->version;
}

/* ---- transactions */

ys_status ys__need_tx(const ys_store *s, ys_diag *diag)
{
    return s->in_tx ? YS_OK : ys_fail(diag, YS_EUSAGE, "没有打开的事务", "there is no open transaction");
}

static void read_tx(ys__stmt *st, ys_tx *ret_tx)
{
    *ret_tx =
        (ys_tx){.id = ys__get_int(st, 0), .recorded_at = ys__get_int(st, 5), .rows = ys__get_int(st, 6)};
    snprintf(ret_tx->user, sizeof ret_tx->user, "%s", ys__get_text(st, 1));
    snprintf(ret_tx->reason, sizeof ret_tx->reason, "%s", ys__get_text(st, 2));
    snprintf(ret_tx->command, sizeof ret_tx->command, "%s", ys__get_text(st, 3));
    snprintf(ret_tx->name, sizeof ret_tx->name, "%s", ys__get_text(st, 4));
    snprintf(ret_tx->root, sizeof ret_tx->root, "%s", ys__get_text(st, 7));
    snprintf(ret_tx->previous, sizeof ret_tx->previous, "%s", ys__get_text(st, 8));
}

ys_status ys_store_transactions(ys_store *s, bool newest_first, bool (*each)(void *arg, const ys_tx *tx),
                                void *arg, ys_diag *diag)
{
    ys__stmt *st = NULL;
    ys_str q = {0};
    ys_str_printf(
        &q, "SELECT id,who,reason,command,name,recorded_at,row_count,root,previous FROM ys_tx ORDER BY id%s",
        newest_first ? " DESC" : "");
    YS_TRY(ys__prepare_str(s->db, &q, false, &st, diag));
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row) {
        ys_tx tx;
        read_tx(st, &tx);
        if (!each(arg, &tx))
            break;
    }
    ys__free(st);
    return r;
}

ys_status ys_store_head(ys_store *s, ys_tx *ret_tx, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(
        s->db,
        "SELECT id,who,reason,command,name,recorded_at,row_count,root,previous FROM ys_tx ORDER BY id "
        "DESC LIMIT 1",
        false, &st, diag));
    bool row = false;
    ys_status r = ys__step(st, &row, diag);
    if (r == YS_OK && row)
        read_tx(st, ret_tx);
    else if (r == YS_OK)
        r = ys_fail(diag, YS_ENOTFOUND, "数据库还是空的", "the store is empty");
    ys__free(st);
    return r;
}

/* Copies as much as fits without cutting a character in two. */
static void put_text(char *buf, size_t size, const char *t)
{
    size_t n = t != NULL ? strlen(t) : 0;
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)t[n] & 0xc0) == 0x80)
            n--;
    }
    if (n > 0)
        memcpy(buf, t, n);
    buf[n] = '\0';
}

static ys_status start_tx(ys_store *s, const ys_tx_info *info, ys_diag *diag)
{
    ys_tx head;
    ys_status st = ys_store_head(s, &head, NULL);
    if (st == YS_ENOTFOUND) {
        head.id = 0;
        memset(head.root, '0', 64);
        head.root[64] = '\0';
    } else if (st != YS_OK) {
        return ys_store_head(s, &head, diag);
    }
    s->tx = (ys_tx){.id = head.id + 1, .recorded_at = info->recorded_at};
    put_text(s->tx.user, sizeof s->tx.user, info->user);
    put_text(s->tx.reason, sizeof s->tx.reason, info->reason);
    put_text(s->tx.command, sizeof s->tx.command, info->command);
    put_text(s->tx.name, sizeof s->tx.name, info->name);
    memcpy(s->tx.previous, head.root, sizeof s->tx.previous);
    return ys__keys_set_up(s, diag);
}

ys_status ys_store_begin(ys_store *s, const ys_tx_info *info, ys_diag *diag)
{
    if (s->in_tx)
        return ys_fail(diag, YS_EUSAGE, "已经有打开的事务", "a transaction is open already");
    if (s->read_only)
        return ys_fail(diag, YS_EDENIED, "数据库是只读打开的", "the store is open read-only");
    YS_TRY(ys__exec(s->db, s->db->ops->d.begin_write, diag));
    s->in_tx = true;
    s->broken = s->kinds_added = s->erased = false;
    for (int i = 0; i < s->cat_count; i++)
        s->cats[i].touched = false;
    ys_status st = start_tx(s, info, diag);
    if (st != YS_OK)
        ys_store_rollback(s);
    return st;
}

static ys_status record_tx(ys_store *s, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(s->db,
                       "INSERT INTO ys_tx(id,who,reason,command,name,recorded_at,row_count,root,previous) "
                       "VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9)",
                       false, &st, diag));
    const ys_tx *t = &s->tx;
    ys__bind_int(st, 1, t->id);
    ys__bind_text(st, 2, t->user);
    ys__bind_text(st, 3, t->reason);
    ys__bind_text(st, 4, t->command);
    ys__bind_text(st, 5, t->name);
    ys__bind_int(st, 6, t->recorded_at);
    ys__bind_int(st, 7, t->rows);
    ys__bind_text(st, 8, t->root);
    ys__bind_text(st, 9, t->previous);
    ys_status r = ys__run(st, diag);
    ys__free(st);
    return r;
}

static ys_status finish_tx(ys_store *s, ys_diag *diag)
{
    if (s->broken)
        return ys_fail(diag, YS_ESTORE, "数据库错误：事务中有语句失败",
                       "database error: a statement of the transaction failed");
    YS_TRY(ys__chain_root(s, diag));
    if (s->tx.rows > 0 || s->tx.name[0] != '\0' || s->erased) {
        YS_TRY(record_tx(s, diag));
    } else {
        /* Nothing changed: leave no trace of it, only settings and files stay. */
        YS_TRY(ys__execf(s->db, NULL, diag, "DELETE FROM ys_import WHERE tx=%lld", (long long)s->tx.id));
        s->tx = (ys_tx){0};
    }
    return ys__exec(s->db, "COMMIT", diag);
}

ys_status ys_store_commit(ys_store *s, ys_tx *ret_tx, ys_diag *diag)
{
    YS_TRY(ys__need_tx(s, diag));
    ys_store_stage_end(s);
    ys_status st = finish_tx(s, diag);
    if (st != YS_OK) {
        ys_store_rollback(s);
        return st;
    }
    s->in_tx = false;
    if (ret_tx != NULL)
        *ret_tx = s->tx;
    return YS_OK;
}

void ys_store_rollback(ys_store *s)
{
    ys__stage_drop(s);
    if (!s->in_tx)
        return;
    s->in_tx = false;
    /* If even this fails, closing the connection undoes it; kinds added by the transaction are forgotten. */
    bool undone = ys__exec(s->db, "ROLLBACK", NULL) == YS_OK;
    if (s->kinds_added && (!undone || ys__cats_load(s, NULL) != YS_OK))
        ys__cats_free(s);
}
