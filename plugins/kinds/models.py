"""Every kind of content as a frozen dataclass: what an association says in the open.

Field names are those of the front matter; docs/writing.md tells them to staff. Status, state
and everything else that can be worked out from the facts is a property, never a field.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from core.fields import (
    BOOLEAN,
    CLOCK,
    DATE,
    DAYS,
    FILE,
    IDENTITY,
    KEY,
    LINE,
    LONG_WORDS,
    MOMENT,
    MONTH,
    NUMBER,
    OFFSET,
    OLD_PATH,
    POINT_NUMBER,
    RECURRENCE,
    REFERENCE,
    SLUG,
    TEXT,
    VERSION,
    WEB,
    WEEK,
    WHOLE,
    WORDS,
    ZONE,
    ByLanguage,
    Choice,
    Group,
    Many,
    Member,
    NoOr,
    optional,
    required,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from core.words import Words

Day = date  # a class with a field called "date" needs another name for the type


class Kind(StrEnum):
    """The kinds of content."""

    POST = "post"
    MEETUP = "meetup"
    EPISODE = "episode"
    ROADMAP = "roadmap"
    CHANGE = "change"
    EXPERIMENT = "experiment"
    STANDARD = "standard"
    PERSONA = "persona"
    PAGE = "page"


class Contradiction(NamedTuple):
    """Two fields, each well written, that can't both be true."""

    field: str
    wrong: str
    instead: str
    ruinous: bool = False  # whether a page made in spite of it would mislead


@dataclass(frozen=True, kw_only=True)
class Text:
    """What the file of one language says; the only fields that a translation carries."""

    lang: str
    path: str  # relative to the content folder, with forward slashes
    body: str  # Markdown
    body_line: int  # the line of the file on which the body begins
    lines: dict[str, int]  # where each field stands, for faults found later
    title: str = required(LINE, "the page's heading, in few words")
    summary: str = optional(
        TEXT,
        "one or two sentences for lists and cards",
        "",
        wanted=True,
        elsewhere=("description", "excerpt", "subtitle"),
    )
    slug: str = optional(SLUG, "words for the address, if not the title's", "")
    tags: tuple[str, ...] = optional(
        Many(LINE), "free words in this file's language", (), elsewhere=("keywords",)
    )
    aliases: tuple[str, ...] = optional(
        Many(OLD_PATH), "old addresses that lead here", (), elsewhere=("redirect_from", "redirects")
    )
    draft: bool = optional(
        BOOLEAN,
        "whether only the preview shows it",
        default=False,
        elsewhere=("status", "published"),
    )

    def line(self, field: str) -> int:
        """Return the line on which a field, or what it stands in, is written."""
        while field and field not in self.lines:
            field = field.rpartition("[")[0] if field.endswith("]") else field.rpartition(".")[0]
        return self.lines.get(field, 1)


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture that stands for the whole page."""

    src: str = required(FILE, "the picture's file")
    alt: Words = required(WORDS, "what it shows, for those who can't see it")
    credit: Words | None = optional(WORDS, "who made it")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What all kinds have in common; the texts are joined by language."""

    kind: ClassVar[Kind]
    dated: ClassVar[bool] = False  # whether a page of this kind needs a date

    key: str  # permanent, unique within the kind
    texts: dict[str, Text]  # by language, the original among them
    original: str  # the language in which it was first written, whose file has the facts

    date: Day | None = optional(DATE, "its day, if not in the file's name")
    id: str = optional(IDENTITY, "the permanent id that `new` wrote", "")
    topics: tuple[str, ...] = optional(
        Many(Member("topics")),
        "what it is about",
        (),
        elsewhere=("category", "categories", "topic"),
    )
    image: Image | None = optional(Group(Image), "a picture that stands for the page")
    publish_on: Day | None = optional(DATE, "the first day on which the public sees it")
    updated: Day | None = optional(
        DATE,
        "the day of the last change that readers should know of",
        elsewhere=("modified", "lastmod"),
    )
    posts: tuple[str, ...] = optional(Many(KEY), "keys of posts it belongs with", ())
    meetups: tuple[str, ...] = optional(Many(KEY), "keys of meetups", ())
    episodes: tuple[str, ...] = optional(Many(KEY), "keys of podcast episodes", ())
    roadmap: tuple[str, ...] = optional(Many(KEY), "keys of roadmap items", ())
    changes: tuple[str, ...] = optional(Many(KEY), "keys of changes", ())
    experiments: tuple[str, ...] = optional(Many(KEY), "keys of experiments", ())
    standard: tuple[str, ...] = optional(Many(KEY), "keys of standard points", ())
    personas: tuple[str, ...] = optional(Many(KEY), "keys of personas", ())

    @property
    def public_from(self) -> Day | None:
        """Return the first public day, None when it is public as soon as it is written."""
        return self.publish_on

    @property
    def last_changed(self) -> Day | None:
        """Return the day of the last change as far as the facts tell."""
        return self.updated or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell which fields can't stand beside each other."""
        yield from ()

    def references(self) -> Iterator[tuple[str, Kind, str]]:
        """Tell what this names: field, kind and key."""
        for name, kind in REFERENCES.items():
            for number, key in enumerate(getattr(self, name), 1):
                yield f"{name}[{number}]", kind, key


