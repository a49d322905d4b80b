/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/num.h"
#include "registry/cells.h"
#include "registry/repeats.h"
#include "registry/row_source.h"

enum { CELL_TEXT = 4096 };

typedef struct job {
    const ys_sheet_plan *plan;
    const ys_binding *binding;
    bool first; /* of its sheet: what concerns the sheet as a whole is told once */
} job;

/* What is remembered of a row of the table that cannot be taken as it stands. */
typedef struct row_note {
    uint16_t lacks; /* 1 + the required field that is blank in it; 0: none */
    bool out;       /* not to be written */
    bool told;      /* as an orphan */
} row_note;

typedef struct import {
    const ys_import_args *args;
    ys_import_counts counts;
    ys_sheet_plan *plans;
    size_t plan_count, plan_cap;
    job *jobs;
    size_t job_count;
    const ys_kind *kind; /* of the job at work */
    const ys_binding *binding;
    ys_diag where;   /* file and sheet of the job at work */
    row_note *notes; /* of its rows, by number; as far as the last row with something to note */
    size_t note_count, note_cap;
    int unbound;     /* a required field that no column gives; -1: none */
    int64_t lacking; /* new records that lack a required field */
    bool again;      /* the table is read a second time, without them, and nothing is told twice */
    bool no_memory;  /* in a callback that cannot fail */
} import;

static void tell(import *im, ys_import_what what, const ys_diag *d, const ys_change_row *c)
{
    ys_import_event e = {.what = what, .kind = im->kind, .diag = d, .change = c};
    bool news = !im->again || (what == YS_IMP_CHANGE && c->what == YS_CH_ORPHAN);
    if (im->args->event != NULL && news)
        im->args->event(im->args->arg, &e);
}

/* ---- which tables there are ---- */

static ys_status plan_sheet(import *im, const char *file, const char *sheet, ys_diag *diag)
{
    if (!ys_grow(&im->plans, &im->plan_cap, im->plan_count + 1, sizeof *im->plans))
        return ys_fail_nomem(diag);
    YS_TRY(ys_sheet_plan_make(file, sheet, im->args->pack, &im->args->how, &im->plans[im->plan_count], diag));
    im->plan_count++;
    return YS_OK;
}

/* A workbook gives one table per visible sheet. */
static ys_status plan_file(import *im, const char *file, ys_diag *diag)
{
    ys_sheet *s = NULL;
    ys_status st = YS_OK;
    ys_diag_where(diag, file, NULL, 0, 0, NULL);
    YS_GO(ys_sheet_open(file, NULL, &s, diag));
    for (int i = 0; i < ys_sheet_count(s); i++) {
        if (!ys_sheet_hidden_at(s, i))
            YS_GO(plan_sheet(im, file, ys_sheet_name_at(s, i), diag));
    }
    im->counts.files++;
done:
    ys_sheet_close(s);
    return st;
}

/* Number of references one must follow from `k` at most: what others refer to is imported first. */
static int depth_of(const ys_pack *pack, const ys_kind *k, int guard)
{
    int deepest = 0;
    for (int f = 0; f < k->field_count && guard > 0; f++) {
        const ys_kind *other = k->fields[f].ref[0] != '\0' ? ys_pack_kind(pack, k->fields[f].ref) : NULL;
        if (other != NULL && other != k) {
            int d = 1 + depth_of(pack, other, guard - 1);
            deepest = d > deepest ? d : deepest;
        }
    }
    return deepest;
}

