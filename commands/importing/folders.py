"""Folders of Markdown: Hugo, Jekyll, Eleventy, and what Decap and its like keep in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from commands.importing.bounds import address_parts, read_text, walk
from commands.importing.bylines import Bylines, written_bylines
from commands.importing.commonmark import to_html
from commands.importing.data_files import DataFiles
from commands.importing.front import (
    CHANGED,
    DAY,
    EXPIRES,
    LABELS,
    OLD_ADDRESSES,
    SUMMARY,
    ImportedFrontMatter,
    Unreadable,
    read_day,
    read_tree,
    take_apart,
)
from commands.importing.models import ImportedSite, ImportedText, Loss, SourceLocation
from commands.importing.old_addresses import (
    DATED,
    AddressParts,
    Eleventy,
    Hugo,
    Jekyll,
    hugo_word,
)
from commands.importing.old_feeds import feed_templates, old_feeds, usual_feeds
from commands.importing.template_code import TemplateCode
from commands.terminal import Stop
from core.nodes import Mapping, Scalar
from core.values import is_language
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commands.importing.front import SplitFile
    from commands.importing.old_addresses import AddressRules
    from core.site import Site

HTML = (".html", ".htm", ".njk", ".liquid")  # the last two with code of a template language
TEXTS = (".md", ".markdown", ".mdown", ".mkd", *HTML)
CONFIGS = (
    "hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml",
    "config/_default/hugo.toml", "config/_default/config.toml", "_config.yml", "_config.yaml",
    "_config.toml",
)  # fmt: skip
DECAP = (
    "static/admin/config.yml", "admin/config.yml", "public/admin/config.yml",
    "src/admin/config.yml", "app/admin/config.yml",
)  # fmt: skip
PAIRS = (
    "translationKey", "translation_key", "translation-key", "translation_id", "translationId",
    "t_key", "lang-ref", "lang_ref", "page_id", "ref",
)  # fmt: skip
LANGUAGES = ("lang", "language", "locale")
NOT_CONTENT = {
    "readme", "license", "licence", "contributing", "changelog", "code_of_conduct",
    "code-of-conduct", "security", "pull_request_template",
}  # fmt: skip
NOT_TEXTS = {
    "layouts", "_layouts", "_includes", "includes", "themes", "archetypes", "partials", "_sass",
    "node_modules", "admin", "i18n", "shortcodes",
}  # fmt: skip
WRITING = re.compile(r"post|blog|news|article|weeknote|update|stor|blog|newyddion|actualit")


@dataclass(frozen=True)
class _File:
    """A file of text, taken apart."""

    path: Path
    shown: str  # below the folder that was named
    parted: SplitFile
    front: ImportedFrontMatter


@dataclass
class FolderReader:
    """Reads the folder of a website."""

    generator: str  # hugo, jekyll, eleventy or decap
    root: Path
    site: Site
    today: date
    lost: list[Loss] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at the files of data beside the texts, when they are asked for."""
        self._data = DataFiles(self.root, self.lost)
        self.sections: dict[str, dict[str, None]] = {}  # folders of posts, by language

    def read(self) -> ImportedSite:
        """Return everything in it.

        :raises Stop: when there is nothing.
        """
        if not self.root.is_dir():
            raise Stop(f"{self.root} is no folder. Name the folder of the old website.")
        config = self._config()
        files = list(self._files())
        if not files:
            raise Stop(f"There is no text (*.md, *.html) in {self.root}.")
        languages = self._languages(config, files)
        bylines = Bylines(self._data.people()).having_seen(written_bylines(f.front for f in files))
        rules = self._rules(config, languages)
        items = [
            item for file in files for item in _Texts(self, file, rules, bylines, languages).items()
        ]
        usual = usual_feeds(type(rules).__name__.lower(), config)
        names = dict.fromkeys([*usual, *feed_templates(self.root)])
        folders = self.sections if isinstance(rules, Hugo) else {}  # where each has one too
        more = {
            lang: [f"/{folder}{name}" for folder in inside for name in usual]
            for lang, inside in folders.items()
        }
        feeds = old_feeds(items, tuple(names), more=more)
        if feeds and not any(item.feed_id for item in items):
            sort = "ids of the old feed's entries: nothing says at which address the site was"
            self.lost.append(Loss(sort, SourceLocation(self.root.name)))
        return ImportedSite(
            items=tuple(items),
            lost=tuple(self.lost),
            feeds=feeds,
            hosts=_hosts(config),
            base=_base(config),
            folders=(self.root,),
        )

    def _config(self) -> ImportedFrontMatter:
        for name in CONFIGS:
            path = self.root / name
            if path.is_file():
                try:
                    tree = read_tree(read_text(path), "toml" if name.endswith("toml") else "yaml")
                except Unreadable as error:
                    self.lost.append(
                        Loss(
                            "settings that can't be read",
                            SourceLocation(name, error.line),
                            str(error),
                        )
                    )
                    continue
                return ImportedFrontMatter(tree)
        return ImportedFrontMatter(Mapping((), 1))

    def _rules(self, config: ImportedFrontMatter, languages: frozenset[str]) -> AddressRules:
        generator = self.generator
        if generator == "decap":
            generator = "jekyll" if (self.root / "_config.yml").is_file() else "hugo"
            if any(
                (self.root / f"{dot}eleventy{rest}").is_file()
                for dot, rest in ((".", ".js"), ("", ".config.js"))
            ):
                generator = "eleventy"
        if generator == "jekyll":
            return Jekyll(config)
        if generator == "eleventy":
            return Eleventy(self._data.address())
        first = config.text("defaultContentLanguage") or self.site.unnamed
        everywhere = config.text("defaultContentLanguageInSubdir").lower() == "true"
        return Hugo(config, languages if everywhere else languages - {first})

    def _files(self) -> Iterator[_File]:
        for path in walk(self.root):
            shown = path.relative_to(self.root).as_posix()
            parts = shown.lower().split("/")
            if path.suffix.lower() not in TEXTS or set(parts[:-1]) & NOT_TEXTS:
                continue
            if path.stem.lower() in NOT_CONTENT:
                continue
            try:
                parted = take_apart(read_text(path))
            except (Unreadable, Stop) as error:
                line = error.line if isinstance(error, Unreadable) else 0
                self.lost.append(
                    Loss("files that can't be read", SourceLocation(shown, line), str(error))
                )
                continue
            if path.suffix.lower() in HTML and _is_template(parted, shown):
                continue
            more = self._data.above(path) if self.generator in {"eleventy", "decap"} else ()
            yield _File(path, shown, parted, ImportedFrontMatter(parted.front, more))

    def _languages(self, config: ImportedFrontMatter, files: list[_File]) -> frozenset[str]:
        """Return the languages that names of folders and files may stand for."""
        languages = set(self.site.languages)
        configured = config.node("languages")
        if isinstance(configured, Mapping):
            languages |= {key.text.lower() for key, _ in configured.entries}
        below = {part for file in files for part in file.shown.lower().split("/")[:-1]}
        codes = {
            part
            for part in below
            if re.fullmatch(r"[a-z]{2}(?:-[a-z]{2})?", part) and is_language(part)
        }
        return frozenset(languages | (codes if len(codes) > 1 else set()))


