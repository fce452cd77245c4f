"""The tables of the docs hold every field, setting, task, template and token, and no other."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from core.fields import ByLanguage, Choice, Group, Many, NoOr, Table, specs
from core.site import Association, Site
from core.words import Words
from plugins.kinds.models import KINDS, Content, Kind, Text
from tests.copies import working_files
from tests.documented import TASKS, options, read, rows, sections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commands.build import BuildResult
    from tests.conftest import MakeSite

WRITING = {
    Kind.POST: "Posts",
    Kind.MEETUP: "Meetups",
    Kind.EPISODE: "Podcast episodes",
    Kind.ROADMAP: "Roadmap items",
    Kind.CHANGE: "Changes",
    Kind.EXPERIMENT: "Experiments",
    Kind.STANDARD: "Points of the standard",
    Kind.PERSONA: "Personas",
    Kind.PAGE: "Pages",
}
TOP = "The whole site"


class Field(NamedTuple):
    """A field as the program knows it."""

    needed: str
    words: tuple[str, ...]  # what its row must name: choices, and what it is when left out


def otherwise(default: Any) -> tuple[str, ...]:
    """What a field is when nobody writes it, as somebody would write it; nothing for nothing."""
    match default:
        case bool():
            return (str(default).lower(),)
        case StrEnum():
            return (default.value,)
        case int() | str():
            return (str(default),) if default else ()
        case timedelta():
            return (f"{default.days} days",)
        case ZoneInfo():
            return (default.key,)
        case Words():
            return tuple(text for _, text in default.texts if text)
    return ()


def fields(cls: type, before: str = "") -> Iterator[tuple[str, Field]]:
    """Every field that may be written in a dataclass, those of its groups after a dot."""
    defaults = {item.name.rstrip("_"): item.default for item in dataclasses.fields(cls)}
    for name, spec in specs(cls).items():
        kind: Any = spec.type
        while isinstance(kind, (Many, NoOr, ByLanguage)):
            kind = kind.of
        choices = tuple(word.value for word in kind.words) if isinstance(kind, Choice) else ()
        needed = "yes" if spec.required else "wanted" if spec.wanted else ""
        yield before + name, Field(needed, choices + otherwise(defaults[name]))
        if isinstance(kind, Group):
            yield from fields(kind.cls, f"{before}{name}.")


def faults(section: str, expected: dict[str, Field]) -> list[str]:
    """What is wrong with a table, given what the program knows."""
    table = rows(section)
    wrong = [f"{name} is not documented" for name in expected.keys() - table.keys()]
    wrong += [f"there is no {name}" for name in table.keys() - expected.keys()]
    for name in expected.keys() & table.keys():
        field, row = expected[name], table[name]
        if row.needed != field.needed:
            wrong.append(f"{name}: needed is “{row.needed}”, not “{field.needed}”")
        wrong += [f"{name}: no `{word}`" for word in field.words if f"`{word}`" not in row.text]
    return sorted(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_documented(kind: Kind) -> None:
    common = dict(fields(Content)).keys()
    own = {name: field for name, field in fields(KINDS[kind]) if name not in common}
    assert faults(sections("docs/writing.md")[WRITING[kind]], own) == []


@pytest.mark.parametrize(
    ("heading", "cls"), [("Fields of every file", Text), ("Facts of every kind", Content)]
)
def test_every_field_that_kinds_share_is_documented(heading: str, cls: type) -> None:
    assert faults(sections("docs/writing.md")[heading], dict(fields(cls))) == []


def test_a_table_that_grew_old_is_noticed() -> None:
    table = "| `old` | | gone |\n| `draft` | yes | `true` |\n| `title` | yes | … |\n"
    assert faults(table, dict(fields(Text))) == [
        "aliases is not documented",
        "draft: needed is “yes”, not “”",
        "draft: no `false`",
        "feed_id is not documented",
        "slug is not documented",
        "summary is not documented",
        "tags is not documented",
        "there is no old",
    ]


def settings() -> dict[str, dict[str, Field]]:
    """The settings by the heading that docs/settings.md gives their table."""
    declared = {"`[association]`": dict(fields(Association)), **tables(Site, "")}
    declared[TOP] = {k: v for k, v in declared.pop("").items() if k not in specs(Association)}
    return declared


def tables(cls: type, name: str) -> dict[str, dict[str, Field]]:
    """The plain settings of a table by its heading, and of the tables within it by theirs."""
    plain = dict(fields(cls))
    declared: dict[str, dict[str, Field]] = {}
    for inner, spec in specs(cls).items():
        kind: Any = spec.type
        several = isinstance(kind, Many) and isinstance(kind.of, Group)
        kind = kind.of if several else kind
        if isinstance(kind, (Group, Table)):
            plain = {key: field for key, field in plain.items() if key.split(".")[0] != inner}
            path = f"{name}.{inner}".strip(".") + (".KEY" if isinstance(kind, Table) else "")
            below = tables(kind.cls, path)
            declared |= {f"`[[{path}]]`": below.pop(f"`[{path}]`")} if several else {}
            declared |= below
    return {f"`[{name}]`" if name else "": plain, **declared}


def test_every_setting_is_documented() -> None:
    pages = sections("docs/settings.md")
    in_docs = {name: text for name, text in pages.items() if name == TOP or name.startswith("`")}
    expected = settings()
    assert in_docs.keys() == expected.keys()
    wrong = {heading: faults(text, expected[heading]) for heading, text in in_docs.items()}
    assert {heading: each for heading, each in wrong.items() if each} == {}


def test_every_task_and_option_is_documented() -> None:
    in_docs = {
        heading.strip("`"): {name.lstrip("-").lower() for name in rows(text)}
        for heading, text in sections("docs/tasks.md").items()
        if heading.startswith("`")
    }
    assert in_docs == {name: options(task) for name, task in TASKS.items()}


def test_every_template_that_the_docs_name_is_there() -> None:
    named = rows(sections("docs/theme.md")["Templates"]).keys()
    assert {f"theme/templates/{name}" for name in named} <= set(working_files())


def test_every_token_of_the_theme_is_documented() -> None:
    known = set(re.findall(r"^\s+(--[\w-]+):", read("theme/static/style.css"), re.MULTILINE))
    assert rows(sections("docs/theme.md")["Colours and distances"]).keys() == known


def test_templates_may_use_all_that_the_docs_name(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    named = rows(sections("docs/theme.md")["What templates may use"])
    assert named
    (tiny.folder / "templates").mkdir()
    lines = [
        f"{name} {{{{ {name} is defined or {name!r} is filter }}}}" for name in (*named, "nothing")
    ]
    (tiny.folder / "templates" / "404.html").write_text("\n".join(lines), encoding="utf-8")
    assert built(tiny).ok
    text = (tiny.output / "404.html").read_text(encoding="utf-8").splitlines()
    assert [line for line in text if line.endswith("False")] == ["nothing False"]
