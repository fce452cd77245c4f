"""Old addresses that lead to the page where a thing is now.

Each is written twice: as a line of `_redirects`, which Netlify and Cloudflare Pages answer with
a true redirect, and as a small page for hosts that serve files and nothing else; or, where it was
a feed or a document, as a copy of it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from markupsafe import Markup

from core.words import ANY
from plugins.discovery.old_files import NoSource, names_file, source_of
from plugins.sections.addresses import as_url

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from core.faults import Report
    from plugins.kinds.models import Content, Text
    from plugins.sections.planned_page import PlannedPage

_PAGES = (".html", ".htm")
# What the site itself puts at its root, or will.
_RESERVED = frozenset(
    {"assets", "robots.txt", "sitemap.xml", "manifest.json", "404.html", "away.html"}
)
_MEND = "Take it out, or write the address that the page had before."
_MAX_NAME = 200  # bytes of one part of a path; file systems end at 255
# What a feed is called in a folder that was its address; deploy/recipes/ serve it before the page.
FOLDER_FEEDS = {ending: f"folder-feed{ending}" for ending in (".xml", ".rss")}
_STUB = Markup("""\
<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>{moved}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
<meta http-equiv="refresh" content="0; url={url}">
</head>
<body>
<main>
<h1>{moved}</h1>
<p><a href="{url}">{title}</a></p>
</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old address and what it leads to: a page, a feed or a document."""

    path: str  # old: relative to the site's root, decoded, as in "news/tŷ/"
    target: str  # the path of what it leads to, as its plan has it
    lang: str
    title: str
    copied: bool = False  # whether a copy of the target stands there, and no small page

    @property
    def is_file(self) -> bool:
        """Whether the address is a file's own, so that it has no second form with a slash."""
        return self.path.endswith(_PAGES) or (self.copied and names_file(self.path))

    @property
    def file(self) -> str:
        """Return the file that stands there, relative to the output folder."""
        if self.is_file:
            return self.path
        return f"{self.path.rstrip('/')}/index.html"

    @property
    def copies(self) -> tuple[str, ...]:
        """Return the files that are copies of the target, relative to the output folder.

        A folder's feed has a second one: hosts that know its name send it as what it is, while
        `index.html` is all that others know, and is sent as HTML, past which readers of feeds look.
        """
        ending = PurePosixPath(self.target).suffix
        if not self.copied or self.is_file or ending not in FOLDER_FEEDS:
            return (self.file,) * self.copied
        return (self.file, f"{self.path.rstrip('/')}/{FOLDER_FEEDS[ending]}")


@dataclass(frozen=True, slots=True)
class OldAddresses:
    """Every old address of a build from which something leads on."""

    paths: frozenset[str]  # relative to the site's root


@dataclass(frozen=True, slots=True)
class _Wish:
    """An alias as somebody wrote it."""

    text: Text
    number: int
    alias: str
    page: PlannedPage


def find_redirects(  # noqa: PLR0913, PLR0917 - all that may have an old address
    contents: Iterable[Content],
    planned: Sequence[PlannedPage],
    extra: Iterable[str],
    report: Report,
    linked: Callable[[Text], Collection[str]] = lambda _: (),
    former: Iterable[Redirect] = (),
) -> list[Redirect]:
    """Return what every `aliases:` asks for, and where pages stood before, by old path.

    What can't be had is reported.

    Each leads to the page in the language of the file that names it.

    :param extra: other files of the site, relative to its root.
    :param linked: says which files of the content folder a text links to.
    :param former: where addresses lead of languages that the site gave up.
    """
    # What is written in a language that was given up leads to the first that is left.
    pages = {(page.identity, ANY): page for page in reversed(planned)}
    pages |= {(page.identity, page.lang): page for page in planned}
    taken = {_folded(name): f"the file /{name}" for name in extra}
    taken |= {_folded(page.file): f"the page /{page.path}" for page in planned}
    folders = _folders(taken)
    by_path: dict[str, Redirect] = {}
    for wish in _wishes(contents, pages):
        redirect, no_source = _redirect(wish, linked)
        file = _folded(redirect.file)
        wrong = unfit(redirect.path) or str(no_source or "")
        if not wrong and file in taken:
            wrong = f"is already {taken[file]}"
        if not wrong and (file in folders or any(part in taken for part in _above(file))):
            wrong = "is in the way of another address"
        if wrong:
            report.at(wish.text.path).fault(
                wish.text.line(f"aliases[{wish.number}]"),
                f"aliases[{wish.number}]",
                f"The old address “{wish.alias}” {wrong}.",
                no_source.instead if no_source and wrong == str(no_source) else _MEND,
                "alias",
            )
            continue
        taken[file] = f"an old address of {wish.text.path}"
        folders.update(_above(file))
        by_path[redirect.path] = redirect
    for page in planned:
        for old in page.old_paths:
            redirect = Redirect(old, page.path, page.lang, page.title)
            if _folded(redirect.file) not in taken:
                by_path.setdefault(old, redirect)
    for redirect in former:
        if _folded(redirect.file) not in taken:
            by_path.setdefault(redirect.path, redirect)
    return [by_path[path] for path in sorted(by_path)]


