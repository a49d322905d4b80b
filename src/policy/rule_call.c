/* SPDX-License-Identifier: Apache-2.0 */
/* Functions, methods and list macros. */
#include "policy/rule_compile.h"

#define MAX_ARGS 16

static ys__operand value(int reg, size_t pos)
{
    return (ys__operand){.kind = K_VALUE, .reg = reg, .pos = pos};
}

typedef struct call {
    const char *name;
    size_t pos;
    int count;
    int args[MAX_ARGS];
    size_t arg_pos[MAX_ARGS];
} call;

/* A function met a type it does not take. */
static int bad_argument(ys__compiler *c, const call *k, int i, const char *zh, const char *en)
{
    ys_rule_type t = ys__type_of(c, k->args[i]);
    YS_RULE_FAIL(c, k->arg_pos[i], "%s() 这里要%s%.0s，却是%s%.0s", "%s() takes %.0s%s here, not %.0s%s",
                 k->name, zh, en, ys__type_zh(t), ys__type_en(t));
    return 0;
}

/* ---- money and dates ---- */

static int fn_yuan(ys__compiler *c, const call *k)
{
    ys_rule_type t = ys__type_of(c, k->args[0]);
    if (t == YS_RT_INT)
        return ys__emit(c, RO_MUL_I, YS_RT_MONEY, k->args[0], ys__const_int(c, YS_RT_INT, c->env->scale), -1);
    if (t != YS_RT_REAL)
        return bad_argument(c, k, 0, "数", "a number");
    int scaled = ys__emit(c, RO_MUL_R, YS_RT_REAL, k->args[0], ys__const_real(c, (double)c->env->scale), -1);
    return ys__emit(c, RO_R2M, YS_RT_MONEY, scaled, -1, -1);
}

static int fn_date(ys__compiler *c, const call *k)
{
    if (ys__type_of(c, k->args[0]) != YS_RT_STRING)
        return bad_argument(c, k, 0, "文字，如 '2016-08-27'", "a text such as '2016-08-27'");
    int text = ys__type_text(c, k->args[0]);
    int reg = ys__emit(c, RO_S2D, YS_RT_DATE, text, -1, -1);
    if (c->st == YS_OK && c->rule->regs[reg].constant && ys_is_missing(c->rule->regs[reg].k.i)) {
        YS_RULE_FAIL(c, k->arg_pos[0], "没有这个日期", "there is no such date");
        ys__rule_fix(c, "写作 '2016-08-27'", "write it as '2016-08-27'");
    }
    return reg;
}

static int fn_years(ys__compiler *c, const call *k)
{
    for (int i = 0; i < 2; i++)
        if (ys__type_of(c, k->args[i]) != YS_RT_DATE)
            return bad_argument(c, k, i, "日期", "a date");
    return ys__emit(c, RO_YEARS, YS_RT_INT, k->args[0], k->args[1], -1);
}

/* ---- conversions ---- */

static int fn_int(ys__compiler *c, const call *k)
{
    int a = ys__type_text(c, k->args[0]);
    switch (ys__type_of(c, a)) {
    case YS_RT_INT:
        return a;
    case YS_RT_REAL:
        return ys__emit(c, RO_R2I, YS_RT_INT, a, -1, -1);
    case YS_RT_STRING:
        return ys__emit(c, RO_S2I, YS_RT_INT, a, -1, -1);
    case YS_RT_MONEY:
        return ys__emit(c, RO_DIV_I, YS_RT_INT, a, ys__const_int(c, YS_RT_INT, c->env->scale), -1);
    default:
        return bad_argument(c, k, 0, "数、文字或金额", "a number, a text or money");
    }
}

static int fn_double(ys__compiler *c, const call *k)
{
    int a = ys__type_text(c, k->args[0]);
    switch (ys__type_of(c, a)) {
    case YS_RT_REAL:
        return a;
    case YS_RT_INT:
        return ys__emit(c, RO_I2R, YS_RT_REAL, a, -1, -1);
    case YS_RT_STRING:
        return ys__emit(c, RO_S2R, YS_RT_REAL, a, -1, -1);
    case YS_RT_MONEY:
        return ys__emit(c, RO_DIV_R, YS_RT_REAL, ys__emit(c, RO_I2R, YS_RT_REAL, a, -1, -1),
                        ys__const_real(c, (double)c->env->scale), -1);
    default:
        return bad_argument(c, k, 0, "数、文字或金额", "a number, a text or money");
    }
}

