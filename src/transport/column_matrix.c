/* SPDX-License-Identifier: BSD-3-Clause
   The matrix of the 1.5-D solver. Per area: M du/dt = -S u + supply, S symmetric but for the vehicle;
   the tissue and channel columns form 2 x 2 blocks down to the channel's end and single cells below,
   solved by block elimination from the bottom up, with the vehicle as a border. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "column_inner.h"

enum { LEAST_CELLS = 6 };

/* ---- grid ---- */

static int add_segment(struct nw_column *c, double top, double height, int cells, int layer) {
  assert(c->n + cells < NW_COLUMN_CELLS);
  for (int j = 0; j < cells; j++) {
    const double a = height * (1 - cos(NW_PI * j / cells)) / 2,
                 b = height * (1 - cos(NW_PI * (j + 1) / cells)) / 2;
    c->centre[c->n] = top + (a + b) / 2;
    c->size[c->n] = b - a;
    c->layer[c->n++] = layer;
  }
  return cells;
}

/* A face lies on every layer boundary and on the channel's end. */
void nw_column_build_grid(struct nw_column *c) {
  const double end = c->spec.channels.depth, least = 1e-3; /* math: thinner slivers snap to the boundary */
  double top = 0;
  for (int l = 0; l < c->spec.n_layers; l++) {
    const struct nw_column_layer *layer = &c->spec.layer[l];
    const double above = end - top, h = layer->thickness;
    if (l == c->spec.viable) c->first_viable = c->n;
    if (above > least * h && above < (1 - least) * h) {
      const int upper = (int)fmax(LEAST_CELLS, round(layer->cells * sqrt(above / h) / 1.4)); /* math: share */
      add_segment(c, top, above, upper, l);
      c->n_channel = c->n;
      add_segment(c, end, h - above, (int)fmax(LEAST_CELLS, layer->cells - upper), l);
    } else {
      add_segment(c, top, h, layer->cells, l);
      if (above >= (1 - least) * h) c->n_channel = c->n;
    }
    top += h;
  }
  c->n_tissue = c->n;
}

/* ---- coefficients ---- */

static double series(double a, double b) {
  return a > 0 && b > 0 ? 1 / (1 / a + 1 / b) : 0;
}

static double half_cell(const struct nw_column *c, int i) {
  return 2 * c->area[i] * c->conductivity[i] / c->size[i];
}

void nw_column_set_tissue(struct nw_column *c) {
  const double lumen = nw_channel_area(&c->spec.channels);
  for (int i = 0; i < c->n_tissue; i++) {
    const struct nw_column_layer *layer = &c->spec.layer[c->layer[i]];
    c->area[i] = i < c->n_channel ? 1 - lumen : 1;
    c->conductivity[i] = layer->diffusivity * layer->partition;
    c->capacity[i] = c->area[i] * layer->partition * c->size[i];
    c->loss[i] = layer->clearance * c->capacity[i];
    c->sites[i] = layer->sites;
    c->half_bound[i] = layer->half_bound;
    c->binds = c->binds || layer->sites > 0;
  }
  for (int i = 0; i + 1 < c->n_tissue; i++)
    c->face[i] = series(half_cell(c, i), half_cell(c, i + 1));
  const int last = c->n_tissue - 1;
  c->face[last] = c->spec.bottom == NW_BOTTOM_CLOSED ? 0 : half_cell(c, last);
  if (c->spec.bottom == NW_BOTTOM_RECEPTOR) c->capacity[c->n++] = c->spec.receptor;
}

static double conductance_up(const struct nw_column *c, int i) {
  return 2 * c->open_area * c->spec.channel_diffusivity / c->size[i];
}

