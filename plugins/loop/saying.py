"""Static pages on which people say something: first what must not wait, then the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.loop.entries import Joined


def saying_pages(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the way in, the page that stops with phone numbers, and the form."""
    gettext, lang = joined.view.gettext, joined.lang
    title, first = gettext("Say something"), joined.addresses.page("say", lang)
    steps = {
        "stop": ("say-stop.html", gettext("Ring, don’t write")),
        "write": ("say-write.html", gettext("Tell us")),
    }
    links = {step: joined.link(joined.addresses.say(step, lang)) for step in steps}
    yield PlannedPage(
        path=first,
        identity=("say", ""),
        lang=lang,
        template="say.html",
        title=title,
        section="say",
        menu="main",
        data={"steps": links},
    )
    for step, (template, named) in steps.items():
        yield PlannedPage(
            path=joined.addresses.say(step, lang),
            identity=("say", step),
            lang=lang,
            template=template,
            title=named,
            section="say",
            indexed=step == "stop",
            crumbs=((title, first),),
            data={"steps": links},
        )
