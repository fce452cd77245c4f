"""The join: records, roadmap items and changes, and which of them led to which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from core.public.tallies import Confirmations, summed
from core.public.vocabulary import Claim, ShownStatus
from plugins.kinds.models import Change, ItemStatus, Kind, Outcome, RoadmapItem
from plugins.loop.evidence import RungEvidence, judge
from plugins.loop.moves import moves_of, newest_first
from plugins.markup.pieces import Link
from plugins.sections.link_target import find

if TYPE_CHECKING:
    from core.public.open_data import PublicMove
    from core.public.records import Record
    from plugins.kinds.models import Content
    from plugins.loop.moves import Reasons
    from plugins.loop.record_loader import HeardRecords
    from plugins.sections.build_context import BuildContext
    from plugins.sections.content_index import ContentIndex


Mentions = dict[tuple["Kind", str], list["Content"]]  # by what is spoken of


@dataclass(frozen=True)
class SupportingRecords:
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
    heard: HeardRecords
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
        by_item: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            for key in change.roadmap:
                by_item[key].append(change)
        return by_item

    def changes_of(self, item: RoadmapItem) -> list[Change]:
        """Return an item's changes, the newest first."""
        return self._changes_of.get(item.key, [])

    def behind(self, content: RoadmapItem | Change) -> SupportingRecords:
        """Return the records behind an item, its changes' included, or behind a change."""
        refs = list(self._named(content))
        if isinstance(content, RoadmapItem):
            refs += [ref for change in self.changes_of(content) for ref in self._named(change)]
        followed = [self._followed(ref) for ref in dict.fromkeys(refs)]
        by_ref = {record.ref: record for record in followed if record}
        shown = [record for record in by_ref.values() if record.shown]
        shown.sort(key=lambda record: (record.received, record.ref))
        return SupportingRecords(
            tuple(shown),
            sum(record.people for record in by_ref.values() if not record.shown),
            sum(ref in self.heard.tombstones for ref in dict.fromkeys(refs) if not self._into(ref)),
        )

    def _named(self, content: RoadmapItem | Change) -> tuple[str, ...]:
        """Return the records that an item or a change names, then those tied to it at the desk."""
        own = content.heard if isinstance(content, RoadmapItem) else content.because
        return (*own, *self._tied.get((str(content.kind), content.key), ()))

    @cached_property
    def _tied(self) -> dict[tuple[str, str], list[str]]:
        """Return the references of the records about each thing on the site, in their order."""
        tied: dict[tuple[str, str], list[str]] = defaultdict(list)
        for ref, record in sorted(self.heard.records.items()):
            if record.target:
                tied[record.target.kind, record.target.key].append(ref)
        return tied

    def _into(self, ref: str) -> str:
        stone = self.heard.tombstones.get(ref)
        return (stone.into or "") if stone else ""

    def _followed(self, ref: str) -> Record | None:
        """Return a record, or the one that it became a part of."""
        return self.heard.records.get(self._into(ref) or ref)

    @cached_property
    def _led_to(self) -> dict[str, list[RoadmapItem | Change]]:
        by_ref: dict[str, list[RoadmapItem | Change]] = defaultdict(list)
        for item in self.items:
            for ref in self._named(item):
                by_ref[self._into(ref) or ref].append(item)
        for change in self.changes:
            for ref in self._named(change):
                by_ref[self._into(ref) or ref].append(change)
        return by_ref

    def led_to(self, ref: str) -> list[RoadmapItem | Change]:
        """Return what a record led to: items first, then changes, each once."""
        return list(
            {(content.kind, content.key): content for content in self._led_to.get(ref, [])}.values()
        )

    def mentioned_by(self, item: RoadmapItem) -> list[Content]:
        """Return what speaks of an item in its text alone, and isn't joined to it otherwise."""
        here = (item.kind, item.key)
        joined = {
            (content.kind, content.key)
            for contents in self.index.related.get(here, {}).values()
            for content in contents
        }
        return [
            content
            for content in self.mentions.get(here, [])
            if (content.kind, content.key) not in joined
        ]

    def about(self, kind: Kind, key: str) -> list[Record]:
        """Return the records that answer something on the site, in the order in which they came."""
        records = self._about.get((str(kind), key), [])
        return sorted(records, key=lambda record: (record.received, record.ref))

    @cached_property
    def _about(self) -> dict[tuple[str, str], list[Record]]:
        by_target: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self.heard.records.values():
            if record.target and record.shown:
                by_target[record.target.kind, record.target.key].append(record)
        return by_target

    def confirmations(self, content: RoadmapItem | Change) -> Confirmations:
        """Return what tenants answered to "is it fixed?", of an item: about all its changes."""
        if isinstance(content, Change):
            answers = self.heard.confirmations.get(content.key)
            return answers or Confirmations(change=content.key)
        return summed(self.confirmations(change) for change in self.changes_of(content))

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

    def standing(self, item: RoadmapItem) -> ShownStatus:
        """Return where an item stands: by its last move, or by what tenants say of it."""
        return ShownStatus.REOPENED if self.reopened(item) else ShownStatus(item.status)

    def moves_of(self, item: RoadmapItem) -> list[PublicMove]:
        """Return an item's moves in the order in which it made them, tenants' moves among ours."""
        return moves_of(item, self.heard.turns.get(item.key, ()), self.reasons)

    @cached_property
    def moves(self) -> list[PublicMove]:
        """Return every move of every item, the newest first."""
        return newest_first([move for item in self.items for move in self.moves_of(item)])

    def votes(self, item: RoadmapItem) -> int:
        """Return how many said that it matters to them, in whichever way."""
        votes = self.heard.votes_for("roadmap", item.key)
        return votes.online + votes.offline

    def say(self, item: RoadmapItem) -> RungEvidence:
        """Return what can be shown for the rung that an item claims."""
        related = self.index.related.get((item.kind, item.key), {})
        return RungEvidence(
            self.behind(item).people,
            self.votes(item),
            len(related.get(Kind.MEETUP, ())),
            len(related.get(Kind.EXPERIMENT, ())),
        )


def mentions(build: BuildContext) -> Mentions:
    """Return the public things whose texts link to each thing, in the order of lists."""
    spoken_of: Mentions = defaultdict(list)
    for contents in build.index.of_kind.values():
        for content in contents:
            for here in _linked(content, build):
                spoken_of[here].append(content)
    return dict(spoken_of)


def _linked(content: Content, build: BuildContext) -> dict[tuple[Kind, str], None]:
    """Return what a thing's texts link to, each once and never itself."""
    linked: dict[tuple[Kind, str], None] = {}
    for text in content.texts.values():
        for piece in build.body(text).pieces:
            other = find(piece.url, text.path, build).content if isinstance(piece, Link) else None
            if other and (other.kind, other.key) != (content.kind, content.key):
                linked[other.kind, other.key] = None
    return linked
