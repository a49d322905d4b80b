/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/doc_internal.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/num.h"
#include "base/out.h"
#include "base/str.h"

/*
 * The same document as Office Open XML (ECMA-376 part 1, WordprocessingML), small enough to read: one style per block, a grid of 22 lines of
 * 28 characters, header rows that repeat.  Fonts are named, not embedded: Word takes those of the office.
 */

enum { TWIPS = 20 };

static const char types[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" "
    "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
    "</Types>";

#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define WORD                                                                                                 \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"" RELATIONS "\""

static const char root_relations[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" RELATIONS "/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" "
    "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
    "Target=\"docProps/core.xml\"/></Relationships>";

static const char word_relations[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" RELATIONS "/styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" RELATIONS "/footer\" Target=\"footer1.xml\"/></Relationships>";

static const struct style {
    const char *id, *name, *font;
    int half_points, bold, indent, centre, keep, outline; /* outline -1: body text */
} styles[] = {
    {"Title", "Title", "方正小标宋简体", 44, 0, 0, 1, 1, -1},
    {"Subtitle", "Subtitle", "楷体", 32, 0, 0, 1, 0, -1},
    {"Heading1", "heading 1", "黑体", 32, 0, 1, 0, 1, 0},
    {"Heading2", "heading 2", "楷体", 32, 0, 1, 0, 1, 1},
    {"Heading3", "heading 3", "仿宋", 32, 1, 1, 0, 1, 2},
    {"Normal", "Normal", "仿宋", 32, 0, 1, 0, 0, -1},
    {"Note", "Note", "楷体", 21, 0, 0, 0, 0, -1},
    {"Cell", "Cell", "仿宋", 21, 0, 0, 0, 0, -1},
    {"CellHead", "Cell Head", "黑体", 21, 0, 0, 1, 1, -1},
};

static void put_styles(ys_out o)
{
    ys_out_puts(o, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles " WORD ">");
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        const struct style *s = &styles[i];
        bool grid = s->half_points == 32;
        ys_out_printf(
            o, "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:qFormat/><w:pPr>",
            strcmp(s->id, "Normal") == 0 ? " w:default=\"1\"" : "", s->id, s->name);
        if (s->keep)
            ys_out_puts(o, "<w:keepNext/>");
        if (!grid)
            ys_out_puts(o, "<w:snapToGrid w:val=\"0\"/>");
        if (s->indent)
            ys_out_puts(o, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"632\"/>");
        ys_out_printf(o, "<w:jc w:val=\"%s\"/>", s->centre ? "center" : "left");
        if (s->outline >= 0)
            ys_out_printf(o, "<w:outlineLvl w:val=\"%d\"/>", s->outline);
        ys_out_printf(
            o,
            "</w:pPr><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
            "w:eastAsia=\"%s\"/>"
            "%s<w:sz w:val=\"%d\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:style>",
            s->font, s->bold ? "<w:b/>" : "", s->half_points);
    }
    ys_out_puts(o, "</w:styles>");
}

static void put_paragraph(ys_out o, const char *style, const char *align, const char *text)
{
    ys_out_printf(o, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>", style);
    if (align != NULL)
        ys_out_printf(o, "<w:jc w:val=\"%s\"/>", align);
    ys_out_puts(o, "</w:pPr><w:r><w:t xml:space=\"preserve\">");
    ys_out_xml(o, text);
    ys_out_puts(o, "</w:t></w:r></w:p>");
}

static void put_row(ys_out o, const ys_doc_block *b, const int *width, const char *const *text)
{
    static const char *const aligns[] = {"left", "center", "right"};
    ys_out_puts(o, text == NULL ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
                                : "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    for (int i = 0; i < b->n_columns; i++) {
        ys_out_printf(o, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", width[i]);
        if (text == NULL)
            put_paragraph(o, "CellHead", NULL, b->columns[i].header);
        else
            put_paragraph(o, "Cell", aligns[b->columns[i].align], text[i]);
        ys_out_puts(o, "</w:tc>");
    }
    ys_out_puts(o, "</w:tr>");
}

static void put_table(ys_out o, const ys_doc_block *b)
{
    int width[YS_DOC_COLUMNS];
    int n = b->n_columns;
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += b->columns[i].weight;
    ys_out_puts(o, "<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblBorders>");
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    for (int i = 0; i < 6; i++)
        ys_out_printf(o, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
    ys_out_puts(o, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for (int i = 0; i < n; i++) {
        width[i] = (int)(YS_DOC_WIDTH * TWIPS * b->columns[i].weight / sum);
        ys_out_printf(o, "<w:gridCol w:w=\"%d\"/>", width[i]);
    }
    ys_out_puts(o, "</w:tblGrid>");
    put_row(o, b, width, NULL);
    for (size_t i = 0; i < b->n_cells; i += (size_t)b->n_columns)
        put_row(o, b, width, b->cells + i);
    ys_out_puts(o, "</w:tbl>");
}

static void put_block(ys_out o, const ys_doc_block *b)
{
    static const char *const heads[] = {"Heading1", "Heading2", "Heading3"};
    switch (b->kind) {
    case YS_DOC_TITLE:
        put_paragraph(o, "Title", NULL, b->text);
        break;
    case YS_DOC_SUBTITLE:
        put_paragraph(o, "Subtitle", NULL, b->text);
        break;
    case YS_DOC_HEADING:
        put_paragraph(o, heads[b->level - 1], NULL, b->text);
        break;
    case YS_DOC_NOTE:
        put_paragraph(o, "Note", NULL, b->text);
        break;
    case YS_DOC_BREAK:
        ys_out_puts(o, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        break;
    case YS_DOC_TABLE:
        if (b->n_columns > 0)
            put_table(o, b);
        break;
    case YS_DOC_PARA:
        put_paragraph(o, "Normal", NULL, b->text);
        break;
    }
}

static void put_document(ys_out o, const ys_doc *d)
{
    ys_out_puts(o, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document " WORD
                   "><w:body>");
    for (size_t i = 0; i < d->n; i++)
        put_block(o, &d->blocks[i]);
    /* GB/T 9704: margins 37, 26, 35 and 28 mm; the grid in twips and 1/4096 of a point */
    ys_out_printf(
        o,
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
        "<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" w:header=\"851\" "
        "w:footer=\"1300\" w:gutter=\"0\"/>"
        "<w:docGrid w:type=\"linesAndChars\" w:linePitch=\"%d\" "
        "w:charSpace=\"%d\"/></w:sectPr></w:body></w:document>",
        (int)(YS_DOC_HEIGHT / YS_DOC_LINES * TWIPS + 0.5), (int)((YS_DOC_WIDTH / YS_DOC_CHARS - 16) * 4096));
}

static void put_footer(ys_out o, const ys_doc *d)
{
    ys_out_puts(o,
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:ftr " WORD
                "><w:p><w:pPr><w:pStyle w:val=\"Note\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:sz "
                "w:val=\"28\"/></w:rPr>"
                "<w:t xml:space=\"preserve\">— </w:t></w:r><w:r><w:rPr><w:sz "
                "w:val=\"28\"/></w:rPr><w:fldChar w:fldCharType=\"begin\"/></w:r>"
                "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar "
                "w:fldCharType=\"end\"/></w:r>"
                "<w:r><w:rPr><w:sz w:val=\"28\"/></w:rPr><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p>");
    put_paragraph(o, "Note", "center", d->props.foot);
    ys_out_puts(o, "</w:ftr>");
}

static void put_core(ys_out o, const ys_doc *d)
{
    char day[24];
    int64_t second = ((d->props.created % 86400) + 86400) % 86400;
    ys_format_date((int32_t)((d->props.created - second) / 86400), day, sizeof day);
    ys_out_puts(o,
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                "<cp:coreProperties "
                "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
                "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    ys_out_xml(o, d->props.title);
    ys_out_puts(o, "</dc:title><dc:subject>");
    ys_out_xml(o, d->props.subject);
    ys_out_puts(o, "</dc:subject><dc:creator>");
    ys_out_xml(o, d->props.author);
    ys_out_printf(o,
                  "</dc:creator><dcterms:created "
                  "xsi:type=\"dcterms:W3CDTF\">%sT%02d:%02d:%02dZ</dcterms:created></cp:coreProperties>",
                  day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* ---- the package --------------------------------------------------------------------------------------------- */

/* Takes over the text.  The date of all parts is the same, so that the same document gives the same bytes. */
static bool add_part(zip_t *z, const char *name, ys_str *text)
{
    size_t n = text->len;
    bool whole = !text->failed;
    char *bytes = malloc(n > 0 ? n : 1); /* freed by libzip with free() */
    if (bytes != NULL)
        memcpy(bytes, ys_str_get(text), n);
    ys_str_done(text);
    zip_source_t *s = bytes != NULL && whole ? zip_source_buffer(z, bytes, n, 1) : NULL;
    if (s == NULL) {
        free(bytes);
        return false;
    }
    zip_int64_t at = zip_file_add(z, name, s, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(s);
        return false;
    }
    return zip_file_set_dostime(z, (zip_uint64_t)at, 0, 0x21, 0) == 0; /* 1980-01-01 */
}

static bool add_fixed(zip_t *z, const char *name, const char *text)
{
    ys_str s = {0};
    ys_str_puts(&s, text);
    return add_part(z, name, &s);
}

static bool add_made(zip_t *z, const char *name, const ys_doc *d, void (*put)(ys_out, const ys_doc *))
{
    ys_str s = {.limit = (size_t)1 << 31};
    put(ys_out_str(&s), d);
    return add_part(z, name, &s);
}

static void put_styles_of(ys_out o, const ys_doc *d)
{
    (void)d;
    put_styles(o);
}

ys_status ys_doc_docx(const ys_doc *d, const char *path, ys_diag *diag)
{
    int error = 0;
    if (d->failed)
        return ys_fail_nomem(diag);
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    bool ok =
        z != NULL && add_fixed(z, "[Content_Types].xml", types) &&
        add_fixed(z, "_rels/.rels", root_relations) &&
        add_fixed(z, "word/_rels/document.xml.rels", word_relations) &&
        add_made(z, "word/styles.xml", d, put_styles_of) && add_made(z, "word/footer1.xml", d, put_footer) &&
        add_made(z, "docProps/core.xml", d, put_core) && add_made(z, "word/document.xml", d, put_document);
    /* libzip writes beside the file and renames */
    if (ok && zip_close(z) == 0)
        return YS_OK;
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    ys_status st = ys_fail(diag, YS_EIO, "写不出 DOCX：%s", "cannot write the DOCX: %s",
                           z != NULL ? zip_error_strerror(zip_get_error(z)) : "zip_open");
    if (z != NULL)
        zip_discard(z);
    return st;
}
