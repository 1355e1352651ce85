/* SPDX-License-Identifier: BSD-3-Clause
   Stage skin: subject and site become a layered skin patch. */
#pragma once
#include "run.h"

/* Fills run->skin. NW_MEMORY alone on a valid case. */
enum nw_status nw_skin_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* Collagen synthesis relative to a young adult who does not smoke, so long after the start of the course [s].
 */
double nw_skin_synthesis_at(const struct nw_case *c, double time);
/* Elevation of the collagen balance of an untreated dermis with age: areal collagen relative to a
   young adult, by the ageing law of params/skin.def; age [y], uv [MED/d]. */
double nw_skin_collagen_at(const struct nw_params *p, double age, double uv, bool smoker);
/* Functional elastin of untreated skin relative to a young adult: lost with age, and what sun turns into
   elastosis; age [y], uv [MED/d]. */
double nw_skin_elastin_at(const struct nw_params *p, double age, double uv);
/* How strongly vessels and melanocytes of this subject answer an inflammatory signal, relative to normal [1].
 */
double nw_skin_reactivity(const struct nw_case *c);
