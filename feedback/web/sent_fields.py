"""The fields of a form that was not taken, as they are shown to be sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What forms of ours bring of themselves, or what was chosen in them: nobody typed it.
CHOSEN = frozenset(
    {"token", "once", "draft", "version", "shown", "queue", "since", "until", "cases", "saved"}
    | {"about", "about_kind", "about_key", "kind", "key", "change", "topic", "area"}
    | {"team", "passed_to", "holder"}
)
LONGEST_CHOICE = 12  # characters of a value that was chosen by a button or a box


@dataclass(frozen=True, slots=True)
class SentField:
    """A field of a form that was sent, to be sent again."""

    name: str
    value: str

    @property
    def typed(self) -> bool:
        """Whether somebody's words stand in it, which they are to see."""
        value = self.value
        wordy = len(value) > LONGEST_CHOICE or " " in value or "\n" in value
        return wordy and self.name not in CHOSEN


def sent_fields(pairs: Iterable[tuple[str, str]]) -> list[SentField]:
    """Return the fields of a form, to be shown on a page that sends it again."""
    return [SentField(name, value) for name, value in pairs]
