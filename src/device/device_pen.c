/* SPDX-License-Identifier: BSD-3-Clause
   A motorised pen glides in a serpentine whose lines lie one head apart, striking as it goes. */
#include <math.h>

#include "device_motion.h"

double nw_pen_density(const struct nw_params *p, const struct nw_device *device, int needles) {
  return p->stroke_fraction * needles * device->frequency / (device->glide_speed * device->head_width);
}

/* Not every stroke makes a hole of its own: each needle of each stroke is drawn. */
static enum nw_status stroke(const struct nw_pass *pass, int64_t line, int64_t number, double u, double v,
                             const struct nw_head *head, double heading) {
  const double fraction = pass->c->params.stroke_fraction;
  for (int i = 0; i < head->count; i++)
    if (nw_pass_uniform(pass, line, number, (uint64_t)i + 1) < fraction)
      NW_TRY(nw_pass_strike(pass, u + head->x[i], v + head->y[i], (uint32_t)i, heading));
  return NW_OK;
}

static enum nw_status glide_line(const struct nw_pass *pass, int64_t line, double v, double reach,
                                 const struct nw_head *head) {
  const struct nw_device *device = &pass->c->device;
  const double step = device->glide_speed / device->frequency;
  const double start = -reach - step * nw_pass_uniform(pass, line, -1, 0);
  const double heading = line % 2 ? NW_PI : 0;
  for (int64_t number = 0; start + (double)number * step <= reach; number++)
    NW_TRY(stroke(pass, line, number, start + (double)number * step, v, head, heading));
  return NW_OK;
}

/* The cartridge sits in the hand at any angle, and keeps it during a pass. */
static void turn(const struct nw_head *head, double angle, struct nw_head *turned) {
  for (int i = 0; i < head->count; i++) {
    turned->x[i] = head->x[i] * cos(angle) - head->y[i] * sin(angle);
    turned->y[i] = head->x[i] * sin(angle) + head->y[i] * cos(angle);
  }
}

static double widest(const struct nw_head *head) {
  double radius = 0;
  for (int i = 0; i < head->count; i++)
    radius = fmax(radius, hypot(head->x[i], head->y[i]));
  return radius;
}

enum nw_status nw_pass_glide(const struct nw_pass *pass) {
  const double width = pass->c->device.head_width, reach = pass->reach_out + widest(pass->head);
  struct nw_head turned = {0};
  NW_TRY(nw_head_create(pass->context, pass->c, &turned));
  turn(pass->head, 2 * NW_PI * nw_pass_uniform(pass, -1, 0, 0), &turned);
  const double origin = -reach - width * nw_pass_uniform(pass, -1, 0, 1);
  enum nw_status status = NW_OK;
  for (int64_t line = 0; status == NW_OK && origin + (double)line * width <= reach; line++)
    status = glide_line(pass, line, origin + (double)line * width, reach, &turned);
  nw_head_clear(&turned);
  return status;
}
