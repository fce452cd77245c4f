"""The files of the content folder that something refers to: no other has to be on the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.fields import ByLanguage, Group, Many, NoOr, Table, specs
from core.site import Site
from core.values import FILE
from plugins.sections.content_folder import EXTRA
from plugins.sections.link_target import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.kinds.models import Content, Text
    from plugins.sections.build_context import BuildContext


def referred_files(build: BuildContext) -> frozenset[str]:
    """Return every file that a page needs, today or once its day comes.

    What drafts and pages of a later day name counts, since those are shown without another word.

    :returns: paths relative to the content folder; of pages themselves, none.
    """
    texts = {
        find(name, path, build).file
        for content in build.everything.contents
        for path, name in _addresses(content, build)
    }
    settings = set(_files(Group(Site), build.site))
    root = {name for name in build.folder.files if name.startswith(f"{EXTRA}/")}
    return frozenset(texts | settings | root | build.used_files) & build.folder.files


def linked_files(text: Text, build: BuildContext) -> frozenset[str]:
    """Return the files that a text links to or shows, relative to the content folder."""
    files = {find(address, text.path, build).file for address in _written(text, build)}
    return frozenset(files) & build.folder.files


def _written(text: Text, build: BuildContext) -> Iterator[str]:
    """Yield the addresses in a text as they are written."""
    for piece in build.body(text).pieces:
        if address := getattr(piece, "url", "") or getattr(piece, "src", ""):
            yield address


def _addresses(content: Content, build: BuildContext) -> Iterator[tuple[str, str]]:
    """Yield what a piece of content names: the path of the text, and the address as written."""
    for text in content.texts.values():
        for address in _written(text, build):
            yield text.path, address
    original = content.texts[content.original].path
    for name in _files(Group(type(content)), content):
        yield original, name


def _files(of: object, value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a field holds
    """Yield the files that a value names, by the types that its fields declare."""
    if of is FILE and value:
        yield value
    for inner_type, inner in _parts(of, value):
        yield from _files(inner_type, inner)


def _parts(of: object, value: Any) -> list[tuple[object, Any]]:  # noqa: ANN401 - as above
    """Return the values inside a value, each with its declared type."""
    match of:
        case _ if not value:
            return []
        case Group(cls=cls):
            return [(spec.type, getattr(value, name, None)) for name, spec in specs(cls).items()]
        case Table(cls=cls):
            return [(Group(cls), inner) for inner in value.values()]
        case ByLanguage(of=inner_type):
            return [(inner_type, inner) for _, inner in value]
        case Many(of=inner_type):
            return [(inner_type, inner) for inner in value]
        case NoOr(of=inner_type):
            return [(inner_type, value)]
    return []
