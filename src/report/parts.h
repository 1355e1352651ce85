/* SPDX-License-Identifier: BSD-3-Clause
   The parts of the report, in the order of the line. A part whose results are absent writes nothing. */
#pragma once
#include "page.h"
#include "picture/palette.h"

/* Pieces of the style sheet; ends with NULL. */
extern const char *const nw_style_sheet[];

/* Outcomes that matter most for the concerns of the case, filled up with general ones to `least`; returns
   how many were written to `list`. */
size_t nw_part_goals(const struct nw_page *page, size_t least, const struct nw_page_outcome **list,
                     size_t most);
/* A permeation experiment: nobody has downtime or pain. */
bool nw_part_in_vitro(const struct nw_page *page);
/* More punctures per area than the biology was ever calibrated on. */
bool nw_part_extrapolated(const struct nw_page *page);
/* A strip of the colours of a map between its ends, and words behind it. */
void nw_part_colour_strip(struct nw_page *page, enum nw_palette_map map, double low, double high,
                          const char *text);
/* Evidence grade as five dots and words. */
void nw_part_grade(struct nw_page *page, int grade);

/* Title, sentence, pictures, key numbers, warnings. */
enum nw_status nw_part_head(struct nw_page *page);
void nw_part_case(struct nw_page *page); /* what was done */
void nw_part_punctures(struct nw_page *page);
void nw_part_limits(
    struct nw_page *page); /* inside the part on punctures: closure, and what limits the device */
enum nw_status nw_part_absorption(struct nw_page *page); /* may run out of memory, for maps */
/* Inside it: where on the patch product i lies, computed in three dimensions. */
enum nw_status nw_part_absorption_map(struct nw_page *page, size_t i);
void nw_part_healing(struct nw_page *page);
/* Draws sections where the plan wants pictures; those before and at the end also go as PNG files into
   page->folder. NW_IO, NW_MEMORY. */
enum nw_status nw_part_tissue(struct nw_page *page);
enum nw_status nw_part_skin(struct nw_page *page);
enum nw_status nw_part_skin_first(struct nw_page *page); /* in the head: before, a day after, the end */
void nw_part_outcome(struct nw_page *page);
void nw_part_raters(struct nw_page *page); /* inside the part on outcomes */
void nw_part_safety(struct nw_page *page);
void nw_part_sources(struct nw_page *page);
