/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/limits.h"
#include "base/num.h"
#include "io/xlsx_internal.h"

/* One <Relationship>: id -> part. */
typedef struct relation {
    char *id, *type, *target;
} relation;

typedef struct relations {
    ys__xml xml;
    relation *list;
    size_t n, cap;
    char *folder; /* of the part the relations belong to */
} relations;

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);
    return n >= k && strcmp(s + n - k, tail) == 0;
}

/* `target` seen from `folder` ("xl" or ""): absolute ones begin with a slash; "." and ".." are resolved. */
static char *resolve(const char *folder, const char *target)
{
    size_t room = strlen(folder) + strlen(target) + 2;
    char *path = ys_malloc(room);
    if (!path)
        return NULL;
    size_t n = 0;
    if (target[0] != '/')
        n = (size_t)snprintf(path, room, "%s", folder);
    for (const char *p = target; *p;) {
        p += strspn(p, "/");
        size_t k = strcspn(p, "/");
        if (k == 2 && p[0] == '.' && p[1] == '.') {
            while (n > 0 && path[n - 1] != '/')
                n--;
            n -= n > 0;
        } else if (k > 0 && !(k == 1 && p[0] == '.')) {
            if (n > 0)
                path[n++] = '/';
            memcpy(path + n, p, k);
            n += k;
        }
        p += k;
    }
    path[n] = '\0';
    return path;
}

static void on_relation(void *user, const char *name, const char **attrs)
{
    relations *r = user;
    if (strcmp(name, "Relationship") != 0)
        return;
    const char *id = ys__xml_attr(attrs, "Id"), *type = ys__xml_attr(attrs, "Type");
    const char *target = ys__xml_attr(attrs, "Target"), *mode = ys__xml_attr(attrs, "TargetMode");
    if (!id || !type || !target || (mode && strcmp(mode, "External") == 0))
        return;
    if (r->n == YS_LIMIT_XLSX_SHEETS * 4) {
        ys__xml_fail(&r->xml, ys_fail(&r->xml.diag, YS_ELIMIT, "部件太多", "too many parts"));
        return;
    }
    relation x = {0};
    if (ys_grow(&r->list, &r->cap, r->n + 1, sizeof x))
        x = (relation){ys_strdup(id), ys_strdup(type), resolve(r->folder, target)};
    if (x.id && x.type && x.target) {
        r->list[r->n++] = x;
        return;
    }
    ys_free(x.id);
    ys_free(x.type);
    ys_free(x.target);
    ys__xml_fail(&r->xml, ys_fail_nomem(&r->xml.diag));
}

static void relations_done(relations *r)
{
    for (size_t i = 0; i < r->n; i++) {
        ys_free(r->list[i].id);
        ys_free(r->list[i].type);
        ys_free(r->list[i].target);
    }
    ys_free(r->list);
    ys_free(r->folder);
}

/* Relations of `part` ("" = the package). The caller calls relations_done also on failure. */
static ys_status relations_of(relations *r, ys_xlsx *x, const char *part, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {on_relation, NULL, NULL};
    const char *slash = strrchr(part, '/');
    const char *base = slash ? slash + 1 : part;
    char path[1024];
    r->folder = ys_strndup(part, slash ? (size_t)(slash - part) : 0);
    if (!r->folder)
        return ys_fail_nomem(diag);
    (void)snprintf(path, sizeof path, "%s%s_rels/%s.rels", r->folder, *r->folder ? "/" : "", base);
    return ys__xml_run(&r->xml, x, path, &handlers, r, diag);
}

static const char *first_of_type(const relations *r, const char *tail)
{
    for (size_t i = 0; i < r->n; i++)
        if (ends_with(r->list[i].type, tail))
            return r->list[i].target;
    return NULL;
}

static const relation *by_id(const relations *r, const char *id)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->list[i].id, id) == 0)
            return &r->list[i];
    return NULL;
}

typedef struct book {
    ys__xml xml;
    ys_xlsx *x;
    const relations *rels;
} book;

static void add_sheet(book *b, const char **attrs)
{
    ys_xlsx *x = b->x;
    const char *name = ys__xml_attr(attrs, "name"), *id = ys__xml_attr(attrs, "id");
    const char *state = ys__xml_attr(attrs, "state");
    const relation *rel = id ? by_id(b->rels, id) : NULL;
    if (!name || !rel || !ends_with(rel->type, "/worksheet"))
        return; /* chart, dialogue and macro sheets */
    if (x->nsheets == YS_LIMIT_XLSX_SHEETS) {
        ys__xml_fail(&b->xml, ys_fail(&b->xml.diag, YS_ELIMIT, "工作表太多", "too many sheets"));
        return;
    }
    ys__sheet_entry e = {ys_strdup(name), ys_strdup(rel->target), state && strcmp(state, "visible") != 0};
    if (e.name && e.part && ys_grow(&x->sheets, &x->sheets_cap, x->nsheets + 1, sizeof e)) {
        x->sheets[x->nsheets++] = e;
        return;
    }
    ys_free(e.name);
    ys_free(e.part);
    ys__xml_fail(&b->xml, ys_fail_nomem(&b->xml.diag));
}

