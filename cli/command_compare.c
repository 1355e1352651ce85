/* SPDX-License-Identifier: BSD-3-Clause
   `needlework compare`: the same skin under other treatments, side by side. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "comparison_run.h"
#include "plan/plan.h"
#include "program.h"

enum { MOST_TREATMENTS = 16 };

/* ---- what is compared ---- */

static enum nw_status unknown_treatment(struct nw_context *context, const char *word) {
  const char *known[MOST_TREATMENTS + 1] = {NULL};
  struct nw_text list = {0};
  size_t n = 0;
  for (const struct nw_treatment *t = nw_treatments(); t->word && n < MOST_TREATMENTS; t++) {
    nw_text_append(&list, "%s%s", n ? ", " : "", t->word);
    known[n++] = t->word;
  }
  const char *near = nearest_word(word, known);
  const enum nw_status status =
      nw_fail(context, NW_USAGE, "--with", "no treatment '%.60s'%s%s%s; treatments: %s", word,
              near ? "; did you mean " : "", near ? near : "", near ? "?" : "", list.data ? list.data : "");
  nw_text_clear(&list);
  return status;
}

/* Treatments of "laser,peel,none", each once, in this order. */
static enum nw_status read_treatments(struct nw_context *context, const char *words,
                                      const struct nw_treatment *treatment[MOST_TREATMENTS], size_t *count) {
  enum nw_status status = NW_OK;
  while (*words) {
    const size_t length = strcspn(words, ",");
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)length, words);
    const struct nw_treatment *found = nw_treatment_find(word);
    bool again = false;
    for (size_t i = 0; i < *count; i++)
      again |= treatment[i] == found;
    if (!found)
      status = unknown_treatment(context, word); /* go on: all mistakes at once */
    else if (!again && *count < MOST_TREATMENTS)
      treatment[(*count)++] = found;
    words += length + (words[length] == ',');
  }
  return status;
}

/* Messages without a place in a file say which treatment they are about. */
static void name_messages(struct nw_context *context, size_t from, const char *word) {
  for (size_t i = from; i < context->n_diagnostics; i++)
    if (!context->diagnostics[i].file) context->diagnostics[i].file = nw_string_copy(word);
}

/* The plan with the command line over it and, unless NULL, another treatment in it. */
static enum nw_status load(struct nw_context *context, const struct arguments *arguments, const char *path,
                           const struct nw_case *planned, const struct nw_treatment *treatment,
                           struct nw_case **out) {
  struct nw_plan *plan = NULL;
  NW_TRY(nw_plan_read(context, path, &plan));
  enum nw_status status = NW_OK;
  for (size_t i = 0; i < arguments->n_set; i++) {
    const enum nw_status one = nw_plan_override(context, plan, arguments->set[i]);
    if (one != NW_OK) status = one;
  }
  if (treatment && status == NW_OK) status = nw_treatment_apply(context, plan, planned, treatment);
  const enum nw_status compiled = nw_case_create(context, plan, out);
  if (status == NW_OK) status = compiled;
  nw_plan_free(&plan);
  return status;
}

static enum nw_status check_plan(struct nw_context *context, const char *path, const struct nw_case *c) {
  if (!c->experiment.present) return NW_OK;
  return nw_fail(context, NW_BAD_PLAN, "experiment",
                 "%s: a permeation experiment has no course to compare; run it by itself", path);
}

/* The file's name without folder and ending. */
static void plan_name(const char *path, struct nw_text *name) {
  const char *slash = strrchr(path, '/');
  default_folder(slash ? slash + 1 : path, "", name);
  if (!name->failed && name->length == 0) nw_text_append(name, "plan");
}

