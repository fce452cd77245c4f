"""A run of Pelican over one site, whether `./run build` or `pelican` itself began it."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import tomllib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican import Pelican
from pelican.plugins._utils import get_plugin_name, load_plugins

from core.site import OWN_PLUGINS
from core.values import PLUGIN_NAME
from plugins.runs.foreign_plugins import OURS, ForeignPlugins
from plugins.sections.build_context import BuildOrder, NoSite
from plugins.sections.planned_page import SitePlan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import PlannedPage


MANIFEST = "manifest.json"  # lies in every tree that we built


@dataclass(frozen=True)
class PageRecord:
    """One page of a finished tree."""

    title: str
    lang: str
    sha256: str
    source: str = ""  # the file it shows, relative to the content folder; "" for lists
    identity: Sequence[str] = ()  # of a list: the same in every language and at every address


@dataclass(frozen=True)
class PageManifest:
    """All pages of a tree."""

    pages: Mapping[str, PageRecord]  # by path below the site's root


def write_manifest(planned: Sequence[PlannedPage], tree: Path) -> PageManifest:
    """Write the list into a tree, and return it.

    :raises NoSite: when a page is not there any more, which a plugin is told of by then.
    """
    if not all((tree / page.file).is_file() for page in planned):
        raise NoSite
    pages = {
        page.path: PageRecord(
            page.title,
            page.lang,
            hashlib.sha256((tree / page.file).read_bytes()).hexdigest(),
            page.origin,
            () if page.origin else page.identity,
        )
        for page in sorted(planned, key=lambda page: page.path)
    }
    text = json.dumps(
        {path: asdict(record) for path, record in pages.items()}, ensure_ascii=False, indent=1
    )
    (tree / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return PageManifest(pages)


# Of ours, what stands before it is there for the association's to build on.
LATER = "plugins.feeds.feeds_generator"
log = logging.getLogger("pelican")


class SiteRun(Pelican):
    """Runs our plugins and the association's, then lists the pages, whoever changed them last."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """Register the plugins, and tell them that a run begins.

        :raises NoSite: when one of the association's can't be used; the report says why.
        """
        try:
            super().__init__(settings)  # type: ignore[no-untyped-call] # Pelican has no types
        except NoSite:
            self.foreign.leave()
            self._give_up()

    def init_plugins(self) -> None:
        """Register every plugin: the association's before what lists and announces pages.

        :raises NoSite: when one of the association's can't be used; the report says why.
        """
        order = self.order
        self.foreign = ForeignPlugins(
            order.site.parent / OWN_PLUGINS, order.report, lambda: Path(self.output_path)
        )
        self.plugins = []
        chosen = _chosen(order.site)
        for module in load_plugins(self.settings):
            name = get_plugin_name(module)
            if name == LATER:
                self._register_chosen(chosen)
            if name.startswith(OURS):
                module.register()
            else:
                self.foreign.register(module)
            self.plugins.append(module)
        self.settings["PLUGINS"] = [get_plugin_name(module) for module in self.plugins]

    def _register_chosen(self, names: list[str]) -> None:
        modules = [self.foreign.load(name) for name in names]
        if None in modules:
            self._give_up()
        for module in modules:
            self.foreign.register(module)
            self.plugins.append(module)

    @property
    def order(self) -> BuildOrder:
        """Return what the build was asked for."""
        order: BuildOrder = self.settings["ORDER"]
        return order

    @property
    def build(self) -> BuildContext | None:
        """Return what the run knows of the site; None before it has read it."""
        build: BuildContext | None = self.settings.get("BUILD")
        return build

    def run(self) -> None:
        """Run, list the pages, and tell what went wrong where no command of ours does.

        :raises NoSite: when no site could be made; the report says why.
        """
        self.foreign.listen()
        try:
            super().run()  # type: ignore[no-untyped-call] # Pelican has no types
            pages = self.build.shared(SitePlan).pages if self.build else []
            self.foreign.tell({page.file for page in pages})
            if self.build:
                self.build.share(write_manifest(pages, Path(self.output_path)))
        except NoSite:
            self._give_up()
        finally:
            self.foreign.leave()
        self._tell()

    def _give_up(self) -> None:
        self._tell()
        raise NoSite("The site was not built, for what is told above.") from None

    def _tell(self) -> None:
        for fault in self.order.report if self.order.tells else ():
            log.warning("%s", fault)


def _chosen(site_file: Path) -> list[str]:
    """Return the plugins that site.toml names, each once.

    What is wrong with it is told when it is read.
    """
    with suppress(OSError, ValueError):
        names = tomllib.loads(site_file.read_text(encoding="utf-8-sig")).get("plugins", [])
        named = [name for name in names if isinstance(name, str)]
        return [name for name in dict.fromkeys(named) if re.fullmatch(PLUGIN_NAME, name)]
    return []
