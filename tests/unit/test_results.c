/* SPDX-License-Identifier: BSD-3-Clause
   Results folders: what a run holds is what comes back, in the units and names of the contract; bad
   folders and hostile files end in a message. */
#include "io/results.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_TIMES = 3 };

struct fixture {
  struct nw_context *context;
  struct nw_case c;
  struct nw_run run;
  struct nw_product product;
  struct nw_concern concern;
  struct nw_puncture puncture[3];
  struct nw_absorption absorption;
  double row_time[2], row_value[2][NW_OUTCOME_COUNT];
  double time[N_TIMES], amount[14][N_TIMES];
  struct nw_override override;
  char folder[64];
  size_t live;
};

static char *text_of(const char *text) {
  return (char *)(uintptr_t)text;
}

static void make_case(struct fixture *f) {
  f->concern = (struct nw_concern){NW_CONCERN_ACNE_SCAR, NW_TYPE_BOXCAR, 2e-3, 0};
  f->product = (struct nw_product){.name = text_of("acid, \"L\""),
                                   .molar_mass = 0.1761,
                                   .log_kow = -1.85,
                                   .pka_acid = 4.1,
                                   .pka_base = NAN,
                                   .concentration = 150,
                                   .solubility = INFINITY,
                                   .vehicle_ph = 3,
                                   .dose = INFINITY,
                                   .duration = 8 * 3600,
                                   .when = NW_AFTER,
                                   .diffusivity_stratum_corneum = NAN};
  f->override = (struct nw_override){nw_param_find("delta_T"), 4.5};
  f->c = (struct nw_case){.title = text_of("Scars"),
                          .plan_path = text_of("scars.yaml"),
                          .plan_text = text_of("device: {kind: pen}\n"),
                          .subject = {.age = 28,
                                      .phototype = 4,
                                      .site = NW_SITE_cheek,
                                      .uv_dose = 0.5,
                                      .conditions = 1u << NW_CONDITION_diabetes},
                          .concerns = &f->concern,
                          .n_concerns = 1,
                          .device = {.kind = NW_DEVICE_PEN,
                                     .needle_length = 1.5e-3,
                                     .needle_count = 12,
                                     .needle_diameter = 250e-6,
                                     .frequency = 90,
                                     .glide_speed = 10e-3,
                                     .stroke = 1.5e-3,
                                     .head_width = 6e-3,
                                     .passes = 4,
                                     .sterile = true},
                          .products = &f->product,
                          .n_products = 1,
                          .course = {.sessions = 2, .interval = 14 * 86400.0, .follow_up = 180 * 86400.0},
                          .aftercare = {.sunscreen = true, .sun_avoidance = 7 * 86400.0},
                          .patch = {.width = 3e-3, .height = 3e-3, .resolution = 25e-6, .seed = 7},
                          .params = nw_params_default(),
                          .overrides = &f->override,
                          .n_overrides = 1};
}

static void make_punctures(struct fixture *f) {
  for (int i = 0; i < 3; i++)
    f->puncture[i] = (struct nw_puncture){.session = i / 2,
                                          .pass = i,
                                          .x = 1e-3f * (float)i,
                                          .y = 2.5e-4f,
                                          .reach = 1.25e-3f,
                                          .lumen_depth = 9e-4f,
                                          .lumen_diameter = 6e-5f,
                                          .angle = 0.1f,
                                          .layer = NW_RETICULAR_DERMIS,
                                          .bleeds = i == 1};
  f->run.punctures = (struct nw_punctures){.item = f->puncture,
                                           .count = 3,
                                           .reach = {1.25e-3, 1e-5, 1.2e-3, 1.3e-3},
                                           .lumen_depth = {9e-4, 0, 9e-4, 9e-4},
                                           .layer_fraction = {0, 0, 0.25, 0.75, 0},
                                           .density = 250e4,
                                           .covered_fraction = 0.02,
                                           .force = 1.75,
                                           .bleeding_density = 30e4,
                                           .pain_vas = 4.5,
                                           .barrier_half_life = 3600,
                                           .structure_half_life = 43200,
                                           .extrapolated = true};
}

