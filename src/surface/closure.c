/* SPDX-License-Identifier: BSD-3-Clause
   How the epidermis closes over a wound: small holes by crawling, wide wounds by a growth front. */
#include "closure.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* Below this deficit a cell counts as closed; far under any leak or instrument. */
static const double negligible = 1e-9; /* math: round-off of a share, with margin */

static double open_share(const struct nw_closure *c, size_t i) {
  if (c->radius[i] <= 0) return 0;
  const double left = 1 - c->crawl[i] / c->radius[i];
  return left > 0 ? c->hole[i] * left * left : 0;
}

static void update_closed(struct nw_closure *c) {
  for (size_t i = 0; i < c->nx * c->ny; i++)
    c->closed[i] = c->sheet[i] * (1 - open_share(c, i));
}

/* Two neighbours belong to one hole when both are open by more than a fringe. */
static bool joined(const struct nw_closure *c, size_t a, size_t b) {
  const double fringe = 0.1; /* math: a share; below it a cell adds little to the area of the hole */
  return c->hole[a] > fringe && c->hole[b] > fringe && !c->seen[b];
}

static size_t neighbours(const struct nw_closure *c, size_t i, size_t next[4]) {
  const size_t x = i % c->nx, y = i / c->nx;
  size_t count = 0;
  if (x > 0) next[count++] = i - 1;
  if (x + 1 < c->nx) next[count++] = i + 1;
  if (y > 0) next[count++] = i - c->nx;
  if (y + 1 < c->ny) next[count++] = i + c->nx;
  return count;
}

/* Collects the hole that contains `start` into the queue; returns how many cells it has. */
static size_t collect(struct nw_closure *c, size_t start) {
  size_t head = 0, tail = 0;
  c->queue[tail++] = start;
  c->seen[start] = true;
  while (head < tail) {
    const size_t i = c->queue[head++];
    size_t next[4];
    const size_t count = neighbours(c, i, next);
    for (size_t k = 0; k < count; k++) {
      if (!joined(c, i, next[k])) continue;
      c->seen[next[k]] = true;
      c->queue[tail++] = next[k];
    }
  }
  return tail;
}

/* Radius of the hole of `count` queued cells: of the disc of its area or, for a hole that branches among
   islands of skin, twice area over rim, whichever is less. The rim is the variation of the open share
   along both axes times pi/4, which is exact for a resolved disc. */
static double hole_radius(const struct nw_closure *c, size_t count) {
  double area = 0, rim = 0;
  for (size_t k = 0; k < count; k++) {
    const size_t i = c->queue[k];
    size_t next[4];
    const size_t sides = neighbours(c, i, next);
    area += c->hole[i] * c->dx * c->dy;
    for (size_t j = 0; j < sides; j++) {
      const bool along_y = next[j] / c->nx != i / c->nx;
      const double drop = c->hole[i] - c->hole[next[j]];
      if (drop > 0) rim += drop * (along_y ? c->dx : c->dy);
    }
  }
  const double disc = sqrt(area / NW_PI),
               branched = rim > 0 ? 8 * area / (NW_PI * rim) : INFINITY; /* math: 2 A / (pi/4 rim) */
  return disc < branched ? disc : branched;
}

/* A hole of `count` queued cells, cut or cut again at t: small, or, where it is wider than the front,
   part of the sheet. */
static void start_hole(struct nw_closure *c, size_t count, double t) {
  const double radius = hole_radius(c, count), front = sqrt(c->motility / c->growth);
  for (size_t k = 0; k < count; k++) {
    const size_t i = c->queue[k];
    c->ready[i] = t + c->lag;
    c->radius[i] = radius <= front ? radius : 0;
    if (radius <= front) continue;
    c->sheet[i] *= 1 - c->hole[i];
    c->hole[i] = 0;
  }
}

static bool cut_again(const struct nw_closure *c, size_t count, const double *mouth) {
  for (size_t k = 0; k < count; k++)
    if (mouth[c->queue[k]] > 0) return true;
  return false;
}

static void remove_sheet(struct nw_closure *c, double t, const double *removed) {
  for (size_t i = 0; i < c->nx * c->ny; i++) {
    if (!(removed[i] > 0)) continue;
    const double left = c->sheet[i] * (1 - removed[i]), seeded = c->seed * c->sheet[i];
    c->sheet[i] = left > seeded ? left : seeded;
    c->ready[i] = t + c->lag;
  }
}

void nw_closure_injure(struct nw_closure *c, double t, const double *mouth, const double *removed) {
  const size_t n = c->nx * c->ny;
  memset(c->seen, 0, n * sizeof *c->seen);
  for (size_t i = 0; i < n; i++) {
    /* what is left of a hole is a smaller hole that starts now: the same law, so nothing changes */
    const double open = open_share(c, i);
    c->radius[i] = open > 0 ? c->radius[i] - c->crawl[i] : 0;
    c->crawl[i] = 0;
    /* older hole and new mouth lie independently in the cell */
    c->hole[i] = mouth[i] > 0 ? 1 - (1 - open) * (1 - mouth[i]) : open;
  }
  for (size_t i = 0; i < n; i++) {
    if (c->seen[i] || !(c->hole[i] > 0)) continue;
    const size_t count = collect(c, i);
    if (cut_again(c, count, mouth)) start_hole(c, count, t);
  }
  if (removed) remove_sheet(c, t, removed);
  update_closed(c);
}

