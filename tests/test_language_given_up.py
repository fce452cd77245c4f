"""An association gives a language up: whoever spoke in it is shown, answered and told so."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions, build
from commands.publishing.diff import compare
from commands.story.actors import hidden
from core.faults import Level, Report
from core.public.public_history import MANIFEST_IN_CONTENT, MANIFEST_IN_TREE
from core.public.record_files import read_record
from core.site import parse_site
from feedback.model import AnswerBy, CaseStatus, Contact, StaffRole
from feedback.notices.delivery import drain, hand_in
from feedback.publication import harvest
from feedback.pull import plan, write
from feedback.store.actions import submissions
from feedback.store.casework.queues import queue_page
from feedback.store.mail import outbox
from plugins.kinds.source import take_apart
from plugins.runs.site_run import MANIFEST, PageRecord
from tests import on_air
from tests.copies import ROOT
from tests.desk import Colleague, colleague, newcomer, said
from tests.postbox import postbox
from tests.speaking import Speaking, filled, speaking
from tests.test_loop import RECORD, WELSH
from tests.tiny import ABOUT_CY, EVERY_KIND, ROADMAP, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from commands.build import BuildResult

pytestmark = pytest.mark.long

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ENGLISH_ALONE = SITE.replace('["cy", "en"]', '["en"]')
LETTER = {"answer_by": "letter", "address": "1 Bridge Street", "name": "Nia"}
MAIL = {"answer_by": "email", "email": "nia@example.org"}


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Speaking]:
    """The service while the site still speaks Welsh."""
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def after(before: Speaking, tmp_path: Path) -> Iterator[Speaking]:
    """The same service, started anew once site.toml has English alone."""
    service = speaking(tmp_path, ROOT / "theme", ENGLISH_ALONE)
    service.clock = before.clock
    with service.store:
        yield service


@pytest.fixture
def mair(after: Speaking) -> Colleague:
    return colleague(after)


def test_staff_see_the_case_with_its_language_and_are_told_how_it_is_answered(
    before: Speaking, mair: Colleague
) -> None:
    ref = said(before, "cy", said="Mae'r gwter yn diferu.", **LETTER)
    page = mair.get(f"case/{ref}").text
    assert '<blockquote class="said private" lang="cy" dir="auto">' in page
    assert "wants the answer in Cymraeg, which this site no longer speaks" in page
    assert "answered in this language: English" in page
    for path in ("", "post", "add"):
        assert mair.get(path).status_code == 200
    mair.done(ref, "reply", reply_en="Thank you.", team="repairs")
    letters = mair.get("post").text
    assert "Cymraeg" in letters


def test_what_was_answered_in_it_is_shown_to_staff_in_it(before: Speaking, mair: Colleague) -> None:
    ref = said(before, "cy")
    gwen = colleague(before, "gwen")
    gwen.done(ref, "reply", reply_cy="Diolch yn fawr.", team="repairs")
    gwen.done(ref, "decline", reason_cy="Ddim eto.")
    page = mair.get(f"case/{ref}").text
    assert '<div class="said" lang="cy">Diolch yn fawr.</div>' in page
    assert '<div class="said" lang="cy">Ddim eto.</div>' in page


def test_a_letter_is_written_in_a_language_that_is_left_and_says_so(
    before: Speaking, after: Speaking, mair: Colleague
) -> None:
    ref = said(before, "cy", **LETTER)
    mair.done(ref, "reply", reply_en="Thank you.", team="repairs")
    with after.store.read() as conn:
        (letter,) = outbox.by_hand(conn)
    page = mair.get(f"post/{letter.id}").text
    assert '<html lang="en">' in page
    assert "You wanted our answer in Cymraeg. We no longer write in it." in page


def test_a_mail_is_written_in_a_language_that_is_left_and_says_so(
    before: Speaking, after: Speaking
) -> None:
    said(before, "cy", **MAIL)
    service = after.service
    with postbox() as box:
        take = hand_in(box.smtp, pytest.fail)
        assert asyncio.run(drain(service, take, asyncio.Event())) == 1
    (mail,) = box.taken
    assert mail["Content-Language"] == "en"
    assert "You wanted our answer in Cymraeg" in mail.get_content()


def test_of_two_languages_the_one_that_is_left_is_answered_in(before: Speaking) -> None:
    said(before, "en", **MAIL)
    with before.store.read() as conn:
        ref = queue_page(conn).cases[0].case.ref

    def wants_polish(conn: object) -> None:
        contact = Contact(email="nia@example.org")
        arguments = {"answer_by": AnswerBy.EMAIL, "now": before.clock()}
        submissions.add_contact(conn, ref, contact, **arguments)  # type: ignore[arg-type]
        conn.exec_driver_sql("UPDATE submissions SET answer_lang = 'pl'")  # type: ignore[attr-defined]

    before.store.write_now(wants_polish)
    service = before.service
    with postbox() as box:
        take = hand_in(box.smtp, pytest.fail)
        asyncio.run(drain(service, take, asyncio.Event()))
    assert box.taken[0]["Content-Language"] == "en"  # and not the site's first, Welsh
    assert "You wanted our answer in Polski" in box.taken[0].get_content()


def test_an_old_link_to_a_receipt_leads_to_it_and_the_page_says_why(
    before: Speaking, after: Speaking
) -> None:
    place = before.say("cy", said="Mae'r gwter yn diferu.")
    moved = after.browser.get(place)
    assert moved.status_code == 307
    assert moved.headers["location"] == place.replace("/cy/", "/en/")
    page = after.browser.get(moved.headers["location"]).text
    assert '<blockquote class="said" lang="cy"' in page
    assert "You wrote in Cymraeg. This site no longer speaks it" in page
    for path in ("find", "say?sort=idea"):
        moved = after.browser.get(f"/feedback/cy/{path}")
        assert moved.headers["location"] == f"/feedback/en/{path}"


def test_a_form_that_was_being_filled_in_is_not_lost(before: Speaking, after: Speaking) -> None:
    checked = before.browser.post("/feedback/cy/say", data=filled(said="Aros."))
    sent = after.browser.post(
        "/feedback/cy/send", data=hidden(checked.text, "send"), follow_redirects=True
    )
    assert "Aros." in sent.text
    assert "/feedback/en/receipt/" in str(sent.url)


def test_who_works_in_it_at_the_desk_finds_the_desk_in_another(
    before: Speaking, after: Speaking
) -> None:
    newcomer(before, "sian", StaffRole.ANSWER)
    before.store.write_now(
        lambda conn: conn.exec_driver_sql("UPDATE staff SET lang = 'cy' WHERE name = 'sian'")
    )
    gwen = colleague(after, "gwen", StaffRole.MANAGE)
    assert "Cymraeg" in gwen.get("staff").text


def test_a_record_in_it_stays_public_with_its_language_marked(
    before: Speaking,
    after: Speaking,
    tmp_path: Path,
    built: Callable[..., BuildResult],
) -> None:
    refs = [said(before, "cy", said="Mae'r gwter yn diferu."), said(before, "cy")]
    gwen = colleague(before, "gwen")
    gwen.done(refs[0], "save", public_text="Mae'r gwter yn diferu.")
    gwen.done(refs[0], "reply", reply_cy="Byddwn ni yno.", team="repairs")
    gwen.done(refs[0], "publish")
    gwen.done(refs[1], "decline", reason_cy="Ddim eto.")
    tiny = write_site(tmp_path / "association", EVERY_KIND, ENGLISH_ALONE)
    with after.store.read() as conn:
        harvested = harvest(conn, after.site)
    changes = plan(harvested, tiny.content, after.site, after.clock().date())
    write(changes, tiny.content)
    assert plan(harvested, tiny.content, after.site, after.clock().date()).nothing
    built(tiny, now=datetime(2026, 4, 1, 12, tzinfo=UTC))
    records = {ref: tiny.output / "en/heard" / ref.lower() for ref in refs}
    published, declined = (
        (folder / "index.html").read_text(encoding="utf-8") for folder in records.values()
    )
    assert '<span lang="cy">Byddwn ni yno.</span>' in published
    assert 'lang="cy"' in published.partition("<blockquote")[2][:40]
    assert '<span lang="cy">Ddim eto.</span>' in declined


def test_a_slip_in_a_record_is_still_told() -> None:
    report = Report()
    site = parse_site(SITE, report.at("site.toml"))
    assert site
    record = f"""\
