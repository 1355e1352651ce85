/* SPDX-License-Identifier: BSD-3-Clause
   How claims read the simulation: one function for each claim, and the words they share. */
#pragma once
#include "claims.h"

#define CLAIM(id, ...) \
  void nw_claim_read_##id(const struct nw_scenarios *scenarios, struct nw_prediction *prediction);
#include "../../model/claims.def"
#undef CLAIM

/* Variant (i, j) of a scenario by the key of its row. */
#define NW_SCENARIO(key, i, j) nw_scenario_variant(scenarios, NW_SCENARIO_##key, i, j)

/* ---- readings of one variant ---- */

/* At the end of follow-up [unit of the outcome]. */
struct nw_reading nw_read_final(const struct nw_variant *v, enum nw_outcome outcome);
/* Final less untreated [unit of the outcome]. */
struct nw_reading nw_read_effect(const struct nw_variant *v, enum nw_outcome outcome);
/* The same in percent of the baseline. */
struct nw_reading nw_read_effect_pct(const struct nw_variant *v, enum nw_outcome outcome);
/* Largest rise from the baseline over the whole course [unit of the outcome], >= 0. */
struct nw_reading nw_read_rise(const struct nw_variant *v, enum nw_outcome outcome);
double nw_read_baseline(const struct nw_variant *v, enum nw_outcome outcome);
/* Difference to the untreated twin at a time [d], in percent of the baseline; no interval. */
double nw_read_effect_pct_at(const struct nw_variant *v, enum nw_outcome outcome, double time_d);
/* First time at which half of the gain at the end of follow-up is reached [d]; NAN without a gain. */
double nw_read_half_time(const struct nw_variant *v, enum nw_outcome outcome);
/* Time of the largest value [d], and the first time after it at which the rise above the baseline is below
   `share` of the largest [d]; NAN without a rise or while it has not fallen so far. */
double nw_read_peak_time(const struct nw_variant *v, enum nw_outcome outcome);
double nw_read_gone_time(const struct nw_variant *v, enum nw_outcome outcome, double share);
struct nw_reading nw_read_downtime(const struct nw_variant *v); /* [d] */
struct nw_reading nw_read_erythema(const struct nw_variant *v); /* [AU] */
struct nw_reading nw_read_risk(const struct nw_variant *v);     /* of dark marks [%] */
struct nw_reading nw_read_pain(const struct nw_variant *v);     /* [1] */
struct nw_reading nw_read_density(const struct nw_variant *v);  /* [1/cm2] */
/* Of a product of the plan: amount past the horny layer, needled over intact [1]; NAN without that product.
 */
double nw_read_enhancement(const struct nw_variant *v, size_t product);
struct nw_reading nw_reading_plain(double value);
/* Whether a safety rule speaks; `key` NULL: number of findings of this severity. */
bool nw_read_finding(const struct nw_variant *v, const char *key);
size_t nw_read_findings(const struct nw_variant *v, enum nw_finding_severity severity);

/* ---- results ---- */

/* An effect against the untreated twin, as claimed when `sign` is its direction: beyond the resolution of
   the instrument, and, where there is an interval, with zero outside of it. */
enum nw_part_result nw_part_effect(const struct nw_variant *v, enum nw_outcome outcome, int sign);
/* A rise in the course beyond the resolution of the instrument. */
enum nw_part_result nw_part_rise(const struct nw_variant *v, enum nw_outcome outcome);
/* `more` above `less` by the relative difference that counts. */
enum nw_part_result nw_part_above(const struct nw_variant *v, double more, double less);
/* value <= limit; unknown where it is no number. */
enum nw_part_result nw_part_within(double value, double limit);
enum nw_part_result nw_part_true(bool value);

/* ---- what is told ---- */

/* Adds a reading under a name to what the claim shows. */
void nw_prediction_show(struct nw_prediction *p, const char *unit, struct nw_reading reading,
                        const char *name, ...) __attribute__((format(printf, 4, 5)));
/* Adds a condition that the claim makes, and whether the simulation meets it. */
void nw_prediction_part(struct nw_prediction *p, enum nw_part_result result, const char *text, ...)
    __attribute__((format(printf, 3, 4)));
/* Both at once for an effect in percent of the baseline: `words` such as "fine line, depth". */
void nw_prediction_effect(struct nw_prediction *p, const struct nw_variant *v, enum nw_outcome outcome,
                          int sign, const char *words);
