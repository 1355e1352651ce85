/* SPDX-License-Identifier: BSD-3-Clause
   The exact implicit solve of diffusion and decay against the system that it claims to solve, against
   closed forms, and against conservation. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/stepper.h"
#include "base/random.h"
#include "../cell_volume.h"

enum { FIELDS = 1 };

static void no_rates(const void *constants, size_t n_vectors, const void *const *u, void *const *rate) {
  (void)constants, (void)n_vectors, (void)u, (void)rate;
}

static struct nw_stepper *make(struct nw_grid *grid, double diffusivity, double decay, bool single) {
  struct nw_system system = {.grid = grid, .n_fields = FIELDS, .rates = no_rates};
  system.field[0] = (struct nw_field_rule){.diffusivity = diffusivity, .decay = decay, .scale = 1};
  const struct nw_stepper_rule rule = {.tolerance = 1, .first = 1, .longest = 1, .courant = 1};
  return nw_stepper_create(&system, &rule, single, 1);
}

static double flux_sum(const struct nw_axis *axis, size_t i, const double *u, size_t here, size_t stride) {
  double sum = 0;
  if (i > 0) sum += axis->face[i] * axis->inverse_distance[i] * (u[here - stride] - u[here]);
  if (i + 1 < axis->n)
    sum += axis->face[i + 1] * axis->inverse_distance[i + 1] * (u[here + stride] - u[here]);
  return sum / axis->volume[i];
}

/* Largest |(1 + dt k) v - dt D laplace v - u|, with the stencil written out. */
static double residual(const struct nw_grid *g, const double *u, const double *v, double d, double k,
                       double dt) {
  const size_t nx = g->axis[0].n, ny = g->axis[1].n, nz = g->axis[2].n;
  double worst = 0;
  for (size_t z = 0; z < nz; z++)
    for (size_t y = 0; y < ny; y++)
      for (size_t x = 0; x < nx; x++) {
        const size_t here = (z * ny + y) * nx + x;
        const double laplace = flux_sum(&g->axis[0], x, v, here, 1) + flux_sum(&g->axis[1], y, v, here, nx) +
                               flux_sum(&g->axis[2], z, v, here, nx * ny);
        worst = fmax(worst, fabs(v[here] * (1 + dt * k) - dt * d * laplace - u[here]));
      }
  return worst;
}

static double integral(const struct nw_grid *g, const double *u) {
  double sum = 0;
  for (size_t z = 0; z < g->axis[2].n; z++)
    for (size_t y = 0; y < g->axis[1].n; y++)
      for (size_t x = 0; x < g->axis[0].n; x++)
        sum += cell_volume(g, x, y, z) * u[(z * g->axis[1].n + y) * g->axis[0].n + x];
  return sum;
}

/* A random field through one solve on this grid: the equations hold and nothing gets lost. */
static void solve_and_check(struct nw_grid *g, bool single, double tolerance) {
  const double d = 0.3, k = 7, dt = 0.05;
  const size_t cells = nw_grid_cells(g);
  struct nw_stepper *s = make(g, d, k, single);
  assert_non_null(s);
  double *u = nw_allocate(cells, sizeof *u), *v = nw_allocate(cells, sizeof *v);
  for (size_t i = 0; i < cells; i++)
    u[i] = nw_random_uniform(1, NW_STREAM_ENSEMBLE, i, 0);
  s->kernels->write(s->workspace, 0, u);
  s->kernels->read(s->workspace, 0, u); /* as rounded to the precision of the fields */
  s->kernels->solve(s->workspace, 0, dt);
  s->kernels->read(s->workspace, 0, v);
  const double largest = residual(g, u, v, d, k, dt);
  if (largest > tolerance) print_message("residual %g over %g\n", largest, tolerance);
  assert_true(largest <= tolerance);
  assert_true(fabs(integral(g, v) * (1 + dt * k) / integral(g, u) - 1) < (single ? 5e-6 : 1e-13));
  for (size_t i = 0; i < cells; i++)
    assert_true(v[i] > 0);
  nw_release(u);
  nw_release(v);
  nw_stepper_free(&s);
  nw_grid_clear(g);
}

