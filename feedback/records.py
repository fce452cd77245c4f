"""Records: what tenants said, once it may be public, and the files in which it stands.

`pull` writes these files below content/feedback/ and the build reads them; nothing else does. A
record holds public facts alone, field by named field: the words as redacted, the month and not
the day, the kinds of what was taken out and never the details themselves.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from core.fields import LONG_WORDS, Choice, Group, Many, Member, optional, required
from core.nodes import Mapping, Node, Scalar, read_yaml
from core.values import (
    BOOLEAN,
    DATE,
    LANGUAGE,
    LINE,
    MONTH,
    QUARTER,
    REFERENCE,
    TEXT,
    WHOLE,
    Reading,
)
from feedback.model import Channel, Sort, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.faults import FileFaults
    from core.site import Site
    from core.words import Words

T = TypeVar("T")
FOLDER = "feedback"  # below the content folder
VOTES = f"{FOLDER}/votes.yaml"
CONFIRMATIONS = f"{FOLDER}/confirmations.yaml"
ANSWERS = f"{FOLDER}/answers.yaml"
TURNS = f"{FOLDER}/turns.yaml"
ENOUGH = 5  # answers; fewer say more about who happened to answer than about the thing


class Standing(StrEnum):
    """Where a submission stands once something was decided: the statuses that are public."""

    PUBLISHED = "published"
    COUNTED = "counted"
    ROUTED = "routed"
    DECLINED = "declined"


class Handed(StrEnum):
    """Where a submission was handed over to, as far as the public may know."""

    REPAIR = "repair"
    COMPLAINT = "complaint"


class Detail(StrEnum):
    """The kinds of personal detail that were taken out of words."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    POSTCODE = "postcode"
    NI_NUMBER = "ni-number"
    NHS_NUMBER = "nhs-number"
    DATE = "date"
    PLACE = "place"
    HEALTH = "health"
    FAMILY = "family"
    OTHER = "other"


class Subject(StrEnum):
    """The kinds of thing that words, votes and comments can be about."""

    POST = "post"
    STANDARD = "standard"
    ROADMAP = "roadmap"
    CHANGE = "change"
    RECORD = "record"


@dataclass(frozen=True)
class _Aim:
    """How a target is written."""

    kind: Subject = required(Choice(Subject), "the kind of thing")
    key: str = required(LINE, "its key, or a record's reference")


@dataclass(frozen=True)
class _Target:
    """The type of field that holds a target."""

    hint: str = "a group with kind and key, as in {kind: post, key: reading-damp}"

    def read(self, node: Node, reading: Reading) -> Target | None:
        """Return the target, or None when a fault was reported."""
        aim = Group(_Aim).read(node, reading)
        return Target(str(aim.kind), aim.key) if aim else None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The association's answer."""

    on: date = required(DATE, "the day of the answer")
    by: str = required(Member("teams"), "the team that answers")
    text: Words = required(LONG_WORDS, "the answer")


