/* SPDX-License-Identifier: BSD-3-Clause
   Report: cross-sections of the tissue through time. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "parts.h"
#include "picture/histology.h"
#include "picture/jpeg.h"
#include "picture/ultrasound.h"

enum { PICTURES = 6, FEW = 4, PIXELS = 720, QUALITY = 70 };

/* Times worth a picture: before, the wound, its first day, the inflammation, after the last session, the end;
   at most `most` of them, the ends and what follows the first session first. */
static size_t choose_times(const struct nw_page *page, size_t most, size_t chosen[PICTURES]) {
  const struct nw_sections *s = &page->results->sections;
  const double first = page->n_sessions ? page->session[0] : 0;
  const double last = page->n_sessions ? page->session[page->n_sessions - 1] : 0;
  const double end = s->time[s->n_times - 1];
  const double fresh = 0.05; /* days: clotted, nothing healed */
  const double many[PICTURES] = {first - 1, first + fresh, first + 3, first + 10, last + 14, end};
  const double few[FEW] = {first - 1, first + 1, first + 7, end};
  const double *wanted = most < PICTURES ? few : many;
  size_t n = 0;
  for (size_t i = 0; i < most; i++) {
    size_t best = 0;
    for (size_t t = 0; t < s->n_times; t++)
      if (fabs(s->time[t] - wanted[i]) < fabs(s->time[best] - wanted[i])) best = t;
    if (n == 0 || best > chosen[n - 1]) chosen[n++] = best;
  }
  return n;
}

/* ---- what is common to all pictures ---- */

static double or_else(double value, double otherwise) {
  return isfinite(value) && value > 0 ? value : otherwise;
}

static double greatest_signal(const struct nw_sections *s) {
  const float *field = s->field[NW_FIELD_inflammatory];
  double most = 0;
  for (size_t i = 0; field && i < s->n_times * s->nz * s->nx; i++)
    if (field[i] > most) most = field[i];
  return most;
}

/* Depth to show: past the deepest tip, no more than there is. */
static double shown_depth(const struct nw_page *page, const struct nw_sections *s, double width) {
  const double reach_mm = or_else(nw_results_number(page->results, "device.reach_um.max"), 500) / 1000;
  const double least = 0.55 * width, most = 1.0 * width;
  return fmin(s->z_edge[s->nz], fmin(fmax(1.25 * reach_mm, least), most));
}

static double mean_melanin(const struct nw_page *page) {
  const double index = nw_page_timeline_at(page, "melanin_index", 0),
               light = nw_page_timeline_at(page, "lab_L", 0);
  if (isfinite(light)) return fmin(fmax((78 - light) / 50, 0.05), 1); /* from pale to deep skin */
  return isfinite(index) ? 0.4 : 0.3;
}

/* Rete ridges flatten with age, to about half at 80 years. */
static double ridges(const struct nw_page *page) {
  const double age = or_else(nw_results_number(page->results, "case.subject.age_y"), 30), young = 25,
               span = 110;
  return fmax(1 - fmax(age - young, 0) / span, 0.4);
}

static struct nw_picture_section section_at(const struct nw_page *page, size_t time) {
  const struct nw_sections *s = &page->results->sections;
  const double extent = s->x_edge[s->nx] - s->x_edge[0];
  const double width = fmin(extent, 1.6); /* narrower windows show fibres and cells */
  const double corneum = or_else(nw_results_number(page->results, "skin.stratum_corneum_um"), 14);
  const double whole = nw_page_timeline_at(page, "epidermal_thickness_um", s->time[time]);
  const double viable = or_else(nw_results_number(page->results, "skin.viable_epidermis_um"), 60);
  return (struct nw_picture_section){
      .sections = s,
      .time = time,
      .left = nw_picture_busiest_window(s, width),
      .width = width,
      .depth = shown_depth(page, s, width),
      .viable_epidermis = fmax(or_else(whole - corneum, viable), 15) / 1000,
      .stratum_corneum = corneum / 1000,
      .dermis = or_else(nw_results_number(page->results, "skin.dermis_um"), 1500) / 1000,
      .ridges = ridges(page),
      .elastosis = fmax(nw_results_number(page->results, "skin.elastosis"), 0),
      .melanin = mean_melanin(page),
      .inflammatory_scale = greatest_signal(s),
      .slice = 0.02,
      .pixels = PIXELS};
}

