/* SPDX-License-Identifier: BSD-3-Clause
   Report: the surface of the skin before, during and after, drawn from the outcome values. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "relief.h"

enum { PICTURES = 6, PIXELS = 480 };

/* ---- the scene: what the plan says is on the patch ---- */

static void add_concern(struct nw_relief_scene *scene, const struct nw_page *page, size_t i) {
  char path[64];
  snprintf(path, sizeof path, "case.concerns.%zu.kind", i);
  const char *kind = nw_results_text(page->results, path);
  snprintf(path, sizeof path, "case.concerns.%zu.type", i);
  const char *type = nw_results_text(page->results, path);
  snprintf(path, sizeof path, "case.concerns.%zu.width_mm", i);
  const double width = nw_results_number(page->results, path);
  if (!kind) return;
  if (!type) type = "";
  if (strcmp(kind, "acne_scar") == 0 || strcmp(kind, "surgical_scar") == 0) {
    scene->scar = strcmp(kind, "surgical_scar") == 0 ? NW_SCAR_LINEAR
                  : strcmp(type, "rolling") == 0     ? NW_SCAR_ROLLING
                  : strcmp(type, "ice_pick") == 0    ? NW_SCAR_ICE_PICK
                                                     : NW_SCAR_BOXCAR;
    if (isfinite(width)) scene->scar_width = width;
  }
  if (strcmp(kind, "wrinkle") == 0)
    *(strcmp(type, "deep") == 0 ? &scene->wrinkle_deep : &scene->wrinkle_fine) = true;
  if (strcmp(kind, "photoageing") == 0) scene->wrinkle_fine = true;
  if (strcmp(kind, "stretch_mark") == 0) scene->stria = true;
  if (strcmp(kind, "stretch_mark") == 0) scene->stria_red = strcmp(type, "red") == 0;
  if (strcmp(kind, "melasma") == 0) scene->spot = NW_SPOT_MELASMA;
  if (strcmp(kind, "lentigo") == 0) scene->spot = NW_SPOT_LENTIGO;
  if (strcmp(kind, "pih") == 0) scene->spot = NW_SPOT_PIH;
}

static struct nw_relief_scene scene_of(const struct nw_page *page) {
  struct nw_relief_scene scene = {.width = 16, .height = 12, .pixels = PIXELS, .seed = 1, .scar_width = 2};
  const double seed = nw_results_number(page->results, "seed");
  if (seed >= 0 && seed < 1e15) scene.seed = (uint64_t)seed;
  const char *type = nw_results_text(page->results, "case.subject.skin_type");
  scene.gloss = type && strcmp(type, "oily") == 0 ? 0.8 : type && strcmp(type, "dry") == 0 ? 0.1 : 0.4;
  const size_t n = nw_results_list_length(page->results, "case.concerns");
  for (size_t i = 0; i < n; i++)
    add_concern(&scene, page, i);
  return scene;
}

/* ---- the look of one time, read off the timeline ---- */

/* L* that one unit of melanin index takes away, from the course itself; a fallback where it hardly moves. */
static double lightness_per_index(const struct nw_page *page) {
  const double scale = nw_page_timeline_at(page, "melanin_index", 0);
  const double narrow_band = 0.6, wide_scale = 0.06; /* L* per unit on scales of about 50 and 500 */
  return scale > 150 ? wide_scale : narrow_band;
}

static struct nw_relief_look look_at(const struct nw_page *page, double t) {
  return (struct nw_relief_look){
      .lab_l = nw_page_timeline_at(page, "lab_L", t),
      .lab_a = nw_page_timeline_at(page, "lab_a", t),
      .lab_b = nw_page_timeline_at(page, "lab_b", t),
      .ra = nw_page_timeline_at(page, "ra_um", t),
      .scar_depth = nw_page_timeline_at(page, "scar_depth_um", t),
      .wrinkle_depth = nw_page_timeline_at(page, "wrinkle_depth_um", t),
      .pore_area = nw_page_timeline_at(page, "pore_area_mm2_cm2", t),
      .pore_count = nw_page_timeline_at(page, "pore_count_cm2", t),
      .spot_lightness = nw_page_timeline_at(page, "spot_contrast", t) * lightness_per_index(page),
      .stria_width = nw_page_timeline_at(page, "stria_width_um", t),
      .stria_depth = nw_page_timeline_at(page, "stria_depth_um", t),
      .stria_contrast = nw_page_timeline_at(page, "stria_contrast", t),
      .petechiae = nw_page_timeline_at(page, "petechiae", t),
      .tone_sd = nw_page_timeline_at(page, "tone_variance", t),
  };
}

