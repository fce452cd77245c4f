"""How often each page says each term, kept from build to build: counting is half of the work.

All of it can be counted again, so a file that is missing, in use or spoilt only costs time.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from core.search.ranking import Counts, counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.search.documents import Document

SPARE = 3  # times as many pages may be remembered as there are
_KNOWN = "SELECT terms, weights, times FROM counts WHERE page = ?"
_OTHERS = "DELETE FROM counts WHERE page NOT IN (SELECT value FROM json_each(?))"


class TermCache:
    """Counts the terms of pages; those of a page that says what it said are known already."""

    def __init__(self, file: Path, made_by: str) -> None:
        """Open the file, or do without.

        :param made_by: tells apart programs that count words in different ways.
        """
        self._file = None
        with suppress(OSError, sqlite3.OperationalError):  # no room for it, or in use
            try:
                self._file = _opened(file, made_by)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                file.unlink()  # spoilt
                self._file = _opened(file, made_by)

    def __call__(self, document: Document) -> Counts:
        """Return what a document says."""
        with suppress(sqlite3.Error, ValueError):
            for terms, weights, times in self._asked(_KNOWN, document.digest):
                words = terms.split()
                return Counts(
                    dict(zip(words, array("I", weights), strict=True)),
                    dict(zip(words, array("I", times), strict=True)),
                )
        counts = counted(document)
        row = (
            document.digest,
            " ".join(counts.weights),
            array("I", counts.weights.values()).tobytes(),
            array("I", counts.times.values()).tobytes(),
        )
        with suppress(sqlite3.Error):
            self._asked("INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?)", *row)
        return counts

    def close(self, digests: Sequence[str]) -> None:
        """Keep what was counted; once most of it is of no use any more, only the rest.

        :param digests: of the documents that there are.
        """
        if self._file is not None:
            with closing(self._file), suppress(sqlite3.Error), self._file:
                (rows,) = self._file.execute("SELECT count(*) FROM counts").fetchone()
                if rows > SPARE * len(digests):
                    self._file.execute(_OTHERS, [json.dumps(digests)])

    def _asked(self, question: str, *values: object) -> list[tuple[str, bytes, bytes]]:
        return self._file.execute(question, values).fetchall() if self._file else []


def _opened(file: Path, made_by: str) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, timeout=0)
    try:
        database.execute("CREATE TABLE IF NOT EXISTS program (made_by TEXT)")
        if database.execute("SELECT made_by FROM program").fetchall() != [(made_by,)]:
            database.executescript(
                "DROP TABLE IF EXISTS counts; DELETE FROM program;"
                "CREATE TABLE counts (page TEXT PRIMARY KEY, terms TEXT, weights BLOB, times BLOB)"
            )
            database.execute("INSERT INTO program VALUES (?)", [made_by])
    except sqlite3.Error:
        database.close()
        raise
    return database
