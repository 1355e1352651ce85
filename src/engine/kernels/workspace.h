/* SPDX-License-Identifier: BSD-3-Clause
   What the kernels of one stepper hold: fields, scratch and geometry in the kernels' own precision. */
#pragma once
#include "../kernels.h"
#include "diffuse.h"
#include "varying.h"

enum { MOST_POTENTIALS = NW_MOST_DRIFTS, AHEAD = LANES, CHUNK_CELLS = 8192 / sizeof(real) };

/* phi(s) / sensitivity of one signal; drifts that share signal and saturation share it. */
struct potential {
  int signal;
  real inverse_saturation;
  real *value; /* (nz, plane), in the workspace's memory */
};

struct drift {
  int field, potential;
  real sensitivity, speed_limit, diffusivity;
};

/* Geometry along one axis as the drift kernel wants it. */
struct faces {
  real *left, *right;                   /* (n) face weight over cell volume: 0 at the ends; owned */
  real *left_distance, *right_distance; /* (n) inverse distances of the centres; owned */
  double *width;                        /* (n) owned */
};

/* Everything that a stepper's kernels hold. */
struct nw_workspace {
  struct nw_system system;
  struct diffuse_plan plan;
  struct diffuse_scratch *scratch; /* (threads) owned */
  int threads, n_potentials;
  bool check;                /* whether conservation of the solves is checked in this attempt */
  size_t chunk_rows, chunks; /* rows of a chunk, chunks of a layer */
  size_t chunk;              /* room for the cells of a chunk, in numbers */
  real *u[NW_MOST_FIELDS], *w[NW_MOST_FIELDS], *r[NW_MOST_FIELDS]; /* present, stage, result; in the memory */
  real *memory;                                                    /* of all fields and potentials; owned */
  struct potential potential[MOST_POTENTIALS];
  struct drift drift[NW_MOST_DRIFTS];
  struct faces faces[3];
  real **rates;           /* (threads) n_fields chunks each; owned */
  double *speed;          /* (nz * chunks) owned */
  struct varying varying; /* no levels: an even medium */
  const double *leak;     /* (ny, nx) present boundary loss, or NULL; borrowed */
};

struct nw_workspace *NW_VARIANT(workspace_create)(const struct nw_system *system,
                                                  const struct nw_basis basis[2], int threads);
void NW_VARIANT(workspace_destroy)(struct nw_workspace *workspace);

/* to = alpha u + beta from + tau (N(from) + damping from), N the rates and the drift of all fields. `from`
   and `to` must be different fields of the workspace; `damped` switches the last term. */
struct assembly {
  real *const *from, *const *to;
  real alpha, beta, tau;
  bool damped;
};
void NW_VARIANT(right_side)(struct nw_workspace *workspace, const struct assembly *assembly);

/* One step by each scheme of system.h, as kernels.h tells. */
void NW_VARIANT(attempt)(struct nw_workspace *workspace, const struct nw_step_trial *trial,
                         struct nw_attempt *told);
