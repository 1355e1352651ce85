/* SPDX-License-Identifier: BSD-3-Clause
   The processor that the program finds itself on. */
#pragma once

/* Level of the x86-64 instruction set, 2 to 4; 0 on other processors. */
int nw_processor_level(void);
