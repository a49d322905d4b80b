/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/str.h"
#include "io/xlsx_fixture.h"
#include "io/xlsx_internal.h"

static ys_status dump_rows(ys_xlsx *x, ys_str *to, ys_diag *diag)
{
    const char *const *cell;
    int n;
    int64_t row;
    ys_xlsx_rows *r = NULL;
    ys_status st = ys_xlsx_rows_open(x, 0, &r, diag);
    while (st == YS_OK && (st = ys_xlsx_next(r, &cell, &n, &row, diag)) == YS_OK && cell) {
        ys_str_printf(to, "%lld", (long long)row);
        for (int i = 0; i < n; i++)
            ys_str_printf(to, "[%s]", cell[i]);
        ys_str_putc(to, '\n');
    }
    if (st == YS_OK && ys_xlsx_formulas(r))
        ys_str_printf(to, "f%d/%d\n", (int)ys_xlsx_formulas(r), (int)ys_xlsx_formulas_blank(r));
    ys_xlsx_rows_close(r);
    return st;
}

/* Rows of the only sheet as text, or the failure. */
static ys_status dump(const fixture *f, const ys_xlsx_options *opt, ys_str *to, ys_diag *diag)
{
    size_t n;
    void *bytes = fixture_book(f, &n);
    ys_xlsx *x = NULL;
    ys_status st = ys_xlsx_open_memory("t.xlsx", bytes, n, opt, &x, diag);
    if (st == YS_OK)
        st = dump_rows(x, to, diag);
    ys_xlsx_close(x);
    ys_free(bytes);
    return st;
}

#define STYLES                                                                                               \
    "<numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>" \
    "<numFmt numFmtId=\"165\" formatCode=\"000000\"/><numFmt numFmtId=\"166\" formatCode=\"0.00E+00\"/>"     \
    "<numFmt numFmtId=\"167\" formatCode=\"[h]:mm:ss\"/></numFmts>"                                          \
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"   \
    "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"22\"/><xf numFmtId=\"20\"/>"                 \
    "<xf numFmtId=\"166\"/><xf numFmtId=\"167\"/><xf numFmtId=\"31\"/><xf numFmtId=\"57\"/></cellXfs>"

