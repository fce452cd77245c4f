"""The words of the public language: what records, tallies and moves are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.fields import Choice, required
from core.values import LINE

# No 0 O 1 I L, and no vowels or Y, so that no two letters make a word in either language: Welsh
# also reads W as a vowel. What is left is easy to say on the telephone.
REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVXZ"
REFERENCE = re.compile(rf"F-[{REFERENCE_LETTERS}]{{6}}")


class SubmissionSort(StrEnum):
    """What somebody wants with their words."""

    IDEA = "idea"
    PROBLEM = "problem"
    PRAISE = "praise"
    REPLY = "reply"  # to a post
    COMMENT = "comment"  # on a point of the standard


class ContactChannel(StrEnum):
    """How words reached the association."""

    WEB = "web"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"
    MEETING = "meeting"


class PublicStatus(StrEnum):
    """Where a submission stands once something was decided: the statuses that are public."""

    PUBLISHED = "published"
    COUNTED = "counted"
    ROUTED = "routed"
    DECLINED = "declined"


class HandedOver(StrEnum):
    """Where a submission was handed over to, as far as the public may know."""

    REPAIR = "repair"
    COMPLAINT = "complaint"


class WorkOutcome(StrEnum):
    """What came of what was handed over, as those say to whom it was."""

    DONE = "done"
    NOT_DONE = "not-done"


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


class Fixed(StrEnum):
    """A tenant's answer to "is it fixed?"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Turning(StrEnum):
    """The ways in which tenants' answers about a roadmap item can turn."""

    REOPENED = "reopened"  # from now on more say no than yes
    SETTLED = "settled"  # and from now on they don't any more


class ItemStatus(StrEnum):
    """Where a roadmap item stands."""

    CONSIDERING = "considering"
    LATER = "later"
    NEXT = "next"
    NOW = "now"
    DONE = "done"
    NOT_DOING = "not-doing"
    PAUSED = "paused"


class ShownStatus(StrEnum):
    """Where an item is shown to stand: its own statuses, and what tenants or we make of it."""

    CONSIDERING = "considering"
    LATER = "later"
    NEXT = "next"
    NOW = "now"
    DONE = "done"
    NOT_DOING = "not-doing"
    PAUSED = "paused"
    REOPENED = "reopened"  # called done, and tenants say that it is not
    WITHDRAWN = "withdrawn"  # taken off the roadmap


class Rung(StrEnum):
    """How much say tenants had."""

    INFORMED = "informed"
    CONSULTED = "consulted"
    INVOLVED = "involved"
    WORKING_TOGETHER = "working-together"
    DECIDING = "deciding"


class Outcome(StrEnum):
    """What a change amounts to."""

    DID = "did"
    PARTLY = "partly"
    CANNOT = "cannot"


class Better(StrEnum):
    """The direction in which a measure gets better."""

    LOWER = "lower"
    HIGHER = "higher"


class Claim(StrEnum):
    """What a claim of ours that something is done has come to."""

    CLAIMED = "claimed"  # we say so, and too few have answered, or they differ
    CONFIRMED = "confirmed"  # more than half of those who answered say yes
    REOPENED = "reopened"  # more of them say no than yes


class Decision(StrEnum):
    """What became of an experiment."""

    RUNNING = "running"
    KEPT = "kept"
    DROPPED = "dropped"
    CHANGED = "changed"


class PointStatus(StrEnum):
    """How firm a point of the standard is."""

    DRAFT = "draft"
    AGREED = "agreed"
    RETIRED = "retired"


class MeetupState(StrEnum):
    """Whether a meetup stands as planned."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"


class NewsKind(StrEnum):
    """The kinds of content that are told as news."""

    CHANGE = "change"
    EPISODE = "episode"
    MEETUP = "meetup"
    POST = "post"


class RecordStatus(StrEnum):
    """Where a record stands in open data: as decided, or what is left of it."""

    PUBLISHED = "published"
    COUNTED = "counted"
    ROUTED = "routed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TargetKind(StrEnum):
    """The kinds of thing that words, votes and comments can be about."""

    POST = "post"
    STANDARD = "standard"
    ROADMAP = "roadmap"
    CHANGE = "change"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Target:
    """What words are about: something on the site."""

    kind: str = required(Choice(TargetKind), "the kind of thing")
    key: str = required(LINE, "its permanent key, or a record's reference")
