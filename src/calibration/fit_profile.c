/* SPDX-License-Identifier: BSD-3-Clause
   Profile likelihood: one parameter held, all others fitted again, until the fit is significantly worse or
   the bounds are met; and what follows in words. */
#include <math.h>
#include <string.h>

#include "fit.h"

double nw_fit_threshold(double level) {
  double low = 0, high = 100;
  while (high - low > 1e-9) {
    const double middle = 0.5 * (low + high);
    if (erf(sqrt(0.5 * middle)) < level)
      low = middle;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

/* ---- one side ---- */

struct walk {
  const struct nw_fit *fit;
  const double *optimum;
  double objective; /* of the optimum */
  size_t k;
  int direction;
  double threshold;
  bool *fixed;
  struct nw_profile_side *side;
};

/* Where the walk was `back` points ago; 0 points: the optimum. */
static const double *past(const struct walk *w, size_t back) {
  return back < w->side->count ? w->side->theta + (w->side->count - 1 - back) * w->fit->n_parameters
                               : w->optimum;
}

static double past_share(const struct walk *w, size_t back) {
  return nw_fit_share(&w->fit->parameter[w->k], past(w, back)[w->k]);
}

/* The others go on as they went since the last point but one. */
static void guess(const struct walk *w, double share, double *theta) {
  const double *last = past(w, 0), *before = past(w, 1);
  const double s0 = past_share(w, 0), s1 = past_share(w, 1);
  const double on = s0 != s1 ? (share - s0) / (s0 - s1) : 0;
  for (size_t j = 0; j < w->fit->n_parameters; j++) {
    const struct nw_fit_parameter *p = &w->fit->parameter[j];
    const double a = nw_fit_share(p, last[j]), b = nw_fit_share(p, before[j]);
    theta[j] = nw_fit_value(p, fmin(fmax(a + on * (a - b), 0), 1));
  }
  theta[w->k] = nw_fit_value(&w->fit->parameter[w->k], share);
}

/* Fits the others with parameter k at `share`; from where they stand and, if that is worse, from where they
   would go on to. */
static enum nw_status fit_at(struct walk *w, double share, double step, double *theta, double *rise) {
  double objective;
  const double *last = past(w, 0);
  const size_t n = w->fit->n_parameters;
  guess(w, share, theta);
  double *other = nw_allocate(n + 1, sizeof *other);
  if (!other) return NW_MEMORY;
  memcpy(other, last, n * sizeof *other);
  other[w->k] = theta[w->k];
  if (nw_fit_objective(w->fit, other) < nw_fit_objective(w->fit, theta))
    memcpy(theta, other, n * sizeof *theta);
  nw_release(other);
  const enum nw_status status =
      nw_fit_descend(w->fit, w->fixed, fmin(fmax(step, 0.01), 0.2), theta, &objective, NULL);
  *rise = objective - w->objective;
  return status;
}

static void keep(struct walk *w, double share, double rise) {
  struct nw_profile_side *s = w->side;
  s->share[s->count] = share;
  s->rise[s->count] = rise;
  s->least = fmin(s->least, rise + w->objective);
  s->count++;
}

/* Between two points of the profile: the root of the rise grows evenly near a quadratic optimum. */
static double crossing(double s0, double r0, double s1, double r1, double threshold) {
  const double a = sqrt(fmax(r0, 0)), b = sqrt(r1), t = sqrt(threshold);
  return b > a ? s0 + (s1 - s0) * (t - a) / (b - a) : s1;
}

/* The limit lies between the last two points: one point in between makes it sharper. */
static enum nw_status refine(struct walk *w) {
  struct nw_profile_side *s = w->side;
  const size_t n = s->count;
  double s0 = n > 1 ? s->share[n - 2] : nw_fit_share(&w->fit->parameter[w->k], w->optimum[w->k]);
  double r0 = n > 1 ? s->rise[n - 2] : 0, s1 = s->share[n - 1], r1 = s->rise[n - 1];
  for (int i = 0; i < 2 && s->count < NW_PROFILE_MOST; i++) {
    const double at = crossing(s0, r0, s1, r1, w->threshold);
    double *theta = s->theta + s->count * w->fit->n_parameters, rise;
    NW_TRY(fit_at(w, at, fabs(at - s0), theta, &rise));
    keep(w, at, rise);
    if (rise < w->threshold)
      s0 = at, r0 = rise;
    else
      s1 = at, r1 = rise;
    if (fabs(rise - w->threshold) < 0.03 * w->threshold) break;
  }
  s->limit = crossing(s0, r0, s1, r1, w->threshold);
  return NW_OK;
}

static enum nw_status walk_out(struct walk *w, double step) {
  struct nw_profile_side *s = w->side;
  const double from = nw_fit_share(&w->fit->parameter[w->k], w->optimum[w->k]);
  double share = from, rise = 0;
  const double end = w->direction > 0 ? 1 : 0;
  while (s->count < NW_PROFILE_MOST - 2 && fabs(end - share) > 1e-9) {
    const double before = rise;
    const double next = fmin(fmax(share + w->direction * step, 0), 1);
    NW_TRY(fit_at(w, next, fabs(next - share), s->theta + s->count * w->fit->n_parameters, &rise));
    share = next;
    keep(w, share, rise);
    if (rise >= w->threshold) return refine(w);
    if (rise - before < 0.2 * w->threshold) step *= 2; /* few points where it is flat */
  }
  return NW_OK;
}

enum nw_status nw_fit_profile(const struct nw_fit *fit, const double *optimum, double objective, size_t k,
                              int direction, double step, double threshold, struct nw_profile_side *side) {
  struct walk w = {fit, optimum, objective, k, direction, threshold, NULL, side};
  w.fixed = nw_allocate(fit->n_parameters, sizeof *w.fixed);
  side->count = 0;
  side->limit = NAN;
  side->least = objective;
  if (!w.fixed) return NW_MEMORY;
  w.fixed[k] = true;
  const enum nw_status status = walk_out(&w, fmin(fmax(step, 2e-3), 0.2));
  nw_release(w.fixed);
  return status;
}

/* ---- in words ---- */

/* Distance on the parameter's scale: of logarithms, or of values. */
static double distance(const struct nw_fit_parameter *p, double from, double to) {
  return p->log ? log(to / from) : to - from;
}

/* Farthest point of both sides that is as good as the optimum, or nearly. */
static const double *flat_end(const struct nw_fit *fit, const double *optimum, size_t k,
                              const struct nw_profile_side side[2], double threshold, double *extent) {
  const double *end = NULL, here = nw_fit_share(&fit->parameter[k], optimum[k]);
  *extent = 0;
  for (int d = 0; d < 2; d++)
    for (size_t i = 0; i < side[d].count; i++) {
      const double away = fabs(side[d].share[i] - here);
      if (side[d].rise[i] > 0.1 * threshold || away <= *extent) continue;
      *extent = away;
      end = side[d].theta + i * fit->n_parameters;
    }
  return end;
}

/* Another parameter moved along with this one to keep the fit: by at least a third of its own way. */
static bool find_partner(const struct nw_fit *fit, const double *optimum, size_t k, const double *end,
                         struct nw_identity *out) {
  const struct nw_fit_parameter *p = fit->parameter;
  const double own = fabs(nw_fit_share(&p[k], end[k]) - nw_fit_share(&p[k], optimum[k]));
  double most = own / 3;
  bool found = false;
  for (size_t j = 0; j < fit->n_parameters; j++) {
    const double moved = fabs(nw_fit_share(&p[j], end[j]) - nw_fit_share(&p[j], optimum[j]));
    if (j == k || moved < most) continue;
    most = moved;
    found = true;
    out->partner = j;
    out->slope = distance(&p[j], optimum[j], end[j]) / distance(&p[k], optimum[k], end[k]);
  }
  return found;
}

struct nw_identity nw_fit_identify(const struct nw_fit *fit, const double *optimum, size_t k,
                                   const struct nw_profile_side side[2], double threshold) {
  struct nw_identity out = {NW_OPEN, k, 0};
  double extent;
  const double *end = flat_end(fit, optimum, k, side, threshold, &extent);
  const double wide = 0.15; /* of the range without any loss: no mere optimum */
  if (end && extent > wide && find_partner(fit, optimum, k, end, &out)) {
    out.kind = NW_TIED;
    return out;
  }
  const bool below = isfinite(side[0].limit), above = isfinite(side[1].limit);
  out.kind = below && above ? NW_IDENTIFIABLE : below ? NW_BOUNDED_BELOW : above ? NW_BOUNDED_ABOVE : NW_OPEN;
  return out;
}

/* Slopes this near to 1 are a plain ratio, product, sum or difference. */
static const double near_one = 0.25;

void nw_fit_identity_words(const struct nw_fit *fit, size_t k, const struct nw_identity *identity,
                           struct nw_text *out) {
  static const char *const words[] = {[NW_IDENTIFIABLE] = "identifiable",
                                      [NW_BOUNDED_BELOW] = "bounded below only",
                                      [NW_BOUNDED_ABOVE] = "bounded above only",
                                      [NW_OPEN] = "not identifiable: the data say nothing about it"};
  if (identity->kind != NW_TIED) {
    nw_text_append(out, "%s", words[identity->kind]);
    return;
  }
  const struct nw_fit_parameter *p = fit->parameter;
  const bool logs = p[k].log && p[identity->partner].log;
  const bool plain = fabs(fabs(identity->slope) - 1) < near_one && p[k].log == p[identity->partner].log;
  const char *what = "a combination of the two";
  if (plain && logs) what = identity->slope > 0 ? "their ratio" : "their product";
  if (plain && !logs) what = identity->slope > 0 ? "their difference" : "their sum";
  nw_text_append(out, "tied to %s: only %s", p[identity->partner].name, what);
}
