/* SPDX-License-Identifier: BSD-3-Clause
   The pictures of a course as files. */
#include "skin_album.h"

#include <math.h>

#include "base/units.h"
#include "io/skin_files.h"
#include "skin_picture.h"

enum { SESSIONS_SHOWN = 8, MOMENTS = SESSIONS_SHOWN + 4 };

struct moment {
  double time; /* [d] */
  bool treated;
};

/* Appends a moment unless it lies after the end or is there already. */
static void add(struct moment *list, size_t *count, double time, bool treated, double end) {
  if (time > end) return;
  for (size_t i = 0; i < *count; i++)
    if (list[i].time == time && list[i].treated == treated) return;
  list[(*count)++] = (struct moment){time, treated};
}

static size_t list_moments(const struct nw_run *run, struct moment list[MOMENTS]) {
  const struct nw_tissue_history *h = &run->tissue;
  const double end = nw_unit_from_si(h->item[h->count - 1].time, "d"), hour = 1.0 / 24;
  const int sessions = nw_case_session_count(run->c),
            shown = sessions < SESSIONS_SHOWN ? sessions : SESSIONS_SHOWN;
  const bool injured = run->injuries.count > 0;
  size_t count = 0;
  add(list, &count, 0, true, end);
  if (injured) add(list, &count, hour, true, end);
  for (int i = 0; injured && i < shown; i++) {
    const int session = shown > 1 ? (int)lround((double)i * (sessions - 1) / (shown - 1)) : 0;
    add(list, &count, nw_unit_from_si(nw_case_session_time(run->c, session), "d") + 1, true, end);
  }
  add(list, &count, end, true, end);
  if (run->tissue_untreated.count > 0) add(list, &count, end, false, end);
  return count;
}

static enum nw_status write_one(struct nw_context *context, struct nw_skin_pictures *pictures,
                                const struct moment *moment, const char *folder) {
  struct nw_image image = {0};
  struct nw_skin_file file = {.time = moment->time, .treated = moment->treated};
  enum nw_status status =
      nw_skin_pictures_draw(context, pictures, nw_unit_to_si(moment->time, "d"), moment->treated, &image);
  if (status == NW_OK) status = nw_png_encode(context, &image, &file.png);
  if (status == NW_OK) status = nw_skin_file_write(context, folder, &file);
  nw_png_image_free(&image);
  nw_text_clear(&file.png);
  return status;
}

enum nw_status nw_skin_album_write(struct nw_context *context, const struct nw_run *run, const char *folder) {
  struct moment moment[MOMENTS];
  struct nw_skin_pictures *pictures;
  if (!run->c->output.pictures || run->c->experiment.present || run->tissue.count == 0) return NW_OK;
  const size_t count = list_moments(run, moment);
  NW_TRY(nw_skin_pictures_create(context, run, &pictures));
  enum nw_status status = NW_OK;
  for (size_t i = 0; status == NW_OK && i < count; i++) {
    nw_progress_report(context, "pictures", (double)i / (double)count, moment[i].time);
    status = context->interrupt ? NW_INTERRUPTED : write_one(context, pictures, &moment[i], folder);
  }
  nw_skin_pictures_free(&pictures);
  return status;
}
