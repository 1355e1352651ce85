/* SPDX-License-Identifier: BSD-3-Clause
   Intervals of absorption: against courses drawn one by one, and where nothing is left open. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "plan/product_library.h"
#include "transport/transport.h"
#include "transport/transport_build.h"

enum { DRAWS = 600 };

struct fixture {
  struct nw_context *context;
  struct nw_case c;
  struct nw_product product;
  struct nw_puncture puncture;
  struct nw_run run;
};

static void set_up(struct fixture *f, const char *name, double dose) {
  *f = (struct fixture){.context = nw_context_create(),
                        .puncture = {.lumen_depth = 150e-6f, .lumen_diameter = 70e-6f}};
  f->c = (struct nw_case){.params = nw_params_default(),
                          .subject = {.phototype = 2, .age = 35},
                          .device = {.kind = NW_DEVICE_PEN},
                          .patch = {.seed = 7},
                          .products = &f->product,
                          .n_products = 1};
  f->product = (struct nw_product){.name = (char *)(uintptr_t)name,
                                   .concentration = 20,
                                   .solubility = INFINITY,
                                   .vehicle_ph = 7,
                                   .dose = dose,
                                   .duration = 4 * 3600,
                                   .when = NW_AFTER,
                                   .volatile_share = NAN,
                                   .release_half_life = NAN,
                                   NW_PRODUCT_UNMEASURED};
  assert_true(nw_product_preset(name, &f->product));
  f->run.c = &f->c;
  f->run.skin =
      (struct nw_skin){.stratum_corneum = 13e-6, .viable_epidermis = 60e-6, .dermis = 1.5e-3, .barrier = 1};
  f->run.punctures.item = &f->puncture;
  f->run.punctures.count = 1;
  f->run.punctures.density = 200e4;
}

static void tear_down(struct fixture *f) {
  nw_transport_free(&f->run);
  nw_context_free(&f->context);
  assert_int_equal(nw_live_bytes(), 0);
}

static const struct nw_absorption *absorbed(struct fixture *f) {
  assert_int_equal(nw_transport_run(f->context, &f->c, &f->run), NW_OK);
  return &f->run.absorption[0];
}

/* ---- the same by brute force ---- */

static const char *const keys[] = {"barrier_open",
                                   "occlusion_factor",
                                   "polar_path",
                                   "tissue_diffusion_factor",
                                   "large_diffusion_factor",
                                   "lipid_partition_prefactor",
                                   "lipid_diffusion_prefactor",
                                   "capillary_permeability",
                                   "blood_elimination",
                                   "open_share_pen"};

static struct nw_column_reading read_at(const struct nw_column_spec *s, double time) {
  struct nw_column *column;
  struct nw_column_reading r;
  assert_int_equal(nw_column_create(s, &column), NW_OK);
  assert_int_equal(nw_column_advance(column, time), NW_OK);
  nw_column_read(column, &r);
  nw_column_free(&column);
  return r;
}

