/* SPDX-License-Identifier: BSD-3-Clause
   The site's row bent by the subject, and the law of ageing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../treatment.h"

static void near(double got, double wanted, double relative) {
  if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("got %.9g, wanted %.9g", got, wanted);
}

static struct nw_skin skin_of(const struct nw_case *c) {
  struct nw_context context = {.threads = 1};
  struct nw_run run = {.c = c};
  assert_int_equal(nw_skin_run(&context, c, &run), NW_OK);
  return run.skin;
}

/* The law stepped through with small Heun steps, as a check on the closed form. */
static double stepped(const struct nw_params *p, double age, double uv) {
  double q = 1;
  const double step = 0.005, delta = p->delta_m * 365.25 * 86400;
  const double made = 1 - 0.7 * uv / (p->K_U * 86400 + uv), lost = 1 + 0.3 * uv;
  for (double y = 25; y < age - step / 2; y += step) {
    const double s0 = fmax(1 - 0.0116 * (y - 25), 0.2), s1 = fmax(1 - 0.0116 * (y + step - 25), 0.2);
    const double k0 = delta * (made * s0 - lost * q), k1 = delta * (made * s1 - lost * (q + step * k0));
    q += 0.5 * step * (k0 + k1);
  }
  return q;
}

static void collagen_at_is_the_published_loss(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  near(nw_skin_collagen_at(&p, 65, 0, false), 0.75, 6e-3);
  near(nw_skin_collagen_at(&p, 25, 0, false), 1, 1e-12);
  near(nw_skin_collagen_at(&p, 18, 0.5, false), 1, 1e-12);
}

static void collagen_at_solves_the_law(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const double age[] = {30, 45, 65, 90, 110};
  const double uv[] = {0, 0.1, 0.3, 1};
  for (size_t i = 0; i < NW_COUNT(age); i++)
    for (size_t k = 0; k < NW_COUNT(uv); k++)
      near(nw_skin_collagen_at(&p, age[i], uv[k], false), stepped(&p, age[i], uv[k]), 1e-5);
}

static void collagen_at_falls_with_sun_and_smoking(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const double shade = nw_skin_collagen_at(&p, 50, 0, false);
  assert_true(nw_skin_collagen_at(&p, 50, 0.3, false) < 0.85 * shade);
  const double smoker = nw_skin_collagen_at(&p, 50, 0, true);
  assert_true(smoker < 0.93 * shade && smoker > 0.8 * shade);
}

static void run_takes_the_row_of_the_site(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_NONE, 1e-3);
  c.subject.age = 45;
  c.subject.uv_dose = 0;
  c.subject.site = NW_SITE_forehead;
  const struct nw_skin skin = skin_of(&c);
  near(skin.stratum_corneum, 13.6e-6, 1e-9);
  near(skin.viable_epidermis, 62e-6, 1e-9);
  near(skin.dermis, 860e-6, 1e-9);
  near(skin.papillary_dermis, 172e-6, 1e-9);
  near(skin.subcutis, 2e-3, 1e-9);
  near(skin.elastic_modulus, 14.8e3, 1e-9);
  near(skin.follicle_density, 439e4, 1e-9);
  near(skin.surface_lipid, 213e-5, 1e-9);
  near(skin.tewl, 8e-3 / 3600, 1e-9);
  assert_true(skin.over_bone);
}

static void run_every_site_is_sound(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_NONE, 1e-3);
  for (int site = 0; site < NW_SITE_COUNT; site++) {
    c.subject.site = (enum nw_site_name)site;
    const struct nw_skin skin = skin_of(&c);
    assert_true(skin.stratum_corneum > 5e-6 && skin.stratum_corneum < 40e-6);
    assert_true(skin.viable_epidermis > 30e-6 && skin.viable_epidermis < 120e-6);
    assert_true(skin.dermis > 0.5e-3 && skin.dermis < 3e-3);
    assert_true(skin.papillary_dermis > 0 && skin.papillary_dermis <= 0.4e-3);
    assert_true(skin.subcutis >= 1.5e-3 && skin.subcutis < 0.03);
    assert_true(skin.elastic_modulus > 5e3 && skin.elastic_modulus < 40e3);
  }
}

