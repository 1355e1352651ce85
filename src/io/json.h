/* SPDX-License-Identifier: BSD-3-Clause
   JSON written in the order of the calls, with numbers as the shortest text that reads back the same.
   A number that is not finite is never written: its key is left out. */
#pragma once
#include "base/base.h"

struct nw_json {
  struct nw_text *text; /* borrowed */
  int depth;
  bool open; /* nothing written yet inside the innermost object or list */
};

/* `key` is NULL for the document and for items of a list. */
void nw_json_object(struct nw_json *json, const char *key);
void nw_json_list(struct nw_json *json, const char *key);
void nw_json_end_object(struct nw_json *json);
void nw_json_end_list(struct nw_json *json);
/* NULL text: the key is left out. Broken UTF-8 is written as U+FFFD. */
void nw_json_text(struct nw_json *json, const char *key, const char *text);
void nw_json_text_bytes(struct nw_json *json, const char *key, const char *text, size_t length);
void nw_json_number(struct nw_json *json, const char *key, double number);
void nw_json_number_or_null(struct nw_json *json, const char *key, double number);
/* Beyond 2^53 as text, for readers that know doubles only. */
void nw_json_count(struct nw_json *json, const char *key, uint64_t count);
void nw_json_bool(struct nw_json *json, const char *key, bool value);
/* [low, high] when both are finite, else nothing. */
void nw_json_interval(struct nw_json *json, const char *key, double low, double high);
