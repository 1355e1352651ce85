/* SPDX-License-Identifier: BSD-3-Clause
   `needlework validate`: predictions beside published values, as a table; exit code 1 when a suite's
   stated goal is missed. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "plan/plan.h"
#include "program.h"
#include "validation/validate.h"
#include "validate_trials.h"

/* One suite's outcome. */
struct verdict {
  const struct nw_suite *suite;
  struct nw_validation list;
  bool met;
};

/* ---- what to run ---- */

/* Parameters with every --set model.KEY=VALUE laid over them, read as a plan reads them. */
static enum nw_status read_parameters(struct nw_context *context, const struct arguments *arguments,
                                      struct nw_params *p) {
  static const char text[] = "device: {kind: none}\n";
  struct nw_plan *plan = NULL;
  struct nw_case *c = NULL;
  for (size_t i = 0; i < arguments->n_set; i++)
    if (strncmp(arguments->set[i], "model.", 6) != 0)
      return nw_fail(context, NW_USAGE, "--set",
                     "%s: a suite brings its own conditions; only model.KEY can be set", arguments->set[i]);
  NW_TRY(nw_plan_parse(context, "needlework validate", text, sizeof text - 1, &plan));
  enum nw_status status = NW_OK;
  for (size_t i = 0; i < arguments->n_set; i++) {
    const enum nw_status one = nw_plan_override(context, plan, arguments->set[i]);
    if (one != NW_OK) status = one; /* go on: all mistakes at once */
  }
  const enum nw_status compiled = nw_case_create(context, plan, &c);
  if (status == NW_OK) status = compiled;
  if (status == NW_OK) *p = c->params;
  nw_case_free(&c);
  nw_plan_free(&plan);
  return status;
}

static enum nw_status unknown_suite(struct nw_context *context, const char *name) {
  const char *known[32] = {NULL};
  struct nw_text list = {0};
  for (size_t i = 0; i < nw_suite_count() && i + 1 < NW_COUNT(known); i++) {
    known[i] = nw_suite_at(i)->name;
    nw_text_append(&list, "%s%s", i ? ", " : "", known[i]);
  }
  const char *near = nearest_word(name, known);
  const enum nw_status status =
      nw_fail(context, NW_USAGE, NULL, "no suite '%s'%s%s%s; suites: %s; or a table DATA.csv", name,
              near ? "; did you mean " : "", near ? near : "", near ? "?" : "", list.data);
  nw_text_clear(&list);
  return status;
}

static bool is_table(const char *name) {
  const size_t length = strlen(name);
  return length > 4 && !strcasecmp(name + length - 4, ".csv");
}

/* A table of the user's own, held against the suite that its columns belong to. */
static enum nw_status run_table(struct nw_context *context, const char *path, const struct nw_params *p,
                                struct verdict *v, size_t *count) {
  struct nw_csv csv;
  NW_TRY(nw_csv_read(context, path, &csv));
  const enum nw_status status = nw_validation_table(context, &csv, p, &v->suite, &v->list);
  if (status == NW_OK) v->met = nw_validation_met(v->suite, &v->list);
  *count = v->suite != NULL;
  return status;
}

/* The suite that is named, or all. */
static enum nw_status run_suites(struct nw_context *context, const struct arguments *arguments,
                                 struct answer_place *place, struct verdict *verdict, size_t *count) {
  const char *name = arguments->n_positional ? arguments->positional[0] : NULL;
  struct nw_params p;
  if (name && !is_table(name) && !nw_suite_find(name)) return unknown_suite(context, name);
  NW_TRY(read_parameters(context, arguments, &p));
  NW_TRY(answer_prepare(context, arguments, place));
  if (name && is_table(name)) return run_table(context, name, &p, verdict, count);
  for (size_t i = 0; i < nw_suite_count(); i++) {
    const struct nw_suite *suite = nw_suite_at(i);
    if (name && strcmp(name, suite->name) != 0) continue;
    struct verdict *v = &verdict[(*count)++];
    v->suite = suite;
    NW_TRY(nw_validation_run(context, suite, &p, &v->list));
    v->met = nw_validation_met(suite, &v->list);
  }
  return NW_OK;
}

/* ---- as text ---- */

/* What was fitted to the suite's cases, with its 90 % intervals. */
static void fitted_text(const struct nw_suite *suite, struct nw_text *out) {
  const struct nw_param_row *row;
  for (size_t i = 0; (row = nw_suite_fitted(suite, i)); i++)
    nw_text_append(out, "%s  %s = %.4g %s, 90 %% interval [%.4g, %.4g]\n",
                   i ? "" : "Fitted to these cases (defaults):\n", row->key, row->value, row->unit, row->low,
                   row->high);
}

