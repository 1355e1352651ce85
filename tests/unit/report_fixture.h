/* SPDX-License-Identifier: BSD-3-Clause
   Invented results with the shape of a real run, for tests of the report: files in a folder and
   sections in memory. Nothing here is a prediction. */
#pragma once
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/results.h"
#include "picture/png.h"

static FILE *fixture_file(const char *folder, const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return fopen(path, "w");
}

static void fixture_outcome(FILE *f, const char *key, double baseline, double final, double untreated,
                            const char *unit, int evidence, bool percent) {
  fprintf(f, "\"%s\":{\"baseline\":%g,\"final\":%g,\"untreated\":%g,\"unit\":\"%s\",\"evidence\":%d,", key,
          baseline, final, untreated, unit, evidence);
  if (percent)
    fprintf(f, "\"change_pct\":%g,\"effect_pct\":%g,", 100 * (final - baseline) / baseline,
            100 * (final - untreated) / baseline);
  else
    fprintf(f, "\"change_pct\":null,\"change\":%g,\"effect_pct\":null,", final - baseline);
  const double spread = 0.12 * fabs(final) + 0.3 * fabs(final - baseline);
  fprintf(f, "\"interval\":[%g,%g],\"interval_mean\":[%g,%g]},\n", final - spread, final + spread,
          final - spread / 3, final + spread / 3);
}

