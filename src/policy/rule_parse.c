/* SPDX-License-Identifier: Apache-2.0 */
/* The Pratt parser, names, and the public entrance of the compiler. */
#include "policy/rule_compile.h"

#include "base/alloc.h"
#include "base/limits.h"

/* ---- faults ---- */

int ys__rule_at(ys__compiler *c, size_t pos)
{
    int at = 1;
    for (size_t i = 0; i < pos && c->text[i]; i++)
        at += ((unsigned char)c->text[i] & 0xC0) != 0x80;
    ys_diag_where(c->diag, NULL, NULL, 0, at, NULL);
    ys_diag_value(c->diag, c->text);
    return at;
}

void ys__rule_fix(ys__compiler *c, const char *zh, const char *en)
{
    if (c->diag && c->diag->fix_en[0] == '\0')
        ys_diag_fix(c->diag, zh, en);
}

void ys__rule_nomem(ys__compiler *c)
{
    if (c->st == YS_OK)
        c->st = ys_fail_nomem(c->diag);
}

static ys__operand value(int reg, size_t pos)
{
    return (ys__operand){.kind = K_VALUE, .reg = reg, .pos = pos};
}

bool ys__expect(ys__compiler *c, ys__tok t)
{
    if (c->st == YS_OK && c->tok.kind == t) {
        ys__lex_next(c);
        return c->st == YS_OK;
    }
    YS_RULE_FAIL(c, c->tok.pos, "这里应是“%s”", "expected “%s” here", ys__token_text(t));
    return false;
}

int ys__operand_value(ys__compiler *c, const ys__operand *o)
{
    if (o->kind == K_RECORD) {
        YS_RULE_FAIL(c, o->pos, "这是一条记录，不是值", "this is a record, not a value");
        ys__rule_fix(c, "写出字段，如 p.age", "name a field, as in p.age");
    } else if (o->kind == K_LIST || o->kind == K_FILTERED) {
        YS_RULE_FAIL(c, o->pos, "这是一个列表，不是值", "this is a list, not a value");
        ys__rule_fix(c, "用 size(列表) 或 列表.exists(p, …) 等",
                     "use size(list), list.exists(p, …) and the like");
    }
    return c->st == YS_OK ? o->reg : 0;
}

int ys__parse_value(ys__compiler *c, int power)
{
    ys__operand o = ys__parse(c, power);
    return ys__operand_value(c, &o);
}

/* ---- names ---- */

void ys__note_read(ys__compiler *c, const char *path, const char *name)
{
    ys_rule *r = c->rule;
    if (c->st != YS_OK)
        return;
    const char *full = !path ? name : !name ? path : ys_arena_printf(c->arena, "%s.%s", path, name);
    if (!full || !ys_grow(&r->reads, &c->read_cap, (size_t)r->read_count + 1, sizeof *r->reads)) {
        ys__rule_nomem(c);
        return;
    }
    for (int i = 0; i < r->read_count; i++)
        if (!strcmp(r->reads[i], full))
            return;
    r->reads[r->read_count++] = full;
}

static ys__operand load(ys__compiler *c, const ys__record *rec, int col, size_t pos)
{
    static const ys_rule_type TYPES[] = {
        [YS_INT] = YS_RT_INT,   [YS_MONEY] = YS_RT_MONEY, [YS_DATE] = YS_RT_DATE,  [YS_BOOL] = YS_RT_BOOL,
        [YS_REAL] = YS_RT_REAL, [YS_CODE] = YS_RT_STRING, [YS_TEXT] = YS_RT_STRING};
    ys_type type = ys_table_column_type(rec->env->table, col);
    ys__reg dst = {.type = (uint8_t)TYPES[type],
                   .code = type == YS_CODE,
                   .frame = rec->frame,
                   .table = rec->env->table,
                   .col = col};
    ys__note_read(c, rec->path, ys_table_column_name(rec->env->table, col));
    ys__operand o = value(0, pos);
    o.reg = ys__emit_step(
        c, &(ys__step){.op = RO_LOAD, .frame = rec->frame, .a = rec->rows, .b = -1, .c = -1}, &dst);
    o.column = true;
    return o;
}