REFERENCES = {
    "posts": Kind.POST,
    "meetups": Kind.MEETUP,
    "episodes": Kind.EPISODE,
    "roadmap": Kind.ROADMAP,
    "changes": Kind.CHANGE,
    "experiments": Kind.EXPERIMENT,
    "standard": Kind.STANDARD,
    "personas": Kind.PERSONA,
}


class PostType(StrEnum):
    """The sorts of post."""

    POST = "post"
    WEEKNOTES = "weeknotes"
    WENT_WRONG = "went-wrong"


@dataclass(frozen=True, kw_only=True)
class Post(Content):
    """A blog post: also weeknotes, and posts about what went wrong."""

    kind = Kind.POST
    dated = True

    type: PostType = optional(Choice(PostType), "the sort of post", PostType.POST)
    authors: tuple[str, ...] = optional(
        Many(Member("people")), "who wrote it", (), wanted=True, elsewhere=("author", "by")
    )
    week: str | None = optional(WEEK, "the week that weeknotes tell of")
    cause: Words | None = optional(WORDS, "what went wrong, and why")
    effect: Words | None = optional(WORDS, "what it meant for tenants")
    doing: Words | None = optional(WORDS, "what is being done about it")
    replies: bool = optional(BOOLEAN, "whether tenants may reply", default=True)

    @property
    def public_from(self) -> date | None:
        """Return the day of publication: a post's own day, or a later one if set."""
        return self.publish_on or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what a post about something that went wrong doesn't say."""
        if self.type == PostType.WENT_WRONG:
            for name, about in {
                "cause": "why",
                "effect": "what tenants felt",
                "doing": "what you do",
            }.items():
                if not getattr(self, name):
                    yield Contradiction(
                        name,
                        f"A post about what went wrong must say {about}: “{name}” is missing.",
                        f"Add {name}: with a sentence or two.",
                    )


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where people meet."""

    name: Words = required(WORDS, "what the place is called")
    address: Words | None = optional(LONG_WORDS, "how the post finds it")
    access: Words | None = optional(LONG_WORDS, "steps, lift, parking, hearing loop, bus")


@dataclass(frozen=True, kw_only=True)
class AgendaPoint:
    """Something that a meetup will talk about."""

    what: Words = required(WORDS, "what is talked about")
    at: time | None = optional(CLOCK, "when it begins")
    by: Words | None = optional(WORDS, "who leads it")


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Who came, by number and role; never a tenant's name."""

    count: int | None = optional(WHOLE, "how many people came")
    roles: tuple[Words, ...] = optional(Many(WORDS), "in what roles", ())


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that a meetup asked to be done; carried forward until it is."""

    what: Words = required(WORDS, "what is to be done")
    owner: Words = required(WORDS, "the team or role that does it")
    due: date = required(DATE, "by when")
    done: date | None = optional(DATE, "the day it was done")


class MeetupState(StrEnum):
    """Whether a meetup stands as planned."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Update:
    """A change of plan for a meetup."""

    on: date = required(DATE, "the day the plan changed")
    state: MeetupState = required(Choice(MeetupState), "what became of the meetup")
    why: Words = required(WORDS, "the reason")
    was: datetime | None = optional(MOMENT, "when it would have begun")


