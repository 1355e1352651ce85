/* SPDX-License-Identifier: BSD-3-Clause
   Pictures of the surface of the skin at any time of a run: 20 x 20 mm from straight above, the same skin,
   camera and light each time. No display, no graphics processor. */
#pragma once
#include "png.h"
#include "run.h"

struct nw_skin_pictures;
/* What all pictures of a run share. The run is borrowed: it has gone through stage outcome. NW_MEMORY. */
enum nw_status nw_skin_pictures_create(struct nw_context *context, const struct nw_run *run,
                                       struct nw_skin_pictures **pictures);
void nw_skin_pictures_free(struct nw_skin_pictures **pictures);
/* The picture at the output time nearest to `time` since the first injury [s], below 0 for before; of the
   untreated twin unless `treated`. The caller frees the picture. */
enum nw_status nw_skin_pictures_draw(struct nw_context *context, struct nw_skin_pictures *pictures,
                                     double time, bool treated, struct nw_image *image);
