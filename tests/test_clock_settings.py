"""Clocks as site.toml writes them: by a preset's name, by one's own numbers, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from core.clock_presets import PRESETS
from core.clocks import ClockRule, ClockStart, StepEnd
from core.faults import Report
from core.site import Site, parse_site
from core.times import Nation
from tests.documented import rows, sections

START = 'languages = ["en"]\n[association]\nname = "Tiny Homes"\n'


def written(text: str) -> tuple[Site | None, list[str]]:
    report = Report()
    site = parse_site(START + text, report.at("site.toml"))
    return site, [str(fault) for fault in report]


def clocks_of(text: str) -> tuple[ClockRule, ...]:
    site, faults = written(text)
    assert site is not None
    assert faults == []
    return site.clocks


def test_a_preset_is_one_line() -> None:
    complaint = clocks_of('[[clocks]]\npreset = "complaints-wales"\n')[0]
    assert (complaint.key, complaint.starts) == ("complaint", ClockStart.COMPLAINT)
    assert [(step.key, str(step.within), step.ends) for step in complaint.steps] == [
        ("acknowledge", "5 working days", StepEnd.ACKNOWLEDGED),
        ("answer", "20 working days", StepEnd.ANSWERED),
    ]


def test_what_is_written_takes_the_place_of_what_the_preset_has() -> None:
    own = (
        '[[clocks]]\npreset = "complaints-wales"\nnation = "england"\nuntil = 2027-03-31\n'
        'steps = [{key = "answer", within = "15 working days"}]\n'
    )
    complaint = clocks_of(own)[0]
    assert [str(step.within) for step in complaint.steps] == ["5 working days", "15 working days"]
    assert complaint.steps[1].ends == StepEnd.ANSWERED
    assert (complaint.nation, complaint.until) == (Nation.ENGLAND, date(2027, 3, 31))
    by_hand = own.replace('"answer", ', '"answer", ends = "said", ')
    assert clocks_of(by_hand)[0].steps[1].ends == StepEnd.SAID


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_names_its_source_its_last_look_and_its_row_in_the_docs(preset: str) -> None:
    clock = PRESETS[preset]
    assert bool(clock.checked) == (preset not in {"complaints-wales", "hazards-wales"})  # unseen
    assert clock.source
    assert clock.source.url.startswith("https://")
    row = rows(sections("docs/settings.md")["Presets of clocks"])[preset].text
    known = [step.within for step in clock.steps if step.within]
    assert [str(span.count) for span in known if str(span.count) not in row] == []


def test_numbers_that_a_preset_does_not_know_are_asked_for() -> None:
    site, faults = written('[[clocks]]\npreset = "hazards-wales"\n')
    assert site is not None
    assert site.clocks == ()  # rather none than one that counts nothing
    assert len(faults) == 2
    assert "within how long “investigate” is to be done" in faults[0]
    assert faults[0].startswith("site.toml:4:")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('preset = "awab"', "There is no preset “awab”"),
        ('key = "own"', "has no source"),
        ('preset = "complaints-wales"\nfrom = 2027-01-01\nuntil = 2026-01-01', "ends before"),
        ('preset = "complaints-wales"\n[[clocks]]\npreset = "complaints-wales"', "Two clocks"),
        (
            'key = "own"\nsteps = [{key = "more", within = "1 day", name = "X", after = "no"}]',
            "No step before this one is called “no”",
        ),
        ('preset = "complaints-wales"\nsteps = [{key = "answer", within = "soon"}]', "“soon”"),
    ],
)
def test_a_clock_that_can_not_run_is_told(text: str, words: str) -> None:
    _, faults = written(f"[[clocks]]\n{text}\n")
    assert any(words in fault for fault in faults), faults


def test_rules_may_follow_one_another() -> None:
    old = '[[clocks]]\npreset = "complaints-wales"\nuntil = 2027-03-31\n'
    clocks = clocks_of(old + '[[clocks]]\npreset = "complaints-wales"\nfrom = 2027-04-01\n')
    days = (date(2027, 3, 31), date(2027, 4, 1))
    assert [[clock.is_valid(day) for clock in clocks] for day in days] == [
        [True, False],
        [False, True],
    ]


def test_an_office_that_closes_before_it_opens_is_told() -> None:
    _, faults = written('[office]\nopens = "17:00"\ncloses = "9:00"\n')
    assert "closes before it opens" in faults[0]
