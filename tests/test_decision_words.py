"""A decision at the desk has its words wherever it is shown."""

from __future__ import annotations

from collections import Counter

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feedback.model import DECISIONS, CaseDecision, CaseStatus
from feedback.web.desk.actions import ACTIONS
from tests.copies import ROOT

WORDS = Environment(
    loader=FileSystemLoader(ROOT / "theme/templates"), autoescape=True, undefined=StrictUndefined
)
WORDS.globals["_"] = str


def worded(macro: str, value: str) -> str:
    module = WORDS.get_template("parts/decisions.html").module
    return str(getattr(module, macro)(value))


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("macro", ["standing_word", "sender_word"])
def test_every_status_is_called_something_by_staff_and_to_its_sender(
    status: CaseStatus, macro: str
) -> None:
    assert worded(macro, status) not in {"", worded(macro, "unheard-of")}


@pytest.mark.parametrize("decision", DECISIONS.values(), ids=lambda decision: decision.button)
def test_every_decision_is_told_in_the_history_and_after_the_press(decision: CaseDecision) -> None:
    assert worded("decided_word", decision.event)
    assert worded("done_word", decision.button)
    assert decision.placed or worded("press_word", decision.button)


def test_every_decision_has_a_button_of_its_own() -> None:
    decided = {action.status: name for name, action in ACTIONS.items() if action.status}
    assert decided == {status: decision.button for status, decision in DECISIONS.items()}
    assert max(Counter(decision.event for decision in DECISIONS.values()).values()) == 1
