/* SPDX-License-Identifier: BSD-3-Clause
   SUNDIALS CVODE on a box of cells. */
#include "cvode.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <sunlinsol/sunlinsol_band.h>
#include <sunmatrix/sunmatrix_band.h>

struct peer_cvode {
  SUNContext context;
  void *memory;
  N_Vector u, tolerance;
  SUNMatrix jacobian;
  SUNLinearSolver solver;
};

static int right_side(realtype time, N_Vector u, N_Vector rate, void *box) {
  (void)time;
  peer_box_rates(box, N_VGetArrayPointer(u), N_VGetArrayPointer(rate));
  return 0;
}

static bool set_up(struct peer_cvode *c, struct peer_box *box, double *u, double relative, double absolute,
                   const double scale[PEER_SPECIES]) {
  const sunindextype n = (sunindextype)(peer_box_cells(box) * PEER_SPECIES);
  const sunindextype band = n > PEER_SPECIES ? 2 * PEER_SPECIES - 1 : n - 1;
  if (SUNContext_Create(NULL, &c->context)) return false;
  c->u = N_VMake_Serial(n, u, c->context);
  c->tolerance = N_VNew_Serial(n, c->context);
  c->memory = CVodeCreate(CV_BDF, c->context);
  if (!c->u || !c->tolerance || !c->memory) return false;
  for (sunindextype i = 0; i < n; i++)
    NV_Ith_S(c->tolerance, i) = absolute * scale[i % PEER_SPECIES];
  if (CVodeInit(c->memory, right_side, 0, c->u) || CVodeSVtolerances(c->memory, relative, c->tolerance) ||
      CVodeSetUserData(c->memory, box) || CVodeSetMaxNumSteps(c->memory, 1000000))
    return false;
  c->jacobian = SUNBandMatrix(n, band, band, c->context);
  c->solver = c->jacobian ? SUNLinSol_Band(c->u, c->jacobian, c->context) : NULL;
  return c->solver && !CVodeSetLinearSolver(c->memory, c->solver, c->jacobian);
}

struct peer_cvode *peer_cvode_create(struct peer_box *box, double *u, double relative, double absolute,
                                     const double scale[PEER_SPECIES]) {
  struct peer_cvode *c = calloc(1, sizeof *c);
  if (c && !set_up(c, box, u, relative, absolute, scale)) peer_cvode_free(&c);
  return c;
}

void peer_cvode_free(struct peer_cvode **solver) {
  struct peer_cvode *c = *solver;
  if (!c) return;
  if (c->memory) CVodeFree(&c->memory);
  if (c->solver) SUNLinSolFree(c->solver);
  if (c->jacobian) SUNMatDestroy(c->jacobian);
  if (c->tolerance) N_VDestroy(c->tolerance);
  if (c->u) N_VDestroy(c->u);
  if (c->context) SUNContext_Free(&c->context);
  free(c);
  *solver = NULL;
}

bool peer_cvode_advance(struct peer_cvode *c, double time) {
  realtype reached;
  return !CVodeSetStopTime(c->memory, time) && CVode(c->memory, time, c->u, &reached, CV_NORMAL) >= 0;
}

long peer_cvode_steps(const struct peer_cvode *c) {
  long steps = 0;
  CVodeGetNumSteps(c->memory, &steps);
  return steps;
}
