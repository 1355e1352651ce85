/* SPDX-License-Identifier: BSD-3-Clause
   Experiments beside the courses of patients. What an experimenter chose stands here as literals: it is
   data, not belief. */
#include "healing_scenes.h"

#include <math.h>
#include <stdio.h>

#include "study/ensemble.h"
#include "plan/plan.h"
#include "skin/skin.h"
#include "surface/epidermis.h"
#include "surface/surface.h"
#include "base/units.h"

/* ---- one dose of sun ---- */

/* Melanin of a column whose melanocytes were set going once; the day of its maximum. */
static double tan_at(const struct nw_params *p, double until, double *best_day, double *most) {
  const struct nw_params tissue = nw_params_coherent(p, 1e3, 1.0 / 86400, 1e15);
  const struct nw_epidermis e = nw_epidermis_create(&tissue);
  const double h = 0.05, one = 1, zero = 0;
  double x[9] = {0}, melanin = 0;
  struct nw_columns c = {&x[0], &x[1], &x[2], &x[3], &x[4], &x[5], &x[6], &x[7], &x[8]};
  const struct nw_epidermis_demand calm = {.drive = &one, .target = &zero, .support = &one};
  nw_epidermis_rest(&e, 1, x);
  x[4] = 1;
  *most = 0;
  for (double t = h; t <= until; t += h) {
    nw_epidermis_step(&e, &c, 1, h, &calm, &calm);
    melanin = x[5] + x[6] + x[7];
    if (melanin <= *most) continue;
    *most = melanin;
    *best_day = t;
  }
  return melanin;
}

double nw_scene_tan_day(struct nw_context *context, const struct nw_params *p, double unused) {
  double day = 0, most;
  (void)context, (void)unused;
  (void)tan_at(p, 60, &day, &most);
  return day;
}

double nw_scene_tan_left(struct nw_context *context, const struct nw_params *p, double at) {
  double day = 0, most;
  (void)context;
  const double left = tan_at(p, at, &day, &most);
  return 100 * left / most;
}

/* ---- skin wiped free of its fat ---- */

/* Fat on the forehead of a healthy adult so long after it was taken off, unwashed [ug/cm^2]. */
static double sebum_after(const struct nw_params *p, double days) {
  struct nw_case c = {.params = *p, .subject = {.age = 30, .phototype = 3, .site = NW_SITE_forehead}};
  struct nw_run run = {.c = &c};
  struct nw_tissue_state state = {0};
  const double none = 0, one = 1;
  c.params.k_wash = 0;
  (void)nw_skin_run(NULL, &c, &run);
  struct nw_surface *s = nw_surface_create(&c, &run.skin, 1, 1, 1, 1);
  if (!s) return NAN;
  nw_surface_injure(s, 0, &none, &one, 0);
  nw_surface_step(s, 0, days, &(struct nw_junction){&none, &none, &one, &one});
  nw_surface_sample(s, &state);
  nw_surface_free(&s);
  return nw_unit_from_si(state.sebum_surface, "ug/cm^2");
}

double nw_scene_sebum_rate(struct nw_context *context, const struct nw_params *p, double hours) {
  (void)context;
  return sebum_after(p, hours / 24) / hours;
}

double nw_scene_sebum_amount(struct nw_context *context, const struct nw_params *p, double days) {
  (void)context;
  return sebum_after(p, days);
}

/* ---- years ---- */

double nw_scene_ageing(struct nw_context *context, const struct nw_params *p, double unused) {
  (void)context, (void)unused;
  return -100 * (1 - nw_skin_collagen_at(p, 75, 0, false) / nw_skin_collagen_at(p, 25, 0, false)) / 5;
}

double nw_scene_sun(struct nw_context *context, const struct nw_params *p, double age) {
  (void)context;
  return 100 * (nw_skin_collagen_at(p, age, nw_unit_from_si(p->uv_moderate, "MED/day"), false) /
                    nw_skin_collagen_at(p, age, 0, false) -
                1);
}

/* ---- lesions of a laser ---- */

enum { PEOPLE = 48 };

/* Hours until the lesions are covered. */
static void read_closing(const void *unused, const struct nw_run *run, double *hours) {
  const double covered = 0.999;
  (void)unused;
  *hours = NAN;
  for (size_t i = run->tissue.count; i-- > 1 && run->tissue.item[i].coverage >= covered;)
    *hours = nw_unit_from_si(run->tissue.item[i].time, "h");
}

static enum nw_status people_close(struct nw_context *context, struct nw_run *base, double hours[PEOPLE]) {
  NW_TRY(nw_trial_prepare(context, base->c, base));
  return nw_ensemble_run(context, base, NW_DRAW_PERSON, NW_UNIT_CELL, PEOPLE, 1, read_closing, NULL, hours);
}

static double lesions(struct nw_context *caller, const struct nw_params *p, double millijoules,
                      double share) {
  char text[400];
  double hours[PEOPLE], result = NAN;
  /* a context of its own: what it warns of is known, and not the caller's business */
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  struct nw_run base = {0};
  const int length = snprintf(text, sizeof text,
                              "subject: {site: forearm, ageing: false, sun_exposure: none}\n"
                              "device: {kind: fractional_nonablative_laser, laser: {energy: %g mJ}}\n"
                              "course: {sessions: 1, follow_up: 3 d}\n"
                              "output: {every: 1 h}\n",
                              millijoules);
  if (context) context->threads = caller->threads;
  if (context && nw_plan_parse(context, "lesions", text, (size_t)length, &plan) == NW_OK &&
      nw_case_create(context, plan, &c) == NW_OK) {
    c->params = *p;
    base.c = c;
    if (people_close(context, &base, hours) == NW_OK) result = nw_ensemble_quantile(hours, 1, PEOPLE, share);
  }
  nw_run_clear(&base);
  nw_case_free(&c);
  nw_plan_free(&plan);
  nw_context_free(&context);
  return result;
}

double nw_scene_lesion_half(struct nw_context *context, const struct nw_params *p, double millijoules) {
  return lesions(context, p, millijoules, 0.5);
}

double nw_scene_lesion_most(struct nw_context *context, const struct nw_params *p, double millijoules) {
  return lesions(context, p, millijoules, 0.84);
}
