/* SPDX-License-Identifier: BSD-3-Clause
   The height map: same places for the same seed, features of the sizes asked for, and readings of the
   response against readings of the map. */
#include "relief/relief_map.h"

#include "basin.h"
#include "relief/feature.h"
#include "relief/relief_response.h"
#include "surface_fixture.h"

static struct nw_roughness read_map(const struct nw_case *c, const struct nw_relief_map *map) {
  const struct nw_profile_set set = {map->height, map->columns, map->n, map->pixel};
  struct nw_roughness r;
  assert_true(nw_roughness_of_map(&c->params, &set, map->columns < 100 ? map->columns : 100, &r));
  return r;
}

static struct nw_relief_map *made(const struct nw_case *c, const struct nw_skin *skin) {
  struct nw_relief_map *map = nw_relief_map_create(c, skin, NW_RELIEF_POINTS);
  assert_non_null(map);
  return map;
}

/* Lines of 18 um: what the full map reads, from profiles it was not scaled on. */
static void nw_relief_map_lines_have_the_roughness_asked_for(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_relief_map *map = made(&c, &skin);
  const struct nw_relief_size size = {.line = 18e-6};
  nw_relief_map_shape(map, &size);
  const struct nw_roughness r = read_map(&c, map);
  assert_between(r.ra * 1e6, 17.3, 18.7);
  assert_between(r.rz / r.ra, 4, 7); /* Rz 60 .. 150 um over Ra 15 .. 25 um */
  nw_relief_map_free(&map);
}

static void nw_relief_map_is_the_same_for_the_same_seed(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_relief_map *a = made(&c, &skin), *b = made(&c, &skin);
  const struct nw_relief_size size = {.line = 18e-6, .pore = 0.12e-3};
  nw_relief_map_shape(a, &size);
  nw_relief_map_shape(b, &size);
  assert_memory_equal(a->height, b->height, a->n * a->n * sizeof *a->height);
  nw_relief_map_free(&b);
  c.patch.seed++;
  b = made(&c, &skin);
  nw_relief_map_shape(b, &size);
  assert_memory_not_equal(a->height, b->height, a->n * a->n * sizeof *a->height);
  nw_relief_map_free(&a);
  nw_relief_map_free(&b);
}

/* Volume of all scars on the map against n pi R^2 v d of the same scars. */
static void volume_of_type(enum nw_concern_type type) {
  struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_concern concern = {.kind = NW_CONCERN_ACNE_SCAR, .type = type, .width = 2e-3, .depth = 0.4e-3};
  c.concerns = &concern;
  c.n_concerns = 1;
  struct nw_relief_map *map = made(&c, &skin);
  const struct nw_scar scar = nw_scar_of(&c.params, &concern);
  const struct nw_relief_size size = {.scar = scar.depth};
  nw_relief_map_shape(map, &size);
  double sum = 0, deepest = 0;
  for (size_t i = 0; i < map->n_scars; i++) {
    const struct nw_scar_place *s = &map->scars[i];
    /* wide enough for the uneven outline; the nearest neighbour lies well outside */
    const struct outline outline = {s->x, s->y, 1.5 * s->half_x, 1.5 * s->half_y, 1.2};
    struct basin basin = {0};
    assert_true(basin_of(map->height, map->n, map->pixel, &outline, &basin));
    assert_near(basin.depth, s->factor * scar.depth, 0.03 * s->factor * scar.depth);
    sum += basin.volume;
    deepest = fmax(deepest, basin.depth);
  }
  const double area = NW_RELIEF_SIDE * NW_RELIEF_SIDE;
  assert_int_equal(map->n_scars, 6); /* 1.5 / cm2 on 4 cm2 */
  assert_near(sum / area, nw_scar_volume(&c.params, &scar, scar.depth), 0.01 * sum / area);
  assert_true(deepest > 1.2 * scar.depth); /* they differ */
  nw_relief_map_free(&map);
}

static void nw_relief_map_scars_hold_their_volume(void **state) {
  (void)state;
  volume_of_type(NW_TYPE_ROLLING);
  volume_of_type(NW_TYPE_BOXCAR);
  volume_of_type(NW_TYPE_ICE_PICK);
}

/* Depth of wrinkles by the lowest point of each column strip, over the mean line of the map. */
static void nw_relief_map_wrinkles_are_as_deep_as_asked(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_concern concern = {.kind = NW_CONCERN_WRINKLE, .type = NW_TYPE_DEEP};
  c.concerns = &concern;
  c.n_concerns = 1;
  struct nw_relief_map *map = made(&c, &skin);
  const struct nw_relief_size size = {.wrinkle = 0.3e-3};
  nw_relief_map_shape(map, &size);
  double sum = 0, groove = 0;
  for (size_t x = 0; x < map->n; x++) {
    double low = 0;
    for (size_t y = 0; y < map->n; y++) {
      low = fmin(low, map->height[y * map->n + x]);
      groove += map->height[y * map->n + x] < 0;
    }
    sum += low / (double)map->n;
  }
  assert_between(-sum, 0.3e-3,
                 0.3e-3 * (1 + c.params.fade_wrinkle));        /* the deepest of three in each column */
  assert_near(groove / (double)(map->n * map->n), 0.15, 0.01); /* three of 1 mm on 20 mm */
  nw_relief_map_free(&map);
}

