/* SPDX-License-Identifier: BSD-3-Clause
   A comparison: the line run for several treatments of the same skin. */
#include "comparison_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "line_run.h"

/* ---- arms ---- */

static bool is_taken(const struct nw_comparison *comparison, const char *name) {
  for (size_t i = 0; i < comparison->n_arms; i++)
    if (!strcmp(comparison->arm[i].name, name)) return true;
  return false;
}

/* The name, with a number behind it where an arm has it already. */
static char *free_name(const struct nw_comparison *comparison, const char *name) {
  struct nw_text text = {0};
  nw_text_append(&text, "%s", name);
  for (int i = 2; !text.failed && is_taken(comparison, text.data); i++) {
    nw_text_clear(&text);
    nw_text_append(&text, "%s-%d", name, i);
  }
  return text.failed ? NULL : text.data;
}

enum nw_status nw_comparison_add(struct nw_context *context, struct nw_comparison *comparison,
                                 const char *name, const char *label, const struct nw_treatment *treatment,
                                 struct nw_case **c) {
  char *own = free_name(comparison, name);
  if (!own ||
      !nw_grow(&comparison->arm, &comparison->capacity, comparison->n_arms + 1, sizeof *comparison->arm)) {
    nw_release(own);
    nw_case_free(c);
    return nw_fail(context, NW_MEMORY, NULL, "out of memory");
  }
  if (!treatment) comparison->n_plans++;
  comparison->arm[comparison->n_arms++] = (struct nw_comparison_arm){
      .name = own, .label = label, .treatment = treatment, .plan = comparison->n_plans - 1, .c = *c};
  *c = NULL;
  return NW_OK;
}

/* ---- progress: which arm, and which stage of it ---- */

struct listener {
  nw_progress_function progress;
  void *data;
  const char *arm;
};

static void tell(void *data, const char *stage, double fraction, double time_d) {
  const struct listener *listener = data;
  char text[64];
  snprintf(text, sizeof text, "%s: %s", listener->arm, stage);
  listener->progress(listener->data, text, fraction, time_d);
}

/* ---- running ---- */

static enum nw_status run_arm(struct nw_context *context, const struct nw_comparison_arm *arm,
                              const struct nw_comparison_options *options) {
  const struct nw_line_options line = {.folder = arm->folder,
                                       .resume = options->resume,
                                       .force = options->force,
                                       .until = NW_STAGE_report,
                                       .until_time = INFINITY,
                                       .single_precision = options->single_precision};
  struct listener listener = {context->progress, context->progress_data, arm->name};
  struct nw_run *run = NULL;
  if (listener.progress) nw_context_progress(context, tell, &listener);
  const enum nw_status status = nw_line_run(context, arm->c, &line, &run);
  nw_context_progress(context, listener.progress, listener.data);
  nw_run_free(&run);
  return status;
}

/* Makes all folders before anything is computed: what cannot be written is said at once. */
static enum nw_status prepare(struct nw_context *context, struct nw_comparison *comparison,
                              const struct nw_comparison_options *options) {
  NW_TRY(nw_results_prepare(context, options->folder, options->force, options->resume));
  for (size_t i = 0; i < comparison->n_arms; i++) {
    struct nw_comparison_arm *arm = &comparison->arm[i];
    arm->folder = nw_file_join(options->folder, arm->name);
    if (!arm->folder) return nw_fail(context, NW_MEMORY, NULL, "out of memory");
    NW_TRY(nw_results_prepare(context, arm->folder, options->force, options->resume));
  }
  return NW_OK;
}

typedef enum nw_status (*composer)(struct nw_context *, const struct nw_comparison *, struct nw_text *);

static enum nw_status write_file(struct nw_context *context, const struct nw_comparison *comparison,
                                 const char *folder, const char *name, composer compose) {
  struct nw_text text = {0};
  char *path = nw_file_join(folder, name);
  enum nw_status status =
      path ? compose(context, comparison, &text) : nw_fail(context, NW_MEMORY, NULL, "out of memory");
  if (status == NW_OK) status = nw_file_write_text(context, path, &text);
  nw_text_clear(&text);
  nw_release(path);
  return status;
}

static enum nw_status run_in_folder(struct nw_context *context, struct nw_comparison *comparison,
                                    const struct nw_comparison_options *options) {
  NW_TRY(prepare(context, comparison, options));
  for (size_t i = 0; i < comparison->n_arms; i++)
    NW_TRY(run_arm(context, &comparison->arm[i], options));
  for (size_t i = 0; i < comparison->n_arms; i++)
    NW_TRY(nw_results_read(context, comparison->arm[i].folder, &comparison->arm[i].results));
  NW_TRY(write_file(context, comparison, options->folder, "compare.html", nw_comparison_html));
  return write_file(context, comparison, options->folder, "compare.json", nw_comparison_json);
}

enum nw_status nw_comparison_run(struct nw_context *context, struct nw_comparison *comparison,
                                 const struct nw_comparison_options *options) {
  int lock;
  NW_TRY(nw_results_lock(context, options->folder, &lock));
  const enum nw_status status = run_in_folder(context, comparison, options);
  nw_results_unlock(&lock);
  return status;
}
