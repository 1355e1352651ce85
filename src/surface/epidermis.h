/* SPDX-License-Identifier: BSD-3-Clause
   The columns of the epidermis: stem, transit amplifying and differentiated cells and corneocytes, and
   the melanin that rides on them. Point-wise kernels on arrays of columns. Units: mm, day, pg. */
#pragma once
#include <stddef.h>

#include "base/params.h"

/* Coefficients of the columns, tissue units. */
struct nw_epidermis {
  double a1, a2, a3, a4; /* division and transition [1/day] */
  double b1, b2, b3;     /* self-limitation [mm^2/(cells day)] */
  double c0, d_q;        /* apoptosis, desquamation [1/day] */
  double nu, tau_c;      /* corneocytes per lost cell [1]; residence in the horny layer [day] */
  double loss_rest;      /* loss of differentiated cells of normal skin [cells/(mm^2 day)] */
  double tau_a, tau_m;   /* melanocyte relaxation, melanin residence [day] */
  double n_mel, s_mel;   /* layers climbed per residence [1]; share of turnover that production follows [1] */
  double tau_d;          /* clearance of dermal melanin [day] */
};

/* State of n columns; each an array (n), borrowed. */
struct nw_columns {
  double *stem, *transit, *differentiated, *corneocytes; /* [cells/mm^2] */
  double *activity;                                      /* of melanocytes, normal skin without sun 1 [1] */
  double *basal, *spinous, *horny;                       /* melanin by layer, sum = activity at rest [1] */
  double *dermal;                                        /* melanin dropped into the dermis, same scale [1] */
};

struct nw_epidermis nw_epidermis_create(const struct nw_params *tissue);
/* Rest of the cells at proliferative drive G under a dermis at rest: stem, transit, differentiated,
   corneocytes [cells/mm^2]. Support s makes the living ones s times as many and the corneocytes s^(1/2). */
void nw_epidermis_rest(const struct nw_epidermis *e, double drive, double cells[4]);
/* Shares of melanin at rest by layer, sum 1. */
void nw_epidermis_melanin_rest(const struct nw_epidermis *e, double share[3]);
/* Longest step [day] for which nw_epidermis_step keeps every pool positive and is accurate, when the
   drive never exceeds `drive`. Positive still where support falls to a seventh at once. */
double nw_epidermis_step_limit(const struct nw_epidermis *e, double drive);
/* What the surroundings ask of n columns at one instant, (n) each, borrowed [1]. */
struct nw_epidermis_demand {
  const double *drive;   /* proliferative, 1 at rest */
  const double *target;  /* of melanocyte activity */
  const double *support; /* by the dermis, 1 at rest, > 0 */
};

/* One step dt [day] of the columns: second order, with what is asked at both ends. */
void nw_epidermis_step(const struct nw_epidermis *e, struct nw_columns *columns, size_t n, double dt,
                       const struct nw_epidermis_demand *start, const struct nw_epidermis_demand *end);
