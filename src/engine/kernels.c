/* SPDX-License-Identifier: BSD-3-Clause
   Which variant of the kernels this processor runs. */
#include "kernels.h"

#include "base/processor.h"

#define VARIANT(precision, level) extern const struct nw_kernels nw_kernels_##precision##_##level;
#if defined(__x86_64__)
#define VARIANTS(X) X(single, v2) X(single, v3) X(single, v4) X(double, v2) X(double, v3) X(double, v4)
#else
#define VARIANTS(X) X(single, generic) X(double, generic)
#endif
VARIANTS(VARIANT)

const struct nw_kernels *nw_kernels_choose(bool single_precision) {
#if defined(__x86_64__)
  const int level = nw_processor_level();
  if (level >= 4) return single_precision ? &nw_kernels_single_v4 : &nw_kernels_double_v4;
  if (level == 3) return single_precision ? &nw_kernels_single_v3 : &nw_kernels_double_v3;
  return single_precision ? &nw_kernels_single_v2 : &nw_kernels_double_v2;
#else
  return single_precision ? &nw_kernels_single_generic : &nw_kernels_double_generic;
#endif
}
