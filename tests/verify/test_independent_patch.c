/* SPDX-License-Identifier: BSD-3-Clause
   A small 3-D patch of healing dermis against an independent solver: equations and finite volumes
   written a second time, time left to PETSc TS. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "independent/pair.h"
#include "base/random.h"

#ifdef PEER_PETSC
#include "independent/petsc.h"

enum { NX = 12, NY = 12, NZ = 8, PLANE = NX * NY, CELLS = PLANE * NZ };

static const double readings[] = {0.02, 0.1, 0.5, 1, 2, 3}; /* [d] */

static double uniform(uint64_t item, uint64_t draw) {
  return nw_random_uniform(3, NW_STREAM_ENSEMBLE, item, draw);
}

/* Channels in no order and of different depths, through a surface that leaks where they opened it. */
static void channels(double *core, double *rim, double *leak) {
  for (uint64_t n = 0; n < 12; n++) {
    const size_t at = (size_t)(uniform(n, 0) * PLANE), deep = 1 + (size_t)(uniform(n, 1) * NZ);
    leak[at] = 0.1;
    for (size_t z = 0; z < deep; z++) {
      core[z * PLANE + at] = 0.3 + 0.4 * uniform(n, 2);
      rim[z * PLANE + at] = 0.3 * uniform(n, 3);
    }
  }
}

/* Of all species and readings: the largest difference in any cell over the largest value that the
   species ever has, and the same of the means over the patch. */
struct distance {
  double anywhere, mean;
};

static struct distance heal_both(bool single, double tolerance, const double *core, const double *rim,
                                 const double *leak) {
  const struct pair_grid grid = pair_patch_grid(NX, NY, NZ, 0.08);
  const struct peer_subject healthy = {1, 1, 1, 1, 1};
  struct pair_gap gap = {0};
  struct pair p;
  struct distance d = {0};
  double time = 0;
  long steps = 0, all = 0;
  pair_create(&p, &grid, &healthy, single);
  p.box.leak = leak;
  if (tolerance > 0) pair_tighten(&p, tolerance);
  pair_injure(&p, PEER_NEEDLE, core, rim);
  for (size_t k = 0; k < NW_COUNT(readings); k++) {
    pair_heal(&p, readings[k]);
    assert_true(peer_petsc_advance(&p.box, p.u, time, readings[k], 1e-7, 1e-9, peer_scale, &steps));
    time = readings[k];
    all += steps;
    const struct pair_gap now = pair_compare(&p);
    gap = pair_wider(&gap, &now);
  }
  for (int s = 0; s < PEER_SPECIES; s++) {
    d.anywhere = fmax(d.anywhere, gap.anywhere[s] / gap.largest[s]);
    d.mean = fmax(d.mean, gap.mean[s] / gap.average[s]);
  }
  print_message("tolerance %.0e, %s: %.1e anywhere, %.1e of the means; %zu steps against %ld of PETSc\n",
                p.tissue->stepper->rule.tolerance, single ? "single" : "double", d.anywhere, d.mean,
                p.tissue->stepper->state.steps, all);
  pair_clear(&p);
  return d;
}

static void patch_heals_as_petsc_says(void **state) {
  static double core[CELLS], rim[CELLS], leak[PLANE];
  (void)state;
  channels(core, rim, leak);
  assert_true(peer_petsc_begin());
  const struct distance fine = heal_both(false, 3e-5, core, rim, leak);
  const struct distance usual = heal_both(true, 0, core, rim, leak);
  assert_true(fine.anywhere < 1e-4);
  /* macrophages on the first day are worst, where they rise steeply; matrix is ten times closer */
  assert_true(usual.mean < 0.025 && usual.anywhere < 0.06);
  peer_petsc_end();
}
#else
static void patch_heals_as_petsc_says(void **state) {
  (void)state;
  print_message("PETSc (petsc-dev) was not found at build time\n");
  skip();
}
#endif

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(patch_heals_as_petsc_says, nothing_left)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