/* Jobs by depth, otherwise in the order given: a stable insertion sort over a handful. */
static ys_status order_jobs(import *im, ys_diag *diag)
{
    size_t n = 0;
    for (size_t p = 0; p < im->plan_count; p++)
        n += (size_t)im->plans[p].count;
    im->jobs = ys_calloc(n, sizeof *im->jobs);
    if (im->jobs == NULL)
        return ys_fail_nomem(diag);
    for (size_t p = 0; p < im->plan_count; p++) {
        for (int b = 0; b < im->plans[p].count; b++) {
            if (im->plans[p].bindings[b].count == 0)
                continue;
            job j = {&im->plans[p], &im->plans[p].bindings[b], false};
            int depth = depth_of(im->args->pack, j.binding->kind, 8);
            size_t at = im->job_count++;
            while (at > 0 && depth_of(im->args->pack, im->jobs[at - 1].binding->kind, 8) > depth) {
                im->jobs[at] = im->jobs[at - 1];
                at--;
            }
            im->jobs[at] = j;
        }
    }
    for (size_t i = 0; i < im->job_count; i++) {
        size_t before = 0;
        while (before < i && im->jobs[before].plan != im->jobs[i].plan)
            before++;
        im->jobs[i].first = before == i;
    }
    return YS_OK;
}

/* ---- one table ---- */

static ys_status hash_file(const char *path, char hex[65], ys_diag *diag)
{
    unsigned char digest[32], buf[65536];
    crypto_generichash_state state;
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return ys_fail(diag, YS_EIO, "打不开：%s", "cannot open: %s", strerror(errno));
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (size_t n; (n = fread(buf, 1, sizeof buf, f)) > 0;)
        crypto_generichash_update(&state, buf, n);
    bool bad = ferror(f) != 0;
    fclose(f);
    if (bad)
        return ys_fail(diag, YS_EIO, "读取失败", "cannot read");
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(hex, 65, digest, sizeof digest);
    return YS_OK;
}

static ys_status register_import(const import *im, const job *j, int64_t *ret_import, ys_diag *diag)
{
    char hash[65];
    YS_TRY(hash_file(j->plan->file, hash, diag));
    char *map = ys_binding_json(j->binding, (const char *const *)j->plan->headers, j->plan->header_count);
    if (map == NULL)
        return ys_fail_nomem(diag);
    const char *slash = strrchr(j->plan->file, '/');
    ys_status st = ys_store_import_add(im->args->store, slash != NULL ? slash + 1 : j->plan->file,
                                       j->plan->sheet, hash, map, ret_import, diag);
    ys_free(map);
    return st;
}

/* Scratch of one row: a text buffer and a cell per bound field. */
typedef struct row_space {
    ys_cell *cells;
    char (*texts)[CELL_TEXT];
    ys__repeats *repeats; /* of tables that repeat a record on many rows; else NULL */
    const char **said;    /* what the row says of each field, for them */
} row_space;

static void row_space_done(row_space *r)
{
    ys_free(r->cells);
    ys_free(r->texts);
    ys__repeats_free(r->repeats);
    ys_free(r->said);
}

static ys_status row_space_init(row_space *r, const ys_binding *b, ys_diag *diag)
{
    r->cells = ys_calloc((size_t)b->count, sizeof *r->cells);
    r->texts = ys_calloc((size_t)b->count, sizeof *r->texts);
    r->said = ys_calloc((size_t)b->count, sizeof *r->said);
    r->repeats = b->dedupe ? ys__repeats_new(b) : NULL;
    bool all = r->cells != NULL && r->texts != NULL && r->said != NULL && (r->repeats != NULL || !b->dedupe);
    return all ? YS_OK : ys_fail_nomem(diag);
}

static bool fictitious(const ys_import_args *a, const ys_field *f, const char *id)
{
    int64_t prefix;
    char head[7];
    if (f->sensitivity != YS_SENS_ID || a->fictitious_to == 0 || strlen(id) < 6)
        return false;
    snprintf(head, sizeof head, "%.6s", id);
    return ys_parse_int(head, &prefix) && prefix >= a->fictitious_from && prefix <= a->fictitious_to;
}

static ys_status check_person_is_real(import *im, const ys_field *f, const ys_cell *c, ys_diag *d)
{
    if (c->state != YS_CELL_VALUE || c->t == NULL || !fictitious(im->args, f, c->t))
        return YS_OK;
    im->counts.fictitious++;
    if (im->args->allow_fictitious)
        return YS_OK;
    ys_diag_fix(d, "合成数据只能导入空的或合成的库",
                "synthetic data goes only into an empty or a synthetic store");
    return ys_fail(d, YS_EDATA, "这是合成数据的证件号码，不能混入真实登记册",
                   "this is an identity number of synthetic data; it must not mix with a real register");
}

