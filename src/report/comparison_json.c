/* SPDX-License-Identifier: BSD-3-Clause
   compare.json. */
#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "comparison.h"
#include "io/json.h"
#include "outcome/outcome.h"

static double outcome_number(const struct nw_comparison_arm *arm, const char *key, const char *leaf) {
  char path[160];
  snprintf(path, sizeof path, "outcome.%s.%s", key, leaf);
  return nw_results_number(&arm->results, path);
}

static void write_outcome(struct nw_json *json, const struct nw_comparison_arm *arm,
                          const struct nw_outcome_row *row) {
  const double final = outcome_number(arm, row->key, "final");
  if (!isfinite(final)) return;
  const double baseline = outcome_number(arm, row->key, "baseline");
  nw_json_object(json, row->key);
  nw_json_number(json, "baseline", baseline);
  nw_json_number(json, "final", final);
  nw_json_number(json, "change", final - baseline);
  nw_json_number_or_null(json, "change_pct", outcome_number(arm, row->key, "change_pct"));
  nw_json_number(json, "untreated", outcome_number(arm, row->key, "untreated"));
  nw_json_number_or_null(json, "effect_pct", outcome_number(arm, row->key, "effect_pct"));
  nw_json_text(json, "unit", row->unit);
  nw_json_interval(json, "interval", outcome_number(arm, row->key, "interval.0"),
                   outcome_number(arm, row->key, "interval.1"));
  nw_json_interval(json, "interval_mean", outcome_number(arm, row->key, "interval_mean.0"),
                   outcome_number(arm, row->key, "interval_mean.1"));
  nw_json_number(json, "evidence", outcome_number(arm, row->key, "evidence"));
  nw_json_end_object(json);
}

static void write_course(struct nw_json *json, const struct nw_comparison *comparison,
                         const struct nw_comparison_arm *arm) {
  const struct nw_course *course = &arm->c->course, *plan = NULL;
  for (size_t i = 0; i < comparison->n_arms && !plan; i++)
    if (comparison->arm[i].plan == arm->plan) plan = &comparison->arm[i].c->course;
  nw_json_object(json, "course");
  nw_json_number(json, "sessions", course->sessions);
  nw_json_number(json, "interval_d", nw_unit_from_si(course->interval, "d"));
  nw_json_number(json, "follow_up_d", nw_unit_from_si(course->follow_up, "d"));
  if (course->maintenance > 0)
    nw_json_number(json, "maintenance_d", nw_unit_from_si(course->maintenance, "d"));
  const bool as_planned = plan && plan->sessions == course->sessions && plan->interval == course->interval;
  nw_json_bool(json, "as_planned", as_planned);
  nw_json_text(json, "rule",
               as_planned
                   ? "sessions as the plan holds them"
                   : "sessions as far apart as this treatment needs, as many as fit between the plan's "
                     "first and last; same last day");
  nw_json_end_object(json);
}

static void write_safety(struct nw_json *json, const struct nw_comparison_arm *arm) {
  nw_json_number_or_null(json, "downtime_d", nw_comparison_read(arm, "downtime_d").value);
  nw_json_number_or_null(json, "erythema_d", nw_comparison_read(arm, "erythema_d").value);
  nw_json_number_or_null(json, "erythema_peak", nw_comparison_read(arm, "erythema_peak").value);
  nw_json_number_or_null(json, "pain_vas", nw_comparison_read(arm, "pain_vas").value);
  nw_json_number_or_null(json, "pih_risk", nw_comparison_read(arm, "pih_risk").value);
  nw_json_list(json, "warnings");
  const size_t n = nw_results_list_length(&arm->results, "safety.warnings");
  for (size_t i = 0; i < n; i++) {
    static const char *const leaf[] = {"severity", "key", "text", "source"};
    nw_json_object(json, NULL);
    for (size_t k = 0; k < NW_COUNT(leaf); k++) {
      char path[64];
      snprintf(path, sizeof path, "safety.warnings.%zu.%s", i, leaf[k]);
      nw_json_text(json, leaf[k], nw_results_text(&arm->results, path));
    }
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
}

static void write_arm(struct nw_json *json, const struct nw_comparison *comparison,
                      const struct nw_comparison_arm *arm) {
  nw_json_object(json, NULL);
  nw_json_text(json, "name", arm->name);
  nw_json_text(json, "treatment", arm->treatment ? arm->treatment->word : "plan");
  nw_json_text(json, "label", arm->label);
  nw_json_text(json, "plan", arm->c->plan_path);
  nw_json_text(json, "title", arm->c->title);
  nw_json_text(json, "device", nw_device_kind_word(arm->c->device.kind));
  nw_json_count(json, "seed", arm->c->patch.seed);
  write_course(json, comparison, arm);
  nw_json_object(json, "outcome");
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    write_outcome(json, arm, &nw_outcome_rows()[k]);
  nw_json_end_object(json);
  write_safety(json, arm);
  nw_json_end_object(json);
}

static void write_trial(struct nw_json *json, const struct nw_comparison *comparison,
                        const struct nw_head_to_head *row) {
  const struct nw_head_to_head_result r = nw_head_to_head_result(comparison, row);
  nw_json_object(json, NULL);
  nw_json_text(json, "id", row->id);
  nw_json_text(json, "evidence", row->evidence);
  nw_json_text(json, "source", row->source);
  nw_json_text(json, "text", row->text);
  nw_json_text(json, "first", r.first ? r.first->name : NULL);
  nw_json_text(json, "second", r.second ? r.second->name : NULL);
  nw_json_text(json, "measure", row->measure);
  nw_json_text(json, "relation", nw_trial_relation_word(row->relation));
  nw_json_text(json, "unit", row->unit);
  if (row->low < row->high) {
    nw_json_number(json, "published", row->published);
    nw_json_interval(json, "published_interval", row->low, row->high);
  }
  nw_json_number_or_null(json, "predicted", r.predicted);
  nw_json_text(json, "verdict", nw_trial_verdict_word(r.verdict));
  nw_json_end_object(json);
}

enum nw_status nw_comparison_json(struct nw_context *context, const struct nw_comparison *comparison,
                                  struct nw_text *out) {
  struct nw_json json = {.text = out};
  nw_json_object(&json, NULL);
  nw_json_text(&json, "version", nw_version());
  nw_json_list(&json, "treatments");
  for (size_t i = 0; i < comparison->n_arms; i++)
    write_arm(&json, comparison, &comparison->arm[i]);
  nw_json_end_list(&json);
  nw_json_list(&json, "trials");
  for (const struct nw_head_to_head *row = nw_head_to_head_rows(); row->id; row++)
    write_trial(&json, comparison, row);
  nw_json_end_list(&json);
  nw_json_end_object(&json);
  return out->failed ? nw_fail(context, NW_MEMORY, NULL, "out of memory writing compare.json") : NW_OK;
}
