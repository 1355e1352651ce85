/* SPDX-License-Identifier: BSD-3-Clause
   Speed of the engine, kernel by kernel, each beside the limit of this machine that binds it, measured in
   the same run. A share of limit is the shortest time that the limits allow over the time taken, where the
   limits are: the bytes that must move at the triad's rate over as many bytes, and the arithmetic at the
   rate of loops that do nothing else. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "healing/injury.h"
#include "healing/tissue.h"

struct operations {
  const char *name;
  double flops, selections, divisions; /* for one 64-byte vector of cells [1] */
};

static const struct operations counted[] = {
#define OPERATIONS(name, flops, selections, divisions) {name, flops, selections, divisions},
#include "operations.h"
#undef OPERATIONS
};

static const struct operations *operations_of(const struct nw_kernels *kernels, bool single) {
  char name[32] = "";
  for (size_t i = 0; i < NW_COUNT(counted); i++) {
    const char *level = strchr(counted[i].name, '_') + 1;
    const char *found = strstr(kernels->name, level);
    snprintf(name, sizeof name, "%s_%s", single ? "single" : "double", level);
    if (found && strcmp(name, counted[i].name) == 0) return &counted[i];
  }
  return NULL;
}

/* ---- the implicit solve ---- */

struct solve {
  const struct nw_kernels *kernels;
  struct nw_workspace *workspace;
  int field;
};

static void solve_once(void *data) {
  const struct solve *s = data;
  s->kernels->solve(s->workspace, s->field, 0.01);
}

static bool uniform_grid(struct nw_grid *grid, const size_t n[3]) {
  bool done = true;
  for (int a = 0; a < 3; a++)
    done = done && nw_axis_create_uniform(&grid->axis[a], n[a], 0.025 * (double)n[a]);
  return done;
}

static double solve_time(const size_t n[3], bool single) {
  struct nw_grid grid = {0};
  struct nw_basis basis[2] = {0};
  bench_must_have(uniform_grid(&grid, n) ? &grid : NULL, "a grid");
  const struct nw_system system = {
      .grid = &grid, .n_fields = 1, .field = {{.diffusivity = 0.3, .decay = 9, .scale = 1}}};
  struct solve s = {.kernels = nw_kernels_choose(single)};
  if (nw_basis_create(&basis[0], &grid.axis[0]) && nw_basis_create(&basis[1], &grid.axis[1]))
    s.workspace = s.kernels->create(&system, basis, 1);
  bench_must_have(s.workspace, "an implicit solve");
  const size_t cells = nw_grid_cells(&grid);
  double *value = nw_allocate(cells, sizeof(double));
  bench_must_have(value, "a field");
  for (size_t i = 0; i < cells; i++)
    value[i] = (double)(i % 17);
  s.kernels->write(s.workspace, 0, value);
  nw_release(value);
  solve_once(&s);
  const double least = bench_least(solve_once, &s, 5, 1.0);
  s.kernels->destroy(s.workspace);
  nw_basis_clear(&basis[0]);
  nw_basis_clear(&basis[1]);
  nw_grid_clear(&grid);
  return least;
}

/* Field, modes and pivots are each read and written once; elimination and substitution cost eight operations
   and a division, the transforms their nominal number. */
