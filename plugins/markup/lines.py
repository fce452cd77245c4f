"""The lines of a file on which what was rendered had been written."""

from __future__ import annotations

import re
from bisect import bisect_left


class Lines:
    """Finds the line on which something that was rendered had been written.

    :param text: the body as written.
    :param first_line: the line of the file on which it begins.
    """

    def __init__(self, text: str, first_line: int) -> None:
        self._text, self._first = text, first_line
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._next: dict[str, int] = {}  # where to go on looking; -1: it stands nowhere

    def of(self, written: str) -> int:
        """Return the line of the next place where `written` stands; else that of the body."""
        begin = self._next.get(written, 0)
        start = self._text.find(written, begin) if begin >= 0 else -1
        if start < 0 and begin > 0:
            start = self._text.find(written)
        self._next[written] = start + 1 or -1
        return self._first + bisect_left(self._ends, start) if start >= 0 else self._first
