/* SPDX-License-Identifier: BSD-3-Clause
   Strikes become punctures, and treatments become injuries. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../treatment.h"
#include "plan/device_library.h"
#include "puncture/mechanics.h"
#include "puncture/reaction.h"

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static struct nw_context context = {.threads = 1};

static struct nw_run done(const struct nw_case *c) {
  struct nw_run run = {0};
  assert_int_equal(treat(&context, c, &run), NW_OK);
  return run;
}

static void run_scatters_the_reach_about_the_law(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 150e-3);
  struct nw_run run = done(&c);
  const double law = nw_mechanics_reach(1.5e-3, 0.63e-3);
  near(run.punctures.reach.mean, law, 0.003);
  near(run.punctures.reach.sd / run.punctures.reach.mean, 0.15, 0.02);
  assert_true(run.punctures.reach.max <= 1.5e-3 + 1e-9);
  forget(&run);
  c.params.reach_scatter = 0;
  run = done(&c);
  near(run.punctures.reach.min, law, 1e-6);
  near(run.punctures.reach.max, law, 1e-6);
  assert_true(run.punctures.reach.sd < 1e-9);
  forget(&run);
}

static void run_sets_a_pen_within_its_error(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 2e-3);
  c.params.reach_scatter = 0;
  c.course.sessions = 60;
  struct nw_run run = done(&c);
  assert_true(run.punctures.reach.min > 1.25e-3 - 1e-7 && run.punctures.reach.min < 1.28e-3);
  assert_true(run.punctures.reach.max < 1.55e-3 + 1e-7 && run.punctures.reach.max > 1.52e-3);
  forget(&run);
  forget_messages(&context);
}

static void run_keeps_reach_and_lumen_apart(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 10e-3);
  struct nw_run run = done(&c);
  const double epidermis = run.skin.stratum_corneum + run.skin.viable_epidermis;
  for (size_t i = 0; i < run.punctures.count; i++) {
    const struct nw_puncture *q = &run.punctures.item[i];
    near(q->lumen_depth, fmin(q->reach, epidermis), 1e-5);
    near(q->lumen_diameter, 125e-6, 1e-5);
    near(q->angle, nw_mechanics_entry_angle(10e-3, q->reach), 1e-4);
    near(q->slit, nw_mechanics_slit(&c.params, 10e-3, q->reach), 1e-4);
  }
  forget(&run);
  forget_messages(&context);
}

static void run_names_the_layer_reached(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_STAMP, 10e-3);
  c.params.reach_scatter = 0;
  c.params.delta_array = 0;
  c.subject.age = 45;
  const struct {
    double length;
    enum nw_layer layer;
  } row[] = {
      {10e-6, NW_STRATUM_CORNEUM},   {50e-6, NW_VIABLE_EPIDERMIS}, {200e-6, NW_PAPILLARY_DERMIS},
      {500e-6, NW_RETICULAR_DERMIS}, {1.5e-3, NW_SUBCUTIS},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    c.device.needle_length = row[i].length;
    struct nw_run run = done(&c);
    assert_true(run.punctures.layer_fraction[row[i].layer] == 1);
    assert_int_equal(run.punctures.item[0].layer, row[i].layer);
    near(run.punctures.reach.mean, row[i].length, 1e-5);
    forget(&run);
  }
  forget_messages(&context);
}

static void run_holds_blunt_tips_and_weak_hands_at_the_surface(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 10e-3);
  c.device.needle_length = 1.2e-3;
  c.device.tip_radius = 18.5e-6;
  struct nw_run run = done(&c);
  assert_true(run.punctures.layer_fraction[NW_STRATUM_CORNEUM] == 1);
  assert_true(context.n_diagnostics == 1 && strstr(context.diagnostics[0].text, "do not enter"));
  forget(&run);
  forget_messages(&context);
  c.device.tip_radius = 4e-6;
  const double needed = 36e-3 * nw_mechanics_needles_in_skin(192, 10e-3, nw_mechanics_reach(1.2e-3, 0.63e-3));
  c.device.force = 0.99 * needed;
  run = done(&c);
  assert_true(run.punctures.layer_fraction[NW_STRATUM_CORNEUM] == 1);
  forget(&run);
  c.device.force = 1.01 * needed;
  run = done(&c);
  assert_true(run.punctures.layer_fraction[NW_STRATUM_CORNEUM] == 0);
  near(run.punctures.force, c.device.force, 1e-12);
  forget(&run);
  c.device.force = 0;
  run = done(&c);
  near(run.punctures.force, needed, 1e-9);
  forget(&run);
  forget_messages(&context);
}

static void run_stops_at_bone_and_says_so(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
  c.device.needle_length = c.device.stroke = 3e-3;
  c.subject.site = NW_SITE_nose;
  struct nw_run run = done(&c);
  const double bone =
      run.skin.stratum_corneum + run.skin.viable_epidermis + run.skin.dermis + run.skin.subcutis;
  near(run.punctures.reach.max, bone, 1e-5);
  bool said = false;
  for (size_t i = 0; i < context.n_diagnostics; i++)
    if (strstr(context.diagnostics[i].text, "bone")) said = true;
  assert_true(said);
  forget(&run);
  forget_messages(&context);
}

static void run_dulls_needles_only_when_used_again(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 5e-3);
  c.course.sessions = 6;
  struct nw_run sharp = done(&c);
  c.device.sterile = false;
  struct nw_run dull = done(&c);
  /* five sessions of 229/cm2 on 300 cm2 by 192 needles: 1,790 punctures a needle, 0.9 um of radius */
  near(dull.punctures.force / sharp.punctures.force, (4 + 0.895) / 4, 2e-3);
  forget(&sharp);
  forget(&dull);
  forget_messages(&context);
}

