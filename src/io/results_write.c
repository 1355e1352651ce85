/* SPDX-License-Identifier: BSD-3-Clause
   Results folder: written from a run. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/units.h"
#include "fields.h"
#include "json.h"
#include "outcome/outcome.h"
#include "results.h"
#include "summary.h"

/* ---- tables ---- */

/* A table on its way to a file: a row is put together in memory, then handed on at once. */
struct sheet {
  struct nw_file file;
  char line[1024];
  size_t length;
};

static void put_text(struct sheet *s, const char *text) {
  const size_t n = strlen(text);
  if (s->length + n > sizeof s->line) {
    fwrite(s->line, 1, s->length, s->file.stream);
    s->length = 0;
  }
  if (n > sizeof s->line) {
    fwrite(text, 1, n, s->file.stream);
  } else {
    memcpy(s->line + s->length, text, n);
    s->length += n;
  }
}

static void put_number(struct sheet *s, double number) {
  char digits[NW_NUMBER_SIZE];
  if (!isfinite(number)) return; /* an empty cell */
  nw_number_write(digits, number);
  put_text(s, digits);
}

/* Converted units: without the rounding noise behind the digits that count. */
static void put_converted(struct sheet *s, double number) {
  enum { DIGITS = 12 };
  put_number(s, nw_number_round(number, DIGITS));
}

static void put_fixed(struct sheet *s, double number, int decimals) {
  char digits[NW_NUMBER_SIZE];
  if (isfinite(number)) {
    nw_number_write_fixed(digits, number, decimals);
    put_text(s, digits);
  }
  put_text(s, ",");
}

/* Names of products may hold commas, quotes and new lines. */
static void put_word(struct sheet *s, const char *word) {
  if (!strpbrk(word, ",\"\n\r#")) {
    put_text(s, word);
    return;
  }
  put_text(s, "\"");
  for (const char *p = word; *p; p++) {
    const char one[] = {*p, '\0'};
    put_text(s, *p == '"' ? "\"\"" : one);
  }
  put_text(s, "\"");
}

static enum nw_status finish(struct nw_context *context, struct sheet *s) {
  if (s->length) fwrite(s->line, 1, s->length, s->file.stream);
  return nw_file_commit(context, &s->file);
}

static bool has_outcome(const struct nw_timeline *t, int key) {
  for (size_t i = 0; i < t->n_rows; i++)
    if (isfinite(t->value[i][key])) return true;
  return false;
}

static enum nw_status write_timeline(struct nw_context *context, const struct nw_run *run, const char *path) {
  const struct nw_timeline *t = &run->timeline;
  struct sheet s = {.length = 0};
  bool present[NW_OUTCOME_COUNT];
  NW_TRY(nw_file_create(context, path, &s.file));
  put_text(&s, "time_d");
  for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
    if (!(present[k] = has_outcome(t, k))) continue;
    put_text(&s, ",");
    put_text(&s, nw_outcome_rows()[k].key);
  }
  put_text(&s, "\n");
  for (size_t i = 0; i < t->n_rows; i++) {
    put_converted(&s, nw_unit_from_si(t->time[i], "d"));
    for (int k = 0; k < NW_OUTCOME_COUNT; k++) {
      if (!present[k]) continue;
      put_text(&s, ",");
      put_number(&s, t->value[i][k]);
    }
    put_text(&s, "\n");
  }
  return finish(context, &s);
}

static enum nw_status write_timeline_units(struct nw_context *context, const struct nw_run *run,
                                           const char *path) {
  struct nw_text text = {0};
  struct nw_json json = {.text = &text};
  nw_json_object(&json, NULL);
  nw_json_text(&json, "time_d", "d");
  for (int k = 0; k < NW_OUTCOME_COUNT; k++)
    if (has_outcome(&run->timeline, k))
      nw_json_text(&json, nw_outcome_rows()[k].key, nw_outcome_rows()[k].unit);
  nw_json_end_object(&json);
  const enum nw_status status = nw_file_write_text(context, path, &text);
  nw_text_clear(&text);
  return status;
}

