/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_bench [ROWS [URL]] - seconds to stage, compare, apply, commit, scan and verify ROWS households of 12 columns in
 * 5,000 areas, first into an empty store and then once more with a tenth of them changed.  Prints wall and processor
 * seconds.  Without URL the store is a temporary SQLite file.
 */
#include <sys/resource.h>
#include <unistd.h>
#include "store/store.h"

#define F(n, t, r, k)                                                                                        \
    {                                                                                                        \
        .name = n, .type = t, .unit = "", .codes = "", .ref = r, .key = k                                    \
    }
static const ys_field area_fields[] = {F("area", YS_TEXT, "", true), F("parent", YS_TEXT, "area", false)};
static const ys_field house_fields[] = {
    F("household", YS_TEXT, "", true), F("area", YS_TEXT, "area", false), F("frame", YS_CODE, "", false),
    F("weight", YS_REAL, "", false),   F("size", YS_INT, "", false),      F("savings", YS_MONEY, "", false),
    F("house", YS_CODE, "", false),    F("since", YS_DATE, "", false),    F("water", YS_BOOL, "", false),
    F("cause", YS_CODE, "", false),    F("land", YS_REAL, "", false),     F("debt", YS_MONEY, "", false),
};
static const ys_kind area = {"area", "", "", "area", "", area_fields, 2};
static const ys_kind house = {"household", "", "", "area", "", house_fields, 12};
enum { AREAS = 5000, DAY = 16800 };

typedef struct clocks {
    double wall, cpu;
} clocks;

static clocks now(void)
{
    struct timespec w, c;
    clock_gettime(CLOCK_MONOTONIC, &w);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &c);
    return (clocks){(double)w.tv_sec + (double)w.tv_nsec * 1e-9, (double)c.tv_sec + (double)c.tv_nsec * 1e-9};
}

static clocks lap(const char *what, clocks since)
{
    clocks t = now();
    printf("  %-8s %7.2f s wall %7.2f s cpu\n", what, t.wall - since.wall, t.cpu - since.cpu);
    return now();
}

static ys_status put_areas(ys_store *s, ys_diag *d)
{
    static const int fields[] = {0, 1};
    char code[32], parent[32];
    YS_TRY(ys_store_stage_begin(s, &area, fields, 2, d));
    for (int i = 0; i < AREAS; i++) {
        snprintf(code, sizeof code, "3717%05d", i);
        snprintf(parent, sizeof parent, "3717%05d", i / 10);
        ys_cell c[2] = {{.state = YS_CELL_VALUE, .t = code},
                        {.state = i > 0 ? YS_CELL_VALUE : YS_CELL_NA, .t = parent}};
        YS_TRY(ys_store_stage_row(s, c, i + 2, d));
    }
    YS_TRY(ys_store_stage_apply(s, DAY, 0, NULL, d));
    ys_store_stage_end(s);
    return YS_OK;
}

static ys_status stage_houses(ys_store *s, int64_t rows, int round, ys_diag *d)
{
    static const int fields[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    char id[32], code[32];
    YS_TRY(ys_store_stage_begin(s, &house, fields, 12, d));
    for (int64_t i = 0; i < rows; i++) {
        snprintf(id, sizeof id, "H%09lld", (long long)i);
        snprintf(code, sizeof code, "3717%05d", (int)(i * 7 % AREAS));
        const ys_cell c[12] = {{YS_CELL_VALUE, 0, 0, id},
                               {YS_CELL_VALUE, 0, 0, code},
                               {YS_CELL_VALUE, 0, 0, "register"},
                               {YS_CELL_VALUE, 0, 1, NULL},
                               {YS_CELL_VALUE, i % 7 + (i % 10 == 0 ? round : 0), 0, NULL},
                               {YS_CELL_VALUE, i * 100, 0, NULL},
                               {YS_CELL_VALUE, 0, 0, "C"},
                               {YS_CELL_VALUE, 15000, 0, NULL},
                               {YS_CELL_BLANK, 0, 0, NULL},
                               {YS_CELL_VALUE, 0, 0, "病"},
                               {YS_CELL_NOT_ASKED, 0, 0, NULL},
                               {YS_CELL_NA, 0, 0, NULL}};
        YS_TRY(ys_store_stage_row(s, c, i + 2, d));
    }
    return YS_OK;
}

static ys_status round_of(ys_store *s, int64_t rows, int round, ys_diag *d)
{
    ys_tx_info info = {.user = "bench", .reason = "bench", .command = "bench", .recorded_at = 1 + round};
    ys_stage_counts n;
    printf("round %d\n", round + 1);
    YS_TRY(ys_store_begin(s, &info, d));
    YS_TRY(put_areas(s, d));
    clocks t = now();
    YS_TRY(stage_houses(s, rows, round, d));
    t = lap("stage", t);
    YS_TRY(ys_store_stage_diff(s, NULL, DAY + round, NULL, NULL, &n, d));
    t = lap("diff", t);
    YS_TRY(ys_store_stage_apply(s, DAY + round, 0, &n, d));
    t = lap("apply", t);
    YS_TRY(ys_store_commit(s, NULL, d));
    lap("commit", t);
    printf("  added %lld changed %lld unchanged %lld\n", (long long)n.added, (long long)n.changed,
           (long long)n.unchanged);
    return YS_OK;
}

static ys_status run(ys_store *s, int64_t rows, ys_diag *d)
{
    struct rusage use;
    ys_table *table = NULL;
    ys_scan how = {.valid_on = YS_SCAN_LATEST};
    YS_TRY(round_of(s, rows, 0, d));
    YS_TRY(round_of(s, rows, 1, d));
    getrusage(RUSAGE_SELF, &use);
    printf("peak memory of both %ld KiB\nreading\n", use.ru_maxrss);
    clocks t = now();
    YS_TRY(ys_store_scan(s, &house, &how, &table, d));
    t = lap("scan", t);
    ys_table_free(table);
    YS_TRY(ys_store_verify_chain(s, NULL, NULL, d));
    lap("verify", t);
    return YS_OK;
}

int main(int argc, char **argv)
{
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    const char *tmp = getenv("TMPDIR");
    char dir[160], file[192] = "";
    snprintf(dir, sizeof dir, "%s/yaoshi-bench-XXXXXX", tmp != NULL ? tmp : P_tmpdir);
    if (argc < 3) {
        if (mkdtemp(dir) == NULL)
            return 1;
        snprintf(file, sizeof file, "%s/bench.db", dir);
    }
    static const ys_kind *const kinds[] = {&area, &house};
    ys_store_args args = {.url = argc < 3 ? file : argv[2]};
    ys_store *s = NULL;
    ys_diag d = {0};
    ys_status st = ys_store_create(&args, kinds, 2, &s, &d);
    if (st == YS_OK) {
        printf("%s, %lld rows\n", ys_store_backend(s), (long long)rows);
        st = run(s, rows, &d);
    }
    ys_store_close(s);
    if (file[0] != '\0') {
        unlink(file);
        rmdir(dir);
    }
    if (st != YS_OK)
        fprintf(stderr, "%s: %s\n", ys_status_name(st), d.en);
    return st == YS_OK ? 0 : 1;
}
