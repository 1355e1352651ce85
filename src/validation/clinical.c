/* SPDX-License-Identifier: BSD-3-Clause
   Trials on people against the model: one trial and one ensemble for every plan, read at all times that its
   lines ask for. The trial itself runs on the grid of studies; members of the ensemble run on the cheapest
   grid, and what counts of them is their distance from the cheapest grid's own centre. */
#include "clinical.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "study/ensemble.h"
#include "outcome/rater.h"
#include "plan/plan.h"
#include "base/units.h"

enum { MEMBERS = 64, PERSONS = MEMBERS }; /* the same members again, each with a person of its own */

/* All lines that one plan answers, and the answers. */
struct batch {
  struct nw_clinical *clinical;
  size_t plan;
  size_t *row; /* (count) */
  size_t count;
  const struct nw_params *params;
  struct nw_question *question; /* (count) */
  double *centre;               /* (count) */
  double *mean;                 /* (MEMBERS, count) shifted onto the centre */
  double *person;               /* (PERSONS, count) likewise; NAN where persons are not needed */
};

/* ---- the table, sorted ---- */

/* What has been sorted so far, by its name or text. */
struct sorting {
  struct nw_clinical *clinical;
  struct nw_names cohorts, plans; /* of texts that `clinical` owns */
};

static enum nw_status find_cohort(struct nw_context *context, struct sorting *s,
                                  struct nw_clinical_row *row) {
  struct nw_clinical *c = s->clinical;
  struct nw_text name = {0};
  nw_evidence_cohort(row->evidence, &name);
  const bool good = !name.failed &&
                    nw_grow(&c->cohort, &c->cohort_capacity, c->n_cohorts + 1, sizeof *c->cohort) &&
                    nw_names_number(&s->cohorts, name.data, c->n_cohorts, &row->cohort);
  if (good && row->cohort == c->n_cohorts) {
    c->cohort[c->n_cohorts++] = (struct nw_clinical_cohort){.name = name.data};
    return NW_OK;
  }
  nw_text_clear(&name);
  return good ? NW_OK : nw_fail(context, NW_MEMORY, NULL, "no memory for %zu cohorts", c->n_cohorts + 1);
}

static enum nw_status find_plan(struct nw_context *context, struct sorting *s, struct nw_clinical_row *row,
                                const struct nw_params *p) {
  struct nw_clinical *c = s->clinical;
  struct nw_text name = {0}, text = {0};
  nw_evidence_plan(row->evidence, &row->mapping, p, &name, &text);
  const bool good = !name.failed && !text.failed && text.data &&
                    nw_grow(&c->plan, &c->plan_capacity, c->n_plans + 1, sizeof *c->plan) &&
                    nw_names_number(&s->plans, text.data, c->n_plans, &row->plan);
  if (good && row->plan == c->n_plans) {
    c->plan[c->n_plans++] = (struct nw_clinical_plan){name.data, text.data};
    return NW_OK;
  }
  nw_text_clear(&name);
  nw_text_clear(&text);
  return good ? NW_OK : nw_fail(context, NW_MEMORY, NULL, "no memory for %zu plans", c->n_plans + 1);
}

/* Asked are the lines that are scored, and those that tell a direction in words. */
static bool is_asked(const struct nw_clinical_row *row) {
  if (row->use == NW_USE_SCORED) return true;
  return row->use == NW_USE_WORDS && row->mapping.observable == NW_OBSERVE_OUTCOME &&
         row->published.sign != 2;
}

static enum nw_status sort_row(struct nw_context *context, struct sorting *s, size_t i,
                               const struct nw_params *p) {
  const struct nw_clinical *c = s->clinical;
  struct nw_clinical_row *row = &c->row[i];
  *row = (struct nw_clinical_row){.evidence = &c->table.row[i],
                                  .plan = SIZE_MAX,
                                  .predicted = NAN,
                                  .low = NAN,
                                  .high = NAN,
                                  .error = NAN};
  row->mapping = nw_evidence_map(row->evidence);
  row->published.value = NAN;
  if (row->mapping.mapped)
    row->published = nw_published_read(row->evidence, &row->mapping, (int)lround(p->trial_people));
  row->use = nw_evidence_use(row->evidence, &row->mapping, &row->published);
  NW_TRY(find_cohort(context, s, row));
  return is_asked(row) ? find_plan(context, s, row, p) : NW_OK;
}

static enum nw_status sort_rows(struct nw_context *context, struct nw_clinical *c,
                                const struct nw_params *p) {
  struct sorting s = {.clinical = c};
  enum nw_status status = NW_OK;
  for (size_t i = 0; i < c->table.count && status == NW_OK; i++)
    status = sort_row(context, &s, i, p);
  nw_names_clear(&s.cohorts);
  nw_names_clear(&s.plans);
  return status;
}

