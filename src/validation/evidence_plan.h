/* SPDX-License-Identifier: BSD-3-Clause
   From a line of the evidence to the plan of its study: the file of data/studies/ where the study has one,
   else words of the line sorted by the table model/evidence_plans.def. */
#pragma once
#include "published.h"

/* Whether a line can be held against the model at all, and why not. */
enum nw_evidence_use {
  NW_USE_SCORED,
  NW_USE_UNMAPPED,   /* its outcome is nothing that the model reads */
  NW_USE_NOT_HUMAN,  /* animal, skin model, cells */
  NW_USE_DEVICE,     /* not needles alone: heat, light, acid, injection, none */
  NW_USE_UNKNOWN,    /* no device that is known here, or none told */
  NW_USE_ADJUNCT,    /* something else was given as well */
  NW_USE_UNREAD,     /* a number that cannot be held against a reading: published.problem */
  NW_USE_WORDS,      /* told in words only: no number */
  NW_USE_NO_READING, /* the plan gives no such reading */
  NW_USE_COUNT
};
/* "scored", "outcome not modelled" ... */
const char *nw_evidence_use_name(enum nw_evidence_use use);
enum nw_evidence_use nw_evidence_use(const struct nw_evidence *row, const struct nw_evidence_mapping *mapping,
                                     const struct nw_published *published);

/* The group of people behind a line: lines of one cohort count once together. Caller clears *name. */
void nw_evidence_cohort(const struct nw_evidence *row, struct nw_text *name);

/* Text of the plan, YAML, without times to read; *name for messages ("data/studies/lotfi_2013.yaml", "plan of
   E012"). Lines of one study that need the same plan get the same text. Caller clears both. */
void nw_evidence_plan(const struct nw_evidence *row, const struct nw_evidence_mapping *mapping,
                      const struct nw_params *p, struct nw_text *name, struct nw_text *text);
