/* SPDX-License-Identifier: Apache-2.0 */
/* Property tests: random rules against a naive evaluator, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/str.h"
#include "yaoshi/rule.h"

/* ---- Kleene logic: every combination of three facts under random formulas ---- */

typedef struct formula {
    char op; /* a b c: facts; t f: constants; ! & | = ?: operators; i: in */
    int kid[3];
} formula;

typedef struct forest {
    formula nodes[200];
    int count;
    ys_rng rng;
} forest;

static int grow_formula(forest *f, int depth)
{
    static const char LEAVES[] = "aabbcctf", INNER[] = "!&&||&|=?i";
    int at = f->count++;
    bool leaf = depth == 0 || ys_rng_below(&f->rng, 5) == 0 || f->count > 150;
    char op = leaf ? LEAVES[ys_rng_below(&f->rng, 8)] : INNER[ys_rng_below(&f->rng, 10)];
    int kids = leaf ? 0 : op == '!' ? 1 : op == '?' ? 3 : 2;
    f->nodes[at].op = op;
    for (int i = 0; i < kids; i++)
        f->nodes[at].kid[i] = grow_formula(f, depth - 1);
    return at;
}

static void write_formula(const forest *f, int at, ys_str *out)
{
    const formula *n = &f->nodes[at];
    if (strchr("abc", n->op)) {
        ys_str_putc(out, n->op);
    } else if (strchr("tf", n->op)) {
        ys_str_puts(out, n->op == 't' ? "true" : "false");
    } else if (n->op == '!') {
        ys_str_puts(out, "!(");
        write_formula(f, n->kid[0], out);
        ys_str_putc(out, ')');
    } else {
        ys_str_putc(out, '(');
        write_formula(f, n->kid[0], out);
        ys_str_puts(out, n->op == '&'   ? ") && ("
                         : n->op == '|' ? ") || ("
                         : n->op == '=' ? ") == ("
                         : n->op == '?' ? ") ? ("
                                        : ") in [(");
        write_formula(f, n->kid[1], out);
        ys_str_puts(out, n->op == '?' ? ") : (" : "");
        if (n->op == '?')
            write_formula(f, n->kid[2], out);
        ys_str_puts(out, n->op == 'i' ? ")]" : ")");
    }
}

/* Kleene's strong logic, written as the order false < unknown < true. */
static int rank_of(int v)
{
    return v == YS_FALSE ? 0 : v == YS_UNKNOWN ? 1 : 2;
}

static int truth_of(int rank)
{
    return rank == 0 ? YS_FALSE : rank == 1 ? YS_UNKNOWN : YS_TRUE;
}

static int naive(const forest *f, int at, const int *facts)
{
    const formula *n = &f->nodes[at];
    if (n->op >= 'a' && n->op <= 'c')
        return facts[n->op - 'a'];
    if (n->op == 't' || n->op == 'f')
        return n->op == 't' ? YS_TRUE : YS_FALSE;
    int x = naive(f, n->kid[0], facts);
    if (n->op == '!')
        return truth_of(2 - rank_of(x));
    int y = naive(f, n->kid[1], facts);
    if (n->op == '&')
        return rank_of(x) < rank_of(y) ? x : y;
    if (n->op == '|')
        return rank_of(x) > rank_of(y) ? x : y;
    if (n->op == '?')
        return x == YS_UNKNOWN ? YS_UNKNOWN : x == YS_TRUE ? y : naive(f, n->kid[2], facts);
    return x == YS_UNKNOWN || y == YS_UNKNOWN ? YS_UNKNOWN : x == y;
}

static ys_table *facts_table(void)
{
    ys_table *t = ys_table_new("facts");
    assert_non_null(t);
    assert_true(ys_table_grow(t, 27));
    for (int c = 0; c < 3; c++) {
        int col = ys_table_add_column(t, (const char *[]){"a", "b", "c"}[c], YS_BOOL);
        for (int64_t i = 0; i < 27; i++) {
            int64_t v = i / (c == 0 ? 1 : c == 1 ? 3 : 9) % 3;
            assert_true(ys_table_set_int(t, col, i, v == YS_UNKNOWN ? (i % 2 ? YS_NA : YS_NOT_ASKED) : v));
        }
    }
    return t;
}

