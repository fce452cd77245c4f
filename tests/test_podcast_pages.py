"""An episode's page can be heard and read, with scripts and without, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from mutagen.id3 import ID3

from commands.build import BuildOptions, build
from commands.new import new
from commands.tag import tag
from plugins.podcast.loudness import measure
from plugins.podcast.pages import speaker_turns
from plugins.podcast.webvtt import read
from tests.copies import ROOT, sample_folder
from tests.hosting import host
from tests.on_air import NAME, ON_AIR, files, sound
from tests.tiny import write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from playwright.sync_api import Browser, Page

    from commands.build import BuildResult
    from tests.conftest import MakeSite, RunCli
    from tests.tiny import TinySite

pytestmark = pytest.mark.long

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
EN, CY = "en/podcast/one-tennis-ball/", "cy/podlediad/un-bel-denis/"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    # Nobody has said it in Welsh of the second, and it was recorded in Welsh alone.
    more = {
        "podcast/2026-03-18-kettle.cy.md": """\
---
title: Y tegell
summary: Sŵn.
show: kettle
synthetic: true
audio: ball.cy.mp3
transcript: ball.cy.vtt
---
Dyma fe.
"""
    }
    tiny = write_site(tmp_path_factory.mktemp("pages"), files() | more, ON_AIR)
    options = BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, strict=True, now=NOW
    )
    assert build(options).ok
    return tiny


def tree_of(house: TinySite, path: str) -> Element:
    text = (house.output / path / "index.html").read_text(encoding="utf-8")
    return html5lib.parse(text, namespaceHTMLElements=False)


def texts(elements: list[Element]) -> list[str]:
    return [" ".join("".join(element.itertext()).split()) for element in elements]


def test_the_player_is_the_browser_s_own_and_fetches_nothing_before_it_is_asked(
    house: TinySite,
) -> None:
    for path, lang in ((EN, "en"), (CY, "cy")):
        (player,) = tree_of(house, path).iter("audio")
        assert player.get("src") == f"/files/podcast/ball.{lang}.mp3"
        assert player.get("preload") == "none"
        assert player.get("controls") is not None
        (file,) = [a for a in tree_of(house, path).iter("a") if a.get("download") is not None][:1]
        assert (house.output / (file.get("href") or "/")[1:]).read_bytes()


def test_chapters_are_links_into_the_recording_of_that_language(house: TinySite) -> None:
    def chapters(path: str) -> list[str | None]:
        links = tree_of(house, path).findall(".//ol[@class='chapters']//a[@class='at']")
        return [link.get("href") for link in links]

    assert chapters(EN) == [f"/files/podcast/ball.en.mp3#t={at}" for at in (0, 2)]
    assert chapters(CY) == [f"/files/podcast/ball.cy.mp3#t={at}" for at in (0, 3)]


def test_every_word_stands_on_the_page_with_its_speaker_and_its_time(house: TinySite) -> None:
    tree = tree_of(house, EN)
    assert texts(tree.findall(".//p[@class='who']")) == ["Nia"]
    cues = tree.findall(".//p[@class='cue']")
    assert texts(cues) == ["0:00 The gutters are clear.", "0:02 I found a ball."]
    assert [cue.get("id") for cue in cues] == ["t-0", "t-2"]
    assert "Mae'r cwteri'n glir." in " ".join(
        texts(tree_of(house, CY).findall(".//p[@class='cue']"))
    )


def test_two_cues_of_one_second_make_one_place() -> None:
    cues = read(
        b"WEBVTT\n\n00:01.000 --> 00:01.400\n<v A>b\n\n00:01.500 --> 00:02.000\n<v B>c\n"
    ).cues
    assert [cue.anchor for turn in speaker_turns(cues) for cue in turn.said] == ["t-1", ""]


def test_what_is_recorded_in_another_language_says_so(house: TinySite) -> None:
    tree = tree_of(house, "en/podcast/y-tegell/")
    words = " ".join(texts([tree]))
    assert "The recording is in Welsh." in words
    assert "These words are in Welsh." in words
    (marked,) = tree.findall(".//section[@class='transcript']/div")
    assert marked.get("lang") == "cy"
    assert "The voices are a computer's." in words
    assert "Lleisiau cyfrifiadur sydd yma." in " ".join(
        texts([tree_of(house, "cy/podlediad/y-tegell/")])
    )


def test_machines_are_told_of_the_recording(house: TinySite) -> None:
    scripts = [
        json.loads(script.text or "")
        for script in tree_of(house, EN).iter("script")
        if script.get("type") == "application/ld+json"
    ]
    nodes: list[Any] = scripts[0]
    (episode,) = [node for node in nodes if node["@type"] == "PodcastEpisode"]
    assert episode["timeRequired"] == "PT6S"
    assert episode["associatedMedia"] == {
        "@type": "AudioObject",
        "contentUrl": "https://tiny.example.org/files/podcast/ball.en.mp3",
        "encodingFormat": "audio/mpeg",
        "contentSize": str(len(sound())),
        "duration": "PT6S",
        "inLanguage": "en",
        "transcript": "https://tiny.example.org/en/podcast/kettle/tennis-ball.vtt",
    }


def test_lists_tell_how_long_an_episode_is(house: TinySite) -> None:
    lengths = tree_of(house, "cy/podlediad/").findall(".//span[@class='length']")
    assert texts(lengths) == ["llai na munud o wrando"] * 2


def test_a_new_episode_is_made_from_a_recording(
    tiny_site: MakeSite, built: Callable[..., BuildResult], tmp_path: Path
) -> None:
    tiny = tiny_site(files(), ON_AIR)
    recording = tmp_path / "Memo 7.MP3"
    recording.write_bytes(sound(level=0.05))
    tags = ID3()
    from mutagen.id3 import TIT2

    tags.add(TIT2(encoding=1, text=["Glaw\x07 yn y tŷ"]))
    tags.save(recording)
    heard: list[str] = []
    code = new(
        "episode",
        tiny.folder,
        tiny.content,
        tiny.site,
        recording=recording,
        yes=True,
        say=heard.append,
        ask=lambda _: "",
        now=NOW,
    )
    assert code == 0
    copy = tiny.content / "podcast/2026-04-01-glaw-yn-y-ty.cy.mp3"
    assert copy.read_bytes() == recording.read_bytes()
    text = copy.with_suffix(".md").read_text(encoding="utf-8")
    assert "title: Glaw yn y tŷ\n" in text
    assert 'audio:\n  cy: 2026-04-01-glaw-yn-y-ty.cy.mp3\nduration: "00:06"\n' in text
    assert "runs for 0:06. The recording is quieter than others" in heard[-1]
    assert built(tiny, strict=True).ok


@pytest.mark.parametrize(
    ("kind", "data", "code", "sentence"),
    [
        ("episode", b"", 1, "talk.mp3: The file is empty."),
        ("episode", b"no sound", 1, "isn't a recording"),
        ("post", sound(), 2, "Only an episode is made from a recording"),
    ],
)
def test_what_no_episode_can_be_made_of_leaves_nothing_behind(  # noqa: PLR0913, PLR0917 - a row
    tiny_site: MakeSite, tmp_path: Path, kind: str, data: bytes, code: int, sentence: str
) -> None:
    tiny = tiny_site(files(), ON_AIR)
    before = sorted(tiny.content.rglob("*"))
    (recording := tmp_path / "talk.mp3").write_bytes(data)
    heard: list[str] = []
    options: dict[str, Any] = {"recording": recording, "yes": True, "now": NOW}
    places = (tiny.folder, tiny.content, tiny.site)
    assert new(kind, *places, say=heard.append, ask=lambda _: "", **options) == code
    assert sentence in heard[-1]
    assert sorted(tiny.content.rglob("*")) == before


def test_the_recording_stands_after_the_kind_and_tags_are_written_by_key(
    tiny_site: MakeSite, run_cli: RunCli, tmp_path: Path
) -> None:
    tiny = tiny_site(files(), ON_AIR)
    (tmp_path / "talk.mp3").write_bytes(sound())
    done = run_cli(
        *("new", "episode", "talk.mp3", "--yes", "--title", "Rain", "--content", tiny.content),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in tiny.content.rglob("*rain*.mp3")]
    assert run_cli("tag", "tennis-ball", "--content", tiny.content).returncode == 0
    tags = ID3(tiny.content / "podcast/ball.cy.mp3")
    assert str(tags["TIT2"]) == "Un bêl denis"
    assert str(tags["WOAF"]) == f"https://tiny.example.org/{CY}"
    starts = [tags[f"CHAP:chapter{number}"].start_time for number in (1, 2)]
    assert starts == [0, 3000]


@pytest.mark.parametrize(
    ("key", "changed", "code"),
    [
        ("tennis-bal", {}, 2),
        ("tennis-ball", {"podcast/ball.en.mp3": b"no sound"}, 1),
        ("tennis-ball", {f"{NAME}.en.md": "---\ntitle: x\nshow: kettle\nnumbr: 1\n---\nx\n"}, 1),
        ("tennis-ball", {f"{NAME}.en.md": "---\ntitle: x\nshow: kettle\n---\nx\n"}, 1),
    ],
)
def test_what_can_t_be_tagged_is_told(
    tiny_site: MakeSite,
    capsys: pytest.CaptureFixture[str],
    key: str,
    changed: dict[str, str | bytes],
    code: int,
) -> None:
    tiny = tiny_site(files() | changed, ON_AIR)
    assert tag(tiny.folder, tiny.content, tiny.site, key, say=lambda _: None) == code
    assert capsys.readouterr().err


def test_the_sample_s_recordings_are_small_and_as_loud_as_they_should_be() -> None:
    recordings = sorted((sample_folder() / "content/podcast").glob("*.mp3"))
    assert {path.name.split(".")[1] for path in recordings} == {"cy", "en"}
    for path in recordings:
        assert path.stat().st_size < 200_000
        assert measure(path).advice() == "", path.name
        assert read(path.with_suffix(".vtt").read_bytes()).problems == ()


@pytest.fixture(scope="module")
def address(house: TinySite) -> Iterator[str]:
    with host(house.output) as served:
        yield served


@pytest.mark.browser
def test_a_time_takes_the_player_there(page: Page, address: str) -> None:
    page.goto(address + EN)
    # The host of the tests knows no byte ranges, without which no player can begin in the middle.
    page.evaluate("() => { HTMLMediaElement.prototype.play = async () => { window.played = 1 } }")
    page.click(".chapters a[data-at='2']")
    assert page.evaluate("[document.querySelector('audio').currentTime, window.played]") == [2, 1]
    assert page.url == address + EN
    page.goto("about:blank")
    page.goto(f"{address}{EN}#t-2")
    assert page.evaluate("document.querySelector('audio').currentTime") == 2


@pytest.mark.browser
def test_without_scripts_a_time_opens_the_recording_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + EN)
    plain.locator("audio").wait_for()
    assert "I found a ball." in plain.inner_text(".transcript")
    plain.click(".chapters a[data-at='2']")
    assert plain.url == f"{address}files/podcast/ball.en.mp3#t=2"
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", [EN, CY, "cy/podlediad/"])
def test_nothing_sticks_out_on_a_small_screen(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
