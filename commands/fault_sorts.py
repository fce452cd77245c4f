"""Faults by sort, the commonest first: how a report on a strange folder begins."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from core.faults import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.faults import Fault

MANY = 40  # faults from which on an overview helps
SHOWN = 5  # words or files that stand for the rest

# Sorts whose sentences hold what differs from page to page: how each begins, and what is said.
BY_CODE = {
    "leak": "Code of another program would be shown to readers as it stands",
    "words": "Long sentences, hard words, or words that no dictionary has",
}
_FOREIGN = {"leak", "unknown-field"}  # what pages of other programs are full of

_QUOTED = re.compile(r"“([^”]*)”")


def overview(faults: Iterable[Fault]) -> str:
    """Return a line for each sort of fault: how often, what, about which words, in how many files.

    :returns: "" where there are so few that a reader sees them all at once.
    """
    reported = list(faults)
    if len(reported) < MANY:
        return ""
    sorts: dict[tuple[Level, str, str], list[Fault]] = defaultdict(list)
    for fault in reported:
        sorts[fault.level, fault.code, _general(fault)].append(fault)
    return "\n".join(
        _line(alike)
        for alike in sorted(
            sorts.values(), key=lambda alike: (alike[0].level is Level.ADVICE, -len(alike))
        )
    )


def way_in(faults: Iterable[Fault]) -> str:
    """Return how pages of another program are brought; "" where hardly any look like some."""
    foreign = [fault for fault in faults if fault.code in _FOREIGN]
    if len(foreign) < MANY:
        return ""
    return (
        "Are these pages another program's? ./run import brings them, with their pictures, authors "
        "and addresses, and writes what this site reads: docs/importing.md."
    )


def _general(fault: Fault) -> str:
    """Return what is wrong without the words that differ from file to file."""
    if fault.code in BY_CODE:
        return BY_CODE[fault.code]
    wrong = _QUOTED.sub("“…”", fault.wrong)
    return re.sub(r"\S*[/\d]\S*|\S+\.\w+(?=\s)", "…", wrong)


def _words(fault: Fault) -> list[str]:
    """Return the words that a fault is about."""
    if fault.code == "leak":
        return [fault.wrong.partition(" would be shown")[0]]
    return [] if fault.code in BY_CODE else _QUOTED.findall(fault.wrong)


def _line(alike: list[Fault]) -> str:
    level = "advice: " if alike[0].level is Level.ADVICE else ""
    words = Counter(word for fault in alike for word in _words(fault))
    files = len({fault.path for fault in alike})
    listed = ", ".join(word for word, _ in words.most_common(SHOWN))
    more = " …" if len(words) > SHOWN else ""
    about = f" ({listed}{more})" if listed else ""
    same = len({fault.wrong for fault in alike}) == 1 and alike[0].code not in BY_CODE
    sentence = alike[0].wrong if same else _general(alike[0])
    where = f"in {files:,} files" if files > 1 else f"in {alike[0].path}"
    return f"{len(alike):>7,} × {level}{sentence.rstrip('.')}{about}, {where}."
