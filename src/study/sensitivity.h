/* SPDX-License-Identifier: BSD-3-Clause
   Sensitivity of a plan's outcomes to the numbers of the model: what varies, what is read, and one run. */
#pragma once
#include "indices.h"
#include "trial.h"

/* A parameter that varies between the ends of its row: logarithmically where both are positive. */
struct nw_sensitivity_input {
  const struct nw_param_row *row;
  double low, high; /* [SI] */
  bool log;
};

/* What is read at the end of a run: the change of an outcome, or a side effect. */
struct nw_sensitivity_output {
  const char *key, *unit; /* unit of the reading */
  int outcome;            /* enum nw_outcome, or -1 - index of the side effect */
  bool percent;           /* change in percent of the baseline */
  double nominal;         /* with the parameters of the plan */
};

enum { NW_SENSITIVITY_LEADING = 12 }; /* inputs that go on from screening to indices */

struct nw_sensitivity {
  const struct nw_case *c;            /* borrowed */
  uint64_t identity;                  /* of the case and of what is asked */
  struct nw_sensitivity_input *input; /* owned (n_inputs) */
  size_t n_inputs;
  struct nw_sensitivity_output *output; /* owned (n_outputs) */
  size_t n_outputs;
  size_t rounds, rows;      /* of the screening, of the indices */
  struct nw_effect *effect; /* owned (n_inputs, n_outputs) */
  double *score;            /* owned (n_inputs): share of all effects, summed over outputs [1] */
  size_t leading[NW_SENSITIVITY_LEADING]; /* inputs, strongest first */
  size_t n_leading;
  struct nw_sobol *about;               /* owned (n_outputs) */
  struct nw_sobol_index *first, *total; /* owned (n_outputs, n_leading) */
  size_t runs, failed;                  /* of both phases */
};

/* Lists the inputs, runs the plan once, and lists the outputs: those of `goals` ("KEY,KEY", NULL or "all":
   every one that is computed). NW_USAGE for an unknown goal. Clear with nw_sensitivity_clear in any case. */
enum nw_status nw_sensitivity_open(struct nw_context *context, const struct nw_case *c, const char *goals,
                                   const char *vary, struct nw_sensitivity *s);
void nw_sensitivity_clear(struct nw_sensitivity *s);

/* Points are (n) numbers of 0..1 for inputs `which` (NULL: all); the others keep the plan's value. */
struct nw_sensitivity_plane {
  const struct nw_sensitivity *s;
  const size_t *which;
  size_t n;
};
/* Whether tissue is stable there: a nw_point_accept over a plane. */
bool nw_sensitivity_accept(const void *plane, const double *x);
/* Reads all outputs at a point; NAN where it could not be run. Safe in parallel. */
void nw_sensitivity_evaluate(const struct nw_sensitivity_plane *plane, const double *x, double *value);

/* From screening results (rounds, n_inputs + 1, n_outputs) at x (rounds, n_inputs + 1, n_inputs): effects,
   scores and leading inputs. NW_MEMORY. */
enum nw_status nw_sensitivity_screen(struct nw_context *context, struct nw_sensitivity *s, const double *x,
                                     const double *value);
/* Of an input on an output; borrowed. */
const struct nw_effect *nw_sensitivity_effect(const struct nw_sensitivity *s, size_t input, size_t output);
/* From results (rows, n_leading + 2, n_outputs): indices. NW_MEMORY. */
enum nw_status nw_sensitivity_share(struct nw_context *context, struct nw_sensitivity *s,
                                    const double *value);
