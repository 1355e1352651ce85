/* SPDX-License-Identifier: BSD-3-Clause
   The run gives back what its stages took. */
#include "run.h"

#include "healing/healing.h"
#include "transport/transport.h"

static void free_pictures(struct nw_picture_store *p) {
  for (size_t i = 0; i < p->count; i++) {
    for (int f = 0; f < NW_FIELD_COUNT; f++)
      nw_release(p->item[i].field[f]);
    nw_release(p->item[i].coverage);
    nw_release(p->item[i].melanin);
  }
  nw_release(p->item);
  nw_release(p->x_edge);
  nw_release(p->y_edge);
  nw_release(p->z_edge);
}

void nw_run_clear(struct nw_run *run) {
  nw_transport_free(run);
  nw_release(run->strikes.item);
  nw_release(run->punctures.item);
  nw_release(run->injuries.item);
  nw_release(run->tissue.item);
  nw_release(run->tissue_untreated.item);
  nw_release(run->timeline.time);
  nw_release(run->timeline.value);
  free_pictures(&run->pictures);
  nw_healing_free(&run->healing);
  *run = (struct nw_run){0};
}

void nw_run_free(struct nw_run **run) {
  if (!*run) return;
  nw_run_clear(*run);
  nw_release(*run);
  *run = NULL;
}
