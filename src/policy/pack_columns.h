/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_PACK_COLUMNS_H
#define YS_POLICY_PACK_COLUMNS_H
/*
 * pack_columns.h - the columns of fields.csv in the loader's order, for the two files that point at its cells.
 */
enum {
    F_KIND,
    F_NAME,
    F_TYPE,
    F_UNIT,
    F_KEY,
    F_REQUIRED,
    F_CODES,
    F_REF,
    F_MIN,
    F_MAX,
    F_SENS,
    F_ZH,
    F_EN,
    F_SYN,
    F_SOURCE,
    F_EFFECTIVE
};

#endif
