"""Writes the index of each language when all pages are planned, and plans the page that asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.search import MANIFEST
from core.search.tree import NoDocuments, contents_file, fingerprint, read_contents
from plugins.podcast.podcast_generator import HeardEpisodes
from plugins.search.documents import documents
from plugins.search.pages import search_pages, search_url
from plugins.search.shards import Shards
from plugins.search.term_cache import TermCache
from plugins.sections.site_generator import SiteGenerator, registers

if TYPE_CHECKING:
    from pelican.writers import Writer

    from core.search.tree import Contents


class SearchGenerator(SiteGenerator):
    """Adds search; comes after everything that adds pages of content."""

    def generate_context(self) -> None:
        """Plan the search page of each language."""
        build = self.build
        self.plan.take([*self.plan.pages, *search_pages(self.plan.pages, build)])
        build.for_templates["search_url"] = search_url(build)

    def generate_output(self, _: Writer) -> None:
        """Write the index of each language; what the last build's tree has already is linked."""
        build, order = self.build, self.order
        tree, made_by = Path(self.output_path), fingerprint(Path(__file__).parent)
        before = _left(order.last_tree, made_by)
        count = TermCache(order.cache / "terms.db", made_by)
        contents = {}
        for lang in build.site.languages:
            listed = documents(self.plan.pages, build, lang, build.shared(HeardEpisodes).words)
            others = [other for other in build.site.languages if other != lang]
            shards = Shards(tree, lang, count)
            contents[lang] = shards.write(listed, others, before.get(lang), order.last_tree)
        count.close([entry.digest for listed in contents.values() for entry in listed])
        (tree / MANIFEST).write_text(contents_file(contents, made_by), encoding="utf-8")


def _left(last: Path | None, made_by: str) -> dict[str, Contents]:
    """Return what the last build listed, if the same program wrote it."""
    try:
        before = read_contents(last) if last else {}
    except NoDocuments:
        return {}
    return {lang: listing for lang, listing in before.items() if listing.made_by == made_by}


register = registers(SearchGenerator)
