/* SPDX-License-Identifier: BSD-3-Clause
   Compiled plans: values in SI, defaults, words, the key table itself, the template, the schema, and every
   example. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/base.h"
#include "base/units.h"
#include "io/schema.h"
#include "plan/case.h"
#include "plan/device_library.h"
#include "plan/keys.h"
#include "plan/plan.h"
#include "plan/template.h"
#include "run.h"

static void assert_near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * fabs(expected))) fail_msg("%.12g is not %.12g", value, expected);
}

static void show_messages(struct nw_context *context) {
  for (size_t i = 0; i < nw_context_message_count(context); i++)
    print_message("  %s\n", nw_context_message(context, i));
}

static struct nw_case *compile(const char *text) {
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  enum nw_status status = nw_plan_parse(context, "p.yaml", text, strlen(text), &plan);
  if (status == NW_OK) status = nw_case_create(context, plan, &c);
  show_messages(context);
  nw_plan_free(&plan);
  nw_context_free(&context);
  assert_int_equal(status, NW_OK);
  return c;
}

static struct nw_case *compile_example(const char *name, size_t *messages) {
  char path[512];
  snprintf(path, sizeof path, "%s/examples/%s", NW_SOURCE_DIR, name);
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  enum nw_status status = nw_plan_read(context, path, &plan);
  if (status == NW_OK) status = nw_case_create(context, plan, &c);
  *messages = nw_context_message_count(context);
  show_messages(context);
  nw_plan_free(&plan);
  nw_context_free(&context);
  assert_int_equal(status, NW_OK);
  return c;
}

static void case_create_gives_si_values(void **state) {
  (void)state;
  size_t messages;
  struct nw_case *c = compile_example("acne_scars.yaml", &messages);
  assert_int_equal(messages, 0);
  assert_near(c->subject.age, 28);
  assert_int_equal(c->subject.phototype, 4);
  assert_int_equal(c->subject.sex, NW_FEMALE);
  assert_int_equal(c->subject.skin_type, NW_SKIN_OILY);
  assert_int_equal(c->subject.site, NW_SITE_cheek);
  assert_true(c->subject.acne_prone && c->subject.ageing && !c->subject.smoker);
  assert_int_equal(c->subject.sun_exposure, NW_SUN_MODERATE);
  assert_near(c->subject.uv_dose, nw_param_find("uv_moderate")->value);
  assert_int_equal(c->n_concerns, 1);
  assert_int_equal(c->concerns[0].kind, NW_CONCERN_ACNE_SCAR);
  assert_int_equal(c->concerns[0].type, NW_TYPE_BOXCAR);
  assert_near(c->concerns[0].width, 2e-3);
  assert_near(c->concerns[0].depth, 0.4e-3);
  assert_int_equal(c->device.kind, NW_DEVICE_PEN);
  assert_null(c->device.preset);
  assert_near(c->device.needle_length, 1.5e-3);
  assert_int_equal(c->device.needle_count, 12);
  assert_near(c->device.needle_diameter, 250e-6);
  assert_near(c->device.tip_radius, 5e-6);
  assert_near(c->device.frequency, 90);
  assert_near(c->device.head_width, 6e-3);
  assert_near(c->device.glide_speed, 10e-3);
  assert_near(c->device.stroke, 1.5e-3);
  assert_int_equal(c->device.passes, 4);
  assert_int_equal(c->device.anaesthetic, NW_ANAESTHETIC_CREAM);
  assert_int_equal(c->operator_role, NW_PHYSICIAN);
  assert_int_equal(c->n_products, 1);
  assert_true(c->products[0].in_library);
  assert_string_equal(c->products[0].name, "L-ascorbic acid");
  assert_near(c->products[0].concentration, 150);
  assert_near(c->products[0].dose, 1e-4);
  assert_near(c->products[0].duration, 28800);
  assert_near(c->products[0].vehicle_ph, 3.2);
  assert_int_equal(c->products[0].when, NW_AFTER);
  assert_true(isinf(c->products[0].solubility) && isnan(c->products[0].diffusivity_dermis));
  assert_int_equal(c->course.sessions, 6);
  assert_near(c->course.interval, 14 * 86400.);
  assert_near(c->course.follow_up, 180 * 86400.);
  assert_near(c->course.maintenance + 1, 1);
  assert_near(c->aftercare.sun_avoidance, 7 * 86400.);
  assert_false(c->experiment.present);
  assert_near(c->patch.width, 2e-3);
  assert_near(c->patch.resolution, 25e-6);
  assert_int_equal(c->patch.seed, 1);
  assert_near(c->output.every, 7 * 86400.);
  assert_int_equal(c->output.fields, 1u << NW_FIELD_collagen_III | 1u << NW_FIELD_collagen_I_new |
                                         1u << NW_FIELD_collagen_I_mature);
  assert_true(c->output.melanin);
  assert_int_equal(c->n_overrides, 0);
  nw_case_free(&c);
  assert_int_equal(nw_live_bytes(), 0);
}

static void case_create_compiles_an_experiment(void **state) {
  (void)state;
  size_t messages;
  struct nw_case *c = compile_example("franz_tranexamic.yaml", &messages);
  assert_true(c->experiment.present);
  assert_int_equal(c->experiment.skin, NW_SKIN_PIG_EAR);
  assert_near(c->experiment.thickness, 700e-6);
  assert_near(c->experiment.area, 0.64e-4);
  assert_near(c->experiment.duration, 86400);
  assert_near(c->experiment.temperature, 305.15);
  assert_true(isinf(c->experiment.receptor_volume));
  assert_true(isinf(c->products[0].dose));
  assert_string_equal(c->device.preset, "polymer_array_600");
  assert_near(c->device.needle_length, 600e-6);
  nw_case_free(&c);
  c = compile(
      "device: {kind: none}\nproducts: [{name: x, molar_mass: 176.1 Da, log_kow: -1.85, pka_acid: 4.1, "
      "diffusivity_dermis: 1e-6 cm2/s, partition_dermis: 2, duration: never}]\nexperiment: {receptor: 5 "
      "mL}\n");
  assert_near(c->experiment.receptor_volume, 5e-6);
  assert_near(c->products[0].molar_mass, 0.1761);
  assert_near(c->products[0].log_kow, -1.85);
  assert_near(c->products[0].pka_acid, 4.1);
  assert_true(isnan(c->products[0].pka_base));
  assert_near(c->products[0].diffusivity_dermis, 1e-10);
  assert_near(c->products[0].partition_dermis, 2);
  assert_true(isinf(c->products[0].duration));
  assert_false(c->products[0].in_library);
  nw_case_free(&c);
}

static void case_create_lays_preset_over_kind_and_keys_over_preset(void **state) {
  (void)state;
  struct nw_case *c = compile("device: {kind: roller, preset: medical_roller_500, passes: 3}\n");
  struct nw_device preset = nw_device_default(NW_DEVICE_ROLLER);
  assert_true(nw_device_preset("medical_roller_500", &preset));
  assert_near(c->device.needle_length, preset.needle_length);
  assert_near(c->device.needle_diameter, preset.needle_diameter);
  assert_int_equal(c->device.passes, 3);
  nw_case_free(&c);
  c = compile("device: {kind: pen, needle_length: 2.5 mm}\n");
  assert_near(c->device.stroke, 2.5e-3);
  assert_int_equal(c->device.passes, nw_device_default(NW_DEVICE_PEN).passes);
  nw_case_free(&c);
}

static void case_create_keeps_laser_and_peel(void **state) {
  (void)state;
  struct nw_case *c = compile(
      "device: {kind: fractional_ablative_laser, laser: {wavelength: 10600 nm, energy: 20 mJ, density: 400 "
      "1/cm2, "
      "spot: 130 um}}\n");
  assert_near(c->device.laser.wavelength, 10.6e-6);
  assert_near(c->device.laser.energy, 0.02);
  assert_near(c->device.laser.density, 4e6);
  assert_near(c->device.needle_diameter, 130e-6);
  assert_int_equal(c->device.needle_count, lround(4e6 * c->device.head_width * c->device.head_width));
  nw_case_free(&c);
  c = compile(
      "device: {kind: peel, peel: {agent: trichloroacetic acid, concentration: 35 %, depth: medium}}\n");
  struct nw_device medium = nw_device_default(NW_DEVICE_PEEL);
  assert_true(nw_device_preset("medium_peel", &medium));
  assert_string_equal(c->device.peel.agent, "trichloroacetic acid");
  assert_near(c->device.peel.concentration, 0.35);
  assert_int_equal(c->device.peel.depth, NW_PEEL_MEDIUM);
  assert_near(c->device.needle_length, medium.needle_length);
  assert_true(isnan(c->device.laser.energy));
  nw_case_free(&c);
  assert_int_equal(nw_live_bytes(), 0);
}

static void case_create_reads_the_sun(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double dose;
    enum nw_sun word;
  } row[] = {
      {"none", 0, NW_SUN_NONE},
      {"1.5 MED/day", 1.5, NW_SUN_HIGH},
      {"0.3 MED/day", 0.3, NW_SUN_MODERATE},
      {"0.05 MED/d", 0.05, NW_SUN_LOW},
      {"0 MED/day", 0, NW_SUN_NONE},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    char text[200];
    snprintf(text, sizeof text, "device: {kind: none}\nsubject: {sun_exposure: %s}\n", row[i].text);
    struct nw_case *c = compile(text);
    assert_true(fabs(c->subject.uv_dose - row[i].dose) < 1e-12);
    assert_int_equal(c->subject.sun_exposure, row[i].word);
    nw_case_free(&c);
  }
  struct nw_case *c = compile("device: {kind: none}\nsubject: {sun_exposure: high, ageing: false}\n");
  assert_true(c->subject.uv_dose == 0);
  nw_case_free(&c);
}

static void case_create_warns_of_keys_without_meaning(void **state) {
  (void)state;
  static const char text[] = "device:\n  kind: roller\n  frequency: 90 Hz\n";
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan;
  struct nw_case *c;
  assert_int_equal(nw_plan_parse(context, "p.yaml", text, strlen(text), &plan), NW_OK);
  assert_int_equal(nw_case_create(context, plan, &c), NW_OK);
  assert_int_equal(nw_context_message_count(context), 1);
  assert_string_equal(
      nw_context_message(context, 0),
      "p.yaml:3:14: warning: device.frequency: means nothing for a device of kind roller and is ignored");
  nw_case_free(&c);
  nw_plan_free(&plan);
  nw_context_free(&context);
}

static void case_words_follow_the_enumerations(void **state) {
  (void)state;
  assert_string_equal(nw_device_kind_word(NW_DEVICE_ROLLER), "roller");
  assert_string_equal(nw_device_kind_word(NW_DEVICE_FRACTIONAL_NONABLATIVE_LASER),
                      "fractional_nonablative_laser");
  assert_string_equal(nw_device_kind_word(NW_DEVICE_NONE), "none");
  assert_string_equal(nw_site_word(NW_SITE_periorbital), "periorbital");
  assert_string_equal(nw_concern_kind_word(NW_CONCERN_DULLNESS), "dullness");
  assert_string_equal(nw_concern_kind_word(NW_CONCERN_PIH), "pih");
  assert_string_equal(nw_concern_type_word(NW_TYPE_ROLLING), "rolling");
  assert_string_equal(nw_concern_type_word(NW_TYPE_WHITE), "white");
  assert_string_equal(nw_concern_type_word(NW_TYPE_NONE), "none");
  assert_string_equal(nw_condition_word(NW_CONDITION_actinic_keratosis), "actinic_keratosis");
  assert_string_equal(nw_operator_word(NW_SELF), "self");
  assert_string_equal(nw_phototype_word(6), "VI");
  assert_string_equal(nw_skin_type_word(NW_SKIN_SENSITIVE), "sensitive");
  assert_string_equal(nw_sun_word(NW_SUN_HIGH), "high");
}

/* ---- the key table ---- */

