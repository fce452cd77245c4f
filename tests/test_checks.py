"""Advice about words: long sentences, hard words and slips of the pen, and never a gate."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from commands import dictionaries, machine
from commands.dictionaries import PACKAGES, Hunspell
from commands.fault_sorts import BY_CODE, overview, way_in
from commands.terminal import describe
from core.faults import Fault, Level, Report
from core.public.vocabulary import Rung
from core.site import parse_site
from core.words import Words
from plugins.checks.advice import advise, in_brief
from plugins.checks.plain import HARD
from plugins.checks.prose import sentences
from plugins.checks.spelling import OWN, own_words
from plugins.kinds.models import Image, ItemStatus, Post, RoadmapItem, Text
from plugins.kinds.parse import join
from plugins.kinds.roadmap import Move, Withdrawal
from plugins.sections.content_folder import read_folder
from tests.copies import sample_folder
from tests.tiny import SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from plugins.checks.spelling import Dictionaries
    from tests.conftest import RunCli

BODY = 10  # the line on which the texts of these tests begin


@dataclass
class Book:
    """Dictionaries that know a few words, and how often they were asked."""

    words: dict[str, set[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def unknown(self, words: Iterable[str], lang: str) -> set[str] | None:
        self.asked.append(lang)
        if lang not in self.words:
            return None
        return {word for word in words if word.lower() not in self.words[lang]}


def content(body: str, lang: str = "en", title: str = "Gutters") -> Post:
    text = Text(
        lang=lang,
        path=f"posts/a.{lang}.md",
        body=body,
        body_line=BODY,
        lines={"title": 2},
        title=title,
    )
    return Post(key="a", texts={lang: text}, original=lang)


def read(body: str, lang: str = "en") -> list[tuple[int, str]]:
    return [(sentence.line, sentence.words) for sentence in sentences([content(body, lang)])][1:]


def advice(body: str, lang: str = "en", book: Book | None = None, known: str = "") -> list[Fault]:
    own = frozenset(known.lower().split())
    return advise([content(body, lang, "A")], own, book or Book(), ("cy", "en"), "content")


# --- sentences -----------------------------------------------------------------------------------


def test_each_sentence_knows_the_line_on_which_it_begins() -> None:
    body = "## What we did {#did}\n\nWe cleared. Each\nof them. Then tea.\n\n- One.\n- And this"
    assert read(body) == [
        (10, "What we did"),
        (12, "We cleared."),
        (12, "Each of them."),
        (13, "Then tea."),
        (15, "One."),
        (16, "And this"),
    ]


@pytest.mark.parametrize(
    "apart",
    [
        "> Somebody else's words.",
        "```\nfor x in y: print(x)\n```",
        "~~~ yaml\na: b\n~~~",
        "| a | b |\n|---|---|",
        "<div>HTML</div>",
        "[1]: https://example.org/",
    ],
)
def test_what_is_not_the_writers_prose_is_left_out(apart: str) -> None:
    sentences = read(f"Before.\n\n{apart}\n\nAfter.")
    assert sentences == [(BODY, "Before."), (BODY + 4 + apart.count("\n"), "After.")]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("See [the item](../roadmap/a.en.md) now.", "See the item now."),
        ("Type `./run utilise` here.", "Type here."),
        ("A ![picture of a wal](a.jpg) here.", "A here."),
        ("Write to a@example.org or https://example.org/utilise.", "Write to or"),
        ('He said <span lang="cy">bore da</span> to us.', "He said to us."),
        ("It is **very** _wet_ here.", "It is very wet here."),
        ("Known.[^1]", "Known."),
    ],
)
def test_marks_and_addresses_are_no_words(written: str, words: str) -> None:
    assert [words for _, words in read(written)] == [words]


def item(**facts: Any) -> RoadmapItem:
    """An item whose original is in Welsh; its title and summary have no faults."""
    text = Text(
        lang="cy",
        path="roadmap/a.cy.md",
        body="",
        body_line=9,
        lines={"title": 2, "image.alt": 5},
        title="A",
    )
    arguments = {"owner": "repairs", "rung": Rung.INFORMED, "moves": (), **facts}
    return RoadmapItem(key="a", texts={"cy": text}, original="cy", **arguments)


def test_words_in_fields_are_read_in_each_language_with_their_line() -> None:
    alt = Words((("en", "A wall.\nIt is wet."), ("cy", "Wal.")))
    read = list(sentences([item(image=Image(src="a.jpg", alt=alt))]))[1:]
    assert [(sentence.line, sentence.lang, sentence.words) for sentence in read] == [
        (5, "en", "A wall."),
        (5, "en", "It is wet."),
        (5, "cy", "Wal."),
    ]


def test_what_nobody_may_mend_any_more_is_left_alone() -> None:
    why, day = Words.of("Prior to that we utilised it."), date(2026, 3, 4)
    moved = item(
        moves=(Move(on=day, to=ItemStatus.NOW, why=why),), withdrawn=Withdrawal(on=day, why=why)
    )
    assert [sentence.words for sentence in sentences([moved])] == ["A"]


# --- plain words ---------------------------------------------------------------------------------


def test_a_long_sentence_is_shown_by_its_first_words() -> None:
    body = "Short one. This one goes " + "on and " * 12 + "ends."
    (piece,) = advice(body)
    assert (piece.path, piece.line, piece.level) == ("content/posts/a.en.md", BODY, Level.ADVICE)
    assert piece.wrong == "A sentence of 28 words: “This one goes on and on …”"


@pytest.mark.parametrize("lang", ["cy", "en"])
def test_twenty_five_words_are_not_too_many_in_either_language(lang: str) -> None:
    assert advice("gair " * 24 + "gair.", lang) == []
    assert [piece.code for piece in advice("gair " * 25 + "gair.", lang)] == ["long-sentence"]


def test_a_hard_word_comes_with_a_plainer_one() -> None:
    (piece,) = advice("Prior to that we\nwaited.")
    assert (piece.line, piece.wrong, piece.instead) == (
        BODY,
        "“Prior to” is a hard word.",
        "Plainer: before.",
    )


@pytest.mark.parametrize(
    "body", ["They wrote “prior to” to us.", "> Prior to that.", "Priority to all."]
)
def test_what_others_said_may_be_as_hard_as_it_was(body: str) -> None:
    assert advice(body) == []


def test_hard_words_are_those_of_english() -> None:
    assert advice("Mae via yma.", "cy") == []
    assert advice("We came via the bridge.")


def test_no_hard_word_is_offered_as_a_plainer_one() -> None:
    offered = {word.strip() for plainer in HARD.values() for word in plainer.split(",")}
    assert offered & HARD.keys() == set()


# --- spelling ------------------------------------------------------------------------------------

BOOK = {
    "en": {"the", "wall", "is", "wet", "don't", "well", "known", "tenant"},
    "cy": {"mae", "wal", "gwlyb"},
}


def strange(body: str, lang: str = "en", known: str = "") -> list[str]:
    pieces = advice(body, lang, Book(BOOK), known)
    return [
        piece.wrong.split("“")[1].split("”")[0] for piece in pieces if piece.code == "unknown-word"
    ]


def test_a_slip_of_the_pen_is_named_with_its_line() -> None:
    (piece,) = advice("The wall\n\nThe wal is wett.", book=Book({"en": BOOK["en"]}))[:1]
    assert (piece.line, piece.wrong) == (BODY + 2, "No dictionary knows “wal”.")


def test_words_of_the_sites_other_language_are_no_slips() -> None:
    assert strange("The wal is gwlyb.") == []
    assert strange("Mae wall yn gwlyb.", "cy") == []
    assert strange("Mae'r wal yn gwlub.", "cy") == ["gwlub"]


@pytest.mark.parametrize(
    "body",
    [
        "The wall of Abergwennol is wet.",
        "The F-2K7Q9T wall is wet, at 10am.",
        "The well-known tenant’s wall. Don’t.",
        "The NHS wall.",
        "“Woz wett”: the wall.",
    ],
)
def test_names_references_and_quotations_are_not_looked_up(body: str) -> None:
    assert strange(body) == []


def test_the_associations_own_words_are_known() -> None:
    assert strange("The wall is gwennolish.", known="gwennolish") == []
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    own = own_words(site, "# a note\nGwennolish\n")
    assert {"gwennolish", "nia", "rowe", "atgyweiriadau", "bach", "kettle"} <= own
    assert "note" not in own


def test_dictionaries_are_asked_once_a_language_for_all_files() -> None:
    book = Book(BOOK)
    contents = [content("The wall is wett."), content("The tenant is wett.")]
    advise(contents, frozenset(), book, ("cy", "en"), "content")
    assert book.asked == ["en", "cy"]


ELSEWHERE = {
    "fr": "Les locataires peuvent désormais choisir eux-mêmes le créneau des réparations, et nous "
    "répondons dans les deux jours. La gouttière de la maison fut nettoyée hier.",
    "de": "Die Mieter können jetzt den Termin für die Reparatur selbst wählen, und wir antworten "
    "innerhalb von zwei Tagen. Die Dachrinne wurde gestern gereinigt.",
    "es": "Los inquilinos pueden elegir ahora la hora de las reparaciones y nosotros respondemos "
    "en dos días. El canalón de la casa se limpió ayer por la mañana.",
    "pl": "Lokatorzy mogą teraz sami wybrać termin naprawy, a my odpowiadamy w ciągu dwóch dni. "
    "Rynna domu została wczoraj rano wyczyszczona.",
}


@pytest.mark.parametrize("lang", ELSEWHERE)
def test_a_page_in_another_language_is_told_once_and_not_spelt(tmp_path: Path, lang: str) -> None:
    if machine.npm() is None:
        pytest.skip("This machine has no npm.")
    body = f"{ELSEWHERE[lang]}\n\n{ELSEWHERE[lang]}"
    pieces = advise([content(body)], frozenset(), Hunspell(tmp_path), ("cy", "en"), "content")
    assert [piece.wrong for piece in pieces if piece.code != "long-sentence"] == [
        "This seems to be in a language that the site doesn't have."
    ]


def test_a_passage_in_another_language_leaves_the_rest_of_the_page_spelt() -> None:
    passage = "Lokatorzy mogą teraz sami wybrać termin każdej naprawy."
    wall = "The wall is wet. Don't. The tenant is well known."
    pieces = advice(f"{wall}\n\n{passage}\n\nThe wall is wett.", book=Book({"en": BOOK["en"]}))
    assert [(piece.line, piece.code) for piece in pieces] == [
        (BODY + 2, "other-language"),
        (BODY + 4, "unknown-word"),
    ]
    (brief,) = in_brief(pieces)
    assert f"so its spelling isn't looked at: line {BODY + 2}." in brief.wrong


def test_a_page_full_of_slips_is_still_one_of_ours() -> None:
    body = "The wal is wett. Teh tenat is wel knwon. The wall is wet, don't the tenant."
    assert strange(body) == ["Teh", "knwon", "tenat", "wel", "wett"]


def test_without_a_dictionary_nothing_is_said() -> None:
    assert [piece for piece in advice("Teh wal.") if piece.code == "unknown-word"] == []


# --- the task ------------------------------------------------------------------------------------

WORDY = "---\ntitle: Wet\nsummary: Rain.\n---\nWe utilise teh ladder prior to rain.\n"
WORDY_CY = "---\ntitle: Gwlyb\nsummary: Glaw.\n---\nMae'r wal yn gwlub, a'r tŷ yn oer.\n"


def test_people_read_one_line_a_file() -> None:
    pieces = advice("We utilise it. Prior to that.\n\n" + "gair " * 26)
    (brief,) = in_brief(pieces)
    assert brief.wrong == (
        "Long sentences: line 12. Hard words: Prior to (before), line 10; utilise (use), line 10."
    )
    assert brief.level == Level.ADVICE


def test_check_advises_and_never_refuses(run_cli: RunCli, tmp_path: Path) -> None:
    texts = {"posts/2026-03-04-a.en.md": WORDY, "posts/2026-03-04-a.cy.md": WORDY_CY}
    tiny = write_site(tmp_path / "a", texts)
    dictionary(tiny.content, "cy_GB", "mae'r mae wal gwlyb glaw oer")
    done = run_cli("check", "--content", tiny.content, "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["faults"]) == (0, True, [])
    pieces = [piece for piece in report["advice"] if piece["code"].endswith("-word")]
    assert [(entry["path"][-5:-3], entry["line"], entry["wrong"]) for entry in pieces] == [
        ("cy", 5, "No dictionary knows “gwlub”."),
        ("en", 5, "No dictionary knows “teh”."),
        ("en", 5, "“prior to” is a hard word."),
        ("en", 5, "“utilise” is a hard word."),
    ]


def dictionary(content: Path, name: str, words: str) -> None:
    folder = content / "dictionaries"
    folder.mkdir()
    (folder / f"{name}.aff").write_text("SET UTF-8\n", encoding="utf-8")
    listed = words.split()
    text = "\n".join([str(len(listed)), *listed]) + "\n"
    (folder / f"{name}.dic").write_text(text, encoding="utf-8")


def test_a_dictionary_in_the_content_folder_is_used(tmp_path: Path) -> None:
    dictionary(tmp_path, "cy_GB", "tŷ dŵr")
    hunspell = Hunspell(tmp_path)
    assert hunspell.unknown({"tŷ", "dŵr", "twll"}, "cy") == frozenset({"twll"})
    assert hunspell.missing(("cy", "en")) == ""


@pytest.fixture(scope="module")
def of_the_sample() -> Callable[[Dictionaries], list[Fault]]:
    """Give all advice about the words of this repository's own sample."""
    report = Report()
    sample = sample_folder()
    settings = (sample / "site.toml").read_text(encoding="utf-8")
    site = parse_site(settings, report.at("site.toml"))
    assert site
    folder = read_folder(sample / "content", site, report)
    contents = join(folder.sources, folder.unread, site, report)
    own = own_words(site, (sample / "content" / OWN).read_text(encoding="utf-8"))
    return lambda book: advise(contents, own, book, site.languages, "content")


