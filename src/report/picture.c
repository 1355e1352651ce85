/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections of the tissue as a stained slide would show them, from the fields of one time. */
#include "picture.h"

#include <math.h>
#include <string.h>

#include "picture/noise.h"

enum {
  LAYER_FIBRE = 20,
  LAYER_WAVE = 30,
  LAYER_RIDGE = 40,
  LAYER_NUCLEUS = 50,
  LAYER_CELL = 60,
  LAYER_HORN = 80
};

static const struct nw_picture_cell cell_kinds[] = {
    {NW_FIELD_fibroblast, "fibroblasts", {0.16, 0.30, 0.55}, 0.0045, 3.2},
    {NW_FIELD_myofibroblast, "myofibroblasts", {0.00, 0.50, 0.42}, 0.0055, 3.2},
    {NW_FIELD_macrophage_m2, "repair macrophages", {0.80, 0.52, 0.05}, 0.0075, 1.2},
    {NW_FIELD_macrophage_m1, "inflammatory macrophages", {0.72, 0.16, 0.10}, 0.0075, 1.2},
    {NW_FIELD_neutrophil, "neutrophils", {0.55, 0.10, 0.50}, 0.0048, 1.0},
    {NW_FIELD_COUNT, NULL, {0, 0, 0}, 0, 0},
};

const struct nw_picture_cell *nw_picture_cell_kinds(void) {
  return cell_kinds;
}

double nw_picture_air(void) {
  return 0.03;
}

double nw_picture_collagen_low(void) {
  return 0.4;
}

double nw_picture_collagen_high(void) {
  return 1.6;
}

/* ---- reading the fields between cell centres ---- */

static double centre(const double *edge, size_t i) {
  return (edge[i] + edge[i + 1]) / 2;
}

