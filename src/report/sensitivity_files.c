/* SPDX-License-Identifier: BSD-3-Clause
   A sensitivity study as JSON, as CSV, and as a table for the terminal. */
#include "sensitivity_files.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "io/json.h"
#include "io/results.h"

/* Place among the leading inputs, n_leading when it is none. */
static size_t place_of(const struct nw_sensitivity *s, size_t input) {
  size_t place = 0;
  while (place < s->n_leading && s->leading[place] != input)
    place++;
  return place;
}

static const struct nw_sobol_index *index_of(const struct nw_sensitivity *s,
                                             const struct nw_sobol_index *index, size_t input,
                                             size_t output) {
  const size_t place = place_of(s, input);
  return place < s->n_leading ? &index[output * s->n_leading + place] : NULL;
}

/* ---- JSON ---- */

static void write_inputs(struct nw_json *json, const struct nw_sensitivity *s) {
  nw_json_list(json, "leading");
  for (size_t i = 0; i < s->n_leading; i++) {
    const struct nw_param_row *row = s->input[s->leading[i]].row;
    nw_json_object(json, NULL);
    nw_json_text(json, "parameter", row->key);
    nw_json_text(json, "section", row->section);
    nw_json_number(json, "value", nw_param_get(&s->c->params, row));
    nw_json_number(json, "low", row->low);
    nw_json_number(json, "high", row->high);
    nw_json_text(json, "unit", row->unit);
    nw_json_text(json, "kind", nw_param_kind_name(row->kind));
    nw_json_number(json, "score", s->score[s->leading[i]]);
    nw_json_text(json, "note", row->note);
    nw_json_end_object(json);
  }
  nw_json_end_list(json);
}

static void write_effect(struct nw_json *json, const struct nw_sensitivity *s, size_t input, size_t output) {
  const struct nw_effect *e = nw_sensitivity_effect(s, input, output);
  if (!(e->size > 0)) return;
  nw_json_object(json, NULL);
  nw_json_text(json, "parameter", s->input[input].row->key);
  nw_json_number(json, "mu", e->mean);
  nw_json_number(json, "mu_star", e->size);
  nw_json_number(json, "sigma", e->spread);
  nw_json_count(json, "count", e->count);
  nw_json_end_object(json);
}

static void write_index(struct nw_json *json, const struct nw_sensitivity *s, size_t place, size_t output) {
  const struct nw_sobol_index *first = &s->first[output * s->n_leading + place],
                              *total = &s->total[output * s->n_leading + place];
  nw_json_object(json, NULL);
  nw_json_text(json, "parameter", s->input[s->leading[place]].row->key);
  nw_json_number_or_null(json, "first", first->value);
  nw_json_interval(json, "first_interval", first->low, first->high);
  nw_json_number_or_null(json, "total", total->value);
  nw_json_interval(json, "total_interval", total->low, total->high);
  nw_json_end_object(json);
}

static void write_output(struct nw_json *json, const struct nw_sensitivity *s, size_t k) {
  const struct nw_sensitivity_output *output = &s->output[k];
  nw_json_object(json, output->key);
  nw_json_text(json, "reading", output->outcome < 0 ? "value" : output->percent ? "change_pct" : "change");
  nw_json_text(json, "unit", output->unit);
  nw_json_number(json, "nominal", output->nominal);
  nw_json_number_or_null(json, "mean", s->about[k].mean);
  nw_json_number_or_null(json, "sd", sqrt(s->about[k].variance));
  nw_json_count(json, "rows", s->about[k].rows);
  nw_json_list(json, "screening");
  for (size_t i = 0; i < s->n_inputs; i++)
    write_effect(json, s, i, k);
  nw_json_end_list(json);
  nw_json_list(json, "indices");
  for (size_t i = 0; i < s->n_leading; i++)
    write_index(json, s, i, k);
  nw_json_end_list(json);
  nw_json_end_object(json);
}