def test_the_sample_practises_what_it_preaches(
    of_the_sample: Callable[[Dictionaries], list[Fault]],
) -> None:
    assert of_the_sample(Book()) == []


def test_the_sample_is_spelt_as_the_dictionaries_have_it(
    of_the_sample: Callable[[Dictionaries], list[Fault]],
) -> None:
    if machine.npm() is None:
        pytest.skip("This machine has no npm.")
    assert of_the_sample(Hunspell(sample_folder() / "content")) == []


RIGHT = {
    "cy": "tŷ dŷ nhŷ thŷ cath gath chath nghath llwydni lwydni bwyd fwyd hatgyweirio tenantiaid",
    "en": "colour organise mould neighbours repaired licence",
}
WRONG = {"cy": "gwlub atgywerio tenantiad llwidni", "en": "color teh recieve neighbors"}


@pytest.mark.parametrize("lang", ["cy", "en"])
def test_the_dictionaries_that_one_command_fetches_know_right_from_wrong(
    tmp_path: Path, lang: str
) -> None:
    if machine.npm() is None:
        pytest.skip("This machine has no npm.")
    right, wrong = set(RIGHT[lang].split()), set(WRONG[lang].split())
    assert Hunspell(tmp_path).unknown(right | wrong, lang) == frozenset(wrong)


