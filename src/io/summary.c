/* SPDX-License-Identifier: BSD-3-Clause
   summary.json: one document with what was asked, what happened and how sure it is. Everything but
   "cost" depends on plan, version and seed alone. */
#include "summary.h"

#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "outcome/outcome.h"
#include "outcome/rater.h"
#include "outcome/safety.h"
#include "plan/product_effect.h"
#include "puncture/reaction.h"
#include "results.h"

const char *nw_layer_word(int layer) {
  static const char *const word[] = {"stratum_corneum", "viable_epidermis", "papillary_dermis",
                                     "reticular_dermis", "subcutis"};
  return layer >= 0 && (size_t)layer < NW_COUNT(word) ? word[layer] : "unknown";
}

static void write_skin(struct nw_json *json, const struct nw_skin *s) {
  nw_json_object(json, "skin");
  nw_summary_quantity(json, "stratum_corneum_um", s->stratum_corneum, "um");
  nw_summary_quantity(json, "viable_epidermis_um", s->viable_epidermis, "um");
  nw_summary_quantity(json, "papillary_dermis_um", s->papillary_dermis, "um");
  nw_summary_quantity(json, "dermis_um", s->dermis, "um");
  nw_summary_quantity(json, "subcutis_um", s->subcutis, "um");
  nw_json_bool(json, "over_bone", s->over_bone);
  nw_summary_quantity(json, "elastic_modulus_kPa", s->elastic_modulus, "kPa");
  nw_summary_quantity(json, "follicle_density_per_cm2", s->follicle_density, "1/cm^2");
  nw_summary_quantity(json, "tewl_g_m2_h", s->tewl, "g/(m^2 h)");
  nw_summary_quantity(json, "tension_lines_deg", s->tension_lines, "deg");
  nw_json_number(json, "collagen", s->collagen);
  nw_json_number(json, "elastin", s->elastin);
  nw_json_number(json, "elastosis", s->elastosis);
  nw_json_end_object(json);
}

static void write_statistic(struct nw_json *json, const char *key, const struct nw_statistic *s) {
  nw_json_object(json, key);
  nw_summary_quantity(json, "mean", s->mean, "um");
  nw_summary_quantity(json, "sd", s->sd, "um");
  nw_summary_quantity(json, "min", s->min, "um");
  nw_summary_quantity(json, "max", s->max, "um");
  nw_json_end_object(json);
}

/* Statistics over punctures mean nothing without one: those keys are left out then. */
static void write_puncture_statistics(struct nw_json *json, const struct nw_params *params,
                                      const struct nw_punctures *p) {
  write_statistic(json, "reach_um", &p->reach);
  write_statistic(json, "lumen_um", &p->lumen_depth);
  nw_json_object(json, "layer_fraction");
  for (int layer = 0; layer <= NW_SUBCUTIS; layer++)
    nw_json_number(json, nw_layer_word(layer), p->layer_fraction[layer]);
  nw_json_end_object(json);
  nw_json_number(json, "covered_fraction", p->covered_fraction);
  nw_json_number(json, "overlap_fraction", p->overlap_fraction);
  nw_json_number(json, "follicle_fraction", p->follicle_fraction);
  nw_summary_quantity(json, "force_N", p->force, "N");
  nw_summary_quantity(json, "bleeding_per_cm2", p->bleeding_density, "1/cm^2");
  nw_json_number(json, "buckling_margin", p->buckling_margin);
  nw_json_number(json, "bending_margin", p->bending_margin);
  nw_json_bool(json, "bleeding_endpoint", p->bleeding_endpoint);
  nw_summary_quantity(json, "barrier_half_life_h", p->barrier_half_life, "h");
  nw_summary_quantity(json, "structure_half_life_h", p->structure_half_life, "h");
  nw_summary_quantity(json, "barrier_closed_h", nw_reaction_closing_time(params, p->barrier_half_life), "h");
  nw_summary_quantity(json, "structure_closed_h", nw_reaction_closing_time(params, p->structure_half_life),
                      "h");
}

