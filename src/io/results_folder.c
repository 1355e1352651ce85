/* SPDX-License-Identifier: BSD-3-Clause
   Results folder: made, held by one run at a time, cleared, and what an earlier run left in it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "json.h"
#include "results.h"
#include "seal.h"
#include "skin_files.h"
#include "summary.h"

/* ---- made and cleared ---- */

/* In the order of removal: what makes a folder look finished goes first. */
static const char *const result_name[] = {
    "summary.json",     "report.html",        "timeline.csv",  "timeline.units.json", "punctures.csv",
    "absorption.csv",   "absorption_map.csv", "fields.xdmf",   "fields.h5",           "checkpoint.h5",
    "fields.partial",   "compare.json",       "compare.html",  "cohort.sqlite",       "cohort.csv",
    "calibration.json", "parameters.tsv",     "fit.csv",       "profiles.csv",        "calibration.state",
    "posterior.def",    "claims.json",        "validate.json", "sensitivity.json",    "sensitivity.csv",
    "sensitivity.html", "screening.h5",       "indices.h5",
};

/* A folder and its parents, like mkdir -p. */
static enum nw_status make_folder(struct nw_context *context, const char *folder) {
  struct stat status;
  if (!*folder) return nw_fail(context, NW_IO, NULL, "the name of the results folder is empty");
  char *path = nw_string_copy(folder);
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory making %s", folder);
  int error = 0;
  for (char *p = path; *p && !error; p++) {
    if (p == path || *p != '/') continue;
    *p = '\0';
    if (mkdir(path, 0777) && errno != EEXIST && errno != EROFS && errno != EACCES) error = errno;
    *p = '/';
  }
  nw_release(path);
  if (!error && mkdir(folder, 0777) && errno != EEXIST) error = errno;
  const bool there = stat(folder, &status) == 0;
  if (!there && !error) error = errno; /* a link in its place that leads nowhere */
  if (there && S_ISDIR(status.st_mode)) return NW_OK;
  if (there)
    return nw_fail(context, NW_IO, NULL, "cannot write results into %s: it is a file, not a folder", folder);
  return nw_fail(context, NW_IO, NULL, "cannot make the folder %s: %s", folder, strerror(error));
}

/* Permissions lie on network disks and read-only mounts: a file tells. */
static enum nw_status try_writing(struct nw_context *context, const char *folder) {
  struct nw_file file;
  char *path = nw_file_join(folder, ".needlework");
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory preparing %s", folder);
  const enum nw_status status = nw_file_create(context, path, &file);
  if (status == NW_OK) nw_file_abandon(&file);
  nw_release(path);
  return status;
}

static enum nw_status handle_old(struct nw_context *context, const char *folder, const char *name,
                                 bool force) {
  char *path = nw_file_join(folder, name);
  char *temporary = path ? nw_file_temporary(path) : NULL;
  enum nw_status status = NW_OK;
  if (!temporary) {
    status = nw_fail(context, NW_MEMORY, NULL, "out of memory preparing %s", folder);
  } else if (nw_file_exists(path)) {
    if (!force) {
      status = nw_fail(context, NW_IO, NULL,
                       "%s holds results already (%s): choose another folder, or --force to replace them, or "
                       "--resume to go on",
                       folder, name);
    } else if (unlink(path)) {
      status = nw_fail(context, NW_IO, NULL, "cannot replace %s: %s", path, strerror(errno));
    }
  }
  if (status == NW_OK) unlink(temporary); /* left by a run that was killed while writing */
  nw_release(temporary);
  nw_release(path);
  return status;
}

enum nw_status nw_results_prepare(struct nw_context *context, const char *folder, bool force, bool resume) {
  NW_TRY(make_folder(context, folder));
  for (size_t i = 0; !resume && i < NW_COUNT(result_name); i++)
    NW_TRY(handle_old(context, folder, result_name[i], force));
  if (!resume) NW_TRY(nw_skin_files_remove(context, folder));
  return try_writing(context, folder);
}

/* ---- one run at a time ---- */

/* A lock on the folder itself: it goes with the process that held it, however that ended, and leaves no
   file behind. Where the file system has no locks, there is none. */
