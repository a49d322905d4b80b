/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secret values.  From the master key come (crypto_kdf, context "yaoshi-1") the keys of encryption (1), blind index
 * (2) and wrapping (3).  The commitment key is drawn from the first master key (4), kept in ys_meta wrapped by the
 * current one, and never changes: commitments, and with them the roots, survive a rotation.
 */
#include <sodium.h>
#include "base/alloc.h"
#include "store/store_in.h"

#define KDF_CONTEXT "yaoshi-1"
#define META_COMMIT "store.commit_key"
#define WRAPPED     (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + 32)

static void derive(ys__keys *k)
{
    crypto_kdf_derive_from_key(k->enc, sizeof k->enc, 1, KDF_CONTEXT, k->master);
    crypto_kdf_derive_from_key(k->index, sizeof k->index, 2, KDF_CONTEXT, k->master);
    crypto_kdf_derive_from_key(k->wrap, sizeof k->wrap, 3, KDF_CONTEXT, k->master);
    k->have = true;
}

static ys_status wrap_commit(ys_store *s, const ys__keys *k, ys_diag *diag)
{
    unsigned char box[WRAPPED];
    char hex[2 * WRAPPED + 1];
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, k->commit, sizeof k->commit, box, k->wrap);
    sodium_bin2hex(hex, sizeof hex, box, sizeof box);
    return ys__meta_set(s, META_COMMIT, hex, diag);
}

ys_status ys__keys_init(ys_store *s, const unsigned char *key, ys_diag *diag)
{
    if (sodium_init() < 0)
        return ys_fail(diag, YS_EINTERNAL, "加密库不能初始化", "libsodium cannot start");
    if (key == NULL)
        return YS_OK;
    ys__keys *k = &s->keys;
    memcpy(k->master, key, sizeof k->master);
    derive(k);
    char hex[2 * WRAPPED + 1];
    ys_status st = ys__meta_get(s, META_COMMIT, hex, sizeof hex, NULL);
    if (st == YS_ENOTFOUND)
        return YS_OK; /* no key so far: ys__keys_set_up when something is written */
    YS_TRY(st);
    unsigned char box[WRAPPED];
    size_t n = 0;
    if (sodium_hex2bin(box, sizeof box, hex, strlen(hex), NULL, &n, NULL) == 0 && n == sizeof box &&
        crypto_secretbox_open_easy(k->commit, box + crypto_secretbox_NONCEBYTES,
                                   n - crypto_secretbox_NONCEBYTES, box, k->wrap) == 0) {
        k->ready = true;
        return YS_OK;
    }
    ys_fail(diag, YS_EDENIED, "密钥不对：它不是这个数据库的密钥",
            "wrong key: it does not belong to this store");
    ys_diag_fix(diag, "请检查密钥文件", "check the key file");
    return YS_EDENIED;
}

ys_status ys__keys_set_up(ys_store *s, ys_diag *diag)
{
    ys__keys *k = &s->keys;
    if (!k->have || k->ready)
        return YS_OK;
    crypto_kdf_derive_from_key(k->commit, sizeof k->commit, 4, KDF_CONTEXT, k->master);
    YS_TRY(wrap_commit(s, k, diag));
    k->ready = true;
    return YS_OK;
}

void ys__keys_done(ys_store *s)
{
    sodium_memzero(&s->keys, sizeof s->keys);
}

ys_status ys__keys_need(const ys_store *s, ys_diag *diag)
{
    if (s->keys.ready)
        return YS_OK;
    ys_fail(diag, YS_EDENIED, "没有密钥，不能读写加密字段",
            "without the key secret fields cannot be read or written");
    ys_diag_fix(diag, "请给出密钥文件", "give the key file");
    return YS_EDENIED;
}

size_t ys__cipher_size(size_t plain)
{
    return crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain;
}

