/* SPDX-License-Identifier: BSD-3-Clause
   Reads a calibration problem: its YAML file, the tables that this names, and the plans that those name. */
#pragma once
#include "calibration/problem.h"

/* All mistakes of all files at once, each with its file, line and column: NW_BAD_PLAN, NW_IO, NW_MEMORY. *out
   is then empty; else clear it with nw_problem_clear. */
enum nw_status nw_problem_read(struct nw_context *context, const char *path, struct nw_problem *out);
