"""The interface says everything in every language, and nothing that nobody shows."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from commands import machine
from commands.dictionaries import Hunspell
from core.catalogues import Catalogues
from core.faults import Report
from core.site import parse_site
from plugins.checks.plain import hard_words, long_sentence
from plugins.checks.prose import END, Sentence
from plugins.checks.spelling import HOUSE, candidates
from tests.copies import ROOT
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog

TRANSLATIONS = ROOT / "theme" / "translations"
LANGUAGES = sorted(folder.name for folder in TRANSLATIONS.iterdir())
TEMPLATES = [("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"newstyle_gettext": "true", "silent": "false"}}
# `say` is what templates call the words of a language that isn't the page's.
IN_TEMPLATES = {"_": None, "say": None, "ngettext": (1, 2)}
# By how many of the first arguments are words; `say` is gettext in a chosen language.
IN_PYTHON = {"_": 1, "gettext": 1, "ngettext": 2, "say": 1}
WELSH_PLURALS = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);"
HOLES = re.compile(r"%\(\w+\)s|\{\}|%%")

Message = str | tuple[str, ...]


def said_in_templates() -> Iterator[Message]:
    for _, _, message, _, _ in extract_from_dir(
        ROOT / "theme" / "templates", TEMPLATES, OPTIONS, keywords=IN_TEMPLATES
    ):
        yield message


def said_in_python() -> Iterator[Message]:
    """Find calls in syntax trees: Babel's own reader sees into f-strings on newer Pythons alone."""
    for folder in ("core", "feedback", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from words_of(node)


def words_of(call: ast.Call) -> Iterator[Message]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    words = [
        argument.value
        for argument in call.args[: IN_PYTHON.get(name, 0)]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if words:
        yield words[0] if len(words) == 1 else tuple(words)


def catalogue(lang: str) -> Catalog:
    with (TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=lang, abort_invalid=True)


def translated(lang: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give each message and its translations: one of each, or two and one a plural form."""
    for message in catalogue(lang):
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            string = message.string or ""
            texts = (string,) if isinstance(string, str) else tuple(string)
            yield ids, texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_shown_and_what_is_translated_are_the_same(lang: str) -> None:
    shown = {*said_in_templates(), *said_in_python()}
    known = {ids[0] if len(ids) == 1 else ids for ids, _ in translated(lang)}
    assert shown - known == set(), f"not in the {lang} catalogue"
    assert known - shown == set(), f"in the {lang} catalogue, and shown nowhere"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_left_untranslated_or_unsure(lang: str) -> None:
    messages = catalogue(lang)
    assert [message.id for message in messages if message.id and message.fuzzy] == []
    assert messages.obsolete == {}
    assert [ids[0] for ids, texts in translated(lang) if not all(texts)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_filled_in_is_filled_in_everywhere(lang: str) -> None:
    for ids, texts in translated(lang):
        holes = {frozenset(HOLES.findall(each)) for each in ids}
        assert {frozenset(HOLES.findall(each)) for each in texts} <= holes, ids[0]


def sentences_of(lang: str) -> Iterator[Sentence]:
    """Each sentence of the interface, without what is filled in; "en" is the messages."""
    for ids, texts in translated("cy"):
        for text in dict.fromkeys(ids if lang == "en" else texts):
            for part in END.split(re.sub(r"%\(\w+\)s", " ", text)):
                yield Sentence("messages.po", 0, lang, part)


@pytest.mark.parametrize("lang", ["cy", "en"])
def test_the_interface_is_as_plain_as_staff_are_asked_to_be(lang: str) -> None:
    sentences = list(sentences_of(lang))
    assert [complaint for sentence in sentences if (complaint := long_sentence(sentence))] == []
    assert [fault for sentence in sentences for fault in hard_words(sentence)] == []


@pytest.mark.parametrize("lang", ["cy", "en"])
def test_the_interface_has_no_slip_of_the_pen(lang: str, tmp_path: Path) -> None:
    if machine.npm() is None:
        pytest.skip("This machine has no npm.")
    words = {word for sentence in sentences_of(lang) for word in candidates(sentence)}
    for language in ("cy", "en"):  # a word of the other language is no slip
        strange = Hunspell(tmp_path).unknown(words, language)
        assert strange is not None
        words &= strange
    assert {word for word in words if word.lower() not in HOUSE} == set()


def test_welsh_counts_in_its_six_ways() -> None:
    messages = catalogue("cy")
    assert dict(messages.mime_headers)["Plural-Forms"] == WELSH_PLURALS
    assert {len(texts) for ids, texts in translated("cy") if len(ids) > 1} == {6}


# By message: how Welsh counts none, one, two, three, six and many. A number mutates what it counts
# by its gender: dau ddiwrnod, tri chyfarfod, but tair pleidlais.
COUNTED = {
    ("%(num)s person", "%(num)s people"): "person person berson pherson pherson o bobl",
    ("%(num)s meetup", "%(num)s meetups"): (
        "cyfarfod cyfarfod gyfarfod chyfarfod chyfarfod cyfarfod"
    ),
    ("%(num)s vote", "%(num)s votes"): (
        "pleidlais bleidlais bleidlais pleidlais phleidlais pleidlais"
    ),
    ("led to %(num)s thing", "led to %(num)s things"): "peth peth beth pheth pheth peth",
    ("%(num)s test", "%(num)s tests"): "arbrawf arbrawf arbrawf arbrawf arbrawf arbrawf",
    (
        "An answer within %(num)s working day",
        "An answer within %(num)s working days",
    ): "diwrnod diwrnod ddiwrnod diwrnod diwrnod diwrnod",
    ("%(num)s page in all.", "%(num)s pages in all."): (
        "tudalen dudalen dudalen tudalen thudalen tudalen"
    ),
}


@pytest.mark.parametrize("message", COUNTED, ids=lambda message: message[0])
def test_welsh_mutates_what_it_counts(message: tuple[str, str]) -> None:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    wording = Catalogues(TRANSLATIONS, None).wordings(site)["cy"]
    for number, words in zip((0, 1, 2, 3, 6, 14), COUNTED[message].split(" ", 5), strict=True):
        phrase = wording.ngettext(*message, number) % {"num": number}
        assert f"{number} {words}" in phrase
