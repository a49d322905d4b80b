/* SPDX-License-Identifier: Apache-2.0 */
/* The DIMACS reader, and the flow solver on the NETGEN instances against the optima that GLPK found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zlib.h>

#include "app/dimacs.h"
#include "base/alloc.h"

/* Text of a gzip file, freed with ys_free; NULL: not there. */
static char *unpack(const char *path, size_t *ret_size)
{
    gzFile f = gzopen(path, "rb");
    char *data = NULL;
    size_t cap = 0;
    int got = 1;
    *ret_size = 0;
    while (f != NULL && got > 0 && ys_grow(&data, &cap, *ret_size + 65536, 1)) {
        got = gzread(f, data + *ret_size, 65536);
        *ret_size += got > 0 ? (size_t)got : 0;
    }
    if (f != NULL)
        gzclose(f);
    return data;
}

static void netgen_gives_the_known_optima(void **state)
{
    (void)state;
    static const struct {
        int problem;
        int64_t optimum;
    } known[] = {{1, 2054059},   {2, 1818866},    {16, 66644957},
                 {20, 78868140}, {28, 131264893}, {32, 207885203}};
    const char *shared = getenv("YAOSHI_SHARED");
    int found = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char path[1024];
        size_t size;
        snprintf(path, sizeof path, "%s/data/optim/netgen/netgen_%d.min.gz",
                 shared != NULL ? shared : "../shared", known[i].problem);
        char *text = unpack(path, &size);
        if (text == NULL)
            continue;
        found++;
        ys_dimacs *p = NULL;
        ys_flow_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_flow_read_dimacs(text, size, path, &p, &d), YS_OK);
        assert_int_equal(ys_flow_solve(&p->in, &r, &d), YS_OK);
        assert_int_equal(r->outcome, YS_FLOW_OPTIMAL);
        assert_int_equal(ys_flow_check(&p->in, r, &d), YS_OK);
        assert_int_equal(r->value, known[i].optimum);
        ys_flow_result_free(r);
        ys_dimacs_free(p);
        ys_free(text);
    }
    if (found == 0) {
        printf("skipped: the NETGEN instances are not there (YAOSHI_SHARED)\n");
        skip();
    }
}

static void faults_have_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t line;
    } bad[] = {{"c\nn 1 5\n", 2},
               {"p min 2 1\na 1 2 0 5\n", 2},
               {"p min 2 1\na 1 3 0 5 1\n", 2},
               {"p min 2 1\na 1 2 0 x 1\n", 2},
               {"p min 2 1\na 1 2 0 5 1 9\n", 2},
               {"p min 2 1\nn 3 1\n", 2},
               {"p min 2 1\nz\n", 2},
               {"p max 2 1\n", 1},
               {"p min 2 1\na 1 2 0 5 1\na 1 2 0 5 1\n", 3},
               {"p min 2 2\na 1 2 0 5 1", 2},
               {"p min 2 1\np min 2 1\n", 2},
               {"", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ys_dimacs *p = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_flow_read_dimacs(bad[i].text, strlen(bad[i].text), "x.min", &p, &d), YS_EDATA);
        assert_null(p);
        assert_int_equal(d.row, bad[i].line);
    }
}

static void a_small_problem_is_read(void **state)
{
    (void)state;
    static const char text[] = "c two ways\r\np min 2 2\r\nn 1 7\nn 2 -7\na 1 2 0 5 1\na\t1 2 0 -1 3";
    ys_dimacs *p = NULL;
    ys_flow_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_flow_read_dimacs(text, sizeof text - 1, "x.min", &p, &d), YS_OK);
    assert_int_equal(ys_flow_solve(&p->in, &r, &d), YS_OK);
    assert_int_equal(r->value, 5 * 1 + 2 * 3);
    ys_flow_result_free(r);
    ys_dimacs_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(netgen_gives_the_known_optima),
        cmocka_unit_test(faults_have_their_line),
        cmocka_unit_test(a_small_problem_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
