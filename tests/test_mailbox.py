"""The preview's mailbox shows what would be sent, with links that work, and nothing else."""

from __future__ import annotations

from email.message import EmailMessage

from pyotp import TOTP, random_base32
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commands.preview.mailbox import MAILBOX, MOST, Mailbox


def mail(subject: str, text: str) -> EmailMessage:
    """A mail as the service writes it."""
    message = EmailMessage()
    message["subject"], message["to"] = subject, "marged@example.org"
    message.set_content(text)
    return message


def browser(mailbox: Mailbox) -> TestClient:
    return TestClient(Starlette(routes=mailbox.routes))


def test_a_mail_can_be_read_and_its_link_followed() -> None:
    mailbox = Mailbox()
    mailbox.take(mail("Your answer", "See http://127.0.0.1:8000/feedback/en/receipt/a.b-c."))
    reader = browser(mailbox)
    listed = reader.get(MAILBOX).text
    assert "Your answer" in listed
    page = reader.get(f"{MAILBOX}1")
    assert '<a href="http://127.0.0.1:8000/feedback/en/receipt/a.b-c">' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_links_to_the_public_site_lead_to_the_preview() -> None:
    mailbox = Mailbox()
    mailbox.stand_in("https://gwennol.example.org/", "http://127.0.0.1:8000/")
    mailbox.take(mail("Your answer", "https://gwennol.example.org/feedback/en/receipt/abc"))
    page = browser(mailbox).get(f"{MAILBOX}1").text
    assert 'href="http://127.0.0.1:8000/feedback/en/receipt/abc"' in page


def test_what_a_mail_says_is_text_and_no_markup() -> None:
    mailbox = Mailbox()
    mailbox.take(mail("<script>alert(1)</script>", '<img src=x onerror="alert(1)">'))
    reader = browser(mailbox)
    for page in (reader.get(MAILBOX).text, reader.get(f"{MAILBOX}1").text):
        assert "<script>" not in page
        assert "<img" not in page


def test_the_newest_are_kept() -> None:
    mailbox = Mailbox()
    for number in range(MOST + 1):
        mailbox.take(mail(f"Mail {number}", "Words."))
    assert browser(mailbox).get(f"{MAILBOX}1").status_code == 404
    assert browser(mailbox).get(f"{MAILBOX}{MOST + 1}").status_code == 200


def test_a_sample_says_how_to_log_in_and_another_site_does_not() -> None:
    secret = random_base32()
    page = browser(Mailbox({"nia": secret}, "made-up words")).get(MAILBOX).text
    assert "made-up words" in page
    assert TOTP(secret).now() in page or "nia" in page
    assert "Log in at the desk" not in browser(Mailbox()).get(MAILBOX).text
