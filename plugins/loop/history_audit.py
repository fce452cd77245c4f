"""Nothing moves in silence: what was published once can't vanish or be rewritten unsaid.

Each build writes down which records and items stand in public, and their moves. Publishing keeps
that list in git, beside the records; the next build compares. What is new needs nothing. What is
gone needs its tombstone, and a past move stays as it was written, or says that it was put right.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from core.public.public_history import MANIFEST_IN_CONTENT, PublicHistory
from core.public.record_files import TURNS
from core.site_words import Topic
from plugins.kinds.models import ItemStatus, Kind, Outcome, RoadmapItem

if TYPE_CHECKING:
    from core.faults import Report
    from core.site import Site
    from plugins.kinds.models import Content, Move
    from plugins.loop.relations import Loop

CORRECTED = "corrected"  # stands in a move's line where another has a language


def what_stands(loop: Loop, site: Site) -> PublicHistory:
    """Return what this build shows, and every address that its topics ever had."""
    return PublicHistory(
        frozenset({*loop.heard.records, *loop.heard.tombstones}),
        {item.key: _moves(item) for item in loop.items},
        _turns(loop),
        _topics(loop, site),
    )


def _topics(loop: Loop, site: Site) -> frozenset[tuple[str, str, str]]:
    """Return the addresses that topics have, where something stands there, and had."""
    named = {topic for content in loop.index.contents for topic in content.topics}
    named |= {record.topic for record in loop.heard.records.values() if record.topic}
    topics = [word for word in site.succession("topics").words.values() if isinstance(word, Topic)]
    return frozenset(
        (topic.key, lang, slug)
        for topic in topics
        for lang, slug in (
            *topic.published,
            *((lang, topic.slug_in(lang)) for lang in site.languages if topic.key in named),
        )
    )


def _turns(loop: Loop) -> frozenset[str]:
    return frozenset(
        f"{item} {number:02} {turn.on} {turn.to}"
        for item, turns in loop.heard.turns.items()
        for number, turn in enumerate(turns, 1)
    )


def _moves(item: RoadmapItem) -> tuple[str, ...]:
    """Return an item's moves as the list has them: day, status, and a digest a language.

    A reason is one line, however it was broken.
    """
    lines = []
    for move in item.moves:
        digests = {
            lang: hashlib.sha256(text.encode()).hexdigest()[:16] for lang, text in move.why.texts
        }
        why = [f"{lang}:{digest}" for lang, digest in sorted(digests.items())]
        if move.corrected:
            why.append(f"{CORRECTED}:{move.corrected.on}")
        lines.append(" ".join([move.on.isoformat(), str(move.to), *why]))
    return tuple(lines)


def compare(
    before: PublicHistory, loop: Loop, everything: dict[Any, Content], report: Report
) -> None:
    """Report what has vanished, and what was rewritten.

    :param everything: all that is written, by kind and key, drafts included: an item that became
        one has vanished from the public all the same.
    """
    _vanished_records(before, loop, report)
    for turn in sorted(before.turns - _turns(loop)):
        report.at(TURNS.path).fault(
            0,
            "turns",
            f"The day on which tenants' answers turned ({turn}) was public, and is gone.",
            f"Put the line back: git checkout -- content/{TURNS.path}. Pulling only adds to it.",
            "silence",
        )
    shown = {item.key: item for item in loop.items}
    for key, past in sorted(before.items.items()):
        if key in shown:
            _rewritten(past, shown[key], report)
            continue
        hidden = everything.get((Kind.ROADMAP, key))
        path = hidden.texts[hidden.original].path if hidden else f"roadmap/{key}.md"
        report.at(path).whole(
            f"The roadmap item “{key}” was public, and is gone.",
            "Bring it back and give it withdrawn: with on, why and, if there is one, instead.",
            "silence",
        )


def _vanished_records(before: PublicHistory, loop: Loop, report: Report) -> None:
    for ref in sorted(before.records - {*loop.heard.records, *loop.heard.tombstones}):
        report.at(MANIFEST_IN_CONTENT).fault(
            0,
            "records",
            f"The record {ref} was public, and is gone.",
            "Bring its file back. If its words were withdrawn, do it at the desk and pull "
            "(./run pull): that leaves a note in their place.",
            "silence",
        )


def _rewritten(past: tuple[str, ...], item: RoadmapItem, report: Report) -> None:
    text = item.texts[item.original]
    faults = report.at(text.path)
    present = _moves(item)
    for number, was in enumerate(past, 1):
        name = f"moves[{number}]"
        on, to, *reasons = was.split()
        if number > len(present):
            faults.fault(
                text.line("moves"),
                "moves",
                f"The move to {to} on {on} was public, and is gone.",
                "Put it back. If it was a mistake, add a move that says so.",
                "silence",
            )
            continue
        on_now, to_now, *reasons_now = present[number - 1].split()
        if (on_now, to_now) != (on, to):
            faults.fault(
                text.line(name),
                name,
                f"This move was published as “{to}” on {on}, and is now “{to_now}” on {on_now}.",
                "Put it back, and add a new move that says what is so now.",
                "silence",
            )
        elif (changed := _changed(reasons, reasons_now)) and not _newly_corrected(
            item.moves[number - 1], reasons
        ):
            faults.fault(
                text.line(f"{name}.why"),
                f"{name}.why",
                f"The reason of {on} was published, and is rewritten in {', '.join(changed)}.",
                "Put the old words back; say what you know now in a new move, or in the text. Did "
                "they name somebody, or were they plainly wrong? Then add corrected: {on, why}.",
                "silence",
            )


def _changed(reasons: list[str], reasons_now: list[str]) -> list[str]:
    """Return in which languages a reason was rewritten, or that its correction is gone."""
    return sorted(why.partition(":")[0] for why in {*reasons} - {*reasons_now})


def _newly_corrected(move: Move, reasons: list[str]) -> bool:
    """Whether a move says that its reason was put right since it was published last."""
    return move.corrected is not None and f"{CORRECTED}:{move.corrected.on}" not in reasons


def check_done(loop: Loop, report: Report) -> None:
    """Report each item that is called done, without a change that says what was done."""
    for item in loop.items:
        if item.status != ItemStatus.DONE or item.withdrawn:
            continue
        if any(change.outcome != Outcome.CANNOT for change in loop.changes_of(item)):
            continue
        text = item.texts[item.original]
        name = f"moves[{len(item.moves)}]"
        report.at(text.path).fault(
            text.line(name),
            name,
            f"“{item.key}” is done, and no change says what was done.",
            f"Write one (./run new change) with roadmap: {item.key}.",
            "silence",
        )
