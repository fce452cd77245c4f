"""The documents that a built tree holds: which there are, and what each says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core import analysis
from core.search import FOLDER, FORMAT, MANIFEST
from core.search.documents import from_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.search.documents import Document


class NoDocuments(Exception):
    """The tree holds no documents that can be read: it is older or newer than this program."""


class ListedDocument(NamedTuple):
    """A document as the manifest lists it; its number is its place in the list."""

    key: str
    digest: str
    day: str  # with the key, what sorts documents: the newest last
    length: int  # terms in it


@dataclass(frozen=True, slots=True)
class Contents:
    """What is listed of one language."""

    documents: tuple[ListedDocument, ...]
    made_by: str  # tells apart programs that count words in different ways


def read_contents(tree: Path) -> dict[str, Contents]:
    """Return what a tree lists, by language.

    :raises NoDocuments: when there is nothing that can be read.
    """
    try:
        manifest = json.loads((tree / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise NoDocuments
        return {
            lang: Contents(tuple(map(ListedDocument._make, rows)), manifest["made_by"])
            for lang, rows in manifest["documents"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoDocuments from error


def contents_file(contents: Mapping[str, Sequence[ListedDocument]], made_by: str) -> str:
    """Return the manifest as a file."""
    manifest = {"format": FORMAT, "made_by": made_by, "documents": contents}
    return json.dumps(manifest, ensure_ascii=False, separators=(",", ":")) + "\n"


def fingerprint(*folders: Path) -> str:
    """Return what changes whenever words may be counted otherwise: the text of this program.

    :param folders: more modules that it depends on.
    """
    ours = (Path(analysis.__file__).parent, Path(__file__).parent)
    sources = [path for folder in (*ours, *folders) for path in sorted(folder.glob("*.py"))]
    return hashlib.blake2b(b"".join(map(Path.read_bytes, sources)), digest_size=8).hexdigest()


def lead_name(number: int) -> str:
    """Return the file of a document's lead, in its language's folder."""
    return f"d/{number}.json"


def text_name(number: int) -> str:
    """Return the file of a document's text, in its language's folder."""
    return f"x/{number}.json"


def read_document(tree: Path, lang: str, number: int, listed: ListedDocument) -> Document:
    """Return a document.

    :param number: its place by day, the oldest is 0.
    :param listed: what the list of documents says of it.
    :raises NoDocuments: when its files are missing or spoilt.
    """
    folder = tree / FOLDER / lang
    try:
        lead = (folder / lead_name(number)).read_text(encoding="utf-8")
        text = (folder / text_name(number)).read_text(encoding="utf-8")
        return from_files(listed.key, lang, lead, text)
    except (OSError, ValueError) as error:
        raise NoDocuments from error
