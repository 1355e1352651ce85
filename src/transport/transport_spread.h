/* SPDX-License-Identifier: BSD-3-Clause
   What the most uncertain numbers of transport leave open about one product: 90 % intervals of its courses.
   Each number is moved alone to both ends of its range, with the coarse column; effects of several add on the
   scale of the reading: logarithm, or log odds of the dose where that is finite. */
#pragma once
#include "column.h"
#include "run.h"

/* Fills the intervals of a->needled, a->intact and of the enhancement, around their values; these and the
   times of `a` are set. Leaves NAN where a reading is 0. NW_MEMORY. Safe in parallel. */
enum nw_status nw_transport_spread(const struct nw_run *run, size_t product, struct nw_channels channels,
                                   struct nw_absorption *a);
