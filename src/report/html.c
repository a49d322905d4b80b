/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html.h"

#include <string.h>

/* Colours keep a contrast of at least 4.5 to 1; on paper tables break between rows and repeat their heads. */
static const char *const style =
    ":root{color-scheme:light}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:1000px;padding:24px 28px 64px;color:#1d2733;background:#fff;"
    "font:16px/1.65 \"Noto Sans CJK SC\",\"Source Han Sans SC\",\"PingFang SC\",\"Microsoft "
    "YaHei\",system-ui,sans-serif}"
    "h1{font-size:1.9em;line-height:1.3;margin:.2em 0 .3em}"
    "h2{font-size:1.4em;margin:2.2em 0 .5em;padding-top:.5em;border-top:3px solid #1f5f99}"
    "h3{font-size:1.08em;margin:1.6em 0 .4em}"
    "p{margin:.5em 0 .9em;max-width:46em}"
    "a{color:#17507f}"
    "nav ol{columns:2;padding-left:1.4em;margin:.4em 0}"
    ".mark{display:inline-block;border:2px solid #9a3412;color:#9a3412;font-weight:700;padding:1px "
    "10px;border-radius:3px}"
    ".lead{font-size:1.08em;background:#f3f6f9;border-left:4px solid #1f5f99;padding:.8em "
    "1.1em;max-width:none}"
    ".tiles{display:flex;flex-wrap:wrap;gap:12px;margin:1.1em 0;padding:0;list-style:none}"
    ".tiles li{flex:1 1 190px;border:1px solid #c9d1d9;border-radius:4px;padding:10px 14px}"
    ".tiles b{display:block;font-size:1.3em;line-height:1.3;font-variant-numeric:tabular-nums}"
    ".tiles span{color:#46505c;font-size:.9em}"
    ".scroll{overflow-x:auto;margin:.8em 0 1.2em}"
    "table{border-collapse:collapse;width:100%;font-size:.9em;line-height:1.45;font-variant-numeric:tabular-"
    "nums}"
    "caption{text-align:left;font-weight:700;padding:.3em 0}"
    "th,td{padding:4px 8px;border-bottom:1px solid #d5dbe1;vertical-align:top;text-align:left}"
    "thead th{border-bottom:2px solid #1d2733;vertical-align:bottom;font-weight:700}"
    "tbody th{font-weight:400}"
    ".n{text-align:right;white-space:nowrap}thead .n{white-space:normal}"
    ".total th,.total td{border-top:2px solid #1d2733;font-weight:700}"
    "figure{margin:1em 0 1.4em;padding:0}"
    "figure svg{display:block;max-width:100%;height:auto}"
    "figcaption{font-weight:700;margin-bottom:.4em}"
    "details{margin:.3em 0 1em}summary{cursor:pointer;color:#17507f;padding:.2em 0;min-height:28px}"
    ".def{font-size:.78em;vertical-align:super;text-decoration:none;line-height:0;margin-left:1px;font-"
    "weight:400}"
    ".pair{display:flex;flex-wrap:wrap;gap:20px}.pair>figure{flex:1 1 400px;min-width:0}"
    ".note{color:#46505c;font-size:.92em}"
    ".code{font-family:ui-monospace,\"DejaVu Sans Mono\",monospace;font-size:.88em;overflow-wrap:anywhere}"
    "dl.meta{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;font-size:.92em;margin:.8em 0}"
    "dl.meta dt{color:#46505c}dl.meta dd{margin:0;overflow-wrap:anywhere}"
    ".defs li{margin:.5em 0;break-inside:avoid}.defs li:target{background:#fff5d6}"
    ":lang(en) body{font-family:\"Segoe UI\",\"Helvetica Neue\",Arial,\"Liberation Sans\",\"Noto "
    "Sans\",\"Noto Sans CJK SC\",sans-serif}"
    ".mk{white-space:nowrap}.ok{color:#17633a}.warn{color:#8a5200}.bad{color:#a1261d}"
    "@media print{@page{size:A4;margin:16mm 14mm 18mm}"
    "body{font-size:10pt;line-height:1.5;max-width:none;padding:0}"
    "h1{font-size:20pt}h2{font-size:14pt;break-after:avoid;margin-top:1.4em}h3,figcaption,caption{break-"
    "after:avoid}"
    "a{color:inherit;text-decoration:none}nav{display:none}"
    ".scroll{overflow:visible}table{font-size:8.2pt}th,td{padding:2px 5px}"
    "thead{display:table-header-group}tr,figure,.tiles li{break-inside:avoid}"
    "figure svg{max-height:150mm;width:auto}.pair>figure{flex-basis:0}"
    ".pair{break-inside:avoid;flex-wrap:nowrap}.screen{display:none}"
    "p{max-width:none}.lead{font-size:10.5pt}.tiles{gap:6px}.tiles li{flex-basis:0;padding:6px 8px}.tiles "
    "b{font-size:11.5pt}"
    "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    /* What is folded on the screen is read on paper. */
    "details{display:block}details>summary{list-style:none;color:#46505c}"
    "details::details-content{content-visibility:visible;display:block;height:auto;opacity:1}}";