ref: F-2K7Q9T
status: {CaseStatus.DECLINED}
sort: idea
lang: en
received: 2026-01
channel: web
reason: {{wibble: No.}}
"""
    assert read_record(record, site, report.at("feedback/2026/f-2k7q9t.yaml")) is None
    assert any("isn't a language of this site" in fault.wrong for fault in report)


GIVEN_UP = ENGLISH_ALONE.replace('["en"]', '["en"]\nformer_languages = ["cy"]')
WELSH_FIRST = """\
---
title: Yn Gymraeg yn unig
summary: Neb wedi'i gyfieithu eto.
authors: [nia]
aliases: [/hen-newyddion/]
---
Geiriau na chafodd eu cyfieithu. Gweler [amdanon ni](../pages/about.cy.md).
"""
MOVED_IN_WELSH = ROADMAP.replace(
    "why: {en: The ladder came., cy: Daeth yr ysgol.}", "why: {cy: Daeth yr ysgol.}"
)


def spoken_in_two() -> dict[str, str | bytes]:
    """A site in both languages, with something of every kind, and a podcast."""
    return {
        **EVERY_KIND,
        **on_air.files(),
        "roadmap/dry-walls.en.md": MOVED_IN_WELSH,
        "posts/2026-03-05-cymraeg.cy.md": WELSH_FIRST,
        "feedback/2026/f-2k7q9t.yaml": RECORD,
        "feedback/2026/f-4hx8rd.yaml": WELSH,
    }


@pytest.fixture(scope="module")
def given_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The trees of a site before and after it gave Welsh up, by a line of its settings alone."""
    trees = []
    before = on_air.ON_AIR
    after = before.replace('["cy", "en"]', '["en"]\nformer_languages = ["cy"]')
    published = ""
    for settings in (before, after):
        folder = tmp_path_factory.mktemp("given-up") / "association"
        tiny = write_site(folder, spoken_in_two(), settings)
        if published:
            tiny.write(MANIFEST_IN_CONTENT, published)
        result = build(
            BuildOptions(
                root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW
            )
        )
        faults = [str(fault) for fault in result.faults if fault.level == Level.FAULT]
        assert (faults, result.crash) == ([], "")
        published = (tiny.output / MANIFEST_IN_TREE).read_text(encoding="utf-8")
        trees.append(tiny.output)
    return trees[0], trees[1]


