/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_NUM_H
#define YS_BASE_NUM_H
/*
 * num.h - numbers, money and dates as text, free of locale.
 *
 * Money is int64 in minor units (fen).  A date is a count of days since 1970-01-01 (proleptic Gregorian).
 * Parsers take the whole of `s` (leading and trailing blanks allowed) or fail without touching `ret_`.
 * Full-width digits and signs (０１２，．) are read as their ASCII forms, because Chinese input methods type
 * them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool ys_parse_int(const char *s, int64_t *ret_value);
/* Shortest-path decimal to double, exact as strtod in the C locale; no hex, inf or nan. */
bool ys_parse_real(const char *s, double *ret_value);
/* "1,234.5", "￥1234.50", "1234.5元", "1.2万元" -> minor units; more than `digits` decimals is a failure
 * unless zero. */
bool ys_parse_money(const char *s, int digits, int64_t *ret_minor);
/* YYYY-MM-DD, YYYY/M/D, YYYYMMDD, YYYY.MM.DD, YYYY年M月D日. Impossible dates (2月30日) fail. */
bool ys_parse_date(const char *s, int32_t *ret_days);
bool ys_parse_bool(const char *s, bool *ret_value); /* 1/0 true/false yes/no 是/否 y/n */

int32_t ys_date_from(int year, int month, int day); /* no range check */
void ys_date_to(int32_t days, int *ret_year, int *ret_month, int *ret_day);
bool ys_date_valid(int year, int month, int day);
/* Whole years between two dates (age). */
int ys_years_between(int32_t from, int32_t to);

/* Minor units in one of a currency with `digits` decimals: 100 for 2. */
int64_t ys_money_unit(int digits);

/* Formatters write at most `size` bytes with the terminator and return `buf`. */
char *ys_format_money(int64_t minor, int digits, char *buf, size_t size);         /* 1234.50 */
char *ys_format_money_grouped(int64_t minor, int digits, char *buf, size_t size); /* 1,234.50 */
char *ys_format_int_grouped(int64_t v, char *buf, size_t size);
char *ys_format_date(int32_t days, char *buf, size_t size); /* 2016-08-27 */
/* Shortest decimal that reads back to the same double; "null" for NaN and infinities. */
char *ys_format_real(double v, char *buf, size_t size);

#endif
