"""What a system for repairs says of its jobs, put into the cases that were handed over to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from core.public.vocabulary import WorkOutcome
from feedback.store.actions.outcomes import end_handover
from feedback.store.casework.cases import asked_languages, cases_of, selected
from feedback.store.casework.events import SERVICE
from feedback.store.database.errors import Refused
from feedback.store.database.schema import HANDOVERS, SUBMISSIONS
from feedback.work_tables import RowFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    cases = dict(_cases(conn, [report.ref for report in reports if report.ref]))
    jobs = _by_job(conn, [report.job for report in reports if not report.ref])
    cases |= dict(_cases(conn, [ref for refs in jobs.values() for ref in refs if ref not in cases]))
    for report in reports:
        refs = [report.ref] if report.ref else jobs.get(report.job, [])
        mine = [cases[ref] for ref in refs if ref in cases and cases[ref].handed]
        if not mine:
            taken.unknown.append(report)
        for case in mine:
            _take(conn, case, report, desk, taken)
    return taken


def _take(
    conn: Connection, case: Case, report: WorkReport, desk: WorkDesk, taken: WorkTaken
) -> None:
    handed = case.handed
    if handed is None:
        return
    if handed.outcome or case.handed_by is None:
        if report.outcome in {None, handed.outcome}:
            taken.same += 1
        else:
            wrong = f"{case.ref} came back as {handed.outcome or 'taken back'} already."
            taken.refused.append(RowFault(report.line, f"{wrong} Put it right at the desk."))
        return
    if report.job and not handed.job:
        conn.execute(update(HANDOVERS).where(HANDOVERS.c.id == handed.id).values(job=report.job))
    if report.outcome is None:
        new = bool(report.job and not handed.job)
        taken.numbered += new
        taken.same += not new
        return
    try:
        _end(conn, case, report, desk)
    except Refused as refused:
        taken.refused.append(RowFault(report.line, str(refused)))
        return
    taken.done += report.outcome == WorkOutcome.DONE
    taken.not_done += report.outcome == WorkOutcome.NOT_DONE


def _end(conn: Connection, case: Case, report: WorkReport, desk: WorkDesk) -> None:
    texts = {desk.lang: report.why} if report.why else {}
    end_handover(
        conn,
        case.ref,
        version=case.version,
        outcome=report.outcome,
        done_on=report.done_on,
        texts=texts,
        wanted=asked_languages(conn, case, desk.languages) if texts else (),
        today=desk.today,
        by=SERVICE,
        now=desk.now,
    )


def _cases(conn: Connection, refs: Sequence[str]) -> Iterator[tuple[str, Case]]:
    for batch in _batches(refs):
        for case in cases_of(conn, selected().where(SUBMISSIONS.c.ref.in_(batch))):
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
