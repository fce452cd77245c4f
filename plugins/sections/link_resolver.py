"""Links and pictures of a rendered text, resolved to the site's own."""

from __future__ import annotations

import difflib
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from unicodedata import normalize
from urllib.parse import unquote, urljoin

from markupsafe import Markup, escape

from core.content_files import MARKDOWN
from core.values import did_you_mean
from plugins.images import IMAGE_SUFFIXES, ImageFault
from plugins.kinds.models import Kind
from plugins.markup.pieces import EmbeddedPicture, Link, Recording
from plugins.sections.content_index import is_public

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plugins.kinds.models import Content, Image, Text
    from plugins.sections.build_context import BuildContext


ELSEWHERE = re.compile(r"(https?:)?//|mailto:|tel:|sms:", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PELICAN = re.compile(r"^[{|](filename|static|attach)[|}]")


class Wrong(NamedTuple):
    """What is wrong with a link."""

    wrong: str
    instead: str


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link leads; at most one of thing, file and path is set."""

    content: Content | None = None
    file: str = ""  # relative to the content folder
    path: str | None = None  # a page's, relative to the site's root
    fragment: str = ""  # with its #
    problem: Wrong | None = None


def may_be_followed(url: str) -> bool:
    """Whether an address is on this site, or has one of the schemes that links may have."""
    return bool(ELSEWHERE.match(url)) or not SCHEME.match(url)


def find(url: str, written_in: str, build: BuildContext) -> LinkTarget:
    """Return where a link leads.

    :param url: as written: a file's path, one in Pelican's `{filename}` form, an address on
        this site, an anchor, or an address elsewhere.
    :param written_in: the path of the file that holds the link.
    """
    if ELSEWHERE.match(url):
        return LinkTarget()
    # Windows writes \\ between folders; no file of ours has one in its name.
    path, hash_mark, anchor = unquote(url).replace("\\", "/").partition("#")
    fragment = hash_mark + anchor
    path = path.partition("?")[0]
    named = PELICAN.sub("", path)
    if SCHEME.match(named):
        return LinkTarget(problem=_wrong(f"The link {url} can't be followed safely."))
    if not path:
        return _on_this_page(url, anchor, written_in, build)
    if named == path and path.startswith("/"):
        return _on_this_site(path.lstrip("/"), url, fragment, written_in, build)
    for candidate in _candidates(named, written_in):
        content = build.everything.by_path.get(candidate)
        if content is not None:
            return _to_thing(content, url, anchor, written_in, build)
        if file := build.folder.file(candidate):
            return LinkTarget(file=file, fragment=fragment)
    wanted = _candidates(named, written_in)[0]
    everything = {*build.everything.by_path, *build.folder.files}
    # A page is never meant by a link in itself.
    own = _words_of(written_in)
    alike = {n for n in everything if _sort(n) == _sort(wanted) and _words_of(n) != own}
    near = _nearest(wanted, alike)
    return LinkTarget(problem=_wrong(f"The link {url} leads nowhere.", near))


def _nearest(wanted: str, everything: set[str]) -> str:
    """Return a question with the file whose key is nearest, in the language wanted if there."""
    alike = {_folded(path): path for path in sorted(everything)}
    if path := alike.get(_folded(wanted)):
        return f"Did you mean “{path}”? Capitals count here."
    by_key: dict[str, list[str]] = {}
    for path in sorted(everything):
        by_key.setdefault(_key(path), []).append(path)
    keys = difflib.get_close_matches(_key(wanted), by_key, n=1)
    paths = by_key[keys[0]] if keys else []
    ending = wanted.partition(".")[2]
    path = next((path for path in paths if path.endswith(ending)), "".join(paths[:1]))
    return f"Did you mean “{path}”?" if path else ""


def _words_of(path: str) -> tuple[str, str]:
    """Return what the files of one thing share, whatever their language."""
    folder, name = posixpath.split(path)
    return folder, name.partition(".")[0]


def _sort(path: str) -> str:
    """Return what a file is by its name: a page, a picture, or anything else."""
    ending = posixpath.splitext(path)[1].lower()
    return "picture" if ending in IMAGE_SUFFIXES else ending if ending == MARKDOWN else ""


def _folded(path: str) -> str:
    return normalize("NFC", path).casefold()


def _key(path: str) -> str:
    name = posixpath.basename(path).partition(".")[0]
    return re.sub(r"^\d{4}-\d{2}-\d{2}-", "", name).lower()


def _wrong(wrong: str, near: str = "") -> Wrong:
    return Wrong(wrong, near or "Write a path such as ../roadmap/repair-slots.en.md, or https://….")


def _candidates(named: str, written_in: str) -> list[str]:
    """Return what a path may mean: from the file that holds it, or from the content folder."""
    from_file = posixpath.normpath(posixpath.join(posixpath.dirname(written_in), named.lstrip("/")))
    from_root = posixpath.normpath(named.lstrip("/"))
    return [from_root, from_file] if named.startswith("/") else [from_file, from_root]


def _on_this_page(url: str, anchor: str, written_in: str, build: BuildContext) -> LinkTarget:
    content = build.everything.by_path.get(written_in)
    if content is None:  # its front matter can't be read, and that was told
        return LinkTarget()
    text = next(text for text in content.texts.values() if text.path == written_in)
    anchors = build.body(text).anchors
    if not anchor or anchor in anchors:
        return LinkTarget()
    return LinkTarget(
        problem=Wrong(
            f"There is no place {url} on this page.",
            did_you_mean(anchor, anchors) or "Write {#" + anchor + "} after the heading meant.",
        )
    )


def _on_this_site(
    path: str, url: str, fragment: str, written_in: str, build: BuildContext
) -> LinkTarget:
    with_slash = path if not path or path.endswith("/") or "." in path else f"{path}/"
    if with_slash in build.paths or not path or _waits_too(with_slash, written_in, build):
        return LinkTarget(path=with_slash, fragment=fragment)
    near = did_you_mean(with_slash, build.paths)
    return LinkTarget(problem=_wrong(f"There is no page {url} on this site.", near))


def _waits_too(path: str, written_in: str, build: BuildContext) -> bool:
    """Whether a list that no reader sees yet is one of drafts, and so is what leads there."""
    here = build.everything.by_path.get(written_in)
    if here is not None and is_public(here, build.today):
        return False
    lists = {
        build.addresses.section(content.kind, lang)
        for content in build.everything.contents
        if content.kind != Kind.PAGE
        for lang in build.site.languages
    }
    return path in lists


def _to_thing(
    content: Content, url: str, anchor: str, written_in: str, build: BuildContext
) -> LinkTarget:
    fragment = f"#{anchor}" if anchor else ""
    for text in content.texts.values() if anchor else ():
        if anchor not in (anchors := build.body(text).anchors):
            near = did_you_mean(anchor, anchors)
            return LinkTarget(
                content=content,
                problem=Wrong(
                    f"There is no place #{anchor} in {text.path}, to which {url} leads.",
                    near or "Write {#" + anchor + "} after the heading meant there.",
                ),
            )
    here = build.everything.by_path[written_in]
    # A page that waits for its day is checked as on that day, so that no night finds it wrong.
    day = max(build.today, here.public_from or build.today)
    if not build.drafts and is_public(here, day) and not is_public(content, day):
        when = "yet" if day == build.today else f"on {day}, when this one is"
        return LinkTarget(
            problem=Wrong(
                f"The page to which {url} leads isn't public {when}.",
                "Take the link out until it is, or publish that page too.",
            )
        )
    return LinkTarget(content=content, fragment=fragment)


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
            "Put it in the content folder and name that, or link to where it can be heard or seen.",
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

    def _tell_missing(self, src: str, line: int, problem: Wrong | None) -> None:
        elsewhere = src.startswith(OTHER_SITES)
        wrong = (
            f"The picture {src} would come from another site, which pages here never ask."
            if elsewhere
            else f"There is no picture {src}."
        )
        near = problem.instead if problem and problem.instead.startswith("Did you mean") else ""
        instead = near or "Put its file in content/images/ and name that."
        self._fault(line, wrong, instead, "missing-picture")

    def _fault(self, line: int, wrong: str, instead: str, code: str) -> None:
        self.build.report.at(self.text.path).fault(line, "", wrong, instead, code)


def _seen_from(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # no address at all, such as http://[; it stays as it stands
        return address
