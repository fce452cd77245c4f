"""The words of the feedback service: what tenants send, what staff decide, what follows.

Frozen dataclasses and pure functions: they take `now` and randomness, and touch no clock,
disk or network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from core.public.vocabulary import REFERENCE_LETTERS, ContactChannel, PublicStatus, WorkOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from random import Random

    from core.public.vocabulary import SubmissionSort, Target

LONGEST_WORDS = 5_000  # characters of one submission: four pages of a letter
LONGEST_LINE = 200  # characters of a name, an address line, an e-mail address


class AnswerBy(StrEnum):
    """How a tenant wants the answer, besides on the receipt's page."""

    RECEIPT = "receipt"  # they look themselves
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"


class ForWhom(StrEnum):
    """For whom somebody speaks."""

    ME = "me"
    SOMEBODY = "somebody"  # whom they help
    BLOCK = "block"


class AccessNeed(StrEnum):
    """What somebody needs of us so that our answer reaches them."""

    LARGE_PRINT = "large-print"
    EASY_READ = "easy-read"
    BSL = "bsl"
    RELAY = "relay"  # calls through Relay UK, by text
    INTERPRETER = "interpreter"
    AFTER_FOUR = "after-four"  # calls then alone


class CaseStatus(StrEnum):
    """Where a submission stands."""

    RECEIVED = "received"
    PUBLISHED = "published"
    COUNTED = "counted"  # adds to totals; its text is never shown
    ROUTED = "routed"  # handed over: repairs, complaints, safeguarding
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by the tenant
    SPAM = "spam"  # advertising, or nobody's words: nobody waits for an answer

    @property
    def owes_nothing(self) -> bool:
        """Whether nobody waits for an answer any more."""
        return self in SETTLED


SETTLED = (CaseStatus.WITHDRAWN, CaseStatus.SPAM)


class Route(StrEnum):
    """Where a submission can be handed over to."""

    REPAIR = "repair"
    COMPLAINT = "complaint"
    SAFEGUARDING = "safeguarding"


class Happening(StrEnum):
    """What can happen to a submission; each is kept as an event."""

    RECEIVED = "received"
    NOTED = "noted"  # staff wrote a note to each other
    REDACTED = "redacted"
    CLEARED = "cleared"  # a likely personal detail was looked at and found harmless
    REPLIED = "replied"
    PUBLISHED = "published"
    COUNTED = "counted"
    ROUTED = "routed"
    WORK_ENDED = "work-ended"  # somebody said what came of what was handed over
    CLOCK_STARTED = "clock-started"  # a hazard, or a request for information
    STEP_ENDED = "step-ended"  # of a clock: done, or, where no moment is named, not done after all
    CONFIRMED = "confirmed"  # its sender said whether it was done
    COMPLAINED = "complained"  # its sender wants it treated as a complaint after all
    FOLLOWED_UP = "followed-up"  # its sender wrote again, and waits for an answer to that too
    ADDED_TO = "added-to"  # its sender wrote more before there was an answer
    PHOTO_ERASED = "photo-erased"  # one of them, by staff
    FOLLOW_UP_ENDED = "follow-up-ended"  # what was written since is answered, or needs no answer
    DECLINED = "declined"
    MERGED = "merged"
    UNMERGED = "unmerged"
    REOPENED = "reopened"  # back to the queue
    SET_ASIDE = "set-aside"  # as spam
    ASSIGNED = "assigned"  # to somebody, to a team, or it waits for somebody
    CORRECTED = "corrected"  # its topic or place, or what it is about
    PUT_RIGHT = "put-right"  # the words of an answer or a reason, in public
    ONLINE = "online"  # its record stands on the site
    ESCALATED = "escalated"  # safeguarding: its text never leaves the desk
    TAKEN = "taken"  # by one of those who were called, since somebody may be in danger
    CONTACT_ADDED = "contact-added"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"  # every private word was erased
    TOLD = "told"  # a notice went out
    CAME_BACK = "came-back"  # a mail that had gone out


