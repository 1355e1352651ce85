/* SPDX-License-Identifier: BSD-3-Clause
   `needlework sensitivity`: which numbers of the model drive which outcome. */
#include <stdio.h>

#include "program.h"
#include "report/sensitivity_files.h"
#include "sensitivity_run.h"

static enum nw_status show(struct nw_context *context, const struct arguments *arguments,
                           const struct nw_sensitivity *s, const char *folder) {
  struct nw_text out = {0};
  (void)context;
  if (arguments->json) {
    nw_sensitivity_json(s, &out);
    nw_text_append(&out, "\n");
  } else if (!arguments->quiet) {
    nw_sensitivity_text(s, &out);
    nw_text_append(&out, "%s/sensitivity.html\n", folder);
  }
  const enum nw_status status = print_result(&out);
  nw_text_clear(&out);
  return status;
}

static enum nw_status study(struct nw_context *context, const struct arguments *arguments,
                            const struct nw_case *c, const char *folder) {
  enum { ROWS = 128, ROWS_A_ROUND = 32, LEAST_ROUNDS = 2 };
  const size_t rows = arguments->count ? arguments->count : ROWS;
  const size_t rounds = rows / ROWS_A_ROUND > LEAST_ROUNDS ? rows / ROWS_A_ROUND : LEAST_ROUNDS;
  const struct nw_sensitivity_options options = {.folder = folder,
                                                 .goals = arguments->goals,
                                                 .vary = arguments->vary,
                                                 .rounds = rounds,
                                                 .rows = rows,
                                                 .resume = arguments->resume,
                                                 .force = arguments->force};
  struct nw_sensitivity s;
  bool finished;
  catch_interruption(context);
  progress_begin(context, arguments->quiet);
  enum nw_status status = nw_sensitivity_run(context, c, &options, &s, &finished);
  progress_end(context);
  release_interruption();
  if (status == NW_OK)
    status = finished ? answer_again(context, arguments, folder, "sensitivity.json")
                      : show(context, arguments, &s, folder);
  nw_sensitivity_clear(&s);
  return status;
}

static enum nw_status study_into_folder(struct nw_context *context, const struct arguments *arguments,
                                        const struct nw_case *c) {
  struct nw_text own = {0};
  if (!arguments->folder) default_folder(arguments->positional[0], ".sensitivity", &own);
  const enum nw_status status =
      study(context, arguments, c, arguments->folder ? arguments->folder : own.data);
  nw_text_clear(&own);
  return status;
}

static enum nw_status study_plan(struct nw_context *context, const struct arguments *arguments) {
  struct nw_case *c = NULL;
  enum nw_status status = load_case(context, arguments, &c);
  if (status == NW_OK) status = study_into_folder(context, arguments, c);
  nw_case_free(&c);
  return status;
}

enum nw_status command_sensitivity(const struct arguments *arguments) {
  return compute(arguments, study_plan);
}
