"""Joins what was heard to the pages that the sections planned, before any is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from plugins.loop import silence
from plugins.loop.addresses import LoopAddresses
from plugins.loop.checking import check_names
from plugins.loop.chrome import CHROME, chrome
from plugins.loop.entries import Joined
from plugins.loop.hearing import read_hearing
from plugins.loop.joining import Loop
from plugins.loop.mentions import mentions
from plugins.loop.open_data import open_data
from plugins.loop.pages import with_loop
from plugins.loop.reports import feeds
from plugins.loop.templating import for_templates
from plugins.sections.assets import Assets
from plugins.sections.readers import Readers
from plugins.sections.sheets import check_addresses

if TYPE_CHECKING:
    from pelican.writers import Writer

    from plugins.sections.edition import Edition


class LoopGenerator(Generator):
    """Adds records and what they led to; comes after the sections in PLUGINS."""

    def generate_context(self) -> None:
        """Read what was heard, compare it with what was published, and plan the pages."""
        edition: Edition = self.context["edition"]
        hearing = read_hearing(Path(self.path), edition.site, edition.report)
        check_names(hearing, edition.everything, edition.report)
        loop = Loop(edition.library, hearing, mentions(edition))
        self._check_silence(edition, loop)
        self.joined = {lang: Joined(Readers(edition, lang), loop) for lang in edition.wordings}
        sheets = check_addresses(with_loop(self.context["sheets"], self.joined), edition.report)
        edition.paths.update(sheet.path for sheet in sheets)
        edition.for_templates.update(for_templates(edition, loop))
        self.loop = self.context["loop"] = loop
        self.context["sheets"] = sheets

    def _check_silence(self, edition: Edition, loop: Loop) -> None:
        """Compare with what was published last.

        A preview shows more than is public, and what it hides is still there to be published.
        """
        silence.check_done(loop, edition.report)
        manifest = Path(self.path) / silence.MANIFEST_IN_CONTENT
        if edition.drafts or not manifest.is_file():
            return
        faults = edition.report.at(silence.MANIFEST_IN_CONTENT)
        text = manifest.read_text(encoding="utf-8", errors="replace")
        before = silence.from_text(text, faults)
        silence.compare(before, loop, edition.everything.by_key, edition.report)

    def generate_output(self, _: Writer) -> None:
        """Write the feeds, the open data, and what the next build and the service read."""
        edition: Edition = self.context["edition"]
        files = open_data(self.loop, edition, LoopAddresses(edition.addresses))
        for one in self.joined.values():
            files |= feeds(one)
        files[silence.MANIFEST_IN_TREE] = silence.to_text(silence.what_stands(self.loop))
        assets = Assets(Path(self.theme) / "static")
        files[CHROME] = chrome(edition, self.context["sheets"], self.joined, assets)
        for name, text in files.items():
            target = Path(self.output_path) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
