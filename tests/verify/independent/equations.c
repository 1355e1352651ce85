/* SPDX-License-Identifier: BSD-3-Clause
   The equations of the healing dermis, written a second time for the tests. */
#include "equations.h"

#include <math.h>

struct peer_model peer_model_of(const struct peer_subject *subject) {
  struct peer_model m = {
#define PARAM(key, symbol, unit, value, ...) .key = value,
#include "../../../model/params/healing.def"
#undef PARAM
      .subject = *subject};
  /* at rest as much collagen I matures as is lost, and III is made as fast as it is lost */
  const double matured = m.delta_m * m.C_m0;
  m.C_i0 = matured / m.k_x;
  const double made_I = matured + m.d_i * m.C_i0, made = made_I / (1 - m.f_30);
  m.delta_3 = made * m.f_30 / m.C_30;
  m.eta_0 = made / m.k_c * (1 + pow((m.C_30 + m.C_i0 + m.C_m0) / m.C_max, m.n_psi));
  const double diffusivity[PEER_SPECIES] = {
      [PEER_I] = m.D_I, [PEER_P] = m.D_P, [PEER_T] = m.D_T,  [PEER_T3] = m.D_T,
      [PEER_V] = m.D_V, [PEER_A] = m.D_A, [PEER_N] = m.D_N,  [PEER_M1] = m.D_M,
      [PEER_F] = m.D_F, [PEER_Y] = m.D_Y, [PEER_M2] = m.D_M, [PEER_E] = m.D_E};
  for (int s = 0; s < PEER_SPECIES; s++)
    m.diffusivity[s] = diffusivity[s];
  return m;
}

void peer_rest(const struct peer_model *m, double u[PEER_SPECIES]) {
  for (int s = 0; s < PEER_SPECIES; s++)
    u[s] = 0;
  u[PEER_F] = m->F_0 * m->subject.fibroblasts;
  u[PEER_C3] = m->C_30;
  u[PEER_Ci] = m->C_i0;
  u[PEER_Cm] = m->C_m0;
  u[PEER_A] = u[PEER_E] = u[PEER_L] = u[PEER_H] = u[PEER_L0] = 1;
}

static double part(double x) {
  return x > 0 ? x : 0;
}

static double hill(double x, double half, int power) {
  return x > 0 ? 1 / (1 + pow(half / x, power)) : 0;
}

static void signals(const struct peer_model *m, const double *u, struct peer_budget *b) {
  const double macrophages = u[PEER_M1] + u[PEER_M2], fibroblasts = m->F_0 * m->subject.fibroblasts;
  const double lysis = (m->lambda_B + m->lambda_BM * macrophages / m->M_ref) * u[PEER_B];
  const double calm = 1 / (1 + pow(u[PEER_M2] / m->M2_i, 2));
  b->gain[PEER_I] = m->s_ID * u[PEER_D] + calm * (m->s_IN * u[PEER_N] + m->s_I1 * u[PEER_M1]);
  b->gain[PEER_P] = m->gamma_P * lysis + m->k_P * macrophages;
  b->gain[PEER_T] = m->gamma_T * m->f_act * lysis + m->k_TM * u[PEER_M2] + m->k_TY * u[PEER_Y] +
                    m->k_TF * u[PEER_F] * hill(u[PEER_T], m->K_auto, 2);
  b->gain[PEER_T3] = m->k_T3 * u[PEER_M2];
  b->gain[PEER_V] = m->k_VM * macrophages + m->k_Vh * part(1 - u[PEER_E]) * u[PEER_F] / fibroblasts;
  b->gain[PEER_A] = m->delta_A + m->s_AN * u[PEER_N] + m->s_A1 * u[PEER_M1] +
                    m->s_AF * (u[PEER_F] + u[PEER_Y]) / fibroblasts * hill(u[PEER_I], m->K_AI, 1) /
                        (1 + u[PEER_T] / m->K_AT);
  b->loss[PEER_I] = m->delta_I * u[PEER_I];
  b->loss[PEER_P] = m->delta_P * u[PEER_P];
  b->loss[PEER_T] = m->delta_T * u[PEER_T];
  b->loss[PEER_T3] = m->delta_T * u[PEER_T3];
  b->loss[PEER_V] = m->delta_V * u[PEER_V];
  b->loss[PEER_A] = m->delta_A * u[PEER_A];
  b->loss[PEER_B] = lysis;
  b->loss[PEER_D] =
      (m->lambda_D + m->lambda_DN * u[PEER_N] / m->N_ref + m->lambda_DM * macrophages / m->M_ref) * u[PEER_D];
}