/* Decimals: a tenth of a micrometre in place, a hundredth in depth, a hundredth of a degree. Sessions and
   passes are counted from 1. */
static enum nw_status write_punctures(struct nw_context *context, const struct nw_run *run,
                                      const char *path) {
  const double mm = nw_unit_from_si(1, "mm"), um = nw_unit_from_si(1, "um"),
               degree = nw_unit_from_si(1, "deg");
  struct sheet s = {.length = 0};
  NW_TRY(nw_file_create(context, path, &s.file));
  put_text(&s, "session,pass,x_mm,y_mm,reach_um,lumen_depth_um,lumen_diameter_um,angle_deg,layer,bleeds\n");
  for (size_t i = 0; i < run->punctures.count; i++) {
    const struct nw_puncture *p = &run->punctures.item[i];
    put_fixed(&s, p->session + 1, 0);
    put_fixed(&s, p->pass + 1, 0);
    put_fixed(&s, p->x * mm, 4);
    put_fixed(&s, p->y * mm, 4);
    put_fixed(&s, p->reach * um, 2);
    put_fixed(&s, p->lumen_depth * um, 2);
    put_fixed(&s, p->lumen_diameter * um, 2);
    put_fixed(&s, p->angle * degree, 2);
    put_text(&s, nw_layer_word(p->layer));
    put_text(&s, p->bleeds ? ",1\n" : ",0\n");
  }
  return finish(context, &s);
}

static double cell(const double *value, size_t i, double scale) {
  return value ? value[i] * scale : NAN;
}

static void put_course(struct sheet *s, const struct nw_absorption_course *course, size_t i) {
  const double flux = nw_unit_from_si(1, "ug/(cm^2 h)"), amount = nw_unit_from_si(1, "ug/cm^2");
  const double value[] = {cell(course->flux, i, flux),
                          cell(course->cumulative, i, amount),
                          cell(course->stratum_corneum, i, amount),
                          cell(course->viable_epidermis, i, amount),
                          cell(course->dermis, i, amount),
                          cell(course->blood, i, amount),
                          cell(course->open_fraction, i, 1)};
  for (size_t j = 0; j < NW_COUNT(value); j++) {
    put_text(s, ",");
    put_converted(s, value[j]);
  }
}

static enum nw_status write_absorption(struct nw_context *context, const struct nw_run *run,
                                       const char *path) {
  static const char *const column[] = {"flux_ug_cm2_h", "q_cum_ug_cm2", "stratum_corneum", "viable_epidermis",
                                       "dermis",        "blood",        "open_fraction"};
  struct sheet s = {.length = 0};
  NW_TRY(nw_file_create(context, path, &s.file));
  put_text(&s, "product,time_h");
  for (size_t j = 0; j < 2 * NW_COUNT(column); j++) {
    put_text(&s, ",");
    put_text(&s, column[j % NW_COUNT(column)]);
    if (j >= NW_COUNT(column)) put_text(&s, "_intact");
  }
  put_text(&s, "\n");
  for (size_t p = 0; p < run->c->n_products; p++) {
    const struct nw_absorption *a = &run->absorption[p];
    for (size_t i = 0; i < a->n_times; i++) {
      put_word(&s, nw_product_title(&run->c->products[p]));
      put_text(&s, ",");
      put_converted(&s, nw_unit_from_si(a->time[i], "h"));
      put_course(&s, &a->needled, i);
      put_course(&s, &a->intact, i);
      put_text(&s, "\n");
    }
  }
  return finish(context, &s);
}

