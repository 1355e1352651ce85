/* SPDX-License-Identifier: BSD-3-Clause
   UTF-8: is this byte the start of a whole, valid character? */
#pragma once
#include <stddef.h>

/* Length of the valid UTF-8 sequence at `text` (1..4), of which `left` bytes are there; 0 when invalid. */
size_t nw_utf8_step(const char *text, size_t left);
/* Replaces control characters and invalid bytes by '?', in place: text of strangers goes to terminals. */
void nw_utf8_scrub(char *text);