static void make_absorption(struct fixture *f) {
  struct nw_absorption *a = &f->absorption;
  *a = (struct nw_absorption){.product = &f->product,
                              .n_times = N_TIMES,
                              .time = f->time,
                              .enhancement_ratio = 12.5,
                              .enhancement_low = 6,
                              .enhancement_high = 24};
  for (int k = 0; k < 14; k++)
    for (int i = 0; i < N_TIMES; i++)
      f->amount[k][i] = (k + 1) * 1e-5 * i;
  for (int i = 0; i < N_TIMES; i++)
    f->time[i] = 4 * 3600.0 * i;
  struct nw_absorption_course *course[2] = {&a->needled, &a->intact};
  for (int i = 0; i < 2; i++)
    *course[i] = (struct nw_absorption_course){.flux = f->amount[7 * i],
                                               .cumulative = f->amount[7 * i + 1],
                                               .stratum_corneum = f->amount[7 * i + 2],
                                               .viable_epidermis = f->amount[7 * i + 3],
                                               .dermis = f->amount[7 * i + 4],
                                               .blood = f->amount[7 * i + 5],
                                               .open_fraction = f->amount[7 * i + 6],
                                               .peak_flux = 1e-8 / 3.6,
                                               .lag = 1800,
                                               .mass_balance = 1e-13,
                                               .profile_time = 6 * 3600};
  f->run.absorption = a;
}

static void make_outcome(struct fixture *f) {
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < NW_OUTCOME_COUNT; k++)
      f->row_value[t][k] = NAN;
  f->row_time[1] = 14.5 * 86400;
  f->row_value[0][NW_OUTCOME_collagen_I] = 1;
  f->row_value[1][NW_OUTCOME_collagen_I] = 1.1 / 0.9;
  f->row_value[1][NW_OUTCOME_scar_depth_um] = 250;
  f->run.timeline = (struct nw_timeline){.n_rows = 2, .time = f->row_time, .value = f->row_value};
  f->run.outcome[NW_OUTCOME_collagen_I] =
      (struct nw_outcome_value){true, 1, 1.1 / 0.9, 1.01, 22.2, 0.222, 21.1, 1.05, 1.4, 1.15, 1.3, 3, {0}};
  f->run.outcome[NW_OUTCOME_lab_L] =
      (struct nw_outcome_value){true, 60, 61, 60, NAN, 1, NAN, NAN, NAN, NAN, NAN, 3, {0}};
  f->run.safety = (struct nw_safety){.downtime = 2.5 * 86400, .erythema_peak = 180, .pih_risk = 0.125};
}

static int set_up(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  f->live = nw_live_bytes();
  f->context = nw_context_create();
  strcpy(f->folder, "results-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  make_case(f);
  f->run.c = &f->c;
  f->run.skin = (struct nw_skin){.stratum_corneum = 15e-6, .viable_epidermis = 60e-6, .dermis = 1.5e-3};
  make_punctures(f);
  make_absorption(f);
  make_outcome(f);
  f->run.checks = (struct nw_checks){1e-12, 0, 1e-9, 0.5};
  f->run.cost = (struct nw_cost){12.5, 1000, 200, 3, 64e6};
  *state = f;
  return 0;
}

static void path_in(const struct fixture *f, const char *name, char path[128]) {
  snprintf(path, 128, "%s/%s", f->folder, name);
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  static const char *const name[] = {"summary.json",  "timeline.csv",   "timeline.units.json",
                                     "punctures.csv", "absorption.csv", "fields.h5",
                                     "table.csv"};
  char path[128];
  for (size_t i = 0; i < NW_COUNT(name); i++) {
    path_in(f, name[i], path);
    unlink(path);
  }
  assert_int_equal(rmdir(f->folder), 0); /* no temporary file is left behind */
  nw_context_free(&f->context);
  assert_int_equal(nw_live_bytes(), f->live);
  free(f);
  return 0;
}

static void write_text(const struct fixture *f, const char *name, const char *text, size_t length) {
  char path[128];
  path_in(f, name, path);
  FILE *stream = fopen(path, "wb");
  assert_non_null(stream);
  assert_int_equal(fwrite(text, 1, length, stream), length);
  fclose(stream);
}

static char *slurp(const struct fixture *f, const char *name, size_t *length) {
  char path[128];
  struct stat status;
  path_in(f, name, path);
  assert_int_equal(stat(path, &status), 0);
  char *text = malloc((size_t)status.st_size + 1);
  FILE *stream = fopen(path, "rb");
  *length = fread(text, 1, (size_t)status.st_size, stream);
  text[*length] = '\0';
  fclose(stream);
  return text;
}

static void write_and_read(struct fixture *f, struct nw_results *r) {
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_outcome, f->folder), NW_OK);
  assert_int_equal(nw_results_read(f->context, f->folder, r), NW_OK);
  assert_int_equal(nw_context_message_count(f->context), 0);
}

