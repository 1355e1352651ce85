/* SPDX-License-Identifier: BSD-3-Clause
   Ten years: skin that nobody treats against published ageing, and what is left of a course with and without
   upkeep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "base/units.h"
#include "plan/case.h"
#include "../treatment.h"
#include "study/trial.h"

static const double day = 86400, year = 365.25 * 86400;

/* Three sessions of a roller on the skin of a forty-year-old out of the sun; upkeep [d], 0: none. */
static struct nw_case decade(double upkeep) {
  struct nw_case c = treatment(NW_DEVICE_ROLLER, 2e-3);
  static struct nw_concern lines = {.kind = NW_CONCERN_WRINKLE, .type = NW_TYPE_FINE, .depth = 150e-6};
  c.device.needle_length = 1e-3;
  c.device.anaesthetic = NW_ANAESTHETIC_CREAM;
  c.subject.age = 40;
  c.subject.uv_dose = 0;
  c.concerns = &lines;
  c.n_concerns = 1;
  c.course = (struct nw_course){3, 30 * day, 3600 * day, upkeep * day};
  c.output.every = 30 * day;
  return c;
}

struct story {
  struct nw_run base, run;
};

static void tell(struct story *story, const struct nw_case *c) {
  struct nw_context context = {.threads = 1};
  *story = (struct story){0};
  assert_int_equal(nw_trial_prepare(&context, c, &story->base), NW_OK);
  assert_int_equal(nw_trial_run(&context, &story->base, NULL, NW_UNIT_CELL, &story->run), NW_OK);
  forget_messages(&context);
}

static void forget_story(struct story *story) {
  nw_trial_clear(&story->run);
  nw_run_clear(&story->base);
}

static void near(double value, double low, double high) {
  if (!(value >= low && value <= high)) fail_msg("%g is not within %g to %g", value, low, high);
}

/* Published: 6 % of the dermis a decade in both sexes, its collagen as dense as before. The loss speeds up
   with age, so that a decade in the middle of life shows a little more than the mean of all. */
static void test_untreated_skin_thins_at_constant_density(void **state) {
  (void)state;
  const struct nw_case c = decade(0);
  struct story s;
  tell(&s, &c);
  const struct nw_tissue_history *twin = &s.run.tissue_untreated;
  const double areal = twin->item[twin->count - 1].collagen_per_area / twin->item[0].collagen_per_area;
  const double years = twin->item[twin->count - 1].time / year;
  near(pow(areal, 10 / years), 0.925, 0.945);
  const double law =
      nw_skin_collagen_at(&c.params, 40 + years, 0, false) / nw_skin_collagen_at(&c.params, 40, 0, false);
  near(areal / law, 0.99, 1.01); /* the course grows older as skin of that age is born */
  const double end = 3650 * day;
  near(nw_trial_untreated_at(&s.run, NW_OUTCOME_dermal_thickness_um, end) /
           nw_trial_untreated_at(&s.run, NW_OUTCOME_dermal_thickness_um, 0),
       0.92, 0.945);
  /* the epidermis thins as the dermis that carries it does: 6.4 % a decade against 6 % (Branchet 1990), not
     at all in other series */
  const struct nw_tissue_state *first = &twin->item[0], *last = &twin->item[twin->count - 1];
  near((1 - last->viable_epidermis / first->viable_epidermis) / (c.params.g_C * (1 - areal)), 0.97, 1.03);
  /* echoes go with a power of how dense the collagen is */
  near(pow(nw_trial_untreated_at(&s.run, NW_OUTCOME_dermal_density, end), 1 / c.params.p_u), 0.985, 1.015);
  forget_story(&s);
}

/* Loss of elastin a year over a decade that nobody treated. */
static double elastin_loss(double dose, bool sunscreen, double *first) {
  struct nw_case c = decade(0);
  struct story s;
  c.subject.uv_dose = dose;
  c.aftercare.sunscreen = sunscreen;
  tell(&s, &c);
  *first = nw_trial_untreated_at(&s.run, NW_OUTCOME_elastin, 0);
  const double end = 3650 * day, left = nw_trial_untreated_at(&s.run, NW_OUTCOME_elastin, end) / *first;
  forget_story(&s);
  return -log(left) * year / end;
}

