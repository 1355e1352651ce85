/* SPDX-License-Identifier: BSD-3-Clause
   The wound-healing network of the dermis: what every cell of tissue does to itself. All in tissue
   units (mm, day, pg; ng/mL is pg/mm3). Which fields there are: model/fields.def; the numbers and their
   sources: model/params/healing.def. Diffusion, decay and drift are the engine's business. */
#pragma once
#include <stddef.h>

#include "base/params.h"

/* What the subject does to the network: all 1 for a healthy young adult. */
struct nw_network_modifiers {
  double synthesis;    /* collagen made by cells: age, sun, smoking [1] */
  double resting;      /* the same for the resting dermis, over its own collagen per area [1] */
  double breakdown;    /* loss of collagen by sun-driven metalloproteinase [1] */
  double fibroblasts;  /* density at rest [1] */
  double inflammation; /* recruitment of leukocytes: skin type [1] */
};

/* Values that follow from the parameters: the closure that makes rest exact, and the checks of it. */
struct nw_network_closure {
  double eta_0;    /* share of gross collagen synthesis kept in the resting dermis [1] */
  double delta_3;  /* loss of collagen III at rest [1/d] */
  double C_i0;     /* collagen I not yet cross-linked at rest [1] */
  double gain;     /* S2: gain of the inflammatory loop, must stay below 1 [1] */
  double fibrotic; /* S3: k_TF F_max / (2 K_auto delta_T), must stay below 1 [1] */
};

struct nw_network_closure nw_network_close(const struct nw_params *tissue);
/* x to an exponent as the kernels take it: between whole numbers, a mix of the two powers beside. */
double nw_network_power(double x, double exponent);

/* The constants of the kernels in the kernels' own precision: bytes of the struct, and filling it. */
struct nw_network_kernel {
  size_t constant_bytes;
  void (*fill)(const struct nw_params *tissue, const struct nw_network_modifiers *modifiers, void *constants);
  void (*rates)(const void *constants, size_t n_vectors, const void *const *u, void *const *rate);
};
/* The one that fits nw_kernels_choose(single_precision). */
const struct nw_network_kernel *nw_network_choose(bool single_precision);
