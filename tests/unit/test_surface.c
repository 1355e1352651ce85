/* SPDX-License-Identifier: BSD-3-Clause
   The skin surface as the dermis drives it: rest, sun, injury, barrier, sebum, lesions, order in time, cost.
 */
#include "surface/surface.h"

#include "surface/sun.h"
#include "surface_fixture.h"

enum { MOST = 6400 };
static const double nothing[MOST];
static double ones[MOST];

static int fill_ones(void **state) {
  (void)state;
  for (int i = 0; i < MOST; i++)
    ones[i] = 1;
  return 0;
}

static void steady(double *array, size_t n, double value) {
  for (size_t i = 0; i < n; i++)
    array[i] = value;
}

/* Over the dermis it had at the start. */
static void step(struct nw_surface *s, double t, double dt, const double *inflammatory, const double *mitogen,
                 const double *vessel) {
  nw_surface_step(s, t, dt, &(struct nw_junction){inflammatory, mitogen, vessel, ones});
}

static struct nw_tissue_state sample(const struct nw_surface *s) {
  struct nw_tissue_state state = {.time = 0};
  nw_surface_sample(s, &state);
  return state;
}

static double melanin(const struct nw_tissue_state *s) {
  return s->melanin[0] + s->melanin[1] + s->melanin[2];
}

static void nw_surface_step_rest_is_rest_for_a_year(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.subject.uv_dose = 0.7;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 3, 2, 0.1, 0.1);
  const struct nw_tissue_state a = sample(s);
  for (int i = 0; i < 365; i++)
    step(s, i, 1, nothing, nothing, ones);
  const struct nw_tissue_state b = sample(s);
  assert_near(b.viable_epidermis / a.viable_epidermis, 1, 1e-9);
  assert_near(b.stratum_corneum / a.stratum_corneum, 1, 1e-9);
  assert_near(b.tewl / a.tewl, 1, 1e-9);
  assert_near(melanin(&b) / melanin(&a), 1, 1e-9);
  assert_near(b.sebum_surface / a.sebum_surface, 1, 1e-9);
  assert_near(b.coverage, 1, 0);
  assert_near(b.melanin_surround, melanin(&b), 1e-9);
  nw_surface_free(&s);
}

static void nw_surface_create_starts_at_the_skins_own_numbers(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const struct nw_tissue_state a = sample(s);
  assert_near(a.viable_epidermis * 1e6, 85, 0.02);
  assert_near(a.stratum_corneum * 1e6, 15, 0.02);
  assert_near(nw_unit_from_si(a.tewl, "g/(m^2 h)"), 8, 0.01);
  assert_near(melanin(&a), 1, 1e-9);
  /* 600 / (600 / 213 + 1) ug/cm2 */
  assert_near(nw_unit_from_si(a.sebum_surface, "ug/cm^2"), 157.2, 0.1);
  assert_near(a.proliferative_drive, 1, 0);
  assert_near(nw_surface_melanin(s)[0], 1, 1e-12);
  nw_surface_free(&s);
}

static void nw_surface_step_sunscreen_lets_the_tan_fade(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.subject.uv_dose = 1;
  c.aftercare.sunscreen = true;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  for (int i = 0; i < 400; i++)
    step(s, i, 1, nothing, nothing, ones);
  /* phototype III: gain 2 * 9/13, dose 1 before and 0.3 after */
  const double before = 1 + 18 / 13.0 * 0.5, after = 1 + 18 / 13.0 * 0.3 / 1.3;
  const struct nw_tissue_state b = sample(s);
  assert_near(melanin(&b), after / before, 2e-4);
  assert_near(b.melanocyte_activity, after, 1e-6);
  nw_surface_free(&s);
}

/* Melanin of normal skin 30 d after a fortnight of inflammation. */
static double after_inflammation(int phototype, double signal, double sun) {
  struct nw_case c = plain_case();
  c.subject.phototype = phototype;
  c.subject.uv_dose = sun;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  for (int i = 0; i < 140; i++)
    step(s, 0.1 * i, 0.1, &signal, nothing, ones);
  for (int i = 0; i < 16; i++)
    step(s, 14 + i, 1, nothing, nothing, ones);
  const struct nw_tissue_state a = sample(s);
  nw_surface_free(&s);
  return melanin(&a) * nw_sun_activity(&c, nw_sun_dose(&c, -1));
}

