/* SPDX-License-Identifier: Apache-2.0 */
#include "io/spill.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "base/alloc.h"

enum { BLOCK = 4096, LINES = 4096, WRITE_BUFFER = 64 * 1024 };

struct ys__spill {
    size_t budget;
    int fd;           /* -1: all in memory */
    uint64_t flushed; /* bytes in the file */
    char *mem;        /* bytes [flushed, flushed+used) */
    size_t used, cap;
    char *cache;    /* LINES blocks, direct mapped; NULL until read from the file */
    uint64_t *tags; /* block number + 1 of each line; 0 = empty */
};

ys__spill *ys__spill_new(size_t budget)
{
    ys__spill *s = ys_calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->budget = budget;
    s->fd = -1;
    return s;
}

void ys__spill_free(ys__spill *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        (void)close(s->fd);
    ys_free(s->mem);
    ys_free(s->cache);
    ys_free(s->tags);
    ys_free(s);
}

static int temporary(void)
{
    const char *dir = secure_getenv("TMPDIR");
    char path[4096];
    if (!dir || !*dir)
        dir = "/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    /* a file system without O_TMPFILE */
    if (snprintf(path, sizeof path, "%s/yaoshi-XXXXXX", dir) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

static bool flush(ys__spill *s)
{
    size_t done = 0;
    while (done < s->used) {
        ssize_t n = pwrite(s->fd, s->mem + done, s->used - done, (off_t)(s->flushed + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return false;
        }
        done += (size_t)n;
    }
    s->flushed += s->used;
    s->used = 0;
    if (s->tags) /* the last block may have grown */
        memset(s->tags, 0, LINES * sizeof *s->tags);
    return true;
}

static bool go_to_disk(ys__spill *s)
{
    s->fd = temporary();
    if (s->fd < 0 || !flush(s))
        return false;
    ys_free(s->mem);
    s->mem = ys_malloc(WRITE_BUFFER);
    s->cap = s->mem ? WRITE_BUFFER : 0;
    if (!s->mem)
        errno = ENOMEM;
    return s->mem != NULL;
}

bool ys__spill_append(ys__spill *s, const void *bytes, size_t n)
{
    const char *from = bytes;
    if (s->fd < 0 && s->used + n <= s->budget) {
        if (!ys_grow(&s->mem, &s->cap, s->used + n, 1)) {
            errno = ENOMEM;
            return false;
        }
        if (n > 0)
            memcpy(s->mem + s->used, from, n);
        s->used += n;
        return true;
    }
    if (s->fd < 0 && !go_to_disk(s))
        return false;
    while (n > 0) {
        size_t k = s->cap - s->used < n ? s->cap - s->used : n;
        memcpy(s->mem + s->used, from, k);
        s->used += k;
        from += k;
        n -= k;
        if (s->used == s->cap && !flush(s))
            return false;
    }
    return true;
}

uint64_t ys__spill_size(const ys__spill *s)
{
    return s->flushed + s->used;
}

bool ys__spill_on_disk(const ys__spill *s)
{
    return s->fd >= 0;
}

/* The block with number `no`, from the cache or the file; NULL: reading failed. */
static const char *block(ys__spill *s, uint64_t no)
{
    if (!s->cache) {
        s->cache = ys_malloc((size_t)LINES * BLOCK);
        s->tags = ys_calloc(LINES, sizeof *s->tags);
        if (!s->cache || !s->tags) {
            errno = ENOMEM;
            return NULL;
        }
    }
    size_t line = (size_t)(no % LINES);
    char *to = s->cache + line * BLOCK;
    if (s->tags[line] == no + 1)
        return to;
    s->tags[line] = 0;
    size_t done = 0;
    while (done < BLOCK) {
        ssize_t n = pread(s->fd, to + done, BLOCK - done, (off_t)(no * BLOCK + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return NULL;
        if (n == 0)
            break; /* the last block is short */
        done += (size_t)n;
    }
    s->tags[line] = no + 1;
    return to;
}

bool ys__spill_read(ys__spill *s, uint64_t at, size_t n, void *to)
{
    char *out = to;
    uint64_t size = ys__spill_size(s);
    if (at > size || n > size - at) {
        errno = ERANGE;
        return false;
    }
    if (s->fd < 0) {
        if (n > 0)
            memcpy(out, s->mem + at, n);
        return true;
    }
    if (s->used > 0 && !flush(s))
        return false;
    while (n > 0) {
        const char *b = block(s, at / BLOCK);
        if (!b)
            return false;
        size_t skip = (size_t)(at % BLOCK), k = BLOCK - skip < n ? BLOCK - skip : n;
        memcpy(out, b + skip, k);
        out += k;
        at += k;
        n -= k;
    }
    return true;
}
