/* SPDX-License-Identifier: Apache-2.0 */
#include "report/svg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *const ys_svg_ink = "#1d2733", *const ys_svg_grey = "#5b6673", *const ys_svg_accent = "#1f5f99";

const char *ys_svg_colour(int i)
{
    static const char *const colours[] = {"#1f5f99", "#d98200", "#2a8a6d", "#8e5ea8", "#b8a200", "#b3413a"};
    return colours[(unsigned)i % (sizeof colours / sizeof *colours)];
}

/* Text on these is dark, for the contrast. */
static bool is_light(int i)
{
    return i % 6 == 1 || i % 6 == 4;
}

/* ---- primitives ---- */

void ys_svg_open(ys_out o, const ys_svg_head *head, double width, double height)
{
    ys_out_printf(o,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"%s\" role=\"img\" viewBox=\"0 0 %.0f "
                  "%.0f\" width=\"%.0f\" "
                  "height=\"%.0f\" aria-labelledby=\"%s-t %s-d\" font-family=\"inherit\">",
                  head->id, width, height, width, height, head->id, head->id);
    ys_out_printf(o, "<title id=\"%s-t\">", head->id);
    ys_out_xml(o, head->title);
    ys_out_printf(o, "</title><desc id=\"%s-d\">", head->id);
    ys_out_xml(o, head->desc);
    ys_out_puts(o, "</desc>\n");
}

void ys_svg_close(ys_out o)
{
    ys_out_puts(o, "</svg>\n");
}

void ys_svg_rect(ys_out o, double x, double y, double w, double h, const char *fill)
{
    ys_out_printf(o, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y,
                  w > 0 ? w : 0, h > 0 ? h : 0, fill);
}

void ys_svg_frame(ys_out o, double x, double y, double w, double h, const char *stroke, bool dashed)
{
    ys_out_printf(
        o, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"%s\"%s/>\n", x,
        y, w > 0 ? w : 0, h > 0 ? h : 0, stroke, dashed ? " stroke-dasharray=\"3 2\"" : "");
}

void ys_svg_line(ys_out o, double x1, double y1, double x2, double y2, const char *stroke)
{
    ys_out_printf(o, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n", x1, y1, x2,
                  y2, stroke);
}

void ys_svg_text(ys_out o, double x, double y, const ys_svg_style *style, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    ys_out_printf(o, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" text-anchor=\"%s\" fill=\"%s\"%s%s>", x,
                  y, style->size, anchors[style->anchor], style->fill != NULL ? style->fill : ys_svg_ink,
                  style->bold ? " font-weight=\"bold\"" : "",
                  style->halo
                      ? " stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
                      : "");
    ys_out_xml(o, text);
    ys_out_puts(o, "</text>\n");
}

/* ---- measuring ---- */

/* Bytes of the character that begins at `s`. */
static size_t char_bytes(const char *s)
{
    unsigned char c = (unsigned char)*s;
    size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < n; i++) {
        if (s[i] == '\0')
            return i;
    }
    return n;
}

static double char_width(const char *s, size_t bytes)
{
    char one[8] = {0};
    if (bytes == 1)
        return strchr("ijl.,:;'|! ", *s) != NULL ? 0.34
               : strchr("mwMW%@", *s) != NULL    ? 0.95
               : *s >= 'A' && *s <= 'Z'          ? 0.7
                                                 : 0.62;
    memcpy(one, s, bytes < 7 ? bytes : 7);
    return ys_text_width(one) >= 2 ? 1.0 : 0.6;
}

double ys_svg_text_width(const char *text, double size)
{
    double w = 0;
    for (size_t n; *text != '\0'; text += n) {
        n = char_bytes(text);
        w += char_width(text, n);
    }
    return w * size;
}

void ys_svg_fit(const char *text, double size, double width, char *buf, size_t n)
{
    double w = 0;
    size_t at = 0;
    if (ys_svg_text_width(text, size) <= width) {
        snprintf(buf, n, "%s", text);
        return;
    }
    for (size_t k; text[at] != '\0'; at += k) {
        k = char_bytes(text + at);
        w += char_width(text + at, k) * size;
        if (w > width - size || at + k + 4 > n)
            break;
    }
    snprintf(buf, n, "%.*s…", (int)at, text);
}

double ys_svg_step(double max, int most)
{
    static const double parts[] = {1, 2, 5, 10};
    if (!(max > 0) || most < 1)
        return 1;
    double unit = pow(10, floor(log10(max / most)));
    for (int i = 0; i < 4; i++) {
        if (max / (parts[i] * unit) <= most)
            return parts[i] * unit;
    }
    return 10 * unit;
}

