"""Links and pictures of a rendered text, resolved to the site's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin

from markupsafe import Markup, escape

from plugins.images import IMAGE_SUFFIXES, ImageFault
from plugins.markup.pieces import EmbeddedPicture, Link, Recording
from plugins.sections.link_target import LinkFault, LinkTarget, find, may_be_followed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plugins.kinds.models import Image, Text
    from plugins.sections.build_context import BuildContext


T = TypeVar("T")
FILES = "files/"  # where documents, recordings and the like are published
OTHER_SITES = ("http:", "https:", "//")
IN_TEXT = "(min-width: 46rem) 42rem, 100vw"  # how wide a picture in running text is shown


@dataclass(frozen=True)
class LinkResolver:
    """Resolves what one text links to and shows, for readers of one language."""

    build: BuildContext
    text: Text
    reader: str

    def html(self, page: str = "") -> Markup:
        """Return the text's HTML; what is wrong in it is reported.

        :param page: the page's absolute address, for those who read the text elsewhere: links are
            absolute then, and pictures are left out.
        """
        parts = []
        for piece in self.build.body(self.text).pieces:
            if isinstance(piece, str):
                parts.append(Markup(piece))  # noqa: S704 - of allowed elements alone
            elif isinstance(piece, EmbeddedPicture):
                parts.append(Markup("") if page else self._drawn(piece, IN_TEXT, lazy=True))
            else:
                address = (
                    self._address(piece) if isinstance(piece, Link) else self._recording(piece)
                )
                parts.append(escape(_seen_from(page, address) if page else address))
        return Markup("").join(parts)

    def look_for_faults(self) -> None:
        """Report what is wrong in a text that this build doesn't show."""
        for piece in self.build.body(self.text).pieces:
            if isinstance(piece, Link):
                self._target(piece)
            elif isinstance(piece, EmbeddedPicture):
                self._picture_file(piece)
            elif isinstance(piece, Recording):
                self._recording(piece)

    def look_at_pictures(self, image: Image | None) -> None:
        """Report pictures that could not be shown on the day on which a text is.

        :param image: the picture that stands for the page, if this file names it.
        """
        for piece in self.build.body(self.text).pieces:
            if isinstance(piece, EmbeddedPicture):
                self._drawn(piece, IN_TEXT, lazy=True)
        if image:
            self.lead_picture(image, IN_TEXT, lazy=True)

    def lead_picture(self, image: Image, sizes: str, *, lazy: bool) -> Markup:
        """Return the picture that stands for the page; "" after a fault."""
        alt = image.alt.get(self.reader).text
        picture = EmbeddedPicture(image.src, alt, "", self.text.line("image.src"))
        return self._drawn(picture, sizes, lazy=lazy)

    def social_picture(self, image: Image) -> str:
        """Return the path of the picture for cards elsewhere; "" when there can't be one."""
        picture = EmbeddedPicture(image.src, "", "", self.text.line("image.src"))
        draw = self.build.pictures.social
        return self._from_file(self._picture_file(picture), draw, picture.line, "")

    def _target(self, link: Link) -> LinkTarget:
        target = find(link.url, self.text.path, self.build)
        if target.problem:
            self._fault(link.line, target.problem.wrong, target.problem.instead, "broken-link")
        return target

    def _address(self, link: Link) -> str:
        build, target = self.build, self._target(link)
        if target.content:
            page = build.addresses.content(target.content, self.reader)
            return build.link(page + target.fragment)
        if target.file:
            return self._file(target.file, link.line)
        if target.path is not None:
            return build.link(target.path + target.fragment)
        # A fault lets a build pass that isn't strict; what it tells of may not run even there.
        return link.url if may_be_followed(link.url) else ""

    def _recording(self, recording: Recording) -> str:
        """Return the address of a file of ours that a page plays; "" after a fault."""
        target = find(recording.url, self.text.path, self.build)
        if target.file:
            return self._file(target.file, recording.line) + target.fragment
        elsewhere = recording.url.startswith(OTHER_SITES)
        self._fault(
            recording.line,
            f"The file {recording.url} would come from another site, which pages here never ask."
            if elsewhere
            else f"There is no file {recording.url} to play or show.",
            _meant(target.problem)
            or "Put it in the content folder and name that, or link to where it can be played.",
            "missing-recording",
        )
        return ""

    def _file(self, name: str, line: int) -> str:
        build = self.build
        if "." + name.rpartition(".")[2].lower() in IMAGE_SUFFIXES:
            # A photo as it came from a phone says where a tenant lives.
            path = self._from_file(name, build.pictures.href, line, "")
            return build.link(path.removeprefix("/")) if path else ""
        build.used_files.add(name)
        return build.link(FILES + name)

    def _picture_file(self, picture: EmbeddedPicture) -> str:
        """Return a picture's file, "" when there is none; what is wrong is reported."""
        if picture.alt is None:
            self._fault(
                picture.line,
                f"The picture {picture.src} has no words for those who can't see it.",
                f"Write what it shows: ![A damp wall below a window]({picture.src}).",
                "missing-alt",
            )
        target = find(picture.src, self.text.path, self.build)
        if not target.file:
            self._tell_missing(picture.src, picture.line, target.problem)
        return target.file

    def _drawn(self, picture: EmbeddedPicture, sizes: str, *, lazy: bool) -> Markup:
        build, name = self.build, self._picture_file(picture)

        def draw(path: Path) -> Markup:
            return build.pictures.picture(
                path,
                alt=picture.alt or "",
                sizes=sizes,
                lazy=lazy,
                caption=picture.caption or None,
                base=build.base,
            ).html()

        return self._from_file(name, draw, picture.line, Markup(""))

    def _from_file(self, name: str, make: Callable[[Path], T], line: int, otherwise: T) -> T:
        """Return what is made of a picture's file; `otherwise` when it can't be, and report."""
        if not name:
            return otherwise
        try:
            return make(self.build.folder.root / name)
        except ImageFault as fault:
            self._fault(line, fault.wrong, fault.instead, "picture")
            return otherwise

    def _tell_missing(self, src: str, line: int, problem: LinkFault | None) -> None:
        elsewhere = src.startswith(OTHER_SITES)
        wrong = (
            f"The picture {src} would come from another site, which pages here never ask."
            if elsewhere
            else f"There is no picture {src}."
        )
        instead = _meant(problem) or "Put its file in content/images/ and name that."
        self._fault(line, wrong, instead, "missing-picture")

    def _fault(self, line: int, wrong: str, instead: str, code: str) -> None:
        self.build.report.at(self.text.path).fault(line, "", wrong, instead, code)


def _meant(problem: LinkFault | None) -> str:
    """Return the question with the file that may be meant; "" where there is none."""
    return problem.instead if problem and problem.instead.startswith("Did you mean") else ""


def _seen_from(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # no address at all, such as http://[; it stays as it stands
        return address
