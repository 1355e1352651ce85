/* SPDX-License-Identifier: BSD-3-Clause
   What a line of the evidence published, as one number with its error. */
#include "published.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "outcome/outcome.h"
#include "outcome/rater.h"
#include "study/words.h"

/* ---- numbers inside texts ---- */

/* The number behind the first of these alternatives; NAN when there is none. */
static double number_behind(const char *word, const char *text) {
  const char *at = nw_words_find(word, strlen(word), text);
  if (!at) return NAN;
  at += strcspn(word, "*");
  while (*at && *at != '-' && !isdigit((unsigned char)*at) && *at != '.')
    at++;
  return nw_evidence_number(at).value;
}

/* The number right before a word, as in "32 completed"; NAN when there is none. */
static double number_before(const char *word, const char *text) {
  const char *at = nw_words_find(word, strlen(word), text);
  if (!at) return NAN;
  while (at > text && at[-1] == ' ')
    at--;
  const char *end = at;
  while (at > text && (isdigit((unsigned char)at[-1]) || at[-1] == '.'))
    at--;
  return at < end ? nw_evidence_number(at).value : NAN;
}

int nw_published_people(const char *population) {
  static const char *const told[] = {"per arm",   "each arm",   "each",     "a group",      "per group",
                                     "completed", "done",       "analysed", "analyzed",     "completers",
                                     "evaluable", "n=*",        "n =*",     "patients",     "subjects",
                                     "women",     "volunteers", "females",  "participants", "people",
                                     "men",       "adults",     "males",    "individuals",  "students"};
  for (size_t i = 0; i < NW_COUNT(told); i++) {
    const bool behind = strchr(told[i], '*') != NULL;
    const double n = behind ? number_behind(told[i], population) : number_before(told[i], population);
    if (n >= 1 && n < 1e6) return (int)lround(n);
  }
  return 0;
}

static double last_number(const char *text) {
  double last = NAN;
  for (const char *at = text; *at;) {
    char *end;
    const double value = isdigit((unsigned char)*at) ? strtod(at, &end) : (end = (char *)at, NAN);
    if (end > at) last = value;
    at = end > at ? end : at + 1;
  }
  return last;
}

/* Half the width of "1.11-1.34" or "-0.44 to -0.20" over that of a standard error. */
static double error_of_interval(const char *text, double z) {
  const struct nw_evidence_number n = nw_evidence_number(text);
  return n.high > n.low ? 0.5 * (n.high - n.low) / z : NAN;
}

/* What stands behind the first or, without it, the second of two signs; NULL without both. */
static const char *behind_either(const char *first, const char *second, const char *text) {
  const char *at = strstr(text, first);
  if (at) return at + strlen(first) + strspn(at + strlen(first), " ");
  at = strstr(text, second);
  return at ? at + strlen(second) + strspn(at + strlen(second), " ") : NULL;
}

double nw_published_error(const char *spread, int people) {
  const double z95 = 1.96, z99 = 2.576; /* math: quantiles of the normal distribution */
  const double root = people > 0 ? sqrt(people) : NAN;
  const char *about = behind_either("\xc2\xb1", "+/-", spread);
  if (about) return nw_evidence_number(about).value / root;
  if (nw_words_fit("p<*|p=*|p>*|n=*|ns", spread)) return NAN;
  const char *interval = strstr(spread, "CI");
  if (interval)
    return error_of_interval(interval + 2 + strspn(interval + 2, ": "),
                             strstr(spread, "99") == spread ? z99 : z95);
  if (nw_words_fit("se|sem", spread)) return last_number(spread);
  if (nw_words_fit("sd", spread) || strchr(spread, '/')) return last_number(spread) / root;
  const double whole = error_of_interval(spread, z95);
  return isfinite(whole) ? whole : nw_evidence_number(spread).value / root;
}

/* ---- words ---- */

static int sign_of(double value) {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}

/* Direction told in words, by whichever comes first in the notes. */
static int sign_in_words(const char *notes) {
  static const struct {
    const char *words[12];
    int sign;
  } table[] = {
      {{"unchanged", "no change", "no difference", "did not change", "not significant", "no significant"}, 0},
      {{"increase*", "rise", "rises", "rose", "higher", "raised", "dens*", "up-regulated", "thicker",
        "thickening"},
       1},
      {{"decrease*", "fall", "falls", "fell", "lower", "reduced", "reduction", "thinner", "less"}, -1},
  };
  const char *first = NULL;
  int sign = 2;
  for (size_t i = 0; i < NW_COUNT(table); i++)
    for (size_t k = 0; k < NW_COUNT(table[i].words) && table[i].words[k]; k++) {
      const char *at = nw_words_find(table[i].words[k], strlen(table[i].words[k]), notes);
      if (at && (!first || at < first)) first = at, sign = table[i].sign;
    }
  return sign;
}

