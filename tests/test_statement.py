"""The accessibility statement tells what is known, counts what it can, and says when it is old."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.accessibility import AccessGap, Accessibility, AccessTest
from core.faults import Level, Report
from core.site import parse_site
from core.words import Words
from plugins.sections.accessibility_statement import AccessibilityResults, Statement
from plugins.sections.build_context import Counted
from tests import on_air
from tests.tiny import FILES, SITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from core.faults import Fault
    from tests.conftest import MakeSite

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGES = {
    "pages/accessibility.en.md": "---\ntitle: Accessibility\nslug: access\n---\nFor all.\n",
    "pages/accessibility.cy.md": "---\ntitle: Hygyrchedd\nslug: hygyrchedd\n---\nI bawb.\n",
}
KNOWN = """
[accessibility]
written = 2026-01-05
reviewed = 2026-06-01
next_test = "2027-02"
formats = [{cy = "print bras", en = "large print"}, "Braille"]
public_body = true

[accessibility.adviser]
name = "The Helpers"
url = "https://helpers.example.org/"

[[accessibility.gaps]]
what = {cy = "Does dim fideos", en = "There are no videos"}
who = {cy = "Pobl Fyddar", en = "Deaf people"}
why = {cy = "Dim camera", en = "We have no camera"}
instead = {cy = "Dewch draw", en = "Come over"}
criterion = "1.2.1"
since = "2026-01"
by = "2027-03"
"""


@pytest.fixture
def stated(tiny_site: MakeSite, built: Callable[..., BuildResult]) -> Callable[..., Stated]:
    """Build a small site with a statement, and read the statement."""

    def make(
        known: str = "", files: dict[str, str | bytes] | None = None, settings: str = SITE
    ) -> Stated:
        tiny = tiny_site({**FILES, **PAGES, **(files or {})}, settings + known)
        result = built(tiny, now=NOW)
        assert result.ok, result.crash
        settings_of = {}
        for lang, path in (("en", "en/access"), ("cy", "cy/hygyrchedd")):
            page = (tiny.output / path / "index.html").read_text(encoding="utf-8")
            body = page.partition("<article")[2].partition("</article>")[0]
            settings_of[lang] = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
        return Stated(settings_of["en"], settings_of["cy"], result.faults)

    return make


class Stated:
    """A statement as readers of each language have it, and what staff are told."""

    def __init__(self, en: str, cy: str, faults: tuple[Fault, ...]) -> None:
        self.en, self.cy = en, cy
        self.advice = [fault for fault in faults if fault.code == "accessibility"]


# --- what staff know -----------------------------------------------------------------------------


def test_what_is_known_is_told_in_each_language(stated: Callable[..., Stated]) -> None:
    statement = stated(KNOWN)
    for part in (
        "we know of 1 thing that falls short.",
        "There are no videos Who it affects Deaf people Why We have no camera",
        "What you can do meanwhile Come over",
        "What it falls short of WCAG 2.2, criterion 1.2.1",
        "By the end of March 2027. We have known since January 2026.",
        "Disabled people have not tried the site yet",
        "People will try it next in February 2027.",
        "You get an answer within 10 working days.",
        "01632 960001 helo@tiny.example.org 1 Bridge Street",
        "another form: large print and Braille.",
        "The Equality and Human Rights Commission (EHRC) is responsible",
        "others can advise you: The Helpers .",
        "first written on 5 January 2026. Somebody last went through it on 1 June 2026.",
    ):
        assert part in statement.en
    for part in (
        "gwyddon ni am 1 peth sydd ddim yn cyrraedd y safon.",
        "Does dim fideos Ar bwy mae'n effeithio Pobl Fyddar Pam Dim camera",
        "Erbyn diwedd mis Mawrth 2027. Rydyn ni'n gwybod am hyn ers mis Ionawr 2026.",
        "ffurf arall: print bras a Braille.",
        "Rheoliadau Hygyrchedd",
    ):
        assert part in statement.cy
    assert statement.advice == []


def test_nothing_is_claimed_that_nobody_wrote(stated: Callable[..., Stated]) -> None:
    statement = stated()
    assert "We know of nothing that falls short of it." in statement.en
    for part in ("Commission", "advise you", "another form", "went through", "try it next"):
        assert part not in statement.en
    assert statement.advice == []


def test_people_who_tried_it_are_believed_before_the_program(
    stated: Callable[..., Stated],
) -> None:
    tried = '[[accessibility.tests]]\non = "2026-05"\nwho = "Two of you"\nfound = "The menu hides."'
    statement = stated(f"[accessibility]\nreviewed = 2026-06-01\n{tried}\n")
    assert "How it was tested May 2026: Two of you. The menu hides." in statement.en
    assert "have not tried" not in statement.en


@pytest.mark.parametrize(
    ("old", "new", "field", "instead"),
    [
        ('by = "2027-03"', 'by = "soon"', "gaps[1].by", "Write a month such as 2026-03"),
        ("why = ", "because = ", "gaps[1].why", "Add why ="),
        ('"1.2.1"', '"A"', "gaps[1].criterion", "success criterion of WCAG"),
        ("2026-06-01", '"June"', "reviewed", "Write a date such as 2026-03-04"),
        ("https://helpers", "helpers", "adviser.url", "Write https://helpers"),
        ("public_body = true", 'public_body = "perhaps"', "public_body", "true or false"),
    ],
)
def test_a_slip_in_the_settings_is_named_with_what_to_write(
    old: str, new: str, field: str, instead: str
) -> None:
    report = Report()
    parse_site(SITE + KNOWN.replace(old, new), report.at("site.toml"))
    faults = {fault.field: fault for fault in report if fault.level == Level.FAULT}
    assert instead in faults[f"accessibility.{field}"].instead


# --- what the build counts -----------------------------------------------------------------------


def test_where_nothing_is_missing_it_says_so(stated: Callable[..., Stated]) -> None:
    assert "It found none." in stated().en


def test_pages_in_one_language_are_counted_for_readers_of_the_other(
    stated: Callable[..., Stated],
) -> None:
    page = "---\ntitle: Dim ond yma\n---\nAr gael yn Gymraeg.\n"
    statement = stated(files={"pages/dim.cy.md": page})
    assert "Pages that are not in English yet: 1 of 4." in statement.en
    assert "Tudalennau sydd ddim yn Saesneg eto: 1 o 4." in statement.cy
    assert "not in Welsh yet" not in statement.en


def test_documents_and_pictures_are_counted_once_each(stated: Callable[..., Stated]) -> None:
    page = (
        "---\ntitle: Rents\n---\n[Rents](rents.pdf), [again]({static}/pages/rents.pdf#page=2), "
        "[and](https://example.org/a.DOCX?x=1), [a page](https://example.org/pdf).\n\n"
        '<img src="images/a.png">\n'
    )
    welsh = "---\ntitle: Rhenti\n---\n[Rhenti](rents.pdf)\n"
    statement = stated(
        files={"pages/rents.en.md": page, "pages/rents.cy.md": welsh, "pages/rents.pdf": b"%PDF-"}
    )
    assert "Documents that are not web pages, such as PDFs: 2." in statement.en
    assert "Pictures without words for those who cannot see them: 1." in statement.en
    assert "we know of 1 thing that falls short" in statement.en


def test_recordings_that_cannot_be_read_are_counted_by_language(
    stated: Callable[..., Stated],
) -> None:
    heard = on_air.files()
    mute = str(heard[f"{on_air.NAME}.en.md"]).replace(", cy: ball.cy.vtt", "")
    statement = stated(files={**heard, f"{on_air.NAME}.en.md": mute}, settings=on_air.ON_AIR)
    assert "Recordings that cannot be read in Welsh: 1 of 1." in statement.en
    assert "Recordiadau na ellir eu darllen yn Gymraeg: 1 o 1." in statement.cy
    assert "cannot be read in English" not in statement.en
    assert "we know of 1 thing that falls short" in statement.en


# --- what grows old ------------------------------------------------------------------------------


def test_a_statement_that_grew_old_says_so_to_staff_and_to_readers(
    stated: Callable[..., Stated],
) -> None:
    old = KNOWN.replace("2026-06-01", "2025-06-01").replace("2027-0", "2026-0")
    statement = stated(old)
    assert "It was to work by March 2026. We are late." in statement.en
    assert "People were to try it in February 2026. We are late." in statement.en
    assert "Roedd i fod i weithio erbyn mis Mawrth 2026. Rydyn ni'n hwyr." in statement.cy
    assert {(piece.field, piece.line) for piece in statement.advice} == {
        (f"accessibility.{field}", (SITE + old).splitlines().index(line) + 1)
        for field, line in (
            ("reviewed", "reviewed = 2025-06-01"),
            ("gaps[1].by", 'by = "2026-03"'),
            ("next_test", 'next_test = "2026-02"'),
        )
    }
    assert all(piece.level == Level.ADVICE for piece in statement.advice)
    (reviewed,) = (piece for piece in statement.advice if piece.field == "accessibility.reviewed")
    assert reviewed.instead.endswith("write the day: reviewed = 2026-11-22.")


def test_what_no_page_shows_is_said(tiny_site: MakeSite, built: Callable[..., BuildResult]) -> None:
    result = built(tiny_site(FILES, SITE + KNOWN), now=NOW)
    (piece,) = (fault for fault in result.faults if fault.code == "accessibility")
    assert (piece.field, piece.instead) == (
        "accessibility",
        "Write content/pages/accessibility.cy.md.",
    )


WORDS = Words.of("x")


@pytest.mark.parametrize(
    ("known", "counted", "faults", "short"),
    [
        ((), (), {}, 0),
        (("",), (Counted("language", 3),), {"rules": 0}, 0),
        (("1.1.1", ""), (Counted("picture", 3, fails=True),), {"rules": 0, "html": 7}, 3),
    ],
)
def test_what_falls_short_of_the_standard_is_added_up(
    known: tuple[str, ...], counted: tuple[Counted, ...], faults: dict[str, int], short: int
) -> None:
    gaps = tuple(
        AccessGap(what=WORDS, who=WORDS, why=WORDS, criterion=criterion) for criterion in known
    )
    proof = AccessibilityResults(NOW.date(), "1", 1, faults)
    assert Statement(Accessibility(gaps=gaps), counted, proof, NOW.date()).short == short


def test_a_month_is_late_when_it_is_over_and_a_test_when_nobody_came() -> None:
    march, day = datetime(2027, 3, 1, tzinfo=UTC).date(), datetime(2027, 3, 31, tzinfo=UTC).date()
    gap = AccessGap(what=WORDS, who=WORDS, why=WORDS, by=march)
    assert not gap.is_late(day)
    assert gap.is_late(day.replace(month=5))
    planned = Accessibility(next_test=march)
    tested = Accessibility(next_test=march, tests=(AccessTest(on=day, who=WORDS, found=WORDS),))
    later = day.replace(month=5)
    assert Statement(planned, (), None, later).test_is_late
    assert not Statement(planned, (), None, day).test_is_late
    assert not Statement(tested, (), None, later).test_is_late
