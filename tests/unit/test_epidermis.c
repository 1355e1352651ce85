/* SPDX-License-Identifier: BSD-3-Clause
   Columns of the epidermis: the published steady state and turnover, order in time, positivity, tanning. */
#include "surface/epidermis.h"

#include "surface_fixture.h"

static struct nw_epidermis normal(void) {
  const struct nw_params si = nw_params_default(), tissue = nw_params_coherent(&si, 1e3, 1 / 86400.0, 1e15);
  return nw_epidermis_create(&tissue);
}

struct pools {
  double x[9];
};

static struct nw_columns of(struct pools *p) {
  return (struct nw_columns){&p->x[0], &p->x[1], &p->x[2], &p->x[3], &p->x[4],
                             &p->x[5], &p->x[6], &p->x[7], &p->x[8]};
}

static struct pools rest(const struct nw_epidermis *e) {
  struct pools p = {{0}};
  double share[3];
  nw_epidermis_rest(e, 1, p.x);
  nw_epidermis_melanin_rest(e, share);
  p.x[4] = 1;
  memcpy(&p.x[5], share, sizeof share);
  return p;
}

static void step(const struct nw_epidermis *e, struct nw_columns *c, double dt, const double *drive_start,
                 const double *drive_end, const double *target_start, const double *target_end) {
  const double whole = 1;
  const struct nw_epidermis_demand start = {drive_start, target_start, &whole},
                                   end = {drive_end, target_end, &whole};
  nw_epidermis_step(e, c, 1, dt, &start, &end);
}

static void nw_epidermis_rest_is_the_published_steady_state(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  double cells[4];
  nw_epidermis_rest(&e, 1, cells);
  /* the rates are printed with five digits, which leaves 2e-4 of the numbers open */
  assert_near(cells[0], 3947.2, 0.5);
  assert_near(cells[1], 22224.4, 1.5);
  assert_near(cells[2], 50529.3, 2);
  assert_near(cells[3], 17778, 20);
}

/* Cells over births of the dividing pools, plus cells over entries of the differentiated pool [day]. */
static double turnover(const struct nw_epidermis *e) {
  double cells[4];
  nw_epidermis_rest(e, 1, cells);
  const double through = e->a4 * cells[1];
  const double born = (e->a1 + e->a2) * cells[0] + e->a3 * cells[1];
  return (cells[0] + cells[1]) / born + cells[2] / through;
}

static void nw_epidermis_rest_turns_over_in_41_days(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  assert_near(turnover(&e), 41.31, 0.05);
}

static void nw_epidermis_step_holds_the_rest(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  struct pools p = rest(&e);
  const struct pools start = p;
  struct nw_columns c = of(&p);
  const double one = 1;
  for (int i = 0; i < 730; i++)
    step(&e, &c, 0.5, &one, &one, &one, &one);
  for (int k = 0; k < 8; k++)
    assert_near(p.x[k] / start.x[k], 1, 1e-12);
  assert_near(p.x[8], 0, 0);
}

/* State after 12 d of a drive that swells and fades and a support that sways, with n steps. */
static struct pools driven(const struct nw_epidermis *e, int n) {
  struct pools p = rest(e);
  struct nw_columns c = of(&p);
  const double h = 12.0 / n;
  for (int i = 0; i < n; i++) {
    const double a = 1 + sin(i * h / 4), b = 1 + sin((i + 1) * h / 4);
    const double ta = 2 + cos(i * h / 3), tb = 2 + cos((i + 1) * h / 3);
    const double sa = 1 + 0.4 * sin(i * h / 2), sb = 1 + 0.4 * sin((i + 1) * h / 2);
    nw_epidermis_step(e, &c, 1, h, &(struct nw_epidermis_demand){&a, &ta, &sa},
                      &(struct nw_epidermis_demand){&b, &tb, &sb});
  }
  return p;
}

static void nw_epidermis_step_is_second_order(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  const struct pools exact = driven(&e, 4096), coarse = driven(&e, 16), fine = driven(&e, 32);
  for (int k = 0; k < 8; k++) {
    const double order = log2(fabs(coarse.x[k] - exact.x[k]) / fabs(fine.x[k] - exact.x[k]));
    assert_between(order, 1.8, 2.6);
  }
}

static void nw_epidermis_step_stays_positive_at_its_limit(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  struct pools p = rest(&e);
  struct nw_columns c = of(&p);
  const double dt = nw_epidermis_step_limit(&e, 3), strong = 3, none = 0;
  assert_between(dt, 0.1, 2);
  for (int i = 0; i < 400; i++) {
    step(&e, &c, dt, &strong, &strong, &strong, &strong);
    for (int k = 0; k < 8; k++)
      assert_true(p.x[k] > 0);
  }
  for (int i = 0; i < 2000; i++)
    step(&e, &c, dt, &none, &none, &none, &none);
  for (int k = 0; k < 9; k++)
    assert_true(p.x[k] >= 0);
}

/* Crowding alone feels the support, so a column over s times the dermis is the resting one times s at every
   drive; its horny layer, of s times the arrivals shed with their root, times s^(1/2). Pigment rides on
   turnover, which is the same. */
