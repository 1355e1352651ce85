/* SPDX-License-Identifier: BSD-3-Clause
   Answers that fit into one document: printed, and kept in a folder where -o names one. */
#include <unistd.h>

#include "base/file.h"
#include "io/results.h"
#include "program.h"

static enum nw_status print_kept(struct nw_context *context, const char *path) {
  struct nw_text out = {0};
  enum nw_status status = nw_file_read_text(context, path, SIZE_MAX, &out);
  nw_text_append(&out, "\n");
  if (status == NW_OK) status = print_result(&out);
  nw_text_clear(&out);
  return status;
}

enum nw_status answer_again(struct nw_context *context, const struct arguments *arguments, const char *folder,
                            const char *name) {
  char *path = nw_file_join(folder, name);
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory looking into %s", folder);
  nw_diagnose(context, NW_NOTE, NW_OK, NULL, 0, 0, NULL, "%s is there: nothing left to do", path);
  const enum nw_status status = arguments->json ? print_kept(context, path) : NW_OK;
  nw_release(path);
  return status;
}

enum nw_status answer_prepare(struct nw_context *context, const struct arguments *arguments,
                              struct answer_place *place) {
  const char *folder = arguments->folder;
  *place = (struct answer_place){-1, folder && !nw_file_exists(folder)};
  if (!folder) return NW_OK;
  NW_TRY(nw_results_lock(context, folder, &place->lock));
  return nw_results_prepare(context, folder, false, arguments->force || arguments->resume);
}

enum nw_status answer_keep(struct nw_context *context, const struct arguments *arguments, const char *name,
                           const struct nw_text *document) {
  const char *folder = arguments->folder;
  if (!folder) return NW_OK;
  if (arguments->force) NW_TRY(nw_results_prepare(context, folder, true, false));
  char *path = nw_file_join(folder, name);
  if (!path) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing into %s", folder);
  const enum nw_status status = nw_file_write_text(context, path, document);
  nw_release(path);
  return status;
}

void answer_release(const struct arguments *arguments, struct answer_place *place) {
  if (place->made) rmdir(arguments->folder); /* fails, as it should, where an answer was kept */
  nw_results_unlock(&place->lock);
}