/* Everything that scales with the number of channels open just now. */
void nw_column_set_channels(struct nw_column *c, double open_fraction) {
  struct nw_channels open = c->spec.channels;
  open.density *= open_fraction;
  c->open_area = nw_channel_area(&open);
  c->live = c->open_area > 0 ? c->n_channel : 0;
  const double exchange = c->live ? nw_channel_exchange(&open) : 0;
  for (int i = 0; i < c->live; i++) {
    c->channel_capacity[i] = c->open_area * c->size[i];
    c->exchange[i] = exchange * c->conductivity[i] * c->size[i];
    c->channel_face[i] = i + 1 < c->live ? series(conductance_up(c, i), conductance_up(c, i + 1)) : 0;
  }
  c->tip = 0;
  if (c->live && c->live < c->n_tissue)
    c->tip = series(conductance_up(c, c->live - 1), nw_channel_tip(&open) * c->conductivity[c->live]);
}

/* ---- flow ---- */

/* Bernoulli's function: the exponential fit of Scharfetter and Gummel is exact for the steady profile between
   two centres, of second order, and positive for any flow. */
static double bernoulli(double x) {
  return x == 0 ? 1 : x / expm1(x);
}

static void cross(double conductance, double flow, double *down, double *up) {
  const double peclet = conductance > 0 ? flow / conductance : 0;
  *down = conductance > 0 ? conductance * bernoulli(-peclet) : fmax(flow, 0);
  *up = conductance > 0 ? conductance * bernoulli(peclet) : fmax(-flow, 0);
}

/* A vehicle that has all but gone into the channels feeds no more. */
static double flow_now(const struct nw_column *c) {
  const double least = 1e-3; /* math: solver knob, share of a dose */
  const bool fed = c->on && c->live > 0 && c->live < c->n_tissue;
  if (c->spec.flow == 0 || !fed) return 0;
  return isfinite(c->spec.vehicle) && c->volume <= least * c->spec.vehicle ? 0 : c->spec.flow * c->open_area;
}

/* Below the tips the flow spreads over the tissue: into the receptor, or evenly into the lymph of living
   skin; fluid that comes out of the skin brings none of the product. */
static void set_tissue_flow(struct nw_column *c, double length) {
  const bool closed = c->spec.bottom == NW_BOTTOM_CLOSED;
  double flow = c->flow;
  for (int i = 0; i < c->n_tissue; i++) {
    const bool below = i >= c->live && c->flow != 0;
    const double taken = below && closed ? c->flow * c->size[i] / length : 0;
    if (below) flow -= taken;
    c->drained[i] = fmax(taken, 0);
    cross(c->face[i], below && !(closed && i == c->n_tissue - 1) ? flow : 0, &c->down[i], &c->up[i]);
  }
}

static void set_flow(struct nw_column *c) {
  double length = 0;
  c->flow = flow_now(c);
  for (int i = c->live; i < c->n_tissue; i++)
    length += c->size[i];
  set_tissue_flow(c, length);
  for (int i = 0; i < c->live; i++)
    cross(c->channel_face[i], i + 1 < c->live ? c->flow : 0, &c->channel_down[i], &c->channel_up[i]);
  cross(c->tip, c->flow, &c->tip_down, &c->tip_up);
  cross(c->top_channel, c->flow, &c->top_in, &c->top_out);
}

void nw_column_set_top(struct nw_column *c) {
  const int k = c->first_viable;
  c->top_tissue = c->on ? half_cell(c, 0) : 0;
  c->top_channel = c->on && c->live ? conductance_up(c, 0) : 0;
  c->top_polar = c->on && k > 0 ? series(c->spec.polar, half_cell(c, k)) : 0;
  set_flow(c);
}

/* ---- sites ---- */

/* Linear below 0, where a step of Newton's may pass through. */
double nw_column_bound(const struct nw_column *c, int i, double u) {
  return c->sites[i] > 0 ? c->sites[i] * u / (c->half_bound[i] + fmax(u, 0)) : 0;
}

double nw_column_equilibrium(const struct nw_column *c, int i, double amount) {
  const double k = c->capacity[i], half = c->half_bound[i];
  if (!(c->sites[i] > 0)) return amount / k;
  /* k u^2 + b u - amount half = 0 */
  const double b = k * half + c->sites[i] * c->area[i] * c->size[i] - amount;
  const double root = sqrt(b * b + 4 * k * amount * half);
  return b > 0 ? 2 * amount * half / (b + root) : (root - b) / (2 * k);
}