static void solve_row(const size_t n[3], bool single) {
  enum { WORDS = 6, TRIDIAGONAL = 8 };
  const double cells = (double)(n[0] * n[1] * n[2]), word = single ? 4 : 8;
  const double per_line[2] = {bench_nominal_transform(n[0]) / (double)n[0],
                              bench_nominal_transform(n[1]) / (double)n[1]};
  const double bytes = WORDS * word, least = solve_time(n, single);
  const double memory = bytes * cells / bench_triad((size_t)(WORDS / 2 * word * cells), 1);
  const double arithmetic = cells * (per_line[0] / bench_transform_rate(single, n[0]) +
                                     per_line[1] / bench_transform_rate(single, n[1]) +
                                     TRIDIAGONAL / bench_rate(bench_limits_choose(single)->multiply_add));
  char name[64];
  snprintf(name, sizeof name, "%zu x %zu x %zu, %s", n[0], n[1], n[2], single ? "single" : "double");
  BENCH_ROW(
      "implicit solve, one thread", name, {"time [ms]", 1e3 * least}, {"M cells/s", 1e-6 * cells / least},
      {"bytes a cell", bytes}, {"flops a cell (nominal)", per_line[0] + per_line[1] + TRIDIAGONAL + 1},
      {"share of the memory's limit", memory / least}, {"share of the transforms' limit", arithmetic / least},
      {"share of limit", fmax(memory, arithmetic) / least});
}

/* ---- one step of the tissue, in its parts ---- */

struct step {
  struct nw_tissue *tissue;
  const struct nw_kernels *kernels;
  struct nw_workspace *workspace;
  const struct nw_system *system;
  size_t cells, stride, chunk;
  char *fields, *rate; /* like the engine's own: whole fields, and a chunk of rates for each; owned */
  size_t word;
};

static enum nw_status wounded(struct nw_context *context, struct nw_tissue *tissue, double side) {
  enum { A_SIDE = 64 };
  const double spacing = 0.5;
  struct nw_injury injury[A_SIDE * A_SIDE];
  const size_t cells = nw_grid_cells(&tissue->grid), along = (size_t)(side / spacing);
  double *core = nw_allocate(cells, sizeof(double)), *rim = nw_allocate(cells, sizeof(double));
  bench_must_have(core && rim ? core : NULL, "an injury");
  size_t count = 0;
  for (size_t i = 0; i < along && i < A_SIDE; i++)
    for (size_t j = 0; j < along && j < A_SIDE; j++)
      injury[count++] = (struct nw_injury){.kind = NW_INJURY_NEEDLE,
                                           .x = (float)(1e-3 * spacing * (0.5 + (double)i)),
                                           .y = (float)(1e-3 * spacing * (0.5 + (double)j)),
                                           .depth = 0.9e-3f,
                                           .core_radius = 45e-6f,
                                           .rim_radius = 100e-6f,
                                           .taper = 150e-6f};
  nw_injury_map_patch(&tissue->grid, injury, count, 0.1, core, rim);
  const enum nw_status status = nw_tissue_injure(
      context, tissue, &(struct nw_injury_map){.kind = NW_INJURY_NEEDLE, .core = core, .rim = rim});
  nw_release(core);
  nw_release(rim);
  return status;
}

/* A wounded patch a quarter of a day after the needles: every field is at work. */
static struct nw_tissue *patch(struct nw_context *context, double side, bool single, int threads) {
  const struct nw_params params = nw_params_default();
  const struct nw_network_modifiers healthy = {1, 1, 1, 1, 1};
  const double depth = 1.5, resolution = 0.025;
  const size_t across = 2 * (size_t)lround(0.5 * side / resolution);
  struct nw_grid grid = {0};
  const bool done = nw_axis_create_uniform(&grid.axis[0], across, side) &&
                    nw_axis_create_uniform(&grid.axis[1], across, side) &&
                    nw_axis_create_graded(&grid.axis[2], NW_FLAT, depth, 0.010, 1.06, 0.050);
  struct nw_tissue *t = done ? nw_tissue_create(&grid, &params, &healthy, single, threads) : NULL;
  bench_must_have(t, "a patch");
  bench_must(context, wounded(context, t, side), "the injury");
  while (t->time < 0.05)
    bench_must(context, nw_tissue_step(context, t, 0.05, NULL), "a step");
  return t;
}

