/* SPDX-License-Identifier: BSD-3-Clause
   A trial: one plan carried to its outcomes without files. */
#include "trial.h"

#include <math.h>

#include "device/device.h"
#include "outcome/outcome.h"
#include "puncture/puncture.h"
#include "skin/skin.h"
#include "transport/transport.h"

enum nw_status nw_trial_prepare(struct nw_context *context, const struct nw_case *c, struct nw_run *base) {
  base->c = c;
  NW_TRY(nw_skin_run(context, c, base));
  NW_TRY(nw_device_run(context, c, base));
  NW_TRY(nw_puncture_run(context, c, base));
  return nw_transport_run(context, c, base);
}

/* A course reads its case while it lasts only: the copy with other parameters may live on the stack. */
static enum nw_status heal(struct nw_context *context, const struct nw_case *c, enum nw_fidelity fidelity,
                           struct nw_run *run) {
  run->c = c;
  NW_TRY(nw_healing_prepare(context, c, run, fidelity, false));
  NW_TRY(nw_healing_run(context, c, run, INFINITY, NULL));
  NW_TRY(nw_healing_untreated(context, c, run));
  return nw_outcome_run(context, c, run);
}

enum nw_status nw_trial_run(struct nw_context *context, const struct nw_run *base,
                            const struct nw_params *params, enum nw_fidelity fidelity, struct nw_run *out) {
  struct nw_case own = *base->c; /* shares everything but the parameters */
  if (params) own.params = *params;
  *out = (struct nw_run){.skin = base->skin,
                         .strikes = base->strikes,
                         .punctures = base->punctures,
                         .injuries = base->injuries,
                         .absorption = base->absorption};
  const enum nw_status status = heal(context, &own, fidelity, out);
  nw_healing_free(&out->healing);
  out->c = base->c;
  return status;
}

void nw_trial_clear(struct nw_run *out) {
  out->strikes = (struct nw_strikes){0};
  out->punctures = (struct nw_punctures){0};
  out->injuries = (struct nw_injuries){0};
  out->absorption = NULL;
  nw_run_clear(out);
}

enum nw_status nw_trial_reread(struct nw_context *context, const struct nw_run *trial,
                               const struct nw_params *params, struct nw_run *out) {
  struct nw_case own = *trial->c;
  own.params = *params;
  *out = *trial;
  out->timeline = (struct nw_timeline){0};
  out->c = &own;
  const enum nw_status status = nw_outcome_run(context, &own, out);
  out->c = trial->c;
  return status;
}

void nw_trial_forget(struct nw_run *out) {
  nw_release(out->timeline.time);
  nw_release(out->timeline.value);
  *out = (struct nw_run){0};
}

/* Linear between two moments, at rest outside them. */
static double between(double a, double b, double time, double at_a, double at_b) {
  const double share = fmin(fmax((time - a) / (b - a), 0), 1);
  return at_a + share * (at_b - at_a);
}

double nw_trial_at(const struct nw_run *run, enum nw_outcome outcome, double time) {
  const struct nw_timeline *t = &run->timeline;
  size_t i = 0;
  if (t->n_rows < 2) return t->n_rows > 0 ? t->value[0][outcome] : NAN;
  while (i + 2 < t->n_rows && t->time[i + 1] <= time)
    i++;
  return between(t->time[i], t->time[i + 1], time, t->value[i][outcome], t->value[i + 1][outcome]);
}

double nw_trial_untreated_at(const struct nw_run *run, enum nw_outcome outcome, double time) {
  const struct nw_tissue_history *twin = &run->tissue_untreated;
  const struct nw_tissue_state *s = twin->item;
  double first[NW_OUTCOME_COUNT], next[NW_OUTCOME_COUNT];
  size_t i = 0;
  if (twin->count < 2) return NAN;
  while (i + 2 < twin->count && s[i + 1].time <= time)
    i++;
  nw_outcome_read(run->c, &run->skin, s, &s[i], first);
  nw_outcome_read(run->c, &run->skin, s, &s[i + 1], next);
  return between(s[i].time, s[i + 1].time, time, first[outcome], next[outcome]);
}