/* ---- linear algebra: (M + theta S) x = b ---- */

static double out_of_tissue(const struct nw_column *c, int i) {
  double s = c->down[i] + c->loss[i] + c->drained[i];
  if (i > 0) s += c->up[i - 1];
  if (i < c->live) s += c->exchange[i];
  if (i == c->live && i > 0) s += c->tip_up;
  if (i == 0) s += c->top_tissue;
  if (i == c->first_viable) s += c->top_polar;
  return s;
}

static double out_of_channel(const struct nw_column *c, int i) {
  double s = c->channel_down[i] + c->exchange[i];
  if (i > 0) s += c->channel_up[i - 1];
  if (i == 0) s += c->top_out;
  if (i == c->live - 1) s += c->tip_down;
  return s;
}

static double diagonal_tissue(const struct nw_column *c, int i, double theta) {
  return c->capacity[i] + c->slope[i] + theta * out_of_tissue(c, i);
}

static double diagonal_channel(const struct nw_column *c, int i, double theta) {
  return c->channel_capacity[i] + theta * out_of_channel(c, i);
}

/* Inverse of the block of cell i after everything below it was eliminated. */
static void factor_block(struct nw_column *c, int i, double theta) {
  double tt = diagonal_tissue(c, i, theta), cc = diagonal_channel(c, i, theta), tc = -theta * c->exchange[i];
  double ct = tc;
  const double down_t = theta * c->down[i], up_t = theta * c->up[i];
  if (i + 1 < c->live) {
    const double down_c = theta * c->channel_down[i], up_c = theta * c->channel_up[i];
    tt -= up_t * down_t * c->inverse_tt[i + 1];
    tc -= up_t * down_c * c->inverse_tc[i + 1];
    ct -= up_c * down_t * c->inverse_ct[i + 1];
    cc -= up_c * down_c * c->inverse_cc[i + 1];
  } else if (i + 1 < c->n) {
    const double down_c = theta * c->tip_down, up_c = theta * c->tip_up, inverse = c->inverse_tt[i + 1];
    tt -= up_t * down_t * inverse;
    tc -= up_t * down_c * inverse;
    ct -= up_c * down_t * inverse;
    cc -= up_c * down_c * inverse;
  }
  const double scale = 1 / (tt * cc - tc * ct);
  c->inverse_tt[i] = cc * scale;
  c->inverse_tc[i] = -tc * scale;
  c->inverse_ct[i] = -ct * scale;
  c->inverse_cc[i] = tt * scale;
}

static void solve(const struct nw_column *c, double *t, double *h) {
  const double theta = c->theta;
  for (int i = c->n - 2; i >= c->live; i--)
    t[i] += theta * c->up[i] * c->inverse_tt[i + 1] * t[i + 1];
  if (c->live && c->live < c->n) {
    const double x = theta * c->inverse_tt[c->live] * t[c->live];
    t[c->live - 1] += c->up[c->live - 1] * x;
    h[c->live - 1] += c->tip_up * x;
  }
  for (int i = c->live - 2; i >= 0; i--) {
    const int j = i + 1;
    const double x = c->inverse_tt[j] * t[j] + c->inverse_tc[j] * h[j];
    const double y = c->inverse_ct[j] * t[j] + c->inverse_cc[j] * h[j];
    t[i] += theta * c->up[i] * x;
    h[i] += theta * c->channel_up[i] * y;
  }
  for (int i = 0; i < c->n; i++) {
    if (i > 0) t[i] += theta * c->down[i - 1] * t[i - 1];
    if (i == c->live && i > 0) t[i] += theta * c->tip_down * h[i - 1];
    if (i < c->live) {
      if (i > 0) h[i] += theta * c->channel_down[i - 1] * h[i - 1];
      const double x = c->inverse_tt[i] * t[i] + c->inverse_tc[i] * h[i];
      h[i] = c->inverse_ct[i] * t[i] + c->inverse_cc[i] * h[i];
      t[i] = x;
    } else {
      t[i] *= c->inverse_tt[i];
    }
  }
}

