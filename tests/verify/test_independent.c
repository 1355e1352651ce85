/* SPDX-License-Identifier: BSD-3-Clause
   The healing dermis against an independent solver: the equations written a second time
   (independent/equations.c), finite volumes written a second time, and time left to SUNDIALS CVODE. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "independent/pair.h"
#include "base/random.h"

static const struct peer_subject healthy = {1, 1, 1, 1, 1}, old_smoker = {0.55, 0.7, 1.6, 0.8, 1.3};

/* ---- the same table, the same rates, the same injuries ---- */

static void species_stand_in_the_order_of_the_table(void **state) {
  static const char *const mine[] = {"I", "P", "T", "T3", "V",  "A",  "N",  "M1", "M2", "F",
                                     "Y", "E", "B", "D",  "C3", "Ci", "Cm", "L",  "H",  "L0"};
  static const char *const table[] = {
#define FIELD(key, symbol, ...) symbol,
#include "../../model/fields.def"
#undef FIELD
  };
  (void)state;
  assert_int_equal(NW_COUNT(mine), PEER_SPECIES);
  assert_int_equal(NW_COUNT(table), PEER_SPECIES);
  for (int s = 0; s < PEER_SPECIES; s++)
    assert_string_equal(mine[s], table[s]);
}

static double uniform(uint64_t item, uint64_t draw) {
  return nw_random_uniform(1, NW_STREAM_ENSEMBLE, item, draw);
}

/* Any state that tissue may get into: each species absent, or over four decades about its size. */
static void any_state(uint64_t item, double u[PEER_SPECIES]) {
  for (int s = 0; s < PEER_SPECIES; s++) {
    const uint64_t draw = 2 * (uint64_t)s;
    u[s] = uniform(item, draw) < 0.1 ? 0 : peer_scale[s] * pow(10, 4 * uniform(item, draw + 1) - 3);
  }
}

/* Largest difference of the rates over what the species gains and loses. */
static double rates_differ(const struct nw_tissue *t, const struct peer_model *m, const double *u) {
  double padded[PEER_SPECIES][8] = {{0}}, rate[PEER_SPECIES][8] = {{0}}, worst = 0;
  const void *in[PEER_SPECIES];
  void *out[PEER_SPECIES];
  const struct peer_budget b = peer_budget_of(m, u);
  for (int s = 0; s < PEER_SPECIES; s++) {
    padded[s][0] = u[s];
    in[s] = padded[s];
    out[s] = rate[s];
  }
  t->stepper->system.rates(t->constants, 1, in, out);
  for (int s = 0; s < PEER_SPECIES; s++) {
    const double theirs = rate[s][0] - t->stepper->system.field[s].decay * u[s];
    const double turnover = b.gain[s] + b.loss[s];
    if (fabs(theirs - b.gain[s] + b.loss[s]) > worst * turnover)
      worst = fabs(theirs - b.gain[s] + b.loss[s]) / turnover;
  }
  return worst;
}

static void rates_agree_at_any_state(void **state) {
  enum { STATES = 20000 };
  const struct peer_subject *const subject[] = {&healthy, &old_smoker};
  const struct pair_grid grid = pair_cell_grid();
  double worst = 0;
  (void)state;
  for (size_t k = 0; k < NW_COUNT(subject); k++) {
    struct pair p;
    pair_create(&p, &grid, subject[k], false);
    for (uint64_t i = 0; i < STATES; i++) {
      double u[PEER_SPECIES];
      any_state(i, u);
      worst = fmax(worst, rates_differ(p.tissue, &p.model, u));
    }
    pair_clear(&p);
  }
  print_message("rates differ by %.1e of the turnover\n", worst);
  assert_true(worst < 1e-12);
}

