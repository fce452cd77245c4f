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


class Sort(StrEnum):
    """The sorts of submission."""

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
