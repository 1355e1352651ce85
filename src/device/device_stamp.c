/* SPDX-License-Identifier: BSD-3-Clause
   A stamp, and anything else that prints a field at a time: impacts tile the area, more or less well.
   Also the layout of needles on a head. */
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/number.h"
#include "base/units.h"
#include "device_motion.h"

double nw_stamp_density(const struct nw_device *device, int needles) {
  return needles / (device->head_width * device->head_width);
}

static enum nw_status impact(const struct nw_pass *pass, double u, double v, double rotation) {
  const double cosine = cos(rotation), sine = sin(rotation);
  for (int i = 0; i < pass->head->count; i++) {
    const double x = pass->head->x[i], y = pass->head->y[i];
    NW_TRY(nw_pass_strike(pass, u + x * cosine - y * sine, v + x * sine + y * cosine, (uint32_t)i, 0));
  }
  return NW_OK;
}

enum nw_status nw_pass_stamp(const struct nw_pass *pass) {
  const struct nw_params *p = &pass->c->params;
  const double width = pass->c->device.head_width;
  const bool by_hand = pass->c->device.kind == NW_DEVICE_STAMP || pass->c->device.kind == NW_DEVICE_RF_NEEDLE;
  const double misplaced = by_hand ? p->stamp_misplacement * width : 0;
  const double turned = by_hand ? p->pass_direction_spread : 0;
  /* math: six standard deviations out, no impact reaches the patch */
  const double reach = pass->reach_out + width + 6 * misplaced;
  const double u0 = -reach - width * nw_pass_uniform(pass, -1, 0, 0);
  const double v0 = -reach - width * nw_pass_uniform(pass, -1, 0, 1);
  for (int64_t row = 0; v0 + (double)row * width <= reach; row++)
    for (int64_t column = 0; u0 + (double)column * width <= reach; column++) {
      const double u = u0 + (double)column * width + misplaced * nw_pass_normal(pass, row, column, 0);
      const double v = v0 + (double)row * width + misplaced * nw_pass_normal(pass, row, column, 2);
      const double rotation = turned * (2 * nw_pass_uniform(pass, row, column, 4) - 1);
      NW_TRY(impact(pass, u, v, rotation));
    }
  return NW_OK;
}

/* Rows of equal pitch that together tile the square head; a last row that is not full is centred. */
static void lay_grid(struct nw_head *head, double width) {
  const int rows = (int)fmax(floor(sqrt(head->count)), 1);
  const int columns = (head->count + rows - 1) / rows;
  for (int i = 0; i < head->count; i++) {
    const int row = i / columns, column = i % columns;
    const int here = row == (head->count - 1) / columns ? head->count - row * columns : columns;
    head->x[i] = width * ((column + 0.5) / here - 0.5);
    head->y[i] = width * ((row + 0.5) / rows - 0.5);
  }
}

static void lay_ring(struct nw_head *head, int first, int count, double radius) {
  for (int i = 0; i < count; i++) {
    const double angle = 2 * NW_PI * i / count;
    head->x[first + i] = radius * cos(angle);
    head->y[first + i] = radius * sin(angle);
  }
}

/* Two rings from eight needles on, else one; a single needle sits in the middle. */
static void lay_rings(const struct nw_params *p, struct nw_head *head, double width) {
  const int two_rings_from = 8; /* math: convention of the drawing, fewer make one round ring */
  const int inner = head->count >= two_rings_from ? (int)lround(p->pen_inner_share * head->count) : 0;
  lay_ring(head, 0, inner, 0.5 * width * p->pen_ring_inner);
  lay_ring(head, inner, head->count - inner, head->count == 1 ? 0 : 0.5 * width * p->pen_ring_outer);
}

static enum nw_status allocate(struct nw_context *context, int count, struct nw_head *head) {
  head->count = count;
  head->x = nw_allocate((size_t)count, sizeof *head->x);
  head->y = nw_allocate((size_t)count, sizeof *head->y);
  if (head->x && head->y) return NW_OK;
  nw_head_clear(head);
  return nw_fail(context, NW_MEMORY, "device.needle_count", "no memory for %d needles", count);
}

/* A position on a head; a mistake is reported at the cell. */
static double position(struct nw_context *context, const struct nw_csv *csv, size_t row, int column) {
  const double widest = 100; /* math: mm, wider than any head */
  const char *text = nw_csv_at(csv, row, column)->text;
  double value = 0;
  if (!nw_number_read(text, strlen(text), &value) || fabs(value) > widest)
    nw_csv_report(context, csv, row, column, "'%.40s' is no number from %g to %g", text, -widest, widest);
  return nw_unit_to_si(value, "mm");
}

static enum nw_status copy_positions(struct nw_context *context, const struct nw_csv *csv,
                                     struct nw_head *head) {
  const size_t before = nw_error_count(context);
  const int x = nw_csv_column(csv, "x_mm"), y = nw_csv_column(csv, "y_mm");
  if (x < 0 || y < 0)
    return nw_fail(context, NW_BAD_PLAN, "device.array",
                   "%s: needs the columns x_mm and y_mm and a row for each needle", csv->name);
  NW_TRY(allocate(context, (int)csv->n_rows, head));
  for (size_t i = 0; i < csv->n_rows; i++) {
    head->x[i] = position(context, csv, i, x);
    head->y[i] = position(context, csv, i, y);
  }
  if (nw_error_count(context) == before) return NW_OK;
  nw_head_clear(head);
  return NW_BAD_PLAN;
}

static enum nw_status read_positions(struct nw_context *context, const char *file, struct nw_head *head) {
  struct nw_csv csv;
  NW_TRY(nw_csv_read(context, file, &csv));
  const enum nw_status status = copy_positions(context, &csv, head);
  nw_csv_clear(&csv);
  return status;
}

enum nw_status nw_head_create(struct nw_context *context, const struct nw_case *c, struct nw_head *head) {
  const struct nw_device *device = &c->device;
  if (device->array_file && device->kind != NW_DEVICE_ROLLER)
    return read_positions(context, device->array_file, head);
  NW_TRY(allocate(context, device->needle_count, head));
  if (device->kind == NW_DEVICE_PEN)
    lay_rings(&c->params, head, device->head_width);
  else
    lay_grid(head, device->head_width);
  return NW_OK;
}

void nw_head_clear(struct nw_head *head) {
  nw_release(head->x);
  nw_release(head->y);
  *head = (struct nw_head){0};
}
