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
  static const char *const per_arm[] = {"per arm", "each arm", "each", "a group", "per group"};
  static const char *const finished[] = {"completed", "done", "analysed", "analyzed"};
  for (size_t i = 0; i < NW_COUNT(per_arm); i++) {
    const double n = number_before(per_arm[i], population);
    if (n >= 1) return (int)lround(n);
  }
  for (size_t i = 0; i < NW_COUNT(finished); i++) {
    const double n = number_before(finished[i], population);
    if (n >= 1) return (int)lround(n);
  }
  const double n = number_behind("n=*", population);
  return n >= 1 && n < 1e6 ? (int)lround(n) : 0;
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

double nw_published_error(const char *spread, int people) {
  const double z95 = 1.96, z99 = 2.576; /* math: quantiles of the normal distribution */
  const double root = people > 0 ? sqrt(people) : NAN;
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

/* ---- shares of people ---- */

/* "5 patients of 36", "34 patients of 36", "40 % patients": in percent. */
static double share(const struct nw_evidence *row, double value, int *people) {
  const double of = number_behind("of", row->unit);
  if (strchr(row->unit, '%')) return value;
  if (of >= 1) *people = (int)lround(of);
  return *people > 0 ? 100 * value / *people : NAN;
}

static void read_share(const struct nw_evidence *row, struct nw_published *out) {
  snprintf(out->unit, sizeof out->unit, "%%");
  out->value = share(row, row->value.value, &out->people);
  out->half_range =
      fabs(share(row, row->value.high, &out->people) - share(row, row->value.low, &out->people)) / 2;
  if (strchr(row->unit, '%')) out->half_range = fmax(out->half_range, row->value.rounding);
  if (out->people > 0) {
    const double p = (0.01 * out->value * out->people + 0.5) / (out->people + 1); /* math: never 0 or 1 */
    out->error = 100 * sqrt(p * (1 - p) / out->people);
  }
}

/* ---- durations, lengths, ratios ---- */

static void read_number(const struct nw_evidence *row, struct nw_published *out) {
  static const struct {
    const char *words, *unit;
  } units[] = {{"h|hour|hours", "h"}, {"d|day|days", "d"}, {"min|minutes", "min"},
               {"um", "um"},          {"mm", "mm"},        {"week|weeks", "week"}};
  snprintf(out->unit, sizeof out->unit, "1");
  for (size_t i = 0; i < NW_COUNT(units); i++)
    if (nw_words_fit(units[i].words, row->unit)) snprintf(out->unit, sizeof out->unit, "%s", units[i].unit);
  out->value = row->value.value;
  out->half_range = fmax(0.5 * (row->value.high - row->value.low), row->value.rounding);
  out->error = nw_published_error(row->spread, out->people);
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

/* From the published unit to that of the outcome: grades and colours have the scale's own, lengths and the
   like convert, other instruments' units cannot be had (NAN). */
static double into_unit(const struct nw_evidence *row, const struct nw_outcome_row *outcome) {
  if (outcome->change == NW_CHANGE_ABSOLUTE) return 1;
  char word[16], problem[64];
  struct nw_unit theirs, ours;
  snprintf(word, sizeof word, "%.*s", (int)strcspn(row->unit, " "), row->unit);
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
  const bool worded = nw_words_fit("fold|x|times", row->unit) && !isfinite(row->change.value);
  return m->scale == NW_SCALE_FOLD || (worded && isfinite(row->value.value));
}

static void read_change(const struct nw_evidence *row, const struct nw_evidence_mapping *m,
                        struct nw_published *out) {
  const double base = row->baseline.value, end = row->value.value, unit = percent_per_unit(row);
  const bool words = nw_words_fit("change|fall|improve*|reduction|decrease|increase|rise|gain", row->outcome);
  const bool better = nw_words_fit("fall|improve*|reduction|decrease", row->outcome);
  const bool turned =
      better && end > 0 && (m->scale == NW_SCALE_IMPROVEMENT || !nw_words_fit("improve*", row->outcome));
  const double way = m->scale == NW_SCALE_IMPROVEMENT && better && row->change.value > 0 ? -1 : 1;
  const double error = nw_published_error(row->spread, out->people);
  if (is_multiple(row, m)) {
    in_percent(out, 100 * (end - 1), 100 * row->value.low, 100 * row->value.high, 100 * row->value.rounding);
    out->error = 100 * error;
  } else if (isfinite(row->change.value)) {
    in_percent(out, way * row->change.value, row->change.low, row->change.high, row->change.rounding);
    out->error = error * (isfinite(unit) ? unit : 1);
  } else if (isfinite(base) && isfinite(end) && base != 0) {
    in_percent(out, 100 * (end - base) / fabs(base), 100 * row->value.low / base,
               100 * row->value.high / base, 100 * row->value.rounding / fabs(base));
    out->error = error * unit;
  } else if (*row->unit == '%' || !isfinite(end)) { /* or a direction in words */
    in_percent(out, turned ? -end : end, row->value.low, row->value.high, row->value.rounding);
    out->error = error;
  } else {
    in_scale(row, out, !(words || turned || end < 0), turned);
    out->error = error;
  }
}

/* ---- who rated ---- */

/* A scale of raters, or how many were found better; randomised trials are taken to have blinded their raters,
   others only where they say so. */
static bool is_hopeful(const struct nw_evidence *row, const struct nw_evidence_mapping *m) {
  const bool rated = m->observable == NW_OBSERVE_SHARE ||
                     (m->observable == NW_OBSERVE_OUTCOME && nw_scale_of((enum nw_outcome)m->key));
  return rated && m->scale == NW_SCALE_IMPROVEMENT && row->level != 1 &&
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
                                      .down = m->scale == NW_SCALE_IMPROVEMENT,
                                      .scatter = m->scale == NW_SCALE_SCATTER,
                                      .hopeful = is_hopeful(row, m)};
  if (out.people == 0) out.people = usual_people;
  out.at_most = nw_words_fit("within|up to|at most|less than", row->unit);
  if (m->observable == NW_OBSERVE_SHARE) {
    read_share(row, &out);
    out.question.form = nw_outcome_rows()[m->key].change == NW_CHANGE_ABSOLUTE && m->high < 10 && m->low > 0
                            ? NW_FORM_CHANGE
                            : NW_FORM_PERCENT;
  } else if (m->observable == NW_OBSERVE_PIH) {
    read_share(row, &out);
  } else if (m->observable == NW_OBSERVE_OUTCOME) {
    read_change(row, m, &out);
  } else {
    read_number(row, &out);
  }
  if (!isfinite(out.half_range)) out.half_range = 0;
  judge(row, m, &out);
  return out;
}

double nw_published_factor(const struct nw_published *p) {
  const bool has_unit = strcmp(p->unit, "%") != 0 && strcmp(p->unit, "1") != 0;
  return has_unit && p->question.observable != NW_OBSERVE_OUTCOME ? 1 / nw_unit_to_si(1, p->unit) : 1;
}
