/* SPDX-License-Identifier: BSD-3-Clause
   Calibration: named parameters fitted to measurements on the cheap fidelity, corrected by the patch, with
   intervals by profile likelihood and a verdict in words on each parameter. */
#pragma once
#include "problem.h"

/* How far populations differ from each other: every number of healing, surface and outcome varies between
   them by `share` of its range, which the deviations of whole groups of measurements tell (spread.c). */
struct nw_spread {
  bool done;
  double share, low, high; /* most likely, and 90 % limits */
  double coverage;     /* mean over groups of the share of measurements inside their 90 % interval, the share
                          told by the other groups */
  size_t groups, rows; /* that tell it; varied parameters */
};

/* How early a parameter acts, and so how much must be done again when it changes. */
enum nw_calibration_act { NW_ACT_READING, NW_ACT_HEALING, NW_ACT_PUNCTURE };

struct nw_calibration {
  const struct nw_problem *problem; /* borrowed */
  size_t n, m;                      /* parameters estimated; measurements */
  struct nw_fit_parameter *free;    /* (n) */
  double *measured;                 /* (m) on the scale of comparison: value, or its decimal logarithm */
  struct nw_run *base;              /* (n_conditions) what does not change during the fit */
  enum nw_calibration_act act;      /* of the parameter that acts first */
  struct nw_run *tissue;            /* (n_conditions) courses, kept where all parameters only read them */

  /* correction by the patch, on the scale of comparison; 0 where there is none */
  double *offset, *offset_end;     /* (m) */
  bool *corrected, *corrected_end; /* (n_conditions) */

  double *start_theta, *start_objective; /* (starts, n), (starts) */
  size_t *start_evaluations;
  bool *start_done;

  size_t round; /* of profiles: a profile may find a better optimum, and all begin again */
  bool polished;
  double *theta, objective;      /* (n) the optimum */
  double *value, *sd, *jacobian; /* (m), (m), (m, n) per share of the range */
  double *covariance;            /* (n, n) of shares */
  bool determined;               /* no direction is left open by the curvature */
  struct nw_profile_side *side;  /* (n, 2) */
  bool *side_done;               /* (n, 2) */
  struct nw_identity *identity;  /* (n) */
  double *boot_theta;            /* (bootstrap, n) */
  bool *boot_done;
  struct nw_spread spread;
};

/* Called when a piece of work is done, never in parallel: what is kept here is not done again. */
struct nw_calibration_keeper {
  void *data;
  enum nw_status (*keep)(void *data, const struct nw_calibration *calibration);
};

/* Room and bases for a problem, which is borrowed; nothing fitted yet. NW_MEMORY, or what a stage says. */
enum nw_status nw_calibration_create(struct nw_context *context, const struct nw_problem *problem,
                                     struct nw_calibration *out);
/* Does what is not done yet. `keeper` is nullable. NW_INTERRUPTED: what was kept stands. */
enum nw_status nw_calibration_run(struct nw_context *context, struct nw_calibration *calibration,
                                  const struct nw_calibration_keeper *keeper);
void nw_calibration_clear(struct nw_calibration *calibration);

/* The fit as fit.h has it; borrows from the calibration. */
struct nw_fit nw_calibration_fit(const struct nw_calibration *calibration, const volatile int *stop);
/* The parameters of the model with theta laid over those of a condition. */
struct nw_params nw_calibration_params(const struct nw_calibration *calibration, size_t condition,
                                       const double *theta);
/* Fills out (m) with the measurements of one condition on a fidelity, on the scale of comparison and without
   any correction; others stay as they are. */
enum nw_status nw_calibration_simulate(struct nw_context *context, const struct nw_calibration *calibration,
                                       size_t condition, const double *theta, enum nw_fidelity fidelity,
                                       double *out);
/* The same under parameters at will (SI) in place of those that theta gives, of which the first acts so
 * early. */
enum nw_status nw_calibration_simulate_with(struct nw_context *context,
                                            const struct nw_calibration *calibration, size_t condition,
                                            const double *theta, const struct nw_params *params,
                                            enum nw_calibration_act act, enum nw_fidelity fidelity,
                                            double *out);
enum nw_calibration_act nw_calibration_act_of(const struct nw_param_row *row);
/* Standard deviation of a measurement without the model's own discrepancy. */
double nw_calibration_noise(const struct nw_calibration *calibration, size_t measurement,
                            const double *theta);
/* Runs the courses that are only read again during the fit, if there are such. */
enum nw_status nw_calibration_prepare(struct nw_context *context, struct nw_calibration *calibration);
/* Estimates calibration->spread at its optimum. */
enum nw_status nw_calibration_spread(struct nw_context *context, struct nw_calibration *calibration);
/* Starts that ended as good as the best one, within 1 of its objective. */
size_t nw_calibration_agreeing(const struct nw_calibration *calibration);
/* The row of the model behind the k-th parameter estimated; NULL when it is none of the model's. */
const struct nw_param_row *nw_calibration_row(const struct nw_calibration *calibration, size_t k);
/* Covariance of the natural logarithms of two parameters at the estimate, by curvature [1]. */
double nw_calibration_log_covariance(const struct nw_calibration *calibration, size_t a, size_t b);
/* The end of the interval of parameter k, side 0 or 1; NAN where the data give none inside the bounds. */
double nw_calibration_limit(const struct nw_calibration *calibration, size_t k, int side);
/* Quantile of parameter k over the bootstrap; NAN without one. */
double nw_calibration_boot_quantile(const struct nw_calibration *calibration, size_t k, double share);
