/* SPDX-License-Identifier: BSD-3-Clause
   Absorption as a measurement reads it: closed form of a membrane, agreement with the stage, and a fit
   that finds the values a curve was made with. */
#include "study/permeation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../treatment.h"
#include "plan/product_library.h"
#include "transport/transport.h"

enum { TIMES = 8 };

static const double hour = 3600, thickness = 200e-6, donor = 3;

struct fixture {
  struct nw_context *context;
  struct nw_case c;
  struct nw_product product;
  double time[TIMES];
};

static struct fixture membrane(enum nw_experiment_skin skin, enum nw_device_kind kind) {
  struct fixture f = {.context = nw_context_create(), .c = treatment(kind, 3e-3)};
  f.c.experiment = (struct nw_experiment){.present = true,
                                          .skin = skin,
                                          .thickness = thickness,
                                          .area = 1e-4,
                                          .receptor_volume = INFINITY,
                                          .duration = 24 * hour,
                                          .temperature = 305};
  f.product = (struct nw_product){.concentration = donor,
                                  .solubility = INFINITY,
                                  .vehicle_ph = 7.4,
                                  .dose = INFINITY,
                                  .duration = INFINITY,
                                  .volatile_share = NAN,
                                  .release_half_life = NAN,
                                  NW_PRODUCT_UNMEASURED};
  assert_true(nw_product_preset("caffeine", &f.product));
  f.product.name = "caffeine";
  f.c.n_products = 1;
  for (int i = 0; i < TIMES; i++)
    f.time[i] = (i + 1) * hour / 2;
  return f;
}

static void end(struct fixture *f) {
  nw_context_free(&f->context);
  assert_int_equal(nw_live_bytes(), 0);
}

/* The product of the case under `params`, NULL: those of the case. */
static enum nw_status follow(struct fixture *f, const struct nw_params *params,
                             enum nw_permeation_quantity quantity, const double *time, size_t n,
                             double *out) {
  struct nw_run run = {0};
  struct nw_case c = f->c;
  c.products = &f->product;
  if (params) c.params = *params;
  enum nw_status status = nw_permeation_prepare(f->context, &c, &run);
  if (status == NW_OK)
    status = nw_permeation_follow(f->context, &run, &c.params, &f->product, quantity, time, n, out);
  nw_run_clear(&run);
  return status;
}

static void predict(struct fixture *f, enum nw_permeation_quantity quantity, double out[TIMES]) {
  assert_int_equal(follow(f, NULL, quantity, f->time, TIMES, out), NW_OK);
}

/* Q/(h K u0) of a slab with a sink below, by its series (Crank). */
static double slab(double tau) {
  double sum = 0;
  for (int n = 1; n < 60; n++)
    sum += (n % 2 ? -1 : 1) * exp(-n * n * NW_PI * NW_PI * tau) / (n * n);
  return tau - 1.0 / 6 - 2 / (NW_PI * NW_PI) * sum;
}

static void predict_gives_the_slab_of_a_membrane(void **state) {
  (void)state;
  const double d = 3e-12, k = 2.5;
  struct fixture f = membrane(NW_SKIN_SILICONE, NW_DEVICE_NONE);
  double q[TIMES], flux[TIMES], lag[TIMES], held[TIMES];
  *nw_permeation_product_value(&f.product, "diffusivity_dermis") = d;
  *nw_permeation_product_value(&f.product, "partition_dermis") = k;
  predict(&f, NW_PERMEATION_CUMULATIVE, q);
  predict(&f, NW_PERMEATION_FLUX, flux);
  predict(&f, NW_PERMEATION_LAG, lag);
  predict(&f, NW_PERMEATION_DERMIS, held);
  for (int i = 2; i < TIMES; i++) {
    const double exact = slab(d * f.time[i] / (thickness * thickness)) * thickness * k * donor;
    assert_true(fabs(q[i] / exact - 1) < 2e-3);
  }
  const int last = TIMES - 1;
  assert_true(fabs(flux[last] / (d * k * donor / thickness) - 1) < 1e-2);
  assert_true(fabs(lag[last] / (thickness * thickness / (6 * d)) - 1) < 0.05 && lag[0] < 0.9 * lag[last]);
  assert_true(fabs(held[last] / (k * donor * thickness / 2) - 1) < 1e-2);
  end(&f);
}

/* The stage writes absorption.csv: the same numbers at the same time. */
static void predict_agrees_with_the_stage(void **state) {
  (void)state;
  for (int living = 0; living < 2; living++) {
    struct fixture f = membrane(NW_SKIN_HUMAN, NW_DEVICE_PEN);
    struct nw_run run = {0};
    double q, flux, sc, dermis;
    if (living) f.c.experiment.present = false;
    if (living) f.product.duration = 8 * hour;
    f.c.products = &f.product;
    assert_int_equal(treat(f.context, &f.c, &run), NW_OK);
    assert_int_equal(nw_transport_run(f.context, &f.c, &run), NW_OK);
    const struct nw_absorption *a = &run.absorption[0];
    const size_t i = a->n_times - 30;
    const double *t = &a->time[i];
    const struct nw_product *p = &f.product;
#define FOLLOW(which, out) \
  assert_int_equal(nw_permeation_follow(f.context, &run, &f.c.params, p, which, t, 1, out), NW_OK)
    FOLLOW(NW_PERMEATION_CUMULATIVE, &q);
    FOLLOW(NW_PERMEATION_FLUX, &flux);
    FOLLOW(NW_PERMEATION_STRATUM_CORNEUM, &sc);
    FOLLOW(NW_PERMEATION_DERMIS, &dermis);
#undef FOLLOW
    assert_true(fabs(q / a->needled.cumulative[i] - 1) < 1e-3 && q > 2 * a->intact.cumulative[i]);
    assert_true(fabs(flux / a->needled.flux[i] - 1) < 2e-3);
    assert_true(fabs(sc / a->needled.stratum_corneum[i] - 1) < 1e-3);
    assert_true(fabs(dermis / a->needled.dermis[i] - 1) < 1e-3);
    nw_transport_free(&run);
    forget(&run);
    end(&f);
  }
}

