/* SPDX-License-Identifier: BSD-3-Clause
   Stage healing: the wound-healing network of the dermis on the grid for months, sessions as events,
   ageing and sun underneath. The network itself stands in network.h. */
#pragma once
#include "run.h"

/* Who wants to see the fields on the way; all nullable. Times [d]. */
struct nw_healing_sink {
  void *data;
  /* At every output time, fields (nz, ny, nx) in tissue units. */
  enum nw_status (*output)(void *data, double time, const float *const value[NW_FIELD_COUNT]);
};

/* Runs the whole course from the state of run->healing (created here when NULL) and fills run->tissue,
   run->tissue_untreated, run->pictures, run->checks and run->cost. NW_INTERRUPTED when the context was
   interrupted: run->healing can be saved and the call repeated later with the same result. */
enum nw_status nw_healing_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                              const struct nw_healing_sink *sink);
