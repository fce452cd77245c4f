"""WordPress: its export (WXR), which is RSS with elements of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from commands.importing.bounds import local_name, xml_elements
from commands.importing.front import read_day
from commands.importing.inline import plain
from commands.importing.models import (
    ImportedAuthor,
    ImportedSite,
    ImportedText,
    Loss,
    SourceLocation,
)
from commands.importing.old_feeds import WORDPRESS, old_feeds
from commands.importing.shortcodes import Attachments, rewritten
from commands.terminal import Stop
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from core.site import Site

KINDS = {"post": Kind.POST, "page": Kind.PAGE}
PUBLIC = {"publish", "future"}  # what is to come appears here on its day, too
HIDDEN = {"draft", "pending", "private"}
# What WordPress keeps for itself in the same list.
INTERNAL = {"nav_menu_item", "wp_global_styles", "wp_template", "wp_template_part", "wp_navigation",
            "wp_block", "custom_css", "customize_changeset", "revision", "oembed_cache",
            "polylang_mo", "acf-field", "acf-field-group"}  # fmt: skip
LANGUAGE_TAXONOMIES = {"language", "translation_language"}
PAIR_TAXONOMIES = {"post_translations"}
PAIR_FIELDS = ("_icl_translation_group", "trid", "_wpml_trid", "_translation_group", "_pll_group")
LANGUAGE_FIELDS = ("_icl_lang", "_wpml_language", "wpml_language", "_locale", "_pll_language")
Element = Any  # an element of lxml, which has no types


@dataclass
class WordPress:
    """Reads one export."""

    path: Path
    site: Site
    lost: list[Loss] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    base: str = ""  # the path of the old blog below its host
    authors: dict[str, ImportedAuthor] = field(default_factory=dict)

    def read(self) -> ImportedSite:
        """Return everything in it.

        :raises Stop: when it can't be read, or is no export of WordPress.
        """
        entries: list[_Entry] = []
        attachments = Attachments()
        seen = False
        for element in xml_elements(
            self.path, "item", "author", "base_blog_url", "base_site_url", "wxr_version", "link"
        ):
            name = local_name(element)
            seen = seen or name == "wxr_version"
            if name == "author":
                self._take_author(element)
            elif name == "item":
                entry = _Entry(element, self.path.name)
                if entry.type == "attachment":
                    attachments.add(
                        entry.id,
                        entry.parent,
                        entry.text("attachment_url"),
                        entry.alt,
                        entry.excerpt,
                    )
                elif entry.type not in INTERNAL:
                    entries.append(entry)
            else:
                address = (element.text or "").strip()
                self._take_host(address)
                if name == "base_blog_url":
                    self.base = re.sub(r"^[a-z]+://[^/]*|/+$", "", address)
        if not seen and not any(entry.type for entry in entries):
            raise Stop(
                f"{self.path.name} is no export of WordPress. In WordPress choose Tools, Export, "
                "All content, and bring the file that it gives you."
            )
        items = [item for entry in entries if (item := self._item(entry, attachments))]
        return ImportedSite(
            items=tuple(items),
            lost=tuple(self.lost),
            feeds=old_feeds(items, WORDPRESS, self.base),
            hosts=frozenset(self.hosts),
            folders=self._folders(),
        )

    def _folders(self) -> tuple[Path, ...]:
        """Return where the media library may lie: beside the export, under its usual names."""
        beside = self.path.resolve().parent
        names = ("wp-content", "uploads", "media", "images", "files", self.path.stem)
        return tuple(beside / name for name in names if (beside / name).is_dir())

    def _take_author(self, element: Element) -> None:
        texts = {local_name(child): (child.text or "").strip() for child in element}
        full = f"{texts.get('author_first_name', '')} {texts.get('author_last_name', '')}".strip()
        login = texts.get("author_login", "")
        self.authors[login] = ImportedAuthor(texts.get("author_display_name") or full or login)

    def _take_host(self, address: str) -> None:
        try:
            host = urlsplit(address).hostname
        except ValueError:
            return
        if host and host not in {"wordpress.com", "wordpress.org"}:
            self.hosts.add(host.removeprefix("www."))

    def _item(self, entry: _Entry, attachments: Attachments) -> ImportedText | None:
        kind = KINDS.get(entry.type)
        origin = SourceLocation(self.path.name, entry.line)
        if entry.comments:
            self.lost.append(
                Loss(
                    "comments, which stay with whoever wrote them",
                    origin,
                    f"{entry.comments} under “{entry.title}”",
                )
            )
        if kind is None:
            self.lost.append(
                Loss(f"entries of the type {entry.type or '(none)'}", origin, entry.title)
            )
            return None
        if entry.status not in PUBLIC | HIDDEN:
            self.lost.append(
                Loss(f"texts with the status {entry.status or '(none)'}", origin, entry.title)
            )
            return None
        protected = bool(entry.text("post_password"))
        if protected:
            self.lost.append(Loss("texts that had a password: drafts now", origin, entry.title))

        def lost(sort: str, detail: str) -> None:
            self.lost.append(Loss(sort, origin, detail))

        blocks = "<!-- wp:" in entry.body
        body = rewritten(entry.body, attachments, entry.id, lost)
        slug = unquote(entry.text("post_name"))
        return ImportedText(
            origin=origin,
            title=entry.title,
            body=body,
            kind=kind,
            day=entry.day(self.site),
            key=slug
            if re.search("[a-zA-Z]", slug)
            else (f"{kind}-{slug}" if slug.isdecimal() else entry.title or f"{kind}-{entry.id}"),
            lang=entry.lang,
            pair=entry.pair,
            summary=entry.excerpt,
            authors=(self._author(entry),) if kind == Kind.POST and entry.creator else (),
            labels=entry.labels,
            picture=attachments.illustration(entry.meta("_thumbnail_id")),
            address=entry.address,
            feed_id=entry.text("guid") if kind == Kind.POST and entry.status in PUBLIC else "",
            draft=entry.status in HIDDEN or protected,
            single_breaks=not blocks,
        )

    def _author(self, entry: _Entry) -> ImportedAuthor:
        return self.authors.get(entry.creator) or ImportedAuthor(entry.creator)


class _Entry:
    """One `item` of an export, read off before it is forgotten."""

    def __init__(self, element: Element, _: str) -> None:
        texts: dict[str, str] = {}
        self._meta: dict[str, str] = {}
        self.comments = 0
        self.body = self.excerpt = ""
        self._terms: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for child in element:
            name = local_name(child)
            if name == "postmeta":
                pair = {local_name(part): (part.text or "") for part in child}
                self._meta[pair.get("meta_key", "")] = pair.get("meta_value", "")
            elif name == "comment":
                self.comments += 1
            elif name == "category":
                self._terms[child.get("domain") or "category"].append(
                    (child.get("nicename") or "", (child.text or "").strip())
                )
            elif name == "encoded":
                if "excerpt" in str(child.tag):
                    self.excerpt = child.text or ""
                else:
                    self.body = child.text or ""
            else:
                texts.setdefault(name, child.text or "")
        self._texts = texts
        self.line = element.sourceline or 0
        self.title = plain(texts.get("title", ""))
        self.creator = texts.get("creator", "").strip()
        self.type = self.text("post_type")
        self.status = self.text("status")
        self.id = self.text("post_id")
        self.parent = self.text("post_parent")

    def text(self, name: str) -> str:
        """Return what an element of its own says."""
        return self._texts.get(name, "").strip()

    def meta(self, name: str) -> str:
        """Return a custom field."""
        return self._meta.get(name, "").strip()

    @property
    def alt(self) -> str:
        return self.meta("_wp_attachment_image_alt")

    def day(self, site: Site) -> date | None:
        """Return its day by the clock of the old site, which is the one in its address."""
        for name in ("post_date", "post_date_gmt", "pubDate"):
            text = self.text(name)
            if (
                text
                and not text.startswith(("0000", "Mon, 30 Nov -0001"))
                and (day := read_day(text, site.timezone))
            ):
                return day
        return None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(
            name for domain in ("category", "post_tag") for _, name in self._terms[domain] if name
        )

    @property
    def lang(self) -> str:
        terms = [nice for domain in LANGUAGE_TAXONOMIES for nice, _ in self._terms[domain]]
        text = next((t for t in (*terms, *(self.meta(f) for f in LANGUAGE_FIELDS)) if t), "")
        return text.replace("_", "-").lower().removeprefix("pll-")

    @property
    def pair(self) -> str:
        terms = [nice for domain in PAIR_TAXONOMIES for nice, _ in self._terms[domain]]
        return next((t for t in (*terms, *(self.meta(f) for f in PAIR_FIELDS)) if t), "")

    @property
    def address(self) -> str:
        link = self.text("link")
        return "" if "?" in link else link