/* ---- one picture with its axis ---- */

static void depth_axis(struct nw_text *out, const struct nw_picture_section *p, double scale, double zero) {
  const struct nw_chart_axis depth = {0, p->depth, false};
  double tick[NW_CHART_TICKS];
  const size_t n = nw_chart_ticks(&depth, 4, tick);
  for (size_t i = 0; i < n; i++) {
    const double y = zero + tick[i] * scale;
    nw_text_append(out, "<line class=\"axis\" x1=\"30\" x2=\"34\" y1=\"%.1f\" y2=\"%.1f\"/>", y, y);
    nw_text_append(out, "<text class=\"tick end\" x=\"27\" y=\"%.1f\">", y + 3.5);
    nw_html_number(out, tick[i]);
    nw_text_append(out, "</text>");
  }
}

static enum nw_status show(struct nw_page *page, const struct nw_picture_section *p, struct nw_image *image,
                           bool bar) {
  const double left = 35, width = 350, scale = width / p->width;
  const double height = width * (double)image->height / (double)image->width;
  const double zero = scale * (p->viable_epidermis + p->stratum_corneum + nw_picture_air());
  nw_page_figure(page, "", NULL);
  nw_text_append(page->out, "<div class=\"when\">");
  const double time = p->sections->time[p->time];
  if (time < 0 || (time == 0 && p->time == 0)) {
    nw_text_append(page->out, "before");
  } else {
    nw_html_duration(page->out, time);
  }
  nw_text_append(page->out,
                 "</div><svg viewBox=\"0 0 390 %.0f\" role=\"img\"><title>Cross-section of the "
                 "skin</title><image x=\"%.0f\" y=\"0\" width=\"%.0f\" "
                 "height=\"%.1f\" preserveAspectRatio=\"none\" href=\"",
                 height + 8, left, width, height);
  NW_TRY(nw_jpeg_address(page->context, image, QUALITY, page->out));
  nw_text_append(page->out, "\"/>");
  depth_axis(page->out, p, scale, zero);
  if (bar) {
    const double length = 0.2; /* mm */
    nw_text_append(page->out,
                   "<path class=\"halo\" d=\"M%.1f %.1fh%.1f\"/><path class=\"bar\" d=\"M%.1f "
                   "%.1fh%.1f\"/><text class=\"over\" "
                   "x=\"%.1f\" y=\"%.1f\">0.2 mm</text>",
                   left + width - 10 - length * scale, height - 12, length * scale,
                   left + width - 10 - length * scale, height - 12, length * scale, left + width - 10,
                   height - 18);
  }
  nw_text_append(page->out, "</svg>");
  nw_page_figure_end(page, NULL);
  return NW_OK;
}

/* In the order of nw_section_looks. */
enum look { LOOK_MASSON, LOOK_PICROSIRIUS, LOOK_ELASTIN, LOOK_CELLS, LOOK_ECHO };

/* The parameters of the run: those of the model, and what the user set away from them. */
static struct nw_params params_of_run(const struct nw_page *page) {
  struct nw_params p = nw_params_default();
  const size_t n = nw_results_list_length(page->results, "overrides");
  for (size_t i = 0; i < n; i++) {
    char path[64];
    snprintf(path, sizeof path, "overrides.%zu.key", i);
    const char *key = nw_results_text(page->results, path);
    const struct nw_param_row *row = key ? nw_param_find(key) : NULL;
    snprintf(path, sizeof path, "overrides.%zu.value", i);
    const double value = nw_results_number(page->results, path);
    if (row && isfinite(value)) nw_param_set(&p, row, value);
  }
  return p;
}

