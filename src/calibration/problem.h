/* SPDX-License-Identifier: BSD-3-Clause
   A calibration problem: which parameters are looked for, which measurements they must explain, and under
   which plans these were taken. Names and meaning follow PEtab where it has them. */
#pragma once
#include "fit.h"
#include "study/observable.h"
#include "study/permeation.h"
#include "study/trial.h"

enum nw_problem_kind {
  NW_FREE_MODEL,   /* a row of model/params */
  NW_FREE_PRODUCT, /* a number of a product of the plans: products.0.partition_dermis */
  NW_FREE_NOISE    /* only of the measurements: a standard deviation */
};

struct nw_problem_parameter {
  char *id; /* owned */
  enum nw_problem_kind kind;
  bool estimate;
  bool log;                       /* fitted on the logarithm */
  double low, high, nominal;      /* [unit] */
  double prior, prior_sd;         /* of log10 or of the value itself; prior_sd 0: none */
  const struct nw_param_row *row; /* NW_FREE_MODEL, borrowed */
  size_t product;                 /* NW_FREE_PRODUCT: index in the plans */
  const char *key, *unit;         /* NW_FREE_PRODUCT: borrowed from the key table; unit of the values */
  size_t index;                   /* among those estimated, or SIZE_MAX */
};

/* What of an outcome is compared. */
enum nw_problem_reading {
  NW_READ_VALUE,
  NW_READ_CHANGE,     /* less the baseline */
  NW_READ_CHANGE_PCT, /* the same over the baseline [%] */
  NW_READ_EFFECT,     /* less the untreated twin */
  NW_READ_EFFECT_PCT, /* the same over the baseline [%] */
  NW_READ_RATED,      /* change as told by raters who know of the treatment */
  NW_READ_RATED_PCT,  /* the same over the baseline [%] */
  NW_READ_OF_PEAK,    /* rise over the baseline, over the highest rise of the course [1] */
  NW_READ_OF_GAIN,    /* rise over the baseline, over that at the end of the course [1] */
  NW_READ_PEAK_TIME,  /* of the highest value up to the time of the measurement [s] */
  NW_READ_HALF_TIME,  /* when half of the gain up to then was reached [s] */
  NW_READ_FADE_TIME,  /* when it was last above a tenth of its peak, up to then [s] */
  NW_READ_OBSERVED,   /* what a trial read without its being an outcome: pain, how long something showed */
  NW_READ_PRODUCT     /* absorption of a product */
};

/* A number that may be a parameter: `parameter` is its index, SIZE_MAX where `value` holds. */
struct nw_problem_number {
  double value;
  size_t parameter;
};

struct nw_problem_observable {
  char *id, *formula; /* owned */
  enum nw_problem_reading reading;
  enum nw_outcome outcome;
  struct nw_question question; /* NW_READ_OBSERVED */
  size_t product;
  enum nw_permeation_quantity quantity;
  double scale;                         /* the reading [own unit or SI] times this is in `unit` */
  char *unit;                           /* owned */
  bool log10;                           /* compared on the decimal logarithm */
  bool noise_given;                     /* noise comes with each measurement */
  struct nw_problem_number noise;       /* standard deviation of a measurement [unit, or decades] */
  struct nw_problem_number discrepancy; /* of the model, in squares beside it; 0: none */
};

struct nw_problem_condition {
  char *id, *plan; /* owned; plan as the table names it */
  struct nw_case *c;
  enum nw_fidelity fidelity; /* of its runs during the fit */
  bool excision; /* a wound cut out in place of a plan (study/excision.h): of the case only the parameters
                    count */
};

struct nw_problem_measurement {
  size_t observable, condition;
  double time;  /* since the first injury, or the start of contact; INFINITY: the end [s] */
  double value; /* [unit of the observable] */
  struct nw_problem_number noise;
  char *group;   /* owned: what is drawn together in the bootstrap; the condition's id where not given */
  size_t cohort; /* index of the group */
};

struct nw_problem_options {
  enum nw_fidelity fidelity; /* where a condition says nothing else */
  bool correct;              /* by runs of the patch, at the start and at the end */
  bool spread;               /* estimate how far populations differ */
  bool curved;               /* limits by the curvature at the optimum, not by profiles */
  size_t starts, bootstrap;
  uint64_t seed;
  enum nw_loss loss;
  double width, level;
  double time_unit; /* of the tables [s] */
  size_t evaluations;
};

struct nw_problem {
  char *name;        /* owned: the file */
  uint64_t identity; /* of the text of all its files */
  struct nw_problem_options option;
  struct nw_problem_parameter *parameter; /* owned */
  struct nw_problem_observable *observable;
  struct nw_problem_condition *condition;
  struct nw_problem_measurement *measurement;
  size_t n_parameters, n_observables, n_conditions, n_measurements, n_cohorts;
  size_t parameter_capacity, observable_capacity, condition_capacity, measurement_capacity;
};

/* Whether an observable of the problem is answered by a course of healing: absorption is not, nor is pain. */
bool nw_problem_needs_course(const struct nw_problem_observable *observable);
/* The fidelity of a word of problem files, "unit_cell"; false: there is none. */
bool nw_problem_fidelity(const char *word, enum nw_fidelity *out);
const char *nw_problem_fidelity_word(enum nw_fidelity fidelity);
/* Number estimated. */
size_t nw_problem_free_count(const struct nw_problem *problem);
void nw_problem_clear(struct nw_problem *problem);
