/* SPDX-License-Identifier: BSD-3-Clause
   Adverse courses: probabilities for one person and the whole course, from what the simulation shows (how
   long skin stays red, how much of it is open for how long, how deep needles reach and how they move) and
   rates of published series. Rates are few and small numbers of patients stand behind them: each row of
   params/outcome.def says so. */
#pragma once
#include "run.h"

/* That redness lasts longer than red_long, persons differing about `redness` [s]; [1]. */
double nw_adverse_prolonged(const struct nw_params *p, double redness);
/* Open share of the skin summed over the course [s]. */
double nw_adverse_exposure(const struct nw_tissue_history *tissue);
/* Infection: every bit of open skin and time may catch one; not sterile, by oneself, with weak defence or
   near an infection more often [1]. */
double nw_adverse_infection(const struct nw_case *c, double exposure);
/* Tram-track scars: rows of a roller, deep, over bone [1]; 0 without needles. */
double nw_adverse_tram_track(const struct nw_case *c, const struct nw_run *run);
/* Milia: horny cysts where the epidermis closes over a plug [1]. */
double nw_adverse_milia(const struct nw_case *c, double exposure);
