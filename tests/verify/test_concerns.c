/* SPDX-License-Identifier: BSD-3-Clause
   Whole courses on the unit cell: the orders among concerns that trials agree on, the risk of dark marks over
   a grid, what each switch of aftercare changes and what it leaves alone, adverse courses. */
#include "../treatment.h"
#include "outcome/adverse.h"
#include "plan/plan.h"
#include "study/trial.h"

#include "../unit/surface_fixture.h"
#include "plan/site.h"

static struct nw_case course(enum nw_device_kind kind) {
  struct nw_case c = treatment(kind, 2e-3);
  c.course = (struct nw_course){.sessions = 4, .interval = 28 * 86400.0, .follow_up = 90 * 86400.0};
  c.aftercare = (struct nw_aftercare){.gentle_cleansing = true};
  c.subject.uv_dose = 0.3;
  c.output.every = 7 * 86400.0;
  return c;
}

/* What a trial of the case gave. */
struct result {
  double final[NW_OUTCOME_COUNT], first[NW_OUTCOME_COUNT];
  struct nw_safety safety;
};

static struct result tried(const struct nw_case *c) {
  struct nw_context context = {.threads = 1};
  struct nw_run base = {0}, run = {0};
  struct result r = {0};
  assert_int_equal(nw_trial_prepare(&context, c, &base), NW_OK);
  assert_int_equal(nw_trial_run(&context, &base, NULL, NW_STUDY_GRID, &run), NW_OK);
  memcpy(r.first, run.timeline.value[0], sizeof r.first);
  memcpy(r.final, run.timeline.value[run.timeline.n_rows - 1], sizeof r.final);
  r.safety = run.safety;
  nw_trial_clear(&run);
  nw_run_clear(&base);
  forget_messages(&context);
  return r;
}

static struct result with_concern(enum nw_concern_kind kind, enum nw_concern_type type) {
  struct nw_case c = course(NW_DEVICE_PEN);
  struct nw_concern concern = {.kind = kind, .type = type};
  c.concerns = &concern;
  c.n_concerns = 1;
  return tried(&c);
}

/* Share of the baseline that is gone at the end. */
static double gain(const struct result *r, enum nw_outcome outcome) {
  return 1 - r->final[outcome] / r->first[outcome];
}

static void rolling_gains_more_than_boxcar_and_that_more_than_ice_pick(void **state) {
  (void)state;
  const struct result r[] = {with_concern(NW_CONCERN_ACNE_SCAR, NW_TYPE_ROLLING),
                             with_concern(NW_CONCERN_ACNE_SCAR, NW_TYPE_BOXCAR),
                             with_concern(NW_CONCERN_ACNE_SCAR, NW_TYPE_ICE_PICK)};
  for (int i = 0; i < 2; i++) {
    assert_true(gain(&r[i], NW_OUTCOME_scar_depth_um) > 1.1 * gain(&r[i + 1], NW_OUTCOME_scar_depth_um));
    assert_true(gain(&r[i], NW_OUTCOME_scar_volume_mm3_cm2) >
                gain(&r[i + 1], NW_OUTCOME_scar_volume_mm3_cm2));
  }
  assert_true(gain(&r[2], NW_OUTCOME_scar_depth_um) > 0);
}

static void red_marks_gain_more_than_white_and_fine_lines_more_than_deep(void **state) {
  (void)state;
  const struct result red = with_concern(NW_CONCERN_STRETCH_MARK, NW_TYPE_RED),
                      white = with_concern(NW_CONCERN_STRETCH_MARK, NW_TYPE_WHITE),
                      fine = with_concern(NW_CONCERN_WRINKLE, NW_TYPE_FINE),
                      deep = with_concern(NW_CONCERN_WRINKLE, NW_TYPE_DEEP);
  assert_true(gain(&red, NW_OUTCOME_stria_contrast) > 1.2 * gain(&white, NW_OUTCOME_stria_contrast));
  assert_true(gain(&fine, NW_OUTCOME_wrinkle_depth_um) > 1.2 * gain(&deep, NW_OUTCOME_wrinkle_depth_um));
  assert_true(gain(&white, NW_OUTCOME_stria_contrast) > 0 && gain(&deep, NW_OUTCOME_wrinkle_depth_um) > 0);
}

