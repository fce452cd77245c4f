"""What notices say, in the words of each channel; never a word of the tenant's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.store.mail.outbox import Why

if TYPE_CHECKING:
    from core.wording import Wording
    from feedback.store.mail.outbox import Claimed


def heading(why: Why, wording: Wording) -> str:
    """Return what the desk calls a notice, and what a letter is headed by."""
    _ = wording.gettext
    return {
        Why.RECEIVED: _("We have what you sent"),
        Why.PASSED_ON: _("Somebody is seeing to what you sent"),
        Why.ANSWERED: _("Our answer to you"),
        Why.DECIDED: _("What we decided about what you sent"),
        Why.WORK_ENDED: _("Was it done?"),
        Why.MOVED: _("Something you told us about has moved"),
        Why.CHANGED: _("Something has changed because of what you told us"),
        Why.CONFIRM: _("Is it fixed?"),
    }[why]


def subject(why: Why, wording: Wording, ref: str) -> str:
    """Return the subject of a mail."""
    _ = wording.gettext
    words = {
        Why.RECEIVED: _("We have what you sent: %(ref)s"),
        Why.PASSED_ON: _("Somebody is seeing to what you sent: %(ref)s"),
        Why.ANSWERED: _("We have answered you: %(ref)s"),
        Why.DECIDED: _("We have decided about what you sent: %(ref)s"),
        Why.WORK_ENDED: _("Was it done? %(ref)s"),
        Why.MOVED: _("Something you spoke about has moved: %(ref)s"),
        Why.CHANGED: _("Something changed because of you: %(ref)s"),
        Why.CONFIRM: _("Is it fixed? %(ref)s"),
    }
    return words[why] % {"ref": ref}


def sentence(why: Why, wording: Wording) -> str:
    """Return what happened."""
    _ = wording.gettext
    return {
        Why.RECEIVED: _("We have what you sent. Your receipt says by when we answer."),
        Why.PASSED_ON: _("We passed it on. Your private page says to whom."),
        Why.ANSWERED: _("There is an answer for you. Read it on your private page."),
        Why.DECIDED: _("We decided about what you sent, and say why on your private page."),
        Why.WORK_ENDED: _("We say what came of it on your private page. Tell us: was it done?"),
        Why.MOVED: _("A piece of work that you spoke about has moved on, and we say why."),
        Why.CHANGED: _("We changed something because of what you and others said."),
        Why.CONFIRM: _("Some weeks ago we changed something. Is it fixed for you?"),
    }[why]


def standing(claimed: Claimed, wording: Wording) -> str:
    """Return where things stand, for whoever may not have written at all."""
    _ = wording.gettext
    promise = {"day": wording.date(claimed.promised)}
    return {
        Why.RECEIVED: _("We have it, and promise an answer by %(day)s.") % promise,
        Why.PASSED_ON: _("We passed it on, and somebody is seeing to it."),
        Why.ANSWERED: _("It is answered."),
        Why.DECIDED: _("We have decided about it, and say why."),
        Why.WORK_ENDED: _("It came back, and we ask whether it was done."),
        Why.MOVED: _("A piece of work that it was about has moved on."),
        Why.CHANGED: _("Something changed because of it."),
        Why.CONFIRM: _("Something changed because of it, and we ask whether it is fixed."),
    }[claimed.notice.why]
