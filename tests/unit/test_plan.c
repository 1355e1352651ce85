/* SPDX-License-Identifier: BSD-3-Clause
   Plans as users write them wrong: each mistake has its line, its column and a message that helps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "plan/case.h"
#include "plan/plan.h"
#include "plan/plan_values.h"

struct mistake {
  const char *text;    /* of the plan */
  const char *place;   /* "line:column" */
  const char *message; /* what the message must hold */
};

/* Everything that reading and compiling says about a plan. */
static struct nw_context *read_all(const char *text, size_t length, enum nw_status *status) {
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  *status = nw_plan_parse(context, "p.yaml", text, length, &plan);
  if (*status == NW_OK) *status = nw_case_create(context, plan, &c);
  nw_plan_free(&plan);
  nw_case_free(&c);
  return context;
}

static bool has_message(struct nw_context *context, const char *place, const char *message) {
  char start[64];
  snprintf(start, sizeof start, "p.yaml:%s: ", place);
  for (size_t i = 0; i < nw_context_message_count(context); i++) {
    const char *text = nw_context_message(context, i);
    if (!strncmp(text, start, strlen(start)) && strstr(text, message)) return true;
  }
  return false;
}

static void expect_mistakes(const struct mistake *row, size_t count) {
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++) {
    enum nw_status status;
    struct nw_context *context = read_all(row[i].text, strlen(row[i].text), &status);
    const size_t errors = nw_error_count(context);
    if (status != NW_BAD_PLAN || errors != 1 || !has_message(context, row[i].place, row[i].message)) {
      print_message("plan:\n%s\n%zu errors, wanted one at %s with \"%s\"; got\n", row[i].text, errors,
                    row[i].place, row[i].message);
      for (size_t m = 0; m < nw_context_message_count(context); m++)
        print_message("  %s\n", nw_context_message(context, m));
      wrong++;
    }
    nw_context_free(&context);
  }
  assert_int_equal(wrong, 0);
  assert_int_equal(nw_live_bytes(), 0);
}

#define PEN "device:\n  kind: pen\n"

static void plan_parse_refuses_what_is_no_yaml(void **state) {
  (void)state;
  static const struct mistake row[] = {
      {"", "1:1", "empty"},
      {"# only a comment\n\n", "1:1", "empty"},
      {"~\n", "1:1", "empty"},
      {"---\n...\n", "1:1", "empty"},
      {"just words\n", "1:1", "key: value"},
      {"- a\n- b\n", "1:1", "key: value"},
      {PEN "---\ntitle: again\n", "3:1", "second document"},
      {PEN "\tpasses: 3\n", "3:1", "tab"},
      {"device:\n \t kind: pen\n", "2:1", "tab"},
      {PEN "title: \"unclosed\n", "3:9", "closing quote"},
      {PEN "title: \"a\" b\n", "3:12", "YAML"},
      {PEN "title: a\001b\n", "3:9", "control character"},
      {PEN "title: a\x7f\n", "3:9", "control character"},
      {PEN "title: 250 \xb5m\n", "3:12", "UTF-8"},
      {PEN "title: \xc0\xaf\n", "3:8", "UTF-8"},
      {"\xff\xfe\x64", "1:1", "UTF-16"},
      {"device: &a\n  kind: pen\n", "2:3", "anchors"},
      {PEN "title: *a\n", "3:9", "anchors"},
      {PEN "title: !!str x\n", "3:14", "tags"},
      {PEN "? [a, b]\n: c\n", "3:3", "a key must be a word"},
      {"device: {kind: \"pen\\0cil\"}\n", "1:16", "a zero byte"},
      {PEN "title: \"a\\0b\"\n", "3:8", "a zero byte"},
      {PEN "\"course\\0x\": {sessions: 1}\n", "3:1", "a zero byte"},
  };
  expect_mistakes(row, NW_COUNT(row));
}