static void step_open(struct step *s, struct nw_tissue *tissue) {
  *s = (struct step){.tissue = tissue,
                     .kernels = tissue->stepper->kernels,
                     .workspace = tissue->stepper->workspace,
                     .system = &tissue->stepper->system,
                     .cells = nw_grid_cells(&tissue->grid)};
  s->word = s->kernels->number_bytes;
  s->chunk = 8192 / s->word;
  s->cells = s->cells / s->chunk * s->chunk;
  s->stride = s->cells + 64; /* like the engine's: fields do not start at the same place of a page */
  s->fields = nw_allocate((size_t)s->system->n_fields * s->stride, s->word);
  s->rate = nw_allocate((size_t)s->system->n_fields * (s->chunk + 64), s->word);
  double *value = nw_allocate(nw_grid_cells(&tissue->grid), sizeof(double));
  bench_must_have(s->fields && s->rate ? value : NULL, "copies of the fields");
  for (int f = 0; f < s->system->n_fields; f++) {
    s->kernels->read(s->workspace, f, value);
    char *to = s->fields + (size_t)f * s->stride * s->word;
    for (size_t i = 0; i < s->cells; i++) {
      if (s->word == sizeof(float)) {
        ((float *)to)[i] = (float)value[i];
      } else {
        ((double *)to)[i] = value[i];
      }
    }
  }
  nw_release(value);
}

static void step_close(struct step *s) {
  nw_release(s->fields);
  nw_release(s->rate);
  nw_tissue_free(&s->tissue);
}

static void rates_over(const struct step *s, size_t from, size_t cells) {
  bench_limits_choose(s->word == sizeof(float))->like_kernels();
  const void *in[NW_MOST_FIELDS];
  void *out[NW_MOST_FIELDS];
  for (size_t at = from; at < from + cells; at += s->chunk) {
    for (int f = 0; f < s->system->n_fields; f++) {
      in[f] = s->fields + ((size_t)f * s->stride + at) * s->word;
      out[f] = s->rate + (size_t)f * (s->chunk + 64) * s->word;
    }
    s->system->rates(s->system->constants, s->chunk / s->kernels->lanes, in, out);
  }
}

static void rates_all(void *data) {
  const struct step *s = data;
  rates_over(s, 0, s->cells);
}

/* The same chunk again and again: no memory to wait for. */
enum { NEAR_CHUNKS = 400 };
static void rates_near(void *data) {
  const struct step *s = data;
  for (size_t i = 0; i < NEAR_CHUNKS; i++)
    rates_over(s, 0, s->chunk);
}

static void attempt_once(void *data) {
  const struct step *s = data;
  const struct nw_step_trial trial = {.scheme = NW_SCHEME_ROS2, .dt = 0.02};
  struct nw_attempt told;
  s->kernels->attempt(s->workspace, &trial, &told);
}

static double solves_time(struct step *s) {
  double sum = 0;
  for (int f = 0; f < s->system->n_fields; f++) {
    struct solve one = {s->kernels, s->workspace, f};
    sum += bench_least(solve_once, &one, 3, 0);
  }
  return sum;
}

/* The rates stream all fields past and leave the sums in the nearest cache; what they compute is counted in
   the machine's own instructions. Divisions share their ports with multiplications, so that the limit of
   arithmetic is that of a loop with the same mix (five multiplications and five additions a division; the
   kernel has a few more). */
