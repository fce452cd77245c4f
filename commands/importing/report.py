"""What came over and what did not: in short on the screen, in full in a file."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from commands.importing.writer import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from commands.importing.models import Loss
    from commands.importing.writer import ImportOutcome

SHOWN = 3  # examples of each sort on the screen
PLURALS = {
    "person": "people",
    "change": "changes",
    "roadmap": "roadmap items",
    "standard": "points",
}


def in_short(outcome: ImportOutcome, *, dry_run: bool) -> str:
    """Return a dozen lines for the person who typed the command."""
    kinds = ", ".join(f"{n} {_plural(k, n)}" for k, n in counted(outcome.places).items())
    languages = Counter(place.lang for place in outcome.places)
    by_language = ", ".join(f"{count} in {lang}" for lang, count in sorted(languages.items()))
    drafts = sum(place.item.draft for place in outcome.places)
    files = len(outcome.written)
    lines = [f"{kinds or 'Nothing'} ({by_language})." if by_language else "Nothing to bring."]
    would = "would be written" if dry_run else "written"
    lines.append(
        f"{files} {_plural('file', files)} {would}, {outcome.same} there already"
        + (f", {drafts} of them drafts." if drafts else ".")
    )
    if outcome.edited:
        lines.append(f"{len(outcome.edited)} changed here since the last import, left as they are:")
        lines += [f"  {path}" for path in outcome.edited[:SHOWN]]
    people = outcome.settings.count("[people.")
    if outcome.settings:
        lines.append(f"site.toml {'would get' if dry_run else 'gets'} {_tables(outcome, people)}.")
    if outcome.settings_refused:
        lines.append(
            f"But site.toml can't be written ({outcome.settings_refused}). Add to it:\n"
            f"{outcome.settings}"
        )
    if outcome.lost:
        lines += ["", "What did not come over, or came over changed:"]
        lines += _sorts(outcome.lost)
    return "\n".join(lines)


def _tables(outcome: ImportOutcome, people: int) -> str:
    shows = outcome.settings.count("[shows.") - outcome.settings.count(".owner]")
    parts = [f"{people} {_plural('person', people)}"] * bool(people)
    parts += [f"{shows} {_plural('show', shows)}"] * bool(shows)
    return " and ".join(parts)


def _sorts(losses: Iterable[Loss]) -> Iterator[str]:
    by_sort: dict[str, list[Loss]] = defaultdict(list)
    for loss in losses:
        by_sort[loss.sort].append(loss)
    for sort, items in sorted(by_sort.items(), key=lambda pair: -len(pair[1])):
        yield f"  {len(items):,} × {sort}"
        for loss in items[:SHOWN]:
            yield f"      {loss.origin}" + (f": {loss.detail[:90]}" if loss.detail else "")
        if len(items) > SHOWN:
            yield f"      … and {len(items) - SHOWN:,} more"


def in_full(outcome: ImportOutcome, source: str) -> str:
    """Return everything, for a file that people can work through."""
    lines = [f"# What came over from {source}, and what did not", ""]
    by_sort: dict[str, list[Loss]] = defaultdict(list)
    for loss in outcome.lost:
        by_sort[loss.sort].append(loss)
    for sort, items in sorted(by_sort.items()):
        lines += [f"## {len(items):,} × {sort}", ""]
        lines += [
            f"- {loss.origin}" + (f": {loss.detail}" if loss.detail else "") for loss in items
        ]
        lines.append("")
    lines += ["## Where everything is now", ""]
    for place in outcome.places:
        draft = " (draft)" if place.item.draft else ""
        lines.append(f"- {place.item.origin} → content/{place.path}{draft}")
    return "\n".join(lines) + "\n"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else PLURALS.get(word, f"{word}s")
