/* SPDX-License-Identifier: Apache-2.0 */
#include "app/key_cards.h"

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/card.h"
#include "app/clock.h"
#include "base/alloc.h"
#include "base/num.h"
#include "paper/canvas.h"

#define WIDTH  YS_MM(148)
#define HEIGHT YS_MM(210)
#define MARGIN YS_MM(12)
#define INNER  (WIDTH - 2 * MARGIN)
enum { INK = 0x222222, GREY = 0x666666, RED = 0x9a1b1b };

typedef struct cards {
    ys_office *o;
    const ys_key_cards_args *a;
    ys_plan_head head;
    ys_planning *p;
    ys_table *pairing, *helper;
    ys_index *helper_index, *pair_index; /* by helper; by who is helped (level household only) */
    ys_canvas *s;
    char root[65]; /* newest head of the chain */
    bool zh;
    double y;
} cards;

static const char *say(const cards *c, const char *zh, const char *en)
{
    return c->zh ? zh : en;
}

/* ---- one page ------------------------------------------------------------------------------------------------ */

static void put(cards *c, double size, bool bold, uint32_t colour, const char *text)
{
    const ys_text_style style = {.role = bold ? YS_FONT_HEADING : YS_FONT_SANS,
                                 .size = size,
                                 .colour = colour,
                                 .leading = size * 1.45};
    c->y += ys_canvas_text(c->s, &style, MARGIN, c->y, INNER, text);
}

static void section(cards *c, const char *zh, const char *en)
{
    c->y += 5;
    put(c, 14, true, RED, say(c, zh, en));
    ys_canvas_line(c->s, MARGIN, c->y, MARGIN + INNER, c->y, 0.8, RED);
    c->y += 3;
}

static const char *fact(const cards *c, const char *kind, const char *field, const ys_table *t, int64_t row,
                        char *buf, size_t size)
{
    const ys_kind *k = ys_pack_kind(c->o->pack, kind);
    const ys_fact_how how = {.pack = c->o->pack, .zh = c->zh, .unmask = c->a->unmask};
    int f = k != NULL ? ys_kind_field(k, field) : -1;
    return f >= 0 && row >= 0 ? ys_fact_text(&how, &k->fields[f], t, row, buf, size) : "";
}

static void put_family(cards *c, int64_t h, const char *key)
{
    const ys_frame *f = c->p->frame;
    char name[200], path[300], text[600];
    ys_text_style title = {.role = YS_FONT_TITLE,
                           .size = 24,
                           .bold = true,
                           .align = YS_TEXT_CENTRE,
                           .colour = INK,
                           .leading = 36};
    c->y = MARGIN;
    c->y += ys_canvas_text(c->s, &title, MARGIN, c->y, INNER, say(c, "精准帮扶明白卡", "Our key card"));
    ys_areas_path(f->areas, f->area_of[h], path, sizeof path);
    snprintf(text, sizeof text, say(c, "户主 %s　%lld 口人　编号 %s", "Head %s, %lld persons, number %s"),
             fact(c, "household", "head_name", f->household, h, name, sizeof name), (long long)f->col.size[h],
             key);
    put(c, 14, false, INK, text);
    put(c, 12, false, GREY, path);
}

static ys_status put_root(cards *c, int64_t h, ys_diag *diag)
{
    ys_str s = {0};
    section(c, "为什么困难", "Why we are poor");
    YS_TRY(ys_diagnosis_sentence(c->p->diagnosis, h, c->zh ? "zh" : "en", &s, diag));
    put(c, 12.5, false, INK,
        s.len > 0 ? ys_str_get(&s)
                  : say(c, "缺少事实，还说不清。", "Facts are missing: it cannot be said yet."));
    ys_str_done(&s);
    return YS_OK;
}

