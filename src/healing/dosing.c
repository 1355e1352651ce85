/* SPDX-License-Identifier: BSD-3-Clause
   What absorbed products do to the biology in time. */
#include "dosing.h"

#include <math.h>
#include <stdlib.h>

#include "base/numerics.h"
#include "base/units.h"
#include "plan/product_effect.h"
#include "transport/transport_build.h"

/* One product over the whole course. */
struct trace {
  enum nw_effect_mechanism mechanism;
  double size, half;         /* [1], [kg/m3] */
  double onset, persistence; /* [d] */
  size_t n;
  double *time;     /* (n) increasing [d] owned */
  double *exposure; /* (n) concentration over time so far [kg d/m3] owned */
  double *entered;  /* (n) vehicle gone past the stratum corneum so far [mm] owned */
  double *held;     /* (n) share of its size that the effect has reached, s [1] owned */
  size_t n_depths;
  double *depth;  /* (n_depths) lower faces of cells below the junction [mm] owned */
  double *deeper; /* (n_depths) share of what is in the dermis that lies above that face [1] owned */
};

struct nw_dosing {
  size_t n;
  struct trace *trace; /* owned */
};

/* ---- courses of single sessions, laid end to end ---- */

/* Sum over sessions of a course that starts anew with each, constant once it has ended. */
struct sum {
  const struct nw_absorption *a;
  const struct nw_course_calendar *calendar;
  size_t followed; /* sessions that one course of transport covers already */
  double shift;    /* of the first dose against its session [d] */
};

static double between(const double *x, const double *y, size_t n, double at) {
  if (!(at > x[0])) return y[0];
  if (at >= x[n - 1]) return y[n - 1];
  size_t low = 0, high = n - 1;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    if (x[middle] <= at)
      low = middle;
    else
      high = middle;
  }
  return y[low] + (at - x[low]) / (x[high] - x[low]) * (y[high] - y[low]);
}

static double sum_at(const struct sum *s, const double *value, double time) {
  double total = 0;
  for (size_t k = 0; k < s->calendar->n_sessions; k += s->followed) {
    const double since = nw_unit_to_si(time - s->calendar->session[k] - s->shift, "d");
    if (since > 0) total += between(s->a->time, value, s->a->n_times, since);
  }
  return total;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void fill_times(const struct sum *s, struct trace *t) {
  size_t n = 0;
  for (size_t k = 0; k < s->calendar->n_sessions; k += s->followed)
    for (size_t i = 0; i < s->a->n_times; i++)
      t->time[n++] = s->calendar->session[k] + s->shift + nw_unit_from_si(s->a->time[i], "d");
  qsort(t->time, n, sizeof(double), ascending);
}

/* ---- melanocytes held back ---- */

/* Exact for a concentration that is constant over dt. */
static double hold(const struct trace *t, double held, double concentration, double dt) {
  const double aim = concentration / (concentration + t->half);
  return aim + (held - aim) * exp(-dt / (aim > held ? t->onset : t->persistence));
}

static double mean_between(const struct trace *t, size_t i) {
  const double dt = t->time[i + 1] - t->time[i];
  return dt > 0 ? (t->exposure[i + 1] - t->exposure[i]) / dt : 0;
}

static void follow(const struct sum *s, const struct nw_product *product, struct trace *t) {
  const struct nw_absorption_course *course = &s->a->needled;
  fill_times(s, t);
  for (size_t i = 0; i < t->n; i++) {
    t->exposure[i] = nw_unit_from_si(sum_at(s, course->exposure, t->time[i]), "d");
    t->entered[i] = nw_unit_from_si(sum_at(s, course->cumulative, t->time[i]) / product->concentration, "mm");
  }
  if (!(t->half > 0)) return;
  for (size_t i = 0; i + 1 < t->n; i++)
    t->held[i + 1] = hold(t, t->held[i], mean_between(t, i), t->time[i + 1] - t->time[i]);
}

static double held_at(const struct trace *t, double time) {
  size_t low = 0, high = t->n;
  if (t->n == 0 || time < t->time[0]) return 0;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    if (t->time[middle] <= time)
      low = middle;
    else
      high = middle;
  }
  const double concentration = low + 1 < t->n ? mean_between(t, low) : 0;
  return hold(t, t->held[low], concentration, time - t->time[low]);
}

/* ---- depths ---- */

/* Where in the dermis the product lies at the end of contact. */
static void find_depths(const struct nw_run *run, const struct nw_absorption *a, struct trace *t) {
  const double junction = run->skin.stratum_corneum + run->skin.viable_epidermis;
  double top = 0, sum = 0;
  for (size_t i = 0; i < a->n_depths; i++) {
    const double size = 2 * (a->depth[i] - top);
    if (a->depth[i] > junction) {
      sum += size * a->needled.profile[i];
      t->depth[t->n_depths] = nw_unit_from_si(top + size - junction, "mm");
      t->deeper[t->n_depths++] = sum;
    }
    top += size;
  }
  for (size_t i = 0; i < t->n_depths && sum > 0; i++)
    t->deeper[i] /= sum;
}

static double share_above(const struct trace *t, double depth) {
  if (!(depth > 0)) return 0;
  if (depth < t->depth[0]) return depth / t->depth[0] * t->deeper[0];
  return between(t->depth, t->deeper, t->n_depths, depth);
}

/* ---- creation ---- */

static void clear(struct trace *t) {
  nw_release(t->time);
  nw_release(t->exposure);
  nw_release(t->entered);
  nw_release(t->held);
  nw_release(t->depth);
  nw_release(t->deeper);
}

