/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include "base/num.h"
#include "base/text.h"
#include "io/sheet.h"
#include "policy/pack_internal.h"

const char *ys__cell(const ys_prow *r, int col)
{
    return r->t->cell[r->row * r->t->cols + col];
}

const char *ys__cell_need(const ys_prow *r, int col)
{
    const char *s = ys__cell(r, col);
    if (!*s && r->t->file_col[col]) {
        ys_diag *d = ys__pack_fault_cell(r, col);
        ys_fail(d, YS_EDATA, "“%s”不能为空", "%s must not be empty", r->t->names[col]);
        ys_diag_fix(d, "填写这个单元格", "fill in the cell");
    }
    return s;
}

int64_t ys__cell_int(const ys_prow *r, int col, int64_t min, int64_t max)
{
    int64_t v = 0;
    if (!r->t->file_col[col])
        return min;
    if (ys_parse_int(ys__cell(r, col), &v) && v >= min && v <= max)
        return v;
    ys_diag *d = ys__pack_fault_cell(r, col);
    if (max == INT32_MAX)
        ys_fail(d, YS_EDATA, "应为不小于 %lld 的整数", "must be a whole number of at least %lld",
                (long long)min);
    else
        ys_fail(d, YS_EDATA, "应为 %lld 到 %lld 之间的整数", "must be a whole number from %lld to %lld",
                (long long)min, (long long)max);
    ys_diag_fix(d, "改成范围内的整数", "write a whole number in the range");
    return min;
}

double ys__cell_real(const ys_prow *r, int col, double min, double max)
{
    double v = 0;
    if (!r->t->file_col[col])
        return min;
    if (ys_parse_real(ys__cell(r, col), &v) && v >= min && v <= max)
        return v;
    char a[32], b[32];
    ys_diag *d = ys__pack_fault_cell(r, col);
    if (isinf(max))
        ys_fail(d, YS_EDATA, "应为不小于 %s 的数", "must be a number of at least %s",
                ys_format_real(min, a, sizeof a));
    else
        ys_fail(d, YS_EDATA, "应为 %s 到 %s 之间的数", "must be a number from %s to %s",
                ys_format_real(min, a, sizeof a), ys_format_real(max, b, sizeof b));
    ys_diag_fix(d, "改成范围内的数，小数点用“.”", "write a number in the range, with a decimal point");
    return min;
}

int64_t ys__cell_money(const ys_prow *r, int col, int64_t min)
{
    int64_t v = 0;
    int digits = r->l->pack->digits;
    if (!r->t->file_col[col])
        return min;
    if (ys_parse_money(ys__cell(r, col), digits, &v) && v >= min)
        return v;
    char a[32];
    ys_diag *d = ys__pack_fault_cell(r, col);
    if (min == INT64_MIN + 2)
        ys_fail(d, YS_EDATA, "应为金额，最多 %d 位小数", "must be an amount with at most %d decimals",
                digits);
    else
        ys_fail(d, YS_EDATA, "应为不小于 %s 的金额，最多 %d 位小数",
                "must be an amount of at least %s with at most %d decimals",
                ys_format_money(min, digits, a, sizeof a), digits);
    ys_diag_fix(d, "填写以主币单位计的金额，例如 2995 或 2995.50",
                "write an amount in major units, such as 2995 or 2995.50");
    return min;
}

bool ys__cell_bool(const ys_prow *r, int col)
{
    const char *s = ys__cell(r, col);
    if (strcmp(s, "1") == 0)
        return true;
    if (strcmp(s, "0") != 0 && r->t->file_col[col]) {
        ys_diag *d = ys__pack_fault_cell(r, col);
        ys_fail(d, YS_EDATA, "应为 0 或 1", "must be 0 or 1");
        ys_diag_fix(d, "写 1（是）或 0（否）", "write 1 (yes) or 0 (no)");
    }
    return false;
}

int ys__cell_enum(const ys_prow *r, int col, const char *const *names, int count)
{
    const char *s = ys__cell(r, col);
    char all[256];
    size_t at = 0;
    all[0] = 0;
    for (int i = 0; i < count; i++) {
        if (strcmp(s, names[i]) == 0)
            return i;
        if (at < sizeof all)
            at += (size_t)snprintf(all + at, sizeof all - at, "%s%s", i ? " " : "", names[i]);
    }
    if (!r->t->file_col[col])
        return -1;
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(d, YS_EDATA, "“%s”只能是：%s", "%s must be one of: %s", r->t->names[col], all);
    ys_diag_fix(d, "选用列出的词之一", "use one of the words listed");
    return -1;
}

