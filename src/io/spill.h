/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_SPILL_H
#define YS_IO_SPILL_H
/*
 * spill.h - an append-only run of bytes that moves from memory to a temporary file when it grows (internal to io).
 *
 * The file lies in $TMPDIR (or /tmp), has no name and mode 0600: personal data is gone with the process.  Reading
 * goes through a cache of small blocks (16 MB at most), so that neither memory nor mapped pages grow with the data.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ys__spill ys__spill;

/* `budget`: bytes held in memory before the file is opened. NULL: memory is short. */
ys__spill *ys__spill_new(size_t budget);
void ys__spill_free(ys__spill *s);
/* false: errno says why (ENOMEM, or the temporary file cannot be made or written); the spill is unusable then. */
bool ys__spill_append(ys__spill *s, const void *bytes, size_t n);
uint64_t ys__spill_size(const ys__spill *s);
/* Copy bytes [at, at+n) of what was appended; false: out of range (errno ERANGE) or reading failed. */
bool ys__spill_read(ys__spill *s, uint64_t at, size_t n, void *to);
bool ys__spill_on_disk(const ys__spill *s);

#endif
