"""Joins what was heard to the pages that the sections planned, before any is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from plugins.loop.checking import check_names
from plugins.loop.hearing import read_hearing
from plugins.loop.joining import Loop
from plugins.loop.pages import with_loop
from plugins.loop.templating import for_templates
from plugins.sections.sheets import check_addresses

if TYPE_CHECKING:
    from plugins.sections.edition import Edition


class LoopGenerator(Generator):
    """Adds records and what they led to; comes after the sections in PLUGINS."""

    def generate_context(self) -> None:
        """Read what was heard, and plan the pages that show it."""
        edition: Edition = self.context["edition"]
        hearing = read_hearing(Path(self.path), edition.site, edition.report)
        check_names(hearing, edition.everything, edition.report)
        loop = Loop(edition.library, hearing)
        sheets = check_addresses(with_loop(self.context["sheets"], edition, loop), edition.report)
        edition.paths.update(sheet.path for sheet in sheets)
        edition.for_templates.update(for_templates(edition, loop))
        self.context["sheets"] = sheets