static void expect_number(const struct nw_results *r, const char *path, double value) {
  const double found = nw_results_number(r, path);
  if (!(fabs(found - value) <= 1e-12 * fabs(value))) fail_msg("%s is %.17g, not %.17g", path, found, value);
}

static void expect_text(const struct nw_results *r, const char *path, const char *value) {
  const char *found = nw_results_text(r, path);
  if (!found || strcmp(found, value)) fail_msg("%s is %s, not %s", path, found ? found : "absent", value);
}

/* ---- summary ---- */

static void summary_holds_case_and_device(void **state) {
  struct nw_results r;
  write_and_read(*state, &r);
  expect_text(&r, "version", nw_version());
  expect_text(&r, "plan", "scars.yaml");
  expect_number(&r, "seed", 7);
  expect_text(&r, "stage", "outcome");
  expect_number(&r, "case.subject.age_y", 28);
  expect_text(&r, "case.subject.phototype", "IV");
  expect_text(&r, "case.subject.conditions.0", "diabetes");
  expect_text(&r, "case.concerns.0.type", "boxcar");
  expect_number(&r, "case.concerns.0.width_mm", 2);
  expect_text(&r, "case.device.kind", "pen");
  expect_number(&r, "case.device.needle_length_mm", 1.5);
  expect_number(&r, "case.device.glide_speed_mm_s", 10);
  expect_number(&r, "case.products.0.molar_mass_g_mol", 176.1);
  expect_text(&r, "case.products.0.dose_uL_cm2", "infinite");
  expect_number(&r, "case.course.interval_d", 14);
  expect_number(&r, "case.course.session_times_d.1", 14);
  expect_number(&r, "case.aftercare.sun_avoidance_d", 7);
  expect_number(&r, "case.patch.resolution_um", 25);
  expect_number(&r, "skin.stratum_corneum_um", 15);
  expect_number(&r, "device.punctures", 3);
  expect_number(&r, "device.density_per_cm2", 250);
  expect_number(&r, "device.reach_um.mean", 1250);
  expect_number(&r, "device.reach_um.sd", 10);
  expect_number(&r, "device.lumen_um.max", 900);
  expect_number(&r, "device.layer_fraction.reticular_dermis", 0.75);
  expect_number(&r, "device.covered_fraction", 0.02);
  expect_number(&r, "device.overlap_fraction", 0);
  expect_number(&r, "device.force_N", 1.75);
  expect_number(&r, "device.bleeding_per_cm2", 30);
  expect_number(&r, "pain_vas", 4.5);
  nw_results_clear(&r);
}

static void summary_holds_products_at_the_end_of_contact(void **state) {
  struct nw_results r;
  write_and_read(*state, &r);
  expect_text(&r, "products.0.name", "acid, \"L\"");
  expect_number(&r, "products.0.enhancement_ratio", 12.5);
  expect_number(&r, "products.0.enhancement_interval.1", 24);
  expect_number(&r, "products.0.flux_peak_ug_cm2_h", 1); /* 1e-8/3.6 kg/(m2 s) */
  expect_number(&r, "products.0.amount_ug_cm2.stratum_corneum",
                3e-5 * 1.5 * 1e5); /* half way: 6 h of 4 and 8 */
  expect_number(&r, "products.0.amount_ug_cm2.blood", 6e-5 * 1.5 * 1e5);
  expect_number(&r, "products.0.intact.amount_ug_cm2.dermis", 12e-5 * 1.5 * 1e5);
  expect_number(&r, "products.0.lag_h", 0.5);
  expect_number(&r, "products.0.mass_balance", 1e-13);
  nw_results_clear(&r);
}

