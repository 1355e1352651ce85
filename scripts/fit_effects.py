#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fits what products do to pigment (model/params/effects.def) to the melasma trials they are known from.

Least squares on the relative fall of mMASI, epidermal melasma, one trial after the other; no trial serves
two fits. The falls are against baseline, with sunscreen and whatever else the trial gave, so what comes out
is the most that the product can have done. Prints each value with the range in which the sum of squares
stays within twice its least, or within a scatter of five points where one value meets one number.

Usage: fit_effects.py PATH_TO_NEEDLEWORK
"""

import csv
import pathlib
import subprocess
import sys
import tempfile

PLAN = """
subject: {{age: 35 y, sex: female, phototype: III, site: cheek}}
concerns: [{{kind: melasma, type: epidermal}}]
device: {{{device}}}
products: [{{{product}}}]
course: {{sessions: {sessions}, interval: {interval} d, follow_up: {follow_up} d}}
patch: {{width: 0.6 mm, height: 0.6 mm, resolution: 50 um}}
output: {{times: [{times}], fields: []}}
"""
ROLLER = "kind: roller, preset: medical_roller_1500"
# Falls of mMASI or MASI at days. Feng 2024 pools points, not shares: its curve is scaled to the 44.41 % at
# 140 d of Budamakuntla 2013, whose protocol stands for the pool.
FENG = {28: 1.85, 56: 3.28, 84: 4.73, 112: 3.18, 140: 3.20}
TRIALS = {
    "tranexamic acid": dict(
        device=ROLLER, product="name: tranexamic acid, when: during, concentration: 4 mg/mL, vehicle_ph: 7, dose: 20 uL/cm2, duration: 1 h",
        sessions=3, interval=28, follow_up=90, falls={t: 0.4441 * v / FENG[140] for t, v in FENG.items()}),
    "vitamin C": dict(
        device=ROLLER, product="name: vitamin C, when: during, concentration: 200 mg/mL, vehicle_ph: 3.5, dose: 20 uL/cm2, duration: 1 h",
        sessions=6, interval=14, follow_up=10, falls={70: 0.332}),
    "hydroquinone": dict(
        device="kind: none", product="name: triple combination cream, concentration: 40 mg/mL, dose: 2 uL/cm2, duration: 8 h, applications: 60, every: 24 h",
        sessions=1, interval=14, follow_up=62, falls={60: 0.756}),
}


def predicted(program, trial, values, folder):
    plan = pathlib.Path(folder) / "plan.yaml"
    out = pathlib.Path(folder) / "out"
    plan.write_text(PLAN.format(times=", ".join(f"{t} d" for t in trial["falls"]), **{k: v for k, v in trial.items() if k != "falls"}))
    command = [program, "run", str(plan), "-o", str(out), "--force", "--quiet"]
    for key, value in values.items():
        command += ["--set", f"model.{key}={value:.9g}"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    with open(out / "timeline.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    start = float(rows[0]["mmasi"])
    return {t: 1 - next(float(r["mmasi"]) for r in rows if abs(float(r["time_d"]) - t) < 0.01) / start
            for t in trial["falls"]}


def misfit(program, trial, values, folder):
    got = predicted(program, trial, values, folder)
    return sum((got[t] - wanted) ** 2 for t, wanted in trial["falls"].items())


def grid(low, high, count):
    return [low * (high / low) ** (i / (count - 1)) for i in range(count)]


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        trial = TRIALS["tranexamic acid"]
        found = {}
        for persistence in grid(10, 120, 11):
            for size in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
                values = {"hold_tranexamic": size, "hold_persistence": persistence}
                found[size, persistence] = misfit(program, trial, values, folder)
        best = min(found, key=found.get)
        near = [k for k, v in found.items() if v <= 2 * found[best]]
        print(f"hold_tranexamic {best[0]:.2f} ({min(k[0] for k in near):.2f} to {max(k[0] for k in near):.2f}), "
              f"hold_persistence {best[1]:.0f} d ({min(k[1] for k in near):.0f} to {max(k[1] for k in near):.0f}), "
              f"root mean square {(found[best] / len(trial['falls'])) ** 0.5:.3f}")
        for name, key in (("vitamin C", "hold_vitamin_c"), ("hydroquinone", "hold_hydroquinone")):
            trial = TRIALS[name]
            wanted = next(iter(trial["falls"].values()))
            falls = {size: next(iter(predicted(program, trial, {key: size, "hold_persistence": best[1]}, folder).values()))
                     for size in [0.05 * i for i in range(1, 20)] + [0.98]}
            size = min(falls, key=lambda s: abs(falls[s] - wanted))
            near = [s for s, fall in falls.items() if abs(fall - wanted) <= abs(falls[size] - wanted) + 0.05]
            print(f"{key} {size:.2f} ({min(near):.2f} to {max(near):.2f}): fall {falls[size]:.3f} of {wanted:.3f}")


if __name__ == "__main__":
    main()
