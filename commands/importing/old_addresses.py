"""The address that each generator gave to a file, by its own rules."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jinja2 import Environment, TemplateError, nodes

from commands.importing.front import ImportedFrontMatter
from commands.importing.old_feeds import absolute
from core.nodes import Mapping
from core.words import plain_key

if TYPE_CHECKING:
    from datetime import date

DATED = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})-(?=.)")
JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}
FILTERS = {"slug", "slugify", "slugid", "url", "date", "replace", "lower", "downcase", "strip"}


@dataclass(frozen=True, kw_only=True)
class AddressParts:
    """What an address is made from."""

    path: str  # without language and ending, as in posts/2026-01-02-damp
    front: ImportedFrontMatter
    day: date | None
    lang: str
    title: str

    @property
    def stem(self) -> str:
        """Return the file's name without its date."""
        return DATED.sub("", self.path.rpartition("/")[2])

    @property
    def folder(self) -> str:
        """Return the path of what it lies in, relative to the content."""
        return self.path.rpartition("/")[0]


class AddressRules(Protocol):
    """How a generator makes addresses."""

    def address(self, named: AddressParts) -> str:
        """Return the old path; "" when nobody can tell."""

    def entry_id(self, named: AddressParts) -> str:
        """Return what the old feed called it; "" when nobody can tell."""


@dataclass(frozen=True)
class Hugo:
    """`url`, then `permalinks` of the configuration, then folder and slug."""

    config: ImportedFrontMatter
    prefixed: frozenset[str] = frozenset()  # languages whose addresses begin with their code

    def address(self, named: AddressParts) -> str:
        """Return the path."""
        prefix = f"/{named.lang}" if named.lang in self.prefixed else ""
        if url := named.front.text("url"):
            return url if url.startswith("/") else f"{prefix}/{url}"
        section = named.path.partition("/")[0]
        slug = named.front.text("slug") or hugo_word(named.path.rpartition("/")[2])
        permalinks = self.config.node("permalinks")
        if isinstance(permalinks, Mapping):
            inner = permalinks.get("page")
            pattern = ImportedFrontMatter(inner if isinstance(inner, Mapping) else permalinks).text(
                section
            )
            if pattern:
                title = hugo_word(named.title)
                return prefix + _filled(pattern, named, named.front.text("slug") or title, title)
        folder = "/".join(hugo_word(part) for part in named.folder.split("/") if part)
        return f"{prefix}/{folder}/{slug}/" if folder else f"{prefix}/{slug}/"

    def entry_id(self, named: AddressParts) -> str:
        """Return the address."""
        return absolute(self.config.text("baseURL", "baseurl"), self.address(named))


@dataclass(frozen=True)
class Jekyll:
    """`permalink` of the file, then of the configuration, then the date and the name."""

    config: ImportedFrontMatter

    def address(self, named: AddressParts) -> str:
        """Return the path."""
        own = named.front.text("permalink")
        if named.folder.startswith(("_posts", "_drafts")) or "/_posts" in f"/{named.folder}":
            style = own or self.config.text("permalink") or "date"
            word = named.front.text("slug") or named.stem
            return _filled(JEKYLL_STYLES.get(style, style), named, plain_key(word), word)
        if own:
            return _filled(own, named, named.stem, named.stem)
        pretty = self.config.text("permalink") in {"pretty", "/:title/"}
        path = re.sub(r"(^|/)_", r"\1", named.path)
        return f"/{path}/" if pretty else f"/{path}.html"

    def entry_id(self, named: AddressParts) -> str:
        """Return the address without its ending, which is a document's id (jekyll-feed)."""
        address = self.address(named)
        folder = address.rstrip("/").rpartition("/")[0]
        site = self.config.text("url").rstrip("/") + self.config.text("baseurl")
        word = named.front.text("slug") or named.stem
        return absolute(site, f"{folder}/{word}" if address else "")


