/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roots.  What a transaction did to one kind are two BLAKE2b-256 sums: over the canonical texts of the versions it
 * opened, and of those it closed, each in the order in which the versions were written (which is key order within
 * one stage).  Its root is the sum over these sums (kinds by name), its imports, its own facts and the previous root.
 *
 *   opened  +<n>:key,valid_from,valid_to,import,source_row[;field=value]*\n   without fields that are missing
 *   closed  -<n>:key,valid_from,tx_from\n
 *   value   i<decimal>   r<16 hex digits of the IEEE 754 double>   t<n>:<bytes>   h<64 hex digits: commitment>
 *
 * Fields come by name and missing ones leave no mark, so that a field added later does not change an old root.
 */
#include <inttypes.h>
#include <sodium.h>
#include "base/alloc.h"
#include "store/store_in.h"

typedef crypto_generichash_state sum;

static void sum_init(sum *h)
{
    crypto_generichash_init(h, NULL, 0, YS__HASH_BYTES);
}

static void sum_add(sum *h, const char *p, size_t n)
{
    crypto_generichash_update(h, (const unsigned char *)p, n);
}

static void sum_text(sum *h, const char *t)
{
    char head[24];
    size_t n = strlen(t);
    sum_add(h, head, (size_t)snprintf(head, sizeof head, "%zu:", n));
    sum_add(h, t, n);
}

static void sum_int(sum *h, int64_t v)
{
    char b[24];
    sum_add(h, b, (size_t)snprintf(b, sizeof b, "%" PRId64 ",", v));
}

/* ---- canonical texts */

/* A row's text: room is made once per piece of unknown length, the rest is written without looking. */
typedef struct line {
    char *p;
    size_t len, cap;
    bool failed;
} line;

#define SMALL 64 /* more than any name-free piece needs */

static bool room(line *b, size_t n)
{
    if (b->len + n > b->cap && !ys_grow(&b->p, &b->cap, b->len + n, 1))
        b->failed = true;
    return b->len + n <= b->cap;
}

static inline void put_char(line *b, char c)
{
    b->p[b->len++] = c;
}

static void put_int(line *b, int64_t v)
{
    char t[24];
    size_t i = sizeof t;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        t[--i] = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (v < 0)
        t[--i] = '-';
    memcpy(b->p + b->len, t + i, sizeof t - i);
    b->len += sizeof t - i;
}

static void put_text(line *b, const char *t, size_t n)
{
    if (!room(b, n + SMALL))
        return;
    put_int(b, (int64_t)n);
    put_char(b, ':');
    memcpy(b->p + b->len, t, n);
    b->len += n;
}

static void put_hex(line *b, const unsigned char *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n && room(b, SMALL); i++) {
        put_char(b, digits[p[i] >> 4]);
        put_char(b, digits[p[i] & 15]);
    }
}

static void put_real(line *b, double v)
{
    uint64_t bits;
    unsigned char p[8];
    memcpy(&bits, &v, sizeof bits);
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)(bits >> (56 - 8 * i));
    put_hex(b, p, sizeof p);
}

static void put_key(line *b, char sign, ys__stmt *st)
{
    size_t n = 0;
    const char *key = ys__get_blob(st, 0, &n);
    b->len = 0;
    if (room(b, SMALL))
        put_char(b, sign);
    put_text(b, key, n);
}

/* One field whose columns start at `i`. */
static void put_field(line *b, const ys__col *col, ys__stmt *st, int i)
{
    int at = col->secret ? i + 2 : i;
    size_t n = strlen(col->name);
    if (ys__is_null(st, at) || !room(b, n + SMALL))
        return;
    put_char(b, ';');
    memcpy(b->p + b->len, col->name, n);
    b->len += n;
    put_char(b, '=');
    if (col->secret) {
        const unsigned char *h = ys__get_blob(st, at, &n);
        put_char(b, 'h');
        put_hex(b, h, n);
    } else if (col->type == YS_REAL) {
        put_char(b, 'r');
        put_real(b, ys__get_real(st, at));
    } else if (col->type == YS_TEXT || col->type == YS_CODE) {
        const char *t = ys__get_blob(st, at, &n);
        put_char(b, 't');
        put_text(b, t, n);
    } else {
        put_char(b, 'i');
        put_int(b, ys__get_int(st, at));
    }
}