static const char *join_path(ys__compiler *c, const char *path, const char *name)
{
    const char *joined = path ? ys_arena_printf(c->arena, "%s.%s", path, name) : name;
    if (!joined)
        ys__rule_nomem(c);
    return joined;
}

static ys__operand unknown_name(ys__compiler *c, const ys_rule_env *env, const char *name, size_t pos)
{
    const char *near = ys__env_nearest(env, name);
    if (near)
        YS_RULE_FAIL(c, pos, "没有“%s”这个名称，是否指“%s”？", "there is no “%s”; did you mean “%s”?", name,
                     near);
    else
        YS_RULE_FAIL(c, pos, "没有“%s”这个名称", "there is no “%s” here", name);
    if (!strcmp(name, "and") || !strcmp(name, "or") || !strcmp(name, "not"))
        ys__rule_fix(c, "逻辑写作 && || !", "write logic as && || !");
    ys__rule_fix(c, "规则里可用的是本表的字段、它的列表和常数",
                 "a rule may use the fields of its table, their lists and constants");
    return value(0, pos);
}

ys__operand ys__member(ys__compiler *c, const ys__record *rec, const char *name, size_t pos)
{
    if (c->st != YS_OK)
        return value(0, pos);
    int col = ys__env_column(rec->env, name);
    const ys__env_parent *parent = ys__env_parent_find(rec->env, name);
    /* A reference may have the name of the record it refers to: `household` is the key, `household.size` the record. */
    if (col >= 0 && !(parent && c->tok.kind == T_DOT))
        return load(c, rec, col, pos);
    const ys__env_list *list = ys__env_list_find(rec->env, name);
    if (list)
        return (ys__operand){.kind = K_LIST, .pos = pos, .record = *rec, .list = list};
    if (!parent)
        return unknown_name(c, rec->env, name, pos);
    ys__record up = {parent->env, rec->frame, 0, join_path(c, rec->path, name)};
    up.rows = ys__emit_step(
        c,
        &(ys__step){
            .op = RO_ROWS, .frame = rec->frame, .a = rec->rows, .b = -1, .c = -1, .link = parent->row_of},
        &(ys__reg){.type = YS_RT_INT, .rows = true, .frame = rec->frame});
    return (ys__operand){.kind = K_RECORD, .pos = pos, .record = up};
}

/* `.name` after the group of constant numbers. */
static ys__operand number(ys__compiler *c, const char *group)
{
    if (!ys__expect(c, T_DOT))
        return value(0, c->tok.pos);
    ys__token t = c->tok;
    if (!ys__expect(c, T_NAME))
        return value(0, t.pos);
    int i = ys__env_number(c->env, t.s);
    if (i >= 0)
        return value(ys__const_real(c, c->env->numbers.values[i]), t.pos);
    const char *near = ys__env_nearest_number(c->env, t.s);
    if (near)
        YS_RULE_FAIL(c, t.pos, "没有常数“%s.%s”，是否指“%s”？",
                     "there is no number “%s.%s”; did you mean “%s”?", group, t.s, near);
    else
        YS_RULE_FAIL(c, t.pos, "没有常数“%s.%s”", "there is no number “%s.%s”", group, t.s);
    ys__rule_fix(c, "在 params.csv 加一行，或改正名称", "add a row to params.csv, or correct the name");
    return value(0, t.pos);
}

static ys__operand name_or_call(ys__compiler *c)
{
    ys__token t = c->tok;
    ys__lex_next(c);
    if (c->tok.kind == T_LPAREN)
        return ys__call(c, t.s, t.pos);
    for (int i = c->scope_count - 1; i >= 0; i--)
        if (!strcmp(c->scopes[i].name, t.s))
            return (ys__operand){.kind = K_RECORD, .pos = t.pos, .record = c->scopes[i].record};
    const ys__env_date *date = ys__env_date_find(c->env, t.s);
    if (date)
        return value(ys__const_int(c, YS_RT_DATE, date->days), t.pos);
    if (ys__env_is_numbers(c->env, t.s))
        return number(c, t.s);
    return ys__member(c, &(ys__record){c->env, 0, -1, NULL}, t.s, t.pos);
}

