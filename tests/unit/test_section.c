/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections: bundles cover the share of the slice that the collagen gives, nuclei come with cells,
   echoes rise by the decibels of their density. */
#include "picture/histology.h"
#include "picture/ultrasound.h"
#include "surface_fixture.h"

enum { NX = 40, NZ = 30 };

/* A block of tissue 2 x 1.5 mm, the same everywhere: `collagen` of which `young` is type III. */
static void make_sections(struct nw_sections *s, double collagen, double young) {
  *s = (struct nw_sections){.n_times = 1, .nx = NX, .ny = 1, .nz = NZ};
  s->time = nw_allocate(1, sizeof(double));
  s->x_edge = nw_allocate(NX + 1, sizeof(double));
  s->y_edge = nw_allocate(2, sizeof(double));
  s->z_edge = nw_allocate(NZ + 1, sizeof(double));
  for (int i = 0; i <= NX; i++)
    s->x_edge[i] = i * 0.05;
  for (int i = 0; i <= NZ; i++)
    s->z_edge[i] = i * 0.05;
  s->y_edge[1] = 0.05;
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    s->field[f] = nw_allocate(NX * NZ, sizeof(float));
  for (int i = 0; i < NX * NZ; i++) {
    s->field[NW_FIELD_collagen_III][i] = (float)young;
    s->field[NW_FIELD_collagen_I_mature][i] = (float)(collagen - young);
    s->field[NW_FIELD_hyaluronan][i] = s->field[NW_FIELD_elastin][i] = 1;
  }
}

static void clear_sections(struct nw_sections *s) {
  nw_release(s->time);
  nw_release(s->x_edge);
  nw_release(s->y_edge);
  nw_release(s->z_edge);
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    nw_release(s->field[f]);
}

static struct nw_picture_section section_of(const struct nw_sections *s) {
  return (struct nw_picture_section){.sections = s,
                                     .width = 2,
                                     .depth = 1.4,
                                     .viable_epidermis = 0.06,
                                     .stratum_corneum = 0.014,
                                     .dermis = 3,
                                     .ridges = 1,
                                     .melanin = 0.3,
                                     .slice = 0.02,
                                     .pixels = 500};
}

/* Share of pixels below `from` [mm] for which `is` holds. */
static double share_of(const struct nw_picture_section *p, const struct nw_image *image, double from,
                       bool (*is)(const uint8_t *rgb)) {
  const size_t first = (size_t)((from - nw_section_top(p)) / nw_section_pitch(p));
  size_t count = 0;
  for (size_t i = first * image->width; i < image->width * image->height; i++)
    count += is(image->rgb + 3 * i);
  return (double)count / (double)(image->width * (image->height - first));
}

static bool is_bundle(const uint8_t *rgb) {
  return rgb[0] < 190 && rgb[2] > rgb[0] + 25;
}

static bool is_nucleus(const uint8_t *rgb) {
  return rgb[0] < 110 && rgb[1] < 75 && rgb[2] < 115;
}

static bool is_green(const uint8_t *rgb) {
  return rgb[1] > rgb[0] && rgb[1] > 40;
}

static bool is_black(const uint8_t *rgb) {
  return rgb[0] < 90 && rgb[1] < 90 && rgb[2] < 90;
}

static double drawn(enum nw_stain stain, double collagen, double young, double fibroblasts, double elastin,
                    bool (*is)(const uint8_t *rgb)) {
  struct nw_context *context = nw_context_create();
  struct nw_sections s;
  struct nw_image image;
  make_sections(&s, collagen, young);
  for (int i = 0; i < NX * NZ; i++) {
    s.field[NW_FIELD_fibroblast][i] = (float)fibroblasts;
    s.field[NW_FIELD_elastin][i] = (float)elastin;
  }
  const struct nw_picture_section p = section_of(&s);
  assert_int_equal(nw_histology_draw(context, &p, stain, &image), NW_OK);
  const double share = share_of(&p, &image, 0.15, is);
  nw_png_image_free(&image);
  clear_sections(&s);
  nw_context_free(&context);
  return share;
}

static void bundles_cover_what_the_collagen_gives(void **state) {
  (void)state;
  for (double collagen = 0.25; collagen < 1.6; collagen += 0.25)
    assert_near(drawn(NW_STAIN_MASSON, collagen, 0.2 * collagen, 0, 1, is_bundle), 1 - exp(-1.4 * collagen),
                0.04);
}

static void young_collagen_shines_green(void **state) {
  (void)state;
  const double old = drawn(NW_STAIN_PICROSIRIUS, 1, 0.15, 0, 1, is_green),
               young = drawn(NW_STAIN_PICROSIRIUS, 1, 0.8, 0, 1, is_green);
  assert_true(old < 0.05);
  assert_true(young > 0.25);
}

/* Twice the cells, twice the nuclei; their area is that of the ellipses drawn. */
static void nuclei_come_with_cells(void **state) {
  (void)state;
  const double one = drawn(NW_STAIN_MASSON, 1, 0.2, 5000, 1, is_nucleus),
               two = drawn(NW_STAIN_MASSON, 1, 0.2, 10000, 1, is_nucleus);
  assert_near(drawn(NW_STAIN_MASSON, 1, 0.2, 0, 1, is_nucleus), 0, 1e-9);
  assert_between(two / one, 1.7, 2.3);
}

