/* SPDX-License-Identifier: BSD-3-Clause
   What a trial read. */
#include "observable.h"

#include <math.h>

#include "outcome/aftermath.h"
#include "outcome/rater.h"
#include "puncture/reaction.h"

bool nw_observable_is_quick(enum nw_observable observable) {
  return observable >= NW_OBSERVE_PAIN;
}

bool nw_observable_is_timed(enum nw_observable observable) {
  return observable == NW_OBSERVE_OUTCOME || observable == NW_OBSERVE_SHARE || observable == NW_OBSERVE_PIH;
}

const char *nw_observable_name(enum nw_observable observable) {
  static const char *const name[NW_OBSERVABLE_COUNT] = {[NW_OBSERVE_OUTCOME] = "outcome",
                                                        [NW_OBSERVE_SHARE] = "responders",
                                                        [NW_OBSERVE_PIH] = "pih_risk",
                                                        [NW_OBSERVE_REDNESS] = "redness_duration",
                                                        [NW_OBSERVE_DOWNTIME] = "downtime",
                                                        [NW_OBSERVE_BARRIER_BACK] = "barrier_back",
                                                        [NW_OBSERVE_PAIN] = "pain_vas",
                                                        [NW_OBSERVE_PAIN_LONGER] = "pain_by_length",
                                                        [NW_OBSERVE_PAIN_MORE] = "pain_by_number",
                                                        [NW_OBSERVE_PORES_CLOSED] = "pores_closed",
                                                        [NW_OBSERVE_CHANNEL_DEPTH] = "lumen_depth",
                                                        [NW_OBSERVE_CHANNEL_WIDTH] = "lumen_diameter",
                                                        [NW_OBSERVE_REACH] = "reach"};
  return name[observable];
}

const char *nw_observable_unit(enum nw_observable observable, const char **customary) {
  static const char *const unit[NW_OBSERVABLE_COUNT][2] = {[NW_OBSERVE_PIH] = {"%", "%"},
                                                           [NW_OBSERVE_REDNESS] = {"s", "d"},
                                                           [NW_OBSERVE_DOWNTIME] = {"s", "d"},
                                                           [NW_OBSERVE_BARRIER_BACK] = {"s", "d"},
                                                           [NW_OBSERVE_PAIN] = {"1", "1"},
                                                           [NW_OBSERVE_PAIN_LONGER] = {"1", "1"},
                                                           [NW_OBSERVE_PAIN_MORE] = {"1", "1"},
                                                           [NW_OBSERVE_PORES_CLOSED] = {"s", "h"},
                                                           [NW_OBSERVE_CHANNEL_DEPTH] = {"m", "um"},
                                                           [NW_OBSERVE_CHANNEL_WIDTH] = {"m", "um"},
                                                           [NW_OBSERVE_REACH] = {"m", "um"}};
  *customary = unit[observable][1];
  return unit[observable][0];
}

bool nw_observable_has_amount(enum nw_observable observable) {
  return observable == NW_OBSERVE_PAIN_LONGER || observable == NW_OBSERVE_PAIN_MORE;
}

/* ---- outcomes at a time ---- */

static double read_outcome(const struct nw_run *run, const struct nw_question *q) {
  const double before = nw_trial_at(run, q->key, 0);
  const double hope = q->hopeful ? nw_rater_hope(&run->c->params, before) : 0;
  const double then = nw_trial_at(run, q->key, q->time) - hope;
  if (q->form == NW_FORM_LEVEL) return then;
  if (q->form == NW_FORM_CHANGE) return then - before;
  const double follows = q->scatter ? run->c->params.k_collagen : 1; /* share that goes with collagen */
  return before != 0 ? 100 * follows * (then - before) / fabs(before) : NAN;
}

/* ---- how long something shows ---- */

