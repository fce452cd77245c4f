"""What every page of the service works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

from core.values import is_language
from core.working_time import WorkingTime
from feedback.case_clocks import ClockBook
from feedback.web.protection import RequestOrigin, origin_of, typed_pairs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from random import Random

    from starlette.requests import Request

    from core.public.vocabulary import Target
    from core.site import Site
    from feedback.mail_reach import MailReach
    from feedback.settings import Settings
    from feedback.store import Store
    from feedback.web.brakes import NewcomerBrake
    from feedback.web.finder import Finder
    from feedback.web.pages import Pages
    from feedback.web.protection import Signer


@dataclass(frozen=True)
class Service:
    """The running service; one a process, on `app.state.service`."""

    settings: Settings
    site: Site
    store: Store
    pages: Pages
    finder: Finder
    signer: Signer
    brake: NewcomerBrake
    reach: MailReach
    random: Random
    now: Callable[[], datetime]  # aware, UTC

    @property
    def today(self) -> date:
        """Return the day on the association's clock."""
        return self.now().astimezone(self.site.timezone).date()

    @property
    def working_time(self) -> WorkingTime:
        """Return when people of the association are at work."""
        return WorkingTime.of(self.site)

    @property
    def clocks(self) -> ClockBook:
        """Return the clocks of the association."""
        return ClockBook.of(self.site)

    @property
    def origins(self) -> frozenset[str]:
        """Return the sites whose forms are taken: the association's own, and those allowed."""
        own = urlsplit(self.pages.shell.url or self.site.url)
        return frozenset({f"{own.scheme}://{own.netloc}", *self.settings.origins})

    def language(self, request: Request) -> str:
        """Return the language of a page's address.

        :raises HTTPException: 404 for a language that there is none of, 307 to the same page in
            the site's first for one that the site may have had: links in old mails and receipts
            stay good, and so does a form that is being sent.
        """
        lang: str = request.path_params["lang"]
        if lang in self.site.languages:
            return lang
        if not is_language(lang):
            raise HTTPException(404)
        root = request.scope.get("root_path", "")
        below = request.url.path.removeprefix(f"{root}/{lang}")
        query = f"?{request.url.query}" if request.url.query else ""
        location = f"{root}/{self.site.languages[0]}{below}{query}"
        raise HTTPException(307, headers={"Location": location})

    def lacks(self, target: Target | None) -> bool:
        """Whether words are about something that the site hasn't, as far as a build has told."""
        targets = self.pages.shell.targets
        return (
            target is not None and bool(targets) and target.key not in targets.get(target.kind, {})
        )

    def require_same_site(self, request: Request, *, proven: bool = False) -> None:
        """Let only forms of our own pages through.

        :param proven: whether the form holds something that only a page of ours gives out.
        :raises HTTPException: 403 for any other: its sender is asked to confirm it.
        """
        origin = origin_of(request, self.origins)
        if origin == RequestOrigin.UNSURE and not proven:
            shown = dict(typed_pairs(request)).get("confirmed", "")
            proven = bool(shown) and self.signer.confirmed(shown, request.url.path, self.now())
        if origin == RequestOrigin.STRANGE or (origin == RequestOrigin.UNSURE and not proven):
            raise HTTPException(403, origin)


def service_of(request: Request) -> Service:
    """Return the service that a request came to."""
    service: Service = request.app.state.service
    return service
