/* SPDX-License-Identifier: BSD-3-Clause
   Intervals of absorption: each uncertain number moved alone to both ends of its range, the effects added on
   a scale on which they do, and drawn together. */
#include "transport_spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "transport_build.h"

enum { DRAWS = 600, STRIDE = 4, MOST_KEYS = 12 };
enum { PAST = NW_ABSORBED_COUNT, READINGS }; /* past the stratum corneum: what the enhancement compares */

static const double quantile = 1.6449; /* math: 95 % point of the normal distribution */
static const double least = 1e-9;      /* math: of a reading, where a logarithm needs one */

/* Besides the share of the device's channels that conducts. */
static const char *const uncertain[] = {"barrier_open",
                                        "occlusion_factor",
                                        "polar_path",
                                        "tissue_diffusion_factor",
                                        "large_diffusion_factor",
                                        "lipid_partition_prefactor",
                                        "lipid_diffusion_prefactor",
                                        "capillary_permeability",
                                        "blood_elimination"};

/* Readings of one course. */
struct readings {
  double value[READINGS];
  double dose; /* given by then, INFINITY: endless [kg/m2] */
};

/* What one key does to the readings, on their scale, at both ends of its range. */
struct effect {
  double end[2][READINGS];
};

/* Needled or intact skin under the default numbers and under each key. */
struct side {
  struct nw_column_spec spec;
  struct readings middle;
  struct effect effect[MOST_KEYS];
  double drawn[READINGS][DRAWS];
};

/* ---- one course ---- */

static double layer_of(const struct nw_column_spec *s, const struct nw_column_reading *r, int layer) {
  if (s->n_layers == 1) return layer == NW_COLUMN_LAYERS - 1 ? r->layer[0] : 0;
  return layer < s->n_layers ? r->layer[layer] : 0;
}

static void watch(const struct nw_column_spec *s, const struct nw_column_reading *r, double time,
                  struct readings *out) {
  const bool living = s->bottom == NW_BOTTOM_CLOSED;
  const double flux = living ? r->flux : r->receptor_flux;
  if (time <= 0 || flux <= out->value[NW_ABSORBED_PEAK_FLUX]) return;
  out->value[NW_ABSORBED_PEAK_FLUX] = flux;
  out->value[NW_ABSORBED_LAG] = fmax(time - (living ? r->past : r->receptor) / flux, 0);
}

static void keep(const struct nw_column_spec *s, const struct nw_column_reading *r, struct readings *out) {
  out->value[NW_ABSORBED_CUMULATIVE] = s->bottom == NW_BOTTOM_CLOSED ? r->past : r->receptor;
  out->value[NW_ABSORBED_BLOOD] = r->blood;
  out->value[PAST] = r->past;
  for (int l = 0; l < NW_COLUMN_LAYERS; l++)
    out->value[NW_ABSORBED_STRATUM_CORNEUM + l] = layer_of(s, r, l);
  out->dose = isfinite(s->vehicle) ? r->dose : INFINITY;
}

static enum nw_status follow(const struct nw_column_spec *s, const struct nw_absorption *a,
                             struct readings *out) {
  struct nw_column *column;
  struct nw_column_reading r;
  enum nw_status status = nw_column_create(s, &column);
  *out = (struct readings){.dose = INFINITY};
  for (size_t i = 0; status == NW_OK && i < a->n_times; i++) {
    const bool contact = a->time[i] == a->needled.profile_time;
    if (i % STRIDE && !contact && i + 1 < a->n_times) continue;
    status = nw_column_advance(column, a->time[i]);
    if (status != NW_OK) break;
    nw_column_read(column, &r);
    watch(s, &r, a->time[i], out);
    if (contact) keep(s, &r, out);
  }
  nw_column_free(&column);
  return status;
}

/* ---- the scale on which effects add ---- */

/* Logarithm of a flux; log odds of an amount, which the dose bounds; a lag as it is. */
static double scaled(int which, double value, double dose) {
  if (which == NW_ABSORBED_LAG) return value;
  if (which == NW_ABSORBED_PEAK_FLUX || !isfinite(dose)) return log(value);
  return log(value) - log(fmax(dose - value, least * dose));
}

static double unscaled(int which, double z, double dose) {
  if (which == NW_ABSORBED_LAG) return fmax(z, 0);
  if (which == NW_ABSORBED_PEAK_FLUX || !isfinite(dose)) return exp(z);
  return dose / (1 + exp(-z));
}

/* ---- one number at both ends of its range ---- */

static double shifted(const struct side *side, const struct readings *moved, int which) {
  const double from = side->middle.value[which];
  const double to = which == NW_ABSORBED_LAG ? moved->value[which] : fmax(moved->value[which], least * from);
  return scaled(which, to, moved->dose) - scaled(which, from, side->middle.dose);
}

static enum nw_status move(const struct nw_column_spec *spec, const struct nw_absorption *a, int end,
                           struct effect *effect, const struct side *side) {
  struct readings moved = side->middle;
  if (memcmp(spec, &side->spec, sizeof *spec)) NW_TRY(follow(spec, a, &moved));
  for (int i = 0; i < READINGS; i++)
    effect->end[end][i] = side->middle.value[i] > 0 ? shifted(side, &moved, i) : 0;
  return NW_OK;
}

static struct nw_column_spec column_of(const struct nw_run *run, const struct nw_params *p, size_t product,
                                       struct nw_channels channels, bool needled) {
  struct nw_column_spec s =
      nw_transport_column(run, p, &run->c->products[product], channels, NW_TRANSPORT_COARSE);
  if (!needled) nw_transport_close_skin(p, &s);
  return s;
}