static void rest_and_spread_agree(void **state) {
  const struct peer_subject *const subject[] = {&healthy, &old_smoker};
  const struct pair_grid grid = pair_cell_grid();
  double worst = 0;
  (void)state;
  for (size_t k = 0; k < NW_COUNT(subject); k++) {
    struct pair p;
    pair_create(&p, &grid, subject[k], false);
    for (int s = 0; s < PEER_SPECIES; s++) {
      const double spread = p.tissue->stepper->system.field[s].diffusivity;
      worst = fmax(worst, fabs(p.tissue->rest[s] - p.u[s]) / fmax(p.u[s], 1));
      worst = fmax(worst, fabs(spread - p.model.diffusivity[s]) / fmax(spread, 1e-6));
    }
    pair_clear(&p);
  }
  assert_true(worst < 1e-13);
}

static void injuries_agree_on_any_state(void **state) {
  enum { STATES = 500 };
  const struct pair_grid grid = pair_cell_grid();
  double worst = 0;
  struct pair p;
  (void)state;
  pair_create(&p, &grid, &healthy, false);
  for (uint64_t i = 0; i < STATES; i++) {
    const double core = uniform(i, 100), rim = (1 - core) * uniform(i, 101);
    any_state(i, p.u);
    pair_write(&p);
    pair_injure(&p, i % 2 ? PEER_HEAT : PEER_NEEDLE, &core, &rim);
    const struct pair_gap gap = pair_compare(&p);
    for (int s = 0; s < PEER_SPECIES; s++)
      if (gap.anywhere[s] > 0) worst = fmax(worst, gap.anywhere[s] / fabs(p.u[s]));
  }
  pair_clear(&p);
  print_message("injuries differ by %.1e\n", worst);
  assert_true(worst < 1e-13);
}

/* ---- whole courses ---- */

#ifdef PEER_CVODE
#include "independent/cvode.h"

static const double readings[] = {0.01, 0.05, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 14, 21, 28}; /* [d] */

struct course {
  const struct pair_grid *grid;
  const struct peer_subject *subject;
  enum peer_blow blow;
  bool leaks, single;
  double tolerance;
};

/* Of all species and readings: the largest difference in any cell over the largest value that the
   species ever has, and the same of the means over the grid. */
struct distance {
  double anywhere, mean;
};

static struct distance distance_of(const struct pair_gap *gap) {
  struct distance d = {0};
  for (int s = 0; s < PEER_SPECIES; s++) {
    d.anywhere = fmax(d.anywhere, gap->anywhere[s] / gap->largest[s]);
    d.mean = fmax(d.mean, gap->mean[s] / gap->average[s]);
  }
  return d;
}

/* Injures and heals for four weeks. */
static struct distance heal_both(const struct course *c, const double *core, const double *rim) {
  const double leak = 0.1;
  struct pair_gap gap = {0};
  struct pair p;
  pair_create(&p, c->grid, c->subject, c->single);
  p.box.leak = c->leaks ? &leak : NULL;
  if (c->tolerance > 0) pair_tighten(&p, c->tolerance);
  pair_injure(&p, c->blow, core, rim);
  struct peer_cvode *truth = peer_cvode_create(&p.box, p.u, 1e-9, 1e-11, peer_scale);
  assert_non_null(truth);
  for (size_t k = 0; k < NW_COUNT(readings); k++) {
    pair_heal(&p, readings[k]);
    assert_true(peer_cvode_advance(truth, readings[k]));
    const struct pair_gap now = pair_compare(&p);
    gap = pair_wider(&gap, &now);
  }
  const struct distance d = distance_of(&gap);
  print_message("tolerance %.0e, %s: %.1e anywhere, %.1e of the means; %zu steps against %ld of CVODE\n",
                p.tissue->stepper->rule.tolerance, c->single ? "single" : "double", d.anywhere, d.mean,
                p.tissue->stepper->state.steps, peer_cvode_steps(truth));
  peer_cvode_free(&truth);
  pair_clear(&p);
  return d;
}

/* Fine steps leave next to nothing, and sixteen times less than sixteen times the tolerance does: what is
   left is the scheme's error and no difference of the equations. As it comes, in single precision: means
   within a hundredth, and no cell further off than `anywhere`. */