/* The untreated twin at the end: outcome values where they are given, else the baseline look. */
static struct nw_relief_look look_untreated(const struct nw_page *page) {
  struct nw_relief_look look = look_at(page, 0);
  const struct {
    const char *key;
    double *place;
    double scale;
  } part[] = {{"lab_L", &look.lab_l, 1},
              {"lab_a", &look.lab_a, 1},
              {"lab_b", &look.lab_b, 1},
              {"ra_um", &look.ra, 1},
              {"scar_depth_um", &look.scar_depth, 1},
              {"wrinkle_depth_um", &look.wrinkle_depth, 1},
              {"pore_area_mm2_cm2", &look.pore_area, 1},
              {"spot_contrast", &look.spot_lightness, lightness_per_index(page)},
              {"stria_depth_um", &look.stria_depth, 1},
              {"stria_contrast", &look.stria_contrast, 1},
              {"tone_variance", &look.tone_sd, 1}};
  for (size_t i = 0; i < NW_COUNT(part); i++) {
    const struct nw_page_outcome *o = nw_page_outcome(page, part[i].key);
    if (o && isfinite(o->untreated)) *part[i].place = o->untreated * part[i].scale;
  }
  return look;
}

/* ---- pictures ---- */

struct moment {
  double time; /* [d] */
  const char *name;
};

/* Row of the timeline nearest to a time. */
static size_t nearest_row(const struct nw_page *page, double time) {
  const double *day = nw_page_timeline(page, "time_d");
  size_t best = 0;
  for (size_t i = 0; i < page->results->timeline.n_rows; i++)
    if (fabs(day[i] - time) < fabs(day[best] - time)) best = i;
  return best;
}

static size_t choose_moments(const struct nw_page *page, struct moment moment[PICTURES]) {
  const double *day = nw_page_timeline(page, "time_d");
  const size_t rows = page->results->timeline.n_rows;
  const double last = page->n_sessions ? page->session[page->n_sessions - 1] : 0;
  const double hour = 1.0 / 24; /* math: days */
  const struct moment wanted[] = {{day[0], "before"},
                                  {hour, "an hour after the first session"},
                                  {2, "two days after"},
                                  {last / 2 - 1, "half-way through the course"},
                                  {last + 14, "after the last session"},
                                  {day[rows - 1], "at the end"}};
  size_t n = 0, used[PICTURES];
  for (size_t i = 0; i < NW_COUNT(wanted); i++) {
    if (page->n_sessions < 2 && (i == 3 || i == 4)) continue;
    const size_t row = nearest_row(page, wanted[i].time);
    bool taken = false;
    for (size_t k = 0; k < n; k++)
      taken |= used[k] == row || day[row] < moment[k].time;
    if (taken) continue;
    used[n] = row;
    moment[n++] = (struct moment){day[row], wanted[i].name};
  }
  return n;
}

static enum nw_status show(struct nw_page *page, struct nw_relief *relief, const struct nw_relief_look *look,
                           const char *name, double time) {
  struct nw_image image = {0};
  enum nw_status status = nw_relief_draw(page->context, relief, look, &image);
  nw_text_append(
      page->out,
      "<figure><img alt=\"Illustration of the skin surface, %s\" width=\"%zu\" height=\"%zu\" src=\"", name,
      image.width, image.height);
  nw_png_posterise(&image, 6);
  if (status == NW_OK) status = nw_png_address(page->context, &image, page->out);
  nw_text_append(page->out, "\"><figcaption><b>%s</b>", name);
  if (time > 0) {
    nw_text_append(page->out, ", ");
    nw_html_duration(page->out, time);
  }
  nw_text_append(page->out, "</figcaption></figure>");
  nw_png_image_free(&image);
  return status;
}

static enum nw_status show_all(struct nw_page *page, struct nw_relief *relief) {
  struct moment moment[PICTURES];
  const size_t n = choose_moments(page, moment);
  for (size_t i = 0; i < n; i++) {
    const struct nw_relief_look look = look_at(page, moment[i].time);
    NW_TRY(show(page, relief, &look, moment[i].name, moment[i].time));
  }
  const struct nw_page_outcome *colour = nw_page_outcome(page, "lab_L");
  if (n >= PICTURES || !colour || !isfinite(colour->untreated)) return NW_OK;
  const struct nw_relief_look look = look_untreated(page);
  return show(page, relief, &look, "untreated twin at the end", moment[n - 1].time);
}

enum nw_status nw_part_skin(struct nw_page *page) {
  if (!nw_page_timeline(page, "time_d") || !nw_page_timeline(page, "lab_L")) return NW_OK;
  const struct nw_relief_scene scene = scene_of(page);
  struct nw_relief *relief = nw_relief_create(&scene);
  if (!relief) return nw_fail(page->context, NW_MEMORY, NULL, "out of memory while drawing the skin surface");
  nw_page_section(
      page, "surface", "The surface",
      "<b>Illustration, not a photograph and not a simulation of appearance:</b> drawn from the computed "
      "colour, "
      "roughness, depth and contrast, 16 × 12 mm, always the same skin, camera and light. Where things lie "
      "on the patch is invented; how deep, how dark and how red they are is not.");
  nw_text_append(page->out, "<div class=\"three\">");
  const enum nw_status status = show_all(page, relief);
  nw_text_append(page->out, "</div>");
  nw_page_section_end(page);
  nw_relief_free(&relief);
  return status;
}