/* The vehicle runs down while it is no longer kept saturated by a pool. */
bool nw_column_vehicle_free(const struct nw_column *c) {
  return c->on && isfinite(c->spec.vehicle) && !c->solid;
}

/* Half of what the stores release in a step goes by this: theta of their flux, spread over their depth. */
static void add_stores(const struct nw_column *c, double theta, double *t, double *h) {
  for (int k = 0; k < NW_COLUMN_STORES; k++) {
    const struct nw_column_store *s = &c->store[k];
    if (!(s->flux > 0)) continue;
    for (int i = s->from; i < s->to; i++) {
      double *const cell = k == NW_COLUMN_NEEDLES && i < c->live ? h : t;
      cell[i] += theta * s->flux * c->size[i] / s->breadth;
    }
  }
}

static double from_vehicle(const struct nw_column *c, const double *t, const double *h) {
  double sum = c->top_tissue * t[0];
  if (c->live) sum += c->top_out * h[0];
  if (c->first_viable > 0) sum += c->top_polar * t[c->first_viable];
  return sum;
}

static void add_supply(const struct nw_column *c, double amount, double *t, double *h) {
  t[0] += amount * c->top_tissue * c->spec.top_factor;
  if (c->live) h[0] += amount * c->top_in;
  if (c->first_viable > 0) t[c->first_viable] += amount * c->top_polar;
}

static double vehicle_outlet(const struct nw_column *c) {
  return c->top_tissue * c->spec.top_factor + c->top_in + c->top_polar;
}

static void factor(struct nw_column *c) {
  const double theta = c->theta;
  for (int i = c->n - 1; i >= c->live; i--) {
    double d = diagonal_tissue(c, i, theta);
    if (i + 1 < c->n) d -= theta * theta * c->up[i] * c->down[i] * c->inverse_tt[i + 1];
    c->inverse_tt[i] = 1 / d;
  }
  for (int i = c->live - 1; i >= 0; i--)
    factor_block(c, i, theta);
  if (!nw_column_vehicle_free(c)) return;
  memset(c->border_tissue, 0, sizeof c->border_tissue);
  memset(c->border_channel, 0, sizeof c->border_channel);
  add_supply(c, theta, c->border_tissue, c->border_channel);
  solve(c, c->border_tissue, c->border_channel);
  c->border_pivot = c->volume + theta * (vehicle_outlet(c) + c->spec.evaporation) -
                    theta * from_vehicle(c, c->border_tissue, c->border_channel);
}

void nw_column_factor(struct nw_column *c, double theta) {
  c->theta = theta;
  if (!c->binds) factor(c);
}

/* Amounts in, u out. */
static void solve_amounts(const struct nw_column *c, struct nw_column_state *x) {
  double *t = x->tissue, *h = x->channel;
  if (!nw_column_vehicle_free(c)) {
    if (c->on) add_supply(c, c->theta * x->vehicle, t, h);
    solve(c, t, h);
    return;
  }
  solve(c, t, h);
  x->vehicle = (c->volume * x->vehicle + c->theta * from_vehicle(c, t, h)) / c->border_pivot;
  for (int i = 0; i < c->n; i++)
    t[i] += x->vehicle * c->border_tissue[i];
  for (int i = 0; i < c->live; i++)
    h[i] += x->vehicle * c->border_channel[i];
}

/* Around u: what is bound by its tangent, whose part that does not grow with u goes to the right side. */
static void linearise(struct nw_column *c, const double *u, const double *amount, double *t) {
  for (int i = 0; i < c->n_tissue; i++) {
    const double volume = c->area[i] * c->size[i], half = c->half_bound[i], room = half + fmax(u[i], 0);
    c->slope[i] = c->sites[i] > 0 ? volume * c->sites[i] * half / (room * room) : 0;
    t[i] = amount[i] - volume * nw_column_bound(c, i, u[i]) + c->slope[i] * u[i];
  }
}

static double largest_change(const struct nw_column *c, const double *a, const double *b) {
  double change = 0, most = 0;
  for (int i = 0; i < c->n_tissue; i++) {
    change = fmax(change, fabs(a[i] - b[i]));
    most = fmax(most, fabs(a[i]));
  }
  return most > 0 ? change / most : 0;
}

