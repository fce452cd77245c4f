"""The open data: a table for each sort of thing, with columns that never depend on the content.

Programs of other associations, `notify` and the digest read it; the site writes it. Ids never
change, whatever becomes of titles and addresses, and every row says when it last changed.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.fields import LONG_WORDS, WORDS, ByLanguage, Choice, Group, Many, optional, required
from core.public.clock_tallies import DurationUnit
from core.public.encoding import cells, columns, plain, schema
from core.public.vocabulary import (
    Better,
    Claim,
    ContactChannel,
    Decision,
    MeetupState,
    NewsKind,
    Outcome,
    PointStatus,
    RecordStatus,
    Rung,
    ShownStatus,
    SubmissionSort,
    TargetKind,
    WorkOutcome,
)
from core.values import (
    BOOLEAN,
    DATE,
    FROM_TO,
    LINE,
    MONTH,
    NUMBER,
    QUARTER,
    REFERENCE,
    TEXT,
    URN,
    WEB,
    WHEN,
    WHOLE,
    ZONE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from core.words import Words

FOLDER = "data/"  # below the site's root
PACKAGE = f"{FOLDER}datapackage.json"
Pages = tuple[tuple[str, str], ...]  # pairs of language and address


@dataclass(frozen=True, kw_only=True)
class PublicContent:
    """What everything with a page of its own has in common."""

    id: str = required(URN, "permanent, and nobody else's")
    key: str = required(LINE, "its permanent key, among those of its table")
    title: Words = required(WORDS, "what it is called, by language (BCP 47)")
    url: Pages = required(ByLanguage(WEB), "the page, by language")
    modified: date | None = optional(DATE, "the day of the last change that is known")


@dataclass(frozen=True, kw_only=True)
class PublicItem(PublicContent):
    """A roadmap item."""

    status: ShownStatus = required(
        Choice(ShownStatus), "where it stands; reopened: done, but tenants say it is not"
    )
    since: date = required(DATE, "since when it stands there")
    owner: str = required(LINE, "the team's key")
    rung: Rung = required(Choice(Rung), "how much say tenants have")
    topics: tuple[str, ...] = required(Many(LINE), "keys of topics")
    votes_online: int = required(WHOLE, "votes on the website")
    votes_offline: int = required(WHOLE, "at meetings, by phone, letter or visit")
    people_heard: int = required(WHOLE, "people whose words are behind it")
    records: tuple[str, ...] = required(Many(REFERENCE), "the records behind it")
    changes: tuple[str, ...] = required(Many(LINE), "keys of its changes")
    fixed_yes: int = required(WHOLE, "tenants who say that it is fixed")
    fixed_partly: int = required(WHOLE, "tenants who say that it is fixed in part")
    fixed_no: int = required(WHOLE, "tenants who say that it is not fixed")
    asked_yes: int = optional(WHOLE, "of these, who had asked for it and say yes", 0)
    asked_partly: int = optional(WHOLE, "of these, who had asked for it and say in part", 0)
    asked_no: int = optional(WHOLE, "of these, who had asked for it and say no", 0)
    fixed_waiting: int = optional(WHOLE, "of these, whose answers a person has yet to look at", 0)
    reviewed: date | None = optional(DATE, "the day it was last looked at")
    review_due: date | None = optional(DATE, "the day by which it is to be looked at again")


@dataclass(frozen=True, kw_only=True)
class PublicReading:
    """A value of a measure."""

    on: date = required(MONTH, "when it was measured")
    value: Decimal = required(NUMBER, "the number")
    source: Words | None = optional(WORDS, "where the number comes from")


@dataclass(frozen=True, kw_only=True)
class PublicMeasure:
    """A number before and after a change."""

    name: Words = required(WORDS, "what is counted")
    unit: Words | None = optional(WORDS, "what it is counted in")
    better: Better = required(Choice(Better), "the direction in which it gets better")
    target: Decimal | None = optional(NUMBER, "the value aimed at")
    readings: tuple[PublicReading, ...] = required(
        Many(Group(PublicReading)), "the values: the first is the one before"
    )


@dataclass(frozen=True, kw_only=True)
class PublicChange(PublicContent):
    """A change: what was done because of what tenants said."""

    on: date | None = optional(DATE, "its day")
    outcome: Outcome = required(Choice(Outcome), "what it amounts to")
    roadmap: tuple[str, ...] = required(Many(LINE), "keys of the items that it is part of")
    records: tuple[str, ...] = required(Many(REFERENCE), "the records that led to it")
    measure: PublicMeasure | None = optional(Group(PublicMeasure), "a number before and after")
    claim: Claim | None = optional(Choice(Claim), "what tenants made of our claim")
    fixed_yes: int = required(WHOLE, "tenants who say that it is fixed")
    fixed_partly: int = required(WHOLE, "tenants who say that it is fixed in part")
    fixed_no: int = required(WHOLE, "tenants who say that it is not fixed")
    asked_yes: int = optional(WHOLE, "of these, who had asked for it and say yes", 0)
    asked_partly: int = optional(WHOLE, "of these, who had asked for it and say in part", 0)
    asked_no: int = optional(WHOLE, "of these, who had asked for it and say no", 0)
    fixed_waiting: int = optional(WHOLE, "of these, whose answers a person has yet to look at", 0)


@dataclass(frozen=True, kw_only=True)
class PublicRecord:
    """What a tenant said, or what is left of it: a withdrawn one stays, without its words."""

    id: str = required(URN, "permanent, and nobody else's")
    ref: str = required(REFERENCE, "its reference")
    url: Pages | None = optional(ByLanguage(WEB), "the page, by language, if it has one")
    status: RecordStatus = required(Choice(RecordStatus), "what was decided")
    modified: date = required(DATE, "the day on which its public form last changed")
    received: date = required(MONTH, "the month in which it came")
    sort: SubmissionSort | None = optional(Choice(SubmissionSort), "the sort of submission")
    lang: str | None = optional(LINE, "the language it was said in (BCP 47)")
    topic: str | None = optional(LINE, "the key of what it is about")
    channel: ContactChannel | None = optional(Choice(ContactChannel), "how it reached us")
    people: int | None = optional(WHOLE, "how many people said this")
    said: str | None = optional(TEXT, "the words, redacted; plain text")
    reply: Words | None = optional(LONG_WORDS, "the answer")
    replied: date | None = optional(DATE, "the day of the answer")
    reason: Words | None = optional(LONG_WORDS, "why it was declined")
    corrected: date | None = optional(DATE, "the day on which either was put right")
    correction: Words | None = optional(WORDS, "why, by language")
    due: date | None = optional(DATE, "the day by which an answer is due")
    done_by: date | None = optional(DATE, "the day promised for what was handed over")
    outcome: WorkOutcome | None = optional(Choice(WorkOutcome), "what came of handing it over")
    in_time: bool | None = optional(BOOLEAN, "whether all that was promised came by its day")
    withdrawn: date | None = optional(MONTH, "the month in which it was taken back")
    into: str | None = optional(REFERENCE, "the record that it became a part of")
    roadmap: tuple[str, ...] = required(Many(LINE), "keys of the items that it led to")
    changes: tuple[str, ...] = required(Many(LINE), "keys of the changes that it led to")
    votes_online: int = required(WHOLE, "votes on the website")
    votes_offline: int = required(WHOLE, "at meetings, by phone, letter or visit")


@dataclass(frozen=True, kw_only=True)
class PublicMove:
    """One move of one item: ours, or one that tenants' answers made. There are no others."""

    id: str = required(URN, "permanent, and nobody else's")
    item: str = required(LINE, "the item's key")
    number: int = required(WHOLE, "counted from 1; of tenants' moves: that of ours they answer")
    turn: int = required(WHOLE, "of tenants' moves: which, counted from 1; 0 for ours")
    on: date = required(DATE, "the day")
    from_: ShownStatus | None = optional(Choice(ShownStatus), "where it stood before")
    to: ShownStatus = required(Choice(ShownStatus), "where it stands now")
    why: Words = required(WORDS, "the reason, by language")
    modified: date = required(DATE, "the day, or that on which its reason was put right")
    correction: Words | None = optional(WORDS, "why its reason was put right, by language")


