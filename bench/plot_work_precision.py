#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the table of bench_work_precision (CSV on stdin) as SVG on stdout: worst error of the outcomes against
wall time, one panel a problem, both axes logarithmic."""

import csv
import html
import math
import sys

WIDTH, HEIGHT, LEFT, TOP, GAP = 400, 300, 64, 46, 84
ERROR = (-3.5, 0.2)  # decades shown
COLOURS = {"ros2 controlled": "#0b6e4f", "ros2 fixed": "#1f6fb2", "euler fixed": "#c0562a", "strang fixed": "#7a4fa3"}
NAMES = {"ros2 controlled": "ROS2, controlled steps", "ros2 fixed": "ROS2, fixed profile",
         "euler fixed": "implicit Euler, fixed profile", "strang fixed": "Strang splitting, fixed profile"}


def lines(rows):
    """Points (seconds, error) by problem and by (scheme, precision)."""
    table = {}
    for row in rows:
        error, seconds = float(row["worst"]), float(row["seconds"])
        kind = f"{row['scheme']} {row['steps chosen']}"
        line = table.setdefault(row["problem"], {}).setdefault((kind, row["precision"]), [])
        if math.isfinite(error):
            line.append((seconds, error))
    return table


def text(x, y, words, anchor="middle", size=12, extra=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}" {extra}>{html.escape(words)}</text>'


class Panel:
    def __init__(self, x, data):
        seconds = [math.log10(t) for line in data.values() for t, e in line if e < 10 ** ERROR[1]]
        self.x, self.low, self.high = x, math.floor(2 * min(seconds)) / 2, math.ceil(2 * max(seconds)) / 2

    def at(self, t, e):
        across = (math.log10(t) - self.low) / (self.high - self.low)
        up = (math.log10(e) - ERROR[0]) / (ERROR[1] - ERROR[0])
        return self.x + across * WIDTH, TOP + (1 - up) * HEIGHT

    def frame(self, title):
        yield f'<rect x="{self.x}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#888"/>'
        yield text(self.x + WIDTH / 2, TOP - 12, title, size=13)
        yield text(self.x + WIDTH / 2, TOP + HEIGHT + 38, "wall time of the course, one thread [s]")
        for decade in range(-3, 1):
            _, y = self.at(1, 10.0**decade)
            yield f'<line x1="{self.x}" y1="{y:.1f}" x2="{self.x + WIDTH}" y2="{y:.1f}" stroke="#ddd"/>'
            yield text(self.x - 6, y + 4, f"{100 * 10.0**decade:g} %", "end")
        for decade in range(math.ceil(self.low), math.floor(self.high) + 1):
            x, _ = self.at(10.0**decade, 1)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + HEIGHT}" stroke="#ddd"/>'
            yield text(x, TOP + HEIGHT + 17, f"{10.0**decade:g}")

    def line(self, kind, precision, points):
        shown = [self.at(t, e) for t, e in sorted(points) if 10 ** ERROR[0] < e < 10 ** ERROR[1]]
        if not shown:
            return
        colour, dash = COLOURS[kind], "" if precision == "single" else 'stroke-dasharray="5 3"'
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in shown)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8" {dash}/>'
        fill = colour if precision == "single" else "#fff"
        for x, y in shown:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{fill}" stroke="{colour}"/>'


def legend(y):
    for i, (kind, name) in enumerate(NAMES.items()):
        x = LEFT + i * 225
        yield f'<line x1="{x}" y1="{y}" x2="{x + 24}" y2="{y}" stroke="{COLOURS[kind]}" stroke-width="2.5"/>'
        yield text(x + 30, y + 4, name, "start")
    yield text(LEFT, y + 24, "full lines and dots: single precision; dashed lines, rings: double. Error: largest over "
               "output times, relative to the largest change of the outcome.", "start", 11)


def main():
    data = lines(csv.DictReader(sys.stdin))
    width = LEFT + len(data) * (WIDTH + GAP) - 20
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + HEIGHT + 110}" '
             'font-family="sans-serif" fill="#222"><rect width="100%" height="100%" fill="#fff"/>']
    for i, (title, table) in enumerate(data.items()):
        panel = Panel(LEFT + i * (WIDTH + GAP), table)
        parts += panel.frame(title)
        for (kind, precision), points in table.items():
            parts += panel.line(kind, precision, points)
    parts += legend(TOP + HEIGHT + 66)
    print("\n".join(parts) + "\n</svg>")


if __name__ == "__main__":
    main()
