"""What falls due is one list: for the command line, the desk and the mails; and pages say it."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions
from commands.due import keep_translations, report_due
from core.public.due import FILE_IN_TREE, DueSort, due_entries, due_json
from feedback.notices.delivery import drain
from feedback.notices.team_news import plan_month
from feedback.settings import BEHIND, PLACE
from tests.copies import ROOT
from tests.desk import colleague
from tests.speaking import speaking
from tests.test_loop import RECORD
from tests.tiny import ABOUT, CHANGE, EVERY_KIND, EXPERIMENT, POST, ROADMAP, SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.speaking import Speaking
    from tests.tiny import TinySite

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
NEXT = "  next: 2026-02\n"
UNANSWERED = RECORD[: RECORD.index("reply:")] + "due: 2026-02-10\n"
ACCESS = {
    "pages/accessibility.en.md": "---\ntitle: Accessibility\nsummary: For all.\n---\nFor all.\n",
}
FILES = {
    **EVERY_KIND,
    **ACCESS,
    "changes/2026-03-20-autumn-gutters.en.md": CHANGE.replace(
        "    - {value: 0, on: 2026-03, source: Our own visits}\n", ""
    ).replace("  after:\n", NEXT),
    "roadmap/dry-walls.en.md": ROADMAP.replace("rung:", "review_every: 60 days\nrung:"),
    "experiments/gutter-guard.en.md": EXPERIMENT.replace(
        "start: 2026-03-01", "start: 2026-03-01\nend: 2026-05-01"
    ),
    "feedback/2026/f-2k7q9t.yaml": UNANSWERED,
    "posts/2026-09-01-autumn.en.md": "---\ntitle: Autumn plans\nsummary: Leaves.\nauthors: [nia]\n"
    "---\nLeaves again.\n",
}
SETTINGS = (
    SITE.replace("[teams.repairs]", '[teams.repairs]\nuntil = "2026-05"')
    + '\n[accessibility]\nreviewed = 2026-01-01\nnext_test = "2026-04"\n'
)


@pytest.fixture
def tiny(tiny_site: MakeSite) -> TinySite:
    return tiny_site(FILES, SETTINGS)


def options(tiny: TinySite) -> BuildOptions:
    return BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output)


def asked(tiny: TinySite, **wanted: object) -> tuple[int, str]:
    lines: list[str] = []
    code = report_due(options(tiny), now=NOW, say=lambda line: lines.append(str(line)), **wanted)  # type: ignore[arg-type]
    return code, "\n".join(lines)


def test_everything_that_was_promised_for_a_day_is_in_one_list(tiny: TinySite) -> None:
    code, text = asked(tiny, as_json=True)
    assert code == 1
    entries = {(entry.sort, entry.on) for entry in due_entries(text) if entry.on}
    assert entries == {
        (DueSort.ANSWER, date(2026, 2, 10)),
        (DueSort.READING, date(2026, 2, 28)),  # the month that was promised is over
        (DueSort.REVIEW, date(2026, 3, 11)),
        (DueSort.ACTION, date(2026, 5, 1)),
        (DueSort.RESULT, date(2026, 5, 1)),
        (DueSort.OWNER, date(2026, 5, 31)),
        (DueSort.ACCESS, date(2026, 4, 30)),
        (DueSort.ACCESS, date(2027, 1, 1)),
        (DueSort.PAGE, date(2026, 9, 1)),
    }
    assert due_entries(due_json(due_entries(text))) == due_entries(text)


def test_the_terminal_says_first_what_is_overdue(tiny: TinySite) -> None:
    _, text = asked(tiny, days=100)
    overdue, soon, whenever = (
        text.index(heading) for heading in ("Overdue (", "Within 100 days (", "Whenever")
    )
    assert overdue < text.index("2026-02-10  answer a tenant: F-2K7Q9T") < soon
    assert overdue < text.index("measure again: Gutters are cleared each autumn (Waliau gwlyb)")
    assert soon < text.index("2026-09-01  goes out: Autumn plans") < whenever
    assert "translate: One tennis ball (Cymraeg)  content/podcast" in text[whenever:]
    assert "And 1 later" in text


def test_nothing_due_is_said_too(tiny_site: MakeSite) -> None:
    assert asked(tiny_site()) == (0, "Nothing falls due.")


def test_a_translation_that_is_older_than_its_original_is_told(tiny_site: MakeSite) -> None:
    tiny = tiny_site()
    committed(tiny.folder, "2026-03-04")
    tiny.write("posts/2026-03-04-clear-gutters.en.md", POST + "And more.\n")
    assert asked(tiny) == (0, "Nothing falls due.")  # while it is being written
    committed(tiny.folder, "2026-04-01")
    code, text = asked(tiny)
    assert code == 1
    assert "2026-04-01  translate: Mae'r cwteri'n glir (Cymraeg)" in text


def committed(folder: Path, day: str) -> None:
    who = ["-c", "user.name=Nia", "-c", "user.email=nia@example.org"]
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "Publish"]):
        command = ["git", *words]
        subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin:/bin", **when}, check=True)


def test_pages_say_what_is_overdue_where_it_was_promised(
    tiny: TinySite, built: Callable[..., BuildResult]
) -> None:
    built(tiny, now=NOW)
    change = html(tiny, "en/changes/gutters-are-cleared-each-autumn")
    assert "We promised the next reading by the end of February 2026. It is not here yet." in change
    assert "Next reading" not in change
    assert "erbyn diwedd mis Chwefror 2026" in html(
        tiny, "cy/newidiadau/gutters-are-cleared-each-autumn"
    )
    meetup = html(tiny, "en/meetups/tea-in-the-porch")
    assert "Overdue" in meetup.partition("Clear the drain")[2][:300]
    assert "Not measured in time" in html(tiny, "en/how-we-are-doing")


def test_in_its_month_a_reading_is_not_late(
    tiny: TinySite, built: Callable[..., BuildResult]
) -> None:
    built(tiny, now=datetime(2026, 2, 28, 12, tzinfo=UTC))
    tree = json.loads((tiny.output / FILE_IN_TREE).read_text(encoding="utf-8"))
    assert tree["due"]
    built(tiny, now=datetime(2026, 3, 21, 12, tzinfo=UTC))
    change = html(tiny, "en/changes/gutters-are-cleared-each-autumn")
    assert "We promised the next reading" in change


def test_the_tree_says_nothing_of_a_page_that_waits(
    tiny: TinySite, built: Callable[..., BuildResult]
) -> None:
    tiny.write("posts/2026-03-01-secret.en.md", "---\ntitle: Merger\ndraft: true\n---\nHush.\n")
    built(tiny, now=NOW)
    text = (tiny.output / FILE_IN_TREE).read_text(encoding="utf-8")
    assert "Autumn" not in text
    assert "autumn." not in text
    assert "Merger" not in text
    assert "secret" not in text
    (page,) = (entry for entry in due_entries(text) if entry.sort == DueSort.PAGE)
    assert (page.on, page.title, page.source) == (date(2026, 9, 1), None, "")


def html(tiny: TinySite, path: str) -> str:
    return (tiny.output / path / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def house(tiny: TinySite, built: Callable[..., BuildResult], tmp_path: Path) -> Iterator[Speaking]:
    """The service beside the built site, whose only team has a mailbox."""
    built(tiny, now=NOW)
    settings = SETTINGS.replace("[teams.repairs]", '[teams.repairs]\nemail = "team@example.org"')
    speaker = speaking(tmp_path, ROOT / "theme", settings, tiny.output)
    with speaker.store:
        yield speaker


def test_the_desk_lists_it_with_links_and_by_team(house: Speaking) -> None:
    mair = colleague(house)
    page = mair.get("due").text
    assert "Measure again: <a href=" in page
    assert "Wet walls" in page
    assert "A page goes out" in page
    assert "Autumn plans" not in page
    assert "Tell the result" in mair.get("due?team=repairs").text
    assert "A page goes out" in mair.get("due?team=nobody").text
    mair.get("due?lang=cy")
    assert "I&#39;w wneud" in mair.get("due").text


def test_each_month_a_team_is_mailed_what_falls_due_for_it_once(house: Speaking) -> None:
    plan = partial(plan_month, service=house.service)
    for day in (date(2026, 6, 1), date(2026, 6, 2), date(2026, 7, 1)):
        house.store.write_now(partial(plan, day=day))
    mails: list[EmailMessage] = []
    asyncio.run(drain(house.service, mails.append, asyncio.Event()))
    addresses = ["helo@tiny.example.org", "team@example.org"]
    assert sorted(str(mail["To"]) for mail in mails) == sorted(addresses * 2)  # two months
    (mail, *_) = (mail for mail in mails if mail["To"] == "team@example.org")
    text = mail.get_content()
    assert "Mesur eto: Gutters are cleared each autumn (Waliau gwlyb)" in text
    assert "https://tiny.example.org/cy/newidiadau/" in text
    assert "Autumn plans" not in text
    assert mail["Content-Language"] == "cy"


def test_who_gave_no_mailbox_gets_no_mail(house: Speaking) -> None:
    site = replace(house.service.site, teams={})
    house.store.write_now(
        lambda conn: plan_month(conn, replace(house.service, site=site), date(2026, 6, 1))
    )
    mails: list[EmailMessage] = []
    asyncio.run(drain(house.service, mails.append, asyncio.Event()))
    assert mails == []


def test_a_translation_behind_its_original_is_mailed_and_stands_at_the_desk(
    house: Speaking, tiny: TinySite, tmp_path: Path
) -> None:
    """Git alone knows which is behind, so the rounds leave a list for the service."""
    committed(tiny.folder, "2026-05-01")
    tiny.write("pages/about.en.md", ABOUT + "\nFour, soon.\n")
    committed(tiny.folder, "2026-06-02")
    (tmp_path / PLACE).mkdir(exist_ok=True)
    keep_translations(tmp_path, tiny.content, tiny.site)
    settings = replace(house.service.settings, behind=tmp_path / PLACE / BEHIND)
    service = replace(house.service, settings=settings)
    house.store.write_now(lambda conn: plan_month(conn, service, date(2026, 7, 1)))
    mails: list[EmailMessage] = []
    asyncio.run(drain(service, mails.append, asyncio.Event()))
    (text,) = (m.get_content() for m in mails if m["To"] == "helo@tiny.example.org")
    assert "Cyfieithu: Amdanon ni (Cymraeg), 2 Meh 2026. Yn hwyr" in text
    assert text.count("Cyfieithu") == 1  # what nobody began to translate is told by parity
