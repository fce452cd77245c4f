"""Clocks: how long things may take, as the law or a promise has it.

An association writes its own or names a preset, by which nobody need look numbers up; a preset is
never the law itself, and says so wherever it shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import WORDS, Choice, Group, Many, optional, required
from core.times import Nation
from core.values import CLOCK, DATE, KEY, SPAN, WEB
from core.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from core.times import Span


class ClockStart(StrEnum):
    """The event from which time is counted."""

    RECEIVED = "received"
    COMPLAINT = "complaint"  # its sender wants it treated as one, or it is handed over as one
    HANDED_OVER = "handed-over"
    REOPENED = "reopened"  # its sender says that it was not done
    HAZARD = "hazard"  # staff say that it is one
    REQUEST = "request"  # for information, as staff say


SAID_AT_DESK = (ClockStart.HAZARD, ClockStart.REQUEST)


class StepEnd(StrEnum):
    """What ends a step of a clock."""

    ACKNOWLEDGED = "acknowledged"  # staff say so; an answer says it too
    ANSWERED = "answered"  # in the language that was asked for
    DONE = "done"  # what was handed over came back as done
    SAID = "said"  # staff say so


BY_HAND = (StepEnd.ACKNOWLEDGED, StepEnd.SAID)


@dataclass(frozen=True, kw_only=True)
class Office:
    """[office]: when people are at work."""

    nation: Nation = optional(
        Choice(Nation), "whose bank holidays count; uk for those of any part of it", Nation.WALES
    )
    opens: time = optional(CLOCK, "when the office opens, Monday to Friday", time(9))
    closes: time = optional(CLOCK, "when it closes", time(17))


@dataclass(frozen=True, kw_only=True)
class ClockSource:
    """[clocks.source]: where a clock's numbers come from."""

    title: Words = required(WORDS, "what it is called")
    url: str = required(WEB, "where it can be read")


@dataclass(frozen=True, kw_only=True)
class ClockStep:
    """[[clocks.steps]]: what is to be done, and by when."""

    key: str = required(KEY, "the step's key")
    name: Words = optional(WORDS, "what is to be done, as desk and tenants read it", Words.of(""))
    within: Span | None = optional(SPAN, "within how long")
    after: str = optional(KEY, "the key of the step that it begins with; else with the clock", "")
    ends: StepEnd | None = optional(Choice(StepEnd), "what ends it; else that staff say so")


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """[[clocks]]: how long something may take, step by step."""

    key: str = optional(KEY, "the clock's key; else the preset's", "")
    preset: str = optional(KEY, "a preset, whose fields are those that aren't written here", "")
    name: Words = optional(WORDS, "what desk and tenants read", Words.of(""))
    starts: ClockStart | None = optional(Choice(ClockStart), "what starts it")
    steps: tuple[ClockStep, ...] = optional(
        Many(Group(ClockStep)), "what is to be done by when, in order", ()
    )
    source: ClockSource | None = optional(Group(ClockSource), "where the numbers come from")
    from_: date | None = optional(DATE, "the first day on which it may start")
    until: date | None = optional(DATE, "the last day on which it may start")
    nation: Nation | None = optional(Choice(Nation), "whose bank holidays count for it")
    checked: date | None = optional(DATE, "when somebody last held it against its source")

    def is_valid(self, day: date) -> bool:
        """Whether it may start on a day; one that runs is left alone."""
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day <= self.until
        )

    def following(self, preset: ClockRule) -> ClockRule:
        """Return this clock with what it leaves out taken from a preset, step by step."""
        own = {step.key: step for step in self.steps}
        known = {step.key: step for step in preset.steps}
        filled = {
            name: getattr(self, name) or getattr(preset, name)
            for name in ("key", "name", "starts", "source", "from_", "until", "nation", "checked")
        }
        merged = tuple(_filled(own.get(step.key), step) for step in preset.steps)
        more = tuple(step for step in self.steps if step.key not in known)
        return replace(self, **filled, steps=merged + more)