static void nw_surface_step_dark_marks_rise_with_type_inflammation_and_sun(void **state) {
  (void)state;
  double last = 0;
  for (int type = 1; type <= 6; type++) {
    const double now = after_inflammation(type, 0.5, 0);
    assert_true(now > last);
    last = now;
  }
  assert_between(after_inflammation(5, 0.5, 0), 1.02, 1.4);
  assert_true(after_inflammation(5, 1, 0) > after_inflammation(5, 0.5, 0) + 0.01);
  assert_true(after_inflammation(5, 0.5, 1) > after_inflammation(5, 0.5, 0) + 0.1);
}

/* A pen whose 250 um needles reach 1.4 mm, as the plan's default does. */
static struct nw_case pen_case(void) {
  struct nw_case c = plain_case();
  c.device.needle_length = 1.5e-3;
  c.device.needle_diameter = 250e-6;
  return c;
}

static double loss(const struct nw_surface *s) {
  return nw_unit_from_si(sample(s).tewl, "g/(m^2 h)");
}

static void nw_surface_injure_opens_and_closes_the_barrier_on_two_clocks(void **state) {
  (void)state;
  const struct nw_case c = pen_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const double mouth = 0.02;
  nw_surface_injure(s, 0, &mouth, NULL, 2.5);
  nw_surface_flare(s, 0.03);
  nw_surface_flare(s, 0.01);
  const struct nw_tissue_state a = sample(s);
  assert_near(a.flare, 0.04e-3, 1e-15);
  assert_near(a.open_area, 0.02, 1e-12);
  assert_near(a.coverage, 0.98, 1e-12);
  /* the needle is twice as wide as the mouth it leaves: 1 - 0.98^4 of the horny layer is damaged */
  assert_near(a.barrier, 0.98 * 0.98 * 0.98 * 0.98, 1e-12);
  /* 2 % of wet surface, intact skin with 0.2 % fewer corneocytes, and damage at 20 g/(m2 h) */
  assert_near(loss(s), 0.98 * 8.015 + 0.02 * 150 + 0.0776 * 20, 0.01);
  /* free air, phototype III, 30 years: 0.78 h x 1.128 x 1.043 = 0.917 h */
  for (int i = 0; i < 90; i++)
    step(s, 0.01 * i, 0.01, nothing, nothing, ones);
  const struct nw_tissue_state b = sample(s);
  assert_near(b.open_area / (0.02 * exp2(-0.9 * 24 / 0.9173)), 1, 0.01);
  assert_near(1 - b.barrier, 0.0776 * exp(-0.9), 1e-4);
  assert_near(b.coverage, 1, 1e-12); /* a channel of 48 um radius is closed after 0.33 + 0.12 d */
  assert_near(b.petechiae * 1e-6, 2.5 * exp(-0.9 / 0.5), 1e-6);
  assert_near(b.flare / (0.04e-3 * exp2(-0.9 * 24 * 60 / 27)), 1, 1e-9); /* 27 min */
  nw_surface_free(&s);
}

/* Water loss h hours after a session that opens the share `mouth`, over that of the eve. */
static double leak_after(double hours, double mouth, double needle, bool care) {
  struct nw_case c = pen_case();
  c.device.needle_length = needle;
  c.aftercare.moisturiser = care;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const double eve = loss(s);
  nw_surface_injure(s, 0, &mouth, NULL, 0);
  step(s, 0, hours / 24, nothing, nothing, ones);
  const double after = loss(s) / eve;
  nw_surface_free(&s);
  return after;
}

static void nw_surface_step_barrier_recovers_as_trials_saw(void **state) {
  (void)state;
  /* 50 punctures per cm2: normal within 2 h; 1,440: above normal at 48 h, normal within 72 h or so */
  assert_between(leak_after(0.01, 0.006, 1.5e-3, false), 1.1, 1.3);
  assert_between(leak_after(2, 0.006, 1.5e-3, false), 1, 1.1);
  assert_between(leak_after(0.01, 0.17, 1.5e-3, true), 4, 6);
  assert_between(leak_after(48, 0.17, 1.5e-3, false), 1.1, 1.3);
  assert_between(leak_after(48, 0.17, 1.5e-3, true), 1.03, 1.15);
  assert_between(leak_after(72, 0.17, 1.5e-3, true), 1.01, 1.05);
  /* deeper needles are wider at the surface */
  assert_true(leak_after(24, 0.17, 1.5e-3, false) > leak_after(24, 0.17, 0.5e-3, false) + 0.2);
}

