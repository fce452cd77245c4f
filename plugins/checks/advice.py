"""All that is worth another look, and the same on one line a file for people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from core.faults import Fault, Level
from plugins.checks.plain import hard_words, long_sentence
from plugins.checks.prose import sentences
from plugins.checks.spelling import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from plugins.checks.spelling import Dictionaries
    from plugins.kinds.models import Content

_SORTS = {
    "long-sentence": "long sentences",
    "hard-word": "hard words",
    "unknown-word": "unknown words",
    "other-language": "in a language that the site doesn't have, so its spelling isn't looked at",
}


def advise(
    contents: Iterable[Content],
    known: AbstractSet[str],
    dictionaries: Dictionaries,
    languages: Iterable[str],
    folder: str,
) -> list[Fault]:
    """Return what is worth another look in staff's words, by file and line.

    :param known: the association's own words, in small letters.
    :param folder: stands before each path.
    """
    prose = list(sentences(contents))
    faults = [advice for sentence in prose if (advice := long_sentence(sentence))]
    faults += [advice for sentence in prose for advice in hard_words(sentence)]
    faults += misspelt(prose, known, dictionaries, tuple(languages))
    return sorted(replace(fault, path=f"{folder}/{fault.path}") for fault in faults)


def in_brief(advice: Iterable[Fault]) -> list[Fault]:
    """Return one piece of advice a file, which names the lines and the words."""
    files: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in advice:
        word = fault.wrong.partition("“")[2].partition("”")[0]
        if fault.code == "hard-word":
            word += f" ({fault.instead.removeprefix('Plainer: ').removesuffix('.')})"
        of_words = fault.code not in {"long-sentence", "other-language"}
        mention = f"{word}, line {fault.line}" if of_words else f"line {fault.line}"
        files[fault.path][fault.code].append(mention)
    return [
        Fault(
            path,
            0,
            "",
            " ".join(
                f"{_SORTS[code].capitalize()}: {'; '.join(sorts[code])}."
                for code in _SORTS
                if code in sorts
            ),
            "",
            Level.ADVICE,
            "words",
        )
        for path, sorts in files.items()
    ]
