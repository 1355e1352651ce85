/* SPDX-License-Identifier: BSD-3-Clause
   `needlework validate clinical`: what the table of cases does not say: cohorts, directions, what is not
   scored and why, and where trials contradict each other. */
#include <math.h>
#include <string.h>

#include "outcome/outcome.h"
#include "program.h"
#include "validate_trials.h"

enum { MOST_IDS = 12 }; /* of one plan, in the text */

static const char *direction(const struct nw_clinical_row *row) {
  return !row->signed_ ? "not tested" : row->sign_right ? "right" : "wrong";
}

static const char *sign_word(int sign) {
  return sign > 0 ? "up" : sign < 0 ? "down" : "unchanged";
}

/* What the word for a line that is not scored leaves open; NULL: nothing. */
static const char *why_not(const struct nw_clinical_row *row) {
  if (row->use == NW_USE_UNREAD) return row->published.problem;
  return row->mapping.mapped ? NULL : row->mapping.note;
}

/* ---- as text ---- */

static void write_cohort(const struct nw_clinical_cohort *cohort, struct nw_text *out) {
  nw_text_append(out, "  ");
  text_cell(out, cohort->name, 48);
  nw_text_append(out, " %3zu/%-3zu %8.2f\n", cohort->inside, cohort->rows, cohort->error);
}

static void write_cohorts(const struct nw_clinical *c, struct nw_text *out) {
  nw_text_append(out, "\n  %-48s %7s %8s\n", "cohort", "inside", "error");
  for (size_t i = 0; i < c->n_cohorts; i++)
    if (c->cohort[i].rows > 0) write_cohort(&c->cohort[i], out);
  nw_text_append(
      out,
      "A score is the distance of the published value from the middle of the interval over its half "
      "width: up to 1 is\ninside. An error of 1 is a quarter of the published value, or 5 points of a "
      "change below 20 %%.\n");
}

static void write_directions(const struct nw_clinical *c, struct nw_text *out) {
  bool first = true;
  for (size_t i = 0; i < c->table.count; i++) {
    const struct nw_clinical_row *row = &c->row[i];
    if (!row->signed_ || row->sign_right) continue;
    if (first) nw_text_append(out, "\nDirections that were significant and are predicted otherwise:\n");
    first = false;
    nw_text_append(out, "  %-5s %s, %s: published %s, predicted %+.3g %s\n", row->evidence->id,
                   row->evidence->study, row->evidence->outcome, sign_word(row->published.sign),
                   row->predicted, row->published.unit);
  }
}

static void write_contradictions(const struct nw_clinical *c, struct nw_text *out) {
  bool first = true;
  for (int key = 0; key < NW_OUTCOME_COUNT; key++) {
    if (!nw_clinical_contradicts(c, key)) continue;
    if (first) nw_text_append(out, "\nTrials that contradict each other, side by side:\n");
    first = false;
    nw_text_append(out, "  %s\n", nw_outcome_rows()[key].key);
    for (size_t i = 0; i < c->table.count; i++)
      if (nw_clinical_tells(&c->row[i], key))
        nw_text_append(out, "    %-5s %-9s %s: %s\n", c->row[i].evidence->id,
                       sign_word(c->row[i].published.sign), c->row[i].evidence->study,
                       c->row[i].evidence->outcome);
  }
}

/* Ids of the lines that one plan answers. */
static void write_ids(const struct nw_clinical *c, size_t plan, struct nw_text *out) {
  const char *separator = "";
  for (size_t i = 0, n = 0; i < c->table.count; i++) {
    if (c->row[i].plan != plan) continue;
    if (n++ < MOST_IDS) nw_text_append(out, "%s%s", separator, c->row[i].evidence->id);
    if (n == MOST_IDS + 1) nw_text_append(out, " ...");
    separator = ", ";
  }
}