static bool has_small_p(const char *text) {
  for (const char *at = text; (at = strpbrk(at, "pP")); at++) {
    const char *next = at + 1 + strspn(at + 1, " ");
    if ((at > text && isalnum((unsigned char)at[-1])) || (*next != '<' && *next != '=')) continue;
    const double p = nw_evidence_number(next + 1 + strspn(next + 1, " ")).value;
    return p <= 0.05; /* math: the usual level */
  }
  return false;
}

static bool said_significant(const struct nw_evidence *row) {
  const char *denied = "ns|no significant|not significant|nonsignificant|no difference";
  if (nw_words_fit(denied, row->spread) || nw_words_fit(denied, row->notes)) return false;
  return has_small_p(row->spread) || has_small_p(row->notes) || nw_words_fit("significant*", row->notes);
}

/* ---- bounds ---- */

/* "up to 7", "within", ">72": words of the unit, or of the value before its number. */
static void read_bound(const struct nw_evidence *row, struct nw_published *out) {
  char before[32];
  snprintf(before, sizeof before, "%.*s", (int)strcspn(row->value_text, "0123456789"), row->value_text);
  const char *most = "within|up to|at most|less than|under|<|\xe2\x89\xa4";
  const char *least = "at least|more than|over|>|\xe2\x89\xa5";
  out->at_most = nw_words_fit("within|up to|at most|less than", row->unit) || nw_words_fit(most, before);
  out->at_least = nw_words_fit(least, before);
}

/* The published spread; "4.2 \xc2\xb1 1.3" and "4.2 (SD 1.3)" have it behind the value. */
static const char *spread_of(const struct nw_evidence *row) {
  const char *behind = nw_evidence_behind(row->value_text);
  if (*row->spread) return row->spread;
  return behind_either("\xc2\xb1", "+/-", behind) || nw_words_fit("sd|se|sem", behind) ? behind : "";
}

/* ---- shares of people ---- */

static bool is_percent(const struct nw_evidence *row) {
  return strchr(row->unit, '%') || *nw_evidence_behind(row->value_text) == '%';
}

/* "5 patients of 36", "34 patients of 36", "40 % patients": in percent. */
static double share(const struct nw_evidence *row, double value, int *people) {
  const double of = number_behind("of", row->unit);
  if (is_percent(row)) return value;
  if (of >= 1) *people = (int)lround(of);
  return *people > 0 ? 100 * value / *people : NAN;
}

/* Reads value and range, and how many people it is of. */
static void read_part(const struct nw_evidence *row, struct nw_published *out) {
  double some, all;
  const char *percent = strchr(row->value_text, '%');
  if (nw_evidence_part(row->value_text, &some, &all)) {
    out->people = (int)lround(all);
    out->value = 100 * some / all;
    return;
  }
  if (percent && *nw_evidence_behind(row->value_text) != '%') { /* "18 (60 %)" */
    out->value = number_before("%", row->value_text);
    return;
  }
  out->value = share(row, row->value.value, &out->people);
  out->half_range =
      fabs(share(row, row->value.high, &out->people) - share(row, row->value.low, &out->people)) / 2;
  if (is_percent(row)) out->half_range = fmax(out->half_range, row->value.rounding);
}

static void read_share(const struct nw_evidence *row, struct nw_published *out) {
  snprintf(out->unit, sizeof out->unit, "%%");
  read_part(row, out);
  const bool either = nw_words_fit("n (%|n(%|no. (%|number (%|patients (%", row->unit);
  if (either && !strpbrk(row->value_text, "%/"))
    out->problem = "a count or a percentage? write the one and its unit";
  else if (isfinite(row->value.value) && !isfinite(out->value))
    out->problem = "of how many people is not told";
  else if (out->value < 0 || out->value > 100)
    out->problem = "no share of people: beyond 0 to 100 %";
  if (out->people > 0) {
    const double p = (0.01 * out->value * out->people + 0.5) / (out->people + 1); /* math: never 0 or 1 */
    out->error = 100 * sqrt(p * (1 - p) / out->people);
  }
}

