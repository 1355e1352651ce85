/* SPDX-License-Identifier: BSD-3-Clause
   A wound cut out, the experiment that most of what is known of healing comes from: the same network as under
   a needle, with everything gone inside a circle and clot in its place. */
#pragma once
#include "run.h"

/* The timeline of *run (zeroed before) takes means over the wound every eighth of a day to day 28, the last
   that curves are read at: neutrophil, macrophage_m1 (all macrophages), collagen_total; other outcomes are
   NAN. `params` are SI. Free with nw_run_clear or nw_trial_clear, also on failure. NW_MEMORY, NW_NUMERICAL,
   NW_INTERRUPTED. */
enum nw_status nw_excision_run(struct nw_context *context, const struct nw_params *params,
                               struct nw_run *run);