static void fixture_summary(const char *folder, const char *title) {
  FILE *f = fixture_file(folder, "summary.json");
  fprintf(f,
          "{\"version\":\"0.1.0\",\"plan\":\"examples/"
          "acne_scars.yaml\",\"title\":\"%s\",\"seed\":1,\"stage\":\"outcome\",\n",
          title);
  fprintf(f,
          "\"case\":{\"subject\":{\"age_y\":28,\"sex\":\"female\",\"phototype\":\"IV\",\"skin_type\":"
          "\"oily\",\"skin_thin\":false,"
          "\"acne_prone\":true,\"ageing\":true,\"site\":\"cheek\",\"sun_exposure\":\"moderate\",\"uv_dose_"
          "MED_d\":0.3,\"smoker\":false},\n");
  fprintf(f,
          "\"concerns\":[{\"kind\":\"acne_scar\",\"type\":\"boxcar\",\"width_mm\":2,\"depth_mm\":0.4}],"
          "\"device\":{\"kind\":\"pen\",\"needle_length_mm\":1.5,\"needle_count\":12,\"needle_diameter_um\":"
          "250,\"tip_radius_um\":5,"
          "\"frequency_Hz\":90,\"stroke_mm\":1.5,\"head_width_mm\":6,\"glide_speed_mm_s\":10,\"anaesthetic\":"
          "\"cream\",\"passes\":4,\"sterile\":true},\n");
  fprintf(f,
          "\"operator\":\"physician\",\"products\":[{\"name\":\"L-ascorbic "
          "acid\",\"when\":\"after\",\"molar_mass_g_mol\":176.1,\"log_kow\":-1.85,"
          "\"concentration_mg_mL\":150,\"dose_uL_cm2\":10,\"duration_h\":8,\"occluded\":false}],\n");
  fprintf(f,
          "\"course\":{\"sessions\":6,\"interval_d\":14,\"follow_up_d\":180,\"session_times_d\":[0,14,28,42,"
          "56,70]},"
          "\"aftercare\":{\"sunscreen\":true,\"sun_avoidance_d\":7,\"moisturiser\":true},"
          "\"patch\":{\"width_mm\":3,\"height_mm\":3,\"resolution_um\":25}},\n");
  fprintf(f,
          "\"skin\":{\"stratum_corneum_um\":13.6,\"viable_epidermis_um\":62.5,\"papillary_dermis_um\":180,"
          "\"dermis_um\":870},\n");
  fprintf(
      f,
      "\"device\":{\"punctures\":1464,\"density_per_cm2\":2710.5,\"reach_um\":{\"mean\":905.2,\"sd\":122,"
      "\"min\":480,\"max\":1230},"
      "\"lumen_um\":{\"mean\":610,\"sd\":95,\"min\":200,\"max\":900},\"layer_fraction\":{\"papillary_"
      "dermis\":0.012,\"reticular_dermis\":0.668,"
      "\"subcutis\":0.32},\"covered_fraction\":0.064,\"overlap_fraction\":0.11,\"follicle_fraction\":0.031,"
      "\"force_N\":2.34,"
      "\"bleeding_per_cm2\":84,\"barrier_half_life_h\":22,\"structure_half_life_h\":41},\"pain_vas\":4.1,\n");
  fprintf(f,
          "\"products\":[{\"name\":\"L-ascorbic "
          "acid\",\"enhancement_ratio\":34.2,\"enhancement_interval\":[11,96],\"flux_peak_ug_cm2_h\":31.5,"
          "\"amount_ug_cm2\":{\"stratum_corneum\":4.2,\"viable_epidermis\":12.1,\"dermis\":39.2,\"blood\":21."
          "7},\"amount_time_h\":8,\"lag_h\":0.12,"
          "\"mass_balance\":3e-11,\"intact\":{\"flux_peak_ug_cm2_h\":0.42,\"amount_ug_cm2\":{\"stratum_"
          "corneum\":6.1,\"viable_epidermis\":0.31,"
          "\"dermis\":0.9,\"blood\":0.4},\"lag_h\":1.4,\"mass_balance\":2e-12}}],\n\"outcome\":{\n");
  fixture_outcome(f, "collagen_I", 1, 1.24, 0.995, "1", 3, true);
  fixture_outcome(f, "collagen_III", 1, 1.31, 0.995, "1", 3, true);
  fixture_outcome(f, "collagen_total", 1, 1.26, 0.995, "1", 3, true);
  fixture_outcome(f, "elastin", 0.93, 0.91, 0.927, "1", 3, true);
  fixture_outcome(f, "epidermal_thickness_um", 76, 84, 75.9, "um", 3, true);
  fixture_outcome(f, "tewl_g_m2_h", 8, 7.6, 8, "g/(m^2 h)", 3, true);
  fixture_outcome(f, "erythema_index", 240, 242, 240, "AU", 3, true);
  fixture_outcome(f, "melanin_index", 48, 49.5, 48.2, "AU", 3, true);
  fixture_outcome(f, "ra_um", 22, 18.4, 22.1, "um", 3, true);
  fixture_outcome(f, "scar_depth_um", 400, 262, 401, "um", 3, true);
  fixture_outcome(f, "scar_volume_mm3_cm2", 9.4, 6.1, 9.4, "mm^3/cm^2", 4, true);
  fixture_outcome(f, "goodman_baron", 3.1, 2.2, 3.1, "1", 3, false);
  fixture_outcome(f, "lab_L", 58, 58.6, 57.9, "1", 4, false);
  fixture_outcome(f, "neutrophil", 40, 41, 40, "cells/mm^3", 4, true);
  fprintf(f,
          "\"ecca\":{\"final\":40,\"responders\":0.07,\"responders_untreated\":0.02,\"responder\":\"at most "
          "half of the score before\"},"
          "\"glogau\":{\"final\":2.4,\"grades\":{\"2\":0.61,\"3\":0.39},\"grades_before\":{\"3\":1},"
          "\"responders\":0.61,\"responders_untreated\":0.18,\"responder\":\"at least one grade better\"},"
          "\"fibrin\":{\"final\":0.0001}},\n\"safety\":{\"downtime_d\":2.6,\"erythema_peak\":118,\"pih_"
          "risk\":0.11,\"infection_risk\":0.0002,\"warnings\":["
          "{\"severity\":\"caution\",\"key\":\"vitamin_c\",\"text\":\"Vitamin C serum on open channels: "
          "granulomas were reported <15 cases> & more.\",\"source\":\"Soltani2014\"},"
          "{\"severity\":\"note\",\"key\":\"pih\",\"text\":\"Phototype IV darkens more easily after "
          "inflammation.\",\"source\":\"Dogra2014\"}]},\n");
  fprintf(f,
          "\"calibration\":{\"extrapolated\":true},\"checks\":{\"mass_residual\":2.1e-9,\"positivity\":-1e-"
          "14,\"closure\":3e-7,\"stability_gain\":0.62},\n"
          "\"overrides\":[{\"key\":\"delta_T\",\"value\":8,\"default\":9.1,\"unit\":\"1/day\"}],"
          "\"assumptions\":[{\"key\":\"D_A\",\"value\":0.02,\"unit\":\"mm^2/day\",\"note\":\"chosen small: "
          "MMP acts near its source\"}],"
          "\"references\":{\"Lotfi2013\":\"Lotfi (2013). Percutaneous collagen induction & "
          "scars\",\"Dogra2014\":\"Dogra S; Yadav S (2014). Microneedling for acne scars\"},"
          "\"plan_text\":\"title: x\\ndevice:\\n  kind: "
          "pen\\n\",\"cost\":{\"wall_s\":91.2,\"cells\":1152000,\"steps\":3120,\"rejected\":41,\"peak_MB\":"
          "912}}\n");
  fclose(f);
}