/* Newton's method: what is bound is concave in u, so that it climbs to the answer from below. */
static void solve_bound(struct nw_column *c, struct nw_column_state *x) {
  enum { TRIES = 60 };
  const double close = 1e-13; /* math: rounding */
  const struct nw_column_state right = *x;
  double u[NW_COLUMN_CELLS];
  memcpy(u, c->now.tissue, sizeof u);
  for (int k = 0; k < TRIES; k++) {
    *x = right;
    linearise(c, u, right.tissue, x->tissue);
    factor(c);
    solve_amounts(c, x);
    const double change = largest_change(c, x->tissue, u);
    memcpy(u, x->tissue, sizeof u);
    if (change < close) break;
  }
  for (int i = 0; i < c->n_tissue; i++)
    x->bound[i] = nw_column_bound(c, i, u[i]);
}

/* (M + theta S) x = M rhs + theta supply, everything of `x` holding rhs on entry. */
void nw_column_solve(struct nw_column *c, struct nw_column_state *x) {
  double *t = x->tissue, *h = x->channel;
  for (int i = 0; i < c->n; i++)
    t[i] *= c->capacity[i];
  for (int i = 0; c->binds && i < c->n_tissue; i++)
    t[i] += c->area[i] * c->size[i] * x->bound[i];
  for (int i = 0; i < c->live; i++)
    h[i] *= c->channel_capacity[i];
  add_stores(c, c->theta, t, h);
  if (c->binds)
    solve_bound(c, x);
  else
    solve_amounts(c, x);
}

struct nw_column_rate nw_column_rates(const struct nw_column *c, const struct nw_column_state *s) {
  struct nw_column_rate r = {0};
  if (c->on) r.supplied = vehicle_outlet(c) * s->vehicle - from_vehicle(c, s->tissue, s->channel);
  if (c->on && isfinite(c->spec.vehicle)) r.evaporated = c->spec.evaporation * s->vehicle;
  for (int i = 0; i < c->n_tissue; i++)
    r.cleared += (c->loss[i] + c->drained[i]) * s->tissue[i];
  if (c->spec.bottom == NW_BOTTOM_SINK) r.received = c->down[c->n_tissue - 1] * s->tissue[c->n_tissue - 1];
  return r;
}

/* x <- x + dt (-M^-1 S x + M^-1 supply): the explicit half of the trapezoid. */
void nw_column_explicit(const struct nw_column *c, const struct nw_column_state *s, double theta,
                        struct nw_column_state *x) {
  const double *t = s->tissue, *h = s->channel;
  for (int i = 0; i < c->n; i++) {
    double in = (c->capacity[i] - theta * out_of_tissue(c, i)) * t[i];
    if (i > 0) in += theta * c->down[i - 1] * t[i - 1];
    if (i + 1 < c->n) in += theta * c->up[i] * t[i + 1];
    if (i < c->live) in += theta * c->exchange[i] * h[i];
    if (i == c->live && i > 0) in += theta * c->tip_down * h[i - 1];
    x->tissue[i] = in;
  }
  for (int i = 0; i < c->live; i++) {
    double in = (c->channel_capacity[i] - theta * out_of_channel(c, i)) * h[i];
    if (i > 0) in += theta * c->channel_down[i - 1] * h[i - 1];
    if (i + 1 < c->live) in += theta * c->channel_up[i] * h[i + 1];
    in += theta * c->exchange[i] * t[i];
    if (i == c->live - 1 && c->live < c->n) in += theta * c->tip_up * t[c->live];
    x->channel[i] = in;
  }
  if (c->on) add_supply(c, theta * s->vehicle, x->tissue, x->channel);
  add_stores(c, theta, x->tissue, x->channel);
  for (int i = 0; i < c->n; i++)
    x->tissue[i] /= c->capacity[i];
  for (int i = 0; i < c->live; i++)
    x->channel[i] /= c->channel_capacity[i];
}
