"""Short addresses: what fits on a poster, is typed by hand, and stays the same for ever."""

from __future__ import annotations

from plugins.sections.site_generator import registers
from plugins.shortcuts.shortcuts_generator import ShortcutsGenerator

register = registers(ShortcutsGenerator)
