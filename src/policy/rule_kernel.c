/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The elementwise kernels: flat loops without branches, so that the compiler can use vector instructions.  Integers
 * and IEEE doubles element by element give the same bits whatever the instruction set.
 */
#include "policy/rule_int.h"

#include <inttypes.h>
#include <math.h>

#include "base/num.h"

typedef const char *text;

/* ---- integers (int, money, date): any missing operand, overflow or division by zero gives YS_NA ---- */

static inline int miss(int64_t v)
{
    return v <= YS_NOT_ASKED;
}

static inline int64_t add_i(int64_t a, int64_t b)
{
    int64_t r;
    int over = __builtin_add_overflow(a, b, &r);
    return (over | miss(a) | miss(b)) ? YS_NA : r;
}

static inline int64_t sub_i(int64_t a, int64_t b)
{
    int64_t r;
    int over = __builtin_sub_overflow(a, b, &r);
    return (over | miss(a) | miss(b)) ? YS_NA : r;
}

static inline int64_t mul_i(int64_t a, int64_t b)
{
    int64_t r;
    int over = __builtin_mul_overflow(a, b, &r);
    return (over | miss(a) | miss(b)) ? YS_NA : r;
}

static inline int64_t div_i(int64_t a, int64_t b)
{
    return ((b == 0) | miss(a) | miss(b)) ? YS_NA : a / b;
}

static inline int64_t mod_i(int64_t a, int64_t b)
{
    return ((b == 0) | miss(a) | miss(b)) ? YS_NA : a % b;
}

static inline int64_t min_i(int64_t a, int64_t b)
{
    return (miss(a) | miss(b)) ? YS_NA : a < b ? a : b;
}

static inline int64_t max_i(int64_t a, int64_t b)
{
    return (miss(a) | miss(b)) ? YS_NA : a > b ? a : b;
}

/* Quotient rounded half away from zero: money by a count. */
static inline int64_t div_round(int64_t a, int64_t b)
{
    if ((b == 0) | miss(a) | miss(b))
        return YS_NA;
    int64_t q = a / b, rest = a % b, size = b < 0 ? -b : b;
    rest = rest < 0 ? -rest : rest;
    if (rest >= size - rest)
        q += (a < 0) == (b < 0) ? 1 : -1;
    return q;
}

/* ---- reals: a result that is no finite number is unknown ---- */

static inline double finite_or_na(double v)
{
    return v - v == 0 ? v : NAN;
}

/* To an integer, towards zero; unknown outside int64. */
static inline int64_t truncated(double v)
{
    return v > -0x1p63 && v < 0x1p63 ? (int64_t)v : YS_NA;
}

/* To an integer, half away from zero. */
static inline int64_t rounded(double v)
{
    if (!(v > -0x1p62 && v < 0x1p62))
        return YS_NA;
    int64_t t = (int64_t)v;
    double rest = v - (double)t;
    return t + (rest >= 0.5) - (rest <= -0.5);
}

static inline double real_of(int64_t v)
{
    return miss(v) ? NAN : (double)v;
}

static inline double min_r(double a, double b)
{
    return isunordered(a, b) ? NAN : a < b ? a : b;
}

static inline double max_r(double a, double b)
{
    return isunordered(a, b) ? NAN : a > b ? a : b;
}

/* ---- truth: 0 false, 1 true, 2 unknown ---- */

static inline uint8_t known(int unknown, int truth)
{
    return unknown ? YS_UNKNOWN : truth;
}

static inline uint8_t and_b(uint8_t a, uint8_t b)
{
    uint8_t either = a | b; /* 3 where one is true and the other unknown */
    uint8_t joined = either == 3 ? YS_UNKNOWN : either;
    return ((a == 0) | (b == 0)) ? YS_FALSE : joined;
}

static inline uint8_t or_b(uint8_t a, uint8_t b)
{
    uint8_t either = a | b;
    return (either & 1) ? YS_TRUE : either;
}

static inline uint8_t eq_b(uint8_t a, uint8_t b)
{
    return known((a | b) >= 2, a == b);
}

/* ---- texts ---- */

static inline uint8_t starts(text a, text b)
{
    return !a || !b ? YS_UNKNOWN : !strncmp(a, b, strlen(b));
}

static inline uint8_t ends(text a, text b)
{
    if (!a || !b)
        return YS_UNKNOWN;
    size_t n = strlen(a), m = strlen(b);
    return n >= m && !memcmp(a + n - m, b, m);
}

static text cat(ys__kargs *k, text a, text b)
{
    if (!a || !b)
        return NULL;
    text joined = ys_arena_printf(k->arena, "%s%s", a, b);
    k->failed |= !joined;
    return joined;
}

static text copied(ys__kargs *k, const char *s)
{
    text copy = ys_arena_strdup(k->arena, s);
    k->failed |= !copy;
    return copy;
}

