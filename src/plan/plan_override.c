/* SPDX-License-Identifier: BSD-3-Clause
   `--set key=value`: what the command line says over what the file says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_values.h"
#include "base/utf8.h"

enum { LONGEST_PATH = 128 };

static const struct nw_place command_line = {0, 0};

struct span {
  const char *text;
  size_t length;
};

static struct span trim(struct span s) {
  while (s.length && (*s.text == ' ' || *s.text == '\t'))
    s.text++, s.length--;
  while (s.length && (s.text[s.length - 1] == ' ' || s.text[s.length - 1] == '\t'))
    s.length--;
  return s;
}

static struct span unwrap(struct span s, char open, char close) {
  const bool wrapped = s.length >= 2 && s.text[0] == open && s.text[s.length - 1] == close;
  return wrapped ? (struct span){s.text + 1, s.length - 2} : s;
}

static struct span unquote(struct span s) {
  return unwrap(unwrap(trim(s), '"', '"'), '\'', '\'');
}

static bool is_nothing(struct span s) {
  return s.length == 0 || (s.length == 1 && *s.text == '~') || (s.length == 4 && !memcmp(s.text, "null", 4));
}

/* Makes sure that the lists and sections around `path` exist: "products.0.dose" may begin a product,
   but only the next one. */
static enum nw_status open_parents(struct nw_context *context, struct nw_plan *plan, const char *path) {
  char parent[LONGEST_PATH] = "", name[LONGEST_PATH];
  for (const char *at = path;;) {
    const char *dot = strchr(at, '.');
    if (!dot) return NW_OK;
    snprintf(name, sizeof name, "%.*s", (int)(dot - at), at);
    char around[LONGEST_PATH];
    snprintf(around, sizeof around, "%.*s", (int)(dot - path), path);
    const struct nw_plan_value *value = nw_plan_find(plan, around);
    const struct nw_key_section *section = nw_key_section_find(around, strlen(around));
    const enum nw_shape shape = section && section->shape == NW_SECTION_LIST ? NW_SHAPE_LIST : NW_SHAPE_MAP;
    const bool index = *name && strspn(name, "0123456789") == strlen(name);
    if (index && !value && strtoul(name, NULL, 10) != nw_plan_list_length(plan, parent)) {
      nw_plan_report_at(context, plan, NW_ERROR, command_line, path,
                        "there is no item %s; %s has %zu, counted from 0", name, parent,
                        nw_plan_list_length(plan, parent));
      return NW_BAD_PLAN;
    }
    if (value && value->shape == NW_SHAPE_NOTHING) nw_plan_remove(plan, around), value = NULL;
    if (!value && !nw_plan_put(context, plan, parent, name, shape, NULL, 0, command_line)) return NW_BAD_PLAN;
    snprintf(parent, sizeof parent, "%s", around);
    at = dot + 1;
  }
}

static void put_items(struct nw_context *context, struct nw_plan *plan, const char *path, struct span list) {
  list = trim(unwrap(list, '[', ']'));
  for (size_t i = 0; list.length > 0; i++) {
    const char *comma = memchr(list.text, ',', list.length);
    const size_t length = comma ? (size_t)(comma - list.text) : list.length;
    const struct span item = unquote((struct span){list.text, length});
    char name[24];
    snprintf(name, sizeof name, "%zu", i);
    nw_plan_put(context, plan, path, name, NW_SHAPE_SCALAR, item.text, item.length, command_line);
    const size_t step = length + (comma != NULL);
    list = (struct span){list.text + step, list.length - step};
  }
}

