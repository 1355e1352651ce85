/* SPDX-License-Identifier: BSD-3-Clause
   A treatment without a plan file: what the tests of skin, device and puncture start from. */
#pragma once
#include "device/device.h"
#include "plan/device_library.h"
#include "puncture/puncture.h"
#include "run.h"
#include "skin/skin.h"

static inline struct nw_case treatment(enum nw_device_kind kind, double side) {
  struct nw_case c = {
      .params = nw_params_default(),
      .subject = {.age = 30, .phototype = 3, .ageing = true, .site = NW_SITE_cheek, .uv_dose = 0.1},
      .device = nw_device_default(kind),
      .course = {.sessions = 1, .interval = 30 * 86400.0, .follow_up = 180 * 86400.0},
      .patch = {.width = side, .height = side, .resolution = 25e-6, .seed = 7},
  };
  return c;
}

/* Skin, device and puncture; the first status that is not NW_OK. */
static inline enum nw_status treat(struct nw_context *context, const struct nw_case *c, struct nw_run *run) {
  run->c = c;
  NW_TRY(nw_skin_run(context, c, run));
  NW_TRY(nw_device_run(context, c, run));
  return nw_puncture_run(context, c, run);
}

static inline void forget(struct nw_run *run) {
  nw_release(run->strikes.item);
  nw_release(run->punctures.item);
  nw_release(run->injuries.item);
  *run = (struct nw_run){0};
}

static inline void forget_messages(struct nw_context *context) {
  for (size_t i = 0; i < context->n_diagnostics; i++) {
    nw_release(context->diagnostics[i].file);
    nw_release(context->diagnostics[i].key);
    nw_release(context->diagnostics[i].text);
  }
  nw_release(context->diagnostics);
  nw_text_clear(&context->message);
  *context = (struct nw_context){.threads = 1};
}