static enum nw_status add_treatment(struct nw_context *context, const struct arguments *arguments,
                                    const char *path, const struct nw_case *planned, const char *plan,
                                    const struct nw_treatment *treatment, struct nw_comparison *comparison) {
  struct nw_text name = {0};
  struct nw_case *c = NULL;
  const size_t before = context->n_diagnostics;
  enum nw_status status = load(context, arguments, path, planned, treatment, &c);
  name_messages(context, before, treatment->word);
  if (arguments->n_positional > 1) nw_text_append(&name, "%s-", plan);
  nw_text_append(&name, "%s", treatment->word);
  if (status == NW_OK && name.failed) status = nw_fail(context, NW_MEMORY, NULL, "out of memory");
  if (status == NW_OK)
    status = nw_comparison_add(context, comparison, name.data, treatment->name, treatment, &c);
  nw_case_free(&c);
  nw_text_clear(&name);
  return status;
}

static enum nw_status add_plan(struct nw_context *context, const struct arguments *arguments, size_t index,
                               const struct nw_treatment *const *treatment, size_t count,
                               struct nw_comparison *comparison) {
  const char *path = arguments->positional[index];
  struct nw_text name = {0};
  struct nw_case *c = NULL;
  NW_TRY(load(context, arguments, path, NULL, NULL, &c));
  enum nw_status status = check_plan(context, path, c);
  plan_name(path, &name);
  if (status == NW_OK && name.failed) status = nw_fail(context, NW_MEMORY, NULL, "out of memory");
  const struct nw_case *planned = c;
  const char *label = arguments->n_positional > 1 ? c->title : nw_device_kind_word(c->device.kind);
  if (status == NW_OK) status = nw_comparison_add(context, comparison, name.data, label, NULL, &c);
  for (size_t i = 0; i < count && status == NW_OK; i++)
    status = add_treatment(context, arguments, path, planned, name.data, treatment[i], comparison);
  nw_case_free(&c);
  nw_text_clear(&name);
  return status;
}

static enum nw_status gather(struct nw_context *context, const struct arguments *arguments,
                             struct nw_comparison *comparison) {
  const struct nw_treatment *treatment[MOST_TREATMENTS];
  size_t count = 0;
  const char *usual = arguments->n_positional > 1 ? "" : "laser,peel,none";
  enum nw_status status =
      read_treatments(context, arguments->with ? arguments->with : usual, treatment, &count);
  for (size_t i = 0; i < arguments->n_positional; i++) {
    const enum nw_status one =
        add_plan(context, arguments, i, treatment, status == NW_OK ? count : 0, comparison);
    if (one != NW_OK) status = one; /* go on: all mistakes at once */
  }
  return status;
}

/* ---- the command ---- */

static enum nw_status show(struct nw_context *context, const struct arguments *arguments,
                           const struct nw_comparison *comparison, const char *folder) {
  struct nw_text out = {0};
  enum nw_status status = NW_OK;
  if (arguments->json) {
    status = nw_comparison_json(context, comparison, &out);
    nw_text_append(&out, "\n");
  } else if (!arguments->quiet) {
    nw_comparison_text(comparison, &out);
    nw_text_append(&out, "%s/compare.html\n", folder);
  }
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  return status;
}

static enum nw_status compare(struct nw_context *context, const struct arguments *arguments,
                              struct nw_comparison *comparison) {
  struct nw_text folder = {0};
  if (!arguments->folder) default_folder(arguments->positional[0], ".compare", &folder);
  const struct nw_comparison_options options = {.folder = arguments->folder ? arguments->folder : folder.data,
                                                .resume = arguments->resume,
                                                .force = arguments->force,
                                                .single_precision = !arguments->double_precision};
  enum nw_status status = gather(context, arguments, comparison);
  if (status == NW_OK) {
    catch_interruption(context);
    progress_begin(context, arguments->quiet);
    status = nw_comparison_run(context, comparison, &options);
    progress_end(context);
    release_interruption();
  }
  if (status == NW_OK) status = show(context, arguments, comparison, options.folder);
  nw_text_clear(&folder);
  return status;
}

static enum nw_status compare_plans(struct nw_context *context, const struct arguments *arguments) {
  struct nw_comparison comparison = {0};
  const enum nw_status status = compare(context, arguments, &comparison);
  nw_comparison_clear(&comparison);
  return status;
}

enum nw_status command_compare(const struct arguments *arguments) {
  return compute(arguments, compare_plans);
}
