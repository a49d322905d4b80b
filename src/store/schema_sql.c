/* SPDX-License-Identifier: Apache-2.0 */
/* Tables, indexes, migrations, and the catalog of kinds in memory. */
#include "base/alloc.h"
#include "store/store_in.h"

/* {i} {t} {b} stand for the dialect's types, {s} for STRICT.  Forward only: migrations[n] leads to layout n + 1. */
static const char *const migrations[YS__LAYOUT] = {
    "CREATE TABLE ys_meta(name {t} PRIMARY KEY NOT NULL, value {t} NOT NULL){s};"
    "CREATE TABLE ys_kind(name {t} PRIMARY KEY NOT NULL){s};"
    "CREATE TABLE ys_field(kind {t} NOT NULL REFERENCES ys_kind(name), name {t} NOT NULL, type {t} NOT NULL,"
    " key {i} NOT NULL, secret {i} NOT NULL, PRIMARY KEY(kind, name)){s};"
    "CREATE TABLE ys_tx(id {i} PRIMARY KEY NOT NULL, who {t} NOT NULL, reason {t} NOT NULL, command {t} NOT "
    "NULL,"
    " name {t} NOT NULL, recorded_at {i} NOT NULL, row_count {i} NOT NULL, root {t} NOT NULL,"
    " previous {t} NOT NULL){s};"
    "CREATE TABLE ys_import(id {i} PRIMARY KEY NOT NULL, tx {i} NOT NULL, file {t} NOT NULL, sheet {t} NOT "
    "NULL,"
    " file_hash {t} NOT NULL, column_map {t} NOT NULL){s};"
    "CREATE TABLE ys_file(set_name {t} NOT NULL, name {t} NOT NULL, data {b} NOT NULL,"
    " PRIMARY KEY(set_name, name)){s};",
};

static ys_status run_template(ys__db *db, const char *sql, ys_diag *diag)
{
    const ys__dialect *d = &db->ops->d;
    ys_str out = {0};
    for (const char *p = sql; *p != '\0'; p++) {
        if (p[0] != '{' || p[1] == '\0' || p[2] != '}') {
            ys_str_putc(&out, *p);
            continue;
        }
        switch (p[1]) {
        case 'i':
            ys_str_puts(&out, d->t_int);
            break;
        case 't':
            ys_str_puts(&out, d->t_text);
            break;
        case 'b':
            ys_str_puts(&out, d->t_blob);
            break;
        default:
            ys_str_puts(&out, d->strict);
        }
        p += 2;
    }
    return ys__exec_str(db, &out, NULL, diag);
}

static ys_status migrate(ys__db *db, int64_t from, ys_diag *diag)
{
    for (int64_t v = from; v < YS__LAYOUT; v++)
        YS_TRY(run_template(db, migrations[v], diag));
    YS_TRY(ys__exec(db, "DELETE FROM ys_meta WHERE name='store.layout'", diag));
    return ys__execf(db, NULL, diag, "INSERT INTO ys_meta(name,value) VALUES('store.layout','%d')",
                     YS__LAYOUT);
}

ys_status ys__schema_create(ys__db *db, ys_diag *diag)
{
    return migrate(db, 0, diag);
}

ys_status ys__schema_check(ys_store *s, ys_diag *diag)
{
    int64_t layout = 0;
    ys_status st = ys__query_int(s->db, "SELECT CAST(value AS BIGINT) FROM ys_meta WHERE name='store.layout'",
                                 0, &layout, diag);
    if (st == YS_ESTORE || (st == YS_OK && layout < 1)) {
        ys_diag_clear(diag);
        ys_fail(diag, YS_ECORRUPT, "这不是钥匙的数据库", "this is not a store of yaoshi");
        ys_diag_fix(diag, "请检查文件名，或用 yaoshi init 新建",
                    "check the name, or make one with yaoshi init");
        return YS_ECORRUPT;
    }
    YS_TRY(st);
    if (layout > YS__LAYOUT) {
        ys_fail(diag, YS_ECONFLICT, "数据库由更新的版本建立（格式 %lld，本程序到 %d）",
                "the store was written by a newer version (layout %lld, this program knows %d)",
                (long long)layout, YS__LAYOUT);
        ys_diag_fix(diag, "请升级本程序", "upgrade this program");
        return YS_ECONFLICT;
    }
    if (layout == YS__LAYOUT || s->read_only)
        return YS_OK;
    YS_TRY(ys__exec(s->db, s->db->ops->d.begin_write, diag));
    st = migrate(s->db, layout, diag);
    if (st == YS_OK)
        st = ys__exec(s->db, "COMMIT", diag);
    if (st != YS_OK && ys__exec(s->db, "ROLLBACK", NULL) != YS_OK)
        return YS_ESTORE;
    return st;
}