static void plan_parse_refuses_unknown_and_duplicate_keys(void **state) {
  (void)state;
  static const struct mistake row[] = {
      {PEN "  needle_lenght: 1.5 mm\n", "3:3", "did you mean needle_length?"},
      {PEN "  pases: 3\n", "3:3", "did you mean passes?"},
      {PEN "subjekt: {age: 3 y}\n", "3:1", "did you mean subject?"},
      {PEN "passes: 3\n", "3:1", "in device"},
      {PEN "  title: x\n", "3:3", "in the plan itself"},
      {PEN "  zzzzzz: 3\n", "3:3", "unknown key \"zzzzzz\" in device"},
      {PEN "  lazer: {spot: 120 um}\n", "3:3", "did you mean laser?"},
      {PEN "device.passes: 3\n", "3:1", "unknown key \"device.passes\""},
      {PEN "<<: {passes: 3}\n", "3:1", "unknown key"},
      {PEN "\"\": 3\n", "3:1", "unknown key"},
      {PEN "0: 3\n", "3:1", "unknown key"},
      {PEN "products:\n  - name: niacinamide\n    dosis: 1 uL/cm2\n", "5:5", "did you mean dose?"},
      {PEN "products:\n  - name: niacinamide\n    molarmass: 1 Da\n", "5:5", "did you mean molar_mass?"},
      {PEN "model: {delta_TT: 8}\n", "3:9", "did you mean delta_T?"},
      {PEN "  kind: roller\n", "3:9", "given twice; the first is in line 2"},
      {PEN "device:\n  kind: pen\n", "3:1", "given twice; the first is in line 1"},
      {PEN "products:\n  - {name: niacinamide, when: after, when: before}\n", "4:44", "given twice"},
  };
  expect_mistakes(row, NW_COUNT(row));
}

static void plan_parse_refuses_wrong_shapes(void **state) {
  (void)state;
  static const struct mistake row[] = {
      {PEN "  passes: [3]\n", "3:3", "a single value is wanted"},
      {PEN "  passes: {a: 3}\n", "3:3", "a single value is wanted"},
      {PEN "subject: 28 y\n", "3:10", "a section is wanted"},
      {PEN "subject: [a]\n", "3:1", "a section is wanted"},
      {PEN "concerns: acne_scar\n", "3:11", "begin each item with"},
      {PEN "concerns:\n  kind: acne_scar\n", "3:1", "begin each item with"},
      {PEN "concerns: [acne_scar]\n", "3:12", "a section is wanted"},
      {PEN "subject:\n  conditions: rosacea\n", "4:15", "such as [a, b]"},
      {PEN "subject:\n  conditions: [[rosacea]]\n", "4:16", "a single value"},
      {PEN "subject:\n  conditions: [~]\n", "4:16", "empty"},
      {PEN "concerns:\n  -\n", "4:3", "needs its kind"},
  };
  expect_mistakes(row, NW_COUNT(row));
}