void nw_sensitivity_json(const struct nw_sensitivity *s, struct nw_text *out) {
  struct nw_json json = {.text = out};
  nw_json_object(&json, NULL);
  nw_json_text(&json, "version", nw_version());
  nw_json_text(&json, "plan", s->c->plan_path);
  nw_json_text(&json, "title", s->c->title);
  nw_results_identity_write(&json, s->identity);
  nw_json_count(&json, "seed", s->c->patch.seed);
  nw_json_count(&json, "parameters", s->n_inputs);
  nw_json_count(&json, "rounds", s->rounds);
  nw_json_count(&json, "rows", s->rows);
  nw_json_count(&json, "runs", s->runs);
  nw_json_count(&json, "failed", s->failed);
  write_inputs(&json, s);
  nw_json_object(&json, "outcome");
  for (size_t k = 0; k < s->n_outputs; k++)
    write_output(&json, s, k);
  nw_json_end_object(&json);
  nw_json_end_object(&json);
}

/* ---- CSV ---- */

static void csv_number(struct nw_text *out, double value) {
  nw_text_append(out, isfinite(value) ? ",%.9g" : ",", value);
}

static void csv_index(struct nw_text *out, const struct nw_sobol_index *index) {
  csv_number(out, index ? index->value : NAN);
  csv_number(out, index ? index->low : NAN);
  csv_number(out, index ? index->high : NAN);
}

void nw_sensitivity_csv(const struct nw_sensitivity *s, struct nw_text *out) {
  nw_text_append(out,
                 "outcome,parameter,mu,mu_star,sigma,count,first,first_low,first_high,total,total_low,"
                 "total_high\n");
  for (size_t k = 0; k < s->n_outputs; k++) {
    for (size_t i = 0; i < s->n_inputs; i++) {
      const struct nw_effect *e = nw_sensitivity_effect(s, i, k);
      if (!(e->size > 0) && place_of(s, i) == s->n_leading) continue;
      nw_text_append(out, "%s,%s", s->output[k].key, s->input[i].row->key);
      csv_number(out, e->mean);
      csv_number(out, e->size);
      csv_number(out, e->spread);
      nw_text_append(out, ",%zu", e->count);
      csv_index(out, index_of(s, s->first, i, k));
      csv_index(out, index_of(s, s->total, i, k));
      nw_text_append(out, "\n");
    }
  }
}

/* ---- on a terminal ---- */

enum { STRONGEST = 5 };

/* The input with the largest effect on an output below `than`. */
static size_t next_strongest(const struct nw_sensitivity *s, size_t output, double than) {
  size_t best = s->n_inputs;
  for (size_t i = 0; i < s->n_inputs; i++) {
    const double size = nw_sensitivity_effect(s, i, output)->size;
    if (size > 0 && size < than &&
        (best == s->n_inputs || size > nw_sensitivity_effect(s, best, output)->size))
      best = i;
  }
  return best;
}

static void text_line(const struct nw_sensitivity *s, size_t input, size_t output, struct nw_text *out) {
  const struct nw_effect *e = nw_sensitivity_effect(s, input, output);
  const struct nw_sobol_index *first = index_of(s, s->first, input, output),
                              *total = index_of(s, s->total, input, output);
  nw_text_append(out, "    %-20s %10.3g %10.3g", s->input[input].row->key, e->size, e->spread);
  if (first && isfinite(first->value))
    nw_text_append(out, "   %5.2f [%5.2f, %5.2f]   %5.2f [%5.2f, %5.2f]", first->value, first->low,
                   first->high, total->value, total->low, total->high);
  nw_text_append(out, "\n");
}

void nw_sensitivity_text(const struct nw_sensitivity *s, struct nw_text *out) {
  nw_text_append(
      out,
      "%zu parameters over the whole of their ranges, %zu runs (%zu failed). mu*, sigma: mean size and "
      "spread\nof the effect of a move through the range; first, total: shares of the variance that %zu "
      "leading parameters make.\n",
      s->n_inputs, s->runs, s->failed, s->n_leading);
  for (size_t k = 0; k < s->n_outputs; k++) {
    double than = INFINITY;
    nw_text_append(out, "  %s, %s: %.4g\n    %-20s %10s %10s   %-20s   %-20s\n", s->output[k].key,
                   s->output[k].unit, s->output[k].nominal, "parameter", "mu*", "sigma", "first", "total");
    for (size_t i = 0; i < STRONGEST; i++) {
      const size_t input = next_strongest(s, k, than);
      if (input == s->n_inputs) break;
      than = nw_sensitivity_effect(s, input, k)->size;
      text_line(s, input, k, out);
    }
  }
}
