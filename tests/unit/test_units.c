/* SPDX-License-Identifier: BSD-3-Clause
   Units and quantities: values by definition, the grammar, refusals with a reason, and agreement with
   UDUNITS-2 where that library is installed. */
#include <dlfcn.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/units.h"

static void assert_near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-12 * fabs(expected))) fail_msg("%.17g is not %.17g", value, expected);
}

static struct nw_unit unit_of(const char *text) {
  struct nw_unit unit;
  char problem[200] = "";
  if (!nw_unit_parse(text, &unit, problem, sizeof problem)) fail_msg("%s: %s", text, problem);
  return unit;
}

static void unit_parse_gives_the_si_value(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double scale;
  } row[] = {
      {"m", 1},
      {"mm", 1e-3},
      {"um", 1e-6},
      {"\u00b5m", 1e-6},
      {"\u03bcm", 1e-6},
      {"nm", 1e-9},
      {"cm^2", 1e-4},
      {"cm2", 1e-4},
      {"cm²", 1e-4},
      {"cm**2", 1e-4},
      {"mm^3", 1e-9},
      {"mm³", 1e-9},
      {"1/mm^3", 1e9},
      {"mm-3", 1e9},
      {"mm^-3", 1e9},
      {"mm^(-3)", 1e9},
      {"mm⁻³", 1e9},
      {"cells/mm^3", 1e9},
      {"min", 60},
      {"ms", 1e-3},
      {"h", 3600},
      {"d", 86400},
      {"days", 86400},
      {"week", 604800},
      {"y", 31557600},
      {"year", 31557600},
      {"1/day", 1.0 / 86400},
      {"d^-1", 1.0 / 86400},
      {"mm^2/day", 1e-6 / 86400},
      {"1/(mm^3 day)", 1e9 / 86400},
      {"ug/(cm^2 h)", 1e-9 / 1e-4 / 3600},
      {"ug/cm2/h", 1e-9 / 1e-4 / 3600},
      {"ug cm-2 h-1", 1e-9 / 1e-4 / 3600},
      {"ng/mL", 1e-6},
      {"mg/mL", 1},
      {"uL/cm2", 1e-9 / 1e-4},
      {"\u00b5L/cm²", 1e-9 / 1e-4},
      {"g", 1e-3},
      {"kg", 1},
      {"pg", 1e-15},
      {"kDa", 1},
      {"Da", 1e-3},
      {"g/mol", 1e-3},
      {"mM", 1},
      {"uM", 1e-3},
      {"mol/m3", 1},
      {"kPa", 1e3},
      {"MPa", 1e6},
      {"mN", 1e-3},
      {"gf", 9.80665e-3},
      {"kgf", 9.80665},
      {"mmHg", 133.322387415},
      {"mJ", 1e-3},
      {"J/cm2", 1e4},
      {"mW/cm^2", 10},
      {"kHz", 1e3},
      {"Hz", 1},
      {"mL/min", 1e-6 / 60},
      {"L", 1e-3},
      {"cm/s", 1e-2},
      {"m·s", 1},
      {"W/(m^2*K)", 1},
      {"(kg m)/(s^2 m^2)", 1},
      {"%", 0.01},
      {"%/day", 0.01 / 86400},
      {"-", 1},
      {"1", 1},
      {"deg", NW_PI / 180},
      {"rad", 1},
      {"MED/day", 1.0 / 86400},
      {"AU", 1},
      {"needles/cm2", 1e4},
      {"kV", 1e3},
      {"kohm", 1e3},
      {"cP", 1e-3},
      {"W/(m degC)", 1},
      {" mm ", 1e-3},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++)
    assert_near(unit_of(row[i].text).scale, row[i].scale);
}

