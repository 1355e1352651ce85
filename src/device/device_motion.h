/* SPDX-License-Identifier: BSD-3-Clause
   What the three motions share: one pass of a device over the patch, seen from the device. */
#pragma once
#include "run.h"

/* One pass. Device coordinates: u along the motion, v across it, origin at the patch's centre. */
struct nw_pass {
  struct nw_context *context; /* borrowed */
  const struct nw_case *c;    /* borrowed */
  struct nw_strikes *strikes; /* borrowed: strikes are added here */
  const struct nw_head *head; /* borrowed: layout of needles for stamp and pen */
  uint64_t seed;              /* of this session and pass */
  int session, pass;
  double cosine, sine, direction; /* of the motion against the patch's x axis [1], [1], [rad] */
  double reach_out;               /* half of the patch's diagonal [m] */
  double angle, drag;             /* carried into every strike [rad], [m] */
};

/* Needle positions on a head, against its centre. */
struct nw_head {
  double *x, *y; /* (count) owned [m] */
  int count;
};

/* Adds a strike when (u, v) lies on the patch; u, v [m]; `heading` is added to the direction of motion [rad].
   NW_MEMORY, as of the motions below. */
enum nw_status nw_pass_strike(const struct nw_pass *pass, double u, double v, uint32_t needle,
                              double heading);
/* Uniform number of this pass that belongs to a pair of whole numbers (line and strike, or row and
   column of an impact) and a draw. */
double nw_pass_uniform(const struct nw_pass *pass, int64_t line, int64_t place, uint64_t draw);
/* The same, normal with mean 0 and deviation 1; uses draws `draw` and `draw + 1`. */
double nw_pass_normal(const struct nw_pass *pass, int64_t line, int64_t place, uint64_t draw);

/* The motions, each with its density of one pass over the treated area [1/m2]. */
enum nw_status nw_pass_roll(const struct nw_pass *pass);
enum nw_status nw_pass_stamp(const struct nw_pass *pass);
enum nw_status nw_pass_glide(const struct nw_pass *pass);
double nw_roller_density(const struct nw_device *device);
double nw_stamp_density(const struct nw_device *device, int needles);
double nw_pen_density(const struct nw_params *p, const struct nw_device *device, int needles);
/* Rows of needles across a drum: as given, or the divisor of the count that spaces needles most evenly. */
int nw_roller_rows(const struct nw_device *device);

/* Positions for a head: from array_file, else a grid (stamp, laser, radio frequency) or two rings (pen).
   NW_BAD_PLAN or NW_IO for the file; clear with nw_head_clear. */
enum nw_status nw_head_create(struct nw_context *context, const struct nw_case *c, struct nw_head *head);
void nw_head_clear(struct nw_head *head);
/* Strikes from punctures_file in place of kinematics. NW_BAD_PLAN, NW_IO. */
enum nw_status nw_strikes_import(struct nw_context *context, const struct nw_case *c, struct nw_run *run);
/* NW_BAD_PLAN with the reason when the device cannot exist. */
enum nw_status nw_device_check(struct nw_context *context, const struct nw_case *c);
