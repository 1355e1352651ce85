/* SPDX-License-Identifier: BSD-3-Clause
   Published courses of healing against what the simulation gives: scenes and rows of
   model/healing_cases.def. */
#pragma once
#include "validate.h"

/* Runs every scene with these parameters (SI) on the grid of studies and appends one case a row. */
enum nw_status nw_healing_cases_run(struct nw_context *context, const struct nw_params *p,
                                    struct nw_validation *out);