/* A peel of the epidermis takes the pigment that lies in it. */
static void epidermal_melasma_gains_more_than_mixed_and_that_more_than_dermal(void **state) {
  (void)state;
  const enum nw_concern_type type[] = {NW_TYPE_EPIDERMAL, NW_TYPE_MIXED, NW_TYPE_DERMAL};
  double left[3];
  for (int i = 0; i < 3; i++) {
    struct nw_case c = course(NW_DEVICE_PEEL);
    struct nw_concern concern = {.kind = NW_CONCERN_MELASMA, .type = type[i]};
    c.concerns = &concern;
    c.n_concerns = 1;
    c.course.follow_up = 14 * 86400.0;
    c.aftercare.sunscreen = true;
    const struct result r = tried(&c);
    left[i] = r.final[NW_OUTCOME_spot_contrast] / r.first[NW_OUTCOME_spot_contrast];
  }
  print_message("melasma left: epidermal %.3f mixed %.3f dermal %.3f\n", left[0], left[1], left[2]);
  assert_true(left[0] < left[1] && left[1] < left[2]);
}

static double dark_marks(int phototype, double length, int passes, double sun) {
  struct nw_case c = course(NW_DEVICE_PEN);
  c.subject.phototype = phototype;
  c.subject.uv_dose = sun;
  c.device.needle_length = length;
  c.device.passes = passes;
  return tried(&c).safety.pih_risk;
}

/* From every corner of the grid but one kind one step up in any direction raises the risk. */
static void risk_of_dark_marks_rises_with_phototype_depth_passes_and_sun(void **state) {
  (void)state;
  const int type[] = {1, 4, 6}, passes[] = {1, 4};
  const double length[] = {0.5e-3, 1.5e-3, 2.5e-3}, sun[] = {0, 1};
  double risk[3][3][2][2];
  for (int i = 0; i < 36; i++) {
    const int t = i / 12, l = i / 4 % 3, q = i / 2 % 2, s = i % 2;
    risk[t][l][q][s] = dark_marks(type[t], length[l], passes[q], sun[s]);
    if (t > 0) assert_true(risk[t][l][q][s] > 1.5 * risk[t - 1][l][q][s]);
    /* four passes of a pen leave nothing of the zone for longer needles to inflame */
    if (l > 0) assert_true(risk[t][l][q][s] > (l == 2 && q == 1 ? 0.995 : 1.005) * risk[t][l - 1][q][s]);
    if (q > 0) assert_true(risk[t][l][q][s] > 1.02 * risk[t][l][q - 1][s]);
    if (s > 0) assert_true(risk[t][l][q][s] > 1.1 * risk[t][l][q][s - 1]);
  }
  struct nw_case none = course(NW_DEVICE_NONE);
  assert_between(tried(&none).safety.pih_risk, 1e-7, 0.01);
}

static void assert_same(const struct result *a, const struct result *b, enum nw_outcome outcome) {
  assert_near(a->final[outcome], b->final[outcome], 1e-9 * fabs(a->final[outcome]));
}