static void on_book(void *user, const char *name, const char **attrs)
{
    book *b = user;
    if (strcmp(name, "sheet") == 0) {
        add_sheet(b, attrs);
    } else if (strcmp(name, "workbookPr") == 0) {
        const char *epoch = ys__xml_attr(attrs, "date1904");
        b->x->epoch1904 = epoch && (strcmp(epoch, "1") == 0 || strcmp(epoch, "true") == 0);
    }
}

/* Styles: numFmts gives codes to numbers from 164 on, cellXfs gives each cell style its number. */
typedef struct styles {
    ys__xml xml;
    ys_xlsx *x;
    struct custom {
        int64_t id;
        ys__format format;
    } * custom;
    size_t n, cap;
    bool in_cells;
} styles;

static void add_custom(styles *s, const char **attrs)
{
    const char *id = ys__xml_attr(attrs, "numFmtId"), *code = ys__xml_attr(attrs, "formatCode");
    int64_t v;
    if (!id || !code || !ys_parse_int(id, &v))
        return;
    if (s->n >= YS_LIMIT_XLSX_STYLES || !ys_grow(&s->custom, &s->cap, s->n + 1, sizeof *s->custom)) {
        ys__xml_fail(&s->xml, ys_fail_nomem(&s->xml.diag));
        return;
    }
    s->custom[s->n++] = (struct custom){v, ys__format_parse(code)};
}

static ys__format format_of(const styles *s, int64_t id)
{
    for (size_t i = s->n; i > 0; i--)
        if (s->custom[i - 1].id == id)
            return s->custom[i - 1].format;
    return ys__format_builtin(id);
}

static void on_style(void *user, const char *name, const char **attrs)
{
    styles *s = user;
    ys_xlsx *x = s->x;
    if (strcmp(name, "numFmt") == 0) {
        add_custom(s, attrs);
    } else if (strcmp(name, "cellXfs") == 0) {
        s->in_cells = true;
    } else if (s->in_cells && strcmp(name, "xf") == 0) {
        const char *id = ys__xml_attr(attrs, "numFmtId");
        int64_t v = 0;
        if (id && !ys_parse_int(id, &v))
            v = 0;
        if (x->nformats >= YS_LIMIT_XLSX_STYLES ||
            !ys_grow(&x->formats, &x->formats_cap, x->nformats + 1, sizeof *x->formats)) {
            ys__xml_fail(&s->xml, ys_fail_nomem(&s->xml.diag));
            return;
        }
        x->formats[x->nformats++] = format_of(s, v);
    }
}

static void on_style_end(void *user, const char *name)
{
    styles *s = user;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
}

static ys_status read_styles(ys_xlsx *x, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {on_style, on_style_end, NULL};
    if (!x->styles_part)
        return YS_OK;
    styles s = {.x = x};
    ys_status st = ys__xml_run(&s.xml, x, x->styles_part, &handlers, &s, diag);
    ys_free(s.custom);
    return st;
}

static ys_status keep_part(const ys_xlsx *x, const relations *r, const char *type, char **ret_part,
                           ys_diag *diag)
{
    const char *target = first_of_type(r, type);
    if (!target || !ys__xml_has_part(x, target))
        return YS_OK;
    *ret_part = ys_strdup(target);
    return *ret_part ? YS_OK : ys_fail_nomem(diag);
}

static ys_status read_workbook(ys_xlsx *x, const char *part, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {on_book, NULL, NULL};
    relations rels = {0};
    ys_status st;
    YS_GO(relations_of(&rels, x, part, diag));
    YS_GO(keep_part(x, &rels, "/sharedStrings", &x->strings_part, diag));
    YS_GO(keep_part(x, &rels, "/styles", &x->styles_part, diag));
    book b = {.x = x, .rels = &rels};
    YS_GO(ys__xml_run(&b.xml, x, part, &handlers, &b, diag));
    YS_GO(read_styles(x, diag));
    if (x->nsheets == 0)
        st = ys_fail(diag, YS_EDATA, "工作簿里没有工作表", "the workbook has no worksheet");
done:
    relations_done(&rels);
    return st;
}

static ys_status read_package(ys_xlsx *x, ys_diag *diag)
{
    if (zip_get_num_entries(x->zip, 0) > YS_LIMIT_XLSX_ENTRIES)
        return ys_fail(diag, YS_ELIMIT, "压缩包内文件太多", "the archive has too many entries");
    if (!ys__xml_has_part(x, "_rels/.rels")) {
        ys_status st =
            ys_fail(diag, YS_EDATA, "是压缩包，但不是 XLSX 工作簿", "a zip archive, but no XLSX workbook");
        ys_diag_fix(diag, "请另存为 .xlsx 或 CSV UTF-8", "save it as .xlsx or CSV UTF-8");
        return st;
    }
    relations rels = {0};
    ys_status st;
    YS_GO(relations_of(&rels, x, "", diag));
    const char *part = first_of_type(&rels, "/officeDocument");
    if (part)
        st = read_workbook(x, part, diag);
    else
        st = ys_fail(diag, YS_EDATA, "不是 XLSX 工作簿：没有主文档", "no XLSX workbook: no main document");
done:
    relations_done(&rels);
    return st;
}