/* ---- durations, lengths, ratios ---- */

/* Kind of unit that a reading has: "d" for times, "mm" for lengths, NULL for what has none. */
static const char *kind_of_unit(enum nw_observable observable) {
  switch (observable) {
    case NW_OBSERVE_REDNESS:
    case NW_OBSERVE_DOWNTIME:
    case NW_OBSERVE_BARRIER_BACK:
    case NW_OBSERVE_PORES_CLOSED:
      return "d";
    case NW_OBSERVE_CHANNEL_DEPTH:
    case NW_OBSERVE_CHANNEL_WIDTH:
    case NW_OBSERVE_REACH:
      return "mm";
    default:
      return NULL;
  }
}

/* Pain in millimetres of a line of 100, or beyond ten: a tenth of it is on the scale of 0 to 10. */
static double scale_of_pain(const struct nw_evidence *row) {
  const char *hundred = "0-100|100 mm|100mm|100-mm|/100|mm";
  const bool long_line = nw_words_fit(hundred, row->outcome) || nw_words_fit(hundred, row->unit) ||
                         nw_words_fit("mm", row->value_text) || row->value.value > 10;
  return long_line ? 0.1 : 1; /* math: of a hundred, of ten */
}

static void read_unit(const struct nw_evidence *row, struct nw_published *out) {
  const char *like = kind_of_unit(out->question.observable), *unit = NULL;
  if (like) unit = nw_evidence_unit(row->unit, like);
  if (like && !unit) unit = nw_evidence_unit(nw_evidence_behind(row->value_text), like);
  snprintf(out->unit, sizeof out->unit, "%s", unit ? unit : "1");
  if (!like || unit || !isfinite(row->value.value)) return;
  out->problem = *like == 'd' ? "a time wants its unit: h, d or weeks" : "a length wants its unit: um or mm";
}

static void read_number(const struct nw_evidence *row, struct nw_published *out) {
  const bool pain = out->question.observable == NW_OBSERVE_PAIN;
  const double factor = pain ? scale_of_pain(row) : 1;
  read_unit(row, out);
  if (pain && is_percent(row)) out->problem = "pain in percent: of what is not told";
  out->value = factor * row->value.value;
  out->half_range = factor * fmax(0.5 * (row->value.high - row->value.low), row->value.rounding);
  out->error = factor * nw_published_error(spread_of(row), out->people);
  const double fold = number_before("*-fold", row->outcome);
  out->question.amount = fold > 0 ? fold : 1;
}

/* ---- changes of an outcome ---- */

/* What one unit of the scale is in percent of the published baseline; NAN when it cannot be known. */
static double percent_per_unit(const struct nw_evidence *row) {
  if (row->baseline.value != 0 && isfinite(row->baseline.value)) return 100 / fabs(row->baseline.value);
  const double moved = row->value.value;
  return moved != 0 && isfinite(row->change.value / moved) ? fabs(row->change.value / moved) : NAN;
}

static void in_percent(struct nw_published *out, double value, double low, double high, double rounding) {
  snprintf(out->unit, sizeof out->unit, "%%");
  out->question.form = NW_FORM_PERCENT;
  out->value = value;
  out->half_range = fmax(0.5 * fabs(high - low), rounding);
}

/* Spellings of water loss that are no grammar of units. */
static const char *spelt(const char *unit) {
  const char *loss =
      "g/m2h|g/m2 h|g/m\xc2\xb2h|g/m\xc2\xb2 h|g/hm2|g/hm\xc2\xb2|g/h/m2|g/h/m\xc2\xb2|g/(m2h)|g/(m2 h)|g "
      "m-2 h-1|gm-2h-1|"
      "g\xc2\xb7m\xe2\x81\xbb\xc2\xb2\xc2\xb7h\xe2\x81\xbb\xc2\xb9|g\xc2\xb7m-2\xc2\xb7h-1|g "
      "m\xe2\x81\xbb\xc2\xb2 h\xe2\x81\xbb\xc2\xb9|g.m-2.h-1";
  return nw_words_fit(loss, unit) ? "g/(m^2 h)" : NULL;
}

/* From the published unit to that of the outcome: grades and colours have the scale's own, lengths and the
   like convert, other instruments' units cannot be had (NAN). */
