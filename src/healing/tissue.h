/* SPDX-License-Identifier: BSD-3-Clause
   Dermis on a grid: the network's fields at rest, under injury and through time. Patch, unit cells,
   column and single cell are the same code on different grids. Tissue units: mm, day, pg. */
#pragma once
#include "engine/stepper.h"
#include "healing/network/network.h"
#include "run.h"

struct nw_tissue {
  struct nw_grid grid;     /* owned */
  struct nw_params params; /* tissue units */
  struct nw_network_modifiers modifiers;
  const struct nw_network_kernel *network; /* borrowed, static */
  struct nw_network_closure closure;
  double rest[NW_FIELD_COUNT]; /* [unit of fields.def] */
  void *constants;             /* of the kernels, owned */
  struct nw_stepper *stepper;  /* owned */
  double time;                 /* [d] */
};

/* How the injured volume of one session lies in the grid. Arrays (nz, ny, nx), borrowed. */
struct nw_injury_map {
  enum nw_injury_kind kind;
  const double *core; /* share of each cell inside the injured core [1] */
  const double *rim;  /* mean of the ramp through the sheared or heated rim, core excluded [1] */
  const double *hole; /* share vaporised, part of the core; NULL where nothing is [1] */
};

/* At rest. Takes the grid over (also on failure). NULL: out of memory. `si` are SI parameters. */
struct nw_tissue *nw_tissue_create(struct nw_grid *grid, const struct nw_params *si,
                                   const struct nw_network_modifiers *modifiers, bool single_precision,
                                   int threads);
void nw_tissue_free(struct nw_tissue **tissue);
/* Modifiers of a subject's skin so long after the start of the course [d]; all 1 for a healthy young adult
   out of the sun. */
struct nw_network_modifiers nw_tissue_modifiers(const struct nw_case *c, const struct nw_skin *skin,
                                                double time);
/* The network goes on under other modifiers; the state stays as it is. */
void nw_tissue_modify(struct nw_tissue *tissue, const struct nw_network_modifiers *modifiers);
/* An instantaneous map of the state, so any number of sessions can be laid onto a running simulation. */
enum nw_status nw_tissue_injure(struct nw_context *context, struct nw_tissue *tissue,
                                const struct nw_injury_map *map);
/* Adds to one field, the same all over each layer: more (nz) [unit of fields.def]. */
enum nw_status nw_tissue_add(struct nw_context *context, struct nw_tissue *tissue, enum nw_field field,
                             const double *more);
/* New sessions hit new places: cells, vessels and matrix of a unit cell are averaged layer by layer. */
enum nw_status nw_tissue_average(struct nw_context *context, struct nw_tissue *tissue);
/* One accepted step, not beyond `limit` [d]; signals leak where boundary_loss (ny, nx) [mm/d] is > 0.
   NW_NUMERICAL when even the shortest step fails. */
enum nw_status nw_tissue_step(struct nw_context *context, struct nw_tissue *tissue, double limit,
                              const double *boundary_loss);
/* Mean of each field over the depths from `top` to `bottom` [mm] below the junction [unit of fields.def]. */
enum nw_status nw_tissue_means(struct nw_context *context, const struct nw_tissue *tissue, double top,
                               double bottom, double mean[NW_FIELD_COUNT]);
/* Uppermost layer of one field into values (ny, nx) [unit of fields.def]. */
void nw_tissue_junction(const struct nw_tissue *tissue, enum nw_field field, double *values);
/* Mean of one layer (ny, nx) over the area of the grid [as values]. */
double nw_layer_mean(const struct nw_grid *grid, const double *layer);
/* All collagen of each column over that at rest, mean from the junction to `bottom` [mm], into values
   (ny, nx) [1]; scratch (ny, nx). */
void nw_tissue_collagen(const struct nw_tissue *tissue, double bottom, double *scratch, double *values);
/* All collagen relative to rest, mean over the whole grid [1]. */
double nw_collagen_total(const double mean[NW_FIELD_COUNT]);