@dataclass(frozen=True, kw_only=True)
class PublicNews(PublicContent):
    """A change, an episode, a meetup or a post, as it is told by mail."""

    kind: NewsKind = required(Choice(NewsKind), "what it is")
    on: date = required(DATE, "its day; a meetup's is the day on which it is")
    summary: Words | None = optional(LONG_WORDS, "one or two sentences, by language")
    start: str | None = optional(WHEN, "of a meetup: when its first date begins")
    end: str | None = optional(WHEN, "of a meetup: when that ends; a day is part of it")
    timezone: ZoneInfo | None = optional(ZONE, "of a meetup's clock")
    repeats: str | None = optional(LINE, "how a meetup repeats: a rule (RFC 5545)")
    dates: tuple[str, ...] = required(
        Many(FROM_TO),
        "a meetup's dates, each once: start/end; one that is cancelled, moved or has words of its "
        "own has a row of its own",
    )
    state: MeetupState | None = optional(Choice(MeetupState), "of a meetup: whether it is on")
    was: str | None = optional(WHEN, "when a meetup that moved would have been")
    place: Words | None = optional(WORDS, "where a meetup is")
    cancelled: bool = required(BOOLEAN, "whether a meetup is cancelled")


@dataclass(frozen=True, kw_only=True)
class PublicExperiment(PublicContent):
    """A small test, told whichever way it ended."""

    owner: str = required(LINE, "the team's key")
    hypothesis: Words = required(LONG_WORDS, "what was believed")
    measure: Words = required(LONG_WORDS, "what is counted to find out")
    stop_rule: Words = required(LONG_WORDS, "what would stop it early")
    start: date = required(DATE, "the first day")
    end: date | None = optional(DATE, "the last day")
    decision: Decision = required(Choice(Decision), "what became of it")
    result: Words | None = optional(LONG_WORDS, "what was found")
    money: Decimal | None = optional(NUMBER, "what it cost, in pounds")
    hours: Decimal | None = optional(NUMBER, "what it cost, in hours of people's work")
    watches: bool = required(BOOLEAN, "whether it watches homes or people")
    roadmap: tuple[str, ...] = required(Many(LINE), "keys of the items that it was for")


