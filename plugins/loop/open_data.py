"""Fills the tables of the open data: what the site knows of the loop, row by row.

Everything here stands on a page too. What the tables are is declared in `core.public.open_data`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from core.licences import known_licence
from core.public.encoding import to_json
from core.public.open_data import (
    PACKAGE,
    TABLES,
    Pages,
    PublicAdopter,
    PublicChange,
    PublicClockTally,
    PublicExperiment,
    PublicItem,
    PublicMeasure,
    PublicNews,
    PublicPersona,
    PublicPoint,
    PublicReading,
    PublicRecord,
    PublicResearch,
    PublicStrike,
    data_package,
    rows_csv,
    rows_json,
    table_schema,
)
from core.public.vocabulary import NewsKind, RecordStatus, ShownStatus
from core.words import ANY, Words
from plugins.kinds.identity import identity, permanent_id
from plugins.kinds.models import Experiment, Kind, Meetup, MeetupState, Persona, StandardPoint
from plugins.kinds.recurrence import day_or_moment
from plugins.loop.evidence import review_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from core.public.records import Record, Tombstone
    from core.public.tallies import Confirmations
    from plugins.kinds.models import Change, Content, Measure, RoadmapItem
    from plugins.loop.addresses import LoopAddresses
    from plugins.loop.relations import Loop
    from plugins.sections.build_context import BuildContext

_OF_TALLIES = ("quarter", "clock", "step", "unit", "due", "met", "median", "p90")
NEWEST = 300  # news of each kind: years of most blogs, and a file that is soon fetched


def open_data(loop: Loop, build: BuildContext, addresses: LoopAddresses) -> dict[str, str]:
    """Return the files by path, relative to the site's root."""
    languages, fill = build.site.languages, OpenData(loop, build, addresses)
    publisher = fill.words(build.site.name)
    frame = {"licence": build.site.licence or None, "publisher": dict(publisher.texts)}
    files = {
        PACKAGE: to_json(
            data_package(
                languages,
                title=publisher.get(languages[0]).text,
                homepage=build.absolute(""),
                **_licences(build.site.licence),
            )
        )
    }
    for table in TABLES:
        rows = list(getattr(fill, table.name)())
        described = build.absolute(f"{table.path}.schema.json")
        files[f"{table.path}.json"] = to_json(
            {"$schema": described} | rows_json(table, rows, **frame)
        )
        files[f"{table.path}.csv"] = rows_csv(table, rows, languages)
        files[f"{table.path}.schema.json"] = to_json({"$id": described} | table_schema(table))
    return files


def _licences(written: str) -> dict[str, Any]:
    """Return the licence as a package may name it: by an identifier and an address, or not at all.

    A title alone is no licence there (Data Package, version 1); each table says the words.
    """
    known = known_licence(written)
    if known is None:
        return {}
    return {"licenses": [{"name": known.name, "path": known.url, "title": written}]}


def _by_key(contents: Iterable[Any]) -> list[Any]:
    return sorted(contents, key=lambda content: content.key)


def _answers(answers: Confirmations) -> dict[str, Any]:
    """Return how a row counts what tenants answered to "is it fixed?"."""
    return {
        "fixed_yes": answers.yes,
        "fixed_partly": answers.partly,
        "fixed_no": answers.no,
        "asked_yes": answers.asked_yes,
        "asked_partly": answers.asked_partly,
        "asked_no": answers.asked_no,
        "fixed_waiting": answers.waiting,
    }


