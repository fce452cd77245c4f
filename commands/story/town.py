"""Plays the story through the service's own forms and desk; clock and chance alone are the test's.

Every form is taken from the page that offers it, and every answer is looked at, so that what can't
be said or done in truth can't stand in the story either.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from contextlib import ExitStack
from datetime import UTC, date
from random import Random
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from commands.service_runtime import ROOT
from commands.site_folder import read_site
from commands.story.actors import (
    DESK,
    Clock,
    PlayedColleague,
    PlayedService,
    hidden,
    must,
    new_secret,
)
from commands.story.drawings import DRAWINGS
from commands.story.filled_forms import filled_in, wording
from commands.story.site import chrome, manifest, read_things, shown_records
from commands.story.steps import steps
from core.public.site_shell import SiteShellFile
from core.public.vocabulary import Fixed
from feedback import publication
from feedback.pull import plan, remembered, write
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.casework.queues import queue_sizes
from feedback.web.app import create_app
from feedback.web.devices import COOKIE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.story.steps import CaseStory, Step, TenantVoice

OK, SEE_OTHER = 200, 303
WORDS_ALONE = {"redact", "clear", "note"}  # that decide nothing
ANSWERS_TOO = {"further": "reply"}  # by the same button
MINUTES_BETWEEN_PHONES = 3  # they are people's, and come one by one
REF = re.compile(r"F-[2-9B-DF-HJ-NP-TV-Z]{6}")


class Dice(Random):
    """Chance, which gives out the references that the story names."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.next: deque[str] = deque()  # letters of the reference that falls next

    def choice(self, seq: Any) -> Any:  # noqa: ANN401 - as `Random` declares it
        """Return the next letter of a reference that the story names, or any."""
        return self.next.popleft() if self.next else super().choice(seq)


