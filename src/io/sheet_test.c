/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/str.h"
#include "io/sheet.h"
#include "io/xlsx_fixture.h"

typedef ys_status next_fn(ys_sheet *, const char *const **, int *, int64_t *, ys_diag *);

static ys_status dump(ys_sheet *s, next_fn *next, ys_str *to, ys_diag *diag)
{
    const char *const *cell;
    int n;
    int64_t row;
    ys_status st;
    while ((st = next(s, &cell, &n, &row, diag)) == YS_OK && cell) {
        assert_int_equal(row, ys_sheet_row(s));
        ys_str_printf(to, "%d", (int)row);
        for (int i = 0; i < n; i++)
            ys_str_printf(to, "[%s]", cell[i]);
        ys_str_putc(to, '\n');
    }
    return st;
}

static void csv_through_sheet(void **state)
{
    static const char text[] = "户编号,姓名\n,,\n\n1,张三\n";
    ys_sheet *s = NULL;
    ys_str got = {0};
    ys_diag d = {0};
    (void)state;
    assert_int_equal(ys_sheet_open_memory("a.xlsx", text, strlen(text), NULL, &s, &d),
                     YS_OK); /* the name lies */
    assert_int_equal(ys_sheet_kind_of(s), YS_SHEET_CSV);
    assert_int_equal(dump(s, ys_sheet_next_header, &got, &d), YS_OK);
    assert_string_equal(ys_str_get(&got), "1[户编号][姓名]\n4[1][张三]\n");
    assert_string_equal(ys_sheet_name(s), "");
    assert_int_equal(ys_sheet_count(s), 1);
    assert_false(ys_sheet_hidden_at(s, 0));
    assert_string_equal(ys_sheet_encoding(s), "UTF-8");
    assert_int_equal(ys_sheet_formulas(s), 0);
    ys_sheet_close(s);
    ys_str_done(&got);
    assert_int_equal(ys_sheet_open_memory("a.csv", text, strlen(text), "表1", &s, &d), YS_ENOTFOUND);
}

static void merged_header(void **state)
{
    static const char sheet[] =
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>花名册</v></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>户编号</v></c><c r=\"B2\" t=\"str\"><v>成员</v></c></row>"
        "<row r=\"3\"><c r=\"B3\" t=\"str\"><v>姓名</v></c><c r=\"C3\" t=\"str\"><v>年龄</v></c></row>"
        "<row r=\"4\"><c r=\"A4\"><v>1</v></c><c r=\"B4\" t=\"str\"><v>张三</v></c></row>"
        "<row r=\"5\"><c r=\"B5\" t=\"str\"><v>张四</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref=\"A4:A5\"/><mergeCell ref=\"A1:C1\"/><mergeCell "
        "ref=\"A2:A3\"/><mergeCell ref=\"B2:C2\"/>"
        "<mergeCell ref=\"E1:E9\"/></mergeCells>";
    size_t n;
    (void)state;
    void *bytes = fixture_book(&(fixture){.sheet = sheet}, &n);
    for (int filled = 0; filled < 2; filled++) {
        ys_sheet *s = NULL;
        ys_str got = {0};
        assert_int_equal(ys_sheet_open_memory("t.csv", bytes, n, NULL, &s, NULL), YS_OK);
        assert_int_equal(ys_sheet_kind_of(s), YS_SHEET_XLSX);
        assert_int_equal(dump(s, filled ? ys_sheet_next_header : ys_sheet_next, &got, NULL), YS_OK);
        assert_string_equal(ys_str_get(&got),
                            filled
                                ? "1[花名册][花名册][花名册]\n2[户编号][成员][成员]\n3[户编号][姓名][年龄]\n"
                                  "4[1][张三]\n5[1][张四]\n"
                                : "1[花名册]\n2[户编号][成员]\n3[][姓名][年龄]\n4[1][张三]\n5[][张四]\n");
        ys_sheet_close(s);
        ys_str_done(&got);
    }
    ys_free(bytes);
}

