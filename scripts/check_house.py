#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Gates of the house: rules that a reader can rely on because a program checks them.

Each gate is a function that yields complaints. Run without arguments for all gates, or name some.
Prints one line a gate, "ok NAME" or "FAILED NAME" with the complaints below it; exit code 1 when any
gate failed.
"""

import pathlib
import re
import shutil
import statistics
import subprocess
import sys

import equations
from tables import ROOT, parameters, words

FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MAX, FILE_MAX = 20, 60, 100, 700
# Rooms of src/ whose numbers are of methods, formats and drawing; in every other one a number is one of the model.
NOT_STAGES = ("base", "engine", "io", "picture", "report", "validation", "calibration")
# The rooms of src/ from the ground up: a file includes files of its own room and of those named before it, so no two
# rooms lean on each other. run.c gives back what the stages took, and stands on them; the rest of src/ is the roof.
ROOMS = (
    "base", "engine", "plan", "run.h", "puncture", "device", "surface", "relief", "skin", "transport", "healing",
    "outcome", "run.c", "study", "validation", "calibration", "claims", "io", "picture", "report", "roof",
)
KINDS = ("MEASURED", "DERIVED", "FITTED", "ASSUMED")


def tracked(*suffixes):
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\n")
    paths = [ROOT / name for name in names if name]
    return sorted(p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes))


def own_c():
    return tracked(".c", ".h")


def show(path):
    return path.relative_to(ROOT)


def without_comments(text):
    """C text with comments and strings blanked, line structure kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', blank, text, flags=re.S)


# ---- gates on the text ----

def gate_formatter():
    """clang-format 14 would change nothing."""
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not tool:
        yield "clang-format is not installed"
        return
    run = subprocess.run([tool, "--dry-run", "-Werror", *map(str, own_c())], capture_output=True, text=True)
    for name in sorted(set(re.findall(r"^(.+?):\d+:\d+: error:", run.stderr, re.M))):
        yield f"{show(pathlib.Path(name))}: not as clang-format writes it"


def gate_licence_line():
    """Each source file begins with its licence and what it is."""
    for path in tracked(".c", ".h", ".def", ".py", ".cmake"):
        head = path.read_text(encoding="utf-8")[:300]
        if "SPDX-License-Identifier: BSD-3-Clause" not in head:
            yield f"{show(path)}: no SPDX line on top"


def functions(path):
    """(first line, length) of each function: from its name to the closing brace in column 0."""
    start, header, is_function = None, "", False
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if header.endswith("{"):
            if line.startswith("}"):
                if is_function:
                    yield start, number - start + 1
                header = ""
            continue
        if re.match(r"[A-Za-z_]", line):
            start, header = number, line
        elif header and line.startswith(" "):
            header += line
        else:
            header = ""
        if header.endswith("{"):
            is_function = ")" in header and "=" not in header
        elif header.endswith(";"):
            header = ""


def gate_function_length():
    """Short functions: the median, nine in ten, and all."""
    lengths = []
    for path in tracked(".c"):
        if path.parts[len(ROOT.parts)] not in ("src", "cli"):
            continue
        for line, length in functions(path):
            lengths.append(length)
            if length > FUNCTION_MAX:
                yield f"{show(path)}:{line}: function of {length} lines, more than {FUNCTION_MAX}"
    if not lengths:
        yield "no function found"
        return
    lengths.sort()
    median, p90 = statistics.median(lengths), lengths[int(0.9 * len(lengths))]
    if median > FUNCTION_MEDIAN:
        yield f"median function has {median} lines, more than {FUNCTION_MEDIAN}"
    if p90 > FUNCTION_P90:
        yield f"one function in ten has more than {p90} lines, more than {FUNCTION_P90}"


def gate_file_length():
    """One theme a file."""
    for path in own_c() + tracked(".py"):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_MAX:
            yield f"{show(path)}: {lines} lines, more than {FILE_MAX}"


def gate_words():
    """Nothing left undone, nothing about the place where it was written."""
    undone = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|not imple" r"mented|\bplace" r"holder\b|\bst" r"ub\b")
    place = re.compile(r"(?<![\w.])/(wor" r"k|tm" r"p|hom" r"e|roo" r"t)/|\.\./sha" r"red")
    for path in tracked(".c", ".h", ".def", ".py", ".md", ".yaml", ".cmake", ".txt", ".bib", ".json"):
        if "corpus" in path.parts:
            continue  # hostile input, written to be wrong
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if undone.search(line) and path.name != "check_house.py":
                yield f"{show(path)}:{number}: something left undone: {line.strip()[:80]}"
            if place.search(line) and "XXXXXX" not in line:  # a template of mkdtemp is no place
                yield f"{show(path)}:{number}: a path of one machine: {line.strip()[:80]}"