static int64_t characters(text s)
{
    if (!s)
        return YS_NA;
    int64_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static text int_text(ys__kargs *k, int64_t v)
{
    char buf[32];
    snprintf(buf, sizeof buf, "%" PRId64, v);
    return miss(v) ? NULL : copied(k, buf);
}

static text real_text(ys__kargs *k, double v)
{
    char buf[64];
    return v - v != 0 ? NULL : copied(k, ys_format_real(v, buf, sizeof buf));
}

static text money_text(ys__kargs *k, int64_t v)
{
    char buf[64];
    return miss(v) ? NULL : copied(k, ys_format_money(v, k->digits, buf, sizeof buf));
}

/* Days that num.h can turn into a calendar date: years 0001 to 9999. */
static bool calendar(int64_t days)
{
    return days >= -719162 && days <= 2932896;
}

static text date_text(ys__kargs *k, int64_t v)
{
    char buf[32];
    return calendar(v) ? copied(k, ys_format_date((int32_t)v, buf, sizeof buf)) : NULL;
}

static int64_t text_int(text s)
{
    int64_t v;
    return s && ys_parse_int(s, &v) ? v : YS_NA;
}

static double text_real(text s)
{
    double v;
    return s && ys_parse_real(s, &v) ? finite_or_na(v) : NAN;
}

static int64_t text_date(text s)
{
    int32_t v;
    return s && ys_parse_date(s, &v) ? v : YS_NA;
}

static int64_t years(int64_t from, int64_t to)
{
    return calendar(from) && calendar(to) ? ys_years_between((int32_t)from, (int32_t)to) : YS_NA;
}

/* ---- the loops ---- */

#define BINARY(NAME, TA, TB, TR, VALUE)                                                                      \
    static void k_##NAME(ys__kargs *k)                                                                       \
    {                                                                                                        \
        const TA *restrict pa = k->a;                                                                        \
        const TB *restrict pb = k->b;                                                                        \
        TR *restrict r = k->dst;                                                                             \
        for (int64_t i = 0, n = k->n; i < n; i++) {                                                          \
            const TA a = pa[i];                                                                              \
            const TB b = pb[i];                                                                              \
            r[i] = VALUE;                                                                                    \
        }                                                                                                    \
    }                                                                                                        \
    static void k_##NAME##_K(ys__kargs *k)                                                                   \
    {                                                                                                        \
        const TA *restrict pa = k->a;                                                                        \
        const TB b = *(const TB *)k->b;                                                                      \
        TR *restrict r = k->dst;                                                                             \
        for (int64_t i = 0, n = k->n; i < n; i++) {                                                          \
            const TA a = pa[i];                                                                              \
            r[i] = VALUE;                                                                                    \
        }                                                                                                    \
    }

BINARY(ADD_I, int64_t, int64_t, int64_t, add_i(a, b))
BINARY(SUB_I, int64_t, int64_t, int64_t, sub_i(a, b))
BINARY(MUL_I, int64_t, int64_t, int64_t, mul_i(a, b))
BINARY(DIV_I, int64_t, int64_t, int64_t, div_i(a, b))
BINARY(MOD_I, int64_t, int64_t, int64_t, mod_i(a, b))
BINARY(MIN_I, int64_t, int64_t, int64_t, min_i(a, b))
BINARY(MAX_I, int64_t, int64_t, int64_t, max_i(a, b))
BINARY(ADD_R, double, double, double, finite_or_na(a + b))
BINARY(SUB_R, double, double, double, finite_or_na(a - b))
BINARY(MUL_R, double, double, double, finite_or_na(a *b))
BINARY(DIV_R, double, double, double, finite_or_na(a / b))
BINARY(MIN_R, double, double, double, min_r(a, b))
BINARY(MAX_R, double, double, double, max_r(a, b))
BINARY(MUL_MR, int64_t, double, int64_t, rounded(real_of(a) * b))
BINARY(DIV_MI, int64_t, int64_t, int64_t, div_round(a, b))
BINARY(DIV_MR, int64_t, double, int64_t, rounded(real_of(a) / b))
BINARY(DIV_MM, int64_t, int64_t, double, finite_or_na(real_of(a) / real_of(b)))

#define COMPARISONS(S, T, UNKNOWN, ORDER)                                                                    \
    BINARY(EQ_##S, T, T, uint8_t, known(UNKNOWN, ORDER(a, ==, b)))                                           \
    BINARY(NE_##S, T, T, uint8_t, known(UNKNOWN, ORDER(a, !=, b)))                                           \
    BINARY(LT_##S, T, T, uint8_t, known(UNKNOWN, ORDER(a, <, b)))                                            \
    BINARY(LE_##S, T, T, uint8_t, known(UNKNOWN, ORDER(a, <=, b)))                                           \
    BINARY(GT_##S, T, T, uint8_t, known(UNKNOWN, ORDER(a, >, b)))                                            \
    BINARY(GE_##S, T, T, uint8_t, known(UNKNOWN, ORDER(a, >=, b)))

#define PLAIN_ORDER(a, op, b) (a op b)
#define TEXT_ORDER(a, op, b)  (a && b && strcmp(a, b) op 0)
COMPARISONS(I, int64_t, miss(a) | miss(b), PLAIN_ORDER)
COMPARISONS(R, double, isunordered(a, b), PLAIN_ORDER)
COMPARISONS(S, text, !a || !b, TEXT_ORDER)

BINARY(EQ_B, uint8_t, uint8_t, uint8_t, eq_b(a, b))
BINARY(NE_B, uint8_t, uint8_t, uint8_t, known((a | b) >= 2, a != b))
BINARY(AND, uint8_t, uint8_t, uint8_t, and_b(a, b))
BINARY(OR, uint8_t, uint8_t, uint8_t, or_b(a, b))
BINARY(STARTS, text, text, uint8_t, starts(a, b))
BINARY(ENDS, text, text, uint8_t, ends(a, b))
BINARY(CONTAINS, text, text, uint8_t, known(!a || !b, a &&b &&strstr(a, b)))
BINARY(CAT, text, text, text, cat(k, a, b))
BINARY(YEARS, int64_t, int64_t, int64_t, years(a, b))

#define UNARY(NAME, TA, TR, VALUE)                                                                           \
    static void k_##NAME(ys__kargs *k)                                                                       \
    {                                                                                                        \
        const TA *restrict pa = k->a;                                                                        \
        TR *restrict r = k->dst;                                                                             \
        for (int64_t i = 0, n = k->n; i < n; i++) {                                                          \
            const TA a = pa[i];                                                                              \
            r[i] = VALUE;                                                                                    \
        }                                                                                                    \
    }

UNARY(NEG_I, int64_t, int64_t, miss(a) ? YS_NA : -a)
UNARY(ABS_I, int64_t, int64_t, miss(a) ? YS_NA : a < 0 ? -a : a)
UNARY(NEG_R, double, double, -a)
UNARY(ABS_R, double, double, fabs(a))
UNARY(NOT, uint8_t, uint8_t, a == YS_UNKNOWN ? YS_UNKNOWN : a ^ 1)
UNARY(HAS_I, int64_t, uint8_t, !miss(a))
UNARY(HAS_R, double, uint8_t, !isnan(a))
UNARY(HAS_B, uint8_t, uint8_t, a != YS_UNKNOWN)
UNARY(HAS_S, text, uint8_t, a != NULL)
UNARY(HAS_C, int32_t, uint8_t, a >= 0)
UNARY(I2R, int64_t, double, real_of(a))
UNARY(R2I, double, int64_t, truncated(a))
UNARY(R2M, double, int64_t, rounded(a))
UNARY(SIZE_S, text, int64_t, characters(a))
UNARY(I2S, int64_t, text, int_text(k, a))
UNARY(R2S, double, text, real_text(k, a))
UNARY(B2S, uint8_t, text, a == YS_UNKNOWN ? NULL : a ? "true" : "false")
UNARY(D2S, int64_t, text, date_text(k, a))
UNARY(M2S, int64_t, text, money_text(k, a))
UNARY(S2I, text, int64_t, text_int(a))
UNARY(S2R, text, double, text_real(a))
UNARY(S2D, text, int64_t, text_date(a))

#define SELECT(NAME, T, NOTHING)                                                                             \
    static void k_##NAME(ys__kargs *k)                                                                       \
    {                                                                                                        \
        const uint8_t *restrict cond = k->a;                                                                 \
        const T *restrict yes = k->b, *restrict no = k->c;                                                   \
        T *restrict r = k->dst;                                                                              \
        for (int64_t i = 0, n = k->n; i < n; i++) {                                                          \
            T y = yes[i], z = no[i];                                                                         \
            r[i] = cond[i] == YS_UNKNOWN ? NOTHING : cond[i] ? y : z;                                        \
        }                                                                                                    \
    }

SELECT(SEL_I, int64_t, YS_NA)
SELECT(SEL_R, double, NAN)
SELECT(SEL_S, text, NULL)
SELECT(SEL_B, uint8_t, YS_UNKNOWN)

ys__kernel *ys__rule_kernel(int op)
{
    static ys__kernel *const KERNELS[RO_KERNELS] = {
#define X(name) k_##name, k_##name##_K,
        YS_RULE_BINARY(X)
#undef X
#define X(name) k_##name,
            YS_RULE_UNARY(X) YS_RULE_SELECT(X)
#undef X
    };
    return KERNELS[op];
}
