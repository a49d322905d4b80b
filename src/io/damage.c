/* SPDX-License-Identifier: Apache-2.0 */
/* Codes damaged by a spreadsheet: see ys_excel_damage in sheet.h. */
#include "io/sheet.h"

static const char digits[] = "0123456789";

static bool is_exponent(const char *s)
{
    size_t n = strspn(s, digits);
    if (n == 0)
        return false;
    s += n;
    if (*s == '.')
        s += 1 + strspn(s + 1, digits);
    if (*s != 'E' && *s != 'e')
        return false;
    s++;
    s += *s == '+';
    n = strspn(s, digits);
    return n > 0 && s[n] == '\0';
}

/* A spreadsheet keeps 15 digits of a number and puts zeros behind them. */
static bool is_zeroed(const char *s)
{
    size_t n = strspn(s, digits);
    return n >= 16 && s[n] == '\0' && s[0] != '0' && strspn(s + 15, "0") == n - 15;
}

static bool is_point(const char *s)
{
    size_t n = strspn(s, digits);
    if (n == 0 || s[n] != '.')
        return false;
    size_t k = strspn(s + n + 1, "0");
    return k > 0 && s[n + 1 + k] == '\0';
}

static bool is_error(const char *s)
{
    static const char *const list[] = {"#N/A",  "#REF!",  "#VALUE!", "#NAME?",
                                       "#NUM!", "#NULL!", "#DIV/0!", "#GETTING_DATA"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(s, list[i]) == 0)
            return true;
    return false;
}

ys_excel_damage ys_cell_excel_damage(const char *text)
{
    size_t hashes = strspn(text, "#");
    if (text[0] == '\'')
        return YS_EXCEL_APOSTROPHE;
    if (hashes >= 2 && text[hashes] == '\0')
        return YS_EXCEL_HASHES;
    if (is_error(text))
        return YS_EXCEL_ERROR;
    if (is_exponent(text))
        return YS_EXCEL_EXPONENT;
    if (is_zeroed(text))
        return YS_EXCEL_ZEROED;
    return is_point(text) ? YS_EXCEL_POINT : YS_EXCEL_NONE;
}

static const struct {
    const char *zh, *en;
} words[] = {
    [YS_EXCEL_NONE] = {"", ""},
    [YS_EXCEL_EXPONENT] =
        {"被表格软件变成了科学计数法，原号码已丢失；请从原始资料重录，并把该列设为文本格式",
         "a spreadsheet turned it into scientific notation and the digits are lost; enter it again from "
         "the source and set the column to text"},
    [YS_EXCEL_ZEROED] =
        {"第 16 位起被表格软件变成了 0；请从原始资料重录，并把该列设为文本格式",
         "a spreadsheet made the digits from the 16th on zero; enter it again from the source and set the "
         "column to text"},
    [YS_EXCEL_APOSTROPHE] =
        {"开头的撇号成了内容的一部分；请删去撇号，并把该列设为文本格式",
         "the apostrophe at the start became part of the text; delete it and set the column to text"},
    [YS_EXCEL_POINT] =
        {"号码被当作小数存过（结尾多了 .0）；请删去小数点及其后的 0，并核对开头的 0",
         "the code was stored as a decimal number (.0 at the end); delete that and check for lost leading "
         "zeros"},
    [YS_EXCEL_ERROR] = {"是表格公式的错误值；请改正公式，或填入数值",
                        "the error value of a formula; mend the formula or enter the value"},
    [YS_EXCEL_HASHES] =
        {"列太窄时复制出来的井号，不是内容；请加宽列后重新复制",
         "hash marks of a column that was too narrow when it was copied; widen it and copy again"},
};

const char *ys_excel_damage_zh(ys_excel_damage d)
{
    return words[d].zh;
}

const char *ys_excel_damage_en(ys_excel_damage d)
{
    return words[d].en;
}