/* ---- from plan to case ---- */

static enum nw_status override(struct nw_context *context, struct nw_plan *plan, struct nw_text *assignment) {
  const enum nw_status status =
      assignment->failed ? NW_MEMORY : nw_plan_override(context, plan, assignment->data);
  nw_text_clear(assignment);
  return status;
}

/* Gives every question its time, and returns when the last one asks [s since the first injury]. */
static double set_times(const struct batch *b, const struct nw_course *course, double last_session) {
  double end = last_session + course->follow_up;
  for (size_t i = 0; i < b->count; i++) {
    double *time = &b->question[i].time;
    const double whole = last_session + fmax(b->params->trial_wait, course->follow_up);
    /* what ends by itself must not be cut off on the day of a visit */
    if (!isfinite(*time) || !nw_observable_is_timed(b->question[i].observable)) *time = whole;
    end = fmax(end, *time);
  }
  return end;
}

/* As many lines as a table has: more than a plan may list. The calendar drops what comes twice. */
static enum nw_status ask_for_times(struct nw_context *context, const struct batch *b, struct nw_case *c) {
  double *times = nw_allocate(b->count, sizeof *times);
  if (!times) return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu times", b->count);
  for (size_t i = 0; i < b->count; i++)
    times[i] = b->question[i].time;
  nw_release(c->output.times);
  c->output.times = times;
  c->output.n_times = b->count;
  return NW_OK;
}

/* Asks for the times of all questions, and for a follow-up that reaches the last one. */
static enum nw_status compile(struct nw_context *context, const struct batch *b, struct nw_case **out) {
  const struct nw_clinical_plan *text = &b->clinical->plan[b->plan];
  struct nw_plan *plan = NULL;
  struct nw_case *first = NULL;
  struct nw_text follow_up = {0};
  enum nw_status status = nw_plan_parse(context, text->name, text->text, strlen(text->text), &plan);
  if (status == NW_OK) status = nw_case_create(context, plan, &first);
  if (status == NW_OK) {
    const double last_session = (first->course.sessions - 1) * first->course.interval;
    const double end = set_times(b, &first->course, last_session);
    nw_text_append(&follow_up, "course.follow_up=%.17g d", nw_unit_from_si(end - last_session, "d"));
    status = override(context, plan, &follow_up);
    if (status == NW_OK) status = nw_case_create(context, plan, out);
    if (status == NW_OK) status = ask_for_times(context, b, *out);
    if (status == NW_OK) (*out)->params = *b->params;
  }
  nw_text_clear(&follow_up);
  nw_case_free(&first);
  nw_plan_free(&plan);
  return status;
}

/* ---- asking ---- */

static void read_answers(const void *data, const struct nw_run *run, double *values) {
  const struct batch *b = data;
  for (size_t i = 0; i < b->count; i++)
    values[i] = nw_observe(run, &b->question[i]);
}

/* Answers that the punctures alone give, each member with its own punctures. */
static void ask_quickly(struct nw_context *context, const struct nw_case *c, const struct batch *b) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (size_t m = 0; m < MEMBERS; m++) {
    struct nw_case own = *c;
    struct nw_run run = {0};
    struct nw_context *quiet = nw_context_create();
    const bool good = quiet && !context->interrupt &&
                      nw_ensemble_draw(&c->params, NW_DRAW_MEAN, c->patch.seed, m, &own.params) &&
                      nw_trial_prepare(quiet, &own, &run) == NW_OK;
    for (size_t i = 0; i < b->count; i++)
      if (nw_observable_is_quick(b->question[i].observable))
        b->mean[m * b->count + i] = good ? nw_observe(&run, &b->question[i]) : NAN;
    nw_run_clear(&run);
    nw_context_free(&quiet);
  }
}

static enum nw_status read_one(struct nw_context *context, const struct nw_run *base,
                               enum nw_fidelity fidelity, const struct batch *b, double *values) {
  struct nw_run run = {0};
  const enum nw_status status = nw_trial_run(context, base, NULL, fidelity, &run);
  if (status == NW_OK) read_answers(b, &run, values);
  nw_trial_clear(&run);
  return status;
}

/* Moves members from the cheapest grid onto the study's: their distance from the centre is what counts. */
static void shift(const struct batch *b, const double *cheap, double *member, size_t count) {
  for (size_t m = 0; m < count; m++)
    for (size_t i = 0; i < b->count; i++)
      member[m * b->count + i] += b->centre[i] - cheap[i];
}

static bool needs_course(const struct batch *b) {
  bool needed = false;
  for (size_t i = 0; i < b->count; i++)
    needed = needed || !nw_observable_is_quick(b->question[i].observable);
  return needed;
}

