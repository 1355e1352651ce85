/* SPDX-License-Identifier: BSD-3-Clause
   Strikes from a list of the user's own, and devices that cannot exist. */
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/number.h"
#include "base/units.h"
#include "device_motion.h"
#include "plan/device_library.h"
#include "puncture/beam.h"

/* ---- what a list may hold; of the other columns of punctures.csv nothing is read ---- */

enum { X, Y, SESSION, PASS, ANGLE, REACH, COLUMNS };

struct list {
  struct nw_context *context;
  const struct nw_case *c;
  struct nw_csv csv;
  int column[COLUMNS]; /* -1: none */
};

struct bounds {
  const char *name;
  double low, high, otherwise;
  bool whole, open; /* whole numbers only; high itself is outside */
};

static struct bounds bounds_of(const struct nw_case *c, int column) {
  const double width = nw_unit_from_si(c->patch.width, "mm"), height = nw_unit_from_si(c->patch.height, "mm");
  const struct bounds all[COLUMNS] = {
      [X] = {"x_mm", 0, width, NAN, false, true},         [Y] = {"y_mm", 0, height, NAN, false, true},
      [SESSION] = {"session", 1, 1000, NAN, true, false},   /* math: above what a course can hold */
      [PASS] = {"pass", 1, 1000, 1, true, false},           /* math: above what a device can be asked for */
      [ANGLE] = {"angle_deg", -90, 90, 0, false, true},     /* math: from lying to lying */
      [REACH] = {"reach_um", 0, 10000, NAN, false, false}}; /* math: a centimetre, beyond any needle */
  return all[column];
}

/* The number in a cell, or what holds where the list gives none; a mistake is reported at the cell. */
static double number(const struct list *l, size_t row, int column) {
  const struct bounds b = bounds_of(l->c, column);
  if (l->column[column] < 0) return b.otherwise;
  const char *text = nw_csv_at(&l->csv, row, l->column[column])->text;
  double value = b.otherwise;
  if (!*text && column > Y) return value;
  if (!nw_number_read(text, strlen(text), &value) || value < b.low || value > b.high ||
      (b.open && value == b.high) || (b.whole && value != floor(value)))
    nw_csv_report(l->context, &l->csv, row, l->column[column], "'%.40s' is no %snumber from %g to %s%g", text,
                  b.whole ? "whole " : "", b.low, b.open ? "below " : "", b.high);
  return value;
}

static enum nw_status find_columns(struct list *l) {
  const char *name[COLUMNS];
  enum nw_status status = NW_OK;
  for (int k = 0; k < COLUMNS; k++) {
    name[k] = bounds_of(l->c, k).name;
    l->column[k] = nw_csv_column(&l->csv, name[k]);
    if (l->column[k] >= 0 || k > Y) continue;
    nw_diagnose(l->context, NW_ERROR, NW_BAD_PLAN, l->csv.name, l->csv.title[0].line, 1, name[k],
                "this column is missing");
    status = NW_BAD_PLAN;
  }
  const enum nw_status spelling = nw_csv_spelling(l->context, &l->csv, name, COLUMNS, l->column);
  return status == NW_OK ? spelling : status;
}

/* All mistakes at once, before a strike is made of any row. */
static enum nw_status check_list(struct list *l) {
  const size_t before = nw_error_count(l->context);
  NW_TRY(find_columns(l));
  for (size_t row = 0; row < l->csv.n_rows; row++)
    for (int k = 0; k < COLUMNS; k++)
      number(l, row, k);
  return nw_error_count(l->context) == before ? NW_OK : NW_BAD_PLAN;
}

/* ---- strikes ---- */

static enum nw_status import_row(const struct list *l, size_t row, int session, struct nw_strikes *strikes) {
  const struct nw_patch *patch = &l->c->patch;
  if (!nw_grow(&strikes->item, &strikes->capacity, strikes->count + 1, sizeof *strikes->item))
    return nw_fail(l->context, NW_MEMORY, "device.punctures", "no memory for %zu strikes",
                   strikes->count + 1);
  strikes->item[strikes->count++] = (struct nw_strike){
      .session = session,
      .pass = (int)number(l, row, PASS) - 1,
      .x = fminf((float)nw_unit_to_si(number(l, row, X), "mm"), nextafterf((float)patch->width, 0)),
      .y = fminf((float)nw_unit_to_si(number(l, row, Y), "mm"), nextafterf((float)patch->height, 0)),
      .angle = (float)nw_unit_to_si(number(l, row, ANGLE), "deg"),
      .needle = (uint32_t)row,
  };
  return NW_OK;
}

