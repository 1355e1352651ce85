/* SPDX-License-Identifier: BSD-3-Clause
   Instruments on synthetic surfaces whose answers are known in closed form. */
#include "relief/metrology.h"

#include "basin.h"
#include "surface_fixture.h"

enum { N = 800 };
static const double PIXEL = 25e-6;
static float map[N * N];

/* Share of a wave of this length that passes the Gaussian filter to the roughness [1]. */
static double transmission(const struct nw_params *p, double wavelength) {
  const double ratio = p->alpha_filter * p->cutoff / wavelength;
  return 1 - exp(-NW_PI * ratio * ratio);
}

static void nw_filter_transmission_is_half_at_the_cutoff(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_near(transmission(&p, 0.8e-3), 0.5, 1e-4);
  assert_near(transmission(&p, 0.2e-3), 1, 1e-4);
  assert_between(transmission(&p, 8e-3), 0.006, 0.008);
}

/* Amplitude of the wave with `waves` periods after the filter, by projection. */
static double passed(const struct nw_params *p, int waves) {
  struct nw_profile_filter filter;
  double in[N], out[N], sum = 0;
  assert_true(nw_profile_filter_create(p, PIXEL, &filter));
  for (int i = 0; i < N; i++)
    in[i] = sin(2 * NW_PI * waves * i / N);
  nw_profile_roughness(&filter, in, N, out);
  for (int i = 0; i < N; i++)
    sum += 2 * out[i] * in[i] / N;
  nw_profile_filter_clear(&filter);
  return sum;
}

/* 20 mm hold 25 waves of the cut-off. The sampled filter follows the law of ISO 16610-21. */
static void nw_profile_roughness_transmits_as_the_standard_says(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_near(passed(&p, 25), 0.5, 2e-4);
  assert_near(passed(&p, 5), transmission(&p, 4e-3), 2e-4);
  assert_near(passed(&p, 50), transmission(&p, 0.4e-3), 2e-4);
  assert_near(passed(&p, 100), 1, 2e-4);
  assert_near(passed(&p, 0), 0, 1e-12);
}

static void fill(double (*height)(double x, double y)) {
  for (int i = 0; i < N * N; i++)
    map[i] = (float)height((i % N + 0.5) * PIXEL, (i / N + 0.5) * PIXEL);
}

/* One profile of 20 mm with a point each 1.25 um. */
static struct nw_roughness read_profile(double (*height)(double y)) {
  enum { FINE = 16000 };
  const struct nw_params p = nw_params_default();
  const double spacing = 20e-3 / FINE;
  const struct nw_profile_set set = {map, 1, FINE, spacing};
  struct nw_roughness r;
  for (int i = 0; i < FINE; i++)
    map[i] = (float)height((i + 0.5) * spacing);
  assert_true(nw_roughness_of_map(&p, &set, 1, &r));
  return r;
}

/* 0.2 mm waves of 50 um pass whole: Ra 2 A / pi, Rz 2 A. */
static double fine_wave(double y) {
  return 50e-6 * sin(2 * NW_PI * y / 0.2e-3);
}

/* A wave as long as the cut-off keeps half. */
static double long_wave(double y) {
  return 50e-6 * sin(2 * NW_PI * y / 0.8e-3);
}

static void nw_roughness_of_a_sinusoid_is_two_over_pi(void **state) {
  (void)state;
  struct nw_roughness r = read_profile(fine_wave);
  assert_near(r.ra * 1e6, 100 / NW_PI, 0.003);
  assert_near(r.rz * 1e6, 100, 0.05);
  r = read_profile(long_wave);
  assert_near(r.ra * 1e6, 50 / NW_PI, 0.01);
  assert_near(r.rz * 1e6, 50, 0.05);
}

/* Steps of 40 um, a quarter of a period of 0.1 mm: Ra = 2 f (1 - f) d and Rz = d. */
static double steps(double y) {
  return fmod(y, 0.1e-3) < 0.025e-3 ? -40e-6 : 0;
}

static void nw_roughness_of_steps_by_definition(void **state) {
  (void)state;
  const struct nw_roughness r = read_profile(steps);
  assert_near(r.ra * 1e6, 15, 0.001);
  assert_near(r.rz * 1e6, 40, 0.001);
}

/* A tilted plane, closed at its end, is waviness: away from the jump nothing is left. */
static void nw_profile_roughness_removes_a_slope(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_profile_filter filter;
  double in[N], out[N];
  assert_true(nw_profile_filter_create(&p, PIXEL, &filter));
  for (int i = 0; i < N; i++)
    in[i] = 3e-6 * i;
  nw_profile_roughness(&filter, in, N, out);
  for (int i = (int)filter.reach; i < N - (int)filter.reach; i++)
    assert_near(out[i], 0, 1e-15);
  nw_profile_filter_clear(&filter);
}

/* Hemispheres of 0.2 mm radius on a lattice of 2 mm, each off the pixels by another amount, and a groove
   that is no pit. */
static double pits(double x, double y) {
  const double shift = PIXEL * fmod(0.37 * floor(x / 2e-3) + 0.61 * floor(y / 2e-3), 1);
  const double u = fmod(x, 2e-3) - 1e-3 - shift, v = fmod(y, 2e-3) - 1e-3 + shift,
               r2 = 0.2e-3 * 0.2e-3 - u * u - v * v;
  if (r2 > 0) return sqrt(r2);
  return fabs(y - 10e-3) < 0.15e-3 && x < 12e-3 ? 100e-6 : 0;
}

