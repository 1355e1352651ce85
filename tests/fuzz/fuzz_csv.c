/* SPDX-License-Identifier: BSD-3-Clause
   libFuzzer target: any bytes as a table of evidence. */
#include <assert.h>
#include <stdint.h>

#include "validation/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct nw_context *context = nw_context_create();
  struct nw_csv csv;
  struct nw_evidence_table table;
  if (nw_csv_parse(context, "fuzz", (const char *)data, size, &csv) == NW_OK &&
      nw_evidence_from(context, &csv, &table) == NW_OK) {
    assert(table.count > 0);
    nw_evidence_clear(&table);
  }
  nw_context_free(&context);
  assert(nw_live_bytes() == 0);
  return 0;
}