/* Log-distances of a guess from a curve. */
static void distances(struct fixture *f, const double *curve, const double guess[3], double out[TIMES]) {
  double q[TIMES];
  struct nw_params p = f->c.params;
  const struct nw_param_row *share = nw_param_find("open_share_pen");
  *nw_permeation_product_value(&f->product, "diffusivity_dermis") = exp(guess[0]);
  *nw_permeation_product_value(&f->product, "partition_dermis") = exp(guess[1]);
  nw_param_set(&p, share, exp(guess[2]));
  assert_int_equal(follow(f, &p, NW_PERMEATION_CUMULATIVE, f->time, TIMES, q), NW_OK);
  for (int i = 0; i < TIMES; i++)
    out[i] = log(q[i] / curve[i]);
}

/* One Gauss-Newton step of `n` values by finite differences; Cramer for the normal equations. */
static double determinant(double a[3][3], int n) {
  if (n == 1) return a[0][0];
  if (n == 2) return a[0][0] * a[1][1] - a[0][1] * a[1][0];
  return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
         a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
         a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

static void improve(struct fixture *f, const double *curve, double guess[3]) {
  double r[TIMES], moved[TIMES], slope[3][TIMES], a[3][3] = {{0}}, b[3] = {0}, step[3];
  const double h = 1e-3;
  distances(f, curve, guess, r);
  for (int j = 0; j < 3; j++) {
    guess[j] += h;
    distances(f, curve, guess, moved);
    guess[j] -= h;
    for (int i = 0; i < TIMES; i++)
      slope[j][i] = (moved[i] - r[i]) / h;
  }
  for (int j = 0; j < 3; j++)
    for (int i = 0; i < TIMES; i++) {
      b[j] -= slope[j][i] * r[i];
      for (int k = 0; k < 3; k++)
        a[j][k] += slope[j][i] * slope[k][i];
    }
  const double whole = determinant(a, 3);
  for (int j = 0; j < 3; j++) {
    double replaced[3][3];
    memcpy(replaced, a, sizeof a);
    for (int k = 0; k < 3; k++)
      replaced[k][j] = b[k];
    step[j] = determinant(replaced, 3) / whole;
  }
  for (int j = 0; j < 3; j++)
    guess[j] += fmax(fmin(step[j], 0.7), -0.7);
}

/* D, K of the dermis and the open share of a pen, from one cumulative curve through needled skin. */
static void predict_serves_a_fit_of_diffusion_partition_and_open_share(void **state) {
  (void)state;
  const double truth[3] = {log(1.3e-10), log(0.9), log(0.02)};
  double curve[TIMES], guess[3] = {log(2.5e-10), log(0.6), log(0.05)}, zero[TIMES];
  struct fixture f = membrane(NW_SKIN_HUMAN, NW_DEVICE_PEN);
  f.c.experiment.thickness = 1e-3;
  for (int i = 0; i < TIMES; i++) {
    f.time[i] = 400 * (i + 1) * (i + 1);
    curve[i] = 1;
  }
  distances(&f, curve, truth, zero);
  for (int i = 0; i < TIMES; i++)
    curve[i] = exp(zero[i]);
  for (int k = 0; k < 12; k++)
    improve(&f, curve, guess);
  for (int j = 0; j < 3; j++)
    if (!(fabs(guess[j] - truth[j]) < 1e-3)) fail_msg("value %d: %.5g, not %.5g", j, guess[j], truth[j]);
  end(&f);
}

static void predict_refuses_what_is_not_there(void **state) {
  (void)state;
  struct fixture f = membrane(NW_SKIN_HUMAN, NW_DEVICE_NONE);
  const double back[2] = {2 * hour, hour};
  double out[2];
  enum nw_permeation_quantity quantity;
  assert_int_equal(follow(&f, NULL, NW_PERMEATION_FLUX, back, 2, out), NW_BAD_PLAN);
  assert_int_equal(nw_error_count(f.context), 1);
  assert_null(nw_permeation_product_value(&f.product, "colour"));
  assert_false(nw_permeation_quantity_find("speed", &quantity));
  assert_true(nw_permeation_quantity_find("lag", &quantity));
  assert_int_equal(quantity, NW_PERMEATION_LAG);
  end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(predict_gives_the_slab_of_a_membrane),
      cmocka_unit_test(predict_agrees_with_the_stage),
      cmocka_unit_test(predict_serves_a_fit_of_diffusion_partition_and_open_share),
      cmocka_unit_test(predict_refuses_what_is_not_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
