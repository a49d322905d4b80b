/* SPDX-License-Identifier: Apache-2.0 */
/* Registers and steps: constants folded, equal steps shared, vectors spread to inner frames, buffers given out. */
#include "policy/rule_compile.h"

#include "base/alloc.h"
#include "base/limits.h"

/* ---- registers ---- */

static int new_reg(ys__compiler *c, const ys__reg *reg)
{
    ys_rule *r = c->rule;
    if (c->st != YS_OK)
        return 0;
    if (!ys_grow(&r->regs, &c->reg_cap, (size_t)r->reg_count + 1, sizeof *r->regs)) {
        ys__rule_nomem(c);
        return 0;
    }
    r->regs[r->reg_count] = *reg;
    return r->reg_count++;
}

static bool same_const(const ys__reg *a, const ys__reg *b)
{
    if (!b->constant || a->type != b->type)
        return false;
    switch (a->type) {
    case YS_RT_BOOL:
        return a->k.b == b->k.b;
    case YS_RT_REAL: /* bit by bit, so that -0.0 and NaN keep apart */
        return !memcmp(&a->k.r, &b->k.r, sizeof a->k.r);
    case YS_RT_STRING:
        return a->k.s && b->k.s ? !strcmp(a->k.s, b->k.s) : a->k.s == b->k.s;
    default:
        return a->k.i == b->k.i;
    }
}

static int new_const(ys__compiler *c, ys_rule_type type, ys__const k)
{
    ys__reg reg = {.type = (uint8_t)type, .constant = true, .frame = -1, .k = k};
    if (c->st != YS_OK)
        return 0;
    for (int i = 0; i < c->rule->reg_count; i++)
        if (same_const(&reg, &c->rule->regs[i]))
            return i;
    return new_reg(c, &reg);
}

int ys__const_int(ys__compiler *c, ys_rule_type type, int64_t v)
{
    return new_const(c, type, (ys__const){.i = v});
}

int ys__const_real(ys__compiler *c, double v)
{
    return new_const(c, YS_RT_REAL, (ys__const){.r = v});
}

int ys__const_text(ys__compiler *c, const char *s)
{
    return new_const(c, YS_RT_STRING, (ys__const){.s = s});
}

int ys__const_bool(ys__compiler *c, uint8_t v)
{
    return new_const(c, YS_RT_BOOL, (ys__const){.b = v});
}

/* ---- steps ---- */

static bool same_step(const ys_rule *r, const ys__step *x, const ys__step *y, const ys__reg *dst)
{
    if (x->op != y->op || x->frame != y->frame || x->a != y->a || x->b != y->b || x->c != y->c ||
        x->link != y->link)
        return false;
    return x->op != RO_LOAD || (r->regs[x->dst].table == dst->table && r->regs[x->dst].col == dst->col);
}

int ys__emit_step(ys__compiler *c, const ys__step *step, const ys__reg *dst)
{
    ys_rule *r = c->rule;
    if (c->st != YS_OK)
        return 0;
    for (int i = 0; i < r->step_count; i++)
        if (r->steps[i].op != RO_FRAME && same_step(r, &r->steps[i], step, dst))
            return r->steps[i].dst;
    if (r->step_count >= YS_LIMIT_RULE_STEPS) {
        c->st = ys_fail(c->diag, YS_ELIMIT, "规则超过 %d 步", "the rule has more than %d steps",
                        YS_LIMIT_RULE_STEPS);
        ys__rule_fix(c, "把规则拆成几个派生字段", "split the rule into derived fields");
        return 0;
    }
    if (!ys_grow(&r->steps, &c->step_cap, (size_t)r->step_count + 1, sizeof *r->steps)) {
        ys__rule_nomem(c);
        return 0;
    }
    int reg = new_reg(c, dst);
    if (c->st != YS_OK)
        return 0;
    r->steps[r->step_count] = *step;
    r->steps[r->step_count++].dst = reg;
    return reg;
}