static void leukocytes(const struct peer_model *m, const double *u, struct peer_budget *b) {
  const double macrophages = u[PEER_M1] + u[PEER_M2], reactive = m->subject.inflammation;
  const double switching =
      (m->k_12b + m->k_12T * hill(u[PEER_T], m->K_12T, 1) + m->k_12e * hill(u[PEER_N], m->K_ef, 1)) /
      (1 + pow(u[PEER_I] / m->K_12I, 2)) * u[PEER_M1];
  b->gain[PEER_N] = reactive * m->r_N * u[PEER_E] * hill(u[PEER_I], m->K_N, 2);
  b->loss[PEER_N] = (m->delta_N + m->k_NM * macrophages / m->M_ref) * u[PEER_N];
  b->gain[PEER_M1] = reactive * m->r_M * u[PEER_E] * hill(u[PEER_I], m->K_M, 2);
  b->loss[PEER_M1] = switching + m->delta_M1 * u[PEER_M1];
  b->gain[PEER_M2] = switching;
  b->loss[PEER_M2] = m->delta_M2 * u[PEER_M2];
}

/* Active TGF-beta as far as isoform 3 does not oppose it. */
static double net_beta(const struct peer_model *m, const double *u) {
  return u[PEER_T] / (1 + u[PEER_T3] / m->K_33);
}

static double collagen_of(const double *u) {
  return u[PEER_C3] + u[PEER_Ci] + u[PEER_Cm];
}

static void fibroblasts(const struct peer_model *m, const double *u, struct peer_budget *b) {
  const double usual = m->F_0 * m->subject.fibroblasts, most = m->F_max * m->subject.fibroblasts;
  const double all = u[PEER_F] + u[PEER_Y];
  const double unshielded = 1 / (1 + pow(collagen_of(u) / m->K_gC, 4));
  const double turned = m->k_FY * hill(net_beta(m, u), m->K_FY, 2) * unshielded * u[PEER_F];
  const double dying = m->d_Y0 + m->d_YC * (1 - unshielded) + m->d_Y1 / (1 + pow(u[PEER_T] / m->K_YT, 2));
  b->gain[PEER_F] =
      (m->r_P * hill(u[PEER_P], m->K_P, 1) * part(1 - all / most) + m->r_h * part(1 - all / usual)) *
          u[PEER_F] +
      m->k_YF * u[PEER_Y];
  b->loss[PEER_F] = turned + m->d_FD * u[PEER_D] * u[PEER_F];
  if (all > usual) b->loss[PEER_F] += m->d_h * (1 - usual / all) * u[PEER_F];
  b->gain[PEER_Y] = turned;
  b->loss[PEER_Y] = (m->k_YF + dying) * u[PEER_Y];
}

static void vessels(const struct peer_model *m, const double *u, struct peer_budget *b) {
  const double e = u[PEER_E], sprouting = m->r_E * hill(u[PEER_V], m->K_EV, 1) * e;
  /* collagen hems sprouts in: the ceiling lies between that of dense matrix and E_max in none at all */
  const double loose = pow(m->K_gC, 4) / (pow(m->K_gC, 4) + pow(collagen_of(u), 4));
  const double open = 1 - m->f_hem * (1 - loose), ceiling = m->E_max * open + 1 * (1 - open);
  b->gain[PEER_E] = sprouting;
  b->loss[PEER_E] = sprouting * e / ceiling + m->k_ED * u[PEER_D] * e;
  if (e < 1)
    b->gain[PEER_E] += m->d_E * e * (1 - e);
  else
    b->loss[PEER_E] += m->d_E * (e * e - 1);
}