@dataclass(frozen=True, kw_only=True)
class Meetup(Content):
    """A meeting that anyone may join, in a place, on a stream, or both."""

    kind = Kind.MEETUP

    start: datetime = required(MOMENT, "when it begins")
    end: datetime = required(MOMENT, "when it ends")
    timezone: ZoneInfo | None = optional(ZONE, "the clock it goes by, if not the site's")
    place: Place | None = optional(Group(Place), "where it is")
    stream: str | None = optional(WEB, "where it can be watched")
    area: str | None = optional(Member("areas"), "the area it is for")
    series: str | None = optional(KEY, "one word for meetups that follow each other")
    repeats: str | None = optional(RECURRENCE, "how often it comes again (RFC 5545)")
    agenda: tuple[AgendaPoint, ...] = optional(Many(Group(AgendaPoint)), "what is planned", ())
    attended: Attendance | None = optional(Group(Attendance), "who came")
    actions: tuple[Action, ...] = optional(Many(Group(Action)), "what is to be done", ())
    updates: tuple[Update, ...] = optional(Many(Group(Update)), "changes of plan", ())
    recording: str | None = optional(LINE, "an episode's key, or a web address")

    @property
    def state(self) -> MeetupState:
        """Return whether the meetup stands as planned."""
        return self.updates[-1].state if self.updates else MeetupState.PLANNED

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of a meetup."""
        if self.end <= self.start:
            yield Contradiction(
                "end",
                "The meetup ends before it begins.",
                "Write an end after the start.",
                ruinous=True,
            )
        if not self.place and not self.stream:
            yield Contradiction(
                "place",
                "Nobody can tell where this meetup is.",
                "Add place: with a name, or stream: with an address.",
            )
        for number, update in enumerate(self.updates, 1):
            if update.state == MeetupState.MOVED and update.was is None:
                yield Contradiction(
                    f"updates[{number}].was",
                    "A moved meetup must say when it would have been.",
                    "Add was: with the old date and time.",
                )
        yield from _in_order(self.updates, "updates")
        for number, action in enumerate(self.actions, 1):
            if action.done and action.done < self.start.date():
                yield Contradiction(
                    f"actions[{number}].done",
                    "The action is done before the meetup that asked for it.",
                    "Check both dates.",
                )

    def references(self) -> Iterator[tuple[str, Kind, str]]:
        """Tell what this names, the recording's episode included."""
        yield from super().references()
        if self.recording and "/" not in self.recording:
            yield "recording", Kind.EPISODE, self.recording


