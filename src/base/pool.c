/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/alloc.h"

/* One loop runs at a time.  Workers wait on `work`, take chunk numbers under the lock (chunks are large, so
 * the lock costs nothing), and the last to finish wakes the caller, who works too. */
struct ys_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    pthread_t *threads;
    int count;   /* threads of our own; the caller is one more */
    int started; /* names handed to workers */
    bool quit;
    uint64_t generation;
    ys_pool_fn *fn;
    void *arg;
    int64_t n, chunk, next, running;
};

/* With the lock held: run chunks until none is left. */
static void run_chunks(ys_pool *p, int thread)
{
    while (p->next * p->chunk < p->n) {
        int64_t no = p->next++, begin = no * p->chunk;
        int64_t end = p->n - begin < p->chunk ? p->n : begin + p->chunk;
        p->running++;
        pthread_mutex_unlock(&p->lock);
        p->fn(p->arg, no, begin, end, thread);
        pthread_mutex_lock(&p->lock);
        p->running--;
    }
    if (p->running == 0)
        pthread_cond_signal(&p->done);
}

static void *worker(void *arg)
{
    ys_pool *p = arg;
    pthread_mutex_lock(&p->lock);
    int thread = ++p->started;
    uint64_t seen = 0;
    for (;;) {
        while (!p->quit && p->generation == seen)
            pthread_cond_wait(&p->work, &p->lock);
        if (p->quit)
            break;
        seen = p->generation;
        run_chunks(p, thread);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

ys_pool *ys_pool_new(int threads)
{
    if (threads <= 0) {
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        threads = n > 0 ? (int)n : 1;
    }
    ys_pool *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    p->threads = ys_calloc((size_t)threads, sizeof *p->threads);
    if (p->threads == NULL) {
        ys_pool_free(p);
        return NULL;
    }
    /* Fewer threads than asked for is no failure: results do not depend on their number. */
    while (p->count < threads - 1 && pthread_create(&p->threads[p->count], NULL, worker, p) == 0)
        p->count++;
    return p;
}

void ys_pool_free(ys_pool *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->quit = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->count; i++)
        pthread_join(p->threads[i], NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->done);
    ys_free(p->threads);
    ys_free(p);
}

int ys_pool_threads(const ys_pool *p)
{
    return p != NULL ? p->count + 1 : 1;
}

void ys_pool_run(ys_pool *p, int64_t n, int64_t chunk, ys_pool_fn *fn, void *arg)
{
    if (n <= 0)
        return;
    if (p == NULL) {
        for (int64_t no = 0; no * chunk < n; no++) {
            int64_t begin = no * chunk;
            fn(arg, no, begin, n - begin < chunk ? n : begin + chunk, 0);
        }
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->fn = fn;
    p->arg = arg;
    p->n = n;
    p->chunk = chunk;
    p->next = 0;
    p->running = 0;
    p->generation++;
    pthread_cond_broadcast(&p->work);
    run_chunks(p, 0);
    while (p->running > 0)
        pthread_cond_wait(&p->done, &p->lock);
    p->n = 0;
    pthread_mutex_unlock(&p->lock);
}