@dataclass
class _Texts:
    """The texts in one file: one, or one for each language that a visual editor keeps in it."""

    reader: FolderReader
    file: _File
    rules: AddressRules
    bylines: Bylines
    languages: frozenset[str]

    def items(self) -> Iterator[ImportedText]:
        front = self.file.front
        stem = self.file.path.stem.lower()
        path, lang = self._name()
        if stem in {"_index", "404", "search", "feed"} or (
            stem == "index" and "/" not in path.strip("/")
        ):
            self._lose("lists and home pages, which make themselves here")
            return
        if front.text("layout") in {"redirect", "redirected"} or front.text("redirect_to"):
            self._lose("pages that only led elsewhere")
            return
        inside = [
            (key.text.lower(), value)
            for key, value in front.tree.entries
            if key.text.lower() in self.languages and isinstance(value, Mapping)
        ]
        for code, values in inside:
            yield self._item(
                ImportedFrontMatter(values, (front.tree, *front.more)), path, code, f"{path}|"
            )
        if not inside:
            pair = next((front.text(name) for name in PAIRS if front.text(name)), "")
            # A file of the site's first language often has no language in its name.
            yield self._item(front, path, lang, pair or path)

    def _lose(self, sort: str) -> None:
        self.reader.lost.append(Loss(sort, SourceLocation(self.file.shown)))

    def _name(self) -> tuple[str, str]:
        """Return the path without language and ending, and the language, "" when nothing says."""
        parts = re.sub(r"^(?:content|src|app|site|source|docs)/", "", self.file.shown).split("/")
        stem, dot, code = parts[-1].rpartition(".")[0].rpartition(".")
        if dot and code.lower() in self.languages:
            parts[-1], lang = stem, code.lower()
        else:
            parts[-1] = f"{stem}{dot}{code}"
            lang = next((part.lower() for part in parts[:-1] if part.lower() in self.languages), "")
            parts = [part for part in parts[:-1] if part.lower() != lang or not lang] + parts[-1:]
        if parts[-1].lower() == "index" and len(parts) > 1:
            parts.pop()
        own = self.file.front.text(*LANGUAGES).lower()
        return "/".join(parts), own or lang

    def _item(self, front: ImportedFrontMatter, path: str, lang: str, pair: str) -> ImportedText:
        file, zone = self.file, self.reader.site.timezone
        name = path.rpartition("/")[2]
        day = front.day(DAY, zone)
        if (dated := DATED.match(name)) and day is None:
            day = read_day(dated[1], zone)
        kind = self._kind(path, day)
        if kind == Kind.POST and day is None:
            day = datetime.fromtimestamp(file.path.stat().st_mtime, UTC).date()
            self.reader.lost.append(
                Loss(
                    "posts without a date: the file's day stands in",
                    SourceLocation(file.shown),
                    str(day),
                )
            )
        title = front.text("title", "name") or _heading(file.parted.body)
        named = AddressParts(path=path, front=front, day=day, lang=lang, title=title)
        folders = path.lower().split("/")
        if kind == Kind.POST and "/" in path:
            self.reader.sections.setdefault(lang, {})[hugo_word(path.partition("/")[0])] = None
        draft = self._waits(front) or not {"_drafts", "drafts"}.isdisjoint(folders)
        return ImportedText(
            origin=SourceLocation(file.shown, file.parted.body_line),
            title=title or DATED.sub("", name).replace("-", " ").capitalize(),
            body=self._body(front, title),
            kind=kind,
            day=day,
            key=front.text("slug") or DATED.sub("", name),
            lang=lang,
            pair=pair,
            summary=front.text(*SUMMARY),
            authors=self.bylines.authors(front),
            labels=tuple(front.texts(*LABELS, spaced=self.reader.generator == "jekyll")),
            picture=front.picture,
            address=self.rules.address(named),
            aliases=tuple(front.texts(*OLD_ADDRESSES)),
            draft=draft,
            feed_id=self.rules.entry_id(named) if kind == Kind.POST and not draft else "",
            updated=front.day(CHANGED, zone),
            source=file.parted.body,
            folder=file.path.parent,
        )

    def _waits(self, front: ImportedFrontMatter) -> bool:
        """Whether a text isn't public, or nobody can tell; what was guessed is told."""
        zone = self.reader.site.timezone
        guesses = {
            DAY: (front.day(DAY, zone) is None, "dates that can't be read: drafts now"),
            EXPIRES: (
                front.is_over(self.reader.today, zone),
                "texts that were public until a day that is past: drafts now",
            ),
        }
        guessed = [
            Loss(sort, SourceLocation(self.file.shown, front.line(names[0])), front.text(*names))
            for names, (wrong, sort) in guesses.items()
            if wrong and front.text(*names)
        ]
        self.reader.lost += guessed
        return bool(guessed) or front.draft

    def _kind(self, path: str, day: object) -> Kind:
        folder = path.lower().rpartition("/")[0]
        if "_posts" in folder or "_drafts" in folder or WRITING.search(folder):
            return Kind.POST
        return Kind.POST if day and "page" not in folder else Kind.PAGE

    def _body(self, front: ImportedFrontMatter, title: str) -> str:
        body = front.text("body") or self.file.parted.body
        variables = {
            key.text: value.text
            for key, value in self.file.front.tree.entries
            if isinstance(value, Scalar)
        }
        origin = SourceLocation(self.file.shown, self.file.parted.body_line)

        def lost(sort: str, detail: str) -> None:
            at = body.find(detail[:20])
            line = origin.line + (body.count("\n", 0, at) if at > 0 else 0)
            self.reader.lost.append(
                replace(Loss(sort, origin, detail), origin=SourceLocation(origin.file, line))
            )

        body = TemplateCode(lost, variables).rewritten(body)
        if self.file.path.suffix.lower() in HTML:
            return body
        return _without_title(to_html(body), title)


