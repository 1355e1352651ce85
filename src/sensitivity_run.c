/* SPDX-License-Identifier: BSD-3-Clause
   A sensitivity study into a results folder. */
#include "sensitivity_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "io/checkpoint.h"
#include "io/results.h"
#include "report/sensitivity_files.h"
#include "report/sensitivity_page.h"

/* One phase: points of a plane, what was read there, and which are done. */
struct phase {
  const char *name, *file; /* for progress; of the checkpoint in the folder */
  struct nw_sensitivity_plane plane;
  size_t points;
  double *x;           /* owned (points, plane.n) */
  double *value;       /* owned (points, n_outputs) */
  unsigned char *done; /* owned (points) */
};

static void clear_phase(struct phase *phase) {
  nw_release(phase->x);
  nw_release(phase->value);
  nw_release(phase->done);
}

static enum nw_status open_phase(struct nw_context *context, struct phase *phase) {
  phase->x = nw_allocate(phase->points * phase->plane.n, sizeof *phase->x);
  phase->value = nw_allocate(phase->points * phase->plane.s->n_outputs, sizeof *phase->value);
  phase->done = nw_allocate(phase->points, sizeof *phase->done);
  return phase->x && phase->value && phase->done
             ? NW_OK
             : nw_fail(context, NW_MEMORY, NULL, "no memory for %zu runs", phase->points);
}

/* ---- what is kept of a phase ---- */

/* What must be the same for a checkpoint to be of this phase. */
static void write_identity(const struct phase *phase, struct nw_text *text) {
  const struct nw_case *c = phase->plane.s->c;
  uint64_t hash = NW_DIGEST_NONE;
  if (c->plan_text) hash = nw_digest(hash, c->plan_text, strlen(c->plan_text));
  hash = nw_digest(hash, &c->params, sizeof c->params);
  hash = nw_digest(hash, phase->x, phase->points * phase->plane.n * sizeof *phase->x);
  for (size_t k = 0; k < phase->plane.s->n_outputs; k++) {
    const struct nw_sensitivity_output *output = &phase->plane.s->output[k];
    hash = nw_digest(hash, output->key, strlen(output->key));
    hash = nw_digest(hash, &output->nominal, sizeof output->nominal);
  }
  nw_text_append(text, "needlework %s sensitivity, %s, %zu points %016" PRIx64, nw_version(), phase->name,
                 phase->points, hash);
}

typedef enum nw_status (*checkpoint_function)(struct nw_context *, const char *, const char *,
                                              const struct nw_block *, size_t);

static enum nw_status with_checkpoint(struct nw_context *context, const struct phase *phase,
                                      const char *folder, checkpoint_function act) {
  const struct nw_block block[] = {
      {"value", phase->value, phase->points * phase->plane.s->n_outputs * sizeof *phase->value},
      {"done", phase->done, phase->points}};
  struct nw_text identity = {0};
  char *path = nw_file_join(folder, phase->file);
  write_identity(phase, &identity);
  const enum nw_status status = path && !identity.failed
                                    ? act(context, path, identity.data, block, NW_COUNT(block))
                                    : nw_fail(context, NW_MEMORY, NULL, "out of memory");
  nw_text_clear(&identity);
  nw_release(path);
  return status;
}

static enum nw_status restore(struct nw_context *context, const struct phase *phase, const char *folder) {
  char *path = nw_file_join(folder, phase->file);
  const bool there = path && nw_file_exists(path);
  nw_release(path);
  return there ? with_checkpoint(context, phase, folder, nw_checkpoint_read) : NW_OK;
}

static void remove_checkpoint(const char *folder, const char *name) {
  char *path = nw_file_join(folder, name);
  if (path) unlink(path);
  nw_release(path);
}

/* ---- running a phase ---- */

static void run_points(struct nw_context *context, struct phase *phase, size_t from, size_t to) {
  const size_t outputs = phase->plane.s->n_outputs;
#pragma omp parallel for schedule(dynamic, 1) num_threads(context->threads)
  for (size_t i = from; i < to; i++) {
    if (phase->done[i] || context->interrupt) continue;
    nw_sensitivity_evaluate(&phase->plane, phase->x + i * phase->plane.n, phase->value + i * outputs);
    phase->done[i] = 1;
  }
}

static enum nw_status run_phase(struct nw_context *context, struct phase *phase, const char *folder) {
  const double save_every = 20; /* math: seconds of work that a kill may cost */
  const size_t chunk = 8 * (size_t)context->threads;
  double saved = nw_seconds_now();
  for (size_t from = 0; from < phase->points && !context->interrupt; from += chunk) {
    nw_progress_report(context, phase->name, (double)from / (double)phase->points, 0);
    run_points(context, phase, from, from + chunk < phase->points ? from + chunk : phase->points);
    if (nw_seconds_now() - saved < save_every) continue;
    NW_TRY(with_checkpoint(context, phase, folder, nw_checkpoint_write));
    saved = nw_seconds_now();
  }
  NW_TRY(with_checkpoint(context, phase, folder, nw_checkpoint_write));
  return context->interrupt ? NW_INTERRUPTED : NW_OK;
}

static void count_runs(const struct phase *phase, struct nw_sensitivity *s) {
  for (size_t i = 0; i < phase->points; i++) {
    bool failed = true;
    for (size_t k = 0; k < s->n_outputs; k++)
      failed &= !isfinite(phase->value[i * s->n_outputs + k]);
    s->runs++;
    s->failed += failed;
  }
}

/* ---- the two phases ---- */

