/* SPDX-License-Identifier: BSD-3-Clause
   The matrix of the 1.5-D solver. Per area: M du/dt = -S u + supply. Cells of tissue and channel and the
   vehicle are places joined by conductances; they are eliminated one by one from the bottom up, the vehicle
   last, as places and not as rows of numbers: no pivot is a difference. */
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

/* Grassmann, Taksar and Heyman (1985): the matrix is kept as what passes from place to place and what stays,

    d_x = g_x + sum_k w_xk          g: storage and losses, w_xk: conductance from x to k, both with theta
    w_jk += w_jx w_xk/d_x,  g_j += w_jx g_x/d_x,  b_k += w_xk b_x/d_x          x is eliminated, j not k
    u_x = (b_x + sum_j w_jx u_j)/d_x

   so that nothing is ever subtracted. A pivot by subtraction, large - large, loses storage and losses where
   conductances are far beyond them, and mass with these. */

/* Three places are joined at any time: a cell of the tissue, one of the channel, the vehicle. */
struct network {
  double stays[NW_COLUMN_PLACES];                    /* [m] */
  double passes[NW_COLUMN_PLACES][NW_COLUMN_PLACES]; /* from, to [m] */
};

/* Eliminates the cell at `place`; the cell above it in its own column, joined to it by these two, takes over.
 */
static inline void climb(struct network *w, int place, double up, double down, struct nw_column_pivot *p) {
  const double stays = w->stays[place];
  double all = stays;
  for (int k = 0; k < NW_COLUMN_PLACES; k++) {
    p->to[k] = k == place ? up : w->passes[place][k];
    p->from[k] = k == place ? down : w->passes[k][place];
    all += p->to[k];
    w->passes[place][k] = w->passes[k][place] = 0;
  }
  w->stays[place] = 0;
  p->inverse = 1 / all;
  for (int k = 0; k < NW_COLUMN_PLACES; k++)
    p->to[k] *= p->inverse;
  for (int j = 0; j < NW_COLUMN_PLACES; j++) {
    for (int k = 0; k < NW_COLUMN_PLACES; k++)
      if (k != j) w->passes[j][k] += p->from[j] * p->to[k];
    p->from[j] *= p->inverse;
    w->stays[j] += p->from[j] * stays;
  }
}

static inline void join(struct network *w, int from, int to, double there, double back) {
  w->passes[from][to] += there;
  w->passes[to][from] += back;
}

static double stays_in_tissue(const struct nw_column *c, int i) {
  const double bottom = i == c->n - 1 ? c->down[i] : 0;
  return c->capacity[i] + c->slope[i] + c->theta * (c->loss[i] + c->drained[i] + bottom);
}

/* Storage and losses of the cells at this depth, and their links to each other and to the vehicle. */
static void enter(const struct nw_column *c, int i, struct network *w) {
  const double theta = c->theta;
  w->stays[NW_COLUMN_TISSUE] += stays_in_tissue(c, i);
  if (i == c->live && i > 0)
    join(w, NW_COLUMN_CHANNEL, NW_COLUMN_TISSUE, theta * c->tip_down, theta * c->tip_up);
  if (i < c->live) {
    w->stays[NW_COLUMN_CHANNEL] += c->channel_capacity[i];
    join(w, NW_COLUMN_CHANNEL, NW_COLUMN_TISSUE, theta * c->exchange[i], theta * c->exchange[i]);
  }
  if (i == c->first_viable)
    join(w, NW_COLUMN_VEHICLE, NW_COLUMN_TISSUE, theta * c->top_polar, theta * c->top_polar);
  if (i > 0) return;
  join(w, NW_COLUMN_VEHICLE, NW_COLUMN_TISSUE, theta * c->top_tissue * c->spec.top_factor,
       theta * c->top_tissue);
  if (c->live) join(w, NW_COLUMN_VEHICLE, NW_COLUMN_CHANNEL, theta * c->top_in, theta * c->top_out);
}

/* The lowest cells, that know the one above alone: as `climb`. */
static double factor_chain(struct nw_column *c) {
  double stays = 0;
  for (int i = c->n - 1; i >= c->chain; i--) {
    const double up = c->theta * c->up[i - 1], down = c->theta * c->down[i - 1];
    struct nw_column_pivot *p = &c->tissue_pivot[i];
    stays += stays_in_tissue(c, i);
    p->inverse = 1 / (stays + up);
    p->to[NW_COLUMN_TISSUE] = up * p->inverse;
    p->from[NW_COLUMN_TISSUE] = down * p->inverse;
    stays *= p->from[NW_COLUMN_TISSUE];
  }
  return stays;
}

