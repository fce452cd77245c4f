"""Mistakes in site.toml are told: file, line, field, and what to write instead."""

from __future__ import annotations

import pytest

from core.faults import Level, Report
from core.site import Site, parse_site
from tests.tiny import SITE

RIGHT = """\
languages = ["cy", "en"]
[association]
name = "Tiny Homes"
"""


def read(text: str) -> tuple[Site | None, Report]:
    report = Report()
    return parse_site(text, report.at("site.toml")), report


@pytest.mark.parametrize(
    ("old", "new", "field", "wrong"),
    [
        ('"cy", "en"', '"CY", "en"', "languages[1]", "“cy” is how addresses name it"),
        ('"cy", "en"', '"cy", "en-GB"', "languages[2]", "“en” is how addresses name it"),
        ('"cy", "en"', '"cy", "eng"', "languages[2]", "“en” is how addresses name it"),
        ('"cy", "en"', '"cy", "klingon"', "languages[2]", "isn't a language"),
        ('"cy", "en"]', '"cy", "en"]\ndefault_language = "pl"', "default_language", "among"),
        ("[association]", "[promise]\nanswer_days = 0\n[association]", "promise.answer_days", "0"),
        (
            "[association]",
            "[promise]\nanswer_days = 400\n[association]",
            "promise.answer_days",
            "more than 60",
        ),
        ("[association]", "[build]\npage_size = 0\n[association]", "build.page_size", "less"),
        ("languages", 'url = "https://a.example.org/?x=1"\nlanguages', "url", "“?”"),
        ("languages", 'url = "https://a.example.org/#x"\nlanguages', "url", "“#”"),
        ("languages", 'url = "https://a.example.org:99999/"\nlanguages', "url", "port"),
        ("languages", 'url = "https://nia:secret@a.example.org/"\nlanguages', "url", "password"),
        (
            "[association]",
            '[feedback]\nservice = "https://a.example.org/?x=1"\n[association]',
            "feedback.service",
            "“?”",
        ),
        (
            "[association]",
            '[[urgent]]\nkey = "fire"\nname = "Fire"\nphone = "999"\n[association]',
            "urgent[1].key",
            "isn't one of the words",
        ),
        (
            "[association]",
            '[[urgent]]\nkey = "repairs"\nname = "A"\nphone = "01632 960001"\n' * 2
            + "[association]",
            "urgent[2].key",
            "stands twice",
        ),
        (
            "[association]",
            '[topics.damp]\nname = "Damp"\n[topics.mould]\nname = "damp"\n[association]',
            "topics.mould.name",
            "topics.damp is called",
        ),
        (
            "[association]",
            '[teams.damp]\nname = "Homes"\n[teams.homes]\nname = "Repairs"\n[association]',
            "teams.damp.name",
            "teams.homes is called",
        ),
        (
            "[association]",
            '[people.nia]\nname = "Nia Rhys"\n[people.nr]\nname = "Nia Rhys"\n[association]',
            "people.nr.name",
            "people.nia is called",
        ),
        (
            "[association]",
            '[[standard.groups]]\nkey = "a"\nname = "A"\n' * 2 + "[association]",
            "standard.groups[2].key",
            "stands twice",
        ),
    ],
)
def test_each_mistake_is_told_with_its_field_and_line(
    old: str, new: str, field: str, wrong: str
) -> None:
    _, report = read(RIGHT.replace(old, new, 1))
    faults = [fault for fault in report if fault.field == field and fault.level == Level.FAULT]
    assert len(faults) == 1, list(report)
    assert wrong in faults[0].wrong
    assert faults[0].line > 0
    assert faults[0].instead


def test_what_is_right_has_no_fault() -> None:
    for text in (RIGHT, SITE):
        site, report = read(text)
        assert site is not None
        assert not [fault for fault in report if fault.level == Level.FAULT]
