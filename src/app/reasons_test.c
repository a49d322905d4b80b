/* SPDX-License-Identifier: Apache-2.0 */
/* On a synthetic registry, read and planned as the program does it: every reason of sampled households is true, and forcing the
 * rejected key loses what was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/intake.h"
#include "app/planning.h"
#include "plan/why_cases.h"
#include "plan/why_truth.h"
#include "synth/synth.h"

static int drop(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st;
    (void)flag;
    (void)at;
    return remove(path);
}

static void must(ys_status st, const ys_diag *d)
{
    if (st != YS_OK)
        fail_msg("%s", d->en);
}

/* The registry of a seed in a new store under `folder`. */
static ys_office *open_office(const char *folder, uint64_t seed)
{
    char pack_folder[4200], areas[4300], tables[4300], url[4300];
    ys_diag d = {0};
    ys_pack *pack = NULL;
    ys_office *o = NULL;
    ys_synth_args s;
    snprintf(tables, sizeof tables, "%s/heze", folder);
    snprintf(url, sizeof url, "%s/heze.db", folder);
    must(ys_pack_find("cn-2016", pack_folder, sizeof pack_folder, &d), &d);
    must(ys_pack_load(pack_folder, &pack, &d), &d);
    snprintf(areas, sizeof areas, "%s/areas/areas.csv", pack_folder);
    assert_int_equal(mkdir(tables, 0700), 0);
    ys_synth_args_init(&s);
    s.pack = pack;
    s.areas_path = areas;
    s.out_dir = tables;
    s.persons = 800;
    s.seed = seed;
    must(ys_synth_write(&s, NULL, &d), &d);
    ys_pack_free(pack);
    must(ys_office_init(&(ys_office_args){.url = url, .user = "tester"}, "cn-2016", &o, &d), &d);
    const char *paths[] = {tables};
    ys_intake done;
    must(ys_intake_run(o,
                       &(ys_intake_args){.paths = paths, .count = 1, .valid_from = INT32_MIN, .apply = true},
                       &done, &d),
         &d);
    assert_true(done.applied);
    return o;
}

/* Every `step`-th household, all measures; of the scarce ones every `turns`-th is forced, and the first few that state more
 * than is left unproven of the plan. */
static void check_plan(const ys_planning *p, int step, int turns, tally *t)
{
    int turn = 0, loud = 0;
    const ys_plan_tier *tier = &p->result->tier[1];
    for (int64_t block = 0; block < p->result->blocks; block += step)
        for (int32_t m = 0; m < p->facts->in.n_measures; m++) {
            view v = view_of(p->plan, p->result, block, m);
            check_reason(&v, t);
            bool tells = is_scarce(&v) && v.why.price - v.why.gain > tier->bound - tier->value;
            if (is_scarce(&v) && ((tells && loud++ < 8) || ++turn % turns == 0))
                force(&v, spoken_of(&v), t);
        }
}

static void test_registry(void **state)
{
    (void)state;
    tally t = {0};
    for (uint64_t seed = 1; seed <= 1; seed++) {
        char folder[] = "yaoshi-reasons-XXXXXX";
        ys_diag d = {0};
        ys_planning *p = NULL;
        assert_non_null(mkdtemp(folder));
        ys_office *o = open_office(folder, seed);
        must(ys_planning_make(
                 o, &(ys_planning_args){.year = INT32_MIN, .passes = 60, .threads = 1, .alpha = 1}, &p, &d),
             &d);
        check_plan(p, 2, 29, &t);
        ys_planning_free(p);
        ys_office_close(o);
        nftw(folder, drop, 16, FTW_DEPTH | FTW_PHYS);
    }
    for (int i = 0; i <= YS_WHY_COUNT; i++)
        print_message("%s %d%s", ys_plan_reason_name((ys_plan_reason)i), t.checked[i],
                      i < YS_WHY_COUNT ? ", " : "\n");
    print_message("forced %d (refused %d, sharp %d): stated %.0f yuan, lost %.0f yuan\n", t.forced, t.refused,
                  t.sharp, t.stated / 100, t.lost / 100);
    assert_true(t.forced >= 10 && t.sharp >= 1);
    assert_true(t.stated > 0 && t.lost > 0.5 * t.stated);
    assert_true(t.checked[YS_WHY_CHOSEN] > 50 && t.checked[YS_WHY_CAPACITY] + t.checked[YS_WHY_BUDGET] > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_registry)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
