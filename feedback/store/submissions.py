"""Submissions, from their arrival to their answer: functions that take a connection.

Run those that change something through `Store.write`; their instants are aware, in UTC.
"""

from __future__ import annotations

from feedback.store.arrivals import Added, Receipt, add, receipt
from feedback.store.cases import (
    answered_with,
    by_code,
    by_token,
    case,
    contact,
    decided_once,
    existing,
    followers,
    lately,
    public,
    said,
)
from feedback.store.decisions import (
    AnswerVersion,
    Note,
    assign,
    clear,
    correct,
    decide,
    escalate,
    merge,
    note,
    notes,
    redact,
    reply,
    unmerge,
    versions,
)
from feedback.store.events import SERVICE, TENANT, history, status_after
from feedback.store.tenant_actions import add_contact, forget, withdraw

__all__ = [
    "SERVICE",
    "TENANT",
    "Added",
    "AnswerVersion",
    "Note",
    "Receipt",
    "add",
    "add_contact",
    "answered_with",
    "assign",
    "by_code",
    "by_token",
    "case",
    "clear",
    "contact",
    "correct",
    "decide",
    "decided_once",
    "escalate",
    "existing",
    "followers",
    "forget",
    "history",
    "lately",
    "merge",
    "note",
    "notes",
    "public",
    "receipt",
    "redact",
    "reply",
    "said",
    "status_after",
    "unmerge",
    "versions",
    "withdraw",
]