static void summary_holds_outcomes_safety_and_sources(void **state) {
  struct nw_results r;
  write_and_read(*state, &r);
  expect_number(&r, "outcome.collagen_I.final", 1.1 / 0.9);
  expect_number(&r, "outcome.collagen_I.change_pct", 22.2);
  expect_number(&r, "outcome.collagen_I.untreated", 1.01);
  expect_number(&r, "outcome.collagen_I.effect_pct", 21.1);
  expect_number(&r, "outcome.collagen_I.interval.0", 1.05);
  expect_number(&r, "outcome.collagen_I.interval_mean.1", 1.3);
  expect_number(&r, "outcome.collagen_I.evidence", 3);
  expect_text(&r, "outcome.collagen_I.unit", "1");
  expect_number(&r, "outcome.lab_L.change", 1);
  assert_true(isnan(nw_results_number(&r, "outcome.lab_L.change_pct")));
  assert_true(isnan(nw_results_number(&r, "outcome.lab_L.interval.0")));
  assert_true(isnan(nw_results_number(&r, "outcome.elastin.final"))); /* not computed: absent */
  assert_int_equal(nw_results_list_length(&r, "outcome"), 2);
  expect_number(&r, "safety.downtime_d", 2.5);
  expect_number(&r, "safety.pih_risk", 0.125);
  assert_true(nw_results_list_length(&r, "safety.warnings") > 0); /* diabetes */
  assert_non_null(strstr(nw_results_text(&r, "safety.warnings.0.text"), "diabetes"));
  expect_number(&r, "checks.mass_residual", 1e-12);
  expect_number(&r, "cost.peak_MB", 64);
  expect_text(&r, "calibration.extrapolated", "true");
  assert_non_null(strstr(nw_results_text(&r, "calibration.reasons.0"), "250 punctures per cm2"));
  expect_text(&r, "overrides.0.key", "delta_T");
  expect_number(&r, "overrides.0.value", 4.5);
  assert_true(nw_results_list_length(&r, "assumptions") > 5);
  assert_true(nw_results_list_length(&r, "references") > 5);
  assert_non_null(strstr(nw_results_text(&r, "references.SkinPenDEN160029"),
                         "U.S. Food and Drug Administration (2018). De Novo classification request"));
  nw_results_clear(&r);
}

static void summary_escapes_any_text(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  f->c.title = text_of("a \"b\"\\ \n\t\x01 \xc3\xa9 \xff\xed\xa0\x80");
  write_and_read(f, &r);
  static const char broken[] = "\xef\xbf\xbd"; /* one for each byte that is no UTF-8 */
  char expected[64];
  snprintf(expected, sizeof expected, "a \"b\"\\ \n\t\x01 \xc3\xa9 %s%s%s%s", broken, broken, broken, broken);
  expect_text(&r, "title", expected);
  nw_results_clear(&r);
}

/* Only the cost may differ between two runs of one plan. */
static void summary_depends_on_the_case_but_for_the_cost(void **state) {
  struct fixture *f = *state;
  struct nw_text first = {0}, second = {0};
  assert_int_equal(nw_summary_text(f->context, &f->run, NW_STAGE_outcome, &first), NW_OK);
  f->run.cost.wall = 99;
  assert_int_equal(nw_summary_text(f->context, &f->run, NW_STAGE_outcome, &second), NW_OK);
  const char *cost = strstr(first.data, "\"cost\"");
  assert_memory_equal(first.data, second.data, (size_t)(cost - first.data));
  assert_string_not_equal(first.data, second.data);
  nw_text_clear(&first);
  nw_text_clear(&second);
}

static void summary_holds_only_stages_that_ran(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_device, f->folder), NW_OK);
  f->run.timeline.n_rows = 0;
  assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_OK);
  assert_true(isnan(nw_results_number(&r, "device.punctures")));
  assert_int_equal(nw_results_list_length(&r, "outcome"), 0);
  assert_int_equal(nw_results_list_length(&r, "products"), 0);
  assert_int_equal(r.punctures.n_columns, 0);
  assert_int_equal(r.absorption.n_columns, 0);
  assert_int_equal(r.sections.n_times, 0);
  nw_results_clear(&r);
}