/* More areas than columns over one row cannot be: refused, not worked through. */
static void overlapping_merges(void **state)
{
    ys_str sheet = {0};
    size_t n;
    ys_sheet *s = NULL;
    ys_diag d = {0};
    const char *const *cell;
    int cells;
    (void)state;
    ys_str_puts(&sheet, "<sheetData><row><c><v>1</v></c></row></sheetData><mergeCells>");
    for (int i = 0; i < 1100; i++)
        ys_str_puts(&sheet, "<mergeCell ref=\"A1:B9\"/>");
    ys_str_puts(&sheet, "</mergeCells>");
    void *bytes = fixture_book(&(fixture){.sheet = ys_str_get(&sheet)}, &n);
    assert_int_equal(ys_sheet_open_memory("t.xlsx", bytes, n, NULL, &s, &d), YS_OK);
    assert_int_equal(ys_sheet_next_header(s, &cell, &cells, NULL, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "overlap"));
    ys_sheet_close(s);
    ys_free(bytes);
    ys_str_done(&sheet);
}

/* The same by path, from a file with a lying name and from a pipe. */
static void by_path(void **state)
{
    char folder[] = "/tmp/yaoshi-sheet-XXXXXX", path[64];
    size_t n;
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/book.csv", folder);
    void *bytes = fixture_book(
        &(fixture){.sheet = "<sheetData><row><c><f>1</f><v>1</v></c><c><f>x</f></c></row></sheetData>"}, &n);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    ys_sheet *s = NULL;
    ys_str got = {0};
    assert_int_equal(ys_sheet_open(path, "表1", &s, NULL), YS_OK);
    assert_int_equal(dump(s, ys_sheet_next, &got, NULL), YS_OK);
    assert_string_equal(ys_str_get(&got), "1[1]\n");
    assert_int_equal(ys_sheet_kind_of(s), YS_SHEET_XLSX);
    assert_int_equal(ys_sheet_formulas(s), 2);
    assert_int_equal(ys_sheet_formulas_blank(s), 1);
    assert_string_equal(ys_sheet_file(s), path);
    assert_string_equal(ys_sheet_encoding(s), "UTF-8");
    ys_sheet_close(s);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    ys_free(bytes);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a,b\n1,2\n", 8), 8);
    close(ends[1]);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    ys_str_clear(&got);
    assert_int_equal(ys_sheet_open(path, NULL, &s, NULL), YS_OK);
    assert_int_equal(dump(s, ys_sheet_next, &got, NULL), YS_OK);
    assert_string_equal(ys_str_get(&got), "1[a][b]\n2[1][2]\n");
    ys_sheet_close(s);
    close(ends[0]);
    ys_str_done(&got);
}

static void sheets_by_name(void **state)
{
    const fixture_part parts[] = {
        {.name = "_rels/.rels",
         .text = "<r><Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"xl/w.xml\"/></r>"},
        {.name = "xl/_rels/w.xml.rels",
         .text = "<r><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"1.xml\"/><Relationship Id=\"2\" "
                 "Type=\"/worksheet\" "
                 "Target=\"2.xml\"/><Relationship Id=\"3\" Type=\"/chartsheet\" Target=\"3.xml\"/></r>"},
        {.name = "xl/w.xml",
         .text = "<w><sheets><sheet name=\"说明\" id=\"1\" state=\"hidden\"/><sheet name=\"图\" id=\"3\"/>"
                 "<sheet name=\"户\" id=\"2\"/></sheets></w>"},
        {.name = "xl/1.xml", .text = "<w><sheetData><row><c><v>1</v></c></row></sheetData></w>"},
        {.name = "xl/2.xml", .text = "<w><sheetData><row><c><v>2</v></c></row></sheetData></w>"},
        {.name = NULL}};
    static const struct {
        const char *ask, *name, *rows;
    } cases[] = {{NULL, "户", "1[2]\n"}, {"户", "户", "1[2]\n"}, {"说明", "说明", "1[1]\n"}};
    size_t n;
    ys_sheet *s = NULL;
    ys_diag d = {0};
    (void)state;
    void *bytes = fixture_zip(parts, &n);
    for (int i = 0; i < 3; i++) {
        ys_str got = {0};
        assert_int_equal(ys_sheet_open_memory("t.xlsx", bytes, n, cases[i].ask, &s, &d), YS_OK);
        assert_string_equal(ys_sheet_name(s), cases[i].name);
        assert_int_equal(ys_sheet_count(s), 2);
        assert_string_equal(ys_sheet_name_at(s, 0), "说明");
        assert_true(ys_sheet_hidden_at(s, 0));
        assert_false(ys_sheet_hidden_at(s, 1));
        assert_int_equal(dump(s, ys_sheet_next, &got, &d), YS_OK);
        assert_string_equal(ys_str_get(&got), cases[i].rows);
        ys_sheet_close(s);
        ys_str_done(&got);
    }
    assert_int_equal(ys_sheet_open_memory("t.xlsx", bytes, n, "图", &s, &d), YS_ENOTFOUND);
    assert_non_null(strstr(d.zh, "说明、户"));
    ys_free(bytes);
}

