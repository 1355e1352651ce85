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
        kept = self.succeed("calibrate", PROBLEM, "-o", out, "--resume", "--json")
        self.assertEqual(json.loads(kept.stdout), document)
        self.assertIn("nothing left to do", kept.stderr)
        for path in PROBLEM.parent.iterdir():
            self.plan(path.read_text(encoding="utf-8").replace("seed: 1", "seed: 2"), path.name)
        other = call("calibrate", self.folder / PROBLEM.name, "-o", out, "--resume")
        self.assertEqual(other.returncode, 5, other.stderr)
        self.assertIn("another plan, question or version", other.stderr)

        # its parameter table is one: a second fit begins where the first ended
        with open(out / "parameters.tsv", encoding="utf-8") as file:
            table = list(csv.DictReader(file, delimiter="\t"))
        self.assertAlmostEqual(float(table[0]["nominalValue"]) / release["estimate"], 1, places=3)

    def mistaken(self, edits, code=3, absent=()):
        """What a copy of the problem says with these (file, old, new) in it; nothing is written."""
        for path in PROBLEM.parent.iterdir():
            text = path.read_text(encoding="utf-8")
            for name, old, new in edits:
                self.assertTrue(name != path.name or old in text, old)
                text = text.replace(old, new, 1) if name == path.name else text
            if path.name not in absent:
                self.plan(text, path.name)
        done = call("calibrate", self.folder / PROBLEM.name)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertFalse((self.folder / "problem.out").exists())
        return done.stderr.replace(str(self.folder) + "/", "").splitlines()

    def test_every_missing_table_is_named_where_it_is_asked_for(self):
        lines = self.mistaken([], code=5, absent=("parameters.tsv", "observables.tsv", "measurements.tsv"))
        self.assertEqual(len(lines), 3, lines)
        for name in ("parameters", "observables", "measurements"):
            self.assertRegex("\n".join(lines), rf"problem\.yaml:\d+:\d+: error: cannot read {name}\.tsv")

    def test_a_broken_table_is_not_blamed_on_those_that_refer_to_it(self):
        lines = self.mistaken([("parameters.tsv", "\t1\n", "\t1\t1\n")])
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("parameters.tsv:2:1", lines[0])

    def test_one_message_for_each_mistake_at_its_cell(self):
        lines = self.mistaken([("conditions.tsv", "10.62 ug", "10.62 kg/m"), ("measurements.tsv", "load_531\t", "nowhere\t")])
        self.assertRegex("\n".join(lines), r"conditions\.tsv:2:\d+: error: products\.0\.needle_load: ")
        self.assertNotIn("--set", "\n".join(lines))
        for prior in ("nan;1", "inf;1", "1;inf", "0x1;1", "1"):
            lines = self.mistaken([("parameters.tsv", "estimate", "estimate\tobjectivePriorType\tobjectivePriorParameters"),
                                   ("parameters.tsv", "4\t1", "4\t1\tparameterScaleNormal\t" + prior),
                                   ("parameters.tsv", "1e-7\t1", "1e-7\t1\t\t"), ("parameters.tsv", "0.05\t1", "0.05\t1\t\t"),
                                   ("parameters.tsv", "0.2\t1", "0.2\t1\t\t")])
            self.assertEqual(len(lines), 1, lines)
            self.assertIn("wants mean;sd", lines[0])

    def test_what_a_file_says_reaches_no_terminal_raw(self):
        for text, words in (("\\e[31m", "cannot read ?[31m"), ("parameters.tsv\\0x", "a zero byte")):
            lines = self.mistaken([("problem.yaml", "parameters.tsv", f'"{text}"')], code=5 if "e[" in text else 3)
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(words, lines[0])
        problem = self.plan(b"x: \xff\n", "problem.yaml")
        self.assertIn("problem.yaml:1:4: error: the text is not UTF-8", call("calibrate", problem).stderr)

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