/* Parse all bound texts of a record; false: a fault was told. */
static bool parse_record(import *im, const ys_binding *b, const ys_record *rec, row_space *space)
{
    bool good = true;
    for (int i = 0; i < b->count; i++) {
        const ys_field *f = &b->kind->fields[b->field[i]];
        const char *text = rec->text[i];
        ys_diag d = im->where;
        ys_status st =
            ys_cell_parse(im->args->pack, f, text, space->texts[i], CELL_TEXT, &space->cells[i], &d);
        if (st == YS_OK && f->key && space->cells[i].state != YS_CELL_VALUE) {
            ys_diag_fix(&d, "填写主键，或删去这一行", "enter the key, or remove the row");
            st = ys_fail(&d, YS_EDATA, "主键不能为空", "a key cannot be blank");
        }
        if (st == YS_OK)
            st = check_person_is_real(im, f, &space->cells[i], &d);
        if (st == YS_OK)
            continue;
        bool secret = f->sensitivity != YS_SENS_NONE;
        ys_diag_where(&d, NULL, NULL, rec->row, b->column[i] + 1,
                      f->label_zh[0] != '\0' ? f->label_zh : f->name);
        ys_diag_value(&d, secret ? "***" : text);
        tell(im, YS_IMP_INVALID, &d, NULL);
        good = false;
    }
    return good;
}

/* ---- what a new record must have ---- */

/* The note of a row, made when it is not there; NULL: no memory. */
static row_note *note_of(import *im, int64_t row)
{
    size_t at = (size_t)row;
    if (row < 0 || !ys_grow(&im->notes, &im->note_cap, at + 1, sizeof *im->notes))
        return NULL;
    if (at >= im->note_count) {
        memset(im->notes + im->note_count, 0, (at + 1 - im->note_count) * sizeof *im->notes);
        im->note_count = at + 1;
    }
    return &im->notes[at];
}

static bool noted_out(const import *im, int64_t row)
{
    return row >= 0 && (size_t)row < im->note_count && im->notes[row].out;
}

static int find_unbound(const ys_binding *b)
{
    for (int f = 0; f < b->kind->field_count; f++) {
        int i = 0;
        while (i < b->count && b->field[i] != f)
            i++;
        if (b->kind->fields[f].required && i == b->count)
            return f;
    }
    return -1;
}

/* Blank means "unchanged", which is nothing when the record is new; whether it is, the store tells later. */
static ys_status note_blanks(import *im, const ys_binding *b, const ys_cell *cells, int64_t row,
                             ys_diag *diag)
{
    for (int i = 0; i < b->count; i++) {
        if (!b->kind->fields[b->field[i]].required || cells[i].state != YS_CELL_BLANK)
            continue;
        row_note *n = note_of(im, row);
        if (n == NULL)
            return ys_fail_nomem(diag);
        n->lacks = (uint16_t)(b->field[i] + 1);
        return YS_OK;
    }
    return YS_OK;
}

/* The required field that the new record of a row lacks; -1: none. */
static int lacks(const import *im, int64_t row)
{
    if (row >= 0 && (size_t)row < im->note_count && im->notes[row].lacks > 0)
        return im->notes[row].lacks - 1;
    return im->unbound;
}

/* The cell of a field in a row, as the place of a fault. */
static ys_diag place_of(const import *im, int field, int64_t row)
{
    const ys_field *f = &im->kind->fields[field];
    int column = -1;
    ys_diag d = im->where;
    for (int i = 0; i < im->binding->count; i++) {
        if (im->binding->field[i] == field)
            column = im->binding->column[i];
    }
    ys_diag_where(&d, NULL, NULL, row, column + 1, f->label_zh[0] != '\0' ? f->label_zh : f->name);
    return d;
}