void ys__cats_free(ys_store *s)
{
    for (int i = 0; i < s->cat_count; i++)
        ys_free(s->cats[i].cols);
    ys_free(s->cats);
    s->cats = NULL;
    s->cat_count = 0;
}

static bool add_cat(ys_store *s, size_t *cap, const char *name)
{
    if (!ys_grow(&s->cats, cap, (size_t)s->cat_count + 1, sizeof *s->cats))
        return false;
    ys__cat *c = &s->cats[s->cat_count++];
    *c = (ys__cat){0};
    snprintf(c->name, sizeof c->name, "%s", name);
    return true;
}

static bool add_col(ys__cat *c, ys__stmt *st)
{
    ys__col *cols = ys_realloc(c->cols, (size_t)c->count + 1, sizeof *cols);
    if (cols == NULL)
        return false;
    c->cols = cols;
    ys__col *col = &cols[c->count];
    *col = (ys__col){.key = (int)ys__get_int(st, 3), .secret = ys__get_int(st, 4) != 0};
    snprintf(col->name, sizeof col->name, "%s", ys__get_text(st, 1));
    if (!ys_type_parse(ys__get_text(st, 2), &col->type))
        col->type = YS_TEXT;
    c->count++;
    return true;
}

ys_status ys__cats_load(ys_store *s, ys_diag *diag)
{
    ys__cats_free(s);
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(s->db, "SELECT kind,name,type,key,secret FROM ys_field ORDER BY kind,name", false, &st,
                       diag));
    size_t cap = 0;
    bool row = false;
    ys_status r;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row) {
        const char *kind = ys__get_text(st, 0);
        bool is_new = s->cat_count == 0 || strcmp(s->cats[s->cat_count - 1].name, kind) != 0;
        if ((is_new && !add_cat(s, &cap, kind)) || !add_col(&s->cats[s->cat_count - 1], st)) {
            r = ys_fail_nomem(diag);
            break;
        }
    }
    ys__free(st);
    return r;
}

ys__cat *ys__cat_find(const ys_store *s, const char *name)
{
    for (int i = 0; i < s->cat_count; i++)
        if (strcmp(s->cats[i].name, name) == 0)
            return &s->cats[i];
    return NULL;
}

const ys__col *ys__col_find(const ys__cat *c, const char *name)
{
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->cols[i].name, name) == 0)
            return &c->cols[i];
    return NULL;
}

ys_status ys__cat_of(const ys_store *s, const ys_kind *kind, ys__cat **ret_cat, ys_diag *diag)
{
    ys__cat *c = ys__cat_find(s, kind->name);
    if (c == NULL)
        return ys_fail(diag, YS_ENOTFOUND, "数据库中没有“%s”表", "the store has no kind “%s”", kind->name);
    for (int i = 0; i < kind->field_count; i++)
        if (ys__col_find(c, kind->fields[i].name) == NULL)
            return ys_fail(diag, YS_ENOTFOUND, "数据库中“%s”没有字段“%s”",
                           "kind “%s” of the store has no field “%s”", kind->name, kind->fields[i].name);
    *ret_cat = c;
    return YS_OK;
}

const ys_kind *ys__kind_find(const ys_store *s, const char *name)
{
    for (int i = 0; i < s->kind_count; i++)
        if (strcmp(s->kinds[i]->name, name) == 0)
            return s->kinds[i];
    return NULL;
}

int ys__key_count(const ys__cat *c)
{
    int n = 0;
    for (int i = 0; i < c->count; i++)
        n += c->cols[i].key > 0;
    return n;
}

int ys__columns(ys_str *sql, const ys__cat *c, const char *prefix)
{
    int n = 0;
    for (int i = 0; i < c->count; i++) {
        const char *f = c->cols[i].name;
        ys_str_printf(sql, "%s%s\"%s\"", n > 0 ? "," : "", prefix, f);
        n++;
        if (c->cols[i].secret) {
            ys_str_printf(sql, ",%s\"%s__bi\",%s\"%s__h\"", prefix, f, prefix, f);
            n += 2;
        }
    }
    return n;
}

static const char *sql_type(const ys__dialect *d, const ys__col *col)
{
    if (col->secret)
        return d->t_blob;
    if (col->type == YS_REAL)
        return d->t_real;
    return col->type == YS_TEXT || col->type == YS_CODE ? d->t_text : d->t_int;
}