static struct nw_grid box(size_t nx, size_t ny, size_t nz) {
  struct nw_grid g = {0};
  assert_true(nw_axis_create_uniform(&g.axis[0], nx, 0.05 * (double)nx));
  assert_true(nw_axis_create_uniform(&g.axis[1], ny, 0.04 * (double)ny));
  assert_true(nz == 1 ? nw_axis_create_single(&g.axis[2])
                      : nw_axis_create_graded(&g.axis[2], NW_FLAT, 0.03 * (double)nz, 0.01, 1.1, 0.06));
  return g;
}

static void solve_holds_on_boxes_of_every_radix(void **state) {
  /* even: 4 2 3 5 7 11 and products; odd and one: dense; short last blocks of lanes */
  static const size_t size[][3] = {{8, 8, 4},   {12, 10, 9}, {20, 6, 7},  {14, 22, 5},
                                   {16, 4, 1},  {9, 8, 3},   {40, 30, 6}, {24, 18, 33},
                                   {26, 34, 2}, {5, 7, 11},  {1, 8, 6},   {50, 60, 4}};
  (void)state;
  for (size_t i = 0; i < NW_COUNT(size); i++)
    for (int single = 0; single < 2; single++) {
      struct nw_grid g = box(size[i][0], size[i][1], size[i][2]);
      solve_and_check(&g, single, single ? 1e-4 : 1e-12);
    }
}

static void solve_holds_on_radial_and_graded_axes(void **state) {
  (void)state;
  for (int single = 0; single < 2; single++) {
    struct nw_grid rz = {0}, r = {0}, column = {0}, point = {0};
    assert_true(nw_axis_create_graded(&rz.axis[0], NW_RADIAL, 0.4, 0.01, 1.08, 0.04));
    assert_true(nw_axis_create_single(&rz.axis[1]));
    assert_true(nw_axis_create_graded(&rz.axis[2], NW_FLAT, 1.2, 0.02, 1.1, 0.08));
    solve_and_check(&rz, single, single ? 1e-4 : 1e-12);
    assert_true(nw_axis_create_graded(&r.axis[0], NW_RADIAL, 0.4, 0.01, 1.08, 0.04));
    assert_true(nw_axis_create_single(&r.axis[1]) && nw_axis_create_single(&r.axis[2]));
    solve_and_check(&r, single, single ? 1e-4 : 1e-12);
    assert_true(nw_axis_create_single(&column.axis[0]) && nw_axis_create_single(&column.axis[1]));
    assert_true(nw_axis_create_graded(&column.axis[2], NW_FLAT, 1.2, 0.02, 1.1, 0.08));
    solve_and_check(&column, single, single ? 1e-4 : 1e-12);
    for (int a = 0; a < 3; a++)
      assert_true(nw_axis_create_single(&point.axis[a]));
    solve_and_check(&point, single, single ? 1e-6 : 1e-14);
  }
}

/* A cosine is an eigenfunction: one solve divides it by 1 + dt (k + D lambda_h). */
static void solve_divides_a_cosine_by_its_rate(void **state) {
  enum { N = 20 };
  const double d = 0.2, k = 3, dt = 0.1, h = 0.05;
  struct nw_grid g = {0};
  (void)state;
  for (int a = 0; a < 3; a++)
    assert_true(nw_axis_create_uniform(&g.axis[a], N, h * N));
  struct nw_stepper *s = make(&g, d, k, false);
  double *u = nw_allocate(N * N * N, sizeof *u), *v = nw_allocate(N * N * N, sizeof *v);
  for (size_t i = 0; i < N * N * N; i++)
    u[i] = cos(NW_PI * 3 * ((double)(i % N) + 0.5) / N) * cos(NW_PI * 2 * ((double)(i / N % N) + 0.5) / N) *
           cos(NW_PI * 5 * ((double)(i / N / N) + 0.5) / N);
  double lambda = 0;
  static const int mode[] = {3, 2, 5};
  for (int a = 0; a < 3; a++)
    lambda += pow(2 * sin(0.5 * NW_PI * mode[a] / N) / h, 2);
  s->kernels->write(s->workspace, 0, u);
  s->kernels->solve(s->workspace, 0, dt);
  s->kernels->read(s->workspace, 0, v);
  for (size_t i = 0; i < N * N * N; i++)
    assert_true(fabs(v[i] * (1 + dt * (k + d * lambda)) - u[i]) < 1e-13);
  nw_release(u);
  nw_release(v);
  nw_stepper_free(&s);
  nw_grid_clear(&g);
}

