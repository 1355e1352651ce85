/* SPDX-License-Identifier: BSD-3-Clause
   Validation suites: the list of them, and what makes a case agree. */
#include "validate.h"

#include <math.h>
#include <string.h>

#include "healing_cases.h"
#include "mechanics_cases.h"
#include "transport_cases.h"
#include "validate_table.h"

static enum nw_status run_mechanics(struct nw_context *context, const struct nw_params *p,
                                    struct nw_validation *out) {
  for (size_t i = 0; i < nw_mechanics_case_count(); i++) {
    const struct nw_mechanics_case c = nw_mechanics_case_at(p, i);
    const struct nw_validation_case one = {.suite = "mechanics",
                                           .id = c.id,
                                           .quantity = c.quantity,
                                           .unit = c.unit,
                                           .source = c.citation,
                                           .note = c.note,
                                           .published = c.published,
                                           .predicted = c.predicted,
                                           .low = c.low,
                                           .high = c.high};
    NW_TRY(nw_validation_add(context, out, &one));
  }
  return NW_OK;
}

/* A study that does not state its donor, density and skin decides to within half a decade; laboratories
   differ by more on intact skin. Half of the rows inside is a median that meets the goal. */
static enum nw_status run_transport(struct nw_context *context, const struct nw_params *p,
                                    struct nw_validation *out) {
  const double permeability = 0.6, amount = 0.45, lag = log10(2); /* math: decades of the goal */
  for (size_t i = 0; i < nw_transport_case_count(); i++) {
    struct nw_transport_case c;
    if (!nw_transport_case_at(p, i, &c))
      return nw_fail(context, NW_NUMERICAL, "transport", "row %zu of the cases has no prediction", i);
    const bool control = c.kind == NW_TRANSPORT_CONTROL;
    const double wide = c.kind == NW_TRANSPORT_LAG ? lag : c.group == 1 ? permeability : amount;
    const struct nw_validation_case one = {.suite = "transport",
                                           .id = c.id,
                                           .quantity = c.quantity,
                                           .unit = c.unit,
                                           .source = c.citation,
                                           .note = c.note,
                                           .published = c.published,
                                           .predicted = c.predicted,
                                           .low = control ? 0 : c.published * pow(10, -wide),
                                           .high = control ? c.published : c.published * pow(10, wide)};
    NW_TRY(nw_validation_add(context, out, &one));
  }
  return NW_OK;
}

static enum nw_status run_healing(struct nw_context *context, const struct nw_params *p,
                                  struct nw_validation *out) {
  return nw_healing_cases_run(context, p, out);
}

/* ---- trials ---- */

static enum nw_status add_trial(struct nw_context *context, const struct nw_clinical_row *row,
                                struct nw_validation *out) {
  if (!nw_grow(&out->item, &out->capacity, out->count + 1, sizeof *out->item))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu validation cases", out->count + 1);
  const double half = 0.5 * (row->high - row->low);
  out->item[out->count++] = (struct nw_validation_case){
      .suite = "clinical",
      .id = row->evidence->id,
      .quantity = row->evidence->outcome,
      .unit = row->published.unit,
      .source = row->evidence->study,
      .note = row->mapping.note,
      .published = row->published.value,
      .predicted = row->predicted,
      .low = row->low,
      .high = row->high,
      .inside = row->inside,
      .trial = row,
      .score = half > 0 ? fabs(row->published.value - 0.5 * (row->low + row->high)) / half : NAN};
  out->inside += row->inside;
  return NW_OK;
}

static enum nw_status run_trials(struct nw_context *context, struct nw_evidence_table *table,
                                 const struct nw_params *p, struct nw_validation *out) {
  out->clinical = nw_allocate(1, sizeof *out->clinical);
  if (!out->clinical) {
    nw_evidence_clear(table);
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the trials");
  }
  NW_TRY(nw_clinical_run(context, table, p, out->clinical));
  for (size_t i = 0; i < out->clinical->table.count; i++) {
    const struct nw_clinical_row *row = &out->clinical->row[i];
    if (row->use == NW_USE_SCORED) NW_TRY(add_trial(context, row, out));
  }
  return NW_OK;
}

static enum nw_status run_clinical(struct nw_context *context, const struct nw_params *p,
                                   struct nw_validation *out) {
  struct nw_evidence_table table;
  NW_TRY(nw_evidence_builtin(context, &table));
  return run_trials(context, &table, p, out);
}

