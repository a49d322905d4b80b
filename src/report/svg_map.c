/* SPDX-License-Identifier: Apache-2.0 */
#include "report/svg_map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CLASSES = 5 };
static const char *const shades[CLASSES] = {"#eaf1f7", "#c3d9ea", "#8bb8d8", "#4a8ebf", "#1f5f99"};

/* ---- classes with round borders ---- */

typedef struct classes {
    double low, step;
    int count;
} classes;

static classes make_classes(const ys_map *m)
{
    double min = INFINITY, max = -INFINITY;
    classes c = {0, 1, 1};
    for (int i = 0; i < m->places; i++) {
        if (isnan(m->place[i].value))
            continue;
        min = m->place[i].value < min ? m->place[i].value : min;
        max = m->place[i].value > max ? m->place[i].value : max;
    }
    if (!(max > min))
        return (classes){isfinite(min) ? min : 0, 1, 1};
    c.step = ys_svg_step(max - min, CLASSES - 1);
    c.low = floor(min / c.step) * c.step;
    c.count = (int)ceil((max - c.low) / c.step - 1e-9);
    if (c.count > CLASSES)
        c.count = CLASSES;
    return c;
}

static int class_of(const classes *c, double value)
{
    int k = (int)floor((value - c->low) / c->step + 1e-9);
    return k < 0 ? 0 : k >= c->count ? c->count - 1 : k;
}

/* Few classes still run from light to dark. */
static const char *shade_of(const classes *c, double value)
{
    if (isnan(value))
        return "#f4f4f2";
    return c->count < 2 ? shades[2] : shades[class_of(c, value) * (CLASSES - 1) / (c->count - 1)];
}

static const char *text_on(const classes *c, double value)
{
    const char *shade = shade_of(c, value);
    return shade == shades[CLASSES - 1] || shade == shades[CLASSES - 2] ? "#fff" : ys_svg_ink;
}

static const ys_map_place *place_of(const ys_map *m, const char *code)
{
    for (int i = 0; i < m->places; i++) {
        if (strcmp(m->place[i].code, code) == 0)
            return &m->place[i];
    }
    return NULL;
}

static bool has_gaps(const ys_map *m)
{
    for (int i = 0; i < m->places; i++) {
        if (isnan(m->place[i].value))
            return true;
    }
    for (int i = 0; i < m->shapes; i++) {
        if (place_of(m, m->shape[i].code) == NULL)
            return true;
    }
    return false;
}

static double legend_item(ys_out o, double x, double y, const char *fill, bool dashed, const char *text)
{
    ys_svg_style style = {.size = 12, .anchor = YS_START};
    ys_svg_rect(o, x, y, 18, 14, fill);
    ys_svg_frame(o, x, y, 18, 14, ys_svg_grey, dashed);
    ys_svg_text(o, x + 22, y + 12, &style, text);
    return x + 22 + ys_svg_text_width(text, 12) + 14;
}

/* One line under the picture. */
static void legend(ys_out o, const ys_map *m, const classes *c, double y)
{
    ys_svg_style style = {.size = 12, .anchor = YS_START};
    char text[96];
    int decimals = c->step >= 1 ? 0 : c->step >= 0.1 ? 1 : 2;
    double x = ys_svg_text_width(m->unit, 12) + 10;
    ys_svg_text(o, 0, y + 12, &style, m->unit);
    for (int k = 0; k < c->count; k++) {
        double at = c->low + k * c->step;
        if (c->count > 1)
            snprintf(text, sizeof text, "%.*f–%.*f", decimals, at, decimals, at + c->step);
        else
            snprintf(text, sizeof text, "%.2f", c->low);
        x = legend_item(o, x, y, shade_of(c, at), false, text);
    }
    if (has_gaps(m))
        legend_item(o, x, y, shade_of(c, (double)NAN), true, m->no_data);
}

/* ---- the map ---- */