class OpenData:
    """The rows of each table, by the table's name."""

    def __init__(self, loop: Loop, build: BuildContext, addresses: LoopAddresses) -> None:
        self._loop, self._build, self._addresses = loop, build, addresses
        self._languages = build.site.languages

    def words(self, words: Words) -> Words:
        """Return words by language, those that are the same in all languages too."""
        texts = dict(words.texts)
        if ANY not in texts:
            return words
        return Words(tuple((lang, texts.get(lang, texts[ANY])) for lang in self._languages))

    def _said(self, words: Words | None) -> Words | None:
        return self.words(words) if words else None

    def items(self) -> Iterator[PublicItem]:
        """Fill the roadmap items."""
        yield from map(self._item, _by_key(self._loop.items))

    def changes(self) -> Iterator[PublicChange]:
        """Fill the changes."""
        yield from map(self._change, _by_key(self._loop.changes))

    def records(self) -> Iterator[PublicRecord]:
        """Fill the records, and what is left of those that were taken back."""
        heard = self._loop.heard
        for ref in sorted({*heard.records, *heard.tombstones}):
            yield (
                self._record(heard.records[ref])
                if ref in heard.records
                else self._tombstone(heard.tombstones[ref])
            )

    def moves(self) -> Iterator[Any]:
        """Fill every move of every item, in the order in which it made them."""
        for item in _by_key(self._loop.items):
            yield from self._loop.moves_of(item)

    def news(self) -> Iterator[PublicNews]:
        """Fill what there is to tell, by kind and day, the newest first."""
        for kind in NewsKind:
            contents = _by_key(self._build.index.of_kind[Kind(kind)])
            dated = [(day, content) for content in contents if (day := _news_day(content))]
            dated.sort(key=lambda pair: pair[0], reverse=True)
            for day, content in dated[:NEWEST]:
                yield self._news(kind, content, day)

    def experiments(self) -> Iterator[PublicExperiment]:
        """Fill the experiments."""
        for content in _by_key(self._build.index.of_kind[Kind.EXPERIMENT]):
            if isinstance(content, Experiment):
                cost = content.cost
                yield PublicExperiment(
                    **self._common(content),
                    owner=content.owner,
                    hypothesis=self.words(content.hypothesis),
                    measure=self.words(content.measure),
                    stop_rule=self.words(content.stop_rule),
                    start=content.start,
                    end=content.end,
                    decision=content.decision,
                    result=self._said(content.result),
                    money=cost.money if cost else None,
                    hours=cost.hours if cost else None,
                    watches=bool(content.watches),
                    roadmap=content.roadmap,
                )

    def standard(self) -> Iterator[PublicPoint]:
        """Fill the points of the standard."""
        for content in _by_key(self._build.index.of_kind[Kind.STANDARD]):
            if isinstance(content, StandardPoint):
                comments = self._loop.about(content.kind, content.key)
                yield PublicPoint(
                    **self._common(content),
                    number=content.number,
                    group=content.group,
                    version=content.version,
                    status=content.status,
                    why=self.words(content.why),
                    met_by=tuple(
                        PublicAdopter(who=self.words(who.who), since=who.since, url=who.url)
                        for who in content.met_by
                    ),
                    comments=tuple(record.ref for record in comments),
                )

    def personas(self) -> Iterator[PublicPersona]:
        """Fill the personas."""
        for content in _by_key(self._build.index.of_kind[Kind.PERSONA]):
            if isinstance(content, Persona):
                yield PublicPersona(
                    **self._common(content),
                    name=content.name,
                    context=self.words(content.context),
                    needs=tuple(map(self.words, content.needs)),
                    barriers=tuple(map(self.words, content.barriers)),
                    research=tuple(
                        PublicResearch(
                            what=self.words(piece.what), on=piece.on, people=piece.people
                        )
                        for piece in content.evidence
                    ),
                )

    def clocks(self) -> Iterator[PublicClockTally]:
        """Fill how fast we were."""
        for tally in self._loop.heard.clocks:
            yield PublicClockTally(
                id="/".join(tally.order),
                name=self.words(tally.name),
                what=self.words(tally.what),
                within=str(tally.within),
                **{name: getattr(tally, name) for name in _OF_TALLIES},
            )

    def strikes(self) -> Iterator[PublicStrike]:
        """Fill the voices that staff struck, in the order in which they did."""
        numbers: Counter[str] = Counter()
        for struck in self._loop.heard.strikes:
            name = f"strike/{struck.kind}/{struck.key}/{struck.on}"
            numbers[name] += 1
            yield PublicStrike(
                id=permanent_id(f"{name}/{numbers[name]}"),
                modified=struck.on,
                kind=struck.kind,
                key=struck.key,
                on=struck.on,
                count=struck.count,
                why=self.words(struck.why),
            )

    def _common(self, content: Content) -> dict[str, Any]:
        """Return the fields of `PublicContent`."""
        return {
            "id": identity(content),
            "key": content.key,
            "title": Words(
                tuple((lang, text.title) for lang, text in sorted(content.texts.items()))
            ),
            "url": tuple(
                (lang, self._build.absolute(self._build.addresses.content(content, lang)))
                for lang in self._languages
            ),
            "modified": content.last_changed or content.date,
        }

    def _item(self, item: RoadmapItem) -> PublicItem:
        loop, behind = self._loop, self._loop.behind(item)
        votes, answers = loop.heard.votes_for("roadmap", item.key), loop.confirmations(item)
        last = loop.moves_of(item)[-1]
        return PublicItem(
            **self._common(item),
            status=ShownStatus.WITHDRAWN if item.withdrawn else loop.standing(item),
            since=last.on,
            owner=item.owner,
            rung=item.rung,
            topics=item.topics,
            votes_online=votes.online,
            votes_offline=votes.offline,
            people_heard=behind.people,
            records=tuple(record.ref for record in behind.records),
            changes=tuple(sorted(change.key for change in loop.changes_of(item))),
            **_answers(answers),
            reviewed=item.reviewed,
            review_due=review_due(item),
        )

    def _change(self, change: Change) -> PublicChange:
        loop, answers = self._loop, self._loop.confirmations(change)
        return PublicChange(
            **self._common(change),
            on=change.date,
            outcome=change.outcome,
            roadmap=change.roadmap,
            records=tuple(record.ref for record in loop.behind(change).records),
            measure=self._measure(change.measure) if change.measure else None,
            claim=loop.claim(change),
            **_answers(answers),
        )

    def _measure(self, measure: Measure) -> PublicMeasure:
        return PublicMeasure(
            name=self.words(measure.name),
            unit=self._said(measure.unit),
            better=measure.better,
            target=measure.target,
            readings=tuple(
                PublicReading(on=taken.on, value=taken.value, source=self._said(taken.source))
                for taken in (measure.before, *measure.after)
            ),
        )

    def _led(self, ref: str) -> dict[str, Any]:
        """Return what a record led to, and how many said that it matters to them too."""
        led, votes = self._loop.led_to(ref), self._loop.heard.votes_for("record", ref)
        return {
            "roadmap": tuple(sorted(content.key for content in led if content.kind == "roadmap")),
            "changes": tuple(sorted(content.key for content in led if content.kind == "change")),
            "votes_online": votes.online,
            "votes_offline": votes.offline,
        }

    def _pages(self, ref: str) -> Pages:
        return tuple(
            (lang, self._build.absolute(self._addresses.record(ref, lang)))
            for lang in self._languages
        )

    def _record(self, record: Record) -> PublicRecord:
        reply = record.reply
        return PublicRecord(
            id=permanent_id(f"record/{record.ref}"),
            ref=record.ref,
            url=self._pages(record.ref) if record.shown else None,
            status=RecordStatus(record.status),
            modified=record.last_changed,
            received=record.received,
            sort=record.sort,
            lang=record.lang,
            topic=record.topic,
            channel=record.channel,
            people=record.people,
            said=record.said or None,
            reply=self._said(reply.text) if reply else None,
            replied=reply.on if reply else None,
            reason=self._said(record.reason),
            corrected=record.corrected.on if record.corrected else None,
            correction=self._said(record.corrected.why) if record.corrected else None,
            due=record.due,
            done_by=record.done_by,
            outcome=record.outcome,
            in_time=record.in_time,
            **self._led(record.ref),
        )

    def _tombstone(self, stone: Tombstone) -> PublicRecord:
        return PublicRecord(
            id=permanent_id(f"record/{stone.ref}"),
            ref=stone.ref,
            url=self._pages(stone.ref),
            status=RecordStatus.WITHDRAWN,
            modified=stone.modified or stone.withdrawn,
            received=stone.received,
            withdrawn=stone.withdrawn,
            into=stone.into,
            **self._led(stone.ref),
        )

    def _news(self, kind: NewsKind, content: Content, day: date) -> PublicNews:
        summaries = tuple(
            (lang, text.summary) for lang, text in sorted(content.texts.items()) if text.summary
        )
        return PublicNews(
            **self._common(content),
            kind=kind,
            on=day,
            summary=Words(summaries) if summaries else None,
            **self._when_and_where(content if isinstance(content, Meetup) else None),
        )

    def _when_and_where(self, meetup: Meetup | None) -> dict[str, Any]:
        """Return what only meetups have; a date with a file of its own has its own row."""
        if meetup is None:
            return {"dates": (), "cancelled": False}
        was = next((update.was for update in reversed(meetup.updates) if update.was), None)
        return {
            "start": day_or_moment(meetup.start, all_day=meetup.all_day),
            "end": day_or_moment(meetup.end, all_day=meetup.all_day),
            "timezone": meetup.start.tzinfo,
            "repeats": meetup.repeats,
            "dates": tuple(
                "/".join(day_or_moment(end, all_day=date.all_day) for end in (date.start, date.end))
                for date in self._build.index.dates.own(meetup)
            ),
            "state": meetup.state,
            "was": day_or_moment(was, all_day=meetup.all_day) if was else None,
            "place": self.words(meetup.place.name) if meetup.place else None,
            "cancelled": meetup.state == MeetupState.CANCELLED,
        }


def _news_day(content: Content) -> date | None:
    """Return the day on which something is news; a meetup's is its own."""
    if isinstance(content, Meetup):
        return content.start.date()
    return content.publish_on or content.date
