/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/dmath.h"

/*
 * The dual made smooth: a block answers with a mixture of its bundles, weights exp((score - top) / tau), instead of with the
 * best one.  The smooth dual has a gradient and a curvature, so a projected quasi-Newton method minimises it (limited-memory
 * BFGS over the coordinates that are free to move, started from the diagonal of the curvature; Nocedal and Wright, Numerical
 * Optimization, section 7.2) while tau sinks.  Every evaluation also gives the plain dual at its prices; the stage keeps the
 * best.  Weights of mixtures are counted in 2^-20, so that sums are integers and the same for any number of threads.
 */

enum {
    PAIRS = 20,
    UNIT = 1 << 20,
    MOST_BUNDLES = 512,
    METRICS = 3,
    REACH = 12 /* in tau: farther bundles have no weight */
};

typedef struct mix { /* what one thread adds up */
    int64_t *count;  /* per type: sum of weights, then (n_types further) of weight * (1 - weight) */
    ys_i128 *sum;    /* per place: v1, v2, helped, then their variances */
    ys_i128 *term;   /* per sum: of terms, then their variances */
} mix;

typedef struct smooth {
    ys_stage *s;
    int64_t n, n_sums; /* rows + floors; sums of the problem */
    double *sum;       /* per sum: at the last prices, then its variance */
    double tau, length;
    int threads, pairs, next;
    mix *mix;       /* per thread */
    double *excess; /* per chunk: smooth sum less plain sum */
    double value;   /* smooth dual at the last prices evaluated, and its derivatives there */
    double *gradient, *curvature;
    double *x, *g, *h, *trial, *direction, *inverse; /* h: curvature at x */
    double *step, *turn;                             /* PAIRS * n: changes of x and g */
    bool *is_free;
} smooth;

static void smooth_done(smooth *q)
{
    for (int t = 0; q->mix != NULL && t < q->threads; t++) {
        ys_free(q->mix[t].count);
        ys_free(q->mix[t].sum);
        ys_free(q->mix[t].term);
    }
    void *owned[] = {q->mix,   q->excess,    q->gradient, q->curvature, q->x,    q->g,       q->h,
                     q->trial, q->direction, q->inverse,  q->step,      q->turn, q->is_free, q->sum};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        ys_free(owned[i]);
}

static bool smooth_init(smooth *q, ys_stage *s)
{
    const ys_choice *c = s->c;
    size_t n = (size_t)(c->n_rows + s->n_floors);
    *q = (smooth){
        .s = s, .n = (int64_t)n, .n_sums = c->n_floors + c->n_levels, .threads = ys_pool_threads(s->pool)};
    double **vectors[] = {&q->gradient, &q->curvature, &q->x,         &q->g,
                          &q->h,        &q->trial,     &q->direction, &q->inverse};
    bool ok = true;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        ok = (*vectors[i] = ys_calloc(n, sizeof(double))) != NULL && ok;
    q->sum = ys_calloc(2 * (size_t)q->n_sums, sizeof(double));
    ok = q->sum != NULL && ok;
    q->excess = ys_calloc((size_t)c->n_chunks, sizeof(double));
    q->step = ys_calloc(PAIRS * n, sizeof(double));
    q->turn = ys_calloc(PAIRS * n, sizeof(double));
    q->is_free = ys_calloc(n, sizeof(bool));
    q->mix = ys_calloc((size_t)q->threads, sizeof *q->mix);
    ok = ok && q->excess && q->step && q->turn && q->is_free && q->mix;
    for (int t = 0; ok && t < q->threads; t++) {
        q->mix[t].count = ys_malloc(2 * (size_t)c->n_types * sizeof(int64_t));
        q->mix[t].sum = ys_malloc(2 * METRICS * (size_t)c->n_places * sizeof(ys_i128));
        q->mix[t].term = ys_malloc(2 * (size_t)(c->n_floors + c->n_levels) * sizeof(ys_i128));
        ok = q->mix[t].count != NULL && q->mix[t].sum != NULL && q->mix[t].term != NULL;
    }
    return ok;
}

