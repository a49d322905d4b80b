/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_TEXT_H
#define YS_BASE_TEXT_H
/*
 * text.h - UTF-8: validity, width in terminal cells, header folding, masking of personal values.
 */
#include <stdbool.h>
#include <stddef.h>

bool ys_utf8_valid(const char *s, size_t n);
/* Cells on a terminal: CJK 2, combining 0. */
int ys_text_width(const char *s);
/* Bytes of the longest prefix not wider than `cells`. */
size_t ys_text_cut(const char *s, int cells);
/* Fold a header for matching: NFKC, lower case, blanks, brackets with content, ·:：_- dropped.  false: `buf`
 * too small. */
bool ys_text_fold(const char *s, char *buf, size_t size);
/* Trim ASCII and ideographic blanks: returns the start inside `s`, sets the length. */
const char *ys_text_trim(const char *s, size_t n, size_t *ret_len);
/* 371702********0013, 138****5678, 张*: what a reader without need sees. `buf` of at least strlen(s)+8. */
char *ys_mask_id(const char *s, char *buf, size_t size);
char *ys_mask_phone(const char *s, char *buf, size_t size);
char *ys_mask_name(const char *s, char *buf, size_t size);
/* A cell that a spreadsheet would run as a formula (= + - @ tab, CR first) gets a leading apostrophe. */
bool ys_text_is_formula(const char *s);

#endif