/* Persons count where shares of them were published, or the error of a mean was not. */
static bool needs_persons(const struct batch *b) {
  bool needed = false;
  for (size_t i = 0; i < b->count; i++) {
    const struct nw_published *p = &b->clinical->row[b->row[i]].published;
    needed = needed || p->question.observable == NW_OBSERVE_SHARE || (p->people > 0 && !isfinite(p->error));
  }
  return needed;
}

static enum nw_status ask_course(struct nw_context *context, const struct nw_run *base, struct batch *b) {
  double *cheap = nw_allocate(b->count, sizeof *cheap);
  if (!cheap) return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu answers", b->count);
  enum nw_status status = read_one(context, base, NW_STUDY_GRID, b, b->centre);
  if (status == NW_OK) status = read_one(context, base, NW_UNIT_CELL, b, cheap);
  if (status == NW_OK)
    status = nw_ensemble_run(context, base, NW_DRAW_MEAN, NW_UNIT_CELL, MEMBERS, b->count, read_answers, b,
                             b->mean);
  if (status == NW_OK && needs_persons(b))
    status = nw_ensemble_run(context, base, NW_DRAW_PERSON, NW_UNIT_CELL, PERSONS, b->count, read_answers, b,
                             b->person);
  if (status == NW_OK) {
    shift(b, cheap, b->mean, MEMBERS);
    shift(b, cheap, b->person, PERSONS);
  }
  nw_release(cheap);
  return status;
}

static enum nw_status ask(struct nw_context *context, const struct nw_case *c, struct batch *b) {
  struct nw_run base = {0};
  const nw_progress_function listener = context->progress;
  context->progress = NULL; /* one bar for the suite, not one for each course */
  enum nw_status status = nw_trial_prepare(context, c, &base);
  for (size_t i = 0; i < MEMBERS * b->count; i++)
    b->mean[i] = NAN;
  for (size_t i = 0; i < PERSONS * b->count; i++)
    b->person[i] = NAN;
  if (status == NW_OK && needs_course(b)) status = ask_course(context, &base, b);
  if (status == NW_OK) {
    for (size_t i = 0; i < b->count; i++)
      if (nw_observable_is_quick(b->question[i].observable))
        b->centre[i] = nw_observe(&base, &b->question[i]);
    ask_quickly(context, c, b);
  }
  nw_run_clear(&base);
  context->progress = listener;
  return status;
}

/* ---- answers ---- */

/* Probability that somebody whose change for the better is this counts as a responder. A grade less is what
   raters say, who err and know whole grades only. */
static double responds(const struct batch *b, const struct nw_clinical_row *row, double better) {
  const struct nw_evidence_mapping *m = &row->mapping;
  const struct nw_scale *scale = nw_scale_of(m->key);
  if (scale && scale->success == NW_SUCCESS_GRADE && m->low == 1)
    return nw_rater_improves(b->params, scale, better);
  const double low = m->low != 0 ? m->low : 100 * b->params->trial_notice;
  return better >= low && !(m->high > 0 && m->high < 100 && m->high > low && better >= m->high);
}

/* Persons differ from the mean of the same parameters alike, wherever that mean is. */
static double share_around(const struct batch *b, size_t i, double mean) {
  size_t n = 0;
  double responding = 0;
  const struct nw_clinical_row *row = &b->clinical->row[b->row[i]];
  for (size_t j = 0; j < PERSONS; j++) {
    const double better = mean + b->person[j * b->count + i] - b->mean[j * b->count + i];
    if (!isfinite(better)) continue;
    n++;
    responding += responds(b, row, better);
  }
  return n ? 100 * responding / (double)n : NAN;
}

/* Standard deviation among people of one population: each person against the mean of the same parameters. */
static double spread_of_persons(const struct batch *b, size_t i) {
  double own[PERSONS];
  for (size_t j = 0; j < PERSONS; j++)
    own[j] = b->person[j * b->count + i] - b->mean[j * b->count + i];
  const double low = nw_ensemble_quantile(own, 1, PERSONS, 0.1587);  /* math: normal, one */
  const double high = nw_ensemble_quantile(own, 1, PERSONS, 0.8413); /* math: deviation */
  return 0.5 * (high - low);
}

static void answer(struct batch *b, size_t i) {
  struct nw_clinical_row *row = &b->clinical->row[b->row[i]];
  const double factor = nw_published_factor(&row->published);
  double persons = spread_of_persons(b, i) * factor;
  if (row->published.question.observable == NW_OBSERVE_SHARE) {
    const double centre = share_around(b, i, b->centre[i]);
    double share[MEMBERS];
    for (size_t m = 0; m < MEMBERS; m++)
      share[m] = share_around(b, i, b->mean[m * b->count + i]);
    for (size_t m = 0; m < MEMBERS; m++)
      b->mean[m * b->count + i] = share[m];
    b->centre[i] = centre;
    persons = NAN;
  }
  row->predicted = b->centre[i] * factor;
  double low, high;
  nw_ensemble_around(b->mean + i, b->count, MEMBERS, b->centre[i], &low, &high);
  if (!isfinite(row->predicted)) {
    if (row->use == NW_USE_SCORED) row->use = NW_USE_NO_READING;
    return;
  }
  nw_clinical_score(row, isfinite(low) ? low * factor : row->predicted,
                    isfinite(high) ? high * factor : row->predicted, persons);
}