static bool allocate(struct trace *t, size_t n, size_t n_depths) {
  t->n = n;
  t->time = nw_allocate(n, sizeof(double));
  t->exposure = nw_allocate(n, sizeof(double));
  t->entered = nw_allocate(n, sizeof(double));
  t->held = nw_allocate(n, sizeof(double));
  t->depth = nw_allocate(n_depths, sizeof(double));
  t->deeper = nw_allocate(n_depths, sizeof(double));
  return t->time && t->exposure && t->entered && t->held && t->depth && t->deeper;
}

static const struct nw_product_effect *acting(const struct nw_run *run, size_t i) {
  const struct nw_product_effect *effect = nw_product_effect(run->c->products[i].name);
  return effect && effect->mechanism != NW_EFFECT_NOTHING ? effect : NULL;
}

static bool make_trace(const struct nw_run *run, const struct nw_course_calendar *calendar, size_t i,
                       struct trace *t) {
  const struct nw_product *product = &run->c->products[i];
  const struct nw_product_effect *effect = acting(run, i);
  const struct nw_params *p = &run->c->params;
  const struct sum s = {.a = &run->absorption[i],
                        .calendar = calendar,
                        .followed = product->sessions > 1 ? (size_t)product->sessions : 1,
                        .shift = nw_unit_from_si(nw_transport_dose_time(p, product), "d")};
  const size_t courses = (calendar->n_sessions + s.followed - 1) / s.followed;
  *t = (struct trace){.mechanism = effect->mechanism,
                      .size = nw_effect_size(effect, p),
                      .half = nw_effect_half(effect, p),
                      .onset = nw_unit_from_si(p->hold_onset, "d"),
                      .persistence = nw_unit_from_si(p->hold_persistence, "d")};
  if (!allocate(t, courses * s.a->n_times, s.a->n_depths)) return false;
  follow(&s, product, t);
  find_depths(run, s.a, t);
  return true;
}

enum nw_status nw_dosing_create(struct nw_context *context, const struct nw_run *run,
                                const struct nw_course_calendar *calendar, struct nw_dosing **out) {
  size_t count = 0;
  *out = NULL;
  for (size_t i = 0; run->absorption && i < run->c->n_products; i++)
    count += acting(run, i) != NULL;
  if (count == 0 || calendar->n_sessions == 0) return NW_OK;
  struct nw_dosing *d = *out = nw_allocate(1, sizeof *d);
  bool done = d && (d->trace = nw_allocate(count, sizeof *d->trace));
  for (size_t i = 0; done && i < run->c->n_products; i++)
    if (acting(run, i)) done = make_trace(run, calendar, i, &d->trace[d->n++]);
  return done ? NW_OK : nw_fail(context, NW_MEMORY, "products", "no memory for what the products do");
}

void nw_dosing_free(struct nw_dosing **dosing) {
  struct nw_dosing *d = *dosing;
  if (!d) return;
  for (size_t i = 0; i < d->n; i++)
    clear(&d->trace[i]);
  nw_release(d->trace);
  nw_release(d);
  *dosing = NULL;
}

/* ---- reading ---- */

/* Products that hold back the same do so independently of each other. */
struct nw_pigment_hold nw_dosing_hold(const struct nw_dosing *d, double time) {
  struct nw_pigment_hold free = {1, 1};
  for (size_t i = 0; d && i < d->n; i++) {
    const struct trace *t = &d->trace[i];
    if (t->mechanism == NW_EFFECT_STIMULATED) free.stimulated *= 1 - t->size * held_at(t, time);
    if (t->mechanism == NW_EFFECT_PIGMENT) free.all *= 1 - t->size * held_at(t, time);
  }
  return (struct nw_pigment_hold){1 - free.stimulated, 1 - free.all};
}

static double entered(const struct trace *t, double time) {
  return between(t->time, t->entered, t->n, time);
}

double nw_dosing_limit(const struct nw_dosing *d, double time, double limit) {
  const double soon = fmin(limit, time + NW_NUMERIC(dosing_step));
  for (size_t i = 0; d && i < d->n; i++) {
    const struct trace *t = &d->trace[i];
    if (t->mechanism == NW_EFFECT_PLATELETS && entered(t, soon) > entered(t, time)) return soon;
  }
  return limit;
}

bool nw_dosing_plasma(const struct nw_dosing *d, double start, double end, size_t n, const double *edge,
                      double *share) {
  bool any = false;
  for (size_t k = 0; k < n; k++)
    share[k] = 0;
  for (size_t i = 0; d && i < d->n; i++) {
    const struct trace *t = &d->trace[i];
    const double volume = t->mechanism == NW_EFFECT_PLATELETS ? entered(t, end) - entered(t, start) : 0;
    if (!(volume > 0)) continue;
    any = true;
    for (size_t k = 0; k < n; k++)
      share[k] += volume * (share_above(t, edge[k + 1]) - share_above(t, edge[k])) / (edge[k + 1] - edge[k]);
  }
  return any;
}

double nw_dosing_digest(const struct nw_dosing *d) {
  double sum = 0;
  for (size_t i = 0; d && i < d->n; i++) {
    const struct trace *t = &d->trace[i];
    sum += t->size + t->half + t->onset + t->persistence;
    for (size_t k = 0; k < t->n; k++)
      sum += t->exposure[k] + t->entered[k];
  }
  return sum;
}
