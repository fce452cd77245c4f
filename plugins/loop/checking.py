"""Names that lead nowhere: in content that names records, and in records that name content."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.public.record_files import CONFIRMATIONS, TURNS, VOTES
from plugins.kinds.models import Change, Kind, RoadmapItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.faults import Report
    from plugins.loop.hearing import Hearing
    from plugins.sections.content_index import ContentIndex


def check_names(hearing: Hearing, everything: ContentIndex, report: Report) -> None:
    """Report whatever names something that isn't there.

    :param everything: what is written, drafts and all: naming a draft is no mistake.
    """
    known = {*hearing.records, *hearing.tombstones}
    _check_content(known, everything, report)
    for path, field, kind, key in _named(hearing):
        there = key in known if kind == "record" else (Kind(kind), key) in everything.by_key
        if not there:
            report.at(path).fault(
                0,
                field,
                f"It names a {kind} “{key}”, and there is none.",
                "Keys never change: look whether a file was renamed, or pull again (./run pull).",
                "unknown-reference",
            )


def _check_content(known: set[str], everything: ContentIndex, report: Report) -> None:
    for content in everything.contents:
        for field, ref in _references(content):
            if ref in known:
                continue
            text = content.texts[content.original]
            near = next(iter(get_close_matches(ref, known, n=1)), "")
            report.at(text.path).fault(
                text.line(field),
                field,
                f"There is no record {ref}.",
                f"Did you mean {near}?" if near else "Pull it (./run pull), or take it out.",
                "unknown-record",
            )


def _references(content: object) -> Iterator[tuple[str, str]]:
    named: Iterable[str] = ()
    field = ""
    if isinstance(content, RoadmapItem):
        named, field = content.heard, "heard"
    elif isinstance(content, Change):
        named, field = content.because, "because"
    for number, ref in enumerate(named, 1):
        yield f"{field}[{number}]", ref


def _named(hearing: Hearing) -> Iterator[tuple[str, str, str, str]]:
    """Tell what feedback names: the file, the field, the kind and the key."""
    for record in hearing.records.values():
        if record.target:
            yield hearing.paths[record.ref], "target", record.target.kind, record.target.key
    for stone in hearing.tombstones.values():
        if stone.into:
            yield hearing.paths[stone.ref], "into", "record", stone.into
    for kind, key in hearing.votes:
        yield VOTES.path, "votes", kind, key
    for key in hearing.confirmations:
        yield CONFIRMATIONS.path, "confirmations", str(Kind.CHANGE), key
    for key in hearing.turns:
        yield TURNS.path, "turns", str(Kind.ROADMAP), key