/* ---- one plan ---- */

static bool prepare_batch(struct batch *b) {
  const struct nw_clinical *c = b->clinical;
  for (size_t i = 0; i < c->table.count; i++)
    b->count += c->row[i].plan == b->plan;
  b->row = nw_allocate(b->count, sizeof *b->row);
  b->question = nw_allocate(b->count, sizeof *b->question);
  b->centre = nw_allocate(b->count, sizeof *b->centre);
  b->mean = nw_allocate(MEMBERS * b->count, sizeof *b->mean);
  b->person = nw_allocate(PERSONS * b->count, sizeof *b->person);
  if (!b->row || !b->question || !b->centre || !b->mean || !b->person) return false;
  size_t n = 0;
  for (size_t i = 0; i < c->table.count; i++)
    if (c->row[i].plan == b->plan) {
      b->row[n] = i;
      b->question[n++] = c->row[i].published.question;
    }
  return true;
}

/* A plan that cannot be compiled or run costs its own lines, not the whole table: the first mistake becomes a
   warning. */
static void give_up(struct nw_context *context, const struct batch *b, size_t said) {
  struct nw_text why = {0};
  nw_text_append(&why, "%s",
                 said < context->n_diagnostics ? nw_context_message(context, said) : "no message");
  nw_context_forget(context, said);
  nw_diagnose(context, NW_WARNING, NW_OK, b->clinical->plan[b->plan].name, 0, 0, NULL,
              "no trial of this plan: %s", why.data ? why.data : "");
  nw_text_clear(&why);
  for (size_t i = 0; i < b->count; i++) {
    struct nw_clinical_row *row = &b->clinical->row[b->row[i]];
    if (row->use == NW_USE_SCORED) row->use = NW_USE_NO_READING;
  }
}

static enum nw_status run_plan(struct nw_context *context, struct nw_clinical *c, size_t plan,
                               const struct nw_params *p) {
  const size_t said = context->n_diagnostics;
  struct batch b = {.clinical = c, .plan = plan, .params = p};
  struct nw_case *compiled = NULL;
  enum nw_status status = prepare_batch(&b)
                              ? compile(context, &b, &compiled)
                              : nw_fail(context, NW_MEMORY, NULL, "no memory for a plan of the evidence");
  if (status == NW_OK) status = ask(context, compiled, &b);
  if (status == NW_OK) nw_context_forget(context, said); /* warnings about plans that nobody here wrote */
  for (size_t i = 0; status == NW_OK && i < b.count; i++)
    answer(&b, i);
  if (status == NW_BAD_PLAN || status == NW_NUMERICAL) {
    give_up(context, &b, said);
    status = NW_OK;
  }
  nw_case_free(&compiled);
  nw_release(b.row);
  nw_release(b.question);
  nw_release(b.centre);
  nw_release(b.mean);
  nw_release(b.person);
  return status;
}

enum nw_status nw_clinical_run(struct nw_context *context, struct nw_evidence_table *table,
                               const struct nw_params *p, struct nw_clinical *out) {
  *out = (struct nw_clinical){.table = *table};
  *table = (struct nw_evidence_table){0};
  out->row = nw_allocate(out->table.count, sizeof *out->row);
  enum nw_status status =
      out->row ? sort_rows(context, out, p) : nw_fail(context, NW_MEMORY, NULL, "no memory for the evidence");
  for (size_t i = 0; status == NW_OK && i < out->n_plans; i++) {
    nw_progress_report(context, "trials", (double)i / (double)out->n_plans, 0);
    status = context->interrupt ? NW_INTERRUPTED : run_plan(context, out, i, p);
  }
  if (status == NW_OK) nw_clinical_sum(out);
  return status;
}

void nw_clinical_clear(struct nw_clinical *c) {
  for (size_t i = 0; i < c->n_cohorts; i++)
    nw_release(c->cohort[i].name);
  for (size_t i = 0; i < c->n_plans; i++) {
    nw_release(c->plan[i].name);
    nw_release(c->plan[i].text);
  }
  nw_release(c->cohort);
  nw_release(c->plan);
  nw_release(c->row);
  nw_evidence_clear(&c->table);
  *c = (struct nw_clinical){0};
}
