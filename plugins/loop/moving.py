"""What moved on the roadmap, and why: every move of every item, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.kinds.identity import permanent_id, permanent_name
from plugins.kinds.models import RoadmapItem, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from core.words import Words

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Moved:
    """One move of one item; taking it off the roadmap is its last."""

    item: RoadmapItem
    on: date
    to: str  # a status, or WITHDRAWN
    why: Words
    number: int  # counted from 1
    before: str = ""  # the status it came from

    def identity(self, lang: str) -> str:
        """Return its permanent id, whatever becomes of titles, addresses and domains."""
        return permanent_id(f"{permanent_name(self.item)}/move/{self.number}/{lang}")


def moves_of(item: RoadmapItem) -> list[Moved]:
    """Return an item's moves in the order in which it made them."""
    found: list[Moved] = []
    for number, move in enumerate(item.moves, 1):
        before = found[-1].to if found else ""
        found.append(Moved(item, move.on, str(move.to), move.why, number, before))
    if item.withdrawn:
        gone = item.withdrawn
        found.append(Moved(item, gone.on, WITHDRAWN, gone.why, len(found) + 1, found[-1].to))
    return found


def all_moves(items: Iterable[RoadmapItem]) -> list[Moved]:
    """Return every move, the newest first."""
    found = [move for item in items for move in moves_of(item)]
    found.sort(key=lambda move: (move.item.key, -move.number))
    found.sort(key=lambda move: move.on, reverse=True)
    return found


def quarter(day: date) -> str:
    """Return the quarter of a day, as in 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def status_name(status: str, gettext: Callable[[str], str]) -> str:
    """Return what a status is called, as the pages call it."""
    _ = gettext
    return {
        Status.CONSIDERING: _("Considering"),
        Status.LATER: _("Later"),
        Status.NEXT: _("Next"),
        Status.NOW: _("Now"),
        Status.DONE: _("Done"),
        Status.PAUSED: _("Paused"),
        Status.NOT_DOING: _("Not doing"),
        WITHDRAWN: _("Taken off the roadmap"),
    }[status]
