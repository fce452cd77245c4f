"""What an association changes in its first three months, from a clone, by the docs' own lines.

The table of docs/operating.md is walked row by row: what it says to write is written, what it says
to type is typed, and after each month the site is looked at. A new row needs its effect here.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.copies import git, ready_copy
from tests.documented import read

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.unmeasured]

BEGIN = (
    *("begin", "--yes", "--languages", "cy,en", "--name", "Cartrefi Bach / Tiny Homes"),
    *("--url", "https://tiny.example.org/", "--email", "helo@tiny.example.org"),
    *("--phone", "01632 960001", "--person", "Nia Rowe"),
)
POST, TEA, WALLS = (
    "content/posts/2026-09-01-gutters.en.md",
    "content/meetups/2099-04-07-tea.en.md",
    "content/roadmap/dry-walls.en.md",
)
LATER = "content/posts/2026-09-02-later.en.md"
WRITTEN = {
    POST: """\
---
title: The gutters are clear
summary: Dry walls again.
authors: [nia-rowe]
topics: [damp]
tags: [gutter]
---
We cleared every gutter.
""",
    LATER: "---\ntitle: Not yet\nsummary: Wait.\nauthors: [nia-rowe]\n---\nWait for it.\n",
    TEA: """\
---
title: Tea in the porch
summary: Come and say what leaks.
start: 2099-04-07 18:00
end: 2099-04-07 19:00
place: {name: The porch}
---
Bring a cup.
""",
    WALLS: """\
---
title: Dry walls
summary: Rain stays outside.
owner: voice
rung: informed
topics: [damp]
moves:
  - on: 2026-09-10
    to: considering
    why: {en: Dilys has wet walls., cy: Mae waliau gwlyb gan Dilys.}
