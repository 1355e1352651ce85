/* SPDX-License-Identifier: BSD-3-Clause
   The 1.5-D solver of transport in time: TR-BDF2 between events, and the events: doses, wash-off,
   channels made and plugged, a solid pool spent. */
#include <math.h>
#include <string.h>

#include "column_inner.h"

enum { EULER_STEPS = 3 };

static const double positivity_slack = 1e-12; /* math: rounding, over the largest value */
static const double switch_slack = 1e-6;      /* math: of a step, where the solid pool is taken as spent */

/* ---- time steps ---- */

static void implicit(struct nw_column *c, struct nw_column_state *x, double theta) {
  nw_column_solve(c, x);
  const struct nw_column_rate r = nw_column_rates(c, x);
  x->supplied += theta * x->inflow;
  x->cleared += theta * r.cleared;
  x->received += theta * r.received;
  x->evaporated += theta * r.evaporated;
  x->blood = (x->blood + theta * r.cleared) / (1 + theta * c->spec.elimination);
}

static void euler_step(struct nw_column *c, double dt) {
  nw_column_factor(c, dt);
  c->next = c->now;
  implicit(c, &c->next, dt);
}

static double mixed(double a, double b, double weight) {
  return a + weight * (a - b);
}

/* x <- a + weight (a - b) */
static void extrapolate(const struct nw_column *c, const struct nw_column_state *a,
                        const struct nw_column_state *b, double weight, struct nw_column_state *x) {
  for (int i = 0; i < c->n; i++)
    x->tissue[i] = mixed(a->tissue[i], b->tissue[i], weight);
  for (int i = 0; c->binds && i < c->n_tissue; i++)
    x->bound[i] = mixed(a->bound[i], b->bound[i], weight);
  for (int i = 0; i < c->live; i++)
    x->channel[i] = mixed(a->channel[i], b->channel[i], weight);
  x->vehicle = mixed(a->vehicle, b->vehicle, weight);
  x->supplied = mixed(a->supplied, b->supplied, weight);
  x->cleared = mixed(a->cleared, b->cleared, weight);
  x->received = mixed(a->received, b->received, weight);
  x->evaporated = mixed(a->evaporated, b->evaporated, weight);
  x->blood = mixed(a->blood, b->blood, weight);
}

/* TR-BDF2: a trapezoid over gamma dt, then a backward difference over it and the start,

    a = now + theta f(a),  middle = 2 a - now          theta = gamma dt/2
    next = middle + weight (middle - now) + theta f(next),    weight = (1 - gamma)^2/(gamma (2 - gamma))

   The trapezoid is taken as a backward step to its middle, gone on with as far again: f(now), a difference
   of neighbours that are all but alike, is never formed. */
static void second_order_step(struct nw_column *c, double dt) {
  const double gamma = 2 - sqrt(2), theta = gamma * dt / 2;
  const double weight = (1 - gamma) * (1 - gamma) / (gamma * (2 - gamma));
  nw_column_factor(c, theta);
  c->middle = c->now;
  implicit(c, &c->middle, theta);
  extrapolate(c, &c->middle, &c->now, 1, &c->middle);
  extrapolate(c, &c->middle, &c->now, weight, &c->next);
  implicit(c, &c->next, theta);
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
  const double age = time - c->made_at - c->spec.hold;
  if (c->opened == 0 || c->closed) return 0;
  return age > 0 && isfinite(c->spec.half_life) ? exp2(-age / c->spec.half_life) : 1;
}

/* Adds an amount per area to a cell, sites and all. */
static void leave(struct nw_column *c, int i, double amount) {
  double *u = &c->now.tissue[i];
  if (!c->binds) {
    *u += amount / c->capacity[i];
    return;
  }
  const double before = c->capacity[i] * *u + c->area[i] * c->size[i] * c->now.bound[i];
  *u = nw_column_equilibrium(c, i, before + amount);
  c->now.bound[i] = (before + amount - c->capacity[i] * *u) / (c->area[i] * c->size[i]);
}

/* Channels that were plugged since the last step leave their content to the tissue beside them. A plug
   is for ever, also where a step that was cut short asks for an earlier moment than the one before. */
static void plug_channels(struct nw_column *c, double open_fraction) {
  const double before = c->open_area;
  const int live = c->live;
  c->open_share = live ? fmin(open_fraction, c->open_share) : open_fraction;
  nw_column_set_channels(c, c->open_share);
  for (int i = 0; i < live; i++) {
    leave(c, i, fmax(before - c->open_area, 0) * c->size[i] * c->now.channel[i]);
    if (!c->live) c->now.channel[i] = 0;
  }
  nw_column_set_top(c);
}

