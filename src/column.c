/* SPDX-License-Identifier: BSD-3-Clause
   The 1.5-D solver of transport. Per area: M du/dt = -S u + supply, S symmetric but for the vehicle;
   the tissue and channel columns form 2 x 2 blocks down to the channel's end and single cells below,
   solved by block elimination from the bottom up, with the vehicle as a border. */
#include "column.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { CELLS = NW_COLUMN_CELLS, EULER_STEPS = 3, LEAST_CELLS = 6, SEGMENTS = NW_COLUMN_LAYERS + 1 };

static const double positivity_slack = 1e-12; /* math: rounding, over the largest value */
static const double switch_slack = 1e-6;      /* math: of a step, where the solid pool is taken as spent */

struct state {
  double tissue[CELLS], channel[CELLS];      /* u [kg/m3] */
  double vehicle;                            /* concentration [kg/m3] */
  double supplied, cleared, received, blood; /* [kg/m2] */
};

/* Rates of what is only counted. */
struct rates {
  double supplied, cleared, received; /* [kg/(m2 s)] */
};

struct nw_column {
  struct nw_column_spec spec;
  int n; /* cells, the receptor included */
  int n_tissue;
  int n_channel; /* cells beside the channel */
  int first_viable;
  double centre[CELLS], size[CELLS]; /* [m] */
  int layer[CELLS];
  double area[CELLS];         /* of tissue [1] */
  double conductivity[CELLS]; /* D K [m2/s] */
  double capacity[CELLS];     /* area K dz [m] */
  double loss[CELLS];         /* clearance times capacity [m/s] */
  double face[CELLS];         /* conductance to the cell below; last: to the sink [m/s] */
  double channel_capacity[CELLS], channel_face[CELLS], exchange[CELLS]; /* [m], [m/s], [m/s] */
  double tip;                                /* from the last channel cell to the tissue below [m/s] */
  double top_tissue, top_channel, top_polar; /* from the vehicle; 0 once washed off [m/s] */
  double open_area;                          /* of open channels now [1] */
  double open_share;                         /* of the channels made, now [1] */
  int live;                                  /* channel cells in play: n_channel or 0 */
  /* factor of M + theta S, from the bottom up: inverse diagonal blocks */
  double theta;
  double inverse_tt[CELLS], inverse_tc[CELLS], inverse_cc[CELLS];
  double border_tissue[CELLS], border_channel[CELLS], border_pivot;
  struct state now, middle, next;
  double drive_tissue[CELLS], drive_channel[CELLS]; /* scratch */
  double time, event;                               /* now; when something last changed abruptly [s] */
  double pool;             /* amount in the vehicle, solid included; unused if infinite [kg/m2] */
  double washed;           /* [kg/m2] */
  double dose;             /* [kg/m2] */
  bool on, opened, closed; /* vehicle present; channels made; all plugged */
  int since_event;
  size_t steps, fallbacks;
};

/* ---- grid ---- */