static double into_unit(const struct nw_evidence *row, const struct nw_outcome_row *outcome) {
  if (outcome->change == NW_CHANGE_ABSOLUTE) return 1;
  char word[16], problem[64];
  struct nw_unit theirs, ours;
  const char *known = spelt(row->unit), *written = known ? known : row->unit;
  snprintf(word, sizeof word, "%.*s", (int)strcspn(written, known ? "" : " "), written);
  if (!*word || !nw_unit_parse(word, &theirs, problem, sizeof problem) ||
      !nw_unit_parse(outcome->unit, &ours, problem, sizeof problem) ||
      memcmp(&theirs.dimension, &ours.dimension, sizeof ours.dimension) != 0)
    return NAN;
  return nw_unit_from_si(nw_unit_to_si(1, word), outcome->unit);
}

static void in_scale(const struct nw_evidence *row, struct nw_published *out, bool level, bool turned) {
  const struct nw_outcome_row *outcome = &nw_outcome_rows()[out->question.key];
  const double unit = into_unit(row, outcome);
  snprintf(out->unit, sizeof out->unit, "%s", outcome->unit);
  out->question.form = level ? NW_FORM_LEVEL : NW_FORM_CHANGE;
  out->value = (turned ? -1 : 1) * unit * row->value.value;
  out->half_range = unit * fmax(0.5 * (row->value.high - row->value.low), row->value.rounding);
}

/* "2 fold", "1.5 x": a multiple of what was before. */
static bool is_multiple(const struct nw_evidence *row, const struct nw_evidence_mapping *m) {
  const char *words = "fold|x|times";
  const bool worded =
      nw_words_fit(words, row->unit) || nw_words_fit(words, nw_evidence_behind(row->value_text));
  return m->scale == NW_SCALE_FOLD || (worded && !isfinite(row->change.value) && isfinite(row->value.value));
}

/* An outcome that is itself a fall ("reduction of ...", and improvement where less is better) prints it
   as a positive number. */
static bool is_fall(const struct nw_evidence *row, const struct nw_evidence_mapping *m) {
  return nw_words_fit("fall|falls|fell|reduc*|decreas*|declin*|drop", row->outcome) ||
         (nw_evidence_less_is_better(m) && nw_words_fit("improve*|better", row->outcome));
}

static void read_percent(const struct nw_evidence *row, const struct nw_evidence_mapping *m, bool fall,
                         struct nw_published *out) {
  const double value = row->value.value;
  const bool directed = fall || value <= 0 || *row->value_text == '+' ||
                        nw_words_fit("change|increase|rise|gain|worse*", row->outcome);
  in_percent(out, fall && value > 0 ? -value : value, row->value.low, row->value.high, row->value.rounding);
  if (nw_evidence_less_is_better(m) && isfinite(value) && !directed)
    out->problem = "percent better or worse? say reduction, improvement or increase, or give it a sign";
}

static void read_own_scale(const struct nw_evidence *row, const struct nw_evidence_mapping *m, bool fall,
                           struct nw_published *out) {
  const bool change = fall || nw_words_fit("change|increase|rise|gain|improve*", row->outcome);
  in_scale(row, out, !(change || row->value.value < 0), fall && row->value.value > 0);
  if (m->scale == NW_SCALE_RELATIVE)
    out->problem = "points of another scale than the model's: percent or a baseline would do";
  else if (!isfinite(out->value))
    out->problem = "a unit or scale that the model's reading does not have; percent or a baseline would do";
}

/* Colour has a scale whose zero means nothing: its changes are differences. */
static bool is_difference(const struct nw_evidence *row, const struct nw_evidence_mapping *m) {
  return nw_outcome_rows()[m->key].change == NW_CHANGE_ABSOLUTE && !nw_scale_of((enum nw_outcome)m->key) &&
         isfinite(row->baseline.value) && isfinite(row->value.value);
}

static void in_difference(const struct nw_evidence *row, struct nw_published *out) {
  snprintf(out->unit, sizeof out->unit, "%s", nw_outcome_rows()[out->question.key].unit);
  out->question.form = NW_FORM_CHANGE;
  out->value = row->value.value - row->baseline.value;
  out->half_range = fmax(0.5 * (row->value.high - row->value.low), row->value.rounding);
}

