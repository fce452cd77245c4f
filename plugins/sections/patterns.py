"""The pattern library: the parts that pages are made from, drawn by what draws them there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plugins.sections.lists import Numbered, Pagination
from plugins.sections.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.sections.readers import Readers

DAY = date(2026, 3, 4)  # stands for any day: the page is the same tomorrow
SHELVES = ("signs", "houses")  # two pages: all parts at once would weigh more than a page may


def patterns(readers: Readers) -> Iterator[Sheet]:
    """Plan the pages that show the site's parts, made from the last thing in each kind's list."""
    edition, lang = readers.edition, readers.lang
    lasts = {kind: things[-1] for kind, things in edition.library.of_kind.items() if things}
    paths = [edition.addresses.patterns(lang, page) for page, _ in enumerate(SHELVES, 1)]
    for number, (shelf, path) in enumerate(zip(SHELVES, paths, strict=True), 1):
        title = readers.gettext("Pattern library")
        if number > 1:
            title = f"{title}, {readers.gettext('page %(number)s') % {'number': number}}"
        yield Sheet(
            path=path,
            identity=("index", "patterns", shelf),
            lang=lang,
            template="pattern-library.html",
            title=title,
            section="patterns",
            indexed=False,
            data={
                "shelf": shelf,
                "pagination": _pages([edition.link(one) for one in paths], number),
                "examples": {kind: readers.entries([one])[0] for kind, one in lasts.items()},
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