static void nw_pits_of_hemispheres_counts_all_and_measures_their_area(void **state) {
  (void)state;
  fill(pits);
  const double depth = 20e-6, radius = sqrt(0.2e-3 * 0.2e-3 - depth * depth);
  struct nw_pit_rule rule = {depth, 0.3e-3, 0.6};
  struct nw_pits found;
  assert_true(nw_pits_of(map, N, PIXEL, &rule, &found));
  assert_int_equal(found.count, 100);
  assert_near(found.area, 100 * NW_PI * radius * radius / (20e-3 * 20e-3), 0.01 * found.area);
  assert_near(found.squares, found.area * found.area / 100, 0.001 * found.squares); /* all alike */
  rule.roundness = 0; /* now the groove counts too */
  assert_true(nw_pits_of(map, N, PIXEL, &rule, &found));
  assert_int_equal(found.count, 101);
  rule.diameter = 0.5e-3; /* and the hemispheres are too small */
  assert_true(nw_pits_of(map, N, PIXEL, &rule, &found));
  assert_int_equal(found.count, 1);
}

/* Moved over the border of the periodic map, the same pits are found. */
static double pits_at_the_border(double x, double y) {
  return pits(fmod(x + 1e-3, 20e-3), fmod(y + 1e-3, 20e-3));
}

static void nw_pits_of_a_periodic_map_joins_its_sides(void **state) {
  (void)state;
  fill(pits_at_the_border);
  const struct nw_pit_rule rule = {20e-6, 0.3e-3, 0.6};
  struct nw_pits found;
  assert_true(nw_pits_of(map, N, PIXEL, &rule, &found));
  assert_int_equal(found.count, 100);
}

/* A paraboloid 2 mm across and 0.3 mm deep on a slope: volume pi R^2 d / 2. */
static double bowl(double x, double y) {
  const double u = (x - 3e-3) / 1e-3, v = (y - 19.5e-3 + (y < 5e-3 ? 20e-3 : 0)) / 1e-3, r2 = u * u + v * v;
  return 0.01 * x - (r2 < 1 ? 0.3e-3 * (1 - r2) : 0);
}

static void basin_of_a_paraboloid_on_a_slope(void **state) {
  (void)state;
  fill(bowl);
  const struct outline outline = {3e-3, 19.5e-3, 1e-3, 1e-3, 1.5};
  struct basin basin = {0};
  assert_true(basin_of(map, N, PIXEL, &outline, &basin));
  assert_near(basin.depth * 1e6, 300, 0.5);
  assert_near(basin.volume * 1e9, 0.5 * NW_PI * 0.3, 0.001 * 0.5 * NW_PI * 0.3);
  assert_near(basin.area * 1e6, NW_PI, 0.01);
}

/* A cap of a sphere, 4 mm across and 0.4 mm deep: pi h (3 a^2 + h^2) / 6. */
static double cap(double x, double y) {
  const double a = 2e-3, h = 0.4e-3, radius = (a * a + h * h) / (2 * h);
  const double u = x - 8e-3, v = y - 9e-3, r2 = u * u + v * v;
  return r2 < a * a ? radius - h - sqrt(radius * radius - r2) : 0;
}

static void basin_of_a_cap_of_a_sphere(void **state) {
  (void)state;
  fill(cap);
  const struct outline outline = {8e-3, 9e-3, 2e-3, 2e-3, 1.4};
  struct basin basin = {0};
  assert_true(basin_of(map, N, PIXEL, &outline, &basin));
  const double volume = NW_PI * 0.4 * (3 * 4 + 0.16) / 6; /* [mm3] */
  assert_near(basin.depth * 1e6, 400, 0.1);
  assert_near(basin.volume * 1e9, volume, 0.001 * volume);
}

/* Garwood 1936: no event gives 0 .. -ln 0.05, ten give 5.425 .. 16.962. */
static void nw_poisson_interval_is_exact(void **state) {
  (void)state;
  double low, high;
  nw_poisson_interval(0, &low, &high);
  assert_near(low, 0, 0);
  assert_near(high, -log(0.05), 1e-9);
  nw_poisson_interval(10, &low, &high);
  assert_near(low, 5.4254, 1e-3);
  assert_near(high, 16.9622, 1e-3);
  nw_poisson_interval(1000, &low, &high);
  assert_near(low, 1000 - 1.645 * sqrt(1000), 2);
  assert_near(high, 1000 + 1.645 * sqrt(1000), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_filter_transmission_is_half_at_the_cutoff),
      cmocka_unit_test(nw_profile_roughness_transmits_as_the_standard_says),
      cmocka_unit_test(nw_roughness_of_a_sinusoid_is_two_over_pi),
      cmocka_unit_test(nw_roughness_of_steps_by_definition),
      cmocka_unit_test(nw_profile_roughness_removes_a_slope),
      cmocka_unit_test(nw_pits_of_hemispheres_counts_all_and_measures_their_area),
      cmocka_unit_test(nw_pits_of_a_periodic_map_joins_its_sides),
      cmocka_unit_test(basin_of_a_paraboloid_on_a_slope),
      cmocka_unit_test(basin_of_a_cap_of_a_sphere),
      cmocka_unit_test(nw_poisson_interval_is_exact),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
