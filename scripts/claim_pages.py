#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the pages of docs/claims/ from what `needlework claims --json` says.

    build/needlework claims --json | scripts/claim_pages.py

Each claim about outcomes, persons, aftercare, comparison or time has a page: what is claimed, what runs, the
numbers it gave, what was published, the verdict. No number of a page is typed in.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VALUES = 60


def number(value):
    return "" if value is None else f"{value:.3g}"


def value_rows(values):
    for value in values[:VALUES]:
        if value["value"] is None:
            continue
        low, high = value.get("interval_mean") or (None, None)
        interval = "" if low is None else f"{number(low)} to {number(high)}"
        unit = "" if value["unit"] == "1" else value["unit"]
        yield f"| {value['name']} | {number(value['value'])} | {unit} | {interval} |"


def evidence_rows(evidence):
    order = {"direct": 0, "indirect": 1, "context": 2}
    for item in sorted(evidence, key=lambda item: order[item["bearing"]]):
        if item["bearing"] == "context":
            continue
        change = item["change_pct"]
        value = f"{change:+.3g} %" if change is not None else f"{number(item['value'])} {item['unit']}".strip()
        yield (f"| {item['study']} | {item['outcome']} | {value} | {item['grade']} | {item['bearing']} | "
               f"{item['stance']}: {item['says']} |")


def page(claim):
    plan = f"examples/{claim['prediction']['plan']}.yaml"
    lines = [f"# {claim['id']}: {claim['claim']}", "",
             f"**{claim['verdict'].capitalize()}, grade {claim['grade']}.** {claim['words']}", "",
             "## What runs", "", f"    needlework run {plan}", "",
             f"The plan is [{plan}](../../{plan}). Read: {claim['observable']}. `needlework claims` computes "
             f"it like this: {claim['how']}.", "",
             "## What it gave", "", "| quantity | value | unit | 90 % of a mean |", "|---|---|---|---|",
             *value_rows(claim["prediction"]["values"]), "",
             "| promised | simulated |", "|---|---|",
             *(f"| {part['text']} | {part['result']} |" for part in claim["prediction"]["parts"]), "",
             "## What was published", ""]
    rows = list(evidence_rows(claim["evidence"]))
    if rows:
        lines += ["| study | quantity | value | grade | bearing | says |", "|---|---|---|---|---|---|", *rows]
    else:
        lines += ["No trial was found."]
    lines += ["", f"Taken together: {claim['trials']}. How a verdict comes about: [claims](../claims.md).", "",
              "Written by `scripts/claim_pages.py`.", ""]
    return "\n".join(lines)


def main():
    folder = ROOT / "docs" / "claims"
    folder.mkdir(exist_ok=True)
    for claim in json.load(sys.stdin):
        if claim.get("page"):
            (ROOT / "docs" / claim["page"]).write_text(page(claim), encoding="utf-8")


if __name__ == "__main__":
    main()
