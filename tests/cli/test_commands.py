# SPDX-License-Identifier: BSD-3-Clause
"""The commands that tell something, and the command line itself."""

import json
import re
import statistics
import time
import unittest

from program import ROOT, SMALL, ProgramTest, call


class CommandLine(ProgramTest):
    def test_help_lists_only_commands_that_run(self):
        listed = re.findall(r"^  ([a-z]+) {2,}\w", self.succeed("help").stdout, re.M)
        self.assertGreaterEqual(set(listed), {"run", "check", "template", "params", "cite", "report", "version", "help"})
        for name in listed:
            with self.subTest(command=name):
                self.assertIn(f"needlework {name}", self.succeed("help", name).stdout)
                self.assertEqual(call(name, "--help").stdout, self.succeed("help", name).stdout)

    def test_help_says_once_that_it_is_no_medical_device(self):
        self.assertEqual(self.succeed("--help").stdout.lower().count("not a medical device"), 1)

    def test_no_command_is_bad_usage(self):
        self.assertEqual(call().returncode, 2)

    def test_unknown_command_gets_a_suggestion(self):
        done = call("chekc")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "did you mean check")
        self.assertEqual(done.stdout, "")

    def test_all_mistakes_of_the_command_line_at_once(self):
        done = call("run", "--threads", "none", "--set", "passes", "--precision", "half", "--resum")
        self.assertEqual(done.returncode, 2)
        for pattern in ("--threads none", "did you mean --resume", "--set passes", "--precision half", "missing argument"):
            self.assertRegex(done.stderr, pattern)

    def test_option_of_another_command_is_refused(self):
        self.assertEqual(call("version", "--force").returncode, 2)
        self.assertEqual(call("params", "a", "b").returncode, 2)

    def test_resume_and_force_contradict_each_other(self):
        done = call("run", self.plan(), "--resume", "--force")
        self.assertEqual(done.returncode, 2)

    def test_value_after_equals(self):
        self.assertEqual(call("check", self.plan(), "--set=device.passes=2").returncode, 0)

    def test_refuses_to_be_one_of_several_processes(self):
        for name in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"):
            done = call("version", **{name: "4"})
            self.assertEqual(done.returncode, 2)
            self.assertIn(name, done.stderr)
        self.assertEqual(call("version", OMPI_COMM_WORLD_SIZE="1").returncode, 0)

    def test_starts_within_50_ms(self):
        seconds = []
        for _ in range(11):
            start = time.perf_counter()
            call("version")
            seconds.append(time.perf_counter() - start)
        self.assertLess(statistics.median(seconds), 0.05)


class Schema(ProgramTest):
    def test_schema_names_the_keys_and_words_of_a_plan(self):
        schema = json.loads(self.succeed("schema").stdout)
        device = schema["properties"]["device"]["properties"]
        self.assertEqual(schema["required"], ["device"])
        self.assertIn("pen", device["kind"]["anyOf"][0]["enum"])
        self.assertEqual(device["needle_length"]["anyOf"][0]["quantity"]["unit"], "mm")


