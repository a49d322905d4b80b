/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/canvas.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/whole_file.h"

struct ys_canvas {
    ys_whole_file file;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout; /* scratch, its context serves all others */
    const char *family[YS_FONT_ROLES];
    double width, height;
    int pages;
    bool pdf, failed;
    ys_str missing;
};

struct ys_lines {
    PangoLayout *layout;
    ys_text_style style;
    double width;
};

/* In order of preference: what Chinese offices have, then the free families of Debian. */
static const char *const families[YS_FONT_ROLES][6] = {
    [YS_FONT_BODY] = {"FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R", "Noto Serif CJK SC"},
    [YS_FONT_TITLE] = {"FZXiaoBiaoSong-B05S", "FandolSong", "Noto Serif CJK SC"},
    [YS_FONT_HEADING] = {"SimHei", "FandolHei", "Noto Sans CJK SC"},
    [YS_FONT_SUBTITLE] = {"KaiTi_GB2312", "KaiTi", "FandolKai", "Noto Serif CJK SC"},
    [YS_FONT_SANS] = {"Noto Sans CJK SC", "Source Han Sans SC", "SimHei"},
};

static bool installed(PangoFontFamily *const *all, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (g_ascii_strcasecmp(pango_font_family_get_name(all[i]), name) == 0)
            return true;
    return false;
}

/* The fonts of this machine by role; false: a role has none. */
static bool choose_families(ys_canvas *s)
{
    PangoFontFamily **all;
    int n, found = 0;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &all, &n);
    for (int r = 0; r < YS_FONT_ROLES; r++)
        for (int k = 0; s->family[r] == NULL && families[r][k] != NULL; k++)
            if (installed(all, n, families[r][k])) {
                s->family[r] = families[r][k];
                found++;
            }
    g_free(all);
    return found == YS_FONT_ROLES;
}

static cairo_status_t write_bytes(void *to, const unsigned char *bytes, unsigned n)
{
    return fwrite(bytes, 1, n, to) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void set_metadata(ys_canvas *s, const ys_canvas_props *p)
{
    char at[32];
    time_t t = (time_t)p->created;
    struct tm tm;
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    if (p->title != NULL)
        cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, p->title);
    if (p->author != NULL)
        cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_AUTHOR, p->author);
    if (p->subject != NULL)
        cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_SUBJECT, p->subject);
}

static bool ends(const char *path, const char *end)
{
    size_t n = strlen(path), k = strlen(end);
    return n > k && g_ascii_strcasecmp(path + n - k, end) == 0;
}

static ys_status no_font(ys_diag *diag)
{
    ys_diag_fix(diag, "安装字体：apt-get install fonts-noto-cjk",
                "install fonts: apt-get install fonts-noto-cjk");
    return ys_fail(diag, YS_ENOTFOUND, "本机没有可用的中文字体", "no font for Chinese is installed");
}

ys_status ys_canvas_open(const ys_canvas_props *props, ys_canvas **ret_sheet, ys_diag *diag)
{
    bool pdf = ends(props->path, ".pdf");
    ys_status st = YS_OK;
    if (!pdf && !ends(props->path, ".svg")) {
        ys_diag_value(diag, props->path);
        return ys_fail(diag, YS_EUSAGE, "文件名要以 .pdf 或 .svg 结尾", "the name must end in .pdf or .svg");
    }
    ys_canvas *s = ys_calloc(1, sizeof *s);
    if (s == NULL)
        return ys_fail_nomem(diag);
    s->pdf = pdf;
    s->width = props->width;
    s->height = props->height;
    if (!choose_families(s)) {
        st = no_font(diag);
        goto done;
    }
    YS_GO(ys_whole_file_open(&s->file, props->path, diag));
    s->surface = pdf ? cairo_pdf_surface_create_for_stream(write_bytes, s->file.f, s->width, s->height)
                     : cairo_svg_surface_create_for_stream(write_bytes, s->file.f, s->width, s->height);
    if (pdf)
        set_metadata(s, props);
    s->cairo = cairo_create(s->surface);
    s->layout = pango_cairo_create_layout(s->cairo);
    pango_context_set_language(pango_layout_get_context(s->layout), pango_language_from_string("zh-cn"));
    *ret_sheet = s;
    return YS_OK;
done:
    ys_canvas_discard(s);
    return st;
}

static void release(ys_canvas *s)
{
    if (s->layout != NULL)
        g_object_unref(s->layout);
    if (s->cairo != NULL)
        cairo_destroy(s->cairo);
    if (s->surface != NULL) {
        cairo_surface_finish(s->surface);
        s->failed = s->failed || cairo_surface_status(s->surface) != CAIRO_STATUS_SUCCESS;
        cairo_surface_destroy(s->surface);
    }
    s->layout = NULL;
    s->cairo = NULL;
    s->surface = NULL;
}

