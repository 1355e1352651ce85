/* SPDX-License-Identifier: BSD-3-Clause
   The line: plan to report, stage by stage, into a results folder. */
#include "line_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device/device.h"
#include "healing/healing.h"
#include "io/checkpoint.h"
#include "io/fields.h"
#include "io/results.h"
#include "outcome/outcome.h"
#include "picture/skin_album.h"
#include "puncture/puncture.h"
#include "report/report.h"
#include "skin/skin.h"
#include "study/interval.h"
#include "transport/transport.h"
#include "base/units.h"

/* What the sink of the healing stage needs to write files on the way. */
struct recorder {
  struct nw_context *context;
  struct nw_run *run;
  const char *folder;
  struct nw_field_file *fields; /* owned; NULL when no field is wanted */
};

/* ---- checkpoints ---- */

/* What must be the same for a checkpoint to be of this run. */
static bool write_identity(const struct nw_run *run, struct nw_text *text) {
  const struct nw_case *c = run->c;
  uint64_t hash = NW_DIGEST_NONE;
  hash = nw_digest(hash, c->plan_text, c->plan_text ? strlen(c->plan_text) : 0);
  hash = nw_digest(hash, &c->params, sizeof c->params);
  hash = nw_digest(hash, run->injuries.item, run->injuries.count * sizeof *run->injuries.item);
  nw_text_append(text, "needlework %s, seed %" PRIu64 ", plan %016" PRIx64 "\n", nw_version(), c->patch.seed,
                 hash);
  nw_text_append(text, "course %d x %.17g + %.17g + %.17g every %.17g\n", c->course.sessions,
                 c->course.interval, c->course.follow_up, c->course.maintenance, c->output.every);
  nw_text_append(text, "subject %.17g %d %d %d %.17g aftercare %d %d %d %.17g\n", c->subject.age,
                 c->subject.phototype, (int)c->subject.skin_type, (int)c->subject.site, c->subject.uv_dose,
                 c->aftercare.sunscreen, c->aftercare.moisturiser, c->aftercare.gentle_cleansing,
                 c->aftercare.sun_avoidance);
  nw_text_append(text, "fields %" PRIx32 " %d\n", c->output.fields, c->output.melanin);
  nw_healing_identity(run, text);
  return !text->failed;
}

static void checkpoint_path(const char *folder, char *path, size_t size) {
  snprintf(path, size, "%s/checkpoint.h5", folder);
}

/* The memory of the healing stage as blocks of a checkpoint; NULL when out of memory. */
static struct nw_block *list_blocks(struct nw_run *run, struct nw_healing_memory **memory, size_t *count) {
  *count = nw_healing_memory(run, NULL, 0);
  *memory = nw_allocate(*count, sizeof **memory);
  struct nw_block *block = nw_allocate(*count, sizeof *block);
  if (*memory && block) {
    nw_healing_memory(run, *memory, *count);
    for (size_t i = 0; i < *count; i++)
      block[i] = (struct nw_block){(*memory)[i].name, (*memory)[i].data, (*memory)[i].bytes};
    return block;
  }
  nw_release(block);
  nw_release(*memory);
  return NULL;
}

typedef enum nw_status (*checkpoint_function)(struct nw_context *, const char *, const char *,
                                              const struct nw_block *, size_t);

static enum nw_status write_blocks(struct nw_context *context, const char *path, const char *identity,
                                   const struct nw_block *block, size_t count) {
  return nw_checkpoint_write(context, path, identity, block, count);
}

/* Writes or reads the first `most` blocks. */
static enum nw_status with_blocks(struct nw_context *context, struct nw_run *run, const char *folder,
                                  size_t most, checkpoint_function act) {
  char path[4096];
  struct nw_healing_memory *memory;
  struct nw_text identity = {0};
  size_t count;
  struct nw_block *block = list_blocks(run, &memory, &count);
  checkpoint_path(folder, path, sizeof path);
  enum nw_status status = block && write_identity(run, &identity)
                              ? act(context, path, identity.data, block, count < most ? count : most)
                              : nw_fail(context, NW_MEMORY, NULL, "no memory for a checkpoint");
  if (block) nw_release(memory);
  nw_release(block);
  nw_text_clear(&identity);
  return status;
}

static enum nw_status save(void *data) {
  struct recorder *r = data;
  if (r->fields) NW_TRY(nw_field_file_flush(r->context, r->fields));
  return with_blocks(r->context, r->run, r->folder, SIZE_MAX, write_blocks);
}

/* Goes on from a checkpoint when there is one. */
static enum nw_status restore(struct nw_context *context, struct nw_run *run, const char *folder,
                              bool *resumed) {
  char path[4096];
  checkpoint_path(folder, path, sizeof path);
  *resumed = access(path, F_OK) == 0;
  if (!*resumed) return NW_OK;
  NW_TRY(with_blocks(context, run, folder, 1, nw_checkpoint_read));
  NW_TRY(nw_healing_restore_sizes(context, run));
  return with_blocks(context, run, folder, SIZE_MAX, nw_checkpoint_read);
}

/* ---- healing with its files ---- */

static enum nw_status give_fields(void *data, double time, const float *const value[NW_FIELD_COUNT],
                                  const float *melanin) {
  struct recorder *r = data;
  return r->fields ? nw_field_file_append(r->context, r->fields, time, value, melanin) : NW_OK;
}

