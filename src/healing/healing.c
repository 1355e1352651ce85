/* SPDX-License-Identifier: BSD-3-Clause
   Stage healing: the course through time. */
#include "healing_state.h"

#include <math.h>

#include "base/numerics.h"
#include "base/units.h"

/* What the surface sees of the dermis: maps on a patch, the mean elsewhere. Signals are those of the
   uppermost layer; collagen is that of the whole papillary zone, which a unit cell's only layer stands for.
 */
static enum nw_status read_junction(struct nw_context *context, struct nw_healing_state *s) {
  static const enum nw_field field[] = {NW_FIELD_inflammatory, NW_FIELD_mitogen, NW_FIELD_vessel};
  double mean[NW_FIELD_COUNT];
  if (s->fidelity != NW_PATCH)
    NW_TRY(nw_tissue_means(context, s->tissue, 0, s->tissue->grid.axis[2].edge[1], mean));
  for (size_t k = 0; k < NW_COUNT(field); k++) {
    if (s->fidelity == NW_PATCH) {
      nw_tissue_junction(s->tissue, field[k], s->signal[k]);
    } else {
      s->signal[k][0] = mean[field[k]];
    }
  }
  double *collagen = s->signal[NW_COUNT(field)];
  nw_tissue_collagen(s->tissue, s->tissue->params.papillary_zone, s->leak /* free until the next step */,
                     collagen);
  if (s->fidelity != NW_PATCH) collagen[0] = nw_layer_mean(&s->tissue->grid, collagen);
  return NW_OK;
}

/* Signals leak where the epidermis is open: on a patch column by column, in a cell over its one channel. */
static void set_leak(struct nw_healing_state *s) {
  const double *coverage = nw_surface_coverage(s->surface), k = s->tissue->params.k_leak;
  const struct nw_axis *x = &s->tissue->grid.axis[0];
  const size_t plane = x->n * s->tissue->grid.axis[1].n;
  double mouth = 0, area = 0;
  for (size_t i = 0; i < x->n; i++) {
    mouth += s->core[i] * x->volume[i];
    area += x->volume[i];
  }
  for (size_t i = 0; i < plane; i++)
    if (s->fidelity == NW_PATCH) {
      s->leak[i] = k * fmax(0, 1 - coverage[i]);
    } else {
      s->leak[i] = mouth > 0 ? k * fmin(1, (1 - coverage[0]) * s->core[i] * area / mouth) : 0;
    }
}

/* Growth factors that came in during a step of dt [d], less what decayed of them since. */
static enum nw_status add_factor(struct nw_context *context, struct nw_healing_state *s, enum nw_field field,
                                 double content, double decay, double dt) {
  const size_t n = s->tissue->grid.axis[2].n;
  const double left = -expm1(-decay * dt) / (decay * dt);
  double *more = s->plasma + n;
  for (size_t k = 0; k < n; k++)
    more[k] = content * left * s->plasma[k];
  return nw_tissue_add(context, s->tissue, field, more);
}

/* A unit cell's only layer stands for the papillary zone. */
static enum nw_status take_plasma(struct nw_context *context, struct nw_healing_state *s, double start,
                                  double end) {
  const struct nw_params *p = &s->tissue->params;
  const struct nw_axis *z = &s->tissue->grid.axis[2];
  const double zone[2] = {0, p->papillary_zone}, *edge = z->n > 1 ? z->edge : zone;
  if (!nw_dosing_plasma(s->dosing, start, end, z->n, edge, s->plasma)) return NW_OK;
  NW_TRY(add_factor(context, s, NW_FIELD_mitogen, p->platelet_mitogen, p->delta_P, end - start));
  return add_factor(context, s, NW_FIELD_tgf_beta, p->f_act * p->platelet_tgf, p->delta_T, end - start);
}

static void hold_pigment(struct nw_healing_state *s, double start, double end) {
  const struct nw_pigment_hold before = nw_dosing_hold(s->dosing, start),
                               after = nw_dosing_hold(s->dosing, end);
  nw_surface_hold(s->surface, &before, &after);
}

static enum nw_status advance(struct nw_context *context, struct nw_healing_state *s, double limit) {
  const double before = s->progress.time;
  const bool deep = s->fidelity == NW_PATCH || s->fidelity == NW_DEPTH_CELL;
  if (deep) set_leak(s);
  NW_TRY(
      nw_tissue_step(context, s->tissue, nw_dosing_limit(s->dosing, before, limit), deep ? s->leak : NULL));
  NW_TRY(take_plasma(context, s, before, s->tissue->time));
  NW_TRY(read_junction(context, s));
  s->progress.time = s->tissue->time;
  hold_pigment(s, before, s->progress.time);
  const struct nw_junction junction = {s->signal[0], s->signal[1], s->signal[2], s->signal[3]};
  nw_surface_step(s->surface, before, s->progress.time - before, &junction);
  s->progress.stepper = s->tissue->stepper->state;
  return NW_OK;
}

