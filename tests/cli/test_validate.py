# SPDX-License-Identifier: BSD-3-Clause
"""`validate`: published against predicted, and the exit code when a goal is missed."""

import csv
import fcntl
import json
import os
import statistics
import unittest

from program import ROOT, ProgramTest, call

EVIDENCE = ROOT / "data" / "evidence.csv"
with open(EVIDENCE, encoding="utf-8") as table:
    COLUMNS = table.readline().strip().split(",")

LINE = {"id": "X1", "claim_id": "B4", "study": "Somebody 2031", "population": "n=20, 30-40 y, FST II", "site": "face",
        "device": "pen", "needle_length_mm": "1.0", "sessions": "2", "interval_days": "28", "adjunct": "none",
        "outcome": "collagen content", "time_days_from_first_session": "90", "change_pct": "15", "evidence_level": "3"}


class ValidateTest(ProgramTest):
    def document(self, *words, code=0):
        done = call("validate", *words, "--json")
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def test_mechanics_meets_its_goal(self):
        document = self.document("mechanics")
        self.assertEqual(document["suite"], "mechanics")
        self.assertGreaterEqual(len(document["cases"]), 25)
        for case in document["cases"]:
            self.assertGreaterEqual(
                set(case), {"id", "quantity", "published", "predicted", "interval", "inside", "score"})
            low, high = case["interval"]
            self.assertEqual(case["inside"], low <= case["predicted"] <= high, case)
            self.assertEqual(case["inside"], case["score"] <= 1, case)
        self.assertTrue(document["summary"]["met"])
        self.assertEqual(document["summary"]["inside"], len(document["cases"]))

    def test_transport_reports_what_was_fitted(self):
        fitted = self.document("transport")["summary"]["suites"][0]["fitted"]
        self.assertEqual([f["key"] for f in fitted],
                         ["polar_path", "ion_permeability_share", "open_share_roller", "open_share_pen"])
        for f in fitted:
            low, high = f["interval"]
            self.assertTrue(low < f["value"] < high, f)
        self.assertIn("90 % interval", self.succeed("validate", "transport").stdout)
        self.assertNotIn("fitted", self.document("mechanics")["summary"]["suites"][0])

    def test_the_table_shows_each_case(self):
        text = self.succeed("validate", "mechanics").stdout
        for case in self.document("mechanics")["cases"]:
            self.assertIn(case["quantity"], text)
        self.assertNotIn("OUTSIDE", text)
        self.assertIn("goal met", text)

    def test_an_answer_is_kept_in_a_folder(self):
        folder = self.folder / "kept"
        document = self.document("mechanics", "-o", folder)
        self.assertEqual(json.loads((folder / "validate.json").read_text(encoding="utf-8")), document)
        refused = call("validate", "mechanics", "-o", folder)
        self.assertEqual(refused.returncode, 5)
        self.assertIn("--force", refused.stderr)
        self.assertEqual(self.document("mechanics", "-o", folder, "--resume"), document)
        self.assertEqual(self.document("mechanics", "-o", folder, "--force"), document)

    def test_a_mistake_leaves_no_folder(self):
        for words in (("nope",), ("mechanics", "--set", "model.nope=1")):
            self.assertNotEqual(call("validate", *words, "-o", self.folder / "none").returncode, 0)
            self.assertFalse((self.folder / "none").exists())

    def test_a_bent_law_misses_the_goal(self):
        bent = "--set", "model.delta_array=0.2 mm"
        document = self.document("mechanics", *bent, code=1)
        outside = [case["id"] for case in document["cases"] if not case["inside"]]
        self.assertEqual(outside, ["C5"])
        self.assertFalse(document["summary"]["met"])
        done = call("validate", "mechanics", *bent)
        self.assertEqual(done.returncode, 1)
        self.assertIn("OUTSIDE", done.stdout)
        self.assertIn("goal MISSED", done.stdout)

    def test_without_a_suite_all_run(self):
        done = call("validate", "--json", timeout=1500)  # some forty trials with their ensembles
        document = json.loads(done.stdout)
        self.assertEqual(document["suite"], "all")
        self.assertEqual(done.returncode, 0 if document["summary"]["met"] else 1)
        named = {case["suite"] for case in document["cases"]}
        self.assertEqual(named, {suite["suite"] for suite in document["summary"]["suites"]})
        self.check_trials(document)

    def check_trials(self, document):
        """Every row of the table of evidence is either a case or listed with its reason; the summary is what
        the cases give."""
        trials = next(s for s in document["summary"]["suites"] if s["suite"] == "clinical")
        cases = [case for case in document["cases"] if case["suite"] == "clinical"]
        with open(EVIDENCE, encoding="utf-8") as file:
            ids = [row["id"] for row in csv.DictReader(file)]
        listed = [case["id"] for case in cases] + [row["id"] for row in trials["not_scored"]]
        self.assertEqual(sorted(ids), sorted(listed))
        self.assertTrue(all(row["reason"] for row in trials["not_scored"]))
        cohorts = {}
        for case in cases:
            low, high = case["interval"]
            self.assertEqual(case["inside"], low <= case["published"] <= high, case)
            cohorts.setdefault(case["cohort"], []).append(case)
        self.assertEqual(len(cohorts), trials["n_cohorts"])
        share = [sum(c["inside"] for c in group) / len(group) for group in cohorts.values()]
        self.assertAlmostEqual(statistics.mean(share), trials["coverage"], places=9)
        error = [statistics.median(c["error"] for c in group) for group in cohorts.values()]
        self.assertAlmostEqual(statistics.median(error), trials["median_error"], places=9)
        self.assertEqual(len(cohorts["NCT03803059"]), 10)  # three papers, one group of people
        self.assertIn("elastin", [c["key"] for c in trials["contradictions"]])

    def table(self, *rows):
        path = self.folder / "own.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def test_more_lines_of_one_plan_than_a_plan_may_list(self):
        lines = [{**LINE, "id": f"X{i}", "time_days_from_first_session": f"{80 + i % 8}"} for i in range(1200)]
        done = call("validate", self.table(*lines), "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        cases = json.loads(done.stdout)["cases"]
        self.assertEqual([c["id"] for c in cases], [line["id"] for line in lines])
        self.assertEqual(len({c["cohort"] for c in cases}), 1)
        self.assertEqual(len({c["predicted"] for c in cases}), 8)  # one for each time

    def test_reading_a_hundred_thousand_lines_takes_seconds(self):
        lines = [{**LINE, "id": f"X{i}", "study": f"Somebody {i}"} for i in range(100000)]
        done = call("validate", self.table(*lines, {**LINE, "id": "X99999"}), timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn("own.csv:100002:1: error: id: X99999 is the id of line 100001 already", done.stderr)

    def test_a_table_of_ones_own(self):
        path = self.table(LINE, {**LINE, "id": "X2", "outcome": "happiness"},
                          {**LINE, "id": "X3", "adjunct": "PRP"}, {**LINE, "id": "X4", "device": "rf"},
                          {**LINE, "id": "X5", "population": "12 rats"},
                          {**LINE, "id": "X6", "interval_days": "3000"})  # beyond what a plan may ask for
        done = call("validate", path, "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertIn("plan of X6: warning: no trial of this plan", done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["suite"], "clinical")
        self.assertEqual([case["id"] for case in document["cases"]], ["X1"])
        case = document["cases"][0]
        self.assertEqual((case["key"], case["published"], case["unit"]), ("collagen_total", 15, "%"))
        self.assertTrue(0 < case["predicted"] < 60, case)
        low, high = case["interval"]
        self.assertTrue(low < case["predicted"] < high)
        reasons = {r["id"]: r["reason"] for r in document["summary"]["suites"][0]["not_scored"]}
        self.assertEqual(reasons, {"X2": "outcome not modelled", "X3": "with an adjunct",
                                   "X4": "not needles alone", "X5": "not human skin in vivo",
                                   "X6": "no such reading"})

    def test_a_table_with_a_wrong_head_is_told_what_is_wrong(self):
        path = self.table(LINE)
        text = path.read_text(encoding="utf-8")
        for wrong, right in (("change_pc", "change_pct"), ("outcomes", "outcome")):
            path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
            done = call("validate", path)
            self.assertEqual(done.returncode, 3)
            self.assertIn(f"{wrong}: no such column; did you mean {right}?", done.stderr)
        path.write_text(text.replace("claim_id,", "", 1).replace("X1,B4,", "X1,", 1), encoding="utf-8")
        self.assertIn("claim_id: this column is missing", call("validate", path).stderr)
        path.write_text(text.replace(",", ";").replace("II", '"II"'), encoding="utf-8")
        done = call("validate", path)
        self.assertEqual(done.returncode, 3)
        self.assertIn("cells are separated by commas, not by semicolons", done.stderr)
        self.assertEqual(done.stderr.count("error:"), 1)

    def test_what_was_assumed_is_told(self):
        path = self.table({**LINE, "outcome": "collagen ≥\n" + "x" * 60},
                          {**LINE, "id": "X2", "time_days_from_first_session": ""})
        done = call("validate", path)
        lines = done.stdout.split("\n")
        first = next(line for line in lines if line.startswith("  X1"))
        second = next(line for line in lines if line.startswith("  X2"))
        self.assertIn("...", first)
        self.assertEqual(first.index("inside" if "inside" in first else "OUTSIDE"),
                         second.index("inside" if "inside" in second else "OUTSIDE"))
        self.assertIn("collagen_total on day 90, Somebody 2031", first)
        self.assertIn("collagen_total after the course (no day told)", second)
        self.assertIn("  plan of X1: X1, X2", lines)
        self.assertIn("      device: {kind: pen, needle_length: 1 mm, anaesthetic: cream}", lines)
        self.assertIn("clinical: 2 rows, 2 scored in 1 cohort.", lines)
        summary = json.loads(call("validate", path, "--json").stdout)["summary"]["suites"][0]
        self.assertEqual([plan["plan"] for plan in summary["plans"]], ["plan of X1"])
        self.assertIn("phototype: II,", summary["plans"][0]["text"])

    def test_what_ends_by_itself_is_not_cut_off_on_the_day_of_a_visit(self):
        line = {**LINE, "outcome": "erythema duration", "change_pct": "", "value": "2", "unit": "days", "sessions": "1",
                "needle_length_mm": "2"}
        short, long = ({**line, "id": day, "time_days_from_first_session": day} for day in ("0.5", "60"))
        alone = json.loads(call("validate", self.table(short), "--json").stdout)["cases"][0]
        other = json.loads(call("validate", self.table(long), "--json").stdout)["cases"][0]
        self.assertGreater(alone["predicted"], 0.6)
        self.assertAlmostEqual(alone["predicted"], other["predicted"], delta=0.1 * other["predicted"])

    def test_quarters_of_responders_are_all_people(self):
        quarters = "poor improvement (0-25%)", "fair (26-50%)", "good (51-75%)", "excellent (>75%)"
        lines = [{**LINE, "id": f"X{i}", "population": "n=30, acne scars", "outcome": quarter, "change_pct": "",
                  "value": "10/40", "sessions": "1", "needle_length_mm": "0.5"} for i, quarter in enumerate(quarters)]
        done = call("validate", self.table(*lines), "--json")
        cases = json.loads(done.stdout)["cases"]
        self.assertEqual([case["key"] for case in cases], ["scar_depth_um"] * 4)
        self.assertAlmostEqual(sum(case["predicted"] for case in cases), 100, places=6)
        self.assertTrue(all(case["published"] == 25 for case in cases))
        self.assertGreater(max(case["predicted"] for case in cases), 20)

    def test_a_table_of_mechanics(self):
        path = self.folder / "needles.csv"
        path.write_text(
            "id,topic,study,doi_or_pmcid,subject,site,device,needle_length_um,tip_radius_um,base_diameter_um,"
            "density_per_cm2,quantity,value,unit,sd,time_h,notes\n"
            "M1,force,Someone,,human skin,,single needle,,10,,,insertion_force,90,mN,10,,\n"
            "M2,depth,Someone,,human,forearm,pressed array,600,,,,penetration_depth_OCT,0.2,mm,,,\n"
            "M3,anatomy,Someone,,women,cheek,ultrasound,,,,,dermis_thickness,0.87,mm,0.1,,\n"
            "M4,closure,Someone,,human,arm,patch,,,,,OCT_pore_still_open_at,10,h,,,\n"
            "M6,pain,Someone,,human,face,\"roller, lidocaine/tetracaine 7/7\",1000,,,,VAS_0_10,3,-,1,,\n"
            "M5,optics,Someone,,human,arm,lamp,,,,,gloss,3,-,,,\n", encoding="utf-8")
        document = self.document(path)
        cases = {case["id"]: case for case in document["cases"]}
        self.assertEqual(sorted(cases), ["M1", "M2", "M3", "M4", "M6"])
        self.assertAlmostEqual(cases["M1"]["predicted"], 4.5 * 20, delta=1e-6)  # 4.5 mN a micrometre of tip
        self.assertEqual(cases["M1"]["interval"], [80, 100])
        self.assertAlmostEqual(cases["M2"]["predicted"], 0.46, delta=0.01)
        self.assertFalse(cases["M2"]["inside"])
        self.assertTrue(cases["M3"]["inside"])
        self.assertTrue(cases["M4"]["inside"])  # closes later than that: a lower bound
        self.assertAlmostEqual(cases["M6"]["predicted"], 5.22 * 0.575, delta=0.01)  # the stronger cream
        suite = document["summary"]["suites"][0]
        self.assertEqual([row["id"] for row in suite["not_scored"]], ["M5"])
        path.write_text(path.read_text(encoding="utf-8").replace(",90,mN", ",many,mN"), encoding="utf-8")
        done = call("validate", path)
        self.assertEqual(done.returncode, 3)
        self.assertIn("needles.csv:2:", done.stderr)

    def test_a_table_of_absorption(self):
        path = self.folder / "uptake.csv"
        path.write_text(
            "id,topic,study,doi_or_pmcid,molecule,MW_Da,logKow,vehicle,species_site,device,needle_length_um,"
            "density_per_cm2,condition,quantity,value,unit,sd,time_h,notes\n"
            "U1,intact_kp,Someone,,Caffeine,194.08,-0.07,PBS,human abdomen; epidermis,Franz/diffusion cell,,,intact,"
            "log_kp,-7,log10(cm/s),,,\n", encoding="utf-8")
        case = self.document(path)["cases"][0]
        self.assertTrue(-8 < case["predicted"] < -6, case)

    def test_mistakes_of_a_table_are_said_at_once(self):
        path = self.table({"id": "X1", "outcome": "collagen", "time_days_from_first_session": "soon"},
                          {"id": "X1", "outcome": "collagen", "evidence_level": "7"})
        done = call("validate", path, "--json")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(json.loads(done.stdout)["messages"]), 3)
        for words in ("own.csv:2:", "'soon' is no time", "own.csv:3:", "is no grade", "X1 is the id of line 2"):
            self.assertIn(words, done.stderr)
        with open(path, "w", encoding="utf-8") as file:
            file.write("a,b\n1,2\n")
        other = call("validate", path)
        self.assertEqual(other.returncode, 3)
        self.assertIn("own.csv:1:1", other.stderr)

    def test_an_answer_goes_only_for_a_new_one_and_is_written_by_one_at_a_time(self):
        out = self.folder / "out"
        table = self.table({"id": "X1", "outcome": ""})
        self.assertEqual(call("validate", table, "-o", out).returncode, 3)
        self.assertFalse(out.exists())
        out.mkdir()
        self.assertEqual(call("validate", table, "-o", out).returncode, 3)
        self.assertTrue(out.exists(), "a folder that was there stays")
        (out / "validate.json").write_text("old")
        self.assertEqual(call("validate", table, "-o", out, "--force").returncode, 3)
        self.assertEqual((out / "validate.json").read_text(), "old")
        holder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, holder)
        fcntl.flock(holder, fcntl.LOCK_EX)
        for words in (("validate", "mechanics", "-o", out, "--force"), ("claims", "-o", out, "--force"),
                      ("report", out)):
            done = call(*words)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("another run is writing into", done.stderr)
        fcntl.flock(holder, fcntl.LOCK_UN)
        self.succeed("validate", "mechanics", "-o", out, "--force", "--quiet")
        self.assertEqual(json.loads((out / "validate.json").read_text())["suite"], "mechanics")

    def test_what_cannot_be_run_is_said(self):
        self.assertIn("did you mean mechanics?", call("validate", "mechanic").stderr)
        self.assertEqual(call("validate", "mechanic").returncode, 2)
        absent = call("validate", "mine.csv")
        self.assertEqual(absent.returncode, 5)
        self.assertIn("mine.csv", absent.stderr)
        self.assertEqual(call("validate", "--set", "device.passes=3").returncode, 2)
        wrong = call("validate", "--set", "model.delta_aray=1 mm", "--json")
        self.assertEqual(wrong.returncode, 3)
        self.assertIn("delta_array", json.loads(wrong.stdout)["messages"][0]["text"])


if __name__ == "__main__":
    unittest.main()