static void read_change(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                        struct nw_published *out) {
  const double base = row->baseline.value, end = row->value.value, unit = percent_per_unit(row);
  const double error = nw_published_error(spread_of(row), out->people);
  const bool fall = is_fall(row, m);
  out->error = error;
  if (is_multiple(row, m)) {
    in_percent(out, 100 * (end - 1), 100 * row->value.low, 100 * row->value.high, 100 * row->value.rounding);
    out->error = 100 * error;
  } else if (is_difference(row, m)) {
    in_difference(row, out);
  } else if (isfinite(row->change.value)) {
    const double way = fall && row->change.value > 0 ? -1 : 1;
    in_percent(out, way * row->change.value, row->change.low, row->change.high, row->change.rounding);
    out->error = error * (isfinite(unit) ? unit : 1);
  } else if (isfinite(base) && isfinite(end) && base != 0) {
    in_percent(out, 100 * (end - base) / fabs(base), 100 * row->value.low / base,
               100 * row->value.high / base, 100 * row->value.rounding / fabs(base));
    out->error = error * unit;
  } else if (is_percent(row) || !isfinite(end)) { /* or a direction in words */
    read_percent(row, m, fall, out);
  } else {
    read_own_scale(row, m, fall, out);
  }
  if (row->time == 0 && isfinite(out->value))
    out->problem = "day 0 is the baseline; say how long after the first session, as in 1 h";
  if ((out->at_most || out->at_least) && isfinite(out->value)) out->problem = "a bound, not a mean";
}

/* ---- who rated ---- */

/* A scale of raters, or how many were found better; randomised trials are taken to have blinded their raters,
   others only where they say so. */
static bool is_hopeful(const struct nw_evidence *row, const struct nw_evidence_mapping *m) {
  const bool rated = m->observable == NW_OBSERVE_SHARE ||
                     (m->observable == NW_OBSERVE_OUTCOME && nw_scale_of((enum nw_outcome)m->key));
  return rated && nw_evidence_less_is_better(m) && row->level != 1 &&
         !nw_words_fit("blinded|double-blind", row->notes);
}

/* ---- all ---- */

static void judge(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                  struct nw_published *out) {
  out->sign = 2;
  out->significant = said_significant(row);
  if (m->observable != NW_OBSERVE_OUTCOME || (isfinite(out->value) && out->question.form == NW_FORM_LEVEL))
    return;
  out->sign = isfinite(out->value) ? sign_of(out->value) : sign_in_words(row->notes);
  if (isfinite(out->error) && fabs(out->value) > 1.96 * out->error) out->significant = true; /* math: 95 % */
  if (out->sign == 0) out->significant = false;
}

struct nw_published nw_published_read(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                                      int usual_people) {
  struct nw_published out = {.value = NAN, .error = NAN, .people = nw_published_people(row->population)};
  out.question = (struct nw_question){.observable = m->observable,
                                      .key = m->key >= 0 ? (enum nw_outcome)m->key : NW_OUTCOME_COUNT,
                                      .time = nw_unit_to_si(row->time, "d"),
                                      .down = nw_evidence_less_is_better(m),
                                      .scatter = m->scale == NW_SCALE_SCATTER,
                                      .hopeful = is_hopeful(row, m)};
  const bool counted = m->observable == NW_OBSERVE_SHARE || m->observable == NW_OBSERVE_PIH;
  if (out.people == 0 && (!counted || is_percent(row))) out.people = usual_people;
  read_bound(row, &out);
  if (counted) {
    read_share(row, &out);
  } else if (m->observable == NW_OBSERVE_OUTCOME) {
    read_change(row, m, &out);
  } else {
    read_number(row, &out);
  }
  if (m->observable == NW_OBSERVE_SHARE)
    out.question.form = nw_outcome_rows()[m->key].change == NW_CHANGE_ABSOLUTE && m->high < 10 && m->low > 0
                            ? NW_FORM_CHANGE
                            : NW_FORM_PERCENT;
  if (out.problem) out.value = NAN;
  if (!isfinite(out.half_range)) out.half_range = 0;
  judge(row, m, &out);
  return out;
}

double nw_published_factor(const struct nw_published *p) {
  const bool has_unit = strcmp(p->unit, "%") != 0 && strcmp(p->unit, "1") != 0;
  return has_unit && p->question.observable != NW_OBSERVE_OUTCOME ? 1 / nw_unit_to_si(1, p->unit) : 1;
}
