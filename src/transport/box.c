/* SPDX-License-Identifier: BSD-3-Clause
   Transport in three dimensions: grid, coefficients with the channels that are open, steps in time. */
#include "box.h"

#include <math.h>
#include <string.h>

#include "box_levels.h"
#include "box_solve.h"

enum { THREAD_CELLS = 60000 }; /* for each thread: below, meeting at barriers costs more than it gains */
enum { SAMPLES = 16 };         /* along each side of a cell that a channel's wall crosses */

static const double fullest = 0.98; /* math: a cell keeps some tissue, which holds its own unknown */
static const double slack = 1e-9;   /* math: of the largest value, what the linear solver leaves */

struct rate {
  double cleared, received; /* [kg/s] */
};

struct count {
  double supplied, cleared, received, blood; /* [kg] */
};

struct nw_box {
  struct nw_box_spec spec;
  struct nw_grid grid;
  int layer_end[NW_COLUMN_LAYERS]; /* first cell in depth below each layer */
  size_t n, plane, nz;
  struct nw_box_system system;
  double *lumen;              /* (nz, ny, nx) share of each cell inside open channels [1] */
  bool *live;                 /* (n_channels) open now */
  bool covered;               /* vehicle on the skin */
  double area, time, vehicle; /* [m2], [s], last concentration [kg/m3] */
  double *u, *middle, *right;
  double *memory; /* owned: all arrays of numbers */
  struct count now;
};

/* ---- grid ---- */

static int layer_of(const struct nw_box *b, size_t k) {
  int l = 0;
  while (l + 1 < b->spec.column.n_layers && (int)k >= b->layer_end[l])
    l++;
  return l;
}

static bool depth_axis(struct nw_box *b) {
  double edge[NW_COLUMN_CELLS + 1] = {0}, top = 0;
  int n = 0;
  for (int l = 0; l < b->spec.column.n_layers; l++) {
    const double h = b->spec.column.layer[l].thickness;
    for (int j = 1; j <= b->spec.cells[l] && n < NW_COLUMN_CELLS; j++)
      edge[++n] = top + h * (1 - cos(NW_PI * j / b->spec.cells[l])) / 2;
    b->layer_end[l] = n;
    top += h;
  }
  return nw_axis_create(&b->grid.axis[2], NW_FLAT, (size_t)n, edge);
}

static bool lateral_axis(struct nw_axis *axis, double extent, double resolution) {
  return nw_axis_create_uniform(axis, (size_t)fmax(1, round(extent / resolution)), extent);
}

static bool make_grid(struct nw_box *b) {
  return lateral_axis(&b->grid.axis[0], b->spec.width, b->spec.resolution) &&
         lateral_axis(&b->grid.axis[1], b->spec.height, b->spec.resolution) && depth_axis(b);
}

static bool make_arrays(struct nw_box *b) {
  struct nw_box_system *s = &b->system;
  s->nx = b->grid.axis[0].n;
  s->ny = b->grid.axis[1].n;
  s->nz = b->nz = b->grid.axis[2].n;
  b->plane = s->nx * s->ny;
  b->n = b->plane * b->nz;
  b->spec.threads = s->threads = (int)fmin(b->spec.threads, 1 + (double)(b->n / THREAD_CELLS));
  double **const cells[] = {&s->capacity, &s->loss,  &s->east,      &s->south,  &s->below, &s->stays,
                            &s->residual, &s->image, &s->direction, &s->better, &s->step,  &s->low,
                            &b->lumen,    &b->u,     &b->middle,    &b->right};
  const size_t padded = b->n + 2 * b->plane;
  b->memory = nw_allocate(NW_COUNT(cells) * padded + 3 * b->plane, sizeof(double));
  b->live = nw_allocate(b->spec.n_channels + 1, sizeof *b->live);
  s->levels = nw_box_levels_create(s->nx, s->ny, s->nz, s->threads);
  if (!b->memory || !b->live || !s->levels) return false;
  for (size_t i = 0; i < NW_COUNT(cells); i++)
    *cells[i] = b->memory + i * padded + b->plane;
  s->top = b->memory + NW_COUNT(cells) * padded;
  s->polar = s->top + b->plane;
  s->share = s->polar + b->plane;
  if (b->spec.column.viable > 0) s->viable = (size_t)b->layer_end[b->spec.column.viable - 1];
  return true;
}

/* ---- channels in cells ---- */

/* Share of the rectangle inside the disc, by samples. */
static double sampled(const struct nw_box_channel *c, double x0, double x1, double y0, double y1) {
  int inside = 0;
  for (int i = 0; i < SAMPLES * SAMPLES; i++) {
    const double x = x0 + (x1 - x0) * (i % SAMPLES + 0.5) / SAMPLES - c->x,
                 y = y0 + (y1 - y0) * (i / SAMPLES + 0.5) / SAMPLES - c->y;
    inside += x * x + y * y < c->radius * c->radius;
  }
  return (double)inside / (SAMPLES * SAMPLES);
}

