#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fits the few free numbers of transport to its calibration cases.

Least squares on log10(predicted/published) of `needlework validate transport --json`, in the logarithm of
each parameter: Gauss-Newton with Levenberg's damping, from a prior as wide as the row's range. Every case
counts once, however many rows it has; distances above half a decade count in proportion rather than squared,
so that one study that no parameter can explain does not pull the others. Prints each value with its 90 %
interval, from the curvature.

Usage: fit_transport.py PATH_TO_NEEDLEWORK
"""

import json
import math
import subprocess
import sys

# key: (before, low, high), in the units of model/params/transport.def: what the row held before any fit,
# its range taken as the 90 % interval of a log-normal prior
FREE = {
    "ion_permeability_share": (0.03, 0.01, 0.1),
    "open_share_roller": (0.05, 0.005, 0.5),
    "open_share_pen": (0.05, 0.005, 0.5),
}
SCATTER = 0.3  # decades between one study and the next, against which the priors are weighed
KNEE = 0.5  # decades
STEP = 0.02  # of the logarithm, for derivatives
NORMAL_90 = 1.645


def distance(row):
    """A negative control, whose interval begins at 0, says only whether it holds."""
    if row["interval"][0] == 0 and row["inside"]:
        return 0.0
    return math.log10(row["predicted"] / row["published"])


def distances(program, logs):
    """(case group, log10 of predicted over published) of every row."""
    command = [program, "validate", "transport", "--json"]
    for key, x in zip(FREE, logs):
        command += ["--set", f"model.{key}={math.exp(x):.9g}"]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return [(r["id"].split(".")[0], distance(r)) for r in answer["cases"]]


def residuals(program, logs):
    rows = distances(program, logs)
    size = {group: sum(1 for g, _ in rows if g == group) for group, _ in rows}
    result = []
    for group, d in rows:
        soft = abs(d) if abs(d) < KNEE else math.sqrt(2 * KNEE * abs(d) - KNEE * KNEE)
        result.append(math.copysign(soft, d) / math.sqrt(size[group]))
    for (before, low, high), x in zip(FREE.values(), logs):
        deviation = math.log(high / low) / (2 * NORMAL_90)
        result.append(SCATTER * (x - math.log(before)) / deviation)
    return result, len(size)


def solve(matrix, right):
    """Gauss elimination with row exchange."""
    n = len(right)
    a = [row[:] + [b] for row, b in zip(matrix, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(a[k][i]))
        a[i], a[pivot] = a[pivot], a[i]
        for k in range(i + 1, n):
            f = a[k][i] / a[i][i]
            a[k] = [x - f * y for x, y in zip(a[k], a[i])]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (a[i][n] - sum(a[i][j] * x[j] for j in range(i + 1, n))) / a[i][i]
    return x


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def curvature(program, logs, r):
    slopes = []
    for i in range(len(logs)):
        moved, _ = residuals(program, [x + STEP * (i == j) for j, x in enumerate(logs)])
        slopes.append([(b - a) / STEP for a, b in zip(r, moved)])
    return [[dot(a, b) for b in slopes] for a in slopes], [-dot(a, r) for a in slopes]


def fit(program):
    logs, damping = [math.log(before) for before, _, _ in FREE.values()], 1e-2
    r, groups = residuals(program, logs)
    for _ in range(25):
        hessian, downhill = curvature(program, logs, r)
        before = dot(r, r)
        for _ in range(8):
            damped = [[h * (1 + damping * (i == j)) + 1e-9 * (i == j) for j, h in enumerate(row)]
                      for i, row in enumerate(hessian)]
            step = [max(-1, min(1, s)) for s in solve(damped, downhill)]
            tried = [x + s for x, s in zip(logs, step)]
            new, _ = residuals(program, tried)
            if dot(new, new) < before:
                logs, r, damping = tried, new, damping / 5
                break
            damping *= 5
        else:
            break
        if before - dot(r, r) < 1e-6:
            break
    hessian, _ = curvature(program, logs, r)
    n = len(logs)
    variance = [solve(hessian, [float(i == j) for j in range(n)])[i] * SCATTER**2 for i in range(n)]
    return logs, [math.sqrt(v) for v in variance], dot(r, r), groups


def main():
    logs, errors, sum_of_squares, groups = fit(sys.argv[1])
    for key, x, e in zip(FREE, logs, errors):
        low, high = math.exp(x - NORMAL_90 * e), math.exp(x + NORMAL_90 * e)
        print(f"{key:24s} {math.exp(x):.3g}  90 %: {low:.3g} to {high:.3g}")
    print(f"sum of squares {sum_of_squares:.4g} over {groups} cases")


if __name__ == "__main__":
    main()