static void write_head(const struct verdict *v, struct nw_text *out) {
  nw_text_append(out, "%s: %s\n\n", v->suite->name, v->suite->about);
  if (v->list.count > 0)
    nw_text_append(out, "  %-5s %-58s %-7s %9s %9s  %-17s %5s  %-7s  %s\n", "id", "quantity", "unit",
                   "published", "predicted", "interval", "score", "",
                   v->list.clinical ? "read as, source" : "source");
}

/* What a line of a trial was taken for, and when it was read; without a day at the end of the course. */
static void write_reading(const struct nw_clinical_row *trial, struct nw_text *out) {
  nw_text_append(out, "%s", nw_evidence_quantity(&trial->mapping));
  if (trial->mapping.observable == NW_OBSERVE_SHARE) nw_text_append(out, " of persons");
  if (!nw_observable_is_timed(trial->mapping.observable)) {
    nw_text_append(out, ", ");
  } else if (isfinite(trial->evidence->time)) {
    nw_text_append(out, " on day %g, ", trial->evidence->time);
  } else {
    nw_text_append(out, " after the course (no day told), ");
  }
}

static void write_table(const struct verdict *v, struct nw_text *out) {
  write_head(v, out);
  for (size_t i = 0; i < v->list.count; i++) {
    const struct nw_validation_case *c = &v->list.item[i];
    char interval[48];
    snprintf(interval, sizeof interval, "[%.4g, %.4g]", c->low, c->high);
    nw_text_append(out, "  %-5s ", c->id);
    text_cell(out, c->quantity, 58);
    nw_text_append(out, " %-7s %9.4g %9.4g  %-17s %5.2f  %-7s  ", strcmp(c->unit, "1") ? c->unit : "-",
                   c->published, c->predicted, interval, c->score, c->inside ? "inside" : "OUTSIDE");
    if (c->trial) write_reading(c->trial, out);
    nw_text_append(out, "%s%s%s\n", c->source, *c->note ? ": " : "", c->note);
  }
  if (v->list.clinical) {
    trials_text(v->list.clinical, out);
    return;
  }
  if (v->list.n_left > 0) nw_text_append(out, "\nNo prediction:\n");
  for (size_t i = 0; i < v->list.n_left; i++)
    nw_text_append(out, "  %-8s %s: %s\n", v->list.left[i].id, v->list.left[i].quantity,
                   v->list.left[i].reason);
  nw_text_append(
      out,
      "\n%s: %zu of %zu cases inside; goal %s: %s.\n"
      "A score is the distance from the middle of the interval over its half width: up to 1 is inside.\n",
      v->suite->name, v->list.inside, v->list.count, v->met ? "met" : "MISSED", v->suite->goal);
  fitted_text(v->suite, out);
}

/* ---- as JSON ---- */

static void write_case(const struct nw_validation_case *c, const struct nw_clinical *trials, bool first,
                       struct nw_text *out) {
  const struct {
    const char *name, *text;
  } words[] = {{"suite", c->suite}, {"id", c->id},         {"quantity", c->quantity},
               {"unit", c->unit},   {"source", c->source}, {"note", c->note}};
  nw_text_append(out, "%s", first ? "\n  {" : ",\n  {");
  for (size_t i = 0; i < NW_COUNT(words); i++) {
    nw_text_append(out, "%s\"%s\": ", i ? ", " : "", words[i].name);
    json_text(out, words[i].text);
  }
  nw_text_append(out, ", \"published\": ");
  json_number(out, c->published);
  nw_text_append(out, ", \"predicted\": ");
  json_number(out, c->predicted);
  nw_text_append(out, ", \"interval\": [");
  json_number(out, c->low);
  nw_text_append(out, ", ");
  json_number(out, c->high);
  nw_text_append(out, "], \"inside\": %s, \"score\": ", c->inside ? "true" : "false");
  json_number(out, c->score);
  if (c->trial) trials_case_json(trials, c->trial, out);
  nw_text_append(out, "}");
}

static void write_left(const struct nw_validation *list, struct nw_text *out) {
  nw_text_append(out, ", \"not_scored\": [");
  for (size_t i = 0; i < list->n_left; i++) {
    nw_text_append(out, "%s\n  {\"id\": ", i ? "," : "");
    json_text(out, list->left[i].id);
    nw_text_append(out, ", \"quantity\": ");
    json_text(out, list->left[i].quantity);
    nw_text_append(out, ", \"source\": ");
    json_text(out, list->left[i].source);
    nw_text_append(out, ", \"reason\": ");
    json_text(out, list->left[i].reason);
    nw_text_append(out, "}");
  }
  nw_text_append(out, "]");
}

