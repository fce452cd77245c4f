"""The search page of each language: a form, and for whoever has no script, all there is to find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from core.search import FOLDER, word
from plugins.kinds.models import Kind
from plugins.sections.lists import section_title
from plugins.sections.readers import Readers
from plugins.sections.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2.runtime import Context

    from plugins.sections.edition import Edition
    from plugins.sections.entries import Entry

TITLES = 100  # of a kind; whoever wants more finds the way to the whole list


@dataclass(frozen=True)
class Row:
    """The titles of one kind."""

    kind: str
    title: str
    entries: tuple[Entry, ...]
    url: str  # of the whole list, "" when all are here


def search_pages(sheets: Sequence[Sheet], edition: Edition) -> Iterator[Sheet]:
    """Plan the search page of each language."""
    for lang in edition.site.languages:
        readers = Readers(edition, lang)
        things = edition.library.things
        years = {day.year for thing in things if (day := thing.date or thing.last_changed)}
        records = [sheet for sheet in sheets if sheet.lang == lang and sheet.data.get("record")]
        years |= {sheet.data["record"].record.received.year for sheet in records}
        kinds = [str(kind) for kind, there in edition.library.of_kind.items() if there]
        yield Sheet(
            path=f"{lang}/{word(lang)}/",
            identity=("search",),
            lang=lang,
            template="search.html",
            title=readers.gettext("Search"),
            section="search",
            indexed=False,
            data={
                "index": edition.link(f"{FOLDER}/{lang}/"),
                "service_word": word(lang),
                "offered": {
                    "kinds": [*kinds, *(["record"] if records else [])],
                    "years": sorted(map(str, years), reverse=True),
                },
                "topics": readers.topics(things),
                "rows": list(_rows(readers)),
            },
        )


def _rows(readers: Readers) -> Iterator[Row]:
    edition, lang = readers.edition, readers.lang
    for kind, things in edition.library.of_kind.items():
        if not things:
            continue
        path = edition.addresses.section(kind, lang) if kind != Kind.PAGE else ""
        yield Row(
            str(kind),
            section_title(kind, readers.gettext),
            tuple(readers.entries(things[:TITLES])),
            edition.link(path) if len(things) > TITLES and path in edition.paths else "",
        )


def search_url(edition: Edition) -> Callable[..., str]:
    """Return what gives templates the address of the search page."""

    @pass_context
    def address(context: Context) -> str:
        lang: Any = context["lang"]
        return edition.link(f"{lang}/{word(lang)}/")

    return address
