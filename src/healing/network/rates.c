/* SPDX-License-Identifier: BSD-3-Clause
   Rates of the network, one function a mechanism, on vectors of tissue cells. Symbols are those of
   model/params/healing.def; h(x, K) = x / (K + x), h2(x, K) = x^2 / (K^2 + x^2). Each function adds to
   the rates; linear losses of signals are the engine's (they are solved together with diffusion). */
#include "engine/kernels/real.h"
#include "network.h"

#include "run.h"

/* Keys of parameters that the kernels read as they stand. */
/* clang-format off */
#define CONSTANTS(X)                                                                                   \
  X(gamma_P) X(gamma_T) X(f_act) X(lambda_B) X(lambda_BM) X(s_ID) X(s_IN) X(s_I1) X(lambda_D)          \
  X(lambda_DN) X(lambda_DM) X(r_N) X(delta_N) X(k_NM)                                                  \
  X(r_M) X(k_12b) X(k_12T) X(K_12T) X(k_12e) X(K_ef) X(delta_M1) X(delta_M2) X(k_P) X(k_TM) X(k_TY)    \
  X(k_TF) X(k_T3) X(k_VM) X(k_Vh) X(s_AN) X(s_A1) X(s_AF) X(K_AI) X(delta_A) X(r_P) X(K_P) X(r_h)      \
  X(d_h) X(d_FD) X(k_FY) X(k_YF) X(d_Y0) X(d_YC) X(d_Y1) X(r_E) X(K_EV) X(d_E) X(k_ED) X(k_c)          \
  X(alpha_T) X(K_CT) X(eta_w) X(f_30) X(k_x) X(d_i) X(delta_m) X(k_A3) X(k_Ai) X(k_Am) X(f_Bc)         \
  X(delta_L) X(k_AL) X(a_LT) X(K_LT) X(delta_H) X(a_HP) X(a_HT) X(delta_L0)
/* clang-format on */

struct constants {
#define X(key) real key;
  CONSTANTS(X)
#undef X
  real eta_0, delta_3;                /* closure */
  real resting, synthesis, breakdown; /* modifiers */
  real inverse_F0, inverse_Fmax, inverse_Mref, inverse_Nref, inverse_Cmax, inverse_K33;
  real inverse_M2i, inverse_K12I, inverse_KAT, inverse_KYT, inverse_KgC; /* reciprocals of scales */
  real KN2, KM2, Kauto2, KFY2, Keta2;                                    /* squares of half-saturations */
  real f_3rise, aY, C_30;                                                /* f_3w - f_30; alpha_Y */
  real E_dense, E_loose; /* ceiling of vessels in dense matrix, and its rise in none */
  real bound;            /* f_bound (k_A3 - k_Am) */
  real power[5];         /* weights of x^2 .. x^6 that make up x^n_psi */
};