static void rates_row(struct step *s, bool single) {
  const struct operations *o = operations_of(s->kernels, single);
  const struct bench_limits *limits = bench_limits_choose(single);
  const double cells = (double)s->cells, fields = s->system->n_fields, lanes = (double)s->kernels->lanes;
  const double least = bench_least(rates_all, s, 5, 1.0), near = bench_least(rates_near, s, 5, 1.0);
  const double bytes = fields * (double)s->word;
  const double memory = cells * bytes / bench_triad((size_t)(cells * bytes), 1);
  const double vectors = cells / lanes, near_cells = (double)NEAR_CHUNKS * (double)s->chunk;
  const double sums = vectors * o->flops * lanes / bench_rate(limits->multiply_add);
  const double ratios = vectors * o->divisions * lanes / bench_rate(limits->divide);
  const double mixed = vectors * o->divisions * lanes / bench_rate(limits->mixed);
  const double limit = fmax(memory, mixed);
  BENCH_ROW(
      "reaction kernel, one thread", s->kernels->name, {"M cells x fields/s", 1e-6 * cells * fields / least},
      {"M cells/s", 1e-6 * cells / least}, {"flops a cell", o->flops}, {"divisions a cell", o->divisions},
      {"bytes a cell", bytes}, {"Gflop/s", 1e-9 * (o->flops + o->divisions) * cells / least},
      {"share of the memory's limit", memory / least}, {"share of the multiply-add limit", sums / least},
      {"share of the division limit", ratios / least}, {"share of the mixed limit", mixed / least},
      {"share of roofline", limit / least},
      {"share of roofline in cache", mixed * near_cells / cells / near});
}

static void step_rows(struct nw_context *context, double side, bool single) {
  struct step s;
  step_open(&s, patch(context, side, single, 1));
  rates_row(&s, single);
  attempt_once(&s);
  const double attempt = bench_least(attempt_once, &s, 5, 1.0);
  const double solves = 2 * solves_time(&s), rates = 2 * bench_least(rates_all, &s, 5, 0.5);
  const double cells = (double)nw_grid_cells(&s.tissue->grid), fields = s.system->n_fields;
  /* drift and assembly: two stages read fields (the second also the first stage's) and write the right
     sides (2 + 3 numbers a cell and field), and both solves are turned into stage and result (3 + 4) */
  enum { WORDS = 12 };
  const double rest = attempt - solves - rates, bytes = WORDS * fields * (double)s.word;
  const double memory = bytes * cells / bench_triad((size_t)256 << 20, 1);
  char name[96];
  snprintf(name, sizeof name, "%.0f mm patch, %.0f cells, %s", side, cells, single ? "single" : "double");
  BENCH_ROW("one step, one thread", name, {"time [ms]", 1e3 * attempt},
            {"M cells x fields/s", 1e-6 * cells * fields / attempt}, {"solves [ms]", 1e3 * solves},
            {"rates [ms]", 1e3 * rates}, {"drift, assembly, sums [ms]", 1e3 * rest},
            {"their bytes a cell", bytes}, {"their share of the memory's limit", memory / rest});
  step_close(&s);
}

/* ---- threads ---- */

static double attempt_time(struct nw_context *context, double side, int threads) {
  struct step s;
  step_open(&s, patch(context, side, true, threads));
  attempt_once(&s);
  const double least = bench_least(attempt_once, &s, 5, 1.5);
  step_close(&s);
  return least;
}

#define FAR_BYTES ((size_t)512 << 20)

struct pair {
  struct step s[2];
  int threads;
};

/* Two copies of the work, in turn or side by side, for a second or so: a virtual machine may take as long to
   give the second thread a core of its own. */
static void rates_pair(void *data) {
  enum { TIMES = 400 };
  struct pair *p = data;
#pragma omp parallel for num_threads(p->threads) schedule(static, 1)
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < TIMES; i++)
      rates_near(&p->s[k]);
}

static void kernel_pair_row(struct nw_context *context) {
  struct pair p;
  for (int k = 0; k < 2; k++)
    step_open(&p.s[k], patch(context, 0.6, true, 1));
  p.threads = 1;
  rates_pair(&p);
  const double one = bench_least(rates_pair, &p, 3, 0.5);
  p.threads = 2;
  const double two = bench_least(rates_pair, &p, 3, 0.5);
  BENCH_ROW("two threads", "reaction kernel in cache, two copies", {"one thread [ms]", 1e3 * one},
            {"two threads [ms]", 1e3 * two}, {"efficiency", one / (2 * two)});
  for (int k = 0; k < 2; k++)
    step_close(&p.s[k]);
}

