/* SPDX-License-Identifier: BSD-3-Clause
   Inside of nw_case_create: how values come out of a plan, and the parts that compile it. */
#pragma once
#include "case.h"
#include "plan_values.h"

/* One compilation. Readers report what is wrong with a value and go on; `section` is the dotted path
   of a section or of an item ("products.0"). */
struct nw_compile {
  struct nw_context *context;
  const struct nw_plan *plan; /* borrowed */
  struct nw_case *c;          /* being filled */
  bool *bad;                  /* owned: (n_values of the plan) values that were refused */
  size_t errors;
  bool no_memory;
};

/* Whether the plan gives this key and its value was accepted so far. */
bool nw_compile_given(const struct nw_compile *k, const char *section, const char *name);
/* Whether the plan names the key at all, valid or not. */
bool nw_compile_named(const struct nw_compile *k, const char *section, const char *name);
/* Whether the plan names the key with a value that was refused: what is held instead says nothing. */
bool nw_compile_refused(const struct nw_compile *k, const char *section, const char *name);
/* Reports an error about section.name (`name` nullable) at its place. */
void nw_compile_error(struct nw_compile *k, const char *section, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void nw_compile_warning(struct nw_compile *k, const char *section, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Readers: true when the plan gave the key and it was fine. Else *value becomes the fallback of the key
   table, or stays as it was where the table has none. */
bool nw_read_quantity(struct nw_compile *k, const char *section, const char *name, double *si);
bool nw_read_count(struct nw_compile *k, const char *section, const char *name, uint64_t *value);
bool nw_read_int(struct nw_compile *k, const char *section, const char *name, int *value);
bool nw_read_flag(struct nw_compile *k, const char *section, const char *name, bool *value);
/* Index in the key's list of words. */
bool nw_read_choice(struct nw_compile *k, const char *section, const char *name, int *index);
/* A word (then *index >= 0) or a quantity (then *index is -1 and *si is set). */
bool nw_read_mixed(struct nw_compile *k, const char *section, const char *name, int *index, double *si);
/* Replaces an owned string; the fallback is copied too. */
bool nw_read_text(struct nw_compile *k, const char *section, const char *name, char **text);
/* Path of a file that must exist: from the plan's folder, or from here when given by --set. */
bool nw_read_file(struct nw_compile *k, const char *section, const char *name, char **path);
/* Bits by index of the key's words. */
bool nw_read_choices(struct nw_compile *k, const char *section, const char *name, uint64_t *bits);
/* A list of quantities; *values is owned by the caller. */
bool nw_read_quantities(struct nw_compile *k, const char *section, const char *name, double **values,
                        size_t *count);

/* The parts, each with its own checks. */
void nw_compile_device(struct nw_compile *k);
void nw_compile_products(struct nw_compile *k);
void nw_compile_model(struct nw_compile *k);
/* Combinations of keys of different sections that cannot be. */
void nw_compile_check(struct nw_compile *k);