---
Walls are wet when gutters are full.
""",
}
SETTINGS = "site.toml"


@dataclass(frozen=True)
class ChangeWalked:
    """What a row of the table comes to: a file of the built site, and what stands in it."""

    path: str
    text: str
    into: str = SETTINGS  # the file that the row's middle column is written into
    instead_of: tuple[str, str] = ("", "")  # words that make room for it, and what else is new


_TOPICS, _WALLS = "en/topics/damp-and-mould/index.html", "en/roadmap/dry-walls/index.html"
_FORM = "en/say-something/write/index.html"
SECOND_MONTH = {
    "two topics become one": ChangeWalked(_TOPICS, "/en/topics/repairs/"),
    "a topic or a place is over": ChangeWalked(_FORM, 'value="repairs"'),
    "a team becomes part of another": ChangeWalked(_WALLS, "Repairs team"),
    "somebody leaves": ChangeWalked("en/people/nia-rowe/index.html", "here until October 2026"),
    "a tag is written otherwise": ChangeWalked("en/tags/gutter/index.html", "/en/tags/gutters/"),
    "a team wants to be told what falls due": ChangeWalked("_due.json", '"owner": "repairs"'),
    "you want to know what falls due": ChangeWalked("", "look at again"),
    "a page is to wait for its day": ChangeWalked(
        "_due.json", "2099-01-01", LATER, ("summary:", "summary:")
    ),
    "a meetup is cancelled": ChangeWalked(
        "en/meetups/tea-in-the-porch/index.html", "is cancelled.", TEA, ("place:", "place:")
    ),
    "a published reason names somebody": ChangeWalked(
        _WALLS,
        "Put right on 20 November 2026: It named somebody.",
        WALLS,
        (
            "why: {en: Dilys has wet walls., cy: Mae waliau gwlyb gan Dilys.}",
            "why: {en: Somebody has wet walls., cy: Mae waliau gwlyb gan rywun.}\n    ",
        ),
    ),
}
THIRD_MONTH = {
    "a language is added": ChangeWalked("pl/index.html", "/en/"),  # until it is given up
    "a language is given up": ChangeWalked("cy/index.html", "/en/"),
    "the site moves to another address": ChangeWalked(
        "en/index.html", "https://homes.example.org/en/"
    ),
}
AND_BACK = "a page goes out that should not have"


@cache
def rows() -> dict[str, tuple[list[str], list[str]]]:
    """Each row of the table: what it says to write, and what to type."""
    section = read("docs/operating.md").partition("## When something changes")[2]
    lines = section.partition("\n## ")[0].splitlines()
    cells = [line.split("|")[1:4] for line in lines if line.startswith("| ")][1:]
    code = re.compile(r"`([^`]+)`")
    return {
        name.strip(): (code.findall(write), code.findall(typed)) for name, write, typed in cells
    }


def test_every_row_is_walked() -> None:
    assert list(rows()) == [*SECOND_MONTH, *THIRD_MONTH, AND_BACK]


@dataclass(frozen=True)
class ThreeMonths:
    """An association's clone, with the place it publishes to."""

    folder: Path

    def run(self, *words: str, fails: bool = False) -> str:
        """Type a task; what it printed."""
        command = [str(self.folder / "run"), *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert fails or done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def type(self, line: str) -> str:
        """Type a line of the docs."""
        words = line.removeprefix("./run ").split()
        if words[0] in {"publish", "undo"}:
            return self.run(*words, "--yes")
        return self.run(*words, fails=words[0] == "parity")  # which finds that much is missing

    def write(self, lines: list[str], change: ChangeWalked) -> None:
        """Write what a row says into the file that it is about."""
        path = self.folder / change.into
        text = path.read_text(encoding="utf-8")
        if change.into != SETTINGS:
            old, new = change.instead_of
            assert old in text
            (line,) = lines
            text = text.replace(old, new + line if new.endswith(" ") else f"{line}\n{new}", 1)
        elif lines and lines[0].startswith("["):
            table, line = lines
            text = text if table in text else f"{text}\n{table}\n"
            text = text.replace(table, f"{table}\n{line}", 1)
        else:
            for line in lines:
                name = line.partition(" =")[0]
                text, replaced = re.subn(rf"(?m)^{name} = .*$", line, text, count=1)
                text = text if replaced else f"{line}\n{text}"
        path.write_text(text, encoding="utf-8")

    def built(self) -> Path:
        """Build the site, strictly; returns its folder."""
        self.run("build", "--strict")
        return self.folder / "output"

    def live(self, months: dict[str, ChangeWalked]) -> None:
        """Walk rows, publish once, and look whether each did what it should."""
        printed = {}
        for name, change in months.items():
            lines, typed = rows()[name]
            if lines:
                self.write(lines, change)
            others = [line for line in typed if line != "./run publish"]
            printed[name] = "".join(map(self.type, others))
        report = self.run("check", fails=True)
        assert "0 faults" in report or "no fault" in report.lower(), report
        self.type("./run publish")
        tree = self.built()
        for name, change in months.items():
            text = (tree / change.path).read_text("utf-8") if change.path else printed[name]
            assert change.text in text, name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> ThreeMonths:
    """A clone in which somebody began a site of their own, and published it."""
    folder = tmp_path_factory.mktemp("three-months")
    clone = ready_copy(folder / "house")
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "online")
    git(clone, "config", "user.name", "Nia")
    git(clone, "config", "user.email", "nia@example.org")
    association = ThreeMonths(clone)
    association.run(*BEGIN)
    for name, text in WRITTEN.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text(text, encoding="utf-8")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "Begin")
    git(clone, "remote", "add", "origin", "../online")
    git(clone, "push", "--quiet", "--set-upstream", "origin", "main")
    association.type("./run publish")
    return association


def test_three_months(house: ThreeMonths) -> None:
    house.live(SECOND_MONTH)
    house.live(THIRD_MONTH)
    for line in rows()[AND_BACK][1]:
        house.type(line)
    assert "https://tiny.example.org/cy/" in (house.built() / "cy/index.html").read_text("utf-8")
