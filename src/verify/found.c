/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found.c - findings, and their words from the one list in verify.h.
 */
#include <inttypes.h>
#include <stdbool.h>
#include "base/alloc.h"
#include "base/str.h"
#include "verify/inner.h"

static const struct {
    const char *name, *zh, *en;
} WORDS[] = {
#define X(name, code, zh, en) {code, zh, en},
    YS_VERIFY_LIST(X)
#undef X
};

const char *ys_verify_code_name(ys_verify_code code)
{
    return (unsigned)code < YS_VC_CODES ? WORDS[code].name : "none";
}

ys_verify_finding ys__v_blank(ys_verify_code code)
{
    return (ys_verify_finding){.code = code,
                               .block = -1,
                               .pick = -1,
                               .row = -1,
                               .offering = -1,
                               .other = -1,
                               .person = -1,
                               .floor = -1,
                               .tier = -1};
}

static void keep(ys__v_list *l, const ys_verify_finding *x)
{
    if (l->n >= YS_VERIFY_KEPT)
        return;
    if (ys_grow(&l->item, &l->cap, l->n + 1, sizeof *l->item))
        l->item[l->n++] = *x;
    else
        l->short_of_memory = true;
}

void ys__v_add(ys__v_list *l, const ys_verify_finding *x)
{
    l->count++;
    l->by_code[x->code]++;
    keep(l, x);
}

void ys__v_append(ys__v_list *l, const ys__v_list *more)
{
    l->count += more->count;
    for (int i = 0; i < YS_VC_CODES; i++)
        l->by_code[i] += more->by_code[i];
    for (size_t i = 0; i < more->n; i++)
        keep(l, &more->item[i]);
}

void ys__v_list_done(ys__v_list *l)
{
    ys_free(l->item);
    *l = (ys__v_list){0};
}

/* ---- words ---- */

typedef struct speaker {
    const ys__v_case *c;
    const ys_verify_finding *x;
    bool zh;
    ys_str *out;
} speaker;

/* A name, or the number of the row. */
static void say_name(speaker *s, const char *name, int64_t row)
{
    if (name)
        ys_str_puts(s->out, name);
    else
        ys_str_printf(s->out, "#%" PRId64, row + 1);
}

static void say_who(speaker *s)
{
    const ys_verify_facts *f = s->c->f;
    int64_t b = s->x->block, v = b - f->n_households;
    if (b < 0)
        return;
    if (v < 0) {
        ys_str_puts(s->out, s->zh ? "户 " : "household ");
        say_name(s, f->households[b].name, b);
    } else {
        ys_str_puts(s->out, s->zh ? "村 " : "village ");
        say_name(s, f->villages[v].name, v);
    }
}

static void say_person(speaker *s)
{
    if (s->x->person < 0)
        return;
    ys_str_puts(s->out, s->zh ? "（人 " : " (person ");
    say_name(s, s->c->f->persons[s->x->person].name, s->x->person);
    ys_str_puts(s->out, s->zh ? "）" : ")");
}

static void say_offering(speaker *s, int32_t offering)
{
    if (offering < 0)
        return;
    const ys_verify_offering *o = &s->c->f->offerings[offering];
    ys_str_puts(s->out, s->zh ? "措施" : "measure ");
    ys_str_puts(s->out, s->zh ? "「" : "");
    say_name(s, s->c->f->measures[o->measure].name, o->measure);
    ys_str_puts(s->out, s->zh ? "」（供给 " : " (offering ");
    say_name(s, o->name, offering);
    ys_str_puts(s->out, s->zh ? "）" : ")");
}

static void say_row(speaker *s)
{
    if (s->x->row < 0)
        return;
    int32_t offering = s->c->row_offering[s->x->row];
    if (offering >= 0) {
        ys_str_puts(s->out, s->zh ? "供给 " : "the places of offering ");
        say_name(s, s->c->f->offerings[offering].name, offering);
        ys_str_puts(s->out, s->zh ? " 的名额" : "");
        return;
    }
    const ys_verify_fund *g = &s->c->f->funds[s->x->row];
    ys_str_puts(s->out, s->zh ? "资金 " : "fund ");
    say_name(s, g->name, s->x->row);
    ys_str_printf(s->out, s->zh ? "（%" PRId32 " 年）" : " (%" PRId32 ")", g->period);
}

static void say_floor(speaker *s)
{
    if (s->x->floor >= 0)
        say_name(s, s->c->f->floors[s->x->floor].name, s->x->floor);
}

static void say_of(speaker *s)
{
    if (s->x->row >= 0) {
        say_row(s);
    } else if (s->x->floor >= 0) {
        ys_str_puts(s->out, s->zh ? "保底目标 " : "floor ");
        say_floor(s);
    } else {
        ys_str_puts(s->out, s->zh ? "耦合行或整层" : "the coupling row or the tier");
    }
}

static void say_tier(speaker *s)
{
    if (s->x->tier == 0)
        ys_str_puts(s->out, s->zh ? "第一层（法定缺失）" : "tier 1 (deprivations cured)");
    else if (s->x->tier == 1)
        ys_str_puts(s->out, s->zh ? "第二层（收入缺口）" : "tier 2 (gap closed)");
    else
        ys_str_puts(s->out, s->zh ? "全计划" : "the plan");
}

static void say_slot(speaker *s, const char *slot, size_t n)
{
#define IS(word) (n == sizeof word - 1 && memcmp(slot, word, n) == 0)
    if (IS("who"))
        say_who(s);
    else if (IS("person"))
        say_person(s);
    else if (IS("offering"))
        say_offering(s, s->x->offering);
    else if (IS("other"))
        say_offering(s, s->x->other);
    else if (IS("row"))
        say_row(s);
    else if (IS("floor"))
        say_floor(s);
    else if (IS("of"))
        say_of(s);
    else if (IS("tier"))
        say_tier(s);
    else if (IS("found"))
        ys_str_printf(s->out, "%" PRId64, s->x->found);
    else if (IS("expected"))
        ys_str_printf(s->out, "%" PRId64, s->x->expected);
    else if (IS("pick"))
        ys_str_printf(s->out, "%" PRId64, s->x->pick + 1);
#undef IS
}

static char *say(const ys__v_case *c, const ys_verify_finding *x, bool zh)
{
    ys_str out = {0};
    speaker s = {c, x, zh, &out};
    const char *text = zh ? WORDS[x->code].zh : WORDS[x->code].en;
    while (*text) {
        size_t plain = strcspn(text, "{");
        ys_str_add(&out, text, plain);
        text += plain;
        if (!*text)
            break;
        size_t slot = strcspn(++text, "}");
        say_slot(&s, text, slot);
        text += slot + (text[slot] == '}');
    }
    if (out.failed) {
        ys_str_done(&out);
        return NULL;
    }
    return ys_str_detach(&out);
}

bool ys__v_words(const ys__v_case *c, ys_verify_finding *x)
{
    x->zh = say(c, x, true);
    x->en = say(c, x, false);
    return x->zh && x->en;
}
