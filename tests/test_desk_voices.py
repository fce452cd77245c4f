"""Staff look at bursts, and strike what is nobody's voice: in public, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.story.actors import hidden
from core.public.record_files import STRIKES
from feedback.model import StaffRole
from feedback.publication import harvest
from feedback.store.voices import votes
from tests.desk import Colleague, colleague
from tests.test_voices import CHANGE, ITEM, press, voices

if TYPE_CHECKING:
    from tests.speaking import Speaking

pytestmark = pytest.mark.long

WHY = {"why_en": "One program sent them.", "why_cy": "Un rhaglen a'u hanfonodd."}


@pytest.fixture
def mair(service: Speaking) -> Colleague:
    """Return somebody who may publish."""
    return colleague(service)


@pytest.fixture
def burst(service: Speaking) -> int:
    """Let twelve browsers press at once; returns how many that were."""
    for _ in range(12):
        press(service.another_browser())
    return 12


def struck_file(service: Speaking) -> str:
    with service.store.read() as conn:
        return harvest(conn, service.site).files.get(STRIKES.path, "")


def test_a_burst_is_shown_and_struck_in_public_with_its_reason(
    service: Speaking, mair: Colleague, burst: int
) -> None:
    page = mair.get("voices").text
    assert f"{burst} voices" in page
    answer = mair.browser.post(
        "/feedback/desk/voices/strike", data=hidden(page, "voices/strike") | WHY
    )
    shown = mair.browser.get(answer.headers["location"]).text
    assert "12 voices struck on 4 March 2026:" in shown
    assert voices(service) == 0
    public = " ".join(struck_file(service).split())
    assert "count: 12, why: {cy: Un rhaglen a'u hanfonodd., en: One program sent" in public
    mair.browser.post("/feedback/desk/voices/1/undo", data=hidden(shown, "voices/1/undo"))
    assert voices(service) == burst
    assert struck_file(service).endswith("struck: []\n")


@pytest.mark.usefixtures("burst")
@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", "Say why"),
        ("They came from Nia, 01632 960123.", "The reason names somebody."),
        ("x" * 6000, "The reason is too long."),
    ],
)
def test_a_reason_is_read_by_everybody_so_it_must_be_one_and_name_nobody(
    why: str, words: str, service: Speaking, mair: Colleague
) -> None:
    form = hidden(mair.get("voices").text, "voices/strike")
    answer = mair.browser.post("/feedback/desk/voices/strike", data=form | {"why_en": why})
    assert answer.status_code == 422
    assert words in answer.text
    assert f">{why}</textarea>" in answer.text
    assert voices(service) == 12


@pytest.mark.usefixtures("burst")
def test_whoever_comes_second_finds_their_reason_again(service: Speaking, mair: Colleague) -> None:
    form = hidden(mair.get("voices").text, "voices/strike") | WHY
    mair.browser.post("/feedback/desk/voices/strike", data=form)
    answer = mair.browser.post("/feedback/desk/voices/strike", data=form)
    assert answer.status_code == 422
    assert "These voices are struck already" in answer.text
    assert hidden(answer.text, "voices/strike").items() >= form.items() - WHY.items()
    assert f">{WHY['why_en']}</textarea>" in answer.text
    assert voices(service) == 0


@pytest.mark.usefixtures("burst")
def test_what_a_person_has_looked_at_is_shown_no_more(service: Speaking, mair: Colleague) -> None:
    page = mair.get("voices").text
    mair.browser.post("/feedback/desk/voices/look", data=hidden(page, "voices/look"))
    assert "12 voices" not in mair.get("voices").text
    assert voices(service) == 12


def test_answers_wait_for_a_look_and_those_that_came_since_wait_on(
    service: Speaking, mair: Colleague
) -> None:
    for _ in range(5):
        press(service.another_browser(), "fixed", **CHANGE, fixed="no")
    page = mair.get("voices").text
    assert "Yes 0, partly 0, no 5" in page
    service.clock.pass_by(seconds=1)
    press(service.another_browser(), "fixed", **CHANGE, fixed="no")
    mair.browser.post("/feedback/desk/voices/look", data=hidden(page, "voices/look"))
    assert "Yes 0, partly 0, no 1" in mair.get("voices").text
    with service.store.read() as conn:
        assert sum(answer.heard is not None for answer in votes.answered(conn)) == 5


def test_answers_of_a_program_are_struck_and_wait_no_more(
    service: Speaking, mair: Colleague
) -> None:
    for _ in range(6):
        press(service.another_browser(), "fixed", **CHANGE, fixed="no")
    form = hidden(mair.get("voices").text, "voices/strike", "change")
    answer = mair.browser.post("/feedback/desk/voices/strike", data=form | WHY)
    shown = mair.browser.get(answer.headers["location"]).text
    assert "6 voices struck on 4 March 2026:" in shown
    assert "no 6" not in shown
    with service.store.read() as conn:
        assert votes.answered(conn) == ()


@pytest.mark.usefixtures("burst")
def test_whoever_only_answers_sees_it_and_strikes_nothing(service: Speaking) -> None:
    nia = colleague(service, "nia", StaffRole.ANSWER)
    page = nia.get("voices").text
    assert "12 voices" in page
    assert "voices/strike" not in page
    assert nia.post("voices/strike", **ITEM, **WHY).status_code == 403


@pytest.mark.parametrize("until", ["", "-1", "9" * 400, "1e9", "٣"])
def test_a_moment_that_no_page_named_strikes_nothing(
    until: str, service: Speaking, mair: Colleague
) -> None:
    press(service.browser)
    for form in ("look", "strike"):
        answer = mair.post(f"voices/{form}", **ITEM, **WHY, since="0", until=until)
        assert answer.status_code in {303, 422}
    assert voices(service) in {0, 1}