class EpisodeType(StrEnum):
    """The sorts of episode, as podcast apps know them."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


class Role(StrEnum):
    """What a person does in an episode."""

    HOST = "host"
    GUEST = "guest"
    PRODUCER = "producer"
    TRANSLATOR = "translator"


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A part of an episode."""

    at: timedelta = required(OFFSET, "when it begins")
    title: Words = required(WORDS, "what it is called")
    url: str | None = optional(WEB, "a page that goes with it")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Somebody who is heard in an episode."""

    name: str = required(LINE, "the person's name, as they agreed to be named")
    role: Role = required(Choice(Role), "what they do in it")
    url: str | None = optional(WEB, "their page")


@dataclass(frozen=True, kw_only=True)
class Live:
    """An episode that is also streamed as it happens."""

    start: datetime = required(MOMENT, "when the stream begins")
    end: datetime = required(MOMENT, "when it ends")
    url: str = required(WEB, "where to listen")


@dataclass(frozen=True, kw_only=True)
class Episode(Content):
    """An episode of a podcast."""

    kind = Kind.EPISODE
    dated = True

    show: str = required(Member("shows"), "the show it belongs to")
    number: int | None = optional(WHOLE, "its number in the season")
    season: int | None = optional(WHOLE, "its season")
    type: EpisodeType = optional(Choice(EpisodeType), "the sort of episode", EpisodeType.FULL)
    audio: tuple[tuple[str, str], ...] = optional(
        ByLanguage(FILE), "the sound, a file a language", ()
    )
    duration: timedelta | None = optional(OFFSET, "its length, until the audio is there")
    transcript: tuple[tuple[str, str], ...] = optional(
        ByLanguage(FILE), "WebVTT, a file a language", ()
    )
    chapters: tuple[Chapter, ...] = optional(Many(Group(Chapter)), "its parts", ())
    people: tuple[Voice, ...] = optional(Many(Group(Voice)), "who is heard", ())
    explicit: bool = optional(BOOLEAN, "whether children should not hear it", default=False)
    guid: str = optional(LINE, "the id that podcast apps already know, when it moved here", "")
    recorded: date | None = optional(DATE, "the day of the recording")
    live: Live | None = optional(Group(Live), "when and where it is streamed")
    licence: str = optional(LINE, "its licence, if not the site's", "")

    @property
    def public_from(self) -> date | None:
        """Return the day of publication: an episode's own day, or a later one if set."""
        return self.publish_on or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of an episode."""
        for number, (one, two) in enumerate(zip(self.chapters, self.chapters[1:], strict=False), 2):
            if two.at <= one.at:
                yield Contradiction(
                    f"chapters[{number}].at",
                    "The chapters are out of order.",
                    "Put them in the order in which they are heard.",
                )
        if self.duration and self.chapters and self.chapters[-1].at >= self.duration:
            yield Contradiction(
                f"chapters[{len(self.chapters)}].at",
                "The chapter begins after the end.",
                "Check it against duration.",
            )
        if self.live and self.live.end <= self.live.start:
            yield Contradiction(
                "live.end",
                "The stream ends before it begins.",
                "Write an end after the start.",
                ruinous=True,
            )


class Status(StrEnum):
    """Where a roadmap item stands."""

    CONSIDERING = "considering"
    LATER = "later"
    NEXT = "next"
    NOW = "now"
    DONE = "done"
    NOT_DOING = "not-doing"
    PAUSED = "paused"


class Rung(StrEnum):
    """How much say tenants had."""

    INFORMED = "informed"
    CONSULTED = "consulted"
    INVOLVED = "involved"
    WORKING_TOGETHER = "working-together"
    DECIDING = "deciding"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A roadmap item's change of status, with its reason."""

    on: date = required(DATE, "the day it moved")
    to: Status = required(Choice(Status), "the new status")
    why: Words = required(WORDS, "the reason: nothing moves without one")


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A tombstone: why something that was published is no longer worked with."""

    on: date = required(DATE, "the day it was withdrawn")
    why: Words = required(WORDS, "the reason")
    instead: str | None = optional(KEY, "the key of what took its place")


@dataclass(frozen=True, kw_only=True)
class RoadmapItem(Content):
    """A problem that the association says it will, may or won't work on."""

    kind = Kind.ROADMAP

    owner: str = required(Member("teams"), "the team that owns it")
    rung: Rung = required(Choice(Rung), "how much say tenants have in it")
    heard: tuple[str, ...] = optional(Many(REFERENCE), "the records behind it", ())
    moves: tuple[Move, ...] = required(
        Many(Group(Move)), "each change of status, the first included"
    )
    review_every: timedelta | None = optional(DAYS, "how often it is looked at again")
    reviewed: date | None = optional(DATE, "the day it was last looked at")
    withdrawn: Withdrawal | None = optional(Group(Withdrawal), "why it no longer stands")

    @property
    def status(self) -> Status:
        """Return where it stands after its last move."""
        return self.moves[-1].to

    @property
    def last_changed(self) -> date | None:
        """Return the day of the last move or other change."""
        return max(filter(None, (self.updated, self.moves[-1].on, self.reviewed)))

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of an item's moves."""
        if not self.moves:
            yield Contradiction(
                "moves",
                "The item has no moves, so nobody can tell where it stands.",
                "Add the first: {on: …, to: considering, why: …}.",
                ruinous=True,
            )
        yield from _in_order(self.moves, "moves")
        for number, (one, two) in enumerate(zip(self.moves, self.moves[1:], strict=False), 2):
            if one.to == two.to:
                yield Contradiction(
                    f"moves[{number}].to",
                    f"The item moves from {one.to} to {two.to}.",
                    "Take the move out, or write where it went.",
                )

    def references(self) -> Iterator[tuple[str, Kind, str]]:
        """Tell what this names, the item that took its place included."""
        yield from super().references()
        if self.withdrawn and self.withdrawn.instead:
            yield "withdrawn.instead", Kind.ROADMAP, self.withdrawn.instead