static void run_counts_bleeding_by_the_law(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_STAMP, 150e-3);
  c.params.reach_scatter = 0;
  struct nw_run run = done(&c);
  const double reach = nw_mechanics_reach(0.5e-3, 0.14e-3);
  const double odds = nw_reaction_bleeding(&c.params, &run.skin, NW_SITE_cheek, reach);
  near(run.punctures.bleeding_density, run.punctures.density * odds, 0.02);
  assert_true(run.punctures.bleeding_endpoint);
  forget(&run);
  near(c.params.bleed_endpoint, 5e4, 1e-9);
  c.device.needle_length = 0.1e-3; /* 2 % of 180 per cm2 stay below 5 per cm2 */
  run = done(&c);
  assert_true(run.punctures.bleeding_density > 0 && !run.punctures.bleeding_endpoint);
  forget(&run);
}

static void run_gives_margins_and_follicle_hits(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 5e-3);
  struct nw_run run = done(&c);
  near(run.punctures.buckling_margin, 343 / 36e-3, 5e-3);
  near(run.punctures.bending_margin, 600e6 / (166e6 * 36e-3 / 0.17), 5e-3);
  near(run.punctures.follicle_fraction, 1 - exp(-439e4 * NW_PI * 205e-6 * 205e-6 / 4), 1e-9);
  assert_true(run.punctures.follicle_fraction > 0.13 && run.punctures.follicle_fraction < 0.14);
  forget(&run);
  forget_messages(&context);
}

static void run_marks_what_is_denser_than_calibrated(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
  struct nw_run run = done(&c);
  near(run.punctures.density, 1440e4, 1e-9);
  assert_true(run.punctures.extrapolated);
  forget(&run);
  c.params.stroke_fraction = 1030.0 / 7200;
  run = done(&c);
  assert_true(run.punctures.extrapolated);
  forget(&run);
  c.params.stroke_fraction = 990.0 / 7200;
  run = done(&c);
  assert_false(run.punctures.extrapolated);
  forget(&run);
  forget_messages(&context);
}

static void run_gives_one_injury_for_each_puncture(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 10e-3);
  struct nw_run run = done(&c);
  assert_int_equal(run.injuries.count, run.punctures.count);
  for (size_t i = 0; i < run.injuries.count; i++) {
    const struct nw_injury *injury = &run.injuries.item[i];
    assert_int_equal(injury->kind, NW_INJURY_NEEDLE);
    near(injury->core_radius, 62.5e-6, 1e-5);
    near(injury->rim_radius, 112.5e-6, 1e-5);
    assert_true(injury->depth == run.punctures.item[i].reach && injury->x == run.punctures.item[i].x);
    near(injury->taper, fmin(1e-3, injury->depth), 1e-5);
  }
  forget(&run);
  forget_messages(&context);
}

