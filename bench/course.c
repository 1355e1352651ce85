/* SPDX-License-Identifier: BSD-3-Clause
   Cost of whole courses: patches with their surface, unit cells, growth with the number of sessions, many
   courses side by side. `--long` adds six sessions over a year on 4 x 4 mm. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "../tests/treatment.h"
#include "bench.h"
#include "healing/healing.h"
#include "healing/injury.h"
#include "healing/tissue.h"
#include "line_run.h"

static const double day = 86400;

static struct nw_case pen_case(double side_mm, int sessions, double interval_d, double follow_up_d) {
  struct nw_case c = treatment(NW_DEVICE_PEN, side_mm * 1e-3);
  c.course.sessions = sessions;
  c.course.interval = interval_d * day;
  c.course.follow_up = follow_up_d * day;
  c.output.every = 30 * day;
  return c;
}

struct course_job {
  struct nw_context *context;
  struct nw_case c;
  enum nw_fidelity fidelity;
  double time, collagen; /* of the healing stage alone [s]; papillary collagen at the end over rest [1] */
  struct nw_cost cost;
};

static void course_once(struct course_job *job) {
  struct nw_run run = {0};
  bench_must(job->context, treat(job->context, &job->c, &run), "the treatment");
  const double start = bench_now();
  bench_must(job->context, nw_healing_prepare(job->context, &job->c, &run, job->fidelity, true), "the grid");
  bench_must(job->context, nw_healing_run(job->context, &job->c, &run, INFINITY, NULL), "the course");
  job->time = bench_now() - start;
  job->cost = run.cost;
  job->collagen = nw_collagen_total(run.tissue.item[run.tissue.count - 1].papillary) /
                  nw_collagen_total(run.tissue.item[0].papillary);
  nw_run_clear(&run);
}

static double course_least(struct course_job *job, int repeats) {
  double least = INFINITY;
  for (int i = 0; i < repeats; i++) {
    course_once(job);
    least = fmin(least, job->time);
  }
  return least;
}

static void course_row(const char *group, const char *name, const struct course_job *job, double time) {
  const double cells = (double)job->cost.cells, steps = (double)job->cost.steps;
  BENCH_ROW(group, name, {"time [s]", time}, {"cells", cells}, {"steps", steps},
            {"rejected", (double)job->cost.rejected},
            {"M cells x fields x steps/s", 1e-6 * cells * NW_FIELD_COUNT * steps / time},
            {"collagen at the end", job->collagen});
}

/* ---- patches ---- */

static void patch_rows(struct nw_context *context) {
  double time[2];
  for (int threads = 1; threads <= 2; threads++) {
    struct course_job job = {.context = context, .c = pen_case(1, 1, 28, 28), .fidelity = NW_PATCH};
    char name[64];
    nw_context_threads(context, threads);
    time[threads - 1] = course_least(&job, 2);
    snprintf(name, sizeof name, "1 x 1 mm, one session, 28 d, %d thread%s", threads, threads > 1 ? "s" : "");
    course_row("whole course, single", name, &job, time[threads - 1]);
  }
  BENCH_ROW("whole course, single", "two threads over one", {"efficiency", time[0] / (2 * time[1])});
}

static void session_rows(struct nw_context *context) {
  static const int sessions[] = {1, 2, 4, 6};
  double x[NW_COUNT(sessions)], y[NW_COUNT(sessions)];
  nw_context_threads(context, 1);
  for (size_t i = 0; i < NW_COUNT(sessions); i++) {
    struct course_job job = {
        .context = context, .c = pen_case(0.6, sessions[i], 28, 28), .fidelity = NW_PATCH};
    char name[64];
    x[i] = sessions[i];
    y[i] = course_least(&job, 3);
    snprintf(name, sizeof name, "0.6 x 0.6 mm, %d session%s 28 d apart", sessions[i],
             sessions[i] > 1 ? "s" : "");
    course_row("cost against sessions, one thread, single", name, &job, y[i]);
  }
  const struct bench_fit fit = bench_fit(NW_COUNT(x), x, y);
  BENCH_ROW("cost against sessions, one thread, single", "straight line", {"intercept [s]", fit.intercept},
            {"slope [s/session]", fit.slope}, {"largest misfit", fit.worst}, {"exponent", fit.exponent});
}

/* ---- unit cells ---- */

static void radial_row(struct nw_context *context) {
  struct course_job job = {
      .context = context, .c = pen_case(1, 5, 28, 365 - 4 * 28), .fidelity = NW_UNIT_CELL};
  nw_context_threads(context, 1);
  const double least = course_least(&job, 20);
  course_row("unit cell, one year, five sessions, one thread", "radial", &job, least);
}

static bool cylinder(struct nw_grid *grid) {
  enum { ACROSS = 40 };
  double edge[ACROSS + 1] = {0}, width = 0.006;
  for (size_t i = 0; i < ACROSS; i++) {
    edge[i + 1] = edge[i] + width;
    if (edge[i] > 0.12 && width < 0.03) width *= 1.06;
  }
  return nw_axis_create(&grid->axis[0], NW_RADIAL, ACROSS, edge) && nw_axis_create_single(&grid->axis[1]) &&
         nw_axis_create_graded(&grid->axis[2], NW_FLAT, 1.5, 0.010, 1.06, 0.050);
}

