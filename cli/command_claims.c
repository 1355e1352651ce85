/* SPDX-License-Identifier: BSD-3-Clause
   `needlework claims`: what is claimed for microneedling, what the simulation shows, what trials show, and a
   verdict. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "io/claims_json.h"
#include "program.h"
#include "claims/claims.h"

/* Members of each ensemble. */
enum { MEMBERS = 16 };

/* ---- as text ---- */

static void write_table(const struct nw_claims *claims, struct nw_text *out) {
  size_t count[NW_CONTRADICTED + 1] = {0};
  nw_text_append(out, "%-4s %-12s %5s  %s\n", "id", "verdict", "grade", "claim");
  for (size_t i = 0; i < claims->count; i++) {
    const struct nw_claim *c = &claims->item[i];
    count[c->verdict]++;
    nw_text_append(out, "%-4s %-12s %5d  %s\n", c->row->id, nw_verdict_name(c->verdict), c->weighing.grade,
                   c->row->text);
  }
  nw_text_append(out, "\n%zu claims:", claims->count);
  for (enum nw_verdict v = NW_SUPPORTED; v <= NW_CONTRADICTED; v++)
    nw_text_append(out, "%s %zu %s", v ? "," : "", count[v], nw_verdict_name(v));
  nw_text_append(out,
                 ". Grade: of the best direct study; 1 randomised, 2 controlled, 3 series, 4 animal, 5 in "
                 "vitro or none.\n");
}

/* Three digits that count, without powers of ten up to a million. */
static void write_number(double value, struct nw_text *out) {
  const bool plain = fabs(value) >= 1000 && fabs(value) < 1e6;
  nw_text_append(out, plain ? "%.0f" : "%.3g", nw_number_round(value, 3));
}

static void write_value(const struct nw_claim_value *v, struct nw_text *out) {
  const bool plain = v->unit[0] == '1' && v->unit[1] == '\0';
  if (!isfinite(v->reading.value)) return;
  nw_text_append(out, "      %s: ", v->name);
  write_number(v->reading.value, out);
  nw_text_append(out, "%s%s", plain ? "" : " ", plain ? "" : v->unit);
  if (isfinite(v->reading.low)) {
    nw_text_append(out, " [");
    write_number(v->reading.low, out);
    nw_text_append(out, ", ");
    write_number(v->reading.high, out);
    nw_text_append(out, "]");
  }
  nw_text_append(out, "\n");
}

static void write_evidence(const struct nw_claim_evidence *e, struct nw_text *out) {
  if (e->bearing == NW_CONTEXT) return;
  nw_text_append(out, "      %-8s %-8s grade %d  %s: %s", nw_stance_name(e->stance),
                 nw_bearing_name(e->bearing), e->grade, e->study, e->reason);
  if (isfinite(e->change_pct)) {
    nw_text_append(out, " (%s, %+.3g %%)", e->what, e->change_pct);
  } else if (isfinite(e->value)) {
    nw_text_append(out, " (%s, %.4g %s)", e->what, e->value, e->unit);
  }
  nw_text_append(out, "\n");
}

static void write_claim(const struct nw_claim *c, struct nw_text *out) {
  nw_text_append(out, "\n%s  %s\n    %s, grade %d. ", c->row->id, c->row->text, nw_verdict_name(c->verdict),
                 c->weighing.grade);
  nw_claim_words(c, out);
  nw_text_append(out, "\n    Simulated (%s): %s.\n", c->plan, c->row->how);
  for (size_t i = 0; i < c->prediction.n_values; i++)
    write_value(&c->prediction.value[i], out);
  for (size_t i = 0; i < c->prediction.n_parts; i++)
    nw_text_append(out, "      %s: %s\n", nw_part_result_name(c->prediction.part[i].result),
                   c->prediction.part[i].text);
  nw_text_append(out, "    Published:%s\n", c->n_evidence ? "" : " no trial.");
  for (size_t i = 0; i < c->n_evidence; i++)
    write_evidence(&c->evidence[i], out);
}

static void write_text(const struct nw_claims *claims, struct nw_text *out) {
  write_table(claims, out);
  for (size_t i = 0; i < claims->count; i++)
    write_claim(&claims->item[i], out);
  nw_text_append(
      out,
      "\nValues in brackets: 90 %% interval of a population mean, on the cheap grid. For research, "
      "design and teaching; no medical advice.\n");
}

/* ---- the command ---- */

/* The document goes to the folder of -o; on the screen it stands under --json, else the text does. */
static enum nw_status answer(struct nw_context *context, const struct arguments *arguments,
                             const struct nw_claims *claims, struct nw_text *out) {
  struct nw_text document = {0};
  enum nw_status status = nw_claims_text(context, claims, &document);
  if (status == NW_OK) status = answer_keep(context, arguments, "claims.json", &document);
  if (status == NW_OK && arguments->json) {
    nw_text_append(out, "%s", document.data);
  } else if (status == NW_OK) {
    write_text(claims, out);
  }
  nw_text_clear(&document);
  return status;
}

static enum nw_status judge(struct nw_context *context, const struct arguments *arguments,
                            struct nw_text *out) {
  const struct nw_scenario_options options = {
      .plan_path = arguments->n_positional ? arguments->positional[0] : NULL,
      .set = arguments->set,
      .n_set = arguments->n_set,
      .farthest = NW_REACH_INTERVALS,
      .members = MEMBERS};
  struct nw_claims claims = {0};
  struct answer_place place;
  enum nw_status status = answer_prepare(context, arguments, &place);
  progress_begin(context, arguments->quiet);
  catch_interruption(context);
  if (status == NW_OK) status = nw_claims_run(context, &options, &claims);
  release_interruption();
  progress_end(context);
  if (status == NW_OK) status = answer(context, arguments, &claims, out);
  answer_release(arguments, &place);
  nw_claims_clear(&claims);
  return status;
}

enum nw_status command_claims(const struct arguments *arguments) {
  struct nw_context *context = nw_context_create();
  struct nw_text out = {0};
  if (!context) return NW_MEMORY;
  nw_context_threads(context, arguments->threads ? arguments->threads : core_count());
  enum nw_status status = judge(context, arguments, &out);
  print_messages(context, 0, !arguments->quiet);
  if (status == NW_INTERRUPTED) print_interrupted();
  if (status != NW_OK && arguments->json) print_failure(context, status);
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  nw_context_free(&context);
  return status;
}