static void fill(const struct nw_params *p, const struct nw_network_modifiers *m, void *constants) {
  struct constants *c = constants;
  const struct nw_network_closure closure = nw_network_close(p);
  const double F_0 = p->F_0 * m->fibroblasts;
#define X(key) c->key = (real)p->key;
  CONSTANTS(X)
#undef X
  c->eta_0 = (real)closure.eta_0;
  c->delta_3 = (real)(closure.delta_3 * m->breakdown);
  c->resting = (real)m->resting;
  c->synthesis = (real)m->synthesis;
  c->breakdown = (real)m->breakdown;
  c->delta_m = (real)(p->delta_m * m->breakdown);
  c->r_N = (real)(p->r_N * m->inflammation);
  c->r_M = (real)(p->r_M * m->inflammation);
  c->inverse_F0 = (real)(1 / F_0);
  c->inverse_Fmax = (real)(1 / (p->F_max * m->fibroblasts));
  c->E_dense = (real)(1 + (p->E_max - 1) * (1 - p->f_hem));
  c->E_loose = (real)((p->E_max - 1) * p->f_hem);
  c->bound = (real)(p->f_bound * (p->k_A3 - p->k_Am));
  c->inverse_Mref = (real)(1 / p->M_ref);
  c->inverse_Nref = (real)(1 / p->N_ref);
  c->inverse_Cmax = (real)(1 / p->C_max);
  c->inverse_K33 = (real)(1 / p->K_33);
  c->inverse_M2i = (real)(1 / p->M2_i);
  c->inverse_K12I = (real)(1 / p->K_12I);
  c->inverse_KAT = (real)(1 / p->K_AT);
  c->inverse_KYT = (real)(1 / p->K_YT);
  c->inverse_KgC = (real)(1 / p->K_gC);
  c->KN2 = (real)(p->K_N * p->K_N);
  c->KM2 = (real)(p->K_M * p->K_M);
  c->Kauto2 = (real)(p->K_auto * p->K_auto);
  c->KFY2 = (real)(p->K_FY * p->K_FY);
  c->Keta2 = (real)(p->K_eta * p->K_eta);
  c->f_3rise = (real)(p->f_3w - p->f_30);
  c->aY = (real)p->alpha_Y;
  c->C_30 = (real)p->C_30;
  /* an exponent between two whole numbers mixes their powers, which stays smooth and monotone */
  for (int k = 0; k < 5; k++) {
    const double distance = p->n_psi - (k + 2);
    c->power[k] = (real)(distance > -1 && distance < 1 ? 1 - (distance < 0 ? -distance : distance) : 0);
  }
}

/* Local values of all fields, not below 0, and what several mechanisms share. */
struct tissue {
  vreal I, P, T, T3, V, A, N, M1, M2, F, Y, E, B, D, C3, Ci, Cm, L, H, L0;
  vreal M;       /* all macrophages */
  vreal T_n;     /* active TGF-beta 1 and 2 as far as isoform 3 does not oppose it */
  vreal cells;   /* (F + Y) / F_0 */
  vreal C;       /* all collagen */
  vreal lysis;   /* l_B B: clot dissolved a day, as volume fraction */
  vreal gate;    /* g: how far intact matrix fails to shield cells from stress */
  vreal surplus; /* [A - 1]+ */
};

NW_INLINE vreal saturate(vreal x, real K) {
  return x / (x + K);
}

NW_INLINE vreal saturate_squared(vreal x, real K_squared) {
  const vreal x2 = x * x;
  return x2 / (x2 + K_squared);
}

NW_INLINE vreal fourth(vreal x) {
  const vreal x2 = x * x;
  return x2 * x2;
}

NW_INLINE struct tissue tissue_read(const struct constants *c, const void *const *u, size_t i) {
  struct tissue t;
#define GET(member, field) t.member = positive_part(load((const real *)u[NW_FIELD_##field] + i))
  GET(I, inflammatory);
  GET(P, mitogen);
  GET(T, tgf_beta);
  GET(T3, tgf_beta_3);
  GET(V, vegf);
  GET(A, mmp);
  GET(N, neutrophil);
  GET(M1, macrophage_m1);
  GET(M2, macrophage_m2);
  GET(F, fibroblast);
  GET(Y, myofibroblast);
  GET(E, vessel);
  GET(B, fibrin);
  GET(D, debris);
  GET(C3, collagen_III);
  GET(Ci, collagen_I_new);
  GET(Cm, collagen_I_mature);
  GET(L, elastin);
  GET(H, hyaluronan);
  GET(L0, tropoelastin);
#undef GET
  t.M = t.M1 + t.M2;
  t.T_n = t.T / ((real)1 + t.T3 * c->inverse_K33);
  t.cells = (t.F + t.Y) * c->inverse_F0;
  t.C = t.C3 + t.Ci + t.Cm;
  t.lysis = (c->lambda_B + t.M * (c->lambda_BM * c->inverse_Mref)) * t.B;
  t.gate = (real)1 / ((real)1 + fourth(t.C * c->inverse_KgC));
  t.surplus = positive_part(t.A - (real)1);
  return t;
}

/* The rates under construction, one a field. */
struct rates {
  vreal I, P, T, T3, V, A, N, M1, M2, F, Y, E, B, D, C3, Ci, Cm, L, H, L0;
};

