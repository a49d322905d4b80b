/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/command.h"

const ys_opt ys_common_opts[] = {
    {"json", NULL, "输出 JSON", "print JSON"},
    {"csv", NULL, "表格输出 CSV", "print tables as CSV"},
    {"lang", "zh|en", "语言", "language"},
    {"key", "FILE", "密钥文件（默认在库旁）", "key file (default: beside the store)"},
    {"user", "NAME", "以谁的名义", "in whose name"},
    {"help", NULL, "说明", "this help"},
    {0},
};

const char *ys_cli_nth(const ys_cli *c, const char *opt, int i)
{
    for (int k = 0; k < c->set_count; k++) {
        if (strcmp(c->set[k].name, opt) == 0 && i-- == 0)
            return c->set[k].value;
    }
    return NULL;
}

const char *ys_cli_get(const ys_cli *c, const char *opt)
{
    const char *last = NULL;
    for (int k = 0; k < c->set_count; k++) {
        if (strcmp(c->set[k].name, opt) == 0)
            last = c->set[k].value;
    }
    return last;
}

bool ys_cli_flag(const ys_cli *c, const char *opt)
{
    return ys_cli_get(c, opt) != NULL;
}

static ys_status bad_value(const char *opt, const char *value, const char *zh, const char *en, ys_diag *diag)
{
    ys_diag_value(diag, value);
    return ys_fail(diag, YS_EUSAGE, "选项 --%s 应为%s%.0s", "option --%s wants %.0s%s", opt, zh, en);
}

ys_status ys_cli_int(const ys_cli *c, const char *opt, int64_t least, int64_t most, int64_t missing,
                     int64_t *ret, ys_diag *diag)
{
    const char *text = ys_cli_get(c, opt);
    int64_t v;
    if (text == NULL) {
        *ret = missing;
        return YS_OK;
    }
    if (!ys_parse_int(text, &v) || v < least || v > most) {
        char zh[96], en[96];
        snprintf(zh, sizeof zh, " %lld 到 %lld 的整数", (long long)least, (long long)most);
        snprintf(en, sizeof en, "a whole number from %lld to %lld", (long long)least, (long long)most);
        return bad_value(opt, text, zh, en, diag);
    }
    *ret = v;
    return YS_OK;
}

ys_status ys_cli_real(const ys_cli *c, const char *opt, double missing, double *ret, ys_diag *diag)
{
    const char *text = ys_cli_get(c, opt);
    double v = missing;
    if (text != NULL && !ys_parse_real(text, &v))
        return bad_value(opt, text, "数字", "a number", diag);
    *ret = v;
    return YS_OK;
}

ys_status ys_cli_date(const ys_cli *c, const char *opt, int32_t missing, int32_t *ret, ys_diag *diag)
{
    const char *text = ys_cli_get(c, opt);
    int32_t v = missing;
    if (text != NULL && !ys_parse_date(text, &v))
        return bad_value(opt, text, "日期，如 2016-08-27", "a date such as 2016-08-27", diag);
    *ret = v;
    return YS_OK;
}

const char *ys_cli_say(const ys_cli *c, const char *zh, const char *en)
{
    return c->zh ? zh : en;
}

void ys_cli_talk(const ys_cli *c, const char *zh, const char *en, ...)
{
    va_list ap;
    va_start(ap, en);
    if (c->zh)
        vfprintf(stderr, zh, ap);
    else
        vfprintf(stderr, en, ap);
    va_end(ap);
    fputc('\n', stderr);
}

ys_status ys_cli_open_at(const ys_cli *c, const char *url, bool read_only, ys_office **ret_office,
                         ys_diag *diag)
{
    ys_office_args a = {
        .url = url, .key = ys_cli_get(c, "key"), .user = ys_cli_get(c, "user"), .read_only = read_only};
    ys_status st = ys_office_open(&a, ret_office, diag);
    /* A file is named in the message, a server is not: its address may hold a password. */
    if (st != YS_OK && diag->file[0] == '\0' && strstr(url, "://") == NULL)
        ys_diag_where(diag, url, NULL, 0, 0, NULL);
    return st;
}

ys_status ys_cli_open(const ys_cli *c, bool read_only, ys_office **ret_office, ys_diag *diag)
{
    return ys_cli_open_at(c, c->argv[0], read_only, ret_office, diag);
}

ys_status ys_cli_reading(const ys_cli *c, ys_reading *ret_reading, ys_diag *diag)
{
    ys_reading r = {
        .line = ys_cli_get(c, "line"), .period = ys_cli_get(c, "period"), .scope = ys_cli_get(c, "scope")};
    YS_TRY(ys_cli_date(c, "date", INT32_MIN, &r.today, diag));
    YS_TRY(ys_cli_int(c, "as-of", 1, INT64_MAX, 0, &r.as_of_tx, diag));
    YS_TRY(ys_cli_date(c, "on", 0, &r.valid_on, diag));
    *ret_reading = r;
    return YS_OK;
}

int ys_cli_width(void)
{
    struct winsize w;
    if (!isatty(STDOUT_FILENO))
        return 0;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 100;
}

ys_status ys_cli_grid(const ys_cli *c, ys_grid *g, ys_diag *diag)
{
    if (g == NULL)
        return ys_fail_nomem(diag);
    bool ok = ys_cli_flag(c, "csv") ? ys_grid_csv(g, c->out) : ys_grid_print(g, c->out, ys_cli_width());
    ys_grid_free(g);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

void ys_cli_json(const ys_cli *c, ys_json *j)
{
    ys_json_init(j, c->out, true);
    ys_json_object(j, NULL);
}

void ys_cli_json_fault(ys_json *j, const ys_diag *d)
{
    if (d->file[0] != '\0')
        ys_json_text(j, "file", d->file);
    if (d->sheet[0] != '\0')
        ys_json_text(j, "sheet", d->sheet);
    if (d->row > 0)
        ys_json_int(j, "row", d->row);
    if (d->column[0] != '\0')
        ys_json_text(j, "column", d->column);
    if (d->value[0] != '\0')
        ys_json_text(j, "value", d->value);
    ys_json_text(j, "zh", d->zh[0] != '\0' ? d->zh : ys_status_zh(d->status));
    ys_json_text(j, "en", d->en[0] != '\0' ? d->en : ys_status_en(d->status));
    if (d->fix_zh[0] != '\0') {
        ys_json_text(j, "fix_zh", d->fix_zh);
        ys_json_text(j, "fix_en", d->fix_en);
    }
}

void ys_cli_json_error(ys_json *j, const ys_diag *d, ys_status st)
{
    ys_diag said = *d;
    said.status = st;
    ys_json_object(j, "error");
    ys_json_text(j, "status", ys_status_name(st));
    ys_cli_json_fault(j, &said);
    ys_json_end(j);
}

ys_status ys_cli_json_done(ys_json *j, ys_diag *diag)
{
    ys_json_end(j);
    return ys_json_finish(j) ? YS_OK : ys_fail(diag, YS_EIO, "JSON 输出失败", "cannot write the JSON");
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
    (void)sig;
    interrupted = 1;
}

void ys_cli_watch_interrupt(void)
{
    signal(SIGINT, on_interrupt);
}

bool ys_cli_interrupted(void *arg)
{
    (void)arg;
    return interrupted != 0;
}
