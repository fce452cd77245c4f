"""Where front matter begins and ends, and the slips by which it is none or says another thing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from core.fields import specs
from core.words import UNSEEN, visible
from plugins.kinds.models import KINDS, Text

if TYPE_CHECKING:
    from core.faults import FileFaults

FENCE = "---"
OPEN_IT = "Begin it with a line of three hyphens (---), then title: and other fields, then ---."
_FENCES = {FENCE, "+++"}  # YAML's, and TOML's in Hugo
_OTHER_FENCE = re.compile(r"[-–—=+;~*_]{1,}[^\w]*|\{")
_CODE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*) *[:=](?: |$)")
_GOES_ON = re.compile(r"[ \t]+\S|[-#\]})]")  # lines of a value that is longer than one line
_UNSEEN = re.compile(
    rf"[ ]*(?:- ?)?(?P<first>[{UNSEEN}])"
    rf"|[ ]*(?:- )?[\w-]*(?P<inside>[{UNSEEN}])[\w{UNSEEN} -]*:"
    rf"|[ ]*(?:- )?[\w-]+[ ]*:[ ]*(?P<after>[{UNSEEN}])"
)
# What stands for a mark of YAML, where only the mark itself is one: how to find it, and what it is.
_NO_MARKS = (
    (
        re.compile(r"[ ]*[\w-]+(?P<mark>[\uff1a\ufe55\ua789])"),
        "“{}” stands after the name, which is no colon.",
        "Type a plain colon and a space.",
    ),
    (
        re.compile(r"[^:#]*:[ ]*\[[^\]]*(?P<mark>[“”„‘\u201a])"),
        "“{}” is no quotation mark here, so it would be read as part of the text.",
        'Type straight quotes, as in ["one", "two"], or none.',
    ),
)
_BULLET = re.compile(r"[ ]+(?P<mark>[–—•·‣▪])[ ]")


@dataclass(frozen=True, slots=True)
class SplitText:
    """A file's text, taken apart."""

    front: str | None  # without its fences; None when there is none
    front_line: int
    body: str
    body_line: int


def split(text: str, faults: FileFaults) -> SplitText | None:
    """Take front matter and body apart.

    :returns: None when it has no end: then nobody can tell where the body begins.
    """
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines) if line.strip())
    if lines[first].rstrip() != FENCE:
        faults.fault(first + 1, "", *_no_fence(lines[first].strip()), "front-matter")
        return SplitText(None, 1, text, 1)
    if first:
        faults.fault(
            1,
            "",
            "A blank line stands before the front matter.",
            "Delete it: the first line is three hyphens (---).",
            "front-matter",
        )
    for number in range(first + 1, len(lines)):
        line = lines[number].rstrip()
        if line == FENCE:
            front = "\n".join(lines[first + 1 : number])
            return SplitText(front, first + 2, "\n".join(lines[number + 1 :]), number + 2)
        if line == "..." or (line != FENCE and visible(line) == FENCE):
            wrong = f"The front matter ends with {_named(line)} and not with three hyphens."
            faults.fault(number + 1, "", wrong, "Write --- there.", "front-matter")
            return None
    faults.fault(
        first + 1,
        "",
        "The front matter is opened and never closed.",
        "Write a line of three hyphens (---) below its last field.",
        "front-matter",
    )
    return None


def _no_fence(line: str) -> tuple[str, str]:
    """Return what is wrong with a first line that doesn't begin front matter, and what to write."""
    if line != visible(line) and _OTHER_FENCE.fullmatch(visible(line)):
        return f"An invisible character stands in this line: {_named(line)}.", OPEN_IT
    if _OTHER_FENCE.fullmatch(line):
        wrong = f"The front matter begins with {line} and not with three hyphens, so nobody can"
        return f"{wrong} tell what is in it.", OPEN_IT
    return "The file doesn't begin with front matter.", OPEN_IT


def tell_slips(parts: SplitText, faults: FileFaults) -> bool:
    """Tell of what only looks like a space or a mark of YAML; whether there is any."""
    bad, empty_above = False, False
    for number, line in enumerate((parts.front or "").split("\n"), parts.front_line):
        if line.isascii():
            empty_above = line.rstrip().endswith(":")
            continue
        if match := _UNSEEN.match(line):
            bad = True
            name = name_of(next(filter(None, match.groups())))
            faults.fault(
                number,
                "",
                f"What looks like a space or like nothing in this line is a character: {name}.",
                "Delete what stands before and after the name, and type a plain space.",
                "invisible",
            )
        for pattern, wrong, instead in _NO_MARKS:
            if match := pattern.match(line):
                bad = True
                faults.fault(number, "", wrong.format(match["mark"]), instead, "yaml")
        if empty_above and (match := _BULLET.match(line)):
            bad = True
            wrong = f"“{match['mark']}” begins no item of a list here."
            faults.fault(number, "", wrong, "Begin each item with a hyphen and a space.", "yaml")
        empty_above = line.rstrip().endswith(":")
    return bad


def name_of(character: str) -> str:
    """Return what a character is called that nobody sees (Unicode), with its number."""
    name = unicodedata.name(character, "a control character").lower()
    return f"{name} (U+{ord(character):04X})"


def _named(line: str) -> str:
    unseen = next((c for c in line if not visible(c)), "")
    return name_of(unseen) if unseen else line


def tell_second_block(parts: SplitText, faults: FileFaults) -> bool:
    """Tell of front matter below the front matter: nobody reads it, and readers would see it."""
    at = -1 if parts.front is None else _second_block(parts.body.split("\n"))
    if at < 0:
        return False
    faults.fault(
        parts.body_line + at,
        "",
        "More front matter begins here, below the --- that ends it, so it isn't read.",
        "Move these lines above that ---. Are they meant to be read? Put ``` above and below them.",
        "front-matter",
    )
    return True


def _second_block(lines: list[str]) -> int:
    """Return the line, from 0, on which fields begin in a body; -1 where none do."""
    code, after_fence, begin = "", False, 0
    for number, line in enumerate([*lines, ""]):
        mark = _CODE.match(line)
        if mark and not (code and mark["mark"][0] != code):
            code = "" if code else mark["mark"][0]
        if code:
            after_fence, begin = False, -1
            continue
        is_fence = line.rstrip() in _FENCES
        ends = is_fence or (after_fence and begin < number and not line.strip())
        if begin >= 0 and ends and _are_fields(lines[begin:number]):
            return begin
        if is_fence:
            after_fence, begin = True, number + 1
        elif after_fence and not line.strip():
            begin = number + 1 if begin == number else -1
    return -1


def _are_fields(lines: list[str]) -> bool:
    """Whether lines are fields of front matter, at least one of them one that we have."""
    written = [line for line in lines if line.strip()]
    fields = [_FIELD.match(line) for line in written]
    names = {field["name"] for field in fields if field}
    return all(
        field or _GOES_ON.match(line) for field, line in zip(fields, written, strict=True)
    ) and bool(names & _names() or {name.lower() for name in names} & {"draft", "title"})


@cache
def _names() -> frozenset[str]:
    """Return the name of every field that a file may have."""
    classes: list[type[Any]] = [Text, *KINDS.values()]
    return frozenset(name for cls in classes for name in specs(cls))
