/* SPDX-License-Identifier: BSD-3-Clause
   How HDF5 reaches the disk when we write. HDF5 1.10 cannot close a file whose last writes failed: it
   keeps it and crashes at exit. So on a full disk this driver notes the error and lets HDF5 go on
   into nothing; whoever closes the file finds the note. */
#pragma once
#include <hdf5.h>
#include <stdint.h>

/* A file access list that writes through the driver; `room` bytes are asked from the disk at once.
 *error becomes the errno of the first failure, and must live until the file is closed. */
hid_t nw_hdf5_driver_list(uint64_t room, int *error);
