"""Finds what falls due: whatever content, records and settings promise a day for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from core.public.due import DueEntry, DueSort, in_order
from core.times import month_end
from core.wording import own_name
from core.words import Words
from plugins.kinds.models import Change, Decision, Experiment, ItemStatus, Kind, Meetup, RoadmapItem
from plugins.loop.addresses import LoopAddresses
from plugins.loop.evidence import reading_due, review_due
from plugins.sections.accessibility_statement import KEY as STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from plugins.kinds.models import Content
    from plugins.loop.relations import Loop
    from plugins.sections.build_context import BuildContext

ENDED = {ItemStatus.DONE, ItemStatus.NOT_DOING}  # nobody has to look after these any more
A_YEAR = timedelta(days=365)  # after which an accessibility statement is gone through again


@dataclass(frozen=True)
class DueFinder:
    """What falls due on a site, as one day sees it."""

    build: BuildContext
    loop: Loop
    day: date
    edited: Mapping[str, date] = field(default_factory=dict)  # last day of a file's writing

    def entries(self) -> tuple[DueEntry, ...]:
        """Return everything, by day; what has no day at the end.

        A page that waits is named whole, drafts that lack a translation too: what of it may stand
        in public is for `public_part` to say.
        """
        return in_order(
            [
                *self._answers(),
                *self._readings(),
                *self._reviews(),
                *self._actions(),
                *self._results(),
                *self._ownerless(),
                *self._access(),
                *self._pages(),
                *self._translations(),
            ]
        )

    def _entry(
        self,
        sort: DueSort,
        on: date | None,
        content: Content,
        owner: str | None = "",
        what: Words | None = None,
    ) -> DueEntry:
        # Where it has a page, its words are those of the page: a translation may be a draft.
        shown = self.build.index.by_key.get((content.kind, content.key)) or content
        return DueEntry(
            sort=sort,
            on=on,
            title=Words(tuple((lang, text.title) for lang, text in shown.texts.items())),
            owner=owner or "",
            url=self._url(content),
            source=content.texts[content.original].path,
            what=what,
        )

    def _url(self, content: Content) -> tuple[tuple[str, str], ...] | None:
        """Return where a thing's page is, None while it has none."""
        build, shown = self.build, self.build.index.by_key.get((content.kind, content.key))
        if shown is None:
            return None
        return tuple(
            (lang, build.absolute(build.addresses.content(shown, lang)))
            for lang in build.site.languages
        )

    def _answers(self) -> Iterator[DueEntry]:
        addresses = LoopAddresses(self.build.addresses)
        for record in self.loop.heard.records.values():
            if record.next_day is None:
                continue
            pages = tuple(
                (lang, self.build.absolute(addresses.record(record.ref, lang)))
                for lang in self.build.site.languages
            )
            yield DueEntry(
                sort=DueSort.ANSWER,
                on=record.next_day,
                title=Words.of(record.ref),
                url=pages if record.shown else None,
                source=self.loop.heard.paths.get(record.ref, ""),
            )

    def _readings(self) -> Iterator[DueEntry]:
        for change in self.loop.changes:
            if change.measure and (due := reading_due(change.measure)):
                yield self._entry(
                    DueSort.READING, due, change, change.owner, what=change.measure.name
                )

    def _reviews(self) -> Iterator[DueEntry]:
        for item in self.loop.items:
            if due := review_due(item):
                yield self._entry(DueSort.REVIEW, due, item, item.owner)

    def _actions(self) -> Iterator[DueEntry]:
        known = self.build.site.known["teams"]
        for content in self.build.index.of_kind[Kind.MEETUP]:
            for action in content.actions if isinstance(content, Meetup) else ():
                if action.done is None:
                    names = [name for _, name in action.owner.texts]
                    owner = next((known[name] for name in names if name in known), "")
                    yield self._entry(DueSort.ACTION, action.due, content, owner, what=action.what)

    def _results(self) -> Iterator[DueEntry]:
        for content in self.build.index.of_kind[Kind.EXPERIMENT]:
            if (
                isinstance(content, Experiment)
                and content.decision == Decision.RUNNING
                and content.end
            ):
                yield self._entry(DueSort.RESULT, content.end, content, content.owner)

    def _ownerless(self) -> Iterator[DueEntry]:
        """Yield what is still worked on, and whose team is no more and has no successor."""
        for content in self.build.index.contents:
            if not _is_open(content):
                continue
            owner = str(getattr(content, "owner", ""))
            team = self.build.site.word("teams", owner)
            if team and team.ended:
                yield self._entry(DueSort.OWNER, team.ended, content, what=team.name)

    def _access(self) -> Iterator[DueEntry]:
        statement = self.build.index.by_key.get((Kind.PAGE, STATEMENT))
        if statement is None:
            return
        known = self.build.site.accessibility
        if known.reviewed:
            yield self._entry(DueSort.ACCESS, known.reviewed + A_YEAR, statement)
        if known.next_test:
            yield self._entry(DueSort.ACCESS, month_end(known.next_test), statement)
        for gap in known.gaps:
            if gap.by:
                yield self._entry(DueSort.ACCESS, month_end(gap.by), statement, what=gap.what)

    def _pages(self) -> Iterator[DueEntry]:
        for content in self.build.everything.contents:
            if content.public_from and content.public_from > self.day:
                yield self._entry(DueSort.PAGE, content.public_from, content, _owner_of(content))

    def _translations(self) -> Iterator[DueEntry]:
        for content in self.build.everything.contents:
            written = self.edited.get(content.texts[content.original].path)
            for lang in self.build.site.languages:
                text = content.texts.get(lang)
                if text is None:
                    yield self._entry(
                        DueSort.TRANSLATION, None, content, what=Words.of(own_name(lang))
                    )
                elif lang != content.original and written:
                    followed = self.edited.get(text.path)
                    if followed and followed < written:
                        yield self._entry(
                            DueSort.TRANSLATION, written, content, what=Words.of(own_name(lang))
                        )


def _is_open(content: Content) -> bool:
    match content:
        case RoadmapItem():
            return content.withdrawn is None and content.status not in ENDED
        case Experiment():
            return content.decision == Decision.RUNNING
        case Change():
            return bool(content.measure and content.measure.next)
    return False


def _owner_of(content: Content) -> str:
    return str(getattr(content, "owner", "") or "")
