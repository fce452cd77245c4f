"""Both sides of a conflict, as git leaves them in a file, go out nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tiny import FILES, POST

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from tests.conftest import MakeSite

BOTH_SIDES = "\n<<<<<<< HEAD\n{0}\n=======\n{0}\n>>>>>>> theirs\n"
OWN = '{% extends "!theme/detail-post.html" %}{% block after %}{% endblock %}'
CONFLICTS = {
    "content/docs/rules.txt": "No balls." + BOTH_SIDES.format("No dogs."),
    "content/extra/robots.txt": BOTH_SIDES.format("User-agent: *"),
    "translations/cy.po": 'msgid ""\nmsgstr ""\n' + BOTH_SIDES.format('msgid "Home"'),
}


@pytest.mark.parametrize(
    "conflicts", [CONFLICTS, {"templates/detail-post.html": OWN + BOTH_SIDES.format("x")}]
)
def test_both_sides_of_a_conflict_go_out_in_no_file(
    conflicts: dict[str, str], tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    """Settings apart, which no build outlives: wherever people's text goes to readers."""
    linked = "posts/2026-03-05-rules.en.md"
    rules = POST.replace("The gutters are clear", "Rules") + "\n[Rules](../docs/rules.txt)\n"
    tiny = tiny_site(FILES | {linked: rules})
    tiny.write("docs/rules.txt", "No balls.")
    for name, text in conflicts.items():
        path = tiny.site.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    lines = {
        fault.path: fault.line for fault in built(tiny).faults if "Two versions" in fault.wrong
    }
    assert lines == {
        name: text[: text.index("<<<")].count("\n") + 1 for name, text in conflicts.items()
    }
    pages = [path for path in tiny.output.rglob("*") if path.suffix in {".html", ".txt"}]
    assert all("<<<<<<<" not in path.read_text("utf-8") for path in pages)


def test_both_sides_of_a_conflict_in_the_settings_are_told(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    lines = tiny.site.read_text(encoding="utf-8").count("\n")
    with tiny.site.open("a", encoding="utf-8") as settings:
        settings.write(BOTH_SIDES.format("page_size = 5"))
    (fault,) = (fault for fault in built(tiny).faults if fault.path == "site.toml")
    assert (fault.line, "Two versions" in fault.wrong) == (lines + 2, True)
