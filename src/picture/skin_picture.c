/* SPDX-License-Identifier: BSD-3-Clause
   Pictures of the surface of the skin. */
#include "skin_picture.h"

#include <math.h>

#include "shade.h"
#include "skin_surface.h"

struct nw_skin_pictures {
  const struct nw_run *run; /* borrowed */
  struct nw_relief_map *map;
  struct nw_marks marks;
  struct nw_dye *dye;
};

enum nw_status nw_skin_pictures_create(struct nw_context *context, const struct nw_run *run,
                                       struct nw_skin_pictures **pictures) {
  struct nw_skin_pictures *s = *pictures = nw_allocate(1, sizeof *s);
  enum nw_status status = s ? NW_OK : NW_MEMORY;
  if (s) {
    s->run = run;
    s->map = nw_relief_map_create(run->c, &run->skin, NW_RELIEF_POINTS);
    s->dye = nw_dye_create(&run->c->params);
    if (!s->map || !s->dye) status = NW_MEMORY;
  }
  if (status == NW_OK) return nw_marks_create(context, run->c, &run->skin, &s->marks);
  nw_skin_pictures_free(pictures);
  return nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing the skin surface");
}

void nw_skin_pictures_free(struct nw_skin_pictures **pictures) {
  struct nw_skin_pictures *s = *pictures;
  if (s) {
    nw_relief_map_free(&s->map);
    nw_marks_clear(&s->marks);
    nw_dye_free(&s->dye);
  }
  nw_release(s);
  *pictures = NULL;
}

static size_t nearest_row(const struct nw_tissue_history *h, double time) {
  size_t best = 0;
  for (size_t i = 1; i < h->count; i++)
    if (fabs(h->item[i].time - time) < fabs(h->item[best].time - time)) best = i;
  return best;
}

/* The colour model counts the gloss that an instrument sees; here gloss is drawn apart. What flat skin
   mirrors into the camera is taken off, so that flat skin comes out in the colour of the instrument. */
static void take_gloss(const struct nw_params *p, const struct nw_skin_moment *moment, size_t count,
                       float *body) {
  const double flat = nw_shade_gloss(p, moment->gloss, moment->roughness, 0, 0, 1);
  const double kept = 1 - moment->gloss * nw_shade_mirrored(p, sin(p->lamp_height));
  for (size_t i = 0; i < count; i++)
    body[i] = fmaxf((body[i] - (float)flat) / (float)kept, 0);
}

static enum nw_status paint(struct nw_context *context, const struct nw_skin_pictures *s,
                            const struct nw_skin_moment *moment, const struct nw_skin_surface *surface,
                            struct nw_image *image) {
  const struct nw_params *p = &s->run->c->params;
  const size_t count = NW_RGB * surface->n * surface->n;
  float *body = nw_allocate(count, sizeof *body);
  if (!body) return nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing the skin surface");
  nw_skin_surface_body(p, s->dye, surface, &moment->tint, context->threads, body);
  take_gloss(p, moment, count, body);
  struct nw_shade_scene scene = {.n = surface->n,
                                 .pixel = surface->pixel,
                                 .height = surface->height,
                                 .body = body,
                                 .gloss = moment->gloss,
                                 .roughness = moment->roughness};
  nw_shade_seep(p, &moment->tint, scene.seep);
  const enum nw_status status = nw_shade_draw(context, p, &scene, image);
  nw_release(body);
  return status;
}

enum nw_status nw_skin_pictures_draw(struct nw_context *context, struct nw_skin_pictures *s, double time,
                                     bool treated, struct nw_image *image) {
  const struct nw_tissue_history *h = treated ? &s->run->tissue : &s->run->tissue_untreated;
  const struct nw_skin_moment moment = nw_skin_moment_of(s->run, nearest_row(h, time), treated);
  struct nw_skin_surface surface;
  NW_TRY(nw_skin_surface_create(context, &s->run->c->params, s->map, &s->marks, &moment, &surface));
  const enum nw_status status = paint(context, s, &moment, &surface, image);
  nw_skin_surface_clear(&surface);
  return status;
}