/* One channel 0.9 mm deep on the axis. */
static void puncture(struct nw_context *context, struct nw_tissue *t, double *core, double *rim) {
  const struct nw_axis *z = &t->grid.axis[2];
  const size_t across = t->grid.axis[0].n;
  nw_injury_map_radial(&t->grid, 0.045, 0.1, core, rim);
  for (size_t k = 0; k < z->n; k++) {
    const double share = fmin(1, fmax(0, (0.9 - z->edge[k]) / (z->edge[k + 1] - z->edge[k])));
    for (size_t i = 0; i < across; i++) {
      core[k * across + i] *= share;
      rim[k * across + i] *= share;
    }
  }
  const struct nw_injury_map map = {.kind = NW_INJURY_NEEDLE, .core = core, .rim = rim};
  bench_must(context, nw_tissue_injure(context, t, &map), "a puncture");
}

static double cylinder_year(struct nw_context *context, size_t *cells, size_t *steps) {
  const struct nw_params params = nw_params_default();
  const struct nw_network_modifiers healthy = {1, 1, 1, 1, 1};
  struct nw_grid grid = {0};
  const double start = bench_now();
  struct nw_tissue *t = cylinder(&grid) ? nw_tissue_create(&grid, &params, &healthy, true, 1) : NULL;
  bench_must_have(t, "a cylinder");
  *cells = nw_grid_cells(&t->grid);
  double *core = nw_allocate(*cells, sizeof(double)), *rim = nw_allocate(*cells, sizeof(double));
  bench_must_have(core && rim ? core : NULL, "an injury");
  for (int session = 0; session < 5; session++) {
    const double end = session < 4 ? 28 * (session + 1) : 365;
    puncture(context, t, core, rim);
    while (t->time < end)
      bench_must(context, nw_tissue_step(context, t, end, NULL), "a step");
  }
  *steps = t->stepper->state.steps;
  nw_release(core);
  nw_release(rim);
  nw_tissue_free(&t);
  return bench_now() - start;
}

static void cylinder_row(struct nw_context *context) {
  double least = INFINITY;
  size_t cells = 0, steps = 0;
  for (int i = 0; i < 3; i++)
    least = fmin(least, cylinder_year(context, &cells, &steps));
  BENCH_ROW("unit cell, one year, five sessions, one thread", "r-z", {"time [s]", least},
            {"cells", (double)cells}, {"steps", (double)steps},
            {"M cells x fields x steps/s", 1e-6 * (double)cells * NW_FIELD_COUNT * (double)steps / least});
}

/* ---- cohorts: many courses side by side ---- */

static double cohort(int threads, int courses) {
  const double start = bench_now();
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
  for (int i = 0; i < courses; i++) {
    struct nw_context *context = nw_context_create();
    bench_must_have(context, "a context");
    nw_context_threads(context, 1);
    struct course_job job = {
        .context = context, .c = pen_case(1, 5, 28, 365 - 4 * 28), .fidelity = NW_UNIT_CELL};
    course_once(&job);
    nw_context_free(&context);
  }
  return bench_now() - start;
}

static void cohort_row(void) {
  enum { COURSES = 96 };
  double one = INFINITY, two = INFINITY;
  for (int i = 0; i < 4; i++) {
    one = fmin(one, cohort(1, COURSES));
    two = fmin(two, cohort(2, COURSES));
  }
  BENCH_ROW("cohort of radial courses over a year", "96 courses", {"one thread [s]", one},
            {"two threads [s]", two}, {"efficiency", one / (2 * two)});
}

/* ---- the long one ---- */

static void long_row(struct nw_context *context) {
  struct course_job job = {.context = context, .c = pen_case(4, 6, 28, 365 - 5 * 28), .fidelity = NW_PATCH};
  struct rusage usage;
  nw_context_threads(context, 2);
  course_once(&job);
  getrusage(RUSAGE_SELF, &usage);
  course_row("4 x 4 mm at 25 um, six sessions, 12 months, two threads, single", "course", &job, job.time);
  BENCH_ROW("4 x 4 mm at 25 um, six sessions, 12 months, two threads, single", "memory",
            {"bytes a cell, allocated", (double)nw_peak_bytes() / (double)job.cost.cells},
            {"bytes a cell, resident", 1024 * (double)usage.ru_maxrss / (double)job.cost.cells});
}

int main(int count, char **argument) {
  struct nw_context *context = nw_context_create();
  bench_must_have(context, "a context");
  if (count > 1 && strcmp(argument[1], "--long") == 0) {
    long_row(context);
  } else {
    radial_row(context);
    cylinder_row(context);
    cohort_row();
    patch_rows(context);
    session_rows(context);
  }
  nw_context_free(&context);
  return 0;
}