static void put_picks(cards *c, int64_t block)
{
    const ys_plan_input *in = &c->p->facts->in;
    char text[600], effect[48], cost[48];
    const char *code;
    ys_plan_picks k = block >= 0 ? ys_plan_picks_of(c->p->plan, c->p->result, block) : (ys_plan_picks){0};
    section(c, "帮扶措施", "Our keys");
    if (k.count == 0)
        put(c, 12.5, false, INK,
            say(c, "这一版计划里还没有适合的措施。缺什么、为什么，可以问帮扶责任人。",
                "This plan has no key for us yet. Ask your helper what is missing, and why."));
    for (int i = 0; i < k.count; i++) {
        const ys_plan_offering *o = &in->offerings[k.pick[i].offering];
        const ys_plan_measure *m = &in->measures[k.pick[i].measure];
        int64_t sum;
        int digits = ys_pack_digits(c->o->pack);
        const char *coin = ys_currency_word(c->o->pack, c->zh);
        ys__card_money(c->p, k.pick[i].offering, NULL, NULL, 0, &sum);
        snprintf(text, sizeof text, "%d. %s", i + 1, c->zh ? m->label_zh : m->label_en);
        put(c, 14, true, INK, text);
        snprintf(text, sizeof text,
                 say(c, "　%s，%d 年起；投入 %s %s，预计每年增收 %s %s",
                     "   %s, from %d; costs %s %s, should bring %s %s a year"),
                 ys__card_provider(c->p, k.pick[i].offering, &code), o->period,
                 ys_format_money_grouped(sum, digits, cost, sizeof cost), coin,
                 ys_format_money_grouped((int64_t)(o->effect + 0.5), digits, effect, sizeof effect), coin);
        put(c, 12, false, INK, text);
    }
}

static void put_helper(cards *c, const char *key)
{
    char name[200], unit[200], phone[80], text[600];
    int64_t row = c->pair_index != NULL ? ys_index_find(c->pair_index, key) : -1;
    int giver = c->pairing != NULL ? ys_table_find(c->pairing, "giver") : -1;
    const char *who = row >= 0 ? ys_table_get_text(c->pairing, giver, row) : NULL;
    int64_t at = who != NULL && c->helper_index != NULL ? ys_index_find(c->helper_index, who) : -1;
    section(c, "帮扶责任人", "Who helps us");
    if (at < 0) {
        put(c, 12.5, false, INK, say(c, "还没有确定。", "Nobody yet."));
        return;
    }
    snprintf(text, sizeof text, say(c, "%s　%s　电话 %s", "%s, %s, phone %s"),
             fact(c, "helper", "name", c->helper, at, name, sizeof name),
             fact(c, "helper", "unit", c->helper, at, unit, sizeof unit),
             fact(c, "helper", "phone", c->helper, at, phone, sizeof phone));
    put(c, 12.5, false, INK, text);
}

/* Household, plan and head of the chain, as text and as a code to be held against the record. */
static ys_status put_code(cards *c, const char *key, ys_diag *diag)
{
    enum { SIDE_MM = 26 };
    char text[200];
    snprintf(text, sizeof text, "yaoshi:%s:%s:%.16s", key, c->head.version, c->root);
    QRcode *q = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (q == NULL)
        return ys_fail_nomem(diag);
    size_t n = (size_t)q->width * (size_t)q->width;
    for (size_t i = 0; i < n; i++)
        q->data[i] &= 1;
    double size = YS_MM(SIDE_MM), top = HEIGHT - MARGIN - size;
    ys_canvas_modules(c->s, WIDTH - MARGIN - size, top, size, q->data, q->width);
    QRcode_free(q);
    ys_text_style small = {.role = YS_FONT_SANS, .size = 8.5, .colour = GREY, .leading = 12};
    double h =
        ys_canvas_text(c->s, &small, MARGIN, top, INNER - size - 8,
                       say(c, "有不同意见，可以向村委会、乡镇提出，会得到书面答复。",
                           "You may object to the village or the town, and will get an answer in writing."));
    if (c->o->synthetic)
        h += ys_canvas_text(c->s, &small, MARGIN, top + h, INNER - size - 8,
                            say(c, "▨ 合成数据，不是真人真事", "▨ synthetic data, no real person"));
    ys_canvas_text(c->s, &small, MARGIN, top + h, INNER - size - 8, text);
    return YS_OK;
}

/* ---- all pages ----------------------------------------------------------------------------------------------- */

static bool wants_card(const cards *c, int64_t h, int64_t block)
{
    bool key = block >= 0 && c->p->result->choice[block] != 0;
    return c->p->frame->in_register[h] && (key || c->p->diagnosis->roots->state[h] == YS_RS_BELOW);
}

typedef struct in_order {
    int32_t area;
    int64_t h;
} in_order;

static int by_village(const void *a, const void *b)
{
    const in_order *x = a, *y = b;
    return x->area != y->area ? (x->area < y->area ? -1 : 1) : (x->h < y->h ? -1 : 1);
}

