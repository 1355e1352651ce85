/* SPDX-License-Identifier: BSD-3-Clause
   An illustration of the skin surface, drawn from outcome values: height map, light that seeps
   through skin (red further than blue), gloss, pigment and blood. */
#include "relief.h"

#include <math.h>
#include <string.h>

#include "relief_map.h"

enum { CHANNELS = 3 };

struct nw_relief {
  struct nw_relief_scene scene;
  size_t width, height;
  float *part[NW_RELIEF_PARTS]; /* (height, width) owned */
  float *level;                 /* (height, width) height of the time drawn [um] owned */
  float *soft[CHANNELS];        /* the same, blurred as far as each colour of light seeps; owned */
  float *scratch, *wide;        /* owned */
};

static size_t pixel_count(const struct nw_relief *r) {
  return r->width * r->height;
}

static double pitch_mm(const struct nw_relief *r) {
  return r->scene.width / (double)r->width;
}

static bool allocate_maps(struct nw_relief *r) {
  bool whole = true;
  for (int p = 0; p < NW_RELIEF_PARTS; p++)
    whole &= (r->part[p] = nw_allocate(pixel_count(r), sizeof(float))) != NULL;
  for (int c = 0; c < CHANNELS; c++)
    whole &= (r->soft[c] = nw_allocate(pixel_count(r), sizeof(float))) != NULL;
  r->level = nw_allocate(pixel_count(r), sizeof(float));
  r->scratch = nw_allocate(pixel_count(r), sizeof(float));
  r->wide = nw_allocate(pixel_count(r), sizeof(float));
  return whole && r->level && r->scratch && r->wide;
}

struct nw_relief *nw_relief_create(const struct nw_relief_scene *scene) {
  struct nw_relief *r = nw_allocate(1, sizeof *r);
  if (!r) return NULL;
  r->scene = *scene;
  r->width = scene->pixels;
  r->height = (size_t)lround((double)scene->pixels * scene->height / scene->width);
  if (!allocate_maps(r)) {
    nw_relief_free(&r);
    return NULL;
  }
  nw_relief_map_fill(scene, r->width, r->height, r->part);
  return r;
}

void nw_relief_free(struct nw_relief **relief) {
  struct nw_relief *r = *relief;
  if (!r) return;
  for (int p = 0; p < NW_RELIEF_PARTS; p++)
    nw_release(r->part[p]);
  for (int c = 0; c < CHANNELS; c++)
    nw_release(r->soft[c]);
  nw_release(r->level);
  nw_release(r->scratch);
  nw_release(r->wide);
  nw_release(r);
  *relief = NULL;
}

static double present(double value, double otherwise) {
  return isfinite(value) ? value : otherwise;
}

/* ---- the height map of one time ---- */

static void build_level(struct nw_relief *r, const struct nw_relief_look *look) {
  const double texture = present(look->ra, 18);
  const double scar = present(look->scar_depth, 0), wrinkle = present(look->wrinkle_depth, 0);
  const double stria = present(look->stria_depth, 0),
               pore = r->part[NW_RELIEF_PORE] && look->pore_area > 0 ? 70 : 0;
  for (size_t i = 0; i < pixel_count(r); i++) {
    const double smooth = 1 - 0.35 * r->part[NW_RELIEF_SCAR][i];
    r->level[i] = (float)(texture * smooth * r->part[NW_RELIEF_TEXTURE][i] -
                          scar * r->part[NW_RELIEF_SCAR][i] - wrinkle * r->part[NW_RELIEF_WRINKLE][i] -
                          stria * r->part[NW_RELIEF_STRIA][i] - pore * r->part[NW_RELIEF_PORE][i]);
  }
}

static long clamped(long i, size_t n) {
  return i < 0 ? 0 : i >= (long)n ? (long)n - 1 : i;
}

/* One pass of a box blur along a line of n values with the given stride; running sum. */
static void blur_line(const float *from, float *to, size_t n, size_t stride, long radius) {
  double sum = 0;
  for (long k = -radius; k <= radius; k++)
    sum += from[(size_t)clamped(k, n) * stride];
  for (size_t i = 0; i < n; i++) {
    to[i * stride] = (float)(sum / (double)(2 * radius + 1));
    sum += from[(size_t)clamped((long)i + radius + 1, n) * stride] -
           from[(size_t)clamped((long)i - radius, n) * stride];
  }
}

/* Two box blurs each way: near enough to a bell curve for light. */
static void blur(struct nw_relief *r, const float *from, float *to, long radius) {
  memcpy(to, from, pixel_count(r) * sizeof *to);
  if (radius < 1) return;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t y = 0; y < r->height; y++)
      blur_line(to + y * r->width, r->scratch + y * r->width, r->width, 1, radius);
    for (size_t x = 0; x < r->width; x++)
      blur_line(r->scratch + x, to + x, r->height, r->width, radius);
  }
}

/* ---- light ---- */

struct vector {
  double x, y, z;
};

static struct vector unit(struct vector v) {
  const double length = sqrt(v.x * v.x + v.y * v.y + v.z * v.z);
  return (struct vector){v.x / length, v.y / length, v.z / length};
}