static void unit_parse_gives_the_dimension(void **state) {
  (void)state;
  const struct nw_dimension flux = {.kilogram = 1, .metre = -2, .second = -1};
  assert_true(nw_dimension_equal(unit_of("ug/(cm^2 h)").dimension, flux));
  const struct nw_dimension permeability = {.metre = 1, .second = -1};
  assert_true(nw_dimension_equal(unit_of("cm/h").dimension, permeability));
  const struct nw_dimension force = {.kilogram = 1, .metre = 1, .second = -2};
  assert_true(nw_dimension_equal(unit_of("kPa mm^2").dimension, force));
  const struct nw_dimension dose = {.med = 1, .second = -1};
  assert_true(nw_dimension_equal(unit_of("MED/d").dimension, dose));
  assert_true(nw_dimension_equal(unit_of("M").dimension, unit_of("mol/L").dimension));
  assert_true(nw_dimension_equal(unit_of("V A").dimension, unit_of("W").dimension));
  assert_true(nw_dimension_equal(unit_of("J").dimension, unit_of("W s").dimension));
  assert_false(nw_dimension_equal(unit_of("AU").dimension, unit_of("1").dimension));
  assert_false(nw_dimension_equal(unit_of("Hz").dimension, unit_of("s").dimension));
}

static void unit_parse_reads_celsius_as_a_point_only_when_alone(void **state) {
  (void)state;
  assert_near(nw_unit_to_si(32, "degC"), 305.15);
  assert_near(nw_unit_to_si(32, "°C"), 305.15);
  assert_near(nw_unit_from_si(305.15, "degC"), 32);
  assert_near(unit_of("1/degC").offset + 1, 1);
  assert_near(nw_unit_to_si(2, "K"), 2);
}

static void unit_parse_refuses_with_a_reason(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } row[] = {
      {"rpm", "ambiguous"},
      {"1/rpm", "give Hz"},
      {"month", "no fixed length"},
      {"G", "gauge"},
      {"IU", "mg"},
      {"degF", "degC"},
      {"foo", "\"foo\""},
      {"", "empty"},
      {"  ", "empty"},
      {"mm mm^", "whole"},
      {"(mm", "bracket"},
      {"mm)", "unexpected"},
      {"mm//s", "not a unit"},
      {"mm/", "not a unit"},
      {"/s", "not a unit"},
      {"ug/cm2 h", "brackets"},
      {"mm^99", "too high"},
      {"mm^12 mm", "too high"},
      {"2 mm", "not a unit"},
      {"--", "not a unit"},
      {"mm-", "unexpected"},
      {"kmin", "kmin"},
      {"mMED", "mMED"},
      {"rel. to normal", "rel"},
      {"mm2.5", "unexpected"},
      {"kkg", "kkg"},
      {"\xff\xfe", "not a unit"},
      {"((((((((((m))))))))))", "nested"},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    struct nw_unit unit;
    char problem[200] = "";
    if (nw_unit_parse(row[i].text, &unit, problem, sizeof problem)) fail_msg("%s was read", row[i].text);
    if (!strstr(problem, row[i].reason))
      fail_msg("%s: \"%s\" lacks \"%s\"", row[i].text, problem, row[i].reason);
    assert_false(nw_unit_parse(row[i].text, &unit, NULL, 0));
  }
  char longest[4000];
  memset(longest, 'm', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  struct nw_unit unit;
  assert_false(nw_unit_parse(longest, &unit, NULL, 0));
}

static void quantity_parse_splits_number_and_unit(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double value;
    bool has_unit;
  } row[] = {
      {"1.5 mm", 1.5e-3, true},
      {"1.5mm", 1.5e-3, true},
      {"14 d", 1209600, true},
      {"90 Hz", 90, true},
      {"5%", 0.05, true},
      {"-2 degC", 271.15, true},
      {".5 h", 1800, true},
      {"1e3 um", 1e-3, true},
      {"1E-2 m", 1e-2, true},
      {"+3", 3, false},
      {"-1.85", -1.85, false},
      {"7", 7, false},
      {"  2 kDa", 2, true},
      {"8 1/day", 8 / 86400., true},
      {"1.5 MED/day", 1.5 / 86400., true},
      {"2.m", 2, true},
      {"10\u00a0mm", 1e-2, true},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    double value;
    struct nw_dimension dimension;
    bool has_unit;
    char problem[200] = "";
    if (!nw_quantity_parse(row[i].text, &value, &dimension, &has_unit, problem, sizeof problem))
      fail_msg("%s: %s", row[i].text, problem);
    assert_near(value, row[i].value);
    assert_int_equal(has_unit, row[i].has_unit);
  }
}