/* `.name` and `.name(…)` after something. */
static ys__operand after_dot(ys__compiler *c, const ys__operand *self)
{
    ys__token t = c->tok;
    if (!ys__expect(c, T_NAME))
        return value(0, t.pos);
    if (c->tok.kind == T_LPAREN)
        return ys__method(c, self, t.s, t.pos);
    if (self->kind == K_RECORD)
        return ys__member(c, &self->record, t.s, t.pos);
    YS_RULE_FAIL(c, t.pos, "“.%s”前不是记录", "what stands before “.%s” is not a record", t.s);
    if (self->kind == K_LIST)
        ys__rule_fix(c, "列表逐条看：persons.exists(p, p.age >= 60)",
                     "look at a list row by row: persons.exists(p, p.age >= 60)");
    return value(0, t.pos);
}

/* ---- the parser ---- */

static ys__operand unary(ys__compiler *c)
{
    ys__token t = c->tok;
    ys__lex_next(c);
    int a = ys__parse_value(c, YS_RULE_UNARY_POWER);
    return value(ys__type_unary(c, t.kind, a, t.pos), t.pos);
}

static ys__operand not_a_start(ys__compiler *c)
{
    ys__tok t = c->tok.kind;
    YS_RULE_FAIL(c, c->tok.pos, "这里应是一个值，却是“%s”", "a value is expected here, not “%s”",
                 ys__token_text(t));
    if (t == T_NULL)
        ys__rule_fix(c, "是否有值写作 has(x) 或 !has(x)", "ask for a missing value with has(x) or !has(x)");
    else if (t == T_LBRACK)
        ys__rule_fix(c, "列表只能写在 in 之后：x in ['01', '02']",
                     "a list stands only after in: x in ['01', '02']");
    else if (t == T_END)
        ys__rule_fix(c, "规则没有写完", "the rule is not finished");
    return value(0, c->tok.pos);
}

static ys__operand primary(ys__compiler *c)
{
    ys__token t = c->tok;
    switch (t.kind) {
    case T_INT:
        ys__lex_next(c);
        return value(ys__const_int(c, YS_RT_INT, t.i), t.pos);
    case T_REAL:
        ys__lex_next(c);
        return value(ys__const_real(c, t.r), t.pos);
    case T_STRING:
        ys__lex_next(c);
        return value(ys__const_text(c, t.s), t.pos);
    case T_TRUE:
    case T_FALSE:
        ys__lex_next(c);
        return value(ys__const_bool(c, t.kind == T_TRUE ? YS_TRUE : YS_FALSE), t.pos);
    case T_NAME:
        return name_or_call(c);
    case T_LPAREN: {
        ys__lex_next(c);
        ys__operand inner = ys__parse(c, 0);
        ys__expect(c, T_RPAREN);
        inner.column = false; /* has((x)) is not CEL */
        return inner;
    }
    case T_NOT:
    case T_MINUS:
        return unary(c);
    default:
        return not_a_start(c);
    }
}

/* The list after `in`; the bracket is the current token. */
static int in_list(ys__compiler *c, int a, size_t pos)
{
    int *items = NULL, count = 0;
    size_t cap = 0;
    if (c->tok.kind != T_LBRACK) {
        YS_RULE_FAIL(c, c->tok.pos, "in 之后应是方括号列表", "a list in brackets is expected after in");
        ys__rule_fix(c, "写作 x in ['01', '02']", "write x in ['01', '02']");
        return 0;
    }
    ys__lex_next(c);
    while (c->st == YS_OK && c->tok.kind != T_RBRACK) {
        int item = ys__parse_value(c, 0);
        if (!ys_grow(&items, &cap, (size_t)count + 1, sizeof *items)) {
            ys__rule_nomem(c);
            break;
        }
        items[count++] = item;
        if (c->tok.kind != T_COMMA)
            break;
        ys__lex_next(c);
    }
    ys__expect(c, T_RBRACK);
    int reg = ys__type_in(c, a, items, count, pos);
    ys_free(items);
    return reg;
}

static int ternary(ys__compiler *c, int cond, size_t pos)
{
    int a = ys__parse_value(c, ys__token_power(T_QUESTION));
    ys__expect(c, T_COLON);
    int b = ys__parse_value(c, ys__token_power(T_QUESTION) - 1); /* to the right: a ? b : c ? d : e */
    return ys__type_select(c, cond, a, b, pos);
}

