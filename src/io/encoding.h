/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_ENCODING_H
#define YS_IO_ENCODING_H
/*
 * encoding.h - bytes of a source turned into UTF-8, the encoding recognised on the way (internal to io).
 *
 * BOMs decide at once.  Without one everything is ASCII until the first other byte; the block (64 KB) that begins
 * there decides: valid UTF-8 is UTF-8; text with more good three-byte sequences than bad bytes is damaged UTF-8 (read
 * as Chinese in GB18030 it would be silent nonsense); all else is GB18030.  Bytes that do not convert come out as
 * 0xFF, which no UTF-8 has, so that the reader finds them where they stand.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "io/csv.h"

typedef struct ys__decoder ys__decoder;

/* `encoding` NULL: recognise.  NULL with errno EINVAL: unknown encoding; ENOMEM. `read` and `arg` are borrowed. */
ys__decoder *ys__decoder_new(ys_csv_read_fn *read, void *arg, const char *encoding);
void ys__decoder_free(ys__decoder *d);
/* Up to `n` (>= 64) bytes of UTF-8; 0 at the end; -1 reading failed (errno), -2 this system's iconv lacks the encoding. */
int64_t ys__decoder_read(ys__decoder *d, char *buf, size_t n);
const char *ys__decoder_name(const ys__decoder *d);

/* Offset of the first byte that is no part of valid UTF-8 or is NUL; `n` if none. */
size_t ys__utf8_check(const char *s, size_t n);

#endif
