"""What is wrong with a picture, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ImageFault(Exception):
    """A picture that can't be shown: which, why, and what to do instead (both sentences)."""

    def __init__(self, path: Path, wrong: str, instead: str) -> None:
        """Take the file, the sentence that says what is wrong and the one that helps."""
        super().__init__(path, wrong, instead)
        self.path = path
        self.wrong = wrong
        self.instead = instead

    def __str__(self) -> str:
        """Return both sentences, after the name of the file."""
        return f"{self.path.name}: {self.wrong} {self.instead}"