int ys__emit_frame(ys__compiler *c, int parent, int owner, const ys_csr *links)
{
    ys_rule *r = c->rule;
    if (c->st != YS_OK)
        return 0;
    for (int i = 1; i < r->frame_count; i++)
        if (r->frames[i].parent == parent && r->frames[i].owner == owner && r->frames[i].links == links)
            return i;
    if (r->frame_count >= YS_RULE_FRAMES) {
        c->st = ys_fail(c->diag, YS_ELIMIT, "规则用了超过 %d 个列表", "the rule walks more than %d lists",
                        YS_RULE_FRAMES - 1);
        return 0;
    }
    int f = r->frame_count++;
    r->frames[f] = (ys__frame){parent, owner, r->frames[parent].depth + 1, links};
    ys__emit_step(c, &(ys__step){.op = RO_FRAME, .frame = f, .a = -1, .b = -1, .c = -1},
                  &(ys__reg){.type = YS_RT_BOOL, .frame = f});
    return f;
}

int ys__emit_spread(ys__compiler *c, int reg, int frame)
{
    if (c->st != YS_OK)
        return 0;
    ys__reg dst = c->rule->regs[reg];
    if (dst.frame == frame)
        return reg;
    ys__step step = {.op = RO_FILL, .frame = frame, .a = reg, .b = -1, .c = -1};
    if (!dst.constant) {
        step.op = RO_BCAST;
        step.a = ys__emit_spread(c, reg, c->rule->frames[frame].parent);
    }
    dst.constant = false;
    dst.frame = frame;
    return ys__emit_step(c, &step, &dst);
}

/* ---- kernel operations ---- */

static bool is_binary(int op)
{
    return op < RO_NEG_I;
}

/* The operation with its operands in the other order; -1 if there is none. */
static int swapped(int op)
{
    switch (op) {
    case RO_ADD_I:
    case RO_MUL_I:
    case RO_MIN_I:
    case RO_MAX_I:
    case RO_ADD_R:
    case RO_MUL_R:
    case RO_MIN_R:
    case RO_MAX_R:
    case RO_EQ_I:
    case RO_NE_I:
    case RO_EQ_R:
    case RO_NE_R:
    case RO_EQ_S:
    case RO_NE_S:
    case RO_EQ_B:
    case RO_NE_B:
    case RO_AND:
    case RO_OR:
        return op;
    case RO_LT_I:
        return RO_GT_I;
    case RO_GT_I:
        return RO_LT_I;
    case RO_LE_I:
        return RO_GE_I;
    case RO_GE_I:
        return RO_LE_I;
    case RO_LT_R:
        return RO_GT_R;
    case RO_GT_R:
        return RO_LT_R;
    case RO_LE_R:
        return RO_GE_R;
    case RO_GE_R:
        return RO_LE_R;
    case RO_LT_S:
        return RO_GT_S;
    case RO_GT_S:
        return RO_LT_S;
    case RO_LE_S:
        return RO_GE_S;
    case RO_GE_S:
        return RO_LE_S;
    default:
        return -1;
    }
}

static const ys__const *const_of(const ys__compiler *c, int reg)
{
    return reg >= 0 ? &c->rule->regs[reg].k : NULL;
}

/* All operands are constants: run the kernel now, on one element. */
static int fold(ys__compiler *c, int op, ys_rule_type type, int a, int b, int cc)
{
    ys__const k = {0};
    ys__kargs args = {.n = 1,
                      .dst = &k,
                      .a = const_of(c, a),
                      .b = const_of(c, b),
                      .c = const_of(c, cc),
                      .arena = c->arena,
                      .digits = c->env->digits};
    ys__rule_kernel(op)(&args);
    if (args.failed) {
        ys__rule_nomem(c);
        return 0;
    }
    return new_const(c, type, k);
}

/* `true && x` is x, and so on; -1 where nothing can be left out. */
static int shortened(ys__compiler *c, int op, int a, int b)
{
    if ((op != RO_AND && op != RO_OR) || !c->rule->regs[b].constant)
        return -1;
    uint8_t k = c->rule->regs[b].k.b;
    if (k == YS_UNKNOWN)
        return -1;
    return (k == YS_TRUE) == (op == RO_AND) ? a : b;
}

/* `true ? x : y` is x; -1 where the condition is not settled. */
static int settled(ys__compiler *c, int op, int a, int b, int cc)
{
    if (op < RO_SEL_I || op > RO_SEL_B || !c->rule->regs[a].constant || c->rule->regs[a].k.b == YS_UNKNOWN)
        return -1;
    return c->rule->regs[a].k.b == YS_TRUE ? b : cc;
}