def gate_quiet_library():
    """The library never prints, exits or reads the environment."""
    loud = re.compile(r"\b(printf|puts|putchar|perror|exit|_exit|abort|getenv|system|popen|socket)\s*\(")
    for path in own_c():
        if path.parts[len(ROOT.parts)] != "src":
            continue
        for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).split("\n"), 1):
            found = loud.search(line)
            if found:
                yield f"{show(path)}:{number}: the library calls {found.group(1)}"


# ---- gates on the layers ----

def room_of(name):
    """Place in ROOMS of a file of src/, None when it has none."""
    room = name.split("/")[0] if "/" in name else name if name in ROOMS else "roof"
    return ROOMS.index(room) if room in ROOMS else None


def included(path):
    """Files of src/ that a file of src/ includes."""
    source = ROOT / "src"
    for name in re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), re.M):
        places = [(path.parent / name).resolve(), (source / name).resolve()]
        found = next((p for p in places if p.is_file() and p.is_relative_to(source)), None)
        if found:
            yield found


def gate_floors():
    """What stands below includes nothing that stands above it."""
    source = ROOT / "src"
    for path in own_c():
        if not path.is_relative_to(source):
            continue
        room = room_of(str(path.relative_to(source)))
        if room is None:
            yield f"{show(path)}: a room without a place in ROOMS"
            continue
        for found in included(path):
            other = room_of(str(found.relative_to(source)))
            if other is not None and other > room:
                yield f"{show(path)}: includes {show(found)}, which stands above it"


def gate_circles():
    """No header includes itself by way of others."""
    headers = {p: list(included(p)) for p in own_c() if p.is_relative_to(ROOT / "src") and p.suffix == ".h"}
    clear = set()
    while True:
        free = {p for p, needs in headers.items() if p not in clear and clear.issuperset(q for q in needs if q in headers)}
        if not free:
            break
        clear |= free
    for path in sorted(set(headers) - clear):
        yield f"{show(path)}: part of a circle of includes, or above one"


def gate_names():
    """One name, one thing: no two sources or headers of the library are called alike, nor structures, enumerations and
    macros in two headers."""
    seen = {}
    for path in own_c():
        if not path.is_relative_to(ROOT / "src"):
            continue
        seen.setdefault(path.name, set()).add(path)
        if path.suffix != ".h":
            continue
        text = without_comments(path.read_text(encoding="utf-8"))
        kept = set(re.findall(r"^#define (\w+)", text, re.M)) - set(re.findall(r"^#undef (\w+)", text, re.M))
        for name in kept | set(re.findall(r"^(?:struct|enum) (\w+) \{", text, re.M)):
            seen.setdefault(name, set()).add(path)
    for name, paths in seen.items():
        if len(paths) > 1:
            yield f"{name}: {', '.join(sorted(str(show(path)) for path in paths))}"


def gate_layers():
    """Only src/io touches YAML, HDF5 and JSON; src/engine knows no parameter and no biology."""
    formats = re.compile(r"#include\s*[<\"](hdf5|hdf5_hl|H5\w+|jansson|libfyaml)")
    biology = re.compile(
        r"collagen|fibroblast|macrophage|neutrophil|skin|wound|needle(?!work)|dermis|dermal|vessel|melan|elastin|tgf|vegf",
        re.I)
    for path in own_c():
        parts = path.parts[len(ROOT.parts):]
        if parts[0] not in ("src", "cli"):
            continue
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.split("\n"), 1):
            if formats.search(line) and parts[1] != "io":
                yield f"{show(path)}:{number}: only src/io may include {line.split()[-1]}"
            if parts[1] != "engine":
                continue
            if re.search(r'#include\s+"[^"]*(params|case|run|healing|skin)\.h"', line):
                yield f"{show(path)}:{number}: the engine includes {line.split()[-1]}"
            if biology.search(line.replace("needlework/needlework.h", "")):
                yield f"{show(path)}:{number}: a biological word in the engine: {line.strip()[:80]}"
        if parts[0] == "src" and re.search(r'#include\s+"[^"]*(\.\./)*cli/', text):
            yield f"{show(path)}: the library includes the program"


def gate_called():
    """No dead code: each function that the library offers is called by it or by the program; what only tests call
    lives with them."""
    hooks = {"nw_live_bytes", "nw_allocation_fail_at"}  # by which tests see and break the memory
    offered, counts = {}, {}
    for path in own_c() + tracked(".def"):
        room = path.parts[len(ROOT.parts)]
        text = without_comments(path.read_text(encoding="utf-8"))
        if path.suffix == ".h" and room == "src":
            for name in re.findall(r"^[A-Za-z_][^;{}()=]*?\b(nw_\w+)\(", text, re.M):
                offered[name] = path
        elif room not in ("tests", "bench"):
            for name in re.findall(r"\bnw_\w+", text):
                counts[name] = counts.get(name, 0) + 1
    if not offered:
        yield "no function found"
    for name, path in sorted(offered.items()):
        twice = without_comments(path.read_text(encoding="utf-8")).count(name) > 1
        if counts.get(name, 0) < 2 and not twice and name not in hooks:
            yield f"{show(path)}: {name} is called by nothing but tests"


