/* SPDX-License-Identifier: BSD-3-Clause
   A calibration problem in memory. */
#include "problem.h"

#include <string.h>

static const char *const fidelities[] = {
    [NW_PATCH] = "patch", [NW_DEPTH_CELL] = "depth_cell", [NW_UNIT_CELL] = "unit_cell", [NW_POINT] = "point"};

bool nw_problem_fidelity(const char *word, enum nw_fidelity *out) {
  for (size_t i = 0; i < NW_COUNT(fidelities); i++)
    if (!strcmp(word, fidelities[i])) {
      *out = (enum nw_fidelity)i;
      return true;
    }
  return false;
}

const char *nw_problem_fidelity_word(enum nw_fidelity fidelity) {
  return fidelities[fidelity];
}

bool nw_problem_needs_course(const struct nw_problem_observable *o) {
  return o->reading != NW_READ_PRODUCT &&
         !(o->reading == NW_READ_OBSERVED && nw_observable_is_quick(o->question.observable));
}

size_t nw_problem_free_count(const struct nw_problem *problem) {
  size_t n = 0;
  for (size_t i = 0; i < problem->n_parameters; i++)
    n += problem->parameter[i].estimate;
  return n;
}

void nw_problem_clear(struct nw_problem *p) {
  for (size_t i = 0; i < p->n_parameters; i++)
    nw_release(p->parameter[i].id);
  for (size_t i = 0; i < p->n_observables; i++) {
    nw_release(p->observable[i].id);
    nw_release(p->observable[i].formula);
    nw_release(p->observable[i].unit);
  }
  for (size_t i = 0; i < p->n_conditions; i++) {
    nw_release(p->condition[i].id);
    nw_release(p->condition[i].plan);
    nw_case_free(&p->condition[i].c);
  }
  for (size_t i = 0; i < p->n_measurements; i++)
    nw_release(p->measurement[i].group);
  nw_release(p->parameter);
  nw_release(p->observable);
  nw_release(p->condition);
  nw_release(p->measurement);
  nw_release(p->name);
  *p = (struct nw_problem){0};
}