static void nw_surface_step_occlusion_keeps_channels_open(void **state) {
  (void)state;
  struct nw_case c = pen_case();
  struct nw_product mask = {.when = NW_AFTER, .occluded = true, .duration = 8 * 3600};
  const struct nw_skin skin = plain_skin();
  double open[2];
  for (int covered = 0; covered < 2; covered++) {
    c.products = &mask;
    c.n_products = (size_t)covered;
    struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
    const double mouth = 0.1;
    nw_surface_injure(s, 3, &mouth, NULL, 0);
    step(s, 3, 0.5, nothing, nothing, ones);
    open[covered] = sample(s).open_area;
    nw_surface_free(&s);
  }
  assert_near(open[0] / (0.1 * exp2(-12 / 0.9173)), 1, 0.01);
  /* 8 h at a thirtieth of the rate, then 4 h in free air */
  assert_near(open[1] / (0.1 * exp2(-8 / (30 * 0.9173) - 4 / 0.9173)), 1, 0.01);
}

static void nw_surface_step_moisturiser_speeds_the_barrier(void **state) {
  (void)state;
  const struct nw_skin skin = plain_skin();
  double lipid[2];
  for (int care = 0; care < 2; care++) {
    struct nw_case c = plain_case();
    c.aftercare.moisturiser = care;
    struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
    nw_surface_injure(s, 0, nothing, ones, 0);
    for (int i = 0; i < 10; i++)
      step(s, 0.1 * i, 0.1, nothing, nothing, ones);
    lipid[care] = sample(s).barrier;
    nw_surface_free(&s);
  }
  assert_near(lipid[0], 1 - exp(-1), 1e-9);
  assert_near(lipid[1], 1 - exp(-1 / 0.75), 1e-9);
}

static void nw_surface_injure_plain_needles_leave_sebum_alone(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const double before = sample(s).sebum_surface, mouth = 0.05, signal = 1;
  nw_surface_injure(s, 0, &mouth, NULL, 0);
  step(s, 0, 1, &signal, &signal, ones);
  assert_near(sample(s).sebum_surface / before, 1, 1e-12);
  assert_near(sample(s).sebum_gland, 1, 1e-12);
  nw_surface_free(&s);
}

static void nw_surface_injure_drops_pigment_into_the_dermis(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const double mouth = 0.04;
  nw_surface_injure(s, 0, &mouth, NULL, 0);
  /* a tenth of the mouth's cells die: f_drop x that x basal half */
  assert_near(sample(s).melanin_dermal, 0.2 * 0.004 * 0.5, 1e-12);
  assert_near(nw_surface_melanin(s)[0], 0.996, 1e-12);
  nw_surface_free(&s);
  /* a beam leaves nothing of its column */
  struct nw_case beam = plain_case();
  beam.device.kind = NW_DEVICE_FRACTIONAL_ABLATIVE_LASER;
  s = nw_surface_create(&beam, &skin, 1, 1, 0.6, 0.6);
  nw_surface_injure(s, 0, &mouth, NULL, 0);
  assert_near(sample(s).melanin_dermal, 0.2 * 0.04 * 0.5, 1e-12);
  assert_near(nw_surface_melanin(s)[0], 0.96, 1e-12);
  nw_surface_free(&s);
}

static void nw_surface_step_cells_pushed_aside_are_not_made_twice(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  for (int session = 0; session < 6; session++) {
    const double mouth = 0.17;
    nw_surface_injure(s, 14 * session, &mouth, NULL, 0);
    assert_between(sample(s).viable_epidermis / 85e-6, 0.96, 0.99);
    for (int i = 0; i < 140; i++) {
      step(s, 14 * session + 0.1 * i, 0.1, nothing, nothing, ones);
      assert_between(sample(s).viable_epidermis / 85e-6, 0.96, 1.0001);
    }
    assert_near(sample(s).coverage, 1, 1e-9);
  }
  nw_surface_free(&s);
}

static void nw_surface_step_thickens_the_epidermis_under_growth_factors(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.params.g_K = 1.5;
  c.params.g_P = 0.5;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const double signal = 0.1, mitogen = 3; /* half of both gains: 1 + 0.75 + 0.25 */
  for (int i = 0; i < 600; i++)
    step(s, i, 1, &signal, &mitogen, ones);
  assert_near(sample(s).proliferative_drive, 2, 1e-12);
  /* rest at that drive: stem 8,093, transit amplifying 45,400, differentiated 110,500 */
  assert_between(sample(s).viable_epidermis / 85e-6, 2.08, 2.18);
  /* and arrivals 4.6 times as many, of which the root thickens the horny layer */
  assert_between(sample(s).stratum_corneum / 15e-6, 2.05, 2.2);
  nw_surface_free(&s);
}