static void factor(struct nw_column *c) {
  const double theta = c->theta;
  c->chain = 1 + (c->on && c->first_viable > c->live ? c->first_viable : c->live);
  struct network w = {.stays = {[NW_COLUMN_TISSUE] = factor_chain(c)}};
  for (int i = c->chain < c->n ? c->chain - 1 : c->n - 1; i >= 0; i--) {
    const int above = i - 1;
    enter(c, i, &w);
    if (i < c->live)
      climb(&w, NW_COLUMN_CHANNEL, i ? theta * c->channel_up[above] : 0,
            i ? theta * c->channel_down[above] : 0, &c->channel_pivot[i]);
    climb(&w, NW_COLUMN_TISSUE, i ? theta * c->up[above] : 0, i ? theta * c->down[above] : 0,
          &c->tissue_pivot[i]);
  }
  c->admittance = w.stays[NW_COLUMN_VEHICLE];
}

/* Upwards: amounts of eliminated cells go where these pass them. Returns what reaches the vehicle. */
static double gather(const struct nw_column *c, double *t, double *h) {
  double vehicle = 0;
  int i = c->n - 1;
  for (; i >= c->chain; i--)
    t[i - 1] += c->tissue_pivot[i].to[NW_COLUMN_TISSUE] * t[i];
  for (; i >= 0; i--) {
    const int above = i > 0 ? i - 1 : 0; /* the uppermost pass nothing up */
    if (i < c->live) {
      const struct nw_column_pivot *p = &c->channel_pivot[i];
      const double amount = h[i];
      t[i] += p->to[NW_COLUMN_TISSUE] * amount;
      h[above] += p->to[NW_COLUMN_CHANNEL] * amount;
      vehicle += p->to[NW_COLUMN_VEHICLE] * amount;
    }
    const struct nw_column_pivot *p = &c->tissue_pivot[i];
    const double amount = t[i];
    t[above] += p->to[NW_COLUMN_TISSUE] * amount;
    h[above] += p->to[NW_COLUMN_CHANNEL] * amount;
    vehicle += p->to[NW_COLUMN_VEHICLE] * amount;
  }
  return vehicle;
}

static inline double settled(const struct nw_column_pivot *p, double amount, double t, double h,
                             double vehicle) {
  return amount * p->inverse + p->from[NW_COLUMN_VEHICLE] * vehicle + p->from[NW_COLUMN_CHANNEL] * h +
         p->from[NW_COLUMN_TISSUE] * t;
}

/* Downwards: u from amounts and from u of the places above. */
static void settle(const struct nw_column *c, double vehicle, double *t, double *h) {
  int i = 0;
  for (; i < c->n && i < c->chain; i++) {
    const int above = i > 0 ? i - 1 : 0;
    t[i] = settled(&c->tissue_pivot[i], t[i], t[above], h[above], vehicle);
    if (i < c->live) h[i] = settled(&c->channel_pivot[i], h[i], t[i], h[above], vehicle);
  }
  for (; i < c->n; i++) {
    const struct nw_column_pivot *p = &c->tissue_pivot[i];
    t[i] = t[i] * p->inverse + p->from[NW_COLUMN_TISSUE] * t[i - 1];
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

void nw_column_factor(struct nw_column *c, double theta) {
  c->theta = theta;
  if (!c->binds) factor(c);
}

/* Amounts in, u out. What the vehicle gives follows from what the skin can take up and what of its content
   comes back, not from the difference between two neighbours. */
static void solve_amounts(const struct nw_column *c, struct nw_column_state *x) {
  const double back = gather(c, x->tissue, x->channel);
  if (nw_column_vehicle_free(c))
    x->vehicle =
        (c->volume * x->vehicle + back) / (c->volume + c->theta * c->spec.evaporation + c->admittance);
  settle(c, x->vehicle, x->tissue, x->channel);
  x->inflow = c->on ? (c->admittance * x->vehicle - back) / c->theta : 0;
}

/* Around u: what is bound by its tangent, whose part that does not grow with u goes to the right side. */
static void linearise(struct nw_column *c, const double *u, const double *amount, double *t) {
  for (int i = 0; i < c->n_tissue; i++) {
    const double volume = c->area[i] * c->size[i], half = c->half_bound[i], room = half + fmax(u[i], 0);
    c->slope[i] = c->sites[i] > 0 ? volume * c->sites[i] * half / (room * room) : 0;
    t[i] = amount[i] - volume * nw_column_bound(c, i, u[i]) + c->slope[i] * u[i];
  }
}

/* Against the width of the curve: what the tangent misses is of second order in it. */
static double largest_change(const struct nw_column *c, const double *a, const double *b) {
  double change = 0;
  for (int i = 0; i < c->n_tissue; i++)
    if (c->sites[i] > 0) change = fmax(change, fabs(a[i] - b[i]) / (c->half_bound[i] + fmax(a[i], 0)));
  return change;
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
  if (c->on && isfinite(c->spec.vehicle)) r.evaporated = c->spec.evaporation * s->vehicle;
  for (int i = 0; i < c->n_tissue; i++)
    r.cleared += (c->loss[i] + c->drained[i]) * s->tissue[i];
  if (c->spec.bottom == NW_BOTTOM_SINK) r.received = c->down[c->n_tissue - 1] * s->tissue[c->n_tissue - 1];
  return r;
}