/* The vehicle takes this volume; nothing of the product is lost. A film of solution on the verge of
   saturation stays one: else it would switch to and fro. */
static void set_volume(struct nw_column *c, double volume) {
  const double margin = 1.001; /* math: solver knob */
  if (!c->on || !isfinite(c->spec.vehicle)) return;
  c->volume = volume;
  if (c->pool > margin * c->spec.solubility * volume) c->solid = true;
  c->now.vehicle = c->solid ? c->spec.solubility : c->pool / volume;
}

/* Volume in the middle of a step: less what went down the channels, less what dried. */
static void drain(struct nw_column *c, double dt) {
  if (c->flow == 0 || !isfinite(c->spec.vehicle) || !(c->volume > 0)) return;
  const double volume = fmax(c->volume - c->flow * dt, c->volume / 2);
  c->wet *= volume / c->volume;
  set_volume(c, volume);
}

static void dry(struct nw_column *c, double dt) {
  drain(c, dt);
  if (!(c->wet > 0) || !(c->spec.drying > 0)) return;
  const double lasting = c->volume - c->wet, drier = fmax(c->wet - c->spec.drying * dt, 0);
  set_volume(c, lasting + drier);
  c->wet = drier;
}

static void release_stores(struct nw_column *c, double dt) {
  for (int k = 0; k < NW_COLUMN_STORES; k++)
    c->store[k].flux = c->store[k].amount * -expm1(-c->store[k].rate * dt) / dt;
}

static void take_step(struct nw_column *c, double dt) {
  release_stores(c, dt);
  if (c->since_event < EULER_STEPS) {
    euler_step(c, dt);
  } else {
    second_order_step(c, dt);
    if (!stays_positive(c)) euler_step(c, dt);
  }
}

/* Amount that the step at hand takes from the vehicle. */
static double left_surface(const struct nw_column *c) {
  return c->next.supplied - c->now.supplied + c->next.evaporated - c->now.evaporated;
}

/* Largest step until the solid pool is spent, from a step that would overdraw it. */
static double step_to_empty_pool(const struct nw_column *c, double dt) {
  const double left = c->pool - c->spec.solubility * c->volume;
  const double used = left_surface(c);
  return used > left ? fmax(dt * left / used, switch_slack * dt) : dt;
}

static void new_event(struct nw_column *c) {
  c->event = c->time;
  c->since_event = 0;
}

static void sum_layers(const struct nw_column *c, double layer[NW_COLUMN_LAYERS]) {
  memset(layer, 0, NW_COLUMN_LAYERS * sizeof *layer);
  for (int i = 0; i < c->n_tissue; i++) {
    layer[c->layer[i]] += c->capacity[i] * c->now.tissue[i];
    if (c->binds) layer[c->layer[i]] += c->area[i] * c->size[i] * c->now.bound[i];
    if (i < c->live) layer[c->layer[i]] += c->channel_capacity[i] * c->now.channel[i];
  }
}

/* By the trapezoid: as exact as the step. */
static void expose(struct nw_column *c, double dt) {
  double before[NW_COLUMN_LAYERS];
  memcpy(before, c->held, sizeof before);
  sum_layers(c, c->held);
  for (int l = 0; l < NW_COLUMN_LAYERS; l++)
    c->exposure[l] += dt * (before[l] + c->held[l]) / 2;
}

static void accept(struct nw_column *c, double dt) {
  if (c->on && isfinite(c->spec.vehicle)) c->pool -= left_surface(c);
  for (int k = 0; k < NW_COLUMN_STORES; k++)
    c->store[k].amount -= c->store[k].flux * dt;
  c->now = c->next;
  expose(c, dt);
  c->time += dt;
  c->since_event++;
  if (c->solid && c->pool <= c->spec.solubility * c->volume) {
    c->solid = false;
    c->now.vehicle = c->pool / c->volume;
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
    dry(c, dt / 2);
    take_step(c, dt);
    if (c->solid) {
      const double shorter = step_to_empty_pool(c, dt);
      if (shorter < dt) take_step(c, dt = shorter);
    }
    const bool last = dt >= until - c->time;
    accept(c, dt);
    dry(c, dt / 2);
    if (last) c->time = until;
  }
}

