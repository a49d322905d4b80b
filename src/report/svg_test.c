/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "report/html.h"
#include "report/svg.h"
#include "report/svg_map.h"

static void steps_are_round(void **state)
{
    (void)state;
    static const struct {
        double max;
        int most;
        double step;
    } cases[] = {{10, 5, 2},    {11, 5, 5},    {2952, 6, 500}, {0.6, 4, 0.2},
                 {100, 1, 100}, {101, 1, 200}, {7e9, 5, 2e9}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_float_equal(ys_svg_step(cases[i].max, cases[i].most), cases[i].step, cases[i].step * 1e-9);
    assert_float_equal(ys_svg_step(0, 5), 1, 0);
    assert_float_equal(ys_svg_step((double)NAN, 5), 1, 0);
    assert_float_equal(ys_svg_step(-3, 5), 1, 0);
}

static void cjk_is_an_em_wide(void **state)
{
    (void)state;
    assert_float_equal(ys_svg_text_width("菏泽市", 10), 30, 1e-9);
    assert_float_equal(ys_svg_text_width("", 10), 0, 0);
    assert_true(ys_svg_text_width("iii", 10) < ys_svg_text_width("nnn", 10));
    assert_true(ys_svg_text_width("nnn", 10) < ys_svg_text_width("mmm", 10));
}

static void fitting_cuts_between_characters(void **state)
{
    (void)state;
    char buf[64];
    ys_svg_fit("菏泽经济技术开发区", 10, 200, buf, sizeof buf);
    assert_string_equal(buf, "菏泽经济技术开发区");
    ys_svg_fit("菏泽经济技术开发区", 10, 45, buf, sizeof buf);
    assert_string_equal(buf, "菏泽经…");
    ys_svg_fit("菏泽经济技术开发区", 10, 1000, buf, sizeof buf);
    assert_string_equal(buf, "菏泽经济技术开发区");
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        n++;
    return n;
}

static void bars_escape_and_never_turn_negative(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_bar bars[] = {{.label = "a<b>&\"c\"", .text = "1", .value = 1, .whole = (double)NAN},
                     {.label = "minus", .text = "-1", .value = -1, .whole = (double)NAN},
                     {.label = "nothing", .text = "0", .value = 0, .whole = 2}};
    ys_svg_head head = {.id = "x", .title = "T & t", .desc = "D"};
    ys_svg_bars(ys_out_str(&s), &head, bars, 3, 600);
    assert_non_null(strstr(ys_str_get(&s), "a&lt;b&gt;&amp;"));
    assert_non_null(strstr(ys_str_get(&s), "<title id=\"x-t\">T &amp; t</title>"));
    assert_null(strstr(ys_str_get(&s), "width=\"-"));
    assert_null(strstr(ys_str_get(&s), "nan"));
    assert_int_equal(count(ys_str_get(&s), "<rect"), 4); /* three bars and one outline */
    ys_str_done(&s);
}

static void empty_pictures_are_pictures(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_svg_head head = {.id = "x", .title = "T", .desc = "D"};
    const char *names[] = {"a", "b"};
    ys_stack none = {.label = "none"};
    ys_map map = {.no_data = "no", .unit = "u"};
    ys_svg_bars(ys_out_str(&s), &head, NULL, 0, 600);
    ys_svg_stacks(ys_out_str(&s), &head, &none, 1, names, 2, 600);
    ys_svg_waterfall(ys_out_str(&s), &head, NULL, 0, 600);
    ys_svg_tiles(ys_out_str(&s), &head, &map, 600);
    assert_int_equal(count(ys_str_get(&s), "<svg"), 4);
    assert_int_equal(count(ys_str_get(&s), "</svg>"), 4);
    assert_null(strstr(ys_str_get(&s), "nan"));
    assert_null(strstr(ys_str_get(&s), "inf"));
    ys_str_done(&s);
}

static void the_waterfall_reaches_below_zero(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_svg_head head = {.id = "x", .title = "T", .desc = "D"};
    ys_step steps[] = {{.label = "line", .text = "100", .value = 100, .total = true},
                       {.label = "bills", .text = "-150", .value = -150},
                       {.label = "left", .text = "-50", .value = -50, .total = true}};
    ys_svg_waterfall(ys_out_str(&s), &head, steps, 3, 400);
    assert_non_null(strstr(ys_str_get(&s), ">-50</text>"));
    assert_null(strstr(ys_str_get(&s), "height=\"-"));
    assert_null(strstr(ys_str_get(&s), "y=\"-"));
    ys_str_done(&s);
}

static void a_map_draws_what_it_knows(void **state)
{
    (void)state;
    static const double square[] = {0, 0, 1, 0, 1, 1, 0, 1, 0, 0}, other[] = {1, 0, 2, 0, 2, 1, 1, 1, 1, 0};
    static const double *const ring_a[] = {square}, *const ring_b[] = {other};
    static const int five[] = {5};
    static const char *const inside[] = {"zone"};
    ys_fig_shape shapes[] = {{.code = "a",
                              .rings = 1,
                              .points = five,
                              .xy = ring_a,
                              .lng = .5,
                              .lat = .5,
                              .includes = inside,
                              .include_count = 1},
                             {.code = "b", .rings = 1, .points = five, .xy = ring_b, .lng = 1.5, .lat = .5}};
    ys_map_place places[] = {{.code = "a", .name = "A", .text = "5", .value = 5},
                             {.code = "zone", .name = "Z", .text = "9", .value = 9}};
    ys_map m = {
        .shape = shapes, .shapes = 2, .place = places, .places = 2, .no_data = "no data", .unit = "%"};
    ys_svg_head head = {.id = "m", .title = "T", .desc = "D"};
    ys_str s = {0};
    ys_svg_map(ys_out_str(&s), &head, &m, 400);
    assert_int_equal(count(ys_str_get(&s), "<path"), 2);
    assert_int_equal(count(ys_str_get(&s), "<circle"), 1); /* the zone without a border */
    assert_non_null(strstr(ys_str_get(&s), "no data"));
    ys_str_clear(&s);
    m.circles = true;
    ys_svg_map(ys_out_str(&s), &head, &m, 400);
    assert_int_equal(count(ys_str_get(&s), "<circle"), 2);
    ys_str_done(&s);
}

static void pages_close_what_they_open(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_html h;
    ys_html_begin(&h, ys_out_str(&s), "en", "a < b");
    ys_html_column c[] = {
        {.title = "name"},
        {.title = "n", .numeric = true, .def = 3, .def_id = "x", .def_title = "what \"n\" is"}};
    ys_html_table(&h, "T", c, 2);
    ys_html_cell(&h, "<script>");
    ys_html_cell_figure(&h, "1.25", "1.3");
    ys_html_table_end(&h);
    ys_html_open(&h, "section", NULL);
    assert_true(ys_html_end(&h));
    assert_null(strstr(ys_str_get(&s), "<script"));
    assert_non_null(strstr(ys_str_get(&s), "&lt;script&gt;"));
    assert_non_null(strstr(ys_str_get(&s), "<data value=\"1.25\">1.3</data>"));
    assert_non_null(strstr(ys_str_get(&s), "title=\"what &quot;n&quot; is\""));
    assert_int_equal(count(ys_str_get(&s), "<section>"), count(ys_str_get(&s), "</section>"));
    ys_str_done(&s);
}

static void a_row_cut_short_is_a_fault(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_html h;
    ys_html_begin(&h, ys_out_str(&s), "en", "t");
    ys_html_column c[] = {{.title = "a"}, {.title = "b"}};
    ys_html_table(&h, "T", c, 2);
    ys_html_cell(&h, "only one");
    ys_html_table_end(&h);
    assert_false(ys_html_end(&h));
    ys_str_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_round),
        cmocka_unit_test(cjk_is_an_em_wide),
        cmocka_unit_test(fitting_cuts_between_characters),
        cmocka_unit_test(bars_escape_and_never_turn_negative),
        cmocka_unit_test(empty_pictures_are_pictures),
        cmocka_unit_test(the_waterfall_reaches_below_zero),
        cmocka_unit_test(a_map_draws_what_it_knows),
        cmocka_unit_test(pages_close_what_they_open),
        cmocka_unit_test(a_row_cut_short_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