ys_status ys__table_create(ys__db *db, const ys__cat *c, ys_diag *diag)
{
    const ys__dialect *d = &db->ops->d;
    ys_str q = {0};
    ys_str_printf(
        &q,
        "CREATE TABLE \"k_%s\"(_row %s PRIMARY KEY NOT NULL,_key %s NOT NULL,_valid_from %s NOT NULL,"
        "_valid_to %s,_tx_from %s NOT NULL,_tx_to %s,_import %s NOT NULL,_source_row %s NOT NULL",
        c->name, d->t_int, d->t_text, d->t_int, d->t_int, d->t_int, d->t_int, d->t_int, d->t_int);
    for (int i = 0; i < c->count; i++) {
        const ys__col *col = &c->cols[i];
        ys_str_printf(&q, ",\"%s\" %s", col->name, sql_type(d, col));
        if (col->secret)
            ys_str_printf(&q, ",\"%s__bi\" %s,\"%s__h\" %s", col->name, d->t_blob, col->name, d->t_blob);
    }
    ys_str_printf(&q, ")%s", d->strict);
    return ys__exec_str(db, &q, NULL, diag);
}

static ys_status one_index(ys__db *db, const ys__cat *c, const char *suffix, const char *on, bool create,
                           ys_diag *diag)
{
    return create ? ys__execf(db, NULL, diag, "CREATE INDEX IF NOT EXISTS \"k_%s_%s\" ON \"k_%s\"%s", c->name,
                              suffix, c->name, on)
                  : ys__execf(db, NULL, diag, "DROP INDEX IF EXISTS \"k_%s_%s\"", c->name, suffix);
}

/* Fields by which rows are looked up: the area, the way to it, references, and blind indexes.  The first key field
 * needs none (ranges of the key serve it). */
static bool wants_index(const ys_kind *k, const ys__col *col)
{
    if (col->secret)
        return true;
    int i = k != NULL ? ys_kind_field(k, col->name) : -1;
    if (i < 0 || col->key == 1)
        return false;
    return strcmp(k->area_field, col->name) == 0 || strcmp(k->via, col->name) == 0 ||
           k->fields[i].ref[0] != '\0';
}

ys_status ys__indexes(ys_store *s, const ys__cat *c, bool create, ys_diag *diag)
{
    if (create)
        YS_TRY(ys__execf(
            s->db, NULL, diag,
            "CREATE UNIQUE INDEX IF NOT EXISTS \"k_%s_open\" ON \"k_%s\"(_key,_valid_from) WHERE _tx_to IS"
            " NULL",
            c->name, c->name));
    else
        YS_TRY(ys__execf(s->db, NULL, diag, "DROP INDEX IF EXISTS \"k_%s_open\"", c->name));
    YS_TRY(one_index(s->db, c, "closed", "(_tx_to) WHERE _tx_to IS NOT NULL", create, diag));
    const ys_kind *k = ys__kind_find(s, c->name);
    for (int i = 0; i < c->count; i++) {
        char on[2 * YS__NAME_MAX + 40], suffix[YS__NAME_MAX + 8];
        if (!wants_index(k, &c->cols[i]))
            continue;
        snprintf(on, sizeof on, "(\"%s%s\") WHERE _tx_to IS NULL", c->cols[i].name,
                 c->cols[i].secret ? "__bi" : "");
        snprintf(suffix, sizeof suffix, "_%d", i);
        YS_TRY(one_index(s->db, c, suffix, on, create, diag));
    }
    return YS_OK;
}

ys_status ys__touch(ys_store *s, ys__cat *c, ys_diag *diag)
{
    if (c->touched)
        return YS_OK;
    char sql[YS__NAME_MAX + 48];
    snprintf(sql, sizeof sql, "SELECT max(_row) FROM \"k_%s\"", c->name);
    YS_TRY(ys__query_int(s->db, sql, 0, &c->row_start, diag));
    c->touched = true;
    return YS_OK;
}

