/* SPDX-License-Identifier: BSD-3-Clause
   Absorption as a measurement reads it: one quantity of one product of a plan at given times, for fitting
   parameters or a product's own values to a measured curve. SI units. */
#pragma once
#include "run.h"

enum nw_permeation_quantity {
  NW_PERMEATION_CUMULATIVE, /* in the receptor; in living skin, past the stratum corneum [kg/m2] */
  NW_PERMEATION_FLUX,       /* into the receptor; in living skin, past the stratum corneum [kg/(m2 s)] */
  NW_PERMEATION_LAG,        /* intercept of the steepest tangent up to each time [s] */
  NW_PERMEATION_STRATUM_CORNEUM,
  NW_PERMEATION_VIABLE_EPIDERMIS,
  NW_PERMEATION_DERMIS,
  NW_PERMEATION_BLOOD, /* amounts held just then [kg/m2] */
  NW_PERMEATION_COUNT
};

/* By its word in data tables: cumulative, flux, lag, stratum_corneum, viable_epidermis, dermis, blood.
   false: there is none. */
bool nw_permeation_quantity_find(const char *word, enum nw_permeation_quantity *quantity);
/* Unit [SI] of its values, for messages and tables. */
const char *nw_permeation_quantity_unit(enum nw_permeation_quantity quantity);

/* Skin and channels of the case, once for many calls of the next: channels come from the case's device, or
   from its puncture list. *run starts zeroed; free it with nw_run_clear. */
enum nw_status nw_permeation_prepare(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* Values at `time` (n, not decreasing, from 0 on [s]) of a product, one of the case or a copy with other
   values, under `params` into out (n). Milliseconds on a Franz cell. NW_BAD_PLAN: times that decrease;
   NW_NUMERICAL: a value that is not finite. Safe in parallel with a context each. */
enum nw_status nw_permeation_follow(struct nw_context *context, const struct nw_run *run,
                                    const struct nw_params *params, const struct nw_product *product,
                                    enum nw_permeation_quantity quantity, const double *time, size_t n,
                                    double *out);

/* A number of a product by its key in the plan (diffusivity_dermis, partition_stratum_corneum,
   concentration ...), to be changed in a copy of the product; NULL: there is no such key [SI]. */
double *nw_permeation_product_value(struct nw_product *product, const char *key);
