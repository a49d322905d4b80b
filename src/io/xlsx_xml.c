/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/limits.h"
#include "io/xlsx_internal.h"

enum { CHUNK = 64 * 1024 };

static const char fix_save_zh[] = "请用 Excel 或 WPS 打开后另存为新的 .xlsx，再导入";
static const char fix_save_en[] = "open it in a spreadsheet program, save it as a new .xlsx and read that";

static ys_status place(ys__xml *m, ys_status st, ys_diag *diag)
{
    ys_diag_where(diag, m->x->name, m->sheet, 0, 0, NULL);
    return st;
}

static ys_status fail_zip(ys__xml *m, const char *why, ys_diag *diag)
{
    ys_status st = ys_fail(diag, YS_EDATA, "工作簿损坏或不完整：读不出部件 %s（%s）",
                           "the workbook is damaged or cut short: part %s cannot be read (%s)", m->part, why);
    ys_diag_fix(diag, fix_save_zh, fix_save_en);
    return place(m, st, diag);
}

static ys_status fail_bomb(ys__xml *m, ys_diag *diag)
{
    ys_status st = ys_fail(diag, YS_ELIMIT, "部件 %s 解压后过大（%llu 字节压缩到 %llu 字节），可能是压缩炸弹",
                           "part %s unpacks to too much (%llu bytes from %llu), as a zip bomb does", m->part,
                           (unsigned long long)m->unpacked, (unsigned long long)m->packed);
    ys_diag_fix(diag, "如确为真实数据，请拆成几个文件或存为 CSV",
                "if the data is real, split it or save it as CSV");
    return place(m, st, diag);
}

static bool too_big(const ys__xml *m, uint64_t unpacked)
{
    const ys_xlsx_options *o = &m->x->opt;
    return unpacked > o->max_part ||
           (unpacked > o->ratio_free && unpacked / o->max_ratio > (m->packed ? m->packed : 1));
}

static zip_int64_t locate(const ys_xlsx *x, const char *part)
{
    zip_int64_t i = zip_name_locate(x->zip, part, 0);
    return i >= 0 ? i : zip_name_locate(x->zip, part, ZIP_FL_NOCASE);
}

bool ys__xml_has_part(const ys_xlsx *x, const char *part)
{
    return locate(x, part) >= 0;
}

ys_status ys__xml_open(ys__xml *m, ys_xlsx *x, const char *part, const char *sheet, ys_diag *diag)
{
    *m = (ys__xml){.x = x, .sheet = sheet, .part = ys_strdup(part)};
    if (!m->part)
        return ys_fail_nomem(diag);
    zip_int64_t i = locate(x, part);
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (i < 0 || zip_stat_index(x->zip, (zip_uint64_t)i, 0, &stat) != 0)
        return fail_zip(m, "not in the archive", diag);
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE) {
        ys_status st = ys_fail(diag, YS_EDATA, "工作簿有密码", "the workbook is under a password");
        ys_diag_fix(diag, "请去掉密码后另存", "save it without the password");
        return place(m, st, diag);
    }
    if ((stat.valid & ZIP_STAT_COMP_METHOD) && stat.comp_method != ZIP_CM_STORE &&
        stat.comp_method != ZIP_CM_DEFLATE)
        return fail_zip(m, "compression method", diag);
    m->packed = (stat.valid & ZIP_STAT_COMP_SIZE) ? stat.comp_size : 1;
    if ((stat.valid & ZIP_STAT_SIZE) && too_big(m, stat.size)) {
        m->unpacked = stat.size;
        return fail_bomb(m, diag);
    }
    m->file = zip_fopen_index(x->zip, (zip_uint64_t)i, 0);
    return m->file ? YS_OK : fail_zip(m, zip_strerror(x->zip), diag);
}

void ys__xml_done(ys__xml *m)
{
    if (m->parser)
        XML_ParserFree(m->parser);
    if (m->file)
        (void)zip_fclose(m->file);
    ys_free(m->part);
    *m = (ys__xml){0};
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *ys__xml_attr(const char **attrs, const char *name)
{
    for (; attrs[0]; attrs += 2)
        if (strcmp(local(attrs[0]), name) == 0)
            return attrs[1];
    return NULL;
}

static void XMLCALL on_start(void *user, const char *name, const char **attrs)
{
    ys__xml *m = user;
    m->silent = 0;
    if (m->failed == YS_OK && m->handlers.start)
        m->handlers.start(m->user, local(name), attrs);
}

static void XMLCALL on_end(void *user, const char *name)
{
    ys__xml *m = user;
    m->silent = 0;
    if (m->failed == YS_OK && m->handlers.end)
        m->handlers.end(m->user, local(name));
}

static void XMLCALL on_text(void *user, const char *text, int n)
{
    ys__xml *m = user;
    m->silent = 0;
    if (m->failed == YS_OK && m->handlers.text)
        m->handlers.text(m->user, text, n);
}

static void XMLCALL on_doctype(void *user, const char *name, const char *sysid, const char *pubid,
                               int internal)
{
    ys__xml *m = user;
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)internal;
    ys_status st = ys_fail(&m->diag, YS_EDATA, "部件 %s 含有 DOCTYPE 声明，为安全起见不读取",
                           "part %s has a document type declaration, which is refused for safety", m->part);
    ys_diag_fix(&m->diag, fix_save_zh, fix_save_en);
    ys__xml_fail(m, st);
}

