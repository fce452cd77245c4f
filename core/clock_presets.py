"""Presets of clocks: numbers that others publish, with their source and the day of the last look.

None of them is the law, and none is used before somebody names it in site.toml.
"""

from __future__ import annotations

from datetime import date

from core.clocks import ClockRule, ClockSource, ClockStart, ClockStep, StepEnd
from core.times import Nation, Span, SpanUnit
from core.words import Words

LOOKED_AT = date(2026, 11, 30)


def _said(en: str, cy: str) -> Words:
    return Words((("en", en), ("cy", cy)))


def _hours(count: int) -> Span:
    return Span(count, SpanUnit.HOURS)


def _working_days(count: int) -> Span:
    return Span(count, SpanUnit.WORKING_DAYS)


_INVESTIGATED = _said("Investigate", "Ymchwilio")
_MADE_SAFE = _said("Make it safe", "Ei wneud yn ddiogel")
_AWAAB = ClockSource(
    title=_said(
        "Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025",
        "Rheoliadau Peryglon mewn Tai Cymdeithasol (Gofynion Rhagnodedig) (Lloegr) 2025",
    ),
    url="https://www.gov.uk/government/publications/awaabs-law-guidance-for-social-landlords/"
    "awaabs-law-guidance-for-social-landlords-timeframes-for-repairs-in-the-social-rented-sector",
)

# The policy itself was not seen, so no day of a look is told.
_COMPLAINTS_WALES = ClockRule(
    key="complaint",
    name=_said("Complaint", "Cwyn"),
    starts=ClockStart.COMPLAINT,
    steps=(
        ClockStep(
            key="acknowledge",
            name=_said("Acknowledge it", "Ei chydnabod"),
            within=_working_days(5),
            ends=StepEnd.ACKNOWLEDGED,
        ),
        ClockStep(
            key="answer",
            name=_said("Answer it", "Ei hateb"),
            within=_working_days(20),
            ends=StepEnd.ANSWERED,
        ),
    ),
    source=ClockSource(
        title=_said(
            "Model Concerns and Complaints Policy, Public Services Ombudsman for Wales",
            "Polisi Pryderon a Chwynion Enghreifftiol, Ombwdsmon Gwasanaethau Cyhoeddus Cymru",
        ),
        url="https://www.ombudsman.wales/",
    ),
    nation=Nation.WALES,
)

# In force, and its numbers were not seen: the association writes its own.
_HAZARDS_WALES = ClockRule(
    key="hazard",
    name=_said("Hazard in a home", "Perygl mewn cartref"),
    starts=ClockStart.HAZARD,
    steps=(
        ClockStep(key="investigate", name=_INVESTIGATED),
        ClockStep(key="make-safe", name=_MADE_SAFE),
    ),
    source=ClockSource(
        title=_said("Welsh Housing Quality Standard", "Safon Ansawdd Tai Cymru"),
        url="https://www.gov.wales/welsh-housing-quality-standard",
    ),
    from_=date(2026, 4, 1),
    nation=Nation.WALES,
)

_AWAAB_EMERGENCY = ClockRule(
    key="emergency-hazard",
    name=_said("Emergency hazard", "Perygl brys"),
    starts=ClockStart.HAZARD,
    steps=(
        ClockStep(key="investigate", name=_INVESTIGATED, within=_hours(24)),
        ClockStep(key="make-safe", name=_MADE_SAFE, within=_hours(24)),
    ),
    source=_AWAAB,
    from_=date(2025, 10, 27),
    nation=Nation.ENGLAND,
    checked=LOOKED_AT,
)

_AWAAB_SIGNIFICANT = ClockRule(
    key="significant-hazard",
    name=_said("Significant hazard", "Perygl sylweddol"),
    starts=ClockStart.HAZARD,
    steps=(
        ClockStep(key="investigate", name=_INVESTIGATED, within=_working_days(10)),
        ClockStep(
            key="summary",
            name=_said("Send what was found in writing", "Anfon y canfyddiadau yn ysgrifenedig"),
            within=_working_days(3),
            after="investigate",
        ),
        ClockStep(key="make-safe", name=_MADE_SAFE, within=_working_days(5), after="investigate"),
        ClockStep(
            key="begin-work",
            name=_said("Begin further work", "Dechrau gwaith pellach"),
            within=Span(12, SpanUnit.WEEKS),
            after="investigate",
        ),
    ),
    source=_AWAAB,
    from_=date(2025, 10, 27),
    nation=Nation.ENGLAND,
    checked=LOOKED_AT,
)

_INFORMATION_REQUESTS = ClockRule(
    key="information-request",
    name=_said("Request for information", "Cais am wybodaeth"),
    starts=ClockStart.REQUEST,
    steps=(
        ClockStep(
            key="answer",
            name=_said("Answer it", "Ei ateb"),
            within=_working_days(20),
            ends=StepEnd.ANSWERED,
        ),
    ),
    source=ClockSource(
        title=_said(
            "Freedom of Information Act 2000, section 10",
            "Deddf Rhyddid Gwybodaeth 2000, adran 10",
        ),
        url="https://www.legislation.gov.uk/ukpga/2000/36/section/10",
    ),
    nation=Nation.UK,  # section 10(6): a bank holiday in any part of it is no working day
    checked=LOOKED_AT,
)

PRESETS = {
    "complaints-wales": _COMPLAINTS_WALES,
    "hazards-wales": _HAZARDS_WALES,
    "awaab-emergency": _AWAAB_EMERGENCY,
    "awaab-significant": _AWAAB_SIGNIFICANT,
    "information-requests": _INFORMATION_REQUESTS,
}
