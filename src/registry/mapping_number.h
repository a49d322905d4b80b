/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_MAPPING_NUMBER_H
#define YS_REGISTRY_MAPPING_NUMBER_H
/*
 * mapping_number.h - the arithmetic of mapping files: scale, sum, round (internal to registry).
 *
 * What is written in whole minor units stays an integer, so that a sum of unscaled amounts is exact; what was scaled is
 * a double, summed in the order of the rows.  Rounding works on the shortest decimal that reads back to the double:
 * 1.005 becomes 1.01, as the reader of the file expects, not 1.00, because the nearest double lies below.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/table.h"

typedef struct ys__number {
    bool missing; /* blank, #NA, #未问: takes no part in sums */
    bool
        exact; /* `units` is the value in minor units (money) or ones (int); else `real` is, in major units */
    int64_t units;
    double real;
} ys__number;

/* false: not a number of this type.  Money with more decimals than `digits` becomes a real. */
bool ys__number_parse(const char *text, ys_type type, int digits, ys__number *ret_number);
double ys__number_real(const ys__number *n, ys_type type, int digits);
/* false: beyond the range of money. */
bool ys__number_add(ys__number *to, const ys__number *n, ys_type type, int digits);
/* The nearest number with `digits` decimals, halves away from zero; false: beyond the range of money. */
bool ys__number_round(ys__number *n, int digits);
/* Canonical text of a number that is not missing. */
char *ys__number_format(const ys__number *n, ys_type type, int digits, char *buf, size_t size);

#endif