/* Work is dense after each session and thins out as its logarithm: a fair guide to the time left. */
static double work_until(const struct nw_course_calendar *calendar, double time) {
  const double early = 0.01; /* math: days; steps grow from here on */
  double work = 0;
  for (size_t i = 0; i < calendar->n_sessions && calendar->session[i] < time; i++) {
    const double next = i + 1 < calendar->n_sessions ? fmin(time, calendar->session[i + 1]) : time;
    work += log1p((next - calendar->session[i]) / early);
  }
  return work;
}

static void report(struct nw_context *context, const struct nw_healing_state *s) {
  const double all = work_until(&s->calendar, s->calendar.end);
  const double soon = 1e-9; /* math: days; a course of no length is done at once */
  const double fraction = all > 0 ? work_until(&s->calendar, s->progress.time) / all
                                  : s->progress.time / fmax(s->calendar.end, soon);
  nw_progress_report(context, "healing", fraction, s->progress.time);
}

/* Events at the present time, in this order: outcomes are read, then the needles come. */
static enum nw_status events_now(struct nw_context *context, struct nw_run *run, struct nw_healing_state *s,
                                 const struct nw_healing_sink *sink) {
  const struct nw_course_calendar *calendar = &s->calendar;
  struct nw_healing_progress *p = &s->progress;
  while (p->next_output < calendar->n_outputs && calendar->output[p->next_output] <= p->time)
    NW_TRY(nw_healing_record(context, run, s, sink));
  while (p->next_session < calendar->n_sessions && calendar->session[p->next_session] <= p->time)
    NW_TRY(nw_healing_session(context, run, s));
  return NW_OK;
}

static double next_event(const struct nw_healing_state *s) {
  const struct nw_course_calendar *calendar = &s->calendar;
  double limit = calendar->end;
  if (s->progress.next_output < calendar->n_outputs)
    limit = fmin(limit, calendar->output[s->progress.next_output]);
  if (s->progress.next_session < calendar->n_sessions)
    limit = fmin(limit, calendar->session[s->progress.next_session]);
  return limit;
}

/* Whether anything is left to do up to `until`. Nothing is read between events, and a step cut at another
   time would leave its mark on all that follows: a course that stops and goes on would have other bits. */
static bool more_until(const struct nw_healing_state *s, double until) {
  const double close = 1e-8; /* math: days; the calendar takes times within a millisecond for one */
  return s->progress.time < s->calendar.end && next_event(s) <= until + close;
}

void nw_healing_note(struct nw_run *run, const struct nw_healing_state *s) {
  run->checks.mass_residual = s->progress.stepper.residual;
  run->checks.positivity = s->progress.stepper.lowest;
  run->cost.cells = nw_grid_cells(&s->tissue->grid);
  run->cost.steps = s->progress.stepper.steps;
  run->cost.rejected = s->progress.stepper.rejected;
}

/* The subject grows older underneath. By whole spans of time, so that a course that goes on from a checkpoint
   has the same numbers. */
static void grow_older(const struct nw_case *c, const struct nw_run *run, struct nw_healing_state *s) {
  const double span = NW_NUMERIC(ageing_span), aged = span * floor(s->progress.time / span);
  if (aged == s->aged) return;
  const struct nw_network_modifiers modifiers = nw_tissue_modifiers(c, &run->skin, aged);
  nw_tissue_modify(s->tissue, &modifiers);
  s->aged = aged;
}

enum nw_status nw_healing_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                              double until, const struct nw_healing_sink *sink) {
  struct nw_healing_state *s = run->healing;
  double saved = nw_seconds_now();
  NW_TRY(events_now(context, run, s, sink));
  while (more_until(s, until)) {
    grow_older(c, run, s);
    NW_TRY(advance(context, s, next_event(s)));
    NW_TRY(events_now(context, run, s, sink));
    nw_healing_note(run, s);
    report(context, s);
    const bool stop = context->interrupt && more_until(s, until);
    if (sink && sink->checkpoint && (stop || nw_seconds_now() - saved > sink->checkpoint_every)) {
      NW_TRY(sink->checkpoint(sink->data));
      saved = nw_seconds_now();
    }
    if (stop) return NW_INTERRUPTED;
  }
  return NW_OK;
}

enum nw_status nw_healing_untreated(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  const nw_progress_function listener = context->progress;
  struct nw_run twin = {.c = c, .skin = run->skin};
  context->progress = NULL; /* a matter of milliseconds */
  enum nw_status status = nw_healing_prepare(context, c, &twin, NW_POINT, false);
  if (status == NW_OK) status = nw_healing_run(context, c, &twin, INFINITY, NULL);
  context->progress = listener;
  nw_healing_free(&twin.healing);
  nw_release(run->tissue_untreated.item);
  run->tissue_untreated = twin.tissue;
  return status;
}
