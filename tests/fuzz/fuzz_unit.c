/* SPDX-License-Identifier: BSD-3-Clause
   libFuzzer target: any bytes as a quantity. */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"
#include "base/units.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char text[300], problem[64] = "";
  if (size >= sizeof text || (size && memchr(data, '\0', size))) return 0;
  if (size) memcpy(text, data, size);
  text[size] = '\0';
  double value;
  struct nw_dimension dimension;
  bool has_unit;
  if (nw_quantity_parse(text, &value, &dimension, &has_unit, problem, sizeof problem))
    assert(isfinite(value));
  else
    assert(problem[0]);
  return 0;
}