static void defaults(ys_xlsx_options *o)
{
    o->max_part = o->max_part ? o->max_part : YS_LIMIT_XLSX_PART;
    o->max_ratio = o->max_ratio ? o->max_ratio : YS_LIMIT_XLSX_RATIO;
    o->ratio_free = o->ratio_free ? o->ratio_free : YS_LIMIT_XLSX_RATIO_FREE;
    o->max_row = o->max_row ? o->max_row : YS_LIMIT_CSV_RECORD;
    o->max_cell = o->max_cell ? o->max_cell : YS_LIMIT_CSV_FIELD;
    o->strings_memory = o->strings_memory ? o->strings_memory : (size_t)32 << 20;
}

static ys_status fail_zip(const char *name, int code, ys_diag *diag)
{
    zip_error_t e;
    zip_error_init_with_code(&e, code);
    ys_diag_where(diag, name, NULL, 0, 0, NULL);
    ys_status st = ys_fail(
        diag, code == ZIP_ER_MEMORY ? YS_ENOMEM : YS_EDATA, "打不开工作簿，文件损坏或没有下载完整（%s）",
        "the workbook cannot be opened; it is damaged or cut short (%s)", zip_error_strerror(&e));
    ys_diag_fix(diag, "请重新获取文件，或用 Excel、WPS 修复后另存",
                "get the file again, or repair it in a spreadsheet program");
    zip_error_fini(&e);
    return st;
}

/* `x` takes the archive over. */
static ys_status finish_open(const char *name, zip_t *zip, const ys_xlsx_options *opt, ys_xlsx **ret_xlsx,
                             ys_diag *diag)
{
    ys_xlsx *x = ys_calloc(1, sizeof *x);
    if (!x) {
        zip_discard(zip);
        return ys_fail_nomem(diag);
    }
    x->zip = zip;
    if (opt)
        x->opt = *opt;
    defaults(&x->opt);
    x->name = ys_strdup(name);
    ys_diag_where(diag, name, NULL, 0, 0, NULL);
    ys_status st = x->name ? read_package(x, diag) : ys_fail_nomem(diag);
    if (st == YS_OK)
        *ret_xlsx = x;
    else
        ys_xlsx_close(x);
    return st;
}

ys_status ys_xlsx_open(const char *path, const ys_xlsx_options *opt, ys_xlsx **ret_xlsx, ys_diag *diag)
{
    int code = 0;
    if (access(path, R_OK) != 0) {
        ys_diag_where(diag, path, NULL, 0, 0, NULL);
        return ys_fail(diag, errno == ENOENT ? YS_ENOTFOUND : YS_EIO, "打不开 %s：%s", "cannot open %s: %s",
                       path, strerror(errno));
    }
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    return zip ? finish_open(path, zip, opt, ret_xlsx, diag) : fail_zip(path, code, diag);
}

ys_status ys_xlsx_open_memory(const char *name, const void *bytes, size_t n, const ys_xlsx_options *opt,
                              ys_xlsx **ret_xlsx, ys_diag *diag)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &e);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &e) : NULL;
    int code = zip_error_code_zip(&e);
    zip_error_fini(&e);
    if (zip)
        return finish_open(name, zip, opt, ret_xlsx, diag);
    if (source)
        zip_source_free(source);
    return fail_zip(name, code, diag);
}

void ys_xlsx_close(ys_xlsx *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->nsheets; i++) {
        ys_free(x->sheets[i].name);
        ys_free(x->sheets[i].part);
    }
    ys__strings_done(&x->strings);
    ys_free(x->sheets);
    ys_free(x->formats);
    ys_free(x->strings_part);
    ys_free(x->styles_part);
    ys_free(x->name);
    zip_discard(x->zip);
    ys_free(x);
}

int ys_xlsx_sheets(const ys_xlsx *x)
{
    return (int)x->nsheets;
}

const char *ys_xlsx_sheet_name(const ys_xlsx *x, int sheet)
{
    return x->sheets[sheet].name;
}

bool ys_xlsx_sheet_hidden(const ys_xlsx *x, int sheet)
{
    return x->sheets[sheet].hidden;
}

int ys_xlsx_find_sheet(const ys_xlsx *x, const char *name)
{
    for (size_t i = 0; i < x->nsheets; i++)
        if (strcmp(x->sheets[i].name, name) == 0)
            return (int)i;
    return -1;
}
