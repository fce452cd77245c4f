"""Inputs nobody thought of: whatever a file holds, it is understood or told of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.faults import Level, Report
from core.fields import specs
from core.nodes import read_toml, read_yaml
from core.site import parse_site
from plugins.kinds.models import KINDS, Text
from plugins.kinds.parse import join
from plugins.kinds.source import take_apart
from plugins.markup.extension import Labels
from plugins.markup.rendered_markdown import render
from tests.tiny import EVERY_KIND, SITE

if TYPE_CHECKING:
    from core.site import Site

pytestmark = pytest.mark.long


EASY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LABELS = Labels("Table {}", "Back to note {} in the text", (("note", "Note"),))
NAMES = st.one_of(
    st.sampled_from(list(EVERY_KIND)),
    st.text(min_size=1, max_size=30).map(lambda name: f"posts/{name.replace('/', '')}.md"),
    st.from_regex(r"(posts|x)/[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z.]{1,9}\.md", fullmatch=True),
)
FIELDS = sorted({name for kind in KINDS.values() for name in specs(kind)} | set(specs(Text)))
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        (
            *("no", "2026-02-31", "0000-00-00", "9999-12-31", "99:99", "1e999", "NaN", "-0"),
            *("٣", "F-2K7Q9T", "nia", "../x", "2026-03-29 01:30", "0001-01-01 00:00"),
            *("9999 months", "https://[", "Europe/../x"),
            *("FREQ=DAILY;COUNT=0", "FREQ=MONTHLY;BYDAY=99XX", "2026-W99", "/etc/passwd"),
        )
    ),
)
TREES = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "en",
                    "cy",
                    "on",
                    "to",
                    "why",
                    "what",
                    "at",
                    "by",
                    "value",
                    "name",
                    "src",
                    "alt",
                    "was",
                    "state",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
MARKDOWN = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            (
                *(
                    "\n",
                    "\n\n",
                    "    ",
                    "# ",
                    "## ",
                    "- ",
                    "1. ",
                    "> ",
                    "```",
                    "!!! note\n",
                    "[^1]",
                ),
                *("[^1]: ", "|a|b|\n|-|-|\n", "![", "](", "[", "]", "{#a}", "{: .b}", "*", "**"),
                *("`", "<div>", "</div>", "<img src=x>", '<a href="y">', "&", "*[A]: b\n", ": "),
                *("<!--", "-->", "[TOC]", "``` {.py style=a}\n", "{filename}", "{{ a }}", "\\"),
            )
        ),
    ),
    max_size=25,
).map("".join)


@pytest.fixture(scope="module")
def site() -> Site:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site is not None
    return site


def understand(name: str, data: bytes, site: Site) -> tuple[list[Any], Report]:
    report = Report()
    source = take_apart(name, data, site, report.at(name))
    return (join([source], [], site, report) if source else []), report


@EASY
@given(name=NAMES, data=st.binary(max_size=300))
def test_any_bytes_are_a_page_or_a_fault(name: str, data: bytes, site: Site) -> None:
    contents, report = understand(name, data, site)
    assert contents or report.count(Level.FAULT)


@EASY
@given(text=st.text(max_size=200))
def test_any_text_is_a_tree_or_a_fault(text: str) -> None:
    for read in (read_yaml, read_toml):
        report = Report()
        assert (read(text, report.at("x")) is None) == bool(report.count(Level.FAULT))


@EASY
@given(
    name=st.sampled_from(list(EVERY_KIND)), front=st.dictionaries(st.sampled_from(FIELDS), TREES)
)
def test_any_values_in_any_field_are_a_thing_or_a_fault(
    name: str, front: dict[str, Any], site: Site
) -> None:
    contents, report = understand(name, f"---\n{json.dumps(front)}\n---\nWords.\n".encode(), site)
    assert contents or report.count(Level.FAULT)
    for content in contents:
        assert content.texts[content.original].title
        assert all(len(reference) == 3 for reference in content.references())


@EASY
@given(text=MARKDOWN)
def test_any_markdown_becomes_a_body(text: str) -> None:
    body = render(text, 1, LABELS)
    assert body.minutes >= 1
    assert render("Words.", 1, LABELS).pieces == ("<p>Words.</p>",)
