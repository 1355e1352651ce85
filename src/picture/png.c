/* SPDX-License-Identifier: BSD-3-Clause
   Pictures in memory, as PNG bytes and as data addresses inside a page. */
#include "png.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>

bool nw_png_image_create(struct nw_image *image, size_t width, size_t height) {
  *image = (struct nw_image){width, height, NULL};
  if (width == 0 || height == 0 || width > SIZE_MAX / 3 / height) return false;
  image->rgb = nw_allocate(width * height, 3);
  return image->rgb != NULL;
}

void nw_png_image_free(struct nw_image *image) {
  nw_release(image->rgb);
  *image = (struct nw_image){0};
}

static bool inside(const struct nw_image *image, long x, long y) {
  return x >= 0 && y >= 0 && (size_t)x < image->width && (size_t)y < image->height;
}

void nw_png_pixel(struct nw_image *image, long x, long y, struct nw_colour colour) {
  if (!inside(image, x, y)) return;
  uint8_t *p = image->rgb + 3 * ((size_t)y * image->width + (size_t)x);
  p[0] = nw_palette_byte(colour.r);
  p[1] = nw_palette_byte(colour.g);
  p[2] = nw_palette_byte(colour.b);
}

void nw_png_blend(struct nw_image *image, long x, long y, struct nw_colour colour, double share) {
  if (!inside(image, x, y)) return;
  const uint8_t *p = image->rgb + 3 * ((size_t)y * image->width + (size_t)x);
  const struct nw_colour old = {p[0] / 255.0, p[1] / 255.0, p[2] / 255.0};
  nw_png_pixel(image, x, y, nw_palette_mix(old, colour, share < 0 ? 0 : share > 1 ? 1 : share));
}

static void write_bytes(png_structp png, png_bytep bytes, png_size_t count) {
  nw_text_append_bytes(png_get_io_ptr(png), bytes, count);
}

static void flush_bytes(png_structp png) {
  (void)png;
}

/* The library must not print: messages of libpng are dropped, the status tells. */
static void quiet_error(png_structp png, png_const_charp message) {
  (void)message;
  png_longjmp(png, 1);
}

static void quiet_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void write_rows(png_structp png, png_infop info, const struct nw_image *image) {
  png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, 8, PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 6);
  png_write_info(png, info);
  for (size_t y = 0; y < image->height; y++)
    png_write_row(png, image->rgb + 3 * y * image->width);
  png_write_end(png, info);
}

enum nw_status nw_png_encode(struct nw_context *context, const struct nw_image *image,
                             struct nw_text *bytes) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, quiet_error, quiet_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return nw_fail(context, NW_MEMORY, NULL, "out of memory while encoding a picture");
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return nw_fail(context, NW_IO, NULL, "a picture could not be encoded as PNG");
  }
  png_set_write_fn(png, bytes, write_bytes, flush_bytes);
  write_rows(png, info, image);
  png_destroy_write_struct(&png, &info);
  if (bytes->failed) return nw_fail(context, NW_MEMORY, NULL, "out of memory while encoding a picture");
  return NW_OK;
}

enum nw_status nw_png_decode(struct nw_context *context, const void *bytes, size_t count,
                             struct nw_image *image) {
  png_image reader = {.version = PNG_IMAGE_VERSION};
  *image = (struct nw_image){0};
  if (!png_image_begin_read_from_memory(&reader, bytes, count))
    return nw_fail(context, NW_IO, NULL, "a picture of the results folder is not a PNG file");
  reader.format = PNG_FORMAT_RGB;
  const bool room = nw_png_image_create(image, reader.width, reader.height);
  const bool whole = room && png_image_finish_read(&reader, NULL, image->rgb, 0, NULL);
  png_image_free(&reader);
  if (whole) return NW_OK;
  nw_png_image_free(image);
  if (!room) return nw_fail(context, NW_MEMORY, NULL, "out of memory while reading a picture");
  return nw_fail(context, NW_IO, NULL, "a picture of the results folder is torn");
}

/* Weighted mean of the pixels that a pixel of the small picture covers; `scale` of them each way. */
static void mean_pixel(const struct nw_image *image, double scale, size_t x, size_t y, uint8_t rgb[3]) {
  double sum[3] = {0}, weight = 0;
  const double left = (double)x * scale, right = left + scale, top = (double)y * scale, bottom = top + scale;
  for (size_t j = (size_t)top; (double)j < bottom && j < image->height; j++)
    for (size_t i = (size_t)left; (double)i < right && i < image->width; i++) {
      const double share = (fmin(right, (double)i + 1) - fmax(left, (double)i)) *
                           (fmin(bottom, (double)j + 1) - fmax(top, (double)j));
      for (int c = 0; c < 3; c++)
        sum[c] += share * image->rgb[3 * (j * image->width + i) + (size_t)c];
      weight += share;
    }
  for (int c = 0; c < 3; c++)
    rgb[c] = (uint8_t)(weight > 0 ? sum[c] / weight + 0.5 : 0);
}

bool nw_png_shrink(const struct nw_image *image, size_t width, struct nw_image *small) {
  const double scale = (double)image->width / (double)width;
  if (!nw_png_image_create(small, width, (size_t)((double)image->height / scale + 0.5))) return false;
  for (size_t y = 0; y < small->height; y++)
    for (size_t x = 0; x < small->width; x++)
      mean_pixel(image, scale, x, y, small->rgb + 3 * (y * small->width + x));
  return true;
}

void nw_png_base64(struct nw_text *out, const void *bytes, size_t count) {
  static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint8_t *p = bytes;
  for (size_t i = 0; i < count; i += 3) {
    const size_t left = count - i;
    const uint32_t word =
        (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
    const char quad[4] = {digit[word >> 18 & 63], digit[word >> 12 & 63],
                          left > 1 ? digit[word >> 6 & 63] : '=', left > 2 ? digit[word & 63] : '='};
    nw_text_append_bytes(out, quad, sizeof quad);
  }
}
