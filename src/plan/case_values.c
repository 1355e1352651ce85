/* SPDX-License-Identifier: BSD-3-Clause
   Values out of a plan: text becomes SI numbers, words and flags, or a message that says what is wanted. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "case_compile.h"
#include "base/units.h"

enum { LONGEST_PATH = 160 };

struct sought {
  const struct nw_key *key;
  const struct nw_plan_value *value; /* NULL when not given */
  char path[LONGEST_PATH];
};

/* "products.3" -> "products" */
static size_t section_length(const char *section) {
  const char *dot = strrchr(section, '.');
  return dot && dot[1] >= '0' && dot[1] <= '9' ? (size_t)(dot - section) : strlen(section);
}

static void join(char path[LONGEST_PATH], const char *section, const char *name) {
  snprintf(path, LONGEST_PATH, "%s%s%s", section, *section && name ? "." : "", name ? name : "");
}

static struct sought seek(const struct nw_compile *k, const char *section, const char *name) {
  struct sought s = {.key = nw_key_find(section, section_length(section), name)};
  join(s.path, section, name);
  s.value = nw_plan_find(k->plan, s.path);
  if (s.value && s.value->shape == NW_SHAPE_NOTHING) s.value = NULL;
  return s;
}

bool nw_compile_named(const struct nw_compile *k, const char *section, const char *name) {
  return seek(k, section, name).value != NULL;
}

bool nw_compile_given(const struct nw_compile *k, const char *section, const char *name) {
  const struct sought s = seek(k, section, name);
  return s.value && !k->bad[s.value - k->plan->values];
}

bool nw_compile_refused(const struct nw_compile *k, const char *section, const char *name) {
  return nw_compile_named(k, section, name) && !nw_compile_given(k, section, name);
}

/* ---- messages ---- */

static void mark_bad(struct nw_compile *k, const char *path) {
  const struct nw_plan_value *value = nw_plan_find(k->plan, path);
  if (value) k->bad[value - k->plan->values] = true;
  k->errors++;
}

static void report(struct nw_compile *k, enum nw_severity severity, const char *section, const char *name,
                   const char *format, va_list list) {
  char path[LONGEST_PATH], text[700];
  join(path, section, name);
  vsnprintf(text, sizeof text, format, list);
  nw_plan_report(k->context, k->plan, severity, path, "%s", text);
  if (severity == NW_ERROR) mark_bad(k, path);
}

void nw_compile_error(struct nw_compile *k, const char *section, const char *name, const char *format, ...) {
  va_list list;
  va_start(list, format);
  report(k, NW_ERROR, section, name, format, list);
  va_end(list);
}

void nw_compile_warning(struct nw_compile *k, const char *section, const char *name, const char *format,
                        ...) {
  va_list list;
  va_start(list, format);
  report(k, NW_WARNING, section, name, format, list);
  va_end(list);
}