static void write_device(struct nw_json *json, const struct nw_run *run, enum nw_stage last) {
  const bool punctured = last >= NW_STAGE_puncture;
  nw_json_object(json, "device");
  if (punctured) nw_json_count(json, "punctures", run->punctures.count);
  nw_summary_quantity(json, "density_per_cm2", punctured ? run->punctures.density : run->strikes.density,
                      "1/cm^2");
  nw_json_number(json, "needles_in_skin", run->strikes.needles_in_skin);
  nw_summary_quantity(json, "drag_um", run->strikes.drag, "um");
  nw_json_bool(json, "tearing", run->strikes.tearing);
  if (punctured && run->c->device.kind == NW_DEVICE_PEEL && run->injuries.count > 0)
    nw_summary_quantity(json, "peel_depth_um", run->injuries.item[0].depth, "um");
  if (punctured && run->punctures.count > 0)
    write_puncture_statistics(json, &run->c->params, &run->punctures);
  nw_json_end_object(json);
  if (punctured) nw_json_number(json, "pain_vas", run->punctures.pain_vas);
}

static void write_calibration(struct nw_json *json, const struct nw_run *run) {
  nw_json_object(json, "calibration");
  nw_json_bool(json, "extrapolated", run->punctures.extrapolated);
  nw_json_list(json, "reasons");
  if (run->punctures.extrapolated) {
    struct nw_text text = {0};
    nw_text_append(
        &text,
        "%.0f punctures per cm2 in one session: the wound-healing network was calibrated on sparser "
        "treatments",
        nw_unit_from_si(run->punctures.density, "1/cm^2"));
    nw_json_text(json, NULL, text.data);
    nw_text_clear(&text);
  }
  nw_json_end_list(json);
  nw_json_end_object(json);
}

/* ---- products ---- */

/* Value of a course at time t, linear between its samples. */
static double at_time(const struct nw_absorption *a, const double *value, double t) {
  if (!value || a->n_times == 0) return NAN;
  size_t i = 0;
  while (i + 1 < a->n_times && a->time[i + 1] < t)
    i++;
  if (i + 1 == a->n_times || !(t > a->time[i])) return value[i];
  const double part = (t - a->time[i]) / (a->time[i + 1] - a->time[i]);
  return part >= 1 ? value[i + 1] : value[i] + part * (value[i + 1] - value[i]);
}

/* An interval that is not known is left out. */
static void write_interval(struct nw_json *json, const char *key, const double interval[2],
                           const char *unit) {
  if (!(interval[1] > 0)) return;
  nw_json_interval(json, key, nw_unit_from_si(interval[0], unit), nw_unit_from_si(interval[1], unit));
}

/* 90 %, of what stands beside them under the same names. */
static void write_intervals(struct nw_json *json, const struct nw_absorption_course *course) {
  static const char *const amount[] = {"absorbed", "stratum_corneum", "viable_epidermis", "dermis", "blood"};
  write_interval(json, "flux_peak_interval", course->interval[NW_ABSORBED_PEAK_FLUX], "ug/(cm^2 h)");
  write_interval(json, "lag_interval", course->interval[NW_ABSORBED_LAG], "h");
  nw_json_object(json, "amount_interval");
  for (int i = 0; i < (int)NW_COUNT(amount); i++)
    write_interval(json, amount[i], course->interval[NW_ABSORBED_CUMULATIVE + i], "ug/cm^2");
  nw_json_end_object(json);
}

static void write_absorbed(struct nw_json *json, const struct nw_absorption *a,
                           const struct nw_absorption_course *course) {
  const double t = course->profile_time;
  nw_summary_quantity(json, "flux_peak_ug_cm2_h", course->peak_flux, "ug/(cm^2 h)");
  nw_summary_quantity(json, "absorbed_ug_cm2", at_time(a, course->cumulative, t), "ug/cm^2");
  nw_json_object(json, "amount_ug_cm2");
  nw_summary_quantity(json, "stratum_corneum", at_time(a, course->stratum_corneum, t), "ug/cm^2");
  nw_summary_quantity(json, "viable_epidermis", at_time(a, course->viable_epidermis, t), "ug/cm^2");
  nw_summary_quantity(json, "dermis", at_time(a, course->dermis, t), "ug/cm^2");
  nw_summary_quantity(json, "blood", at_time(a, course->blood, t), "ug/cm^2");
  nw_json_end_object(json);
  nw_summary_quantity(json, "amount_time_h", t, "h");
  nw_summary_quantity(json, "lag_h", course->lag, "h");
  nw_json_number(json, "mass_balance", course->mass_balance);
  if (course != &a->patch) write_intervals(json, course);
}

