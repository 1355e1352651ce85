/* SPDX-License-Identifier: BSD-3-Clause
   Prediction intervals: the course repeated on the unit cell with other parameters and other people. */
#pragma once
#include "run.h"

/* Fills low, high, mean_low and mean_high of run->outcome: the spread of an ensemble on the radial unit
   cell, laid around the values of the run itself. Needs run->tissue and run->outcome. */
enum nw_status nw_interval_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
