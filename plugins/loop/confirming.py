"""Whether what we claim to have done is so: tenants' own answer to "is it fixed?".

The rule stands here and, in words, on every page that shows its outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.public.tallies import ENOUGH, Confirmations
from core.public.vocabulary import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(answers: Confirmations) -> Claim:
    """Return what tenants made of a claim.

    From `ENOUGH` answers on, more No than Yes opens it again, and more Yes than all the others
    confirms it; until then, and in between, it stays a claim.
    """
    if answers.answers < ENOUGH:
        return Claim.CLAIMED
    if answers.against:
        return Claim.REOPENED
    if answers.yes > answers.partly + answers.no:
        return Claim.CONFIRMED
    return Claim.CLAIMED


def together(answers: Iterable[Confirmations], change: str = "") -> Confirmations:
    """Return the sum of answers about several changes."""
    several = tuple(answers)
    return Confirmations(
        change=change,
        yes=sum(one.yes for one in several),
        partly=sum(one.partly for one in several),
        no=sum(one.no for one in several),
    )
