/* SPDX-License-Identifier: BSD-3-Clause
   Light on a skin surface. */
#include "shade.h"

#include <math.h>
#include <string.h>

#include "blur.h"

struct vector {
  double x, y, z;
};

/* Towards the lamp. It stands at the upper left: y grows downwards in a picture. */
static struct vector lamp(const struct nw_params *p) {
  const double flat = cos(p->lamp_height), turn = p->lamp_turn;
  return (struct vector){-flat * cos(turn), -flat * sin(turn), sin(p->lamp_height)};
}

/* ---- light that seeps ---- */

void nw_shade_seep(const struct nw_params *p, const struct nw_tint *tint, double length[NW_RGB]) {
  static const size_t band[NW_RGB] = {10, 7, 3}; /* math: bands of 600, 540 and 460 nm: red, green, blue */
  for (int c = 0; c < NW_RGB; c++) {
    const struct nw_turbid t = nw_colour_dermis(p, tint, band[c]);
    const double albedo = nw_colour_reflectance(p, tint, band[c]),
                 gap = fabs(albedo - 0.8);                     /* math: Burley */
    const double narrow = 1.85 - albedo + 7 * gap * gap * gap; /* math: Burley's fit to light in skin */
    length[c] = 1 / (t.absorption + t.scattering) / narrow;
  }
}

/* ---- light that falls ---- */

/* Place on the periodic map; hardly ever off it. */
static size_t wrapped(long i, size_t n) {
  const long m = (long)n;
  if (i >= 0 && i < m) return (size_t)i;
  return (size_t)(((i % m) + m) % m);
}

static void slope_at(const struct nw_shade_scene *s, size_t x, size_t y, double *dx, double *dy) {
  const size_t left = wrapped((long)x - 1, s->n), right = wrapped((long)x + 1, s->n),
               up = wrapped((long)y - 1, s->n), down = wrapped((long)y + 1, s->n);
  *dx = (s->height[y * s->n + right] - s->height[y * s->n + left]) / (2 * s->pixel);
  *dy = (s->height[down * s->n + x] - s->height[up * s->n + x]) / (2 * s->pixel);
}

/* The way to the lamp in steps of one row or column, whichever it crosses more often. */
struct way {
  bool rows;     /* one row a step; else one column */
  long step;     /* 1 or -1 */
  double aside;  /* pixels to the side in a step, along the other axis */
  double length; /* of a step on the plane [m] */
  double rise;   /* of the ray to the middle of the lamp in a step [m] */
  double spread; /* of the rays to its edges in a step [m] */
  double top;    /* highest place of the map [m] */
};

static struct way way_to(const struct nw_params *p, const struct nw_shade_scene *s, struct vector l) {
  const bool rows = fabs(l.y) > fabs(l.x);
  const double main = rows ? l.y : l.x, other = rows ? l.x : l.y, flat = hypot(l.x, l.y);
  const double length = s->pixel * flat / fabs(main);
  float top = s->height[0];
  for (size_t i = 1; i < s->n * s->n; i++)
    if (s->height[i] > top) top = s->height[i];
  return (struct way){.rows = rows,
                      .step = main > 0 ? 1 : -1,
                      .aside = other / fabs(main),
                      .length = length,
                      .rise = l.z / flat * length,
                      .spread = p->lamp_width * length,
                      .top = top};
}

/* Height k steps along the way, between two pixels. */
static double ground_at(const struct nw_shade_scene *s, const struct way *w, size_t x, size_t y, long k) {
  const long main = (long)(w->rows ? y : x) + k * w->step;
  const double other = (double)(w->rows ? x : y) + (double)k * w->aside, below = floor(other);
  const size_t m = wrapped(main, s->n), i = wrapped((long)below, s->n), j = i + 1 < s->n ? i + 1 : 0;
  const double share = other - below;
  const float *h = s->height;
  return w->rows ? h[m * s->n + i] * (1 - share) + h[m * s->n + j] * share
                 : h[i * s->n + m] * (1 - share) + h[j * s->n + m] * share;
}

