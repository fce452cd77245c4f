"""Single values: how each is written, and what it means.

A type reads a node to a value, or reports a fault and returns None.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import unicodedata
import uuid
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from PIL import ImageColor

from core import times
from core.contacts import email_address, phone_number
from core.faults import WrongValue
from core.nodes import Node, Scalar, type_names
from core.notes import without_notes
from core.web_address import STEP, site_address, web_address
from core.words import ANY, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    former: bool = False  # whether words may be in a language that the site gave up

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
            # What was pasted brings marks that nobody sees; without them it may have one reading.
            with suppress(ValueError):
                if (plain := visible(text).strip()) not in {text, ""}:
                    return self.make(plain, reading)
            wrong = f"{shown(text)} {error}" if str(error) else f"{shown(text)} doesn't fit here."
            known = error.instead if isinstance(error, WrongValue) else ""
            reading.fault(node, wrong, known or f"Write {self.hint}.")
            return None


def _text(text: str, _: Reading) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise ValueError("holds a control character.")
    return unicodedata.normalize("NFC", text)


def _written(text: str, reading: Reading) -> str:
    """Read what a writer typed, without notes to other writers: those never leave the source."""
    words = without_notes(_text(text, reading)).strip()
    if not words:
        raise ValueError("holds nothing but a note.")
    return words


def _line(text: str, reading: Reading) -> str:
    if len(text) > 300:
        raise ValueError("is too long for one line.")
    # Marks that nobody sees make two words of one; joiners belong to letters and to emoji.
    seen = (
        c for c in _written(text, reading) if c in "\u200c\u200d" or unicodedata.category(c) != "Cf"
    )
    return " ".join("".join(seen).split())


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


def _when(text: str, _: Reading) -> str:
    for part in text.split("/"):
        times.day_or_moment(part)
    return text


def _colour(text: str, _: Reading) -> str:
    if re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", text):
        digits = text[1:].lower()
        return "#" + (
            digits if len(digits) > len("rgb") else "".join(digit * 2 for digit in digits)
        )
    for written in (text, f"#{text}"):
        try:
            red, green, blue, *_alpha = ImageColor.getrgb(written)
        except ValueError:
            continue
        raise WrongValue("isn't written as here.", f'Write "#{red:02x}{green:02x}{blue:02x}".')
    raise WrongValue("isn't a colour.")


def _web(text: str, _: Reading) -> str:
    web_address(text)
    return text


def _service(text: str, _: Reading) -> str:
    if not text.startswith("/") or text.startswith("//"):
        return site_address(text)
    if text == "/":
        raise WrongValue("is where the site's own pages stand.")
    if not all(STEP.fullmatch(step) for step in text.strip("/").split("/")):
        raise WrongValue("isn't a path on this site.")
    if not text.endswith("/"):
        raise WrongValue("ends without a slash.", f"Write {text}/")
    return text


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


def _entry_id(text: str, _: Reading) -> str:
    """Read an id of a feed's entry, which is an absolute IRI (RFC 4287, section 4.2.6)."""
    try:
        absolute = bool(urlsplit(text).scheme)
    except ValueError:
        absolute = False
    if not absolute or re.search(r"[\s<>\"{}|\\^`]", text) or not text.isprintable():
        raise ValueError("isn't an id that a feed can have.")
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


def _site_language(text: str, reading: Reading) -> str:
    """Read a language that stands in addresses, and has a catalogue of interface words."""
    if not is_language(text):
        code = _code_of(text)
        raise WrongValue("isn't a language that we know.", f'Write "{code}".' if code else "")
    language: str = Locale.parse(_language(text, reading), sep="-").language
    if text != language:
        raise WrongValue(
            f"has more than the language: “{language}” is how addresses name it.",
            f'Write "{language}".',
        )
    return text


def _code_of(name: str) -> str:
    """Return the code of a language that is called so in English or in itself; "" for no other."""
    named, english = name.casefold(), Locale("en").languages
    near = re.match(r"[a-z]{2,3}(?![a-z])", named)
    if near and is_language(near[0]):
        return near[0]
    codes = [code for code in sorted(english) if is_language(code)]
    calls = ((code, (english[code], Locale.parse(code).display_name or "")) for code in codes)
    return next((c for c, names in calls if named in {call.casefold() for call in names}), "")


def _pattern(expression: str, otherwise: str) -> Callable[[str, Reading], str]:
    def make(text: str, _: Reading) -> str:
        if not re.fullmatch(expression, text):
            raise ValueError(otherwise)
        return text

    return make