/* ---- events ---- */

static int doses_per_session(const struct nw_column *c) {
  return c->spec.doses > 1 ? c->spec.doses : 1;
}

static int sessions(const struct nw_column *c) {
  return c->spec.sessions > 1 ? c->spec.sessions : 1;
}

static double next_dose(const struct nw_column *c) {
  const int in_session = doses_per_session(c);
  if (!(c->spec.vehicle > 0) || c->dosed >= in_session * sessions(c)) return INFINITY;
  const int session = c->dosed / in_session, dose = c->dosed % in_session;
  return (session ? session * c->spec.session_interval : 0) + (dose ? dose * c->spec.dose_interval : 0);
}

static double next_opening(const struct nw_column *c) {
  if (c->opened >= sessions(c)) return INFINITY;
  return c->spec.open_at + (c->opened ? c->opened * c->spec.session_interval : 0);
}

static double next_closing(const struct nw_column *c) {
  return c->opened && !c->closed ? c->made_at + c->spec.hold + c->spec.close_after : INFINITY;
}

/* On top of what is still there. */
static void give_dose(struct nw_column *c) {
  c->dosed++;
  c->wash_at = c->time + c->spec.contact;
  c->on = true;
  nw_column_set_top(c);
  if (!isfinite(c->spec.vehicle)) {
    c->now.vehicle = fmin(c->spec.concentration, c->spec.solubility);
    return;
  }
  const double amount = c->spec.vehicle * c->spec.concentration, deep = c->spec.follicle_share * amount;
  c->dose += amount;
  c->pool += amount - deep;
  c->store[NW_COLUMN_FOLLICLES].amount += deep;
  c->wet += (1 - c->spec.residue) * c->spec.vehicle;
  set_volume(c, c->volume + c->spec.vehicle);
}

static void wash_off(struct nw_column *c) {
  c->on = c->solid = false;
  c->washed += c->pool;
  c->pool = c->volume = c->wet = 0;
  c->now.vehicle = 0;
  c->wash_at = INFINITY;
  nw_column_set_top(c);
}

/* Needles that pass through a vehicle leave their channels full of it. */
static void fill_channels(struct nw_column *c) {
  if (!c->on || !c->live || !(c->spec.fill > 0)) return;
  double room = 0, share = c->spec.fill;
  for (int i = 0; i < c->live; i++)
    room += c->channel_capacity[i];
  if (isfinite(c->spec.vehicle)) share = fmin(share, c->volume / (room + c->volume));
  for (int i = 0; i < c->live; i++)
    c->now.channel[i] = share * c->now.vehicle;
  c->now.supplied += share * room * c->now.vehicle;
  if (!isfinite(c->spec.vehicle)) return;
  c->pool -= share * room * c->now.vehicle;
  set_volume(c, c->volume);
}

/* A session's needles: older channels are left behind plugged, new ones stand beside them. */
static void make_channels(struct nw_column *c) {
  plug_channels(c, 0);
  c->made_at = c->opened ? c->time : fmin(c->spec.open_at, c->time);
  c->opened++;
  c->closed = false;
  plug_channels(c, open_fraction_at(c, c->time));
  fill_channels(c);
  c->store[NW_COLUMN_NEEDLES].amount += c->spec.needle_load;
  c->dose += c->spec.needle_load;
}

static double next_event(const struct nw_column *c, double until) {
  const double first = fmin(next_dose(c), next_opening(c)), second = fmin(c->wash_at, next_closing(c));
  return fmin(until, fmin(first, second));
}

static void apply_events(struct nw_column *c) {
  const double now = c->time, due = next_event(c, INFINITY);
  if (due > now) return;
  if (now >= next_closing(c)) {
    c->closed = true;
    plug_channels(c, 0);
  }
  if (now >= c->wash_at) wash_off(c);
  if (now >= next_dose(c)) give_dose(c);
  if (now >= next_opening(c)) make_channels(c);
  new_event(c);
}

enum nw_status nw_column_advance(struct nw_column *c, double time) {
  while (c->time < time) {
    apply_events(c);
    step_until(c, next_event(c, time));
  }
  return isfinite(c->now.tissue[0]) && isfinite(c->now.blood) ? NW_OK : NW_NUMERICAL;
}

/* ---- construction and reading ---- */