/* A stretch mark of the map is as deep and as wide as asked, before and after it narrowed. */
static void nw_relief_map_stretch_marks_are_as_deep_and_wide_as_asked(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  const struct nw_skin skin = plain_skin();
  struct nw_concern concern = {.kind = NW_CONCERN_STRETCH_MARK, .type = NW_TYPE_WHITE};
  c.concerns = &concern;
  c.n_concerns = 1;
  struct nw_relief_map *map = made(&c, &skin);
  const double depth[] = {80e-6, 50e-6}, width[] = {4e-3, 3.4e-3};
  for (int i = 0; i < 2; i++) {
    const struct nw_relief_size size = {.stria = depth[i], .stria_width = width[i]};
    double low = 0, below = 0, volume = 0;
    nw_relief_map_shape(map, &size);
    for (size_t k = 0; k < map->n * map->n; k++) {
      low = fmin(low, map->height[k]);
      below += map->height[k] < 0;
      volume -= map->height[k];
    }
    const double points = (double)(map->n * map->n);
    const double across = (double)map->n_striae * width[i] / NW_RELIEF_SIDE; /* share of the skin in marks */
    assert_near(-low, depth[i], 0.01 * depth[i]);
    assert_near(below / points, across, 0.03 * across);
    /* 1 - d^4 across the mark: four fifths of its box */
    assert_near(volume / points, 0.8 * depth[i] * across, 0.03 * depth[i] * across);
  }
  nw_relief_map_free(&map);
}

static double deviation(double a, double b) {
  return fabs(a / b - 1);
}

/* The response against the map over the sizes that features reach: how far it is off. */
static void response_of(enum nw_concern_kind kind, enum nw_concern_type type, double *worst_ra,
                        double *worst_rz) {
  struct nw_case c = plain_case();
  struct nw_skin skin = plain_skin();
  struct nw_concern concern[2] = {{.kind = kind, .type = type}, {.kind = NW_CONCERN_PORES}};
  c.concerns = concern;
  c.n_concerns = 2;
  assert_true(nw_relief_response_fill(&c, &skin));
  const struct nw_support rest = nw_support_at_start();
  const struct nw_relief_size start = nw_feature_relief(&c, &skin, &rest);
  struct nw_relief_map *map = nw_relief_profiles_create(&c, &skin, NW_RELIEF_PROFILES);
  for (int i = 0; i < 27; i++) {
    const double scale[] = {0.6, 0.9, 1.2};
    struct nw_relief_size size = start;
    size.line *= scale[i % 3];
    size.wrinkle *= scale[i / 3 % 3];
    size.scar *= scale[i / 3 % 3];
    size.stria *= scale[i / 3 % 3];
    size.pore *= scale[i / 9];
    nw_relief_map_shape(map, &size);
    const struct nw_roughness seen = read_map(&c, map), told = nw_relief_roughness(&skin.relief, &size);
    *worst_ra = fmax(*worst_ra, deviation(told.ra, seen.ra));
    *worst_rz = fmax(*worst_rz, deviation(told.rz, seen.rz));
  }
  nw_relief_map_free(&map);
}

static void nw_relief_roughness_follows_the_map(void **state) {
  (void)state;
  const struct {
    enum nw_concern_kind kind;
    enum nw_concern_type type;
  } with[] = {{NW_CONCERN_TEXTURE, NW_TYPE_NONE},      {NW_CONCERN_WRINKLE, NW_TYPE_FINE},
              {NW_CONCERN_WRINKLE, NW_TYPE_DEEP},      {NW_CONCERN_ACNE_SCAR, NW_TYPE_ROLLING},
              {NW_CONCERN_ACNE_SCAR, NW_TYPE_BOXCAR},  {NW_CONCERN_ACNE_SCAR, NW_TYPE_ICE_PICK},
              {NW_CONCERN_STRETCH_MARK, NW_TYPE_WHITE}};
  for (size_t i = 0; i < NW_COUNT(with); i++) {
    double ra = 0, rz = 0;
    response_of(with[i].kind, with[i].type, &ra, &rz);
    print_message("concern %d type %d: Ra within %.2f %%, Rz within %.2f %%\n", with[i].kind, with[i].type,
                  100 * ra, 100 * rz);
    assert_true(ra < 0.03 && rz < 0.05);
  }
}

/* Reading a state must cost nothing beside a course of 40 ms: it is read a hundred times in each. */
static void nw_relief_response_is_quick(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_skin skin = plain_skin();
  struct timespec a, b;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  for (int i = 0; i < 5; i++)
    assert_true(nw_relief_response_fill(&c, &skin));
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  const double fill_ms = 200 * ((double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec));
  print_message("response of plain skin: %.1f ms\n", fill_ms);
  assert_true(fill_ms < 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_relief_map_lines_have_the_roughness_asked_for),
      cmocka_unit_test(nw_relief_map_is_the_same_for_the_same_seed),
      cmocka_unit_test(nw_relief_map_scars_hold_their_volume),
      cmocka_unit_test(nw_relief_map_wrinkles_are_as_deep_as_asked),
      cmocka_unit_test(nw_relief_map_stretch_marks_are_as_deep_and_wide_as_asked),
      cmocka_unit_test(nw_relief_roughness_follows_the_map),
      cmocka_unit_test(nw_relief_response_is_quick),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