/* A wave after each session: rises with time `rise`, falls with `fall`; height 1 for one session [d]. */
static double fixture_wave(double t, double rise, double fall) {
  double sum = 0;
  for (int s = 0; s < 6; s++) {
    const double u = t - 14 * s;
    const double peak = rise * fall / (fall - rise) * log(fall / rise);
    if (u > 0) sum += (exp(-u / fall) - exp(-u / rise)) / (exp(-peak / fall) - exp(-peak / rise));
  }
  return sum;
}

static double fixture_step(double t, double slow) {
  double sum = 0;
  for (int s = 0; s < 6; s++)
    if (t > 14 * s) sum += (1 - exp(-(t - 14 * s) / slow)) / 6;
  return sum;
}

static void fixture_timeline(const char *folder) {
  FILE *f = fixture_file(folder, "timeline.csv");
  fprintf(f,
          "time_d,inflammatory,mitogen,tgf_beta,vegf,neutrophil,macrophage_m1,macrophage_m2,fibroblast,"
          "myofibroblast,fibrin,"
          "collagen_I,collagen_III,collagen_total,elastin,vessel_density,epidermal_thickness_um,tewl_g_m2_h,"
          "erythema_index,"
          "melanin_index,ra_um,scar_depth_um,scar_volume_mm3_cm2,goodman_baron,lab_L,lab_a,lab_b,petechiae,"
          "tone_variance\n");
  for (int i = 0; i <= 500; i++) {
    const double t = i < 200 ? i * 0.07 : 14 + (i - 200) * 236.0 / 300;
    const double red = fixture_wave(t, 0.05, 1.4), change = fixture_step(t, 45);
    fprintf(f, "%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,", t, 0.8 * fixture_wave(t, 0.2, 1.1),
            0.5 * fixture_wave(t, 0.3, 2.4), 0.35 * fixture_wave(t, 1, 6), 0.2 * fixture_wave(t, 1.5, 4),
            40 + 2100 * fixture_wave(t, 0.7, 1.2), 20 + 900 * fixture_wave(t, 1.3, 2.4),
            60 + 700 * fixture_wave(t, 3, 5), 2100 + 900 * fixture_wave(t, 5, 12),
            10 + 120 * fixture_wave(t, 6, 9), 0.02 * fixture_wave(t, 0.02, 3));
    const double young = 1 + 0.04 * fixture_wave(t, 6, 40) + 0.2 * change;
    const double old = 1 - 0.03 * fixture_wave(t, 0.1, 8) + 0.24 * fixture_step(t, 70);
    fprintf(f, "%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g\n", old, young,
            0.85 * old + 0.15 * young, 0.93 - 0.02 * change, 0.9 + 0.2 * fixture_wave(t, 4, 14),
            76 + 8 * change, 8 + 22 * fixture_wave(t, 0.02, 0.9), 240 + 118 * red,
            48 + 6 * fixture_wave(t, 5, 25) - 2 * change, 22 - 3.6 * change, 400 - 138 * change,
            9.4 - 3.3 * change, 3.1 - 0.9 * change, 58 + 0.6 * change - 2.4 * red, 12 + 7 * red,
            19 - 0.6 * red, 84 * fixture_wave(t, 0.005, 2), 1.6 - 0.4 * change);
  }
  fclose(f);
}