static void test_kleene(void **state)
{
    (void)state;
    ys_table *t = facts_table();
    ys_rule_env *env = ys_rule_env_new(t, 2);
    ys_rule_scratch *s = ys_rule_scratch_new();
    int unknowns = 0;
    for (uint64_t round = 0; round < 3000; round++) {
        forest f = {.count = 0};
        ys_rng_init(&f.rng, 17, round);
        int root = grow_formula(&f, 5);
        ys_str text = {0};
        write_formula(&f, root, &text);
        ys_rule *r = NULL;
        ys_diag d = {0};
        if (text.len > 4096) {
            ys_str_done(&text);
            continue;
        }
        if (ys_rule_compile(env, ys_str_get(&text), &r, &d) != YS_OK)
            fail_msg("%s: %s", ys_str_get(&text), d.en);
        uint8_t got[27];
        assert_int_equal(ys_rule_eval_bool(r, s, 0, 27, got), YS_OK);
        for (int i = 0; i < 27; i++) {
            int want = naive(&f, root, (int[]){i % 3, i / 3 % 3, i / 9});
            unknowns += want == YS_UNKNOWN;
            if (got[i] != want)
                fail_msg("%s\nrow %d: %d, wanted %d", ys_str_get(&text), i, got[i], want);
        }
        ys_rule_free(r);
        ys_str_done(&text);
    }
    assert_true(unknowns > 3000); /* the rounds did meet unknowns */
    ys_rule_scratch_free(s);
    ys_rule_env_free(env);
    ys_table_free(t);
}

/* ---- lists: many batches, persons in any order, one household far too large for a batch ---- */

typedef struct crowd {
    ys_table *home, *person;
    ys_rule_env *home_env, *person_env;
    ys_csr links;
    int64_t homes, persons;
} crowd;

static void crowd_init(crowd *w, int64_t homes, int64_t giant, bool sorted)
{
    char key[32];
    ys_rng rng;
    ys_rng_init(&rng, 5, (uint64_t)homes);
    w->homes = homes;
    w->persons = homes * 3 + giant;
    w->home = ys_table_new("home");
    w->person = ys_table_new("person");
    int id = ys_table_add_column(w->home, "id", YS_TEXT), size = ys_table_add_column(w->home, "size", YS_INT);
    int of = ys_table_add_column(w->person, "of", YS_TEXT),
        age = ys_table_add_column(w->person, "age", YS_INT);
    int able = ys_table_add_column(w->person, "able", YS_REAL);
    assert_true(ys_table_grow(w->home, w->homes) && ys_table_grow(w->person, w->persons));
    for (int64_t i = 0; i < w->homes; i++) {
        snprintf(key, sizeof key, "%lld", (long long)i);
        assert_true(ys_table_set_text(w->home, id, i, key));
        assert_true(ys_table_set_int(w->home, size, i, ys_rng_below(&rng, 9)));
    }
    for (int64_t i = 0; i < w->persons; i++) {
        int64_t home = i >= homes * 3 ? homes / 2 : sorted ? i / 3 : ys_rng_below(&rng, homes);
        snprintf(key, sizeof key, "%lld", (long long)home);
        int64_t a = ys_rng_below(&rng, 95);
        assert_true(ys_table_set_text(w->person, of, i, key));
        assert_true(ys_table_set_int(w->person, age, i, a > 90 ? YS_NA : a));
        assert_true(ys_table_set_real(w->person, able, i, a > 92 ? ys_real_na() : (double)a / 8));
    }
    assert_int_equal(ys_csr_join(w->home, id, w->person, of, &w->links, NULL), YS_OK);
    w->home_env = ys_rule_env_new(w->home, 2);
    w->person_env = ys_rule_env_new(w->person, 2);
    assert_int_equal(ys_rule_env_add_list(w->home_env, "persons", w->person_env, &w->links, NULL), YS_OK);
}

static void crowd_done(crowd *w)
{
    ys_rule_env_free(w->home_env);
    ys_rule_env_free(w->person_env);
    ys_csr_done(&w->links);
    ys_table_free(w->home);
    ys_table_free(w->person);
}

/* What a household's members give, the slow way. */
typedef struct tally {
    int64_t size, trues, unknowns, sum, least, most;
    double able;
    bool missing, able_missing;
} tally;

static tally tally_of(const crowd *w, int64_t home)
{
    tally t = {.least = INT64_MAX, .most = INT64_MIN};
    int64_t limit = ys_table_get_int(w->home, 1, home);
    for (int64_t j = w->links.start[home]; j < w->links.start[home + 1]; j++, t.size++) {
        int64_t age = ys_table_get_int(w->person, 1, w->links.item[j]);
        bool miss = ys_is_missing(age), able_miss = ys_table_missing(w->person, 2, w->links.item[j]);
        t.unknowns += miss;
        t.missing |= miss;
        t.trues += !miss && age > 10 * limit;
        t.sum += miss ? 0 : age;
        t.least = !miss && age < t.least ? age : t.least;
        t.most = !miss && age > t.most ? age : t.most;
        t.able += able_miss ? 0 : ys_table_get_real(w->person, 2, w->links.item[j]);
        t.able_missing |= able_miss;
    }
    return t;
}

static int64_t *evaluate(const crowd *w, const char *text)
{
    ys_rule *r = NULL;
    ys_diag d = {0};
    ys_rule_scratch *s = ys_rule_scratch_new();
    int64_t *out = ys_calloc((size_t)w->homes, sizeof *out);
    if (ys_rule_compile(w->home_env, text, &r, &d) != YS_OK)
        fail_msg("%s: %s", text, d.en);
    if (ys_rule_result(r) == YS_RT_REAL)
        assert_int_equal(ys_rule_eval_real(r, s, 0, w->homes, (double *)out), YS_OK);
    else
        assert_int_equal(ys_rule_eval_int(r, s, 0, w->homes, out), YS_OK);
    ys_rule_scratch_free(s);
    ys_rule_free(r);
    return out;
}