def _filled(own: ClockStep | None, preset: ClockStep) -> ClockStep:
    if own is None:
        return preset
    return replace(
        own,
        name=own.name or preset.name,
        within=own.within or preset.within,
        after=own.after or preset.after,
        ends=own.ends or preset.ends,
    )


def filled_in(
    clocks: tuple[ClockRule, ...],
    presets: Mapping[str, ClockRule],
    tell: Callable[[str, str, str], None],
) -> tuple[ClockRule, ...]:
    """Return the clocks of site.toml with their presets put in; those that lack something are told.

    :param tell: told a setting, what is wrong with it, and what to write instead.
    """
    whole = []
    for number, clock in enumerate(clocks, 1):
        at = f"clocks[{number}]"
        if clock.preset and clock.preset not in presets:
            tell(
                f"{at}.preset",
                f"There is no preset “{clock.preset}”.",
                f"Write one of these: {', '.join(presets)}.",
            )
            continue
        full = clock.following(presets[clock.preset]) if clock.preset else clock
        steps = tuple(replace(step, ends=step.ends or StepEnd.SAID) for step in full.steps)
        full = replace(full, steps=steps)
        faults = tuple(_faults(full))
        for field, wrong, instead in faults:
            tell(f"{at}.{field}", wrong, instead)
        if not faults:
            whole.append(full)
    for clock in _doubled(whole):
        tell(
            "clocks",
            f"Two clocks are called “{clock.key}”, and both may start on one day.",
            "Give one until: and the other from: the day after; or another key.",
        )
    return tuple(whole)


def _faults(clock: ClockRule) -> Iterator[tuple[str, str, str]]:
    lacking = {
        "key": (clock.key, "Write a key, such as complaint."),
        "name": (clock.name, "Write what desk and tenants read."),
        "starts": (clock.starts, f"Write one of these: {', '.join(ClockStart)}."),
        "steps": (clock.steps, "Write [[clocks.steps]] with key, name and within."),
        "source": (clock.source, "Write [clocks.source] with title and url."),
    }
    for field, (value, instead) in lacking.items():
        if not value:
            yield field, f"The clock has no {field}, and no preset that has one.", instead
    if clock.from_ and clock.until and clock.until < clock.from_:
        yield "until", "The clock ends before it begins.", "Write a day after from:."
    passed: set[str] = set()
    for number, step in enumerate(clock.steps, 1):
        for field, wrong, instead in _step_faults(step, passed, clock.preset):
            yield f"steps[{number}].{field}", wrong, instead
        passed.add(step.key)


def _step_faults(step: ClockStep, passed: set[str], preset: str) -> Iterator[tuple[str, str, str]]:
    if step.key in passed:
        yield "key", f"“{step.key}” stands twice here.", "Give each step a key of its own."
    if step.after and step.after not in passed:
        wrong = f"No step before this one is called “{step.after}”."
        yield "after", wrong, "Write the key of a step that stands above."
    if not step.name:
        yield "name", "The step has no name.", "Write what is to be done."
    if step.within is None:
        wrong = f"Nothing says within how long “{step.key}” is to be done."
        if preset:
            wrong += f" The preset {preset} does not know; your own rules do."
        instead = f'key = "{step.key}" and, say, within = "5 working days".'
        yield "within", wrong, f"Below [[clocks.steps]], write {instead}"


def _doubled(clocks: list[ClockRule]) -> Iterator[ClockRule]:
    for number, clock in enumerate(clocks):
        others = (other for other in clocks[:number] if other.key == clock.key)
        if any(_overlap(clock, other) for other in others):
            yield clock


def _overlap(clock: ClockRule, other: ClockRule) -> bool:
    return not (
        (clock.until and other.from_ and clock.until < other.from_)
        or (other.until and clock.from_ and other.until < clock.from_)
    )