@dataclass(frozen=True, kw_only=True)
class PublicAdopter:
    """Somebody who meets a point of the standard."""

    who: Words = required(WORDS, "the association")
    since: date | None = optional(MONTH, "since when")
    url: str | None = optional(WEB, "where it can be seen")


@dataclass(frozen=True, kw_only=True)
class PublicPoint(PublicContent):
    """A point of the Social Housing Digital Standard."""

    number: str = required(LINE, "its number")
    group: str = required(LINE, "the key of its chapter")
    version: str = required(LINE, "its version")
    status: PointStatus = required(Choice(PointStatus), "how firm it is")
    why: Words = required(LONG_WORDS, "its reason")
    met_by: tuple[PublicAdopter, ...] = required(Many(Group(PublicAdopter)), "who meets it")
    comments: tuple[str, ...] = required(Many(REFERENCE), "the records that comment on it")


@dataclass(frozen=True, kw_only=True)
class PublicResearch:
    """A piece of research that a persona rests on."""

    what: Words = required(WORDS, "what was done")
    on: date = required(MONTH, "when")
    people: int | None = optional(WHOLE, "with how many")


@dataclass(frozen=True, kw_only=True)
class PublicPersona(PublicContent):
    """A researched, shared picture of a tenant's needs."""

    name: str = required(LINE, "a made-up name")
    context: Words = required(LONG_WORDS, "how they live")
    needs: tuple[Words, ...] = required(Many(WORDS), "what they need")
    barriers: tuple[Words, ...] = required(Many(WORDS), "what stands in the way")
    research: tuple[PublicResearch, ...] = required(
        Many(Group(PublicResearch)), "the research behind it"
    )


