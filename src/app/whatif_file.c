/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/bytes.h"
#include "app/whatif.h"

enum { LINE = 600 };

/* A line without blanks at its ends. */
static char *trimmed(char *line)
{
    size_t n = strlen(line);
    while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL)
        line[--n] = '\0';
    while (*line == ' ' || *line == '\t')
        line++;
    return line;
}

static ys_status read_line(char *line, int64_t number, char *name, ys_scenario_line each, void *arg,
                           ys_diag *diag)
{
    char *text = trimmed(line);
    size_t n = strlen(text);
    if (n == 0 || text[0] == '#')
        return YS_OK;
    if (text[0] != '[') {
        if (name[0] == '\0')
            return ys_fail(diag, YS_EUSAGE, "改动之前应有 [情景名]",
                           "a [NAME] comes before the first change");
        return each(arg, name, text, number, diag);
    }
    if (text[n - 1] != ']' || n < 3 || n > 80)
        return ys_fail(diag, YS_EUSAGE, "情景名应写成 [名]，最多 78 字节",
                       "a scenario begins with [NAME], of at most 78 bytes");
    snprintf(name, 80, "%.*s", (int)(n - 2), text + 1);
    return each(arg, name, NULL, number, diag);
}

ys_status ys_scenario_read(const char *path, ys_scenario_line each, void *arg, ys_diag *diag)
{
    ys_bytes b = {0};
    char line[LINE], name[80] = "";
    int64_t number = 0;
    YS_TRY(ys_bytes_open(path, &b, diag));
    ys_status st = YS_OK;
    size_t at = b.size >= 3 && memcmp(b.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (st == YS_OK && at < b.size) {
        const char *end = memchr(b.data + at, '\n', b.size - at);
        size_t n = (end != NULL ? (size_t)(end - b.data) : b.size) - at;
        number++;
        if (n >= sizeof line || memchr(b.data + at, '\0', n) != NULL) {
            st = ys_fail(diag, YS_EUSAGE, "这一行过长或不是文本", "this line is too long or no text");
        } else {
            memcpy(line, b.data + at, n);
            line[n] = '\0';
            st = read_line(line, number, name, each, arg, diag);
        }
        at += n + 1;
    }
    ys_bytes_close(&b);
    if (st != YS_OK)
        ys_diag_where(diag, path, NULL, number, 0, NULL);
    return st;
}