static void good_sheets(void **state)
{
    static const struct {
        fixture f;
        const char *want;
    } cases[] = {
        {{.sheet = "<sheetData/>"}, ""},
        {{.sheet = "<sheetData><row r=\"1\"/><row r=\"2\"><c r=\"A2\" s=\"3\"/></row></sheetData>"}, ""},
        /* shared strings: plain, runs, reading aid, escapes */
        {{.sheet = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
                   "<c r=\"C1\" t=\"s\"><v>2</v></c></row></sheetData>",
          .strings = "<si><t>户编号</t></si><si><r><t xml:space=\"preserve\">张 </t></r><r><t>三</t></r>"
                     "<rPh sb=\"0\" "
                     "eb=\"1\"><t>zhang</t></rPh></"
                     "si><si><t>a_x000D_b_x005F_x0041_&lt;_x41__x6237__x00e9__xD800__x0000_</t></si>"},
         "1[户编号][张 三][a\rb_x0041_<_x41_户é_xD800_]\n"},
        /* inline strings, formula strings, booleans, errors, ISO dates */
        {{.sheet =
              "<sheetData><row><c t=\"inlineStr\"><is><t>甲</t></is></c><c t=\"str\"><f>A1</f><v>乙</v></c>"
              "<c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"d\"><v>2016-08-27T00:00:00Z</v></c>"
              "<c t=\"d\"><v>2016-08-27T08:30:00</v></c></row></sheetData>"},
         "1[甲][乙][1][#N/A][2016-08-27][2016-08-27 08:30:00]\nf1/0\n"},
        /* gaps in rows and cells, missing references, formulas without values */
        {{.sheet =
              "<sheetData><row r=\"3\"><c r=\"B3\"><v>1</v></c><c "
              "r=\"E3\"><v>2</v></c><c><f>1+1</f></c></row>"
              "<row r=\"7\"><c><v>3</v></c></row><row><c r=\"AB8\"><f>X</f><v>4</v></c></row></sheetData>"},
         "3[][1][][][2]\n7[3]\n8[][][][][][][][][][][][][][][][][][][][][][][][][][][][4]\nf2/1\n"},
        /* numbers as a user sees them */
        {{.sheet =
              "<sheetData><row><c><v>371702198001010013</v></c><c><v>3.71702198001010E+17</v></c>"
              "<c><v>4.4999999999999998E-2</v></c><c><v>0.10000000000000001</v></c><c><v>-5.50</v></c>"
              "<c><v>1E3</v></c><c><v>-0</v></c><c><v>1.5E-7</v></c><c><v>007</v></c></row></sheetData>"},
         "1[371702198001010013][371702198001010000][0.045][0.1][-5.5][1000][0][1.5e-07][7]\n"},
        /* styles: builtin and custom dates, codes with zeros, times */
        {{.sheet = "<sheetData><row><c s=\"1\"><v>42609</v></c><c s=\"2\"><v>42609.75</v></c><c "
                   "s=\"3\"><v>37</v></c>"
                   "<c s=\"4\"><v>42609.75</v></c><c s=\"5\"><v>0.5</v></c><c s=\"6\"><v>12345</v></c>"
                   "<c s=\"7\"><v>1.25</v></c><c s=\"8\"><v>60</v></c><c s=\"8\"><v>59</v></c><c "
                   "s=\"9\"><v>1</v></c>"
                   "<c s=\"1\"><v>-1</v></c><c s=\"99\"><v>1</v></c></row></sheetData>",
          .styles = STYLES},
         "1[2016-08-27][2016-08-27][000037][2016-08-27 18:00:00][12:00:00][12345][30:00:00][1900-02-29]"
         "[1900-02-28][1900-01-01][-1][1]\n"},
        {{.sheet = "<sheetData><row><c s=\"1\"><v>0</v></c><c s=\"4\"><v>41147.5</v></c></row></sheetData>",
          .styles = STYLES,
          .book = "date1904=\"1\""},
         "1[1904-01-01][2016-08-27 12:00:00]\n"},
        /* prefixes, comments, CDATA, other elements in a cell */
        {{.sheet = "<x:sheetData xmlns:x=\"u\"><!-- c --><x:row r=\"1\"><x:c r=\"A1\" "
                   "t=\"str\"><x:v>a<![CDATA[<b>]]></x:v>"
                   "<x:extLst><x:ext><q>zz</q></x:ext></x:extLst></x:c></x:row></x:sheetData>"},
         "1[a<b>]\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t memory = 0; memory < 9; memory += 8) { /* 8 bytes: the strings go to a file at once */
            ys_str got = {0};
            ys_diag d = {0};
            ys_status st = dump(&cases[i].f, &(ys_xlsx_options){.strings_memory = memory}, &got, &d);
            if (st != YS_OK)
                print_error("case %zu: %s\n", i, d.en);
            assert_int_equal(st, YS_OK);
            assert_string_equal(ys_str_get(&got), cases[i].want);
            ys_str_done(&got);
        }
    }
}