static bool complain(struct nw_compile *k, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool complain(struct nw_compile *k, const char *path, const char *format, ...) {
  va_list list;
  va_start(list, format);
  report(k, NW_ERROR, path, NULL, format, list);
  va_end(list);
  return false;
}

/* "a length", by the unit of the row. */
static const char *noun_of(const char *unit) {
  static const struct {
    const char *unit, *noun;
  } row[] = {
      {"mm", "a length"},
      {"um", "a length"},
      {"nm", "a length"},
      {"y", "a time"},
      {"d", "a time"},
      {"h", "a time"},
      {"Hz", "a frequency"},
      {"mm/s", "a speed"},
      {"N", "a force"},
      {"mJ", "an energy"},
      {"1/cm^2", "a number per area"},
      {"%", "a percentage"},
      {"MED/day", "a daily dose"},
      {"mg/mL", "a mass per volume"},
      {"uL/cm^2", "a volume per area"},
      {"Da", "a molar mass"},
      {"cm^2/s", "a diffusivity"},
      {"cm^2", "an area"},
      {"mL", "a volume"},
      {"degC", "a temperature"},
  };
  for (size_t i = 0; i < NW_COUNT(row); i++)
    if (!strcmp(row[i].unit, unit)) return row[i].noun;
  return "a quantity";
}

struct range_text {
  char text[80];
};

static struct range_text range_of(const struct nw_key *key) {
  struct range_text range;
  const char *unit = strcmp(key->unit, "1") && strcmp(key->unit, "-") ? key->unit : "";
  const char *space = *unit ? " " : "";
  const int digits = key->type == NW_KEY_COUNT ? DBL_DECIMAL_DIG : DBL_DIG; /* a seed has 16 */
  snprintf(range.text, sizeof range.text, "%.*g%s%s to %.*g%s%s", digits, key->low, space, unit, digits,
           key->high, space, unit);
  return range;
}

/* ---- quantities ---- */

static bool quantity_problem(struct nw_compile *k, const struct nw_key *key, const char *path,
                             const char *text, bool has_unit, double number) {
  const struct range_text range = range_of(key);
  if (!strcmp(key->unit, "1"))
    return complain(k, path, "\"%.40s\" has a unit; write a bare number (%s)", text, range.text);
  if (!has_unit)
    return complain(k, path, "%.40s has no unit; write %s such as \"%.15g %s\" (%s)", text,
                    noun_of(key->unit), number, key->unit, range.text);
  const bool percent = !strcmp(key->unit, "mg/mL") && strchr(text, '%');
  return complain(k, path, "\"%.40s\" is not %s; write it in %s (%s)%s", text, noun_of(key->unit), key->unit,
                  range.text, percent ? "; 1 % by weight in volume is 10 mg/mL" : "");
}

static bool parse_quantity(struct nw_compile *k, const struct nw_key *key, const char *path, const char *text,
                           double *si) {
  char problem[200] = "";
  double value;
  struct nw_dimension dimension;
  struct nw_unit wanted;
  bool has_unit;
  if (!nw_unit_parse(key->unit, &wanted, NULL, 0)) return false;
  if (!nw_quantity_parse(text, &value, &dimension, &has_unit, problem, sizeof problem)) {
    const struct range_text range = range_of(key);
    if (!strcmp(key->unit, "1"))
      return complain(k, path, "%s; write a bare number (%s)", problem, range.text);
    return complain(k, path, "%s; write %s with its unit, %s", problem, noun_of(key->unit), range.text);
  }
  const bool bare_wanted = !strcmp(key->unit, "1");
  if (!nw_dimension_equal(dimension, wanted.dimension) || (!bare_wanted && !has_unit))
    return quantity_problem(k, key, path, text, has_unit, value);
  /* The bounds are compared in the row's unit, with room for one rounding of the conversion. */
  const double number = nw_unit_from_si(value, key->unit);
  const double slack = 1e-12 /* math: a few roundings */ * (fabs(key->low) + fabs(key->high));
  const bool below =
      number < key->low - fmin(slack, fabs(key->low) * 1e-9 /* math: tiny lower bounds keep their meaning */);
  if (below || number > key->high + slack)
    return complain(k, path, "%.40s is outside of what is accepted, %s", text, range_of(key).text);
  *si = value;
  return true;
}

/* Fallbacks are our own text and always parse (tested). */
static void fallback_quantity(const char *text, double *si) {
  struct nw_dimension dimension;
  bool has_unit;
  double value;
  if (nw_quantity_parse(text, &value, &dimension, &has_unit, NULL, 0)) *si = value;
}

bool nw_read_quantity(struct nw_compile *k, const char *section, const char *name, double *si) {
  const struct sought s = seek(k, section, name);
  if (s.value && parse_quantity(k, s.key, s.path, s.value->text, si)) return true;
  if (s.key->fallback) fallback_quantity(s.key->fallback, si);
  return false;
}

bool nw_read_quantities(struct nw_compile *k, const char *section, const char *name, double **values,
                        size_t *count) {
  const struct sought s = seek(k, section, name);
  *values = NULL;
  *count = 0;
  if (!s.value || s.value->count == 0) return false;
  *values = nw_allocate(s.value->count, sizeof **values);
  if (!*values) return !(k->no_memory = true);
  bool good = true;
  for (size_t i = 0; i < s.value->count; i++) {
    char path[LONGEST_PATH + 24];
    snprintf(path, sizeof path, "%s.%zu", s.path, i);
    const struct nw_plan_value *item = nw_plan_find(k->plan, path);
    if (!item || !item->text)
      good = complain(k, path, "this item is empty");
    else if (!parse_quantity(k, s.key, path, item->text, &(*values)[(*count)++]))
      good = false;
  }
  return good;
}

/* ---- counts, flags ---- */

static bool parse_count(struct nw_compile *k, const struct nw_key *key, const char *path, const char *text,
                        uint64_t *value) {
  const char *digits = text + (*text == '+');
  const size_t length = strspn(digits, "0123456789");
  if (length == 0 || digits[length])
    return complain(k, path, "\"%.40s\" is no whole number; write one without a unit (%s)", text,
                    range_of(key).text);
  const unsigned long long number = length > 18 ? ~0ull : strtoull(digits, NULL, 10);
  if ((double)number < key->low || (double)number > key->high)
    return complain(k, path, "%.40s is outside of what is accepted, %s", text, range_of(key).text);
  *value = number;
  return true;
}

bool nw_read_count(struct nw_compile *k, const char *section, const char *name, uint64_t *value) {
  const struct sought s = seek(k, section, name);
  if (s.value && parse_count(k, s.key, s.path, s.value->text, value)) return true;
  if (s.key->fallback) *value = strtoull(s.key->fallback, NULL, 10);
  return false;
}

bool nw_read_int(struct nw_compile *k, const char *section, const char *name, int *value) {
  uint64_t count = (uint64_t)*value;
  const bool given = nw_read_count(k, section, name, &count);
  *value = (int)count;
  return given;
}

static bool is_one_of(const char *text, const char *a, const char *b, const char *c) {
  return !strcmp(text, a) || !strcmp(text, b) || !strcmp(text, c);
}

bool nw_read_flag(struct nw_compile *k, const char *section, const char *name, bool *value) {
  const struct sought s = seek(k, section, name);
  const char *text = s.value ? s.value->text : s.key->fallback;
  if (!text) return false;
  const bool yes = is_one_of(text, "true", "True", "TRUE");
  if (yes || is_one_of(text, "false", "False", "FALSE")) {
    *value = yes;
    return s.value != NULL;
  }
  complain(k, s.path, "\"%.40s\" is neither true nor false", text);
  if (s.key->fallback) *value = !strcmp(s.key->fallback, "true");
  return false;
}

/* ---- words ---- */

static void list_words(char *out, size_t size, const char *const *words) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; words[i] && used < size; i++) {
    const int more = snprintf(out + used, size - used, "%s%s", i ? ", " : "", words[i]);
    used += more > 0 ? (size_t)more : 0;
  }
}