/* Columns 0… are _key,_valid_from,_valid_to,_import,_source_row,_tx_from,_tx_to, then the fields. */
#define HEAD         "_key,_valid_from,_valid_to,_import,_source_row,_tx_from,_tx_to"
#define HEAD_COLUMNS 7

static void put_opened(line *b, const ys__cat *c, ys__stmt *st)
{
    put_key(b, '+', st);
    for (int i = 1; i < 5 && room(b, SMALL); i++) {
        put_char(b, ',');
        if (ys__is_null(st, i))
            put_char(b, '-');
        else
            put_int(b, ys__get_int(st, i));
    }
    for (int i = 0, at = HEAD_COLUMNS; i < c->count; i++) {
        put_field(b, &c->cols[i], st, at);
        at += c->cols[i].secret ? 3 : 1;
    }
    if (room(b, SMALL))
        put_char(b, '\n');
}

static void put_closed(line *b, ys__stmt *st)
{
    put_key(b, '-', st);
    if (!room(b, SMALL))
        return;
    put_char(b, ',');
    put_int(b, ys__get_int(st, 1));
    put_char(b, ',');
    put_int(b, ys__get_int(st, 5));
    put_char(b, '\n');
}

static ys_status select_rows(ys_store *s, const ys__cat *c, const char *where, ys__stmt **ret_stmt,
                             ys_diag *diag)
{
    ys_str q = {0};
    ys_str_puts(&q, "SELECT " HEAD ",");
    ys__columns(&q, c, "");
    ys_str_printf(&q, " FROM \"k_%s\" %s ORDER BY _row", c->name, where);
    return ys__prepare_str(s->db, &q, true, ret_stmt, diag);
}

/* ---- the parts of a root */

static void add_kind(sum *outer, const char *name, sum *opened, sum *closed)
{
    unsigned char h[YS__HASH_BYTES];
    sum_text(outer, name);
    crypto_generichash_final(opened, h, sizeof h);
    sum_add(outer, (const char *)h, sizeof h);
    crypto_generichash_final(closed, h, sizeof h);
    sum_add(outer, (const char *)h, sizeof h);
}

static void add_import(sum *outer, ys__stmt *st)
{
    sum_add(outer, "import ", 7);
    sum_int(outer, ys__get_int(st, 1));
    for (int i = 2; i < 6; i++)
        sum_text(outer, ys__get_text(st, i));
}
#define IMPORTS "SELECT tx,id,file,sheet,file_hash,column_map FROM ys_import"

static void finish_root(sum *outer, const ys_tx *t, const char *previous, char ret_root[65])
{
    unsigned char h[YS__HASH_BYTES];
    sum_add(outer, "tx ", 3);
    sum_int(outer, t->id);
    sum_text(outer, t->user);
    sum_text(outer, t->reason);
    sum_text(outer, t->command);
    sum_text(outer, t->name);
    sum_int(outer, t->recorded_at);
    sum_int(outer, t->rows);
    sum_text(outer, previous);
    crypto_generichash_final(outer, h, sizeof h);
    sodium_bin2hex(ret_root, 65, h, sizeof h);
}

/* ---- the root of the open transaction */

static ys_status sum_rows(ys_store *s, const ys__cat *c, bool closed, sum *h, int64_t *rows, ys_diag *diag)
{
    char where[64];
    if (closed)
        snprintf(where, sizeof where, "WHERE _tx_to=%lld", (long long)s->tx.id);
    else
        snprintf(where, sizeof where, "WHERE _row>%lld", (long long)c->row_start);
    ys__stmt *st = NULL;
    YS_TRY(select_rows(s, c, where, &st, diag));
    line b = {0};
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row) {
        if (closed)
            put_closed(&b, st);
        else
            put_opened(&b, c, st);
        sum_add(h, b.p, b.len);
        (*rows)++;
    }
    if (r == YS_OK && b.failed)
        r = ys_fail_nomem(diag);
    ys__free(st);
    ys_free(b.p);
    return r;
}

ys_status ys__chain_root(ys_store *s, ys_diag *diag)
{
    sum outer;
    sum_init(&outer);
    s->tx.rows = 0;
    for (int i = 0; i < s->cat_count; i++) {
        ys__cat *c = &s->cats[i];
        sum opened, closed;
        int64_t before = s->tx.rows;
        if (!c->touched)
            continue;
        sum_init(&opened);
        sum_init(&closed);
        YS_TRY(sum_rows(s, c, false, &opened, &s->tx.rows, diag));
        YS_TRY(sum_rows(s, c, true, &closed, &s->tx.rows, diag));
        if (s->tx.rows > before)
            add_kind(&outer, c->name, &opened, &closed);
    }
    char sql[128];
    snprintf(sql, sizeof sql, IMPORTS " WHERE tx=%lld ORDER BY id", (long long)s->tx.id);
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(s->db, sql, false, &st, diag));
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row)
        add_import(&outer, st);
    ys__free(st);
    if (r == YS_OK)
        finish_root(&outer, &s->tx, s->tx.previous, s->tx.root);
    return r;
}