/* The cell whose centre lies before `place`, and the share of the way to the next; clamped at the ends. */
static size_t locate(const double *edge, size_t n, double place, double *share) {
  size_t low = 0, high = n >= 2 ? n - 2 : 0;
  while (low < high) {
    const size_t middle = (low + high + 1) / 2;
    if (centre(edge, middle) <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const double here = centre(edge, low);
  *share = n < 2 ? 0 : fmin(fmax((place - here) / (centre(edge, low + 1) - here), 0), 1);
  return low;
}

static double sample(const struct nw_sections *s, size_t time, enum nw_field field, double x, double z) {
  if (!s->field[field] || s->nx == 0 || s->nz == 0) return 0;
  double u, v;
  const size_t i = locate(s->x_edge, s->nx, x, &u), k = locate(s->z_edge, s->nz, z, &v);
  const size_t right = i + 1 < s->nx ? i + 1 : i, below = k + 1 < s->nz ? k + 1 : k;
  const float *p = s->field[field] + time * s->nz * s->nx;
  const double top = p[k * s->nx + i] * (1 - u) + p[k * s->nx + right] * u;
  const double bottom = p[below * s->nx + i] * (1 - u) + p[below * s->nx + right] * u;
  const double value = top * (1 - v) + bottom * v;
  return isfinite(value) ? value : 0;
}

static double coverage_at(const struct nw_sections *s, size_t time, double x) {
  if (!s->coverage || s->ny == 0) return 1;
  double share;
  const size_t i = locate(s->x_edge, s->nx, x, &share);
  const float *row = s->coverage + (time * s->ny + s->ny / 2) * s->nx;
  const double value = row[i] * (1 - share) + row[i + 1 < s->nx ? i + 1 : i] * share;
  return isfinite(value) ? fmin(fmax(value, 0), 1) : 1;
}

double nw_picture_busiest_window(const struct nw_sections *s, double width) {
  const double extent = s->x_edge[s->nx] - s->x_edge[0];
  const int places = 24;
  double best = s->x_edge[0] + fmax(0, extent - width) / 2, most = 0;
  for (int p = 0; p <= places && width < extent; p++) {
    const double left = s->x_edge[0] + (extent - width) * p / places;
    double sum = 0;
    for (size_t i = 0; i < s->nx; i++) {
      if (s->x_edge[i] < left || s->x_edge[i + 1] > left + width) continue;
      for (size_t t = 0; t < s->n_times; t++) {
        const size_t at = t * s->nz * s->nx + i;
        sum += (s->field[NW_FIELD_fibrin] ? s->field[NW_FIELD_fibrin][at] : 0) +
               (s->field[NW_FIELD_debris] ? s->field[NW_FIELD_debris][at] : 0);
      }
    }
    if (sum > most * 1.02) {
      most = sum;
      best = left;
    }
  }
  return best;
}

/* ---- dermis ---- */

/* Fibre bundles seen in section, 0..1: fine and felted under the junction, coarse and wavy below. */
static double fibre(double x, double z) {
  const double papillary = exp(-z / 0.18);
  const double length = 0.16 - 0.10 * papillary, thickness = 0.016 - 0.009 * papillary;
  const double sway = 0.045 * nw_noise_value(1, LAYER_WAVE, x / 0.22, z / 0.3) +
                      0.012 * nw_noise_value(1, LAYER_WAVE + 1, x / 0.06, z / 0.1);
  const double along = x + 0.3 * z, across = z + sway;
  const double coarse = nw_noise_value(1, LAYER_FIBRE, along / length, across / thickness);
  const double fine = nw_noise_value(1, LAYER_FIBRE + 1, along / (length * 0.5), across / (thickness * 0.45));
  return fmin(fmax(0.5 + 0.42 * coarse + 0.25 * fine, 0), 1);
}

static struct nw_colour collagen_colour(const struct nw_picture_section *p, double x, double z) {
  const double young = sample(p->sections, p->time, NW_FIELD_collagen_III, x, z) +
                       sample(p->sections, p->time, NW_FIELD_collagen_I_new, x, z);
  const double total = young + sample(p->sections, p->time, NW_FIELD_collagen_I_mature, x, z);
  const double share =
      (total - nw_picture_collagen_low()) / (nw_picture_collagen_high() - nw_picture_collagen_low());
  const double texture = fibre(x, z);
  struct nw_colour colour =
      nw_palette_of_map(NW_MAP_COLLAGEN, fmin(fmax(share, 0), 1) + 0.34 * (texture - 0.5));
  const struct nw_colour green = {0.10, 0.56, 0.50}, red = {0.74, 0.13, 0.18}, brown = {0.45, 0.30, 0.20};
  const double normal_young = 0.25; /* share of young collagen above which it is tinted */
  if (total > 0)
    colour =
        nw_palette_mix(colour, green, fmin(fmax(young / total - normal_young, 0), 0.6) * (0.5 + texture));
  const double fibrin = sample(p->sections, p->time, NW_FIELD_fibrin, x, z);
  const double debris = sample(p->sections, p->time, NW_FIELD_debris, x, z);
  colour = nw_palette_mix(colour, brown, fmin(1.2 * debris, 0.6));
  return nw_palette_mix(colour, red, fmin(1.1 * fibrin, 0.92) * (0.75 + 0.25 * texture));
}

static struct nw_colour signal_colour(const struct nw_picture_section *p, double x, double z) {
  const double signal = sample(p->sections, p->time, NW_FIELD_inflammatory, x, z);
  const double share = p->inflammatory_scale > 0 ? signal / p->inflammatory_scale : 0;
  const struct nw_colour colour = nw_palette_of_map(NW_MAP_INFLAMMATION, share);
  const struct nw_colour fibre_grey = {0.72, 0.64, 0.62};
  return nw_palette_mix(colour, fibre_grey, 0.22 * fibre(x, z));
}

/* ---- epidermis: ridges, nuclei, pigment caps, horny layer ---- */

/* How far the epidermis dips below the mean junction [mm]. */
static double ridge(double x, double thickness) {
  const double wave =
      nw_noise_value(2, LAYER_RIDGE, x / 0.07, 0) + 0.4 * nw_noise_value(2, LAYER_RIDGE + 1, x / 0.03, 0);
  return fmax(0, 0.5 * thickness * (0.25 + 0.8 * wave));
}

static struct nw_colour viable_colour(const struct nw_picture_section *p, double x, double z, double dip) {
  const double rise = (dip - z) / (p->viable_epidermis + dip); /* 0 at the basal layer, 1 under the horn */
  const double size = 0.0085 + 0.004 * fmax(rise, 0);
  const struct nw_noise_cell cell =
      nw_noise_cells(3, LAYER_NUCLEUS, x / size, z / (size * (1 - 0.45 * fmax(rise, 0))));
  const struct nw_colour body = {0.80, 0.62, 0.74}, nucleus = {0.36, 0.22, 0.47}, rim = {0.88, 0.74, 0.82};
  struct nw_colour colour = nw_palette_mix(body, rim, fmin(fmax(1 - 4 * (cell.second - cell.nearest), 0), 1));
  colour = nw_palette_mix(colour, nucleus, cell.nearest < 0.34 - 0.08 * rise ? 0.9 : 0.12 * (1 - rise));
  const struct nw_colour pigment = {0.24, 0.13, 0.07};
  const double basal = exp(-(dip - z) / 0.008);
  return nw_palette_mix(
      colour, pigment,
      fmin(0.9, p->melanin * (basal + 0.18 * (1 - rise)) * (0.55 + 0.6 * (cell.nearest < 0.45))));
}

static struct nw_colour horn_colour(double x, double height) {
  const double weave = nw_noise_value(4, LAYER_HORN, x / 0.05, height / 0.0022);
  const struct nw_colour dense = {0.80, 0.45, 0.50}, loose = {0.95, 0.80, 0.80};
  return nw_palette_mix(dense, loose, 0.5 + 0.5 * weave);
}

/* The colour above the dermis at height z < dip; the white of the slide where there is air. */
static struct nw_colour epidermis_colour(const struct nw_picture_section *p, double x, double z, double dip) {
  const struct nw_colour slide = {0.992, 0.988, 0.985}, clot = {0.66, 0.16, 0.18};
  const double surface = -(p->viable_epidermis + 0.008 * nw_noise_value(5, LAYER_HORN + 4, x / 0.09, 0));
  const double top = surface - p->stratum_corneum;
  if (z < top) return slide;
  const double open = 1 - coverage_at(p->sections, p->time, x);
  const struct nw_colour healthy = z < surface ? horn_colour(x, z - surface) : viable_colour(p, x, z, dip);
  const double gap = fmin(fmax((open - 0.25) * 3, 0), 1);
  const struct nw_colour filling = z < surface + 0.4 * p->viable_epidermis ? slide : clot;
  return nw_palette_mix(healthy, filling, gap);
}

typedef struct nw_colour (*dermis_function)(const struct nw_picture_section *, double, double);

static double pitch_of(const struct nw_picture_section *p) {
  return p->width / (double)p->pixels;
}

static double top_of(const struct nw_picture_section *p) {
  return -(p->viable_epidermis + p->stratum_corneum + nw_picture_air());
}

static struct nw_colour colour_at(const struct nw_picture_section *p, double x, double z,
                                  dermis_function dermis) {
  const double dip = ridge(x, p->viable_epidermis);
  return z < dip ? epidermis_colour(p, x, z, dip) : dermis(p, x, z);
}

static enum nw_status draw(struct nw_context *context, const struct nw_picture_section *p,
                           dermis_function dermis, struct nw_image *image) {
  const double pitch = pitch_of(p);
  const size_t rows = (size_t)ceil((p->depth - top_of(p)) / pitch);
  if (!nw_png_image_create(image, p->pixels, rows))
    return nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing a tissue section");
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < p->pixels; column++) {
      const double x = p->left + pitch * ((double)column + 0.5), z = top_of(p) + pitch * ((double)row + 0.5);
      nw_png_pixel(image, (long)column, (long)row, colour_at(p, x, z, dermis));
    }
  }
  return NW_OK;
}

