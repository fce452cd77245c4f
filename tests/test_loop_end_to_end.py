"""The whole way in real browsers: a tenant speaks, staff answer, a change shows, all are told.

It is walked in Chromium and in Firefox, in Welsh and in English, with scripts and without, on one
small site and its service, which each walk leaves as it would be left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from commands.local_server import free_port, serving
from commands.story.actors import PASSWORD
from feedback.notice_words import subject
from feedback.store.mail.outbox import Why
from tests.browsers import Chromium
from tests.desk import Colleague, case_of, newcomer
from tests.postbox import Postbox, postbox
from tests.small_town import SECRET, SmallTown
from tests.tiny import CHANGE, EVERY_KIND, ROADMAP, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browsers import Firefox

    Visitor = Chromium | Firefox

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]
GUTTERS = "autumn-gutters"
SAID = "Mae'r landar yn diferu, meddai Mrs Jones, 01632 960123."
PUBLIC = "Mae'r landar yn diferu."
ANSWERS = {"cy": "Fe ddaeth yr ysgol ddydd Llun.", "en": "The ladder came on Monday."}
OTHER = {"cy": "en", "en": "cy"}
SPOKEN = datetime(2026, 3, 4, 10, tzinfo=UTC)
CHANGED = datetime(2026, 3, 21, 10, tzinfo=UTC)  # a day after the change of the tiny site
REFERENCE = re.compile(r"F-[2-9B-DF-HJ-NP-TV-Z]{6}")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallTown]:
    town = SmallTown(write_site(tmp_path_factory.mktemp("town"), EVERY_KIND, SITE), free_port())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPEN_HOUSE_DATABASE", town.database)
        patch.setenv("OPEN_HOUSE_SECRET", SECRET)
        town.build()
        pages = Mount("/", StaticFiles(directory=town.tiny.output, html=True))
        app = Starlette(routes=[*town.house.app.routes, pages])
        with town.house.store, serving(app, int(town.root.rpartition(":")[2].strip("/"))):
            yield town


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture(params=["chromium", "firefox"])
def visitor(request: pytest.FixtureRequest, scripts: str) -> Iterator[Visitor]:
    """A browser that has been nowhere yet, with scripts or without."""
    if request.param == "firefox":
        somebody: Firefox = request.getfixturevalue("firefox")
        with somebody.fresh(scripts=scripts == "with"):
            yield somebody
        return
    browser = request.getfixturevalue("browser")
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts == "with")
    yield Chromium(context.new_page())
    context.close()


@pytest.mark.parametrize("scripts", ["with", "without"])
@pytest.mark.parametrize("lang", ["cy", "en"])
def test_the_whole_way(town: SmallTown, box: Postbox, visitor: Visitor, lang: str) -> None:
    way = Way(town, box, visitor, lang)
    way.is_spoken()
    way.is_answered()
    way.is_handed_over()
    way.is_danger()
    way.reaches_the_site()
    way.comes_back()
    way.is_told()
    way.is_fixed()
    town.change(way.mair.name, active=False)
    town.walked += 1


@dataclass
class Way:
    """One tenant's way through it all, and that of two others, at one browser."""

    town: SmallTown
    box: Postbox
    visitor: Visitor
    lang: str  # of the tenant who speaks, and of the desk
    receipt: str = ""  # an address
    ref: str = ""
    others: dict[str, tuple[str, str]] = field(default_factory=dict)  # receipt and reference
    mair: Colleague = field(init=False)

    def __post_init__(self) -> None:
        """Take somebody on who is called in danger, and turn the clock back."""
        town, number = self.town, next(self.town.walks)
        town.house.clock.now = SPOKEN
        self.box.taken.clear()
        self.mail = f"nia-{number}@example.org"
        self.mair = newcomer(town.house, f"mair-{number}")
        town.change(self.mair.name, lang=self.lang, email=f"mair-{number}@example.org", called=1)

    def says(self, words: str) -> bool:
        """Whether the page says something of the interface's."""
        return self.town.wording(self.lang).gettext(words) in self.visitor.text()

    def desk(self, path: str = "") -> None:
        self.visitor.open(f"{self.town.root}feedback/desk/{path}")

    def logs_in(self) -> None:
        self.town.house.clock.pass_by(seconds=30)  # a code is good once
        self.desk()
        self.visitor.fill("#f-name", self.mair.name)
        self.visitor.fill("#f-password", PASSWORD)
        self.visitor.fill("#f-code", self.mair.code())
        self.visitor.press("main form button[type=submit]")
        assert self.visitor.script("document.documentElement.lang") == self.lang

    def answers(self) -> None:
        """Fill in an answer in both languages."""
        self.visitor.pick("#f-team", "repairs")
        for lang, words in ANSWERS.items():
            self.visitor.fill(f"#f-reply_{lang}", words)

    def is_spoken(self) -> None:
        """Say something by the form of the static site, wish for the other language, confirm."""
        town, visitor, asked = self.town, self.visitor, OTHER[self.lang]
        visitor.open(town.root.rstrip("/") + town.chrome()["say"][self.lang])
        visitor.press("main a.button.quiet")
        self.receipt, self.ref = fill_in(visitor, self.mail, asked)
        assert self.says("Where it stands")
        assert town.post(self.box) == 1
        (mail,) = self.box.taken
        assert mail["Subject"] == subject(Why.RECEIVED, town.wording(asked), self.ref)
        assert "landar" not in mail.get_content()
        (link,) = re.findall(r"http\S+/mail/\S+", mail.get_content())
        visitor.open(link)
        assert SAID not in visitor.text()
        visitor.press("button[name=mine]")
        assert visitor.address.rpartition("/")[2] == self.receipt.rpartition("/")[2]
        for name in ("repair", "danger"):
            place = town.house.say(self.lang, said=f"Number {next(town.walks)}: {name}.")
            match = REFERENCE.search(town.house.browser.get(place).text)
            assert match
            self.others[name] = (place, match[0])

    def is_answered(self) -> None:
        """Answer in both languages, publish, and go on to the next."""
        self.logs_in()
        self.visitor.press(f"main h2 a[href*='case/{self.ref}']")
        assert "Mrs Jones" in self.visitor.text()
        self.visitor.fill("#f-public_text", PUBLIC)
        self.answers()
        self.visitor.press("button[formaction$='/publish'][name=along]")
        assert self.says("Published. It stands on the site after the next pull and build.")
        assert case_of(self.town.house, self.ref).status == "published"

    def is_handed_over(self) -> None:
        """The next case is a repair: it is answered, and handed over until a day."""
        _, ref = self.others["repair"]
        assert f"case/{ref}" in self.visitor.address
        self.answers()
        self.visitor.unfold("details:has(#f-route-repair) > summary")
        self.visitor.choose("#f-route-repair")
        self.visitor.pick("#f-passed_to", "repairs")
        self.visitor.fill("#f-job_by", "2026-03-12")
        self.visitor.press("button[formaction$='/route'][value=answer-next]")
        handed = case_of(self.town.house, ref)
        assert (handed.status, str(handed.handed_by)) == ("routed", "2026-03-12")

    def is_danger(self) -> None:
        """The next may be danger: somebody is called, takes it, and its sender knows to whom."""
        receipt, ref = self.others["danger"]
        assert f"case/{ref}" in self.visitor.address
        self.visitor.unfold("details:has(#f-sure-escalate) > summary")
        self.visitor.choose("#f-sure-escalate")
        self.visitor.press("button[formaction$='/escalate']")
        self.town.post(self.box)
        called = next(mail for mail in self.box.taken if mail["To"].startswith("mair-"))
        (link,) = re.findall(r"http\S+/danger/\S+", called.get_content())
        self.visitor.open(link)
        self.visitor.press("form[action$='/take'] button")
        assert case_of(self.town.house, ref).holder == self.mair.name
        self.visitor.open(self.town.root.rstrip("/") + receipt)
        passed_on = "On %(day)s we passed it on, and one of our staff is seeing to it."
        words = self.town.wording(self.lang).gettext(passed_on).rpartition("%(day)s")[2]
        assert words in self.visitor.text()

    def reaches_the_site(self) -> None:
        """Two weeks later something has changed because of it, and the case says since when."""
        town = self.town
        town.house.clock.now = CHANGED
        town.pull()
        town.heard.append(self.ref)
        because = f"owner: repairs\nBECAUSE: [{', '.join(town.heard)}]\n"
        for file, text, name in (
            ("roadmap/dry-walls.en.md", ROADMAP, "heard"),
            ("changes/2026-03-20-autumn-gutters.en.md", CHANGE, "because"),
        ):
            known = text.replace("owner: repairs\n", because.replace("BECAUSE", name))
            town.tiny.write(file, known)
        town.build()
        # Each walk before this one left a vote, and the answer of somebody who had asked.
        assert town.data("items", "dry-walls")["votes_online"] == town.walked
        assert town.data("changes", GUTTERS)["fixed_yes"] == town.walked
        for kind, key in (
            ("record", self.ref),
            ("roadmap", "dry-walls"),
            ("change", GUTTERS),
        ):
            self.visitor.open(town.page_of(kind, key, self.lang))
            assert PUBLIC in self.visitor.text(), kind
            assert "Jones" not in self.visitor.text()
        self.logs_in()
        self.desk(f"case/{self.ref}")
        assert self.says("waits for the next round")
        assert town.note_online() >= 1
        self.desk(f"case/{self.ref}")
        assert not self.says("waits for the next round")
        assert ", 10:00" in self.visitor.text()

    def comes_back(self) -> None:
        """What was handed over is said to be done; its sender says no, and it is open again."""
        receipt, ref = self.others["repair"]
        self.desk(f"case/{ref}")
        self.visitor.choose("#f-outcome-done")
        self.visitor.press("button[formaction$='/outcome']")
        self.desk()
        assert ref not in self.visitor.text()
        self.visitor.open(self.town.root.rstrip("/") + receipt)
        self.visitor.fill("#done textarea", "Nobody came.")
        self.visitor.press("#done button[value=no]")
        assert self.says("You said that it was not done, so we opened it again.")
        self.desk()
        assert ref in self.visitor.text()

    def is_told(self) -> None:
        """A mail in the language that was asked for leads to the private page."""
        town, asked = self.town, OTHER[self.lang]
        self.box.taken.clear()
        town.notify()
        town.post(self.box)
        (mail,) = [mail for mail in self.box.taken if mail["To"] == self.mail]
        assert mail["Subject"] == subject(Why.CHANGED, town.wording(asked), self.ref)
        assert town.page_of("change", GUTTERS, asked) in mail.get_content()
        assert "landar" not in mail.get_content()
        (link,) = re.findall(r"http\S+/receipt/\S+", mail.get_content())
        self.visitor.open(link)
        assert ANSWERS[asked] in self.visitor.text()

    def is_fixed(self) -> None:
        """Whoever asked says that it is fixed, and votes like anybody else."""
        self.visitor.open(self.receipt)
        self.visitor.press("form.fixed button[value=yes]")
        assert self.visitor.script("!!document.querySelector('.fixed [value=yes][aria-pressed]')")
        self.visitor.open(self.town.page_of("roadmap", "dry-walls", self.lang))
        self.visitor.press("form.vote button")
        assert self.says(
            "Your voice counts. It shows on the site with the next update, usually within a day."
        )