static bool name_ok(const char *n)
{
    size_t len = strlen(n);
    if (len == 0 || len > YS__NAME_MAX - 8 || n[0] < 'a' || n[0] > 'z' || strstr(n, "__") != NULL)
        return false;
    return strspn(n, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static ys_status check_kind(const ys_kind *k, ys_diag *diag)
{
    if (!name_ok(k->name))
        return ys_fail(diag, YS_EUSAGE, "表名“%s”不合规", "“%s” cannot name a kind", k->name);
    int keys = 0;
    for (int i = 0; i < k->field_count; i++) {
        const ys_field *f = &k->fields[i];
        if (!name_ok(f->name))
            return ys_fail(diag, YS_EUSAGE, "“%s”的字段名“%s”不合规", "kind “%s”: “%s” cannot name a field",
                           k->name, f->name);
        bool text = f->type == YS_TEXT || f->type == YS_CODE;
        if (ys_field_secret(f) && (f->key || !text))
            return ys_fail(diag, YS_EUSAGE, "“%s.%s”：加密字段必须是文本且不能作主键",
                           "%s.%s: a secret field must be text and no part of the key", k->name, f->name);
        if (f->key && f->type == YS_REAL)
            return ys_fail(diag, YS_EUSAGE, "“%s.%s”：小数不能作主键",
                           "%s.%s: a real cannot be part of the key", k->name, f->name);
        keys += f->key;
    }
    if (keys == 0)
        return ys_fail(diag, YS_EUSAGE, "表“%s”没有主键字段", "kind “%s” has no key field", k->name);
    return YS_OK;
}

static ys_status catalog_field(ys_store *s, const ys_kind *k, const ys_field *f, int key, ys_diag *diag)
{
    return ys__execf(s->db, NULL, diag,
                     "INSERT INTO ys_field(kind,name,type,key,secret) VALUES('%s','%s','%s',%d,%d)", k->name,
                     f->name, ys_type_name(f->type), key, ys_field_secret(f));
}

static ys_status new_kind(ys_store *s, const ys_kind *k, ys_diag *diag)
{
    YS_TRY(ys__execf(s->db, NULL, diag, "INSERT INTO ys_kind(name) VALUES('%s')", k->name));
    int keys = 0;
    for (int i = 0; i < k->field_count; i++)
        YS_TRY(catalog_field(s, k, &k->fields[i], k->fields[i].key ? ++keys : 0, diag));
    YS_TRY(ys__cats_load(s, diag));
    const ys__cat *c = ys__cat_find(s, k->name);
    YS_TRY(ys__table_create(s->db, c, diag));
    return ys__indexes(s, c, true, diag);
}

static ys_status new_field(ys_store *s, const ys_kind *k, const ys_field *f, ys_diag *diag)
{
    const ys__dialect *d = &s->db->ops->d;
    ys__col col = {.type = f->type, .secret = ys_field_secret(f)};
    if (f->key)
        return ys_fail(diag, YS_ECONFLICT, "表“%s”的主键不能增加字段“%s”",
                       "the key of kind “%s” cannot grow by “%s”", k->name, f->name);
    YS_TRY(catalog_field(s, k, f, 0, diag));
    YS_TRY(ys__execf(s->db, NULL, diag, "ALTER TABLE \"k_%s\" ADD COLUMN \"%s\" %s", k->name, f->name,
                     sql_type(d, &col)));
    for (int i = 0; col.secret && i < 2; i++)
        YS_TRY(ys__execf(s->db, NULL, diag, "ALTER TABLE \"k_%s\" ADD COLUMN \"%s__%s\" %s", k->name, f->name,
                         i == 0 ? "bi" : "h", d->t_blob));
    return YS_OK;
}

static ys_status same_field(const ys_kind *k, const ys_field *f, const ys__col *col, ys_diag *diag)
{
    if (col->type == f->type && (col->key > 0) == f->key && col->secret == ys_field_secret(f))
        return YS_OK;
    ys_fail(diag, YS_ECONFLICT, "“%s.%s”与数据库中的类型（%s）、主键或加密方式不同",
            "%s.%s differs from the store in type (%s), key or secrecy", k->name, f->name,
            ys_type_name(col->type));
    ys_diag_fix(diag, "请给字段换一个名字", "give the field another name");
    return YS_ECONFLICT;
}

static ys_status add_kind(ys_store *s, const ys_kind *k, int *ret_missing, ys_diag *diag)
{
    YS_TRY(check_kind(k, diag));
    const ys__cat *c = ys__cat_find(s, k->name);
    if (c == NULL) {
        if (ret_missing == NULL)
            return new_kind(s, k, diag);
        (*ret_missing)++;
        return YS_OK;
    }
    int added = 0;
    for (int i = 0; i < k->field_count; i++) {
        const ys__col *col = ys__col_find(c, k->fields[i].name);
        if (col != NULL) {
            YS_TRY(same_field(k, &k->fields[i], col, diag));
            continue;
        }
        added++;
        if (ret_missing == NULL)
            YS_TRY(new_field(s, k, &k->fields[i], diag));
        else
            (*ret_missing)++;
    }
    if (added == 0 || ret_missing != NULL)
        return YS_OK;
    /* The names of the indexes count the fields, so they are made anew. */
    YS_TRY(ys__indexes(s, c, false, diag));
    YS_TRY(ys__cats_load(s, diag));
    return ys__indexes(s, ys__cat_find(s, k->name), true, diag);
}

ys_status ys__kinds_add(ys_store *s, const ys_kind *const *kinds, int count, int *ret_missing, ys_diag *diag)
{
    for (int i = 0; i < count; i++)
        YS_TRY(add_kind(s, kinds[i], ret_missing, diag));
    return YS_OK;
}
