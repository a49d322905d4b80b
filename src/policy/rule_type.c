/* SPDX-License-Identifier: Apache-2.0 */
/* What each operator means for each pair of types.  Everything that can be wrong with types is found here. */
#include "policy/rule_compile.h"

static const char *const TYPE_ZH[] = {"真假值", "整数", "小数", "文字", "金额", "日期"};
static const char *const TYPE_EN[] = {"bool", "int", "double", "string", "money", "date"};

const char *ys__type_zh(ys_rule_type t)
{
    return TYPE_ZH[t];
}

const char *ys__type_en(ys_rule_type t)
{
    return TYPE_EN[t];
}

ys_rule_type ys__type_of(const ys__compiler *c, int reg)
{
    return c->st == YS_OK ? (ys_rule_type)c->rule->regs[reg].type : YS_RT_BOOL;
}

int ys__type_text(ys__compiler *c, int a)
{
    if (c->st != YS_OK || !c->rule->regs[a].code)
        return a;
    ys__reg dst = c->rule->regs[a];
    dst.code = false;
    return ys__emit_step(c, &(ys__step){.op = RO_C2S, .frame = dst.frame, .a = a, .b = -1, .c = -1}, &dst);
}

static int to_real(ys__compiler *c, int a)
{
    return ys__type_of(c, a) == YS_RT_INT ? ys__emit(c, RO_I2R, YS_RT_REAL, a, -1, -1) : a;
}

bool ys__type_unify(ys__compiler *c, int *a, int *b)
{
    ys_rule_type ta = ys__type_of(c, *a), tb = ys__type_of(c, *b);
    if (ta == tb)
        return true;
    if ((ta == YS_RT_INT && tb == YS_RT_REAL) || (ta == YS_RT_REAL && tb == YS_RT_INT)) {
        *a = to_real(c, *a);
        *b = to_real(c, *b);
        return true;
    }
    return false;
}

static bool is_number(ys_rule_type t)
{
    return t == YS_RT_INT || t == YS_RT_REAL;
}

/* Two types that an operator does not take together, with the likeliest mend. */
static int mismatch(ys__compiler *c, ys__tok op, ys_rule_type a, ys_rule_type b, size_t pos)
{
    /* %.0s prints nothing: both formats take the same arguments, each shows its own language's */
    YS_RULE_FAIL(c, pos, "“%s”不能用于%s和%s%.0s%.0s", "“%s” does not take %.0s%.0s%s and %s",
                 ys__token_text(op), TYPE_ZH[a], TYPE_ZH[b], TYPE_EN[a], TYPE_EN[b]);
    if ((a == YS_RT_MONEY && is_number(b)) || (b == YS_RT_MONEY && is_number(a)))
        ys__rule_fix(c, "金额只和金额比较、加减：数写作 yuan(2995)；要按数来算，用 double(金额)",
                     "money goes with money only: write the number as yuan(2995), or take double(amount)");
    else if ((a == YS_RT_DATE && b == YS_RT_STRING) || (b == YS_RT_DATE && a == YS_RT_STRING))
        ys__rule_fix(c, "日期写作 date('2016-08-27')", "write a date as date('2016-08-27')");
    else if (a == YS_RT_STRING && is_number(b))
        ys__rule_fix(c, "代码是文字，写作 '01'；文字换成数用 int(…) 或 double(…)",
                     "codes are texts, write '01'; turn a text into a number with int(…) or double(…)");
    else if (is_number(a) && b == YS_RT_STRING)
        ys__rule_fix(c, "数不加引号", "write numbers without quotation marks");
    else if (a == YS_RT_BOOL || b == YS_RT_BOOL)
        ys__rule_fix(c, "比较不能连写：1 < x < 5 写作 1 < x && x < 5",
                     "comparisons do not chain: write 1 < x < 5 as 1 < x && x < 5");
    return 0;
}

/* ---- comparisons ---- */

/* The six comparisons lie in one order in tokens and in operations, each operation two apart (its twin _K). */
static int compare_op(ys__tok op, int first)
{
    return first + 2 * (int)(op - T_EQ);
}

/* A CODE column against a constant needs no texts; -1 if that is not the case. */
static int compare_code(ys__compiler *c, ys__tok op, int a, int b)
{
    if (op != T_EQ && op != T_NE)
        return -1;
    const ys__reg *r = c->rule->regs;
    if (r[a].constant && r[b].code) {
        int t = a;
        a = b;
        b = t;
    }
    if (!r[a].code || !r[b].constant)
        return -1;
    int frame = r[a].frame;
    return ys__emit_step(
        c, &(ys__step){.op = op == T_EQ ? RO_EQ_C : RO_NE_C, .frame = frame, .a = a, .b = b, .c = -1},
        &(ys__reg){.type = YS_RT_BOOL, .frame = frame});
}

