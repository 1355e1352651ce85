#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the strips of docs/pictures.md: phototypes side by side, concerns before, a day after, and at the end.

Runs build/needlework on example plans with a small patch, cuts a square of 10 mm out of each picture and joins them as
JPEG. Needs python3-pil. Results stay in the folder named first (default ./pictures.out) and are not made again.
"""

import pathlib
import subprocess
import sys

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
SMALL = ("patch.width=1mm", "patch.height=1mm", "patch.resolution=50um")
TYPES = ("I", "II", "III", "IV", "V", "VI")
CONCERNS = ("acne_scars", "periorbital_lines_stamp", "photoageing_face", "stretch_marks_abdomen", "melasma_tranexamic")
SIDE, QUALITY = 200, 78


def run(plan, folder, *settings):
    if not (folder / "report.html").exists():
        words = [word for setting in SMALL + settings for word in ("--set", setting)]
        subprocess.run([ROOT / "build" / "needlework", "run", ROOT / "examples" / f"{plan}.yaml", "-o", folder, "--force",
                        "--quiet", *words], check=True)
    return sorted(folder.glob("skin_*.png"))


def cut(path):
    """A square of 10 mm: the middle of the picture, or where the border of a spot is."""
    picture = Image.open(path).convert("RGB")
    half = picture.width // 2
    left, top = (half, 0) if path.parent.name.startswith("melasma") else (half // 2, half // 2)
    return picture.crop((left, top, left + half, top + half)).resize((SIDE, SIDE), Image.LANCZOS)


def join(rows, path):
    gap = 4
    whole = Image.new("RGB", (max(map(len, rows)) * (SIDE + gap) - gap, len(rows) * (SIDE + gap) - gap), "white")
    for j, row in enumerate(rows):
        for i, picture in enumerate(row):
            whole.paste(picture, (i * (SIDE + gap), j * (SIDE + gap)))
    whole.save(path, quality=QUALITY, optimize=True)


def main(folder):
    types = [run("no_treatment", folder / f"type_{t}", f"subject.phototype={t}", "subject.age=35y", "course.follow_up=2d")
             for t in TYPES]
    join([[cut(files[0]) for files in types]], ROOT / "docs" / "figures" / "phototypes.jpg")
    rows = [[], [], []]
    for concern in CONCERNS:
        files = [f for f in run(concern, folder / concern) if "untreated" not in f.name]
        for row, path in zip(rows, (files[0], next(f for f in files if f.name == "skin_001d.png"), files[-1])):
            row.append(cut(path))
    join(rows, ROOT / "docs" / "figures" / "concerns.jpg")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "pictures.out"))
