/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections as a slide under the microscope shows them. */
#include "histology.h"

#include <math.h>

#include "noise.h"

/* Layers of the random texture, so that no two of its uses are alike. */
enum {
  LAYER_FIBRE = 20,
  LAYER_WEAVE = 26,
  LAYER_WAVE = 30,
  LAYER_NUCLEUS = 50,
  LAYER_ELASTIN = 56,
  LAYER_CELL = 60,
  LAYER_ELASTOSIS = 70,
  LAYER_HORN = 80,
  LAYER_FAT = 90,
  LAYER_VESSEL = 95
};

static double clamp01(double value) {
  return fmin(fmax(value, 0), 1);
}

static double step_of(double from, double to, double value) {
  const double t = clamp01((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/* ---- fibres ---- */

/* Collagen as the slice cuts it: bundles with clefts between them. */
struct weave {
  double bundle; /* rank of the place among all, 0 cleft .. 1 middle of a bundle: uniform over the dermis */
  double stripe; /* fibrils along the bundle, 0..1 */
  double tilt;   /* which of the two sets runs here, 0..1: how the bundle lies to a polariser */
};

/* Distribution of smooth noise of these kinds, near normal: its rank [0, 1]. */
static double rank_of(double noise, double spread) {
  return 0.5 * (1 + erf(noise / (spread * sqrt(2))));
}

/* Bundles of one set: long, waved, `slope` down per right; felted and thin under the junction. */
static double strand(int layer, double x, double z, double slope, double papillary, double *stripe) {
  const double length = 0.17 - 0.12 * papillary, thickness = 0.017 - 0.0115 * papillary;
  const double sway = (0.03 - 0.018 * papillary) * nw_noise_value(1, layer + 10, x / 0.16, z / 0.2) +
                      0.006 * nw_noise_value(1, layer + 11, x / 0.045, z / 0.08);
  const double across = z - slope * x + sway;
  *stripe = 0.5 + 0.5 * nw_noise_value(1, layer + 1, x / (0.5 * length), across / 0.0032);
  return nw_noise_value(1, layer, x / length, across / thickness) +
         0.45 * nw_noise_value(1, layer + 2, x / (0.45 * length), across / (0.4 * thickness));
}

/* Two sets cross at an angle and take turns, as the layers of the dermal weave do. */
static struct weave weave_at(double x, double z) {
  const double papillary = exp(-fmax(z, 0) / 0.14);
  double stripe[2];
  const double steep = 0.32 + 0.4 * papillary;
  const double down = strand(LAYER_FIBRE, x, z, steep, papillary, &stripe[0]),
               up = strand(LAYER_FIBRE + 3, x, z, -steep, papillary, &stripe[1]);
  const double turn =
      nw_noise_value(1, LAYER_WEAVE, x / (0.13 - 0.09 * papillary), z / (0.055 - 0.035 * papillary));
  const double share = step_of(-0.15, 0.15, turn);
  return (struct weave){.bundle = rank_of(down * share + up * (1 - share), 0.5),
                        .stripe = stripe[0] * share + stripe[1] * (1 - share),
                        .tilt = share};
}

/* Share of the slice that bundles cover: three quarters in normal dermis, more the denser it is. */
static double covered(double collagen) {
  return 1 - exp(-1.4 * fmax(collagen, 0));
}

/* Share of a place that elastotic material fills: a band as deep as ultrasound shows it, under a narrow
   border of spared collagen, in clumps. */
static double elastotic(const struct nw_picture_section *p, double x, double z) {
  const double wave = 0.015 * nw_noise_value(8, LAYER_ELASTOSIS, x / 0.2, 0);
  const double under = step_of(0.02, 0.045, z - wave), over = nw_section_elastotic_depth(p) + wave - z;
  const double band = under / (1 + exp(-over / 0.015));
  if (band < 0.01) return 0;
  /* turned and bent, so that clumps do not lie along the grid of the noise */
  const double bend = 0.02 * nw_noise_value(8, LAYER_ELASTOSIS + 1, x / 0.03, z / 0.03);
  const double u = x + 0.6 * z + bend, v = z - 0.4 * x + bend;
  const double clump = rank_of(nw_noise_value(8, LAYER_ELASTOSIS + 2, u / 0.06, v / 0.03) +
                                   0.5 * nw_noise_value(8, LAYER_ELASTOSIS + 3, u / 0.017, v / 0.012),
                               0.4);
  return band * step_of(-0.06, 0.06, fmin(p->elastosis, 1) - clump);
}

/* ---- Masson ---- */

static struct nw_colour masson_dermis(const struct nw_picture_section *p, double x, double z) {
  static const struct nw_colour slide = {0.93, 0.94, 0.965}, pale = {0.55, 0.72, 0.87},
                                deep = {0.13, 0.34, 0.66}, grey = {0.62, 0.63, 0.76},
                                young_pale = {0.60, 0.80, 0.82}, young_deep = {0.20, 0.52, 0.62},
                                red = {0.76, 0.15, 0.20}, brown = {0.50, 0.30, 0.30};
  double young;
  const double total = nw_section_collagen(p, x, z, &young);
  const struct weave w = weave_at(x, z);
  const double share = total > 0 ? young / total : 0,
               inside = step_of(-0.06, 0.06, w.bundle - (1 - covered(total)));
  const double fresh = clamp01((share - 0.25) / 0.5); /* normal dermis has about a fifth of type III */
  const double body = clamp01(0.25 + 0.5 * w.stripe + 0.45 * (w.bundle - 0.5));
  struct nw_colour colour =
      nw_palette_mix(nw_palette_mix(pale, deep, body), nw_palette_mix(young_pale, young_deep, body), fresh);
  colour = nw_palette_mix(slide, colour, inside);
  colour = nw_palette_mix(colour, grey, 0.75 * elastotic(p, x, z));
  const double fibrin = nw_section_field(p, NW_FIELD_fibrin, x, z),
               debris = nw_section_field(p, NW_FIELD_debris, x, z);
  colour = nw_palette_mix(colour, brown, clamp01(1.2 * debris) * 0.6);
  return nw_palette_mix(colour, red, fmin(1.1 * fibrin, 0.94) * (0.72 + 0.28 * w.stripe));
}

/* ---- picrosirius between crossed polarisers ---- */

static struct nw_colour sirius_dermis(const struct nw_picture_section *p, double x, double z) {
  static const struct nw_colour dark = {0.02, 0.015, 0.02}, orange = {0.96, 0.45, 0.08},
                                yellow = {1, 0.80, 0.30}, green = {0.30, 0.78, 0.30};
  double young;
  const double total = nw_section_collagen(p, x, z, &young);
  const struct weave w = weave_at(x, z);
  const double share = total > 0 ? young / total : 0,
               inside = step_of(-0.08, 0.08, w.bundle - (1 - covered(total)));
  /* a bundle along a polariser stays dark: brightness goes with the turn of its fibrils */
  const double turn = 0.5 + 0.5 * nw_noise_value(1, LAYER_WAVE + 8, x / 0.05, z / 0.03);
  const double bright = inside * (0.25 + 0.75 * turn) * (0.45 + 0.55 * w.stripe);
  const struct nw_colour thick = nw_palette_mix(orange, yellow, clamp01(w.bundle * w.stripe));
  const struct nw_colour hue =
      nw_palette_mix(thick, green, clamp01((share - 0.15) / 0.5) * (0.4 + 0.6 * w.tilt));
  const double fibrin = nw_section_field(p, NW_FIELD_fibrin, x, z); /* does not turn light */
  return nw_palette_mix(dark, hue, bright * (1 - fmin(fibrin, 1)));
}

/* ---- elastic fibres ---- */

/* A random field whose zeros are fibres that run along u. */
static double fibre_field(int layer, double u, double v, double length, double thickness) {
  return nw_noise_value(1, layer, u / length,
                        v / thickness + 0.6 * nw_noise_value(1, layer + 1, u / 0.05, v / 0.05));
}

/* Distance from the middle line of the nearest fibre [mm]: the field over its slope. */
static double fibre_distance(int layer, double u, double v, double length, double thickness) {
  const double small = 0.0005, here = fibre_field(layer, u, v, length, thickness);
  const double du = fibre_field(layer, u + small, v, length, thickness) - here,
               dv = fibre_field(layer, u, v + small, length, thickness) - here;
  return fabs(here) * small / (hypot(du, dv) + 1e-6);
}

static struct nw_colour elastin_dermis(const struct nw_picture_section *p, double x, double z) {
  static const struct nw_colour slide = {0.97, 0.94, 0.93}, pink = {0.90, 0.66, 0.66},
                                black = {0.10, 0.08, 0.13}, red = {0.72, 0.22, 0.25};
  double young;
  const double total = nw_section_collagen(p, x, z, &young),
               amount = nw_section_field(p, NW_FIELD_elastin, x, z);
  const struct weave w = weave_at(x, z);
  const double inside = step_of(-0.06, 0.06, w.bundle - (1 - covered(total)));
  struct nw_colour colour = nw_palette_mix(slide, pink, inside * (0.55 + 0.45 * w.stripe));
  const double fibrin = nw_section_field(p, NW_FIELD_fibrin, x, z);
  colour = nw_palette_mix(colour, red, fmin(fibrin, 0.9) * 0.8);
  /* candelabra rising to the junction above, a net along the surface below; 2-3 um thick in normal skin */
  const bool upright = z < 0.07 + 0.03 * nw_noise_value(1, LAYER_ELASTIN + 8, x / 0.1, 0);
  const double gap = upright ? fibre_distance(LAYER_ELASTIN, z, x, 0.09, 0.024)
                             : fibre_distance(LAYER_ELASTIN + 3, x, z + 0.25 * x, 0.12, 0.022);
  const double half = (upright ? 0.0009 : 0.0014) * sqrt(fmax(amount, 0));
  /* as many stretches lie in the slice as there is elastin */
  const double rank = rank_of(nw_noise_value(1, LAYER_ELASTIN + 6, x / 0.06, z / 0.04), 0.36);
  const double seen = step_of(-0.04, 0.04, 0.65 * amount - rank);
  colour = nw_palette_mix(colour, black, step_of(1.5 * half, 0.7 * half, gap) * seen);
  /* thick tangled fibres of sun-damaged skin, grown together */
  const double tangle = fibre_distance(LAYER_ELASTOSIS + 4, x + 0.7 * z, z - 0.5 * x, 0.045, 0.009);
  return nw_palette_mix(colour, black, elastotic(p, x, z) * (0.35 + 0.55 * step_of(0.004, 0.0015, tangle)));
}

/* ---- epidermis ---- */

struct stains {
  struct nw_colour body, rim, nucleus, horn, cleft, slide, clot;
};

static const struct stains stains_of[] = {
    [NW_STAIN_MASSON] = {{0.80, 0.50, 0.60},
                         {0.90, 0.68, 0.75},
                         {0.28, 0.13, 0.30},
                         {0.80, 0.32, 0.36},
                         {0.97, 0.93, 0.94},
                         {0.985, 0.985, 0.985},
                         {0.66, 0.14, 0.17}},
    [NW_STAIN_PICROSIRIUS] = {{0.16, 0.09, 0.03},
                              {0.20, 0.12, 0.05},
                              {0.07, 0.04, 0.02},
                              {0.32, 0.20, 0.06},
                              {0.03, 0.02, 0.02},
                              {0.01, 0.01, 0.012},
                              {0.05, 0.03, 0.02}},
    [NW_STAIN_ELASTIN] = {{0.86, 0.74, 0.58},
                          {0.92, 0.83, 0.70},
                          {0.25, 0.19, 0.24},
                          {0.84, 0.70, 0.46},
                          {0.97, 0.95, 0.90},
                          {0.985, 0.985, 0.98},
                          {0.66, 0.28, 0.24}},
};

/* Cells stand upright at the base and lie flat on top; pigment caps over the basal nuclei. */
static struct nw_colour viable_colour(const struct nw_picture_section *p, const struct stains *s, double x,
                                      double z, double dip) {
  const double rise =
      clamp01((dip - z) / (p->viable_epidermis + dip)); /* 0 at the basal layer, 1 under the horn */
  /* cells are 12 um tall at the base and half that on top: so many layers lie below this one */
  const double tall = 0.012, flatter = 0.5, wide = 0.0095;
  const double layer = -(p->viable_epidermis + dip) / (tall * flatter) * log(1 - flatter * rise);
  const double basal = exp(-(dip - z) / 0.009);
  const struct nw_noise_cell cell = nw_noise_cells(3, LAYER_NUCLEUS, x / wide, layer);
  const double border = clamp01(1 - 5 * (cell.second - cell.nearest));
  struct nw_colour colour =
      nw_palette_mix(nw_palette_mix(s->body, s->nucleus, 0.22 * basal), s->rim, 0.8 * border);
  const double nucleus = step_of(0.40, 0.30, cell.nearest + 0.10 * rise);
  colour = nw_palette_mix(colour, s->nucleus, (0.92 - 0.3 * step_of(0.75, 1, rise)) * nucleus);
  const double granules = step_of(0.8, 0.95, rise) *
                          step_of(0.2, 0.5, nw_noise_value(3, LAYER_NUCLEUS + 2, x / 0.002, z / 0.002));
  colour = nw_palette_mix(colour, s->nucleus, 0.6 * granules); /* granular layer */
  static const struct nw_colour pigment = {0.24, 0.13, 0.07};
  return nw_palette_mix(
      colour, pigment,
      fmin(0.9, p->melanin * (basal + 0.15 * (1 - rise)) * (0.4 + 0.7 * (cell.nearest < 0.5))));
}

/* Basket weave: thin dense strands with clefts that the stain leaves open. */
static struct nw_colour horn_colour(const struct stains *s, double x, double height) {
  const double sway = 0.003 * nw_noise_value(4, LAYER_HORN, x / 0.03, 0);
  const double weave = nw_noise_value(4, LAYER_HORN + 1, x / 0.035, (height + sway) / 0.0026);
  return nw_palette_mix(s->horn, s->cleft, step_of(-0.05, 0.3, weave));
}

/* Above the dermis, z < dip; the slide where there is air, clot in what is cut. */
static struct nw_colour epidermis_colour(const struct nw_picture_section *p, const struct stains *s, double x,
                                         double z, double dip) {
  const double surface = nw_section_surface(p, x);
  const double loose = 0.004 * nw_noise_value(4, LAYER_HORN + 3, x / 0.02, 0);
  if (z < surface - p->stratum_corneum + loose) return s->slide;
  const double open = 1 - nw_section_coverage(p, x);
  const struct nw_colour healthy =
      z < surface ? horn_colour(s, x, z - surface) : viable_colour(p, s, x, z, dip);
  return nw_palette_mix(healthy, z < surface + 0.4 * p->viable_epidermis ? s->slide : s->clot,
                        clamp01((open - 0.25) * 3));
}

/* ---- fat below the dermis ---- */

static struct nw_colour fat_colour(const struct stains *s, double x, double z, struct nw_colour wall) {
  const struct nw_noise_cell cell = nw_noise_cells(6, LAYER_FAT, x / 0.08, z / 0.08);
  return nw_palette_mix(s->slide, wall, step_of(0.05, 0.02, cell.second - cell.nearest));
}

struct slide {
  struct nw_colour (*dermis)(const struct nw_picture_section *, double, double);
  const struct stains *stains;
};

static struct nw_colour slide_colour(const struct nw_picture_section *p, double x, double z,
                                     const void *data) {
  const struct slide *slide = data;
  const double dip = nw_section_ridge(p, x);
  if (z < dip) return epidermis_colour(p, slide->stains, x, z, dip);
  const struct nw_colour dermis = slide->dermis(p, x, z);
  const double border = p->dermis + 0.05 * nw_noise_value(6, LAYER_FAT + 2, x / 0.2, 0);
  return z < border ? dermis : fat_colour(slide->stains, x, z, dermis);
}

/* ---- nuclei and vessels ---- */

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

struct blob {
  double x, z, radius, stretch, tilt, strength;
};

static void draw_blob(const struct nw_picture_section *p, struct nw_image *image, const struct blob *b,
                      struct nw_colour colour) {
  const double pitch = nw_section_pitch(p);
  const double column = (b->x - p->left) / pitch, row = (b->z - nw_section_top(p)) / pitch;
  const double half = b->radius * sqrt(b->stretch) / pitch, thin = b->radius / sqrt(b->stretch) / pitch;
  const long reach = (long)ceil(half + 1);
  const double cosine = cos(b->tilt), sine = sin(b->tilt);
  for (long dy = -reach; dy <= reach; dy++) {
    for (long dx = -reach; dx <= reach; dx++) {
      const double u = floor(column) + (double)dx + 0.5 - column, v = floor(row) + (double)dy + 0.5 - row;
      const double along = (u * cosine + v * sine) / half, across = (v * cosine - u * sine) / thin;
      const double edge = (1 - sqrt(along * along + across * across)) * thin;
      nw_png_blend(image, (long)floor(column) + dx, (long)floor(row) + dy, colour,
                   fmin(fmax(edge + 0.5, 0), b->strength));
    }
  }
}

/* What is scattered over the dermis: `expected` a square of the lattice of side `box`, each drawn by `draw`.
 */
struct scatter {
  int layer;
  double box;
  double (*expected)(const struct nw_picture_section *, const struct scatter *, double x, double z);
  void (*draw)(const struct nw_picture_section *, const struct scatter *, struct nw_image *,
               const struct blob *, long i, long j, int n);
  enum nw_field field;
  double radius, stretch;
  struct nw_colour colour;
};

/* Whole part of the expected count plus one with the chance of the rest. */
static void scatter_box(const struct nw_picture_section *p, const struct scatter *s, struct nw_image *image,
                        long i, long j) {
  const double x = p->left + s->box * ((double)i + 0.5), z = s->box * ((double)j + 0.5);
  const int count = (int)(s->expected(p, s, x, z) + nw_noise_uniform(7, s->layer, i, j, 0));
  for (int n = 0; n < count; n++) {
    const struct blob b = {
        .x = p->left + s->box * ((double)i + nw_noise_uniform(7, s->layer, i, j, 4 * n + 1)),
        .z = s->box * ((double)j + nw_noise_uniform(7, s->layer, i, j, 4 * n + 2)),
        .radius = s->radius * (0.8 + 0.4 * nw_noise_uniform(7, s->layer, i, j, 4 * n + 4)),
        .stretch = s->stretch,
        .tilt = 1.0 * (nw_noise_uniform(7, s->layer, i, j, 4 * n + 3) - 0.5) - 0.1,
        .strength = 0.92};
    if (b.z > nw_section_ridge(p, b.x) + b.radius && b.z < fmin(p->depth, p->dermis))
      s->draw(p, s, image, &b, i, j, n);
  }
}

static void scatter(const struct nw_picture_section *p, const struct scatter *s, struct nw_image *image) {
  for (long j = 0; (double)j * s->box < p->depth; j++) {
    for (long i = 0; (double)i * s->box < p->width; i++)
      scatter_box(p, s, image, i, j);
  }
}

static double expected_cells(const struct nw_picture_section *p, const struct scatter *s, double x,
                             double z) {
  return nw_section_field(p, s->field, x, z) * s->box * s->box * p->slice;
}

static void draw_cell(const struct nw_picture_section *p, const struct scatter *s, struct nw_image *image,
                      const struct blob *b, long i, long j, int n) {
  (void)i, (void)j, (void)n;
  draw_blob(p, image, b, s->colour);
}

static void scatter_cells(const struct nw_picture_section *p, const struct nw_colour *nucleus, double size,
                          struct nw_image *image) {
  for (const struct nw_picture_cell *kind = cell_kinds; kind->name; kind++) {
    const struct scatter s = {.layer = LAYER_CELL + (int)kind->field,
                              .box = 0.025,
                              .expected = expected_cells,
                              .draw = draw_cell,
                              .field = kind->field,
                              .radius = size * kind->radius,
                              .stretch = kind->stretch,
                              .colour = nucleus ? *nucleus : kind->colour};
    if (p->sections->field[kind->field]) scatter(p, &s, image);
  }
}

/* Vessels cut across: about 70 profiles per mm2 under the junction and 15 below in normal skin. */
static double expected_vessels(const struct nw_picture_section *p, const struct scatter *s, double x,
                               double z) {
  const double normal = 15 + 55 * exp(-z / 0.15);
  return fmax(nw_section_field(p, NW_FIELD_vessel, x, z), 0) * normal * s->box * s->box;
}

/* A wall of flat cells, red cells inside; deeper ones are wider. */
static void draw_vessel(const struct nw_picture_section *p, const struct scatter *s, struct nw_image *image,
                        const struct blob *b, long i, long j, int n) {
  static const struct nw_colour plasma = {0.93, 0.90, 0.91}, red = {0.80, 0.20, 0.18};
  struct blob part = *b;
  const double grow = 1 + 1.2 * step_of(0.1, 0.5, b->z);
  part.radius = b->radius * grow;
  draw_blob(p, image, &part, s->colour);
  part.radius = fmax(part.radius - 0.0016, 0.001);
  part.strength = 1;
  draw_blob(p, image, &part, nw_noise_uniform(7, s->layer + 1, i, j, n) < 0.7 ? red : plasma);
}

/* ---- whole pictures ---- */

enum nw_status nw_histology_draw(struct nw_context *context, const struct nw_picture_section *p,
                                 enum nw_stain stain, struct nw_image *image) {
  const struct slide slide = {.dermis = stain == NW_STAIN_MASSON        ? masson_dermis
                                        : stain == NW_STAIN_PICROSIRIUS ? sirius_dermis
                                                                        : elastin_dermis,
                              .stains = &stains_of[stain]};
  const struct nw_colour wall = {0.36, 0.20, 0.40};
  const struct scatter vessels = {.layer = LAYER_VESSEL,
                                  .box = 0.08,
                                  .expected = expected_vessels,
                                  .draw = draw_vessel,
                                  .radius = 0.0055,
                                  .stretch = 1.6,
                                  .colour = wall};
  NW_TRY(nw_section_paint(context, p, slide_colour, &slide, image));
  if (stain == NW_STAIN_PICROSIRIUS) return NW_OK; /* neither turns light */
  if (p->sections->field[NW_FIELD_vessel]) scatter(p, &vessels, image);
  scatter_cells(p, &slide.stains->nucleus, 0.62, image); /* nuclei only */
  return NW_OK;
}

static struct nw_colour signal_colour(const struct nw_picture_section *p, double x, double z,
                                      const void *data) {
  const double dip = nw_section_ridge(p, x);
  static const struct nw_colour fibre_grey = {0.72, 0.64, 0.62};
  if (z < dip) return epidermis_colour(p, data, x, z, dip);
  const double signal = nw_section_field(p, NW_FIELD_inflammatory, x, z);
  const double share = p->inflammatory_scale > 0 ? signal / p->inflammatory_scale : 0;
  return nw_palette_mix(nw_palette_of_map(NW_MAP_INFLAMMATION, share), fibre_grey,
                        0.22 * weave_at(x, z).bundle);
}

enum nw_status nw_picture_cells(struct nw_context *context, const struct nw_picture_section *p,
                                struct nw_image *image) {
  NW_TRY(nw_section_paint(context, p, signal_colour, &stains_of[NW_STAIN_MASSON], image));
  scatter_cells(p, NULL, 1, image);
  return NW_OK;
}
