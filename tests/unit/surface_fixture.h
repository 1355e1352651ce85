/* SPDX-License-Identifier: BSD-3-Clause
   A plain case and a plain skin for the tests of surface and outcome: phototype III, no sun, no care. */
#pragma once
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "run.h"
#include "base/units.h"

/* |a - b| <= tolerance, with both numbers in the message. */
#define assert_near(a, b, tolerance)                                                      \
  do {                                                                                    \
    const double near_a = (a), near_b = (b), near_tolerance = (tolerance);                \
    if (!(fabs(near_a - near_b) <= near_tolerance))                                       \
      fail_msg("%s = %.10g, expected %.10g +- %.3g", #a, near_a, near_b, near_tolerance); \
  } while (0)
#define assert_between(a, low, high)                                                               \
  do {                                                                                             \
    const double between = (a);                                                                    \
    if (!(between >= (low) && between <= (high)))                                                  \
      fail_msg("%s = %.10g, expected %.10g .. %.10g", #a, between, (double)(low), (double)(high)); \
  } while (0)

static inline struct nw_case plain_case(void) {
  struct nw_case c = {.subject = {.age = 30, .phototype = 3, .ageing = true},
                      .device = {.kind = NW_DEVICE_PEN},
                      .course = {.sessions = 1, .follow_up = 86400},
                      .aftercare = {.gentle_cleansing = true},
                      .params = nw_params_default()};
  return c;
}

static inline struct nw_skin plain_skin(void) {
  return (struct nw_skin){.stratum_corneum = 15e-6,
                          .viable_epidermis = 85e-6,
                          .papillary_dermis = 0.2e-3,
                          .dermis = 1.2e-3,
                          .subcutis = 4e-3,
                          .elastic_modulus = 14.8e3,
                          .follicle_density = 5e6,
                          .follicle_diameter = 0.1e-3,
                          .tewl = nw_unit_to_si(8, "g/(m^2 h)"),
                          .collagen = 1,
                          .elastin = 1,
                          .fibroblasts = 1,
                          .vessels = 1,
                          .synthesis = 1,
                          .inflammation = 1,
                          .barrier = 1,
                          .sebum = 1};
}
