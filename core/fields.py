"""Typed fields: what a value in front matter or settings may be, and how it is read.

A frozen dataclass declares its fields with :func:`required` and :func:`optional`; one reader,
:class:`Group`, turns a tree of values into it. Each type reads a node to a value, or reports a
fault and returns None, so that one run tells every fault of a file.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import MISSING, dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from core.nodes import Mapping, Node, Scalar, Sequence, type_names
from core.values import KEY, LINE, TEXT, Reading, Type, Value, did_you_mean, is_language, shown
from core.words import Words, plain_key, visible

if TYPE_CHECKING:
    from enum import StrEnum


T = TypeVar("T")


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
        text = visible(node.text).strip() if isinstance(node, Scalar) else ""
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
    as_written: bool = False  # whether an old key stays, to say who it was then

    @property
    def hint(self) -> str:
        """Return what to write."""
        return f"one of [{self.setting}] in site.toml"

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the key, whether the key or the name was written; None after a fault."""
        known = reading.known.get(self.setting, {})
        text = node.text.strip() if isinstance(node, Scalar) else ""
        text = text if text in known else visible(text).strip()
        if text in known:
            return text if self.as_written and text == plain_key(text) else known[text]
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
        # An old word and the one that took its place are the same thing, named twice.
        of: object = self.of
        return tuple(dict.fromkeys(values) if isinstance(of, Member) else values)


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
            current = key.text in reading.languages
            if not current and not (reading.former and is_language(key.text)):
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
        "These words aren't shown. If it was one, write it into former_languages in site.toml; "
        "otherwise take them out."
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

    A Python keyword can't name a field: `from_` is written `from`.
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
                near or f"Take it out, or see the list of fields in docs/{reading.faults.fields}.",
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
    """Groups by key, as in [topics.repairs]; each dataclass has a field `key`."""

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
            reading.lines[at.field] = name.line
            values = read_fields(inner, specs(self.cls), at)
            if (group := make(self.cls, values | {"key": name.text})) is not None:
                table[name.text] = group
        return table
