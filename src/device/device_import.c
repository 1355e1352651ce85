/* SPDX-License-Identifier: BSD-3-Clause
   Strikes from a list of the user's own, and devices that cannot exist. */
#include <math.h>

#include "puncture/beam.h"
#include "device_motion.h"
#include "io/results.h"
#include "base/units.h"

static double cell(const struct nw_table *table, const char *column, size_t row, double otherwise) {
  const int i = nw_table_column(table, column);
  return i < 0 || isnan(table->number[i][row]) ? otherwise : table->number[i][row];
}

static enum nw_status import_row(struct nw_context *context, const struct nw_case *c,
                                 const struct nw_table *table, size_t row, int session,
                                 struct nw_strikes *strikes) {
  const double x = cell(table, "x_mm", row, NAN), y = cell(table, "y_mm", row, NAN);
  const double width = nw_unit_from_si(c->patch.width, "mm"), height = nw_unit_from_si(c->patch.height, "mm");
  if (!(x >= 0 && x < width && y >= 0 && y < height))
    return nw_fail(context, NW_BAD_PLAN, "device.punctures",
                   "%s: puncture %zu at (%g, %g) mm does not lie on the patch of %g x %g mm",
                   c->device.punctures_file, row + 1, x, y, width, height);
  if (!nw_grow(&strikes->item, &strikes->capacity, strikes->count + 1, sizeof *strikes->item))
    return nw_fail(context, NW_MEMORY, "device.punctures", "no memory for %zu strikes", strikes->count + 1);
  strikes->item[strikes->count++] = (struct nw_strike){
      .session = session,
      .pass = (int)cell(table, "pass", row, 1) - 1,
      .x = fminf((float)nw_unit_to_si(x, "mm"), nextafterf((float)c->patch.width, 0)),
      .y = fminf((float)nw_unit_to_si(y, "mm"), nextafterf((float)c->patch.height, 0)),
      .angle = (float)nw_unit_to_si(cell(table, "angle_deg", row, 0), "deg"),
      .needle = (uint32_t)row,
  };
  return NW_OK;
}

/* A list without sessions holds for each of them. Files count sessions and passes from 1. */
static enum nw_status import_table(struct nw_context *context, const struct nw_case *c,
                                   const struct nw_table *table, struct nw_run *run) {
  if (nw_table_column(table, "x_mm") < 0 || nw_table_column(table, "y_mm") < 0)
    return nw_fail(context, NW_BAD_PLAN, "device.punctures", "%s: needs the columns x_mm and y_mm",
                   c->device.punctures_file);
  const int sessions = nw_device_session_count(c);
  for (int session = 0; session < sessions; session++)
    for (size_t row = 0; row < table->n_rows; row++)
      if (cell(table, "session", row, session + 1) == session + 1)
        NW_TRY(import_row(context, c, table, row, session, &run->strikes));
  if (run->strikes.count < table->n_rows)
    nw_diagnose(context, NW_WARNING, NW_OK, c->device.punctures_file, 0, 0, "device.punctures",
                "%zu of %zu punctures belong to no session of the course (1 to %d) and are left out",
                table->n_rows - run->strikes.count, table->n_rows, sessions);
  if (sessions)
    run->strikes.density = (double)run->strikes.count / sessions / (c->patch.width * c->patch.height);
  return NW_OK;
}

enum nw_status nw_strikes_import(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct nw_table table = {0};
  NW_TRY(nw_table_read(context, c->device.punctures_file, &table));
  const enum nw_status status = import_table(context, c, &table, run);
  nw_table_clear(&table);
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
