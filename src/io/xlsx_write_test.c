/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/num.h"
#include "base/rng.h"
#include "base/str.h"
#include "io/sheet.h"
#include "io/xlsx_internal.h"
#include "io/xlsx_write.h"
#include "yaoshi/table.h"

static char folder[] = "/tmp/yaoshi-xlsx-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* fails if a test left something behind */
}

static const char *path_of(const char *name)
{
    static char path[2][256];
    static int turn;
    turn = !turn;
    (void)snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static const ys_xlsx_column columns[] = {{"编号", 20, YS_XLSX_TEXT},
                                         {"人数", 0, YS_XLSX_INT},
                                         {"得分", 8, YS_XLSX_REAL},
                                         {"缺口", 12, YS_XLSX_MONEY},
                                         {"日期", 12, YS_XLSX_DATE}};
static const char *const titles[] = {"帮扶计划", "数据截至 2016-08-27"};

static void fill(const char *path)
{
    ys_xlsx_writer *w = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_xlsx_create(path, &(ys_xlsx_props){.title = "计划", .author = "yaoshi"}, &w, &d),
                     YS_OK);
    const ys_xlsx_sheet first = {"计划", titles, 2, columns, 5},
                        second = {"未满足/需求[2016]", NULL, 0, columns, 5};
    assert_int_equal(ys_xlsx_add_sheet(w, &first, &d), YS_OK);
    ys_xlsx_put_text(w, "371702198001010013");
    ys_xlsx_put_int(w, 3);
    ys_xlsx_put_real(w, 0.1);
    ys_xlsx_put_money(w, -123456);
    ys_xlsx_put_date(w, ys_date_from(2016, 8, 27));
    assert_int_equal(ys_xlsx_end_row(w, &d), YS_OK);
    ys_xlsx_put_text(w, "=HYPERLINK(\"http://x\")");
    ys_xlsx_put_int(w, INT64_C(371702198001010013)); /* more digits than a spreadsheet keeps */
    ys_xlsx_put_real(w, NAN);
    ys_xlsx_put_money(w, YS_NA);
    ys_xlsx_put_date(w, ys_date_from(1890, 1, 2));
    assert_int_equal(ys_xlsx_end_row(w, &d), YS_OK);
    ys_xlsx_put_text(w, NULL);
    ys_xlsx_put_int(w, YS_NOT_ASKED);
    ys_xlsx_put_real(w, -2);
    ys_xlsx_put_money(w, INT64_C(9007199254740993));
    assert_int_equal(ys_xlsx_end_row(w, &d), YS_OK);
    assert_int_equal(ys_xlsx_add_sheet(w, &second, &d), YS_OK);
    ys_xlsx_put_text(w, "  两端 空格 ");
    assert_int_equal(ys_xlsx_end_row(w, &d), YS_OK);
    assert_int_equal(ys_xlsx_add_sheet(w, &first, &d), YS_ECONFLICT);
    assert_int_equal(ys_xlsx_finish(w, &d), YS_OK);
}

static void expect(const char *path, const char *sheet, const char *want)
{
    ys_sheet *s = NULL;
    ys_diag d = {0};
    ys_str got = {0};
    const char *const *cell;
    int n;
    int64_t row;
    assert_int_equal(ys_sheet_open(path, sheet, &s, &d), YS_OK);
    for (;;) {
        assert_int_equal(ys_sheet_next(s, &cell, &n, &row, &d), YS_OK);
        if (!cell)
            break;
        ys_str_printf(&got, "%d", (int)row);
        for (int i = 0; i < n; i++)
            ys_str_printf(&got, "[%s]", cell[i]);
        ys_str_putc(&got, '\n');
    }
    assert_string_equal(ys_str_get(&got), want);
    assert_int_equal(ys_sheet_formulas(s), 0);
    ys_str_done(&got);
    ys_sheet_close(s);
}

static void written_is_read(void **state)
{
    const char *path = path_of("a.xlsx");
    (void)state;
    fill(path);
    expect(path, NULL,
           "1[帮扶计划]\n2[数据截至 2016-08-27]\n3[编号][人数][得分][缺口][日期]\n"
           "4[371702198001010013][3][0.1][-1234.56][2016-08-27]\n"
           "5[=HYPERLINK(\"http://x\")][371702198001010013][][][1890-01-02]\n"
           "6[][][-2][90071992547409.93]\n");
    expect(path, "未满足_需求_2016_", "1[编号][人数][得分][缺口][日期]\n2[  两端 空格 ]\n");
    unlink(path);
}

static char *slurp(const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = ys_malloc(1 << 20);
    *ret_n = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    return bytes;
}

