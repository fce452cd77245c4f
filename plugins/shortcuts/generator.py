"""Plans a side door for all that a poster can be about, and its twin in capitals."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from plugins.sections.sheets import Sheet, check_addresses
from plugins.shortcuts.addresses import LETTERS, RECORD, SAY, short_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pelican.writers import Writer

    from plugins.sections.edition import Edition

TEMPLATE = "short.html"


class ShortcutsGenerator(Generator):
    """Adds short addresses to the site; comes after all that plans pages."""

    def generate_context(self) -> None:
        """Plan a side door for each page that has one."""
        edition: Edition = self.context["edition"]
        pages: dict[tuple[str, ...], dict[str, Sheet]] = defaultdict(dict)
        for sheet in self.context["sheets"]:
            pages[sheet.identity][sheet.lang] = sheet
        doors = [
            _door(path, there, edition)
            for identity, there in pages.items()
            for path in _paths(identity, edition.site.languages)
        ]
        sheets = check_addresses([*self.context["sheets"], *doors], edition.report)
        edition.paths.update(sheet.path for sheet in sheets)
        self.context["sheets"] = sheets

    def generate_output(self, _: Writer) -> None:
        """Write each side door in capitals too: in a QR code they take up less room."""
        output = Path(self.output_path)
        for sheet in self.context["sheets"]:
            if sheet.template == TEMPLATE:
                twin = output / sheet.path.upper() / "index.html"
                twin.parent.mkdir(parents=True, exist_ok=True)
                twin.write_bytes((output / sheet.file).read_bytes())


def _paths(identity: tuple[str, ...], languages: tuple[str, ...]) -> Iterator[str]:
    match identity:
        case ("thing", kind, key) if kind in LETTERS:
            yield short_path(kind, key)
        case ("record", ref):
            yield short_path(RECORD, ref)
        case ("say", ""):
            yield from dict.fromkeys(short_path(SAY, lang=lang) for lang in languages)


def _door(path: str, there: dict[str, Sheet], edition: Edition) -> Sheet:
    """Return the side door that leads to a page in each of its languages."""
    languages = [lang for lang in edition.site.languages if lang in there]
    titles = dict.fromkeys(there[lang].title for lang in languages)
    ways = [
        {
            "lang": lang,
            "said_in": sheet.entry.lang if sheet.entry else lang,
            "name": edition.wordings[lang].own_name,
            "title": sheet.title,
            "url": edition.link(sheet.path),
        }
        for lang, sheet in ((lang, there[lang]) for lang in languages)
    ]
    first = there[languages[0]]
    return Sheet(
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
