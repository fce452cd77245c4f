"""What a word is: the forms of one word meet, those of others don't, and any text is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.analysis import Analysis

WELSH = [
    "cath gath chath nghath cathod gathod",
    "to tô do nho thô toeau",
    "tŷ dŷ nhŷ thŷ tai dai nhai",
    "drws ddrws nrws drysau ddrysau",
    "gwres wres ngwres",
    "gardd ardd ngardd gerddi erddi",
    "atgyweirio atgyweiriad atgyweiriadau atgyweiriwyd hatgyweirio trwsio drwsio",
    "lleithder leithder llaith",
    "tenant denant nhenant thenant tenantiaid denantiaid",
    "plentyn blentyn phlentyn mhlentyn plant blant",
    "bin fin min biniau finiau",
    "llythyr lythyr llythyrau lythyrau",
    "ystafell hystafell ystafelloedd",
    "cymydog gymydog cymdogion gymdogion",
    "rhent rent rhenti",
    "ffenest ffenestr ffenestri",
    "grisiau risiau ngrisiau",
    "cwyn gwyn nghwyn cwynion gwynion chwynion",
    "dŵr ddŵr nŵr",
    "diogel ddiogel niogel diogelwch",
    "methiant fethiant methiannau methu",
    "ffurflen ffurflenni",
    "contractwr gontractwr contractwyr",
    "bws fws bysiau fysiau",
    "ffôn ffonio ffoniwch ffonau",
    "tamp damp nhamp llaith leithder",  # the south's word, and the one that is written
    "grisiau lofft staer",
    "goriad oriad allwedd",
]
ENGLISH = [
    "repair repairs repaired repairing REPAIRS repair’s",
    "tenant tenants tenant's tenants'",
    "child children",
    "mould mouldy",
    "damp dampness",
    "heat heating heated",
    "letter letters",
    "mildew mould",
    "kids children",
    "rubbish bins",
]


@pytest.mark.parametrize(
    ("lang", "forms"), [*(("cy", form) for form in WELSH), *(("en", form) for form in ENGLISH)]
)
def test_all_forms_of_a_word_are_one_term(lang: str, forms: str) -> None:
    assert len(set(Analysis(lang).terms(forms))) == 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("cy", "cath lleithder rhent biniau drws grisiau llythyr sgwter podlediad gardd"),
        ("cy", "trwsio drws"),  # not one for its mutation, whatever the rule would say
        ("cy", "chwyn cwyn"),  # weeds are no complaint
        ("cy", "nwy dau"),
        ("cy", "tân dan"),  # fire, and under: the accent tells
        ("en", "damp mould rent repair stair letter meeting"),
        ("en", "universal useful"),
    ],
)
def test_different_words_stay_different(lang: str, words: str) -> None:
    terms = [tuple(Analysis(lang).terms(word)) for word in words.split()]
    assert len(set(terms)) == len(terms)


@pytest.mark.parametrize("words", ["i'r tŷ", "Mae'r tŷ", "tŷ'n", "o’r tŷ", "a'r tŷ", "TŶ", "ty"])
def test_an_apostrophe_in_welsh_joins_words_and_makes_none(words: str) -> None:
    assert list(Analysis("cy").terms(words)) == ["ty"]


def test_everyday_words_say_nothing() -> None:
    assert list(Analysis("en").terms("What is it that they don't do?")) == []
    assert list(Analysis("cy").terms("Beth am y rhai sydd yn y, dw i ddim")) == ["peth", "rei"]


def test_a_compound_is_found_whole_and_in_parts() -> None:
    assert {"wifi"} <= set(Analysis("en").terms("wi-fi")) & set(Analysis("en").terms("wifi"))
    assert "2k7q9t" in list(Analysis("en").terms("F-2K7Q9T"))


@given(some.text(max_size=400), some.sampled_from(["cy", "en", "ar"]))
def test_any_text_is_read_and_places_are_true(text: str, lang: str) -> None:
    analysis = Analysis(lang)
    spans = list(analysis.spans(text))
    assert [term for span in spans for term in span.terms] == list(analysis.terms(text))
    assert sum(often for _, often in analysis.counts(text)) == len(list(analysis.terms(text)))
    for span in spans:
        assert text[span.start : span.end].strip()
        assert all(0 < len(term) <= 40 for term in span.terms)


def test_a_word_of_a_million_letters_is_a_word() -> None:
    assert len(next(iter(Analysis("cy").terms("llwyd" * 200_000)))) == 40