static enum nw_status draw(const struct nw_page *page, enum look look,
                           const struct nw_picture_section *section, struct nw_image *image) {
  const struct nw_params p = params_of_run(page);
  const struct nw_echo echo = {p.p_u, p.k_e};
  switch (look) {
    case LOOK_CELLS:
      return nw_picture_cells(page->context, section, image);
    case LOOK_ECHO:
      return nw_ultrasound_draw(page->context, section, &echo, image);
    default:
      return nw_histology_draw(page->context, section,
                               look == LOOK_MASSON        ? NW_STAIN_MASSON
                               : look == LOOK_PICROSIRIUS ? NW_STAIN_PICROSIRIUS
                                                          : NW_STAIN_ELASTIN,
                               image);
  }
}

/* Ultrasound looks wider and deeper than a slide. */
static struct nw_picture_section framed(const struct nw_page *page, enum look look, size_t time) {
  struct nw_picture_section section = section_at(page, time);
  const struct nw_sections *s = section.sections;
  if (look != LOOK_ECHO) return section;
  section.left = s->x_edge[0];
  section.width = s->x_edge[s->nx] - s->x_edge[0];
  section.depth = fmax(fmin(1.15 * section.dermis + 0.1, section.width), section.depth);
  return section;
}

/* The first and the last section are files of the folder as well. */
static enum nw_status keep(struct nw_page *page, enum look look, const struct nw_picture_section *section,
                           const struct nw_image *image) {
  const struct nw_sections *s = section->sections;
  char name[NW_SKIN_FILE_NAME];
  struct nw_text png = {0};
  if (!page->folder || (section->time > 0 && section->time + 1 < s->n_times)) return NW_OK;
  nw_section_file_name(name, s->time[section->time], nw_section_looks[look]);
  char *path = nw_file_join(page->folder, name);
  enum nw_status status = path ? nw_png_encode(page->context, image, &png)
                               : nw_fail(page->context, NW_MEMORY, NULL, "out of memory writing %s", name);
  if (status == NW_OK) status = nw_file_write_text(page->context, path, &png);
  nw_text_clear(&png);
  nw_release(path);
  return status;
}

static enum nw_status row_of_pictures(struct nw_page *page, enum look look, size_t most) {
  size_t time[PICTURES];
  const size_t n = choose_times(page, most, time);
  nw_text_append(page->out, "<div class=\"%s\">", most < PICTURES ? "two" : "three");
  for (size_t i = 0; i < n; i++) {
    const struct nw_picture_section section = framed(page, look, time[i]);
    struct nw_image image = {0};
    enum nw_status status = draw(page, look, &section, &image);
    if (status == NW_OK) status = show(page, &section, &image, i + 1 == n);
    if (status == NW_OK) status = keep(page, look, &section, &image);
    nw_png_image_free(&image);
    NW_TRY(status);
  }
  nw_text_append(page->out, "</div>");
  return NW_OK;
}

/* ---- legends ---- */

void nw_part_colour_strip(struct nw_page *page, enum nw_palette_map map, double low, double high,
                          const char *text) {
  nw_text_append(page->out, "<span class=\"strip\"><span class=\"unit\">");
  nw_html_number(page->out, low);
  nw_text_append(page->out, "</span><i style=\"background:linear-gradient(90deg");
  for (int i = 0; i <= 5; i++) {
    const struct nw_colour c = nw_palette_of_map(map, i / 5.0);
    nw_text_append(page->out, ",#%02x%02x%02x", nw_palette_byte(c.r), nw_palette_byte(c.g),
                   nw_palette_byte(c.b));
  }
  nw_text_append(page->out, ")\"></i><span class=\"unit\">");
  nw_html_number(page->out, high);
  nw_text_append(page->out, "</span> %s</span>", text);
}

static void swatch(struct nw_page *page, struct nw_colour c, const char *text) {
  nw_text_append(page->out, "<span class=\"swatch\"><i style=\"background:#%02x%02x%02x\"></i>%s</span>",
                 nw_palette_byte(c.r), nw_palette_byte(c.g), nw_palette_byte(c.b), text);
}

static void collagen_legend(struct nw_page *page) {
  nw_text_append(page->out, "<p class=\"legend\">");
  swatch(page, (struct nw_colour){0.13, 0.34, 0.66}, "collagen: the share of the slice that bundles cover");
  swatch(page, (struct nw_colour){0.20, 0.52, 0.62}, "young collagen");
  swatch(page, (struct nw_colour){0.76, 0.15, 0.20}, "fibrin clot");
  swatch(page, (struct nw_colour){0.28, 0.13, 0.30}, "nuclei");
  nw_text_append(page->out, "</p>");
}