static void case_create_refuses_bad_values(void **state) {
  (void)state;
  static const struct mistake row[] = {
      {PEN "  needle_length: 1.5\n", "3:18",
       "device.needle_length: 1.5 has no unit; write a length such as \"1.5 mm\" (0.1 mm to 4 mm)"},
      {PEN "  needle_length: 1.5 s\n", "3:18", "\"1.5 s\" is not a length; write it in mm (0.1 mm to 4 mm)"},
      {PEN "  needle_length: 15 mm\n", "3:18", "outside of what is accepted, 0.1 mm to 4 mm"},
      {PEN "  needle_length: 0 mm\n", "3:18", "outside"},
      {PEN "  needle_length: -1 mm\n", "3:18", "outside"},
      {PEN "  needle_length: nan mm\n", "3:18", "number"},
      {PEN "  needle_length: .inf\n", "3:18", "number"},
      {PEN "  needle_length: 1e999 mm\n", "3:18", "too large"},
      {PEN "  needle_length: 1,5 mm\n", "3:18", "decimal point"},
      {PEN "  needle_length: long\n", "3:18", "does not begin with a number"},
      {PEN "  needle_length: \"\"\n", "3:18", "does not begin with a number"},
      {PEN "  frequency: 5400 rpm\n", "3:14", "give Hz"},
      {PEN "course: {follow_up: 6 months}\n", "3:21", "no fixed length"},
      {PEN "  needle_diameter: 30 G\n", "3:20", "gauge"},
      {PEN "  passes: 4 mm\n", "3:11", "whole number"},
      {PEN "  passes: -1\n", "3:11", "whole number"},
      {PEN "  passes: 2.5\n", "3:11", "whole number"},
      {PEN "  passes: 0\n", "3:11", "outside"},
      {PEN "  passes: 99999999999999999999999\n", "3:11", "outside"},
      {PEN "  sterile: yes\n", "3:12", "neither true nor false"},
      {"device:\n  kind: pin\n", "2:9", "did you mean pen?"},
      {"device:\n  kind: dermaplaning\n", "2:9", "one of roller, stamp, pen"},
      {"title: x\n", "1:1", "device.kind: is missing"},
      {"device: {passes: 3}\n", "1:1", "device.kind: is missing"},
      {PEN "subject: {phototype: 4}\n", "3:22", "one of I, II, III, IV, V, VI"},
      {PEN "subject: {site: cheeks}\n", "3:17", "did you mean cheek?"},
      {PEN "subject: {age: 200 y}\n", "3:16", "1 y to 110 y"},
      {PEN "subject: {sun_exposure: medium}\n", "3:25", "one of none, low, moderate, high"},
      {PEN "subject: {sun_exposure: 3}\n", "3:25", "a daily dose"},
      {PEN "subject:\n  conditions: [rosacea, eczma]\n", "4:25", "did you mean eczema?"},
      {PEN "products:\n  - name: niacinamide\n    concentration: 15 %\n", "5:20",
       "1 % by weight in volume is 10 mg/mL"},
      {PEN "products:\n  - name: niacinamide\n    dose: infinit\n", "5:11", "did you mean infinite?"},
      {PEN "products:\n  - name: niacinamide\n    log_kow: 2 mm\n", "5:14", "bare number"},
      {PEN "products:\n  - when: after\n", "4:5", "needs its name"},
      {PEN "products:\n  - name: moonlight\n", "4:11", "give its molar_mass and log_kow"},
      {PEN "products:\n  - name: niacinamid\n", "4:11", "did you mean niacinamide?"},
      {PEN "products:\n  - {name: x, molar_mass: 100 Da}\n", "4:12", "give its log_kow"},
      {PEN "output: {times: [1 d, 2]}\n", "3:23", "2 has no unit"},
      {PEN "output: {fields: [colagen_I]}\n", "3:19", "did you mean collagen_I?"},
      {PEN "patch: {seed: -1}\n", "3:15", "whole number"},
      {PEN "model: {delta_T: 8 mm}\n", "3:18", "write it in 1/day"},
      {PEN "model: {delta_T: fast}\n", "3:18", "write a number in 1/day"},
  };
  expect_mistakes(row, NW_COUNT(row));
}