/* dI/dt = s_ID D + q (s_IN N + s_I1 M1), q = 1 / (1 + (M2/M2_i)^2): debris raises the alarm,
   leukocytes keep it up, repair macrophages calm it; form of the calming by Reynolds (2006) [ng/(mL d)]. */
NW_INLINE void alarm(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal calm = t->M2 * c->inverse_M2i;
  const vreal leukocytes = t->N * c->s_IN + t->M1 * c->s_I1;
  r->I = t->D * c->s_ID + leukocytes / ((real)1 + calm * calm);
}

/* Growth factors out of the dissolving clot and out of cells [ng/(mL d)]:
   dP/dt  = gamma_P l_B B + k_P M
   dT/dt  = gamma_T f_act l_B B + k_TM M2 + k_TY Y + k_TF F h2(T, K_auto)
   dT3/dt = k_T3 M2
   dV/dt  = k_VM M + k_Vh [1 - E]+ F/F_0
   with l_B = lambda_B + lambda_BM M/M_ref; content of a clot by Weibrich (2002), rates of cells by Waugh and
   Sherratt (2006), Jin (2011), Adler (2020). */
NW_INLINE void growth_factors(const struct constants *c, const struct tissue *t, struct rates *r) {
  r->P = t->lysis * c->gamma_P + t->M * c->k_P;
  r->T = t->lysis * (c->gamma_T * c->f_act) + t->M2 * c->k_TM + t->Y * c->k_TY +
         t->F * saturate_squared(t->T, c->Kauto2) * c->k_TF;
  r->T3 = t->M2 * c->k_T3;
  r->V = t->M * c->k_VM + positive_part((real)1 - t->E) * t->F * (c->k_Vh * c->inverse_F0);
}

/* Leukocytes bring metalloproteinase, and IL-1 makes fibroblasts release it, which TGF-beta damps
   (Overall 1991); A = 1 is normal skin [1/d]:
   dA/dt = delta_A + s_AN N + s_A1 M1 + s_AF (F+Y)/F_0 h(I, K_AI) / (1 + T/K_AT) */
NW_INLINE void metalloproteinase(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal fibroblasts = t->cells * saturate(t->I, c->K_AI) / ((real)1 + t->T * c->inverse_KAT);
  r->A = c->delta_A + t->N * c->s_AN + t->M1 * c->s_A1 + fibroblasts * c->s_AF;
}

/* Neutrophils and monocytes come out of vessels at the call of I, with exponent 2 so that rest is stable;
   macrophages turn to repair by TGF-beta and by the neutrophils they clear, and I holds them back:
   dN/dt  = r_N E h2(I, K_N) - (delta_N + k_NM M/M_ref) N
   dM1/dt = r_M E h2(I, K_M) - (k_12 + delta_M1) M1
   dM2/dt = k_12 M1 - delta_M2 M2
   k_12   = (k_12b + k_12T h(T, K_12T) + k_12e h(N, K_ef)) / (1 + (I/K_12I)^2)   [cells/(mm3 d)] */
NW_INLINE void leukocytes(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal held = t->I * c->inverse_K12I;
  const vreal drive = c->k_12b + saturate(t->T, c->K_12T) * c->k_12T + saturate(t->N, c->K_ef) * c->k_12e;
  const vreal turned = t->M1 * drive / ((real)1 + held * held);
  r->N = t->E * saturate_squared(t->I, c->KN2) * c->r_N -
         t->N * (c->delta_N + t->M * (c->k_NM * c->inverse_Mref));
  r->M1 = t->E * saturate_squared(t->I, c->KM2) * c->r_M - turned - t->M1 * c->delta_M1;
  r->M2 = turned - t->M2 * c->delta_M2;
}

