/* SPDX-License-Identifier: BSD-3-Clause
   Where follicles and scars are, and how each differs from the mean of its kind. */
#include <math.h>

#include "feature.h"
#include "relief_inner.h"

/* ---- follicles: one in each cell of a lattice, so that they keep a distance from each other ---- */

static bool place_follicles(const struct nw_case *c, const struct nw_skin *skin, struct nw_relief_map *map) {
  const double wanted = skin->follicle_density * NW_RELIEF_SIDE * NW_RELIEF_SIDE;
  const size_t rows = (size_t)lround(sqrt(wanted)),
               count = rows > 0 ? rows * (size_t)lround(wanted / (double)rows) : 0;
  if (count == 0) return true;
  const size_t columns = count / rows;
  map->follicle = nw_allocate(count, sizeof *map->follicle);
  if (!map->follicle) return false;
  map->n_follicles = count;
  const uint64_t seed = c->patch.seed;
  for (size_t i = 0; i < count; i++) {
    const double u = nw_relief_uniform(seed, NW_ITEM_FOLLICLE, i, 0),
                 v = nw_relief_uniform(seed, NW_ITEM_FOLLICLE, i, 1);
    map->follicle[i] = (struct nw_follicle){
        .x = (float)(NW_RELIEF_SIDE * ((double)(i % columns) + u) / (double)columns),
        .y = (float)(NW_RELIEF_SIDE * ((double)(i / columns) + v) / (double)rows),
        .factor = (float)exp(c->params.s_pore * nw_relief_normal(seed, NW_ITEM_FOLLICLE, i, 2)),
        .rank = (float)nw_relief_uniform(seed, NW_ITEM_FOLLICLE, i, 4)};
  }
  return true;
}

/* ---- scars: each as far from those before it as the best of a few throws ---- */

static double nearest(const struct nw_relief_map *map, size_t placed, double x, double y) {
  double least = NW_RELIEF_SIDE;
  for (size_t i = 0; i < placed; i++)
    least = fmin(least, hypot(nw_relief_wrap(x - map->scars[i].x), nw_relief_wrap(y - map->scars[i].y)));
  return least;
}

/* Throws of which the best counts. */
enum { NW_SCAR_THROWS = 100 };

static void throw_scar(uint64_t seed, struct nw_relief_map *map, size_t i) {
  double best = -1;
  for (uint64_t k = 0; k < NW_SCAR_THROWS; k++) {
    const double x = NW_RELIEF_SIDE * nw_relief_uniform(seed, NW_ITEM_SCAR, i, 4 + 2 * k);
    const double y = NW_RELIEF_SIDE * nw_relief_uniform(seed, NW_ITEM_SCAR, i, 5 + 2 * k);
    const double distance = nearest(map, i, x, y);
    if (distance <= best) continue;
    best = distance;
    map->scars[i].x = (float)x;
    map->scars[i].y = (float)y;
  }
}

/* Lobes of the outline, the smaller the more of them there are; together never so large that it closes. */
static void shape_scar(double size, uint64_t seed, struct nw_scar_place *scar, size_t i) {
  for (int k = 0; k < NW_SCAR_LOBES; k++) {
    const uint64_t draw = (uint64_t)2 * NW_SCAR_THROWS + 8 + (uint64_t)(2 * k);
    const double share = 2 * nw_relief_uniform(seed, NW_ITEM_SCAR, i, draw) - 1;
    scar->lobe[k] = (float)(size * share / (k + 1));
    scar->turn[k] = (float)(2 * NW_PI * nw_relief_uniform(seed, NW_ITEM_SCAR, i, draw + 1));
  }
}

static bool place_scars(const struct nw_case *c, struct nw_relief_map *map) {
  const struct nw_concern *acne = nw_case_concern(c, NW_CONCERN_ACNE_SCAR);
  const struct nw_concern *concern = acne ? acne : nw_case_concern(c, NW_CONCERN_SURGICAL_SCAR);
  if (!concern) return true;
  const struct nw_params *p = &c->params;
  const struct nw_scar scar = nw_scar_of(p, concern);
  const size_t count = acne ? (size_t)fmax(round(p->n_scar * NW_RELIEF_SIDE * NW_RELIEF_SIDE), 1) : 1;
  map->scars = nw_allocate(count, sizeof *map->scars);
  if (!map->scars) return false;
  map->n_scars = count;
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    const double factor = acne ? exp(p->s_scar * nw_relief_normal(c->patch.seed, NW_ITEM_SCAR, i, 0)) : 1;
    /* 1 - r^m fills m / (m + 2) of its cylinder: m from the volume share of the type */
    map->scars[i] = (struct nw_scar_place){.half_x = acne ? (float)(0.5 * scar.width) : INFINITY,
                                           .half_y = (float)(0.5 * scar.width),
                                           .factor = (float)factor,
                                           .power = (float)(2 * scar.shape / (1 - scar.shape))};
    sum += factor;
    shape_scar(acne ? p->lobe_scar : p->waver_scar, c->patch.seed, &map->scars[i], i);
    throw_scar(c->patch.seed, map, i);
  }
  for (size_t i = 0; i < count; i++)
    map->scars[i].factor *= (float)((double)count / sum); /* the mean is that of the plan */
  return true;
}

bool nw_relief_place(const struct nw_case *c, const struct nw_skin *skin, struct nw_relief_map *map) {
  return place_follicles(c, skin, map) && place_scars(c, map);
}