static void wrong_files(void **state)
{
    static const char ole[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1........";
    static const char empty_zip[] = "PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    ys_sheet *s = NULL;
    ys_diag d = {0};
    (void)state;
    assert_int_equal(ys_sheet_open("no/such.xlsx", NULL, &s, &d), YS_ENOTFOUND);
    assert_int_equal(ys_sheet_open_memory("t.xls", ole, sizeof ole - 1, NULL, &s, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "old binary .xls"));
    assert_non_null(strstr(d.fix_zh, ".xlsx"));
    ys_diag_clear(&d);
    assert_int_equal(ys_sheet_open_memory("e.xlsx", empty_zip, sizeof empty_zip - 1, NULL, &s, &d), YS_EDATA);
    assert_string_equal(d.file, "e.xlsx");
    assert_int_equal(ys_sheet_open_memory("cut.xlsx", "PK\3\4....", 8, NULL, &s, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "cut short"));
    assert_null(s);
}

static void excel_damage(void **state)
{
    static const struct {
        const char *text;
        ys_excel_damage want;
    } cases[] = {
        {"", YS_EXCEL_NONE},
        {"371702198001010013", YS_EXCEL_NONE},
        {"37170219800101001X", YS_EXCEL_NONE},
        {"371702100000", YS_EXCEL_NONE},
        {"0000000000000000", YS_EXCEL_NONE},
        {"3.71702E+17", YS_EXCEL_EXPONENT},
        {"3.71702e17", YS_EXCEL_EXPONENT},
        {"4E+11", YS_EXCEL_EXPONENT},
        {"E+11", YS_EXCEL_NONE},
        {"4E", YS_EXCEL_NONE},
        {"4E+1x", YS_EXCEL_NONE},
        {"371702198001010000", YS_EXCEL_ZEROED},
        {"6222021234567890001", YS_EXCEL_NONE},
        {"6222021234567891000", YS_EXCEL_NONE},
        {"6222021234567890000", YS_EXCEL_ZEROED},
        {"6222021234567890", YS_EXCEL_ZEROED},
        {"371702198001010010", YS_EXCEL_NONE},
        {"'037170", YS_EXCEL_APOSTROPHE},
        {"371702.0", YS_EXCEL_POINT},
        {"371702.00", YS_EXCEL_POINT},
        {"371702.5", YS_EXCEL_NONE},
        {"371702.", YS_EXCEL_NONE},
        {"#N/A", YS_EXCEL_ERROR},
        {"#REF!", YS_EXCEL_ERROR},
        {"#NA", YS_EXCEL_NONE},
        {"#未问", YS_EXCEL_NONE},
        {"######", YS_EXCEL_HASHES},
        {"#", YS_EXCEL_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ys_excel_damage got = ys_cell_excel_damage(cases[i].text);
        if (got != cases[i].want)
            print_error("%s: %d\n", cases[i].text, got);
        assert_int_equal(got, cases[i].want);
        assert_int_equal(got == YS_EXCEL_NONE, ys_excel_damage_zh(got)[0] == '\0');
        assert_int_equal(got == YS_EXCEL_NONE, ys_excel_damage_en(got)[0] == '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_through_sheet), cmocka_unit_test(merged_header),
        cmocka_unit_test(sheets_by_name),    cmocka_unit_test(overlapping_merges),
        cmocka_unit_test(by_path),           cmocka_unit_test(wrong_files),
        cmocka_unit_test(excel_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
