/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a rule: it compiles or is refused with words; what compiles runs. */
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "policy/rule_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rule_world w;
    char got[1200], *text = ys_strndup((const char *)data, size);
    if (!text)
        return 0;
    rule_world_init(&w);
    rule_world_eval(w.household_env, w.household, text, got, sizeof got);
    if (got[0] == '!' && got[1] == '\0')
        abort(); /* refused without a word */
    rule_world_eval(w.person_env, w.person, text, got, sizeof got);
    rule_world_done(&w);
    ys_free(text);
    return 0;
}
