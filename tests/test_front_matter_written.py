"""Front matter that is written reads back as it was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.front_matter import BareText, InlineList, front_matter, quoted
from core import nodes
from core.faults import Report
from core.nodes import read_yaml
from core.site import parse_site
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.nodes import Node

    Answers = Mapping[str, str | list[str]]


def leaves(node: Node) -> Any:
    if isinstance(node, nodes.Scalar):
        return node.text
    if isinstance(node, nodes.Sequence):
        return [leaves(item) for item in node.items]
    return {key.text: leaves(entry) for key, entry in node.entries}


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(deadline=None)
@given(WORDS)
def test_any_text_comes_back_from_yaml_as_it_went_in(text: str) -> None:
    report = Report()
    tree = read_yaml(f"title: {quoted(text)}\nlist:\n  - {quoted(text)}\n", report.at("x"))
    assert list(report) == []
    assert isinstance(tree, nodes.Mapping)
    assert leaves(tree) == {"title": text, "list": [text]}


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "Yes",
        "null",
        "~",
        "",
        " ",
        "2026",
        "2026-03-04",
        "1.10",
        "a: b",
        "a #b",
        "a:",
        "#a",
        "- a",
        "'a",
        '"a"',
        'a\'b: "c"',
        "[a",
        "{a",
        "&a",
        "*a",
        "!a",
        "@a",
        "`a",
        "%a",
        "|",
        ">",
        "?",
        "\\",
        "\t",
        "Tŷ'r gŵr",
        "👩‍👧 🏠",
        "\ufeffa",
        "\x85",
        "a\nb",
    ],
)
def test_text_that_yaml_could_misread_comes_back_as_it_went_in(text: str) -> None:
    tree = read_yaml(f"title: {quoted(text)}\n", Report().at("x"))
    assert isinstance(tree, nodes.Mapping)
    assert leaves(tree) == {"title": text}
    assert quoted(text).isprintable() or "\u200d" in text


def test_groups_and_lists_come_back_as_they_went_in() -> None:
    fields: dict[str, Any] = {
        "title": "A: b",
        "topics": InlineList(["repairs", "damp"]),
        "moves": [
            {"on": BareText("2026-03-04"), "why": {"en": "It's: wet", "cy": "Gwlyb"}},
            {"on": BareText("2026-03-05")},
        ],
        "needs": ["Sleep", {"en": "Post", "cy": "Post"}, "no"],
    }
    text = front_matter(fields, ["a note: with a colon"])
    tree = read_yaml(text.strip().strip("-"), Report().at("x"))
    assert isinstance(tree, nodes.Mapping)
    assert leaves(tree) == fields | {"topics": ["repairs", "damp"]}


def test_the_parser_of_settings_knows_the_tiny_site() -> None:
    assert parse_site(SITE, Report().at("site.toml")) is not None