class Version(ProgramTest):
    def test_version_is_that_of_the_project(self):
        project = re.search(r"project\(needlework VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(self.succeed("version").stdout, f"needlework {project}\n")
        self.assertRegex((ROOT / "CITATION.cff").read_text(), rf"(?m)^version: {re.escape(project)}$")


class Params(ProgramTest):
    def rows(self, *words):
        return json.loads(self.succeed("params", *words, "--json").stdout)

    def test_every_row_has_range_kind_and_reason(self):
        rows = self.rows()
        self.assertGreater(len(rows), 100)
        for row in rows:
            self.assertLessEqual(row["low"], row["value"], row["key"])
            self.assertLessEqual(row["value"], row["high"], row["key"])
            self.assertIn(row["kind"], ("MEASURED", "DERIVED", "FITTED", "ASSUMED"))
            self.assertTrue(row["note"] or row["citation"], row["key"])

    def test_pattern_selects(self):
        self.assertEqual([row["key"] for row in self.rows("delta_T")], ["delta_T"])
        self.assertLess(len(self.rows("transport")), len(self.rows()))

    def test_a_star_stands_for_any_letters_of_a_key(self):
        keys = [row["key"] for row in self.rows("trial_*")]
        self.assertIn("trial_length", keys)
        self.assertTrue(all(key.startswith("trial_") for key in keys), keys)
        self.assertEqual(call("params", "rial_*").returncode, 1)

    def test_the_text_has_a_head(self):
        head, *rows = self.succeed("params", "trial_*").stdout.splitlines()
        self.assertEqual(head.split()[:4], ["part", "key", "value", "unit"])
        for row in rows:
            self.assertNotIn(" ", row[head.index("unit") - 2])  # values end where units begin

    def test_no_match_is_exit_code_1(self):
        self.assertEqual(call("params", "no such thing").returncode, 1)

    def test_text_names_value_unit_and_source(self):
        line = self.succeed("params", "delta_T").stdout
        self.assertRegex(line, r"delta_T +9\.1 +1/day +\[0\.09, 15\] +MEASURED .*WaughSherratt2006")


class Cite(ProgramTest):
    def keys(self, *words, text=SMALL):
        out = self.succeed("cite", self.plan(text), *words).stdout
        self.assertEqual(re.findall(r"^% (\S+): no entry", out, re.M), [])
        keys = re.findall(r"^@\w+\{([^,]+),", out, re.M)
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(out.count("{"), out.count("}"))
        return set(keys)

    def test_needling_is_cited_only_when_there_are_needles(self):
        none = "device: {kind: none}\nsubject: {age: 30 y, phototype: II, site: cheek}\n"
        self.assertIn("CFR8784430", self.keys(text=SMALL + "products: [{name: niacinamide, concentration: 50 mg/mL}]\n"))
        self.assertNotIn("CFR8784430", self.keys(text=none))
        self.assertNotIn("SciRep2022", self.keys(text=none))

    def test_products_bring_the_sources_of_transport(self):
        with_product = self.keys(text=SMALL + "products: [{name: L-ascorbic acid, concentration: 150 mg/mL}]\n")
        self.assertGreater(with_product, self.keys())
        self.assertIn("Friedmann2024", with_product)

    def test_a_value_of_the_users_own_cites_nobody(self):
        self.assertIn("Verzijl2000", self.keys())
        self.assertNotIn("Verzijl2000", self.keys("--set", "model.delta_m=1e-4"))


class Template(ProgramTest):
    def test_every_template_is_a_plan_without_mistakes(self):
        kinds = re.findall(r"^  - kind: (\w+)", self.succeed("template").stdout, re.M) + [
            "acne_scar", "wrinkle", "pores", "melasma", "lentigo", "stretch_mark", "texture", "photoageing", "pih",
            "surgical_scar", "laxity", "dullness"]
        for kind in kinds:
            with self.subTest(concern=kind):
                text = self.succeed("template", kind).stdout
                self.assertIn("#", text)
                self.assertIn(kind, text)
                done = call("check", self.plan(text))
                self.assertIn(done.returncode, (0, 1), done.stderr)

    def test_unknown_concern_gets_a_suggestion(self):
        done = call("template", "acne_scars")
        self.assertEqual(done.returncode, 2)
        self.assertIn("acne_scar", done.stderr)


class Examples(ProgramTest):
    def test_every_example_has_no_mistakes(self):
        plans = sorted((ROOT / "examples").glob("*.yaml"))
        self.assertGreaterEqual(len(plans), 5)
        for plan in plans:
            with self.subTest(plan=plan.name):
                done = call("check", plan)
                self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)

    def test_vitamin_c_on_open_channels_warns_of_granuloma(self):
        done = self.succeed("check", ROOT / "examples" / "acne_scars.yaml")
        self.assertRegex(done.stdout, r"caution: product_on_channels: .*granulom")


if __name__ == "__main__":
    unittest.main()
