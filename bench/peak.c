/* SPDX-License-Identifier: BSD-3-Clause
   Loops that do nothing but arithmetic, in the vectors of the kernels and compiled as they are. */
#include <math.h>

#include "engine/basis.h"
#include "engine/grid.h"
#include "engine/kernels/line.h"

#include "base/base.h"
#include "bench.h"

/* So many independent chains as fit the registers beside two constants, and hide the latency. */
#if defined(__AVX512F__)
enum { CHAINS = 16 };
#elif defined(__AVX__)
enum { CHAINS = 6 };
#else
enum { CHAINS = 3 };
#endif

/* Uses the values, so that no loop is dropped as idle. */
static volatile real seen;

static double multiply_add(size_t rounds) {
  vreal x[CHAINS];
  const vreal a = broadcast((real)0.999), b = broadcast((real)0.001);
  for (int k = 0; k < CHAINS; k++)
    x[k] = broadcast((real)k);
  for (size_t i = 0; i < rounds; i++)
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++)
      x[k] = x[k] * a + b;
  for (int k = 0; k < CHAINS; k++)
    seen = x[k][0];
  return 2.0 * LANES * CHAINS * (double)rounds;
}

static double divide(size_t rounds) {
  vreal x[CHAINS];
  const vreal a = broadcast((real)1.7);
  for (int k = 0; k < CHAINS; k++)
    x[k] = broadcast((real)(1.1 + k));
  for (size_t i = 0; i < rounds; i++)
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++)
      x[k] = a / x[k];
  for (int k = 0; k < CHAINS; k++)
    seen = x[k][0];
  return (double)LANES * CHAINS * (double)rounds;
}

/* One division to five multiplications and five additions, about the mix of the reaction kernel. */
static double mixed(size_t rounds) {
  vreal x[CHAINS];
  const vreal a = broadcast((real)1.7), b = broadcast((real)0.9);
  for (int k = 0; k < CHAINS; k++)
    x[k] = broadcast((real)(1.1 + k));
  for (size_t i = 0; i < rounds; i++)
#pragma GCC unroll 16
    for (int k = 0; k < CHAINS; k++) {
      const vreal y = a / x[k];
      x[k] = ((((y * b + a) * b + a) * b + a) * b + a) * b + a;
    }
  for (int k = 0; k < CHAINS; k++)
    seen = x[k][0];
  return (double)LANES * CHAINS * (double)rounds;
}

static double transform(const struct line_plan *plan, vreal *a, vreal *b, size_t rounds) {
  const real scale = (real)(2 / (double)plan->n);
  for (size_t i = 0; i < rounds; i++) {
    vreal *mode, *value;
    NW_VARIANT(line_forward)(plan, a, b, &mode);
    NW_VARIANT(line_inverse)(plan, mode, mode == a ? b : a, &value);
    for (size_t k = 0; k < plan->n; k++)
      value[k] *= scale;
    if (value != a) memcpy(a, value, plan->n * sizeof *a);
  }
  seen = a[0][0];
  return (double)LANES * (double)rounds;
}

/* Lines that were transformed there and back. */
static double lines(size_t n, size_t rounds) {
  struct nw_axis axis = {0};
  struct nw_basis basis = {0};
  struct line_plan plan = {0};
  vreal *a = nw_allocate(n + 2, sizeof(vreal)), *b = nw_allocate(n + 2, sizeof(vreal));
  double done = NAN;
  if (a && b && nw_axis_create_uniform(&axis, n, 1) && nw_basis_create(&basis, &axis) &&
      NW_VARIANT(line_plan_create)(&plan, &basis)) {
    for (size_t i = 0; i < n; i++)
      a[i] = broadcast((real)(1 + i % 7));
    done = transform(&plan, a, b, rounds);
  }
  NW_VARIANT(line_plan_clear)(&plan);
  nw_basis_clear(&basis);
  nw_axis_clear(&axis);
  nw_release(a);
  nw_release(b);
  return done;
}

static void like_kernels(void) {
  tiny_is_zero();
}

const struct bench_limits NW_VARIANT(bench_limits) = {multiply_add, divide, mixed, lines, like_kernels};
