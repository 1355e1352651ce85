/* SPDX-License-Identifier: BSD-3-Clause
   What absorbed products do to the biology: the law in time, what enters, and courses with and without. */
#include "healing/dosing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../treatment.h"
#include "base/units.h"
#include "plan/product_effect.h"
#include "plan/product_library.h"
#include "study/trial.h"

enum { TIMES = 21, DEPTHS = 4 };

static const double day = 86400;

/* ---- the law, on a course of absorption made by hand ---- */

struct course {
  struct nw_context *context;
  struct nw_case c;
  struct nw_product product;
  struct nw_absorption absorption;
  struct nw_run run;
  double time[TIMES], exposure[TIMES], cumulative[TIMES], depth[DEPTHS], profile[DEPTHS];
  double session[2];
  struct nw_course_calendar calendar;
};

/* `concentration` in the epidermis for two days; half a microlitre per cm2 of vehicle enters meanwhile. */
static void set_up(struct course *f, const char *name, double concentration) {
  *f = (struct course){.context = nw_context_create()};
  f->c.params = nw_params_default();
  f->product = (struct nw_product){.name = (char *)(uintptr_t)name, .concentration = 5};
  f->c.products = &f->product;
  f->c.n_products = 1;
  for (int i = 0; i < TIMES; i++) {
    f->time[i] = 2 * day * i / (TIMES - 1);
    f->exposure[i] = concentration * f->time[i];
    f->cumulative[i] = 5 * 5e-6 * f->time[i] / (2 * day);
  }
  for (int i = 0; i < DEPTHS; i++) {
    f->depth[i] = (i + 0.5) * 50e-6;
    f->profile[i] = i == 0 ? 100 : i;
  }
  f->absorption = (struct nw_absorption){
      .n_times = TIMES,
      .time = f->time,
      .n_depths = DEPTHS,
      .depth = f->depth,
      .needled = {.exposure = f->exposure, .cumulative = f->cumulative, .profile = f->profile}};
  f->run = (struct nw_run){.c = &f->c,
                           .absorption = &f->absorption,
                           .skin = {.stratum_corneum = 10e-6, .viable_epidermis = 40e-6}};
  f->session[1] = 30;
  f->calendar = (struct nw_course_calendar){.session = f->session, .n_sessions = 2};
}

static struct nw_dosing *dosing(struct course *f) {
  struct nw_dosing *d;
  assert_int_equal(nw_dosing_create(f->context, &f->run, &f->calendar, &d), NW_OK);
  return d;
}

