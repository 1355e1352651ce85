/* SPDX-License-Identifier: BSD-3-Clause
   Stage device: which passes there are and what all of their strikes share. The motions themselves:
   device_roller.c, device_stamp.c, device_pen.c. */
#include "device.h"

#include <math.h>
#include <string.h>

#include "device_motion.h"
#include "puncture/mechanics.h"
#include "base/random.h"
#include "base/units.h"

enum nw_status nw_pass_strike(const struct nw_pass *pass, double u, double v, uint32_t needle,
                              double heading) {
  const struct nw_patch *patch = &pass->c->patch;
  const double x = u * pass->cosine - v * pass->sine + 0.5 * patch->width;
  const double y = u * pass->sine + v * pass->cosine + 0.5 * patch->height;
  if (x < 0 || y < 0 || x >= patch->width || y >= patch->height) return NW_OK;
  struct nw_strikes *strikes = pass->strikes;
  if (!nw_grow(&strikes->item, &strikes->capacity, strikes->count + 1, sizeof *strikes->item))
    return nw_fail(pass->context, NW_MEMORY, NULL, "no memory for %zu strikes", strikes->count + 1);
  /* rounding to float must not carry a strike over the far edge */
  strikes->item[strikes->count++] = (struct nw_strike){
      .session = pass->session,
      .pass = pass->pass,
      .x = fminf((float)x, nextafterf((float)patch->width, 0)),
      .y = fminf((float)y, nextafterf((float)patch->height, 0)),
      .angle = (float)pass->angle,
      .direction = (float)(pass->direction + heading),
      .drag = (float)pass->drag,
      .needle = needle,
  };
  return NW_OK;
}

static uint64_t key_of(int64_t line, int64_t place) {
  return (uint64_t)line * 0x100000000u + (uint64_t)(uint32_t)(int32_t)place;
}

double nw_pass_uniform(const struct nw_pass *pass, int64_t line, int64_t place, uint64_t draw) {
  return nw_random_uniform(pass->seed, NW_STREAM_DEVICE, key_of(line, place), draw);
}

double nw_pass_normal(const struct nw_pass *pass, int64_t line, int64_t place, uint64_t draw) {
  return nw_random_normal(pass->seed, NW_STREAM_DEVICE, key_of(line, place), draw);
}

/* What every strike of the device shares: travel and angle in the skin at the mean reach. */
static void set_contact(const struct nw_case *c, const struct nw_skin *skin, struct nw_pass *pass) {
  const struct nw_device *d = &c->device;
  struct nw_strikes *strikes = pass->strikes;
  const double reach = nw_mechanics_reach(d->needle_length, nw_mechanics_dimple(&c->params, d->kind, skin));
  strikes->needles_in_skin = pass->head->count;
  if (d->kind == NW_DEVICE_ROLLER) {
    const double radius = 0.5 * d->drum_diameter;
    pass->angle = nw_mechanics_entry_angle(radius, reach);
    pass->drag = nw_mechanics_slit(&c->params, radius, reach);
    strikes->needles_in_skin = nw_mechanics_needles_in_skin(d->needle_count, radius, reach);
  } else if (d->kind == NW_DEVICE_PEN) {
    pass->drag = nw_mechanics_pen_drag(d->frequency, d->glide_speed, d->stroke, reach);
    const double share = pass->drag * d->frequency / d->glide_speed;
    strikes->needles_in_skin = pass->head->count * share;
  }
  strikes->drag = pass->drag;
  strikes->tearing = pass->drag > c->params.tear_ratio * d->needle_diameter;
}

static void aim(const struct nw_case *c, int session, int number, struct nw_pass *pass) {
  const struct nw_params *p = &c->params;
  pass->session = session;
  pass->pass = number;
  pass->seed = nw_random_bits(c->patch.seed, NW_STREAM_DEVICE, (uint64_t)session, (uint64_t)number);
  const double off = 2 * nw_random_uniform(pass->seed, NW_STREAM_DEVICE, UINT64_MAX, 0) - 1;
  pass->direction = p->pass_direction + number * p->pass_turn + off * p->pass_direction_spread;
  pass->cosine = cos(pass->direction);
  pass->sine = sin(pass->direction);
}

double nw_device_pass_density(const struct nw_params *p, const struct nw_device *device, int needles) {
  if (device->kind == NW_DEVICE_ROLLER) return nw_roller_density(device);
  if (device->kind == NW_DEVICE_PEN) return nw_pen_density(p, device, needles);
  return nw_stamp_density(device, needles);
}

static enum nw_status run_passes(const struct nw_case *c, const struct nw_skin *skin, struct nw_pass *pass) {
  set_contact(c, skin, pass);
  pass->strikes->density =
      nw_device_pass_density(&c->params, &c->device, pass->head->count) * c->device.passes;
  const int sessions = nw_case_session_count(c);
  const double total = pass->strikes->density * c->patch.width * c->patch.height * sessions;
  const double largest = INT32_MAX / 4;
  if (total > largest)
    return nw_fail(
        pass->context, NW_BAD_PLAN, "patch",
        "%.3g punctures on the patch are too many (at most %.3g): take a smaller patch or fewer passes",
        total, largest);
  for (int session = 0; session < sessions; session++) {
    for (int number = 0; number < c->device.passes; number++) {
      aim(c, session, number, pass);
      if (c->device.kind == NW_DEVICE_ROLLER)
        NW_TRY(nw_pass_roll(pass));
      else if (c->device.kind == NW_DEVICE_PEN)
        NW_TRY(nw_pass_glide(pass));
      else
        NW_TRY(nw_pass_stamp(pass));
    }
  }
  return NW_OK;
}

enum nw_status nw_device_run(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  struct nw_strikes *strikes = &run->strikes;
  strikes->count = 0;
  strikes->density = strikes->needles_in_skin = strikes->drag = 0;
  strikes->tearing = false;
  const enum nw_device_kind kind = c->device.kind;
  if (kind == NW_DEVICE_NONE || kind == NW_DEVICE_PEEL) return NW_OK;
  NW_TRY(nw_device_check(context, c));
  if (c->device.punctures_file) return nw_strikes_import(context, c, run);
  struct nw_head head = {0};
  NW_TRY(nw_head_create(context, c, &head));
  struct nw_pass pass = {.context = context,
                         .c = c,
                         .strikes = strikes,
                         .head = &head,
                         .reach_out = 0.5 * hypot(c->patch.width, c->patch.height)};
  const enum nw_status status = run_passes(c, &run->skin, &pass);
  nw_head_clear(&head);
  return status;
}
