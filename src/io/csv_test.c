/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <math.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/rng.h"
#include "base/str.h"
#include "io/csv.h"
#include "yaoshi/table.h"

/* All rows as "row:line[a][b]\n". */
static ys_status dump(ys_csv *c, ys_str *to, ys_diag *diag)
{
    const char *const *cell;
    int n;
    int64_t row;
    ys_status st;
    while ((st = ys_csv_next(c, &cell, &n, &row, diag)) == YS_OK && cell) {
        assert_int_equal(row, ys_csv_row(c));
        ys_str_printf(to, "%lld:%lld", (long long)row, (long long)ys_csv_line(c));
        for (int i = 0; i < n; i++)
            ys_str_printf(to, "[%s]", cell[i]);
        ys_str_putc(to, '\n');
    }
    return st;
}

static void good_inputs(void **state)
{
    static const struct {
        const char *in;
        size_t n; /* 0: strlen */
        const char *want, *encoding;
    } cases[] = {
        {"", 0, "", "ASCII"},
        {"\n\n", 0, "", "ASCII"},
        {"a,b\n1,2\n", 0, "1:1[a][b]\n2:2[1][2]\n", "ASCII"},
        {"a,b\r\n1,2", 0, "1:1[a][b]\n2:2[1][2]\n", "ASCII"},
        {"a,b\r1,2\r", 0, "1:1[a][b]\n2:2[1][2]\n", "ASCII"},
        {"a\r\r\nb\n\nc", 0, "1:1[a]\n3:3[b]\n5:5[c]\n", "ASCII"},
        {"a,\n,\n", 0, "1:1[a][]\n2:2[][]\n", "ASCII"},
        {"\"\"\n", 0, "1:1[]\n", "ASCII"},
        {"\"a,\"\"b\"\"\",c\n", 0, "1:1[a,\"b\"][c]\n", "ASCII"},
        {"\"x\ny\r\nz\",2\nq,3\n", 0, "1:1[x\ny\r\nz][2]\n2:4[q][3]\n", "ASCII"},
        {"5\" pipe,b\"c\n", 0, "1:1[5\" pipe][b\"c]\n", "ASCII"},
        {"a\tb,c\td\n", 0, "1:1[a][b,c][d]\n", "ASCII"},
        {"a;b;c\n1;2,5;3\n", 0, "1:1[a][b][c]\n2:2[1][2,5][3]\n", "ASCII"},
        {"\"a;b;c;d\",e\n", 0, "1:1[a;b;c;d][e]\n", "ASCII"},
        {"sep=;\r\na;b,c,d,e\r\n", 0, "2:2[a][b,c,d,e]\n", "ASCII"},
        {"\xEF\xBB\xBF户编号,姓名\n1,张三\n", 0, "1:1[户编号][姓名]\n2:2[1][张三]\n", "UTF-8"},
        {"id,name\n1,张三\n2,\xF0\xA0\x80\x80\n", 0, "1:1[id][name]\n2:2[1][张三]\n3:3[2][𠀀]\n", "UTF-8"},
        /* 户编号,姓名 / 1,张三 in GB2312; 镕 is only in GBK, 𠮷 only in the four-byte part of GB18030 */
        {"\xBB\xA7\xB1\xE0\xBA\xC5,\xD0\xD5\xC3\xFB\n1,\xD5\xC5\xC8\xFD\n", 0,
         "1:1[户编号][姓名]\n2:2[1][张三]\n", "GB18030"},
        {"1,\xD6\xEC\xE9\x46\xBB\xF9\n", 0, "1:1[1][朱镕基]\n", "GB18030"},
        {"1,\x95\x34\xB2\x35\n", 0, "1:1[1][𠮷]\n", "GB18030"},
        {"\xFF\xFE"
         "a\0\t\0\x37\x62\n\0",
         10, "1:1[a][户]\n", "UTF-16LE"},
        {"\xFE\xFF\0a\0,\x62\x37\0\n", 10, "1:1[a][户]\n", "UTF-16BE"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ys_csv *c = NULL;
        ys_diag d = {0};
        ys_str got = {0};
        size_t n = cases[i].n ? cases[i].n : strlen(cases[i].in);
        assert_int_equal(ys_csv_open_memory("t.csv", cases[i].in, n, NULL, &c, &d), YS_OK);
        ys_status st = dump(c, &got, &d);
        if (st != YS_OK)
            print_error("case %zu: %s\n", i, d.en);
        assert_int_equal(st, YS_OK);
        assert_string_equal(ys_str_get(&got), cases[i].want);
        assert_string_equal(ys_csv_encoding(c), cases[i].encoding);
        ys_csv_close(c);
        ys_str_done(&got);
    }
}

static void wrong_inputs(void **state)
{
    static const struct {
        const char *in;
        size_t n;
        ys_csv_options opt;
        ys_status want;
        int64_t row, col;
        const char *says;
    } cases[] = {
        {"a,b\n1,\"2\n3,4\n", 0, {0}, YS_EDATA, 2, 2, "opened in row 2 (line 2"},
        {"a\n\"x\ny\"\n\"open\nmore\n", 0, {0}, YS_EDATA, 3, 1, "opened in row 3 (line 4"},
        {"a,b\n\"1\"x,2\n", 0, {0}, YS_EDATA, 2, 1, "after the closing quote"},
        {"a,b\n1,2\0003\n", 10, {0}, YS_EDATA, 2, 2, "NUL"},
        {"a,b\n张三,李四\n王\xE4\xB8,五五五\n", 0, {0}, YS_EDATA, 3, 1, "not UTF-8"},
        {"a,张三李四\n1,\xED\xA0\x80\n", 0, {0}, YS_EDATA, 2, 2, "not UTF-8"},
        {"\xEF\xBB\xBF"
         "a,b\n1,\xBB\xA7\n",
         0,
         {0},
         YS_EDATA,
         2,
         2,
         "not UTF-8"},
        {"\xBB\xA7\xB1\xE0\xBA\xC5,x\n1,2\n3,\xD5\xC5\xFF\n", 0, {0}, YS_EDATA, 3, 2, "not GB18030"},
        {"caf\xE9,b\n", 0, {0}, YS_EDATA, 1, 1, "not GB18030"},
        {"a,b\n1,12345\n", 0, {.max_field = 4}, YS_ELIMIT, 2, 2, "more than 4 bytes"},
        {"a,b\n1234567890,1234567890\n", 0, {.max_record = 16}, YS_ELIMIT, 2, 0, "longer than 16 bytes"},
        {"a,b\n1,\"234567890\n1234567890\n\n\n\n", 0, {.max_record = 16}, YS_EDATA, 2, 2, "never closed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ys_csv *c = NULL;
        ys_diag d = {0}, again = {0};
        ys_str got = {0};
        const char *const *cell = NULL;
        int cells = -7;
        size_t n = cases[i].n ? cases[i].n : strlen(cases[i].in);
        assert_int_equal(ys_csv_open_memory("t.csv", cases[i].in, n, &cases[i].opt, &c, &d), YS_OK);
        assert_int_equal(dump(c, &got, &d), cases[i].want);
        if (!strstr(d.en, cases[i].says))
            print_error("case %zu: %s\n", i, d.en);
        assert_non_null(strstr(d.en, cases[i].says));
        assert_int_equal(d.row, cases[i].row);
        assert_int_equal(d.col, cases[i].col);
        assert_string_equal(d.file, "t.csv");
        assert_true(d.zh[0] && d.fix_zh[0] && d.fix_en[0]);
        assert_int_equal(ys_csv_next(c, &cell, &cells, NULL, &again),
                         cases[i].want); /* spent, ret_ untouched */
        assert_string_equal(again.en, d.en);
        assert_int_equal(cells, -7);
        ys_csv_close(c);
        ys_str_done(&got);
    }
}

/* A source that gives `pattern` again and again until `left` bytes are out, at most `most` at a time. */
typedef struct endless {
    const char *head, *pattern;
    int64_t left, given;
    size_t most;
} endless;

static int64_t read_endless(void *arg, void *buf, size_t n)
{
    endless *e = arg;
    char *out = buf;
    size_t head = strlen(e->head), period = strlen(e->pattern);
    if (n > e->most)
        n = e->most;
    if ((int64_t)n > e->left)
        n = (size_t)e->left;
    for (size_t i = 0; i < n; i++, e->given++)
        out[i] = (size_t)e->given < head ? e->head[e->given] : e->pattern[((size_t)e->given - head) % period];
    e->left -= (int64_t)n;
    return (int64_t)n;
}

static void gigabyte_line(void **state)
{
    static const struct {
        const char *head;
        int64_t row;
    } cases[] = {{"a,b\n", 2}, {"a,b\n1,2\n3,\"", 3}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        endless e = {
            .head = cases[i].head, .pattern = "0123456789", .left = (int64_t)1 << 30, .most = 1 << 20};
        ys_csv *c = NULL;
        ys_diag d = {0};
        ys_str got = {0};
        assert_int_equal(ys_csv_open_stream("big.csv", read_endless, &e, NULL, &c, &d), YS_OK);
        assert_int_equal(dump(c, &got, &d), YS_ELIMIT);
        assert_int_equal(d.row, cases[i].row);
        assert_true(e.given < (64 << 20)); /* gave up long before the gigabyte */
        ys_csv_close(c);
        ys_str_done(&got);
    }
}

static void too_many_columns(void **state)
{
    endless e = {.head = "", .pattern = "1,", .left = 3000, .most = 7};
    ys_csv *c = NULL;
    ys_diag d = {0};
    ys_str got = {0};
    (void)state;
    assert_int_equal(ys_csv_open_stream("wide.csv", read_endless, &e, NULL, &c, &d), YS_OK);
    assert_int_equal(dump(c, &got, &d), YS_ELIMIT);
    assert_non_null(strstr(d.en, "1024 columns"));
    ys_csv_close(c);
    ys_str_done(&got);
}

/* Records and characters across every block boundary: the same text in blocks of any size reads the same. */
static void any_block_size(void **state)
{
    static const struct {
        const char *pattern, *encoding;
    } cases[] = {
        {"张三,\"引\"\"号\r\n里\",12345\r\n", "UTF-8"},
        {"\xD5\xC5\xC8\xFD,\"\xD2\xFD\"\"\xBA\xC5\r\n\xC0\xEF\",12345\r\n", "GB18030"},
    };
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        char *first = NULL;
        int64_t size = (int64_t)strlen(cases[k].pattern) * 20000; /* more than one buffer */
        for (size_t most = 1 << 20; most >= 61; most = most > 4096 ? 4093 : most > 61 ? 61 : 0) {
            endless e = {.head = "", .pattern = cases[k].pattern, .left = size, .most = most};
            ys_csv *c = NULL;
            ys_str got = {0};
            assert_int_equal(ys_csv_open_stream("t.csv", read_endless, &e, NULL, &c, NULL), YS_OK);
            assert_int_equal(dump(c, &got, NULL), YS_OK);
            assert_string_equal(ys_csv_encoding(c), cases[k].encoding);
            assert_int_equal(ys_csv_row(c), 20000);
            ys_csv_close(c);
            if (first) {
                assert_string_equal(first, ys_str_get(&got));
                ys_str_done(&got);
            } else {
                first = ys_str_detach(&got);
                assert_non_null(strstr(first, "20000:39999[张三][引\"号\r\n里][12345]\n"));
            }
        }
        ys_free(first);
    }
}

/* The first other byte far behind the start, at any place of a block: ASCII until there, then recognised. */
static void late_recognition(void **state)
{
    static const struct {
        const char *tail, *encoding;
        ys_status want;
    } cases[] = {{"张三,1\n李四,2\n", "UTF-8", YS_OK},
                 {"\xD5\xC5\xC8\xFD,1\n\xC0\xEE\xCB\xC4,2\n", "GB18030", YS_OK},
                 {"张\xE4三,1\n李四,2\n", "UTF-8", YS_EDATA}};
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        for (size_t shift = 0; shift < 9; shift++) {
            ys_str text = {0}, got = {0};
            ys_csv *c = NULL;
            while (text.len < 5 * 65536 - 12 + shift)
                ys_str_puts(&text, text.len % 100 == 98 || text.len % 100 == 0 ? "\n" : "x");
            ys_str_putc(&text, '\n');
            ys_str_puts(&text, cases[k].tail);
            assert_int_equal(ys_csv_open_memory("t", text.data, text.len, NULL, &c, NULL), YS_OK);
            assert_int_equal(dump(c, &got, NULL), cases[k].want);
            assert_string_equal(ys_csv_encoding(c), cases[k].encoding);
            if (cases[k].want == YS_OK)
                assert_non_null(strstr(ys_str_get(&got), "[李四][2]\n"));
            ys_csv_close(c);
            ys_str_done(&text);
            ys_str_done(&got);
        }
    }
}

