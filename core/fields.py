"""Typed fields: what a value in front matter or settings may be, and how it is read.

A frozen dataclass declares its fields with :func:`required` and :func:`optional`; one reader,
:class:`Group`, turns a tree of values into it. Each type reads a node to a value, or reports a
fault and returns None, so that one run tells every fault of a file.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import unicodedata
import uuid
from dataclasses import MISSING, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, UnknownLocaleError
from dateutil.rrule import rrulestr

from core.nodes import Mapping, Node, Scalar, Sequence, type_names
from core.words import ANY, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from enum import StrEnum

    from core.faults import FileFaults

UTC = ZoneInfo("UTC")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Reading:
    """What the reader of a value knows: where it stands and whose site it is for."""

    faults: FileFaults
    languages: tuple[str, ...]
    lang: str = ANY  # the language that a plain string counts as
    timezone: ZoneInfo = UTC
    known: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    # ^ the site's own words by setting: {"topics": {"repairs": "repairs", "Repairs": "repairs"}}
    lines: dict[str, int] = dataclasses.field(default_factory=dict)  # filled as fields are read
    field: str = ""

    def at(self, name: str) -> Reading:
        """Return the same reading, one field or item further in."""
        inner = name if name.startswith("[") or not self.field else f".{name}"
        return dataclasses.replace(self, field=self.field + inner)

    def fault(self, node: Node, wrong: str, instead: str, code: str = "value") -> None:
        """Report a fault in the field being read."""
        self.faults.fault(node.line, self.field, wrong, instead, code)


class Type(Protocol[T_co]):
    """A type of field."""

    @property
    def hint(self) -> str:
        """What to write, as the end of a sentence that begins with "Write"."""

    def read(self, node: Node, reading: Reading) -> T_co | None:
        """Return the value, or None when a fault was reported."""


def shown(text: str) -> str:
    """Return what somebody wrote, short enough and plain enough to stand in a sentence."""
    line = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in " ".join(text.split()))
    return f"“{line[:57]}…”" if len(line) > 60 else f"“{line}”"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question with the nearest known word, or an empty string."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”?" if near else ""


@dataclass(frozen=True)
class Value(Generic[T]):
    """A type written as a single value, made by a function that raises ValueError."""

    hint: str
    make: Callable[[str, Reading], T]

    def read(self, node: Node, reading: Reading) -> T | None:
        """Return the value, or None when a fault was reported."""
        if not isinstance(node, Scalar):
            reading.fault(node, f"This is {type_names[type(node)]}.", f"Write {self.hint}.")
            return None
        text = node.text.strip()
        if not text:
            reading.fault(node, "Nothing is written here.", f"Write {self.hint}, or take it out.")
            return None
        try:
            return self.make(text, reading)
        except ValueError as error:
            wrong = f"{shown(text)} {error}" if str(error) else f"{shown(text)} doesn't fit here."
            reading.fault(node, wrong, f"Write {self.hint}.")
            return None


def _text(text: str, _: Reading) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise ValueError("holds a control character.")
    return unicodedata.normalize("NFC", text)


def _line(text: str, reading: Reading) -> str:
    if len(text) > 300:
        raise ValueError("is too long for one line.")
    return " ".join(_text(text, reading).split())


def _date(text: str, _: Reading) -> date:
    if not (parts := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)):
        raise ValueError("isn't a date.")
    try:
        return date(*map(int, parts.groups()))
    except ValueError:
        raise ValueError("isn't a day of the calendar.") from None


def _moment(text: str, reading: Reading) -> datetime:
    if not (parts := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})(:00)?", text)):
        raise ValueError("isn't a date with a time.")
    day, hour, minute = _date(parts[1], reading), int(parts[2]), int(parts[3])
    if hour > 23 or minute > 59:
        raise ValueError("isn't a time of day.")
    moment = datetime.combine(day, time(hour, minute), reading.timezone)
    there_and_back = moment.astimezone(UTC).astimezone(reading.timezone)
    if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValueError("is skipped when the clocks go forward that night.")
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise ValueError("happens twice, as the clocks go back that night.")
    return moment


def _boolean(text: str, _: Reading) -> bool:
    if text.lower() not in {"true", "false", "yes", "no"}:
        raise ValueError("is neither true nor false.")
    return text.lower() in {"true", "yes"}


def _whole(text: str, _: Reading) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError("isn't a whole number.")
    return int(text)


def _number(text: str, _: Reading) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("isn't a number.") from None
    if not number.is_finite() or abs(number) > 10**12:
        raise ValueError("isn't a number that can be shown.")
    return number


def _month(text: str, reading: Reading) -> date:
    """Read a month or a day; a month is its first day."""
    return _date(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text, reading)


def _days(text: str, _: Reading) -> timedelta:
    if not (parts := re.fullmatch(r"(\d{1,4}) ?(day|week|month)s?", text)):
        raise ValueError("isn't a length of time.")
    return timedelta(days=int(parts[1]) * {"day": 1, "week": 7, "month": 30}[parts[2]])


def _offset(text: str, _: Reading) -> timedelta:
    if not (parts := re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", text)):
        raise ValueError("isn't a time into the recording.")
    hours, minutes, seconds = int(parts[1] or 0), int(parts[2]), int(parts[3])
    if parts[1] and minutes > 59:
        raise ValueError("has more than 59 minutes.")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _clock(text: str, _: Reading) -> time:
    if not (parts := re.fullmatch(r"(\d{1,2}):(\d{2})", text)):
        raise ValueError("isn't a time of day.")
    if int(parts[1]) > 23 or int(parts[2]) > 59:
        raise ValueError("isn't a time of day.")
    return time(int(parts[1]), int(parts[2]))


def _web(text: str, _: Reading) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("isn't a web address.") from None
    if parts.scheme not in {"https", "http"} or not parts.netloc or re.search(r"[\s<>\"]", text):
        raise ValueError("isn't a web address.")
    return text


def _service(text: str, reading: Reading) -> str:
    if text.startswith("/") and re.fullmatch(r"/([\w-]+/)*", text):
        return text
    return _web(text, reading).rstrip("/") + "/"


def _file(text: str, _: Reading) -> str:
    if text.startswith("/") or ".." in text.split("/") or "\\" in text or ":" in text:
        raise ValueError("leads out of the content folder.")
    return text


def _old_path(text: str, _: Reading) -> str:
    if not re.fullmatch(r"/[^\s?#<>\"]*", text) or ".." in text:
        raise ValueError("isn't an address on this site.")
    return text


def _key(text: str, _: Reading) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError("isn't a key.")
    return text


def _slug(text: str, _: Reading) -> str:
    if not re.fullmatch(r"[\w]+(-[\w]+)*", text) or text != text.lower():
        raise ValueError("can't stand in an address.")
    return text


def _reference(text: str, _: Reading) -> str:
    if not re.fullmatch(r"F-[2-9A-HJKMNP-Z]{6}", text):
        raise ValueError("isn't a record's reference.")
    return text


def _identity(text: str, _: Reading) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError("isn't a permanent id.") from None


def _zone(text: str, _: Reading) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("isn't a time zone.") from None


def _recurrence(text: str, _: Reading) -> str:
    try:
        rrulestr(f"RRULE:{text}", dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - only parsed
    except (ValueError, KeyError, AttributeError, TypeError):
        raise ValueError("isn't a rule for repeating.") from None
    return text


def is_language(text: str) -> bool:
    """Whether a code such as "cy" is that of a language (CLDR)."""
    try:
        Locale.parse(text, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _language(text: str, _: Reading) -> str:
    if not is_language(text):
        raise ValueError("isn't a language that we know.")
    return text


def _week(text: str, _: Reading) -> str:
    try:
        datetime.strptime(f"{text}-1", "%G-W%V-%u")  # noqa: DTZ007 - only checked
    except ValueError:
        raise ValueError("isn't a week.") from None
    return text


def _pattern(expression: str, otherwise: str) -> Callable[[str, Reading], str]:
    def make(text: str, _: Reading) -> str:
        if not re.fullmatch(expression, text):
            raise ValueError(otherwise)
        return text

    return make


TEXT = Value("text", _text)
LINE = Value("a short text on one line", _line)
DATE = Value("a date such as 2026-03-04", _date)
MONTH = Value("a month such as 2026-03, or a date", _month)
MOMENT = Value("a date and a time such as 2026-03-04 18:00", _moment)
BOOLEAN = Value("true or false", _boolean)
WHOLE = Value("a whole number such as 14", _whole)
NUMBER = Value("a number such as 14.2", _number)
DAYS = Value("a length of time such as 60 days", _days)
OFFSET = Value("minutes and seconds such as 04:30", _offset)
CLOCK = Value("a time such as 18:00", _clock)
WEB = Value("a web address that begins with https://", _web)
SERVICE = Value("a path such as /feedback/, or an address that begins with https://", _service)
FILE = Value("a file's path in the content folder, such as images/terrace.jpg", _file)
OLD_PATH = Value("an old address such as /news/damp/", _old_path)
KEY = Value("a key: small letters, digits and single hyphens, such as repair-slots", _key)
SLUG = Value(
    "words for the address: small letters, digits and hyphens, such as evening-slots", _slug
)
REFERENCE = Value("a record's reference such as F-2K7Q9T", _reference)
IDENTITY = Value("the permanent id that `new` wrote, or take the line out", _identity)
ZONE = Value("a time zone such as Europe/London", _zone)
RECURRENCE = Value('a rule such as "FREQ=MONTHLY;BYDAY=1TU"', _recurrence)
WEEK = Value("a week such as 2026-W10", _week)
QUARTER = Value(
    "a quarter such as 2026-Q1", _pattern(r"\d{4}-Q[1-4]", "isn't a quarter of a year.")
)
POINT_NUMBER = Value(
    'a number such as "1.2"', _pattern(r"\d{1,2}(\.\d{1,2}){0,2}", "isn't a number of a point.")
)
LANGUAGE = Value('a language such as "cy" or "en"', _language)
VERSION = Value('a version such as "0.1"', _pattern(r"\d+(\.\d+){0,2}", "isn't a version."))
PHONE = Value(
    "a phone number such as 029 2018 0100", _pattern(r"\+?[\d ()]{2,20}", "isn't a phone number.")
)
EMAIL = Value(
    "an e-mail address",
    _pattern(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", "isn't an e-mail address."),
)


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One of a few words."""

    words: type[StrEnum]

    @property
    def hint(self) -> str:
        """Return what to write."""
        *most, last = [word.value for word in self.words]
        return f"{', '.join(most)} or {last}"

    def read(self, node: Node, reading: Reading) -> Any:
        """Return the member of the enumeration, or None when a fault was reported."""
        text = node.text.strip() if isinstance(node, Scalar) else ""
        word = re.sub(r"[\s_]+", "-", text.lower())
        if word in {member.value for member in self.words}:
            return self.words(word)
        near = did_you_mean(word, [member.value for member in self.words])
        reading.fault(
            node,
            f"{shown(text)} isn't one of the words for this.",
            f"{near} Write {self.hint}.".strip(),
        )
        return None


