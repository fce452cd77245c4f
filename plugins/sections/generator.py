"""Reads the content, plans the site and writes its pages, as a Pelican generator."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from core import templating as speaking
from core.faults import Report
from core.nodes import read_toml
from core.own_templates import TemplateFolders
from core.site import parse_site
from core.wording import load_wording
from plugins.images import ImageFault, Pictures
from plugins.kinds.identity import check_identities
from plugins.kinds.models import Kind
from plugins.kinds.parse import join
from plugins.markup.body import LEAK
from plugins.sections import templating
from plugins.sections.assets import Assets
from plugins.sections.edition import Edition
from plugins.sections.library import Library, check_references, shown
from plugins.sections.plan import plan
from plugins.sections.prose import FILES, Prose
from plugins.sections.reading import EXTRA, Folder, read_folder
from plugins.sections.sheets import Sheet, check_addresses
from plugins.sections.statement import KEY as STATEMENT
from plugins.sections.statement import check_statement, count
from plugins.sections.views import Views

if TYPE_CHECKING:
    from core.site import Site
    from plugins.kinds.models import Content

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


def _no_progress(stage: str, done: int, total: int) -> None:
    del stage, done, total


PHOTOS = (".jpg", ".jpeg", ".heic", ".heif", ".tif", ".tiff", ".dng")  # carry positions


class NoSite(Exception):
    """Something wrong in site.toml or a template lets no site be made; the report says what."""


@dataclass(frozen=True)
class Order:
    """What a build was asked for, besides Pelican's own settings."""

    site: Path = Path("site.toml")
    url: str = ""  # overrides site.toml's
    drafts: bool = False
    now: datetime | None = None
    cache: Path = Path(".cache")
    report: Report = field(default_factory=Report)
    progress: Progress = _no_progress
    last_tree: Path | None = None  # the site as it stands, for what an edit leaves alone

    def templates(self, theme: str) -> TemplateFolders:
        """Return where templates are: the association's own, then the theme's."""
        return TemplateFolders.of(Path(theme), self.site)


