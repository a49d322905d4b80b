/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as JSON: what jansson reads, our writer writes and jansson reads again with the same meaning.  Deeper
 * nesting than the writer allows is told by finish.
 */
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include "base/json.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(ys_json *j, const char *key, const json_t *v)
{
    const char *name;
    json_t *item;
    size_t i;
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        ys_json_object(j, key);
        json_object_foreach((json_t *)(uintptr_t)v, name, item) put(j, name, item);
        ys_json_end(j);
        break;
    case JSON_ARRAY:
        ys_json_array(j, key);
        json_array_foreach(v, i, item) put(j, NULL, item);
        ys_json_end(j);
        break;
    case JSON_STRING:
        ys_json_text(j, key, json_string_value(v));
        break;
    case JSON_INTEGER:
        ys_json_int(j, key, json_integer_value(v));
        break;
    case JSON_REAL:
        ys_json_real(j, key, json_real_value(v));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        ys_json_bool(j, key, json_is_true(v));
        break;
    case JSON_NULL:
        ys_json_null(j, key);
        break;
    }
}

static int depth_of(const json_t *v)
{
    const char *name;
    json_t *item;
    size_t i;
    int deepest = 0;
    if (json_is_object(v)) {
        json_object_foreach((json_t *)(uintptr_t)v, name, item)
        {
            int d = depth_of(item);
            deepest = d > deepest ? d : deepest;
        }
    } else if (json_is_array(v)) {
        json_array_foreach(v, i, item)
        {
            int d = depth_of(item);
            deepest = d > deepest ? d : deepest;
        }
    } else {
        return 0;
    }
    return deepest + 1;
}

/* As json_equal, but 1.0 may come back as 1. */
static bool same(const json_t *a, const json_t *b)
{
    const char *name;
    json_t *item;
    size_t i;
    if (json_is_number(a) && json_is_number(b) && json_typeof(a) != json_typeof(b))
        return json_number_value(a) == json_number_value(b);
    if (json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_object(a)) {
        if (json_object_size(a) != json_object_size(b))
            return false;
        json_object_foreach((json_t *)(uintptr_t)a, name, item)
        {
            const json_t *other = json_object_get(b, name);
            if (!other || !same(item, other))
                return false;
        }
        return true;
    }
    if (json_is_array(a)) {
        if (json_array_size(a) != json_array_size(b))
            return false;
        json_array_foreach(a, i, item) if (!same(item, json_array_get(b, i))) return false;
        return true;
    }
    return json_equal((json_t *)(uintptr_t)a, (json_t *)(uintptr_t)b);
}

static void round_trip(const json_t *v, bool pretty)
{
    ys_str s = {0};
    ys_json j;
    json_error_t error;
    ys_json_init(&j, ys_out_str(&s), pretty);
    put(&j, NULL, v);
    bool ok = ys_json_finish(&j);
    if (ok != (depth_of(v) <= YS_JSON_DEPTH))
        abort();
    if (ok) {
        json_t *again = json_loadb(s.data, s.len, JSON_REJECT_DUPLICATES, &error);
        if (!again || !same(v, again))
            abort();
        json_decref(again);
    }
    ys_str_done(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_error_t error;
    json_t *v = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, &error);
    if (!v)
        return 0;
    round_trip(v, false);
    round_trip(v, true);
    json_decref(v);
    return 0;
}
