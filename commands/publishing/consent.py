"""Which files somebody says yes to one by one, since no rule can know whether they should go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commands.publishing.git import shown
from commands.publishing.parcel import NOT_YET, described
from commands.terminal import Stop, agreed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commands.publishing.parcel import Parcel
    from commands.publishing.repository import Repository


def settle(parcel: Parcel, also: Sequence[str], ask: Callable[[str], str] | None) -> Parcel:
    """Return the parcel with those files alone that may go out.

    :param also: files agreed to beforehand, as somebody typed them.
    :param ask: asks a question; None when nobody may be asked, which agrees to nothing.
    :raises Stop: when something that the site needs isn't agreed to.
    """
    allowed = _named(parcel, also)
    if parcel.secrets and ask is None:
        raise Stop(f"Git does not forget, so --yes does not cover secrets. {NOT_YET}")
    if open_to_doubt := [name for name in parcel.delicate if name not in allowed]:
        _look_first(open_to_doubt, ask)
    return parcel.without(set(parcel.unused) - allowed - _wanted(parcel, allowed, ask))


def _look_first(names: list[str], ask: Callable[[str], str] | None) -> None:
    """Ask about files that the site needs and that may hold more than they show."""
    if ask is None:
        options = " ".join(f"--also {name}" for name in map(shown, names))
        raise Stop(
            "--yes does not cover spreadsheets, tables, mails, Office files and their like. "
            f"If you have looked into each of them, add: {options}. {NOT_YET}"
        )
    for name in names:
        if not agreed(ask, f"{described(name)}. Have you looked into it, and may it go out?"):
            raise Stop(
                f"{shown(name)} stays here, so nothing else can go out: take it out of the page "
                f"or folder that needs it, or put a PDF in its place. {NOT_YET}"
            )


def _wanted(parcel: Parcel, allowed: set[str], ask: Callable[[str], str] | None) -> set[str]:
    """Ask which of the files that no page refers to should go out all the same."""
    names = [name for name in parcel.unused if name not in allowed]
    if ask is None or not names:
        return set()
    few = "Should it" if len(names) == 1 else f"Should any of these {len(names)} files"
    if len(names) == 1:
        question = f"No page refers to {described(names[0])}. {few} go out all the same?"
        return set(names) if agreed(ask, question) else set()
    if not agreed(ask, f"{few}, to which no page refers, go out all the same?"):
        return set()
    return {name for name in names if agreed(ask, f"  {described(name)}?")}


def _named(parcel: Parcel, also: Sequence[str]) -> set[str]:
    """Return what was agreed to beforehand, relative to the top of the repository.

    :raises Stop: for a name that nobody has to agree to.
    """
    asked_about = {*parcel.unused, *parcel.delicate}
    allowed = set()
    for typed in also:
        names = {typed, _from_top(parcel.repository, typed)} & asked_about
        if not names:
            raise Stop(
                f"--also {typed}: there is no such file among those that need a yes"
                + (f": {', '.join(sorted(map(shown, asked_about)))}. " if asked_about else ". ")
                + NOT_YET,
                2,
            )
        allowed |= names
    return allowed


def _from_top(repository: Repository, typed: str) -> str:
    path = Path(typed).resolve()
    top = repository.top.resolve()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else ""
