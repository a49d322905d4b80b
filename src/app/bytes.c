/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/alloc.h"

enum { STEP = 1 << 20 };
#define MOST ((size_t)16 << 30) /* unpacked */

static ys_status unreadable(const char *path, ys_diag *diag)
{
    return ys_fail(diag, YS_EIO, "读不了 %s：%s", "cannot read %s: %s", path, strerror(errno));
}

static ys_status unpack(int fd, const char *path, ys_bytes *b, ys_diag *diag)
{
    gzFile f = gzdopen(fd, "rb");
    char *data = NULL;
    size_t cap = 0, n = 0;
    int got = 0, fault = Z_OK;
    ys_status st = YS_OK;
    if (f == NULL) {
        close(fd);
        return ys_fail_nomem(diag);
    }
    (void)gzbuffer(f, STEP);
    do {
        if (n > MOST)
            YS_GO(ys_fail(diag, YS_ELIMIT, "%s 解开后超过 16 GiB", "%s unpacks to more than 16 GiB", path));
        if (!ys_grow(&data, &cap, n + STEP, 1))
            YS_GO(ys_fail_nomem(diag));
        got = gzread(f, data + n, STEP);
        n += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    (void)gzerror(f, &fault);
    if (got < 0 || (fault != Z_OK && fault != Z_STREAM_END))
        YS_GO(ys_fail(diag, YS_EDATA, "%s 的 gzip 数据损坏或被截断",
                      "the gzip data of %s are damaged or cut short", path));
    *b = (ys_bytes){.data = data, .size = n, .heap = data};
    data = NULL;
done:
    gzclose(f);
    ys_free(data);
    return st;
}

ys_status ys_bytes_open(const char *path, ys_bytes *ret_bytes, ys_diag *diag)
{
    struct stat s;
    unsigned char head[2] = {0, 0};
    ys_diag_where(diag, path, NULL, 0, 0, NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return unreadable(path, diag);
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
        close(fd);
        return ys_fail(diag, YS_EIO, "%s 不是普通文件", "%s is no plain file", path);
    }
    if (pread(fd, head, 2, 0) == 2 && head[0] == 0x1f && head[1] == 0x8b)
        return unpack(fd, path, ret_bytes, diag);
    *ret_bytes = (ys_bytes){.size = (size_t)s.st_size};
    if (s.st_size > 0) {
        void *map = mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED) {
            close(fd);
            return unreadable(path, diag);
        }
        ret_bytes->map = map;
        ret_bytes->data = map;
    }
    close(fd);
    return YS_OK;
}

void ys_bytes_close(ys_bytes *b)
{
    if (b->map != NULL)
        munmap(b->map, b->size);
    ys_free(b->heap);
    *b = (ys_bytes){0};
}
