/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cells.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "io/sheet.h"

static bool is_not_asked(const char *s)
{
    return strcmp(s, YS_TEXT_NOT_ASKED) == 0 || strcmp(s, "#notasked") == 0;
}

static ys_status wrong_type(const ys_field *f, ys_diag *diag)
{
    static const struct {
        const char *zh, *en, *fix_zh, *fix_en;
    } words[] = {
        [YS_INT] = {"应为整数", "a whole number is wanted", "只写数字，如 3", "write digits only, such as 3"},
        [YS_MONEY] = {"应为金额，小数位不多于币种的最小单位",
                      "an amount is wanted, no finer than the minor unit", "如 1234.50",
                      "such as 1234.50, in major units"},
        [YS_DATE] = {"不是存在的日期", "not a date that exists", "写成 2016-08-27", "write it as 2016-08-27"},
        [YS_BOOL] = {"应为“是”或“否”", "yes or no is wanted", "写 是/否 或 1/0", "write yes/no or 1/0"},
        [YS_REAL] = {"应为数字", "a number is wanted", "只写数字，如 2.5", "write a number such as 2.5"},
        [YS_CODE] = {"不在代码表内", "not in the code list", "用代码表里的代码或名称",
                     "use a code or label of the list"},
        [YS_TEXT] = {"文字太长", "the text is too long", "缩短", "shorten it"},
    };
    ys_diag_fix(diag, words[f->type].fix_zh, words[f->type].fix_en);
    /* Both languages get all four words; %.0s passes over the other's. */
    return ys_fail(diag, YS_EDATA, "“%s”%s%.0s%.0s", "%.0s%.0s\"%s\": %s", f->label_zh, words[f->type].zh,
                   f->label_en, words[f->type].en);
}

static ys_status check_bounds(const ys_pack *pack, const ys_field *f, double v, ys_diag *diag)
{
    (void)pack;
    if ((!f->has_min || v >= f->min) && (!f->has_max || v <= f->max))
        return YS_OK;
    char low[40], high[40];
    ys_format_real(f->min, low, sizeof low);
    ys_format_real(f->max, high, sizeof high);
    ys_diag_fix(diag, "核对原始资料后改正", "check it against the source and mend it");
    return ys_fail(diag, YS_EDATA, "超出允许范围 %s 至 %s", "outside the allowed range %s to %s",
                   f->has_min ? low : "-∞", f->has_max ? high : "∞");
}

static ys_status parse_code(const ys_pack *pack, const ys_field *f, const char *text, ys_cell *cell,
                            ys_diag *diag)
{
    cell->t = text;
    if (f->codes[0] == '\0')
        return YS_OK;
    const char *code = ys_pack_code(pack, f->codes, text);
    if (code != NULL) {
        cell->t = code;
        return YS_OK;
    }
    ys_diag_fix(diag, "用代码表里的代码或名称（yaoshi pack show 可列出）",
                "use a code or label of the list (yaoshi pack show lists them)");
    return ys_fail(diag, YS_EDATA, "不在代码表 %s 内", "not in code list %s", f->codes);
}

/* Keys, references and numbers of identity are codes whatever their type: a spreadsheet may have bent them. */
static ys_status check_damage(const ys_field *f, const char *text, ys_diag *diag)
{
    bool code_like = f->key || f->ref[0] != '\0' || f->sensitivity == YS_SENS_ID ||
                     f->sensitivity == YS_SENS_PHONE || f->sensitivity == YS_SENS_BANK;
    if (!code_like || (f->type != YS_TEXT && f->type != YS_CODE))
        return YS_OK;
    ys_excel_damage d = ys_cell_excel_damage(text);
    if (d == YS_EXCEL_NONE)
        return YS_OK;
    ys_diag_fix(diag, "把该列设为“文本”格式后从原始数据重新填写",
                "format the column as text and enter the original value again");
    return ys_fail(diag, YS_EDATA, "%s%.0s", "%.0s%s", ys_excel_damage_zh(d), ys_excel_damage_en(d));
}

static ys_status parse_value(const ys_pack *pack, const ys_field *f, const char *text, ys_cell *cell,
                             ys_diag *diag)
{
    int32_t day;
    bool yes;
    switch (f->type) {
    case YS_INT:
        if (!ys_parse_int(text, &cell->i) || ys_is_missing(cell->i))
            return wrong_type(f, diag);
        return check_bounds(pack, f, (double)cell->i, diag);
    case YS_MONEY: {
        if (!ys_parse_money(text, ys_pack_digits(pack), &cell->i) || ys_is_missing(cell->i))
            return wrong_type(f, diag);
        double scale = 1;
        for (int i = 0; i < ys_pack_digits(pack); i++)
            scale *= 10;
        return check_bounds(pack, f, (double)cell->i / scale, diag);
    }
    case YS_DATE:
        if (!ys_parse_date(text, &day))
            return wrong_type(f, diag);
        cell->i = day;
        return YS_OK;
    case YS_BOOL:
        if (!ys_parse_bool(text, &yes))
            return wrong_type(f, diag);
        cell->i = yes;
        return YS_OK;
    case YS_REAL:
        if (!ys_parse_real(text, &cell->r))
            return wrong_type(f, diag);
        return check_bounds(pack, f, cell->r, diag);
    case YS_CODE:
        YS_TRY(check_damage(f, text, diag));
        return parse_code(pack, f, text, cell, diag);
    case YS_TEXT:
        YS_TRY(check_damage(f, text, diag));
        cell->t = text;
        return YS_OK;
    }
    return YS_EINTERNAL;
}

/* Other personal cells may come back masked; a record cannot be found by a mask of its key. */
static ys_status check_masked_key(const ys_field *f, ys_diag *diag)
{
    if (!f->key && f->ref[0] == '\0')
        return YS_OK;
    ys_diag_fix(diag, "用 yaoshi export --unmask 重新导出，或填写全文",
                "export again with yaoshi export --unmask, or enter the value in full");
    return ys_fail(diag, YS_EDATA, "主键或引用被遮盖（*），认不出是哪条记录",
                   "a key or reference is masked (*): it does not say which record is meant");
}

ys_status ys_cell_parse(const ys_pack *pack, const ys_field *field, const char *text, char *buf, size_t size,
                        ys_cell *ret_cell, ys_diag *diag)
{
    size_t n;
    const char *start = ys_text_trim(text, strlen(text), &n);
    ys_cell cell = {.state = YS_CELL_VALUE};
    if (n == 0) {
        cell.state = YS_CELL_BLANK;
        *ret_cell = cell;
        return YS_OK;
    }
    if (n >= size)
        return wrong_type(
            &(ys_field){.type = YS_TEXT, .label_zh = field->label_zh, .label_en = field->label_en}, diag);
    memcpy(buf, start, n);
    buf[n] = '\0';
    if (strcmp(buf, "#NA") == 0 || is_not_asked(buf)) {
        cell.state = is_not_asked(buf) ? YS_CELL_NOT_ASKED : YS_CELL_NA;
        if (field->key || (field->required && cell.state == YS_CELL_NA)) {
            ys_diag_fix(diag, "填写它，或删去这一行", "enter it, or remove the row");
            return ys_fail(diag, YS_EDATA, "必填项不能为空缺", "a required field cannot be missing");
        }
        *ret_cell = cell;
        return YS_OK;
    }
    if (ys_field_is_masked(field, buf)) {
        YS_TRY(check_masked_key(field, diag));
        cell.state = YS_CELL_MASKED;
        cell.t = buf;
    } else {
        YS_TRY(parse_value(pack, field, buf, &cell, diag));
    }
    *ret_cell = cell;
    return YS_OK;
}
