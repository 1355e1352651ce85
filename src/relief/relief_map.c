/* SPDX-License-Identifier: BSD-3-Clause
   The relief of the skin as a height map: unit parts once, heights as often as the tissue changes. */
#include "relief_map.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "feature.h"
#include "metrology.h"
#include "relief_inner.h"
#include "surface/lesion.h"

static struct nw_relief_grid grid_of(const struct nw_relief_map *map) {
  return (struct nw_relief_grid){map->columns, map->n};
}

static size_t points_of(const struct nw_relief_map *map) {
  return map->columns * map->n;
}

/* ---- unit parts ---- */

/* Net of primary lines, with age wider and drawn out along the tension; secondary lines within its cells. */
static bool fill_lines(const struct nw_case *c, struct nw_relief_map *map) {
  const struct nw_params *p = &c->params;
  const double past = c->subject.ageing ? fmax(nw_unit_to_si(c->subject.age, "year") - p->age_young, 0) : 0;
  const double across = p->l_line * (1 + p->age_spacing * past), along = across * (1 + p->age_tension * past);
  const struct nw_furrow_net primary = {NW_ITEM_PRIMARY, along, across, p->f_line, 1};
  const struct nw_furrow_net secondary = {NW_ITEM_SECONDARY, p->l_second * along, p->l_second * across,
                                          p->f_line, p->d_second};
  const struct nw_profile_set profiles = {map->line, map->columns, map->n, map->pixel};
  const size_t count = points_of(map), read = NW_RELIEF_PROFILES;
  struct nw_roughness unit;
  double sum = 0;
  if (!nw_relief_furrows(&primary, c->patch.seed, grid_of(map), map->line)) return false;
  if (!nw_relief_furrows(&secondary, c->patch.seed, grid_of(map), map->line)) return false;
  if (!nw_roughness_of_map(p, &profiles, read < map->columns ? read : map->columns, &unit)) return false;
  for (size_t i = 0; i < count; i++)
    sum += map->line[i];
  for (size_t i = 0; i < count; i++)
    map->line[i] = (float)((map->line[i] - sum / (double)count) / unit.ra);
  return true;
}

static bool fill_wrinkle(const struct nw_case *c, const struct nw_concern *concern,
                         struct nw_relief_map *map) {
  const struct nw_params *p = &c->params;
  const double width = nw_wrinkle_width(p, concern);
  const size_t count = (size_t)fmax(round(p->f_wrinkle * NW_RELIEF_SIDE / width), 1);
  float *centre = nw_allocate(count * map->columns, sizeof *centre);
  if (!centre) return false;
  nw_relief_stripes(NW_ITEM_WRINKLE, count, width, c->patch.seed, map->columns, centre);
  /* V-shaped, as deep in places as shallow in others */
  const struct nw_stripe stripe = {.half = 0.5 * width, .power = 1, .fade = p->fade_wrinkle};
  nw_relief_draw_stripes(centre, count, &stripe, grid_of(map), map->wrinkle);
  nw_release(centre);
  return true;
}

/* Radius at an angle over that of the ellipse. */
static double outline(const struct nw_scar_place *s, double angle) {
  double square = 1;
  for (int k = 0; k < NW_SCAR_LOBES; k++)
    square += s->lobe[k] * cos((k + 2) * angle + s->turn[k]);
  return sqrt(fmax(square, 0));
}

/* How far the middle of a long scar strays from its line at x [m]. */
static double astray(const struct nw_scar_place *s, double x) {
  double sum = 0;
  for (int k = 0; k < NW_SCAR_LOBES; k++)
    sum += s->lobe[k] * cos(2 * NW_PI * (k + 1) * x / NW_RELIEF_SIDE + s->turn[k]);
  return 2 * s->half_y * sum;
}

static double scar_share(const struct nw_scar_place *s, double x, double y) {
  const double u = isinf(s->half_x) ? 0 : nw_relief_wrap(x - s->x) / s->half_x;
  const double v = nw_relief_wrap(y - s->y - (isinf(s->half_x) ? astray(s, x) : 0)) / s->half_y;
  double r = hypot(u, v);
  if (r < 2 && !isinf(s->half_x)) r /= outline(s, atan2(v, u));
  return r < 1 ? s->factor * (1 - pow(r, s->power)) : 0;
}

static void fill_scars(struct nw_relief_map *map) {
  const size_t nx = map->columns;
  for (size_t i = 0; i < points_of(map); i++) {
    const double x = ((double)(i % nx) + 0.5) * NW_RELIEF_SIDE / (double)nx,
                 y = ((double)(i / nx) + 0.5) * map->pixel;
    for (size_t k = 0; k < map->n_scars; k++)
      map->scar[i] = fmaxf(map->scar[i], (float)scar_share(&map->scars[k], x, y));
  }
}

