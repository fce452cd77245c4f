"""Pages that tell how it goes: how we are doing, what moved, and the data behind both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.public.open_data import PACKAGE, TABLES
from core.public.vocabulary import Claim, ContactChannel, ShownStatus
from plugins.kinds.models import Kind
from plugins.loop import figures
from plugins.loop.evidence import review_due, review_overdue
from plugins.loop.moves import quarter
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.public.open_data import PublicMove
    from plugins.loop.entries import Joined
    from plugins.sections.entries import Entry


@dataclass(frozen=True)
class Late:
    """An item that was not looked at in time."""

    entry: Entry
    due: date  # when it should have been


def report_pages(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the pages that tell how it goes."""
    if joined.loop.heard.records:
        yield _doing(joined)
    if joined.loop.items:
        yield _moved(joined)
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
            "claims": {str(claim): _claimed(claim, joined) for claim in Claim},
            "quarter": now,
            "moves": moves,
            "items": _moving(moves, joined),
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


def _moved(joined: Joined) -> PlannedPage:
    loop, moves = joined.loop, joined.loop.moves
    dated = {move.item for move in moves if move.to == ShownStatus.REOPENED}
    undated = [item for item in loop.items if loop.reopened(item) and item.key not in dated]
    by_quarter: dict[str, list[PublicMove]] = {}
    for move in moves:
        by_quarter.setdefault(quarter(move.on), []).append(move)
    return PlannedPage(
        path=joined.addresses.page("moved", joined.lang),
        identity=("loop", "moved"),
        lang=joined.lang,
        template="moved.html",
        title=joined.view.gettext("What moved"),
        section="moved",
        menu="footer",
        updated=moves[0].on,
        data={
            "quarters": by_quarter,
            "items": _moving(moves, joined),
            "reopened": joined.view.entries(undated),
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