/* Length of [t, t + dt] in which column i moves. */
static double moving(const struct nw_closure *c, size_t i, double t, double dt) {
  const double begin = c->ready[i] > t ? c->ready[i] : t;
  return begin < t + dt ? t + dt - begin : 0;
}

/* A hole narrower than (D_e/r_e)^(1/2): after t_lag its rim crawls, ds/dt = 2 (D_e r_e gain)^(1/2), and of
   its area (1 - s/R)^2 is left; 17 um/h without gain (Safferling 2013) [mm/d] */
static void crawl(struct nw_closure *c, double t, double dt, const double *gain_start,
                  const double *gain_end) {
  for (size_t i = 0; i < c->nx * c->ny; i++) {
    if (c->radius[i] <= 0) continue;
    const double gain = 0.5 * (sqrt(gain_start[i]) + sqrt(gain_end[i]));
    c->crawl[i] += 2 * sqrt(c->motility * c->growth) * gain * moving(c, i, t, dt);
    if (c->crawl[i] < c->radius[i]) continue;
    c->crawl[i] = c->radius[i] = c->hole[i] = 0;
  }
}

/* Flow into i from its neighbour j over a side; cells that still lag let nothing move [1/day of cover]. */
static double flow(const struct nw_closure *c, const double *e, size_t i, size_t j, double t, double h) {
  if (c->ready[i] > t || c->ready[j] > t) return 0;
  return c->motility / (h * h) * (e[j] - e[i]);
}

/* A wider wound: after t_lag de/dt = D_e lap e + r_e gain e (1 - e), whose front has the same speed [1/d] */
static void sheet_rate(const struct nw_closure *c, const double *e, double t, const double *gain,
                       double *rate) {
  for (size_t y = 0; y < c->ny; y++) {
    for (size_t x = 0; x < c->nx; x++) {
      const size_t i = y * c->nx + x;
      double sum = c->ready[i] > t ? 0 : c->growth * gain[i] * e[i] * (1 - e[i]);
      if (x > 0) sum += flow(c, e, i, i - 1, t, c->dx);
      if (x + 1 < c->nx) sum += flow(c, e, i, i + 1, t, c->dx);
      if (y > 0) sum += flow(c, e, i, i - c->nx, t, c->dy);
      if (y + 1 < c->ny) sum += flow(c, e, i, i + c->nx, t, c->dy);
      rate[i] = sum;
    }
  }
}

/* Heun's method in its convex form: keeps 0 <= e <= 1 under the step bound of sheet_steps. */
static void sheet_step(struct nw_closure *c, double t, double dt, const double *gain) {
  const size_t n = c->nx * c->ny;
  sheet_rate(c, c->sheet, t, gain, c->rate);
  for (size_t i = 0; i < n; i++)
    c->stage[i] = c->sheet[i] + dt * c->rate[i];
  sheet_rate(c, c->stage, t, gain, c->rate);
  for (size_t i = 0; i < n; i++)
    c->sheet[i] = 0.5 * (c->sheet[i] + c->stage[i] + dt * c->rate[i]);
}

static bool sheet_open(const struct nw_closure *c) {
  for (size_t i = 0; i < c->nx * c->ny; i++)
    if (c->sheet[i] < 1 - negligible) return true;
  return false;
}

static size_t sheet_steps(const struct nw_closure *c, double dt, const double *gain) {
  double largest = 0;
  for (size_t i = 0; i < c->nx * c->ny; i++)
    largest = gain[i] > largest ? gain[i] : largest;
  const double spread = 2 * c->motility * (1 / (c->dx * c->dx) + 1 / (c->dy * c->dy));
  return (size_t)(dt * (spread + c->growth * largest)) + 1;
}

void nw_closure_step(struct nw_closure *c, double t, double dt, const double *gain_start,
                     const double *gain_end) {
  crawl(c, t, dt, gain_start, gain_end);
  if (sheet_open(c)) {
    /* the gain of the middle is second order for the whole step; the sub-steps only serve stability */
    double *middle = c->closed;
    for (size_t i = 0; i < c->nx * c->ny; i++)
      middle[i] = 0.5 * (gain_start[i] + gain_end[i]);
    const size_t steps = sheet_steps(c, dt, middle);
    const double h = dt / (double)steps;
    for (size_t k = 0; k < steps; k++)
      sheet_step(c, t + ((double)k + 0.5) * h, h, middle);
  }
  update_closed(c);
}
