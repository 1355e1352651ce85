/* SPDX-License-Identifier: BSD-3-Clause
   Solver knobs of model/numerics.def as constants nw_numeric_<key>. */
#pragma once

enum nw_numeric_index {
#define NUMERIC(key, unit, value, why) NW_NUMERIC_INDEX_##key,
#include "../../model/numerics.def"
#undef NUMERIC
  NW_NUMERIC_COUNT
};

static const double nw_numeric_table[NW_NUMERIC_COUNT] = {
#define NUMERIC(key, unit, value, why) value,
#include "../../model/numerics.def"
#undef NUMERIC
};

#define NW_NUMERIC(key) (nw_numeric_table[NW_NUMERIC_INDEX_##key])