class StaffRole(StrEnum):
    """What staff may do: each role may do what the ones before it may."""

    ANSWER = "answer"
    PUBLISH = "publish"
    MANAGE = "manage"

    def allows(self, needed: StaffRole) -> bool:
        """Whether somebody of this role may do what `needed` is for."""
        order = list(StaffRole)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecision:
    """What a decision is at the desk, and what its record says of it."""

    event: Happening
    button: str  # what the desk calls it in its addresses
    public: PublicStatus | None = None  # None where no record is made
    role: StaffRole = StaffRole.PUBLISH  # who may decide so
    placed: bool = False  # its button stands apart, with what it asks for
    tells: bool = False  # its sender by itself, with no further answer
    shows_answer: bool = False  # in public, beside the record


# By the status that a case has from then on.
DECISIONS = {
    CaseStatus.RECEIVED: CaseDecision(event=Happening.REOPENED, button="reopen"),
    CaseStatus.PUBLISHED: CaseDecision(
        event=Happening.PUBLISHED,
        button="publish",
        public=PublicStatus.PUBLISHED,
        placed=True,
        shows_answer=True,
    ),
    CaseStatus.COUNTED: CaseDecision(
        event=Happening.COUNTED, button="count", public=PublicStatus.COUNTED, placed=True
    ),
    CaseStatus.ROUTED: CaseDecision(
        event=Happening.ROUTED,
        button="route",
        public=PublicStatus.ROUTED,
        role=StaffRole.ANSWER,
        placed=True,
        tells=True,
        shows_answer=True,
    ),
    CaseStatus.DECLINED: CaseDecision(
        event=Happening.DECLINED,
        button="decline",
        public=PublicStatus.DECLINED,
        placed=True,
        tells=True,
        shows_answer=True,
    ),
    CaseStatus.SPAM: CaseDecision(event=Happening.SET_ASIDE, button="spam"),
}
# Those of which a record is made, with what it says.
PUBLIC_DECISIONS = {
    status: decision.public for status, decision in DECISIONS.items() if decision.public
}


def shows_answer(status: CaseStatus) -> bool:
    """Whether an answer to a case of this status stands in public."""
    return status in DECISIONS and DECISIONS[status].shows_answer


class Period(StrEnum):
    """How often somebody gets the digest."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach a tenant; private."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    needs: tuple[AccessNeed, ...] = ()
    needs_words: str = ""  # the interpreter's language, or what else we should know


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What somebody sent, as they sent it; private."""

    sort: SubmissionSort
    lang: str
    said: str
    topic: str = ""  # a key of site.toml, or ""
    area: str = ""
    target: Target | None = None
    channel: ContactChannel = ContactChannel.WEB
    answer_by: AnswerBy = AnswerBy.RECEIPT
    answer_lang: str = ""  # "" for the language it was written in
    may_publish: bool = False
    complaint: bool = False  # the tenant wants it treated as one
    for_whom: ForWhom | None = None
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a submission."""

    at: datetime  # aware, UTC
    what: Happening
    by: str  # a member of staff's log-in name; "tenant" or "service"
    detail: dict[str, str]  # never private words


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What is known of a hand-over: to whom, and what came of it."""

    id: int
    route: Route
    team: str = ""  # a key of site.toml
    job: str = ""  # their reference
    phone: str = ""  # where to ask after it
    by: date  # the day by which they do it
    at: datetime  # aware, UTC: when it was handed over
    outcome: WorkOutcome | None = None
    done_on: date | None = None
    ended: datetime | None = None  # aware, UTC: when somebody said what came of it


