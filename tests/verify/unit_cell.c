/* SPDX-License-Identifier: BSD-3-Clause
   The unit cell around one channel: finite volumes in r and z, banded Cholesky, TR-BDF2. */
#include "unit_cell.h"

#include <math.h>
#include <string.h>

enum { EULER_STEPS = 3 };

struct unit_cell {
  struct unit_cell_spec spec;
  int nr, nz, n;
  int width;                 /* of the band: one row needs only its neighbour */
  double *r_edge, *z_edge;   /* (nr + 1), (nz + 1) [m] */
  double *right, *down;      /* conductance over D to the next cell in r, in z (n) [m] */
  double *volume;            /* (n) [m3] */
  double *source, *diagonal; /* from the held channel; sum of conductances and loss, over D (n) [m] */
  double *band;              /* Cholesky factor (n, nr + 1) */
  double *u, *middle;        /* (n) [1] */
  double time;               /* [s] */
  int steps;
};

/* ---- grid ---- */

/* Cells that grow away from one end or, with both, from both ends. */
static double graded(double x, bool fine_low, bool fine_high) {
  if (fine_low && fine_high) return (1 - cos(NW_PI * x)) / 2;
  if (fine_low) return 1 - cos(NW_PI * x / 2);
  return fine_high ? sin(NW_PI * x / 2) : x;
}

static void place(double *edge, int from, int cells, double start, double length, bool low, bool high) {
  for (int i = 0; i <= cells; i++)
    edge[from + i] = start + length * graded((double)i / cells, low, high);
}

/* Towards a distant boundary the annulus grows geometrically beyond the near-wall grading. */
static void place_annulus(double *edge, int from, int cells, double a, double b) {
  const double span = log(b / a);
  for (int i = 0; i <= cells; i++)
    edge[from + i] = a * exp(span * graded((double)i / cells, true, false));
}

static bool is_channel(const struct unit_cell *c, int i, int j) {
  return i < c->spec.core && j < c->spec.above;
}

static void set_grid(struct unit_cell *c) {
  const struct unit_cell_spec *s = &c->spec;
  place(c->r_edge, 0, s->core, 0, s->channel_radius, false, true);
  place_annulus(c->r_edge, s->core, s->annulus, s->channel_radius, s->cell_radius);
  place(c->z_edge, 0, s->above, 0, s->channel_depth, false, s->below > 0);
  if (s->below > 0)
    place(c->z_edge, s->above, s->below, s->channel_depth, s->thickness - s->channel_depth, true, !s->sink);
}

static double mid(const double *edge, int i) {
  return (edge[i] + edge[i + 1]) / 2;
}

/* Conductance over D through a cylinder shell between two radii: exact for steady radial flow. */
static double shell(const struct unit_cell *c, double inner, double outer, int j) {
  return 2 * NW_PI * (c->z_edge[j + 1] - c->z_edge[j]) / log(outer / inner);
}

static double ring(const struct unit_cell *c, int i) {
  return NW_PI * (c->r_edge[i + 1] * c->r_edge[i + 1] - c->r_edge[i] * c->r_edge[i]);
}

static void connect(struct unit_cell *c, int k, int to, bool held, bool held_to, double conductance,
                    double half_here, double half_there, double *link) {
  if (held && held_to) return;
  if (!held && !held_to) {
    *link = conductance;
    c->diagonal[k] += conductance;
    c->diagonal[to] += conductance;
    return;
  }
  const int free_cell = held ? to : k;
  const double wall = held ? half_there : half_here;
  c->source[free_cell] += wall;
  c->diagonal[free_cell] += wall;
}