static int64_t read_failing(void *arg, void *buf, size_t n)
{
    (void)arg;
    (void)buf;
    (void)n;
    return -1;
}

static void files_and_failures(void **state)
{
    ys_csv *c = NULL;
    ys_diag d = {0};
    const char *const *cell;
    int n;
    (void)state;
    assert_int_equal(ys_csv_open("no/such/file.csv", NULL, &c, &d), YS_ENOTFOUND);
    assert_null(c);
    assert_int_equal(ys_csv_open_memory("x", "a", 1, &(ys_csv_options){.encoding = "klingon"}, &c, &d),
                     YS_EUSAGE);
    assert_int_equal(ys_csv_open_stream("pipe", read_failing, NULL, NULL, &c, &d), YS_OK);
    assert_int_equal(ys_csv_next(c, &cell, &n, NULL, &d), YS_EIO);
    ys_csv_close(c);
    char path[] = "/tmp/yaoshi-csv-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a,b\n1,2\n", 8), 8);
    close(fd);
    ys_str got = {0};
    assert_int_equal(ys_csv_open(path, NULL, &c, &d), YS_OK);
    assert_int_equal(dump(c, &got, &d), YS_OK);
    assert_string_equal(ys_str_get(&got), "1:1[a][b]\n2:2[1][2]\n");
    ys_csv_close(c);
    ys_str_done(&got);
    unlink(path);
}

