"""Reads the content, plans the site and writes its pages, as a Pelican generator."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.plugins import signals

from core.catalogues import Catalogues
from core.faults import Level
from core.nodes import CONFLICT, conflict_line, line_of, read_toml
from core.public.public_history import MANIFEST_IN_CONTENT, read_history
from core.site import parse_site
from plugins.images import ImageFault, Pictures
from plugins.kinds.identity import check_identities
from plugins.kinds.models import Kind, Text
from plugins.kinds.parse import join
from plugins.markup.dialect import OURS_ALONE, Dialect
from plugins.markup.foreign_code import foreign_code
from plugins.markup.rendered_markdown import EXTENSIONS
from plugins.sections.accessibility_statement import KEY as STATEMENT
from plugins.sections.accessibility_statement import check_statement, count
from plugins.sections.assets import Assets, look_files
from plugins.sections.build_context import BuildContext, BuildOrder, NoSite
from plugins.sections.content_folder import EXTRA, Folder, read_folder
from plugins.sections.content_index import ContentIndex, check_references, shown
from plugins.sections.link_resolver import FILES, LinkResolver
from plugins.sections.own_fonts import SHOWN, fuller_fonts, letters_of, unset_letters
from plugins.sections.plan import plan, waiting
from plugins.sections.planned_page import SitePlan
from plugins.sections.site_generator import SiteGenerator, registers
from plugins.sections.views import Views, give_functions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.site import Site
    from plugins.kinds.models import Content
    from plugins.sections.planned_page import PlannedPage

PHOTOS = (".jpg", ".jpeg", ".heic", ".heif", ".tif", ".tiff", ".dng")  # carry positions
# Files of text, into which git writes both sides of a conflict; the others it leaves as they are.
TEXTS = (".txt", ".csv", ".css", ".js", ".json", ".xml", ".html", ".vtt", ".srt", ".ics", ".md")


class SectionsGenerator(SiteGenerator):
    """Makes every page of the site; later plugins add to what is planned, or follow it."""

    def generate_context(self) -> None:
        """Read, check and plan; share the build and its pages with the other plugins.

        :raises NoSite: when site.toml can't be used.
        """
        order = self.order
        site = self._site(order)
        report = order.report.within(Path(self.path).name)
        order.progress("read", 0, 1)
        folder = read_folder(Path(self.path), site, report)
        if not folder.sources:
            report.at("").whole(
                "There is nothing to publish here yet.",
                "Write a first file: ./run new post.",
                "empty",
            )
        contents = join(folder.sources, folder.unread, site, report)
        check_references(contents, folder.sources, report)
        check_identities(contents, report)
        order.progress("read", 1, 1)
        published = read_history(
            Path(self.path), report.at(MANIFEST_IN_CONTENT), sample=site.sample
        )
        site = site.with_published(published.topics)
        build = build_context(order, Path(self.theme), site, folder, contents, self._dialect())
        build.share(published)
        site_plan = SitePlan(report, build.paths)
        site_plan.take(plan(build))
        build.share(site_plan)
        if pages := waiting(build):
            plan_ahead = SitePlan(report, build.ahead.paths)
            plan_ahead.take([*site_plan.pages, *pages])
            build.ahead.share(plan_ahead)
        build.share(Assets(Path(self.theme) / "static", self._look_files(build)))
        _look_for_faults(build)
        self._state(order, build)
        self.context["build"] = self.settings["BUILD"] = build

    @staticmethod
    def _state(order: BuildOrder, build: BuildContext) -> None:
        """Count what the accessibility statement tells by itself, where there is one."""
        settings = order.report.at(order.site.name)
        written = read_toml(order.site.read_text(encoding="utf-8-sig"), settings)
        check_statement(build, written, settings)
        if (Kind.PAGE, STATEMENT) in build.index.by_key:
            build.counted.extend(count(build))

    @staticmethod
    def _site(order: BuildOrder) -> Site:
        faults = order.report.at(order.site.name)
        try:
            text = order.site.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            faults.whole(
                "The settings can't be read.", "Save them as UTF-8 text in site.toml.", "file"
            )
            raise NoSite from None
        site = parse_site(text, faults)
        if site is None:
            raise NoSite
        return site

    def _look_files(self, build: BuildContext) -> dict[str, bytes]:
        """Return the files of the association's own look."""
        settings = self.order.report.at(self.order.site.name)
        tree = read_toml(self.order.site.read_text(encoding="utf-8-sig"), settings)

        def fault(field: str, wrong: str, instead: str) -> None:
            line = line_of(tree, *field.split("."))
            settings.fault(line, field, wrong, instead, "picture")

        letters = letters_of(build.wordings)
        look = build.site.look
        if not look.fonts.text and (unset := unset_letters(letters, fuller_fonts(letters))):
            settings.advise(
                line_of(tree, "languages"),
                "languages",
                f"Our fonts lack letters that these languages need: {' '.join(unset[:SHOWN])}. "
                "Pages show them in another font, and so may cards and posters.",
                "Name fonts that have them in [look.fonts].",
                "font",
            )
        return look_files(look, Path(self.path), letters, fault)

    def _dialect(self) -> Dialect:
        """Return what plugins add to Markdown.

        :raises NoSite: when it can't be added; the report says why.
        """
        try:
            return Dialect.of(self.settings["MARKDOWN"], frozenset(EXTENSIONS))
        except Exception as error:
            self.order.report.at("MARKDOWN").fault(
                0,
                "extensions",
                f"Markdown can't be extended: {type(error).__name__}: {error}.",
                "Mend the plugin that adds to it, or take it out of plugins in site.toml.",
                "plugin",
            )
            raise NoSite from error

    def generate_output(self, _: object) -> None:
        """Write every page, then the pictures and files that the pages turned out to use.

        :raises NoSite: when an own template is wrong; the others are tried first.

        Pelican's writer isn't used: it copies all its settings into every page's context.
        """
        build, output = self.build, Path(self.output_path)
        planned = self.plan.pages
        assets = self.assets
        self.speak()
        give_functions(self.env, build, assets)
        _look_for_wrong_links(build)
        _look_at_waiting_pictures(build)
        views = Views(build, planned)
        spoiled: set[str] = set()  # templates that can't be filled in
        for number, page in enumerate(planned):
            self.order.progress("pages", number, len(planned))
            if page.template not in spoiled and not self._write(page, views):
                spoiled.add(page.template)
        if spoiled:
            raise NoSite
        self.order.progress("pages", len(planned), len(planned))
        assets.emit(output)
        self._emit_pictures(output)
        self._copy_files(output)

    def _write(self, page: PlannedPage, views: Views) -> bool:
        """Write a page; return whether an own template let us."""
        build = self.build
        context = {
            "site": build.site,
            "lang": page.lang,
            "page": views.view(page),
            "menu": views.menu(page),
            "footer_menu": views.footer(page),
            "preview": build.drafts,
        }
        try:
            html = self.env.get_template(page.template).render(context | dict(page.data))
        except Exception as error:
            fault = self.order.templates(Path(self.theme)).fault_of(error)
            if fault is None:
                raise
            self.order.report.add(fault)
            return False
        self.write(page.file, html)
        path = str(Path(self.output_path) / page.file)
        signals.content_written.send(path, context=context)
        return True

    def _emit_pictures(self, output: Path) -> None:
        try:
            self.build.pictures.emit(output, self.order.progress)
        except ImageFault as fault:  # it was changed, or taken away, while pages were written
            name = fault.path.relative_to(self.build.folder.root).as_posix()
            self.build.report.at(name).whole(fault.wrong, fault.instead, "picture")

    def _copy_files(self, output: Path) -> None:
        """Copy what pages link to, and what belongs at the root; nothing else gets out."""
        root, files = self.build.folder.root, self.build.folder.files
        wanted = {name: FILES + name for name in self.build.used_files & files}
        extra = f"{EXTRA}/"
        for name in files:
            if name.startswith(extra) and name.lower().endswith(PHOTOS):
                self.build.report.at(name).whole(
                    "A photo here would go out as it is, with the place where it was taken.",
                    "Put it in content/images/ and show it on a page.",
                    "picture",
                )
            elif name.startswith(extra):
                wanted[name] = name.removeprefix(extra)
        for name, path in sorted(wanted.items()):
            if name.lower().endswith(TEXTS) and (line := _conflict_in(root / name)):
                self.build.report.at(name).fault(line, "", *CONFLICT, "conflict")
                continue
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, target)


