# SPDX-License-Identifier: BSD-3-Clause
"""`sensitivity`: what it writes, that known dependences come out, and that it goes on after Ctrl-C."""

import csv
import json
import signal
import subprocess
import time
import unittest

from program import PROGRAM, SMALL, ProgramTest, call, environment

# The index of redness is EI_0 + k_E (blood above normal)^n_red: its peak is proportional to k_E and knows
# nothing of eta_w, which acts on collagen.
GOALS = "erythema_peak,collagen_total"
WORDS = ("--goal", GOALS, "--vary", "k_E,EI_0,eta_w,study", "-n", "16")


class Sensitivity(ProgramTest):
    def study(self, name, *words):
        out = self.folder / name
        self.succeed("sensitivity", self.plan(), *(words or WORDS), "-o", out, "--quiet")
        return out, json.loads((out / "sensitivity.json").read_text(encoding="utf-8"))

    def test_known_dependences_come_out(self):
        out, found = self.study("known")
        self.assertEqual(set(found["outcome"]), set(GOALS.split(",")))
        self.assertEqual(found["failed"], 0)
        leading = len(found["leading"])
        self.assertEqual(found["runs"], 2 * (found["parameters"] + 1) + 16 * (leading + 2))
        redness = found["outcome"]["erythema_peak"]
        effect = {row["parameter"]: row for row in redness["screening"]}
        for key, row in effect.items():  # eta_w moves nothing but the steps in time
            self.assertTrue(key == "k_E" or row["mu_star"] < 0.01 * effect["k_E"]["mu_star"], key)
        peak, low, high = redness["nominal"], 50, 200  # range of the row; 100 in the plan
        self.assertGreater(effect["k_E"]["mu"], 0.9 * peak * (high - low) / 100 * 0.5)
        self.assertLess(effect["k_E"]["mu"], 1.1 * peak * (high - low) / 100 * 1.5)
        index = {row["parameter"]: row for row in redness["indices"]}
        self.assertAlmostEqual(index["k_E"]["total"], 1, delta=0.35)
        # it cancels in a peak above baseline, but for rounding
        self.assertLess(effect.get("EI_0", {"mu_star": 0})["mu_star"], 1e-9 * effect["k_E"]["mu_star"])
        collagen = {row["parameter"] for row in found["outcome"]["collagen_total"]["screening"]}
        self.assertIn("eta_w", collagen)
        self.assertNotIn("k_E", collagen)
        with open(out / "sensitivity.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        for row in rows:
            if row["outcome"] == "erythema_peak" and row["parameter"] == "k_E":
                self.assertAlmostEqual(float(row["mu_star"]), effect["k_E"]["mu_star"], delta=1e-6 * peak)
        page = (out / "sensitivity.html").read_text(encoding="utf-8")
        self.assertIn("<circle", page)
        self.assertEqual([p.name for p in out.iterdir() if p.suffix == ".h5"], [])

    def test_interrupted_it_goes_on_to_the_same_numbers(self):
        whole, _ = self.study("whole")
        cut = self.folder / "cut"
        words = [PROGRAM, "sensitivity", self.plan(), *WORDS, "-o", cut]
        work = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment())
        limit = time.monotonic() + 60
        while not (cut / "screening.h5").exists() and time.monotonic() < limit:
            time.sleep(0.005)
        work.send_signal(signal.SIGINT)
        messages = work.communicate(timeout=60)[1]
        self.assertEqual(work.returncode, 130, messages)
        self.assertIn("--resume", messages)
        self.assertFalse((cut / "sensitivity.json").exists())
        self.succeed(*words[1:], "--resume")
        for name in ("sensitivity.csv", "sensitivity.json"):
            self.assertEqual((cut / name).read_bytes(), (whole / name).read_bytes())
        self.assertIn("nothing left to do", self.succeed(*words[1:], "--resume").stderr)
        for other in (("--set", "device.passes=5"), ("--goal", "pih_risk"), ("-n", "17")):
            done = call(*words[1:], "--resume", *other)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("another plan, question or version", done.stderr)

    def test_unknown_words_are_refused(self):
        out = self.folder / "x"
        words = ("sensitivity", self.plan(), "--goal", "beauty,pih_risk", "--vary", "k_E,nonsense", "-o", out)
        done = call(*words)
        self.assertEqual(done.returncode, 2)
        self.assertIn("beauty", done.stderr)
        self.assertIn("nonsense", done.stderr)
        self.assertNotIn("k_E", done.stderr)
        self.assertFalse(out.exists())
        out.mkdir()
        (out / "sensitivity.json").write_text("{}")
        self.assertEqual(call(*words, "--force").returncode, 2)
        self.assertTrue((out / "sensitivity.json").exists(), "old results go only for new ones")


if __name__ == "__main__":
    unittest.main()
