/* SPDX-License-Identifier: BSD-3-Clause
   Several results folders side by side: what is read from them, and the table for the terminal. */
#include "comparison.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "outcome/aftermath.h"
#include "outcome/outcome.h"
#include "parts.h"

void nw_comparison_clear(struct nw_comparison *comparison) {
  for (size_t i = 0; i < comparison->n_arms; i++) {
    struct nw_comparison_arm *arm = &comparison->arm[i];
    nw_results_clear(&arm->results);
    nw_case_free(&arm->c);
    nw_release(arm->name);
    nw_release(arm->folder);
  }
  nw_release(comparison->arm);
  *comparison = (struct nw_comparison){0};
}

/* ---- readings ---- */

static double outcome_number(const struct nw_comparison_arm *arm, const char *key, const char *leaf) {
  char path[160];
  snprintf(path, sizeof path, "outcome.%s.%s", key, leaf);
  return nw_results_number(&arm->results, path);
}

/* How long the erythema index stays visibly above its start after the first session, before the next [d]. */
static double erythema_days(const struct nw_comparison_arm *arm) {
  const struct nw_table *t = &arm->results.timeline;
  const int time = nw_table_column(t, "time_d"), column = nw_table_column(t, "erythema_index");
  if (time < 0 || column < 0 || t->n_rows < 2) return NAN;
  const double *day = t->number[time], *red = t->number[column];
  const double next = arm->c->course.sessions > 1 ? nw_unit_from_si(arm->c->course.interval, "d") : INFINITY;
  const double limit = red[0] + nw_aftermath_visible_red(arm->c);
  double until = 0;
  for (size_t i = 1; i < t->n_rows && day[i] < next; i++) {
    if (red[i] <= limit) continue;
    until = day[i];
    if (i + 1 < t->n_rows && day[i + 1] < next && red[i + 1] <= limit)
      until += (day[i + 1] - day[i]) * (red[i] - limit) / (red[i] - red[i + 1]);
  }
  return until;
}

static struct nw_comparison_value outcome_change(const struct nw_comparison_arm *arm, const char *key) {
  const double baseline = outcome_number(arm, key, "baseline");
  const double percent = outcome_number(arm, key, "change_pct");
  const double low = outcome_number(arm, key, "interval_mean.0"),
               high = outcome_number(arm, key, "interval_mean.1");
  const double scale = isfinite(percent) ? 100 / fabs(baseline) : 1; /* math: percent */
  const double change = isfinite(percent) ? percent : outcome_number(arm, key, "final") - baseline;
  return (struct nw_comparison_value){change, scale * (low - baseline), scale * (high - baseline),
                                      isfinite(percent)};
}

struct nw_comparison_value nw_comparison_read(const struct nw_comparison_arm *arm, const char *measure) {
  static const struct {
    const char *measure, *path;
  } plain[] = {{"pain_vas", "pain_vas"},
               {"downtime_d", "safety.downtime_d"},
               {"erythema_peak", "safety.erythema_peak"},
               {"pih_risk", "safety.pih_risk"}};
  for (size_t i = 0; i < NW_COUNT(plain); i++)
    if (!strcmp(measure, plain[i].measure))
      return (struct nw_comparison_value){nw_results_number(&arm->results, plain[i].path), NAN, NAN, false};
  if (!strcmp(measure, "erythema_d"))
    return (struct nw_comparison_value){erythema_days(arm), NAN, NAN, false};
  return outcome_change(arm, measure);
}

/* ---- which outcomes are shown ---- */

static bool is_listed(const char *const *key, size_t n, const char *wanted) {
  for (size_t i = 0; i < n; i++)
    if (!strcmp(key[i], wanted)) return true;
  return false;
}

/* Keys of outcomes.def live as long as the program, those of a page do not. */
static const char *lasting_key(const char *key) {
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    if (!strcmp(nw_outcome_rows()[k].key, key)) return nw_outcome_rows()[k].key;
  return NULL;
}

static void add_goals(const struct nw_comparison_arm *arm, const char **key, size_t most, size_t *n) {
  struct nw_page page;
  struct nw_text unused = {0};
  const struct nw_page_outcome *goal[NW_OUTCOME_COUNT];
  if (nw_page_open(&page, NULL, &arm->results, &unused) != NW_OK) return;
  const size_t goals = nw_part_goals(&page, 4, goal, NW_OUTCOME_COUNT);
  for (size_t i = 0; i < goals && *n < most; i++) {
    const char *lasting = lasting_key(goal[i]->key);
    if (lasting && !is_listed(key, *n, lasting)) key[(*n)++] = lasting;
  }
  nw_page_clear(&page);
}