class SectionsGenerator(Generator):
    """Makes every page of the site; later plugins add to ``context["sheets"]`` or follow it."""

    def generate_context(self) -> None:
        """Read, check and plan; share the edition and its sheets with the other plugins.

        :raises NoSite: when site.toml can't be used.
        """
        order: Order = self.settings.get("ORDER") or Order()
        site = self._site(order)
        report = order.report.within(Path(self.path).name)
        order.progress("read", 0, 1)
        folder = read_folder(Path(self.path), site, report)
        if not folder.sources:
            report.at("").fault(
                0,
                "",
                "There is nothing to publish here yet.",
                "Write a first file: ./run new post.",
                "empty",
            )
        things = join(folder.sources, folder.unread, site, report)
        check_references(things, folder.sources, report)
        check_identities(things, report)
        order.progress("read", 1, 1)
        edition = make_edition(order, Path(self.theme), site, folder, things)
        sheets = check_addresses(plan(edition), report)
        edition.paths.update(sheet.path for sheet in sheets)
        _look_for_faults(edition)
        self._state(order, edition)
        self.order, self.edition = order, edition
        self.context |= {"edition": edition, "sheets": sheets}

    @staticmethod
    def _state(order: Order, edition: Edition) -> None:
        """Count what the accessibility statement tells by itself, where there is one."""
        settings = order.report.at(order.site.name)
        written = read_toml(order.site.read_text(encoding="utf-8-sig"), settings)
        check_statement(edition, written, settings)
        if (Kind.PAGE, STATEMENT) in edition.library.by_key:
            edition.counted.extend(count(edition))

    @staticmethod
    def _site(order: Order) -> Site:
        faults = order.report.at(order.site.name)
        try:
            text = order.site.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            faults.fault(
                0,
                "",
                "The settings can't be read.",
                "Save them as UTF-8 text in site.toml.",
                "file",
            )
            raise NoSite from None
        site = parse_site(text, faults)
        if site is None:
            raise NoSite
        return site

    def generate_output(self, _: object) -> None:
        """Write every page, then the pictures and files that the pages turned out to use.

        :raises NoSite: when an own template is wrong; the others are tried first.

        Pelican's writer isn't used: it copies all its settings into every page's context.
        """
        edition, sheets, output = self.edition, self.context["sheets"], Path(self.output_path)
        assets = Assets(Path(self.theme) / "static")
        speaking.install(self.env, self.order.templates(self.theme), edition.wordings)
        templating.install(self.env, edition, assets)
        views = Views(edition, sheets)
        spoiled: set[str] = set()  # templates that can't be filled in
        for number, sheet in enumerate(sheets):
            self.order.progress("pages", number, len(sheets))
            if sheet.template not in spoiled and not self._write(sheet, views):
                spoiled.add(sheet.template)
        if spoiled:
            raise NoSite
        self.order.progress("pages", len(sheets), len(sheets))
        assets.emit(output)
        self._emit_pictures(output)
        self._copy_files(output)

    def _write(self, sheet: Sheet, views: Views) -> bool:
        """Write a page; return whether an own template let us."""
        edition = self.edition
        context = {
            "site": edition.site,
            "lang": sheet.lang,
            "page": views.view(sheet),
            "menu": views.menu(sheet),
            "footer_menu": views.footer(sheet),
            "preview": edition.drafts,
        }
        try:
            html = self.env.get_template(sheet.template).render(context | dict(sheet.data))
        except Exception as error:
            fault = self.order.templates(self.theme).fault_of(error)
            if fault is None:
                raise
            self.order.report.add(fault)
            return False
        target = Path(self.output_path) / sheet.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html, encoding="utf-8", newline="\n")
        return True

    def _emit_pictures(self, output: Path) -> None:
        try:
            self.edition.pictures.emit(output, self.order.progress)
        except ImageFault as fault:  # it was changed, or taken away, while pages were written
            name = fault.path.relative_to(self.edition.folder.root).as_posix()
            self.edition.report.at(name).fault(0, "", fault.wrong, fault.instead, "picture")

    def _copy_files(self, output: Path) -> None:
        """Copy what pages link to, and what belongs at the root; nothing else gets out."""
        root, files = self.edition.folder.root, self.edition.folder.files
        wanted = {name: FILES + name for name in self.edition.used_files & files}
        extra = f"{EXTRA}/"
        for name in files:
            if name.startswith(extra) and name.lower().endswith(PHOTOS):
                self.edition.report.at(name).fault(
                    0,
                    "",
                    "A photo here would go out as it is, with the place where it was taken.",
                    "Put it in content/images/ and show it on a page.",
                    "picture",
                )
            elif name.startswith(extra):
                wanted[name] = name.removeprefix(extra)
        for name, path in sorted(wanted.items()):
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, target)


def make_edition(
    order: Order, theme: Path, site: Site, folder: Folder, things: list[Content]
) -> Edition:
    """Return the site as one build makes it, before any of its pages is planned.

    :param theme: the folder whose translations it speaks.
    """
    now = order.now or datetime.now(UTC)
    wordings = {
        lang: load_wording(
            lang,
            theme / "translations",
            order.report.at(f"theme/translations/{lang}/LC_MESSAGES/messages.po"),
        )
        for lang in site.languages
    }
    return Edition(
        site=site,
        everything=Library(tuple(things)),
        library=shown(things, now.astimezone(site.timezone).date(), drafts=order.drafts),
        folder=folder,
        wordings=wordings,
        pictures=Pictures(order.cache / "images"),
        report=order.report.within(folder.root.name),
        url=(order.url or site.url).rstrip("/") + "/",
        now=now,
        drafts=order.drafts,
    )


def _look_for_faults(edition: Edition) -> None:
    """Report what is wrong in every text: of those that are shown, pages tell the rest."""
    shown_things = edition.library.by_key
    for thing in edition.everything.things:
        there = shown_things.get((thing.kind, thing.key))
        for text in thing.texts.values():
            faults = edition.report.at(text.path)
            for problem in edition.body(text).problems:
                faults.fault(problem.line, "", problem.wrong, problem.instead, problem.code)
            for name in ("title", "summary"):
                if leak := LEAK.search(getattr(text, name)):
                    faults.fault(
                        text.line(name),
                        name,
                        f"{leak[0]} would be shown to readers as it stands.",
                        "Write the words themselves.",
                        "leak",
                    )
            if there is None or text.lang not in there.texts:
                Prose(edition, text, text.lang).look_for_faults()