/* Memory short at the nth allocation: an error, nothing leaked (the sanitizer watches), nothing half open. */
static void memory_short(void **state)
{
    (void)state;
    for (int64_t nth = 1; nth < 12; nth++) {
        ys_csv *c = NULL;
        ys_alloc_fail_from(nth);
        ys_status st = ys_csv_open_memory("t", "a,b\n", 4, NULL, &c, NULL);
        int64_t used = ys_alloc_count();
        ys_alloc_fail_from(0);
        assert_true(st == (used >= nth ? YS_ENOMEM : YS_OK));
        ys_csv_close(c);
    }
}

static void writer(void **state)
{
    ys_str s = {0};
    ys_csv_writer w;
    (void)state;
    ys_csv_writer_init(&w, ys_out_str(&s), true, true);
    ys_csv_put_row(&w, (const char *const[]){"户", "a,b", "say \"hi\"", "two\nlines", " pad"}, 5);
    ys_csv_put_row(&w, (const char *const[]){"=1+1", "+cmd|' /C calc'!A0", "-5", "@x", "-x", "-1,x"}, 6);
    ys_csv_put_text(&w, NULL);
    ys_csv_put_text(&w, YS_TEXT_NOT_ASKED);
    ys_csv_put_int(&w, YS_NA);
    ys_csv_put_int(&w, -9007199254740993);
    ys_csv_put_money(&w, 123450, 2);
    ys_csv_put_money(&w, -5, 2);
    ys_csv_put_real(&w, 0.1);
    ys_csv_put_real(&w, NAN);
    ys_csv_put_date(&w, 0);
    ys_csv_put_date(&w, YS_NOT_ASKED);
    ys_csv_end_row(&w);
    ys_csv_put_row(&w, (const char *const[]){""}, 1);
    w.blank_missing = true;
    w.neutralise = false;
    ys_csv_put_int(&w, YS_NA);
    ys_csv_put_text(&w, "=1+1");
    ys_csv_end_row(&w);
    assert_true(ys_csv_writer_finish(&w));
    assert_string_equal(ys_str_get(&s),
                        "\xEF\xBB\xBF户,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" pad\"\n"
                        "'=1+1,'+cmd|' /C calc'!A0,-5,'@x,'-x,\"'-1,x\"\n"
                        "#NA,#未问,#NA,-9007199254740993,1234.50,-0.05,0.1,#NA,1970-01-01,#未问\n"
                        "\"\"\n"
                        "\"\",=1+1\n");
    ys_str_done(&s);
}

