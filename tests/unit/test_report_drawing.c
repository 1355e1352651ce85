/* SPDX-License-Identifier: BSD-3-Clause
   What the report draws with: numbers, axes, colours, pictures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <png.h>

#include "report/chart.h"
#include "report/html.h"
#include "linear_light.h"
#include "picture/png.h"

static void expect_text(struct nw_text *text, const char *expected) {
  assert_string_equal(text->data ? text->data : "", expected);
  nw_text_clear(text);
}

static void html_escapes_markup_and_drops_control_characters(void **state) {
  (void)state;
  struct nw_text t = {0};
  nw_html_escape(&t, "a<b>\"c\"&'d'\x01\x1b é");
  expect_text(&t, "a&lt;b&gt;&quot;c&quot;&amp;&#39;d&#39; é");
}

static void html_rounds_to_what_the_interval_supports(void **state) {
  (void)state;
  struct nw_text t = {0};
  assert_int_equal(nw_html_decimals(262.4, 189, 335), 0);
  assert_int_equal(nw_html_decimals(1.264, 1.03, 1.49), 2);
  assert_int_equal(nw_html_decimals(1.264, NAN, NAN), 2);
  assert_int_equal(nw_html_decimals(1.0015, 1.0006, 1.0044), 3);
  assert_int_equal(nw_html_decimals(1e-12, 0, 2e-12), 1);
  assert_int_equal(nw_html_decimals(0, NAN, NAN), 0);
  nw_html_number(&t, 0.01234567);
  expect_text(&t, "0.0123");
  nw_html_number(&t, 8);
  expect_text(&t, "8");
  nw_html_number(&t, -2.5);
  expect_text(&t, "−2.5");
  nw_html_number(&t, 3.04e-11);
  expect_text(&t, "3.0·10<sup>−11</sup>");
  nw_html_fixed(&t, 1152000, 0);
  expect_text(&t, "1\u202f152\u202f000");
  nw_html_fixed(&t, -0.001, 1);
  expect_text(&t, "0.0");
  nw_html_signed(&t, 0.04, 1);
  expect_text(&t, "0.0");
  nw_html_signed(&t, 0.06, 1);
  expect_text(&t, "+0.1");
  nw_html_signed(&t, -34, 0);
  expect_text(&t, "−34");
  nw_html_fixed(&t, NAN, 1);
  expect_text(&t, "–");
}

static void html_prints_units_but_leaves_words_alone(void **state) {
  (void)state;
  struct nw_text t = {0};
  nw_html_unit(&t, "ug/(cm^2 h)");
  expect_text(&t, "µg/(cm² h)");
  nw_html_unit(&t, "volume of sum, um");
  expect_text(&t, "volume of sum, µm");
  nw_html_unit(&t, "1");
  expect_text(&t, "");
}

static void html_says_durations_as_people_do(void **state) {
  (void)state;
  struct nw_text t = {0};
  nw_html_duration(&t, 1.0 / 48);
  expect_text(&t, "30\u00a0min");
  nw_html_duration(&t, 0.25);
  expect_text(&t, "6\u00a0h");
  nw_html_duration(&t, 14);
  expect_text(&t, "14\u00a0d");
  nw_html_duration(&t, 1461);
  expect_text(&t, "4.0\u00a0years");
}

static void chart_maps_values_exactly(void **state) {
  (void)state;
  const struct nw_chart_axis line = {-5, 15, false}, log_axis = {0.01, 100, true};
  assert_true(nw_chart_position(&line, -5, 40, 440) == 40);
  assert_true(nw_chart_position(&line, 15, 40, 440) == 440);
  assert_true(nw_chart_position(&line, 0, 40, 440) == 140);
  assert_true(nw_chart_position(&line, 0, 200, 0) == 150); /* upside down, as y axes are */
  assert_true(fabs(nw_chart_position(&log_axis, 1, 0, 100) - 50) < 1e-12);
  assert_true(fabs(nw_chart_position(&log_axis, 10, 0, 100) - 75) < 1e-12);
}

static void chart_ticks_are_round_and_inside(void **state) {
  (void)state;
  double tick[NW_CHART_TICKS];
  const struct nw_chart_axis days = {0, 250, false}, decades = {0.01, 100, true},
                             narrow = {0.91, 0.93, false};
  assert_int_equal(nw_chart_ticks(&days, 6, tick), 6);
  for (int i = 0; i < 6; i++)
    assert_true(tick[i] == 50 * i);
  assert_int_equal(nw_chart_ticks(&decades, 4, tick), 5);
  for (int i = 0; i < 5; i++)
    assert_true(fabs(tick[i] / pow(10, i - 2) - 1) < 1e-12);
  const size_t n = nw_chart_ticks(&narrow, 4, tick);
  assert_int_equal(n, 5);
  assert_true(fabs(tick[0] - 0.91) < 1e-12 && fabs(tick[n - 1] - 0.93) < 1e-12);
  const struct nw_chart_axis empty = {1, 1, false};
  assert_int_equal(nw_chart_ticks(&empty, 4, tick), 0);
}

static void chart_axis_holds_all_values_and_bands(void **state) {
  (void)state;
  const double x[] = {0, 1, 2, 3}, y[] = {3, NAN, 7, INFINITY}, low[] = {1.2, 1, 2, 3},
               high[] = {4, 5, 11.3, 4};
  const struct nw_series s = {.x = x, .y = y, .low = low, .high = high, .n = 4};
  const struct nw_chart_axis axis = nw_chart_y_axis(&s, 1, false, false, 1);
  assert_true(axis.low == 0 && axis.high == 15); /* steps of 5 around 1 .. 11.3 */
  const struct nw_chart_axis log_axis = nw_chart_y_axis(&s, 1, false, true, 3);
  assert_true(fabs(log_axis.low - 1) < 1e-12 && fabs(log_axis.high - 100) < 1e-9);
  const struct nw_series none = {.x = x, .y = y, .n = 0};
  assert_true(nw_chart_y_axis(&none, 1, false, false, 1).high >
              nw_chart_y_axis(&none, 1, false, false, 1).low);
}