static void same_bytes(void **state)
{
    const char *a = path_of("a.xlsx"), *b = path_of("b.xlsx");
    size_t na, nb;
    (void)state;
    fill(a);
    sleep(2); /* the time in a zip archive counts by two seconds */
    fill(b);
    char *one = slurp(a, &na), *two = slurp(b, &nb);
    assert_int_equal(na, nb);
    assert_memory_equal(one, two, na);
    ys_free(one);
    ys_free(two);
    unlink(a);
    unlink(b);
}

/* The raw XML: text cells where texts belong, no formula anywhere, the header frozen, styles as declared. */
static void as_declared(void **state)
{
    const char *path = path_of("a.xlsx");
    (void)state;
    fill(path);
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(zip);
    static const char *const parts[] = {"xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"};
    char *text[3];
    for (int i = 0; i < 3; i++) {
        zip_file_t *f = zip_fopen(zip, parts[i], 0);
        assert_non_null(f);
        text[i] = ys_calloc(1, 1 << 16);
        assert_true(zip_fread(f, text[i], (1 << 16) - 1) > 0);
        zip_fclose(f);
    }
    assert_null(strstr(text[0], "<f>"));
    assert_non_null(strstr(text[0], "t=\"inlineStr\"><is><t>371702198001010013</t>"));
    assert_non_null(strstr(text[0], "ySplit=\"3\""));
    assert_non_null(strstr(text[0], "state=\"frozen\""));
    assert_non_null(strstr(text[1], "#,##0.00"));
    assert_non_null(strstr(text[1], "numFmtId=\"49\"")); /* the text format @ */
    assert_non_null(strstr(text[2], "2000-01-01T00:00:00Z"));
    for (int i = 0; i < 3; i++)
        ys_free(text[i]);
    zip_discard(zip);
    unlink(path);
}

static void failures(void **state)
{
    ys_xlsx_writer *w = NULL;
    ys_diag d = {0};
    (void)state;
    const ys_xlsx_sheet sheet = {"s", NULL, 0, columns, 5};
    /* a folder that is not there: told at once */
    assert_int_equal(ys_xlsx_create(path_of("no/such/a.xlsx"), NULL, &w, &d), YS_EIO);
    assert_null(w);
    assert_true(d.fix_en[0]);
    /* a text longer than a cell can hold: row and column */
    char *big = ys_malloc(40001);
    memset(big, 'x', 40000);
    big[40000] = '\0';
    const char *path = path_of("b.xlsx");
    ys_diag_clear(&d);
    assert_int_equal(ys_xlsx_create(path, NULL, &w, &d), YS_OK);
    ys_xlsx_put_text(w, "no sheet yet");
    assert_int_equal(ys_xlsx_end_row(w, NULL), YS_EINTERNAL);
    assert_int_equal(ys_xlsx_add_sheet(w, &sheet, &d), YS_OK);
    ys_xlsx_put_text(w, "a");
    ys_xlsx_put_text(w, big);
    ys_xlsx_put_text(w, "b");
    assert_int_equal(ys_xlsx_end_row(w, &d), YS_ELIMIT);
    assert_int_equal(d.row, 2);
    assert_int_equal(d.col, 2);
    assert_int_equal(ys_xlsx_finish(w, &d), YS_ELIMIT);
    assert_int_equal(access(path, F_OK), -1);
    ys_free(big);
    /* given up: no file either */
    assert_int_equal(ys_xlsx_create(path, NULL, &w, &d), YS_OK);
    assert_int_equal(ys_xlsx_add_sheet(w, &sheet, &d), YS_OK);
    ys_xlsx_discard(w);
    ys_xlsx_discard(NULL);
    assert_int_equal(access(path, F_OK), -1);
}

/* A disk that fills up while the rows wait in temporary files: never a workbook that looks whole and is not. */
static void disk_full(void **state)
{
    const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    int failed = 0;
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    for (rlim_t room = 1 << 12; room <= 1 << 20; room *= 4) {
        const char *path = path_of("full.xlsx");
        ys_xlsx_writer *w = NULL;
        ys_diag d = {0};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){room, all.rlim_max}), 0);
        ys_status st = ys_xlsx_create(path, NULL, &w, &d);
        assert_int_equal(st, YS_OK);
        st = ys_xlsx_add_sheet(w, &(ys_xlsx_sheet){"s", titles, 2, columns, 5}, &d);
        for (int i = 0; i < 2000 && st == YS_OK; i++) {
            ys_xlsx_put_text(w, "371702198001010013");
            ys_xlsx_put_int(w, i);
            st = ys_xlsx_end_row(w, &d);
        }
        st = ys_xlsx_finish(w, &d);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
        assert_true(st == YS_OK || st == YS_EIO);
        failed += st != YS_OK;
        assert_int_equal(access(path, F_OK), st == YS_OK ? 0 : -1);
        unlink(path);
    }
    assert_int_equal(failed, 3); /* 4, 16 and 64 KB; the sheet is about 200 KB of XML */
}