void ys__cell_date(const ys_prow *r, int col)
{
    const char *s = ys__cell(r, col);
    int32_t day;
    if (!*s || ys_parse_date(s, &day))
        return;
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(d, YS_EDATA, "不是有效日期", "not a date of the calendar");
    ys_diag_fix(d, "写成 2016-01-01，或留空", "write it as 2016-01-01, or leave it blank");
}

void ys__cell_identifier(const ys_prow *r, int col)
{
    const char *s = ys__cell(r, col);
    bool ok = s[0] >= 'a' && s[0] <= 'z' && strlen(s) < 64;
    for (const char *c = s; ok && *c; c++)
        ok = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
    if (ok || !r->t->file_col[col])
        return;
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(
        d, YS_EDATA, "名称只能用小写英文字母、数字和下划线，以字母开头，少于 64 个字符",
        "a name is made of lower-case letters, digits and _, begins with a letter and is shorter than 64");
    ys_diag_fix(d, "改名，规则里才能使用", "rename it, so that rules can use it");
}

/* 2-Jan, Jan-02, 1月2日: what a spreadsheet makes of 1-2. */
static bool dated(const char *s)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    size_t digits = strspn(s, "0123456789");
    const char *rest = s + digits;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        if (digits && digits <= 2 && *rest == '-' && strcmp(rest + 1, months[i]) == 0)
            return true;
        if (!digits && strncmp(s, months[i], 3) == 0 && s[3] == '-' && s[4] &&
            s[4 + strspn(s + 4, "0123456789")] == 0)
            return true;
    }
    if (!digits || digits > 2 || strncmp(rest, "月", 3) != 0)
        return false;
    rest += 3;
    digits = strspn(rest, "0123456789");
    return digits && digits <= 2 && strcmp(rest + digits, "日") == 0;
}

bool ys__cell_damaged(const ys_prow *r, int col)
{
    const char *s = ys__cell(r, col);
    ys_excel_damage what = ys_cell_excel_damage(s);
    if (what == YS_EXCEL_NONE && !dated(s))
        return false;
    ys_diag *d = ys__pack_fault_cell(r, col);
    if (what == YS_EXCEL_NONE)
        ys_fail(d, YS_EDATA, "代码被电子表格改成了日期", "a spreadsheet has made a date of this code");
    else
        ys_fail(d, YS_EDATA, "代码被电子表格改写：%s%.0s", "a spreadsheet has rewritten this code: %.0s%s",
                ys_excel_damage_zh(what), ys_excel_damage_en(what));
    ys_diag_fix(d, "把该列设为文本格式，重新填写原代码", "format the column as text and type the code again");
    return true;
}

void ys__cell_key(const ys_prow *r, int col, ys_pack_table table, const char *key)
{
    const char *s = ys__cell_need(r, col);
    if (!*s || !key)
        return;
    if (ys__cell_damaged(r, col))
        return;
    bool fresh = false;
    ys_map *m = r->l->pack->names[table];
    int64_t slot = ys_map_put(m, key, r->row, &fresh);
    if (slot < 0) {
        r->l->nomem = true;
        return;
    }
    if (fresh)
        return;
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(d, YS_EDATA, "与第 %lld 行重复", "the same key as in row %lld",
            (long long)r->t->line[ys_map_value(m, slot)]);
    ys_diag_fix(d, "删去其中一行，或改正代码", "remove one of the rows, or correct the key");
}

int ys__cell_ref(const ys_prow *r, int col, ys_pack_table table, const char *text)
{
    int64_t row = ys_map_get(r->l->pack->names[table], text, -1);
    if (row >= 0 || !r->t->file_col[col])
        return (int)row;
    const char *file = r->l->table[table].file;
    if (!file || !ys__pack_file(r->l->pack, file))
        return -1; /* that the table is missing is a fault of its own */
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(d, YS_EDATA, "%s 中没有“%s”", "%s has no “%s”", file, text);
    ys_diag_fix(d, "改正拼写，或在那张表里加一行", "correct the spelling, or add a row to that table");
    return -1;
}

int64_t ys__pack_named(const ys_pack *p, ys_pack_table table, const char *kind, const char *name)
{
    char key[256];
    int n = snprintf(key, sizeof key, "%s.%s", kind, name);
    return n > 0 && (size_t)n < sizeof key ? ys_map_get(p->names[table], key, -1) : -1;
}

bool ys__list_next(const char **cursor, const char **ret_part, size_t *ret_len)
{
    while (*cursor && **cursor) {
        const char *bar = strchr(*cursor, '|');
        size_t n = bar ? (size_t)(bar - *cursor) : strlen(*cursor);
        const char *from = *cursor;
        *cursor = bar ? bar + 1 : from + n;
        const char *part = ys_text_trim(from, n, &n);
        if (n) {
            *ret_part = part;
            *ret_len = n;
            return true;
        }
    }
    return false;
}
