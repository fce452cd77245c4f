"""The house that stands for a thing: the theme's own drawing, with colours of its own.

On a page the style sheet colours it, by day and by night. A card and a poster have one ground
each and no such sheet, so the colours are written into the drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.public.vocabulary import Claim, ShownStatus
from plugins.kinds.models import Change, Meetup, MeetupState, Outcome, RoadmapItem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from jinja2 import Environment

    from plugins.kinds.models import Content
    from plugins.loop.relations import Loop

_OPEN, _DONE, _SHUT, _PART = "now", "done", "not-doing", "next"


def house_of(content: Content | None, loop: Loop, now: datetime) -> str:
    """Return the status that a thing's house shows; an open door where there is none."""
    match content:
        case RoadmapItem():
            return _SHUT if content.withdrawn else loop.standing(content)
        case Change():
            if loop.claim(content) == Claim.REOPENED:
                return ShownStatus.REOPENED
            return {Outcome.CANNOT: _SHUT, Outcome.PARTLY: _PART}.get(content.outcome, _DONE)
        case Meetup():
            if content.state == MeetupState.CANCELLED:
                return _SHUT
            return _DONE if content.dates[-1].end <= now else _OPEN
    return _OPEN


def macro(env: Environment, template: str, name: str, lang: str = "en") -> Callable[..., str]:
    """Return a macro of the theme, speaking a language."""
    module_macro: Callable[..., str] = getattr(
        env.get_template(template).make_module({"lang": lang}), name
    )
    return lambda *values: str(module_macro(*values))


def draw_house(env: Environment, status: str) -> str:
    """Return the drawing as an SVG document of its own.

    :param env: with the theme's templates.
    """
    drawn = macro(env, "parts/house.html", "house_shape")(status)
    colours = env.get_template("cards/house.css").render()
    inner = drawn.partition(">")[2]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -6 76 88" '
        f'class="house is-{status}"><style>{colours}</style>{inner}'
    )