enum nw_status nw_results_lock(struct nw_context *context, const char *folder, int *lock) {
  *lock = -1;
  NW_TRY(make_folder(context, folder));
  *lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (*lock < 0 || flock(*lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return NW_OK;
  nw_results_unlock(lock);
  return nw_fail(context, NW_IO, NULL,
                 "another run is writing into %s: wait for it, or choose another folder", folder);
}

void nw_results_unlock(int *lock) {
  if (*lock >= 0) close(*lock);
  *lock = -1;
}

/* ---- what an earlier run left ---- */

static bool holds(const char *folder, const char *name) {
  char *path = nw_file_join(folder, name);
  const bool there = path && nw_file_exists(path);
  nw_release(path);
  return there;
}

/* What makes a run this run and no other, as summary.json tells it. */
static void signature_text(const struct nw_case *c, struct nw_text *text) {
  struct nw_json json = {.text = text};
  nw_json_object(&json, NULL);
  nw_json_text(&json, "version", nw_version());
  nw_json_count(&json, "seed", c->patch.seed);
  nw_summary_case(&json, c);
  nw_summary_sources(&json, c);
  nw_json_end_object(&json);
}

static json_t *compose_signature(const struct nw_case *c) {
  struct nw_text text = {0};
  signature_text(c, &text);
  json_t *signature = text.failed ? NULL : json_loadb(text.data, text.length, 0, NULL);
  nw_text_clear(&text);
  return signature;
}

/* A document of the folder; NULL when it cannot be read, or is none. */
static json_t *load(const char *path) {
  enum { LARGEST = 64 << 20 };
  struct nw_text text = {0};
  struct nw_context *quiet = nw_context_create();
  json_t *document = NULL;
  if (quiet && nw_file_read_text(quiet, path, LARGEST, &text) == NW_OK)
    document = json_loadb(text.data, text.length, 0, NULL);
  nw_text_clear(&text);
  nw_context_free(&quiet);
  return document;
}

static bool agrees(json_t *summary, json_t *signature) {
  const char *key;
  json_t *value;
  json_object_foreach(signature, key, value) {
    if (!json_equal(value, json_object_get(summary, key))) return false;
  }
  return true;
}

static enum nw_stage stage_of(const json_t *summary) {
  static const char *const word[] = {
#define STAGE(name, text) #name,
#include "../../model/stages.def"
#undef STAGE
  };
  const char *stage = json_string_value(json_object_get(summary, "stage"));
  for (size_t i = 0; stage && i < NW_COUNT(word); i++)
    if (!strcmp(stage, word[i])) return (enum nw_stage)i;
  return 0;
}

/* A summary that cannot be read is none: every file is whole or absent, so this one is not of ours. */
static enum nw_status read_found(struct nw_context *context, const char *folder, const struct nw_case *c,
                                 struct nw_results_found *found) {
  char *path = nw_file_join(folder, "summary.json");
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
  json_t *summary = load(path), *signature = compose_signature(c);
  enum nw_status status = NW_OK;
  if (!signature) {
    status = nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", path);
  } else if (!summary || !agrees(summary, signature)) {
    status =
        nw_fail(context, NW_IO, NULL,
                "%s holds results of another plan, seed or version: choose another folder, or --force to "
                "replace them",
                folder);
  } else {
    found->summary = true;
    found->stage = stage_of(summary);
  }
  json_decref(summary);
  json_decref(signature);
  nw_release(path);
  return status;
}

enum nw_status nw_results_look(struct nw_context *context, const char *folder, const struct nw_case *c,
                               struct nw_results_found *found) {
  *found = (struct nw_results_found){.report = holds(folder, "report.html"),
                                     .checkpoint = holds(folder, "checkpoint.h5")};
  return holds(folder, "summary.json") ? read_found(context, folder, c, found) : NW_OK;
}

/* ---- studies ---- */

enum { IDENTITY_SIZE = 17 };

static void write_hex(char out[IDENTITY_SIZE], uint64_t identity) {
  snprintf(out, IDENTITY_SIZE, "%016" PRIx64, identity);
}

void nw_results_identity_write(struct nw_json *json, uint64_t identity) {
  char text[IDENTITY_SIZE];
  write_hex(text, identity);
  nw_json_text(json, "identity", text);
}

enum nw_status nw_results_identity(struct nw_context *context, const struct nw_case *c, uint64_t *identity) {
  struct nw_text text = {0};
  struct nw_hash hash = nw_hash_start();
  signature_text(c, &text);
  const bool failed = text.failed;
  if (!failed) nw_hash_add(&hash, text.data, text.length);
  nw_text_clear(&text);
  *identity = nw_hash_value(&hash);
  return failed ? nw_fail(context, NW_MEMORY, NULL, "out of memory") : NW_OK;
}

enum nw_status nw_results_finished(struct nw_context *context, const char *folder, const char *name,
                                   uint64_t identity, bool *finished) {
  char wanted[IDENTITY_SIZE];
  char *path = nw_file_join(folder, name);
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
  write_hex(wanted, identity);
  *finished = nw_file_exists(path);
  json_t *document = *finished ? load(path) : NULL;
  const char *found = json_string_value(json_object_get(document, "identity"));
  const bool other = *finished && (!found || strcmp(found, wanted) != 0);
  json_decref(document);
  nw_release(path);
  if (!other) return NW_OK;
  return nw_fail(
      context, NW_IO, NULL,
      "%s holds results of another plan, question or version: choose another folder, or --force to "
      "replace them",
      folder);
}
