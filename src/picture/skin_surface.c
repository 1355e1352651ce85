/* SPDX-License-Identifier: BSD-3-Clause
   What the surface of the skin is at one moment. */
#include "skin_surface.h"

#include <math.h>
#include <string.h>

#include "blur.h"
#include "shade.h"

static bool allocate(struct nw_skin_surface *s) {
  float **map[] = {&s->height, &s->melanin, &s->blood, &s->scatter, &s->dermal, &s->trap, &s->plain};
  bool whole = true;
  for (size_t i = 0; i < NW_COUNT(map); i++)
    whole = (*map[i] = nw_allocate(s->n * s->n, sizeof(float))) && whole;
  return whole;
}

void nw_skin_surface_clear(struct nw_skin_surface *s) {
  float *map[] = {s->height, s->melanin, s->blood, s->scatter, s->dermal, s->trap, s->plain};
  for (size_t i = 0; i < NW_COUNT(map); i++)
    nw_release(map[i]);
  *s = (struct nw_skin_surface){0};
}

/* ---- skin and its features ---- */

static void lay_skin(const struct nw_params *p, const struct nw_relief_map *map,
                     const struct nw_skin_moment *m, struct nw_skin_surface *s) {
  for (size_t i = 0; i < s->n * s->n; i++) {
    s->height[i] = map->height[i];
    /* of log-normal mottle, whose mean is that of the tint */
    const double a = nw_colour_mottle(p, m->tint.melanin, m->elastosis), b = p->cv_blood;
    s->melanin[i] = (float)(m->tint.melanin * exp(a * map->melanin[i] - 0.5 * a * a));
    s->blood[i] = (float)(m->tint.blood * exp(b * map->blood[i] - 0.5 * b * b));
    s->scatter[i] = (float)m->tint.scatter;
    s->dermal[i] = (float)m->tint.dermal;
    s->plain[i] = 1;
  }
}

/* Colour difference of a tint and the plain skin [CIELAB]. */
static double difference(const struct nw_params *p, const struct nw_tint *a, const struct nw_tint *b) {
  const struct nw_lab u = nw_colour_lab(p, a), v = nw_colour_lab(p, b);
  return sqrt((u.L - v.L) * (u.L - v.L) + (u.a - v.a) * (u.a - v.a) + (u.b - v.b) * (u.b - v.b));
}

static struct nw_tint stria_tint(const struct nw_skin_moment *m, double x) {
  struct nw_tint tint = m->tint;
  if (m->stria_red) {
    tint.blood *= exp(x);
  } else {
    tint.melanin *= exp(-x);
    tint.blood *= exp(-0.5 * x);
  }
  return tint;
}

/* The tint of a stretch mark: more blood when red, less melanin and blood when white, as much as the computed
   contrast takes; bisection. White marks on skin with hardly any melanin stay below it. */
