/* SPDX-License-Identifier: BSD-3-Clause
   What the healing stage keeps and hands over at output times. */
#include "healing_state.h"

#include <math.h>

#include "base/units.h"

static enum nw_status read_state(struct nw_context *context, const struct nw_run *run,
                                 struct nw_healing_state *s, struct nw_tissue_state *out) {
  const struct nw_axis *z = &s->tissue->grid.axis[2];
  const double bottom = z->edge[z->n], border = nw_unit_from_si(run->c->params.papillary_zone, "mm");
  double whole[NW_FIELD_COUNT];
  *out = (struct nw_tissue_state){.time = nw_unit_to_si(s->progress.time, "d")};
  const bool deep = s->fidelity == NW_PATCH || s->fidelity == NW_DEPTH_CELL;
  NW_TRY(nw_tissue_means(context, s->tissue, 0, deep ? border : bottom, out->papillary));
  NW_TRY(nw_tissue_means(context, s->tissue, deep ? border : 0, bottom, out->reticular));
  NW_TRY(nw_tissue_means(context, s->tissue, 0, deep ? z->edge[1] : bottom, out->junction));
  NW_TRY(nw_tissue_means(context, s->tissue, 0, bottom, whole));
  out->collagen_per_area = run->skin.collagen * nw_collagen_total(whole) / nw_collagen_total(s->tissue->rest);
  nw_surface_sample(s->surface, out);
  return NW_OK;
}

static enum nw_status append_state(struct nw_context *context, struct nw_run *run,
                                   struct nw_healing_state *s) {
  struct nw_tissue_history *h = &run->tissue;
  if (!nw_grow(&h->item, &h->capacity, h->count + 1, sizeof *h->item))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for the history of the tissue");
  NW_TRY(read_state(context, run, s, &h->item[h->count]));
  s->progress.n_tissue = ++h->count;
  return NW_OK;
}

bool nw_healing_section_create(const struct nw_picture_store *store, struct nw_section *section) {
  bool done = true;
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    section->field[f] = nw_allocate(store->nx * store->nz, sizeof(float));
    done = done && section->field[f];
  }
  section->coverage = nw_allocate(store->nx * store->ny, sizeof(float));
  section->melanin = nw_allocate(store->nx * store->ny, sizeof(float));
  return done && section->coverage && section->melanin;
}

static void section_fill(const struct nw_picture_store *store, const struct nw_healing_state *s,
                         double *layer, struct nw_section *section) {
  const struct nw_kernels *k = s->tissue->stepper->kernels;
  const size_t row = store->ny / 2 * store->nx;
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    for (size_t z = 0; z < store->nz; z++) {
      k->read_plane(s->tissue->stepper->workspace, f, z, layer);
      for (size_t x = 0; x < store->nx; x++)
        section->field[f][z * store->nx + x] = (float)layer[row + x];
    }
  const double *coverage = nw_surface_coverage(s->surface), *melanin = nw_surface_melanin(s->surface);
  for (size_t i = 0; i < store->nx * store->ny; i++) {
    section->coverage[i] = (float)coverage[i];
    section->melanin[i] = (float)melanin[i];
  }
}

static enum nw_status append_picture(struct nw_context *context, struct nw_run *run,
                                     struct nw_healing_state *s) {
  struct nw_picture_store *p = &run->pictures;
  double *layer = nw_allocate(p->nx * p->ny, sizeof(double));
  enum nw_status status = NW_OK;
  if (!layer || !nw_grow(&p->item, &p->capacity, p->count + 1, sizeof *p->item) ||
      !nw_healing_section_create(p, &p->item[p->count])) {
    status = nw_fail(context, NW_MEMORY, NULL, "no memory for a section picture");
  } else {
    p->item[p->count].time = nw_unit_to_si(s->progress.time, "d");
    section_fill(p, s, layer, &p->item[p->count]);
    s->progress.n_pictures = ++p->count;
  }
  nw_release(layer);
  return status;
}

static enum nw_status give_fields(struct nw_context *context, const struct nw_run *run,
                                  const struct nw_healing_state *s, const struct nw_healing_sink *sink) {
  const size_t cells = nw_grid_cells(&s->tissue->grid);
  const size_t plane = s->tissue->grid.axis[0].n * s->tissue->grid.axis[1].n;
  const float *value[NW_FIELD_COUNT] = {0};
  float *memory = nw_allocate(NW_FIELD_COUNT * cells + plane, sizeof(float));
  if (!memory) return nw_fail(context, NW_MEMORY, NULL, "no memory to write fields");
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    if (!(run->c->output.fields >> f & 1)) continue;
    float *to = memory + (size_t)f * cells;
    s->tissue->stepper->kernels->read_single(s->tissue->stepper->workspace, f, to);
    value[f] = to;
  }
  float *map = memory + NW_FIELD_COUNT * cells;
  const double *melanin = nw_surface_melanin(s->surface);
  for (size_t i = 0; i < plane; i++)
    map[i] = (float)melanin[i];
  const enum nw_status status = sink->fields(sink->data, s->progress.time, value, map);
  nw_release(memory);
  return status;
}

static bool is_picture(const struct nw_course_calendar *calendar, double time) {
  for (size_t i = 0; i < calendar->n_pictures; i++)
    if (calendar->picture[i] == time) return true;
  return false;
}

enum nw_status nw_healing_record(struct nw_context *context, struct nw_run *run, struct nw_healing_state *s,
                                 const struct nw_healing_sink *sink) {
  NW_TRY(append_state(context, run, s));
  if (s->fidelity == NW_PATCH && is_picture(&s->calendar, s->progress.time))
    NW_TRY(append_picture(context, run, s));
  if (sink && sink->fields && s->calendar.regular[s->progress.next_output])
    NW_TRY(give_fields(context, run, s, sink));
  s->progress.next_output++;
  return NW_OK;
}
