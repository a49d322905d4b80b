/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_JSON_H
#define YS_BASE_JSON_H
/*
 * json.h - a streaming JSON writer; the only place that makes JSON.
 *
 *   ys_json j;
 *   ys_json_init(&j, ys_out_file(stdout), true);
 *   ys_json_object(&j, NULL);
 *   ys_json_real(&j, "fgt0", 0.6);
 *   ys_json_array(&j, "areas"); ys_json_text(&j, NULL, "菏泽"); ys_json_end(&j);
 *   ys_json_end(&j);
 *   ok = ys_json_finish(&j);
 *
 * Inside an object every value has a key, inside an array none (NULL).  NaN and infinities become null.
 * Invalid UTF-8 becomes U+FFFD.  Misuse (a key in an array, too deep) sets `failed`.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/out.h"

#define YS_JSON_DEPTH 64

typedef struct ys_json {
    ys_out out;
    bool pretty, failed;
    int depth;
    struct {
        char kind; /* '{' or '[' */
        bool any;
    } stack[YS_JSON_DEPTH];
} ys_json;

void ys_json_init(ys_json *j, ys_out out, bool pretty);
void ys_json_object(ys_json *j, const char *key);
void ys_json_array(ys_json *j, const char *key);
void ys_json_end(ys_json *j);                                      /* closes the innermost object or array */
void ys_json_text(ys_json *j, const char *key, const char *value); /* NULL value: null */
void ys_json_int(ys_json *j, const char *key, int64_t value);
void ys_json_real(ys_json *j, const char *key, double value);
void ys_json_bool(ys_json *j, const char *key, bool value);
void ys_json_null(ys_json *j, const char *key);
/* Minor units as a decimal number with `digits` decimals (1234.50), exact. */
void ys_json_money(ys_json *j, const char *key, int64_t minor, int digits);
/* All closed and all written?  Adds the last newline when pretty. */
bool ys_json_finish(ys_json *j);

#endif
