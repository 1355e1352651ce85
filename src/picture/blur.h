/* SPDX-License-Identifier: BSD-3-Clause
   Blur on a periodic square: three passes of a box with soft ends, near a bell curve (Gwosdek 2011). */
#pragma once
#include "base/base.h"

/* Blurs map (n, n) in place; sigma in pixels. The mean is kept. False: no memory. The result does not depend
   on the number of threads. */
bool nw_blur(float *map, size_t n, double sigma, int threads);