static void keys_are_sound(void **state) {
  (void)state;
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  for (size_t i = 0; i < count; i++) {
    struct nw_unit unit;
    assert_true(nw_unit_parse(key[i].unit, &unit, NULL, 0));
    assert_non_null(nw_key_section_find(key[i].section, strlen(key[i].section)));
    assert_ptr_equal(nw_key_find(key[i].section, strlen(key[i].section), key[i].name), &key[i]);
    const bool worded =
        key[i].type == NW_KEY_CHOICE || key[i].type == NW_KEY_MIXED || key[i].type == NW_KEY_CHOICES;
    assert_int_equal(worded, key[i].words != NULL);
    const bool ranged = key[i].type == NW_KEY_QUANTITY || key[i].type == NW_KEY_MIXED ||
                        key[i].type == NW_KEY_COUNT || key[i].type == NW_KEY_QUANTITIES;
    if (ranged != (key[i].low < key[i].high)) fail_msg("%s.%s: range", key[i].section, key[i].name);
    if (!key[i].fallback || !ranged || key[i].type == NW_KEY_COUNT || key[i].type == NW_KEY_QUANTITIES)
      continue;
    if (key[i].words && nw_key_word_index(key[i].words, key[i].fallback) >= 0) continue;
    double value;
    struct nw_dimension dimension;
    bool has_unit;
    assert_true(nw_quantity_parse(key[i].fallback, &value, &dimension, &has_unit, NULL, 0));
    assert_true(nw_dimension_equal(dimension, unit.dimension));
    const double number = nw_unit_from_si(value, key[i].unit);
    assert_true(number >= key[i].low && number <= key[i].high);
  }
}

