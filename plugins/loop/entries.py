"""Records, items and changes as readers of one language meet them, and what templates may call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from core.public.tallies import ENOUGH
from core.service_address import service_address
from plugins.kinds.models import Change, Kind, RoadmapItem
from plugins.loop.addresses import LoopAddresses
from plugins.loop.charts import chart, slipped_back
from plugins.loop.evidence import reading_overdue, review_due, review_overdue
from plugins.sections.entries import Signpost, topic_sign

if TYPE_CHECKING:
    from datetime import date

    from jinja2.runtime import Context

    from core.public.records import Record, Tombstone
    from core.public.tallies import Confirmations, Votes
    from core.public.vocabulary import Claim
    from plugins.kinds.models import Content
    from plugins.loop.evidence import RungEvidence
    from plugins.loop.relations import Loop, SupportingRecords
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry, LanguageView

EXTRACT = 140  # characters of a record that a list shows


@dataclass(frozen=True)
class Joined:
    """The loop for the readers of one language."""

    view: LanguageView
    loop: Loop

    @cached_property
    def addresses(self) -> LoopAddresses:
        """Return where the loop's pages live."""
        return LoopAddresses(self.view.build.addresses)

    @property
    def lang(self) -> str:
        """Return the readers' language."""
        return self.view.lang

    @property
    def today(self) -> date:
        """Return the day on the association's clock."""
        return self.view.build.today

    def link(self, path: str) -> str:
        """Return the address of a page for a link."""
        return self.view.build.link(path)

    def entry(self, content: Content) -> Entry:
        """Return a thing as these readers meet it."""
        return self.view.entries([content])[0]

    def record(self, record: Record) -> RecordEntry:
        """Return a record as these readers meet it."""
        return RecordEntry(record, self)

    def records(self, records: tuple[Record, ...] | list[Record]) -> list[RecordEntry]:
        """Return records as these readers meet them."""
        return [self.record(record) for record in records]


@dataclass(frozen=True)
class RecordEntry:
    """A record as readers of one language meet it."""

    record: Record
    joined: Joined

    @property
    def ref(self) -> str:
        """Return its reference."""
        return self.record.ref

    @property
    def path(self) -> str:
        """Return the path of its page, relative to the site's root."""
        return self.joined.addresses.record(self.record.ref, self.joined.lang)

    @property
    def url(self) -> str:
        """Return the address of its page, for a link."""
        return self.joined.link(self.path)

    @property
    def place(self) -> Signpost | None:
        """Return where it is about, with that area's page; None where it isn't told."""
        joined, area = self.joined, self.record.area
        in_use = joined.view.build.site.in_use("areas", joined.today)
        if not area or area not in in_use or not joined.loop.heard.places:
            return None
        url = joined.link(joined.addresses.place(area, joined.lang))
        return Signpost(in_use[area].name.get(joined.lang).text, url, area)

    @property
    def lang(self) -> str:
        """Return the language of its words."""
        return self.record.lang

    @property
    def foreign(self) -> bool:
        """Whether its words are not in the reader's language."""
        return self.record.lang != self.joined.lang

    @property
    def title(self) -> str:
        """Return what its page is called, in the reader's language: what about, when, which."""
        month = self.joined.view.wording.month(self.record.received)
        about = self.topic.title if self.topic else self.joined.view.gettext("What we heard")
        return f"{about}, {month} ({self.record.ref})"

    @property
    def extract(self) -> str:
        """Return the beginning of its words, whole words only."""
        line = " ".join(self.record.said.split())
        if len(line) <= EXTRACT:
            return line
        return line[:EXTRACT].rpartition(" ")[0].rstrip(".,;:-") + " …"

    @property
    def paragraphs(self) -> list[str]:
        """Return its words, paragraph by paragraph; they are plain text, whatever they hold."""
        return [part.strip("\n") for part in self.record.said.split("\n\n") if part.strip()]

    @cached_property
    def topic(self) -> Signpost | None:
        """Return the way to its topic's records."""
        key = self.record.topic
        if key is None:
            return None
        sign = topic_sign(self.joined.view.build, key, self.joined.lang)
        url = self.joined.link(self.joined.addresses.records_about(key, self.joined.lang))
        return type(sign)(sign.title, url, key)

    @property
    def overdue(self) -> bool:
        """Whether the promise of an answer is broken."""
        return self.record.overdue(self.joined.today)

    @property
    def reply_missing_here(self) -> bool:
        """Whether its answer isn't in the reader's language yet."""
        reply = self.record.reply
        return bool(reply and self.joined.lang in reply.text.missing((self.joined.lang,)))

    @cached_property
    def led_to(self) -> list[Entry]:
        """Return the items and changes that it led to."""
        return [self.joined.entry(content) for content in self.joined.loop.led_to(self.record.ref)]

    @cached_property
    def about(self) -> Entry | RecordEntry | None:
        """Return what on the site it answers, when that is public."""
        target, loop = self.record.target, self.joined.loop
        if target is None:
            return None
        if target.kind == "record":
            other = loop.heard.records.get(target.key)
            return self.joined.record(other) if other and other.shown else None
        content = loop.index.by_key.get((Kind(target.kind), target.key))
        return self.joined.entry(content) if content else None

    @property
    def votes(self) -> Votes:
        """Return how many said that it matters to them too."""
        return self.joined.loop.heard.votes_for("record", self.record.ref)


