"""Likely duplicates are found in either language, and strangers stay strangers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.duplicates import MOST, ComparedText, likely_duplicates

SAID = {
    "damp": ("en", "There is damp and black mould on the bedroom wall every winter."),
    "lleithder": ("cy", "Mae lleithder a llwydni du ar wal y llofft bob gaeaf."),
    "pay": ("en", "I lose a day's pay each time I wait in for a repair."),
    "cyflog": ("cy", "Dwi'n colli cyflog bob tro dwi'n aros i rywun ddod i drwsio."),
    "bins": ("en", "The bins behind the flats are never emptied, and they smell."),
    "biniau": ("cy", "Dydy'r biniau tu ôl i'r fflatiau byth yn cael eu gwagio. Mae arogl yno."),
    "lift": ("en", "The lift has been broken for two weeks."),
    "lifft": ("cy", "Mae'r lifft wedi torri ers pythefnos."),
    "bench": ("en", "Could we have a bench where the old people wait for the shop to open?"),
    "thanks": ("en", "The plumber was kind and came on time. Thank you!"),
    "diolch": ("cy", "Diolch i'r plymwr, roedd hi'n garedig ac ar amser."),
}
ALL = [ComparedText(ref, lang, words) for ref, (lang, words) in SAID.items()]
PAIRS = [("damp", "lleithder"), ("pay", "cyflog"), ("bins", "biniau"), ("lift", "lifft")]


def likely(words: str, lang: str) -> list[str]:
    return [match.ref for match in likely_duplicates(ComparedText("new", lang, words), ALL)]


@pytest.mark.parametrize(("english", "welsh"), PAIRS)
def test_the_same_problem_meets_across_the_languages(english: str, welsh: str) -> None:
    assert likely(SAID[english][1], "en")[:2] == [english, welsh]
    assert set(likely(SAID[welsh][1], "cy")[:2]) == {english, welsh}


@pytest.mark.parametrize(
    "words",
    [
        "Mae gen i leithder yn y llofft",  # soft mutation: ll → l
        "Tamprwydd yn fy llofft i",  # another word for it
        "LLWYDNI AR Y WAL",
    ],
)
def test_welsh_is_found_however_it_mutates(words: str) -> None:
    assert "lleithder" in likely(words, "cy")
    assert "damp" in likely(words, "cy")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Mae'r gath yn y to", "Fy nghath i, a'm cath arall"),
        ("Mae pont wrth y tai", "Dwi'n croesi'r bont"),
        ("Wele balmant newydd y cyngor", "Mae ei phalmant hi wedi chwalu, gyngor"),
        ("Gafr sydd yma", "Mae'r afr wedi dianc"),
        ("Tylwyth o dramor", "Fy nhylwyth i"),
    ],
)
def test_a_mutation_is_undone_for_any_word(word: str, other: str) -> None:
    others = [*ALL, ComparedText("other", "cy", other)]
    assert likely_duplicates(ComparedText("one", "cy", word), others)[0].ref == "other"


def test_accents_and_endings_do_not_matter() -> None:
    assert "damp" in likely("Mould! The walls are DÀMP", "en")


@pytest.mark.parametrize("words", ["Please answer the letter that I sent", "", "the and of", "👋"])
def test_strangers_stay_strangers(words: str) -> None:
    assert likely(words, "en") == []


def test_nothing_is_its_own_duplicate_and_few_are_shown() -> None:
    texts = [ComparedText(f"r{number}", "en", "The lift is broken") for number in range(MOST + 5)]
    duplicates = likely_duplicates(texts[0], texts)
    assert len(duplicates) == MOST
    assert "r0" not in [match.ref for match in duplicates]


def test_rare_words_tell_more_than_common_ones() -> None:
    others = [
        ComparedText("gull", "en", "A seagull in the chimney"),
        *(ComparedText(f"c{n}", "en", f"The chimney, word{n}") for n in range(9)),
    ]
    duplicates = likely_duplicates(ComparedText("new", "en", "seagull chimney"), others)
    assert duplicates[0].ref == "gull"


@given(st.text(max_size=200), st.sampled_from(["cy", "en", "pl"]))
def test_whatever_was_typed_scores_lie_between_none_and_all(words: str, lang: str) -> None:
    for match in likely_duplicates(ComparedText("new", lang, words), ALL):
        assert 0 < match.score <= 1
