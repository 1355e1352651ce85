#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes docs/equations.md from the comments above the functions that compute the laws, and the parameter rows.

    scripts/equations.py            write the page
    scripts/equations.py --check    say what is stale or missing, exit code 1

Each law is shown as its comment says it, with the rows of the parameters it names. A law of the network that is
not in the list below, and a parameter of the sections below that no law names, are mistakes.
"""

import re
import sys

from tables import ROOT, parameters, words

PAGE = ROOT / "docs" / "equations.md"
NETWORK = "src/healing/network/rates.c"
SECTIONS = ("healing", "surface")
# title, file, function
LAWS = (
    ("Rest and its stability", "src/healing/network.c", "nw_network_close"),
    ("The subject", "src/healing/tissue.c", "nw_tissue_modifiers"),
    ("Injury", "src/healing/tissue.c", "struck"),
    ("Spread and loss of signals and cells", "src/healing/tissue.c", "fill_fields"),
    ("Drift of cells", "src/healing/tissue.c", "fill_drifts"),
    ("Alarm", NETWORK, "alarm"),
    ("Growth factors", NETWORK, "growth_factors"),
    ("Metalloproteinase", NETWORK, "metalloproteinase"),
    ("Leukocytes", NETWORK, "leukocytes"),
    ("Fibroblasts and myofibroblasts", NETWORK, "fibroblasts"),
    ("Vessels", NETWORK, "vessels"),
    ("Clot and debris", NETWORK, "clearance"),
    ("Collagen", NETWORK, "collagen"),
    ("Elastin and hyaluronan", NETWORK, "elastin_and_hyaluronan"),
    ("Closure of small holes", "src/surface/closure.c", "crawl"),
    ("Closure of wide wounds", "src/surface/closure.c", "sheet_rate"),
    ("What a cut does to the epidermis", "src/surface/surface.c", "cut_column"),
    ("What a peel bares", "src/surface/surface.c", "bared"),
    ("Epidermis and melanin", "src/surface/epidermis.c", "derivative"),
    ("Alarm of a broken epidermis", "src/surface/surface.c", "epidermal_alarm"),
    ("Dermis that carries the epidermis", "src/surface/surface.c", "support"),
    ("What drives epidermis and pigment", "src/surface/surface.c", "drive_columns"),
    ("Sun on melanocytes", "src/surface/sun.c", "nw_sun_activity"),
    ("Dose of sun", "src/surface/sun.c", "nw_sun_dose"),
    ("Barrier through time", "src/surface/surface.c", "step_barrier"),
    ("Damage of the horny layer", "src/surface/barrier.c", "nw_barrier_damage"),
    ("Water loss", "src/surface/barrier.c", "nw_barrier_loss"),
    ("Immediate flare", "src/surface/surface.c", "step_flare"),
    ("Sebum and bleeding points", "src/surface/surface.c", "step_scalars"),
)
# rows that describe geometry and reading, not a law: what they are is in their note
ELSEWHERE = {
    "a_n": "radius that the sheared rim is counted from", "l_sh": "outer radius of the sheared rim",
    "N_ref": "scale of lambda_DN", "M_ref": "scale of lambda_BM, lambda_DM, k_NM",
    "papillary_zone": "what is read as papillary", "w_melasma": "width of a lesion", "w_lentigo": "width of a lesion",
    "w_edge": "edge of a lesion",
}


def comment_above(path, function):
    text = (ROOT / path).read_text(encoding="utf-8")
    found = re.search(rf"/\*((?:(?!\*/).)*)\*/\n(?:[A-Za-z_][^;{{}}/]*?)\b{function}\(", text, re.S)
    if not found:
        return None
    lines = [line.strip() if number == 0 else re.sub(r"^ {0,3}", "", line.rstrip())
             for number, line in enumerate(found.group(1).split("\n"))]
    return "\n".join(lines).rstrip()


def parameter_rows():
    table = {}
    for path, items in parameters():
        if path.stem in SECTIONS + ("skin",):
            table[items[0]] = (path.stem, [words(i) if '"' in i else i for i in items])
    return table


def cell(text):
    return text.replace("|", "\\|") if text else "-"


def write_rows(keys, table):
    out = ["| key | value | range | kind | source |", "|---|---|---|---|---|"]
    for key in keys:
        _, row = table[key]
        unit = "" if row[2] in ("1", "-") else f" {row[2]}"
        out.append(f"| `{key}` | {row[3]}{unit} | {row[4]} to {row[5]} | {row[6].lower()} | {cell(row[7])} |")
    return out


def page():
    """The page, and what is wrong with what it was made from."""
    table, wrong, named = parameter_rows(), [], set()
    out = ["# Equations", "",
           "Every law of healing and of the skin surface, as the comment above its function says it, and the rows it",
           "names. Written by `scripts/equations.py`; a gate of the house fails when it is stale. Fields:",
           "`model/fields.def`. Units of the laws: mm, day, pg (ng/mL = pg/mm3). h(x, K) = x/(K + x),",
           "h2(x, K) = x2/(K2 + x2), [x]+ = max(x, 0), C = C3 + Ci + Cm, M = M1 + M2, T_n = T/(1 + T3/K_33).", ""]
    named.add("K_33")
    for title, path, function in LAWS:
        comment = comment_above(path, function)
        if not comment:
            wrong.append(f"{path}: no comment above {function}")
            continue
        keys = [k for k in table if re.search(rf"(?<![\w.]){re.escape(k)}(?!\w)", comment)]
        named.update(keys)
        out += [f"## {title}", "", f"`{function}` in `{path}`", "", "```text", comment, "```", ""]
        if keys:
            out += write_rows(keys, table) + [""]
    out += ["## Scales, geometry and reading", ""]
    out += [f"- `{key}`: {text}" for key, text in ELSEWHERE.items()]
    laws = {function for _, path, function in LAWS if path == NETWORK}
    mechanisms = re.findall(r"^NW_INLINE void (\w+)\(const struct constants \*c, const struct tissue",
                            (ROOT / NETWORK).read_text(encoding="utf-8"), re.M)
    wrong += [f"{NETWORK}: {name} is not in the list of laws" for name in mechanisms if name not in laws]
    wrong += [f"{key}: no law names it" for key, (section, _) in table.items()
              if section in SECTIONS and key not in named and key not in ELSEWHERE]
    return "\n".join(out) + "\n", wrong


def complaints():
    text, wrong = page()
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        wrong.append("docs/equations.md is stale: run scripts/equations.py")
    return wrong


def main(asked):
    if asked == ["--check"]:
        wrong = complaints()
    else:
        text, wrong = page()
        PAGE.write_text(text, encoding="utf-8")
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