/* A plan that follows from a line's columns is shown: nobody wrote it. */
static void write_plans(const struct nw_clinical *c, struct nw_text *out) {
  if (c->n_plans > 0)
    nw_text_append(
        out, "\nPlans that were simulated up to the last day asked; what a line does not tell is assumed:\n");
  for (size_t i = 0; i < c->n_plans; i++) {
    const struct nw_clinical_plan *plan = &c->plan[i];
    nw_text_append(out, "  %s: ", plan->name);
    write_ids(c, i, out);
    nw_text_append(out, "\n");
    if (!strncmp(plan->name, "data/", 5)) continue;
    for (const char *at = plan->text; *at;) {
      const int n = (int)strcspn(at, "\n");
      nw_text_append(out, "      %.*s\n", n, at);
      at += n + (at[n] == '\n');
    }
  }
}

static void write_rest(const struct nw_clinical *c, struct nw_text *out) {
  if (c->summary.scored < c->summary.rows) nw_text_append(out, "\nNot scored:\n");
  for (size_t i = 0; i < c->table.count; i++) {
    const struct nw_clinical_row *row = &c->row[i];
    if (row->use == NW_USE_SCORED) continue;
    const char *why = why_not(row);
    nw_text_append(out, "  %-5s %s: %s%s%s\n", row->evidence->id, nw_evidence_use_name(row->use),
                   row->evidence->outcome, why ? ": " : "", why ? why : "");
  }
}

void trials_text(const struct nw_clinical *c, struct nw_text *out) {
  const struct nw_clinical_summary *s = &c->summary;
  if (s->cohorts > 0) write_cohorts(c, out);
  write_plans(c, out);
  write_directions(c, out);
  write_contradictions(c, out);
  write_rest(c, out);
  nw_text_append(out, "\nclinical: %zu row%s, %zu scored in %zu cohort%s.\n", s->rows,
                 s->rows == 1 ? "" : "s", s->scored, s->cohorts, s->cohorts == 1 ? "" : "s");
  if (s->cohorts == 0) {
    nw_text_append(out, "  Nothing to score: goals MISSED. Above stands why, line by line.\n");
    return;
  }
  nw_text_append(out,
                 "  coverage over cohorts  %5.1f %%   (80 to 97 %%: %s)\n"
                 "  median error           %5.2f     (up to 1: %s)\n"
                 "  significant directions %zu of %zu right (%s)\n"
                 "  half-widths of the intervals over the published size: mean %.2f, median %.2f\n",
                 100 * s->coverage, s->coverage_met ? "met" : "MISSED", s->error,
                 s->error_met ? "met" : "MISSED", s->signs_right, s->signs, s->sign_met ? "met" : "MISSED",
                 s->mean_width, s->median_width);
}

/* ---- as JSON ---- */

static void member(struct nw_text *out, const char *name, const char *text) {
  nw_text_append(out, ", \"%s\": ", name);
  json_text(out, text);
}

static void number(struct nw_text *out, const char *name, double value) {
  nw_text_append(out, ", \"%s\": ", name);
  json_number(out, value);
}

void trials_case_json(const struct nw_clinical *c, const struct nw_clinical_row *row, struct nw_text *out) {
  member(out, "key", nw_evidence_quantity(&row->mapping));
  member(out, "cohort", c->cohort[row->cohort].name);
  member(out, "plan", row->plan < c->n_plans ? c->plan[row->plan].name : NULL);
  number(out, "time_d", row->evidence->time);
  number(out, "half_width", row->half_width);
  number(out, "error", row->error);
  member(out, "direction", direction(row));
}

static void cohorts_json(const struct nw_clinical *c, struct nw_text *out) {
  const char *separator = "";
  nw_text_append(out, ", \"cohorts\": [");
  for (size_t i = 0; i < c->n_cohorts; i++) {
    if (c->cohort[i].rows == 0) continue;
    nw_text_append(out, "%s{\"cohort\": ", separator);
    json_text(out, c->cohort[i].name);
    nw_text_append(out, ", \"rows\": %zu, \"inside\": %zu", c->cohort[i].rows, c->cohort[i].inside);
    number(out, "error", c->cohort[i].error);
    nw_text_append(out, "}");
    separator = ", ";
  }
  nw_text_append(out, "]");
}

