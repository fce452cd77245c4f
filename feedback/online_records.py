"""Which records readers can see on the site as they stand at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.publication import record_of
from feedback.store.actions import site_runs, submissions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from core.public.open_data import PublicRecord
    from core.public.records import Record
    from core.site import Site
    from core.words import Words


def note_online(
    conn: Connection, published: Iterable[PublicRecord], site: Site, *, now: datetime
) -> int:
    """Note in its case each record that is published as it was decided.

    :param published: the records of the published site.
    :returns: how many had not been noted before.
    """
    shown = {record.ref: record for record in published}
    waiting = [case for case in submissions.public(conn) if case.online is None]
    arrived = 0
    for case in waiting:
        record, public = record_of(case, site), shown.get(case.ref)
        if record and public and _same(record, public):
            arrived += site_runs.came_online(conn, case, now)
    return arrived


def _same(record: Record, public: PublicRecord) -> bool:
    reply = record.reply.text if record.reply else None
    return (
        str(record.status) == str(public.status)
        and record.said == (public.said or "")
        and _texts(reply) == _texts(public.reply)
        and _texts(record.reason) == _texts(public.reason)
    )


def _texts(words: Words | None) -> dict[str, str]:
    return dict(words.texts) if words else {}
