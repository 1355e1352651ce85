/* SPDX-License-Identifier: BSD-3-Clause
   Files that are whole or absent. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum nw_status fail_file(struct nw_context *context, const char *what, const char *path, int error) {
  return nw_fail(context, NW_IO, NULL, "cannot %s %s: %s", what, path, strerror(error));
}

char *nw_file_join(const char *folder, const char *name) {
  struct nw_text text = {0};
  const size_t length = strlen(folder);
  nw_text_append(&text, "%s%s%s", folder, length > 0 && folder[length - 1] != '/' ? "/" : "", name);
  if (!text.failed) return text.data;
  nw_text_clear(&text);
  return NULL;
}

char *nw_file_temporary(const char *path) {
  struct nw_text text = {0};
  nw_text_append(&text, "%s.tmp", path);
  if (!text.failed) return text.data;
  nw_text_clear(&text);
  return NULL;
}

bool nw_file_exists(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0;
}

static void release_paths(struct nw_file *file) {
  nw_release(file->path);
  nw_release(file->temporary);
  *file = (struct nw_file){0};
}

enum nw_status nw_file_create(struct nw_context *context, const char *path, struct nw_file *file) {
  *file = (struct nw_file){.path = nw_string_copy(path), .temporary = nw_file_temporary(path)};
  if (!file->path || !file->temporary) {
    release_paths(file);
    return nw_fail(context, NW_MEMORY, NULL, "out of memory before writing %s", path);
  }
  /* a link planted under the temporary name must not lead the writing elsewhere */
  unlink(file->temporary);
  const int descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  file->stream = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
  if (file->stream) return NW_OK;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  release_paths(file);
  return fail_file(context, "write", path, error);
}

static int folder_of(const char *path) {
  char *copy = nw_string_copy(path);
  if (!copy) return -1;
  char *slash = strrchr(copy, '/');
  if (slash) slash[slash == copy ? 1 : 0] = '\0';
  const int descriptor = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  nw_release(copy);
  return descriptor;
}

/* The rename itself must survive a power cut. Some file systems cannot sync a folder: no error then. */
static void sync_folder(const char *path) {
  const int descriptor = folder_of(path);
  if (descriptor < 0) return;
  (void)fsync(descriptor);
  close(descriptor);
}

static enum nw_status rename_over(struct nw_context *context, const char *temporary, const char *path) {
  if (rename(temporary, path)) {
    const int error = errno;
    unlink(temporary);
    return fail_file(context, "write", path, error);
  }
  sync_folder(path);
  return NW_OK;
}

enum nw_status nw_file_publish(struct nw_context *context, const char *temporary, const char *path) {
  const int descriptor = open(temporary, O_RDONLY | O_CLOEXEC);
  int error = descriptor < 0 || fsync(descriptor) ? errno : 0;
  if (descriptor >= 0 && close(descriptor) && !error) error = errno;
  if (!error) return rename_over(context, temporary, path);
  unlink(temporary);
  return fail_file(context, "write", path, error);
}

enum nw_status nw_file_commit(struct nw_context *context, struct nw_file *file) {
  int error = ferror(file->stream) ? (errno ? errno : EIO) : 0;
  if (fflush(file->stream) && !error) error = errno;
  if (!error && fsync(fileno(file->stream))) error = errno;
  if (fclose(file->stream) && !error) error = errno;
  file->stream = NULL;
  enum nw_status status;
  if (error) {
    unlink(file->temporary);
    status = fail_file(context, "write", file->path, error);
  } else {
    status = rename_over(context, file->temporary, file->path);
  }
  release_paths(file);
  return status;
}

void nw_file_abandon(struct nw_file *file) {
  if (file->stream) {
    fclose(file->stream);
    unlink(file->temporary);
  }
  release_paths(file);
}

enum nw_status nw_file_write_text(struct nw_context *context, const char *path, const struct nw_text *text) {
  struct nw_file file;
  if (text->failed) return nw_fail(context, NW_MEMORY, NULL, "out of memory before writing %s", path);
  NW_TRY(nw_file_create(context, path, &file));
  errno = 0;
  if (text->length) fwrite(text->data, 1, text->length, file.stream);
  return nw_file_commit(context, &file);
}

/* Pipes and devices would block or never end. */
static enum nw_status open_regular(struct nw_context *context, const char *path, int *descriptor,
                                   size_t *size) {
  struct stat status;
  *descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (*descriptor < 0) return fail_file(context, "read", path, errno);
  const int error = fstat(*descriptor, &status) ? errno : 0;
  if (!error) *size = (size_t)status.st_size;
  if (!error && S_ISREG(status.st_mode)) return NW_OK;
  close(*descriptor);
  if (error) return fail_file(context, "read", path, error);
  return nw_fail(context, NW_IO, NULL, "cannot read %s: it is %s", path,
                 S_ISDIR(status.st_mode) ? "a folder, not a file" : "a pipe or a device, not a file");
}

static enum nw_status read_all(struct nw_context *context, int descriptor, const char *path, size_t size,
                               struct nw_text *text) {
  text->data = nw_allocate(size + 1, 1);
  if (!text->data) return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", path);
  text->capacity = size + 1;
  while (text->length < size) {
    const ssize_t got = read(descriptor, text->data + text->length, size - text->length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_file(context, "read", path, errno);
    if (got == 0) break;
    text->length += (size_t)got;
  }
  return NW_OK;
}

enum nw_status nw_file_read_text(struct nw_context *context, const char *path, size_t limit,
                                 struct nw_text *text) {
  size_t size = 0;
  int descriptor;
  enum nw_status status;
  NW_TRY(open_regular(context, path, &descriptor, &size));
  if (size > limit) {
    status = nw_fail(context, NW_IO, NULL, "cannot read %s: %zu MB, more than the %zu MB allowed", path,
                     size >> 20, limit >> 20);
  } else {
    status = read_all(context, descriptor, path, size, text);
  }
  close(descriptor);
  if (status != NW_OK) nw_text_clear(text);
  return status;
}

enum nw_status nw_file_finish(struct nw_context *context, enum nw_status written, const char *temporary,
                              const char *path) {
  if (written == NW_OK) return nw_file_publish(context, temporary, path);
  unlink(temporary);
  return written;
}
