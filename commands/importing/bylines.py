"""Who wrote a text, as people write it: “Ann Lee, Policy”, “Ann Lee and Bob Rees”, lists, keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.importing.front import ImportedFrontMatter
from commands.importing.models import ImportedAuthor
from core.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.nodes import Node

FIELDS = ("authors", "author", "by", "byline", "writer")
AND = re.compile(r"\s*(?:\band\b|\bet\b|\bac?\b|&|;)\s+", re.IGNORECASE)
# A few words, each with a capital or a particle of a name before one.
WORD = r"[^\W\d_a-z][\w'’.-]*"
NAME = re.compile(rf"(?:Dr\.? |Prof\.? )?{WORD}(?: (?:[a-z']{{1,3}} )?{WORD}){{1,3}}")


# Words of jobs and of teams, which begin with capitals too.
JOB = re.compile(
    r"\b(?:head|lead|leader|director|manager|officer|team|support|services?|policy|design|designer|"
    r"developer|development|research|researcher|minister|chief|adviser|advisor|agency|department|"
    r"council|association|board|group|tîm|pennaeth|swyddog|rheolwr|équipe|chef|conseil)\b",
    re.IGNORECASE,
)


def is_name(text: str) -> bool:
    """Whether a text looks like somebody's name, and not like what they do."""
    return bool(NAME.fullmatch(text)) and not JOB.search(text)


@dataclass(frozen=True)
class Bylines:
    """Reads bylines in the light of all others: what stands first somewhere is a name."""

    known: dict[str, ImportedAuthor]  # by the key that a data file gives them
    first: frozenset[str] = frozenset()

    def having_seen(self, written: Iterable[str]) -> Bylines:
        """Return the same, having seen every byline of the site."""
        firsts = {
            part for text in written for part in (text.split(",")[0].strip(),) if is_name(part)
        }
        return Bylines(self.known, frozenset(firsts))

    def authors(self, front: ImportedFrontMatter) -> tuple[ImportedAuthor, ...]:
        """Return who wrote a text."""
        node = front.node(*FIELDS)
        return tuple(dict.fromkeys(self._authors(node))) if node else ()

    def _authors(self, node: Node) -> list[ImportedAuthor]:
        if isinstance(node, Sequence):
            return [author for item in node.items for author in self._authors(item)]
        if isinstance(node, Mapping):
            inner = ImportedFrontMatter(node)
            name = inner.text("name", "title", "display_name")
            return (
                [ImportedAuthor(name, inner.text("role", "position", "bio_short"))] if name else []
            )
        return self.from_text(node.text)

    def from_text(self, text: str) -> list[ImportedAuthor]:
        """Return the authors that a line names."""
        text = " ".join(text.split())
        text = re.sub(r"^(?:by|gan|par)\s+", "", text, flags=re.IGNORECASE)
        if text.lower() in self.known:
            return [self.known[text.lower()]]
        pieces = AND.split(text)
        if len(pieces) > 1 and all(is_name(piece.split(",")[0].strip()) for piece in pieces):
            return [author for piece in pieces for author in self.from_text(piece)]
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not parts:
            return []
        if len(parts) > 1 and all(map(is_name, parts)) and set(parts[1:]) & self.first:
            return [ImportedAuthor(part) for part in parts]
        return [ImportedAuthor(parts[0], ", ".join(parts[1:]))]


def written_bylines(fronts: Iterable[ImportedFrontMatter]) -> list[str]:
    """Return every byline that is a line of text."""
    texts = []
    for front in fronts:
        node = front.node(*FIELDS)
        items = node.items if isinstance(node, Sequence) else (node,)
        texts += [item.text for item in items if isinstance(item, Scalar)]
    return texts
