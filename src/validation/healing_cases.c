/* SPDX-License-Identifier: BSD-3-Clause
   Published courses of healing against what the simulation gives. */
#include "healing_cases.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "healing_scenes.h"
#include "outcome/outcome.h"
#include "plan/plan.h"
#include "study/excision.h"
#include "study/phase.h"
#include "base/units.h"

/* ---- readings: of a course that was run, `a` and `b` as each says ---- */

typedef double (*reading)(const struct nw_run *run, enum nw_outcome outcome, double a, double b);

static double day(double days) {
  return nw_unit_to_si(days, "d");
}

static double value_at(const struct nw_run *run, enum nw_outcome outcome, double days) {
  return nw_trial_at(run, outcome, day(days));
}

static double start_of(const struct nw_run *run, enum nw_outcome outcome) {
  return run->timeline.value[0][outcome];
}

/* Change of the value at day a over the start [%]. */
static double change(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)b;
  return 100 * (value_at(run, outcome, a) / start_of(run, outcome) - 1);
}

/* Difference at day a to the same skin left alone, over the start [%]. */
static double effect(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)b;
  const double alone = nw_trial_untreated_at(run, outcome, day(a));
  return 100 * (value_at(run, outcome, a) - alone) / start_of(run, outcome);
}

/* Direction of the change at day a: 1 up, -1 down, 0 within b percent of the start. */
static double direction(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  const double by = change(run, outcome, a, 0);
  return (by > b) - (by < -b);
}

/* Day of the maximum up to day b. */
static double peak_day(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)a;
  return nw_unit_from_si(nw_phase_peak_time(run, outcome, day(b)), "d");
}

/* Rise at day a over the highest up to day b [%]. */
static double of_peak(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  return 100 * nw_phase_of_peak(run, outcome, day(a), day(b));
}

/* Gain from the start to day a over the gain to day b [%]. */
static double of_gain(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  return 100 * nw_phase_of_gain(run, outcome, day(a), day(b));
}

/* Part of the gain to day b that came after day a [%]. */
static double late_gain(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  return 100 - of_gain(run, outcome, a, b);
}

/* Day on which half of the gain to day b was reached. */
static double half_day(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)a;
  return nw_unit_from_si(nw_phase_half_time(run, outcome, day(b)), "d");
}

/* Last day on which the value is above the share a of its maximum up to day b [%]. */
static double until_day(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  return nw_unit_from_si(nw_phase_fade_time(run, outcome, a / 100, day(b)), "d");
}

/* Which of four pairs follow each other, up to day b: neutrophils before repair macrophages, those before
   fibroblasts and before half of collagen III, that before half of collagen I. */
static double in_order(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)outcome, (void)a;
  const double neutrophils = peak_day(run, NW_OUTCOME_neutrophil, 0, b),
               macrophages = peak_day(run, NW_OUTCOME_macrophage_m2, 0, b),
               fibroblasts = peak_day(run, NW_OUTCOME_fibroblast, 0, b),
               third = half_day(run, NW_OUTCOME_collagen_III, 0, b),
               first = half_day(run, NW_OUTCOME_collagen_I, 0, b);
  return (neutrophils < macrophages) + (macrophages < fibroblasts) + (macrophages < third) + (third < first);
}

/* Hours until of the open mouths a share is left. */
static double open_until(const struct nw_run *run, double share) {
  const struct nw_tissue_history *h = &run->tissue;
  const double opened = h->count > 1 ? h->item[1].open_area : 0;
  for (size_t i = 2; i < h->count; i++) {
    const double before = h->item[i - 1].open_area, now = h->item[i].open_area;
    if (now > share * opened) continue;
    const double part = log(before / (share * opened)) / log(before / now);
    return nw_unit_from_si(h->item[i - 1].time + part * (h->item[i].time - h->item[i - 1].time), "h");
  }
  return NAN;
}

static double open_share_until(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)outcome, (void)b;
  return open_until(run, a);
}

static double downtime(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)outcome, (void)a, (void)b;
  return nw_unit_from_si(run->safety.downtime, "d");
}

static double redness(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)outcome, (void)a, (void)b;
  return nw_unit_from_si(run->safety.redness, "d");
}

static double dark_marks(const struct nw_run *run, enum nw_outcome outcome, double a, double b) {
  (void)outcome, (void)a, (void)b;
  return 100 * run->safety.pih_risk;
}

/* Two treatments side by side. */
static double difference(double one, double other) {
  return one - other;
}

static double ratio(double one, double other) {
  return one / other;
}

/* ---- tables ---- */

/* A plan on a grid, or an experiment that fills a timeline. */
struct scene {
  const char *name, *text;
  enum nw_fidelity fidelity;
  enum nw_status (*build)(struct nw_context *context, const struct nw_params *p, struct nw_run *run);
};

enum {
#define HEALING_PLAN(key, fidelity, text) SCENE_##key,
#define HEALING_SCENE(key, build) SCENE_##key,
#define HEALING_CASE(...)
#define HEALING_PAIR(...)
#define HEALING_LAB(...)
#include "../../model/healing_cases.def"
#undef HEALING_PLAN
#undef HEALING_SCENE
  SCENES
};

