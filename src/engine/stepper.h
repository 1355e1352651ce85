/* SPDX-License-Identifier: BSD-3-Clause
   Error-controlled stepping of a system, seconds to days, over the kernels. Steps come from a fixed
   ladder with a dead band, so that the same run takes the same steps whatever the machine's load,
   threads or restarts. */
#pragma once
#include "base/base.h"
#include "kernels.h"

struct nw_stepper_rule {
  double tolerance; /* of the estimated error of one step, relative to each field's norm [1] */
  double first;     /* shortest step, taken after every event [time] */
  double longest;   /* [time] */
  enum nw_scheme scheme;
  double courant; /* drift may cross this share of a cell in a step [1] */
};

/* All of the control's memory: part of a checkpoint. */
struct nw_stepper_state {
  int rung; /* next step = first * 2^(rung / 2) */
  size_t steps, rejected;
  double residual; /* worst relative error of conservation so far [1] */
  double lowest;   /* most negative value so far over the field's scale [1] */
};

struct nw_stepper {
  struct nw_system system;
  struct nw_stepper_rule rule;
  struct nw_stepper_state state;
  const struct nw_kernels *kernels; /* borrowed, constant */
  struct nw_workspace *workspace;   /* owned */
  struct nw_basis basis[2];         /* owned */
};

/* The grid of the system and its constants must outlive the stepper. NULL: out of memory. */
struct nw_stepper *nw_stepper_create(const struct nw_system *system, const struct nw_stepper_rule *rule,
                                     bool single_precision, int threads);
void nw_stepper_free(struct nw_stepper **stepper);
/* One accepted step from `time`, not beyond `limit`; *taken is its length. NW_NUMERICAL when even the
   shortest step fails. `boundary_loss` as in kernels.h. */
enum nw_status nw_stepper_step(struct nw_context *context, struct nw_stepper *stepper, double time,
                               double limit, const double *boundary_loss, double *taken);
/* After an event that changed the fields: start with the shortest step again. */
void nw_stepper_event(struct nw_stepper *stepper);
