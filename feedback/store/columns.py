"""Types of columns: how instants, days, lists and words stand in either database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return an aware instant in microseconds since 1970, UTC."""
    return (at - EPOCH) // MICROSECOND


def instant(count: int) -> datetime:
    """Return the instant (aware, UTC) of a count of microseconds since 1970."""
    return EPOCH + count * MICROSECOND


def storable(text: str) -> str:
    """Return words as both databases can keep them.

    PostgreSQL keeps no NUL, and neither keeps half a surrogate pair: each becomes U+FFFD, the sign
    for a letter that could not be read.
    """
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(
            "\N{REPLACEMENT CHARACTER}" if "\ud800" <= letter <= "\udfff" else letter
            for letter in text
        )
    return text


def packed(value: object) -> str:
    """Return a list or a mapping as one deterministic line of JSON."""
    return storable(json.dumps(value, ensure_ascii=False, sort_keys=True))


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970: exact, and alike in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return what was kept."""
        return None if value is None else instant(value)


class Day(TypeDecorator[date]):
    """A date, kept as 2026-03-04: the text sorts as the days do."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """Return what was kept."""
        return None if value is None else date.fromisoformat(value)


class FreeText(TypeDecorator[str]):
    """Words of people, in any language and script."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else storable(value)


class Packed(TypeDecorator[Any]):
    """A list or a mapping, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """Return what is kept."""
        return None if value is None else packed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        """Return what was kept."""
        return None if value is None else json.loads(value)
