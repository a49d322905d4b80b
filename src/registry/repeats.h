/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_REPEATS_H
#define YS_REGISTRY_REPEATS_H
/*
 * repeats.h - a form that says the same record on many rows: the household beside each of its members.
 *
 * The first row of a key is the record; later ones must say the same, or leave it blank.  Held per key are the key, its
 * row and 32 bits per field, for up to YS_LIMIT_MAPPED_RECORDS keys (then ELIMIT).  Internal to registry.
 */
#include <stdint.h>
#include "registry/binding.h"

typedef struct ys__repeats ys__repeats;

typedef enum ys__repeat { YS_REPEAT_FRESH, YS_REPEAT_SAME, YS_REPEAT_DIFFERS } ys__repeat;

ys__repeats *ys__repeats_new(const ys_binding *b); /* borrows; NULL: memory is short */
void ys__repeats_free(ys__repeats *r);
/* `text`: one per bound field, trimmed, "" where blank.  DIFFERS: `ret_field` is the first bound field that says something
 * else than row `ret_first` did. */
ys_status ys__repeats_take(ys__repeats *r, const char *const *text, int64_t row, ys__repeat *ret_what,
                           int *ret_field, int64_t *ret_first, ys_diag *diag) YS_MUST_USE;

#endif