/* Turning the patch by a quarter turns the result: x and y go different ways through the code. */
static void solve_turns_with_the_patch(void **state) {
  enum { A = 24, B = 20, Z = 5 };
  struct nw_grid g = box(A, B, Z), turned = {0};
  double *u = nw_allocate(A * B * Z, sizeof *u), *v = nw_allocate(A * B * Z, sizeof *v);
  (void)state;
  nw_axis_create_uniform(&turned.axis[0], B, 0.04 * B);
  nw_axis_create_uniform(&turned.axis[1], A, 0.05 * A);
  nw_axis_create(&turned.axis[2], NW_FLAT, g.axis[2].n, g.axis[2].edge);
  const size_t nz = g.axis[2].n;
  assert_true(nz <= Z * 3);
  nw_release(u);
  nw_release(v);
  u = nw_allocate(A * B * nz, sizeof *u);
  v = nw_allocate(A * B * nz, sizeof *v);
  for (size_t i = 0; i < A * B * nz; i++)
    u[i] = nw_random_uniform(2, NW_STREAM_ENSEMBLE, i, 0);
  for (size_t z = 0; z < nz; z++)
    for (size_t y = 0; y < B; y++)
      for (size_t x = 0; x < A; x++)
        v[(z * A + x) * B + y] = u[(z * B + y) * A + x];
  struct nw_stepper *s = make(&g, 0.3, 5, false), *t = make(&turned, 0.3, 5, false);
  s->kernels->write(s->workspace, 0, u);
  t->kernels->write(t->workspace, 0, v);
  s->kernels->solve(s->workspace, 0, 0.1);
  t->kernels->solve(t->workspace, 0, 0.1);
  s->kernels->read(s->workspace, 0, u);
  t->kernels->read(t->workspace, 0, v);
  for (size_t z = 0; z < nz; z++)
    for (size_t y = 0; y < B; y++)
      for (size_t x = 0; x < A; x++)
        assert_true(fabs(v[(z * A + x) * B + y] - u[(z * B + y) * A + x]) < 1e-13);
  nw_release(u);
  nw_release(v);
  nw_stepper_free(&s);
  nw_stepper_free(&t);
  nw_grid_clear(&g);
  nw_grid_clear(&turned);
}

/* ---- uneven media ---- */

static double harmonic(double a, double b) {
  return 2 / (1 / a + 1 / b);
}

/* Largest residual of the system with the diffusivity times `c` in each cell, faces by harmonic means. */
static double uneven_residual(const struct nw_grid *g, const double *c, const double *u, const double *v,
                              double d, double k, double dt) {
  const size_t n[3] = {g->axis[0].n, g->axis[1].n, g->axis[2].n}, stride[3] = {1, n[0], n[0] * n[1]};
  double worst = 0;
  for (size_t i = 0; i < n[0] * n[1] * n[2]; i++) {
    const size_t at[3] = {i % n[0], i / n[0] % n[1], i / n[0] / n[1]};
    double sum = 0;
    for (int a = 0; a < 3; a++) {
      const struct nw_axis *axis = &g->axis[a];
      double flux = 0;
      if (at[a] > 0)
        flux += axis->face[at[a]] * axis->inverse_distance[at[a]] * harmonic(c[i], c[i - stride[a]]) *
                (v[i - stride[a]] - v[i]);
      if (at[a] + 1 < n[a])
        flux += axis->face[at[a] + 1] * axis->inverse_distance[at[a] + 1] * harmonic(c[i], c[i + stride[a]]) *
                (v[i + stride[a]] - v[i]);
      sum += flux / axis->volume[at[a]];
    }
    worst = fmax(worst, fabs(v[i] * (1 + dt * k) - dt * d * sum - u[i]));
  }
  return worst;
}

enum medium { SCAR, CHANNELS, ASKEW, GRAINS, LAYERS, MEDIA };

/* A dense scar across half the patch; channels of fast tissue where coarse cells end and where they do not,
   the latter ending at some depth; grains that differ from cell to cell; tight sheets with leaks. */
