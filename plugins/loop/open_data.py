"""Open data: what the site knows of the loop, as JSON with its schemas and as CSV (RFC 4180).

Everything here stands on a page too. Ids never change, whatever becomes of titles and addresses.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from plugins.kinds.identity import identity, permanent_id
from plugins.loop.news import news
from plugins.loop.roadmap import standing
from plugins.loop.schemas import SCHEMAS
from plugins.loop.standing import review_due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.public.records import Record
    from core.words import Words
    from plugins.kinds.models import Change, Content, ReadingTaken, RoadmapItem
    from plugins.loop.addresses import LoopAddresses
    from plugins.loop.joining import Loop
    from plugins.sections.build_context import BuildContext

FOLDER = "data/"
Row = dict[str, Any]  # what JSON can say, by field
# What a spreadsheet takes for a formula at the start of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def open_data(loop: Loop, build: BuildContext, addresses: LoopAddresses) -> dict[str, str]:
    """Return the files by path, relative to the site's root."""
    rows = {
        "items": [_item(item, loop, build) for item in _by_key(loop.items)],
        "changes": [_change(change, loop, build) for change in _by_key(loop.changes)],
        "records": [
            _record(record, loop, build, addresses) for record in loop.hearing.records.values()
        ],
        "moves": [
            {"item": item.key, "on": move.on.isoformat(), "from": move.before or None}
            | {"to": move.to, "why": _words(move.why)}
            for item in _by_key(loop.items)
            for move in loop.moves_of(item)
        ],
        "news": news(build),
    }
    files = {}
    for name, there in rows.items():
        files[f"{FOLDER}{name}.json"] = _json(
            {
                "$schema": build.absolute(f"{FOLDER}{name}.schema.json"),
                "licence": build.site.licence or None,
                "publisher": _words(build.site.name),
                name: there,
            }
        )
        files[f"{FOLDER}{name}.csv"] = _csv(there)
        schema = {"$id": build.absolute(f"{FOLDER}{name}.schema.json")} | SCHEMAS[name]
        files[f"{FOLDER}{name}.schema.json"] = _json(schema)
    return files


def _by_key(contents: Iterable[Any]) -> list[Any]:
    return sorted(contents, key=lambda content: content.key)


def _words(words: Words | None) -> dict[str, str] | None:
    return dict(words.texts) if words else None


def _titles(content: Content) -> dict[str, str]:
    return {lang: text.title for lang, text in sorted(content.texts.items())}


def _pages(content: Content, build: BuildContext) -> dict[str, str]:
    return {
        lang: build.absolute(build.addresses.content(content, lang))
        for lang in build.site.languages
    }


def _item(item: RoadmapItem, loop: Loop, build: BuildContext) -> Row:
    votes = loop.hearing.votes_for("roadmap", item.key)
    answers = loop.confirmations(item)
    due = review_due(item)
    return {
        "id": identity(item),
        "key": item.key,
        "title": _titles(item),
        "url": _pages(item, build),
        "status": "withdrawn" if item.withdrawn else standing(item, loop),
        "since": loop.moves_of(item)[-1].on.isoformat(),
        "owner": item.owner,
        "rung": str(item.rung),
        "topics": list(item.topics),
        "votes_online": votes.online,
        "votes_offline": votes.offline,
        "people_heard": loop.behind(item).people,
        "records": [record.ref for record in loop.behind(item).records],
        "changes": sorted(change.key for change in loop.changes_of(item)),
        "fixed_yes": answers.yes,
        "fixed_partly": answers.partly,
        "fixed_no": answers.no,
        "reviewed": item.reviewed.isoformat() if item.reviewed else None,
        "review_due": due.isoformat() if due else None,
    }


def _change(change: Change, loop: Loop, build: BuildContext) -> Row:
    answers, measure = loop.confirmations(change), change.measure
    return {
        "id": identity(change),
        "key": change.key,
        "title": _titles(change),
        "url": _pages(change, build),
        "on": change.date.isoformat() if change.date else None,
        "outcome": str(change.outcome),
        "roadmap": list(change.roadmap),
        "records": [record.ref for record in loop.behind(change).records],
        "measure": {
            "name": _words(measure.name),
            "unit": _words(measure.unit),
            "better": str(measure.better),
            "target": float(measure.target) if measure.target is not None else None,
            "readings": [_reading(one) for one in (measure.before, *measure.after)],
        }
        if measure
        else None,
        "claim": str(loop.claim(change)) if loop.claim(change) else None,
        "fixed_yes": answers.yes,
        "fixed_partly": answers.partly,
        "fixed_no": answers.no,
    }


def _reading(reading: ReadingTaken) -> Row:
    return {
        "on": reading.on.isoformat()[:7],
        "value": float(reading.value),
        "source": _words(reading.source),
    }


def _record(record: Record, loop: Loop, build: BuildContext, addresses: LoopAddresses) -> Row:
    led = loop.led_to(record.ref)
    votes = loop.hearing.votes_for("record", record.ref)
    pages = {
        lang: build.absolute(addresses.record(record.ref, lang)) for lang in build.site.languages
    }
    return {
        "id": permanent_id(f"record/{record.ref}"),
        "ref": record.ref,
        "url": pages if record.shown else None,
        "status": str(record.status),
        "sort": str(record.sort),
        "lang": record.lang,
        "received": f"{record.received:%Y-%m}",
        "topic": record.topic,
        "channel": str(record.channel),
        "people": record.people,
        "said": record.said or None,
        "reply": _words(record.reply.text) if record.reply else None,
        "replied": record.reply.on.isoformat() if record.reply else None,
        "reason": _words(record.reason),
        "due": record.due.isoformat() if record.due else None,
        "in_time": record.in_time,
        "roadmap": sorted(one.key for one in led if one.kind == "roadmap"),
        "changes": sorted(one.key for one in led if one.kind == "change"),
        "votes_online": votes.online,
        "votes_offline": votes.offline,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _csv(rows: list[Row]) -> str:
    """Return rows as CSV: what is grouped in JSON becomes columns, such as title.en."""
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    output = io.StringIO()
    writer = csv.DictWriter(output, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(flat)
    return output.getvalue()


def _flat(row: Row, before: str = "") -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {}
    for name, value in row.items():
        match value:
            case dict():
                found |= _flat(value, f"{before}{name}.")
            case list():
                found[before + name] = _cell(" ".join(map(_short, value)))
            case None:
                found[before + name] = ""
            case bool():
                found[before + name] = "true" if value else "false"
            case str():
                found[before + name] = _cell(value)
            case _:
                found[before + name] = value
    return found


def _short(value: Any) -> str:  # noqa: ANN401 - what JSON can say
    return f"{value['on']}={value['value']:g}" if isinstance(value, dict) else str(value)


def _cell(text: str) -> str:
    """Return words that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