/* Share of the lamp that the pixel sees: the lamp is wide, so that shadows have soft edges. */
static double lit_share(const struct nw_shade_scene *s, const struct way *w, size_t x, size_t y) {
  const double here = s->height[y * s->n + x];
  double share = 1;
  for (long k = 1; here + (double)k * (w->rise - w->spread) < w->top && k < (long)s->n; k++) {
    const double above = here + (double)k * w->rise - ground_at(s, w, x, y, k);
    share = fmin(share, 0.5 + 0.5 * above / ((double)k * w->spread));
    if (share <= 0) return 0;
  }
  return share;
}

/* Share of an even sky that the pixel sees, weighted with the cosine: cos² of the horizon, over azimuths. */
static double sky_share(const struct nw_shade_scene *s, size_t x, size_t y) {
  enum { AZIMUTHS = 8 };
  static const long way[AZIMUTHS][2] = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
  static const long stride[] = {1, 2, 4, 7, 12, 20, 32};
  const float here = s->height[y * s->n + x];
  double sum = 0;
  for (int a = 0; a < AZIMUTHS; a++) {
    const double unit = s->pixel * sqrt((double)(way[a][0] * way[a][0] + way[a][1] * way[a][1]));
    double slope = 0;
    for (size_t k = 0; k < NW_COUNT(stride); k++) {
      const size_t i = wrapped((long)x + way[a][0] * stride[k], s->n),
                   j = wrapped((long)y + way[a][1] * stride[k], s->n);
      const double up = (s->height[j * s->n + i] - here) / ((double)stride[k] * unit);
      if (up > slope) slope = up;
    }
    sum += 1 / (1 + slope * slope);
  }
  return sum / AZIMUTHS;
}

/* The lamp alone on a pixel: cosine, shadow. */
static double lamp_light(const struct nw_shade_scene *s, const struct way *w, size_t x, size_t y,
                         struct vector l, double *lit) {
  double dx, dy;
  slope_at(s, x, y, &dx, &dy);
  const double facing = (l.z - dx * l.x - dy * l.y) / sqrt(1 + dx * dx + dy * dy);
  *lit = facing > 0 ? lit_share(s, w, x, y) : 0;
  return facing > 0 ? *lit * facing / l.z : 0;
}

void nw_shade_irradiance(const struct nw_params *p, const struct nw_shade_scene *s, int threads, float *light,
                         float *lit) {
  const struct vector l = lamp(p);
  const struct way w = way_to(p, s, l);
#pragma omp parallel for schedule(dynamic, 8) num_threads(threads)
  for (size_t y = 0; y < s->n; y++)
    for (size_t x = 0; x < s->n; x++) {
      double seen;
      const double key = lamp_light(s, &w, x, y, l, &seen);
      light[y * s->n + x] = (float)(p->lamp_share * key + (1 - p->lamp_share) * sky_share(s, x, y));
      if (lit) lit[y * s->n + x] = (float)seen;
    }
}

/* ---- gloss ---- */

double nw_shade_mirrored(const struct nw_params *p, double cosine) {
  const double normal = (p->n_index - 1) / (p->n_index + 1), at_zero = normal * normal;
  return at_zero + (1 - at_zero) * pow(1 - fmin(fmax(cosine, 0), 1), 5); /* math: Schlick's power */
}

/* Masking of rough facets, one direction (Smith, for GGX). */
static double masking(double cosine, double alpha) {
  return 2 * cosine / (cosine + sqrt(alpha * alpha + (1 - alpha * alpha) * cosine * cosine));
}

double nw_shade_gloss(const struct nw_params *p, double gloss, double roughness, double dx, double dy,
                      double lit) {
  const struct vector l = lamp(p);
  const double size = sqrt(1 + dx * dx + dy * dy), out = 1 / size; /* cosine to the camera */
  const double in = (l.z - dx * l.x - dy * l.y) / size;            /* cosine to the lamp */
  const double room = (1 - p->lamp_share) * nw_shade_mirrored(p, out);
  if (in <= 0) return gloss * room;
  const double half = sqrt(2 + 2 * l.z);   /* length of lamp + camera */
  const double middle = (in + out) / half; /* cosine to the half vector */
  const double meets = (1 + l.z) / half;   /* cosine of lamp and half vector */
  const double a2 = roughness * roughness, bell = middle * middle * (a2 - 1) + 1;
  const double facets = a2 / (NW_PI * bell * bell); /* GGX (Walter 2007) */
  const double mirrored = facets * masking(in, roughness) * masking(out, roughness) *
                          nw_shade_mirrored(p, meets) /
                          (4 * in * out); /* math: Jacobian of the half vector */
  return gloss * (room + p->lamp_share * NW_PI * mirrored * in / l.z * lit);
}

