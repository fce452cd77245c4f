"""Telephones, addresses, codes and names are taken as people type them, or told what is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from commands.story.actors import hidden
from feedback.identifiers import NoAddress, email_address, reference_and_code, telephone
from feedback.store.actions import submissions
from feedback.store.casework.queues import queue_page
from tests.copies import ROOT
from tests.desk import newcomer
from tests.speaking import Speaking, filled, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    speaker = speaking(tmp_path, ROOT / "theme")
    with speaker.store:
        yield speaker


class TestTelephones:
    @pytest.mark.parametrize(
        "typed",
        [
            "01632 960001", "01632.960001", "01632/960001", "01632_960001", "(01632) 960001",
            "01632\u00a0960\u00a0001", "\u202d01632960001\u202c", "01632\u2011960\u2011001",
            "01632 \N{EN DASH} 960001", "tel:+441632960001", "+44 (0)1632 960001",
            "0044 1632 960001", "\uff10\uff11632 96000\uff11",
            "O1632 96OOO1", "0 1 6 3 2 9 6 0 0 0 1", "Ffôn: 01632 960001.",
        ],
    )  # fmt: skip
    def test_one_number_however_it_is_typed(self, typed: str) -> None:
        assert telephone(typed) == "01632 960001"

    @pytest.mark.parametrize(
        ("typed", "left"),
        [
            ("01632 960001 ext 12", "01632 960001 x12"),
            ("01632 960001 est 12", "01632 960001 (est 12)"),
            ("01632 960001 ar ôl 5", "01632 960001 (ar ôl 5)"),
            ("(after 6) 01632 960001", "01632 960001 (after 6)"),
            ("01632 960001 or 07700 900123", "01632 960001 (or 07700 900123)"),
            ("07700900123/01632960001", "07700 900123 (01632960001)"),
            ("+33 1 23 45 67 89", "+33 1 23 45 67 89"),
            ("01632 960001 07700 900123", "01632 960001 (07700 900123)"),
            ("01632 960001\n07700 900123", "01632 960001 (07700 900123)"),
            ("07700 900 12", "07700 900 12"),
        ],
    )
    def test_what_stands_beside_a_number_is_kept(self, typed: str, left: str) -> None:
        assert telephone(typed) == left

    @pytest.mark.parametrize(
        "typed",
        [
            "-------",
            "999",
            "ring me",
            "12/03/1951",
            "0163296000112345",
            "00000000000",
            "018632 960001",
        ],
    )
    def test_what_is_no_number_is_none(self, typed: str) -> None:
        assert not telephone(typed)


class TestAddresses:
    @pytest.mark.parametrize(
        "typed",
        [
            "nia@example.org", "\u202dnia@example.org\u202c", "nia@example.org\u200b",
            " nia @ example.org ", "nia\uff20example.org", "nia@EXAMPLE.org", "nia@example.org.",
            "mailto:nia@example.org", "mailto:nia@example.org?subject=x", "E-bost: nia@example.org",
            "Nia Rhys <nia@example.org>",
        ],
    )  # fmt: skip
    def test_one_address_however_it_is_typed(self, typed: str) -> None:
        assert email_address(typed).text == "nia@example.org"

    @pytest.mark.parametrize(
        "typed",
        [
            "nia@example..org", ".nia@example.org", "nia@[127.0.0.1]", "nia@localhost", "nia",
            "nia@example", "nia@example,org", "a@example.org b@example.org", '"n a"@example.org',
            "nia@example.org\nBcc: b@example.org", "@example.org", "nia@-x.org",
            "nia@example.c",
        ],
    )  # fmt: skip
    def test_what_no_mail_reaches_is_refused(self, typed: str) -> None:
        with pytest.raises(NoAddress):
            email_address(typed)

    def test_accents_before_the_at_are_told_from_those_after_it(self) -> None:
        before, after = email_address("sia\u0302n@tŷ.cymru"), email_address("nia@tŷ.cymru")
        assert (before.text, before.accented) == ("siân@xn--t-foa.cymru", True)
        assert (after.text, after.accented) == ("nia@xn--t-foa.cymru", False)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("nia@gmial.com", "nia@gmail.com"),
            ("nia@gmail.con", "nia@gmail.com"),
            ("nia@hotmial.co.uk", "nia@hotmail.co.uk"),
            ("nia@yaho.com", "nia@yahoo.com"),
            ("nia@mail.com", ""),
            ("nia@example.org", ""),
            ("nia@cymru.gov.uk", ""),
        ],
    )
    def test_a_slip_in_a_well_known_name_is_asked_about(self, typed: str, meant: str) -> None:
        assert email_address(typed).suggestion == meant


class TestReferencesAndCodes:
    @pytest.mark.parametrize(
        ("reference", "code"),
        [
            ("F-MV9RQC", "QCPP5T"), ("FMV9RQC", "QCPP5T"), ("MV9RQC", "QCPP5T"),
            ("F\N{EN DASH}MV9RQC", "QCPP5T"), ("f mv9 rqc", "qcp-p5t"), ("QCPP5T", "F-MV9RQC"),
            ("QCPP5T", "fmv9rqc"), ("Cyf: F-MV9RQC", "Cod: QCPP5T"), ("F-MV9RQC QCPP5T", ""),
            ("\u200bF-MV9RQC", "\uff31CPP5T."), ("My reference is F-MV9RQC", "the code QCPP5T"),
            ("F-MV9RQC (damp)", "QCPP5T"), ("QCPP5T F-MV9RQC", ""), ("", "F-MV9RQC QCPP5T"),
        ],
    )  # fmt: skip
    def test_both_are_known_however_they_are_typed(self, reference: str, code: str) -> None:
        assert reference_and_code(reference, code) == ("F-MV9RQC", "QCPP5T")

    @pytest.mark.parametrize(
        ("reference", "code"), [("F-MV9RQC", "AAAA"), ("F-MV9RQC", ""), ("", "QCPP5T"), ("", "")]
    )
    def test_what_has_no_shape_of_ours_is_nothing(self, reference: str, code: str) -> None:
        assert "" in reference_and_code(reference, code)


def sent(service: Speaking, **answers: str) -> str:
    """Check and send a form; returns the page on which it was checked."""
    checked = service.browser.post("/feedback/en/say", data=filled(**answers))
    assert checked.status_code == 200, checked.text
    posted = service.browser.post("/feedback/en/send", data=hidden(checked.text, "send"))
    assert posted.status_code == 303, posted.text
    return checked.text


def find(browser: TestClient, reference: str, code: str) -> int:
    """Try to find a receipt; returns the answer's status."""
    return browser.post("/feedback/en/find", data={"ref": reference, "code": code}).status_code