class Outcome(StrEnum):
    """What a change amounts to."""

    DID = "did"
    PARTLY = "partly"
    CANNOT = "cannot"


class Better(StrEnum):
    """The direction in which a measure gets better."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, kw_only=True)
class ReadingTaken:
    """A value of a measure."""

    value: Decimal = required(NUMBER, "the number")
    on: date = required(MONTH, "when it was measured")
    source: Words | None = optional(WORDS, "where the number comes from")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number before and after; it may say that things got worse."""

    name: Words = required(WORDS, "what is counted")
    better: Better = required(Choice(Better), "the direction in which it gets better")
    before: ReadingTaken = required(Group(ReadingTaken), "the value before the change")
    after: tuple[ReadingTaken, ...] = optional(Many(Group(ReadingTaken)), "values since", ())
    unit: Words | None = optional(WORDS, "what it is counted in")
    target: Decimal | None = optional(NUMBER, "the value aimed at")
    next: date | None = optional(MONTH, "when it will be measured again")


@dataclass(frozen=True, kw_only=True)
class Change(Content):
    """A published "you said, we did", with a measure."""

    kind = Kind.CHANGE
    dated = True

    outcome: Outcome = optional(Choice(Outcome), "what it amounts to", Outcome.DID)
    because: tuple[str, ...] = optional(Many(REFERENCE), "the records that led to it", ())
    owner: str | None = optional(Member("teams"), "the team that made it")
    why_not: Words | None = optional(WORDS, "why it can't be done")
    measure: Measure | None = optional(Group(Measure), "what it changed, in numbers")

    @property
    def public_from(self) -> date | None:
        """Return the day of publication: a change's own day, or a later one if set."""
        return self.publish_on or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what a change leaves open."""
        if self.outcome == Outcome.CANNOT:
            if not self.why_not:
                yield Contradiction(
                    "why_not",
                    "“We can't” needs its reason: “why_not” is missing.",
                    "Add why_not: with a sentence that a tenant would accept.",
                )
        elif not self.measure:
            yield Contradiction(
                "measure",
                "A change says what it changed: “measure” is missing.",
                "Add measure: with name, better, before and, when known, after.",
            )
        if self.measure:
            readings = (self.measure.before, *self.measure.after)
            if any(two.on < one.on for one, two in itertools.pairwise(readings)):
                yield Contradiction(
                    "measure.after", "The readings are out of order.", "Put the oldest first."
                )
            if not self.measure.after and not self.measure.next:
                yield Contradiction(
                    "measure.next",
                    "Nothing has been measured since, and nobody says when it will be.",
                    "Add next: with a month such as 2027-01.",
                )


class Decision(StrEnum):
    """What became of an experiment."""

    RUNNING = "running"
    KEPT = "kept"
    DROPPED = "dropped"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What an experiment cost."""

    money: Decimal | None = optional(NUMBER, "pounds")
    hours: Decimal | None = optional(NUMBER, "hours of people's work")
    note: Words | None = optional(WORDS, "what it was spent on")


