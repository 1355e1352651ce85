/* SPDX-License-Identifier: BSD-3-Clause
   What absorbed products do to the biology in time: from the courses of the transport stage and the table
   of product effects to shares of melanocyte activity held back and growth factors brought in. Every
   session of the calendar brings the products again; courses that overlap add up. A pure function of time,
   so there is nothing to restore from a checkpoint. Times in days since the first injury. */
#pragma once
#include "course.h"
#include "run.h"
#include "surface/surface.h"

struct nw_dosing;

/* Reads run->c, run->absorption and run->skin, and borrows none of them. *out stays NULL where no product
   does anything. NW_MEMORY. */
enum nw_status nw_dosing_create(struct nw_context *context, const struct nw_run *run,
                                const struct nw_course_calendar *calendar, struct nw_dosing **out);
void nw_dosing_free(struct nw_dosing **dosing);
/* Shares held back at a time: share = size s, where s goes to c/(c + half) of the concentration c in the
   viable epidermis, upwards within the onset, downwards within the persistence. NULL holds back nothing. */
struct nw_pigment_hold nw_dosing_hold(const struct nw_dosing *dosing, double time);
/* How far a step from `time` may go, not beyond `limit`, so that what enters in it is followed. */
double nw_dosing_limit(const struct nw_dosing *dosing, double time, double limit);
/* Platelet-rich plasma that enters from `start` to `end`, as a share of the volume of each of `n` layers
   between depths edge (n + 1) below the junction [mm], into share (n). false: none. */
bool nw_dosing_plasma(const struct nw_dosing *dosing, double start, double end, size_t n, const double *edge,
                      double *share);
/* A number that differs where products act otherwise, for the identity of a checkpoint. */
double nw_dosing_digest(const struct nw_dosing *dosing);
