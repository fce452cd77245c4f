"""Staff of the tests, who work at the desk as staff do: by its pages and forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commands.story.actors import DESK, PlayedColleague, new_secret
from feedback.model import StaffRole
from feedback.store.actions import submissions

if TYPE_CHECKING:
    from httpx2 import Response

    from feedback.model import Case
    from tests.speaking import Speaking

PAGES = ["", "add", "answers", "hands", "post", "staff", "account"]  # below the desk's address


@dataclass
class Colleague(PlayedColleague):
    """A member of staff of the tests, and their browser."""

    house: Speaking

    def token(self) -> str:
        """The token that stands in this session's forms."""
        match = re.search(r'name="token" value="([^"]+)"', self.get("account").text)
        assert match, "nobody is logged in"
        return match[1]

    def post(self, path: str, **typed: Any) -> Response:
        return self.browser.post(DESK + path, data={"token": self.token()} | typed)

    def act(self, ref: str, action: str, **typed: Any) -> Response:
        """Send a form of a case's page, as the case stands now."""
        version = {"version": str(case_of(self.house, ref).version)}
        return self.post(f"case/{ref}/{action}", **version | typed)

    def done(self, ref: str, action: str, **typed: Any) -> str:
        """Do as `act`, and return the page that says that it is done."""
        answer = self.act(ref, action, **typed)
        assert answer.status_code == 303, answer.text
        page = self.browser.get(answer.headers["location"])
        assert 'role="status"' in page.text
        return page.text


def colleague(
    house: Speaking, name: str = "mair", role: StaffRole = StaffRole.PUBLISH
) -> Colleague:
    """Take somebody on, and have them log in."""
    somebody = newcomer(house, name, role)
    assert somebody.log_in().status_code == 303
    return somebody


def newcomer(house: Speaking, name: str = "mair", role: StaffRole = StaffRole.PUBLISH) -> Colleague:
    """Take somebody on, who hasn't logged in yet."""
    return Colleague(house, name, new_secret(house, name, role))


def said(house: Speaking, lang: str = "en", **answers: str) -> str:
    """Have a tenant say something; returns its reference."""
    page = house.browser.get(house.say(lang, **answers))
    match = re.search(r"F-[2-9B-DF-HJ-NP-TV-Z]{6}", page.text)
    assert match
    return match[0]


def case_of(house: Speaking, ref: str) -> Case:
    """Return a case as it stands now."""
    with house.store.read() as conn:
        case = submissions.case(conn, ref)
    assert case is not None
    return case