/* When a column of the timeline, from `begin` on, was last above `limit` [s after begin]; 0 when never. */
static double last_above(const struct nw_timeline *t, enum nw_outcome key, double begin, double end,
                         double limit) {
  double last = 0;
  for (size_t i = 0; i < t->n_rows && t->time[i] < end; i++) {
    const double now = t->value[i][key];
    if (t->time[i] < begin || !(now > limit)) continue;
    last = t->time[i] - begin;
    if (i + 1 == t->n_rows) continue;
    const double next = t->value[i + 1][key];
    if (next <= limit) last += (t->time[i + 1] - t->time[i]) * (now - limit) / (now - next);
  }
  return last;
}

static double redness(const struct nw_run *run) {
  const struct nw_timeline *t = &run->timeline;
  const int sessions = nw_case_session_count(run->c);
  const double limit = t->value[0][NW_OUTCOME_erythema_index] + nw_aftermath_visible_red(run->c);
  double longest = 0;
  for (int i = 0; i < sessions; i++) {
    const double begin = nw_case_session_time(run->c, i);
    const double end = i + 1 < sessions ? nw_case_session_time(run->c, i + 1) : INFINITY;
    longest = fmax(longest, last_above(t, NW_OUTCOME_erythema_index, begin, end, limit));
  }
  return longest;
}

static double barrier_back(const struct nw_run *run) {
  const struct nw_timeline *t = &run->timeline;
  const double end = nw_case_session_count(run->c) > 1 ? nw_case_session_time(run->c, 1) : INFINITY;
  const double limit = t->value[0][NW_OUTCOME_tewl_g_m2_h] * run->c->params.trial_barrier;
  return last_above(t, NW_OUTCOME_tewl_g_m2_h, 0, end, limit);
}

/* ---- punctures ---- */

static double mean_width(const struct nw_punctures *punctures) {
  double sum = 0;
  for (size_t i = 0; i < punctures->count; i++)
    sum += (double)punctures->item[i].lumen_diameter;
  return punctures->count > 0 ? sum / (double)punctures->count : NAN;
}

static double pain_by(const struct nw_run *run, double longer, int more) {
  const struct nw_params *p = &run->c->params;
  const enum nw_site_name site = run->c->subject.site;
  return nw_reaction_stick_pain(p, site, p->pain_length * longer, more) /
         nw_reaction_stick_pain(p, site, p->pain_length, 1);
}

static double read_quick(const struct nw_run *run, const struct nw_question *q) {
  switch (q->observable) {
    case NW_OBSERVE_PAIN:
      return run->punctures.pain_vas;
    case NW_OBSERVE_PAIN_LONGER:
      return pain_by(run, q->amount, 1);
    case NW_OBSERVE_PAIN_MORE:
      return pain_by(run, 1, (int)lround(q->amount));
    case NW_OBSERVE_PORES_CLOSED:
      return nw_reaction_closing_time(&run->c->params, run->punctures.barrier_half_life);
    case NW_OBSERVE_CHANNEL_DEPTH:
      return run->punctures.lumen_depth.mean;
    case NW_OBSERVE_CHANNEL_WIDTH:
      return mean_width(&run->punctures);
    case NW_OBSERVE_REACH:
      return run->punctures.reach.mean;
    default:
      return NAN;
  }
}

double nw_observe(const struct nw_run *run, const struct nw_question *q) {
  if (nw_observable_is_quick(q->observable)) return read_quick(run, q);
  if (run->timeline.n_rows == 0) return NAN;
  switch (q->observable) {
    case NW_OBSERVE_OUTCOME:
      return read_outcome(run, q);
    case NW_OBSERVE_SHARE:
      return q->down ? -read_outcome(run, q) : read_outcome(run, q);
    case NW_OBSERVE_PIH:
      return 100 * run->safety.pih_risk;
    case NW_OBSERVE_REDNESS:
      return redness(run);
    case NW_OBSERVE_DOWNTIME:
      return run->safety.downtime;
    case NW_OBSERVE_BARRIER_BACK:
      return barrier_back(run);
    default:
      return NAN;
  }
}