enum nw_status nw_picture_collagen(struct nw_context *context, const struct nw_picture_section *p,
                                   struct nw_image *image) {
  return draw(context, p, collagen_colour, image);
}

/* ---- cells ---- */

static void draw_cell(const struct nw_picture_section *p, struct nw_image *image,
                      const struct nw_picture_cell *kind, double x, double z, double tilt) {
  const double pitch = pitch_of(p);
  const double column = (x - p->left) / pitch, row = (z - top_of(p)) / pitch;
  const double half = kind->radius * sqrt(kind->stretch) / pitch,
               thin = kind->radius / sqrt(kind->stretch) / pitch;
  const long reach = (long)ceil(half + 1);
  const double cosine = cos(tilt), sine = sin(tilt);
  for (long dy = -reach; dy <= reach; dy++) {
    for (long dx = -reach; dx <= reach; dx++) {
      const double u = floor(column) + (double)dx + 0.5 - column, v = floor(row) + (double)dy + 0.5 - row;
      const double along = (u * cosine + v * sine) / half, across = (v * cosine - u * sine) / thin;
      const double edge = (1 - sqrt(along * along + across * across)) * thin;
      nw_png_blend(image, (long)floor(column) + dx, (long)floor(row) + dy, kind->colour,
                   fmin(fmax(edge + 0.5, 0), 0.92));
    }
  }
}

/* Cells of one kind in one box of the lattice: a Poisson-like count, whole part plus a drawn remainder. */
static void draw_box_of_cells(const struct nw_picture_section *p, struct nw_image *image,
                              const struct nw_picture_cell *kind, long i, long j, double box) {
  const int layer = LAYER_CELL + (int)kind->field;
  const double x = p->left + box * ((double)i + 0.5), z = box * ((double)j + 0.5);
  const double expected = sample(p->sections, p->time, kind->field, x, z) * box * box * p->slice;
  const int count = (int)(expected + nw_noise_uniform(7, layer, i, j, 0));
  for (int n = 0; n < count; n++) {
    const double cx = p->left + box * ((double)i + nw_noise_uniform(7, layer, i, j, 3 * n + 1));
    const double cz = box * ((double)j + nw_noise_uniform(7, layer, i, j, 3 * n + 2));
    if (cz <= ridge(cx, p->viable_epidermis) || cz >= p->depth) continue;
    draw_cell(p, image, kind, cx, cz, 0.9 * (nw_noise_uniform(7, layer, i, j, 3 * n + 3) - 0.5) - 0.2);
  }
}

enum nw_status nw_picture_cells(struct nw_context *context, const struct nw_picture_section *p,
                                struct nw_image *image) {
  NW_TRY(draw(context, p, signal_colour, image));
  const double box = 0.025; /* lattice that carries the random places of cells */
  for (const struct nw_picture_cell *kind = cell_kinds; kind->name; kind++) {
    if (!p->sections->field[kind->field]) continue;
    for (long j = 0; (double)j * box < p->depth; j++) {
      for (long i = 0; (double)i * box < p->width; i++)
        draw_box_of_cells(p, image, kind, i, j, box);
    }
  }
  return NW_OK;
}