class ClockState(StrEnum):
    """How a case stands with what was promised for it."""

    OPEN = "open"
    LATE = "late"
    ANSWERED = "answered"  # and what was handed over has come back
    SETTLED = "settled"  # nobody waits for anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A submission as the desk and the receipt see it, without its private words."""

    id: int
    ref: str
    sort: SubmissionSort
    lang: str
    topic: str
    area: str
    target: Target | None
    channel: ContactChannel
    answer_by: AnswerBy
    answer_lang: str
    may_publish: bool
    complaint: bool
    escalated: bool
    status: CaseStatus
    received: datetime  # aware, UTC
    due: date  # the day by which an answer was promised
    answered: datetime | None
    merged_into: str  # another submission's reference, or ""
    reason: dict[str, str]  # by language: why it was declined
    reply: dict[str, str]  # by language: the answer
    reply_by: str  # the team that answers, in words
    corrected: dict[str, str]  # by language: why either was put right
    corrected_at: datetime | None  # aware, UTC
    public_text: str  # the redacted words; "" until somebody has redacted
    redacted: tuple[str, ...]  # kinds of detail taken out
    cleared: tuple[str, ...] = ()  # words that look personal and that staff found harmless
    route: Route | None = None  # where it was handed over to
    handed: HandOver | None = None  # the newest hand-over, whatever became of it
    handed_by: date | None = None  # the day promised for it, until somebody says what came of it
    for_whom: ForWhom | None = None
    follow_up_by: date | None = None  # the day promised for an answer to what was written since
    outcome: dict[str, str] = field(default_factory=dict)  # by language: what came of it
    people: int = 1  # whoever sent it, and everybody whose words were merged into it
    was_published: bool = False  # its words stood in public once, whatever came after
    forgotten: bool = False  # every private word was erased
    version: int = 1  # counts the changes, so that two people can't decide at once unawares
    holder: str = ""  # who of the staff has taken it on, by log-in name
    team: str = ""  # whose it is, a key of site.toml
    waits_for: str = ""  # what or whom the answer waits for, in staff's words; private
    online: datetime | None = None  # since when its record stands on the site as it is now
    step_by: datetime | None = None  # aware, UTC: when the nearest step of its clocks runs out
    step_on: date | None = None  # on which day that is

    @property
    def next_day(self) -> date | None:
        """Return the nearest day by which something is still owed; None when nothing is.

        Besides what was promised in public, an answer to whoever wrote again, and the steps of its
        clocks. Who takes their words back is owed nothing more, nor is whoever sends spam.
        """
        if self.status.owes_nothing:
            return None
        days = (self.promised_day, self.follow_up_by, self.step_on)
        return min((day for day in days if day), default=None)

    @property
    def promised_day(self) -> date | None:
        """Return the nearest day promised in public that is still open; None when none is.

        A decision alone answers nobody, unless it comes with a reason: the store sets `answered`
        then. Handing over stops no clock and starts another, which stops when somebody says what
        came of it. What a sender writes after that stays between them and us.
        """
        if self.status.owes_nothing:
            return None
        days = (self.due if self.answered is None else None, self.handed_by)
        return min((day for day in days if day), default=None)

    def state(self, today: date) -> ClockState:
        """Return how the case stands on a day, for desk, receipt, mails and figures alike."""
        if self.status.owes_nothing:
            return ClockState.SETTLED
        if self.next_day is None:
            return ClockState.ANSWERED
        return ClockState.LATE if today > self.next_day else ClockState.OPEN

    def languages_missing(self, languages: Sequence[str]) -> list[str]:
        """Return the languages in which an answer is yet to be given, once there is one in any."""
        if not self.reply or self.status.owes_nothing:
            return []
        return [lang for lang in languages if lang not in self.reply]

    def overdue(self, today: date) -> bool:
        """Whether a promise is broken: a day is past, and nobody has answered or come back."""
        return self.state(today) == ClockState.LATE


def spoken(wanted: Iterable[str], languages: Sequence[str]) -> str:
    """Return the first language wanted that the site speaks, else the site's own first.

    An association may give a language up; whoever wrote in it is answered all the same.
    """
    return next((lang for lang in wanted if lang in languages), languages[0])


def orders(languages: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what can be chosen of languages: each alone, and all with any of them first."""
    alone: list[tuple[str, ...]] = [(lang,) for lang in languages]
    if len(languages) == 1:
        return alone
    return [
        *alone,
        *((first, *(lang for lang in languages if lang != first)) for first in languages),
    ]


def new_reference(random: Random) -> str:
    """Return a random reference, such as F-2K7Q9T; it may be taken already."""
    return "F-" + "".join(random.choice(REFERENCE_LETTERS) for _ in range(6))
