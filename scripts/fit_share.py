#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Finds the share by which numbers differ between populations (posterior_share) from what intervals must do: hold.

    scripts/fit_share.py [--program build/needlework] [--shares 0.1 0.2 0.25 0.3 0.36 0.45]

Runs `validate clinical` with each share and takes the one, between two of them, with which 90 % intervals hold 90 % of
the published values, each cohort counting once. Says between which limits it lies when cohorts are drawn with return,
and how many values are held of cohorts that had no part in choosing it.
"""

import argparse
import json
import random
import subprocess

WANTED, RESAMPLES = 0.90, 2000


def held(program, share):
    """Share of the values inside, for each cohort."""
    words = [program, "validate", "clinical", "--json", "--set", f"model.posterior_share={share:g}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    suite = json.loads(done.stdout)["summary"]["suites"][0]
    widths = suite["half_width_median"], suite["half_width_mean"]
    return {c["cohort"]: c["inside"] / c["rows"] for c in suite["cohorts"]}, widths


def share_for(shares, cohorts):
    """Least share that holds enough, linear between those that were run; None when none does."""
    before = 0
    for i, share in enumerate(shares):
        here = max(before, sum(c[i] for c in cohorts) / len(cohorts))
        if here >= WANTED:
            return share if i == 0 else shares[i - 1] + (share - shares[i - 1]) * (WANTED - before) / (here - before)
        before = here
    return None


def left_out(shares, cohorts):
    """Values held of each cohort with the least share that was run and holds enough of all others."""
    total = 0
    for k, own in enumerate(cohorts):
        others = cohorts[:k] + cohorts[k + 1:]
        pick = next((i for i in range(len(shares)) if sum(c[i] for c in others) >= WANTED * len(others)), -1)
        total += own[pick]
    return total / len(cohorts)


def limits(shares, cohorts):
    chance = random.Random(1)
    drawn = [share_for(shares, [chance.choice(cohorts) for _ in cohorts]) for _ in range(RESAMPLES)]
    ordered = sorted(float("inf") if share is None else share for share in drawn)
    return ordered[RESAMPLES // 20], ordered[-RESAMPLES // 20]


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("--program", default="build/needlework")
    words.add_argument("--shares", nargs="+", type=float, default=[0.1, 0.2, 0.25, 0.3, 0.36, 0.45])
    given = words.parse_args()
    shares, table = sorted(given.shares), {}
    for share in shares:
        inside, widths = held(given.program, share)
        for name, value in inside.items():
            table.setdefault(name, []).append(value)
        print(f"{share:g}: {100 * sum(inside.values()) / len(inside):.1f} % held, half-width {widths[0]:.2f} in the "
              f"median, {widths[1]:.2f} in the mean", flush=True)
    cohorts = list(table.values())
    low, high = limits(shares, cohorts)
    print(f"share {share_for(shares, cohorts)}, limits {low:.3g} and {high:.3g}; of cohorts left out "
          f"{100 * left_out(shares, cohorts):.1f} % are held")


if __name__ == "__main__":
    main()
