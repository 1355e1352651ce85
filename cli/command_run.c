/* SPDX-License-Identifier: BSD-3-Clause
   `needlework run`: a plan becomes a results folder. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/units.h"
#include "io/results.h"
#include "line_run.h"
#include "outcome/outcome.h"
#include "outcome/safety.h"
#include "program.h"

/* ---- options ---- */

/* "puncture" or "30 d". */
static enum nw_status read_until(struct nw_context *context, const char *until,
                                 struct nw_line_options *options) {
  static const char *const stages[] = {
#define STAGE(name, text) #name,
#include "../model/stages.def"
#undef STAGE
      NULL};
  options->until = NW_STAGE_COUNT - 1;
  options->until_time = INFINITY;
  if (!until) return NW_OK;
  for (int i = 0; stages[i]; i++) {
    if (strcmp(until, stages[i])) continue;
    options->until = (enum nw_stage)i;
    return NW_OK;
  }
  struct nw_dimension dimension;
  bool has_unit;
  char problem[160] = "";
  if (nw_quantity_parse(until, &options->until_time, &dimension, &has_unit, problem, sizeof problem) &&
      nw_dimension_equal(dimension, (struct nw_dimension){.second = 1}) && options->until_time >= 0)
    return NW_OK;
  const char *near = nearest_word(until, stages);
  return nw_fail(context, NW_USAGE, "--until", "'%s' is neither a stage nor a time such as \"30 d\"%s%s%s",
                 until, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* ---- the summary on the terminal ---- */

static void print_punctures(const struct nw_run *run, struct nw_text *out) {
  const struct nw_punctures *p = &run->punctures;
  if (p->count == 0) return;
  nw_text_append(out, "  %zu punctures on the patch, %.0f per cm2 and session; reach %.0f um (sd %.0f)",
                 p->count, nw_unit_from_si(p->density, "1/cm^2"), nw_unit_from_si(p->reach.mean, "um"),
                 nw_unit_from_si(p->reach.sd, "um"));
  if (isfinite(p->pain_vas)) nw_text_append(out, "; pain %.1f of 10", p->pain_vas);
  nw_text_append(out, "\n");
}

static void print_absorption(const struct nw_run *run, struct nw_text *out) {
  for (size_t i = 0; run->absorption && i < run->c->n_products; i++) {
    const struct nw_absorption *a = &run->absorption[i];
    if (!a->product) continue;
    nw_text_append(out, "  %s: %.3g times what intact skin takes up\n", nw_product_title(a->product),
                   a->enhancement_ratio);
  }
}

/* A row is worth a line when an instrument would see that it changed. */
static bool worth_a_line(const struct nw_outcome_value *v, const struct nw_outcome_row *row) {
  if (!v->present || !isfinite(v->final) || !isfinite(v->baseline)) return false;
  return fabs(v->final - v->baseline) > row->resolution;
}

static void print_outcomes(const struct nw_run *run, struct nw_text *out) {
  bool first = true;
  for (size_t i = 0; i < NW_OUTCOME_COUNT; i++) {
    const struct nw_outcome_value *v = &run->outcome[i];
    const struct nw_outcome_row *row = &nw_outcome_rows()[i];
    if (!worth_a_line(v, row)) continue;
    if (first)
      nw_text_append(out, "  %-22s %10s %10s   %-20s %s\n", "outcome", "baseline", "final", "90 % interval",
                     "unit");
    first = false;
    char interval[48] = "-";
    if (isfinite(v->low) && isfinite(v->high) && v->high > v->low)
      snprintf(interval, sizeof interval, "[%.4g, %.4g]", v->low, v->high);
    nw_text_append(out, "  %-22s %10.4g %10.4g   %-20s %s\n", row->key, v->baseline, v->final, interval,
                   row->unit);
  }
}

static void print_safety(const struct nw_run *run, struct nw_text *out) {
  struct nw_finding finding[NW_FINDINGS_MAX];
  size_t n = nw_safety_check(run->c, run, finding, NW_FINDINGS_MAX);
  if (n > NW_FINDINGS_MAX) n = NW_FINDINGS_MAX;
  for (size_t i = 0; i < n; i++)
    if (finding[i].severity > NW_FINDING_NOTE)
      nw_text_append(out, "  %s: %s\n", nw_finding_severity_name(finding[i].severity), finding[i].text);
  nw_findings_clear(finding, n);
}

static void summarise(const struct nw_run *run, const struct nw_line_options *options, struct nw_text *out) {
  nw_text_append(out, "%s\n", run->c->title ? run->c->title : "needlework");
  print_punctures(run, out);
  print_absorption(run, out);
  print_outcomes(run, out);
  print_safety(run, out);
  nw_text_append(out, options->until == NW_STAGE_report ? "%s/report.html\n" : "%s/summary.json\n",
                 options->folder);
}

/* ---- the command ---- */

static enum nw_status show(struct nw_context *context, const struct arguments *arguments,
                           const struct nw_run *run, const struct nw_line_options *options) {
  struct nw_text out = {0};
  enum nw_status status = NW_OK;
  if (arguments->json) {
    status = nw_summary_text(context, run, options->until, &out);
    if (status == NW_OK) nw_text_append(&out, "\n");
  } else if (!arguments->quiet) {
    summarise(run, options, &out);
  }
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  return status;
}

/* A finished folder that was asked to go on: its own document stands for the run that was not needed. */
static enum nw_status show_finished(struct nw_context *context, const char *folder) {
  struct nw_text out = {0};
  char *path = nw_file_join(folder, "summary.json");
  enum nw_status status = path ? nw_file_read_text(context, path, SIZE_MAX, &out)
                               : nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  nw_release(path);
  return status;
}

static enum nw_status simulate(struct nw_context *context, const struct arguments *arguments,
                               const struct nw_case *c) {
  struct nw_text folder = {0};
  struct nw_line_options options = {.resume = arguments->resume,
                                    .force = arguments->force,
                                    .single_precision = !arguments->double_precision};
  NW_TRY(read_until(context, arguments->until, &options));
  if (!arguments->folder) default_folder(arguments->positional[0], ".out", &folder);
  options.folder = arguments->folder ? arguments->folder : folder.data;
  struct nw_run *run = NULL;
  catch_interruption(context);
  progress_begin(context, arguments->quiet);
  enum nw_status status = nw_line_run(context, c, &options, &run);
  progress_end(context);
  release_interruption();
  if (status == NW_OK && run) status = show(context, arguments, run, &options);
  if (status == NW_OK && !run && arguments->json) status = show_finished(context, options.folder);
  nw_run_free(&run);
  nw_text_clear(&folder);
  return status;
}

static enum nw_status run_plan(struct nw_context *context, const struct arguments *arguments) {
  struct nw_case *c = NULL;
  enum nw_status status = load_case(context, arguments, &c);
  if (status == NW_OK) status = simulate(context, arguments, c);
  nw_case_free(&c);
  return status;
}

enum nw_status command_run(const struct arguments *arguments) {
  return compute(arguments, run_plan);
}
