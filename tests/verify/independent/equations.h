/* SPDX-License-Identifier: BSD-3-Clause
   The equations of the healing dermis, written a second time for the tests: plain doubles, straight
   from the equations of the healing page, sharing with the simulator nothing but the tables of the
   model. Units are those of the table of healing: mm, day, pg. */
#pragma once

/* In the order of model/fields.def, by the symbols there. */
enum peer_species {
  PEER_I,
  PEER_P,
  PEER_T,
  PEER_T3,
  PEER_V,
  PEER_A,
  PEER_N,
  PEER_M1,
  PEER_M2,
  PEER_F,
  PEER_Y,
  PEER_E,
  PEER_B,
  PEER_D,
  PEER_C3,
  PEER_Ci,
  PEER_Cm,
  PEER_L,
  PEER_H,
  PEER_L0,
  PEER_SPECIES
};

/* How a subject differs from a healthy young adult, for whom all are 1. */
struct peer_subject {
  double synthesis;    /* collagen made in a wound [1] */
  double resting;      /* collagen made at rest [1] */
  double breakdown;    /* loss of collagen at rest [1] */
  double fibroblasts;  /* fibroblasts at rest and their crowding limit [1] */
  double inflammation; /* leukocytes recruited [1] */
};

struct peer_model {
  /* every row of the table, as it is written there */
#define PARAM(key, symbol, unit, value, ...) double key; /* [unit of the row] */
#include "../../../model/params/healing.def"
#undef PARAM
  double eta_0, delta_3, C_i0; /* what makes rest exact [1], [1/day], [1] */
  struct peer_subject subject;
  double diffusivity[PEER_SPECIES]; /* [mm^2/day] */
};

enum peer_blow { PEER_NEEDLE, PEER_HEAT };

/* One share of each species' way: how much it gains and loses a day, both >= 0. */
struct peer_budget {
  double gain[PEER_SPECIES], loss[PEER_SPECIES]; /* [unit of the species/day] */
};

struct peer_model peer_model_of(const struct peer_subject *subject);
void peer_rest(const struct peer_model *model, double u[PEER_SPECIES]);
/* All that happens inside one cell of tissue, losses of signals included. */
struct peer_budget peer_budget_of(const struct peer_model *model, const double u[PEER_SPECIES]);
/* An injury of a cell of which the share `core` is hit and whose rim has the mean strength `rim`. */
void peer_injure(const struct peer_model *model, enum peer_blow blow, double core, double rim,
                 double u[PEER_SPECIES]);