static ys_status put_cards(cards *c, ys_key_cards_report *r, ys_diag *diag)
{
    const ys_frame *f = c->p->frame;
    int key_col = ys_table_find(f->household, "household");
    in_order *order = ys_calloc((size_t)(f->households > 0 ? f->households : 1), sizeof *order);
    ys_status st = order == NULL ? ys_fail_nomem(diag) : YS_OK;
    for (int64_t h = 0; st == YS_OK && h < f->households; h++)
        order[h] = (in_order){f->area_of[h], h};
    if (st == YS_OK)
        qsort(order, (size_t)f->households, sizeof *order, by_village);
    for (int64_t i = 0; st == YS_OK && i < f->households; i++) {
        int64_t h = order[i].h;
        const char *key = ys_table_get_text(f->household, key_col, h);
        int64_t block = ys_plan_block(c->p, key);
        bool only = c->a->household != NULL;
        if (only ? strcmp(key, c->a->household) != 0 : !wants_card(c, h, block))
            continue;
        if (r->cards++ > 0)
            ys_canvas_next(c->s, 0, 0);
        put_family(c, h, key);
        st = put_root(c, h, diag);
        if (st != YS_OK)
            break;
        put_picks(c, block);
        put_helper(c, key);
        st = put_code(c, key, diag);
    }
    ys_free(order);
    return st;
}

static ys_status read_pairs(cards *c, ys_diag *diag)
{
    const ys_kind *pairing = ys_pack_kind(c->o->pack, "pairing"),
                  *helper = ys_pack_kind(c->o->pack, "helper");
    if (pairing == NULL || helper == NULL)
        return YS_OK;
    const ys_scan pairs = {
        .valid_on = YS_SCAN_LATEST, .where_field = "pair_level", .where_value = "household"};
    const ys_scan helpers = {.valid_on = YS_SCAN_LATEST, .decrypt = c->o->has_key};
    YS_TRY(ys_store_scan(c->o->store, pairing, &pairs, &c->pairing, diag));
    YS_TRY(ys_store_scan(c->o->store, helper, &helpers, &c->helper, diag));
    YS_TRY(ys_index_new(c->pairing, ys_table_find(c->pairing, "need"), &c->pair_index, diag));
    return ys_index_new(c->helper, ys_table_find(c->helper, "helper"), &c->helper_index, diag);
}

static ys_status nobody(const ys_key_cards_args *a, ys_diag *diag)
{
    if (a->household != NULL) {
        ys_diag_value(diag, a->household);
        return ys_fail(diag, YS_ENOTFOUND, "计划里没有这一户", "the plan has no such household");
    }
    return ys_fail(diag, YS_ENOTFOUND, "这个范围里没有要发卡的户", "nobody in this area needs a card");
}

static void release(cards *c)
{
    ys_canvas_discard(c->s);
    ys_index_free(c->helper_index);
    ys_index_free(c->pair_index);
    ys_table_free(c->pairing);
    ys_table_free(c->helper);
    ys_planning_free(c->p);
}

ys_status ys_key_cards_print(ys_office *o, const ys_key_cards_args *args, ys_key_cards_report *ret_report,
                             ys_diag *diag)
{
    cards c = {.o = o, .a = args, .zh = args->zh};
    ys_key_cards_report r = {0};
    ys_status st = YS_OK;
    ys_tx head;
    if (args->unmask && !o->has_key) {
        ys_diag_fix(diag, "用 --key 指明密钥文件", "name the key file with --key");
        return ys_fail(diag, YS_EDENIED, "没有密钥，不能打印个人信息全文",
                       "personal values cannot be printed in full without the key");
    }
    YS_GO(ys_plan_head_read(o, args->plan, &c.head, diag));
    YS_GO(ys_plan_load(o, &(ys_plan_load_args){.head = &c.head, .scope = args->scope}, &c.p, diag));
    YS_GO(ys_store_head(o->store, &head, diag));
    snprintf(c.root, sizeof c.root, "%s", head.root);
    YS_GO(read_pairs(&c, diag));
    const ys_canvas_props props = {.path = args->path,
                                   .width = WIDTH,
                                   .height = HEIGHT,
                                   .title = say(&c, "明白卡", "Key cards"),
                                   .author = o->user,
                                   .created = ys_clock_now()};
    YS_GO(ys_canvas_open(&props, &c.s, diag));
    YS_GO(put_cards(&c, &r, diag));
    if (r.cards == 0)
        YS_GO(nobody(args, diag));
    snprintf(r.missing, sizeof r.missing, "%s", ys_canvas_missing(c.s));
    st = ys_canvas_finish(c.s, diag);
    c.s = NULL;
    if (st == YS_OK)
        *ret_report = r;
done:
    release(&c);
    return st;
}
