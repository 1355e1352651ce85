/* SPDX-License-Identifier: BSD-3-Clause
   The problems on which peers are compared, in one place for all programs: fenicsx.py reads the numbers from
   this file.

   Implicit step: (1 + K - D laplace) u = f in a box without flux through its sides, where f is such that
   u = exp(SHARPNESS (sum over axes of cos(waves pi x / length) - 3)), peaks as sharp as punctures, is exact.
   Wave: u_t = laplace u + u (1 - u) without flux, whose front 1 / (1 + exp((x - x0 - 5 t / sqrt 6) / sqrt
   6))^2 is exact (Ablowitz and Zeppetella 1979, doi:10.1007/BF02462380). */
#pragma once
#include <math.h>

#define PROBLEM_NX 128
#define PROBLEM_NY 128
#define PROBLEM_NZ 64
#define PROBLEM_WIDTH 0.025 /* of a cell [mm] */
#define PROBLEM_D 0.03      /* diffusivity times step [mm2]: 0.3 mm2/d over a tenth of a day */
#define PROBLEM_K 0.9       /* decay times step [1]: 9 a day over a tenth of a day */
#define PROBLEM_SHARPNESS 2.0
#define PROBLEM_WAVES_X 4
#define PROBLEM_WAVES_Y 6
#define PROBLEM_WAVES_Z 2

#define WAVE_NX 192
#define WAVE_NY 32
#define WAVE_NZ 32
#define WAVE_LENGTH 60.0 /* of the box in x; cells are cubes */
#define WAVE_START 20.0  /* x0 */
#define WAVE_TIME 6.0
#define WAVE_ERROR 0.004 /* root mean square error allowed at the end, of a wave of height 1 */

struct problem_value {
  double u, f;
};

static inline struct problem_value problem_at(const double x[3]) {
  static const int n[3] = {PROBLEM_NX, PROBLEM_NY, PROBLEM_NZ};
  static const int waves[3] = {PROBLEM_WAVES_X, PROBLEM_WAVES_Y, PROBLEM_WAVES_Z};
  double height = 0, curvature = 0;
  for (int a = 0; a < 3; a++) {
    const double q = acos(-1) * waves[a] / (n[a] * PROBLEM_WIDTH), s = sin(q * x[a]), c = cos(q * x[a]);
    height += PROBLEM_SHARPNESS * (c - 1);
    curvature += PROBLEM_SHARPNESS * q * q * (PROBLEM_SHARPNESS * s * s - c);
  }
  const double u = exp(height);
  return (struct problem_value){u, (1 + PROBLEM_K - PROBLEM_D * curvature) * u};
}

static inline double wave_at(double x, double t) {
  const double root = sqrt(6), e = exp((x - WAVE_START - 5 * t / root) / root);
  return 1 / ((1 + e) * (1 + e));
}
