"""Writes what machines ask for, once every page of the site is known."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.discovery.former_languages import former_redirects
from plugins.discovery.headers import headers_file
from plugins.discovery.redirects import OldAddresses, find_redirects, redirects_file, stub
from plugins.discovery.sitemap import robots, sitemaps
from plugins.feeds.subscribe_page import OPML
from plugins.sections.content_folder import EXTRA
from plugins.sections.planned_page import SitePlan
from plugins.sections.references import linked_files
from plugins.sections.site_generator import SiteGenerator, registers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pelican.writers import Writer

    from plugins.discovery.redirects import Redirect

_EXTRA = f"{EXTRA}/"


class DiscoveryGenerator(SiteGenerator):
    """Writes sitemap.xml, robots.txt, `_headers`, `_redirects` and what stands at old addresses."""

    def generate_output(self, _: Writer) -> None:
        """Write the files below the output folder."""
        redirects = self._redirects()
        self.build.share(OldAddresses(frozenset(redirect.path for redirect in redirects)))
        for name, text in self._files(redirects).items():
            self.write(name, text)
        output = Path(self.output_path)
        for redirect in redirects:
            if not (output / redirect.target).is_file():
                continue  # one that is missing was told where it is named
            for name in redirect.copies:
                (output / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(output / redirect.target, output / name)

    def _extra(self) -> set[str]:
        """Return the files that the association lays at the site's root."""
        files = self.build.folder.files
        return {name.removeprefix(_EXTRA) for name in files if name.startswith(_EXTRA)}

    def _redirects(self) -> list[Redirect]:
        build = self.build
        if build.ahead is not build:  # what waits has old addresses, too
            planned = build.ahead.shared(SitePlan).pages
            coming = [page for page in planned if page.path not in build.paths]
            find_redirects(
                build.ahead.index.contents,
                [*self.plan.pages, *coming],
                self._extra(),
                build.report,
                lambda text: linked_files(text, build),
            )
        taken = self._extra() | {offer.path for offer in self.plan.subscriptions} | {OPML}
        return find_redirects(
            build.index.contents,
            self.plan.pages,
            taken,
            build.report,
            lambda text: linked_files(text, build),
            former_redirects(build, self.plan),
        )

    def _files(self, redirects: Sequence[Redirect]) -> dict[str, str]:
        """Return what is to be written, by path relative to the output folder."""
        build, planned = self.build, self.plan.pages
        url, base = build.url, build.base
        extra = self._extra()
        files = {
            "robots.txt": robots(url, listed=not build.drafts),
            "_headers": headers_file(
                base, https=url.startswith("https:"), service=build.site.feedback.service
            ),
            "_redirects": redirects_file(redirects, base),
            **sitemaps(planned, url, build.site.languages),
        }
        for redirect in (redirect for redirect in redirects if not redirect.copied):
            gettext = build.wordings[redirect.lang].gettext
            files[redirect.file] = stub(redirect, url, base, gettext)
        # An association that lays its own robots.txt or _headers there knows why.
        return {name: text for name, text in files.items() if name not in extra}


register = registers(DiscoveryGenerator)
