# SPDX-License-Identifier: BSD-3-Clause
"""What others open: fields.h5 through h5py, fields.xdmf and what it refers to, summary and tables with
Python's own readers."""

import csv
import json
import math
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from program import SMALL, call  # noqa: E402

try:
    import h5py
    import numpy
except ImportError:
    h5py = None

FIELDS = ("collagen_III", "fibroblast", "tgf_beta")
TEXT = SMALL.replace("every: 7 d", "every: 7 d, fields: [%s]" % ", ".join((*FIELDS, "melanin"))) + (
    'products: [{name: niacinamide, concentration: 50 mg/mL, dose: 10 uL/cm2, duration: 4 h}]\n')


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="needlework-test-")
        cls.addClassCleanup(cls.holder.cleanup)
        plan = pathlib.Path(cls.holder.name) / "plan.yaml"
        plan.write_text(TEXT, encoding="utf-8")
        cls.out = plan.parent / "out"
        done = call("run", plan, "-o", cls.out, "--set", "model.delta_T=9.0")
        if done.returncode:
            raise AssertionError(done.stderr[-2000:])
        cls.summary = json.loads((cls.out / "summary.json").read_text(encoding="utf-8"))

    def rows(self, name):
        with open(self.out / name, newline="", encoding="utf-8") as table:
            return list(csv.DictReader(table))


@unittest.skipUnless(h5py, "h5py is not installed")
class Fields(Files):
    def setUp(self):
        self.file = h5py.File(self.out / "fields.h5", "r")
        self.addCleanup(self.file.close)

    def test_every_field_stands_over_time_and_space(self):
        f = self.file
        shape = tuple(len(f[axis]) for axis in ("time", "z", "y", "x"))
        self.assertEqual(shape[2:], (16, 16))
        for name in FIELDS:
            field = f[name]
            self.assertEqual(field.shape, shape)
            self.assertEqual([d[0].name for d in field.dims], ["/time", "/z", "/y", "/x"])
            self.assertTrue(numpy.isfinite(field[:]).all())
            for step in range(shape[0]):
                self.assertTrue((field[step] == f[f"steps/{step:06}/{name}"][:]).all())
        self.assertEqual(f["melanin"].shape, (shape[0], *shape[2:]))
        self.assertEqual([d[0].name for d in f["melanin"].dims], ["/time", "/y", "/x"])
        self.assertTrue((f["melanin"][:] > 0).all())
        self.assertNotIn("vegf", f)
        self.assertGreater(f["fibroblast"][:].std(), 0)

    def test_axes_and_attributes_follow_cf(self):
        f = self.file
        self.assertEqual(f.attrs["Conventions"], b"CF-1.8")
        self.assertEqual(f["z"].attrs["positive"], b"down")
        for axis in "xyz":
            edges = f[axis + "_edge"][:]
            self.assertTrue((numpy.diff(edges) > 0).all())
            numpy.testing.assert_allclose(f[axis][:], (edges[1:] + edges[:-1]) / 2, rtol=1e-12)
            self.assertEqual(f[axis].attrs["units"], b"mm")
        self.assertAlmostEqual(f["x_edge"][-1], 0.8, places=9)
        time = f["time"][:]
        self.assertTrue((numpy.diff(time) > 0).all())
        self.assertAlmostEqual(time[-1], 7, places=6)
        for name, unit in (("collagen_III", b"1"), ("fibroblast", b"mm-3"), ("tgf_beta", b"ng/mL")):
            self.assertEqual(f[name].attrs["units"], unit)
            self.assertIn("long_name", f[name].attrs)

    def test_every_parameter_tells_value_unit_source_and_origin(self):
        parameters = self.file["parameters"]
        table = {row["key"]: row for row in json.loads(call("params", "--json").stdout)}
        self.assertEqual(set(parameters), set(table))
        for key, row in table.items():
            if key != "delta_T":
                self.assertTrue(math.isclose(parameters[key][()], row["value"], rel_tol=1e-12), key)
                self.assertEqual(parameters[key].attrs["origin"], b"default")
            self.assertEqual(parameters[key].attrs["units"].decode(), row["unit"])
        self.assertAlmostEqual(parameters["delta_T"][()], 9.0, places=12)
        self.assertEqual(parameters["delta_T"].attrs["origin"], b"overridden")
        self.assertEqual(parameters["delta_T"].attrs["kind"], b"MEASURED")
        self.assertIn(b"Jin2011", parameters["delta_T"].attrs["source"])

    def test_sections_are_cuts_at_mid_y(self):
        sections = self.file["sections"]
        times = sections["time"][:]
        self.assertGreater(len(times), 1)
        for name in FIELDS:
            picture = sections[name]
            self.assertEqual(picture.shape, (len(times), len(sections["z"]), len(sections["x"])))
        self.assertEqual(sections["coverage"].shape, (len(times), len(sections["y"]), len(sections["x"])))
        self.assertTrue(((sections["coverage"][:] >= 0) & (sections["coverage"][:] <= 1 + 1e-6)).all())

    def test_xdmf_refers_to_whole_datasets_of_the_size_it_says(self):
        root = xml.parse(self.out / "fields.xdmf").getroot()
        grids = root.findall("./Domain/Grid[@Name='fields']/Grid")
        surface = root.findall("./Domain/Grid[@Name='surface']/Grid")
        for sequence in (grids, surface):
            self.assertEqual([float(g.find("Time").get("Value")) for g in sequence], list(self.file["time"][:]))
        for grid in grids + surface:
            nodes = [int(n) for n in grid.find("Topology").get("Dimensions").split()]
            names = {"melanin"} if grid in surface else set(FIELDS)
            self.assertEqual({a.get("Name") for a in grid.findall("Attribute")}, names)
            for item in grid.iter("DataItem"):
                name, path = item.text.split(":")
                self.assertEqual(name, "fields.h5")
                data = self.file[path]
                self.assertEqual([int(n) for n in item.get("Dimensions").split()], list(data.shape))
                self.assertEqual(int(item.get("Precision")), data.dtype.itemsize)
            for attribute in grid.findall("Attribute"):
                cells = [int(n) for n in attribute.find("DataItem").get("Dimensions").split()]
                self.assertEqual(cells, [n - 1 for n in nodes])