/* Fibroblasts divide on P, keep to their normal density, die in debris, and turn into
   myofibroblasts on TGF-beta where the matrix does not shield them (Van De Water 2013,
   Desmouliere 1995) [cells/(mm3 d)]:
   dF/dt = r_P h(P, K_P) F [1-(F+Y)/F_max]+ + r_h F [1-(F+Y)/F_0]+ - d_h F [1-F_0/(F+Y)]+
           - (f_Y + d_FD D) F + k_YF Y
   dY/dt = f_Y F - { k_YF + d_Y0 + d_YC (1-g) + d_Y1 / (1+(T/K_YT)^2) } Y
   f_Y   = k_FY h2(T_n, K_FY) g,   g = 1 / (1 + (C/K_gC)^4) */
NW_INLINE void fibroblasts(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal room = positive_part((real)1 - (t->F + t->Y) * c->inverse_Fmax);
  const vreal growth = saturate(t->P, c->K_P) * room * c->r_P + positive_part((real)1 - t->cells) * c->r_h;
  const vreal crowding = positive_part((real)1 - (real)1 / t->cells) * c->d_h;
  const vreal turned = t->F * saturate_squared(t->T_n, c->KFY2) * t->gate * c->k_FY;
  const vreal safe = t->T * c->inverse_KYT;
  const vreal death = c->d_Y0 + ((real)1 - t->gate) * c->d_YC + c->d_Y1 / ((real)1 + safe * safe);
  const vreal back = t->Y * c->k_YF;
  r->F = t->F * (growth - crowding - t->D * c->d_FD) - turned + back;
  r->Y = turned - back - t->Y * death;
}

/* Sprouts push through loose wound matrix and are held up by dense collagen (Edgar 2014): intact
   dermis grows back what it lost and little more, granulation tissue up to E_max [1/d]:
   dE/dt = r_E h(V, K_EV) E (1 - E/E_m) + d_E (min(1, E) - E^2) - k_ED D E
   E_m   = 1 + (E_max - 1) (1 - f_hem + f_hem g) */
NW_INLINE void vessels(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal ceiling = t->gate * c->E_loose + c->E_dense;
  const vreal sprouting = saturate(t->V, c->K_EV) * ((real)1 - t->E / ceiling) * c->r_E;
  r->E = t->E * (sprouting - t->D * c->k_ED) + (smaller(t->E, broadcast(1)) - t->E * t->E) * c->d_E;
}

/* The clot dissolves and debris is cleared, by themselves and by leukocytes:
   dB/dt = -l_B B,  dD/dt = -(lambda_D + lambda_DN N/N_ref + lambda_DM M/M_ref) D [1/d] */
NW_INLINE void clearance(const struct constants *c, const struct tissue *t, struct rates *r) {
  r->B = -t->lysis;
  r->D = -t->D *
         (c->lambda_D + t->N * (c->lambda_DN * c->inverse_Nref) + t->M * (c->lambda_DM * c->inverse_Mref));
}

/* What fibroblasts lay down and what stays of it:
   S = k_c { F/F_0 [1 + alpha_T T_n/(K_CT+T_n)] + alpha_Y Y/F_0 } kept psi (1-f_Bc B)(1-D)
   kept = eta_0 + eta_w h2(T, K_eta),  psi = 1 / (1 + (C/C_max)^n_psi)
   f_3 = f_30 + (f_3w - f_30) h2(T, K_eta)
   dC3/dt = f_3 S - delta_3 C3 - [A-1]+ {k_A3 C3 - f_bound (k_A3 - k_Am) min(C3, C_30)}
   dCi/dt = (1-f_3) S - (k_x + d_i + k_Ai [A-1]+) Ci
   dCm/dt = k_x Ci - (delta_m + k_Am [A-1]+) Cm                            [normal content/d]
   The share f_bound of the normal content of collagen III lies on the banded fibrils of collagen I (Keene
   1987) and is as hard to get at as these; what is above is thin and quickly remodelled. */