static void chart_draws_points_where_they_belong(void **state) {
  (void)state;
  struct nw_text t = {0};
  const double x[] = {0, 5, 10}, y[] = {0, NAN, 4}, mark[] = {5};
  const struct nw_series s = {.x = x, .y = y, .n = 3, .colour = 2};
  const struct nw_chart chart = {.x = {0, 10, false},
                                 .y = {0, 4, false},
                                 .series = &s,
                                 .n_series = 1,
                                 .mark = mark,
                                 .n_marks = 1,
                                 .x_label = "days <d>",
                                 .description = "a & b",
                                 .width = 420,
                                 .height = 236};
  nw_chart_lines(&t, &chart);
  /* plot area: 44 .. 406 by 16 .. 198; the gap at day 5 lifts the pen */
  assert_non_null(strstr(t.data, "d=\"M44.0 198.0M406.0 16.0\""));
  assert_non_null(
      strstr(t.data, "<line class=\"mark\" x1=\"225.0\" x2=\"225.0\" y1=\"16.0\" y2=\"198.0\"/>"));
  assert_non_null(strstr(t.data, "days &lt;d&gt;"));
  assert_non_null(strstr(t.data, "<title>a &amp; b</title>"));
  assert_null(strstr(t.data, "nan"));
  nw_text_clear(&t);
}

/* IEC 61966-2-1: mid grey is a fifth of the light. */
static void bytes_of_light_match_reference_values(void **state) {
  (void)state;
  assert_int_equal(nw_palette_byte(nw_palette_from_linear(0.21586)), 128);
  assert_int_equal(nw_palette_byte(nw_palette_from_linear(1)), 255);
  assert_int_equal(nw_palette_byte(nw_palette_from_linear(-1)), 0);
  assert_true(fabs(nw_palette_from_linear(linear_light(0.42)) - 0.42) < 1e-9);
}

static void colour_maps_darken_all_the_way(void **state) {
  (void)state;
  for (int map = 0; map < NW_MAP_COUNT; map++) {
    double last = 2;
    for (int i = 0; i <= 40; i++) {
      const struct nw_colour c = nw_palette_of_map((enum nw_palette_map)map, i / 40.0);
      const double light =
          0.2126 * linear_light(c.r) + 0.7152 * linear_light(c.g) + 0.0722 * linear_light(c.b);
      assert_true(light < last);
      last = light;
    }
  }
}

static void png_base64_matches_rfc_4648(void **state) {
  (void)state;
  static const char *const pair[][2] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
  for (size_t i = 0; i < NW_COUNT(pair); i++) {
    struct nw_text t = {0};
    nw_png_base64(&t, pair[i][0], strlen(pair[i][0]));
    expect_text(&t, pair[i][1]);
  }
}

static void png_decodes_to_the_same_pixels(void **state) {
  (void)state;
  struct nw_context *context = nw_context_create();
  struct nw_image image;
  struct nw_text bytes = {0};
  assert_true(nw_png_image_create(&image, 5, 3));
  nw_png_pixel(&image, 4, 2, (struct nw_colour){1, 0.5, 0});
  nw_png_pixel(&image, 0, 1, (struct nw_colour){0.2, 2, -1});
  nw_png_blend(&image, 4, 2, (struct nw_colour){0, 0, 1}, 0.25);
  nw_png_pixel(&image, 5, 0, (struct nw_colour){1, 1, 1}); /* outside: nothing */
  assert_int_equal(nw_png_encode(context, &image, &bytes), NW_OK);
  png_image read = {.version = PNG_IMAGE_VERSION};
  assert_true(png_image_begin_read_from_memory(&read, bytes.data, bytes.length));
  read.format = PNG_FORMAT_RGB;
  uint8_t pixel[3 * 5 * 3];
  assert_int_equal(PNG_IMAGE_SIZE(read), sizeof pixel);
  assert_true(png_image_finish_read(&read, NULL, pixel, 0, NULL));
  assert_memory_equal(pixel, image.rgb, sizeof pixel);
  const uint8_t corner[3] = {191, 96, 64}, left[3] = {51, 255, 0}, black[3] = {0, 0, 0};
  assert_memory_equal(pixel + 3 * 14, corner, 3);
  assert_memory_equal(pixel + 3 * 5, left, 3);
  assert_memory_equal(pixel + 3 * 4, black, 3);
  nw_text_clear(&bytes);
  nw_png_image_free(&image);
  nw_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(html_escapes_markup_and_drops_control_characters),
      cmocka_unit_test(html_rounds_to_what_the_interval_supports),
      cmocka_unit_test(html_prints_units_but_leaves_words_alone),
      cmocka_unit_test(html_says_durations_as_people_do),
      cmocka_unit_test(chart_maps_values_exactly),
      cmocka_unit_test(chart_ticks_are_round_and_inside),
      cmocka_unit_test(chart_axis_holds_all_values_and_bands),
      cmocka_unit_test(chart_draws_points_where_they_belong),
      cmocka_unit_test(bytes_of_light_match_reference_values),
      cmocka_unit_test(colour_maps_darken_all_the_way),
      cmocka_unit_test(png_base64_matches_rfc_4648),
      cmocka_unit_test(png_decodes_to_the_same_pixels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
