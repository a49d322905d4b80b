/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_MAPPING_INTERNAL_H
#define YS_REGISTRY_MAPPING_INTERNAL_H
/*
 * mapping_internal.h - what is inside a mapping (internal to registry).
 */
#include "base/arena.h"
#include "registry/mapping.h"

struct ys_mapping {
    ys_arena *arena;
    ys_mapping_file *files;
    int count;
};

#endif