@dataclass(frozen=True, kw_only=True)
class Watching:
    """What people must know before a test watches their home or them."""

    collected: Words = required(LONG_WORDS, "what is collected")
    seen_by: Words = required(LONG_WORDS, "who sees it")
    convenience: Words = required(LONG_WORDS, "whose convenience it serves")
    saving: Words = required(LONG_WORDS, "whose money it saves")
    say_no: Words = required(LONG_WORDS, "how to say no, and what happens then")


@dataclass(frozen=True, kw_only=True)
class Experiment(Content):
    """A small test, with its end told whichever way it went."""

    kind = Kind.EXPERIMENT

    owner: str = required(Member("teams"), "the team that runs it")
    hypothesis: Words = required(LONG_WORDS, "what you believe, and would see if it were so")
    measure: Words = required(LONG_WORDS, "what you count to find out")
    stop_rule: Words = required(LONG_WORDS, "what would make you stop early")
    start: date = required(DATE, "the first day")
    end: date | None = optional(DATE, "the last day")
    result: Words | None = optional(LONG_WORDS, "what you found")
    decision: Decision = optional(Choice(Decision), "what became of it", Decision.RUNNING)
    cost: Cost | None = optional(Group(Cost), "what it cost")
    watches: Watching | bool = required(
        NoOr(Group(Watching)), "whether it watches homes or people, and if so how"
    )

    @property
    def last_changed(self) -> date | None:
        """Return the day of the last change as far as the facts tell."""
        return self.updated or self.end or self.start

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of an experiment."""
        if self.end and self.end < self.start:
            yield Contradiction(
                "end",
                "The experiment ends before it begins.",
                "Write an end after the start.",
                ruinous=True,
            )
        if self.decision != Decision.RUNNING:
            for name in ("end", "result"):
                if not getattr(self, name):
                    yield Contradiction(
                        name,
                        f"The experiment is {self.decision}, and “{name}” is missing.",
                        f"Add {name}:, also when it failed.",
                    )


class PointStatus(StrEnum):
    """How firm a point of the standard is."""

    DRAFT = "draft"
    AGREED = "agreed"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a claim rests on."""

    what: Words = required(WORDS, "what the evidence is")
    url: str | None = optional(WEB, "where it can be read")
    on: date | None = optional(MONTH, "its date")


