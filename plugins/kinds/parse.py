"""From files to content: typed, checked, and joined across languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.faults import Report
from core.fields import make, read_fields, specs
from core.nodes import Mapping, Scalar
from core.values import ZONE, Reading, shown
from plugins.kinds.endings import tell_ended
from plugins.kinds.held_back import holds_back
from plugins.kinds.models import KINDS, Content, Contradiction, Text
from plugins.kinds.series import with_series
from plugins.kinds.source import path_without_language
from plugins.kinds.starters import placeholders

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from collections.abc import Mapping as ByName
    from zoneinfo import ZoneInfo

    from core.faults import FileFaults
    from core.site import Site
    from plugins.kinds.source import Source

LONGEST_SUMMARY = 200  # characters that a search result or a card shows
# Fields that keep a page from the public. One that can't be read keeps it back all the same: what
# was meant to wait must not go out because of a slip of the pen.
HOLDING_BACK = ("draft", "publish_on", "date")
DRAFT = {"true": "false", "yes": "false", "false": "true", "no": "true"}  # by `published`
IN_TRANSLATIONS = frozenset(specs(Text))


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file, understood: its words, and the facts if they stand in it."""

    source: Source
    text: Text
    facts: dict[str, Any]
    facts_written: tuple[tuple[str, int], ...]  # names and lines, read well or not
    complete: bool  # whether every required fact could be read


def parse(source: Source, site: Site, faults: FileFaults, *, translation: bool) -> ParsedFile:
    """Parse one file's fields.

    :param translation: whether another file of the same key carries the facts.
    """
    source = replace(source, front=_as_draft(source.front))
    cls = KINDS[source.kind]
    own = specs(Text)
    lines: dict[str, int] = {}
    field_faults = faults if source.fenced else Report().at(source.path)
    reading = Reading(
        field_faults,
        site.languages,
        source.lang,
        _timezone(source, site),
        site.known,
        lines,
        former=bool(site.former_languages),
    )
    facts_written = tuple(
        (key.text, key.line) for key, _ in source.front.entries if key.text in specs(cls)
    )
    if translation:
        words = tuple(e for e in source.front.entries if e[0].text not in specs(cls))
        values = read_fields(Mapping(words, source.front.line), own, reading)
    else:
        values = read_fields(source.front, own | specs(cls), reading)
    # What a file says of itself can't be known without its front matter: it may be meant to wait.
    known = own if translation else own | specs(cls)
    if not source.fenced or source.torn or _meant_to_wait(source, values, known, field_faults):
        values["draft"] = True
    elif not values.get("draft"):
        values["draft"] = _is_unwritten(source, faults)
    if tags := values.get("tags"):
        values["tags"] = tuple(dict.fromkeys(map(site.tag, tags)))
    title = values.setdefault("title", _fallback_title(source))
    if not values.get("summary") and "summary" not in lines:
        values.pop("summary", None)
    if len(values.get("summary", "")) > LONGEST_SUMMARY:
        faults.advise(
            lines["summary"],
            "summary",
            f"The summary is {len(values['summary'])} characters long.",
            f"Keep it under {LONGEST_SUMMARY}, so that lists and search results show all of it.",
            "long-summary",
        )
    text = Text(
        lang=source.lang,
        path=source.path,
        body=source.body,
        body_line=source.body_line,
        lines=lines,
        **{name: values[name] for name in own if name in values} | {"title": title},
    )
    facts = {name: value for name, value in values.items() if name in specs(cls)}
    needed = {name for name, spec in specs(cls).items() if spec.required}
    return ParsedFile(source, text, facts, facts_written, needed <= facts.keys())


def _as_draft(front: Mapping) -> Mapping:
    """Return fields in which `published: false` of other programs is our `draft: true`."""
    if front.get("draft") is not None:
        return front
    return Mapping(
        tuple(
            (Scalar("draft", key.line), Scalar(DRAFT[node.text.strip().lower()], node.line))
            if key.text.lower() == "published"
            and isinstance(node, Scalar)
            and node.text.strip().lower() in DRAFT
            else (key, node)
            for key, node in front.entries
        ),
        front.line,
    )


def _meant_to_wait(
    source: Source, values: ByName[str, Any], known: Container[str], faults: FileFaults
) -> bool:
    """Whether a file says, in words that can't be read here, that it isn't public yet."""
    waiting = False
    for name in HOLDING_BACK:
        node = source.front.get(name)
        written = node is not None and not (isinstance(node, Scalar) and node.empty)
        if written and name in known and name not in values and not (name == "date" and source.day):
            return True
    for key, node in source.front.entries:
        if key.text == "draft" and isinstance(node, Scalar) and node.empty:
            waiting = True
            wrong, instead = "Nothing is written after “draft”.", "Write true or false."
            faults.fault(key.line, "draft", f"{wrong} The page waits.", instead, "value")
        elif key.text not in known and holds_back(key.text, node):
            waiting = True
            faults.advise(
                key.line,
                key.text,
                f"“{key.text}” may mean that this isn't public, so the page stays a draft.",
                "Write draft: true, or publish_on: and its first day; or take the line out.",
                "held-back",
            )
    return waiting or (source.misdated and "date" not in values)