/* In three dimensions, and what the column with as many channels says. */
static void write_patch(struct nw_json *json, const struct nw_absorption *a) {
  const double t = a->patch.profile_time;
  nw_json_object(json, "patch");
  nw_json_count(json, "channels", a->patch_channels);
  write_absorbed(json, a, &a->patch);
  nw_json_number(json, "over_intact",
                 at_time(a, a->patch.cumulative, t) / at_time(a, a->intact.cumulative, t));
  nw_json_end_object(json);
}

/* What the product does to the healing and surface models. */
static void write_biology(struct nw_json *json, const struct nw_run *run, const char *name) {
  const struct nw_product_effect *effect = nw_product_effect(name);
  if (run->c->experiment.present) return;
  nw_json_object(json, "biology");
  nw_json_text(json, "effect", nw_effect_mechanism_word(effect ? effect->mechanism : NW_EFFECT_NOTHING));
  nw_json_text(json, "note", effect ? effect->note : "no trial of it on needled skin was found");
  if (effect) nw_json_count(json, "evidence", (size_t)effect->evidence);
  if (effect) nw_json_text(json, "source", effect->citation);
  nw_json_end_object(json);
}

static void write_products(struct nw_json *json, const struct nw_run *run) {
  nw_json_list(json, "products");
  for (size_t i = 0; run->absorption && i < run->c->n_products; i++) {
    const struct nw_absorption *a = &run->absorption[i];
    nw_json_object(json, NULL);
    nw_json_text(json, "name", nw_product_title(&run->c->products[i]));
    if (run->c->products[i].label) nw_json_text(json, "product", run->c->products[i].name);
    nw_json_number(json, "enhancement_ratio", a->enhancement_ratio);
    nw_json_interval(json, "enhancement_interval", a->enhancement_low, a->enhancement_high);
    write_absorbed(json, a, &a->needled);
    nw_json_object(json, "intact");
    write_absorbed(json, a, &a->intact);
    nw_json_end_object(json);
    if (a->map_nx > 0) write_patch(json, a);
    write_biology(json, run, run->c->products[i].name);
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
}

/* ---- outcome, safety, checks, cost ---- */

static void write_shares(struct nw_json *json, const char *key, const struct nw_rating *rating,
                         const double *share) {
  char grade[16];
  nw_json_object(json, key);
  for (size_t i = 0; i < rating->grades; i++) {
    snprintf(grade, sizeof grade, "%d", rating->lowest + (int)i);
    nw_json_number(json, grade, share[i]);
  }
  nw_json_end_object(json);
}

static void write_rating(struct nw_json *json, enum nw_outcome outcome, const struct nw_rating *rating) {
  if (!rating->present) return;
  if (rating->grades > 0) {
    write_shares(json, "grades", rating, rating->after);
    write_shares(json, "grades_before", rating, rating->before);
  }
  nw_json_number(json, "responders", rating->responders);
  nw_json_number(json, "responders_untreated", rating->untreated_responders);
  nw_json_text(json, "responder", nw_success_text(nw_scale_of(outcome)->success));
}

static void write_outcome(struct nw_json *json, const struct nw_run *run) {
  nw_json_object(json, "outcome");
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    const struct nw_outcome_value *v = &run->outcome[k];
    const struct nw_outcome_row *row = &nw_outcome_rows()[k];
    if (!v->present || !isfinite(v->final)) continue;
    nw_json_object(json, row->key);
    nw_json_number(json, "baseline", v->baseline);
    nw_json_number(json, "final", v->final);
    nw_json_number_or_null(json, "change_pct", v->change_pct);
    nw_json_number(json, "change", v->change);
    nw_json_text(json, "unit", row->unit);
    nw_json_interval(json, "interval", v->low, v->high);
    nw_json_interval(json, "interval_mean", v->mean_low, v->mean_high);
    nw_json_number(json, "untreated", v->untreated);
    nw_json_number_or_null(json, "effect_pct", v->effect_pct);
    if (v->evidence > 0) nw_json_number(json, "evidence", v->evidence);
    write_rating(json, (enum nw_outcome)k, &v->rating);
    nw_json_text(json, "text", row->text);
    nw_json_end_object(json);
  }
  nw_json_end_object(json);
}

