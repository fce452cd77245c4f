"""Pages that gather things across kinds: each tag, each topic, each person who writes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from plugins.kinds.models import Kind, Post
from plugins.kinds.source import plain_key
from plugins.sections.entries import Shelf
from plugins.sections.readers import newest
from plugins.sections.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.kinds.models import Content
    from plugins.sections.readers import Readers


def shelves(readers: Readers) -> Iterator[Sheet]:
    """Plan the pages of tags, topics and people."""
    yield from _tags(readers)
    yield from _topics(readers)
    yield from _people(readers)


def _tags(readers: Readers) -> Iterator[Sheet]:
    """Plan the page of each tag of the language, and the list of them all."""
    edition, lang = readers.edition, readers.lang
    found: dict[str, tuple[str, list[Content]]] = {}
    for thing in edition.library.things:
        text = thing.texts.get(lang)
        for tag in text.tags if text else ():
            found.setdefault(plain_key(tag), (tag, []))[1].append(thing)
    by_word = sorted(found.items(), key=lambda one: readers.wording.sort_key(one[1][0]))
    signs = [
        Shelf(tag, edition.link(edition.addresses.tag(tag, lang)), key, len(things))
        for key, (tag, things) in by_word
    ]
    for sign in signs:
        path = edition.addresses.tag(sign.title, lang)
        yield _shelf(readers, ("tag", lang, sign.key), path, sign.title, found[sign.key][1])
    if signs:
        yield _index(readers, "tags", signs)


def _topics(readers: Readers) -> Iterator[Sheet]:
    """Plan the page of each topic, and the list of them all."""
    edition = readers.edition
    signs = readers.topics(edition.library.things)
    for sign in signs:
        things = [thing for thing in edition.library.things if sign.key in thing.topics]
        path = edition.addresses.topic(sign.key, readers.lang)
        yield _shelf(readers, ("topic", sign.key), path, sign.title, things)
    if signs:
        yield _index(readers, "topics", signs)


def _people(readers: Readers) -> Iterator[Sheet]:
    """Plan the page of everybody who wrote something."""
    edition = readers.edition
    written: dict[str, list[Content]] = defaultdict(list)
    for thing in edition.library.of_kind[Kind.POST]:
        for key in thing.authors if isinstance(thing, Post) else ():
            written[key].append(thing)
    for key in sorted(written):
        person = edition.site.people[key]
        path = edition.addresses.person(key, readers.lang)
        sheet = _shelf(readers, ("person", key), path, person.name, written[key])
        yield sheet.with_data(person=person)


def _title(word: str, readers: Readers) -> str:
    _ = readers.gettext
    return {"tags": _("Tags"), "topics": _("Topics")}[word]


def _shelf(
    readers: Readers, identity: tuple[str, ...], path: str, title: str, things: list[Content]
) -> Sheet:
    """Plan one page of what belongs together, the newest first."""
    sort = identity[0]
    crumbs: tuple[tuple[str, str], ...] = ()
    if sort != "person":
        word = f"{sort}s"
        crumbs = ((_title(word, readers), readers.edition.addresses.index(word, readers.lang)),)
    newest_first = sorted(
        things, key=lambda t: (-(t.last_changed.toordinal() if t.last_changed else 0), t.key)
    )
    return Sheet(
        path=path,
        identity=identity,
        lang=readers.lang,
        template=f"{sort}.html",
        title=title,
        section=sort,
        updated=newest(things),
        crumbs=crumbs,
        data={"title": title, "entries": readers.entries(newest_first)},
    )


def _index(readers: Readers, word: str, signs: list[Shelf]) -> Sheet:
    title = _title(word, readers)
    return Sheet(
        path=readers.edition.addresses.index(word, readers.lang),
        identity=("index", word),
        lang=readers.lang,
        template=f"{word}.html",
        title=title,
        section=word.removesuffix("s"),
        data={"title": title, word: signs},
    )