static void quantity_parse_refuses_what_is_no_number(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } row[] = {
      {"", "number"},
      {"mm", "number"},
      {"1,5 mm", "decimal point"},
      {"nan mm", "number"},
      {"inf", "number"},
      {"0x10 mm", "leave the unit"},
      {"1e999 mm", "too large"},
      {"1e300 km^9", "too large"},
      {"1 2 mm", "unit"},
      {"1-2 mm", "unit"},
      {"2 rpm", "give Hz"},
      {"..5 mm", "number"},
      {"- 5 mm", "number"},
      {"1.5.2 mm", "unit"},
      {"1e mm", "unit"},
      {"1 mm, 2 mm", "unexpected"},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    double value;
    struct nw_dimension dimension;
    bool has_unit;
    char problem[200] = "";
    if (nw_quantity_parse(row[i].text, &value, &dimension, &has_unit, problem, sizeof problem))
      fail_msg("%s was read", row[i].text);
    if (!strstr(problem, row[i].reason))
      fail_msg("%s: \"%s\" lacks \"%s\"", row[i].text, problem, row[i].reason);
  }
}

/* Compiles the German locale, which few machines keep ready, into a folder of its own and sets it. */
static void use_decimal_comma(void) {
  char folder[] = P_tmpdir "/needlework-locale-XXXXXX", command[200];
  assert_non_null(mkdtemp(folder));
  snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null", folder);
  const bool made = system(command) == 0;
  assert_int_equal(setenv("LOCPATH", folder, 1), 0);
  const bool set = made && setlocale(LC_NUMERIC, "de_DE.UTF-8") && *localeconv()->decimal_point == ',';
  snprintf(command, sizeof command, "rm -r %s", folder);
  assert_int_equal(system(command), 0);
  if (!set) skip(); /* no localedef, or no source of locales */
}

static void quantity_parse_ignores_the_locale(void **state) {
  (void)state;
  use_decimal_comma();
  double value;
  struct nw_dimension dimension;
  bool has_unit;
  const bool read = nw_quantity_parse("1.5 mm", &value, &dimension, &has_unit, NULL, 0);
  setlocale(LC_NUMERIC, "C");
  assert_true(read);
  assert_near(value, 1.5e-3);
}

/* UDUNITS-2 by its C interface, loaded at run time so that no build needs it. */
struct udunits {
  void *(*read_xml)(const char *path);
  void *(*parse)(const void *system, const char *text, int encoding);
  int (*convertible)(const void *a, const void *b);
  void *(*converter)(void *from, void *to);
  double (*convert)(const void *converter, double value);
  void (*converter_free)(void *converter);
  void (*unit_free)(void *unit);
  void (*system_free)(void *system);
  void *(*quiet)(void *handler);
  void *ignore;
};

static bool load(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol != NULL;
}

static bool load_udunits(struct udunits *u) {
  void *library = dlopen("libudunits2.so.0", RTLD_NOW);
  return library && load(library, "ut_read_xml", &u->read_xml) && load(library, "ut_parse", &u->parse) &&
         load(library, "ut_are_convertible", &u->convertible) &&
         load(library, "ut_get_converter", &u->converter) &&
         load(library, "cv_convert_double", &u->convert) && load(library, "cv_free", &u->converter_free) &&
         load(library, "ut_free", &u->unit_free) && load(library, "ut_free_system", &u->system_free) &&
         load(library, "ut_set_error_message_handler", &u->quiet) && load(library, "ut_ignore", &u->ignore);
}