/* Hole and shell of an ablative column: 120 um spot, 700 um deep, 50 um and 150 um of coagulation. */
static void run_turns_an_ablative_beam_into_a_hole_with_a_shell(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_FRACTIONAL_ABLATIVE_LASER, 10e-3);
  struct nw_run run = done(&c);
  const struct nw_injury *injury = &run.injuries.item[0];
  assert_int_equal(injury->kind, NW_INJURY_THERMAL);
  near(injury->open_radius, 60e-6, 1e-5);
  near(injury->hole_depth, 700e-6, 1e-5);
  near(injury->mouth_radius, 110e-6, 1e-5);
  near(injury->core_radius, 110e-6, 1e-5);
  near(injury->rim_radius, 160e-6, 1e-5);
  near(injury->depth, 850e-6, 1e-5);
  near(injury->taper, 425e-6, 1e-5);
  near(run.punctures.lumen_depth.mean, 700e-6, 1e-5);
  near(run.punctures.item[0].lumen_diameter, 120e-6, 1e-5);
  assert_true(run.punctures.bleeding_density == 0);
  forget(&run);
  c.device.laser.energy = 0.16;
  run = done(&c);
  near(run.injuries.item[0].hole_depth, 900e-6, 0.005);
  forget(&run);
  c.device.laser.energy = 0.01;
  run = done(&c);
  assert_string_equal(context.diagnostics[context.n_diagnostics - 1].key, "device.laser.energy");
  forget(&run);
  forget_messages(&context);
}

static void run_turns_heat_into_columns_under_a_closed_surface(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER, 10e-3);
  struct nw_run run = done(&c);
  assert_true(run.injuries.item[0].open_radius == 0 && run.injuries.item[0].hole_depth == 0);
  assert_true(run.punctures.lumen_depth.max == 0);
  near(run.injuries.item[0].core_radius, 50e-6, 1e-5);
  near(run.injuries.item[0].mouth_radius, 50e-6, 1e-5);
  near(run.injuries.item[0].rim_radius, 100e-6, 1e-5);
  near(run.injuries.item[0].depth, 300e-6, 1e-5);
  forget(&run);
  c.device = nw_device_default(NW_DEVICE_RF_NEEDLE);
  run = done(&c);
  assert_int_equal(run.injuries.item[0].kind, NW_INJURY_THERMAL);
  near(run.injuries.item[0].open_radius, 37.5e-6, 1e-5);
  near(run.injuries.item[0].mouth_radius, 37.5e-6, 1e-5);
  near(run.injuries.item[0].core_radius, 87.5e-6, 1e-5);
  near(run.injuries.item[0].rim_radius, 137.5e-6, 1e-5);
  assert_true(run.injuries.item[0].hole_depth == 0);
  forget(&run);
  forget_messages(&context);
}

/* 49 needles on 1 cm2: 0.18 on 0.6 mm, 4.4 on 3 mm. */
static void run_says_when_the_patch_is_too_small_to_stand_for_the_skin(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_RF_NEEDLE, 2.7e-3);
  struct nw_run run = done(&c);
  assert_true(context.n_diagnostics == 1);
  assert_string_equal(context.diagnostics[0].key, "patch");
  forget(&run);
  forget_messages(&context);
  c.patch.width = c.patch.height = 3e-3;
  run = done(&c);
  assert_true(context.n_diagnostics == 0);
  forget(&run);
}

