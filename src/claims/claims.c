/* SPDX-License-Identifier: BSD-3-Clause
   Claims: simulate, gather, judge. */
#include "claims.h"

#include <string.h>

#include "claim_evidence.h"
#include "claim_readers.h"

static const struct nw_claim_row rows[] = {
#define CLAIM(id, theme, text, observable, how, plan, page) {#id, theme, text, observable, how, plan, page},
#include "../../model/claims.def"
#undef CLAIM
};

typedef void (*reader)(const struct nw_scenarios *scenarios, struct nw_prediction *prediction);
static const reader readers[] = {
#define CLAIM(id, ...) nw_claim_read_##id,
#include "../../model/claims.def"
#undef CLAIM
};

/* ---- judging ---- */

static enum nw_status judge(struct nw_context *context, const struct nw_params *p, struct nw_claim *claim) {
  const size_t parts = claim->prediction.n_parts, items = claim->n_evidence;
  enum nw_part_result *part = nw_allocate(parts + 1, sizeof *part);
  struct nw_weighed *item = nw_allocate(items + 1, sizeof *item);
  const bool done = part && item;
  for (size_t i = 0; i < parts && done; i++)
    part[i] = claim->prediction.part[i].result;
  for (size_t i = 0; i < items && done; i++)
    item[i] = (struct nw_weighed){claim->evidence[i].group, claim->evidence[i].stance,
                                  claim->evidence[i].bearing, claim->evidence[i].grade};
  if (done) {
    claim->simulated = nw_verdict_simulated(part, parts);
    claim->weighing = nw_verdict_weigh(item, items, p->claims_mixed);
    claim->verdict = nw_verdict_of(claim->simulated, claim->weighing.published);
  }
  nw_release(part);
  nw_release(item);
  return done ? NW_OK : nw_fail(context, NW_MEMORY, NULL, "no memory to judge a claim");
}

static enum nw_status fill(struct nw_context *context, const struct nw_params *p, const char *own_plan,
                           struct nw_claims *out) {
  for (size_t i = 0; i < out->count; i++) {
    struct nw_claim *claim = &out->item[i];
    claim->row = &rows[i];
    claim->plan = own_plan ? own_plan : rows[i].plan;
    readers[i](&out->scenarios, &claim->prediction);
    if (claim->prediction.failed) return nw_fail(context, NW_MEMORY, NULL, "no memory for a prediction");
    NW_TRY(nw_claim_evidence_gather(context, out->tables, claim));
    NW_TRY(judge(context, p, claim));
  }
  return NW_OK;
}

enum nw_status nw_claims_run(struct nw_context *context, const struct nw_scenario_options *options,
                             struct nw_claims *out) {
  *out = (struct nw_claims){0};
  NW_TRY(nw_scenarios_run(context, options, &out->scenarios));
  const struct nw_params *p = &nw_scenario_variant(&out->scenarios, NW_SCENARIO_standard, 0, 0)->c->params;
  nw_progress_report(context, "evidence", 0, 0);
  NW_TRY(nw_claim_tables_create(context, p, &out->tables));
  out->item = nw_allocate(NW_COUNT(rows), sizeof *out->item);
  if (!out->item) return nw_fail(context, NW_MEMORY, NULL, "no memory for claims");
  out->count = NW_COUNT(rows);
  return fill(context, p, options->plan_path, out);
}

void nw_claims_clear(struct nw_claims *claims) {
  for (size_t i = 0; i < claims->count; i++) {
    nw_release(claims->item[i].prediction.value);
    nw_release(claims->item[i].prediction.part);
    nw_release(claims->item[i].evidence);
  }
  nw_release(claims->item);
  nw_claim_tables_free(&claims->tables);
  nw_scenarios_clear(&claims->scenarios);
  *claims = (struct nw_claims){0};
}

/* ---- words ---- */

const char *nw_stance_name(enum nw_stance stance) {
  return stance == NW_FOR ? "for" : "against";
}

const char *nw_bearing_name(enum nw_bearing bearing) {
  static const char *const name[] = {"direct", "indirect", "context"};
  return name[bearing];
}

static void append_missing(const struct nw_claim *claim, enum nw_part_result result, const char *lead,
                           struct nw_text *text) {
  enum { MOST = 4 };
  size_t n = 0;
  for (size_t i = 0; i < claim->prediction.n_parts; i++) {
    if (claim->prediction.part[i].result != result) continue;
    if (n < MOST) nw_text_append(text, "%s%s", n ? "; " : lead, claim->prediction.part[i].text);
    n++;
  }
  if (n > MOST) nw_text_append(text, "; and %zu more", n - MOST);
  if (n > 0) nw_text_append(text, ".");
}

void nw_claim_words(const struct nw_claim *claim, struct nw_text *text) {
  static const char *const opening[] = {[NW_SUPPORTED] = "It holds",
                                        [NW_PARTLY] = "It promises more than the evidence shows",
                                        [NW_UNPROVEN] = "It promises more than anybody has shown",
                                        [NW_CONTRADICTED] = "It promises what the evidence speaks against"};
  const struct nw_weighing *w = &claim->weighing;
  nw_text_append(text, "%s: %s", opening[claim->verdict], nw_trials_words(w->published));
  if (w->studies_for + w->studies_against > 0)
    nw_text_append(text, " (%zu for, %zu against, best grade %d)", w->studies_for, w->studies_against,
                   w->grade);
  nw_text_append(text, "; %s.", nw_simulated_words(claim->simulated));
  append_missing(claim, NW_PART_OPPOSITE, " The simulation shows the opposite of this: ", text);
  append_missing(claim, NW_PART_FAILS, " Not shown by it: ", text);
}
