/* SPDX-License-Identifier: BSD-3-Clause
   An ensemble: the same trial under parameters as uncertain as we leave them, and for different people. */
#pragma once
#include "trial.h"

enum nw_draw_kind {
  NW_DRAW_MEAN,  /* what we do not know about the model: the mean of a population */
  NW_DRAW_PERSON /* and the person varies as well: somebody new */
};

/* Spread of the logarithm of a parameter such that its whole range would hold 90 % of a normal distribution;
   0: it is not varied. */
double nw_ensemble_spread(const struct nw_param_row *row);
/* Parameters of one member (0, 1, 2 ...), the same for the same seed; a draw that breaks an inequality of
   stability is drawn again. false: none was found. */
bool nw_ensemble_draw(const struct nw_params *centre, enum nw_draw_kind kind, uint64_t seed, size_t member,
                      struct nw_params *out);

/* Whether tissue under these parameters comes to rest: no inequality of stability is broken. */
bool nw_ensemble_is_stable(const struct nw_params *params);

/* What is read from each member: `values` numbers from a finished trial. Called in parallel. */
typedef void (*nw_ensemble_read)(const void *data, const struct nw_run *run, double *values);

/* Runs `members` trials of `base` on all threads of the context, and reads them into out
   (members, values): NAN where a member could not be run. */
enum nw_status nw_ensemble_run(struct nw_context *context, const struct nw_run *base, enum nw_draw_kind kind,
                               enum nw_fidelity fidelity, size_t members, size_t values,
                               nw_ensemble_read read, const void *data, double *out);
/* Quantile of the finite ones among `count` values `stride` apart, linear between neighbours, such that the
   share of further draws below it is `share` in the mean; the outermost value beyond what so few can tell.
   NAN when fewer than half are finite. */
double nw_ensemble_quantile(const double *value, size_t stride, size_t count, double share);
/* 90 % interval of what the model says by itself, `centre`, from its members: bias-corrected percentiles
   (Efron 1981). The ends are quantiles of the members, moved as far as `centre` lies from their median; they
   hold `centre`. NAN when fewer than half of the members are finite. */
void nw_ensemble_around(const double *value, size_t stride, size_t count, double centre, double *low,
                        double *high);