static int fn_string(ys__compiler *c, const call *k)
{
    static const int OF[] = {[YS_RT_BOOL] = RO_B2S,
                             [YS_RT_INT] = RO_I2S,
                             [YS_RT_REAL] = RO_R2S,
                             [YS_RT_MONEY] = RO_M2S,
                             [YS_RT_DATE] = RO_D2S};
    ys_rule_type t = ys__type_of(c, k->args[0]);
    if (t == YS_RT_STRING)
        return ys__type_text(c, k->args[0]);
    return ys__emit(c, OF[t], YS_RT_STRING, k->args[0], -1, -1);
}

/* ---- numbers ---- */

static int fn_abs(ys__compiler *c, const call *k)
{
    ys_rule_type t = ys__type_of(c, k->args[0]);
    if (t == YS_RT_INT || t == YS_RT_MONEY)
        return ys__emit(c, RO_ABS_I, t, k->args[0], -1, -1);
    if (t == YS_RT_REAL)
        return ys__emit(c, RO_ABS_R, t, k->args[0], -1, -1);
    return bad_argument(c, k, 0, "数或金额", "a number or money");
}

static int least_or_most(ys__compiler *c, const call *k, int op_int, int op_real)
{
    int best = k->args[0];
    for (int i = 0; i < k->count; i++) {
        int next = k->args[i];
        ys_rule_type t = ys__type_of(c, next);
        if (t == YS_RT_BOOL || t == YS_RT_STRING)
            return bad_argument(c, k, i, "数、金额或日期", "numbers, money or dates");
        if (!ys__type_unify(c, &best, &next))
            return bad_argument(c, k, i, "同一类型的值", "values of one type");
        t = ys__type_of(c, best);
        if (i > 0)
            best = ys__emit(c, t == YS_RT_REAL ? op_real : op_int, t, best, next, -1);
    }
    return best;
}

static int fn_min(ys__compiler *c, const call *k)
{
    return least_or_most(c, k, RO_MIN_I, RO_MIN_R);
}

static int fn_max(ys__compiler *c, const call *k)
{
    return least_or_most(c, k, RO_MAX_I, RO_MAX_R);
}

/* ---- texts ---- */

static int text_pair(ys__compiler *c, const call *k, int op)
{
    for (int i = 0; i < 2; i++)
        if (ys__type_of(c, k->args[i]) != YS_RT_STRING)
            return bad_argument(c, k, i, "文字", "a text");
    int a = ys__type_text(c, k->args[0]);
    return ys__emit(c, op, YS_RT_BOOL, a, ys__type_text(c, k->args[1]), -1);
}

static int fn_starts(ys__compiler *c, const call *k)
{
    return text_pair(c, k, RO_STARTS);
}

static int fn_ends(ys__compiler *c, const call *k)
{
    return text_pair(c, k, RO_ENDS);
}

static int fn_contains(ys__compiler *c, const call *k)
{
    return text_pair(c, k, RO_CONTAINS);
}

/* ---- has and size look at what their argument is, not at its value ---- */

static int has(ys__compiler *c, const ys__operand *o)
{
    if (c->st != YS_OK)
        return 0;
    if (o->kind != K_VALUE || !o->column) {
        YS_RULE_FAIL(c, o->pos, "has() 只问一个字段有没有值", "has() asks whether one field has a value");
        ys__rule_fix(c, "写作 has(size) 或 has(p.age)；列表用 size(persons) > 0",
                     "write has(size) or has(p.age); for lists size(persons) > 0");
        return 0;
    }
    const ys__reg *r = &c->rule->regs[o->reg];
    int op = r->code                   ? RO_HAS_C
             : r->type == YS_RT_BOOL   ? RO_HAS_B
             : r->type == YS_RT_REAL   ? RO_HAS_R
             : r->type == YS_RT_STRING ? RO_HAS_S
                                       : RO_HAS_I;
    return ys__emit(c, op, YS_RT_BOOL, o->reg, -1, -1);
}

static bool list_owner_ok(ys__compiler *c, const ys__operand *list)
{
    if (list->record.rows < 0)
        return true;
    YS_RULE_FAIL(c, list->pos, "不能逐条看上级记录的列表", "the lists of a parent record cannot be walked");
    ys__rule_fix(c, "先在上级表中写成派生字段", "derive a field in the parent's table first");
    return false;
}

