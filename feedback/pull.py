"""Brings what may be public into the content folder: the only way words cross the privacy line.

What comes is not trusted, wherever it comes from: every file is read as the build reads it,
written anew, and looked through for personal details once more. It is all taken, or nothing is.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core import web_client
from core.faults import Level, Report
from core.public.record_files import (
    ANSWERS,
    CLOCKS,
    CONFIRMATIONS,
    FOLDER,
    PLACES,
    RECORD_FILE,
    STRIKES,
    TURNS,
    VOTES,
    TallyFile,
    read_record,
    record_path,
    record_yaml,
    unstamped,
)
from core.public.records import Record, Tombstone
from core.public.tallies import Reversal, StruckVoices
from core.public.vocabulary import Detail, Turning
from core.words import Words
from feedback.personal_details import own_details, still_personal
from feedback.publication import Harvest, ItemVerdict
from feedback.record_source import SOURCE, RecordSource, doubt, read_source, source_text
from feedback.store.casework.events import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from core.site import Site

MOST_BYTES = 200_000_000  # of an answer from afar: a hundred thousand records, one day
SECONDS = 60.0  # for all of it
PUBLIC = "api/v1/public"  # below the service's address
WAYS_TO_SOMEBODY = {
    Detail.EMAIL,
    Detail.PHONE,
    Detail.ADDRESS,
    Detail.NI_NUMBER,
    Detail.NHS_NUMBER,
}
LISTS: Mapping[str, TallyFile[Any]] = {
    file.path: file for file in (VOTES, CONFIRMATIONS, STRIKES, ANSWERS, CLOCKS, PLACES)
}


class CannotPull(Exception):
    """Nothing was taken; the message says why, and what to do."""


@dataclass(frozen=True)
class Changes:
    """What a pull would do to the content folder."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()  # was withdrawn, and is public again
    proven: bool = True  # whether the source is the one that everything here came from
    vouched: tuple[str, ...] = ()  # what looks like a way to somebody, and was cleared at the desk
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)  # what to write, by path

    @property
    def nothing(self) -> bool:
        """Whether the folder is up to date."""
        return not self.texts


def fetch(service: str, token: str, seen: Iterable[str] = ()) -> Harvest:
    """Ask a service for everything that is public.

    :param service: its address, https:// unless it is on this machine.
    :param seen: the marks of earlier pulls.
    :raises CannotPull: when it can't be reached, refuses, or answers nonsense.
    """
    query = urlencode([("seen", mark) for mark in seen])
    try:
        data = web_client.fetch(
            f"{service.rstrip('/')}/{PUBLIC}?{query}",
            most_bytes=MOST_BYTES,
            seconds=SECONDS,
            headers={"Authorization": f"Bearer {token}"},
        )
    except web_client.CannotFetch as reason:
        if reason.status in {401, 403}:
            raise CannotPull(
                "The service refuses the token. Set OPEN_HOUSE_API_TOKEN to the service's own."
            ) from None
        raise CannotPull(f"{service} {reason}. Nothing was changed here.") from None
    return _harvest(data)


