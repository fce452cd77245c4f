"""The pattern library: the parts that pages are made from, drawn by what draws them there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plugins.sections.lists import Numbered, Pagination
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.sections.language_view import LanguageView

DAY = date(2026, 3, 4)  # stands for any day: the page is the same tomorrow
SHELVES = ("signs", "houses")  # two pages: all parts at once would weigh more than a page may


def patterns(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the pages that show the site's parts, made from the last thing in each kind's list."""
    build, lang = view.build, view.lang
    lasts = {kind: contents[-1] for kind, contents in build.index.of_kind.items() if contents}
    paths = [build.addresses.patterns(lang, page) for page, _ in enumerate(SHELVES, 1)]
    for number, (shelf, path) in enumerate(zip(SHELVES, paths, strict=True), 1):
        title = view.gettext("Pattern library")
        if number > 1:
            title = f"{title}, {view.gettext('page %(number)s') % {'number': number}}"
        yield PlannedPage(
            path=path,
            identity=("index", "patterns", shelf),
            lang=lang,
            template="pattern-library.html",
            title=title,
            section="patterns",
            indexed=False,
            data={
                "shelf": shelf,
                "pagination": _pages([build.link(one) for one in paths], number),
                "examples": {kind: view.entries([one])[0] for kind, one in lasts.items()},
                "day": DAY,
            },
        )


def _pages(urls: list[str], here: int) -> Pagination:
    return Pagination(
        number=here,
        count=len(urls),
        previous_url=urls[here - 2] if here > 1 else "",
        next_url=urls[here] if here < len(urls) else "",
        pages=tuple(Numbered(number, url, number == here) for number, url in enumerate(urls, 1)),
    )
