/* SPDX-License-Identifier: BSD-3-Clause
   Transport in three dimensions: the layers of a column over a patch with single channels where they are,
   each open until its own plug. Same unknown u, same coefficients and same time steps as the column; the
   vehicle's concentration is given from outside. Flat sides let nothing through. */
#pragma once
#include "column.h"
#include "engine/grid.h"

struct nw_box_channel {
  double x, y;          /* of its axis on the patch [m] */
  double radius, depth; /* [m] */
  double opens, closes; /* [s] */
};

struct nw_box_spec {
  struct nw_column_spec
      column;                  /* layers, bottom, vehicle's factors, elimination; its channels are not read */
  double width, height;        /* of the patch [m] */
  double resolution;           /* lateral cell size [m] */
  int cells[NW_COLUMN_LAYERS]; /* in depth, by layer */
  const struct nw_box_channel *channel; /* (n_channels) borrowed for the life of the box */
  size_t n_channels;
  int threads;
};

/* All of one moment, per area of the patch. */
struct nw_box_reading {
  double layer[NW_COLUMN_LAYERS];                  /* [kg/m2] */
  double blood, cleared, receptor, supplied, past; /* [kg/m2] */
  double flux, receptor_flux;                      /* into the viable layers; into the receptor [kg/(m2 s)] */
  double residual;                                 /* |supplied - what is found| over supplied [1] */
  size_t open;                                     /* channels open now */
};

struct nw_box;

/* At rest without product. NW_MEMORY. Langmuir sites, flow, stores and a finite receptor are the column's. */
enum nw_status nw_box_create(const struct nw_box_spec *spec, struct nw_box **out);
void nw_box_free(struct nw_box **box);
/* One step to `time` [s] of second order, or of backward Euler where a value would turn negative or `abrupt`:
   something has just changed. The vehicle's concentrations at the start, at share nw_box_middle of the step
   and at its end [kg/m3]; `covered` says whether it stands on the skin. NW_NUMERICAL: the linear solver does
   not converge. */
enum nw_status nw_box_step(struct nw_box *box, double time, const double vehicle[3], bool covered,
                           bool abrupt);
/* Share of a step at which its first stage stands. */
double nw_box_middle(void);
/* What is where at the time that the box has reached. */
void nw_box_read(const struct nw_box *box, struct nw_box_reading *out);
/* Mean total concentration in a layer over its depth, (ny, nx) [kg/m3]. */
void nw_box_map(const struct nw_box *box, int layer, double *out);
