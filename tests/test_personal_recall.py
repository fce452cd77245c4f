"""How much of what is personal is found: 750 sentences, half of them Welsh, marked by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedback.personal_details import find_personal

LABEL = re.compile(r"\{([a-z-]+):([^{}]+)\}")
LEAST_RECALL, LEAST_PRECISION = 0.95, 0.8


@dataclass(frozen=True)
class MarkedSentence:
    """What somebody wrote, and which stretches of it are personal."""

    known: tuple[str, ...]  # the sender's own name
    text: str
    labels: tuple[tuple[int, int], ...]


def sentences(lang: str) -> list[MarkedSentence]:
    """Return the marked sentences of a language."""
    lines = (Path(__file__).parent / f"personal_{lang}.txt").read_text("utf-8").splitlines()
    return [_sentence(line) for line in lines if line and not line.startswith("#")]


def _sentence(line: str) -> MarkedSentence:
    known, _, marked = line.rpartition("|")
    text, labels, end = "", [], 0
    marked = marked.replace("\\n", "\n")
    for match in LABEL.finditer(marked):
        text += marked[end : match.start()]
        labels.append((len(text), len(text) + len(match[2])))
        text += match[2]
        end = match.end()
    return MarkedSentence((known,) if known else (), text + marked[end:], tuple(labels))


def measured(lang: str) -> tuple[float, float, list[str]]:
    """Return recall and precision, and what was missed or marked for nothing."""
    labelled = caught = marked = right = 0
    mistakes = []
    for sentence in sentences(lang):
        spans = [(span.start, span.end) for span in find_personal(sentence.text, sentence.known)]
        labelled += len(sentence.labels)
        marked += len(spans)
        for start, end in sentence.labels:
            whole = any(low <= start and end <= high for low, high in spans)
            caught += whole
            mistakes += (
                [] if whole else [f"missed {sentence.text[start:end]!r} in {sentence.text!r}"]
            )
        for low, high in spans:
            needed = any(low < end and start < high for start, end in sentence.labels)
            right += needed
            mistakes += (
                [] if needed else [f"marked {sentence.text[low:high]!r} in {sentence.text!r}"]
            )
    return caught / labelled, right / marked, mistakes


def test_the_set_is_as_large_as_it_says_and_half_of_it_is_welsh() -> None:
    english, welsh = len(sentences("en")), len(sentences("cy"))
    assert english + welsh >= 740
    assert 0.45 <= welsh / (english + welsh) <= 0.55


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_nearly_all_that_is_personal_is_found_and_little_else(lang: str) -> None:
    recall, precision, mistakes = measured(lang)
    assert recall >= LEAST_RECALL, "\n".join(mistakes)
    assert precision >= LEAST_PRECISION, "\n".join(mistakes)