static void key_nearest_suggests_only_what_is_near(void **state) {
  (void)state;
  static const char *const words[] = {"pen", "peel", "roller", "needle_length", NULL};
  assert_string_equal(nw_key_nearest(words, "pan"), "pen");
  assert_string_equal(nw_key_nearest(words, "neddle_lenght"), "needle_length");
  assert_string_equal(nw_key_nearest(words, "rollers"), "roller");
  assert_null(nw_key_nearest(words, "dermaplaning"));
  assert_null(nw_key_nearest(words, "4"));
  assert_null(nw_key_nearest(words, ""));
}

/* ---- template, schema, examples ---- */

static void template_text_compiles_clean_for_each_concern(void **state) {
  (void)state;
  const char *const *kinds = nw_key_find("concerns", strlen("concerns"), "kind")->words;
  for (size_t i = 0; kinds[i]; i++) {
    struct nw_context *context = nw_context_create();
    struct nw_text text = {0};
    struct nw_plan *plan = NULL;
    struct nw_case *c = NULL;
    assert_int_equal(nw_template_text(context, kinds[i], &text), NW_OK);
    assert_int_equal(nw_plan_parse(context, "template", text.data, text.length, &plan), NW_OK);
    assert_int_equal(nw_case_create(context, plan, &c), NW_OK);
    show_messages(context);
    assert_int_equal(nw_context_message_count(context), 0);
    assert_string_equal(nw_concern_kind_word(c->concerns[0].kind), kinds[i]);
    for (const char *line = text.data; *line; line += strcspn(line, "\n") + 1)
      if (strcspn(line, "\n") > 120) fail_msg("%s: a line is too wide: %.60s", kinds[i], line);
    nw_case_free(&c);
    nw_plan_free(&plan);
    nw_text_clear(&text);
    nw_context_free(&context);
  }
  assert_int_equal(nw_live_bytes(), 0);
}

