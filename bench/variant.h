/* SPDX-License-Identifier: BSD-3-Clause
   Picks, of the variants of something that was compiled like the kernels, the one that this processor's
   kernels are. */
#pragma once

#if defined(__x86_64__)
#define BENCH_DECLARE(type, name)                                   \
  extern type name##_single_v2, name##_single_v3, name##_single_v4; \
  extern type name##_double_v2, name##_double_v3, name##_double_v4;
#define BENCH_PICK(name, single)                                                            \
  (__builtin_cpu_supports("x86-64-v4")   ? (single) ? &name##_single_v4 : &name##_double_v4 \
   : __builtin_cpu_supports("x86-64-v3") ? (single) ? &name##_single_v3 : &name##_double_v3 \
   : (single)                            ? &name##_single_v2                                \
                                         : &name##_double_v2)
#else
#define BENCH_DECLARE(type, name) extern type name##_single_generic, name##_double_generic;
#define BENCH_PICK(name, single) ((single) ? &name##_single_generic : &name##_double_generic)
#endif