static int add_segment(struct nw_column *c, double top, double height, int cells, int layer) {
  assert(c->n + cells < CELLS);
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
static void build_grid(struct nw_column *c) {
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

static void set_tissue(struct nw_column *c) {
  const double lumen = nw_channel_area(&c->spec.channels);
  for (int i = 0; i < c->n_tissue; i++) {
    const struct nw_column_layer *layer = &c->spec.layer[c->layer[i]];
    c->area[i] = i < c->n_channel ? 1 - lumen : 1;
    c->conductivity[i] = layer->diffusivity * layer->partition;
    c->capacity[i] = c->area[i] * layer->partition * c->size[i];
    c->loss[i] = layer->clearance * c->capacity[i];
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
static void set_channels(struct nw_column *c, double open_fraction) {
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

static void set_top(struct nw_column *c) {
  const int k = c->first_viable;
  c->top_tissue = c->on ? half_cell(c, 0) : 0;
  c->top_channel = c->on && c->live ? conductance_up(c, 0) : 0;
  c->top_polar = c->on && k > 0 ? series(c->spec.polar, half_cell(c, k)) : 0;
}

/* ---- linear algebra: (M + theta S) x = b ---- */

static double diagonal_tissue(const struct nw_column *c, int i, double theta) {
  double s = c->face[i] + c->loss[i];
  if (i > 0) s += c->face[i - 1];
  if (i < c->live) s += c->exchange[i];
  if (i == c->live && i > 0) s += c->tip;
  if (i == 0) s += c->top_tissue;
  if (i == c->first_viable) s += c->top_polar;
  return c->capacity[i] + theta * s;
}

static double diagonal_channel(const struct nw_column *c, int i, double theta) {
  double s = c->channel_face[i] + c->exchange[i];
  if (i > 0) s += c->channel_face[i - 1];
  if (i == 0) s += c->top_channel;
  if (i == c->live - 1) s += c->tip;
  return c->channel_capacity[i] + theta * s;
}

/* Inverse of the block of cell i after everything below it was eliminated. */
static void factor_block(struct nw_column *c, int i, double theta) {
  double tt = diagonal_tissue(c, i, theta), cc = diagonal_channel(c, i, theta), tc = -theta * c->exchange[i];
  const double down_t = theta * c->face[i];
  if (i + 1 < c->live) {
    const double down_c = theta * c->channel_face[i];
    tt -= down_t * down_t * c->inverse_tt[i + 1];
    tc -= down_t * down_c * c->inverse_tc[i + 1];
    cc -= down_c * down_c * c->inverse_cc[i + 1];
  } else if (i + 1 < c->n) {
    const double down_c = theta * c->tip, inverse = c->inverse_tt[i + 1];
    tt -= down_t * down_t * inverse;
    tc -= down_t * down_c * inverse;
    cc -= down_c * down_c * inverse;
  }
  const double scale = 1 / (tt * cc - tc * tc);
  c->inverse_tt[i] = cc * scale;
  c->inverse_tc[i] = -tc * scale;
  c->inverse_cc[i] = tt * scale;
}

static void solve(const struct nw_column *c, double *t, double *h) {
  const double theta = c->theta;
  for (int i = c->n - 2; i >= c->live; i--)
    t[i] += theta * c->face[i] * c->inverse_tt[i + 1] * t[i + 1];
  if (c->live && c->live < c->n) {
    const double x = theta * c->inverse_tt[c->live] * t[c->live];
    t[c->live - 1] += c->face[c->live - 1] * x;
    h[c->live - 1] += c->tip * x;
  }
  for (int i = c->live - 2; i >= 0; i--) {
    const int j = i + 1;
    const double x = c->inverse_tt[j] * t[j] + c->inverse_tc[j] * h[j];
    const double y = c->inverse_tc[j] * t[j] + c->inverse_cc[j] * h[j];
    t[i] += theta * c->face[i] * x;
    h[i] += theta * c->channel_face[i] * y;
  }
  for (int i = 0; i < c->n; i++) {
    if (i > 0) t[i] += theta * c->face[i - 1] * t[i - 1];
    if (i == c->live && i > 0) t[i] += theta * c->tip * h[i - 1];
    if (i < c->live) {
      if (i > 0) h[i] += theta * c->channel_face[i - 1] * h[i - 1];
      const double x = c->inverse_tt[i] * t[i] + c->inverse_tc[i] * h[i];
      h[i] = c->inverse_tc[i] * t[i] + c->inverse_cc[i] * h[i];
      t[i] = x;
    } else {
      t[i] *= c->inverse_tt[i];
    }
  }
}

/* The vehicle runs down while it is no longer kept saturated by a pool. */
static bool vehicle_free(const struct nw_column *c) {
  return c->on && isfinite(c->spec.vehicle) && c->pool <= c->spec.solubility * c->spec.vehicle;
}

static double from_vehicle(const struct nw_column *c, const double *t, const double *h) {
  double sum = c->top_tissue * t[0];
  if (c->live) sum += c->top_channel * h[0];
  if (c->first_viable > 0) sum += c->top_polar * t[c->first_viable];
  return sum;
}

static void add_supply(const struct nw_column *c, double amount, double *t, double *h) {
  t[0] += amount * c->top_tissue * c->spec.top_factor;
  if (c->live) h[0] += amount * c->top_channel;
  if (c->first_viable > 0) t[c->first_viable] += amount * c->top_polar;
}

static double vehicle_outlet(const struct nw_column *c) {
  return c->top_tissue * c->spec.top_factor + c->top_channel + c->top_polar;
}

static void factor(struct nw_column *c, double theta) {
  c->theta = theta;
  for (int i = c->n - 1; i >= c->live; i--) {
    double d = diagonal_tissue(c, i, theta);
    if (i + 1 < c->n) d -= theta * theta * c->face[i] * c->face[i] * c->inverse_tt[i + 1];
    c->inverse_tt[i] = 1 / d;
  }
  for (int i = c->live - 1; i >= 0; i--)
    factor_block(c, i, theta);
  if (!vehicle_free(c)) return;
  memset(c->border_tissue, 0, sizeof c->border_tissue);
  memset(c->border_channel, 0, sizeof c->border_channel);
  add_supply(c, theta, c->border_tissue, c->border_channel);
  solve(c, c->border_tissue, c->border_channel);
  c->border_pivot = c->spec.vehicle + theta * vehicle_outlet(c) -
                    theta * from_vehicle(c, c->border_tissue, c->border_channel);
}

/* (M + theta S) x = M rhs + theta supply, everything of `x` holding rhs on entry. */
static void solve_state(struct nw_column *c, struct state *x) {
  double *t = x->tissue, *h = x->channel;
  for (int i = 0; i < c->n; i++)
    t[i] *= c->capacity[i];
  for (int i = 0; i < c->live; i++)
    h[i] *= c->channel_capacity[i];
  if (!vehicle_free(c)) {
    if (c->on) add_supply(c, c->theta * x->vehicle, t, h);
    solve(c, t, h);
    return;
  }
  solve(c, t, h);
  x->vehicle = (c->spec.vehicle * x->vehicle + c->theta * from_vehicle(c, t, h)) / c->border_pivot;
  for (int i = 0; i < c->n; i++)
    t[i] += x->vehicle * c->border_tissue[i];
  for (int i = 0; i < c->live; i++)
    h[i] += x->vehicle * c->border_channel[i];
}

static struct rates rates_of(const struct nw_column *c, const struct state *s) {
  struct rates r = {0};
  if (c->on) r.supplied = vehicle_outlet(c) * s->vehicle - from_vehicle(c, s->tissue, s->channel);
  for (int i = 0; i < c->n_tissue; i++)
    r.cleared += c->loss[i] * s->tissue[i];
  if (c->spec.bottom == NW_BOTTOM_SINK) r.received = c->face[c->n_tissue - 1] * s->tissue[c->n_tissue - 1];
  return r;
}

/* ---- time steps ---- */

static void count(const struct nw_column *c, struct state *x, double weight) {
  const struct rates r = rates_of(c, x);
  x->supplied += weight * r.supplied;
  x->cleared += weight * r.cleared;
  x->received += weight * r.received;
  x->blood = (x->blood + weight * r.cleared) / (1 + weight * c->spec.elimination);
}

static void euler_step(struct nw_column *c, double dt) {
  factor(c, dt);
  c->next = c->now;
  solve_state(c, &c->next);
  count(c, &c->next, dt);
}

/* x <- x + dt (-M^-1 S x + M^-1 supply): the explicit half of the trapezoid. */
static void explicit_part(const struct nw_column *c, const struct state *s, double theta, struct state *x) {
  const double *t = s->tissue, *h = s->channel;
  for (int i = 0; i < c->n; i++) {
    double in = c->capacity[i] * t[i] - (diagonal_tissue(c, i, theta) - c->capacity[i]) * t[i];
    if (i > 0) in += theta * c->face[i - 1] * t[i - 1];
    if (i + 1 < c->n) in += theta * c->face[i] * t[i + 1];
    if (i < c->live) in += theta * c->exchange[i] * h[i];
    if (i == c->live && i > 0) in += theta * c->tip * h[i - 1];
    x->tissue[i] = in;
  }
  for (int i = 0; i < c->live; i++) {
    double in = 2 * c->channel_capacity[i] * h[i] - diagonal_channel(c, i, theta) * h[i];
    if (i > 0) in += theta * c->channel_face[i - 1] * h[i - 1];
    if (i + 1 < c->live) in += theta * c->channel_face[i] * h[i + 1];
    in += theta * c->exchange[i] * t[i];
    if (i == c->live - 1 && c->live < c->n) in += theta * c->tip * t[c->live];
    x->channel[i] = in;
  }
  if (c->on) add_supply(c, theta * s->vehicle, x->tissue, x->channel);
  for (int i = 0; i < c->n; i++)
    x->tissue[i] /= c->capacity[i];
  for (int i = 0; i < c->live; i++)
    x->channel[i] /= c->channel_capacity[i];
}

static void trapezoid_stage(struct nw_column *c, double theta) {
  const struct rates r = rates_of(c, &c->now);
  struct state *x = &c->middle;
  *x = c->now;
  explicit_part(c, &c->now, theta, x);
  if (vehicle_free(c)) x->vehicle -= theta * r.supplied / c->spec.vehicle;
  x->supplied += theta * r.supplied;
  x->cleared += theta * r.cleared;
  x->received += theta * r.received;
  x->blood += theta * (r.cleared - c->spec.elimination * x->blood);
  solve_state(c, x);
  count(c, x, theta);
}

static double mixed(double a, double b, double weight) {
  return a + weight * (a - b);
}

/* Second stage: backward difference over the two stages before; weight = (1 - gamma)^2/(gamma (2 - gamma)).
 */
static void difference_stage(struct nw_column *c, double theta, double weight) {
  struct state *x = &c->next;
  const struct state *m = &c->middle, *o = &c->now;
  for (int i = 0; i < c->n; i++)
    x->tissue[i] = mixed(m->tissue[i], o->tissue[i], weight);
  for (int i = 0; i < c->live; i++)
    x->channel[i] = mixed(m->channel[i], o->channel[i], weight);
  x->vehicle = vehicle_free(c) ? mixed(m->vehicle, o->vehicle, weight) : o->vehicle;
  x->supplied = mixed(m->supplied, o->supplied, weight);
  x->cleared = mixed(m->cleared, o->cleared, weight);
  x->received = mixed(m->received, o->received, weight);
  x->blood = mixed(m->blood, o->blood, weight);
  solve_state(c, x);
  count(c, x, theta);
}

static void second_order_step(struct nw_column *c, double dt) {
  const double gamma = 2 - sqrt(2), theta = gamma * dt / 2;
  const double weight = (1 - gamma) * (1 - gamma) / (gamma * (2 - gamma));
  factor(c, theta);
  trapezoid_stage(c, theta);
  difference_stage(c, theta, weight);
}

static bool stays_positive(const struct nw_column *c) {
  double least = 0, most = 0;
  for (int i = 0; i < c->n; i++) {
    least = fmin(least, c->next.tissue[i]);
    most = fmax(most, c->next.tissue[i]);
  }
  for (int i = 0; i < c->live; i++)
    least = fmin(least, c->next.channel[i]);
  return least >= -positivity_slack * most && c->next.vehicle >= 0;
}

static double open_fraction_at(const struct nw_column *c, double time) {
  const double age = time - c->spec.open_at;
  if (!c->opened || c->closed || age < 0) return 0;
  return isfinite(c->spec.half_life) ? exp2(-age / c->spec.half_life) : 1;
}

/* Channels that were plugged since the last step leave their content to the tissue beside them. A plug
   is for ever, also where a step that was cut short asks for an earlier moment than the one before. */
static void plug_channels(struct nw_column *c, double open_fraction) {
  const double before = c->open_area;
  const int live = c->live;
  c->open_share = live ? fmin(open_fraction, c->open_share) : open_fraction;
  set_channels(c, c->open_share);
  for (int i = 0; i < live; i++) {
    c->now.tissue[i] += fmax(before - c->open_area, 0) * c->size[i] * c->now.channel[i] / c->capacity[i];
    if (!c->live) c->now.channel[i] = 0;
  }
  set_top(c);
}

static void take_step(struct nw_column *c, double dt) {
  if (c->since_event < EULER_STEPS) {
    euler_step(c, dt);
  } else {
    second_order_step(c, dt);
    if (!stays_positive(c)) {
      euler_step(c, dt);
      c->fallbacks++;
    }
  }
}

/* Largest step until the solid pool is spent, from a step that would overdraw it. */
static double step_to_empty_pool(const struct nw_column *c, double dt) {
  const double left = c->pool - c->spec.solubility * c->spec.vehicle;
  const double used = c->next.supplied - c->now.supplied;
  return used > left ? fmax(dt * left / used, switch_slack * dt) : dt;
}

static void new_event(struct nw_column *c) {
  c->event = c->time;
  c->since_event = 0;
}

static void accept(struct nw_column *c, double dt) {
  const bool was_free = vehicle_free(c);
  if (c->on && isfinite(c->spec.vehicle)) c->pool -= c->next.supplied - c->now.supplied;
  c->now = c->next;
  c->time += dt;
  c->steps++;
  c->since_event++;
  if (!was_free && vehicle_free(c)) {
    c->now.vehicle = c->pool / c->spec.vehicle;
    new_event(c);
  }
}

static double step_size(const struct nw_column *c, double until) {
  const double wanted = c->spec.first_step + c->spec.step_ratio * (c->time - c->event),
               left = until - c->time;
  if (left <= wanted) return left;
  return left < 2 * wanted ? left / 2 : wanted;
}

static void step_until(struct nw_column *c, double until) {
  while (c->time < until) {
    double dt = step_size(c, until);
    plug_channels(c, open_fraction_at(c, c->time + dt / 2));
    take_step(c, dt);
    if (c->on && isfinite(c->spec.vehicle) && !vehicle_free(c)) {
      const double shorter = step_to_empty_pool(c, dt);
      if (shorter < dt) take_step(c, dt = shorter);
    }
    if (dt >= until - c->time) {
      accept(c, dt);
      c->time = until;
    } else {
      accept(c, dt);
    }
  }
}

static void wash_off(struct nw_column *c) {
  c->on = false;
  c->washed = isfinite(c->spec.vehicle) ? c->pool : 0;
  c->pool = 0;
  set_top(c);
}

static double next_event(const struct nw_column *c, double until) {
  double next = until;
  if (c->on) next = fmin(next, c->spec.contact);
  if (!c->opened) next = fmin(next, c->spec.open_at);
  if (c->opened && !c->closed) next = fmin(next, c->spec.open_at + c->spec.close_after);
  return next;
}

static void apply_events(struct nw_column *c) {
  const double now = c->time;
  if (!c->opened && now >= c->spec.open_at) {
    c->opened = true;
    new_event(c);
  }
  if (c->opened && !c->closed && now >= c->spec.open_at + c->spec.close_after) {
    c->closed = true;
    plug_channels(c, 0);
    new_event(c);
  }
  if (c->on && now >= c->spec.contact) {
    wash_off(c);
    new_event(c);
  }
}

enum nw_status nw_column_advance(struct nw_column *c, double time) {
  while (c->time < time) {
    apply_events(c);
    step_until(c, next_event(c, time));
  }
  return isfinite(c->now.tissue[0]) && isfinite(c->now.blood) ? NW_OK : NW_NUMERICAL;
}

/* ---- construction and reading ---- */

enum nw_status nw_column_create(const struct nw_column_spec *spec, struct nw_column **out) {
  struct nw_column *c = *out = nw_allocate(1, sizeof *c);
  if (!c) return NW_MEMORY;
  c->spec = *spec;
  if (!(spec->channels.density > 0)) c->spec.channels = (struct nw_channels){.depth = spec->channels.depth};
  c->on = true;
  build_grid(c);
  set_tissue(c);
  set_channels(c, 0);
  set_top(c);
  c->dose = c->pool = isfinite(spec->vehicle) ? spec->vehicle * spec->concentration : INFINITY;
  c->now.vehicle = fmin(spec->concentration, spec->solubility);
  return NW_OK;
}

void nw_column_free(struct nw_column **column) {
  if (!column) return;
  nw_release(*column);
  *column = NULL;
}

static double flux_into_viable(const struct nw_column *c) {
  const struct state *s = &c->now;
  const int k = c->first_viable;
  if (k == 0) return rates_of(c, s).supplied;
  double flux = c->face[k - 1] * (s->tissue[k - 1] - s->tissue[k]);
  if (c->on) flux += c->top_polar * (s->vehicle - s->tissue[k]);
  if (k < c->live) flux += c->channel_face[k - 1] * (s->channel[k - 1] - s->channel[k]);
  if (k == c->live) flux += c->tip * (s->channel[k - 1] - s->tissue[k]);
  return flux;
}

static void read_receptor(const struct nw_column *c, struct nw_column_reading *out) {
  const int last = c->n_tissue - 1;
  const double below = c->spec.bottom == NW_BOTTOM_RECEPTOR ? c->now.tissue[last + 1] : 0;
  out->receptor = c->spec.bottom == NW_BOTTOM_RECEPTOR ? c->capacity[last + 1] * below : c->now.received;
  out->receptor_flux = c->face[last] * (c->now.tissue[last] - below);
}

void nw_column_read(const struct nw_column *c, struct nw_column_reading *out) {
  *out = (struct nw_column_reading){.washed = c->washed, .supplied = c->now.supplied, .blood = c->now.blood};
  double sum = 0;
  for (int i = 0; i < c->n_tissue; i++) {
    out->layer[c->layer[i]] += c->capacity[i] * c->now.tissue[i];
    if (i < c->live) out->layer[c->layer[i]] += c->channel_capacity[i] * c->now.channel[i];
  }
  read_receptor(c, out);
  out->vehicle = c->on ? (vehicle_free(c) ? c->now.vehicle * c->spec.vehicle : c->pool) : 0;
  out->eliminated = c->now.cleared - c->now.blood;
  out->past = c->now.cleared + out->receptor;
  for (int l = 0; l < c->spec.n_layers; l++) {
    sum += out->layer[l];
    if (l >= c->spec.viable) out->past += out->layer[l];
  }
  sum += c->now.cleared + out->receptor;
  out->residual = fabs(isfinite(c->dose) ? sum + out->vehicle + out->washed - c->dose : sum - out->supplied);
  out->flux = flux_into_viable(c);
  out->open_fraction = open_fraction_at(c, c->time);
}

size_t nw_column_count(const struct nw_column *c) {
  return (size_t)c->n_tissue;
}

const double *nw_column_depths(const struct nw_column *c) {
  return c->centre;
}

void nw_column_profile(const struct nw_column *c, double *out) {
  for (int i = 0; i < c->n_tissue; i++) {
    const double held = i < c->live ? c->channel_capacity[i] * c->now.channel[i] : 0;
    out[i] = fmax((c->capacity[i] * c->now.tissue[i] + held) / c->size[i], 0);
  }
}

const double *nw_column_tissue(const struct nw_column *c) {
  return c->now.tissue;
}

size_t nw_column_steps(const struct nw_column *c) {
  return c->steps;
}

size_t nw_column_fallbacks(const struct nw_column *c) {
  return c->fallbacks;
}
