"""How declared dataclasses are written: the other half of `core.fields`, which reads them."""

from __future__ import annotations

import dataclasses
from typing import Any

from core.fields import ByLanguage, Group, Many, specs
from core.values import MONTH, NUMBER
from core.words import Words


def plain(value: Any, *, whole: bool = False) -> dict[str, Any]:  # noqa: ANN401 - any declared dataclass
    """Return a declared dataclass as YAML and JSON have it, by written name.

    Days stay days (`datetime.date`); a month is text, so that no day of it is told.

    :param whole: whether fields that say no more than their default are written too.
    """
    declared = specs(type(value))
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        name, content = field.name.rstrip("_"), getattr(value, field.name)
        if name in declared and (whole or content != field.default):
            fields[name] = _plain(declared[name].type, content, whole=whole)
    return fields


def _plain(kind: Any, value: Any, *, whole: bool) -> Any:  # noqa: ANN401 - of any type of field
    match kind:
        case _ if value is None or value is False:
            return value
        case Many(of=of):
            return [_plain(of, item, whole=whole) for item in value]
        case ByLanguage(of=of):
            return {lang: _plain(of, item, whole=whole) for lang, item in value}
        case Group():
            return plain(value, whole=whole)
    if kind == MONTH:
        return f"{value:%Y-%m}"
    if kind == NUMBER:
        return float(value)
    if isinstance(value, Words):
        return dict(value.texts)
    return str(value) if isinstance(value, str) else value