static void tell_masked(import *im, const ys_change_row *c)
{
    ys_diag d = place_of(im, (int)(c->field - im->kind->fields), c->source_row);
    ys_diag_value(&d, "***");
    ys_diag_fix(&d, "填写全文，或留空（不变），或用 yaoshi export --unmask 重新导出",
                "enter it in full, leave it blank (unchanged), or export again with yaoshi export --unmask");
    ys_fail(&d, YS_EDATA, "遮盖的内容（*）与库中的值对不上，不知道原文是什么",
            "a masked value (*) that is not the mask of what is stored: what it stands for is not known");
    tell(im, YS_IMP_INVALID, &d, NULL);
}

static void tell_lacking(import *im, const ys_change_row *c, int field)
{
    ys_diag d = place_of(im, field, c->source_row);
    if (field == im->unbound)
        ys_diag_fix(&d, "给表加上这一列，或先导入含这一列的表",
                    "add the column to the table, or import a table that has it first");
    else
        ys_diag_fix(&d, "填写这一格，或删去这一行", "fill the cell in, or remove the row");
    ys_fail(&d, YS_EDATA, "新记录缺少必填项", "a new record lacks a required field");
    tell(im, YS_IMP_INVALID, &d, NULL);
}

/* Is the record to be staged: the first of its key?  A later row that contradicts it is told as a fault. */
static ys_status first_of_key(import *im, const ys_binding *b, row_space *space, int64_t row, bool *ret_first,
                              ys_diag *diag)
{
    ys__repeat what;
    int i;
    int64_t first;
    for (i = 0; i < b->count; i++) {
        const ys_cell *c = &space->cells[i];
        space->said[i] = c->state == YS_CELL_BLANK ? "" : c->t != NULL ? c->t : space->texts[i];
    }
    YS_TRY(ys__repeats_take(space->repeats, space->said, row, &what, &i, &first, diag));
    *ret_first = what == YS_REPEAT_FRESH;
    if (what != YS_REPEAT_DIFFERS)
        return YS_OK;
    const ys_field *f = &b->kind->fields[b->field[i]];
    ys_diag d = im->where;
    ys_diag_where(&d, NULL, NULL, row, b->column[i] + 1, f->label_zh[0] != '\0' ? f->label_zh : f->name);
    ys_diag_value(&d, f->sensitivity != YS_SENS_NONE ? "***" : space->said[i]);
    ys_diag_fix(&d, "改正其中一行，或在后面的行留空", "mend one of the rows, or leave the later ones blank");
    ys_fail(&d, YS_EDATA, "与第 %lld 行是同一个%s%.0s，这里说的却不同",
            "the record is that of row %lld (%.0s%s), but this says something else", (long long)first,
            b->kind->label_zh, b->kind->name);
    tell(im, YS_IMP_INVALID, &d, NULL);
    im->counts.invalid++;
    return YS_OK;
}

/* A row that could not be turned into a record. */
static void tell_fault(import *im, const ys_diag *fault)
{
    ys_diag d = *fault;
    ys_diag_where(&d, im->where.file, im->where.sheet, 0, 0, NULL);
    tell(im, YS_IMP_INVALID, &d, NULL);
}

static ys_status stage_record(import *im, const ys_binding *b, const ys_record *rec, row_space *space,
                              ys_diag *diag)
{
    bool first = true;
    if (rec->fault != NULL)
        tell_fault(im, rec->fault);
    if (rec->fault != NULL || !parse_record(im, b, rec, space)) {
        im->counts.invalid++;
        return YS_OK;
    }
    if (space->repeats != NULL)
        YS_TRY(first_of_key(im, b, space, rec->row, &first, diag));
    if (!first || noted_out(im, rec->row))
        return YS_OK;
    if (!im->again)
        YS_TRY(note_blanks(im, b, space->cells, rec->row, diag));
    ys_diag d = im->where;
    ys_status st = ys_store_stage_row(im->args->store, space->cells, rec->row, &d);
    if (st == YS_OK)
        return YS_OK;
    ys_diag_where(&d, NULL, NULL, rec->row, 0, NULL);
    if (st == YS_EDATA || st == YS_ELIMIT) {
        /* A key that is no key: a fault of the row, not of the import. */
        ys_diag_fix(&d, "重新填写主键，只用可见字符，不超过 512 字节",
                    "enter the key again, in visible characters, at most 512 bytes");
        tell(im, YS_IMP_INVALID, &d, NULL);
        im->counts.invalid++;
        return YS_OK;
    }
    if (diag != NULL)
        *diag = d;
    return st;
}