static void tear_down(struct course *f, struct nw_dosing *d) {
  nw_dosing_free(&d);
  nw_context_free(&f->context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void hold_follows_its_law_up_and_down(void **state) {
  (void)state;
  struct course f;
  set_up(&f, "TXA", 0.02);
  const struct nw_params *p = &f.c.params;
  const double aim = 0.02 / (0.02 + p->half_tranexamic), size = p->hold_tranexamic;
  struct nw_dosing *d = dosing(&f);
  const double top = size * aim * (1 - exp(-2 * day / p->hold_onset));
  for (double t = 0.01; t < 2; t += 0.13) {
    const double wanted = size * aim * (1 - exp(-t * day / p->hold_onset));
    assert_true(fabs(nw_dosing_hold(d, t).stimulated - wanted) < 1e-9);
  }
  for (double t = 2; t < 30; t += 1.7)
    assert_true(fabs(nw_dosing_hold(d, t).stimulated - top * exp(-(t - 2) * day / p->hold_persistence)) <
                1e-9);
  assert_true(nw_dosing_hold(d, 0).stimulated == 0 && nw_dosing_hold(d, 1).all == 0);
  /* the second session brings it again */
  assert_true(nw_dosing_hold(d, 32).stimulated > 1.2 * nw_dosing_hold(d, 30).stimulated);
  assert_true(nw_dosing_hold(d, 32).stimulated < size);
  tear_down(&f, d);
}

static double held(const char *name, double concentration) {
  struct course f;
  set_up(&f, name, concentration);
  struct nw_dosing *d = dosing(&f);
  const struct nw_pigment_hold h = nw_dosing_hold(d, 1.9);
  tear_down(&f, d);
  return h.stimulated + h.all;
}

static void hold_vanishes_with_the_dose_and_saturates(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_true(held("TXA", 0) == 0);
  const double little = held("TXA", 1e-7), twice = held("TXA", 2e-7);
  assert_true(little > 0 && fabs(twice / little - 2) < 1e-3);
  assert_true(held("TXA", 1e4) < p.hold_tranexamic && held("TXA", 1e4) > 0.999 * p.hold_tranexamic);
  assert_true(held("hydroquinone", 1e4) > 0.999 * p.hold_hydroquinone);
  assert_true(held("vitamin C", p.half_vitamin_c) > 0.49 * p.hold_vitamin_c);
  assert_true(held("vitamin C", p.half_vitamin_c) < 0.5 * p.hold_vitamin_c);
}

static void products_without_a_trial_do_nothing(void **state) {
  (void)state;
  static const char *const name[] = {"niacinamide", "hyaluronic acid", "insulin", "retinol", "something new"};
  for (size_t i = 0; i < NW_COUNT(name); i++) {
    struct course f;
    set_up(&f, name[i], 1);
    struct nw_dosing *d = dosing(&f);
    assert_null(d);
    assert_true(nw_dosing_hold(d, 1).stimulated == 0 && nw_dosing_limit(d, 1, 9) == 9);
    tear_down(&f, d);
  }
}

/* What enters by time is what lies in the layers: nothing is lost between depth and time. */
static void plasma_is_all_laid_into_the_dermis(void **state) {
  (void)state;
  struct course f;
  set_up(&f, "PRP", 0);
  struct nw_dosing *d = dosing(&f);
  const double edge[] = {0, 0.02, 0.07, 0.1, 0.2};
  double share[4], sum = 0;
  assert_true(nw_dosing_plasma(d, 0.5, 1.5, 4, edge, share));
  for (int k = 0; k < 4; k++)
    sum += share[k] * (edge[k + 1] - edge[k]);
  assert_true(fabs(sum / 0.0025 - 1) < 1e-12); /* half of 5 um in one of two days [mm] */
  assert_true(fabs(share[3] / share[1] - 3.0 / 2) > 0.05 && share[0] < share[2] && share[2] < share[3] * 3);
  assert_false(nw_dosing_plasma(d, 2.5, 3, 4, edge, share));
  assert_true(nw_dosing_limit(d, 1, 9) < 1.1 && nw_dosing_limit(d, 3, 9) == 9);
  assert_true(nw_dosing_hold(d, 1).stimulated == 0);
  tear_down(&f, d);
}

static void table_names_products_and_parameters_that_exist(void **state) {
  (void)state;
  int acting = 0;
  const struct nw_params p = nw_params_default();
  for (const char *const *name = nw_product_preset_names(); *name; name++) {
    const struct nw_product_effect *e = nw_product_effect(*name);
    if (!e) continue;
    assert_true(e->evidence >= 1 && e->evidence <= 5 && strlen(e->note) > 10);
    const bool holds = e->mechanism == NW_EFFECT_STIMULATED || e->mechanism == NW_EFFECT_PIGMENT;
    assert_int_equal(holds, nw_effect_size(e, &p) > 0 && nw_effect_half(e, &p) > 0);
    assert_true(strlen(nw_effect_mechanism_word(e->mechanism)) > 3);
    acting += e->mechanism != NW_EFFECT_NOTHING;
  }
  assert_int_equal(acting, 5);
}

static void create_survives_the_failure_of_any_allocation(void **state) {
  (void)state;
  struct course f;
  set_up(&f, "PRP", 1);
  bool done = false;
  for (size_t n = 1; !done && n < 20; n++) {
    struct nw_dosing *d;
    nw_allocation_fail_at(n);
    const enum nw_status status = nw_dosing_create(f.context, &f.run, &f.calendar, &d);
    done = status == NW_OK;
    assert_true(done || status == NW_MEMORY);
    nw_dosing_free(&d);
  }
  nw_allocation_fail_at(0);
  assert_true(done);
  tear_down(&f, NULL);
}

/* ---- whole courses ---- */

struct told {
  double melanin, mitogen, collagen; /* relative to the untreated twin: at day 30, hour 1, the end */
  struct nw_tissue_state last, twin;
};

static struct told course_under(const char *name, double dose, enum nw_fidelity fidelity, bool occluded,
                                double contact) {
  struct nw_context context = {.threads = 1};
  struct nw_concern melasma = {.kind = NW_CONCERN_MELASMA, .type = NW_TYPE_EPIDERMAL};
  struct nw_product product = {.name = (char *)(uintptr_t)name,
                               .concentration = 40,
                               .solubility = INFINITY,
                               .vehicle_ph = 7,
                               .dose = dose,
                               .duration = contact,
                               .occluded = occluded,
                               .when = NW_DURING,
                               .volatile_share = NAN,
                               .release_half_life = NAN,
                               NW_PRODUCT_UNMEASURED};
  struct nw_case c = treatment(NW_DEVICE_PEN, 0.5e-3);
  struct nw_run base = {0}, run = {0};
  c.patch.resolution = 62.5e-6;
  c.course.follow_up = 60 * day;
  c.concerns = &melasma;
  c.n_concerns = 1;
  c.products = &product;
  c.n_products = name ? 1 : 0;
  if (name) assert_true(nw_product_preset(name, &product));
  assert_int_equal(nw_trial_prepare(&context, &c, &base), NW_OK);
  assert_int_equal(nw_trial_run(&context, &base, NULL, fidelity, &run), NW_OK);
  struct told told = {.last = run.tissue.item[run.tissue.count - 1],
                      .twin = run.tissue_untreated.item[run.tissue_untreated.count - 1]};
  for (size_t i = 0; i < run.tissue.count; i++)
    if (fabs(run.tissue.item[i].time - 3600) < 1)
      told.mitogen = run.tissue.item[i].papillary[NW_FIELD_mitogen];
  told.melanin = nw_trial_at(&run, NW_OUTCOME_spot_contrast, 30 * day);
  told.collagen = nw_trial_at(&run, NW_OUTCOME_collagen_total, 60 * day);
  nw_trial_clear(&run);
  nw_run_clear(&base);
  forget_messages(&context);
  assert_int_equal(nw_live_bytes(), 0);
  return told;
}

static struct told course(const char *name, double dose, enum nw_fidelity fidelity) {
  return course_under(name, dose, fidelity, false, 3600);
}

static void same_bits(const struct nw_tissue_state *a, const struct nw_tissue_state *b) {
  assert_memory_equal(a, b, sizeof *a);
}

static void courses_change_only_where_a_trial_says_so(void **state) {
  (void)state;
  for (int patch = 0; patch < 2; patch++) {
    const enum nw_fidelity fidelity = patch ? NW_PATCH : NW_UNIT_CELL;
    const struct told none = course(NULL, 1e-4, fidelity), idle = course("niacinamide", 1e-4, fidelity),
                      txa = course("tranexamic acid", 2e-4, fidelity),
                      prp = course("platelet-rich plasma", 2e-4, fidelity);
    same_bits(&none.last, &idle.last);
    same_bits(&none.twin, &txa.twin);
    same_bits(&none.twin, &prp.twin);
    assert_true(txa.melanin < 0.95 * none.melanin && txa.melanin > 0.3 * none.melanin);
    assert_true(txa.mitogen == none.mitogen && txa.collagen == none.collagen);
    assert_true(prp.mitogen > 1.01 * none.mitogen && prp.collagen > none.collagen);
    assert_true(prp.collagen < 1.2 * none.collagen);
  }
}

static void courses_lose_the_effect_with_the_dose(void **state) {
  (void)state;
  const struct told none = course(NULL, 0, NW_UNIT_CELL);
  const struct told much = course("platelet-rich plasma", 2e-4, NW_UNIT_CELL),
                    little = course("platelet-rich plasma", 2e-8, NW_UNIT_CELL);
  assert_true(little.mitogen - none.mitogen < 1e-2 * (much.mitogen - none.mitogen));
  const struct told faint = course("tranexamic acid", 1e-12, NW_UNIT_CELL);
  assert_true(fabs(faint.melanin / none.melanin - 1) < 1e-3);
}

/* A film keeps channels open and the dose wet: over the whole course more gets in, and more comes of it. */
static void courses_gain_by_occlusion(void **state) {
  (void)state;
  const struct told none = course(NULL, 0, NW_UNIT_CELL),
                    open = course_under("platelet-rich plasma", 5e-4, NW_UNIT_CELL, false, day),
                    film = course_under("platelet-rich plasma", 5e-4, NW_UNIT_CELL, true, day);
  const double gain = (film.collagen - none.collagen) / (open.collagen - none.collagen);
  if (!(open.collagen > none.collagen && gain > 1.5 && gain < 60)) fail_msg("gain %.3g", gain);
  same_bits(&open.twin, &film.twin);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hold_follows_its_law_up_and_down),
      cmocka_unit_test(hold_vanishes_with_the_dose_and_saturates),
      cmocka_unit_test(products_without_a_trial_do_nothing),
      cmocka_unit_test(plasma_is_all_laid_into_the_dermis),
      cmocka_unit_test(table_names_products_and_parameters_that_exist),
      cmocka_unit_test(create_survives_the_failure_of_any_allocation),
      cmocka_unit_test(courses_change_only_where_a_trial_says_so),
      cmocka_unit_test(courses_lose_the_effect_with_the_dose),
      cmocka_unit_test(courses_gain_by_occlusion),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