/* The value of `number` `text` in `base`, as UDUNITS-2 has it. */
static double udunits_value(const struct udunits *u, void *system, double number, const char *text,
                            const char *base) {
  enum { UTF8 = 2 };
  void *from = u->parse(system, text, UTF8), *to = u->parse(system, base, UTF8);
  if (!from || !to) fail_msg("UDUNITS-2 cannot read %s or %s", text, base);
  if (!u->convertible(from, to)) fail_msg("UDUNITS-2: %s is no %s", text, base);
  void *converter = u->converter(from, to);
  const double value = u->convert(converter, number);
  u->converter_free(converter);
  u->unit_free(from);
  u->unit_free(to);
  return value;
}

static void unit_parse_agrees_with_udunits(void **state) {
  (void)state;
  struct udunits u;
  if (!load_udunits(&u)) skip();
  u.quiet(u.ignore);
  void *system = u.read_xml(NULL);
  if (!system) skip();
  static const struct {
    const char *text, *base;
  } row[] = {
      {"mm", "m"},
      {"um", "m"},
      {"cm^2", "m2"},
      {"mm^2/day", "m2 s-1"},
      {"1/(mm^3 day)", "m-3 s-1"},
      {"ug/(cm^2 h)", "kg m-2 s-1"},
      {"ng/mL", "kg m-3"},
      {"uL/cm^2", "m"},
      {"g/mol", "kg mol-1"},
      {"kPa", "kg m-1 s-2"},
      {"gf", "kg m s-2"},
      {"mN", "kg m s-2"},
      {"min", "s"},
      {"h", "s"},
      {"day", "s"},
      {"week", "s"},
      {"Hz", "s-1"},
      {"kHz", "s-1"},
      {"mJ", "kg m2 s-2"},
      {"J/cm^2", "kg s-2"},
      {"W/(m^2 K)", "kg s-3 K-1"},
      {"kV", "kg m2 s-3 A-1"},
      {"ohm", "kg m2 s-3 A-2"},
      {"degC", "K"},
      {"degree", "rad"},
      {"%", "1"},
      {"mmol/L", "mol m-3"},

      {"mmHg", "kg m-1 s-2"},
      {"bar", "kg m-1 s-2"},
      {"atm", "kg m-1 s-2"},
      {"inch", "m"},

      {"kg m/s^2", "kg m s-2"},
      {"mL/min", "m3 s-1"},
      {"cm2", "m2"},

      {"t", "kg"},
      {"ppm", "1"},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++) {
    const double theirs = udunits_value(&u, system, 3.25, row[i].text, row[i].base);
    const double ours = nw_unit_to_si(3.25, row[i].text);
    if (!(fabs(ours - theirs) <= 1e-8 * fabs(theirs)))
      fail_msg("%s: %.12g, UDUNITS-2 %.12g", row[i].text, ours, theirs);
  }
  /* Their year is the tropical one: the same within a minute in ten thousand days. */
  assert_true(fabs(nw_unit_to_si(1, "year") / udunits_value(&u, system, 1, "year", "s") - 1) < 3e-5);
  u.system_free(system);
}

static void unit_from_si_inverts_to_si(void **state) {
  (void)state;
  static const char *const unit[] = {"mm", "degC", "ug/(cm^2 h)", "1/(mm^3 day)", "%", "year", "-"};
  for (size_t i = 0; i < NW_COUNT(unit); i++)
    assert_near(nw_unit_from_si(nw_unit_to_si(7.3, unit[i]), unit[i]), 7.3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unit_parse_gives_the_si_value),
      cmocka_unit_test(unit_parse_gives_the_dimension),
      cmocka_unit_test(unit_parse_reads_celsius_as_a_point_only_when_alone),
      cmocka_unit_test(unit_parse_refuses_with_a_reason),
      cmocka_unit_test(quantity_parse_splits_number_and_unit),
      cmocka_unit_test(quantity_parse_refuses_what_is_no_number),
      cmocka_unit_test(quantity_parse_ignores_the_locale),
      cmocka_unit_test(unit_parse_agrees_with_udunits),
      cmocka_unit_test(unit_from_si_inverts_to_si),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
