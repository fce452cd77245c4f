"""What a system for repairs says of its jobs, put into the cases that were handed over to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from core.public.vocabulary import WorkOutcome
from feedback.model import spoken
from feedback.store.actions.outcomes import HandoverEnd, check_end, end_handovers
from feedback.store.casework.cases import asked_languages, cases_of, selected
from feedback.store.casework.events import SERVICE
from feedback.store.database.errors import Refused
from feedback.store.database.schema import HANDOVERS, SUBMISSIONS
from feedback.work_tables import RowFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from feedback.model import Case
    from feedback.work_tables import WorkReport

BATCH = 500  # cases looked up by one query


@dataclass
class WorkTaken:
    """What became of the rows of a table."""

    done: int = 0  # hand-overs that came back as done
    not_done: int = 0
    numbered: int = 0  # that have a job's number from now on
    same: int = 0  # rows that say nothing new
    unknown: list[WorkReport] = field(default_factory=list)  # of nothing that was handed over
    refused: list[RowFault] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """Return how many hand-overs are other than they were."""
        return self.done + self.not_done + self.numbered


@dataclass(frozen=True, slots=True)
class WorkDesk:
    """Where reports are taken: the languages spoken there, and the moment."""

    languages: Sequence[str]
    lang: str  # in which reasons are written
    today: date
    now: datetime


def take_reports(conn: Connection, reports: Sequence[WorkReport], desk: WorkDesk) -> WorkTaken:
    """Put what is reported into the cases; what stands there already is left alone.

    The day that was promised stays: whoever is late stays late.
    """
    taken = WorkTaken()
    ends: dict[int, HandoverEnd] = {}
    cases = dict(_cases(conn, [report.ref for report in reports if report.ref]))
    jobs = _by_job(conn, [report.job for report in reports if not report.ref])
    cases |= dict(_cases(conn, [ref for refs in jobs.values() for ref in refs if ref not in cases]))
    for report in reports:
        refs = [report.ref] if report.ref else jobs.get(report.job, [])
        mine = [cases[ref] for ref in refs if ref in cases and cases[ref].handed]
        if not mine:
            taken.unknown.append(report)
        for case in mine:
            try:
                if ended := _take(conn, case, report, desk, taken):
                    ends[case.id] = ended
            except Refused as refused:
                taken.refused.append(RowFault(report.line, str(refused)))
    end_handovers(conn, list(ends.values()), today=desk.today, by=SERVICE, now=desk.now)
    for ended in ends.values():
        taken.done += ended.outcome == WorkOutcome.DONE
        taken.not_done += ended.outcome == WorkOutcome.NOT_DONE
    return taken


def _take(
    conn: Connection, case: Case, report: WorkReport, desk: WorkDesk, taken: WorkTaken
) -> HandoverEnd | None:
    """Keep a job's number, and return what came of the work; None where that is nothing new.

    :raises Refused: when it contradicts the desk, or can't be said.
    """
    if (handed := case.handed) is None:
        return None
    if case.merged_into or case.status.owes_nothing:
        raise Refused("merged", f"{case.ref} was taken back, or merged into another.")
    if handed.outcome or case.handed_by is None:
        if report.outcome in {None, handed.outcome}:
            taken.same += 1
            return None
        wrong = f"{case.ref} came back as {handed.outcome or 'taken back'} already."
        raise Refused("already", f"{wrong} Put it right at the desk.")
    numbered = bool(report.job and not handed.job)
    if numbered:
        conn.execute(update(HANDOVERS).where(HANDOVERS.c.id == handed.id).values(job=report.job))
    if report.outcome is None:
        taken.numbered += numbered
        taken.same += not numbered
        return None
    texts = {desk.lang: report.why} if report.why else {}
    wanted = _asked(conn, case, desk) if texts else ()
    ended = HandoverEnd(case, report.outcome, report.done_on, texts, wanted)
    check_end(ended, desk.today)
    return ended


def _asked(conn: Connection, case: Case, desk: WorkDesk) -> Collection[str]:
    if case.people == 1:
        return {spoken((case.answer_lang, case.lang), desk.languages)}
    return asked_languages(conn, case, desk.languages)


def _cases(conn: Connection, refs: Sequence[str]) -> Iterator[tuple[str, Case]]:
    for batch in _batches(refs):
        mine = SUBMISSIONS.c.ref.in_(batch)
        conn.execute(select(SUBMISSIONS.c.id).where(mine).order_by("id").with_for_update())
        for case in cases_of(conn, selected().where(mine)):
            yield case.ref, case


def _by_job(conn: Connection, jobs: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the references of what was handed over as each of these jobs."""
    refs: dict[str, list[str]] = {}
    for batch in _batches(jobs):
        rows = conn.execute(
            select(HANDOVERS.c.job, SUBMISSIONS.c.ref)
            .join(SUBMISSIONS, SUBMISSIONS.c.id == HANDOVERS.c.submission)
            .where(HANDOVERS.c.job.in_(batch))
            .distinct()
        )
        for row in rows:
            refs.setdefault(row.job, []).append(row.ref)
    return refs


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(names))
    for first in range(0, len(unique), BATCH):
        yield unique[first : first + BATCH]
