/* SPDX-License-Identifier: BSD-3-Clause
   Maximum likelihood for any model of a few parameters: many starts, profiles, and what the data leave open.
   Knows nothing of skin: the model is a function that predicts all data at once. */
#pragma once
#include "base/base.h"

/* How a deviation r (in standard deviations) counts in -2 log L. */
enum nw_loss {
  NW_LOSS_GAUSSIAN, /* r^2 */
  NW_LOSS_HUBER,    /* r^2 up to `width`, then linear */
  NW_LOSS_STUDENT   /* Student's t with `width` degrees of freedom */
};

struct nw_fit_parameter {
  const char *name;        /* borrowed */
  double low, high, start; /* bounds and nominal value [unit of the parameter] */
  bool log;                /* fitted on the logarithm; bounds positive then */
  double prior, prior_sd;  /* normal prior on log10 or the value itself; prior_sd 0: none */
};

/* Predicts every datum and the standard deviation of its error, (n_data) each, for theta (n_parameters).
   Called in parallel. Anything but NW_OK makes theta infeasible; NW_INTERRUPTED stops the fit. */
typedef enum nw_status (*nw_fit_predict)(const void *model, const double *theta, double *value, double *sd);

struct nw_fit {
  const struct nw_fit_parameter *parameter; /* borrowed */
  size_t n_parameters;
  const double *measured; /* (n_data) borrowed */
  const double *weight;   /* (n_data) borrowed: how often each datum counts; NULL: once */
  size_t n_data;
  enum nw_loss loss;
  double width; /* of the loss */
  nw_fit_predict predict;
  const void *model;        /* borrowed */
  size_t most_evaluations;  /* of one optimisation */
  double precision;         /* of an optimum, as a share of the range between the bounds */
  const volatile int *stop; /* borrowed: nonzero asks to give up; NULL: never */
};

/* -2 log L less its constants, priors included; a large number where the model cannot be run. */
double nw_fit_objective(const struct nw_fit *fit, const double *theta);
/* The loss of one deviation, and what it weighs beside a Gaussian one. */
double nw_fit_loss(enum nw_loss loss, double width, double deviation);
double nw_fit_loss_weight(enum nw_loss loss, double width, double deviation);
/* Half width of the central share `level` of the errors whose -2 log density is the loss: 1.645 for 0.90 of
   normal ones, 2.132 of Student's with 4 degrees of freedom. */
double nw_fit_loss_reach(enum nw_loss loss, double width, double level);

/* Between bounds: share 0 at the lower, 1 at the upper one, along the scale of the fit. */
double nw_fit_value(const struct nw_fit_parameter *p, double share);
double nw_fit_share(const struct nw_fit_parameter *p, double value);

/* Start `i` of `count`: 0 is the nominal point, the others a Latin hypercube that depends on the seed. */
bool nw_fit_start(const struct nw_fit *fit, uint64_t seed, size_t count, size_t i, double *theta);
/* Moves theta half way to the nominal point, again and again, until the model can be run there. False: not
   even beside that point, or it was stopped. */
bool nw_fit_reach_feasible(const struct nw_fit *fit, double *theta);
/* Goes down from theta to the next optimum inside the bounds, leaving it in theta. `fixed` (nullable,
   n_parameters) holds parameters; `reach` is the first step as a share of the range. NW_MEMORY,
   NW_INTERRUPTED. */
enum nw_status nw_fit_descend(const struct nw_fit *fit, const bool *fixed, double reach, double *theta,
                              double *objective, size_t *evaluations);

/* d value / d share at theta (n_data, n_parameters) by central differences of `step` (share), and the
   prediction with its sd. Parallel over parameters when `threads` > 1. */
enum nw_status nw_fit_sensitivity(const struct nw_fit *fit, const double *theta, double step, int threads,
                                  double *jacobian, double *value, double *sd);
/* Covariance of the shares (n, n) from sensitivities, as curvature of the objective has it; false, and
   INFINITY on the diagonal, when the data leave a direction open. */
bool nw_fit_covariance(const struct nw_fit *fit, const double *jacobian, const double *value,
                       const double *sd, double *covariance);
/* Collinearity index of a set of parameters (Brun 2001): 1 orthogonal, large when changes of one can be
   undone by the others; past 10 to 15 they cannot be told apart. */
double nw_fit_collinearity(const struct nw_fit *fit, const double *jacobian, const double *sd,
                           const size_t *index, size_t count);

/* ---- profiles ---- */

enum { NW_PROFILE_MOST = 16 }; /* points on each side */

struct nw_profile_side {
  size_t count;                  /* points, the optimum not among them */
  double share[NW_PROFILE_MOST]; /* of the profiled parameter, away from the optimum */
  double rise[NW_PROFILE_MOST];  /* of the objective over the optimum */
  double *theta;                 /* (count, n_parameters) owned by the caller */
  double limit;                  /* share where the rise reaches the threshold; NAN: it does not */
  double least;                  /* lowest objective met: below the optimum's, that was none */
};

/* Rise of -2 log L at the ends of an interval of this level: 2.71 for 0.90. */
double nw_fit_threshold(double level);
/* One side of the profile of parameter k around the optimum; `direction` -1 or 1, `step` the first step
   (share). `side->theta` is room for NW_PROFILE_MOST points. */
enum nw_status nw_fit_profile(const struct nw_fit *fit, const double *optimum, double objective, size_t k,
                              int direction, double step, double threshold, struct nw_profile_side *side);

/* What a profile says, and in words. */
enum nw_identified {
  NW_IDENTIFIABLE,
  NW_BOUNDED_BELOW, /* only a lower limit inside the bounds */
  NW_BOUNDED_ABOVE,
  NW_TIED, /* another parameter undoes its changes */
  NW_OPEN  /* the data say nothing */
};
struct nw_identity {
  enum nw_identified kind;
  size_t partner; /* NW_TIED */
  double slope;   /* NW_TIED: change of the partner's share over its own along the profile, in units of
                     their scales (log over log, or value over value) */
};
struct nw_identity nw_fit_identify(const struct nw_fit *fit, const double *optimum, size_t k,
                                   const struct nw_profile_side side[2], double threshold);
/* One phrase: "identifiable", "bounded below only", "tied to k_x: only their ratio". */
void nw_fit_identity_words(const struct nw_fit *fit, size_t k, const struct nw_identity *identity,
                           struct nw_text *out);