static void elastin_draws_black_fibres(void **state) {
  (void)state;
  const double normal = drawn(NW_STAIN_ELASTIN, 1, 0.2, 0, 1, is_black),
               half = drawn(NW_STAIN_ELASTIN, 1, 0.2, 0, 0.5, is_black);
  assert_near(drawn(NW_STAIN_ELASTIN, 1, 0.2, 0, 0, is_black), 0, 1e-9);
  assert_between(normal, 0.01, 0.08); /* 2-4 % of the dermis */
  assert_between(half / normal, 0.25, 0.65);
}

static double mean_grey(const struct nw_picture_section *p, const struct nw_image *image, double from,
                        double to) {
  const double pitch = nw_section_pitch(p), top = nw_section_top(p);
  double sum = 0;
  size_t count = 0;
  for (size_t y = (size_t)((from - top) / pitch); y < (size_t)((to - top) / pitch); y++)
    for (size_t x = 0; x < image->width; x++, count++)
      sum += image->rgb[3 * (y * image->width + x)] / 255.0;
  return sum / (double)count;
}

static double echo_grey(double collagen, double elastosis, double from, double to) {
  static const struct nw_echo echo = {1, 0.3};
  struct nw_context *context = nw_context_create();
  struct nw_sections s;
  struct nw_image image;
  make_sections(&s, collagen, 0.2 * collagen);
  struct nw_picture_section p = section_of(&s);
  p.elastosis = elastosis;
  assert_int_equal(nw_ultrasound_draw(context, &p, &echo, &image), NW_OK);
  const double grey = mean_grey(&p, &image, from, to);
  nw_png_image_free(&image);
  clear_sections(&s);
  nw_context_free(&context);
  return grey;
}

/* Power goes with echo density: each doubling is 3.01 dB of the range. */
static void echoes_rise_by_their_decibels(void **state) {
  (void)state;
  const double half = echo_grey(0.5, 0, 0.5, 1.3), normal = echo_grey(1, 0, 0.5, 1.3);
  assert_near((normal - half) * nw_ultrasound_range(), 3.01, 0.1);
  assert_between(normal, 0.5, 0.75);
}

static void sun_damage_darkens_a_band_under_the_epidermis(void **state) {
  (void)state;
  assert_true(echo_grey(1, 0.8, 0.04, 0.15) < echo_grey(1, 0, 0.04, 0.15) - 0.08);
  assert_near(echo_grey(1, 0.8, 0.6, 1.3), echo_grey(1, 0, 0.6, 1.3), 0.002);
}

/* Mean grey of an elastin stain between two depths. */
static double stained_grey(double elastosis, double from, double to) {
  struct nw_context *context = nw_context_create();
  struct nw_sections s;
  struct nw_image image;
  make_sections(&s, 1, 0.2);
  struct nw_picture_section p = section_of(&s);
  p.elastosis = elastosis;
  assert_int_equal(nw_histology_draw(context, &p, NW_STAIN_ELASTIN, &image), NW_OK);
  const double grey = mean_grey(&p, &image, from, to);
  nw_png_image_free(&image);
  clear_sections(&s);
  nw_context_free(&context);
  return grey;
}

/* Elastotic material is black in the stain, the more the more there is of it; it spares the skin below its
   band, which ends at 0.15 mm for 0.4 of it, and that of the young has none. */
static void elastotic_material_is_a_dark_band(void **state) {
  (void)state;
  const double none = stained_grey(0, 0.06, 0.13), some = stained_grey(0.4, 0.06, 0.13),
               much = stained_grey(0.8, 0.06, 0.13);
  print_message("grey of the band: %.3f %.3f %.3f\n", none, some, much);
  assert_true(some < none - 0.1 && much < some - 0.1);
  assert_near(stained_grey(0.4, 0.3, 1), stained_grey(0, 0.3, 1), 1e-3);
  assert_true(stained_grey(0.8, 0.17, 0.22) < stained_grey(0.4, 0.17, 0.22) - 0.05);
}

static void sections_are_the_same_for_any_number_of_threads(void **state) {
  (void)state;
  static const struct nw_echo echo = {1, 0.3};
  struct nw_context *context = nw_context_create();
  struct nw_sections s;
  make_sections(&s, 1, 0.3);
  struct nw_picture_section p = section_of(&s);
  p.pixels = 200;
  struct nw_image image[2][2];
  for (int k = 0; k < 2; k++) {
    nw_context_threads(context, k ? 3 : 1);
    assert_int_equal(nw_histology_draw(context, &p, NW_STAIN_MASSON, &image[k][0]), NW_OK);
    assert_int_equal(nw_ultrasound_draw(context, &p, &echo, &image[k][1]), NW_OK);
  }
  for (int j = 0; j < 2; j++) {
    assert_memory_equal(image[0][j].rgb, image[1][j].rgb, 3 * image[0][j].width * image[0][j].height);
    nw_png_image_free(&image[0][j]);
    nw_png_image_free(&image[1][j]);
  }
  clear_sections(&s);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bundles_cover_what_the_collagen_gives),
      cmocka_unit_test(young_collagen_shines_green),
      cmocka_unit_test(nuclei_come_with_cells),
      cmocka_unit_test(elastin_draws_black_fibres),
      cmocka_unit_test(echoes_rise_by_their_decibels),
      cmocka_unit_test(sun_damage_darkens_a_band_under_the_epidermis),
      cmocka_unit_test(elastotic_material_is_a_dark_band),
      cmocka_unit_test(sections_are_the_same_for_any_number_of_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
