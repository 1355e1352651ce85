/* SPDX-License-Identifier: BSD-3-Clause
   What instruments read on the height map, without the map. */
#include "relief_response.h"

#include <math.h>
#include <string.h>

#include "feature.h"

enum { PARTS = NW_RELIEF_PARTS_MOST, NODES = NW_RELIEF_PORE_NODES };

/* Sizes as a list. A pit is as deep as it is wide and its share of the skin grows with the square: its part
   of the height goes with the square of the opening. */
static void sizes_of(const struct nw_relief_size *size, double part[PARTS]) {
  const double all[PARTS] = {size->line, size->wrinkle, size->scar, size->stria, size->pore * size->pore};
  memcpy(part, all, sizeof all);
}

static struct nw_relief_size scaled(const struct nw_relief_size *start, const double share[PARTS]) {
  struct nw_relief_size size = *start;
  size.line *= share[0];
  size.wrinkle *= share[1];
  size.scar *= share[2];
  size.stria *= share[3];
  size.pore *= sqrt(share[4]);
  return size;
}

/* ---- quadratic forms: from the start and from each part, and each pair, made smaller ---- */

struct sampler {
  const struct nw_params *p;
  struct nw_relief_map *map; /* profiles */
  struct nw_relief_size start;
};

/* How much smaller: well within what a course reaches, far enough for the curvature to show. */
static const double SMALLER = 0.5;

static bool sample(const struct sampler *s, const double share[PARTS], double *ra, double *rz) {
  const struct nw_relief_size size = scaled(&s->start, share);
  const struct nw_profile_set set = {s->map->height, s->map->columns, s->map->n, s->map->pixel};
  struct nw_roughness read;
  nw_relief_map_shape(s->map, &size);
  if (!nw_roughness_of_map(s->p, &set, s->map->columns, &read)) return false;
  *ra = read.ra * read.ra;
  *rz = read.rz * read.rz;
  return true;
}

static bool sample_pair(const struct sampler *s, size_t i, size_t j, double *ra, double *rz) {
  double share[PARTS] = {1, 1, 1, 1, 1};
  share[i] = SMALLER;
  share[j] = SMALLER;
  return sample(s, share, ra, rz);
}

/* Values of a form at the start, at one part smaller [i][i], at two parts smaller [i][j]. */
struct samples {
  double all, pair[PARTS][PARTS];
};

/* With d = 1 - SMALLER: pair_ij - pair_ii - pair_jj + all = 2 d^2 q_ij, and the loss all - pair_ii is
   2 d (sum over j of q_ij) - d^2 q_ii, which leaves q_ii. */
static void solve_form(const struct samples *s, const bool present[PARTS], double form[PARTS][PARTS]) {
  const double d = 1 - SMALLER;
  for (size_t i = 0; i < PARTS; i++) {
    double others = 0;
    for (size_t j = 0; j < PARTS; j++) {
      if (i == j || !present[i] || !present[j]) continue;
      form[i][j] = (s->pair[i][j] - s->pair[i][i] - s->pair[j][j] + s->all) / (2 * d * d);
      others += form[i][j];
    }
    if (present[i]) form[i][i] = (s->all - s->pair[i][i] - 2 * d * others) / (2 * d - d * d);
  }
  double sum = 0;
  for (size_t i = 0; i < PARTS * PARTS; i++)
    sum += form[i / PARTS][i % PARTS];
  for (size_t i = 0; i < PARTS * PARTS; i++) /* no form fits all samples; the start it must meet */
    form[i / PARTS][i % PARTS] *= s->all / sum;
}

static bool fill_forms(const struct sampler *s, struct nw_relief_response *r) {
  struct samples ra = {0}, rz = {0};
  const double full[PARTS] = {1, 1, 1, 1, 1};
  bool present[PARTS], done = sample(s, full, &ra.all, &rz.all);
  for (size_t i = 0; i < PARTS; i++)
    present[i] = r->start[i] > 0;
  for (size_t i = 0; done && i < PARTS; i++)
    for (size_t j = 0; done && j <= i; j++) {
      if (!present[i] || !present[j]) continue;
      done = sample_pair(s, i, j, &ra.pair[i][j], &rz.pair[i][j]);
      ra.pair[j][i] = ra.pair[i][j];
      rz.pair[j][i] = rz.pair[i][j];
    }
  solve_form(&ra, present, r->ra);
  solve_form(&rz, present, r->rz);
  return done;
}