/* Two columns in steady state over other dermis than they had, and one over none. */
static void nw_surface_step_epidermis_follows_its_dermis_both_ways(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.params.g_C = 0.65;
  c.params.s_low = 0.5;
  const struct nw_skin skin = plain_skin();
  const double collagen[] = {1.4, 0.8, 0}, carried[] = {1.26, 0.87, 0.5};
  for (size_t k = 0; k < NW_COUNT(collagen); k++) {
    struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
    const struct nw_tissue_state a = sample(s);
    for (int i = 0; i < 3000; i++)
      nw_surface_step(s, i, 1, &(struct nw_junction){nothing, nothing, ones, &collagen[k]});
    const struct nw_tissue_state b = sample(s);
    assert_near(b.viable_epidermis / a.viable_epidermis, carried[k], 1e-9);
    assert_near(b.stratum_corneum / a.stratum_corneum, sqrt(carried[k]), 1e-9);
    assert_near(melanin(&b) / melanin(&a), 1, 1e-9);
    assert_near(b.proliferative_drive, 1, 0);
    nw_surface_free(&s);
  }
}

/* A horny layer that is thin because its dermis is, is not broken: peeled skin that has healed over less
   dermis rests as any other over as much does. */
static void nw_surface_step_thin_skin_is_not_broken_skin(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.params.g_C = 0.65;
  const struct nw_skin skin = plain_skin();
  const double less = 0.7;
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  nw_surface_peel(s, 0, 15e-6);
  assert_true(sample(s).proliferative_drive > 1.05);
  for (int i = 0; i < 3000; i++)
    nw_surface_step(s, i, 1, &(struct nw_junction){nothing, nothing, ones, &less});
  assert_near(sample(s).viable_epidermis / 85e-6, 0.805, 1e-3);
  assert_near(sample(s).proliferative_drive, 1, 1e-6);
  nw_surface_free(&s);
}

/* Between two steps the dermis changes along a line; what an injury took is gone from its instant on. */
static void nw_surface_step_dermis_changes_on_a_line_but_for_injuries(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.params.g_C = 0.65;
  const struct nw_skin skin = plain_skin();
  const double more = 1.5, half = 1.25;
  double thick[4];
  for (int k = 0; k < 4; k++) {
    struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
    if (k == 3) nw_surface_injure(s, 0, nothing, NULL, 0);
    const double *middle = k == 1 ? &more : k == 2 ? ones : &half;
    if (k < 3) nw_surface_step(s, 0, 1, &(struct nw_junction){nothing, nothing, ones, middle});
    nw_surface_step(s, k < 3 ? 1 : 0, k < 3 ? 1 : 2, &(struct nw_junction){nothing, nothing, ones, &more});
    thick[k] = sample(s).viable_epidermis / 85e-6 - 1;
    nw_surface_free(&s);
  }
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  nw_surface_step(s, 0, 2, &(struct nw_junction){nothing, nothing, ones, &more});
  const double line = sample(s).viable_epidermis / 85e-6 - 1;
  nw_surface_free(&s);
  assert_near(line / thick[0], 1, 0.02);
  assert_true(thick[1] > 1.2 * line && thick[2] < 0.8 * line);
  assert_true(thick[3] > 1.6 * line); /* all of it for all of the time */
}

/* A dark mark fades by itself: its epidermal part with the residence of melanin, 41 d, what fell into the
   dermis with 365 d; so what is left of it after months lies deep. */
static void nw_surface_create_dark_mark_fades_above_before_below(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_concern concern = {.kind = NW_CONCERN_PIH};
  c.concerns = &concern;
  c.n_concerns = 1;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 4, 4, 0.5, 0.5);
  const struct nw_tissue_state a = sample(s);
  assert_near(a.melanin_lesion, 1 + 0.8 * 0.62, 1e-4); /* all but at its border */
  assert_near(a.dermal_lesion, 0.8 * 0.38, 1e-4);
  assert_near(a.dermal_surround, 0, 1e-12);
  for (int i = 0; i < 123; i++)
    step(s, i, 1, nothing, nothing, ones);
  const struct nw_tissue_state b = sample(s);
  assert_near((b.melanin_lesion - 1) / (a.melanin_lesion - 1), exp(-3), 1e-3);
  assert_near(b.dermal_lesion / a.dermal_lesion, exp(-123.0 / 365), 1e-4);
  nw_surface_free(&s);
}