static void case_create_refuses_impossible_combinations(void **state) {
  (void)state;
  static const struct mistake row[] = {
      {PEN "course: {sessions: 3, interval: 0 d}\n", "3:33", "3 sessions cannot be 0 d apart"},
      {PEN "course: {sessions: 100, interval: 1000 d}\n", "3:35", "at most 100"},
      {PEN "course: {follow_up: 30 d, maintenance: 60 d}\n", "3:40", "never happens"},
      {PEN "  stroke: 1 mm\n  needle_length: 1.5 mm\n", "3:11", "shorter than the needle length"},
      {PEN "  tip_radius: 90 um\n  needle_diameter: 100 um\n", "3:15", "does not fit a needle"},
      {PEN "  needle_count: 5000\n", "3:17", "do not fit a head"},
      {PEN "  preset: dermaroller_mf8\n", "3:11", "is a roller, but the kind is pen"},
      {PEN "  preset: dermarolller_mf8\n", "3:11", "did you mean dermaroller_mf8?"},
      {PEN "  laser: {wavelength: 1550 nm}\n", "3:3", "belongs to a fractional laser"},
      {PEN "  peel: {depth: medium}\n", "3:3", "belongs to a peel"},
      {PEN "  array: nowhere.csv\n", "3:10", "does not exist"},
      {PEN "  punctures: .\n", "3:14", "is not a file"},
      {"device:\n  kind: roller\n  rows: 7\n", "3:9", "cannot stand in 7 equal rows"},
      {"device:\n  kind: roller\n  needle_count: 4800\n", "3:17", "do not fit a drum"},
      {PEN "concerns:\n  - {kind: acne_scar, type: red}\n", "4:29", "one of rolling, boxcar, ice_pick"},
      {PEN "concerns:\n  - {kind: pores, type: fine}\n", "4:25", "pores has no types"},
      {PEN "concerns:\n  - {type: fine}\n", "4:5", "needs its kind"},
      {PEN "patch: {width: 0.2 mm, resolution: 100 um}\n", "3:16", "at least 4"},
      {PEN "patch: {width: 30 mm, height: 30 mm, resolution: 5 um}\n", "3:50", "million columns"},
      {PEN "output: {every: 0.01 d}\ncourse: {follow_up: 2000 d}\n", "3:17", "output times"},
      {PEN "output: {times: [1000 d]}\n", "3:10", "after the end"},
      {PEN "products: [{name: niacinamide}, {name: niacinamide}]\n", "3:40", "given twice at the same time"},
      {PEN "products: [{name: niacinamide}, {name: caffeine, label: niacinamide}]\n", "3:40",
       "a label tells them apart"},
      {PEN "products: [{name: niacinamide, when: before, duration: never}]\n", "3:56",
       "cannot stay on for ever"},
      {PEN "experiment: {duration: 8 h}\n", "3:1", "needs a product"},
      {PEN "products: [{name: niacinamide}]\ncourse: {sessions: 2}\nexperiment: {area: 1 cm2}\n", "4:1",
       "takes the place of course"},
      {PEN "products: [{name: niacinamide}]\nconcerns: [{kind: pores}]\nexperiment: {area: 1 cm2}\n", "4:1",
       "takes the place of concerns"},
  };
  expect_mistakes(row, NW_COUNT(row));
}

static void plan_parse_lists_all_mistakes_in_the_order_of_the_file(void **state) {
  (void)state;
  static const char text[] =
      "subject:\n  age: 28\n  sex: femal\n  phototyp: IV\ndevice:\n  kind: pen\n  passes: 4.5\n  passes: 4\n"
      "course: {sessions: 2, interval: 0 d}\n";
  static const char *const place[] = {"2:8", "3:8", "4:3", "7:11", "8:11", "9:33"};
  enum nw_status status;
  struct nw_context *context = read_all(text, strlen(text), &status);
  assert_int_equal(status, NW_BAD_PLAN);
  assert_int_equal(nw_context_message_count(context), NW_COUNT(place));
  for (size_t i = 0; i < NW_COUNT(place); i++) {
    const char *message = nw_context_message(context, i);
    assert_memory_equal(message, "p.yaml:", 7);
    assert_memory_equal(message + 7, place[i], strlen(place[i]));
  }
  nw_context_free(&context);
}

static void plan_parse_survives_a_flood_of_mistakes(void **state) {
  (void)state;
  struct nw_text text = {0};
  nw_text_append(&text, PEN);
  for (int i = 0; i < 20000; i++)
    nw_text_append(&text, "key%d: 1\n", i);
  enum nw_status status;
  struct nw_context *context = read_all(text.data, text.length, &status);
  assert_int_equal(status, NW_BAD_PLAN);
  assert_in_range(nw_context_message_count(context), 100, 102);
  assert_non_null(
      strstr(nw_context_message(context, nw_context_message_count(context) - 1), "more than 100"));
  nw_context_free(&context);
  nw_text_clear(&text);

  nw_text_append(&text, PEN "output: {times: [");
  for (int i = 0; i < 50000; i++)
    nw_text_append(&text, "1 d,");
  nw_text_append(&text, "]}\n");
  context = read_all(text.data, text.length, &status);
  assert_int_equal(status, NW_BAD_PLAN);
  assert_int_equal(nw_error_count(context), 1);
  assert_true(has_message(context, "3:4018", "too long"));
  nw_context_free(&context);
  nw_text_clear(&text);
}

