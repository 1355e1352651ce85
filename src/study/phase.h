/* SPDX-License-Identifier: BSD-3-Clause
   When things happen in a course: the peak of a cell, half of a gain, the fading of a signal. Readings of a
   timeline whose rows lie close beside what is read; times are since its first row [s], which is just before
   the first injury. Not a number where the timeline never gets there. */
#pragma once
#include "run.h"

/* Time of the highest value up to a time, between rows by the parabola through the three highest. */
double nw_phase_peak_time(const struct nw_run *run, enum nw_outcome outcome, double until);
/* Rise over the first row at a time, over the highest rise up to another [1]. */
double nw_phase_of_peak(const struct nw_run *run, enum nw_outcome outcome, double time, double until);
/* Rise over the first row at a time, over that at another [1]. */
double nw_phase_of_gain(const struct nw_run *run, enum nw_outcome outcome, double time, double until);
/* When half of the gain up to a time was reached. */
double nw_phase_half_time(const struct nw_run *run, enum nw_outcome outcome, double until);
/* When the value, after its peak, last was above a share of that peak; up to a time. */
double nw_phase_fade_time(const struct nw_run *run, enum nw_outcome outcome, double share, double until);