static void run_thins_with_age_at_six_percent_a_decade(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_NONE, 1e-3);
  c.subject.age = 25;
  const double young = skin_of(&c).dermis;
  c.subject.age = 65;
  const double old = skin_of(&c).dermis;
  near((young - old) / young / 4, 0.06, 0.08);
  c.subject.ageing = false;
  c.subject.uv_dose = 1;
  const struct nw_skin ageless = skin_of(&c);
  near(ageless.dermis, young, 1e-12);
  assert_true(ageless.collagen == 1 && ageless.elastosis == 0 && ageless.synthesis == 1);
  assert_true(ageless.elastin == 1 && ageless.fibroblasts == 1);
}

static void run_knows_sex_and_thin_skin(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_NONE, 1e-3);
  const struct nw_skin woman = skin_of(&c);
  c.subject.sex = NW_MALE;
  const struct nw_skin man = skin_of(&c);
  near(man.dermis / woman.dermis, 1140.0 / 870, 1e-9);
  near(man.viable_epidermis / woman.viable_epidermis, 1.08, 1e-9);
  c.subject.skin_thin = true;
  near(skin_of(&c).dermis / man.dermis, 0.8, 1e-9);
}

static void run_knows_skin_types(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_NONE, 1e-3);
  const struct nw_skin normal = skin_of(&c);
  assert_true(normal.barrier == 1 && normal.sebum == 1 && normal.inflammation == 1);
  c.subject.skin_type = NW_SKIN_DRY;
  near(skin_of(&c).tewl / normal.tewl, 1 / 0.85, 1e-9);
  near(skin_of(&c).sebum, 0.5, 1e-9);
  c.subject.skin_type = NW_SKIN_SENSITIVE;
  near(skin_of(&c).inflammation, 1.5, 1e-9);
  near(skin_of(&c).barrier, 0.8, 1e-9);
  c.subject.skin_type = NW_SKIN_COMBINATION;
  near(skin_of(&c).sebum, 1.3, 1e-9);
  c.subject.skin_type = NW_SKIN_OILY;
  c.subject.acne_prone = true;
  near(skin_of(&c).sebum, 1.8 * 1.2, 1e-9);
}

static void run_loses_capillaries_elastin_and_synthesis(void **state) {
  (void)state;
  struct nw_case c = treatment(NW_DEVICE_NONE, 1e-3);
  c.subject.age = 70;
  c.subject.uv_dose = 0;
  const struct nw_skin shade = skin_of(&c);
  near(shade.vessels, 0.45, 1e-9);
  near(shade.synthesis, 1 - 0.0116 * 45, 1e-9);
  near(shade.fibroblasts, 1 - 0.005 * 45, 1e-9);
  near(shade.elastin, exp2(-45.0 / 73), 1e-2); /* half-life 74 years */
  assert_true(shade.elastosis == 0);
  c.subject.uv_dose = 1;
  near(skin_of(&c).elastosis, 1 - exp(-0.7), 1e-9);
  near(skin_of(&c).elastin, shade.elastin * exp(-0.7), 1e-9);
  c.subject.smoker = true;
  near(skin_of(&c).synthesis / shade.synthesis, 0.82, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(collagen_at_is_the_published_loss),
      cmocka_unit_test(collagen_at_solves_the_law),
      cmocka_unit_test(collagen_at_falls_with_sun_and_smoking),
      cmocka_unit_test(run_takes_the_row_of_the_site),
      cmocka_unit_test(run_every_site_is_sound),
      cmocka_unit_test(run_thins_with_age_at_six_percent_a_decade),
      cmocka_unit_test(run_knows_sex_and_thin_skin),
      cmocka_unit_test(run_knows_skin_types),
      cmocka_unit_test(run_loses_capillaries_elastin_and_synthesis),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