static ys__operand infix(ys__compiler *c, const ys__operand *left)
{
    ys__token t = c->tok;
    int a = ys__operand_value(c, left);
    ys__lex_next(c);
    if (t.kind == T_QUESTION)
        return value(ternary(c, a, t.pos), left->pos);
    if (t.kind == T_IN)
        return value(in_list(c, a, t.pos), left->pos);
    int b = ys__parse_value(c, ys__token_power(t.kind));
    return value(ys__type_binary(c, t.kind, a, b, t.pos), left->pos);
}

ys__operand ys__parse(ys__compiler *c, int power)
{
    ys__operand left = value(0, c->tok.pos);
    if (c->st != YS_OK)
        return left;
    if (++c->depth > YS_LIMIT_RULE_DEPTH) {
        c->st = ys_fail(c->diag, YS_ELIMIT, "规则嵌套超过 %d 层", "the rule is nested more than %d deep",
                        YS_LIMIT_RULE_DEPTH);
        ys__rule_fix(c, "把里层写成派生字段", "make a derived field of the inner part");
        return left;
    }
    left = primary(c);
    while (c->st == YS_OK) {
        if (c->tok.kind == T_DOT) {
            ys__lex_next(c);
            left = after_dot(c, &left);
        } else if (ys__token_power(c->tok.kind) > power) {
            left = infix(c, &left);
        } else {
            break;
        }
    }
    c->depth--;
    return left;
}

/* ---- the entrance ---- */

static void compile(ys__compiler *c)
{
    if (strlen(c->text) > YS_LIMIT_RULE_TEXT) {
        c->st = ys_fail(c->diag, YS_ELIMIT, "规则长于 %d 字节", "the rule is longer than %d bytes",
                        YS_LIMIT_RULE_TEXT);
        ys__rule_fix(c, "把规则拆成几个派生字段", "split the rule into derived fields");
        return;
    }
    ys__lex_next(c);
    int result = ys__parse_value(c, 0);
    if (c->st == YS_OK && c->tok.kind != T_END) {
        YS_RULE_FAIL(c, c->tok.pos, "这里应是运算符或结尾", "an operator or the end is expected here");
        ys__rule_fix(c, "两个条件之间写 && 或 ||", "write && or || between two conditions");
    }
    result = ys__type_text(c, result);
    ys__emit_finish(c, result);
}

/* The growing arrays become the arena's. */
static void *settle(ys__compiler *c, void *grown, int count, size_t size)
{
    void *p = ys_arena_alloc(c->arena, (size_t)count + 1, size);
    if (p && grown)
        memcpy(p, grown, (size_t)count * size);
    if (!p)
        ys__rule_nomem(c);
    ys_free(grown);
    return p;
}

ys_status ys_rule_compile(const ys_rule_env *env, const char *text, ys_rule **ret_rule, ys_diag *diag)
{
    ys_arena *arena = ys_arena_new((size_t)64 << 20);
    ys_rule *r = arena ? ys_arena_alloc(arena, 1, sizeof *r) : NULL;
    if (!r) {
        ys_arena_free(arena);
        return ys_fail_nomem(diag);
    }
    r->arena = arena;
    r->env = env;
    r->frame_count = 1;
    r->frames[0] = (ys__frame){-1, -1, 0, NULL};
    ys__compiler c = {.rule = r, .env = env, .arena = arena, .text = text, .diag = diag};
    compile(&c);
    r->regs = settle(&c, r->regs, r->reg_count, sizeof *r->regs);
    r->steps = settle(&c, r->steps, r->step_count, sizeof *r->steps);
    r->reads = settle(&c, r->reads, r->read_count, sizeof *r->reads);
    if (c.st != YS_OK) {
        ys_arena_free(arena);
        return c.st;
    }
    *ret_rule = r;
    return YS_OK;
}

void ys_rule_free(ys_rule *r)
{
    if (r)
        ys_arena_free(r->arena);
}

ys_rule_type ys_rule_result(const ys_rule *r)
{
    return (ys_rule_type)r->regs[r->result].type;
}

int ys_rule_steps(const ys_rule *r)
{
    return r->step_count;
}

int ys_rule_reads(const ys_rule *r, const char *const **ret_names)
{
    *ret_names = r->reads;
    return r->read_count;
}