class TestOnThePages:
    def test_an_address_typed_is_a_wish_for_mail_and_the_check_page_says_so(
        self, service: Speaking
    ) -> None:
        page = sent(service, answer_by="", email="nia@example.org\u200b", phone="01632.960001")
        assert "By e-mail to nia@example.org, and on my private page" in page
        with service.store.read() as conn:
            case = queue_page(conn).cases[0].case
            contact = submissions.contact(conn, case.ref)
        assert (case.answer_by, contact.email, contact.phone) == (
            "email", "nia@example.org", "01632 960001",
        )  # fmt: skip

    def test_whoever_wants_no_mail_says_so(self, service: Speaking) -> None:
        page = sent(service, answer_by="receipt", email="nia@example.org")
        assert "By e-mail to" not in page

    def test_a_likelier_address_is_offered_and_taken_by_one_press(self, service: Speaking) -> None:
        checked = service.browser.post(
            "/feedback/en/say", data=filled(answer_by="email", email="nia@gmial.com")
        )
        assert "Did you mean nia@gmail.com?" in checked.text
        offered = checked.text.partition("Did you mean")[2]
        form = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', offered.partition("</form>")[0]))
        again = service.browser.post("/feedback/en/say", data=form)
        assert "By e-mail to nia@gmail.com" in again.text
        assert "Did you mean" not in again.text

    def test_an_address_that_no_mail_reaches_is_told_at_once(self, service: Speaking) -> None:
        page = service.browser.post("/feedback/en/say", data=filled(email="siân@example.org"))
        assert page.status_code == 422
        assert "no address with accents before the @" in page.text
        assert 'value="siân@example.org"' in page.text

    def test_one_with_accents_is_taken_where_the_mail_server_takes_it(
        self, service: Speaking
    ) -> None:
        service.app.routes[0].app.state.service.reach.accents = True  # type: ignore[attr-defined]
        page = sent(service, answer_by="", email="siân@example.org")
        assert "By e-mail to siân@example.org" in page

    def test_a_receipt_is_found_however_its_code_is_typed(self, service: Speaking) -> None:
        page = service.browser.get(service.say()).text
        ref, code = re.findall(r"<dd><strong>([A-Z0-9-]+)</strong>", page)
        bare = ref.removeprefix("F-")
        for typed in ((bare, code), (code, ref), (f"Ref {ref.lower()}", f"{code[:3]}-{code[3:]}")):
            assert find(service.browser, *typed) == 303

    def test_what_has_no_code_s_shape_costs_no_try(self, service: Speaking) -> None:
        page = service.browser.get(service.say()).text
        ref, code = re.findall(r"<dd><strong>([A-Z0-9-]+)</strong>", page)
        assert [find(service.browser, ref, "AAAA") for _ in range(8)] == [422] * 8
        assert find(service.browser, ref, code) == 303

    @pytest.mark.parametrize("typed", ["Mair", " mair ", "MAIR\u200b"])
    def test_a_name_at_log_in_is_known_whatever_its_case(
        self, typed: str, service: Speaking
    ) -> None:
        assert newcomer(service).log_in(name=typed).status_code == 303

    def test_a_code_in_other_figures_is_the_same_code(self, service: Speaking) -> None:
        somebody = newcomer(service)
        service.clock.pass_by(seconds=30)
        arabic = somebody.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        service.clock.pass_by(seconds=-30)
        assert somebody.log_in(code=arabic).status_code == 303
