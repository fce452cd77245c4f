"""The search page of each language: a form, and for whoever has no script, all there is to find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from core.search import FOLDER, word
from plugins.kinds.models import Kind
from plugins.sections.entries import LanguageView
from plugins.sections.lists import section_title
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2.runtime import Context

    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry

TITLES = 100  # of a kind; whoever wants more finds the way to the whole list


@dataclass(frozen=True)
class TitlesOfKind:
    """The titles of one kind."""

    kind: str
    title: str
    entries: tuple[Entry, ...]
    url: str  # of the whole list, "" when all are here


def search_pages(planned: Sequence[PlannedPage], build: BuildContext) -> Iterator[PlannedPage]:
    """Plan the search page of each language."""
    for lang in build.site.languages:
        view = LanguageView(build, lang)
        contents = build.index.contents
        years = {day.year for content in contents if (day := content.date or content.last_changed)}
        records = [page for page in planned if page.lang == lang and page.data.get("record")]
        years |= {page.data["record"].record.received.year for page in records}
        kinds = [
            str(kind) for kind, contents_of_kind in build.index.of_kind.items() if contents_of_kind
        ]
        yield PlannedPage(
            path=f"{lang}/{word(lang)}/",
            identity=("search",),
            lang=lang,
            template="search.html",
            title=view.gettext("Search"),
            section="search",
            indexed=False,
            data={
                "index": build.link(f"{FOLDER}/{lang}/"),
                "service_word": word(lang),
                "offered": {
                    "kinds": [*kinds, *(["record"] if records else [])],
                    "years": sorted(map(str, years), reverse=True),
                },
                "topics": view.topics(contents),
                "rows": list(_rows(view)),
            },
        )


def _rows(view: LanguageView) -> Iterator[TitlesOfKind]:
    build, lang = view.build, view.lang
    for kind, contents in build.index.of_kind.items():
        if not contents:
            continue
        path = build.addresses.section(kind, lang) if kind != Kind.PAGE else ""
        yield TitlesOfKind(
            str(kind),
            section_title(kind, view.gettext),
            tuple(view.entries(contents[:TITLES])),
            build.link(path) if len(contents) > TITLES and path in build.paths else "",
        )


def search_url(build: BuildContext) -> Callable[..., str]:
    """Return what gives templates the address of the search page."""

    @pass_context
    def address(context: Context) -> str:
        lang: Any = context["lang"]
        return build.link(f"{lang}/{word(lang)}/")

    return address
