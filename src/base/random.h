/* SPDX-License-Identifier: BSD-3-Clause
   Counter-based random numbers: the value depends only on (seed, stream, item, draw), never on the
   order of calls or on the number of threads. */
#pragma once
#include <stdint.h>

/* What the numbers are for; one stream never disturbs another. */
enum nw_stream {
  NW_STREAM_SKIN = 1,
  NW_STREAM_DEVICE,
  NW_STREAM_PUNCTURE,
  NW_STREAM_FEATURES,
  NW_STREAM_ENSEMBLE,
  NW_STREAM_PICTURE,
  NW_STREAM_SCREEN,
  NW_STREAM_SOBOL,
  NW_STREAM_BOOTSTRAP,
  NW_STREAM_FIT,
};

/* 64 bits, each as likely 0 as 1. */
uint64_t nw_random_bits(uint64_t seed, enum nw_stream stream, uint64_t item, uint64_t draw);
/* Uniform in the open interval (0, 1). */
double nw_random_uniform(uint64_t seed, enum nw_stream stream, uint64_t item, uint64_t draw);
/* Standard normal. Uses draws `draw` and `draw + 1`. */
double nw_random_normal(uint64_t seed, enum nw_stream stream, uint64_t item, uint64_t draw);