/* Formulas are counted while the sheet is read; a sheet that binds several kinds is read several times, told of once. */
static void tell_formulas(import *im, const job *j, const ys_sheet *s)
{
    ys_diag d = im->where;
    if (ys_sheet_formulas(s) == 0 || !j->first)
        return;
    ys_fail(&d, YS_OK, "%lld 个单元格是公式，取其保存的结果（其中 %lld 个没有结果）",
            "%lld cells are formulas; their stored results were taken (%lld have none)",
            (long long)ys_sheet_formulas(s), (long long)ys_sheet_formulas_blank(s));
    tell(im, YS_IMP_WARNING, &d, NULL);
}

static ys_status stage_rows(import *im, const job *j, row_space *space, ys_diag *diag)
{
    ys_rows *rows = NULL;
    ys_record rec;
    ys_status st = YS_OK;
    YS_GO(ys_rows_open(j->plan, j->binding, ys_pack_digits(im->args->pack), &rows, diag));
    for (;;) {
        YS_GO(ys_rows_next(rows, &rec, diag));
        if (rec.text == NULL && rec.fault == NULL)
            break;
        YS_GO(stage_record(im, j->binding, &rec, space, diag));
    }
    tell_formulas(im, j, ys_rows_sheet(rows));
done:
    ys_rows_close(rows);
    return st;
}

static bool on_change(void *arg, const ys_change_row *c)
{
    import *im = arg;
    int field = c->what == YS_CH_ADDED && !im->again ? lacks(im, c->source_row) : -1;
    if (field >= 0 || c->what == YS_CH_DUPLICATE || c->what == YS_CH_ORPHAN) {
        row_note *n = note_of(im, c->source_row);
        if (n == NULL) {
            im->no_memory = true;
            return false;
        }
        if (n->told && im->again)
            return true;
        n->told = n->told || (c->what == YS_CH_ORPHAN && !im->again);
        n->out = n->out || c->what != YS_CH_ORPHAN;
    }
    im->lacking += field >= 0;
    if (field >= 0)
        tell_lacking(im, c, field);
    else if (c->what == YS_CH_MASKED)
        tell_masked(im, c);
    else
        tell(im, YS_IMP_CHANGE, &im->where, c);
    return true;
}

static void add_counts(ys_stage_counts *to, const ys_stage_counts *c)
{
    to->rows += c->rows;
    to->added += c->added;
    to->changed += c->changed;
    to->unchanged += c->unchanged;
    to->gone += c->gone;
    to->duplicates += c->duplicates;
    to->orphans += c->orphans;
    to->masked += c->masked;
}

static void tell_file(import *im, const job *j)
{
    ys_diag d = im->where;
    if (j->binding->record != NULL)
        ys_fail(&d, YS_OK, "按%s映射出“%s”%.0s（%s），%d 个字段%.0s", "%.0s%.0s\"%s\" (%s), %d fields, by %s",
                j->plan->packs_mapping ? "政策包的 mapping.json " : "", im->kind->label_zh,
                im->kind->label_en, im->kind->name, j->binding->count,
                j->plan->packs_mapping ? "the pack's mapping.json" : "the mapping");
    else
        ys_fail(&d, YS_OK, "认作“%s”%.0s（%s），%d 列", "taken as %.0s\"%s\" (%s), %d columns",
                im->kind->label_zh, im->kind->label_en, im->kind->name, j->binding->count);
    tell(im, YS_IMP_FILE, &d, NULL);
    if (!j->first)
        return;
    for (int i = 0; i < j->plan->ignored_count; i++) {
        d = im->where;
        ys_diag_where(&d, NULL, NULL, j->plan->header_row, 0, j->plan->ignored[i]);
        ys_diag_fix(&d, "若需要，请在映射文件中指明它对应的字段",
                    "if it is wanted, name its field in a mapping file");
        ys_fail(&d, YS_OK, "没有对应字段，或该字段已由另一列给出，不导入",
                "no field has this name, or another column gives it already; the column is not imported");
        tell(im, YS_IMP_WARNING, &d, NULL);
    }
}

