"""Plans a side door for all that a poster can be about, and its twin in capitals."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.sections.planned_page import PlannedPage
from plugins.sections.site_generator import SiteGenerator, registers
from plugins.shortcuts.addresses import LETTERS, RECORD, SAY, short_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican.writers import Writer

    from plugins.sections.build_context import BuildContext

TEMPLATE = "short.html"


class ShortcutsGenerator(SiteGenerator):
    """Adds short addresses to the site; comes after all that plans pages."""

    def generate_context(self) -> None:
        """Plan a side door for each page that has one."""
        build = self.build
        pages: dict[tuple[str, ...], dict[str, PlannedPage]] = defaultdict(dict)
        for page in self.plan.pages:
            pages[page.identity][page.lang] = page
        doors = [
            _door(path, in_languages, build)
            for identity, in_languages in pages.items()
            for path in _paths(identity, build.site.languages)
        ]
        self.plan.take([*self.plan.pages, *doors])

    def generate_output(self, _: Writer) -> None:
        """Write each side door in capitals too: in a QR code they take up less room."""
        output = Path(self.output_path)
        for page in self.plan.pages:
            if page.template == TEMPLATE:
                self.write(f"{page.path.upper()}index.html", (output / page.file).read_bytes())


def _paths(identity: tuple[str, ...], languages: tuple[str, ...]) -> Iterator[str]:
    match identity:
        case ("content", kind, key) if kind in LETTERS:
            yield short_path(kind, key)
        case ("record", ref):
            yield short_path(RECORD, ref)
        case ("say", ""):
            yield from dict.fromkeys(short_path(SAY, lang=lang) for lang in languages)


def _door(path: str, in_languages: dict[str, PlannedPage], build: BuildContext) -> PlannedPage:
    """Return the side door that leads to a page in each of its languages."""
    languages = [lang for lang in build.site.languages if lang in in_languages]
    titles = dict.fromkeys(in_languages[lang].title for lang in languages)
    ways = [
        {
            "lang": lang,
            "said_in": page.entry.lang if page.entry else lang,
            "name": build.wordings[lang].own_name,
            "title": page.title,
            "url": build.link(page.path),
        }
        for lang, page in ((lang, in_languages[lang]) for lang in languages)
    ]
    first = in_languages[languages[0]]
    return PlannedPage(
        path=path,
        identity=("short", path),
        lang=languages[0],
        template=TEMPLATE,
        title=" · ".join(titles),
        section="short",
        indexed=False,
        origin=first.origin,
        data={"ways": ways},
    )


register = registers(ShortcutsGenerator)