/* Each switch of aftercare against the same course without it. */
static void aftercare_changes_what_it_should_and_nothing_else(void **state) {
  (void)state;
  struct nw_case c = course(NW_DEVICE_PEN);
  c.subject.phototype = 4;
  c.subject.uv_dose = 1;
  c.course =
      (struct nw_course){.sessions = 1, .follow_up = 2 * 86400.0}; /* while the barrier is still open */
  const struct result plain = tried(&c);
  c.aftercare.gentle_cleansing = false;
  const struct result harsh = tried(&c);
  c.aftercare = (struct nw_aftercare){.gentle_cleansing = true, .moisturiser = true};
  const struct result moist = tried(&c);
  c.aftercare = (struct nw_aftercare){.gentle_cleansing = true, .sunscreen = true};
  const struct result screened = tried(&c);
  c.aftercare = (struct nw_aftercare){.gentle_cleansing = true, .sun_avoidance = 14 * 86400.0};
  const struct result shaded = tried(&c);
  assert_true(harsh.final[NW_OUTCOME_tewl_g_m2_h] > 1.01 * plain.final[NW_OUTCOME_tewl_g_m2_h]);
  assert_true(moist.final[NW_OUTCOME_tewl_g_m2_h] < 0.99 * plain.final[NW_OUTCOME_tewl_g_m2_h]);
  assert_true(moist.final[NW_OUTCOME_hydration] > 1.03 * plain.final[NW_OUTCOME_hydration]);
  assert_true(screened.safety.pih_risk < 0.9 * plain.safety.pih_risk);
  assert_true(shaded.safety.pih_risk < 0.9 * plain.safety.pih_risk);
  assert_true(screened.final[NW_OUTCOME_melanin_index] < plain.final[NW_OUTCOME_melanin_index]);
  const enum nw_outcome barrier[] = {NW_OUTCOME_tewl_g_m2_h, NW_OUTCOME_epidermal_thickness_um};
  for (size_t i = 0; i < NW_COUNT(barrier); i++)
    assert_same(&plain, &screened, barrier[i]);
  /* a barrier that heals sooner calls less pigment, and by little */
  assert_between(plain.final[NW_OUTCOME_melanin_index] - moist.final[NW_OUTCOME_melanin_index], 0, 0.05);
  assert_same(&plain, &harsh, NW_OUTCOME_collagen_I);
  assert_same(&plain, &moist, NW_OUTCOME_collagen_I);
}

static struct result under_cover(bool occluded) {
  struct nw_context context = {.threads = 1};
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  struct nw_text text = {0};
  nw_text_append(
      &text,
      "subject: {age: 30 y, sex: female, phototype: III, site: cheek}\n"
      "device: {kind: pen, needle_length: 1 mm}\n"
      "products:\n  - {name: L-ascorbic acid, when: after, concentration: 150 mg/mL, dose: 10 uL/cm2, "
      "duration: 8 h, occluded: %s}\n"
      "course: {sessions: 1, follow_up: 8 h}\npatch: {width: 2 mm, height: 2 mm}\n",
      occluded ? "true" : "false");
  assert_int_equal(nw_plan_parse(&context, "cover.yaml", text.data, strlen(text.data), &plan), NW_OK);
  assert_int_equal(nw_case_create(&context, plan, &c), NW_OK);
  const struct result r = tried(c);
  nw_case_free(&c);
  nw_plan_free(&plan);
  nw_text_clear(&text);
  forget_messages(&context);
  return r;
}

/* A film over fresh channels keeps them open: more water is lost, more can come in, horn closes over plugs.
 */
static void occlusion_keeps_skin_open(void **state) {
  (void)state;
  const struct result bare = under_cover(false), covered = under_cover(true);
  print_message("covered over bare: water loss %.3f, infection %.3f, milia %.3f\n",
                covered.final[NW_OUTCOME_tewl_g_m2_h] / bare.final[NW_OUTCOME_tewl_g_m2_h],
                covered.safety.infection / bare.safety.infection, covered.safety.milia / bare.safety.milia);
  assert_true(covered.final[NW_OUTCOME_tewl_g_m2_h] > 1.02 * bare.final[NW_OUTCOME_tewl_g_m2_h]);
  assert_true(covered.safety.infection > 1.5 * bare.safety.infection);
  const struct nw_params p = nw_params_default();
  assert_near(covered.safety.milia / bare.safety.milia,
              p.milia_occluded * covered.safety.infection / bare.safety.infection,
              0.02 * p.milia_occluded * covered.safety.infection / bare.safety.infection);
}