static void set_stores(struct nw_column *c) {
  const double at_once = 1; /* math: per second, for a release that is not timed */
  const int deepest = c->spec.n_layers - 1;
  struct nw_column_store *needles = &c->store[NW_COLUMN_NEEDLES], *follicles = &c->store[NW_COLUMN_FOLLICLES];
  *needles = (struct nw_column_store){
      .rate = isfinite(c->spec.needle_release) ? c->spec.needle_release : at_once, .to = c->n_channel};
  *follicles = (struct nw_column_store){.rate = c->spec.follicle_release, .from = c->n_tissue};
  for (int i = c->n_tissue - 1; i >= 0 && c->layer[i] == deepest; i--)
    follicles->from = i;
  follicles->to = follicles->from + 1;
  while (follicles->to < c->n_tissue && c->centre[follicles->to] < c->spec.follicle_depth)
    follicles->to++;
  for (int k = 0; k < NW_COLUMN_STORES; k++)
    for (int i = c->store[k].from; i < c->store[k].to; i++)
      c->store[k].breadth += c->size[i];
}

enum nw_status nw_column_create(const struct nw_column_spec *spec, struct nw_column **out) {
  struct nw_column *c = *out = nw_allocate(1, sizeof *c);
  if (!c) return NW_MEMORY;
  c->spec = *spec;
  if (!(spec->channels.density > 0)) c->spec.channels = (struct nw_channels){.depth = spec->channels.depth};
  if (!(spec->channels.density > 0)) c->spec.needle_load = 0;
  c->wash_at = INFINITY;
  nw_column_build_grid(c);
  nw_column_set_tissue(c);
  nw_column_set_channels(c, 0);
  nw_column_set_top(c);
  set_stores(c);
  if (next_dose(c) <= 0) give_dose(c);
  return NW_OK;
}

void nw_column_free(struct nw_column **column) {
  if (!column) return;
  nw_release(*column);
  *column = NULL;
}

static double flux_into_viable(const struct nw_column *c) {
  const struct nw_column_state *s = &c->now;
  const int k = c->first_viable;
  if (k == 0) return s->inflow;
  double flux = c->down[k - 1] * s->tissue[k - 1] - c->up[k - 1] * s->tissue[k];
  if (c->on) flux += c->top_polar * (s->vehicle - s->tissue[k]);
  if (k < c->live) flux += c->channel_down[k - 1] * s->channel[k - 1] - c->channel_up[k - 1] * s->channel[k];
  if (k == c->live) flux += c->tip_down * s->channel[k - 1] - c->tip_up * s->tissue[k];
  return flux;
}

static void read_receptor(const struct nw_column *c, struct nw_column_reading *out) {
  const int last = c->n_tissue - 1;
  const double below = c->spec.bottom == NW_BOTTOM_RECEPTOR ? c->now.tissue[last + 1] : 0;
  out->receptor = c->spec.bottom == NW_BOTTOM_RECEPTOR ? c->capacity[last + 1] * below : c->now.received;
  out->receptor_flux = c->down[last] * c->now.tissue[last] - c->up[last] * below;
}

void nw_column_read(const struct nw_column *c, struct nw_column_reading *out) {
  *out = (struct nw_column_reading){.washed = c->washed, .supplied = c->now.supplied, .blood = c->now.blood};
  double sum = 0;
  sum_layers(c, out->layer);
  memcpy(out->exposure, c->exposure, sizeof out->exposure);
  read_receptor(c, out);
  out->vehicle = c->on ? (nw_column_vehicle_free(c) ? c->now.vehicle * c->volume : c->pool) : 0;
  out->evaporated = c->now.evaporated;
  out->stored = c->store[NW_COLUMN_NEEDLES].amount + c->store[NW_COLUMN_FOLLICLES].amount;
  out->dose = isfinite(c->spec.vehicle) ? c->dose : c->dose + c->now.supplied;
  out->eliminated = c->now.cleared - c->now.blood;
  out->past = c->now.cleared + out->receptor;
  for (int l = 0; l < c->spec.n_layers; l++) {
    sum += out->layer[l];
    if (l >= c->spec.viable) out->past += out->layer[l];
  }
  sum += c->now.cleared + out->receptor;
  out->residual = fabs(sum + out->vehicle + out->washed + out->evaporated + out->stored - out->dose);
  out->flux = flux_into_viable(c);
  out->covered = c->on;
  out->concentration = c->on ? c->now.vehicle : 0;
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
    out[i] = fmax((c->capacity[i] * c->now.tissue[i] + held) / c->size[i] + c->area[i] * c->now.bound[i], 0);
  }
}