static bool moves(const struct nw_comparison *comparison, const struct nw_outcome_row *row) {
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_comparison_arm *arm = &comparison->arm[i];
    const double change = outcome_number(arm, row->key, "final") - outcome_number(arm, row->key, "baseline");
    if (fabs(change) > row->resolution) return true;
  }
  return false;
}

size_t nw_comparison_keys(const struct nw_comparison *comparison, const char **key, size_t most) {
  size_t n = 0;
  for (size_t i = 0; i < comparison->n_arms; i++)
    if (!comparison->arm[i].treatment) add_goals(&comparison->arm[i], key, most, &n);
  for (int k = 0; k < NW_OUTCOME_COUNT && n < most; k++) {
    const struct nw_outcome_row *row = &nw_outcome_rows()[k];
    if (!is_listed(key, n, row->key) && moves(comparison, row)) key[n++] = row->key;
  }
  return n;
}

/* ---- on a terminal ---- */

enum { NAME = 26, CELL = 20 };

static void text_cell(struct nw_text *out, const char *format, double value) {
  char text[CELL + 12] = "-";
  if (isfinite(value)) snprintf(text, sizeof text, format, value);
  nw_text_append(out, " %*s", CELL, text);
}

static void outcome_line(const struct nw_comparison *comparison, const char *key, struct nw_text *out) {
  nw_text_append(out, "%-*s", NAME, key);
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_comparison_arm *arm = &comparison->arm[i];
    const struct nw_comparison_value v = nw_comparison_read(arm, key);
    char text[64] = "-";
    if (isfinite(v.value))
      snprintf(text, sizeof text, "%.4g (%+.3g%s)", outcome_number(arm, key, "final"), v.value,
               v.percent ? " %" : "");
    nw_text_append(out, " %*s", CELL, text);
  }
  nw_text_append(out, "\n");
}

static void side_lines(const struct nw_comparison *comparison, struct nw_text *out) {
  static const struct {
    const char *measure, *name, *format;
    double factor;
  } row[] = {{"downtime_d", "downtime, d", "%.3g", 1},
             {"erythema_d", "redness after session 1, d", "%.3g", 1},
             {"erythema_peak", "redness at its peak, AU", "%.3g", 1},
             {"pain_vas", "pain, 0 to 10", "%.2g", 1},
             {"pih_risk", "risk of dark marks, %", "%.2g", 100}};
  for (size_t k = 0; k < NW_COUNT(row); k++) {
    nw_text_append(out, "%-*s", NAME, row[k].name);
    for (size_t i = 0; i < comparison->n_arms; i++)
      text_cell(out, row[k].format,
                row[k].factor * nw_comparison_read(&comparison->arm[i], row[k].measure).value);
    nw_text_append(out, "\n");
  }
}

static void head_lines(const struct nw_comparison *comparison, struct nw_text *out) {
  nw_text_append(out, "%-*s", NAME, "");
  for (size_t i = 0; i < comparison->n_arms; i++)
    nw_text_append(out, " %*s", CELL, comparison->arm[i].name);
  nw_text_append(out, "\n%-*s", NAME, "sessions, interval");
  for (size_t i = 0; i < comparison->n_arms; i++) {
    const struct nw_course *course = &comparison->arm[i].c->course;
    char text[48] = "-";
    if (comparison->arm[i].c->device.kind != NW_DEVICE_NONE)
      snprintf(text, sizeof text, "%d x %.3g d", course->sessions, nw_unit_from_si(course->interval, "d"));
    nw_text_append(out, " %*s", CELL, text);
  }
  nw_text_append(out, "\n");
}

static void trial_lines(const struct nw_comparison *comparison, struct nw_text *out) {
  bool first = true;
  for (const struct nw_head_to_head *row = nw_head_to_head_rows(); row->id; row++) {
    const struct nw_head_to_head_result r = nw_head_to_head_result(comparison, row);
    if (r.verdict == NW_TRIAL_NOT_COMPARED) continue;
    if (first) nw_text_append(out, "\nTrials that held two of these side by side\n");
    first = false;
    nw_text_append(out, "  %s against %s, %s: predicted %.3g", r.first->name, r.second->name, row->measure,
                   r.predicted);
    if (row->low < row->high)
      nw_text_append(out, ", published %.3g [%.3g, %.3g]", row->published, row->low, row->high);
    nw_text_append(out, ": %s. %s (%s)\n", nw_trial_verdict_word(r.verdict), row->text, row->source);
  }
}

void nw_comparison_text(const struct nw_comparison *comparison, struct nw_text *out) {
  enum { LINES = 14 };
  const char *key[LINES];
  const size_t n = nw_comparison_keys(comparison, key, LINES);
  head_lines(comparison, out);
  for (size_t i = 0; i < n; i++)
    outcome_line(comparison, key[i], out);
  side_lines(comparison, out);
  trial_lines(comparison, out);
}
