#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Counts what a function of an object file computes for each 64-byte vector of numbers.

Usage: operations.py OBJDUMP FUNCTION OBJECT=NAME ...
Disassembles each object, takes the one function, and writes to stdout a C table with, for each NAME, the
arithmetic instructions on whole registers: multiplications and additions, comparisons and selections, and
divisions. Shorter registers count as their share of 64 bytes, scalar instructions (constants, prepared once
before the loop) not at all; a fused multiply-add counts as two. So these are operations that the processor
carries out, not ones counted in a formula. The function must be one loop without inner ones.
"""

import re
import subprocess
import sys

SHARE = {"xmm": 0.25, "ymm": 0.5, "zmm": 1.0}
KINDS = (
    ("flops", re.compile(r"^v?(add|sub|mul)p[sd]$"), 1),
    ("flops", re.compile(r"^vf(n?m)(add|sub)\d+p[sd]$"), 2),
    ("divisions", re.compile(r"^v?divp[sd]$"), 1),
    ("selections", re.compile(r"^v?(min|max|cmp\w*|and|andn|or|xor|blendv?|blendm)p[sd]$"), 1),
    ("selections", re.compile(r"^vp(and|andn|or|ternlog)[dq]?$"), 1),
)


def count(objdump, path, function):
    text = subprocess.run([objdump, "-d", "--no-show-raw-insn", path], check=True, capture_output=True, text=True).stdout
    body = re.search(rf"<{function}>:\n(.*?)(?:\n\n|\Z)", text, re.S)
    if not body:
        sys.exit(f"{path}: no function {function}")
    sums = {"flops": 0.0, "divisions": 0.0, "selections": 0.0}
    for line in body.group(1).split("\n"):
        words = line.split("\t")
        instruction = words[1].split() if len(words) > 1 else []
        if not instruction:
            continue
        register = re.search(r"%(xmm|ymm|zmm)", words[1])
        for kind, pattern, weight in KINDS:
            if register and pattern.match(instruction[0]):
                sums[kind] += weight * SHARE[register.group(1)]
                break
    return sums


def main(objdump, function, *objects):
    print("/* Written by operations.py: operations for one 64-byte vector of cells. */")
    for item in objects:
        path, name = item.rsplit("=", 1)
        c = count(objdump, path, function)
        print(f'OPERATIONS("{name}", {c["flops"]:g}, {c["selections"]:g}, {c["divisions"]:g})')


if __name__ == "__main__":
    main(*sys.argv[1:])
