/* SPDX-License-Identifier: BSD-3-Clause
   Pictures of the skin: colour against the optics, light against closed forms, features where the map has
   them. */
#include "picture/skin_picture.h"

#include <unistd.h>

#include "base/random.h"
#include "io/skin_files.h"
#include "picture/blur.h"
#include "picture/dye.h"
#include "picture/jpeg.h"
#include "picture/shade.h"
#include "picture/skin_surface.h"
#include "plan/device_library.h"
#include "study/trial.h"
#include "linear_light.h"
#include "surface_fixture.h"

/* ---- colour ---- */

static void dye_is_the_optics_within_half_a_percent(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_dye *dye = nw_dye_create(&p);
  assert_non_null(dye);
  for (uint64_t i = 0; i < 500; i++) {
    const struct nw_tint tint = {0.002 * pow(200, nw_random_uniform(1, NW_STREAM_PICTURE, i, 0)),
                                 0.001 * pow(300, nw_random_uniform(1, NW_STREAM_PICTURE, i, 1)),
                                 0.4 + 1.6 * nw_random_uniform(1, NW_STREAM_PICTURE, i, 2),
                                 fmax(0.6 * nw_random_uniform(1, NW_STREAM_PICTURE, i, 3) - 0.1, 0)};
    float rgb[NW_RGB];
    double exact[NW_RGB];
    nw_dye_rgb(dye, &tint, rgb);
    nw_colour_rgb(&p, &tint, exact);
    for (int c = 0; c < NW_RGB; c++)
      assert_near(rgb[c], exact[c], 0.002 + 0.005 * exact[c]);
  }
  nw_dye_free(&dye);
}

