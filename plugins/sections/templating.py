"""What templates may call to reach the rest of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import pass_context

from plugins.kinds.models import Kind
from plugins.sections.entries import Entry
from plugins.sections.proof import load_proof
from plugins.sections.prose import FILES
from plugins.sections.statement import Statement
from plugins.sections.views import list_address

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context
    from markupsafe import Markup

    from plugins.sections.assets import Assets
    from plugins.sections.edition import Edition

ON_PAGE = "(min-width: 46rem) 42rem, 100vw"  # how wide a page's own picture is shown


def install(env: Environment, edition: Edition, assets: Assets) -> None:
    """Give an environment the functions that the theme calls."""
    address = list_address(edition)

    @pass_context
    def list_url(context: Context, name: str) -> str:
        return address(name, context["lang"])

    @pass_context
    def page_url(context: Context, key: str) -> str:
        page = edition.library.by_key.get((Kind.PAGE, key))
        return Entry(page, context["lang"], edition).url if page else ""

    def static_url(name: str) -> str:
        edition.used_files.add(name)
        return edition.link(FILES + name)

    def picture(entry: Entry, sizes: str = ON_PAGE, *, lazy: bool = True) -> Markup:
        return entry.picture(sizes, lazy=lazy)

    env.globals |= {
        "asset": lambda name: edition.link(assets.path(name)),
        "home_url": lambda lang: edition.link(edition.addresses.home(lang)),
        "door_url": lambda: edition.link(""),
        "list_url": list_url,
        "page_url": page_url,
        "static_url": static_url,
        "dates_ahead": lambda entry: edition.dates_ahead(entry.thing),
        "picture": picture,
        "statement": Statement(
            edition.site.accessibility,
            edition.counted,
            load_proof(assets.root.parent),
            edition.today,
        ),
        **edition.for_templates,
    }
