/* SPDX-License-Identifier: BSD-3-Clause
   Error of outcomes against wall time, for the schemes and precisions of the stepper: fixed profiles of steps
   that grow with the time since the last session, and the controlled steps that the program takes. Prints
   CSV. The reference is the scheme of order two in double precision at steps so short that halving them again
   changes nothing that the table shows.

   An outcome's error is the largest over the output times, relative to the largest change of that outcome in
   the reference: one part in a hundred of what a treatment does, not of what skin is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "healing/injury.h"
#include "healing/tissue.h"

enum { OUTCOMES = 4, MOST_TIMES = 12 };
static const char *const outcome_name[OUTCOMES] = {"collagen", "elastin", "fibroblast", "neutrophil"};

struct problem {
  const char *name;
  bool radial;
  double session[2], end; /* [d] */
  size_t sessions, times, kappas;
  double time[MOST_TIMES]; /* outputs [d] */
  double reference_kappa;
  int repeats;
};

static const struct problem problems[] = {
    {.name = "radial unit cell, two sessions, 60 d",
     .radial = true,
     .session = {0, 28},
     .sessions = 2,
     .end = 60,
     .times = 9,
     .kappas = 7, /* splitting needs the shortest ones */
     .time = {0.25, 1, 3, 7, 14, 28, 29, 35, 60},
     .reference_kappa = 1.0 / 128,
     .repeats = 7},
    {.name = "patch of 0.6 mm, one session, 28 d",
     .sessions = 1,
     .end = 28,
     .times = 7,
     .kappas = 5,
     .time = {0.25, 1, 3, 5, 7, 14, 28},
     .reference_kappa = 1.0 / 48,
     .repeats = 2},
};

/* How the steps are chosen: a fixed profile, or control by a tolerance where `kappa` is 0. */
struct way {
  enum nw_scheme scheme;
  bool single;
  double kappa, tolerance;
};

struct answer {
  double outcome[MOST_TIMES][OUTCOMES], rest[OUTCOMES];
  double seconds;
  size_t steps;
  bool finite;
};

static bool make_grid(const struct problem *p, struct nw_grid *grid) {
  enum { ACROSS = 40 };
  double edge[ACROSS + 1] = {0}, width = 0.006;
  if (!p->radial)
    return nw_axis_create_uniform(&grid->axis[0], 24, 0.6) &&
           nw_axis_create_uniform(&grid->axis[1], 24, 0.6) &&
           nw_axis_create_graded(&grid->axis[2], NW_FLAT, 1.5, 0.010, 1.06, 0.050);
  for (size_t i = 0; i < ACROSS; i++) {
    edge[i + 1] = edge[i] + width;
    if (edge[i] > 0.12 && width < 0.03) width *= 1.06;
  }
  return nw_axis_create(&grid->axis[0], NW_RADIAL, ACROSS, edge) && nw_axis_create_single(&grid->axis[1]) &&
         nw_axis_create_single(&grid->axis[2]);
}

static void injure(struct nw_context *context, const struct problem *p, struct nw_tissue *t) {
  const struct nw_injury needle = {.kind = NW_INJURY_NEEDLE,
                                   .x = 0.3e-3f,
                                   .y = 0.3e-3f,
                                   .depth = 0.9e-3f,
                                   .core_radius = 45e-6f,
                                   .rim_radius = 100e-6f,
                                   .taper = 150e-6f};
  const size_t cells = nw_grid_cells(&t->grid);
  double *core = nw_allocate(cells, sizeof(double)), *rim = nw_allocate(cells, sizeof(double));
  bench_must_have(core && rim ? core : NULL, "an injury");
  if (p->radial) {
    if (t->time > 0) bench_must(context, nw_tissue_average(context, t), "the mean of the unit cell");
    nw_injury_map_radial(&t->grid, 0.045, 0.1, core, rim);
  } else {
    nw_injury_map_patch(&t->grid, &needle, 1, 0.1, core, rim);
  }
  const struct nw_injury_map map = {.kind = NW_INJURY_NEEDLE, .core = core, .rim = rim};
  bench_must(context, nw_tissue_injure(context, t, &map), "an injury");
  nw_release(core);
  nw_release(rim);
}

static void read_outcomes(struct nw_context *context, const struct nw_tissue *t, double outcome[OUTCOMES]) {
  const struct nw_axis *z = &t->grid.axis[2];
  double mean[NW_FIELD_COUNT];
  bench_must(context, nw_tissue_means(context, t, 0, z->edge[z->n], mean), "means");
  outcome[0] = nw_collagen_total(mean);
  outcome[1] = mean[NW_FIELD_elastin];
  outcome[2] = mean[NW_FIELD_fibroblast];
  outcome[3] = mean[NW_FIELD_neutrophil];
}

/* Days of one step of the fixed profile, `since` the last session [d]. */
static double profile(double kappa, double since) {
  return kappa * fmin(2, 0.02 + 0.15 * since);
}

