/* SPDX-License-Identifier: BSD-3-Clause
   fields.xdmf. */
#include "xdmf.h"

#include <string.h>

#include "base/number.h"
#include "sections.h"

static void append_escaped(struct nw_text *text, const char *string) {
  for (const char *p = string ? string : ""; *p; p++) {
    switch (*p) {
      case '<':
        nw_text_append(text, "&lt;");
        break;
      case '>':
        nw_text_append(text, "&gt;");
        break;
      case '&':
        nw_text_append(text, "&amp;");
        break;
      case '"':
        nw_text_append(text, "&quot;");
        break;
      default:
        nw_text_append_bytes(text, (unsigned char)*p < 32 ? " " : p, 1);
    }
  }
}

static void append_edges(struct nw_text *text, const char *name, size_t cells) {
  nw_text_append(text,
                 "        <DataItem Dimensions=\"%zu\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">"
                 "fields.h5:/%s</DataItem>\n",
                 cells + 1, name);
}

static void append_field(struct nw_text *text, const struct nw_field_log *log, size_t step, const char *key) {
  nw_text_append(
      text,
      "      <Attribute Name=\"%s\" AttributeType=\"Scalar\" Center=\"Cell\">\n"
      "        <DataItem Dimensions=\"%zu %zu %zu\" NumberType=\"Float\" Precision=\"4\" Format=\"HDF\">"
      "fields.h5:/steps/%06zu/%s</DataItem>\n"
      "      </Attribute>\n",
      key, log->nz, log->ny, log->nx, step, key);
}

static void append_step(struct nw_text *text, const struct nw_field_log *log, size_t step) {
  char time[NW_NUMBER_SIZE];
  nw_number_write(time, log->time[step]);
  nw_text_append(text,
                 "    <Grid Name=\"tissue\" GridType=\"Uniform\">\n"
                 "      <Time Value=\"%s\"/>\n"
                 "      <Topology TopologyType=\"3DRectMesh\" Dimensions=\"%zu %zu %zu\"/>\n"
                 "      <Geometry GeometryType=\"VXVYVZ\">\n",
                 time, log->nz + 1, log->ny + 1, log->nx + 1);
  append_edges(text, "x_edge", log->nx);
  append_edges(text, "y_edge", log->ny);
  append_edges(text, "z_edge", log->nz);
  nw_text_append(text, "      </Geometry>\n");
  for (int f = 0; f < NW_FIELD_COUNT; f++)
    if (log->mask >> f & 1) append_field(text, log, step, nw_field_row((enum nw_field)f)->key);
  nw_text_append(text, "    </Grid>\n");
}

/* Maps of the surface: a second sequence of grids, flat ones. */
static void append_surface(struct nw_text *text, const struct nw_field_log *log) {
  nw_text_append(text, "  <Grid Name=\"surface\" GridType=\"Collection\" CollectionType=\"Temporal\">\n");
  for (size_t step = 0; step < log->n_steps; step++) {
    char time[NW_NUMBER_SIZE];
    nw_number_write(time, log->time[step]);
    nw_text_append(text,
                   "    <Grid Name=\"skin\" GridType=\"Uniform\">\n"
                   "      <Time Value=\"%s\"/>\n"
                   "      <Topology TopologyType=\"2DRectMesh\" Dimensions=\"%zu %zu\"/>\n"
                   "      <Geometry GeometryType=\"VXVY\">\n",
                   time, log->ny + 1, log->nx + 1);
    append_edges(text, "x_edge", log->nx);
    append_edges(text, "y_edge", log->ny);
    nw_text_append(text,
                   "      </Geometry>\n"
                   "      <Attribute Name=\"melanin\" AttributeType=\"Scalar\" Center=\"Cell\">\n"
                   "        <DataItem Dimensions=\"%zu %zu\" NumberType=\"Float\" Precision=\"4\" "
                   "Format=\"HDF\">fields.h5:/steps/%06zu/melanin</DataItem>\n"
                   "      </Attribute>\n    </Grid>\n",
                   log->ny, log->nx, step);
  }
  nw_text_append(text, "  </Grid>\n");
}

void nw_xdmf_append(struct nw_text *text, const struct nw_field_log *log, const char *title) {
  nw_text_append(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Xdmf Version=\"3.0\">\n <Domain>\n");
  nw_text_append(text, "  <Information Name=\"title\" Value=\"");
  append_escaped(text, title);
  nw_text_append(
      text, "\"/>\n  <Information Name=\"units\" Value=\"lengths in mm, time in days, z downwards\"/>\n");
  if (log->mask) {
    nw_text_append(text, "  <Grid Name=\"fields\" GridType=\"Collection\" CollectionType=\"Temporal\">\n");
    for (size_t step = 0; step < log->n_steps; step++)
      append_step(text, log, step);
    nw_text_append(text, "  </Grid>\n");
  }
  if (log->melanin) append_surface(text, log);
  nw_text_append(text, " </Domain>\n</Xdmf>\n");
}
