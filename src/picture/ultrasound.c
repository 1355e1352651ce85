/* SPDX-License-Identifier: BSD-3-Clause
   Cross-sections as high-frequency ultrasound shows them. */
#include "ultrasound.h"

#include <math.h>
#include <string.h>

#include "noise.h"

/* Layers of the random texture, so that no two of its uses are alike. */
enum { LAYER_SPECKLE = 130, LAYER_BAND = 124, LAYER_SEPTA = 126, LOOKS = 3 };

double nw_ultrasound_range(void) {
  return 40;
}

double nw_ultrasound_axial(void) {
  return 0.021; /* 75 MHz: a wavelength */
}

double nw_ultrasound_lateral(void) {
  return 0.04;
}

/* ---- echo ---- */

/* Sun-damaged skin echoes less in a band under the epidermis; thicker and darker with elastosis. */
static double band(const struct nw_picture_section *p, double x, double z) {
  const double thick = nw_section_elastotic_depth(p), wave = 0.02 * nw_noise_value(8, LAYER_BAND, x / 0.3, 0);
  return 1 - 0.85 * fmin(p->elastosis, 1) / (1 + exp((z - thick - wave) / 0.02));
}

double nw_ultrasound_echo(const struct nw_picture_section *p, const struct nw_echo *echo, double x,
                          double z) {
  double young;
  const double collagen = nw_section_collagen(p, x, z, &young),
               water = nw_section_field(p, NW_FIELD_hyaluronan, x, z);
  const double swollen = water > 0 ? 1 + echo->hyaluronan * log2(water) : 1;
  const double debris =
      nw_section_field(p, NW_FIELD_debris, x, z) + nw_section_field(p, NW_FIELD_fibrin, x, z);
  return pow(fmax(collagen, 0), echo->collagen) / fmax(swollen, 0.1) * (1 - 0.7 * fmin(debris, 1)) *
         band(p, x, z);
}

/* Amplitude over that of normal dermis: gel, entry echo of the surface, epidermis, dermis, fat with its
 * septa. */
static double amplitude(const struct nw_picture_section *p, const struct nw_echo *echo, double x, double z) {
  const double surface = nw_section_surface(p, x) - p->stratum_corneum, entry = (z - surface) / 0.016;
  const double closed = nw_section_coverage(p, x),
               line = 3.2 * exp(-0.5 * entry * entry) * (0.3 + 0.7 * closed);
  if (z < surface) return 0.004 + line;
  if (z < nw_section_ridge(p, x)) return 0.55 * closed + 0.05 + line;
  const double border = p->dermis + 0.06 * nw_noise_value(8, LAYER_SEPTA, x / 0.3, 0);
  if (z < border) return sqrt(nw_ultrasound_echo(p, echo, x, z)) + line;
  const double septum = fabs(nw_noise_value(8, LAYER_SEPTA + 1, x / 0.5, z / 0.25));
  return 0.06 + 0.7 * exp(-septum / 0.05) + line;
}

/* ---- speckle ---- */

enum { PULSE = 64 }; /* most pixels from the middle of a pulse to its end */

struct pulse {
  long reach;
  double weight[PULSE + 1];
};

/* A bell of this full width at half height [pixels]. */
static struct pulse pulse_of(double width) {
  const double sigma = 0.425 * width;
  struct pulse pulse = {.reach = (long)fmin(ceil(3 * sigma), PULSE)};
  for (long k = 0; k <= pulse.reach; k++)
    pulse.weight[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
  return pulse;
}

/* One line of n values with the given stride; ends fade into silence. */
static void smooth(const struct pulse *pulse, const float *from, float *to, size_t n, size_t stride) {
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (long k = -pulse->reach; k <= pulse->reach; k++) {
      const long j = (long)i + k;
      if (j >= 0 && j < (long)n) sum += pulse->weight[k < 0 ? -k : k] * from[(size_t)j * stride];
    }
    to[i * stride] = (float)sum;
  }
}

