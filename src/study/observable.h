/* SPDX-License-Identifier: BSD-3-Clause
   What a trial read: outcomes by key, and what follows from a course or from its punctures without being
   an outcome. */
#pragma once
#include "trial.h"

enum nw_observable {
  NW_OBSERVE_OUTCOME,       /* an outcome at a time: [%] of baseline, or [its unit] above it, or as it is */
  NW_OBSERVE_SHARE,         /* its change for the better, of one person: [%] or [its unit] */
  NW_OBSERVE_PIH,           /* risk of lasting dark marks [%] */
  NW_OBSERVE_REDNESS,       /* until redness is no longer visible, worst session [s] */
  NW_OBSERVE_DOWNTIME,      /* until nothing is visible, worst session [s] */
  NW_OBSERVE_BARRIER_BACK,  /* until water loss is back, first session [s] */
  NW_OBSERVE_PAIN,          /* worst session, visual analogue scale [0..10] */
  NW_OBSERVE_PAIN_LONGER,   /* pain of a needle `amount` times as long as the shortest measured [1] */
  NW_OBSERVE_PAIN_MORE,     /* pain of `amount` times as many needles [1] */
  NW_OBSERVE_PORES_CLOSED,  /* [s] */
  NW_OBSERVE_CHANNEL_DEPTH, /* mean open lumen [m] */
  NW_OBSERVE_CHANNEL_WIDTH, /* mean open mouth [m] */
  NW_OBSERVE_REACH,         /* mean depth of the tips [m] */
  NW_OBSERVABLE_COUNT
};

enum nw_reading_form { NW_FORM_PERCENT, NW_FORM_CHANGE, NW_FORM_LEVEL };

struct nw_question {
  enum nw_observable observable;
  enum nw_outcome key;       /* OUTCOME, SHARE */
  enum nw_reading_form form; /* OUTCOME, SHARE */
  double time;               /* OUTCOME, SHARE: since the first injury [s] */
  double amount;             /* PAIN_LONGER, PAIN_MORE: how many times [1] */
  bool down;                 /* SHARE: less is better */
  bool scatter;              /* OUTCOME, of collagen: the light scattered by it and the rest */
  bool hopeful;              /* OUTCOME, SHARE: rated by people who know of the treatment (rater_hope) */
};

/* Answered by the punctures alone: needs no course. */
bool nw_observable_is_quick(enum nw_observable observable);
/* Read on a day of the course or, dark marks, up to one; the others end by themselves or come at once. */
bool nw_observable_is_timed(enum nw_observable observable);
/* "outcome", "pih_risk", "closing_time" ... */
const char *nw_observable_name(enum nw_observable observable);
/* Unit of what nw_observe gives, "s"; *customary that of papers, "d". Both static. Not for outcomes. */
const char *nw_observable_unit(enum nw_observable observable, const char **customary);
/* PAIN_LONGER, PAIN_MORE: asked with an amount. */
bool nw_observable_has_amount(enum nw_observable observable);
/* Reads one trial; NAN where the case has no such reading. Quick ones need nw_trial_prepare only. */
double nw_observe(const struct nw_run *run, const struct nw_question *question);
