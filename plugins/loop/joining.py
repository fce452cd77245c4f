"""The join: records, roadmap items and changes, and which of them led to which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from core.public.tallies import Confirmations
from core.public.vocabulary import Claim
from plugins.kinds.models import Change, ItemStatus, Kind, Outcome, RoadmapItem
from plugins.loop.confirming import judge, together
from plugins.loop.moving import moves_of, newest_first
from plugins.loop.standing import Say

if TYPE_CHECKING:
    from core.public.open_data import PublicMove
    from core.public.records import Record
    from plugins.kinds.models import Content
    from plugins.loop.hearing import Hearing
    from plugins.loop.mentions import Mentions
    from plugins.loop.moving import Reasons
    from plugins.sections.content_index import ContentIndex


@dataclass(frozen=True)
class Behind:
    """The records behind an item or a change."""

    records: tuple[Record, ...]  # those that have a page, in the order in which they came
    hidden: int  # people whose words were only counted or handed over
    withdrawn: int  # records that were taken back since

    @property
    def people(self) -> int:
        """Return how many people said something."""
        return sum(record.people for record in self.records) + self.hidden


@dataclass(frozen=True)
class Loop:
    """What was heard, joined to what the site shows."""

    index: ContentIndex
    hearing: Hearing
    mentions: Mentions = field(default_factory=dict)
    reasons: Reasons = field(default_factory=dict)  # why tenants' answers move an item

    @cached_property
    def items(self) -> tuple[RoadmapItem, ...]:
        """Return the roadmap's items, withdrawn ones included."""
        contents = self.index.of_kind[Kind.ROADMAP]
        return tuple(content for content in contents if isinstance(content, RoadmapItem))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes, the newest first."""
        contents = self.index.of_kind[Kind.CHANGE]
        return tuple(content for content in contents if isinstance(content, Change))

    @cached_property
    def _changes_of(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            for key in change.roadmap:
                found[key].append(change)
        return found

    def changes_of(self, item: RoadmapItem) -> list[Change]:
        """Return an item's changes, the newest first."""
        return self._changes_of.get(item.key, [])

    def behind(self, content: RoadmapItem | Change) -> Behind:
        """Return the records behind an item, its changes' included, or behind a change."""
        refs = list(content.heard if isinstance(content, RoadmapItem) else content.because)
        if isinstance(content, RoadmapItem):
            refs += [ref for change in self.changes_of(content) for ref in change.because]
        there = [self._followed(ref) for ref in dict.fromkeys(refs)]
        found = {one.ref: one for one in there if one}
        shown = [one for one in found.values() if one.shown]
        shown.sort(key=lambda one: (one.received, one.ref))
        return Behind(
            tuple(shown),
            sum(one.people for one in found.values() if not one.shown),
            sum(
                ref in self.hearing.tombstones for ref in dict.fromkeys(refs) if not self._into(ref)
            ),
        )

    def _into(self, ref: str) -> str:
        stone = self.hearing.tombstones.get(ref)
        return (stone.into or "") if stone else ""

    def _followed(self, ref: str) -> Record | None:
        """Return a record, or the one that it became a part of."""
        return self.hearing.records.get(self._into(ref) or ref)

    @cached_property
    def _led_to(self) -> dict[str, list[RoadmapItem | Change]]:
        found: dict[str, list[RoadmapItem | Change]] = defaultdict(list)
        for item in self.items:
            for ref in item.heard:
                found[self._into(ref) or ref].append(item)
        for change in self.changes:
            for ref in change.because:
                found[self._into(ref) or ref].append(change)
        return found

    def led_to(self, ref: str) -> list[RoadmapItem | Change]:
        """Return what a record led to: items first, then changes, each once."""
        return list({(one.kind, one.key): one for one in self._led_to.get(ref, [])}.values())

    def mentioned_by(self, item: RoadmapItem) -> list[Content]:
        """Return what speaks of an item in its text alone, and isn't joined to it otherwise."""
        here = (item.kind, item.key)
        joined = {
            (content.kind, content.key)
            for contents in self.index.related.get(here, {}).values()
            for content in contents
        }
        return [one for one in self.mentions.get(here, []) if (one.kind, one.key) not in joined]

    def about(self, kind: Kind, key: str) -> list[Record]:
        """Return the records that answer something on the site, in the order in which they came."""
        there = self._about.get((str(kind), key), [])
        return sorted(there, key=lambda record: (record.received, record.ref))

    @cached_property
    def _about(self) -> dict[tuple[str, str], list[Record]]:
        found: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self.hearing.records.values():
            if record.target and record.shown:
                found[record.target.kind, record.target.key].append(record)
        return found

    def confirmations(self, content: RoadmapItem | Change) -> Confirmations:
        """Return what tenants answered to "is it fixed?", of an item: about all its changes."""
        if isinstance(content, Change):
            there = self.hearing.confirmations.get(content.key)
            return there or Confirmations(change=content.key)
        return together(self.confirmations(change) for change in self.changes_of(content))

    def claim(self, content: RoadmapItem | Change) -> Claim | None:
        """Return what a claim of ours has come to; None where nothing is claimed."""
        if isinstance(content, RoadmapItem):
            claimed = content.status == ItemStatus.DONE and not content.withdrawn
        else:
            claimed = content.outcome != Outcome.CANNOT
        return judge(self.confirmations(content)) if claimed else None

    def reopened(self, item: RoadmapItem) -> bool:
        """Whether tenants say of something done that it isn't."""
        return self.claim(item) == Claim.REOPENED

    def moves_of(self, item: RoadmapItem) -> list[PublicMove]:
        """Return an item's moves in the order in which it made them, tenants' moves among ours."""
        return moves_of(item, self.hearing.turns.get(item.key, ()), self.reasons)

    @cached_property
    def moves(self) -> list[PublicMove]:
        """Return every move of every item, the newest first."""
        return newest_first([move for item in self.items for move in self.moves_of(item)])

    def votes(self, item: RoadmapItem) -> int:
        """Return how many said that it matters to them, in whichever way."""
        votes = self.hearing.votes_for("roadmap", item.key)
        return votes.online + votes.offline

    def say(self, item: RoadmapItem) -> Say:
        """Return what can be shown for the rung that an item claims."""
        related = self.index.related.get((item.kind, item.key), {})
        return Say(
            self.behind(item).people,
            self.votes(item),
            len(related.get(Kind.MEETUP, ())),
            len(related.get(Kind.EXPERIMENT, ())),
        )
