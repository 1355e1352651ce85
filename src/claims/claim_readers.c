/* SPDX-License-Identifier: BSD-3-Clause
   The words that claims share to read a simulation. */
#include "claim_readers.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "study/ensemble.h"
#include "outcome/outcome.h"
#include "study/trial.h"

static const struct nw_reading unknown = {NAN, NAN, NAN};

struct nw_reading nw_reading_plain(double value) {
  return (struct nw_reading){value, NAN, NAN};
}

static bool has_course(const struct nw_variant *v) {
  return nw_variant_done(v) && v->run.timeline.n_rows > 0;
}

/* ---- intervals ---- */

/* The interval of what the run itself gave: `scale` times one value of the members, each less `less`. */
static struct nw_reading spread(const struct nw_variant *v, double value, size_t index, double scale,
                                double less) {
  struct nw_reading r = {value, NAN, NAN};
  if (!v->member || !isfinite(value)) return r;
  double low, high;
  nw_ensemble_around(v->member + index, NW_MEMBER_SIZE, v->n_members, value / scale + less, &low, &high);
  if (!isfinite(low) || !isfinite(high)) return r;
  r.low = scale * (low - less);
  r.high = scale * (high - less);
  return r;
}

static size_t of_outcome(enum nw_outcome outcome, enum nw_member_value value) {
  return (size_t)outcome * NW_MEMBER_VALUES + value;
}

static size_t of_course(enum nw_member_total total) {
  return (size_t)NW_MEMBER_VALUES * NW_OUTCOME_COUNT + total;
}

/* ---- outcomes ---- */

static const struct nw_outcome_value *value_of(const struct nw_variant *v, enum nw_outcome outcome) {
  return has_course(v) && v->run.outcome[outcome].present ? &v->run.outcome[outcome] : NULL;
}

double nw_read_baseline(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_outcome_value *o = value_of(v, outcome);
  return o ? o->baseline : NAN;
}

struct nw_reading nw_read_final(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_outcome_value *o = value_of(v, outcome);
  return o ? spread(v, o->final, of_outcome(outcome, NW_MEMBER_FINAL), 1, 0) : unknown;
}

struct nw_reading nw_read_effect(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_outcome_value *o = value_of(v, outcome);
  return o ? spread(v, o->final - o->untreated, of_outcome(outcome, NW_MEMBER_EFFECT), 1, 0) : unknown;
}

struct nw_reading nw_read_effect_pct(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_outcome_value *o = value_of(v, outcome);
  if (!o || o->baseline == 0) return unknown;
  const double scale = 100 / fabs(o->baseline); /* math: percent */
  return spread(v, scale * (o->final - o->untreated), of_outcome(outcome, NW_MEMBER_EFFECT), scale, 0);
}

static double largest_rise(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_timeline *t = &v->run.timeline;
  double most = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    most = fmax(most, t->value[i][outcome] - t->value[0][outcome]);
  return most;
}

struct nw_reading nw_read_rise(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_outcome_value *o = value_of(v, outcome);
  return o ? spread(v, largest_rise(v, outcome), of_outcome(outcome, NW_MEMBER_HIGHEST), 1, o->baseline)
           : unknown;
}

double nw_read_effect_pct_at(const struct nw_variant *v, enum nw_outcome outcome, double time_d) {
  const struct nw_outcome_value *o = value_of(v, outcome);
  const double time = nw_unit_to_si(time_d, "d");
  if (!o || o->baseline == 0) return NAN;
  return 100 * (nw_trial_at(&v->run, outcome, time) - nw_trial_untreated_at(&v->run, outcome, time)) /
         fabs(o->baseline);
}

static size_t peak_row(const struct nw_timeline *t, enum nw_outcome outcome) {
  size_t peak = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    if (t->value[i][outcome] > t->value[peak][outcome]) peak = i;
  return peak;
}

double nw_read_peak_time(const struct nw_variant *v, enum nw_outcome outcome) {
  if (!value_of(v, outcome)) return NAN;
  const size_t peak = peak_row(&v->run.timeline, outcome);
  return peak > 0 ? nw_unit_from_si(v->run.timeline.time[peak], "d") : NAN;
}

double nw_read_gone_time(const struct nw_variant *v, enum nw_outcome outcome, double share) {
  const struct nw_timeline *t = &v->run.timeline;
  if (!value_of(v, outcome)) return NAN;
  const size_t peak = peak_row(t, outcome);
  const double start = t->value[0][outcome], rise = t->value[peak][outcome] - start;
  for (size_t i = peak; i < t->n_rows && rise > 0; i++)
    if (t->value[i][outcome] - start < share * rise) return nw_unit_from_si(t->time[i], "d");
  return NAN;
}

double nw_read_half_time(const struct nw_variant *v, enum nw_outcome outcome) {
  const struct nw_timeline *t = &v->run.timeline;
  if (!value_of(v, outcome)) return NAN;
  const double start = t->value[0][outcome], gain = t->value[t->n_rows - 1][outcome] - start;
  for (size_t i = 0; i < t->n_rows && gain > 0; i++)
    if (t->value[i][outcome] - start >= 0.5 * gain) return nw_unit_from_si(t->time[i], "d");
  return NAN;
}

double nw_read_enhancement(const struct nw_variant *v, size_t product) {
  if (!nw_variant_done(v) || product >= v->c->n_products || !v->base.absorption) return NAN;
  return v->base.absorption[product].enhancement_ratio;
}