static int compare(ys__compiler *c, ys__tok op, int a, int b, size_t pos)
{
    ys_rule_type ta = ys__type_of(c, a), tb = ys__type_of(c, b);
    if (!ys__type_unify(c, &a, &b))
        return mismatch(c, op, ta, tb, pos);
    if (c->st != YS_OK)
        return 0;
    switch (ys__type_of(c, a)) {
    case YS_RT_BOOL:
        if (op != T_EQ && op != T_NE)
            return mismatch(c, op, ta, tb, pos);
        return ys__emit(c, op == T_EQ ? RO_EQ_B : RO_NE_B, YS_RT_BOOL, a, b, -1);
    case YS_RT_REAL:
        return ys__emit(c, compare_op(op, RO_EQ_R), YS_RT_BOOL, a, b, -1);
    case YS_RT_STRING: {
        int done = compare_code(c, op, a, b);
        if (done >= 0)
            return done;
        a = ys__type_text(c, a);
        b = ys__type_text(c, b);
        return ys__emit(c, compare_op(op, RO_EQ_S), YS_RT_BOOL, a, b, -1);
    }
    default:
        return ys__emit(c, compare_op(op, RO_EQ_I), YS_RT_BOOL, a, b, -1);
    }
}

/* ---- arithmetic ---- */

#define PAIR(op, a, b) ((int)(op)*64 + (int)(a)*8 + (int)(b))

/* What money and dates can do beside being compared; -1: nothing. */
static int arithmetic_special(ys__compiler *c, ys__tok op, int a, int b)
{
    const ys_rule_type M = YS_RT_MONEY, D = YS_RT_DATE;
    int pair = PAIR(op, ys__type_of(c, a), ys__type_of(c, b));
    switch (pair) {
    case PAIR(T_PLUS, YS_RT_MONEY, YS_RT_MONEY):
        return ys__emit(c, RO_ADD_I, M, a, b, -1);
    case PAIR(T_MINUS, YS_RT_MONEY, YS_RT_MONEY):
        return ys__emit(c, RO_SUB_I, M, a, b, -1);
    case PAIR(T_STAR, YS_RT_MONEY, YS_RT_INT):
    case PAIR(T_STAR, YS_RT_INT, YS_RT_MONEY):
        return ys__emit(c, RO_MUL_I, M, a, b, -1);
    case PAIR(T_STAR, YS_RT_MONEY, YS_RT_REAL):
        return ys__emit(c, RO_MUL_MR, M, a, b, -1);
    case PAIR(T_STAR, YS_RT_REAL, YS_RT_MONEY):
        return ys__emit(c, RO_MUL_MR, M, b, a, -1);
    case PAIR(T_SLASH, YS_RT_MONEY, YS_RT_INT):
        return ys__emit(c, RO_DIV_MI, M, a, b, -1);
    case PAIR(T_SLASH, YS_RT_MONEY, YS_RT_REAL):
        return ys__emit(c, RO_DIV_MR, M, a, b, -1);
    case PAIR(T_SLASH, YS_RT_MONEY, YS_RT_MONEY):
        return ys__emit(c, RO_DIV_MM, YS_RT_REAL, a, b, -1);
    case PAIR(T_PLUS, YS_RT_DATE, YS_RT_INT):
    case PAIR(T_PLUS, YS_RT_INT, YS_RT_DATE):
        return ys__emit(c, RO_ADD_I, D, a, b, -1);
    case PAIR(T_MINUS, YS_RT_DATE, YS_RT_INT):
        return ys__emit(c, RO_SUB_I, D, a, b, -1);
    case PAIR(T_MINUS, YS_RT_DATE, YS_RT_DATE):
        return ys__emit(c, RO_SUB_I, YS_RT_INT, a, b, -1);
    case PAIR(T_PLUS, YS_RT_STRING, YS_RT_STRING):
        return ys__emit(c, RO_CAT, YS_RT_STRING, ys__type_text(c, a), ys__type_text(c, b), -1);
    default:
        return -1;
    }
}

static int arithmetic(ys__compiler *c, ys__tok op, int a, int b, size_t pos)
{
    static const int OF_INT[] = {RO_ADD_I, RO_SUB_I, RO_MUL_I, RO_DIV_I, RO_MOD_I};
    static const int OF_REAL[] = {RO_ADD_R, RO_SUB_R, RO_MUL_R, RO_DIV_R, -1};
    ys_rule_type ta = ys__type_of(c, a), tb = ys__type_of(c, b);
    if (!is_number(ta) || !is_number(tb)) {
        int done = arithmetic_special(c, op, a, b);
        return done >= 0 ? done : mismatch(c, op, ta, tb, pos);
    }
    ys__type_unify(c, &a, &b);
    bool real = ys__type_of(c, a) == YS_RT_REAL;
    int code = (real ? OF_REAL : OF_INT)[op - T_PLUS];
    return code < 0 ? mismatch(c, op, ta, tb, pos)
                    : ys__emit(c, code, real ? YS_RT_REAL : YS_RT_INT, a, b, -1);
}