def redirects_file(redirects: Iterable[Redirect], base: str) -> str:
    """Return the text of `_redirects`.

    No line forces itself before a file (`301!`): Netlify then serves the small page, which leads
    to the same place, and Cloudflare, which forces all of them, would refuse the mark.

    :param base: the path of the site's root, with a slash at both ends.
    """
    lines = []
    for redirect in redirects:
        target = as_url(redirect.target, base)
        bare = quote(base + redirect.path.rstrip("/"))
        sources = [bare] if redirect.is_file else [bare, f"{bare}/"]
        lines += [f"{source} {target} 301\n" for source in sources]
    return "".join(lines)


def stub(redirect: Redirect, root: str, base: str, gettext: Callable[[str], str]) -> str:
    """Return the small page at an old address.

    :param root: the site's absolute address, with a slash at its end.
    :param base: the path of the site's root, with a slash at both ends.
    :param gettext: turns an English message into the page's language.
    """
    return _STUB.format(
        lang=redirect.lang,
        moved=gettext("This page has moved"),
        canonical=as_url(redirect.target, root),
        url=as_url(redirect.target, base),
        title=redirect.title,
    )


def _redirect(
    wish: _Wish, linked: Callable[[Text], Collection[str]]
) -> tuple[Redirect, NoSource | None]:
    """Return where an alias leads, and why it can't lead to the feed or file that it names."""
    path, page = _path(wish.alias), wish.page
    source, wrong = "", None
    try:
        source = source_of(path, page, lambda: linked(wish.text))
    except NoSource as no_source:
        wrong = no_source
    return Redirect(path, source or page.path, page.lang, page.title, bool(source)), wrong


def _wishes(
    contents: Iterable[Content], pages: dict[tuple[tuple[str, ...], str], PlannedPage]
) -> Iterator[_Wish]:
    for content in contents:
        for lang, text in content.texts.items():
            identity = ("content", content.kind, content.key)
            page = pages.get((identity, lang)) or pages.get((identity, ANY))
            for number, alias in enumerate(text.aliases if page else (), 1):
                if page:
                    yield _Wish(text, number, alias, page)


def _path(alias: str) -> str:
    return unicodedata.normalize("NFC", unquote(alias)).removeprefix("/")


def unfit(path: str) -> str:
    """Return why a path can't be an old address, or an empty string."""
    parts = path.rstrip("/").split("/")
    reasons = {
        "has a character that no address has": any(
            unicodedata.category(letter).startswith(("C", "Z")) or letter in '\\?#"<>\ufffd'
            for letter in path
        ),
        "isn't a plain path below the front door": (
            any(part in {"", ".", ".."} for part in parts) or path.endswith("//")
        ),
        "stands for many addresses, as * and : do": any(
            part.startswith(":") or "*" in part for part in parts
        ),
        "is one that the site keeps for itself": (
            parts[0].casefold() in _RESERVED or parts[0].startswith("_")
        ),
        "is too long": any(len(part.encode()) > _MAX_NAME for part in parts),
    }
    return next((words for words, is_so in reasons.items() if is_so), "")


def _folded(file: str) -> str:
    """Return a file's name as file systems that ignore capitals see it."""
    return unicodedata.normalize("NFC", file).casefold()


def _above(file: str) -> Iterator[str]:
    """Yield every folder above a file."""
    while "/" in file:
        file = file.rpartition("/")[0]
        yield file


def _folders(files: Iterable[str]) -> set[str]:
    return {folder for file in files for folder in _above(file)}