/* ---- what it costs the person ---- */

struct nw_reading nw_read_downtime(const struct nw_variant *v) {
  if (!has_course(v)) return unknown;
  const double days = nw_unit_from_si(1, "d");
  return spread(v, days * v->run.safety.downtime, of_course(NW_MEMBER_DOWNTIME), days, 0);
}

struct nw_reading nw_read_erythema(const struct nw_variant *v) {
  return has_course(v) ? spread(v, v->run.safety.erythema_peak, of_course(NW_MEMBER_ERYTHEMA), 1, 0)
                       : unknown;
}

struct nw_reading nw_read_risk(const struct nw_variant *v) {
  return has_course(v) ? spread(v, 100 * v->run.safety.pih_risk, of_course(NW_MEMBER_RISK), 100, 0) : unknown;
}

struct nw_reading nw_read_pain(const struct nw_variant *v) {
  return nw_variant_done(v) ? nw_reading_plain(v->base.punctures.pain_vas) : unknown;
}

struct nw_reading nw_read_density(const struct nw_variant *v) {
  return nw_variant_done(v) ? nw_reading_plain(nw_unit_from_si(v->base.punctures.density, "1/cm^2"))
                            : unknown;
}

bool nw_read_finding(const struct nw_variant *v, const char *key) {
  for (size_t i = 0; i < v->n_findings; i++)
    if (!strcmp(v->finding[i].key, key)) return true;
  return false;
}

size_t nw_read_findings(const struct nw_variant *v, enum nw_finding_severity severity) {
  size_t n = 0;
  for (size_t i = 0; i < v->n_findings; i++)
    n += v->finding[i].severity == severity;
  return n;
}

/* ---- results ---- */

enum nw_part_result nw_part_effect(const struct nw_variant *v, enum nw_outcome outcome, int sign) {
  const struct nw_reading r = nw_read_effect(v, outcome);
  const double resolution = nw_outcome_rows()[outcome].resolution;
  if (!isfinite(r.value)) return NW_PART_UNKNOWN;
  const bool sure = !isfinite(r.low) || r.low > 0 || r.high < 0;
  if (!sure || fabs(r.value) < resolution) return NW_PART_FAILS;
  return sign * r.value > 0 ? NW_PART_HOLDS : NW_PART_OPPOSITE;
}

enum nw_part_result nw_part_rise(const struct nw_variant *v, enum nw_outcome outcome) {
  const double rise = nw_read_rise(v, outcome).value;
  if (!isfinite(rise)) return NW_PART_UNKNOWN;
  return nw_part_true(rise >= nw_outcome_rows()[outcome].resolution);
}

enum nw_part_result nw_part_above(const struct nw_variant *v, double more, double less) {
  if (!isfinite(more) || !isfinite(less) || !v->c) return NW_PART_UNKNOWN;
  const double rounding = 1e-9; /* math: of percents, days and counts */
  const double apart = v->c->params.claims_differ * fmax(fabs(more), fabs(less)) + rounding;
  if (more - less > apart) return NW_PART_HOLDS;
  return less - more > apart ? NW_PART_OPPOSITE : NW_PART_FAILS;
}

enum nw_part_result nw_part_within(double value, double limit) {
  if (!isfinite(value)) return NW_PART_UNKNOWN;
  return value <= limit ? NW_PART_HOLDS : NW_PART_FAILS;
}

enum nw_part_result nw_part_true(bool value) {
  return value ? NW_PART_HOLDS : NW_PART_FAILS;
}

/* ---- what is told ---- */

/* Differences of equal numbers leave a rest that is nobody's effect. */
static double rounded(double value) {
  const double rounding = 1e-9; /* math: as above */
  return fabs(value) < rounding ? 0 : value;
}

void nw_prediction_show(struct nw_prediction *p, const char *unit, struct nw_reading reading,
                        const char *name, ...) {
  if (!nw_grow(&p->value, &p->value_capacity, p->n_values + 1, sizeof *p->value)) {
    p->failed = true;
    return;
  }
  struct nw_claim_value *value = &p->value[p->n_values++];
  va_list words;
  *value = (struct nw_claim_value){
      .unit = unit, .reading = {rounded(reading.value), rounded(reading.low), rounded(reading.high)}};
  va_start(words, name);
  vsnprintf(value->name, sizeof value->name, name, words);
  va_end(words);
}

void nw_prediction_part(struct nw_prediction *p, enum nw_part_result result, const char *text, ...) {
  if (!nw_grow(&p->part, &p->part_capacity, p->n_parts + 1, sizeof *p->part)) {
    p->failed = true;
    return;
  }
  struct nw_claim_part *part = &p->part[p->n_parts++];
  va_list words;
  *part = (struct nw_claim_part){.result = result};
  va_start(words, text);
  vsnprintf(part->text, sizeof part->text, text, words);
  va_end(words);
}

void nw_prediction_effect(struct nw_prediction *p, const struct nw_variant *v, enum nw_outcome outcome,
                          int sign, const char *words) {
  const struct nw_outcome_row *row = &nw_outcome_rows()[outcome];
  const bool percent = row->change == NW_CHANGE_PERCENT;
  nw_prediction_show(p, percent ? "%" : row->unit,
                     percent ? nw_read_effect_pct(v, outcome) : nw_read_effect(v, outcome),
                     "%s, against untreated", words);
  nw_prediction_part(p, nw_part_effect(v, outcome, sign), "%s %s", words, sign > 0 ? "rises" : "falls");
}