static void adverse_courses_follow_their_causes(void **state) {
  (void)state;
  struct nw_case c = course(NW_DEVICE_ROLLER);
  c.device.needle_length = 1.5e-3;
  c.device.sterile = true;
  const struct result roller = tried(&c);
  print_message("roller: infection %.2g tram %.3g milia %.2g long redness %.2g of %.1f d\n",
                roller.safety.infection, roller.safety.tram_track, roller.safety.milia,
                roller.safety.prolonged_erythema, roller.safety.redness / 86400);
  assert_between(roller.safety.infection, 1e-6, 2e-3);
  assert_between(roller.safety.tram_track, 0.005, 0.15); /* 2 of 36 patients */
  assert_between(roller.safety.milia, 1e-5, 0.05);
  assert_true(roller.safety.prolonged_erythema < 0.3);
  c.device.sterile = false;
  assert_true(tried(&c).safety.infection > 20 * roller.safety.infection);
  c.device.sterile = true;
  c.operator_role = NW_SELF;
  assert_true(tried(&c).safety.infection > 2.5 * roller.safety.infection);
  c.operator_role = NW_PHYSICIAN;
  c.subject.site = NW_SITE_forehead;
  assert_true(tried(&c).safety.tram_track > 1.3 * roller.safety.tram_track);
  struct nw_case pen = course(NW_DEVICE_PEN), none = course(NW_DEVICE_NONE);
  pen.device.needle_length = 1.5e-3;
  assert_true(tried(&pen).safety.tram_track < 0.8 * roller.safety.tram_track);
  const struct result untouched = tried(&none);
  assert_near(untouched.safety.infection, 0, 0);
  assert_near(untouched.safety.tram_track, 0, 0);
  assert_near(untouched.safety.prolonged_erythema, 0, 0);
}

/* Redness of the limit itself is prolonged in half of all people. */
static void nw_adverse_prolonged_is_log_normal(void **state) {
  (void)state;
  const struct nw_params p = nw_params_default();
  assert_near(nw_adverse_prolonged(&p, p.red_long), 0.5, 1e-12);
  assert_near(nw_adverse_prolonged(&p, p.red_long * exp(-p.s_red)), 0.158655, 1e-6);
  assert_near(nw_adverse_prolonged(&p, 0), 0, 0);
}

/* Each concern of a plan, with each of its types, has its readings, and a course changes them. */
static void every_concern_is_read_and_moves(void **state) {
  (void)state;
  static const struct {
    enum nw_concern_kind kind;
    enum nw_concern_type type;
    enum nw_outcome outcome;
  } all[] = {{NW_CONCERN_ACNE_SCAR, NW_TYPE_ROLLING, NW_OUTCOME_goodman_baron},
             {NW_CONCERN_ACNE_SCAR, NW_TYPE_BOXCAR, NW_OUTCOME_goodman_baron_q},
             {NW_CONCERN_ACNE_SCAR, NW_TYPE_ICE_PICK, NW_OUTCOME_scar_volume_mm3_cm2},
             {NW_CONCERN_SURGICAL_SCAR, NW_TYPE_NONE, NW_OUTCOME_scar_depth_um},
             {NW_CONCERN_WRINKLE, NW_TYPE_FINE, NW_OUTCOME_wrinkle_grade},
             {NW_CONCERN_WRINKLE, NW_TYPE_DEEP, NW_OUTCOME_wrinkle_depth_um},
             {NW_CONCERN_PORES, NW_TYPE_NONE, NW_OUTCOME_pore_area_mm2_cm2},
             {NW_CONCERN_MELASMA, NW_TYPE_EPIDERMAL, NW_OUTCOME_mmasi},
             {NW_CONCERN_MELASMA, NW_TYPE_DERMAL, NW_OUTCOME_mmasi},
             {NW_CONCERN_MELASMA, NW_TYPE_MIXED, NW_OUTCOME_spot_contrast},
             {NW_CONCERN_LENTIGO, NW_TYPE_NONE, NW_OUTCOME_spot_contrast},
             {NW_CONCERN_PIH, NW_TYPE_NONE, NW_OUTCOME_spot_contrast},
             {NW_CONCERN_STRETCH_MARK, NW_TYPE_RED, NW_OUTCOME_stria_contrast},
             {NW_CONCERN_STRETCH_MARK, NW_TYPE_WHITE, NW_OUTCOME_stria_depth_um},
             {NW_CONCERN_TEXTURE, NW_TYPE_NONE, NW_OUTCOME_ra_um},
             {NW_CONCERN_LAXITY, NW_TYPE_NONE, NW_OUTCOME_laxity},
             {NW_CONCERN_PHOTOAGEING, NW_TYPE_NONE, NW_OUTCOME_glogau},
             {NW_CONCERN_DULLNESS, NW_TYPE_NONE, NW_OUTCOME_tone_variance}};
  for (size_t i = 0; i < NW_COUNT(all); i++) {
    struct nw_case c = course(NW_DEVICE_PEN);
    struct nw_concern concern = {.kind = all[i].kind, .type = all[i].type};
    c.concerns = &concern;
    c.n_concerns = 1;
    c.subject.age = 50;
    const struct result r = tried(&c);
    const double before = r.first[all[i].outcome], after = r.final[all[i].outcome];
    if (!(before > 0 && isfinite(after) && after != before))
      fail_msg("%s %s: %g to %g", nw_concern_kind_word(all[i].kind), nw_concern_type_word(all[i].type),
               before, after);
  }
}

