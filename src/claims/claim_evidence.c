/* SPDX-License-Identifier: BSD-3-Clause
   What was published about a claim. */
#include "claim_evidence.h"

#include <math.h>
#include <string.h>

#include "validation/evidence.h"
#include "validation/validate.h"

struct source {
  const char *claim;
  enum nw_source_kind kind;
  const char *suite, *id;
  enum nw_bearing bearing;
  enum nw_stance stance;
  int grade; /* of trials: 0, it stands in the table */
  const char *reason;
};
static const struct source sources[] = {
#define TRIAL(claim, id, bearing, stance, reason) \
  {#claim, NW_SOURCE_TRIAL, NULL, #id, NW_##bearing, NW_##stance, 0, reason},
#define MEASUREMENT(claim, suite, id, bearing, stance, grade, reason) \
  {#claim, NW_SOURCE_MEASUREMENT, #suite, #id, NW_##bearing, NW_##stance, grade, reason},
#define NUMBER(claim, id, bearing, stance, grade, reason) \
  {#claim, NW_SOURCE_NUMBER, NULL, #id, NW_##bearing, NW_##stance, grade, reason},
#include "../../model/claim_sources.def"
};

static const struct {
  const char *study, *cohort;
} cohorts[] = {
#define COHORT(study, cohort) {study, #cohort},
#include "../../model/claim_sources.def"
};

struct nw_claim_tables {
  struct nw_params p;
  struct nw_evidence_table trials;
  struct nw_validation measurements; /* of the suites that are named */
};

/* ---- the tables ---- */

static bool is_named(const char *suite) {
  for (size_t i = 0; i < NW_COUNT(sources); i++)
    if (sources[i].suite && !strcmp(sources[i].suite, suite)) return true;
  return false;
}

static enum nw_status append_suite(struct nw_context *context, const struct nw_suite *suite,
                                   struct nw_claim_tables *t) {
  struct nw_validation one = {0};
  enum nw_status status = nw_validation_run(context, suite, &t->p, &one);
  for (size_t i = 0; i < one.count && status == NW_OK; i++)
    status = nw_validation_add(context, &t->measurements, &one.item[i]);
  nw_validation_clear(&one);
  return status;
}

enum nw_status nw_claim_tables_create(struct nw_context *context, const struct nw_params *p,
                                      struct nw_claim_tables **out) {
  struct nw_claim_tables *t = *out = nw_allocate(1, sizeof *t);
  if (!t) return nw_fail(context, NW_MEMORY, NULL, "no memory for the tables of evidence");
  t->p = *p;
  NW_TRY(nw_evidence_builtin(context, &t->trials));
  for (size_t i = 0; i < nw_suite_count(); i++)
    if (is_named(nw_suite_at(i)->name)) NW_TRY(append_suite(context, nw_suite_at(i), t));
  return NW_OK;
}

void nw_claim_tables_free(struct nw_claim_tables **tables) {
  if (!*tables) return;
  nw_evidence_clear(&(*tables)->trials);
  nw_validation_clear(&(*tables)->measurements);
  nw_release(*tables);
  *tables = NULL;
}

/* ---- rows ---- */

static const char *group_of(const char *study) {
  for (size_t i = 0; i < NW_COUNT(cohorts); i++)
    if (!strcmp(cohorts[i].study, study)) return cohorts[i].cohort;
  return study;
}

static bool take_trial(const struct nw_claim_tables *t, const struct source *s, struct nw_claim_evidence *e) {
  const struct nw_evidence *row = nw_evidence_find(&t->trials, s->id);
  if (!row) return false;
  e->study = row->study;
  e->group = group_of(row->study);
  e->reference = row->reference;
  e->what = row->outcome;
  e->unit = row->unit;
  e->value = row->value.value;
  e->low = row->value.low;
  e->high = row->value.high;
  e->change_pct = row->change.value;
  e->time_d = row->time;
  e->grade = row->level > 0 ? row->level : 5;
  return true;
}

static bool take_measurement(const struct nw_claim_tables *t, const struct source *s,
                             struct nw_claim_evidence *e) {
  for (size_t i = 0; i < t->measurements.count; i++) {
    const struct nw_validation_case *c = &t->measurements.item[i];
    if (strcmp(c->suite, s->suite) != 0 || strcmp(c->id, s->id) != 0) continue;
    e->study = e->group = e->reference = c->source;
    e->what = c->quantity;
    e->unit = c->unit;
    e->value = c->published;
    e->low = c->low;
    e->high = c->high;
    e->predicted = c->predicted;
    return true;
  }
  return false;
}

static bool take_number(const struct nw_claim_tables *t, const struct source *s,
                        struct nw_claim_evidence *e) {
  const struct nw_param_row *row = nw_param_find(s->id);
  if (!row) return false;
  e->study = e->group = e->reference = row->citation;
  e->what = row->note;
  e->unit = row->unit;
  e->value = nw_param_get(&t->p, row);
  e->low = row->low;
  e->high = row->high;
  return true;
}

static bool take(const struct nw_claim_tables *t, const struct source *s, struct nw_claim_evidence *e) {
  *e = (struct nw_claim_evidence){.kind = s->kind,
                                  .id = s->id,
                                  .reason = s->reason,
                                  .change_pct = NAN,
                                  .time_d = NAN,
                                  .predicted = NAN,
                                  .stance = s->stance,
                                  .bearing = s->bearing,
                                  .grade = s->grade};
  if (s->kind == NW_SOURCE_TRIAL) return take_trial(t, s, e);
  return s->kind == NW_SOURCE_MEASUREMENT ? take_measurement(t, s, e) : take_number(t, s, e);
}

enum nw_status nw_claim_evidence_gather(struct nw_context *context, const struct nw_claim_tables *tables,
                                        struct nw_claim *claim) {
  for (size_t i = 0; i < NW_COUNT(sources); i++) {
    if (strcmp(sources[i].claim, claim->row->id) != 0) continue;
    if (!nw_grow(&claim->evidence, &claim->evidence_capacity, claim->n_evidence + 1, sizeof *claim->evidence))
      return nw_fail(context, NW_MEMORY, NULL, "no memory for evidence");
    if (!take(tables, &sources[i], &claim->evidence[claim->n_evidence++]))
      return nw_fail(context, NW_BAD_PLAN, claim->row->id, "the tables have no source %s", sources[i].id);
  }
  return NW_OK;
}
