/* SPDX-License-Identifier: BSD-3-Clause
   What the engine solves, for each field u of a system of reaction, diffusion and drift:

       du/dt = div(D grad u - u w) - decay u + rates(u),   w = grad phi(s), |w| <= speed limit,
       phi(s) = sensitivity s / (1 + s / saturation) of the signal s,

   with no flux through any side and, for fields that leak, a loss `boundary_loss` per area through
   the first layer of cells of the z axis. Units are the caller's. */
#pragma once
#include <stddef.h>

#include "grid.h"

struct nw_field_rule {
  double diffusivity; /* [length2/time] */
  double decay;       /* linear loss, solved together with diffusion [1/time] */
  double damping;     /* further linear loss that `rates` contains and the implicit side anticipates; any
                         value gives the same order, the right size gives stability at large steps [1/time] */
  double scale;       /* magnitude below which errors do not matter [field unit] */
  int leaks;          /* 1: lost through the first z layer where boundary_loss > 0 */
};

struct nw_drift_rule {
  int field, signal;
  double sensitivity; /* [length2/(time signal)] */
  double saturation;  /* [signal] */
  double speed_limit; /* [length/time] */
};

/* Adds the rates of n_vectors vectors of cells: u[f] and rate[f] are arrays of vectors of the precision
   and length that the kernels were compiled for (kernels/real.h). */
typedef void (*nw_rates_function)(const void *constants, size_t n_vectors, const void *const *u,
                                  void *const *rate);

/* How a step is taken: see kernels/schemes.c. ROS2 has order two, an estimate of its error, and keeps a state
   at rest; the others are there to compare with. */
enum nw_scheme { NW_SCHEME_ROS2, NW_SCHEME_EULER, NW_SCHEME_STRANG };

enum { NW_MOST_FIELDS = 32, NW_MOST_DRIFTS = 4 };

struct nw_system {
  const struct nw_grid *grid; /* borrowed */
  int n_fields, n_drifts;
  struct nw_field_rule field[NW_MOST_FIELDS];
  struct nw_drift_rule drift[NW_MOST_DRIFTS];
  nw_rates_function rates;
  const void *constants; /* borrowed; handed to rates, in its own precision */
};
