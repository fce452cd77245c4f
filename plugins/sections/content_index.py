"""All content by key, path and kind: what belongs together, and what the public may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from core.values import did_you_mean
from plugins.kinds.models import Kind, Meetup, StandardPoint
from plugins.kinds.series import MeetupDates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.faults import Report
    from plugins.kinds.models import Action, Content
    from plugins.kinds.source import Source

FOLDER_NAMES = {
    Kind.POST: "posts/",
    Kind.MEETUP: "meetups/",
    Kind.EPISODE: "podcast/",
    Kind.ROADMAP: "roadmap/",
    Kind.CHANGE: "changes/",
    Kind.EXPERIMENT: "experiments/",
    Kind.STANDARD: "standard/",
    Kind.PERSONA: "personas/",
    Kind.PAGE: "pages/",
}


@dataclass(frozen=True)
class ContentIndex:
    """All content that a build shows, and how it hangs together."""

    contents: tuple[Content, ...]

    @cached_property
    def by_key(self) -> dict[tuple[Kind, str], Content]:
        """Return each thing by kind and key."""
        return {(content.kind, content.key): content for content in self.contents}

    @cached_property
    def by_path(self) -> dict[str, Content]:
        """Return each thing by the path of each of its files."""
        return {text.path: content for content in self.contents for text in content.texts.values()}

    @cached_property
    def of_kind(self) -> dict[Kind, list[Content]]:
        """Return the things of each kind in the order in which lists show them."""
        by_kind: dict[Kind, list[Content]] = {kind: [] for kind in Kind}
        for content in self.contents:
            by_kind[content.kind].append(content)
        for contents in by_kind.values():
            contents.sort(key=_order)
        return by_kind

    @cached_property
    def related(self) -> dict[tuple[Kind, str], dict[Kind, list[Content]]]:
        """Return what belongs with each thing, whichever of the two names the other."""
        pairs: dict[tuple[Kind, str], dict[tuple[Kind, str], None]] = defaultdict(dict)
        for content in self.contents:
            here = (content.kind, content.key)
            for _, kind, key in content.references():
                if (kind, key) in self.by_key and (kind, key) != here:
                    pairs[here][kind, key] = None
                    pairs[kind, key][here] = None
        related: dict[tuple[Kind, str], dict[Kind, list[Content]]] = {}
        for here, others in pairs.items():
            taxonomies: dict[Kind, list[Content]] = defaultdict(list)
            for other in sorted((self.by_key[other] for other in others), key=_order):
                taxonomies[other.kind].append(other)
            related[here] = dict(taxonomies)
        return related

    @cached_property
    def dates(self) -> MeetupDates:
        """Return when each meetup is."""
        return MeetupDates(
            tuple(content for content in self.contents if isinstance(content, Meetup))
        )

    @cached_property
    def _series(self) -> dict[str, list[Meetup]]:
        """Return the meetups that follow each other, by the word for them, in time."""
        series: dict[str, list[Meetup]] = defaultdict(list)
        for content in self.contents:
            if isinstance(content, Meetup) and content.series:
                series[content.series].append(content)
        for meetups in series.values():
            meetups.sort(key=lambda meetup: meetup.start)
        return series

    @cached_property
    def carried(self) -> dict[str, list[tuple[Action, Meetup]]]:
        """Return, by a meetup's key, the actions that earlier ones of its series left open.

        An action done before this meetup was closed by then, so it isn't carried here.
        """
        carried = {}
        for meetups in self._series.values():
            for number, meetup in enumerate(meetups):
                carried[meetup.key] = [
                    (action, earlier)
                    for earlier in meetups[:number]
                    for action in earlier.actions
                    if action.done is None or action.done >= meetup.start.date()
                ]
        return carried


def _order(content: Content) -> tuple[object, ...]:
    """Return what sorts a list: the newest first, the standard by number, the rest by title."""
    if isinstance(content, StandardPoint):
        return (0, *content.order, content.key)
    day = content.start.date() if isinstance(content, Meetup) else content.date
    return (1, -day.toordinal(), content.key) if day else (2, content.key)


def is_public(content: Content, day: date) -> bool:
    """Whether the public sees something on a day."""
    return not content.texts[content.original].draft and (content.public_from or day) <= day


def shown(contents: Iterable[Content], today: date, *, drafts: bool) -> ContentIndex:
    """Return what this build shows: everything in a preview, else what is public today."""
    if drafts:
        return ContentIndex(tuple(contents))
    public = []
    for content in contents:
        if not is_public(content, today):
            continue
        texts = {lang: text for lang, text in content.texts.items() if not text.draft}
        public.append(replace(content, texts=texts))
    return ContentIndex(tuple(public))


def check_references(
    contents: Iterable[Content], sources: Iterable[Source], report: Report
) -> None:
    """Report each reference to something that isn't there.

    What has a file that couldn't be made into content has its own faults; naming it is none.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        known[source.kind].add(source.key)
    for content in contents:
        text = content.texts[content.original]
        for field, kind, key in content.references():
            if key in known[kind]:
                continue
            near = did_you_mean(key, known[kind])
            report.at(text.path).fault(
                text.line(field),
                field,
                f"There is no “{key}” in {FOLDER_NAMES[kind]}.",
                near or f"Write the key of a file in {FOLDER_NAMES[kind]}, or take it out.",
                "unknown-reference",
            )