NW_INLINE void collagen(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal makers = t->F * ((real)1 + saturate(t->T_n, c->K_CT) * c->alpha_T) + t->Y * c->aY;
  const vreal wound = saturate_squared(t->T, c->Keta2);
  const vreal kept = wound * (c->eta_w * c->synthesis) + c->eta_0 * c->resting;
  const vreal x = t->C * c->inverse_Cmax, x2 = x * x, x4 = x2 * x2;
  const vreal ceiling =
      x2 * (c->power[0] + x * c->power[1] + x2 * c->power[2]) + x4 * (x * c->power[3] + x2 * c->power[4]);
  const vreal open = ((real)1 - smaller(t->B * c->f_Bc, broadcast(1))) * positive_part((real)1 - t->D);
  const vreal made = makers * kept * open * (c->k_c * c->inverse_F0) / ((real)1 + ceiling);
  const vreal share = wound * c->f_3rise + c->f_30;
  const vreal remodelled = t->C3 * c->k_A3 - smaller(t->C3, broadcast(c->C_30)) * c->bound;
  r->C3 = made * share - t->C3 * c->delta_3 - t->surplus * remodelled;
  r->Ci = made * ((real)1 - share) - t->Ci * (c->k_x + c->d_i + t->surplus * c->k_Ai);
  r->Cm = t->Ci * c->k_x - t->Cm * (c->delta_m + t->surplus * c->k_Am);
}

/* Elastin is made at a rate that TGF-beta 3 raises, but lasts a lifetime (Shapiro 1991), and
   metalloproteinase takes more of it than is made (El-Domyati 2015); its precursor L0 follows what
   is made; hyaluronan turns over in a day (Reed 1990) [1/d]:
   dL/dt  = delta_L G - (delta_L + k_AL [A-1]+) L,   G = F/F_0 (1 + a_LT h(T3, K_LT))
   dL0/dt = delta_L0 (G - L0)
   dH/dt  = delta_H F/F_0 (1 + a_HP h(P, K_P) + a_HT h(T_n, K_CT)) - delta_H H */
NW_INLINE void elastin_and_hyaluronan(const struct constants *c, const struct tissue *t, struct rates *r) {
  const vreal fibroblasts = t->F * c->inverse_F0;
  const vreal made = fibroblasts * ((real)1 + saturate(t->T3, c->K_LT) * c->a_LT);
  r->L = made * c->delta_L - t->L * (c->delta_L + t->surplus * c->k_AL);
  r->L0 = (made - t->L0) * c->delta_L0;
  r->H = fibroblasts * ((real)1 + saturate(t->P, c->K_P) * c->a_HP + saturate(t->T_n, c->K_CT) * c->a_HT) *
             c->delta_H -
         t->H * c->delta_H;
}

NW_INLINE void rates_add(const struct rates *r, void *const *rate, size_t i) {
#define ADD(member, field)                         \
  {                                                \
    real *to = (real *)rate[NW_FIELD_##field] + i; \
    store(to, load(to) + r->member);               \
  }
  /* clang-format off */
  ADD(I, inflammatory) ADD(P, mitogen) ADD(T, tgf_beta) ADD(T3, tgf_beta_3) ADD(V, vegf) ADD(A, mmp)
  ADD(N, neutrophil) ADD(M1, macrophage_m1) ADD(M2, macrophage_m2) ADD(F, fibroblast)
  ADD(Y, myofibroblast) ADD(E, vessel) ADD(B, fibrin) ADD(D, debris) ADD(C3, collagen_III)
  ADD(Ci, collagen_I_new) ADD(Cm, collagen_I_mature) ADD(L, elastin) ADD(H, hyaluronan)
  ADD(L0, tropoelastin)
  /* clang-format on */
#undef ADD
}

static void rates(const void *constants, size_t n_vectors, const void *const *u, void *const *rate) {
  const struct constants *c = constants;
  for (size_t v = 0; v < n_vectors; v++) {
    const struct tissue t = tissue_read(c, u, v * LANES);
    struct rates r;
    alarm(c, &t, &r);
    growth_factors(c, &t, &r);
    metalloproteinase(c, &t, &r);
    leukocytes(c, &t, &r);
    fibroblasts(c, &t, &r);
    vessels(c, &t, &r);
    clearance(c, &t, &r);
    collagen(c, &t, &r);
    elastin_and_hyaluronan(c, &t, &r);
    rates_add(&r, rate, v * LANES);
  }
}

const struct nw_network_kernel NW_VARIANT(nw_network) = {sizeof(struct constants), fill, rates};