static void run_turns_a_peel_into_one_removal_a_session(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEEL, 10e-3);
  c.course.sessions = 3;
  struct nw_run run = done(&c);
  assert_int_equal(run.injuries.count, 3);
  assert_int_equal(run.injuries.item[2].kind, NW_INJURY_REMOVAL);
  assert_int_equal(run.injuries.item[2].session, 2);
  /* not beyond the epidermis, which is thinner here than the usual 80 um */
  near(run.injuries.item[2].depth, run.skin.stratum_corneum + run.skin.viable_epidermis, 1e-5);
  assert_true(run.injuries.item[2].depth < 80e-6f);
  forget(&run);
  c.device.peel.depth = NW_PEEL_MEDIUM;
  c.device.needle_length = 250e-6;
  run = done(&c);
  near(run.injuries.item[2].depth, 250e-6, 1e-5);
  c.device.passes = 0;
  forget(&run);
  run = done(&c);
  assert_int_equal(run.injuries.count, 0);
  forget(&run);
  forget_messages(&context);
}

static void run_sets_the_clocks_from_products_and_experiment(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_STAMP, 2e-3);
  struct nw_product product = {.when = NW_AFTER, .occluded = true};
  struct nw_run run = done(&c);
  const double open = run.punctures.barrier_half_life;
  c.products = &product;
  c.n_products = 1;
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  near(run.punctures.barrier_half_life / open, 30, 1e-9);
  product.when = NW_BEFORE;
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  near(run.punctures.barrier_half_life, open, 1e-9);
  near(run.punctures.structure_half_life, 9.4 * 3600 * pow(0.5 / 0.37, 0.55), 1e-9);
  c.experiment.present = true;
  assert_int_equal(treat(&context, &c, &run), NW_OK);
  assert_true(isinf(run.punctures.barrier_half_life) && isinf(run.punctures.structure_half_life));
  forget(&run);
  forget_messages(&context);
}

/* A second run on the same object gives the same and leaks nothing. */
static void run_again_gives_the_same(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_PEN, 3e-3);
  struct nw_run run = done(&c), again = done(&c);
  assert_int_equal(treat(&context, &c, &again), NW_OK);
  assert_int_equal(run.punctures.count, again.punctures.count);
  assert_memory_equal(run.punctures.item, again.punctures.item,
                      run.punctures.count * sizeof *run.punctures.item);
  assert_memory_equal(run.injuries.item, again.injuries.item, run.injuries.count * sizeof *run.injuries.item);
  assert_true(run.punctures.covered_fraction == again.punctures.covered_fraction);
  forget(&run);
  forget(&again);
  forget_messages(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void run_survives_every_lack_of_memory(void **state) {
  (void)state;
  const struct nw_case c = treatment(NW_DEVICE_PEN, 1e-3);
  for (size_t n = 1; n < 200; n++) {
    struct nw_run run = {0};
    nw_allocation_fail_at(n);
    const enum nw_status status = treat(&context, &c, &run);
    nw_allocation_fail_at(0);
    forget(&run);
    forget_messages(&context);
    assert_int_equal(nw_live_bytes(), 0);
    if (status == NW_OK) {
      assert_true(n > 5);
      return;
    }
    assert_int_equal(status, NW_MEMORY);
  }
  fail();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(run_scatters_the_reach_about_the_law),
      cmocka_unit_test(run_sets_a_pen_within_its_error),
      cmocka_unit_test(run_keeps_reach_and_lumen_apart),
      cmocka_unit_test(run_names_the_layer_reached),
      cmocka_unit_test(run_holds_blunt_tips_and_weak_hands_at_the_surface),
      cmocka_unit_test(run_stops_at_bone_and_says_so),
      cmocka_unit_test(run_dulls_needles_only_when_used_again),
      cmocka_unit_test(run_counts_bleeding_by_the_law),
      cmocka_unit_test(run_gives_margins_and_follicle_hits),
      cmocka_unit_test(run_marks_what_is_denser_than_calibrated),
      cmocka_unit_test(run_gives_one_injury_for_each_puncture),
      cmocka_unit_test(run_turns_an_ablative_beam_into_a_hole_with_a_shell),
      cmocka_unit_test(run_turns_heat_into_columns_under_a_closed_surface),
      cmocka_unit_test(run_says_when_the_patch_is_too_small_to_stand_for_the_skin),
      cmocka_unit_test(run_turns_a_peel_into_one_removal_a_session),
      cmocka_unit_test(run_sets_the_clocks_from_products_and_experiment),
      cmocka_unit_test(run_again_gives_the_same),
      cmocka_unit_test(run_survives_every_lack_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
