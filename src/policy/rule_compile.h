/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_RULE_COMPILE_H
#define YS_POLICY_RULE_COMPILE_H
/*
 * rule_compile.h - the compiler's own state: tokens, operands, the rule being built.
 *
 * The first failure sticks (`st`); every function then does nothing and returns a value that is safe to pass on, so
 * the parser needs no test after each call.
 */
#include "policy/rule_int.h"

/* clang-format off */
/*      name      text     binding power of the infix operator, 0: none */
#define YS_RULE_TOKENS(X)                                                                                    \
    X(END, "end of rule", 0)                                                                                 \
    X(INT, "integer", 0)                                                                                     \
    X(REAL, "number", 0) X(STRING, "text", 0) X(NAME, "name", 0) X(TRUE, "true", 0) X(FALSE, "false", 0)     \
        X(NULL, "null", 0) X(LPAREN, "(", 0) X(RPAREN, ")", 0) X(LBRACK, "[", 0) X(RBRACK, "]", 0)           \
            X(COMMA, ",", 0) X(DOT, ".", 0) X(COLON, ":", 0) X(NOT, "!", 0) X(QUESTION, "?", 1)              \
                X(OR, "||", 2) X(AND, "&&", 3) X(EQ, "==", 4) X(NE, "!=", 4) X(LT, "<", 4) X(LE, "<=", 4)    \
                    X(GT, ">", 4) X(GE, ">=", 4) X(IN, "in", 4) X(PLUS, "+", 5) X(MINUS, "-", 5)             \
                        X(STAR, "*", 6) X(SLASH, "/", 6) X(PERCENT, "%", 6)
/* clang-format on */

typedef enum ys__tok {
#define X(name, text, power) T_##name,
    YS_RULE_TOKENS(X)
#undef X
        T_COUNT
} ys__tok;

#define YS_RULE_UNARY_POWER 7

typedef struct ys__token {
    ys__tok kind;
    size_t pos, len; /* bytes in the text */
    int64_t i;
    double r;
    const char *s; /* text or name, in the rule's arena */
} ys__token;

/* A record whose fields can be read: the row itself, a list's element, a parent. */
typedef struct ys__record {
    const ys_rule_env *env;
    int frame;
    int rows;         /* register of row numbers; -1: the frame's own rows */
    const char *path; /* "persons", "village"; NULL for the row itself */
} ys__record;

typedef enum ys__kind { K_NONE, K_VALUE, K_RECORD, K_LIST, K_FILTERED } ys__kind;
/* What the parser holds. */
typedef struct ys__operand {
    ys__kind kind;
    int reg; /* VALUE; FILTERED: the count */
    size_t pos;
    ys__record record; /* RECORD; LIST: the record that has it */
    const ys__env_list *list;
    bool column; /* VALUE straight from a column: has() takes only these */
} ys__operand;

typedef struct ys__scope {
    const char *name;
    ys__record record;
} ys__scope;

typedef struct ys__compiler {
    ys_rule *rule;
    const ys_rule_env *env;
    ys_arena *arena;
    const char *text;
    size_t at; /* lexer */
    ys__token tok;
    int depth;
    ys__scope scopes[YS_RULE_NEST];
    int scope_count;
    size_t reg_cap, step_cap, read_cap;
    ys_status st;
    ys_diag *diag;
} ys__compiler;

/* Record a fault at byte `pos`, in both languages. */
#define YS_RULE_FAIL(c, pos, zh, en, ...)                                                                    \
    do {                                                                                                     \
        if ((c)->st == YS_OK)                                                                                \
            (c)->st = ys_fail((c)->diag, YS_ERULE, "第%d个字符：" zh, "character %d: " en,                   \
                              ys__rule_at((c), (pos)), ##__VA_ARGS__);                                       \
    } while (0)
/* Column (characters, from 1) of byte `pos`; also notes it in the diag. */
int ys__rule_at(ys__compiler *c, size_t pos);
void ys__rule_fix(ys__compiler *c, const char *zh, const char *en);
void ys__rule_nomem(ys__compiler *c);

/* rule_lex.c */
void ys__lex_next(ys__compiler *c);
const char *ys__token_text(ys__tok t);
int ys__token_power(ys__tok t);

/* rule_parse.c */
ys__operand ys__parse(ys__compiler *c, int power);
/* A value of any type; complains about lists and records. */
int ys__parse_value(ys__compiler *c, int power);
int ys__operand_value(ys__compiler *c, const ys__operand *o);
bool ys__expect(ys__compiler *c, ys__tok t);
/* The field `name` of a record: a value, a list or another record. */
ys__operand ys__member(ys__compiler *c, const ys__record *rec, const char *name, size_t pos);
void ys__note_read(ys__compiler *c, const char *path, const char *name);

/* rule_call.c: functions, methods, list macros; the token after the name is "(". */
ys__operand ys__call(ys__compiler *c, const char *name, size_t pos);
ys__operand ys__method(ys__compiler *c, const ys__operand *self, const char *name, size_t pos);

/* rule_type.c */
int ys__type_binary(ys__compiler *c, ys__tok op, int a, int b, size_t pos);
int ys__type_unary(ys__compiler *c, ys__tok op, int a, size_t pos);
int ys__type_select(ys__compiler *c, int cond, int a, int b, size_t pos);
int ys__type_in(ys__compiler *c, int a, const int *items, int count, size_t pos);
/* Bring two operands to one type (int with real gives real); false: they do not fit, nothing reported. */
bool ys__type_unify(ys__compiler *c, int *a, int *b);
/* A code register as texts; others as they are. */
int ys__type_text(ys__compiler *c, int a);
ys_rule_type ys__type_of(const ys__compiler *c, int reg);
const char *ys__type_zh(ys_rule_type t);
const char *ys__type_en(ys_rule_type t);

/* rule_emit.c: registers and steps; each returns a register (0 after a failure). */
int ys__const_int(ys__compiler *c, ys_rule_type type, int64_t v);
int ys__const_real(ys__compiler *c, double v);
int ys__const_text(ys__compiler *c, const char *s);
int ys__const_bool(ys__compiler *c, uint8_t v);
/* A kernel operation with as many operands as it has (unused ones -1): folds constants, spreads to one frame. */
int ys__emit(ys__compiler *c, int op, ys_rule_type type, int a, int b, int cc);
/* A structural step as it stands; equal steps are shared. */
int ys__emit_step(ys__compiler *c, const ys__step *step, const ys__reg *dst);
/* `reg` as a vector over `frame`. */
int ys__emit_spread(ys__compiler *c, int reg, int frame);
/* The frame of `links` under `parent`; opened once however often it is used. */
int ys__emit_frame(ys__compiler *c, int parent, int owner, const ys_csr *links);
/* Drop what nothing reads, and give registers their buffers. */
void ys__emit_finish(ys__compiler *c, int result);

#endif
