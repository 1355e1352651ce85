/* SPDX-License-Identifier: BSD-3-Clause
   A symmetric approximation to the inverse of the box's matrix, by levels of lateral cells lumped two by two:
   lines in depth hold the contrasts, lumped cells what is smooth sideways. */
#pragma once
#include "box_solve.h"

struct nw_box_levels;

/* For grids of this size; NULL: no memory. */
struct nw_box_levels *nw_box_levels_create(size_t nx, size_t ny, size_t nz, int threads);
void nw_box_levels_free(struct nw_box_levels **levels);
/* Readies the inverse of M + theta S [s]. */
void nw_box_levels_factor(struct nw_box_levels *levels, const struct nw_box_system *s, double theta);
/* z = inverse * residual, both (nz, ny, nx), z with nx ny zeros before and after. */
void nw_box_levels_apply(struct nw_box_levels *levels, const double *residual, double *z);
