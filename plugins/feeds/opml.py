"""OPML 2.0: every feed of the site in one file, for a feed reader to take in at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from core.xml_text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from plugins.sections.planned_page import Subscription

_CALENDAR = "calendar"


def opml(
    title: str,
    folders: Mapping[str, Iterable[Subscription]],
    absolute: Callable[[str], str],
) -> Iterator[str]:
    """Yield the document: a folder for each language, in it every feed.

    A calendar is no feed, so it stands there as a link.

    :param folders: subscriptions by what their folder is called.
    :param absolute: gives the address of a path.
    """
    yield '<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">\n'
    yield f" <head><title>{escape(clean(title))}</title></head>\n <body>\n"
    for name, subscriptions in folders.items():
        yield f"  <outline text={_quoted(name)}>\n"
        for subscription in subscriptions:
            text = _quoted(subscription.title)
            address = _quoted(absolute(subscription.path))
            if subscription.sort == _CALENDAR:
                yield f'   <outline type="link" text={text} url={address}/>\n'
            else:
                page = (
                    f" htmlUrl={_quoted(absolute(subscription.page))}" if subscription.page else ""
                )
                lang = _quoted(subscription.lang)
                yield (
                    f'   <outline type="rss" text={text} title={text} xmlUrl={address}{page} '
                    f"language={lang}/>\n"
                )
        yield "  </outline>\n"
    yield " </body>\n</opml>\n"


def _quoted(text: str) -> str:
    return quoteattr(clean(text))
