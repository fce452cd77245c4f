"""Pages that stand on their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.fields import Choice, optional
from core.values import WHOLE
from plugins.kinds.content import Content, Kind


class Menu(StrEnum):
    """Where a page is linked from."""

    MAIN = "main"
    FOOTER = "footer"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Page(Content):
    """A page that stands on its own: about, privacy, contact."""

    kind = Kind.PAGE

    menu: Menu = optional(Choice(Menu), "where it is linked from", Menu.FOOTER)
    order: int = optional(WHOLE, "its place in the menu", 50)
