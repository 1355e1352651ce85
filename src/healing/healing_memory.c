/* SPDX-License-Identifier: BSD-3-Clause
   The mutable memory of the healing stage as blocks, for checkpoints. */
#include "healing_state.h"

#include <stdio.h>

struct listing {
  struct nw_healing_memory *block;
  size_t count, most;
};

static void list_block(struct listing *l, const char *name, size_t i, size_t j, void *data, size_t bytes) {
  if (l->count < l->most) {
    struct nw_healing_memory *b = &l->block[l->count];
    snprintf(b->name, sizeof b->name, "%s_%zu_%zu", name, i, j);
    b->data = data;
    b->bytes = bytes;
  }
  l->count++;
}

size_t nw_healing_memory(struct nw_run *run, struct nw_healing_memory *block, size_t most) {
  struct nw_healing_state *s = run->healing;
  struct listing l = {block, 0, most};
  struct nw_picture_store *p = &run->pictures;
  size_t count;
  list_block(&l, "progress", 0, 0, &s->progress, sizeof s->progress);
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    void *data = s->tissue->stepper->kernels->memory(s->tissue->stepper->workspace, f, &count);
    list_block(&l, "field", (size_t)f, 0, data, count);
  }
  double *surface = nw_surface_state(s->surface, &count);
  list_block(&l, "surface", 0, 0, surface, count * sizeof(double));
  list_block(&l, "tissue", 0, 0, run->tissue.item, run->tissue.count * sizeof *run->tissue.item);
  for (size_t i = 0; i < p->count; i++) {
    list_block(&l, "picture_time", i, 0, &p->item[i].time, sizeof(double));
    for (size_t f = 0; f < NW_FIELD_COUNT; f++)
      list_block(&l, "picture", i, f, p->item[i].field[f], p->nx * p->nz * sizeof(float));
    list_block(&l, "coverage", i, 0, p->item[i].coverage, p->nx * p->ny * sizeof(float));
    list_block(&l, "melanin", i, 0, p->item[i].melanin, p->nx * p->ny * sizeof(float));
  }
  return l.count;
}

enum nw_status nw_healing_restore_sizes(struct nw_context *context, struct nw_run *run) {
  struct nw_healing_state *s = run->healing;
  struct nw_tissue_history *h = &run->tissue;
  struct nw_picture_store *p = &run->pictures;
  bool done = nw_grow(&h->item, &h->capacity, s->progress.n_tissue, sizeof *h->item) &&
              nw_grow(&p->item, &p->capacity, s->progress.n_pictures, sizeof *p->item);
  while (done && p->count < s->progress.n_pictures)
    done = nw_healing_section_create(p, &p->item[p->count++]);
  if (!done) return nw_fail(context, NW_MEMORY, NULL, "no memory to restore a checkpoint");
  h->count = s->progress.n_tissue;
  s->tissue->time = s->progress.time;
  s->tissue->stepper->state = s->progress.stepper;
  nw_healing_note(run, s);
  return NW_OK;
}

void nw_healing_grid(const struct nw_run *run, size_t n[3], const double *edge[3]) {
  for (int a = 0; a < 3; a++) {
    n[a] = run->healing->tissue->grid.axis[a].n;
    edge[a] = run->healing->tissue->grid.axis[a].edge;
  }
}

void nw_healing_identity(const struct nw_run *run, struct nw_text *text) {
  const struct nw_healing_state *s = run->healing;
  const struct nw_axis *axis = s->tissue->grid.axis;
  nw_text_append(text, "grid %zu x %zu x %zu, %s\n", axis[0].n, axis[1].n, axis[2].n,
                 s->tissue->stepper->kernels->name);
  if (s->dosing) nw_text_append(text, "products %.17g\n", nw_dosing_digest(s->dosing));
}
