"""Records and tallies as the files in which they stand: the same text for the same facts, always.

Whatever is written here reads back as it was (`feedback.records`), letter for letter.
"""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import yaml

from core.words import Words
from feedback.model import Target
from feedback.records import Confirmations, Record, Reply, Tombstone, Turn, Votes, Waits

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADER = "# Written by `./run pull`. What stands here is public; change it at the desk.\n"
_WIDTH = 96


def record_yaml(record: Record | Tombstone) -> str:
    """Return the file of a record: the same text for the same record, always."""
    return _HEADER + _dump(_plain(record))


def votes_yaml(votes: Iterable[Votes]) -> str:
    """Return votes.yaml, sorted by kind and key."""
    lines = sorted(votes, key=lambda one: (one.kind, one.key))
    return _HEADER + _dump({"votes": [_OneLine(_plain(one)) for one in lines]})


def confirmations_yaml(confirmations: Iterable[Confirmations]) -> str:
    """Return confirmations.yaml, sorted by change."""
    lines = sorted(confirmations, key=lambda one: one.change)
    return _HEADER + _dump({"confirmations": [_OneLine(_plain(one)) for one in lines]})


def turns_yaml(turns: Iterable[Turn]) -> str:
    """Return turns.yaml, in the order in which they happened."""
    lines = sorted(turns, key=lambda one: (one.on, one.item))
    return _HEADER + _dump({"turns": [_OneLine(_plain(one)) for one in lines]})


def answers_yaml(waits: Iterable[Waits]) -> str:
    """Return answers.yaml, sorted by quarter and length, so that no order tells whose it was."""
    lines = [replace(one, waited=tuple(sorted(one.waited))) for one in waits]
    lines.sort(key=lambda one: one.quarter)
    return _HEADER + _dump({"answers": [_OneLine(_plain(one)) for one in lines]})


class _OneLine(dict[str, Any]):
    """A group that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes long words as they are read: in paragraphs."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out: records know no anchors."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _one_line(dumper: yaml.SafeDumper, group: _OneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", group.items(), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_OneLine, _one_line)


def _dump(values: object) -> str:
    return yaml.dump(
        values,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
        default_flow_style=False,
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field may be of any type
    """Return a value as YAML says it; a field that says no more than its default is left out."""
    match value:
        case Words():
            return dict(value.texts)
        case StrEnum():
            return str(value)
        case tuple():
            return [_plain(one) for one in value]
        case Target():
            return {"kind": value.kind, "key": value.key}
        case Record() | Tombstone() | Reply() | Votes() | Confirmations() | Waits() | Turn():
            return {
                item.name: _month_or_plain(item.name, getattr(value, item.name))
                for item in fields(value)
                if getattr(value, item.name) != item.default
                or isinstance(value, Votes | Confirmations)
            }
    return value


def _month_or_plain(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    if name in {"received", "withdrawn"}:
        return f"{value:%Y-%m}"  # never the day
    return _plain(value)