/* ---- one evaluation ------------------------------------------------------------------------------------------- */

/* exp(x) for -REACH <= x <= 0 to eight digits, which shares do not need; the same bits everywhere. */
static double share_of(double x)
{
    static const double c[] = {1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1};
    double r = x * (1.0 / 32), sum = c[0]; /* |r| <= 3/8 */
    for (size_t i = 1; i < sizeof c / sizeof *c; i++)
        sum = c[i] + r * sum;
    for (int i = 0; i < 5; i++)
        sum *= sum;
    return sum;
}

/* Scores of the bundles worth a look; the highest. */
static double all_scores(const ys_look *l, const ys_block *b, double *score)
{
    double top = score[0] = ys__look_score(l, &b->bundle[0]);
    for (int i = 1; i < l->n; i++) {
        score[i] = ys__look_score(l, &b->bundle[ys__look_at(l, i)]);
        top = score[i] > top ? score[i] : top;
    }
    return top;
}

static void mix_terms(const smooth *q, const ys_block *b, int option, double share, mix *m)
{
    const ys_choice *c = q->s->c;
    int n;
    const ys_term *t = ys__terms(c, b->place, b->type[option], &n);
    for (int i = 0; i < n; i++) {
        int64_t v = ys__term_value(&t[i], b, option);
        double spread = share * (1 - share) * (double)v * (double)v;
        m->term[t[i].sum] += (ys_i128)(int64_t)(share * UNIT + 0.5) * v;
        m->term[c->n_floors + c->n_levels + t[i].sum] += spread > 0 ? (ys_i128)(spread * UNIT) : 0;
    }
}

/* The mixture of one block; its scores are given up.  Returns the smooth answer less the plain one. */
static double mix_block(const smooth *q, const ys_look *l, const ys_block *b, mix *m, double *score,
                        double top)
{
    int near[MOST_BUNDLES], n = 0;
    double share[256], one[METRICS] = {0}, two[METRICS] = {0}, sum = 0, inverse = 1 / q->tau;
    memset(share, 0, (size_t)b->n_options * sizeof *share);
    for (int k = 0; k < l->n; k++)
        if (score[k] > top - REACH * q->tau) {
            score[k] = share_of((score[k] - top) * inverse);
            sum += score[k];
            near[n++] = k;
        }
    for (int i = 0; i < n; i++) {
        const ys_bundle *u = &b->bundle[ys__look_at(l, near[i])];
        double p = score[near[i]] / sum;
        double v[METRICS] = {u->v1, (double)u->v2,
                             (double)ys__metric_value(YS_PLAN_HELPED, u, q->s->c->place_helps[b->place])};
        for (int k = 0; k < METRICS; k++) {
            one[k] += p * v[k];
            two[k] += p * v[k] * v[k];
        }
        for (int j = 0; j < u->count; j++)
            share[u->option[j]] += p;
    }
    for (int o = 0; o < b->n_options; o++) {
        double spread = share[o] * (1 - share[o]);
        m->count[b->type[o]] += (int64_t)(share[o] * UNIT + 0.5);
        m->count[q->s->c->n_types + b->type[o]] += spread > 0 ? (int64_t)(spread * UNIT + 0.5) : 0;
        if (q->s->c->term_at != NULL)
            mix_terms(q, b, o, share[o], m);
    }
    ys_i128 *total = m->sum + 2 * METRICS * (int64_t)b->place;
    for (int k = 0; k < METRICS; k++) {
        double variance = two[k] - one[k] * one[k];
        total[k] += (ys_i128)floor(one[k] * UNIT + 0.5);
        total[METRICS + k] += variance > 0 ? (ys_i128)(variance * UNIT) : 0;
    }
    return q->tau * ys_log(sum);
}