class Tables(Files):
    def test_summary_is_strict_json_without_nan(self):
        def refuse(word):
            raise ValueError(word)

        json.loads((self.out / "summary.json").read_text(encoding="utf-8"), parse_constant=refuse)
        self.assertEqual(self.summary["overrides"], [{"key": "delta_T", "value": 9.0, "default": 9.1, "unit": "1/day"}])
        for value in self.summary["outcome"].values():
            self.assertTrue({"baseline", "final", "change_pct", "unit", "evidence"} <= set(value))
            self.assertIn(value["evidence"], range(1, 6))

    def test_punctures_agree_with_the_summary(self):
        rows = self.rows("punctures.csv")
        device = self.summary["device"]
        self.assertEqual(len(rows), device["punctures"])
        self.assertEqual({row["session"] for row in rows}, {"1"})
        reach = [float(row["reach_um"]) for row in rows]
        self.assertAlmostEqual(sum(reach) / len(reach), device["reach_um"]["mean"], delta=0.01)
        self.assertAlmostEqual(max(reach), device["reach_um"]["max"], delta=0.01)
        for layer, share in device["layer_fraction"].items():
            self.assertAlmostEqual(sum(row["layer"] == layer for row in rows) / len(rows), share, places=9)

    def test_absorption_agrees_with_the_summary(self):
        rows = self.rows("absorption.csv")
        product = self.summary["products"][0]
        self.assertEqual({row["product"] for row in rows}, {product["name"]})
        peak = max(float(row["flux_ug_cm2_h"]) for row in rows)
        self.assertLessEqual(peak, product["flux_peak_ug_cm2_h"] * (1 + 1e-9))
        self.assertGreater(peak, 0.5 * product["flux_peak_ug_cm2_h"])
        time = [float(row["time_h"]) for row in rows]
        at = min(range(len(time)), key=lambda i: abs(time[i] - product["amount_time_h"]))
        if abs(time[at] - product["amount_time_h"]) < 1e-9:
            for place, amount in product["amount_ug_cm2"].items():
                self.assertAlmostEqual(float(rows[at][place]), amount, delta=1e-9 * abs(amount) + 1e-15)

    def test_timeline_has_a_unit_for_each_column(self):
        units = json.loads((self.out / "timeline.units.json").read_text(encoding="utf-8"))
        rows = self.rows("timeline.csv")
        self.assertEqual(list(units), list(rows[0]))
        self.assertEqual(units["time_d"], "d")
        self.assertLessEqual(set(self.summary["outcome"]), set(units))


del Files  # a base, no test of its own

if __name__ == "__main__":
    unittest.main()