void ys__encrypt(ys_store *s, const char *plain, size_t n, unsigned char *ret_cipher)
{
    ys__keys *k = &s->keys;
    if (k->nonces_left == 0) {
        randombytes_buf(k->nonces, sizeof k->nonces);
        k->nonces_left = sizeof k->nonces / crypto_secretbox_NONCEBYTES;
    }
    memcpy(ret_cipher, k->nonces + --k->nonces_left * crypto_secretbox_NONCEBYTES,
           crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(ret_cipher + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain, n,
                          ret_cipher, k->enc);
}

static ys_status open_box(const ys__keys *k, const unsigned char *c, size_t n, ys_str *ret_plain,
                          ys_diag *diag)
{
    const size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    ys_str_clear(ret_plain);
    if (n < head)
        return ys_fail(diag, YS_ECORRUPT, "加密值太短", "an encrypted value is too short");
    char *plain = ys_malloc(n - head + 1);
    if (plain == NULL)
        return ys_fail_nomem(diag);
    ys_status st = YS_OK;
    if (crypto_secretbox_open_easy((unsigned char *)plain, c + crypto_secretbox_NONCEBYTES,
                                   n - crypto_secretbox_NONCEBYTES, c, k->enc) != 0)
        st = ys_fail(diag, YS_ECORRUPT, "加密值已损坏", "an encrypted value is damaged");
    else if (!ys_str_add(ret_plain, plain, n - head))
        st = ys_fail_nomem(diag);
    sodium_memzero(plain, n - head + 1);
    ys_free(plain);
    return st;
}

ys_status ys__decrypt(const ys_store *s, const void *cipher, size_t n, ys_str *ret_plain, ys_diag *diag)
{
    return open_box(&s->keys, cipher, n, ret_plain, diag);
}

static void blind(const ys__keys *k, const char *field, const char *plain, unsigned char *ret_index)
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, k->index, sizeof k->index, YS__INDEX_BYTES);
    crypto_generichash_update(&h, (const unsigned char *)field, strlen(field) + 1);
    crypto_generichash_update(&h, (const unsigned char *)plain, strlen(plain));
    crypto_generichash_final(&h, ret_index, YS__INDEX_BYTES);
}

void ys__blind(const ys_store *s, const char *field, const char *plain,
               unsigned char ret_index[YS__INDEX_BYTES])
{
    blind(&s->keys, field, plain, ret_index);
}

void ys__commitment(const ys_store *s, const char *field, const char *key, const char *plain,
                    unsigned char ret_hash[YS__HASH_BYTES])
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, s->keys.commit, sizeof s->keys.commit, YS__HASH_BYTES);
    crypto_generichash_update(&h, (const unsigned char *)field, strlen(field) + 1);
    crypto_generichash_update(&h, (const unsigned char *)key, strlen(key) + 1);
    crypto_generichash_update(&h, (const unsigned char *)plain, strlen(plain));
    crypto_generichash_final(&h, ret_hash, YS__HASH_BYTES);
}

/* ---- rotation */

typedef struct rotation { /* of one field */
    ys_store *s, *fresh;
    const ys__cat *cat;
    const ys__col *col;
    int64_t after; /* the row up to which it is done */
    ys_str plain, box;
} rotation;

static ys_status rotate_row(void *arg, ys__stmt *in, ys__stmt *out, ys_diag *diag)
{
    rotation *r = arg;
    size_t n = 0;
    const void *old = ys__get_blob(in, 1, &n);
    unsigned char bi[YS__INDEX_BYTES];
    YS_TRY(ys__decrypt(r->s, old, n, &r->plain, diag));
    ys_str_clear(&r->box);
    if (!ys_str_add(&r->box, old, n)) /* the new box is as long as the old one */
        return ys_fail_nomem(diag);
    ys__encrypt(r->fresh, ys_str_get(&r->plain), r->plain.len, (unsigned char *)r->box.data);
    ys__blind(r->fresh, r->col->name, ys_str_get(&r->plain), bi);
    r->after = ys__get_int(in, 0);
    ys__bind_int(out, 1, r->after);
    ys__bind_blob(out, 2, r->box.data, r->box.len);
    ys__bind_blob(out, 3, bi, sizeof bi);
    return ys__run(out, diag);
}

