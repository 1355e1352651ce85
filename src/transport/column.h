/* SPDX-License-Identifier: BSD-3-Clause
   The 1.5-D solver of transport: a tissue column and a channel column on one graded depth grid, fed by
   a vehicle and emptied by capillaries, a receptor or blood. Unknown u = concentration over partition,
   so that u is continuous across layers; finite volumes; TR-BDF2 in time. */
#pragma once
#include "base/base.h"
#include "channel.h"

enum { NW_COLUMN_LAYERS = 3, NW_COLUMN_CELLS = 320 };
enum nw_column_bottom { NW_BOTTOM_CLOSED, NW_BOTTOM_SINK, NW_BOTTOM_RECEPTOR };

struct nw_column_layer {
  double thickness;   /* [m] */
  double diffusivity; /* [m2/s] */
  double partition;   /* concentration over u [1] */
  double clearance;   /* first-order loss to blood, of what is not bound to sites [1/s] */
  int cells;
  double sites;      /* that bind by Langmuir's law, next to the partition [kg/m3] */
  double half_bound; /* u at which half of the sites are taken [kg/m3] */
};

struct nw_column_spec {
  struct nw_column_layer layer[NW_COLUMN_LAYERS];
  int n_layers;
  int viable;              /* index of the first layer below the stratum corneum; 0: there is none */
  double top_factor;       /* u in layer 0 at the vehicle over concentration in the vehicle [1] */
  double polar;            /* conductance from vehicle straight into layer `viable` [m/s] */
  double concentration;    /* of the dose in the vehicle [kg/m3] */
  double solubility;       /* INFINITY: not limiting; the excess is a solid pool [kg/m3] */
  double vehicle;          /* volume per area of one dose; INFINITY: it never runs down; 0: none [m] */
  double contact;          /* from a dose to wash-off; INFINITY: never [s] */
  int doses;               /* in a session; 0 counts as 1 */
  double dose_interval;    /* [s] */
  int sessions;            /* 0 counts as 1: needles and doses come again after session_interval */
  double session_interval; /* [s] */
  double drying;           /* solvent lost from the surface, volume per area and time [m/s] */
  double residue;          /* share of the vehicle that never dries [1] */
  double evaporation;      /* of the product itself, over its concentration in the vehicle [m/s] */
  enum nw_column_bottom bottom;
  double receptor;    /* volume per area of NW_BOTTOM_RECEPTOR [m] */
  double elimination; /* from blood [1/s] */
  struct nw_channels channels;
  double channel_diffusivity; /* [m2/s] */
  double open_at;             /* when the channels are made; below 0: before the first dose [s] */
  double hold;                /* needles stay in and keep their channels open for so long [s] */
  double fill;                /* share of a new channel that fills with the vehicle standing above it [1] */
  double needle_load;         /* product that the needles of a session bring, per area [kg/m2] */
  double needle_release;      /* rate at which it dissolves into the channels [1/s] */
  double follicle_share;      /* of each finite dose that goes into follicles [1] */
  double follicle_release;    /* rate at which they drain into the deepest layer [1/s] */
  double follicle_depth;      /* below the surface, down to which they reach [m] */
  double flow;                /* of fluid in open channels, inwards, while a vehicle stands above [m/s] */
  double half_life;           /* of open channels; INFINITY: they stay [s] */
  double close_after;         /* from opening to the last plug [s] */
  double first_step;          /* after each event [s] */
  double step_ratio;          /* later steps over time since the event [1] */
};

/* All of one moment, per area. */
struct nw_column_reading {
  double vehicle, washed; /* amount on the surface; removed at wash-offs [kg/m2] */
  double evaporated;      /* [kg/m2] */
  double stored;          /* in needles and follicles [kg/m2] */
  double dose;            /* everything given so far; an endless vehicle counts what left it [kg/m2] */
  double layer[NW_COLUMN_LAYERS];    /* amounts, channel fluid included by depth [kg/m2] */
  double exposure[NW_COLUMN_LAYERS]; /* amounts over time, from the start [kg s/m2] */
  double blood, eliminated;          /* [kg/m2] */
  double receptor;                   /* [kg/m2] */
  double past;                       /* everything that passed the stratum corneum [kg/m2] */
  double flux;                       /* into layer `viable` [kg/(m2 s)] */
  double receptor_flux;              /* [kg/(m2 s)] */
  double supplied;                   /* that left the vehicle [kg/m2] */
  double open_fraction;              /* channels still open [1] */
  double concentration;              /* in the vehicle, what is dissolved; 0 without one [kg/m3] */
  bool covered;                      /* a vehicle stands on the skin */
  double residual; /* |sum of all places - dose|; of supply where the dose is infinite [kg/m2] */
};

struct nw_column;

/* Builds grid and state at time 0. NW_MEMORY. The spec is copied. */
enum nw_status nw_column_create(const struct nw_column_spec *spec, struct nw_column **out);
void nw_column_free(struct nw_column **column);
/* Steps on to `time` [s], landing on doses, wash-off, opening and closing exactly. NW_NUMERICAL when a value
   is no longer finite. */
enum nw_status nw_column_advance(struct nw_column *column, double time);
/* What is where at the time that the column has reached. */
void nw_column_read(const struct nw_column *column, struct nw_column_reading *out);
/* Cells of the tissue, all layers. */
size_t nw_column_count(const struct nw_column *column);
/* Cell centres below the surface, (count) [m]; borrowed. */
const double *nw_column_depths(const struct nw_column *column);
/* Total concentration by cell, channel fluid included, into out (count) [kg/m3]. */
void nw_column_profile(const struct nw_column *column, double *out);