/* ---- bars ---- */

static double widest(const ys_bar *bars, int n, double size, bool texts)
{
    double w = 0;
    for (int i = 0; i < n; i++) {
        double one = ys_svg_text_width(texts ? bars[i].text : bars[i].label, size);
        w = one > w ? one : w;
    }
    return w;
}

void ys_svg_bars(ys_out o, const ys_svg_head *head, const ys_bar *bars, int n, double width)
{
    enum { ROW = 26, THICK = 16 };
    const double size = 13;
    double labels = widest(bars, n, size, false), texts = widest(bars, n, size, true), max = 0;
    labels = labels < width * 0.36 ? labels : width * 0.36;
    for (int i = 0; i < n; i++) {
        max = bars[i].value > max ? bars[i].value : max;
        max = bars[i].whole > max ? bars[i].whole : max; /* false for NaN */
    }
    double x0 = labels + 10, room = width - x0 - texts - 10;
    ys_svg_open(o, head, width, n * ROW + 8);
    ys_svg_style label = {.size = size, .anchor = YS_END}, text = {.size = size, .anchor = YS_START};
    for (int i = 0; i < n; i++) {
        char fit[200];
        double y = 4 + i * ROW, w = max > 0 ? bars[i].value / max * room : 0,
               whole = max > 0 ? bars[i].whole / max * room : 0;
        ys_svg_fit(bars[i].label, size, labels + 1, fit, sizeof fit);
        ys_svg_text(o, x0 - 8, y + 15, &label, fit);
        ys_svg_rect(o, x0, y + 3, w, THICK, bars[i].fill != NULL ? bars[i].fill : ys_svg_accent);
        if (whole > 0)
            ys_svg_frame(o, x0, y + 3, whole, THICK, ys_svg_ink, true);
        ys_svg_text(o, x0 + (whole > w ? whole : w) + 6, y + 15, &text, bars[i].text);
    }
    ys_svg_line(o, x0, 2, x0, n * ROW + 6, ys_svg_grey);
    ys_svg_close(o);
}

/* ---- stacks ---- */

/* Draws the legend in as many lines as it needs and returns the height; `draw` false only measures. */
static double legend(ys_out o, const char *const *names, int parts, double width, bool draw)
{
    double x = 0, y = 4;
    ys_svg_style style = {.size = 12, .anchor = YS_START};
    for (int k = 0; k < parts; k++) {
        double w = ys_svg_text_width(names[k], 12) + 34;
        if (x > 0 && x + w > width) {
            x = 0;
            y += 20;
        }
        if (draw) {
            ys_svg_rect(o, x, y, 12, 12, ys_svg_colour(k));
            ys_svg_text(o, x + 17, y + 11, &style, names[k]);
        }
        x += w;
    }
    return y + 24;
}

static void one_stack(ys_out o, const ys_stack *row, int parts, double x0, double y, double room)
{
    double sum = 0, x = x0;
    ys_svg_style style = {.size = 11, .anchor = YS_MIDDLE, .bold = true};
    for (int k = 0; k < parts; k++)
        sum += row->part[k];
    for (int k = 0; sum > 0 && k < parts; k++) {
        char text[16];
        double w = row->part[k] / sum * room;
        ys_svg_rect(o, x, y, w, 18, ys_svg_colour(k));
        snprintf(text, sizeof text, "%.0f%%", row->part[k] / sum * 100);
        style.fill = is_light(k) ? ys_svg_ink : "#fff";
        if (w > ys_svg_text_width(text, 11) + 6)
            ys_svg_text(o, x + w / 2, y + 13, &style, text);
        x += w;
        ys_svg_line(o, x, y, x, y + 18, "#fff");
    }
}

void ys_svg_stacks(ys_out o, const ys_svg_head *head, const ys_stack *rows, int n, const char *const *names,
                   int parts, double width)
{
    enum { ROW = 26 };
    double labels = 0, top = legend(o, names, parts, width, false);
    for (int i = 0; i < n; i++) {
        double w = ys_svg_text_width(rows[i].label, 13);
        labels = w > labels ? w : labels;
    }
    labels = labels < width * 0.34 ? labels : width * 0.34;
    ys_svg_open(o, head, width, top + n * ROW + 4);
    legend(o, names, parts, width, true);
    for (int i = 0; i < n; i++) {
        char fit[200];
        ys_svg_style style = {.size = 13, .anchor = YS_END};
        ys_svg_fit(rows[i].label, 13, labels + 1, fit, sizeof fit);
        ys_svg_text(o, labels + 2, top + i * ROW + 16, &style, fit);
        one_stack(o, &rows[i], parts, labels + 10, top + i * ROW + 3, width - labels - 12);
    }
    ys_svg_close(o);
}

