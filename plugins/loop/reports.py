"""Pages that tell how it goes: how we are doing, what moved, and the data behind both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.public.open_data import PACKAGE, TABLES
from core.public.vocabulary import Claim, ContactChannel, ShownStatus
from plugins.kinds.models import Kind
from plugins.loop import figures
from plugins.loop.evidence import reading_due, review_due, review_overdue
from plugins.loop.moves import quarter
from plugins.loop.places import place_pages, places
from plugins.sections.lists import pagination
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.public.open_data import PublicMove
    from plugins.loop.entries import Joined
    from plugins.sections.entries import Entry


MOVES_A_PAGE = 100  # with their reasons, in the first round trip of a page


@dataclass(frozen=True)
class Late:
    """An item that was not looked at in time, or a change that was not measured."""

    entry: Entry
    due: date  # when it should have been at the latest


def report_pages(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the pages that tell how it goes."""
    if joined.loop.heard.records:
        yield _doing(joined)
        if joined.view.build.site.clocks or joined.loop.heard.clocks:
            yield _fast(joined)
    if joined.loop.heard.places:
        yield from place_pages(joined)
    if joined.loop.items:
        yield from _moved(joined)
        yield _data(joined)


def _doing(joined: Joined) -> PlannedPage:
    loop, today, site = joined.loop, joined.today, joined.view.build.site
    records = list(loop.heard.records.values())

    def led(ref: str) -> bool:
        return bool(loop.led_to(ref))

    topics = [*site.topics, ""]
    breakdowns = {
        "topic": figures.grouped(records, lambda record: record.topic or "", topics, today, led),
        "channel": figures.grouped(
            records, lambda record: str(record.channel), map(str, ContactChannel), today, led
        ),
        "lang": figures.grouped(
            records,
            lambda record: record.lang,
            [*site.languages, *sorted({record.lang for record in records} - set(site.languages))],
            today,
            led,
        ),
    }
    now = quarter(today)
    moves = [move for move in loop.moves if quarter(move.on) == now]
    late = [item for item in loop.items if review_overdue(item, today)]
    return PlannedPage(
        path=joined.addresses.page("doing", joined.lang),
        old_paths=joined.addresses.old_pages("doing", joined.lang),
        identity=("loop", "doing"),
        lang=joined.lang,
        template="how-we-are-doing.html",
        title=joined.view.gettext("How we are doing"),
        section="doing",
        menu="footer",
        data={
            "figures": figures.figures(records, today, led),
            "decided": figures.counted_together(records),
            "breakdowns": breakdowns,
            "quarters": figures.quarters(loop.heard.waits),
            "median_wait": figures.median_wait(loop.heard.waits),
            "late_answers": joined.records(
                [record for record in records if record.shown and record.overdue(today)]
            ),
            "late_reviews": [
                Late(joined.entry(item), due) for item in late if (due := review_due(item))
            ],
            "late_readings": [
                Late(joined.entry(change), due)
                for change in loop.changes
                if change.measure and (due := reading_due(change.measure)) and today > due
            ],
            "claims": {str(claim): _claimed(claim, joined) for claim in Claim},
            "quarter": now,
            "moves": moves,
            "items": _moving(moves, joined),
            "small": figures.SMALL,
            "places": places(joined) if loop.heard.places else [],
            "has_clocks": bool(site.clocks or loop.heard.clocks),
        },
    )


def _fast(joined: Joined) -> PlannedPage:
    """Plan how fast we were: each clock, what it asks for, and what came of that by quarter."""
    tallies = sorted(joined.loop.heard.clocks, key=lambda tally: tally.quarter, reverse=True)
    rules = joined.view.build.site.clocks
    known = {rule.key for rule in rules}
    return PlannedPage(
        path=joined.addresses.page("fast", joined.lang),
        identity=("loop", "fast"),
        lang=joined.lang,
        template="how-fast-we-were.html",
        title=joined.view.gettext("How fast we were"),
        section="doing",
        data={
            "rules": rules,
            "tallies": {rule.key: [t for t in tallies if t.clock == rule.key] for rule in rules},
            "former": [tally for tally in tallies if tally.clock not in known],
            "small": figures.SMALL,
        },
    )


def _claimed(claim: Claim, joined: Joined) -> list[Entry]:
    loop = joined.loop
    return joined.view.entries(item for item in loop.items if loop.claim(item) == claim)


def _moving(moves: Sequence[PublicMove], joined: Joined) -> dict[str, Entry]:
    """Return the items that moved, by key."""
    keys = dict.fromkeys(move.item for move in moves)
    return {key: joined.entry(joined.loop.index.by_key[Kind.ROADMAP, key]) for key in keys}


def _moved(joined: Joined) -> Iterator[PlannedPage]:
    """Plan what moved, the newest first, on as many pages as it needs."""
    loop, moves, lang = joined.loop, joined.loop.moves, joined.lang
    dated = {move.item for move in moves if move.to == ShownStatus.REOPENED}
    undated = [item for item in loop.items if loop.reopened(item) and item.key not in dated]
    first, title = joined.addresses.page("moved", lang), joined.view.gettext("What moved")
    count = -(-len(moves) // MOVES_A_PAGE)

    def path(number: int) -> str:
        return first + joined.addresses.numbered(number, lang)

    for number in range(1, count + 1):
        shown = moves[(number - 1) * MOVES_A_PAGE : number * MOVES_A_PAGE]
        by_quarter: dict[str, list[PublicMove]] = {}
        for move in shown:
            by_quarter.setdefault(quarter(move.on), []).append(move)
        words = joined.view.gettext("page %(number)s") % {"number": number}
        yield PlannedPage(
            path=path(number),
            identity=("loop", "moved") if number == 1 else ("moved", str(number)),
            lang=lang,
            template="moved.html",
            title=title if number == 1 else f"{title}, {words}",
            section="moved",
            menu="footer" if number == 1 else "",
            indexed=number == 1,
            crumbs=((title, first),) if number > 1 else (),
            updated=shown[0].on,
            data={
                "quarters": by_quarter,
                "items": _moving(shown, joined),
                "reopened": joined.view.entries(undated) if number == 1 else [],
                "pagination": pagination(number, count, lambda of: joined.link(path(of)))
                if count > 1
                else None,
            },
        )


def _data(joined: Joined) -> PlannedPage:
    link = joined.link
    files: list[dict[str, Any]] = [
        {
            "name": table.name,
            "json": link(f"{table.path}.json"),
            "csv": link(f"{table.path}.csv"),
            "schema": link(f"{table.path}.schema.json"),
        }
        for table in TABLES
    ]
    return PlannedPage(
        path=joined.addresses.page("data", joined.lang),
        identity=("loop", "data"),
        lang=joined.lang,
        template="open-data.html",
        title=joined.view.gettext("Open data"),
        section="data",
        menu="footer",
        data={"files": files, "package": link(PACKAGE)},
    )