/* The next values, decrypted with the old key and encrypted with the new one, into the table ys_rotate. */
static ys_status rotate_batch(rotation *r, bool *ret_any, ys_diag *diag)
{
    enum { BATCH = 20000 };
    ys_str q = {0};
    ys_str_printf(
        &q, "SELECT _row,\"%s\" FROM \"k_%s\" WHERE _row>%lld AND \"%s\" IS NOT NULL ORDER BY _row LIMIT %d",
        r->col->name, r->cat->name, (long long)r->after, r->col->name, BATCH);
    const ys__copy c = {
        .query = &q, .table = "ys_rotate", .columns = "_row,c,b", .count = 3, .row = rotate_row, .arg = r};
    return ys__db_copy(r->s->db, &c, ret_any, diag);
}

static ys_status rotate_batches(rotation *r, ys_diag *diag)
{
    ys__db *db = r->s->db;
    const char *kind = r->cat->name, *field = r->col->name;
    for (bool any = true; any;) {
        YS_TRY(ys__execf(db, NULL, diag, "CREATE TEMP TABLE ys_rotate(_row %s PRIMARY KEY,c %s,b %s)",
                         db->ops->d.t_int, db->ops->d.t_blob, db->ops->d.t_blob));
        YS_TRY(rotate_batch(r, &any, diag));
        YS_TRY(ys__execf(
            db, NULL, diag,
            "UPDATE \"k_%s\" SET \"%s\"=r.c,\"%s__bi\"=r.b FROM ys_rotate r WHERE \"k_%s\"._row=r._row", kind,
            field, field, kind));
        YS_TRY(ys__exec(db, "DROP TABLE ys_rotate", diag));
    }
    return YS_OK;
}

static ys_status rotate_field(ys_store *s, ys_store *fresh, const ys__cat *c, const ys__col *col,
                              ys_diag *diag)
{
    rotation r = {.s = s, .fresh = fresh, .cat = c, .col = col};
    ys_status st = rotate_batches(&r, diag);
    if (r.plain.data != NULL)
        sodium_memzero(r.plain.data, r.plain.cap);
    ys_str_done(&r.plain);
    ys_str_done(&r.box);
    return st;
}

static ys_status rotate_all(ys_store *s, ys_store *fresh, ys_diag *diag)
{
    for (int i = 0; i < s->cat_count; i++)
        for (int j = 0; j < s->cats[i].count; j++)
            if (s->cats[i].cols[j].secret)
                YS_TRY(rotate_field(s, fresh, &s->cats[i], &s->cats[i].cols[j], diag));
    return wrap_commit(s, &fresh->keys, diag);
}

ys_status ys_store_rotate_key(ys_store *s, const unsigned char *new_key, ys_diag *diag)
{
    YS_TRY(ys__keys_need(s, diag));
    if (s->in_tx || s->read_only)
        return ys_fail(diag, YS_EUSAGE, "换密钥时不能有未完成的事务，也不能只读",
                       "the key cannot be changed inside a transaction or read-only");
    ys_store fresh = {0}; /* only its keys are used */
    memcpy(fresh.keys.master, new_key, YS_STORE_KEY_BYTES);
    memcpy(fresh.keys.commit, s->keys.commit, sizeof fresh.keys.commit);
    derive(&fresh.keys);
    fresh.keys.ready = true;
    ys_status st = ys__exec(s->db, s->db->ops->d.begin_write, diag);
    if (st == YS_OK) {
        st = rotate_all(s, &fresh, diag);
        if (st == YS_OK)
            st = ys__exec(s->db, "COMMIT", diag);
        if (st == YS_OK)
            s->keys = fresh.keys;
        else if (ys__exec(s->db, "ROLLBACK", NULL) != YS_OK)
            st = YS_ESTORE;
    }
    ys__keys_done(&fresh);
    return st;
}