def _is_template(parted: SplitFile, shown: str) -> bool:
    """Whether a file of HTML is a template, a list or a built page, and nobody's text."""
    front = ImportedFrontMatter(parted.front)
    if not parted.fenced or front.node("pagination") is not None:
        return True
    if not front.text("title") or not front.text("permalink", "layout", *DAY, "tags"):
        return shown.endswith((".njk", ".liquid"))
    return bool(re.search(r"\.(?:xml|json|txt|css|js|rss|atom)\W*$", front.text("permalink")))


def _heading(body: str) -> str:
    heading = re.search(r"^#\s+(.+?)\s*#*$", body[:5000], re.MULTILINE)
    return heading[1] if heading else ""


def _without_title(html: str, title: str) -> str:
    """Return a text without a first heading that only repeats the title."""
    heading = re.match(r"\s*<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    if heading and re.sub(r"<[^>]*>", "", heading[1]).strip() == title.strip():
        return html[heading.end() :]
    return html


def _base(config: ImportedFrontMatter) -> str:
    """Return the path below which the old site stood, as Hugo and Jekyll are told it."""
    written = (config.text(name) for name in ("baseURL", "baseurl", "base_url"))
    try:
        return next((address_parts(text).path.rstrip("/") for text in written if text), "")
    except ValueError:  # no address at all
        return ""


def _hosts(config: ImportedFrontMatter) -> frozenset[str]:
    hosts = set()
    for name in ("baseURL", "baseurl", "base_url", "url"):
        parts = address_parts(config.text(name))
        if parts.scheme in {"http", "https"} and parts.hostname:
            hosts.add(parts.hostname.removeprefix("www."))
    return frozenset(hosts - {"localhost", "example.org", "example.com"})
