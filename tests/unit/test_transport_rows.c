/* SPDX-License-Identifier: BSD-3-Clause
   Rows of published absorption: what is read, what is refused and why, and the score on the table of data/.
 */
#include "validation/transport_rows.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/data.h"

static struct nw_params params;
static const char *cell[NW_ROW_COLUMNS];

/* Caffeine on intact human skin; then what a test changes. */
static void set_up(void) {
  params = nw_params_default();
  for (int i = 0; i < NW_ROW_COLUMNS; i++)
    cell[i] = "";
  cell[NW_ROW_id] = "X1";
  cell[NW_ROW_molecule] = "caffeine";
  cell[NW_ROW_species_site] = "human abdomen; epidermis";
  cell[NW_ROW_condition] = "intact";
  cell[NW_ROW_quantity] = "log_kp";
  cell[NW_ROW_value] = "-7";
  cell[NW_ROW_unit] = "log10(cm/s)";
}

static struct nw_transport_answer answer(void) {
  return nw_transport_row_answer(&params, cell);
}

static void expect_reason(const char *words, int mistake) {
  const struct nw_transport_answer a = answer();
  assert_false(a.predicted);
  if (!strstr(a.note, words)) fail_msg("\"%s\" does not say %s", a.note, words);
  assert_int_equal(a.mistake, mistake);
}

static void permeability_is_the_same_in_any_unit(void **state) {
  (void)state;
  set_up();
  const double log_kp = answer().prediction;
  assert_true(log_kp > -8 && log_kp < -6.5);
  static const struct {
    const char *quantity, *unit, *value;
    double per_cm_s;
    int logarithm;
  } way[] = {{"log_kp", "log10(cm/h)", "-3", 3600, 1},
             {"log_kp", "log10(m/s)", "-9", 0.01, 1},
             {"kp", "cm/s", "1e-7", 1, 0},
             {"kp", "cm/h", "1e-4", 3600, 0},
             {"kp_experiment", "1e-4 cm/h", "1", 3.6e7, 0}};
  for (size_t i = 0; i < NW_COUNT(way); i++) {
    cell[NW_ROW_quantity] = way[i].quantity;
    cell[NW_ROW_unit] = way[i].unit;
    cell[NW_ROW_value] = way[i].value;
    const struct nw_transport_answer a = answer();
    const double wanted = log_kp + log10(way[i].per_cm_s);
    assert_true(a.predicted && a.low < a.published && a.published < a.high);
    assert_true(fabs((way[i].logarithm ? a.prediction : log10(a.prediction)) - wanted) < 1e-9);
  }
}

static void permeability_knows_skin_and_charge(void **state) {
  (void)state;
  set_up();
  const double human = answer().prediction;
  cell[NW_ROW_species_site] = "hairless mouse in vitro";
  assert_true(fabs(answer().prediction - human - log10(params.permeability_mouse)) < 1e-9);
  cell[NW_ROW_species_site] = "human leg";
  cell[NW_ROW_molecule] = "lidocaine HCl";
  cell[NW_ROW_vehicle] = "gel; donor pH 4.0";
  const double acid = answer().prediction;
  cell[NW_ROW_vehicle] = "gel; donor pH 10";
  assert_true(answer().prediction > acid + 1);
  assert_string_equal(answer().note, "");
}

static void rows_carry_their_own_molecule(void **state) {
  (void)state;
  set_up();
  cell[NW_ROW_molecule] = "substance of nobody";
  expect_reason("no molar mass and log Kow", -1);
  cell[NW_ROW_MW_Da] = "200";
  cell[NW_ROW_logKow] = "3";
  const double lipophile = answer().prediction;
  cell[NW_ROW_logKow] = "1";
  assert_true(lipophile > answer().prediction + 0.5);
  cell[NW_ROW_molecule] = "caffeine";
  cell[NW_ROW_MW_Da] = "194.19";
  cell[NW_ROW_logKow] = "-1.03";
  const double calculated = answer().prediction;
  cell[NW_ROW_notes] = "logKow is a calculated value of that file";
  const struct nw_transport_answer measured = answer();
  assert_true(measured.prediction > calculated && strstr(measured.note, "-0.07 of the library"));
}

static void flux_needs_a_donor_and_follows_it(void **state) {
  (void)state;
  set_up();
  cell[NW_ROW_quantity] = "flux";
  cell[NW_ROW_unit] = "ug/cm2/h";
  cell[NW_ROW_value] = "5";
  cell[NW_ROW_vehicle] = "20% ethanol";
  expect_reason("no concentration", -1);
  cell[NW_ROW_vehicle] = "10 mg/mL in water";
  const double ten = answer().prediction;
  cell[NW_ROW_vehicle] = "2% in 30% ethanol";
  assert_true(fabs(answer().prediction / ten - 2) < 1e-6);
  cell[NW_ROW_unit] = "mg/cm2/h";
  assert_true(fabs(answer().prediction / ten - 2e-3) < 1e-9);
  cell[NW_ROW_unit] = "cm/h";
  expect_reason("is not one for flux", -1);
}