static void both_tolerances(struct course c, const double *core, const double *rim, double anywhere) {
  c.tolerance = 1.6e-4;
  const struct distance coarse = heal_both(&c, core, rim);
  c.tolerance = 1e-5;
  const struct distance fine = heal_both(&c, core, rim);
  c.tolerance = 0;
  c.single = true;
  const struct distance usual = heal_both(&c, core, rim);
  assert_true(fine.anywhere < 1e-4);
  assert_true(coarse.anywhere > 8 * fine.anywhere && coarse.anywhere < 32 * fine.anywhere);
  assert_true(usual.mean < 1e-2 && usual.anywhere < anywhere);
}

static void single_cell_heals_as_cvode_says(void **state) {
  const struct pair_grid g = pair_cell_grid();
  double core = 0.4, rim = 0.3;
  (void)state;
  both_tolerances((struct course){&g, &healthy, PEER_NEEDLE, false, false, 0}, &core, &rim, 0.01);
  both_tolerances((struct course){&g, &old_smoker, PEER_HEAT, false, false, 0}, &core, &rim, 0.01);
}

/* A channel on the axis: the share of each ring inside the core, and a ramp through the rim. */
static void channel(const struct pair_grid *g, double *core, double *rim) {
  const double a = 0.05, b = 0.1;
  for (size_t i = 0; i < g->n[0]; i++) {
    const double inner = fmin(g->edge[0][i], a), outer = fmin(g->edge[0][i + 1], a);
    const double r = (g->edge[0][i] + g->edge[0][i + 1]) / 2;
    core[i] = (outer * outer - inner * inner) / (pow(g->edge[0][i + 1], 2) - pow(g->edge[0][i], 2));
    rim[i] = r < a || r > b ? 0 : (b - r) / (b - a) * (1 - core[i]);
  }
}

static void unit_cell_heals_as_cvode_says(void **state) {
  double core[PAIR_MOST], rim[PAIR_MOST];
  const struct pair_grid g = pair_ring_grid();
  (void)state;
  channel(&g, core, rim);
  both_tolerances((struct course){&g, &healthy, PEER_NEEDLE, false, false, 0}, core, rim, 0.03);
}

/* Needles as dense as a stamp's, ending half a millimetre deep, below a surface that leaks. */
static void column_heals_as_cvode_says(void **state) {
  double core[PAIR_MOST], rim[PAIR_MOST];
  const struct pair_grid g = pair_column_grid();
  (void)state;
  for (size_t i = 0; i < g.n[2]; i++) {
    const double z = (g.edge[2][i] + g.edge[2][i + 1]) / 2;
    core[i] = z < 0.5 ? 0.3 * (1 - z) : 0;
    rim[i] = z < 0.6 ? 0.2 : 0;
  }
  both_tolerances((struct course){&g, &healthy, PEER_NEEDLE, true, false, 0}, core, rim, 0.01);
}
#else
static void skipped(void **state) {
  (void)state;
  print_message("SUNDIALS (libsundials-dev) was not found at build time\n");
  skip();
}
#define single_cell_heals_as_cvode_says skipped
#define unit_cell_heals_as_cvode_says skipped
#define column_heals_as_cvode_says skipped
#endif

static int nothing_left(void **state) {
  (void)state;
  return nw_live_bytes() == 0 ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(species_stand_in_the_order_of_the_table),
      cmocka_unit_test_teardown(rates_agree_at_any_state, nothing_left),
      cmocka_unit_test_teardown(rest_and_spread_agree, nothing_left),
      cmocka_unit_test_teardown(injuries_agree_on_any_state, nothing_left),
      cmocka_unit_test_teardown(single_cell_heals_as_cvode_says, nothing_left),
      cmocka_unit_test_teardown(unit_cell_heals_as_cvode_says, nothing_left),
      cmocka_unit_test_teardown(column_heals_as_cvode_says, nothing_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
