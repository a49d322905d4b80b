/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include "base/alloc.h"
#include "io/xlsx_internal.h"

/* A shared string being read: <si> with one <t>, or runs <r><t>; <rPh> is its reading aid and no part of the text. */
typedef struct loader {
    ys__xml xml;
    ys_xlsx *x;
    ys_str text;
    bool in_item, in_text;
    int phonetic;
} loader;

static void fail(loader *l, ys_status st)
{
    ys__xml_fail(&l->xml, st);
}

static void on_start(void *user, const char *name, const char **attrs)
{
    loader *l = user;
    (void)attrs;
    if (strcmp(name, "si") == 0) {
        l->in_item = true;
        ys_str_clear(&l->text);
    } else if (strcmp(name, "rPh") == 0) {
        l->phonetic++;
    } else if (strcmp(name, "t") == 0) {
        l->in_text = l->in_item && l->phonetic == 0;
    }
}

static void on_text(void *user, const char *text, int n)
{
    loader *l = user;
    if (!l->in_text || ys_str_add(&l->text, text, (size_t)n))
        return;
    if (l->text.len + (size_t)n > l->x->opt.max_cell)
        fail(l, ys_fail(&l->xml.diag, YS_ELIMIT, "共享字符串第 %llu 个超过 %zu 字节",
                        "shared string no. %llu is longer than %zu bytes",
                        (unsigned long long)l->x->strings.count, l->x->opt.max_cell));
    else
        fail(l, ys_fail_nomem(&l->xml.diag));
}

static void finish_item(loader *l)
{
    ys__strings *s = &l->x->strings;
    size_t n = l->text.len ? ys__unescape(l->text.data, l->text.len) : 0;
    uint64_t end = ys__spill_size(s->text) + n;
    if (ys__spill_append(s->text, l->text.data, n) && ys__spill_append(s->ends, &end, sizeof end)) {
        s->count++;
        return;
    }
    if (errno == ENOMEM) {
        fail(l, ys_fail_nomem(&l->xml.diag));
        return;
    }
    ys_status st = ys_fail(&l->xml.diag, YS_EIO, "写临时文件失败：%s", "cannot write a temporary file: %s",
                           strerror(errno));
    ys_diag_fix(&l->xml.diag, "请用环境变量 TMPDIR 指定一个有空间、可写的目录",
                "let TMPDIR name a directory with room that can be written");
    fail(l, st);
}

static void on_end(void *user, const char *name)
{
    loader *l = user;
    if (strcmp(name, "t") == 0) {
        l->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        l->phonetic--;
    } else if (strcmp(name, "si") == 0) {
        l->in_item = false;
        finish_item(l);
    }
}

ys_status ys__strings_load(ys_xlsx *x, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {on_start, on_end, on_text};
    if (x->strings_loaded)
        return YS_OK;
    ys__strings_done(&x->strings);
    x->strings.text = ys__spill_new(x->opt.strings_memory / 4 * 3);
    x->strings.ends = ys__spill_new(x->opt.strings_memory / 4);
    if (!x->strings.text || !x->strings.ends)
        return ys_fail_nomem(diag);
    if (x->strings_part) {
        loader l = {.x = x, .text = {.limit = x->opt.max_cell + 1}};
        ys_status st = ys__xml_run(&l.xml, x, x->strings_part, &handlers, &l, diag);
        ys_str_done(&l.text);
        YS_TRY(st);
    }
    x->strings_loaded = true;
    return YS_OK;
}

void ys__strings_done(ys__strings *s)
{
    ys__spill_free(s->text);
    ys__spill_free(s->ends);
    *s = (ys__strings){0};
}

bool ys__strings_length(ys__strings *s, uint64_t i, uint64_t *ret_start, size_t *ret_n)
{
    uint64_t bounds[2] = {0, 0}; /* where the string before ends, and this one */
    if (i >= s->count)
        return false;
    bool read =
        i == 0 ? ys__spill_read(s->ends, 0, 8, bounds + 1) : ys__spill_read(s->ends, (i - 1) * 8, 16, bounds);
    if (!read)
        return false;
    *ret_start = bounds[0];
    *ret_n = (size_t)(bounds[1] - bounds[0]);
    return true;
}
