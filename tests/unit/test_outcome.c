/* SPDX-License-Identifier: BSD-3-Clause
   Outcomes against hand-computed values; absent keys; change, effect; downtime and pigment risk. */
#include "outcome/outcome.h"

#include "outcome/aftermath.h"
#include "outcome/colour.h"
#include "outcome/grade.h"
#include "plan/site.h"
#include "relief/feature.h"
#include "relief/relief_response.h"
#include "skin/skin.h"
#include "surface/sun.h"
#include "surface_fixture.h"

/* Normal skin at rest at time 0. */
static struct nw_tissue_state rest_state(void) {
  struct nw_tissue_state s = {.collagen_per_area = 1,
                              .coverage = 1,
                              .proliferative_drive = 1,
                              .viable_epidermis = 85e-6,
                              .stratum_corneum = 15e-6,
                              .barrier = 1,
                              .tewl = 8e-3 / 3600,
                              .melanin = {0.5, 0.25, 0.25},
                              .melanin_lesion = 1.8,
                              .melanin_surround = 1,
                              .melanocyte_activity = 1,
                              .sebum_surface = 150e-9 * 1e4,
                              .sebum_gland = 1};
  double *zones[] = {s.papillary, s.reticular, s.junction};
  for (int z = 0; z < 3; z++) {
    zones[z][NW_FIELD_collagen_III] = 0.15;
    zones[z][NW_FIELD_collagen_I_new] = 0.005;
    zones[z][NW_FIELD_collagen_I_mature] = 0.845;
    zones[z][NW_FIELD_elastin] = zones[z][NW_FIELD_hyaluronan] = zones[z][NW_FIELD_vessel] = 1;
    zones[z][NW_FIELD_mmp] = zones[z][NW_FIELD_tropoelastin] = 1;
    zones[z][NW_FIELD_fibroblast] = 3000;
  }
  return s;
}

static void read(const struct nw_case *c, const struct nw_tissue_state *now, double value[NW_OUTCOME_COUNT]) {
  struct nw_skin skin = plain_skin();
  const struct nw_tissue_state start = rest_state();
  assert_true(nw_relief_response_fill(c, &skin));
  nw_outcome_read(c, &skin, &start, now, value);
}

