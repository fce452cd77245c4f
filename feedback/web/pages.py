"""Pages of the service: the site's own theme, filled in at the moment of asking."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from core.catalogues import Catalogues
from core.own_templates import TemplateFolders
from core.page_view import Alternate, PageView
from core.search import word
from core.service_address import is_afar, service_address
from core.templating import Templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from starlette.requests import Request

    from core.public.site_shell import SiteShell, SiteShellFile
    from core.site import Site
    from core.wording import Wording

ASSETS = "assets"  # below the site's address, and below that of a service on a host of its own
LOG = logging.getLogger(__name__)

# A page of the service is for whoever asked: nothing on the way may keep it, no link may tell where
# it was, and no other page may frame it.
HEADERS = {
    # Asked for again each time; but with no-store, Firefox would empty a form on Back, and Forward
    # onto what answered a form would lead to a page of the browser's own, without anybody's words.
    "Cache-Control": "no-cache, private",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
}


class Pages:
    """Renders the service's templates in the site's shell."""

    def __init__(
        self,
        theme: Path,
        overrides: Path,
        site: Site,
        shell: SiteShellFile,
        today: Callable[[], date],
    ) -> None:
        """Take the theme's folder, the association's own templates, and what the build left.

        :param today: returns the day on the association's clock.
        """
        self.site = site
        # One for all pages: macros that ask for it are made once (core.own_templates).
        self._in_use = lambda setting, chosen="": site.in_use(setting, today(), chosen)
        self._shell = shell
        folders = TemplateFolders(theme / "templates", overrides)
        self.wordings: dict[str, Wording] = Catalogues.of(folders).wordings(site)
        self.templates = Templates(folders, self.wordings, partial(LOG.error, "%s"))

    @property
    def shell(self) -> SiteShell:
        """Return what the last build left."""
        return self._shell.now()

    def render(  # noqa: PLR0913 - what a page is, by name
        self,
        request: Request,
        template: str,
        *,
        lang: str,
        title: str,
        status: int = 200,
        menu: bool = True,
        private: bool = False,
        **data: Any,  # noqa: ANN401 - whatever the template prints
    ) -> HTMLResponse:
        """Return a page in a language.

        :param template: below `service/`, such as `say.html`.
        :param menu: whether the site's menu is shown.
        :param private: whether words are printed on it that were not typed a moment ago, so that
            no browser keeps it.
        """
        page = PageView(
            title=title,
            url=request.url.path,
            lang=lang,
            alternates=self._alternates(request, lang),
            section="service",
            noindex=True,
        )
        context = self.context(page, menu=menu)
        html = self.templates.render(f"service/{template}", context | data)
        response = HTMLResponse(html, status, headers=HEADERS)
        if private:
            response.headers["Cache-Control"] = "no-store"
        return response

    def context(self, page: PageView, *, menu: bool = True) -> dict[str, Any]:
        """Return what every template of the service may use."""
        shell, lang = self.shell, page.lang
        return {
            "site": self.site,
            "lang": lang,
            "page": page,
            "menu": [entry | {"current": False} for entry in shell.menus.get(lang, [])]
            if menu
            else [],
            "footer_menu": shell.footers.get(lang, []),
            "preview": False,
            "asset": self._asset,
            "installable": not self.is_afar,
            "home_url": lambda of: f"{shell.base}{of}/",
            "door_url": lambda: shell.base,
            "search_url": lambda: f"{shell.base}{lang}/{word(lang)}/",
            "list_url": lambda name: shell.lists.get(lang, {}).get(name, ""),
            "page_url": lambda key: shell.pages.get(lang, {}).get(key, ""),
            "static_url": lambda name: shell.files + name,
            "service": self.address,
            "in_use": self._in_use,
        }

    @property
    def is_afar(self) -> bool:
        """Whether the service stands on a host of its own, and not below the site's address."""
        return is_afar(self.site.feedback.service)

    def _asset(self, name: str) -> str:
        """Return where a file of the theme is: a host of its own serves them itself."""
        shell = self.shell
        if not self.is_afar:
            return shell.assets.get(name, f"{shell.base}assets/{name}")
        _, _, file = shell.assets.get(name, name).rpartition(f"{ASSETS}/")
        return self.address(f"{ASSETS}/{file}")

    def path(self, path: str = "") -> str:
        """Return the path of a page of the service, as cookies and routes have it."""
        return urlsplit(self.address(path)).path

    def address(self, path: str) -> str:
        """Return the address of a page of the service, for a link."""
        return service_address(self.site.feedback.service, self.shell.base) + path

    def _alternates(self, request: Request, lang: str) -> tuple[Alternate, ...]:
        """Return the page in each language: its address differs in that one word alone."""
        parts = request.url.path.split("/")
        if lang not in parts or request.method != "GET":
            return ()
        place = parts.index(lang)
        query = f"?{request.url.query}" if request.url.query else ""
        alternates = []
        for other, wording in self.wordings.items():
            path = "/".join([*parts[:place], other, *parts[place + 1 :]]) + query
            name = wording.own_name
            alternates.append(
                Alternate(other, name, path, path, translated=False, current=other == lang)
            )
        return tuple(alternates)