static bool refuse_word(struct nw_compile *k, const struct nw_key *key, const char *path, const char *text) {
  char all[420];
  const char *nearest = nw_key_nearest(key->words, text);
  if (nearest) return complain(k, path, "\"%.60s\" is unknown; did you mean %s?", text, nearest);
  list_words(all, sizeof all, key->words);
  return complain(k, path, "\"%.60s\" is unknown; one of %s", text, all);
}

bool nw_read_choice(struct nw_compile *k, const char *section, const char *name, int *index) {
  const struct sought s = seek(k, section, name);
  if (s.value) {
    const int found = nw_key_word_index(s.key->words, s.value->text);
    if (found >= 0) {
      *index = found;
      return true;
    }
    refuse_word(k, s.key, s.path, s.value->text);
  }
  if (s.key->fallback) *index = nw_key_word_index(s.key->words, s.key->fallback);
  return false;
}

bool nw_read_mixed(struct nw_compile *k, const char *section, const char *name, int *index, double *si) {
  const struct sought s = seek(k, section, name);
  *index = -1;
  if (s.value) {
    const char *text = s.value->text;
    *index = nw_key_word_index(s.key->words, text);
    if (*index >= 0) return true;
    const bool number = strpbrk(text, "0123456789") != NULL;
    if (number ? parse_quantity(k, s.key, s.path, text, si) : refuse_word(k, s.key, s.path, text))
      return true;
  }
  if (!s.key->fallback) return false;
  *index = nw_key_word_index(s.key->words, s.key->fallback);
  if (*index < 0) fallback_quantity(s.key->fallback, si);
  return false;
}