void ys_html_begin(ys_html *h, ys_out out, const char *lang, const char *title)
{
    *h = (ys_html){.out = out};
    ys_out_puts(out, "<!DOCTYPE html>\n");
    ys_out_printf(out, "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%s\" xml:lang=\"%s\">\n", lang,
                  lang);
    ys_out_puts(out, "<head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, "
                     "initial-scale=1\"/>"
                     "<meta name=\"generator\" content=\"yaoshi " YAOSHI_VERSION
                     "\"/><meta name=\"robots\" content=\"noindex\"/>\n<title>");
    ys_out_xml(out, title);
    ys_out_puts(out, "</title>\n<style>/*<![CDATA[*/");
    ys_out_puts(out, style);
    ys_out_puts(out, "/*]]>*/</style></head>\n");
    h->open[h->depth++] = "html";
    ys_html_open(h, "body", NULL);
}

bool ys_html_end(ys_html *h)
{
    while (h->depth > 0)
        ys_html_close(h);
    return !h->failed && ys_out_puts(h->out, "\n");
}

/* ---- elements ---- */

static bool is_block(const char *tag)
{
    static const char *const inline_tags[] = {"a",  "b",  "span", "data", "sup", "abbr", "th",
                                              "td", "li", "dt",   "dd",   "p",   "code"};
    for (size_t i = 0; i < sizeof inline_tags / sizeof *inline_tags; i++) {
        if (strcmp(tag, inline_tags[i]) == 0)
            return false;
    }
    return true;
}

/* Inside a line of text no blank may creep in. */
static const char *after(const char *tag)
{
    return strcmp(tag, "b") == 0 || strcmp(tag, "a") == 0 || strcmp(tag, "code") == 0 ||
                   strcmp(tag, "span") == 0
               ? ""
               : "\n";
}

static void start(ys_html *h, const char *tag, const char *attrs)
{
    if (attrs != NULL)
        ys_out_printf(h->out, "<%s %s>", tag, attrs);
    else
        ys_out_printf(h->out, "<%s>", tag);
}

void ys_html_open(ys_html *h, const char *tag, const char *attrs)
{
    if (h->depth == YS_HTML_DEPTH) {
        h->failed = true;
        return;
    }
    start(h, tag, attrs);
    if (is_block(tag))
        ys_out_puts(h->out, "\n");
    h->open[h->depth++] = tag;
}

void ys_html_close(ys_html *h)
{
    if (h->depth == 0) {
        h->failed = true;
        return;
    }
    const char *tag = h->open[--h->depth];
    ys_out_printf(h->out, "</%s>%s", tag, after(tag));
}

void ys_html_text(ys_html *h, const char *text)
{
    ys_out_xml(h->out, text);
}

static void put_va(ys_html *h, const char *fmt, va_list ap)
{
    ys_str s = {0};
    if (ys_str_vprintf(&s, fmt, ap))
        ys_out_xml(h->out, ys_str_get(&s));
    else
        h->failed = true;
    ys_str_done(&s);
}

void ys_html_textf(ys_html *h, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    put_va(h, fmt, ap);
    va_end(ap);
}