static bool fixed_step(struct nw_tissue *t, const struct way *way, double since, double limit) {
  const double wanted = profile(way->kappa, since), left = limit - t->time;
  const double dt = wanted >= left ? left : 2 * wanted > left ? 0.5 * left : wanted;
  const struct nw_step_trial trial = {.scheme = way->scheme, .dt = dt};
  struct nw_attempt told;
  t->stepper->kernels->attempt(t->stepper->workspace, &trial, &told);
  t->stepper->kernels->accept(t->stepper->workspace);
  t->stepper->state.steps++;
  t->time = dt == left ? limit : t->time + dt;
  return told.finite;
}

static bool advance(struct nw_context *context, struct nw_tissue *t, const struct way *way,
                    double since_session, double limit) {
  bool finite = true;
  while (finite && t->time < limit) {
    if (way->kappa > 0) {
      finite = fixed_step(t, way, t->time - since_session, limit);
    } else {
      bench_must(context, nw_tissue_step(context, t, limit, NULL), "a step");
    }
  }
  return finite;
}

static void course(struct nw_context *context, const struct problem *p, const struct way *way,
                   struct answer *a) {
  const struct nw_params params = nw_params_default();
  const struct nw_network_modifiers healthy = {1, 1, 1, 1, 1};
  struct nw_grid grid = {0};
  struct nw_tissue *t =
      make_grid(p, &grid) ? nw_tissue_create(&grid, &params, &healthy, way->single, 1) : NULL;
  bench_must_have(t, "tissue");
  if (way->kappa == 0) t->stepper->rule.tolerance = way->tolerance;
  read_outcomes(context, t, a->rest);
  const double start = bench_now();
  size_t session = 0;
  double since = 0;
  a->finite = true;
  for (size_t i = 0; i < p->times && a->finite; i++) {
    while (session < p->sessions && p->session[session] <= t->time) {
      since = p->session[session++];
      injure(context, p, t);
    }
    a->finite = advance(context, t, way, since, p->time[i]);
    read_outcomes(context, t, a->outcome[i]);
  }
  a->seconds = bench_now() - start;
  a->steps = t->stepper->state.steps + t->stepper->state.rejected;
  nw_tissue_free(&t);
}

static double outcome_error(const struct problem *p, const struct answer *a, const struct answer *reference,
                            int k) {
  double worst = 0, change = 0;
  for (size_t i = 0; i < p->times; i++) {
    worst = fmax(worst, fabs(a->outcome[i][k] - reference->outcome[i][k]));
    change = fmax(change, fabs(reference->outcome[i][k] - reference->rest[k]));
  }
  return a->finite && isfinite(a->outcome[p->times - 1][k]) ? worst / change : INFINITY;
}

static void row(struct nw_context *context, const struct problem *p, const struct way *way,
                const struct answer *reference) {
  static const char *const scheme_name[] = {"ros2", "euler", "strang"};
  struct answer a = {0};
  double least = INFINITY, worst = 0;
  for (int i = 0; i < p->repeats; i++) {
    course(context, p, way, &a);
    least = fmin(least, a.seconds);
  }
  printf("\"%s\",%s,%s,%s,%g,%zu,%.5g", p->name, scheme_name[way->scheme], way->single ? "single" : "double",
         way->kappa > 0 ? "fixed" : "controlled", way->kappa > 0 ? way->kappa : way->tolerance, a.steps,
         least);
  for (int k = 0; k < OUTCOMES; k++) {
    const double error = outcome_error(p, &a, reference, k);
    worst = fmax(worst, error);
    printf(",%.3g", error);
  }
  printf(",%.3g\n", worst);
  fflush(stdout);
}

static void study(struct nw_context *context, const struct problem *p) {
  static const double kappa[] = {2, 1, 0.5, 0.25, 0.125, 1.0 / 16, 1.0 / 32};
  static const double tolerance[] = {0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002};
  static const enum nw_scheme scheme[] = {NW_SCHEME_ROS2, NW_SCHEME_EULER, NW_SCHEME_STRANG};
  struct answer reference = {0}, coarser = {0};
  course(context, p, &(struct way){NW_SCHEME_ROS2, false, p->reference_kappa, 0}, &reference);
  course(context, p, &(struct way){NW_SCHEME_ROS2, false, 2 * p->reference_kappa, 0}, &coarser);
  double own = 0;
  for (int k = 0; k < OUTCOMES; k++)
    own = fmax(own, outcome_error(p, &coarser, &reference, k) / 3); /* math: order two */
  fprintf(stderr, "%s: the reference's own error is about %.1e\n", p->name, own);
  for (int single = 1; single >= 0; single--) {
    for (size_t s = 0; s < NW_COUNT(scheme); s++)
      for (size_t i = 0; i < p->kappas; i++)
        row(context, p, &(struct way){scheme[s], single, kappa[i], 0}, &reference);
    for (size_t i = 0; i < NW_COUNT(tolerance); i++)
      row(context, p, &(struct way){NW_SCHEME_ROS2, single, 0, tolerance[i]}, &reference);
  }
}

int main(void) {
  struct nw_context *context = nw_context_create();
  bench_must_have(context, "a context");
  printf("problem,scheme,precision,steps chosen,kappa or tolerance,steps,seconds");
  for (int k = 0; k < OUTCOMES; k++)
    printf(",%s", outcome_name[k]);
  printf(",worst\n");
  for (size_t i = 0; i < NW_COUNT(problems); i++)
    study(context, &problems[i]);
  nw_context_free(&context);
  return 0;
}