static void mix_chunk(void *arg, int64_t chunk_no, int64_t begin, int64_t end, int thread)
{
    smooth *q = arg;
    double score[MOST_BUNDLES], plain = 0, excess = 0;
    ys_look look;
    (void)end;
    for (int32_t i = 0; i < q->s->c->chunks[begin].n; i++) {
        ys_block b = ys__block(q->s->c, begin * YS_CHUNK_BLOCKS + i);
        ys__look_load(&look, q->s, &b, REACH * q->tau);
        double top = all_scores(&look, &b, score);
        plain += top;
        excess += mix_block(q, &look, &b, &q->mix[thread], score, top);
    }
    q->s->chunk_sum[chunk_no] = plain;
    q->excess[chunk_no] = excess;
}

static void gather_rows(smooth *q)
{
    const ys_choice *c = q->s->c;
    double *g = q->gradient, *h = q->curvature;
    memset(h, 0, (size_t)q->n * sizeof *h);
    for (int64_t r = 0; r < c->n_rows; r++)
        g[r] = (double)c->limit[r];
    for (int64_t t = 0; t < c->n_types; t++) {
        int64_t count = 0, spread = 0;
        for (int k = 0; k < q->threads; k++) {
            count += q->mix[k].count[t];
            spread += q->mix[k].count[c->n_types + t];
        }
        for (int64_t k = c->type_at[t]; k < c->type_at[t + 1]; k++) {
            double a = (double)c->charge[k];
            g[c->charge_row[k]] -= (double)count / UNIT * a;
            h[c->charge_row[k]] += (double)spread / UNIT * a * a / q->tau;
        }
    }
}

/* One number of all threads. */
static double gather_one(const smooth *q, bool term, int64_t at)
{
    ys_i128 v = 0;
    for (int t = 0; t < q->threads; t++)
        v += term ? q->mix[t].term[at] : q->mix[t].sum[at];
    return (double)v / UNIT;
}

/* Sums and variances of places and terms, then what floors make of them: theirs less what their level asks. */
static void gather_floors(smooth *q)
{
    const ys_stage *s = q->s;
    const ys_choice *c = s->c;
    double *g = q->gradient + c->n_rows, *h = q->curvature + c->n_rows, *sum = q->sum, *var = sum + q->n_sums;
    bool floors = s->n_floors > (s->coupled ? 1 : 0);
    for (int64_t i = 0; floors && i < 2 * q->n_sums; i++)
        sum[i] = c->term_at != NULL ? gather_one(q, true, i) : 0;
    if (s->coupled)
        g[s->n_floors - 1] = -(double)s->minimum[s->n_floors - 1];
    for (int32_t p = 0; s->n_floors > 0 && p < c->n_places; p++) {
        double one[2 * METRICS];
        for (int k = 0; k < 2 * METRICS; k++)
            one[k] = gather_one(q, false, 2 * METRICS * (int64_t)p + k);
        if (s->coupled) {
            g[s->n_floors - 1] += one[0];
            h[s->n_floors - 1] += one[METRICS] / q->tau;
        }
        for (int32_t k = c->place_at[p]; floors && k < c->place_at[p + 1]; k++) {
            int f = c->place_floor[k];
            int which = c->floor_metric[f] == YS_PLAN_GAP ? 1 : c->floor_metric[f] == YS_PLAN_CURES ? 0 : 2;
            sum[f] += c->sum_sign[f] * one[which];
            var[f] += one[METRICS + which];
        }
    }
    for (int f = 0; floors && f < c->n_floors; f++) {
        int level = c->floor_level[f];
        double ratio = ys__ratio(c, f);
        g[f] = sum[f] - (double)s->minimum[f] - (level < 0 ? 0 : ratio * sum[c->n_floors + level]);
        h[f] = (var[f] + (level < 0 ? 0 : ratio * ratio * var[c->n_floors + level])) / q->tau;
    }
}

