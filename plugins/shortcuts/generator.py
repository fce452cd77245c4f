"""Plans a side door for all that a poster can be about, and its twin in capitals."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from plugins.sections.planned_page import PlannedPage, check_addresses
from plugins.shortcuts.addresses import LETTERS, RECORD, SAY, short_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican.writers import Writer

    from plugins.sections.build_context import BuildContext

TEMPLATE = "short.html"


class ShortcutsGenerator(Generator):
    """Adds short addresses to the site; comes after all that plans pages."""

    def generate_context(self) -> None:
        """Plan a side door for each page that has one."""
        build: BuildContext = self.context["build"]
        pages: dict[tuple[str, ...], dict[str, PlannedPage]] = defaultdict(dict)
        for page in self.context["planned"]:
            pages[page.identity][page.lang] = page
        doors = [
            _door(path, in_languages, build)
            for identity, in_languages in pages.items()
            for path in _paths(identity, build.site.languages)
        ]
        planned = check_addresses([*self.context["planned"], *doors], build.report)
        build.paths.update(page.path for page in planned)
        self.context["planned"] = planned

    def generate_output(self, _: Writer) -> None:
        """Write each side door in capitals too: in a QR code they take up less room."""
        output = Path(self.output_path)
        for page in self.context["planned"]:
            if page.template == TEMPLATE:
                twin = output / page.path.upper() / "index.html"
                twin.parent.mkdir(parents=True, exist_ok=True)
                twin.write_bytes((output / page.file).read_bytes())


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