/* Degrees to the picture: equirectangular at the middle latitude, which is right to a percent inside a prefecture. */
typedef struct frame {
    double west, north, scale, squeeze;
    double height;
} frame;

static frame make_frame(const ys_map *m, double width)
{
    double west = 180, east = -180, south = 90, north = -90;
    for (int s = 0; s < m->shapes; s++) {
        for (int r = 0; r < m->shape[s].rings; r++) {
            for (int i = 0; i < m->shape[s].points[r]; i++) {
                double x = m->shape[s].xy[r][2 * i], y = m->shape[s].xy[r][2 * i + 1];
                west = x < west ? x : west;
                east = x > east ? x : east;
                south = y < south ? y : south;
                north = y > north ? y : north;
            }
        }
    }
    frame f = {.west = west, .north = north, .squeeze = cos((south + north) / 2 * M_PI / 180)};
    f.scale = (width - 20) / ((east - west) * f.squeeze);
    if ((north - south) * f.scale > width)
        f.scale = width / (north - south);
    f.height = (north - south) * f.scale + 20;
    return f;
}

static double map_x(const frame *f, double lng)
{
    return 10 + (lng - f->west) * f->squeeze * f->scale;
}

static double map_y(const frame *f, double lat)
{
    return 10 + (f->north - lat) * f->scale;
}

static void put_shape(ys_out o, const frame *f, const ys_fig_shape *s, const char *fill, bool dashed)
{
    ys_out_puts(o, "<path d=\"");
    for (int r = 0; r < s->rings; r++) {
        for (int i = 0; i < s->points[r]; i++)
            ys_out_printf(o, "%c%.1f %.1f", i == 0 ? 'M' : 'L', map_x(f, s->xy[r][2 * i]),
                          map_y(f, s->xy[r][2 * i + 1]));
        ys_out_puts(o, "Z");
    }
    ys_out_printf(o, "\" fill=\"%s\" fill-rule=\"evenodd\" stroke=\"#5b6673\" stroke-width=\"1\"%s/>\n", fill,
                  dashed ? " stroke-dasharray=\"4 3\"" : "");
}

static void put_words(ys_out o, double x, double y, const ys_map_place *p, double size)
{
    ys_svg_style name = {.size = size, .anchor = YS_MIDDLE, .halo = true};
    ys_svg_style text = {.size = size, .anchor = YS_MIDDLE, .bold = true, .halo = true};
    ys_svg_text(o, x, y - 2, &name, p->name);
    ys_svg_text(o, x, y + size, &text, p->text);
}

static double radius_of(const ys_map *m, double value)
{
    double max = 0;
    for (int i = 0; i < m->places; i++)
        max = m->place[i].value > max ? m->place[i].value : max;
    return max > 0 && value > 0 ? 30 * sqrt(value / max) : 0;
}

static const char *const disc_fill = "#8bb8d8";

static void put_disc(ys_out o, double x, double y, double r, const char *fill)
{
    ys_out_printf(
        o,
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" fill-opacity=\"0.85\" stroke=\"#1f5f99\"/>\n",
        x, y, r, fill);
}

/* Places inside others carry a letter; their names stand in a list under the map.  Returns the next letter. */
static char put_inner(ys_out o, const ys_map *m, const frame *f, const classes *c, const ys_fig_shape *s,
                      char letter)
{
    int drawn = 0;
    for (int k = 0; k < s->include_count && letter <= 'z'; k++) {
        const ys_map_place *p = place_of(m, s->includes[k]);
        char text[2] = {letter, '\0'};
        ys_svg_style style = {.size = 11, .anchor = YS_MIDDLE, .bold = true};
        if (p == NULL)
            continue;
        double x = map_x(f, s->lng) + (drawn % 2 == 0 ? -15 : 15), y = map_y(f, s->lat) + 30 + drawn / 2 * 24;
        if (m->circles) {
            put_disc(o, x, y, radius_of(m, p->value), disc_fill);
        } else {
            ys_out_printf(o, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"9\" fill=\"%s\" stroke=\"#1d2733\"/>\n", x,
                          y, shade_of(c, p->value));
            style.fill = text_on(c, p->value);
        }
        ys_svg_text(o, x, y + 4, &style, text);
        drawn++;
        letter++;
    }
    return letter;
}