/* One part of the echo: random scatterers as strong as the tissue, seen through the pulse. */
static void echo_part(const struct nw_picture_section *p, const float *strength, size_t rows, int layer,
                      int threads, float *part, float *scratch) {
  const size_t columns = p->pixels;
  const double pitch = nw_section_pitch(p);
  const struct pulse across = pulse_of(nw_ultrasound_lateral() / pitch),
                     along = pulse_of(nw_ultrasound_axial() / pitch);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t y = 0; y < rows; y++) {
    for (size_t x = 0; x < columns; x++)
      scratch[y * columns + x] =
          strength[y * columns + x] * (float)(nw_noise_uniform(8, layer, (long)x, (long)y, 0) +
                                              nw_noise_uniform(8, layer, (long)x, (long)y, 1) - 1);
    smooth(&across, scratch + y * columns, part + y * columns, columns, 1);
  }
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t x = 0; x < columns; x++)
    smooth(&along, part + x, scratch + x, rows, columns);
  memcpy(part, scratch, rows * columns * sizeof *part);
}

static void fill_strength(const struct nw_picture_section *p, const struct nw_echo *echo, size_t rows,
                          int threads, float *strength) {
  const double pitch = nw_section_pitch(p), top = nw_section_top(p);
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t y = 0; y < rows; y++)
    for (size_t x = 0; x < p->pixels; x++)
      strength[y * p->pixels + x] =
          (float)amplitude(p, echo, p->left + pitch * ((double)x + 0.5), top + pitch * ((double)y + 0.5));
}

/* Mean square of an echo part over normal scatterers: what the pulse leaves of noise of variance 1/6. */
static double pulse_power(const struct nw_picture_section *p) {
  const double pitch = nw_section_pitch(p),
               sigma[2] = {0.425 * nw_ultrasound_lateral() / pitch, 0.425 * nw_ultrasound_axial() / pitch};
  double power = 1.0 / 6; /* of the sum of two uniform numbers */
  for (int k = 0; k < 2; k++)
    power *= sigma[k] * sqrt(NW_PI);
  return power;
}

/* Power in decibels, white 13 dB above the mean of normal dermis. */
static void compress(const struct nw_picture_section *p, const float *power, struct nw_image *image) {
  const double white = 10 * log10(2 * pulse_power(p)) + 13; /* two parts of an echo */
  for (size_t i = 0; i < image->width * image->height; i++) {
    const double grey = 1 + (10 * log10(power[i] + 1e-15) - white) / nw_ultrasound_range();
    nw_png_pixel(image, (long)(i % image->width), (long)(i / image->width),
                 (struct nw_colour){grey, grey, grey});
  }
}

/* The mean power of a few looks from different angles, as scanners compound them: calmer speckle. */
static void compound(const struct nw_picture_section *p, const float *strength, size_t rows, int threads,
                     float *part, float *scratch, float *power) {
  for (int look = 0; look < 2 * LOOKS; look++) {
    echo_part(p, strength, rows, LAYER_SPECKLE + look, threads, part, scratch);
    for (size_t i = 0; i < rows * p->pixels; i++)
      power[i] += part[i] * part[i] / LOOKS;
  }
}

enum nw_status nw_ultrasound_draw(struct nw_context *context, const struct nw_picture_section *p,
                                  const struct nw_echo *echo, struct nw_image *image) {
  const size_t rows = (size_t)ceil((p->depth - nw_section_top(p)) / nw_section_pitch(p)),
               count = rows * p->pixels;
  float *memory = nw_allocate(4 * count, sizeof *memory);
  const bool room = memory && nw_png_image_create(image, p->pixels, rows);
  if (room) {
    float *strength = memory, *part = memory + count, *scratch = memory + 2 * count,
          *power = memory + 3 * count;
    fill_strength(p, echo, rows, context->threads, strength);
    compound(p, strength, rows, context->threads, part, scratch, power);
    compress(p, power, image);
  }
  nw_release(memory);
  return room ? NW_OK
              : nw_fail(context, NW_MEMORY, NULL, "out of memory while drawing an ultrasound picture");
}
