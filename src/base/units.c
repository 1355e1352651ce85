/* SPDX-License-Identifier: BSD-3-Clause
   Units: one table of names and prefixes, a small grammar on top, and quantities "number unit". */
#include "units.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

/* Longest unit text and deepest nesting that we read: plans come from strangers. */
enum { LONGEST_UNIT = 120, DEEPEST = 8, LARGEST_POWER = 12 };

struct name_row {
  const char *names; /* separated by spaces */
  double scale;      /* SI value of one [SI of dimension] */
  struct nw_dimension dimension;
  bool prefixes; /* takes SI prefixes */
};

/* clang-format off */
#define LENGTH   {.metre = 1}
#define TIME     {.second = 1}
#define RATE     {.second = -1}
#define MASS     {.kilogram = 1}
#define FORCE    {.kilogram = 1, .metre = 1, .second = -2}
#define PRESSURE {.kilogram = 1, .metre = -1, .second = -2}
#define ENERGY   {.kilogram = 1, .metre = 2, .second = -2}
#define POWER    {.kilogram = 1, .metre = 2, .second = -3}
#define VOLUME   {.metre = 3}
#define NONE     {0}

/* Definitions of the SI brochure, 9th edition (2019); a year is the Julian year of 365.25 d, as
   astronomy uses it, because ages and courses of years must not depend on a calendar. */
static const struct name_row table[] = {
  {"m metre metres meter meters", 1, LENGTH, true},
  {"micron microns", 1e-6, LENGTH, false},
  {"inch", 0.0254, LENGTH, false},
  {"s sec second seconds", 1, TIME, true},
  {"min minute minutes", 60, TIME, false},
  {"h hr hour hours", 3600, TIME, false},
  {"d day days", 86400, TIME, false},
  {"wk week weeks", 604800, TIME, false},
  {"y yr a year years", 31557600, TIME, false},
  {"Hz", 1, RATE, true},
  {"g gram grams", 1e-3, MASS, true},
  {"t", 1000, MASS, false},
  {"Da dalton", 1e-3, {.kilogram = 1, .mole = -1}, true},
  {"mol mole moles", 1, {.mole = 1}, true},
  {"M", 1000, {.mole = 1, .metre = -3}, true},
  {"N newton", 1, FORCE, true},
  {"gf", 9.80665e-3, FORCE, true},
  {"dyn", 1e-5, FORCE, false},
  {"Pa", 1, PRESSURE, true},
  {"bar", 1e5, PRESSURE, true},
  {"atm", 101325, PRESSURE, false},
  {"mmHg", 133.322387415, PRESSURE, false},
  {"P", 0.1, {.kilogram = 1, .metre = -1, .second = -1}, true},
  {"J joule", 1, ENERGY, true},
  {"W watt", 1, POWER, true},
  {"A", 1, {.ampere = 1}, true},
  {"V volt", 1, {.kilogram = 1, .metre = 2, .second = -3, .ampere = -1}, true},
  {"ohm Ω", 1, {.kilogram = 1, .metre = 2, .second = -3, .ampere = -2}, true},
  {"L l litre liter", 1e-3, VOLUME, true},
  {"cc", 1e-6, VOLUME, false},
  {"ha", 1e4, {.metre = 2}, false},
  {"K", 1, {.kelvin = 1}, true},
  {"degC °C", 1, {.kelvin = 1}, false},
  {"rad", 1, NONE, true},
  {"sr", 1, NONE, false},
  {"deg degree degrees °", NW_PI / 180 /* math: degrees of a half turn */, NONE, false},
  {"%", 0.01, NONE, false},
  {"ppm", 1e-6, NONE, false},
  {"ppb", 1e-9, NONE, false},
  {"cell cells needle needles puncture punctures channel channels count counts", 1, NONE, false},
  {"MED", 1, {.med = 1}, false},
  {"AU", 1, {.au = 1}, false},
};