static bool fill_stria(const struct nw_case *c, const struct nw_concern *concern, struct nw_relief_map *map) {
  const struct nw_params *p = &c->params;
  const double width = nw_stria_width(p, concern);
  map->stria_taper = p->taper_stria;
  map->n_striae = (size_t)fmax(round(p->f_stria * NW_RELIEF_SIDE / width), 1);
  map->stria_line = nw_allocate(map->n_striae * map->columns, sizeof *map->stria_line);
  if (!map->stria_line) return false;
  nw_relief_stripes(NW_ITEM_STRIA, map->n_striae, p->waver_stria * width, c->patch.seed, map->columns,
                    map->stria_line);
  return true;
}

/* Melasma is reticulate: its share varies in small patches about the mean. */
static bool fill_patches(const struct nw_case *c, struct nw_relief_map *map) {
  const size_t count = map->n * map->n;
  float *patch = nw_allocate(count, sizeof *patch);
  if (!patch) return false;
  nw_relief_mottle(NW_ITEM_PATCH, c->params.l_patch, c->patch.seed, map->n, patch);
  for (size_t i = 0; i < count; i++)
    map->lesion[i] *= fmaxf(1 + (float)c->params.patch_melasma * patch[i], 0);
  nw_release(patch);
  return true;
}

static bool fill_colours(const struct nw_case *c, struct nw_relief_map *map) {
  const struct nw_params *p = &c->params;
  const bool melasma = nw_case_concern(c, NW_CONCERN_MELASMA);
  struct nw_lesion lesion = nw_lesion_of(c, p);
  const size_t count = map->n * map->n;
  if (map->lesion) {
    double *mask = nw_allocate(count, sizeof *mask);
    if (!mask) return false;
    if (!lesion.sharp) lesion.edge = p->edge_melasma;
    nw_lesion_mask(&lesion, map->n, map->n, map->pixel, map->pixel, mask);
    nw_relief_mottle(NW_ITEM_LESION, p->l_lesion, c->patch.seed, map->n, map->lesion);
    for (size_t i = 0; i < count; i++) /* an uneven border: what the mottle adds moves it in or out */
      map->lesion[i] =
          (float)(mask[i] / (mask[i] + (1 - mask[i]) * exp(-p->waver_lesion / lesion.edge * map->lesion[i])));
    nw_release(mask);
    if (melasma && !fill_patches(c, map)) return false;
  }
  nw_relief_mottle(NW_ITEM_MELANIN, p->l_mottle_mel, c->patch.seed, map->n, map->melanin);
  nw_relief_mottle(NW_ITEM_BLOOD, p->l_mottle_blood, c->patch.seed, map->n, map->blood);
  return true;
}

/* ---- life ---- */

void nw_relief_map_free(struct nw_relief_map **map) {
  struct nw_relief_map *m = *map;
  if (!m) return;
  float *own[] = {m->height, m->line,   m->wrinkle, m->scar,  m->stria,     m->pore,
                  m->comedo, m->lesion, m->melanin, m->blood, m->stria_line};
  for (size_t i = 0; i < NW_COUNT(own); i++)
    nw_release(own[i]);
  nw_release(m->follicle);
  nw_release(m->scars);
  nw_release(m);
  *map = NULL;
}

static bool allocate_part(const struct nw_relief_map *m, bool wanted, float **part) {
  if (wanted) *part = nw_allocate(points_of(m), sizeof **part);
  return !wanted || *part;
}

static bool fill_parts(const struct nw_case *c, const struct nw_skin *skin, struct nw_relief_map *m) {
  const struct nw_concern *wrinkle = nw_case_concern(c, NW_CONCERN_WRINKLE);
  const struct nw_concern *stria = nw_case_concern(c, NW_CONCERN_STRETCH_MARK);
  if (!nw_relief_place(c, skin, m)) return false;
  if (!allocate_part(m, true, &m->height) || !allocate_part(m, true, &m->line) ||
      !allocate_part(m, true, &m->pore) || !allocate_part(m, true, &m->comedo) ||
      !allocate_part(m, wrinkle, &m->wrinkle) || !allocate_part(m, m->n_scars > 0, &m->scar) ||
      !allocate_part(m, stria, &m->stria))
    return false;
  if (m->scar) fill_scars(m);
  return fill_lines(c, m) && (!wrinkle || fill_wrinkle(c, wrinkle, m)) && (!stria || fill_stria(c, stria, m));
}

