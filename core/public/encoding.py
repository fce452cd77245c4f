"""What follows from a declaration besides reading what people write (`core.fields`).

A declared dataclass is written as YAML and JSON (`plain`), read back from JSON (`decode`), and
described as a JSON Schema (`schema`) and as the columns of a table (`columns`, `cells`).
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from core.fields import LONG_WORDS, WORDS, ByLanguage, Choice, Group, Many, Spec
from core.public.vocabulary import REFERENCE
from core.times import Span, day_or_moment, span_of
from core.values import (
    BOOLEAN,
    DATE,
    FROM_TO,
    MONTH,
    NUMBER,
    SPAN,
    URN,
    WEB,
    WHEN,
    WHOLE,
    ZONE,
)
from core.values import REFERENCE as REF
from core.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
Schema = dict[str, Any]
# What a spreadsheet takes for a formula at the start of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Declared(NamedTuple):
    """A declared field."""

    attribute: str
    name: str  # as it is written
    spec: Spec
    default: Any


_FIELDS: dict[type[Any], tuple[_Declared, ...]] = {}


def _fields(cls: type[Any]) -> tuple[_Declared, ...]:
    if cls not in _FIELDS:
        _FIELDS[cls] = tuple(
            _Declared(field.name, field.name.rstrip("_"), field.metadata["spec"], field.default)
            for field in dataclasses.fields(cls)
            if "spec" in field.metadata
        )
    return _FIELDS[cls]


def plain(value: Any, *, whole: bool = False) -> dict[str, Any]:  # noqa: ANN401 - any declared dataclass
    """Return a declared dataclass as YAML and JSON have it, by written name.

    Days stay days (`datetime.date`); a month is text, so that no day of it is told.

    :param whole: whether fields that say no more than their default are written too.
    """
    return {
        name: _plain(spec.type, getattr(value, attribute), whole=whole)
        for attribute, name, spec, default in _fields(type(value))
        if whole or getattr(value, attribute) != default
    }


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
    if kind == ZONE or isinstance(value, Span):
        return str(value)
    if isinstance(value, Words):
        return dict(value.texts)
    return str(value) if isinstance(value, str) else value


def to_json(value: Any) -> str:  # noqa: ANN401 - what JSON can say, and days
    """Return JSON as our files have it: letters as they are, days as ISO 8601 writes them."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=date.isoformat) + "\n"


def decode(cls: type[T], row: Any) -> T:  # noqa: ANN401 - whatever came from afar
    """Read a declared dataclass from what JSON said; what isn't declared is passed over.

    :raises ValueError: when it is something else.
    """
    try:
        values = {}
        for attribute, name, optional, read in _decoders(cls):
            content = row.get(name) if optional else row[name]
            values[attribute] = None if content is None and optional else read(content)
        return cls(**values)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"No {cls.__name__}: {error}") from None


_Decoder = tuple[str, str, bool, "Callable[[Any], Any]"]  # attribute, name, may be null, reader
_ROWS: dict[type[Any], tuple[_Decoder, ...]] = {}


def _decoders(cls: type[Any]) -> tuple[_Decoder, ...]:
    if cls not in _ROWS:
        _ROWS[cls] = tuple(
            (attribute, name, default is None, _decoder(spec.type))
            for attribute, name, spec, default in _fields(cls)
        )
    return _ROWS[cls]