/* What the memory gives to two cores changes within minutes on a machine that is shared: steps and triads
   take turns, and the best of each is compared. */
static void step_pair_row(struct nw_context *context, double side) {
  enum { ROUNDS = 3 };
  double step[] = {INFINITY, INFINITY}, triad[] = {0, 0};
  for (int round = 0; round < ROUNDS; round++)
    for (int k = 0; k < 2; k++) {
      step[k] = fmin(step[k], attempt_time(context, side, k + 1));
      triad[k] = fmax(triad[k], bench_triad(FAR_BYTES, k + 1));
    }
  const double efficiency = step[0] / (2 * step[1]), allowed = triad[1] / (2 * triad[0]);
  char name[64];
  snprintf(name, sizeof name, "one step, %.0f mm patch, single", side);
  BENCH_ROW("two threads", name, {"one thread [ms]", 1e3 * step[0]}, {"two threads [ms]", 1e3 * step[1]},
            {"efficiency", efficiency}, {"triad's efficiency", allowed},
            {"over the triad's", efficiency / allowed});
}

/* ---- growth with the grid ---- */

static void size_rows(struct nw_context *context) {
  double cells[4], time[4];
  for (size_t i = 0; i < NW_COUNT(cells); i++) {
    struct step s;
    const double side = 1 + (double)i;
    step_open(&s, patch(context, side, true, 1));
    attempt_once(&s);
    cells[i] = (double)nw_grid_cells(&s.tissue->grid);
    time[i] = bench_least(attempt_once, &s, 5, 1.0);
    char name[64];
    snprintf(name, sizeof name, "%.0f x %.0f mm", side, side);
    BENCH_ROW("cost against grid size, one thread, single", name, {"cells", cells[i]},
              {"one step [ms]", 1e3 * time[i]},
              {"ns a cell and field", 1e9 * time[i] / cells[i] / NW_FIELD_COUNT});
    step_close(&s);
  }
  const struct bench_fit fit = bench_fit(NW_COUNT(cells), cells, time);
  BENCH_ROW("cost against grid size, one thread, single", "straight line",
            {"intercept [ms]", 1e3 * fit.intercept}, {"slope [ns/cell]", 1e9 * fit.slope},
            {"largest misfit", fit.worst}, {"exponent", fit.exponent});
}

static void limit_rows(void) {
  const double one = bench_triad(FAR_BYTES, 1), two = bench_triad(FAR_BYTES, 2);
  BENCH_ROW("limits", "triad, 512 MB", {"one thread [GB/s]", 1e-9 * one}, {"two threads [GB/s]", 1e-9 * two},
            {"efficiency", two / (2 * one)});
  for (int single = 1; single >= 0; single--) {
    const struct bench_limits *limits = bench_limits_choose(single);
    BENCH_ROW("limits", nw_kernels_choose(single)->name,
              {"multiply-add [Gflop/s]", 1e-9 * bench_rate(limits->multiply_add)},
              {"division [G/s]", 1e-9 * bench_rate(limits->divide)},
              {"transforms of 160 [nominal Gflop/s]", 1e-9 * bench_transform_rate(single, 160)});
  }
}

int main(void) {
  static const size_t size[][3] = {{80, 80, 44}, {160, 160, 80}, {320, 320, 80}};
  struct nw_context *context = nw_context_create();
  bench_must_have(context, "a context");
  limit_rows();
  for (int single = 1; single >= 0; single--)
    for (size_t i = 0; i < NW_COUNT(size); i++)
      solve_row(size[i], single);
  for (int single = 1; single >= 0; single--)
    step_rows(context, 2, single);
  kernel_pair_row(context);
  for (int side = 1; side <= 3; side++)
    step_pair_row(context, side);
  size_rows(context);
  nw_context_free(&context);
  return 0;
}
