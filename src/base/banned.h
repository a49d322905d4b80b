/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_BANNED_H
#define YS_BASE_BANNED_H
/*
 * banned.h - functions that overflow, depend on locale, or hide state.  Included by force into every file of
 * src/.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define YS_BANNED(f) banned_function_##f##_see_base_banned_h
#undef strcpy
#define strcpy(...) YS_BANNED(strcpy)
#undef strcat
#define strcat(...) YS_BANNED(strcat)
#undef strncpy
#define strncpy(...) YS_BANNED(strncpy)
#undef strncat
#define strncat(...) YS_BANNED(strncat)
#undef sprintf
#define sprintf(...) YS_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) YS_BANNED(vsprintf)
#undef strtok
#define strtok(...) YS_BANNED(strtok)
#undef atoi
#define atoi(...) YS_BANNED(atoi)
#undef atol
#define atol(...) YS_BANNED(atol)
#undef atof
#define atof(...) YS_BANNED(atof)
#undef localtime
#define localtime(...) YS_BANNED(localtime)
#undef gmtime
#define gmtime(...) YS_BANNED(gmtime)
#undef ctime
#define ctime(...) YS_BANNED(ctime)
#undef asctime
#define asctime(...) YS_BANNED(asctime)
#undef rand
#define rand(...) YS_BANNED(rand)
#undef srand
#define srand(...) YS_BANNED(srand)
#undef system
#define system(...) YS_BANNED(system)
#undef setlocale
#define setlocale(...) YS_BANNED(setlocale)
#endif
