/* SPDX-License-Identifier: BSD-3-Clause
   What a line of the evidence is in the model. */
#include "evidence_map.h"

#include <string.h>

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

void nw_evidence_context(const struct nw_evidence *row, struct nw_text *out) {
  nw_text_append(out, "%s; %s; %s; %s", row->study, row->population, row->site, row->outcome);
}

struct nw_evidence_mapping nw_evidence_map(const struct nw_evidence *row) {
  struct nw_evidence_mapping result = {.key = -1, .note = "no line of the table of outcomes fits"};
  struct nw_text outcome = {0}, context = {0};
  nw_text_append(&outcome, "%s [%s]", row->outcome, row->unit);
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

bool nw_evidence_less_is_better(const struct nw_evidence_mapping *m) {
  return m->scale == NW_SCALE_IMPROVEMENT || m->scale == NW_SCALE_RELATIVE;
}

const char *nw_evidence_quantity(const struct nw_evidence_mapping *m) {
  if (!m->mapped) return "";
  return m->key >= 0 ? nw_outcome_rows()[m->key].key : nw_observable_name(m->observable);
}