class Town:
    """The sample's town, while the story is played."""

    def __init__(self, folder: Path, sample: Path = ROOT, secret: bytes = b"s" * 32) -> None:
        """Open a service in a folder of its own.

        :param sample: the folder that holds the sample's site.toml and content.
        """
        self.content = folder / "content"
        self.content.mkdir()
        self._tree = folder / "tree"
        self._tree.mkdir()
        self.site = read_site(sample / "site.toml")
        self._things = read_things(self.site, sample / "content")
        self._day: date | None = None  # of the last build
        self._shown: list[str] = []  # records that have a page, by reference
        self._dice = Dice(2026)
        settings = Settings(
            database=f"sqlite:///{folder / 'feedback.sqlite3'}", secret=secret, tree=self._tree
        )
        store, clock = Store.open(settings), Clock(steps()[0].at.astimezone(UTC))
        app = create_app(
            settings,
            self.site,
            store,
            theme=ROOT / "theme",
            overrides=ROOT / "theme" / "none",  # the sample has no templates of its own
            now=clock,
            random=self._dice,
        )
        self.house = PlayedService(app, store, self.site, clock, self.site.url.rstrip("/"))
        self.refs: dict[str, str] = {}  # by a voice's name
        self.receipts: dict[str, str] = {}  # the receipt's address, for those who used the form
        self._phones: defaultdict[int, dict[str, str]] = defaultdict(dict)  # a phone's cookies
        self._voted: defaultdict[str, int] = defaultdict(int)
        self._staff: dict[str, PlayedColleague] = {}
        self._at_desk: dict[str, date] = {}  # when each colleague logged in last

    @property
    def staff(self) -> dict[str, str]:
        """Return the secrets of those at the desk, by name."""
        return {name: member.secret for name, member in self._staff.items()}

    def play(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Go through the story, from its first word to the last pull.

        :param progress: told how many steps of how many are done.
        """
        story = steps()
        with ExitStack() as self._browsers:
            self._browsers.enter_context(self.house.browser)
            for number, step in enumerate(story, 1):
                self._pass_to(step)
                getattr(self, step.what)(**step.given)
                progress(number, len(story))

    def _pass_to(self, step: Step) -> None:
        clock = self.house.clock
        clock.now = max(clock.now, step.at.astimezone(UTC))
        if self._day != step.at.date():
            self._build(step.at.date())

    def _build(self, day: date) -> None:
        """Let the site stand as it would after that night's build."""
        self._day = day
        chrome_json = json.dumps(chrome(self.site, self._things, self._shown, day))
        (self._tree / "_chrome.json").write_text(chrome_json, encoding="utf-8")

    # Tenants

    def says(self, voice: TenantVoice) -> None:
        """Say something by the form: check, confirm, receipt."""
        browser, lang = self.house.browser, voice.lang
        self._expect(voice)
        asked = dict(zip(("about_kind", "about_key"), voice.about.split(), strict=False))
        asked |= {"sort": voice.form["sort"]} if asked else {}
        page = browser.get(f"/feedback/{lang}/say", params=asked).text
        checked = browser.post(f"/feedback/{lang}/say", data=filled_in(page, "say", voice.form))
        must(checked.status_code == OK, (voice.name, checked.text))
        must(str(escape(voice.said)) in checked.text, f"{voice.name}: the check shows other words")
        sent = browser.post(f"/feedback/{lang}/send", data=hidden(checked.text, "send"))
        must(sent.status_code == SEE_OTHER, (voice.name, sent.text))
        self.receipts[voice.name] = sent.headers["location"]
        self._heard(voice, browser.get(sent.headers["location"]).text)

    def is_stopped(self, voice: TenantVoice) -> None:
        """Say that somebody is in danger: the form stops, and keeps nothing."""
        before = self._cases()
        page = self.house.browser.get(f"/feedback/{voice.lang}/say").text
        data = filled_in(page, "say", voice.form)
        answer = self.house.browser.post(f"/feedback/{voice.lang}/say", data=data)
        numbers = [urgent.phone for urgent in self.site.urgent]
        must(all(number in answer.text for number in numbers), "a number to ring is missing")
        must(self._cases() == before, "words that stopped the form were kept")

    def wishes(self, name: str, wish: str) -> None:
        """Take the words back, or be forgotten, by the receipt's page."""
        browser, address = self.house.browser, f"{self.receipts[name]}/{wish}"
        must(f'action="{address}"' in browser.get(address).text, f"{name} can't {wish}")
        answer = browser.post(address)
        must(answer.headers["location"] == self.receipts[name], f"{name}: {wish} ended elsewhere")

    def writes_again(self, name: str, words: str, photos: list[str]) -> None:
        """Answer our answer by the receipt's page, with photos."""
        browser, address = self.house.browser, self.receipts[name]
        typed = {"danger": "no", "more": words}
        form = filled_in(browser.get(address).text, "more", typed)
        files = [("photos", (f"{drawn}.jpg", DRAWINGS[drawn]())) for drawn in photos]
        answer = browser.post(f"{address}/more", data=form, files=files)
        must(answer.status_code == SEE_OTHER, (name, answer.text))
        must(str(escape(words)) in browser.get(address).text, f"{name}: other words came along")

    def says_not_done(self, name: str, words: str) -> None:
        """Say by the receipt's page that what was handed over was not done."""
        browser, address = self.house.browser, f"{self.receipts[name]}/done"
        must(f'action="{address}"' in browser.get(address.removesuffix("/done")).text, name)
        answer = browser.post(address, data={"done": "no", "said": words})
        must(answer.headers["location"] == self.receipts[name], f"{name}: it ended elsewhere")

    def vote(self, target: str, number: int) -> None:
        """Let so many phones give their voice, or one take it back."""
        kind, key = target.split()
        if number < 0:
            self._press(self._voted[target], "vote", kind=kind, key=key, undo="yes")
        for _ in range(number):
            self._voted[target] += 1
            self._press(self._voted[target], "vote", kind=kind, key=key)

    def answer_fixed(self, change: str, tally: str) -> None:
        """Let phones answer whether something is fixed, as in "2 yes, 1 no"."""
        for part in tally.split(", "):
            number, answer = part.split()
            for _ in range(int(number)):
                self._voted[change] += 1
                self._press(self._voted[change], "fixed", change=change, fixed=Fixed(answer))

    def _press(self, phone: int, form: str, **typed: str) -> None:
        """Send a form from a phone, with the cookie that it was given the first time."""
        self.house.clock.pass_by(minutes=MINUTES_BETWEEN_PHONES)
        browser = self.house.browser
        browser.cookies = self._phones[phone]
        answer = browser.post(f"/feedback/cy/{form}", data=typed)
        must(answer.status_code == SEE_OTHER, (typed, answer.text))
        page = browser.get(answer.headers["location"])
        must(page.status_code == OK, (typed, page.text))
        self._phones[phone] |= {COOKIE: page.cookies[COOKIE]} if COOKIE in page.cookies else {}
        browser.cookies = {}

    # Staff

    def writes_down(self, who: str, voice: TenantVoice) -> None:
        """Add what was heard away from the website."""
        colleague = self._colleague(who)
        self._expect(voice)
        typed = {"channel": voice.channel, "said_on": voice.heard, "lang": voice.lang, **voice.form}
        typed.pop("danger")  # whoever heard it has seen to that
        page = colleague.get("add").text
        answer = colleague.browser.post(DESK + "add", data=filled_in(page, "add", typed))
        must(answer.status_code == SEE_OTHER, (voice.name, answer.text))
        self._heard(voice, answer.headers["location"])

    def works(self, who: str, entry: CaseStory, verbs: dict[str, Any]) -> None:
        """Do one thing after the other with a case, as its page offers them."""
        ref = self.refs[entry.voice.name]
        for verb, details in verbs.items():
            if verb == "gather":
                must(
                    details == len(entry.also), f"{entry.voice.name}: {details} voices aren't there"
                )
                for voice in entry.also:
                    self._act(who, self.refs[voice.name], "merge", {"other": ref})
            else:
                self._act(who, ref, verb, wording(verb, details, entry.voice.said))

    def counts_hands(self, who: str, target: str, typed: dict[str, Any]) -> None:
        """Count hands that were raised somewhere."""
        colleague = self._colleague(who)
        kind, key = target.split()
        chosen = {"about": target} if kind == "roadmap" else {"about_record": key}
        form = {**chosen, **{name: str(value) for name, value in typed.items()}}
        page = colleague.get("hands").text
        answer = colleague.browser.post(DESK + "hands", data=filled_in(page, "hands", form))
        must(answer.status_code == SEE_OTHER, (target, answer.text))

    def looks(self, who: str, change: str) -> None:
        """Look whether answers of passers-by come from as many people."""
        colleague = self._colleague(who)
        form = hidden(colleague.get("voices").text, "voices/look", change)
        answer = colleague.browser.post(f"{DESK}voices/look", data=form)
        must(answer.status_code == SEE_OTHER, (change, answer.text))

    def pull(self) -> None:
        """Bring into the content folder what may be public."""
        with self.house.store.read() as conn:
            parts = SiteShellFile(self._tree).now().parts
            source = remembered(self.content)
            seen = source.marks if source else ()
            harvest = publication.harvest(conn, self.site, parts, seen, self.house.clock())
        today = self.house.clock().astimezone(self.site.timezone).date()
        write(plan(harvest, self.content, self.site, today), self.content)
        self._shown = shown_records(self.site, self.content)
        self._build(today)

    def manifest(self) -> str:
        """Return the list of what stands in public at the story's end."""
        return manifest(self.site, self._things, self.content, self._day or date.max)

    def _act(self, who: str, ref: str, verb: str, typed: dict[str, Any]) -> None:
        """Send one form of a case's page."""
        colleague = self._colleague(who)
        action = "save" if verb in WORDS_ALONE else ANSWERS_TOO.get(verb, verb)
        page = colleague.get(f"case/{ref}").text
        if action == "step":
            button = re.search(rf'name="step" value="(\d+ {typed["step"]})"', page)
            typed = {"step": button[1]} if button else {}
        data = filled_in(page, action, typed)
        answer = colleague.browser.post(f"{DESK}case/{ref}/{action}", data=data)
        must(answer.status_code == SEE_OTHER, (ref, verb, answer.text))

    def _colleague(self, name: str) -> PlayedColleague:
        """Return somebody who is at the desk today."""
        if name not in self._staff:
            self._staff[name] = PlayedColleague(self.house, name, new_secret(self.house, name))
            self._browsers.enter_context(self._staff[name].browser)
        colleague, today = self._staff[name], self.house.clock().date()
        if self._at_desk.get(name) != today:
            must(colleague.log_in().status_code == SEE_OTHER, f"{name} can't log in")
            self._at_desk[name] = today
        return colleague

    def _expect(self, voice: TenantVoice) -> None:
        """Let the reference that the story names fall next."""
        self._dice.next = deque(voice.ref.removeprefix("F-"))

    def _heard(self, voice: TenantVoice, answer: str) -> None:
        reference = REF.search(answer)

        must(
            reference and reference[0] == (voice.ref or reference[0]),
            f"{voice.name} got another reference",
        )
        self.refs[voice.name] = reference[0] if reference else ""

    def _cases(self) -> int:
        with self.house.store.read() as conn:
            return queue_sizes(conn, "", "", date.max)["all"]