static void evaluate(smooth *q, const double *x)
{
    ys_stage *s = q->s;
    const ys_choice *c = s->c;
    ys__stage_weights(s, x);
    for (int t = 0; t < q->threads; t++) {
        memset(q->mix[t].count, 0, 2 * (size_t)c->n_types * sizeof(int64_t));
        memset(q->mix[t].sum, 0, 2 * METRICS * (size_t)c->n_places * sizeof(ys_i128));
        memset(q->mix[t].term, 0, 2 * (size_t)q->n_sums * sizeof(ys_i128));
    }
    ys_pool_run(s->pool, c->n_chunks, 1, mix_chunk, q);
    double dual = 0, excess = 0;
    for (int64_t i = 0; i < c->n_chunks; i++) {
        dual += s->chunk_sum[i];
        excess += q->excess[i];
    }
    for (int64_t r = 0; r < c->n_rows; r++)
        dual += x[r] * (double)c->limit[r];
    for (int f = 0; f < s->n_floors; f++)
        dual -= x[c->n_rows + f] * (double)s->minimum[f];
    s->dual = dual;
    s->passes++;
    if (dual < s->least) {
        s->least = dual;
        memcpy(s->best, x, (size_t)q->n * sizeof *x);
    }
    q->value = dual + excess;
    gather_rows(q);
    gather_floors(q);
}

/* ---- direction and step --------------------------------------------------------------------------------------- */

static double dot_free(const smooth *q, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < q->n; i++)
        sum += q->is_free[i] ? a[i] * b[i] : 0;
    return sum;
}

/* A step that suits coordinate i alone. */
static double reach(const smooth *q, int64_t i)
{
    return 0.5 * q->x[i] + 0.05 * q->s->scale[i];
}

static void multiply_diagonal(smooth *q, int pairs)
{
    double *d = q->direction, size = 0.2; /* the diagonal alone is too bold: rows are charged together */
    for (int64_t i = 0; i < q->n; i++) {
        double least = fabs(q->g[i]) / reach(q, i), h = q->h[i] > least ? q->h[i] : least;
        q->inverse[i] = h > 0 ? 1 / h : 0;
    }
    if (pairs > 0) {
        int64_t j = (q->next - 1 + PAIRS) % PAIRS;
        const double *dx = q->step + j * q->n, *dg = q->turn + j * q->n;
        double norm = 0;
        for (int64_t i = 0; i < q->n; i++)
            norm += q->is_free[i] ? dg[i] * dg[i] * q->inverse[i] : 0;
        size = norm > 0 ? dot_free(q, dx, dg) / norm : size;
        size = size < 0.01 ? 0.01 : size > 1 ? 1 : size;
    }
    for (int64_t i = 0; i < q->n; i++)
        d[i] = q->is_free[i] ? size * d[i] * q->inverse[i] : 0;
}

/* The two-loop recursion over the pairs kept, newest first, then back. */
static void aim(smooth *q, int pairs)
{
    double a[PAIRS] = {0}, rho[PAIRS] = {0}, *d = q->direction;
    for (int64_t i = 0; i < q->n; i++) {
        q->is_free[i] = q->x[i] > 0 || q->g[i] < 0;
        d[i] = q->is_free[i] ? -q->g[i] : 0;
    }
    for (int k = 0; k < pairs; k++) {
        int64_t j = (q->next - 1 - k + 2 * PAIRS) % PAIRS;
        const double *dx = q->step + j * q->n, *dg = q->turn + j * q->n;
        double both = dot_free(q, dx, dg);
        rho[j] = both > 1e-12 * sqrt(dot_free(q, dx, dx) * dot_free(q, dg, dg)) ? 1 / both : 0;
        a[j] = rho[j] * dot_free(q, dx, d);
        for (int64_t i = 0; rho[j] > 0 && i < q->n; i++)
            d[i] -= q->is_free[i] ? a[j] * dg[i] : 0;
    }
    multiply_diagonal(q, pairs);
    for (int k = pairs; k-- > 0;) {
        int64_t j = (q->next - 1 - k + 2 * PAIRS) % PAIRS;
        const double *dx = q->step + j * q->n, *dg = q->turn + j * q->n;
        double b = rho[j] * dot_free(q, dg, d);
        for (int64_t i = 0; rho[j] > 0 && i < q->n; i++)
            d[i] += q->is_free[i] ? (a[j] - b) * dx[i] : 0;
    }
    for (int64_t i = 0; i < q->n; i++) {
        double far = 2 * reach(q, i);
        d[i] = d[i] > far ? far : d[i] < -far ? -far : d[i];
    }
}

