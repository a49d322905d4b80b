/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/schema.h"

#include "base/text.h"

int ys_kind_field(const ys_kind *k, const char *name)
{
    for (int i = 0; i < k->field_count; i++)
        if (strcmp(k->fields[i].name, name) == 0)
            return i;
    return -1;
}

bool ys_field_secret(const ys_field *f)
{
    return f->sensitivity == YS_SENS_ID || f->sensitivity == YS_SENS_PHONE || f->sensitivity == YS_SENS_BANK;
}

const char *ys_field_mask(const ys_field *f, const char *text, char *buf, size_t size)
{
    if (strcmp(text, "***") == 0)
        return text;
    switch (f->sensitivity) {
    case YS_SENS_NAME:
        return ys_mask_name(text, buf, size);
    case YS_SENS_PHONE:
        return ys_mask_phone(text, buf, size);
    case YS_SENS_ID:
    case YS_SENS_BANK:
        return ys_mask_id(text, buf, size);
    case YS_SENS_NONE:
        break;
    }
    return text;
}

bool ys_field_is_masked(const ys_field *f, const char *text)
{
    return f->sensitivity != YS_SENS_NONE && (f->type == YS_TEXT || f->type == YS_CODE) &&
           (strchr(text, '*') != NULL || strstr(text, "＊") != NULL);
}
