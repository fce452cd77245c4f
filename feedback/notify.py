"""Tells tenants what came of their words, once it is published: each of them, each thing once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.public.open_data import PublicChange, PublicMove, PublicRecord
from core.public.vocabulary import Outcome
from feedback.store.mail import outbox
from feedback.store.mail.outbox import Listener, Notice, Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime, timedelta

    from sqlalchemy import Connection

    from core.site import Site
    from feedback.model import AnswerBy
    from feedback.published_site import PublishedSite
    from feedback.store import Store

AT_ONCE = 200  # people told in one transaction


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that a record led to."""

    why: Why
    key: str  # of the item that moved, or of the change
    on: date  # who spoke after this day had no part in it
    name: str  # by which it is kept who was told of it
    items: tuple[str, ...] = ()  # that a change is part of


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """A notice that is on its way, or would be."""

    ref: str
    notice: Notice
    channel: AnswerBy


@dataclass(frozen=True, slots=True)
class PublishedLoop:
    """What readers of the site can see by now: what moved and changed, and what led to it."""

    moves: tuple[PublicMove, ...] = ()
    changes: tuple[PublicChange, ...] = ()
    records: tuple[PublicRecord, ...] = ()

    @classmethod
    def of(cls, site: PublishedSite) -> PublishedLoop:
        """Read what is published.

        :raises CannotNotify: when the site can't be read.
        """
        return cls(site.rows(PublicMove), site.rows(PublicChange), site.rows(PublicRecord))


def milestones(
    published: PublishedLoop, today: date, ask_after: timedelta
) -> dict[str, list[Milestone]]:
    """Return what there is to tell by now, by record, in the order in which it happened."""
    moves, changes = defaultdict(list), defaultdict(list)
    for move in published.moves:
        name = f"move:{move.item}:{move.on}:{move.to}"
        moves[move.item].append(Milestone(Why.MOVED, move.item, move.on, name))
    for change in published.changes:
        if change.on is None:
            continue
        news = Milestone(Why.CHANGED, change.key, change.on, f"change:{change.key}", change.roadmap)
        changes[change.key].append(news)
        if change.outcome != Outcome.CANNOT and change.on + ask_after <= today:
            question = Milestone(Why.CONFIRM, change.key, change.on, f"confirm:{change.key}")
            changes[change.key].append(question)
    by_record = {}
    for record in published.records:
        events = [event for key in record.roadmap for event in moves[key]]
        events += [event for key in record.changes for event in changes[key]]
        if past := [event for event in events if event.on <= today]:
            by_record[record.ref] = sorted(past, key=lambda event: event.on)
    return by_record


def notices(ref: str, fresh: Iterable[Milestone]) -> list[Notice]:
    """Return how somebody is told what they weren't told yet: one notice about one thing.

    An item's last move stands for those before it, a change for the moves of its item, and "is it
    fixed?" for a change that is some weeks old when they first hear of it.
    """
    events = list(fresh)
    asked = {event.key for event in events if event.why == Why.CONFIRM}
    changed = [event for event in events if event.why == Why.CHANGED]
    spoken_for = {item for event in changed for item in event.items}
    last_moves = {
        event.key: event
        for event in events
        if event.why == Why.MOVED and event.key not in spoken_for
    }
    chosen = [*last_moves.values(), *(event for event in changed if event.key not in asked)]
    chosen += [event for event in events if event.why == Why.CONFIRM]
    kinds = {Why.MOVED: "roadmap", Why.CHANGED: "change", Why.CONFIRM: "change"}
    return [Notice(ref, event.why, {kinds[event.why]: event.key}) for event in chosen]


class _NotKept(Exception):
    """Undoes a piece of work whose outcome is wanted all the same."""

    def __init__(self, sent: list[PlannedNotice]) -> None:
        super().__init__()
        self.sent = sent


def tell(
    store: Store, published: PublishedLoop, site: Site, *, now: datetime, dry_run: bool = False
) -> list[PlannedNotice]:
    """Put a notice into the outbox for everybody who is to be told something; returns them.

    What was told before costs nothing, and many people are told in one transaction.

    :param dry_run: whether to leave everything as it is; the list is the same.
    :raises StoreFault: when the database is away: who was told by then is not told again.
    """
    today = now.astimezone(site.timezone).date()
    by_record = milestones(published, today, site.feedback.ask_after)
    with store.read() as conn:
        pending = _pending(conn, by_record, site)
    sent: list[PlannedNotice] = []
    for start in range(0, len(pending), AT_ONCE):
        batch = pending[start : start + AT_ONCE]
        work = partial(_tell_all, batch=batch, now=now, dry_run=dry_run)
        try:
            sent += store.write_now(work)
        except _NotKept as undone:
            sent += undone.sent
    return sent


Pending = tuple[Listener, list[Milestone]]  # a person, and what is new to them


def _pending(
    conn: Connection, by_record: Mapping[str, list[Milestone]], site: Site
) -> list[Pending]:
    """Return whoever wasn't told everything yet that they are to be told."""
    known_by_ref, pending = outbox.told(conn), []
    for ref, people in sorted(outbox.listeners(conn, by_record.keys()).items()):
        for person in people:
            spoke = person.received.astimezone(site.timezone).date()
            known = known_by_ref.get(person.ref, set())
            theirs = [event for event in by_record[ref] if event.on >= spoke]
            if fresh := [event for event in theirs if event.name not in known]:
                pending.append((person, fresh))
    return pending


def _tell_all(
    conn: Connection, *, batch: Sequence[Pending], now: datetime, dry_run: bool
) -> list[PlannedNotice]:
    sent: list[PlannedNotice] = []
    for person, events in batch:
        try:
            with conn.begin_nested():
                sent += _tell(conn, person, events, now)
        except _NotKept:
            continue
    if dry_run:
        raise _NotKept(sent)
    return sent


def _tell(
    conn: Connection, person: Listener, events: list[Milestone], now: datetime
) -> list[PlannedNotice]:
    """Tell one person everything that is new to them, or nothing at all."""
    fresh = [event for event in events if outbox.tell_once(conn, person.ref, event.name, now=now)]
    sent = []
    for notice in notices(person.ref, fresh):
        if not outbox.put(conn, notice, now=now):
            raise _NotKept([])  # they can't be reached; should that change, they are told then
        sent.append(PlannedNotice(person.ref, notice, person.answer_by))
    return sent