static enum nw_status no_point(struct nw_context *context) {
  return nw_fail(context, NW_NUMERICAL, NULL,
                 "the ranges of the parameters hold no stable tissue: none was found in 200 draws");
}

static enum nw_status screen(struct nw_context *context, struct nw_sensitivity *s, struct phase *phase,
                             const struct nw_sensitivity_options *options) {
  const size_t n = s->n_inputs;
  NW_TRY(open_phase(context, phase));
  for (size_t r = 0; r < s->rounds; r++)
    if (!nw_screen_points(s->c->patch.seed, r, n, nw_sensitivity_accept, &phase->plane,
                          phase->x + r * (n + 1) * n))
      return no_point(context);
  if (options->resume) NW_TRY(restore(context, phase, options->folder));
  NW_TRY(run_phase(context, phase, options->folder));
  count_runs(phase, s);
  return nw_sensitivity_screen(context, s, phase->x, phase->value);
}

static enum nw_status share(struct nw_context *context, struct nw_sensitivity *s, struct phase *phase,
                            const struct nw_sensitivity_options *options) {
  const size_t n = s->n_leading;
  NW_TRY(open_phase(context, phase));
  for (size_t r = 0; r < s->rows; r++)
    if (!nw_sobol_points(s->c->patch.seed, r, s->rows, n, nw_sensitivity_accept, &phase->plane,
                         phase->x + r * (n + 2) * n))
      return no_point(context);
  if (options->resume) NW_TRY(restore(context, phase, options->folder));
  NW_TRY(run_phase(context, phase, options->folder));
  count_runs(phase, s);
  return nw_sensitivity_share(context, s, phase->value);
}

static const char screening_file[] = "screening.h5", indices_file[] = "indices.h5";

static enum nw_status run_phases(struct nw_context *context, struct nw_sensitivity *s,
                                 const struct nw_sensitivity_options *options) {
  struct phase first = {.name = "screening",
                        .file = screening_file,
                        .plane = {s, NULL, s->n_inputs},
                        .points = s->rounds * (s->n_inputs + 1)};
  enum nw_status status = screen(context, s, &first, options);
  clear_phase(&first);
  NW_TRY(status);
  struct phase second = {.name = "indices",
                         .file = indices_file,
                         .plane = {s, s->leading, s->n_leading},
                         .points = s->rows * (s->n_leading + 2)};
  status = share(context, s, &second, options);
  clear_phase(&second);
  return status;
}

/* ---- the folder ---- */

typedef void (*composer)(const struct nw_sensitivity *, struct nw_text *);

static enum nw_status write_files(struct nw_context *context, const struct nw_sensitivity *s,
                                  const char *folder) {
  static const struct {
    const char *name;
    composer compose;
  } file[] = {{"sensitivity.csv", nw_sensitivity_csv},
              {"sensitivity.html", nw_sensitivity_html},
              {"sensitivity.json", nw_sensitivity_json}};
  for (size_t i = 0; i < NW_COUNT(file); i++) {
    struct nw_text text = {0};
    file[i].compose(s, &text);
    char *path = nw_file_join(folder, file[i].name);
    const enum nw_status status = path && !text.failed ? nw_file_write_text(context, path, &text)
                                                       : nw_fail(context, NW_MEMORY, NULL, "out of memory");
    nw_text_clear(&text);
    nw_release(path);
    NW_TRY(status);
  }
  remove_checkpoint(folder, screening_file);
  remove_checkpoint(folder, indices_file);
  return NW_OK;
}

static enum nw_status identify(struct nw_context *context, const struct nw_case *c,
                               const struct nw_sensitivity_options *options, uint64_t *identity) {
  const char *const words[] = {options->goals, options->vary};
  NW_TRY(nw_results_identity(context, c, identity));
  *identity = nw_digest(*identity, &options->rows, sizeof options->rows);
  for (size_t i = 0; i < NW_COUNT(words); i++)
    *identity = nw_digest(*identity, words[i] ? words[i] : "", words[i] ? strlen(words[i]) + 1 : 1);
  return NW_OK;
}

static enum nw_status run_in_folder(struct nw_context *context, const struct nw_case *c,
                                    const struct nw_sensitivity_options *options, struct nw_sensitivity *s,
                                    bool *finished) {
  uint64_t identity;
  NW_TRY(nw_results_prepare(context, options->folder, options->force, options->resume));
  NW_TRY(identify(context, c, options, &identity));
  NW_TRY(nw_results_finished(context, options->folder, "sensitivity.json", identity, finished));
  if (*finished) return NW_OK;
  s->identity = identity;
  s->rounds = options->rounds;
  s->rows = options->rows;
  NW_TRY(run_phases(context, s, options));
  return write_files(context, s, options->folder);
}

enum nw_status nw_sensitivity_run(struct nw_context *context, const struct nw_case *c,
                                  const struct nw_sensitivity_options *options, struct nw_sensitivity *s,
                                  bool *finished) {
  int lock;
  *finished = false;
  *s = (struct nw_sensitivity){0};
  if (c->experiment.present)
    return nw_fail(context, NW_BAD_PLAN, "experiment", "a permeation experiment has no course to study");
  /* a question that cannot be asked is told before --force clears the folder */
  NW_TRY(nw_sensitivity_open(context, c, options->goals, options->vary, s));
  NW_TRY(nw_results_lock(context, options->folder, &lock));
  const enum nw_status status = run_in_folder(context, c, options, s, finished);
  nw_results_unlock(&lock);
  return status;
}