/* ---- the three entrances ---- */

int ys__type_binary(ys__compiler *c, ys__tok op, int a, int b, size_t pos)
{
    if (c->st != YS_OK)
        return 0;
    if (op >= T_EQ && op <= T_GE)
        return compare(c, op, a, b, pos);
    if (op != T_AND && op != T_OR)
        return arithmetic(c, op, a, b, pos);
    ys_rule_type ta = ys__type_of(c, a), tb = ys__type_of(c, b);
    if (ta == YS_RT_BOOL && tb == YS_RT_BOOL)
        return ys__emit(c, op == T_AND ? RO_AND : RO_OR, YS_RT_BOOL, a, b, -1);
    ys_rule_type odd = ta == YS_RT_BOOL ? tb : ta;
    YS_RULE_FAIL(c, pos, "“%s”的两边须是真假值，有一边是%s%.0s", "“%s” joins two bools; one side is %.0s%s",
                 ys__token_text(op), TYPE_ZH[odd], TYPE_EN[odd]);
    return 0;
}

int ys__type_unary(ys__compiler *c, ys__tok op, int a, size_t pos)
{
    ys_rule_type t = ys__type_of(c, a);
    if (op == T_NOT && t == YS_RT_BOOL)
        return ys__emit(c, RO_NOT, t, a, -1, -1);
    if (op == T_MINUS && (t == YS_RT_INT || t == YS_RT_MONEY))
        return ys__emit(c, RO_NEG_I, t, a, -1, -1);
    if (op == T_MINUS && t == YS_RT_REAL)
        return ys__emit(c, RO_NEG_R, t, a, -1, -1);
    YS_RULE_FAIL(c, pos, "“%s”不能用于%s%.0s", "“%s” does not apply to %.0s%s", ys__token_text(op),
                 TYPE_ZH[t], TYPE_EN[t]);
    if (op == T_NOT)
        ys__rule_fix(c, "! 只否定真假值", "! negates bools only");
    return 0;
}

int ys__type_select(ys__compiler *c, int cond, int a, int b, size_t pos)
{
    ys_rule_type ta = ys__type_of(c, a), tb = ys__type_of(c, b);
    if (ys__type_of(c, cond) != YS_RT_BOOL)
        YS_RULE_FAIL(c, pos, "“?”前须是真假值", "what stands before “?” must be a bool");
    if (!ys__type_unify(c, &a, &b)) {
        YS_RULE_FAIL(c, pos, "“?:”的两个结果类型不同：%s和%s%.0s%.0s",
                     "the two results of “?:” differ in type: %.0s%.0s%s and %s", TYPE_ZH[ta], TYPE_ZH[tb],
                     TYPE_EN[ta], TYPE_EN[tb]);
        if (ta == YS_RT_MONEY || tb == YS_RT_MONEY)
            ys__rule_fix(c, "两个都写成金额，如 yuan(0)", "make both money, as in yuan(0)");
    }
    if (c->st != YS_OK)
        return 0;
    ys_rule_type t = ys__type_of(c, a);
    if (t == YS_RT_STRING) {
        a = ys__type_text(c, a);
        b = ys__type_text(c, b);
    }
    int op = t == YS_RT_BOOL     ? RO_SEL_B
             : t == YS_RT_REAL   ? RO_SEL_R
             : t == YS_RT_STRING ? RO_SEL_S
                                 : RO_SEL_I;
    return ys__emit(c, op, t, cond, a, b);
}

/* A CODE column in a list of constants: one step. */
static int in_codes(ys__compiler *c, int a, const int *items, int count)
{
    const char **texts = ys_arena_alloc(c->arena, (size_t)count, sizeof *texts);
    if (!texts) {
        ys__rule_nomem(c);
        return 0;
    }
    for (int i = 0; i < count; i++)
        texts[i] = c->rule->regs[items[i]].k.s;
    int frame = c->rule->regs[a].frame;
    return ys__emit_step(
        c, &(ys__step){.op = RO_IN_C, .frame = frame, .a = a, .b = -1, .c = count, .link = texts},
        &(ys__reg){.type = YS_RT_BOOL, .frame = frame});
}

int ys__type_in(ys__compiler *c, int a, const int *items, int count, size_t pos)
{
    if (c->st != YS_OK)
        return 0;
    if (count == 0)
        return ys__const_bool(c, YS_FALSE);
    bool codes = c->rule->regs[a].code;
    for (int i = 0; i < count && codes; i++)
        codes = c->rule->regs[items[i]].constant && ys__type_of(c, items[i]) == YS_RT_STRING;
    if (codes)
        return in_codes(c, a, items, count);
    int any = compare(c, T_EQ, a, items[0], pos);
    for (int i = 1; i < count && c->st == YS_OK; i++)
        any = ys__emit(c, RO_OR, YS_RT_BOOL, any, compare(c, T_EQ, a, items[i], pos), -1);
    return any;
}
