"""Writes the index of each language when all pages are planned, and plans the page that asks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican.generators import Generator

from core.search import FOLDER, MANIFEST
from core.search.tree import Contents, NoDocuments, contents_file, fingerprint, read_contents
from plugins.search.documents import documents
from plugins.search.pages import search_pages, search_url
from plugins.search.shards import Shards
from plugins.sections.sheets import check_addresses

if TYPE_CHECKING:
    from pelican.writers import Writer

    from plugins.sections.edition import Edition


class SearchGenerator(Generator):
    """Adds search; comes after everything that adds pages of content."""

    def generate_context(self) -> None:
        """Plan the search page of each language."""
        edition: Edition = self.context["edition"]
        sheets = [*self.context["sheets"], *search_pages(self.context["sheets"], edition)]
        sheets = check_addresses(sheets, edition.report)
        edition.paths.update(sheet.path for sheet in sheets)
        edition.for_templates["search_url"] = search_url(edition)
        self.context["sheets"] = sheets

    def generate_output(self, _: Writer) -> None:
        """Write the index of each language; what the last build's tree has already is linked."""
        edition: Edition = self.context["edition"]
        output, made_by = Path(self.output_path), fingerprint(Path(__file__).parent)
        before = self._left(output, made_by)
        for lang in before.keys() - set(edition.site.languages):
            shutil.rmtree(output / FOLDER / lang)
        contents = {}
        for lang in edition.site.languages:
            shards = Shards(output, output / FOLDER / lang, lang)
            there = documents(
                self.context["sheets"], edition, lang, self.context.get("transcripts", {})
            )
            others = [other for other in edition.site.languages if other != lang]
            contents[lang] = shards.write(there, others, before.get(lang))
        (output / MANIFEST).write_text(contents_file(contents, made_by), encoding="utf-8")

    def _left(self, output: Path, made_by: str) -> dict[str, Contents]:
        """Return what the last build listed, its files linked into the new tree."""
        order: Any = self.settings.get("ORDER")
        last = order.last_tree if order else None
        if last is None:
            return {}
        try:
            before = read_contents(last)
            if any(one.made_by != made_by for one in before.values()):
                return {}
            shutil.copytree(last / FOLDER, output / FOLDER, copy_function=_link)
        except (NoDocuments, OSError):
            shutil.rmtree(output / FOLDER, ignore_errors=True)
            return {}
        return before


def _link(source: str, target: str) -> None:
    """Give a file a second name, or copy it where that can't be done."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