/* ---- all roots again */

typedef struct pair {
    sum opened, closed;
} pair;

typedef struct verifier {
    ys_store *s;
    int64_t count; /* transactions 1…count */
    sum *outer;    /* [count + 1] */
    int64_t *rows; /* [count + 1] row versions opened or closed */
    pair **pairs;  /* [count + 1] of the kind at hand */
    int64_t bad;   /* first transaction that cannot be right, 0: none */
    int64_t stray; /* a row names this transaction, which is not there; 0: none */
    line text;
    ys_str plain;
} verifier;

static void blame(verifier *v, int64_t tx)
{
    if (v->bad == 0 || tx < v->bad)
        v->bad = tx;
}

static pair *pair_of(verifier *v, int64_t tx)
{
    if (v->pairs[tx] == NULL && (v->pairs[tx] = ys_calloc(1, sizeof(pair))) != NULL) {
        sum_init(&v->pairs[tx]->opened);
        sum_init(&v->pairs[tx]->closed);
    }
    return v->pairs[tx];
}

/* With the key at hand the encrypted values are held against their commitments and blind indexes. */
static ys_status check_secret(verifier *v, const ys__col *col, ys__stmt *st, int at, int64_t tx,
                              ys_diag *diag)
{
    unsigned char bi[YS__INDEX_BYTES], h[YS__HASH_BYTES];
    size_t n = 0;
    if (ys__is_null(st, at)) { /* missing, or erased by law: then its commitment stays alone */
        if (!ys__is_null(st, at + 1))
            blame(v, tx);
        return YS_OK;
    }
    const void *box = ys__get_blob(st, at, &n);
    ys_status r = ys__decrypt(v->s, box, n, &v->plain, NULL);
    if (r == YS_ENOMEM)
        return ys_fail_nomem(diag);
    if (r != YS_OK) {
        blame(v, tx);
        return YS_OK;
    }
    const char *plain = ys_str_get(&v->plain);
    ys__blind(v->s, col->name, plain, bi);
    ys__commitment(v->s, col->name, ys__get_text(st, 0), plain, h);
    const void *p = ys__get_blob(st, at + 1, &n);
    if (n != sizeof bi || memcmp(p, bi, n) != 0)
        blame(v, tx);
    p = ys__get_blob(st, at + 2, &n);
    if (n != sizeof h || memcmp(p, h, n) != 0)
        blame(v, tx);
    return YS_OK;
}

/* A row names a transaction: remember it if there is none of that number. */
static bool known(verifier *v, int64_t tx)
{
    if (tx >= 1 && tx <= v->count)
        return true;
    v->stray = tx;
    return false;
}

static ys_status verify_row(verifier *v, const ys__cat *c, ys__stmt *st, ys_diag *diag)
{
    int64_t from = ys__get_int(st, 5);
    if (!ys__is_null(st, 6) && known(v, ys__get_int(st, 6))) {
        int64_t to = ys__get_int(st, 6);
        pair *p = pair_of(v, to);
        if (p == NULL)
            return ys_fail_nomem(diag);
        put_closed(&v->text, st);
        sum_add(&p->closed, v->text.p, v->text.len);
        v->rows[to]++;
    }
    if (!known(v, from))
        return YS_OK;
    pair *p = pair_of(v, from);
    if (p == NULL)
        return ys_fail_nomem(diag);
    put_opened(&v->text, c, st);
    sum_add(&p->opened, v->text.p, v->text.len);
    v->rows[from]++;
    for (int i = 0, at = HEAD_COLUMNS; v->s->keys.ready && i < c->count; i++) {
        if (c->cols[i].secret)
            YS_TRY(check_secret(v, &c->cols[i], st, at, from, diag));
        at += c->cols[i].secret ? 3 : 1;
    }
    return v->text.failed ? ys_fail_nomem(diag) : YS_OK;
}

