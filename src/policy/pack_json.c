/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include "base/limits.h"
#include "base/num.h"
#include "base/text.h"
#include "policy/pack_internal.h"

#define JSON_FILE "datapackage.json"

/* A fault at a key, written as a path: yaoshi.line.year. */
static ys_diag *at(ys_pload *l, const char *path, const char *value)
{
    ys_diag *d = ys__pack_fault(l, JSON_FILE, 0);
    ys_diag_where(d, NULL, NULL, 0, 0, path);
    ys_diag_value(d, value);
    return d;
}

static const char *last_key(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

/* Text at `path`, whose last part is the key in `o`; "" after a fault. */
static const char *text(ys_pload *l, const json_t *o, const char *path, bool required)
{
    const json_t *v = json_object_get(o, last_key(path));
    if (json_is_string(v) && (json_string_length(v) || !required)) {
        const char *copy = ys_arena_strdup(l->pack->arena, json_string_value(v));
        if (!copy)
            l->nomem = true;
        return copy ? copy : "";
    }
    if (v || required) {
        ys_diag *d = at(l, path, NULL);
        ys_fail(d, YS_EDATA, "“%s”应为非空文字", "%s must be a text that is not empty", path);
        ys_diag_fix(d, "补上这个键（见 docs/pack.md）", "add the key (docs/pack.md)");
    }
    return "";
}

static int whole(ys_pload *l, const json_t *o, const char *path, int min, int max)
{
    const json_t *v = json_object_get(o, last_key(path));
    if (json_is_integer(v) && json_integer_value(v) >= min && json_integer_value(v) <= max)
        return (int)json_integer_value(v);
    ys_diag *d = at(l, path, NULL);
    ys_fail(d, YS_EDATA, "“%s”应为 %d 到 %d 的整数", "%s must be a whole number from %d to %d", path, min,
            max);
    ys_diag_fix(d, "写成不带引号的整数", "write a whole number without quotes");
    return min;
}

static void read_levels(ys_pload *l, const json_t *y)
{
    const json_t *list = json_object_get(y, "area_levels");
    size_t n = json_array_size(list);
    ys_pack *p = l->pack;
    p->levels = ys__pack_alloc(l, (int64_t)n, sizeof *p->levels);
    if (!p->levels)
        return;
    if (!n || n > 16) {
        ys_diag *d = at(l, "yaoshi.area_levels", NULL);
        ys_fail(d, YS_EDATA, "应列出 1 到 16 级地区，由高到低",
                "must list 1 to 16 levels of areas, highest first");
        ys_diag_fix(d, "例如 [\"city\",\"county\",\"town\",\"village\"]",
                    "for example [\"country\",\"region\"]");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const char *s = json_string_value(json_array_get(list, i));
        bool bad = !s || !*s;
        for (int k = 0; !bad && k < p->level_count; k++)
            bad = strcmp(p->levels[k], s) == 0;
        if (bad) {
            ys_diag *d = at(l, "yaoshi.area_levels", s);
            ys_fail(d, YS_EDATA, "第 %zu 级不是文字，或重复", "level %zu is not a text, or is there twice",
                    i + 1);
            ys_diag_fix(d, "每一级写一个不同的代码", "write one code of its own for each level");
            continue;
        }
        p->levels[p->level_count] = ys_arena_strdup(p->arena, s);
        if (!p->levels[p->level_count++])
            l->nomem = true;
    }
}

static void read_own(ys_pload *l, const json_t *root)
{
    ys_pack *p = l->pack;
    const json_t *y = json_object_get(root, "yaoshi"), *line = json_object_get(y, "line");
    if (!json_is_object(y)) {
        ys_diag *d = at(l, "yaoshi", NULL);
        ys_fail(d, YS_EDATA, "缺少 yaoshi 对象", "the object yaoshi is missing");
        ys_diag_fix(d, "加上货币、贫困线、参考日期、期间和地区级别（见 docs/pack.md）",
                    "add currency, line, reference date, period and area levels (docs/pack.md)");
        return;
    }
    p->currency = text(l, y, "yaoshi.currency", true);
    size_t upper = strspn(p->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (*p->currency && (upper != 3 || p->currency[3])) {
        ys_diag *d = at(l, "yaoshi.currency", p->currency);
        ys_fail(d, YS_EDATA, "货币应为 ISO 4217 三字母代码",
                "the currency must be a three-letter code of ISO 4217");
        ys_diag_fix(d, "例如 CNY", "for example EUR");
    }
    p->digits = whole(l, y, "yaoshi.minor_digits", 0, 4);
    p->period = text(l, y, "yaoshi.period", true);
    const char *day = text(l, y, "yaoshi.reference_date", true);
    if (*day && !ys_parse_date(day, &p->reference_date)) {
        ys_diag *d = at(l, "yaoshi.reference_date", day);
        ys_fail(d, YS_EDATA, "不是有效日期", "not a date of the calendar");
        ys_diag_fix(d, "写成 2016-12-31", "write it as 2016-12-31");
    }
    if (!json_is_object(line)) {
        ys_diag *d = at(l, "yaoshi.line", NULL);
        ys_fail(d, YS_EDATA, "缺少默认贫困线", "the line used by default is missing");
        ys_diag_fix(d, "加上 {\"jurisdiction\":…,\"level\":…,\"year\":…}",
                    "add {\"jurisdiction\":…,\"level\":…,\"year\":…}");
    } else {
        p->line_jurisdiction = text(l, line, "yaoshi.line.jurisdiction", true);
        p->line_level = text(l, line, "yaoshi.line.level", true);
        p->line_year = whole(l, line, "yaoshi.line.year", 1900, 2999);
    }
    read_levels(l, y);
}

static bool safe_path(const char *path)
{
    if (!*path || *path == '/' || strchr(path, '\\') || strchr(path, ':'))
        return false;
    for (const char *s = path; s; s = strchr(s, '/') ? strchr(s, '/') + 1 : NULL)
        if (strncmp(s, "..", 2) == 0 && (!s[2] || s[2] == '/'))
            return false;
    return true;
}

static void read_resource(ys_pload *l, const json_t *r, size_t i, ys_map *paths)
{
    const char *name = json_string_value(json_object_get(r, "name")),
               *path = json_string_value(json_object_get(r, "path"));
    char where[64];
    bool fresh = true;
    (void)snprintf(where, sizeof where, "resources[%zu]", i);
    if (!name || !*name || !path) {
        ys_diag *d = at(l, where, NULL);
        ys_fail(d, YS_EDATA, "资源要有 name 和 path", "a resource needs name and path");
        ys_diag_fix(d, "补上这两个键", "add both keys");
        return;
    }
    if (!safe_path(path)) {
        ys_diag *d = at(l, where, path);
        ys_fail(d, YS_EDATA, "path 应是政策包文件夹内的相对路径",
                "path must be relative and inside the pack's folder");
        ys_diag_fix(d, "例如 fields.csv", "for example fields.csv");
    } else if (!ys__pack_file(l->pack, path)) {
        ys_diag *d = at(l, where, path);
        ys_fail(d, YS_EDATA, "政策包里没有文件“%s”", "the pack has no file %s", path);
        ys_diag_fix(d, "加上文件，或从 resources 中删去", "add the file, or remove it from resources");
    } else if (ys_map_put(paths, path, (int64_t)i, &fresh) < 0) {
        l->nomem = true;
    } else if (!fresh) {
        ys_diag *d = at(l, where, path);
        ys_fail(d, YS_EDATA, "文件“%s”列出两次", "the file %s is listed twice", path);
        ys_diag_fix(d, "删去其中一项", "remove one of them");
    }
}

/* Read-me, licence and notice explain the pack and are not part of its data. */
static bool needs_listing(const char *name)
{
    return strcmp(name, JSON_FILE) != 0 && strncmp(name, "README", 6) != 0 &&
           strncmp(name, "LICENSE", 7) != 0 && strncmp(name, "NOTICE", 6) != 0;
}

static void read_resources(ys_pload *l, const json_t *root)
{
    const json_t *list = json_object_get(root, "resources");
    ys_map *paths = ys_map_new(64);
    if (!paths) {
        l->nomem = true;
        return;
    }
    if (!json_array_size(list)) {
        ys_diag *d = at(l, "resources", NULL);
        ys_fail(d, YS_EDATA, "缺少资源清单", "the list of resources is missing");
        ys_diag_fix(d, "列出每个 CSV 文件的 name 和 path", "list name and path of every CSV file");
    }
    for (size_t i = 0; i < json_array_size(list); i++)
        read_resource(l, json_array_get(list, i), i, paths);
    for (int i = 0; json_array_size(list) && i < l->pack->file_count; i++) {
        const char *name = l->pack->files[i].name;
        if (!needs_listing(name) || ys_map_find(paths, name) >= 0)
            continue;
        ys_diag *d = at(l, "resources", name);
        ys_fail(d, YS_EDATA, "文件“%s”没有列入 resources", "the file %s is not listed under resources", name);
        ys_diag_fix(d, "列入 resources，或移出文件夹", "list it, or move it out of the folder");
    }
    ys_map_free(paths);
}

static json_t *parse(ys_pload *l)
{
    const ys_pack_file *f = ys__pack_file(l->pack, JSON_FILE);
    json_error_t why;
    if (!f) {
        ys_diag *d = ys__pack_fault(l, JSON_FILE, 0);
        ys_fail(d, YS_EDATA, "没有 datapackage.json，这不是政策包",
                "there is no datapackage.json: this is not a policy pack");
        ys_diag_fix(d, "选择含 datapackage.json 的文件夹", "name a folder with datapackage.json");
        return NULL;
    }
    if (f->size > YS_LIMIT_PACK_JSON) {
        ys_diag *d = ys__pack_fault(l, JSON_FILE, 0);
        ys_fail(d, YS_ELIMIT, "文件超过 %d KB", "the file is larger than %d KB",
                (int)(YS_LIMIT_PACK_JSON >> 10));
        ys_diag_fix(d, "只保留 docs/pack.md 所列的键", "keep only the keys of docs/pack.md");
        return NULL;
    }
    json_t *root = json_loadb(f->data, f->size, JSON_REJECT_DUPLICATES, &why);
    if (root && json_is_object(root))
        return root;
    ys_diag *d = ys__pack_fault(l, JSON_FILE, 0);
    if (root) {
        ys_fail(d, YS_EDATA, "应为 JSON 对象", "must be a JSON object");
        ys_diag_fix(d, "最外层写 { … }", "write { … } outermost");
        json_decref(root);
        return NULL;
    }
    ys_diag_where(d, NULL, NULL, why.line > 0 ? why.line : 0, why.column > 0 ? why.column : 0, NULL);
    ys_fail(d, YS_EDATA, "不是有效的 JSON：%s", "not valid JSON: %s", why.text);
    ys_diag_fix(d, "检查引号、逗号和括号", "check quotes, commas and brackets");
    return NULL;
}

void ys__pack_read_json(ys_pload *l)
{
    ys_pack *p = l->pack;
    l->next_order = 1;
    p->name = p->version = p->title = p->currency = p->period = p->line_jurisdiction = p->line_level = "";
    json_t *root = parse(l);
    if (!root)
        return;
    p->name = text(l, root, "name", true);
    p->version = text(l, root, "version", true);
    p->title = text(l, root, "title", true);
    const json_t *licences = json_object_get(root, "licenses");
    if (!json_array_size(licences)) {
        ys_diag *d = at(l, "licenses", NULL);
        ys_fail(d, YS_EDATA, "没有写明许可", "the licence is not stated");
        ys_diag_fix(d, "加上 \"licenses\":[{\"name\":…}]", "add \"licenses\":[{\"name\":…}]");
    }
    read_own(l, root);
    read_resources(l, root);
    json_decref(root);
}