static void wrong_sheets(void **state)
{
    static const struct {
        fixture f;
        ys_xlsx_options opt;
        ys_status want;
        int64_t row;
        const char *says;
    } cases[] = {
        {{.sheet = "<sheetData><row r=\"1\"><c t=\"s\"><v>5</v></c></row></sheetData>",
          .strings = "<si><t>x</t></si>"},
         {0},
         YS_EDATA,
         1,
         "no shared string no. 5"},
        {{.sheet = "<sheetData><row r=\"1\"><c t=\"s\"><v>99999999999999999999</v></c></row></sheetData>"},
         {0},
         YS_EDATA,
         1,
         "no shared string"},
        {{.sheet = "<sheetData><row r=\"2\"><c><v>1</v></c></row><row r=\"2\"/></sheetData>"},
         {0},
         YS_EDATA,
         2,
         "wrong row number after row 2"},
        {{.sheet = "<sheetData><row r=\"99999999999\"/></sheetData>"}, {0}, YS_EDATA, 0, "wrong row number"},
        {{.sheet = "<sheetData><row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row></sheetData>"},
         {0},
         YS_EDATA,
         1,
         "out of order"},
        {{.sheet = "<sheetData><row r=\"1\"><c r=\"ZZZZZZ1\"/></row></sheetData>"},
         {0},
         YS_EDATA,
         1,
         "out of order"},
        {{.sheet = "<sheetData><row r=\"4\"><c r=\"XFD4\"><v>1</v></c></row></sheetData>"},
         {0},
         YS_ELIMIT,
         4,
         "more than 1024 columns"},
        {{.sheet = "<sheetData><row r=\"1\"><c><v>1</v></row></sheetData>"},
         {0},
         YS_EDATA,
         1,
         "not well-formed"},
        {{.sheet = "<sheetData><row r=\"1\"><c t=\"str\"><v>&boom;</v></c></row></sheetData>"},
         {0},
         YS_EDATA,
         1,
         "not well-formed"},
        {{.sheet = "<sheetData><row r=\"1\"><c t=\"str\"><v>12345</v></c></row></sheetData>"},
         {.max_cell = 4},
         YS_ELIMIT,
         1,
         "too long"},
        {{.sheet = "<sheetData><row r=\"1\"><c><v>1</v></c></row><row r=\"2\"><c "
                   "t=\"str\"><v>12345</v></c><c t=\"str\"><v>1"
                   "</v></c></row></sheetData>"},
         {.max_row = 7},
         YS_ELIMIT,
         2,
         "too long"},
        {{.sheet = "<sheetData/>", .strings = "<si><t>12345</t></si>"},
         {.max_cell = 3},
         YS_ELIMIT,
         0,
         "longer than 3 bytes"},
        {{.sheet = "<sheetData/>", .strings = "<si><t>12345</t></si>"},
         {.max_part = 40},
         YS_ELIMIT,
         0,
         "zip bomb"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ys_str got = {0};
        ys_diag d = {0};
        ys_status st = dump(&cases[i].f, &cases[i].opt, &got, &d);
        if (st != cases[i].want || !strstr(d.en, cases[i].says))
            print_error("case %zu: %d %s\n", i, st, d.en);
        assert_int_equal(st, cases[i].want);
        assert_non_null(strstr(d.en, cases[i].says));
        assert_int_equal(d.row, cases[i].row);
        assert_string_equal(d.file, "t.xlsx");
        ys_str_done(&got);
    }
}

/* The same failure again, and the results as they were. */
static void spent_after_failure(void **state)
{
    size_t n;
    int cells = -7;
    const char *const *cell = NULL;
    ys_diag d = {0}, again = {0};
    ys_xlsx *x = NULL;
    ys_xlsx_rows *r = NULL;
    (void)state;
    void *bytes = fixture_book(&(fixture){.sheet = "<sheetData><row r=\"0\"/></sheetData>"}, &n);
    assert_int_equal(ys_xlsx_open_memory("t.xlsx", bytes, n, NULL, &x, &d), YS_OK);
    assert_int_equal(ys_xlsx_rows_open(x, 1, &r, &d), YS_ENOTFOUND);
    assert_int_equal(ys_xlsx_rows_open(x, 0, &r, &d), YS_OK);
    assert_int_equal(ys_xlsx_next(r, &cell, &cells, NULL, &d), YS_EDATA);
    assert_int_equal(ys_xlsx_next(r, &cell, &cells, NULL, &again), YS_EDATA);
    assert_string_equal(d.en, again.en);
    assert_string_equal(d.sheet, "表1");
    assert_int_equal(cells, -7);
    ys_xlsx_rows_close(r);
    ys_xlsx_close(x);
    ys_free(bytes);
}

static void doctype_refused(void **state)
{
    static const char bomb[] = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
    static const char *const names[] = {"_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml",
                                        "xl/styles.xml"};
    static const char rels[] =
        "<Relationships><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"xl/workbook.xml\"/>"
        "<Relationship Id=\"b\" Type=\"/styles\" Target=\"/xl/styles.xml\"/></Relationships>";
    (void)state;
    for (int i = 0; i < 4; i++) {
        fixture_part parts[5] = {{.name = names[0], .text = rels},
                                 {.name = names[1], .text = rels},
                                 {.name = names[2], .text = "<workbook/>"},
                                 {.name = names[3], .text = "<styleSheet/>"}};
        parts[i].text = bomb;
        size_t n;
        ys_xlsx *x = NULL;
        ys_diag d = {0};
        void *bytes = fixture_zip(parts, &n);
        assert_int_equal(ys_xlsx_open_memory("t.xlsx", bytes, n, NULL, &x, &d), YS_EDATA);
        assert_non_null(strstr(d.en, "document type"));
        assert_non_null(strstr(d.en, names[i]));
        assert_null(x);
        ys_free(bytes);
    }
    /* and in a sheet */
    ys_str got = {0};
    ys_diag d = {0};
    const fixture_part parts[] = {
        {.name = "_rels/.rels", .text = rels},
        {.name = "xl/_rels/workbook.xml.rels",
         .text = "<r><Relationship Id=\"q\" Type=\"/worksheet\" Target=\"s.xml\"/></r>"},
        {.name = "xl/workbook.xml", .text = "<w><sheets><sheet name=\"s\" id=\"q\"/></sheets></w>"},
        {.name = "xl/s.xml", .text = bomb},
        {.name = NULL}};
    size_t n;
    ys_xlsx *x = NULL;
    void *bytes = fixture_zip(parts, &n);
    assert_int_equal(ys_xlsx_open_memory("t.xlsx", bytes, n, NULL, &x, &d), YS_OK);
    assert_int_equal(dump_rows(x, &got, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "document type"));
    ys_xlsx_close(x);
    ys_str_done(&got);
    ys_free(bytes);
}

/* 34 MB of one letter in a shared string, and a sheet of three million equal rows: both pack to nearly nothing. */
static void zip_bombs(void **state)
{
    static const char strings[] = "<sst><si><t>A</t></si></sst>";
    static const char sheet[] = "<worksheet><sheetData><row></row></sheetData></worksheet>";
    static const char rels[] = "<r><Relationship Id=\"q\" Type=\"/worksheet\" Target=\"s.xml\"/>"
                               "<Relationship Id=\"t\" Type=\"/sharedStrings\" Target=\"t.xml\"/></r>";
    (void)state;
    for (int i = 0; i < 2; i++) {
        fixture_part parts[] = {
            {.name = "_rels/.rels",
             .text = "<r><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"xl/w.xml\"/></r>"},
            {.name = "xl/_rels/w.xml.rels", .text = rels},
            {.name = "xl/w.xml", .text = "<w><sheets><sheet name=\"s\" id=\"q\"/></sheets></w>"},
            {.name = "xl/s.xml",
             .text = sheet,
             .repeat_from = 22,
             .repeat_to = 33,
             .times = i == 0 ? 0 : 3 << 20},
            {.name = "xl/t.xml",
             .text = strings,
             .repeat_from = 12,
             .repeat_to = 13,
             .times = i == 0 ? 34 << 20 : 0},
            {.name = NULL}};
        size_t n;
        ys_xlsx *x = NULL;
        ys_diag d = {0};
        ys_str got = {0};
        void *bytes = fixture_zip(parts, &n);
        assert_true(n < (1 << 20));
        assert_int_equal(ys_xlsx_open_memory("bomb.xlsx", bytes, n, NULL, &x, &d), YS_OK);
        assert_int_equal(dump_rows(x, &got, &d), YS_ELIMIT);
        assert_non_null(strstr(d.en, "zip bomb"));
        ys_xlsx_close(x);
        ys_str_done(&got);
        ys_free(bytes);
    }
}

/* A tag without an end must not fill the memory. */
static void endless_tag(void **state)
{
    static const char sheet[] = "<worksheet a=\"xyzzy";
    fixture_part parts[] = {
        {.name = "_rels/.rels",
         .text = "<r><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"xl/w.xml\"/></r>"},
        {.name = "xl/_rels/w.xml.rels",
         .text = "<r><Relationship Id=\"q\" Type=\"/worksheet\" Target=\"s.xml\"/></r>"},
        {.name = "xl/w.xml", .text = "<w><sheets><sheet name=\"s\" id=\"q\"/></sheets></w>"},
        {.name = "xl/s.xml", .text = sheet, .repeat_from = 14, .repeat_to = 19, .times = 4 << 20},
        {.name = NULL}};
    size_t n;
    ys_xlsx *x = NULL;
    ys_diag d = {0};
    ys_str got = {0};
    (void)state;
    void *bytes = fixture_zip(parts, &n);
    assert_int_equal(ys_xlsx_open_memory("tag.xlsx", bytes, n, NULL, &x, &d), YS_OK);
    assert_int_equal(dump_rows(x, &got, &d), YS_ELIMIT);
    assert_non_null(strstr(d.en, "tag that is too long"));
    ys_xlsx_close(x);
    ys_free(bytes);
}

/* Cut anywhere, or with any byte changed, a workbook is an error or still readable; never a crash. */
static void damaged_archives(void **state)
{
    size_t n, failures = 0;
    ys_diag d = {0};
    (void)state;
    char *bytes =
        fixture_book(&(fixture){.sheet = "<sheetData><row r=\"1\"><c t=\"s\"><v>0</v></c></row></sheetData>",
                                .strings = "<si><t>户编号</t></si>",
                                .styles = STYLES},
                     &n);
    for (size_t cut = 0; cut < n; cut += 7) {
        ys_xlsx *x = NULL;
        ys_diag_clear(&d);
        assert_int_equal(ys_xlsx_open_memory("cut.xlsx", bytes, cut, NULL, &x, &d), YS_EDATA);
        assert_true(d.en[0] && d.zh[0] && d.fix_en[0]);
        assert_string_equal(d.file, "cut.xlsx");
    }
    for (size_t i = 0; i < n; i++) {
        ys_xlsx *x = NULL;
        ys_str got = {0};
        bytes[i] ^= 0x55;
        ys_status st = ys_xlsx_open_memory("bad.xlsx", bytes, n, NULL, &x, &d);
        if (st == YS_OK)
            st = dump_rows(x, &got, &d);
        failures += st != YS_OK;
        assert_true(st == YS_OK || st == YS_EDATA || st == YS_ELIMIT);
        ys_xlsx_close(x);
        ys_str_done(&got);
        bytes[i] ^= 0x55;
    }
    assert_true(failures > n / 3);
    ys_free(bytes);
}

static void no_workbooks(void **state)
{
    static const struct {
        fixture_part parts[4];
        const char *says;
    } cases[] = {
        {{{.name = "word/document.xml", .text = "<w/>"}}, "no XLSX workbook"},
        {{{.name = "_rels/.rels", .text = "<r/>"}}, "no main document"},
        {{{.name = "_rels/.rels",
           .text = "<r><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"../../../x\"/></r>"}},
         "not in the archive"},
        {{{.name = "_rels/.rels",
           .text = "<r><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"w.xml\"/></r>"},
          {.name = "_rels/w.xml.rels", .text = "<r/>"},
          {.name = "w.xml", .text = "<w><sheets><sheet name=\"s\" id=\"q\"/></sheets></w>"}},
         "no worksheet"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n;
        ys_xlsx *x = NULL;
        ys_diag d = {0};
        void *bytes = fixture_zip(cases[i].parts, &n);
        assert_int_equal(ys_xlsx_open_memory("t.xlsx", bytes, n, NULL, &x, &d), YS_EDATA);
        if (!strstr(d.en, cases[i].says))
            print_error("case %zu: %s\n", i, d.en);
        assert_non_null(strstr(d.en, cases[i].says));
        ys_free(bytes);
    }
    ys_xlsx *x = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_xlsx_open("no/such.xlsx", NULL, &x, &d), YS_ENOTFOUND);
}

static void merged_areas(void **state)
{
    static const struct {
        const char *tail;
        int n;
        ys_xlsx_merge first;
    } cases[] = {
        {"", 0, {0}},
        {"<mergeCells count=\"2\"><mergeCell ref=\"C2:D2\"/><mergeCell ref=\"A1:B3\"/></mergeCells>",
         2,
         {1, 3, 1, 2}},
        {"<mergeCells><mergeCell ref=\"$AA$10:$AB$11\"/></mergeCells><pageMargins/>", 1, {10, 11, 27, 28}},
        {"<mergeCells><mergeCell ref=\"B2\"/></mergeCells>", -1, {0}},
        {"<mergeCells><mergeCell ref=\"B2:A1\"/></mergeCells>", -1, {0}},
        {"<mergeCells><mergeCell/></mergeCells>", -1, {0}},
        {"<mergeCells>", -1, {0}},
    };
    (void)state;
    for (int empty = 0; empty < 2; empty++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const ys_xlsx_merge *m = NULL;
            int count = -1;
            size_t n;
            ys_str sheet = {0};
            ys_xlsx *x = NULL;
            ys_xlsx_rows *r = NULL;
            ys_str_puts(&sheet, empty ? "<sheetData />" : "<sheetData>");
            for (int k = 0; k < 9000 && !empty; k++) /* several blocks */
                ys_str_puts(&sheet, "<row><c t=\"str\"><v>/sheetData></v></c></row>");
            ys_str_printf(&sheet, "%s%s", empty ? "" : "</sheetData >", cases[i].tail);
            void *bytes = fixture_book(&(fixture){.sheet = ys_str_get(&sheet)}, &n);
            assert_int_equal(ys_xlsx_open_memory("t.xlsx", bytes, n, NULL, &x, NULL), YS_OK);
            assert_int_equal(ys_xlsx_rows_open(x, 0, &r, NULL), YS_OK);
            ys_status st = ys_xlsx_merges(r, &m, &count, NULL);
            assert_int_equal(st, cases[i].n < 0 ? YS_EDATA : YS_OK);
            assert_int_equal(count, cases[i].n);
            if (count > 0)
                assert_memory_equal(m, &cases[i].first, sizeof *m);
            ys_xlsx_rows_close(r);
            ys_xlsx_close(x);
            ys_free(bytes);
            ys_str_done(&sheet);
        }
    }
}