static ys_status verify_kind(verifier *v, const ys__cat *c, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(select_rows(v->s, c, "", &st, diag));
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row && (r = verify_row(v, c, st, diag)) == YS_OK)
        ;
    ys__free(st);
    for (int64_t t = 1; t <= v->count; t++) {
        if (v->pairs[t] == NULL)
            continue;
        add_kind(&v->outer[t], c->name, &v->pairs[t]->opened, &v->pairs[t]->closed);
        ys_free(v->pairs[t]);
        v->pairs[t] = NULL;
    }
    return r;
}

static ys_status verify_imports(verifier *v, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(v->s->db, IMPORTS " ORDER BY tx,id", false, &st, diag));
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row) {
        int64_t t = ys__get_int(st, 0);
        if (t < 1 || t > v->count)
            v->stray = t;
        else
            add_import(&v->outer[t], st);
    }
    ys__free(st);
    return r;
}

typedef struct walk {
    verifier *v;
    char previous[65];
    int64_t expect, rows;
} walk;

static bool verify_tx(void *arg, const ys_tx *t)
{
    walk *w = arg;
    verifier *v = w->v;
    char root[65];
    bool in_order = t->id == w->expect && t->id <= v->count;
    if (in_order)
        finish_root(&v->outer[t->id], t, t->previous, root);
    if (!in_order || strcmp(t->previous, w->previous) != 0 || strcmp(root, t->root) != 0 ||
        v->rows[t->id] != t->rows) {
        blame(v, w->expect);
        return false;
    }
    memcpy(w->previous, t->root, sizeof w->previous);
    w->rows += t->rows;
    w->expect++;
    return true;
}

static ys_status verify_all(verifier *v, walk *w, ys_diag *diag)
{
    for (int i = 0; i < v->s->cat_count; i++)
        YS_TRY(verify_kind(v, &v->s->cats[i], diag));
    YS_TRY(verify_imports(v, diag));
    YS_TRY(ys_store_transactions(v->s, false, verify_tx, w, diag));
    if (v->bad == 0 && v->stray == 0)
        return YS_OK;
    if (v->bad != 0)
        ys_fail(diag, YS_ECORRUPT, "第 %lld 号事务与其校验根不符：数据在程序之外被改动过",
                "transaction %lld does not match its root: the data were changed behind the program",
                (long long)v->bad);
    else
        ys_fail(diag, YS_ECORRUPT, "有数据属于不存在的第 %lld 号事务",
                "rows belong to transaction %lld, which is not there", (long long)v->stray);
    ys_diag_fix(diag, "请从备份恢复，并查明谁改动了文件",
                "restore from a backup, and find out who changed the file");
    return YS_ECORRUPT;
}

static ys_status verifier_init(verifier *v, ys_store *s, ys_diag *diag)
{
    *v = (verifier){.s = s};
    YS_TRY(ys__query_int(s->db, "SELECT max(id) FROM ys_tx", 0, &v->count, diag));
    size_t n = (size_t)v->count + 1;
    v->outer = v->count < 0 ? NULL : ys_aligned(n, sizeof *v->outer);
    v->rows = v->count < 0 ? NULL : ys_calloc(n, sizeof *v->rows);
    v->pairs = v->count < 0 ? NULL : ys_calloc(n, sizeof *v->pairs);
    if (v->outer == NULL || v->rows == NULL || v->pairs == NULL)
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < n; i++)
        sum_init(&v->outer[i]);
    return YS_OK;
}

static void verifier_done(verifier *v)
{
    for (int64_t t = 1; v->pairs != NULL && t <= v->count; t++)
        ys_free(v->pairs[t]);
    ys_free(v->pairs);
    ys_free(v->rows);
    ys_free(v->outer);
    ys_free(v->text.p);
    if (v->plain.data != NULL)
        sodium_memzero(v->plain.data, v->plain.cap);
    ys_str_done(&v->plain);
}

ys_status ys_store_verify_chain(ys_store *s, int64_t *ret_transactions, int64_t *ret_rows, ys_diag *diag)
{
    verifier v;
    walk w = {.v = &v, .expect = 1};
    memset(w.previous, '0', 64);
    ys_status st = verifier_init(&v, s, diag);
    if (st == YS_OK)
        st = verify_all(&v, &w, diag);
    verifier_done(&v);
    if (st != YS_OK)
        return st;
    if (ret_transactions != NULL)
        *ret_transactions = w.expect - 1;
    if (ret_rows != NULL)
        *ret_rows = w.rows;
    return YS_OK;
}