/* "[a, b]" of the key table. */
static uint64_t fallback_bits(const struct nw_key *key) {
  uint64_t bits = 0;
  for (const char *at = key->fallback; at && *at;) {
    at += strspn(at, "[], ");
    char word[64];
    const size_t length = strcspn(at, "[], ");
    snprintf(word, sizeof word, "%.*s", (int)length, at);
    const int index = nw_key_word_index(key->words, word);
    if (index >= 0) bits |= (uint64_t)1 << index;
    at += length;
  }
  return bits;
}

bool nw_read_choices(struct nw_compile *k, const char *section, const char *name, uint64_t *bits) {
  const struct sought s = seek(k, section, name);
  *bits = s.value ? 0 : fallback_bits(s.key);
  if (!s.value) return false;
  bool good = true;
  for (size_t i = 0; i < s.value->count; i++) {
    char path[LONGEST_PATH + 24];
    snprintf(path, sizeof path, "%s.%zu", s.path, i);
    const struct nw_plan_value *item = nw_plan_find(k->plan, path);
    const int index = item && item->text ? nw_key_word_index(s.key->words, item->text) : -1;
    if (index >= 0)
      *bits |= (uint64_t)1 << index;
    else
      good = item && item->text ? refuse_word(k, s.key, path, item->text)
                                : complain(k, path, "this item is empty");
  }
  return good;
}

/* ---- text and files ---- */

static bool replace_text(struct nw_compile *k, char **text, const char *fresh) {
  nw_release(*text);
  *text = nw_string_copy(fresh);
  if (!*text) k->no_memory = true;
  return *text != NULL;
}

bool nw_read_text(struct nw_compile *k, const char *section, const char *name, char **text) {
  const struct sought s = seek(k, section, name);
  const size_t longest = 200;
  if (s.value && strlen(s.value->text) > longest)
    return complain(k, s.path, "the text is longer than %zu letters", longest);
  for (const char *at = s.value ? s.value->text : ""; *at; at++)
    if ((unsigned char)*at < ' ') return complain(k, s.path, "the text must be one line of plain characters");
  if (s.value) return replace_text(k, text, s.value->text);
  if (s.key->fallback) replace_text(k, text, s.key->fallback);
  return false;
}

bool nw_read_file(struct nw_compile *k, const char *section, const char *name, char **path) {
  const struct sought s = seek(k, section, name);
  if (!s.value) return false;
  const char *slash = strrchr(k->plan->name, '/');
  const bool beside_plan = s.value->text[0] != '/' && s.value->place.line > 0 && slash;
  char full[4096];
  const int length = snprintf(full, sizeof full, "%.*s%s", beside_plan ? (int)(slash - k->plan->name + 1) : 0,
                              k->plan->name, s.value->text);
  struct stat about;
  if (length >= (int)sizeof full || stat(full, &about))
    return complain(k, s.path, "the file \"%.300s\" does not exist", full);
  if (!S_ISREG(about.st_mode)) return complain(k, s.path, "\"%.300s\" is not a file", full);
  return replace_text(k, path, full);
}
