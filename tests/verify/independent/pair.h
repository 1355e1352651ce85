/* SPDX-License-Identifier: BSD-3-Clause
   The same piece of tissue twice: the simulator's, and the numbers of the second writing. A call that
   cannot do its work fails the running cmocka test. */
#pragma once
#include "healing/tissue.h"
#include "volumes.h"

enum { PAIR_MOST = 64 };

/* Cells along each axis; x may be radial. */
struct pair_grid {
  size_t n[3];
  bool radial;
  double edge[3][PAIR_MOST + 1]; /* [mm] */
};

struct pair {
  struct peer_model model;
  struct peer_box box;        /* points to `model` and to the grid */
  struct nw_tissue *tissue;   /* owned */
  double *u;                  /* the second writing, species of a cell side by side; owned */
  double *value;              /* room for one field of the simulator; owned */
  struct nw_context *context; /* owned */
};

/* How far the two are apart, and how large the second writing is. [unit of the species] */
struct pair_gap {
  double anywhere[PEER_SPECIES], largest[PEER_SPECIES]; /* in the cell where each is most */
  double mean[PEER_SPECIES], average[PEER_SPECIES];     /* of the means over the grid */
};

extern const double peer_scale[PEER_SPECIES]; /* usual size of each species [unit of the species] */

struct pair_grid pair_cell_grid(void);
/* Radial unit cell at 250 punctures per square centimetre: 30 rings, finest at the channel. */
struct pair_grid pair_ring_grid(void);
/* Column 1.2 mm deep in 30 layers, thinnest on top. */
struct pair_grid pair_column_grid(void);
/* Flat patch of equal cells [mm]. */
struct pair_grid pair_patch_grid(size_t nx, size_t ny, size_t nz, double cell);

/* Both at rest; the grid is borrowed for the life of the pair. */
void pair_create(struct pair *p, const struct pair_grid *grid, const struct peer_subject *subject,
                 bool single);
void pair_clear(struct pair *p);
/* The simulator shall step as finely as this tolerance asks, from far shorter first steps. */
void pair_tighten(struct pair *p, double tolerance);
/* Gives the simulator the numbers of the second writing. */
void pair_write(struct pair *p);
/* Injures both, each by its own equations; shares of each cell. */
void pair_injure(struct pair *p, enum peer_blow blow, const double *core, const double *rim);
/* The simulator's tissue to the time given [d]. */
void pair_heal(struct pair *p, double time);
struct pair_gap pair_compare(struct pair *p);
/* The larger of each. */
struct pair_gap pair_wider(const struct pair_gap *a, const struct pair_gap *b);
