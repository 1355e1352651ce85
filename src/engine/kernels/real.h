/* SPDX-License-Identifier: BSD-3-Clause
   The kernels are compiled once for each precision and each level of the instruction set; this header
   names the number type, the vector of numbers and the variant's own function names. */
#pragma once
#include <stddef.h>
#include <string.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

#ifdef NW_SINGLE
typedef float real;
#define NW_PRECISION single
#else
typedef double real;
#define NW_PRECISION double
#endif

/* One vector is 64 bytes whatever the machine: the compiler splits it where registers are shorter. */
typedef real vreal __attribute__((vector_size(64)));
typedef real vreal_anywhere __attribute__((vector_size(64), aligned(sizeof(real)), may_alias));
enum { LANES = 64 / sizeof(real) };

#define NW_JOIN3_(a, b, c) a##_##b##_##c
#define NW_JOIN3(a, b, c) NW_JOIN3_(a, b, c)
/* NW_VARIANT(solve) is solve_single_v3, say. */
#define NW_VARIANT(name) NW_JOIN3(name, NW_PRECISION, NW_ISA)

#define NW_INLINE static inline __attribute__((always_inline))

/* While kernels work, numbers too small to be normal (1e-38 in single precision: powers of signals that are
   long gone) count as 0; processors take three times as long over them. Returns the state to put back. */
NW_INLINE unsigned tiny_is_zero(void) {
#ifdef __SSE__
  const unsigned before = _mm_getcsr(), flush_and_take_as_zero = 0x8040;
  _mm_setcsr(before | flush_and_take_as_zero);
  return before;
#else
  return 0;
#endif
}

NW_INLINE void tiny_as_before(unsigned before) {
#ifdef __SSE__
  _mm_setcsr(before);
#else
  (void)before;
#endif
}

NW_INLINE vreal load(const real *from) {
  return *(const vreal_anywhere *)from;
}

NW_INLINE void store(real *to, vreal value) {
  *(vreal_anywhere *)to = value;
}

NW_INLINE vreal broadcast(real value) {
  return value - (vreal){0};
}

/* Lane by lane: where the mask holds a, else b. The masks are what vector comparisons give. */
#ifdef NW_SINGLE
typedef int vmask __attribute__((vector_size(64)));
#else
typedef long long vmask __attribute__((vector_size(64)));
#endif

NW_INLINE vreal pick(vmask mask, vreal a, vreal b) {
  return (vreal)(((vmask)a & mask) | ((vmask)b & ~mask));
}

NW_INLINE vreal positive_part(vreal a) {
  return (vreal)((vmask)a & (a > (vreal){0}));
}

NW_INLINE vreal smaller(vreal a, vreal b) {
  return pick(a < b, a, b);
}

NW_INLINE vreal larger(vreal a, vreal b) {
  return pick(a > b, a, b);
}

NW_INLINE vreal magnitude(vreal a) {
  return larger(a, -a);
}

/* Square blocks of numbers that fit four (or two) to a short register, for turning lines round. */
#ifdef NW_SINGLE
enum { SHORT = 4 };
#else
enum { SHORT = 2 };
#endif
typedef real short_real __attribute__((vector_size(16)));
typedef real short_anywhere __attribute__((vector_size(16), aligned(sizeof(real)), may_alias));

/* to[j][i] = from[i][j] for a block of SHORT x SHORT numbers; strides in numbers. */
NW_INLINE void turn_block(const real *from, size_t from_stride, real *const to[SHORT]) {
#ifdef NW_SINGLE
  const short_real a = *(const short_anywhere *)from, b = *(const short_anywhere *)(from + from_stride),
                   c = *(const short_anywhere *)(from + 2 * from_stride),
                   d = *(const short_anywhere *)(from + 3 * from_stride);
  const short_real ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5),
                   ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7),
                   cd0 = __builtin_shufflevector(c, d, 0, 4, 1, 5),
                   cd1 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(short_anywhere *)to[0] = __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5);
  *(short_anywhere *)to[1] = __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7);
  *(short_anywhere *)to[2] = __builtin_shufflevector(ab1, cd1, 0, 1, 4, 5);
  *(short_anywhere *)to[3] = __builtin_shufflevector(ab1, cd1, 2, 3, 6, 7);
#else
  const short_real a = *(const short_anywhere *)from, b = *(const short_anywhere *)(from + from_stride);
  *(short_anywhere *)to[0] = __builtin_shufflevector(a, b, 0, 2);
  *(short_anywhere *)to[1] = __builtin_shufflevector(a, b, 1, 3);
#endif
}

/* Vectors needed for n numbers, and n rounded up to whole vectors. */
#define VECTORS(n) (((n) + LANES - 1) / LANES)
#define PADDED(n) (VECTORS(n) * LANES)