@dataclass(frozen=True, kw_only=True)
class Record:
    """The public form of a submission."""

    ref: str = required(REFERENCE, "its reference")
    status: Standing = required(Choice(Standing), "what was decided")
    sort: Sort = required(Choice(Sort), "the sort of submission")
    lang: str = required(LANGUAGE, "the language it was said in")
    received: date = required(MONTH, "the month in which it came")
    topic: str | None = optional(Member("topics"), "what it is about")
    channel: Channel = required(Choice(Channel), "how it reached us")
    target: Target | None = optional(_Target(), "what on this site it answers")
    people: int = optional(WHOLE, "how many people said this", 1)
    said: str = optional(TEXT, "the words, redacted", "")
    redacted: tuple[Detail, ...] = optional(
        Many(Choice(Detail)), "the kinds of detail taken out", ()
    )
    route: Handed | None = optional(Choice(Handed), "where it was handed over to")
    reason: Words | None = optional(LONG_WORDS, "why it was declined")
    reply: Reply | None = optional(Group(Reply), "the answer")
    due: date | None = optional(DATE, "the day by which an answer is due, until there is one")
    in_time: bool | None = optional(BOOLEAN, "whether the answer came by the day promised")

    @property
    def answered(self) -> bool:
        """Whether whoever said it has had an answer: a reply, a reason, or a handing over.

        What was only counted was answered in private: that it was in time or not says so.
        """
        if self.status == Standing.COUNTED:
            return self.in_time is not None
        return self.reply is not None or self.status in {Standing.DECLINED, Standing.ROUTED}

    @property
    def shown(self) -> bool:
        """Whether it has a page: its words, or the reason why they aren't there."""
        return self.status in {Standing.PUBLISHED, Standing.DECLINED}

    def overdue(self, today: date) -> bool:
        """Whether the promise of an answer is broken."""
        return not self.answered and self.due is not None and today > self.due

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        """Tell which fields can't stand beside each other: field, what is wrong, what to do."""
        if self.status == Standing.PUBLISHED and not self.said:
            yield "said", "It is published, and nothing is said.", "Redact and publish it anew."
        if self.status != Standing.PUBLISHED and (self.said or self.redacted):
            yield (
                "said" if self.said else "redacted",
                f"It is {self.status}, so none of its words may stand here.",
                "Take the words out, here and from git, and pull again.",
            )
        yield from self._about_the_decision()
        yield from self._about_the_promise()

    def _about_the_decision(self) -> Iterator[tuple[str, str, str]]:
        if self.status == Standing.DECLINED and not self.reason:
            yield "reason", "It is declined without a reason.", "Give one at the desk."
        if self.reason and self.status != Standing.DECLINED:
            yield "reason", f"It is {self.status}, and has a reason.", "Take the reason out."
        if self.reply and self.status == Standing.COUNTED:
            yield (
                "reply",
                "It is counted only, and its answer stands here.",
                "Take the answer out: it was meant for whoever asked.",
            )
        if (self.route is None) == (self.status == Standing.ROUTED):
            yield (
                "route",
                f"It is {self.status}, and route: says {self.route or 'nothing'}.",
                "Say where it was handed over to when it was, and only then.",
            )

    def _about_the_promise(self) -> Iterator[tuple[str, str, str]]:
        if not self.answered and not self.due:
            yield (
                "due",
                "There is no answer, and no day by which there will be one.",
                "Add due: with the day promised, or answer it.",
            )
        if self.answered and self.due:
            yield "due", "It is answered, and an answer is still due.", "Take due: out."
        if self.in_time is not None and not self.answered:
            yield "in_time", "There is no answer that could be in time.", "Take in_time: out."
        if self.reply and self.reply.on < self.received:
            yield "reply.on", "The answer came before the words.", "Check the two dates."
        if self.people < 1:
            yield "people", "Nobody said it.", "Write how many did, at least 1."


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """What is left of a record that was public once."""

    ref: str = required(REFERENCE, "its reference")
    withdrawn: date = required(MONTH, "the month in which it was taken back")
    into: str | None = optional(REFERENCE, "the record that it became a part of")
    received: date = required(MONTH, "the month in which it came")


@dataclass(frozen=True, kw_only=True)
class Votes:
    """How many said "this matters to me too" of one thing."""

    kind: Subject = required(Choice(Subject), "the kind of thing")
    key: str = required(LINE, "its key, or a record's reference")
    online: int = optional(WHOLE, "votes on the website", 0)
    offline: int = optional(WHOLE, "hands at meetings, and voices by phone, letter or visit", 0)


@dataclass(frozen=True, kw_only=True)
class Confirmations:
    """What tenants answered to "is it fixed?"."""

    change: str = required(LINE, "the key of the change")
    yes: int = optional(WHOLE, "how many said yes", 0)
    partly: int = optional(WHOLE, "how many said partly", 0)
    no: int = optional(WHOLE, "how many said no", 0)

    @property
    def answers(self) -> int:
        """Return how many answered."""
        return self.yes + self.partly + self.no

    @property
    def against(self) -> bool:
        """Whether enough have answered, and more of them say no than yes: it is open again."""
        return self.answers >= ENOUGH and self.no > self.yes


