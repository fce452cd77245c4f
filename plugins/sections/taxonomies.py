"""Pages that gather things across kinds: each tag, each topic, each person who writes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from core.words import plain_key
from plugins.kinds.models import Kind, Post
from plugins.sections.entries import CountedLink
from plugins.sections.language_view import newest
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.kinds.models import Content
    from plugins.sections.language_view import LanguageView


def taxonomies(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the pages of tags, topics and people."""
    yield from _tags(view)
    yield from _topics(view)
    yield from _people(view)


def _tags(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the page of each tag of the language, and the list of them all."""
    build, lang = view.build, view.lang
    tagged: dict[str, tuple[str, list[Content]]] = {}
    for content in build.index.contents:
        text = content.texts.get(lang)
        for tag in text.tags if text else ():
            tagged.setdefault(plain_key(tag), (tag, []))[1].append(content)
            if text and not _is_same_word(tag, other := tagged[plain_key(tag)][0]):
                build.report.at(text.path).advise(
                    text.line("tags"),
                    "tags",
                    f"The tags “{tag}” and “{other}” have one address, so they share a page.",
                    "Write one of them in both places, or tell them apart in letters or digits.",
                    "tag",
                )
    by_word = sorted(tagged.items(), key=lambda item: view.wording.sort_key(item[1][0]))
    signs = [
        CountedLink(tag, build.link(build.addresses.tag(tag, lang)), key, len(contents))
        for key, (tag, contents) in by_word
    ]
    for sign in signs:
        path = build.addresses.tag(sign.title, lang)
        replaced = build.site.succession("tags").replaced(sign.key)
        old_paths = tuple(build.addresses.tag(word.key, lang) for word in replaced)
        page = _gathering(view, ("tag", lang, sign.key), path, sign.title, tagged[sign.key][1])
        yield replace(page, old_paths=old_paths).with_data(word=build.site.tags.get(sign.key))
    if signs:
        yield _index(view, "tags", signs)


def _is_same_word(tag: str, other: str) -> bool:
    return tag.casefold() == other.casefold()


def _topics(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the page of each topic, and the list of them all."""
    build = view.build
    signs = view.topics(build.index.contents)
    for sign in signs:
        contents = [content for content in build.index.contents if sign.key in content.topics]
        path = build.addresses.topic(sign.key, view.lang)
        replaced = build.site.succession("topics").replaced(sign.key)
        old_paths = tuple(build.addresses.topic(word.key, view.lang) for word in replaced)
        page = _gathering(view, ("topic", sign.key), path, sign.title, contents)
        page = page.with_data(word=build.site.topics[sign.key], replaced=replaced)
        yield replace(page, old_paths=old_paths)
    if signs:
        yield _index(view, "topics", signs)


def _people(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the page of everybody who wrote something."""
    build = view.build
    written: dict[str, list[Content]] = defaultdict(list)
    for content in build.index.of_kind[Kind.POST]:
        for key in content.authors if isinstance(content, Post) else ():
            written[key].append(content)
    for key in sorted(written):
        person = build.site.people[key]
        path = build.addresses.person(key, view.lang)
        replaced = build.site.succession("people").replaced(key)
        old_paths = tuple(build.addresses.person(word.key, view.lang) for word in replaced)
        page = _gathering(view, ("person", key), path, person.name, written[key])
        yield replace(page, old_paths=old_paths).with_data(person=person, replaced=replaced)


def _title(word: str, view: LanguageView) -> str:
    _ = view.gettext
    return {"tags": _("Tags"), "topics": _("Topics")}[word]


def _gathering(
    view: LanguageView, identity: tuple[str, ...], path: str, title: str, contents: list[Content]
) -> PlannedPage:
    """Plan one page of what belongs together, the newest first."""
    sort = identity[0]
    crumbs: tuple[tuple[str, str], ...] = ()
    if sort != "person":
        word = f"{sort}s"
        crumbs = ((_title(word, view), view.build.addresses.index(word, view.lang)),)
    newest_first = sorted(
        contents, key=lambda t: (-(t.last_changed.toordinal() if t.last_changed else 0), t.key)
    )
    return PlannedPage(
        path=path,
        identity=identity,
        lang=view.lang,
        template=f"{sort}.html",
        title=title,
        section=sort,
        updated=newest(contents),
        crumbs=crumbs,
        data={"title": title, "entries": view.entries(newest_first)},
    )


def _index(view: LanguageView, word: str, signs: list[CountedLink]) -> PlannedPage:
    title = _title(word, view)
    return PlannedPage(
        path=view.build.addresses.index(word, view.lang),
        identity=("index", word),
        lang=view.lang,
        template=f"{word}.html",
        title=title,
        section=word.removesuffix("s"),
        data={"title": title, word: signs},
    )