static void fitted_json(const struct nw_suite *suite, struct nw_text *out) {
  const struct nw_param_row *row;
  for (size_t i = 0; (row = nw_suite_fitted(suite, i)); i++) {
    nw_text_append(out, "%s{\"key\": \"%s\", \"unit\": \"%s\", \"value\": ", i ? ", " : ", \"fitted\": [",
                   row->key, row->unit);
    json_number(out, row->value);
    nw_text_append(out, ", \"interval\": [");
    json_number(out, row->low);
    nw_text_append(out, ", ");
    json_number(out, row->high);
    nw_text_append(out, "]}");
  }
  if (nw_suite_fitted(suite, 0)) nw_text_append(out, "]");
}

static void write_summary(const struct verdict *verdict, size_t count, struct nw_text *out) {
  size_t cases = 0, inside = 0;
  bool met = true;
  for (size_t i = 0; i < count; i++) {
    cases += verdict[i].list.count;
    inside += verdict[i].list.inside;
    met = met && verdict[i].met;
  }
  nw_text_append(out, "{\"cases\": %zu, \"inside\": %zu, \"met\": %s, \"suites\": [", cases, inside,
                 met ? "true" : "false");
  for (size_t i = 0; i < count; i++) {
    nw_text_append(out, "%s{\"suite\": \"%s\", \"cases\": %zu, \"inside\": %zu, \"wanted\": ", i ? ", " : "",
                   verdict[i].suite->name, verdict[i].list.count, verdict[i].list.inside);
    json_number(out, verdict[i].suite->wanted);
    nw_text_append(out, ", \"goal\": ");
    json_text(out, verdict[i].suite->goal);
    nw_text_append(out, ", \"met\": %s", verdict[i].met ? "true" : "false");
    if (verdict[i].list.clinical) trials_json(verdict[i].list.clinical, out);
    if (verdict[i].list.n_left > 0) write_left(&verdict[i].list, out);
    fitted_json(verdict[i].suite, out);
    nw_text_append(out, "}");
  }
  nw_text_append(out, "]}");
}

static void write_json(const struct arguments *arguments, const struct verdict *verdict, size_t count,
                       struct nw_text *out) {
  bool first = true;
  nw_text_append(out, "{\"suite\": ");
  const char *named = arguments->n_positional ? arguments->positional[0] : "all";
  json_text(out, is_table(named) && count > 0 ? verdict[0].suite->name : named);
  nw_text_append(out, ", \"cases\": [");
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < verdict[i].list.count; k++, first = false)
      write_case(&verdict[i].list.item[k], verdict[i].list.clinical, first, out);
  nw_text_append(out, "],\n\"summary\": ");
  write_summary(verdict, count, out);
  nw_text_append(out, "}\n");
}

/* ---- the command ---- */

static enum nw_status work(struct nw_context *context, const struct arguments *arguments,
                           struct answer_place *place, struct verdict *verdict, size_t *count) {
  catch_interruption(context);
  progress_begin(context, arguments->quiet);
  const enum nw_status status = run_suites(context, arguments, place, verdict, count);
  progress_end(context);
  release_interruption();
  return status;
}

/* The document goes to the folder of -o; on the screen it stands under --json, else the tables do. */
static enum nw_status answer(struct nw_context *context, const struct arguments *arguments,
                             const struct verdict *verdict, size_t count) {
  struct nw_text document = {0}, tables = {0};
  write_json(arguments, verdict, count, &document);
  for (size_t i = 0; i < count; i++)
    write_table(&verdict[i], &tables);
  enum nw_status status = answer_keep(context, arguments, "validate.json", &document);
  if (status == NW_OK) status = print_result(arguments->json ? &document : &tables);
  for (size_t i = 0; i < count && status == NW_OK; i++)
    if (!verdict[i].met) status = NW_REFUSED;
  nw_text_clear(&document);
  nw_text_clear(&tables);
  return status;
}

static enum nw_status validate(struct nw_context *context, const struct arguments *arguments) {
  struct verdict *verdict = nw_allocate(nw_suite_count(), sizeof *verdict);
  size_t count = 0;
  if (!verdict) return nw_fail(context, NW_MEMORY, NULL, "out of memory for the suites");
  struct answer_place place = {-1, false};
  enum nw_status status = work(context, arguments, &place, verdict, &count);
  if (status == NW_OK) status = answer(context, arguments, verdict, count);
  answer_release(arguments, &place);
  for (size_t i = 0; i < count; i++)
    nw_validation_clear(&verdict[i].list);
  nw_release(verdict);
  return status;
}

enum nw_status command_validate(const struct arguments *arguments) {
  struct nw_context *context = nw_context_create();
  if (!context) return NW_MEMORY;
  nw_context_threads(context, arguments->threads ? arguments->threads : core_count());
  const enum nw_status status = validate(context, arguments);
  print_messages(context, 0, !arguments->quiet);
  if (status == NW_INTERRUPTED) print_interrupted();
  if (status != NW_OK && status != NW_REFUSED && arguments->json) print_failure(context, status);
  nw_context_free(&context);
  return status;
}