class Turning(StrEnum):
    """The ways in which tenants' answers about a roadmap item can turn."""

    REOPENED = "reopened"  # from now on more say no than yes
    SETTLED = "settled"  # and from now on they don't any more


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A day on which tenants' answers turned. Once it is public it stays as it is."""

    item: str = required(LINE, "the key of the roadmap item")
    to: Turning = required(Choice(Turning), "which way")
    on: date = required(DATE, "the day")


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long answers took, without saying whose: in working days, the shortest first."""

    quarter: str = required(QUARTER, "the quarter in which the answers were given")
    waited: tuple[int, ...] = required(Many(WHOLE), "the working days that each took")


@dataclass(frozen=True, kw_only=True)
class _VotesFile:
    votes: tuple[Votes, ...] = required(Many(Group(Votes)), "a line a thing")


@dataclass(frozen=True, kw_only=True)
class _ConfirmationsFile:
    confirmations: tuple[Confirmations, ...] = required(
        Many(Group(Confirmations)), "a line a change"
    )


@dataclass(frozen=True, kw_only=True)
class _TurnsFile:
    turns: tuple[Turn, ...] = required(Many(Group(Turn)), "a line a turn")


@dataclass(frozen=True, kw_only=True)
class _AnswersFile:
    answers: tuple[Waits, ...] = required(Many(Group(Waits)), "a line a quarter")


def record_path(record: Record | Tombstone) -> str:
    """Return where a record stands, relative to the content folder."""
    return f"{FOLDER}/{record.received.year}/{record.ref.lower()}.yaml"


def public_words(text: str) -> str:
    """Return words as a record can hold them: no control characters, no blanks at the ends.

    Line ends become one newline each, and letters are composed (Unicode NFC).
    """
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) != "Cc"
    ).strip()


def read_record(text: str, site: Site, faults: FileFaults) -> Record | Tombstone | None:
    """Read a record, or what is left of one.

    :returns: None when a fault was reported; contradictions are faults too.
    """
    if (tree := read_yaml(text, faults)) is None:
        return None
    reading = _reading(tree, site, faults)
    if tree.get("withdrawn"):
        return Group(Tombstone).read(tree, reading)
    record = Group(Record).read(tree, reading)
    if record is None:
        return None
    sound = True
    for field, wrong, instead in record.contradictions():
        line = reading.lines.get(field) or reading.lines.get(field.partition(".")[0]) or 1
        faults.fault(line, field, wrong, instead, "record")
        sound = False
    return record if sound else None


def read_votes(text: str, site: Site, faults: FileFaults) -> tuple[Votes, ...]:
    """Read votes.yaml; of what can't be read, a fault is reported."""
    file = _read(text, site, faults, _VotesFile)
    return file.votes if file else ()


def read_confirmations(text: str, site: Site, faults: FileFaults) -> tuple[Confirmations, ...]:
    """Read confirmations.yaml; of what can't be read, a fault is reported."""
    file = _read(text, site, faults, _ConfirmationsFile)
    return file.confirmations if file else ()


def read_answers(text: str, site: Site, faults: FileFaults) -> tuple[Waits, ...]:
    """Read answers.yaml; of what can't be read, a fault is reported."""
    file = _read(text, site, faults, _AnswersFile)
    return file.answers if file else ()


def read_turns(text: str, site: Site, faults: FileFaults) -> tuple[Turn, ...]:
    """Read turns.yaml; of what can't be read, a fault is reported."""
    file = _read(text, site, faults, _TurnsFile)
    return file.turns if file else ()


def _read(text: str, site: Site, faults: FileFaults, cls: type[T]) -> T | None:
    if (tree := read_yaml(text, faults)) is None:
        return None
    return Group(cls).read(tree, _reading(tree, site, faults))


def _reading(tree: Mapping, site: Site, faults: FileFaults) -> Reading:
    """Return the reading of a file: a plain text in it is in the language it names.

    What was answered in a language that the site gave up since is an answer still.
    """
    reading = Reading(faults, site.languages, timezone=site.timezone, known=site.known, former=True)
    lang = tree.get("lang")
    if isinstance(lang, Scalar) and lang.text in site.languages:
        return replace(reading, lang=lang.text)
    return reading