@dataclass(frozen=True)
class Member:
    """One of the site's own words: a topic, a team, a person."""

    setting: str  # "topics", "teams" …: a table of site.toml

    @property
    def hint(self) -> str:
        """Return what to write."""
        return f"one of [{self.setting}] in site.toml"

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the key, whether the key or the name was written; None after a fault."""
        known = reading.known.get(self.setting, {})
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if text in known:
            return known[text]
        near = did_you_mean(text, known)
        keys = ", ".join(sorted(set(known.values()))) or "none yet"
        reading.fault(
            node,
            f"{shown(text)} isn't among [{self.setting}] in site.toml.",
            f"{near} Known: {keys}.".strip(),
            "unknown-" + self.setting,
        )
        return None


@dataclass(frozen=True)
class Many(Generic[T]):
    """A list of values; a single value counts as a list of one."""

    of: Type[T]

    @property
    def hint(self) -> str:
        """Return what to write."""
        return f"a list; for each, {self.of.hint}"

    def read(self, node: Node, reading: Reading) -> tuple[T, ...] | None:
        """Return the values that could be read."""
        if isinstance(node, Scalar) and node.empty:
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        values = []
        for number, item in enumerate(items, 1):
            inner = reading.at(f"[{number}]") if isinstance(node, Sequence) else reading
            reading.lines[inner.field] = item.line
            if (value := self.of.read(item, inner)) is not None:
                values.append(value)
        return tuple(values)


@dataclass(frozen=True)
class ByLanguage(Generic[T]):
    """One value a language, as pairs of language and value."""

    of: Type[T]

    @property
    def hint(self) -> str:
        """Return what to write."""
        return f"for each language, {self.of.hint}, as in {{en: …, cy: …}}"

    def read(self, node: Node, reading: Reading) -> tuple[tuple[str, T], ...] | None:
        """Return the pairs that could be read."""
        if not isinstance(node, Mapping):
            value = self.of.read(node, reading)
            return None if value is None else ((reading.lang, value),)
        pairs = []
        for key, inner in node.entries:
            if key.text not in reading.languages:
                _tell_language(key, reading)
            elif (value := self.of.read(inner, reading.at(key.text))) is not None:
                pairs.append((key.text, value))
        return tuple(pairs)


def _tell_language(key: Scalar, reading: Reading) -> None:
    """Tell of a language that the site doesn't have: a slip, or one that it had before."""
    known = is_language(key.text)
    tell = reading.faults.advise if known else reading.faults.fault
    tell(
        key.line,
        reading.field,
        f"{shown(key.text)} isn't a language of this site.",
        "These words aren't shown; take them out."
        if known
        else f"Write {' or '.join(reading.languages)}.",
        "unknown-language",
    )


