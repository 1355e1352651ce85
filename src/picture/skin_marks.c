/* SPDX-License-Identifier: BSD-3-Clause
   Where the device met the skin, on the square of the relief map. */
#include <math.h>

#include "base/random.h"
#include "device/device.h"
#include "puncture/puncture.h"
#include "skin_surface.h"

/* What the numbers of NW_STREAM_PICTURE are for, in this file. */
enum { ITEM_MARK = 1 };

static struct nw_mark mark_of(const struct nw_run *run, size_t i) {
  const struct nw_injury *in = &run->injuries.item[i];
  const struct nw_case *c = run->c;
  const uint64_t item = (uint64_t)ITEM_MARK << 56 | (uint64_t)i;
  const bool needles = run->punctures.count == run->injuries.count;
  return (struct nw_mark){
      .x = in->x,
      .y = in->y,
      .radius = in->mouth_radius,
      .dead = in->kind == NW_INJURY_THERMAL ? in->mouth_radius : 0,
      .session = in->session,
      .bleeds = needles && run->punctures.item[i].bleeds,
      .rank = (float)nw_random_uniform(c->patch.seed, NW_STREAM_PICTURE, item, 0),
      .size = (float)exp(c->params.s_dot * nw_random_normal(c->patch.seed, NW_STREAM_PICTURE, item, 2))};
}

static enum nw_status gather(struct nw_context *context, const struct nw_run *run, struct nw_marks *marks) {
  if (!nw_grow(&marks->item, &marks->capacity, run->injuries.count, sizeof *marks->item))
    return nw_fail(context, NW_MEMORY, NULL, "no memory for %zu marks", run->injuries.count);
  for (size_t i = 0; i < run->injuries.count; i++)
    if (run->injuries.item[i].kind != NW_INJURY_REMOVAL) marks->item[marks->count++] = mark_of(run, i);
  return NW_OK;
}

enum nw_status nw_marks_create(struct nw_context *context, const struct nw_case *c,
                               const struct nw_skin *skin, struct nw_marks *marks) {
  struct nw_case square = *c;
  struct nw_run run = {.c = &square, .skin = *skin};
  *marks = (struct nw_marks){0};
  square.patch.width = square.patch.height = NW_RELIEF_SIDE;
  enum nw_status status = nw_device_run(context, &square, &run);
  if (status == NW_OK) status = nw_puncture_run(context, &square, &run);
  if (status == NW_OK) status = gather(context, &run, marks);
  nw_run_clear(&run);
  return status;
}

void nw_marks_clear(struct nw_marks *marks) {
  nw_release(marks->item);
  *marks = (struct nw_marks){0};
}