static void ratios_compare_with_the_same_donor_on_intact_skin(void **state) {
  (void)state;
  set_up();
  cell[NW_ROW_molecule] = "tranexamic acid";
  cell[NW_ROW_species_site] = "porcine ear in vitro";
  cell[NW_ROW_quantity] = "enhancement_ratio";
  cell[NW_ROW_unit] = "ratio";
  cell[NW_ROW_value] = "7";
  cell[NW_ROW_condition] = "needled";
  expect_reason("names no device", -1);
  cell[NW_ROW_device] = "microneedle roller";
  const struct nw_transport_answer usual = answer();
  assert_true(usual.predicted && usual.ordered && usual.prediction > 2);
  assert_non_null(strstr(usual.note, "100 channels/cm2"));
  cell[NW_ROW_density_per_cm2] = "400";
  assert_true(answer().prediction > 2 * usual.prediction);
  cell[NW_ROW_value] = "0.5";
  assert_false(answer().ordered);
}

static void amounts_and_lags_grow_with_time_and_thickness(void **state) {
  (void)state;
  set_up();
  cell[NW_ROW_quantity] = "Q_permeated";
  cell[NW_ROW_unit] = "ug/cm2 (as labelled)";
  cell[NW_ROW_value] = "10";
  cell[NW_ROW_vehicle] = "20 mg/mL";
  cell[NW_ROW_time_h] = "6";
  const double early = answer().prediction;
  cell[NW_ROW_time_h] = "24";
  assert_true(answer().prediction > 3 * early && early > 0);
  cell[NW_ROW_quantity] = "lag_time";
  cell[NW_ROW_unit] = "min";
  cell[NW_ROW_condition] = "needled";
  cell[NW_ROW_device] = "needling pen";
  cell[NW_ROW_density_per_cm2] = "2000";
  cell[NW_ROW_species_site] = "pig ear, dermatomed 300-500 um";
  const double thin = answer().prediction;
  cell[NW_ROW_species_site] = "pig ear, 800 um";
  assert_true(answer().prediction > 2 * thin);
  cell[NW_ROW_species_site] = "pig in vivo";
  expect_reason("of living skin", -1);
}

static void mistakes_name_their_column(void **state) {
  (void)state;
  set_up();
  cell[NW_ROW_value] = "low";
  expect_reason("value \"low\" is not a number", NW_ROW_value);
  cell[NW_ROW_value] = "-7";
  cell[NW_ROW_MW_Da] = "-5";
  expect_reason("a molar mass above 0", NW_ROW_MW_Da);
  cell[NW_ROW_MW_Da] = "";
  cell[NW_ROW_time_h] = "noon";
  expect_reason("a time above 0", NW_ROW_time_h);
  cell[NW_ROW_time_h] = "";
  cell[NW_ROW_sd] = "?";
  cell[NW_ROW_quantity] = "kp";
  cell[NW_ROW_unit] = "cm/s";
  cell[NW_ROW_value] = "1e-7";
  expect_reason("sd \"?\" is not a number", NW_ROW_sd);
  cell[NW_ROW_sd] = "";
  cell[NW_ROW_species_site] = "goat";
  expect_reason("names no skin that is modelled", -1);
  cell[NW_ROW_species_site] = "human";
  cell[NW_ROW_quantity] = "kp_model_other";
  expect_reason("another model's", -1);
  cell[NW_ROW_quantity] = "smell";
  expect_reason("not among the quantities", -1);
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The table that comes with the program, by the general rules alone: half of the rows within 0.45 decades,
   two thirds within the spread between laboratories. */
static void table_of_the_program_is_predicted(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  int column[NW_ROW_COLUMNS];
  double distance[256];
  size_t n = 0, inside = 0, ordered = 0;
  set_up();
  size_t length;
  const char *text = nw_data_find("absorption.csv", &length);
  assert_non_null(text);
  assert_int_equal(nw_csv_parse(context, "absorption.csv", text, length, &csv), NW_OK);
  assert_int_equal(nw_csv_columns(context, &csv, nw_transport_row_columns, NW_ROW_COLUMNS, column), NW_OK);
  for (size_t i = 0; i < csv.n_rows; i++) {
    for (int k = 0; k < NW_ROW_COLUMNS; k++)
      cell[k] = nw_csv_at(&csv, i, column[k])->text;
    const struct nw_transport_answer a = answer();
    if (!a.predicted) fail_msg("%s: %s", cell[NW_ROW_id], a.note);
    const bool logarithm = strstr(cell[NW_ROW_unit], "log10") != NULL;
    distance[n++] = fabs(logarithm ? a.prediction - a.published : log10(a.prediction / a.published));
    inside += a.prediction >= a.low && a.prediction <= a.high;
    ordered += a.ordered;
  }
  qsort(distance, n, sizeof *distance, ascending);
  assert_int_equal(n, 106);
  assert_true(distance[n / 2] < 0.45 && distance[n / 2] > 0.05);
  assert_true(3 * inside > 2 * n && ordered + 2 >= n);
  nw_csv_clear(&csv);
  nw_context_free(&context);
  assert_int_equal(nw_live_bytes(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(permeability_is_the_same_in_any_unit),
      cmocka_unit_test(permeability_knows_skin_and_charge),
      cmocka_unit_test(rows_carry_their_own_molecule),
      cmocka_unit_test(flux_needs_a_donor_and_follows_it),
      cmocka_unit_test(ratios_compare_with_the_same_donor_on_intact_skin),
      cmocka_unit_test(amounts_and_lags_grow_with_time_and_thickness),
      cmocka_unit_test(mistakes_name_their_column),
      cmocka_unit_test(table_of_the_program_is_predicted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