static size_t first_cell(const struct nw_axis *a, double at) {
  const double cell = a->edge[1] - a->edge[0];
  return (size_t)fmin(fmax(floor(at / cell), 0), (double)a->n - 1);
}

/* One layer of shares (ny, nx) into the depth that the channel reaches. */
static void add_channel(struct nw_box *b, const struct nw_box_channel *c) {
  const struct nw_axis *x = &b->grid.axis[0], *y = &b->grid.axis[1], *z = &b->grid.axis[2];
  const size_t x1 = first_cell(x, c->x + c->radius), y1 = first_cell(y, c->y + c->radius);
  for (size_t j = first_cell(y, c->y - c->radius); j <= y1; j++)
    for (size_t i = first_cell(x, c->x - c->radius); i <= x1; i++) {
      const double share = sampled(c, x->edge[i], x->edge[i + 1], y->edge[j], y->edge[j + 1]);
      for (size_t k = 0; k < b->nz && z->edge[k] < c->depth; k++) {
        const double deep = fmin(1, (c->depth - z->edge[k]) / (z->edge[k + 1] - z->edge[k]));
        double *lumen = &b->lumen[k * b->plane + j * x->n + i];
        *lumen = fmin(*lumen + share * deep, fullest);
      }
    }
}

/* ---- coefficients ---- */

static double width(const struct nw_axis *a, size_t i) {
  return a->edge[i + 1] - a->edge[i];
}

static double conductivity(const struct nw_box *b, size_t i) {
  const struct nw_column_layer *l = &b->spec.column.layer[layer_of(b, i / b->plane)];
  const double f = b->lumen[i];
  return (1 - f) * l->diffusivity * l->partition + f * b->spec.column.channel_diffusivity;
}

/* Sideways, lumen and tissue of a cell that the wall crosses lie one behind the other. */
static double sideways(const struct nw_box *b, size_t i) {
  const struct nw_column_layer *l = &b->spec.column.layer[layer_of(b, i / b->plane)];
  const double f = b->lumen[i];
  return 1 / ((1 - f) / (l->diffusivity * l->partition) + f / b->spec.column.channel_diffusivity);
}

static double series(double a, double b) {
  return a > 0 && b > 0 ? 1 / (1 / a + 1 / b) : 0;
}

static void set_cell(struct nw_box *b, size_t i) {
  const struct nw_axis *const x = &b->grid.axis[0], *const y = &b->grid.axis[1], *const z = &b->grid.axis[2];
  const size_t ix = i % x->n, iy = i / x->n % y->n, iz = i / b->plane;
  const double dx = width(x, ix), dy = width(y, iy), dz = width(z, iz), here = 2 * conductivity(b, i);
  const double aside = 2 * sideways(b, i);
  const struct nw_column_layer *l = &b->spec.column.layer[layer_of(b, iz)];
  struct nw_box_system *s = &b->system;
  const double tissue = (1 - b->lumen[i]) * l->partition;
  s->capacity[i] = dx * dy * dz * (tissue + b->lumen[i]);
  s->loss[i] = dx * dy * dz * tissue * l->clearance;
  s->east[i] = ix + 1 < x->n ? dy * dz * series(aside / dx, 2 * sideways(b, i + 1) / width(x, ix + 1)) : 0;
  s->south[i] =
      iy + 1 < y->n ? dx * dz * series(aside / dy, 2 * sideways(b, i + x->n) / width(y, iy + 1)) : 0;
  s->below[i] =
      iz + 1 < z->n ? dx * dy * series(here / dz, 2 * conductivity(b, i + b->plane) / width(z, iz + 1)) : 0;
}

/* What stands above and below the grid. */
static void set_ends(struct nw_box *b) {
  const struct nw_column_spec *c = &b->spec.column;
  const struct nw_axis *z = &b->grid.axis[2];
  struct nw_box_system *s = &b->system;
  const double first = width(z, 0), second = width(z, s->viable), last = width(z, b->nz - 1);
  const double cell = b->area / (double)b->plane;
  for (size_t i = 0; i < b->plane; i++) {
    const double f = b->lumen[i], top = c->layer[0].diffusivity * c->layer[0].partition;
    const double tissue = cell * (1 - f) * 2 * top / first,
                 lumen = cell * f * 2 * c->channel_diffusivity / first;
    const double below = 2 * conductivity(b, s->viable * b->plane + i) / second;
    s->top[i] = b->covered ? tissue + lumen : 0;
    s->share[i] = (tissue * c->top_factor + lumen) / (tissue + lumen);
    s->polar[i] = b->covered && c->viable > 0 ? cell * (1 - f) * series(c->polar, below) : 0;
    const size_t deepest = b->n - b->plane + i;
    if (c->bottom != NW_BOTTOM_CLOSED) s->loss[deepest] += cell * 2 * conductivity(b, deepest) / last;
  }
}