def _is_unwritten(source: Source, faults: FileFaults) -> bool:
    """Whether words still stand as `new` wrote them; each place is told."""
    unwritten = list(placeholders(source.front, source.body, source.body_line))
    for line, field, words in unwritten:
        faults.advise(
            line,
            field,
            f"{shown(words)} was put here to be written over, so this page stays a draft.",
            "Write your own words in its place, or take it out.",
            "placeholder",
        )
    return bool(unwritten)


def _timezone(source: Source, site: Site) -> ZoneInfo:
    """Return the zone of a file's times: its own if it names one, else the site's."""
    node = source.front.get("timezone")
    quiet = Reading(Report().at(source.path), site.languages)
    return (ZONE.read(node, quiet) if node else None) or site.timezone


def _fallback_title(source: Source) -> str:
    """Return a title for a page that has none: its first heading, or its key in words."""
    heading = re.search(r"^#{1,2}\s+(.+?)\s*#*$", source.body, re.MULTILINE)
    return heading[1] if heading else source.key.replace("-", " ").capitalize()


def join(
    sources: Iterable[Source], unread: Iterable[str], site: Site, report: Report
) -> list[Content]:
    """Parse files and join the languages of each thing.

    Every fault of every file is reported; what can't be made of them is left out.

    :param unread: paths of files that couldn't be read; what another language's file lacks may
        stand in them, so nothing is said of it.
    :returns: the content, by kind, then by key.
    """
    groups: dict[tuple[str, str], dict[str, Source]] = {}
    for source in sorted(sources, key=lambda source: source.path):
        group = groups.setdefault((source.kind, source.key), {})
        if (other := group.get(source.lang)) is not None:
            report.at(source.path).whole(
                f"{other.path} has the same key (“{source.key}”) and the same language.",
                "Give one of them another name: keys are permanent and stand for one thing.",
                "duplicate-key",
            )
            continue
        group[source.lang] = source
    lost = {path_without_language(path) for path in unread}
    contents = (
        _thing(group, site, Report() if _place(group) in lost else report)
        for _, group in sorted(groups.items())
    )
    return with_series((content for content in contents if content is not None), report)


def _place(group: dict[str, Source]) -> str:
    return path_without_language(next(iter(group.values())).path)


def _thing(group: dict[str, Source], site: Site, report: Report) -> Content | None:
    ordered = [group[lang] for lang in site.every_language if lang in group]
    first = max(ordered, key=_number_of_facts)  # the earliest language wins a tie
    parsed = {
        source.lang: parse(source, site, report.at(source.path), translation=source is not first)
        for source in ordered
    }
    original = parsed[first.lang]
    for other in parsed.values():
        if other is original:
            continue
        faults = report.at(other.source.path)
        for name, line in other.facts_written:
            faults.fault(
                line,
                name,
                f"“{name}” belongs in {first.path}, where this was first written.",
                "Take it out here: a fact is written once.",
                "repeated-fact",
            )
        if other.source.day != first.day:
            faults.whole(
                f"The date in this file's name isn't that of {first.path}.",
                "Give both files the same date.",
                "file-name",
            )
    return _made(
        original, {lang: parsed_file.text for lang, parsed_file in parsed.items()}, site, report
    )


def _number_of_facts(source: Source) -> int:
    return sum(key.text not in IN_TRANSLATIONS for key, _ in source.front.entries)


def _made(
    original: ParsedFile, texts: dict[str, Text], site: Site, report: Report
) -> Content | None:
    source, facts = original.source, original.facts
    cls, faults = KINDS[source.kind], report.at(original.source.path)
    written = facts.get("date")
    if written and source.day and written != source.day:
        faults.fault(
            original.text.line("date"),
            "date",
            f"The date here is {written}, in the file's name {source.day}.",
            "Write it in the name alone.",
            "date",
        )
    day = written or source.day
    if cls.dated and day is None and not source.misdated and "date" not in original.text.lines:
        faults.fault(
            0,
            "date",
            "There is no date, so this can't stand in order.",
            f"Begin the file's name with it, such as 2026-03-04-{source.key}.md.",
            "date",
        )
    _tell_missing_languages(texts, site, faults)
    if not original.complete:
        return None  # the missing field was reported; a page made without it would be wrong
    content = make(
        cls,
        facts | {"key": source.key, "texts": texts, "original": source.lang, "date": day},
    )
    if content is None:
        return None
    wrong = list(content.contradictions())
    for contradiction in wrong:
        _tell(contradiction, original.text, faults)
    tell_ended(content, site, faults)
    return None if any(contradiction.ruinous for contradiction in wrong) else content


def _tell(contradiction: Contradiction, text: Text, faults: FileFaults) -> None:
    faults.fault(
        text.line(contradiction.field),
        contradiction.field,
        contradiction.wrong,
        contradiction.instead,
        "contradiction",
    )


def _tell_missing_languages(texts: dict[str, Text], site: Site, faults: FileFaults) -> None:
    for lang in site.languages:
        if lang not in texts:
            text = next(iter(texts.values()))
            ending = rf"(\.{re.escape(text.lang)})?\.md$"
            base = re.sub(ending, "", faults.path, flags=re.IGNORECASE)
            faults.advise(
                0,
                "",
                f"This isn't there in {lang} yet.",
                f"Write {base}.{lang}.md.",
                "missing-translation",
            )
