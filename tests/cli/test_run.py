# SPDX-License-Identifier: BSD-3-Clause
"""`run` from plan to folder: what is written, that it repeats, and that rest is rest."""

import csv
import json
import os
import re
import signal
import struct
import subprocess
import time
import unittest
import zlib

from program import PROGRAM, SMALL, ProgramTest, call, environment

TABLES = ("timeline.csv", "punctures.csv", "timeline.units.json")
FIELDS = (*TABLES, "fields.h5", "fields.xdmf")
RESTING = re.sub(r"device: .*", "device: {kind: none}", SMALL).replace("age: 30 y", "age: 30 y, ageing: false")
RESTING += "aftercare: {sunscreen: false, moisturiser: false, gentle_cleansing: false, sun_avoidance: 0 d}\n"


class Compared(ProgramTest):
    def same_bits(self, one, two, names=TABLES):
        for name in names:
            self.assertTrue((one / name).read_bytes() == (two / name).read_bytes(), name)

    def same_summary(self, one, two):
        first, second = self.summary(one), self.summary(two)
        for summary in (first, second):
            del summary["cost"], summary["plan"]  # wall time, name of the file
        self.assertEqual(first, second)


def read_png(path):
    """Width, height and unpacked rows of a PNG file of eight-bit colours, read without its writer's library."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    at, packed, size = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body, check = data[at + 8:at + 8 + length], data[at + 8 + length:at + 12 + length]
        assert struct.unpack(">I", check)[0] == zlib.crc32(kind + body), path
        if kind == b"IHDR":
            size = struct.unpack(">IIBB", body[:10])
            assert size[2:] == (8, 2), path
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    rows = zlib.decompress(packed)
    assert kind == b"IEND" and len(rows) == size[1] * (1 + 3 * size[0]), path
    return size[0], size[1], rows


class Run(Compared):
    def test_writes_the_whole_folder(self):
        text = SMALL.replace("pictures: false", "pictures: true") + "products: [{name: niacinamide, concentration: 50 mg/mL, dose: 10 uL/cm2, duration: 4 h}]\n"
        out = self.run_small("whole", text=text)
        for name in (*TABLES, "summary.json", "absorption.csv", "fields.h5", "fields.xdmf", "report.html"):
            self.assertTrue((out / name).stat().st_size > 0, name)
        self.assertEqual(sorted(p.name for p in out.glob("skin_*")),
                         [f"skin_{when}.png" for when in ("000d", "000d_01h", "001d", "007d", "007d_untreated")])
        pixels = {path.name: read_png(path) for path in out.glob("s*_*.png")}
        self.assertEqual({pixels[name][:2] for name in pixels if name.startswith("skin")}, {(800, 800)})
        self.assertEqual(len({pixels[name][2] for name in pixels}), len(pixels))  # no two are the same
        self.assertEqual(sorted(name for name in pixels if name.startswith("section")),
                         sorted(f"section_{when}_{look}.png" for when in ("000d", "007d")
                                for look in ("masson", "picrosirius", "elastin", "cells", "ultrasound")))
        self.assertEqual((out / "report.html").read_text(encoding="utf-8").count('alt="Surface of the skin'), 10)
        self.assertEqual([p.name for p in out.iterdir() if re.search(r"\.(new|tmp|part)", p.name)], [])
        summary = self.summary(out)
        for key in ("version", "plan", "seed", "case", "device", "pain_vas", "products", "outcome", "safety", "checks", "cost"):
            self.assertIn(key, summary)
        self.assertEqual(summary["seed"], 3)
        with open(out / "punctures.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        self.assertEqual(len(rows), summary["device"]["punctures"])
        self.assertEqual(list(rows[0]), "session,pass,x_mm,y_mm,reach_um,lumen_depth_um,lumen_diameter_um,angle_deg,layer,bleeds".split(","))
        for row in rows:
            self.assertLessEqual(0, float(row["x_mm"]))
            self.assertLessEqual(float(row["x_mm"]), 0.8)

    def test_timeline_ends_where_the_summary_does(self):
        out = self.run_small("timeline")
        with open(out / "timeline.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        self.assertEqual(next(iter(rows[0])), "time_d")
        outcome = self.summary(out)["outcome"]
        for key, value in outcome.items():
            self.assertAlmostEqual(float(rows[-1][key]), value["final"], delta=1e-6 + 1e-5 * abs(value["final"]), msg=key)
        self.assertAlmostEqual(float(rows[-1]["time_d"]), 7, places=6)

    def test_same_bits_for_one_and_two_threads(self):
        self.same_bits(self.run_small("one", "--threads", "1"), self.run_small("two", "--threads", "2"))

    def test_same_bits_again_and_others_for_another_seed(self):
        first = self.run_small("first")
        self.same_bits(first, self.run_small("again"))
        other = self.run_small("other", "--set", "patch.seed=4")
        self.assertNotEqual((first / "punctures.csv").read_bytes(), (other / "punctures.csv").read_bytes())

    def test_rest_is_rest_without_needles_and_ageing(self):
        summary = self.summary(self.run_small("rest", "--set", "course.follow_up=60 d", text=RESTING))
        self.assertEqual(summary["device"].get("punctures", 0), 0)
        self.assertGreater(len(summary["outcome"]), 5)
        for key, value in summary["outcome"].items():
            scale = max(abs(value["baseline"]), 1e-3)  # below that an instrument reads nothing
            self.assertLessEqual(abs(value["final"] - value["baseline"]) / scale, 1e-3, key)

    def test_without_needles_only_age_changes(self):
        text = RESTING.replace("ageing: false", "ageing: true")
        outcome = self.summary(self.run_small("age", "--precision", "double", "--set", "course.follow_up=365 d", text=text))["outcome"]
        for key, value in outcome.items():
            if "untreated" in value:
                scale = max(abs(value["baseline"]), 1e-3)
                self.assertLessEqual(abs(value["final"] - value["untreated"]) / scale, 1e-6, key)
        loss = outcome["collagen_total"]["final"] - outcome["collagen_total"]["baseline"]
        self.assertLess(loss, 0)
        self.assertGreater(loss, -0.03)

    def test_needles_change_something(self):
        outcome = self.summary(self.run_small("needled"))["outcome"]
        self.assertGreater(abs(outcome["collagen_III"]["final"] - outcome["collagen_III"]["baseline"]), 1e-4)

    def test_settings_reach_the_run(self):
        out = self.run_small("passes", "--set", "device.passes=12")
        one = self.summary(self.run_small("one"))["device"]["density_per_cm2"]
        self.assertAlmostEqual(self.summary(out)["device"]["density_per_cm2"] / one, 3, delta=0.3)

    def test_json_is_the_summary(self):
        out = self.folder / "json"
        printed = json.loads(self.succeed("run", self.plan(), "-o", out, "--json").stdout)
        written = self.summary(out)
        printed.pop("cost")  # wall time differs
        written.pop("cost")
        self.assertEqual(printed, written)

    def test_until_a_stage_stops_there(self):
        out = self.run_small("until", "--until", "puncture")
        self.assertTrue((out / "punctures.csv").exists())
        self.assertFalse((out / "timeline.csv").exists())
        done = call("run", self.plan(), "-o", self.folder / "x", "--until", "puncure")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "did you mean puncture")

    def test_until_a_time_stops_there(self):
        out = self.run_small("until", "--until", "2 d")
        with open(out / "timeline.csv", newline="") as table:
            self.assertLessEqual(float(list(csv.DictReader(table))[-1]["time_d"]), 2 + 1e-6)

    def test_results_are_not_overwritten_by_accident(self):
        out = self.run_small("kept")
        before = {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}
        done = call("run", self.plan(), "-o", out)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("--force", done.stderr)
        self.assertEqual(before, {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()})
        self.succeed("run", self.plan(), "-o", out, "--force")

    def test_default_folder_stands_beside_the_plan(self):
        self.succeed("run", self.plan(), "--until", "puncture")
        self.assertTrue((self.folder / "plan.out" / "punctures.csv").exists())

    def test_quiet_prints_nothing_and_no_bar_is_drawn_in_a_pipe(self):
        done = self.succeed("run", self.plan(), "-o", self.folder / "quiet", "--quiet")
        self.assertEqual(done.stdout + done.stderr, "")
        done = self.succeed("run", self.plan(), "-o", self.folder / "loud")
        self.assertNotIn("\r", done.stderr)
        self.assertIn("report.html", done.stdout)

    def test_pictures_only_where_the_plan_wants_them(self):
        out = self.run_small("plain")  # pictures: false
        self.assertEqual([p.name for p in out.glob("*.png")], [])
        page = (out / "report.html").read_text(encoding="utf-8")
        self.assertIn('<section id="outcome"', page)
        self.assertNotIn("data:image/", page)
        self.assertNotIn('<section id="tissue"', page)
        self.assertIs(self.summary(out)["case"]["output"]["pictures"], False)

    def test_report_can_be_written_again(self):
        out = self.run_small("report")
        (out / "report.html").unlink()
        self.succeed("report", out)
        self.assertGreater((out / "report.html").stat().st_size, 10000)


class Resumed(Compared):
    def again(self, out, *words):
        return self.succeed("run", self.plan(SMALL, "again.yaml"), "-o", out, "--resume", *words)

    def whole_and(self, name, *words):
        """A run in one go, and the folder of another that is yet to be finished."""
        return self.run_small("whole"), self.run_small(name, *words)

    def test_healing_first_and_the_rest_later_is_the_same_run(self):
        whole, out = self.whole_and("parts", "--until", "healing")
        self.assertTrue((out / "checkpoint.h5").exists())
        self.assertFalse((out / "timeline.csv").exists())
        self.again(out)
        self.same_summary(whole, out)
        self.same_bits(whole, out)
        self.assertTrue((out / "report.html").exists())
        self.assertFalse((out / "checkpoint.h5").exists())

    def test_killed_before_the_report_goes_on(self):
        whole, out = self.whole_and("cut", "--until", "healing")
        checkpoint = (out / "checkpoint.h5").read_bytes()
        self.again(out)
        (out / "report.html").unlink()  # as if killed after summary.json
        (out / "checkpoint.h5").write_bytes(checkpoint)
        self.again(out)
        self.same_bits(whole, out)
        self.assertTrue((out / "report.html").exists())
        self.assertFalse((out / "checkpoint.h5").exists())

    def test_missing_report_alone_is_written_again(self):
        out = self.run_small("report")
        (out / "report.html").unlink()
        before = (out / "timeline.csv").stat().st_mtime_ns
        self.again(out)
        self.assertTrue((out / "report.html").exists())
        self.assertEqual(before, (out / "timeline.csv").stat().st_mtime_ns)

    def test_a_time_between_outputs_first_and_the_rest_later_is_the_same_run(self):
        whole, out = self.whole_and("parts", "--until", "2.3 d")
        self.assertTrue((out / "checkpoint.h5").exists())
        with open(out / "timeline.csv", newline="") as table:
            self.assertAlmostEqual(float(list(csv.DictReader(table))[-1]["time_d"]), 2, places=6)
        self.again(out)
        self.same_summary(whole, out)
        self.same_bits(whole, out)

    def test_a_stage_first_starts_afresh(self):
        whole, out = self.whole_and("parts", "--until", "puncture")
        self.again(out)
        self.same_bits(whole, out)

    def test_nothing_to_resume_starts_afresh(self):
        self.same_bits(*self.whole_and("resumed", "--resume"))

    def test_finished_run_resumes_to_nothing(self):
        out = self.run_small("finished")
        before = {p.name: p.stat().st_mtime_ns for p in out.iterdir()}
        self.assertIn("nothing left to do", self.again(out).stderr)
        self.assertEqual(json.loads(self.again(out, "--json").stdout), self.summary(out))
        self.assertEqual(before, {p.name: p.stat().st_mtime_ns for p in out.iterdir()})

    def test_a_pipe_in_place_of_a_summary_stops_nothing(self):
        out = self.folder / "piped"
        out.mkdir()
        os.mkfifo(out / "summary.json")
        done = call("run", self.plan(), "-o", out, "--resume", timeout=30)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("--force", done.stderr)

    def test_a_checkpoint_of_other_fields_is_not_gone_on_with(self):
        out = self.run_small("cut", "--until", "0 d", "--set", "output.fields=[collagen_I]")
        before = {p.name: p.stat().st_mtime_ns for p in out.iterdir()}
        done = call("run", self.folder / "cut.yaml", "-o", out, "--resume", "--set", "output.fields=[melanin]")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("checkpoint.h5 belongs to another plan", done.stderr)
        self.assertEqual(before, {p.name: p.stat().st_mtime_ns for p in out.iterdir()})

    def test_results_of_another_plan_are_not_gone_on_with(self):
        out = self.run_small("finished")
        before = (out / "summary.json").read_bytes()
        done = call("run", self.plan(), "-o", out, "--resume", "--set", "device.passes=5")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("another plan", done.stderr)
        self.assertEqual(before, (out / "summary.json").read_bytes())


class Interrupted(Compared):
    LONG = SMALL.replace("0.8 mm, height: 0.8 mm", "1 mm, height: 1 mm").replace("sessions: 1, follow_up: 7 d", "sessions: 2, interval: 14 d, follow_up: 30 d")

    def test_interrupted_and_resumed_gives_the_same_bits(self):
        whole = self.run_small("whole", text=self.LONG)
        plan = self.plan(self.LONG, "whole.yaml")
        out = self.folder / "cut"
        words = [PROGRAM, "run", str(plan), "-o", str(out)]
        stopped = 0
        for attempt in range(12):
            process = subprocess.Popen(words + (["--resume"] if attempt else []), stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env=environment())
            time.sleep(0.3 + 0.25 * attempt)
            process.send_signal(signal.SIGINT)
            _, messages = process.communicate(timeout=300)
            if process.returncode == 0:
                break
            stopped += 1
            self.assertEqual(process.returncode, 130, messages)
            self.assertIn("--resume", messages)
        else:
            subprocess.run(words + ["--resume"], check=True, capture_output=True, env=environment())
        self.assertGreater(stopped, 0)
        self.same_bits(whole, out)

    def start(self, plan, out, *words):
        process = subprocess.Popen([PROGRAM, "run", str(plan), "-o", str(out), *words], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, env=environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def test_killed_at_any_moment_and_resumed_gives_the_same_bits(self):
        whole, plan = self.run_small("whole", text=self.LONG), self.plan(self.LONG, "whole.yaml")
        out = self.folder / "killed"
        for after in (0.2, 0.6, 1.1, 1.8):
            process = self.start(plan, out, "--resume")
            time.sleep(after)
            process.kill()
            process.wait()
        self.succeed("run", plan, "-o", out, "--resume")
        self.same_summary(whole, out)
        self.same_bits(whole, out, FIELDS)

    def test_one_run_at_a_time_in_a_folder(self):
        out, plan = self.folder / "shared", self.plan(self.LONG, "long.yaml")
        first = self.start(plan, out)
        while not out.exists() and first.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        for words in ((), ("--force",), ("--resume",)):
            done = call("run", plan, "-o", out, *words)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("another run", done.stderr)
        self.assertIsNone(first.poll())
        first.kill()
        first.wait()
        self.succeed("run", plan, "-o", out, "--force", "--until", "puncture")  # the dead hold no folder


if __name__ == "__main__":
    unittest.main()
