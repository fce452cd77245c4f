"""Writes what machines ask for, once every page of the site is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.discovery.headers import headers_file
from plugins.discovery.redirects import find_redirects, redirects_file, stub
from plugins.discovery.sitemap import robots, sitemaps
from plugins.sections.reading import EXTRA
from plugins.sections.site_generator import SiteGenerator

if TYPE_CHECKING:
    from pelican.writers import Writer

_EXTRA = f"{EXTRA}/"


class DiscoveryGenerator(SiteGenerator):
    """Writes sitemap.xml, robots.txt, `_redirects` with its small pages, and `_headers`."""

    def generate_output(self, _: Writer) -> None:
        """Write the files below the output folder."""
        for name, text in self.files().items():
            self.write(name, text)

    def files(self) -> dict[str, str]:
        """Return what is to be written, by path relative to the output folder."""
        build, planned = self.build, self.plan.pages
        url, base = build.url, build.base
        extra = {
            name.removeprefix(_EXTRA) for name in build.folder.files if name.startswith(_EXTRA)
        }
        redirects = find_redirects(build.index.contents, planned, extra, build.report)
        files = {
            "robots.txt": robots(url, listed=not build.drafts),
            "_headers": headers_file(
                base, https=url.startswith("https:"), service=build.site.feedback.service
            ),
            "_redirects": redirects_file(redirects, base),
            **sitemaps(planned, url, build.site.languages),
        }
        for redirect in redirects:
            gettext = build.wordings[redirect.lang].gettext
            files[redirect.file] = stub(redirect, url, base, gettext)
        # An association that lays its own robots.txt or _headers there knows why.
        return {name: text for name, text in files.items() if name not in extra}
