# SPDX-License-Identifier: BSD-3-Clause
"""The page of equations: nothing stale, and what is left out or out of step is told."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import equations  # noqa: E402


class Equations(unittest.TestCase):
    def setUp(self):
        self.laws, self.elsewhere = equations.LAWS, equations.ELSEWHERE

    def tearDown(self):
        equations.LAWS, equations.ELSEWHERE = self.laws, self.elsewhere

    def test_the_page_is_what_code_and_tables_say(self):
        self.assertEqual(equations.complaints(), [])

    def test_each_mechanism_has_its_equation_and_its_source_of_numbers(self):
        text, _ = equations.page()
        for law in ("dF/dt = r_P h(P, K_P) F", "dC3/dt = f_3 S", "dE/dt = r_E h(V, K_EV)", "dKe/dt = a4 G TA",
                    "`r_P` |", "`eta_w` |", "`tau_b` |", "`k_s` |"):
            self.assertIn(law, text)

    def test_a_mechanism_that_is_left_out_is_told(self):
        equations.LAWS = tuple(law for law in self.laws if law[2] != "collagen")
        told = "\n".join(equations.complaints())
        self.assertIn("collagen is not in the list of laws", told)
        self.assertIn("eta_w: no law names it", told)
        self.assertIn("stale", told)

    def test_a_parameter_that_no_law_names_is_told(self):
        equations.ELSEWHERE = {k: v for k, v in self.elsewhere.items() if k != "papillary_zone"}
        self.assertIn("papillary_zone: no law names it", equations.complaints())

    def test_a_function_without_its_comment_is_told(self):
        equations.LAWS = self.laws + (("Nothing", equations.NETWORK, "rates_add"),)
        self.assertIn(f"{equations.NETWORK}: no comment above rates_add", equations.complaints())


if __name__ == "__main__":
    unittest.main()