static void names_fit(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"", "Sheet"},
        {"a:b*c?d/e\\f[g]", "a_b_c_d_e_f_g_"},
        {"'quoted'", "_quoted_"},
        {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三",
         "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"},
        {"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = path_of("n.xlsx");
        ys_xlsx_writer *w = NULL;
        ys_sheet *s = NULL;
        assert_int_equal(ys_xlsx_create(path, NULL, &w, NULL), YS_OK);
        assert_int_equal(ys_xlsx_add_sheet(w, &(ys_xlsx_sheet){cases[i].in, NULL, 0, columns, 5}, NULL),
                         YS_OK);
        assert_int_equal(ys_xlsx_finish(w, NULL), YS_OK);
        assert_int_equal(ys_sheet_open(path, NULL, &s, NULL), YS_OK);
        assert_string_equal(ys_sheet_name(s), cases[i].out);
        ys_sheet_close(s);
        unlink(path);
    }
}

/* Random texts, numbers, money and dates come back as the writer of CSV would have put them. */
static void round_trip(void **state)
{
    static const char *const bits[] = {"a",  "<",       "&", "\"", "\n",  " ",    "张",
                                       "𠮷", "_x0041_", "'", "=",  "]]>", "\x01", "0"};
    ys_rng rng;
    (void)state;
    ys_rng_init(&rng, 11, 1);
    for (int round = 0; round < 20; round++) {
        const char *path = path_of("r.xlsx");
        ys_xlsx_writer *w = NULL;
        ys_str want[60] = {{0}};
        char buf[64];
        assert_int_equal(ys_xlsx_create(path, NULL, &w, NULL), YS_OK);
        /* What describes the sheet may be gone after the call: address sanitizer looks. */
        ys_xlsx_column *own = ys_malloc(5 * sizeof *own);
        assert_non_null(own);
        memcpy(own, columns, 5 * sizeof *own);
        assert_int_equal(ys_xlsx_add_sheet(w, &(ys_xlsx_sheet){"r", NULL, 0, own, 5}, NULL), YS_OK);
        ys_free(own);
        for (int row = 0; row < 12; row++) {
            ys_str *cell = want + row * 5;
            ys_str_puts(&cell[0], "t");
            for (int64_t k = ys_rng_below(&rng, 9); k > 0; k--)
                ys_str_puts(&cell[0], bits[ys_rng_below(&rng, 14)]);
            int64_t i = ys_rng_below(&rng, 1000000) - 500000,
                    money = ys_rng_below(&rng, 2000000) * 100 - 100000000;
            double real = ys_rng_normal(&rng) * 1000;
            int32_t date = (int32_t)ys_rng_below(&rng, 40000);
            ys_xlsx_put_text(w, ys_str_get(&cell[0]));
            ys_xlsx_put_int(w, i);
            ys_xlsx_put_real(w, real);
            ys_xlsx_put_money(w, money);
            ys_xlsx_put_date(w, date);
            assert_int_equal(ys_xlsx_end_row(w, NULL), YS_OK);
            ys_str_printf(&cell[1], "%lld", (long long)i);
            (void)snprintf(buf, sizeof buf, "%.16g", real); /* the digits libxlsxwriter writes */
            double read_back = strtod(buf, NULL);
            ys_str_puts(&cell[2], ys_format_real(read_back, buf, sizeof buf));
            ys_str_printf(&cell[3], "%lld", (long long)(money / 100));
            ys_str_puts(&cell[4], ys_format_date(date, buf, sizeof buf));
        }
        assert_int_equal(ys_xlsx_finish(w, NULL), YS_OK);
        ys_sheet *s = NULL;
        const char *const *cell;
        int n;
        assert_int_equal(ys_sheet_open(path, NULL, &s, NULL), YS_OK);
        assert_int_equal(ys_sheet_next(s, &cell, &n, NULL, NULL), YS_OK);
        for (int row = 0; row < 12; row++) {
            assert_int_equal(ys_sheet_next(s, &cell, &n, NULL, NULL), YS_OK);
            assert_non_null(cell);
            assert_int_equal(n, 5);
            for (int k = 0; k < 5; k++)
                assert_string_equal(cell[k], ys_str_get(&want[row * 5 + k]));
        }
        ys_sheet_close(s);
        for (int i = 0; i < 60; i++)
            ys_str_done(&want[i]);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_is_read), cmocka_unit_test(same_bytes), cmocka_unit_test(as_declared),
        cmocka_unit_test(failures),        cmocka_unit_test(disk_full),  cmocka_unit_test(names_fit),
        cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
