/* SPDX-License-Identifier: Apache-2.0 */
#include "app/card_pairs.h"

#include <string.h>

#include "app/card_pairs_internal.h"
#include "app/fact.h"
#include "app/pairing.h"
#include "base/alloc.h"
#include "base/arena.h"

void ys_pair_card_free(ys_pair_card *p)
{
    if (p == NULL)
        return;
    ys_table_free(p->record);
    ys_arena_free(p->arena);
    ys_free(p);
}

static ys_status new_card(ys_office *o, const char *key, bool unmask, ys_pair_card **ret, ys_diag *diag)
{
    ys_pair_card *p = ys_calloc(1, sizeof *p);
    if (p == NULL || (p->arena = ys_arena_new(0)) == NULL) {
        ys_free(p);
        return ys_fail_nomem(diag);
    }
    p->office = o;
    p->key = key;
    p->unmask = unmask;
    *ret = p;
    return YS_OK;
}

/* ---- what is known of either side ---- */

static const ys_pair_level *level_of(const ys_pair_card *p, const char *name)
{
    int n;
    const ys_pair_level *l = ys_pack_pair_levels(p->office->pack, &n);
    for (int i = 0; i < n; i++)
        if (name != NULL && strcmp(l[i].level, name) == 0)
            return &l[i];
    return NULL;
}

/* The first of these fields that the record has, as its reader may see it. */
static ys_status find_name(ys_pair_card *p, const char *kind, const char *key, const char *const *fields,
                           const char **ret, ys_diag *diag)
{
    char buf[200];
    const ys_kind *k = ys_pack_kind(p->office->pack, kind);
    ys_fact_how how = {.pack = p->office->pack, .zh = true, .unmask = p->unmask};
    ys_scan s = {.valid_on = YS_SCAN_LATEST, .key = key, .decrypt = p->office->has_key};
    ys_table *t = NULL;
    *ret = "";
    if (k == NULL || key == NULL)
        return YS_OK;
    YS_TRY(ys_store_scan(p->office->store, k, &s, &t, diag));
    for (int i = 0; ys_table_rows(t) > 0 && **ret == '\0' && fields[i] != NULL; i++) {
        int f = ys_kind_field(k, fields[i]);
        const char *text = f >= 0 ? ys_fact_text(&how, &k->fields[f], t, 0, buf, sizeof buf) : "";
        *ret = ys_arena_strdup(p->arena, text);
        if (*ret == NULL) {
            ys_table_free(t);
            return ys_fail_nomem(diag);
        }
    }
    ys_table_free(t);
    return YS_OK;
}

static ys_status take_pair(ys_pair_card *p, const ys_table *t, int64_t r, ys__pair_shown *x, ys_diag *diag)
{
    static const char *const names[] = {"name", "head_name", NULL}, *const unit[] = {"unit", NULL};
    static const char *const fields[] = {"pair_level", "need", "giver", "area", "reason", "previous"};
    const char **to[] = {&x->level, &x->need, &x->giver, &x->area, &x->reason, &x->previous};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = ys_table_get_text(t, ys_table_find(t, fields[i]), r);
        *to[i] = text != NULL ? ys_arena_strdup(p->arena, text) : NULL;
        if (text != NULL && *to[i] == NULL)
            return ys_fail_nomem(diag);
    }
    x->since = ys_table_get_int(t, ys_table_find(t, "since"), r);
    x->points = ys_table_get_int(t, ys_table_find(t, "points"), r);
    x->need_name = x->giver_name = x->giver_unit = "";
    const ys_pair_level *l = level_of(p, x->level);
    if (l == NULL)
        return YS_OK;
    YS_TRY(find_name(p, l->need_kind, x->need, names, &x->need_name, diag));
    YS_TRY(find_name(p, l->giver_kind, x->giver, names, &x->giver_name, diag));
    return find_name(p, l->giver_kind, x->giver, unit, &x->giver_unit, diag);
}

/* Pairs that hold where `field` is the card's key. */
static ys_status read_pairs(ys_pair_card *p, const char *field, int64_t as_of_tx, ys__pair_shown **ret,
                            int64_t *ret_n, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(p->office->pack, "pairing");
    ys_scan s = {
        .as_of_tx = as_of_tx, .valid_on = YS_SCAN_LATEST, .where_field = field, .where_value = p->key};
    ys_table *t = NULL;
    ys_status st = YS_OK;
    if (kind == NULL)
        return YS_OK; /* a pack without pairings */
    YS_TRY(ys_store_scan(p->office->store, kind, &s, &t, diag));
    int64_t n = ys_table_rows(t), old = *ret_n;
    ys__pair_shown *list = ys_arena_alloc(p->arena, (size_t)(n + old + 1), sizeof *list);
    if (list == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int64_t i = 0; i < old; i++)
        list[i] = (*ret)[i];
    for (int64_t r = 0; r < n; r++) {
        ys__pair_shown x = {0};
        bool twice = false;
        YS_GO(take_pair(p, t, r, &x, diag));
        for (int64_t i = 0; i < old; i++)
            twice |= strcmp(list[i].level, x.level) == 0 && strcmp(list[i].need, x.need) == 0;
        if (!twice)
            list[(*ret_n)++] = x;
    }
    *ret = list;
done:
    ys_table_free(t);
    return st;
}

