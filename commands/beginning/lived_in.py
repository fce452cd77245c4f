"""The sample's desk, lived in: its year is played once through the real forms, then kept."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.story.actors import StoryFault
from commands.story.steps import USUAL, TenantVoice
from commands.story.town import Town
from commands.terminal import Stop
from core.public.vocabulary import ContactChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from commands.terminal import Terminal

DATABASE = "feedback.sqlite3"
STAFF = "staff.json"  # the secrets of made-up people's one-time codes, which the mailbox shows
SECRET = "the sample keeps no secrets: this one signs its receipts"  # noqa: S105 - and says so
PROGRAM = ("commands/story", "feedback/store")  # what the year is made of


def _voice(number: int, lang: str, topic: str, words: str, **more: str) -> TenantVoice:
    form = {**USUAL, "topic": topic, "said": words, **more}
    return TenantVoice(f"waiting {number}", lang, ContactChannel.WEB, "", form)


# What came in last night and waits for whoever tries the desk: nobody's words, and none of the
# story's, which is told to its end.
WAITING = (
    _voice(
        1,
        "en",
        "repairs",
        "The door of the bin store at Maes y Wennol has not shut since the wind. My name is "
        "Pat Lowther and you can ring me on 07700 900417.",
        answer_by="email",
        email="pat.lowther@example.org",
    ),
    _voice(
        2,
        "cy",
        "damp",
        "Mae'r wal y tu ôl i'r gwely'n oer ac yn wlyb eto, er i rywun ei phaentio ym mis Medi.",
    ),
    _voice(
        3, "en", "rents", "Could the rent letter say the new amount in the first line?", sort="idea"
    ),
)


@dataclass(frozen=True)
class LivedInDesk:
    """A database in which a year has been lived, and who works there."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return how the service is told of it."""
        return {
            "OPEN_HOUSE_DATABASE": f"sqlite:///{self.folder / DATABASE}",
            "OPEN_HOUSE_SECRET": SECRET,
        }

    @property
    def staff(self) -> Mapping[str, str]:
        """Return the secrets of those who may log in, by name."""
        staff: dict[str, str] = json.loads((self.folder / STAFF).read_text(encoding="utf-8"))
        return staff


def lived_in(root: Path, sample: Path, terminal: Terminal) -> LivedInDesk:
    """Return the sample's desk; the year is played first where that is yet to be done.

    :param root: this repository, in whose .cache it is kept.
    :param sample: the folder of the sample's site.toml and content.
    :raises Stop: when the sample was changed so that its story can't be played.
    """
    desk = LivedInDesk(root / ".cache" / "sample-desk" / _mark(root, sample))
    if (desk.folder / STAFF).is_file():
        return desk
    shutil.rmtree(desk.folder.parent, ignore_errors=True)
    desk.folder.mkdir(parents=True)
    terminal.say("A year at the sample's desk is being played (once; about half a minute).")
    with terminal.progress() as progress:
        _play(desk.folder, sample, lambda done, total: progress("story", done, total))
    return desk


def _play(folder: Path, sample: Path, progress: Callable[[int, int], None]) -> None:
    town = Town(folder, sample, SECRET.encode())
    try:
        with town.house.store:
            town.play(progress)
            town.house.clock.now = max(town.house.clock.now, datetime.now(UTC))
            for voice in WAITING:
                town.says(voice)
    except StoryFault as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise Stop(
            f"The sample's story can't be played: {' '.join(str(fault).split())[:200]}. "
            "It is shown without a year at its desk."
        ) from None
    # Written last: without it, the year was interrupted.
    (folder / STAFF).write_text(json.dumps(town.staff), encoding="utf-8")


def _mark(root: Path, sample: Path) -> str:
    """Return a name that changes when the story, the store or the sample does."""
    files = [path for name in PROGRAM for path in sorted((root / name).rglob("*.*"))]
    files = [path for path in files if path.parent.name != "__pycache__"]
    files += [sample / "site.toml", *sorted((sample / "content").glob("*/*.md"))]
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()[:16]