static bool refuse(void *to, const char *bytes, size_t n)
{
    (void)to;
    (void)bytes;
    (void)n;
    return false;
}

static void writer_tells_failure(void **state)
{
    ys_csv_writer w;
    (void)state;
    ys_csv_writer_init(&w, (ys_out){refuse, NULL}, false, false);
    for (int i = 0; i < 10000; i++)
        ys_csv_put_row(&w, (const char *const[]){"a", "b"}, 2);
    assert_false(ys_csv_writer_finish(&w));
}

/* What the writer writes, the reader reads: random cells of awkward characters. */
static void round_trip(void **state)
{
    static const char *const bits[] = {"a", ",",  "\"", "\n", "\r", "\r\n", ";", "\t",
                                       " ", "张", "𠀀", "0",  "=",  "'",    "é"};
    ys_rng rng;
    (void)state;
    ys_rng_init(&rng, 7, 1);
    for (int round = 0; round < 300; round++) {
        ys_str file = {0}, cells[40] = {{0}};
        int rows = 1 + (int)ys_rng_below(&rng, 8), cols = 1 + (int)ys_rng_below(&rng, 5);
        ys_csv_writer w;
        ys_csv_writer_init(&w, ys_out_str(&file), round & 1, false);
        for (int i = 0; i < rows * cols; i++) {
            for (int64_t k = ys_rng_below(&rng, 6); k > 0; k--)
                ys_str_puts(&cells[i], bits[ys_rng_below(&rng, 15)]);
            ys_csv_put_text(&w, ys_str_get(&cells[i]));
            if (i % cols == cols - 1)
                ys_csv_end_row(&w);
        }
        assert_true(ys_csv_writer_finish(&w));
        ys_csv *c = NULL;
        const char *const *cell;
        int n;
        ys_csv_options opt = {.delimiter = ',', .encoding = "UTF-8"};
        assert_int_equal(ys_csv_open_memory("t", file.data, file.len, &opt, &c, NULL), YS_OK);
        for (int r = 0; r < rows; r++) {
            assert_int_equal(ys_csv_next(c, &cell, &n, NULL, NULL), YS_OK);
            assert_non_null(cell);
            assert_int_equal(n, cols);
            for (int k = 0; k < cols; k++)
                assert_string_equal(cell[k], ys_str_get(&cells[r * cols + k]));
        }
        assert_int_equal(ys_csv_next(c, &cell, &n, NULL, NULL), YS_OK);
        assert_null(cell);
        ys_csv_close(c);
        ys_str_done(&file);
        for (int i = 0; i < 40; i++)
            ys_str_done(&cells[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_inputs),
        cmocka_unit_test(wrong_inputs),
        cmocka_unit_test(gigabyte_line),
        cmocka_unit_test(too_many_columns),
        cmocka_unit_test(any_block_size),
        cmocka_unit_test(late_recognition),
        cmocka_unit_test(files_and_failures),
        cmocka_unit_test(memory_short),
        cmocka_unit_test(writer),
        cmocka_unit_test(writer_tells_failure),
        cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
