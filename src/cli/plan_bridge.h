/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_PLAN_BRIDGE_H
#define YS_CLI_PLAN_BRIDGE_H
/*
 * plan_bridge.h - who bridges on what, where a scenario moves something in time: a sentence, and its figures as JSON.
 * Nothing is printed where nothing moves.
 */
#include "app/whatif.h"
#include "cli/command.h"

ys_status ys_cli_bridge_talk(const ys_cli *c, const ys_scenario *s, ys_diag *diag) YS_MUST_USE;
/* Key "bridge" of the open object. */
ys_status ys_cli_bridge_json(ys_json *j, const ys_scenario *s, ys_diag *diag) YS_MUST_USE;

#endif
