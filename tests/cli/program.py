# SPDX-License-Identifier: BSD-3-Clause
"""Drives the built program as a user would. NEEDLEWORK names it; otherwise build/needlework."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("NEEDLEWORK", str(ROOT / "build" / "needlework"))

# A course that is simulated in about a second: one session, one week, 0.8 mm of skin.
SMALL = """\
title: Small patch
subject: {age: 30 y, phototype: II, site: cheek}
concerns:
  - kind: acne_scar
    type: boxcar
    width: 0.3 mm
    depth: 0.2 mm
device: {kind: pen, needle_length: 1 mm, passes: 4}
course: {sessions: 1, follow_up: 7 d}
patch: {width: 0.8 mm, height: 0.8 mm, resolution: 50 um, seed: 3}
output: {every: 7 d, pictures: false}
"""


def environment(**extra):
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("OMPI_", "PMI_"))}
    return {**plain, **extra}


def call(*words, cwd=None, timeout=300, **extra):
    """Runs the program with these words; text output, both streams kept."""
    return subprocess.run([PROGRAM, *map(str, words)], cwd=cwd, capture_output=True, text=True, errors="replace",
                          timeout=timeout, env=environment(**extra))


class ProgramTest(unittest.TestCase):
    """A fresh folder for each case, and words for what users see."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="needlework-test-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def plan(self, text=SMALL, name="plan.yaml"):
        path = self.folder / name
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def succeed(self, *words, **extra):
        done = call(*words, **extra)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return done

    def run_small(self, name, *words, text=SMALL):
        """Simulates a plan into a folder of this name and returns the folder."""
        out = self.folder / name
        self.succeed("run", self.plan(text, name + ".yaml"), "-o", out, *words)
        return out

    def summary(self, folder):
        return json.loads((folder / "summary.json").read_text(encoding="utf-8"))