static void fixture_punctures(const char *folder) {
  FILE *f = fixture_file(folder, "punctures.csv");
  fprintf(f, "session,pass,x_mm,y_mm,reach_um,lumen_depth_um,lumen_diameter_um,angle_deg,layer,bleeds\n");
  uint32_t state = 1;
  for (int i = 0; i < 488; i++) {
    double u[4];
    for (int k = 0; k < 4; k++)
      u[k] = (state = state * 1664525u + 1013904223u) / 4294967296.0;
    const double reach = 905 + 122 * (u[2] + u[3] + u[1] - 1.5) * 2;
    fprintf(f, "%d,%d,%.4f,%.4f,%.2f,%.2f,%.2f,%.2f,%s,%d\n", 1 + i / 244, 1 + i % 4, 3 * u[0], 3 * u[1],
            reach, 0.7 * reach, 50 + 30 * u[2], 2 * u[3],
            reach > 946   ? "subcutis"
            : reach > 256 ? "reticular_dermis"
                          : "papillary_dermis",
            u[3] < 0.03);
  }
  fclose(f);
}

static void fixture_absorption(const char *folder) {
  FILE *f = fixture_file(folder, "absorption.csv");
  fprintf(f,
          "product,time_h,flux_ug_cm2_h,q_cum_ug_cm2,stratum_corneum,viable_epidermis,dermis,blood,open_"
          "fraction,flux_ug_cm2_h_intact,q_cum_ug_cm2_intact\n");
  for (int i = 0; i <= 96; i++) {
    const double t = i * 0.25, open = exp(-t * log(2) / 22);
    const double flux = 31 * open * (1 - exp(-t / 0.3)) * exp(-t / 9),
                 intact = 0.42 * (1 - exp(-t / 2)) * exp(-t / 20);
    fprintf(f, "L-ascorbic acid,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g\n", t, flux, 150 * (1 - exp(-t / 6)),
            4.2 * t * exp(-t / 6), 12 * t / 3 * exp(-t / 5), 40 * t / 8 * exp(-t / 9),
            30 * (1 - exp(-t / 14)), open, intact, 4 * (1 - exp(-t / 9)));
  }
  fclose(f);
}

/* The files of a results folder but for fields.h5. */
/* A plain square in skin colour for each time. */
static const struct nw_skin_file fixture_skin[] = {
    {0, true, {0}}, {1.0 / 24, true, {0}}, {71, true, {0}}, {250, true, {0}}, {250, false, {0}}};

static void fixture_pictures(struct nw_context *context, const char *folder) {
  for (size_t i = 0; i < NW_COUNT(fixture_skin); i++) {
    struct nw_skin_file file = fixture_skin[i];
    struct nw_image image;
    nw_png_image_create(&image, 700, 700);
    for (long k = 0; k < 700 * 700; k++)
      nw_png_pixel(&image, k % 700, k / 700, (struct nw_colour){0.8, 0.6, 0.5});
    nw_png_encode(context, &image, &file.png);
    nw_skin_file_write(context, folder, &file);
    nw_png_image_free(&image);
    nw_text_clear(&file.png);
  }
}

static void fixture_write(struct nw_context *context, const char *folder, const char *title) {
  fixture_pictures(context, folder);
  fixture_summary(folder, title);
  fixture_timeline(folder);
  fixture_punctures(folder);
  fixture_absorption(folder);
}

