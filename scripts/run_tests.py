#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs every test of a build folder and counts single cases.

House gates, then the cmocka programs that CTest knows, side by side, then the Python suites, which drive
the built program. Ends with what was skipped for want of something on this machine, the failures, and the line
"N passed, N failed"; exit code 1 when any failed.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIME_LIMIT = 900  # of one test program [s]


class Tally:
    """Counts cases and keeps what failed and what was skipped."""

    def __init__(self):
        self.passed, self.failures, self.skipped = 0, [], []

    def add(self, name, passed, failures, skipped, seconds):
        self.passed += passed
        self.failures += failures
        self.skipped += skipped
        counts = f"{passed} passed, {len(failures)} failed" + (f", {len(skipped)} skipped" if skipped else "")
        print(f"{'FAILED' if failures else 'ok':6}  {name}: {counts} ({seconds:.1f} s)", flush=True)


def timed(function, *arguments):
    start = time.monotonic()
    result = function(*arguments)
    return (*result, time.monotonic() - start)


def run_house():
    run = subprocess.run([sys.executable, ROOT / "scripts" / "check_house.py"], capture_output=True, text=True)
    passed = len(re.findall(r"^ok ", run.stdout, re.M))
    failures = re.findall(r"^FAILED .*\n(?:    .*\n)*", run.stdout, re.M)
    if run.returncode and not failures:
        failures = ["check_house.py stopped: " + run.stderr[-2000:]]
    return passed, failures, []


def run_program(name, command):
    """One cmocka program: its cases by the lines it prints; a crash or an odd exit is a failure too."""
    try:
        run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace", timeout=TIME_LIMIT)
        output, code = run.stdout, run.returncode
    except subprocess.TimeoutExpired as late:
        output, code = (late.stdout or b"").decode(errors="replace"), "time limit"
    passed = len(re.findall(r"^\[       OK \] ", output, re.M))
    failed = sorted(set(re.findall(r"^\[  FAILED  \] ([a-z]\w+)$", output, re.M)))
    failures = [f"{name}: {case}" for case in failed]
    skipped = [f"{name}: {case}" for case in sorted(set(re.findall(r"^\[  SKIPPED \] ([a-z]\w+)$", output, re.M)))]
    if code != 0 and not failed:
        failures.append(f"{name}: ended with {code}")
    if failures:
        failures[0] += "\n" + output[-3000:]
    elif passed == 0 and not skipped:
        failures.append(f"{name}: ran no case")
    return passed, failures, skipped


def programs(build):
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    return [(test["name"], test["command"]) for test in json.loads(listing.stdout)["tests"]]


def run_python(folder):
    suite = unittest.defaultTestLoader.discover(str(folder), pattern="test_*.py", top_level_dir=str(folder))
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=1).run(suite)
    failures = [f"{case}\n{text}" for case, text in result.failures + result.errors]
    skipped = [f"{case}: {reason}" for case, reason in result.skipped]
    return result.testsRun - len(failures) - len(skipped), failures, skipped


def main(build):
    tally = Tally()
    os.environ["NEEDLEWORK"] = str(pathlib.Path(build).resolve() / "needlework")
    tally.add("house", *timed(run_house))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {pool.submit(timed, run_program, *program): program[0] for program in programs(build)}
        for job in concurrent.futures.as_completed(jobs):
            tally.add(jobs[job], *job.result())
    for folder in sorted({path.parent for path in ROOT.glob("tests/*/test_*.py")}):
        tally.add(f"{folder.relative_to(ROOT)}", *timed(run_python, folder))
    if tally.skipped:
        print(f"\n{len(tally.skipped)} skipped, for want of something on this machine:")
        print("".join(f"    {case}\n" for case in tally.skipped), end="")
    for failure in tally.failures:
        print(f"\nFAILED {failure}")
    print(f"{tally.passed} passed, {len(tally.failures)} failed")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("build", nargs="?", default="build", help="build folder (default: build)")
    sys.exit(main(words.parse_args().build))
