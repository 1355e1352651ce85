# SPDX-License-Identifier: BSD-3-Clause
"""Reads the tables of model/ as the C preprocessor does: rows of a macro, and their items."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent


def rows(path, macro):
    """Argument lists of MACRO(...) rows, split at commas outside strings and brackets."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    for match in re.finditer(rf"^{macro}\(", text, flags=re.M):
        depth, quoted, item, items, i = 1, False, "", [], match.end()
        while depth:
            c = text[i]
            if c == '"' and text[i - 1] != "\\":
                quoted = not quoted
            if not quoted:
                depth += (c in "([{") - (c in ")]}")
            if depth == 0 or (depth == 1 and c == "," and not quoted):
                items.append(item.strip())
                item = ""
            else:
                item += c
            i += 1
        yield items


def words(item):
    """Text of a C string of one or more adjacent pieces."""
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', item))


def parameters():
    for path in sorted((ROOT / "model" / "params").glob("*.def")):
        for items in rows(path, "PARAM"):
            yield path, items