/* CIELAB of linear sRGB under D65: the published inverse of the matrix of sRGB. */
static struct nw_lab lab_of(const double rgb[NW_RGB]) {
  static const double matrix[3][3] = {
      {0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}};
  static const double white[3] = {0.9505, 1, 1.0890};
  double f[3];
  for (int k = 0; k < 3; k++) {
    double sum = 0;
    for (int c = 0; c < NW_RGB; c++)
      sum += matrix[k][c] * rgb[c];
    f[k] = cbrt(sum / white[k]);
  }
  return (struct nw_lab){116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

static struct nw_skin_moment moment_of(const struct nw_params *p, int phototype) {
  const double blood = p->f_blood;
  return (struct nw_skin_moment){.size = {.line = 18e-6, .pore = 0.2e-3},
                                 .tint = {nw_colour_melanin(p, phototype), blood, 1, 0},
                                 .blood_at_start = blood,
                                 .lesion = 1,
                                 .session = -1,
                                 .gloss = 0.3,
                                 .roughness = 0.4};
}

static void mean_of_unlit_skin_is_what_the_instrument_reads(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_dye *dye = nw_dye_create(&c.params);
  struct nw_relief_map *map = nw_relief_map_create(&c, &skin, 200);
  const size_t pixels = map->n * map->n;
  float *body = nw_allocate(NW_RGB * pixels, sizeof *body);
  double last = 100;
  for (int type = 1; type <= 6; type++) {
    const struct nw_skin_moment moment = moment_of(&c.params, type);
    const struct nw_marks none = {0};
    struct nw_skin_surface surface;
    assert_int_equal(nw_skin_surface_create(context, &c.params, map, &none, &moment, &surface), NW_OK);
    nw_skin_surface_body(&c.params, dye, &surface, &moment.tint, 1, body);
    double mean[NW_RGB] = {0}, weight = 0;
    for (size_t i = 0; i < pixels; i++) {
      weight += surface.plain[i];
      for (size_t k = 0; k < NW_RGB; k++)
        mean[k] += surface.plain[i] * body[k * pixels + i] / (1 - surface.trap[i]);
    }
    assert_between(weight / (double)pixels, 0.5, 0.999); /* there are openings, and skin between them */
    for (size_t k = 0; k < NW_RGB; k++)
      mean[k] /= weight;
    const struct nw_lab shown = lab_of(mean), wanted = nw_colour_lab(&c.params, &moment.tint);
    assert_near(shown.L, wanted.L, 0.5);
    assert_near(shown.a, wanted.a, 1);
    assert_near(shown.b, wanted.b, 1);
    assert_true(shown.L < last - 1); /* each phototype is darker than the one before */
    last = shown.L;
    nw_skin_surface_clear(&surface);
  }
  nw_release(body);
  nw_relief_map_free(&map);
  nw_dye_free(&dye);
  nw_context_free(&context);
}

/* ---- blur ---- */

static void blur_keeps_the_mean_and_has_the_width_asked_for(void **state) {
  (void)state;
  enum { N = 96 };
  static const double sigma[] = {0.4, 1.3, 5, 11};
  for (size_t k = 0; k < NW_COUNT(sigma); k++) {
    float *map = nw_allocate(N * N, sizeof *map), *same = nw_allocate(N * N, sizeof *same);
    map[N * 40 + 47] = same[N * 40 + 47] = 1;
    assert_true(nw_blur(map, N, sigma[k], 1));
    assert_true(nw_blur(same, N, sigma[k], 3));
    assert_memory_equal(map, same, N * N * sizeof *map);
    double sum = 0, across = 0, down = 0;
    for (int i = 0; i < N * N; i++) {
      sum += map[i];
      across += map[i] * (i % N - 47) * (i % N - 47);
      down += map[i] * (i / N - 40) * (i / N - 40);
    }
    assert_near(sum, 1, 1e-5);
    assert_near(across, sigma[k] * sigma[k], 0.002 * sigma[k] * sigma[k]);
    assert_near(down, sigma[k] * sigma[k], 0.002 * sigma[k] * sigma[k]);
    nw_release(map);
    nw_release(same);
  }
}

/* ---- light ---- */

enum { SIDE = 64 };

static struct nw_shade_scene scene_of(const float *height, const float *body) {
  struct nw_shade_scene scene = {
      .n = SIDE, .pixel = 25e-6, .height = height, .body = body, .gloss = 0, .roughness = 0.4};
  for (int c = 0; c < NW_RGB; c++)
    scene.seep[c] = 60e-6;
  return scene;
}

static void flat_skin_comes_out_in_its_colour_and_white_as_white(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  const struct nw_params p = nw_params_default();
  float *height = nw_allocate(SIDE * SIDE, sizeof *height),
        *body = nw_allocate(NW_RGB * SIDE * SIDE, sizeof *body),
        *light = nw_allocate(SIDE * SIDE, sizeof *light);
  const struct nw_tint tint = {nw_colour_melanin(&p, 4), p.f_blood, 1, 0};
  double rgb[NW_RGB];
  nw_colour_rgb(&p, &tint, rgb);
  const struct nw_shade_scene scene = scene_of(height, body);
  nw_shade_irradiance(&p, &scene, 1, light, NULL);
  for (int i = 0; i < SIDE * SIDE; i++)
    assert_near(light[i], 1, 1e-6);
  for (int white = 0; white < 2; white++) {
    struct nw_image image;
    for (size_t i = 0; i < NW_RGB * SIDE * SIDE; i++)
      body[i] = white ? 1 : (float)rgb[i / (SIDE * SIDE)];
    assert_int_equal(nw_shade_draw(context, &p, &scene, &image), NW_OK);
    for (int i = 0; i < NW_RGB * SIDE * SIDE; i++)
      assert_near(image.rgb[i], white ? 255 : 255 * nw_palette_from_linear(rgb[i % NW_RGB]), 0.51);
    nw_png_image_free(&image);
  }
  nw_release(height);
  nw_release(body);
  nw_release(light);
  nw_context_free(&context);
}

/* A low wave: at its steepest place the lamp gives the cosine of Lambert's law, and the sky what the horizon
   leaves: between cos^2 of the slope on one side, nothing hidden on the other. */
static void slopes_follow_the_cosine(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  p.lamp_turn = 0; /* from the left */
  float *height = nw_allocate(SIDE * SIDE, sizeof *height), *light = nw_allocate(SIDE * SIDE, sizeof *light);
  const double length = SIDE * 25e-6, steep = 0.2, rise = steep * length / (2 * NW_PI);
  for (int i = 0; i < SIDE * SIDE; i++)
    height[i] = (float)(rise * sin(2 * NW_PI * (i % SIDE) / SIDE));
  const struct nw_shade_scene scene = scene_of(height, NULL);
  nw_shade_irradiance(&p, &scene, 1, light, NULL);
  const double facing = (sin(p.lamp_height) + steep * cos(p.lamp_height)) / sqrt(1 + steep * steep);
  const double key = p.lamp_share * facing / sin(p.lamp_height);
  assert_between(light[0], key + (1 - p.lamp_share) * (1 - steep * steep), key + 1 - p.lamp_share + 1e-3);
  assert_true(light[SIDE / 2] < 1); /* the far side lies in less light */
  nw_release(height);
  nw_release(light);
}

static void a_wall_throws_a_shadow_of_its_height_over_the_tangent(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  p.lamp_turn = 0;
  float *height = nw_allocate(SIDE * SIDE, sizeof *height), *light = nw_allocate(SIDE * SIDE, sizeof *light);
  const int wall = 20;
  const double tall = 0.3e-3;
  for (int i = 0; i < SIDE * SIDE; i++)
    height[i] = i % SIDE == wall ? (float)tall : 0;
  const struct nw_shade_scene scene = scene_of(height, NULL);
  nw_shade_irradiance(&p, &scene, 1, light, NULL);
  const double reach = tall / tan(p.lamp_height) / 25e-6;
  const float *row = light + 30 * SIDE;
  assert_true(row[wall + (int)(0.6 * reach)] < 1 - p.lamp_share + 0.01);
  assert_true(row[wall + (int)(1.5 * reach)] > 0.5 + 0.5 * (1 - p.lamp_share));
  assert_true(row[wall - 5] > p.lamp_share); /* the side of the lamp is lit */
  nw_release(height);
  nw_release(light);
}

/* Light from all angles on a white plane with gloss: what leaves towards the camera, by reciprocity all that
   leaves when light comes from there, is never more than what falls in. */
static void gloss_and_white_skin_return_no_more_than_falls_in(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  p.lamp_share = 1;
  enum { STEPS = 2000 };
  for (double roughness = 0.15; roughness < 0.7; roughness += 0.1) {
    double mirrored = 0, through = 0;
    for (int i = 0; i < STEPS; i++) {
      const double theta = 0.5 * NW_PI * (i + 0.5) / STEPS, weight = sin(2 * theta) * 0.5 * NW_PI / STEPS;
      p.lamp_height = 0.5 * NW_PI - theta;
      mirrored += weight * nw_shade_gloss(&p, 1, roughness, 0, 0, 1);
      through += weight * (1 - nw_shade_mirrored(&p, cos(theta)));
    }
    /* n 1.4 mirrors 2.8 % at normal incidence; light that bounces twice in a rough film is not counted */
    assert_between(mirrored, 0.015, 0.04);
    assert_between(mirrored + through, 0.9, 1);
  }
}

static void red_light_seeps_furthest(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  for (int type = 1; type <= 6; type++) {
    const struct nw_tint tint = {nw_colour_melanin(&p, type), p.f_blood, 1, 0};
    double seep[NW_RGB];
    nw_shade_seep(&p, &tint, seep);
    assert_true(seep[0] > seep[1] && seep[1] > seep[2]);
    assert_between(sqrt(7) * seep[0] * 1e3, 0.2, 2); /* mm: standard deviation of the whole profile */
  }
}

/* ---- features ---- */

static size_t pixel_at(const struct nw_skin_surface *s, double x, double y) {
  return (size_t)(y / s->pixel) * s->n + (size_t)(x / s->pixel);
}

static void marks_lie_where_the_needles_went(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_relief_map *map = nw_relief_map_create(&c, &skin, NW_RELIEF_POINTS);
  struct nw_mark mark[] = {
      {.x = 5e-3F, .y = 4e-3F, .radius = 60e-6F, .bleeds = true, .rank = 0.2F, .size = 1},
      {.x = 12e-3F, .y = 9e-3F, .radius = 60e-6F, .bleeds = true, .rank = 0.8F, .size = 1},
      {.x = 9e-3F, .y = 15e-3F, .radius = 60e-6F, .session = 1, .size = 1}};
  const struct nw_marks marks = {mark, NW_COUNT(mark), NW_COUNT(mark)};
  struct nw_skin_moment moment = moment_of(&c.params, 2);
  moment.size = (struct nw_relief_size){0};
  moment.session = 0;
  moment.bleeding = 0.5; /* the second one has faded */
  moment.open = 1;
  struct nw_skin_surface s;
  assert_int_equal(nw_skin_surface_create(context, &c.params, map, &marks, &moment, &s), NW_OK);
  const size_t first = pixel_at(&s, 5e-3, 4e-3), faded = pixel_at(&s, 12e-3, 9e-3),
               later = pixel_at(&s, 9e-3, 15e-3);
  assert_near(s.blood[first], c.params.blood_dot, 1e-6);
  assert_true(s.height[first] > 0.4 * c.params.h_crust);
  assert_true(s.blood[faded] < 3 * c.params.f_blood);
  assert_true(s.height[faded] < -0.3 * c.params.h_mouth && s.trap[faded] > 0);
  assert_near(s.height[later], 0, 1e-9); /* of a session still to come */
  assert_near(s.trap[later], 0, 0);
  nw_skin_surface_clear(&s);
  nw_relief_map_free(&map);
  nw_context_free(&context);
}

/* Dead tissue of heated columns is brown once it has dried, and has left after a week. */
static void heated_columns_brown_and_leave(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_mark mark[] = {
      {.x = 5e-3F, .y = 4e-3F, .radius = 60e-6F, .dead = 110e-6F, .rank = 0.2F, .size = 1},
      {.x = 12e-3F, .y = 9e-3F, .radius = 60e-6F, .dead = 110e-6F, .rank = 0.8F, .size = 1}};
  const struct nw_marks marks = {mark, NW_COUNT(mark), NW_COUNT(mark)};
  struct nw_skin_moment moment = moment_of(&c.params, 2);
  moment.size = (struct nw_relief_size){0};
  moment.session = 0;
  const double day = 86400, since[] = {0, 1, 5, 7.1};
  const bool brown[][2] = {{false, false}, {true, true}, {false, true}, {false, false}};
  for (size_t t = 0; t < NW_COUNT(since); t++) {
    struct nw_skin_surface s;
    struct nw_relief_map *map = nw_relief_map_create(&c, &skin, NW_RELIEF_POINTS);
    moment.since = since[t] * day;
    assert_int_equal(nw_skin_surface_create(context, &c.params, map, &marks, &moment, &s), NW_OK);
    const double plain = s.melanin[pixel_at(&s, 9e-3, 15e-3)];
    for (size_t k = 0; k < NW_COUNT(mark); k++) {
      const double more = s.melanin[pixel_at(&s, mark[k].x, mark[k].y)] - plain;
      assert_float_equal(more, brown[t][k] ? c.params.mel_debris : 0, 0.1 * c.params.mel_debris);
    }
    nw_skin_surface_clear(&s);
    nw_relief_map_free(&map);
  }
  nw_context_free(&context);
}

static void plugs_and_lesions_have_their_melanin_where_the_map_has_them(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_concern spot = {.kind = NW_CONCERN_LENTIGO};
  c.params.cv_mel = 0; /* no mottle: the ratio is that of the lesion alone */
  c.concerns = &spot;
  c.n_concerns = 1;
  struct nw_relief_map *map = nw_relief_map_create(&c, &skin, 400);
  struct nw_skin_moment moment = moment_of(&c.params, 3);
  moment.size.comedo = 0.3;
  moment.lesion = 2.5;
  moment.tint.dermal = 0.01;
  moment.lesion_dermal = 0.03;
  const struct nw_marks none = {0};
  struct nw_skin_surface s;
  assert_int_equal(nw_skin_surface_create(context, &c.params, map, &none, &moment, &s), NW_OK);
  double inside = 0, outside = 0, n_inside = 0, n_outside = 0, deep = 0;
  size_t plugs = 0;
  for (size_t i = 0; i < s.n * s.n; i++) {
    if (map->comedo[i] > 0) {
      plugs++;
      assert_true(s.melanin[i] > c.params.mel_plug && s.plain[i] == 0);
    } else if (map->lesion[i] > 0.99F) {
      inside += s.melanin[i];
      deep += s.dermal[i];
      n_inside++;
    } else if (map->lesion[i] < 0.01F) {
      outside += s.melanin[i];
      assert_between(s.dermal[i], 0.00999, 0.0104);
      n_outside++;
    }
  }
  assert_true(plugs > 100 && n_inside > 100 && n_outside > 100);
  assert_between(inside / n_inside / (outside / n_outside), 2.45, 2.51);
  assert_between(deep / n_inside, 0.0395, 0.0401);
  nw_skin_surface_clear(&s);
  nw_relief_map_free(&map);
  nw_context_free(&context);
}

/* ---- whole pictures ---- */

static struct nw_case roller_case(void) {
  struct nw_case c = plain_case();
  c.device = (struct nw_device){.kind = NW_DEVICE_NONE};
  c.subject.phototype = 2;
  c.patch = (struct nw_patch){.width = 2e-3, .height = 2e-3, .resolution = 25e-6, .seed = 3};
  c.course = (struct nw_course){.sessions = 1, .interval = 14 * 86400.0, .follow_up = 10 * 86400.0};
  return c;
}

static double redness(const struct nw_image *image) {
  double red = 0, green = 0;
  for (size_t i = 0; i < image->width * image->height; i++) {
    red += image->rgb[3 * i];
    green += image->rgb[3 * i + 1];
  }
  return red / green;
}

/* Mean colour of a picture as a colorimeter over all of it would read it. */
static struct nw_lab mean_lab(const struct nw_image *image) {
  const size_t pixels = image->width * image->height;
  double mean[NW_RGB] = {0};
  for (size_t i = 0; i < NW_RGB * pixels; i++)
    mean[i % NW_RGB] += linear_light(image->rgb[i] / 255.0) / (double)pixels;
  return lab_of(mean);
}

/* Gloss, shadows and openings included, a whole picture has about the colour of the optics, darker by type.
 */
static void pictures_have_the_colour_of_their_phototype(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  double last = 100;
  for (int type = 1; type <= 6; type += 1) {
    struct nw_case c = roller_case();
    struct nw_run base = {0}, run = {0};
    struct nw_skin_pictures *pictures;
    struct nw_image image;
    c.subject.phototype = type;
    c.course.follow_up = 86400;
    assert_int_equal(nw_trial_prepare(context, &c, &base), NW_OK);
    assert_int_equal(nw_trial_run(context, &base, NULL, NW_UNIT_CELL, &run), NW_OK);
    assert_int_equal(nw_skin_pictures_create(context, &run, &pictures), NW_OK);
    assert_int_equal(nw_skin_pictures_draw(context, pictures, -1, true, &image), NW_OK);
    assert_int_equal(image.width, NW_RELIEF_POINTS);
    assert_int_equal(image.height, NW_RELIEF_POINTS);
    const struct nw_tint tint = nw_skin_moment_of(&run, 0, true).tint;
    const struct nw_lab shown = mean_lab(&image), wanted = nw_colour_lab(&c.params, &tint);
    assert_between(shown.L, wanted.L - 4, wanted.L + 2); /* openings and furrows take some light */
    assert_near(shown.a, wanted.a, 2);
    assert_near(shown.b, wanted.b, 3);
    assert_true(shown.L < last - 1);
    last = shown.L;
    nw_png_image_free(&image);
    nw_skin_pictures_free(&pictures);
    nw_trial_clear(&run);
    nw_run_clear(&base);
  }
  nw_context_free(&context);
}

static void pictures_are_the_same_for_any_number_of_threads(void **state) {
  (void)state;
  struct nw_case c = roller_case();
  struct nw_context *context = nw_context_create();
  assert_true(nw_device_preset("dermaroller_mf8", &c.device));
  c.device.passes = 15;
  c.device.needle_length = 1.5e-3;
  struct nw_run base = {0}, run = {0};
  assert_int_equal(nw_trial_prepare(context, &c, &base), NW_OK);
  assert_int_equal(nw_trial_run(context, &base, NULL, NW_UNIT_CELL, &run), NW_OK);
  struct nw_image image[3];
  const double time[3] = {3600, 3600, -1};
  struct nw_text png = {0};
  for (int k = 0; k < 3; k++) {
    struct nw_skin_pictures *pictures;
    nw_context_threads(context, k == 1 ? 3 : 1);
    assert_int_equal(nw_skin_pictures_create(context, &run, &pictures), NW_OK);
    assert_int_equal(nw_skin_pictures_draw(context, pictures, time[k], true, &image[k]), NW_OK);
    nw_skin_pictures_free(&pictures);
  }
  const size_t bytes = 3 * image[0].width * image[0].height;
  assert_memory_equal(image[0].rgb, image[1].rgb, bytes);
  assert_true(redness(&image[0]) > 1.02 * redness(&image[2])); /* an hour after against before */
  assert_true(mean_lab(&image[0]).a > mean_lab(&image[2]).a + 1);
  assert_int_equal(nw_png_encode(context, &image[0], &png), NW_OK);
  struct nw_image read;
  assert_int_equal(nw_png_decode(context, png.data, png.length, &read), NW_OK);
  assert_memory_equal(read.rgb, image[0].rgb, bytes);
  nw_png_image_free(&read);
  assert_int_equal(nw_png_decode(context, png.data, png.length / 2, &read), NW_IO);
  assert_int_equal(nw_png_decode(context, "no picture", 10, &read), NW_IO);
  nw_text_clear(&png);
  for (int k = 0; k < 3; k++)
    nw_png_image_free(&image[k]);
  nw_trial_clear(&run);
  nw_run_clear(&base);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

/* ---- files ---- */

static void small_pictures_keep_the_mean(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_image image, small;
  assert_true(nw_png_image_create(&image, 90, 60));
  for (long i = 0; i < 90 * 60; i++)
    nw_png_pixel(&image, i % 90, i / 90, (struct nw_colour){(i % 90) / 89.0, 0.5, (i / 90) % 2});
  assert_true(nw_png_shrink(&image, 60, &small));
  assert_int_equal(small.width, 60);
  assert_int_equal(small.height, 40);
  double before[3] = {0}, after[3] = {0};
  for (size_t i = 0; i < 3 * 90 * 60; i++)
    before[i % 3] += image.rgb[i] / (90.0 * 60);
  for (size_t i = 0; i < 3 * 60 * 40; i++)
    after[i % 3] += small.rgb[i] / (60.0 * 40);
  for (int k = 0; k < 3; k++)
    assert_near(after[k], before[k], 0.6);
  struct nw_text jpeg = {0};
  assert_int_equal(nw_jpeg_encode(context, &small, 80, &jpeg), NW_OK);
  static const unsigned char start[] = {0xff, 0xd8, 0xff}, end[] = {0xff, 0xd9};
  assert_memory_equal(jpeg.data, start, sizeof start);
  assert_memory_equal(jpeg.data + jpeg.length - 2, end, sizeof end);
  nw_text_clear(&jpeg);
  nw_png_image_free(&image);
  nw_png_image_free(&small);
  nw_context_free(&context);
}

static void files_are_named_by_their_time_and_found_again(void **state) {
  (void)state;
  static const struct {
    double time;
    bool treated;
    const char *name;
  } row[] = {{0, true, "skin_000d.png"},
             {1.0 / 24, true, "skin_000d_01h.png"},
             {15, true, "skin_015d.png"},
             {1825, true, "skin_1825d.png"},
             {1825, false, "skin_1825d_untreated.png"}};
  static const char *const others[] = {"section_000d_masson.png", "section_001d_12h_ultrasound.png"};
  struct nw_context *context = nw_context_create();
  char folder[] = "/tmp/nw_picture_XXXXXX", name[NW_SKIN_FILE_NAME];
  assert_non_null(mkdtemp(folder));
  for (size_t i = NW_COUNT(row); i-- > 0;) {
    struct nw_skin_file file = {.time = row[i].time, .treated = row[i].treated};
    nw_skin_file_name(name, row[i].time, row[i].treated);
    assert_string_equal(name, row[i].name);
    nw_text_append(&file.png, "%s", name);
    assert_int_equal(nw_skin_file_write(context, folder, &file), NW_OK);
    nw_text_clear(&file.png);
  }
  struct nw_skin_files files;
  assert_int_equal(nw_skin_files_read(context, folder, &files), NW_OK);
  assert_int_equal(files.count, NW_COUNT(row));
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    assert_string_equal(files.item[i].png.data, row[i].name);
    assert_near(files.item[i].time, row[i].time, 1e-12);
  }
  nw_skin_files_clear(&files);
  nw_section_file_name(name, 1.5, "ultrasound");
  assert_string_equal(name, others[1]);
  for (size_t i = 0; i < NW_COUNT(others); i++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, others[i]);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
  }
  assert_int_equal(nw_skin_files_remove(context, folder), NW_OK);
  assert_int_equal(rmdir(folder), 0); /* sections went as well */
  nw_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dye_is_the_optics_within_half_a_percent),
      cmocka_unit_test(mean_of_unlit_skin_is_what_the_instrument_reads),
      cmocka_unit_test(blur_keeps_the_mean_and_has_the_width_asked_for),
      cmocka_unit_test(flat_skin_comes_out_in_its_colour_and_white_as_white),
      cmocka_unit_test(slopes_follow_the_cosine),
      cmocka_unit_test(a_wall_throws_a_shadow_of_its_height_over_the_tangent),
      cmocka_unit_test(gloss_and_white_skin_return_no_more_than_falls_in),
      cmocka_unit_test(red_light_seeps_furthest),
      cmocka_unit_test(marks_lie_where_the_needles_went),
      cmocka_unit_test(heated_columns_brown_and_leave),
      cmocka_unit_test(plugs_and_lesions_have_their_melanin_where_the_map_has_them),
      cmocka_unit_test(pictures_have_the_colour_of_their_phototype),
      cmocka_unit_test(pictures_are_the_same_for_any_number_of_threads),
      cmocka_unit_test(small_pictures_keep_the_mean),
      cmocka_unit_test(files_are_named_by_their_time_and_found_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