static double ratio_at(enum medium medium, double contrast, const struct nw_grid *g, size_t i) {
  const size_t nx = g->axis[0].n, ny = g->axis[1].n, x = i % nx, y = i / nx % ny, z = i / nx / ny;
  switch (medium) {
    case SCAR:
      return x >= nx / 2 ? 1 / contrast : 1;
    case CHANNELS:
      return x % 8 < 2 && y % 8 < 2 ? contrast : 1;
    case ASKEW:
      return x % 7 > 0 && x % 7 < 4 && (y + 3) % 9 < 4 && 3 * z < 2 * g->axis[2].n ? contrast : 1;
    case GRAINS:
      return pow(contrast, nw_random_uniform(5, NW_STREAM_ENSEMBLE, i, 0));
    default:
      return z % 5 == 1 ? 1 / contrast : (x + y) % 11 == 0 ? contrast : 1;
  }
}

/* Iterations for a random right side; the equations hold and nothing gets lost. */
static int solve_uneven(struct nw_grid *g, enum medium medium, double contrast, double dt, bool single) {
  const size_t cells = nw_grid_cells(g);
  const double d = 0.3, k = 7;
  double *c = nw_allocate(cells, sizeof *c), *u = nw_allocate(cells, sizeof *u),
         *v = nw_allocate(cells, sizeof *v);
  struct nw_stepper *s = make(g, d, k, single);
  for (size_t i = 0; i < cells; i++) {
    c[i] = ratio_at(medium, contrast, g, i);
    u[i] = nw_random_uniform(3, NW_STREAM_ENSEMBLE, i, 0);
  }
  assert_true(s->kernels->vary(s->workspace, c));
  s->kernels->write(s->workspace, 0, u);
  s->kernels->read(s->workspace, 0, u);
  const int taken = s->kernels->solve(s->workspace, 0, dt);
  s->kernels->read(s->workspace, 0, v);
  const double largest = uneven_residual(g, c, u, v, d, k, dt),
               lost = fabs(integral(g, v) * (1 + dt * k) / integral(g, u) - 1);
  if (largest > (single ? 2e-2 : 1e-8) || lost > (single ? 2e-6 : 1e-13))
    print_message("medium %d, contrast %g, step %g: residual %.1e, lost %.1e\n", medium, contrast, dt,
                  largest, lost);
  assert_true(largest <= (single ? 2e-2 : 1e-8));
  assert_true(lost <= (single ? 2e-6 : 1e-13));
  nw_release(c);
  nw_release(u);
  nw_release(v);
  nw_stepper_free(&s);
  return taken;
}

static struct nw_grid radial(void) {
  struct nw_grid g = {0};
  assert_true(nw_axis_create_graded(&g.axis[0], NW_RADIAL, 0.8, 0.01, 1.05, 0.04));
  assert_true(nw_axis_create_single(&g.axis[1]));
  assert_true(nw_axis_create_graded(&g.axis[2], NW_FLAT, 1.2, 0.01, 1.08, 0.08));
  return g;
}

/* Fewest and most iterations over contrasts of 10 to 100 and both steps, in one medium. */
struct iterations {
  int fewest, most;
};

static void iterations_stay_within(struct nw_grid g, bool single, const struct iterations bound[MEDIA]) {
  static const double contrast[] = {10, 30, 100}, dt[] = {0.002, 0.2};
  for (int m = 0; m < MEDIA; m++) {
    struct iterations told = {1000, 0};
    for (size_t i = 0; i < NW_COUNT(contrast) * NW_COUNT(dt); i++) {
      const int taken = solve_uneven(&g, m, contrast[i / 2], dt[i % 2], single);
      told.fewest = taken < told.fewest ? taken : told.fewest;
      told.most = taken > told.most ? taken : told.most;
    }
    if (told.fewest < bound[m].fewest || told.most > bound[m].most)
      print_message("medium %d: %d to %d iterations\n", m, told.fewest, told.most);
    assert_in_range(told.fewest, bound[m].fewest, bound[m].most);
    assert_in_range(told.most, bound[m].fewest, bound[m].most);
  }
  nw_grid_clear(&g);
}

static void solve_of_an_uneven_box_takes_few_iterations(void **state) {
  static const struct iterations bound[MEDIA] = {{5, 12}, {6, 12}, {7, 14}, {6, 16}, {5, 12}};
  (void)state;
  iterations_stay_within(box(32, 24, 12), false, bound);
}

static void solve_of_odd_cells_takes_few_iterations(void **state) {
  static const struct iterations bound[MEDIA] = {{5, 11}, {6, 12}, {7, 14}, {6, 15}, {5, 12}};
  (void)state;
  iterations_stay_within(box(27, 45, 9), false, bound);
}

