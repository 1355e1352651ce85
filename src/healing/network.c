/* SPDX-License-Identifier: BSD-3-Clause
   The closure of the wound-healing network, its stability checks, and which kernel runs. */
#include "healing/network/network.h"

#include <math.h>

#include "base/processor.h"

/* What makes rest exact: a resting dermis makes k_c of its collagen a day (Babraj 2005) and keeps the share
   eta_0 of it, which replaces what is lost:
   S_rest = delta_m C_m0 (k_x + d_i) / ((1 - f_30) k_x),   C_i0 = (1 - f_30) S_rest / (k_x + d_i)
   delta_3 = f_30 S_rest / C_30,   eta_0 = S_rest / (k_c psi(C_30 + C_i0 + C_m0))            [1/d; 1; 1/d; 1]
   and what keeps rest stable, demanded of every set of parameters (Reynolds 2006 for the form):
   {r_N s_IN / (2 K_N delta_N) + r_M s_I1 / (2 K_M (k_12b + delta_M1))} / delta_I < 1
   k_TF F_max / (2 K_auto delta_T) < 1 */
struct nw_network_closure nw_network_close(const struct nw_params *p) {
  const double cross_linked = p->k_x / (p->k_x + p->d_i);
  const double rest = p->delta_m * p->C_m0 / ((1 - p->f_30) * cross_linked);
  struct nw_network_closure closure = {.C_i0 = (1 - p->f_30) * rest / (p->k_x + p->d_i),
                                       .delta_3 = p->f_30 * rest / p->C_30};
  const double content = p->C_30 + closure.C_i0 + p->C_m0;
  const double ceiling = 1 / (1 + nw_network_power(content / p->C_max, p->n_psi));
  closure.eta_0 = rest / (p->k_c * ceiling);
  closure.gain = (p->r_N * p->s_IN / (2 * p->K_N * p->delta_N) +
                  p->r_M * p->s_I1 / (2 * p->K_M * (p->k_12b + p->delta_M1))) /
                 p->delta_I;
  closure.fibrotic = p->k_TF * p->F_max / (2 * p->K_auto * p->delta_T);
  return closure;
}

double nw_network_power(double x, double exponent) {
  const double low = floor(exponent);
  return (low + 1 - exponent) * pow(x, low) + (exponent - low) * pow(x, low + 1);
}

#define VARIANT(precision, level) extern const struct nw_network_kernel nw_network_##precision##_##level
#if defined(__x86_64__)
VARIANT(single, v2);
VARIANT(single, v3);
VARIANT(single, v4);
VARIANT(double, v2);
VARIANT(double, v3);
VARIANT(double, v4);
#else
VARIANT(single, generic);
VARIANT(double, generic);
#endif

const struct nw_network_kernel *nw_network_choose(bool single_precision) {
#if defined(__x86_64__)
  const int level = nw_processor_level();
  if (level >= 4) return single_precision ? &nw_network_single_v4 : &nw_network_double_v4;
  if (level == 3) return single_precision ? &nw_network_single_v3 : &nw_network_double_v3;
  return single_precision ? &nw_network_single_v2 : &nw_network_double_v2;
#else
  return single_precision ? &nw_network_single_generic : &nw_network_double_generic;
#endif
}
