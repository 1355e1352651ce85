/* SPDX-License-Identifier: BSD-3-Clause
   What a line of the evidence is in the model. */
#include "evidence_map.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "outcome/outcome.h"
#include "study/words.h"

enum { NW_OUTCOME__ = -1 }; /* what the table writes where there is no key */

struct map_row {
  const char *outcome, *context;
  struct nw_evidence_mapping mapping;
};

static const struct map_row rows[] = {
#define NOT(outcome_, context_, reason_) {outcome_, context_, {.key = -1, .note = reason_}},
#define MAP(outcome_, context_, observable_, key_, scale_, low_, high_, note_) \
  {outcome_,                                                                   \
   context_,                                                                   \
   {.mapped = true,                                                            \
    .observable = NW_OBSERVE_##observable_,                                    \
    .key = NW_OUTCOME_##key_,                                                  \
    .scale = NW_SCALE_##scale_,                                                \
    .low = low_,                                                               \
    .high = high_,                                                             \
    .note = note_}},
#include "../../model/evidence_map.def"
};

static const struct {
  const char *outcome;
  double low, high;
  const char *note;
} bands[] = {
#define BAND(outcome_, low_, high_, note_) {outcome_, low_, high_, note_},
#include "../../model/evidence_map.def"
};

void nw_evidence_context(const struct nw_evidence *row, struct nw_text *out) {
  nw_text_append(out, "%s; %s; %s; %s", row->study, row->population, row->site, row->outcome);
}

/* ---- who counts as a responder ---- */

static bool begins_number(const char *text, const char *at) {
  return isdigit((unsigned char)*at) && (at == text || (!isdigit((unsigned char)at[-1]) && at[-1] != '.'));
}

/* Words right before a number, or right behind its percent sign. */
static bool stands_before(const char *text, const char *at, const char *pattern) {
  char before[16];
  const size_t n = (size_t)(at - text) < sizeof before - 1 ? (size_t)(at - text) : sizeof before - 1;
  memcpy(before, at - n, n);
  before[n] = '\0';
  return nw_words_fit(pattern, before);
}

/* Everybody up to a limit, those who got worse with them. */
static const double nobody_lower = -100;

/* Quarters are printed as 0-25, 26-50, 51-75: a gap between two of them is none. */
static void between(double low, double high, struct nw_evidence_mapping *m) {
  m->low = low == 0 ? nobody_lower : fmod(low, 5) == 1 ? low - 1 : low;
  m->high = fmod(high, 5) == 4 ? high + 1 : high;
  m->note = "the share of people within these percents";
}

/* "51-75%", ">=50%", "50% or more", "<25%" in an outcome; false without one. */
static bool band_in_percent(const char *text, struct nw_evidence_mapping *m) {
  for (const char *at = text; *at; at++) {
    if (!begins_number(text, at)) continue;
    const struct nw_evidence_number n = nw_evidence_number(at);
    const char *behind = nw_evidence_behind(at);
    if (*behind != '%') continue;
    if (n.high > n.low) {
      between(n.low, n.high, m);
      return true;
    }
    const bool least = stands_before(text, at, ">|\xe2\x89\xa5|at least|more than|over|above");
    const bool more =
        nw_words_fit("or more|or greater|or better|or higher|and more", behind) || behind[1] == '+';
    const bool most = stands_before(text, at, "<|\xe2\x89\xa4|less than|up to|under|below");
    if (!least && !more && !most) continue;
    m->low = most ? nobody_lower : n.value;
    m->high = most ? n.value : 100; /* math: all that there is */
    m->note = most ? "the share of people below that" : "the share of people beyond that";
    return true;
  }
  return false;
}

static void find_band(const struct nw_evidence *row, struct nw_evidence_mapping *m) {
  if (band_in_percent(row->outcome, m)) return;
  for (size_t i = 0; i < NW_COUNT(bands); i++) {
    if (!nw_words_fit(bands[i].outcome, row->outcome)) continue;
    m->low = bands[i].low, m->high = bands[i].high, m->note = bands[i].note;
    return;
  }
}

