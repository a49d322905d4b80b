/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_STATUS_H
#define YAOSHI_STATUS_H
/*
 * status.h - what every fallible function returns, and the details beside it.
 *
 * One X-macro list is the only place where a status is named: it gives the enum, the name, the text in both
 * languages, the exit code of the command line and the HTTP status.  The library never prints, exits or
 * aborts on input: a failing function returns a status, leaves its `ret_` arguments untouched, and, where the
 * caller passed a `ys_diag`, says there what is wrong, where (file, sheet, row, column, value) and how to
 * mend it.
 */
#include <stddef.h>
#include <stdint.h>

#define YS_MUST_USE     __attribute__((warn_unused_result))
#define YS_PRINTF(f, a) __attribute__((format(printf, f, a)))

/*        name          exit http  zh                 en                                     */
#define YS_STATUS_LIST(X)                                                                                    \
    X(OK, 0, 200, "完成", "ok")                                                                              \
    X(FAILED, 1, 500, "失败", "failed")                                                                      \
    X(ENOMEM, 1, 503, "内存不足", "out of memory")                                                           \
    X(EIO, 1, 500, "读写失败", "input/output error")                                                         \
    X(ESTORE, 1, 500, "数据库错误", "database error")                                                        \
    X(ECORRUPT, 1, 500, "数据已损坏", "data is damaged")                                                     \
    X(EINTERNAL, 1, 500, "程序内部错误", "internal error")                                                   \
    X(EUSAGE, 2, 400, "用法错误", "wrong usage")                                                             \
    X(EDATA, 3, 422, "数据不合规", "invalid data")                                                           \
    X(ELIMIT, 3, 413, "超过上限", "over a limit")                                                            \
    X(ERULE, 3, 422, "规则错误", "a rule is wrong")                                                          \
    X(ENOTFOUND, 3, 404, "找不到", "not found")                                                              \
    X(EDENIED, 4, 403, "没有权限", "not allowed")                                                            \
    X(ECONFLICT, 5, 409, "冲突", "conflict")                                                                 \
    X(EINFEASIBLE, 6, 422, "无可行解", "infeasible")                                                         \
    X(EPARTIAL, 7, 207, "只完成一部分", "partly done")                                                       \
    X(EINTERRUPTED, 130, 499, "已中断", "interrupted")

typedef enum ys_status {
#define X(name, exit_, http, zh, en) YS_##name,
    YS_STATUS_LIST(X)
#undef X
        YS_STATUS_COUNT
} ys_status;

/* Symbolic name ("EDATA"), exit code, HTTP status and text of a status; never NULL. */
const char *ys_status_name(ys_status s);
const char *ys_status_zh(ys_status s);
const char *ys_status_en(ys_status s);
int ys_status_exit_code(ys_status s);
int ys_status_http(ys_status s);

/*
 * Details of the first failure.  Caller's storage, zero-initialised (`ys_diag d = {0}`); strings are cut,
 * never overrun.  Rows and columns count from 1 as a spreadsheet does; 0 means "not known".
 */
typedef struct ys_diag {
    ys_status status;
    char file[256];
    char sheet[96];
    int64_t row, col;
    char column[96];
    char value[160];
    char zh[640], en[640];         /* what is wrong, and why */
    char fix_zh[320], fix_en[320]; /* how to mend it */
} ys_diag;

/*
 * Record a failure and return `s`, so that `return ys_fail(d, YS_EDATA, "…%s", "…%s", x);` reads well.  Both
 * formats take the same arguments in the same order.  `d` may be NULL.  Keeps file/sheet/row/column already
 * set.
 */
ys_status ys_fail(ys_diag *d, ys_status s, const char *zh, const char *en, ...) YS_PRINTF(3, 5)
    YS_PRINTF(4, 5);
/* Out of memory, recorded. */
ys_status ys_fail_nomem(ys_diag *d);
/* How to mend it; plain text in both languages.  `d` may be NULL. */
void ys_diag_fix(ys_diag *d, const char *zh, const char *en);
/* Where it happened; NULL/0 leave a part as it is.  `d` may be NULL. */
void ys_diag_where(ys_diag *d, const char *file, const char *sheet, int64_t row, int64_t col,
                   const char *column);
void ys_diag_value(ys_diag *d, const char *value);
void ys_diag_clear(ys_diag *d);

/* One readable line "file:sheet:row:column «value»: what (fix)" in `lang` ("zh" or "en"); always terminated.
 */
void ys_diag_format(const ys_diag *d, const char *lang, char *buf, size_t size);

/* Propagate a failure: `YS_TRY(f(...));` inside a function that returns ys_status and owns nothing yet. */
#define YS_TRY(expr)                                                                                         \
    do {                                                                                                     \
        ys_status ys_try_ = (expr);                                                                          \
        if (ys_try_ != YS_OK)                                                                                \
            return ys_try_;                                                                                  \
    } while (0)
/* The same where something must be released: jumps to `done` with `st` set. */
#define YS_GO(expr)                                                                                          \
    do {                                                                                                     \
        st = (expr);                                                                                         \
        if (st != YS_OK)                                                                                     \
            goto done;                                                                                       \
    } while (0)

#endif
