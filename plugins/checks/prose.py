"""The sentences that a reader reads, picked out of Markdown with the lines they stand on.

Left out: code, addresses, pictures, tables, HTML, and quotations, which others said as they did.
The words of structured fields are read too, but for those that nobody may mend any more.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.words import ANY, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plugins.kinds.models import Content, Text

_FENCE = re.compile(r"^\s*(```+|~~~+)")
_APART = re.compile(r"^\s*(>|\||!!!|\[\^?[^\]]*\]:|<)")  # quotations, tables, boxes, notes, HTML
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")
_HEADING = re.compile(r"^\s*#+\s+")
# What stands within a line and isn't the writer's prose, each with what is left of it.
_WITHIN = (
    (re.compile(r"(`+).*?\1"), " "),
    (re.compile(r"!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])"), " "),
    (re.compile(r"\[\^[^\]]*\]"), " "),
    (re.compile(r"\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<(\w+)[^>]*\blang=.*?</\1>"), " "),
    (re.compile(r"<[^>]*>|\{[:#.][^}]*\}|\{lang[^}]*\}"), " "),
    (re.compile(r"\S+@\S+|\b\w+://\S+|\bwww\.\S+"), " "),
    (re.compile(r"[*_~]{1,3}(?=\w)|(?<=[\w.,!?])[*_~]{1,3}"), ""),
)
# Facts that nobody may mend: a reason that was published stays, and others said what they said.
_AS_IT_IS = {"moves", "withdrawn", "quotes", "texts"}
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(]?(?:[^\W\d_a-z]|£))|(?<=[.!?])$")


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a heading."""

    path: str  # of its file, relative to the content folder
    line: int
    lang: str
    words: str

    @property
    def unquoted(self) -> str:
        """Return it without the words of others."""
        return _QUOTED.sub(" ", self.words)


def sentences(contents: Iterable[Content]) -> Iterator[Sentence]:
    """Yield the sentences of every text, title and summary first, and those of its facts."""
    for content in contents:
        for text in content.texts.values():
            for line, block in _blocks(text):
                yield from _parts(text, line, block)
        original = content.texts[content.original]
        for field, words in _facts(content, ""):
            for lang, wording in words.texts:
                for part in filter(None, END.split(" ".join(wording.split()))):
                    spoken = original.lang if lang == ANY else lang
                    yield Sentence(original.path, original.line(field), spoken, part)


def _facts(value: object, name: str) -> Iterator[tuple[str, Words]]:
    """Yield the words in structured fields, by the name of each field as faults have it."""
    if isinstance(value, Words):
        yield name, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from _facts(item, f"{name}[{number}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in _AS_IT_IS:
                written = f"{name}.{field.name.rstrip('_')}".lstrip(".")
                yield from _facts(getattr(value, field.name), written)


def _blocks(text: Text) -> Iterator[tuple[int, list[str]]]:
    """Yield what belongs together, as lines, with the line of the file on which it begins."""
    yield text.line("title"), [text.title]
    if text.summary:
        yield text.line("summary"), [text.summary]
    block: list[str] = []
    begun, fence = 0, ""
    for number, raw in enumerate(text.body.splitlines(), text.body_line):
        mark = _FENCE.match(raw)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        alone = bool(fence or mark or not raw.strip() or _APART.match(raw))
        if block and (alone or _ITEM.match(raw) or _HEADING.match(raw) or _HEADING.match(block[0])):
            yield begun, block
            block = []
        if not alone:
            begun = begun if block else number
            block.append(raw)
    if block:
        yield begun, block


def _parts(text: Text, begun: int, block: list[str]) -> Iterator[Sentence]:
    # A line end is kept as a mark, so that each sentence knows on which line it begins.
    whole = "\n".join(_HEADING.sub("", _ITEM.sub("", line)) for line in block)
    for pattern, left in _WITHIN:
        whole = pattern.sub(left, whole)
    line = begun
    for part in END.split(whole):
        words = " ".join(part.split())
        if words:
            leading = len(part) - len(part.lstrip())
            yield Sentence(text.path, line + part[:leading].count("\n"), text.lang, words)
        line += part.count("\n")