ys_status ys__xml_handle(ys__xml *m, const ys__xml_handlers *handlers, void *user, ys_diag *diag)
{
    m->handlers = *handlers;
    m->user = user;
    m->parser = XML_ParserCreate(NULL);
    if (!m->parser)
        return ys_fail_nomem(diag);
    XML_SetUserData(m->parser, m);
    XML_SetElementHandler(m->parser, on_start, on_end);
    XML_SetCharacterDataHandler(m->parser, on_text);
    XML_SetStartDoctypeDeclHandler(m->parser, on_doctype);
    (void)XML_SetParamEntityParsing(m->parser, XML_PARAM_ENTITY_PARSING_NEVER);
    return YS_OK;
}

void ys__xml_pause(ys__xml *m)
{
    (void)XML_StopParser(m->parser, XML_TRUE);
}

void ys__xml_fail(ys__xml *m, ys_status st)
{
    m->failed = st;
    (void)XML_StopParser(m->parser, XML_FALSE);
}

/* What expat answered, as a status. */
static ys_status outcome(ys__xml *m, enum XML_Status rc, ys_diag *diag)
{
    if (m->failed != YS_OK) {
        if (diag)
            *diag = m->diag;
        return place(m, m->failed, diag);
    }
    if (rc == XML_STATUS_ERROR) {
        enum XML_Error e = XML_GetErrorCode(m->parser);
        if (e == XML_ERROR_NO_MEMORY)
            return ys_fail_nomem(diag);
        ys_status st =
            ys_fail(diag, YS_EDATA, "工作簿损坏：部件 %s 第 %lu 行不是合格的 XML（%s）",
                    "the workbook is damaged: part %s, line %lu is not well-formed XML (%s)", m->part,
                    (unsigned long)XML_GetCurrentLineNumber(m->parser), XML_ErrorString(e));
        ys_diag_fix(diag, fix_save_zh, fix_save_en);
        return place(m, st, diag);
    }
    m->suspended = rc == XML_STATUS_SUSPENDED;
    if (m->silent > YS_LIMIT_XLSX_TAG) {
        ys_status st =
            ys_fail(diag, YS_ELIMIT, "部件 %s 有过长的标记", "part %s has a tag that is too long", m->part);
        return place(m, st, diag);
    }
    if (m->final && !m->suspended)
        m->ended = true;
    return YS_OK;
}

ys_status ys__xml_raw(ys__xml *m, char *buf, size_t size, size_t *ret_n, ys_diag *diag)
{
    zip_int64_t n = zip_fread(m->file, buf, size);
    if (n < 0)
        return fail_zip(m, zip_error_strerror(zip_file_get_error(m->file)), diag);
    m->unpacked += (uint64_t)n;
    if (too_big(m, m->unpacked))
        return fail_bomb(m, diag);
    *ret_n = (size_t)n;
    return YS_OK;
}

ys_status ys__xml_step(ys__xml *m, ys_diag *diag)
{
    if (m->suspended)
        return outcome(m, XML_ResumeParser(m->parser), diag);
    void *buf = XML_GetBuffer(m->parser, CHUNK);
    if (!buf)
        return ys_fail_nomem(diag);
    size_t n = 0;
    YS_TRY(ys__xml_raw(m, buf, CHUNK, &n, diag));
    m->silent += n;
    m->final = n == 0;
    return outcome(m, XML_ParseBuffer(m->parser, (int)n, n == 0), diag);
}

ys_status ys__xml_feed(ys__xml *m, const char *bytes, size_t n, bool final, ys_diag *diag)
{
    m->silent += n;
    m->final = final;
    return outcome(m, XML_Parse(m->parser, bytes, (int)n, final), diag);
}

ys_status ys__xml_run(ys__xml *m, ys_xlsx *x, const char *part, const ys__xml_handlers *handlers, void *user,
                      ys_diag *diag)
{
    ys_status st = ys__xml_open(m, x, part, NULL, diag);
    if (st == YS_OK)
        st = ys__xml_handle(m, handlers, user, diag);
    while (st == YS_OK && !m->ended)
        st = ys__xml_step(m, diag);
    ys__xml_done(m);
    return st;
}