static struct nw_tint stria_of(const struct nw_params *p, const struct nw_skin_moment *m) {
  double low = 0, high = 3; /* math: exp(3), twentyfold */
  for (int i = 0; i < 40; i++) {
    const double middle = 0.5 * (low + high);
    const struct nw_tint tint = stria_tint(m, middle);
    if (difference(p, &tint, &m->tint) < m->stria) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return stria_tint(m, low);
}

static void lay_features(const struct nw_params *p, const struct nw_relief_map *map,
                         const struct nw_skin_moment *m, struct nw_skin_surface *s) {
  const struct nw_tint stria = stria_of(p, m);
  for (size_t i = 0; i < s->n * s->n; i++) {
    if (map->lesion) {
      s->melanin[i] *= (float)(1 + map->lesion[i] * (m->lesion - 1));
      s->dermal[i] += fmaxf(map->lesion[i], 0) * (float)m->lesion_dermal;
      s->plain[i] *= 1 - fminf(map->lesion[i], 1);
    }
    if (map->stria) {
      const float share = fminf(map->stria[i], 1);
      s->melanin[i] *= 1 + share * (float)(stria.melanin / m->tint.melanin - 1);
      s->blood[i] *= 1 + share * (float)(stria.blood / m->tint.blood - 1);
      s->plain[i] *= 1 - share;
    }
    if (map->pore && map->pore[i] > 0) {
      s->trap[i] = map->pore[i] * (float)p->trap_pore;
      s->plain[i] *= 1 - map->pore[i];
    }
    if (map->comedo && map->comedo[i] > 0) {
      s->melanin[i] += map->comedo[i] * (float)p->mel_plug;
      s->plain[i] = 0;
    }
  }
}

/* Scars have rounded rims: what the relief has as a step becomes a slope. */
static bool round_scars(const struct nw_params *p, const struct nw_relief_map *map,
                        const struct nw_skin_moment *m, struct nw_skin_surface *s, int threads) {
  const size_t count = s->n * s->n;
  if (!map->scar || !(m->size.scar > 0)) return true;
  float *soft = nw_allocate(count, sizeof *soft);
  if (!soft) return false;
  memcpy(soft, map->scar, count * sizeof *soft);
  const bool whole = nw_blur(soft, s->n, 2 * map->scars[0].half_y * p->edge_scar / s->pixel, threads);
  for (size_t i = 0; i < count; i++)
    s->height[i] += (float)m->size.scar * (map->scar[i] - soft[i]);
  nw_release(soft);
  return whole;
}

/* Where a scar or stretch mark has replaced skin, lines and openings fade by this share. */
static float smoothed(const struct nw_params *p, const struct nw_relief_map *map, size_t i) {
  const bool band = map->scar && isinf(map->scars[0].half_x);
  const float scar = band ? fminf(map->scar[i], 1) * (float)p->smooth_scar : 0,
              stria = map->stria ? fminf(map->stria[i], 1) * (float)p->smooth_stria : 0;
  return fmaxf(scar, stria);
}

/* The surface without scars and stretch marks flattens inside them; a long scar has lost pigment. */
static void lay_scars(const struct nw_params *p, const struct nw_relief_map *map,
                      const struct nw_skin_moment *m, struct nw_skin_surface *s) {
  const bool band = map->scar && isinf(map->scars[0].half_x);
  for (size_t i = 0; i < s->n * s->n; i++) {
    const float share = smoothed(p, map, i);
    if (!(share > 0)) continue;
    const float sunk = (map->scar ? (float)m->size.scar * map->scar[i] : 0) +
                       (map->stria ? (float)m->size.stria * map->stria[i] : 0);
    s->height[i] = (1 - share) * (s->height[i] + sunk) - sunk;
    s->trap[i] *= 1 - share;
    if (!band) continue;
    s->melanin[i] *= 1 - fminf(map->scar[i], 1) * (float)(1 - p->pale_scar);
    s->plain[i] *= 1 - fminf(map->scar[i], 1);
  }
}

/* ---- marks ---- */

static size_t wrapped(long i, size_t n) {
  const long m = (long)n;
  return (size_t)(((i % m) + m) % m);
}

typedef void (*stamp_function)(struct nw_skin_surface *, size_t at, double share, double strength);

/* Stamps a disc with a soft edge one pixel wide around a point. */
static void stamp(struct nw_skin_surface *s, double x, double y, double radius, double strength,
                  stamp_function act) {
  const double cx = x / s->pixel - 0.5, cy = y / s->pixel - 0.5, r = radius / s->pixel;
  const long reach = (long)ceil(r + 1), ci = lround(cx), cj = lround(cy);
  for (long j = cj - reach; j <= cj + reach; j++)
    for (long i = ci - reach; i <= ci + reach; i++) {
      const double distance = hypot((double)i - cx, (double)j - cy);
      const double share = fmin(fmax(r - distance + 0.5, 0), 1);
      if (share > 0) act(s, wrapped(j, s->n) * s->n + wrapped(i, s->n), share, strength);
    }
}

static void open_mouth(struct nw_skin_surface *s, size_t at, double share, double depth) {
  s->height[at] -= (float)(share * depth);
  s->plain[at] *= (float)(1 - share);
}

static void darken(struct nw_skin_surface *s, size_t at, double share, double dark) {
  s->trap[at] = fmaxf(s->trap[at], (float)(share * dark));
}

static void thin(struct nw_skin_surface *s, size_t at, double share, double scatter) {
  s->scatter[at] += (float)share * ((float)scatter - s->scatter[at]);
}

static void lift(struct nw_skin_surface *s, size_t at, double share, double height) {
  s->height[at] += (float)(share * height);
  s->plain[at] *= (float)(1 - share);
}

static void redden(struct nw_skin_surface *s, size_t at, double share, double blood) {
  s->blood[at] += (float)(share * fmax(blood - s->blood[at], 0));
}

static void hide(struct nw_skin_surface *s, size_t at, double share, double melanin) {
  s->melanin[at] += (float)share * ((float)melanin - s->melanin[at]);
  s->dermal[at] *= (float)(1 - share);
}

static void brown(struct nw_skin_surface *s, size_t at, double share, double melanin) {
  s->melanin[at] += (float)(share * melanin);
}

static void lay_dot(const struct nw_params *p, const struct nw_mark *mark, const struct nw_skin_moment *m,
                    struct nw_skin_surface *s) {
  const double radius = p->r_dot * mark->size, dry = 1 - exp(-m->since / p->tau_crust);
  stamp(s, mark->x, mark->y, radius, p->blood_dot, redden);
  stamp(s, mark->x, mark->y, radius, p->scatter_dot, thin);
  stamp(s, mark->x, mark->y, radius, p->mel_dot, hide);
  stamp(s, mark->x, mark->y, radius, p->mel_crust * dry, brown);
  stamp(s, mark->x, mark->y, radius, p->h_crust, lift);
}

/* Dead tissue of a heated column dries, and leaves through the horny layer, one plug after the other. */
static void lay_necrosis(const struct nw_params *p, const struct nw_mark *mark,
                         const struct nw_skin_moment *m, struct nw_skin_surface *s) {
  const double left = (m->since - p->shed_first) / (p->shed_last - p->shed_first);
  const double dry = 1 - exp(-m->since / p->tau_crust);
  if (mark->rank < left) return;
  stamp(s, mark->x, mark->y, mark->dead, p->mel_debris * dry, brown);
  stamp(s, mark->x, mark->y, mark->dead, p->h_crust * dry, lift);
}

static void lay_marks(const struct nw_params *p, const struct nw_marks *marks, const struct nw_skin_moment *m,
                      struct nw_skin_surface *s) {
  for (size_t k = 0; k < marks->count; k++) {
    const struct nw_mark *mark = &marks->item[k];
    if (mark->session != m->session) continue;
    if (mark->dead > 0) lay_necrosis(p, mark, m, s);
    if (mark->bleeds && mark->rank < m->bleeding) {
      lay_dot(p, mark, m, s);
    } else if (m->open > 0) {
      stamp(s, mark->x, mark->y, mark->radius, p->h_mouth * m->open, open_mouth);
      stamp(s, mark->x, mark->y, mark->radius, p->trap_pore * m->open, darken);
    }
  }
}

/* Density of the marks of the last session over its mean, spread as redness spreads. False: no memory. */
static bool crowd(const struct nw_params *p, const struct nw_marks *marks, const struct nw_skin_moment *m,
                  const struct nw_skin_surface *s, int threads, float *crowd) {
  size_t count = 0;
  for (size_t k = 0; k < marks->count; k++) {
    if (marks->item[k].session != m->session) continue;
    crowd[wrapped((long)(marks->item[k].y / s->pixel), s->n) * s->n +
          wrapped((long)(marks->item[k].x / s->pixel), s->n)] += 1;
    count++;
  }
  for (size_t i = 0; i < s->n * s->n; i++)
    crowd[i] = count ? crowd[i] * (float)(s->n * s->n) / (float)count : 1;
  return count == 0 || nw_blur(crowd, s->n, p->r_halo / s->pixel, threads);
}

/* Blood above that of the start gathers where channels are dense, and so does swelling. */
static bool lay_redness(const struct nw_params *p, const struct nw_marks *marks,
                        const struct nw_skin_moment *m, struct nw_skin_surface *s, int threads) {
  const double more = fmax(m->tint.blood - m->blood_at_start, 0) / m->tint.blood;
  if (m->session < 0 || (!(more > 0) && !(m->wheal > 0))) return true;
  float *dense = nw_allocate(s->n * s->n, sizeof *dense);
  const bool whole = dense && crowd(p, marks, m, s, threads, dense);
  for (size_t i = 0; whole && i < s->n * s->n; i++) {
    s->blood[i] *= 1 + (float)more * (dense[i] - 1);
    s->height[i] += (float)m->wheal * (dense[i] - 1);
  }
  nw_release(dense);
  return whole;
}

enum nw_status nw_skin_surface_create(struct nw_context *context, const struct nw_params *p,
                                      struct nw_relief_map *map, const struct nw_marks *marks,
                                      const struct nw_skin_moment *moment, struct nw_skin_surface *surface) {
  *surface = (struct nw_skin_surface){.n = map->n, .pixel = map->pixel};
  nw_relief_map_shape(map, &moment->size);
  bool whole = allocate(surface);
  if (whole) {
    lay_skin(p, map, moment, surface);
    lay_features(p, map, moment, surface);
    lay_scars(p, map, moment, surface);
    whole = round_scars(p, map, moment, surface, context->threads) &&
            lay_redness(p, marks, moment, surface, context->threads);
    lay_marks(p, marks, moment, surface);
    whole = whole && nw_blur(surface->height, surface->n, p->r_edge / surface->pixel, context->threads);
  }
  if (whole) return NW_OK;
  nw_skin_surface_clear(surface);
  return nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing the skin surface");
}

/* ---- colour ---- */

static void dye_row(const struct nw_dye *dye, const struct nw_skin_surface *s, size_t y, float *body) {
  const size_t pixels = s->n * s->n;
  for (size_t i = y * s->n; i < (y + 1) * s->n; i++) {
    const struct nw_tint tint = {s->melanin[i], s->blood[i], s->scatter[i], s->dermal[i]};
    float rgb[NW_RGB];
    nw_dye_rgb(dye, &tint, rgb);
    for (size_t c = 0; c < NW_RGB; c++)
      body[c * pixels + i] = rgb[c];
  }
}

/* Mean of one colour over plain points; NAN when there is none. */
static double plain_mean(const struct nw_skin_surface *s, const float *body) {
  double sum = 0, weight = 0;
  for (size_t i = 0; i < s->n * s->n; i++) {
    sum += (double)s->plain[i] * body[i];
    weight += s->plain[i];
  }
  return sum / weight;
}

void nw_skin_surface_body(const struct nw_params *p, const struct nw_dye *dye,
                          const struct nw_skin_surface *s, const struct nw_tint *tint, int threads,
                          float *body) {
  const size_t pixels = s->n * s->n;
  double wanted[NW_RGB];
  nw_colour_rgb(p, tint, wanted);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t y = 0; y < s->n; y++)
    dye_row(dye, s, y, body);
  for (size_t c = 0; c < NW_RGB; c++) {
    const double mean = plain_mean(s, body + c * pixels);
    const float factor = mean > 0 ? (float)(wanted[c] / mean) : 1;
    for (size_t i = 0; i < pixels; i++)
      body[c * pixels + i] *= factor * (1 - s->trap[i]);
  }
}