def _harvest(data: bytes) -> Harvest:
    nonsense = CannotPull("The service answers something that isn't records. Is the address right?")
    try:
        answer = web_client.parsed(data)
        files = _texts(answer["files"])
        cleared = {ref: tuple(map(str, words)) for ref, words in dict(answer["cleared"]).items()}
        turned = {
            item: ItemVerdict(Turning(to), date.fromisoformat(on) if on else None)
            for item, (to, on) in dict(answer.get("turned", {})).items()
        }
        withdrawn = answer.get("withdrawn", answer["merged"])  # older services name no others
        return Harvest(
            files, cleared, _texts(withdrawn), turned, _provenance(answer.get("provenance"))
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise nonsense from None


def _provenance(answer: Any) -> Provenance | None:  # noqa: ANN401 - as above
    if answer is None:
        return None
    texts = _texts({key: answer[key] for key in ("database", "mark")})
    return Provenance(**texts, continues=answer["continues"] is True)


def _texts(values: Any) -> dict[str, str]:  # noqa: ANN401 - whatever came from afar
    if not all(isinstance(text, str) for pair in values.items() for text in pair):
        raise TypeError
    return dict(values)


def as_json(harvest: Harvest) -> str:
    """Return a harvest as `fetch` reads it."""
    return json.dumps(
        {
            "files": dict(harvest.files),
            "cleared": {ref: list(words) for ref, words in harvest.cleared.items()},
            "merged": {ref: into for ref, into in harvest.withdrawn.items() if into},
            # ^ what an older `pull` reads
            "withdrawn": dict(harvest.withdrawn),
            "provenance": asdict(harvest.provenance) if harvest.provenance else None,
            "turned": {
                item: [turned.to, turned.on.isoformat() if turned.on else ""]
                for item, turned in harvest.turned.items()
            },
        },
        ensure_ascii=False,
    )


def remembered(content: Path) -> RecordSource | None:
    """Return what the folder knows of the database that its records came from.

    :raises CannotPull: when that can't be read.
    """
    try:
        return read_source(content)
    except (OSError, ValueError) as error:
        raise CannotPull(str(error)) from None


def plan(
    harvest: Harvest, content: Path, site: Site, today: date, *, accept_source: bool = False
) -> Changes:
    """Work out what a harvest changes in the content folder, and refuse what may not come in.

    :param accept_source: take it from another or an older database than the records here.
    :raises CannotPull: when anything in it can't be read, or looks personal, or lies in the
        future, or the database can't know which records were withdrawn; all of it is told.
    """
    report = Report()
    texts: dict[str, str] = {}
    records: list[Record | Tombstone] = []
    reasons: list[Words] = []
    here = _here(content)
    for path, text in sorted(harvest.files.items()):
        faults = report.at(path)
        if path in here and unstamped(_text(content / path)) == text:
            continue  # it was read and looked through when it came
        if path in LISTS:
            lines = LISTS[path].read(text, site, faults)
            texts[path] = LISTS[path].text(lines)
            reasons += [line.why for line in lines if isinstance(line, StruckVoices)]
        elif not RECORD_FILE.fullmatch(path):
            faults.whole("No record stands under such a name.", "Ask who runs it.", "path")
        elif (record := read_record(text, site, faults)) and record_path(record) == path:
            records.append(record)
    before = _turns_here(content, site, report)
    if turns := (*before, *_new_turns(before, harvest.turned, today)):
        texts[TURNS.path] = TURNS.text(turns)
    standing = _standing(content, site, here - harvest.files.keys())
    source, unnamed = remembered(content), _unnamed(standing, harvest)
    unproven = doubt(source, harvest.provenance, unnamed)
    problems = [unproven] if unproven and not accept_source else []
    problems += _yet_to_come(records, harvest, today)
    problems += [str(fault) for fault in report if fault.level is Level.FAULT]
    problems += [problem for record in records for problem in _personal(record, harvest, site)]
    problems += [problem for reason in reasons for problem in _personal_reason(reason, site)]
    if problems:
        raise CannotPull("\n".join(["Nothing was taken:", *problems]))
    texts |= {
        record_path(record): record_yaml(replace(record, modified=today)) for record in records
    }
    texts |= _tombstones(standing, harvest, today)
    changes = _compare(texts, content, proven=not unproven and source is not None)
    changes = replace(changes, vouched=tuple(_vouched(records, harvest, site)))
    return _with_source(changes, harvest.provenance, source)


def _yet_to_come(
    records: Iterable[Record | Tombstone], harvest: Harvest, today: date
) -> Iterator[str]:
    """Tell what is said to have happened on a day that has not come."""
    tomorrow = today + timedelta(days=1)  # it may be that already where the service runs
    for record in records:
        reply = record.reply if isinstance(record, Record) else None
        for day, event in ((record.received, "came"), (reply and reply.on, "was answered")):
            if day and day > tomorrow:
                yield f"{record.ref}: it {event} on {day}, which is yet to come."
    for item, turned in harvest.turned.items():
        if turned.on and turned.on > tomorrow:
            yield f"{item}: its answers turned on {turned.on}, which is yet to come."


def _personal(record: Record | Tombstone, harvest: Harvest, site: Site) -> Iterator[str]:
    """Tell what still looks personal in a record's words and was not cleared by staff."""
    if isinstance(record, Tombstone):
        return
    harmless = [*harvest.cleared.get(record.ref, ()), *own_details(site)]
    for place, text in _words_of(record):
        for span in still_personal(text, harmless):
            yield (
                f"{record.ref}: {place} still holds what looks like a personal detail "
                f"({span.kind}). Take it out at the desk, or clear it there."
            )


def _personal_reason(reason: Words, site: Site) -> Iterator[str]:
    """Tell what looks personal in why voices were struck."""
    for _, text in reason.texts:
        for span in still_personal(text, own_details(site)):
            yield (
                "Why voices were struck holds what looks like a personal detail "
                f"({span.kind}). Undo it at the desk, and strike them again with another reason."
            )


def _vouched(records: Iterable[Record | Tombstone], harvest: Harvest, site: Site) -> Iterator[str]:
    """Tell which ways to reach somebody go out because the source says that they are harmless."""
    for record in records:
        if isinstance(record, Tombstone) or record.ref not in harvest.cleared:
            continue
        for place, text in _words_of(record):
            for span in still_personal(text, own_details(site)):
                if span.kind in WAYS_TO_SOMEBODY:
                    yield f"{record.ref}: {place} holds “{text[span.start : span.end]}”"


def _words_of(record: Record) -> Iterator[tuple[str, str]]:
    yield "what was said", record.said
    answers = record.reply.text if record.reply else Words(())
    for words, place in ((answers, "the answer"), (record.reason or Words(()), "the reason")):
        for _, text in words.texts:
            yield place, text


def _standing(content: Path, site: Site, paths: Iterable[str]) -> dict[str, Record]:
    """Return those of some paths at which a record is public in the folder."""
    standing = {}
    for path in sorted(paths):
        record = read_record(_text(content / path), site, Report().at(path))
        if isinstance(record, Record):
            standing[path] = record
    return standing


def _unnamed(standing: Mapping[str, Record], harvest: Harvest) -> list[str]:
    """Return the references here that the harvest says nothing of: unknown is not withdrawn."""
    return [record.ref for record in standing.values() if record.ref not in harvest.withdrawn]


def _tombstones(standing: Mapping[str, Record], harvest: Harvest, today: date) -> dict[str, str]:
    """Return what to write for records here of which the service says that they are withdrawn."""
    return {
        path: record_yaml(
            Tombstone(
                ref=record.ref,
                withdrawn=today.replace(day=1),
                into=harvest.withdrawn[record.ref] or None,
                received=record.received,
                modified=today,
            )
        )
        for path, record in standing.items()
        if record.ref in harvest.withdrawn
    }


def _with_source(
    changes: Changes, provenance: Provenance | None, source: RecordSource | None
) -> Changes:
    """Have the folder remember where it comes from, whenever something else is written too."""
    if provenance is None:
        return changes
    text = source_text(provenance)
    same = source is not None and source.databases == {provenance.database}
    if same and provenance.continues and changes.nothing:
        return changes
    return replace(changes, texts={**changes.texts, SOURCE: text})


def _turns_here(content: Path, site: Site, report: Report) -> tuple[Reversal, ...]:
    """Return the turns that are public already."""
    file = content / TURNS.path
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return TURNS.read(text, site, report.at(TURNS.path)) if text else ()


def _new_turns(
    before: Iterable[Reversal], turned: Mapping[str, ItemVerdict], today: date
) -> Iterator[Reversal]:
    """Tell what turned since: what stands in public stays, whatever becomes of single answers."""
    last = {turn.item: turn for turn in before}
    for item, now in turned.items():
        latest = last.get(item)
        if now.to != (latest.to if latest else Turning.SETTLED):
            on = now.on or today
            yield Reversal(item=item, to=now.to, on=max(on, latest.on) if latest else on)


def _here(content: Path) -> set[str]:
    """Return the records that stand in the content folder, by path."""
    names = [path.relative_to(content).as_posix() for path in content.glob(f"{FOLDER}/*/*.yaml")]
    return {name for name in names if RECORD_FILE.fullmatch(name)}


def _text(file: Path) -> str:
    """Return a file's text, as git has it on every machine."""
    return file.read_text(encoding="utf-8")


def _compare(texts: Mapping[str, str], content: Path, *, proven: bool) -> Changes:
    new, changed, withdrawn, returned, write = [], [], [], [], {}
    for path, text in sorted(texts.items()):
        file = content / path
        before = file.read_text(encoding="utf-8") if file.is_file() else None
        if before == text:
            continue
        write[path] = text
        if "\nwithdrawn:" in text:
            withdrawn.append(path)
        elif before is None:
            new.append(path)
        elif "\nwithdrawn:" in before:
            returned.append(path)
        else:
            changed.append(path)
    return Changes(
        tuple(new), tuple(changed), tuple(withdrawn), tuple(returned), proven, texts=write
    )


def write(changes: Changes, content: Path) -> None:
    """Write what a plan says: each file whole, the old one in place until the new one is there.

    :raises OSError: when a file can't be written; every file is then the old or the new one.
    """
    fresh = []
    try:
        for path, text in changes.texts.items():
            target = content / path
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.new")
            fresh.append((beside, target))
            beside.write_text(text, encoding="utf-8", newline="\n")
        for beside, target in fresh:
            os.replace(beside, target)  # noqa: PTH105 - as in "replace, whatever is there"
    finally:
        for beside, _ in fresh:
            beside.unlink(missing_ok=True)
