/* SPDX-License-Identifier: Apache-2.0 */
/* Characters to tokens: the lexical grammar of CEL, without bytes, raw and triple-quoted texts. */
#include "policy/rule_compile.h"

#include "base/num.h"

static const struct {
    const char *text;
    int power;
} TOKENS[T_COUNT] = {
#define X(name, text, power) {text, power},
    YS_RULE_TOKENS(X)
#undef X
};

const char *ys__token_text(ys__tok t)
{
    return TOKENS[t].text;
}

int ys__token_power(ys__tok t)
{
    return TOKENS[t].power;
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static bool is_alpha(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
}

static int hex_value(char ch)
{
    if (is_digit(ch))
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

static void skip_blanks(ys__compiler *c)
{
    for (;;) {
        char ch = c->text[c->at];
        if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == '\f') {
            c->at++;
        } else if (ch == '/' && c->text[c->at + 1] == '/') {
            while (c->text[c->at] && c->text[c->at] != '\n')
                c->at++;
        } else {
            return;
        }
    }
}

/* ---- texts ---- */

static size_t put_utf8(char *to, uint32_t cp)
{
    if (cp < 0x80) {
        to[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        to[i] = (char)(0x80 | (cp & 0x3F));
    to[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | cp);
    return n;
}

/* `digits` digits of base 8 or 16 at the reading place; UINT32_MAX if they are not there. */
static uint32_t read_digits(ys__compiler *c, int digits, uint32_t base)
{
    uint32_t v = 0;
    for (int i = 0; i < digits; i++) {
        int d = hex_value(c->text[c->at]);
        if (d < 0 || (uint32_t)d >= base)
            return UINT32_MAX;
        v = v * base + (uint32_t)d;
        c->at++;
    }
    return v;
}

/* One escape after the backslash; returns bytes written (at most 4), 0 if it is none. */
static size_t read_escape(ys__compiler *c, char *to)
{
    static const char FROM[] = "abfnrtv\\?\"'`", TO[] = "\a\b\f\n\r\t\v\\?\"'`";
    char ch = c->text[c->at];
    const char *simple = ch ? strchr(FROM, ch) : NULL;
    if (simple) {
        c->at++;
        *to = TO[simple - FROM];
        return 1;
    }
    uint32_t cp = UINT32_MAX;
    if (ch >= '0' && ch <= '3') {
        cp = read_digits(c, 3, 8);
    } else if (ch == 'x' || ch == 'X' || ch == 'u' || ch == 'U') {
        c->at++;
        cp = read_digits(c, ch == 'U' ? 8 : ch == 'u' ? 4 : 2, 16);
    }
    if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        return 0;
    return put_utf8(to, cp);
}

static void lex_text(ys__compiler *c)
{
    size_t start = c->at;
    char quote = c->text[c->at++];
    size_t end = c->at; /* what an escape stands for is never longer than itself */
    while (c->text[end] && c->text[end] != quote)
        end += c->text[end] == '\\' && c->text[end + 1] ? 2 : 1;
    char *out = ys_arena_alloc(c->arena, end - start + 4, 1);
    if (!out) {
        ys__rule_nomem(c);
        return;
    }
    size_t n = 0;
    for (;;) {
        char ch = c->text[c->at];
        if (ch == quote)
            break;
        if (ch == '\0' || ch == '\n') {
            YS_RULE_FAIL(c, start, "文字没有结束", "this text has no end");
            ys__rule_fix(c, "补上结尾的引号", "add the closing quotation mark");
            return;
        }
        c->at++;
        if (ch != '\\') {
            out[n++] = ch;
            continue;
        }
        size_t here = c->at - 1, wrote = read_escape(c, out + n);
        if (wrote == 0) {
            YS_RULE_FAIL(c, here, "不认识的转义", "unknown escape");
            ys__rule_fix(c, "反斜杠本身写作 \\\\", "write a backslash as \\\\");
            return;
        }
        n += wrote;
    }
    c->at++;
    c->tok.kind = T_STRING;
    c->tok.s = out;
}

/* ---- numbers ---- */

static size_t digits_from(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return n;
}

static void bad_number(ys__compiler *c, size_t start)
{
    YS_RULE_FAIL(c, start, "这个数不能用", "this number cannot be used");
    ys__rule_fix(c, "整数须在 ±9.2×10^18 之内；小数写作 1.5 或 1.5e3；不用千分位",
                 "integers lie within ±9.2×10^18; write decimals as 1.5 or 1.5e3; no digit grouping");
}

static void lex_hex(ys__compiler *c)
{
    size_t start = c->at;
    uint64_t v = 0;
    int digits = 0;
    for (c->at += 2; hex_value(c->text[c->at]) >= 0; c->at++, digits++)
        v = v << 4 | (uint64_t)hex_value(c->text[c->at]);
    if (digits == 0 || digits > 16 || v > INT64_MAX || is_alpha(c->text[c->at])) {
        bad_number(c, start);
        return;
    }
    c->tok.kind = T_INT;
    c->tok.i = (int64_t)v;
}

static void lex_number(ys__compiler *c)
{
    size_t start = c->at;
    const char *s = c->text + start;
    if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        lex_hex(c);
        return;
    }
    size_t n = digits_from(s);
    bool real = false;
    if (s[n] == '.' && is_digit(s[n + 1])) {
        real = true;
        n += 1 + digits_from(s + n + 1);
    }
    if (s[n] == 'e' || s[n] == 'E') {
        size_t sign = s[n + 1] == '+' || s[n + 1] == '-';
        size_t more = digits_from(s + n + 1 + sign);
        real = true;
        n += 1 + sign + more;
        if (more == 0)
            n = 400; /* refused below */
    }
    char buf[320];
    bool ok = n < sizeof buf && !is_alpha(s[n]);
    if (ok) {
        memcpy(buf, s, n);
        buf[n] = '\0';
        ok = real ? ys_parse_real(buf, &c->tok.r) : ys_parse_int(buf, &c->tok.i);
    }
    if (!ok || (real && c->tok.r - c->tok.r != 0)) {
        bad_number(c, start);
        return;
    }
    c->tok.kind = real ? T_REAL : T_INT;
    c->at = start + n;
}

/* ---- names and operators ---- */

/* Words CEL keeps for itself. */
static const char *const RESERVED[] = {"as",        "break",  "const",  "continue", "else", "for",
                                       "function",  "if",     "import", "let",      "loop", "package",
                                       "namespace", "return", "var",    "void",     "while"};

static void lex_name(ys__compiler *c)
{
    size_t start = c->at;
    while (is_alpha(c->text[c->at]) || is_digit(c->text[c->at]))
        c->at++;
    size_t n = c->at - start;
    const char *s = ys_arena_strndup(c->arena, c->text + start, n);
    if (!s) {
        ys__rule_nomem(c);
        return;
    }
    c->tok.s = s;
    c->tok.kind = !strcmp(s, "true")    ? T_TRUE
                  : !strcmp(s, "false") ? T_FALSE
                  : !strcmp(s, "null")  ? T_NULL
                  : !strcmp(s, "in")    ? T_IN
                                        : T_NAME;
    for (size_t i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++)
        if (!strcmp(s, RESERVED[i]))
            YS_RULE_FAIL(c, start, "“%s”是保留字", "“%s” is a reserved word", s);
    if (n >= YS_RULE_NAME)
        YS_RULE_FAIL(c, start, "名称太长", "this name is too long");
    c->tok.len = n;
}

/* Full-width forms an input method leaves behind: they look right and are not. */
static bool is_full_width(const char *s)
{
    const unsigned char *u = (const unsigned char *)s;
    uint32_t cp = (u[0] & 0xF0) == 0xE0 && u[1] && u[2]
                      ? (uint32_t)(u[0] & 0x0F) << 12 | (uint32_t)(u[1] & 0x3F) << 6 | (u[2] & 0x3F)
                      : 0;
    return (cp >= 0xFF01 && cp <= 0xFF5E) || (cp >= 0x2018 && cp <= 0x201D) || cp == 0x3000 || cp == 0x3001 ||
           cp == 0x3002;
}

static void lex_unknown(ys__compiler *c)
{
    const char *s = c->text + c->at;
    if (is_full_width(s)) {
        YS_RULE_FAIL(c, c->at, "这里是全角标点", "this is a full-width character");
        ys__rule_fix(c, "切换到英文输入法后重新输入",
                     "type it again with the input method switched to English");
    } else if (*s == '=') {
        YS_RULE_FAIL(c, c->at, "单个 = 不是运算符", "a single = is not an operator");
        ys__rule_fix(c, "相等写作 ==", "write == for equality");
    } else if (*s == '&' || *s == '|') {
        YS_RULE_FAIL(c, c->at, "单个 %c 不是运算符", "a single %c is not an operator", *s);
        ys__rule_fix(c, "“并且”写作 &&，“或者”写作 ||", "write && for and, || for or");
    } else {
        YS_RULE_FAIL(c, c->at, "规则中不能有这个字符", "this character has no meaning in a rule");
        ys__rule_fix(c, "文字须放在引号里，如 '01'", "put texts in quotation marks, as in '01'");
    }
}

static void lex_operator(ys__compiler *c)
{
    size_t best = 0;
    for (int t = T_LPAREN; t < T_COUNT; t++) {
        size_t n = strlen(TOKENS[t].text);
        if (t != T_IN && n > best && !strncmp(c->text + c->at, TOKENS[t].text, n)) {
            best = n;
            c->tok.kind = (ys__tok)t;
        }
    }
    if (best == 0) {
        lex_unknown(c);
        return;
    }
    c->at += best;
}

void ys__lex_next(ys__compiler *c)
{
    if (c->st != YS_OK) {
        c->tok = (ys__token){.kind = T_END, .pos = c->at};
        return;
    }
    skip_blanks(c);
    c->tok = (ys__token){.kind = T_END, .pos = c->at};
    char ch = c->text[c->at];
    if (ch == '\0')
        return;
    if (is_digit(ch) || (ch == '.' && is_digit(c->text[c->at + 1])))
        lex_number(c);
    else if (is_alpha(ch))
        lex_name(c);
    else if (ch == '\'' || ch == '"')
        lex_text(c);
    else
        lex_operator(c);
    c->tok.len = c->at - c->tok.pos;
    if (c->st != YS_OK)
        c->tok.kind = T_END;
}