static struct nw_params drawn(const struct nw_params *from, int k) {
  struct nw_params p = *from;
  for (size_t j = 0; j < NW_COUNT(keys); j++) {
    const struct nw_param_row *row = nw_param_find(keys[j]);
    assert_non_null(row);
    const double z = nw_random_normal(99, NW_STREAM_SCREEN, j, (uint64_t)(2 * k)) / 1.6449;
    const double end = z < 0 ? row->low : row->high;
    nw_param_set(&p, row, row->value * pow(end / row->value, fabs(z)));
  }
  return p;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void expect_near(const char *what, double *value, const double interval[2], double factor) {
  qsort(value, DRAWS, sizeof *value, ascending);
  const double low = value[DRAWS / 20], high = value[DRAWS - 1 - DRAWS / 20];
  if (fabs(log(interval[0] / low)) > log(factor) || fabs(log(interval[1] / high)) > log(factor))
    fail_msg("%s: %.3g to %.3g, by draws %.3g to %.3g", what, interval[0], interval[1], low, high);
}

static void compare(const char *name, double dose) {
  struct fixture f;
  double ratio[DRAWS], passed[DRAWS], dermis[DRAWS], blood[DRAWS];
  set_up(&f, name, dose);
  const struct nw_absorption *a = absorbed(&f);
  const struct nw_channels channels = nw_transport_channels(&f.run);
  for (int k = 0; k < DRAWS; k++) {
    const struct nw_params p = drawn(&f.c.params, k);
    struct nw_column_spec s = nw_transport_column(&f.run, &p, &f.product, channels, NW_TRANSPORT_COARSE);
    const struct nw_column_reading needled = read_at(&s, f.product.duration);
    nw_transport_close_skin(&p, &s);
    ratio[k] = needled.past / read_at(&s, f.product.duration).past;
    passed[k] = needled.past;
    dermis[k] = needled.layer[2];
    blood[k] = needled.blood;
  }
  const double enhancement[2] = {a->enhancement_low, a->enhancement_high};
  expect_near("enhancement", ratio, enhancement, 1.5);
  expect_near("passed", passed, a->needled.interval[NW_ABSORBED_CUMULATIVE], 1.5);
  expect_near("dermis", dermis, a->needled.interval[NW_ABSORBED_DERMIS], 1.5);
  expect_near("blood", blood, a->needled.interval[NW_ABSORBED_BLOOD], 1.5);
  tear_down(&f);
}

static void intervals_are_those_of_courses_drawn_one_by_one(void **state) {
  (void)state;
  compare("tranexamic acid", 1e-4);
  compare("caffeine", INFINITY);
  compare("testosterone", 1e-5);
}

/* ---- what an interval must be ---- */

static void intervals_hold_their_values_and_the_dose(void **state) {
  (void)state;
  struct fixture f;
  set_up(&f, "caffeine", 1e-6);
  f.product.duration = 86400;
  f.c.params.open_share_pen = 1;
  const struct nw_absorption *a = absorbed(&f);
  const double dose = 20 * 1e-6;
  const struct nw_absorption_course *const course[] = {&a->needled, &a->intact};
  for (int k = 0; k < 2; k++) {
    const double *peak = course[k]->interval[NW_ABSORBED_PEAK_FLUX];
    assert_true(peak[0] <= course[k]->peak_flux && course[k]->peak_flux <= peak[1] && peak[0] < peak[1]);
    const double *lag = course[k]->interval[NW_ABSORBED_LAG];
    assert_true(lag[0] >= 0 && lag[0] <= course[k]->lag && course[k]->lag <= lag[1]);
    for (int i = NW_ABSORBED_CUMULATIVE; i < NW_ABSORBED_COUNT; i++)
      assert_true(course[k]->interval[i][0] >= 0 && course[k]->interval[i][1] <= dose);
  }
  tear_down(&f);
}

static void more_is_left_open_where_more_is_uncertain(void **state) {
  (void)state;
  struct fixture f;
  set_up(&f, "tranexamic acid", 1e-4);
  const struct nw_absorption *a = absorbed(&f);
  const double needled =
      log(a->needled.interval[NW_ABSORBED_CUMULATIVE][1] / a->needled.interval[NW_ABSORBED_CUMULATIVE][0]);
  const double intact =
      log(a->intact.interval[NW_ABSORBED_CUMULATIVE][1] / a->intact.interval[NW_ABSORBED_CUMULATIVE][0]);
  assert_true(needled > 0.5 && intact > 0.5);
  f.run.punctures.count = 0;
  a = absorbed(&f);
  assert_true(a->enhancement_low == 1 && a->enhancement_high == 1);
  assert_true(a->needled.interval[NW_ABSORBED_BLOOD][0] == a->intact.interval[NW_ABSORBED_BLOOD][0]);
  tear_down(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intervals_are_those_of_courses_drawn_one_by_one),
      cmocka_unit_test(intervals_hold_their_values_and_the_dose),
      cmocka_unit_test(more_is_left_open_where_more_is_uncertain),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