@dataclass(frozen=True)
class StoneEntry:
    """What is left of a record, for readers of one language."""

    stone: Tombstone
    joined: Joined

    @property
    def into(self) -> RecordEntry | None:
        """Return the record that it became a part of."""
        other = self.joined.loop.heard.records.get(self.stone.into or "")
        return self.joined.record(other) if other and other.shown else None


@dataclass(frozen=True)
class ChangeJoined:
    """A change with what was said before it and what tenants say since."""

    change: Change
    joined: Joined

    @cached_property
    def entry(self) -> Entry:
        """Return the change itself."""
        return self.joined.entry(self.change)

    @cached_property
    def behind(self) -> SupportingRecords:
        """Return the records that led to it."""
        return self.joined.loop.behind(self.change)

    @cached_property
    def records(self) -> list[RecordEntry]:
        """Return those of them that have a page."""
        return self.joined.records(self.behind.records)

    @property
    def claim(self) -> Claim | None:
        """Return what our claim has come to."""
        return self.joined.loop.claim(self.change)

    @property
    def answers(self) -> Confirmations:
        """Return what tenants answered to "is it fixed?"."""
        return self.joined.loop.confirmations(self.change)


@dataclass(frozen=True)
class ItemJoined:
    """A roadmap item with everything that its page shows besides its own words."""

    item: RoadmapItem
    joined: Joined

    @cached_property
    def entry(self) -> Entry:
        """Return the item itself."""
        return self.joined.entry(self.item)

    @cached_property
    def behind(self) -> SupportingRecords:
        """Return the records behind it, its changes' included."""
        return self.joined.loop.behind(self.item)

    @cached_property
    def records(self) -> list[RecordEntry]:
        """Return those of them that have a page."""
        return self.joined.records(self.behind.records)

    @cached_property
    def changes(self) -> list[ChangeJoined]:
        """Return its changes, the newest first."""
        return [
            ChangeJoined(change, self.joined) for change in self.joined.loop.changes_of(self.item)
        ]

    @property
    def votes(self) -> Votes:
        """Return how many said that it matters to them too."""
        return self.joined.loop.heard.votes_for("roadmap", self.item.key)

    @cached_property
    def say(self) -> RungEvidence:
        """Return what can be shown for the rung that it claims."""
        return self.joined.loop.say(self.item)

    @property
    def supported(self) -> bool:
        """Whether that is as much as the rung claims."""
        return self.say.supports(self.item.rung)

    @property
    def claim(self) -> Claim | None:
        """Return what our claim that it is done has come to."""
        return self.joined.loop.claim(self.item)

    @property
    def answers(self) -> Confirmations:
        """Return what tenants answered to "is it fixed?"."""
        return self.joined.loop.confirmations(self.item)

    @property
    def review_due(self) -> date | None:
        """Return the day by which it is to be looked at again."""
        return review_due(self.item)

    @property
    def review_overdue(self) -> bool:
        """Whether it should have been looked at before today."""
        return review_overdue(self.item, self.joined.today)

    @property
    def mentioned_by(self) -> list[Entry]:
        """Return what speaks of it in its text, and isn't joined to it otherwise."""
        return self.joined.view.entries(self.joined.loop.mentioned_by(self.item))


def for_templates(build: BuildContext, loop: Loop) -> dict[str, Any]:
    """Return functions and facts by the name that templates know them by."""
    addresses = LoopAddresses(build.addresses)
    service = service_address(build.site.feedback.service, build.base)

    @pass_context
    def loop_url(context: Context, name: str, step: str = "") -> str:
        """Return the address of a page of the loop, or "" when there is none."""
        lang = context["lang"]
        path = addresses.say(step, lang) if step else addresses.page(name, lang)
        return build.link(path) if path in build.paths else ""

    @pass_context
    def service_url(context: Context, name: str) -> str:
        """Return where a form of that name is sent to."""
        return f"{service}{context['lang']}/{name}"

    def standing_of(entry: Entry) -> str:
        item = entry.content
        return loop.standing(item) if isinstance(item, RoadmapItem) else ""

    def since_of(entry: Entry) -> date | None:
        item = entry.content
        return loop.moves_of(item)[-1].on if isinstance(item, RoadmapItem) else None

    return {
        "loop_url": loop_url,
        "service_url": service_url,
        "item_standing": standing_of,
        "item_since": since_of,
        "enough_answers": ENOUGH,
        "struck_for": loop.heard.struck_for,
        "chart_of": chart,
        "slipped_back": slipped_back,
        "is_late": lambda day: day < build.today,
        "reading_late": lambda measure: reading_overdue(measure, build.today),
    }
