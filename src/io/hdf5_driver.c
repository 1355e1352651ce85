/* SPDX-License-Identifier: BSD-3-Clause
   How HDF5 reaches the disk when we write. */
#include "hdf5_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

struct settings {
  uint64_t room;
  int *error; /* borrowed */
};

struct driver {
  H5FD_t base; /* first: HDF5 casts */
  int descriptor;
  haddr_t end_of_address, end_of_file;
  int *error; /* borrowed */
};

static void note(int *error, int number) {
  if (!*error) *error = number ? number : EIO;
}

/* A signal may cut the reservation short on file systems in memory: Ctrl-C must not look like a full disk. */
static void reserve(struct driver *d, uint64_t room) {
  int failed = room > 0 ? EINTR : 0;
  while (failed == EINTR)
    failed = fallocate(d->descriptor, 0, 0, (off_t)room) ? errno : 0;
  if (failed && failed != EOPNOTSUPP && failed != ENOSYS) note(d->error, failed);
}

/* HDF5 frees nothing in here, and its allocator counts are not ours: plain malloc. */
static H5FD_t *open_file(const char *name, unsigned flags, hid_t list, haddr_t limit) {
  (void)flags;
  (void)limit;
  const struct settings *settings = H5Pget_driver_info(list);
  struct driver *d = settings ? calloc(1, sizeof *d) : NULL;
  if (!d) return NULL;
  d->error = settings->error;
  unlink(name); /* a link planted here must not lead the writing elsewhere */
  d->descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (d->descriptor < 0) {
    note(d->error, errno);
    free(d);
    return NULL;
  }
  reserve(d, settings->room);
  return &d->base;
}

static herr_t close_file(H5FD_t *file) {
  struct driver *d = (struct driver *)file;
  if (close(d->descriptor)) note(d->error, errno);
  free(d);
  return 0;
}

static herr_t query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static haddr_t get_end_of_address(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct driver *)file)->end_of_address;
}

static herr_t set_end_of_address(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((struct driver *)file)->end_of_address = address;
  return 0;
}

static haddr_t get_end_of_file(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct driver *)file)->end_of_file;
}

static herr_t read_bytes(H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t at, size_t size, void *data) {
  const struct driver *d = (const struct driver *)file;
  (void)type;
  (void)list;
  while (size > 0) {
    const ssize_t n = pread(d->descriptor, data, size, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) note(d->error, errno);
    if (n <= 0) break;
    data = (char *)data + n;
    at += (haddr_t)n;
    size -= (size_t)n;
  }
  memset(data, 0, size); /* beyond the end of the file stand zeros */
  return 0;
}

static herr_t write_bytes(H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t at, size_t size,
                          const void *data) {
  struct driver *d = (struct driver *)file;
  (void)type;
  (void)list;
  if (at + size > d->end_of_file) d->end_of_file = at + size;
  while (size > 0 && !*d->error) {
    const ssize_t n = pwrite(d->descriptor, data, size, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      note(d->error, n < 0 ? errno : ENOSPC);
      break;
    }
    data = (const char *)data + n;
    at += (haddr_t)n;
    size -= (size_t)n;
  }
  return 0;
}

static herr_t truncate_file(H5FD_t *file, hid_t list, hbool_t closing) {
  struct driver *d = (struct driver *)file;
  (void)list;
  (void)closing;
  if (!*d->error && ftruncate(d->descriptor, (off_t)d->end_of_address)) note(d->error, errno);
  d->end_of_file = d->end_of_address;
  return 0;
}

static const H5FD_class_t driver_class = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = 600, /* of the range that the HDF Group leaves to private drivers */
#endif
    .name = "needlework",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(struct settings),
    .open = open_file,
    .close = close_file,
    .query = query,
    .get_eoa = get_end_of_address,
    .set_eoa = set_end_of_address,
    .get_eof = get_end_of_file,
    .read = read_bytes,
    .write = write_bytes,
    .truncate = truncate_file,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t nw_hdf5_driver_list(uint64_t room, int *error) {
  const struct settings settings = {room, error};
  const hid_t list = H5Pcreate(H5P_FILE_ACCESS), driver = H5FDregister(&driver_class);
  *error = 0;
  H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
  H5Pset_driver(list, driver, &settings); /* the list keeps the driver alive */
  H5Idec_ref(driver);
  return list;
}
