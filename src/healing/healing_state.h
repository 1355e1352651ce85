/* SPDX-License-Identifier: BSD-3-Clause
   What the parts of the healing stage share: its state, and the part that each of them plays. */
#pragma once
#include "course.h"
#include "dosing.h"
#include "healing.h"
#include "surface/surface.h"
#include "tissue.h"

/* Where the course stands; with the fields and histories, all that a checkpoint needs. */
struct nw_healing_progress {
  double time; /* [d] */
  size_t next_session, next_output;
  size_t n_tissue, n_pictures; /* sizes of the histories */
  struct nw_stepper_state stepper;
};

struct nw_healing_state {
  enum nw_fidelity fidelity;
  bool single_precision;
  struct nw_course_calendar calendar;
  struct nw_tissue *tissue;   /* owned */
  struct nw_surface *surface; /* owned */
  struct nw_dosing *dosing;   /* owned; NULL when no product acts */
  struct nw_healing_progress progress;
  double aged;          /* the age of the course that the network has [d] */
  double junction;      /* depth of the dermal-epidermal junction [mm] */
  double *core, *rim;   /* injury maps (nz, ny, nx) [1] owned */
  double *hole;         /* what of the core is vaporised (nz, ny, nx) [1] owned; NULL when no beam ablates */
  double *mouth, *leak; /* (ny, nx) share that mouths of a session cover [1]; loss of signals through them
                           [mm/d]; owned */
  double *plasma;       /* plasma that enters each layer in a step, then scratch, (nz) each, owned */
  double *signal[4];    /* junction values of I, P, E [unit of fields.def] and collagen of the papillary zone
                           over rest [1]; (ny, nx) each, owned */
};

/* healing_record.c: appends what is read at an output time to the histories of the run and hands fields to
   the sink, whose status it may return. */
enum nw_status nw_healing_record(struct nw_context *context, struct nw_run *run,
                                 struct nw_healing_state *state, const struct nw_healing_sink *sink);
/* An empty section of the sizes of the store. false: no memory, what there is belongs to the store. */
bool nw_healing_section_create(const struct nw_picture_store *store, struct nw_section *section);
/* healing_session.c: the injuries of the next session, laid onto tissue and surface. */
enum nw_status nw_healing_session(struct nw_context *context, const struct nw_run *run,
                                  struct nw_healing_state *state);
/* Checks and cost of the run so far. */
void nw_healing_note(struct nw_run *run, const struct nw_healing_state *state);