static enum nw_status move_both(const struct nw_run *run, size_t product, struct nw_channels channels,
                                const struct nw_absorption *a, const char *key, int j, struct side side[2]) {
  const struct nw_param_row *row = nw_param_find(key);
  for (int end = 0; row && end < 2; end++) {
    struct nw_params p = run->c->params;
    const double limit = end ? row->high : row->low;
    nw_param_set(&p, row, nw_param_get(&p, row) * limit / row->value);
    for (int k = 0; k < 2; k++) {
      const struct nw_column_spec s = column_of(run, &p, product, channels, k == 0);
      NW_TRY(move(&s, a, end, &side[k].effect[j], &side[k]));
    }
  }
  return NW_OK;
}

/* ---- all together ---- */

static int ascending(const void *a, const void *b) {
  double x, y;
  x = *(const double *)a;
  y = *(const double *)b;
  return (x > y) - (x < y);
}

static void middle_of(double *value, double interval[2]) {
  const int tail = DRAWS / 20; /* math: 5 % on each side */
  qsort(value, DRAWS, sizeof *value, ascending);
  interval[0] = value[tail];
  interval[1] = value[DRAWS - 1 - tail];
}

static void draw(struct side *side, int n, const double *normal, int k) {
  for (int i = 0; i < READINGS; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++)
      sum += side->effect[j].end[normal[j] > 0][i] * fabs(normal[j]) / quantile;
    side->drawn[i][k] = sum;
  }
}

/* Around the value of the fine column. */
static void set_interval(struct side *side, int which, double value, struct nw_absorption_course *course) {
  const double dose = side->middle.dose;
  if (!(value > 0) || !(side->middle.value[which] > 0)) return;
  double shift[2];
  middle_of(side->drawn[which], shift);
  for (int end = 0; end < 2; end++)
    course->interval[which][end] = unscaled(which, scaled(which, value, dose) + shift[end], dose);
  course->interval[which][0] = fmin(course->interval[which][0], value);
  course->interval[which][1] = fmax(course->interval[which][1], value);
}

static void set_course(struct side *side, const struct nw_absorption *a, struct nw_absorption_course *c) {
  size_t at = 0;
  while (at + 1 < a->n_times && a->time[at] < c->profile_time)
    at++;
  const double value[NW_ABSORBED_COUNT] = {
      [NW_ABSORBED_PEAK_FLUX] = c->peak_flux,
      [NW_ABSORBED_LAG] = c->lag,
      [NW_ABSORBED_CUMULATIVE] = c->cumulative[at],
      [NW_ABSORBED_STRATUM_CORNEUM] = c->stratum_corneum[at],
      [NW_ABSORBED_VIABLE_EPIDERMIS] = c->viable_epidermis[at],
      [NW_ABSORBED_DERMIS] = c->dermis[at],
      [NW_ABSORBED_BLOOD] = c->blood[at],
  };
  for (int i = 0; i < NW_ABSORBED_COUNT; i++)
    set_interval(side, i, value[i], c);
}

static void set_enhancement(const struct side side[2], struct nw_absorption *a) {
  double ratio[DRAWS], at[2];
  for (int k = 0; k < 2; k++)
    at[k] = scaled(PAST, side[k].middle.value[PAST], side[k].middle.dose);
  for (int k = 0; k < DRAWS; k++)
    ratio[k] = unscaled(PAST, at[0] + side[0].drawn[PAST][k], side[0].middle.dose) /
               unscaled(PAST, at[1] + side[1].drawn[PAST][k], side[1].middle.dose) *
               side[1].middle.value[PAST] / side[0].middle.value[PAST];
  middle_of(ratio, at);
  a->enhancement_low = a->enhancement_ratio * fmin(at[0], 1);
  a->enhancement_high = a->enhancement_ratio * fmax(at[1], 1);
}

static enum nw_status spread(const struct nw_run *run, size_t product, struct nw_channels channels,
                             struct side side[2], struct nw_absorption *a) {
  const struct nw_case *c = run->c;
  const char *const share = nw_transport_open_share(c->device.kind);
  int n = 0;
  for (int k = 0; k < 2; k++) {
    side[k].spec = column_of(run, &c->params, product, channels, k == 0);
    NW_TRY(follow(&side[k].spec, a, &side[k].middle));
  }
  for (size_t j = 0; j < NW_COUNT(uncertain); j++)
    NW_TRY(move_both(run, product, channels, a, uncertain[j], n++, side));
  if (share) NW_TRY(move_both(run, product, channels, a, share, n++, side));
  for (int k = 0; k < DRAWS; k++) {
    double normal[MOST_KEYS];
    for (int j = 0; j < n; j++)
      normal[j] =
          nw_random_normal(c->patch.seed, NW_STREAM_ENSEMBLE, product, (uint64_t)(2 * (k * MOST_KEYS + j)));
    draw(&side[0], n, normal, k);
    draw(&side[1], n, normal, k);
  }
  if (side[0].middle.value[PAST] > 0 && side[1].middle.value[PAST] > 0) set_enhancement(side, a);
  set_course(&side[0], a, &a->needled);
  set_course(&side[1], a, &a->intact);
  return NW_OK;
}

enum nw_status nw_transport_spread(const struct nw_run *run, size_t product, struct nw_channels channels,
                                   struct nw_absorption *a) {
  struct side *side = nw_allocate(2, sizeof *side);
  if (!side) return NW_MEMORY;
  const enum nw_status status = spread(run, product, channels, side, a);
  nw_release(side);
  return status;
}