static void connect_cell(struct unit_cell *c, int i, int j) {
  const int k = j * c->nr + i;
  const bool held = c->spec.held && is_channel(c, i, j);
  if (i + 1 < c->nr) {
    const double a = mid(c->r_edge, i), wall = c->r_edge[i + 1], b = mid(c->r_edge, i + 1);
    connect(c, k, k + 1, held, c->spec.held && is_channel(c, i + 1, j), shell(c, a, b, j),
            shell(c, a, wall, j), shell(c, wall, b, j), &c->right[k]);
  }
  const double here = (c->z_edge[j + 1] - c->z_edge[j]) / 2;
  if (j + 1 < c->nz) {
    const double there = (c->z_edge[j + 2] - c->z_edge[j + 1]) / 2;
    connect(c, k, k + c->nr, held, c->spec.held && is_channel(c, i, j + 1), ring(c, i) / (here + there),
            ring(c, i) / here, ring(c, i) / there, &c->down[k]);
  } else if (c->spec.sink) {
    c->diagonal[k] += ring(c, i) / here;
  }
}

static void connect_all(struct unit_cell *c) {
  for (int j = 0; j < c->nz; j++)
    for (int i = 0; i < c->nr; i++) {
      const int k = j * c->nr + i;
      c->volume[k] = ring(c, i) * (c->z_edge[j + 1] - c->z_edge[j]);
      c->u[k] = is_channel(c, i, j) ? 1 : 0;
      connect_cell(c, i, j);
    }
  for (int k = 0; k < c->n; k++)
    c->diagonal[k] += c->volume[k] * c->spec.clearance / c->spec.diffusivity;
}

/* ---- linear algebra: (mass M + theta D S) u = b ---- */

static void factor(struct unit_cell *c, double mass, double theta) {
  const int w = c->width, row = w + 1;
  for (int k = 0; k < c->n; k++) {
    double *line = &c->band[(size_t)k * (size_t)row];
    memset(line, 0, (size_t)row * sizeof *line);
    const bool held = c->spec.held && is_channel(c, k % c->nr, k / c->nr);
    line[w] = held ? 1 : mass * c->volume[k] + theta * c->diagonal[k];
    if (k % c->nr > 0) line[w - 1] = -theta * c->right[k - 1];
    if (k >= c->nr) line[0] = -theta * c->down[k - c->nr];
    for (int m = k > w ? k - w : 0; m <= k; m++) {
      const double *other = &c->band[(size_t)m * (size_t)row];
      double sum = line[m - k + w];
      for (int l = k > w ? k - w : 0; l < m; l++)
        if (l >= m - w) sum -= line[l - k + w] * other[l - m + w];
      line[m - k + w] = m < k ? sum / other[w] : sqrt(sum);
    }
  }
}

static void solve(const struct unit_cell *c, double *b) {
  const int w = c->width, row = w + 1;
  for (int k = 0; k < c->n; k++) {
    const double *line = &c->band[(size_t)k * (size_t)row];
    for (int l = k > w ? k - w : 0; l < k; l++)
      b[k] -= line[l - k + w] * b[l];
    b[k] /= line[w];
  }
  for (int k = c->n - 1; k >= 0; k--) {
    const double *line = &c->band[(size_t)k * (size_t)row];
    b[k] /= line[w];
    for (int l = k > w ? k - w : 0; l < k; l++)
      b[l] -= line[l - k + w] * b[k];
  }
}

static double inflow(const struct unit_cell *c, const double *u, int k) {
  double sum = c->source[k] - c->diagonal[k] * u[k];
  if (k % c->nr > 0) sum += c->right[k - 1] * u[k - 1];
  if (k % c->nr + 1 < c->nr) sum += c->right[k] * u[k + 1];
  if (k >= c->nr) sum += c->down[k - c->nr] * u[k - c->nr];
  if (k + c->nr < c->n) sum += c->down[k] * u[k + c->nr];
  return sum;
}

static bool held_at(const struct unit_cell *c, int k) {
  return c->spec.held && is_channel(c, k % c->nr, k / c->nr);
}

