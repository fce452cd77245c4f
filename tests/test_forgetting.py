"""Being forgotten: nothing private stays, and nothing public is broken."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedback.model import AnswerBy, CaseStatus, Contact, Happening
from feedback.store import Conflict, Refused, Store
from feedback.store.actions import submissions
from feedback.store.casework.queues import QueueWish, queue_page
from feedback.store.mail import outbox
from tests.tenants import LATER, House, everything, sent

if TYPE_CHECKING:
    from feedback.settings import Settings


PRIVATE_WORDS = re.compile(r"Siân|sian\.prys|960123|Ffordd y Wennol|wlyb", re.IGNORECASE)


def test_being_forgotten_leaves_no_private_word(house: House) -> None:
    added = house.add()
    ref = added.ref
    house.redact(ref, "Y wal yn wlyb")
    house.desk(submissions.clear, ref, words=["wlyb"])
    house.store.write_now(
        lambda conn: submissions.note(conn, ref, "Siân eto", by="owain", now=LATER)
    )
    house.desk(submissions.reply, ref, texts={"cy": "Annwyl Siân"}, team="Tai")
    house.desk(submissions.decide, ref, status=CaseStatus.DECLINED, reason={"cy": "Na, Siân."})
    events = house.read(submissions.history, ref)
    assert PRIVATE_WORDS.search(house.read(everything))

    case = house.tenant(submissions.forget, ref)
    assert not PRIVATE_WORDS.search(house.read(everything))
    assert (case.forgotten, case.status) == (True, CaseStatus.DECLINED)
    assert house.read(submissions.said, ref) == ""
    assert house.read(submissions.contact, ref) == Contact()
    assert house.read(submissions.history, ref)[: len(events)] == events
    assert house.read(queue_page, QueueWish(words="sian")).total == 0
    assert house.read(submissions.by_token, added.receipt).forgotten
    waiting = house.store.write_now(
        lambda conn: outbox.due(conn, now=LATER, lease=timedelta(minutes=1))
    )
    assert waiting == ()


def test_being_forgotten_keeps_what_is_public_until_that_is_withdrawn_too(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="Tai")
    house.desk(submissions.decide, ref, status=CaseStatus.PUBLISHED)
    case = house.tenant(submissions.forget, ref)
    assert (case.status, case.public_text) == (
        CaseStatus.PUBLISHED,
        "Mae'r tŷ yn oer a'r wal yn wlyb.",
    )
    assert case.reply == {"cy": "Diolch."}
    gone = house.tenant(submissions.withdraw, ref)
    assert (gone.status, gone.public_text, gone.reply) == (CaseStatus.WITHDRAWN, "", {})
    assert not PRIVATE_WORDS.search(house.read(everything))


def test_no_decision_of_staff_stands_in_a_tenants_way(settings: Settings) -> None:
    with Store.open(settings) as first, Store.open(settings) as second:
        desk, tenant = House(first), House(second)
        ref = desk.add().ref

        def note(_number: int) -> None:
            with suppress(Conflict):
                desk.desk(submissions.redact, ref, public_text="x", kinds=[])

        def contact(number: int) -> None:
            contact = Contact(email=f"{number}@example.org")
            tenant.tenant(submissions.add_contact, ref, contact=contact, answer_by=AnswerBy.EMAIL)

        with ThreadPoolExecutor(4) as pool:
            at_once = [pool.submit(work, n) for n in range(20) for work in (note, contact)]
            for done in at_once:
                done.result()
        history = desk.read(submissions.history, ref)
        assert [event.what for event in history].count(Happening.CONTACT_ADDED) == 20


def test_nobody_waits_for_an_answer_who_was_forgotten(house: House) -> None:
    ref = house.add().ref
    case = house.tenant(submissions.forget, ref)
    assert case.status == CaseStatus.WITHDRAWN
    assert house.tenant(submissions.forget, ref).status == CaseStatus.WITHDRAWN
    with pytest.raises(Refused):
        house.tenant(submissions.add_contact, ref, contact=Contact(), answer_by=AnswerBy.EMAIL)
    with pytest.raises(Refused):
        house.read(submissions.receipt, house.store.tokens, ref)


def test_a_form_sent_again_after_it_was_erased_is_not_kept_again(house: House) -> None:
    ref = house.add(idempotency="key").ref
    house.tenant(submissions.forget, ref)
    with pytest.raises(Refused):
        house.add(idempotency="key")
    assert not PRIVATE_WORDS.search(house.read(everything))


def test_erased_words_are_on_no_page_of_the_file(
    sqlite_house: House, sqlite_settings: Settings
) -> None:
    refs = [sqlite_house.add(sent(said="abracadabra " * 300)).ref for _ in range(20)]
    for ref in refs:
        sqlite_house.tenant(submissions.forget, ref)
    sqlite_house.store.write_now(lambda _conn: None)  # the log is emptied after the answer
    database = Path(sqlite_settings.database.removeprefix("sqlite:///"))
    files = sorted(database.parent.glob("feedback.sqlite3*"))
    assert files
    for file in files:
        assert b"abracadabra" not in file.read_bytes(), file.name


def test_contact_can_be_added_afterwards(house: House) -> None:
    ref = house.add(sent(contact=Contact(), answer_by=AnswerBy.RECEIPT)).ref
    contact = Contact(name="Siân Prys", email="sian@example.org")
    case = house.tenant(submissions.add_contact, ref, contact=contact, answer_by=AnswerBy.EMAIL)
    assert case.answer_by == AnswerBy.EMAIL
    assert house.read(submissions.contact, ref) == contact
    assert house.read(queue_page, QueueWish(words="prys tŷ")).total == 1
    event = house.read(submissions.history, ref)[-1]
    assert (event.what, event.by) == (Happening.CONTACT_ADDED, "tenant")
