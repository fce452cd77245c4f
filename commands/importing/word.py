"""Word documents (.docx): headings, lists, tables, notes, pictures with their words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import mammoth  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from commands.importing.bounds import open_zip, walk
from commands.importing.front import read_day
from commands.importing.models import (
    ImportedAuthor,
    ImportedSite,
    ImportedText,
    Loss,
    SourceLocation,
)
from commands.importing.old_addresses import DATED
from commands.terminal import Stop
from core.words import plain_key
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

    from commands.importing.models import ImportOptions
    from core.site import Site

MAX_PART = 10_000_000  # bytes of a part in XML; five hundred pages have about six million
STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
           "image/svg+xml": ".svg"}  # fmt: skip
KINDS = {"": Kind.POST, "post": Kind.POST, "page": Kind.PAGE}


@dataclass
class WordReader:
    """Reads a document, or all in a folder."""

    wish: ImportOptions
    site: Site
    lost: list[Loss] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def read(self) -> ImportedSite:
        """Return each document as a text.

        :raises Stop: when there is none, or the one that was named can't be read.
        """
        what = self.wish.what
        if self.wish.kind not in KINDS:
            raise Stop(f"--kind: write post or page, and not “{self.wish.kind}”.", 2)
        if what.is_dir():
            paths = [p for p in walk(what) if p.suffix.lower() == ".docx" and p.name[:2] != "~$"]
            if not paths:
                raise Stop(f"There is no document (*.docx) in {what}.")
        else:
            paths = [what]
        items = []
        for path in paths:
            try:
                items.append(self._item(path))
            except Stop as stop:
                if len(paths) == 1:
                    raise
                self.lost.append(
                    Loss("files that can't be read", SourceLocation(path.name), str(stop))
                )
        return ImportedSite(items=tuple(items), lost=tuple(self.lost), files=self.pictures)

    def _item(self, path: Path) -> ImportedText:
        if path.suffix.lower() in {".doc", ".rtf", ".odt", ".pages"}:
            raise Stop(
                f"{path.name} isn't a .docx. Open it in Word and save it as “Word Document”."
            )
        with open_zip(path) as archive:
            if "word/document.xml" not in archive.namelist():
                raise Stop(f"{path.name} is no Word document, whatever its name says.")
            _look_over(archive, path.name)
            about = _properties(archive)
        body = self._html(path)
        title, body = _title(body, about.get("title", ""), path.stem)
        dated = DATED.match(path.stem)
        zone = self.site.timezone
        day = (
            (read_day(dated[1], zone) if dated else None)
            or read_day(about.get("modified", ""), zone)
            or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        )
        kind = KINDS[self.wish.kind]
        creator = about.get("creator", "")
        return ImportedText(
            origin=SourceLocation(path.name),
            title=title,
            body=body,
            kind=kind,
            day=day,
            key=DATED.sub("", path.stem),
            lang=self.wish.lang,
            summary=about.get("description", ""),
            authors=(ImportedAuthor(creator),) if creator and kind == Kind.POST else (),
            folder=path.parent,
        )

    def _html(self, path: Path) -> str:
        stem = plain_key(path.stem)[:60]

        def keep(image: Any) -> dict[str, str]:  # noqa: ANN401 - mammoth's own, without types
            ending = ENDINGS.get(image.content_type)
            if ending is None:
                self.lost.append(
                    Loss(
                        "pictures of a sort that no browser shows",
                        SourceLocation(path.name),
                        image.content_type,
                    )
                )
                return {"src": ""}
            name = f"{stem}-{len(self.pictures) + 1}{ending}"
            with image.open() as file:
                self.pictures[name] = file.read()
            return {"src": name}

        try:
            with path.open("rb") as file:
                outcome = mammoth.convert_to_html(
                    file, style_map=STYLES, convert_image=mammoth.images.img_element(keep)
                )
        except Exception as error:  # noqa: BLE001 - mammoth promises none, and raises several
            why = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
            raise Stop(
                f"{path.name} can't be read ({why}). Open it in Word and save it again."
            ) from None
        return str(outcome.value)


def _look_over(archive: zipfile.ZipFile, name: str) -> None:
    """Look at the parts in XML before a parser does.

    :raises Stop: when one is too large, is damaged, or defines entities, which Word never does.
    """
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        if part.file_size > MAX_PART:
            raise Stop(f"{name} is too long to be read at once. Save its chapters as documents.")
        try:
            data = archive.read(part)
        except (OSError, ValueError, RuntimeError, NotImplementedError) as error:
            raise Stop(f"{name} is damaged ({error}). Open it in Word and save it again.") from None
        if b"<!DOCTYPE" in data or b"<\0!\0D\0O\0C\0T" in data or b"\0<\0!\0D\0O\0C" in data:
            raise Stop(f"{name} holds a document type, which Word never writes. It was not read.")


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return what the document says of itself: title, creator, description, modified."""
    if "docProps/core.xml" not in archive.namelist():
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        tree = etree.fromstring(archive.read("docProps/core.xml"), parser=parser)
    except etree.XMLSyntaxError:
        return {}
    return {str(e.tag).rpartition("}")[2]: (e.text or "").strip() for e in tree}


def _title(body: str, title: str, stem: str) -> tuple[str, str]:
    """Return a document's title, and its text without it."""
    first = re.search(r'<h1 class="title">(.*?)</h1>', body) or re.match(r"\s*<h1>(.*?)</h1>", body)
    words = re.sub(r"<[^>]*>", "", first[1]).strip() if first else ""
    if first and words:
        return words, body[: first.start()] + body[first.end() :]
    return title or DATED.sub("", stem).replace("-", " ").replace("_", " "), body