static void nw_outcome_read_rest_reads_normal_skin(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_tissue_state s = rest_state();
  double v[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  assert_near(v[NW_OUTCOME_collagen_I], 1, 0);
  assert_near(v[NW_OUTCOME_collagen_total_reticular], 1, 0);
  assert_near(v[NW_OUTCOME_collagen_ratio_III_I], 0.15 / 0.85, 1e-12);
  assert_near(v[NW_OUTCOME_epidermal_thickness_um], 100, 1e-9);
  assert_near(v[NW_OUTCOME_dermal_thickness_um], 1200, 1e-6);
  assert_near(v[NW_OUTCOME_dermal_density], 1, 1e-12);
  assert_near(v[NW_OUTCOME_tewl_g_m2_h], 8, 1e-9);
  assert_near(v[NW_OUTCOME_hydration], 45, 1e-6);
  assert_near(v[NW_OUTCOME_erythema_index], 250, 1e-9);
  assert_near(v[NW_OUTCOME_oedema], 0, 1e-12);
  assert_between(v[NW_OUTCOME_melanin_index], 27, 34); /* lighter skins average 30 (Shriver 2000) */
  assert_near(v[NW_OUTCOME_sebum_ug_cm2], 150, 1e-6);
  assert_near(v[NW_OUTCOME_elasticity_r2], 0.82, 1e-12);
  assert_near(v[NW_OUTCOME_fibroblast], 3000, 0);
  /* lines of 30 y, five years past 25 at 0.8 %/y, and the follicle openings among them */
  assert_between(v[NW_OUTCOME_ra_um], 18 * 1.04, 18 * 1.04 + 0.4);
  assert_between(v[NW_OUTCOME_rz_um], 60, 150); /* reported of faces */
}

static void nw_outcome_read_features_appear_only_with_their_concern(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  const struct nw_tissue_state s = rest_state();
  double v[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  const enum nw_outcome absent[] = {NW_OUTCOME_spot_contrast,
                                    NW_OUTCOME_mmasi,
                                    NW_OUTCOME_wrinkle_depth_um,
                                    NW_OUTCOME_wrinkle_grade,
                                    NW_OUTCOME_pore_area_mm2_cm2,
                                    NW_OUTCOME_pore_count_cm2,
                                    NW_OUTCOME_scar_depth_um,
                                    NW_OUTCOME_scar_volume_mm3_cm2,
                                    NW_OUTCOME_goodman_baron,
                                    NW_OUTCOME_goodman_baron_q,
                                    NW_OUTCOME_ecca,
                                    NW_OUTCOME_glogau,
                                    NW_OUTCOME_stria_contrast,
                                    NW_OUTCOME_stria_width_um,
                                    NW_OUTCOME_stria_depth_um,
                                    NW_OUTCOME_comedo_load,
                                    NW_OUTCOME_texture_grade,
                                    NW_OUTCOME_laxity};
  size_t n = 0;
  for (size_t i = 0; i < NW_COUNT(absent); i++)
    assert_true(isnan(v[absent[i]]));
  for (size_t i = 0; i < NW_OUTCOME_COUNT; i++)
    n += isnan(v[i]) ? 1 : 0;
  assert_int_equal(n, NW_COUNT(absent));
}

static void nw_outcome_read_matrix_and_thickness_by_hand(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  c.subject.ageing = false;
  struct nw_tissue_state s = rest_state();
  s.papillary[NW_FIELD_collagen_III] = 0.24;
  s.papillary[NW_FIELD_collagen_I_new] = 0.1;
  s.papillary[NW_FIELD_hyaluronan] = 2;
  s.collagen_per_area = 1.2;
  double v[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  assert_near(v[NW_OUTCOME_collagen_III], 1.6, 1e-12);
  assert_near(v[NW_OUTCOME_collagen_I], 0.945 / 0.85, 1e-12);
  assert_near(v[NW_OUTCOME_collagen_total], 1.185, 1e-12);
  assert_near(v[NW_OUTCOME_oedema], 0.05, 1e-12);
  assert_near(v[NW_OUTCOME_dermal_thickness_um], 1200 * pow(1.2, 0.35) * 1.05, 1e-6);
  assert_near(v[NW_OUTCOME_dermal_density], pow(1.185, c.params.p_u) / 1.3, 1e-12);
}

static void nw_hyaluronan_factor_counts_doublings(void **state) {
  (void)state;
  struct nw_support s = {.hyaluronan = 1};
  assert_near(nw_hyaluronan_factor(&s, 0.3), 1, 1e-12);
  s.hyaluronan = 2;
  assert_near(nw_hyaluronan_factor(&s, 0.3), 1.3, 1e-12);
  s.hyaluronan = 8;
  assert_near(nw_hyaluronan_factor(&s, 0.3), 1.3 * 1.3 * 1.3, 1e-12);
  s.hyaluronan = 0.5;
  assert_near(nw_hyaluronan_factor(&s, 0.3), 1 / 1.3, 1e-12);
}

static void nw_outcome_read_erythema_by_hand(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  struct nw_tissue_state s = rest_state();
  s.junction[NW_FIELD_inflammatory] = 0.15; /* half of full dilation */
  s.papillary[NW_FIELD_vessel] = 1.1;
  double v[NW_OUTCOME_COUNT], w[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  /* blood 1.1 x 2: (2.2^0.43 - 1) / (2^0.43 - 1) of +100 */
  assert_near(v[NW_OUTCOME_erythema_index], 250 + 100 * 0.403608 / 0.347234, 0.01);
  assert_near(v[NW_OUTCOME_oedema], 0.075, 1e-12);
  const struct nw_tissue_state rest = rest_state();
  read(&c, &rest, w);
  assert_true(v[NW_OUTCOME_lab_a] > w[NW_OUTCOME_lab_a] + 2); /* redder */
  assert_true(v[NW_OUTCOME_lab_L] < w[NW_OUTCOME_lab_L] - 1); /* darker */
}

/* The power of redness in blood is that of the colour model: green at 560 nm against red at 660 nm. */
static void nw_outcome_read_redness_bends_as_colour_does(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  const size_t green = 8, red = 13;
  assert_near(nw_colour_wavelength(green), 560e-9, 1e-12);
  assert_near(nw_colour_wavelength(red), 660e-9, 1e-12);
  double index[5];
  for (int i = 1; i <= 4; i++) {
    const struct nw_tint tint = {.melanin = 0, .blood = i * p.f_blood, .scatter = 1};
    index[i] = log(nw_colour_reflectance(&p, &tint, red) / nw_colour_reflectance(&p, &tint, green));
  }
  for (int i = 3; i <= 4; i++)
    assert_near((index[i] - index[1]) / (index[2] - index[1]), (pow(i, p.n_red) - 1) / (pow(2, p.n_red) - 1),
                0.05);
}

static void nw_outcome_read_hydration_ignores_open_mouths(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  struct nw_tissue_state s = rest_state();
  double v[NW_OUTCOME_COUNT], w[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  s.open_area = 0.1;
  s.tewl = 0.9 * s.tewl + 0.1 * c.params.J_w;
  read(&c, &s, w);
  assert_near(w[NW_OUTCOME_hydration], v[NW_OUTCOME_hydration], 1e-9);
  assert_near(w[NW_OUTCOME_tewl_g_m2_h], 0.9 * v[NW_OUTCOME_tewl_g_m2_h] + 15, 1e-9);
}

static void nw_outcome_read_melasma_by_hand(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_concern concern = {.kind = NW_CONCERN_MELASMA};
  c.concerns = &concern;
  c.n_concerns = 1;
  c.subject.phototype = 4;
  const struct nw_tissue_state s = rest_state();
  double v[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  /* melanosomes of phototype IV, 1.8 against 1: 200 um of path through 0.8 x 0.064 of them at 660 nm, of
     which two hundredths of gloss see nothing */
  const double extra = 232e2 * pow(660 / 694.0, -2.8) * 200e-6 * 0.8 * 0.04 * 1.6 * 100 / M_LN10;
  assert_between(v[NW_OUTCOME_spot_contrast], 0.9 * extra, extra);
  assert_near(v[NW_OUTCOME_mmasi], 3 * v[NW_OUTCOME_spot_contrast] / 5, 1e-9);
}

static void nw_outcome_read_scar_by_hand(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_concern concern = {
      .kind = NW_CONCERN_ACNE_SCAR, .type = NW_TYPE_BOXCAR, .depth = 0.4e-3, .width = 2e-3};
  c.concerns = &concern;
  c.n_concerns = 1;
  struct nw_tissue_state s = rest_state();
  s.papillary[NW_FIELD_collagen_I_mature] += 0.5; /* +50 % */
  double v[NW_OUTCOME_COUNT];
  read(&c, &s, v);
  const double lift = nw_params_default().k_f_boxcar;
  assert_near(v[NW_OUTCOME_scar_depth_um], 400 - lift * 400 * 0.5, 1e-6);
  const double left = 400 - lift * 400 * 0.5;
  /* 1.5 discs of 2 mm per cm2, box 0.9 */
  assert_near(v[NW_OUTCOME_scar_volume_mm3_cm2], 1.5 * NW_PI * 0.9 * left / 1000, 1e-6);
  assert_near(v[NW_OUTCOME_goodman_baron], left > 250 ? 3 + (left - 250) / 350 : 2 + (left - 100) / 150,
              1e-6);
  const double count = 30 * 0.5 * erfc((log(100.0 / left) + 0.125) / 0.5 * M_SQRT1_2);
  assert_near(v[NW_OUTCOME_ecca], 20 * (2 + (count - 20) / 30), 1e-6);
}

static void nw_outcome_read_scar_types_keep_the_order_of_trials(void **state) {
  (void)state;
  const enum nw_concern_type type[] = {NW_TYPE_ROLLING, NW_TYPE_BOXCAR, NW_TYPE_ICE_PICK};
  double gain[3];
  for (int i = 0; i < 3; i++) {
    struct nw_case c = plain_case();
    struct nw_concern concern = {.kind = NW_CONCERN_ACNE_SCAR, .type = type[i]};
    c.concerns = &concern;
    c.n_concerns = 1;
    struct nw_tissue_state s = rest_state();
    double before[NW_OUTCOME_COUNT], young[NW_OUTCOME_COUNT], after[NW_OUTCOME_COUNT];
    const int depth = NW_OUTCOME_scar_depth_um;
    read(&c, &s, before);
    s.papillary[NW_FIELD_collagen_I_new] += 0.3;
    read(&c, &s, young);
    s.papillary[NW_FIELD_collagen_I_new] -= 0.3;
    s.papillary[NW_FIELD_collagen_I_mature] += 0.3;
    read(&c, &s, after);
    assert_near(before[depth] - young[depth], c.params.w_unset * (before[depth] - after[depth]), 1e-9);
    gain[i] = 1 - after[depth] / before[depth];
  }
  assert_true(gain[0] > gain[1] + 0.05);
  assert_true(gain[1] > gain[2] + 0.05);
  assert_true(gain[2] > 0);
}

static void nw_outcome_read_fine_lines_gain_more_than_deep_wrinkles(void **state) {
  (void)state;
  double left[2];
  for (int deep = 0; deep < 2; deep++) {
    struct nw_case c = plain_case();
    struct nw_concern concern = {
        .kind = NW_CONCERN_WRINKLE, .type = deep ? NW_TYPE_DEEP : NW_TYPE_FINE, .depth = 1e-4};
    c.concerns = &concern;
    c.n_concerns = 1;
    struct nw_tissue_state s = rest_state();
    s.papillary[NW_FIELD_collagen_I_new] = s.reticular[NW_FIELD_collagen_I_new] = 0.305; /* +30 % */
    double v[NW_OUTCOME_COUNT];
    read(&c, &s, v);
    left[deep] = v[NW_OUTCOME_wrinkle_depth_um];
    assert_near(v[NW_OUTCOME_wrinkle_grade], deep ? left[1] / 100 : 0.5 + left[0] / 50, 1e-9);
  }
  const double carried = pow(1.21, -nw_params_default().g_w);
  assert_near(left[0], 100 * (0.05 + 0.95 * carried), 1e-6);
  assert_near(left[1], 100 * (0.6 + 0.4 * carried), 1e-6);
}

/* 18 um of young skin is no texture to a rater, 5 um more a grade; whoever complains has 1.4 times the lines.
 */
static void nw_outcome_read_texture_grades_roughness(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_concern concern = {.kind = NW_CONCERN_TEXTURE};
  struct nw_tissue_state s = rest_state();
  double plain[NW_OUTCOME_COUNT], v[NW_OUTCOME_COUNT];
  read(&c, &s, plain);
  c.concerns = &concern;
  c.n_concerns = 1;
  read(&c, &s, v);
  assert_near(v[NW_OUTCOME_ra_um] / plain[NW_OUTCOME_ra_um], 1.4, 0.02); /* but for the pores */
  assert_near(v[NW_OUTCOME_texture_grade], (v[NW_OUTCOME_ra_um] - 18) / 5, 1e-9);
  assert_near(nw_texture_grade(&c.params, NW_SITE_cheek, 18e-6), 0, 1e-9);
  assert_near(nw_texture_grade(&c.params, NW_SITE_cheek, 1), 4, 0);
  assert_near(nw_texture_grade(&c.params, NW_SITE_hand, 1.6 * 18e-6 + 10e-6), 2, 1e-9); /* coarse by nature */
}

static void nw_outcome_read_pores_shrink_little_and_sebum_not(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_concern concern = {.kind = NW_CONCERN_PORES};
  c.concerns = &concern;
  c.n_concerns = 1;
  struct nw_tissue_state s = rest_state();
  double before[NW_OUTCOME_COUNT], after[NW_OUTCOME_COUNT];
  read(&c, &s, before);
  s.papillary[NW_FIELD_collagen_I_new] = 0.305;
  read(&c, &s, after);
  /* of 500 openings per cm2, median 0.1 mm, a Poisson number on 4 cm2 is wider than 0.25 mm */
  const double expected = 4 * 500 * 0.5 * erfc(log(2.5) / 0.4 * M_SQRT1_2);
  double low, high;
  nw_poisson_interval((size_t)lround(4 * before[NW_OUTCOME_pore_count_cm2]), &low, &high);
  assert_between(expected, low, high);
  assert_between(after[NW_OUTCOME_pore_area_mm2_cm2] / before[NW_OUTCOME_pore_area_mm2_cm2], 0.6, 0.95);
  assert_true(after[NW_OUTCOME_pore_count_cm2] < before[NW_OUTCOME_pore_count_cm2]);
  assert_near(after[NW_OUTCOME_sebum_ug_cm2], before[NW_OUTCOME_sebum_ug_cm2], 0);
}

/* 0.82 when young, about 0.55 with the matrix of 70 years; twice the collagen is not perfectly elastic. */
static void nw_elasticity_follows_matrix_and_stays_below_one(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  struct nw_support s = nw_support_at_start();
  assert_near(nw_elasticity(&p, &s), 0.82, 1e-12);
  s.collagen_per_area = nw_skin_collagen_at(&p, 70, 0.3, false);
  s.elastin_now = nw_skin_elastin_at(&p, 70, 0.3);
  assert_between(nw_elasticity(&p, &s), 0.5, 0.6);
  s = nw_support_at_start();
  s.collagen_per_area = 1.3;
  const double more = nw_elasticity(&p, &s);
  s.collagen_per_area = 2;
  assert_between(nw_elasticity(&p, &s), more + 0.01, 0.99);
}

/* What a reader of `elastin` compares: the young adult, at any age. */
static void nw_outcome_read_elastin_and_vessels_relative_to_the_young_adult(void **state) {
  (void)state;
  const struct nw_case c = plain_case();
  struct nw_skin skin = plain_skin();
  const struct nw_tissue_state s = rest_state();
  double v[NW_OUTCOME_COUNT];
  skin.elastin = 0.7;
  skin.vessels = 0.6;
  assert_true(nw_relief_response_fill(&c, &skin));
  nw_outcome_read(&c, &skin, &s, &s, v);
  assert_near(v[NW_OUTCOME_elastin], 0.7, 1e-12);
  assert_near(v[NW_OUTCOME_elastin_reticular], 0.7, 1e-12);
  assert_near(v[NW_OUTCOME_vessel_density], 0.6, 1e-12);
  const double odds = 0.82 / 0.18 * pow(0.85, c.params.n_R2); /* half of the support is elastin */
  assert_near(v[NW_OUTCOME_elasticity_r2], odds / (1 + odds), 1e-9);
}

/* Contrast of a mark of this colour on the plain skin by the optics alone. */
static double seen(const struct nw_case *c, bool red, double colour, double collagen) {
  const struct nw_params *p = &c->params;
  const double type = nw_colour_melanin(p, c->subject.phototype);
  const struct nw_tint beside = {type, p->f_blood, 1 + p->k_collagen * (collagen - 1), 0};
  struct nw_tint mark = beside;
  mark.blood *= red ? pow(p->q_red, colour) : pow(p->q_white, colour / 2);
  if (!red) mark.melanin *= pow(p->q_white, colour);
  const struct nw_lab u = nw_colour_lab(p, &mark), v = nw_colour_lab(p, &beside);
  return sqrt(pow(u.L - v.L, 2) + pow(u.a - v.a, 2) + pow(u.b - v.b, 2));
}

static void nw_outcome_read_red_marks_fade_more_than_white(void **state) {
  (void)state;
  double left[2];
  for (int white = 0; white < 2; white++) {
    struct nw_case c = plain_case();
    struct nw_concern concern = {.kind = NW_CONCERN_STRETCH_MARK,
                                 .type = white ? NW_TYPE_WHITE : NW_TYPE_RED};
    c.concerns = &concern;
    c.n_concerns = 1;
    struct nw_tissue_state s = rest_state();
    double before[NW_OUTCOME_COUNT], v[NW_OUTCOME_COUNT];
    read(&c, &s, before);
    s.papillary[NW_FIELD_collagen_I_new] = 0.405; /* +40 % above, none below: +20 % on average */
    read(&c, &s, v);
    left[white] = v[NW_OUTCOME_stria_contrast] / before[NW_OUTCOME_stria_contrast];
    assert_near(before[NW_OUTCOME_stria_contrast], seen(&c, !white, 1, 1), 1e-9);
    assert_near(v[NW_OUTCOME_stria_contrast], seen(&c, !white, white ? 0.9 : 0.8, 1.4), 1e-9);
    assert_near(v[NW_OUTCOME_stria_width_um], 4000 * 0.92, 1e-6);
    assert_near(v[NW_OUTCOME_stria_depth_um], 80 * 0.8, 1e-6);
  }
  assert_between(left[0], 0.7, 0.9);
  assert_between(left[1], left[0] + 0.03, 0.97);
}

/* White marks stand out on dark skin, red ones on light skin. */
static void nw_outcome_read_marks_by_the_skin_beside_them(void **state) {
  (void)state;
  double contrast[2][7];
  for (int white = 0; white < 2; white++)
    for (int type = 1; type <= 6; type++) {
      struct nw_case c = plain_case();
      struct nw_concern concern = {.kind = NW_CONCERN_STRETCH_MARK,
                                   .type = white ? NW_TYPE_WHITE : NW_TYPE_RED};
      c.concerns = &concern;
      c.n_concerns = 1;
      c.subject.phototype = type;
      const struct nw_tissue_state s = rest_state();
      double v[NW_OUTCOME_COUNT];
      read(&c, &s, v);
      contrast[white][type] = v[NW_OUTCOME_stria_contrast];
      if (type > 1 && white) assert_true(contrast[1][type] > contrast[1][type - 1]);
      if (type > 1 && !white) assert_true(contrast[0][type] < contrast[0][type - 1]);
    }
  print_message("red on I %.1f, III %.1f, VI %.1f; white on I %.1f, III %.1f, VI %.1f\n", contrast[0][1],
                contrast[0][3], contrast[0][6], contrast[1][1], contrast[1][3], contrast[1][6]);
  assert_between(contrast[0][2], 5, 25);
  assert_between(contrast[1][4], 5, 25);
}

/* A run of one session with rows at 0, 1 h, 1 d, 2 d, 4 d, 30 d and the inflammation given. */
static void make_run(struct nw_run *run, const struct nw_case *c, struct nw_tissue_state item[12],
                     const double signal[6]) {
  static const double days[] = {0, 1 / 24.0, 1, 2, 4, 30};
  *run = (struct nw_run){.c = c, .skin = plain_skin()};
  assert_true(nw_relief_response_fill(c, &run->skin));
  for (int i = 0; i < 6; i++) {
    item[i] = item[6 + i] = rest_state();
    item[i].time = item[6 + i].time = days[i] * 86400;
    item[i].papillary[NW_FIELD_inflammatory] = item[i].junction[NW_FIELD_inflammatory] = signal[i];
    item[i].reticular[NW_FIELD_inflammatory] = signal[i];
    item[i].papillary[NW_FIELD_collagen_III] += 0.01 * i;
  }
  run->tissue = (struct nw_tissue_history){item, 6, 6};
  run->tissue_untreated = (struct nw_tissue_history){item + 6, 6, 6};
}

static void end_run(struct nw_run *run) {
  nw_release(run->timeline.time);
  nw_release(run->timeline.value);
}

/* Twice the blood is a rise of the erythema index by k_E = 100 AU. */
static void shows_with_twice_the_blood(struct nw_case *c) {
  const double melanin =
      nw_colour_melanin(&c->params, c->subject.phototype) * nw_sun_activity(c, nw_sun_dose(c, -1));
  struct nw_tint tint = {melanin, c->params.f_blood * nw_site_row(c->subject.site)->blood, 1, 0};
  const double before = nw_colour_lab(&c->params, &tint).a;
  tint.blood *= 2;
  c->params.visible_red = nw_colour_lab(&c->params, &tint).a - before;
  assert_near(nw_aftermath_visible_red(c), 100, 1e-9);
}

/* Melanin hides blood; what is seen is a* by 2.5, the erythema index of a fair skin by some 60 AU. Under the
   melanin of phototype VI even full dilation, 174 AU, may not show. */
static void nw_aftermath_visible_red_rises_with_phototype(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  double before = 50;
  for (c.subject.phototype = 1; c.subject.phototype <= 6; c.subject.phototype++) {
    const double limit = nw_aftermath_visible_red(&c);
    assert_true(limit > before);
    before = limit;
  }
  assert_true(before > 100);
  c.subject.phototype = 3;
  assert_between(nw_aftermath_visible_red(&c), 50, 75);
}

/* The mediators of the injury: K_flare opens half, and the rest is left to inflammation. */
static void nw_outcome_read_flare_and_inflammation_share_the_vessels(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  struct nw_tissue_state s = rest_state();
  double v[NW_OUTCOME_COUNT];
  s.flare = 0.035e-3;
  read(&c, &s, v);
  assert_near(v[NW_OUTCOME_erythema_index], 350, 1e-9); /* 1 + 2 / 2: twice the blood */
  s.junction[NW_FIELD_inflammatory] = 0.15;
  read(&c, &s, v); /* three quarters of full dilation */
  assert_near(v[NW_OUTCOME_erythema_index], 250 + 100 * (pow(2.5, 0.43) - 1) / (pow(2, 0.43) - 1), 1e-9);
  c.subject.skin_type = NW_SKIN_SENSITIVE;
  c.params.sensitive_inflammation = 3;
  s.junction[NW_FIELD_inflammatory] = 0;
  s.flare = 0;
  s.papillary[NW_FIELD_vessel] = 0.5;
  s.papillary[NW_FIELD_fibrin] =
      0.4; /* half of the tissue cut: half its vessels, half a clot of three times */
  read(&c, &s, v);
  assert_near(v[NW_OUTCOME_erythema_index], 350, 1e-9);
  s.papillary[NW_FIELD_vessel] = 1;
  s.papillary[NW_FIELD_fibrin] = 0;
  s.flare = 0.035e-3;
  read(&c, &s, v); /* half open, thrice as wide: 1 + 3 */
  assert_near(v[NW_OUTCOME_erythema_index], 250 + 100 * (pow(4, 0.43) - 1) / (pow(2, 0.43) - 1), 1e-9);
}

static void nw_outcome_run_fills_changes_effects_and_safety(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_case c = plain_case();
  c.subject.ageing = false;
  shows_with_twice_the_blood(&c);
  struct nw_run run;
  struct nw_tissue_state item[12];
  make_run(&run, &c, item, (const double[]){0, 0.3, 0.3, 0.15, 0, 0});
  item[11].papillary[NW_FIELD_collagen_III] += 0.015;
  assert_int_equal(nw_outcome_run(context, &c, &run), NW_OK);
  assert_int_equal(run.timeline.n_rows, 6);
  const struct nw_outcome_value *v = &run.outcome[NW_OUTCOME_collagen_III];
  assert_true(v->present);
  assert_near(v->change_pct, 100 / 3.0, 1e-9);
  assert_near(v->effect_pct, 100 * (0.05 - 0.015) / 0.15, 1e-9);
  assert_near(v->untreated, 1.1, 1e-12);
  assert_int_equal(v->evidence, 3);
  assert_true(isnan(run.outcome[NW_OUTCOME_lab_L].change_pct));
  assert_near(run.outcome[NW_OUTCOME_lab_L].change,
              run.outcome[NW_OUTCOME_lab_L].final - run.outcome[NW_OUTCOME_lab_L].baseline, 1e-12);
  assert_true(isnan(run.outcome[NW_OUTCOME_neutrophil].change_pct)); /* baseline 0 is below the resolution */
  assert_false(run.outcome[NW_OUTCOME_ecca].present);
  /* K 0.15, Hill 2: 0.3 gives 2.6 times the blood, 0.15 twice */
  assert_near(run.safety.erythema_peak, 100 * (pow(2.6, 0.43) - 1) / (pow(2, 0.43) - 1), 1e-9);
  /* +153.5 at 1 d and +100 at 2 d: the limit of 100 AU is met at 2 d */
  assert_near(run.safety.downtime / 86400, 2, 1e-9);
  end_run(&run);
  nw_context_free(&context);
}

static void nw_aftermath_downtime_counts_from_the_eve_of_each_session(void **state) {
  (void)state;
  struct nw_case c = plain_case();
  shows_with_twice_the_blood(&c);
  c.course = (struct nw_course){.sessions = 2, .interval = 10 * 86400, .follow_up = 20 * 86400};
  static const double days[] = {0, 1, 3, 9, 11, 12, 30};
  /* redness above the first row; before the second session 40 AU are left and do not count */
  static const double red[] = {0, 150, 30, 40, 170, 100, 0};
  double time[7], (*value)[NW_OUTCOME_COUNT] = calloc(7, sizeof *value);
  for (int i = 0; i < 7; i++) {
    time[i] = days[i] * 86400;
    value[i][NW_OUTCOME_erythema_index] = 250 + red[i];
    value[i][NW_OUTCOME_tewl_g_m2_h] = 8;
  }
  const struct nw_timeline timeline = {.n_rows = 7, .time = time, .value = value};
  /* first: 150 to 30 AU crosses 100 at 1 d + 5/6 d; second: 130 to 60 AU over 40 at 11 d + 3/7 d */
  assert_near(nw_aftermath_downtime(&c, &timeline) / 86400, 1 + 5 / 6.0, 1e-9);
  value[2][NW_OUTCOME_erythema_index] = 250;
  assert_near(nw_aftermath_downtime(&c, &timeline) / 86400, 1 + 2 / 3.0, 1e-9);
  value[5][NW_OUTCOME_petechiae] = 8; /* bleeding points at 12 d, limit 5, gone at 30 d */
  assert_near(nw_aftermath_downtime(&c, &timeline) / 86400, 2 + 18 * 0.6 / 1.6, 1e-9);
  assert_near(nw_aftermath_erythema_peak(&timeline), 170, 1e-9);
  /* drier than normal by half on the eve: the way back up to normal is no mark, beyond it is */
  value[5][NW_OUTCOME_petechiae] = 0;
  value[3][NW_OUTCOME_tewl_g_m2_h] = value[4][NW_OUTCOME_tewl_g_m2_h] = 4;
  assert_near(nw_aftermath_downtime(&c, &timeline) / 86400, 1 + 2 / 3.0, 1e-9);
  value[5][NW_OUTCOME_tewl_g_m2_h] = 12.8; /* 1.2 of the limit at 12 d, gone at 30 d */
  assert_near(nw_aftermath_downtime(&c, &timeline) / 86400, 2 + 18 * 0.2 / 1.2, 1e-9);
  free(value);
}

static double risk(int phototype, double inflammation, double sun, bool sunscreen) {
  struct nw_case c = plain_case();
  c.subject.phototype = phototype;
  c.subject.uv_dose = sun;
  c.aftercare.sunscreen = sunscreen;
  struct nw_run run;
  struct nw_tissue_state item[12];
  const double k = inflammation;
  make_run(&run, &c, item, (const double[]){0, k, k, k, k, k});
  return nw_aftermath_pih_risk(&c, &run.skin, &run.tissue);
}

static void nw_aftermath_pih_risk_rises_with_type_inflammation_and_sun_and_is_never_zero(void **state) {
  (void)state;
  assert_between(risk(1, 0, 0, true), 1e-5, 1e-3);
  for (int type = 1; type < 6; type++)
    assert_true(risk(type + 1, 0.2, 0.3, false) > 1.5 * risk(type, 0.2, 0.3, false));
  assert_true(risk(4, 0.2, 0.3, false) > 1.8 * risk(4, 0.1, 0.3, false));
  assert_true(risk(4, 0.2, 1, false) > 1.3 * risk(4, 0.2, 0.3, false));
  assert_true(risk(4, 0.2, 1, true) < 0.8 * risk(4, 0.2, 1, false));
  /* reference: phototype IV, 4.6 ng day/mL, 0.3 MED/day: odds 0.06 (1 + 0.02) */
  const double k = 4.6 / (30 - 0.5 / 24);
  assert_near(risk(4, k, 0.3, false), 0.0612 / 1.0612, 1e-6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nw_outcome_read_rest_reads_normal_skin),
      cmocka_unit_test(nw_outcome_read_features_appear_only_with_their_concern),
      cmocka_unit_test(nw_outcome_read_matrix_and_thickness_by_hand),
      cmocka_unit_test(nw_hyaluronan_factor_counts_doublings),
      cmocka_unit_test(nw_outcome_read_erythema_by_hand),
      cmocka_unit_test(nw_outcome_read_flare_and_inflammation_share_the_vessels),
      cmocka_unit_test(nw_aftermath_visible_red_rises_with_phototype),
      cmocka_unit_test(nw_outcome_read_redness_bends_as_colour_does),
      cmocka_unit_test(nw_outcome_read_hydration_ignores_open_mouths),
      cmocka_unit_test(nw_outcome_read_melasma_by_hand),
      cmocka_unit_test(nw_outcome_read_scar_by_hand),
      cmocka_unit_test(nw_outcome_read_scar_types_keep_the_order_of_trials),
      cmocka_unit_test(nw_outcome_read_fine_lines_gain_more_than_deep_wrinkles),
      cmocka_unit_test(nw_outcome_read_texture_grades_roughness),
      cmocka_unit_test(nw_outcome_read_pores_shrink_little_and_sebum_not),
      cmocka_unit_test(nw_elasticity_follows_matrix_and_stays_below_one),
      cmocka_unit_test(nw_outcome_read_elastin_and_vessels_relative_to_the_young_adult),
      cmocka_unit_test(nw_outcome_read_red_marks_fade_more_than_white),
      cmocka_unit_test(nw_outcome_read_marks_by_the_skin_beside_them),
      cmocka_unit_test(nw_outcome_run_fills_changes_effects_and_safety),
      cmocka_unit_test(nw_aftermath_downtime_counts_from_the_eve_of_each_session),
      cmocka_unit_test(nw_aftermath_pih_risk_rises_with_type_inflammation_and_sun_and_is_never_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
