/* SPDX-License-Identifier: BSD-3-Clause
   The table of evidence: columns become a struct, texts become numbers where they hold one. */
#include "evidence.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/data.h"
#include "base/names.h"
#include "base/number.h"
#include "base/units.h"
#include "study/words.h"

/* ---- columns ---- */

enum column {
  ID,
  CLAIMS,
  STUDY,
  REFERENCE,
  POPULATION,
  SITE,
  DEVICE,
  NEEDLE_LENGTH,
  DENSITY,
  PASSES,
  SESSIONS,
  INTERVAL,
  ADJUNCT,
  OUTCOME,
  TIME,
  BASELINE,
  VALUE,
  UNIT,
  SPREAD,
  CHANGE,
  LEVEL,
  NOTES,
  COLUMNS
};

static const char *const names[COLUMNS] = {"id",
                                           "claim_id",
                                           "study",
                                           "doi_or_pmcid",
                                           "population",
                                           "site",
                                           "device",
                                           "needle_length_mm",
                                           "needles_or_density",
                                           "passes_or_endpoint",
                                           "sessions",
                                           "interval_days",
                                           "adjunct",
                                           "outcome",
                                           "time_days_from_first_session",
                                           "baseline",
                                           "value",
                                           "unit",
                                           "sd_or_ci",
                                           "change_pct",
                                           "evidence_level",
                                           "notes"};

/* Texts, by where they go. */
static const struct {
  enum column column;
  size_t offset;
} texts[] = {
    {ID, offsetof(struct nw_evidence, id)},
    {CLAIMS, offsetof(struct nw_evidence, claims)},
    {STUDY, offsetof(struct nw_evidence, study)},
    {REFERENCE, offsetof(struct nw_evidence, reference)},
    {POPULATION, offsetof(struct nw_evidence, population)},
    {SITE, offsetof(struct nw_evidence, site)},
    {DEVICE, offsetof(struct nw_evidence, device)},
    {DENSITY, offsetof(struct nw_evidence, density)},
    {PASSES, offsetof(struct nw_evidence, passes)},
    {ADJUNCT, offsetof(struct nw_evidence, adjunct)},
    {OUTCOME, offsetof(struct nw_evidence, outcome)},
    {UNIT, offsetof(struct nw_evidence, unit)},
    {SPREAD, offsetof(struct nw_evidence, spread)},
    {NEEDLE_LENGTH, offsetof(struct nw_evidence, needle_text)},
    {SESSIONS, offsetof(struct nw_evidence, sessions_text)},
    {VALUE, offsetof(struct nw_evidence, value_text)},
    {NOTES, offsetof(struct nw_evidence, notes)},
};

/* Numbers that may be words as well, with what they can be at all, and the unit that the column's name has.
 */
static const struct {
  enum column column;
  size_t offset;
  double low, high;
  const char *unit; /* NULL: none, or that of the row */
} numbers[] = {
    {NEEDLE_LENGTH, offsetof(struct nw_evidence, needle_length), 0, 20, "mm"},
    {SESSIONS, offsetof(struct nw_evidence, sessions), 0, 1000, NULL},
    {INTERVAL, offsetof(struct nw_evidence, interval), 0, 4000, "d"},
    {BASELINE, offsetof(struct nw_evidence, baseline), -1e12, 1e12, NULL},
    {VALUE, offsetof(struct nw_evidence, value), -1e12, 1e12, NULL},
    {CHANGE, offsetof(struct nw_evidence, change), -1e6, 1e6, NULL},
};

/* ---- numbers in words ---- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Length of the number that begins here, 0 when none does. */
static size_t number_length(const char *text) {
  size_t n = strspn(text, "+-");
  const size_t digits = strspn(text + n, "0123456789.");
  if (n > 1 || digits == 0 || !strpbrk(text + n, "0123456789") || !is_digit(text[n + (text[n] == '.')]))
    return 0;
  n += digits;
  while (text[n - 1] == '.') /* the end of a sentence */
    n--;
  const size_t sign = text[n] == 'e' || text[n] == 'E' ? 1 + strspn(text + n + 1, "+-") : 0;
  const size_t power = sign ? strspn(text + n + sign, "0123456789") : 0;
  return power ? n + sign + power : n;
}

