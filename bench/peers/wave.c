/* SPDX-License-Identifier: BSD-3-Clause
   Logistic growth, the reaction of Fisher's wave, in the vectors of the kernels. */
#include "engine/kernels/real.h"
#include "engine/system.h"

static void rates(const void *constants, size_t n_vectors, const void *const *u, void *const *rate) {
  (void)constants;
  for (size_t i = 0; i < n_vectors * LANES; i += LANES) {
    const vreal x = load((const real *)u[0] + i);
    store((real *)rate[0] + i, load((const real *)rate[0] + i) + x * ((real)1 - x));
  }
}

const nw_rates_function NW_VARIANT(bench_wave) = rates;