/* x holds a state on entry, the solution of the implicit stage on return. */
static void implicit_stage(struct unit_cell *c, double *x, double theta) {
  for (int k = 0; k < c->n; k++)
    x[k] = held_at(c, k) ? 1 : c->volume[k] * x[k] + theta * c->source[k];
  solve(c, x);
}

static void step(struct unit_cell *c, double dt) {
  if (c->steps++ < EULER_STEPS) {
    const double theta = dt * c->spec.diffusivity;
    factor(c, 1, theta);
    implicit_stage(c, c->u, theta);
    return;
  }
  const double gamma = 2 - sqrt(2), theta = gamma * dt / 2 * c->spec.diffusivity;
  const double weight = (1 - gamma) * (1 - gamma) / (gamma * (2 - gamma));
  factor(c, 1, theta);
  for (int k = 0; k < c->n; k++)
    c->middle[k] = held_at(c, k) ? 1 : c->u[k] + theta * inflow(c, c->u, k) / c->volume[k];
  implicit_stage(c, c->middle, theta);
  for (int k = 0; k < c->n; k++)
    c->u[k] = c->middle[k] + weight * (c->middle[k] - c->u[k]);
  implicit_stage(c, c->u, theta);
}

void unit_cell_advance(struct unit_cell *c, double time, double first, double ratio) {
  while (c->time < time) {
    const double wanted = first + ratio * c->time, left = time - c->time;
    const double dt = left <= wanted ? left : left < 2 * wanted ? left / 2 : wanted;
    step(c, dt);
    c->time = dt < left ? c->time + dt : time;
  }
}

void unit_cell_settle(struct unit_cell *c) {
  factor(c, 0, 1);
  for (int k = 0; k < c->n; k++)
    c->u[k] = held_at(c, k) ? 1 : c->source[k];
  solve(c, c->u);
}

double unit_cell_flux(const struct unit_cell *c) {
  double sum = 0;
  for (int k = 0; k < c->n; k++)
    sum += c->source[k] * (1 - c->u[k]);
  return sum;
}

double unit_cell_axis(const struct unit_cell *c) {
  return c->u[0];
}

/* ---- construction ---- */

static bool allocate(struct unit_cell *c) {
  const size_t n = (size_t)c->n, row = (size_t)c->width + 1;
  double **const array[] = {&c->right, &c->down, &c->volume, &c->source, &c->diagonal, &c->u, &c->middle};
  bool good = (c->r_edge = nw_allocate((size_t)c->nr + 1, sizeof(double))) != NULL;
  good &= (c->z_edge = nw_allocate((size_t)c->nz + 1, sizeof(double))) != NULL;
  good &= (c->band = nw_allocate(n * row, sizeof(double))) != NULL;
  for (size_t i = 0; i < NW_COUNT(array); i++)
    good &= (*array[i] = nw_allocate(n, sizeof(double))) != NULL;
  return good;
}

enum nw_status unit_cell_create(const struct unit_cell_spec *spec, struct unit_cell **out) {
  struct unit_cell *c = *out = nw_allocate(1, sizeof *c);
  if (!c) return NW_MEMORY;
  c->spec = *spec;
  c->nr = spec->core + spec->annulus;
  c->nz = spec->above + spec->below;
  c->n = c->nr * c->nz;
  c->width = c->nz > 1 ? c->nr : 1;
  if (!allocate(c)) {
    unit_cell_free(out);
    return NW_MEMORY;
  }
  set_grid(c);
  connect_all(c);
  return NW_OK;
}

void unit_cell_free(struct unit_cell **cell) {
  if (!cell || !*cell) return;
  struct unit_cell *c = *cell;
  double *const array[] = {c->r_edge, c->z_edge, c->band,     c->right, c->down,
                           c->volume, c->source, c->diagonal, c->u,     c->middle};
  for (size_t i = 0; i < NW_COUNT(array); i++)
    nw_release(array[i]);
  nw_release(c);
  *cell = NULL;
}