@dataclass(frozen=True)
class _Worded:
    """Words: a text, or one text a language."""

    of: Value[str] = LINE
    hint: str = "text, or one text a language as in {en: …, cy: …}"

    def read(self, node: Node, reading: Reading) -> Words | None:
        """Return the words, or None when a fault was reported."""
        pairs = ByLanguage(self.of).read(node, reading)
        if pairs is None:
            return None
        if not pairs:
            reading.fault(node, "No words are given here.", f"Write {self.hint}.")
            return None
        words = Words(pairs)
        if isinstance(node, Mapping) and (missing := words.missing(reading.languages)):
            reading.faults.advise(
                node.line,
                reading.field,
                f"This isn't said in {', '.join(missing)} yet.",
                f"Add {missing[0]}: … beside it.",
                "missing-translation",
            )
        return words


WORDS = _Worded()
LONG_WORDS = _Worded(TEXT)


@dataclass(frozen=True)
class Spec:
    """How one field of a dataclass is written."""

    type: Type[Any]
    doc: str  # for the docs and the error messages: a phrase, without a full stop
    required: bool = False
    wanted: bool = False  # leaving it out is allowed, and advised against
    elsewhere: tuple[str, ...] = ()  # what other site generators call it


def required(kind: Type[Any], doc: str) -> Any:
    """Declare a field that must be written."""
    return dataclasses.field(metadata={"spec": Spec(kind, doc, required=True)})


