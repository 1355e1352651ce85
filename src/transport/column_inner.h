/* SPDX-License-Identifier: BSD-3-Clause
   Inside the 1.5-D solver of transport: its state, shared by the matrix (column_matrix.c) and the course
   in time (column.c). */
#pragma once
#include "column.h"

enum nw_column_store_name { NW_COLUMN_NEEDLES, NW_COLUMN_FOLLICLES, NW_COLUMN_STORES };

struct nw_column_state {
  double tissue[NW_COLUMN_CELLS], channel[NW_COLUMN_CELLS]; /* u [kg/m3] */
  double bound[NW_COLUMN_CELLS];                            /* to sites, in equilibrium with u [kg/m3] */
  double vehicle;                                           /* concentration [kg/m3] */
  double inflow;                                            /* from it, net [kg/(m2 s)] */
  double supplied, cleared, received, blood;                /* [kg/m2] */
  double evaporated;                                        /* [kg/m2] */
};

/* Rates of what is only counted. */
struct nw_column_rate {
  double cleared, received, evaporated; /* [kg/(m2 s)] */
};

/* Product on its way in that bypasses the surface: it leaves at its own rate, whatever the skin holds. */
struct nw_column_store {
  double amount;  /* [kg/m2] */
  double rate;    /* [1/s] */
  double flux;    /* mean over the step at hand [kg/(m2 s)] */
  int from, to;   /* cells that it feeds */
  double breadth; /* depth of these cells together [m] */
};

enum { NW_COLUMN_TISSUE, NW_COLUMN_CHANNEL, NW_COLUMN_VEHICLE, NW_COLUMN_PLACES };

/* A cell that was eliminated: its neighbours are the next cells of tissue and channel and the vehicle. */
struct nw_column_pivot {
  double inverse;                /* of its diagonal [1/m] */
  double to[NW_COLUMN_PLACES];   /* share of its amount that each gets [1] */
  double from[NW_COLUMN_PLACES]; /* share of each one's u in its own [1] */
};

struct nw_column {
  struct nw_column_spec spec;
  int n; /* cells, the receptor included */
  int n_tissue;
  int n_channel; /* cells beside the channel */
  int first_viable;
  double centre[NW_COLUMN_CELLS], size[NW_COLUMN_CELLS]; /* [m] */
  int layer[NW_COLUMN_CELLS];
  double area[NW_COLUMN_CELLS];         /* of tissue [1] */
  double conductivity[NW_COLUMN_CELLS]; /* D K [m2/s] */
  double capacity[NW_COLUMN_CELLS];     /* area K dz [m] */
  double loss[NW_COLUMN_CELLS];         /* clearance times capacity [m/s] */
  double face[NW_COLUMN_CELLS];         /* conductance to the cell below; last: to the sink [m/s] */
  double sites[NW_COLUMN_CELLS], half_bound[NW_COLUMN_CELLS]; /* [kg/m3] */
  double slope[NW_COLUMN_CELLS]; /* of what is bound, per area and u, where it is linearised; else 0 [m] */
  double channel_capacity[NW_COLUMN_CELLS], channel_face[NW_COLUMN_CELLS],
      exchange[NW_COLUMN_CELLS];             /* [m], [m/s], [m/s] */
  double tip;                                /* from the last channel cell to the tissue below [m/s] */
  double top_tissue, top_channel, top_polar; /* from the vehicle; 0 once washed off [m/s] */
  double flow;                               /* of fluid now, per area of skin, inwards [m/s] */
  /* diffusion and flow across a face: flux = down u(above) - up u(below) [m/s] */
  double down[NW_COLUMN_CELLS], up[NW_COLUMN_CELLS], channel_down[NW_COLUMN_CELLS],
      channel_up[NW_COLUMN_CELLS];
  double tip_down, tip_up, top_in, top_out;
  double drained[NW_COLUMN_CELLS]; /* fluid that leaves a cell to lymph, taking along what it holds [m/s] */
  bool binds;                      /* some layer has sites */
  double open_area;                /* of open channels now [1] */
  double open_share;               /* of the channels made, now [1] */
  int live;                        /* channel cells in play: n_channel or 0 */
  /* factor of M + theta S, from the bottom up; from cell `chain` on a cell's one neighbour is that above */
  double theta;
  int chain;
  struct nw_column_pivot tissue_pivot[NW_COLUMN_CELLS], channel_pivot[NW_COLUMN_CELLS];
  double admittance; /* what the skin takes up over theta, per concentration of the vehicle [m] */
  struct nw_column_state now, middle, next;
  double time, event; /* now; when something last changed abruptly [s] */
  double pool;        /* amount in the vehicle, solid included; unused if infinite [kg/m2] */
  double volume, wet; /* of the vehicle per area; of it, what can still dry [m] */
  double washed;      /* [kg/m2] */
  double dose;        /* given so far, but for an endless vehicle [kg/m2] */
  double held[NW_COLUMN_LAYERS], exposure[NW_COLUMN_LAYERS]; /* [kg/m2], its integral [kg s/m2] */
  struct nw_column_store store[NW_COLUMN_STORES];
  int dosed, opened;       /* doses given; times that channels were made */
  double wash_at, made_at; /* next wash-off; when the channels at hand were made [s] */
  bool on, solid, closed;  /* vehicle present; kept saturated by a solid pool; channels all plugged */
  int since_event;
};

/* Cells of all layers; a face lies on every layer boundary and on the channel's end. */
void nw_column_build_grid(struct nw_column *c);
/* Coefficients of the tissue column and of the receptor below it. */
void nw_column_set_tissue(struct nw_column *c);
/* Everything that scales with the share of the channels made that is open just now. */
void nw_column_set_channels(struct nw_column *c, double open_fraction);
/* What sites of a cell hold at u [kg/m3]. */
double nw_column_bound(const struct nw_column *c, int i, double u);
/* u of a cell that holds so much per area, bound and not [kg/m2]. */
double nw_column_equilibrium(const struct nw_column *c, int i, double amount);
/* Conductances from the vehicle, 0 without one, and the flow that it feeds. */
void nw_column_set_top(struct nw_column *c);
/* The vehicle runs down while it is no longer kept saturated by a pool. */
bool nw_column_vehicle_free(const struct nw_column *c);
/* Factor of M + theta S [s]. */
void nw_column_factor(struct nw_column *c, double theta);
/* (M + theta S) x = M rhs + theta supply with that theta, everything of `x` holding rhs on entry. */
void nw_column_solve(struct nw_column *c, struct nw_column_state *x);
/* What a state gives to and takes from the places that are only counted. */
struct nw_column_rate nw_column_rates(const struct nw_column *c, const struct nw_column_state *s);