/* Every line that is switched off is a key line that works when it is switched on. */
static void template_text_names_every_key(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_text text = {0};
  assert_int_equal(nw_template_text(context, NULL, &text), NW_OK);
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  for (size_t i = 0; i < count; i++) {
    char sought[80];
    snprintf(sought, sizeof sought, "%s: ", key[i].name);
    if (!strstr(text.data, sought)) fail_msg("the template lacks %s", key[i].name);
  }
  nw_text_clear(&text);
  assert_int_equal(nw_template_text(context, "acne_scars", &text), NW_USAGE);
  assert_non_null(strstr(nw_context_message(context, 0), "did you mean acne_scar?"));
  assert_int_equal(nw_template_text(context, "warts", &text), NW_USAGE);
  assert_non_null(strstr(nw_context_message(context, 1), "one of acne_scar, surgical_scar"));
  nw_text_clear(&text);
  nw_context_free(&context);
}

static void schema_text_holds_every_key(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_text text = {0};
  assert_int_equal(nw_schema_text(context, &text), NW_OK);
  json_t *root = json_loads(text.data, 0, NULL);
  assert_non_null(root);
  size_t count;
  const struct nw_key *key = nw_key_rows(&count);
  for (size_t i = 0; i < count; i++) {
    const json_t *map = root;
    char section[64];
    snprintf(section, sizeof section, "%s", key[i].section);
    for (char *rest = section, *name; *section && (name = strsep(&rest, "."));) {
      map = json_object_get(json_object_get(map, "properties"), name);
      if (json_object_get(map, "items")) map = json_object_get(map, "items");
    }
    if (!json_object_get(json_object_get(map, "properties"), key[i].name))
      fail_msg("the schema lacks %s.%s", key[i].section, key[i].name);
    assert_true(json_is_false(json_object_get(map, "additionalProperties")));
  }
  json_decref(root);
  nw_text_clear(&text);
  nw_context_free(&context);
}

static void examples_compile_clean(void **state) {
  (void)state;
  DIR *folder = opendir(NW_SOURCE_DIR "/examples");
  assert_non_null(folder);
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    const char *dot = strrchr(entry->d_name, '.');
    if (!dot || strcmp(dot, ".yaml")) continue;
    size_t messages;
    struct nw_case *c = compile_example(entry->d_name, &messages);
    if (messages) fail_msg("%s: messages", entry->d_name);
    nw_case_free(&c);
    count++;
  }
  closedir(folder);
  assert_true(count >= 8);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(case_create_gives_si_values),
      cmocka_unit_test(case_create_compiles_an_experiment),
      cmocka_unit_test(case_create_lays_preset_over_kind_and_keys_over_preset),
      cmocka_unit_test(case_create_keeps_laser_and_peel),
      cmocka_unit_test(case_create_reads_the_sun),
      cmocka_unit_test(case_create_warns_of_keys_without_meaning),
      cmocka_unit_test(case_words_follow_the_enumerations),
      cmocka_unit_test(keys_are_sound),
      cmocka_unit_test(key_nearest_suggests_only_what_is_near),
      cmocka_unit_test(template_text_compiles_clean_for_each_concern),
      cmocka_unit_test(template_text_names_every_key),
      cmocka_unit_test(schema_text_holds_every_key),
      cmocka_unit_test(examples_compile_clean),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
