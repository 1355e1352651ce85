/* SPDX-License-Identifier: BSD-3-Clause
   What treatment costs the person: days at home, redness, the risk of dark marks. */
#pragma once
#include "run.h"

/* Largest erythema index above the first row [AU]. */
double nw_aftermath_erythema_peak(const struct nw_timeline *timeline);
/* Rise of the erythema index at which this skin, with its melanin and site, is visibly redder: a* of the
   colour model rises by visible_red [AU]. */
double nw_aftermath_visible_red(const struct nw_case *c);
/* Longest time from a session until redness, water loss and bleeding points are all below the limits
   visible_red, visible_leak and visible_spots for good before the next session [s], against
   how the skin was before that session. Crossings are interpolated between rows; 0 without a session or
   where nothing shows. */
double nw_aftermath_downtime(const struct nw_case *c, const struct nw_timeline *timeline);
/* The same by redness alone [s]. */
double nw_aftermath_redness(const struct nw_case *c, const struct nw_timeline *timeline);
/* Probability of lasting dark marks: odds rise with phototype, with the inflammation of junction and dermis
   summed over the course and with the sun it meets; never zero. */
double nw_aftermath_pih_risk(const struct nw_case *c, const struct nw_skin *skin,
                             const struct nw_tissue_history *tissue);
