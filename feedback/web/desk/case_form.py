"""The one form of a case: what stands in its fields, and what its sender changed in them.

A page says of each text field what stood in it, as a short hash. So whoever comes second is known
to have changed the answer, and not the public words that somebody else changed meanwhile.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.public.record_files import public_words
from core.public.vocabulary import Target
from feedback.forms import CONTACT, NEEDS, contact_pairs
from feedback.personal_details import find_personal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from feedback.model import Case, Contact
    from feedback.store.casework.follow_ups import Turn

TAKEN_OUT = "[…]"  # stands where something personal was
HASH = 12  # letters: two texts of one case don't meet
CHOSEN = ("kinds", "harmless")  # boxes, of which several can be ticked
WORDED = ("reply", "further", "reason", "outcome", "corrected")  # in each language
PLAIN = (
    "public_text",
    "note",
    "team",
    "holder",
    "waits_for",
    "topic",
    "area",
    "about",
    "route",
    "passed_to",
    "job",
    "job_phone",
    "job_by",
    "outcome",
    "done_on",
    "clock",
    "clock_since",
    "step_at",
    "other",
    "answer_by",
    *CONTACT,
    *NEEDS,
)


@dataclass(frozen=True)
class CaseForm:
    """The form of a case as somebody sent it, or as they left it."""

    texts: Mapping[str, str]  # by field; those that were not on the form are missing
    ticked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)  # the hash of what stood in a field

    @classmethod
    def sent(cls, pairs: Iterable[tuple[str, object]], languages: Sequence[str]) -> CaseForm:
        """Return the form of a request; what is no field of it is left out."""
        known = {*PLAIN, *(f"{part}_{lang}" for part in WORDED for lang in languages)}
        texts: dict[str, str] = {}
        ticked: dict[str, tuple[str, ...]] = {}
        shown: dict[str, str] = {}
        for name, value in pairs:
            if not isinstance(value, str):
                continue
            text = value.replace("\r\n", "\n").replace("\0", "").strip()
            if name in known:
                texts[name] = text
            elif name in CHOSEN:
                ticked[name] = (*ticked.get(name, ()), text)
            elif name == "shown":
                shown |= dict(part.split("=", 1) for part in text.split() if "=" in part)
        if "public_text" in texts:
            ticked.setdefault("kinds", ())
        return cls(texts, ticked, shown)

    @classmethod
    def draft(cls, typed: Mapping[str, Sequence[str]]) -> CaseForm:
        """Return the form as somebody left it."""
        chosen = {name: tuple(typed[name]) for name in CHOSEN if name in typed}
        texts = {name: values[0] for name, values in typed.items() if name not in CHOSEN}
        return cls(texts, chosen)

    def changes(self, standing: Mapping[str, str]) -> dict[str, str]:
        """Return the fields whose sender wrote something else than what they were shown.

        :param standing: what stands in each field, for one that doesn't say what was shown.
        """
        return {
            name: text
            for name, text in self.texts.items()
            if text != standing.get(name, "")
            and (name not in self.shown or fingerprint(text) != self.shown[name])
        }

    def kept(self, standing: Mapping[str, str], used: Collection[str] = ()) -> dict[str, list[str]]:
        """Return what is to be kept as a draft: what was changed, and not used yet."""
        left = {name: text for name, text in self.changes(standing).items() if name not in used}
        typed = {name: [text] for name, text in left.items()}
        kinds = " ".join(sorted(self.ticked.get("kinds", ())))
        reticked = "kinds" in self.ticked and kinds != standing.get("kinds", "")
        if "public_text" not in used and ("public_text" in left or reticked or self.harmless):
            typed |= {name: list(values) for name, values in self.ticked.items()}
        return typed

    @property
    def carried(self) -> set[str]:
        """Return the fields that were on the form, whatever stands in them."""
        return {*self.texts, *(CHOSEN if "public_text" in self.texts else ())}

    @property
    def harmless(self) -> tuple[str, ...]:
        """Return words that look personal and that were ticked as harmless."""
        return self.ticked.get("harmless", ())


def fingerprint(text: str) -> str:
    """Return a short hash of what a field holds."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:HASH]


def standing_texts(
    case: Case,
    words: str,
    contact: Contact,
    languages: Sequence[str],
    conversation: Sequence[Turn] = (),
) -> dict[str, str]:
    """Return what stands in each field of a case's form, before anybody writes in it.

    :param conversation: what was written since.
    """
    texts = {
        "public_text": case.public_text or suggested(case, words, contact),
        "team": case.reply_by or case.team,
        "holder": case.holder,
        "waits_for": case.waits_for,
        "topic": case.topic,
        "area": case.area,
        "about": f"{case.target.kind} {case.target.key}" if case.target else "",
        "answer_by": str(case.answer_by),
    }
    kinds = case.redacted or {span.kind for span in find_personal(words, known=[contact.name])}
    texts["kinds"] = " ".join(sorted(map(str, kinds)))
    texts |= {"passed_to": "", "job": "", "job_phone": ""}
    if case.handed and case.route:
        handed = case.handed
        texts |= {"passed_to": handed.team, "job": handed.job, "job_phone": handed.phone}
    texts |= dict(contact_pairs(contact))
    texts |= {f"reply_{lang}": case.reply.get(lang, "") for lang in languages}
    further = conversation[-1].answer if conversation else {}
    texts |= {f"further_{lang}": further.get(lang, "") for lang in languages}
    return texts | {f"reason_{lang}": case.reason.get(lang, "") for lang in languages}


def suggested(case: Case, words: str, contact: Contact) -> str:
    """Return words to begin with in public: as they were sent, without what looks personal."""
    if case.escalated or not case.may_publish:
        return ""
    text, end = "", 0
    for span in find_personal(words, known=[contact.name]):
        text += words[end : span.start] + TAKEN_OUT
        end = span.end
    return public_words(text + words[end:])


def target_of(about: str) -> Target | None:
    """Return what a case is about, as the picker names it."""
    kind, _, key = about.partition(" ")
    return Target(kind, key) if key else None