/* ---- suites ---- */

static const struct nw_suite suites[] = {
#define SUITE(name_, about_, wanted_, goal_) \
  {.name = #name_, .about = about_, .goal = goal_, .wanted = wanted_, .run = run_##name_},
#include "../../model/suites.def"
#undef SUITE
};

size_t nw_suite_count(void) {
  return NW_COUNT(suites);
}

const struct nw_suite *nw_suite_at(size_t i) {
  return &suites[i];
}

const struct nw_suite *nw_suite_find(const char *name) {
  for (size_t i = 0; i < NW_COUNT(suites); i++)
    if (!strcmp(suites[i].name, name)) return &suites[i];
  return NULL;
}

/* Only absorption has parameters that were fitted to the very cases of its suite (scripts/fit_transport.py);
   the polar path was set from part of C1. */
const struct nw_param_row *nw_suite_fitted(const struct nw_suite *suite, size_t i) {
  size_t found = 0;
  for (size_t k = 0; k < nw_param_count(); k++) {
    const struct nw_param_row *row = &nw_param_rows()[k];
    const bool fitted = row->kind == NW_FITTED && !strcmp(row->section, "transport");
    if (suite->run == run_transport && fitted && found++ == i) return row;
  }
  return NULL;
}

enum nw_status nw_validation_run(struct nw_context *context, const struct nw_suite *suite,
                                 const struct nw_params *p, struct nw_validation *out) {
  out->count = out->inside = 0;
  return suite->run(context, p, out);
}

/* What somebody else measured was not calibrated on: less is asked than of the suite. */
static const struct nw_suite own_mechanics = {
    .name = "mechanics",
    .about = "needles and skin, measurements of one's own",
    .goal = "half of the rows within their spread, or a quarter where none was published",
    .wanted = 0.5};

enum nw_status nw_validation_table(struct nw_context *context, struct nw_csv *csv, const struct nw_params *p,
                                   const struct nw_suite **suite, struct nw_validation *out) {
  out->count = out->inside = 0;
  if (nw_evidence_is(csv)) {
    struct nw_evidence_table table;
    *suite = nw_suite_find("clinical");
    NW_TRY(nw_evidence_from(context, csv, &table));
    return run_trials(context, &table, p, out);
  }
  if (nw_validate_is_mechanics(csv)) {
    *suite = &own_mechanics;
    return nw_validate_mechanics(context, csv, p, out);
  }
  if (nw_validate_is_transport(csv)) {
    *suite = nw_suite_find("transport");
    return nw_validate_transport(context, csv, p, out);
  }
  nw_diagnose(
      context, NW_ERROR, NW_BAD_PLAN, csv->name, csv->title[0].line, 1, NULL,
      "columns of no table that can be validated: trials have claim_id, outcome, change_pct; mechanics "
      "tip_radius_um, base_diameter_um, quantity; absorption molecule, MW_Da, quantity");
  nw_csv_clear(csv);
  return NW_BAD_PLAN;
}

enum nw_status nw_validation_add(struct nw_context *context, struct nw_validation *list,
                                 const struct nw_validation_case *one) {
  if (!nw_grow(&list->item, &list->capacity, list->count + 1, sizeof *list->item))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu validation cases", list->count + 1);
  struct nw_validation_case *c = &list->item[list->count++];
  *c = *one;
  /* a prediction that is not a number is outside, whatever the interval */
  c->inside = c->low <= c->predicted && c->predicted <= c->high;
  const double middle = 0.5 * (c->low + c->high), half = 0.5 * (c->high - c->low);
  c->score = half > 0 ? fabs(c->predicted - middle) / half : NAN;
  list->inside += c->inside;
  return NW_OK;
}

bool nw_validation_met(const struct nw_suite *suite, const struct nw_validation *list) {
  if (list->clinical) return list->clinical->summary.met;
  return list->count > 0 && (double)list->inside >= suite->wanted * (double)list->count;
}

void nw_validation_clear(struct nw_validation *list) {
  if (list->clinical) nw_clinical_clear(list->clinical);
  nw_release(list->clinical);
  for (size_t i = 0; i < list->n_left; i++)
    nw_release(list->left[i].reason);
  for (size_t i = 0; i < list->n_texts; i++)
    nw_release(list->text[i]);
  nw_release(list->left);
  nw_release(list->text);
  nw_csv_clear(&list->csv);
  nw_release(list->item);
  *list = (struct nw_validation){0};
}
