"""Whoosh's indexes of the built tree, kept up with it while the service runs."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.search import MANIFEST
from core.search.answers import SearchIndexes
from core.search.tree import NoDocuments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.search.answers import Answers

PATIENCE = 3.0  # seconds that somebody waits for a new site to be read; most take less


@dataclass
class Finder:
    """Whoosh's indexes, brought up to date behind whoever asks when the site was built anew."""

    tree: Path
    folder: Path
    languages: tuple[str, ...]
    _library: SearchIndexes = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _read: tuple[int, int] | None = None  # which tree the indexes were last made from
    _reading: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._library = SearchIndexes(self.tree, self.folder, self.languages)

    async def answers(self, asked: str, lang: str, chosen: Mapping[str, str], page: int) -> Answers:
        """Answer a question from what has been read so far."""
        return await asyncio.to_thread(self._answers, asked, lang, chosen, page)

    def _answers(self, asked: str, lang: str, chosen: Mapping[str, str], page: int) -> Answers:
        with self._lock:  # Whoosh's readers are for one at a time
            self._keep_up()
            return self._library.answers(asked, lang, chosen, page)

    def _keep_up(self) -> None:
        """Read the tree in a thread of its own if it is a new one, and wait a little for it."""
        with suppress(OSError):
            stat = (self.tree / MANIFEST).stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
            if stamp != self._read and not (self._reading and self._reading.is_alive()):
                self._read = stamp
                self._reading = threading.Thread(target=self._read_tree, daemon=True)
                self._reading.start()
                self._reading.join(PATIENCE)

    def _read_tree(self) -> None:
        library = SearchIndexes(self.tree, self.folder, self.languages)
        try:
            library.update()
        except NoDocuments:
            self._read = None  # it changed meanwhile: whoever asks next reads it again
        finally:
            library.close()