/* A list without sessions holds for each of them. Files count sessions and passes from 1. */
static enum nw_status import_list(const struct list *l, struct nw_run *run) {
  const int sessions = nw_case_session_count(l->c);
  for (int session = 0; session < sessions; session++)
    for (size_t row = 0; row < l->csv.n_rows; row++) {
      const double of = number(l, row, SESSION);
      if (isnan(of) || of == session + 1) NW_TRY(import_row(l, row, session, &run->strikes));
    }
  if (run->strikes.count < l->csv.n_rows)
    nw_diagnose(l->context, NW_WARNING, NW_OK, l->csv.name, 0, 0, "device.punctures",
                "%zu of %zu punctures belong to no session of the course (1 to %d) and are left out",
                l->csv.n_rows - run->strikes.count, l->csv.n_rows, sessions);
  if (sessions)
    run->strikes.density = (double)run->strikes.count / sessions / (l->c->patch.width * l->c->patch.height);
  return NW_OK;
}

enum nw_status nw_strikes_import(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct list l = {.context = context, .c = c};
  NW_TRY(nw_csv_read(context, c->device.punctures_file, &l.csv));
  enum nw_status status = check_list(&l);
  if (status == NW_OK) status = import_list(&l, run);
  nw_csv_clear(&l.csv);
  return status;
}

static enum nw_status refuse(struct nw_context *context, const char *key, double got, const char *unit,
                             const char *reason) {
  return nw_fail(context, NW_BAD_PLAN, key, "%.4g %s: %s", unit ? nw_unit_from_si(got, unit) : got,
                 unit ? unit : "", reason);
}

static enum nw_status check_needles(struct nw_context *context, const struct nw_device *d) {
  if (!(d->needle_length > 0 && isfinite(d->needle_length)))
    return refuse(context, "device.needle_length", d->needle_length, "mm", "a needle must have a length");
  if (d->needle_count < 1)
    return refuse(context, "device.needle_count", d->needle_count, NULL,
                  "a device of this kind needs a needle");
  if (!nw_device_has_needles(d->kind)) return NW_OK;
  if (!(d->needle_diameter > 0 && isfinite(d->needle_diameter)))
    return refuse(context, "device.needle_diameter", d->needle_diameter, "um", "a needle must have a width");
  if (!(d->tip_radius > 0 && 2 * d->tip_radius <= d->needle_diameter))
    return refuse(context, "device.tip_radius", d->tip_radius, "um",
                  "the tip must be round and no wider than the needle");
  return NW_OK;
}

static enum nw_status check_roller(struct nw_context *context, const struct nw_device *d) {
  if (!(d->drum_diameter > 0 && d->drum_width > 0))
    return refuse(context, "device.drum_diameter", d->drum_diameter, "mm",
                  "a roller needs a drum with diameter and width");
  if (d->rows < 0 || (d->rows > 0 && d->needle_count % d->rows))
    return refuse(context, "device.rows", d->rows, NULL,
                  "the needles do not divide evenly over so many rows");
  if (d->needle_length > 0.5 * d->drum_diameter)
    return refuse(context, "device.needle_length", d->needle_length, "mm",
                  "needles longer than the drum's radius cannot roll");
  const int rows = nw_roller_rows(d);
  if (d->needle_diameter * rows > d->drum_width ||
      d->needle_diameter * (d->needle_count / rows) > NW_PI * d->drum_diameter)
    return refuse(context, "device.needle_count", d->needle_count, NULL,
                  "so many needles of this width do not fit on the drum");
  return NW_OK;
}

static enum nw_status check_head(struct nw_context *context, const struct nw_device *d) {
  if (!(d->head_width > 0 && isfinite(d->head_width)))
    return refuse(context, "device.head_width", d->head_width, "mm", "the head must have a width");
  const double side = ceil(sqrt(d->needle_count));
  if (side * d->needle_diameter > d->head_width)
    return refuse(context, "device.needle_count", d->needle_count, NULL,
                  "so many needles of this width do not fit on the head");
  if (d->kind != NW_DEVICE_PEN) return NW_OK;
  if (!(d->frequency > 0 && isfinite(d->frequency)))
    return refuse(context, "device.frequency", d->frequency, "Hz",
                  "a pen that does not strike makes no punctures");
  if (!(d->glide_speed > 0 && isfinite(d->glide_speed)))
    return refuse(context, "device.glide_speed", d->glide_speed, "mm/s",
                  "a pen that stands still punctures one place for ever");
  if (!(d->stroke > 0 && isfinite(d->stroke)))
    return refuse(context, "device.stroke", d->stroke, "mm", "a pen needs a stroke");
  return NW_OK;
}

enum nw_status nw_device_check(struct nw_context *context, const struct nw_case *c) {
  const struct nw_device *d = &c->device;
  if (d->passes < 0) return refuse(context, "device.passes", d->passes, NULL, "passes cannot be negative");
  NW_TRY(check_needles(context, d));
  if (!nw_device_has_needles(d->kind)) NW_TRY(nw_beam_check(context, &c->params, d));
  if (d->punctures_file) return NW_OK;
  return d->kind == NW_DEVICE_ROLLER ? check_roller(context, d) : check_head(context, d);
}
