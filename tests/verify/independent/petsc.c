/* SPDX-License-Identifier: BSD-3-Clause
   PETSc TS on a box of cells. */
#include "petsc.h"

#include <petscts.h>

bool peer_petsc_begin(void) {
  return PetscInitializeNoArguments() == 0;
}

void peer_petsc_end(void) {
  PetscFinalize();
}

static PetscErrorCode right_side(TS ts, PetscReal time, Vec u, Vec rate, void *box) {
  const PetscScalar *from;
  PetscScalar *to;
  (void)ts, (void)time;
  PetscFunctionBeginUser;
  PetscCall(VecGetArrayRead(u, &from));
  PetscCall(VecGetArrayWrite(rate, &to));
  peer_box_rates(box, from, to);
  PetscCall(VecRestoreArrayWrite(rate, &to));
  PetscCall(VecRestoreArrayRead(u, &from));
  PetscFunctionReturn(0);
}

static PetscErrorCode set_up(TS ts, struct peer_box *box, Vec absolute, double from, double to,
                             double relative) {
  PetscFunctionBeginUser;
  PetscCall(TSSetType(ts, TSRK));
  PetscCall(TSRKSetType(ts, TSRK5DP));
  PetscCall(TSSetRHSFunction(ts, NULL, right_side, box));
  PetscCall(TSSetTolerances(ts, relative, absolute, relative, NULL));
  PetscCall(TSSetTime(ts, from));
  PetscCall(TSSetMaxTime(ts, to));
  PetscCall(TSSetTimeStep(ts, 1e-6));
  PetscCall(TSSetMaxSteps(ts, 1000000));
  PetscCall(TSSetExactFinalTime(ts, TS_EXACTFINALTIME_MATCHSTEP));
  PetscFunctionReturn(0);
}

static PetscErrorCode advance(struct peer_box *box, double *u, double from, double to, double relative,
                              double absolute, const double scale[PEER_SPECIES], PetscInt *steps) {
  const PetscInt n = (PetscInt)(peer_box_cells(box) * PEER_SPECIES);
  Vec state, tolerance;
  TS ts;
  PetscFunctionBeginUser;
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, u, &state));
  PetscCall(VecCreateSeq(PETSC_COMM_SELF, n, &tolerance));
  for (PetscInt i = 0; i < n; i++)
    PetscCall(VecSetValue(tolerance, i, absolute * scale[i % PEER_SPECIES], INSERT_VALUES));
  PetscCall(VecAssemblyBegin(tolerance));
  PetscCall(VecAssemblyEnd(tolerance));
  PetscCall(TSCreate(PETSC_COMM_SELF, &ts));
  PetscCall(set_up(ts, box, tolerance, from, to, relative));
  PetscCall(TSSolve(ts, state));
  PetscCall(TSGetStepNumber(ts, steps));
  PetscCall(TSDestroy(&ts));
  PetscCall(VecDestroy(&tolerance));
  PetscCall(VecDestroy(&state));
  PetscFunctionReturn(0);
}

bool peer_petsc_advance(struct peer_box *box, double *u, double from, double to, double relative,
                        double absolute, const double scale[PEER_SPECIES], long *steps) {
  PetscInt taken = 0;
  const bool done = advance(box, u, from, to, relative, absolute, scale, &taken) == 0;
  *steps = (long)taken;
  return done;
}
