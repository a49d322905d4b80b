/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/schema.h"

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
