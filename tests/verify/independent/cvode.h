/* SPDX-License-Identifier: BSD-3-Clause
   SUNDIALS CVODE on a box of cells: backward differences of order up to five with a banded Jacobian. */
#pragma once
#include "volumes.h"

struct peer_cvode;

/* From u at time 0 (borrowed, overwritten by every advance). At most one axis of more than one cell.
   `relative` and `absolute` (times `scale` of each species) are the tolerances of each step. NULL: no
   memory, or CVODE refused. */
struct peer_cvode *peer_cvode_create(struct peer_box *box, double *u, double relative, double absolute,
                                     const double scale[PEER_SPECIES]);
void peer_cvode_free(struct peer_cvode **solver);
/* To the time given [d]; false when CVODE gave up. */
bool peer_cvode_advance(struct peer_cvode *solver, double time);
long peer_cvode_steps(const struct peer_cvode *solver);
