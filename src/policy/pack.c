/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack.h"
#include "policy/pack_internal.h"

int ys_pack_files(const ys_pack *p, const ys_pack_file **ret_files)
{
    *ret_files = p->files;
    return p->file_count;
}

const char *ys_pack_name(const ys_pack *p)
{
    return p->name;
}

const char *ys_pack_version(const ys_pack *p)
{
    return p->version;
}

const char *ys_pack_title(const ys_pack *p)
{
    return p->title;
}

const char *ys_pack_hash(const ys_pack *p)
{
    return p->hash;
}

const char *ys_pack_currency(const ys_pack *p)
{
    return p->currency;
}

int ys_pack_digits(const ys_pack *p)
{
    return p->digits;
}

const char *ys_pack_period(const ys_pack *p)
{
    return p->period;
}

int32_t ys_pack_reference_date(const ys_pack *p)
{
    return p->reference_date;
}

int ys_pack_area_levels(const ys_pack *p, const char *const **ret_levels)
{
    *ret_levels = p->levels;
    return p->level_count;
}

const ys_kind *ys_pack_kind(const ys_pack *p, const char *name)
{
    int64_t i = ys_map_get(p->names[YS_PT_KINDS], name, -1);
    return i >= 0 ? &p->kinds[i] : NULL;
}

int ys_pack_kinds(const ys_pack *p, const ys_kind *const **ret_kinds)
{
    *ret_kinds = p->kind_list;
    return p->kind_count;
}

const ys_line *ys_pack_line(const ys_pack *p, const char *jurisdiction, const char *level, int year)
{
    if (!jurisdiction)
        jurisdiction = p->line_jurisdiction;
    if (!level)
        level = p->line_level;
    if (!year)
        year = p->line_year;
    char key[512];
    int n = snprintf(key, sizeof key, "%s\x1f%s\x1f%d", jurisdiction, level, year);
    int64_t i = n > 0 && (size_t)n < sizeof key ? ys_map_get(p->names[YS_PT_LINES], key, -1) : -1;
    return i >= 0 ? &p->lines[i] : NULL;
}

/* One getter for each table: its rows and their number. */
#define TABLE(type, getter, member, table)                                                                   \
    const type *getter(const ys_pack *p, int *ret_count)                                                     \
    {                                                                                                        \
        *ret_count = p->count[table];                                                                        \
        return p->member;                                                                                    \
    }
TABLE(ys_line, ys_pack_lines, lines, YS_PT_LINES)
TABLE(ys_income_line, ys_pack_income_lines, income_lines, YS_PT_INCOME_LINES)
TABLE(ys_derived, ys_pack_derived, derived, YS_PT_DERIVED)
TABLE(ys_indicator, ys_pack_indicators, indicators, YS_PT_INDICATORS)
TABLE(ys_cause, ys_pack_causes, causes, YS_PT_CAUSES)
TABLE(ys_measure, ys_pack_measures, measures, YS_PT_MEASURES)
TABLE(ys_cause_measure, ys_pack_cause_measures, cause_measures, YS_PT_CAUSE_MEASURES)
TABLE(ys_exclusion, ys_pack_exclusions, exclusions, YS_PT_EXCLUSIONS)
TABLE(ys_measure_group, ys_pack_groups, groups, YS_PT_GROUPS)
TABLE(ys_entitlement, ys_pack_entitlements, entitlements, YS_PT_ENTITLEMENTS)
TABLE(ys_pack_rule, ys_pack_rules, rules, YS_PT_RULES)
TABLE(ys_pair_level, ys_pack_pair_levels, pair_levels, YS_PT_PAIR_LEVELS)
TABLE(ys_pair_term, ys_pack_pair_terms, pair_terms, YS_PT_PAIR_TERMS)

const ys_template_column *ys_pack_template(const ys_pack *p, int *ret_count)
{
    *ret_count = p->template_count;
    return p->templates;
}

double ys_pack_param(const ys_pack *p, const char *name, double missing)
{
    int64_t i = ys_map_get(p->names[YS_PT_PARAMS], name, -1);
    return i >= 0 ? p->params[i] : missing;
}

int ys_pack_params(const ys_pack *p, const char *const **ret_names, const double **ret_values)
{
    *ret_names = p->param_names;
    *ret_values = p->params;
    return p->count[YS_PT_PARAMS];
}

int ys_pack_measure_index(const ys_pack *p, const char *measure)
{
    return (int)ys_map_get(p->names[YS_PT_MEASURES], measure, -1);
}

int ys_pack_group_index(const ys_pack *p, const char *group)
{
    return (int)ys_map_get(p->names[YS_PT_GROUPS], group, -1);
}

int ys_pack_cause_index(const ys_pack *p, const char *cause)
{
    return (int)ys_map_get(p->names[YS_PT_CAUSES], cause, -1);
}

int ys_pack_indicator_index(const ys_pack *p, const char *indicator)
{
    return (int)ys_map_get(p->names[YS_PT_INDICATORS], indicator, -1);
}
