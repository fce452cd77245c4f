"""What a member of staff asks for at a case: the form they sent, and the case as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.public.record_files import public_words
from core.public.vocabulary import Detail
from feedback.identifiers import visible
from feedback.model import CaseStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.public.site_shell import SiteShell
    from core.site import Site
    from feedback.case_clocks import ClockBook
    from feedback.mail_reach import MailReach
    from feedback.model import Case
    from feedback.store.casework.queues import QueueWish
    from feedback.web.desk.case_form import CaseForm


@dataclass(frozen=True, kw_only=True)
class CaseRequest:
    """What a member of staff asked for, and when."""

    case: Case  # as it stands now
    standing: Mapping[str, str]  # what stands in each field of its form now
    form: CaseForm
    fields: Mapping[str, str]  # everything that was sent, by name
    version: int  # of the case as they saw it
    draft_seen: datetime | None  # of when their own draft was that they saw
    by: str
    own_team: str  # of whoever asks: a key of site.toml, or ""
    now: datetime
    site: Site
    clocks: ClockBook
    shell: SiteShell
    reach: MailReach
    may_publish: bool
    saves: bool  # everything, as it stands on the form
    answers: bool  # whether the answer is to be sent
    goes_on: bool  # to the next case
    queue: QueueWish  # where they came from

    def chosen(self, name: str) -> str:
        """Return what was sent under a name, "" for nothing."""
        return self.fields.get(name, "")

    @property
    def today(self) -> date:
        """Return the day on which it is asked for, where the association is."""
        return self.now.astimezone(self.site.timezone).date()

    @property
    def changes(self) -> dict[str, str]:
        """Return what they changed, by field."""
        return self.form.changes(self.standing)

    def worded(self, part: str) -> dict[str, str]:
        """Return the words of a part of the form that they changed, by language."""
        changes = self.changes
        texts = {lang: changes.get(f"{part}_{lang}", "") for lang in self.site.languages}
        return {lang: public_words(text) for lang, text in texts.items() if visible(text)}

    def public_text(self, status: CaseStatus | None) -> str | None:
        """Return the public words to keep, None where they are left as they are.

        Whoever publishes or saves them has read them, also words that only the desk suggested.
        """
        if "public_text" not in self.form.texts:
            return None
        typed = self.form.texts["public_text"]
        text = public_words(typed) if visible(typed) else ""
        read = status == CaseStatus.PUBLISHED or self.saves
        first = read and not self.case.public_text
        changed = "public_text" in self.changes or (first and bool(text))
        kinds = bool(self.case.public_text) and set(self.kinds) != set(self.case.redacted)
        return text if changed or kinds else None

    @property
    def kinds(self) -> list[Detail]:
        """Return the kinds of detail that were taken out of the public words."""
        return [kind for kind in Detail if kind in self.form.ticked.get("kinds", ())]

    @property
    def harmless(self) -> tuple[str, ...]:
        """Return words that look personal and that somebody who may publish found harmless."""
        return self.form.harmless if self.may_publish else ()