void ys_html_put(ys_html *h, const char *tag, const char *attrs, const char *text)
{
    start(h, tag, attrs);
    ys_out_xml(h->out, text);
    ys_out_printf(h->out, "</%s>%s", tag, after(tag));
}

void ys_html_putf(ys_html *h, const char *tag, const char *attrs, const char *fmt, ...)
{
    va_list ap;
    start(h, tag, attrs);
    va_start(ap, fmt);
    put_va(h, fmt, ap);
    va_end(ap);
    ys_out_printf(h->out, "</%s>%s", tag, after(tag));
}

void ys_html_figure(ys_html *h, const char *exact, const char *shown)
{
    ys_out_puts(h->out, "<data value=\"");
    ys_out_xml(h->out, exact);
    ys_out_puts(h->out, "\">");
    ys_out_xml(h->out, shown);
    ys_out_puts(h->out, "</data>");
}

/* ---- tables ---- */

void ys_html_def(ys_html *h, int number, const char *id, const char *title)
{
    ys_out_printf(h->out, "<a class=\"def\" href=\"#def-%s\" title=\"", id);
    ys_out_xml(h->out, title);
    ys_out_printf(h->out, "\">[%d]</a>", number);
}

void ys_html_table(ys_html *h, const char *caption, const ys_html_column *columns, int n)
{
    if (n > YS_HTML_COLUMNS) {
        h->failed = true;
        n = YS_HTML_COLUMNS;
    }
    ys_html_open(h, "div", "class=\"scroll\"");
    ys_html_open(h, "table", NULL);
    ys_html_put(h, "caption", NULL, caption);
    ys_out_puts(h->out, "<thead><tr>");
    for (int i = 0; i < n; i++) {
        h->numeric[i] = columns[i].numeric;
        ys_out_puts(h->out, columns[i].numeric ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        ys_out_xml(h->out, columns[i].title);
        if (columns[i].def > 0)
            ys_html_def(h, columns[i].def, columns[i].def_id, columns[i].def_title);
        ys_out_puts(h->out, "</th>");
    }
    ys_out_puts(h->out, "</tr></thead>\n");
    ys_html_open(h, "tbody", NULL);
    h->columns = n;
    h->at = 0;
    h->total = false;
}

void ys_html_table_end(ys_html *h)
{
    h->failed = h->failed || h->at != 0;
    ys_html_close(h);
    ys_html_close(h);
    ys_html_close(h);
}

void ys_html_total(ys_html *h)
{
    h->total = true;
}

static void cell_start(ys_html *h)
{
    if (h->at == 0) {
        ys_out_puts(h->out, h->total ? "<tr class=\"total\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
        h->total = false;
        return;
    }
    ys_out_puts(h->out, h->numeric[h->at] ? "<td class=\"n\">" : "<td>");
}

static void cell_end(ys_html *h)
{
    ys_out_puts(h->out, h->at == 0 ? "</th>" : "</td>");
    if (++h->at < h->columns)
        return;
    h->at = 0;
    ys_out_puts(h->out, "</tr>\n");
}

void ys_html_cell(ys_html *h, const char *text)
{
    cell_start(h);
    ys_out_xml(h->out, text != NULL ? text : "");
    cell_end(h);
}

void ys_html_cell_mark(ys_html *h, const char *text)
{
    static const char *const marks[][2] = {{"●", "mk ok"}, {"▲", "mk warn"}, {"■", "mk bad"}};
    const char *looks = "mk";
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strncmp(text, marks[i][0], strlen(marks[i][0])) == 0)
            looks = marks[i][1];
    }
    cell_start(h);
    ys_out_printf(h->out, "<span class=\"%s\">", looks);
    ys_out_xml(h->out, text);
    ys_out_puts(h->out, "</span>");
    cell_end(h);
}

void ys_html_cellf(ys_html *h, const char *fmt, ...)
{
    va_list ap;
    cell_start(h);
    va_start(ap, fmt);
    put_va(h, fmt, ap);
    va_end(ap);
    cell_end(h);
}

void ys_html_cell_figure(ys_html *h, const char *exact, const char *shown)
{
    cell_start(h);
    ys_html_figure(h, exact, shown);
    cell_end(h);
}