def _conflict_in(file: Path) -> int:
    """Return the line on which git left both sides of a conflict; 0 when there is none."""
    return conflict_line(file.read_text(encoding="utf-8", errors="replace"))


def build_context(  # noqa: PLR0913, PLR0917 - all that a build is made from
    order: BuildOrder,
    theme: Path,
    site: Site,
    folder: Folder,
    contents: list[Content],
    dialect: Dialect = OURS_ALONE,
) -> BuildContext:
    """Return the site as one build makes it, before any of its pages is planned.

    :param theme: the folder whose translations it speaks.
    :param dialect: what plugins add to Markdown.
    """
    now = order.now or datetime.now(UTC)
    catalogues = Catalogues.of(order.templates(theme))
    catalogues.tell_unsaid(site, order.report)
    return BuildContext(
        site=site,
        everything=ContentIndex(tuple(contents)),
        index=shown(contents, now.astimezone(site.timezone).date(), drafts=order.drafts),
        folder=folder,
        wordings=catalogues.wordings(site, order.report),
        pictures=Pictures(order.cache / "images"),
        report=order.report.within(folder.root.name),
        url=(order.url or site.url).rstrip("/") + "/",
        now=now,
        drafts=order.drafts,
        dialect=dialect,
        former_wordings=catalogues.wordings(replace(site, languages=site.former_languages)),
    )