/* Carbon stays in elastin for 74 years, 95 % 40 to 174 (Shapiro 1991): young elastin is not made again. Sun
   turns more of it into elastosis, a screen less. */
static void test_untreated_elastin_falls_as_published(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  double shade, sun, screened;
  const double aged = elastin_loss(0, false, &shade);
  near(1 / aged, 40, 174);
  near(shade, exp(-p.delta_L * 15 * year) - 0.001, exp(-p.delta_L * 15 * year) + 0.001); /* 40 years old */
  const double with_sun = elastin_loss(1, false, &sun), with_screen = elastin_loss(1, true, &screened);
  assert_true(sun < 0.8 * shade && sun == screened);
  near((with_sun - aged) / (p.k_X * nw_unit_to_si(1, "MED/day") * p.uv_chronic * year), 0.99, 1.01);
  near((with_screen - aged) / (with_sun - aged), p.f_screen - 0.01, p.f_screen + 0.01);
}

static double surplus(const struct story *s, double time) {
  return nw_trial_at(&s->run, NW_OUTCOME_collagen_total, time) -
         nw_trial_untreated_at(&s->run, NW_OUTCOME_collagen_total, time);
}

/* Rate at which the surplus falls between two years [1/year]. */
static double rate(const struct story *s, double from, double to) {
  return log(surplus(s, from * year) / surplus(s, to * year)) / (to - from);
}

/* Young collagen goes within months; mature collagen with its half-life of 15 years and, since dense tissue
   makes less, faster by the slope of that: d ln(1 + x^n) / d ln x. */
static void test_surplus_fades_at_two_rates(void **state) {
  (void)state;
  const struct nw_case c = decade(0);
  const struct nw_params *p = &c.params;
  struct story s;
  tell(&s, &c);
  const double middle = nw_trial_at(&s.run, NW_OUTCOME_collagen_total, 6 * year) - surplus(&s, 6 * year) / 2;
  const double x = middle / p->C_max; /* between treated and untreated: the mean slope of the two */
  const double slow = p->delta_m * year * (1 + p->n_psi / (1 + pow(x, -p->n_psi)));
  near(rate(&s, 4, 9) / slow, 0.8, 1.1);
  near(rate(&s, 0.3, 0.6) / slow, 1.5, 30);
  near(surplus(&s, 9.8 * year) / surplus(&s, 0.3 * year), 0.2, 0.8);
  forget_story(&s);
}

static void test_upkeep_keeps_what_one_course_loses(void **state) {
  (void)state;
  const struct nw_case once = decade(0), kept = decade(180);
  struct story a, b;
  tell(&a, &once);
  tell(&b, &kept);
  for (double t = 2 * year; t < 9.9 * year; t += year) {
    const double untreated = nw_trial_untreated_at(&a.run, NW_OUTCOME_wrinkle_depth_um, t);
    const double single = nw_trial_at(&a.run, NW_OUTCOME_wrinkle_depth_um, t);
    const double upkeep = nw_trial_at(&b.run, NW_OUTCOME_wrinkle_depth_um, t);
    assert_true(single < untreated - 1 && upkeep < single - 1); /* [um] */
  }
  assert_true(nw_trial_at(&a.run, NW_OUTCOME_wrinkle_depth_um, 9 * year) >
              nw_trial_at(&a.run, NW_OUTCOME_wrinkle_depth_um, year) + 3); /* what was gained is being lost */
  /* upkeep settles: each session adds as much as fades between two */
  const double late = surplus(&b, 9.5 * year) - surplus(&b, 8.5 * year),
               early = surplus(&b, 2.5 * year) - surplus(&b, 1.5 * year);
  near(late / early, -0.5, 0.9);
  forget_story(&a);
  forget_story(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_untreated_skin_thins_at_constant_density),
      cmocka_unit_test(test_untreated_elastin_falls_as_published),
      cmocka_unit_test(test_surplus_fades_at_two_rates),
      cmocka_unit_test(test_upkeep_keeps_what_one_course_loses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
