/* SPDX-License-Identifier: BSD-3-Clause
   Inside of a plan: a flat list of values by dotted path, each with its place. Readers of a file format
   put values in; the case takes them out. */
#pragma once
#include "keys.h"
#include "plan.h"

enum nw_shape { NW_SHAPE_NOTHING, NW_SHAPE_SCALAR, NW_SHAPE_LIST, NW_SHAPE_MAP };

struct nw_place {
  int line, column; /* 1-based; 0: from the command line */
};

struct nw_plan_value {
  char *path; /* owned: "products.0.dose"; sections and list items stand here too */
  char *text; /* owned: of a scalar, else NULL */
  enum nw_shape shape;
  const struct nw_key *key; /* borrowed; NULL for sections, items of a list and model parameters */
  size_t count;             /* items of a list */
  struct nw_place place;
};

struct nw_plan {
  char *name; /* owned: path of the file, or what stands for it in messages */
  char *text; /* owned: the file as read, terminated */
  struct nw_plan_value *values;
  size_t n_values, capacity; /* owned */
  bool broken;               /* keys were refused: what is missing may only be misspelt */
  bool no_memory;            /* a value could not be kept */
};

/* Longest list of a plan; longer ones are a mistake or an attack. */
enum { NW_PLAN_LIST_MAX = 1000, NW_PLAN_ITEMS_MAX = 64, NW_PLAN_MISTAKES_MAX = 100 };

/* An empty plan; NULL when out of memory. `text` of `length` bytes is copied. */
struct nw_plan *nw_plan_create(const char *name, const char *text, size_t length);
/* Takes the node `name` under `parent` ("" at the top; "0", "1" ... in a list). Reports unknown and
   duplicate keys and wrong shapes. True when a list or map is wanted here, so that the reader goes on
   with what is inside; false: skip it. `text` (scalars only) has `length` bytes. */
bool nw_plan_put(struct nw_context *context, struct nw_plan *plan, const char *parent, const char *name,
                 enum nw_shape shape, const char *text, size_t length, struct nw_place place);
/* Whether a plan may hold `name` under `parent`. */
bool nw_plan_knows(const char *parent, const char *name);
/* If keys were refused, reports what else is wrong, so that all
   mistakes come at once. NW_BAD_PLAN when anything was refused. */
enum nw_status nw_plan_finish(struct nw_context *context, struct nw_plan *plan);
/* NULL when the path is not in the plan. */
const struct nw_plan_value *nw_plan_find(const struct nw_plan *plan, const char *path);
/* Number of items under a list's path; 0 when absent. */
size_t nw_plan_list_length(const struct nw_plan *plan, const char *path);
/* Removes a path and all below it. */
void nw_plan_remove(struct nw_plan *plan, const char *path);
/* Removes one value by its index. */
void nw_plan_remove_at(struct nw_plan *plan, size_t index);
/* Puts the messages from `first` on into the order of the file; those without a place come last. */
void nw_plan_sort_messages(struct nw_context *context, size_t first);
/* Reports something about `path`: at its own place, or at that of the nearest thing around it. */
void nw_plan_report(struct nw_context *context, const struct nw_plan *plan, enum nw_severity severity,
                    const char *path, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Reports at a place of the file, or at "--set" where the place has no line. */
void nw_plan_report_at(struct nw_context *context, const struct nw_plan *plan, enum nw_severity severity,
                       struct nw_place place, const char *path, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