static void summary_without_punctures_has_no_statistics(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  f->c.device.kind = NW_DEVICE_NONE;
  f->run.punctures = (struct nw_punctures){.reach = {NAN, NAN, NAN, NAN}};
  write_and_read(f, &r);
  expect_number(&r, "device.punctures", 0);
  assert_true(isnan(nw_results_number(&r, "device.reach_um.mean")));
  assert_true(isnan(nw_results_number(&r, "device.force_N")));
  assert_int_equal(r.punctures.n_rows, 0);
  nw_results_clear(&r);
}

/* ---- tables ---- */

static void timeline_holds_the_keys_present(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  size_t length;
  write_and_read(f, &r);
  assert_int_equal(r.timeline.n_columns, 3);
  assert_int_equal(r.timeline.n_rows, 2);
  assert_string_equal(r.timeline.name[0], "time_d");
  const int collagen = nw_table_column(&r.timeline, "collagen_I"),
            scar = nw_table_column(&r.timeline, "scar_depth_um");
  assert_true(collagen == 1 && scar == 2);
  assert_true(r.timeline.number[0][1] == 14.5);
  assert_true(r.timeline.number[collagen][1] == 1.1 / 0.9); /* the same bits as in the run */
  assert_true(isnan(r.timeline.number[scar][0]));
  char *units = slurp(f, "timeline.units.json", &length);
  assert_non_null(strstr(units, "\"scar_depth_um\": \"um\""));
  assert_null(strstr(units, "elastin"));
  free(units);
  nw_results_clear(&r);
}

static void punctures_are_rows_of_the_contract(void **state) {
  struct fixture *f = *state;
  size_t length;
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_outcome, f->folder), NW_OK);
  char *text = slurp(f, "punctures.csv", &length);
  assert_string_equal(
      text,
      "session,pass,x_mm,y_mm,reach_um,lumen_depth_um,lumen_diameter_um,angle_deg,layer,bleeds\n"
      "1,1,0,0.25,1250,900,60,5.73,reticular_dermis,0\n"
      "1,2,1,0.25,1250,900,60,5.73,reticular_dermis,1\n"
      "2,3,2,0.25,1250,900,60,5.73,reticular_dermis,0\n");
  free(text);
}

static void absorption_is_rows_of_the_contract(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  size_t length;
  write_and_read(f, &r);
  char *text = slurp(f, "absorption.csv", &length);
  static const char header[] =
      "product,time_h,flux_ug_cm2_h,q_cum_ug_cm2,stratum_corneum,viable_epidermis,dermis,blood,open_fraction,"
      "flux_ug_cm2_h_intact,q_cum_ug_cm2_intact,stratum_corneum_intact,viable_epidermis_intact,dermis_intact,"
      "blood_intact,open_fraction_intact\n";
  assert_memory_equal(text, header, sizeof header - 1);
  const struct nw_table *t = &r.absorption;
  assert_int_equal(t->n_rows, N_TIMES);
  assert_string_equal(t->word[0][2], "acid, \"L\"");
  assert_true(t->number[1][2] == 8);
  assert_float_equal(t->number[2][1], 1e-5 * 3.6e8, 1e-6);
  assert_float_equal(t->number[nw_table_column(t, "blood")][2], 2 * 6e-5 * 1e5, 1e-9);
  assert_float_equal(t->number[nw_table_column(t, "open_fraction_intact")][1], 14e-5, 1e-15);
  free(text);
  nw_results_clear(&r);
}

