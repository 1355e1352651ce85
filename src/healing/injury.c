/* SPDX-License-Identifier: BSD-3-Clause
   How injuries lie in the cells of a grid. */
#include "injury.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Area of the circle of radius r about the origin that lies in X < x and Y < y. */
static double quadrant_area(double r, double x, double y) {
  if (x <= -r || y <= -r) return 0;
  x = fmin(x, r);
  y = fmin(y, r);
  if (x * x + y * y >= r * r && (x <= 0 || y <= 0) && !(x > 0 || y > 0)) return 0;
  /* integrate over X from -r to x the height below y inside the circle */
  const double whole = NW_PI * r * r;
  const double half_x =
      r * r * asin(x / r) + x * sqrt(fmax(r * r - x * x, 0)); /* area with |X| sign to x, both halves */
  if (y >= r) return 0.5 * whole + half_x;
  const double chord = sqrt(fmax(r * r - y * y, 0)); /* the circle crosses Y = y at X = -chord, chord */
  /* area of the cap Y > y with X < x */
  const double left = -chord, right = fmin(x, chord);
  double cap = 0;
  if (right > left) {
    const double upper =
        0.5 * (r * r * (asin(right / r) - asin(left / r)) + right * sqrt(fmax(r * r - right * right, 0)) -
               left * sqrt(fmax(r * r - left * left, 0)));
    cap = upper - y * (right - left);
  }
  if (y >= 0) return 0.5 * whole + half_x - cap;
  /* for y < 0 the circle below y is all that lies between the lower arc and the chord */
  double below = 0;
  if (right > left) {
    const double lower =
        0.5 * (r * r * (asin(right / r) - asin(left / r)) + right * sqrt(fmax(r * r - right * right, 0)) -
               left * sqrt(fmax(r * r - left * left, 0)));
    below = lower + y * (right - left);
  }
  return below;
}

double nw_circle_rectangle_area(double r, double x0, double x1, double y0, double y1) {
  const double area = quadrant_area(r, x1, y1) - quadrant_area(r, x0, y1) - quadrant_area(r, x1, y0) +
                      quadrant_area(r, x0, y0);
  return fmax(area, 0);
}

/* ---- one layer of a patch ---- */

enum { FINE = 8 }; /* samples along a cell's side: 64 of them are one bit mask */

/* What the columns of one layer leave in one cell. */
struct footprint {
  uint64_t covered; /* samples inside any core */
  double area;      /* sum of the exact shares of the cores */
  double counted;   /* the same sum by samples */
  float ramp[FINE * FINE];
};

static const double millimetre = 1e3; /* math: one metre in the unit of the grid */

struct column {
  double x, y, core, rim; /* [mm] */
};

/* The patch goes on as itself, so a column cut by an edge shows its other part at the opposite one: no
   volume is lost. */
static size_t images(double at, double reach, double extent, double image[3]) {
  size_t n = 0;
  image[n++] = at;
  if (at < reach) image[n++] = at + extent;
  if (at > extent - reach) image[n++] = at - extent;
  return n;
}

/* A cell by its lower corner and sides [mm]. */
struct box {
  double x, y, dx, dy;
};

static void sample_cell(struct footprint *cell, const struct column *c, const struct box *box) {
  int hits = 0;
  for (int j = 0; j < FINE; j++)
    for (int i = 0; i < FINE; i++) {
      const double dx = box->x + (i + 0.5) * box->dx / FINE - c->x,
                   dy = box->y + (j + 0.5) * box->dy / FINE - c->y;
      const double r = sqrt(dx * dx + dy * dy);
      const int bit = j * FINE + i;
      if (r < c->core) {
        cell->covered |= (uint64_t)1 << bit;
        hits++;
      } else if (r < c->rim) {
        cell->ramp[bit] = fmaxf(cell->ramp[bit], (float)((c->rim - r) / (c->rim - c->core)));
      }
    }
  cell->counted += (double)hits / (FINE * FINE);
  const double x = box->x - c->x, y = box->y - c->y;
  cell->area += nw_circle_rectangle_area(c->core, x, x + box->dx, y, y + box->dy) / (box->dx * box->dy);
}