static const struct scene scenes[SCENES] = {
#define HEALING_PLAN(key, fidelity, text) [SCENE_##key] = {#key, text, NW_##fidelity, NULL},
#define HEALING_SCENE(key, build) [SCENE_##key] = {#key, NULL, NW_POINT, build},
#include "../../model/healing_cases.def"
#undef HEALING_PLAN
#undef HEALING_SCENE
#undef HEALING_CASE
#undef HEALING_PAIR
#undef HEALING_LAB
};

struct row {
  int scene, other; /* SCENES: none */
  reading read;
  enum nw_outcome outcome;
  double (*combine)(double one, double other); /* of a pair */
  double (*lab)(struct nw_context *context, const struct nw_params *p, double a);
  double a, b, published, low, high;
  const char *id, *quantity, *unit, *citation, *note;
};

/* clang-format off */
static const struct row rows[] = {
#define HEALING_PLAN(...)
#define HEALING_SCENE(...)
#define HEALING_CASE(id, scene, read, key, a, b, quantity, unit, published, low, high, citation, note)  \
  {SCENE_##scene, SCENES, read, NW_OUTCOME_##key, NULL, NULL, a, b, published, low, high, id, quantity, \
   unit, citation, note},
#define HEALING_PAIR(id, scene, other, read, combine, quantity, unit, published, low, high, citation, note) \
  {SCENE_##scene, SCENE_##other, read, NW_OUTCOME_COUNT, combine, NULL, 0, 0, published, low, high, id,     \
   quantity, unit, citation, note},
#define HEALING_LAB(id, lab, a, quantity, unit, published, low, high, citation, note) \
  {SCENES, SCENES, NULL, NW_OUTCOME_COUNT, NULL, lab, a, 0, published, low, high, id, quantity, unit, citation, note},
#include "../../model/healing_cases.def"
#undef HEALING_PLAN
#undef HEALING_SCENE
#undef HEALING_CASE
#undef HEALING_PAIR
#undef HEALING_LAB
};
/* clang-format on */

/* ---- running ---- */

struct stage {
  struct nw_plan *plan;
  struct nw_case *c;
  struct nw_run base, run;
  enum nw_status status;
};

static enum nw_status run_plan(struct nw_context *context, const struct scene *scene,
                               const struct nw_params *p, struct stage *s) {
  NW_TRY(nw_plan_parse(context, scene->name, scene->text, strlen(scene->text), &s->plan));
  NW_TRY(nw_case_create(context, s->plan, &s->c));
  s->c->params = *p;
  NW_TRY(nw_trial_prepare(context, s->c, &s->base));
  return nw_trial_run(context, &s->base, NULL, scene->fidelity, &s->run);
}

/* With a context of its own: scenes run beside each other. */
static void run_scene(const struct scene *scene, const struct nw_params *p, struct stage *s) {
  struct nw_context *context = nw_context_create();
  s->status = NW_MEMORY;
  if (!context) return;
  context->threads = 1;
  s->status = scene->build ? scene->build(context, p, &s->run) : run_plan(context, scene, p, s);
  nw_context_free(&context);
}

static void stage_clear(struct stage *s) {
  nw_trial_clear(&s->run);
  nw_run_clear(&s->base);
  nw_case_free(&s->c);
  nw_plan_free(&s->plan);
}

static enum nw_status read_scene(struct nw_context *context, const struct row *row, int scene,
                                 const struct stage *stage, double *value) {
  if (stage[scene].status != NW_OK)
    return nw_fail(context, stage[scene].status, scenes[scene].name, "the scene of a case could not be run");
  *value = row->read(&stage[scene].run, row->outcome, row->a, row->b);
  return NW_OK;
}

static enum nw_status predict(struct nw_context *context, const struct nw_params *p, const struct row *row,
                              const struct stage *stage, double *value) {
  double other = NAN;
  if (row->lab) {
    *value = row->lab(context, p, row->a);
    return NW_OK;
  }
  NW_TRY(read_scene(context, row, row->scene, stage, value));
  if (!row->combine) return NW_OK;
  NW_TRY(read_scene(context, row, row->other, stage, &other));
  *value = row->combine(*value, other);
  return NW_OK;
}

static enum nw_status add_row(struct nw_context *context, const struct nw_params *p, const struct row *row,
                              const struct stage *stage, struct nw_validation *out) {
  double predicted = NAN;
  NW_TRY(predict(context, p, row, stage, &predicted));
  const struct nw_validation_case one = {.suite = "healing",
                                         .id = row->id,
                                         .quantity = row->quantity,
                                         .unit = row->unit,
                                         .source = row->citation,
                                         .note = row->note,
                                         .published = row->published,
                                         .predicted = predicted,
                                         .low = row->low,
                                         .high = row->high};
  return nw_validation_add(context, out, &one);
}

enum nw_status nw_healing_cases_run(struct nw_context *context, const struct nw_params *p,
                                    struct nw_validation *out) {
  struct stage stage[SCENES] = {0};
  enum nw_status status = NW_OK;
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (int i = 0; i < SCENES; i++)
    if (!context->interrupt) run_scene(&scenes[i], p, &stage[i]);
  if (context->interrupt) status = NW_INTERRUPTED;
  for (size_t i = 0; status == NW_OK && i < NW_COUNT(rows); i++)
    status = add_row(context, p, &rows[i], stage, out);
  for (int i = 0; i < SCENES; i++)
    stage_clear(&stage[i]);
  return status;
}