/* ---- the picture ---- */

struct sheet {
  float *light, *lit, *soft[NW_RGB], *scratch; /* (n, n) each, owned */
};

static bool allocate(struct sheet *s, size_t pixels) {
  bool whole = (s->light = nw_allocate(pixels, sizeof(float))) &&
               (s->lit = nw_allocate(pixels, sizeof(float))) &&
               (s->scratch = nw_allocate(pixels, sizeof(float)));
  for (int c = 0; c < NW_RGB; c++)
    whole = (s->soft[c] = nw_allocate(pixels, sizeof(float))) && whole;
  return whole;
}

static void clear(struct sheet *s) {
  nw_release(s->light);
  nw_release(s->lit);
  nw_release(s->scratch);
  for (int c = 0; c < NW_RGB; c++)
    nw_release(s->soft[c]);
}

/* The profile of diffusion as a sum of bells: standard deviations along one axis over its length, and shares;
   least squares of its Fourier transform 1/4 (1 + k²)^(-1/2) + 3/4 (1 + 9 k²)^(-1/2), within 0.01, with its
   variance of 7: sharp in the middle, so that fine lines are not washed out, and wide. */
static const struct {
  double width, share;
} bells[] = {{0.06, 0.0533}, {0.3, 0.1632}, {1, 0.3044}, {2.5, 0.3552}, {6, 0.1239}}; /* math: the fit */

/* Light as one colour of it leaves the skin. Each bell is blurred on from the one before. */
static bool soften(const struct nw_shade_scene *scene, struct sheet *s, int c, int threads) {
  const size_t pixels = scene->n * scene->n;
  double before = 0;
  memcpy(s->scratch, s->light, pixels * sizeof(float));
  for (size_t b = 0; b < NW_COUNT(bells); b++) {
    const double width = bells[b].width * scene->seep[c] / scene->pixel;
    if (!nw_blur(s->scratch, scene->n, sqrt(width * width - before * before), threads)) return false;
    before = width;
    for (size_t i = 0; i < pixels; i++)
      s->soft[c][i] += (float)bells[b].share * s->scratch[i];
  }
  return true;
}

static void paint(const struct nw_params *p, const struct nw_shade_scene *scene, const struct sheet *s,
                  int threads, struct nw_image *image) {
  const size_t n = scene->n;
  const double kept = 1 - scene->gloss * nw_shade_mirrored(p, lamp(p).z);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t y = 0; y < n; y++)
    for (size_t x = 0; x < n; x++) {
      const size_t i = y * n + x;
      double dx, dy, light[NW_RGB];
      slope_at(scene, x, y, &dx, &dy);
      const double shine = nw_shade_gloss(p, scene->gloss, scene->roughness, dx, dy, s->lit[i]);
      for (int c = 0; c < NW_RGB; c++)
        light[c] = nw_palette_from_linear(kept * scene->body[(size_t)c * n * n + i] * s->soft[c][i] + shine);
      nw_png_pixel(image, (long)x, (long)y, (struct nw_colour){light[0], light[1], light[2]});
    }
}

enum nw_status nw_shade_draw(struct nw_context *context, const struct nw_params *p,
                             const struct nw_shade_scene *scene, struct nw_image *image) {
  struct sheet s = {0};
  bool whole = allocate(&s, scene->n * scene->n) && nw_png_image_create(image, scene->n, scene->n);
  if (whole) nw_shade_irradiance(p, scene, context->threads, s.light, s.lit);
  for (int c = 0; c < NW_RGB && whole; c++)
    whole = soften(scene, &s, c, context->threads);
  if (whole) paint(p, scene, &s, context->threads, image);
  clear(&s);
  return whole ? NW_OK : nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing the skin surface");
}