def test_every_address_of_it_leads_to_what_is_left(given_up: tuple[Path, Path]) -> None:
    before, after = given_up
    standing = {
        path.relative_to(before).as_posix() for path in (before / "cy").rglob("*") if path.is_file()
    }
    assert len(standing) > 50
    standing.remove("cy/site.webmanifest")  # of the page that was put on a telephone
    lost = sorted(path for path in standing if not (after / path).is_file())
    assert lost == []
    for path in standing:
        if path.endswith("index.html"):
            page = (after / path).read_text(encoding="utf-8")
            target = page.partition("url=/")[2].partition('"')[0]
            assert (after / target / "index.html").is_file(), path
            assert target.startswith("en/")
    line = "/cy/blog/maer-cwterin-glir/ /en/blog/the-gutters-are-clear/ 301\n"
    assert line in (after / "_redirects").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("cy/feed.xml", "en/feed.xml"),
        ("cy/blog/feed.xml", "en/blog/feed.xml"),
        ("cy/pynciau/atgyweiriadau/feed.xml", "en/topics/repairs/feed.xml"),
        ("cy/calendr.ics", "en/calendar.ics"),
        ("cy/cyfarfodydd/ardal/bridge.ics", "en/meetups/area/bridge.ics"),
        ("cy/podlediad/kettle.rss", "en/podcast/kettle.rss"),
    ],
)
def test_whoever_subscribed_gets_what_is_left(
    given_up: tuple[Path, Path], old: str, now: str
) -> None:
    before, after = given_up
    assert (before / old).is_file()
    assert (after / old).read_bytes() == (after / now).read_bytes()


def test_what_was_written_in_it_alone_is_shown_with_its_language(
    given_up: tuple[Path, Path],
) -> None:
    _, after = given_up
    page = (after / "en/blog/yn-gymraeg-yn-unig/index.html").read_text(encoding="utf-8")
    assert 'lang="cy"' in page
    assert "Geiriau na chafodd eu cyfieithu." in page
    assert 'href="/en/about-us/"' in page  # a link to a file of it leads on, too
    item = (after / "en/roadmap/dry-walls/index.html").read_text(encoding="utf-8")
    assert '<span lang="cy">Daeth yr ysgol.</span>' in item
    assert "/en/blog/yn-gymraeg-yn-unig/" in (after / "hen-newyddion/index.html").read_text("utf-8")


def test_nothing_of_it_is_offered_any_more(given_up: tuple[Path, Path]) -> None:
    _, after = given_up
    home = (after / "en/index.html").read_text(encoding="utf-8")
    assert "Cymraeg" not in home
    assert "/cy/" not in home
    assert "/cy/" not in (after / "sitemap.xml").read_text(encoding="utf-8")


def test_a_file_in_a_language_that_is_missing_says_what_to_write() -> None:
    report = Report()
    site = parse_site(ENGLISH_ALONE, report.at("site.toml"))
    assert site
    take_apart("pages/about.cy.md", ABOUT_CY.encode(), site, report.at("about.cy.md"))
    (fault,) = (fault for fault in report if fault.path == "about.cy.md")
    assert "write it into former_languages in site.toml" in fault.instead


@pytest.mark.parametrize("former", ['["en"]', '["cy", "cy"]', '["wibble"]'])
def test_a_language_that_is_spoken_was_not_given_up(former: str) -> None:
    report = Report()
    parse_site(GIVEN_UP.replace('["cy"]', former), report.at("site.toml"))
    assert any(fault.field.startswith("former_languages") for fault in report)


def test_nobody_is_told_to_put_aliases_into_records(given_up: tuple[Path, Path]) -> None:
    before, after = (
        {
            path: PageRecord(**page)
            for path, page in json.loads((tree / MANIFEST).read_text("utf-8")).items()
        }
        for tree in given_up
    )
    redirects = (given_up[1] / "_redirects").read_text(encoding="utf-8")
    old = [line.split()[0] for line in redirects.splitlines()]
    lines = "\n".join(compare(before, after, [], old).lines())
    assert "aliases" not in lines