/* "improvement by 2 grades", "1-2 grades", ">=2-grade": so many are wanted of a responder. */
static void find_grades(const struct nw_evidence *row, struct nw_evidence_mapping *m) {
  for (const char *at = row->outcome; *at; at++) {
    if (!begins_number(row->outcome, at)) continue;
    const char *behind = nw_evidence_behind(at);
    const char *word = behind + (*behind == '-');
    const bool grades = !strncasecmp(word, "grade", 5) || !strncasecmp(word, "or more grade", 13);
    if (!grades) continue;
    if (nw_evidence_number(at).low > 1)
      m->low = nw_evidence_number(at).low, m->note = "so many grades less or better";
    return;
  }
}

/* "6/30" patients, but not a pain of "5/10". */
static bool is_part(const struct nw_evidence *row) {
  double some, all;
  if (!nw_evidence_part(row->value_text, &some, &all)) return false;
  return !(all == 10 && nw_words_fit("vas|nrs|pain|score|scale", row->outcome));
}

/* Counted are people where the value is a part, or its unit or the limits in the outcome say so. */
static bool is_counted(const struct nw_evidence *row) {
  struct nw_evidence_mapping limits;
  return is_part(row) || nw_words_fit("n (%|n(%|no. (%|number (%", row->unit) ||
         band_in_percent(row->outcome, &limits);
}

/* Whether the number is of people: by its unit, by the outcome, or as "6/30". */
static bool counts_people(const struct nw_evidence *row) {
  const char *people = "patients|subjects|participants|volunteers|women|men|people|sides|cases";
  const char *heads =
      "patients with|subjects with|participants with|share of|proportion of|percentage of patients|"
      "number of patients|incidence|frequency|prevalence";
  return nw_words_fit(people, row->unit) || nw_words_fit(heads, row->outcome) || is_part(row);
}

/* ---- the map ---- */

static const char nothing[] = "no line of the table of outcomes fits";

static struct nw_evidence_mapping first_row(const struct nw_evidence *row) {
  struct nw_evidence_mapping result = {.key = -1, .note = nothing};
  struct nw_text outcome = {0}, context = {0};
  nw_text_append(&outcome, "%s [%s]%s", row->outcome, row->unit, is_counted(row) ? " [patients]" : "");
  nw_evidence_context(row, &context);
  for (size_t i = 0; i < NW_COUNT(rows) && !outcome.failed && !context.failed; i++) {
    if (!nw_words_fit(rows[i].outcome, outcome.data) || !nw_words_fit(rows[i].context, context.data))
      continue;
    result = rows[i].mapping;
    break;
  }
  nw_text_clear(&outcome);
  nw_text_clear(&context);
  return result;
}

struct nw_evidence_mapping nw_evidence_map(const struct nw_evidence *row) {
  struct nw_evidence_mapping m = first_row(row);
  const bool counted = m.observable == NW_OBSERVE_SHARE || m.observable == NW_OBSERVE_PIH;
  if ((m.mapped ? !counted : strcmp(m.note, nothing) == 0) && counts_people(row))
    return (struct nw_evidence_mapping){.key = -1, .note = "how many people had it, not how much"};
  if (m.mapped && m.observable == NW_OBSERVE_SHARE && m.scale == NW_SCALE_IMPROVEMENT && m.low == 0 &&
      m.high == 0)
    find_band(row, &m);
  if (m.mapped && m.observable == NW_OBSERVE_SHARE && m.low == 1) find_grades(row, &m);
  return m;
}

bool nw_evidence_less_is_better(const struct nw_evidence_mapping *m) {
  return m->scale == NW_SCALE_IMPROVEMENT || m->scale == NW_SCALE_RELATIVE;
}

const char *nw_evidence_quantity(const struct nw_evidence_mapping *m) {
  if (!m->mapped) return "";
  return m->key >= 0 ? nw_outcome_rows()[m->key].key : nw_observable_name(m->observable);
}
