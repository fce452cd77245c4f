"""The store of the feedback service: everything that tenants said and staff decided.

The one place that keeps private words; `Store` opens it, and the modules beside it hold functions
that take its connections.
"""

from __future__ import annotations

from feedback.store.database.errors import (
    Absent,
    Busy,
    Closed,
    Conflict,
    Missing,
    Newer,
    Refused,
    StoreFault,
    Unkept,
)
from feedback.store.database.storage import Store, read_existing
from feedback.store.database.tokens import Tokens

__all__ = [
    "Absent",
    "Busy",
    "Closed",
    "Conflict",
    "Missing",
    "Newer",
    "Refused",
    "Store",
    "StoreFault",
    "Tokens",
    "Unkept",
    "read_existing",
]
