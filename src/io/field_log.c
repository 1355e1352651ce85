/* SPDX-License-Identifier: BSD-3-Clause
   fields.partial. An HDF5 file cannot serve here: killed between two writes of its metadata it may not
   open again, while a record here is either whole or cut off. */
#include "field_log.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seal.h"

struct log_header {
  char magic[16];
  uint64_t nx, ny, nz, mask, identity;
};

struct record_header {
  uint64_t mark, checksum; /* of time and fields */
  double time;             /* [d] */
};

static const char log_magic[16] = "NWFIELDLOG 1\n";
static const uint64_t record_mark = 0x6b72616d70657473; /* "stepmark" */
static const double same_time = 1e-9; /* math: less than a tenth of a millisecond, in days */

size_t nw_field_log_field_bytes(const struct nw_field_log *log) {
  return log->nx * log->ny * log->nz * sizeof(float);
}

size_t nw_field_log_map_bytes(const struct nw_field_log *log) {
  return log->melanin ? log->nx * log->ny * sizeof(float) : 0;
}

size_t nw_field_log_field_count(const struct nw_field_log *log) {
  return (size_t)__builtin_popcount(log->mask);
}

static off_t record_at(const struct nw_field_log *log, size_t step) {
  const size_t bytes = sizeof(struct record_header) +
                       nw_field_log_field_count(log) * nw_field_log_field_bytes(log) +
                       nw_field_log_map_bytes(log);
  return (off_t)(sizeof(struct log_header) + step * bytes);
}

static enum nw_status fail_log(struct nw_context *context, const struct nw_field_log *log, const char *what) {
  return nw_fail(context, NW_IO, NULL, "cannot %s %s: %s", what, log->path, strerror(errno));
}

static bool put_all(int descriptor, const void *data, size_t bytes, off_t at) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t n = pwrite(descriptor, (const char *)data + done, bytes - done, at + (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = ENOSPC;
    if (n <= 0) return false;
    done += (size_t)n;
  }
  return true;
}

static bool get_all(int descriptor, void *data, size_t bytes, off_t at) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t n = pread(descriptor, (char *)data + done, bytes - done, at + (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) return false;
    done += (size_t)n;
  }
  return true;
}

static struct log_header header_of(const struct nw_field_log *log) {
  struct log_header header = {
      {0}, log->nx, log->ny, log->nz, log->mask | (uint64_t)log->melanin << 32, log->identity};
  memcpy(header.magic, log_magic, sizeof log_magic);
  return header;
}

static uint64_t record_checksum(const struct nw_hash *fields, double time) {
  struct nw_hash hash = *fields;
  nw_hash_add(&hash, &time, sizeof time);
  return nw_hash_value(&hash);
}

static bool note_time(struct nw_field_log *log, double time) {
  if (!nw_grow(&log->time, &log->capacity, log->n_steps + 1, sizeof *log->time)) return false;
  log->time[log->n_steps++] = time;
  return true;
}

/* Whether the record behind the last good one is whole; its time. */
static bool next_is_whole(struct nw_field_log *log, double *time) {
  struct record_header record;
  struct nw_hash hash = nw_hash_start();
  const off_t at = record_at(log, log->n_steps);
  const size_t bytes = nw_field_log_field_bytes(log);
  if (!get_all(log->descriptor, &record, sizeof record, at) || record.mark != record_mark) return false;
  const size_t count = nw_field_log_field_count(log);
  for (size_t i = 0; i <= count; i++) {
    const size_t size = i < count ? bytes : nw_field_log_map_bytes(log);
    if (!get_all(log->descriptor, log->buffer, size, at + (off_t)(sizeof record + i * bytes))) return false;
    nw_hash_add(&hash, log->buffer, size);
  }
  *time = record.time;
  return record.checksum == record_checksum(&hash, record.time);
}

static enum nw_status keep_until(struct nw_context *context, struct nw_field_log *log, double last) {
  struct log_header found, wanted = header_of(log);
  double time;
  const bool ours =
      get_all(log->descriptor, &found, sizeof found, 0) && !memcmp(&found, &wanted, sizeof found);
  while (ours && next_is_whole(log, &time) && time <= last + same_time)
    if (!note_time(log, time))
      return nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", log->path);
  return NW_OK;
}

enum nw_status nw_field_log_open(struct nw_context *context, struct nw_field_log *log, bool resume,
                                 double time) {
  log->buffer = nw_allocate(nw_field_log_field_bytes(log), 1);
  if (!log->buffer || !log->path)
    return nw_fail(context, NW_MEMORY, NULL, "out of memory opening fields.partial");
  log->descriptor = open(log->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (log->descriptor < 0) return fail_log(context, log, "write");
  if (resume) NW_TRY(keep_until(context, log, time));
  const struct log_header header = header_of(log);
  if (!put_all(log->descriptor, &header, sizeof header, 0) ||
      ftruncate(log->descriptor, record_at(log, log->n_steps)))
    return fail_log(context, log, "write");
  return NW_OK;
}

static bool put_record(struct nw_field_log *log, double time, const float *const value[NW_FIELD_COUNT],
                       const float *melanin) {
  struct record_header record = {record_mark, 0, time};
  struct nw_hash hash = nw_hash_start();
  const off_t start = record_at(log, log->n_steps);
  const size_t bytes = nw_field_log_field_bytes(log);
  off_t at = start + (off_t)sizeof record;
  for (int f = 0; f < NW_FIELD_COUNT; f++) {
    if (!(log->mask >> f & 1)) continue;
    if (!put_all(log->descriptor, value[f], bytes, at)) return false;
    nw_hash_add(&hash, value[f], bytes);
    at += (off_t)bytes;
  }
  if (!put_all(log->descriptor, melanin, nw_field_log_map_bytes(log), at)) return false;
  nw_hash_add(&hash, melanin, nw_field_log_map_bytes(log));
  record.checksum = record_checksum(&hash, time);
  return put_all(log->descriptor, &record, sizeof record, start);
}

enum nw_status nw_field_log_append(struct nw_context *context, struct nw_field_log *log, double time,
                                   const float *const value[NW_FIELD_COUNT], const float *melanin) {
  while (log->n_steps > 0 && log->time[log->n_steps - 1] >= time - same_time)
    log->n_steps--;
  if (!put_record(log, time, value, melanin)) {
    const enum nw_status status = fail_log(context, log, "write");
    (void)!ftruncate(log->descriptor, record_at(log, log->n_steps)); /* gives the room back to others */
    return status;
  }
  return note_time(log, time) ? NW_OK
                              : nw_fail(context, NW_MEMORY, NULL, "out of memory writing %s", log->path);
}

enum nw_status nw_field_log_read(struct nw_context *context, struct nw_field_log *log, size_t step,
                                 size_t nth) {
  const size_t bytes = nw_field_log_field_bytes(log);
  const size_t size = nth < nw_field_log_field_count(log) ? bytes : nw_field_log_map_bytes(log);
  const off_t at = record_at(log, step) + (off_t)(sizeof(struct record_header) + nth * bytes);
  return get_all(log->descriptor, log->buffer, size, at) ? NW_OK : fail_log(context, log, "read");
}

enum nw_status nw_field_log_sync(struct nw_context *context, struct nw_field_log *log) {
  return fsync(log->descriptor) == 0 ? NW_OK : fail_log(context, log, "write");
}

void nw_field_log_close(struct nw_field_log *log) {
  if (log->descriptor >= 0) close(log->descriptor);
  nw_release(log->path);
  nw_release(log->time);
  nw_release(log->buffer);
  *log = (struct nw_field_log){.descriptor = -1};
}