static struct nw_relief_map *create(const struct nw_case *c, const struct nw_skin *skin, size_t columns,
                                    size_t n) {
  struct nw_relief_map *map = nw_allocate(1, sizeof *map);
  if (!map) return NULL;
  map->n = n;
  map->columns = columns;
  map->pixel = NW_RELIEF_SIDE / (double)n;
  map->pore_slope = c->params.depth_pore / c->params.d_pore;
  if (!fill_parts(c, skin, map)) nw_relief_map_free(&map);
  return map;
}

struct nw_relief_map *nw_relief_map_create(const struct nw_case *c, const struct nw_skin *skin, size_t n) {
  struct nw_relief_map *map = create(c, skin, n, n);
  if (map &&
      (!allocate_part(map, true, &map->melanin) || !allocate_part(map, true, &map->blood) ||
       !allocate_part(map, nw_lesion_of(c, &c->params).present, &map->lesion) || !fill_colours(c, map)))
    nw_relief_map_free(&map);
  return map;
}

struct nw_relief_map *nw_relief_profiles_create(const struct nw_case *c, const struct nw_skin *skin,
                                                size_t columns) {
  return create(c, skin, columns, NW_RELIEF_POINTS);
}

/* ---- shape ---- */

/* The opening of one follicle: a paraboloid pit. */
struct opening {
  double x, y, half, floor_depth; /* [m] */
  bool plugged;
};

/* Where openings are written, (ny, nx); share and plug may be NULL. */
struct canvas {
  struct nw_relief_grid grid;
  float *depth, *share, *plug;
};

static void draw_opening(const struct opening *o, const struct canvas *to) {
  const long nx = (long)to->grid.nx, ny = (long)to->grid.ny;
  const double px = NW_RELIEF_SIDE / (double)nx, py = NW_RELIEF_SIDE / (double)ny;
  const long i0 = (long)floor((o->x - o->half) / px), i1 = (long)floor((o->x + o->half) / px);
  const long j0 = (long)floor((o->y - o->half) / py), j1 = (long)floor((o->y + o->half) / py);
  for (long j = j0; j <= j1; j++)
    for (long i = i0; i <= i1; i++) {
      const double x = (((double)i + 0.5) * px - o->x) / o->half,
                   y = (((double)j + 0.5) * py - o->y) / o->half;
      const double inside = 1 - x * x - y * y;
      const long at = (((j % ny) + ny) % ny) * nx + ((i % nx) + nx) % nx;
      if (inside <= 0) continue;
      to->depth[at] = fmaxf(to->depth[at], (float)(inside * o->floor_depth));
      if (to->share) to->share[at] = fmaxf(to->share[at], (float)inside);
      if (to->plug && o->plugged) to->plug[at] = 1;
    }
}

static void draw_openings(const struct nw_relief_map *map, double median, double comedo,
                          const struct canvas *to) {
  for (size_t i = 0; i < map->n_follicles; i++) {
    const struct nw_follicle *f = &map->follicle[i];
    const double half = 0.5 * median * f->factor;
    const struct opening opening = {f->x, f->y, half, 2 * half * map->pore_slope, f->rank < comedo};
    draw_opening(&opening, to);
  }
}

void nw_relief_map_openings(const struct nw_relief_map *map, double median, size_t n, float *depth) {
  const struct canvas canvas = {{n, n}, depth, NULL, NULL};
  memset(depth, 0, n * n * sizeof *depth);
  draw_openings(map, median, 0, &canvas);
}

static void add(float *height, const float *part, double size, size_t count) {
  for (size_t i = 0; part && i < count; i++)
    height[i] += (float)size * part[i];
}

void nw_relief_map_shape(struct nw_relief_map *map, const struct nw_relief_size *size) {
  const size_t count = points_of(map);
  memset(map->height, 0, count * sizeof *map->height);
  memset(map->pore, 0, count * sizeof *map->pore);
  memset(map->comedo, 0, count * sizeof *map->comedo);
  /* the openings first, as depths; then all else is laid on them */
  const struct canvas canvas = {grid_of(map), map->height, map->pore, map->comedo};
  if (size->pore > 0) draw_openings(map, size->pore, size->comedo, &canvas);
  for (size_t i = 0; i < count; i++)
    map->height[i] = -map->height[i];
  /* a flat floor with soft sides */
  const struct nw_stripe stria = {.half = 0.5 * size->stria_width, .power = 4, .taper = map->stria_taper};
  if (map->stria && stria.half > 0)
    nw_relief_draw_stripes(map->stria_line, map->n_striae, &stria, grid_of(map), map->stria);
  add(map->height, map->line, size->line, count);
  add(map->height, map->wrinkle, -size->wrinkle, count);
  add(map->height, map->scar, -size->scar, count);
  add(map->height, map->stria, -size->stria, count);
}
