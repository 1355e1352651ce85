/* SPDX-License-Identifier: BSD-3-Clause
   The state of a calibration as lines of text: a word, a number, values. Numbers are written so that they
   read back to the same bits: a calibration that was cut short goes on as if it had not been. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "calibration.h"
#include "seal.h"

static const char state_name[] = "calibration.state";
enum { LARGEST_STATE = 256 << 20 };

uint64_t nw_calibration_identity(const struct nw_problem *problem) {
  struct nw_hash hash = nw_hash_start();
  const char *version = nw_version();
  nw_hash_add(&hash, &problem->identity, sizeof problem->identity);
  nw_hash_add(&hash, version, strlen(version));
  for (size_t i = 0; i < nw_param_count(); i++)
    nw_hash_add(&hash, &nw_param_rows()[i].value, sizeof(double));
  return nw_hash_value(&hash);
}

/* The last line holds a checksum of all before it: a text that was cut at the end of a line looks whole. */
static const char last_word[] = "whole";

static unsigned long long checksum(const char *text, size_t length) {
  struct nw_hash hash = nw_hash_start();
  nw_hash_add(&hash, text, length);
  return nw_hash_value(&hash);
}

/* Cuts the last line off; false when it is missing or of another text. */
static bool take_seal(struct nw_text *text) {
  char line[48];
  const size_t length = (size_t)snprintf(line, sizeof line, "%s %016llx\n", last_word, 0ULL);
  if (text->length < length) return false;
  const size_t body = text->length - length;
  snprintf(line, sizeof line, "%s %016llx\n", last_word, checksum(text->data, body));
  if (memcmp(text->data + body, line, length) != 0) return false;
  text->data[body] = '\0';
  text->length = body;
  return true;
}

/* ---- writing ---- */

static void put(struct nw_text *out, const char *word, size_t index, const double *value, size_t count) {
  nw_text_append(out, "%s %zu", word, index);
  for (size_t i = 0; i < count; i++)
    nw_text_append(out, " %.17g", value[i]);
  nw_text_append(out, "\n");
}

static void put_side(struct nw_text *out, size_t s, const struct nw_calibration *k) {
  const struct nw_profile_side *side = &k->side[s];
  nw_text_append(out, "side %zu %zu %.17g %.17g", s, side->count, side->limit, side->least);
  for (size_t i = 0; i < side->count; i++) {
    nw_text_append(out, " %.17g %.17g", side->share[i], side->rise[i]);
    for (size_t j = 0; j < k->n; j++)
      nw_text_append(out, " %.17g", side->theta[i * k->n + j]);
  }
  nw_text_append(out, "\n");
}

static void compose(const struct nw_calibration *k, struct nw_text *out) {
  const struct nw_problem *p = k->problem;
  nw_text_append(out, "needlework-calibration %016llx\n", (unsigned long long)nw_calibration_identity(p));
  for (size_t c = 0; c < p->n_conditions; c++) {
    if (k->corrected[c]) put(out, "offset", c, k->offset, k->m);
    if (k->corrected_end[c]) put(out, "offset_end", c, k->offset_end, k->m);
  }
  for (size_t i = 0; i < p->option.starts; i++) {
    if (!k->start_done[i]) continue;
    put(out, "start", i, k->start_theta + i * k->n, k->n);
    nw_text_append(out, "ended %zu %.17g %zu\n", i, k->start_objective[i], k->start_evaluations[i]);
  }
  if (k->polished) {
    put(out, "best", k->round, k->theta, k->n);
    put(out, "objective", 0, &k->objective, 1);
  }
  for (size_t s = 0; s < 2 * k->n; s++)
    if (k->side_done[s]) put_side(out, s, k);
  for (size_t i = 0; i < p->option.bootstrap; i++)
    if (k->boot_done[i]) put(out, "resample", i, k->boot_theta + i * k->n, k->n);
  if (!out->failed) nw_text_append(out, "%s %016llx\n", last_word, checksum(out->data, out->length));
}

