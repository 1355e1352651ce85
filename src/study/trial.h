/* SPDX-License-Identifier: BSD-3-Clause
   A trial: one plan carried to its outcomes without files, on a cheap grid, as often as a study likes and
   each time with other parameters. */
#pragma once
#include "healing/healing.h"
#include "run.h"

/* The grid of studies: cheap, and within a few percent of the patch (tests/property/test_fidelity.c). */
#define NW_STUDY_GRID NW_DEPTH_CELL

/* Skin, device, puncture and transport of the case: what all its courses share. *base starts zeroed; free it
   with nw_run_clear, also on failure. The case is borrowed for its lifetime. Statuses are those of the
   stages. */
enum nw_status nw_trial_prepare(struct nw_context *context, const struct nw_case *c, struct nw_run *base);

/* The whole course of `base` under other parameters (NULL: those of the case) on a grid, then outcomes:
   fills tissue, tissue_untreated, timeline, outcome (intervals NAN) and safety of *out. Safe in parallel
   on one base with a context each. *out borrows from base; free it with nw_trial_clear, also on failure.
   Statuses are those of healing and outcome. */
enum nw_status nw_trial_run(struct nw_context *context, const struct nw_run *base,
                            const struct nw_params *params, enum nw_fidelity fidelity, struct nw_run *out);
void nw_trial_clear(struct nw_run *out);
/* Reads a finished trial again under other parameters of outcome (model/params/outcome.def), which change
   nothing of the course: milliseconds. *out borrows from `trial`; free it with nw_trial_forget. */
enum nw_status nw_trial_reread(struct nw_context *context, const struct nw_run *trial,
                               const struct nw_params *params, struct nw_run *out);
void nw_trial_forget(struct nw_run *out);

/* Value of an outcome at a time after the first injury [s], linear between output times; NAN where absent. */
double nw_trial_at(const struct nw_run *run, enum nw_outcome outcome, double time);
/* The same of the untreated twin. */
double nw_trial_untreated_at(const struct nw_run *run, enum nw_outcome outcome, double time);
