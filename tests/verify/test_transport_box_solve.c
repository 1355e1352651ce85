/* SPDX-License-Identifier: BSD-3-Clause
   The linear solver of the box against fields that are known: channels beside tissue, thin layers over thick
   ones, steps far longer than the smallest cell needs. */
#include "transport/box_solve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "transport/box_levels.h"

enum { NZ = 20 };

struct fixture {
  struct nw_box_system s;
  double *memory, *u, *right;
  size_t plane, n;
};

static void set_up(struct fixture *f, size_t nx, size_t ny) {
  struct nw_box_system *s = &f->s;
  *f = (struct fixture){.s = {.nx = nx, .ny = ny, .nz = NZ, .viable = 4, .threads = 1}, .plane = nx * ny};
  f->n = f->plane * NZ;
  const size_t padded = f->n + 2 * f->plane;
  double **const cells[] = {&s->capacity, &s->loss,     &s->east,  &s->south,     &s->below,
                            &s->stays,    &s->residual, &s->image, &s->direction, &s->better,
                            &s->step,     &s->low,      &f->u,     &f->right};
  f->memory = nw_allocate(NW_COUNT(cells) * padded + 3 * f->plane, sizeof(double));
  s->levels = nw_box_levels_create(nx, ny, NZ, 1);
  assert_true(f->memory && s->levels);
  for (size_t k = 0; k < NW_COUNT(cells); k++)
    *cells[k] = f->memory + k * padded + f->plane;
  s->top = f->memory + NW_COUNT(cells) * padded;
  s->polar = s->top + f->plane;
  s->share = s->polar + f->plane;
}

static void tear_down(struct fixture *f) {
  nw_box_levels_free(&f->s.levels);
  nw_release(f->memory);
  assert_int_equal(nw_live_bytes(), 0);
}

/* Every seventh column each way is a channel: it conducts a thousand times better. Depth cells are 1/20 as
   thick in the upper layer, whose conductivity is `upper`. */
static bool in_channel(size_t x, size_t y) {
  return x % 7 == 3 && y % 7 == 3;
}

static double conductivity(const struct fixture *f, size_t x, size_t y, size_t z, double upper) {
  return in_channel(x, y) && z < NZ / 2 ? 1e3 : z < f->s.viable ? upper : 1;
}

static double mean(double a, double b) {
  return 2 / (1 / a + 1 / b);
}

static double thickness(const struct fixture *f, size_t z) {
  return z < f->s.viable ? 0.05 : 1;
}

static void fill(struct fixture *f, double upper) {
  struct nw_box_system *s = &f->s;
  for (size_t z = 0; z < NZ; z++)
    for (size_t y = 0; y < s->ny; y++)
      for (size_t x = 0; x < s->nx; x++) {
        const size_t i = z * f->plane + y * s->nx + x;
        const double here = conductivity(f, x, y, z, upper), dz = thickness(f, z);
        s->capacity[i] = dz;
        s->loss[i] = 1e-3 * dz;
        if (x + 1 < s->nx) s->east[i] = dz * mean(here, conductivity(f, x + 1, y, z, upper));
        if (y + 1 < s->ny) s->south[i] = dz * mean(here, conductivity(f, x, y + 1, z, upper));
        if (z + 1 < NZ)
          s->below[i] = 2 / (dz / here + thickness(f, z + 1) / conductivity(f, x, y, z + 1, upper));
        if (z == 0) {
          s->top[y * s->nx + x] = 2 * here / dz;
          s->share[y * s->nx + x] = 0.5;
          s->polar[y * s->nx + x] = 0.01;
        }
      }
}

/* Smooth and rough at once. */
static double field(size_t i, size_t plane) {
  return 1 + cos(0.05 * (double)(i % plane)) + 0.3 * sin(7.7 * (double)i);
}

/* right = (M + theta S) u - theta supply, cell by cell. */
static void set_right(struct fixture *f, double theta, double vehicle) {
  const struct nw_box_system *s = &f->s;
  const double *u = f->u;
  for (size_t i = 0; i < f->n; i++) {
    const size_t c = i % f->plane;
    double out = s->loss[i] * u[i];
    if (c % s->nx > 0) out += s->east[i - 1] * (u[i] - u[i - 1]);
    if (c % s->nx + 1 < s->nx) out += s->east[i] * (u[i] - u[i + 1]);
    if (c >= s->nx) out += s->south[i - s->nx] * (u[i] - u[i - s->nx]);
    if (c + s->nx < f->plane) out += s->south[i] * (u[i] - u[i + s->nx]);
    if (i >= f->plane) out += s->below[i - f->plane] * (u[i] - u[i - f->plane]);
    if (i + f->plane < f->n) out += s->below[i] * (u[i] - u[i + f->plane]);
    if (i < f->plane) out += s->top[c] * (u[i] - s->share[c] * vehicle);
    if (i / f->plane == s->viable) out += s->polar[c] * (u[i] - vehicle);
    f->right[i] = s->capacity[i] * u[i] + theta * out;
  }
}

static double supply_of(const struct fixture *f, double vehicle) {
  const struct nw_box_system *s = &f->s;
  double sum = 0;
  for (size_t c = 0; c < f->plane; c++)
    sum += s->top[c] * (s->share[c] * vehicle - field(c, f->plane)) +
           s->polar[c] * (vehicle - field(s->viable * f->plane + c, f->plane));
  return sum;
}

/* Solves from nothing; returns the iterations. */
static size_t iterations_for(size_t nx, size_t ny, double theta, double upper) {
  const double vehicle = 3;
  struct fixture f;
  double supplied, worst = 0;
  set_up(&f, nx, ny);
  fill(&f, upper);
  for (size_t i = 0; i < f.n; i++)
    f.u[i] = field(i, f.plane);
  set_right(&f, theta, vehicle);
  memset(f.u, 0, f.n * sizeof(double));
  nw_box_factor(&f.s, theta);
  const size_t iterations = nw_box_solve(&f.s, theta, vehicle, f.right, f.u, &supplied);
  for (size_t i = 0; i < f.n; i++)
    worst = fmax(worst, fabs(f.u[i] - field(i, f.plane)));
  const double expected = supply_of(&f, vehicle);
  if (!(iterations > 0 && worst < 1e-8)) fail_msg("error %.1e after %zu iterations", worst, iterations);
  assert_true(fabs(supplied - expected) <= 1e-9 * (fabs(expected) + (double)f.plane));
  tear_down(&f);
  return iterations;
}

static void solve_finds_the_field_on_any_grid(void **state) {
  (void)state;
  static const size_t side[][2] = {{1, 1}, {2, 1}, {1, 5}, {3, 3}, {7, 12}, {13, 8}};
  for (size_t k = 0; k < NW_COUNT(side); k++)
    for (double theta = 0.01; theta < 1e4; theta *= 100)
      iterations_for(side[k][0], side[k][1], theta, 1e-3);
}

/* A few tens, whatever the size of the patch, the step, and the contrast in depth. */
static void solve_takes_as_long_on_large_patches(void **state) {
  (void)state;
  static const double upper[] = {1e-6, 1, 1e3};
  for (size_t k = 0; k < NW_COUNT(upper); k++)
    for (double theta = 1; theta < 1e4; theta *= 30) {
      const size_t small = iterations_for(12, 12, theta, upper[k]),
                   large = iterations_for(96, 96, theta, upper[k]);
      if (!(large <= 60 && large <= 2 * small + 10))
        fail_msg("%zu and %zu iterations at %g, %g", small, large, theta, upper[k]);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(solve_finds_the_field_on_any_grid),
      cmocka_unit_test(solve_takes_as_long_on_large_patches),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