static void set_coefficients(struct nw_box *b) {
#pragma omp parallel for num_threads(b->spec.threads) schedule(static)
  for (size_t i = 0; i < b->n; i++)
    set_cell(b, i);
  set_ends(b);
}

/* Opens and plugs what is due. What a cell holds stays in it; new channels fill from the vehicle. */
static void set_channels(struct nw_box *b, double vehicle) {
  bool changed = false;
  const size_t bytes = b->n * sizeof(double);
  for (size_t i = 0; i < b->spec.n_channels; i++) {
    const struct nw_box_channel *c = &b->spec.channel[i];
    const bool open = b->time >= c->opens && b->time < c->closes;
    changed = changed || open != b->live[i];
    b->live[i] = open;
  }
  if (!changed) return;
  double *before = b->middle, *held = b->right;
  memcpy(before, b->lumen, bytes);
  for (size_t i = 0; i < b->n; i++)
    held[i] = b->system.capacity[i] * b->u[i];
  memset(b->lumen, 0, bytes);
  for (size_t i = 0; i < b->spec.n_channels; i++)
    if (b->live[i]) add_channel(b, &b->spec.channel[i]);
  set_coefficients(b);
  for (size_t i = 0; i < b->n; i++) {
    const double room = b->area / (double)b->plane * width(&b->grid.axis[2], i / b->plane);
    const double more = fmax(b->lumen[i] - before[i], 0) * room * b->spec.column.fill * vehicle;
    b->u[i] = (held[i] + more) / b->system.capacity[i];
    b->now.supplied += more;
  }
}

/* ---- creation ---- */

enum nw_status nw_box_create(const struct nw_box_spec *spec, struct nw_box **out) {
  struct nw_box *b = *out = nw_allocate(1, sizeof *b);
  if (!b) return NW_MEMORY;
  b->spec = *spec;
  b->area = spec->width * spec->height;
  if (!make_grid(b) || !make_arrays(b)) {
    nw_box_free(out);
    return NW_MEMORY;
  }
  set_coefficients(b);
  return NW_OK;
}

void nw_box_free(struct nw_box **box) {
  if (!*box) return;
  nw_grid_clear(&(*box)->grid);
  nw_box_levels_free(&(*box)->system.levels);
  nw_release((*box)->memory);
  nw_release((*box)->live);
  nw_release(*box);
  *box = NULL;
}

/* ---- steps ---- */

static struct rate rates(const struct nw_box *b, const double *u) {
  const struct nw_column_spec *c = &b->spec.column;
  const double last = width(&b->grid.axis[2], b->nz - 1), cell = b->area / (double)b->plane;
  struct rate r = {0};
  for (size_t i = 0; c->bottom != NW_BOTTOM_CLOSED && i < b->plane; i++) {
    const size_t deepest = b->n - b->plane + i;
    r.received += cell * 2 * conductivity(b, deepest) / last * u[deepest];
  }
  for (size_t k = 0; k < b->nz; k++) {
    const struct nw_column_layer *l = &c->layer[layer_of(b, k)];
    if (!(l->clearance > 0)) continue;
    double sum = 0;
    for (size_t i = k * b->plane; i < (k + 1) * b->plane; i++)
      sum += (1 - b->lumen[i]) * u[i];
    r.cleared += sum * cell * width(&b->grid.axis[2], k) * l->partition * l->clearance;
  }
  return r;
}

/* Gamma of TR-BDF2. */
static double gamma_of(void) {
  return 2 - sqrt(2);
}

double nw_box_middle(void) {
  return gamma_of();
}

/* (M + theta S) u = M (a + weight (a - before)) + theta supply, in place of a; counts what went where. */
static bool implicit(struct nw_box *b, double theta, double vehicle, double *a, double weight,
                     struct count *x) {
  double supplied;
  for (size_t i = 0; i < b->n; i++)
    b->right[i] = b->system.capacity[i] * (a[i] + weight * (a[i] - b->u[i]));
  if (!nw_box_solve(&b->system, theta, vehicle, b->right, a, &supplied)) return false;
  const struct rate r = rates(b, a);
  x->supplied += theta * supplied;
  x->cleared += theta * r.cleared;
  x->received += theta * r.received;
  x->blood = (x->blood + theta * r.cleared) / (1 + theta * b->spec.column.elimination);
  return true;
}

