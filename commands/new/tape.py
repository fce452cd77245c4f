"""The recording that a new episode is made from: read, then put beside the page."""

from __future__ import annotations

import shutil
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.new.stop import UNTOUCHED, Stop
from commands.new.writing import Bare
from core.templating import duration
from plugins.kinds.models import Kind
from plugins.podcast.loudness import measure
from plugins.podcast.recording import RecordingFault, read_recording

if TYPE_CHECKING:
    from pathlib import Path

    from commands.new.writing import Value
    from plugins.podcast.recording import Recording


@dataclass(frozen=True)
class Tape:
    """A recording somewhere on this machine."""

    path: Path
    recording: Recording

    @property
    def title(self) -> str:
        """Return what its tags call it, as one line; "" when they don't say."""
        plain = (" " if unicodedata.category(c) == "Cc" else c for c in self.recording.title)
        return " ".join("".join(plain).split())

    def name(self, stem: str, lang: str) -> str:
        """Return what it is called beside the episode's own file."""
        return f"{stem}.{lang}{self.path.suffix.lower()}"

    def facts(self, stem: str, lang: str) -> dict[str, Value]:
        """Return what the page says of it; its length is held against the file from then on."""
        return {
            "audio": {lang: Bare(self.name(stem, lang))},
            "duration": Bare(f'"{duration(self.recording.duration):0>5}"'),
        }

    def put(self, folder: Path, stem: str, lang: str) -> Path:
        """Copy it beside the page; what is there already is never overwritten.

        :raises Stop: when it can't be.
        """
        target = folder / self.name(stem, lang)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with self.path.open("rb") as source, target.open("xb") as copy:
                shutil.copyfileobj(source, copy)
        except OSError as error:
            reason = (error.strerror or "the disk refused").lower()
            raise Stop(1, f"{target.name} can't be written: {reason}. {UNTOUCHED}") from None
        return target

    def advice(self) -> str:
        """Return what to know before it goes out."""
        loud = measure(self.path).advice()
        mend = " Set it to -16 LUFS in your editor." if loud else ""
        return f"{loud}{mend}"


def open_tape(path: Path | None, kind: Kind) -> Tape | None:
    """Return the recording that somebody named, None when none was.

    :raises Stop: when it isn't one.
    """
    if path is None:
        return None
    if kind != Kind.EPISODE:
        raise Stop(2, f"Only an episode is made from a recording, and not a new {kind}.")
    try:
        return Tape(path, read_recording(path))
    except RecordingFault as fault:
        raise Stop(1, f"{path.name}: {fault.wrong} {fault.instead} {UNTOUCHED}") from None
