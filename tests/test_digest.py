"""The digest: what was published in a week or a month, whole, once, and safe to read anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import html5lib
import pytest

from core.faults import Report
from core.public.encoding import plain, to_json
from core.public.open_data import PublicItem, PublicMove, PublicNews
from core.public.vocabulary import MeetupState, NewsKind, Rung, ShownStatus
from core.site import parse_site
from core.words import Words
from feedback.digest.rendering import Renderer
from feedback.digest.selection import Digest, DigestDays, ItemMove, PublishedNews, choose
from feedback.model import Period
from feedback.published_site import CannotNotify, in_folder
from tests.copies import NO_TEMPLATES, ROOT
from tests.test_loop import loop_site
from tests.tiny import SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from core.site import Site
    from tests.conftest import RunCli

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)  # a Wednesday
WEEK = DigestDays.before(NOW.date(), Period.WEEK)
URL = (("en", "https://tiny.example.org/en/x/"), ("cy", "https://tiny.example.org/cy/x/"))
COMMON: dict[str, Any] = {
    "id": "urn:uuid:6b0c4b86-3f0f-5a0e-9d53-0f2f0a2d6c11",
    "key": "dry-walls",
    "url": URL,
}


def told(day: str, title: str = "A post", kind: str = "post", **more: Any) -> PublicNews:
    return PublicNews(
        **COMMON,
        title=Words((("en", title),)),
        kind=NewsKind(kind),
        on=date.fromisoformat(day),
        dates=(),
        cancelled=False,
        **more,
    )


def meeting(*starts: str, **more: Any) -> PublicNews:
    moments = [datetime.fromisoformat(start).replace(tzinfo=LONDON) for start in starts]
    hour = timedelta(hours=1)
    facts = {
        "title": Words((("en", "Tea"), ("cy", "Te"))),
        "kind": NewsKind.MEETUP,
        "on": moments[0].date(),
        "timezone": LONDON,
        "dates": tuple(f"{start.isoformat()}/{(start + hour).isoformat()}" for start in moments),
        "state": MeetupState.PLANNED,
        "cancelled": False,
    }
    return PublicNews(**COMMON | facts | more)


class TestWhichDays:
    @pytest.mark.parametrize(
        ("today", "period", "first", "last", "name"),
        [
            ("2026-03-25", Period.WEEK, "2026-03-16", "2026-03-22", "week 2026-W12"),
            ("2026-03-23", Period.WEEK, "2026-03-16", "2026-03-22", "week 2026-W12"),
            ("2026-03-22", Period.WEEK, "2026-03-09", "2026-03-15", "week 2026-W11"),
            ("2027-01-04", Period.WEEK, "2026-12-28", "2027-01-03", "week 2026-W53"),
            ("2026-03-01", Period.MONTH, "2026-02-01", "2026-02-28", "month 2026-02"),
            ("2027-01-31", Period.MONTH, "2026-12-01", "2026-12-31", "month 2026-12"),
        ],
    )
    def test_a_week_and_a_month_are_whole_and_over(
        self, today: str, period: Period, first: str, last: str, name: str
    ) -> None:
        span = DigestDays.before(date.fromisoformat(today), period)
        assert (f"{span.first}", f"{span.last}", span.name) == (first, last, name)

    def test_what_is_of_those_days_is_told_the_newest_first(self) -> None:
        days = ("2026-03-15", "2026-03-16", "2026-03-22", "2026-03-23")
        chosen = choose(PublishedNews(news=tuple(map(told, days))), WEEK, NOW, LONDON)
        assert [str(post.on) for post in chosen.posts] == ["2026-03-22", "2026-03-16"]

    def test_a_week_without_anything_is_empty(self) -> None:
        assert choose(PublishedNews(news=(told("2026-03-01"),)), WEEK, NOW, LONDON).empty


class TestMeetupsAhead:
    @pytest.mark.parametrize(
        ("start", "period", "soon"),
        [
            ("2026-03-25T11:00", Period.WEEK, False),  # an hour ago
            ("2026-03-25T18:00", Period.WEEK, True),
            ("2026-04-08T23:00", Period.WEEK, True),
            ("2026-04-09T01:00", Period.WEEK, False),
            ("2026-05-06T10:00", Period.MONTH, True),
        ],
    )
    def test_those_that_are_soon_are_told(self, start: str, period: Period, *, soon: bool) -> None:
        span = DigestDays.before(NOW.date(), period)
        chosen = choose(PublishedNews(news=(meeting(start),)), span, NOW, LONDON)
        assert bool(chosen.meetups) is soon

    def test_one_that_comes_again_is_told_as_it_comes_next_with_what_follows_soon(self) -> None:
        weekly = meeting(
            "2026-03-18T10:30", "2026-04-01T10:30", "2026-04-08T10:30", "2026-04-15T10:30"
        )
        (coming,) = choose(PublishedNews(news=(weekly,)), WEEK, NOW, LONDON).meetups
        assert coming.start.isoformat() == "2026-04-01T10:30:00+01:00"  # summer time by then
        assert [date.start.day for date in coming.dates] == [1, 8]

    def test_one_that_comes_no_more_is_not(self) -> None:
        over = meeting("2026-03-04T10:30", "2026-03-11T10:30")
        assert choose(PublishedNews(news=(over,)), WEEK, NOW, LONDON).empty

    def test_they_come_in_the_order_in_which_they_are(self) -> None:
        two = (meeting("2026-04-02T10:00"), meeting("2026-03-30T10:00"))
        chosen = choose(PublishedNews(news=two), WEEK, NOW, LONDON).meetups
        assert [meetup.start.day for meetup in chosen] == [30, 2]


@pytest.fixture(scope="module")
def site() -> Site:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    return site


@pytest.fixture(scope="module")
def renderer(site: Site) -> Renderer:
    service = "https://tiny.example.org/feedback/"
    return Renderer(ROOT / "theme", NO_TEMPLATES, site, service)


CANCELLED = meeting("2026-04-01T18:00", place=Words.of("Y porth"), state=MeetupState.CANCELLED)
EVERYTHING = Digest(
    WEEK,
    moves=(
        ItemMove(
            PublicMove(
                id=COMMON["id"],
                item="dry-walls",
                number=1,
                turn=0,
                on=date(2026, 3, 17),
                to=ShownStatus.NOW,
                why=Words((("en", "The ladder came."), ("cy", "Daeth yr ysgol."))),
                modified=date(2026, 3, 17),
            ),
            PublicItem(
                **COMMON,
                title=Words((("en", "Dry walls"),)),
                status=ShownStatus.NOW,
                since=date(2026, 3, 17),
                owner="repairs",
                rung=Rung.CONSULTED,
                topics=(),
                votes_online=0,
                votes_offline=0,
                people_heard=0,
                records=(),
                changes=(),
                fixed_yes=0,
                fixed_partly=0,
                fixed_no=0,
            ),
        ),
    ),
    changes=(told("2026-03-18", "Gutters <b>& drains</b>"),),
    posts=(told("2026-03-18", "Two\nlines", summary=Words((("cy", "Yn Gymraeg."),))),),
    episodes=(told("2026-03-19", "One tennis ball"),),
    meetups=choose(PublishedNews(news=(CANCELLED,)), WEEK, NOW, LONDON).meetups,
)


def parsed(html: str) -> Element:
    """The page as a browser's parser sees it."""
    return html5lib.parse(html, namespaceHTMLElements=False)


