"""Joins what was heard to the pages that the sections planned, before any is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.public.due import FILE_IN_TREE, due_json, public_part
from core.public.public_history import MANIFEST_IN_TREE, PublicHistory, to_text
from core.public.site_shell import FILE
from plugins.loop import history_audit
from plugins.loop.addresses import LoopAddresses
from plugins.loop.due import DueFinder
from plugins.loop.entries import Joined, for_templates
from plugins.loop.moves import reasons_in
from plugins.loop.open_data import open_data
from plugins.loop.pages import with_loop
from plugins.loop.record_loader import check_names, load_records
from plugins.loop.relations import Loop, mentions
from plugins.loop.site_shell import site_shell
from plugins.sections.entries import LanguageView
from plugins.sections.site_generator import SiteGenerator, registers

if TYPE_CHECKING:
    from pelican.writers import Writer

    from plugins.sections.build_context import BuildContext


class LoopGenerator(SiteGenerator):
    """Adds records and what they led to; comes after the sections in PLUGINS."""

    def generate_context(self) -> None:
        """Read what was heard, compare it with what was published, and plan the pages."""
        build = self.build
        heard = load_records(Path(self.path), build.site, build.report)
        check_names(heard, build.everything, build.report)
        reasons = reasons_in(build.wordings)
        loop = Loop(build.index, heard, mentions(build), reasons)
        self._check_silence(build, loop)
        self.joined = {lang: Joined(LanguageView(build, lang), loop) for lang in build.wordings}
        self.plan.take(with_loop(self.plan.pages, self.joined))
        build.for_templates.update(for_templates(build, loop))
        self.loop = loop
        build.share(loop)

    def _check_silence(self, build: BuildContext, loop: Loop) -> None:
        """Compare with what was published last.

        A preview shows more than is public, and what it hides is still there to be published.
        """
        history_audit.check_done(loop, build.report)
        if build.ahead is not build:
            history_audit.check_done(Loop(build.ahead.index, loop.heard), build.report)
        if not build.drafts:
            everything = build.everything.by_key
            history_audit.compare(build.shared(PublicHistory), loop, everything, build.report)

    def generate_output(self, _: Writer) -> None:
        """Write the open data, and what the next build and the service read."""
        build = self.build
        files = open_data(self.loop, build, LoopAddresses(build.addresses))
        standing = history_audit.what_stands(self.loop, build.site)
        files[MANIFEST_IN_TREE] = to_text(standing, sample=build.site.sample)
        falling_due = DueFinder(build, self.loop, build.today).entries()
        files[FILE_IN_TREE] = due_json(public_part(falling_due))
        assets = self.assets
        files[FILE] = site_shell(build, self.plan.pages, self.joined, assets).as_json()
        for name, text in files.items():
            self.write(name, text)


register = registers(LoopGenerator)
