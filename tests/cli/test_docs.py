# SPDX-License-Identifier: BSD-3-Clause
"""The pages keep their word: commands that they show are commands, options exist, files and links are there."""

import re
import shlex
import unittest

from program import ROOT, ProgramTest, call

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
# A plan that a reader is to write, in words of the pages.
OWN = {"plan.yaml", "PLAN", "DIR", "PROBLEM", "DATA.csv"}


def shown(text):
    """Lines of code blocks and code in backquotes that call the program, without remarks and redirections."""
    lines = re.findall(r"^    (.*)$", text, re.M) + re.findall(r"`([^`\n]+)`", text)
    for line in lines:
        for part in re.split(r"&&|[|;>](?![\w=])| > ", line.split("  #")[0]):
            found = re.match(r"(?:build/)?needlework(?: (.*))?$", part.strip())
            if found:
                yield part.strip(), shlex.split(found.group(1) or "")


class Pages(ProgramTest):
    def options(self, command):
        """Long and short options of a command, and which of them want a value."""
        found = {}
        for brief, name, value in re.findall(r"^  (?:(-\w), )?(--[\w-]+)( [A-Z=]+)?", self.succeed("help", command).stdout, re.M):
            for word in filter(None, (brief, name)):
                found[word] = bool(value)
        return found

    def test_every_command_shown_is_one(self):
        listed = set(re.findall(r"^  ([a-z]+) {2,}\w", self.succeed("help").stdout, re.M))
        options = {name: self.options(name) for name in listed}
        count = 0
        for page in PAGES:
            for line, words in shown(page.read_text(encoding="utf-8")):
                if not words or "..." in words[0]:
                    continue
                with self.subTest(page=page.name, line=line):
                    count += 1
                    self.assertIn(words[0], listed)
                    self.check_words(words[0], words[1:], options[words[0]])
        self.assertGreater(count, 40)

    def check_words(self, command, words, options):
        value = False
        for word in (w.strip("[]") for w in words):
            if value or not word:
                value = False
            elif word.startswith("-"):
                name = word.split("=")[0]
                self.assertIn(name, options, command)
                value = options[name] and "=" not in word
            elif "/" in word and word not in OWN:
                self.assertTrue((ROOT / word).exists(), word)

    def test_every_command_is_in_the_readme(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        for name in re.findall(r"^  ([a-z]+) {2,}\w", self.succeed("help").stdout, re.M):
            if name not in ("help", "version"):
                self.assertTrue(f"`{name}`" in text or f"needlework {name}" in text, name)

    def test_every_page_is_found_from_the_readme(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        for page in ROOT.glob("docs/*.md"):
            self.assertIn(f"docs/{page.name}", text)

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
                if not link.startswith("http"):
                    self.assertTrue((page.parent / link).exists(), f"{page.name}: {link}")

    def test_files_named_in_backquotes_are_there(self):
        for page in PAGES:
            for path in re.findall(r"`((?:docs|src|model|data|tests|scripts|examples|bench|cli)/[\w./*-]+)`",
                                   page.read_text(encoding="utf-8")):
                self.assertTrue(list(ROOT.glob(path.rstrip("/"))), f"{page.name}: {path}")

    def test_commands_that_take_no_time_print_what_the_pages_say(self):
        plan = self.plan(self.succeed("template", "acne_scar").stdout)
        self.assertIn(call("check", plan).returncode, (0, 1))
        for words in (("params", "delta_T"), ("params", "safety"), ("params", "gap_"), ("params", "claims"), ("cite", plan),
                      ("validate", "mechanics")):
            self.assertTrue(self.succeed(*words).stdout.strip(), words)


if __name__ == "__main__":
    unittest.main()