/* Mean concentrations at the end of contact, where they were computed in three dimensions. */
static enum nw_status write_absorption_map(struct nw_context *context, const struct nw_run *run,
                                           const char *path) {
  const struct nw_patch *patch = &run->c->patch;
  struct sheet s = {.length = 0};
  NW_TRY(nw_file_create(context, path, &s.file));
  put_text(&s, "product,x_mm,y_mm,viable_epidermis_ug_mL,dermis_ug_mL\n");
  for (size_t p = 0; p < run->c->n_products; p++) {
    const struct nw_absorption *a = &run->absorption[p];
    for (size_t i = 0; i < a->map_nx * a->map_ny; i++) {
      const double x = ((double)(i % a->map_nx) + 0.5) / (double)a->map_nx * patch->width;
      const double y = ((double)(i / a->map_nx) + 0.5) / (double)a->map_ny * patch->height;
      const double value[] = {nw_unit_from_si(x, "mm"), nw_unit_from_si(y, "mm"),
                              nw_unit_from_si(a->map_epidermis[i], "ug/mL"),
                              nw_unit_from_si(a->map_dermis[i], "ug/mL")};
      put_word(&s, nw_product_title(&run->c->products[p]));
      for (size_t j = 0; j < NW_COUNT(value); j++) {
        put_text(&s, ",");
        put_converted(&s, value[j]);
      }
      put_text(&s, "\n");
    }
  }
  return finish(context, &s);
}

static enum nw_status write_summary(struct nw_context *context, const struct nw_run *run, enum nw_stage last,
                                    const char *path) {
  struct nw_text text = {0};
  NW_TRY(nw_summary_text(context, run, last, &text));
  const enum nw_status status = nw_file_write_text(context, path, &text);
  nw_text_clear(&text);
  return status;
}

/* ---- all files of a run ---- */

enum part { TIMELINE, UNITS, PUNCTURES, ABSORPTION, ABSORPTION_MAP, SECTIONS, SUMMARY, PART_COUNT };

static bool part_is_due(const struct nw_run *run, enum nw_stage last, enum part part, const char *path) {
  switch (part) {
    case TIMELINE:
    case UNITS:
      return run->timeline.n_rows > 0;
    case PUNCTURES:
      return last >= NW_STAGE_puncture;
    case ABSORPTION:
      return last >= NW_STAGE_transport && run->absorption && run->c->n_products > 0;
    case ABSORPTION_MAP:
      return run->absorption && run->c->n_products > 0 && run->absorption[0].map_nx > 0;
    case SECTIONS:
      return run->pictures.count > 0 && !nw_file_exists(path);
    default:
      return true;
  }
}

static enum nw_status write_part(struct nw_context *context, const struct nw_run *run, enum nw_stage last,
                                 const char *folder, enum part part) {
  static const char *const name[PART_COUNT] = {"timeline.csv",   "timeline.units.json", "punctures.csv",
                                               "absorption.csv", "absorption_map.csv",  "fields.h5",
                                               "summary.json"};
  char *path = nw_file_join(folder, name[part]);
  enum nw_status status = NW_OK;
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing into %s", folder);
  if (part_is_due(run, last, part, path)) {
    switch (part) {
      case TIMELINE:
        status = write_timeline(context, run, path);
        break;
      case UNITS:
        status = write_timeline_units(context, run, path);
        break;
      case PUNCTURES:
        status = write_punctures(context, run, path);
        break;
      case ABSORPTION:
        status = write_absorption(context, run, path);
        break;
      case ABSORPTION_MAP:
        status = write_absorption_map(context, run, path);
        break;
      case SECTIONS:
        status = nw_field_file_pictures(context, folder, run->c, &run->pictures);
        break;
      default:
        status = write_summary(context, run, last, path);
    }
  }
  nw_release(path);
  return status;
}

/* The summary comes last: where it stands, the others do. */
enum nw_status nw_results_write(struct nw_context *context, const struct nw_run *run, enum nw_stage last,
                                const char *folder) {
  for (int part = 0; part < PART_COUNT; part++)
    NW_TRY(write_part(context, run, last, folder, (enum part)part));
  return NW_OK;
}