static ys_status stage_and_compare(import *im, const job *j, ys_stage_counts *ret_diff, ys_diag *diag)
{
    const ys_import_args *a = im->args;
    row_space space = {0};
    ys_status st = YS_OK;
    YS_GO(row_space_init(&space, j->binding, diag));
    YS_GO(ys_store_stage_begin(a->store, im->kind, j->binding->field, j->binding->count, diag));
    YS_GO(stage_rows(im, j, &space, diag));
    YS_GO(ys_store_stage_diff(a->store, a->scope, a->valid_from, on_change, im, ret_diff, diag));
    if (im->no_memory)
        st = ys_fail_nomem(diag);
done:
    if (st != YS_OK)
        ys_store_stage_end(a->store);
    row_space_done(&space);
    return st;
}

/* Only the comparison knows which records are new.  When some of them lack a required field, the table is staged a
 * second time without their rows; a record that refers to one of them is an orphan then.  Rows of a key that came
 * twice stay out too, so that a faulty first row does not let the second one in unseen. */
static ys_status stage_without_lacking(import *im, const job *j, ys_stage_counts *diff, ys_diag *diag)
{
    ys_import_counts first = im->counts;
    ys_stage_counts second = {0};
    ys_store_stage_end(im->args->store);
    im->again = true;
    ys_status st = stage_and_compare(im, j, &second, diag);
    im->again = false;
    im->counts = first;
    if (st != YS_OK)
        return st;
    im->counts.invalid += im->lacking;
    second.rows = diff->rows;
    second.duplicates = diff->duplicates;
    second.masked = diff->masked;
    *diff = second;
    return YS_OK;
}

static ys_status run_job(import *im, const job *j, ys_diag *diag)
{
    ys_stage_counts diff = {0}, applied = {0};
    int64_t import_id;
    im->kind = j->binding->kind;
    im->binding = j->binding;
    im->where = (ys_diag){0};
    im->note_count = 0;
    im->unbound = find_unbound(j->binding);
    im->lacking = 0;
    ys_diag_where(&im->where, j->plan->file, j->plan->sheet, 0, 0, NULL);
    ys_diag_where(diag, j->plan->file, j->plan->sheet, 0, 0, NULL);
    tell_file(im, j);
    YS_TRY(register_import(im, j, &import_id, diag));
    YS_TRY(stage_and_compare(im, j, &diff, diag));
    if (im->lacking > 0)
        YS_TRY(stage_without_lacking(im, j, &diff, diag));
    ys_status st = ys_store_stage_apply(im->args->store, im->args->valid_from, import_id, &applied, diag);
    ys_store_stage_end(im->args->store);
    if (st == YS_OK)
        add_counts(&im->counts.total, &diff);
    im->counts.invalid += diff.masked;
    return st;
}

ys_status ys_import_run(const ys_import_args *args, ys_import_counts *ret_counts, ys_diag *diag)
{
import im = {.args = args };
    ys_status st = YS_OK;
    for (int i = 0; i < args->file_count; i++)
        YS_GO(plan_file(&im, args->files[i], diag));
    YS_GO(order_jobs(&im, diag));
    for (size_t i = 0; i < im.job_count; i++)
        YS_GO(run_job(&im, &im.jobs[i], diag));
    *ret_counts = im.counts;
done:
    for (size_t i = 0; i < im.plan_count; i++)
        ys_sheet_plan_done(&im.plans[i]);
    ys_free(im.plans);
    ys_free(im.jobs);
    ys_free(im.notes);
    return st;
}
