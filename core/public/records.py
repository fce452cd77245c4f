"""Records: what tenants said, once it may be public.

A record holds public facts alone, field by named field: the words as redacted, the month and not
the day, the kinds of what was taken out and never the details themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, WORDS, Choice, Group, Many, Member, optional, required
from core.public.vocabulary import (
    ContactChannel,
    Detail,
    HandedOver,
    PublicStatus,
    SubmissionSort,
    Target,
    WorkOutcome,
)
from core.values import BOOLEAN, DATE, LANGUAGE, MONTH, REFERENCE, TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.words import Words


@dataclass(frozen=True, kw_only=True)
class Correction:
    """That words which were public are put right: because they named somebody, or were wrong."""

    on: date = required(DATE, "the day on which the words were put right")
    why: Words = required(WORDS, "why, without the words that had to go")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The association's answer."""

    on: date = required(DATE, "the day of the answer")
    by: str = required(Member("teams", as_written=True), "the team that answers")
    text: Words = required(LONG_WORDS, "the answer")


@dataclass(frozen=True, kw_only=True)
class Record:
    """The public form of a submission."""

    ref: str = required(REFERENCE, "its reference")
    status: PublicStatus = required(Choice(PublicStatus), "what was decided")
    sort: SubmissionSort = required(Choice(SubmissionSort), "the sort of submission")
    lang: str = required(LANGUAGE, "the language it was said in")
    received: date = required(MONTH, "the month in which it came")
    topic: str | None = optional(Member("topics"), "what it is about")
    area: str | None = optional(Member("areas"), "where it is about, unless few are heard there")
    channel: ContactChannel = required(Choice(ContactChannel), "how it reached us")
    target: Target | None = optional(Group(Target), "what on this site it answers")
    people: int = optional(WHOLE, "how many people said this", 1)
    said: str = optional(TEXT, "the words, redacted", "")
    redacted: tuple[Detail, ...] = optional(
        Many(Choice(Detail)), "the kinds of detail taken out", ()
    )
    route: HandedOver | None = optional(Choice(HandedOver), "where it was handed over to")
    reason: Words | None = optional(LONG_WORDS, "why it was declined")
    reply: Reply | None = optional(Group(Reply), "the answer")
    corrected: Correction | None = optional(
        Group(Correction), "that the answer or the reason was put right"
    )
    due: date | None = optional(DATE, "the day by which an answer is due, until there is one")
    done_by: date | None = optional(DATE, "the day promised for what was handed over, until then")
    outcome: WorkOutcome | None = optional(Choice(WorkOutcome), "what came of handing it over")
    in_time: bool | None = optional(BOOLEAN, "whether all that was promised came by its day")
    modified: date | None = optional(DATE, "the day on which it came, or last changed, in public")

    @property
    def answered(self) -> bool:
        """Whether whoever said it has had an answer: a reply, or a reason.

        What was only counted, or handed over, is answered in private: that a promise was kept or
        not says so. Handing over alone answers nobody.
        """
        if self.status in {PublicStatus.COUNTED, PublicStatus.ROUTED}:
            return self.reply is not None or self.in_time is not None
        return self.reply is not None or self.status == PublicStatus.DECLINED

    @property
    def next_day(self) -> date | None:
        """Return the nearest day by which something is owed, None when nothing is."""
        days = (None if self.answered else self.due, self.done_by)
        return min((day for day in days if day), default=None)

    @property
    def last_changed(self) -> date:
        """Return the day of its last change in public, as far as the file tells."""
        return self.modified or (self.reply.on if self.reply else self.received)

    @property
    def shown(self) -> bool:
        """Whether it has a page: its words, or the reason why they aren't there."""
        return self.status in {PublicStatus.PUBLISHED, PublicStatus.DECLINED}

    def overdue(self, today: date) -> bool:
        """Whether a promise is broken: of an answer, or for what was handed over."""
        return self.next_day is not None and today > self.next_day

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        """Tell which fields can't stand beside each other: field, what is wrong, what to do."""
        if self.status == PublicStatus.PUBLISHED and not self.said:
            yield "said", "It is published, and nothing is said.", "Redact and publish it anew."
        if self.status != PublicStatus.PUBLISHED and (self.said or self.redacted):
            yield (
                "said" if self.said else "redacted",
                f"It is {self.status}, so none of its words may stand here.",
                "Take the words out, here and from git, and pull again.",
            )
        yield from self._about_the_decision()
        yield from self._about_the_promise()

    def _about_the_decision(self) -> Iterator[tuple[str, str, str]]:
        if self.status == PublicStatus.DECLINED and not self.reason:
            yield "reason", "It is declined without a reason.", "Give one at the desk."
        if self.reason and self.status != PublicStatus.DECLINED:
            yield "reason", f"It is {self.status}, and has a reason.", "Take the reason out."
        if self.reply and self.status == PublicStatus.COUNTED:
            yield (
                "reply",
                "It is counted only, and its answer stands here.",
                "Take the answer out: it was meant for whoever asked.",
            )
        if self.corrected and not (self.reply or self.reason):
            yield "corrected", "Nothing stands here that was put right.", "Take corrected: out."
        if (self.route is None) == (self.status == PublicStatus.ROUTED):
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
        yield from self._about_the_handover()
        if self.reply and self.reply.on < self.received:
            yield "reply.on", "The answer came before the words.", "Check the two dates."
        if self.people < 1:
            yield "people", "Nobody said it.", "Write how many did, at least 1."

    def _about_the_handover(self) -> Iterator[tuple[str, str, str]]:
        for name, value in (("done_by", self.done_by), ("outcome", self.outcome)):
            if value and self.status != PublicStatus.ROUTED:
                yield name, f"It is {self.status}, and says {name}:.", f"Take {name}: out."
        if self.done_by and (self.outcome or self.in_time is not None):
            yield "done_by", "It came back, and is still to be done.", "Take done_by: out."


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """What is left of a record that was public once."""

    ref: str = required(REFERENCE, "its reference")
    withdrawn: date = required(MONTH, "the month in which it was taken back")
    into: str | None = optional(REFERENCE, "the record that it became a part of")
    received: date = required(MONTH, "the month in which it came")
    modified: date | None = optional(DATE, "the day on which it became one")
