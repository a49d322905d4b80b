/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_RULE_INT_H
#define YS_POLICY_RULE_INT_H
/*
 * rule_int.h - what the files of the rule engine share; nobody else includes it.
 *
 *   text --rule_lex.c--> tokens --rule_parse.c, rule_call.c--> typed operands --rule_type.c, rule_emit.c--> steps
 *   steps --rule_eval.c, rule_frame.c--> kernels (rule_kernel.c) over batches of rows
 *
 * The compiler is one pass: every operand the Pratt parser holds already has a type and a register, so an operator is
 * checked and emitted when it is reduced, and no tree has to be kept (or walked by recursion on small stacks).
 *
 * A *register* is one vector of values.  How a value is stored follows from its type; one pattern of each means
 * "unknown":
 *
 *   BOOL              uint8_t       YS_UNKNOWN
 *   INT MONEY DATE    int64_t       <= YS_NOT_ASKED
 *   REAL              double        NaN
 *   STRING            const char *  NULL
 *   STRING (code)     int32_t       < 0        straight from a CODE column, compared without looking at the text
 *   rows              int32_t       < 0        row numbers of a parent record
 *
 * A *frame* is the set of rows a register runs over: frame 0 is the batch of the rule's own table; each list macro
 * opens one whose elements are the children of its parent frame's elements, in order.  An expression lives in the
 * shallowest frame that has all its variables and is spread downwards (BCAST) only where it meets a deeper one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "yaoshi/rule.h"
#include "yaoshi/table.h"

#define YS_RULE_BATCH      1024 /* rows of frame 0 evaluated together: a register fits the first-level cache */
#define YS_RULE_CROWD      65536 /* elements of an inner frame above which a batch is halved */
#define YS_RULE_FRAMES     32    /* frames of one rule */
#define YS_RULE_NEST       2     /* list macros inside one another */
#define YS_RULE_NAME       64    /* bytes of a name in a rule */
#define YS_RULE_MAX_DIGITS 9

/* ---- operations ---- */

/* clang-format off */
/* Two operands; each has a twin _K (the next number) whose second operand is a constant. */
#define YS_RULE_BINARY(X)                                                                                    \
    X(ADD_I)                                                                                                 \
    X(SUB_I)                                                                                                 \
    X(MUL_I) X(DIV_I) X(MOD_I) X(MIN_I) X(MAX_I) X(ADD_R) X(SUB_R) X(MUL_R) X(DIV_R) X(MIN_R) X(MAX_R)       \
        X(MUL_MR) X(DIV_MI) X(DIV_MR) X(DIV_MM) X(EQ_I) X(NE_I) X(LT_I) X(LE_I) X(GT_I) X(GE_I) X(EQ_R)      \
            X(NE_R) X(LT_R) X(LE_R) X(GT_R) X(GE_R) X(EQ_S) X(NE_S) X(LT_S) X(LE_S) X(GT_S) X(GE_S) X(EQ_B)  \
                X(NE_B) X(AND) X(OR) X(STARTS) X(ENDS) X(CONTAINS) X(CAT) X(YEARS)

/* One operand. */
#define YS_RULE_UNARY(X)                                                                                     \
    X(NEG_I)                                                                                                 \
    X(ABS_I)                                                                                                 \
    X(NEG_R) X(ABS_R) X(NOT) X(HAS_I) X(HAS_R) X(HAS_B) X(HAS_S) X(HAS_C) X(I2R) X(R2I) X(R2M) X(SIZE_S)     \
        X(I2S) X(R2S) X(B2S) X(D2S) X(M2S) X(S2I) X(S2R) X(S2D)

/* condition ? a : b, by width of the value. */
#define YS_RULE_SELECT(X) X(SEL_I) X(SEL_R) X(SEL_S) X(SEL_B)

/* Those that need the table, the links or another frame. */
#define YS_RULE_STRUCTURAL(X)                                                                                \
    X(LOAD)                                                                                                  \
    X(ROWS)                                                                                                  \
    X(FRAME) X(SIZE_L) X(BCAST) X(FILL) X(C2S) X(EQ_C) X(NE_C) X(IN_C) X(ANY) X(ALL) X(ONE) X(TALLY)         \
        X(SUM_I) X(SUM_R) X(LEAST_I) X(MOST_I) X(LEAST_R) X(MOST_R)
/* clang-format on */

typedef enum ys__op {
#define X(name) RO_##name, RO_##name##_K,
    YS_RULE_BINARY(X)
#undef X
#define X(name) RO_##name,
        YS_RULE_UNARY(X) YS_RULE_SELECT(X) RO_KERNELS,
    RO_STRUCTURAL_BEFORE = RO_KERNELS - 1,
    YS_RULE_STRUCTURAL(X)
#undef X
} ys__op;

typedef union ys__const {
    int64_t i;
    double r;
    const char *s;
    uint8_t b;
} ys__const;

typedef struct ys__reg {
    uint8_t type;  /* ys_rule_type */
    bool code;     /* STRING kept as codes of `table`'s column `col` */
    bool rows;     /* row numbers, not values */
    bool constant; /* value in `k` */
    int frame;     /* -1 for constants */
    int buf;       /* buffer of the scratch space */
    int last;      /* last step that reads it */
    const ys_table *table;
    int col;
    ys__const k;
} ys__reg;

