"""What tenants type, read into a submission or into faults they can mend.

Pure: a form in, a submission or faults out. Whatever was typed stays, so that the same page can
show it again; a fault names its field and is said in the tenant's language.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.public.vocabulary import SubmissionSort, Target
from core.words import TURNING
from feedback.identifiers import NoAddress, email_address, telephone, visible
from feedback.model import (
    LONGEST_LINE,
    LONGEST_WORDS,
    AccessNeed,
    AnswerBy,
    Contact,
    ForWhom,
    Submission,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from core.site import Site
    from feedback.mail_reach import MailReach

    Say = Callable[[str], str]  # gettext in the tenant's language

FIELDS = (
    "sort",
    "danger",
    "for_whom",
    "complaint",
    "topic",
    "area",
    "said",
    "about_kind",
    "about_key",
    "name",
    "email",
    "phone",
    "address",
    "answer_by",
    "answer_lang",
    *(f"need_{need}" for need in AccessNeed),
    "needs_words",
    "needs_asked",  # that the form asks for needs, so that a box without a tick says no
    "may_publish",
)
ABOUT = {"post", "standard", "roadmap", "change", "record"}
WORDS = {"said", "address"}  # of which nothing is let go, however often it comes
CONTACT = ("name", "email", "phone", "address")
NEEDS = (*(f"need_{need}" for need in AccessNeed), "needs_words")


@dataclass(frozen=True)
class Form:
    """A form as somebody filled it in."""

    typed: Mapping[str, str]  # each field's text, "" when it was left alone
    doubled: frozenset[str] = frozenset()  # fields that came more than once

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, object]]) -> Form:
        """Return the form of a request; unknown fields and files are left out."""
        typed: dict[str, str] = {}
        doubled = set()
        for name, value in pairs:
            if name not in FIELDS or not isinstance(value, str):
                continue
            if name in typed:
                doubled.add(name)
                if name in WORDS and value != typed[name]:
                    typed[name] += f"\n\n{value}"
            else:
                typed[name] = value
        return cls({name: typed.get(name, "") for name in FIELDS}, frozenset(doubled))

    def __getitem__(self, name: str) -> str:
        """Return what was typed into a field, trimmed, in one form of Unicode.

        What nobody sees and what turns round the order of reading goes; so a field that holds
        nothing else is empty.
        """
        text = unicodedata.normalize("NFC", self.typed[name]).replace("\r\n", "\n")
        shown = "".join(c for c in text if c == "\n" or _is_kept(c)).strip()
        return shown if visible(shown) else ""

    def corrected(self, **answers: str) -> Form:
        """Return the form with other answers in some fields."""
        return replace(self, typed={**self.typed, **answers})

    @property
    def clean(self) -> dict[str, str]:
        """Return every field as it is read."""
        return {name: self[name] for name in self.typed}


def _is_kept(letter: str) -> bool:
    return unicodedata.category(letter) != "Cc" and letter not in TURNING


@dataclass(frozen=True)
class FormFault:
    """Something to mend in a form."""

    field: str
    words: str  # in the tenant's language


def read(
    form: Form, site: Site, lang: str, say: Say, reach: MailReach
) -> Submission | list[FormFault]:
    """Return the submission that a form makes, or its faults, in the order of the page."""
    doubled = sorted(form.doubled - {*CONTACT, *NEEDS, "answer_by", "answer_lang"})
    faults = [FormFault(name, say("Send this only once.")) for name in doubled]
    faults += _faults(form, site, say, reach)
    if faults:
        return sorted(faults, key=lambda fault: FIELDS.index(fault.field))
    return Submission(
        sort=SubmissionSort(form["sort"]),
        lang=lang,
        said=form["said"],
        topic=site.current("topics", form["topic"]),
        area=site.current("areas", form["area"]),
        target=Target(form["about_kind"], form["about_key"]) if form["about_key"] else None,
        answer_by=answer_by_of(form),
        answer_lang=form["answer_lang"],
        may_publish=form["may_publish"] == "yes",
        complaint=form["complaint"] == "yes",
        for_whom=ForWhom(form["for_whom"]) if form["for_whom"] else None,
        contact=contact_of(form),
    )


def contact_of(form: Form) -> Contact:
    """Return how to reach whoever filled in a form without faults, each detail in its own form."""
    return Contact(
        name=visible(form["name"]),
        email=email_address(form["email"]).text if form["email"] else "",
        phone=telephone(form["phone"]),
        address=form["address"],
        needs=tuple(need for need in AccessNeed if form[f"need_{need}"] == "yes"),
        needs_words=form["needs_words"],
    )


def contact_pairs(contact: Contact) -> list[tuple[str, str]]:
    """Return the fields of a form that say how to reach somebody, as they are known."""
    needs = [(f"need_{need}", "yes" if need in contact.needs else "") for need in AccessNeed]
    known = [(name, getattr(contact, name)) for name in CONTACT]
    return [*known, *needs, ("needs_words", contact.needs_words)]


def answer_by_of(form: Form) -> AnswerBy:
    """Return how somebody is to be answered: an address typed is a wish for mail."""
    return AnswerBy(form["answer_by"] or (AnswerBy.EMAIL if form["email"] else AnswerBy.RECEIPT))


def email_fault(typed: str, say: Say, reach: MailReach) -> str:
    """Return what is wrong with an e-mail address, in the tenant's language; "" for nothing."""
    _ = say
    try:
        address = email_address(typed)
    except NoAddress:
        return _("Write an e-mail address such as nia@example.org.")
    if address.accented and not reach.accents:
        return _("Our e-mail reaches no address with accents before the @. Write another.")
    return ""


