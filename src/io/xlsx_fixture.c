/* SPDX-License-Identifier: Apache-2.0 */
#include "io/xlsx_fixture.h"
#include <assert.h>
#include <zip.h>
#include "base/alloc.h"
#include "base/str.h"

#define MUST(x)                                                                                              \
    do {                                                                                                     \
        if (!(x))                                                                                            \
            abort();                                                                                         \
    } while (0)

static ys_str expand(const fixture_part *p)
{
    ys_str s = {0};
    if (p->times == 0) {
        MUST(ys_str_puts(&s, p->text));
        return s;
    }
    MUST(ys_str_add(&s, p->text, p->repeat_from));
    for (long i = 0; i < p->times; i++)
        MUST(ys_str_add(&s, p->text + p->repeat_from, p->repeat_to - p->repeat_from));
    MUST(ys_str_puts(&s, p->text + p->repeat_to));
    return s;
}

void *fixture_zip(const fixture_part *parts, size_t *ret_n)
{
    ys_str texts[16] = {{0}};
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &e);
    MUST(whole);
    zip_source_keep(whole);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &e);
    MUST(zip);
    for (int i = 0; parts[i].name; i++) {
        MUST(i < 16);
        texts[i] = expand(&parts[i]);
        zip_source_t *s = zip_source_buffer(zip, ys_str_get(&texts[i]), texts[i].len, 0);
        MUST(s && zip_file_add(zip, parts[i].name, s, ZIP_FL_ENC_UTF_8) >= 0);
    }
    MUST(zip_close(zip) == 0);
    zip_stat_t stat;
    MUST(zip_source_stat(whole, &stat) == 0 && zip_source_open(whole) == 0);
    char *bytes = ys_malloc(stat.size + 1);
    MUST(bytes && zip_source_read(whole, bytes, stat.size) == (zip_int64_t)stat.size);
    (void)zip_source_close(whole);
    zip_source_free(whole);
    zip_error_fini(&e);
    for (int i = 0; i < 16; i++)
        ys_str_done(&texts[i]);
    *ret_n = stat.size;
    return bytes;
}

#define NS   "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

void *fixture_book(const fixture *f, size_t *ret_n)
{
    ys_str book = {0}, sheet = {0}, strings = {0}, styles = {0};
    ys_str_printf(&book,
                  "<workbook " NS " xmlns:r=\"" RELS
                  "\"><workbookPr %s/><sheets><sheet name=\"表1\" sheetId=\"1\" "
                  "r:id=\"rId1\"/></sheets></workbook>",
                  f->book ? f->book : "");
    ys_str_printf(&sheet, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet " NS ">%s</worksheet>",
                  f->sheet);
    ys_str_printf(&strings, "<sst " NS ">%s</sst>", f->strings ? f->strings : "");
    ys_str_printf(&styles, "<styleSheet " NS ">%s</styleSheet>", f->styles ? f->styles : "");
    const fixture_part parts[] = {
        {.name = "_rels/.rels",
         .text = "<Relationships><Relationship Id=\"rId1\" Type=\"" RELS
                 "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
        {.name = "xl/_rels/workbook.xml.rels",
         .text =
             "<Relationships><Relationship Id=\"rId1\" Type=\"" RELS
             "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
             "<Relationship Id=\"rId2\" Type=\"" RELS "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
             "<Relationship Id=\"rId3\" Type=\"" RELS "/styles\" Target=\"./styles.xml\"/></Relationships>"},
        {.name = "xl/workbook.xml", .text = ys_str_get(&book)},
        {.name = "xl/worksheets/sheet1.xml", .text = ys_str_get(&sheet)},
        {.name = "xl/styles.xml", .text = ys_str_get(&styles)},
        {.name = f->strings ? "xl/sharedStrings.xml" : NULL, .text = ys_str_get(&strings)},
        {.name = NULL},
    };
    void *bytes = fixture_zip(parts, ret_n);
    ys_str_done(&book);
    ys_str_done(&sheet);
    ys_str_done(&strings);
    ys_str_done(&styles);
    return bytes;
}
