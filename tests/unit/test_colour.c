/* SPDX-License-Identifier: BSD-3-Clause
   Skin colour: white and black limits, published ranges of phototypes, signs of melanin and blood. */
#include "outcome/colour.h"

#include "surface_fixture.h"

static struct nw_tint tint(const struct nw_params *p, int phototype) {
  return (struct nw_tint){.melanin = nw_colour_melanin(p, phototype), .blood = p->f_blood, .scatter = 1};
}

static void nw_colour_lab_of_a_white_body_is_white(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  const struct nw_tint none = {.scatter = 1};
  p.R_surface = 1;
  const struct nw_lab white = nw_colour_lab(&p, &none);
  assert_near(white.L, 100, 1e-9);
  assert_near(white.a, 0, 1e-9);
  assert_near(white.b, 0, 1e-9);
  p.R_surface = 0.184186518; /* L* = 50 */
  const struct nw_tint black = {.melanin = 1e6, .scatter = 1};
  assert_near(nw_colour_lab(&p, &black).L, 50, 1e-4);
}

static void nw_colour_reflectance_by_hand_at_540_nm(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const struct nw_tint t = tint(&p, 3);
  size_t band = 0;
  while (fabs(nw_colour_wavelength(band) - 540e-9) > 1e-12)
    band++;
  const double blood = 2.302585093 * (0.75 * 53236 + 0.25 * 46592) * 150 / 64.5e3; /* 1/cm */
  const double absorb = 0.01 * blood / (1 + 0.004 * blood) + 0.244 + 6.59 * exp(-216 / 66.2);
  const double scatter = 46 * pow(540 / 500.0, -2);
  const double dermis = exp(-7.5 / sqrt(3 * (1 + scatter / absorb)));
  const double epidermis = exp(-232 * pow(540 / 694.0, -2.8) * 0.04 * 0.02);
  assert_near(nw_colour_reflectance(&p, &t, band), 0.025 + 0.975 * epidermis * dermis, 1e-9);
}

/* A sheet at the surface of the dermis is passed down and up like the epidermis; a sheet so deep that no
   light comes back from it leaves skin as it is; a black one leaves what the fibres above it return: without
   absorption S z / (1 + S z) of two fluxes. */
static void nw_colour_below_has_the_limits_of_a_sheet(void **state) {
  (void)state;
  struct nw_params p = nw_params_default();
  struct nw_tint deep = tint(&p, 3), shallow = deep;
  deep.dermal = 0.05;
  shallow.melanin += 0.05;
  for (size_t band = 0; band < NW_COLOUR_BANDS; band++) {
    p.z_dermal = 0;
    assert_near(nw_colour_reflectance(&p, &deep, band), nw_colour_reflectance(&p, &shallow, band), 1e-12);
    p.z_dermal = 0.02; /* 20 mm */
    const struct nw_tint none = tint(&p, 3);
    assert_near(nw_colour_below(&p, &deep, band), nw_colour_below(&p, &none, band), 1e-3);
  }
  p = nw_params_default();
  p.mu_skin = 1e-7;
  p.mu_skin_uv = 0;
  struct nw_tint black = {.scatter = 1, .dermal = 1e3};
  for (size_t band = 0; band < NW_COLOUR_BANDS; band++) {
    const double depth = 0.75 * nw_colour_dermis(&p, &black, band).scattering * p.z_dermal;
    assert_near(nw_colour_below(&p, &black, band), depth / (1 + depth), 1e-4);
  }
}

/* Findlay 1970: what melanin under collagen takes away is red. In every phototype that melasma is common in,
   it makes skin less red and less yellow than the same melanin in the epidermis, and darkens less; towards
   light skin it is the blue of its surround that is left: ashen. */
static void nw_colour_of_dermal_melanin_is_blue_grey(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  for (int type = 2; type <= 5; type++) {
    const struct nw_tint t = tint(&p, type);
    struct nw_tint brown = t, grey = t;
    brown.melanin += 0.6 * t.melanin;
    grey.dermal = 0.6 * t.melanin;
    const struct nw_lab a = nw_colour_lab(&p, &t), b = nw_colour_lab(&p, &brown),
                        g = nw_colour_lab(&p, &grey);
    double rgb[3], plain[3];
    nw_colour_rgb(&p, &t, plain);
    nw_colour_rgb(&p, &grey, rgb);
    print_message("phototype %d: epidermal %+.1f %+.1f %+.1f, dermal %+.1f %+.1f %+.1f\n", type, b.L - a.L,
                  b.a - a.a, b.b - a.b, g.L - a.L, g.a - a.a, g.b - a.b);
    assert_true(g.L < a.L - 0.5 && g.L > b.L);
    assert_true(g.a < a.a - 0.3 && g.a < b.a - 0.8);
    assert_true(hypot(g.a, g.b) < hypot(a.a, a.b) - 0.5);      /* greyer */
    assert_true(rgb[2] / rgb[0] > 1.02 * plain[2] / plain[0]); /* bluer */
    assert_true(nw_colour_melanin_index(&p, t.melanin, grey.dermal) <
                nw_colour_melanin_index(&p, brown.melanin, 0));
  }
}