static void write_warnings(struct nw_json *json, const struct nw_run *run, enum nw_stage last) {
  struct nw_finding finding[NW_FINDINGS_MAX];
  const struct nw_run *computed = last >= NW_STAGE_puncture ? run : NULL;
  const size_t found = nw_safety_check(run->c, computed, finding, NW_FINDINGS_MAX);
  const size_t count = found < NW_FINDINGS_MAX ? found : NW_FINDINGS_MAX;
  nw_json_list(json, "warnings");
  for (size_t i = 0; i < count; i++) {
    nw_json_object(json, NULL);
    nw_json_text(json, "severity", nw_finding_severity_name(finding[i].severity));
    nw_json_text(json, "key", finding[i].key);
    nw_json_text(json, "text", finding[i].text);
    nw_json_text(json, "source", finding[i].source);
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
  nw_findings_clear(finding, count);
}

static void write_safety(struct nw_json *json, const struct nw_run *run, enum nw_stage last) {
  nw_json_object(json, "safety");
  if (last >= NW_STAGE_outcome) {
    nw_summary_quantity(json, "downtime_d", run->safety.downtime, "d");
    nw_json_number(json, "erythema_peak", run->safety.erythema_peak);
    nw_json_number(json, "pih_risk", run->safety.pih_risk);
    nw_summary_quantity(json, "redness_d", run->safety.redness, "d");
    nw_json_number(json, "prolonged_erythema_risk", run->safety.prolonged_erythema);
    nw_json_number(json, "infection_risk", run->safety.infection);
    nw_json_number(json, "tram_track_risk", run->safety.tram_track);
    nw_json_number(json, "milia_risk", run->safety.milia);
  }
  write_warnings(json, run, last);
  nw_json_end_object(json);
}

static void write_checks(struct nw_json *json, const struct nw_checks *checks) {
  nw_json_object(json, "checks");
  nw_json_number(json, "mass_residual", checks->mass_residual);
  nw_json_number(json, "positivity", checks->positivity);
  nw_json_number(json, "closure", checks->closure);
  nw_json_number(json, "stability_gain", checks->stability_gain);
  nw_json_end_object(json);
}

static void write_cost(struct nw_json *json, const struct nw_cost *cost) {
  nw_json_object(json, "cost");
  nw_json_number(json, "wall_s", cost->wall);
  nw_json_count(json, "cells", cost->cells);
  nw_json_count(json, "steps", cost->steps);
  nw_json_count(json, "rejected", cost->rejected);
  nw_json_number(json, "peak_MB", cost->peak_bytes * 1e-6); /* math: bytes to megabytes */
  nw_json_end_object(json);
}

static const char *stage_word(enum nw_stage stage) {
  static const char *const word[] = {
#define STAGE(name, text) #name,
#include "../../model/stages.def"
#undef STAGE
  };
  return word[stage];
}

static void write_document(struct nw_json *json, const struct nw_run *run, enum nw_stage last) {
  nw_json_object(json, NULL);
  nw_json_text(json, "version", nw_version());
  nw_json_text(json, "plan", run->c->plan_path);
  nw_json_text(json, "title", run->c->title);
  nw_json_count(json, "seed", run->c->patch.seed);
  nw_json_text(json, "stage", stage_word(last));
  nw_summary_case(json, run->c);
  write_skin(json, &run->skin);
  if (last >= NW_STAGE_device) write_device(json, run, last);
  if (last >= NW_STAGE_transport) write_products(json, run);
  if (last >= NW_STAGE_outcome && !run->c->experiment.present) write_outcome(json, run);
  write_safety(json, run, last);
  write_calibration(json, run);
  if (last >= NW_STAGE_healing) write_checks(json, &run->checks);
  nw_summary_sources(json, run->c);
  nw_json_text(json, "plan_text", run->c->plan_text);
  write_cost(json, &run->cost);
  nw_json_end_object(json);
}

enum nw_status nw_summary_text(struct nw_context *context, const struct nw_run *run, enum nw_stage last,
                               struct nw_text *text) {
  struct nw_json json = {.text = text};
  write_document(&json, run, last);
  if (!text->failed) return NW_OK;
  nw_text_clear(text);
  return nw_fail(context, NW_MEMORY, NULL, "out of memory writing the summary");
}