def gate_literals():
    """Every number of the model lives in a parameter row; plan, stages, study and claims have none but 0, 1, 2, 0.5."""
    number_of = re.compile(r"(?<![\w.])(\d+\.\d*|\.\d+|\d+(?:\.\d*)?[eE][+-]?\d+)[fFlL]?(?![\w.])")
    for path in tracked(".c"):
        room = path.parts[len(ROOT.parts):]
        if room[0] != "src" or len(room) < 3 or room[1] in NOT_STAGES:
            continue
        original = path.read_text(encoding="utf-8").split("\n")
        code = without_comments("\n".join(original)).split("\n")
        for number, (line, full) in enumerate(zip(code, original), 1):
            if "math:" in full or (number > 1 and "math:" in original[number - 2]):
                continue
            for match in number_of.finditer(line):
                if float(match.group(1)) not in (0, 1, 2, 0.5):
                    yield f"{show(path)}:{number}: the number {match.group(1)} belongs in a parameter row"


# ---- gates on the tables ----

def gate_parameters():
    """Rows are complete: unique key, low <= value <= high, a kind, a source or a reason."""
    seen = {}
    for path, items in parameters():
        if len(items) != 9:
            yield f"{show(path)}: {items[0]}: {len(items)} fields, 9 wanted"
            continue
        key, kind, citation, note = items[0], items[6], words(items[7]), words(items[8])
        low, value, high = (float(items[i]) for i in (4, 3, 5))
        if key in seen:
            yield f"{show(path)}: {key}: also in {seen[key]}"
        seen[key] = show(path)
        if not low <= value <= high:
            yield f"{show(path)}: {key}: {value:g} is not within [{low:g}, {high:g}]"
        if kind not in KINDS:
            yield f"{show(path)}: {key}: unknown kind {kind}"
        if kind == "MEASURED" and not citation:
            yield f"{show(path)}: {key}: measured, but no source"
        if not note:
            yield f"{show(path)}: {key}: no note"
    if not seen:
        yield "no parameters found"


def gate_parameters_read():
    """No dead beliefs: each parameter is read somewhere in src."""
    code = "\n".join(without_comments(p.read_text(encoding="utf-8")) for p in own_c() if p.parts[len(ROOT.parts)] == "src")
    code += "\n".join(p.read_text(encoding="utf-8") for p in tracked(".def") if "params" not in p.parts)
    used = set(re.findall(r"\w+", code))
    for path, items in parameters():
        if items[0] not in used:
            yield f"{show(path)}: {items[0]} is read by nothing"


def bibliography():
    keys = {}
    for path in sorted((ROOT / "model" / "refs").glob("*.bib")):
        for match in re.finditer(r"^@\w+\{([^,\s]+),", path.read_text(encoding="utf-8"), flags=re.M):
            keys.setdefault(match.group(1), []).append(show(path))
    return keys


def citations():
    """(where, key) of every citation in the tables."""
    for path, items in parameters():
        if len(items) == 9:
            for key in words(items[7]).split():
                yield f"{show(path)}: {items[0]}", key
    known = set(bibliography())
    for path in sorted((ROOT / "model").glob("*.def")):
        for string in re.findall(r'"((?:[A-Z][\w-]*\d{2,4}\w*)(?: [A-Z]\w*)*)"', path.read_text(encoding="utf-8")):
            for key in string.split():
                yield f"{show(path)}", key
        for string in re.findall(r'"([A-Za-z][\w ]*)"', path.read_text(encoding="utf-8")):
            for key in string.split():
                if key in known:
                    yield f"{show(path)}", key
    code = "\n".join(p.read_text(encoding="utf-8") for p in own_c() if p.parts[len(ROOT.parts)] == "src")
    for key in re.findall(r"\b[A-Z]\w+\b", code):
        if key in known:
            yield "src", key


def gate_bibliography():
    """Every source cited has one entry, every entry is cited."""
    keys = bibliography()
    for key, where in keys.items():
        if len(where) > 1:
            yield f"{key}: {len(where)} entries, in {', '.join(map(str, where))}"
    cited = {}
    for where, key in citations():
        cited.setdefault(key, where)
    for key, where in sorted(cited.items()):
        if key not in keys:
            yield f"{where}: {key} has no entry in model/refs"
    for key in sorted(set(keys) - set(cited)):
        yield f"{keys[key][0]}: {key} is cited by nothing"


def gate_equations():
    """The page of equations says what the code and its parameter rows say, and leaves no law and no parameter out."""
    yield from equations.complaints()


GATES = {name[5:]: gate for name, gate in list(globals().items()) if name.startswith("gate_")}


def main(names):
    failed = False
    for name in names or GATES:
        complaints = list(GATES[name]())
        print(f"FAILED house.{name}" if complaints else f"ok house.{name}")
        for complaint in complaints[:40]:
            print(f"    {complaint}")
        if len(complaints) > 40:
            print(f"    and {len(complaints) - 40} more")
        failed = failed or bool(complaints)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
