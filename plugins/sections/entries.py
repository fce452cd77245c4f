"""Content as readers of one language meet it: each piece as an entry, the whole as their view.

Both work things out when a template or a plan asks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from plugins.kinds.models import Kind, Meetup, Post
from plugins.sections.link_resolver import LinkResolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date as Day  # noqa: N812 - the property below is called date

    from core.wording import Wording
    from core.words import Words
    from plugins.kinds.models import Content, Image, Text
    from plugins.markup.pieces import Heading
    from plugins.sections.build_context import BuildContext


# Kinds of which it means something that one comes before another.
FOLLOWING_EACH_OTHER = {Kind.POST, Kind.MEETUP, Kind.EPISODE, Kind.CHANGE, Kind.STANDARD}


@dataclass(frozen=True)
class Signpost:
    """A link with its words: a tag, a topic, a step of the way up."""

    title: str
    url: str
    key: str = ""


@dataclass(frozen=True)
class CountedLink(Signpost):
    """A link to a list, with how much stands in it."""

    count: int = 0


@dataclass(frozen=True)
class Byline:
    """Somebody who wrote something."""

    name: str
    role: Words
    url: str


@dataclass(frozen=True)
class Entry:
    """A thing for readers of one language; everything is worked out when a template asks."""

    content: Content
    reader: str  # the language of the page
    build: BuildContext = field(repr=False, compare=False)

    @property
    def _text(self) -> Text:
        return self.content.texts.get(self.reader) or self.content.texts[self._spoken]

    @property
    def _spoken(self) -> str:
        """Return the original language, or another when the original's file is a draft."""
        texts = self.content.texts
        return self.content.original if self.content.original in texts else next(iter(texts))

    @property
    def kind(self) -> Kind:
        """Return what sort of content it is."""
        return self.content.kind

    @property
    def key(self) -> str:
        """Return its permanent key."""
        return self.content.key

    @property
    def lang(self) -> str:
        """Return the language its words are in."""
        return self._text.lang

    @property
    def foreign(self) -> bool:
        """Whether its words are not in the reader's language."""
        return self.lang != self.reader

    @property
    def title(self) -> str:
        """Return its heading."""
        return self._text.title

    @property
    def summary(self) -> str:
        """Return one or two sentences, or nothing."""
        return self._text.summary

    @property
    def source(self) -> str:
        """Return the file whose words these are, relative to the content folder."""
        return self._text.path

    @property
    def path(self) -> str:
        """Return the path of its page, relative to the site's root."""
        return self.build.addresses.content(self.content, self.reader)

    @property
    def url(self) -> str:
        """Return the address of its page, for a link."""
        return self.build.link(self.path)

    @cached_property
    def body(self) -> Markup:
        """Return its text as HTML."""
        return LinkResolver(self.build, self._text, self.reader).html()

    @property
    def outline(self) -> tuple[Heading, ...]:
        """Return the headings of its text."""
        return self.build.body(self._text).outline

    @property
    def toc(self) -> Markup:
        """Return the nested list of its headings; nothing for a short text."""
        return Markup(self.build.body(self._text).contents)  # noqa: S704 - the headings' HTML

    @property
    def minutes(self) -> int:
        """Return how long it takes to read, in whole minutes."""
        return self.build.body(self._text).minutes

    @property
    def date(self) -> Day | None:
        """Return its day."""
        return self.content.date

    @property
    def updated(self) -> Day | None:
        """Return the day of the last change that readers should know of."""
        return self.content.updated

    @property
    def draft(self) -> bool:
        """Whether only the preview shows it, until somebody says otherwise."""
        return self._text.draft or self.content.texts[self._spoken].draft

    @property
    def scheduled(self) -> bool:
        """Whether only the preview shows it, until its day comes."""
        day = self.content.public_from
        return day is not None and day > self.build.today

    @cached_property
    def tags(self) -> list[Signpost]:
        """Return its tags, which are words of its own language."""
        addresses, link = self.build.addresses, self.build.link
        return [Signpost(tag, link(addresses.tag(tag, self.lang))) for tag in self._text.tags]

    @cached_property
    def topics(self) -> list[Signpost]:
        """Return its topics in the reader's language."""
        return [topic_sign(self.build, key, self.reader) for key in self.content.topics]

    @cached_property
    def authors(self) -> list[Byline]:
        """Return who wrote it, where the kind says."""
        if not isinstance(self.content, Post):
            return []
        people = [self.build.site.people[key] for key in self.content.authors]
        address = self.build.addresses.person
        return [
            Byline(person.name, person.role, self.build.link(address(person.key, self.reader)))
            for person in people
        ]

    @property
    def image(self) -> Image | None:
        """Return the picture that stands for it."""
        return self.content.image

    def picture(self, sizes: str, *, lazy: bool) -> Markup:
        """Return that picture as HTML, "" without one."""
        image = self.content.image
        return self._facts.lead_picture(image, sizes, lazy=lazy) if image else Markup("")

    @property
    def social_picture(self) -> str:
        """Return the path of that picture for cards elsewhere, "" without one."""
        image = self.content.image
        return self._facts.social_picture(image).removeprefix("/") if image else ""

    @property
    def _facts(self) -> LinkResolver:
        """Return the file that holds the facts, the picture's name among them."""
        content = self.build.everything.by_key[self.kind, self.key]
        return LinkResolver(self.build, content.texts[content.original], self.reader)

    @cached_property
    def related(self) -> dict[Kind, list[Entry]]:
        """Return what belongs with it, by kind."""
        taxonomies = self.build.index.related.get((self.kind, self.key), {})
        return {
            kind: [Entry(content, self.reader, self.build) for content in taxonomies[kind]]
            for kind in Kind
            if kind in taxonomies
        }

    @property
    def previous(self) -> Entry | None:
        """Return the one before it in time, or in number."""
        return self._neighbour(-1 if self.kind == Kind.STANDARD else 1)

    @property
    def next(self) -> Entry | None:
        """Return the one after it in time, or in number."""
        return self._neighbour(1 if self.kind == Kind.STANDARD else -1)

    def _neighbour(self, step: int) -> Entry | None:
        if self.kind not in FOLLOWING_EACH_OTHER:
            return None
        others = self.build.index.of_kind[self.kind]
        place = self.build.places[self.kind, self.key] + step
        if not 0 <= place < len(others):
            return None
        return Entry(others[place], self.reader, self.build)


