/* SPDX-License-Identifier: BSD-3-Clause
   Replays the fuzz corpus: the file name says what must come out, "(ok)" or "(fail)". */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/csv.h"
#include "base/units.h"
#include "plan/case.h"
#include "plan/plan.h"

static size_t read_bytes(const char *folder, const char *name, char **bytes) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot read %s", path);
  const size_t capacity = (size_t)2 << 20;
  *bytes = malloc(capacity);
  const size_t length = fread(*bytes, 1, capacity - 1, file);
  (*bytes)[length] = '\0';
  fclose(file);
  return length;
}

static bool plan_is_good(const char *text, size_t length) {
  struct nw_context *context = nw_context_create();
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  enum nw_status status = nw_plan_parse(context, "corpus", text, length, &plan);
  if (status == NW_OK) status = nw_case_create(context, plan, &c);
  assert_int_equal(status == NW_OK, nw_error_count(context) == 0);
  for (size_t i = 0; i < nw_context_message_count(context); i++)
    for (const char *at = nw_context_message(context, i); *at; at++)
      assert_true((unsigned char)*at >= ' ');
  nw_plan_free(&plan);
  nw_case_free(&c);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
  return status == NW_OK;
}

static bool quantity_is_good(const char *text, size_t length) {
  double value;
  struct nw_dimension dimension;
  bool has_unit;
  char line[400];
  snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1), text);
  line[strcspn(line, "\n")] = '\0';
  return nw_quantity_parse(line, &value, &dimension, &has_unit, NULL, 0);
}

static bool table_is_good(const char *text, size_t length) {
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  const enum nw_status status = nw_csv_parse(context, "corpus", text, length, &csv);
  assert_int_equal(status == NW_OK, nw_error_count(context) == 0);
  assert_true(nw_context_message_count(context) <= 41);
  for (size_t i = 0; i < nw_context_message_count(context); i++)
    for (const char *at = nw_context_message(context, i); *at; at++)
      assert_true((unsigned char)*at >= ' ');
  nw_csv_clear(&csv);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
  return status == NW_OK;
}

static void replay(const char *folder, bool (*is_good)(const char *text, size_t length)) {
  DIR *listing = opendir(folder);
  assert_non_null(listing);
  size_t count = 0, wrong = 0;
  for (struct dirent *entry; (entry = readdir(listing));) {
    if (entry->d_name[0] == '.') continue;
    const bool good = strstr(entry->d_name, "(ok)") != NULL;
    if (!good && !strstr(entry->d_name, "(fail)")) fail_msg("%s says neither (ok) nor (fail)", entry->d_name);
    char *text;
    const size_t length = read_bytes(folder, entry->d_name, &text);
    if (is_good(text, length) != good) {
      print_message("%s: not as its name says\n", entry->d_name);
      wrong++;
    }
    free(text);
    count++;
  }
  closedir(listing);
  assert_int_equal(wrong, 0);
  assert_true(count >= 10);
}

static void plan_corpus_gives_what_file_names_say(void **state) {
  (void)state;
  replay(NW_SOURCE_DIR "/tests/fuzz/corpus/plan", plan_is_good);
}

static void unit_corpus_gives_what_file_names_say(void **state) {
  (void)state;
  replay(NW_SOURCE_DIR "/tests/fuzz/corpus/unit", quantity_is_good);
}

static void csv_corpus_gives_what_file_names_say(void **state) {
  (void)state;
  replay(NW_SOURCE_DIR "/tests/fuzz/corpus/csv", table_is_good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plan_corpus_gives_what_file_names_say),
      cmocka_unit_test(unit_corpus_gives_what_file_names_say),
      cmocka_unit_test(csv_corpus_gives_what_file_names_say),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