/* A minus as typographers set it, or a dash in its place. */
static size_t minus_length(const char *text) {
  const bool minus = !strncmp(text, "\xe2\x88\x92", 3) || !strncmp(text, "\xe2\x80\x93", 3);
  return minus && (is_digit(text[3]) || text[3] == '.') ? 3 : 0;
}

/* Reads the number that begins here; its length, 0 when none does. */
static size_t read_one(const char *text, double *value) {
  const size_t minus = minus_length(text), length = number_length(text + minus);
  if (length == 0 || !nw_number_read(text + minus, length, value)) return 0;
  if (minus) *value = -*value;
  return minus + length;
}

/* Behind what may stand between the two ends of a range: "1.1-2", "0.5 to 1", and longer dashes. */
static const char *behind_dash(const char *text) {
  static const char *const dashes[] = {"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "to "};
  const char *at = text + strspn(text, " ");
  if (*at == '-' && at[1] != '-') return at + 1 + strspn(at + 1, " ");
  for (size_t i = 0; i < NW_COUNT(dashes); i++)
    if (!strncmp(at, dashes[i], 3)) return at + 3 + strspn(at + 3, " ");
  return NULL;
}

/* Behind words that leave a number what it is. */
static const char *behind_words(const char *text) {
  static const char *const words[] = {
      "up to",   "about",     "approx.",      "mean",         "median",      "within", "at least",
      "at most", "more than", "less than",    "over",         "under",       "~",      "<",
      ">",       "=",         "\xe2\x89\xa4", "\xe2\x89\xa5", "\xe2\x89\x88"};
  for (size_t i = 0; i < NW_COUNT(words); i++) {
    const char *word = text + strspn(text, " ");
    const size_t n = strlen(words[i]);
    if (strncasecmp(word, words[i], n) == 0) return behind_words(word + n);
  }
  return text + strspn(text, " ");
}

static double rounding_of(const char *text, size_t length) {
  const char *point = memchr(text, '.', length);
  if (memchr(text, 'e', length) || memchr(text, 'E', length)) return 0;
  return 0.5 * pow(10, point ? -(double)(text + length - point - 1) : 0);
}

/* The number or range, and where it ends: at `text` when there is none. */
static struct nw_evidence_number read_range(const char *text, const char **end) {
  const char *at = behind_words(text);
  double low, high;
  const size_t length = read_one(at, &low);
  *end = text;
  if (length == 0) return (struct nw_evidence_number){NAN, NAN, NAN, 0};
  const double rounding = rounding_of(at, length);
  const char *second = behind_dash(at + length);
  const size_t more = second ? read_one(second, &high) : 0;
  *end = at + length;
  if (more == 0 || high < low) return (struct nw_evidence_number){low, low, low, rounding};
  *end = second + more;
  return (struct nw_evidence_number){0.5 * (low + high), low, high, rounding};
}

struct nw_evidence_number nw_evidence_number(const char *text) {
  const char *end;
  return read_range(text, &end);
}

const char *nw_evidence_behind(const char *text) {
  const char *end;
  read_range(text, &end);
  return end + strspn(end, " ");
}

/* ---- parts of a whole ---- */

bool nw_evidence_part(const char *text, double *some, double *all) {
  const char *slash = strchr(text, '/'), *of = nw_words_find("of", 2, text);
  const char *at = slash ? slash : of;
  if (!at) return false;
  const char *behind = at + (slash ? 1 : 2), *begin = at;
  while (begin > text && begin[-1] == ' ')
    begin--;
  while (begin > text && is_digit(begin[-1]))
    begin--;
  if (begin > text && begin[-1] == '.') return false; /* "5.2/10" is a score */
  *some = nw_evidence_number(begin).value;
  *all = nw_evidence_number(behind + strspn(behind, " ")).value;
  return *some >= 0 && *all >= 1 && *some <= *all;
}

/* ---- units in words ---- */

const char *nw_evidence_unit(const char *text, const char *like) {
  static const struct {
    const char *words, *unit, *like;
  } units[] = {
      {"s|sec|second|seconds", "s", "d"}, {"min|mins|minute|minutes", "min", "d"},
      {"h|hr|hrs|hour|hours", "h", "d"},  {"d|day|days", "d", "d"},
      {"week|weeks|wk|wks", "week", "d"}, {"um|\xc2\xb5m|\xce\xbcm|micron*|micromet*", "um", "mm"},
      {"mm|millimet*", "mm", "mm"},       {"cm|centimet*", "cm", "mm"},
  };
  for (size_t i = 0; i < NW_COUNT(units); i++)
    if (!strcmp(units[i].like, like) && nw_words_fit(units[i].words, text)) return units[i].unit;
  return NULL;
}

/* How many of a column's unit one of the unit behind a number is, with or without brackets: 1 where none
   stands there, NAN where it is of another kind ("3 months", whose days nobody knows). */
static double unit_of_cell(const char *behind, const char *wanted) {
  char word[24];
  const bool remark = *behind == '(';
  const size_t n = strcspn(behind + remark, remark ? ")" : " ,;()");
  if (n == 0 || (remark && memchr(behind, ' ', n))) return 1;
  if (n >= sizeof word) return NAN;
  memcpy(word, behind + remark, n);
  word[n] = '\0';
  const char *unit = nw_evidence_unit(word, wanted);
  return unit ? nw_unit_from_si(nw_unit_to_si(1, unit), wanted) : NAN;
}

static struct nw_evidence_number times(struct nw_evidence_number number, double factor) {
  return (struct nw_evidence_number){number.value * factor, number.low * factor, number.high * factor,
                                     number.rounding * factor};
}

/* ---- rows ---- */

static bool within(double value, double low, double high) {
  return isnan(value) || (value >= low && value <= high);
}

/* "1,5" would be read as 1: half of the world writes decimals like that, the other half thousands. */
static bool has_comma(const char *text) {
  for (const char *at = text; (at = strchr(at, ',')); at++)
    if (at > text && is_digit(at[-1]) && is_digit(at[1])) return true;
  return false;
}

static void read_number(struct nw_context *context, const struct nw_csv *csv, size_t i, size_t which,
                        const int *index, struct nw_evidence *row) {
  const int column = index[numbers[which].column];
  const char *text = nw_csv_at(csv, i, column)->text, *unit = numbers[which].unit;
  struct nw_evidence_number number = nw_evidence_number(text);
  if (unit && isfinite(number.value)) {
    const double factor = unit_of_cell(nw_evidence_behind(text), unit);
    if (isfinite(factor)) number = times(number, factor);
    if (isnan(factor) && !strcmp(unit, "d"))
      nw_csv_report(context, csv, i, column,
                    "'%.60s' is no time; wants days, or h, d or weeks behind the number", text);
  }
  memcpy((char *)row + numbers[which].offset, &number, sizeof number);
  if (has_comma(text) && isfinite(number.value))
    nw_csv_report(context, csv, i, column, "'%.60s' has a comma inside a number; decimals have a point",
                  text);
  else if (!within(number.low, numbers[which].low, numbers[which].high) ||
           !within(number.high, numbers[which].low, numbers[which].high))
    nw_csv_report(context, csv, i, column, "%.60s is not within %g to %g%s%s", text, numbers[which].low,
                  numbers[which].high, unit ? " " : "", unit ? unit : "");
}

/* A value with a garbled time would be held against the wrong day: other words are a mistake here. */
static void read_time(struct nw_context *context, const struct nw_csv *csv, size_t i, int column,
                      struct nw_evidence *row) {
  const char *text = nw_csv_at(csv, i, column)->text, *behind = nw_evidence_behind(text);
  const char *more = *behind == '(' ? "" : behind + strcspn(behind, " ");
  row->time = nw_evidence_number(text).value * unit_of_cell(behind, "d");
  if (!*text) return;
  if (row->time >= 0 && row->time <= 36500 && !more[strspn(more, " ")] && !has_comma(text)) return;
  row->time = NAN;
  nw_csv_report(context, csv, i, column,
                "'%.60s' is no time; wants days since the first session from 0 to 36500, or nothing", text);
}

static void read_level(struct nw_context *context, const struct nw_csv *csv, size_t i, int column,
                       struct nw_evidence *row) {
  const char *text = nw_csv_at(csv, i, column)->text;
  if (!*text) return;
  if (!is_digit(text[1]) && *text >= '1' && *text <= '5') /* words may follow */
    row->level = *text - '0';
  else
    nw_csv_report(context, csv, i, column, "'%.60s' is no grade; wants 1 (randomised) to 5 (in vitro)", text);
}

static bool check_id(struct nw_context *context, const struct nw_evidence_table *t, size_t i, int column,
                     struct nw_names *ids) {
  const char *id = t->row[i].id;
  size_t first = i;
  if (!*id)
    nw_csv_report(context, &t->csv, i, column, "a row needs an id");
  else if (!nw_names_number(ids, id, i, &first))
    return false;
  if (first != i)
    nw_csv_report(context, &t->csv, i, column, "%.60s is the id of line %d already", id,
                  nw_csv_at(&t->csv, first, column)->line);
  return true;
}

/* False when out of memory. */
static bool read_row(struct nw_context *context, struct nw_evidence_table *t, size_t i, const int *index,
                     struct nw_names *ids) {
  struct nw_evidence *row = &t->row[i];
  *row = (struct nw_evidence){.row = i};
  for (size_t k = 0; k < NW_COUNT(texts); k++) {
    const char *text = nw_csv_at(&t->csv, i, index[texts[k].column])->text;
    memcpy((char *)row + texts[k].offset, &text, sizeof text);
  }
  for (size_t k = 0; k < NW_COUNT(numbers); k++)
    read_number(context, &t->csv, i, k, index, row);
  read_time(context, &t->csv, i, index[TIME], row);
  read_level(context, &t->csv, i, index[LEVEL], row);
  const bool room = check_id(context, t, i, index[ID], ids);
  if (!*row->outcome) nw_csv_report(context, &t->csv, i, index[OUTCOME], "a row needs an outcome");
  return room;
}

/* ---- tables ---- */

/* Half of the columns: a table that lacks one or has one misspelt is told which. */
bool nw_evidence_is(const struct nw_csv *csv) {
  size_t found = 0;
  for (size_t i = 0; i < COLUMNS; i++)
    found += nw_csv_column(csv, names[i]) >= 0;
  return 2 * found >= COLUMNS;
}

static enum nw_status read_rows(struct nw_context *context, struct nw_evidence_table *t) {
  int index[COLUMNS];
  const size_t before = nw_error_count(context);
  NW_TRY(nw_csv_columns(context, &t->csv, names, COLUMNS, index));
  struct nw_names ids = {0};
  t->row = nw_allocate(t->csv.n_rows, sizeof *t->row);
  bool room = t->row != NULL;
  for (t->count = 0; t->count < t->csv.n_rows && room; t->count++)
    room = read_row(context, t, t->count, index, &ids);
  nw_names_clear(&ids);
  if (!room) return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu rows of evidence", t->csv.n_rows);
  return nw_error_count(context) == before ? NW_OK : NW_BAD_PLAN;
}

enum nw_status nw_evidence_from(struct nw_context *context, struct nw_csv *csv,
                                struct nw_evidence_table *out) {
  *out = (struct nw_evidence_table){.csv = *csv};
  *csv = (struct nw_csv){0};
  const enum nw_status status = read_rows(context, out);
  if (status != NW_OK) nw_evidence_clear(out);
  return status;
}

enum nw_status nw_evidence_builtin(struct nw_context *context, struct nw_evidence_table *out) {
  struct nw_csv csv = {0};
  size_t length;
  const char *text = nw_data_find("evidence.csv", &length);
  *out = (struct nw_evidence_table){0};
  if (!text) return nw_fail(context, NW_IO, NULL, "the program was built without its table of evidence");
  NW_TRY(nw_csv_parse(context, "data/evidence.csv", text, length, &csv));
  return nw_evidence_from(context, &csv, out);
}

void nw_evidence_clear(struct nw_evidence_table *table) {
  nw_csv_clear(&table->csv);
  nw_release(table->row);
  *table = (struct nw_evidence_table){0};
}

const struct nw_evidence *nw_evidence_find(const struct nw_evidence_table *table, const char *id) {
  for (size_t i = 0; i < table->count; i++)
    if (!strcmp(table->row[i].id, id)) return &table->row[i];
  return NULL;
}
