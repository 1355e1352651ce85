#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes docs/picture.png, the head of a report as a browser shows it.

    scripts/report_picture.py [FOLDER]      a results folder; default ./demo, as scripts/demo leaves it

Needs chromium and python3-pil.
"""

import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, SHOWN, COLOURS = 1180, 1090, 900, 200


def main(folder):
    report = (folder / "report.html").resolve()
    with tempfile.TemporaryDirectory() as place:
        shot = pathlib.Path(place) / "shot.png"
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        "--blink-settings=preferredColorScheme=1", f"--user-data-dir={place}/profile", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", report.as_uri()],
                       check=True, stderr=subprocess.DEVNULL)
        picture = Image.open(shot).convert("RGB")
    picture = picture.resize((SHOWN, SHOWN * picture.height // picture.width), Image.LANCZOS)
    few = picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
    few.save(ROOT / "docs" / "picture.png", optimize=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo")
