"""Records and tallies as the files in which they stand: the same text for the same facts, always.

`pull` writes these files below content/feedback/ and the build reads them; nothing else does.
Whatever is written reads back as it was, letter for letter and however long it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import yaml

from core.fields import Group, Many, Spec, read_fields
from core.nodes import Mapping, Scalar, read_yaml
from core.public.clock_tallies import ClockTally
from core.public.encoding import plain
from core.public.records import Record, Tombstone
from core.public.tallies import Confirmations, PlaceVoices, Reversal, StruckVoices, Votes, Waits
from core.values import Reading
from core.words import TURNING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.faults import FileFaults
    from core.site import Site

T = TypeVar("T")
FOLDER = "feedback"  # below the content folder
RECORD_FILE = re.compile(rf"{FOLDER}/\d{{4}}/f-[2-9a-z]{{6}}\.yaml")
_HEADER = "# Written by `./run pull`. What stands here is public; change it at the desk.\n"
_WIDTH = 96
_STAMP = re.compile(r"^modified: .*\n", re.MULTILINE)


@dataclass(frozen=True)
class TallyFile(Generic[T]):
    """A file that holds one list."""

    name: str  # of the list, and of the file
    cls: type[T]
    order: Callable[[T], tuple[Any, ...]]  # of its lines
    doc: str
    whole: tuple[str, ...] = ()  # fields in which a nought is written too

    @property
    def path(self) -> str:
        """Where it stands, relative to the content folder."""
        return f"{FOLDER}/{self.name}.yaml"

    def read(self, text: str, site: Site, faults: FileFaults) -> tuple[T, ...]:
        """Read the file; of what can't be read, a fault is reported."""
        if (tree := read_yaml(text, faults)) is None:
            return ()
        frame = {self.name: Spec(Many(Group(self.cls)), self.doc, required=True)}
        lines: tuple[T, ...] = read_fields(tree, frame, _reading(tree, site, faults)).get(
            self.name, ()
        )
        return lines

    def text(self, lines: Iterable[T]) -> str:
        """Return the file, its lines in their order whatever the order they come in."""
        ordered = sorted(lines, key=self.order)
        return _HEADER + _dump({self.name: [_OneLine(self._plain(line)) for line in ordered]})

    def _plain(self, line: T) -> dict[str, Any]:
        needed = {*plain(line), *self.whole}
        return {name: value for name, value in plain(line, whole=True).items() if name in needed}


VOTES = TallyFile(
    "votes", Votes, lambda line: (line.kind, line.key), "a line a thing", ("online", "offline")
)
CONFIRMATIONS = TallyFile(
    "confirmations",
    Confirmations,
    lambda line: (line.change,),
    "a line a change",
    ("yes", "partly", "no"),
)
STRIKES = TallyFile(
    "struck",
    StruckVoices,
    lambda line: (line.on, line.kind, line.key, line.count),
    "a line a strike",
)
TURNS = TallyFile("turns", Reversal, lambda line: (line.on, line.item), "a line a turn")
CLOCKS = TallyFile(
    "clocks", ClockTally, lambda line: line.order, "a line a step and quarter", ("met",)
)
PLACES = TallyFile("places", PlaceVoices, lambda line: (line.area or "",), "a line a place")
ANSWERS = TallyFile("answers", Waits, lambda line: (line.quarter,), "a line a quarter")


def record_path(record: Record | Tombstone) -> str:
    """Return where a record stands, relative to the content folder."""
    return f"{FOLDER}/{record.received.year}/{record.ref.lower()}.yaml"


def record_yaml(record: Record | Tombstone) -> str:
    """Return the file of a record: the same text for the same record, always."""
    return _HEADER + _dump(plain(record))


def unstamped(text: str) -> str:
    """Return a record's file without the day of its last change, which pulling adds.

    A line that begins with the field's name is the field: words are always further in.
    """
    return _STAMP.sub("", text, count=1)


def public_words(text: str) -> str:
    """Return words as a record can hold them: no control characters, no blanks at the ends.

    Nor what turns round the order of reading. Line ends become one newline each, and letters are
    composed (Unicode NFC).
    """
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter
        for letter in lines
        if letter in "\n\t" or (unicodedata.category(letter) != "Cc" and letter not in TURNING)
    ).strip()


def read_record(text: str, site: Site, faults: FileFaults) -> Record | Tombstone | None:
    """Read a record, or what is left of one.

    :returns: None when a fault was reported; contradictions are faults too.
    """
    if (tree := read_yaml(text, faults)) is None:
        return None
    reading = _reading(tree, site, faults)
    if tree.get("withdrawn"):
        return Group(Tombstone).read(tree, reading)
    record = Group(Record).read(tree, reading)
    if record is None:
        return None
    sound = True
    for field, wrong, instead in record.contradictions():
        line = reading.lines.get(field) or reading.lines.get(field.partition(".")[0]) or 1
        faults.fault(line, field, wrong, instead, "record")
        sound = False
    return record if sound else None


def _reading(tree: Mapping, site: Site, faults: FileFaults) -> Reading:
    """Return the reading of a file: a plain text in it is in the language it names.

    What was answered in a language that the site gave up since is an answer still.
    """
    reading = Reading(faults, site.languages, timezone=site.timezone, known=site.known, former=True)
    lang = tree.get("lang")
    if isinstance(lang, Scalar) and lang.text in site.languages:
        return replace(reading, lang=lang.text)
    return reading


class _OneLine(dict[str, Any]):
    """A group that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    """Writes long words as they are read: in paragraphs."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out: records know no anchors."""
        del data
        return True


class _SlowDumper(yaml.SafeDumper):
    """The same in Python, which writes rare letters as they are, where the other escapes them."""

    ignore_aliases = _Dumper.ignore_aliases


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _one_line(dumper: yaml.SafeDumper, group: _OneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", group.items(), flow_style=True)


for _each in (_Dumper, _SlowDumper):
    _each.add_representer(str, _text)  # type: ignore[arg-type] # either of the two
    _each.add_representer(_OneLine, _one_line)  # type: ignore[arg-type] # the same


def _dump(values: object) -> str:
    text = _dumped(values, _Dumper)
    return text if "\\U" not in text else _dumped(values, _SlowDumper)


def _dumped(values: object, dumper: type[yaml.SafeDumper | yaml.CSafeDumper]) -> str:
    written: str = yaml.dump(
        values,
        Dumper=dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
        default_flow_style=False,
    )
    return written
