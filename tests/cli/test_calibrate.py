# SPDX-License-Identifier: BSD-3-Clause
"""`calibrate`: the permeation example from files to verdicts, and what it says when it cannot."""

import csv
import json
import unittest

from program import ROOT, ProgramTest, call

PROBLEM = ROOT / "data" / "problems" / "permeation" / "problem.yaml"


class CalibrateTest(ProgramTest):
    def test_a_permeation_curve(self):
        out = self.folder / "fitted"
        document = json.loads(self.succeed("calibrate", PROBLEM, "-o", out, "--json").stdout)
        found = {p["id"]: p for p in document["parameters"]}
        release = found["products.0.release_half_life"]
        self.assertEqual(release["identifiable"], "identifiable")
        self.assertTrue(1 < release["low"] < release["estimate"] < release["high"] < 6, release)
        self.assertEqual(found["products.0.diffusivity_dermis"]["identifiable"], "bounded_below")
        self.assertIsNone(found["products.0.diffusivity_dermis"]["high"])
        self.assertGreaterEqual(document["starts"]["agreeing"], 2)
        for name in ("parameters.tsv", "fit.csv", "profiles.csv", "report.html", "calibration.json"):
            self.assertTrue((out / name).is_file(), name)
        self.assertFalse((out / "calibration.state").exists())
        with open(out / "fit.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 22)
        for row in rows:
            self.assertLess(abs(float(row["residual"])), 4, row)
        page = (out / "report.html").read_text(encoding="utf-8")
        self.assertIn("bounded below only", page)
        self.assertIn("<svg", page)
        self.assertNotIn("nan", page.lower().replace("nano", ""))

        again = call("calibrate", PROBLEM, "-o", out)
        self.assertEqual(again.returncode, 5)
        self.assertIn("--force", again.stderr)
        self.succeed("calibrate", PROBLEM, "-o", out, "--resume")

        # its parameter table is one: a second fit begins where the first ended
        with open(out / "parameters.tsv", encoding="utf-8") as file:
            table = list(csv.DictReader(file, delimiter="\t"))
        self.assertAlmostEqual(float(table[0]["nominalValue"]) / release["estimate"], 1, places=3)

    def test_what_is_wrong_is_said(self):
        done = call("calibrate", self.folder / "none.yaml")
        self.assertEqual(done.returncode, 5)
        problem = self.plan("format_version: 1\nparameter_file: p.tsv\nproblem: []\n", "problem.yaml")
        done = call("calibrate", problem, "--json")
        self.assertEqual(done.returncode, 3)
        self.assertIn("problem.yaml:3:1", done.stderr)
        self.assertIn("did you mean problems?", done.stderr)
        self.assertEqual(json.loads(done.stdout)["status"], "BAD_PLAN")
        self.assertEqual(call("calibrate").returncode, 2)


if __name__ == "__main__":
    unittest.main()