static void nw_surface_create_melasma_is_darker_than_its_surround(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_concern concern = {.kind = NW_CONCERN_MELASMA, .type = NW_TYPE_EPIDERMAL};
  c.concerns = &concern;
  c.n_concerns = 1;
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 4, 4, 0.5, 0.5);
  struct nw_tissue_state a = sample(s);
  assert_near(a.melanin_lesion, 1.8, 1e-6);
  assert_near(a.melanin_surround, 1, 1e-12);
  for (int i = 0; i < 100; i++)
    step(s, i, 1, nothing, nothing, ones);
  assert_near(sample(s).melanin_lesion, a.melanin_lesion, 1e-6); /* turnover alone does not clear it */
  nw_surface_free(&s);
  concern.type = NW_TYPE_DERMAL;
  s = nw_surface_create(&c, &skin, 4, 4, 0.5, 0.5);
  a = sample(s);
  assert_near(a.melanin_lesion, 1 + 0.8 * 0.2, 1e-6); /* four fifths deep */
  assert_near(a.dermal_lesion, 0.8 * 0.8, 1e-6);
  assert_near(a.dermal_surround, 0, 1e-12);
  nw_surface_free(&s);
}

/* State 6 d after a cut with signals that rise and fade, with n steps. */
static struct nw_tissue_state driven(int n) {
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 1, 1, 0.6, 0.6);
  const double h = 6.0 / n;
  double inflammatory = 0, mitogen = 0, vessel = 1, collagen = 1;
  const struct nw_junction junction = {&inflammatory, &mitogen, &vessel, &collagen};
  nw_surface_step(s, -1, 1, &junction);
  for (int i = 0; i < n; i++) {
    const double t = (i + 1) * h;
    inflammatory = 0.2 * t * exp(-t);
    mitogen = 3 * t * t * exp(-t);
    vessel = 1 + 0.1 * t;
    collagen = 1 + 0.3 * sin(t);
    nw_surface_step(s, i * h, h, &junction);
  }
  const struct nw_tissue_state a = sample(s);
  nw_surface_free(&s);
  return a;
}

static void nw_surface_step_is_second_order_in_time(void **state) {
  (void)state;
  const struct nw_tissue_state exact = driven(3072), a = driven(96), b = driven(192);
  const double thick =
      fabs(a.viable_epidermis - exact.viable_epidermis) / fabs(b.viable_epidermis - exact.viable_epidermis);
  const double dark = fabs(melanin(&a) - melanin(&exact)) / fabs(melanin(&b) - melanin(&exact));
  assert_between(log2(thick), 1.8, 2.3);
  assert_between(log2(dark), 1.8, 2.3);
}

static void nw_surface_injure_peeled_skin_is_wet_and_grows_back(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_surface *s = nw_surface_create(&c, &skin, 2, 2, 0.3, 0.3);
  nw_surface_injure(s, 0, nothing, ones, 0);
  assert_near(nw_unit_from_si(sample(s).tewl, "g/(m^2 h)"), 150, 1e-6);
  assert_near(sample(s).viable_epidermis, 0, 1e-12);
  double closed = 0, t = 0;
  for (; t < 60; t += 0.1) {
    step(s, t, 0.1, nothing, nothing, ones);
    if (closed == 0 && sample(s).coverage > 0.9) closed = t + 0.1;
  }
  /* logistic from the follicle mouths, 5 / mm2 of 0.1 mm = 3.93 %: lag + ln(9 x 24.46) */
  assert_near(closed, 0.33 + log(9 * 24.46), 0.11);
  const struct nw_tissue_state healed = sample(s);
  assert_between(healed.viable_epidermis / 85e-6, 0.8, 1.05);
  assert_between(nw_unit_from_si(healed.tewl, "g/(m^2 h)"), 7.5, 11);
  nw_surface_free(&s);
}

