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


# What may stand at the head of the file, or in a table below: what is written, and what is said.
AT_THE_HEAD = [
    ('url = "homes.example.org"', "url", "Write https://homes.example.org"),
    ('url = "ftp://homes.example.org/"', "url", "isn't a web address"),
    ('url = "https://homes.example.org:0/"', "url", "port"),
    ('url = "https://homes.example.org:x/"', "url", "port"),
    ('url = "https://homes.example.org./"', "url", "Take the dot out"),
    ('url = "https://homes..example.org/"', "url", "host that can't be"),
    ('url = "https://my_homes.example.org/"', "url", "host that can't be"),
    ('url = "https://-homes.example.org/"', "url", "host that can't be"),
    ('url = "https://homes.example.org/a/../b/"', "url", "“..” between its slashes"),
    ('url = "https://homes.example.org/tŷ/"', "url", "“tŷ” between its slashes"),
    ('url = "https://homes.example.org/%2e%2e/"', "url", "between its slashes"),
    ('url = "https://homes.example.org/index.html"', "url", '"https://homes.example.org/"'),
    ('timezone = "europe/london"', "timezone", 'Write "Europe/London"'),
    ('timezone = "Europe"', "timezone", "isn't a time zone"),
    ('timezone = "Cardiff"', "timezone", "isn't a time zone"),
    ('timezone = "+01:00"', "timezone", "isn't a time zone"),
    ("sample = 1", "sample", "neither true nor false"),
    ('former_languages = ["en"]', "former_languages[1]", "language of this site already"),
    ('former_languages = ["Polish"]', "former_languages[1]", 'Write "pl"'),
    ('default_language = "EN"', "default_language", 'Write "en"'),
    ('plugins = ["../x"]', "plugins[1]", "isn't the name of a plugin"),
    ('plugins = ["winter.py"]', "plugins[1]", "without its ending"),
    ('plugins = ["local_plugins.winter"]', "plugins[1]", "isn't the name of a plugin"),
    ("topics = []", "topics", "This is a list"),
    ('languges = ["cy"]', "languges", "Did you mean “languages”?"),
    ("colour = 1", "colour", "docs/settings.md"),
]
IN_A_TABLE = [
    ("[assocation]\nx = 1", "assocation", "Did you mean “association”?"),
    ("[topic.damp]\nname = 'Damp'", "topic", "Did you mean “topics”?"),
    ("[topics.damp]\nnme = 'Damp'", "topics.damp.nme", "Did you mean “name”?"),
    ("[topics.Damp]\nname = 'Damp'", "topics.Damp", "isn't a key"),
    ("[topics]\nname = 'Damp'", "topics.name", "This is a single value"),
    ("[[topics]]\nname = 'Damp'", "topics", "This is a list"),
    ("[topics.damp]\nname = ''", "topics.damp.name", "Nothing is written here"),
    ("[topics.damp]\nname = 'Damp'\nslug = 'a/b'", "topics.damp.slug", "can't stand in an address"),
    (
        "[topics.a]\nname = 'Damp!'\n[topics.b]\nname = 'Damp?'",
        "topics.b.name",
        "as those of topics.a do",
    ),
    (
        "[topics.a]\nname = 'A'\n[topics.b]\nname = 'B'\nslug = {en = 'a'}",
        "topics.b.slug",
        "as those of topics.a do",
    ),
    ("[areas.a]\nname = 'A'\npostcode = 'CF10'", "areas.a.postcode", "There is no field"),
    ("[teams.a]\nname = 'A'\nemail = 'Nia <a@b.example.org>'", "teams.a.email", "e-mail"),
    ("[teams.a]\nname = 'A'\nemail = 'a..b@c.example.org'", "teams.a.email", "e-mail"),
    ("[teams.a]\nname = 'A'\nnews_at = '25:00'", "teams.a.news_at", "25:00"),
    ("[people.a]\nname = 'A'\nteam = 'none'", "people.a.team", "isn't among [teams]"),
    ("[people.a]\nname = 'A'\nleft = 'soon'", "people.a.left", "isn't a date"),
    ("[people.a]\nname = 'A'\nleft = '2026-13'", "people.a.left", "isn't a day"),
    ("[people.a]\nname = 'A'\nleft = 2026-10", "", 'left = "2026-10"'),
    ("[tags.a]", "tags.a", "Nothing is said about this word"),
    ("[tags]\na = 'b'", "tags.a", "This is a single value"),
    ("[shows.a]\ntitle = 'A'", "shows.a.description", "“description” is missing"),
    ("[feedback]\nservice = '/'", "feedback.service", "the site's own pages"),
    ("[feedback]\nservice = '/cy/feedback/'", "feedback.service", "stand below /cy/"),
    ("[feedback]\nservice = '/assets/'", "feedback.service", "stand below /assets/"),
    ("[feedback]\nservice = '/feedback'", "feedback.service", "Write /feedback/"),
    ("[feedback]\nservice = '/a b/'", "feedback.service", "isn't a path"),
    ("[feedback]\nservice = '//a.example.org/'", "feedback.service", "isn't a web address"),
    ("[feedback]\nask_after = -1", "feedback.ask_after", "isn't a length of time"),
    ("[feedback]\nask_after = '99999999999 weeks'", "feedback.ask_after", "isn't a length"),
    ("[promise]\nanswer_days = 1.5", "promise.answer_days", "isn't a whole number"),
    ("[promise]\nanswer_days = 99999999999999999999", "promise.answer_days", "whole number"),
    ("[promise]\nanswer_days = true", "promise.answer_days", "isn't a whole number"),
    ("[promise]\nanswer_days = 3\n[promise]\nanswer_days = 4", "", "Keep one of them"),
    (
        "[[urgent]]\nkey = 'repairs'\nname = 'A'\nphone = '01632'",
        "urgent[1].phone",
        "Write its area code too",
    ),
    (
        "[[urgent]]\nkey = 'repairs'\nname = 'A'\nphone = '01632 960001 or 960002'",
        "urgent[1].phone",
        "isn't a phone number",
    ),
    (
        "[[urgent]]\nkey = 'repairs'\nname = 'A'\nphone = '016329600010000000'",
        "urgent[1].phone",
        "too many figures",
    ),
    (
        "[[standard.groups]]\nkey = 'a'\nname = 'A'\n[[standard.groups]]\nkey = 'b'\nname = 'a'",
        "standard.groups[2].name",
        "stands twice",
    ),
    ("[look]\nlgoo = 'a.svg'", "look.lgoo", "Did you mean “logo”?"),
    ("[look]\nlogo = '/etc/passwd'", "look.logo", "leads out of the content folder"),
    ("[look]\nlogo = '../a.svg'", "look.logo", "leads out of the content folder"),
    ("[look]\ncards = 'logo'", "look.cards", "There is no logo"),
    ("[look]\nlinks = 'x'", "look.links", "This is a single value"),
    ("[look.dusk]\nink = '#000000'", "look.dusk", "There is no field"),
    ("[look.day]\nink = 'navy'", "look.day.ink", 'Write "#000080"'),
    ("[look.day]\nink = 'hsl(240, 100%, 25%)'", "look.day.ink", 'Write "#000080"'),
    ("[look.day]\nink = '#000080ff'", "look.day.ink", 'Write "#000080"'),
    ("[look.day]\nink = '000080'", "look.day.ink", 'Write "#000080"'),
    ("[look.day]\nink = '#000;}body{display:none'", "look.day.ink", "isn't a colour"),
    (
        "[[look.links]]\ntitle = 'Jobs'\nurl = 'javascript:alert(1)'",
        "look.links[1].url",
        "isn't a web address",
    ),
    (
        "[[look.links]]\ntitle = 'Jobs'\nurl = 'https://nia:secret@a.example.org/'",
        "look.links[1].url",
        "password",
    ),
    ("a = " + "[" * 3000, "", "nested too deeply"),
    ("[promise]\nanswer_days: 3", "", "Write = where the colon is"),
]


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [(f"{head}\n{RIGHT}", field, sentence) for head, field, sentence in AT_THE_HEAD]
    + [(f"{RIGHT}{table}\n", field, sentence) for table, field, sentence in IN_A_TABLE],
)
def test_every_other_mistake_is_told_too(text: str, field: str, sentence: str) -> None:
    _, report = read(text)
    faults = [fault for fault in report if fault.field == field and fault.level == Level.FAULT]
    assert any(sentence in f"{fault.wrong} {fault.instead}" for fault in faults), list(report)
    assert all(fault.instead for fault in faults)
    assert all(fault.line > 0 or "nested" in fault.wrong for fault in faults)


