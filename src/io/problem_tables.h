/* SPDX-License-Identifier: BSD-3-Clause
   The tables of a calibration problem, one function each; order: conditions, parameters, observables,
   measurements. Plans are found from `folder` (with its last slash; only conditions need it). Every mistake
   is reported at its cell; *wrong is then set. NW_MEMORY. */
#pragma once
#include "base/csv.h"
#include "calibration/problem.h"

/* Names and plans of the experiments. */
enum nw_status nw_problem_take_conditions(struct nw_context *context, const struct nw_csv *csv,
                                          const char *folder, struct nw_problem *problem, bool *wrong);
enum nw_status nw_problem_take_parameters(struct nw_context *context, const struct nw_csv *csv,
                                          const char *folder, struct nw_problem *problem, bool *wrong);
enum nw_status nw_problem_take_observables(struct nw_context *context, const struct nw_csv *csv,
                                           const char *folder, struct nw_problem *problem, bool *wrong);
enum nw_status nw_problem_take_measurements(struct nw_context *context, const struct nw_csv *csv,
                                            const char *folder, struct nw_problem *problem, bool *wrong);
/* What only shows when all tables are read: products that the plans lack, parameters that nothing reads. */
void nw_problem_check(struct nw_context *context, const struct nw_problem *problem, bool *wrong);
