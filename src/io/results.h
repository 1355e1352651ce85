/* SPDX-License-Identifier: BSD-3-Clause
   Results folder: written from a run, read back for report and comparison. Every file is written to a
   temporary name and renamed: a file that exists is whole. */
#pragma once
#include "base/table.h"
#include "run.h"
#include "skin_files.h"

/* 5 (NW_IO) when the folder cannot be made or written, or holds results and neither force nor resume. */
enum nw_status nw_results_prepare(struct nw_context *context, const char *folder, bool force, bool resume);
/* Makes the folder and holds it for one run: NW_IO while another process does. A run that was killed
   holds nothing. *lock goes to nw_results_unlock, which is safe to call in any case. */
enum nw_status nw_results_lock(struct nw_context *context, const char *folder, int *lock);
void nw_results_unlock(int *lock);
/* A number that is of this case, seed and version alone. NW_MEMORY. */
enum nw_status nw_results_identity(struct nw_context *context, const struct nw_case *c, uint64_t *identity);
/* Whether the folder holds this JSON document, with "identity" as nw_results_identity_write puts it. NW_IO
   when it is one of other work. */
enum nw_status nw_results_finished(struct nw_context *context, const char *folder, const char *name,
                                   uint64_t identity, bool *finished);
struct nw_json;
/* Adds the member "identity" to a document. */
void nw_results_identity_write(struct nw_json *json, uint64_t identity);
/* What an earlier run of this case left. NW_IO when summary.json is of another plan, seed or version. */
struct nw_results_found {
  bool summary, report, checkpoint;
  enum nw_stage stage; /* last stage behind summary.json */
};
enum nw_status nw_results_look(struct nw_context *context, const char *folder, const struct nw_case *c,
                               struct nw_results_found *found);
/* summary.json, timeline.csv, timeline.units.json, punctures.csv, absorption.csv, sections in fields.h5:
   what the run has so far, after stage `last`. NW_IO. */
enum nw_status nw_results_write(struct nw_context *context, const struct nw_run *run, enum nw_stage last,
                                const char *folder);
/* summary.json as text (one JSON document), for --json. Caller clears. */
enum nw_status nw_summary_text(struct nw_context *context, const struct nw_run *run, enum nw_stage last,
                               struct nw_text *text);

/* summary.json flattened: "outcome.collagen_I.final" -> number or text; lists as
   "safety.warnings.0.text" (with .severity, .key, .source), "case.course.session_times_d.0"; truth values
   as the texts "true" and "false"; null is absent. */
struct nw_summary_entry {
  char *path;
  bool is_number;
  double number; /* [as the key says] */
  char *text;    /* owned; NULL for a number */
};
struct nw_sections { /* vertical sections and surface maps kept for pictures; all owned */
  size_t n_times, nx, ny, nz;
  double *time;                     /* [d] */
  double *x_edge, *y_edge, *z_edge; /* (nx+1), (ny+1), (nz+1); z below the junction [mm] */
  float *field[NW_FIELD_COUNT];     /* (n_times, nz, nx) at mid y, tissue units; NULL when not kept */
  float *coverage, *melanin;        /* (n_times, ny, nx) surface maps */
};
struct nw_results {
  struct nw_summary_entry *entry;
  size_t n_entries;                                                /* in file order */
  struct nw_table timeline, punctures, absorption, absorption_map; /* n_columns 0 when the file is absent */
  struct nw_sections sections;                                     /* n_times 0 when absent */
  struct nw_skin_files skin; /* pictures of the surface; count 0 when absent */
};
/* Reads a folder; files that are absent leave their part empty, but for summary.json. NW_IO: that is absent,
   or a file is torn; NW_BAD_PLAN: it is no summary. After a failure *results is empty. */
enum nw_status nw_results_read(struct nw_context *context, const char *folder, struct nw_results *results);
void nw_results_clear(struct nw_results *results);
/* Number at a path, NAN when absent; text at a path, NULL when absent; items of a list or object. */
double nw_results_number(const struct nw_results *results, const char *path);
const char *nw_results_text(const struct nw_results *results, const char *path);
size_t nw_results_list_length(const struct nw_results *results, const char *path);
