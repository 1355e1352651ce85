# SPDX-License-Identifier: BSD-3-Clause
"""Bad input: one clear message, the exit code of the contract, nothing written."""

import os
import subprocess
import unittest

from program import PROGRAM, SMALL, ProgramTest, call

POSITION = r"plan\.yaml:[1-9]\d*:[1-9]\d*: error: "


class BadPlan(ProgramTest):
    def refused(self, text, *patterns):
        """`run` and `check` refuse the plan with exit code 3 and messages matching these patterns."""
        plan = self.plan(text)
        out = self.folder / "out"
        for words in (("run", plan, "-o", out), ("check", plan)):
            done = call(*words)
            self.assertEqual(done.returncode, 3, done.stderr[-2000:])
            self.assertEqual(done.stdout, "")
            for pattern in patterns:
                self.assertRegex(done.stderr, pattern)
        self.assertEqual(os.listdir(self.folder), ["plan.yaml"])
        return done.stderr

    def test_wrong_unit_names_the_dimension_wanted(self):
        self.refused(SMALL.replace("needle_length: 1 mm", "needle_length: 1 kg"),
                     POSITION + r".*needle_length.*|" + POSITION, r"kg", r"length|\bmm\b|\bm\b")

    def test_bare_number_names_the_unit_wanted(self):
        self.refused(SMALL.replace("needle_length: 1 mm", "needle_length: 1.5"), POSITION, r"unit|length", r"mm|\bm\b")

    def test_unknown_key_is_an_error_with_a_suggestion(self):
        self.refused(SMALL.replace("needle_length", "needle_lenght"), POSITION, r"did you mean .?needle_length")

    def test_unknown_word_lists_or_suggests_the_words(self):
        self.refused(SMALL.replace("kind: pen", "kind: pne"), POSITION, r"\bpen\b")

    def test_several_sessions_need_an_interval(self):
        self.refused(SMALL.replace("sessions: 1", "sessions: 3, interval: 0 d"), POSITION, r"interval")

    def test_out_of_range_names_the_range(self):
        self.refused(SMALL.replace("age: 30 y", "age: 900 y"), POSITION, r"age", r"\d+")

    def test_missing_device_kind(self):
        self.refused(SMALL.replace("kind: pen, ", ""), r"device\.?\s*kind|kind")

    def test_duplicate_key(self):
        self.refused(SMALL + "title: Again\n", POSITION, r"title|twice|duplicate")

    def test_all_mistakes_at_once(self):
        text = SMALL.replace("age: 30 y", "age: 30").replace("site: cheek", "site: chek").replace("passes", "pases")
        messages = self.refused(text, POSITION)
        self.assertEqual(len([line for line in messages.splitlines() if ": error: " in line]), 3, messages)

    def test_not_a_number(self):
        for value in ("nan mm", "inf mm", "-1 mm", "1e999 mm", "0x10 mm", "mm", "1.5.2 mm"):
            with self.subTest(value=value):
                self.refused(SMALL.replace("needle_length: 1 mm", f"needle_length: {value}"), POSITION)

    def test_syntax_error_has_a_position(self):
        self.refused("device: {kind: pen\ncourse: [", r"plan\.yaml:\d+:\d+")

    def test_empty_file(self):
        self.refused("", r"empty|device")

    def test_only_a_comment(self):
        self.refused("# nothing\n", r"empty|device")

    def test_a_list_in_place_of_a_plan(self):
        self.refused("- device\n- course\n", r"plan\.yaml")

    def test_binary_junk(self):
        self.refused(bytes(range(256)) * 64, r"plan\.yaml")

    def test_wrong_encoding(self):
        self.refused(SMALL.encode("utf-16"), r"plan\.yaml")

    def test_huge_file(self):
        self.refused("title: " + "x" * (40 << 20) + "\n", r"plan\.yaml")

    def test_deep_nesting(self):
        self.refused("device: " + "[" * 50000 + "\n", r"plan\.yaml")

    def test_anchors_do_not_multiply(self):
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{i}: &a{i} [{', '.join(['*a%d' % (i - 1)] * 10)}]" for i in range(1, 12)]
        self.refused("\n".join(lines), r"plan\.yaml")


class BadOverride(ProgramTest):
    def test_unknown_key_and_wrong_unit_are_both_told(self):
        done = call("check", self.plan(), "--set", "device.pases=3", "--set", "device.needle_length=3",
                    "--set", "model.delta_Q=1")
        self.assertEqual(done.returncode, 3, done.stderr)
        for word in ("pases", "needle_length", "delta_Q"):
            self.assertIn(word, done.stderr)

    def test_a_list_wants_the_number_of_an_item(self):
        done = call("check", self.plan(), "--set", "concerns.kind=pores")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("counted from 0, as in concerns.0", done.stderr)
        self.assertNotIn("did you mean", done.stderr)

    def test_a_range_is_told_to_the_last_digit(self):
        done = call("check", self.plan(), "--set", "patch.seed=9007199254740992")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("0 to 9007199254740991\n", done.stderr)

    def test_parameter_that_is_no_number(self):
        done = call("check", self.plan(), "--set", "model.delta_T=fast")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("delta_T", done.stderr)


class BadFolder(ProgramTest):
    def test_plan_that_is_not_there(self):
        done = call("run", self.folder / "absent.yaml")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("absent.yaml", done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_folder_in_place_of_a_plan(self):
        done = call("run", self.folder)
        self.assertEqual(done.returncode, 5)
        self.assertIn("it is a folder, not a file", done.stderr)

    def test_pipe_in_place_of_a_plan(self):
        os.mkfifo(self.folder / "pipe.yaml")
        done = call("check", self.folder / "pipe.yaml", timeout=20)
        self.assertEqual(done.returncode, 5)
        self.assertIn("it is a pipe or a device, not a file", done.stderr)

    def test_links_that_lead_nowhere_are_told_from_folders_that_are_missing(self):
        plan = self.plan()
        os.symlink("loop", self.folder / "loop")
        os.symlink("nowhere", self.folder / "dangling")
        for name, reason in (("loop", "Too many levels of symbolic links"), ("dangling", "No such file")):
            done = call("run", plan, "-o", self.folder / name)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertRegex(done.stderr, f"cannot make the folder .*{name}: {reason}")

    def test_results_cannot_be_made_below_a_file(self):
        plan = self.plan()
        done = call("run", plan, "-o", plan / "out")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("out", done.stderr)
        self.assertEqual(os.listdir(self.folder), ["plan.yaml"])

    def test_read_only_place(self):
        done = call("run", self.plan(), "-o", "/proc/needlework")
        self.assertEqual(done.returncode, 5, done.stderr)

    def test_report_of_a_folder_without_results(self):
        done = call("report", self.folder)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_closed_standard_output(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "params"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 5, done.stderr)


if __name__ == "__main__":
    unittest.main()