def _decoder(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - of any type of field
    match kind:
        case Choice(words=words):
            return words
        case Many(of=of):
            return partial(_decode_list, _decoder(of))
        case ByLanguage(of=of):
            return partial(_decode_languages, _decoder(of))
        case Group(cls=cls):
            return partial(decode, cls)
    if kind in (WORDS, LONG_WORDS):
        return lambda texts: Words(_decode_languages(_text, texts))
    return _DECODERS.get(kind, _text)


def _decode_list(read: Callable[[Any], Any], items: Any) -> tuple[Any, ...]:  # noqa: ANN401 - from afar
    if not isinstance(items, list):
        raise TypeError("not a list")
    return tuple(map(read, items))


def _decode_languages(read: Callable[[Any], Any], texts: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - the same
    pairs = tuple((_text(lang), read(text)) for lang, text in texts.items())
    if not pairs:
        raise ValueError("in no language")
    return pairs


def _text(value: Any) -> str:  # noqa: ANN401 - the same
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _exactly(kind: type[Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:  # noqa: ANN401 - the same
        if type(value) is not kind:
            raise TypeError(f"not {kind.__name__}")
        return value

    return read


def _reference(value: Any) -> str:  # noqa: ANN401 - the same
    if not REFERENCE.fullmatch(value):
        raise ValueError("not a reference")
    return str(value)


def _address(value: Any) -> str:  # noqa: ANN401 - the same
    if urlsplit(_text(value)).scheme not in {"http", "https"}:
        raise ValueError("not an address on the web")
    return str(value)


def _both_ends(span: str) -> None:
    start, _, end = span.partition("/")
    day_or_moment(start), day_or_moment(end)


def _checked(check: Callable[[str], object]) -> Callable[[Any], str]:
    def read(value: Any) -> str:  # noqa: ANN401 - the same
        check(_text(value))
        return str(value)

    return read


_DECODERS: dict[Any, Callable[[Any], Any]] = {
    BOOLEAN: _exactly(bool),
    DATE: date.fromisoformat,
    WHEN: _checked(day_or_moment),
    FROM_TO: _checked(_both_ends),
    MONTH: lambda text: date.fromisoformat(f"{text}-01"),
    NUMBER: lambda number: Decimal(str(number)),
    REF: _reference,
    SPAN: span_of,
    WEB: _address,
    WHOLE: _exactly(int),
    ZONE: ZoneInfo,
}
_VALUES: dict[Any, Schema] = {
    BOOLEAN: {"type": "boolean"},
    DATE: {"type": "string", "format": "date"},
    MONTH: {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    NUMBER: {"type": "number"},
    REF: {"type": "string", "pattern": f"^{REFERENCE.pattern}$"},
    URN: {"type": "string", "format": "uri"},
    WEB: {"type": "string", "format": "uri"},
    WHEN: {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
    WHOLE: {"type": "integer", "minimum": 0},
}
_COLUMNS = {  # types of the Table Schema of Frictionless Data
    BOOLEAN: "boolean",
    DATE: "date",
    MONTH: "yearmonth",
    NUMBER: "number",
    WHOLE: "integer",
}


def schema(cls: type[Any]) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a declared dataclass that is written whole."""
    fields = {}
    for _, name, spec, default in _fields(cls):
        inner = _schema(spec.type)
        described = {"anyOf": [inner, {"type": "null"}]} if default is None else inner
        fields[name] = {**described, "description": spec.doc}
    return {
        "type": "object",
        "required": list(fields),
        "additionalProperties": False,
        "properties": fields,
    }


def _schema(kind: Any) -> Schema:  # noqa: ANN401 - of any type of field
    match kind:
        case Choice(words=words):
            return {"enum": [str(word) for word in words]}
        case Many(of=of):
            return {"type": "array", "items": _schema(of)}
        case ByLanguage(of=of):
            return {"type": "object", "additionalProperties": _schema(of)}
        case Group(cls=cls):
            return schema(cls)
    if kind in (WORDS, LONG_WORDS):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    return _VALUES.get(kind, {"type": "string"})


@dataclass(frozen=True)
class Column:
    """A column of a table: which there are hangs on the declaration and the languages alone."""

    name: str
    type: str
    doc: str
    cell: Callable[[Any], Any]  # what stands in it, of a row


def columns(cls: type[Any], languages: Sequence[str]) -> list[Column]:
    """Return the columns of a table of declared dataclasses.

    Words have a column a language (title.en), groups one a field (measure.name.en). A list of
    keys is one cell, with blanks between; a list of words one cell a language, a line each; a
    list of groups is JSON.
    """
    return list(_columns(cls, languages, "", lambda row: row))


def _columns(
    cls: type[Any], languages: Sequence[str], before: str, of_row: Callable[[Any], Any]
) -> Iterator[Column]:
    for attribute, written, spec, _ in _fields(cls):
        name, kind, value = before + written, spec.type, partial(_value, of_row, attribute)
        if isinstance(kind, Group):
            yield from _columns(kind.cls, languages, f"{name}.", value)
        elif cell := _cell_by_language(kind):
            for lang in languages:
                in_language = partial(_cell_in, cell, lang, value)
                yield Column(f"{name}.{lang}", "string", spec.doc, in_language)
        else:
            grouped = isinstance(kind, Many) and isinstance(kind.of, Group)
            sort = "array" if grouped else _COLUMNS.get(kind, "string")
            yield Column(name, sort, spec.doc, partial(_cell, kind, value))


def _value(of_row: Callable[[Any], Any], attribute: str, row: Any) -> Any:  # noqa: ANN401 - any declared dataclass
    group = of_row(row)
    return None if group is None else getattr(group, attribute)


def _cell_in(
    cell: Callable[[Any, str], str],
    lang: str,
    value: Callable[[Any], Any],
    row: Any,  # noqa: ANN401 - any declared dataclass
) -> str:
    return cell(value(row), lang)


def _cell_by_language(kind: Any) -> Callable[[Any, str], str] | None:  # noqa: ANN401 - of any type of field
    """Return what reads the cell of one language; None for what is the same in all."""
    if kind in (WORDS, LONG_WORDS):
        return lambda words, lang: dict(words.texts).get(lang, "") if words else ""
    if isinstance(kind, ByLanguage):
        return lambda pairs, lang: dict(pairs).get(lang, "") if pairs else ""
    if isinstance(kind, Many) and kind.of in (WORDS, LONG_WORDS):
        return lambda several, lang: "\n".join(
            dict(words.texts).get(lang, "") for words in several or ()
        )
    return None


def _cell(kind: Any, value: Callable[[Any], Any], row: Any) -> Any:  # noqa: ANN401 - of any type of field
    match _plain(kind, value(row), whole=True):
        case None:
            return ""
        case bool(yes):
            return "true" if yes else "false"
        case list(items) if items and isinstance(items[0], dict):
            return json.dumps(items, ensure_ascii=False, default=date.isoformat)
        case list(items):
            return "[]" if isinstance(kind.of, Group) else " ".join(map(str, items))
        case date() as day:
            return day.isoformat()
        case cell:
            return cell


def cells(columns: Sequence[Column], row: Any) -> dict[str, Any]:  # noqa: ANN401 - any declared dataclass
    """Return a row's cells by column; no spreadsheet takes one for a formula.

    See OWASP, CSV injection.
    """
    return {column.name: _safe(column.cell(row)) for column in columns}


def _safe(cell: Any) -> Any:  # noqa: ANN401 - a text or a number
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
