"""A digest as a mail shows it: HTML whose styles stand where mail programs read them, and text.

Nothing is fetched from anywhere, now or when it is read: no fonts, nothing that tells who read it.
The logo comes along.
"""

from __future__ import annotations

from base64 import b64encode
from copy import copy
from typing import TYPE_CHECKING, Any

from css_inline import CSSInliner
from markupsafe import Markup

from core.catalogues import Catalogues
from core.own_templates import TemplateFolders
from core.templating import Templates
from core.wording import own_name
from core.words import ANY
from feedback.notices.digests import LEAVE, PICTURE
from feedback.store.mail.mailings import WrittenDigest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.faults import Fault
    from core.public.open_data import Pages, PublicItem
    from core.site import Site
    from core.wording import Wording
    from core.words import Words
    from feedback.digest.selection import Digest

BREAK = "\n\n" + "=" * 40 + "\n\n"


class Renderer:
    """Writes digests in the words and the theme of a site."""

    def __init__(
        self,
        theme: Path,
        overrides: Path,
        site: Site,
        service: str,
        tell: Callable[[Fault], None] = lambda _: None,
    ) -> None:
        """Take the theme's folder, the association's own templates, and the service's address.

        :param tell: is told what is wrong in an own template, which is then passed over.
        """
        self._site, self._service, self.logo = site, service, ""
        folders = TemplateFolders(theme / "templates", overrides)
        self._wordings: dict[str, Wording] = Catalogues.of(folders).wordings(site)
        self.templates = Templates(folders, self._wordings, tell)
        self._inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

    def with_logo(self, logo: bytes) -> Renderer:
        """Return the same with the association's logo, as PNG; without one for no bytes."""
        other = copy(self)
        other.logo = f"{PICTURE}{b64encode(logo).decode()}" if logo else ""
        return other

    def write(
        self,
        digest: Digest,
        languages: Sequence[str],
        *,
        leave: str = LEAVE,
        item: PublicItem | None = None,
    ) -> WrittenDigest:
        """Return a digest in one language, or in several one after the other.

        :param item: that it is about; None for one that tells all news.
        :param leave: the link by which a subscriber leaves; "" where nobody has subscribed.
        """
        html, texts, subjects = [], [], []
        for lang in languages:
            context = self._context(digest, lang, leave, item)
            html.append((lang, Markup(self._render("digest-part.html", context))))  # noqa: S704 - ours
            texts.append(self._render("digest.txt", context).strip())
            subjects.append(f"{self._name(lang)}: {context['title']}")
        context = self._context(digest, languages[0], leave, item)
        page = self._render("digest.html", {**context, "parts": html, "subject": subjects[0]})
        return WrittenDigest(
            " / ".join(subjects), BREAK.join(texts) + "\n", self._inliner.inline(page)
        )

    def _render(self, template: str, context: dict[str, Any]) -> str:
        return self.templates.render(f"service/mail/{template}", context)

    def _context(
        self, digest: Digest, lang: str, leave: str, item: PublicItem | None
    ) -> dict[str, Any]:
        def here(pages: Pages) -> str:
            return dict(pages).get(lang) or pages[0][1]

        def plain(words: Words) -> str:
            """Return words as text, with their language in brackets when it is another."""
            text = words.get(lang)
            line = " ".join(text.text.split())
            if text.lang in {lang, ANY}:
                return line
            return f"{line} ({own_name(text.lang)})"

        return {
            "digest": digest,
            "site": self._site,
            "lang": lang,
            "here": here,
            "plain": plain,
            "leave": leave,
            "sign_up": f"{self._service}{lang}/digest",
            "item": item,
            "title": plain(item.title) if item else self._title(digest, lang),
            "logo": self.logo,
        }

    def _title(self, digest: Digest, lang: str) -> str:
        wording, days = self._wordings[lang], digest.days
        words = {"first": wording.date(days.first), "last": wording.date(days.last)}
        return wording.gettext("What was new, %(first)s to %(last)s") % words

    def _name(self, lang: str) -> str:
        return " ".join(self._site.name.get(lang).text.split())
