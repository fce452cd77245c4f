"""What stands against what a member of staff asked for, before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.forms import Form, contact_faults
from feedback.model import LONGEST_LINE, LONGEST_WORDS, CaseStatus, shows_answer
from feedback.web.desk.case import CaseProblem, personal_words
from feedback.web.desk.case_changes import HANDED, PUT_RIGHT, day_of, team_of
from feedback.web.desk.case_form import target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from feedback.web.desk.case_request import CaseRequest


def check(wish: CaseRequest, name: str, status: CaseStatus | None) -> CaseProblem | None:
    """Return what stands against a request before anything is done.

    :param status: what it would decide, None for nothing.
    """
    if name == "contact":
        faults = contact_faults(Form.of(wish.fields.items()), wish.site, str, wish.reach)
        fields = tuple(fault.field for fault in faults)
        return CaseProblem("contact", fields) if fields else None
    texts = wish.changes
    longest = dict.fromkeys(("waits_for", "other", *HANDED), LONGEST_LINE)
    if any(len(text) > longest.get(field, LONGEST_WORDS) for field, text in texts.items()):
        return CaseProblem("long")
    answers = wish.answers and (wish.worded("reply") or wish.worded("further"))
    if answers and not wish.site.word("teams", team_of(wish)):
        return CaseProblem("team")
    if unknown := _unknown(wish) or _wrong_day(wish, name):
        return CaseProblem(unknown)
    words = tuple(
        dict.fromkeys(
            word
            for text in (*_to_be_public(wish, status), *_put_right(wish, name))
            for word in personal_words(text, wish.case, wish.site, wish.harmless)
        )
    )
    return CaseProblem("personal", words) if words else None


def _wrong_day(wish: CaseRequest, name: str) -> str:
    """Return the field whose day can't be meant, "" for none."""
    field = {"route": "job_by", "outcome": "done_on"}.get(name, "")
    text = wish.chosen(field)
    day = day_of(text)
    past = name == "route" and day is not None and day < wish.today
    return field if text and (day is None or past) else ""


def _unknown(wish: CaseRequest) -> str:
    """Return which field names something that there is none of, "" for none."""
    about = wish.changes.get("about", "")
    target = target_of(about)
    if about and (target is None or wish.shell.about(target, wish.site.languages[0]) is None):
        return "about"
    tables = {"topic": "topics", "area": "areas", "team": "teams", "passed_to": "teams"}
    for field, table in tables.items():
        chosen = wish.changes.get(field, "")
        if chosen and not wish.site.word(table, chosen):
            return field
    return ""


def _to_be_public(wish: CaseRequest, status: CaseStatus | None) -> Iterator[str]:
    """Give the texts that a request would put into public sight."""
    after = status or wish.case.status
    new = wish.worded("reply") if wish.answers else {}
    if after == CaseStatus.PUBLISHED:
        text = wish.public_text(status)
        yield from _changed(wish.case.public_text, text, always=status is not None)
    if shows_answer(after):
        yield from new.values()
        yield from () if status is None else _others(wish.case.reply, new)
    if status == CaseStatus.DECLINED:
        yield from (wish.form.texts.get(f"reason_{lang}", "") for lang in wish.site.languages)


def _put_right(wish: CaseRequest, name: str) -> Iterator[str]:
    """Give the texts that take the place of public ones, and why."""
    for part in PUT_RIGHT if name == "put-right" else ():
        yield from wish.worded(part).values()


def _changed(before: str, text: str | None, *, always: bool) -> Iterator[str]:
    if text is not None or always:
        yield before if text is None else text


def _others(texts: Mapping[str, str], new: Iterable[str]) -> Iterator[str]:
    yield from (text for lang, text in texts.items() if lang not in set(new))
