/* SPDX-License-Identifier: BSD-3-Clause
   Counter-based random numbers: a keyed bijective mix of the counter. */
#include "random.h"

#include <math.h>

#include "base.h"

/* Finaliser of the SplitMix64 family (Steele 2014): every output bit depends on every input bit. */
static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

uint64_t nw_random_bits(uint64_t seed, enum nw_stream stream, uint64_t item, uint64_t draw) {
  const uint64_t golden = 0x9e3779b97f4a7c15u;
  uint64_t z = mix(seed + golden);
  z = mix(z ^ ((uint64_t)stream * golden));
  z = mix(z ^ (item + golden));
  return mix(z ^ (draw * golden + 1));
}

double nw_random_uniform(uint64_t seed, enum nw_stream stream, uint64_t item, uint64_t draw) {
  /* 53 random bits, shifted by half a step so that neither 0 nor 1 occurs */
  return ((double)(nw_random_bits(seed, stream, item, draw) >> 11) + 0.5) * 0x1p-53;
}

double nw_random_normal(uint64_t seed, enum nw_stream stream, uint64_t item, uint64_t draw) {
  const double radius = sqrt(-2 * log(nw_random_uniform(seed, stream, item, draw)));
  return radius * cos(2 * NW_PI * nw_random_uniform(seed, stream, item, draw + 1));
}
