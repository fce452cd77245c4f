"""What the form of a case changes in it, what stands against that, and what is kept of the rest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.public.record_files import public_words
from core.public.vocabulary import REFERENCE, WorkOutcome
from feedback.forms import CONTACT, NEEDS, Form, answer_by_of, contact_of, contact_pairs
from feedback.identifiers import visible
from feedback.model import DECISIONS, CaseStatus, Route
from feedback.store import Refused
from feedback.store.actions import corrections, danger, follow_ups, submissions
from feedback.store.desk import desk_drafts
from feedback.web.desk.case_form import target_of
from feedback.web.desk.session import HIGHEST
from feedback.web.protection import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from feedback.model import Case
    from feedback.web.desk.case_request import CaseRequest

HANDED = ("route", "passed_to", "job", "job_phone", "job_by")
CORRECTED = ("topic", "area", "about")
PUT_RIGHT = ("reply", "reason", "corrected")  # the last says why
ASSIGNED = ("team", "holder", "waits_for")


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
            clocks=wish.clocks,
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
            done_on=day_of(wish.chosen("done_on")),
            texts={lang: public_words(text) for lang, text in texts.items()},
            wanted=self._wanted(),
            today=wish.today,
        )
        self._used |= {"outcome", "done_on"} | {f"outcome_{lang}" for lang in wish.site.languages}

    def beside(self, work: Callable[[Connection, CaseRequest], None], *fields: str) -> None:
        """Do something that changes nothing of what anybody decides about.

        :param fields: of the form, that it uses.
        """
        work(self._conn, self._wish)
        self._used |= set(fields)

    def leave_unanswered(self) -> None:
        """Say that what was written since needs no answer."""
        self._step(follow_ups.leave_unanswered)

    def erase_photo(self) -> None:
        """Erase one photo, such as one that shows somebody."""
        self._sure("photo")
        number = whole_number(self._wish.chosen("photo"), HIGHEST)
        self._step(follow_ups.erase_photo, number=number or 0)

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
        self._step(submissions.merge, into=into, wanted=self._wanted())
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
        wish, known = self._wish, submissions.contact(self._conn, self._wish.case.ref)
        needs = [] if wish.chosen("needs_asked") else contact_pairs(known)
        standing = [pair for pair in needs if pair[0] in NEEDS and pair[0] not in wish.fields]
        form = Form.of([*wish.fields.items(), *standing])
        submissions.add_contact(
            self._conn,
            wish.case.ref,
            contact_of(form),
            answer_by=answer_by_of(form),
            now=wish.now,
            by=wish.by,
        )
        self._used |= {"answer_by", *CONTACT, *NEEDS}

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
            self._conn,
            wish.case.ref,
            typed,
            by=wish.by,
            now=wish.now,
            seen=wish.draft_seen,
            carried=wish.form.carried,
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
        further = wish.worded("further")
        if further:
            answer = {"texts": further, "team": team_of(wish), "wanted": self._wanted()}
            self._step(follow_ups.answer_again, **answer)
        decided = status is not None and (DECISIONS[status].tells or bool(wish.case.reply))
        enough = bool(further) or decided
        if texts or not enough:
            again = wish.chosen("tell_again") == "yes"
            self._step(
                submissions.reply,
                texts=texts,
                team=team_of(wish),
                wanted=self._wanted(),
                tell_again=again,
            )
        parts = ("reply", "further")
        self._used |= {f"{part}_{lang}" for part in parts for lang in wish.site.languages}

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


def team_of(wish: CaseRequest) -> str:
    """Return the team in whose name an answer is written, a key of site.toml."""
    return wish.form.texts.get("team", wish.standing["team"])


def _job(wish: CaseRequest) -> submissions.WorkOrder:
    """Return what is known of what is handed over, as it stands on the form."""
    return submissions.WorkOrder(
        team=wish.chosen("passed_to"),
        reference=public_words(wish.chosen("job")),
        phone=public_words(wish.chosen("job_phone")),
        by=day_of(wish.chosen("job_by")),
    )


def day_of(text: str) -> date | None:
    """Return a day as a browser's field sends it, or as people write it there; None for none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
