/* SPDX-License-Identifier: BSD-3-Clause
   Claims as one JSON document. */
#include "claims_json.h"

#include "json.h"

static void write_reading(struct nw_json *json, const struct nw_claim_value *v) {
  nw_json_object(json, NULL);
  nw_json_text(json, "name", v->name);
  nw_json_number_or_null(json, "value", v->reading.value);
  nw_json_text(json, "unit", v->unit);
  nw_json_interval(json, "interval_mean", v->reading.low, v->reading.high);
  nw_json_end_object(json);
}

static void write_prediction(struct nw_json *json, const struct nw_claim *claim) {
  const struct nw_prediction *p = &claim->prediction;
  nw_json_object(json, "prediction");
  nw_json_text(json, "plan", claim->plan);
  nw_json_text(json, "summary", nw_simulated_words(claim->simulated));
  nw_json_list(json, "values");
  for (size_t i = 0; i < p->n_values; i++)
    write_reading(json, &p->value[i]);
  nw_json_end_list(json);
  nw_json_list(json, "parts");
  for (size_t i = 0; i < p->n_parts; i++) {
    nw_json_object(json, NULL);
    nw_json_text(json, "text", p->part[i].text);
    nw_json_text(json, "result", nw_part_result_name(p->part[i].result));
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
  nw_json_end_object(json);
}

static void write_evidence(struct nw_json *json, const struct nw_claim_evidence *e) {
  static const char *const kind[] = {"trial", "measurement", "number"};
  nw_json_object(json, NULL);
  nw_json_text(json, "id", e->id);
  nw_json_text(json, "kind", kind[e->kind]);
  nw_json_text(json, "study", e->study);
  nw_json_text(json, "reference", e->reference);
  nw_json_text(json, "outcome", e->what);
  nw_json_number_or_null(json, "value", e->value);
  nw_json_text(json, "unit", e->unit);
  nw_json_interval(json, "range", e->low, e->high);
  nw_json_number_or_null(json, "change_pct", e->change_pct);
  nw_json_number_or_null(json, "time_d", e->time_d);
  nw_json_number(json, "predicted", e->predicted);
  nw_json_number(json, "grade", e->grade);
  nw_json_text(json, "bearing", nw_bearing_name(e->bearing));
  nw_json_text(json, "stance", nw_stance_name(e->stance));
  nw_json_text(json, "says", e->reason);
  nw_json_end_object(json);
}

static void write_claim(struct nw_json *json, const struct nw_claim *claim) {
  struct nw_text words = {0};
  nw_claim_words(claim, &words);
  nw_json_object(json, NULL);
  nw_json_text(json, "id", claim->row->id);
  nw_json_text(json, "theme", claim->row->theme);
  nw_json_text(json, "claim", claim->row->text);
  nw_json_text(json, "observable", claim->row->observable);
  nw_json_text(json, "how", claim->row->how);
  write_prediction(json, claim);
  nw_json_list(json, "evidence");
  for (size_t i = 0; i < claim->n_evidence; i++)
    write_evidence(json, &claim->evidence[i]);
  nw_json_end_list(json);
  nw_json_text(json, "trials", nw_trials_words(claim->weighing.published));
  nw_json_number(json, "grade", claim->weighing.grade);
  nw_json_text(json, "verdict", nw_verdict_name(claim->verdict));
  nw_json_text(json, "words", words.data);
  nw_json_text(json, "page", claim->row->page);
  nw_json_end_object(json);
  nw_text_clear(&words);
}

enum nw_status nw_claims_text(struct nw_context *context, const struct nw_claims *claims,
                              struct nw_text *text) {
  struct nw_json json = {.text = text};
  nw_json_list(&json, NULL);
  for (size_t i = 0; i < claims->count; i++)
    write_claim(&json, &claims->item[i]);
  nw_json_end_list(&json);
  nw_text_append(text, "\n");
  return text->failed ? nw_fail(context, NW_MEMORY, NULL, "no memory for the claims as JSON") : NW_OK;
}
