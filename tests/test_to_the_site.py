"""From the desk to the site: what was decided is carried there, and its case says how that went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from commands.rounds import RoundsOptions, rounds
from core.public.open_data import PublicRecord
from core.public.vocabulary import RecordStatus
from core.words import Words
from feedback.online_records import note_online
from feedback.publication import record_of
from feedback.store import Store
from feedback.store.actions.site_runs import SiteUpdate, keep_run, last_run
from tests.databases import SECRET, sqlite_settings_in
from tests.desk import Colleague, case_of, colleague, said
from tests.tiny import write_site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.speaking import Speaking


@pytest.fixture
def mair(service: Speaking) -> Colleague:
    return colleague(service)


def shown(service: Speaking, ref: str) -> PublicRecord:
    """What the site's open data says of a case that was carried there as it stands."""
    record = record_of(case_of(service, ref), service.site)
    assert record
    return PublicRecord(
        id=f"urn:{ref}",
        ref=ref,
        status=RecordStatus(record.status),
        modified=record.received,
        received=record.received,
        said=record.said or None,
        reply=Words(record.reply.text.texts) if record.reply else None,
        roadmap=(),
        changes=(),
        votes_online=0,
        votes_offline=0,
    )


def arrive(service: Speaking, *records: PublicRecord) -> int:
    return service.store.write_now(
        lambda conn: note_online(conn, records, service.site, now=service.clock())
    )


def test_a_case_says_since_when_it_is_on_the_site_as_it_was_decided(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    page = mair.done(ref, "publish", public_text="It drips.")
    assert "waits for the next round" in page
    first = shown(service, ref)
    service.clock.now = service.clock.now.replace(hour=14, minute=5)
    assert arrive(service, first) == 1
    assert arrive(service, first) == 0  # noted once
    page = mair.get(f"case/{ref}").text
    assert "since" in page
    assert "14:05</time>" in page
    assert "It stands on the site" in page  # in its history
    page = mair.done(ref, "reply", team="repairs", reply_en="We come on Monday.")
    assert "waits for the next round" in page  # the answer is not there yet
    assert arrive(service, first) == 0
    assert arrive(service, shown(service, ref)) == 1


def test_a_case_says_what_stopped_it(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    mair.done(ref, "publish", public_text="It drips.")
    now = service.clock()
    stopped = SiteUpdate(now, now + timedelta(minutes=1), "deploy: posts/x.md has no title.")
    service.store.write_now(lambda conn: keep_run(conn, stopped))
    assert "posts/x.md has no title." in mair.get(f"case/{ref}").text
    assert "What is decided here does not reach the site." in mair.get().text
    well = SiteUpdate(now, now + timedelta(minutes=2), "")
    service.store.write_now(lambda conn: keep_run(conn, well))
    assert "What is decided here does not reach the site." not in mair.get().text


def test_rounds_tell_the_desk_what_stopped_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, settings = tmp_path / "house", sqlite_settings_in(tmp_path)
    (root / "commands").mkdir(parents=True)
    menu = root / "commands" / "menu.py"
    for name in ("DEPLOY_TARGET", "OPEN_HOUSE_BACKUPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", settings.database)
    monkeypatch.setenv("OPEN_HOUSE_SECRET", SECRET)
    site = write_site(tmp_path / "association").site
    with Store.open(settings) as store:
        menu.write_text("import sys\nprint('No title.')\nsys.exit('build' in sys.argv)")
        assert rounds(root, site, RoundsOptions(), print) == 1
        with store.read() as conn:
            run = last_run(conn)
        assert run
        assert run.fault == "deploy: No title."
        menu.write_text("")
        assert rounds(root, site, RoundsOptions(), print) == 0
        with store.read() as conn:
            run = last_run(conn)
        assert run
        assert run.fault == ""
