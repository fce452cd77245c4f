"""`./run new`: what it asks, what it writes, and that what it writes is right at once."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.new import new
from core import nodes
from core.faults import Level, Report
from core.nodes import read_yaml
from core.site import parse_site
from plugins.kinds.models import Experiment, Kind, Meetup, Post
from plugins.kinds.parse import join
from plugins.kinds.source import FOLDERS, take_apart
from tests.copies import ROOT
from tests.tiny import EVERY_KIND, FILES, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from commands.build import BuildResult
    from tests.conftest import MakeSite, RunCli
    from tests.tiny import TinySite

    Answers = Mapping[str, str | list[str]]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

# What a person answers, by a piece of the question; Enter to everything else. A list is used
# up answer by answer.
ANSWERS: dict[Kind, Answers] = {
    Kind.POST: {
        "sort of post": "went wrong",
        "went wrong, and why": "A cable: cut.",
        "mean for": "Dark stairs.",
        "doing about": "New lights.",
        "Who writes": "Nia Rowe",
    },
    Kind.MEETUP: {
        "begin?": "2026-04-07 18:00",
        "place called": "The porch",
        "in Welsh": "Y porth",
        "how to get in": "n",
        "area": "1",
    },
    Kind.EPISODE: {"show": "kettle"},
    Kind.ROADMAP: {
        "Which team": "repairs",
        "How much say": "involved",
        "Why?": "It rains in: really.",
    },
    Kind.CHANGE: {
        "count": "Wet walls",
        "before?": "14.2",
        "now, if": "6",
        "Which team": "Repairs team",
    },
    Kind.EXPERIMENT: {
        "believe": "Guards help.",
        "to find out": "Leaves.",
        "stop early": "Floods.",
        "watch homes": "y",
        "collected": "Heat.",
        "Who sees": "Nia.",
        "convenience": "Yours.",
        "money": "Yours.",
        "say no": "Ring us.",
    },
    Kind.STANDARD: {"matter?": "It wears people out."},
    Kind.PERSONA: {
        "made-up name": "Idris",
        "need?": ["Sleep", "Post at night"],
        "Another?": ["y", "n", "n"],
        "live?": "At night.",
        "in their way": "Office hours.",
        "research": "Talks",
        "many people": "3",
    },
    Kind.PAGE: {"linked from": "main"},
}


class Talk:
    """A person at the keyboard: answers by what is asked, and hears what is said."""

    def __init__(self, answers: Answers) -> None:
        self._answers = {
            piece: [answer] if isinstance(answer, str) else [*answer]
            for piece, answer in answers.items()
        }
        self.asked: list[str] = []
        self.heard: list[str] = []

    def ask(self, question: str) -> str:
        assert len(self.asked) < 100, "the conversation has no end"
        self.asked.append(question)
        for piece, replies in self._answers.items():
            if piece in question:
                return replies.pop(0) if len(replies) > 1 else replies[0]
        return ""

    def say(self, text: str) -> None:
        self.heard.append(text)

    @property
    def words(self) -> str:
        return "\n".join(self.heard)


def start(tiny: TinySite, kind: str, talk: Talk | None = None, **options: Any) -> int:
    person = talk or Talk({})
    return new(
        kind, ROOT, tiny.content, tiny.site, say=person.say, ask=person.ask, now=NOW, **options
    )


def written(tiny: TinySite, kind: Kind) -> list[str]:
    folder = next(folder for folder, its_kind in FOLDERS.items() if its_kind == kind)
    return sorted(
        path.relative_to(tiny.content).as_posix() for path in (tiny.content / folder).glob("*")
    )


def faults_of(result: BuildResult) -> list[str]:
    return [str(fault) for fault in result.faults if fault.level == Level.FAULT]


def only_made_new(result: BuildResult, kind: Kind) -> Any:
    return next(
        t for t in result.contents if t.kind == kind and t.key not in {"clear-gutters", "about"}
    )


@pytest.mark.parametrize("first", ["cy", "en"])
def test_without_a_question_every_kind_passes_a_strict_build_and_stays_a_draft(
    first: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    public = set(built(tiny).manifest)
    talk = Talk({})
    for kind in Kind:
        assert start(tiny, kind, talk, lang=first, both=True, yes=True) == 0
    assert talk.asked == []
    result = built(tiny, strict=True)
    assert result.ok, (faults_of(result), result.crash)
    assert set(result.manifest) == public
    result = built(tiny, strict=True, drafts=True)
    assert result.ok, (faults_of(result), result.crash)
    for kind in Kind:
        content = only_made_new(result, kind)
        assert content.original == first
        assert set(content.texts) == {"cy", "en"}
        assert all(text.draft for text in content.texts.values())


def test_a_conversation_about_every_kind_passes_a_strict_build(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    for kind in Kind:
        talk = Talk(
            {
                "first:": "en",
                "its title": 'Dry: at "last" 🏠',
                "Make the file": "y",
                **ANSWERS[kind],
            }
        )
        assert start(tiny, kind, talk) == 0, talk.words
    result = built(tiny, strict=True, drafts=True)
    assert result.ok, (faults_of(result), result.crash)
    for kind in Kind:
        content = only_made_new(result, kind)
        assert content.texts["en"].title == 'Dry: at "last" 🏠'
        assert content.key == "dry-at-last"
        assert str(uuid.UUID(content.id)) == content.id


@pytest.mark.parametrize("kind", Kind)
def test_files_are_utf_8_with_lf_and_say_what_more_may_stand_there(
    kind: Kind, tiny_site: MakeSite
) -> None:
    tiny = tiny_site({})
    start(tiny, kind, yes=True, both=True, title="Tŷ newydd: 🏠")
    for name in written(tiny, kind):
        data = (tiny.content / name).read_bytes()
        assert b"\r" not in data
        assert not data.startswith(b"\xef\xbb\xbf")
        text = data.decode()
        assert text.startswith('---\ntitle: "Tŷ newydd: 🏠"\n')
        assert "# tags:  # free words in this file's language" in text


def test_each_optional_field_may_be_uncommented_as_it_stands(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    for kind in Kind:
        start(tiny, kind, yes=True, both=True)
    for path in tiny.content.rglob("*.md"):
        head, fence, rest = path.read_text().removeprefix("---\n").partition("\n---\n")
        intro, more, offered = head.partition("after the colon:\n")
        offered = re.sub("^# ", "", offered, flags=re.MULTILINE)
        path.write_text(f"---\n{intro}{more}{offered}{fence}{rest}")
    result = built(tiny, strict=True, drafts=True)
    assert result.ok, faults_of(result)


def test_a_translation_carries_words_and_no_facts(tiny_site: MakeSite) -> None:
    tiny = tiny_site({})
    start(tiny, "roadmap", yes=True, both=True, lang="en", key="dry-walls")
    text = (tiny.content / "roadmap/dry-walls.cy.md").read_text()
    front = read_yaml(text.split("---")[1], Report().at("x"))
    assert isinstance(front, nodes.Mapping)
    assert [key.text for key, _ in front.entries] == ["title", "summary", "draft"]
    assert "I'w ysgrifennu." in (tiny.content / "roadmap/dry-walls.en.md").read_text()


def test_facts_stand_once_and_words_in_both_languages(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    talk = Talk(
        {
            "first:": "English",
            "title": "Tea",
            "same in Welsh": "Te",
            "place called": "The porch",
            "how to get in": "n",
            "begin?": "2026-04-07 18:00",
        }
    )
    start(tiny, "meetup", talk)
    meetup = only_made_new(built(tiny, strict=True, drafts=True), Kind.MEETUP)
    assert isinstance(meetup, Meetup)
    assert meetup.place is not None
    assert dict(meetup.place.name.texts) == {"en": "The porch", "cy": "Te"}
    assert meetup.texts["cy"].title == "Te"
    assert written(tiny, Kind.MEETUP) == [
        "meetups/2026-04-07-tea.cy.md",
        "meetups/2026-04-07-tea.en.md",
    ]


def test_the_address_comes_from_the_title_of_each_language(tiny_site: MakeSite) -> None:
    tiny = tiny_site({})
    talk = Talk({"first:": "en", "title": "Evening slots", "same in Welsh": "Slotiau fin nos: tŷ"})
    start(tiny, "page", talk)
    assert "slug: evening-slots\n" in (tiny.content / "pages/evening-slots.en.md").read_text()
    welsh = (tiny.content / "pages/evening-slots.cy.md").read_text()
    assert "slug: slotiau-fin-nos-ty\n" in welsh


def test_two_things_of_one_title_get_keys_and_addresses_of_their_own(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    for _ in range(3):
        assert start(tiny, "post", yes=True, title="Evening slots", both=True) == 0
    for _ in range(3):
        assert start(tiny, "page", yes=True, both=True) == 0
    assert start(tiny, "page", yes=True, title="Blog", lang="en") == 0  # the posts' own address
    result = built(tiny, strict=True, drafts=True)
    assert result.ok, faults_of(result)
    keys = {content.key for content in result.contents}
    assert {"evening-slots", "evening-slots-2", "evening-slots-3"} <= keys


def test_a_file_that_is_there_is_never_overwritten(tiny_site: MakeSite) -> None:
    tiny = tiny_site()
    before = {path: path.read_bytes() for path in tiny.content.rglob("*.md")}
    talk = Talk({})
    assert start(tiny, "page", talk, yes=True, key="about", lang="en") == 1
    assert "about.cy.md already" in talk.words
    assert "--key about-2" in talk.words
    assert "Nothing was written." in talk.words
    assert {path: path.read_bytes() for path in tiny.content.rglob("*.md")} == before


def test_a_key_in_use_is_told_and_another_proposed(tiny_site: MakeSite) -> None:
    tiny = tiny_site()
    talk = Talk({"title": "About", "short name": ["about", ""]})
    assert start(tiny, "page", talk) == 0
    assert "“about” is the key of about.cy.md already" in talk.words
    assert "[about-2]" in "\n".join(talk.asked)
    assert "pages/about-2.cy.md" in written(tiny, Kind.PAGE)


def test_a_key_counts_as_used_whatever_the_file_s_date_language_or_state(
    tiny_site: MakeSite,
) -> None:
    tiny = tiny_site({"posts/2020-01-01-tea.cy.md": b"\xff broken"})
    start(tiny, "post", yes=True, title="Tea", lang="en")
    assert "posts/2026-03-01-tea-2.en.md" in written(tiny, Kind.POST)


def test_a_bad_answer_is_explained_and_asked_again(tiny_site: MakeSite) -> None:
    tiny = tiny_site({})
    talk = Talk(
        {
            "title": ["", "Tea"],
            "begin?": ["31/02/2026", "2026-02-31 18:00", "2026-03-29 01:30", "2026-04-07 18:00"],
            "end?": ["2026-04-07 17:00", ""],
            "place called": "Hall",
            "how to get in": "n",
            "first:": ["fr", "en"],
            "area": ["brige", ""],
            "Make the file": ["perhaps", "n"],
        }
    )
    assert start(tiny, "meetup", talk) == 0
    for sentence in (
        "Write cy or en.",
        "Write y for yes or n for no.",
        "This can't be left out.",
        "isn't a date with a time.",
        "isn't a day of the calendar.",
        "is skipped when the clocks go forward that night.",
        "That is before it begins.",
        "Did you mean “bridge”?",
    ):
        assert sentence in talk.words
    assert written(tiny, Kind.MEETUP) == ["meetups/2026-04-07-tea.en.md"]


def test_the_choices_that_exist_are_offered(tiny_site: MakeSite) -> None:
    tiny = tiny_site({})
    talk = Talk({"title": "Tea", "Who writes": ["somebody", "1, NIA"], "Topics": "repairs"})
    start(tiny, "post", talk)
    assert "nia  (Nia Rowe)" in talk.words
    assert "repairs  (Atgyweiriadau / Repairs)" in talk.words
    text = (tiny.content / "posts/2026-03-01-tea.cy.md").read_text()
    assert "authors: [nia]\ntopics: [repairs]\n" in text


def test_what_the_command_line_says_isn_t_asked(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    talk = Talk({})
    code = start(
        tiny,
        "post",
        talk,
        title="Evening slots",
        lang="en",
        both=True,
        date="2026-02-03",
        key="slots",
        author="nia",
    )
    assert code == 0
    questions = "\n".join(talk.asked)
    for piece in (
        "What is its title",
        "Which language",
        "too?",
        "Its day",
        "short name",
        "Who writes",
    ):
        assert piece not in questions
    post = only_made_new(built(tiny, drafts=True), Kind.POST)
    assert isinstance(post, Post)
    assert (post.key, post.date, post.authors) == ("slots", date(2026, 2, 3), ("nia",))


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("pots", {}, "Did you mean “post”?"),
        ("", {}, "post, meetup, episode, roadmap, change, experiment, standard, persona, page"),
        ("post", {"lang": "fr"}, "Write cy or en."),
        ("post", {"date": "2026-02-31"}, "isn't a day of the calendar."),
        ("post", {"date": "yesterday"}, "Write a date such as 2026-03-04."),
        ("post", {"key": "Evening Slots"}, "Write a key: small letters"),
        ("post", {"author": "nai"}, "Did you mean “nia”?"),
        ("post", {"title": "x" * 301}, "too long for one line"),
        ("meetup", {"author": "nia"}, "leave --author out"),
        ("page", {"date": "2026-03-04"}, "leave --date out"),
    ],
)  # fmt: skip
def test_words_that_can_t_be_followed_are_refused_before_anything_is_asked(
    kind: str, options: dict[str, str], sentence: str, tiny_site: MakeSite
) -> None:
    tiny = tiny_site({})
    talk = Talk({})
    assert start(tiny, kind, talk, **options) == 2
    assert sentence in talk.words
    assert talk.asked == []
    assert list(tiny.content.rglob("*")) == []


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("roadmap", "teams"),
        ("episode", "shows"),
        ("standard", "standard.groups"),
        ("experiment", "teams"),
    ],
)
def test_settings_that_lack_what_a_kind_must_name_are_told(
    kind: str, table: str, tiny_site: MakeSite
) -> None:
    tiny = tiny_site({}, 'languages = ["cy"]\n[association]\nname = "Bach"\n')
    talk = Talk({})
    assert start(tiny, kind, talk, yes=True) == 1
    assert f"[{table}]" in talk.words
    assert list(tiny.content.rglob("*")) == []


@pytest.mark.parametrize("settings", ["languages = [", "", "\udcff"])
def test_settings_that_can_t_be_read_are_told(settings: str, tiny_site: MakeSite) -> None:
    tiny = tiny_site({})
    tiny.site.write_bytes(settings.encode("utf-8", "surrogateescape"))
    talk = Talk({})
    assert start(tiny, "post", talk, yes=True) == 2
    assert "site.toml" in talk.words
    assert list(tiny.content.rglob("*")) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
@pytest.mark.parametrize("after", [0, 1, 3, 6, 9])
def test_stopping_at_any_question_leaves_nothing_behind(
    stop: type[BaseException], after: int, tiny_site: MakeSite
) -> None:
    tiny = tiny_site({})
    talk = Talk({"title": "Tea", "place called": "Hall", "how to get in": "n"})

    def ask(question: str) -> str:
        if len(talk.asked) == after:
            raise stop
        return talk.ask(question)

    code = new("meetup", ROOT, tiny.content, tiny.site, say=talk.say, ask=ask, now=NOW)
    assert code == 1
    assert "Nothing was written." in talk.words
    assert list(tiny.content.rglob("*")) == []


def test_when_one_file_can_t_be_written_none_is(tiny_site: MakeSite) -> None:
    tiny = tiny_site({})

    def ask(question: str) -> str:
        # Somebody else writes the second file in the meantime.
        if "linked from" in question:
            (tiny.content / "pages").mkdir()
            (tiny.content / "pages/tea.en.md").write_text("theirs")
        return "Tea" if "title" in question else ""

    heard: list[str] = []
    code = new("page", ROOT, tiny.content, tiny.site, say=heard.append, ask=ask, now=NOW)
    assert code == 1
    assert "tea.en.md can't be written: file exists. Nothing was written." in heard
    assert written(tiny, Kind.PAGE) == ["pages/tea.en.md"]
    assert (tiny.content / "pages/tea.en.md").read_text() == "theirs"


def test_a_folder_that_can_t_be_made_is_told(tiny_site: MakeSite) -> None:
    tiny = tiny_site({})
    (tiny.content / "pages").write_text("in the way")
    talk = Talk({})
    assert start(tiny, "page", talk, yes=True, title="Tea") == 1
    assert "can't be written" in talk.words


def test_a_site_of_one_language_asks_for_none_and_names_none(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site({}, SITE.replace('languages = ["cy", "en"]', 'languages = ["en"]'))
    talk = Talk({"title": "Tea"})
    assert start(tiny, "page", talk) == 0
    assert not any("language" in question for question in talk.asked)
    assert written(tiny, Kind.PAGE) == ["pages/tea.md"]
    assert [fault for fault in faults_of(built(tiny, drafts=True)) if "pages/" in fault] == []


def test_a_title_without_a_latin_letter_is_kept_and_the_key_says_the_kind(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    start(tiny, "page", yes=True, title="مرحبا 🏠", both=True)
    result = built(tiny, strict=True, drafts=True)
    assert result.ok, faults_of(result)
    assert only_made_new(result, Kind.PAGE).key == "page"


def test_an_experiment_that_watches_says_the_five_things(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    talk = Talk({"title": "Sensors", **ANSWERS[Kind.EXPERIMENT]})
    start(tiny, "experiment", talk)
    experiment = only_made_new(built(tiny, drafts=True), Kind.EXPERIMENT)
    assert isinstance(experiment, Experiment)
    assert experiment.watches is not False
    assert "five things" in talk.words


def test_nobody_is_taken_to_have_said_that_an_experiment_watches_nobody(
    tiny_site: MakeSite,
) -> None:
    tiny = tiny_site({})
    start(tiny, "experiment", yes=True, title="Sensors", lang="en")
    text = (tiny.content / "experiments/sensors.en.md").read_text()
    assert "watches:\n  collected: " in text
    talk = Talk({**ANSWERS[Kind.EXPERIMENT], "title": "Vans", "watch homes": ["", "n"]})
    start(tiny, "experiment", talk)
    assert "Write y for yes or n for no." in talk.words
    assert "watches: no\n" in (tiny.content / "experiments/vans.cy.md").read_text()


@settings(deadline=None)
@given(title=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_title_gives_a_file_without_a_fault_or_is_refused(title: str) -> None:
    with TemporaryDirectory() as folder:
        tiny = write_site(Path(folder) / "association", {})
        talk = Talk({})
        code = start(tiny, "page", talk, title=title, yes=True, lang="en")
        files = [path.relative_to(tiny.content).as_posix() for path in tiny.content.rglob("*.md")]
        if code == 0:
            report, site = Report(), parse_site(SITE, Report().at("site.toml"))
            assert site is not None
            (name,) = files
            source = take_apart(name, (tiny.content / name).read_bytes(), site, report.at(name))
            assert source is not None
            join([source], [], site, report)
            assert report.count(Level.FAULT) == 0, list(report)
        else:
            assert (code, files) == (2, [])
            assert talk.words.startswith("--title: ")


def test_numbers_go_on_from_the_last(tiny_site: MakeSite) -> None:
    tiny = tiny_site(EVERY_KIND)
    start(tiny, "standard", yes=True, title="Answer once")
    assert 'number: "1.2"' in (tiny.content / "standard/answer-once.cy.md").read_text()
    start(tiny, "episode", yes=True, title="Two")
    assert "number: 2\n" in (tiny.content / "podcast/2026-03-01-two.cy.md").read_text()


def test_it_ends_by_saying_what_was_written_and_what_comes_next(tiny_site: MakeSite) -> None:
    tiny = tiny_site(FILES)
    talk = Talk({})
    start(tiny, "post", talk, yes=True, title="Tea", both=True)
    assert "content/posts/2026-03-01-tea.cy.md" in talk.words
    assert "content/posts/2026-03-01-tea.en.md" in talk.words
    assert f"./run serve --content {tiny.content}" in talk.words


def test_the_task_asks_and_writes(tiny_site: MakeSite, run_cli: RunCli) -> None:
    tiny = tiny_site()
    words = ("new", "page", "--content", tiny.content)
    done = run_cli(*words, words_in="en\nn\nTea for all\n" + "\n" * 9)
    assert (done.returncode, done.stderr) == (0, "")
    assert "pages/tea-for-all.en.md" in done.stdout
    alone = run_cli(*words)
    assert (alone.returncode, alone.stderr) == (1, "")
    assert "With --yes nothing is asked." in alone.stdout
    checked = run_cli("check", "--content", tiny.content)
    assert checked.returncode == 0, checked.stdout
