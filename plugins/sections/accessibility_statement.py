"""The accessibility statement: what staff know, what tests found, and what the build counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.accessibility import Accessibility
from core.nodes import line_of
from plugins.kinds.models import Kind
from plugins.languages.parity import parity
from plugins.markup.pieces import EmbeddedPicture, Link
from plugins.sections.build_context import Counted
from plugins.sections.link_target import find

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as ByName
    from pathlib import Path

    from core.faults import FileFaults
    from core.nodes import Mapping
    from plugins.kinds.models import Text
    from plugins.sections.build_context import BuildContext


FILE = "proof.json"  # in the theme's folder


@dataclass(frozen=True)
class AccessibilityResults:
    """One look at every sort of page."""

    on: date
    browser: str
    pages: int  # that were looked at
    faults: ByName[str, int]  # by check, on how many views of a page something was wrong


def load_proof(theme: Path) -> AccessibilityResults | None:
    """Return what the theme's folder says of its checks; nothing for a theme that was not checked.

    :raises ValueError: for a file that was not written by the tests.
    """
    file = theme / FILE
    if not file.is_file():
        return None
    results = json.loads(file.read_text(encoding="utf-8"))
    return AccessibilityResults(
        date.fromisoformat(results["on"]), results["browser"], results["pages"], results["faults"]
    )


KEY = "accessibility"  # of the page that shows it, and of the table in site.toml
REVIEWED_EVERY = timedelta(days=365)
DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp")


@dataclass(frozen=True)
class Statement:
    """All that the statement is made from."""

    known: Accessibility
    counted: Sequence[Counted]
    proof: AccessibilityResults | None
    today: date

    @property
    def short(self) -> int:
        """Return how many things are known to fall short of WCAG 2.2 at level AA."""
        page_faults = self.proof.faults.values() if self.proof else ()
        return (
            sum(bool(gap.criterion) for gap in self.known.gaps)
            + sum(count.fails for count in self.counted)
            + sum(map(bool, page_faults))
        )

    @property
    def test_is_late(self) -> bool:
        """Whether the month is over in which people were to try the site, and nobody has."""
        planned = self.known.next_test
        if planned is None or any(test.on >= planned for test in self.known.tests):
            return False
        return (planned.year, planned.month) < (self.today.year, self.today.month)


def count(build: BuildContext) -> Iterator[Counted]:
    """Yield what the texts of a build lack, so that nobody has to write it down."""
    contents, languages = build.index.contents, build.site.languages
    for tally in parity(contents, (), languages).tallies:
        if lacking := tally.of - tally.pages:
            yield Counted("language", lacking, tally.lang, tally.of)
    undescribed, documents = 0, set[str]()
    for content in contents:
        for text in content.texts.values():
            for piece in build.body(text).pieces:
                if isinstance(piece, EmbeddedPicture):
                    undescribed += piece.alt is None
                elif isinstance(piece, Link) and _is_document(piece.url):
                    documents.add(_document(piece.url, text, build))
    if undescribed:
        yield Counted("picture", undescribed, fails=True)
    if documents:
        yield Counted("document", len(documents))


def _is_document(url: str) -> bool:
    try:
        return urlsplit(url).path.lower().endswith(DOCUMENTS)
    except ValueError:  # no address at all, such as http://[
        return False


def _document(url: str, text: Text, build: BuildContext) -> str:
    """Return what tells one document from another, however its address is written."""
    return find(url, text.path, build).file or url


def check_statement(build: BuildContext, settings: Mapping | None, faults: FileFaults) -> None:
    """Advise on what grew old in the statement.

    :param settings: the tree of site.toml, for its lines.
    """
    known, today = build.site.accessibility, build.today

    def advise(steps: tuple[str | int, ...], wrong: str, instead: str) -> None:
        named = "".join(f"[{s + 1}]" if isinstance(s, int) else f".{s}" for s in steps)
        line = line_of(settings, KEY, *steps)
        faults.advise(line, KEY + named, wrong, instead, "accessibility")

    if known != Accessibility() and (Kind.PAGE, KEY) not in build.index.by_key:
        lang = build.site.unnamed
        advise((), "No page shows this.", f"Write content/pages/{KEY}.{lang}.md.")
    if known.reviewed and today - known.reviewed > REVIEWED_EVERY:
        advise(
            ("reviewed",),
            "Nobody has gone through the accessibility statement for more than a year.",
            f"Go through it, mend what is no longer so, and write the day: reviewed = {today}.",
        )
    for number, gap in enumerate(known.gaps):
        if gap.is_late(today):
            advise(
                ("gaps", number, "by"),
                "It was to work by then, and the month is over.",
                "If it works, take the gap out. If not, write a new month, and say why.",
            )
    if Statement(known, (), None, today).test_is_late:
        advise(
            ("next_test",),
            "People were to try the site by then, and the month is over.",
            "Write what they found under [[accessibility.tests]], or a new month.",
        )
