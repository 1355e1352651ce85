# SPDX-License-Identifier: BSD-3-Clause
"""`run --until puncture`: every puncture, at once, and a report that says what limits the device."""

import csv
import time
import unittest

from program import ProgramTest, call

WHOLE = "device: {{kind: pen{device}}}\npatch: {{width: 10 mm, height: 10 mm}}\n"


class PunctureTest(ProgramTest):
    def punctured(self, text, name="p"):
        out = self.folder / name
        self.succeed("run", self.plan(text, name + ".yaml"), "-o", out, "--until", "puncture", "--quiet")
        return out

    def report(self, folder):
        self.succeed("report", folder)
        return (folder / "report.html").read_text(encoding="utf-8")

    def test_a_square_centimetre_takes_well_under_a_second_and_lists_every_puncture(self):
        plan = self.plan(WHOLE.format(device=""))
        start = time.monotonic()
        self.succeed("run", plan, "-o", self.folder / "out", "--until", "puncture")
        self.assertLess(time.monotonic() - start, 1)
        summary = self.summary(self.folder / "out")
        with open(self.folder / "out" / "punctures.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), summary["device"]["punctures"])
        self.assertGreater(len(rows), 1000)
        self.assertAlmostEqual(len(rows) / summary["device"]["density_per_cm2"], 1, delta=0.05)

    def test_the_report_shows_the_punctures_and_what_limits_the_device(self):
        html = self.report(self.punctured(WHOLE.format(device="")))
        for words in ("Punctures of the first session", "How deep the tips reached", "Layer that the tip reached",
                      "Two clocks of closure", "Barrier back", "Hole closed", "What limits the device",
                      "<b>Depth.</b>", "<b>Force.</b>", "<b>Density.</b>", "should not tear"):
            self.assertIn(words, html)

    def test_the_report_says_when_skin_tears(self):
        html = self.report(self.punctured(WHOLE.format(device=", glide_speed: 80 mm/s")))
        self.assertIn("it tears; glide more slowly", html)
        self.assertNotIn("should not tear", html)

    def test_a_list_with_a_misspelt_column_is_refused(self):
        (self.folder / "own.csv").write_text("x_mm,y_mm,angel_deg,note\n1,1,30,a\n", encoding="utf-8")
        plan = self.plan(WHOLE.format(device=", punctures: own.csv"))
        done = call("run", plan, "-o", self.folder / "out", "--until", "puncture")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("own.csv:1:11: error: angel_deg: no such column; did you mean angle_deg?", done.stderr)
        self.assertNotIn("note", done.stderr)

    def test_lasers_and_peels_have_no_needles_to_report(self):
        laser = "device: {kind: fractional_ablative_laser, laser: {energy: 100 mJ}}\npatch: {width: 4 mm, height: 4 mm}\n"
        folder = self.punctured(laser, "laser")
        case = self.summary(folder)["case"]["device"]
        self.assertNotIn("needle_length_mm", case)
        self.assertEqual(case["energy_mJ"], 100)
        html = self.report(folder)
        self.assertIn("Columns reach", html)
        self.assertNotIn("<b>Force.</b>", html)
        peel = self.summary(self.punctured("device: {kind: peel, peel: {depth: medium}}\n", "peel"))
        self.assertEqual(peel["case"]["device"]["peel_depth_um"], 250)
        self.assertEqual(peel["device"]["punctures"], 0)
        light = self.summary(self.punctured("device: {kind: peel, peel: {agent: GA, concentration: 25 %}}\n", "light"))
        self.assertGreater(light["device"]["peel_depth_um"], 4)  # half of the horny layer
        self.assertLess(light["device"]["peel_depth_um"], 9)

    def test_impossible_lasers_are_refused_with_the_reason(self):
        plan = self.plan("device: {kind: fractional_ablative_laser, laser: {wavelength: 1550 nm}}\n")
        done = call("run", plan, "-o", self.folder / "no", "--until", "puncture")
        self.assertEqual(done.returncode, 3)
        self.assertIn("does not vaporise", done.stderr)


if __name__ == "__main__":
    unittest.main()