static void stamp_image(const struct nw_grid *grid, const struct column *c, struct footprint *cells) {
  const size_t nx = grid->axis[0].n, ny = grid->axis[1].n;
  const double dx = grid->axis[0].edge[1], dy = grid->axis[1].edge[1];
  const long left = (long)floor((c->x - c->rim) / dx), right = (long)floor((c->x + c->rim) / dx);
  const long low = (long)floor((c->y - c->rim) / dy), high = (long)floor((c->y + c->rim) / dy);
  for (long j = low < 0 ? 0 : low; j <= high && j < (long)ny; j++)
    for (long i = left < 0 ? 0 : left; i <= right && i < (long)nx; i++)
      sample_cell(&cells[(size_t)j * nx + (size_t)i], c,
                  &(struct box){(double)i * dx, (double)j * dy, dx, dy});
}

static void stamp(const struct nw_grid *grid, const struct column *c, struct footprint *cells) {
  double xs[3], ys[3];
  const size_t n_x = images(c->x, c->rim, grid->axis[0].edge[grid->axis[0].n], xs);
  const size_t n_y = images(c->y, c->rim, grid->axis[1].edge[grid->axis[1].n], ys);
  for (size_t j = 0; j < n_y; j++)
    for (size_t i = 0; i < n_x; i++)
      stamp_image(grid, &(struct column){xs[i], ys[j], c->core, c->rim}, cells);
}

/* The union of the cores: exact for a single one, else the exact sum scaled by what samples share. */
static void settle(const struct footprint *cell, double *core, double *rim) {
  const double covered = (double)__builtin_popcountll(cell->covered) / (FINE * FINE);
  *core = cell->counted > 0 ? fmin(cell->area * covered / cell->counted, 1) : fmin(cell->area, 1);
  double ramp = 0;
  for (int s = 0; s < FINE * FINE; s++)
    if (!(cell->covered >> s & 1)) ramp += cell->ramp[s];
  /* samples and the exact area need not add up */
  *rim = fmin(ramp / (FINE * FINE), 1 - *core);
}

/* ---- columns ---- */

/* A body of revolution below the surface: a cylinder that narrows to its tip [mm]. */
struct shaft {
  double x, y, radius, tip, taper;
  double rim; /* thickness around it */
};

static struct shaft core_shaft(const struct nw_injury *i) {
  return (struct shaft){i->x * millimetre,           i->y * millimetre,
                        i->core_radius * millimetre, i->depth * millimetre,
                        i->taper * millimetre,       (i->rim_radius - i->core_radius) * millimetre};
}

/* What is vaporised narrows over the same part of its depth as the core does. */
static struct shaft hole_shaft(const struct nw_injury *i) {
  const double share = i->depth > 0 ? i->hole_depth / i->depth : 0;
  return (struct shaft){i->x * millimetre,
                        i->y * millimetre,
                        i->open_radius * millimetre,
                        i->hole_depth * millimetre,
                        i->taper * millimetre * share,
                        0};
}

/* Integral of the squared radius from the surface to a depth. */
static double volume_above(const struct shaft *s, double depth) {
  const double straight = fmin(depth, s->tip - s->taper);
  double sum = s->radius * s->radius * straight;
  if (depth > straight && s->taper > 0) {
    const double left = fmax(s->tip - depth, 0) / s->taper;
    sum += s->radius * s->radius * s->taper * (1 - left * left * left) / 3; /* math: cone */
  }
  return sum;
}

/* In each layer a shaft is a disc of its own mean area there, so that its volume is kept. */
static void map_layer(const struct nw_grid *grid, const struct shaft *s, double top, double bottom,
                      struct footprint *cells) {
  if (s->tip <= top) return;
  /* a layer that the tip ends in is cut to its part above the tip */
  const double share = fmin(1, (s->tip - top) / (bottom - top));
  const double core = sqrt((volume_above(s, fmin(bottom, s->tip)) - volume_above(s, top)) / (bottom - top));
  stamp(grid, &(struct column){s->x, s->y, core, core + s->rim * sqrt(share)}, cells);
}