/* Typical facial colours: L* 65-75 and ITA above 41 deg in I, L* 30-45 and ITA below -10 deg in VI; b* 10-30,
   a* 5-18; classes of the angle: very light 55, light 41, intermediate 28, tan 10, brown -30. */
static void nw_colour_lab_spans_the_phototypes(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const double lowest[] = {62, 60, 57, 51, 42, 29}, highest[] = {74, 72, 69, 64, 56, 45};
  double last = 100;
  for (int type = 1; type <= 6; type++) {
    const struct nw_tint t = tint(&p, type);
    const struct nw_lab lab = nw_colour_lab(&p, &t);
    print_message("phototype %d: L* %.1f a* %.1f b* %.1f ITA %.0f\n", type, lab.L, lab.a, lab.b,
                  nw_colour_typology(lab) * 180 / NW_PI);
    assert_between(lab.L, lowest[type - 1], highest[type - 1]);
    assert_between(lab.a, 5, 18);
    assert_between(lab.b, 10, 31);
    assert_true(lab.L < last);
    last = lab.L;
  }
}

/* Classes of the typology angle (Del Bino 2013) that unexposed skin of the phototypes is found in, and
   melanin indices: about 30 in lighter, about 55 in darker skins (Shriver 2000). */
static void nw_colour_typology_and_melanin_index_by_phototype(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const double angle[][2] = {{50, 70}, {41, 62}, {28, 55}, {10, 41}, {-20, 19}, {-60, -30}};
  const double index[][2] = {{20, 30}, {22, 32}, {26, 36}, {30, 45}, {38, 60}, {50, 85}};
  for (int type = 1; type <= 6; type++) {
    const struct nw_tint t = tint(&p, type);
    assert_between(nw_colour_typology(nw_colour_lab(&p, &t)) * 180 / NW_PI, angle[type - 1][0],
                   angle[type - 1][1]);
    assert_between(nw_colour_melanin_index(&p, t.melanin, 0), index[type - 1][0], index[type - 1][1]);
  }
}

static void nw_colour_lab_melanin_browns_and_blood_reddens(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const struct nw_tint t = tint(&p, 2);
  struct nw_tint brown = t, red = t;
  brown.melanin *= 1.5;
  red.blood *= 2;
  const struct nw_lab a = nw_colour_lab(&p, &t), b = nw_colour_lab(&p, &brown), r = nw_colour_lab(&p, &red);
  assert_true(b.L < a.L - 2 && b.b > a.b + 1);
  assert_between(r.a - a.a, 2, 8);
  assert_between(a.L - r.L, 1, 6);
}

static void nw_colour_rgb_is_skin(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  for (int type = 1; type <= 6; type++) {
    const struct nw_tint t = tint(&p, type);
    double rgb[3];
    nw_colour_rgb(&p, &t, rgb);
    assert_true(rgb[0] > rgb[1] && rgb[1] > rgb[2] && rgb[2] > 0 && rgb[0] < 1);
  }
}

/* A sum of many small patches: the relative spread falls with the root of the amount, from phototype III on.
 */
static void nw_colour_mottle_evens_out_in_dark_skin(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_near(nw_colour_mottle(&p, 0.3 * p.f_mel, 0), p.cv_mel, 1e-12);
  assert_near(nw_colour_mottle(&p, 4 * p.f_mel, 0), 0.5 * p.cv_mel, 1e-12);
  assert_near(nw_colour_mottle(&p, p.f_mel, 0.5), p.cv_mel * (1 + 0.5 * p.mottle_sun), 1e-12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_colour_lab_of_a_white_body_is_white),
      cmocka_unit_test(nw_colour_reflectance_by_hand_at_540_nm),
      cmocka_unit_test(nw_colour_below_has_the_limits_of_a_sheet),
      cmocka_unit_test(nw_colour_of_dermal_melanin_is_blue_grey),
      cmocka_unit_test(nw_colour_lab_spans_the_phototypes),
      cmocka_unit_test(nw_colour_typology_and_melanin_index_by_phototype),
      cmocka_unit_test(nw_colour_lab_melanin_browns_and_blood_reddens),
      cmocka_unit_test(nw_colour_rgb_is_skin),
      cmocka_unit_test(nw_colour_mottle_evens_out_in_dark_skin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