static void nw_epidermis_step_support_scales_the_living_column(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  const double support[] = {0.6, 1.5}, drive[] = {1, 1.7}, one = 1;
  for (size_t i = 0; i < NW_COUNT(support); i++)
    for (size_t j = 0; j < NW_COUNT(drive); j++) {
      const double s = support[i];
      const struct nw_epidermis_demand d = {&drive[j], &one, &s};
      struct pools p = rest(&e);
      struct nw_columns c = of(&p);
      double cells[4];
      for (int k = 0; k < 10000; k++)
        nw_epidermis_step(&e, &c, 1, 0.25, &d, &d);
      nw_epidermis_rest(&e, drive[j], cells);
      for (int k = 0; k < 3; k++)
        assert_near(p.x[k] / cells[k], s, 1e-9);
      assert_near(p.x[3] / cells[3], sqrt(s), 1e-9);
      const double made = (1 + 0.8 * (drive[j] - 1)) / drive[j], below = made / 2;
      assert_near(p.x[5], below, 1e-9);
      assert_near(p.x[5] + p.x[6] + p.x[7], made, 1e-9);
    }
}

/* A beam may take the dermis from under a column that was well supported: pools shrink, none goes below
   zero, and none swings below what the new support carries. */
static void nw_epidermis_step_stays_positive_when_support_falls(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  struct pools p = rest(&e);
  struct nw_columns c = of(&p);
  const double dt = nw_epidermis_step_limit(&e, 3), one = 1, little = 0.3, before = 2;
  const struct nw_epidermis_demand high = {&one, &one, &before}, low = {&one, &one, &little};
  double cells[4];
  nw_epidermis_rest(&e, 1, cells);
  for (int i = 0; i < 2000; i++)
    nw_epidermis_step(&e, &c, 1, dt, &high, &high);
  for (int i = 0; i < 2000; i++) {
    nw_epidermis_step(&e, &c, 1, dt, &low, &low);
    assert_true(p.x[0] > 0.99 * little * cells[0]);
    for (int k = 1; k < 8; k++)
      assert_true(p.x[k] > 0);
  }
}

/* A pulse of melanocyte activity: total melanin follows (e^-t/41 - e^-t/10), maximum at 18.72 d, and of
   what the pulse made e^(-137/41) = 3.5 % is left after 4.5 months. */
static void nw_epidermis_step_tan_peaks_at_19_days_and_fades_in_months(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  struct pools p = {{0}};
  p.x[4] = 1;
  struct nw_columns c = of(&p);
  const double zero = 0, one = 1, h = 0.05;
  double best = 0, when = 0, total = 0;
  for (int i = 1; i <= 2740; i++) {
    step(&e, &c, h, &one, &one, &zero, &zero);
    total = p.x[5] + p.x[6] + p.x[7];
    if (total > best) {
      best = total;
      when = i * h;
    }
  }
  assert_near(when, log(4.1) / (1 / 10.0 - 1 / 41.0), 0.1);
  const double made = 10.0 / 41 / (1 - 10.0 / 41); /* coefficient of the slow exponential */
  assert_near(total / made, 0.0354, 0.0005);
  assert_near(total / best, 0.0737, 0.001);
}

static void nw_epidermis_step_faster_turnover_thins_pigment_in_part(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  struct pools p = rest(&e);
  struct nw_columns c = of(&p);
  const double fast = 1.5, one = 1;
  for (int i = 0; i < 4000; i++)
    step(&e, &c, 0.1, &fast, &fast, &one, &one);
  /* production 1 + 0.8 (1.5 - 1) against loss 1.5 */
  assert_near(p.x[5] + p.x[6] + p.x[7], 1.4 / 1.5, 1e-6);
}

/* When proliferation rises the horny layer must not thin first: shedding follows arrival. At twice the drive
   arrivals settle at 4.6 times the normal ones, of which the root remains. */
static void nw_epidermis_step_horny_layer_never_thins_under_growth(void **state) {
  (void)state;
  const struct nw_epidermis e = normal();
  struct pools p = rest(&e);
  struct nw_columns c = of(&p);
  const double fast = 2, one = 1, start = p.x[3];
  double last = start;
  for (int i = 0; i < 6000; i++) {
    step(&e, &c, 0.1, &fast, &fast, &one, &one);
    if (i < 200) assert_true(p.x[3] >= last * (1 - 1e-9));
    last = p.x[3];
  }
  double cells[4];
  nw_epidermis_rest(&e, 2, cells);
  assert_near(last / cells[3], 1, 1e-6);
  assert_between(last / start, 2.05, 2.2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_epidermis_rest_is_the_published_steady_state),
      cmocka_unit_test(nw_epidermis_rest_turns_over_in_41_days),
      cmocka_unit_test(nw_epidermis_step_holds_the_rest),
      cmocka_unit_test(nw_epidermis_step_is_second_order),
      cmocka_unit_test(nw_epidermis_step_stays_positive_at_its_limit),
      cmocka_unit_test(nw_epidermis_step_support_scales_the_living_column),
      cmocka_unit_test(nw_epidermis_step_stays_positive_when_support_falls),
      cmocka_unit_test(nw_epidermis_step_tan_peaks_at_19_days_and_fades_in_months),
      cmocka_unit_test(nw_epidermis_step_faster_turnover_thins_pigment_in_part),
      cmocka_unit_test(nw_epidermis_step_horny_layer_never_thins_under_growth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