def optional(
    kind: Type[Any],
    doc: str,
    default: Any = None,
    *,
    wanted: bool = False,
    elsewhere: tuple[str, ...] = (),
) -> Any:
    """Declare a field that may be left out."""
    spec = {"spec": Spec(kind, doc, wanted=wanted, elsewhere=elsewhere)}
    if isinstance(default, dict):
        return dataclasses.field(default_factory=default.copy, metadata=spec)
    return dataclasses.field(default=default, metadata=spec)


def specs(cls: type[Any]) -> dict[str, Spec]:
    """Return the written fields of a dataclass by their written name.

    A Python keyword can't name a field: ``from_`` is written ``from``.
    """
    return {
        item.name.rstrip("_"): item.metadata["spec"]
        for item in dataclasses.fields(cls)
        if "spec" in item.metadata
    }


@dataclass(frozen=True)
class Group(Generic[T]):
    """A group of named values, read into a frozen dataclass."""

    cls: type[T]

    @property
    def hint(self) -> str:
        """Return what to write."""
        names = [name for name, spec in specs(self.cls).items() if spec.required]
        return f"a group with {', '.join(names or list(specs(self.cls)))}"

    def read(self, node: Node, reading: Reading) -> T | None:
        """Return the dataclass, or None when it can't be made."""
        if not isinstance(node, Mapping):
            reading.fault(node, f"This is {type_names[type(node)]}.", f"Write {self.hint}.")
            return None
        values = read_fields(node, specs(self.cls), reading)
        return make(self.cls, values)


