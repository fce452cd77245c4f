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


def _general(fault: Fault) -> str:
    """Return what is wrong without the words that differ from file to file."""
    wrong = _QUOTED.sub("“…”", fault.wrong)
    return re.sub(r"\S*[/\d]\S*|\S+\.\w+(?=\s)", "…", wrong)


def _line(alike: list[Fault]) -> str:
    level = "advice: " if alike[0].level is Level.ADVICE else ""
    words = Counter(word for fault in alike for word in _QUOTED.findall(fault.wrong))
    files = len({fault.path for fault in alike})
    listed = ", ".join(word for word, _ in words.most_common(SHOWN))
    more = " …" if len(words) > SHOWN else ""
    about = f" ({listed}{more})" if listed else ""
    sentence = alike[0].wrong if len({fault.wrong for fault in alike}) == 1 else _general(alike[0])
    where = f"in {files:,} files" if files > 1 else f"in {alike[0].path}"
    return f"{len(alike):>7,} × {level}{sentence.rstrip('.')}{about}, {where}."
