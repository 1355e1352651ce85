/* SPDX-License-Identifier: BSD-3-Clause
   A seal behind the last byte of a file. */
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trailer {
  char magic[8];
  uint64_t bytes, checksum;
};

static const char seal_magic[8] = {'N', 'W', 'S', 'E', 'A', 'L', '1', '\n'};
enum { PIECE = 1 << 20 };

struct nw_hash nw_hash_start(void) {
  /* first 64-bit words of the fractional parts of the square roots of 2, 3, 5, 7 */
  return (struct nw_hash){{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1},
                          0};
}

static uint64_t mix(uint64_t state, uint64_t word) {
  state ^= word;
  state = (state << 29) | (state >> 35);
  return state * 0x9e3779b97f4a7c15; /* odd, so one to one */
}

void nw_hash_add(struct nw_hash *hash, const void *data, size_t bytes) {
  const unsigned char *p = data;
  hash->bytes += bytes;
  for (; bytes >= 32; p += 32, bytes -= 32) {
    uint64_t word[4];
    memcpy(word, p, sizeof word);
    for (int i = 0; i < 4; i++)
      hash->lane[i] = mix(hash->lane[i], word[i]);
  }
  if (bytes == 0) return;
  uint64_t word[4] = {0};
  memcpy(word, p, bytes);
  for (int i = 0; i < 4; i++)
    hash->lane[i] = mix(hash->lane[i], word[i]);
}

uint64_t nw_hash_value(const struct nw_hash *hash) {
  uint64_t value = mix(hash->bytes, hash->lane[0]);
  for (int i = 1; i < 4; i++)
    value = mix(value, hash->lane[i]);
  value ^= value >> 31;
  return value;
}

static enum nw_status fail_seal(struct nw_context *context, const char *what, const char *path) {
  return nw_fail(context, NW_IO, NULL, "cannot %s %s: %s", what, path, strerror(errno));
}

/* Up to `bytes` bytes, less only at the end of the file; -1 with errno on failure. */
static ssize_t read_piece(int descriptor, void *data, size_t bytes) {
  size_t got = 0;
  while (got < bytes) {
    const ssize_t n = read(descriptor, (char *)data + got, bytes - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    got += (size_t)n;
  }
  return (ssize_t)got;
}

static bool hash_file(int descriptor, uint64_t bytes, void *piece, uint64_t *checksum) {
  struct nw_hash hash = nw_hash_start();
  while (hash.bytes < bytes) {
    const size_t want = bytes - hash.bytes < PIECE ? (size_t)(bytes - hash.bytes) : PIECE;
    const ssize_t got = read_piece(descriptor, piece, want);
    if (got < 0 || (size_t)got < want) return false;
    nw_hash_add(&hash, piece, want);
  }
  *checksum = nw_hash_value(&hash);
  return true;
}

static bool append_seal(int descriptor, void *piece) {
  struct trailer trailer;
  struct stat status;
  if (fstat(descriptor, &status)) return false;
  memcpy(trailer.magic, seal_magic, sizeof seal_magic);
  trailer.bytes = (uint64_t)status.st_size;
  errno = EIO;
  if (!hash_file(descriptor, trailer.bytes, piece, &trailer.checksum)) return false;
  const ssize_t put = pwrite(descriptor, &trailer, sizeof trailer, status.st_size);
  if (put >= 0 && put < (ssize_t)sizeof trailer) errno = ENOSPC;
  return put == (ssize_t)sizeof trailer;
}

enum nw_status nw_seal_write(struct nw_context *context, const char *path) {
  void *piece = nw_allocate(PIECE, 1);
  if (!piece) return nw_fail(context, NW_MEMORY, NULL, "out of memory writing %s", path);
  enum nw_status status = NW_OK;
  const int descriptor = open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0 || !append_seal(descriptor, piece)) status = fail_seal(context, "write", path);
  if (descriptor >= 0 && close(descriptor) && status == NW_OK) status = fail_seal(context, "write", path);
  nw_release(piece);
  return status;
}

static enum nw_seal check_seal(int descriptor, uint64_t size, void *piece) {
  struct trailer trailer;
  uint64_t checksum;
  if (size < sizeof trailer) return NW_SEAL_NONE;
  const uint64_t body = size - sizeof trailer;
  if (pread(descriptor, &trailer, sizeof trailer, (off_t)body) != (ssize_t)sizeof trailer)
    return NW_SEAL_BROKEN;
  if (memcmp(trailer.magic, seal_magic, sizeof seal_magic)) return NW_SEAL_NONE;
  if (trailer.bytes != body || !hash_file(descriptor, body, piece, &checksum)) return NW_SEAL_BROKEN;
  return checksum == trailer.checksum ? NW_SEAL_WHOLE : NW_SEAL_BROKEN;
}

enum nw_status nw_seal_check(struct nw_context *context, const char *path, enum nw_seal *seal) {
  const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return fail_seal(context, "read", path);
  struct stat file;
  void *piece = nw_allocate(PIECE, 1);
  enum nw_status status = NW_OK;
  if (!piece) {
    status = nw_fail(context, NW_MEMORY, NULL, "out of memory reading %s", path);
  } else if (fstat(descriptor, &file) || !S_ISREG(file.st_mode)) {
    status = nw_fail(context, NW_IO, NULL, "cannot read %s: it is no regular file", path);
  } else {
    *seal = check_seal(descriptor, (uint64_t)file.st_size, piece);
  }
  nw_release(piece);
  close(descriptor);
  return status;
}