def read_fields(node: Mapping, known: dict[str, Spec], reading: Reading) -> dict[str, Any]:
    """Read the fields of a group; every fault in it is reported.

    :returns: the values that could be read, by written name.
    """
    values: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for key, inner in node.entries:
        name, at = key.text, reading.at(key.text)
        if name in seen:
            at.fault(
                key,
                f"“{name}” is written twice (first on line {seen[name]}).",
                "Keep one of them.",
                "duplicate-field",
            )
            continue
        seen[name] = key.line
        reading.lines[at.field] = key.line
        if name not in known:
            near = _known_elsewhere(name, known) or did_you_mean(name, known)
            at.fault(
                key,
                f"There is no field called “{name}” here.",
                near or "Take it out, or see the list of fields in docs/writing.md.",
                "unknown-field",
            )
        elif isinstance(inner, Scalar) and inner.empty and not known[name].required:
            continue
        else:
            value = known[name].type.read(inner, at)
            lost = known[name].required and _in_part(value, inner)
            if value is not None and not lost:
                values[name] = value
    for name, spec in known.items():
        if (spec.required or spec.wanted) and name not in seen:
            tell = reading.faults.fault if spec.required else reading.faults.advise
            tell(
                node.line,
                reading.at(name).field,
                f"“{name}” is missing: {spec.doc}.",
                f"Add {name}: with {spec.type.hint}.",
                "missing-field",
            )
    return values


def _in_part(value: object, node: Node) -> bool:
    """Whether a list lost something: a roadmap item that lost a move tells a wrong status."""
    return isinstance(value, tuple) and isinstance(node, Sequence) and len(value) < len(node.items)


def _known_elsewhere(name: str, known: dict[str, Spec]) -> str:
    ours = [own for own, spec in known.items() if name.lower() in spec.elsewhere]
    return f"Here it is called “{ours[0]}”." if ours else ""


def make(cls: type[T], values: dict[str, Any]) -> T | None:
    """Return the dataclass of the values read, or None when a required one is lacking."""
    kwargs: dict[str, Any] = {}
    for item in dataclasses.fields(cls):  # type: ignore[arg-type]
        name = item.name.rstrip("_")
        if name in values:
            kwargs[item.name] = values[name]
        elif item.default is MISSING and item.default_factory is MISSING:
            return None
    return cls(**kwargs)


@dataclass(frozen=True)
class NoOr(Generic[T]):
    """The word no, or something that says more; False stands for no."""

    of: Type[T]

    @property
    def hint(self) -> str:
        """Return what to write."""
        return f"no, or {self.of.hint}"

    def read(self, node: Node, reading: Reading) -> T | bool | None:
        """Return False, the value, or None when a fault was reported."""
        if isinstance(node, Scalar) and node.text.strip().lower() in {"no", "false"}:
            return False
        return self.of.read(node, reading)


@dataclass(frozen=True)
class Table(Generic[T]):
    """Groups by key, as in [topics.repairs]; each dataclass has a field ``key``."""

    cls: type[T]

    @property
    def hint(self) -> str:
        """Return what to write."""
        return f"a table a key, each {Group(self.cls).hint}"

    def read(self, node: Node, reading: Reading) -> dict[str, T] | None:
        """Return the groups that could be read, by key, in the order written."""
        if not isinstance(node, Mapping):
            reading.fault(node, f"This is {type_names[type(node)]}.", f"Write {self.hint}.")
            return None
        table: dict[str, T] = {}
        for name, inner in node.entries:
            at = reading.at(name.text)
            if KEY.read(name, at) is None:
                continue
            if not isinstance(inner, Mapping):
                at.fault(inner, f"This is {type_names[type(inner)]}.", f"Write {self.hint}.")
                continue
            values = read_fields(inner, specs(self.cls), at)
            if (made := make(self.cls, values | {"key": name.text})) is not None:
                table[name.text] = made
        return table