static int size_of(ys__compiler *c, const ys__operand *o)
{
    if (c->st != YS_OK || o->kind == K_FILTERED)
        return o->reg;
    if (o->kind == K_LIST) {
        if (!list_owner_ok(c, o))
            return 0;
        ys__note_read(c, o->record.path, o->list->name);
        int frame = o->record.frame;
        return ys__emit_step(
            c,
            &(ys__step){.op = RO_SIZE_L, .frame = frame, .a = -1, .b = -1, .c = -1, .link = o->list->links},
            &(ys__reg){.type = YS_RT_INT, .frame = frame});
    }
    int a = ys__operand_value(c, o);
    if (ys__type_of(c, a) == YS_RT_STRING)
        return ys__emit(c, RO_SIZE_S, YS_RT_INT, ys__type_text(c, a), -1, -1);
    YS_RULE_FAIL(c, o->pos, "size() 数的是列表或文字", "size() counts a list or the characters of a text");
    return 0;
}

/* ---- the function table ---- */

typedef struct function {
    const char *name;
    int min, max;
    int (*emit)(ys__compiler *c, const call *k);
    bool method; /* x.name(…) with x as the first argument */
} function;

static const function FUNCTIONS[] = {
    {"yuan", 1, 1, fn_yuan, false},      {"date", 1, 1, fn_date, false},
    {"years", 2, 2, fn_years, false},    {"int", 1, 1, fn_int, false},
    {"double", 1, 1, fn_double, false},  {"string", 1, 1, fn_string, false},
    {"abs", 1, 1, fn_abs, false},        {"min", 2, MAX_ARGS, fn_min, false},
    {"max", 2, MAX_ARGS, fn_max, false}, {"startsWith", 2, 2, fn_starts, true},
    {"endsWith", 2, 2, fn_ends, true},   {"contains", 2, 2, fn_contains, true},
};

static int finish_call(ys__compiler *c, call *k, bool method)
{
    while (c->st == YS_OK && c->tok.kind != T_RPAREN) {
        if (k->count == MAX_ARGS) {
            YS_RULE_FAIL(c, c->tok.pos, "%s() 的参数太多", "too many arguments for %s()", k->name);
            break;
        }
        k->arg_pos[k->count] = c->tok.pos;
        k->args[k->count++] = ys__parse_value(c, 0);
        if (c->tok.kind != T_COMMA)
            break;
        ys__lex_next(c);
    }
    ys__expect(c, T_RPAREN);
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS && c->st == YS_OK; i++) {
        const function *f = &FUNCTIONS[i];
        if (strcmp(f->name, k->name) != 0 || f->method != method)
            continue;
        if (k->count >= f->min && k->count <= f->max)
            return f->emit(c, k);
        YS_RULE_FAIL(c, k->pos, "%s() 的参数个数不对", "wrong number of arguments for %s()", k->name);
    }
    YS_RULE_FAIL(c, k->pos, "没有函数 %s()", "there is no function %s()", k->name);
    if (!strcmp(k->name, "matches"))
        ys__rule_fix(c, "用 startsWith、endsWith 或 contains", "use startsWith, endsWith or contains");
    ys__rule_fix(
        c,
        "函数有 has size yuan date years int double string abs min max，方法有 startsWith endsWith contains",
        "functions: has size yuan date years int double string abs min max; methods: startsWith endsWith "
        "contains");
    return 0;
}

ys__operand ys__call(ys__compiler *c, const char *name, size_t pos)
{
    ys__expect(c, T_LPAREN);
    bool is_has = !strcmp(name, "has");
    if (!is_has && strcmp(name, "size") != 0)
        return value(finish_call(c, &(call){.name = name, .pos = pos}, false), pos);
    ys__operand o = ys__parse(c, 0);
    ys__expect(c, T_RPAREN);
    return value(is_has ? has(c, &o) : size_of(c, &o), pos);
}

/* ---- list macros ---- */

typedef enum macro { M_EXISTS, M_ALL, M_ONE, M_COUNT, M_FILTER, M_SUM, M_LEAST, M_MOST, M_NONE } macro;
static const char *const MACROS[] = {"exists", "all", "exists_one", "count", "filter", "sum", "min", "max"};

static macro macro_named(const char *name)
{
    for (int i = 0; i < M_NONE; i++)
        if (!strcmp(MACROS[i], name))
            return (macro)i;
    return M_NONE;
}

/* The step and type of a reduction over values of type `t`; false if the macro does not take them. */
static bool reduction(macro m, ys_rule_type t, int *ret_op, ys_rule_type *ret_type)
{
    static const int OF_BOOL[] = {RO_ANY, RO_ALL, RO_ONE, RO_TALLY, RO_TALLY};
    static const int OF_INT[] = {RO_SUM_I, RO_LEAST_I, RO_MOST_I},
                     OF_REAL[] = {RO_SUM_R, RO_LEAST_R, RO_MOST_R};
    if (m <= M_FILTER) {
        *ret_op = OF_BOOL[m];
        *ret_type = m >= M_COUNT ? YS_RT_INT : YS_RT_BOOL;
        return t == YS_RT_BOOL;
    }
    *ret_op = (t == YS_RT_REAL ? OF_REAL : OF_INT)[m - M_SUM];
    *ret_type = t;
    return t == YS_RT_INT || t == YS_RT_REAL || t == YS_RT_MONEY || (t == YS_RT_DATE && m != M_SUM);
}