static void accept(smooth *q)
{
    double *dx = q->step + q->next * q->n, *dg = q->turn + q->next * q->n, both = 0;
    for (int64_t i = 0; i < q->n; i++) {
        dx[i] = q->trial[i] - q->x[i];
        dg[i] = q->gradient[i] - q->g[i];
        both += dx[i] * dg[i];
    }
    if (both > 0) {
        q->next = (q->next + 1) % PAIRS;
        q->pairs = q->pairs < PAIRS ? q->pairs + 1 : PAIRS;
    }
    double *swap = q->x;
    q->x = q->trial;
    q->trial = swap;
    memcpy(q->g, q->gradient, (size_t)q->n * sizeof *q->g);
    memcpy(q->h, q->curvature, (size_t)q->n * sizeof *q->h);
}

/* One step along the projected line; false: none goes down.  `left` counts evaluations. */
static bool advance(smooth *q, double *value, int *left)
{
    enum { TRIALS = 8 };
    aim(q, q->pairs);
    if (!(dot_free(q, q->direction, q->g) < 0))
        aim(q, 0);
    double t = q->length * 2 < 1 ? q->length * 2 : 1;
    for (int k = 0; k < TRIALS; k++, t *= 0.4) {
        double slope = 0;
        for (int64_t i = 0; i < q->n; i++) {
            double next = q->x[i] + t * q->direction[i];
            q->trial[i] = ys__price_within(q->s, i, next);
            slope += q->g[i] * (q->trial[i] - q->x[i]);
        }
        evaluate(q, q->trial);
        --*left;
        if (q->value <= *value + 1e-4 * slope) {
            accept(q);
            *value = q->value;
            q->length = t;
            return true;
        }
        if (k == 0) /* old pairs mislead */
            q->pairs = q->pairs > 3 ? 3 : q->pairs;
    }
    return false;
}

static bool fits_smoothing(const ys_choice *c)
{
    for (int64_t i = 0; i < c->n_blocks; i++)
        if (ys__block(c, i).n_bundles > MOST_BUNDLES)
            return false;
    return c->n_blocks > 0;
}

ys_status ys__stage_smooth(ys_stage *s, int first, int evaluations, const ys_plan_config *config, int tier,
                           ys_diag *diag)
{
    static const double level[] = {0.02, 0.008, 0.0032, 0.0013, 0.0005};
    const int levels = (int)(sizeof level / sizeof *level);
    smooth q = {0};
    double mean = fabs(s->least) / (double)(s->c->n_blocks + 1);
    if (!(mean > 0) || !isfinite(mean) || !fits_smoothing(s->c))
        return YS_OK;
    if (!smooth_init(&q, s)) {
        smooth_done(&q);
        return ys_fail_nomem(diag);
    }
    memcpy(q.x, s->best, (size_t)q.n * sizeof *q.x);
    for (int k = first; k < levels; k++) {
        int left = evaluations - 1;
        if (config->interrupted != NULL && config->interrupted(config->arg))
            break;
        if (config->progress != NULL)
            config->progress(config->arg, tier, "smooth", (double)k / levels);
        q.tau = level[k] * mean;
        q.length = 1;
        q.pairs = 0;
        evaluate(&q, q.x);
        memcpy(q.g, q.gradient, (size_t)q.n * sizeof *q.g);
        memcpy(q.h, q.curvature, (size_t)q.n * sizeof *q.h);
        double value = q.value;
        while (left > 0 && advance(&q, &value, &left))
            ;
    }
    memcpy(s->price, q.x, (size_t)q.n * sizeof *q.x);
    smooth_done(&q);
    return YS_OK;
}