@dataclass(frozen=True)
class Eleventy:
    """`permalink`, which is a small template, or the path without its date."""

    site: str = ""  # its address, if its data say it

    def address(self, named: AddressParts) -> str:
        """Return the path."""
        stem = f"{named.folder}/{named.stem}".strip("/")
        permalink = named.front.text("permalink")
        if not permalink:
            return f"/{stem.removesuffix('/index')}/"
        slug = named.stem if named.stem != "index" else named.folder.rpartition("/")[2]
        values = {
            "page.filePathStem": f"/{stem}",
            "page.fileSlug": slug,
            "page.date": str(named.day or ""),
            "title": named.title,
            "slug": named.front.text("slug"),
            "lang": named.lang,
            "locale": named.lang,
        }
        path = _evaluated(permalink, values)
        return "/" + re.sub("/{2,}", "/", path).lstrip("/") if path else ""

    def entry_id(self, named: AddressParts) -> str:
        """Return the address, as its starter and its plugin for feeds do."""
        return absolute(self.site, self.address(named))


def hugo_word(name: str) -> str:
    """Return a part of a path as Hugo writes it: small letters, hyphens, few other marks."""
    word = "-".join(name.strip().lower().split())
    fits = (c for c in word if c.isalnum() or c in "._-+~#" or unicodedata.category(c) == "Mn")
    return re.sub("-{2,}", "-", "".join(fits)).strip("-")


def _filled(pattern: str, named: AddressParts, slug: str, title: str) -> str:
    day = named.day
    if day is None and re.search(r":(?:i_|short_)?(?:year|month|day)", pattern):
        return ""
    categories = named.front.texts("categories", "category", spaced=True)
    words = {
        "categories": "/".join(plain_key(c) for c in categories),
        "title": title,
        "slug": slug,
        "slugorfilename": named.front.text("slug") or named.stem,
        "slugorcontentbasename": named.front.text("slug") or named.stem,
        "filename": named.stem,
        "contentbasename": named.stem,
        "name": named.stem,
        "basename": named.stem,
        "path": named.path,
        "section": named.path.partition("/")[0],
        "sections": named.folder,
        "output_ext": ".html",
    }
    if day is not None:
        words |= {
            "year": f"{day.year:04}",
            "month": f"{day.month:02}",
            "day": f"{day.day:02}",
            "i_month": str(day.month),
            "i_day": str(day.day),
            "short_year": f"{day.year % 100:02}",
            "y_day": f"{day.timetuple().tm_yday:03}",
            "week": f"{day.isocalendar().week:02}",
            "short_day": f"{day:%a}",
        }
    path = re.sub(r":([a-z_]+)", lambda token: words.get(token[1], ""), pattern)
    return "/" + re.sub("/{2,}", "/", path).lstrip("/")


def _evaluated(template: str, values: dict[str, str]) -> str:
    """Return what a permalink's template says, as far as its words are ones that we know.

    Nothing is run: the template is parsed, and names, texts and a few filters are read off.

    :returns: "" when it holds anything else.
    """
    if len(template) > 300:  # noqa: PLR2004 - a permalink is shorter
        return ""
    try:
        tree = Environment(autoescape=True).parse(template)
        return "".join(_value(node, values) for node in _output_nodes(tree))
    except (TemplateError, RecursionError, KeyError):
        return ""


def _output_nodes(tree: nodes.Template) -> list[nodes.Node]:
    outputs: list[nodes.Node] = []
    for statement in tree.body:
        if not isinstance(statement, nodes.Output):
            raise KeyError(type(statement).__name__)
        outputs += statement.nodes
    return outputs


def _value(node: nodes.Node | None, values: dict[str, str]) -> str:
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Name):
        return values[node.name]
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return values[f"{node.node.name}.{node.attr}"]
    if isinstance(node, nodes.Filter) and node.name in FILTERS:
        text, arguments = _value(node.node, values), [_value(arg, values) for arg in node.args]
        if node.name in {"slug", "slugify", "slugid"}:
            return plain_key(text)
        if node.name == "replace" and len(arguments) == 2:  # noqa: PLR2004 - what, and by what
            return text.replace(arguments[0], arguments[1])
        if node.name == "date" and arguments:
            return _dated(text, arguments[0])
        return text.lower() if node.name in {"lower", "downcase"} else text.strip()
    raise KeyError(type(node).__name__)


def _dated(day: str, form: str) -> str:
    year, month, number = day.split("-") if day.count("-") == 2 else ("", "", "")  # noqa: PLR2004
    marks = {"%Y": year, "%m": month, "%d": number, "yyyy": year, "MM": month, "dd": number}
    if not year or re.sub("|".join(map(re.escape, marks)), "", form).strip("-/_."):
        raise KeyError(form)
    for mark, text in marks.items():
        form = form.replace(mark, text)
    return form
