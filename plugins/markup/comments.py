"""Notes in Markdown, of authors to each other, which never leave the source."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from core.notes import OTHER_NOTES

# What may hold a comment's marks without being one: code, and a mark that is written to be read.
_PLACES = re.compile(
    r"(?P<fence>^[ >]*(?:(?:[-*+]|\d+[.)]) +)*(?P<mark>`{3,}|~{3,})[^`\n]*$)"
    rf"|(?P<run>`+)|(?P<escaped>\\[\\`<])|(?P<comment><!--)|(?P<note>{OTHER_NOTES})",
    re.MULTILINE,
)
_MAY_HOLD_NOTES = re.compile(r"<!--|%%|\{[#/>{:%]|<%").search
_RUN = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t]*\n")
_END = re.compile(r"--!?>")


class Uncommented(NamedTuple):
    """Markdown without its comments."""

    text: str
    open_at: int  # where a comment begins that never ends, -1 where there is none
    notes: tuple[str, ...] = ()  # what other programs hide, as it was written


def without_comments(text: str) -> Uncommented:
    """Return Markdown without notes; those in code, which are to be read, stay.

    A comment that is never closed hides all that follows, as in browsers (HTML Living Standard,
    13.2.5.43 and following).
    """
    if not _MAY_HOLD_NOTES(text):
        return Uncommented(text, -1)
    runs = _Runs(text)
    visible: list[str] = []
    notes: list[str] = []
    begin, place = 0, _PLACES.search(text)
    while place:
        after = place.end()
        if place["fence"]:
            after = _end_of_fence(text, place)
        elif place["run"]:
            after = runs.end_of_span(place.start(), after)
        elif place["comment"]:
            visible.append(text[begin : place.start()])
            end = _END.search(text, place.start() + 2)  # <!--> and <!---> are whole comments
            if end is None:
                return Uncommented("".join(visible), place.start(), tuple(notes))
            begin = after = end.end()
        elif place["note"]:
            visible.append(text[begin : place.start()])
            notes.append(place[0])
            begin = after
        place = _PLACES.search(text, after)
    return Uncommented("".join([*visible, text[begin:]]), -1, tuple(notes))


def _end_of_fence(text: str, fence: re.Match[str]) -> int:
    closing = re.compile(rf"^[ >]*{re.escape(fence['mark'])}[`~]*[ \t]*$", re.MULTILINE)
    end = closing.search(text, fence.end())
    return end.end() if end else len(text)


class _Runs:
    """Where runs of backticks stand, by their length: those alike begin and end a span of code."""

    def __init__(self, text: str) -> None:
        self._of_length: dict[int, list[int]] = {}
        for run in _RUN.finditer(text):
            self._of_length.setdefault(len(run[0]), []).append(run.start())
        self._blank = [match.start() for match in _BLANK.finditer(text)]

    def end_of_span(self, start: int, end: int) -> int:
        """Return where the code ends that a run begins; the run's own end when none does."""
        alike = self._of_length.get(end - start, [])
        place = bisect_left(alike, end)
        paragraph = bisect_left(self._blank, start)
        if place == len(alike):
            return end
        if paragraph < len(self._blank) and self._blank[paragraph] < alike[place]:
            return end
        return alike[place] + end - start
