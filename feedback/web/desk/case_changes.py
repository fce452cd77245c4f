"""What the form of a case changes in it, what stands against that, and what is kept of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.public.record_files import public_words
from core.public.vocabulary import REFERENCE, Detail, WorkOutcome
from feedback.forms import Form, answer_by_of, contact_of
from feedback.identifiers import visible
from feedback.model import CaseStatus, Route
from feedback.store import Refused, corrections, danger, desk_drafts, submissions
from feedback.web.desk.case_form import target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from core.public.site_shell import SiteShell
    from core.site import Site
    from feedback.model import Case
    from feedback.store.queues import QueueWish
    from feedback.web.desk.case_form import CaseForm

TOLD_BY_DECISION = {CaseStatus.DECLINED, CaseStatus.ROUTED}  # with no further answer
HANDED = ("route", "passed_to", "job", "job_phone", "job_by")
CORRECTED = ("topic", "area", "about")
PUT_RIGHT = ("reply", "reason", "corrected")  # the last says why
ASSIGNED = ("team", "holder", "waits_for")


@dataclass(frozen=True, kw_only=True)
class CaseRequest:
    """What a member of staff asked for, and when."""

    case: Case  # as it stands now
    standing: Mapping[str, str]  # what stands in each field of its form now
    form: CaseForm
    fields: Mapping[str, str]  # everything that was sent, by name
    version: int  # of the case as they saw it
    draft_seen: datetime | None  # of when their own draft was that they saw
    by: str
    own_team: str  # of whoever asks: a key of site.toml, or ""
    now: datetime
    site: Site
    shell: SiteShell
    may_publish: bool
    saves: bool  # everything, as it stands on the form
    answers: bool  # whether the answer is to be sent
    goes_on: bool  # to the next case
    queue: QueueWish  # where they came from

    def chosen(self, name: str) -> str:
        """Return what was sent under a name, "" for nothing."""
        return self.fields.get(name, "")

    def day(self, name: str) -> date | None:
        """Return the day in a field, as a browser sends it or as people write it; None for none."""
        try:
            return date.fromisoformat(self.chosen(name))
        except ValueError:
            return None

    @property
    def answering_team(self) -> str:
        """Return the team that the form names as the one that answers."""
        return self.form.texts.get("team", self.standing["team"])

    @property
    def today(self) -> date:
        """Return the day on which it is asked for, where the association is."""
        return self.now.astimezone(self.site.timezone).date()

    @property
    def changes(self) -> dict[str, str]:
        """Return what they changed, by field."""
        return self.form.changes(self.standing)

    def worded(self, part: str) -> dict[str, str]:
        """Return the words of a part of the form that they changed, by language."""
        changes = self.changes
        texts = {lang: changes.get(f"{part}_{lang}", "") for lang in self.site.languages}
        return {lang: public_words(text) for lang, text in texts.items() if visible(text)}

    def public_text(self, status: CaseStatus | None) -> str | None:
        """Return the public words to keep, None where they are left as they are.

        Whoever publishes or saves them has read them, also words that only the desk suggested.
        """
        if "public_text" not in self.form.texts:
            return None
        typed = self.form.texts["public_text"]
        text = public_words(typed) if visible(typed) else ""
        read = status == CaseStatus.PUBLISHED or self.saves
        first = read and not self.case.public_text
        changed = "public_text" in self.changes or (first and bool(text))
        kinds = bool(self.case.public_text) and set(self.kinds) != set(self.case.redacted)
        return text if changed or kinds else None

    @property
    def kinds(self) -> list[Detail]:
        """Return the kinds of detail that were taken out of the public words."""
        return [kind for kind in Detail if kind in self.form.ticked.get("kinds", ())]

    @property
    def harmless(self) -> tuple[str, ...]:
        """Return words that look personal and that somebody who may publish found harmless."""
        return self.form.harmless if self.may_publish else ()


class CaseChanges:
    """Puts a form into a case. Each change stands on the last, so its version is asked for once."""

    def __init__(self, conn: Connection, wish: CaseRequest) -> None:
        self._conn = conn
        self._wish = wish
        self._version = wish.version
        self._used: set[str] = set()  # fields that are no draft any more

    def take(self, status: CaseStatus | None) -> None:
        """Keep corrections, public words, notes and whose case it is; send an answer if asked to.

        :param status: what is decided next, None for nothing.
        """
        self._correct()
        self._redact(status)
        self._note()
        self._assign()
        if self._wish.answers:
            self._reply(status)

    def decide(self, status: CaseStatus) -> None:
        """Decide what becomes of the words."""
        wish, route = self._wish, self._wish.chosen("route")
        declined, routed = status == CaseStatus.DECLINED, status == CaseStatus.ROUTED
        self._step(
            submissions.decide,
            status=status,
            reason=self._reasons() if declined else None,
            route=Route(route) if routed and route in set(Route) else None,
            job=_job(wish) if routed else None,
            wanted=self._wanted(),
        )
        self._used |= set(HANDED) if routed else set()
        if declined:
            self._used |= {f"reason_{lang}" for lang in wish.site.languages}

    def end_handover(self) -> None:
        """Say what came of what was handed over."""
        wish, outcome = self._wish, self._wish.chosen("outcome")
        texts = {lang: wish.form.texts.get(f"outcome_{lang}", "") for lang in wish.site.languages}
        self._step(
            submissions.end_handover,
            outcome=WorkOutcome(outcome) if outcome in set(WorkOutcome) else None,
            done_on=wish.day("done_on"),
            texts={lang: public_words(text) for lang, text in texts.items()},
            wanted=self._wanted(),
            today=wish.today,
        )
        self._used |= {"outcome", "done_on"} | {f"outcome_{lang}" for lang in wish.site.languages}

    def put_right(self) -> None:
        """Put other words in the place of public ones, and say why in public."""
        wish = self._wish
        reply, reason, why = (wish.worded(part) for part in PUT_RIGHT)
        self._step(corrections.put_right, reply=reply, reason=reason, why=why)
        self._used |= {f"{part}_{lang}" for part in PUT_RIGHT for lang in wish.site.languages}

    def merge(self) -> None:
        """Answer this case together with another that says the same.

        :raises Refused: "unknown", when there is no such other.
        """
        typed = self._wish.chosen("other") or self._wish.chosen("into")
        into = typed.upper()
        if not REFERENCE.fullmatch(into) or submissions.case(self._conn, into) is None:
            raise Refused("unknown", f"There is no submission {into}.")
        self._step(submissions.merge, into=into)
        self._used |= {"other"}

    def assign(self) -> None:
        """Say whose case it is and what it waits for, with a note for them."""
        self._note()
        self._assign()

    def unmerge(self) -> None:
        """Let a merged case stand on its own again."""
        self._step(submissions.unmerge)

    def escalate(self) -> None:
        """Stop for somebody's safety: the words stay at the desk."""
        self._sure("escalate")
        self._step(submissions.escalate)

    def take_in_hand(self) -> None:
        """Take what somebody is called about: nobody else is called.

        :raises Refused: "taken", when somebody has it already.
        """
        wish = self._wish
        if not danger.take(self._conn, wish.case.ref, by=wish.by, team=wish.own_team, now=wish.now):
            raise Refused("taken", "Somebody has it already.")

    def contact(self) -> None:
        """Write down how the tenant is to be answered, as they told staff."""
        wish, form = self._wish, Form.of(self._wish.fields.items())
        submissions.add_contact(
            self._conn,
            wish.case.ref,
            contact_of(form),
            answer_by=answer_by_of(form),
            now=wish.now,
            by=wish.by,
        )
        self._used |= {"answer_by", "name", "email", "phone", "address"}

    def withdraw(self) -> None:
        """Take the words back, as the tenant asked."""
        self._sure("withdraw")
        submissions.withdraw(self._conn, self._wish.case.ref, now=self._wish.now, by=self._wish.by)

    def forget(self) -> None:
        """Erase every private word, as the tenant asked."""
        self._sure("forget")
        submissions.forget(self._conn, self._wish.case.ref, now=self._wish.now, by=self._wish.by)

    def keep_rest(self) -> None:
        """Keep what is on the form and was not used as its author's draft."""
        wish = self._wish
        if submissions.existing(self._conn, wish.case.ref).forgotten:
            return  # nothing that anybody typed may stay
        typed = wish.form.kept(wish.standing, self._used)
        desk_drafts.keep_draft(
            self._conn, wish.case.ref, typed, by=wish.by, now=wish.now, seen=wish.draft_seen
        )

    def _step(self, change: Callable[..., Case], **options: Any) -> Case:  # noqa: ANN401
        wish = self._wish
        case = change(
            self._conn, wish.case.ref, version=self._version, by=wish.by, now=wish.now, **options
        )
        self._version = case.version
        return case

    def _correct(self) -> None:
        wish, changed = self._wish, [name for name in CORRECTED if name in self._wish.changes]
        if not changed:
            return
        texts = {name: wish.form.texts.get(name, wish.standing[name]) for name in CORRECTED}
        self._step(
            submissions.correct,
            topic=texts["topic"],
            area=texts["area"],
            target=target_of(texts["about"]),
        )
        self._used |= set(changed)

    def _redact(self, status: CaseStatus | None) -> None:
        text = self._wish.public_text(status)
        if text is not None:
            self._step(submissions.redact, public_text=text, kinds=self._wish.kinds)
        standing = self._wish.case.public_text if text is None else text
        if words := [word for word in self._wish.harmless if word in standing]:
            self._step(submissions.clear, words=words)
        self._used |= {"public_text"}

    def _note(self) -> None:
        text = public_words(self._wish.changes.get("note", ""))
        if visible(text):
            wish = self._wish
            submissions.note(self._conn, wish.case.ref, text, by=wish.by, now=wish.now)
        self._used |= {"note"}

    def _assign(self) -> None:
        wish = self._wish
        changed = {name: text for name, text in wish.changes.items() if name in ASSIGNED}
        if changed:
            submissions.assign(self._conn, wish.case.ref, by=wish.by, now=wish.now, **changed)
        self._used |= set(ASSIGNED)

    def _reply(self, status: CaseStatus | None) -> None:
        wish, texts = self._wish, self._wish.worded("reply")
        enough = status in TOLD_BY_DECISION or (status is not None and bool(wish.case.reply))
        if texts or not enough:
            again = wish.chosen("tell_again") == "yes"
            self._step(
                submissions.reply,
                texts=texts,
                team=wish.answering_team,
                wanted=self._wanted(),
                tell_again=again,
            )
        self._used |= {f"reply_{lang}" for lang in wish.site.languages}

    def _wanted(self) -> set[str]:
        """Return the languages without which nobody is answered; none where staff waive them."""
        wish = self._wish
        if wish.chosen("otherwise") == "yes":
            return set()
        case = submissions.existing(self._conn, wish.case.ref)
        return submissions.asked_languages(self._conn, case, wish.site.languages)

    def _reasons(self) -> dict[str, str]:
        """Return the reasons as they stand on the form: declining again says them again."""
        wish = self._wish
        texts = {lang: wish.form.texts.get(f"reason_{lang}", "") for lang in wish.site.languages}
        return {lang: public_words(text) for lang, text in texts.items() if visible(text)}

    def _sure(self, name: str) -> None:
        if "yes" not in {self._wish.chosen("sure"), self._wish.chosen(f"sure_{name}")}:
            raise Refused("unsure", "Tick that you are sure.")


def _job(wish: CaseRequest) -> submissions.WorkOrder:
    """Return what is known of what is handed over, as it stands on the form."""
    return submissions.WorkOrder(
        team=wish.chosen("passed_to"),
        reference=public_words(wish.chosen("job")),
        phone=public_words(wish.chosen("job_phone")),
        by=wish.day("job_by"),
    )
