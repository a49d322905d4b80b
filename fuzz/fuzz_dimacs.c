/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a DIMACS flow problem: a refusal says why; a small problem that is read gets one of the three outcomes, and its
 * certificate holds.
 */
#include <stddef.h>
#include <stdint.h>

#include "app/dimacs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_NODES = 64, MOST_ARCS = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ys_dimacs *d = NULL;
    ys_flow_result *r = NULL;
    ys_diag diag = {0};
    ys_status st = ys_flow_read_dimacs((const char *)data, size, "fuzz.min", &d, &diag);
    if (st == YS_OK && d->in.nodes <= MOST_NODES && d->in.arcs <= MOST_ARCS) {
        st = ys_flow_solve(&d->in, &r, &diag);
        if (st == YS_OK && ys_flow_check(&d->in, r, &diag) != YS_OK)
            abort();
    }
    if (st != YS_OK && (diag.en[0] == 0 || diag.zh[0] == 0))
        abort();
    ys_flow_result_free(r);
    ys_dimacs_free(d);
    return 0;
}