def _look_for_faults(build: BuildContext) -> None:
    """Report what is wrong in every text, whether any page shows it or not."""
    for content in build.everything.contents:
        for text in content.texts.values():
            faults = build.report.at(text.path)
            _tell_markdown(text, build)
            for name in ("title", "summary"):
                for code, _ in foreign_code(getattr(text, name)):
                    faults.fault(
                        text.line(name),
                        name,
                        f"{code} would be shown to readers as it stands.",
                        "Write the words themselves.",
                        "leak",
                    )
    for text in _without_content(build):
        _tell_markdown(text, build)


def _look_for_wrong_links(build: BuildContext) -> None:
    """Report links of texts that no page shows, once every plugin has planned its pages."""
    shown_things = build.index.by_key
    hidden = [
        text
        for content in build.everything.contents
        for text in content.texts.values()
        if (shown := shown_things.get((content.kind, content.key))) is None
        or text.lang not in shown.texts
    ]
    for text in (*hidden, *_without_content(build)):
        LinkResolver(build, text, text.lang).look_for_faults()


def _look_at_waiting_pictures(build: BuildContext) -> None:
    """Report pictures that could not be shown on the day on which their page goes out."""
    for place, content in build.ahead.index.by_key.items():
        for text in content.texts.values() if place not in build.index.by_key else ():
            image = content.image if text.lang == content.original else None
            LinkResolver(build.ahead, text, text.lang).look_at_pictures(image)


def _without_content(build: BuildContext) -> Iterator[Text]:
    """Yield the words of files of which no content was made, since their fields are at fault."""
    yield from build.folder.headless
    for source in build.folder.sources:
        if source.path not in build.everything.by_path:
            yield Text(
                lang=source.lang,
                path=source.path,
                body=source.body,
                body_line=source.body_line,
                lines={},
                title="",
            )


def _tell_markdown(text: Text, build: BuildContext) -> None:
    """Report what is wrong in a text's Markdown."""
    faults = build.report.at(text.path)
    for problem in build.body(text).problems:
        tell = faults.fault if problem.level is Level.FAULT else faults.advise
        tell(problem.line, "", problem.wrong, problem.instead, problem.code)


register = registers(SectionsGenerator)