/* Every site of a plan runs, and no two sites are the same skin. */
static void every_site_is_a_skin_of_its_own(void **state) {
  (void)state;
  struct nw_skin skin[NW_SITE_COUNT];
  for (int site = 0; site < NW_SITE_COUNT; site++) {
    struct nw_context context = {.threads = 1};
    struct nw_case c = course(NW_DEVICE_PEN);
    struct nw_run run = {.c = &c};
    c.subject.site = (enum nw_site_name)site;
    assert_int_equal(nw_skin_run(&context, &c, &run), NW_OK);
    skin[site] = run.skin;
    assert_between(skin[site].dermis, 0.4e-3, 3e-3);
    assert_between(skin[site].tension_lines, 0, NW_PI);
    assert_between(nw_site_row(c.subject.site)->blood, 0.2, 2);
    for (int other = 0; other < site; other++)
      if (!memcmp(&skin[site], &skin[other], offsetof(struct nw_skin, relief)) &&
          nw_site_row(c.subject.site)->relief == nw_site_row((enum nw_site_name)other)->relief)
        fail_msg("%s is %s", nw_site_word(c.subject.site), nw_site_word((enum nw_site_name)other));
  }
}

static struct result of_skin(enum nw_skin_type type, bool thin, bool acne, struct nw_skin *skin) {
  struct nw_case c = course(NW_DEVICE_PEN);
  struct nw_concern concern = {.kind = NW_CONCERN_PORES};
  struct nw_context context = {.threads = 1};
  struct nw_run run = {.c = &c};
  c.concerns = &concern;
  c.n_concerns = 1;
  c.subject.skin_type = type;
  c.subject.skin_thin = thin;
  c.subject.acne_prone = acne;
  assert_int_equal(nw_skin_run(&context, &c, &run), NW_OK);
  *skin = run.skin;
  return tried(&c);
}

