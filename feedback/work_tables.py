"""Tables of what was handed over, as systems for repairs write and read them: CSV in any dress.

What comes in is read strictly: a row that can't be meant is told by its line, and touches nothing.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from dateutil import parser

from core.fields import Choice, optional, required
from core.public.encoding import cells, columns
from core.public.record_files import public_words
from core.public.vocabulary import REFERENCE, WorkOutcome
from core.repairs_system import DateOrder
from core.values import BOOLEAN, DATE, LINE, TEXT
from core.values import REFERENCE as REF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.repairs_system import RepairsSystem

SEPARATORS = ",;\t|"
LONGEST_WHY = 2_000  # characters
LONGEST_JOB = 200
DAY_ZERO = date(1899, 12, 30)  # of spreadsheets (ECMA-376, part 1, 18.17.4.1)
SERIALS = range(36_526, 73_051)  # days that a spreadsheet counts from 2000 to 2099


class WorkTableFault(Exception):
    """A file is no table of ours to read; the words say why, and what to do."""


class RowFault(NamedTuple):
    """Why a row can't be meant."""

    line: int
    wrong: str


@dataclass(frozen=True, slots=True)
class WorkReport:
    """What a system says of one job."""

    line: int  # of its table
    ref: str  # ours, "" where it names none
    job: str
    outcome: WorkOutcome | None  # None while it goes on
    done_on: date | None
    why: str


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """What was handed over, as a row for the system that does it."""

    reference: str = required(REF, "our reference")
    job: str = required(LINE, "its own number of the job")
    handed_over: date = required(DATE, "the day on which it was handed over")
    team: str = required(LINE, "the team's key")
    topic: str = required(LINE, "the topic's key")
    area: str = required(LINE, "the area's key")
    done_by: date = required(DATE, "the day that was promised")
    late: bool = required(BOOLEAN, "whether that day is past")
    outcome: WorkOutcome | None = optional(Choice(WorkOutcome), "what came of it")
    done_on: date | None = optional(DATE, "the day on which it was done")


@dataclass(frozen=True, kw_only=True)
class PrivateWorkRow(WorkRow):
    """The same, with the words and the ways to whoever said them: for those who do the work."""

    said: str = required(TEXT, "the words as they were sent")
    name: str = required(LINE, "who sent them")
    phone: str = required(LINE, "their telephone")
    email: str = required(LINE, "their address for mail")
    address: str = required(TEXT, "where they live")


def work_csv(rows: Iterable[WorkRow], cls: type[WorkRow]) -> str:
    """Return rows as CSV (RFC 4180); no cell is taken for a formula by a spreadsheet."""
    shape = columns(cls, ())
    output = io.StringIO()
    writer = csv.DictWriter(output, [column.name for column in shape], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(cells(shape, row) for row in rows)
    return "\ufeff" + output.getvalue()


def read_reports(
    content: bytes, system: RepairsSystem
) -> tuple[tuple[WorkReport, ...], tuple[RowFault, ...]]:
    """Read what a system says of its jobs, in UTF-8, UTF-16 or a spreadsheet's own letters.

    :returns: what can be meant, and why the other rows can't.
    :raises WorkTableFault: when no row can be read at all.
    """
    reports, faults = [], []
    known: dict[str, WorkReport] = {}
    for line, row in _rows(_decoded(content), system):
        if not any(row.values()):
            continue
        report = _report(line, row, system)
        if isinstance(report, RowFault):
            faults.append(report)
            continue
        name = report.ref or report.job
        if (earlier := known.get(name)) and _says(earlier) != _says(report):
            wrong = f"{name} stands on line {earlier.line} already, and says something else there."
            faults.append(RowFault(line, wrong))
        elif not earlier:
            known[name] = report
            reports.append(report)
    return tuple(reports), tuple(faults)


def _says(report: WorkReport) -> tuple[object, ...]:
    return report.ref, report.job, report.outcome, report.done_on, report.why


def _decoded(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise WorkTableFault(
        "This is no table in CSV. Save it as “CSV UTF-8” in the spreadsheet, and try again."
    )


def _rows(text: str, system: RepairsSystem) -> Iterator[tuple[int, dict[str, str]]]:
    """Go through the rows of a table by our own names of the columns, each with its line."""
    first, separator = 0, ""
    if match := re.match(r"sep=(.)\r?\n", text):  # as Excel writes and reads it
        text, separator, first = text[match.end() :], match[1], 1
    head = text.split("\n", 1)[0]
    separator = separator or max(SEPARATORS, key=head.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names = {
        _folded(getattr(system.columns, name)): name
        for name in ("reference", "job", "outcome", "done_on", "why")
    }
    try:
        heading = [names.get(_folded(cell), "") for cell in next(table, [])]
        if not {"reference", "job"} & {*heading} or "outcome" not in heading:
            wanted = f"“{system.columns.reference}” or “{system.columns.job}”"
            raise WorkTableFault(
                f"The table needs a column {wanted}, and one “{system.columns.outcome}”. Its first "
                "line has others: write under [repairs.columns] in site.toml what they are called."
            )
        for cells_of_row in table:
            pairs = zip(heading, cells_of_row, strict=False)
            yield first + table.line_num, {name: cell.strip() for name, cell in pairs if name}
    except csv.Error as error:
        raise WorkTableFault(
            f"Line {first + table.line_num} can't be read ({error}). Save the table anew as CSV."
        ) from None


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _report(line: int, row: dict[str, str], system: RepairsSystem) -> WorkReport | RowFault:
    ref, job = row.get("reference", "").upper(), row.get("job", "")
    if ref and not REFERENCE.fullmatch(ref):
        return RowFault(line, f"“{ref[:40]}” is no reference such as F-2K7Q9T.")
    if not ref and not job:
        return RowFault(line, "It names neither our reference nor a job.")
    if len(job) > LONGEST_JOB or len(row.get("why", "")) > LONGEST_WHY:
        return RowFault(line, f"{ref or job[:40]}: a cell is too long.")
    words = _folded(row.get("outcome", ""))
    outcome = None
    if words in {_folded(word) for word in system.done}:
        outcome = WorkOutcome.DONE
    elif words in {_folded(word) for word in system.not_done}:
        outcome = WorkOutcome.NOT_DONE
    day, text = None, row.get("done_on", "")
    if text and outcome == WorkOutcome.DONE:
        try:
            day = day_written(text, system.dates)
        except ValueError as error:
            return RowFault(line, f"{ref or job}: “{text[:40]}” {error}")
    why = public_words(row.get("why", ""))
    return WorkReport(line, ref, public_words(job), outcome, day, why)


def day_written(text: str, order: DateOrder) -> date:
    """Read a day as systems and spreadsheets write it; an hour beside it is passed over.

    :raises ValueError: with what is wrong, where nobody can tell which day is meant.
    """
    if text.isdecimal() and int(text) in SERIALS:
        return DAY_ZERO + timedelta(days=int(text))
    figures = re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?=$|[ ,T])", text)
    try:
        if figures:
            first, second, year = (int(part) for part in figures.groups())
            day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
            return date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004 - two figures
        # What lacks a day, a month or a year differs by what it is filled up with.
        filled = {
            parser.parse(text, default=default).date()
            for default in (datetime(2001, 2, 3, tzinfo=UTC), datetime(2004, 5, 6, tzinfo=UTC))
        }
    except (ValueError, OverflowError):
        raise ValueError(f"is no day that is written {order}.") from None
    if len(filled) > 1:
        raise ValueError("leaves open which day is meant.")
    return filled.pop()
