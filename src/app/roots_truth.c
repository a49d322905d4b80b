/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/roots.h"
#include "io/csv.h"

static void count(const ys_diagnosis *d, int64_t h, ys_factor truth, ys_root_evaluation *e,
                  int64_t *frequency)
{
    const ys_roots *r = d->roots;
    if (r->state[h] != YS_RS_BELOW || truth >= YS_F_NONE)
        return;
    e->compared++;
    frequency[truth]++;
    if (!r->stable[h]) {
        e->several++;
        return;
    }
    e->confusion[truth][r->top[h]]++;
    e->right += r->top[h] == (uint8_t)truth;
}

static ys_status find_columns(const char *const *cell, int n, int *household, int *cause, ys_diag *diag)
{
    *household = *cause = -1;
    for (int i = 0; cell != NULL && i < n; i++) {
        if (strcmp(cell[i], "household") == 0)
            *household = i;
        else if (strcmp(cell[i], "cause") == 0)
            *cause = i;
    }
    if (*household >= 0 && *cause >= 0)
        return YS_OK;
    return ys_fail(diag, YS_EDATA, "要有 household 和 cause 两列", "columns household and cause are wanted");
}

ys_status ys_diagnosis_evaluate(const ys_diagnosis *d, const char *file, ys_root_evaluation *ret_evaluation,
                                ys_diag *diag)
{
    ys_csv *csv = NULL;
    ys_root_evaluation e = {0};
    int64_t frequency[YS_FACTORS] = {0}, most = 0;
    const char *const *cell;
    int n, household, cause, causes_n;
    const ys_cause *causes = ys_pack_causes(d->frame->pack, &causes_n);
    ys_status st = YS_OK;
    YS_GO(ys_csv_open(file, NULL, &csv, diag));
    YS_GO(ys_csv_next(csv, &cell, &n, NULL, diag));
    YS_GO(find_columns(cell, n, &household, &cause, diag));
    for (;;) {
        YS_GO(ys_csv_next(csv, &cell, &n, NULL, diag));
        if (cell == NULL)
            break;
        if (household >= n || cause >= n)
            continue;
        int64_t h = ys_frame_household(d->frame, cell[household]);
        int c = ys_pack_cause_index(d->frame->pack, cell[cause]);
        if (h >= 0 && c >= 0)
            count(d, h, causes[c].factor, &e, frequency);
    }
    for (int k = 0; k < YS_FACTORS; k++)
        most = frequency[k] > most ? frequency[k] : most;
    int64_t named = e.compared - e.several;
    e.right_share = named > 0 ? (double)e.right / (double)named : 0;
    e.several_share = e.compared > 0 ? (double)e.several / (double)e.compared : 0;
    e.baseline_share = e.compared > 0 ? (double)most / (double)e.compared : 0;
    *ret_evaluation = e;
done:
    ys_csv_close(csv);
    return st;
}