static int reduce(ys__compiler *c, macro m, int body, int frame, size_t pos)
{
    int op;
    ys_rule_type type, t = ys__type_of(c, body);
    if (!reduction(m, t, &op, &type)) {
        if (m <= M_FILTER)
            YS_RULE_FAIL(c, pos, "%s() 要条件，却是%s%.0s", "%s() takes a condition, not %.0s%s", MACROS[m],
                         ys__type_zh(t), ys__type_en(t));
        else
            YS_RULE_FAIL(c, pos, "%s() 不能用于%s%.0s", "%s() does not apply to %.0s%s", MACROS[m],
                         ys__type_zh(t), ys__type_en(t));
    }
    if (c->st != YS_OK)
        return 0;
    body = ys__emit_spread(c, body, frame);
    return ys__emit_step(c, &(ys__step){.op = op, .frame = frame, .a = body, .b = -1, .c = -1},
                         &(ys__reg){.type = (uint8_t)type, .frame = c->rule->frames[frame].parent});
}

/* The rows run over here: the innermost macro's, or the table's own. */
static int current_frame(const ys__compiler *c)
{
    return c->scope_count > 0 ? c->scopes[c->scope_count - 1].record.frame : 0;
}

static ys__operand expand_macro(ys__compiler *c, const ys__operand *list, macro m, size_t pos)
{
    ys__token var = c->tok;
    if (var.kind == T_RPAREN)
        YS_RULE_FAIL(c, var.pos, "这里要变量名和表达式", "a variable and an expression are expected here");
    if (!ys__expect(c, T_NAME) || !ys__expect(c, T_COMMA)) {
        ys__rule_fix(c, "写作 persons.exists(p, p.age >= 60)", "write persons.exists(p, p.age >= 60)");
        return value(0, pos);
    }
    if (!list_owner_ok(c, list))
        return value(0, pos);
    if (c->scope_count == YS_RULE_NEST) {
        YS_RULE_FAIL(c, pos, "列表宏最多套 %d 层", "list macros nest at most %d deep", YS_RULE_NEST);
        ys__rule_fix(c, "把里层写成派生字段", "make a derived field of the inner part");
        return value(0, pos);
    }
    ys__note_read(c, list->record.path, list->list->name);
    const char *path = list->list->name;
    if (list->record.path && !(path = ys_arena_printf(c->arena, "%s.%s", list->record.path, path)))
        ys__rule_nomem(c);
    int frame = ys__emit_frame(c, current_frame(c), list->record.frame, list->list->links);
    c->scopes[c->scope_count++] = (ys__scope){var.s, {list->list->child, frame, -1, path}};
    size_t body_pos = c->tok.pos;
    int body = ys__parse_value(c, 0);
    c->scope_count--;
    ys__expect(c, T_RPAREN);
    ys__operand o = value(reduce(c, m, body, frame, body_pos), pos);
    if (m == M_FILTER)
        o.kind = K_FILTERED;
    return o;
}

static ys__operand list_method(ys__compiler *c, const ys__operand *self, const char *name, size_t pos)
{
    macro m = macro_named(name);
    if (m != M_NONE && self->kind == K_LIST)
        return expand_macro(c, self, m, pos);
    if (!strcmp(name, "size")) {
        ys__expect(c, T_RPAREN);
        return value(size_of(c, self), pos);
    }
    YS_RULE_FAIL(c, pos, "列表没有 .%s()", "a list has no .%s() here", name);
    ys__rule_fix(c, "可用 exists all exists_one filter(…).size() count sum min max size",
                 "there are exists all exists_one filter(…).size() count sum min max size");
    return value(0, pos);
}

ys__operand ys__method(ys__compiler *c, const ys__operand *self, const char *name, size_t pos)
{
    ys__expect(c, T_LPAREN);
    if (self->kind == K_LIST || self->kind == K_FILTERED)
        return list_method(c, self, name, pos);
    int first = ys__operand_value(c, self);
    if (!strcmp(name, "size") && c->tok.kind == T_RPAREN) {
        ys__expect(c, T_RPAREN);
        return value(size_of(c, self), pos);
    }
    call k = {.name = name, .pos = pos, .count = 1, .args = {first}, .arg_pos = {self->pos}};
    return value(finish_call(c, &k, true), pos);
}