def topic_sign(build: BuildContext, key: str, lang: str) -> Signpost:
    """Return the way to a topic's page."""
    name = build.site.topics[key].name.get(lang).text
    return Signpost(name, build.link(build.addresses.topic(key, lang)), key)


@dataclass(frozen=True)
class LanguageView:
    """The site as the readers of one language see it."""

    build: BuildContext
    lang: str

    @property
    def wording(self) -> Wording:
        """Return how their language says things."""
        return self.build.wordings[self.lang]

    def gettext(self, message: str) -> str:
        """Return the words for an English message."""
        return self.wording.gettext(message)

    def entries(self, contents: Iterable[Content]) -> list[Entry]:
        """Return things as these readers meet them."""
        return [Entry(content, self.lang, self.build) for content in contents]

    def topics(self, contents: Sequence[Content]) -> list[CountedLink]:
        """Return the topics of some things, in the settings' order, with how many there are."""
        counts: dict[str, int] = defaultdict(int)
        for content in contents:
            for key in content.topics:
                counts[key] += 1
        signs = [topic_sign(self.build, key, self.lang) for key in self.build.site.topics]
        return [
            CountedLink(sign.title, sign.url, sign.key, counts[sign.key])
            for sign in signs
            if sign.key in counts
        ]

    def coming(self) -> list[Meetup]:
        """Return the meetups that are still to come, each on its next date, the next one first."""
        meetups = [m for m in self.build.index.of_kind[Kind.MEETUP] if isinstance(m, Meetup)]
        ahead = [(m, self.build.next_dates(m)) for m in meetups]
        return sorted((m.on(dates[0]) for m, dates in ahead if dates), key=lambda m: m.start)

    def latest(self, meetup: Meetup) -> Meetup:
        """Return a meetup on its next date, or on its last one when none is to come."""
        dates = self.build.next_dates(meetup) or self.build.index.dates.own(meetup)[-1:]
        return meetup.on(dates[0]) if dates else meetup


def newest(contents: Iterable[Content]) -> Day | None:
    """Return the day of the last change among things, None when none says."""
    return max((content.last_changed for content in contents if content.last_changed), default=None)