static double dot(struct vector a, struct vector b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct vector normal_at(const struct nw_relief *r, const float *map, size_t x, size_t y) {
  const size_t left = x > 0 ? x - 1 : x, right = x + 1 < r->width ? x + 1 : x;
  const size_t up = y > 0 ? y - 1 : y, down = y + 1 < r->height ? y + 1 : y;
  const double pitch = pitch_mm(r) * 1000 /* math: um of a mm */;
  const double dx = (map[y * r->width + right] - map[y * r->width + left]) / (pitch * (double)(right - left));
  const double dy = (map[down * r->width + x] - map[up * r->width + x]) / (pitch * (double)(down - up));
  return unit((struct vector){-dx, -dy, 1});
}

/* Share of light that flat skin would return: key light from the upper left, and the room. */
static double diffuse(struct vector normal) {
  const struct vector key = unit((struct vector){-0.55, -0.50, 0.75}),
                      room = unit((struct vector){0.4, 0.35, 1});
  const double key_share = 0.68;
  const double lit =
      key_share * fmax(0, dot(normal, key)) / key.z + (1 - key_share) * fmax(0, dot(normal, room)) / room.z;
  return lit;
}

static double glint(struct vector normal, double sharpness) {
  const struct vector half = unit((struct vector){-0.30, -0.27, 0.95});
  return pow(fmax(0, dot(normal, half)), sharpness);
}

/* ---- colour ---- */

/* CIELAB at one pixel: the skin's own, mottled, with spots, stretch marks, pores and blood. */
static void pixel_lab(const struct nw_relief *r, const struct nw_relief_look *look, size_t i,
                      double lab[CHANNELS]) {
  const double tone = fmin(fmax(present(look->tone_sd, 1), 0.3), 4);
  lab[0] = present(look->lab_l, 62) + tone * r->part[NW_RELIEF_MOTTLE][i];
  lab[1] = present(look->lab_a, 11) + 1.3 * r->part[NW_RELIEF_BLOOD][i];
  lab[2] = present(look->lab_b, 16) + 0.5 * r->part[NW_RELIEF_MOTTLE][i];
  const double spot = present(look->spot_lightness, 0) * r->part[NW_RELIEF_SPOT][i];
  lab[0] -= spot;
  lab[1] += 0.12 * spot;
  lab[2] += 0.15 * spot;
  const double stria = present(look->stria_contrast, 0) * r->part[NW_RELIEF_STRIA][i];
  lab[0] += (r->scene.stria_red ? -0.45 : 0.8) * stria;
  lab[1] += (r->scene.stria_red ? 0.85 : -0.45) * stria;
  lab[2] -= (r->scene.stria_red ? 0.1 : 0.3) * stria;
  const double scar = r->part[NW_RELIEF_SCAR][i];
  lab[1] += 0.8 * scar * (1 - scar) * 4 * (look->scar_depth > 0);
  lab[0] -= 5 * r->part[NW_RELIEF_PORE][i];
  if (r->part[NW_RELIEF_DOT][i] > 0 && look->petechiae > 0) {
    const double shown = r->part[NW_RELIEF_DOT][i];
    const double rank = floor(shown), dark = shown - rank; /* rank + 1: how many per cm2 must bleed */
    if (rank <= look->petechiae) {
      lab[0] -= 16 * dark;
      lab[1] += 22 * dark;
    }
  }
}

static void paint(const struct nw_relief *r, const struct nw_relief_look *look, struct nw_image *image) {
  const double gloss = 0.05 + 0.10 * r->scene.gloss;
  for (size_t y = 0; y < r->height; y++) {
    for (size_t x = 0; x < r->width; x++) {
      const size_t i = y * r->width + x;
      double lab[CHANNELS];
      pixel_lab(r, look, i, lab);
      const struct nw_colour skin = nw_palette_from_lab(lab[0], lab[1], lab[2]);
      const double base[CHANNELS] = {skin.r, skin.g, skin.b};
      const double hollow = 1 + fmin(fmax((r->level[i] - r->wide[i]) * 0.0016, -0.32), 0.05);
      const struct vector sharp = normal_at(r, r->soft[2], x, y);
      const double shine = gloss * (0.55 * (glint(sharp, 24) - 0.18) + 0.45 * (glint(sharp, 90) - 0.06));
      double light[CHANNELS];
      for (int c = 0; c < CHANNELS; c++) {
        const double lit = diffuse(normal_at(r, r->soft[c], x, y));
        light[c] = nw_palette_from_linear(nw_palette_to_linear(base[c]) * lit * hollow + shine);
      }
      nw_png_pixel(image, (long)x, (long)y, (struct nw_colour){light[0], light[1], light[2]});
    }
  }
}

enum nw_status nw_relief_draw(struct nw_context *context, struct nw_relief *r,
                              const struct nw_relief_look *look, struct nw_image *image) {
  if (!nw_png_image_create(image, r->width, r->height))
    return nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing the skin surface");
  build_level(r, look);
  /* mean free paths of red, green and blue light in skin stand about as 3 : 2 : 1 */
  const double seep_mm[CHANNELS] = {0.14, 0.092, 0.046};
  for (int c = 0; c < CHANNELS; c++)
    blur(r, r->level, r->soft[c], lround(seep_mm[c] / pitch_mm(r)));
  blur(r, r->level, r->wide, lround(0.45 / pitch_mm(r)));
  paint(r, look, image);
  return NW_OK;
}
