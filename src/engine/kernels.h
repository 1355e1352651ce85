/* SPDX-License-Identifier: BSD-3-Clause
   The kernels behind the stepper: one table for each precision and instruction set. */
#pragma once
#include <stdbool.h>

#include "basis.h"
#include "system.h"

struct nw_workspace;

/* One step to try. */
struct nw_step_trial {
  enum nw_scheme scheme;
  double dt;                   /* [time] */
  const double *boundary_loss; /* (ny, nx) [length/time], NULL: none; borrowed */
  bool check; /* measure conservation of the solves, at two more passes over each moving field */
};

/* What one attempted step tells. Sums run in a fixed order, so they do not depend on threads. */
struct nw_attempt {
  double error[NW_MOST_FIELDS];  /* root mean square of the estimated error over the grid [field unit] */
  double norm[NW_MOST_FIELDS];   /* root mean square of the new values [field unit] */
  double lowest[NW_MOST_FIELDS]; /* lowest new value before negative ones were set to 0 [field unit] */
  double residual;               /* largest relative error of the conservation of an implicit solve [1] */
  double speed;                  /* largest drift speed over cell width at the start of the step [1/time] */
  bool finite;
};

struct nw_kernels {
  const char *name; /* "single, AVX2" ... */
  size_t number_bytes, lanes;
  /* Arrays and transforms for a system; NULL when out of memory. */
  struct nw_workspace *(*create)(const struct nw_system *system, const struct nw_basis basis[2], int threads);
  void (*destroy)(struct nw_workspace *workspace);
  /* One step from the present values into the next ones. */
  void (*attempt)(struct nw_workspace *workspace, const struct nw_step_trial *trial, struct nw_attempt *told);
  /* The next values become the present ones. */
  void (*accept)(struct nw_workspace *workspace);
  /* Present values of one field, (nz, ny, nx). */
  void (*read)(const struct nw_workspace *workspace, int field, double *values);
  void (*read_single)(const struct nw_workspace *workspace, int field, float *values);
  void (*write)(struct nw_workspace *workspace, int field, const double *values);
  /* The first nz layers' plane z of one field (ny, nx). */
  void (*read_plane)(const struct nw_workspace *workspace, int field, size_t z, double *values);
  /* Solves (1 + dt decay - dt D laplace) u = u in place for one field: the implicit part alone. Returns the
     iterations that an uneven medium took, 0 in an even one. */
  int (*solve)(struct nw_workspace *workspace, int field, double dt);
  /* Lets the diffusivity of all fields vary by `ratio` (nz, ny, nx), > 0, copied; NULL: even again. false: no
   * memory. */
  bool (*vary)(struct nw_workspace *workspace, const double *ratio);
  /* The memory that holds the present values of one field, for checkpoints. */
  void *(*memory)(struct nw_workspace *workspace, int field, size_t *bytes);
};

/* The best variant that this processor runs. */
const struct nw_kernels *nw_kernels_choose(bool single_precision);
