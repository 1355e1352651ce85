/* SPDX-License-Identifier: BSD-3-Clause
   Tables from CSV: what cells hold, where they are, and what is said about wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

static enum nw_status parse(struct nw_context *context, const char *text, struct nw_csv *csv) {
  return nw_csv_parse(context, "t.csv", text, strlen(text), csv);
}

static void cells_and_their_places(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  assert_int_equal(parse(context,
                         "\xef\xbb\xbf"
                         "id,\"a, \"\"b\"\"\",c\r\n"
                         "# left out\r\n"
                         "1,\"two\nlines\", x \r\n"
                         "\xc2\xb5,,9",
                         &csv),
                   NW_OK);
  assert_int_equal(csv.n_columns, 3);
  assert_int_equal(csv.n_rows, 2);
  assert_string_equal(csv.title[1].text, "a, \"b\"");
  assert_int_equal(nw_csv_column(&csv, "c"), 2);
  assert_int_equal(nw_csv_column(&csv, "d"), -1);
  assert_string_equal(nw_csv_at(&csv, 0, 1)->text, "two\nlines");
  assert_string_equal(nw_csv_at(&csv, 0, 2)->text, "x");
  assert_int_equal(nw_csv_at(&csv, 0, 1)->line, 3);
  assert_int_equal(nw_csv_at(&csv, 0, 1)->column, 3);
  assert_int_equal(nw_csv_at(&csv, 0, 2)->line, 4);
  assert_string_equal(nw_csv_at(&csv, 1, 1)->text, "");
  assert_string_equal(nw_csv_at(&csv, 1, 2)->text, "9");
  assert_int_equal(nw_csv_at(&csv, 1, 2)->line, 5);
  assert_int_equal(nw_csv_at(&csv, 1, 2)->column, 4); /* characters, not bytes */
  nw_csv_clear(&csv);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void all_mistakes_at_once_each_with_its_place(void **state) {
  (void)state;
  static const char *const wanted[] = {
      "t.csv:2:1: error: this row has 2 cells where the header has 3 columns",
      ("t.csv:3:4: error: a quotation mark inside a cell; put the whole cell in quotation marks and double "
       "this one"),
      "t.csv:4:6: error: text behind a closing quotation mark; a mark inside a cell is doubled",
      "t.csv:5:1: error: this row has 4 cells where the header has 3 columns",
      "t.csv:6:3: error: a quotation that is opened here is never closed",
      "t.csv:6:1: error: this row has 2 cells where the header has 3 columns",
  };
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  assert_int_equal(parse(context, "id,a,b\n1,2\n1,2\"x,3\n1,\"2\"x,3\n1,2,3,4\n1,\"2,3\n", &csv),
                   NW_BAD_PLAN);
  assert_int_equal(nw_context_message_count(context), NW_COUNT(wanted));
  for (size_t i = 0; i < NW_COUNT(wanted); i++)
    assert_string_equal(nw_context_message(context, i), wanted[i]);
  assert_null(csv.cell);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

static void columns_are_found_in_any_order(void **state) {
  (void)state;
  static const char *const names[] = {"id", "value", "unit"};
  int index[3];
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  assert_int_equal(parse(context, "unit,mine,id,value\nmm,x,1,2\n", &csv), NW_OK);
  assert_true(nw_csv_has(&csv, names, 3));
  assert_int_equal(nw_csv_columns(context, &csv, names, 3, index), NW_OK);
  assert_int_equal(index[0], 2);
  assert_int_equal(index[1], 3);
  assert_int_equal(index[2], 0);
  assert_string_equal(nw_context_message(context, 0),
                      "t.csv:1:6: warning: mine: no such column: it is not read");
  nw_csv_report(context, &csv, 0, 3, "no %s", "number\nat all");
  assert_string_equal(nw_context_message(context, 1), "t.csv:2:8: error: value: no number?at all");
  nw_csv_clear(&csv);
  nw_context_free(&context);
}

static void a_misspelt_column_is_a_mistake(void **state) {
  (void)state;
  static const char *const names[] = {"id", "value"};
  int index[2];
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  assert_int_equal(parse(context, "id,valeu\n1,2\n", &csv), NW_OK);
  assert_false(nw_csv_has(&csv, names, 2));
  assert_int_equal(nw_csv_columns(context, &csv, names, 2, index), NW_BAD_PLAN);
  assert_string_equal(nw_context_message(context, 0), "t.csv:1:1: error: value: this column is missing");
  assert_string_equal(nw_context_message(context, 1),
                      "t.csv:1:4: error: valeu: no such column; did you mean value?");
  nw_csv_clear(&csv);
  nw_context_free(&context);
}

static void a_file_that_is_not_there_is_said(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  assert_int_equal(nw_csv_read(context, "no/such/table.csv", &csv), NW_IO);
  assert_int_equal(nw_error_count(context), 1);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

/* Each allocation fails once: nothing leaks, and it is said. */
static void out_of_memory_leaks_nothing(void **state) {
  (void)state;
  for (size_t n = 1; n < 60; n++) {
    struct nw_context *context = nw_context_create();
    struct nw_csv csv;
    nw_allocation_fail_at(n);
    const enum nw_status status = parse(context, "id,a,b\n1,2,3\n4,5,6\n", &csv);
    nw_allocation_fail_at(0);
    assert_true(status == NW_OK || status == NW_MEMORY);
    nw_csv_clear(&csv);
    nw_context_free(&context);
    assert_int_equal(nw_live_bytes(), 0);
    if (status == NW_OK) return;
  }
  fail_msg("never succeeded");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cells_and_their_places),
      cmocka_unit_test(all_mistakes_at_once_each_with_its_place),
      cmocka_unit_test(columns_are_found_in_any_order),
      cmocka_unit_test(a_misspelt_column_is_a_mistake),
      cmocka_unit_test(a_file_that_is_not_there_is_said),
      cmocka_unit_test(out_of_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