typedef struct ys__step {
    int op, frame;
    int dst, a, b, c;
    const void *link; /* ROWS: row_of; SIZE_L: ys_csr; IN_C: texts (c of them) */
} ys__step;

typedef struct ys__frame {
    int parent, owner,
        depth; /* owner: the frame whose rows carry the list; an ancestor of parent, or parent */
    const ys_csr *links;
} ys__frame;

struct ys_rule {
    ys_arena *arena; /* owns everything below */
    const ys_rule_env *env;
    ys__reg *regs;
    ys__step *steps;
    ys__frame frames[YS_RULE_FRAMES];
    const char **reads;
    int reg_count, step_count, frame_count, read_count, buf_count, result;
};

/* ---- environment ---- */

typedef struct ys__env_list {
    const char *name;
    const ys_rule_env *child;
    const ys_csr *links;
} ys__env_list;

typedef struct ys__env_parent {
    const char *name;
    const ys_rule_env *env;
    const int32_t *row_of;
} ys__env_parent;

typedef struct ys__env_date {
    const char *name;
    int32_t days;
} ys__env_date;

/* Constant numbers, named `group.name`. */
typedef struct ys__env_numbers {
    const char *name; /* NULL: there are none */
    const char *const *names;
    const double *values;
    int count;
} ys__env_numbers;

struct ys_rule_env {
    const ys_table *table;
    int digits;
    int64_t scale; /* 10^digits */
    int visible;   /* columns of the table that are variables */
    ys__env_list *lists;
    ys__env_parent *parents;
    ys__env_date *dates;
    ys__env_numbers numbers;
    size_t list_count, parent_count, date_count;
    size_t list_cap, parent_cap, date_cap;
};

int ys__env_column(const ys_rule_env *e, const char *name); /* -1: none */
const ys__env_list *ys__env_list_find(const ys_rule_env *e, const char *name);
const ys__env_parent *ys__env_parent_find(const ys_rule_env *e, const char *name);
const ys__env_date *ys__env_date_find(const ys_rule_env *e, const char *name);
bool ys__env_is_numbers(const ys_rule_env *e, const char *name); /* is it the name of the group of numbers? */
int ys__env_number(const ys_rule_env *e, const char *name);      /* index in the group, -1: none */
/* The variable, list or record whose name is nearest to a mistyped one; NULL if none is near. */
const char *ys__env_nearest(const ys_rule_env *e, const char *name);
/* The same among the numbers. */
const char *ys__env_nearest_number(const ys_rule_env *e, const char *name);

/* ---- kernels ---- */

typedef struct ys__kargs {
    int64_t n;
    void *dst;
    const void *a, *b, *c;
    ys_arena *arena; /* for texts that are made */
    int digits;
    bool failed; /* memory was short */
} ys__kargs;
typedef void ys__kernel(ys__kargs *k);
/* By ys__op, for op < RO_KERNELS. */
ys__kernel *ys__rule_kernel(int op);

/* Bytes of one element of a register. */
static inline size_t ys__reg_width(const ys__reg *r)
{
    if (r->code || r->rows)
        return sizeof(int32_t);
    return r->type == YS_RT_BOOL ? sizeof(uint8_t) : sizeof(int64_t);
}

/* The accessors of table.h take a table they might change; the engine only reads. */
static inline ys_table *ys__rule_table(const ys_table *t)
{
    return (ys_table *)(uintptr_t)t;
}

/* ---- scratch space ---- */

typedef struct ys__buffer {
    void *p;
    size_t cap;
} ys__buffer;

typedef struct ys__rows {
    int64_t n, base; /* dense: rows are base, base+1, … */
    bool dense;
    const int32_t *rows; /* n rows where not dense */
    const int64_t *seg;  /* elements of parent element i: seg[i] … seg[i+1]-1, minus seg[0] */
    ys__buffer rows_buf, seg_buf;
} ys__rows;

struct ys_rule_scratch {
    ys_arena *arena;   /* texts made in the batch */
    ys__buffer prefix; /* of reductions */
    ys__buffer *bufs;
    const void **regs;
    size_t buf_cap, reg_cap, bufs_ready;
    ys__rows frames[YS_RULE_FRAMES];
};

/* At least `bytes` in `b`, content not kept; NULL when memory is short. */
void *ys__buffer_need(ys__buffer *b, size_t bytes);

/* Outcomes inside the evaluator. */
typedef enum ys__run { YS__RUN_OK, YS__RUN_CROWDED, YS__RUN_NOMEM, YS__RUN_LIMIT } ys__run;
/* Open frame `f`: find the rows below each element of its parent.  `may_split`: give up at YS_RULE_CROWD. */
ys__run ys__frame_open(const ys_rule *r, ys_rule_scratch *s, int f, bool may_split);
/* The steps that need more than their operands' vectors. */
ys__run ys__step_structural(const ys_rule *r, ys_rule_scratch *s, const ys__step *st);
ys__run ys__step_reduce(const ys_rule *r, ys_rule_scratch *s, const ys__step *st);

#endif