/* ---- of a household: who helped before ---- */

static ys_status read_past(ys_pair_card *p, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(p->office->pack, "pairing");
    ys_table *t = NULL;
    ys_status st = YS_OK;
    const char *key = ys_arena_printf(p->arena, "household|%s", p->key);
    if (kind == NULL)
        return YS_OK;
    if (key == NULL)
        return ys_fail_nomem(diag);
    YS_TRY(ys_store_history(p->office->store, kind, key, false, &t, diag));
    int64_t n = ys_table_rows(t);
    p->past = ys_arena_alloc(p->arena, (size_t)(n + 1), sizeof *p->past);
    if (p->past == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int64_t r = 0; r < n; r++) {
        const char *giver = ys_table_get_text(t, ys_table_find(t, "giver"), r),
                   *reason = ys_table_get_text(t, ys_table_find(t, "reason"), r);
        if (giver == NULL || !ys_is_missing(ys_table_get_int(t, ys_table_find(t, "_tx_to"), r)))
            continue; /* what we know now, not what we once knew */
        ys__pair_past *x = &p->past[p->pasts++];
        *x = (ys__pair_past){.giver = ys_arena_strdup(p->arena, giver),
                             .reason = reason != NULL ? ys_arena_strdup(p->arena, reason) : NULL,
                             .from = ys_table_get_int(t, ys_table_find(t, "_valid_from"), r),
                             .to = ys_table_get_int(t, ys_table_find(t, "_valid_to"), r)};
        if (x->giver == NULL || (reason != NULL && x->reason == NULL))
            YS_GO(ys_fail_nomem(diag));
    }
done:
    ys_table_free(t);
    return st;
}

/* ---- of an area: who is paired at each level ---- */

typedef struct looking {
    const ys_card *card;
    ys_pair_card *p;
    ys_index *paired; /* needs of the level that have a pair */
} looking;

/* Needs of a level in the area, and which of them have no pair. */
static ys_status count_needs(const looking *l, const ys_pair_env *env, ys__pair_sum *x, ys_diag *diag)
{
    const ys_areas *areas = l->card->frame->areas;
    const ys_kind *k = ys_pack_kind(l->p->office->pack, x->level->need_kind);
    const ys_table *t = env->need_table;
    int key = ys_key_column(k, t), place = *k->area_field != '\0' ? ys_table_find(t, k->area_field) : -1;
    int32_t *row = NULL;
    int64_t n = 0;
    ys_status st = YS_OK;
    x->alone = ys_arena_alloc(l->p->arena, YS_PAIR_ALONE_LISTED, sizeof *x->alone);
    if (x->alone == NULL)
        return ys_fail_nomem(diag);
    YS_TRY(ys_pair_rows(env->need, x->level->need_rule, ys_table_rows(t), &row, &n, diag));
    for (int64_t i = 0; i < n; i++) {
        const char *code = place >= 0 ? ys_table_get_text(t, place, row[i]) : NULL,
                   *need = ys_table_get_text(t, key, row[i]);
        int32_t at = code != NULL ? ys_areas_find(areas, code) : -1;
        if (at < 0 || !ys_areas_within(areas, at, l->card->area))
            continue;
        x->needs++;
        if (ys_index_find(l->paired, need) >= 0) {
            x->paired++;
        } else if (x->listed < YS_PAIR_ALONE_LISTED) {
            x->alone[x->listed] = ys_arena_strdup(l->p->arena, need);
            if (x->alone[x->listed++] == NULL)
                YS_GO(ys_fail_nomem(diag));
        }
    }
done:
    ys_free(row);
    return st;
}