static void collagen(const struct peer_model *m, const double *u, struct peer_budget *b) {
  const struct peer_subject *s = &m->subject;
  const double beta = net_beta(m, u), wound = hill(u[PEER_T], m->K_eta, 2), mmp = part(u[PEER_A] - 1);
  const double makers = (u[PEER_F] * (1 + m->alpha_T * hill(beta, m->K_CT, 1)) + m->alpha_Y * u[PEER_Y]) /
                        (m->F_0 * s->fibroblasts);
  const double kept = m->eta_0 * s->resting + m->eta_w * s->synthesis * wound;
  const double room = part(1 - m->f_Bc * u[PEER_B]) * part(1 - u[PEER_D]);
  const double made = m->k_c * makers * kept * room / (1 + pow(collagen_of(u) / m->C_max, m->n_psi));
  const double third = m->f_30 * (1 - wound) + m->f_3w * wound;
  b->gain[PEER_C3] = third * made;
  b->loss[PEER_C3] = m->delta_3 * s->breakdown * u[PEER_C3];
  /* the bound part of the normal content is lost as mature collagen is, all else as new collagen III */
  const double normal = u[PEER_C3] < m->C_30 ? u[PEER_C3] : m->C_30, on_fibrils = m->f_bound * normal;
  b->loss[PEER_C3] += mmp * (m->k_Am * on_fibrils + m->k_A3 * (u[PEER_C3] - on_fibrils));
  b->gain[PEER_Ci] = (1 - third) * made;
  b->loss[PEER_Ci] = (m->k_x + m->d_i + m->k_Ai * mmp) * u[PEER_Ci];
  b->gain[PEER_Cm] = m->k_x * u[PEER_Ci];
  b->loss[PEER_Cm] = (m->delta_m * s->breakdown + m->k_Am * mmp) * u[PEER_Cm];
}

static void other_matrix(const struct peer_model *m, const double *u, struct peer_budget *b) {
  const double cells = u[PEER_F] / (m->F_0 * m->subject.fibroblasts);
  const double elastin = cells * (1 + m->a_LT * hill(u[PEER_T3], m->K_LT, 1));
  b->gain[PEER_L] = m->delta_L * elastin;
  b->loss[PEER_L] = (m->delta_L + m->k_AL * part(u[PEER_A] - 1)) * u[PEER_L];
  b->gain[PEER_L0] = m->delta_L0 * elastin;
  b->loss[PEER_L0] = m->delta_L0 * u[PEER_L0];
  b->gain[PEER_H] = m->delta_H * cells *
                    (1 + m->a_HP * hill(u[PEER_P], m->K_P, 1) + m->a_HT * hill(net_beta(m, u), m->K_CT, 1));
  b->loss[PEER_H] = m->delta_H * u[PEER_H];
}

struct peer_budget peer_budget_of(const struct peer_model *m, const double given[PEER_SPECIES]) {
  struct peer_budget b = {0};
  double u[PEER_SPECIES];
  for (int s = 0; s < PEER_SPECIES; s++)
    u[s] = part(given[s]);
  signals(m, u, &b);
  leukocytes(m, u, &b);
  fibroblasts(m, u, &b);
  vessels(m, u, &b);
  collagen(m, u, &b);
  other_matrix(m, u, &b);
  return b;
}

void peer_injure(const struct peer_model *m, enum peer_blow blow, double core, double rim,
                 double u[PEER_SPECIES]) {
  const int heat = blow == PEER_HEAT;
  const double clot = (heat ? m->B_th : m->B_n) * core;
  const double debris = (heat ? 1 : m->D_n) * (core + m->f_rim_D * rim);
  const double alive = 1 - (heat ? 1 : m->f_killed) * core;
  const double matrix = 1 - (heat ? 1 - m->e_th : (1 - m->e_n) * (1 - m->f_recoil)) * core;
  u[PEER_I] += m->I_0 * (core + rim);
  u[PEER_P] += m->f_burst * m->gamma_P * clot;
  u[PEER_T] += m->f_burst * m->f_act * m->gamma_T * clot + (heat ? m->T_hs * rim : 0);
  u[PEER_B] = fmax(u[PEER_B], clot);
  u[PEER_D] = fmax(u[PEER_D], debris);
  for (int s = PEER_N; s <= PEER_E; s++)
    u[s] *= alive;
  u[PEER_E] *= 1 - m->f_rim_E * rim;
  for (int s = PEER_C3; s <= PEER_L0; s++)
    u[s] *= matrix;
}
