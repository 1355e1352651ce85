# SPDX-License-Identifier: BSD-3-Clause
"""`compare`: one folder for each treatment of the same skin, and what stands side by side."""

import json
import signal
import subprocess
import time
import unittest

from program import PROGRAM, SMALL, ProgramTest, call, environment


class Compare(ProgramTest):
    def comparison(self, folder):
        found = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
        return found, {t["name"]: t for t in found["treatments"]}

    def test_a_folder_for_each_treatment_and_one_document(self):
        out = self.folder / "out"
        done = self.succeed("compare", self.plan(), "--with", "laser,peel,none", "-o", out, "--json")
        found, arm = self.comparison(out)
        self.assertEqual(json.loads(done.stdout), found)
        self.assertEqual(list(arm), ["plan", "laser", "peel", "none"])
        for name, one in arm.items():
            summary = self.summary(out / name)
            self.assertEqual(summary["seed"], 3)
            self.assertEqual(summary["case"]["subject"], self.summary(out / "plan")["case"]["subject"])
            self.assertEqual(one["downtime_d"], summary["safety"]["downtime_d"])
            self.assertEqual(one["pih_risk"], summary["safety"]["pih_risk"])
            self.assertEqual(len(one["warnings"]), len(summary["safety"]["warnings"]))
            for key, value in summary["outcome"].items():
                self.assertEqual(one["outcome"][key]["final"], value["final"])
                self.assertEqual(one["outcome"][key].get("interval"), value.get("interval"))
        self.assertEqual([arm[n]["device"] for n in arm], ["pen", "fractional_ablative_laser", "peel", "none"])
        for key in ("collagen_I", "scar_depth_um", "elastin", "melanin_index"):  # what a plan calls untreated
            twin, none = arm["plan"]["outcome"][key]["untreated"], arm["none"]["outcome"][key]["final"]
            self.assertAlmostEqual(none, twin, delta=2e-3 * abs(twin), msg=key)
        self.assertEqual(arm["none"]["downtime_d"], 0)
        page = (out / "compare.html").read_text(encoding="utf-8")
        self.assertIn("<svg", page)
        self.assertNotIn("http", page.replace("http://www.w3.org", ""))

    def test_several_plans_are_compared_with_each_other(self):
        one, two = self.plan(), self.plan(SMALL.replace("1 mm", "0.5 mm"), "short.yaml")
        out = self.folder / "out"
        done = self.succeed("compare", one, two, "-o", out)
        _, arm = self.comparison(out)
        self.assertEqual(list(arm), ["plan", "short"])
        self.assertGreater(self.summary(out / "plan")["device"]["reach_um"]["mean"],
                           self.summary(out / "short")["device"]["reach_um"]["mean"])
        self.assertRegex(done.stdout, r"plan +short\n")

    def test_unknown_treatments_are_all_named_with_the_list(self):
        done = call("compare", self.plan(), "--with", "lazer,peel,voodoo", "-o", self.folder / "out")
        self.assertEqual(done.returncode, 2)
        self.assertIn("lazer", done.stderr)
        self.assertIn("did you mean laser?", done.stderr)
        self.assertIn("voodoo", done.stderr)
        self.assertIn("medium_peel", done.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_a_diffusion_cell_has_no_course_to_compare(self):
        text = ("experiment: {kind: franz_cell}\ndevice: {kind: none}\n"
                "products: [{name: caffeine, concentration: 10 mg/mL}]\n")
        done = call("compare", self.plan(text), "-o", self.folder / "out")
        self.assertEqual(done.returncode, 3)
        self.assertIn("no course", done.stderr)

    def test_interrupted_it_goes_on_to_the_same_numbers(self):
        plan, whole, cut = self.plan(), self.folder / "whole", self.folder / "cut"
        self.succeed("compare", plan, "--with", "peel", "-o", whole, "--quiet")
        work = subprocess.Popen([PROGRAM, "compare", plan, "--with", "peel", "-o", cut], stderr=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, text=True, env=environment())
        limit = time.monotonic() + 60
        while not (cut / "plan" / "report.html").exists() and time.monotonic() < limit:
            time.sleep(0.01)
        work.send_signal(signal.SIGINT)
        messages = work.communicate(timeout=60)[1]
        self.assertEqual(work.returncode, 130, messages)
        self.assertIn("--resume", messages)
        self.assertFalse((cut / "compare.json").exists())
        first = (cut / "plan" / "summary.json").read_bytes()
        self.succeed("compare", plan, "--with", "peel", "-o", cut, "--resume", "--quiet")
        self.assertEqual((cut / "plan" / "summary.json").read_bytes(), first)  # not computed again
        self.assertEqual((cut / "compare.json").read_bytes(), (whole / "compare.json").read_bytes())
        self.assertEqual(call("compare", plan, "--with", "peel", "-o", cut).returncode, 5)


if __name__ == "__main__":
    unittest.main()
