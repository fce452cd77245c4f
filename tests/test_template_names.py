"""A name means the same in a template as in those that it extends.

Jinja runs the last of them, with what each has imported: the same name from another file is
taken from there, in silence.
"""

from __future__ import annotations

from functools import cache

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from tests.copies import ROOT
from tests.test_house_rules import SAYS_NOTHING

THEME = Environment(
    loader=FileSystemLoader(ROOT / "theme/templates"), autoescape=True, extensions=["jinja2.ext.do"]
)


@cache
def parsed(name: str) -> nodes.Template:
    assert THEME.loader
    return THEME.parse(THEME.loader.get_source(THEME, name)[0])


def extended(name: str) -> str | None:
    """The template that one extends, where it says so in so many words."""
    parents = [node.template for node in parsed(name).find_all(nodes.Extends)]
    return next((parent.value for parent in parents if isinstance(parent, nodes.Const)), None)


def origins(name: str) -> dict[str, str]:
    """The file of each macro that a template knows by name."""
    names = {macro.name: name for macro in parsed(name).find_all(nodes.Macro)}
    for node in parsed(name).find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for imported in node.names:
            alias = imported if isinstance(imported, str) else imported[1]
            names[alias] = node.template.value
    return names


def clashes(name: str) -> list[str]:
    ours, above = origins(name), extended(name)
    wrong = []
    while above:
        theirs = origins(above)
        wrong += [
            f"{macro}: {ours[macro]}, and {theirs[macro]} in {above}"
            for macro in ours.keys() & theirs.keys()
            if ours[macro] != theirs[macro]
        ]
        above = extended(above)
    return wrong


@pytest.mark.parametrize("name", THEME.list_templates(extensions=["html", "txt"]))
def test_a_name_is_not_taken_from_two_files(name: str) -> None:
    assert clashes(name) == []


@pytest.mark.parametrize("name", THEME.list_templates(extensions=["html", "txt"]))
def test_what_a_template_calls_says_what_it_holds(name: str) -> None:
    names = {
        node.name for node in parsed(name).find_all(nodes.Name) if node.ctx in {"store", "param"}
    }
    assert names & SAYS_NOTHING == set()


def test_a_clash_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = origins("how-we-are-doing.html")
    monkeypatch.setattr(
        f"{__name__}.origins",
        lambda name: (
            real | {"status_word": "parts/decisions.html"}
            if name == "how-we-are-doing.html"
            else {"status_word": "parts/house.html"}
        ),
    )
    assert clashes("how-we-are-doing.html")
