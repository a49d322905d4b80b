/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_COOP_MARKS_H
#define YS_COOP_MARKS_H
/*
 * marks.h - how something stands today: computed from dated facts, never typed in, never an average.
 *
 * ● on course  ▲ warning  ■ late  ○ not started and not due  ✓ done  ▨ facts too old to say.  Stale overrides "on course" and never hides
 * "late".  Each mark comes with the rule that gave it and how many days it is about, so that a page can say why, and what would turn it
 * green.  Thresholds are the pack's parameters.  Dates are days since 1970-01-01; YS_NO_DATE: unknown.
 */
#include <stdbool.h>
#include <stdint.h>

#define YS_NO_DATE INT32_MIN

typedef enum ys_coop_mark {
    YS_MARK_NOT_STARTED,
    YS_MARK_ON_COURSE,
    YS_MARK_WARNING,
    YS_MARK_LATE,
    YS_MARK_DONE,
    YS_MARK_STALE,
    YS_MARKS
} ys_coop_mark;
extern const char *const ys_mark_shape[YS_MARKS]; /* ○ ● ▲ ■ ✓ ▨ */

typedef enum ys_mark_rule {
    YS_RULE_NONE,
    YS_RULE_DONE,       /* everything is reached */
    YS_RULE_OVERDUE,    /* a date passed long ago */
    YS_RULE_SLIPPING,   /* a date passed lately, or the forecast lies behind it */
    YS_RULE_SOON,       /* due soon and not reached */
    YS_RULE_BLOCKED,    /* something has been in the way for too long */
    YS_RULE_IDLE,       /* money lies still for too long */
    YS_RULE_STALE,      /* nobody said anything for too long */
    YS_RULE_CONDITION,  /* waits for somebody else: no date binds yet */
    YS_RULE_UNDATED,    /* promised without a date */
    YS_RULE_PART,       /* delivered in part, still in time */
    YS_RULE_UNVERIFIED, /* delivered, but nobody verified it */
    YS_MARK_RULES
} ys_mark_rule;

typedef struct ys_mark_limits {
    int32_t late;    /* days past a date that make a warning a delay (30) */
    int32_t soon;    /* days before a date that make it a warning (15) */
    int32_t idle;    /* days money may lie (90) */
    int32_t blocked; /* days a blocker may stand (14) */
    int32_t stale;   /* days without an update (45) */
} ys_mark_limits;
extern const ys_mark_limits ys_mark_limits_default;

typedef struct ys_standing {
    ys_coop_mark mark;
    ys_mark_rule rule;
    int32_t days;  /* the rule's: late, until due, blocked, idle, silent; 0 where it has none */
    int32_t which; /* the milestone the rule is about, -1: none */
} ys_standing;

typedef struct ys_gate_dates {
    int32_t planned_from, planned_to; /* either may be unknown */
    int32_t forecast, actual;
    int32_t blocked_since; /* YS_NO_DATE: nothing is in the way */
    bool conditional;      /* its date binds only once somebody else has decided */
    int32_t after;         /* the milestone that must be reached first, -1: none */
} ys_gate_dates;

/* Has it been reached by `today`?  An actual date that lies ahead is a slip of the pen (a finding), or not known yet on that day. */
static inline bool ys_gate_reached(const ys_gate_dates *gate, int32_t today)
{
    return gate->actual != YS_NO_DATE && gate->actual <= today;
}

/* Its date depends on a milestone that nobody has reached: it does not bind yet. */
bool ys_gate_waits(const ys_gate_dates *gates, int32_t n, int32_t which, int32_t today);

/*
 * Days a milestone is behind its plan on the day `today`: the actual day (or forecast, or today where the plan has passed) against
 * planned_to.  Negative: earlier.  0 where there is no plan, and while a condition is not met.
 */
int32_t ys_gate_slip(const ys_gate_dates *gates, int32_t n, int32_t which, int32_t today);

/* How one milestone stands for itself; `updated`: the last word about it. */
ys_standing ys_gate_standing(const ys_gate_dates *gates, int32_t n, int32_t which, int32_t updated,
                             int32_t today, const ys_mark_limits *limits);

typedef struct ys_project_facts {
    const ys_gate_dates *gates;
    int32_t n;
    bool
        to_the_end; /* the milestones reach to the last gate, or the project is closed: reaching them all means done */
    int32_t idle;    /* days its oldest money lies still, 0: none lies */
    int32_t updated; /* the last word about it */
} ys_project_facts;

ys_standing ys_project_standing(const ys_project_facts *p, int32_t today, const ys_mark_limits *limits);

typedef struct ys_promise_facts {
    int32_t due_from, due;
    bool conditional;
    double promised;            /* quantity or amount; NAN: not stated, then any delivery keeps it */
    double delivered, verified; /* `verified` is part of `delivered` */
    int32_t kept_on;            /* day of the last delivery; YS_NO_DATE: none */
} ys_promise_facts;

ys_standing ys_promise_standing(const ys_promise_facts *p, int32_t today, const ys_mark_limits *limits);

/* A task or problem: closed, or due. */
ys_standing ys_task_standing(int32_t due, int32_t closed, int32_t updated, int32_t today,
                             const ys_mark_limits *limits);

#endif
