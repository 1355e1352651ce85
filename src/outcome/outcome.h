/* SPDX-License-Identifier: BSD-3-Clause
   Stage outcome: tissue becomes what an instrument or a rater would read. */
#pragma once
#include "colour.h"
#include "run.h"
#include "relief/relief_map.h"

enum nw_outcome_change { NW_CHANGE_PERCENT, NW_CHANGE_ABSOLUTE };

struct nw_outcome_row {
  const char *key, *unit, *text;
  enum nw_outcome_change change; /* ABSOLUTE for colour, ITA and grades */
  double resolution;             /* of the instrument: below this baseline no percent change [unit] */
  int evidence;                  /* grade 1..5 of the mapping */
};
const struct nw_outcome_row *nw_outcome_rows(void); /* NW_OUTCOME_COUNT rows */

/* All outcome values of one tissue state [unit of outcomes.def], NAN where not computed for this case.
   `start` is the tissue state just before the first injury. Pure: used for patch, unit cells and
   ensembles alike. */
void nw_outcome_read(const struct nw_case *c, const struct nw_skin *skin, const struct nw_tissue_state *start,
                     const struct nw_tissue_state *now, double value[NW_OUTCOME_COUNT]);
/* What colours the skin between features in this state. */
struct nw_tint nw_outcome_tint(const struct nw_case *c, const struct nw_tissue_state *start,
                               const struct nw_tissue_state *now);
/* How large the features of the relief are in this state. */
struct nw_relief_size nw_outcome_relief(const struct nw_case *c, const struct nw_skin *skin,
                                        const struct nw_tissue_state *start,
                                        const struct nw_tissue_state *now);
/* Central 90 % limits within which chance alone scatters what patches of this skin read in this state: counts
   of features and their area [unit of outcomes.def]. false: the outcome is no such number. */
bool nw_outcome_chance(const struct nw_case *c, const struct nw_skin *skin,
                       const struct nw_tissue_state *start, const struct nw_tissue_state *now,
                       enum nw_outcome outcome, double *low, double *high);
/* Fills run->timeline, run->outcome (baseline, final, untreated, change, effect; not the intervals)
   and run->safety from run->tissue and run->tissue_untreated. */
enum nw_status nw_outcome_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
