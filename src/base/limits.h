/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_LIMITS_H
#define YS_BASE_LIMITS_H
/*
 * limits.h - every ceiling in one place: what grows with somebody's input stops here, with a clear error.
 */
#define YS_LIMIT_STR        ((size_t)1 << 30)  /* bytes of one growing string */
#define YS_LIMIT_ARENA      ((size_t)16 << 30) /* bytes of one arena */
#define YS_LIMIT_CSV_FIELD  ((size_t)1 << 20)  /* bytes of one CSV field */
#define YS_LIMIT_CSV_RECORD ((size_t)8 << 20)  /* bytes of one CSV record */
#define YS_LIMIT_COLUMNS    1024               /* columns of one sheet or table */
#define YS_LIMIT_XLSX_PART  ((size_t)4 << 30)  /* unpacked bytes of one part of an XLSX file */
#define YS_LIMIT_XLSX_RATIO 200 /* unpacked/packed: beyond it is a zip bomb (small parts are exempt) */
#define YS_LIMIT_XLSX_RATIO_FREE                                                                             \
    ((size_t)32 << 20)                             /* unpacked bytes below which the ratio does not matter  \
                                                     */
#define YS_LIMIT_XLSX_ENTRIES   65536              /* entries of the archive */
#define YS_LIMIT_XLSX_SHEETS    4096               /* sheets of one workbook */
#define YS_LIMIT_XLSX_STYLES    (1 << 20)          /* cell styles and number formats of one workbook */
#define YS_LIMIT_XLSX_MERGES    (1 << 20)          /* merged areas of one sheet */
#define YS_LIMIT_XLSX_TAG       ((size_t)16 << 20) /* bytes of one tag or comment of the XML inside */
#define YS_LIMIT_RULE_TEXT      4096               /* bytes of one rule */
#define YS_LIMIT_RULE_DEPTH     48                 /* nesting of one rule */
#define YS_LIMIT_RULE_STEPS     1024               /* operations of one compiled rule */
#define YS_LIMIT_RULE_ROWS      ((int64_t)1 << 24) /* elements below one record that one list macro may run over */
#define YS_LIMIT_PACK_ROWS      200000             /* rows of one table of a policy pack */
#define YS_LIMIT_PACK_FILES     1000               /* files of one policy pack */
#define YS_LIMIT_PACK_BYTES     ((size_t)64 << 20)  /* bytes of one policy pack */
#define YS_LIMIT_PACK_JSON      ((size_t)1 << 20)   /* bytes of the datapackage.json of one policy pack */
#define YS_LIMIT_PACK_MEMORY    ((size_t)1 << 30)   /* bytes of memory of one loaded policy pack */
#define YS_LIMIT_PACK_DEPTH     4                   /* folders within folders of one policy pack */
#define YS_LIMIT_JSON_BYTES     ((size_t)256 << 20) /* bytes of one JSON document read */
#define YS_LIMIT_FINDINGS       10000               /* findings kept of one import; more are counted */
#define YS_LIMIT_OPTIONS        24                  /* options of one household in a plan */
#define YS_LIMIT_BUNDLES        512                 /* bundles of one household in a plan */
#define YS_LIMIT_MAPPED_RECORDS ((size_t)2 << 20)   /* keys held while a mapping dedupes or sums one table */
#define YS_LIMIT_MAPPED_BYTES   ((size_t)128 << 20) /* bytes held for them */
#define YS_LIMIT_MAPPED_REPEAT  10000               /* records one row of a mapped table may give */

#endif
