"""The sample's desk is lived in: a year of cases, people who may log in, and words that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.engine import make_url

from commands.beginning.lived_in import WAITING, lived_in
from commands.terminal import Terminal
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.casework.queues import QueueWish, queue_page
from tests.copies import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.unmeasured, pytest.mark.long]


def test_the_desk_has_a_year_behind_it_and_work_in_front(tmp_path: Path) -> None:
    (tmp_path / "commands").symlink_to(ROOT / "commands")
    (tmp_path / "feedback").symlink_to(ROOT / "feedback")
    desk = lived_in(tmp_path, ROOT, Terminal(quiet=True))
    assert "nia" in desk.staff
    assert make_url(desk.environment["OPEN_HOUSE_DATABASE"]).database
    with Store.open(Settings.read(desk.environment, tmp_path)) as store, store.read() as conn:
        assert queue_page(conn, QueueWish(words="F-")).total > 20
        assert queue_page(conn).total >= len(WAITING)
    # The year is played once.
    before = (desk.folder / "feedback.sqlite3").stat().st_mtime_ns
    assert lived_in(tmp_path, ROOT, Terminal(quiet=True)) == desk
    assert (desk.folder / "feedback.sqlite3").stat().st_mtime_ns == before
