"""A page that was meant to wait never goes out through a slip, or in another program's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.faults import Level
from tests.tiny import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from commands.build import BuildResult
    from tests.conftest import MakeSite

WAITS = """\
draft: ture
draft:
publish_on: 2026-13-01
Draft: true
darft: yes
status: draft
Status: Draft
published: off
published: 0
publish: false
visibility: private
visible: false
ready: no
is_draft: true
unpublished: true
publishDate: 2099-01-01
pubDate: 2099-01-01
go_live: 2099-01-01
embargo_until: 2099-01-01
expiryDate: 2020-01-01
workflow: draft
review: pending
build: {render: never}
password: hunter2""".splitlines()
IS_PUBLIC = """\
published_at: 2026-01-01
Status: Published
public: true
private: no
password:
toc: false
subtitle: A draft of the rules""".splitlines()
NO_FRONT_MATTER = [
    "\n---\ntitle: Blank above\ndraft: true\n---\nWords.\n",
    "—\ntitle: A dash\ndraft: true\n---\nWords.\n",
    "----\ntitle: Four hyphens\ndraft: true\n---\nWords.\n",
    "+++\ntitle = 'TOML'\ndraft = true\n+++\nWords.\n",
    "title: No fence\ndraft: true\n\nWords.\n",
    "# A heading\n\nWords.\n",
    "---\ntitle: Further in\nparams:\n  draft: true\n---\nWords.\n",
    "---\ntitle: Two blocks\n---\n---\ndraft: true\n---\nWords.\n",
    "---\ntitle: The second in TOML\n---\n\n+++\ndraft = true\n+++\nWords.\n",
    "---\n---\ntitle: The first one empty\ndraft: true\n---\nWords.\n",
    "---\ntitle: Closed too early\nsummary: |\n---\ndraft: true\n---\nWords.\n",
    "---\ntitle: The second never closed\n---\n---\ndraft: true\n\nWords.\n",
    "---\ntitle: Three dots\ndraft: true\n...\nWords.\n",
]
NO_FIELDS = [
    "Words.\n\n---\n\nmore: like this\n\n---\n\nThe end.",
    "---\n\nBegun with a rule.\n\n---",
    "```\n---\ntitle: How a page begins\n---\n```",
    "Date: 4 May\nPlace: the hall\n---",
]


def post(title: str, *front: str, body: str = "Words.") -> str:
    lines = ["---", f"title: {title}", "summary: Short.", "authors: [nia]", *front, "---", body]
    return "\n".join([*lines, ""])


def posts(texts: Iterable[str]) -> dict[str, str]:
    """Each text in a file of its own, by what it is."""
    return {f"posts/2026-01-01-p{number}.en.md": text for number, text in enumerate(texts)}


def public(result: BuildResult) -> set[str]:
    return {record.source for record in result.manifest.values() if record.source}


def faulty_lines(result: BuildResult, name: str) -> list[int]:
    return [
        fault.line
        for fault in result.faults
        if name in fault.path and fault.level is Level.FAULT and fault.code != "duplicate-address"
    ]


def test_what_was_meant_to_wait_doesn_t_go_out_because_of_a_slip(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    files = posts(post(f"Not yet {number}", field) for number, field in enumerate(WAITS))
    files["posts/undated.en.md"] = post("Not dated", "date: soon")
    tiny = tiny_site(FILES | files)
    result = built(tiny)
    assert {name: faulty_lines(result, name) for name in files} == {name: [5] for name in files}
    assert not public(result) & files.keys()
    assert files.keys() <= public(built(tiny, drafts=True))


def test_what_is_public_elsewhere_is_not_held_back(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    files = posts(post(f"Out {number}", field) for number, field in enumerate(IS_PUBLIC))
    assert files.keys() <= public(built(tiny_site(FILES | files)))


def test_a_page_whose_front_matter_can_t_be_read_is_held_back(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    files = posts(NO_FRONT_MATTER)
    result = built(tiny_site(FILES | files))
    assert [name for name in files if not faulty_lines(result, name)] == []
    assert not public(result) & files.keys()


def test_a_rule_across_the_page_is_no_front_matter(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    files = posts(post(f"Out {number}", body=body) for number, body in enumerate(NO_FIELDS))
    assert files.keys() <= public(built(tiny_site(FILES | files)))


def test_published_false_is_a_draft_and_no_fault(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    files = posts([post("Not yet", "published: false")])
    result = built(tiny_site(FILES | files))
    assert [str(fault) for fault in result.faults if fault.level is Level.FAULT] == []
    assert not public(result) & files.keys()