def fill_in(visitor: Visitor, email: str = "nia@example.org", asked: str = "cy") -> tuple[str, str]:
    """Fill in the site's form, as far as the receipt; returns its address and the reference.

    :param asked: the language in which the answer is wished for.
    """
    for name, value in (("danger", "no"), ("sort", "problem"), ("may_publish", "yes")):
        visitor.choose(f"form.say [name={name}][value={value}]")
    visitor.pick("form.say [name=topic]", "repairs")
    visitor.fill("form.say [name=said]", SAID)
    visitor.unfold("form.say details:has([name=email]) > summary")
    visitor.choose("form.say [name=answer_by][value=email]")
    visitor.fill("form.say [name=email]", email)
    visitor.choose(f"form.say [name=answer_lang][value={asked}]")
    visitor.press("form.say button[type=submit]:not([formaction])")
    assert SAID in visitor.text()  # nothing is sent yet
    visitor.press("form[action$='/send'] button[type=submit]")
    match = REFERENCE.search(visitor.text())
    assert match
    return visitor.address, match[0]


def test_a_receipt_prints_without_what_can_only_be_pressed(town: SmallTown, page: Page) -> None:
    """On paper stand the reference, the words and the promise, and no button."""
    town.house.clock.now = SPOKEN
    page.goto(town.root.rstrip("/") + town.house.say("cy", said=SAID))
    page.emulate_media(media="print")
    paper = page.locator("main").inner_text()
    assert REFERENCE.search(paper)
    assert SAID in paper
    assert re.search(r"chewch ateb erbyn \d+ \w+ 2026", paper)
    for button in page.locator("button, .button, nav, form").all():
        assert not button.is_visible(), button.inner_text()