/* Every plan with its text, so that what was assumed can be read and run. */
static void plans_json(const struct nw_clinical *c, struct nw_text *out) {
  nw_text_append(out, ", \"plans\": [");
  for (size_t i = 0; i < c->n_plans; i++) {
    nw_text_append(out, "%s\n  {\"plan\": ", i ? "," : "");
    json_text(out, c->plan[i].name);
    member(out, "text", c->plan[i].text);
    nw_text_append(out, "}");
  }
  nw_text_append(out, "]");
}

static void rest_json(const struct nw_clinical *c, struct nw_text *out) {
  const char *separator = "";
  nw_text_append(out, ", \"not_scored\": [");
  for (size_t i = 0; i < c->table.count; i++) {
    const struct nw_clinical_row *row = &c->row[i];
    if (row->use == NW_USE_SCORED) continue;
    nw_text_append(out, "%s\n  {\"id\": ", separator);
    json_text(out, row->evidence->id);
    member(out, "quantity", row->evidence->outcome);
    member(out, "source", row->evidence->study);
    member(out, "key", row->mapping.mapped ? nw_evidence_quantity(&row->mapping) : NULL);
    member(out, "reason", nw_evidence_use_name(row->use));
    member(out, "note", row->use == NW_USE_UNREAD ? row->published.problem : row->mapping.note);
    number(out, "predicted", row->predicted);
    member(out, "direction", direction(row));
    nw_text_append(out, "}");
    separator = ",";
  }
  nw_text_append(out, "]");
}

static void contradictions_json(const struct nw_clinical *c, struct nw_text *out) {
  const char *separator = "";
  nw_text_append(out, ", \"contradictions\": [");
  for (int key = 0; key < NW_OUTCOME_COUNT; key++) {
    if (!nw_clinical_contradicts(c, key)) continue;
    nw_text_append(out, "%s\n  {\"key\": ", separator);
    json_text(out, nw_outcome_rows()[key].key);
    nw_text_append(out, ", \"studies\": [");
    const char *comma = "";
    for (size_t i = 0; i < c->table.count; i++) {
      if (!nw_clinical_tells(&c->row[i], key)) continue;
      nw_text_append(out, "%s{\"id\": ", comma);
      json_text(out, c->row[i].evidence->id);
      member(out, "study", c->row[i].evidence->study);
      member(out, "direction", sign_word(c->row[i].published.sign));
      nw_text_append(out, "}");
      comma = ", ";
    }
    nw_text_append(out, "]}");
    separator = ",";
  }
  nw_text_append(out, "]");
}

void trials_json(const struct nw_clinical *c, struct nw_text *out) {
  const struct nw_clinical_summary *s = &c->summary;
  nw_text_append(out, ", \"rows\": %zu, \"scored\": %zu, \"n_cohorts\": %zu", s->rows, s->scored, s->cohorts);
  number(out, "coverage", s->coverage);
  number(out, "median_error", s->error);
  nw_text_append(out, ", \"directions\": %zu, \"directions_right\": %zu", s->signs, s->signs_right);
  number(out, "half_width_mean", s->mean_width);
  number(out, "half_width_median", s->median_width);
  nw_text_append(out, ", \"coverage_met\": %s, \"error_met\": %s, \"directions_met\": %s, \"reasons\": {",
                 s->coverage_met ? "true" : "false", s->error_met ? "true" : "false",
                 s->sign_met ? "true" : "false");
  for (int i = 0; i < NW_USE_COUNT; i++) {
    nw_text_append(out, "%s", i ? ", " : "");
    json_text(out, nw_evidence_use_name((enum nw_evidence_use)i));
    nw_text_append(out, ": %zu", s->use[i]);
  }
  nw_text_append(out, "}");
  cohorts_json(c, out);
  plans_json(c, out);
  contradictions_json(c, out);
  rest_json(c, out);
}
