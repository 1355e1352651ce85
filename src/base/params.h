/* SPDX-License-Identifier: BSD-3-Clause
   The numbers we believe in. Each lives in one row of model/params/; everything else is derived. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base.h"

enum nw_param_kind { NW_MEASURED, NW_DERIVED, NW_FITTED, NW_ASSUMED };

/* One member per row, named by its key, in the SI value of the row's unit. */
struct nw_params {
#define PARAM(key, symbol, unit, value, low, high, kind, citation, note) double key; /* [SI of unit] */
#include "../../model/params.def"
#undef PARAM
};

struct nw_param_row {
  const char *key, *symbol, *unit;
  double value, low, high; /* [unit] as written in the row */
  enum nw_param_kind kind;
  const char *citation; /* keys of model/refs/, separated by spaces */
  const char *note;
  const char *section; /* name of the file of model/params/ that holds the row */
  size_t offset;       /* of the member in struct nw_params */
};

size_t nw_param_count(void);
/* All rows (nw_param_count), static, in the order of the files. */
const struct nw_param_row *nw_param_rows(void);
/* NULL when there is none. */
const struct nw_param_row *nw_param_find(const char *key);
/* Defaults of all rows, SI. */
struct nw_params nw_params_default(void);
/* Value of a row in the row's own unit. */
double nw_param_get(const struct nw_params *params, const struct nw_param_row *row);
/* Sets it from a value in the row's own unit; whether that lies in the row's range is not asked. */
void nw_param_set(struct nw_params *params, const struct nw_param_row *row, double value_in_unit);
/* The same numbers in another coherent system of units (scale of metre, second, kilogram),
   for example millimetre, day, picogram, in which tissue fields are of order one. */
struct nw_params nw_params_coherent(const struct nw_params *si, double metre, double second, double kilogram);
/* "MEASURED" ... */
const char *nw_param_kind_name(enum nw_param_kind kind);