@dataclass(frozen=True, kw_only=True)
class Meeter:
    """Somebody who meets a point of the standard."""

    who: Words = required(WORDS, "the association")
    since: date | None = optional(MONTH, "since when")
    url: str | None = optional(WEB, "where it can be seen")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A version of a point."""

    version: str = required(VERSION, "the version")
    on: date = required(DATE, "its day")
    what: Words = required(WORDS, "what changed in it")


class Channel(StrEnum):
    """A way in which tenants reach an association."""

    WEB = "web"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"
    MEETING = "meeting"
    APP = "app"


@dataclass(frozen=True, kw_only=True)
class Collected:
    """One thing that a pattern asks for, in its order."""

    what: Words = required(WORDS, "what is asked")
    why: Words = required(LONG_WORDS, "why it is asked")
    who: Words | None = optional(WORDS, "who needs the answer")
    channels: tuple[Channel, ...] = optional(Many(Choice(Channel)), "where it is asked", ())
    required: bool = optional(BOOLEAN, "whether it must be answered", default=False)


@dataclass(frozen=True, kw_only=True)
class StandardPoint(Content):
    """A numbered, versioned point of the Social Housing Digital Standard."""

    kind = Kind.STANDARD

    number: str = required(POINT_NUMBER, "its number")
    group: str = required(Member("standard.groups"), "its chapter")
    version: str = required(VERSION, "the version of this point")
    status: PointStatus = optional(Choice(PointStatus), "how firm it is", PointStatus.DRAFT)
    why: Words = required(LONG_WORDS, "its reason")
    evidence: tuple[Evidence, ...] = optional(Many(Group(Evidence)), "what it rests on", ())
    met_by: tuple[Meeter, ...] = optional(Many(Group(Meeter)), "who meets it", ())
    history: tuple[Revision, ...] = optional(Many(Group(Revision)), "its versions", ())
    collect: tuple[Collected, ...] = optional(Many(Group(Collected)), "what a pattern asks", ())

    @property
    def order(self) -> tuple[int, ...]:
        """Return the number for sorting: 1.10 comes after 1.9."""
        return tuple(int(part) for part in self.number.split("."))

    @property
    def last_changed(self) -> date | None:
        """Return the day of the last version."""
        return self.updated or max((revision.on for revision in self.history), default=None)

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of a point's versions."""
        yield from _in_order(self.history, "history")
        if self.history and self.version not in {revision.version for revision in self.history}:
            yield Contradiction(
                "version",
                f"Version {self.version} isn't in the point's history.",
                "Add it to history: with its day and what changed.",
            )


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What somebody said in research."""

    text: Words = required(LONG_WORDS, "the words")
    source: Words | None = optional(WORDS, "where they were said, naming nobody")


@dataclass(frozen=True, kw_only=True)
class Research:
    """What a persona rests on."""

    what: Words = required(WORDS, "what was done")
    on: date = required(MONTH, "when")
    method: Words | None = optional(WORDS, "how")
    people: int | None = optional(WHOLE, "with how many")


@dataclass(frozen=True, kw_only=True)
class Persona(Content):
    """A researched, shared picture of a tenant's needs."""

    kind = Kind.PERSONA

    name: str = required(LINE, "a made-up name")
    needs: tuple[Words, ...] = required(Many(WORDS), "what they need")
    context: Words = required(LONG_WORDS, "how they live")
    barriers: tuple[Words, ...] = required(Many(WORDS), "what stands in the way")
    quotes: tuple[Quote, ...] = optional(Many(Group(Quote)), "what people said", ())
    evidence: tuple[Research, ...] = required(Many(Group(Research)), "the research behind it")

    @property
    def last_changed(self) -> date | None:
        """Return the day of the newest evidence."""
        return self.updated or max((piece.on for piece in self.evidence), default=None)

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what a persona lacks."""
        if not self.evidence:
            yield Contradiction(
                "evidence",
                "A persona without evidence is a guess about people.",
                "Add evidence: with what was done, with how many people, and when.",
                ruinous=True,
            )


class Menu(StrEnum):
    """Where a page is linked from."""

    MAIN = "main"
    FOOTER = "footer"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Page(Content):
    """A page that stands on its own: about, privacy, contact."""

    kind = Kind.PAGE

    menu: Menu = optional(Choice(Menu), "where it is linked from", Menu.FOOTER)
    order: int = optional(WHOLE, "its place in the menu", 50)


KINDS: dict[Kind, type[Content]] = {
    cls.kind: cls
    for cls in (
        Post,
        Meetup,
        Episode,
        RoadmapItem,
        Change,
        Experiment,
        StandardPoint,
        Persona,
        Page,
    )
}


def _in_order(entries: tuple[Any, ...], field: str) -> Iterator[Contradiction]:
    """Tell which dated entries stand before an earlier one."""
    for number, (one, two) in enumerate(itertools.pairwise(entries), 2):
        if two.on < one.on:
            yield Contradiction(
                f"{field}[{number}].on",
                f"{two.on} comes after {one.on} in the list, and before it in time.",
                "Put the oldest first.",
            )
