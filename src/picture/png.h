/* SPDX-License-Identifier: BSD-3-Clause
   Pictures in memory, as PNG bytes and as data addresses inside a page. */
#pragma once
#include <stdint.h>

#include "base/base.h"
#include "palette.h"

struct nw_image {
  size_t width, height;
  uint8_t *rgb; /* (height, width, 3), owned */
};

/* A black picture; false when out of memory. */
bool nw_png_image_create(struct nw_image *image, size_t width, size_t height);
void nw_png_image_free(struct nw_image *image);
/* Sets one pixel; outside the picture nothing happens. */
void nw_png_pixel(struct nw_image *image, long x, long y, struct nw_colour colour);
/* Mixes `share` of a colour into one pixel. */
void nw_png_blend(struct nw_image *image, long x, long y, struct nw_colour colour, double share);
/* Appends the picture as a PNG file. NW_IO when the encoder fails. */
enum nw_status nw_png_encode(struct nw_context *context, const struct nw_image *image, struct nw_text *bytes);
/* Reads a PNG file from memory; anything that is none gives NW_IO. The caller frees the picture. */
enum nw_status nw_png_decode(struct nw_context *context, const void *bytes, size_t count,
                             struct nw_image *image);
/* The picture shrunk to `width` by the mean of the pixels that fall together. False: no memory. */
bool nw_png_shrink(const struct nw_image *image, size_t width, struct nw_image *small);
/* Appends base64 of some bytes. */
void nw_png_base64(struct nw_text *out, const void *bytes, size_t count);