def between(least: int, most: int) -> Value[int]:
    """Return the type of a whole number that has a least and a most."""

    def make(text: str, reading: Reading) -> int:
        if not least <= (number := _whole(text, reading)) <= most:
            raise ValueError(f"is less than {least} or more than {most}.")
        return number

    return Value(f"a whole number from {least} to {most}", make)


TEXT = Value("text", _text)
WRITTEN = Value("text", _written)
LINE = Value("a short text on one line", _line)
DATE = Value(
    "a date such as 2026-03-04", lambda text, reading: times.day_of(text, reading.timezone)
)
MONTH = Value(
    "a month such as 2026-03, or a date",
    lambda text, reading: times.month_of(text, reading.timezone),
)
MONTH_END = Value(
    'a month such as "2027-02", or a date',
    lambda text, reading: times.month_end_of(text, reading.timezone),
)
MOMENT = Value(
    "a date and a time such as 2026-03-04 18:00",
    lambda text, reading: times.moment_of(text, reading.timezone),
)
BOOLEAN = Value("true or false", _boolean)
WHOLE = Value("a whole number such as 14", _whole)
NUMBER = Value("a number such as 14.2", _number)
DAYS = Value("a length of time such as 60 days", lambda text, _: times.length_of(text))
OFFSET = Value("minutes and seconds such as 04:30", lambda text, _: times.offset_of(text))
SPAN = Value(
    "a length of time such as 24 hours, 5 working days or 12 weeks",
    lambda text, _: times.span_of(text),
)
CLOCK = Value("a time such as 18:00", lambda text, _: times.clock_of(text))
WEB = Value("a web address that begins with https://", _web)
SITE_ADDRESS = Value(
    "an address that begins with https://, without ? and #", lambda text, _: site_address(text)
)
SERVICE = Value("a path such as /feedback/, or an address that begins with https://", _service)
COLOUR = Value("a colour such as #8a3b12", _colour)
FILE = Value("a file's path in the content folder, such as images/terrace.jpg", _file)
OLD_PATH = Value("an old address such as /news/damp/", _old_path)
KEY = Value("a key: small letters, digits and single hyphens, such as repair-slots", _key)
SLUG = Value(
    "words for the address: small letters, digits and hyphens, such as evening-slots", _slug
)
REFERENCE = Value("a record's reference such as F-2K7Q9T", _reference)
IDENTITY = Value("the permanent id that `new` wrote, or take the line out", _identity)
ENTRY_ID = Value("an id such as https://old.example.org/?p=12", _entry_id)
URN = Value(
    "a permanent id such as urn:uuid:…",
    _pattern(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "isn't a permanent id."),
)
WHEN = Value("a day, or a moment with its zone, as ISO 8601 writes them", _when)
FROM_TO = Value("two of them with / between, as ISO 8601 writes them", _when)
ZONE = Value("a time zone such as Europe/London", lambda text, _: times.zone_of(text))
RECURRENCE = Value(
    'a rule such as "FREQ=MONTHLY;BYDAY=1TU;COUNT=6"', lambda text, _: times.rule_of(text)
)
WEEK = Value("a week such as 2026-W10", lambda text, _: times.week_of(text))
QUARTER = Value(
    "a quarter such as 2026-Q1", _pattern(r"\d{4}-Q[1-4]", "isn't a quarter of a year.")
)
POINT_NUMBER = Value(
    'a number such as "1.2"', _pattern(r"\d{1,2}(\.\d{1,2}){0,2}", "isn't a number of a point.")
)
CRITERION = Value(
    'a success criterion of WCAG such as "1.4.10"',
    _pattern(r"[1-4]\.\d\.\d{1,2}", "isn't a criterion of WCAG."),
)
LANGUAGE = Value('a language such as "cy" or "en"', _language)
SITE_LANGUAGE = Value('a language in two or three small letters, such as "cy"', _site_language)
# A module's, without the folder and the ending of the association's own.
PLUGIN_NAME = r"(?!local_plugins\.)(?!.*\.py$)[^\W\d]\w*(\.[^\W\d]\w*)*"
PLUGIN = Value(
    "the name of a file in local_plugins/ without its ending, such as board",
    _pattern(PLUGIN_NAME, "isn't the name of a plugin."),
)
VERSION = Value('a version such as "0.1"', _pattern(r"\d+(\.\d+){0,2}", "isn't a version."))
PHONE = Value("a phone number such as 029 2018 0100", lambda text, _: phone_number(text))
EMAIL = Value("an e-mail address", lambda text, _: email_address(text))