static void nw_surface_state_restores_a_run_bit_for_bit(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  double mouth[12] = {0}, signal[12], more[12], most[12];
  mouth[5] = 0.6;
  steady(signal, 12, 0.3);
  steady(more, 12, 1.2);
  steady(most, 12, 1.5);
  struct nw_surface *a = nw_surface_create(&c, &skin, 4, 3, 0.1, 0.1);
  nw_surface_injure(a, 0, mouth, NULL, 3);
  nw_surface_step(a, 0, 0.2, &(struct nw_junction){signal, signal, ones, more});
  size_t count, count_b;
  struct nw_surface *b = nw_surface_create(&c, &skin, 4, 3, 0.1, 0.1);
  const double *from = nw_surface_state(a, &count);
  double *to = nw_surface_state(b, &count_b);
  assert_int_equal(count, count_b);
  memcpy(to, from, count * sizeof *to);
  nw_surface_step(a, 0.2, 0.3, &(struct nw_junction){signal, signal, ones, most});
  nw_surface_step(b, 0.2, 0.3, &(struct nw_junction){signal, signal, ones, most});
  assert_memory_equal(from, to, count * sizeof *to);
  assert_memory_equal(nw_surface_melanin(a), nw_surface_melanin(b), 12 * sizeof(double));
  nw_surface_free(&a);
  nw_surface_free(&b);
}

static void nw_surface_step_of_6400_columns_takes_about_a_millisecond(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  static double signal[MOST], mouth[MOST];
  steady(signal, MOST, 0.2);
  for (int i = 0; i < MOST; i += 97)
    mouth[i] = 0.7;
  struct nw_surface *s = nw_surface_create(&c, &skin, 80, 80, 0.025, 0.025);
  nw_surface_injure(s, 0, mouth, NULL, 0);
  step(s, 0, 0.02, signal, signal, ones);
  const clock_t before = clock();
  for (int i = 1; i <= 100; i++)
    step(s, 0.02 * i, 0.02, signal, signal, ones);
  const double ms = 1e3 * (double)(clock() - before) / CLOCKS_PER_SEC / 100;
  print_message("one step of 80 x 80 columns: %.2f ms\n", ms);
  assert_true(ms < 5); /* slack for instrumented builds and busy machines */
  nw_surface_free(&s);
}

static void nw_surface_free_leaves_nothing(void **state) {
  (void)state;
  const size_t before = nw_live_bytes();
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  for (size_t n = 1; n <= 6; n++) {
    nw_allocation_fail_at(n);
    struct nw_surface *s = nw_surface_create(&c, &skin, 4, 4, 0.1, 0.1);
    nw_allocation_fail_at(0);
    if (n <= 5) assert_null(s);
    nw_surface_free(&s);
    assert_int_equal(nw_live_bytes(), before);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_surface_step_rest_is_rest_for_a_year),
      cmocka_unit_test(nw_surface_create_starts_at_the_skins_own_numbers),
      cmocka_unit_test(nw_surface_step_sunscreen_lets_the_tan_fade),
      cmocka_unit_test(nw_surface_step_dark_marks_rise_with_type_inflammation_and_sun),
      cmocka_unit_test(nw_surface_injure_opens_and_closes_the_barrier_on_two_clocks),
      cmocka_unit_test(nw_surface_step_barrier_recovers_as_trials_saw),
      cmocka_unit_test(nw_surface_step_occlusion_keeps_channels_open),
      cmocka_unit_test(nw_surface_step_moisturiser_speeds_the_barrier),
      cmocka_unit_test(nw_surface_injure_plain_needles_leave_sebum_alone),
      cmocka_unit_test(nw_surface_injure_drops_pigment_into_the_dermis),
      cmocka_unit_test(nw_surface_step_cells_pushed_aside_are_not_made_twice),
      cmocka_unit_test(nw_surface_step_thickens_the_epidermis_under_growth_factors),
      cmocka_unit_test(nw_surface_step_epidermis_follows_its_dermis_both_ways),
      cmocka_unit_test(nw_surface_step_thin_skin_is_not_broken_skin),
      cmocka_unit_test(nw_surface_step_dermis_changes_on_a_line_but_for_injuries),
      cmocka_unit_test(nw_surface_create_dark_mark_fades_above_before_below),
      cmocka_unit_test(nw_surface_create_melasma_is_darker_than_its_surround),
      cmocka_unit_test(nw_surface_step_is_second_order_in_time),
      cmocka_unit_test(nw_surface_injure_peeled_skin_is_wet_and_grows_back),
      cmocka_unit_test(nw_surface_state_restores_a_run_bit_for_bit),
      cmocka_unit_test(nw_surface_step_of_6400_columns_takes_about_a_millisecond),
      cmocka_unit_test(nw_surface_free_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, fill_ones, NULL);
}