def _faults(form: Form, site: Site, say: Say, reach: MailReach) -> list[FormFault]:
    _ = say
    faults = []

    def check(name: str, well: object, words: str) -> None:
        if not well:
            faults.append(FormFault(name, words))

    choose = _("Choose one of the answers.")
    check(
        "sort", form["sort"] in set(SubmissionSort), _("Choose what sort of thing you want to say.")
    )
    if form["sort"] in {SubmissionSort.IDEA, SubmissionSort.PROBLEM, SubmissionSort.PRAISE}:
        check("danger", form["danger"] in {"yes", "no"}, _("Say whether anyone is in danger."))
    for name in ("complaint", "may_publish"):
        check(name, form[name] in {"", "yes", "no"}, choose)
    check("for_whom", form["for_whom"] in {"", *ForWhom}, choose)
    # A page that is open since before a topic was renamed or ended still sends the old one.
    for name, setting in (("topic", "topics"), ("area", "areas")):
        check(name, not form[name] or site.word(setting, form[name]), choose)
    check("said", form["said"], _("Write what you want to say."))
    check(
        "said",
        len(form["said"]) <= LONGEST_WORDS,
        _("That is %(number)s letters long. Keep it under %(most)s.")
        % {"number": len(form["said"]), "most": LONGEST_WORDS},
    )
    check("about_kind", _about_well(form), _("Start again from the page you came from."))
    faults += contact_faults(form, site, say, reach)
    return faults


def _about_well(form: Form) -> bool:
    """Whether the form names what it must be about, and no more than it may."""
    kind, key = form["about_kind"], form["about_key"]
    needed = {SubmissionSort.REPLY.value: "post", SubmissionSort.COMMENT.value: "standard"}.get(
        form["sort"]
    )
    if not kind and not key:
        return needed is None
    well = kind in ABOUT and re.fullmatch(r"[A-Za-z0-9-]{1,80}", key) is not None
    return well and needed in {None, kind}


def contact_faults(form: Form, site: Site, say: Say, reach: MailReach) -> list[FormFault]:
    """Return what is wrong with how to reach a tenant."""
    _ = say
    faults = [
        FormFault(name, _("Send this only once."))
        for name in (*CONTACT, *NEEDS, "answer_by", "answer_lang")
        if name in form.doubled
    ]
    allowed = {"answer_by": {"", *AnswerBy}, "answer_lang": {"", *site.languages}}
    for name, words in allowed.items():
        if form[name] not in words:
            faults.append(FormFault(name, _("Choose one of the answers.")))
    needs = (f"need_{need}" for need in AccessNeed)
    faults += [
        FormFault(name, _("Choose one of the answers."))
        for name in needs
        if form[name] not in {"", "yes"}
    ]
    for name in (*CONTACT, "needs_words"):
        most = LONGEST_LINE * (3 if name == "address" else 1)
        if len(form[name]) > most:
            faults.append(FormFault(name, _("That is too long.")))
    if form["email"] and (wrong := email_fault(form["email"], say, reach)):
        faults.append(FormFault("email", wrong))
    if form["phone"] and not telephone(form["phone"]):
        faults.append(FormFault("phone", _("Write a phone number such as 01632 960001.")))
    needed = {
        AnswerBy.EMAIL: ("email", _("Write your e-mail address, so that we can answer.")),
        AnswerBy.PHONE: ("phone", _("Write your phone number, so that we can answer.")),
        AnswerBy.LETTER: ("address", _("Write your address, so that we can answer.")),
    }
    if form["answer_by"] in needed:
        lacking, why = needed[AnswerBy(form["answer_by"])]
        if not form[lacking]:
            faults.append(FormFault(lacking, why))
    return faults