/* How many places lie inside others; `draw`: lists them from `y` on. */
static int list_inner(ys_out o, const ys_map *m, double y, bool draw)
{
    int n = 0;
    ys_svg_style style = {.size = 12, .anchor = YS_START};
    for (int s = 0; s < m->shapes; s++) {
        for (int k = 0; k < m->shape[s].include_count && n < 26; k++) {
            const ys_map_place *p = place_of(m, m->shape[s].includes[k]);
            char text[256];
            if (p == NULL)
                continue;
            snprintf(text, sizeof text, "%c  %s  %s", (char)('a' + n), p->name, p->text);
            if (draw)
                ys_svg_text(o, 0, y + n * 18 + 12, &style, text);
            n++;
        }
    }
    return n;
}

void ys_svg_map(ys_out o, const ys_svg_head *head, const ys_map *m, double width)
{
    enum { LEGEND = 24 };
    classes c = make_classes(m);
    frame f = make_frame(m, width);
    double below = f.height + (m->circles ? 0 : LEGEND);
    char letter = 'a';
    ys_svg_open(o, head, width, below + list_inner(o, m, below, false) * 18 + 6);
    for (int s = 0; s < m->shapes; s++) {
        const ys_map_place *p = place_of(m, m->shape[s].code);
        bool none = p == NULL || isnan(p->value);
        put_shape(o, &f, &m->shape[s],
                  m->circles ? "#f1f4f6" : shade_of(&c, p != NULL ? p->value : (double)NAN), none);
    }
    for (int s = 0; m->circles && s < m->shapes; s++) {
        const ys_map_place *p = place_of(m, m->shape[s].code);
        if (p != NULL)
            put_disc(o, map_x(&f, m->shape[s].lng), map_y(&f, m->shape[s].lat), radius_of(m, p->value),
                     disc_fill);
    }
    for (int s = 0; s < m->shapes; s++) {
        const ys_map_place *p = place_of(m, m->shape[s].code);
        letter = put_inner(o, m, &f, &c, &m->shape[s], letter);
        if (p != NULL)
            put_words(o, map_x(&f, m->shape[s].lng), map_y(&f, m->shape[s].lat), p, 13);
    }
    if (!m->circles)
        legend(o, m, &c, f.height);
    list_inner(o, m, below, true);
    ys_svg_close(o);
}

void ys_svg_tiles(ys_out o, const ys_svg_head *head, const ys_map *m, double width)
{
    enum { TILE = 78, GAP = 6, LEGEND = 24 };
    classes c = make_classes(m);
    int across = (int)(width / (TILE + GAP));
    across = across < 1 ? 1 : across;
    int down = (m->places + across - 1) / across;
    double height = down * (TILE + GAP) + 8;
    ys_svg_open(o, head, width, height + LEGEND);
    for (int i = 0; i < m->places; i++) {
        char name[64];
        const ys_map_place *p = &m->place[i];
        double x = 2 + i % across * (TILE + GAP), y = 4 + i / across * (TILE + GAP);
        ys_svg_style style = {.size = 12, .anchor = YS_MIDDLE, .fill = text_on(&c, p->value)};
        ys_svg_rect(o, x, y, TILE, TILE, shade_of(&c, p->value));
        ys_svg_frame(o, x, y, TILE, TILE, ys_svg_grey, isnan(p->value));
        ys_svg_fit(p->name, 12, TILE - 6, name, sizeof name);
        ys_svg_text(o, x + TILE / 2.0, y + 33, &style, name);
        style.bold = true;
        ys_svg_text(o, x + TILE / 2.0, y + 53, &style, p->text);
    }
    legend(o, m, &c, height);
    ys_svg_close(o);
}
