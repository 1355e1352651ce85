/* SPDX-License-Identifier: BSD-3-Clause
   Photograph-like pictures small enough to stand inside a page. */
#include "jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct failure {
  struct jpeg_error_mgr manager; /* first: the library hands out its address */
  jmp_buf back;
};

/* The library must not print or exit: the status tells. */
static void give_up(j_common_ptr encoder) {
  longjmp(((struct failure *)(void *)encoder->err)->back, 1);
}

static void say_nothing(j_common_ptr encoder) {
  (void)encoder;
}

static void compress(struct jpeg_compress_struct *encoder, const struct nw_image *image, int quality) {
  encoder->image_width = (JDIMENSION)image->width;
  encoder->image_height = (JDIMENSION)image->height;
  encoder->input_components = 3;
  encoder->in_color_space = JCS_RGB;
  jpeg_set_defaults(encoder);
  jpeg_set_quality(encoder, quality, TRUE);
  encoder->dct_method = JDCT_ISLOW; /* whole numbers: the same bytes everywhere */
  encoder->optimize_coding = TRUE;
  jpeg_start_compress(encoder, TRUE);
  while (encoder->next_scanline < encoder->image_height) {
    JSAMPROW row = image->rgb + (size_t)3 * encoder->next_scanline * image->width;
    jpeg_write_scanlines(encoder, &row, 1);
  }
  jpeg_finish_compress(encoder);
}

enum nw_status nw_jpeg_encode(struct nw_context *context, const struct nw_image *image, int quality,
                              struct nw_text *bytes) {
  struct jpeg_compress_struct encoder;
  struct failure failure;
  unsigned char *volatile memory = NULL; /* the library's own, from malloc */
  unsigned long size = 0;
  encoder.err = jpeg_std_error(&failure.manager);
  failure.manager.error_exit = give_up;
  failure.manager.output_message = say_nothing;
  const bool failed = setjmp(failure.back);
  if (!failed) {
    jpeg_create_compress(&encoder);
    jpeg_mem_dest(&encoder, (unsigned char **)&memory, &size);
    compress(&encoder, image, quality);
    nw_text_append_bytes(bytes, memory, size);
  }
  jpeg_destroy_compress(&encoder);
  free(memory);
  if (failed) return nw_fail(context, NW_IO, NULL, "a picture could not be encoded as JPEG");
  if (bytes->failed) return nw_fail(context, NW_MEMORY, NULL, "out of memory while encoding a picture");
  return NW_OK;
}

enum nw_status nw_jpeg_address(struct nw_context *context, const struct nw_image *image, int quality,
                               struct nw_text *out) {
  struct nw_text bytes = {0};
  const enum nw_status status = nw_jpeg_encode(context, image, quality, &bytes);
  if (status == NW_OK) {
    nw_text_append(out, "data:image/jpeg;base64,");
    nw_png_base64(out, bytes.data, bytes.length);
  }
  nw_text_clear(&bytes);
  return status;
}
