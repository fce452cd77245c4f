"""How we are doing: figures worked out from what is published, never typed.

Counts are of people: a record counts for everybody whose words were merged into it. Groups of
fewer than `SMALL` people are left out, and so is the next one when a single group would otherwise
be left to be worked out from the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from core.chance import interval
from core.public.vocabulary import PublicStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from core.public.records import Record
    from core.public.tallies import Waits

SMALL = 5


@dataclass(frozen=True)
class Figures:
    """What became of what a group of people said; counts of people."""

    people: int
    in_time: int  # answered, and what was handed over came back, by the day promised
    late: int  # after it
    overdue: int  # not yet, and the day is past
    waiting: int  # not yet, and the day is still to come
    led: int  # whose words led to an item or a change

    @property
    def kept(self) -> int | None:
        """Return the share of promises kept, in whole per cent; None before any came due."""
        return _share(self.in_time, self.in_time + self.late + self.overdue)

    @property
    def kept_between(self) -> tuple[int, int] | None:
        """Return between which shares that lies if chance is reckoned with, in whole per cent."""
        whole = self.in_time + self.late + self.overdue
        if not whole:
            return None
        low, high = interval(self.in_time, whole)
        return round(100 * low), round(100 * high)

    @property
    def led_share(self) -> int | None:
        """Return the share whose words led to something, in whole per cent."""
        return _share(self.led, self.people)


@dataclass(frozen=True)
class Breakdown:
    """The figures of one group; None where they are too small to be shown."""

    key: str
    figures: Figures | None


@dataclass(frozen=True)
class Quarter:
    """How long answers took in one quarter."""

    name: str  # 2026-Q1
    answers: int
    median: float  # working days


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def figures(records: Iterable[Record], today: date, led: Callable[[str], bool]) -> Figures:
    """Return what became of records.

    :param led: whether a record, by its reference, led to something.
    """
    people = in_time = late = overdue = waiting = led_to = 0
    for record in records:
        people += record.people
        in_time += record.people * (record.in_time is True)
        late += record.people * (record.in_time is False)
        overdue += record.people * record.overdue(today)
        waiting += record.people * (record.next_day is not None and not record.overdue(today))
        led_to += record.people * led(record.ref)
    return Figures(people, in_time, late, overdue, waiting, led_to)


def too_small(counts: Mapping[str, int]) -> set[str]:
    """Return the groups whose figures are left out."""
    hidden = {key for key, count in counts.items() if 0 < count < SMALL}
    others = sorted((count, key) for key, count in counts.items() if count >= SMALL)
    if len(hidden) == 1 and others:
        hidden.add(others[0][1])
    return hidden


def grouped(
    records: Iterable[Record],
    by: Callable[[Record], str],
    order: Iterable[str],
    today: date,
    led: Callable[[str], bool],
) -> list[Breakdown]:
    """Return the figures of each group that has anybody in it, in a given order."""
    several = list(records)
    members = {key: [record for record in several if by(record) == key] for key in order}
    counts = {key: sum(record.people for record in group) for key, group in members.items()}
    hidden = too_small(counts)
    return [
        Breakdown(key, None if key in hidden else figures(group, today, led))
        for key, group in members.items()
        if group
    ]


def counted_together(records: Iterable[Record]) -> dict[str, int]:
    """Return how many people stand behind each decision, small numbers left out."""
    counts = {str(standing): 0 for standing in PublicStatus}
    for record in records:
        counts[str(record.status)] += record.people
    hidden = too_small(counts)
    return {key: count for key, count in counts.items() if count and key not in hidden}


def quarters(waits: Iterable[Waits]) -> list[Quarter]:
    """Return how long answers took, the newest quarter first; small quarters are left out."""
    quarters_told = [
        Quarter(wait.quarter, len(wait.waited), float(median(wait.waited)))
        for wait in waits
        if len(wait.waited) >= SMALL
    ]
    return sorted(quarters_told, key=lambda wait: wait.name, reverse=True)


def median_wait(waits: Iterable[Waits]) -> float | None:
    """Return the median of all answers' working days; None while there are too few."""
    days = [day for wait in waits for day in wait.waited]
    return float(median(days)) if len(days) >= SMALL else None
