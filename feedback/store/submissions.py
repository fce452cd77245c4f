"""Submissions, from their arrival to their answer: functions that take a connection.

Run those that change something through `Store.write`; their instants are aware, in UTC.
"""

from __future__ import annotations

from feedback.store.arrivals import Added, Receipt, add, receipt
from feedback.store.cases import (
    QueuePage,
    answered_with,
    by_code,
    by_token,
    case,
    contact,
    decided_once,
    followers,
    lately,
    public,
    queue,
    said,
)
from feedback.store.decisions import (
    Note,
    clear,
    decide,
    escalate,
    merge,
    note,
    notes,
    redact,
    reply,
    unmerge,
)
from feedback.store.events import SERVICE, TENANT, history, status_after
from feedback.store.tenant_actions import add_contact, forget, withdraw

__all__ = [
    "SERVICE",
    "TENANT",
    "Added",
    "Note",
    "QueuePage",
    "Receipt",
    "add",
    "add_contact",
    "answered_with",
    "by_code",
    "by_token",
    "case",
    "clear",
    "contact",
    "decide",
    "decided_once",
    "escalate",
    "followers",
    "forget",
    "history",
    "lately",
    "merge",
    "note",
    "notes",
    "public",
    "queue",
    "receipt",
    "redact",
    "reply",
    "said",
    "status_after",
    "unmerge",
    "withdraw",
]
