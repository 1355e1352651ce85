/* SPDX-License-Identifier: BSD-3-Clause
   PETSc TS on a box of cells: explicit Runge-Kutta of order five (Dormand and Prince) with error
   control. Diffusion limits its steps, so it suits coarse cells and few days. */
#pragma once
#include "volumes.h"

/* Once before, once after all other calls. */
bool peer_petsc_begin(void);
void peer_petsc_end(void);
/* Takes u from one time to another [d], with these tolerances of each step (absolute: times `scale` of
   each species); false when PETSc gave up. *steps is the number of steps. */
bool peer_petsc_advance(struct peer_box *box, double *u, double from, double to, double relative,
                        double absolute, const double scale[PEER_SPECIES], long *steps);