static int64_t or_na(bool known, int64_t v)
{
    return known ? v : YS_NA;
}

static void check_crowd(const crowd *w)
{
    int64_t *any = evaluate(w, "persons.exists(p, p.age > 10 * size)"),
            *all = evaluate(w, "persons.all(p, p.age > 10 * size)");
    int64_t *one = evaluate(w, "persons.exists_one(p, p.age > 10 * size)");
    int64_t *count = evaluate(w, "persons.count(p, p.age > 10 * size)"),
            *sum = evaluate(w, "persons.sum(p, p.age)");
    int64_t *least = evaluate(w, "persons.min(p, p.age)"), *most = evaluate(w, "persons.max(p, p.age)");
    double *able = (double *)evaluate(w, "persons.sum(p, p.able)");
    for (int64_t i = 0; i < w->homes; i++) {
        tally t = tally_of(w, i);
        assert_int_equal(any[i], or_na(t.trues > 0 || t.unknowns == 0, t.trues > 0));
        bool some_false = t.trues + t.unknowns < t.size;
        assert_int_equal(all[i], or_na(some_false || t.unknowns == 0, !some_false));
        assert_int_equal(one[i], or_na(t.trues > 1 || t.unknowns == 0, t.trues == 1));
        assert_int_equal(count[i], or_na(!t.missing, t.trues));
        assert_int_equal(sum[i], or_na(!t.missing, t.sum));
        assert_int_equal(least[i], or_na(!t.missing && t.size > 0, t.least));
        assert_int_equal(most[i], or_na(!t.missing && t.size > 0, t.most));
        assert_true(t.able_missing ? able[i] != able[i] : able[i] == t.able);
    }
    int64_t *all_of_them[] = {any, all, one, count, sum, least, most, (int64_t *)able};
    for (size_t i = 0; i < 8; i++)
        ys_free(all_of_them[i]);
}

static void test_lists(void **state)
{
    (void)state;
    const struct {
        int64_t homes, giant;
        bool sorted;
    } SIZES[] = {{1, 0, true}, {5000, 0, true}, {5000, 0, false}, {3000, 200000, false}, {1025, 70000, true}};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        crowd w;
        crowd_init(&w, SIZES[i].homes, SIZES[i].giant, SIZES[i].sorted);
        check_crowd(&w);
        crowd_done(&w);
    }
}

/* Pairs of members: the inner macro walks the household's list for each member. */
static void test_pairs(void **state)
{
    (void)state;
    crowd w;
    crowd_init(&w, 4000, 100, false);
    int64_t *got = evaluate(&w, "persons.exists(p, persons.exists(q, q.age == p.age + size))");
    for (int64_t i = 0; i < w.homes; i++) {
        int64_t size = ys_table_get_int(w.home, 1, i);
        bool yes = false, unknown = false;
        for (int64_t j = w.links.start[i]; j < w.links.start[i + 1]; j++)
            for (int64_t k = w.links.start[i]; k < w.links.start[i + 1]; k++) {
                int64_t p = ys_table_get_int(w.person, 1, w.links.item[j]),
                        q = ys_table_get_int(w.person, 1, w.links.item[k]);
                bool miss = ys_is_missing(p) || ys_is_missing(q);
                unknown |= miss;
                yes |= !miss && q == p + size;
            }
        assert_int_equal(got[i], or_na(yes || !unknown, yes));
    }
    ys_free(got);
    crowd_done(&w);
}

/* Any division into ranges gives the same values, and so does another scratch space. */
static void test_ranges(void **state)
{
    (void)state;
    crowd w;
    crowd_init(&w, 3001, 0, false);
    const char *text = "persons.count(p, p.age >= 60) * 2 + size";
    int64_t *whole = evaluate(&w, text);
    int64_t *part = ys_calloc((size_t)w.homes, sizeof *part);
    ys_rule *r = NULL;
    assert_int_equal(ys_rule_compile(w.home_env, text, &r, NULL), YS_OK);
    ys_rule_scratch *s = ys_rule_scratch_new();
    for (int64_t at = 0; at < w.homes; at += 317)
        assert_int_equal(ys_rule_eval_int(r, s, at, at + 317 < w.homes ? at + 317 : w.homes, part + at),
                         YS_OK);
    assert_memory_equal(whole, part, (size_t)w.homes * sizeof *part);
    ys_rule_scratch_free(s);
    ys_rule_free(r);
    ys_free(whole);
    ys_free(part);
    crowd_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kleene), cmocka_unit_test(test_lists),
                                       cmocka_unit_test(test_pairs), cmocka_unit_test(test_ranges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
