/* SPDX-License-Identifier: BSD-3-Clause
   How living skin answers a puncture at once: bleeding, pain, and the two clocks of closure. All SI. */
#pragma once
#include "run.h"

/* Probability that a puncture to this depth [m] bleeds: vessels met, fewer with age [1]. */
double nw_reaction_bleeding(const struct nw_params *p, const struct nw_skin *skin, enum nw_site_name site,
                            double depth);
/* Pain of one impact of `needles` needles without anaesthetic, relative to one 26 gauge stick [1]; at most
   1. NAN outside what was measured: lengths of 0.48-1.45 mm, at most 50 needles. */
double nw_reaction_stick_pain(const struct nw_params *p, enum nw_site_name site, double length, int needles);
/* Share of single insertions of a needle of this diameter [m] that hurt [1]. */
double nw_reaction_painful_share(const struct nw_params *p, double diameter);
/* Pain of a session on the visual analogue scale 0-10 [1]. NAN where nothing was measured: many needles
   and lasers without anaesthetic, peels. */
double nw_reaction_session_pain(const struct nw_params *p, const struct nw_device *device,
                                enum nw_site_name site);
/* Half-life of the barrier defect by occlusion, skin colour (phototype 1-6) and age [y]; [s]. */
double nw_reaction_barrier_half_life(const struct nw_params *p, bool occluded, int phototype, double age);
/* Half-life of the visible hole in man and in the hairless rat by needle length [m]; [s]. */
double nw_reaction_structure_half_life(const struct nw_params *p, double length, bool rat);
/* When a process of this half-life [s] has fallen to the level that counts as closed [s]. */
double nw_reaction_closing_time(const struct nw_params *p, double half_life);
