"""An edition: the site as one build makes it, and what its pages may ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from plugins.images import IMAGE_SUFFIXES, ImageFault
from plugins.markup.body import Body, render
from plugins.markup.extension import Labels
from plugins.sections.addresses import Addresses, as_url
from plugins.sections.entries import Entry, Signpost
from plugins.sections.links import Target, find

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.faults import Report
    from core.site import Site
    from core.wording import Wording
    from plugins.images import Pictures
    from plugins.kinds.models import Content, Image, Kind, Text
    from plugins.sections.library import Library
    from plugins.sections.reading import Folder

FILES = "files/"  # where documents, recordings and the like are published
IN_TEXT = "(min-width: 46rem) 42rem, 100vw"  # how wide a picture in running text is shown


@dataclass(frozen=True)
class Edition:
    """The site as one build makes it."""

    site: Site
    everything: Library  # what is written, drafts and all
    library: Library  # what this build shows
    folder: Folder
    wordings: Mapping[str, Wording]
    pictures: Pictures
    report: Report  # for faults of files in the content folder
    url: str  # the site's address, ending in a slash
    now: datetime
    drafts: bool
    paths: set[str] = field(default_factory=set)  # every page's path, once all are planned
    used_files: set[str] = field(default_factory=set)  # files that a page links to

    @cached_property
    def addresses(self) -> Addresses:
        """Return where pages live."""
        return Addresses(self.site)

    @property
    def base(self) -> str:
        """Return the path of the site's root, with a slash at both ends."""
        return urlsplit(self.url).path or "/"

    @property
    def today(self) -> date:
        """Return the day on the association's clock."""
        return self.now.astimezone(self.site.timezone).date()

    def link(self, path: str) -> str:
        """Return the address of a page for a link."""
        return as_url(path, self.base)

    def absolute(self, path: str) -> str:
        """Return the address of a page with its host."""
        return as_url(path, self.url)

    def body(self, text: Text) -> Body:
        """Return a text's Markdown, rendered."""
        return render(text.body, text.body_line, self._labels[text.lang])

    def contents(self, text: Text) -> Markup:
        """Return the nested list of a text's headings; "" for a short text."""
        return Markup(self.body(text).contents)  # noqa: S704 - made from the headings' own HTML

    def entry(self, thing: Content, lang: str) -> Entry:
        """Return a thing as readers of a language meet it."""
        return Entry(thing, lang, self)

    def topic(self, key: str, lang: str) -> Signpost:
        """Return the way to a topic's page."""
        name = self.site.topics[key].name.get(lang).text
        return Signpost(name, self.link(self.addresses.topic(key, lang)), key)

    @cached_property
    def places(self) -> dict[tuple[Kind, str], int]:
        """Return each thing's place in the list of its kind, counted from 0."""
        return {
            (kind, thing.key): number
            for kind, things in self.library.of_kind.items()
            for number, thing in enumerate(things)
        }

    @cached_property
    def _labels(self) -> dict[str, Labels]:
        return {lang: _labels(wording) for lang, wording in self.wordings.items()}

    def html(self, text: Text, lang: str, *, public: bool = True) -> Markup:
        """Return a text's HTML for readers of a language; faults in it are reported.

        :param public: False to look for faults only: then nothing is published with it.
        """
        parts = []
        for piece in self.body(text).pieces:
            if isinstance(piece, str):
                parts.append(piece)
            elif hasattr(piece, "url"):
                parts.append(escape(self._resolve(piece.url, piece.line, text, lang, public)))
            else:
                parts.append(
                    self._show(piece.src, piece.alt, piece.caption, piece.line, text, public)
                )
        return Markup("".join(parts))  # noqa: S704 - staff's own Markdown, urls escaped above

    def _resolve(self, url: str, line: int, text: Text, lang: str, public: bool) -> str:  # noqa: FBT001
        target = find(url, text.path, self)
        if target.problem:
            self.report.at(text.path).fault(
                line, "", target.problem.wrong, target.problem.instead, "broken-link"
            )
        if target.thing:
            return self.link(self.addresses.thing(target.thing, lang) + target.fragment)
        if target.file:
            return self._file(target, line, text, public)
        if target.path is not None:
            return self.link(target.path + target.fragment)
        return url

    def _file(self, target: Target, line: int, text: Text, public: bool) -> str:  # noqa: FBT001
        name = target.file
        if not public:
            return ""
        if "." + name.rpartition(".")[2].lower() in IMAGE_SUFFIXES:
            try:  # a photo as it came from a phone says where a tenant lives
                return self.pictures.href(self.folder.root / name, base=self.base)
            except ImageFault as fault:
                self.report.at(text.path).fault(line, "", fault.wrong, fault.instead, "picture")
                return ""
        self.used_files.add(name)
        return self.link(FILES + name)

    def _show(
        self, src: str, alt: str | None, caption: str, line: int, text: Text, public: bool
    ) -> Markup:
        faults = self.report.at(text.path)
        target = find(src, text.path, self)
        if alt is None:
            faults.fault(
                line,
                "",
                f"The picture {src} has no words for those who can't see it.",
                f"Write what it shows: ![A damp wall below a window]({src}).",
                "missing-alt",
            )
        if target.file is None or target.file == "":
            wrong = (
                f"The picture {src} would come from another site, which pages here never ask."
                if src.startswith(("http:", "https:", "//"))
                else f"There is no picture {src}."
            )
            faults.fault(
                line, "", wrong, "Put its file in content/images/ and name that.", "missing-picture"
            )
            return Markup("")
        if not public:
            return Markup("")
        try:
            return self.pictures.picture(
                self.folder.root / target.file,
                alt=alt or "",
                sizes=IN_TEXT,
                lazy=True,
                caption=caption or None,
                base=self.base,
            ).html()
        except ImageFault as fault:
            faults.fault(line, "", fault.wrong, fault.instead, "picture")
            return Markup("")

    def lead_picture(
        self, image: Image, text: Text, lang: str, sizes: str, *, lazy: bool
    ) -> Markup:
        """Return the picture that stands for a page; "" after a fault."""
        target = find(image.src, text.path, self)
        faults = self.report.at(text.path)
        if not target.file:
            faults.fault(
                text.line("image.src"),
                "image.src",
                f"There is no picture {image.src}.",
                "Put its file in content/images/ and name that.",
                "missing-picture",
            )
            return Markup("")
        try:
            return self.pictures.picture(
                self.folder.root / target.file,
                alt=image.alt.get(lang).text,
                sizes=sizes,
                lazy=lazy,
                base=self.base,
            ).html()
        except ImageFault as fault:
            faults.fault(text.line("image.src"), "image.src", fault.wrong, fault.instead, "picture")
            return Markup("")

    def social_picture(self, image: Image, text: Text) -> str:
        """Return the path of a page's picture for cards elsewhere; "" without one."""
        target = find(image.src, text.path, self)
        if not target.file:
            return ""
        try:
            return self.pictures.social(self.folder.root / target.file).removeprefix("/")
        except ImageFault:
            return ""  # told already, where the page shows it

    def look_for_faults(self) -> None:
        """Report what is wrong in the text of everything written, shown or not."""
        for thing in self.everything.things:
            for text in thing.texts.values():
                for problem in self.body(text).problems:
                    self.report.at(text.path).fault(
                        problem.line, "", problem.wrong, problem.instead, problem.code
                    )
                if self._is_hidden(thing, text):
                    self.html(text, text.lang, public=False)

    def _is_hidden(self, thing: Content, text: Text) -> bool:
        there = self.library.by_key.get((thing.kind, thing.key))
        return there is None or text.lang not in there.texts


def _labels(wording: Wording) -> Labels:
    _ = wording.gettext
    return Labels(
        table=_("Table {}"),
        back_to_note=_("Back to note {} in the text"),
        admonitions=(
            ("note", _("Note")),
            ("warning", _("Warning")),
            ("success", _("Good news")),
            ("quote", _("In their words")),
        ),
    )
