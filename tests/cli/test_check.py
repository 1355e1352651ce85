# SPDX-License-Identifier: BSD-3-Clause
"""`check`: every rule speaks when it should, and only then."""

import json
import re
import unittest

from program import ROOT, ProgramTest, call

PLAIN = "subject: {{age: 30 y, phototype: II, site: cheek, sun_exposure: low{subject}}}\n" \
        "device: {{kind: pen, needle_length: {length} mm, passes: 1, glide_speed: 10 mm/s{device}}}\n" \
        "operator: {operator}\ncourse: {{sessions: {sessions}, interval: {interval} d}}\n{rest}"


def plan(subject="", length=1.0, device="", operator="physician", sessions=2, interval=28, rest=""):
    return PLAIN.format(subject=subject and ", " + subject, length=length, device=device and ", " + device,
                        operator=operator, sessions=sessions, interval=interval, rest=rest)


class Check(ProgramTest):
    def findings(self, text):
        done = call("check", self.plan(text), "--json")
        answer = json.loads(done.stdout)
        worst = {f["severity"] for f in answer["findings"]}
        self.assertEqual(done.returncode, 1 if "contraindicated" in worst else 0, done.stderr)
        return {f["key"]: f for f in answer["findings"]}

    def test_conditions(self):
        expected = {"skin_cancer": "contraindicated", "open_wound": "contraindicated", "infection": "contraindicated",
                    "haemostatic_disorder": "contraindicated", "pregnancy": "contraindicated",
                    "metal_allergy": "contraindicated", "isotretinoin": "contraindicated", "active_acne": "caution",
                    "keloid_history": "caution", "herpes_history": "caution", "anticoagulants": "caution",
                    "actinic_keratosis": "caution", "recent_procedure": "caution"}
        before = self.findings(plan())
        for condition, severity in expected.items():
            with self.subTest(condition=condition):
                self.assertNotIn(condition, before)
                self.assertEqual(self.findings(plan(f"conditions: [{condition}]"))[condition]["severity"], severity)
        for condition, key in {"diabetes": "slow_healing", "immunosuppressed": "slow_healing",
                               "eczema": "chronic_dermatosis", "psoriasis": "chronic_dermatosis",
                               "vitiligo": "chronic_dermatosis", "rosacea": "chronic_dermatosis"}.items():
            with self.subTest(condition=condition):
                self.assertNotIn(key, before)
                self.assertEqual(self.findings(plan(f"conditions: [{condition}]"))[key]["severity"], "caution")

    def test_device_none_is_never_warned_about(self):
        text = "device: {kind: none}\nsubject: {conditions: [infection, pregnancy, skin_cancer]}\n"
        self.assertEqual(self.findings(text), {})

    def test_operator_against_length(self):
        self.assertIn("operator_self", self.findings(plan(operator="self", length=0.5)))
        self.assertNotIn("operator_self", self.findings(plan(operator="self", length=0.3)))
        self.assertNotIn("operator_self", self.findings(plan(operator="physician", length=2)))
        self.assertIn("operator_trained", self.findings(plan(operator="aesthetician")))

    def test_length_classes(self):
        self.assertNotIn("length_beyond_label", self.findings(plan(length=1.5)))
        self.assertIn("length_beyond_label", self.findings(plan(length=1.6)))
        self.assertIn("site_length", self.findings(plan(length=2.1)))
        self.assertNotIn("site_length", self.findings(plan(length=1.9)))

    def test_depth_limit_depends_on_the_site(self):
        self.assertIn("site_length", self.findings(plan(length=1).replace("cheek", "nose")))
        self.assertNotIn("site_length", self.findings(plan(length=1).replace("cheek", "abdomen")))
        self.assertIn("orbital_rim", self.findings(plan(length=0.3).replace("cheek", "periorbital")))

    def test_unsterile_needles(self):
        self.assertEqual(self.findings(plan(device="sterile: false"))["not_sterile"]["severity"], "contraindicated")

    def test_pigment_rules_follow_phototype(self):
        dark = plan().replace("phototype: II", "phototype: V")
        self.assertNotIn("pigment_phototype", self.findings(plan()))
        self.assertIn("pigment_phototype", self.findings(dark))
        self.assertIn("pigment_inflammation", self.findings(dark.replace("site:", "skin_type: sensitive, site:")))
        self.assertNotIn("pigment_inflammation", self.findings(dark))
        sunny = dark.replace("sun_exposure: low", "sun_exposure: high") + "aftercare: {sunscreen: false}\n"
        self.assertIn("pigment_sun", self.findings(sunny))
        self.assertNotIn("pigment_sun", self.findings(dark + "aftercare: {sunscreen: false}\n"))

    def test_vitamin_c_warns_of_granuloma_and_water_does_not(self):
        product = "products: [{{name: {}, concentration: 100 mg/mL}}]\n"
        finding = self.findings(plan(rest=product.format("L-ascorbic acid")))["product_on_channels"]
        self.assertIn("granulom", finding["text"])
        self.assertIn("Friedmann2024", finding["source"])
        self.assertNotIn("product_on_channels", self.findings(plan(rest=product.format("niacinamide"))))

    def test_dense_pen_is_marked_extrapolated(self):
        dense = self.findings(plan(device="frequency: 150 Hz, needle_count: 36").replace("passes: 1", "passes: 8"))
        self.assertEqual(dense["dense_extrapolated"]["severity"], "note")
        sparse = plan().replace("kind: pen", "kind: stamp").replace(", glide_speed: 10 mm/s", "")
        self.assertNotIn("dense_extrapolated", self.findings(sparse))

    def test_fast_gliding_tears(self):
        self.assertIn("tearing", self.findings(plan().replace("10 mm/s", "120 mm/s")))
        self.assertNotIn("tearing", self.findings(plan()))

    def test_sessions_too_close(self):
        self.assertIn("interval", self.findings(plan(interval=3)))
        self.assertNotIn("interval", self.findings(plan(interval=8)))

    def test_every_source_is_in_the_bibliography(self):
        entries = set()
        for path in (ROOT / "model" / "refs").glob("*.bib"):
            entries |= set(re.findall(r"^@\w+\{([^,\s]+),", path.read_text(encoding="utf-8"), re.M))
        text = plan("conditions: [infection, diabetes, eczema, isotretinoin], skin_type: sensitive", length=4,
                    operator="self", interval=2, rest="products: [{name: L-ascorbic acid, concentration: 100 mg/mL}]\n")
        for finding in self.findings(text.replace("II", "V")).values():
            for key in finding["source"].split():
                self.assertIn(key, entries)

    def test_writes_nothing(self):
        self.findings(plan())
        self.assertEqual([p.name for p in self.folder.iterdir()], ["plan.yaml"])

    def test_mistakes_give_one_json_document_and_exit_code_3(self):
        done = call("check", self.plan(plan().replace("1.0 mm", "1.0")), "--json")
        self.assertEqual(done.returncode, 3)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["verdict"], "mistakes")
        self.assertEqual([m["key"] for m in answer["messages"]], ["device.needle_length"])


if __name__ == "__main__":
    unittest.main()