int ys__emit(ys__compiler *c, int op, ys_rule_type type, int a, int b, int cc)
{
    if (c->st != YS_OK)
        return 0;
    const ys__reg *r = c->rule->regs;
    if (r[a].constant && (b < 0 || r[b].constant) && (cc < 0 || r[cc].constant))
        return fold(c, op, type, a, b, cc);
    if (is_binary(op) && r[a].constant && swapped(op) >= 0) {
        int t = a;
        a = b;
        b = t;
        op = swapped(op);
    }
    int same = is_binary(op) ? shortened(c, op, a, b) : settled(c, op, a, b, cc);
    if (same >= 0)
        return same;
    int operands[3] = {a, b, cc}, frame = 0;
    for (int i = 0; i < 3; i++)
        if (operands[i] >= 0 && r[operands[i]].frame > 0 &&
            c->rule->frames[r[operands[i]].frame].depth > c->rule->frames[frame].depth)
            frame = r[operands[i]].frame;
    bool by_const = is_binary(op) && r[b].constant;
    for (int i = 0; i < 3; i++) /* spreading may move the registers: `r` is stale from here on */
        if (operands[i] >= 0 && !(by_const && i == 1))
            operands[i] = ys__emit_spread(c, operands[i], frame);
    ys__step step = {
        .op = op + by_const, .frame = frame, .a = operands[0], .b = operands[1], .c = operands[2]};
    return ys__emit_step(c, &step, &(ys__reg){.type = (uint8_t)type, .frame = frame});
}

/* ---- the end ---- */

static void need(bool *needed, const ys__step *s)
{
    if (s->a >= 0)
        needed[s->a] = true;
    if (s->b >= 0)
        needed[s->b] = true;
    if (s->c >= 0 && s->op != RO_IN_C) /* there c counts the texts */
        needed[s->c] = true;
}

/* Keep the steps that the result rests on. */
static void drop_dead(ys_rule *r, bool *needed)
{
    bool frame_used[YS_RULE_FRAMES] = {false};
    int kept = r->step_count;
    for (int i = r->step_count - 1; i >= 0; i--) {
        const ys__step *s = &r->steps[i];
        bool keep = s->op == RO_FRAME ? frame_used[s->frame] : needed[s->dst];
        if (!keep)
            continue;
        need(needed, s);
        frame_used[s->frame] = true;
        if (s->op == RO_FRAME)
            frame_used[r->frames[s->frame].parent] = true;
        r->steps[--kept] = *s;
    }
    r->step_count -= kept;
    memmove(r->steps, r->steps + kept, (size_t)r->step_count * sizeof *r->steps);
}

static void note_last(ys_rule *r, int reg, int step)
{
    if (reg >= 0)
        r->regs[reg].last = step;
}

static void release(const ys_rule *r, int reg, int step, int *free_bufs, int *free_count)
{
    if (reg < 0 || r->regs[reg].constant || r->regs[reg].last != step)
        return;
    free_bufs[(*free_count)++] = r->regs[reg].buf;
}

/* Linear scan: a buffer goes back when the last step that reads its register is done. */
static void give_buffers(ys_rule *r, int *free_bufs)
{
    int free_count = 0;
    for (int i = 0; i < r->step_count; i++) {
        const ys__step *s = &r->steps[i];
        note_last(r, s->a, i);
        note_last(r, s->b, i);
        note_last(r, s->op == RO_IN_C ? -1 : s->c, i);
    }
    r->regs[r->result].last = r->step_count;
    for (int i = 0; i < r->step_count; i++) {
        const ys__step *s = &r->steps[i];
        if (s->op == RO_FRAME)
            continue;
        r->regs[s->dst].buf = free_count > 0 ? free_bufs[--free_count] : r->buf_count++;
        release(r, s->a, i, free_bufs, &free_count);
        if (s->b != s->a)
            release(r, s->b, i, free_bufs, &free_count);
        if (s->op != RO_IN_C && s->c != s->a && s->c != s->b)
            release(r, s->c, i, free_bufs, &free_count);
    }
}

void ys__emit_finish(ys__compiler *c, int result)
{
    result = ys__emit_spread(c, result, 0);
    if (c->st != YS_OK)
        return;
    ys_rule *r = c->rule;
    bool *needed = ys_arena_alloc(c->arena, (size_t)r->reg_count, sizeof *needed);
    int *free_bufs = ys_arena_alloc(c->arena, (size_t)r->reg_count, sizeof *free_bufs);
    if (!needed || !free_bufs) {
        ys__rule_nomem(c);
        return;
    }
    r->result = result;
    needed[result] = true;
    drop_dead(r, needed);
    give_buffers(r, free_bufs);
}