static void plan_parse_refuses_huge_and_deep_texts(void **state) {
  (void)state;
  const size_t huge = (1u << 20) + 1;
  char *text = malloc(huge);
  memset(text, ' ', huge);
  enum nw_status status;
  struct nw_context *context = read_all(text, huge, &status);
  assert_int_equal(status, NW_BAD_PLAN);
  assert_non_null(strstr(nw_context_message(context, 0), "at most 1 MB"));
  nw_context_free(&context);
  memset(text, '[', 100000);
  context = read_all(text, 100000, &status);
  assert_int_equal(status, NW_BAD_PLAN);
  nw_context_free(&context);
  free(text);
  assert_int_equal(nw_live_bytes(), 0);
}

static void plan_parse_keeps_text_as_written(void **state) {
  (void)state;
  static const char text[] =
      "\xef\xbb\xbftitle: 1:30\r\ndevice:\r\n  kind: \"pen\"\r\n  force: ~\r\n  preset: null\r\n";
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan;
  assert_int_equal(nw_plan_parse(context, "p.yaml", text, strlen(text), &plan), NW_OK);
  assert_string_equal(nw_plan_find(plan, "title")->text, "1:30");
  assert_string_equal(nw_plan_find(plan, "device.kind")->text, "pen");
  assert_int_equal(nw_plan_find(plan, "device.kind")->place.line, 3);
  assert_int_equal(nw_plan_find(plan, "device.force")->shape, NW_SHAPE_NOTHING);
  assert_int_equal(nw_plan_find(plan, "device.preset")->shape, NW_SHAPE_NOTHING);
  assert_null(nw_plan_find(plan, "device.passes"));
  nw_plan_free(&plan);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void plan_read_says_what_is_wrong_with_a_file(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan;
  assert_int_equal(nw_plan_read(context, "/nowhere/plan.yaml", &plan), NW_IO);
  assert_null(plan);
  assert_non_null(strstr(nw_context_message(context, 0), "/nowhere/plan.yaml"));
  assert_int_equal(nw_plan_read(context, "/", &plan), NW_IO);
  assert_null(plan);
  nw_context_free(&context);

  char path[] = "huge_plan_XXXXXX";
  const int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(ftruncate(file, 3 << 20), 0);
  close(file);
  context = nw_context_create();
  assert_int_equal(nw_plan_read(context, path, &plan), NW_BAD_PLAN);
  assert_non_null(strstr(nw_context_message(context, 0), "at most 1 MB"));
  unlink(path);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

/* ---- --set ---- */

static const char base_plan[] = PEN
    "  passes: 4\nproducts:\n  - name: niacinamide\n    dose: 10 uL/cm2\nsubject: {conditions: [rosacea, "
    "eczema]}\n";

static struct nw_case *compile_with(const char *const *set, struct nw_context *context) {
  struct nw_plan *plan;
  struct nw_case *c = NULL;
  assert_int_equal(nw_plan_parse(context, "p.yaml", base_plan, strlen(base_plan), &plan), NW_OK);
  enum nw_status status = NW_OK;
  for (; *set && status == NW_OK; set++)
    status = nw_plan_override(context, plan, *set);
  if (status == NW_OK) status = nw_case_create(context, plan, &c);
  assert_int_equal(status == NW_OK, c != NULL);
  nw_plan_free(&plan);
  return c;
}

static void plan_override_replaces_what_the_file_says(void **state) {
  (void)state;
  static const char *const set[] = {"device.passes=6",
                                    "products.0.dose=\"20 uL/cm2\"",
                                    " products.1.name = TXA ",
                                    "subject.age=30 y",
                                    "subject.conditions=[vitiligo]",
                                    "concerns.0.kind=melasma",
                                    "title='a, b: c'",
                                    "model.delta_T=8 1/day",
                                    "model.delta_N=0.0001 1/s",
                                    "output.times=1 d, 12 h",
                                    "device.passes=7",
                                    NULL};
  struct nw_context *context = nw_context_create();
  struct nw_case *c = compile_with(set, context);
  assert_non_null(c);
  assert_int_equal(c->device.passes, 7);
  assert_float_equal(c->products[0].dose, 20e-9 / 1e-4, 1e-12);
  assert_int_equal(c->n_products, 2);
  assert_string_equal(c->products[1].name, "TXA");
  assert_int_equal(c->subject.conditions, 1u << NW_CONDITION_vitiligo);
  assert_int_equal(c->n_concerns, 1);
  assert_string_equal(c->title, "a, b: c");
  assert_int_equal(c->n_overrides, 2);
  assert_float_equal(c->overrides[0].value, 8, 1e-12);
  assert_float_equal(c->params.delta_T * 86400, 8, 1e-9);
  assert_float_equal(c->params.delta_N * 1e4, 1, 1e-9);
  assert_int_equal(c->output.n_times, 2);
  assert_float_equal(c->output.times[1], 43200, 1e-6);
  nw_case_free(&c);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void plan_override_leaves_out_sections_and_keys(void **state) {
  (void)state;
  static const char *const set[] = {"products=~", "subject.conditions=[]", "device.passes=~", NULL};
  struct nw_context *context = nw_context_create();
  struct nw_case *c = compile_with(set, context);
  assert_non_null(c);
  assert_int_equal(c->n_products, 0);
  assert_int_equal(c->subject.conditions, 0);
  nw_case_free(&c);
  nw_context_free(&context);
}

static void plan_override_of_the_kind_begins_another_device(void **state) {
  (void)state;
  static const char text[] =
      "device: {kind: roller, preset: dermaroller_mf8, needle_length: 1 mm, passes: 3, anaesthetic: none}\n";
  static const struct {
    const char *kind;
    int passes;
    double length; /* [m] */
  } row[] = {{"device.kind=roller", 3, 1e-3}, {"device.kind=none", 0, 0}, {"device.kind=pen", 4, 1.5e-3}};
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    struct nw_context *context = nw_context_create();
    struct nw_plan *plan;
    struct nw_case *c;
    assert_int_equal(nw_plan_parse(context, "p.yaml", text, strlen(text), &plan), NW_OK);
    assert_int_equal(nw_plan_override(context, plan, row[i].kind), NW_OK);
    assert_int_equal(nw_case_create(context, plan, &c), NW_OK);
    assert_int_equal(nw_context_message_count(context), 0);
    assert_int_equal(c->device.passes, row[i].passes);
    assert_float_equal(c->device.needle_length, row[i].length, 1e-9);
    assert_int_equal(c->device.anaesthetic, NW_ANAESTHETIC_NONE);
    assert_int_equal(c->device.preset != NULL, i == 0);
    nw_case_free(&c);
    nw_plan_free(&plan);
    nw_context_free(&context);
  }
}

static void plan_override_refuses_at_set(void **state) {
  (void)state;
  static const struct {
    const char *set, *message;
  } row[] = {
      {"device.passes", "--set: error: \"device.passes\" is no KEY=VALUE"},
      {"=3", "no KEY=VALUE"},
      {"device.pases=3", "did you mean passes?"},
      {"device.passes=three", "--set: error: device.passes: \"three\" is no whole number"},
      {"device.needle_length=2", "has no unit"},
      {"device=pen", "is a section"},
      {"products.5.dose=1 uL/cm2", "there is no item 5; products has 1"},
      {"products.x.dose=1 uL/cm2", "unknown key \"x\" in products, a list"},
      {"model.delta_TT=3", "did you mean delta_T?"},
      {"model.delta_T=nan", "number"},
      {"model.delta_T=1e400", "too large"},
      {"model.delta_T=3 mm", "write it in 1/day"},
      {"subject.conditions=[eczma]", "did you mean eczema?"},
      {"title=\xff", "UTF-8"},
      {"device.passes.x=3", "unknown key"},
      {"...=3", "unknown key"},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    struct nw_context *context = nw_context_create();
    const char *const set[] = {row[i].set, NULL};
    struct nw_case *c = compile_with(set, context);
    assert_null(c);
    assert_int_equal(nw_context_message_count(context), 1);
    const char *message = nw_context_message(context, 0);
    if (strncmp(message, "--set: ", 7) || !strstr(message, row[i].message))
      fail_msg("%s: \"%s\" lacks \"%s\"", row[i].set, message, row[i].message);
    nw_context_free(&context);
  }
  assert_int_equal(nw_live_bytes(), 0);
}

static void plan_override_warns_outside_the_plausible_range(void **state) {
  (void)state;
  static const char *const set[] = {"model.delta_T=500", NULL};
  struct nw_context *context = nw_context_create();
  struct nw_case *c = compile_with(set, context);
  assert_non_null(c);
  assert_float_equal(c->params.delta_T * 86400, 500, 1e-9);
  assert_int_equal(nw_context_message_count(context), 1);
  assert_int_equal(nw_context_message_severity(context, 0), NW_WARNING);
  assert_non_null(strstr(nw_context_message(context, 0), "plausible range"));
  nw_case_free(&c);
  nw_context_free(&context);
}

/* Whatever allocation fails: a status, no crash, nothing lost. */
static void plan_survives_every_failed_allocation(void **state) {
  (void)state;
  static const char broken[] = PEN "  pases: 3\nsubject: {age: 3}\n";
  const char *const text[] = {base_plan, broken};
  for (size_t t = 0; t < NW_COUNT(text); t++) {
    for (size_t n = 1; n < 400; n++) {
      struct nw_context *context = nw_context_create();
      struct nw_plan *plan = NULL;
      struct nw_case *c = NULL;
      nw_allocation_fail_at(n);
      enum nw_status status = nw_plan_parse(context, "p.yaml", text[t], strlen(text[t]), &plan);
      if (status == NW_OK) status = nw_plan_override(context, plan, "device.passes=5");
      if (status == NW_OK) status = nw_case_create(context, plan, &c);
      nw_allocation_fail_at(0);
      assert_int_equal(status == NW_OK, c != NULL);
      if (status == NW_OK) n = 400;
      nw_plan_free(&plan);
      nw_case_free(&c);
      nw_context_free(&context);
      assert_int_equal(nw_live_bytes(), 0);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plan_parse_refuses_what_is_no_yaml),
      cmocka_unit_test(plan_parse_refuses_unknown_and_duplicate_keys),
      cmocka_unit_test(plan_parse_refuses_wrong_shapes),
      cmocka_unit_test(case_create_refuses_bad_values),
      cmocka_unit_test(case_create_refuses_impossible_combinations),
      cmocka_unit_test(plan_parse_lists_all_mistakes_in_the_order_of_the_file),
      cmocka_unit_test(plan_parse_survives_a_flood_of_mistakes),
      cmocka_unit_test(plan_parse_refuses_huge_and_deep_texts),
      cmocka_unit_test(plan_parse_keeps_text_as_written),
      cmocka_unit_test(plan_read_says_what_is_wrong_with_a_file),
      cmocka_unit_test(plan_override_replaces_what_the_file_says),
      cmocka_unit_test(plan_override_leaves_out_sections_and_keys),
      cmocka_unit_test(plan_override_of_the_kind_begins_another_device),
      cmocka_unit_test(plan_override_refuses_at_set),
      cmocka_unit_test(plan_override_warns_outside_the_plausible_range),
      cmocka_unit_test(plan_survives_every_failed_allocation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