static void table_reads_quotes_words_and_gaps(void **state) {
  struct fixture *f = *state;
  struct nw_table t;
  char path[128];
  static const char text[] =
      "\xef\xbb\xbf# a note\r\nname, x ,\"a \"\"b\"\"\"\r\n\r\n\"one, "
      "two\n\",1.5e-3,\r\nthree,,nan\r\n5,-7,.25";
  write_text(f, "table.csv", text, sizeof text - 1);
  path_in(f, "table.csv", path);
  assert_int_equal(nw_table_read(f->context, path, &t), NW_OK);
  assert_int_equal(t.n_columns, 3);
  assert_int_equal(t.n_rows, 3);
  assert_string_equal(t.name[2], "a \"b\"");
  assert_string_equal(t.word[0][0], "one, two\n");
  assert_string_equal(t.word[0][2], "5");
  assert_null(t.word[1]);
  assert_true(t.number[0][2] == 5 && isnan(t.number[0][0]));
  assert_true(t.number[nw_table_column(&t, "x")][0] == 1.5e-3 && isnan(t.number[1][1]) &&
              t.number[1][2] == -7);
  assert_null(t.word[2]);
  assert_true(isnan(t.number[2][1]) && t.number[2][2] == 0.25);
  assert_int_equal(nw_table_column(&t, "y"), -1);
  nw_table_clear(&t);
}

static void table_refuses_what_is_none(void **state) {
  struct fixture *f = *state;
  struct nw_table t;
  char path[128];
  static const struct {
    const char *text;
    size_t length;
    const char *message;
  } bad[] = {
      {"", 0, "empty"},
      {"\n\n# only a note\n", 16, "empty"},
      {"a,b\n1,2\n3\n", 10, ":3:1: error: this row has 1 cells where the header has 2"},
      {"a,b\n1,2,3\n", 10, "3 cells"},
      {"a,b\n1,\"2\n", 9, ":2:3: error: a quotation"},
      {"a,\"b\n", 5, ":1:3: error: a quotation"},
      {"a,b\n\"1\"x,2\n", 11, ":2:4: error: text behind"},
      {"a,b\n1,\0002\n", 9, ":2:3: error: a zero byte"},
      {"a,a\n1,2\n", 8, ":1:3: error: a second column"},
      {"a\n\xe9\n", 4, ":2:1: error: a byte that is not UTF-8"},
      {"\xff\xfe\x61\0\n\0", 6, ":1:1: error: this table is UTF-16"},
  };
  path_in(f, "table.csv", path);
  for (size_t i = 0; i < NW_COUNT(bad); i++) {
    write_text(f, "table.csv", bad[i].text, bad[i].length);
    assert_int_equal(nw_table_read(f->context, path, &t), NW_BAD_PLAN);
    assert_int_equal(nw_context_message_count(f->context), i + 1);
    if (!strstr(nw_context_message(f->context, i), bad[i].message))
      fail_msg("message %zu: %s", i, nw_context_message(f->context, i));
  }
  assert_int_equal(nw_table_read(f->context, f->folder, &t), NW_IO); /* a folder */
  assert_int_equal(nw_table_read(f->context, "no-such-file.csv", &t), NW_IO);
}

/* ---- the folder ---- */

static void prepare_refuses_results_but_for_force_and_resume(void **state) {
  struct fixture *f = *state;
  char path[128];
  assert_int_equal(nw_results_prepare(f->context, f->folder, false, false), NW_OK);
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_puncture, f->folder), NW_OK);
  assert_int_equal(nw_results_prepare(f->context, f->folder, false, false), NW_IO);
  assert_non_null(strstr(nw_context_message(f->context, 0), "--force"));
  path_in(f, "punctures.csv", path);
  assert_int_equal(nw_results_prepare(f->context, f->folder, false, true), NW_OK);
  assert_int_equal(access(path, F_OK), 0);
  write_text(f, "summary.json.tmp", "{", 1); /* as a killed run leaves it */
  assert_int_equal(nw_results_prepare(f->context, f->folder, true, false), NW_OK);
  assert_int_not_equal(access(path, F_OK), 0);
}

static void lock_holds_a_folder_for_one(void **state) {
  struct fixture *f = *state;
  int first, second;
  assert_int_equal(nw_results_lock(f->context, f->folder, &first), NW_OK);
  assert_int_equal(nw_results_lock(f->context, f->folder, &second), NW_IO);
  assert_non_null(strstr(nw_context_message(f->context, 0), "another run"));
  nw_results_unlock(&second);
  nw_results_unlock(&first);
  assert_int_equal(nw_results_lock(f->context, f->folder, &second), NW_OK);
  nw_results_unlock(&second);
  nw_results_unlock(&second);
}