static enum nw_status open_fields(struct recorder *r, bool resumed) {
  size_t n[3];
  const double *edge[3];
  if (!r->run->c->output.fields && !r->run->c->output.melanin) return NW_OK;
  nw_healing_grid(r->run, n, edge);
  const struct nw_field_grid grid = {n[0], n[1], n[2], edge[0], edge[1], edge[2]};
  const size_t done = r->run->tissue.count;
  const double time = done > 0 ? nw_unit_from_si(r->run->tissue.item[done - 1].time, "d") : 0;
  return nw_field_file_open(r->context, r->folder, r->run->c, &grid, resumed, time, &r->fields);
}

static enum nw_status heal(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                           const struct nw_line_options *options) {
  const double checkpoint_every = 20; /* math: seconds of work that a kill may cost */
  struct recorder r = {context, run, options->folder, NULL};
  const struct nw_healing_sink sink = {&r, give_fields, save, checkpoint_every};
  bool resumed = false;
  NW_TRY(nw_healing_prepare(context, c, run, NW_PATCH, options->single_precision));
  if (options->resume) NW_TRY(restore(context, run, options->folder, &resumed));
  NW_TRY(open_fields(&r, resumed));
  enum nw_status status = nw_healing_run(context, c, run, nw_unit_from_si(options->until_time, "d"), &sink);
  if (status == NW_OK) status = save(&r); /* all that follows can be done again from here */
  if (status != NW_OK) {
    nw_field_file_suspend(&r.fields);
    return status;
  }
  return r.fields ? nw_field_file_close(context, &r.fields, &run->pictures)
                  : nw_field_file_pictures(context, options->folder, c, &run->pictures);
}

/* ---- the line ---- */

static enum nw_status stage_healing(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                                    const struct nw_line_options *options) {
  if (c->experiment.present) return NW_OK; /* skin in a diffusion cell does not heal */
  NW_TRY(heal(context, c, run, options));
  return nw_healing_untreated(context, c, run);
}

static enum nw_status stage_outcome(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  if (c->experiment.present) return NW_OK;
  NW_TRY(nw_outcome_run(context, c, run));
  return nw_interval_run(context, c, run);
}

static enum nw_status run_stages(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                                 const struct nw_line_options *options) {
  NW_TRY(nw_skin_run(context, c, run));
  if (options->until == NW_STAGE_skin) return NW_OK;
  NW_TRY(nw_device_run(context, c, run));
  if (options->until == NW_STAGE_device) return NW_OK;
  NW_TRY(nw_puncture_run(context, c, run));
  if (options->until == NW_STAGE_puncture) return NW_OK;
  NW_TRY(nw_transport_run(context, c, run));
  if (options->until == NW_STAGE_transport) return NW_OK;
  NW_TRY(stage_healing(context, c, run, options));
  if (options->until == NW_STAGE_healing) return NW_OK;
  return stage_outcome(context, c, run);
}

/* Whether the folder holds all that is asked for. A checkpoint goes last of all, so where one stands
   something is missing; a report alone is written again from what stands beside it. */
static enum nw_status nothing_left(struct nw_context *context, const struct nw_case *c,
                                   const struct nw_line_options *options, bool *done) {
  struct nw_results_found found;
  NW_TRY(nw_results_look(context, options->folder, c, &found));
  *done = found.summary && !found.checkpoint && found.stage >= options->until;
  if (*done && options->until == NW_STAGE_report && !found.report)
    return nw_report_write(context, options->folder);
  if (*done)
    nw_diagnose(context, NW_NOTE, NW_OK, NULL, 0, 0, NULL, "%s holds a finished run: nothing left to do",
                options->folder);
  return NW_OK;
}

/* Writes what the run has; the checkpoint stays where the course may go on. */
static enum nw_status finish(struct nw_context *context, struct nw_run *run,
                             const struct nw_line_options *options) {
  char path[4096];
  if (options->until == NW_STAGE_report) NW_TRY(nw_skin_album_write(context, run, options->folder));
  NW_TRY(nw_results_write(context, run, options->until, options->folder));
  if (options->until < NW_STAGE_report) return NW_OK;
  NW_TRY(nw_report_write(context, options->folder));
  checkpoint_path(options->folder, path, sizeof path);
  if (isinf(options->until_time)) unlink(path);
  return NW_OK;
}

static enum nw_status run_in_folder(struct nw_context *context, const struct nw_case *c,
                                    const struct nw_line_options *options, struct nw_run **out) {
  const double start = nw_seconds_now();
  bool done = false;
  NW_TRY(nw_results_prepare(context, options->folder, options->force, options->resume));
  if (options->resume) NW_TRY(nothing_left(context, c, options, &done));
  if (done) return NW_OK;
  struct nw_run *run = *out = nw_allocate(1, sizeof *run);
  if (!run) return nw_fail(context, NW_MEMORY, NULL, "no memory for a run");
  run->c = c;
  NW_TRY(run_stages(context, c, run, options));
  run->cost.wall = nw_seconds_now() - start;
  run->cost.peak_bytes = (double)nw_peak_bytes();
  return finish(context, run, options);
}

enum nw_status nw_line_run(struct nw_context *context, const struct nw_case *c,
                           const struct nw_line_options *options, struct nw_run **out) {
  int lock;
  *out = NULL;
  NW_TRY(nw_results_lock(context, options->folder, &lock));
  const enum nw_status status = run_in_folder(context, c, options, out);
  nw_results_unlock(&lock);
  return status;
}
