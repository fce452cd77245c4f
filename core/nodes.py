"""Trees of values that remember the line they were written on, read from YAML or TOML.

Scalars stay the text that was written: the type of a field decides what it means, so that
`title: 2026` is a title and `answer: no` is a word.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.faults import FileFaults

ONE_COLON = re.compile(r"[^:]*:(?!.*:\s)").match
_CONFLICT_BEGINS = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_CONFLICT_ENDS = re.compile(r"^(?:={7}|>{7}(?: .*)?)$", re.MULTILINE)
CONFLICT = (
    "Two versions of this text stand here one after the other, as git leaves them in a conflict.",
    "Keep the words that are right, and delete the lines of <<<<<<<, ======= and >>>>>>>.",
)
MAX_DEPTH = 12  # our deepest field is at 5


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as the text that was written."""

    text: str
    line: int
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was written, or YAML's word for nothing."""
        return not self.quoted and self.text.strip() in {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names and values, in the order written."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int

    def get(self, name: str) -> Node | None:
        """Return the value of that name, None when there is none."""
        return next((node for key, node in self.entries if key.text == name), None)


type_names = {Scalar: "a single value", Sequence: "a list", Mapping: "a group of named values"}
Node = Scalar | Sequence | Mapping


def conflict_line(text: str) -> int:
    """Return the line on which git left both sides of a conflict; 0 when there is none."""
    begin = _CONFLICT_BEGINS.search(text)
    if begin is None or not _CONFLICT_ENDS.search(text, begin.end()):
        return 0
    return text.count("\n", 0, begin.start()) + 1


def line_of(tree: Node | None, *steps: str | int) -> int:
    """Return the line of what stands at the end of a way into a tree, as far as it leads.

    :param steps: names of values, and places in lists counted from 0.
    :returns: 0 without a tree.
    """
    line = tree.line if tree else 0
    for step in steps:
        if isinstance(tree, Mapping):
            key, tree = next(((k, n) for k, n in tree.entries if k.text == step), (None, None))
            line = key.line if key else line
        elif isinstance(tree, Sequence) and isinstance(step, int) and step < len(tree.items):
            tree = tree.items[step]
            line = tree.line
        else:
            break
    return line


class _Refused(Exception):
    """YAML that we do not take; says where and why."""

    def __init__(self, line: int, wrong: str, instead: str) -> None:
        super().__init__(wrong)
        self.line, self.wrong, self.instead = line, wrong, instead


def read_yaml(text: str, faults: FileFaults, first_line: int = 1) -> Mapping | None:
    """Read front matter or a record into a tree.

    Anchors, aliases and tags are refused, so that a small file stays small when read. How long it
    may be is for its reader to say: what the program writes itself grows with the years.

    :param text: YAML without its fences.
    :param first_line: the line of the file on which `text` begins.
    :returns: the tree, or None when a fault was reported.
    """
    if at := conflict_line(text):
        faults.fault(first_line + at - 1, "", *CONFLICT, "conflict")
        return None
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        tree = _document(events, first_line)
    except _Refused as refused:
        faults.fault(refused.line, "", refused.wrong, refused.instead, "yaml")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        number = mark.line if mark else 0
        line = [*text.split("\n"), ""][min(number, text.count("\n"))]
        wrong, instead = _in_words(str(error.problem), str(error.context), line)
        faults.fault(first_line + number, "", wrong, instead, "yaml")
        return None
    except yaml.YAMLError:
        faults.fault(
            first_line,
            "",
            "A character here can't be read as text.",
            "Delete it and type it again.",
            "yaml",
        )
        return None
    if isinstance(tree, Scalar) and tree.empty:
        return Mapping((), first_line)
    if not isinstance(tree, Mapping):
        faults.fault(
            first_line,
            "",
            f"The part between the --- lines is {type_names[type(tree)]}.",
            "Write one `name: value` a line, such as `title: Evening slots`.",
            "yaml",
        )
        return None
    return tree


# What the YAML parser says, and how to say it.
_TOLD = (
    (
        "alphabetic or numeric character",
        "A star or an ampersand stands where a value begins.",
        "Begin each item of a list with a hyphen; put a text that begins so in quotes.",
    ),
    ("cannot start any token", "A text can't begin with this character.", "Put it in quotes."),
    (
        "escape",
        "A backslash in double quotes begins a code that there is not.",
        "Write two backslashes, or put the text in single quotes.",
    ),
)


def _in_words(problem: str, context: str, line: str) -> tuple[str, str]:
    """Return what is wrong and what to write, for what the YAML parser said of a line."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "A tab stands where YAML wants spaces.", "Use two spaces for each step in."
    if "mapping values are not allowed" in problem and line.startswith(" ") and ONE_COLON(line):
        return "This line stands too far to the right.", "Begin it below the name above it."
    if "mapping values are not allowed" in problem:
        return (
            "A colon in the text is read as the start of a value.",
            'Put the whole text in quotes, such as title: "Damp: what we learnt".',
        )
    for words, wrong, instead in _TOLD:
        if words in problem:
            return wrong, instead
    if "expected key" in problem and re.search(r"""[:,-] *["'].*["']""", line):
        return (
            "Text goes on after a quotation mark that ends it.",
            'Put double quotes around the whole text, and write \\" for each inside it.',
        )
    if "quoted scalar" in context:
        return "A quotation mark is opened and never closed.", "Close the quotes."
    if "expected <block end>" in problem or "could not find expected ':'" in problem:
        return (
            "The indentation, a quote or a colon is wrong here or on the line above.",
            "Line the names up under each other, and put a space after each colon.",
        )
    if "expected ',' or" in problem:
        return "A [ or { is not closed, or a comma is missing.", "Close it on this line."
    return f"YAML can't be read here ({problem}).", "Check quotes, colons and indentation."


def _document(events: Iterator[yaml.Event], first_line: int) -> Node:
    tree: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and tree is not None:
            raise _Refused(
                first_line + _line(event),
                "A second YAML document begins here.",
                "Keep one block between the two --- lines.",
            )
        if isinstance(event, yaml.NodeEvent):
            tree = _node(event, events, first_line, 0)
    return tree or Scalar("", first_line)


def _line(event: yaml.Event) -> int:
    """Return the line of an event, counted from 0."""
    return event.start_mark.line if event.start_mark else 0


def _node(event: yaml.Event, events: Iterator[yaml.Event], first_line: int, depth: int) -> Node:
    line = first_line + _line(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _Refused(
            line, "YAML anchors (&) and aliases (*) are not used here.", "Write the value out."
        )
    tag = getattr(event, "tag", None)
    if tag and not (isinstance(event, yaml.ScalarEvent) and event.implicit[0]):
        raise _Refused(line, f"The YAML tag {tag} is not used here.", "Remove the tag.")
    if depth > MAX_DEPTH:
        raise _Refused(line, "Values are nested too deeply.", "Move them further left.")
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, line, quoted=bool(event.style))  # "" or None: plain
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(inner, events, first_line, depth + 1))
        return Sequence(tuple(items), line)
    entries = []
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(inner, events, first_line, depth + 1)
        if not isinstance(key, Scalar):
            raise _Refused(
                key.line,
                "A name before a colon can't be a list or a group.",
                "Put text that begins with [ or { in quotes.",
            )
        entries.append((key, _node(next(events), events, first_line, depth + 1)))
    return Mapping(tuple(entries), line)


def read_toml(text: str, faults: FileFaults) -> Mapping | None:
    """Read settings into a tree; lines are those on which each name is first written.

    :returns: the tree, or None when a fault was reported.
    """
    if at := conflict_line(text):
        faults.fault(at, "", *CONFLICT, "conflict")
        return None
    try:
        tree = _from_python(tomllib.loads(text), text.splitlines(), 1)
    except RecursionError:
        faults.whole("Values are nested too deeply.", "Move them further left.", "toml")
        return None
    except tomllib.TOMLDecodeError as error:
        position = re.search(r"\(at line (\d+)", str(error))
        faults.fault(
            int(position[1]) if position else text.count("\n") + 1,
            "",
            *_toml_in_words(
                str(error).split(" (at ")[0],
                text.splitlines()[int(position[1]) - 1] if position else "",
            ),
            "toml",
        )
        return None
    return tree if isinstance(tree, Mapping) else None


def _toml_in_words(problem: str, line: str) -> tuple[str, str]:
    """Return what is wrong and what to write, for what the TOML parser said of a line."""
    wrong = f"The settings can't be read here ({problem})."
    if month := re.match(r"\s*([\w-]+)\s*=\s*(\d{4}-\d{2})\s*(#.*)?$", line):
        return wrong, f'Put a month in quotes: {month[1]} = "{month[2]}".'
    if re.match(r"Cannot (?:overwrite|declare|mutate|redefine)", problem):
        return f"{line.strip()} stands here, and what it names stands above.", "Keep one of them."
    if re.match(r"\s*[\w-]+\s*:", line):
        return wrong, "Write = where the colon is."
    return wrong, 'Write name = "value", one a line, with straight quotes.'


def _from_python(value: object, lines: list[str], line: int) -> Node:
    if isinstance(value, dict):
        entries = []
        for name, inner in value.items():
            at = _line_of(name, lines, line)
            entries.append((Scalar(name, at), _from_python(inner, lines, at)))
        return Mapping(tuple(entries), line)
    if isinstance(value, list):
        items = []
        for inner in value:
            items.append(_from_python(inner, lines, line))
            if isinstance(inner, dict):
                line = _next_table(lines, line)
        return Sequence(tuple(items), line)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", line)
    if isinstance(value, date | time):
        return Scalar(value.isoformat(), line)
    return Scalar(str(value), line, quoted=isinstance(value, str))


def _next_table(lines: list[str], after: int) -> int:
    """Return the line of the next [[table]] below `after`, or `after` if there is none."""
    numbers = range(after + 1, len(lines) + 1)
    return next((n for n in numbers if lines[n - 1].lstrip().startswith("[[")), after)


def _line_of(name: str, lines: list[str], start: int) -> int:
    """Return the first line from `start` that names it: tomllib keeps no positions."""
    written = re.compile(rf'(^|[\s.\[{{,"]){re.escape(name)}"?\s*[=.\]]')
    for number in range(start, len(lines) + 1):
        if written.search(lines[number - 1].split(" #")[0]):
            return number
    return start
