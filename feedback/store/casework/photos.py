"""Photos that senders added to what they said. Staff alone see them; they go with the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from feedback.store.database.engine import ERASED
from feedback.store.database.schema import PHOTOS, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.photos import PhotoCopy


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo as it is kept, without its bytes."""

    id: int
    ref: str  # of what it was added to
    width: int  # pixels
    height: int
    at: datetime  # aware, UTC


def keep_photos(
    conn: Connection, number: int, photos: Sequence[PhotoCopy], *, now: datetime
) -> None:
    """Keep photos with a submission."""
    for photo in photos:
        row = {"jpeg": photo.jpeg, "width": photo.width, "height": photo.height, "at": now}
        conn.execute(insert(PHOTOS).values(submission=number, **row))


def photos_of(conn: Connection, numbers: Sequence[int]) -> tuple[KeptPhoto, ...]:
    """Return the photos of submissions, in the order in which they came."""
    columns = (PHOTOS.c.id, SUBMISSIONS.c.ref, PHOTOS.c.width, PHOTOS.c.height, PHOTOS.c.at)
    wanted = select(*columns).join(SUBMISSIONS).where(PHOTOS.c.submission.in_(numbers))
    return tuple(KeptPhoto(*row) for row in conn.execute(wanted.order_by(PHOTOS.c.id)))


def count_photos(conn: Connection, number: int) -> int:
    """Return how many photos a submission has."""
    mine = select(func.count()).select_from(PHOTOS).where(PHOTOS.c.submission == number)
    return int(conn.execute(mine).scalar_one())


def photo(conn: Connection, ref: str, number: int) -> bytes | None:
    """Return the bytes of a photo of a submission (JPEG); None when it has no such photo."""
    mine = (SUBMISSIONS.c.ref == ref, PHOTOS.c.id == number)
    jpeg = conn.execute(select(PHOTOS.c.jpeg).join(SUBMISSIONS).where(*mine)).scalar()
    return None if jpeg is None else bytes(jpeg)


def erase_photos(conn: Connection, number: int, only: int | None = None) -> None:
    """Erase the photos of a submission, or one of them."""
    mine = delete(PHOTOS).where(PHOTOS.c.submission == number)
    conn.execute(mine if only is None else mine.where(PHOTOS.c.id == only))
    conn.info[ERASED] = True
