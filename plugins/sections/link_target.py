"""Where a link leads: a page or a file of the site's own, or an address elsewhere."""

from __future__ import annotations

import difflib
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from core.content_files import MARKDOWN
from core.values import did_you_mean
from plugins.images import IMAGE_SUFFIXES
from plugins.kinds.models import Kind
from plugins.sections.content_index import is_public

if TYPE_CHECKING:
    from plugins.kinds.models import Content
    from plugins.sections.build_context import BuildContext


ELSEWHERE = re.compile(r"(https?:)?//|mailto:|tel:|sms:", re.IGNORECASE)
SLASHES = re.compile(r"[/\\]\\|\\/")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PELICAN = re.compile(r"^[{|](filename|static|attach)[|}]")


class LinkFault(NamedTuple):
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
    problem: LinkFault | None = None


def may_be_followed(url: str) -> bool:
    """Whether an address is on this site, or has one of the schemes that links may have.

    Browsers take a backslash for a slash, so two of them at the beginning lead to another site
    (URL Living Standard, 4.4).
    """
    return bool(ELSEWHERE.match(url)) or not (SCHEME.match(url) or SLASHES.match(url))


def find(url: str, written_in: str, build: BuildContext) -> LinkTarget:
    """Return where a link leads.

    :param url: as written: a file's path, one in Pelican's `{filename}` form, an address on
        this site, an anchor, or an address elsewhere.
    :param written_in: the path of the file that holds the link.
    """
    if ELSEWHERE.match(url):
        return LinkTarget(problem=_wrong_elsewhere(url))
    if not url or url.startswith("?"):
        return LinkTarget(problem=_wrong("A link leads to no address."))
    # Windows writes \\ between folders; no file of ours has one in its name.
    before, hash_mark, after = url.partition("#")
    path, anchor = unquote(before.partition("?")[0]).replace("\\", "/"), unquote(after)
    fragment = hash_mark + anchor
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
    return LinkTarget(problem=_wrong(f"The link {url} leads nowhere.", near or _as_address(url)))


def _as_address(url: str) -> str:
    """Return a question with what an address elsewhere lacks; "" for what is none."""
    if re.fullmatch(r"[^\s/@]+@[^\s/@]+\.[a-z]{2,}", url, re.IGNORECASE):
        return f"Did you mean “mailto:{url}”?"
    host = re.match(r"(?:[\w-]+\.)+[a-z]{2,}(?=[/?#]|$)", url, re.IGNORECASE)
    is_file = posixpath.splitext(url)[1].lower() in {MARKDOWN, *IMAGE_SUFFIXES}
    return f"Did you mean “https://{url}”?" if host and not is_file else ""


def _wrong_elsewhere(url: str) -> LinkFault | None:
    """Return what is wrong with an address elsewhere that nobody could open, or only its writer."""
    scheme, _, rest = url.partition(":") if not url.startswith("//") else ("https", "", url)
    if scheme.lower() not in {"http", "https"}:
        return None if rest.strip("/ ") else _wrong(f"The link {url} has nothing after the colon.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or port == 0 or re.search(r"\s", parts.netloc):
        return _wrong(f"The link {url} isn't a web address.")
    if parts.username is not None:
        return _wrong(f"The link {url} holds a name or a password, which everyone would read.")
    if host == "localhost" or host.startswith("127.") or host == "::1":
        return LinkFault(
            f"The link {url} leads to your own computer, where no reader is.",
            "Write the path of the file, such as ../roadmap/repair-slots.en.md.",
        )
    return None


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


def _wrong(wrong: str, near: str = "") -> LinkFault:
    return LinkFault(
        wrong, near or "Write a path such as ../roadmap/repair-slots.en.md, or https://…."
    )


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
        problem=LinkFault(
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
    if file := build.folder.file(path):  # as other programs write it, from their own root
        return LinkTarget(file=file, fragment=fragment)
    near = did_you_mean(with_slash, build.paths)
    alike = {name for name in build.folder.files if name.startswith(f"{path.partition('/')[0]}/")}
    near = near or (_nearest(path, alike) if alike else "")
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
                problem=LinkFault(
                    f"There is no place #{anchor} in {text.path}, to which {url} leads.",
                    near or "Write {#" + anchor + "} after the heading meant there.",
                ),
            )
    here = build.everything.by_path.get(written_in)
    if here is None:  # its front matter can't be read, and that was told
        return LinkTarget(content=content, fragment=fragment)
    # A page that waits for its day is checked as on that day, so that no night finds it wrong.
    day = max(build.today, here.public_from or build.today)
    if not build.drafts and is_public(here, day) and not is_public(content, day):
        when = "yet" if day == build.today else f"on {day}, when this one is"
        return LinkTarget(
            problem=LinkFault(
                f"The page to which {url} leads isn't public {when}.",
                "Take the link out until it is, or publish that page too.",
            )
        )
    return LinkTarget(content=content, fragment=fragment)
