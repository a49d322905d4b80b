/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "paper/doc.h"

static char folder[] = "/tmp/yaoshi-paper-XXXXXX";

static char *path_of(const char *name, char *buf, size_t size)
{
    snprintf(buf, size, "%s/%s", folder, name);
    return buf;
}

static size_t read_file(const char *path, char *buf, size_t size)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(buf, 1, size, f);
    fclose(f);
    return n;
}

static ys_doc *sample(int paras, int rows)
{
    const ys_doc_props props = {
        .title = "计划书", .author = "办公室", .created = 1472688000, .foot = "第 1 版"};
    const ys_doc_column columns[] = {
        {"县", 2, YS_TEXT_LEFT}, {"户数", 1, YS_TEXT_RIGHT}, {"说明", 4, YS_TEXT_LEFT}};
    ys_doc *d = ys_doc_new(&props);
    ys_doc_title(d, "青岛—菏泽扶贫协作计划书");
    ys_doc_heading(d, 1, "一、总体要求");
    for (int i = 0; i < paras; i++)
        ys_doc_para(d, "坚持因户因人施策，产业带动、项目拉动、政策兜底，一把钥匙开一把锁，贫困户插花式分布于"
                       "村中，更要精准识别贫根，逐户逐人选准路径，不搞大水漫灌。");
    ys_doc_table(d, columns, 3);
    for (int i = 0; i < rows; i++) {
        ys_doc_cell(d, "单县");
        ys_doc_cellf(d, "%d", i);
        ys_doc_cell(d, i % 7 == 0 ? "这一行的说明比较长，要折成两行以上才写得下，看表格的行会不会被拆到两页"
                                  : NULL);
    }
    ys_doc_table_end(d);
    ys_doc_note(d, "口径：登记户");
    return d;
}

/* GB/T 9704: a full page holds 22 lines of 28 characters. */
static void geometry(void **state)
{
    (void)state;
    char path[200];
    ys_doc_report r;
    ys_doc *d = sample(30, 0);
    assert_int_equal(ys_doc_pdf(d, path_of("a.pdf", path, sizeof path), &r, NULL), YS_OK);
    assert_int_equal(r.fullest_line, YS_DOC_CHARS);
    assert_int_equal(r.fullest_page, YS_DOC_LINES);
    /* 30 paragraphs of 69 characters after an indent of two take three lines each; the title takes two lines, the heading one; a
     * table header and the note follow */
    assert_int_equal(r.pages, (2 + 1 + 90 + 2 + YS_DOC_LINES - 1) / YS_DOC_LINES);
    assert_string_equal(r.missing, "");
    ys_doc_free(d);
}

static void same_bytes(void **state)
{
    (void)state;
    enum { SIZE = 4 << 20 };
    static char a[SIZE], b[SIZE];
    char path[200];
    const char *const names[] = {"b.pdf", "b.docx"};
    for (int k = 0; k < 2; k++) {
        size_t n[2];
        for (int i = 0; i < 2; i++) {
            ys_doc_report r;
            ys_doc *d = sample(3, 200);
            path_of(names[k], path, sizeof path);
            assert_int_equal(k == 0 ? ys_doc_pdf(d, path, &r, NULL) : ys_doc_docx(d, path, NULL), YS_OK);
            n[i] = read_file(path, i == 0 ? a : b, SIZE);
            ys_doc_free(d);
        }
        assert_int_equal(n[0], n[1]);
        assert_memory_equal(a, b, n[0]);
    }
}

static void characters_without_font_are_told(void **state)
{
    (void)state;
    char path[200];
    ys_doc_report r;
    const ys_doc_props props = {.title = "t"};
    ys_doc *d = ys_doc_new(&props);
    ys_doc_para(
        d,
        "龘𠮷鄄郓菏 \U00010380 \U00010380 end"); /* rare Han characters are drawn; no font of Debian's base has Ugaritic */
    assert_int_equal(ys_doc_pdf(d, path_of("c.pdf", path, sizeof path), &r, NULL), YS_OK);
    assert_true(strcmp(r.missing, "\U00010380") == 0 || r.missing[0] == '\0');
    assert_null(strstr(r.missing, "龘"));
    ys_doc_free(d);
}

static void unwritable(void **state)
{
    (void)state;
    char path[200];
    ys_doc_report r;
    ys_doc *d = sample(1, 1);
    assert_int_equal(ys_doc_pdf(d, path_of("no/such.pdf", path, sizeof path), &r, NULL), YS_EIO);
    assert_int_equal(ys_doc_docx(d, path, NULL), YS_EIO);
    assert_int_equal(ys_doc_pdf(d, path_of("a.txt", path, sizeof path), &r, NULL), YS_EUSAGE);
    assert_int_not_equal(access(path, F_OK), 0);
    ys_doc_free(d);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[200];
    const char *const names[] = {"a.pdf", "b.pdf", "b.docx", "c.pdf"};
    for (int i = 0; i < 4; i++)
        unlink(path_of(names[i], path, sizeof path));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geometry),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(characters_without_font_are_told),
        cmocka_unit_test(unwritable),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