static enum nw_status put_value(struct nw_context *context, struct nw_plan *plan, const char *path,
                                struct span value) {
  char parent[LONGEST_PATH] = "";
  const char *dot = strrchr(path, '.');
  if (dot) snprintf(parent, sizeof parent, "%.*s", (int)(dot - path), path);
  const char *name = dot ? dot + 1 : path;
  const struct nw_key_section *section = nw_key_section_find(path, strlen(path));
  const struct nw_key *key = dot ? NULL : nw_key_find("", 0, path);
  if (dot && !key) key = nw_key_find(parent, strlen(parent), name);
  const bool list = key && (key->type == NW_KEY_CHOICES || key->type == NW_KEY_QUANTITIES);
  const bool empty = is_nothing(value) || (value.length == 2 && !memcmp(value.text, "[]", 2));
  if (section && !empty) {
    nw_plan_report_at(context, plan, NW_ERROR, command_line, path,
                      "is a section: set one of its keys, or '~' in quotes to leave it out");
    return NW_BAD_PLAN;
  }
  nw_plan_remove(plan, path);
  if (section) return NW_OK;
  const size_t before = nw_error_count(context);
  if (list && !empty) {
    nw_plan_put(context, plan, parent, name, NW_SHAPE_LIST, NULL, 0, command_line);
    put_items(context, plan, path, value);
  } else {
    const struct span text = unquote(value);
    nw_plan_put(context, plan, parent, name, empty ? NW_SHAPE_NOTHING : NW_SHAPE_SCALAR, text.text,
                text.length, command_line);
  }
  return nw_error_count(context) > before ? NW_BAD_PLAN : NW_OK;
}

/* Drops what is said of the device but what belongs to the session: of the file only, or of the command
   line too. */
static void forget_device(struct nw_plan *plan, bool command_line_too) {
  static const char *const kept[] = {"device.kind", "device.anaesthetic", "device.sterile"};
  for (size_t i = 0; i < plan->n_values;) {
    const struct nw_plan_value *value = &plan->values[i];
    bool forget =
        !strncmp(value->path, "device.", strlen("device.")) && (command_line_too || value->place.line > 0);
    for (size_t j = 0; j < NW_COUNT(kept); j++)
      forget &= strcmp(value->path, kept[j]) != 0;
    if (!forget)
      i++;
    else
      nw_plan_remove_at(plan, i);
  }
}

/* Another kind is another device: what the file says of the old one must not pass to the new one. */
static bool is_another_kind(const struct nw_plan *plan, struct span kind) {
  const struct nw_plan_value *before = nw_plan_find(plan, "device.kind");
  return !before || !before->text || strlen(before->text) != kind.length ||
         memcmp(before->text, kind.text, kind.length) != 0;
}

enum nw_status nw_plan_exchange_device(struct nw_context *context, struct nw_plan *plan, const char *kind) {
  forget_device(plan, true);
  const enum nw_status status = put_value(context, plan, "device.kind", (struct span){kind, strlen(kind)});
  return plan->no_memory ? NW_MEMORY : status;
}

static bool is_utf8(struct span s) {
  for (size_t step; s.length > 0; s.text += step, s.length -= step)
    if (!(step = nw_utf8_step(s.text, s.length))) return false;
  return true;
}

enum nw_status nw_plan_override(struct nw_context *context, struct nw_plan *plan, const char *assignment) {
  const char *equals = strchr(assignment, '=');
  const struct span key = trim((struct span){assignment, equals ? (size_t)(equals - assignment) : 0});
  if (!equals || key.length == 0) {
    nw_plan_report_at(context, plan, NW_ERROR, command_line, NULL,
                      "\"%.60s\" is no KEY=VALUE, such as device.passes=6", assignment);
    return NW_USAGE;
  }
  const struct span value = trim((struct span){equals + 1, strlen(equals + 1)});
  if (key.length >= LONGEST_PATH || value.length > 4096 || !is_utf8(key) || !is_utf8(value)) {
    nw_plan_report_at(context, plan, NW_ERROR, command_line, NULL, "the assignment is too long or not UTF-8");
    return NW_USAGE;
  }
  char path[LONGEST_PATH];
  snprintf(path, sizeof path, "%.*s", (int)key.length, key.text);
  NW_TRY(open_parents(context, plan, path));
  if (!strcmp(path, "device.kind") && is_another_kind(plan, unquote(value))) forget_device(plan, false);
  const enum nw_status status = put_value(context, plan, path, value);
  return plan->no_memory ? NW_MEMORY : status;
}