class TestHowItReads:
    def test_both_parts_say_the_same(self, renderer: Renderer) -> None:
        written = renderer.write(EVERYTHING, ["en"])
        page = parsed(written.html)
        shown = " ".join("".join(page.itertext()).split())
        for words in (
            "What was new, 16 March 2026 to 22 March 2026",
            "Dry walls",
            "Now, 17 March 2026",
            "The ladder came.",
            "Gutters <b>& drains</b>",
            "Yn Gymraeg.",
            "One tennis ball",
            "Wednesday 1 April 2026, 18:00, Y porth",
            "Cancelled",
            "1 Bridge Street",
            "You get this because you asked for it.",
        ):
            assert words in shown, words
            assert words in written.text, words
        assert "<b>&" not in written.html
        addresses = {link.attrib["href"] for link in page.iter("a")}
        assert all(address in written.text for address in addresses)
        assert all(address.startswith("https://") for address in addresses)

    def test_one_language_comes_after_the_other_as_they_were_chosen(
        self, renderer: Renderer
    ) -> None:
        for languages in (["cy", "en"], ["en", "cy"]):
            written = renderer.write(EVERYTHING, languages)
            places = {
                "cy": written.text.index("Beth symudodd ar y map ffordd".upper()),
                "en": written.text.index("WHAT MOVED ON THE ROADMAP"),
            }
            assert sorted(places, key=lambda lang: places[lang]) == languages
            page = parsed(written.html)
            assert page.get("lang") == languages[0]
            parts = page.findall("./body/div/div")
            assert [part.get("lang") for part in parts] == languages
        assert written.subject.startswith("Tiny Homes: What was new")

    def test_what_is_not_translated_is_marked(self, renderer: Renderer) -> None:
        written = renderer.write(EVERYTHING, ["en"])
        assert '<span lang="cy">Yn Gymraeg.</span>' in written.html
        assert "Yn Gymraeg. (Cymraeg)" in written.text

    def test_nothing_is_fetched_when_it_is_read_and_nobody_is_watched(
        self, renderer: Renderer
    ) -> None:
        html = renderer.write(EVERYTHING, ["cy", "en"]).html
        page = parsed(html)
        for name in ("img", "link", "script", "iframe", "video", "form", "base"):
            assert page.find(f".//{name}") is None, name
        assert "url(" not in html
        assert "@import" not in html
        assert "src=" not in html

    def test_styles_stand_in_the_elements_and_only_what_can_not_stays_above(
        self, renderer: Renderer
    ) -> None:
        page = parsed(renderer.write(EVERYTHING, ["en"]).html)
        for name in ("h1", "h2", "h3", "p", "a"):
            assert all(element.get("style") for element in page.iter(name)), name
        (style,) = page.iter("style")
        assert "".join(style.itertext()).strip().startswith("@media (prefers-color-scheme: dark)")

    def test_the_same_news_are_the_same_bytes(self, renderer: Renderer) -> None:
        assert renderer.write(EVERYTHING, ["en"]) == renderer.write(EVERYTHING, ["en"])

    def test_an_association_of_one_language_has_a_digest_of_one(self, site: Site) -> None:
        english = replace(site, languages=("en",))
        renderer = Renderer(ROOT / "theme", NO_TEMPLATES, english, "https://x.example.org/")
        assert "Dry walls" in renderer.write(EVERYTHING, ["en"]).text


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site with a file of each kind, built on 25 March."""
    from commands.build import BuildOptions, build

    tiny = write_site(tmp_path_factory.mktemp("digest") / "association", loop_site())
    result = build(
        BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW)
    )
    assert result.ok, result.crash
    return tiny.output


class TestWhatIsPublished:
    def test_a_built_site_says_all_that_a_digest_tells(self, tree: Path) -> None:
        published = PublishedNews.of(in_folder(tree))

        def titles(kind: str, lang: str) -> list[str]:
            return [news.title.get(lang).text for news in published.of_kind(NewsKind(kind))]

        assert titles("change", "en") == ["Gutters are cleared each autumn"]
        assert titles("post", "cy") == ["Mae'r cwteri'n glir"]
        assert titles("episode", "en") == ["One tennis ball"]
        (meetup,) = published.of_kind(NewsKind.MEETUP)
        assert meetup.start == "2026-04-07T18:00:00+01:00"
        assert [(move.to, str(move.on)) for move, _ in published.moves] == [
            ("considering", "2026-01-10"),
            ("now", "2026-02-10"),
        ]
        post = published.of_kind(NewsKind.POST)[0]
        assert dict(post.url)["cy"].startswith("https://tiny.example.org/cy/")

    @pytest.mark.parametrize(
        "change",
        [
            {"title": {}},
            {"title": "A post"},
            {"title": {"en": 3}},
            {"on": "soon"},
            {"url": {"en": "javascript:alert(1)"}},
            {"url": ["https://x.example.org/"]},
            {"kind": "meetup", "dates": ["2026-03-04T10:00/2026-03-04T11:00"]},
            {"kind": "meetup", "timezone": "Nowhere/At all"},
        ],
    )
    def test_nonsense_is_a_sentence(self, tmp_path: Path, change: dict[str, object]) -> None:
        row = json.loads(to_json(plain(told("2026-03-04"), whole=True)))
        (tmp_path / "data").mkdir()
        for name, rows in {"items": [], "moves": [], "news": [row | change]}.items():
            file = tmp_path / "data" / f"{name}.json"
            file.write_text(json.dumps({name: rows}), encoding="utf-8")
        with pytest.raises(CannotNotify, match="holds no open data of ours"):
            PublishedNews.of(in_folder(tmp_path))


class TestTheDigestCommand:
    @pytest.fixture
    def run(
        self, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., tuple[int, list[str]]]:
        """Type `./run digest` on the day of these tests."""
        from commands import digest as command

        class Today(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                del tz
                return NOW

        monkeypatch.setattr(command, "datetime", Today)
        site_file = tmp_path / "site.toml"
        site_file.write_text(SITE, encoding="utf-8")

        def typed(**options: Any) -> tuple[int, list[str]]:
            printed: list[str] = []
            choices = command.Options(**{"site_file": site_file, "tree": tree} | options)
            return command.digest(tmp_path, choices, printed.append), printed

        return typed

    def test_it_shows_the_text(self, run: Callable[..., tuple[int, list[str]]]) -> None:
        code, (welsh, english) = run(period="month", since="2026-03-01")
        assert code == 0
        assert "Mae'r cwteri'n glir" in welsh
        assert "The gutters are clear" in english
        assert "https://tiny.example.org/feedback/en/digest" in english
        assert "because you asked for it" not in english  # nobody has

    def test_it_writes_files_that_can_be_sent_on(
        self, run: Callable[..., tuple[int, list[str]]], tmp_path: Path
    ) -> None:
        folder = tmp_path / "mails"
        _, dry = run(since="2026-03-01", output=folder, dry_run=True)
        assert not folder.exists()
        code, printed = run(since="2026-03-01", output=folder)
        assert (code, printed) == (0, dry)
        names = {path.name for path in folder.iterdir()}
        orders = ("cy", "en", "cy-en", "en-cy")
        assert names == {
            f"digest-2026-03-01.{order}.{ending}"
            for order in orders
            for ending in ("html", "txt", "eml")
        }
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        run(since="2026-03-01", output=folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        mail = message_from_bytes(before["digest-2026-03-01.cy-en.eml"], policy=default)
        assert (mail["To"], mail["List-Unsubscribe"]) == (None, None)
        plain, html = mail.iter_parts()
        text = before["digest-2026-03-01.cy-en.txt"].decode()
        assert plain.get_content().replace("\r\n", "\n") == text
        assert (
            html.get_content().replace("\r\n", "\n").strip()
            in before["digest-2026-03-01.cy-en.html"].decode()
        )

    def test_an_association_without_an_address_leaves_the_sender_to_whoever_sends_it(
        self, run: Callable[..., tuple[int, list[str]]], tmp_path: Path
    ) -> None:
        plain = SITE.replace('email = "helo@tiny.example.org"\n', "")
        (tmp_path / "site.toml").write_text(plain, encoding="utf-8")
        assert run(since="2026-03-01", output=tmp_path)[0] == 0
        mail = message_from_bytes((tmp_path / "digest-2026-03-01.en.eml").read_bytes())
        assert mail["From"] is None
        assert mail["Subject"].startswith("Tiny Homes")

    def test_a_week_without_news_says_so(
        self, run: Callable[..., tuple[int, list[str]]], tmp_path: Path
    ) -> None:
        quiet = tmp_path / "quiet"
        (quiet / "data").mkdir(parents=True)
        for name in ("items", "moves", "news"):
            (quiet / "data" / f"{name}.json").write_text(json.dumps({name: []}), encoding="utf-8")
        assert run(tree=quiet) == (
            0,
            ["Nothing was published from 2026-03-16 to 2026-03-22, and nobody meets."],
        )

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"period": "year"}, "Write week or month"),
            ({"since": "Monday"}, "Write one such as 2026-03-04"),
            ({"since": "2026-12-01"}, "still to come"),
            ({"send": True, "since": "2026-03-01"}, "leave --since and --output out"),
        ],
    )
    def test_what_can_not_be_meant_is_a_sentence(
        self,
        run: Callable[..., tuple[int, list[str]]],
        capsys: pytest.CaptureFixture[str],
        options: dict[str, Any],
        words: str,
    ) -> None:
        assert run(**options) == (2, [])
        assert words in capsys.readouterr().err

    def test_a_folder_that_can_not_be_written_is_a_sentence(
        self,
        run: Callable[..., tuple[int, list[str]]],
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (tmp_path / "taken").write_text("", encoding="utf-8")
        assert run(since="2026-03-01", output=tmp_path / "taken")[0] == 1
        assert "can't be written" in capsys.readouterr().err

    def test_it_is_a_task(self, tmp_path: Path, run_cli: RunCli) -> None:
        done = run_cli("digest", "--site-tree", tmp_path, "--period", "month")
        assert done.returncode == 1
        assert "Build the site first" in done.stderr