@dataclass(frozen=True, kw_only=True)
class PublicStrike:
    """Voices for one thing that staff don't count, and why."""

    id: str = required(URN, "permanent, and nobody else's")
    modified: date = required(DATE, "the day of the last change that is known")
    kind: TargetKind = required(Choice(TargetKind), "the kind of thing that they were for")
    key: str = required(LINE, "its key, or a record's reference")
    on: date = required(DATE, "the day on which they were struck")
    count: int = required(WHOLE, "how many they were")
    why: Words = required(LONG_WORDS, "why they are not counted, by language")


@dataclass(frozen=True, kw_only=True)
class PublicClockTally:
    """How many steps of one sort came in time that were due in one quarter."""

    id: str = required(LINE, "its quarter, clock, step and limit: nobody else's")
    quarter: str = required(QUARTER, "the quarter in which they were due")
    clock: str = required(LINE, "the clock's key")
    name: Words = required(WORDS, "what the clock is called, by language")
    step: str = required(LINE, "the step's key")
    what: Words = required(WORDS, "what was to be done, by language")
    within: str = required(LINE, "within how long, such as 5 working days")
    unit: DurationUnit = required(Choice(DurationUnit), "what the two lengths are told in")
    due: int = required(WHOLE, "how many were due; fewer than five are not told")
    met: int = required(WHOLE, "how many of these came in time")
    median: Decimal | None = optional(NUMBER, "how long half of them took at most")
    p90: Decimal | None = optional(NUMBER, "how long nine in ten of them took at most")


@dataclass(frozen=True)
class DataTable:
    """One table of the open data: a JSON file with its schema, and a CSV file."""

    name: str
    cls: type[Any]
    title: str
    key: str  # the column by which a row is told from all others

    @property
    def path(self) -> str:
        """Where its files stand, but for their endings."""
        return FOLDER + self.name


TABLES = (
    DataTable("items", PublicItem, "Roadmap items", "key"),
    DataTable("changes", PublicChange, "Changes", "key"),
    DataTable("records", PublicRecord, "Records: what tenants said", "ref"),
    DataTable("moves", PublicMove, "Every move on the roadmap", "id"),
    DataTable("news", PublicNews, "News: changes, episodes, meetups and posts", "id"),
    DataTable("experiments", PublicExperiment, "Experiments", "key"),
    DataTable("standard", PublicPoint, "Points of the standard", "key"),
    DataTable("clocks", PublicClockTally, "How fast we were, by clock, step and quarter", "id"),
    DataTable("personas", PublicPersona, "Personas", "key"),
    DataTable("strikes", PublicStrike, "Voices that are not counted", "id"),
)


def rows_json(table: DataTable, rows: Iterable[Any], **frame: object) -> dict[str, Any]:
    """Return a table's file, as JSON says it.

    :param frame: what stands before the rows: `licence`, `publisher`.
    """
    return {**frame, table.name: [plain(row, whole=True) for row in rows]}


def rows_csv(table: DataTable, rows: Iterable[Any], languages: Sequence[str]) -> str:
    """Return a table as CSV (RFC 4180); the mark at its beginning tells Excel that it is UTF-8."""
    shape = columns(table.cls, languages)
    output = io.StringIO()
    writer = csv.DictWriter(output, [column.name for column in shape], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(cells(shape, row) for row in rows)
    return "\ufeff" + output.getvalue()


def table_schema(table: DataTable) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a table's JSON file: its frame and its rows."""
    text: dict[str, Any] = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.title,
        "type": "object",
        "required": ["$schema", "licence", "publisher", table.name],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string", "format": "uri"},
            "licence": {"anyOf": [text, {"type": "null"}]},
            "publisher": {"type": "object", "additionalProperties": text},
            table.name: {"type": "array", "items": schema(table.cls)},
        },
    }


def data_package(languages: Sequence[str], **facts: object) -> dict[str, Any]:
    """Return what describes all tables: a Tabular Data Package (Frictionless Data, version 1).

    :param facts: what is said of the whole: `title`, `homepage`, `licenses`.
    """
    return {
        "profile": "tabular-data-package",
        "name": "open-data",
        **facts,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name,
                "title": table.title,
                "path": f"{table.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": column.name, "type": column.type, "description": column.doc}
                        for column in columns(table.cls, languages)
                    ],
                    "primaryKey": table.key,
                    "missingValues": [""],
                },
            }
            for table in TABLES
        ],
    }