/* What a person calls the skin type shows on instruments before any needle, and in the answer to it. */
static void skin_types_differ_on_instruments(void **state) {
  (void)state;
  struct nw_skin s;
  const struct result normal = of_skin(NW_SKIN_NORMAL, false, false, &s),
                      oily = of_skin(NW_SKIN_OILY, false, false, &s),
                      dry = of_skin(NW_SKIN_DRY, false, false, &s),
                      mixed = of_skin(NW_SKIN_COMBINATION, false, false, &s),
                      sensitive = of_skin(NW_SKIN_SENSITIVE, false, false, &s),
                      thin = of_skin(NW_SKIN_NORMAL, true, false, &s),
                      acne = of_skin(NW_SKIN_NORMAL, false, true, &s);
  const enum nw_outcome sebum = NW_OUTCOME_sebum_ug_cm2, pores = NW_OUTCOME_pore_area_mm2_cm2;
  assert_true(oily.first[pores] > 1.1 * mixed.first[pores] &&
              mixed.first[pores] > 1.05 * normal.first[pores]);
  assert_true(normal.first[pores] > 1.1 * dry.first[pores]);
  assert_true(oily.first[sebum] >= mixed.first[sebum] && mixed.first[sebum] >= normal.first[sebum]);
  assert_true(dry.first[sebum] < 0.95 * normal.first[sebum]);
  assert_true(dry.first[NW_OUTCOME_tewl_g_m2_h] > 1.1 * normal.first[NW_OUTCOME_tewl_g_m2_h]);
  assert_true(dry.first[NW_OUTCOME_hydration] < 0.98 * normal.first[NW_OUTCOME_hydration]);
  /* stingers flush more than others, and as long (Issachar 1998) */
  print_message("redness: %.0f AU for %.2f d, sensitive %.0f AU for %.2f d\n", normal.safety.erythema_peak,
                normal.safety.redness / 86400, sensitive.safety.erythema_peak,
                sensitive.safety.redness / 86400);
  assert_true(sensitive.safety.erythema_peak > 1.15 * normal.safety.erythema_peak);
  assert_between(sensitive.safety.redness / normal.safety.redness, 0.85, 1.3);
  assert_true(sensitive.safety.pih_risk > 1.08 * normal.safety.pih_risk);
  assert_true(sensitive.first[NW_OUTCOME_tewl_g_m2_h] > 1.1 * normal.first[NW_OUTCOME_tewl_g_m2_h]);
  assert_true(thin.first[NW_OUTCOME_dermal_thickness_um] <
              0.9 * normal.first[NW_OUTCOME_dermal_thickness_um]);
  assert_true(acne.first[NW_OUTCOME_comedo_load] > 2 * normal.first[NW_OUTCOME_comedo_load]);
}

/* Age, sun and smoke leave less matrix, in that order with each more of them; 18 and 90 years both run. */
static void age_sun_and_smoke_show(void **state) {
  (void)state;
  double elasticity[4], ra[4];
  const double age[] = {18, 45, 70, 90};
  for (int i = 0; i < 4; i++) {
    struct nw_case c = course(NW_DEVICE_NONE);
    c.subject.age = age[i];
    const struct result r = tried(&c);
    elasticity[i] = r.first[NW_OUTCOME_elasticity_r2];
    ra[i] = r.first[NW_OUTCOME_ra_um];
    if (i == 0) continue;
    assert_true(elasticity[i] < 0.97 * elasticity[i - 1]);
    assert_true(ra[i] > 1.05 * ra[i - 1]);
  }
  struct nw_case c = course(NW_DEVICE_NONE);
  c.subject.age = 60;
  c.subject.uv_dose = 0;
  const double shade = tried(&c).first[NW_OUTCOME_elasticity_r2];
  c.subject.uv_dose = 1;
  const double sun = tried(&c).first[NW_OUTCOME_elasticity_r2];
  c.subject.smoker = true;
  const double smoke = tried(&c).first[NW_OUTCOME_elasticity_r2];
  assert_true(sun < 0.95 * shade && smoke < 0.99 * sun);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rolling_gains_more_than_boxcar_and_that_more_than_ice_pick),
      cmocka_unit_test(red_marks_gain_more_than_white_and_fine_lines_more_than_deep),
      cmocka_unit_test(epidermal_melasma_gains_more_than_mixed_and_that_more_than_dermal),
      cmocka_unit_test(risk_of_dark_marks_rises_with_phototype_depth_passes_and_sun),
      cmocka_unit_test(aftercare_changes_what_it_should_and_nothing_else),
      cmocka_unit_test(occlusion_keeps_skin_open),
      cmocka_unit_test(adverse_courses_follow_their_causes),
      cmocka_unit_test(nw_adverse_prolonged_is_log_normal),
      cmocka_unit_test(every_concern_is_read_and_moves),
      cmocka_unit_test(every_site_is_a_skin_of_its_own),
      cmocka_unit_test(skin_types_differ_on_instruments),
      cmocka_unit_test(age_sun_and_smoke_show),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