static double root_of_form(const double form[PARTS][PARTS], const double share[PARTS]) {
  double sum = 0;
  for (size_t i = 0; i < PARTS; i++)
    for (size_t j = 0; j < PARTS; j++)
      sum += form[i][j] * share[i] * share[j];
  return sqrt(fmax(sum, 0));
}

struct nw_roughness nw_relief_roughness(const struct nw_relief_response *r,
                                        const struct nw_relief_size *size) {
  double share[PARTS];
  sizes_of(size, share);
  for (size_t i = 0; i < PARTS; i++)
    share[i] = r->start[i] > 0 ? share[i] / r->start[i] : 0;
  return (struct nw_roughness){root_of_form(r->ra, share), root_of_form(r->rz, share)};
}

/* ---- pores ---- */

static const double MAP_AREA = NW_RELIEF_SIDE * NW_RELIEF_SIDE; /* [m2] */

/* An image under crossed polarisers: relief hidden, openings dark as they are deep. */
static bool count_pores(const struct nw_params *p, const struct nw_relief_map *map, double median,
                        struct nw_pits *pits) {
  const struct nw_pit_rule rule = {p->pore_edge, p->d_pore, p->pore_round};
  const size_t n = NW_RELIEF_POINTS;
  float *depth = nw_allocate(n * n, sizeof *depth);
  bool done = depth != NULL;
  if (done) nw_relief_map_openings(map, median, n, depth);
  done = done && nw_pits_of(depth, n, NW_RELIEF_SIDE / (double)n, &rule, pits);
  nw_release(depth);
  return done;
}

static bool fill_pores(const struct sampler *s, struct nw_relief_response *r) {
  for (size_t i = 0; i < NODES; i++) {
    r->pore_scale[i] = 1 + s->p->pore_span * ((double)i / (double)(NODES - 1) - 0.5);
    struct nw_pits pits;
    if (!count_pores(s->p, s->map, s->start.pore * r->pore_scale[i], &pits)) return false;
    r->pore_count[i] = (double)pits.count / MAP_AREA;
    r->pore_area[i] = pits.area;
    r->pore_variance[i] = pits.squares;
  }
  return true;
}

/* Linear between nodes and past the last ones, never negative. */
static double between(const double *at, const double *value, double x) {
  size_t i = 0;
  while (i + 2 < NODES && at[i + 1] <= x)
    i++;
  return fmax(value[i] + (value[i + 1] - value[i]) * (x - at[i]) / (at[i + 1] - at[i]), 0);
}

double nw_relief_pore_count(const struct nw_relief_response *r, double scale) {
  return between(r->pore_scale, r->pore_count, scale);
}

double nw_relief_pore_area(const struct nw_relief_response *r, double scale) {
  return between(r->pore_scale, r->pore_area, scale);
}

struct nw_limits nw_relief_pore_count_limits(const struct nw_relief_response *r, double scale) {
  struct nw_limits limits;
  const double seen = nw_relief_pore_count(r, scale) * MAP_AREA;
  nw_poisson_interval((size_t)lround(seen), &limits.low, &limits.high);
  return (struct nw_limits){limits.low / MAP_AREA, limits.high / MAP_AREA};
}

struct nw_limits nw_relief_pore_area_limits(const struct nw_relief_response *r, double scale) {
  const double half = 1.6449; /* math: of the central 90 % of a normal distribution */
  const double area = nw_relief_pore_area(r, scale);
  const double off = half * sqrt(between(r->pore_scale, r->pore_variance, scale));
  return (struct nw_limits){fmax(area - off, 0), area + off};
}

bool nw_relief_response_fill(const struct nw_case *c, struct nw_skin *skin) {
  struct nw_relief_response *r = &skin->relief;
  const struct nw_support rest = nw_support_at_start();
  struct sampler s = {.p = &c->params, .start = nw_feature_relief(c, skin, &rest)};
  *r = (struct nw_relief_response){0};
  sizes_of(&s.start, r->start);
  s.map = nw_relief_profiles_create(c, skin, NW_RELIEF_PROFILES);
  bool done = s.map && fill_forms(&s, r);
  if (done && nw_case_concern(c, NW_CONCERN_PORES)) done = fill_pores(&s, r);
  nw_relief_map_free(&s.map);
  return done;
}
