# SPDX-License-Identifier: BSD-3-Clause
"""`claims`: the contract of its JSON, its text, its mistakes, its examples and pages."""

import json
import re
import signal
import subprocess
import time
import unittest

from program import PROGRAM, ROOT, ProgramTest, call, environment

# Short, and on untouched skin: what changes a plan is laid over it by the claims themselves.
PLAN = "device: {kind: none}\ncourse: {sessions: 1, follow_up: 2 d}\noutput: {every: 2 d}\n"
QUICK = ("--set", "model.posterior_share=0.3")
VERDICTS = {"supported", "partly", "unproven", "contradicted"}
PAGED = "O1 O2 O3 O4 O5 O6 O7 O8 O9 C1 C2 C3 C4 A1 K1 T1".split()


def rows():
    """(id, plan, page) of each row of the table of claims."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "model" / "claims.def").read_text(encoding="utf-8"), flags=re.S)
    for row in re.findall(r"^CLAIM\((.*?)\)$", text, flags=re.M | re.S):
        words = re.findall(r'"([^"]*)"', row)
        paged = not row.rstrip().endswith("NULL")
        yield row.split(",")[0], words[-2 if paged else -1], words[-1] if paged else None


class ClaimsTest(ProgramTest):
    def test_mistakes_of_the_plan_are_told_at_once(self):
        plan = self.plan("device: {kind: pin}\ncourse: {session: 1}\n")
        done = call("claims", plan)
        self.assertEqual(done.returncode, 3)
        self.assertIn("did you mean pen?", done.stderr)
        self.assertIn("did you mean sessions?", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(call("claims", plan, "--json").returncode, 3)
        self.assertEqual(call("claims", "no.yaml").returncode, 5)
        self.assertEqual(call("claims", plan, plan).returncode, 2)

    def test_an_experiment_is_no_treatment(self):
        done = call("claims", ROOT / "examples" / "franz_tranexamic.yaml")
        self.assertEqual(done.returncode, 3)
        self.assertIn("must have a course", done.stderr)

    def test_each_paged_claim_has_its_plan_and_its_page(self):
        found = {name: (plan, page) for name, plan, page in rows()}
        self.assertEqual(len(found), 39)
        self.assertEqual({name for name, (_, page) in found.items() if page}, set(PAGED))
        for name in PAGED:
            plan, page = found[name]
            self.assertEqual(page, f"claims/{name}.md")
            self.assertTrue(plan.startswith(f"claims/{name}_"), plan)
            text = (ROOT / "docs" / page).read_text(encoding="utf-8")
            self.assertIn(f"needlework run examples/{plan}.yaml", text)
            self.assertTrue(text.startswith(f"# {name}: "), text[:40])
            self.assertIn(re.search(r"\*\*(\w+), grade [1-5]\.\*\*", text).group(1).lower(), VERDICTS)
            self.assertGreaterEqual(text.count("| holds |") + text.count("| does not |")
                                    + text.count("| the opposite |") + text.count("| not known |"), 1)

    def test_the_examples_are_plans_without_mistakes(self):
        plans = sorted((ROOT / "examples" / "claims").glob("*.yaml"))
        self.assertEqual([plan.name.split("_")[0] for plan in plans], sorted(PAGED))
        for plan in plans:
            done = self.succeed("check", plan)
            self.assertIn("no mistakes; 0 contraindicated", done.stdout, plan.name)


class StoppedTest(ProgramTest):
    def test_interrupted_it_says_so(self):
        for words in (("claims",), ("validate", "clinical")):
            work = subprocess.Popen([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
            time.sleep(0.5)
            work.send_signal(signal.SIGINT)
            printed, messages = work.communicate(timeout=120)
            self.assertEqual((work.returncode, printed), (130, ""), messages)
            self.assertIn("interrupted; nothing was kept", messages)


class JudgedTest(ProgramTest):
    """One run of all claims on a short plan, as JSON and as text."""

    def test_json_and_text(self):
        plan = self.plan(PLAN)
        done = self.succeed("claims", plan, "--json", "--threads", "2", *QUICK)
        document = json.loads(done.stdout)
        self.assertIn("warning: device.kind: claims are about needles, and here it is none", done.stderr)
        self.assertEqual([claim["id"] for claim in document], [name for name, _, _ in rows()])
        for claim in document:
            self.assertGreaterEqual(set(claim), {"id", "claim", "prediction", "evidence", "grade", "verdict"})
            self.assertIn(claim["verdict"], VERDICTS)
            self.assertIsInstance(claim["grade"], int)
            self.assertIn(claim["grade"], range(1, 6))
            self.assertEqual(claim["prediction"]["plan"], str(plan))
            for item in claim["evidence"]:
                self.assertTrue(item["study"])
                self.assertIn("value", item)
                self.assertIn(item["stance"], ("for", "against"))
        by_name = {claim["id"]: claim for claim in document}
        self.assertEqual(by_name["S3"]["evidence"], [])
        for name in ("O1", "O3", "O4", "D1", "B4"):
            held = [part for part in by_name[name]["prediction"]["parts"] if part["result"] == "holds"]
            self.assertEqual(held, [], name)
        text = self.succeed("claims", plan, "--quiet", "--threads", "2", *QUICK).stdout
        self.assertRegex(text, r"pen: punctures of a session: \d{4} 1/cm")
        self.assertNotRegex(text, r"\de\+0[345]\b")


if __name__ == "__main__":
    unittest.main()