void ys_canvas_next(ys_canvas *s, double width, double height)
{
    cairo_show_page(s->cairo);
    s->pages++;
    if (width > 0 && s->pdf) {
        cairo_pdf_surface_set_size(s->surface, width, height);
        s->width = width;
        s->height = height;
    }
}

int ys_canvas_pages(const ys_canvas *s)
{
    return s->pages + 1;
}

ys_status ys_canvas_finish(ys_canvas *s, ys_diag *diag)
{
    ys_status st;
    cairo_show_page(s->cairo);
    s->failed = cairo_status(s->cairo) != CAIRO_STATUS_SUCCESS;
    release(s);
    if (s->failed) {
        ys_whole_file_drop(&s->file);
        st = ys_fail(diag, YS_EIO, "写入 PDF 失败", "cannot write the PDF");
    } else {
        st = ys_whole_file_finish(&s->file, diag);
    }
    ys_canvas_discard(s);
    return st;
}

void ys_canvas_discard(ys_canvas *s)
{
    if (s == NULL)
        return;
    release(s);
    ys_whole_file_drop(&s->file);
    ys_str_done(&s->missing);
    ys_free(s);
}

const char *ys_canvas_missing(const ys_canvas *s)
{
    return ys_str_get(&s->missing);
}

const char *ys_canvas_family(const ys_canvas *s, ys_font_role role)
{
    return s->family[role];
}

/* ---- text ---------------------------------------------------------------------------------------------------- */

