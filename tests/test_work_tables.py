"""Tables of jobs, from and to a system for repairs: any dress, no row half taken, nothing twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from commands.repairs import WorkExport, export_work, import_work
from core.public.vocabulary import WorkOutcome
from core.repairs_system import DateOrder, RepairColumns, RepairsSystem
from feedback.handed_rows import handed_rows
from feedback.model import CaseStatus, Route
from feedback.store.actions import submissions
from feedback.store.actions.work_reports import WorkDesk, WorkTaken, take_reports
from feedback.store.database.schema import EVENTS
from feedback.work_tables import (
    PrivateWorkRow,
    WorkRow,
    WorkTableFault,
    day_written,
    read_reports,
    work_csv,
)
from tests.desk import colleague, said
from tests.tenants import LATER, House
from tests.test_clock_settings import written
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from feedback.work_tables import WorkReport
    from tests.speaking import Speaking

OURS = RepairsSystem()
THEIRS = RepairsSystem(
    done=("Complete", "Closed"),
    not_done=("No access",),
    columns=RepairColumns(
        reference="Our Ref", job="Job No.", outcome="Status", done_on="Completed", why="Notes"
    ),
)
TABLE = (
    "Job No.;Tenant;Our Ref;Status;Completed;Notes\r\n"
    "J-1;x;f-2k7q9t;Complete;04/03/2026 14:20;\r\n"
    'J-2;y;;No access;;"Nobody in; twice"\r\n'
    "\r\n"
    "J-3;z;;Booked;;\r\n"
)
DESK = WorkDesk(("cy", "en"), "en", LATER.date(), LATER)


def read(text: str, system: RepairsSystem = OURS) -> tuple[Sequence[WorkReport], list[str]]:
    reports, faults = read_reports(text.encode(), system)
    return reports, [f"{fault.line}: {fault.wrong}" for fault in faults]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace(";twice", ";\tx")
        .replace(";", ",")
        .replace("in, twice", "in; twice")
        .encode(),
        ("sep=;\r\n" + TABLE).encode("cp1252"),
        TABLE.replace(";", "\t").replace("in\t twice", "in; twice").encode("utf-16"),
        TABLE.replace("\r\n", "\n").encode(),
    ],
)
def test_a_table_says_the_same_in_any_dress(content: bytes) -> None:
    reports, faults = read_reports(content, THEIRS)
    assert faults == ()
    assert [(r.ref, r.job, r.outcome, r.done_on, r.why) for r in reports] == [
        ("F-2K7Q9T", "J-1", WorkOutcome.DONE, date(2026, 3, 4), ""),
        ("", "J-2", WorkOutcome.NOT_DONE, None, "Nobody in; twice"),
        ("", "J-3", None, None, ""),
    ]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-04", DateOrder.DAY_FIRST, date(2026, 3, 4)),
        ("2026-03-04T09:30:00Z", DateOrder.MONTH_FIRST, date(2026, 3, 4)),
        ("04/03/2026", DateOrder.DAY_FIRST, date(2026, 3, 4)),
        ("04/03/2026", DateOrder.MONTH_FIRST, date(2026, 4, 3)),
        ("4.3.26 08:15", DateOrder.DAY_FIRST, date(2026, 3, 4)),
        ("4 March 2026", DateOrder.DAY_FIRST, date(2026, 3, 4)),
        ("04-Mar-26", DateOrder.DAY_FIRST, date(2026, 3, 4)),
        ("46085", DateOrder.DAY_FIRST, date(2026, 3, 4)),
    ],
)
def test_days_are_read_as_systems_write_them(text: str, order: DateOrder, day: date) -> None:
    assert day_written(text, order) == day


@pytest.mark.parametrize("text", ["04/13/2026", "31/02/2026", "March 2026", "12", "soon", "9" * 40])
def test_a_day_that_could_be_another_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day"):
        day_written(text, DateOrder.DAY_FIRST)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("F-OOOOOO,,done,", "no reference"),
        (",,done,", "neither our reference nor a job"),
        ("F-2K7Q9T,,done,31/02/2026", "is no day"),
        (f",{'J' * 300},done,", "too long"),
    ],
)
def test_a_row_that_can_not_be_meant_is_told_by_its_line(row: str, wrong: str) -> None:
    reports, faults = read(f"reference,job,outcome,done_on\nF-3K7Q9T,,done,\n{row}\n")
    assert [report.ref for report in reports] == ["F-3K7Q9T"]
    assert len(faults) == 1
    assert faults[0].startswith("3: ")
    assert wrong in faults[0]


def test_the_same_job_twice_counts_once_unless_it_says_something_else() -> None:
    head = "reference,job,outcome\n"
    reports, faults = read(head + "F-2K7Q9T,J-1,done\n" * 2 + "F-2K7Q9T,J-1,not-done\n")
    assert len(reports) == 1
    assert faults == ["4: F-2K7Q9T stands on line 2 already, and says something else there."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"name,status\nx,done\n",
        b'reference,outcome\n"F-2K7Q9T,done\n',
    ],
)
def test_what_is_no_table_of_jobs_is_told_in_a_sentence(content: bytes) -> None:
    with pytest.raises(WorkTableFault):
        read_reports(content, OURS)


def handed(house: House, job: str = "", **changes: Any) -> str:
    ref = house.add(**changes).ref
    order = submissions.WorkOrder(team="repairs", reference=job, by=date(2026, 3, 9))
    chosen = {"status": CaseStatus.ROUTED, "route": Route.REPAIR, "job": order}
    house.desk(submissions.decide, ref, **chosen)
    return ref


def take(house: House, text: str, system: RepairsSystem = OURS) -> WorkTaken:
    reports, faults = read(text, system)
    assert faults == []
    return house.store.write_now(lambda conn: take_reports(conn, reports, DESK))


def events(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(EVENTS)).scalar_one())


def test_what_came_back_is_taken_once(house: House) -> None:
    done, failed, waits = handed(house), handed(house, "J-2"), handed(house)
    table = (
        "reference,job,outcome,done_on,why\n"
        f"{done},J-1,done,2026-03-04,\n,J-2,not-done,,Nobody in\n{waits},J-3,,,\nF-2K7Q9T,,done,,\n"
    )
    first = take(house, table)
    assert (first.done, first.not_done, first.numbered) == (1, 1, 1)
    assert [report.ref for report in first.unknown] == ["F-2K7Q9T"]
    came = [house.case(ref).handed for ref in (done, failed, waits)]
    assert [(end.outcome, end.done_on, end.job) for end in came if end] == [
        (WorkOutcome.DONE, date(2026, 3, 4), "J-1"),
        (WorkOutcome.NOT_DONE, None, "J-2"),
        (None, None, "J-3"),
    ]
    assert house.case(failed).answered is None  # the reason isn't in the language asked for
    before = house.read(events)
    again = take(house, table)
    assert (again.changed, again.same) == (0, 3)
    assert house.read(events) == before


def test_what_says_otherwise_than_the_desk_is_left_to_people(house: House) -> None:
    ref = handed(house)
    take(house, f"reference,outcome\n{ref},done\n")
    taken = take(house, f"reference,outcome,why\n{ref},not-done,x\n")
    assert taken.changed == 0
    assert "came back as done already" in taken.refused[0].wrong
    early = handed(house)
    taken = take(house, f"reference,outcome,done_on\n{early},done,2030-01-01\n")
    assert "still to come" in taken.refused[0].wrong
    assert house.case(early).handed_by is not None


def test_what_goes_out_can_come_in_and_says_nothing_private_unasked(house: House) -> None:
    ref, safe = handed(house, "=cmd()"), house.add().ref
    order = {"status": CaseStatus.ROUTED, "route": Route.SAFEGUARDING}
    house.desk(submissions.decide, safe, **order)
    site, _ = written("")
    assert site
    rows = house.read(lambda conn: list(handed_rows(conn, site, DESK.today, everything=False)))
    assert [row.reference for row in rows] == [ref]
    plain, private = work_csv(rows, WorkRow), work_csv(rows, PrivateWorkRow)
    assert "sian.prys@example.org" not in plain
    assert "sian.prys@example.org" in private
    assert "'=cmd()" in plain
    reports, faults = read_reports(plain.encode(), OURS)
    assert ([report.ref for report in reports], faults) == ([ref], ())


def test_the_tasks_walk_there_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Speaking
) -> None:
    mair, ref = colleague(service), said(service)
    mair.done(ref, "route", route="repair", passed_to="repairs")
    database = service.service.settings.database
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", database)
    monkeypatch.setenv("OPEN_HOUSE_SECRET", "s" * 40)
    site_file, table = tmp_path / "site.toml", tmp_path / "out.csv"
    lines: list[object] = []
    site_file.write_text(SITE, encoding="utf-8")
    wanted = WorkExport(table, private=False, everything=False)
    assert export_work(tmp_path, site_file, wanted, lines.append) == 0
    assert export_work(tmp_path, site_file, wanted, lines.append) == 1  # it is there already
    back = tmp_path / "back.csv"
    day = service.clock().date().isoformat()
    text = f"reference,outcome,done_on\n{ref},done,{day}\nF-2K7Q9T,done,\nnonsense,done,\n"
    back.write_text(text, encoding="utf-8")
    service.store.close()
    for dry_run in (True, False, False):
        code = import_work(tmp_path, site_file, back, dry_run=dry_run, say=lines.append)
        assert code == 1  # for the row that names nothing
    output = "\n".join(map(str, lines))
    assert "1 would come back as done, 0 as not done." in output
    assert "1 came back as done, 0 as not done." in output
    assert "0 came back as done, 0 as not done.\n1 rows say nothing new." in output
    assert "line 4: “NONSENSE” is no reference" in output
