/* SPDX-License-Identifier: BSD-3-Clause
   Photograph-like pictures small enough to stand inside a page. */
#pragma once
#include "png.h"

/* Appends the picture as a JPEG file of quality 1..100, colours at full resolution. NW_IO when the encoder
 * fails. */
enum nw_status nw_jpeg_encode(struct nw_context *context, const struct nw_image *image, int quality,
                              struct nw_text *bytes);
/* Appends "data:image/jpeg;base64,..." of the picture. */
enum nw_status nw_jpeg_address(struct nw_context *context, const struct nw_image *image, int quality,
                               struct nw_text *out);