enum nw_status nw_calibration_save(struct nw_context *context, const char *folder,
                                   const struct nw_calibration *k) {
  struct nw_text text = {0};
  char *path = nw_file_join(folder, state_name);
  compose(k, &text);
  const enum nw_status status = path ? nw_file_write_text(context, path, &text) : NW_MEMORY;
  nw_text_clear(&text);
  nw_release(path);
  return status;
}

/* ---- reading ---- */

static bool get(char **at, double *value, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char *end;
    value[i] = strtod(*at, &end);
    if (end == *at) return false;
    *at = end;
  }
  return true;
}

static bool get_side(char *at, size_t s, struct nw_calibration *k) {
  double head[3];
  if (s >= 2 * k->n || !get(&at, head, 3) || !(head[0] >= 0 && head[0] <= NW_PROFILE_MOST)) return false;
  struct nw_profile_side *side = &k->side[s];
  side->count = (size_t)head[0];
  side->limit = head[1];
  side->least = head[2];
  for (size_t i = 0; i < side->count; i++)
    if (!get(&at, &side->share[i], 1) || !get(&at, &side->rise[i], 1) ||
        !get(&at, side->theta + i * k->n, k->n))
      return false;
  return k->side_done[s] = true;
}

static bool get_ended(char *at, size_t i, struct nw_calibration *k) {
  double value[2];
  if (i >= k->problem->option.starts || !get(&at, value, 2)) return false;
  k->start_objective[i] = value[0];
  k->start_evaluations[i] = (size_t)value[1];
  return k->start_done[i] = true;
}

static bool take_line(char *line, struct nw_calibration *k) {
  const struct nw_problem *p = k->problem;
  char word[24];
  size_t i;
  int used = 0;
  if (sscanf(line, "%23s %zu%n", word, &i, &used) != 2) return false;
  char *at = line + used;
  if (!strcmp(word, "offset") && i < p->n_conditions) return k->corrected[i] = get(&at, k->offset, k->m);
  if (!strcmp(word, "offset_end") && i < p->n_conditions)
    return k->corrected_end[i] = get(&at, k->offset_end, k->m);
  if (!strcmp(word, "start") && i < p->option.starts) return get(&at, k->start_theta + i * k->n, k->n);
  if (!strcmp(word, "ended")) return get_ended(at, i, k);
  if (!strcmp(word, "best")) return k->round = i, k->polished = get(&at, k->theta, k->n);
  if (!strcmp(word, "objective")) return get(&at, &k->objective, 1);
  if (!strcmp(word, "side")) return get_side(at, i, k);
  if (!strcmp(word, "resample") && i < p->option.bootstrap)
    return k->boot_done[i] = get(&at, k->boot_theta + i * k->n, k->n);
  return false;
}

static enum nw_status damaged(struct nw_context *context, const char *path) {
  return nw_fail(context, NW_IO, NULL, "%s is torn or was changed: choose another folder, or --force", path);
}

static enum nw_status take_all(struct nw_context *context, const char *path, char *text,
                               struct nw_calibration *k) {
  char *rest = NULL, head[64];
  snprintf(head, sizeof head, "needlework-calibration %016llx",
           (unsigned long long)nw_calibration_identity(k->problem));
  const char *first = strtok_r(text, "\n", &rest);
  if (!first || strcmp(first, head) != 0)
    return nw_fail(context, NW_IO, NULL,
                   "%s is of another problem, version or set of numbers: choose another folder, or --force",
                   path);
  for (char *line; (line = strtok_r(NULL, "\n", &rest));)
    if (!take_line(line, k)) return damaged(context, path);
  return NW_OK;
}

enum nw_status nw_calibration_load(struct nw_context *context, const char *folder, struct nw_calibration *k) {
  char *path = nw_file_join(folder, state_name);
  struct nw_text text = {0};
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
  enum nw_status status = NW_OK;
  if (nw_file_exists(path)) {
    status = nw_file_read_text(context, path, LARGEST_STATE, &text);
    if (status == NW_OK && !take_seal(&text)) status = damaged(context, path);
    if (status == NW_OK) status = take_all(context, path, text.data, k);
  }
  nw_text_clear(&text);
  nw_release(path);
  return status;
}
