"""An association's own words: for tenants, for any phrase, for a language that we have none of."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import html5lib
import pytest
from babel.messages.pofile import read_po

from commands.build import BuildOptions, build
from commands.catalogue import write_catalogue
from core.borrowed import BEGIN, END, settle
from core.catalogues import Catalogues
from core.faults import Level, Report
from core.own_templates import TemplateFolders
from core.site import Site, parse_site
from core.tenant_word import own_word
from tests.copies import ROOT
from tests.tiny import SITE, TinySite, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from core.wording import Wording

THEME = ROOT / "theme"
WRITTEN = {".html", ".xml", ".json", ".ics", ".webmanifest", ".txt", ".csv"}
TWO_FORMS = """\
msgid "%(num)s vote"
msgid_plural "%(num)s votes"
msgstr[0] "%(num)s bleidlais"
msgstr[1] "%(num)s pleidlais"
"""
POLISH = """\
languages = ["pl"]
url = "https://tiny.example.org/"
[association]
name = "Mały Dom"
"""


def wordings(tiny: TinySite, settings: str = SITE) -> tuple[dict[str, Wording], Report]:
    tiny.site.write_text(settings, encoding="utf-8")
    site, report = parse_site(settings, Report().at("site.toml")), Report()
    assert isinstance(site, Site)
    catalogues = Catalogues.of(TemplateFolders.of(THEME, tiny.site))
    loaded = catalogues.wordings(site, report)
    catalogues.tell_unsaid(site, report)
    return loaded, report


def say(tiny: TinySite, lang: str, text: str) -> None:
    folder = tiny.site.parent / "translations"
    folder.mkdir(exist_ok=True)
    (folder / f"{lang}.po").write_text(text, encoding="utf-8")


class TestTheWordForTenants:
    @pytest.mark.parametrize(
        ("lang", "words", "sentence", "expected"),
        [
            ("en", "resident residents", "A tenant, tenants' own", "A resident, residents' own"),
            ("en", "occupier occupiers", "A tenant or a tenant", "An occupier or an occupier"),
            ("en", "resident residents", "Tenants told %(tenants)s", "Residents told %(tenants)s"),
            ("en", "resident residents", "tenancy", "tenancy"),
            ("cy", "preswylydd preswylwyr", "y tenant a thenantiaid", "y preswylydd a phreswylwyr"),
            ("cy", "preswylydd preswylwyr", "ein nhenantiaid", "ein mhreswylwyr"),
            ("cy", "deiliad deiliaid", "i denantiaid a thenantiaid", "i ddeiliaid a deiliaid"),
            ("cy", "aelod aelodau", "y tenant a thenantiaid", "yr aelod ac aelodau"),
            ("cy", "lletywr lletywyr", "Denantiaid gyda thenantiaid", "Letywyr gyda lletywyr"),
            ("cy", "gwestai gwesteion", "i denant", "i westai"),
        ],
    )  # fmt: skip
    def test_it_stands_in_our_sentences(
        self, lang: str, words: str, sentence: str, expected: str
    ) -> None:
        put_in = own_word(lang, *words.split())
        assert put_in
        assert put_in(sentence) == expected

    def test_nothing_is_touched_where_ours_is_meant(self) -> None:
        assert own_word("en", "tenant", "tenants") is None
        assert own_word("cy", "tenant", "tenantiaid") is None

    def test_no_page_says_tenant_where_residents_live(self, tmp_path: Path) -> None:
        tiny = write_site(tmp_path, {})
        named = SITE.replace(
            "email =",
            'tenant = {cy = "preswylydd", en = "resident"}\n'
            'tenants = {cy = "preswylwyr", en = "residents"}\nemail =',
        )
        speaking, _ = wordings(tiny, named)
        mentions = [
            speaking[lang].gettext(message.id)
            for lang in ("cy", "en")
            for message in Catalogues(THEME / "translations", None).messages()
            if isinstance(message.id, str)
        ]
        ours = re.compile(r"(?<!\()\b(t|d|th|nh)enant(s|iaid)?\b", re.IGNORECASE)
        assert [text for text in mentions if ours.search(text)] == []


class TestAnOwnCatalogue:
    def test_it_says_any_phrase_anew_in_any_language(self, tmp_path: Path) -> None:
        tiny = write_site(tmp_path, {})
        say(tiny, "cy", 'msgid "Say something"\nmsgstr "Dweud eich dweud"\n')
        say(tiny, "en", 'msgid "Say something"\nmsgstr "Have your say"\n')
        speaking, report = wordings(tiny)
        assert speaking["cy"].gettext("Say something") == "Dweud eich dweud"
        assert speaking["en"].gettext("Say something") == "Have your say"
        assert speaking["cy"].gettext("Search") == "Chwilio"
        assert not list(report)

    @pytest.mark.parametrize(
        ("text", "wrong", "level"),
        [
            ('msgid "Say sumthing"\nmsgstr "x"\n', "Nothing on the site says", Level.ADVICE),
            (
                'msgid "Season %(season)s, episode %(number)s"\nmsgstr "%(seson)s"\n',
                "filled in",
                Level.FAULT,
            ),
            ('msgid "Search"\nmsgstr "<b>Chwilio</b>"\n', "no HTML", Level.FAULT),
            (TWO_FORMS, "counts in 6", Level.FAULT),
            ('msgid "a"\nmsgid "b"\n', "can't be read", Level.FAULT),
        ],
    )  # fmt: skip
    def test_what_is_wrong_in_it_is_told_and_ours_stays(
        self, tmp_path: Path, text: str, wrong: str, level: Level
    ) -> None:
        tiny = write_site(tmp_path, {})
        say(tiny, "cy", text)
        speaking, report = wordings(tiny)
        (fault,) = report
        assert (fault.path, fault.level) == ("translations/cy.po", level)
        assert wrong in fault.wrong
        assert speaking["cy"].gettext("Search") == "Chwilio"

    def test_a_phrase_of_an_own_template_may_be_in_it(self, tmp_path: Path) -> None:
        tiny = write_site(tmp_path, {})
        own = tiny.site.parent / "templates" / "about.html"
        own.parent.mkdir()
        own.write_text('{{ _("Talk to us") }}', encoding="utf-8")
        say(tiny, "cy", 'msgid "Talk to us"\nmsgstr "Siaradwch â ni"\n')
        speaking, report = wordings(tiny)
        assert speaking["cy"].gettext("Talk to us") == "Siaradwch â ni"
        assert not list(report)

    def test_the_task_writes_what_is_missing_and_keeps_what_is_there(self, tmp_path: Path) -> None:
        tiny = write_site(tmp_path, {})
        tiny.site.write_text(POLISH, encoding="utf-8")
        say(tiny, "pl", 'msgid "Search"\nmsgstr "Szukaj"\n')
        heard: list[str] = []
        assert write_catalogue(ROOT, tiny.site, "pl", everything=False, say=heard.append) == 0
        with (tiny.site.parent / "translations" / "pl.po").open("rb") as file:
            written = read_po(file)
        messages = Catalogues(THEME / "translations", None).messages()
        assert {m.id for m in messages} <= {m.id for m in written}
        assert written["Search"].string == "Szukaj"
        assert write_catalogue(ROOT, tiny.site, "xx", everything=False, say=heard.append) == 2


class TestALanguageWithoutWords:
    def test_its_pages_say_what_is_english_and_no_mark_is_left(self, tmp_path: Path) -> None:
        post = "---\ntitle: Cześć\nsummary: Dzień.\n---\nDzień dobry.\n"
        tiny = write_site(tmp_path, {"posts/2026-01-01-a.pl.md": post})
        tiny.site.write_text(POLISH, encoding="utf-8")
        result = build(
            BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output)
        )
        assert not result.crash
        (piece,) = (fault for fault in result.faults if fault.path == "translations/pl.po")
        assert "aren't said in pl yet" in piece.wrong
        written = (path for path in tiny.output.rglob("*") if path.suffix in WRITTEN)
        text = {path: path.read_text(encoding="utf-8") for path in written}
        assert not [path for path, page in text.items() if BEGIN in page or END in page]
        home = html5lib.parse(text[tiny.output / "index.html"], namespaceHTMLElements=False)
        english = [span for span in home.iter("span") if span.get("lang") == "en"]
        assert "Skip to the main text" in {"".join(span.itertext()) for span in english}

    def test_marks_become_elements_only_where_there_may_be_some(self) -> None:
        page = f'<title>{BEGIN}A{END}</title><p title="{BEGIN}B{END}">{BEGIN}C{END}</p>'
        assert settle(page, html=True) == (
            '<title>A</title><p title="B"><span lang="en">C</span></p>'
        )
        assert settle(f"{BEGIN}A{END} b", html=False) == "A b"

    @pytest.mark.parametrize("languages", ['["pl"]', '["en", "pl"]', '["gd"]'])
    def test_any_language_works(self, tmp_path: Path, languages: str) -> None:
        tiny = write_site(tmp_path, {})
        speaking, report = wordings(tiny, POLISH.replace('["pl"]', languages))
        assert all(wording.month(date(2026, 3, 4)) for wording in speaking.values())
        assert {fault.level for fault in report} == {Level.ADVICE}