static void prepare_makes_parents_and_names_what_is_in_the_way(void **state) {
  struct fixture *f = *state;
  char path[128];
  path_in(f, "a/b/c", path);
  assert_int_equal(nw_results_prepare(f->context, path, false, false), NW_OK);
  assert_int_equal(rmdir(path), 0);
  path_in(f, "a/b", path);
  rmdir(path);
  path_in(f, "a", path);
  rmdir(path);
  write_text(f, "table.csv", "x", 1);
  path_in(f, "table.csv", path);
  assert_int_equal(nw_results_prepare(f->context, path, false, false), NW_IO);
  assert_non_null(strstr(nw_context_message(f->context, 0), "not a folder"));
  path_in(f, "table.csv/deeper", path);
  assert_int_equal(nw_results_prepare(f->context, path, false, false), NW_IO);
  assert_int_equal(nw_results_prepare(f->context, "", false, false), NW_IO);
  assert_int_equal(nw_results_prepare(f->context, "/proc/needlework", false, false), NW_IO);
  path_in(f, "summary.json", path);
  assert_int_equal(mkdir(path, 0777), 0);
  assert_int_equal(nw_results_prepare(f->context, f->folder, true, false), NW_IO);
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_skin, f->folder), NW_IO);
  rmdir(path);
}

static void write_reports_a_full_disk(void **state) {
  struct fixture *f = *state;
  struct rlimit old, small;
  struct nw_results r;
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_outcome, f->folder), NW_OK);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  for (rlim_t limit = 0; limit < 3000; limit += 250) {
    small.rlim_cur = limit;
    setrlimit(RLIMIT_FSIZE, &small);
    const enum nw_status status = nw_results_write(f->context, &f->run, NW_STAGE_outcome, f->folder);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, NW_IO);
    assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_OK); /* every file that stands is whole */
    nw_results_clear(&r);
  }
}

/* ---- hostile content ---- */

static void read_survives_truncated_files(void **state) {
  static const char *const name[] = {"summary.json", "timeline.csv", "punctures.csv", "absorption.csv"};
  struct fixture *f = *state;
  struct nw_results r;
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_outcome, f->folder), NW_OK);
  for (size_t i = 0; i < NW_COUNT(name); i++) {
    size_t length;
    char *text = slurp(f, name[i], &length);
    for (size_t cut = 0; cut < length; cut += 1 + length / 50) {
      write_text(f, name[i], text, cut);
      if (nw_results_read(f->context, f->folder, &r) == NW_OK)
        nw_results_clear(&r);
      else
        assert_null(r.entry);
    }
    write_text(f, name[i], text, length);
    free(text);
  }
  assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_OK);
  nw_results_clear(&r);
}

static void read_refuses_strange_summaries(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  static const char *const bad[] = {"",
                                    "[1, 2]",
                                    "3",
                                    "{\"a\": 1, \"a\": 2}",
                                    "{\"a\": NaN}",
                                    "{\"a\": \"\\ud800\"}",
                                    "{\"a\": 1} trailing",
                                    "\x89HDF\r\n",
                                    "{\"a\": 1e999}"};
  for (size_t i = 0; i < NW_COUNT(bad); i++) {
    write_text(f, "summary.json", bad[i], strlen(bad[i]));
    assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_BAD_PLAN);
    assert_int_equal(nw_context_message_count(f->context), i + 1);
  }
  char *deep = malloc(200001);
  memset(deep, '[', 200000);
  write_text(f, "summary.json", deep, 200000);
  free(deep);
  assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_BAD_PLAN);
  static const char strange[] = "{\"a\": null, \"b\": [[], {}, [true]], \"\": {\"c.d\": -1e-3}}";
  write_text(f, "summary.json", strange, sizeof strange - 1);
  assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_OK);
  expect_text(&r, "b.2.0", "true");
  assert_int_equal(r.n_entries, 2);
  nw_results_clear(&r);
}