struct prefix_row { const char *text; double scale; };
static const struct prefix_row prefixes[] = {
  {"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"\u00b5", 1e-6}, {"\u03bc", 1e-6}, {"m", 1e-3},
  {"c", 1e-2}, {"d", 1e-1}, {"da", 1e1}, {"h", 1e2}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12},
};

/* Words that look like units but would be guessed wrong. */
static const struct { const char *names, *reason; } refused[] = {
  {"rpm RPM", "is ambiguous (turns, radians or strokes): give Hz"},
  {"month months mo", "has no fixed length: give days (d) or weeks"},
  {"G ga gauge Gauge", "is a needle gauge, which is no linear measure: give the diameter in um"},
  {"IU U", "means another mass for each substance: give mg"},
  {"degF °F F", "is not used here: give degC"},
  {"pH", "is a bare number: leave the unit out"},
  {"x X fold", "is a bare number: leave the unit out"},
};
/* clang-format on */

enum { DIMENSIONS = sizeof(struct nw_dimension) };
static_assert(DIMENSIONS == 8, "struct nw_dimension is an array of signed char in all but name");

struct scan {
  const char *at;
  char *problem; /* nullable */
  size_t size;
  int depth;
};

__attribute__((format(printf, 2, 3))) static bool complain(struct scan *scan, const char *format, ...) {
  if (!scan->problem || scan->size == 0) return false;
  va_list list;
  va_start(list, format);
  vsnprintf(scan->problem, scan->size, format, list);
  va_end(list);
  return false;
}

static bool listed(const char *names, const char *word, size_t length) {
  for (const char *name = names; *name;) {
    const size_t n = strcspn(name, " ");
    if (n == length && !memcmp(name, word, n)) return true;
    name += n + (name[n] == ' ');
  }
  return false;
}

static const struct name_row *find_name(const char *word, size_t length, bool prefixed) {
  for (size_t i = 0; i < NW_COUNT(table); i++)
    if ((table[i].prefixes || !prefixed) && listed(table[i].names, word, length)) return &table[i];
  return NULL;
}

/* A whole name wins over a prefixed one: "min" is a minute and "Pa" a pascal. */
static bool find_unit(const char *word, size_t length, struct nw_unit *unit) {
  const struct name_row *row = find_name(word, length, false);
  double scale = 1;
  for (size_t i = 0; !row && i < NW_COUNT(prefixes); i++) {
    const size_t n = strlen(prefixes[i].text);
    if (length <= n || memcmp(prefixes[i].text, word, n)) continue;
    row = find_name(word + n, length - n, true);
    scale = prefixes[i].scale;
  }
  if (!row) return false;
  *unit = (struct nw_unit){.scale = scale * row->scale, .dimension = row->dimension};
  return true;
}

static const char *refusal(const char *word, size_t length) {
  for (size_t i = 0; i < NW_COUNT(refused); i++)
    if (listed(refused[i].names, word, length)) return refused[i].reason;
  return NULL;
}

/* unit *= factor^power; false when an exponent leaves the range of any real unit. */
static bool multiply(struct nw_unit *unit, const struct nw_unit *factor, int power) {
  signed char total[DIMENSIONS], more[DIMENSIONS];
  memcpy(total, &unit->dimension, sizeof total);
  memcpy(more, &factor->dimension, sizeof more);
  for (size_t i = 0; i < DIMENSIONS; i++) {
    const int sum = total[i] + more[i] * power;
    if (abs(sum) > LARGEST_POWER) return false;
    total[i] = (signed char)sum;
  }
  memcpy(&unit->dimension, total, sizeof total);
  for (int i = 0; i < abs(power); i++)
    unit->scale = power > 0 ? unit->scale * factor->scale : unit->scale / factor->scale;
  return true;
}

static bool starts(struct scan *scan, const char *text) {
  const size_t n = strlen(text);
  if (strncmp(scan->at, text, n)) return false;
  scan->at += n;
  return true;
}

static void skip_spaces(struct scan *scan) {
  while (*scan->at == ' ' || starts(scan, "\u00a0"))
    scan->at += *scan->at == ' ';
}