static void solve_of_an_uneven_cylinder_takes_few_iterations(void **state) {
  static const struct iterations bound[MEDIA] = {{6, 10}, {6, 10}, {6, 10}, {6, 14}, {6, 12}};
  (void)state;
  iterations_stay_within(radial(), false, bound);
}

static void solve_in_single_precision_takes_few_iterations(void **state) {
  static const struct iterations box_bound[MEDIA] = {{2, 7}, {3, 7}, {3, 7}, {3, 8}, {2, 6}};
  static const struct iterations radial_bound[MEDIA] = {{3, 6}, {3, 6}, {3, 6}, {3, 7}, {2, 7}};
  (void)state;
  iterations_stay_within(box(32, 24, 12), true, box_bound);
  iterations_stay_within(radial(), true, radial_bound);
}

static void solve_of_an_even_medium_takes_no_iteration(void **state) {
  (void)state;
  for (int single = 0; single < 2; single++) {
    struct nw_grid g = box(32, 24, 12);
    for (int m = 0; m < MEDIA; m++)
      assert_in_range(solve_uneven(&g, m, 1, 0.2, single), 0, single); /* one takes rounding away */
    nw_grid_clear(&g);
  }
}

/* One axis alone, and no room for a coarser grid. */
static void solve_holds_in_uneven_lines_and_points(void **state) {
  static const size_t size[][3] = {{1, 1, 12}, {40, 1, 1}, {1, 33, 1}, {1, 1, 1}, {2, 3, 2}, {17, 1, 5}};
  (void)state;
  for (size_t i = 0; i < NW_COUNT(size); i++) {
    struct nw_grid g = box(size[i][0], size[i][1], size[i][2]);
    assert_in_range(solve_uneven(&g, GRAINS, 100, 0.2, false), 0, 14);
    nw_grid_clear(&g);
  }
}

/* A solve that met no number leaves nothing behind for the next one. */
static void solve_forgets_what_was_no_number(void **state) {
  struct nw_grid g = box(20, 14, 6);
  const size_t cells = nw_grid_cells(&g);
  double *c = nw_allocate(cells, sizeof *c), *u = nw_allocate(cells, sizeof *u),
         *v = nw_allocate(cells, sizeof *v), *w = nw_allocate(cells, sizeof *w);
  struct nw_stepper *s = make(&g, 0.3, 7, false);
  (void)state;
  for (size_t i = 0; i < cells; i++) {
    c[i] = ratio_at(GRAINS, 30, &g, i);
    u[i] = nw_random_uniform(3, NW_STREAM_ENSEMBLE, i, 0);
    w[i] = NAN;
  }
  assert_true(s->kernels->vary(s->workspace, c));
  s->kernels->write(s->workspace, 0, u);
  s->kernels->solve(s->workspace, 0, 0.1);
  s->kernels->read(s->workspace, 0, v);
  s->kernels->write(s->workspace, 0, w);
  s->kernels->solve(s->workspace, 0, 0.1);
  s->kernels->write(s->workspace, 0, u);
  s->kernels->solve(s->workspace, 0, 0.1);
  s->kernels->read(s->workspace, 0, w);
  assert_memory_equal(v, w, cells * sizeof *v);
  nw_release(c);
  nw_release(u);
  nw_release(v);
  nw_release(w);
  nw_stepper_free(&s);
  nw_grid_clear(&g);
}

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(solve_holds_on_boxes_of_every_radix, nothing_left),
      cmocka_unit_test_teardown(solve_holds_on_radial_and_graded_axes, nothing_left),
      cmocka_unit_test_teardown(solve_divides_a_cosine_by_its_rate, nothing_left),
      cmocka_unit_test_teardown(solve_turns_with_the_patch, nothing_left),
      cmocka_unit_test_teardown(solve_of_an_uneven_box_takes_few_iterations, nothing_left),
      cmocka_unit_test_teardown(solve_of_odd_cells_takes_few_iterations, nothing_left),
      cmocka_unit_test_teardown(solve_of_an_uneven_cylinder_takes_few_iterations, nothing_left),
      cmocka_unit_test_teardown(solve_in_single_precision_takes_few_iterations, nothing_left),
      cmocka_unit_test_teardown(solve_of_an_even_medium_takes_no_iteration, nothing_left),
      cmocka_unit_test_teardown(solve_holds_in_uneven_lines_and_points, nothing_left),
      cmocka_unit_test_teardown(solve_forgets_what_was_no_number, nothing_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
