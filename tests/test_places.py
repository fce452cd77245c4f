"""Each area has a page: who was heard from there, beside its homes, with chance reckoned in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.public.record_files import PLACES
from feedback import publication
from feedback.model import CaseStatus
from feedback.store.actions import submissions
from tests.tenants import sent
from tests.tiny import EVERY_KIND, SITE

if TYPE_CHECKING:
    from tests.speaking import Speaking
    from tests.tenants import House

AREAS = """
[areas.bridge]
name = {cy = "Stryd y Bont", en = "Bridge Street"}
homes = 300

[areas.mill]
name = {cy = "Y Felin", en = "The Mill"}
homes = 100
"""
TWO = SITE.replace('[areas.bridge]\nname = {cy = "Stryd y Bont", en = "Bridge Street"}\n', AREAS)
HEARD = "places:\n- {people: 7}\n- {area: bridge, people: 20}\n- {area: mill, people: 22}\n"


def page(tiny_site: Any, built: Any, heard: str) -> str:
    """Return the English page of the areas of a small site."""
    tiny = tiny_site({**EVERY_KIND, "feedback/places.yaml": heard}, settings=TWO)
    outcome = built(tiny)
    assert outcome.ok, outcome.crash
    text: str = (tiny.output / "en/where-we-live/index.html").read_text(encoding="utf-8")
    assert (tiny.output / "cy/ble-rydyn-nin-byw/bridge/index.html").is_file()
    return " ".join(text.split())


def test_voices_stand_beside_homes_and_what_chance_would_bring(tiny_site: Any, built: Any) -> None:
    text = page(tiny_site, built, HEARD)
    assert "20 people were heard, of 300 homes; by chance alone about 32 (26 to 37)." in text
    assert "fewer than chance explains: we are not hearing them." in text
    assert "22 people were heard, of 100 homes; by chance alone about 10 (5 to 16)." in text


def test_hidden_numbers_are_said_to_be_hidden(tiny_site: Any, built: Any) -> None:
    heard = (
        "places:\n- {hidden: true}\n- {area: bridge, people: 20}\n- {area: mill, hidden: true}\n"
    )
    text = page(tiny_site, built, heard)
    assert "Too few were heard to show how many. There are 100 homes." in text
    assert "20 people were heard, of 300 homes." in text


def test_a_pull_counts_who_is_heard_and_hides_few(house: House, service: Speaking) -> None:
    site = replace(service.site)
    published = house.add(sent(area="bridge")).ref
    house.redact(published)
    house.desk(submissions.decide, published, status=CaseStatus.PUBLISHED)
    refs = [house.add(sent(area="bridge")).ref for _ in range(5)]
    refs += [house.add(sent(area="")).ref for _ in range(6)]
    merged = house.add(sent(area="bridge")).ref
    undecided = house.add(sent(area="bridge")).ref
    assert undecided
    for ref in refs:
        house.desk(submissions.decide, ref, status=CaseStatus.COUNTED)
    house.desk(submissions.merge, merged, into=refs[0], wanted=set())
    files = house.read(publication.harvest, site).files
    assert "{area: bridge, people: 7}" in files[PLACES.path]
    assert "{people: 6}" in files[PLACES.path]
    placed = [path for path, text in files.items() if "\narea: bridge\n" in text]
    assert placed == [path for path in files if published.lower() in path]  # the others are counted
    for ref in refs[:4]:
        house.tenant(submissions.withdraw, ref)
    files = house.read(publication.harvest, site).files
    assert files[PLACES.path].count("hidden: true") == 2
    assert not any("\narea:" in text for text in files.values())


@pytest.mark.parametrize("key", ["people", "hidden"])
def test_a_wrong_line_is_told(tiny_site: Any, built: Any, key: str) -> None:
    tiny = tiny_site({"feedback/places.yaml": f"places:\n- {{area: bridge, {key}: maybe}}\n"})
    assert any(fault.path == "content/feedback/places.yaml" for fault in built(tiny).faults)