static ys_status sum_level(const ys_card *c, ys_pair_card *p, const ys_pair_level *level, int64_t tx,
                           ys_diag *diag)
{
    const ys_pack *pack = p->office->pack;
    const ys_kind *need = ys_pack_kind(pack, level->need_kind);
    ys_scan of_level = {.as_of_tx = tx,
                        .valid_on = YS_SCAN_LATEST,
                        .where_field = "pair_level",
                        .where_value = level->level},
            all = {.as_of_tx = tx, .valid_on = YS_SCAN_LATEST};
    ys_table *pairs = NULL, *own = NULL;
    ys_pair_env *env = NULL;
    looking l = {.card = c, .p = p};
    ys_status st = YS_OK;
    YS_GO(ys_store_scan(p->office->store, ys_pack_kind(pack, "pairing"), &of_level, &pairs, diag));
    if (ys_table_rows(pairs) == 0)
        goto done; /* nobody was ever paired at this level: nobody is missing */
    if (ys_facts_env_of(c->frame->env, level->need_kind) == NULL)
        YS_GO(ys_store_scan(p->office->store, need, &all, &own, diag));
    ys_pair_sides sides = {.facts = c->frame->env, .need = own, .today = c->frame->today};
    YS_GO(ys_pair_env_new(pack, level, &sides, 1, &env, diag));
    YS_GO(ys_index_new(pairs, ys_table_find(pairs, "need"), &l.paired, diag));
    ys__pair_sum x = {.level = level};
    YS_GO(count_needs(&l, env, &x, diag));
    if (x.needs > 0)
        p->sum[p->sums++] = x;
done:
    ys_index_free(l.paired);
    ys_pair_env_free(env);
    ys_table_free(own);
    ys_table_free(pairs);
    return st;
}

static ys_status read_sums(const ys_card *c, ys_pair_card *p, int64_t tx, ys_diag *diag)
{
    int n;
    const ys_pair_level *level = ys_pack_pair_levels(p->office->pack, &n);
    if (ys_pack_kind(p->office->pack, "pairing") == NULL)
        return YS_OK;
    p->sum = ys_arena_alloc(p->arena, (size_t)(n + 1), sizeof *p->sum);
    if (p->sum == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++)
        YS_TRY(sum_level(c, p, &level[i], tx, diag));
    return YS_OK;
}

/* ---- the three cards ---- */

ys_status ys_pair_card_of(const ys_card *c, int64_t as_of_tx, ys_pair_card **ret_card, ys_diag *diag)
{
    ys_pair_card *p = NULL;
    ys_status st = YS_OK;
    YS_TRY(new_card(c->office, c->key, c->unmask, &p, diag));
    p->of_area = c->of_area;
    YS_GO(read_pairs(p, "need", as_of_tx, &p->pair, &p->pairs, diag));
    if (c->of_area) {
        /* Partners of counties and towns stand with the code of the area; in a village so do its households, which are
         * summed up, and its own partners stand with it as who is helped. */
        const char *const *levels;
        if (c->level >= 0 && c->level + 1 < ys_pack_area_levels(c->office->pack, &levels))
            YS_GO(read_pairs(p, "area", as_of_tx, &p->pair, &p->pairs, diag));
        YS_GO(read_sums(c, p, as_of_tx, diag));
    } else {
        YS_GO(read_past(p, diag));
    }
    *ret_card = p;
    p = NULL;
done:
    ys_pair_card_free(p);
    return st;
}

static ys_status find_giver(ys_pair_card *p, int64_t tx, ys_diag *diag)
{
    int n;
    const ys_pair_level *level = ys_pack_pair_levels(p->office->pack, &n);
    ys_scan s = {.as_of_tx = tx, .valid_on = YS_SCAN_LATEST, .key = p->key, .decrypt = p->office->has_key};
    for (int i = 0; i < n; i++) {
        ys_table *t = NULL;
        const ys_kind *k = ys_pack_kind(p->office->pack, level[i].giver_kind);
        if (k == NULL)
            continue;
        YS_TRY(ys_store_scan(p->office->store, k, &s, &t, diag));
        if (ys_table_rows(t) == 0) {
            ys_table_free(t);
            continue;
        }
        int col = *level[i].capacity_field != '\0' ? ys_table_find(t, level[i].capacity_field) : -1;
        p->kind = k;
        p->record = t;
        p->places = col >= 0 ? ys_table_get_int(t, col, 0) : YS_NA;
        return YS_OK;
    }
    ys_diag_value(diag, p->key);
    ys_diag_fix(diag, "给出户编号、帮扶人编号或地区代码",
                "give the number of a household or a helper, or an area code");
    return ys_fail(diag, YS_ENOTFOUND, "没有这个户、这个帮扶方，也没有这个地区",
                   "there is neither such a household nor such a helper nor such an area");
}

ys_status ys_pair_card_giver(ys_office *o, const ys_card_args *args, ys_pair_card **ret_card, ys_diag *diag)
{
    ys_pair_card *p = NULL;
    ys_status st = YS_OK;
    int64_t tx = args->reading.as_of_tx;
    YS_TRY(new_card(o, args->key, args->unmask, &p, diag));
    p->of_giver = true;
    YS_GO(find_giver(p, tx, diag));
    YS_GO(read_pairs(p, "giver", tx, &p->pair, &p->pairs, diag));
    YS_GO(read_pairs(p, "previous", tx, &p->handed, &p->handovers, diag));
    *ret_card = p;
    p = NULL;
done:
    ys_pair_card_free(p);
    return st;
}