static void map_shafts(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                       double junction, struct shaft (*shape)(const struct nw_injury *), double *core,
                       double *rim) {
  const size_t plane = grid->axis[0].n * grid->axis[1].n;
  const struct nw_axis *z = &grid->axis[2];
  double unused;
  struct footprint *cells = nw_allocate(plane, sizeof *cells);
  if (!cells) return;
  for (size_t k = 0; k < z->n; k++) {
    memset(cells, 0, plane * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
      const struct shaft s = shape(&injury[i]);
      map_layer(grid, &s, junction + z->edge[k], junction + z->edge[k + 1], cells);
    }
    for (size_t i = 0; i < plane; i++)
      settle(&cells[i], &core[k * plane + i], rim ? &rim[k * plane + i] : &unused);
  }
  nw_release(cells);
}

void nw_injury_map_patch(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                         double junction, double *core, double *rim) {
  memset(core, 0, nw_grid_cells(grid) * sizeof *core);
  memset(rim, 0, nw_grid_cells(grid) * sizeof *rim);
  map_shafts(grid, injury, count, junction, core_shaft, core, rim);
}

void nw_injury_map_holes(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                         double junction, const double *core, double *hole) {
  memset(hole, 0, nw_grid_cells(grid) * sizeof *hole);
  map_shafts(grid, injury, count, junction, hole_shaft, hole, NULL);
  /* unions of both are sampled, so the part could exceed the whole by a sliver */
  for (size_t i = 0; i < nw_grid_cells(grid); i++)
    hole[i] = fmin(hole[i], core[i]);
}

/* ---- the surface ---- */

static void map_discs(const struct nw_grid *grid, const struct nw_injury *injury, size_t count, bool open,
                      double *share) {
  const size_t plane = grid->axis[0].n * grid->axis[1].n;
  struct footprint *cells = nw_allocate(plane, sizeof *cells);
  double rim;
  if (!cells) return;
  for (size_t k = 0; k < count; k++) {
    const double radius = (open ? injury[k].open_radius : injury[k].mouth_radius) * millimetre;
    if (radius > 0)
      stamp(grid, &(struct column){injury[k].x * millimetre, injury[k].y * millimetre, radius, radius},
            cells);
  }
  for (size_t i = 0; i < plane; i++)
    settle(&cells[i], &share[i], &rim);
  nw_release(cells);
}

void nw_injury_mouths(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                      double *mouth) {
  map_discs(grid, injury, count, false, mouth);
}

void nw_injury_openings(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                        double *open) {
  map_discs(grid, injury, count, true, open);
}

/* ---- peels ---- */

/* Integral over [top, bottom] of exp(-(z - from) / tail) where z > from. */
static double tail_between(double top, double bottom, double from, double tail) {
  const double a = fmax(top, from), b = fmax(bottom, from);
  return tail * (exp(-(a - from) / tail) - exp(-(b - from) / tail));
}

void nw_injury_peel(double depth, double tail, double top, double bottom, double *core, double *rim) {
  *core = fmin(fmax((depth - top) / (bottom - top), 0), 1);
  /* harm fades below the depth, and fades away with it: a peel of no depth does nothing */
  *rim = -expm1(-depth / tail) * tail_between(top, bottom, depth, tail) / (bottom - top);
}

void nw_injury_map_peel(const struct nw_grid *grid, double depth, double tail, double junction, double *core,
                        double *rim) {
  const size_t plane = grid->axis[0].n * grid->axis[1].n;
  const struct nw_axis *z = &grid->axis[2];
  for (size_t k = 0; k < z->n; k++) {
    double in_core, in_rim;
    nw_injury_peel(depth, tail, junction + z->edge[k], junction + z->edge[k + 1], &in_core, &in_rim);
    for (size_t i = 0; i < plane; i++) {
      core[k * plane + i] = in_core;
      rim[k * plane + i] = in_rim;
    }
  }
}

/* ---- unit cells ---- */

double nw_injury_covered(double share, double clumping) {
  return clumping > 0 ? -expm1(-clumping * share) / clumping : fmin(share, 1);
}

/* Squared radius of a shaft in a layer, and of its rim's outer edge; 0 where its tip ends above. */
static void layer_squares(const struct shaft *s, double top, double bottom, double *core, double *rim) {
  *core = *rim = 0;
  if (s->tip <= top) return;
  const double share = fmin(1, (s->tip - top) / (bottom - top));
  *core = (volume_above(s, fmin(bottom, s->tip)) - volume_above(s, top)) / (bottom - top);
  const double outer = sqrt(*core) + s->rim * sqrt(share);
  *rim = outer * outer;
}