static void cell_legend(struct nw_page *page, double slice) {
  nw_text_append(page->out, "<p class=\"legend\">");
  for (const struct nw_picture_cell *kind = nw_picture_cell_kinds(); kind->name; kind++)
    if (page->results->sections.field[kind->field]) swatch(page, kind->colour, kind->name);
  const double most = greatest_signal(&page->results->sections);
  if (most > 0) nw_part_colour_strip(page, NW_MAP_INFLAMMATION, 0, most, "inflammatory signal, ng/mL");
  nw_text_append(
      page->out,
      "<span class=\"unit\">One dot is one cell of a slice %.0f µm thick, placed at random.</span></p>",
      slice * 1000);
}

static bool has_collagen(const struct nw_sections *s) {
  return s->field[NW_FIELD_collagen_I_mature] && s->field[NW_FIELD_collagen_III];
}

static bool has_cells(const struct nw_sections *s) {
  for (const struct nw_picture_cell *kind = nw_picture_cell_kinds(); kind->name; kind++)
    if (s->field[kind->field]) return true;
  return false;
}

/* Results that do not say so are of a plan that wants them. */
static bool wants_pictures(const struct nw_page *page) {
  const char *wanted = nw_results_text(page->results, "case.output.pictures");
  return !wanted || strcmp(wanted, "true") == 0;
}

static enum nw_status show_slides(struct nw_page *page) {
  nw_text_append(page->out, "<h3>Collagen, in the manner of Masson’s stain</h3>");
  collagen_legend(page);
  NW_TRY(row_of_pictures(page, LOOK_MASSON, PICTURES));
  nw_text_append(page->out,
                 "<h3>Collagen, in the manner of picrosirius red between crossed polarisers</h3>"
                 "<p class=\"legend\">Thick old bundles shine orange, thin young ones green.</p>");
  NW_TRY(row_of_pictures(page, LOOK_PICROSIRIUS, FEW));
  if (!page->results->sections.field[NW_FIELD_elastin]) return NW_OK;
  nw_text_append(page->out, "<h3>Elastic fibres, in the manner of Verhoeff’s stain</h3>");
  return row_of_pictures(page, LOOK_ELASTIN, FEW);
}

static enum nw_status show_echo(struct nw_page *page) {
  nw_text_append(
      page->out,
      "<h3>In the manner of high-frequency ultrasound</h3><p class=\"legend\">Grey is the computed echo "
      "density of collagen, less that of water, over %.0f dB; speckle %.0f × %.0f µm as at 75 MHz. Bright "
      "on top: the entry echo.</p>",
      nw_ultrasound_range(), 1000 * nw_ultrasound_axial(), 1000 * nw_ultrasound_lateral());
  return row_of_pictures(page, LOOK_ECHO, FEW);
}

enum nw_status nw_part_tissue(struct nw_page *page) {
  const struct nw_sections *s = &page->results->sections;
  if (!wants_pictures(page) || s->n_times == 0 || s->nx == 0 || s->nz == 0) return NW_OK;
  if (!has_collagen(s) && !has_cells(s)) return NW_OK;
  nw_page_section(
      page, "tissue", "Inside the skin",
      "Vertical sections through the middle of the patch, where most was injured; depth below the "
      "epidermis in mm. Densities are computed fields; the texture of fibres, the speckle of echoes and the "
      "places of single cells and vessels are drawn from random numbers, the same in each picture.");
  if (has_collagen(s)) NW_TRY(show_slides(page));
  if (has_cells(s)) {
    nw_text_append(page->out, "<h3>Cells and inflammation</h3>");
    cell_legend(page, section_at(page, 0).slice);
    NW_TRY(row_of_pictures(page, LOOK_CELLS, PICTURES));
  }
  if (has_collagen(s)) NW_TRY(show_echo(page));
  nw_page_section_end(page);
  return NW_OK;
}
