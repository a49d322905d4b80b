/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identity numbers, names and telephones that look right and belong to nobody.
 *
 * Uniqueness without a memory: a person's serial (household * 7 + member) is spread over (prefix, sequence number)
 * and, beyond that, over the day of the year, so that no two of a hundred million persons share a number.
 */
#include <string.h>

#include "base/num.h"
#include "synth/synth_internal.h"

enum { REGISTER_PREFIX = 990000, REGISTER_PREFIXES = 8000, SAMPLE_PREFIX = 998000, SAMPLE_PREFIXES = 1000 };
/* Of one sex, 49 in each hundred: never x00, for an importer takes 000 at the end for a spreadsheet's damage. */
enum { SEQUENCES = 490, IN_A_HUNDRED = 49 };

static int64_t serial_of(int64_t household, int m)
{
    return household * SY_PERSONS + m;
}

static int64_t slots_of(bool sample)
{
    return (int64_t)(sample ? SAMPLE_PREFIXES : REGISTER_PREFIXES) * SEQUENCES;
}

/* A bijection on 0..slots-1: the multiplier shares no factor with 8000*490 or 1000*490. */
static int64_t scramble(int64_t slot, int64_t slots)
{
    return (int64_t)((unsigned __int128)(uint64_t)slot * 1000003u % (uint64_t)slots);
}

int32_t ys__synth_birthday(int64_t household, bool sample, int m, int year)
{
    int64_t slots = slots_of(sample), serial = serial_of(household, m);
    int64_t slot = serial % slots, lap = serial / slots;
    int64_t day = ((int64_t)(ys_hash64((uint64_t)slot) % 365) + lap * 4) % 365;
    int y, month, dom; /* a common year's day, so that it exists in every year */
    ys_date_to(ys_date_from(2015, 1, 1) + (int32_t)day, &y, &month, &dom);
    return ys_date_from(year, month, dom);
}

static char check_digit(const char *id)
{
    static const int WEIGHT[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (id[i] - '0') * WEIGHT[i];
    return "10X98765432"[sum % 11];
}

void ys__synth_id(int64_t household, bool sample, int m, int32_t birthday, bool male, char id[19])
{
    int64_t slots = slots_of(sample), slot = scramble(serial_of(household, m) % slots, slots);
    int prefix = (sample ? SAMPLE_PREFIX : REGISTER_PREFIX) + (int)(slot / SEQUENCES);
    int step = (int)(slot % SEQUENCES);
    int sequence = step / IN_A_HUNDRED * 100 + 2 * (step % IN_A_HUNDRED) + (male ? 1 : 2);
    int year, month, day;
    ys_date_to(birthday, &year, &month, &day);
    int64_t number = ((int64_t)prefix * 100000000 + year * 10000 + month * 100 + day) * 1000 + sequence;
    for (int i = 16; i >= 0; i--) {
        id[i] = (char)('0' + number % 10);
        number /= 10;
    }
    id[17] = check_digit(id);
    id[18] = 0;
}

bool ys_synth_is_fictitious_id(const char *id)
{
    if (!id || strlen(id) != 18)
        return false;
    int prefix = 0;
    for (int i = 0; i < 17; i++) {
        if (id[i] < '0' || id[i] > '9')
            return false;
        if (i < 6)
            prefix = prefix * 10 + (id[i] - '0');
    }
    return prefix >= 990000 && prefix <= 998999;
}

void ys__synth_phone(int64_t household, bool sample, int m, char phone[12])
{
    uint64_t number = (uint64_t)serial_of(household, m) * 2 + sample;
    number = number * 39916801u % 100000000u;
    phone[0] = phone[1] = phone[2] = '0';
    for (int i = 10; i >= 3; i--) {
        phone[i] = (char)('0' + number % 10);
        number /= 10;
    }
    phone[11] = 0;
}

/* The commonest surnames, with rough weights, and characters common in given names of three generations. */
static const struct {
    const char *text;
    int weight;
} SURNAMES[] = {{"王", 90}, {"李", 88}, {"张", 85}, {"刘", 62}, {"陈", 40}, {"杨", 34}, {"赵", 32},
                {"孙", 26}, {"马", 22}, {"朱", 18}, {"郭", 18}, {"高", 16}, {"徐", 16}, {"宋", 15},
                {"韩", 13}, {"于", 12}, {"曹", 12}, {"吴", 12}, {"周", 12}, {"侯", 10}, {"许", 9},
                {"田", 9},  {"孔", 8},  {"邓", 6},  {"程", 6},  {"袁", 6},  {"苏", 6},  {"魏", 8},
                {"丁", 7},  {"任", 7},  {"卢", 5},  {"姜", 5},  {"崔", 6},  {"谢", 5},  {"董", 8},
                {"潘", 5},  {"段", 4},  {"晁", 3},  {"仝", 3},  {"樊", 3},  {"冯", 8},  {"何", 7},
                {"秦", 5},  {"石", 5},  {"常", 4}};
static const char *const OLD_MEN[] = {"德", "永", "金", "福", "广", "宪", "庆", "传",
                                      "保", "明", "国", "建", "玉", "长", "殿", "守"};
static const char *const OLD_WOMEN[] = {"秀", "兰", "英", "桂", "玉", "凤", "爱", "荣",
                                        "花", "莲", "香", "芝", "梅", "素", "翠", "珍"};
static const char *const MEN[] = {"建", "军", "伟", "强", "志", "海", "涛", "刚",
                                  "勇", "磊", "峰", "亮", "新", "振", "成", "林"};
static const char *const WOMEN[] = {"丽", "红", "艳", "霞", "燕", "敏", "娟", "玲",
                                    "静", "芳", "慧", "春", "云", "晓", "雪", "萍"};
static const char *const YOUNG[] = {"子", "涵", "宇", "轩", "浩", "然", "欣", "怡",
                                    "佳", "梓", "博", "思", "雨", "泽", "晨", "诺"};

void ys__synth_name(uint64_t seed, int64_t household, bool sample, int m, const sy_person *p, char *buf,
                    size_t size)
{
    int total = 0;
    for (size_t i = 0; i < sizeof SURNAMES / sizeof SURNAMES[0]; i++)
        total += SURNAMES[i].weight;
    /* wives, mothers and sons' wives keep the surname they were born with */
    bool own = p->relation == SY_SPOUSE || p->relation == SY_MOTHER;
    uint64_t x = ys_hash64((seed ^ ((uint64_t)(household * 2 + sample) * 977)) + (own ? (uint64_t)m + 1 : 0));
    int pick = (int)(x % (uint64_t)total);
    size_t s = 0;
    while (pick >= SURNAMES[s].weight)
        pick -= SURNAMES[s++].weight;
    uint64_t g = ys_hash64(x ^ ((uint64_t)(m + 1) * 0x9e3779b97f4a7c15u));
    const char *const *list = p->age < 22    ? YOUNG
                              : p->male      ? (p->age >= 50 ? OLD_MEN : MEN)
                              : p->age >= 50 ? OLD_WOMEN
                                             : WOMEN;
    bool two = (g >> 40) % 100 < 84;
    const char *first = list[g & 15], *second = list[g >> 8 & 15];
    snprintf(buf, size, "%s%s%s", SURNAMES[s].text, first, two && second != first ? second : "");
}