/* ---- waterfall ---- */

static double highest(const ys_step *steps, int n)
{
    double level = 0, max = 0;
    for (int i = 0; i < n; i++) {
        level = steps[i].total ? steps[i].value : level + steps[i].value;
        max = level > max ? level : max;
    }
    return max;
}

static double lowest(const ys_step *steps, int n)
{
    double level = 0, min = 0;
    for (int i = 0; i < n; i++) {
        level = steps[i].total ? steps[i].value : level + steps[i].value;
        min = level < min ? level : min;
    }
    return min;
}

/* Where to break a label in two: at the blank nearest to the middle, or between two characters of a script that has
 * none. */
static size_t break_at(const char *text)
{
    double half = ys_svg_text_width(text, 1) / 2, w = 0, best = 1e9;
    size_t at = 0, k;
    for (size_t i = 0; text[i] != '\0'; i += k) {
        bool wide = (unsigned char)text[i] >= 0xe3, blank = text[i] == ' ';
        k = char_bytes(text + i);
        if (i > 0 && (wide || blank) && fabs(w - half) < best) {
            best = fabs(w - half);
            at = i;
        }
        w += char_width(text + i, k);
    }
    return at;
}

/* A label under a column, on two lines where one is too narrow. */
static void put_label(ys_out o, double x, double y, double room, const char *text)
{
    ys_svg_style style = {.size = 12, .anchor = YS_MIDDLE};
    char line[120], fit[128];
    size_t at = break_at(text);
    if (ys_svg_text_width(text, 12) <= room || at == 0 || at >= sizeof line) {
        ys_svg_fit(text, 12, room, fit, sizeof fit);
        ys_svg_text(o, x, y, &style, fit);
        return;
    }
    snprintf(line, sizeof line, "%.*s", (int)at, text);
    ys_svg_fit(line, 12, room + 4, fit, sizeof fit);
    ys_svg_text(o, x, y, &style, fit);
    ys_svg_fit(text + at + (text[at] == ' '), 12, room + 4, fit, sizeof fit);
    ys_svg_text(o, x, y + 16, &style, fit);
}

void ys_svg_waterfall(ys_out o, const ys_svg_head *head, const ys_step *steps, int n, double width)
{
    enum { TOP = 24, PLOT = 240, LEFT = 62 };
    double max = highest(steps, n), min = lowest(steps, n), step = ys_svg_step(max - min, 6), level = 0;
    double low = floor(min / step) * step, span = ceil(max / step) * step - low,
           each = (width - LEFT) / (n > 0 ? n : 1);
    if (!(span > 0))
        span = 1;
    ys_svg_open(o, head, width, TOP + PLOT + 44);
    ys_svg_style tick = {.size = 11, .anchor = YS_END, .fill = ys_svg_grey},
                 value = {.size = 12, .anchor = YS_MIDDLE, .bold = true};
    for (double t = low; t <= low + span + step / 2; t += step) {
        char text[32];
        double y = TOP + PLOT - (t - low) / span * PLOT;
        snprintf(text, sizeof text, "%.0f", t);
        ys_svg_line(o, LEFT, y, width, y, t == 0 ? ys_svg_grey : "#d5dbe1");
        ys_svg_text(o, LEFT - 6, y + 4, &tick, text);
    }
    for (int i = 0; i < n; i++) {
        double from = steps[i].total ? 0 : level,
               to = steps[i].total ? steps[i].value : level + steps[i].value;
        double hi = from > to ? from : to, lo = from > to ? to : from, x = LEFT + i * each;
        double y = TOP + PLOT - (hi - low) / span * PLOT, h = (hi - lo) / span * PLOT;
        ys_svg_rect(o, x + each * 0.14, y, each * 0.72, h > 1 ? h : 1,
                    steps[i].fill != NULL ? steps[i].fill : ys_svg_accent);
        ys_svg_text(o, x + each / 2, y - 6, &value, steps[i].text);
        put_label(o, x + each / 2, TOP + PLOT + 18, each - 4, steps[i].label);
        level = to;
        double at = TOP + PLOT - (level - low) / span * PLOT;
        if (i + 1 < n)
            ys_svg_line(o, x + each * 0.86, at, x + each * 1.14, at, ys_svg_grey);
    }
    ys_svg_close(o);
}
