/* SPDX-License-Identifier: BSD-3-Clause
   Pictures in a results folder. */
#include "skin_files.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { HOURS = 24, LIMIT = 1 << 26 }; /* of a day; bytes of one picture */

const char *const nw_section_looks[] = {"masson", "picrosirius", "elastin", "cells", "ultrasound", NULL};

/* "skin_000d_01h", and what else is to be told. */
static void file_name(char name[NW_SKIN_FILE_NAME], const char *kind, double time, const char *rest) {
  const long hours = lround(fmax(time, 0) * HOURS), day = hours / HOURS, hour = hours % HOURS;
  char clock[8] = "";
  if (hour) snprintf(clock, sizeof clock, "_%02ldh", hour);
  snprintf(name, NW_SKIN_FILE_NAME, "%s_%03ldd%s%s%s.png", kind, day, clock, *rest ? "_" : "", rest);
}

void nw_skin_file_name(char name[NW_SKIN_FILE_NAME], double time, bool treated) {
  file_name(name, "skin", time, treated ? "" : "untreated");
}

void nw_section_file_name(char name[NW_SKIN_FILE_NAME], double time, const char *look) {
  file_name(name, "section", time, look);
}

static bool is_section(const char *name) {
  char again[NW_SKIN_FILE_NAME];
  long day, hour = 0;
  if (sscanf(name, "section_%ldd_%ldh", &day, &hour) < 1 || day < 0 || hour < 0 || hour >= HOURS)
    return false;
  for (const char *const *look = nw_section_looks; *look; look++) {
    nw_section_file_name(again, (double)day + (double)hour / HOURS, *look);
    if (strcmp(name, again) == 0) return true;
  }
  return false;
}

/* Reads time and twin from a name; false when it is not one of ours. */
static bool parse(const char *name, struct nw_skin_file *file) {
  char again[NW_SKIN_FILE_NAME];
  long day, hour = 0;
  if (sscanf(name, "skin_%ldd_%ldh", &day, &hour) < 1 || day < 0 || hour < 0 || hour >= HOURS) return false;
  *file = (struct nw_skin_file){.time = (double)day + (double)hour / HOURS,
                                .treated = !strstr(name, "_untreated")};
  nw_skin_file_name(again, file->time, file->treated);
  return strcmp(name, again) == 0;
}

enum nw_status nw_skin_file_write(struct nw_context *context, const char *folder,
                                  const struct nw_skin_file *file) {
  char name[NW_SKIN_FILE_NAME];
  nw_skin_file_name(name, file->time, file->treated);
  char *path = nw_file_join(folder, name);
  const enum nw_status status = path ? nw_file_write_text(context, path, &file->png)
                                     : nw_fail(context, NW_MEMORY, NULL, "out of memory writing %s", name);
  nw_release(path);
  return status;
}

static int by_time(const void *a, const void *b) {
  const struct nw_skin_file *x = a, *y = b;
  if (x->time != y->time) return x->time < y->time ? -1 : 1;
  return (int)y->treated - (int)x->treated;
}

/* Lists the names of a folder that are ours. */
static enum nw_status list(struct nw_context *context, const char *folder, struct nw_skin_files *files) {
  DIR *directory = opendir(folder);
  if (!directory)
    return nw_fail(context, NW_IO, NULL, "cannot read the folder %s: %s", folder, strerror(errno));
  bool whole = true;
  for (struct dirent *entry; whole && (entry = readdir(directory));) {
    struct nw_skin_file file;
    if (!parse(entry->d_name, &file)) continue;
    whole = nw_grow(&files->item, &files->capacity, files->count + 1, sizeof *files->item);
    if (whole) files->item[files->count++] = file;
  }
  closedir(directory);
  if (!whole) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
  if (files->count) qsort(files->item, files->count, sizeof *files->item, by_time);
  return NW_OK;
}

static char *path_of(const char *folder, const struct nw_skin_file *file) {
  char name[NW_SKIN_FILE_NAME];
  nw_skin_file_name(name, file->time, file->treated);
  return nw_file_join(folder, name);
}

enum nw_status nw_skin_files_read(struct nw_context *context, const char *folder,
                                  struct nw_skin_files *files) {
  *files = (struct nw_skin_files){0};
  enum nw_status status = list(context, folder, files);
  for (size_t i = 0; status == NW_OK && i < files->count; i++) {
    char *path = path_of(folder, &files->item[i]);
    status = path ? nw_file_read_text(context, path, LIMIT, &files->item[i].png)
                  : nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", folder);
    nw_release(path);
  }
  if (status != NW_OK) nw_skin_files_clear(files);
  return status;
}

void nw_skin_files_clear(struct nw_skin_files *files) {
  for (size_t i = 0; i < files->count; i++)
    nw_text_clear(&files->item[i].png);
  nw_release(files->item);
  *files = (struct nw_skin_files){0};
}

enum nw_status nw_skin_files_remove(struct nw_context *context, const char *folder) {
  DIR *directory = opendir(folder);
  enum nw_status status = NW_OK;
  if (!directory)
    return nw_fail(context, NW_IO, NULL, "cannot read the folder %s: %s", folder, strerror(errno));
  for (struct dirent *entry; status == NW_OK && (entry = readdir(directory));) {
    struct nw_skin_file file;
    if (!parse(entry->d_name, &file) && !is_section(entry->d_name)) continue;
    char *path = nw_file_join(folder, entry->d_name);
    if (!path) status = nw_fail(context, NW_MEMORY, NULL, "out of memory preparing %s", folder);
    if (path && unlink(path))
      status = nw_fail(context, NW_IO, NULL, "cannot replace %s: %s", path, strerror(errno));
    nw_release(path);
  }
  closedir(directory);
  return status;
}