def test_they_are_pinned_by_hashes_and_come_from_no_certain_host() -> None:
    lock = json.loads((dictionaries.NODE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {name.removeprefix("node_modules/") for name in packages} == {*PACKAGES.values()}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no programs, and nothing fetched yet."""
    node = tmp_path / "commands" / "node"
    node.mkdir(parents=True)
    (node / "package-lock.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(dictionaries, "NODE", node)
    monkeypatch.setattr(machine, "packaged", lambda _path: None)  # the tests' own node
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_what_the_machine_lacks_is_said_with_what_to_type(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dictionaries.fetch() == 2
    assert "sudo apt install hunspell npm" in capsys.readouterr().err
    program(desk, "hunspell", "exit 1")
    program(desk, "npm", '[ "$1" = --version ]')
    assert dictionaries.fetch() == 2
    assert "docs/tasks.md" in capsys.readouterr().err
    assert Hunspell(desk).missing(("cy", "en")) == (
        "The spelling of cy, en was not looked at: type ./run dictionaries."
    )


def test_what_was_fetched_is_found_without_a_hand_laid_on_it(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = "node_modules/dictionary-cy"
    program(desk, "npm", f"/bin/mkdir -p {folder}; echo 0 > {folder}/index.dic")
    program(desk, "hunspell", 'case "$*" in *dictionary-cy/index*) echo gwlub;; *) exit 1;; esac')
    assert dictionaries.fetch() == 0
    assert "the spelling of cy and en" in capsys.readouterr().out
    assert Hunspell(desk).unknown({"gwlub", "gwlyb"}, "cy") == frozenset({"gwlub"})


def test_where_a_dictionary_is_missing_it_is_said_once_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "docs/tasks.md" in Hunspell(tmp_path).missing(("xx",))
    monkeypatch.setenv("PATH", str(tmp_path))
    nothing = Hunspell(tmp_path)
    assert nothing.unknown({"teh"}, "en") is None
    assert "sudo apt install hunspell, then ./run dictionaries" in nothing.missing(("en",))


# ------------------------------------------------------------------- many faults


def test_many_faults_begin_with_their_sorts_and_equal_ones_are_folded() -> None:
    def fault(number: int, name: str, line: int) -> Fault:
        wrong = f"There is no field called “{name}” here."
        return Fault(f"posts/{number}.md", line, name, wrong, "Take it out.", code="unknown-field")

    faults = tuple(
        fault(number, name, line)
        for number in range(30)
        for line, name in enumerate(("layout", "excerpt"), 2)
    )
    advice = Fault("posts/1.md", 9, "", "“via” is a hard word.", "", Level.ADVICE, "hard-word")
    assert overview((*faults, advice)).split("\n") == [
        "     60 × There is no field called “…” here (layout, excerpt), in 30 files.",
        "      1 × advice: “via” is a hard word (via), in posts/1.md.",
    ]
    assert overview(faults[:3]) == ""
    assert way_in(faults).startswith("Are these pages another program's? ./run import")
    assert way_in(faults[:3]) == ""
    leaks = [
        Fault(f"posts/{n}.md", 3, "", f"{code} would be shown to readers.", "", code="leak")
        for n in range(20)
        for code in ("{% include a %}", "[caption]")
    ]
    words = [
        Fault(f"posts/{n}.md", 0, "", f"Long sentences: line {n}.", "", Level.ADVICE, "words")
        for n in range(20)
    ]
    assert overview([*leaks, *words]).split("\n") == [
        f"     40 × {BY_CODE['leak']} ({{% include a %}}, [caption]), in 20 files.",
        f"     20 × advice: {BY_CODE['words']}, in 20 files.",
    ]
    folded = describe((fault(1, "layout", 2), fault(1, "layout", 7)))
    assert folded == (
        "posts/1.md\n  lines 2, 7, layout: There is no field called “layout” here.\n"
        "      Take it out."
    )