/* Letters, "%", and the non-ASCII letters of units; superscripts and dots end a word. */
static size_t word_length(const char *text) {
  size_t n = 0;
  for (;; n++) {
    const unsigned char c = (unsigned char)text[n];
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '%' || c == '_';
    if (letter) continue;
    static const char *const wide[] = {"\u00b5", "\u03bc", "°", "Ω"};
    size_t step = 0;
    for (size_t i = 0; i < NW_COUNT(wide); i++)
      if (!strncmp(text + n, wide[i], strlen(wide[i]))) step = strlen(wide[i]);
    if (step == 0) return n;
    n += step - 1;
  }
}

static bool plain_digits(struct scan *scan, int *value) {
  if (*scan->at < '0' || *scan->at > '9') return false;
  for (*value = 0; *scan->at >= '0' && *scan->at <= '9'; scan->at++)
    if (*value < 1000) *value = *value * 10 + (*scan->at - '0');
  return true;
}

static bool superscript(struct scan *scan, int *power) {
  static const char *const digit[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const int sign = starts(scan, "⁻") ? -1 : 1;
  for (int i = 0; i < (int)NW_COUNT(digit); i++)
    if (starts(scan, digit[i])) {
      *power = sign * i;
      return true;
    }
  return false;
}

/* "^2", "^-2", "^(-2)", "**2", plain "2" or "-2", or a superscript; none means 1. */
static bool read_power(struct scan *scan, int *power) {
  *power = 1;
  if (superscript(scan, power)) return true;
  const bool caret = starts(scan, "^") || starts(scan, "**");
  const bool bracket = caret && starts(scan, "(");
  const bool negative = *scan->at == '-' && scan->at[1] >= '0' && scan->at[1] <= '9';
  if (negative)
    scan->at++;
  else if (*scan->at == '+' && caret)
    scan->at++;
  int digits = 1;
  if (!plain_digits(scan, &digits)) return !caret || complain(scan, "a whole number must follow ^");
  if (bracket && !starts(scan, ")")) return complain(scan, "a bracket is not closed");
  *power = negative ? -digits : digits;
  return digits <= LARGEST_POWER || complain(scan, "the power %d is too high", digits);
}

static bool read_product(struct scan *scan, struct nw_unit *unit);

static bool read_word(struct scan *scan, struct nw_unit *unit) {
  const size_t length = word_length(scan->at);
  const char *reason = refusal(scan->at, length);
  if (reason) return complain(scan, "%.*s %s", (int)length, scan->at, reason);
  if (length == 0 || !find_unit(scan->at, length, unit)) {
    const size_t shown = length ? length : strcspn(scan->at, " ");
    return complain(scan, "\"%.*s\" is not a unit", (int)(shown < 40 ? shown : 40), scan->at);
  }
  scan->at += length;
  return true;
}

static bool read_factor(struct scan *scan, struct nw_unit *unit) {
  *unit = (struct nw_unit){.scale = 1};
  if (*scan->at == '1' && (scan->at[1] < '0' || scan->at[1] > '9') && scan->at[1] != '.') {
    scan->at++;
    return true;
  }
  struct nw_unit base;
  if (starts(scan, "(")) {
    if (++scan->depth > DEEPEST) return complain(scan, "brackets are nested too deeply");
    if (!read_product(scan, &base)) return false;
    if (!starts(scan, ")")) return complain(scan, "a bracket is not closed");
    scan->depth--;
  } else if (!read_word(scan, &base)) {
    return false;
  }
  int power;
  if (!read_power(scan, &power)) return false;
  return multiply(unit, &base, power) || complain(scan, "a power is too high");
}

/* Factors joined by "*", a dot, "/" or a space. After a "/" a space would be read both ways ("ug/cm2 h"),
   so it is refused there. */
static bool read_product(struct scan *scan, struct nw_unit *unit) {
  *unit = (struct nw_unit){.scale = 1};
  bool divided = false;
  int sign = 1;
  for (;;) {
    struct nw_unit factor;
    skip_spaces(scan);
    if (!read_factor(scan, &factor)) return false;
    if (!multiply(unit, &factor, sign)) return complain(scan, "a power is too high");
    const char *const end = scan->at;
    skip_spaces(scan);
    if (*scan->at == '\0' || *scan->at == ')') return true;
    sign = 1;
    if (starts(scan, "/")) {
      sign = -1;
      divided = true;
    } else if (!starts(scan, "*") && !starts(scan, "·") && !starts(scan, "×")) {
      if (end == scan->at) return complain(scan, "unexpected \"%.20s\"", scan->at);
      if (divided) return complain(scan, "brackets are missing after \"/\": write a/(b c)");
    }
  }
}

bool nw_unit_parse(const char *text, struct nw_unit *unit, char *problem, size_t size) {
  struct scan scan = {text, problem, size, 0};
  skip_spaces(&scan);
  if (*scan.at == '\0') return complain(&scan, "the unit is empty");
  if (strlen(scan.at) > LONGEST_UNIT) return complain(&scan, "the unit is too long");
  if (!strcmp(scan.at, "-")) {
    *unit = (struct nw_unit){.scale = 1};
    return true;
  }
  struct nw_unit read;
  if (!read_product(&scan, &read)) return false;
  if (*scan.at) return complain(&scan, "unexpected \"%.20s\"", scan.at);
  /* In a product degC is a difference of temperatures; alone it is a point on the Celsius scale. */
  const char *const first = text + strspn(text, " ");
  const size_t bare = strcspn(first, " ");
  if (listed("degC °C", first, bare) && first[bare + strspn(first + bare, " ")] == '\0')
    read.offset = 273.15 /* math: ice point in kelvin */;
  *unit = read;
  return true;
}

bool nw_dimension_equal(struct nw_dimension a, struct nw_dimension b) {
  return !memcmp(&a, &b, sizeof a);
}

/* Numbers are read in the C locale whatever the program around us has set. */
static locale_t c_locale;

__attribute__((constructor)) static void make_locale(void) {
  c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static const char *number_end(const char *text) {
  const char *at = text;
  if (*at == '+' || *at == '-') at++;
  const size_t whole = strspn(at, "0123456789");
  at += whole;
  size_t part = 0;
  if (*at == '.') {
    part = strspn(at + 1, "0123456789");
    at += 1 + part;
  }
  if (whole + part == 0) return text;
  if (*at == 'e' || *at == 'E') {
    const char *const power = at + 1 + (at[1] == '+' || at[1] == '-');
    const size_t digits = strspn(power, "0123456789");
    if (digits) at = power + digits;
  }
  return at;
}

bool nw_quantity_parse(const char *text, double *value, struct nw_dimension *dimension, bool *has_unit,
                       char *problem, size_t size) {
  struct scan scan = {text, problem, size, 0};
  skip_spaces(&scan);
  const char *const start = scan.at;
  scan.at = number_end(start);
  if (scan.at == start) return complain(&scan, "\"%.40s\" does not begin with a number", start);
  if (*scan.at == ',') return complain(&scan, "a comma stands in the number: write a decimal point");
  const double number = strtod_l(start, NULL, c_locale);
  if (!isfinite(number)) return complain(&scan, "the number is too large");
  skip_spaces(&scan);
  struct nw_unit unit = {.scale = 1};
  *has_unit = *scan.at != '\0';
  if (*has_unit && !nw_unit_parse(scan.at, &unit, problem, size)) return false;
  *value = number * unit.scale + unit.offset;
  *dimension = unit.dimension;
  return isfinite(*value) || complain(&scan, "the number is too large");
}

static struct nw_unit known_unit(const char *text) {
  struct nw_unit unit = {.scale = 1};
  const bool known = nw_unit_parse(text, &unit, NULL, 0);
  assert(known);
  (void)known;
  return unit;
}

double nw_unit_from_si(double si, const char *unit) {
  const struct nw_unit u = known_unit(unit);
  return (si - u.offset) / u.scale;
}

double nw_unit_to_si(double number, const char *unit) {
  const struct nw_unit u = known_unit(unit);
  return number * u.scale + u.offset;
}
