/* SPDX-License-Identifier: BSD-3-Clause
   `needlework calibrate`: a problem of parameters and measurements becomes a folder of estimates. */
#include <math.h>

#include "io/calibration.h"
#include "io/problem_read.h"
#include "io/results.h"
#include "program.h"
#include "report/calibration_page.h"

struct keeping {
  struct nw_context *context;
  const char *folder;
};

static enum nw_status keep_state(void *data, const struct nw_calibration *calibration) {
  const struct keeping *k = data;
  return nw_calibration_save(k->context, k->folder, calibration);
}

/* ---- what is printed ---- */

static void append_limit(struct nw_text *out, double limit) {
  if (isfinite(limit))
    nw_text_append(out, " %11.4g", limit);
  else
    nw_text_append(out, " %11s", "open");
}

static void summarise(const struct nw_calibration *k, const char *folder, struct nw_text *out) {
  const struct nw_fit fit = nw_calibration_fit(k, NULL);
  nw_text_append(out, "%zu measurements, %zu of %zu starts agree\n  %-30s %11s %11s %11s %11s  %s\n", k->m,
                 nw_calibration_agreeing(k), k->problem->option.starts, "parameter", "before", "estimate",
                 "low", "high", "verdict");
  for (size_t i = 0; i < k->n; i++) {
    nw_text_append(out, "  %-30s %11.4g %11.4g", k->free[i].name, k->free[i].start, k->theta[i]);
    append_limit(out, nw_calibration_limit(k, i, 0));
    append_limit(out, nw_calibration_limit(k, i, 1));
    nw_text_append(out, "  ");
    nw_fit_identity_words(&fit, i, &k->identity[i], out);
    nw_text_append(out, "\n");
  }
  nw_text_append(out, "%s/report.html\n", folder);
}

static enum nw_status show(struct nw_context *context, const struct arguments *arguments,
                           const struct nw_calibration *k, const char *folder) {
  struct nw_text out = {0};
  enum nw_status status = NW_OK;
  if (arguments->json)
    status = nw_calibration_text(context, k, &out);
  else if (!arguments->quiet)
    summarise(k, folder, &out);
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  return status;
}

/* ---- the work ---- */

static enum nw_status fit(struct nw_context *context, const struct arguments *arguments,
                          const struct nw_problem *problem, const char *folder) {
  struct nw_calibration calibration;
  struct keeping keeping = {context, folder};
  const struct nw_calibration_keeper keeper = {&keeping, keep_state};
  enum nw_status status = nw_calibration_create(context, problem, &calibration);
  if (status == NW_OK && arguments->resume) status = nw_calibration_load(context, folder, &calibration);
  catch_interruption(context);
  progress_begin(context, arguments->quiet);
  if (status == NW_OK) status = nw_calibration_run(context, &calibration, &keeper);
  progress_end(context);
  release_interruption();
  if (status == NW_OK) status = nw_calibration_page_write(context, folder, &calibration);
  if (status == NW_OK) status = nw_calibration_write(context, folder, &calibration);
  if (status == NW_OK) status = show(context, arguments, &calibration, folder);
  nw_calibration_clear(&calibration);
  return status;
}

static enum nw_status calibrate(struct nw_context *context, const struct arguments *arguments,
                                const char *folder) {
  static const char document[] = "calibration.json";
  struct nw_problem problem;
  int lock = -1;
  NW_TRY(nw_problem_read(context, arguments->positional[0], &problem));
  bool finished = false;
  enum nw_status status = nw_results_lock(context, folder, &lock);
  if (status == NW_OK) status = nw_results_prepare(context, folder, arguments->force, arguments->resume);
  if (status == NW_OK && arguments->resume)
    status = nw_results_finished(context, folder, document, nw_calibration_identity(&problem), &finished);
  if (status == NW_OK)
    status = finished ? answer_again(context, arguments, folder, document)
                      : fit(context, arguments, &problem, folder);
  nw_results_unlock(&lock);
  nw_problem_clear(&problem);
  return status;
}

static enum nw_status calibrate_into_folder(struct nw_context *context, const struct arguments *arguments) {
  struct nw_text own = {0};
  if (!arguments->folder) default_folder(arguments->positional[0], ".out", &own);
  const enum nw_status status =
      calibrate(context, arguments, arguments->folder ? arguments->folder : own.data);
  nw_text_clear(&own);
  return status;
}

enum nw_status command_calibrate(const struct arguments *arguments) {
  return compute(arguments, calibrate_into_folder);
}
