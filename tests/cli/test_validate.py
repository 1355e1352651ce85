# SPDX-License-Identifier: BSD-3-Clause
"""`validate`: published against predicted, and the exit code when a goal is missed."""

import json
import unittest

from program import ProgramTest, call


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

    def test_the_table_shows_each_case(self):
        text = self.succeed("validate", "mechanics").stdout
        for case in self.document("mechanics")["cases"]:
            self.assertIn(case["quantity"], text)
        self.assertNotIn("OUTSIDE", text)
        self.assertIn("goal met", text)

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
        done = call("validate", "--json")
        document = json.loads(done.stdout)
        self.assertEqual(document["suite"], "all")
        self.assertEqual(done.returncode, 0 if document["summary"]["met"] else 1)
        named = {case["suite"] for case in document["cases"]}
        self.assertEqual(named, {suite["suite"] for suite in document["summary"]["suites"]})

    def test_what_cannot_be_run_is_said(self):
        self.assertIn("did you mean mechanics?", call("validate", "mechanic").stderr)
        self.assertEqual(call("validate", "mechanic").returncode, 2)
        own = call("validate", "mine.csv")
        self.assertEqual(own.returncode, 2)
        self.assertIn("cannot be read yet", own.stderr)
        self.assertEqual(call("validate", "--set", "device.passes=3").returncode, 2)
        wrong = call("validate", "--set", "model.delta_aray=1 mm", "--json")
        self.assertEqual(wrong.returncode, 3)
        self.assertIn("delta_array", json.loads(wrong.stdout)["messages"][0]["text"])


if __name__ == "__main__":
    unittest.main()