/* Four channels across 3 mm, closing and filling with collagen. */
static bool fixture_sections(struct nw_sections *s) {
  static const double when[] = {-0.5, 0.04, 1, 3, 10, 70.1, 84, 250};
  enum { NX = 120, NY = 3, NZ = 60 };
  *s = (struct nw_sections){.n_times = NW_COUNT(when), .nx = NX, .ny = NY, .nz = NZ};
  s->time = nw_allocate(s->n_times, sizeof(double));
  s->x_edge = nw_allocate(NX + 1, sizeof(double));
  s->y_edge = nw_allocate(NY + 1, sizeof(double));
  s->z_edge = nw_allocate(NZ + 1, sizeof(double));
  s->coverage = nw_allocate(s->n_times * NY * NX, sizeof(float));
  s->melanin = nw_allocate(s->n_times * NY * NX, sizeof(float));
  static const enum nw_field kept[] = {
      NW_FIELD_inflammatory, NW_FIELD_neutrophil,     NW_FIELD_macrophage_m1,    NW_FIELD_macrophage_m2,
      NW_FIELD_fibroblast,   NW_FIELD_myofibroblast,  NW_FIELD_fibrin,           NW_FIELD_debris,
      NW_FIELD_collagen_III, NW_FIELD_collagen_I_new, NW_FIELD_collagen_I_mature};
  for (size_t k = 0; k < NW_COUNT(kept); k++)
    if (!(s->field[kept[k]] = nw_allocate(s->n_times * NZ * NX, sizeof(float)))) return false;
  if (!s->time || !s->x_edge || !s->y_edge || !s->z_edge || !s->coverage || !s->melanin) return false;
  for (int i = 0; i <= NX; i++)
    s->x_edge[i] = 3.0 * i / NX;
  for (int j = 0; j <= NY; j++)
    s->y_edge[j] = 1.0 * j;
  for (int k = 0; k <= NZ; k++)
    s->z_edge[k] = 1.5 * k / NZ * (0.5 + 0.5 * k / NZ);
  for (size_t t = 0; t < s->n_times; t++) {
    s->time[t] = when[t];
    const double u = when[t], first = u > 0, fill = exp(-fmax(u, 0) / 4), late = fmin(fmax(u, 0) / 250, 1);
    for (int i = 0; i < NX; i++) {
      const double x = (s->x_edge[i] + s->x_edge[i + 1]) / 2;
      double hole = 0, halo = 0;
      for (int h = 0; h < 4; h++) {
        const double off = x - 0.35 - 0.72 * h - 0.06 * (h % 2);
        hole = fmax(hole, exp(-off * off / (0.035 * 0.035)));
        halo = fmax(halo, exp(-off * off / (0.2 * 0.2)));
      }
      for (int j = 0; j < NY; j++) {
        s->coverage[(t * NY + j) * NX + i] = (float)(1 - first * hole * (u < 0.9));
        s->melanin[(t * NY + j) * NX + i] = 1;
      }
      for (int k = 0; k < NZ; k++) {
        const double z = (s->z_edge[k] + s->z_edge[k + 1]) / 2, deep = 1 / (1 + exp((z - 0.8) / 0.04));
        const double cut = first * hole * deep, near = first * halo / (1 + exp((z - 0.9) / 0.1));
        const size_t at = (t * NZ + k) * NX + i;
        s->field[NW_FIELD_fibrin][at] = (float)(0.9 * cut * fill);
        s->field[NW_FIELD_debris][at] = (float)(0.1 * near * fill);
        s->field[NW_FIELD_inflammatory][at] = (float)(1.2 * near * exp(-fabs(u - 1) / 2));
        s->field[NW_FIELD_neutrophil][at] = (float)(40 + 30000 * near * exp(-(u - 1) * (u - 1)));
        s->field[NW_FIELD_macrophage_m1][at] = (float)(20 + 16000 * near * exp(-(u - 3) * (u - 3) / 4));
        s->field[NW_FIELD_macrophage_m2][at] = (float)(60 + 9000 * near * exp(-(u - 8) * (u - 8) / 30));
        s->field[NW_FIELD_fibroblast][at] = (float)(2000 + 14000 * near * exp(-(u - 11) * (u - 11) / 60));
        s->field[NW_FIELD_myofibroblast][at] = (float)(10 + 1800 * near * exp(-(u - 11) * (u - 11) / 60));
        s->field[NW_FIELD_collagen_I_mature][at] = (float)(0.85 * (1 - cut * (1 - late)) * (1 + 0.15 * late));
        s->field[NW_FIELD_collagen_I_new][at] =
            (float)(0.35 * near * exp(-(u - 40) * (u - 40) / 900) + 0.1 * late * near);
        s->field[NW_FIELD_collagen_III][at] =
            (float)(0.15 + 0.4 * near * exp(-(u - 12) * (u - 12) / 200) + 0.08 * late);
      }
    }
  }
  return true;
}
