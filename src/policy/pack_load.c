/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/limits.h"
#include "policy/pack_internal.h"

static ys_pack *pack_new(void)
{
    ys_arena *arena = ys_arena_new(YS_LIMIT_PACK_MEMORY);
    ys_pack *p = arena ? ys_arena_alloc(arena, 1, sizeof *p) : NULL;
    if (!p) {
        ys_arena_free(arena);
        return NULL;
    }
    p->arena = arena;
    bool ok = true;
    for (int t = 0; t < YS_PT_COUNT; t++)
        ok &= (p->names[t] = ys_map_new(64)) != NULL;
    ok &= (p->code_exact = ys_map_new(256)) != NULL;
    ok &= (p->code_folded = ys_map_new(256)) != NULL;
    ok &= (p->lists = ys_map_new(64)) != NULL;
    if (ok)
        return p;
    ys_pack_free(p);
    return NULL;
}

void ys_pack_free(ys_pack *p)
{
    if (!p)
        return;
    for (int t = 0; t < YS_PT_COUNT; t++)
        ys_map_free(p->names[t]);
    ys_map_free(p->code_exact);
    ys_map_free(p->code_folded);
    ys_map_free(p->lists);
    ys_arena_free(p->arena); /* the pack itself is in it */
}

/* Rows are known when a table is read; passes that come later count on them. */
static void count_rows(ys_pload *l)
{
    for (int t = 0; t < YS_PT_COUNT; t++)
        l->pack->count[t] = (int)l->table[t].rows;
}

/* All passes, in an order in which each may look at what the ones before have read. */
static void read_pack(ys_pload *l)
{
    static void (*const passes[])(ys_pload *) = {
        ys__pack_read_json,     ys__pack_read_schema, ys__pack_read_money,        ys__pack_read_policy,
        ys__pack_read_measures, ys__pack_read_groups, ys__pack_read_entitlements, ys__pack_read_rules,
        ys__pack_read_params,   ys__pack_read_pairs,  ys__pack_read_templates,    ys__pack_index_codes,
        ys__pack_check_core,    ys__pack_check_refs,  ys__pack_check_mapping,     ys__pack_check_rules,
    };
    for (size_t i = 0; i < sizeof passes / sizeof *passes && !l->nomem; i++) {
        passes[i](l);
        if (i == 0 && !ys__pack_file(l->pack, "datapackage.json"))
            return; /* some other folder: one fault is enough */
        count_rows(l);
    }
    ys__pack_fault_sort(l);
}

typedef void report_fn(void *arg, const ys_diag *fault);

/* Read `p`, tell all faults, and say whether it is whole. */
static ys_status finish(ys_pack *p, report_fn *report, void *arg, ys_diag *diag)
{
    ys_pload l = {.pack = p};
    read_pack(&l);
    ys_status st = YS_OK;
    for (size_t i = 0; report && i < l.fault_count; i++)
        report(arg, &l.faults[i].diag);
    if (l.nomem)
        st = ys_fail_nomem(diag);
    else if (l.fault_count) {
        st = report ? YS_EDATA : l.faults[0].diag.status;
        if (diag)
            *diag = l.faults[0].diag;
    }
    ys_free(l.faults);
    return st;
}

ys_status ys_pack_read(const char *path, ys_pack **ret_pack, ys_diag *diag)
{
    ys_pack *p = pack_new();
    if (!p)
        return ys_fail_nomem(diag);
    ys_status st = ys__pack_read_folder(p, path, diag);
    if (st == YS_OK)
        *ret_pack = p;
    else
        ys_pack_free(p);
    return st;
}

ys_status ys_pack_load(const char *path, ys_pack **ret_pack, ys_diag *diag)
{
    ys_pack *p = pack_new();
    if (!p)
        return ys_fail_nomem(diag);
    ys_status st = ys__pack_read_folder(p, path, diag);
    if (st == YS_OK)
        st = finish(p, NULL, NULL, diag);
    if (st == YS_OK)
        *ret_pack = p;
    else
        ys_pack_free(p);
    return st;
}

ys_status ys_pack_load_files(const ys_pack_file *files, int count, ys_pack **ret_pack, ys_diag *diag)
{
    ys_pack *p = pack_new();
    if (!p)
        return ys_fail_nomem(diag);
    ys_status st = ys__pack_take_files(p, files, count, diag);
    if (st == YS_OK)
        st = finish(p, NULL, NULL, diag);
    if (st == YS_OK)
        *ret_pack = p;
    else
        ys_pack_free(p);
    return st;
}

ys_status ys_pack_check(const char *path, void (*report)(void *arg, const ys_diag *fault), void *arg,
                        ys_diag *diag)
{
    ys_pack *p = pack_new();
    if (!p)
        return ys_fail_nomem(diag);
    ys_status st = ys__pack_read_folder(p, path, diag);
    if (st == YS_OK)
        st = finish(p, report, arg, diag);
    ys_pack_free(p);
    return st;
}

ys_status ys_pack_check_files(const ys_pack_file *files, int count,
                              void (*report)(void *arg, const ys_diag *fault), void *arg, ys_diag *diag)
{
    ys_pack *p = pack_new();
    if (!p)
        return ys_fail_nomem(diag);
    ys_status st = ys__pack_take_files(p, files, count, diag);
    if (st == YS_OK)
        st = finish(p, report, arg, diag);
    ys_pack_free(p);
    return st;
}
