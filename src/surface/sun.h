/* SPDX-License-Identifier: BSD-3-Clause
   The ultraviolet dose of a day, with and without aftercare. */
#pragma once
#include "plan/case.h"

/* Daily dose at `time` since the first injury [s], in the SI of MED/day [MED/s]. Before it (time < 0)
   the subject's habit. Sunscreen acts from the first injury on, sun avoidance for its duration after
   each session of the plan: the untreated twin keeps the same aftercare, so the calendar counts, not
   the injuries. */
double nw_sun_dose(const struct nw_case *c, double time);
/* Melanocyte activity of normal skin at rest under a steady dose [MED/s], relative to no sun [1]. */
double nw_sun_activity(const struct nw_case *c, double dose);