static void set_colour(ys_canvas *s, uint32_t c)
{
    cairo_set_source_rgb(s->cairo, (c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0, (c & 255) / 255.0);
}

static void style_layout(const ys_canvas *s, PangoLayout *l, const ys_text_style *style, double width,
                         const char *text)
{
    PangoFontDescription *font = pango_font_description_new();
    PangoAttrList *attrs = pango_attr_list_new();
    pango_font_description_set_family(font, s->family[style->role]);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    if (style->cell > 0)
        pango_attr_list_insert(
            attrs, pango_attr_letter_spacing_new((int)floor((style->cell - style->size) * PANGO_SCALE)));
    pango_layout_set_attributes(l, attrs);
    pango_attr_list_unref(attrs);
    pango_layout_set_width(l, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(l, (int)(style->indent * PANGO_SCALE));
    pango_layout_set_alignment(l, style->align == YS_TEXT_CENTRE  ? PANGO_ALIGN_CENTER
                                  : style->align == YS_TEXT_RIGHT ? PANGO_ALIGN_RIGHT
                                                                  : PANGO_ALIGN_LEFT);
    pango_layout_set_text(l, text != NULL ? text : "", -1);
}

/* Characters without a glyph, told once each. */
static void note_missing(ys_canvas *s, PangoLayout *l)
{
    if (pango_layout_get_unknown_glyphs_count(l) == 0)
        return;
    PangoLayoutIter *at = pango_layout_get_iter(l);
    const char *text = pango_layout_get_text(l);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
        for (int i = 0; run != NULL && i < run->glyphs->num_glyphs; i++) {
            if (!(run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG))
                continue;
            const char *c = text + run->item->offset + run->glyphs->log_clusters[i];
            char one[8] = {0};
            memcpy(one, c, (size_t)(g_utf8_next_char(c) - c));
            if (strstr(ys_str_get(&s->missing), one) == NULL)
                (void)ys_str_puts(&s->missing, one);
        }
    } while (pango_layout_iter_next_run(at));
    pango_layout_iter_free(at);
}

static double leading(const ys_text_style *style)
{
    return style->leading > 0 ? style->leading : style->size * 1.4;
}

static void draw_line(ys_canvas *s, PangoLayout *l, const ys_text_style *style, int line, double x, double y,
                      double width)
{
    PangoLayoutLine *at = pango_layout_get_line_readonly(l, line);
    PangoRectangle box;
    if (at == NULL)
        return;
    pango_layout_line_get_extents(at, NULL, &box);
    double w = (double)box.width / PANGO_SCALE;
    if (at->is_paragraph_start)
        x += style->align == YS_TEXT_LEFT ? style->indent : 0;
    if (width > 0 && style->align == YS_TEXT_CENTRE)
        x += (width - w) / 2;
    if (width > 0 && style->align == YS_TEXT_RIGHT)
        x += width - w;
    set_colour(s, style->colour);
    /* the ink of a Han character reaches from 0.88 above the baseline to 0.12 below it */
    cairo_move_to(s->cairo, x, y + style->size * 0.88 + (leading(style) - style->size) / 2);
    pango_cairo_show_layout_line(s->cairo, at);
}

double ys_canvas_measure(ys_canvas *s, const ys_text_style *style, double width, const char *text,
                         double *ret_width)
{
    PangoRectangle box;
    style_layout(s, s->layout, style, width, text);
    pango_layout_get_extents(s->layout, NULL, &box);
    if (ret_width != NULL)
        *ret_width = (double)box.width / PANGO_SCALE;
    return pango_layout_get_line_count(s->layout) * leading(style);
}

double ys_canvas_text(ys_canvas *s, const ys_text_style *style, double x, double y, double width,
                      const char *text)
{
    style_layout(s, s->layout, style, width, text);
    note_missing(s, s->layout);
    int n = pango_layout_get_line_count(s->layout);
    for (int i = 0; i < n; i++)
        draw_line(s, s->layout, style, i, x, y + i * leading(style), width);
    return n * leading(style);
}

ys_lines *ys_lines_new(ys_canvas *s, const ys_text_style *style, double width, const char *text)
{
    ys_lines *l = ys_calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->style = *style;
    l->width = width;
    l->layout = pango_layout_new(pango_layout_get_context(s->layout));
    style_layout(s, l->layout, style, width, text);
    note_missing(s, l->layout);
    return l;
}

void ys_lines_free(ys_lines *l)
{
    if (l == NULL)
        return;
    g_object_unref(l->layout);
    ys_free(l);
}

int ys_lines_count(const ys_lines *l)
{
    return pango_layout_get_line_count(l->layout);
}

int ys_lines_chars(const ys_lines *l, int line)
{
    PangoLayoutLine *at = pango_layout_get_line_readonly(l->layout, line);
    const char *text = pango_layout_get_text(l->layout);
    return at != NULL ? (int)g_utf8_strlen(text + at->start_index, at->length) : 0;
}

void ys_lines_draw(ys_canvas *s, const ys_lines *l, int line, double x, double y)
{
    draw_line(s, l->layout, &l->style, line, x, y, l->width);
}

/* ---- shapes -------------------------------------------------------------------------------------------------- */

static void stroke(ys_canvas *s, double x1, double y1, double x2, double y2, double thick)
{
    cairo_set_line_width(s->cairo, thick);
    cairo_move_to(s->cairo, x1, y1);
    cairo_line_to(s->cairo, x2, y2);
    cairo_stroke(s->cairo);
}

void ys_canvas_line(ys_canvas *s, double x1, double y1, double x2, double y2, double thick, uint32_t colour)
{
    set_colour(s, colour);
    stroke(s, x1, y1, x2, y2, thick);
}

void ys_canvas_dashed(ys_canvas *s, double x1, double y1, double x2, double y2, double thick, uint32_t colour)
{
    const double dash[] = {4, 3};
    set_colour(s, colour);
    cairo_set_dash(s->cairo, dash, 2, 0);
    stroke(s, x1, y1, x2, y2, thick);
    cairo_set_dash(s->cairo, NULL, 0, 0);
}

void ys_canvas_rect(ys_canvas *s, double x, double y, double w, double h, uint32_t fill)
{
    set_colour(s, fill);
    cairo_rectangle(s->cairo, x, y, w, h);
    cairo_fill(s->cairo);
}

void ys_canvas_frame(ys_canvas *s, double x, double y, double w, double h, double thick, uint32_t colour)
{
    set_colour(s, colour);
    cairo_set_line_width(s->cairo, thick);
    cairo_rectangle(s->cairo, x, y, w, h);
    cairo_stroke(s->cairo);
}

void ys_canvas_polygon(ys_canvas *s, const double *xy, int n, uint32_t fill)
{
    set_colour(s, fill);
    cairo_new_path(s->cairo); /* text leaves its last point behind */
    for (int i = 0; i < n; i++)
        cairo_line_to(s->cairo, xy[2 * i], xy[2 * i + 1]);
    cairo_close_path(s->cairo);
    cairo_fill(s->cairo);
}

void ys_canvas_modules(ys_canvas *s, double x, double y, double size, const uint8_t *module, int side)
{
    double one = size / side;
    set_colour(s, 0);
    for (int r = 0; r < side; r++)
        for (int c = 0, n; c < side; c += n + 1) {
            for (n = 0; c + n < side && module[r * side + c + n];)
                n++; /* dark modules side by side are one rectangle */
            if (n > 0)
                cairo_rectangle(s->cairo, x + c * one, y + r * one, n * one, one);
        }
    cairo_fill(s->cairo);
}
