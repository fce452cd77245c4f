"""What moved on the roadmap, and why: every move of every item, the newest first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.kinds.models import RoadmapItem, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from core.words import Words

# Ours alone: what is made in it can't meet ids made elsewhere (RFC 9562, version 5).
_NAMESPACE = uuid.UUID("6b0c4b86-3f0f-5a0e-9d53-0f2f0a2d6c11")
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
        return permanent_id(f"{item_name(self.item)}/move/{self.number}/{lang}")


def item_name(item: RoadmapItem) -> str:
    """Return what an item's permanent ids are made from."""
    return item.id or f"roadmap/{item.key}"


def permanent_id(name: str) -> str:
    """Return a permanent id made from a permanent name."""
    return uuid.uuid5(_NAMESPACE, name).urn


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
