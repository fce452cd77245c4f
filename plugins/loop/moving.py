"""What moved on the roadmap, and why: every move of every item, the newest first.

Staff move an item by a line in its file. Tenants move what is called done: when more of them say
that it isn't fixed than that it is, it is open again from the day on which their answers turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.public.tallies import Reversal
from core.public.vocabulary import Turning
from core.words import Words
from plugins.kinds.identity import permanent_id, permanent_name
from plugins.kinds.models import RoadmapItem, Status
from plugins.loop.confirming import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.wording import Wording
    from plugins.kinds.models import Move

    Reasons = Mapping[Turning, Words]

WITHDRAWN = "withdrawn"
REOPENED = str(Claim.REOPENED)  # where tenants put what we call done; no item's file says so
TURNED = {Turning.REOPENED: REOPENED, Turning.SETTLED: str(Status.DONE)}


@dataclass(frozen=True)
class Moved:
    """One move of one item; taking it off the roadmap is its last."""

    item: RoadmapItem
    on: date
    to: str  # a status, REOPENED or WITHDRAWN
    why: Words
    number: int  # counted from 1; of tenants' moves: that of ours which they answer
    before: str = ""  # the status it came from
    turn: int = 0  # of tenants' moves: the number of the turn, counted from 1

    def identity(self, lang: str) -> str:
        """Return its permanent id, whatever becomes of titles, addresses and domains."""
        turn = f"/turn/{self.turn}" if self.turn else ""
        return permanent_id(f"{permanent_name(self.item)}/move/{self.number}{turn}/{lang}")


def moves_of(item: RoadmapItem, turns: Sequence[Reversal], reasons: Reasons) -> list[Moved]:
    """Return an item's moves in the order in which it made them, tenants' moves among ours.

    :param turns: how tenants' answers about it turned. They move it while we call it done, and
        from the day on which we do so against what they say.
    :param reasons: why it moves when they turn.
    """
    found: list[Moved] = []
    number, against = 0, 0

    def move(on: date, to: str, why: Words, turn: int = 0) -> None:
        before = found[-1].to if found else ""
        found.append(Moved(item, on, to, why, number, before, turn))

    def turned(on: date, way: Turning, turn: int) -> None:
        if number and item.moves[number - 1].to == Status.DONE:
            move(on, TURNED[way], reasons[way], turn)

    for turn, event in _in_order(item, turns):
        if isinstance(event, Reversal):
            against = turn if event.to == Turning.REOPENED else 0
            turned(event.on, event.to, turn)
            continue
        number += 1
        move(event.on, str(event.to), event.why)
        if against:
            turned(event.on, Turning.REOPENED, against)
    if item.withdrawn:
        number += 1
        move(item.withdrawn.on, WITHDRAWN, item.withdrawn.why)
    return found


def _in_order(
    item: RoadmapItem, turns: Sequence[Reversal]
) -> Iterator[tuple[int, Move | Reversal]]:
    """Go through our moves and tenants' turns, which are numbered, day by day.

    What was withdrawn turns no more.
    """
    gone = item.withdrawn.on if item.withdrawn else date.max
    waiting = [(number, turn) for number, turn in enumerate(turns, 1) if turn.on < gone]
    for move in item.moves:
        while waiting and waiting[0][1].on < move.on:
            yield waiting.pop(0)
        yield 0, move
    yield from waiting


def newest_first(moves: Sequence[Moved]) -> list[Moved]:
    """Return moves of several items, the newest first."""
    found = sorted(moves, key=lambda move: (move.item.key, -move.number, -move.turn))
    return sorted(found, key=lambda move: move.on, reverse=True)


def reasons_in(wordings: Mapping[str, Wording]) -> Reasons:
    """Return why an item moves when tenants' answers turn, in every language of the site."""
    reopened, settled = [], []
    for lang, wording in wordings.items():
        _ = wording.gettext
        reopened.append(
            (lang, _("More of you say that it is not fixed than that it is, so it is open again."))
        )
        settled.append((lang, _("No more of you say that it is not fixed than that it is.")))
    return {
        Turning.REOPENED: Words(tuple(reopened)),
        Turning.SETTLED: Words(tuple(settled)),
    }


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
        REOPENED: _("Open again"),
        WITHDRAWN: _("Taken off the roadmap"),
    }[status]
