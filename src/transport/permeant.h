/* SPDX-License-Identifier: BSD-3-Clause
   A product as the skin sees it: partition, diffusion, polar path and clearance from molar mass,
   octanol-water partition and pKa, or from measured values where the plan gives them. */
#pragma once
#include "plan/case.h"

struct nw_permeant {
  double neutral_vehicle, neutral_tissue; /* uncharged share at the pH of vehicle and of tissue [1] */
  double lipid_partition;                 /* lipid over water [1] */
  double lipid_diffusivity;               /* [m2/s] */
  double hop;                             /* transfer coefficient between bilayers [m/s] */
  double resistance_ratio, path_ratio;    /* R and sigma of the microscopic model [1] */
  double permeability_shape;              /* Phat = P h / (D_lip K_lip) [1] */
  double sc_reference;                    /* stratum corneum thickness of the correlation [m] */
  double sc_partition;                    /* neutral form, to water [1] */
  double sc_diffusivity;                  /* homogenised [m2/s] */
  double sc_permeability;                 /* at sc_reference, neutral form [m/s] */
  double polar_conductance;               /* of the polar path between vehicle and viable epidermis [m/s] */
  double free_diffusivity;                /* in tissue water [m2/s] */
  double unbound;                         /* share not bound to protein [1] */
  double binding;                         /* total over free in tissue water [1] */
  double epidermis_partition, dermis_partition;     /* total, to water [1] */
  double epidermis_diffusivity, dermis_diffusivity; /* [m2/s] */
  double clearance_free, clearance;                 /* by capillaries: of the free form; of the total [1/s] */
  double saturation;        /* most that water of the vehicle's pH holds, charged form included [kg/m3] */
  double water_diffusivity; /* [m2/s] */
};

/* Fills all members by the correlations of params/transport.def; values that the product carries
   itself (not NAN) win. `hydrated`: stratum corneum fully hydrated, by occlusion or a wet donor. */
void nw_permeant_init(struct nw_permeant *permeant, const struct nw_params *p,
                      const struct nw_product *product, bool hydrated);
/* Share of uncharged molecules at `ph`; for a zwitterion (base stronger than acid) the share of net
   charge zero, which is the form whose octanol-water partition the library holds. */
double nw_permeant_neutral_share(const struct nw_product *product, double ph);
/* Permeability of intact human stratum corneum by Potts and Guy, without the polar path [m/s]. */
double nw_permeant_potts_guy(const struct nw_params *p, const struct nw_product *product);
/* Permeability of intact stratum corneum for this vehicle, polar path and ions included [m/s]. */
double nw_permeant_intact(const struct nw_permeant *permeant);
