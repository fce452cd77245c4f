"""How making a new file ends when it can't be made."""

from __future__ import annotations

UNTOUCHED = "Nothing was written."


class Stop(Exception):
    """Nothing is written; the message says why, to a person."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code  # 1: it can't be done now; 2: the words or the settings can't be read
