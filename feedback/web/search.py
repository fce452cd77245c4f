"""Search without a script: the site's own form, answered from Whoosh's index of the built tree."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.responses import Response
from starlette.routing import Route

from core.search import WORDS, word
from core.search.query import LONGEST
from feedback.personal_details import find_personal
from feedback.store import StoreFault
from feedback.store.voices import zero_results
from feedback.web.protection import whole_number
from feedback.web.service import service_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from core.site import Site
    from feedback.web.service import Service

HIGHEST_PAGE = 1000
LONGEST_COUNTED = 60  # characters: whoever writes more tells a story, which is theirs


def chosen_of(query: Mapping[str, str], site: Site) -> dict[str, str]:
    """Return what answers must have, as an address asks for it; what it can't mean is left out."""
    topic, year, kind = query.get("topic", ""), query.get("year", ""), query.get("kind", "")
    plain = {
        "kind": kind if kind.isascii() and kind.isalpha() else "",
        "topic": current if (current := site.current("topics", topic)) in site.topics else "",
        "year": year if year.isascii() and year.isdecimal() else "",
    }
    return {name: value for name, value in plain.items() if value}


async def search(request: Request) -> Response:
    """Answer a question, ten pages at a time."""
    service = service_of(request)
    lang, query = service.language(request), request.query_params
    asked, page = query.get("q", "")[:LONGEST].strip(), query.get("page", "")
    chosen = chosen_of(query, service.site)
    number = max(whole_number(page, HIGHEST_PAGE) or 1, 1)
    answers = await service.finder.answers(asked, lang, chosen, number)
    if asked and not answers.total and not chosen:
        with suppress(StoreFault):  # an answer doesn't wait for what is only counted
            await _count(service, lang, asked)
    base = service.pages.shell.base

    def there(**changes: str | int) -> str:
        return "?" + urlencode({"q": asked, **chosen, **changes})

    return service.pages.render(
        request,
        "search.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Search"),
        asked=asked,
        chosen=chosen,
        found=answers,
        offered={
            "kinds": sorted({*answers.facets.get("kind", {}), *_of(chosen, "kind")}),
            "years": sorted({*answers.facets.get("year", {}), *_of(chosen, "year")}, reverse=True),
        },
        action=service.pages.address(f"{lang}/{word(lang)}"),
        link=lambda path: base + quote(path, safe="/#"),
        there=there,
    )


def _of(chosen: Mapping[str, str], name: str) -> set[str]:
    return {chosen[name]} if name in chosen else set()


async def lacking(request: Request) -> Response:
    """Count what the page's own script found nothing for."""
    service = service_of(request)
    service.require_same_site(request)
    lang = service.language(request)
    asked = str(dict((await request.form()).multi_items()).get("q", ""))
    await _count(service, lang, asked[:LONGEST].strip())
    return Response(status_code=HTTPStatus.NO_CONTENT)


def plain(asked: str) -> str:
    """Return a question as it is counted; "" when it may be about a person, or says nothing."""
    words = " ".join(asked.split())
    shown = any(letter.isalpha() for letter in words) and words.isprintable()
    if not shown or len(words) > LONGEST_COUNTED or find_personal(words):
        return ""
    return words.lower()


async def _count(service: Service, lang: str, asked: str) -> None:
    """Count a question without an answer."""
    words = plain(asked)
    if words:
        today = service.today
        await service.store.write(lambda conn: zero_results.lacked(conn, lang, words, today=today))


routes = [
    route
    for name in sorted({*WORDS.values()})
    for route in (
        Route(f"/{{lang}}/{name}", search),
        Route(f"/{{lang}}/{name}/none", lacking, methods=["POST"]),
    )
]
