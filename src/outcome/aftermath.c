/* SPDX-License-Identifier: BSD-3-Clause
   What treatment costs the person: days at home, redness, the risk of dark marks. */
#include "aftermath.h"

#include <math.h>

#include "base/units.h"
#include "colour.h"
#include "plan/site.h"
#include "skin/skin.h"
#include "surface/sun.h"

double nw_aftermath_erythema_peak(const struct nw_timeline *t) {
  double peak = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    peak = fmax(peak, t->value[i][NW_OUTCOME_erythema_index] - t->value[0][NW_OUTCOME_erythema_index]);
  return peak;
}

/* The last row at or before a session, still without its marks. */
static size_t row_before(const struct nw_timeline *t, double begin) {
  size_t row = 0;
  while (row + 1 < t->n_rows && t->time[row + 1] < begin)
    row++;
  return row;
}

/* Redness of this skin before any treatment with so many times its blood. */
static double seen_redness(const struct nw_case *c, double melanin, double blood) {
  const struct nw_params *p = &c->params;
  const struct nw_tint tint = {
      .melanin = melanin, .blood = p->f_blood * nw_site_row(c->subject.site)->blood * blood, .scatter = 1};
  return nw_colour_lab(p, &tint).a;
}

double nw_aftermath_visible_red(const struct nw_case *c) {
  const struct nw_params *p = &c->params;
  const double sun = nw_sun_activity(c, nw_sun_dose(c, -1));
  const double melanin = nw_colour_melanin(p, c->subject.phototype) * sun;
  const double limit = seen_redness(c, melanin, 1) + p->visible_red;
  double low = 1, high = 20;     /* math: more blood than vessels can hold */
  for (int i = 0; i < 60; i++) { /* math: halvings to rounding */
    const double middle = 0.5 * (low + high);
    *(seen_redness(c, melanin, middle) < limit ? &low : &high) = middle;
  }
  return nw_colour_erythema(p, low);
}

/* Where something begins to show. */
struct limits {
  const struct nw_params *p;
  double red; /* rise of the erythema index [AU] */
};

static double redness(const struct limits *l, const struct nw_timeline *t, size_t start, size_t i) {
  return (t->value[i][NW_OUTCOME_erythema_index] - t->value[start][NW_OUTCOME_erythema_index]) / l->red;
}

/* How strongly row i shows over row `start`, relative to the limits: above 1 something is visible. Skin that
   held water better on the eve than before the course may return to normal without anyone noticing. */
static double visibility(const struct limits *l, const struct nw_timeline *t, size_t start, size_t i) {
  const struct nw_params *p = l->p;
  const double *now = t->value[i], *then = t->value[start];
  const double normal = fmax(then[NW_OUTCOME_tewl_g_m2_h], t->value[0][NW_OUTCOME_tewl_g_m2_h]);
  const double leak = (now[NW_OUTCOME_tewl_g_m2_h] / normal - 1) / (p->visible_leak - 1);
  const double spots = now[NW_OUTCOME_petechiae] / nw_unit_from_si(p->visible_spots, "1/cm^2");
  return fmax(redness(l, t, start, i), fmax(leak, spots));
}

typedef double (*sight)(const struct limits *l, const struct nw_timeline *t, size_t start, size_t i);

/* When the last visible row of [begin, end) fades [s]; begin when none shows. */
static double fades_at(const struct limits *l, const struct nw_timeline *t, sight seen, double begin,
                       double end) {
  const size_t start = row_before(t, begin);
  double fade = begin;
  for (size_t i = start; i < t->n_rows; i++) {
    const double shows = seen(l, t, start, i);
    if (t->time[i] < begin || t->time[i] >= end || shows <= 1) continue;
    fade = t->time[i];
    if (i + 1 >= t->n_rows || t->time[i + 1] >= end) continue;
    const double next = seen(l, t, start, i + 1);
    if (next <= 1) fade += (t->time[i + 1] - t->time[i]) * (shows - 1) / (shows - next);
  }
  return fade;
}

static double longest_sight(const struct nw_case *c, const struct nw_timeline *t, sight seen) {
  const int sessions = nw_case_session_count(c);
  const struct limits limits = {&c->params, nw_aftermath_visible_red(c)};
  double longest = 0;
  for (int i = 0; i < sessions; i++) {
    const double begin = nw_case_session_time(c, i);
    const double end = i + 1 < sessions ? nw_case_session_time(c, i + 1) : INFINITY;
    longest = fmax(longest, fades_at(&limits, t, seen, begin, end) - begin);
  }
  return longest;
}

double nw_aftermath_downtime(const struct nw_case *c, const struct nw_timeline *t) {
  return longest_sight(c, t, visibility);
}

double nw_aftermath_redness(const struct nw_case *c, const struct nw_timeline *t) {
  return longest_sight(c, t, redness);
}

/* Inflammation that a melanocyte meets: half of it that of the junction where it sits, half that of the whole
   dermis, whose mediators, and leukocytes on their way, come up to it [kg/m3]. */
static double met(const struct nw_case *c, const struct nw_skin *skin, const struct nw_tissue_state *s) {
  const struct nw_params *p = &c->params;
  const double upper = fmin(p->papillary_zone / skin->dermis, 1);
  const double dermis =
      upper * s->papillary[NW_FIELD_inflammatory] + (1 - upper) * s->reticular[NW_FIELD_inflammatory];
  const double both = 0.5 * (s->junction[NW_FIELD_inflammatory] + dermis);
  return nw_skin_reactivity(c) * nw_unit_to_si(fmax(both, 0), "ng/mL");
}

/* The same summed over time [kg s/m3] and the mean dose weighted with it [MED/s]. */
static double inflammation(const struct nw_case *c, const struct nw_skin *skin,
                           const struct nw_tissue_history *h, double *sun) {
  double sum = 0, lit = 0;
  for (size_t i = 0; i + 1 < h->count; i++) {
    const double dt = h->item[i + 1].time - h->item[i].time;
    const double part = 0.5 * dt * (met(c, skin, &h->item[i]) + met(c, skin, &h->item[i + 1]));
    sum += part;
    lit += part * nw_sun_dose(c, fmax(h->item[i].time + 0.5 * dt, 0));
  }
  *sun = sum > 0 ? lit / sum : nw_sun_dose(c, 0);
  return sum;
}

double nw_aftermath_pih_risk(const struct nw_case *c, const struct nw_skin *skin,
                             const struct nw_tissue_history *tissue) {
  const struct nw_params *p = &c->params;
  double sun;
  const double dose = inflammation(c, skin, tissue, &sun) / p->pih_dose + p->pih_least;
  const double type = exp(p->pih_type * (c->subject.phototype - 4)); /* math: reference is phototype IV */
  const double lit = pow((sun + p->pih_sun_0) / (2 * p->pih_sun_0), p->pih_sun);
  const double odds = p->pih_0 * type * pow(dose, p->pih_power) * lit;
  return odds / (1 + odds);
}