static void number_formats(void **state)
{
    static const struct {
        const char *code;
        int kind, zeros;
    } cases[] = {
        {"General", 0, 0},
        {"G/通用格式", 0, 0},
        {"0.00", 0, 0},
        {"#,##0.00\"元\"", 0, 0},
        {"000000", 0, 6},
        {"0", 0, 0},
        {"yyyy-mm-dd", 1, 0},
        {"[$-804]yyyy\"年\"m\"月\";@", 1, 0},
        {"m\"月\"d\"日\"", 1, 0},
        {"mm", 1, 0},
        {"h:mm", 2, 0},
        {"mm:ss.0", 2, 0},
        {"[h]:mm", 6, 0},
        {"yyyy/m/d h:mm", 3, 0},
        {"[Red]0.0;[Blue]-0.0", 0, 0},
        {"\"day \"0", 0, 0},
        {"\\d0", 0, 0},
        {"@", 0, 0},
        {"0.00E+00", 0, 0},
        {"[", 0, 0},
        {"\"", 0, 0},
        {"上午/下午h\"时\"mm\"分\"", 2, 0},
        {"0_ ;[Red]-0 ", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ys__format f = ys__format_parse(cases[i].code);
        if (f.kind != cases[i].kind || f.zeros != cases[i].zeros)
            print_error("%s: %d %d\n", cases[i].code, f.kind, f.zeros);
        assert_int_equal(f.kind, cases[i].kind);
        assert_int_equal(f.zeros, cases[i].zeros);
    }
    static const int dates[] = {14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58};
    static const int times[] = {18, 19, 20, 21, 32, 33, 45, 46, 47};
    static const int plain[] = {0, 1, 2, 9, 13, 23, 37, 44, 48, 49, 59, 164};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        assert_true(ys__format_builtin(dates[i]).kind & YS__FORMAT_DATE);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        assert_true(ys__format_builtin(times[i]).kind & YS__FORMAT_TIME);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_int_equal(ys__format_builtin(plain[i]).kind, 0);
}

/* Many strings beyond the budget come back from the file as they were, in any order. */
static void strings_spill(void **state)
{
    enum { N = 30000 };
    ys_str strings = {0}, sheet = {0}, want = {0}, got = {0};
    (void)state;
    ys_str_puts(&sheet, "<sheetData>");
    for (int i = 0; i < N; i++) {
        int other = (int)((int64_t)i * 7919 % N);
        ys_str_printf(&strings, "<si><t>菏泽市第 %d 户</t></si>", i);
        ys_str_printf(&sheet, "<row><c t=\"s\"><v>%d</v></c></row>", other);
        ys_str_printf(&want, "%d[菏泽市第 %d 户]\n", i + 1, other);
    }
    ys_str_puts(&sheet, "</sheetData>");
    fixture f = {.sheet = ys_str_get(&sheet), .strings = ys_str_get(&strings)};
    assert_int_equal(dump(&f, &(ys_xlsx_options){.strings_memory = 64 * 1024}, &got, NULL), YS_OK);
    assert_string_equal(ys_str_get(&got), ys_str_get(&want));
    ys_str_clear(&got);
    ys_diag d = {0};
    assert_int_equal(setenv("TMPDIR", "no/such/folder", 1), 0);
    assert_int_equal(dump(&f, &(ys_xlsx_options){.strings_memory = 64 * 1024}, &got, &d), YS_EIO);
    assert_non_null(strstr(d.fix_en, "TMPDIR"));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    ys_str_done(&strings);
    ys_str_done(&sheet);
    ys_str_done(&want);
    ys_str_done(&got);
}

/* The nth allocation of ours fails: ENOMEM, everything released. */
static void memory_short(void **state)
{
    size_t n;
    int64_t nth = 0;
    ys_status st = YS_ENOMEM;
    (void)state;
    void *bytes =
        fixture_book(&(fixture){.sheet = "<sheetData><row r=\"1\"><c t=\"s\"><v>0</v></c></row></sheetData>",
                                .strings = "<si><t>户编号</t></si>",
                                .styles = STYLES},
                     &n);
    while (st == YS_ENOMEM) {
        ys_xlsx *x = NULL;
        ys_xlsx_rows *r = NULL;
        const char *const *cell;
        int cells;
        ys_alloc_fail_from(++nth);
        st = ys_xlsx_open_memory("t.xlsx", bytes, n, NULL, &x, NULL);
        if (st == YS_OK)
            st = ys_xlsx_rows_open(x, 0, &r, NULL);
        if (st == YS_OK)
            st = ys_xlsx_next(r, &cell, &cells, NULL, NULL);
        ys_alloc_fail_from(0);
        ys_xlsx_rows_close(r);
        ys_xlsx_close(x);
    }
    assert_int_equal(st, YS_OK);
    assert_true(nth > 20);
    ys_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_sheets),         cmocka_unit_test(wrong_sheets),
        cmocka_unit_test(spent_after_failure), cmocka_unit_test(doctype_refused),
        cmocka_unit_test(zip_bombs),           cmocka_unit_test(endless_tag),
        cmocka_unit_test(damaged_archives),    cmocka_unit_test(no_workbooks),
        cmocka_unit_test(merged_areas),        cmocka_unit_test(number_formats),
        cmocka_unit_test(strings_spill),       cmocka_unit_test(memory_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