static bool euler(struct nw_box *b, double dt, double vehicle, struct count *count) {
  nw_box_factor(&b->system, dt);
  memcpy(b->middle, b->u, b->n * sizeof(double));
  return implicit(b, dt, vehicle, b->middle, 0, count);
}

static struct count extrapolated(struct count a, struct count b, double weight) {
  return (struct count){
      a.supplied + weight * (a.supplied - b.supplied), a.cleared + weight * (a.cleared - b.cleared),
      a.received + weight * (a.received - b.received), a.blood + weight * (a.blood - b.blood)};
}

/* TR-BDF2 as the column takes it. Leaves the new values in `middle`. */
static bool second_order(struct nw_box *b, double dt, const double vehicle[3], struct count *count) {
  const double gamma = gamma_of(), theta = gamma * dt / 2;
  const double w = (1 - gamma) * (1 - gamma) / (gamma * (2 - gamma));
  struct count x = b->now;
  nw_box_factor(&b->system, theta);
  memcpy(b->middle, b->u, b->n * sizeof(double));
  if (!implicit(b, theta, (vehicle[0] + vehicle[1]) / 2, b->middle, 0, &x)) return false;
  for (size_t i = 0; i < b->n; i++)
    b->middle[i] += b->middle[i] - b->u[i];
  *count = extrapolated(extrapolated(x, b->now, 1), b->now, w);
  return implicit(b, theta, vehicle[2], b->middle, w, count);
}

static bool positive(const struct nw_box *b) {
  double least = 0, most = 0;
  for (size_t i = 0; i < b->n; i++) {
    least = fmin(least, b->middle[i]);
    most = fmax(most, b->middle[i]);
  }
  return least >= -slack * most;
}

enum nw_status nw_box_step(struct nw_box *b, double time, const double vehicle[3], bool covered,
                           bool abrupt) {
  const double dt = time - b->time;
  struct count count = b->now;
  if (covered != b->covered) {
    b->covered = covered;
    set_coefficients(b);
  }
  set_channels(b, vehicle[0]);
  count = b->now;
  bool done = !abrupt && second_order(b, dt, vehicle, &count) && positive(b);
  if (!done) {
    count = b->now;
    if (!euler(b, dt, vehicle[2], &count)) return NW_NUMERICAL;
  }
  double *const old = b->u;
  b->u = b->middle;
  b->middle = old;
  b->now = count;
  b->time = time;
  b->vehicle = vehicle[2];
  return NW_OK;
}

/* ---- reading ---- */

static double flux_into_viable(const struct nw_box *b) {
  const size_t k = b->spec.column.viable > 0 ? (size_t)b->layer_end[b->spec.column.viable - 1] : 0;
  double sum = 0;
  for (size_t i = 0; k > 0 && i < b->plane; i++) {
    const size_t above = (k - 1) * b->plane + i;
    sum += b->system.below[above] * (b->u[above] - b->u[above + b->plane]);
    sum += b->system.polar[i] * (b->vehicle - b->u[above + b->plane]);
  }
  return sum;
}

void nw_box_read(const struct nw_box *b, struct nw_box_reading *out) {
  const struct nw_column_spec *c = &b->spec.column;
  const struct rate r = rates(b, b->u);
  double found = 0;
  *out = (struct nw_box_reading){.blood = b->now.blood / b->area,
                                 .cleared = b->now.cleared / b->area,
                                 .receptor = b->now.received / b->area,
                                 .supplied = b->now.supplied / b->area,
                                 .flux = flux_into_viable(b) / b->area,
                                 .receptor_flux = r.received / b->area};
  for (size_t k = 0; k < b->nz; k++) {
    double sum = 0;
    for (size_t i = k * b->plane; i < (k + 1) * b->plane; i++)
      sum += b->system.capacity[i] * b->u[i];
    out->layer[layer_of(b, k)] += sum / b->area;
  }
  out->past = out->cleared + out->receptor;
  for (int l = 0; l < c->n_layers; l++) {
    found += out->layer[l];
    if (l >= c->viable) out->past += out->layer[l];
  }
  found += out->cleared + out->receptor;
  out->residual = out->supplied > 0 ? fabs(found - out->supplied) / out->supplied : 0;
  for (size_t i = 0; i < b->spec.n_channels; i++)
    out->open += b->live[i];
}

void nw_box_map(const struct nw_box *b, int layer, double *out) {
  const size_t from = layer > 0 ? (size_t)b->layer_end[layer - 1] : 0, to = (size_t)b->layer_end[layer];
  const double room = b->area / (double)b->plane * b->spec.column.layer[layer].thickness;
  for (size_t i = 0; i < b->plane; i++) {
    out[i] = 0;
    for (size_t k = from; k < to; k++)
      out[i] += fmax(b->system.capacity[k * b->plane + i] * b->u[k * b->plane + i], 0) / room;
  }
}