static void read_needs_a_summary_only(void **state) {
  struct fixture *f = *state;
  struct nw_results r;
  assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_IO);
  assert_non_null(strstr(nw_context_message(f->context, 0), "holds no results"));
  write_text(f, "summary.json", "{\"seed\": 3}", 11);
  assert_int_equal(nw_results_read(f->context, f->folder, &r), NW_OK);
  expect_number(&r, "seed", 3);
  assert_int_equal(r.timeline.n_columns, 0);
  assert_int_equal(r.sections.n_times, 0);
  nw_results_clear(&r);
}

static void writing_survives_every_failed_allocation(void **state) {
  struct fixture *f = *state;
  enum nw_status status = NW_MEMORY;
  for (size_t n = 1; status != NW_OK && n < 5000; n += 1 + n / 40) {
    struct nw_context *context = nw_context_create();
    nw_allocation_fail_at(n);
    status = nw_results_write(context, &f->run, NW_STAGE_puncture, f->folder);
    nw_allocation_fail_at(0);
    if (status != NW_OK) assert_int_equal(status, NW_MEMORY);
    nw_context_free(&context);
  }
  assert_int_equal(status, NW_OK);
}

static void reading_survives_every_failed_allocation(void **state) {
  struct fixture *f = *state;
  enum nw_status status = NW_MEMORY;
  assert_int_equal(nw_results_write(f->context, &f->run, NW_STAGE_outcome, f->folder), NW_OK);
  for (size_t n = 1; status != NW_OK && n < 20000; n += 1 + n / 40) {
    struct nw_context *context = nw_context_create();
    struct nw_results r;
    nw_allocation_fail_at(n);
    status = nw_results_read(context, f->folder, &r);
    nw_allocation_fail_at(0);
    if (status != NW_OK) assert_true(nw_context_message_count(context) <= 1);
    nw_results_clear(&r);
    nw_context_free(&context);
  }
  assert_int_equal(status, NW_OK);
}

int main(void) {
  const struct CMUnitTest test[] = {
      cmocka_unit_test_setup_teardown(summary_holds_case_and_device, set_up, tear_down),
      cmocka_unit_test_setup_teardown(summary_holds_products_at_the_end_of_contact, set_up, tear_down),
      cmocka_unit_test_setup_teardown(summary_holds_outcomes_safety_and_sources, set_up, tear_down),
      cmocka_unit_test_setup_teardown(summary_escapes_any_text, set_up, tear_down),
      cmocka_unit_test_setup_teardown(summary_depends_on_the_case_but_for_the_cost, set_up, tear_down),
      cmocka_unit_test_setup_teardown(summary_holds_only_stages_that_ran, set_up, tear_down),
      cmocka_unit_test_setup_teardown(summary_without_punctures_has_no_statistics, set_up, tear_down),
      cmocka_unit_test_setup_teardown(timeline_holds_the_keys_present, set_up, tear_down),
      cmocka_unit_test_setup_teardown(punctures_are_rows_of_the_contract, set_up, tear_down),
      cmocka_unit_test_setup_teardown(absorption_is_rows_of_the_contract, set_up, tear_down),
      cmocka_unit_test_setup_teardown(table_reads_quotes_words_and_gaps, set_up, tear_down),
      cmocka_unit_test_setup_teardown(table_refuses_what_is_none, set_up, tear_down),
      cmocka_unit_test_setup_teardown(prepare_refuses_results_but_for_force_and_resume, set_up, tear_down),
      cmocka_unit_test_setup_teardown(lock_holds_a_folder_for_one, set_up, tear_down),
      cmocka_unit_test_setup_teardown(prepare_makes_parents_and_names_what_is_in_the_way, set_up, tear_down),
      cmocka_unit_test_setup_teardown(write_reports_a_full_disk, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_survives_truncated_files, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_refuses_strange_summaries, set_up, tear_down),
      cmocka_unit_test_setup_teardown(read_needs_a_summary_only, set_up, tear_down),
      cmocka_unit_test_setup_teardown(writing_survives_every_failed_allocation, set_up, tear_down),
      cmocka_unit_test_setup_teardown(reading_survives_every_failed_allocation, set_up, tear_down),
  };
  return cmocka_run_group_tests(test, NULL, NULL);
}
