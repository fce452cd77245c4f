"""JSON Schemas (draft 2020-12) of the open data: what each field is, and what it may hold."""

from __future__ import annotations

from typing import Any

from core.public.vocabulary import ContactChannel, PublicStatus, Sort
from plugins.kinds.models import Better, MeetupState, Outcome, Rung, Status
from plugins.loop.confirming import Claim
from plugins.loop.moving import REOPENED, WITHDRAWN
from plugins.loop.news import KINDS, NEWEST

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_DAY: Schema = {"type": "string", "format": "date"}
_WHEN: Schema = {
    "type": "string",
    "anyOf": [{"format": "date-time"}, {"format": "date"}],  # a day where there is no hour
}
_MONTH: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
_BY_LANGUAGE: Schema = {
    "type": "object",
    "description": "by language (BCP 47); * is the same in all",
    "additionalProperties": _TEXT,
}
_PAGES: Schema = {
    "type": "object",
    "description": "the page, by language",
    "additionalProperties": {"type": "string", "format": "uri"},
}
_ID: Schema = {"type": "string", "format": "uri", "description": "permanent, and nobody else's"}
_REF: Schema = {"type": "string", "pattern": "^F-[2-9A-Z]{6}$"}


def _one_of(words: list[str], description: str = "") -> Schema:
    return {"enum": words} | ({"description": description} if description else {})


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _rows(name: str, title: str, fields: dict[str, Schema]) -> Schema:
    """Return the schema of a file: its frame, and rows that hold these fields and no others."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": ["$schema", "licence", "publisher", name],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string", "format": "uri"},
            "licence": _or_null(_TEXT),
            "publisher": _BY_LANGUAGE,
            name: _list(
                {
                    "type": "object",
                    "required": list(fields),
                    "additionalProperties": False,
                    "properties": fields,
                }
            ),
        },
    }


_FIXED = {
    "fixed_yes": _COUNT | {"description": "tenants who say that it is fixed"},
    "fixed_partly": _COUNT,
    "fixed_no": _COUNT,
}
_VOTES = {
    "votes_online": _COUNT,
    "votes_offline": _COUNT | {"description": "at meetings, by phone, letter or visit"},
}
_STATUSES = [str(status) for status in Status]
SCHEMAS: dict[str, Schema] = {
    "items": _rows(
        "items",
        "Roadmap items",
        {
            "id": _ID,
            "key": _TEXT,
            "title": _BY_LANGUAGE,
            "url": _PAGES,
            "status": _one_of(
                [*_STATUSES, REOPENED, WITHDRAWN], "reopened: done, but tenants say it is not"
            ),
            "since": _DAY,
            "owner": _TEXT | {"description": "the team's key"},
            "rung": _one_of([str(rung) for rung in Rung], "how much say tenants have"),
            "topics": _list(_TEXT),
            **_VOTES,
            "people_heard": _COUNT,
            "records": _list(_REF),
            "changes": _list(_TEXT),
            **_FIXED,
            "reviewed": _or_null(_DAY),
            "review_due": _or_null(_DAY),
        },
    ),
    "changes": _rows(
        "changes",
        "Changes",
        {
            "id": _ID,
            "key": _TEXT,
            "title": _BY_LANGUAGE,
            "url": _PAGES,
            "on": _or_null(_DAY),
            "outcome": _one_of([str(outcome) for outcome in Outcome]),
            "roadmap": _list(_TEXT),
            "records": _list(_REF),
            "measure": _or_null(
                {
                    "type": "object",
                    "required": ["name", "unit", "better", "target", "readings"],
                    "additionalProperties": False,
                    "properties": {
                        "name": _BY_LANGUAGE,
                        "unit": _or_null(_BY_LANGUAGE),
                        "better": _one_of([str(better) for better in Better]),
                        "target": _or_null({"type": "number"}),
                        "readings": _list(
                            {
                                "type": "object",
                                "required": ["on", "value", "source"],
                                "additionalProperties": False,
                                "properties": {
                                    "on": _MONTH,
                                    "value": {"type": "number"},
                                    "source": _or_null(_BY_LANGUAGE),
                                },
                            }
                        ),
                    },
                }
            ),
            "claim": _or_null(_one_of([str(claim) for claim in Claim])),
            **_FIXED,
        },
    ),
    "records": _rows(
        "records",
        "Records: what tenants said",
        {
            "id": _ID,
            "ref": _REF,
            "url": _or_null(_PAGES),
            "status": _one_of([str(standing) for standing in PublicStatus]),
            "sort": _one_of([str(sort) for sort in Sort]),
            "lang": _TEXT,
            "received": _MONTH,
            "topic": _or_null(_TEXT),
            "channel": _one_of([str(channel) for channel in ContactChannel]),
            "people": _COUNT | {"minimum": 1},
            "said": _or_null(_TEXT | {"description": "redacted; plain text"}),
            "reply": _or_null(_BY_LANGUAGE),
            "replied": _or_null(_DAY),
            "reason": _or_null(_BY_LANGUAGE),
            "due": _or_null(_DAY),
            "in_time": _or_null({"type": "boolean"}),
            "roadmap": _list(_TEXT),
            "changes": _list(_TEXT),
            **_VOTES,
        },
    ),
    "moves": _rows(
        "moves",
        "Every move on the roadmap",
        {
            "item": _TEXT,
            "on": _DAY,
            "from": _or_null(_one_of([*_STATUSES, REOPENED])),
            "to": _one_of([*_STATUSES, REOPENED, WITHDRAWN]),
            "why": _BY_LANGUAGE,
        },
    ),
    "news": _rows(
        "news",
        f"News: the newest {NEWEST} changes, episodes, meetups and posts",
        {
            "id": _ID,
            "kind": _one_of([str(kind) for kind in KINDS]),
            "key": _TEXT,
            "on": _DAY | {"description": "a meetup's is the day on which it is"},
            "title": _BY_LANGUAGE,
            "summary": _BY_LANGUAGE,
            "url": _PAGES,
            "start": _or_null(_WHEN | {"description": "of a meetup's first date"}),
            "end": _or_null(_WHEN | {"description": "a day is part of it"}),
            "timezone": _or_null(_TEXT | {"description": "of a meetup's clock"}),
            "repeats": _or_null(_TEXT | {"description": "a rule (RFC 5545)"}),
            "dates": {
                "type": "array",
                "description": "a meetup's, each once; one that is cancelled, moved or has words"
                " of its own has a row of its own",
                "items": _TEXT | {"description": "start/end (ISO 8601)"},
            },
            "state": _or_null(_one_of([str(state) for state in MeetupState])),
            "was": _or_null(_WHEN | {"description": "when a meetup that moved would have been"}),
            "place": _or_null(_BY_LANGUAGE),
            "cancelled": {"type": "boolean"},
        },
    ),
}
