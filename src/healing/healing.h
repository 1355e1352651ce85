/* SPDX-License-Identifier: BSD-3-Clause
   Stage healing: the wound-healing network of the dermis and the skin surface above it through the
   whole course: sessions as events, ageing and sun underneath. */
#pragma once
#include "run.h"

/* Who wants to see the fields on the way; nullable. Times [d]. */
struct nw_healing_sink {
  void *data;
  /* At the regular output times: fields (nz, ny, nx) in tissue units, and the melanin map (ny, nx). */
  enum nw_status (*fields)(void *data, double time, const float *const value[NW_FIELD_COUNT],
                           const float *melanin);
  /* At step boundaries where a checkpoint is due. */
  enum nw_status (*checkpoint)(void *data);
  double checkpoint_every; /* wall time between checkpoints [s] */
};

/* On which grid the course runs: the patch with every puncture; one mean channel with its depth profile (a
   few tens of milliseconds a year); one channel of the papillary zone alone (less); untouched skin. */
enum nw_fidelity { NW_PATCH, NW_DEPTH_CELL, NW_UNIT_CELL, NW_POINT };

/* Creates run->healing at rest before the first injury and sizes the histories. `single_precision`
   is of the fields. NW_BAD_PLAN: under these parameters skin has no rest.
 */
enum nw_status nw_healing_prepare(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                                  enum nw_fidelity fidelity, bool single_precision);
/* Runs from where run->healing stands to the last output or session not after `until` [d] (INFINITY: to the
   end of follow-up) and appends to run->tissue and run->pictures. NW_INTERRUPTED when the context was
   interrupted, NW_NUMERICAL when even the shortest step fails, or what the sink says. Called again in either
   case, also after a restart from the memory below, it goes on to the same bits. */
enum nw_status nw_healing_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run,
                              double until, const struct nw_healing_sink *sink);
/* Fills run->tissue_untreated: the same skin at the same output times without any injury. Statuses as
   above. */
enum nw_status nw_healing_untreated(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* Sets the pointer to NULL, which is fine to begin with. */
void nw_healing_free(struct nw_healing_state **state);

/* One block of the mutable memory of the stage. */
struct nw_healing_memory {
  char name[64];
  void *data; /* borrowed */
  size_t bytes;
};
/* The block that tells the sizes of all others comes first, alone: read it back, call
   nw_healing_restore_sizes, then read the rest. Returns the number of blocks, also beyond `most`. */
size_t nw_healing_memory(struct nw_run *run, struct nw_healing_memory *block, size_t most);
/* Makes room for what the first block tells of. */
enum nw_status nw_healing_restore_sizes(struct nw_context *context, struct nw_run *run);
/* Edges of the grid, borrowed: x, y, z [mm], z below the junction. */
void nw_healing_grid(const struct nw_run *run, size_t n[3], const double *edge[3]);
/* Text that tells the grid and precision of a checkpoint apart from others. */
void nw_healing_identity(const struct nw_run *run, struct nw_text *text);