@pytest.mark.parametrize("lang", ["CY", "en-GB", "en_GB", "Welsh", "Cymraeg", "sr-Latn"])
def test_a_language_written_otherwise_is_told_as_it_is_written_here(lang: str) -> None:
    _, report = read(RIGHT.replace('"cy", "en"', f'"{lang}"'))
    code = {"en": "en", "sr": "sr"}.get(lang[:2], "cy")
    assert f'Write "{code}".' in {fault.instead for fault in report}


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("https://Homes.Example.org", "https://homes.example.org/"),
        ("HTTPS://homes.example.org:443/house", "https://homes.example.org/house/"),
        ("https://tŷ.example.org/", "https://xn--t-foa.example.org/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
        ("http://[::1]:8000", "http://[::1]:8000/"),
        ("https://homes.example.org//house//", "https://homes.example.org/house/"),
    ],
)
def test_an_address_has_one_form_however_it_is_typed(typed: str, read_as: str) -> None:
    site, report = read(f'url = "{typed}"\n{RIGHT}')
    assert site is not None
    assert site.url == read_as, list(report)


@pytest.mark.parametrize("phone", ["999", "116 123", "(01632) 960001", "+44 1632 960001"])
def test_a_number_that_telephones_can_dial_is_taken_as_it_was_typed(phone: str) -> None:
    site, report = read(f'{RIGHT}phone = "{phone}"\n')
    assert site is not None
    assert site.phone == phone, list(report)


def test_what_is_right_has_no_fault() -> None:
    for text in (RIGHT, SITE):
        site, report = read(text)
        assert site is not None
        assert not [fault for fault in report if fault.level == Level.FAULT]
