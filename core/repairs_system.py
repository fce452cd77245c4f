"""The system in which repairs are done, as far as its tables go: how its columns are called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.fields import Choice, Group, Many, optional
from core.values import LINE


class DateOrder(StrEnum):
    """How a system writes days in figures."""

    DAY_FIRST = "day-first"  # 04/03/2026 is the fourth of March
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, kw_only=True)
class RepairColumns:
    """[repairs.columns]: what the columns of its tables are called."""

    reference: str = optional(LINE, "our reference, such as F-2K7Q9T", "reference")
    job: str = optional(LINE, "its own number of the job", "job")
    outcome: str = optional(LINE, "what came of the job", "outcome")
    done_on: str = optional(LINE, "the day on which it was done", "done_on")
    why: str = optional(LINE, "why it was not done", "why")


@dataclass(frozen=True, kw_only=True)
class RepairsSystem:
    """[repairs]: the system in which what is handed over is done."""

    done: tuple[str, ...] = optional(Many(LINE), "its words for work that was done", ("done",))
    not_done: tuple[str, ...] = optional(
        Many(LINE), "its words for work that will not be done", ("not-done",)
    )
    dates: DateOrder = optional(
        Choice(DateOrder), "how it writes days in figures", DateOrder.DAY_FIRST
    )
    columns: RepairColumns = optional(
        Group(RepairColumns), "what its columns are called", RepairColumns()
    )