/* Adds one column on the axis to a layer (nx) with a weight. */
static void add_radial(const struct nw_axis *r, double core_radius, double rim_radius, double weight,
                       double *core, double *rim) {
  for (size_t i = 0; i < r->n && r->edge[i] < rim_radius; i++) {
    const double a = fmin(r->edge[i], core_radius), b = fmin(r->edge[i + 1], core_radius);
    const double inside = 0.5 * (b * b - a * a) / r->volume[i];
    const double ramp = (rim_radius - r->centre[i]) / (rim_radius - core_radius);
    core[i] += weight * inside;
    if (rim && r->centre[i] >= core_radius && r->centre[i] < rim_radius)
      rim[i] += weight * ramp * (1 - inside);
  }
}

/* One layer of a unit cell: each column in turn on the axis, narrowed by what it shares with others. */
static void map_cell_layer(const struct nw_grid *grid, const struct shaft *shaft, size_t count,
                           double clumping, size_t k, double junction, double *core, double *rim) {
  const struct nw_axis *r = &grid->axis[0], *z = &grid->axis[2];
  const double top = junction + z->edge[k], bottom = junction + z->edge[k + 1];
  const double radius = r->edge[r->n], each = 1.0 / (double)count;
  double inner, outer, cores = 0, rims = 0;
  for (size_t j = 0; j < count; j++) {
    layer_squares(&shaft[j], top, bottom, &inner, &outer);
    cores += each * inner / (radius * radius);
    rims += each * outer / (radius * radius);
  }
  if (!(cores > 0)) return;
  const double narrow = nw_injury_covered(cores, clumping) / cores,
               narrow_rim = nw_injury_covered(rims, clumping) / rims;
  for (size_t j = 0; j < count; j++) {
    layer_squares(&shaft[j], top, bottom, &inner, &outer);
    if (inner > 0)
      add_radial(r, sqrt(inner * narrow), sqrt(fmax(outer * narrow_rim, inner * narrow)), each,
                 core + k * r->n, rim ? rim + k * r->n : NULL);
  }
}

static void map_cell(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                     double junction, double clumping, struct shaft (*shape)(const struct nw_injury *),
                     double *core, double *rim) {
  enum { MOST = 64 }; /* columns that stand for all */
  struct shaft shaft[MOST];
  const size_t n = count < MOST ? count : MOST;
  for (size_t j = 0; j < n; j++)
    shaft[j] = shape(&injury[j * count / n]);
  memset(core, 0, nw_grid_cells(grid) * sizeof *core);
  if (rim) memset(rim, 0, nw_grid_cells(grid) * sizeof *rim);
  for (size_t k = 0; k < grid->axis[2].n; k++)
    map_cell_layer(grid, shaft, n, clumping, k, junction, core, rim);
}

void nw_injury_map_cell(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                        double junction, double clumping, double *core, double *rim) {
  map_cell(grid, injury, count, junction, clumping, core_shaft, core, rim);
}

void nw_injury_map_cell_holes(const struct nw_grid *grid, const struct nw_injury *injury, size_t count,
                              double junction, double clumping, double *hole) {
  map_cell(grid, injury, count, junction, clumping, hole_shaft, hole, NULL);
}

void nw_injury_map_radial(const struct nw_grid *grid, double core_radius, double rim_radius, double *core,
                          double *rim) {
  const struct nw_axis *r = &grid->axis[0];
  for (size_t k = 0; k < grid->axis[1].n * grid->axis[2].n; k++)
    for (size_t i = 0; i < r->n; i++) {
      const double a = fmin(r->edge[i], core_radius), b = fmin(r->edge[i + 1], core_radius);
      const double inside = 0.5 * (b * b - a * a) / r->volume[i];
      const double ramp = (rim_radius - r->centre[i]) / (rim_radius - core_radius);
      core[k * r->n + i] = inside;
      rim[k * r->n + i] = r->centre[i] >= core_radius && r->centre[i] < rim_radius ? ramp * (1 - inside) : 0;
    }
}
