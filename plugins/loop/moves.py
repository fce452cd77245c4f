"""What moved on the roadmap, and why: every move of every item, the newest first.

Staff move an item by a line in its file. Tenants move what is called done: when more of them say
that it isn't fixed than that it is, it is open again from the day on which their answers turned.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.public.open_data import PublicMove
from core.public.tallies import Reversal
from core.public.vocabulary import ItemStatus, ShownStatus, Turning
from core.words import Words
from plugins.kinds.identity import permanent_id, permanent_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.wording import Wording
    from plugins.kinds.models import Correction, Move, RoadmapItem

    Reasons = Mapping[Turning, Words]

TURNED = {Turning.REOPENED: ShownStatus.REOPENED, Turning.SETTLED: ShownStatus.DONE}


def move_id(item: RoadmapItem, number: int, turn: int, lang: str = "") -> str:
    """Return a move's permanent id, whatever becomes of titles, addresses and domains.

    :param lang: whose readers it is told to; "" for the move itself.
    """
    parts = [permanent_name(item), f"move/{number}"]
    parts += [f"turn/{turn}"] if turn else []
    return permanent_id("/".join([*parts, *([lang] if lang else [])]))


def moves_of(item: RoadmapItem, turns: Sequence[Reversal], reasons: Reasons) -> list[PublicMove]:
    """Return an item's moves in the order in which it made them, tenants' moves among ours.

    :param turns: how tenants' answers about it turned. They move it while we call it done, and
        from the day on which we do so against what they say.
    :param reasons: why it moves when they turn.
    """
    moves: list[PublicMove] = []
    number, against = 0, 0

    def move(
        on: date, to: ShownStatus, why: Words, turn: int = 0, corrected: Correction | None = None
    ) -> None:
        moves.append(
            PublicMove(
                id=move_id(item, number, turn),
                item=item.key,
                number=number,
                turn=turn,
                on=on,
                from_=moves[-1].to if moves else None,
                to=to,
                why=why,
                modified=corrected.on if corrected else on,
                correction=corrected.why if corrected else None,
            )
        )

    def turned(on: date, way: Turning, turn: int) -> None:
        if number and item.moves[number - 1].to == ItemStatus.DONE:
            move(on, TURNED[way], reasons[way], turn)

    for turn, event in _in_order(item, turns):
        if isinstance(event, Reversal):
            against = turn if event.to == Turning.REOPENED else 0
            turned(event.on, event.to, turn)
            continue
        number += 1
        move(event.on, ShownStatus(event.to), event.why, corrected=event.corrected)
        if against:
            turned(event.on, Turning.REOPENED, against)
    if item.withdrawn:
        number += 1
        gone = item.withdrawn
        move(gone.on, ShownStatus.WITHDRAWN, gone.why, corrected=gone.corrected)
    return moves


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


def newest_first(moves: Sequence[PublicMove]) -> list[PublicMove]:
    """Return moves of several items, the newest first."""
    by_item = sorted(moves, key=lambda move: (move.item, -move.number, -move.turn))
    return sorted(by_item, key=lambda move: move.on, reverse=True)


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


def status_name(status: ShownStatus, gettext: Callable[[str], str]) -> str:
    """Return what a status is called, as the pages call it."""
    _ = gettext
    return {
        ShownStatus.CONSIDERING: _("Considering"),
        ShownStatus.LATER: _("Later"),
        ShownStatus.NEXT: _("Next"),
        ShownStatus.NOW: _("Now"),
        ShownStatus.DONE: _("Done"),
        ShownStatus.PAUSED: _("Paused"),
        ShownStatus.NOT_DOING: _("Not doing"),
        ShownStatus.REOPENED: _("Open again"),
        ShownStatus.WITHDRAWN: _("Taken off the roadmap"),
    }[status]
