/* SPDX-License-Identifier: BSD-3-Clause
   The little JSON that the commands print themselves. */
#include <math.h>

#include "program.h"

void json_text(struct nw_text *out, const char *text) {
  if (!text) {
    nw_text_append(out, "null");
    return;
  }
  nw_text_append(out, "\"");
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\') {
      nw_text_append(out, "\\%c", *c);
    } else if ((unsigned char)*c < ' ') {
      nw_text_append(out, "\\u%04x", (unsigned)(unsigned char)*c);
    } else {
      nw_text_append_bytes(out, c, 1);
    }
  }
  nw_text_append(out, "\"");
}

void json_number(struct nw_text *out, double value) {
  if (isfinite(value)) {
    nw_text_append(out, "%.12g", value);
  } else {
    nw_text_append(out, "null");
  }
}

void json_messages(struct nw_text *out, const struct nw_context *context) {
  static const char *const severity[] = {"note", "warning", "error"};
  nw_text_append(out, "[");
  for (size_t i = 0; i < context->n_diagnostics; i++) {
    const struct nw_diagnostic *d = &context->diagnostics[i];
    nw_text_append(out, "%s{\"severity\": \"%s\", \"file\": ", i ? ", " : "", severity[d->severity]);
    json_text(out, d->file);
    nw_text_append(out, ", \"line\": %d, \"column\": %d, \"key\": ", d->line, d->column);
    json_text(out, d->key);
    nw_text_append(out, ", \"text\": ");
    json_text(out, d->text);
    nw_text_append(out, "}");
  }
  nw_text_append(out, "]");
}
